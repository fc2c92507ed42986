/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The builder: what each function writes, and that at every size of buffer it stops at the end. */

#include "expect.h"
#include "sip/sip_build.h"
#include "sip_text.h"

static void put_numbers(struct sip_buf *b)
{
	sip_put_uint(b, 0);
	sip_put_char(b, ' ');
	sip_put_uint(b, 10);
	sip_put_char(b, ' ');
	sip_put_uint(b, ~0ul);
	sip_put_char(b, ' ');
	sip_put_hex(b, "\x00\x9a\xff", 3);
}

static void put_values(struct sip_buf *b)
{
	sip_put_user_escaped(b, SIP_STR("+33(1)#;a@b %\xc3\xa9:"));
	sip_put_lit(b, " ");
	sip_put_quoted(b, SIP_STR("a \"b\" \\ \r\n"));
	sip_put_lit(b, " ");
	sip_put_hostport(b, SIP_STR("192.0.2.1"), 0);
	sip_put_lit(b, " ");
	sip_put_hostport(b, SIP_STR("2001:db8::1"), 5070);
	sip_put_lit(b, " ");
	sip_put_quoted(b, (struct sip_str){});
}

static const char request[] =
	"INVITE sip:b SIP/2.0\r\n"
	"v: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa;rport;x=y , SIP/2.0/UDP second\r\n"
	"f: <sip:a>;tag=1\r\nt: <sip:b>\r\ni: c\r\nCSeq: 1 INVITE\r\n"
	"Via: SIP/2.0/UDP third\r\n"
	"Record-Route: <sip:p1>\r\nRecord-Route: <sip:p2>,\r\n <sip:p3>\r\n\r\n";

static struct sip_msg req;

static void put_response(struct sip_buf *b)
{
	sip_put_status_line(b, 486, (struct sip_str){});
	sip_put_vias_answered(b, &req, SIP_STR("192.0.2.9"), 5062);
	sip_put_hdrs_of(b, &req, SIP_HDR_RECORD_ROUTE);
	sip_put_hdr(b, SIP_STR("To"), SIP_STR("<sip:b>;tag=2"));
	sip_put_body(b, (struct sip_str){}, (struct sip_str){});
}

static void put_request(struct sip_buf *b)
{
	sip_put_request_line(b, SIP_STR("BYE"), SIP_STR("sip:b"));
	sip_put_hdr_uint(b, SIP_STR("Max-Forwards"), 70);
	sip_put_body(b, SIP_STR("text/plain"), SIP_STR("hello"));
}

static const struct {
	void (*put)(struct sip_buf *b);
	const char *expected;
} rows[] = {
	{ put_numbers, "0 10 18446744073709551615 009aff" },
	{ put_values, "+33(1)%23;a%40b%20%25%C3%A9%3A \"a \\\"b\\\" \\\\   \" 192.0.2.1 [2001:db8::1]:5070 \"\"" },
	{ put_response,
	  "SIP/2.0 486 Busy Here\r\n"
	  "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa;rport=5062;x=y;received=192.0.2.9 , SIP/2.0/UDP second\r\n"
	  "Via: SIP/2.0/UDP third\r\n"
	  "Record-Route: <sip:p1>\r\nRecord-Route: <sip:p2>,\r\n <sip:p3>\r\n"
	  "To: <sip:b>;tag=2\r\nContent-Length: 0\r\n\r\n" },
	{ put_request,
	  "BYE sip:b SIP/2.0\r\nMax-Forwards: 70\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello" },
};

static void test_rows(void)
{
	struct sip_buf b;
	size_t i, size, len;
	char *mem;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		len = strlen(rows[i].expected);
		for (size = 0; size <= len + 1; size++) {
			mem = malloc(size + 1);
			mem[size] = '\0';
			sip_buf_init(&b, mem, size);
			rows[i].put(&b);
			EXPECT_INT(rows[i].expected, b.full, size < len);
			EXPECT(sip_buf_len(&b) <= size && mem[size] == '\0');
			if (size >= len) {
				mem[sip_buf_len(&b)] = '\0';
				EXPECT_STR(rows[i].expected, mem, rows[i].expected);
			}
			free(mem);
		}
	}
}

/* RFC 3261 18.2.1, RFC 3581 4 */
static const struct {
	const char *via, *src, *expected;
} via_rows[] = {
	{ "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1", "192.0.2.1", "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1" },
	{ "SIP/2.0/UDP bobspc.biloxi.com:5060", "192.0.2.4", "SIP/2.0/UDP bobspc.biloxi.com:5060;received=192.0.2.4" },
	{ "SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff", "192.0.2.1",
	  "SIP/2.0/UDP 10.1.1.1:4540;rport=9988;branch=z9hG4bKkjshdyff;received=192.0.2.1" },
	{ "SIP/2.0/UDP 192.0.2.1;rport", "192.0.2.1", "SIP/2.0/UDP 192.0.2.1;rport=9988;received=192.0.2.1" },
	{ "SIP/2.0/UDP 192.0.2.1;rport=1", "192.0.2.1", "SIP/2.0/UDP 192.0.2.1;rport=9988;received=192.0.2.1" },
	{ "SIP/2.0/UDP [2001:DB8::1];branch=z9hG4bK1", "2001:db8::1", "SIP/2.0/UDP [2001:DB8::1];branch=z9hG4bK1" },
	{ "SIP/2.0/UDP h;;", "192.0.2.1", "SIP/2.0/UDP h;;;received=192.0.2.1" },
};

static void test_vias(void)
{
	struct sip_parse_error err;
	char text[512], expected[512], mem[512];
	struct sip_buf b;
	size_t i;

	for (i = 0; i < sizeof(via_rows) / sizeof(via_rows[0]); i++) {
		snprintf(text, sizeof(text), "BYE sip:b SIP/2.0\r\nv: %s\r\n\r\n", via_rows[i].via);
		snprintf(expected, sizeof(expected), "Via: %s\r\n", via_rows[i].expected);
		sip_msg_parse(&req, text, strlen(text), &err);
		sip_buf_init(&b, mem, sizeof(mem) - 1);
		sip_put_vias_answered(&b, &req, sip_str_from(via_rows[i].src), 9988);
		*b.p = '\0';
		EXPECT_STR(via_rows[i].via, mem, expected);
	}
}

int main(void)
{
	struct sip_parse_error err;

	EXPECT_INT("request", sip_msg_parse(&req, request, strlen(request), &err), 0);
	test_rows();
	test_vias();
	return expect_failures ? 1 : 0;
}
