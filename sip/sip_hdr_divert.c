/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who diverted a call, and why: Diversion (RFC 5806), History-Info (RFC 7044, RFC 7544). */

#include "sip/sip_build.h"
#include "sip/sip_hdr.h"
#include "sip/sip_scan.h"
#include "sip/sip_uri.h"

/* counter, limit = 1*2DIGIT */
static bool small_number(struct sip_str value, uint8_t *n)
{
	uint32_t v;

	if (sip_uint_parse(&v, value, 99) < 0)
		return false;
	*n = v;
	return true;
}

/* diversion-params; a counter that is no number is as if it were not there: many are written by hand */
static void use_diversion_param(struct sip_diversion *d, const struct sip_param *param)
{
	if (sip_str_ieq(param->name, SIP_STR("reason")))
		d->reason = param->value;
	else if (sip_str_ieq(param->name, SIP_STR("privacy")))
		d->privacy = param->value;
	else if (sip_str_ieq(param->name, SIP_STR("screen")))
		d->screen = param->value;
	else if (sip_str_ieq(param->name, SIP_STR("counter")))
		d->has_counter = small_number(param->value, &d->counter);
	else if (sip_str_ieq(param->name, SIP_STR("limit")))
		d->has_limit = small_number(param->value, &d->limit);
}

/* Diversion = 1# ( name-addr *( ";" diversion_params ) ) */
int sip_diversion_take(struct sip_diversion *diversion, struct sip_str *list)
{
	struct sip_param param;
	struct sip_str params;
	int rc;

	*diversion = (struct sip_diversion){};
	rc = sip_addr_take(&diversion->addr, list);
	for (params = diversion->addr.params; !rc && !sip_param_take(&param, &params);)
		use_diversion_param(diversion, &param);
	return rc;
}

/* index-val = number *("." number) */
static bool is_index(struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);

	do {
		if (!sip_take_class(&s, SIP_C_DIGIT).len)
			return false;
	} while (sip_take_char(&s, '.'));
	return sip_at_end(&s);
}

/* hi-param = hi-index / rc-param / mp-param / np-param / hi-extension */
static void use_history_param(struct sip_history *h, const struct sip_param *param)
{
	static const struct { struct sip_str name; char target; } targets[] = {
		{ { "rc", 2 }, 'r' }, { { "mp", 2 }, 'm' }, { { "np", 2 }, 'n' }, {}
	};
	size_t i;

	if (!is_index(param->value))
		return;
	if (sip_str_ieq(param->name, SIP_STR("index")))
		h->index = param->value;
	for (i = 0; targets[i].target; i++) {
		if (sip_str_ieq(param->name, targets[i].name)) {
			h->target = targets[i].target;
			h->target_index = param->value;
		}
	}
}

/* What the entry's URI has to say: cause-param = "cause=" Status-Code (RFC 4458, RFC 7544), headers */
static void use_history_uri(struct sip_history *h)
{
	struct sip_str value;
	struct sip_uri uri;
	uint32_t cause;

	if (sip_uri_parse(&uri, h->addr.uri_text) < 0)
		return;
	if (sip_uri_param(&uri, "cause", &value) && !sip_uint_parse(&cause, value, 699))
		h->cause = cause;
	sip_uri_header(&uri, "Reason", &h->reason);
	sip_uri_header(&uri, "Privacy", &h->privacy);
}

/* hi-entry = hi-targeted-to-uri *(SEMI hi-param), hi-targeted-to-uri = name-addr */
int sip_history_take(struct sip_history *history, struct sip_str *list)
{
	struct sip_param param;
	struct sip_str params;
	int rc;

	*history = (struct sip_history){};
	rc = sip_addr_take(&history->addr, list);
	if (rc)
		return rc;
	for (params = history->addr.params; !sip_param_take(&param, &params);)
		use_history_param(history, &param);
	use_history_uri(history);
	return 0;
}
