/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parsing a message out of one datagram: start line, header lines, what must be among them, body (RFC 3261 7). */

#include <osmocom/core/utils.h>

#include "sip/sip_msg.h"
#include "sip/sip_scan.h"

/* A parse under way. The first failure is kept, and the parse goes on, so that the request can be answered. */
struct parse {
	struct sip_scan s;
	struct sip_msg *msg;
	struct sip_parse_error *err;
};

static void fail(struct parse *p, uint16_t status, const char *what, const char *at)
{
	if (!p->err->status)
		*p->err = (struct sip_parse_error){ .status = status, .what = what, .offset = at - p->msg->octets.p };
}

#define ONES (~(uint64_t)0 / 255)

/* The first octet below SP from p on, or end. Eight at a time: in a - b & ~a, with b eight SP, the top bit of the
 * lowest octet that is set is that of the first octet below SP. */
static const char *find_control(const char *p, const char *end)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	uint64_t v;

	for (; end - p >= 8; p += 8) {
		memcpy(&v, p, 8);
		v = (v - ONES * ' ') & ~v & ONES * 0x80;
		if (v)
			return p + __builtin_ctzll(v) / 8;
	}
#endif
	while (p < end && (unsigned char)*p >= ' ')
		p++;
	return p;
}

/* A control character may stand in a line as HTAB, and behind the backslash of a quoted-pair, but CR and LF */
static bool control_allowed(const char *start, const char *c)
{
	return *c == '\t' || (*c != '\r' && *c != '\n' && c > start && c[-1] == '\\');
}

/* Takes one line with its CRLF (or LF), which *line is without */
static void take_line(struct parse *p, struct sip_str *line)
{
	const char *start = p->s.p, *c = find_control(start, p->s.end), *lf;

	while (c < p->s.end && control_allowed(start, c))
		c = find_control(c + 1, p->s.end);
	*line = sip_str_span(start, c);
	p->s.p = c;
	sip_take_char(&p->s, '\r');
	if (sip_take_char(&p->s, '\n'))
		return;
	if (sip_at_end(&p->s)) {
		fail(p, 400, "Message Ends Within Header", c);
		return;
	}
	fail(p, 400, "Control Character in Header", c);
	lf = memchr(p->s.p, '\n', p->s.end - p->s.p);
	p->s.p = lf ? lf + 1 : p->s.end;
}

/* ---- Start line ---- */

/* SIP-Version = "SIP" "/" 1*DIGIT "." 1*DIGIT, any case (7.1) */
static void check_version(struct parse *p, struct sip_str version)
{
	struct sip_scan s = sip_scan_of(version);

	if (sip_str_ieq(version, SIP_STR("SIP/2.0")))
		return;
	if (!sip_str_ieq(sip_take_class(&s, SIP_C_TOKEN), SIP_STR("SIP")) || !sip_take_char(&s, '/') ||
	    !sip_take_class(&s, SIP_C_DIGIT).len || !sip_take_char(&s, '.') || !sip_take_class(&s, SIP_C_DIGIT).len ||
	    !sip_at_end(&s))
		fail(p, 400, "Malformed Start Line", s.p);
	else
		fail(p, 505, "Version Not Supported", version.p);
}

/* What stands before the next SP, which is taken too */
static struct sip_str take_until_space(struct sip_scan *s)
{
	const char *start = s->p, *space = memchr(start, ' ', s->end - start);

	s->p = space ? space + 1 : s->end;
	return sip_str_span(start, space ? space : s->end);
}

/* Request-Line = Method SP Request-URI SP SIP-Version CRLF; headers do not belong into a Request-URI (19.1.1) */
static void parse_request_line(struct parse *p, struct sip_scan *s)
{
	struct sip_msg *msg = p->msg;

	msg->is_request = true;
	msg->method_name = sip_take_class(s, SIP_C_TOKEN);
	msg->method = sip_method_find(msg->method_name);
	if (!msg->method_name.len || !sip_take_char(s, ' '))
		fail(p, 400, "Malformed Start Line", s->p);
	msg->ruri = take_until_space(s);
	check_version(p, sip_scan_rest(s));
	if (sip_uri_parse(&msg->uri, msg->ruri) < 0 || msg->uri.headers.p)
		fail(p, 400, "Malformed Request-URI", msg->ruri.p);
}

/* Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF, Status-Code = 3DIGIT. Without the second SP too. */
static void parse_status_line(struct parse *p, struct sip_scan *s)
{
	struct sip_str status;
	uint32_t n = 0;

	check_version(p, take_until_space(s));
	status = take_until_space(s);
	if (status.len != 3 || sip_uint_parse(&n, status, 699) < 0 || n < 100)
		fail(p, 400, "Malformed Status Code", status.p);
	p->msg->status = n;
	p->msg->reason = sip_scan_rest(s);
}

static void parse_start_line(struct parse *p)
{
	struct sip_str line;
	struct sip_scan s;

	while (sip_take_char(&p->s, '\r') || sip_take_char(&p->s, '\n'))
		;
	take_line(p, &line);
	s = sip_scan_of(line);
	if (line.len >= 4 && sip_str_ieq(sip_str_span(line.p, line.p + 4), SIP_STR("SIP/")))
		parse_status_line(p, &s);
	else
		parse_request_line(p, &s);
}

/* ---- Header lines ---- */

static void add_header(struct parse *p, struct sip_str name, struct sip_str value)
{
	enum sip_hdr_id id = sip_hdr_find(name);
	struct sip_msg *msg = p->msg;

	if (msg->n_hdrs == SIP_HDRS_MAX) {
		fail(p, 513, "Too Many Header Lines", name.p);
		return;
	}
	msg->hdrs[msg->n_hdrs++] = (struct sip_hdr){ .id = id, .name = name, .value = value };
	if (!msg->first[id])
		msg->first[id] = msg->n_hdrs;
	else if (sip_hdr_is_single(id))
		fail(p, 400, "Header Line Repeated", name.p);
}

/* message-header = field-name HCOLON field-value CRLF; a line that begins with white space goes on with the value */
static void parse_header(struct parse *p)
{
	struct sip_str line, name, fold;
	struct sip_scan s;

	take_line(p, &line);
	while (sip_peek(&p->s) == ' ' || sip_peek(&p->s) == '\t') {
		take_line(p, &fold);
		line = sip_str_span(line.p, fold.p + fold.len);
	}
	s = sip_scan_of(line);
	name = sip_take_class(&s, SIP_C_TOKEN);
	if (name.len && sip_take_sep(&s, ':'))
		add_header(p, name, sip_str_trim(sip_scan_rest(&s)));
	else
		fail(p, 400, "Malformed Header Line", line.p);
}

/* Up to and with the empty line */
static void parse_headers(struct parse *p)
{
	while (!sip_at_end(&p->s)) {
		if (sip_take_char(&p->s, '\n'))
			return;
		if (sip_peek(&p->s) == '\r' && p->s.end - p->s.p >= 2 && p->s.p[1] == '\n') {
			p->s.p += 2;
			return;
		}
		parse_header(p);
	}
	fail(p, 400, "Message Ends Within Header", p->s.p);
}

/* ---- What must be there, and must be readable ---- */

static int read_via(struct sip_msg *msg, struct sip_str value)
{
	return sip_via_take(&msg->via, &value);
}

/* From and To: one value */
static int read_addr(struct sip_addr *addr, struct sip_str value)
{
	return sip_addr_take(addr, &value) < 0 || value.len ? -EBADMSG : 0;
}

static int read_from(struct sip_msg *msg, struct sip_str value)
{
	return read_addr(&msg->from, value);
}

static int read_to(struct sip_msg *msg, struct sip_str value)
{
	return read_addr(&msg->to, value);
}

/* callid = word [ "@" word ]; any printable octets will do */
static int read_call_id(struct sip_msg *msg, struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);

	msg->call_id = sip_take_class(&s, SIP_C_WORD);
	return msg->call_id.len && sip_at_end(&s) ? 0 : -EBADMSG;
}

static int read_cseq(struct sip_msg *msg, struct sip_str value)
{
	return sip_cseq_parse(&msg->cseq, value);
}

/* 20.22: 0 to 255 */
static int read_max_forwards(struct sip_msg *msg, struct sip_str value)
{
	uint32_t n;

	if (sip_uint_parse(&n, value, UINT8_MAX) < 0)
		return -EBADMSG;
	msg->max_forwards = n;
	msg->has_max_forwards = true;
	return 0;
}

static const struct check {
	enum sip_hdr_id id;
	int (*read)(struct sip_msg *msg, struct sip_str value);
	const char *malformed;
	const char *missing;		/* NULL: it may be */
} checks[] = {
	{ SIP_HDR_VIA, read_via, "Malformed Via", "Missing Via" },
	{ SIP_HDR_FROM, read_from, "Malformed From", "Missing From" },
	{ SIP_HDR_TO, read_to, "Malformed To", "Missing To" },
	{ SIP_HDR_CALL_ID, read_call_id, "Malformed Call-ID", "Missing Call-ID" },
	{ SIP_HDR_CSEQ, read_cseq, "Malformed CSeq", "Missing CSeq" },
	{ SIP_HDR_MAX_FORWARDS, read_max_forwards, "Malformed Max-Forwards", NULL },
	{}
};

static void check_headers(struct parse *p)
{
	const struct sip_hdr *hdr;
	const struct check *c;

	for (c = checks; c->read; c++) {
		hdr = sip_msg_hdr(p->msg, c->id);
		if (!hdr) {
			if (c->missing)
				fail(p, 400, c->missing, p->s.p);
		} else if (c->read(p->msg, hdr->value) < 0) {
			fail(p, 400, c->malformed, hdr->value.p);
		}
	}
}

/* A request whose Contact cannot be read is refused (RFC 4475 3.1.2.13); of a response the dialog decides */
static void check_contacts(struct parse *p)
{
	struct sip_addr addr;
	struct sip_values v;
	int rc;

	sip_values_init(&v, p->msg, SIP_HDR_CONTACT);
	while (!(rc = sip_values_next_addr(&v, &addr))) {
		if (!p->msg->contact.uri_text.p)
			p->msg->contact = addr;
	}
	if (rc == -EBADMSG && p->msg->is_request)
		fail(p, 400, "Malformed Contact", v.hdr->value.p);
}

/* 8.1.1.5: CSeq's method is the request's. Where we do not know the request's, 501 says more (RFC 4475 3.1.2.18). */
static void check_method(struct parse *p)
{
	struct sip_msg *msg = p->msg;

	if (!msg->is_request) {
		msg->method = msg->cseq.method;
		msg->method_name = msg->cseq.method_name;
	} else if (!sip_str_eq(msg->method_name, msg->cseq.method_name)) {
		fail(p, msg->method ? 400 : 501, "CSeq Does Not Match Method", p->s.p);
	}
}

/* 18.3: over a datagram transport the body may be longer than Content-Length, not shorter */
static void parse_body(struct parse *p)
{
	const struct sip_hdr *hdr = sip_msg_hdr(p->msg, SIP_HDR_CONTENT_LENGTH);
	struct sip_msg *msg = p->msg;
	uint32_t len;

	msg->body = sip_scan_rest(&p->s);
	if (!hdr)
		return;
	if (sip_uint_parse(&len, hdr->value, UINT32_MAX) < 0) {
		fail(p, 400, "Malformed Content-Length", hdr->value.p);
	} else if (len > msg->body.len) {
		fail(p, 400, "Body Shorter Than Content-Length", hdr->value.p);
	} else {
		msg->body.len = len;
		msg->octets.len = msg->body.p + len - msg->octets.p;
	}
}

int sip_msg_parse(struct sip_msg *msg, const char *octets, size_t len, struct sip_parse_error *err)
{
	struct parse p = { .s = { octets, octets + len }, .msg = msg, .err = err };

	*err = (struct sip_parse_error){};
	memset(msg, 0, offsetof(struct sip_msg, hdrs));
	msg->octets = sip_str_span(octets, octets + len);
	parse_start_line(&p);
	parse_headers(&p);
	parse_body(&p);
	check_headers(&p);
	check_contacts(&p);
	check_method(&p);
	return err->status ? -EBADMSG : 0;
}
