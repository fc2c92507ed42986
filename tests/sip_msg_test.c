/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole messages: what is read out of good ones, how bad ones are refused, and each cut at each length. */

#include <errno.h>

#include "expect.h"
#include "sip/sip_body.h"
#include "sip/sip_msg.h"
#include "sip_text.h"

#define N(rows) (sizeof(rows) / sizeof(rows[0]))

#define RLINE "INVITE sip:bob@biloxi.com SIP/2.0\r\n"
#define SLINE "SIP/2.0 200 OK\r\n"
#define VIA "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bK776asdhds\r\n"
#define FROM "From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
#define TO "To: Bob <sip:bob@biloxi.com>\r\n"
#define CALLID "Call-ID: a84b4c76e66710@pc33.atlanta.com\r\n"
#define CSEQ "CSeq: 314159 INVITE\r\n"
#define MF "Max-Forwards: 70\r\n"
#define REST VIA FROM TO CALLID CSEQ MF
#define END "\r\n"

static struct sip_msg msg;
static struct sip_parse_error err;

/* Also checks what holds for every message, whatever is in it */
static int parse(const char *text, size_t len)
{
	static struct sip_str last;
	int rc;

	free((void *)last.p);
	last = exact(text, len);
	rc = sip_msg_parse(&msg, last.p, len, &err);
	EXPECT(rc == (err.status ? -EBADMSG : 0));
	EXPECT(!err.status == !err.what && err.offset <= len && msg.octets.len <= len);
	EXPECT(!err.status || err.status == 400 || err.status == 501 || err.status == 505 || err.status == 513);
	return rc;
}

static int parse_z(const char *text)
{
	return parse(text, strlen(text));
}

/* RFC 3261 24.2, F1 */
static const char f1[] =
	"INVITE sip:bob@biloxi.com SIP/2.0\r\n"
	"Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8\r\n"
	"Max-Forwards: 70\r\n"
	"To: Bob <sip:bob@biloxi.com>\r\n"
	"From: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n"
	"Call-ID: a84b4c76e66710\r\n"
	"CSeq: 314159 INVITE\r\n"
	"Contact: <sip:alice@pc33.atlanta.com>\r\n"
	"Content-Type: application/sdp\r\n"
	"Content-Length: 4\r\n"
	"\r\n"
	"v=0\n";

/* RFC 4475 3.1.1.1: every liberty that white space, case and repetition allow */
static const char tortuous[] =
	"INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0\r\n"
	"TO :\r\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\r\n"
	"from   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8\r\n"
	"MaX-fOrWaRdS: 0068\r\n"
	"Call-ID: wsinv.ndaksdj@192.0.2.1\r\n"
	"Content-Length   : 10\r\n"
	"cseq: 0009\r\n  INVITE\r\n"
	"Via  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.2;branch=390skdjuw\r\n"
	"s :\r\n"
	"NewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"
	"UnknownHeaderWithUnusualValue: ;;,,;;,;\r\n"
	"Content-Type: application/sdp\r\n"
	"Route:\r\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\r\n"
	"v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n"
	" SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239\r\n"
	"m:\"Quoted string \\\"\\\"\" <sip:jdrosen@example.com> ; newparam =\r\n      newvalue ;\r\n"
	"  secondparam ; q = 0.33\r\n"
	"newfangledheader: again\r\n"
	"\r\n"
	"0123456789more";

static const char response[] =
	"SIP/2.0 183 S\xc3\xa9quence\r\n" REST
	"l: 0\r\n"
	"Reason: SIP;cause=503, Q.850;cause=34\r\n"
	"Supported: timer\r\n"
	"k: 100rel,\r\n\tfoo\r\n"
	"Privacy: id;critical\r\n"
	"Expires: 3600\r\n"
	"\r\n";

static void expect_str(const char *what, struct sip_str is, const char *should)
{
	char text[512];

	snprintf(text, sizeof(text), "%.*s", SIP_STR_ARG(is));
	EXPECT_STR(what, text, should);
}

static void test_f1(void)
{
	struct sip_addr addr;
	struct sip_uri uri;

	EXPECT_INT("F1", parse_z(f1), 0);
	EXPECT(msg.is_request && msg.method == SIP_INVITE && sip_msg_answerable(&msg));
	expect_str("ruri", msg.ruri, "sip:bob@biloxi.com");
	expect_str("uri", msg.uri.host, "biloxi.com");
	expect_str("via", msg.via.host, "pc33.atlanta.com");
	expect_str("branch", msg.via.branch, "z9hG4bKnashds8");
	expect_str("call id", msg.call_id, "a84b4c76e66710");
	expect_str("from tag", msg.from.tag, "1928301774");
	EXPECT(!msg.to.tag.p);
	EXPECT_INT("cseq", msg.cseq.number, 314159);
	EXPECT_INT("max-forwards", msg.has_max_forwards ? msg.max_forwards : -1, 70);
	expect_str("body", msg.body, "v=0\n");
	expect_str("sdp", sip_msg_sdp(&msg, NULL, 0), "v=0\n");
	EXPECT_INT("contact", sip_msg_addr_uri(&msg, SIP_HDR_CONTACT, &addr, &uri), 0);
	expect_str("contact", uri.host, "pc33.atlanta.com");
	expect_str("contact", msg.contact.uri_text, "sip:alice@pc33.atlanta.com");
	EXPECT_INT("from", sip_msg_addr_uri(&msg, SIP_HDR_FROM, &addr, &uri), 0);
	expect_str("from", uri.user, "alice");
	EXPECT_INT("none", sip_msg_addr_uri(&msg, SIP_HDR_P_ASSERTED_IDENTITY, &addr, &uri), -ENOENT);
	EXPECT_INT("lines", msg.n_hdrs, 9);
}

static void test_tortuous(void)
{
	const struct sip_hdr *hdr;
	struct sip_values v;
	struct sip_addr addr;
	struct sip_via via;

	EXPECT_INT("tortuous", parse_z(tortuous), 0);
	EXPECT_INT("max-forwards", msg.max_forwards, 68);
	EXPECT_INT("cseq", msg.cseq.number, 9);
	expect_str("from", msg.from.uri_text, "sip:jdrosen@example.com");
	expect_str("tag", msg.from.tag, "98asjd8");
	expect_str("to tag", msg.to.tag, "1918181833n");
	expect_str("branch", msg.via.branch, "390skdjuw");
	expect_str("body", msg.body, "0123456789");
	EXPECT_INT("octets", msg.octets.len, strlen(tortuous) - 4);
	sip_values_init(&v, &msg, SIP_HDR_VIA);
	EXPECT(!sip_values_next_via(&v, &via) && sip_str_eq(via.host, SIP_STR("192.0.2.2")));
	EXPECT(!sip_values_next_via(&v, &via) && sip_str_eq(via.branch, SIP_STR("z9hG4bK9ikj8")));
	EXPECT(!sip_values_next_via(&v, &via) && sip_str_eq(via.branch, SIP_STR("z9hG4bK30239")));
	EXPECT_INT("no more", sip_values_next_via(&v, &via), -ENOENT);
	EXPECT_INT("route", sip_msg_addr_uri(&msg, SIP_HDR_ROUTE, &addr, NULL), 0);
	expect_str("route", addr.uri_text, "sip:services.example.com;lr;unknownwith=value;unknown-no-value");
	hdr = sip_msg_hdr(&msg, SIP_HDR_SUBJECT);
	EXPECT(hdr && !hdr->value.len && hdr == sip_msg_hdr_named(&msg, SIP_STR("subject")));
	hdr = sip_msg_hdr_named(&msg, SIP_STR("NEWfangledHeader"));
	EXPECT(hdr);
	expect_str("unknown", hdr->value, "newfangled value\r\n continued newfangled value");
	hdr = sip_msg_hdr_next(&msg, hdr);
	EXPECT(hdr && sip_str_eq(hdr->value, SIP_STR("again")) && !sip_msg_hdr_next(&msg, hdr));
	EXPECT(!sip_msg_hdr_named(&msg, SIP_STR("New")));
}

static void test_response(void)
{
	unsigned int cause;
	struct sip_values v;
	struct sip_str token;
	uint32_t n;

	EXPECT_INT("response", parse_z(response), 0);
	EXPECT(!msg.is_request && msg.status == 183 && msg.method == SIP_INVITE && !sip_msg_answerable(&msg));
	expect_str("reason", msg.reason, "S\xc3\xa9quence");
	EXPECT(!sip_msg_reason_cause(&msg, "q.850", &cause) && cause == 34);
	EXPECT(!sip_msg_reason_cause(&msg, "SIP", &cause) && cause == 503);
	EXPECT_INT("preemption", sip_msg_reason_cause(&msg, "preemption", &cause), -ENOENT);
	EXPECT(sip_msg_has_token(&msg, SIP_HDR_SUPPORTED, "100REL"));
	EXPECT(sip_msg_has_token(&msg, SIP_HDR_SUPPORTED, "foo"));
	EXPECT(!sip_msg_has_token(&msg, SIP_HDR_SUPPORTED, "rel") && !sip_msg_has_token(&msg, SIP_HDR_REQUIRE, "foo"));
	EXPECT(sip_msg_has_token(&msg, SIP_HDR_PRIVACY, "id") && sip_msg_has_token(&msg, SIP_HDR_PRIVACY, "critical"));
	EXPECT(!sip_msg_sdp(&msg, NULL, 0).p);
	EXPECT(!sip_msg_uint(&msg, SIP_HDR_EXPIRES, &n) && n == 3600);
	EXPECT_INT("rseq", sip_msg_uint(&msg, SIP_HDR_RSEQ, &n), -ENOENT);
	sip_values_init(&v, &msg, SIP_HDR_SUPPORTED);
	for (n = 0; !sip_values_next_token(&v, &token); n++)
		;
	EXPECT_INT("tokens", n, 3);
}

/* Good ones; each has something that a hasty parser would refuse */
static const char *const good[] = {
	f1, tortuous, response,
	"\r\n\r\n" RLINE REST END,						/* 7.5 */
	SLINE REST END, "SIP/2.0 200 \r\n" REST END, "SIP/2.0 200\r\n" REST END,	/* RFC 4475 3.1.1.13 */
	"sip/2.0 404 x\r\n" REST END, "INVITE sip:b sip/2.0\r\n" REST END,
	"INVITE sip:b SIP/2.0\nv:SIP/2.0/UDP h\nf:sip:a\nt:sip:b\ni:x\nCSeq:1 INVITE\n\n",
	RLINE VIA "From: sip:a@b\r\n" TO CALLID CSEQ END,			/* RFC 2543 */
	RLINE REST "X:\r\n" "Y: \r\n  \r\n" "Z:a:b\r\n" END,
	RLINE VIA "To: \"BEL:\\\x07 DEL:\\\x7f\" <sip:a@b>\r\n" FROM CALLID CSEQ END,	/* RFC 4475 3.1.1.2 */
	RLINE REST "Date: \r\n" "Warning: x\r\n" "Route: ;;\r\n" END,
	SLINE REST "Contact: ;;\r\n" END,
	"NEWMETHOD foo:bar SIP/2.0\r\n" VIA FROM TO CALLID "CSeq: 0 NEWMETHOD\r\n" END,
	RLINE VIA FROM TO "Call-ID: f8b4!\"#$%&/()=?@x\r\n" CSEQ END,
};

static void test_good(void)
{
	size_t i;

	for (i = 0; i < N(good); i++)
		EXPECT_INT(good[i], parse_z(good[i]), 0);
}

static const struct {
	const char *text;
	uint16_t status;
	const char *what;
	bool answerable;
} bad[] = {
	{ "", 400, "Message Ends Within Header", false },
	{ "\r\n\r\n", 400, "Message Ends Within Header", false },
	{ RLINE REST, 400, "Message Ends Within Header", true },
	{ "INVITE sip:b SIP/7.0\r\n" REST END, 505, "Version Not Supported", true },
	{ "INVITE sip:b SIP/2.0.0\r\n" REST END, 400, "Malformed Start Line", true },
	{ "INVITE sip:b SIP/99999999999999999999.0\r\n" REST END, 505, "Version Not Supported", true },
	{ "INVITE sip:b HTTP/1.1\r\n" REST END, 400, "Malformed Start Line", true },
	{ "INVITE sip:b\r\n" REST END, 400, "Malformed Start Line", true },
	{ "INVITE\r\n" REST END, 400, "Malformed Start Line", true },
	{ "INV(TE sip:b SIP/2.0\r\n" REST END, 400, "Malformed Start Line", true },
	/* RFC 4475 3.1.2.7 to 3.1.2.11 */
	{ "INVITE <sip:b@c> SIP/2.0\r\n" REST END, 400, "Malformed Request-URI", true },
	{ "INVITE sip:b@c; lr SIP/2.0\r\n" REST END, 400, "Malformed Start Line", true },
	{ "INVITE  sip:b@c  SIP/2.0\r\n" REST END, 400, "Malformed Start Line", true },
	{ "INVITE sip:b@c SIP/2.0  \r\n" REST END, 400, "Malformed Start Line", true },
	{ "INVITE sip:b@c?Route=%3Csip:x%3E SIP/2.0\r\n" REST END, 400, "Malformed Request-URI", true },
	{ "INVITE sip:2001:db8::10 SIP/2.0\r\n" REST END, 400, "Malformed Request-URI", true },
	{ "ACK sip:b@c:x SIP/2.0\r\n" VIA FROM TO CALLID "CSeq: 1 ACK\r\n" END, 400, "Malformed Request-URI", false },
	{ "SIP/2.0 4294967301 better not\r\n" REST END, 400, "Malformed Status Code", false },
	{ "SIP/2.0 0200 x\r\n" REST END, 400, "Malformed Status Code", false },
	{ "SIP/2.0 099 x\r\n" REST END, 400, "Malformed Status Code", false },
	{ "SIP/2.0 700 x\r\n" REST END, 400, "Malformed Status Code", false },
	{ "SIP/2.0  200 OK\r\n" REST END, 400, "Malformed Status Code", false },
	{ "SIP/3.0 200 OK\r\n" REST END, 505, "Version Not Supported", false },
	{ RLINE " x\r\n" REST END, 400, "Malformed Header Line", true },
	{ RLINE REST "X\r\n" END, 400, "Malformed Header Line", true },
	{ RLINE REST ": x\r\n" END, 400, "Malformed Header Line", true },
	{ RLINE REST "X y: z\r\n" END, 400, "Malformed Header Line", true },
	{ RLINE REST "X: a\rb\r\n" END, 400, "Control Character in Header", true },
	{ RLINE REST "X: a\x01\r\n" END, 400, "Control Character in Header", true },
	{ RLINE REST "X: a\\\rb\r\n" END, 400, "Control Character in Header", true },
	{ RLINE "X: \x1b[2J\r\n" REST END, 400, "Control Character in Header", true },
	{ RLINE VIA VIA TO CALLID CSEQ END, 400, "Missing From", true },
	{ RLINE VIA FROM CALLID CSEQ END, 400, "Missing To", true },
	{ RLINE VIA FROM TO CSEQ END, 400, "Missing Call-ID", true },
	{ RLINE VIA FROM TO CALLID END, 400, "Missing CSeq", true },
	{ RLINE FROM TO CALLID CSEQ END, 400, "Missing Via", false },
	{ RLINE "Via: SIP/2.0/UDP ;x\r\n" FROM TO CALLID CSEQ END, 400, "Malformed Via", false },
	{ RLINE "Via: SIP/2.0/UDP h;;,;,,\r\n" FROM TO CALLID CSEQ END, 400, "Malformed Via", true },
	{ RLINE VIA "From: \"x <sip:a@b>\r\n" TO CALLID CSEQ END, 400, "Malformed From", true },
	{ RLINE VIA FROM "To: \r\n" CALLID CSEQ END, 400, "Malformed To", true },
	{ RLINE VIA FROM "To: <sip:a@b>, <sip:c@d>\r\n" CALLID CSEQ END, 400, "Malformed To", true },
	{ RLINE VIA FROM "To: \"T\" < sip:a@b >\r\n" CALLID CSEQ END, 400, "Malformed To", true },
	{ RLINE VIA FROM TO "Call-ID: \r\n" CSEQ END, 400, "Malformed Call-ID", true },
	{ RLINE VIA FROM TO "Call-ID: a b\r\n" CSEQ END, 400, "Malformed Call-ID", true },
	{ RLINE VIA FROM TO CALLID "CSeq: 36893488147419103232 INVITE\r\n" END, 400, "Malformed CSeq", true },
	{ RLINE VIA FROM TO CALLID "CSeq: 1 OPTIONS\r\n" END, 400, "CSeq Does Not Match Method", true },
	{ "NEW sip:b SIP/2.0\r\n" VIA FROM TO CALLID "CSeq: 8 INVITE\r\n" END, 501,
	  "CSeq Does Not Match Method", true },
	{ RLINE REST "Contact: <sip:a>;;;;\r\n" END, 400, "Malformed Contact", true },
	{ RLINE REST "m: <sip:a>\r\n" "m: sip:a@b?Route=%3Csip:c%3E\r\n" END, 400, "Malformed Contact", true },
	/* RFC 4475 3.3.8: each of these once */
	{ RLINE REST CSEQ END, 400, "Header Line Repeated", true },
	{ RLINE REST FROM END, 400, "Header Line Repeated", true },
	{ RLINE REST TO END, 400, "Header Line Repeated", true },
	{ RLINE REST CALLID END, 400, "Header Line Repeated", true },
	{ RLINE REST MF END, 400, "Header Line Repeated", true },
	{ RLINE REST "l: 0\r\n" "Content-Length: 0\r\n" END, 400, "Header Line Repeated", true },
	{ RLINE VIA FROM TO CALLID CSEQ "Max-Forwards: 300\r\n" END, 400, "Malformed Max-Forwards", true },
	{ RLINE VIA FROM TO CALLID CSEQ "Max-Forwards: x\r\n" END, 400, "Malformed Max-Forwards", true },
	{ RLINE REST "Content-Length: -999\r\n" END "x", 400, "Malformed Content-Length", true },
	{ RLINE REST "Content-Length: 4294967296\r\n" END "x", 400, "Malformed Content-Length", true },
	{ RLINE REST "Content-Length: 2\r\n" END "x", 400, "Body Shorter Than Content-Length", true },
	{ SLINE REST "Content-Length: 9999\r\n" END, 400, "Body Shorter Than Content-Length", false },
};

static void test_bad(void)
{
	size_t i;

	for (i = 0; i < N(bad); i++) {
		EXPECT_INT(bad[i].text, parse_z(bad[i].text), -EBADMSG);
		EXPECT_INT(bad[i].text, err.status, bad[i].status);
		EXPECT_STR(bad[i].text, err.what ? err.what : "", bad[i].what);
		EXPECT_INT(bad[i].text, sip_msg_answerable(&msg), bad[i].answerable);
	}
	EXPECT_INT("NUL", parse(RLINE REST "X: \0\r\n" END, sizeof(RLINE REST "X: \0\r\n" END) - 1), -EBADMSG);
	EXPECT_INT("quoted NUL", parse(RLINE REST "X: \\\0\r\n" END, sizeof(RLINE REST "X: \\\0\r\n" END) - 1), 0);
}

/* Only what has its whole body, or its empty line where no length is given, is a message */
static void test_cut(void)
{
	size_t i, len, need;

	for (i = 0; i < N(good); i++) {
		EXPECT_INT(good[i], parse_z(good[i]), 0);
		need = msg.octets.len;
		for (len = 0; len < need; len++)
			EXPECT_INT(good[i], parse(good[i], len), -EBADMSG);
	}
	for (i = 0; i < N(bad); i++) {
		for (len = 0; len < strlen(bad[i].text); len++)
			parse(bad[i].text, len);
	}
}

/* SIP_HDRS_MAX lines are read, one more is too many, and what was among the first can be answered */
static void test_many(void)
{
	static char text[65536];
	size_t i, base, len;

	base = snprintf(text, sizeof(text), "%s", RLINE REST);
	for (i = 0, len = base; i < SIP_HDRS_MAX - 6; i++)
		len += snprintf(text + len, sizeof(text) - len, "X-%zu: %zu\r\n", i, i);
	memcpy(text + len, "\r\n", 2);
	EXPECT_INT("128 lines", parse(text, len + 2), 0);
	EXPECT_INT("lines", msg.n_hdrs, SIP_HDRS_MAX);
	memcpy(text + len, "Y:\r\n\r\n", 6);
	EXPECT_INT("129 lines", parse(text, len + 6), -EBADMSG);
	EXPECT(err.status == 513 && sip_msg_answerable(&msg) && msg.to.uri_text.p);

	memset(text + base, ' ', sizeof(text) - base);
	for (i = base; i + 7 < sizeof(text); i += 3)
		memcpy(text + i, "\r\n ", 3);
	memcpy(text + base, "X:", 2);
	memcpy(text + sizeof(text) - 4, "\r\n\r\n", 4);
	EXPECT_INT("one line of 64 kB of folds", parse(text, sizeof(text)), 0);
}

static void test_phrases(void)
{
	EXPECT(sip_str_eq(sip_status_phrase(200), SIP_STR("OK")));
	EXPECT(sip_str_eq(sip_status_phrase(480), SIP_STR("Temporarily Unavailable")));
	EXPECT(sip_str_eq(sip_status_phrase(606), SIP_STR("Not Acceptable")));
	EXPECT(sip_str_eq(sip_status_phrase(0), SIP_STR("Unknown")));
}

int main(void)
{
	test_f1();
	test_tortuous();
	test_response();
	test_good();
	test_bad();
	test_cut();
	test_many();
	test_phrases();
	return expect_failures ? 1 : 0;
}
