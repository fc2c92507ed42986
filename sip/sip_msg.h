/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A received SIP message: pointers into the received buffer, headers found in one pass and parsed when asked for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sip/sip_hdr.h"
#include "sip/sip_str.h"
#include "sip/sip_uri.h"

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
	bool has_max_forwards;
	uint8_t max_forwards;
	uint16_t status;		/* response: 100-699 */
	enum sip_method method;		/* request: of the request line; response: of CSeq */
	struct sip_str method_name;	/* as received */
	struct sip_str ruri;		/* request */
	struct sip_uri uri;		/* request: ruri, parsed */
	struct sip_str reason;		/* response; may be empty */
	struct sip_str body;		/* as long as Content-Length says, or up to the end of the datagram */

	/* What finding the transaction and the dialog takes, parsed once */
	struct sip_via via;		/* the topmost */
	struct sip_cseq cseq;
	struct sip_str call_id;
	struct sip_addr from, to;	/* with their tags */
	struct sip_addr contact;	/* the first; uri_text absent if there is none */

	/* What sip_body.c has found of the session description: a body is walked once */
	struct {
		bool known;
		uint8_t transfer;	/* enum sip_body_transfer */
		struct sip_str content;	/* absent: there is none */
	} sdp;

	uint16_t n_hdrs;
	uint16_t first[_SIP_HDR_COUNT];	/* index + 1 of the first header line with this id; 0: none */
	struct sip_hdr hdrs[SIP_HDRS_MAX];
};

/* Why a message cannot be read; what is a short phrase for the reason phrase and the log */
struct sip_parse_error {
	uint16_t status;		/* 400, 501, 505 or 513: what a request is answered with */
	const char *what;		/* static */
	size_t offset;
};

/* Parses a whole message out of one datagram, RFC 3261 7. Returns 0, or -EBADMSG with *err filled; *msg then holds
 * what was readable, so that a request can still be answered (sip_msg_answerable()).
 *
 * Checked is what an endpoint needs in order to answer and to route: start line, Request-URI, form of every header
 * line, presence and syntax of Via (the topmost), From, To, Call-ID, CSeq, that Max-Forwards, Content-Length and the
 * like stand once and in range, that every Contact of a request can be read, that CSeq names the method, and that the
 * body is there. Other headers are checked when they are asked for. Octets after Content-Length are not of the
 * message (18.3).
 *
 * Received leniently: empty lines before the start line (7.5); LF alone ends a line as CRLF does (it always does, so
 * that no value can smuggle a line into a message that copies it; CR alone is an error); no Max-Forwards, From tag or
 * branch (RFC 2543). */
int sip_msg_parse(struct sip_msg *msg, const char *octets, size_t len, struct sip_parse_error *err);

/* A request, not ACK, whose topmost Via says who sent it: an answer can be built and sent, from whatever other
 * headers were there. */
bool sip_msg_answerable(const struct sip_msg *msg);

/* First header line with this id; then the next one after it. NULL if none.
 * For headers without an id, next is the next one with the same name. */
const struct sip_hdr *sip_msg_hdr(const struct sip_msg *msg, enum sip_hdr_id id);
const struct sip_hdr *sip_msg_hdr_next(const struct sip_msg *msg, const struct sip_hdr *hdr);
/* First header line with this name (long form, case-insensitive): for headers without an id. */
const struct sip_hdr *sip_msg_hdr_named(const struct sip_msg *msg, struct sip_str name);

/* Walks the values of a header over commas and header lines alike:
 *	for (sip_values_init(&v, msg, SIP_HDR_RECORD_ROUTE); !(rc = sip_values_next_addr(&v, &addr)); ) …
 * The end is -ENOENT, an unreadable value -EBADMSG. */
struct sip_values {
	const struct sip_msg *msg;
	const struct sip_hdr *hdr;
	struct sip_str rest;
};
void sip_values_init(struct sip_values *v, const struct sip_msg *msg, enum sip_hdr_id id);
int sip_values_next_addr(struct sip_values *v, struct sip_addr *addr);
int sip_values_next_via(struct sip_values *v, struct sip_via *via);
int sip_values_next_token(struct sip_values *v, struct sip_str *token);
int sip_values_next_reason(struct sip_values *v, struct sip_reason *reason);
int sip_values_next_media_type(struct sip_values *v, struct sip_media_type *mt);

/* Shorthands: From, To or the first value of Contact, P-Asserted-Identity … of a message, parsed to its URI; uri may
 * be NULL. 0, -ENOENT, -EBADMSG. */
int sip_msg_addr_uri(const struct sip_msg *msg, enum sip_hdr_id id, struct sip_addr *addr, struct sip_uri *uri);
/* A header that is one number (Expires, RSeq …). 0, -ENOENT, -EBADMSG, -ERANGE. */
int sip_msg_uint(const struct sip_msg *msg, enum sip_hdr_id id, uint32_t *n);
/* True where a comma- or semicolon-separated header (Supported, Require, Privacy …) names the token, on any of its
 * lines. */
bool sip_msg_has_token(const struct sip_msg *msg, enum sip_hdr_id id, const char *token);

/* Reason header (RFC 3326): cause of the first value with this protocol ("Q.850", "SIP"). 0 and *cause, -ENOENT. */
int sip_msg_reason_cause(const struct sip_msg *msg, const char *protocol, unsigned int *cause);

/* Standard reason phrase of RFC 3261 21 and the extensions; "Unknown" if there is none. */
struct sip_str sip_status_phrase(unsigned int status);
