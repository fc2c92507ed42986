/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-up: the rules for who calls, both ways: numbers and their presentation, category, name. */

#include <ctype.h>
#include <string.h>

#include "isup/isup_t113.h"
#include "mapping/map_category.h"
#include "mapping/map_iam_priv.h"
#include "mapping/map_profile.h"

/* ---- IAM to INVITE ---- */

/* RFC 3398 12.1: a number of ours, and whether the presentation indicator lets it be shown; 3 is restricted by the
 * network in some dialects. */
static void show(struct map_shown *shown, const struct isup_number *number, const struct map_numbering *numbering)
{
	if (number->apri == ISUP_APRI_NOT_AVAILABLE ||
	    map_number_to_key(shown->key, sizeof(shown->key), number, numbering))
		shown->presentation = MAP_NO_NUMBER;
	else
		shown->presentation = number->apri == ISUP_APRI_ALLOWED ? MAP_ALLOWED : MAP_RESTRICTED;
}

static bool two_numbers(const struct map_iam_env *env)
{
	uint8_t additional = map_iam_peer(env)->additional;

	return additional == MAP_ADDITIONAL_ON || (!additional && env->profile->two_numbers);
}

/* Q.1912.5 7.1.3: the network stands in for a number that it has provided or screened, if it is whole; From has the
 * additional calling party number, which the user gave. */
void map_to_invite_read_caller(struct map_to_invite *m)
{
	struct isup_number number;

	if (!isup_msg_get(m->iam, ISUP_PAR_CALLING_NUMBER, &number)) {
		show(&m->calling, &number, m->env->numbering);
		m->asserted = !number.ni && (number.screening == ISUP_SCREENING_NETWORK ||
					     number.screening == ISUP_SCREENING_USER_PASSED);
	}
	m->from = m->calling;
	map_name_from_isup(&m->name, m->iam);
	if (!two_numbers(m->env) || map_generic_get(m->iam, MAP_GENERIC_ADDITIONAL_CALLING, &number))
		return;
	show(&m->from, &number, m->env->numbering);
	if (m->from.presentation == MAP_NO_NUMBER)
		m->from = m->calling;
	else
		m->n_generic_told++;
	m->additional = m->n_generic_told;
}

static void put_name(struct map_to_invite *m)
{
	if (!m->name.text[0])
		return;
	map_to_invite_tell(m, ISUP_PAR_GENERIC_NAME);
	sip_put_quoted(m->mem, sip_str_from(m->name.text));
	sip_put_lit(m->mem, " ");
}

/* What is not to be shown is said by that: it is no loss. */
static void tell_hidden(struct map_to_invite *m)
{
	if (!m->additional && m->calling.presentation == MAP_ALLOWED)
		map_to_invite_tell(m, ISUP_PAR_CALLING_NUMBER);
	if (m->calling.presentation == MAP_RESTRICTED)
		map_to_invite_tell(m, ISUP_PAR_CALLING_NUMBER);
	if (m->name.text[0] && (m->name.restricted || m->calling.presentation == MAP_RESTRICTED))
		map_to_invite_tell(m, ISUP_PAR_GENERIC_NAME);
}

/* RFC 3398 8.2.1.1: without a number the gateway's host alone; 12.1: anonymous where it is restricted. */
uint8_t map_calling_to_from(struct map_to_invite *m)
{
	const char *start = m->mem->p;

	if (m->from.presentation != MAP_RESTRICTED && !m->name.restricted && m->calling.presentation != MAP_RESTRICTED)
		put_name(m);
	switch (m->from.presentation) {
	case MAP_NO_NUMBER:
		sip_put_lit(m->mem, "<sip:");
		sip_put_z(m->mem, m->env->local);
		sip_put_lit(m->mem, ">");
		break;
	case MAP_ALLOWED:
		sip_put_lit(m->mem, "<");
		map_put_number_uri(m->mem, m->from.key, &m->calling_sub, m->env->local);
		sip_put_lit(m->mem, ">");
		m->calling_sub_told = true;
		break;
	case MAP_RESTRICTED:
		sip_put_lit(m->mem, "\"Anonymous\" <sip:anonymous@anonymous.invalid>");
		break;
	}
	m->invite->from = map_to_invite_since(m->mem, start);
	tell_hidden(m);
	return 0;
}

/* ANSI only; SIP has two digits for what ISUP has an octet for. */
uint8_t map_line_to_oli(struct map_to_invite *m)
{
	uint8_t line;

	if (isup_par_def(m->iam->dialect, ISUP_PAR_ORIGINATING_LINE) &&
	    !isup_msg_get(m->iam, ISUP_PAR_ORIGINATING_LINE, &line) && line <= 99) {
		m->oli[0] = '0' + line / 10;
		m->oli[1] = '0' + line % 10;
	}
	return 0;
}

/* RFC 3325 5: only towards a trusted peer, then also a number or a name that is not to be shown */
uint8_t map_calling_to_identity(struct map_to_invite *m)
{
	const struct map_cpc *cpc = map_category_to_cpc(m->iam);

	if (m->calling.presentation == MAP_NO_NUMBER || !m->asserted || !m->env->trusted)
		return 0;
	map_to_invite_tell(m, ISUP_PAR_CALLING_NUMBER);
	m->calling_sub_told = true;
	sip_put_lit(m->mem, "P-Asserted-Identity: ");
	put_name(m);
	sip_put_lit(m->mem, "<sip:");
	sip_put_z(m->mem, m->calling.key);
	map_put_isub(m->mem, &m->calling_sub);
	if (cpc) {
		map_to_invite_tell(m, ISUP_PAR_CPC);
		sip_put_lit(m->mem, ";cpc=");
		sip_put_z(m->mem, cpc->word);
	}
	map_put_isub_encoding(m->mem, &m->calling_sub);
	if (m->oli[0]) {
		map_to_invite_tell(m, ISUP_PAR_ORIGINATING_LINE);
		sip_put_lit(m->mem, ";oli=");
		sip_put_z(m->mem, m->oli);
	}
	if (m->jurisdiction[0]) {
		map_to_invite_tell(m, ISUP_PAR_JURISDICTION);
		map_put_local_digits(m, "rn", m->jurisdiction, strlen(m->jurisdiction), true);
	}
	sip_put_lit(m->mem, "@");
	sip_put_z(m->mem, m->env->local);
	sip_put_lit(m->mem, ";user=phone>\r\n");
	return 0;
}

uint8_t map_calling_to_privacy(struct map_to_invite *m)
{
	if (m->calling.presentation == MAP_RESTRICTED ||
	    (m->calling.presentation != MAP_NO_NUMBER && m->name.restricted))
		sip_put_lit(m->mem, "Privacy: id\r\n");
	return 0;
}

/* What languages the operator speaks: only beside the identity that says it is one */
uint8_t map_category_to_language(struct map_to_invite *m)
{
	const struct map_cpc *cpc = map_category_to_cpc(m->iam);

	if (cpc && cpc->language && m->env->trusted && m->asserted && m->calling.presentation != MAP_NO_NUMBER)
		sip_put_hdr(m->mem, SIP_STR("Accept-Language"), sip_str_from(cpc->language));
	return 0;
}

/* ---- INVITE to IAM ---- */

int map_to_iam_addr(struct isup_number *number, const struct sip_addr *addr, const struct map_to_iam *m)
{
	struct sip_uri uri;
	const struct map_numbering *sip = m->env->sip_numbering ? m->env->sip_numbering : m->env->numbering;
	int rc = sip_uri_parse(&uri, addr->uri_text);

	if (!rc)
		rc = map_number_from_uri(number, &uri, sip);
	if (!rc)
		map_number_renumber(number, sip, m->env->numbering);
	return rc;
}

/* RFC 3325 9.1: the first identity that is a telephone number: one may be a name, one a number. */
static void read_identity(struct map_to_iam *m)
{
	struct sip_values v;
	struct sip_addr addr;

	sip_values_init(&v, m->invite, SIP_HDR_P_ASSERTED_IDENTITY);
	while (!m->has_identity && !sip_values_next_addr(&v, &addr)) {
		if (!m->name.len)
			m->name = addr.display;
		m->has_identity = !map_to_iam_addr(&m->identity, &addr, m);
		m->identity_uri = addr.uri_text;
	}
}

int map_calling_from_invite(struct isup_number *number, const struct sip_msg *invite, bool trusted,
			    const struct map_numbering *numbering)
{
	const struct map_iam_env env = { .numbering = numbering };
	struct map_to_iam m = { .invite = invite, .env = &env };

	if (trusted)
		read_identity(&m);
	if (!m.has_identity)
		return map_to_iam_addr(number, &invite->from, &m);
	*number = m.identity;
	return 0;
}

/* RFC 3323 4.2: who calls it critical gets all of it or no call. We hide what there is words for; of the session too,
 * as addresses of both sides are the gateway's own. */
bool map_to_iam_read_caller(struct map_to_iam *m)
{
	const struct sip_hdr *h = sip_msg_hdr(m->invite, SIP_HDR_PRIVACY);

	for (; h; h = sip_msg_hdr_next(m->invite, h))
		sip_privacy_parse(&m->privacy, h->value);
	if ((m->privacy & SIP_PRIVACY_CRITICAL) && (m->privacy & SIP_PRIVACY_UNKNOWN))
		return false;
	if (m->env->trusted) {
		read_identity(m);
		if (!m->name.len)
			m->name = m->invite->from.display;
	}
	m->has_from = !map_to_iam_addr(&m->from, &m->invite->from, m);
	return true;
}

/* Q.1912.5 6.1.3.6, RFC 3323 4.2: none overrides what else would hide the caller. */
static uint8_t apri(const struct map_to_iam *m)
{
	const unsigned int hides = SIP_PRIVACY_ID | SIP_PRIVACY_USER | SIP_PRIVACY_HEADER;

	return (m->privacy & hides) && !(m->privacy & SIP_PRIVACY_NONE) ? ISUP_APRI_RESTRICTED : ISUP_APRI_ALLOWED;
}

uint16_t map_caller_to_category(struct map_to_iam *m)
{
	uint8_t category = map_category_from_invite(m->env->profile, m->invite, m->env->trusted, m->iam->dialect);

	return map_to_iam_put(m, ISUP_PAR_CPC, &category);
}

static bool addr_to_line(const struct sip_addr *addr, uint8_t *line)
{
	struct sip_uri uri;
	struct sip_tel tel;

	if (sip_uri_parse(&uri, addr->uri_text) || sip_tel_parse(&tel, &uri) || tel.oli.len != 2 ||
	    !isdigit((unsigned char)tel.oli.p[0]) || !isdigit((unsigned char)tel.oli.p[1]))
		return false;
	*line = (tel.oli.p[0] - '0') * 10 + tel.oli.p[1] - '0';
	return true;
}

/* Of the first asserted identity that has it; ANSI only */
uint16_t map_identity_to_line(struct map_to_iam *m)
{
	struct sip_values v;
	struct sip_addr addr;
	uint8_t line;

	if (!m->env->trusted || !isup_par_def(m->iam->dialect, ISUP_PAR_ORIGINATING_LINE))
		return 0;
	sip_values_init(&v, m->invite, SIP_HDR_P_ASSERTED_IDENTITY);
	while (!sip_values_next_addr(&v, &addr)) {
		if (addr_to_line(&addr, &line))
			return map_to_iam_put(m, ISUP_PAR_ORIGINATING_LINE, &line);
	}
	return 0;
}

/* A From that is no telephone number leaves the parameter out, RFC 3398 7.2.1.1; 12.2 has the indicators. */
uint16_t map_caller_to_calling(struct map_to_iam *m)
{
	struct isup_number number = m->has_identity ? m->identity : m->from, isup;

	if (!m->has_identity && !m->has_from)
		return 0;
	number.apri = apri(m);
	number.screening = ISUP_SCREENING_NETWORK;
	if (map_to_iam_same_in_isup(m, ISUP_PAR_CALLING_NUMBER, &number, &isup)) {
		if (number.apri == ISUP_APRI_RESTRICTED && isup.apri == ISUP_APRI_ALLOWED)
			isup.apri = number.apri;
		number = isup;
	}
	return map_to_iam_put_number(m, ISUP_PAR_CALLING_NUMBER, &number);
}

/* The number that the caller gave, where the network knows another one. It is presented as that is. What an
 * encapsulated IAM says of the same number counts. */
uint16_t map_from_to_generic(struct map_to_iam *m)
{
	int qualifier = map_generic_qualifier(m->iam->dialect, MAP_GENERIC_ADDITIONAL_CALLING);
	struct isup_number number = m->from, isup;

	if (!m->has_identity || !m->has_from || map_number_same(&m->identity, &m->from) || qualifier < 0 ||
	    !two_numbers(m->env))
		return 0;
	if (m->env->isup && !map_generic_get(m->env->isup, MAP_GENERIC_ADDITIONAL_CALLING, &isup) &&
	    map_number_same(&isup, &number))
		return 0;
	number.qualifier = qualifier;
	number.apri = apri(m);
	number.screening = ISUP_SCREENING_USER_NOT_VERIFIED;
	return map_to_iam_put_number(m, ISUP_PAR_GENERIC_NUMBER, &number);
}

uint16_t map_caller_to_name(struct map_to_iam *m)
{
	struct map_caller_name name;

	map_name_from_display(&name, m->name);
	if (!strcmp(name.text, "Anonymous"))
		return 0;
	name.restricted = apri(m) == ISUP_APRI_RESTRICTED;
	return map_name_put(m->iam, &name) ? 500 : 0;
}

/* Who can show another number than the one called (RFC 4916), or is said to, wants to know it. */
uint16_t map_supported_to_opt_fci(struct map_to_iam *m)
{
	const struct isup_opt_fci asks = { .connected_line = 1 };

	if (!isup_par_def(m->iam->dialect, ISUP_PAR_OPT_FCI) ||
	    (!map_iam_peer(m->env)->ask_connected &&
	     !(m->env->trusted && sip_msg_has_token(m->invite, SIP_HDR_SUPPORTED, "from-change"))))
		return 0;
	return map_to_iam_put(m, ISUP_PAR_OPT_FCI, &asks);
}
