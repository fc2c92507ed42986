/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters of header fields (generic-param, RFC 3261 25.1), lists of tokens, numbers. */

#include "sip/sip_hdr.h"
#include "sip/sip_scan.h"

/* generic-param = token [ EQUAL gen-value ], gen-value = token / host / quoted-string. A name of uri-parameter's
 * characters is let pass: some extensions' grammars have them. */
int sip_take_param(struct sip_scan *s, struct sip_param *param)
{
	param->name = sip_take_class(s, SIP_C_TOKEN | SIP_C_PARAM);
	param->value = (struct sip_str){};
	param->quoted = false;
	if (!param->name.len)
		return -EBADMSG;
	if (!sip_take_sep(s, '='))
		return 0;
	param->quoted = sip_peek(s) == '"';
	if (param->quoted)
		return sip_take_quoted(s, &param->value);
	param->value = sip_take_class(s, SIP_C_GEN);
	return param->value.len ? 0 : -EBADMSG;
}

int sip_take_params(struct sip_scan *s, struct sip_str *params, sip_param_cb *use, void *data)
{
	struct sip_param param;
	const char *start = NULL;
	int rc;

	while (sip_take_sep(s, ';')) {
		if (!start)
			start = s->p;
		rc = sip_take_param(s, &param);
		if (!rc && use)
			rc = use(data, &param);
		if (rc < 0)
			return rc;
	}
	if (start)
		*params = sip_str_trim(sip_str_span(start, s->p));
	return 0;
}

int sip_param_take(struct sip_param *param, struct sip_str *params)
{
	struct sip_scan s = sip_scan_of(*params);
	int rc;

	sip_take_sep(&s, ';');
	if (sip_at_end(&s))
		return -ENOENT;
	rc = sip_take_param(&s, param);
	sip_take_lws(&s);
	if (!rc && !sip_at_end(&s) && sip_peek(&s) != ';')
		rc = -EBADMSG;
	*params = rc ? (struct sip_str){} : sip_scan_rest(&s);
	return rc;
}

/* What is no generic-param is passed over: the parameters of a URI may have other characters */
bool sip_param(struct sip_str params, const char *name, struct sip_str *value)
{
	struct sip_str wanted = sip_str_from(name);
	struct sip_scan s = sip_scan_of(params);
	struct sip_param param;
	char c = '\0';
	int rc;

	while (!sip_at_end(&s)) {
		sip_take_sep(&s, ';');
		rc = sip_take_param(&s, &param);
		sip_take_lws(&s);
		if (!rc && (sip_at_end(&s) || sip_peek(&s) == ';') && sip_str_ieq(param.name, wanted)) {
			if (value)
				*value = param.value;
			return true;
		}
		while (sip_take_any(&s, &c) && c != ';')
			;
	}
	return false;
}

int sip_uint_parse(uint32_t *n, struct sip_str value, uint32_t max)
{
	struct sip_scan s = sip_scan_of(value);
	int rc = sip_take_uint(&s, max, n);

	return rc < 0 ? rc : sip_at_end(&s) ? 0 : -EBADMSG;
}

/* qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ) */
static int qvalue(struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);
	int q = sip_take_char(&s, '1') ? 1000 : sip_take_char(&s, '0') ? 0 : -1, place;
	char c;

	if (q >= 0 && sip_take_char(&s, '.')) {
		for (place = 100; place && sip_is(sip_peek(&s), SIP_C_DIGIT) && sip_take_any(&s, &c); place /= 10)
			q += (c - '0') * place;
	}
	return q >= 0 && q <= 1000 && sip_at_end(&s) ? q : -EBADMSG;
}

int sip_q(struct sip_str params)
{
	struct sip_str value;

	return sip_param(params, "q", &value) ? qvalue(value) : 1000;
}

int sip_token_take(struct sip_str *token, struct sip_str *list)
{
	struct sip_scan s;

	if (!sip_list_begin(&s, list))
		return -ENOENT;
	*token = sip_take_class(&s, SIP_C_TOKEN);
	return sip_list_end(&s, list, token->len ? 0 : -EBADMSG);
}
