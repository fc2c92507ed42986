/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of header fields, long and compact, and how to find them. */

#include <osmocom/core/utils.h>

#include "sip/sip_hdr.h"

struct hdr_row {
	struct sip_str name;
	char compact;
	bool single;			/* RFC 3261 7.3.1: not a comma-separated list, so at most one */
};
#define NAME(literal) .name = { literal, sizeof(literal) - 1 }

static const struct hdr_row hdrs[_SIP_HDR_COUNT] = {
	[SIP_HDR_OTHER] = { NAME("?") },
	[SIP_HDR_VIA] = { NAME("Via"), .compact = 'v' },
	[SIP_HDR_FROM] = { NAME("From"), .compact = 'f', .single = true },
	[SIP_HDR_TO] = { NAME("To"), .compact = 't', .single = true },
	[SIP_HDR_CALL_ID] = { NAME("Call-ID"), .compact = 'i', .single = true },
	[SIP_HDR_CSEQ] = { NAME("CSeq"), .single = true },
	[SIP_HDR_CONTACT] = { NAME("Contact"), .compact = 'm' },
	[SIP_HDR_MAX_FORWARDS] = { NAME("Max-Forwards"), .single = true },
	[SIP_HDR_ROUTE] = { NAME("Route") },
	[SIP_HDR_RECORD_ROUTE] = { NAME("Record-Route") },
	[SIP_HDR_CONTENT_TYPE] = { NAME("Content-Type"), .compact = 'c', .single = true },
	[SIP_HDR_CONTENT_LENGTH] = { NAME("Content-Length"), .compact = 'l', .single = true },
	[SIP_HDR_CONTENT_ENCODING] = { NAME("Content-Encoding"), .compact = 'e' },
	[SIP_HDR_CONTENT_DISPOSITION] = { NAME("Content-Disposition"), .single = true },
	[SIP_HDR_REQUIRE] = { NAME("Require") },
	[SIP_HDR_PROXY_REQUIRE] = { NAME("Proxy-Require") },
	[SIP_HDR_SUPPORTED] = { NAME("Supported"), .compact = 'k' },
	[SIP_HDR_UNSUPPORTED] = { NAME("Unsupported") },
	[SIP_HDR_ALLOW] = { NAME("Allow") },
	[SIP_HDR_ACCEPT] = { NAME("Accept") },
	[SIP_HDR_REASON] = { NAME("Reason") },
	[SIP_HDR_RETRY_AFTER] = { NAME("Retry-After"), .single = true },
	[SIP_HDR_PRIVACY] = { NAME("Privacy") },
	[SIP_HDR_P_ASSERTED_IDENTITY] = { NAME("P-Asserted-Identity") },
	[SIP_HDR_P_PREFERRED_IDENTITY] = { NAME("P-Preferred-Identity") },
	[SIP_HDR_WARNING] = { NAME("Warning") },
	[SIP_HDR_EXPIRES] = { NAME("Expires"), .single = true },
	[SIP_HDR_DATE] = { NAME("Date"), .single = true },
	[SIP_HDR_TIMESTAMP] = { NAME("Timestamp"), .single = true },
	[SIP_HDR_USER_AGENT] = { NAME("User-Agent") },
	[SIP_HDR_SERVER] = { NAME("Server") },
	[SIP_HDR_MIME_VERSION] = { NAME("MIME-Version"), .single = true },
	[SIP_HDR_RSEQ] = { NAME("RSeq"), .single = true },
	[SIP_HDR_RACK] = { NAME("RAck"), .single = true },
	[SIP_HDR_SUBJECT] = { NAME("Subject"), .compact = 's' },
	[SIP_HDR_EVENT] = { NAME("Event"), .compact = 'o', .single = true },
	[SIP_HDR_ALLOW_EVENTS] = { NAME("Allow-Events"), .compact = 'u' },
	[SIP_HDR_REFER_TO] = { NAME("Refer-To"), .compact = 'r', .single = true },
	[SIP_HDR_REFERRED_BY] = { NAME("Referred-By"), .compact = 'b', .single = true },
	[SIP_HDR_SESSION_EXPIRES] = { NAME("Session-Expires"), .compact = 'x', .single = true },
	[SIP_HDR_IDENTITY] = { NAME("Identity"), .compact = 'y' },
	[SIP_HDR_ACCEPT_CONTACT] = { NAME("Accept-Contact"), .compact = 'a' },
	[SIP_HDR_REJECT_CONTACT] = { NAME("Reject-Contact"), .compact = 'j' },
	[SIP_HDR_REQUEST_DISPOSITION] = { NAME("Request-Disposition"), .compact = 'd' },
	[SIP_HDR_CONTENT_TRANSFER_ENCODING] = { NAME("Content-Transfer-Encoding") },
	[SIP_HDR_CONTENT_ID] = { NAME("Content-ID") },
	[SIP_HDR_CONTENT_LANGUAGE] = { NAME("Content-Language") },
	[SIP_HDR_DIVERSION] = { NAME("Diversion") },
	[SIP_HDR_HISTORY_INFO] = { NAME("History-Info") },
	[SIP_HDR_USER_TO_USER] = { NAME("User-to-User") },
	[SIP_HDR_P_EARLY_MEDIA] = { NAME("P-Early-Media") },
	[SIP_HDR_MIN_SE] = { NAME("Min-SE"), .single = true },
	[SIP_HDR_RESOURCE_PRIORITY] = { NAME("Resource-Priority") },
	[SIP_HDR_ACCEPT_RESOURCE_PRIORITY] = { NAME("Accept-Resource-Priority") },
	/* RFC 7989 6: whatever is wrong with it, the message may still be valid */
	[SIP_HDR_SESSION_ID] = { NAME("Session-ID") },
};

/* The names of each length, the frequent ones first */
static const uint8_t by_length[][8] = {
	[2] = { SIP_HDR_TO },
	[3] = { SIP_HDR_VIA },
	[4] = { SIP_HDR_FROM, SIP_HDR_CSEQ, SIP_HDR_RSEQ, SIP_HDR_RACK, SIP_HDR_DATE },
	[5] = { SIP_HDR_ALLOW, SIP_HDR_ROUTE, SIP_HDR_EVENT },
	[6] = { SIP_HDR_ACCEPT, SIP_HDR_REASON, SIP_HDR_SERVER, SIP_HDR_MIN_SE },
	[7] = { SIP_HDR_CALL_ID, SIP_HDR_CONTACT, SIP_HDR_REQUIRE, SIP_HDR_PRIVACY, SIP_HDR_SUBJECT, SIP_HDR_EXPIRES,
		SIP_HDR_WARNING },
	[8] = { SIP_HDR_REFER_TO, SIP_HDR_IDENTITY },
	[9] = { SIP_HDR_SUPPORTED, SIP_HDR_TIMESTAMP, SIP_HDR_DIVERSION },
	[10] = { SIP_HDR_SESSION_ID, SIP_HDR_USER_AGENT, SIP_HDR_CONTENT_ID },
	[11] = { SIP_HDR_UNSUPPORTED, SIP_HDR_RETRY_AFTER, SIP_HDR_REFERRED_BY },
	[12] = { SIP_HDR_MAX_FORWARDS, SIP_HDR_CONTENT_TYPE, SIP_HDR_RECORD_ROUTE, SIP_HDR_MIME_VERSION,
		SIP_HDR_ALLOW_EVENTS, SIP_HDR_HISTORY_INFO, SIP_HDR_USER_TO_USER },
	[13] = { SIP_HDR_P_EARLY_MEDIA, SIP_HDR_PROXY_REQUIRE },
	[14] = { SIP_HDR_CONTENT_LENGTH, SIP_HDR_ACCEPT_CONTACT, SIP_HDR_REJECT_CONTACT },
	[15] = { SIP_HDR_SESSION_EXPIRES },
	[16] = { SIP_HDR_CONTENT_ENCODING, SIP_HDR_CONTENT_LANGUAGE },
	[17] = { SIP_HDR_RESOURCE_PRIORITY },
	[19] = { SIP_HDR_P_ASSERTED_IDENTITY, SIP_HDR_CONTENT_DISPOSITION, SIP_HDR_REQUEST_DISPOSITION },
	[20] = { SIP_HDR_P_PREFERRED_IDENTITY },
	[24] = { SIP_HDR_ACCEPT_RESOURCE_PRIORITY },
	[25] = { SIP_HDR_CONTENT_TRANSFER_ENCODING },
};

static enum sip_hdr_id find_compact(char c)
{
	enum sip_hdr_id id;

	for (id = 1; id < _SIP_HDR_COUNT; id++) {
		if (hdrs[id].compact == (c | 0x20))
			return id;
	}
	return SIP_HDR_OTHER;
}

enum sip_hdr_id sip_hdr_find(struct sip_str name)
{
	const uint8_t *id;

	if (name.len == 1)
		return find_compact(*name.p);
	if (name.len >= ARRAY_SIZE(by_length))
		return SIP_HDR_OTHER;
	for (id = by_length[name.len]; *id; id++) {
		if (sip_str_ieq(hdrs[*id].name, name))
			return *id;
	}
	return SIP_HDR_OTHER;
}

struct sip_str sip_hdr_name(enum sip_hdr_id id)
{
	return hdrs[(unsigned int)id < _SIP_HDR_COUNT ? id : SIP_HDR_OTHER].name;
}

bool sip_hdr_is_single(enum sip_hdr_id id)
{
	return hdrs[(unsigned int)id < _SIP_HDR_COUNT ? id : SIP_HDR_OTHER].single;
}
