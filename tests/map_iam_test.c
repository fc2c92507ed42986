/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-up: INVITEs against the octets of their IAM, IAMs against their INVITE, RFC 3398 7.2.1.1, 8.2.1.1. */

#include <osmocom/core/utils.h>

#include "expect.h"
#include "isup/isup_dialect.h"
#include "mapping/map_iam.h"
#include "mapping/map_profile.h"
#include "mapping/mapping.h"

static const struct map_numbering france = {
	.country_code = "33", .national_prefix = "0", .international_prefix = "00",
};

static const struct map_iam_env trusted = {
	.profile = &map_profile_rfc3398,
	.tmr = ISUP_TMR_3K1_AUDIO,
	.numbering = &france, .local = "192.0.2.1", .remote = "192.0.2.2:5070", .trusted = true,
};
static const struct map_iam_env untrusted = {
	.profile = &map_profile_rfc3398,
	.tmr = ISUP_TMR_3K1_AUDIO,
	.numbering = &france, .local = "192.0.2.1", .remote = "192.0.2.2:5070",
};

static const char *hex(const uint8_t *octets, int len)
{
	static char text[600];

	return len < 0 ? "?" : osmo_hexdump_buf(text, sizeof(text), octets, len, "", false);
}

/* ---- INVITE to IAM ---- */

/* Type, NCI (echo control), FCI (F: ISUP all the way, HG 01: not required), CPC ordinary, TMR 3.1 kHz audio */
#define BEGIN		"0110" "6000" "0a" "03"
#define BEGIN_M		"0110" "6010" "0a" "03"	/* with number translated */
/* Pointers, called number 201234567, national, INN 1 */
#define CALLED		"0209" "078390" "0221436507"
#define CALLED_ALONE	"0200" "078390" "0221436507"
/* Calling number 301112222, national: presentation allowed, restricted; network provided; end of optional parameters */
#define CALLING		"0a07" "8313" "0311212202" "00"
#define CALLING_HIDDEN	"0a07" "8317" "0311212202" "00"

static const struct {
	const char *what;
	const struct map_iam_env *env;
	const char *ruri, *from, *headers;
	uint16_t status;
	const char *iam;
} invites[] = {
	{ "RFC 3398 12.2", &untrusted, "sip:+33201234567@gw;user=phone", "<sip:+33301112222@pbx>", "", 0,
	  BEGIN CALLED CALLING },
	{ "tel URIs", &untrusted, "tel:+33201234567", "<tel:+33-3-01-11-22-22>", "", 0, BEGIN CALLED CALLING },
	{ "display name", &untrusted, "tel:+33201234567", "\"Bob, B\" <sip:0301112222@pbx>", "", 0,
	  BEGIN CALLED CALLING },
	{ "other country", &untrusted, "sip:+442079460000@gw", "<sip:+15125550110@pbx>", "", 0,
	  BEGIN "020a" "080490" "440297640000" "0a08" "8413" "512155051100" "00" },
	{ "From is no number", &untrusted, "tel:+33201234567", "<sip:alice@example.com>", "", 0, BEGIN CALLED_ALONE },
	{ "anonymous", &untrusted, "tel:+33201234567", "\"Anonymous\" <sip:anonymous@anonymous.invalid>", "", 0,
	  BEGIN CALLED_ALONE },
	{ "Privacy: id", &untrusted, "tel:+33201234567", "<tel:+33301112222>", "Privacy: id\r\n", 0,
	  BEGIN CALLED CALLING_HIDDEN },
	{ "Privacy: user", &untrusted, "tel:+33201234567", "<tel:+33301112222>", "Privacy: critical;user\r\n", 0,
	  BEGIN CALLED CALLING_HIDDEN },
	{ "Privacy: header", &untrusted, "tel:+33201234567", "<tel:+33301112222>", "Privacy: header\r\n", 0,
	  BEGIN CALLED CALLING_HIDDEN },
	{ "Privacy: none", &untrusted, "tel:+33201234567", "<tel:+33301112222>", "Privacy: none\r\n", 0,
	  BEGIN CALLED CALLING },
	{ "identity wins", &trusted, "tel:+33201234567", "<sip:+33999999999@pbx>",
	  "P-Asserted-Identity: \"B\" <sip:+33301112222@pbx>\r\n", 0, BEGIN CALLED CALLING },
	{ "identity, name and number", &trusted, "tel:+33201234567", "<sip:bob@pbx>",
	  "P-Asserted-Identity: <sip:bob@pbx>, tel:+33301112222\r\n", 0, BEGIN CALLED CALLING },
	{ "identity behind anonymous", &trusted, "tel:+33201234567",
	  "\"Anonymous\" <sip:anonymous@anonymous.invalid>",
	  "P-Asserted-Identity: <sip:+33301112222@pbx>\r\nPrivacy: id\r\n", 0, BEGIN CALLED CALLING_HIDDEN },
	{ "identity that is not trusted", &untrusted, "tel:+33201234567", "<sip:+33301112222@pbx>",
	  "P-Asserted-Identity: <sip:+33999999999@pbx>\r\n", 0, BEGIN CALLED CALLING },
	{ "identity without number", &trusted, "tel:+33201234567", "<sip:+33301112222@pbx>",
	  "P-Asserted-Identity: <sip:bob@pbx>\r\n", 0, BEGIN CALLED CALLING },
	{ "npdi=yes", &untrusted, "tel:+33201234567;npdi=yes", "<sip:alice@pbx>", "", 0, BEGIN_M CALLED_ALONE },
	{ "npdi, RFC 4694", &untrusted, "sip:+33201234567;npdi@gw;user=phone", "<sip:alice@pbx>", "", 0,
	  BEGIN_M CALLED_ALONE },
	{ "ported, RFC 4694", &untrusted, "tel:+33201234567;npdi;rn=+33512345", "<sip:alice@pbx>", "", 0,
	  BEGIN_M CALLED "8404" "11" "153254" "00" },
	{ "npdi=no", &untrusted, "tel:+33201234567;npdi=no", "<sip:alice@pbx>", "", 0, BEGIN CALLED_ALONE },
	{ "no number", &untrusted, "sip:alice@gw", "<sip:alice@pbx>", "", 404, "" },
	{ "no user", &untrusted, "sip:gw", "<sip:alice@pbx>", "", 404, "" },
	{ "not understood", &untrusted, "tel:+33", "<sip:alice@pbx>", "", 484, "" },
	{ "hexadecimal", &untrusted, "sip:12B4@gw;user=phone", "<sip:alice@pbx>", "", 484, "" },
};

static void parse(struct sip_msg *msg, char *text, size_t size, const char *ruri, const char *from, const char *to,
		  const char *headers)
{
	struct sip_parse_error err;

	snprintf(text, size, "INVITE %s SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKx\r\nFrom: %s;tag=1\r\n"
		 "To: <%s>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n%sContent-Length: 0\r\n\r\n", ruri,
		 from, to, headers);
	EXPECT_INT(ruri, sip_msg_parse(msg, text, strlen(text), &err), 0);
}

static uint16_t invite_to_iam(struct isup_msg *iam, const struct sip_msg *msg, const struct map_iam_env *env)
{
	struct map_called called;
	uint16_t status = map_called_from_invite(&called, msg, env->numbering);

	isup_msg_init(iam, &isup_dialect_itu, ISUP_MSG_IAM);
	return status ? status : map_invite_to_iam(iam, msg, &called, env);
}

static void test_invite_to_iam(void)
{
	static struct sip_msg msg;
	static struct isup_msg iam;
	uint8_t octets[300];
	char text[1500];

	for (unsigned int i = 0; i < ARRAY_SIZE(invites); i++) {
		uint16_t status;

		parse(&msg, text, sizeof(text), invites[i].ruri, invites[i].from, invites[i].ruri, invites[i].headers);
		status = invite_to_iam(&iam, &msg, invites[i].env);
		EXPECT_INT(invites[i].what, status, invites[i].status);
		if (status)
			continue;
		EXPECT_STR(invites[i].what, hex(octets, isup_msg_encode(&iam, octets, sizeof(octets))),
			   invites[i].iam);
	}
}

/* RFC 3398 7.2.1.1: To at variance with the Request-URI is the original called number. */
static void test_original_called(void)
{
	static struct sip_msg msg;
	static struct isup_msg iam;
	struct isup_number number;
	char text[1500];

	parse(&msg, text, sizeof(text), "tel:+33201234567", "<sip:alice@pbx>", "sip:+33209999999@gw;user=phone", "");
	EXPECT_INT("To", invite_to_iam(&iam, &msg, &untrusted), 0);
	EXPECT_INT("To", isup_msg_get(&iam, ISUP_PAR_ORIGINAL_CALLED_NUMBER, &number), 0);
	EXPECT_INT("To", number.noa, ISUP_NOA_NATIONAL);
	EXPECT_STR("To", number.digits, "209999999");
	/* The same number, written in another way */
	parse(&msg, text, sizeof(text), "tel:+33201234567", "<sip:alice@pbx>", "sip:00332-01234567@gw", "");
	EXPECT_INT("same", invite_to_iam(&iam, &msg, &untrusted), 0);
	EXPECT(!isup_msg_find(&iam, ISUP_PAR_ORIGINAL_CALLED_NUMBER));
	parse(&msg, text, sizeof(text), "tel:+33201234567", "<sip:alice@pbx>", "sip:bob@gw", "");
	EXPECT_INT("no number", invite_to_iam(&iam, &msg, &untrusted), 0);
	EXPECT(!isup_msg_find(&iam, ISUP_PAR_ORIGINAL_CALLED_NUMBER));
}

/* ---- IAM to INVITE ---- */

#define TO_33201234567	"<sip:+33201234567@192.0.2.2:5070;user=phone>"
#define FROM_33301112222 "<sip:+33301112222@192.0.2.1;user=phone>"
#define NOBODY		"<sip:192.0.2.1>"
#define ANONYMOUS	"\"Anonymous\" <sip:anonymous@anonymous.invalid>"
#define IDENTITY	"P-Asserted-Identity: <sip:+33301112222@192.0.2.1;user=phone>\r\n"
/* Called number 201234567, national, without optional part; with one */
#define C0		"0200" "078390" "0221436507"
#define C1		"0209" "078390" "0221436507"

static const struct {
	const char *what;
	const struct map_iam_env *env;
	const char *iam;
	uint8_t cause;
	const char *to, *from, *headers;
} iams[] = {
	{ "no calling number", &trusted, "0100" "2001" "0a" "00" C0, 0, TO_33201234567, NOBODY, "" },
	{ "hop counter used up", &trusted, "0100" "2001" "0a" "03" C1 "3d01" "01" "00", 25 },
	{ "hop counter 2", &trusted, "0100" "2001" "0a" "03" C1 "3d01" "02" "00", 0, TO_33201234567, NOBODY, "" },
	{ "allowed, trusted", &trusted, "0100" "2001" "0a" "03" C1 "0a07" "8313" "0311212202" "00", 0,
	  TO_33201234567, FROM_33301112222, IDENTITY },
	{ "allowed, not trusted", &untrusted, "0100" "2001" "0a" "03" C1 "0a07" "8313" "0311212202" "00", 0,
	  TO_33201234567, FROM_33301112222, "" },
	{ "restricted, trusted", &trusted, "0100" "2001" "0a" "03" C1 "0a07" "8317" "0311212202" "00", 0,
	  TO_33201234567, ANONYMOUS, IDENTITY "Privacy: id\r\n" },
	{ "restricted, not trusted", &untrusted, "0100" "2001" "0a" "03" C1 "0a07" "8317" "0311212202" "00", 0,
	  TO_33201234567, ANONYMOUS, "Privacy: id\r\n" },
	{ "restricted by the network", &trusted, "0100" "2001" "0a" "03" C1 "0a07" "831f" "0311212202" "00", 0,
	  TO_33201234567, ANONYMOUS, IDENTITY "Privacy: id\r\n" },
	{ "not available", &trusted, "0100" "2001" "0a" "03" C1 "0a02" "000b" "00", 0, TO_33201234567, NOBODY, "" },
	{ "international calling number", &trusted, "0100" "2101" "0a" "03" C1 "0a08" "0411" "440297640000" "00", 0,
	  TO_33201234567, "<sip:+442079460000@192.0.2.1;user=phone>",
	  "P-Asserted-Identity: <sip:+442079460000@192.0.2.1;user=phone>\r\n" },
	{ "calling number with odd signals", &trusted, "0100" "2001" "0a" "03" C1 "0a04" "0313" "b211" "00", 0,
	  TO_33201234567, NOBODY, "" },
	{ "ST", &trusted, "0100" "2001" "0a" "03" "0200" "070390" "02214365f7", 0, TO_33201234567, NOBODY, "" },
	{ "international", &trusted, "0100" "2001" "0a" "03" "0200" "080410" "440297640000", 0,
	  "<sip:+442079460000@192.0.2.2:5070;user=phone>", NOBODY, "" },
	{ "network specific", &trusted, "0100" "2001" "0a" "03" "0200" "058510" "380000", 0,
	  "<sip:83000@192.0.2.2:5070;user=phone>", NOBODY, "" },
	{ "number translated", &trusted, "0100" "2011" "0a" "03" C0, 0,
	  "<sip:+33201234567;npdi=yes@192.0.2.2:5070;user=phone>", NOBODY, "" },
	{ "original called number", &trusted, "0100" "2001" "0a" "03" C1 "2806" "0310" "02999999" "00", 0,
	  "<sip:+3320999999@192.0.2.2:5070;user=phone>", NOBODY, "" },
	{ "original called number, restricted", &trusted, "0100" "2001" "0a" "03" C1 "2806" "0314" "02999999" "00", 0,
	  TO_33201234567, NOBODY, "" },
	{ "2 x 64 kbit/s unrestricted", &trusted, "0100" "2001" "0a" "07" C0, 65, "", "", "" },
	{ "no address signals", &trusted, "0100" "2001" "0a" "03" "0200" "020310", 28, "", "", "" },
	{ "ST alone", &trusted, "0100" "2001" "0a" "03" "0200" "038310" "0f", 28, "", "", "" },
	{ "code 11", &trusted, "0100" "2001" "0a" "03" "0200" "040310" "02b1", 28, "", "", "" },
};

static const char *text_of(struct sip_str s)
{
	static char text[512];

	snprintf(text, sizeof(text), "%.*s", SIP_STR_ARG(s));
	return text;
}

static uint8_t iam_to_invite(struct sip_prim *invite, struct sip_buf *mem, const char *iam_hex,
			     const struct map_iam_env *env)
{
	static struct isup_msg iam;
	static uint8_t octets[300];
	struct map_called called;
	int len = osmo_hexparse(iam_hex, octets, sizeof(octets));
	uint8_t cause;

	EXPECT_INT(iam_hex, isup_msg_decode(&iam, &isup_dialect_itu, octets, len, NULL), 0);
	cause = map_called_from_iam(&called, &iam, env->numbering);
	return cause ? cause : map_iam_to_invite(invite, mem, &iam, &called, env);
}

static void test_iam_to_invite(void)
{
	char mem[1024];

	for (unsigned int i = 0; i < ARRAY_SIZE(iams); i++) {
		struct sip_prim invite = {};
		struct sip_buf buf;
		char ruri[600];
		uint8_t cause;

		sip_buf_init(&buf, mem, sizeof(mem));
		cause = iam_to_invite(&invite, &buf, iams[i].iam, iams[i].env);
		EXPECT_INT(iams[i].what, cause, iams[i].cause);
		if (cause)
			continue;
		EXPECT_STR(iams[i].what, text_of(invite.to), iams[i].to);
		EXPECT_STR(iams[i].what, text_of(invite.from), iams[i].from);
		EXPECT_STR(iams[i].what, text_of(invite.headers), iams[i].headers);
		if (strncmp(iams[i].what, "original called", 15)) {
			snprintf(ruri, sizeof(ruri), "<%s>", text_of(invite.ruri));
			EXPECT_STR(iams[i].what, ruri, iams[i].to);
		} else {
			EXPECT_STR(iams[i].what, text_of(invite.ruri),
				   "sip:+33201234567@192.0.2.2:5070;user=phone");
		}
	}
}

/* Too little room is an error at every size, never a piece of a header. */
static void test_small_buffer(void)
{
	static const char iam[] = "0100" "2001" "0a" "03" C1 "0a07" "8317" "0311212202" "00";
	struct sip_prim invite = {};
	struct sip_buf buf;
	char mem[1024];
	size_t need;

	sip_buf_init(&buf, mem, sizeof(mem));
	EXPECT_INT("whole", iam_to_invite(&invite, &buf, iam, &trusted), 0);
	need = sip_buf_len(&buf);
	for (size_t size = 0; size < need; size++) {
		sip_buf_init(&buf, mem, size);
		EXPECT_INT("small", iam_to_invite(&invite, &buf, iam, &trusted), 47);
	}
	sip_buf_init(&buf, mem, need);
	EXPECT_INT("exact", iam_to_invite(&invite, &buf, iam, &trusted), 0);
}

/* Every rule says what it reads, writes and why. */
static void test_rules(void)
{
	unsigned int n = 0;

	for (const struct map_iam_to_invite_rule *r = map_iam_to_invite_rules; r->clause; r++, n++)
		EXPECT(r->apply && r->par && r->target);
	for (const struct map_invite_to_iam_rule *r = map_invite_to_iam_rules; r->clause; r++, n++)
		EXPECT(r->apply && r->par && r->source);
	EXPECT_INT("rules", n, 54);
}

int main(void)
{
	test_invite_to_iam();
	test_original_called();
	test_iam_to_invite();
	test_small_buffer();
	test_rules();
	return expect_failures ? 1 : 0;
}
