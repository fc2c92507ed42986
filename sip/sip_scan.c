/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scanner steps that are more than one comparison, and the character classes of the SIP grammar. */

#include "sip/sip_scan.h"

#define URIC (SIP_C_URIC | SIP_C_BARE)
/* What a digit, a letter, and the marks of RFC 3261's unreserved have in common */
#define UNRESERVED (SIP_C_USER | SIP_C_PASSWORD | SIP_C_PARAM | SIP_C_UHEADER | URIC | SIP_C_GEN | SIP_C_WORD)
#define TOKEN (SIP_C_TOKEN | SIP_C_DISPLAY)
#define ALNUM (UNRESERVED | TOKEN | SIP_C_SCHEME | SIP_C_HOST)
#define ODIGIT (ALNUM | SIP_C_DIGIT | SIP_C_HEX | SIP_C_IPV6 | SIP_C_PHONE)
#define HEXLET (ALNUM | SIP_C_ALPHA | SIP_C_HEX | SIP_C_IPV6 | SIP_C_PHONE)
#define LETTER (ALNUM | SIP_C_ALPHA)
#define SPACE (SIP_C_LWS | SIP_C_DISPLAY)
#define OTHER (SIP_C_WORD | SIP_C_GEN)
#define RESERVED (OTHER | URIC)
#define UTF8 (SIP_C_DISPLAY | SIP_C_WORD)
#define UTF8_8 UTF8, UTF8, UTF8, UTF8, UTF8, UTF8, UTF8, UTF8
#define UTF8_32 UTF8_8, UTF8_8, UTF8_8, UTF8_8

const uint32_t sip_char_classes[256] = {
	['\t'] = SPACE, ['\n'] = SPACE, ['\r'] = SPACE, [' '] = SPACE,
	['!'] = UNRESERVED | TOKEN,
	['"'] = SIP_C_WORD,
	['#'] = OTHER | SIP_C_USER | URIC | SIP_C_PHONE,
	['$'] = RESERVED | SIP_C_USER | SIP_C_PASSWORD | SIP_C_PARAM | SIP_C_UHEADER,
	['%'] = RESERVED | TOKEN,
	['&'] = RESERVED | SIP_C_USER | SIP_C_PASSWORD | SIP_C_PARAM | SIP_C_UHEADER,
	['\''] = UNRESERVED | TOKEN,
	['('] = UNRESERVED | SIP_C_PHONE, [')'] = UNRESERVED | SIP_C_PHONE,
	['*'] = UNRESERVED | TOKEN | SIP_C_PHONE,
	['+'] = UNRESERVED | TOKEN | SIP_C_SCHEME | SIP_C_PHONE,
	[','] = SIP_C_WORD | SIP_C_URIC | SIP_C_USER | SIP_C_PASSWORD,
	['-'] = UNRESERVED | TOKEN | SIP_C_SCHEME | SIP_C_HOST | SIP_C_PHONE,
	['.'] = UNRESERVED | TOKEN | SIP_C_SCHEME | SIP_C_HOST | SIP_C_PHONE | SIP_C_IPV6,
	['/'] = RESERVED | SIP_C_USER | SIP_C_PARAM | SIP_C_UHEADER,
	['0'] = ODIGIT, ODIGIT, ODIGIT, ODIGIT, ODIGIT, ODIGIT, ODIGIT, ODIGIT, ODIGIT, ODIGIT,
	[':'] = RESERVED | SIP_C_PARAM | SIP_C_UHEADER | SIP_C_IPV6,
	[';'] = SIP_C_WORD | SIP_C_URIC | SIP_C_USER,
	['<'] = SIP_C_WORD, ['>'] = SIP_C_WORD,
	['='] = RESERVED | SIP_C_USER | SIP_C_PASSWORD | SIP_C_UHEADER,
	['?'] = OTHER | SIP_C_URIC | SIP_C_USER | SIP_C_UHEADER,
	['@'] = RESERVED,
	['A'] = HEXLET, HEXLET, HEXLET, HEXLET, HEXLET, HEXLET, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER,
		LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER,
	['['] = RESERVED | SIP_C_PARAM | SIP_C_UHEADER, [']'] = RESERVED | SIP_C_PARAM | SIP_C_UHEADER,
	['\\'] = SIP_C_WORD,
	['^'] = OTHER,
	['_'] = UNRESERVED | TOKEN | SIP_C_HOST,
	['`'] = OTHER | TOKEN,
	['a'] = HEXLET, HEXLET, HEXLET, HEXLET, HEXLET, HEXLET, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER,
		LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER,
	['{'] = OTHER, ['|'] = OTHER, ['}'] = OTHER,
	['~'] = UNRESERVED | TOKEN,
	[0x80] = UTF8_32, UTF8_32, UTF8_32, UTF8_32,
};

/* escaped = "%" HEXDIG HEXDIG */
int sip_take_escaped(struct sip_scan *s, enum sip_char_class class, struct sip_str *out)
{
	const char *start = s->p;

	for (;;) {
		sip_take_class(s, class);
		if (!sip_take_char(s, '%'))
			break;
		if (s->end - s->p < 2 || !sip_is(s->p[0], SIP_C_HEX) || !sip_is(s->p[1], SIP_C_HEX))
			return -EBADMSG;
		s->p += 2;
	}
	*out = sip_str_span(start, s->p);
	return 0;
}

static int hex_value(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

int sip_take_hex_octet(struct sip_scan *s, uint8_t *octet)
{
	if (s->end - s->p < 2 || !sip_is(s->p[0], SIP_C_HEX) || !sip_is(s->p[1], SIP_C_HEX))
		return -EBADMSG;
	*octet = hex_value(s->p[0]) << 4 | hex_value(s->p[1]);
	s->p += 2;
	return 0;
}

bool sip_take_unescaped(struct sip_scan *s, char *c, bool *broken)
{
	uint8_t octet;

	if (!sip_take_any(s, c))
		return false;
	if (*c != '%')
		return true;
	if (sip_take_hex_octet(s, &octet) == 0)
		*c = octet;
	else if (broken)
		*broken = true;
	return true;
}

/* quoted-string = SWS DQUOTE *(qdtext / quoted-pair ) DQUOTE
 * quoted-pair = "\" (%x00-09 / %x0B-0C / %x0E-7F) */
int sip_take_quoted(struct sip_scan *s, struct sip_str *out)
{
	const char *start;

	if (!sip_take_char(s, '"'))
		return -EBADMSG;
	for (start = s->p; s->p < s->end; s->p++) {
		if (*s->p == '"') {
			*out = sip_str_span(start, s->p++);
			return 0;
		}
		if (*s->p == '\\' && ++s->p == s->end)
			break;
	}
	return -EBADMSG;
}

int sip_take_uint(struct sip_scan *s, uint32_t max, uint32_t *n)
{
	struct sip_str digits = sip_take_class(s, SIP_C_DIGIT);
	uint64_t v = 0;
	size_t i;

	if (!digits.len)
		return -EBADMSG;
	for (i = 0; i < digits.len; i++) {
		v = v * 10 + (digits.p[i] - '0');
		if (v > max)
			return -ERANGE;
	}
	*n = v;
	return 0;
}

/* hostport = host [ ":" port ], host = hostname / IPv4address / IPv6reference, IPv6reference = "[" IPv6address "]" */
int sip_take_hostport(struct sip_scan *s, bool lws, struct sip_str *host, bool *is_ipv6, uint16_t *port)
{
	uint32_t n;

	*port = 0;
	*is_ipv6 = sip_take_char(s, '[');
	*host = sip_take_class(s, *is_ipv6 ? SIP_C_IPV6 : SIP_C_HOST);
	if (!host->len || (*is_ipv6 && !sip_take_char(s, ']'))) {
		*host = (struct sip_str){};
		return -EBADMSG;
	}
	if (!(lws ? sip_take_sep(s, ':') : sip_take_char(s, ':')))
		return 0;
	if (sip_take_uint(s, UINT16_MAX, &n) < 0 || !n)
		return -EBADMSG;
	*port = n;
	return 0;
}

bool sip_list_begin(struct sip_scan *s, const struct sip_str *list)
{
	*s = sip_scan_of(*list);
	sip_take_lws(s);
	return !sip_at_end(s);
}

int sip_list_end(struct sip_scan *s, struct sip_str *list, int rc)
{
	if (!rc) {
		sip_take_lws(s);
		if (!sip_at_end(s) && (!sip_take_sep(s, ',') || sip_at_end(s)))
			rc = -EBADMSG;
	}
	*list = rc ? (struct sip_str){} : sip_scan_rest(s);
	return rc;
}
