/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSeq (RFC 3261 20.16), RAck (RFC 3262 7.2), and the methods they and request lines name. */

#include <osmocom/core/utils.h>

#include "sip/sip_hdr.h"
#include "sip/sip_scan.h"

/* Names are case-sensitive (RFC 3261 7.1) */
static const struct sip_str methods[_SIP_METHOD_COUNT] = {
	[SIP_METHOD_UNKNOWN] = { "?", 1 },
	[SIP_INVITE] = { "INVITE", 6 },
	[SIP_ACK] = { "ACK", 3 },
	[SIP_BYE] = { "BYE", 3 },
	[SIP_CANCEL] = { "CANCEL", 6 },
	[SIP_OPTIONS] = { "OPTIONS", 7 },
	[SIP_REGISTER] = { "REGISTER", 8 },
	[SIP_PRACK] = { "PRACK", 5 },
	[SIP_UPDATE] = { "UPDATE", 6 },
	[SIP_INFO] = { "INFO", 4 },
	[SIP_SUBSCRIBE] = { "SUBSCRIBE", 9 },
	[SIP_NOTIFY] = { "NOTIFY", 6 },
	[SIP_REFER] = { "REFER", 5 },
	[SIP_MESSAGE] = { "MESSAGE", 7 },
	[SIP_PUBLISH] = { "PUBLISH", 7 },
};

struct sip_str sip_method_name(enum sip_method method)
{
	return methods[(unsigned int)method < _SIP_METHOD_COUNT ? method : SIP_METHOD_UNKNOWN];
}

enum sip_method sip_method_find(struct sip_str token)
{
	enum sip_method m;

	for (m = SIP_INVITE; m < _SIP_METHOD_COUNT; m++) {
		if (sip_str_eq(methods[m], token))
			return m;
	}
	return SIP_METHOD_UNKNOWN;
}

/* CSeq = 1*DIGIT LWS Method; the number is below 2**31 (RFC 3261 8.1.1.5) */
static int take_cseq(struct sip_scan *s, struct sip_cseq *cseq)
{
	int rc = sip_take_uint(s, INT32_MAX, &cseq->number);

	if (rc < 0)
		return rc;
	if (!sip_is(sip_peek(s), SIP_C_LWS))
		return -EBADMSG;
	sip_take_lws(s);
	cseq->method_name = sip_take_class(s, SIP_C_TOKEN);
	cseq->method = sip_method_find(cseq->method_name);
	sip_take_lws(s);
	return cseq->method_name.len && sip_at_end(s) ? 0 : -EBADMSG;
}

int sip_cseq_parse(struct sip_cseq *cseq, struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);

	*cseq = (struct sip_cseq){};
	return take_cseq(&s, cseq);
}

/* RAck = response-num LWS CSeq-num LWS Method; response-num begins at 1 (RFC 3262 3) */
int sip_rack_parse(struct sip_rack *rack, struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);
	int rc;

	*rack = (struct sip_rack){};
	rc = sip_take_uint(&s, UINT32_MAX, &rack->rseq);
	if (rc < 0)
		return rc;
	if (!rack->rseq || !sip_is(sip_peek(&s), SIP_C_LWS))
		return -EBADMSG;
	sip_take_lws(&s);
	return take_cseq(&s, &rack->cseq);
}
