/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies: a table of multiparts with parts, verdict and session description; encodings; writing; what it costs. */

#include <errno.h>
#include <time.h>

#include <osmocom/core/utils.h>

#include "expect.h"
#include "sip/sip_body.h"
#include "sip/sip_build.h"
#include "sip/sip_msg.h"
#include "sip_text.h"

#define START "INVITE sip:1@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=t\r\n" \
	"To: <sip:1@h>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContact: <sip:a@h>\r\n"
#define BODY_MAX 65536

static struct sip_msg msg;
static char mem[BODY_MAX + 4096];

/* headers and body as of the message; to be freed with free((void *)octets.p) */
static struct sip_str message(const char *headers, struct sip_str body)
{
	struct sip_parse_error err;
	struct sip_str octets;
	struct sip_buf b;

	sip_buf_init(&b, mem, sizeof(mem));
	sip_put_lit(&b, START);
	sip_put_z(&b, headers);
	sip_put_lit(&b, "\r\n");
	sip_put_str(&b, body);
	EXPECT(!b.full);
	octets = exact(b.start, sip_buf_len(&b));
	EXPECT_INT(headers, sip_msg_parse(&msg, octets.p, octets.len, &err), 0);
	return octets;
}

/* Unprintable octets as \x00 */
static void out_octets(struct out *o, struct sip_str s)
{
	for (size_t i = 0; i < s.len; i++)
		out(o, s.p[i] >= ' ' && s.p[i] < 0x7f ? "%c" : "\\x%02x", (unsigned char)s.p[i]);
}

static void out_part(struct out *o, const struct sip_body_part *part)
{
	static const char *const transfers[] = { "", " base64", " qp", " transfer?" };

	out(o, "%u %.*s/%.*s", part->depth, SIP_STR_ARG(part->type.type), SIP_STR_ARG(part->type.subtype));
	out_str(o, "params", part->type.params);
	out(o, " %.*s%s%s%s%s%s%s", SIP_STR_ARG(part->disposition.type), part->optional ? " optional" : "",
	    transfers[part->transfer], part->encoded ? " encoded" : "", part->multipart ? " multipart" : "",
	    part->malformed ? " malformed" : "", part->cut ? " cut" : "");
	out_str(o, "id", part->id);
	out_str(o, "language", part->language);
	out(o, " [");
	out_octets(o, part->content);
	out(o, "]\n");
}

static const struct sip_body_type understood[] = { { "application/sdp", "session" }, {} };

static void out_all(struct out *o)
{
	struct sip_body_verdict verdict = sip_body_verdict(&msg, understood);
	struct sip_body_part part;
	struct sip_body body;
	struct sip_str sdp;
	int rc;

	for (sip_body_init(&body, &msg); !(rc = sip_body_next(&body, &part));)
		out_part(o, &part);
	EXPECT_INT("the end", sip_body_next(&body, &part), -ENOENT);
	if (rc != -ENOENT)
		out(o, "bad\n");
	out(o, "%u%s", verdict.status, verdict.encoding ? " encoding" : "");
	sdp = sip_msg_sdp(&msg, mem, 64);
	if (sdp.p) {
		out(o, " sdp=");
		out_octets(o, sdp);
	}
}

#define MIXED "Content-Type: multipart/mixed;boundary=b\r\n"
#define MIXED_OUT "0 multipart/mixed params=boundary=b render multipart []\n"
#define SDP "Content-Type: application/sdp\r\n\r\nv=0\r\n"
#define SDP_OUT "1 application/sdp session [v=0]\n"
#define ISUP "Content-Type: application/ISUP;version=itu-t92+;base=itu-t92+\r\n"
#define OPTIONAL "Content-Disposition: signal;handling=optional\r\n"
#define ISUP_OUT "1 application/ISUP params=version=itu-t92+;base=itu-t92+ signal optional"
#define BCHARS "0123456789ABCDEFghijklmnopqrstuvwxyz'()+_,-./:=? 0123456789abcdefghijk"

#define TEXT(literal) { "" literal, sizeof(literal) - 1 }
static const struct row {
	const char *what, *headers;
	struct sip_str body;
	const char *expected;
} rows[] = {
	/* One body */
	{ "none", "", TEXT(""), "0" },
	{ "none, with a type", MIXED, TEXT(""), "0" },
	{ "sdp", "c: Application/SDP;charset=x\r\n", TEXT("v=0\r\n"),
	  "0 Application/SDP params=charset=x session [v=0\\x0d\\x0a]\n0 sdp=v=0\\x0d\\x0a" },
	{ "no type", "", TEXT("v=0\r\n"), "0 text/plain render [v=0\\x0d\\x0a]\n415" },
	{ "type that is none", "Content-Type: x y\r\n", TEXT("v"), "0 text/plain render [v]\n415" },
	{ "any type", "Content-Type: */*\r\n", TEXT("v"), "0 */* render [v]\n415" },
	{ "type with a semicolon over", "Content-Type: application/sdp;\r\n", TEXT("v"),
	  "0 application/sdp params= session [v]\n0 sdp=v" },
	{ "optional", "Content-Type: a/b\r\nContent-Disposition: x;Handling=\"optional\"\r\n", TEXT("v"),
	  "0 a/b x optional [v]\n0" },
	{ "required", "Content-Type: a/b\r\nContent-Disposition: x;handling=required\r\n", TEXT("v"),
	  "0 a/b x [v]\n415" },
	{ "other handling", "Content-Type: a/b\r\nContent-Disposition: x;handling=y\r\n", TEXT("v"),
	  "0 a/b x [v]\n415" },
	{ "isup alone", ISUP, TEXT("\x10\x00"),
	  "0 application/ISUP params=version=itu-t92+;base=itu-t92+ signal [\\x10\\x00]\n415" },
	{ "qsig", "Content-Type: application/qsig;version=iso\r\n", TEXT("v"),
	  "0 application/qsig params=version=iso signal [v]\n415" },
	{ "early session (RFC 3959)", "Content-Type: application/sdp\r\nContent-Disposition: early-session\r\n",
	  TEXT("v"), "0 application/sdp early-session [v]\n415" },
	{ "gzip", "Content-Type: application/sdp\r\nContent-Encoding: gzip\r\n", TEXT("v"),
	  "0 application/sdp session encoded [v]\n415 encoding" },
	{ "identity", "Content-Type: application/sdp\r\nContent-Encoding: Identity\r\n", TEXT("v"),
	  "0 application/sdp session [v]\n0 sdp=v" },
	{ "base64", "Content-Type: application/sdp\r\nContent-Transfer-Encoding: BASE64\r\nContent-ID: <1@h>\r\n"
	  "Content-Language: fr\r\n", TEXT("dj0wDQo="),
	  "0 application/sdp session base64 id=<1@h> language=fr [dj0wDQo=]\n0 sdp=v=0\\x0d\\x0a" },
	{ "unknown transfer encoding", "Content-Type: application/sdp\r\nContent-Transfer-Encoding: uuencode\r\n",
	  TEXT("v"), "0 application/sdp session transfer? [v]\n415" },

	/* RFC 3204 */
	{ "SIP-I", MIXED, TEXT("--b\r\n" SDP "--b\r\n" ISUP OPTIONAL "\r\n\x01\x00\r\n--b--\r\n"),
	  MIXED_OUT SDP_OUT ISUP_OUT " [\\x01\\x00]\n0 sdp=v=0" },
	{ "ISUP first", MIXED, TEXT("--b\r\n" ISUP OPTIONAL "\r\n\x01\x00\r\n--b\r\n" SDP "--b--\r\n"),
	  MIXED_OUT ISUP_OUT " [\\x01\\x00]\n" SDP_OUT "0 sdp=v=0" },
	{ "ISUP required by default", MIXED, TEXT("--b\r\n" SDP "--b\r\n" ISUP "\r\n\x01\r\n--b--\r\n"),
	  MIXED_OUT SDP_OUT "1 application/ISUP params=version=itu-t92+;base=itu-t92+ signal [\\x01]\n415 sdp=v=0" },
	{ "ISUP alone, optional", MIXED, TEXT("--b\r\n" ISUP OPTIONAL "\r\n\x01\r\n--b--\r\n"),
	  MIXED_OUT ISUP_OUT " [\\x01]\n0" },
	{ "empty ISUP", MIXED, TEXT("--b\r\n" ISUP OPTIONAL "\r\n\r\n--b--\r\n"), MIXED_OUT ISUP_OUT " []\n0" },
	{ "headers without content", MIXED, TEXT("--b\r\n" ISUP OPTIONAL "--b--\r\n"), MIXED_OUT ISUP_OUT " []\n0" },
	{ "headers, empty line, delimiter", MIXED, TEXT("--b\r\n" ISUP OPTIONAL "\r\n--b--\r\n"),
	  MIXED_OUT ISUP_OUT " []\n0" },
	{ "look-alikes", MIXED, TEXT("--b\r\n" ISUP OPTIONAL "\r\n--bb\r\n--b-\r\n--b--x\r\n --b\r\n"
	  "--\r\n--a\n--b\r\r\n"
	  "\0--b\n\r\n--b--\r\n"), MIXED_OUT ISUP_OUT " [--bb\\x0d\\x0a--b-\\x0d\\x0a--b--x\\x0d\\x0a --b\\x0d\\x0a--"
	  "\\x0d\\x0a--a\\x0a--b\\x0d\\x0d\\x0a\\x00--b\\x0a]\n0" },
	{ "blank lines kept", MIXED, TEXT("--b\r\n" ISUP OPTIONAL "\r\n\r\n\r\n\r\r\n\r\n--b--"),
	  MIXED_OUT ISUP_OUT " [\\x0d\\x0a\\x0d\\x0a\\x0d\\x0d\\x0a]\n0" },
	{ "folded, not readable, repeated headers", MIXED, TEXT("--b\r\nContent-Type:\r\n"
	  " application/sdp\r\n\t;a=b\r\n"
	  "rubbish\r\nContent-Type: text/html\r\nX: y\r\nContent-ID: a\rb\r\nContent-ID : <2>\r\n\r\nv\r\n--b--"),
	  MIXED_OUT "1 application/sdp params=a=b session id=<2> [v]\n0 sdp=v" },
	{ "LF in headers", MIXED, TEXT("--b\r\nContent-Type: application/sdp\nContent-Language: x\n\nv\r\n--b--"),
	  MIXED_OUT "1 application/sdp session language=x [v]\n0 sdp=v" },
	{ "compact form", MIXED, TEXT("--b\r\nc: application/sdp\r\n\r\nv=0\r\n"
	  "--b--"), MIXED_OUT SDP_OUT "0 sdp=v=0" },
	{ "part without headers", MIXED, TEXT("--b\r\n\r\nv=0\r\n"
	  "--b--"), MIXED_OUT "1 text/plain render [v=0]\n415" },
	{ "base64 in a part", MIXED, TEXT("--b\r\nContent-Transfer-Encoding: base64\r\n"
	  "Content-Type: application/sdp\r\n\r\ndj\r\n0wDQo\r\n--b--"),
	  MIXED_OUT "1 application/sdp session base64 [dj\\x0d\\x0a0wDQo]\n0 sdp=v=0\\x0d\\x0a" },
	{ "quoted-printable, and not decodable", MIXED, TEXT("--b\r\nContent-Transfer-Encoding: quoted-printable\r\n"
	  "Content-Type: application/sdp\r\n\r\nv=3D=\r\n0\r\n--b--"),
	  MIXED_OUT "1 application/sdp session qp [v=3D=\\x0d\\x0a0]\n0 sdp=v=0" },
	{ "base64 that is none", MIXED, TEXT("--b\r\nContent-Transfer-Encoding: base64\r\n"
	  "Content-Type: application/sdp\r\n\r\nA\r\n--b--"),
	  MIXED_OUT "1 application/sdp session base64 [A]\n0 sdp=" },
	{ "gzip in an optional part", MIXED, TEXT("--b\r\n" ISUP "Content-Encoding: gzip\r\n"
	  OPTIONAL "\r\n\x01\r\n--b--"),
	  MIXED_OUT ISUP_OUT " encoded [\\x01]\n0" },

	/* RFC 2046 5.1.1 */
	{ "preamble, epilogue, padding", MIXED, TEXT("hello\r\n\r\n--bx\r\n--b \t\r\n" SDP "--b--  \r\n"
	  "bye\r\n--b\r\n" SDP),
	  "0 multipart/mixed params=boundary=b render multipart [hello\\x0d\\x0a\\x0d\\x0a--bx]\n"
	  SDP_OUT "0 sdp=v=0" },
	{ "70 bchars, quoted", "Content-Type: multipart/mixed; Boundary = \"" BCHARS "\"\r\n",
	  TEXT("--" BCHARS "\r\n" SDP "--" BCHARS "--"),
	  "0 multipart/mixed params=Boundary = \"" BCHARS "\" render multipart []\n" SDP_OUT "0 sdp=v=0" },
	{ "71", "Content-Type: multipart/mixed;boundary=\"" BCHARS "1\"\r\n", TEXT("--" BCHARS "1\r\n\r\n"),
	  "0 multipart/mixed params=boundary=\"" BCHARS "1\" render malformed [--" BCHARS
	  "1\\x0d\\x0a\\x0d\\x0a]\n400" },
	{ "boundary of dashes", "Content-Type: multipart/mixed;boundary=\"--\"\r\n", TEXT("----\r\n"
	  SDP "------\r\n"),
	  "0 multipart/mixed params=boundary=\"--\" render multipart []\n" SDP_OUT "0 sdp=v=0" },
	{ "escaped boundary", "Content-Type: multipart/mixed;boundary=\"\\b \"\r\n", TEXT("--b\r\n" SDP "--b--"),
	  "0 multipart/mixed params=boundary=\"\\b \" render multipart []\n" SDP_OUT "0 sdp=v=0" },
	{ "no boundary", "Content-Type: multipart/mixed\r\n", TEXT("--b\r\n"),
	  "0 multipart/mixed render malformed [--b\\x0d\\x0a]\n400" },
	{ "empty boundary", "Content-Type: multipart/mixed;boundary=\"\"\r\n", TEXT("--\r\n"),
	  "0 multipart/mixed params=boundary=\"\" render malformed [--\\x0d\\x0a]\n400" },
	{ "other boundary", MIXED, TEXT("--c\r\n" SDP "--c--\r\n"),
	  "0 multipart/mixed params=boundary=b render malformed "
	  "[--c\\x0d\\x0aContent-Type: application/sdp\\x0d\\x0a\\x0d\\x0av=0\\x0d\\x0a--c--\\x0d\\x0a]\n400" },
	{ "no part", MIXED, TEXT("--b--\r\n"), "0 multipart/mixed params=boundary=b render malformed []\n400" },
	{ "malformed but optional", MIXED "Content-Disposition: render;handling=optional\r\n", TEXT("x"),
	  "0 multipart/mixed params=boundary=b render optional malformed [x]\n0" },
	{ "no closing delimiter", MIXED, TEXT("--b\r\n" SDP "--b\r\n" ISUP OPTIONAL "\r\n\x01"),
	  MIXED_OUT SDP_OUT ISUP_OUT " cut [\\x01]\n0 sdp=v=0" },
	{ "closing delimiter is none", MIXED, TEXT("--b\r\n" SDP "--b\r\n"), MIXED_OUT SDP_OUT "0 sdp=v=0" },
	{ "last LF missing", MIXED, TEXT("--b\r\n" SDP "--b--\r"), MIXED_OUT SDP_OUT "0 sdp=v=0" },
	{ "base64 on a multipart", MIXED "Content-Transfer-Encoding: base64\r\n", TEXT("LS1i"),
	  "0 multipart/mixed params=boundary=b render base64 [LS1i]\n415" },
	{ "digest", "Content-Type: multipart/digest;boundary=b\r\n", TEXT("--b\r\n\r\nx\r\n--b--"),
	  "0 multipart/digest params=boundary=b render multipart []\n1 message/rfc822 render [x]\n415" },

	/* Nested; RFC 2046 5.1.2, RFC 5621 */
	{ "nested", MIXED, TEXT("--b\r\nContent-Type: multipart/related;boundary=bb\r\n\r\nx\r\n"
	  "--bb\r\n" SDP "--bb--\r\ny\r\n"
	  "--b\r\n" ISUP OPTIONAL "\r\n\x01\r\n--b--"),
	  MIXED_OUT "1 multipart/related params=boundary=bb render multipart [x]\n2 application/sdp session [v=0]\n"
	  ISUP_OUT " [\\x01]\n0 sdp=v=0" },
	{ "outer delimiter ends inner part", MIXED, TEXT("--b\r\nContent-Type: multipart/mixed;boundary=i\r\n\r\n"
	  "--i\r\n" SDP "--b\r\n" ISUP OPTIONAL "\r\n\x01\r\n--i\r\n--b--"),
	  MIXED_OUT "1 multipart/mixed params=boundary=i render multipart []\n2 application/sdp session cut [v=0]\n"
	  ISUP_OUT " [\\x01\\x0d\\x0a--i]\n0 sdp=v=0" },
	{ "inner malformed, required", MIXED, TEXT("--b\r\nContent-Type: multipart/mixed;boundary=i\r\n"
	  "\r\nx\r\n--b\r\n" SDP
	  "--b--"), MIXED_OUT "1 multipart/mixed params=boundary=i render malformed [x]\n" SDP_OUT "400 sdp=v=0" },
	{ "required within optional", MIXED, TEXT("--b\r\nContent-Type: multipart/mixed;boundary=i\r\n"
	  "Content-Disposition: render;handling=optional\r\n\r\n--i\r\nContent-Type: a/b\r\n\r\n1\r\n"
	  "--i--\r\n--b\r\n" SDP
	  "--b--"), MIXED_OUT "1 multipart/mixed params=boundary=i render optional multipart []\n2 a/b render [1]\n"
	  SDP_OUT "0 sdp=v=0" },
	{ "alternative, one understood", "Content-Type: multipart/alternative;boundary=b\r\n", TEXT("--b\r\n" SDP
	  "--b\r\nContent-Type: application/sdpng\r\n\r\n<>\r\n--b--"),
	  "0 multipart/alternative params=boundary=b render multipart []\n" SDP_OUT
	  "1 application/sdpng render [<>]\n0 sdp=v=0" },
	{ "alternative, none understood, though optional", "Content-Type: multipart/alternative;boundary=b\r\n",
	  TEXT("--b\r\nContent-Type: a/b\r\nContent-Encoding: gzip\r\n" OPTIONAL "\r\n1\r\n--b\r\n"
	  "Content-Type: c/d\r\n\r\n"
	  "2\r\n--b--"), "0 multipart/alternative params=boundary=b render multipart []\n"
	  "1 a/b signal optional encoded [1]\n1 c/d render [2]\n415 encoding" },
	{ "alternative in mixed in alternative", "Content-Type: multipart/alternative;boundary=1\r\n",
	  TEXT("--1\r\nContent-Type: multipart/mixed;boundary=2\r\n\r\n--2\r\n" SDP "--2\r\n"
	  "Content-Type: multipart/alternative;boundary=3\r\n\r\n--3\r\nContent-Type: a/b\r\n\r\n1\r\n"
	  "--3--\r\n--1\r\n" SDP
	  "--1--"), "0 multipart/alternative params=boundary=1 render multipart []\n"
	  "1 multipart/mixed params=boundary=2 render multipart []\n2 application/sdp session [v=0]\n"
	  "2 multipart/alternative params=boundary=3 render multipart []\n3 a/b render [1]\n" SDP_OUT "0 sdp=v=0" },
	{ "too deep", "Content-Type: multipart/mixed;boundary=1\r\n",
	  TEXT("--1\r\nContent-Type: multipart/mixed;boundary=2\r\n\r\n--2\r\n"
	  "Content-Type: multipart/mixed;boundary=3\r\n\r\n"
	  "--3\r\nContent-Type: multipart/mixed;boundary=4\r\n\r\n--4\r\n"
	  "Content-Type: multipart/mixed;boundary=5\r\n\r\n"
	  "--5\r\n\r\n--5--\r\n--4--\r\n"),
	  "0 multipart/mixed params=boundary=1 render multipart []\n"
	  "1 multipart/mixed params=boundary=2 render multipart []\n"
	  "2 multipart/mixed params=boundary=3 render multipart []\n"
	  "3 multipart/mixed params=boundary=4 render multipart []\n"
	  "4 multipart/mixed params=boundary=5 render [--5\\x0d\\x0a\\x0d\\x0a--5--]\n415" },
};

static void check(const struct row *row)
{
	struct sip_str octets = message(row->headers, row->body);
	struct out o = {};

	out_all(&o);
	EXPECT_STR(row->what, o.text, row->expected);
	free((void *)octets.p);
}

/* Cut anywhere, nothing is read that is not there */
static void check_cuts(const struct row *row)
{
	struct sip_str octets, cut = row->body;
	struct sip_body_part part;
	struct sip_body body;

	for (; cut.len; cut.len--) {
		octets = message(row->headers, cut);
		sip_body_verdict(&msg, understood);
		sip_msg_sdp(&msg, mem, sizeof(mem));
		for (sip_body_init(&body, &msg); !sip_body_next(&body, &part);)
			EXPECT(part.content.p >= octets.p &&
			       part.content.p + part.content.len <= octets.p + octets.len);
		free((void *)octets.p);
	}
}

static void test_too_many_parts(void)
{
	struct sip_str octets;
	char text[1024];
	struct sip_buf b;
	unsigned int i, n;
	struct sip_body_part part;
	struct sip_body body;
	int rc;

	for (n = SIP_BODY_PARTS_MAX - 1; n <= SIP_BODY_PARTS_MAX; n++) {
		sip_buf_init(&b, text, sizeof(text));
		for (i = 0; i < n; i++)
			sip_put_lit(&b, "--b\r\n\r\nx\r\n");
		sip_put_lit(&b, "--b--");
		octets = message(MIXED, sip_buf_str(&b));
		for (i = 0, sip_body_init(&body, &msg); !(rc = sip_body_next(&body, &part)); i++)
			;
		EXPECT_INT("parts", i, SIP_BODY_PARTS_MAX);
		EXPECT_INT("parts", rc, n < SIP_BODY_PARTS_MAX ? -ENOENT : -EBADMSG);
		EXPECT_INT("parts", sip_body_verdict(&msg, understood).status, n < SIP_BODY_PARTS_MAX ? 415 : 400);
		free((void *)octets.p);
	}
}

static const struct {
	enum sip_body_transfer transfer;
	struct sip_str in;
	int rc;
	struct sip_str out;
} codes[] = {
	{ SIP_BODY_IDENTITY, TEXT("a\0b"), 0, TEXT("a\0b") },
	{ SIP_BODY_TRANSFER_UNKNOWN, TEXT("a"), -ENOTSUP, TEXT("") },
	/* RFC 4648 10 */
	{ SIP_BODY_BASE64, TEXT(""), 0, TEXT("") }, { SIP_BODY_BASE64, TEXT("Zg=="), 0, TEXT("f") },
	{ SIP_BODY_BASE64, TEXT("Zm8="), 0, TEXT("fo") }, { SIP_BODY_BASE64, TEXT("Zm9v"), 0, TEXT("foo") },
	{ SIP_BODY_BASE64, TEXT("Zm9vYg=="), 0, TEXT("foob") }, { SIP_BODY_BASE64, TEXT("Zm9vYmE="), 0,
	  TEXT("fooba") },
	{ SIP_BODY_BASE64, TEXT("Zm9vYmFy"), 0, TEXT("foobar") },
	{ SIP_BODY_BASE64, TEXT("AP/+ + /\r\n8\t="), 0, TEXT("\0\xff\xfe\xfb\xff") },
	{ SIP_BODY_BASE64, TEXT("Zg"), 0, TEXT("f") }, { SIP_BODY_BASE64, TEXT("Zg==Zg=="), 0, TEXT("f") },
	{ SIP_BODY_BASE64, TEXT("Z"), -EBADMSG, TEXT("") }, { SIP_BODY_BASE64, TEXT("Zm9vY"), -EBADMSG, TEXT("foo") },
	/* RFC 2045 6.7 */
	{ SIP_BODY_QUOTED_PRINTABLE, TEXT("Now's the time =\r\nfor all folk to come=\r\n to the aid"), 0,
	  TEXT("Now's the time for all folk to come to the aid") },
	{ SIP_BODY_QUOTED_PRINTABLE, TEXT("a=3Db=0d=0A=FF=00"), 0, TEXT("a=b\r\n\xff\0") },
	{ SIP_BODY_QUOTED_PRINTABLE, TEXT("a \t\r\nb c  "), 0, TEXT("a\r\nb c") },
	{ SIP_BODY_QUOTED_PRINTABLE, TEXT("a= \t\r\nb=\nc="), 0, TEXT("abc") },
	{ SIP_BODY_QUOTED_PRINTABLE, TEXT("a=b=g0= x=4"), 0, TEXT("a=b=g0= x=4") },
};

static void test_codes(void)
{
	struct sip_body_part part = {};
	struct sip_str in, out;
	char buf[64];
	size_t size;

	for (unsigned int i = 0; i < ARRAY_SIZE(codes); i++) {
		in = exact(codes[i].in.p, codes[i].in.len);
		part.transfer = codes[i].transfer;
		part.content = in;
		out = SIP_STR("");
		EXPECT_INT(codes[i].in.p, sip_body_decode(&part, buf, sizeof(buf), &out), codes[i].rc);
		EXPECT(sip_str_eq(out, codes[i].out));
		/* It fits exactly, or not at all */
		for (size = 0; part.transfer != SIP_BODY_IDENTITY && !codes[i].rc && size <= codes[i].out.len; size++)
			EXPECT_INT(codes[i].in.p, sip_body_decode(&part, buf, size, &out),
				   size < codes[i].out.len ? -ENOSPC : 0);
		free((void *)in.p);
	}
	part = (struct sip_body_part){ .encoded = true };
	EXPECT_INT("gzip", sip_body_decode(&part, buf, sizeof(buf), &out), -ENOTSUP);
}

static const struct sip_part sdp_part = { .type = TEXT("application/sdp"), .content = TEXT("v=0\r\n") };
static const struct sip_part isup_part = {
	.type = TEXT("application/ISUP;version=itu-t92+;base=itu-t92+"),
	.disposition = TEXT("signal;handling=optional"), .content = TEXT("\x01\0\r\n"),
};
static const struct sip_part empty_part = { .type = TEXT("application/sdp") };

static const char *put(const struct sip_part *parts, unsigned int n)
{
	static char text[4096];
	struct sip_buf b;

	sip_buf_init(&b, text, sizeof(text) - 1);
	sip_put_parts(&b, parts, n);
	EXPECT(!b.full);
	*b.p = '\0';
	return text;
}

static void test_put(void)
{
	EXPECT_STR("none", put(NULL, 0), "Content-Length: 0\r\n\r\n");
	EXPECT_STR("empty", put((struct sip_part[]){ empty_part, empty_part }, 2), "Content-Length: 0\r\n\r\n");
	EXPECT_STR("one", put((struct sip_part[]){ empty_part, sdp_part }, 2),
		   "Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n");
	EXPECT_STR("one with disposition", put(&isup_part, 1), "Content-Disposition: signal;handling=optional\r\n"
		   "Content-Type: application/ISUP;version=itu-t92+;base=itu-t92+\r\nContent-Length: 4\r\n\r\n\x01");
	EXPECT_STR("two", put((struct sip_part[]){ sdp_part, sdp_part }, 2), "MIME-Version: 1.0\r\n"
		   "Content-Type: multipart/mixed;boundary=isupgw-part\r\nContent-Length: 127\r\n\r\n"
		   "--isupgw-part\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n"
		   "--isupgw-part\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--isupgw-part--\r\n");
}

/* What is written is read back, whatever is in it; and Content-Length is right to the octet */
static void check_read_back(const struct sip_part *parts, unsigned int n)
{
	struct sip_parse_error err;
	struct sip_body_part part;
	struct sip_body body;
	struct sip_str octets;
	struct sip_buf b;
	size_t full;

	sip_buf_init(&b, mem, sizeof(mem));
	sip_put_lit(&b, START);
	sip_put_parts(&b, parts, n);
	full = sip_buf_len(&b);
	octets = exact(b.start, full);
	EXPECT_INT("read back", sip_msg_parse(&msg, octets.p, octets.len, &err), 0);
	EXPECT_INT("length", msg.octets.len, full);
	sip_body_init(&body, &msg);
	EXPECT_INT("multipart", sip_body_next(&body, &part), 0);
	EXPECT(part.multipart);
	for (unsigned int i = 0; i < n; i++) {
		EXPECT_INT("part", sip_body_next(&body, &part), 0);
		EXPECT(sip_str_eq(part.content, parts[i].content) && !part.cut);
		EXPECT_INT("optional", part.optional, parts[i].disposition.p ? 1 : 0);
	}
	EXPECT_INT("end", sip_body_next(&body, &part), -ENOENT);
	free((void *)octets.p);
	for (size_t size = full; size-- > 0;) {
		sip_buf_init(&b, mem, size);
		sip_put_lit(&b, START);
		sip_put_parts(&b, parts, n);
		EXPECT(b.full);
	}
}

static void test_read_back(void)
{
	struct sip_part parts[3] = { sdp_part, isup_part, isup_part };

	check_read_back(parts, 2);
	check_read_back(parts, 3);
	parts[1].content = SIP_STR("\r\n--isupgw-part\r\n--isupgw-part--\r\n\r\n");
	check_read_back(parts, 2);
	parts[2].content = SIP_STR("--isupgw-part");
	check_read_back(parts, 3);
}

/* ---- 64 kB of the worst ---- */

static const struct cost {
	const char *what, *headers, *head, *fill;
} costs[] = {
	{ "octets", MIXED, "", "x" }, { "CR", MIXED, "", "\r" }, { "CRLF", MIXED, "", "\r\n" },
	{ "LF", MIXED, "", "\n" },
	{ "lines of dashes", MIXED, "", "\r\n--" }, { "look-alikes", MIXED, "", "\r\n--bx" },
	{ "look-alikes in a part", MIXED, "--b\r\n\r\n", "\r\n--b-" }, { "parts", MIXED, "", "--b\r\n\r\n" },
	{ "headers", MIXED, "--b\r\n", "x\n" }, { "compact headers", MIXED, "--b\r\n", "c:\n" },
	{ "folds", MIXED, "--b\r\nContent-Type: a/b", "\r\n " }, { "header without end", MIXED,
	  "--b\r\n", "Content-Type:" },
	{ "parameters", MIXED, "--b\r\nContent-Type: a/b", ";a=b" }, { "padding", MIXED, "--b\r\n\r\n",
	  "\r\n--b\t\t\t\t\t" },
	{ "70", "Content-Type: multipart/mixed;boundary=\"" BCHARS "\"\r\n", "", "\r\n--0123456789ABCDEF" },
	{ "deep look-alikes", "Content-Type: multipart/mixed;boundary=1\r\n",
	  "--1\r\nContent-Type: multipart/mixed;boundary=12\r\n\r\n--12\r\n"
	  "Content-Type: multipart/mixed;boundary=123\r\n\r\n"
	  "--123\r\nContent-Type: multipart/mixed;boundary=1234\r\n\r\n--1234\r\n\r\n", "\r\n--12345" },
	{ "deep lines of dashes", "Content-Type: multipart/mixed;boundary=1\r\n",
	  "--1\r\nContent-Type: multipart/mixed;boundary=12\r\n\r\n--12\r\n"
	  "Content-Type: multipart/mixed;boundary=123\r\n\r\n"
	  "--123\r\nContent-Type: multipart/mixed;boundary=1234\r\n\r\n--1234\r\n\r\n", "\r\n--" },
	{ "base64", "Content-Type: application/sdp\r\nContent-Transfer-Encoding: base64\r\n", "", "A" },
	{ "quoted-printable", "Content-Type: application/sdp\r\n"
	  "Content-Transfer-Encoding: quoted-printable\r\n", "", "= " },
};

static double now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1e6 + ts.tv_nsec / 1e3;
}

/* Prints what it costs; a test of time would fail on a busy machine, but not finishing shows */
static void test_costs(void)
{
	static char fill[60000], decoded[BODY_MAX];
	struct sip_str octets;
	struct sip_buf b;
	double start;

	for (unsigned int i = 0; i < ARRAY_SIZE(costs); i++) {
		sip_buf_init(&b, fill, sizeof(fill));
		sip_put_z(&b, costs[i].head);
		while (!b.full)
			sip_put_z(&b, costs[i].fill);
		octets = message(costs[i].headers, sip_buf_str(&b));
		start = now_us();
		for (unsigned int k = 0; k < 10; k++)
			sip_body_verdict(&msg, understood);
		printf("%s: %.0f us", costs[i].what, (now_us() - start) / 10);
		start = now_us();
		for (unsigned int k = 0; k < 10; k++)
			sip_msg_sdp(&msg, decoded, sizeof(decoded));
		printf(", sdp %.0f us\n", (now_us() - start) / 10);
		free((void *)octets.p);
	}
}

int main(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		check(&rows[i]);
		check_cuts(&rows[i]);
	}
	test_too_many_parts();
	test_codes();
	test_put();
	test_read_back();
	test_costs();
	return expect_failures ? 1 : 0;
}
