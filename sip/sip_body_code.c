/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfer encodings of parts undone (RFC 2045 6.7, 6.8), and parts written as one body. */

#include "config.h"	/* _GNU_SOURCE: memmem() */

#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "sip/sip_body.h"
#include "sip/sip_build.h"
#include "sip/sip_scan.h"

/* ---- base64 ---- */

/* -1: not of the alphabet */
static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* RFC 2045 6.8: what is not of the alphabet is passed over, line ends above all; '=' is the end */
static int decode_base64(struct sip_buf *out, struct sip_str in)
{
	struct sip_scan s = sip_scan_of(in);
	unsigned int bits = 0;
	uint32_t acc = 0;
	int value;
	char c;

	while (sip_take_any(&s, &c) && c != '=') {
		value = base64_value(c);
		if (value < 0)
			continue;
		acc = acc << 6 | value;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			sip_put_char(out, (char)(acc >> bits));
		}
	}
	/* A digit over: six bits are no octet */
	return bits == 6 ? -EBADMSG : 0;
}

/* ---- quoted-printable ---- */

static int hex_value(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* White space as far as it goes; true where it ends the line, or all */
static bool take_blanks(struct sip_scan *s, struct sip_str *blanks)
{
	const char *start = s->p;

	while (sip_take_char(s, ' ') || sip_take_char(s, '\t'))
		;
	*blanks = sip_str_span(start, s->p);
	return sip_at_end(s) || sip_peek(s) == '\r' || sip_peek(s) == '\n';
}

/* After '=': an octet, or a line end that is none; where it is neither, '=' stands for itself (6.7) */
static void decode_equals(struct sip_buf *out, struct sip_scan *s)
{
	struct sip_str blanks;

	if (s->end - s->p >= 2 && sip_is(s->p[0], SIP_C_HEX) && sip_is(s->p[1], SIP_C_HEX)) {
		sip_put_char(out, (char)(hex_value(s->p[0]) << 4 | hex_value(s->p[1])));
		s->p += 2;
	} else if (take_blanks(s, &blanks)) {
		sip_take_char(s, '\r');
		sip_take_char(s, '\n');
	} else {
		sip_put_char(out, '=');
		sip_put_str(out, blanks);
	}
}

/* White space at the end of a line has come on the way, and goes */
static int decode_quoted_printable(struct sip_buf *out, struct sip_str in)
{
	struct sip_scan s = sip_scan_of(in);
	struct sip_str blanks;
	char c;

	while (!sip_at_end(&s)) {
		if (!take_blanks(&s, &blanks))
			sip_put_str(out, blanks);
		if (!sip_take_any(&s, &c))
			break;
		if (c == '=')
			decode_equals(out, &s);
		else
			sip_put_char(out, c);
	}
	return 0;
}

int sip_body_decode(const struct sip_body_part *part, char *mem, size_t size, struct sip_str *content)
{
	struct sip_buf out;
	int rc;

	if (part->encoded || part->transfer == SIP_BODY_TRANSFER_UNKNOWN)
		return -ENOTSUP;
	*content = part->content;
	if (part->transfer == SIP_BODY_IDENTITY)
		return 0;
	sip_buf_init(&out, mem, size);
	rc = part->transfer == SIP_BODY_BASE64 ? decode_base64(&out, part->content)
					       : decode_quoted_printable(&out, part->content);
	*content = sip_buf_str(&out);
	return out.full ? -ENOSPC : rc;
}

/* ---- Writing ---- */

#define BOUNDARY "isupgw-part"
#define BOUNDARY_SIZE (sizeof(BOUNDARY) + 17)	/* with '-' and 16 digits */
#define BOUNDARY_TRIES 8

static bool stands_in(const char *dash_boundary, const struct sip_part *parts, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		if (memmem(parts[i].content.p, parts[i].content.len, dash_boundary, strlen(dash_boundary)))
			return true;
	}
	return false;
}

/* FNV-1a over all of them */
static uint64_t hash_parts(const struct sip_part *parts, unsigned int n)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (unsigned int i = 0; i < n; i++) {
		for (size_t k = 0; k < parts[i].content.len; k++)
			hash = (hash ^ (uint8_t)parts[i].content.p[k]) * 0x100000001b3;
	}
	return hash;
}

/* "--" and a boundary that stands in no part: always the same one, but for parts that were made to hold it; theirs
 * has a number that depends on all they hold. False where there is none after some tries. */
static bool choose_boundary(char out[static 2 + BOUNDARY_SIZE], const struct sip_part *parts, unsigned int n)
{
	uint64_t hash;

	memcpy(out, "--" BOUNDARY, sizeof("--" BOUNDARY));
	if (!stands_in(out, parts, n))
		return true;
	hash = hash_parts(parts, n);
	for (unsigned int i = 0; i < BOUNDARY_TRIES; i++, hash = (hash ^ i) * 0x100000001b3) {
		snprintf(out, 2 + BOUNDARY_SIZE, "--" BOUNDARY "-%016llx", (unsigned long long)hash);
		if (!stands_in(out, parts, n))
			return true;
	}
	return false;
}

static const struct sip_str type_name = { "Content-Type", 12 }, disposition_name = { "Content-Disposition", 19 };

static size_t hdr_len(struct sip_str name, struct sip_str value)
{
	return value.p ? name.len + value.len + 4 : 0;
}

static void put_part_headers(struct sip_buf *b, const struct sip_part *part)
{
	sip_put_hdr(b, type_name, part->type);
	if (part->disposition.p)
		sip_put_hdr(b, disposition_name, part->disposition);
}

/* The octets that put_multipart() writes after the empty line */
static size_t multipart_len(size_t dash_boundary_len, const struct sip_part *parts, unsigned int n)
{
	size_t len = dash_boundary_len + 4;	/* "--" CRLF */

	for (unsigned int i = 0; i < n; i++) {
		len += dash_boundary_len + 2 + hdr_len(type_name, parts[i].type) +
		       hdr_len(disposition_name, parts[i].disposition) + 2 + parts[i].content.len + 2;
	}
	return len;
}

/* RFC 2046 5.1.1; the last CRLF before a delimiter belongs to it */
static void put_multipart(struct sip_buf *b, const struct sip_part *parts, unsigned int n)
{
	char dash_boundary[2 + BOUNDARY_SIZE];

	if (!choose_boundary(dash_boundary, parts, n)) {
		b->full = true;
		return;
	}
	sip_put_lit(b, "MIME-Version: 1.0\r\nContent-Type: multipart/mixed;boundary=");
	sip_put_z(b, dash_boundary + 2);
	sip_put_lit(b, "\r\n");
	sip_put_hdr_uint(b, SIP_STR("Content-Length"), multipart_len(strlen(dash_boundary), parts, n));
	for (unsigned int i = 0; i < n; i++) {
		sip_put_lit(b, "\r\n");
		sip_put_z(b, dash_boundary);
		sip_put_lit(b, "\r\n");
		put_part_headers(b, &parts[i]);
		sip_put_lit(b, "\r\n");
		sip_put_str(b, parts[i].content);
	}
	sip_put_lit(b, "\r\n");
	sip_put_z(b, dash_boundary);
	sip_put_lit(b, "--\r\n");
}

void sip_put_parts(struct sip_buf *b, const struct sip_part *parts, unsigned int n)
{
	struct sip_part present[SIP_PUT_PARTS_MAX];
	unsigned int n_present = 0;

	OSMO_ASSERT(n <= SIP_PUT_PARTS_MAX);
	for (unsigned int i = 0; i < n; i++) {
		if (parts[i].content.len)
			present[n_present++] = parts[i];
	}
	if (n_present > 1) {
		put_multipart(b, present, n_present);
		return;
	}
	if (n_present && present->disposition.p)
		sip_put_hdr(b, disposition_name, present->disposition);
	if (n_present)
		sip_put_body(b, present->type, present->content);
	else
		sip_put_body(b, (struct sip_str){}, (struct sip_str){});
}
