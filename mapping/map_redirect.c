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
#define REASON_UNCONDITIONAL	3	/* RFC 4458: 302 */

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

int map_redirect_target(struct map_called *to, struct sip_str *hostport, const struct sip_msg *response,
			const struct map_numbering *numbering)
{
	struct isup_number number;
	struct sip_values v;
	struct sip_addr addr;
	struct sip_uri uri;
	int best = -1;

	sip_values_init(&v, response, SIP_HDR_CONTACT);
	while (!sip_values_next_addr(&v, &addr)) {
		int q = sip_q(addr.params);

		if (q <= best || sip_uri_parse(&uri, addr.uri_text) || map_number_from_uri(&number, &uri, numbering) ||
		    map_number_to_key(to->key, sizeof(to->key), &number, numbering))
			continue;
		to->number = number;
		*hostport = hostport_of(&uri, addr.uri_text);
		best = q;
	}
	return best < 0 ? -ENOENT : 0;
}

int map_redirect_iam(struct isup_msg *iam, const struct map_called *to, uint16_t status)
{
	struct isup_redirection_info info = {};
	struct isup_number is, was = { .apri = ISUP_APRI_ALLOWED }, called = to->number;
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
	was.n_digits = is.n_digits && is.digits[is.n_digits - 1] == 'F' ? is.n_digits - 1 : is.n_digits;
	memcpy(was.digits, is.digits, was.n_digits);
	info.indicator = info.indicator ? info.indicator : INDICATOR_DIVERTED;
	info.counter++;
	info.reason = status == 300 ? REASON_UNKNOWN : REASON_UNCONDITIONAL;
	if (info.counter == 1)
		info.original_reason = REASON_UNKNOWN;
	rc = isup_msg_replace(iam, ISUP_PAR_CALLED_NUMBER, &called);
	rc = rc ? rc : isup_msg_replace(iam, ISUP_PAR_REDIRECTING_NUMBER, &was);
	rc = rc ? rc : isup_msg_replace(iam, ISUP_PAR_REDIRECTION_INFO, &info);
	if (!rc && !isup_msg_find(iam, ISUP_PAR_ORIGINAL_CALLED_NUMBER))
		rc = isup_msg_replace(iam, ISUP_PAR_ORIGINAL_CALLED_NUMBER, &was);
	return rc ? -EINVAL : 0;
}

void map_redirect_rel(struct isup_msg *rel, const struct map_called *to, uint8_t location)
{
	struct isup_number redirection = to->number;
	struct isup_cause cause;

	map_cause_init(&cause, CAUSE_REDIRECTION, location);
	map_cause_put_number(&cause, &redirection);
	isup_msg_put(rel, ISUP_PAR_CAUSE, &cause);
	redirection.inn = 0;
	if (isup_par_def(rel->dialect, ISUP_PAR_REDIRECTION_NUMBER))
		isup_msg_put(rel, ISUP_PAR_REDIRECTION_NUMBER, &redirection);
}
