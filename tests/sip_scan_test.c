/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scanner: every class of characters against the sets of the grammar, comparing at every length, the steps. */

#include <ctype.h>
#include <errno.h>

#include "expect.h"
#include "sip/sip_scan.h"
#include "sip_text.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define ALNUM LOWER UPPER DIGITS
#define HEX DIGITS "abcdefABCDEF"
#define UNRESERVED ALNUM "-_.!~*'()"
#define TOKEN ALNUM "-.!%*_+`'~"

/* RFC 3261 25.1 and RFC 3966 3, and what the class's own comment adds; eighth: octets from 0x80 on as well */
static const struct {
	enum sip_char_class class;
	const char *set;
	bool eighth;
} rows[] = {
	{ SIP_C_DIGIT, DIGITS, false },
	{ SIP_C_HEX, HEX, false },
	{ SIP_C_ALPHA, LOWER UPPER, false },
	{ SIP_C_TOKEN, TOKEN, false },
	{ SIP_C_GEN, TOKEN "#$&()/:=?@[]^{|}", false },
	{ SIP_C_LWS, " \t\r\n", false },
	{ SIP_C_SCHEME, ALNUM "+-.", false },
	{ SIP_C_USER, UNRESERVED "&=+$,;?/" "#", false },
	{ SIP_C_PASSWORD, UNRESERVED "&=+$,", false },
	{ SIP_C_PARAM, UNRESERVED "[]/:&+$", false },
	{ SIP_C_UHEADER, UNRESERVED "[]/?:+$" "=&", false },
	{ SIP_C_HOST, ALNUM "-." "_", false },
	{ SIP_C_IPV6, HEX ":.", false },
	{ SIP_C_URIC, UNRESERVED ";/?:@&=+$," "%[]#", false },
	{ SIP_C_PHONE, HEX "-.()" "+*#", false },
	{ SIP_C_WORD, ALNUM "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", true },
	{ SIP_C_BARE, UNRESERVED "/:@&=+$" "%[]#", false },
	{ SIP_C_DISPLAY, TOKEN " \t\r\n", true },
};

static void test_classes(void)
{
	uint32_t all = 0;
	char what[32];
	bool in;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		all |= rows[i].class;
		for (unsigned int c = 0; c < 256; c++) {
			in = c >= 0x80 ? rows[i].eighth : c && strchr(rows[i].set, c);
			snprintf(what, sizeof(what), "class %zu, character %02x", i, c);
			EXPECT_INT(what, sip_is(c, rows[i].class), in);
		}
	}
	EXPECT_INT("classes in the test", all, 2 * SIP_C_DISPLAY - 1);
}

static bool slow_ieq(const char *a, const char *b, size_t len)
{
	for (; len; len--, a++, b++) {
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
	}
	return true;
}

/* Every pair of octets at every place of every length that the comparison has a way of its own for */
static void test_ieq(void)
{
	char base[20], a[20], b[20];
	struct sip_str x, y;
	unsigned int c, d, wrong = 0;
	size_t len, i;

	memcpy(base, "x-Y_z0@`[{Ab~|^P}pQq", sizeof(base));
	for (len = 1; len <= sizeof(base); len++) {
		memcpy(a, base, len);
		memcpy(b, base, len);
		for (i = 0; i < len; i++) {
			for (c = 0; c < 256; c++) {
				for (d = 0; d < 256; d++) {
					a[i] = c;
					b[i] = d;
					x = sip_str_span(a, a + len);
					y = sip_str_span(b, b + len);
					wrong += sip_str_ieq(x, y) != slow_ieq(a, b, len);
				}
			}
			a[i] = b[i] = base[i];
		}
	}
	EXPECT_INT("wrong", wrong, 0);
	EXPECT(sip_str_ieq((struct sip_str){}, SIP_STR("")) && !sip_str_ieq(SIP_STR("a"), SIP_STR("ab")));
	EXPECT(sip_str_eq((struct sip_str){}, SIP_STR("")) && !sip_str_eq(SIP_STR("a"), SIP_STR("A")));
}

static void test_esc_eq(void)
{
	EXPECT(sip_str_esc_eq(SIP_STR("%61lice"), SIP_STR("al%69ce"), false));
	EXPECT(!sip_str_esc_eq(SIP_STR("%41lice"), SIP_STR("alice"), false));
	EXPECT(sip_str_esc_eq(SIP_STR("%41lice"), SIP_STR("alice"), true));
	EXPECT(!sip_str_esc_eq(SIP_STR("alic"), SIP_STR("alice"), true));
	EXPECT(!sip_str_esc_eq(SIP_STR("ab"), SIP_STR("a"), true));
	EXPECT(sip_str_esc_eq(SIP_STR("a%4"), SIP_STR("a%4"), true));
	EXPECT(!sip_str_esc_eq(SIP_STR("%41"), SIP_STR("%4"), true));
}

static void test_steps(void)
{
	struct sip_str text = SIP_STR(" \r\n\t, \"a\\\"b\"7"), out;
	struct sip_scan s = sip_scan_of(text);
	uint32_t n;

	EXPECT(!sip_take_char(&s, ',') && sip_take_sep(&s, ','));
	EXPECT(!sip_take_quoted(&s, &out) && sip_str_eq(out, SIP_STR("a\\\"b")));
	EXPECT(!sip_take_uint(&s, 7, &n) && n == 7 && sip_at_end(&s) && sip_peek(&s) == '\0');
	EXPECT(sip_take_uint(&s, 7, &n) == -EBADMSG && sip_take_quoted(&s, &out) == -EBADMSG);
	EXPECT(!sip_take_class(&s, SIP_C_TOKEN).len);
	s = sip_scan_of(SIP_STR("18446744073709551617"));
	EXPECT(sip_take_uint(&s, UINT32_MAX, &n) == -ERANGE);
	EXPECT(sip_str_eq(sip_str_trim(SIP_STR(" \t\r\n x y \r\n ")), SIP_STR("x y")));
	EXPECT(!sip_str_trim(SIP_STR(" \n")).len);
}

int main(void)
{
	test_classes();
	test_ieq();
	test_esc_eq();
	test_steps();
	return expect_failures ? 1 : 0;
}
