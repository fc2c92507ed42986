/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests of rules: cases of what an IAM becomes in an INVITE, and back; each says which rows it is for. */
#pragma once

#include <osmocom/core/utils.h>

#include "expect.h"
#include "isup/isup_dialect.h"
#include "mapping/map_divert.h"
#include "mapping/map_iam.h"
#include "mapping/map_profile.h"
#include "mapping/mapping.h"

static const struct map_numbering france = {
	.country_code = "33", .national_prefix = "0", .international_prefix = "00",
};

#define ENV(...) { \
	.profile = &map_profile_rfc3398, .numbering = &france, .local = "gw", .remote = "pbx", .tmr = 3, __VA_ARGS__ }
static const struct map_iam_env trusted = ENV(.trusted = true);
static const struct map_iam_env untrusted = ENV(.trusted = false);

/* Every piece of expected, '|' between them, is in text; one that begins with '!' is not. */
static void expect_pieces(const char *what, const char *text, const char *expected)
{
	char pieces[1024], *save = NULL;

	osmo_strlcpy(pieces, expected, sizeof(pieces));
	for (char *p = strtok_r(pieces, "|", &save); p; p = strtok_r(NULL, "|", &save)) {
		bool not = *p == '!';

		if (!strstr(text, p + not) == not)
			continue;
		printf("%s: %s\n  should %sbe in\n  %s\n", what, p + not, not ? "not " : "", text);
		expect_failures++;
	}
}

/* ---- IAM to INVITE ---- */

#define IAM "IAM called=201234567 "
#define CALLER(how) IAM "calling(digits=301112222 " how ")"

struct to_invite {
	const char *what;
	const struct map_iam_env *env;
	const char *iam;
	uint8_t cause;
	const char *expected;		/* pieces of "To: …", "From: …", headers */
};

static void test_to_invite(const struct to_invite *cases, size_t n, const struct isup_dialect *dialect)
{
	for (size_t i = 0; i < n; i++) {
		static struct isup_msg iam;
		struct sip_prim invite = {};
		struct map_called called;
		char mem[3000], text[4000], err[256];
		struct sip_buf buf;
		uint8_t cause;

		if (isup_msg_scan(&iam, dialect, cases[i].iam, err, sizeof(err)) < 0) {
			printf("%s: %s\n", cases[i].what, err);
			expect_failures++;
			continue;
		}
		sip_buf_init(&buf, mem, sizeof(mem));
		cause = map_called_from_iam(&called, &iam, cases[i].env->numbering);
		cause = cause ? cause : map_iam_to_invite(&invite, &buf, &iam, &called, cases[i].env);
		EXPECT_INT(cases[i].what, cause, cases[i].cause);
		snprintf(text, sizeof(text), "INVITE %.*s\r\nMax-Forwards: %u\r\nTo: %.*s\r\nFrom: %.*s\r\n%.*s",
			 SIP_STR_ARG(invite.ruri), invite.max_forwards, SIP_STR_ARG(invite.to),
			 SIP_STR_ARG(invite.from), SIP_STR_ARG(invite.headers));
		if (!cause)
			expect_pieces(cases[i].what, text, cases[i].expected);
	}
}

/* ---- INVITE to IAM ---- */

#define RURI "tel:+33201234567"
#define FROM "<sip:+33301112222@pbx>"

struct to_iam {
	const char *what;
	const struct map_iam_env *env;
	const char *ruri, *from, *headers;
	uint16_t status;
	const char *expected;		/* pieces of the IAM as text */
	const char *isup;		/* an encapsulated IAM, or NULL */
};

static void test_to_iam(const struct to_iam *cases, size_t n, const struct isup_dialect *dialect)
{
	for (size_t i = 0; i < n; i++) {
		static struct isup_msg iam, isup;
		static struct sip_msg msg;
		char text[3000], err[256];
		struct map_iam_env env = *cases[i].env;
		struct sip_parse_error perr;
		struct map_called called;
		uint16_t status;

		snprintf(text, sizeof(text), "INVITE %s SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKx\r\n"
			 "From: %s;tag=1\r\nTo: <%s>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n%s"
			 "Content-Length: 0\r\n\r\n", cases[i].ruri, cases[i].from, cases[i].ruri, cases[i].headers);
		EXPECT_INT(cases[i].what, sip_msg_parse(&msg, text, strlen(text), &perr), 0);
		if (cases[i].isup) {
			EXPECT_INT(cases[i].what, isup_msg_scan(&isup, dialect, cases[i].isup, err, sizeof(err)), 0);
			env.isup = &isup;
		}
		status = map_called_from_invite(&called, &msg, env.sip_numbering ? env.sip_numbering : env.numbering);
		if (!status && env.sip_numbering)
			map_called_renumber(&called, &msg, env.sip_numbering, env.numbering);
		isup_msg_init(&iam, dialect, ISUP_MSG_IAM);
		status = status ? status : map_invite_to_iam(&iam, &msg, &called, &env);
		EXPECT_INT(cases[i].what, status, cases[i].status);
		if (status)
			continue;
		isup_msg_print_buf(text, sizeof(text), &iam);
		expect_pieces(cases[i].what, text, cases[i].expected);
	}
}

#define TO_INVITE(cases, dialect) test_to_invite(cases, ARRAY_SIZE(cases), dialect)
#define TO_IAM(cases, dialect) test_to_iam(cases, ARRAY_SIZE(cases), dialect)
