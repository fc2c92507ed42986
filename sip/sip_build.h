/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building a message straight into the send buffer. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sip/sip_msg.h"

/* Once something did not fit, full is set and nothing more is written; checked once at the end. */
struct sip_buf {
	char *start, *p, *end;
	bool full;
};

static inline void sip_buf_init(struct sip_buf *b, char *mem, size_t size)
{
	*b = (struct sip_buf){ .start = mem, .p = mem, .end = mem + size };
}
static inline size_t sip_buf_len(const struct sip_buf *b)
{
	return b->p - b->start;
}
/* What has been written; borrowed */
static inline struct sip_str sip_buf_str(const struct sip_buf *b)
{
	return sip_str_span(b->start, b->p);
}
static inline void sip_put_mem(struct sip_buf *b, const void *mem, size_t len)
{
	if (b->full || (size_t)(b->end - b->p) < len) {
		b->full = true;
		return;
	}
	if (len)
		memcpy(b->p, mem, len);
	b->p += len;
}
static inline void sip_put_str(struct sip_buf *b, struct sip_str s)
{
	sip_put_mem(b, s.p, s.len);
}
static inline void sip_put_char(struct sip_buf *b, char c)
{
	sip_put_mem(b, &c, 1);
}
#define sip_put_lit(b, literal) sip_put_mem(b, "" literal, sizeof(literal) - 1)
void sip_put_z(struct sip_buf *b, const char *z);
void sip_put_uint(struct sip_buf *b, unsigned long n);
/* Lower-case hex, for tags and branches */
void sip_put_hex(struct sip_buf *b, const void *mem, size_t len);

/* ---- Values ---- */

/* With %-escapes for whatever may not stand in the user part of a sip URI (RFC 3261 25.1: user) */
void sip_put_user_escaped(struct sip_buf *b, struct sip_str user);
/* "text" as a quoted-string, with its quotes; control characters become spaces */
void sip_put_quoted(struct sip_buf *b, struct sip_str text);
/* host, in brackets if it is an IPv6 address, and :port unless that is 0 */
void sip_put_hostport(struct sip_buf *b, struct sip_str host, uint16_t port);

/* ---- Lines ---- */

/* "INVITE sip:… SIP/2.0\r\n" */
void sip_put_request_line(struct sip_buf *b, struct sip_str method, struct sip_str ruri);
/* "SIP/2.0 200 OK\r\n"; reason absent: the standard one */
void sip_put_status_line(struct sip_buf *b, unsigned int status, struct sip_str reason);
/* "Name: value\r\n" */
void sip_put_hdr(struct sip_buf *b, struct sip_str name, struct sip_str value);
void sip_put_hdr_uint(struct sip_buf *b, struct sip_str name, unsigned long n);
/* Structured ones, a line each; display and text are plain here, and written as quoted strings */
void sip_put_uui(struct sip_buf *b, const uint8_t *octets, size_t len);
void sip_put_session_id(struct sip_buf *b, const struct sip_uuid *local, const struct sip_uuid *remote);
/* Every line of msg with this id, as received */
void sip_put_hdrs_of(struct sip_buf *b, const struct sip_msg *msg, enum sip_hdr_id id);
/* The Via lines of a request for its response: into the topmost value received= is put unless src is its sent-by, or
 * it asked for rport, which is then filled in (RFC 3261 18.2.1, RFC 3581 4). src is a textual address. */
void sip_put_vias_answered(struct sip_buf *b, const struct sip_msg *req, struct sip_str src, uint16_t src_port);
/* Content-Type if there is a body, Content-Length, the empty line, the body: the end of a message */
void sip_put_body(struct sip_buf *b, struct sip_str content_type, struct sip_str body);
