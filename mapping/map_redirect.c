/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Redirection by the called side: RFC 3398 8.2.5, the ISUP of it after Q.763 3.39, 3.44 to 3.46. */

#include <errno.h>
#include <string.h>

#include "mapping/map_cause.h"
#include "mapping/map_redirect.h"

/* Q.763 3.45 KJI: redirections that one call may have had */
#define REDIRECTIONS_MAX 5

#define CAUSE_REDIRECTION	23	/* Q.850: redirection to new destination */

/* Q.763 3.45 CBA, PONM */
#define INDICATOR_DIVERTED	3
#define REASON_UNKNOWN		0

/* Host and port of a URI as they stand in it */
static struct sip_str hostport_of(const struct sip_uri *uri, struct sip_str text)
{
	const char *p = uri->host.p - uri->host_is_ipv6, *end = text.p + text.len;
	struct sip_str hostport = { .p = p };

	if (!uri->host.len)
		return (struct sip_str){};
	while (p < end && *p != ';' && *p != '?' && *p != '>')
		p++;
	hostport.len = p - hostport.p;
	return hostport;
}

/* RFC 4458 2.1 */
static uint16_t cause_of(const struct sip_uri *uri)
{
	struct sip_str value;
	uint16_t cause = 0;

	if (!sip_uri_param(uri, "cause", &value) || value.len != 3)
		return 0;
	for (unsigned int i = 0; i < 3; i++) {
		if (value.p[i] < '0' || value.p[i] > '9')
			return 0;
		cause = 10 * cause + value.p[i] - '0';
	}
	return cause < 700 ? cause : 0;
}

/* A URI that a call can be placed to; false: it is none */
static bool use_contact(struct map_redirect_contact *contact, struct sip_str text,
			const struct map_numbering *numbering)
{
	struct sip_str method;
	struct sip_uri uri;

	if (sip_uri_parse(&uri, text) || uri.scheme == SIP_SCHEME_OTHER ||
	    (sip_uri_param(&uri, "method", &method) && !sip_str_ieq(method, SIP_STR("INVITE"))))
		return false;
	if (map_number_from_uri(&contact->number, &uri, numbering))
		contact->number.n_digits = 0;
	contact->uri = uri.headers.p ? sip_str_span(text.p, uri.headers.p - 1) : text;
	contact->hostport = hostport_of(&uri, text);
	contact->cause = cause_of(&uri);
	return true;
}

unsigned int map_redirect_contacts(struct map_redirect_contact *contacts, const struct sip_msg *response,
				   const struct map_numbering *numbering)
{
	struct map_redirect_contact contact;
	struct sip_values v;
	struct sip_addr addr;
	unsigned int n = 0, at;

	sip_values_init(&v, response, SIP_HDR_CONTACT);
	while (!sip_values_next_addr(&v, &addr)) {
		contact = (struct map_redirect_contact){ .q = sip_q(addr.params) };
		if (!use_contact(&contact, addr.uri_text, numbering))
			continue;
		for (at = n; at && contacts[at - 1].q < contact.q; at--)
			;
		if (at == MAP_REDIRECT_CONTACTS_MAX)
			continue;
		n -= n == MAP_REDIRECT_CONTACTS_MAX;
		memmove(contacts + at + 1, contacts + at, (n - at) * sizeof(*contacts));
		contacts[at] = contact;
		n++;
	}
	return n;
}

int map_redirect_iam(struct isup_msg *iam, const struct isup_number *to, uint8_t reason)
{
	struct isup_redirection_info info = {};
	struct isup_number is, was = { .apri = ISUP_APRI_ALLOWED }, called = *to;
	int rc;

	if (isup_msg_get(iam, ISUP_PAR_CALLED_NUMBER, &is) < 0)
		return -EINVAL;
	isup_msg_get(iam, ISUP_PAR_REDIRECTION_INFO, &info);
	if (info.counter >= REDIRECTIONS_MAX)
		return -ELOOP;
	called.inn = is.inn;
	/* an address of its own: no ST, nothing that called party number has besides */
	was.noa = is.noa;
	was.npi = is.npi;
	was.n_digits = is.n_digits - map_number_has_st(&is);
	memcpy(was.digits, is.digits, was.n_digits);
	info.indicator = info.indicator ? info.indicator : INDICATOR_DIVERTED;
	info.counter++;
	info.reason = reason;
	if (info.counter == 1)
		info.original_reason = REASON_UNKNOWN;
	rc = isup_msg_replace(iam, ISUP_PAR_CALLED_NUMBER, &called);
	rc = rc ? rc : isup_msg_replace(iam, ISUP_PAR_REDIRECTING_NUMBER, &was);
	rc = rc ? rc : isup_msg_replace(iam, ISUP_PAR_REDIRECTION_INFO, &info);
	if (!rc && !isup_msg_find(iam, ISUP_PAR_ORIGINAL_CALLED_NUMBER))
		rc = isup_msg_replace(iam, ISUP_PAR_ORIGINAL_CALLED_NUMBER, &was);
	return rc ? -EINVAL : 0;
}

bool map_redirect_capable(const struct isup_msg *iam, bool acm_sent)
{
	uint8_t redirect;

	/* 1: before ACM; 2: before ANM; 3: at any time */
	return isup_msg_get(iam, ISUP_PAR_REDIRECT_CAPABILITY, &redirect) == 0 && redirect > acm_sent &&
	       redirect <= 3;
}

void map_redirect_rel(struct isup_msg *rel, const struct isup_number *to, uint8_t location)
{
	struct isup_number redirection = *to;
	struct isup_cause cause;

	map_cause_init(&cause, CAUSE_REDIRECTION, location);
	map_cause_put_number(&cause, &redirection);
	isup_msg_put(rel, ISUP_PAR_CAUSE, &cause);
	redirection.inn = 0;
	if (isup_par_def(rel->dialect, ISUP_PAR_REDIRECTION_NUMBER))
		isup_msg_put(rel, ISUP_PAR_REDIRECTION_NUMBER, &redirection);
}
