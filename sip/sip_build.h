/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building a message straight into the send buffer. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

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
#define sip_put_lit(b, literal) sip_put_mem(b, literal, sizeof(literal) - 1)
void sip_put_z(struct sip_buf *b, const char *z);
void sip_put_uint(struct sip_buf *b, unsigned long n);
/* Lower-case hex, for tags and branches */
void sip_put_hex(struct sip_buf *b, const void *mem, size_t len);
/* "Name: value\r\n" */
void sip_put_hdr(struct sip_buf *b, struct sip_str name, struct sip_str value);
