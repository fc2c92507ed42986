/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing and trimming strings that are not zero terminated. */

#include "sip/sip_scan.h"

static unsigned char lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

bool sip_str_ieq(struct sip_str a, struct sip_str b)
{
	size_t i;

	if (a.len != b.len)
		return false;
	for (i = 0; i < a.len; i++) {
		if (a.p[i] != b.p[i] && lower(a.p[i]) != lower(b.p[i]))
			return false;
	}
	return true;
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
