/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Header fields: their names, and the structured ones as structs; each has its parser in sip_hdr_*.c. */
#pragma once

#include <stdint.h>

#include "sip/sip_str.h"

enum sip_method {
	SIP_METHOD_UNKNOWN, SIP_INVITE, SIP_ACK, SIP_BYE, SIP_CANCEL, SIP_OPTIONS, SIP_REGISTER, SIP_PRACK, SIP_UPDATE,
	SIP_INFO, SIP_SUBSCRIBE, SIP_NOTIFY, SIP_REFER, SIP_MESSAGE, SIP_PUBLISH, _SIP_METHOD_COUNT
};
/* The token as it stands in a request line, "?" for SIP_METHOD_UNKNOWN */
struct sip_str sip_method_name(enum sip_method method);
enum sip_method sip_method_find(struct sip_str token);

/* Headers that something asks for, and all that have a compact form; sip_hdr.c has their names. */
enum sip_hdr_id {
	SIP_HDR_OTHER, SIP_HDR_VIA, SIP_HDR_FROM, SIP_HDR_TO, SIP_HDR_CALL_ID, SIP_HDR_CSEQ, SIP_HDR_CONTACT,
	SIP_HDR_MAX_FORWARDS, SIP_HDR_ROUTE, SIP_HDR_RECORD_ROUTE, SIP_HDR_CONTENT_TYPE, SIP_HDR_CONTENT_LENGTH,
	SIP_HDR_CONTENT_ENCODING, SIP_HDR_CONTENT_DISPOSITION, SIP_HDR_REQUIRE, SIP_HDR_PROXY_REQUIRE,
	SIP_HDR_SUPPORTED, SIP_HDR_UNSUPPORTED, SIP_HDR_ALLOW, SIP_HDR_ACCEPT, SIP_HDR_REASON, SIP_HDR_RETRY_AFTER,
	SIP_HDR_PRIVACY, SIP_HDR_P_ASSERTED_IDENTITY, SIP_HDR_P_PREFERRED_IDENTITY, SIP_HDR_WARNING, SIP_HDR_EXPIRES,
	SIP_HDR_DATE, SIP_HDR_TIMESTAMP, SIP_HDR_USER_AGENT, SIP_HDR_SERVER, SIP_HDR_MIME_VERSION, SIP_HDR_RSEQ,
	SIP_HDR_RACK, SIP_HDR_SUBJECT, SIP_HDR_EVENT, SIP_HDR_ALLOW_EVENTS, SIP_HDR_REFER_TO, SIP_HDR_REFERRED_BY,
	SIP_HDR_SESSION_EXPIRES, SIP_HDR_IDENTITY, SIP_HDR_ACCEPT_CONTACT, SIP_HDR_REJECT_CONTACT,
	SIP_HDR_REQUEST_DISPOSITION, SIP_HDR_CONTENT_TRANSFER_ENCODING, SIP_HDR_CONTENT_ID, SIP_HDR_CONTENT_LANGUAGE,
	SIP_HDR_DIVERSION, SIP_HDR_HISTORY_INFO, SIP_HDR_USER_TO_USER, SIP_HDR_P_EARLY_MEDIA, SIP_HDR_MIN_SE,
	SIP_HDR_RESOURCE_PRIORITY, SIP_HDR_ACCEPT_RESOURCE_PRIORITY, SIP_HDR_SESSION_ID,
	_SIP_HDR_COUNT
};
/* The long form, "?" for SIP_HDR_OTHER */
struct sip_str sip_hdr_name(enum sip_hdr_id id);
/* By long or compact form, any case; SIP_HDR_OTHER if there is none */
enum sip_hdr_id sip_hdr_find(struct sip_str name);
/* At most one such header line, of one value, may stand in a message (RFC 3261 7.3.1) */
bool sip_hdr_is_single(enum sip_hdr_id id);

/* Every …_take() below takes one value off the front of a comma-separated *list; *list is what is left.
 * 0, -ENOENT at the end, -EBADMSG. */

/* ---- Parameters: ";a=b;c" ---- */

struct sip_param {
	struct sip_str name;
	struct sip_str value;		/* absent if there is no '='; without the quotes of a quoted string */
	bool quoted;			/* value still has its backslashes */
};
/* Takes one parameter, with the ';' before it (the first one may lack it), off the front of *params. */
int sip_param_take(struct sip_param *param, struct sip_str *params);
/* Value of a parameter in such a list: true if present, *value (may be NULL) empty if it has none. For a URI's
 * parameters whose names may be written with escapes there is sip_uri_param(). */
bool sip_param(struct sip_str params, const char *name, struct sip_str *value);

/* ---- Via ---- */

struct sip_via {
	struct sip_str text;		/* the whole value as received */
	struct sip_str transport;	/* as written: "UDP" … */
	struct sip_str host;		/* of sent-by, without brackets; absent: not readable */
	bool host_is_ipv6;
	bool has_rport;			/* RFC 3581 */
	uint16_t port;			/* of sent-by; 0: not given */
	uint16_t rport;			/* 0: rport without a value */
	uint8_t ttl;			/* 0: not given, or not 0 to 255 */
	struct sip_str branch, received, maddr;
	struct sip_str rport_text;	/* "rport" or "rport=5060" within text */
	struct sip_str params;		/* all of them, without the first ';' */
};
/* On -EBADMSG via holds what could be read: where host is set, an answer can be sent. */
int sip_via_take(struct sip_via *via, struct sip_str *list);
/* The branch begins with the magic cookie of RFC 3261 8.1.1.7 and has something after it */
bool sip_via_is_3261(const struct sip_via *via);

/* ---- name-addr or addr-spec with parameters: From, To, Contact, Route, P-Asserted-Identity ---- */

struct sip_addr {
	struct sip_str display;		/* without quotes, still escaped */
	struct sip_str uri_text;	/* "*" in Contact: * */
	struct sip_str params;		/* of the header, without the first ';' */
	struct sip_str tag;		/* the tag parameter; absent if there is none */
};
int sip_addr_take(struct sip_addr *addr, struct sip_str *list);

/* ---- Others ---- */

struct sip_cseq {
	uint32_t number;		/* below 2^31 */
	enum sip_method method;
	struct sip_str method_name;
};
int sip_cseq_parse(struct sip_cseq *cseq, struct sip_str value);

/* RAck (RFC 3262 7.2) */
struct sip_rack {
	uint32_t rseq;
	struct sip_cseq cseq;
};
int sip_rack_parse(struct sip_rack *rack, struct sip_str value);

/* 1*DIGIT, and nothing else, up to max: Max-Forwards, Content-Length, Expires, RSeq. 0, -EBADMSG, or -ERANGE. */
int sip_uint_parse(uint32_t *n, struct sip_str value, uint32_t max);
/* delta-seconds of Retry-After; its comment and parameters are looked at for syntax only */
int sip_retry_after_parse(uint32_t *seconds, struct sip_str value);

/* A token of Require, Supported, Allow, Content-Encoding … */
int sip_token_take(struct sip_str *token, struct sip_str *list);

/* Content-Type; one value of Accept; Content-Disposition has no subtype */
struct sip_media_type {
	struct sip_str type, subtype;	/* "application", "sdp"; either may be "*" */
	struct sip_str params;		/* without the first ';' */
};
int sip_media_type_take(struct sip_media_type *mt, struct sip_str *list);
/* type is like "application/sdp"; '*' in mt matches anything */
bool sip_media_type_is(const struct sip_media_type *mt, const char *type);

/* The list parameter q of Contact and Accept, in thousandths; 1000 where there is none. -EBADMSG */
int sip_q(struct sip_str params);

/* Reason (RFC 3326, RFC 6432, RFC 8606) */
struct sip_reason {
	struct sip_str protocol;
	bool has_cause, has_location;
	uint16_t cause;
	uint8_t location;		/* Q.850's code, 0 to 15 */
	struct sip_str text;		/* without quotes, still escaped */
	struct sip_str params;
};
int sip_reason_take(struct sip_reason *reason, struct sip_str *list);
/* The word of RFC 8606 for a location of Q.850, 0 to 15; absent if there is none */
struct sip_str sip_location_name(unsigned int location);

/* ---- Who diverted it: Diversion (RFC 5806), History-Info (RFC 7044) ---- */

struct sip_diversion {
	struct sip_addr addr;
	struct sip_str reason, privacy, screen;	/* "user-busy", "full", "yes" …; absent if not said */
	bool has_counter, has_limit;
	uint8_t counter, limit;
};
int sip_diversion_take(struct sip_diversion *diversion, struct sip_str *list);

struct sip_history {
	struct sip_addr addr;
	struct sip_str index;		/* "1.2.1"; absent where it is missing */
	char target;			/* how this target was found: 'r' rc, 'm' mp, 'n' np; '\0' not said */
	struct sip_str target_index;	/* of the entry that it came from */
	uint16_t cause;			/* of the URI: why it came here (RFC 4458, RFC 7544); 0: not diverted */
	struct sip_str reason, privacy;	/* headers within the URI, still escaped */
};
int sip_history_take(struct sip_history *history, struct sip_str *list);

/* ---- User-to-User (RFC 7433) ---- */

struct sip_uui {
	struct sip_str data;		/* without quotes */
	struct sip_str purpose, content, encoding;	/* absent if not said: isdn-uui, its default content, hex */
};
int sip_uui_take(struct sip_uui *uui, struct sip_str *list);
/* It is of the ISDN's own package (RFC 7434): octets with their protocol discriminator in front */
bool sip_uui_is_isdn(const struct sip_uui *uui);
/* Undoes encoding=hex. Number of octets; -ENOTSUP for another encoding, -EBADMSG, -ENOSPC. */
int sip_uui_octets(const struct sip_uui *uui, uint8_t *octets, size_t size);

/* ---- Session-Expires and Min-SE (RFC 4028) ---- */

enum sip_refresher { SIP_REFRESHER_NONE, SIP_REFRESHER_UAC, SIP_REFRESHER_UAS };
struct sip_session_expires {
	uint32_t seconds;
	enum sip_refresher refresher;
};
/* Both of them; a Min-SE has no refresher. 0, -EBADMSG, -ERANGE. */
int sip_session_expires_parse(struct sip_session_expires *se, struct sip_str value);

/* ---- Resource-Priority and Accept-Resource-Priority (RFC 4412) ---- */

struct sip_resource {
	struct sip_str namespace, priority;	/* any case */
};
int sip_resource_take(struct sip_resource *resource, struct sip_str *list);

/* ---- Session-ID (RFC 7989) ---- */

struct sip_uuid {
	uint8_t octets[16];		/* all 0: nil */
};
struct sip_session_id {
	struct sip_uuid local;		/* the sender's */
	struct sip_uuid remote;
	bool has_remote;		/* not from implementations of RFC 7329 */
};
int sip_session_id_parse(struct sip_session_id *id, struct sip_str value);
bool sip_uuid_is_nil(const struct sip_uuid *uuid);

/* ---- P-Early-Media (RFC 5009) ---- */

enum sip_early_media {
	SIP_EM_NONE, SIP_EM_SENDRECV, SIP_EM_SENDONLY, SIP_EM_RECVONLY, SIP_EM_INACTIVE, SIP_EM_GATED, SIP_EM_SUPPORTED
};
/* One em-param; one that is not known is SIP_EM_NONE */
int sip_early_media_take(enum sip_early_media *em, struct sip_str *list);

/* ---- Privacy (RFC 3323, RFC 3325, RFC 7044) ---- */

enum sip_privacy {
	SIP_PRIVACY_HEADER = 1 << 0, SIP_PRIVACY_SESSION = 1 << 1, SIP_PRIVACY_USER = 1 << 2, SIP_PRIVACY_ID = 1 << 3,
	SIP_PRIVACY_HISTORY = 1 << 4, SIP_PRIVACY_CRITICAL = 1 << 5, SIP_PRIVACY_NONE = 1 << 6,
	SIP_PRIVACY_UNKNOWN = 1 << 7	/* some word that we do not know; critical may make that matter */
};
/* Adds the words of one header line to *set. 0, -EBADMSG. */
int sip_privacy_parse(unsigned int *set, struct sip_str value);
