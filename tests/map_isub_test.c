/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subaddresses: access transport to isub and back, RFC 4715 6; and what of an IAM no header says. */

#include <osmocom/core/talloc.h>

#include "map_cases.h"
#include "isup/isup_t113.h"
#include "mapping/map_loss.h"
#include "mapping/map_subaddress.h"

/* ---- Rules ---- */

#define SUB(octets) IAM "calling(digits=301112222) access_transport=0x" octets

static const struct to_invite to_invites[] = {
	{ "RFC 4715 5: IA5", &trusted, SUB("71078050" "3132333435"), 0,
	  "INVITE sip:+33201234567;isub=12345;isub-encoding=nsap-ia5@pbx;user=phone\r\n"
	  "|To: <sip:+33201234567;isub=12345;isub-encoding=nsap-ia5@pbx" },
	{ "IA5, what may not stand in a URI", &trusted, SUB("71078050" "3a2f20412d"), 0,
	  ";isub=%3A%2F%20A-;isub-encoding=nsap-ia5@" },
	{ "IA5, control character: octets", &trusted, SUB("71048050" "310d"), 0,
	  ";isub=50310D;isub-encoding=nsap@" },
	{ "BCD, even", &trusted, SUB("71058048" "123450"), 0, ";isub=123450;isub-encoding=nsap-bcd@" },
	{ "BCD, odd by the filler", &trusted, SUB("71058048" "12345f"), 0, ";isub=12345;isub-encoding=nsap-bcd@" },
	{ "BCD, odd by the indicator", &trusted, SUB("71058848" "123450"), 0, ";isub=12345;isub-encoding=nsap-bcd@" },
	{ "BCD that is none: octets", &trusted, SUB("71038048" "1a"), 0, ";isub=481A;isub-encoding=nsap@" },
	{ "another AFI", &trusted, SUB("71068031" "32333435"), 0, ";isub=3132333435;isub-encoding=nsap@" },
	{ "user specified: RFC 4715 6.1", &trusted, SUB("7107a0" "1a2b3c4d5e6f"), 0, "!isub" },
	{ "no octets, broken octets", &trusted, SUB("7101807109805031"), 0, "!isub" },
	{ "behind others", &trusted, SUB("1e028483" "a0" "6d048050" "3132"), 0,
	  "From: <sip:+33301112222;isub=12;isub-encoding=nsap-ia5@gw;user=phone>"
	  "|P-Asserted-Identity: <sip:+33301112222;isub=12;isub-encoding=nsap-ia5@gw|INVITE sip:+33201234567@pbx" },
	{ "both, hidden", &trusted, CALLER("apri=restricted") " access_transport=0x6d048050313271048050""3334", 0,
	  "anonymous.invalid>\r\n|!isub=12;isub-encoding=nsap-ia5@gw;user=phone>;tag" },
	{ "hidden from who is not trusted", &untrusted, CALLER("apri=restricted") " access_transport=0x6d0480503132", 0,
	  "anonymous.invalid>\r\n|!isub" },
	{ "with other parameters, RFC 3966 3", &trusted,
	  SUB("71048048" "1234") " tns(type=national digits=0288) fci(number_translated=yes)", 0,
	  "sip:+33201234567;isub=1234;cic=0288;cic-context=+33;isub-encoding=nsap-bcd;npdi=yes@" },
};

static const struct to_iam to_iams[] = {
	{ "IA5", &trusted, RURI ";isub=12345;isub-encoding=nsap-ia5", FROM, "", 0,
	  "element=called-subaddress content=0x8050" "3132333435" },
	{ "IA5 where nothing is said, RFC 4715 6", &trusted, RURI ";isub=1%2f", FROM, "", 0,
	  "element=called-subaddress content=0x8050" "312f" },
	{ "BCD, even", &trusted, RURI ";isub=123450;isub-encoding=nsap-bcd", FROM, "", 0,
	  "element=called-subaddress content=0x8048" "123450" },
	{ "BCD, odd", &trusted, RURI ";isub=12345;isub-encoding=NSAP-BCD", FROM, "", 0,
	  "element=called-subaddress content=0x8848" "12345f" },
	{ "octets", &trusted, RURI ";isub=31323334aF;isub-encoding=nsap", FROM, "", 0,
	  "element=called-subaddress content=0x8031" "323334af" },
	{ "not hexadecimal", &trusted, RURI ";isub=31g2;isub-encoding=nsap", FROM, "", 0, "!access_transport" },
	{ "half an octet", &trusted, RURI ";isub=313;isub-encoding=nsap", FROM, "", 0, "!access_transport" },
	{ "no digits", &trusted, RURI ";isub=12a;isub-encoding=nsap-bcd", FROM, "", 0, "!access_transport" },
	{ "user specified", &trusted, RURI ";isub=1a2b;isub-encoding=user", FROM, "", 0,
	  "!access_transport" },
	{ "19 characters", &trusted, RURI ";isub=1234567890123456789", FROM, "", 0,
	  "element=called-subaddress content=0x8050" },
	{ "20", &trusted, RURI ";isub=12345678901234567890", FROM, "", 0, "!access_transport" },
	{ "38 digits", &trusted, RURI ";isub=12345678901234567890123456789012345678;isub-encoding=nsap-bcd", FROM, "",
	  0, "element=called-subaddress content=0x8048" },
	{ "39", &trusted, RURI ";isub=123456789012345678901234567890123456789;isub-encoding=nsap-bcd", FROM, "", 0,
	  "!access_transport" },
	{ "of the caller", &trusted, RURI, "<sip:+33301112222;isub=12@pbx>", "", 0,
	  "element=calling-subaddress content=0x8050" "3132" },
	{ "of the asserted identity", &trusted, RURI ";isub=7", "<sip:+33301112222;isub=12@pbx>",
	  "P-Asserted-Identity: <sip:+33301112222;isub=3@pbx>\r\n", 0,
	  "content=0x8050" "37 element=calling-subaddress content=0x8050" "33)" },
	{ "of From beside it", &trusted, RURI, "<sip:+33301112222;isub=12@pbx>",
	  "P-Asserted-Identity: <sip:+33301112222@pbx>\r\n", 0, "element=calling-subaddress content=0x8050" "3132" },
	{ "an encapsulated IAM says more", &trusted, RURI ";isub=7", FROM, "", 0,
	  "element=llc content=0x8890|!called-subaddress", "IAM called=201234567 access_transport=0x7c028890" },
};

/* ---- What is lost ---- */

struct told {
	char text[4000];
	struct map_par_set lost;
	uint8_t cause;
};

static bool tell(struct told *t, const struct isup_dialect *dialect, const struct map_iam_env *env, const char *text)
{
	static struct isup_msg iam;
	struct map_iam_env asks = *env;
	struct sip_prim invite = {};
	struct map_called called;
	char mem[3000], err[256];
	struct sip_buf buf;

	if (isup_msg_scan(&iam, dialect, text, err, sizeof(err)) < 0)
		return false;
	*t = (struct told){};
	asks.lost = &t->lost;
	sip_buf_init(&buf, mem, sizeof(mem));
	t->cause = map_called_from_iam(&called, &iam, env->numbering);
	t->cause = t->cause ? t->cause : map_iam_to_invite(&invite, &buf, &iam, &called, &asks);
	if (!t->cause)
		snprintf(t->text, sizeof(t->text), "%.*s\r\n%u\r\n%.*s\r\n%.*s\r\n%.*s", SIP_STR_ARG(invite.ruri),
			 invite.max_forwards, SIP_STR_ARG(invite.to), SIP_STR_ARG(invite.from),
			 SIP_STR_ARG(invite.headers));
	return true;
}

/* Of one signalling relation, or how others are to be treated: no call loses anything by them. */
static const uint8_t of_relation[] = {
	ISUP_PAR_CALL_REFERENCE, ISUP_PAR_CONNECTION_REQUEST, ISUP_PAR_MESSAGE_COMPAT, ISUP_PAR_PARAMETER_COMPAT,
	ISUP_PAR_PROPAGATION_DELAY, ISUP_PAR_NCI, ISUP_PAR_FCI, ISUP_PAR_CALLED_NUMBER, ISUP_PAR_TMR,
	ISUP_PAR_HOP_COUNTER,
};

static bool is_of_relation(uint8_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(of_relation); i++) {
		if (of_relation[i] == code)
			return true;
	}
	return false;
}

static unsigned int n_values;

/* Refused, told by another INVITE than without it, or lost */
static void check(const struct isup_dialect *dialect, const struct map_iam_env *env, uint8_t code, const char *before,
		  const char *value)
{
	static struct told with, without;
	char text[512];

	if (!tell(&without, dialect, env, before))
		return;
	snprintf(text, sizeof(text), "%s %s", before, value);
	if (!tell(&with, dialect, env, text))
		return;
	n_values++;
	if (with.cause || strcmp(with.text, without.text) || map_par_set_has(&with.lost, code) ||
	    !map_par_set_has(env->profile->carried, code))
		return;
	printf("%s, %s%s: %s is neither told nor lost\n", dialect->name, env->profile->name,
	       env->trusted ? "" : ", not trusted", text);
	expect_failures++;
}

/* Words that say what is meant where nothing is said */
static bool says_nothing(uint8_t code, const struct isup_field *field, const char *word)
{
	static const struct {
		uint8_t code;
		const char *word;
	} nothings[] = {
		{ ISUP_PAR_CPC, "ordinary" }, { ISUP_PAR_CARRIER_SELECTION, "no-indication" },
		{ ISUP_PAR_OPT_FCI, "no" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(nothings); i++) {
		if (nothings[i].code == code && !strcmp(nothings[i].word, word))
			return true;
	}
	/* what may follow in a further message */
	return code == ISUP_PAR_OPT_FCI && !strcmp(field->name, "segmentation");
}

/* What is not to be shown is said by not showing it. */
static bool is_hidden(uint8_t code, const char *before, const char *word)
{
	bool hides = strstr(before, "restricted");

	if (code == ISUP_PAR_GENERIC_NAME)
		return hides || !strcmp(word, "restricted");
	return hides && !strcmp(word, "restricted");
}

static void check_values(const struct isup_dialect *dialect, const struct map_iam_env *env, uint8_t code,
			 const char *before)
{
	const struct isup_par_def *def = isup_par_def(dialect, code);
	const char *digits = def->form == ISUP_FORM_NUMBER ? "digits=301119999 " :
			     code == ISUP_PAR_GENERIC_NAME ? "content=0x4a " : "";
	char text[256];

	for (const struct isup_field *f = def->fields; f && f->name; f++) {
		for (const struct isup_value *v = f->values; v && v->title; v++) {
			if (!v->word || says_nothing(code, f, v->word) || !strcmp(v->word, "not-available") ||
			    is_hidden(code, before, v->word))
				continue;
			snprintf(text, sizeof(text), "%s(%s%s=%s)", def->name, digits, f->name, v->word);
			check(dialect, env, code, before, text);
		}
	}
	if (def->fields)
		return;
	snprintf(text, sizeof(text), "%s=0x0102030405", def->name);
	check(dialect, env, code, before, text);
}

static void test_lost(const struct isup_dialect *dialect)
{
	static const char *const before[] = {
		"IAM called=201234567 calling(digits=301112222)", "IAM called=201234567",
		"IAM called=201234567 calling(digits=301112222 apri=restricted)",
		"IAM called=201234567 calling(digits=301112222 screening=user-not-verified)",
	};
	const struct map_iam_env *const envs[] = { &trusted, &untrusted };

	for (const struct map_profile *const *p = map_profiles; *p; p++) {
		for (size_t i = 0; i < 2 * ARRAY_SIZE(before); i++) {
			struct map_iam_env env = *envs[i % 2];

			env.profile = *p;
			for (unsigned int code = 1; code < 256; code++) {
				if (isup_par_def(dialect, code) && !is_of_relation(code))
					check_values(dialect, &env, code, before[i / 2]);
			}
		}
	}
}

int main(void)
{
	const struct isup_dialect *ansi = isup_dialect_find("ansi"), *etsi = isup_dialect_find("etsi");

	TO_INVITE(to_invites, &isup_dialect_itu);
	TO_IAM(to_iams, &isup_dialect_itu);
	test_lost(&isup_dialect_itu);
	test_lost(ansi);
	test_lost(etsi);
	EXPECT(n_values > 5000);
	return expect_failures ? 1 : 0;
}
