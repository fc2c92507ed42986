/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies: the parts of a multipart (RFC 2046 5.1, RFC 5621), what is understood of them, writing them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sip/sip_hdr.h"
#include "sip/sip_str.h"

struct sip_buf;
struct sip_msg;

/* ---- Received ---- */

/* Content-Transfer-Encoding (RFC 2045 6) */
enum sip_body_transfer {
	SIP_BODY_IDENTITY,		/* binary, 8bit, 7bit, or none said: the octets as they stand */
	SIP_BODY_BASE64,
	SIP_BODY_QUOTED_PRINTABLE,
	SIP_BODY_TRANSFER_UNKNOWN,
};

/* One part. A body that is not multipart is one part, described by the message's own headers. Everything is borrowed
 * from the message. */
struct sip_body_part {
	struct sip_media_type type;		/* text/plain where none is given that can be read */
	struct sip_media_type disposition;	/* default: session (SDP), signal (ISUP, QSIG), render */
	struct sip_str content;			/* before sip_body_decode(); of a multipart: its preamble */
	struct sip_str id, language;		/* Content-ID with its < and >, Content-Language */
	enum sip_body_transfer transfer;
	uint8_t depth;				/* 0: the body itself */
	bool optional;				/* handling=optional; it is required by default (RFC 3204 6) */
	bool encoded;				/* by a Content-Encoding; none is understood */
	bool multipart;				/* its parts follow, one deeper */
	bool malformed;				/* a multipart whose boundary or delimiters are not found */
	bool cut;				/* ends without a delimiter: some of it may be missing */
};

#define SIP_BODY_DEPTH_MAX 4			/* multipart in multipart; deeper ones are parts not understood */
#define SIP_BODY_PARTS_MAX 32			/* in all */
#define SIP_BODY_BOUNDARY_MAX 70		/* RFC 2046 5.1.1 */

struct sip_body {
	const struct sip_msg *msg;
	const char *p, *end;			/* what has not been walked */
	bool begun;
	uint8_t n_parts;
	uint8_t depth;				/* levels that are open */
	struct sip_body_level {
		bool digest;
		uint8_t len;
		char boundary[SIP_BODY_BOUNDARY_MAX];
	} levels[SIP_BODY_DEPTH_MAX];
};

/* Walks the parts in their order, a multipart before what is in it, in one pass over the octets:
 *	for (sip_body_init(&body, msg); !(rc = sip_body_next(&body, &part)); ) …
 * The end is -ENOENT (at once where there is no body), too many parts -EBADMSG.
 *
 * A delimiter is CRLF, "--", boundary, white space, CRLF, and nothing else (RFC 2046 5.1.1), and that CRLF belongs to
 * it. What only looks similar belongs to the part, which may hold any octets. An outer delimiter ends inner parts too
 * (5.1.2).
 *
 * Received leniently: no CRLF after the last delimiter, no closing delimiter, no CRLF between headers and delimiter; LF
 * alone after a part's header line; a ';' after the last parameter; "c" for Content-Type in a part, which RFC 2045
 * knows no compact forms for, but which can mean nothing else. Header lines of a part that cannot be read or are
 * longer than 1024 octets are passed over; of repeated ones the first counts. */
void sip_body_init(struct sip_body *body, const struct sip_msg *msg);
int sip_body_next(struct sip_body *body, struct sip_body_part *part);

/* The content with its transfer encoding undone: borrowed where there is none, else in mem. 0, -ENOSPC where mem is
 * too small, -EBADMSG, -ENOTSUP where the encoding is not known (or it is encoded otherwise). */
int sip_body_decode(const struct sip_body_part *part, char *mem, size_t size, struct sip_str *content);

/* What a receiver understands: a table of these, ended by {} */
struct sip_body_type {
	const char *type;			/* "application/sdp" */
	const char *disposition;		/* "session"; NULL: any */
};
bool sip_body_understood(const struct sip_body_part *part, const struct sip_body_type *understood);

/* May a request with this body be acted on (RFC 3261 8.2.3, RFC 3204 6, RFC 5621 8)? Not where a part whose handling
 * is required is not understood. Of multipart/alternative one part is enough, whatever its parts' handling says; any
 * other multipart is taken as mixed; what is within an optional one counts only towards that one. */
struct sip_body_verdict {
	uint16_t status;			/* 0: yes; 415; 400: malformed */
	bool encoding;				/* because of Content-Encoding: answer with Accept-Encoding */
};
struct sip_body_verdict sip_body_verdict(const struct sip_msg *msg, const struct sip_body_type *understood);

/* The session description of a message: the first part that is one. Absent where there is none; empty where it cannot
 * be decoded. mem is used only where it has a transfer encoding. */
struct sip_str sip_msg_sdp(const struct sip_msg *msg, char *mem, size_t size);
/* It has one by which its sender wants to receive nothing (hold). */
bool sip_msg_sdp_holds(const struct sip_msg *msg);

/* ---- Written ---- */

struct sip_part {
	struct sip_str type;			/* "application/ISUP;version=itu-t92+;base=itu-t92+" */
	struct sip_str disposition;		/* "signal;handling=optional"; absent: not said */
	struct sip_str content;
};
#define SIP_PUT_PARTS_MAX 16

/* Content-Type … Content-Length, the empty line, the body: the end of a message. Parts without content are left out;
 * one is the body itself, several are a multipart/mixed with a boundary that stands in none of them. */
void sip_put_parts(struct sip_buf *b, const struct sip_part *parts, unsigned int n);
