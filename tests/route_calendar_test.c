/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routes by date, holiday and time zone; a table written as CSV and XML and read again is equal. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "mapping/route.h"

#define CET "CET-1CEST,M3.5.0,M10.5.0/3"
#define EST "EST5EDT,M3.2.0,M11.1.0"

static char err[512];

/* "2026-11-23 08:30" UTC */
static time_t utc(const char *text)
{
	struct tm tm = {};

	sscanf(text, "%d-%d-%d %d:%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min);
	tm.tm_year -= 1900;
	tm.tm_mon--;
	return timegm(&tm);
}

static struct route_calendar *calendar_of(void *ctx)
{
	struct route_calendar *calendar = route_calendar_alloc(ctx);

	EXPECT_INT("list", route_holidays_add(calendar, "national", "2026-12-24..26,05-01", 0, err, sizeof(err)), 0);
	EXPECT_INT("more", route_holidays_add(calendar, "national", "12-31..01-02", 0, err, sizeof(err)), 0);
	EXPECT_INT("another", route_holidays_add(calendar, "works", "2026-08-03..2026-08-21", 0, err, sizeof(err)), 0);
	return calendar;
}

static const struct {
	const char *times, *at;
	bool suits;
} times_cases[] = {
	{ "2026-12-24", "2026-12-24 00:00", true },
	{ "2026-12-24", "2026-12-25 00:00", false },
	{ "2026-12-24", "2027-12-24 12:00", false },
	{ "2026-12-24..26", "2026-12-26 23:59", true },
	{ "2026-12-24..26", "2026-12-27 00:00", false },
	{ "2026-12-24..2027-01-06", "2027-01-06 12:00", true },
	{ "2026-12-24..2027-01-06", "2027-01-07 00:00", false },
	{ "2026-11-30..12-02", "2026-12-01 12:00", true },
	{ "12-24..26", "2031-12-25 12:00", true },
	{ "12-24..01-06", "2031-01-06 12:00", true },
	{ "12-24..01-06", "2031-01-07 12:00", false },
	{ "02-29", "2028-02-29 12:00", true },
	{ "02-29", "2027-03-01 12:00", false },
	/* of a day and its night */
	{ "2026-12-24/22:00-06:00", "2026-12-25 05:59", true },
	{ "2026-12-24/22:00-06:00", "2026-12-24 05:59", false },
	{ "2026-12-31/22:00-06:00", "2027-01-01 03:00", true },
	/* all of dates, days and hours */
	{ "08-01..31/mon-fri/08:00-12:00", "2026-08-03 08:00", true },
	{ "08-01..31/mon-fri/08:00-12:00", "2026-08-02 08:00", false },
	{ "08-01..31/mon-fri/08:00-12:00", "2026-09-01 08:00", false },
	{ "08-01..31/mon-fri/08:00-12:00", "2026-08-03 12:00", false },
	/* holidays */
	{ "holiday:national", "2026-12-25 12:00", true },
	{ "holiday:national", "2027-12-25 12:00", false },
	{ "holiday:national", "2027-05-01 12:00", true },
	{ "holiday:national", "2028-01-01 12:00", true },
	{ "holiday:works/08:00-12:00", "2026-08-21 11:59", true },
	{ "holiday:works/08:00-12:00", "2026-08-21 12:00", false },
	{ "holiday:nonesuch", "2026-12-25 12:00", false },
	/* and not then */
	{ "mon-fri/08:00-18:00,!holiday:national", "2026-12-23 12:00", true },
	{ "mon-fri/08:00-18:00,!holiday:national", "2026-12-24 12:00", false },
	{ "!holiday:national", "2026-12-24 12:00", false },
	{ "!holiday:national", "2026-12-23 03:00", true },
	{ "!12:00-13:00", "2026-12-23 12:30", false },
	{ "!12:00-13:00,!sun", "2026-12-23 13:00", true },
	{ "!12:00-13:00,!sun", "2026-12-27 13:00", false },
};

static void test_times(void *ctx)
{
	struct route_calendar *calendar = calendar_of(ctx);
	struct route_times times;
	char text[ROUTE_VALUE_SIZE];

	for (unsigned int i = 0; i < ARRAY_SIZE(times_cases); i++) {
		const char *words = times_cases[i].times;

		memset(&times, 0, sizeof(times));
		EXPECT_INT(words, route_times_scan(&times, words, err, sizeof(err)), 0);
		EXPECT_INT(times_cases[i].at, route_times_suit(&times, utc(times_cases[i].at), calendar),
			   times_cases[i].suits);
		route_times_print_buf(text, sizeof(text), &times);
		EXPECT_STR("printed", text, words);
		EXPECT_INT("again", route_times_scan(&times, text, err, sizeof(err)), 0);
		EXPECT_INT(text, route_times_suit(&times, utc(times_cases[i].at), calendar), times_cases[i].suits);
	}
	route_times_scan(&times, "sun,!holiday:nonesuch", err, sizeof(err));
	EXPECT_STR("missing", route_times_missing(&times, calendar), "nonesuch");
	route_times_scan(&times, "sun,!holiday:works", err, sizeof(err));
	EXPECT(!route_times_missing(&times, calendar));
	talloc_free(calendar);
}

static void test_bad(void *ctx)
{
	static const char *const bad_times[] = {
		"2026", "2026-13-01", "2026-02-29", "2026-04-31", "2026-00-10", "2026-12-24..", "2026-12-24..23",
		"2026-12-24..2025-01-01", "2026-12-24..13-01", "12-24..2027-01-01", "12-32", "24..26", "0000-12-24",
		"holiday:", "holiday:a b", "holiday:0123456789abcdef", "!", "08:00-12:00/mon", "mon/2026-12-24",
		"2026-12-24/2026-12-25", "mon/mon", "2026-12-24/", "2026-12",
	};
	static const char *const good_zones[] = {
		"UTC0", "EST5EDT", CET, EST, "<+0330>-3:30", "NST3:30NDT2:30,M3.2.0/0:01,M11.1.0/0:01",
		"ABC1DEF,J60,300/-2", "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "IST-1GMT0,M10.5.0,M3.5.0/1",
		"AAA+24:59:59BBB,0/167,J365",
	};
	static const char *const bad_zones[] = {
		"", "/etc/passwd", "../../etc/passwd", ":UTC", "Nowhere/Atall", "a b1", "Europe/..1", "A1",
		"Europe/Nowhere1", "ABC", "Europe", "zone1970.tab", "CET-1CEST,M3.5.0",
		"CET-1CEST,M3.5.0,M13.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
		"CET-1CEST,M3.5.0,M10.5.0/", "CET-1CEST,M3.5.0,M10.5.0x", "CET-1CEST,J0,J365",
		"CET-1CEST,J1,J366", "CET-25", "CET-1:60", "<CET-1", "CET-1CE", "UTC0,", "CET-",
		"A1234567890123456789012345678901234567890",
	};
	struct route_calendar *calendar = calendar_of(ctx);
	struct route_times times;

	for (unsigned int i = 0; i < ARRAY_SIZE(bad_times); i++) {
		err[0] = '\0';
		EXPECT_INT(bad_times[i], route_times_scan(&times, bad_times[i], err, sizeof(err)), -EINVAL);
		EXPECT(*err);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(good_zones); i++)
		EXPECT_INT(good_zones[i], route_zone_check(good_zones[i], err, sizeof(err)), 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(bad_zones); i++)
		EXPECT_INT(bad_zones[i], route_zone_check(bad_zones[i], err, sizeof(err)), -EINVAL);
	EXPECT_INT("no dates", route_holidays_add(calendar, "national", "mon", 0, err, sizeof(err)), -EINVAL);
	/* the one that is wrong is named, however long the list is */
	EXPECT_INT("one", route_holidays_add(calendar, "national", "2026-12-24..26,05-01,05-32,05-03", 0, err,
					    sizeof(err)), -EINVAL);
	EXPECT(!strncmp(err, "'05-32': ", 9));
	EXPECT_INT("one", route_times_scan(&times, "mon/08:00-12:00,tue/8:00-12:00,sat", err, sizeof(err)), -EINVAL);
	EXPECT(!strncmp(err, "'tue/8:00-12:00': ", 18));
	EXPECT_INT("as it was", route_holidays_find(calendar, "national")->n, 3);
	EXPECT_INT("of a file", route_holidays_add(calendar, "national", "01-01", 1, err, sizeof(err)), -EINVAL);
	EXPECT_INT("name", route_holidays_add(calendar, "a/b", "01-01", 0, err, sizeof(err)), -EINVAL);
	for (int i = 0; i < 61; i++)
		EXPECT_INT("up to 64", route_holidays_add(calendar, "national", "01-01", 0, err, sizeof(err)), 0);
	EXPECT_INT("65", route_holidays_add(calendar, "national", "01-01", 0, err, sizeof(err)), -EINVAL);
	talloc_free(calendar);
}

/* The machine is at UTC, the gateway in one zone, a row in another; each with its change of clocks. */
static void test_zones(void *ctx)
{
	static const struct {
		const char *zone, *at;
		bool suits;
	} cases[] = {
		{ "", "2026-01-15 07:00", true },	/* 08:00 CET */
		{ "", "2026-01-15 06:59", false },
		{ "", "2026-07-15 06:00", true },	/* 08:00 CEST */
		{ "", "2026-07-15 05:59", false },
		{ "", "2026-03-29 05:59", false },	/* the day that summer time begins */
		{ "", "2026-03-29 06:00", true },
		{ "", "2026-10-25 06:59", false },	/* and ends */
		{ "", "2026-10-25 07:00", true },
		{ EST, "2026-07-15 11:59", false },	/* 08:00 EDT */
		{ EST, "2026-07-15 12:00", true },
		{ EST, "2026-11-01 13:00", true },	/* EST since this morning */
		{ EST, "2026-11-01 12:59", false },
		{ "UTC0", "2026-07-15 07:59", false },
		{ "UTC0", "2026-07-15 08:00", true },
		{ "AAA0", "2026-07-15 08:00", true }, { "BBB0", "2026-07-15 08:00", true },
		{ "CCC0", "2026-07-15 08:00", true }, { "<+01>-1", "2026-07-15 07:00", true },
		{ "", "2026-07-15 06:00", true },	/* more zones than are remembered */
	};
	struct route_calendar *calendar = calendar_of(ctx);
	struct route_times times;

	osmo_strlcpy(calendar->zone, CET, sizeof(calendar->zone));
	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&times, 0, sizeof(times));
		route_times_scan(&times, "08:00-09:00", err, sizeof(err));
		osmo_strlcpy(times.zone, cases[i].zone, sizeof(times.zone));
		EXPECT_INT(cases[i].at, route_times_suit(&times, utc(cases[i].at), calendar), cases[i].suits);
	}
	EXPECT_STR("the process' own", getenv("TZ"), "UTC");
	/* what is known of a zone lasts for a year: on the way of a call the process' own one is not touched */
	EXPECT_INT("zones", llist_count(&calendar->zones), 7);
	osmo_strlcpy(times.zone, EST, sizeof(times.zone));
	route_times_suit(&times, utc("2026-01-15 07:00"), calendar);
	setenv("TZ", "not asked for", 1);
	for (time_t at = utc("2026-01-15 07:00"); at < utc("2027-01-15 07:00"); at += 3600)
		route_times_suit(&times, at, calendar);
	EXPECT_STR("not touched", getenv("TZ"), "not asked for");
	/* the day is that of the zone */
	route_times_scan(&times, "2026-07-16", err, sizeof(err));
	times.zone[0] = '\0';
	EXPECT(route_times_suit(&times, utc("2026-07-15 22:00"), calendar));
	EXPECT(!route_times_suit(&times, utc("2026-07-16 22:00"), calendar));
	talloc_free(calendar);
}

/* ---- Written and read ---- */

/* The longest window: eight of them are the longest value of a row */
#define LONG "!holiday:holidays-of-15_/sun-mon+wed-thu+sat/08:00-18:00"

static const char rows[] =
	"prefix,from-peer,from-group,to-group,to-peer,priority,weight,calling,category,times,zone,called-strip,"
	"called-prepend,called-noa,calling-strip,calling-prepend,calling-noa\n"
	"+33,P,,G,,0,70,,,,,,,,,,\n"
	"+33,P,,H,,0,30,+3301,payphone,\"mon-fri/08:00-18:00,!holiday:works\",\"" CET "\",3,0,national,1,+9,"
	"international\n"
	"any,,G,,P,255,,,,2026-12-24..26,,,,,,,\n"
	"112,,,G,,9,,,10,12-31..01-02/mon/22:00-06:00,,1,+,unknown,,,\n"
	"113,,,G,,9,,,10,\"" LONG "," LONG "," LONG "," LONG "," LONG "," LONG "," LONG "," LONG "\",,,,,,,\n";

static struct route_table *read_back(void *ctx, const struct route_table *from, bool xml)
{
	struct route_table *table = route_table_alloc(ctx);
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	route_table_write(f, from, xml);
	fclose(f);
	err[0] = '\0';
	if (xml)
		route_xml_parse(table, "t.xml", text, len, 1, err, sizeof(err));
	else
		route_csv_parse(table, "t.csv", text, len, 1, err, sizeof(err));
	EXPECT_STR(xml ? "XML" : "CSV", err, "");
	free(text);
	return table;
}

static void expect_same_rows(const struct route_table *a, const struct route_table *b)
{
	const struct route *r = llist_first_entry(&b->routes, struct route, entry), *s;
	char x[ROUTE_VALUE_SIZE], y[ROUTE_VALUE_SIZE];

	EXPECT_INT("rows", b->n_routes, a->n_routes);
	llist_for_each_entry(s, &a->routes, entry) {
		if (&r->entry == &b->routes)
			break;
		for (const struct route_word *w = route_words; w->name; w++) {
			route_word_print_buf(x, sizeof(x), w, r);
			route_word_print_buf(y, sizeof(y), w, s);
			EXPECT_STR(w->name, x, y);
		}
		r = llist_entry(r->entry.next, struct route, entry);
	}
}

/* A zone that nothing goes by would be gone when the table is written. */
static void test_zone_alone(void *ctx)
{
	static const char text[] = "prefix,to-group,zone\n+33,G,UTC0\n";
	struct route_table *table = route_table_alloc(ctx);

	EXPECT_INT("zone", route_csv_parse(table, "t", text, strlen(text), 1, err, sizeof(err)), -EINVAL);
	EXPECT_STR("zone", err, "t:2:1: a zone is that of the clock of its times: there are none");
	talloc_free(table);
}

static void test_written(void *ctx)
{
	struct route_table *first = route_table_alloc(ctx), *csv, *xml, *again;
	const struct route_holidays *h;

	err[0] = '\0';
	EXPECT_INT("read", route_csv_parse(first, "t", rows, strlen(rows), 1, err, sizeof(err)), 0);
	EXPECT_STR("read", err, "");
	route_holidays_add(first->calendar, "works", "2026-08-03..21,12-31..01-02", 1, err, sizeof(err));
	csv = read_back(ctx, first, false);
	xml = read_back(ctx, csv, true);
	expect_same_rows(first, csv);
	expect_same_rows(first, xml);
	talloc_free(xml);
	xml = read_back(ctx, first, true);
	again = read_back(ctx, xml, true);
	h = route_holidays_find(again->calendar, "works");
	EXPECT(h && h->n == 2 && h->dates[0].to == 20260821 && h->dates[1].to == 102);
	expect_same_rows(first, again);
	talloc_free(first);
	talloc_free(csv);
	talloc_free(xml);
	talloc_free(again);
}

int main(void)
{
	void *ctx = talloc_named_const(NULL, 0, "route_calendar_test");

	setenv("TZ", "UTC", 1);
	tzset();
	test_times(ctx);
	test_bad(ctx);
	test_zones(ctx);
	test_written(ctx);
	test_zone_alone(ctx);
	EXPECT_INT("memory left", talloc_total_blocks(ctx), 1);
	talloc_free(ctx);
	return !!expect_failures;
}
