/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Value tables: their form, every row of RFC 3398 7.2.4.1 and 8.2.6.1 as printed there, and the Reason header. */

#include <osmocom/core/utils.h>

#include "expect.h"
#include "isup/isup_dialect.h"
#include "mapping/map_cause.h"
#include "mapping/map_profile.h"
#include "mapping/map_progress.h"
#include "mapping/map_sdp_bearer.h"
#include "mapping/map_service.h"
#include "mapping/map_table.h"
#include "mapping/mapping.h"

#define ITU		(&isup_dialect_itu)
#define LOCATION	ISUP_LOC_TN	/* stands for "network" */

/* What a column may hold is known: words, numbers, or both; each of a row's values reads as it is printed. */
static void check_col(const struct map_table *table, const struct map_col *col, const int16_t value)
{
	char buf[16];
	const char *text;
	int16_t min, max, read = 0;

	EXPECT_INT(table->name, col->words || map_col_range(col, &min, &max), 1);
	text = map_col_print(col, value, buf, sizeof(buf));
	EXPECT_INT(text, map_col_scan(col, text, &read), 0);
	EXPECT_INT(text, read, value);
}

static void check_cols(const struct map_table *table, const struct map_row *row)
{
	for (unsigned int i = 0; i < MAP_IN_MAX && table->in[i].name; i++) {
		if (row->in[i] != MAP_ANY)
			check_col(table, &table->in[i], row->in[i]);
	}
	for (unsigned int i = 0; i < MAP_OUT_MAX && table->out[i].name; i++)
		check_col(table, &table->out[i], row->out[i]);
}

/* Names are unique, words are known, no row hides a later one, and the last row suits everything. */
static void test_form(void)
{
	char text[256];

	for (const struct map_table *const *t = map_tables; *t; t++) {
		const struct map_row *row;

		EXPECT_INT((*t)->name, map_table_by_name((*t)->name) == *t, 1);
		EXPECT_INT((*t)->name, (*t)->title && (*t)->in[0].name && (*t)->out[0].name, 1);
		for (row = (*t)->rows; row->clause; row++) {
			int16_t in[MAP_IN_MAX];

			check_cols(*t, row);
			/* What suits no earlier row, where the row takes anything */
			for (unsigned int i = 0; i < MAP_IN_MAX; i++)
				in[i] = row->in[i] == MAP_ANY ? 999 : row->in[i];
			EXPECT(map_row_print_buf(text, sizeof(text), *t, row) < (int)sizeof(text));
			EXPECT_INT(text, map_table_find(*t, in) == row->out, 1);
		}
		EXPECT_INT((*t)->name, row > (*t)->rows && row[-1].in[0] == MAP_ANY, 1);
		EXPECT_INT((*t)->name, map_table_gap(*t, (int16_t[MAP_IN_MAX]){}), 0);
	}
	EXPECT(!map_table_by_name("no-such-table"));
}

/* Each profile is whole: every use has a table of the columns that are looked into; rules can be shown. */
static void test_profiles(void)
{
	char text[256];

	for (const struct map_profile *const *p = map_profiles; *p; p++) {
		EXPECT_INT((*p)->name, map_profile_by_name((*p)->name) == *p, 1);
		for (unsigned int i = 0; i < _MAP_TABLE_COUNT; i++) {
			const struct map_table *is = (*p)->tables[i], *should = map_profile_rfc3398.tables[i];

			EXPECT_INT(is->name, map_table_by_name(is->name) == is, 1);
			for (unsigned int c = 0; c < MAP_IN_MAX; c++)
				EXPECT_STR(is->name, is->in[c].name ?: "", should->in[c].name ?: "");
			for (unsigned int c = 0; c < MAP_OUT_MAX; c++)
				EXPECT_STR(is->name, is->out[c].name ?: "", should->out[c].name ?: "");
		}
		for (const struct map_iam_to_invite_rule *r = (*p)->iam_to_invite; r->clause; r++)
			EXPECT(map_iam_to_invite_rule_print_buf(text, sizeof(text), r, ITU) < (int)sizeof(text));
		for (const struct map_invite_to_iam_rule *r = (*p)->invite_to_iam; r->clause; r++)
			EXPECT(map_invite_to_iam_rule_print_buf(text, sizeof(text), r, ITU) < (int)sizeof(text));
	}
	EXPECT(!map_profile_by_name("no-such-profile"));
	for (unsigned int use = 0; use < _MAP_TABLE_COUNT; use++)
		EXPECT_INT("use", map_table_use_by_name(map_table_use_name(use)), use);
	EXPECT(map_table_use_by_name("no-such-table") < 0);
	map_iam_to_invite_rule_print_buf(text, sizeof(text), map_profile_rfc3398.iam_to_invite, ITU);
	EXPECT_STR("rule", text, "tmr → media (Q.1912.5 7.1.1)");
	map_invite_to_iam_rule_print_buf(text, sizeof(text), map_profile_rfc3398.invite_to_iam, ITU);
	EXPECT_STR("rule", text, "constant → nci (RFC 3398 7.2.1.1)");
}

/* Parameters that are sent where nothing is known: RFC 3398 7.2.1.1, 8.2.3; Q.1912.5 6.1.3.4, 7.3.1 */
static void test_pars(void)
{
	static const struct {
		const char *profile, *pars[5];
	} profiles[] = {
		{ "rfc3398", { "charge=charge called_status=no-indication called_category=ordinary e2e_method=none "
			       "interworking=no e2e_info=no isup_all_the_way=yes holding=no isdn_access=no echo=yes "
			       "sccp_method=none", "ordinary",
			       "intl_call=no e2e_method=none interworking=no e2e_info=no isup_all_the_way=yes "
			       "isup_preference=not-required isdn_access=no sccp_method=none number_translated=no "
			       "qor=no", "satellite=none continuity=not-required echo=yes", "3k1-audio" } },
		{ "q1912-b", { "charge=charge called_status=no-indication called_category=ordinary e2e_method=none "
			       "interworking=yes e2e_info=no isup_all_the_way=no holding=no isdn_access=no echo=yes "
			       "sccp_method=none", "ordinary",
			       "intl_call=no e2e_method=none interworking=yes e2e_info=no isup_all_the_way=no "
			       "isup_preference=not-required isdn_access=no sccp_method=none number_translated=no "
			       "qor=no", "satellite=one continuity=not-required echo=yes", "3k1-audio" } },
	};
	char text[512];

	for (unsigned int i = 0; i < ARRAY_SIZE(profiles); i++) {
		const struct map_profile *profile = map_profile_by_name(profiles[i].profile);

		for (unsigned int p = 0; map_profile_par_rows[p].clause; p++) {
			map_profile_par_print_buf(text, sizeof(text), profile, &map_profile_par_rows[p], ITU);
			EXPECT_STR(profiles[i].profile, text, profiles[i].pars[p]);
		}
	}
}

static void test_print(void)
{
	char text[128];

	map_row_print_buf(text, sizeof(text), &map_cause_to_status_table, &map_cause_to_status_table.rows[0]);
	EXPECT_STR("row", text, "1 any any → 404 (RFC 3398 7.2.4.1 normal event)");
	map_row_print_buf(text, sizeof(text), &map_status_to_cause_table, &map_status_to_cause_table.rows[0]);
	EXPECT_STR("row", text, "400 any → 41 network (RFC 3398 8.2.6.1)");
	map_row_print_buf(text, sizeof(text), &map_acm_to_18x_table, &map_acm_to_18x_table.rows[2]);
	EXPECT_STR("row", text, "any any → 183 yes (RFC 3398 7.2.5)");
	map_row_print_buf(text, sizeof(text), &map_18x_to_isup_table, &map_18x_to_isup_table.rows[4]);
	EXPECT_STR("row", text, "180 yes any → none alerting (RFC 3398 8.2.3)");
	map_row_print_buf(text, sizeof(text), &map_tmr_table, &map_tmr_table.rows[0]);
	EXPECT_STR("row", text, "speech → 0 (Q.1912.5 7.1.1)");
}

/* RFC 3398 7.2.4.1, row by row; any other value is 500 */
static void test_cause_to_status(void)
{
	static const uint16_t listed[128] = {
		[1] = 404, [2] = 404, [3] = 404, [17] = 486, [18] = 408, [19] = 480, [20] = 480, [21] = 403,
		[22] = 410, [23] = 410, [26] = 404, [27] = 502, [28] = 484, [29] = 501, [31] = 480, [34] = 503,
		[38] = 503, [41] = 503, [42] = 503, [47] = 503, [55] = 403, [57] = 403, [58] = 503, [65] = 488,
		[70] = 488, [79] = 501, [87] = 403, [88] = 503, [102] = 504, [111] = 500, [127] = 500,
		/* not of this table: Q.1912.5 */
		[16] = 480,
	};
	static const struct isup_cause national = { .coding = 2, .value = 17 };
	char what[32];

	for (unsigned int value = 0; value < 128; value++) {
		for (unsigned int location = 0; location < 16; location++) {
			struct isup_cause cause = { .value = value, .location = location };
			uint16_t status = listed[value] ? listed[value] : 500;

			if (value == 21 && location == ISUP_LOC_USER)
				status = 603;
			snprintf(what, sizeof(what), "cause %u location %u", value, location);
			EXPECT_INT(what, map_cause_to_status(&map_profile_rfc3398, &cause), status);
		}
	}
	EXPECT_INT("national coding", map_cause_to_status(&map_profile_rfc3398, &national), 500);
}

/* Q.1912.5 6.11.2, row by row */
static void test_q1912_cause_to_status(void)
{
	static const uint16_t listed[128] = {
		[1] = 404, [5] = 404, [16] = 480, [17] = 486, [18] = 480, [19] = 480, [20] = 480, [21] = 480,
		[22] = 410, [24] = 433, [25] = 480, [27] = 502, [28] = 484, [31] = 480, [34] = 480, [91] = 404,
		[102] = 480, [127] = 480,
	};
	static const struct {
		struct isup_cause cause;
		uint16_t status;
	} ccbs[] = {
		{ { .value = 34, .n_diagnostics = 1, .diagnostics = { 1 } }, 486 },
		{ { .value = 34, .n_diagnostics = 1, .diagnostics = { 2 } }, 480 },
		{ { .value = 34, .n_diagnostics = 2, .diagnostics = { 1, 1 } }, 480 },
		{ { .value = 34, .coding = 2, .n_diagnostics = 1, .diagnostics = { 1 } }, 500 },
		{ { .value = 17, .n_diagnostics = 1, .diagnostics = { 1 } }, 486 },
		{ { .value = 20, .n_diagnostics = 1, .diagnostics = { 1 } }, 480 },
	};
	const struct map_profile *profile = map_profile_by_name("q1912-a");
	char what[32];

	for (unsigned int value = 0; value < 128; value++) {
		struct isup_cause cause = { .value = value };

		snprintf(what, sizeof(what), "cause %u", value);
		EXPECT_INT(what, map_cause_to_status(profile, &cause), listed[value] ? listed[value] : 500);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(ccbs); i++) {
		snprintf(what, sizeof(what), "diagnostic %u", i);
		EXPECT_INT(what, map_cause_to_status(profile, &ccbs[i].cause), ccbs[i].status);
	}
}

/* Q.850 note 5: cause 22 with and without a number that can be read */
static void test_new_number(void)
{
	static const struct map_numbering france = { .country_code = "33", .national_prefix = "0" };
	static const struct {
		const char *what;
		uint8_t n, octets[8];
		uint16_t status;
		const char *contact;
	} cases[] = {
		{ "national", 7, { 0x70, 5, 0xa1, '1', '2', '3', '4' }, 301,
		  "Contact: <sip:+331234@gw:5070;user=phone>\r\n" },
		{ "international", 6, { 0x70, 4, 0x91, '4', '4', '9' }, 301,
		  "Contact: <sip:+449@gw:5070;user=phone>\r\n" },
		{ "none", 0, {}, 410, "" },
		{ "no digits", 3, { 0x70, 1, 0xa1 }, 410, "" },
		{ "longer than it is", 6, { 0x70, 5, 0xa1, '1', '2', '3' }, 410, "" },
		{ "other element", 7, { 0x6c, 5, 0xa1, '1', '2', '3', '4' }, 410, "" },
		{ "not decimal", 7, { 0x70, 5, 0xa1, '1', 0, '3', '4' }, 410, "" },
		{ "octet 3a", 7, { 0x70, 5, 0x21, '1', '2', '3', '4' }, 410, "" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct isup_cause cause = { .value = 22, .n_diagnostics = cases[i].n };
		char text[128];
		struct sip_buf buf;

		memcpy(cause.diagnostics, cases[i].octets, cases[i].n);
		EXPECT_INT(cases[i].what, map_cause_to_status(&map_profile_rfc3398, &cause), cases[i].status);
		sip_buf_init(&buf, text, sizeof(text) - 1);
		map_put_new_number(&buf, &cause, &france, "gw:5070");
		*buf.p = '\0';
		EXPECT_STR(cases[i].what, text, cases[i].contact);
	}
}

/* RFC 3398 8.2.6.1, row by row; any other status is 31 */
static void test_status_to_cause(void)
{
	static const uint8_t listed[700] = {
		[400] = 41, [401] = 21, [402] = 21, [403] = 21, [404] = 1, [405] = 63, [406] = 79, [407] = 21,
		[408] = 102, [410] = 22, [413] = 127, [414] = 127, [415] = 79, [416] = 127, [420] = 127, [421] = 127,
		[423] = 127, [480] = 18, [481] = 41, [482] = 25, [483] = 25, [484] = 28, [485] = 1, [486] = 17,
		[488] = 31, [500] = 41, [501] = 79, [502] = 38, [503] = 41, [504] = 102, [505] = 127, [513] = 127,
		[600] = 17, [603] = 21, [604] = 1, [606] = 31,
	};
	char what[16];

	for (unsigned int status = 300; status < 700; status++) {
		struct isup_cause cause;

		memset(&cause, 0xff, sizeof(cause));
		map_status_to_cause(&map_profile_rfc3398, &cause, status, NULL, LOCATION);
		snprintf(what, sizeof(what), "status %u", status);
		EXPECT_INT(what, cause.value, listed[status] ? listed[status] : 31);
		EXPECT_INT(what, cause.location, status >= 600 ? ISUP_LOC_USER : LOCATION);
		EXPECT_INT(what, cause.coding, 0);
		EXPECT_INT(what, cause.n_diagnostics, 0);
	}
}

static void parse(struct sip_msg *msg, char *text, size_t size, const char *start, const char *headers)
{
	struct sip_parse_error err;

	snprintf(text, size, "%s\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\n"
		 "To: <sip:c@d>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nMax-Forwards: 9\r\n%sContent-Length: 0\r\n"
		 "\r\n",
		 start, headers);
	EXPECT_INT(headers, sip_msg_parse(msg, text, strlen(text), &err), 0);
}

static void test_response(void)
{
	static const struct {
		const char *start, *headers;
		uint8_t value, location;
	} cases[] = {
		{ "SIP/2.0 486 Busy Here", "", 17, LOCATION },
		{ "SIP/2.0 488 No", "", 31, LOCATION },
		{ "SIP/2.0 488 No", "Warning: 304 gw \"Media type not available\"\r\n", 65, LOCATION },
		{ "SIP/2.0 488 No", "Warning: 305 gw \"Incompatible format\"\r\n", 65, LOCATION },
		{ "SIP/2.0 488 No", "Warning: 370 gw \"Bandwidth\"\r\n", 31, LOCATION },
		{ "SIP/2.0 488 No", "Warning: 3x5 gw \"?\"\r\n", 31, LOCATION },
		{ "SIP/2.0 606 No", "Warning: 304 gw \"Media type not available\"\r\n", 65, ISUP_LOC_USER },
		{ "SIP/2.0 606 No", "", 31, ISUP_LOC_USER },
		/* Reason wins, RFC 6432; its location, RFC 8606 */
		{ "SIP/2.0 480 Temporarily Unavailable", "Reason: Q.850;cause=19\r\n", 19, LOCATION },
		{ "SIP/2.0 404 Not Found",
		  "Reason: Q.850;cause=1;text=\"Unallocated (unassigned) number\";location=LN\r\n", 1, ISUP_LOC_LN },
		{ "SIP/2.0 603 Decline", "Reason: q.850 ; cause=21 ; location=rpn\r\n", 21, ISUP_LOC_RPN },
		{ "SIP/2.0 500 Error", "Reason: SIP;cause=404, Q.850;cause=34;location=LOC-12\r\n", 34, 12 },
		{ "SIP/2.0 500 Error", "Reason: SIP;cause=404\r\nReason: Q.850;cause=127;location=BI\r\n", 127,
		  ISUP_LOC_BI },
		{ "SIP/2.0 500 Error", "Reason: X;text=\"a, Q.850;cause=1\"\r\n", 41, LOCATION },
		{ "SIP/2.0 486 Busy Here", "Reason: Q.850;cause=128\r\n", 17, LOCATION },
		{ "SIP/2.0 486 Busy Here", "Reason: Q.850;cause=0\r\n", 17, LOCATION },
		{ "SIP/2.0 486 Busy Here", "Reason: Q.850;cause=99999\r\n", 17, LOCATION },
		{ "SIP/2.0 486 Busy Here", "Reason: Q.850;cause=x\r\n", 17, LOCATION },
		{ "SIP/2.0 486 Busy Here", "Reason: Q.850\r\n", 17, LOCATION },
		{ "SIP/2.0 486 Busy Here", "Reason: Q.850;cause=17;location=moon\r\n", 17, LOCATION },
	};
	static struct sip_msg msg;
	char text[1024];

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct isup_cause cause;

		parse(&msg, text, sizeof(text), cases[i].start, cases[i].headers);
		map_status_to_cause(&map_profile_rfc3398, &cause, msg.status, &msg, LOCATION);
		EXPECT_INT(cases[i].headers, cause.value, cases[i].value);
		EXPECT_INT(cases[i].headers, cause.location, cases[i].location);
	}
}

/* RFC 3398 7.2.3, Q.1912.5 6.11.1 */
static void test_request(void)
{
	static const struct {
		const char *profile;
		enum sip_method method;
		const char *headers;
		uint8_t value, location;
	} cases[] = {
		{ "rfc3398", SIP_BYE, NULL, 16, ISUP_LOC_USER },
		{ "rfc3398", SIP_CANCEL, NULL, 16, ISUP_LOC_USER },
		{ "rfc3398", SIP_CANCEL, "", 16, ISUP_LOC_USER },
		{ "rfc3398", SIP_BYE, "Reason: Q.850;cause=38;location=TN\r\n", 38, ISUP_LOC_TN },
		{ "q1912-a", SIP_BYE, "", 16, LOCATION },
		{ "q1912-a", SIP_CANCEL, "", 31, LOCATION },
		{ "q1912-b", SIP_CANCEL, NULL, 31, LOCATION },
		{ "q1912-c", SIP_CANCEL, "Reason: SIP;cause=200\r\n", 31, LOCATION },
		{ "q1912-c", SIP_CANCEL, "Reason: Q.850;cause=16\r\n", 16, LOCATION },
	};
	static struct sip_msg msg;
	char text[1024];

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct isup_cause cause;

		if (cases[i].headers)
			parse(&msg, text, sizeof(text), "INVITE sip:c@d SIP/2.0", cases[i].headers);
		map_request_to_cause(map_profile_by_name(cases[i].profile), &cause, cases[i].method,
				     cases[i].headers ? &msg : NULL, LOCATION);
		EXPECT_INT(cases[i].profile, cause.value, cases[i].value);
		EXPECT_INT(cases[i].profile, cause.location, cases[i].location);
		EXPECT_INT(cases[i].profile, cause.coding, 0);
	}
}

/* Q.1912.5 7.7.6, 433 of TS 29.163: what SIP refuses is beyond the gateway, 6xx too. RFC 3398 has the user there. */
static void test_q1912_status_to_cause(void)
{
	static const struct {
		uint16_t status;
		uint8_t cause;
	} rows[] = {
		{ 400, 127 }, { 404, 1 }, { 410, 22 }, { 433, 24 }, { 480, 20 }, { 484, 28 }, { 486, 17 }, { 503, 127 },
		{ 600, 17 }, { 603, 21 }, { 604, 1 }, { 606, 127 }, { 699, 127 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct isup_cause cause;

		map_status_to_cause(map_profile_by_name("q1912-b"), &cause, rows[i].status, NULL, LOCATION);
		EXPECT_INT("q1912-b", cause.value, rows[i].cause);
		EXPECT_INT("q1912-b", cause.location, LOCATION);
		map_status_to_cause(&map_profile_rfc3398, &cause, rows[i].status, NULL, LOCATION);
		EXPECT_INT("rfc3398", cause.location, rows[i].status < 600 ? LOCATION : ISUP_LOC_USER);
	}
}

/* What is written is read again, for every cause and location. */
static void test_put_reason(void)
{
	static struct sip_msg msg;
	char reason[256], text[1024];
	struct isup_cause cause, back;
	struct sip_buf buf;

	for (unsigned int i = 1; i < 128; i++) {
		map_cause_init(&cause, i, i & 15);
		sip_buf_init(&buf, reason, sizeof(reason) - 1);
		map_put_reason(&buf, &cause);
		*buf.p = '\0';
		parse(&msg, text, sizeof(text), "SIP/2.0 500 Error", reason);
		map_status_to_cause(&map_profile_rfc3398, &back, 500, &msg, 0);
		EXPECT_INT(reason, back.value, i);
		EXPECT_INT(reason, back.location, i & 15);
	}
	map_cause_init(&cause, 17, ISUP_LOC_LN);
	sip_buf_init(&buf, reason, sizeof(reason) - 1);
	map_put_reason(&buf, &cause);
	*buf.p = '\0';
	EXPECT_STR("17", reason, "Reason: Q.850;cause=17;text=\"user busy\";location=LN\r\n");
	map_cause_init(&cause, 126, ISUP_LOC_LN);	/* Q.850 has none */
	sip_buf_init(&buf, reason, sizeof(reason) - 1);
	map_put_reason(&buf, &cause);
	*buf.p = '\0';
	EXPECT_STR("126", reason, "Reason: Q.850;cause=126;location=LN\r\n");
	cause.coding = 2;
	sip_buf_init(&buf, reason, sizeof(reason) - 1);
	map_put_reason(&buf, &cause);
	EXPECT_INT("national", sip_buf_len(&buf), 0);
}

static void test_tmr(void)
{
	EXPECT_INT("speech", map_tmr_to_cause(&map_profile_rfc3398, 0), 0);
	EXPECT_INT("3.1 kHz audio", map_tmr_to_cause(&map_profile_rfc3398, 3), 0);
	EXPECT_INT("64 kbit/s unrestricted", map_tmr_to_cause(&map_profile_rfc3398, 2), 0);
	EXPECT_INT("64 kbit/s preferred", map_tmr_to_cause(&map_profile_rfc3398, 6), 0);
	EXPECT_INT("2 x 64 kbit/s", map_tmr_to_cause(&map_profile_rfc3398, 7), 65);
	EXPECT_INT("1920 kbit/s", map_tmr_to_cause(&map_profile_rfc3398, 10), 65);
	EXPECT_INT("unknown", map_tmr_to_cause(&map_profile_rfc3398, 255), 65);
}

/* What an offer stands for: the first stream that is wanted, the first codec of ours in it */
static void test_sdp_to_tmr(void)
{
	static const struct {
		const char *media;
		uint8_t tmr;
		bool data;
	} cases[] = {
		{ "m=audio 4000 RTP/AVP 8\r\n", 3, false },
		{ "m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n", 3, false },
		{ "m=audio 4000 RTP/AVP 97\r\na=rtpmap:97 CLEARMODE/8000\r\n", 2, true },
		{ "m=audio 4000 RTP/AVP 110 8\r\na=rtpmap:110 clearmode/8000\r\n", 2, true },
		{ "m=audio 4000 RTP/AVP 8 97\r\na=rtpmap:97 CLEARMODE/8000\r\n", 3, false },
		{ "m=audio 4000 RTP/AVP 101 97\r\na=rtpmap:101 telephone-event/8000\r\n"
		  "a=rtpmap:97 CLEARMODE/8000\r\n", 2, true },
		{ "m=audio 4000 RTP/AVP 97\r\na=rtpmap:97 CLEARMODE/16000\r\n", 3, false },
		{ "m=audio 4000 RTP/AVP 97\r\n", 3, false },
		{ "m=audio 4000 RTP/AVP 18\r\n", 3, false },
		{ "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 CLEARMODE/8000\r\nm=audio 4002 RTP/AVP 8\r\n", 3, false },
		{ "m=video 4000 RTP/AVP 31\r\nm=audio 4002 RTP/AVP 97\r\na=rtpmap:97 CLEARMODE/8000\r\n", 3, false },
		{ "m=image 4000 udptl t38\r\n", 3, false },
		{ "", 3, false },
	};
	struct map_profile speech = map_profile_rfc3398;
	char text[512];

	speech.pars.tmr = ISUP_TMR_SPEECH;
	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sip_str sdp = { .p = text };

		sdp.len = snprintf(text, sizeof(text), "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n"
				   "c=IN IP4 192.0.2.1\r\nt=0 0\r\n%s", cases[i].media);
		EXPECT_INT(cases[i].media, map_sdp_to_tmr(&map_profile_rfc3398, sdp), cases[i].tmr);
		EXPECT_INT(cases[i].media, map_sdp_is_data(sdp), cases[i].data);
		/* as the profile says where it is no data; a fax is for more than speech */
		EXPECT_INT(cases[i].media, map_sdp_to_tmr(&speech, sdp), cases[i].tmr == 2 ? 2 :
			   strstr(cases[i].media, "image") ? 3 : 0);
	}
	EXPECT_INT("no SDP", map_sdp_to_tmr(&speech, SIP_STR("hello")), 0);
}

int main(void)
{
	test_form();
	test_profiles();
	test_pars();
	test_sdp_to_tmr();
	test_print();
	test_cause_to_status();
	test_q1912_cause_to_status();
	test_new_number();
	test_status_to_cause();
	test_response();
	test_request();
	test_q1912_status_to_cause();
	test_put_reason();
	test_tmr();
	return expect_failures ? 1 : 0;
}
