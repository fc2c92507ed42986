/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telephone numbers: ISUP address parameters to SIP and tel URIs and back, RFC 3398 12. */

#include <errno.h>
#include <string.h>

#include "mapping/map_number.h"
#include "mapping/map_numbers.h"
#include "mapping/map_subaddress.h"
#include "mapping/mapping.h"

static bool all_decimal(const char *digits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return false;
	}
	return n > 0;
}

bool map_number_same(const struct isup_number *a, const struct isup_number *b)
{
	return a->noa == b->noa && a->n_digits == b->n_digits && !memcmp(a->digits, b->digits, a->n_digits);
}

bool map_number_has_st(const struct isup_number *number)
{
	return number->n_digits && number->digits[number->n_digits - 1] == 'F';
}

/* What is left of a number after this prefix; NULL where it does not start so, or where there is no prefix. */
static const char *after(const char *text, size_t len, const char *prefix)
{
	size_t n = strlen(prefix);

	return n && len >= n && !memcmp(text, prefix, n) ? text + n : NULL;
}

static int set_number(struct isup_number *number, uint8_t noa, const char *digits, const char *end)
{
	size_t n = end - digits;

	if (n > ISUP_DIGITS_MAX || !all_decimal(digits, n))
		return -EINVAL;
	*number = (struct isup_number){ .noa = noa, .npi = ISUP_NPI_ISDN, .n_digits = n };
	memcpy(number->digits, digits, n);
	return 0;
}

/* Digits of E.164: RFC 3398 12.2, our own country's numbers go as national ones. */
static int from_e164(struct isup_number *number, const char *digits, const char *end,
		     const struct map_numbering *numbering)
{
	const char *national = after(digits, end - digits, numbering->country_code);

	return national ? set_number(number, ISUP_NOA_NATIONAL, national, end)
			: set_number(number, ISUP_NOA_INTERNATIONAL, digits, end);
}

/* A number without '+' is one of our own dialling plan (RFC 3398 12.2: MAY): with a prefix what the prefix says;
 * without one national where the plan has no national prefix, else a local number or a short code. */
int map_number_from_text(struct isup_number *number, const char *text, size_t len,
			 const struct map_numbering *numbering)
{
	const char *end = text + len, *rest;

	if (len && text[0] == '+')
		return from_e164(number, text + 1, end, numbering);
	rest = after(text, len, numbering->international_prefix);
	if (rest)
		return from_e164(number, rest, end, numbering);
	rest = after(text, len, numbering->national_prefix);
	if (rest)
		return set_number(number, ISUP_NOA_NATIONAL, rest, end);
	if (!numbering->national_prefix[0])
		return set_number(number, ISUP_NOA_NATIONAL, text, end);
	return set_number(number, numbering->area_code[0] ? ISUP_NOA_SUBSCRIBER : ISUP_NOA_UNKNOWN, text, end);
}

/* The number as the URI writes it is one, if only with digits that ISUP has no use for (RFC 3966 phonedigit-hex). */
static bool looks_like_number(const char *text, size_t len)
{
	bool digit = false;

	for (size_t i = 0; i < len; i++) {
		if (!text[i] || !strchr("+0123456789*#ABCDEFabcdef", text[i]))
			return false;
		digit |= text[i] >= '0' && text[i] <= '9';
	}
	return digit;
}

/* RFC 3966 5.1.5: a number without '+' that is local to another part of E.164 than our country ("+44", "+1-914")
 * gets that before it; one local to our country or to a domain is of our own plan. Returns the new length, -EINVAL. */
static int add_context(char *text, size_t size, int len, const struct sip_uri *uri,
		       const struct map_numbering *numbering)
{
	struct sip_uri context = { .scheme = SIP_SCHEME_TEL };
	char prefix[MAP_KEY_SIZE];
	int n;

	if ((len && text[0] == '+') || !sip_param(uri->user_params, "phone-context", &context.user) ||
	    !context.user.len)
		return len;
	n = sip_uri_number(&context, prefix, sizeof(prefix));
	if (n < 0 || prefix[0] != '+')
		return len;
	if (!strcmp(prefix + 1, numbering->country_code))
		return len;
	if ((size_t)n + len >= size)
		return -EINVAL;
	memmove(text + n, text, len + 1);
	memcpy(text, prefix, n);
	return n + len;
}

int map_number_from_uri(struct isup_number *number, const struct sip_uri *uri, const struct map_numbering *numbering)
{
	char text[MAP_KEY_SIZE];
	struct sip_str phone;
	int len;

	if (uri->scheme == SIP_SCHEME_OTHER || !uri->user.len)
		return uri->scheme == SIP_SCHEME_TEL ? -EINVAL : -ENOENT;
	len = sip_uri_number(uri, text, sizeof(text));
	if (len >= 0)
		len = add_context(text, sizeof(text), len, uri, numbering);
	if (len >= 0 && !map_number_from_text(number, text, len, numbering))
		return 0;
	if (uri->scheme == SIP_SCHEME_TEL || (len >= 0 && looks_like_number(text, len)))
		return -EINVAL;
	return sip_uri_param(uri, "user", &phone) && sip_str_ieq(phone, SIP_STR("phone")) ? -EINVAL : -ENOENT;
}

struct text {
	char *p, *end;
	bool full;
};

static void put(struct text *t, const char *s, size_t len)
{
	if (t->full || (size_t)(t->end - t->p) < len) {
		t->full = true;
		return;
	}
	memcpy(t->p, s, len);
	t->p += len;
}

static void put_z(struct text *t, const char *s)
{
	put(t, s, strlen(s));
}

/* What RFC 3398 12.1 puts before the digits, by the nature of address; '+' only where the whole is E.164. */
static void put_country(struct text *t, uint8_t noa, const struct map_numbering *numbering)
{
	if (noa == ISUP_NOA_INTERNATIONAL) {
		put_z(t, "+");
		return;
	}
	if (!numbering->country_code[0] || (noa == ISUP_NOA_SUBSCRIBER && !numbering->area_code[0]))
		return;
	if (noa == ISUP_NOA_NATIONAL || noa == ISUP_NOA_SUBSCRIBER) {
		put_z(t, "+");
		put_z(t, numbering->country_code);
	}
	if (noa == ISUP_NOA_SUBSCRIBER)
		put_z(t, numbering->area_code);
}

/* RFC 3398 12.1. Unknown means digits as dialled, prefixes included. */
int map_number_to_key(char *buf, size_t size, const struct isup_number *number, const struct map_numbering *numbering)
{
	struct text t = { .p = buf, .end = buf + size };
	const char *digits = number->digits;
	size_t n = number->n_digits;
	uint8_t noa = number->noa;
	struct isup_number dialled;

	if (n && digits[n - 1] == 'F')
		n--;
	if (!all_decimal(digits, n))
		return -EINVAL;
	if (noa == ISUP_NOA_UNKNOWN && !map_number_from_text(&dialled, digits, n, numbering) &&
	    numbering->national_prefix[0] && dialled.noa != ISUP_NOA_SUBSCRIBER) {
		noa = dialled.noa;
		digits = dialled.digits;
		n = dialled.n_digits;
	}
	if (number->npi == ISUP_NPI_ISDN)
		put_country(&t, noa, numbering);
	put(&t, digits, n);
	put(&t, "", 1);
	return t.full ? -ENOSPC : 0;
}

void map_put_number_uri(struct sip_buf *buf, const char *key, const struct map_isub *isub, const char *hostport)
{
	sip_put_lit(buf, "sip:");
	sip_put_z(buf, key);
	if (isub) {
		map_put_isub(buf, isub);
		map_put_isub_encoding(buf, isub);
	}
	sip_put_lit(buf, "@");
	sip_put_z(buf, hostport);
	sip_put_lit(buf, ";user=phone");
}

/* ---- Generic numbers ---- */

/* Q.763 3.26 a, T1.113.3 3.20A */
static const char *const generic_words[][2] = {
	[MAP_GENERIC_ADDITIONAL_CALLING] = { "additional-calling", "supplemental-not-screened" },
	[MAP_GENERIC_ADDITIONAL_CONNECTED] = { "additional-connected" },
	[MAP_GENERIC_PORTED] = { "ported" },
};

int map_generic_qualifier(const struct isup_dialect *dialect, enum map_generic generic)
{
	const struct isup_par_def *def = isup_par_def(dialect, ISUP_PAR_GENERIC_NUMBER);
	const char *const *words = generic_words[generic];

	/* the first field is the qualifier */
	for (const struct isup_value *v = def ? def->fields[0].values : NULL; v && v->title; v++) {
		if (v->word && (!strcmp(v->word, words[0]) || (words[1] && !strcmp(v->word, words[1]))))
			return v->value;
	}
	return -ENOENT;
}

int map_generic_get(const struct isup_msg *msg, enum map_generic generic, struct isup_number *number)
{
	const struct isup_par_def *def = isup_par_def(msg->dialect, ISUP_PAR_GENERIC_NUMBER);
	int qualifier = -ENOENT;

	for (unsigned int i = 0; def && i < msg->n_pars; i++) {
		const struct isup_par *par = &msg->pars[i];

		if (par->code != ISUP_PAR_GENERIC_NUMBER)
			continue;
		if (qualifier < 0)
			qualifier = map_generic_qualifier(msg->dialect, generic);
		if (isup_par_decode(def, par->val, par->len, number) == 0 && number->qualifier == qualifier)
			return 0;
	}
	return -ENOENT;
}

/* ---- Numberings ---- */

const struct map_numbering *map_numbering_of(struct map_numbering *mem, const struct map_numbering *gateway,
					     const struct map_numbers *own)
{
	if (!own || !own->own)
		return gateway;
	*mem = *gateway;
	if (own->own & MAP_OWN_COUNTRY_CODE)
		memcpy(mem->country_code, own->numbering.country_code, sizeof(mem->country_code));
	if (own->own & MAP_OWN_NATIONAL_PREFIX)
		memcpy(mem->national_prefix, own->numbering.national_prefix, sizeof(mem->national_prefix));
	if (own->own & MAP_OWN_INTERNATIONAL_PREFIX)
		memcpy(mem->international_prefix, own->numbering.international_prefix,
		       sizeof(mem->international_prefix));
	if (own->own & MAP_OWN_AREA_CODE)
		memcpy(mem->area_code, own->numbering.area_code, sizeof(mem->area_code));
	if (own->own & MAP_OWN_ROUTING_DIGITS)
		mem->routing_digits = own->numbering.routing_digits;
	return mem;
}

void map_number_renumber(struct isup_number *number, const struct map_numbering *from, const struct map_numbering *to)
{
	struct isup_number as;
	char key[MAP_KEY_SIZE];

	if (from == to || map_number_to_key(key, sizeof(key), number, from) < 0 || key[0] != '+' ||
	    map_number_from_text(&as, key, strlen(key), to) < 0)
		return;
	number->noa = as.noa;
	number->n_digits = as.n_digits;
	memcpy(number->digits, as.digits, sizeof(number->digits));
}
