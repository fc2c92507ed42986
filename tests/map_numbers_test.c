/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of numbers, row by row: what an IAM becomes in an INVITE, and back; each case says which rows it is for. */

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

static const struct map_numbers only_diversion = { .diversion = MAP_DIVERSION_DIVERSION };
static const struct map_numbers only_history = { .diversion = MAP_DIVERSION_HISTORY_INFO };

#define ENV(...) { \
	.profile = &map_profile_rfc3398, .numbering = &france, .local = "gw", .remote = "pbx", __VA_ARGS__ }
static const struct map_iam_env trusted = ENV(.trusted = true);
static const struct map_iam_env untrusted = ENV(.trusted = false);
static const struct map_iam_env diversion = ENV(.trusted = true, .peer = &only_diversion);
static const struct map_iam_env diversion_untrusted = ENV(.trusted = false, .peer = &only_diversion);
static const struct map_iam_env history = ENV(.trusted = true, .peer = &only_history);
static const struct map_iam_env history_untrusted = ENV(.trusted = false, .peer = &only_history);

static const struct isup_dialect *ansi;

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
#define REDIRECTED(counter, orig, reason) \
	" redirection_info(indicator=diverted original_reason=" orig " counter=" counter " reason=" reason ")"
#define BOB	"redirecting(digits=301112222)"
#define HIDDEN_BOB "redirecting(digits=301112222 apri=restricted)"
#define ALICE	" original_called(digits=309998888)"
#define TARGET(cause, privacy) \
	"History-Info: <sip:+33201234567@pbx;user=phone;cause=" cause privacy ">"

struct to_invite {
	const char *what;
	const struct map_iam_env *env;
	const char *iam;
	uint8_t cause;
	const char *expected;		/* pieces of "To: …", "From: …", headers */
};

static const struct to_invite diverted[] = {
	{ "one diversion", &diversion, IAM BOB REDIRECTED("1", "unknown", "user-busy"), 0,
	  "Diversion: <sip:+33301112222@gw;user=phone>;reason=user-busy;counter=1;privacy=off\r\n|!History-Info" },
	{ "two", &diversion, IAM BOB ALICE REDIRECTED("2", "unconditional", "no-reply"), 0,
	  "Diversion: <sip:+33301112222@gw;user=phone>;reason=no-answer;counter=1;privacy=off\r\n"
	  "Diversion: <sip:+33309998888@gw;user=phone>;reason=unconditional;counter=1;privacy=off\r\n" },
	{ "five", &diversion, IAM BOB ALICE REDIRECTED("5", "user-busy", "deflection-alerting"), 0,
	  ";reason=deflection;counter=4;|;reason=user-busy;counter=1;" },
	{ "not reachable", &diversion, IAM BOB REDIRECTED("1", "unknown", "not-reachable"), 0, ";reason=unavailable;" },
	{ "reason not known", &diversion, IAM BOB REDIRECTED("1", "unknown", "15"), 0, ";reason=unknown;" },
	{ "hidden, trusted", &diversion, IAM HIDDEN_BOB REDIRECTED("1", "unknown", "unconditional"), 0,
	  "Diversion: <sip:+33301112222@gw;user=phone>;reason=unconditional;counter=1;privacy=full\r\n" },
	{ "hidden, not trusted", &diversion_untrusted, IAM HIDDEN_BOB REDIRECTED("1", "unknown", "unconditional"), 0,
	  "Diversion: <sip:anonymous@anonymous.invalid>;reason=unconditional;counter=1;privacy=full\r\n|!33301112222" },
	{ "all hidden by the indicator", &diversion_untrusted,
	  IAM BOB " redirection_info(indicator=diverted-all-restricted counter=1)", 0, "<sip:anonymous@|!33301112222" },
	{ "no redirection information", &diversion, IAM BOB, 0, ";reason=unknown;counter=1;privacy=off" },
	{ "original called number alone", &diversion, IAM ALICE REDIRECTED("1", "unknown", "user-busy"), 0,
	  "Diversion: <sip:+33309998888@gw;user=phone>;reason=user-busy" },
	{ "number not available", &diversion, IAM REDIRECTED("1", "unknown", "user-busy"), 0,
	  "Diversion: <sip:unknown@unknown.invalid>;reason=user-busy" },
	{ "not diverted", &trusted, IAM ALICE, 0, "!Diversion|!History-Info" },
	{ "both headers", &trusted, IAM BOB REDIRECTED("1", "unknown", "user-busy"), 0, "Diversion: |History-Info: " },
	{ "one, History-Info", &history, IAM BOB REDIRECTED("1", "unknown", "user-busy"), 0,
	  "History-Info: <sip:+33301112222@gw;user=phone>;index=1\r\n" TARGET("486", "") ";index=1.1;mp=1\r\n"
	  "|!Diversion" },
	{ "two, History-Info", &history, IAM BOB ALICE REDIRECTED("2", "unconditional", "no-reply"), 0,
	  "History-Info: <sip:+33309998888@gw;user=phone>;index=1\r\n"
	  "History-Info: <sip:+33301112222@gw;user=phone;cause=302>;index=1.1;mp=1\r\n"
	  TARGET("408", "") ";index=1.1.1;mp=1.1\r\n" },
	{ "four, History-Info", &history, IAM BOB ALICE REDIRECTED("4", "user-busy", "deflection-immediate"), 0,
	  "History-Info: <sip:+33309998888@gw;user=phone>;index=1\r\n"
	  "History-Info: <sip:unknown@unknown.invalid;cause=486>;index=1.1;mp=1\r\n"
	  "History-Info: <sip:unknown@unknown.invalid;cause=404>;index=1.1.1;mp=1.1\r\n"
	  "History-Info: <sip:+33301112222@gw;user=phone;cause=404>;index=1.1.1.1;mp=1.1.1\r\n"
	  TARGET("480", "") ";index=1.1.1.1.1;mp=1.1.1.1\r\n" },
	{ "hidden, History-Info", &history, IAM HIDDEN_BOB REDIRECTED("1", "unknown", "deflection-alerting"), 0,
	  "History-Info: <sip:+33301112222@gw;user=phone?Privacy=history>;index=1\r\n"
	  TARGET("487", "") ";index=1.1;mp=1\r\n" },
	{ "hidden, History-Info, not trusted", &history_untrusted,
	  IAM HIDDEN_BOB REDIRECTED("1", "unknown", "not-reachable"), 0,
	  "History-Info: <sip:anonymous@anonymous.invalid>;index=1\r\n" TARGET("503", "") ";index=1.1;mp=1\r\n"
	  "|!33301112222" },
	{ "redirection number hidden", &history,
	  IAM BOB " redirection_info(indicator=diverted-number-restricted counter=1 reason=unconditional)", 0,
	  TARGET("302", "?Privacy=history") ";index=1.1;mp=1\r\n" },
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
		snprintf(text, sizeof(text), "INVITE %.*s\r\nTo: %.*s\r\nFrom: %.*s\r\n%.*s", SIP_STR_ARG(invite.ruri),
			 SIP_STR_ARG(invite.to), SIP_STR_ARG(invite.from), SIP_STR_ARG(invite.headers));
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

#define REDIRECTION(indicator, orig, counter, reason) \
	"redirection_info(indicator=" indicator " original_reason=" orig " counter=" counter " reason=" reason ")"
#define NUMBER(par, digits, apri) par "(noa=national npi=isdn apri=" apri " digits=" digits ")"
#define BASE "History-Info: <sip:+33309998888@pbx;user=phone>;index=1\r\n"

static const struct to_iam diversions[] = {
	{ "one Diversion", &trusted, RURI, FROM, "Diversion: <sip:+33309998888@pbx>;reason=user-busy\r\n", 0,
	  NUMBER("redirecting", "309998888", "allowed") "|" NUMBER("original_called", "309998888", "allowed") "|"
	  REDIRECTION("diverted", "user-busy", "1", "user-busy") },
	{ "two Diversions, two counters", &trusted, RURI, FROM,
	  "Diversion: <tel:+33305556666>;reason=no-answer;counter=2;privacy=off,\r\n"
	  " <sip:0309998888@pbx>;reason=unconditional;counter=1;privacy=full\r\n", 0,
	  NUMBER("redirecting", "305556666", "allowed") "|" NUMBER("original_called", "309998888", "restricted") "|"
	  REDIRECTION("diverted", "unconditional", "3", "no-reply") },
	{ "counter too large", &trusted, RURI, FROM, "Diversion: <tel:+33305556666>;reason=away;counter=99\r\n", 0,
	  REDIRECTION("diverted", "unknown", "5", "unknown") },
	{ "Diversion, hidden", &trusted, RURI, FROM, "Diversion: <tel:+33305556666>;reason=deflection;privacy=uri\r\n",
	  0, NUMBER("redirecting", "305556666", "restricted") "|"
	  REDIRECTION("diverted-all-restricted", "unknown", "1", "deflection-immediate") },
	{ "Diversion, unavailable", &trusted, RURI, FROM, "Diversion: <tel:+33305556666>;reason=\"unavailable\"\r\n", 0,
	  REDIRECTION("diverted", "unknown", "1", "not-reachable") },
	{ "Diversion that names nobody", &trusted, RURI, FROM, "Diversion: <sip:bob@pbx>;reason=follow-me\r\n", 0,
	  "!redirecting(|!original_called|" REDIRECTION("diverted", "unknown", "1", "unknown") },
	{ "Diversion, not trusted", &untrusted, RURI, FROM, "Diversion: <tel:+33305556666>;reason=user-busy\r\n", 0,
	  "!redirecti|!original_called" },
	{ "one of History-Info", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33201234567@gw;user=phone;cause=302>;index=1.1;mp=1\r\n", 0,
	  NUMBER("redirecting", "309998888", "allowed") "|" NUMBER("original_called", "309998888", "allowed") "|"
	  REDIRECTION("diverted", "unconditional", "1", "unconditional") },
	{ "two of History-Info, RFC 7544 7.2", &trusted, RURI, FROM,
	  "History-Info: <sip:+33309998888@pbx?Privacy=history>;index=1,"
	  "<sip:+33305556666@pbx;cause=302?Privacy=none>;index=1.1;mp=1,<sip:+33201234567@gw;cause=486>;"
	  "index=1.1.1;mp=1.1\r\n", 0,
	  NUMBER("redirecting", "305556666", "allowed") "|" NUMBER("original_called", "309998888", "restricted") "|"
	  REDIRECTION("diverted", "unconditional", "2", "user-busy") },
	{ "mp names an earlier entry", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33305556666@pbx>;index=1.1;rc=1,"
	  "<sip:+33201234567@gw;cause=408>;index=1.2;mp=1\r\n", 0,
	  NUMBER("redirecting", "309998888", "allowed") "|" REDIRECTION("diverted", "no-reply", "1", "no-reply") },
	{ "no mp: the entry before", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33305556666@pbx>;index=1.1, <sip:+33201234567@gw;cause=480>;index=1.2\r\n", 0,
	  NUMBER("redirecting", "305556666", "allowed") "|"
	  REDIRECTION("diverted", "unknown", "1", "deflection-immediate") },
	{ "deflection during alerting", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33201234567@gw;cause=487>;index=1.1;mp=1\r\n", 0, "reason=deflection-alerting)" },
	{ "not reachable", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33201234567@gw;cause=503>;index=1.1;mp=1\r\n", 0, "reason=not-reachable)" },
	{ "the target hidden", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33201234567@gw;cause=404?Privacy=history>;index=1.1;mp=1\r\n", 0,
	  REDIRECTION("diverted-number-restricted", "unknown", "1", "unknown") },
	{ "Privacy: history", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33201234567@gw;cause=404>;index=1.1;mp=1\r\nPrivacy: history\r\n", 0,
	  "indicator=diverted-all-restricted|calling(noa=national ni=0 npi=isdn apri=allowed" },
	{ "not diverted", &trusted, RURI, FROM, BASE "History-Info: <sip:+33201234567@gw>;index=1.1;rc=1\r\n", 0,
	  "!redirecti|!original_called" },
	{ "History-Info before Diversion", &trusted, RURI, FROM,
	  BASE "History-Info: <sip:+33201234567@gw;cause=302>;index=1.1;mp=1\r\n"
	  "Diversion: <tel:+33305556666>;reason=user-busy\r\n", 0, "reason=unconditional)|!305556666" },
	{ "encapsulated ISUP says as much", &trusted, RURI, FROM, "Diversion: <tel:+33305556666>;reason=user-busy\r\n",
	  0, "reason=no-reply)|!305556666", IAM BOB REDIRECTED("1", "unknown", "no-reply") },
	{ "headers say more", &trusted, RURI, FROM, "Diversion: <tel:+33305556666>;reason=user-busy;counter=2\r\n", 0,
	  "reason=user-busy)|redirecting(noa=national npi=isdn apri=allowed digits=305556666",
	  IAM BOB REDIRECTED("1", "unknown", "no-reply") },
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
		status = map_called_from_invite(&called, &msg, env.numbering);
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

int main(void)
{
	ansi = isup_dialect_find("ansi");
	TO_INVITE(diverted, &isup_dialect_itu);
	TO_IAM(diversions, &isup_dialect_itu);
	TO_IAM(diversions, ansi);
	return expect_failures ? 1 : 0;
}
