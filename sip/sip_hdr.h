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

/* Reason (RFC 3326) */
struct sip_reason {
	struct sip_str protocol;
	bool has_cause;
	uint16_t cause;
	struct sip_str text;		/* without quotes, still escaped */
	struct sip_str params;
};
int sip_reason_take(struct sip_reason *reason, struct sip_str *list);
