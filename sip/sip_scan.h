/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scanner below every SIP parser: sip_take_…() steps that look at the end themselves and never go back. */
#pragma once

#include <errno.h>
#include <stdint.h>

#include "sip/sip_str.h"

/* Where a parser stands. Only the functions of this file move p, and never beyond end. */
struct sip_scan {
	const char *p, *end;
};

static inline struct sip_scan sip_scan_of(struct sip_str s)
{
	const char *p = s.p ? s.p : "";

	return (struct sip_scan){ .p = p, .end = p + s.len };
}
static inline bool sip_at_end(const struct sip_scan *s)
{
	return s->p == s->end;
}
/* What has not been taken yet */
static inline struct sip_str sip_scan_rest(const struct sip_scan *s)
{
	return sip_str_span(s->p, s->end);
}

/* Classes of characters: RFC 3261 25.1 and RFC 3966 3, as sets of bits in sip_char_classes[] */
enum sip_char_class {
	SIP_C_DIGIT = 1 << 0,
	SIP_C_HEX = 1 << 1,
	SIP_C_ALPHA = 1 << 2,
	SIP_C_TOKEN = 1 << 3,		/* token */
	SIP_C_GEN = 1 << 4,		/* gen-value without quotes, generously: also / = @ … */
	SIP_C_LWS = 1 << 5,		/* SP HTAB, and CR LF, which within a value only a fold can be */
	SIP_C_SCHEME = 1 << 6,		/* scheme after its first letter */
	SIP_C_USER = 1 << 7,		/* user but escapes; also '#', which many dial without escaping it */
	SIP_C_PASSWORD = 1 << 8,	/* password but escapes */
	SIP_C_PARAM = 1 << 9,		/* paramchar but escapes */
	SIP_C_UHEADER = 1 << 10,	/* headers of a URI but escapes, with their '=' and '&' */
	SIP_C_HOST = 1 << 11,		/* hostname, IPv4address; also '_', which many hosts are named with */
	SIP_C_IPV6 = 1 << 12,		/* what stands between [ and ] */
	SIP_C_URIC = 1 << 13,		/* absoluteURI, with '%' */
	SIP_C_PHONE = 1 << 14,		/* phonedigit-hex and visual separators, '*', '#' */
	SIP_C_WORD = 1 << 15,		/* callid, generously: any printable */
	SIP_C_BARE = 1 << 16,		/* absoluteURI that stands without < and >: no ',', ';', '?' */
	SIP_C_DISPLAY = 1 << 17,	/* display-name without quotes: token, LWS, and UTF-8 */
};
extern const uint32_t sip_char_classes[256];

static inline bool sip_is(char c, enum sip_char_class class)
{
	return sip_char_classes[(unsigned char)c] & class;
}

/* The next octet without taking it; '\0' at the end */
static inline char sip_peek(const struct sip_scan *s)
{
	return s->p < s->end ? *s->p : '\0';
}
static inline bool sip_take_char(struct sip_scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}
/* Any octet; false at the end */
static inline bool sip_take_any(struct sip_scan *s, char *c)
{
	if (s->p == s->end)
		return false;
	*c = *s->p++;
	return true;
}
/* The same with its escape undone; a broken escape stands for itself, *broken (may be NULL) tells */
bool sip_take_unescaped(struct sip_scan *s, char *c, bool *broken);
/* As many of the class as there are; may be empty */
static inline struct sip_str sip_take_class(struct sip_scan *s, enum sip_char_class class)
{
	const char *start = s->p, *p = start, *end = s->end;

	while (p < end && sip_is(*p, class))
		p++;
	s->p = p;
	return sip_str_span(start, p);
}
/* [LWS], folds included */
static inline void sip_take_lws(struct sip_scan *s)
{
	sip_take_class(s, SIP_C_LWS);
}
/* SEMI, COMMA, SLASH, EQUAL, COLON: SWS c SWS. White space before it is taken even where c does not follow. */
static inline bool sip_take_sep(struct sip_scan *s, char c)
{
	sip_take_lws(s);
	if (!sip_take_char(s, c))
		return false;
	sip_take_lws(s);
	return true;
}

/* *( class / escaped ): -EBADMSG on a broken escape */
int sip_take_escaped(struct sip_scan *s, enum sip_char_class class, struct sip_str *out);
/* quoted-string, at its opening quote; *out is what is between the quotes. -EBADMSG if it does not end. */
int sip_take_quoted(struct sip_scan *s, struct sip_str *out);
/* 1*DIGIT up to max: -EBADMSG without a digit, -ERANGE above max (all digits are taken) */
int sip_take_uint(struct sip_scan *s, uint32_t max, uint32_t *n);
/* 2HEXDIG: -EBADMSG */
int sip_take_hex_octet(struct sip_scan *s, uint8_t *octet);
/* host [ COLON port ], *port 0 if there is none; lws: white space may stand around the colon, as in Via */
int sip_take_hostport(struct sip_scan *s, bool lws, struct sip_str *host, bool *is_ipv6, uint16_t *port);

/* generic-param of a header field, from its name on (the ';' has been taken) */
struct sip_param;
int sip_take_param(struct sip_scan *s, struct sip_param *param);
/* *( SEMI generic-param ), each given to use(), which may refuse it; *params is all of them without the first ';' */
typedef int sip_param_cb(void *data, const struct sip_param *param);
int sip_take_params(struct sip_scan *s, struct sip_str *params, sip_param_cb *use, void *data);

/* A taker's two ends. begin: false where *list is empty; end: takes the comma, which another value must follow, sets
 * *list to what is left (nothing, on error), and returns rc or -EBADMSG. */
bool sip_list_begin(struct sip_scan *s, const struct sip_str *list);
int sip_list_end(struct sip_scan *s, struct sip_str *list, int rc);
