/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Privacy (RFC 3323 4.2), P-Early-Media (RFC 5009 8), Resource-Priority (RFC 4412 3.1): what a call may claim. */

#include "sip/sip_hdr.h"
#include "sip/sip_scan.h"

static const struct {
	struct sip_str word;
	enum sip_privacy privacy;
} privacies[] = {
	{ { "id", 2 }, SIP_PRIVACY_ID }, { { "none", 4 }, SIP_PRIVACY_NONE }, { { "user", 4 }, SIP_PRIVACY_USER },
	{ { "header", 6 }, SIP_PRIVACY_HEADER }, { { "session", 7 }, SIP_PRIVACY_SESSION },
	{ { "history", 7 }, SIP_PRIVACY_HISTORY }, { { "critical", 8 }, SIP_PRIVACY_CRITICAL },
	{}
};

static enum sip_privacy find_privacy(struct sip_str word)
{
	size_t i;

	for (i = 0; privacies[i].word.p; i++) {
		if (sip_str_ieq(privacies[i].word, word))
			return privacies[i].privacy;
	}
	return SIP_PRIVACY_UNKNOWN;
}

/* Privacy-hdr = "Privacy" HCOLON priv-value *(";" priv-value); commas in between are let pass */
int sip_privacy_parse(unsigned int *set, struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);
	struct sip_str word;

	do {
		word = sip_take_class(&s, SIP_C_TOKEN);
		if (!word.len)
			return -EBADMSG;
		*set |= find_privacy(word);
	} while (sip_take_sep(&s, ';') || sip_take_sep(&s, ','));
	return sip_at_end(&s) ? 0 : -EBADMSG;
}

/* em-param = "sendrecv" / "sendonly" / "recvonly" / "inactive" / "gated" / "supported" / token */
int sip_early_media_take(enum sip_early_media *em, struct sip_str *list)
{
	static const struct sip_str words[] = {
		[SIP_EM_NONE] = { "?", 1 },
		[SIP_EM_SENDRECV] = { "sendrecv", 8 },
		[SIP_EM_SENDONLY] = { "sendonly", 8 },
		[SIP_EM_RECVONLY] = { "recvonly", 8 },
		[SIP_EM_INACTIVE] = { "inactive", 8 },
		[SIP_EM_GATED] = { "gated", 5 },
		[SIP_EM_SUPPORTED] = { "supported", 9 },
	};
	struct sip_str token;
	int rc = sip_token_take(&token, list);

	*em = SIP_EM_SUPPORTED;
	while (*em && (rc || !sip_str_ieq(words[*em], token)))
		(*em)--;
	return rc;
}

/* token-nodot = 1*( alphanum / "-"  / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~" ): token but for the '.' */
static bool split_at_dot(struct sip_str r_value, struct sip_resource *resource)
{
	const char *dot = memchr(r_value.p, '.', r_value.len), *end = r_value.p + r_value.len;

	if (!dot || dot == r_value.p || dot + 1 == end || memchr(dot + 1, '.', end - dot - 1))
		return false;
	resource->namespace = sip_str_span(r_value.p, dot);
	resource->priority = sip_str_span(dot + 1, end);
	return true;
}

/* r-value = namespace "." r-priority */
int sip_resource_take(struct sip_resource *resource, struct sip_str *list)
{
	struct sip_str token;
	int rc = sip_token_take(&token, list);

	*resource = (struct sip_resource){};
	if (rc)
		return rc;
	if (split_at_dot(token, resource))
		return 0;
	*list = (struct sip_str){};
	return -EBADMSG;
}
