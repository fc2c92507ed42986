/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Via (RFC 3261 20.42, RFC 3581). */

#include "sip/sip_hdr.h"
#include "sip/sip_scan.h"

/* sent-protocol = protocol-name SLASH protocol-version SLASH transport */
static int take_sent_protocol(struct sip_scan *s, struct sip_via *via)
{
	if (!sip_take_class(s, SIP_C_TOKEN).len || !sip_take_sep(s, '/') || !sip_take_class(s, SIP_C_TOKEN).len ||
	    !sip_take_sep(s, '/'))
		return -EBADMSG;
	via->transport = sip_take_class(s, SIP_C_TOKEN);
	return via->transport.len && sip_is(sip_peek(s), SIP_C_LWS) ? 0 : -EBADMSG;
}

/* via-params = via-ttl / via-maddr / via-received / via-branch / via-extension; response-port of RFC 3581 */
static int use_param(void *data, const struct sip_param *param)
{
	const struct sip_str *last = param->value.p ? &param->value : &param->name;
	struct sip_via *via = data;
	uint32_t n = 0;

	switch (param->name.len) {
	case 3:
		if (!sip_str_ieq(param->name, SIP_STR("ttl")))
			return 0;
		if (!sip_uint_parse(&n, param->value, UINT8_MAX))
			via->ttl = n;
		return 0;
	case 5:
		if (sip_str_ieq(param->name, SIP_STR("maddr")))
			via->maddr = param->value;
		if (!sip_str_ieq(param->name, SIP_STR("rport")))
			return 0;
		if (param->value.p && sip_uint_parse(&n, param->value, UINT16_MAX) < 0)
			return -EBADMSG;
		via->has_rport = true;
		via->rport = n;
		via->rport_text = sip_str_span(param->name.p, last->p + last->len);
		return 0;
	case 6:
		if (sip_str_ieq(param->name, SIP_STR("branch")))
			via->branch = param->value;
		return 0;
	case 8:
		if (sip_str_ieq(param->name, SIP_STR("received")))
			via->received = param->value;
		return 0;
	default:
		return 0;
	}
}

/* via-parm = sent-protocol LWS sent-by *( SEMI via-params ), sent-by = host [ COLON port ] */
static int take_via(struct sip_scan *s, struct sip_via *via)
{
	if (take_sent_protocol(s, via) < 0)
		return -EBADMSG;
	sip_take_lws(s);
	if (sip_take_hostport(s, true, &via->host, &via->host_is_ipv6, &via->port) < 0)
		return -EBADMSG;
	if (sip_take_params(s, &via->params, use_param, via) < 0)
		return -EBADMSG;
	via->text = sip_str_trim(sip_str_span(via->text.p, s->p));
	return 0;
}

int sip_via_take(struct sip_via *via, struct sip_str *list)
{
	struct sip_scan s;

	*via = (struct sip_via){};
	if (!sip_list_begin(&s, list))
		return -ENOENT;
	via->text = sip_scan_rest(&s);
	return sip_list_end(&s, list, take_via(&s, via));
}

bool sip_via_is_3261(const struct sip_via *via)
{
	return via->branch.len > 7 && !memcmp(via->branch.p, "z9hG4bK", 7);
}
