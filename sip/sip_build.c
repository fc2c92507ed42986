/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing numbers, escaped text, and the lines of a message into the send buffer. */

#include "sip/sip_build.h"
#include "sip/sip_scan.h"

void sip_put_z(struct sip_buf *b, const char *z)
{
	sip_put_mem(b, z, strlen(z));
}

void sip_put_uint(struct sip_buf *b, unsigned long n)
{
	char digits[20], *p = digits + sizeof(digits);

	do {
		*--p = '0' + n % 10;
		n /= 10;
	} while (n);
	sip_put_mem(b, p, digits + sizeof(digits) - p);
}

void sip_put_hex(struct sip_buf *b, const void *mem, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *octet = mem;
	char *p = b->p;

	if (b->full || (size_t)(b->end - p) / 2 < len) {
		b->full = true;
		return;
	}
	b->p += 2 * len;
	for (; len; len--, octet++, p += 2) {
		p[0] = hex[*octet >> 4];
		p[1] = hex[*octet & 15];
	}
}

/* user = 1*( unreserved / escaped / user-unreserved ); '#' is read there, but not written */
void sip_put_user_escaped(struct sip_buf *b, struct sip_str user)
{
	static const char hex[] = "0123456789ABCDEF";
	struct sip_scan s = sip_scan_of(user);
	char c;

	while (sip_take_any(&s, &c)) {
		if (sip_is(c, SIP_C_USER) && c != '#')
			sip_put_char(b, c);
		else
			sip_put_mem(b, (char[]){ '%', hex[(unsigned char)c >> 4], hex[c & 15] }, 3);
	}
}

void sip_put_quoted(struct sip_buf *b, struct sip_str text)
{
	struct sip_scan s = sip_scan_of(text);
	char c;

	sip_put_char(b, '"');
	while (sip_take_any(&s, &c)) {
		if (c == '"' || c == '\\')
			sip_put_char(b, '\\');
		sip_put_char(b, (unsigned char)c < ' ' || c == 0x7f ? ' ' : c);
	}
	sip_put_char(b, '"');
}

void sip_put_hostport(struct sip_buf *b, struct sip_str host, uint16_t port)
{
	bool ipv6 = host.len && memchr(host.p, ':', host.len);

	if (ipv6)
		sip_put_char(b, '[');
	sip_put_str(b, host);
	if (ipv6)
		sip_put_char(b, ']');
	if (port) {
		sip_put_char(b, ':');
		sip_put_uint(b, port);
	}
}

void sip_put_request_line(struct sip_buf *b, struct sip_str method, struct sip_str ruri)
{
	sip_put_str(b, method);
	sip_put_char(b, ' ');
	sip_put_str(b, ruri);
	sip_put_lit(b, " SIP/2.0\r\n");
}

void sip_put_status_line(struct sip_buf *b, unsigned int status, struct sip_str reason)
{
	sip_put_lit(b, "SIP/2.0 ");
	sip_put_uint(b, status);
	sip_put_char(b, ' ');
	sip_put_str(b, reason.p ? reason : sip_status_phrase(status));
	sip_put_lit(b, "\r\n");
}

void sip_put_hdr(struct sip_buf *b, struct sip_str name, struct sip_str value)
{
	sip_put_str(b, name);
	sip_put_lit(b, ": ");
	sip_put_str(b, value);
	sip_put_lit(b, "\r\n");
}

void sip_put_hdr_uint(struct sip_buf *b, struct sip_str name, unsigned long n)
{
	sip_put_str(b, name);
	sip_put_lit(b, ": ");
	sip_put_uint(b, n);
	sip_put_lit(b, "\r\n");
}

void sip_put_hdrs_of(struct sip_buf *b, const struct sip_msg *msg, enum sip_hdr_id id)
{
	const struct sip_hdr *hdr;

	for (hdr = sip_msg_hdr(msg, id); hdr; hdr = sip_msg_hdr_next(msg, hdr))
		sip_put_hdr(b, sip_hdr_name(id), hdr->value);
}

/* RFC 3581 4: received= goes with rport always; RFC 3261 18.2.1: otherwise where sent-by is not the source */
static void put_via_answered(struct sip_buf *b, const struct sip_via *via, struct sip_str src, uint16_t src_port)
{
	const char *end = via->text.p + via->text.len;

	if (!via->has_rport) {
		sip_put_str(b, via->text);
	} else {
		sip_put_str(b, sip_str_span(via->text.p, via->rport_text.p));
		sip_put_lit(b, "rport=");
		sip_put_uint(b, src_port);
		sip_put_str(b, sip_str_span(via->rport_text.p + via->rport_text.len, end));
	}
	if (!via->received.p && (via->has_rport || !sip_str_ieq(via->host, src))) {
		sip_put_lit(b, ";received=");
		sip_put_str(b, src);
	}
}

void sip_put_vias_answered(struct sip_buf *b, const struct sip_msg *req, struct sip_str src, uint16_t src_port)
{
	const struct sip_hdr *hdr = sip_msg_hdr(req, SIP_HDR_VIA);
	const struct sip_via *via = &req->via;
	const char *after;

	if (!hdr)
		return;
	sip_put_lit(b, "Via: ");
	put_via_answered(b, via, src, src_port);
	after = via->text.p + via->text.len;
	sip_put_str(b, sip_str_span(after, hdr->value.p + hdr->value.len));
	sip_put_lit(b, "\r\n");
	while ((hdr = sip_msg_hdr_next(req, hdr)))
		sip_put_hdr(b, SIP_STR("Via"), hdr->value);
}

void sip_put_body(struct sip_buf *b, struct sip_str content_type, struct sip_str body)
{
	if (body.len)
		sip_put_hdr(b, SIP_STR("Content-Type"), content_type);
	sip_put_hdr_uint(b, SIP_STR("Content-Length"), body.len);
	sip_put_lit(b, "\r\n");
	sip_put_str(b, body);
}
