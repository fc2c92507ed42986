/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A received SIP message: pointers and lengths into the received buffer, headers found in one pass and parsed
 * when asked for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <osmocom/core/utils.h>

/* A piece of somebody else's buffer, not zero terminated; p NULL: absent */
struct sip_str {
	const char *p;
	size_t len;
};
#define SIP_STR(literal) ((struct sip_str){ .p = "" literal, .len = sizeof(literal) - 1 })
/* For printf: "%.*s", SIP_STR_ARG(s) */
#define SIP_STR_ARG(s) (int)(s).len, (s).p ? (s).p : ""
static inline struct sip_str sip_str_from(const char *z)
{
	return (struct sip_str){ .p = z, .len = z ? strlen(z) : 0 };
}
/* Case-sensitive, and case-insensitive (ASCII) */
bool sip_str_eq(struct sip_str a, struct sip_str b);
bool sip_str_ieq(struct sip_str a, struct sip_str b);

enum sip_method {
	SIP_METHOD_UNKNOWN, SIP_INVITE, SIP_ACK, SIP_BYE, SIP_CANCEL, SIP_OPTIONS, SIP_REGISTER, SIP_PRACK, SIP_UPDATE,
	SIP_INFO, SIP_SUBSCRIBE, SIP_NOTIFY, SIP_REFER, SIP_MESSAGE, SIP_PUBLISH, _SIP_METHOD_COUNT
};
/* The token as it stands in a request line, "?" for SIP_METHOD_UNKNOWN */
struct sip_str sip_method_name(enum sip_method method);
enum sip_method sip_method_find(struct sip_str token);

/* Headers that something asks for; a table in sip_hdr.c names them, long and compact */
enum sip_hdr_id {
	SIP_HDR_OTHER, SIP_HDR_VIA, SIP_HDR_FROM, SIP_HDR_TO, SIP_HDR_CALL_ID, SIP_HDR_CSEQ, SIP_HDR_CONTACT,
	SIP_HDR_MAX_FORWARDS, SIP_HDR_ROUTE, SIP_HDR_RECORD_ROUTE, SIP_HDR_CONTENT_TYPE, SIP_HDR_CONTENT_LENGTH,
	SIP_HDR_CONTENT_ENCODING, SIP_HDR_CONTENT_DISPOSITION, SIP_HDR_REQUIRE, SIP_HDR_PROXY_REQUIRE,
	SIP_HDR_SUPPORTED,
	SIP_HDR_UNSUPPORTED, SIP_HDR_ALLOW, SIP_HDR_ACCEPT, SIP_HDR_REASON, SIP_HDR_RETRY_AFTER, SIP_HDR_PRIVACY,
	SIP_HDR_P_ASSERTED_IDENTITY, SIP_HDR_P_PREFERRED_IDENTITY, SIP_HDR_WARNING, SIP_HDR_EXPIRES, SIP_HDR_DATE,
	SIP_HDR_TIMESTAMP, SIP_HDR_USER_AGENT, SIP_HDR_SERVER, SIP_HDR_MIME_VERSION, SIP_HDR_RSEQ, SIP_HDR_RACK,
	_SIP_HDR_COUNT
};

/* One header field line: a value may hold several comma-separated ones, and folds */
struct sip_hdr {
	enum sip_hdr_id id;
	struct sip_str name, value;	/* value without leading and trailing white space */
};

#define SIP_HDRS_MAX 128

/* Borrows the buffer it was parsed from. */
struct sip_msg {
	struct sip_str octets;		/* the whole message */
	bool is_request;
	enum sip_method method;		/* request: of the request line; response: of CSeq */
	struct sip_str method_name;	/* request: as received */
	struct sip_str ruri;		/* request */
	uint16_t status;		/* response: 100-699 */
	struct sip_str reason;		/* response */
	struct sip_str body;
	uint16_t n_hdrs;
	uint16_t first[_SIP_HDR_COUNT];	/* index + 1 of the first header line with this id; 0: none */
	struct sip_hdr hdrs[SIP_HDRS_MAX];
};

/* Why a message cannot be read; status is what a request with readable Via, From, To, Call-ID and CSeq is
 * answered with */
struct sip_parse_error {
	uint16_t status;		/* 400, 505, 513 … */
	const char *what;		/* a short phrase for the reason phrase and the log, static */
	size_t offset;
};

/* Parses a whole message out of one datagram, RFC 3261 7. Returns 0, or -EBADMSG with *err filled; *msg then holds
 * what was readable (n_hdrs headers), so that a request can still be answered. Checks the mandatory headers. */
int sip_msg_parse(struct sip_msg *msg, const char *octets, size_t len, struct sip_parse_error *err);

/* First header line with this id; then the next one after it. NULL if none. */
const struct sip_hdr *sip_msg_hdr(const struct sip_msg *msg, enum sip_hdr_id id);
const struct sip_hdr *sip_msg_hdr_next(const struct sip_msg *msg, const struct sip_hdr *hdr);
/* First header line with this name (long form, case-insensitive): for headers without an id. */
const struct sip_hdr *sip_msg_hdr_named(const struct sip_msg *msg, struct sip_str name);

/* A URI: sip, sips, tel, or any other scheme as it is (RFC 3261 19.1, RFC 3966) */
enum sip_scheme { SIP_SCHEME_OTHER, SIP_SCHEME_SIP, SIP_SCHEME_SIPS, SIP_SCHEME_TEL };
struct sip_uri {
	enum sip_scheme scheme;
	struct sip_str scheme_name;
	/* sip: as written, still escaped, with user parameters; tel: the number as written */
	struct sip_str user;
	/* tel parameters after the first ';' of a sip user part or of a tel URI; may be empty */
	struct sip_str user_params;
	struct sip_str password;
	struct sip_str host;		/* without the brackets of an IPv6 reference */
	bool host_is_ipv6;
	uint16_t port;			/* 0: not given */
	struct sip_str params;		/* sip: after the host, without the first ';' */
	struct sip_str headers;		/* sip: after '?' */
};
int sip_uri_parse(struct sip_uri *uri, struct sip_str text);
/* Value of a parameter in a ";a=b;c" list: true if present, *value empty if it has none. */
bool sip_param(struct sip_str params, const char *name, struct sip_str *value);
/* The user part with %-escapes undone and visual separators (-.()) removed into buf: for telephone numbers.
 * Returns its length, or -EINVAL where a %-escape is broken or it does not fit. */
int sip_uri_number(const struct sip_uri *uri, char *buf, size_t size);

/* name-addr or addr-spec with parameters: From, To, Contact, Route, P-Asserted-Identity */
struct sip_addr {
	struct sip_str display;		/* without quotes, still escaped */
	struct sip_str uri_text;
	struct sip_str params;		/* of the header, without the first ';' */
};
/* Takes one value off the front of *list (comma separated); *list is what is left. 0, -ENOENT at the end,
 * -EBADMSG. */
int sip_addr_take(struct sip_addr *addr, struct sip_str *list);

/* Shorthands: From, To or the first P-Asserted-Identity of a message, parsed to its URI. 0, -ENOENT, -EBADMSG. */
int sip_msg_addr_uri(const struct sip_msg *msg, enum sip_hdr_id id, struct sip_addr *addr, struct sip_uri *uri);
/* True where a comma- or semicolon-separated header (Supported, Require, Privacy …) names the token, on any of
 * its lines. */
bool sip_msg_has_token(const struct sip_msg *msg, enum sip_hdr_id id, const char *token);

/* The body's media type is type ("application/sdp"; parameters ignored). False where there is no body. */
bool sip_msg_body_is(const struct sip_msg *msg, const char *type);

/* Reason header (RFC 3326): cause of the first value with this protocol ("Q.850", "SIP"). 0 and *cause, -ENOENT. */
int sip_msg_reason_cause(const struct sip_msg *msg, const char *protocol, unsigned int *cause);

/* Standard reason phrase of RFC 3261 21 and the extensions; "Unknown" if there is none. */
struct sip_str sip_status_phrase(unsigned int status);
