/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece of somebody else's buffer: what every SIP parser takes and gives. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Not zero terminated; p NULL: absent */
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
/* The octets from start up to, not including, end */
static inline struct sip_str sip_str_span(const char *start, const char *end)
{
	return (struct sip_str){ .p = start, .len = end - start };
}
/* Case-sensitive */
static inline bool sip_str_eq(struct sip_str a, struct sip_str b)
{
	return a.len == b.len && (!a.len || !memcmp(a.p, b.p, a.len));
}
/* Case-insensitive (ASCII). Most that differ do so in length or first letter. */
bool sip_mem_ieq(const char *a, const char *b, size_t len);
static inline bool sip_str_ieq(struct sip_str a, struct sip_str b)
{
	return a.len == b.len && (!a.len || (!((a.p[0] ^ b.p[0]) & ~0x20) && sip_mem_ieq(a.p, b.p, a.len)));
}
/* Equal once %-escapes are undone in both (RFC 3261 19.1.4); a broken escape stands for itself */
bool sip_str_esc_eq(struct sip_str a, struct sip_str b, bool ignore_case);
/* Without white space and folds at either end */
struct sip_str sip_str_trim(struct sip_str s);
