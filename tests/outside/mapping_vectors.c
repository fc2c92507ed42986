/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the mapping tables against the rows of RFC 3398 that somebody else made: 04-callflows of the vectors' directory. */

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>

#include <osmocom/core/utils.h>

#include "csv.h"
#include "expect.h"
#include "isup/isup_dialect.h"
#include "mapping/map_cause.h"
#include "mapping/map_iam.h"
#include "mapping/map_profile.h"
#include "mapping/map_progress.h"
#include "mapping/map_service.h"
#include "mapping/mapping.h"

#define COLS 6
#define NETWORK ISUP_LOC_LN

static const struct map_numbering france = { .country_code = "33", .national_prefix = "0" };
static const struct map_iam_env env = {
	.profile = &map_profile_rfc3398, .tmr = 3,
	.numbering = &france, .local = "gw.example.com", .remote = "proxy.example.com", .trusted = false,
};

/* ---- CSV ---- */

static unsigned int for_each_row(const char *dir, const char *name, void (*check)(const char *cols[COLS]))
{
	char path[512], line[1024];
	const char *cols[COLS];
	unsigned int n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/04-callflows/%s", dir, name);
	f = fopen(path, "r");
	if (!f) {
		printf("%s: cannot be read\n", path);
		expect_failures++;
		return 0;
	}
	while (fgets(line, sizeof(line), f)) {
		if (n++) {
			csv_split(line, cols, COLS);
			check(cols);
		}
	}
	fclose(f);
	return n - 1;
}

/* ---- Causes and statuses ---- */

/* isup_cause,cause_text,sip_status,reason,remark,section */
static void check_cause(const char *cols[COLS])
{
	struct isup_cause cause = {
		.value = cols[0][0] == '*' ? 126 : strtoul(cols[0], NULL, 10), .location = ISUP_LOC_LN,
	};

	if (strstr(cols[1], "w/ diagnostic")) {
		memcpy(cause.diagnostics, "\x70\x03\x81" "12", 5);
		cause.n_diagnostics = 5;
	}
	if (!isdigit((unsigned char)cols[2][0]))
		return;
	EXPECT_INT(cols[1], map_cause_to_status(&map_profile_rfc3398, &cause), strtol(cols[2], NULL, 10));
	if (strstr(cols[4], "603 when cause location is user")) {
		cause.location = ISUP_LOC_USER;
		EXPECT_INT(cols[1], map_cause_to_status(&map_profile_rfc3398, &cause), 603);
	}
}

/* A response with this Warning, for the statuses that go by it */
static const struct sip_msg *with_warning(unsigned int status)
{
	static struct sip_msg msg;
	static char text[512];
	struct sip_parse_error err;

	snprintf(text, sizeof(text), "SIP/2.0 %u x\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
		 "To: <sip:c@d>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nWarning: 304 h \"x\"\r\n"
		 "Content-Length: 0\r\n\r\n", status);
	EXPECT_INT("Warning", sip_msg_parse(&msg, text, strlen(text), &err), 0);
	return &msg;
}

/* sip_status,reason,isup_cause,cause_text,cause_location,remark */
static void check_status(const char *cols[COLS])
{
	unsigned int status = strtoul(cols[0], NULL, 10);
	bool by_warning = strstr(cols[3], "Warning");
	struct isup_cause cause;

	map_status_to_cause(&map_profile_rfc3398, &cause, status, NULL, NETWORK);
	if (cols[2][0])
		EXPECT_INT(cols[1], cause.value, strtol(cols[2], NULL, 10));
	EXPECT_INT(cols[1], cause.location, strstr(cols[4], "user") ? ISUP_LOC_USER : NETWORK);
	if (!by_warning)
		return;
	EXPECT_INT(cols[1], cause.value, 31);
	map_status_to_cause(&map_profile_rfc3398, &cause, status, with_warning(status), NETWORK);
	EXPECT_INT(cols[1], cause.value, 65);
}

/* ---- Numbers ---- */

static struct isup_number called_of(const struct isup_msg *iam, uint8_t code)
{
	struct isup_number number = {};

	EXPECT_INT("parameter", isup_msg_get(iam, code, &number), 0);
	return number;
}

static uint16_t to_iam(struct isup_msg *iam, const char *ruri, const char *from)
{
	static struct sip_msg msg;
	static char text[1024];
	struct sip_parse_error err;
	struct map_called called;
	uint16_t status;

	snprintf(text, sizeof(text), "INVITE %s SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <%s>;tag=1\r\n"
		 "To: <%s>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nMax-Forwards: 9\r\nContent-Length: 0\r\n\r\n", ruri, from,
		 ruri);
	EXPECT_INT(ruri, sip_msg_parse(&msg, text, strlen(text), &err), 0);
	isup_msg_init(iam, &isup_dialect_itu, ISUP_MSG_IAM);
	status = map_called_from_invite(&called, &msg, env.numbering);
	return status ? status : map_invite_to_iam(iam, &msg, &called, &env);
}

static const char *text_of(struct sip_str s)
{
	static char text[512];

	snprintf(text, sizeof(text), "%.*s", SIP_STR_ARG(s));
	return text;
}

static struct sip_prim to_invite(const char *iam_text)
{
	static char mem[1024];
	static struct isup_msg iam;
	struct sip_prim invite = {};
	struct map_called called;
	struct sip_buf buf;
	char err[128];

	sip_buf_init(&buf, mem, sizeof(mem));
	EXPECT_INT(iam_text, isup_msg_scan(&iam, &isup_dialect_itu, iam_text, err, sizeof(err)), 0);
	EXPECT_INT(iam_text, map_called_from_iam(&called, &iam, env.numbering), 0);
	EXPECT_INT(iam_text, map_iam_to_invite(&invite, &buf, &iam, &called, &env), 0);
	return invite;
}

static void rule_a1(void)
{
	static const char *const uris[] = { "tel:+33201234567", "sip:+33201234567@gw" };
	static struct isup_msg iam;

	for (unsigned int i = 0; i < ARRAY_SIZE(uris); i++) {
		struct isup_number number;

		EXPECT_INT(uris[i], to_iam(&iam, uris[i], "sip:a@b"), 0);
		number = called_of(&iam, ISUP_PAR_CALLED_NUMBER);
		EXPECT_INT(uris[i], number.noa, 3);
		EXPECT_INT(uris[i], number.npi, 1);
		EXPECT_STR(uris[i], number.digits, "201234567");
	}
}

static void rule_a3(void)
{
	static struct isup_msg iam;
	struct isup_number number;

	EXPECT_INT("A3", to_iam(&iam, "tel:+33201234567", "tel:+33301112222"), 0);
	number = called_of(&iam, ISUP_PAR_CALLING_NUMBER);
	EXPECT_INT("A3", number.noa, 3);
	EXPECT_INT("A3", number.apri, 0);
	EXPECT_INT("A3", number.screening, 3);
}

static void rule_a5(void)
{
	static struct isup_msg iam;

	EXPECT_INT("A5", to_iam(&iam, "tel:+33", "sip:a@b"), 484);
	EXPECT_INT("A5", to_iam(&iam, "sip:alice@gw", "sip:a@b"), 404);
}

static void rule_a7(void)
{
	static struct isup_msg iam;
	struct isup_fci fci;

	EXPECT_INT("A7", to_iam(&iam, "tel:+33201234567;npdi=yes", "sip:a@b"), 0);
	EXPECT_STR("A7", called_of(&iam, ISUP_PAR_CALLED_NUMBER).digits, "201234567");
	EXPECT_INT("A7", isup_msg_get(&iam, ISUP_PAR_FCI, &fci), 0);
	EXPECT_INT("A7", fci.number_translated, 1);
}

static void rule_b1(void)
{
	EXPECT_STR("B1", text_of(to_invite("IAM called(noa=international digits=442079460000)").ruri),
		   "sip:+442079460000@proxy.example.com;user=phone");
}

static void rule_b3(void)
{
	EXPECT_STR("B3", text_of(to_invite("IAM called(noa=network-specific digits=83000)").ruri),
		   "sip:83000@proxy.example.com;user=phone");
}

static void rule_b5(void)
{
	EXPECT_STR("B5", text_of(to_invite("IAM called=201234567 calling(apri=not-available digits=301112222)").from),
		   "<sip:gw.example.com>");
}

static void rule_b7(void)
{
	struct sip_prim invite = to_invite("IAM called=201234567 original_called=301112222");

	EXPECT_STR("B7", text_of(invite.to), "<sip:+33301112222@proxy.example.com;user=phone>");
	EXPECT_STR("B7", text_of(invite.ruri), "sip:+33201234567@proxy.example.com;user=phone");
}

static void rule_b9(void)
{
	EXPECT_STR("B9", text_of(to_invite("IAM called=201234567 fci(number_translated=1)").ruri),
		   "sip:+33201234567;npdi=yes@proxy.example.com;user=phone");
}

static void rule_b11(void)
{
	struct isup_bci bci = map_profile_rfc3398.pars.bci;

	EXPECT_INT("B11", bci.charge, 2);
	EXPECT_INT("B11", bci.called_category, 1);
	EXPECT_INT("B11", bci.e2e_method | bci.e2e_info | bci.interworking | bci.holding | bci.isdn_access, 0);
	EXPECT_INT("B11", bci.isup_all_the_way, 1);
}

/* Rows in words: what is checked for each; NULL: encapsulated ISUP, which is not used yet */
static const struct {
	const char *id;
	void (*check)(void);
} address_rules[] = {
	{ "A1", rule_a1 }, { "A3", rule_a3 }, { "A5", rule_a5 }, { "A7", rule_a7 }, { "A9", NULL }, { "A11", NULL },
	{ "B1", rule_b1 }, { "B3", rule_b3 }, { "B5", rule_b5 }, { "B7", rule_b7 }, { "B9", rule_b9 },
	{ "B11", rule_b11 },
};

/* id,direction,section,given,expect */
static void check_address(const char *cols[COLS])
{
	for (unsigned int i = 0; i < ARRAY_SIZE(address_rules); i++) {
		if (strcmp(address_rules[i].id, cols[0]))
			continue;
		if (address_rules[i].check)
			address_rules[i].check();
		else
			printf("%s: not looked at: %s\n", cols[0], cols[3]);
		return;
	}
	printf("%s: not known here: %s\n", cols[0], cols[3]);
}

/* ---- Progress ---- */

static void check_to_18x(const char *cols[COLS])
{
	static struct isup_msg msg;
	long status = strtol(cols[3], NULL, 10);
	char text[64], err[128];

	if (!strncmp(cols[2], "CPG event ", 10)) {
		snprintf(text, sizeof(text), "CPG event=%ld", strtol(cols[2] + 10, NULL, 10));
		EXPECT_INT(text, isup_msg_scan(&msg, &isup_dialect_itu, text, err, sizeof(err)), 0);
		EXPECT_INT(cols[2], map_cpg_to_18x(&map_profile_rfc3398, &msg).status, status);
	} else if (!strncmp(cols[2], "ACM called party status = no indication", 39)) {
		map_acm_init(&msg, &isup_dialect_itu, &map_profile_rfc3398, ISUP_CALLED_NO_INDICATION, false);
		EXPECT_INT(cols[2], map_acm_to_18x(&map_profile_rfc3398, &msg).status, status);
	} else if (!strncmp(cols[2], "ACM with BCI interworking", 25)) {
		map_acm_init(&msg, &isup_dialect_itu, &map_profile_rfc3398, ISUP_CALLED_NO_INDICATION, true);
		EXPECT_INT(cols[2], map_acm_to_18x(&map_profile_rfc3398, &msg).status, status);
		EXPECT_INT(cols[2], map_acm_to_18x(&map_profile_rfc3398, &msg).early_media, 1);
	} else {
		printf("for a ladder: %s\n", cols[2]);
	}
}

static void check_to_isup(const char *cols[COLS])
{
	bool acm_sent = !strcmp(cols[1], "ACM already sent");
	long status = strtol(cols[2], NULL, 10);
	struct map_backward backward = map_18x_to_isup(&map_profile_rfc3398, status, acm_sent, false);
	const char *event = strstr(cols[3], "event ");

	if (status < 180 || status > 199) {
		printf("for a ladder: %s\n", cols[2]);
		return;
	}
	EXPECT_INT(cols[2], backward.acm_status, acm_sent ? MAP_NO_ACM : status == 180);
	EXPECT_INT(cols[2], backward.event, event ? strtol(event + 6, NULL, 10) : 0);
}

/* direction,condition,in,out,section */
static void check_progress(const char *cols[COLS])
{
	if (!strcmp(cols[0], "ISUP->SIP"))
		check_to_18x(cols);
	else
		check_to_isup(cols);
}

int main(int argc, char **argv)
{
	FILE *readme;
	char path[512];

	snprintf(path, sizeof(path), "%s/README.md", argc > 1 ? argv[1] : "");
	readme = fopen(path, "r");
	if (!readme) {
		printf("skipped: no vectors at %s\n", argc > 1 ? argv[1] : "(no directory given)");
		return 77;
	}
	fclose(readme);
	EXPECT(for_each_row(argv[1], "rfc3398_cause_to_sip_status.csv", check_cause) > 0);
	EXPECT(for_each_row(argv[1], "rfc3398_sip_status_to_cause.csv", check_status) > 0);
	EXPECT(for_each_row(argv[1], "rfc3398_address_rules.csv", check_address) > 0);
	EXPECT(for_each_row(argv[1], "rfc3398_backward_progress.csv", check_progress) > 0);
	return expect_failures ? 1 : 0;
}
