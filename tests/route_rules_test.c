/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routes by caller, category, time, weight; changed numbers; tables from CSV and XML, and what is wrong in them. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "isup/isup_par.h"
#include "mapping/mapping.h"
#include "mapping/map_number.h"
#include "mapping/route.h"

static char err[512];

static struct route_table *table_of(void *ctx, const char *csv)
{
	struct route_table *t = route_table_alloc(ctx);

	err[0] = '\0';
	if (route_csv_parse(t, "t.csv", csv, strlen(csv), 1, err, sizeof(err)) < 0)
		printf("%s\n", err);
	EXPECT_STR("no error", err, "");
	return t;
}

static const char *to(const struct route_table *t, struct route_query q, unsigned int n)
{
	const struct route *r;

	q.from_kind = ROUTE_PEER;
	q.from_name = "P";
	r = route_find(t, &q, n);
	return r ? r->to.name : "-";
}

/* "2026-11-23 08:30" on the clock of the time zone set */
static time_t at(const char *text)
{
	struct tm tm = { .tm_isdst = -1 };

	sscanf(text, "%d-%d-%d %d:%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min);
	tm.tm_year -= 1900;
	tm.tm_mon--;
	return mktime(&tm);
}

static void zone(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

/* ---- Conditions ---- */

static void test_conditions(void *ctx)
{
	struct route_table *t = table_of(ctx,
		"prefix,to-group,priority,calling,category,times\n"
		"+33,DEFAULT,0,,,\n"
		"+33,CALLING,0,+331,,\n"
		"+33,LONGER,0,+33155,,\n"
		"+33,PAYPHONE,0,,payphone,\n"
		"+33,NIGHT,0,,,22:00-06:00\n"
		"+33,LAST,9,,,\n"
		"+49,ONLY,0,+49,,\n"
		",ANY,0,,,\n");
	time_t noon = at("2026-11-23 12:00"), night = at("2026-11-23 23:00");

	EXPECT_STR("nothing known", to(t, (struct route_query){ .called = "+331", .now = noon }, 0), "DEFAULT");
	EXPECT_STR("then", to(t, (struct route_query){ .called = "+331", .now = noon }, 1), "LAST");
	EXPECT_STR("then none", to(t, (struct route_query){ .called = "+331", .now = noon }, 2), "-");
	EXPECT_STR("at night", to(t, (struct route_query){ .called = "+331", .now = night }, 0), "NIGHT");
	EXPECT_STR("at night, then", to(t, (struct route_query){ .called = "+331", .now = night }, 1), "DEFAULT");
	EXPECT_STR("calling", to(t, (struct route_query){ .called = "+331", .calling = "+33112", .now = noon }, 0),
		   "CALLING");
	EXPECT_STR("more of it", to(t, (struct route_query){ .called = "+331", .calling = "+331552", .now = noon }, 0),
		   "LONGER");
	EXPECT_STR("more of it, then", to(t, (struct route_query){ .called = "+331", .calling = "+331552",
		   .now = noon }, 1), "CALLING");
	EXPECT_STR("category", to(t, (struct route_query){ .called = "+331", .category = ISUP_CPC_PAYPHONE,
		   .now = noon }, 0), "PAYPHONE");
	EXPECT_STR("a condition that fails leaves the shorter prefix", to(t, (struct route_query){ .called = "+49123",
		   .calling = "+33" }, 0), "ANY");
	EXPECT(t->by_calling && t->by_category);
	talloc_free(t);
}

/* RFC 4904: who names a trunk group goes by the rows of that, whatever their prefix; without one, by the others. */
static void test_trunks(void *ctx)
{
	struct route_table *t = table_of(ctx,
		"prefix,to-group,priority,tgrp,contact-tgrp\n"
		"+33,PLAIN,0,,\n"
		",ONE,0,TG-1@example.com,\n"
		",ANYWHERE,0,TG-2,\n"
		"+33,CAME,0,,TG-9@example.net\n"
		",BOTH,1,TG-1,TG-9\n");

	EXPECT_STR("none", to(t, (struct route_query){ .called = "+331" }, 0), "PLAIN");
	EXPECT_STR("none, then", to(t, (struct route_query){ .called = "+331" }, 1), "-");
	EXPECT_STR("named", to(t, (struct route_query){ .called = "+331", .tgrp = "tg-1@EXAMPLE.com" }, 0), "ONE");
	EXPECT_STR("no others then", to(t, (struct route_query){ .called = "+331", .tgrp = "TG-1@example.com" }, 1),
		   "-");
	EXPECT_STR("another context", to(t, (struct route_query){ .called = "+331", .tgrp = "TG-1@example.net" }, 0),
		   "PLAIN");
	EXPECT_STR("any context", to(t, (struct route_query){ .called = "+331", .tgrp = "TG-2@example.net" }, 0),
		   "ANYWHERE");
	EXPECT_STR("another label", to(t, (struct route_query){ .called = "+331", .tgrp = "TG-22@example.net" }, 0),
		   "PLAIN");
	EXPECT_STR("in Contact", to(t, (struct route_query){ .called = "+331", .contact_tgrp = "TG-9@example.net" }, 0),
		   "CAME");
	EXPECT_STR("both", to(t, (struct route_query){ .called = "+44", .tgrp = "TG-1@x", .contact_tgrp = "TG-9@x" },
			      0), "BOTH");
	EXPECT(t->by_trunk);
	talloc_free(t);
}

static void test_times(void)
{
	static const struct {
		const char *times, *at;
		bool suits;
	} cases[] = {
		{ "mon-fri/08:00-18:00", "2026-11-23 08:00", true },	/* a Monday */
		{ "mon-fri/08:00-18:00", "2026-11-23 07:59", false },
		{ "mon-fri/08:00-18:00", "2026-11-23 17:59", true },
		{ "mon-fri/08:00-18:00", "2026-11-23 18:00", false },
		{ "mon-fri/08:00-18:00", "2026-11-22 12:00", false },
		{ "sun", "2026-11-22 00:00", true },
		{ "sun", "2026-11-22 23:59", true },
		{ "fri-mon", "2026-11-23 12:00", true },
		{ "fri-mon", "2026-11-24 12:00", false },
		{ "mon+wed", "2026-11-25 12:00", true },
		{ "mon+wed", "2026-11-24 12:00", false },
		{ "fri/22:00-06:00", "2026-11-28 05:59", true },	/* the night of Friday */
		{ "fri/22:00-06:00", "2026-11-27 05:59", false },
		{ "22:00-06:00", "2026-11-27 05:59", true },
		{ "sat/09:00-12:00,sat/14:00-24:00", "2026-11-28 23:59", true },
		{ "sat/09:00-12:00,sat/14:00-24:00", "2026-11-28 13:00", false },
		/* summer time begins at 02:00: that hour is not there; it ends at 03:00: 02:30 is there twice */
		{ "03:00-04:00", "2026-03-29 03:00", true },
		{ "01:00-02:00", "2026-03-29 01:59", true },
		{ "02:00-03:00", "2026-10-25 02:30", true },
	};
	struct route_times times;
	char text[128];

	zone("CET-1CEST,M3.5.0,M10.5.0/3");
	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		EXPECT_INT(cases[i].times, route_times_scan(&times, cases[i].times, err, sizeof(err)), 0);
		EXPECT_INT(cases[i].at, route_times_suit(&times, at(cases[i].at), NULL), cases[i].suits);
		route_times_print_buf(text, sizeof(text), &times);
		if (strcmp(cases[i].times, "fri-mon"))
			EXPECT_STR("printed", text, cases[i].times);
	}
	/* both of the two hours, an hour apart, and nothing after */
	route_times_scan(&times, "02:00-03:00", err, sizeof(err));
	EXPECT(route_times_suit(&times, 1792888200, NULL) && route_times_suit(&times, 1792888200 + 3600, NULL));
	EXPECT(!route_times_suit(&times, 1792888200 + 2 * 3600, NULL));
	EXPECT(!route_times_suit(&times, 1792888200 - 3600, NULL));
	EXPECT(!route_times_suit(&times, at("2026-03-29 01:59"), NULL));
	EXPECT(!route_times_suit(&times, at("2026-03-29 03:00"), NULL));
	zone("UTC");
}

static void test_bad_times(void)
{
	static const char *const cases[] = {
		"", "mo", "mon-", "mon/", "mon/8:00-9:00", "25:00-26:00", "08:00-08:00", "08:60-09:00", "08:00", "mon,",
		"24:00-06:00", "mon+", "mon 08:00-09:00", "sun,sun,sun,sun,sun,sun,sun,sun,sun", "06:00-00:00x",
	};
	struct route_times times;

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		err[0] = '\0';
		EXPECT_INT(cases[i], route_times_scan(&times, cases[i], err, sizeof(err)), -EINVAL);
		EXPECT(*err);
	}
}

/* ---- Load share ---- */

static void test_weights(void *ctx)
{
	struct route_table *t = table_of(ctx, "to-group,weight,priority\nA,70,1\nB,20,1\nC,10,1\nD,,1\nE,5,2\n");
	unsigned int first[5] = {}, second[5] = {};

	for (uint32_t id = 1; id <= 10000; id++) {
		struct route_query q = { .called = "1", .draw = id * 2654435761u };
		char order[6] = "";

		for (unsigned int n = 0; n < 5; n++)
			order[n] = *to(t, q, n);
		EXPECT_INT("those with a weight first, then that without, then the next priority", order[3], 'D');
		EXPECT_INT("the next priority", order[4], 'E');
		EXPECT(order[0] != order[1] && order[1] != order[2] && order[0] != order[2]);
		first[order[0] - 'A']++;
		second[order[1] - 'A']++;
	}
	EXPECT(first[0] > 6900 && first[0] < 7100 && first[1] > 1900 && first[1] < 2100 && first[2] > 900);
	/* of the rest by weight again: B after A in two of three, C after A in one of three */
	EXPECT(second[1] > 4500 && second[1] < 6500);
	EXPECT(second[2] > 1800 && second[2] < 3200);
	talloc_free(t);
}

/* ---- Numbers ---- */

static void test_changes(void)
{
	static const struct map_numbering plan = {
		.country_code = "33", .national_prefix = "0", .international_prefix = "00",
	};
	static const struct {
		const char *key;
		struct route_change change;
		const char *result;
		uint8_t noa;
		const char *digits;
	} cases[] = {
		{ "+33201234567", { .strip = 3 }, "201234567", ISUP_NOA_UNKNOWN, "201234567" },
		{ "+33201234567", { .strip = 3, .prepend = "0" }, "0201234567", ISUP_NOA_NATIONAL, "201234567" },
		{ "+33201234567", { .strip = 3, .noa = ISUP_NOA_NATIONAL }, "+33201234567", ISUP_NOA_NATIONAL,
		  "201234567" },
		{ "+33201234567", { .strip = 1, .prepend = "+99" }, "+9933201234567", ISUP_NOA_INTERNATIONAL,
		  "9933201234567" },
		{ "+33201234567", { .noa = ISUP_NOA_INTERNATIONAL }, "+33201234567", ISUP_NOA_INTERNATIONAL,
		  "33201234567" },
		{ "112", { .noa = ISUP_NOA_SUBSCRIBER }, "112", ISUP_NOA_SUBSCRIBER, "112" },
		{ "112", { .prepend = "99" }, "99112", ISUP_NOA_UNKNOWN, "99112" },
		{ "12", { .strip = 30, .prepend = "+49" }, "+49", ISUP_NOA_INTERNATIONAL, "49" },
		{ "12", { .strip = 2 }, NULL },
		{ "+12", { .strip = 3, .noa = ISUP_NOA_NATIONAL }, NULL },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct isup_number number = { .apri = ISUP_APRI_RESTRICTED, .screening = 3 };
		char key[MAP_KEY_SIZE];
		int rc;

		osmo_strlcpy(key, cases[i].key, sizeof(key));
		rc = route_change_apply(&cases[i].change, key, sizeof(key), &number, &plan);
		EXPECT_INT(cases[i].key, rc, cases[i].result ? 0 : -EINVAL);
		if (rc < 0 || !cases[i].result)
			continue;
		EXPECT_STR(cases[i].key, key, cases[i].result);
		EXPECT_INT(cases[i].result, number.noa, cases[i].noa);
		EXPECT_STR(cases[i].result, number.digits, cases[i].digits);
		EXPECT(number.apri == ISUP_APRI_RESTRICTED && number.screening == 3);
	}
}

/* ---- Files ---- */

static void test_bad_csv(void *ctx)
{
	static const struct {
		const char *csv, *err;
	} cases[] = {
		{ "", "t:1:1: the line that names the columns is missing" },
		{ "# only\n\n", "t:3:1: the line that names the columns is missing" },
		{ "prefix,to", "t:1:8: to is no column of routes: the first line names them, such as "
		  "prefix,from-peer,to-group,priority" },
		{ "prefix,prefix", "t:1:8: prefix is there twice" },
		{ "prefix,to-group\n+3x,G", "t:2:1: prefix '+3x': decimal digits are needed, after a '+' where it is "
		  "E.164" },
		{ "to-group,calling\nG, 3-", "t:2:4: calling '3-': decimal digits are needed, after a '+' where it is "
		  "E.164" },
		{ "prefix,to-group\n\n+33,G,7", "t:3:7: more values than the first line has columns" },
		{ "prefix,to-group\n+33", "t:2:1: a route leads to a circuit group or to a SIP peer" },
		{ "prefix,to-group\n+33,G\n+33,G", "t:3:1: this route is there already" },
		{ "to-group,priority\nG,256", "t:2:3: priority '256': a number from 0 to 255 is needed" },
		{ "to-group,priority\nG,-1", "t:2:3: priority '-1': a number from 0 to 255 is needed" },
		{ "to-group,category\nG,king", "t:2:3: category 'king': no calling party's category ('show isup "
		  "parameter cpc' has them)" },
		{ "to-group,called-noa\nG,odd", "t:2:3: called-noa 'odd': no nature of address: subscriber, "
		  "unknown, national, international, network-specific" },
		{ "to-group,called-prepend\nG,a", "t:2:3: called-prepend 'a': digits are needed, after a '+' where "
		  "it is E.164" },
		{ "to-group,prefix\n\"G", "t:2:3: a closing quotation mark is missing" },
		{ "to-group,prefix\n\"G\"x,1", "t:2:4: something follows the closing quotation mark" },
		{ "to-group,to-peer\nG,P", "t:2:3: to-peer 'P': a route has one source and one destination" },
		{ "to-group\nG\001", "t:2:2: a control character" },
		/* characters, not octets; a byte order mark has none; at the value, not at the blanks before it */
		{ "\xef\xbb\xbfprefix,to", "t:1:8: to is no column of routes: the first line names them, such as "
		  "prefix,from-peer,to-group,priority" },
		{ "to-group,priority\r\nßß€,\t 256\r\n",
		  "t:2:7: priority '256': a number from 0 to 255 is needed" },
		{ "to-group;priority\n\"G;€\";\"256\"", "t:2:7: priority '256': a number from 0 to 255 is needed" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct route_table *t = route_table_alloc(ctx);

		err[0] = '\0';
		EXPECT_INT(cases[i].csv, route_csv_parse(t, "t", cases[i].csv, strlen(cases[i].csv), 1, err,
							 sizeof(err)), -EINVAL);
		EXPECT_STR(cases[i].csv, err, cases[i].err);
		talloc_free(t);
	}
}

static void test_xml(void *ctx)
{
	static const char good[] =
		"<routes>\n<route prefix=\"+33\" to-group=\"G\" weight=\"7\" times=\"sun\" called-strip=\"3\"/>\n"
		"<route prefix=\"any\" from-group=\"G\" to-peer=\"P\"/>\n</routes>";
	static const struct {
		const char *xml, *err;
	} cases[] = {
		{ "<routes><route to-group=\"G\"/></routes>",
		  "t:1:9: Element 'route': The attribute 'prefix' is required" },
		{ "<routes>\n<route prefix=\"1\" to=\"G\"/></routes>", "t:2:19: Element 'route', attribute 'to'" },
		{ "<routes>\n\n<route prefix=\"1\" to-group=\"G\" times=\"never\"/></routes>",
		  "t:3:32: times 'never'" },
		{ "<routes><route prefix=\"1\"/></routes>", "t:1:9: a route leads to" },
		{ "<routes><route prefix=\"1\" to-group=\"G\" priority=\"300\"/></routes>",
		  "t:1:40: Element 'route', attribute 'priority': '300'" },
		{ "<tables/>", "t:1:1: Element 'tables'" },
		{ "<routes>", "t:1:9: Premature end of data" },
		{ "<routes>\n<!-- ß --><route prefix=\"ß\"\n\tto-group=\"G\"/></routes>",
		  "t:2:18: Element 'route', attribute 'prefix'" },
	};
	struct route_table *t = route_table_alloc(ctx);
	char text[256];

	err[0] = '\0';
	EXPECT_INT("good", route_xml_parse(t, "t", good, strlen(good), 2, err, sizeof(err)), 0);
	EXPECT_STR("good", err, "");
	EXPECT_INT("rows", t->n_routes, 2);
	EXPECT_STR("found", to(t, (struct route_query){ .called = "+331", .now = at("2026-11-22 12:00") }, 0), "G");
	route_options_print_buf(text, sizeof(text), llist_first_entry(&t->routes, struct route, entry));
	EXPECT_STR("options", text, " weight 7 times sun called-strip 3");
	talloc_free(t);
	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		t = route_table_alloc(ctx);
		EXPECT_INT(cases[i].xml, route_xml_parse(t, "t", cases[i].xml, strlen(cases[i].xml), 1, err,
							 sizeof(err)), -EINVAL);
		if (!strstr(err, cases[i].err))
			EXPECT_STR(cases[i].xml, err, cases[i].err);
		talloc_free(t);
	}
}

static void test_csv_forms(void *ctx)
{
	struct route_table *t = table_of(ctx, "\xef\xbb\xbfprefix;to-group;times\r\n# nothing\r\n\r\n"
		" +33 ; \"G 1\" ;\"mon/08:00-09:00,sun\"\r\n+34;\"a\"\"b\"");
	const struct route *r = llist_first_entry(&t->routes, struct route, entry);

	EXPECT_STR("prefix", r->prefix, "+33");
	EXPECT_STR("quoted", r->to.name, "G 1");
	EXPECT_INT("windows", r->times ? r->times->n : 0, 2);
	EXPECT_INT("line", r->line, 4);
	r = llist_entry(r->entry.next, struct route, entry);
	EXPECT_STR("quotation mark", r->to.name, "a\"b");
	talloc_free(t);
}

/* ---- Tables under calls ---- */

static void test_references(void *ctx)
{
	struct route_table *t = table_of(ctx, "prefix,to-group\n+33,G\n+34,H\n"), *held = route_table_get(t);
	const struct route_end any = { ROUTE_ANY }, g = { ROUTE_GROUP, "G" };

	EXPECT(route_table_own(&t) != held && t != held);
	EXPECT_INT("del", route_del(t, "+33", &any, &g), 0);
	EXPECT_STR("gone", to(t, (struct route_query){ .called = "+331" }, 0), "-");
	EXPECT_STR("still there for the call", to(held, (struct route_query){ .called = "+331" }, 0), "G");
	EXPECT_STR("copied", to(t, (struct route_query){ .called = "+341" }, 0), "H");
	route_table_put(held);
	held = t;
	EXPECT(route_table_own(&t) == held && t == held);
	route_table_put(t);
}

/* ---- Cost: counted, not measured ---- */

/* Keys asked and rows looked at do not grow with the table. */
static void test_steps(void *ctx)
{
	static const unsigned int sizes[] = { 1000, 10000, 100000 };
	unsigned int worst[ARRAY_SIZE(sizes)] = {};

	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct route_table *t = route_table_alloc(ctx);
		char prefix[16], from[16];

		for (unsigned int k = 0; k < sizes[i]; k++) {
			struct route row = {
				.prefix = prefix, .to = { ROUTE_GROUP, "G" }, .from = { ROUTE_PEER, from },
			};

			snprintf(prefix, sizeof(prefix), "+%u", k);
			snprintf(from, sizeof(from), "P%u", k % 500);
			EXPECT_INT(prefix, route_insert(t, &row, err, sizeof(err)), 0);
		}
		for (unsigned int k = 0; k < sizes[i]; k += 97) {
			struct route_query q = { .called = prefix, .from_kind = ROUTE_PEER, .from_name = from };
			const struct route *r;

			snprintf(prefix, sizeof(prefix), "+%u", k);
			snprintf(from, sizeof(from), "P%u", k % 500);
			r = route_find(t, &q, 0);
			EXPECT_STR(prefix, r ? r->prefix : "-", prefix);
			worst[i] = OSMO_MAX(worst[i], q.steps);
		}
		/* a talloc chunk a row, and its share of the buckets */
		EXPECT(talloc_total_size(t) / sizes[i] < 256);
		talloc_free(t);
	}
	EXPECT(worst[2] <= 20 && worst[2] <= worst[0] + 8);
}

/* The examples of the documentation */
static void test_file(void *ctx, const char *path)
{
	struct route_table *t = route_table_alloc(ctx);

	err[0] = '\0';
	EXPECT_INT(path, route_file_load(t, path, 1, err, sizeof(err)), 0);
	EXPECT_STR(path, err, "");
	EXPECT(t->n_routes > 3);
	talloc_free(t);
}

int main(int argc, char **argv)
{
	void *ctx = talloc_named_const(NULL, 0, "route_rules_test");

	zone("UTC");
	test_conditions(ctx);
	test_trunks(ctx);
	test_times();
	test_bad_times();
	test_weights(ctx);
	test_changes();
	test_bad_csv(ctx);
	test_xml(ctx);
	test_csv_forms(ctx);
	test_references(ctx);
	test_steps(ctx);
	for (int i = 1; i < argc; i++)
		test_file(ctx, argv[i]);
	EXPECT_INT("memory left", talloc_total_blocks(ctx), 1);
	talloc_free(ctx);
	return !!expect_failures;
}
