/* SPDX-License-Identifier: GPL-3.0-or-later */
/* User-to-User (RFC 7433), whose octets are those of the ISDN's service where it does not say otherwise (RFC 7434). */

#include "sip/sip_build.h"
#include "sip/sip_hdr.h"
#include "sip/sip_scan.h"

/* uui-param = pkg-param / cont-param / enc-param / generic-param */
static int use_param(void *data, const struct sip_param *param)
{
	struct sip_uui *uui = data;

	if (sip_str_ieq(param->name, SIP_STR("purpose")))
		uui->purpose = param->value;
	else if (sip_str_ieq(param->name, SIP_STR("content")))
		uui->content = param->value;
	else if (sip_str_ieq(param->name, SIP_STR("encoding")))
		uui->encoding = param->value;
	return 0;
}

/* uui-value = uui-data *(SEMI uui-param), uui-data = token / quoted-string */
static int take_uui(struct sip_scan *s, struct sip_uui *uui)
{
	struct sip_str params;

	if (sip_peek(s) == '"') {
		if (sip_take_quoted(s, &uui->data) < 0)
			return -EBADMSG;
	} else {
		uui->data = sip_take_class(s, SIP_C_TOKEN);
		if (!uui->data.len)
			return -EBADMSG;
	}
	return sip_take_params(s, &params, use_param, uui);
}

int sip_uui_take(struct sip_uui *uui, struct sip_str *list)
{
	struct sip_scan s;

	*uui = (struct sip_uui){};
	if (!sip_list_begin(&s, list))
		return -ENOENT;
	return sip_list_end(&s, list, take_uui(&s, uui));
}

/* isdn-interwork is what drafts and many of their implementations say. Its only content is its default one. */
bool sip_uui_is_isdn(const struct sip_uui *uui)
{
	if (uui->content.p && !sip_str_ieq(uui->content, SIP_STR("isdn-uui")))
		return false;
	return !uui->purpose.p || sip_str_ieq(uui->purpose, SIP_STR("isdn-uui")) ||
	       sip_str_ieq(uui->purpose, SIP_STR("isdn-interwork"));
}

int sip_uui_octets(const struct sip_uui *uui, uint8_t *octets, size_t size)
{
	struct sip_scan s = sip_scan_of(uui->data);
	size_t n = 0;

	if (uui->encoding.p ? !sip_str_ieq(uui->encoding, SIP_STR("hex")) : !sip_uui_is_isdn(uui))
		return -ENOTSUP;
	while (!sip_at_end(&s)) {
		if (n == size)
			return -ENOSPC;
		if (sip_take_hex_octet(&s, &octets[n++]) < 0)
			return -EBADMSG;
	}
	return n;
}

void sip_put_uui(struct sip_buf *b, const uint8_t *octets, size_t len)
{
	sip_put_lit(b, "User-to-User: ");
	sip_put_hex(b, octets, len);
	sip_put_lit(b, ";purpose=isdn-uui;content=isdn-uui;encoding=hex\r\n");
}
