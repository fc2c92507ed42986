/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing and trimming strings that are not zero terminated. */

#include "sip/sip_scan.h"

static unsigned char lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

#define ONES (~(uint64_t)0 / 255)

/* Eight octets at once: of each that is A to Z the bit 0x20 is set. Sums do not carry, for the top bits are off. */
static uint64_t lower8(uint64_t v)
{
	uint64_t low = v & ONES * 0x7f;
	uint64_t from_a = low + ONES * (0x80 - 'A'), above_z = low + ONES * (0x7f - 'Z');

	return v | ((from_a ^ above_z) & ~v & ONES * 0x80) >> 2;
}

static uint64_t load8(const char *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return v;
}

/* Less than eight octets, without reading beyond them */
static uint64_t load_short(const char *p, size_t len)
{
	uint32_t first, last;

	if (len >= 4) {
		memcpy(&first, p, 4);
		memcpy(&last, p + len - 4, 4);
		return (uint64_t)first << 32 | last;
	}
	return len ? (unsigned char)p[0] << 16 | (unsigned char)p[len / 2] << 8 | (unsigned char)p[len - 1] : 0;
}

/* Mostly they are the same to the letter */
static bool same8(uint64_t a, uint64_t b)
{
	return a == b || lower8(a) == lower8(b);
}

bool sip_mem_ieq(const char *a, const char *b, size_t len)
{
	size_t i;

	if (len < 8)
		return same8(load_short(a, len), load_short(b, len));
	for (i = 0; i < len - 8; i += 8) {
		if (!same8(load8(a + i), load8(b + i)))
			return false;
	}
	return same8(load8(a + len - 8), load8(b + len - 8));
}

bool sip_str_esc_eq(struct sip_str a, struct sip_str b, bool ignore_case)
{
	struct sip_scan x = sip_scan_of(a), y = sip_scan_of(b);
	char c, d;

	while (sip_take_unescaped(&x, &c, NULL)) {
		if (!sip_take_unescaped(&y, &d, NULL) || (ignore_case ? lower(c) != lower(d) : c != d))
			return false;
	}
	return sip_at_end(&y);
}

struct sip_str sip_str_trim(struct sip_str s)
{
	while (s.len && sip_is(s.p[0], SIP_C_LWS)) {
		s.p++;
		s.len--;
	}
	while (s.len && sip_is(s.p[s.len - 1], SIP_C_LWS))
		s.len--;
	return s;
}
