/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digest authentication: examples of RFC 2617 and 7616, choice of challenge, nonces that expire and are used once. */

#include <errno.h>

#include <osmocom/core/talloc.h>

#include "expect.h"
#include "sip/sip_auth.h"

static const struct example {
	const char *what, *user, *password, *value, *response;
	enum sip_auth_alg alg;
} examples[] = {
	{ "RFC 2617 3.5", "Mufasa", "Circle Of Life",
	  "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
	  "uri=\"/dir/index.html\", qop=auth, nc=00000001, cnonce=\"0a4f113b\"",
	  "6629fae49393a05397450978507c4ef1", SIP_AUTH_MD5 },
	{ "RFC 7616 3.9.1 MD5", "Mufasa", "Circle of Life",
	  "Digest username=\"Mufasa\",\r\n realm=\"http-auth@example.org\",\r\n uri=\"/dir/index.html\", "
	  "algorithm=MD5, "
	  "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, "
	  "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth",
	  "8ca523f5e9506fed4657c9700eebdbec", SIP_AUTH_MD5 },
	{ "RFC 7616 3.9.1 SHA-256", "Mufasa", "Circle of Life",
	  "digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", algorithm=SHA-256, "
	  "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, "
	  "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth",
	  "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", SIP_AUTH_SHA256 },
	/* with erratum 4897 */
	{ "RFC 7616 3.9.2 SHA-512-256", "J\xc3\xa4s\xc3\xb8n Doe", "Secret, or not?",
	  "Digest username=\"x\", realm=\"api@example.org\", uri=\"/doe.json\", algorithm=SHA-512-256, "
	  "nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", nc=00000001, "
	  "cnonce=\"NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v\", qop=auth, userhash=true",
	  "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5", SIP_AUTH_SHA512_256 },
	{}
};

static void test_examples(void)
{
	const struct example *e;
	char hex[SIP_AUTH_HEX_SIZE];
	struct sip_auth auth;
	struct sip_auth_input in;

	for (e = examples; e->what; e++) {
		EXPECT_INT(e->what, sip_auth_parse(&auth, sip_str_from(e->value)), 0);
		in = (struct sip_auth_input){ .user = sip_str_from(e->user), .password = sip_str_from(e->password),
					      .auth = &auth, .method = SIP_STR("GET") };
		EXPECT_INT(e->what, sip_auth_algorithm(&auth, &in.alg, &in.sess), 0);
		EXPECT_INT(e->what, in.alg, e->alg);
		EXPECT_INT(e->what, sip_auth_response(hex, &in), 0);
		EXPECT_STR(e->what, hex, e->response);
	}
}

static const struct { const char *value; int rc; } values[] = {
	{ "Digest realm=a", 0 }, { "Digest realm = \"a\" , nonce=\"b\\\"c\"", 0 }, { "Digest x=1, y=\"\"", 0 },
	{ "Basic realm=\"a\"", -ENOTSUP }, { "", -EBADMSG }, { "Digest", -EBADMSG }, { "Digest ", -EBADMSG },
	{ "Digest realm", -EBADMSG }, { "Digest realm=", -EBADMSG }, { "Digest realm=\"a", -EBADMSG },
	{ "Digest realm=\"a\" nonce=b", -EBADMSG }, { "Digest realm=a,", -EBADMSG }, { "Digest ,realm=a", -EBADMSG },
	{ "Digest realm=a, Realm=b", -EBADMSG }, { "Digest realm=a;nonce=b", -EBADMSG }, {}
};

static void test_values(void)
{
	struct sip_auth auth;
	int i;

	for (i = 0; values[i].value; i++)
		EXPECT_INT(values[i].value, sip_auth_parse(&auth, sip_str_from(values[i].value)), values[i].rc);
}

/* A message of this start line with these header lines */
static struct sip_msg *message(const char *start, const char *lines)
{
	static struct sip_msg msg;
	static char text[4096];
	struct sip_parse_error err;

	snprintf(text, sizeof(text), "%s\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@a>;tag=1\r\n"
		 "To: <sip:b@b>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 %s\r\nMax-Forwards: 70\r\n%sContent-Length: 0\r\n\r\n",
		 start, strstr(start, "SIP/2.0 ") == start ? "INVITE" : "REGISTER", lines);
	EXPECT_INT(lines, sip_msg_parse(&msg, text, strlen(text), &err), 0);
	return &msg;
}

#define W "WWW-Authenticate: "

static const struct choice_row {
	const char *lines;
	struct sip_auth_client cred;
	int rc;
	enum sip_auth_alg alg;
	bool auth_int, sess;
} choices[] = {
	{ W "Digest realm=\"r\", nonce=\"n\"\r\n", {}, 0, SIP_AUTH_MD5 },
	{ W "Digest realm=\"r\", nonce=\"n\"\r\n", { .no_md5 = true }, -ENOENT },
	{ W "Digest realm=\"r\", nonce=\"n\"\r\n", { .realm = "q" }, -ENOENT },
	{ W "Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess, qop=\"auth-int, auth\"\r\n", { .realm = "r" }, 0,
	  SIP_AUTH_MD5, false, true },
	{ W "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"\r\n", {}, 0, SIP_AUTH_MD5, true },
	{ W "Digest realm=\"r\", nonce=\"n\", qop=\"other\"\r\n", {}, -ENOENT },
	{ W "Digest realm=\"r\", nonce=\"n\", algorithm=MD5\r\n"
	  W "Digest realm=\"r\", nonce=\"m\", algorithm=sha-256\r\n"
	  W "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-1024\r\n", {}, 0, SIP_AUTH_SHA256 },
	{ W "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512-256\r\n" W "Digest realm=\"r\", nonce=\"m\"\r\n", {}, 0,
	  SIP_AUTH_SHA512_256 },
	{ W "Basic realm=\"r\"\r\n", {}, -ENOENT },
	{ W "Digest nonce=\"r\"\r\n", {}, -ENOENT },
	{ "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n", {}, -ENOENT },	/* of a 407 */
	{ "", {}, -ENOENT },
	{}
};

static void test_choice(void)
{
	struct sip_auth_choice choice;
	const struct choice_row *row;

	for (row = choices; row->lines; row++) {
		EXPECT_INT(row->lines, sip_auth_choose(&choice, message("SIP/2.0 401 x", row->lines), &row->cred),
			   row->rc);
		if (row->rc)
			continue;
		EXPECT_INT(row->lines, choice.alg, row->alg);
		EXPECT_INT(row->lines, choice.auth_int, row->auth_int);
		EXPECT_INT(row->lines, choice.sess, row->sess);
	}
}

/* ---- Client against server ---- */

static struct sip_auth_server *server;
static struct sip_auth_expect expected = {
	.realm = { "gw.example", 10 }, .scope = { "PBX", 3 }, .user = { "tr\"unk", 6 }, .password = { "s3cret", 6 },
	.now_s = 1000, .lifetime_s = 60,
};

static char challenge[2048], answer[2048];

/* What the client answers to the challenge, which stands in challenge[] */
static void make_answer(const char *user, const char *password, uint32_t nc, bool no_md5)
{
	const struct sip_auth_client cred = { .user = user, .password = password, .no_md5 = no_md5 };
	struct sip_auth_choice choice;
	struct sip_msg *response = message("SIP/2.0 401 x", challenge);
	struct sip_auth_choice mine;
	char kept[2048];
	struct sip_buf b;

	EXPECT_INT("challenge", sip_auth_choose(&choice, response, &cred), 0);
	mine = choice;
	/* message() has one buffer: the nonce moves out of it */
	snprintf(kept, sizeof(kept), "%.*s", SIP_STR_ARG(choice.auth.nonce));
	mine.auth.nonce = sip_str_from(kept);
	mine.auth.realm = expected.realm;
	mine.auth.algorithm = sip_str_from(get_value_string(sip_auth_alg_names, choice.alg));
	mine.auth.qop = SIP_STR("auth");
	sip_buf_init(&b, answer, sizeof(answer) - 1);
	EXPECT_INT("answer", sip_auth_put(&b, &mine, &cred, message("REGISTER sip:b@b SIP/2.0", ""), nc,
					  SIP_STR("c0ffee")), 0);
	*b.p = '\0';
}

static void make_challenge(void)
{
	struct sip_buf b;

	sip_buf_init(&b, challenge, sizeof(challenge) - 1);
	sip_auth_put_challenge(&b, server, &expected, false);
	*b.p = '\0';
}

static enum sip_auth_verdict verify(const char *lines)
{
	return sip_auth_verify(server, message("REGISTER sip:b@b SIP/2.0", lines), &expected);
}

static void test_both(void)
{
	uint8_t secret[SIP_AUTH_SECRET_LEN] = { 1 };

	server = sip_auth_server_alloc(NULL, secret);
	make_challenge();
	EXPECT(strstr(challenge, "SHA-512-256") < strstr(challenge, "algorithm=MD5"));
	EXPECT_INT("no answer", verify(""), SIP_AUTH_NONE);
	make_answer("tr\"unk", "s3cret", 1, false);
	EXPECT(strstr(answer, "algorithm=SHA-512-256"));
	/* what stands escaped in the header counts so */
	expected.user = SIP_STR("tr\\\"unk");
	EXPECT_INT("user with a quote", verify(answer), SIP_AUTH_WRONG);

	expected.user = SIP_STR("trunk");
	make_answer("trunk", "s3cret", 1, false);
	EXPECT_INT("right", verify(answer), SIP_AUTH_OK);
	EXPECT_INT("replayed", verify(answer), SIP_AUTH_STALE);
	make_answer("trunk", "s3cret", 2, false);
	EXPECT_INT("counted on", verify(answer), SIP_AUTH_OK);
	make_answer("trunk", "s3cret", 7, false);
	EXPECT_INT("counts may be left out", verify(answer), SIP_AUTH_OK);
	make_answer("trunk", "s3cret", 6, false);
	EXPECT_INT("but do not go back", verify(answer), SIP_AUTH_STALE);
	make_answer("trunk", "wrong", 8, false);
	EXPECT_INT("password", verify(answer), SIP_AUTH_WRONG);
	make_answer("drunk", "s3cret", 8, false);
	EXPECT_INT("user", verify(answer), SIP_AUTH_WRONG);
	make_answer("trunk", "s3cret", 8, false);
	expected.scope = SIP_STR("OTHER");
	EXPECT_INT("another peer's nonce", verify(answer), SIP_AUTH_STALE);
	expected.scope = SIP_STR("PBX");
	expected.now_s += 60;
	EXPECT_INT("just in time", verify(answer), SIP_AUTH_OK);
	make_answer("trunk", "s3cret", 9, false);
	expected.now_s++;
	EXPECT_INT("expired", verify(answer), SIP_AUTH_STALE);
	make_challenge();
	make_answer("trunk", "s3cret", 1, false);
	expected.now_s -= 2;
	EXPECT_INT("of the future", verify(answer), SIP_AUTH_STALE);
	EXPECT_INT("not whole", verify("Authorization: Digest realm=\"gw.example\"\r\n"), SIP_AUTH_BAD);
	EXPECT_INT("not readable", verify("Authorization: Digest realm\r\n"), SIP_AUTH_BAD);
	EXPECT_INT("another realm", verify("Authorization: Digest realm=\"x\"\r\n"), SIP_AUTH_NONE);
	expected.no_md5 = true;
	make_challenge();
	EXPECT(!strstr(challenge, "MD5"));
	talloc_free(server);
}

/* More nonces than there are places: none is taken twice */
static void test_many(void)
{
	uint8_t secret[SIP_AUTH_SECRET_LEN] = { 2 };
	unsigned int i, ok = 0, twice = 0;

	server = sip_auth_server_alloc(NULL, secret);
	for (i = 0; i < 20000; i++) {
		make_challenge();
		make_answer("trunk", "s3cret", 1, false);
		ok += verify(answer) == SIP_AUTH_OK;
		twice += verify(answer) == SIP_AUTH_OK;
	}
	EXPECT(ok > 12000 && ok <= 16384);
	EXPECT_INT("replays", twice, 0);
	expected.now_s += 61;
	make_challenge();
	make_answer("trunk", "s3cret", 1, false);
	EXPECT_INT("places are free again", verify(answer), SIP_AUTH_OK);
	talloc_free(server);
}

int main(void)
{
	test_examples();
	test_values();
	test_choice();
	test_both();
	test_many();
	return expect_failures ? 1 : 0;
}
