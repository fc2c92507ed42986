/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reason (RFC 3326, RFC 6432, RFC 8606) and Retry-After (RFC 3261 20.33): why not, and when again. */

#include "sip/sip_build.h"
#include "sip/sip_hdr.h"
#include "sip/sip_scan.h"

/* isup-location-value (RFC 8606), by the code of Q.850 */
static const struct sip_str locations[16] = {
	{ "U", 1 }, { "LPN", 3 }, { "LN", 2 }, { "TN", 2 }, { "RLN", 3 }, { "RPN", 3 }, { "LOC-6", 5 }, { "INTL", 4 },
	{ "LOC-8", 5 }, { "LOC-9", 5 }, { "BI", 2 }, { "LOC-11", 6 }, { "LOC-12", 6 }, { "LOC-13", 6 },
	{ "LOC-14", 6 }, { "LOC-15", 6 },
};

struct sip_str sip_location_name(unsigned int location)
{
	return location < 16 ? locations[location] : (struct sip_str){};
}

/* What is not known is passed over: a spare word is no reason to lose the cause */
static void use_location(struct sip_reason *reason, struct sip_str value)
{
	unsigned int i;

	for (i = 0; i < 16; i++) {
		if (sip_str_ieq(locations[i], value)) {
			reason->has_location = true;
			reason->location = i;
		}
	}
}

/* reason-params = protocol-cause / reason-text / reason-extension, among these isup-cause-location */
static int use_param(void *data, const struct sip_param *param)
{
	struct sip_reason *reason = data;
	uint32_t cause;

	if (sip_str_ieq(param->name, SIP_STR("text")))
		reason->text = param->value;
	else if (sip_str_ieq(param->name, SIP_STR("location")))
		use_location(reason, param->value);
	if (!sip_str_ieq(param->name, SIP_STR("cause")))
		return 0;
	if (sip_uint_parse(&cause, param->value, UINT16_MAX) < 0)
		return -EBADMSG;
	reason->has_cause = true;
	reason->cause = cause;
	return 0;
}

/* reason-value = protocol *( SEMI reason-params ) */
static int take_reason(struct sip_scan *s, struct sip_reason *reason)
{
	reason->protocol = sip_take_class(s, SIP_C_TOKEN);
	if (!reason->protocol.len)
		return -EBADMSG;
	return sip_take_params(s, &reason->params, use_param, reason);
}

int sip_reason_take(struct sip_reason *reason, struct sip_str *list)
{
	struct sip_scan s;

	*reason = (struct sip_reason){};
	if (!sip_list_begin(&s, list))
		return -ENOENT;
	return sip_list_end(&s, list, take_reason(&s, reason));
}

/* comment = LPAREN *( ctext / quoted-pair / comment ) RPAREN: counted, as there is nothing in it to keep */
static int take_comment(struct sip_scan *s)
{
	unsigned int depth = 0;
	char c;

	while (sip_take_any(s, &c)) {
		if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			return 0;
		else if (c == '\\' && !sip_take_any(s, &c))
			break;
	}
	return -EBADMSG;
}

/* Retry-After = "Retry-After" HCOLON delta-seconds [ comment ] *( SEMI retry-param ) */
int sip_retry_after_parse(uint32_t *seconds, struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);
	struct sip_str params;
	int rc = sip_take_uint(&s, UINT32_MAX, seconds);

	if (rc < 0)
		return rc;
	sip_take_lws(&s);
	if (sip_peek(&s) == '(' && take_comment(&s) < 0)
		return -EBADMSG;
	rc = sip_take_params(&s, &params, NULL, NULL);
	return !rc && !sip_at_end(&s) ? -EBADMSG : rc;
}
