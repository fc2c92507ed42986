/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests of parsers: input in memory of exactly its size, where the sanitizers see every octet read beyond. */
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sip/sip_str.h"

/* To be freed by free((void *)s.p) */
static inline struct sip_str exact(const char *text, size_t len)
{
	char *mem = malloc(len ? len : 1);

	if (len)
		memcpy(mem, text, len);
	return (struct sip_str){ mem, len };
}

/* What a parse came to, written down to be compared */
struct out {
	char text[4096];
	size_t len;
};

__attribute__((format(printf, 2, 3)))
static inline void out(struct out *o, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(o->text + o->len, sizeof(o->text) - o->len, fmt, ap);
	va_end(ap);
	o->len = n >= 0 && o->len + n < sizeof(o->text) ? o->len + n : sizeof(o->text) - 1;
}

/* " name=value", or nothing where it is absent */
static inline void out_str(struct out *o, const char *name, struct sip_str s)
{
	if (s.p)
		out(o, " %s=%.*s", name, (int)s.len, s.p);
}
