/* SPDX-License-Identifier: GPL-3.0-or-later */
/* name-addr and addr-spec with parameters: From, To, Contact, Route, Record-Route, P-Asserted-Identity … */

#include "sip/sip_hdr.h"
#include "sip/sip_scan.h"

/* LAQUOT addr-spec RAQUOT; white space within it is an error (RFC 4475 3.1.2.14) */
static int take_angle(struct sip_scan *s, struct sip_addr *addr)
{
	if (!sip_take_char(s, '<'))
		return -EBADMSG;
	addr->uri_text = sip_take_class(s, SIP_C_URIC);
	return addr->uri_text.len && sip_take_char(s, '>') ? 0 : -EBADMSG;
}

/* addr-spec without brackets: what begins like a display name but ends at ':' is its scheme; ',' ';' and '?' cannot
 * stand in it (RFC 3261 20). '*' alone is the value of Contact: *. */
static int take_bare(struct sip_scan *s, struct sip_str scheme, struct sip_addr *addr)
{
	struct sip_scan name = sip_scan_of(scheme);

	if (!sip_take_char(s, ':')) {
		addr->uri_text = sip_str_trim(scheme);
		return sip_str_eq(addr->uri_text, SIP_STR("*")) ? 0 : -EBADMSG;
	}
	sip_take_class(s, SIP_C_BARE);
	addr->uri_text = sip_str_span(scheme.p, s->p);
	sip_take_class(&name, SIP_C_SCHEME);
	return sip_at_end(&name) && scheme.len && s->p > name.end + 1 ? 0 : -EBADMSG;
}

/* name-addr = [ display-name ] LAQUOT addr-spec RAQUOT, display-name = *( token LWS ) / quoted-string */
static int take_name_addr(struct sip_scan *s, struct sip_addr *addr)
{
	struct sip_str name;

	if (sip_peek(s) == '"') {
		if (sip_take_quoted(s, &addr->display) < 0)
			return -EBADMSG;
		sip_take_lws(s);
		return take_angle(s, addr);
	}
	name = sip_take_class(s, SIP_C_DISPLAY);
	if (sip_peek(s) != '<')
		return take_bare(s, name, addr);
	if (name.len)
		addr->display = sip_str_trim(name);
	return take_angle(s, addr);
}

static int use_param(void *data, const struct sip_param *param)
{
	struct sip_addr *addr = data;

	if (!addr->tag.p && sip_str_ieq(param->name, SIP_STR("tag")))
		addr->tag = param->value;
	return 0;
}

/* ( name-addr / addr-spec ) *( SEMI generic-param ) */
static int take_addr(struct sip_scan *s, struct sip_addr *addr)
{
	if (take_name_addr(s, addr) < 0)
		return -EBADMSG;
	return sip_take_params(s, &addr->params, use_param, addr);
}

int sip_addr_take(struct sip_addr *addr, struct sip_str *list)
{
	struct sip_scan s;

	*addr = (struct sip_addr){};
	if (!sip_list_begin(&s, list))
		return -ENOENT;
	return sip_list_end(&s, list, take_addr(&s, addr));
}
