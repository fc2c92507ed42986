/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Structured headers: each list of values is taken to its end and written down. */

#include <errno.h>

#include "expect.h"
#include "sip/sip_hdr.h"
#include "sip_text.h"

/* Each takes one value and writes it down; 0, or a negative errno */
typedef int take_cb(struct out *o, struct sip_str *list);

static int take_via(struct out *o, struct sip_str *list)
{
	struct sip_via v;
	int rc = sip_via_take(&v, list);

	if (rc)
		return rc;
	out(o, "{%.*s}", SIP_STR_ARG(v.text));
	out_str(o, "transport", v.transport);
	out_str(o, v.host_is_ipv6 ? "host6" : "host", v.host);
	if (v.port)
		out(o, " port=%u", v.port);
	out_str(o, "branch", v.branch);
	out_str(o, "received", v.received);
	out_str(o, "maddr", v.maddr);
	if (v.ttl)
		out(o, " ttl=%u", v.ttl);
	if (v.has_rport)
		out(o, " rport=%u {%.*s}", v.rport, SIP_STR_ARG(v.rport_text));
	if (sip_via_is_3261(&v))
		out(o, " 3261");
	return 0;
}

static int take_addr(struct out *o, struct sip_str *list)
{
	struct sip_addr a;
	int rc = sip_addr_take(&a, list);

	if (rc)
		return rc;
	out(o, "<%.*s>", SIP_STR_ARG(a.uri_text));
	out_str(o, "display", a.display);
	out_str(o, "tag", a.tag);
	out_str(o, "params", a.params);
	return 0;
}

static int take_token(struct out *o, struct sip_str *list)
{
	struct sip_str token;
	int rc = sip_token_take(&token, list);

	if (!rc)
		out(o, "%.*s", SIP_STR_ARG(token));
	return rc;
}

static int take_media_type(struct out *o, struct sip_str *list)
{
	struct sip_media_type mt;
	int rc = sip_media_type_take(&mt, list);

	if (rc)
		return rc;
	out(o, "%.*s", SIP_STR_ARG(mt.type));
	if (mt.subtype.p)
		out(o, "/%.*s", SIP_STR_ARG(mt.subtype));
	out_str(o, "params", mt.params);
	if (sip_media_type_is(&mt, "application/sdp"))
		out(o, " sdp");
	return 0;
}

static int take_reason(struct out *o, struct sip_str *list)
{
	struct sip_reason r;
	int rc = sip_reason_take(&r, list);

	if (rc)
		return rc;
	out(o, "%.*s", SIP_STR_ARG(r.protocol));
	if (r.has_cause)
		out(o, " cause=%u", r.cause);
	out_str(o, "text", r.text);
	return 0;
}

static int take_params(struct out *o, struct sip_str *list)
{
	struct sip_param p;
	int rc = sip_param_take(&p, list);

	if (rc)
		return rc;
	out(o, "%.*s", SIP_STR_ARG(p.name));
	out_str(o, p.quoted ? "quoted" : "value", p.value);
	return 0;
}

/* Not lists: everything is taken at once */
static int take_cseq(struct out *o, struct sip_str *list)
{
	struct sip_cseq c;
	int rc = list->p ? sip_cseq_parse(&c, *list) : -ENOENT;

	*list = (struct sip_str){};
	if (!rc)
		out(o, "%u %.*s (%.*s)", c.number, SIP_STR_ARG(c.method_name), SIP_STR_ARG(sip_method_name(c.method)));
	return rc;
}

static int take_rack(struct out *o, struct sip_str *list)
{
	struct sip_rack r;
	int rc = list->p ? sip_rack_parse(&r, *list) : -ENOENT;

	*list = (struct sip_str){};
	if (!rc)
		out(o, "%u %u %.*s", r.rseq, r.cseq.number, SIP_STR_ARG(r.cseq.method_name));
	return rc;
}

static int take_retry_after(struct out *o, struct sip_str *list)
{
	uint32_t n;
	int rc = list->p ? sip_retry_after_parse(&n, *list) : -ENOENT;

	*list = (struct sip_str){};
	if (!rc)
		out(o, "%u", n);
	return rc;
}

static int take_uint(struct out *o, struct sip_str *list)
{
	uint32_t n;
	int rc = list->p ? sip_uint_parse(&n, *list, 255) : -ENOENT;

	*list = (struct sip_str){};
	if (!rc)
		out(o, "%u", n);
	return rc;
}

/* Values are joined by " | "; how it ended is the last word: nothing for -ENOENT, "bad", or "range" */
static const struct {
	take_cb *take;
	const char *text, *expected;
} rows[] = {
	/* RFC 3261 20.42 */
	{ take_via, "SIP/2.0/UDP erlang.bell-telephone.com:5060;branch=z9hG4bK87asdks7",
	  "{SIP/2.0/UDP erlang.bell-telephone.com:5060;branch=z9hG4bK87asdks7} transport=UDP "
	  "host=erlang.bell-telephone.com port=5060 branch=z9hG4bK87asdks7 3261" },
	{ take_via, "SIP/2.0/UDP 192.0.2.1:5060 ;received=192.0.2.207;branch=z9hG4bK77asjd",
	  "{SIP/2.0/UDP 192.0.2.1:5060 ;received=192.0.2.207;branch=z9hG4bK77asjd} transport=UDP host=192.0.2.1 "
	  "port=5060 branch=z9hG4bK77asjd received=192.0.2.207 3261" },
	{ take_via, "SIP / 2.0 / UDP first.example.com: 4000;ttl=16\r\n ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1",
	  "{SIP / 2.0 / UDP first.example.com: 4000;ttl=16\r\n ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1} "
	  "transport=UDP host=first.example.com port=4000 branch=z9hG4bKa7c6a8dlze.1 maddr=224.2.0.1 ttl=16 3261" },
	/* RFC 4475 3.1.1.1 */
	{ take_via, "SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n "
	  "SIP  /    2.0   "
	  "/ UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239",
	  "{SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8} transport=TCP "
	  "host=spindle.example.com branch=z9hG4bK9ikj8 3261 | {SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n "
	  "z9hG4bK30239} transport=UDP host=192.168.255.111 branch=z9hG4bK30239 3261" },
	{ take_via, "SIP/2.0/UDP h , SIP/2.0/TLS-SCTP i", "{SIP/2.0/UDP h} transport=UDP host=h | "
	  "{SIP/2.0/TLS-SCTP i} transport=TLS-SCTP host=i" },
	/* RFC 3581 */
	{ take_via, "SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff",
	  "{SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff} transport=UDP host=10.1.1.1 port=4540 "
	  "branch=z9hG4bKkjshdyff rport=0 {rport} 3261" },
	{ take_via, "SIP/2.0/UDP h;rport = 9988 ;received=192.0.2.1",
	  "{SIP/2.0/UDP h;rport = 9988 ;received=192.0.2.1} "
	  "transport=UDP host=h received=192.0.2.1 rport=9988 {rport = 9988}" },
	/* RFC 5118 */
	{ take_via, "SIP/2.0/UDP [2001:db8::9:1]:6050;received=[2001:db8::9:255];branch=z9hG4bKas3-111",
	  "{SIP/2.0/UDP [2001:db8::9:1]:6050;received=[2001:db8::9:255];branch=z9hG4bKas3-111} transport=UDP "
	  "host6=2001:db8::9:1 port=6050 branch=z9hG4bKas3-111 received=[2001:db8::9:255] 3261" },
	{ take_via, "SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3",
	  "{SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3} transport=UDP "
	  "host6=2001:db8::9:1 branch=z9hG4bKas3 received=2001:db8::9:255 3261" },
	{ take_via, "SIP/2.0/UDP h;branch=z9hG4bK;x=\"a;,\\\"b\"", "{SIP/2.0/UDP h;branch=z9hG4bK;x=\"a;,\\\"b\"} "
	  "transport=UDP host=h branch=z9hG4bK" },
	{ take_via, "", "" },
	{ take_via, "SIP/2.0/UDP 192.0.2.15;;,;,,", "bad" },
	{ take_via, "SIP/2.0/UDP", "bad" }, { take_via, "SIP/2.0 UDP h", "bad" },
	{ take_via, "SIP/2.0/UDP h x", "bad" },
	{ take_via, "SIP/2.0/UDP h:0", "bad" }, { take_via, "SIP/2.0/UDP h:70000", "bad" },
	{ take_via, "SIP/2.0/UDP h;ttl=256", "{SIP/2.0/UDP h;ttl=256} transport=UDP host=h" },
	{ take_via, "SIP/2.0/UDP h;rport=x", "bad" },
	{ take_via, "SIP/2.0/UDP h;branch=", "bad" }, { take_via, "SIP/2.0/UDP h;x=\"a", "bad" },
	{ take_via, "SIP/2.0/UDP h,", "bad" }, { take_via, "SIP/2.0/UDP [::1;x", "bad" },
	{ take_via, "SIP/2.0/UDP h, x", "{SIP/2.0/UDP h} transport=UDP host=h | bad" },

	/* RFC 3261 20.10, 20.20, 20.30, 20.34, 20.39 */
	{ take_addr, "\"Mr. Watson\" <sip:watson@worcester.bell-telephone.com>\r\n ;q=0.7; expires=3600,\r\n "
	  "\"Mr. Watson\" "
	  "<mailto:watson@bell-telephone.com> ;q=0.1",
	  "<sip:watson@worcester.bell-telephone.com> display=Mr. Watson params=q=0.7; expires=3600 | "
	  "<mailto:watson@bell-telephone.com> display=Mr. Watson params=q=0.1" },
	{ take_addr, "\"A. G. Bell\" <sip:agb@bell-telephone.com> ;tag=a48s",
	  "<sip:agb@bell-telephone.com> display=A. G. Bell tag=a48s params=tag=a48s" },
	{ take_addr, "sip:+12125551212@server.phone2net.com;tag=887s",
	  "<sip:+12125551212@server.phone2net.com> tag=887s params=tag=887s" },
	{ take_addr, "Anonymous <sip:c8oqz84zk7z@privacy.org>;tag=hyh8",
	  "<sip:c8oqz84zk7z@privacy.org> display=Anonymous tag=hyh8 params=tag=hyh8" },
	{ take_addr, "The Operator <sip:operator@cs.columbia.edu>;tag=287447",
	  "<sip:operator@cs.columbia.edu> display=The Operator tag=287447 params=tag=287447" },
	{ take_addr, "<sip:server10.biloxi.com;lr>,\r\n <sip:bigbox3.site3.atlanta.com;lr>",
	  "<sip:server10.biloxi.com;lr> | <sip:bigbox3.site3.atlanta.com;lr>" },
	{ take_addr, "*", "<*>" },
	/* RFC 4475 3.1.1.1, 3.1.1.2, 3.1.1.6 */
	{ take_addr, "sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n",
	  "<sip:vivekg@chair-dnrc.example.com> tag=1918181833n params=tag    = 1918181833n" },
	{ take_addr, "\"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8",
	  "<sip:jdrosen@example.com> display=J Rosenberg \\\\\\\" tag=98asjd8 params=tag = 98asjd8" },
	{ take_addr, "token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%=\"a:b\""
	  ";tag=_token~1'+`*%!-.",
	  "<sip:mundane@example.com> display=token1~` token2'+_ token3*%!.- tag=_token~1'+`*%!-. "
	  "params=fromParam''~+*_!.-%=\"a:b\";tag=_token~1'+`*%!-." },
	{ take_addr, "caller<sip:caller@example.com>;TAG=323",
	  "<sip:caller@example.com> display=caller tag=323 params=TAG=323" },
	{ take_addr, "isbn:2983792873", "<isbn:2983792873>" }, { take_addr, "tel:+33-1;x", "<tel:+33-1> params=x" },
	{ take_addr, "\xc3\xa9t\xc3\xa9 <sip:a@b>", "<sip:a@b> display=\xc3\xa9t\xc3\xa9" },
	{ take_addr, "\"\" <sip:a@b>", "<sip:a@b> display=" },
	{ take_addr, "<sip:a@b>, sip:c@d;x=y , <sip:e@f>", "<sip:a@b> | <sip:c@d> params=x=y | <sip:e@f>" },
	{ take_addr, "<sip:a@b>;x=\"1,2;3\";tag=z", "<sip:a@b> tag=z params=x=\"1,2;3\";tag=z" },
	/* RFC 4475 3.1.2.6, 3.1.2.13 to 3.1.2.15 */
	{ take_addr, "\"Mr. J. User <sip:j.user@example.com>", "bad" },
	{ take_addr, "sip:user@example.com?Route=%3Csip:sip.example.com%3E", "bad" },
	{ take_addr, "\"Watson, Thomas\" < sip:t.watson@example.org >", "bad" },
	{ take_addr, "Bell, Alexander <sip:a.g.bell@example.com>;tag=43", "bad" },
	{ take_addr, "\"Joe\" <sip:joe@example.org>;;;;", "bad" },
	{ take_addr, "<sip:a@b", "bad" }, { take_addr, "<>", "bad" }, { take_addr, "\"x\"", "bad" },
	{ take_addr, "sip:", "bad" },
	{ take_addr, "x", "bad" }, { take_addr, "<sip:a@b> x", "bad" }, { take_addr, "a b:c", "bad" },
	{ take_addr, ", <sip:a@b>", "bad" }, { take_addr, "<sip:a@b>,", "bad" },
	{ take_addr, "<sip:a@b>;tag=", "bad" },

	{ take_token, "100rel , timer,\r\n foo", "100rel | timer | foo" },
	{ take_token, "", "" }, { take_token, " \t", "" }, { take_token, "a,,b", "a | bad" },
	{ take_token, "a b", "bad" },

	{ take_media_type, "application/sdp", "application/sdp sdp" },
	{ take_media_type, "APPLICATION / SDP ; charset=utf-8", "APPLICATION/SDP params=charset=utf-8 sdp" },
	{ take_media_type, "application/*;q=0.5, text/html", "application/* params=q=0.5 sdp | text/html" },
	{ take_media_type, "multipart/mixed;boundary=\"a/b\"", "multipart/mixed params=boundary=\"a/b\"" },
	{ take_media_type, "session;handling=optional", "session params=handling=optional" },
	{ take_media_type, "application/", "bad" }, { take_media_type, "/sdp", "bad" },
	{ take_media_type, "a/b c", "bad" },

	/* RFC 3326 2 */
	{ take_reason, "SIP ;cause=200 ;text=\"Call completed elsewhere\"",
	  "SIP cause=200 text=Call completed elsewhere" },
	{ take_reason, "Q.850 ;cause=16 ;text=\"Terminated\"", "Q.850 cause=16 text=Terminated" },
	{ take_reason, "SIP;cause=600;text=\"Busy\", Q.850;cause=17, x",
	  "SIP cause=600 text=Busy | Q.850 cause=17 | x" },
	{ take_reason, "Q.850;cause=x", "bad" }, { take_reason, "Q.850;cause", "bad" },
	{ take_reason, ";cause=1", "bad" },
	{ take_reason, "Q.850;cause=99999999999", "bad" },

	{ take_params, ";a=b; c ;d=\"e;f\"", "a value=b | c | d quoted=e;f" }, { take_params, "a", "a" },
	{ take_params, "", "" }, { take_params, ";;", "bad" }, { take_params, "a b", "bad" },

	{ take_cseq, "4711 INVITE", "4711 INVITE (INVITE)" }, { take_cseq, "0009\r\n  INVITE", "9 INVITE (INVITE)" },
	{ take_cseq, "2147483647 RE%47IST%45R", "2147483647 RE%47IST%45R (?)" },
	{ take_cseq, "1 invite", "1 invite (?)" },
	{ take_cseq, "2147483648 INVITE", "range" }, { take_cseq, "36893488147419103232 REGISTER", "range" },
	{ take_cseq, "-1 ACK", "bad" }, { take_cseq, "1", "bad" }, { take_cseq, "INVITE", "bad" },
	{ take_cseq, "1ACK", "bad" },
	{ take_cseq, "1 ACK x", "bad" }, { take_cseq, "", "bad" },
	{ take_rack, "776656 1 INVITE", "776656 1 INVITE" }, { take_rack, "0 1 INVITE", "bad" },
	{ take_rack, "1 INVITE", "bad" },
	{ take_retry_after, "18000;duration=3600", "18000" },
	{ take_retry_after, "120 (I'm in a (long\\)) meeting)", "120" },
	{ take_retry_after, "949302838503028349304023988", "range" }, { take_retry_after, "5 (x", "bad" },
	{ take_retry_after, "", "bad" }, { take_retry_after, "5 x", "bad" }, { take_retry_after, "5;", "bad" },
	{ take_uint, "0068", "68" }, { take_uint, "255", "255" }, { take_uint, "256", "range" },
	{ take_uint, "", "bad" },
	{ take_uint, "-1", "bad" }, { take_uint, "1 2", "bad" }, { take_uint, "+1", "bad" },
};

static void take_all(struct out *o, take_cb *take, struct sip_str list)
{
	size_t start, bound = list.len + 2;
	int rc;

	do {
		start = o->len;
		out(o, "%s", start ? " | " : "");
		rc = take(o, &list);
	} while (!rc && --bound);
	EXPECT(bound);
	if (rc == -ENOENT)
		o->text[o->len = start] = '\0';
	else
		out(o, "%s", rc == -EBADMSG ? "bad" : rc == -ERANGE ? "range" : "?");
}

static void test_rows(void)
{
	struct sip_str list;
	struct out o;
	size_t i, len;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (len = 0; len <= strlen(rows[i].text); len++) {
			list = exact(rows[i].text, len);
			o = (struct out){};
			take_all(&o, rows[i].take, list);
			free((void *)list.p);
		}
		EXPECT_STR(rows[i].text, o.text, rows[i].expected);
	}
}

static void test_names(void)
{
	static const char compact[] = "vftimclekuorsxyabdj";
	enum sip_method m;
	enum sip_hdr_id id;
	char mixed[64];
	struct sip_str name;
	size_t i, n = 0;

	for (id = SIP_HDR_OTHER + 1; id < _SIP_HDR_COUNT; id++) {
		name = sip_hdr_name(id);
		EXPECT_INT(name.p, sip_hdr_find(name), id);
		for (i = 0; i < name.len; i++)
			mixed[i] = name.p[i] ^ (name.p[i] >= 'A' && i % 2 ? 0x20 : 0);
		EXPECT_INT(name.p, sip_hdr_find((struct sip_str){ mixed, name.len }), id);
		mixed[0] ^= 1;
		EXPECT_INT(name.p, sip_hdr_find((struct sip_str){ mixed, name.len }), SIP_HDR_OTHER);
	}
	for (i = 1; i < 256; i++) {
		if (sip_hdr_find((struct sip_str){ (char[]){ i }, 1 }) != SIP_HDR_OTHER)
			n++;
	}
	EXPECT_INT("compact forms, both cases", n, 2 * strlen(compact));
	for (i = 0; compact[i]; i++)
		EXPECT(sip_hdr_find((struct sip_str){ compact + i, 1 }) != SIP_HDR_OTHER);
	EXPECT_INT("v", sip_hdr_find(SIP_STR("v")), SIP_HDR_VIA);
	EXPECT_INT("I", sip_hdr_find(SIP_STR("I")), SIP_HDR_CALL_ID);
	EXPECT_INT("l", sip_hdr_find(SIP_STR("l")), SIP_HDR_CONTENT_LENGTH);
	EXPECT_INT("c", sip_hdr_find(SIP_STR("c")), SIP_HDR_CONTENT_TYPE);
	EXPECT_INT("none", sip_hdr_find(SIP_STR("")), SIP_HDR_OTHER);
	for (m = SIP_INVITE; m < _SIP_METHOD_COUNT; m++)
		EXPECT_INT("method", sip_method_find(sip_method_name(m)), m);
	EXPECT_INT("method", sip_method_find(SIP_STR("invite")), SIP_METHOD_UNKNOWN);
	EXPECT_INT("method", sip_method_find(SIP_STR("")), SIP_METHOD_UNKNOWN);
}

static void test_param(void)
{
	struct sip_str v, params = SIP_STR("a=1; bad{=2 ;Tag = x;q=\"y;tag=z\";last");

	EXPECT(sip_param(params, "tag", &v) && sip_str_eq(v, SIP_STR("x")));
	EXPECT(sip_param(params, "A", &v) && sip_str_eq(v, SIP_STR("1")));
	EXPECT(sip_param(params, "q", &v) && sip_str_eq(v, SIP_STR("y;tag=z")));
	EXPECT(sip_param(params, "last", &v) && !v.len);
	EXPECT(!sip_param(params, "z", NULL) && !sip_param(SIP_STR(""), "z", NULL));
}

int main(void)
{
	test_rows();
	test_names();
	test_param();
	return expect_failures ? 1 : 0;
}
