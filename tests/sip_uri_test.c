/* SPDX-License-Identifier: GPL-3.0-or-later */
/* URIs: what they are parsed to, what they are compared to, the number in them. */

#include <errno.h>

#include "expect.h"
#include "sip/sip_uri.h"
#include "sip_text.h"

static void render(struct out *o, const struct sip_uri *u)
{
	static const char *const schemes[] = { "other", "sip", "sips", "tel" };

	out(o, "%s", schemes[u->scheme]);
	out_str(o, "user", u->user);
	out_str(o, "user_params", u->user_params);
	out_str(o, "password", u->password);
	out_str(o, u->host_is_ipv6 ? "host6" : "host", u->host);
	if (u->port)
		out(o, " port=%u", u->port);
	out_str(o, "params", u->params);
	out_str(o, "headers", u->headers);
}

/* expected NULL: -EBADMSG */
static const struct {
	const char *text, *expected;
} parse_rows[] = {
	/* RFC 3261 19.1.3 */
	{ "sip:alice@atlanta.com", "sip user=alice host=atlanta.com" },
	{ "sip:alice:secretword@atlanta.com;transport=tcp",
	  "sip user=alice password=secretword host=atlanta.com params=transport=tcp" },
	{ "sips:alice@atlanta.com?subject=project%20x&priority=urgent",
	  "sips user=alice host=atlanta.com headers=subject=project%20x&priority=urgent" },
	{ "sip:+1-212-555-1212:1234@gateway.com;user=phone",
	  "sip user=+1-212-555-1212 password=1234 host=gateway.com params=user=phone" },
	{ "sips:1212@gateway.com", "sips user=1212 host=gateway.com" },
	{ "sip:alice@192.0.2.4", "sip user=alice host=192.0.2.4" },
	{ "sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com",
	  "sip host=atlanta.com params=method=REGISTER headers=to=alice%40atlanta.com" },
	{ "sip:alice;day=tuesday@atlanta.com",
	  "sip user=alice;day=tuesday user_params=day=tuesday host=atlanta.com" },
	/* RFC 3261 19.1.6, RFC 4904: tel parameters in the user part */
	{ "sip:+12125551212;isub=1411;cpc=payphone@gateway.com:5070;user=phone",
	  "sip user=+12125551212;isub=1411;cpc=payphone user_params=isub=1411;cpc=payphone host=gateway.com port=5070 "
	  "params=user=phone" },
	/* RFC 4475 3.1.1.2, 3.1.1.3, 3.1.1.9 */
	{ "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com",
	  "sip user=1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;* user_params=;* "
	  "password=&it+has=1,weird!*pas$wo~d_too.(doesn't-it) host=example.com" },
	{ "sip:sips%3Auser%40example.com@example.net", "sip user=sips%3Auser%40example.com host=example.net" },
	{ "sip:null-%00-null@example.com", "sip user=null-%00-null host=example.com" },
	{ "sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31",
	  "sip user=cal%6Cer host=host5.example.net params=%6C%72;n%61me=v%61lue%25%34%31" },
	/* IPv6 references, RFC 5118 */
	{ "sip:[2001:db8::10]", "sip host6=2001:db8::10" },
	{ "sip:user@[2001:db8::10]:5070;lr", "sip user=user host6=2001:db8::10 port=5070 params=lr" },
	{ "sip:[2001:db8::10:5070]", "sip host6=2001:db8::10:5070" },
	{ "sip:u@[2001:db8:::192.0.2.1]", "sip user=u host6=2001:db8:::192.0.2.1" },
	{ "SIP:A@B", "sip user=A host=B" },
	{ "sip:*21%23@gw", "sip user=*21%23 host=gw" },
	{ "sip:*21#@gw", "sip user=*21# host=gw" },
	{ "sip:a@my_host", "sip user=a host=my_host" },
	{ "sip:a@h;maddr=[::1];x=", "sip user=a host=h params=maddr=[::1];x=" },
	/* RFC 3966 */
	{ "tel:+1-201-555-0123", "tel user=+1-201-555-0123" },
	{ "tel:7042;phone-context=example.com", "tel user=7042 user_params=phone-context=example.com" },
	{ "tel:863-1234;phone-context=+1-914-555", "tel user=863-1234 user_params=phone-context=+1-914-555" },
	{ "tel:*#06#;phone-context=+33", "tel user=*#06# user_params=phone-context=+33" },
	/* RFC 4694 */
	{ "tel:+1-800-123-4567;cic=+1-6789;npdi;rn=+1-202",
	  "tel user=+1-800-123-4567 user_params=cic=+1-6789;npdi;rn=+1-202" },
	{ "mailto:a@b", "other user=a@b" },
	{ "nobodyKnowsThisScheme:totallyopaquecontent", "other user=totallyopaquecontent" },
	{ "soap.beep://192.0.2.103:3002", "other user=//192.0.2.103:3002" },
	{ "urn:service:sos", "other user=service:sos" },

	{ "", NULL }, { "sip", NULL }, { "sip:", NULL }, { ":a", NULL }, { "1sip:a", NULL }, { "*", NULL },
	{ "sip:@host", NULL }, { "sip:a@", NULL }, { "sip:a@b@c", NULL }, { "sip:a@b:", NULL }, { "sip:a@b:0", NULL },
	{ "sip:a@b:65536", NULL }, { "sip:a@b:5060x", NULL }, { "sip:a@b:99999999999999999999", NULL },
	{ "sip:2001:db8::10", NULL }, { "sip:[2001:db8::10", NULL }, { "sip:[]", NULL }, { "sip:[g]", NULL },
	{ "sip:[fe80::1%eth0]", NULL }, { "sip:[fe80::1%25eth0]", NULL },
	{ "sip:a%4@b", NULL }, { "sip:a%@b", NULL }, { "sip:a%zz@b", NULL }, { "sip:a b@c", NULL },
	{ "sip:a@b c", NULL },
	{ "sip:a@b;", NULL }, { "sip:a@b;;x", NULL }, { "sip:a@b;=1", NULL }, { "sip:a@b;x=\"q\"", NULL },
	{ "sip:a@b?", NULL }, { "sip:a@b>", NULL }, { "<sip:a@b>", NULL }, { "sip:a\"@b", NULL },
	{ "tel:", NULL }, { "tel:x1", NULL }, { "tel:+33 1", NULL }, { "tel:+33;", NULL }, { "tel:+33;=x", NULL },
	{ "foo:", NULL }, { "foo:a b", NULL }, { "foo:<a>", NULL },
};

static void test_parse(void)
{
	struct sip_str text;
	struct sip_uri uri;
	struct out o;
	size_t i, len;
	int rc;

	for (i = 0; i < sizeof(parse_rows) / sizeof(parse_rows[0]); i++) {
		text = exact(parse_rows[i].text, strlen(parse_rows[i].text));
		rc = sip_uri_parse(&uri, text);
		EXPECT_INT(parse_rows[i].text, rc, parse_rows[i].expected ? 0 : -EBADMSG);
		o = (struct out){};
		if (!rc)
			render(&o, &uri);
		EXPECT_STR(parse_rows[i].text, o.text, parse_rows[i].expected ? parse_rows[i].expected : "");
		free((void *)text.p);
		for (len = 0; len < strlen(parse_rows[i].text); len++) {
			text = exact(parse_rows[i].text, len);
			rc = sip_uri_parse(&uri, text);
			EXPECT(rc == 0 || rc == -EBADMSG);
			free((void *)text.p);
		}
	}
}

static const struct {
	const char *text, *number;	/* NULL: -EINVAL */
} number_rows[] = {
	{ "tel:+1-(201)-555.0123", "+12015550123" },
	{ "sip:+33.1-23@gw;user=phone", "+33123" },
	{ "sip:%2B33%2D1@gw", "+331" },
	{ "sip:*21%23@gw", "*21#" },
	{ "sip:0123;phone-context=+33;npdi@gw", "0123" },
	{ "sip:alice@gw", "alice" },
	{ "sip:gw", "" },
	{ "sip:12%0034@gw", NULL },
	{ "sip:12%0a@gw", NULL },
	{ "sip:01234567890123456789012345678901@gw", NULL },
};

static void test_number(void)
{
	struct sip_uri uri;
	char buf[32];
	size_t i;
	int rc;

	for (i = 0; i < sizeof(number_rows) / sizeof(number_rows[0]); i++) {
		EXPECT_INT(number_rows[i].text, sip_uri_parse(&uri, sip_str_from(number_rows[i].text)), 0);
		rc = sip_uri_number(&uri, buf, sizeof(buf));
		EXPECT_INT(number_rows[i].text, rc,
			   number_rows[i].number ? (int)strlen(number_rows[i].number) : -EINVAL);
		if (rc >= 0)
			EXPECT_STR(number_rows[i].text, buf, number_rows[i].number ? number_rows[i].number : "(none)");
	}
	EXPECT_INT("31 fit", sip_uri_number(&(struct sip_uri){ .scheme = SIP_SCHEME_TEL,
				.user = SIP_STR("0123456789012345678901234567890") }, buf, sizeof(buf)), 31);
	EXPECT_INT("no room", sip_uri_number(&uri, buf, 0), -EINVAL);
	EXPECT_INT("a broken escape", sip_unescape(SIP_STR("a%4"), buf, sizeof(buf)), -EINVAL);
	EXPECT_INT("an escape", sip_unescape(SIP_STR("a%40"), buf, sizeof(buf)), 2);
}

static void test_param(void)
{
	struct sip_str value;
	struct sip_uri uri;

	EXPECT(!sip_uri_parse(&uri, SIP_STR("sip:a;isub=3@h;lr;%74ransport=tcp;x=%41")));
	EXPECT(sip_uri_param(&uri, "lr", &value) && !value.len);
	EXPECT(sip_uri_param(&uri, "Transport", &value) && sip_str_eq(value, SIP_STR("tcp")));
	EXPECT(sip_uri_param(&uri, "x", &value) && sip_str_eq(value, SIP_STR("%41")));
	EXPECT(!sip_uri_param(&uri, "isub", NULL) && !sip_uri_param(&uri, "l", NULL));
	EXPECT(!sip_uri_parse(&uri, SIP_STR("tel:+1;npdi;rn=+12")));
	EXPECT(sip_uri_param(&uri, "rn", &value) && sip_str_eq(value, SIP_STR("+12")));
	EXPECT(sip_uri_param(&uri, "npdi", NULL));
}

/* ---- Telephone subscribers ---- */

static void render_tel(struct out *o, const struct sip_tel *t)
{
	out(o, "%.*s%s", SIP_STR_ARG(t->number), t->is_global ? " global" : "");
	out(o, "%s", t->npdi ? " npdi" : "");
	out_str(o, "context", t->context);
	out_str(o, "isub", t->isub);
	out_str(o, "isub-encoding", t->isub_encoding);
	out_str(o, "ext", t->ext);
	out_str(o, "cpc", t->cpc);
	out_str(o, "oli", t->oli);
	out_str(o, "rn", t->rn);
	out_str(o, "rn-context", t->rn_context);
	out_str(o, "cic", t->cic);
	out_str(o, "cic-context", t->cic_context);
	out_str(o, "tgrp", t->tgrp);
	out_str(o, "trunk-context", t->trunk_context);
}

static const struct {
	const char *text;
	int rc;
	const char *expected;
} tel_rows[] = {
	/* RFC 3966 6 */
	{ "tel:+1-201-555-0123", 0, "+1-201-555-0123 global" },
	{ "tel:7042;phone-context=example.com", 0, "7042 context=example.com" },
	{ "tel:863-1234;phone-context=+1-914-555", 0, "863-1234 context=+1-914-555" },
	{ "tel:+1;isub=12%2f34;isub-encoding=nsap-ia5", 0, "+1 global isub=12%2f34 isub-encoding=nsap-ia5" },
	{ "tel:*#06#", 0, "*#06#" }, { "tel:+33;ext=12-3", 0, "+33 global ext=12-3" },
	{ "sip:+33-1;cpc=payphone;oli=27@gw;user=phone", 0, "+33-1 global cpc=payphone oli=27" },
	{ "sip:%2B33;CPC=ordinary@gw", 0, "%2B33 global cpc=ordinary" },
	{ "sip:0123@gw", 0, "0123" }, { "sips:*21%23;phone-context=x@gw", 0, "*21%23 context=x" },
	/* RFC 4694 6 */
	{ "tel:+1-800-123-4567;cic=+1-6789", 0, "+1-800-123-4567 global cic=+1-6789" },
	{ "tel:+1-202-533-1234;npdi;rn=+1-202-000-0000", 0, "+1-202-533-1234 global npdi rn=+1-202-000-0000" },
	{ "tel:+1;rn=0;rn-context=+1;cic=6789;cic-context=+1", 0,
	  "+1 global rn=0 rn-context=+1 cic=6789 cic-context=+1" },
	/* RFC 4904 5 */
	{ "sip:5550100;phone-context=+1-630;tgrp=TG-1;trunk-context=example.com@isp.example.net;user=phone", 0,
	  "5550100 context=+1-630 tgrp=TG-1 trunk-context=example.com" },
	{ "sip:+16305550100;tgrp=TG-1;trunk-context=+1-630@isp", 0,
	  "+16305550100 global tgrp=TG-1 trunk-context=+1-630" },
	{ "tel:+1;tgrp=TG-1", 0, "+1 global" }, { "tel:+1;trunk-context=x", 0, "+1 global" },
	{ "tel:+1;unknown;foo=bar", 0, "+1 global" },

	{ "sip:alice@gw", -ENOENT, "" }, { "sip:gw", -ENOENT, "" }, { "mailto:123", -ENOENT, "" },
	{ "sip:+alice@gw", -ENOENT, "" }, { "sip:12%0034@gw", -ENOENT, "" }, { "sip:--@gw", -ENOENT, "" },
	{ "sip:1+2@gw", -ENOENT, "" }, { "sip:+1a@gw", -ENOENT, "" },
	{ "tel:+", -EBADMSG, "" }, { "tel:+33#", -EBADMSG, "" }, { "tel:-", -EBADMSG, "" }, { "tel:++1", -EBADMSG, "" },
	{ "tel:+1;isub=1;ext=2", -EBADMSG, "" }, { "tel:+1;isub=1;isub=1", -EBADMSG, "" },
	{ "tel:+1;m-new=1", -EBADMSG, "" }, { "tel:+1;M-x", -EBADMSG, "" }, { "tel:+1;isub", -EBADMSG, "" },
	{ "tel:+1;rn=", -EBADMSG, "" }, { "sip:+1;cpc@gw", -EBADMSG, "" },
};

static void test_tel(void)
{
	struct sip_uri uri;
	struct sip_tel tel;
	char digits[16];
	struct out o;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(tel_rows) / sizeof(tel_rows[0]); i++) {
		EXPECT_INT(tel_rows[i].text, sip_uri_parse(&uri, sip_str_from(tel_rows[i].text)), 0);
		rc = sip_tel_parse(&tel, &uri);
		EXPECT_INT(tel_rows[i].text, rc, tel_rows[i].rc);
		o = (struct out){};
		if (!rc)
			render_tel(&o, &tel);
		EXPECT_STR(tel_rows[i].text, o.text, tel_rows[i].expected);
	}
	EXPECT_INT("digits", sip_phone_digits(SIP_STR("+1-(202)"), digits, sizeof(digits)), 5);
	EXPECT_STR("digits", digits, "+1202");
}

static void test_header(void)
{
	struct sip_str value;
	struct sip_uri uri;

	EXPECT(!sip_uri_parse(&uri, SIP_STR("sip:a@b?Reason=SIP%3Bcause%3D302&%50rivacy=history&x")));
	EXPECT(sip_uri_header(&uri, "reason", &value) && sip_str_eq(value, SIP_STR("SIP%3Bcause%3D302")));
	EXPECT(sip_uri_header(&uri, "Privacy", &value) && sip_str_eq(value, SIP_STR("history")));
	EXPECT(sip_uri_header(&uri, "x", &value) && !value.len && !sip_uri_header(&uri, "y", NULL));
}

int main(void)
{
	test_parse();
	test_tel();
	test_header();
	test_number();
	test_param();
	return expect_failures ? 1 : 0;
}
