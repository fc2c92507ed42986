/* SPDX-License-Identifier: GPL-3.0-or-later */
/* URIs: parsing, parameters, and the telephone number in them. */

#include "sip/sip_scan.h"
#include "sip/sip_uri.h"

static const struct {
	struct sip_str name;
	enum sip_scheme scheme;
} schemes[] = {
	{ { "sip", 3 }, SIP_SCHEME_SIP },
	{ { "tel", 3 }, SIP_SCHEME_TEL },
	{ { "sips", 4 }, SIP_SCHEME_SIPS },
	{}
};

static enum sip_scheme scheme_find(struct sip_str name)
{
	size_t i;

	for (i = 0; schemes[i].name.p; i++) {
		if (sip_str_ieq(schemes[i].name, name))
			return schemes[i].scheme;
	}
	return SIP_SCHEME_OTHER;
}

/* uri-parameters = *( ";" pname [ "=" pvalue ] ), pname and pvalue = 1*paramchar. At the first ';'. */
static int take_uri_params(struct sip_scan *s, struct sip_str *out)
{
	const char *start = s->p + 1;
	struct sip_str part;

	while (sip_take_char(s, ';')) {
		if (sip_take_escaped(s, SIP_C_PARAM, &part) < 0 || !part.len)
			return -EBADMSG;
		/* an empty pvalue is let pass */
		if (sip_take_char(s, '=') && sip_take_escaped(s, SIP_C_PARAM, &part) < 0)
			return -EBADMSG;
	}
	if (s->p > start)
		*out = sip_str_span(start, s->p);
	return 0;
}

/* userinfo = ( user / telephone-subscriber ) [ ":" password ] "@" */
static int take_userinfo(struct sip_scan *s, struct sip_uri *uri)
{
	const char *semi;

	if (sip_take_escaped(s, SIP_C_USER, &uri->user) < 0 || !uri->user.len)
		return -EBADMSG;
	semi = memchr(uri->user.p, ';', uri->user.len);
	if (semi)
		uri->user_params = sip_str_span(semi + 1, s->p);
	if (sip_take_char(s, ':') && sip_take_escaped(s, SIP_C_PASSWORD, &uri->password) < 0)
		return -EBADMSG;
	return sip_take_char(s, '@') ? 0 : -EBADMSG;
}

/* SIP-URI = "sip:" [ userinfo ] hostport uri-parameters [ headers ]
 * "@" stands nowhere else, so one look ahead tells whether there is userinfo. */
static int take_sip(struct sip_scan *s, struct sip_uri *uri)
{
	if (memchr(s->p, '@', s->end - s->p) && take_userinfo(s, uri) < 0)
		return -EBADMSG;
	if (sip_take_hostport(s, false, &uri->host, &uri->host_is_ipv6, &uri->port) < 0)
		return -EBADMSG;
	if (sip_peek(s) == ';' && take_uri_params(s, &uri->params) < 0)
		return -EBADMSG;
	if (sip_take_char(s, '?') && (sip_take_escaped(s, SIP_C_UHEADER, &uri->headers) < 0 || !uri->headers.len))
		return -EBADMSG;
	return 0;
}

/* telephone-uri = "tel:" ( "+" global-number-digits / local-number-digits ) *par (RFC 3966 3) */
static int take_tel(struct sip_scan *s, struct sip_uri *uri)
{
	uri->user = sip_take_class(s, SIP_C_PHONE);
	if (!uri->user.len)
		return -EBADMSG;
	return sip_peek(s) == ';' ? take_uri_params(s, &uri->user_params) : 0;
}

/* absoluteURI = scheme ":" ( hier-part / opaque-part ), scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) */
int sip_uri_parse(struct sip_uri *uri, struct sip_str text)
{
	struct sip_scan s = sip_scan_of(text);
	int rc = 0;

	*uri = (struct sip_uri){};
	uri->scheme_name = sip_take_class(&s, SIP_C_SCHEME);
	if (!uri->scheme_name.len || !sip_is(*uri->scheme_name.p, SIP_C_ALPHA) || !sip_take_char(&s, ':') ||
	    sip_at_end(&s))
		return -EBADMSG;
	uri->scheme = scheme_find(uri->scheme_name);
	if (uri->scheme == SIP_SCHEME_OTHER)
		uri->user = sip_take_class(&s, SIP_C_URIC);
	else if (uri->scheme == SIP_SCHEME_TEL)
		rc = take_tel(&s, uri);
	else
		rc = take_sip(&s, uri);
	return rc || !sip_at_end(&s) ? -EBADMSG : 0;
}

bool sip_uri_par_take(struct sip_uri_par *par, struct sip_str *list, char sep)
{
	struct sip_str pair = *list;
	const char *end, *eq;

	if (!list->len)
		return false;
	end = memchr(list->p, sep, list->len);
	if (end)
		pair.len = end - list->p;
	*list = sip_str_span(end ? end + 1 : list->p + list->len, list->p + list->len);
	eq = memchr(pair.p, '=', pair.len);
	*par = (struct sip_uri_par){ .name = pair };
	if (eq) {
		par->name.len = eq - pair.p;
		par->value = sip_str_span(eq + 1, pair.p + pair.len);
	}
	return true;
}

static bool list_find(struct sip_str list, char sep, struct sip_str name, struct sip_str *value)
{
	struct sip_uri_par param;

	while (sip_uri_par_take(&param, &list, sep)) {
		if (sip_str_esc_eq(param.name, name, true)) {
			if (value)
				*value = param.value;
			return true;
		}
	}
	return false;
}

bool sip_uri_param(const struct sip_uri *uri, const char *name, struct sip_str *value)
{
	struct sip_str params = uri->scheme == SIP_SCHEME_TEL ? uri->user_params : uri->params;

	return list_find(params, ';', sip_str_from(name), value);
}

bool sip_uri_header(const struct sip_uri *uri, const char *name, struct sip_str *value)
{
	return list_find(uri->headers, '&', sip_str_from(name), value);
}

static bool is_visual(char c)
{
	return c == '-' || c == '.' || c == '(' || c == ')';
}

int sip_unescape(struct sip_str text, char *buf, size_t size)
{
	struct sip_scan s = sip_scan_of(text);
	bool broken = false;
	size_t len = 0;
	char c;

	while (sip_take_unescaped(&s, &c, &broken)) {
		if (broken || len == size || (unsigned char)c < ' ' || c == 0x7f)
			return -EINVAL;
		buf[len++] = c;
	}
	return len;
}

int sip_phone_digits(struct sip_str text, char *buf, size_t size)
{
	int len = size ? sip_unescape(text, buf, size) : -EINVAL, i, n = 0;

	if (len < 0)
		return len;
	for (i = 0; i < len; i++) {
		if (!is_visual(buf[i]))
			buf[n++] = buf[i];
	}
	if ((size_t)n == size)
		return -EINVAL;
	buf[n] = '\0';
	return n;
}

int sip_uri_number(const struct sip_uri *uri, char *buf, size_t size)
{
	struct sip_str number = uri->user;

	if (uri->scheme != SIP_SCHEME_TEL && uri->user_params.p)
		number.len = uri->user_params.p - 1 - number.p;
	return sip_phone_digits(number, buf, size);
}
