/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: digest challenges and answers, as header values and in messages; what we answer can be read again. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sip/sip_auth.h"
#include "fuzz.h"

static const struct sip_auth_client cred = { .user = "user", .password = "password" };
static struct sip_auth_server *server;
static struct sip_msg msg, request;
static char text[70000], out[140000];

static bool read_message(struct sip_msg *m, const char *start, const char *cseq, const char *name, struct sip_str value)
{
	struct sip_parse_error err;
	int n = snprintf(text, sizeof(text), "%s\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@a>;tag=1\r\n"
			 "To: <sip:b@b>;tag=2\r\nCall-ID: 1\r\nCSeq: %s\r\nMax-Forwards: 70\r\n%s: %.*s\r\n"
			 "Content-Length: 0\r\n\r\n", start, cseq, name, SIP_STR_ARG(value));

	return n < (int)sizeof(text) && sip_msg_parse(m, text, n, &err) == 0;
}

static void as_challenge(struct sip_str value)
{
	static const char req[] = "REGISTER sip:b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n"
		"From: <sip:a@a>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nMax-Forwards: 70\r\n\r\n";
	struct sip_auth_choice choice;
	struct sip_parse_error err;
	struct sip_auth auth;
	struct sip_buf b;

	if (!read_message(&msg, "SIP/2.0 401 x", "1 REGISTER", "WWW-Authenticate", value) ||
	    sip_auth_choose(&choice, &msg, &cred) < 0)
		return;
	CHECK(sip_msg_parse(&request, req, sizeof(req) - 1, &err) == 0);
	sip_buf_init(&b, out, sizeof(out));
	CHECK(sip_auth_put(&b, &choice, &cred, &request, 1, SIP_STR("c")) == 0 && !b.full);
	value = sip_buf_str(&b);
	CHECK(value.len > 17 && !memcmp(value.p, "Authorization: ", 15) && !memcmp(b.p - 2, "\r\n", 2));
	CHECK(sip_auth_parse(&auth, (struct sip_str){ value.p + 15, value.len - 17 }) == 0);
	CHECK(sip_str_eq(auth.nonce, choice.auth.nonce) && sip_str_eq(auth.realm, choice.auth.realm));
}

static void as_answer(struct sip_str value)
{
	const struct sip_auth_expect expect = {
		.realm = SIP_STR("r"), .scope = SIP_STR("s"), .user = SIP_STR("user"), .password = SIP_STR("password"),
		.now_s = 1, .lifetime_s = 60,
	};

	if (read_message(&msg, "REGISTER sip:b SIP/2.0", "1 REGISTER", "Authorization", value))
		CHECK(sip_auth_verify(server, &msg, &expect) != SIP_AUTH_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t secret[SIP_AUTH_SECRET_LEN] = { 1 };
	struct sip_str value = { (const char *)data, size };
	struct sip_auth auth;

	if (!server)
		server = sip_auth_server_alloc(NULL, secret);
	if (size > 60000)
		return 0;
	sip_auth_parse(&auth, value);
	as_challenge(value);
	as_answer(value);
	return 0;
}
