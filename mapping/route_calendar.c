/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calendar of a routing table: dates, lists of holidays, and what clocks of other time zones show. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "mapping/route.h"

/* ---- Dates ---- */

static bool take_number(const char **text, unsigned int digits, unsigned int *n)
{
	*n = 0;
	for (unsigned int i = 0; i < digits; i++, ++*text) {
		if (**text < '0' || **text > '9')
			return false;
		*n = 10 * *n + **text - '0';
	}
	return true;
}

static bool is_date(unsigned int year, unsigned int month, unsigned int day)
{
	static const uint8_t lengths[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 || year % 400 == 0);

	return month >= 1 && month <= 12 && day >= 1 && day <= lengths[month - 1] &&
	       (month != 2 || day < 29 || leap || !year);
}

/* "2026-12-24", or "12-24"; after "..", what is left out in front is that of base: "26", "12-26" */
static bool take_date(const char **text, uint32_t base, uint32_t *date)
{
	unsigned int year = base / 10000, month = base / 100 % 100, day, len = strspn(*text, "0123456789");

	if (len == 4 && (!take_number(text, 4, &year) || !year || *(*text)++ != '-'))
		return false;
	len = strspn(*text, "0123456789");
	if (len != 2 || !take_number(text, 2, &day))
		return false;
	if (**text == '-') {
		++*text;
		month = day;
		if (!take_number(text, 2, &day))
			return false;
	} else if (!base || (*text)[-3] == '-') {
		return false;
	}
	*date = 10000 * year + 100 * month + day;
	return is_date(year, month, day);
}

bool route_dates_take(struct route_dates *dates, const char **text)
{
	if (!take_date(text, 0, &dates->from))
		return false;
	dates->to = dates->from;
	if (strncmp(*text, "..", 2))
		return true;
	*text += 2;
	if (!take_date(text, dates->from, &dates->to))
		return false;
	/* each year's, or of years that are said */
	return !(dates->from / 10000) == !(dates->to / 10000) && (dates->from < 10000 || dates->from <= dates->to);
}

static int print_date(char *buf, size_t size, uint32_t date)
{
	if (date >= 10000)
		return snprintf(buf, size, "%04u-%02u-%02u", date / 10000, date / 100 % 100, date % 100);
	return snprintf(buf, size, "%02u-%02u", date / 100, date % 100);
}

int route_dates_print_buf(char *buf, size_t size, const struct route_dates *dates)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };

	OSMO_STRBUF_APPEND(sb, print_date, dates->from);
	if (dates->to == dates->from)
		return sb.chars_needed;
	OSMO_STRBUF_PRINTF(sb, "..");
	if (dates->to / 100 == dates->from / 100)
		OSMO_STRBUF_PRINTF(sb, "%02u", dates->to % 100);
	else
		OSMO_STRBUF_APPEND(sb, print_date, dates->to / 10000 == dates->from / 10000 ? dates->to % 10000 :
				   dates->to);
	return sb.chars_needed;
}

bool route_dates_suit(const struct route_dates *dates, uint32_t date)
{
	if (dates->from < 10000)
		date %= 10000;
	if (dates->from <= dates->to)
		return date >= dates->from && date <= dates->to;
	return date >= dates->from || date <= dates->to;
}

/* ---- Holidays ---- */

struct route_holidays *route_holidays_find(const struct route_calendar *calendar, const char *name)
{
	struct route_holidays *holidays;

	llist_for_each_entry(holidays, &calendar->holidays, entry) {
		if (!strcmp(holidays->name, name))
			return holidays;
	}
	return NULL;
}

static int fail(char *err, size_t err_size, const char *value, const char *what)
{
	snprintf(err, err_size, "'%s': %s", value, what);
	return -EINVAL;
}

bool route_holidays_name_valid(const char *name)
{
	return osmo_identifier_valid(name) && strlen(name) < ROUTE_HOLIDAYS_NAME_SIZE;
}

/* All of them, or none */
static int scan_dates(struct route_holidays *holidays, const char *text, char *err, size_t err_size)
{
	const char *p = text;

	do {
		if (holidays->n == ROUTE_HOLIDAYS_MAX)
			return fail(err, err_size, text, "a list has up to 64 dates");
		if (!route_dates_take(&holidays->dates[holidays->n++], &p) || (*p && *p != ','))
			return fail(err, err_size, text, "dates are such as '2026-12-24..26,01-01,12-31..01-02'");
	} while (*p++);
	return 0;
}

int route_holidays_add(struct route_calendar *calendar, const char *name, const char *dates, uint8_t file, char *err,
		       size_t err_size)
{
	struct route_holidays *there = route_holidays_find(calendar, name), list = { .file = file };
	int rc;

	if (!route_holidays_name_valid(name))
		return fail(err, err_size, name, "the name of a list is up to 15 letters, digits, '-', '_', '.'");
	if (there && there->file != file)
		return fail(err, err_size, name, "there is such a list, from elsewhere");
	if (there)
		list = *there;
	rc = scan_dates(&list, dates, err, err_size);
	if (rc < 0)
		return rc;
	if (!there) {
		there = talloc_zero(calendar, struct route_holidays);
		if (!there) {
			snprintf(err, err_size, "no memory");
			return -ENOMEM;
		}
		llist_add_tail(&there->entry, &calendar->holidays);
		osmo_strlcpy(list.name, name, sizeof(list.name));
	}
	list.entry = there->entry;
	*there = list;
	return 0;
}

void route_holidays_remove(struct route_calendar *calendar, const char *name)
{
	struct route_holidays *holidays = route_holidays_find(calendar, name);

	if (!holidays)
		return;
	llist_del(&holidays->entry);
	talloc_free(holidays);
}

struct route_calendar *route_calendar_alloc(void *ctx)
{
	struct route_calendar *calendar = talloc_zero(ctx, struct route_calendar);

	if (calendar)
		INIT_LLIST_HEAD(&calendar->holidays);
	return calendar;
}

int route_calendar_copy(struct route_calendar *to, const struct route_calendar *from, bool files)
{
	const struct route_holidays *h;
	struct route_holidays *copy;

	memcpy(to->zone, from->zone, sizeof(to->zone));
	llist_for_each_entry(h, &from->holidays, entry) {
		if (h->file && !files)
			continue;
		copy = talloc_memdup(to, h, sizeof(*h));
		if (!copy)
			return -ENOMEM;
		llist_add_tail(&copy->entry, &to->holidays);
	}
	return 0;
}

bool route_calendar_has(const struct route_calendar *calendar, uint32_t date, const char *name)
{
	const struct route_holidays *holidays = calendar ? route_holidays_find(calendar, name) : NULL;

	for (unsigned int i = 0; holidays && i < holidays->n; i++) {
		if (route_dates_suit(&holidays->dates[i], date))
			return true;
	}
	return false;
}

/* ---- Time zones ---- */

static bool zone_is_there(const char *zone)
{
	const char *dir = getenv("TZDIR");
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir ? dir : "/usr/share/zoneinfo", zone);
	return access(path, R_OK) == 0;
}

/* What POSIX has for TZ begins with a name and its distance from UTC. */
static bool zone_is_posix(const char *zone)
{
	size_t n = *zone == '<' ? strcspn(zone, ">") + 1 : strcspn(zone, "0123456789+-/_,.:<>");

	if (n < 3 || n > strlen(zone))
		return false;
	n += zone[n] == '+' || zone[n] == '-';
	return zone[n] >= '0' && zone[n] <= '9';
}

/* A name of the tz database, or such a one */
int route_zone_check(const char *zone, char *err, size_t err_size)
{
	size_t len = strlen(zone);

	if (len && len < ROUTE_ZONE_SIZE && *zone != '/' && *zone != ':' && *zone != '.' && !strstr(zone, "..") &&
	    strspn(zone, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-,.:<>") == len &&
	    (zone_is_posix(zone) || zone_is_there(zone)))
		return 0;
	return fail(err, err_size, zone, "no time zone: Europe/Paris, or CET-1CEST,M3.5.0,M10.5.0/3");
}

/* Seconds east of UTC; the process' own zone is back after. */
static long zone_offset(const char *zone, time_t now)
{
	const char *env = getenv("TZ");
	char was[128] = "";
	struct tm tm = {};

	if (env)
		osmo_strlcpy(was, env, sizeof(was));
	setenv("TZ", zone, 1);
	tzset();
	localtime_r(&now, &tm);
	if (env)
		setenv("TZ", was, 1);
	else
		unsetenv("TZ");
	tzset();
	return tm.tm_gmtoff;
}

/* Clocks change at full quarters of an hour: one question for each of them is enough. */
static long cached_offset(struct route_calendar *calendar, const char *zone, time_t now)
{
	struct route_zone *z = calendar->zones;
	time_t slot = now / (15 * 60);

	while (z < calendar->zones + ARRAY_SIZE(calendar->zones) && z->name[0] && strcmp(z->name, zone))
		z++;
	if (z == calendar->zones + ARRAY_SIZE(calendar->zones))
		z--;
	if (strcmp(z->name, zone) || z->slot != slot) {
		osmo_strlcpy(z->name, zone, sizeof(z->name));
		z->slot = slot;
		z->offset = zone_offset(zone, now);
	}
	return z->offset;
}

bool route_clock(struct tm *tm, time_t now, const char *zone, struct route_calendar *calendar)
{
	time_t shown;

	if (calendar && !*zone)
		zone = calendar->zone;
	if (!calendar || !*zone)
		return localtime_r(&now, tm);
	shown = now + cached_offset(calendar, zone, now);
	return gmtime_r(&shown, tm);
}
