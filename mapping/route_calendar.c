/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calendar of a routing table: dates, lists of holidays, and what clocks of other time zones show. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
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
	char date[41];

	do {
		snprintf(date, sizeof(date), "%.*s", (int)strcspn(p, ","), p);
		if (holidays->n == ROUTE_HOLIDAYS_MAX)
			return fail(err, err_size, date, "a list has up to 64 dates");
		if (!route_dates_take(&holidays->dates[holidays->n++], &p) || (*p && *p != ','))
			return fail(err, err_size, date, "dates are such as '2026-12-24..26,01-01,12-31..01-02'");
	} while (*p++);
	return 0;
}

int route_holidays_add(struct route_calendar *calendar, const char *name, const char *dates, uint8_t file, char *err,
		       size_t err_size)
{
	struct route_holidays *there = route_holidays_find(calendar, name), list = { .file = file };
	int rc;

	if (!route_holidays_name_valid(name))
		return fail(err, err_size, name, "the name of a list is up to 15 letters, digits, '-' and '_'");
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

	if (calendar) {
		INIT_LLIST_HEAD(&calendar->holidays);
		INIT_LLIST_HEAD(&calendar->zones);
	}
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
	route_zone_prepare(to, to->zone);
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

/* A file of the tz database: what else is in its directory begins otherwise. */
static bool zone_is_there(const char *zone)
{
	const char *dir = getenv("TZDIR");
	char path[256], magic[4] = "";
	int fd;

	if (snprintf(path, sizeof(path), "%s/%s", dir ? dir : "/usr/share/zoneinfo", zone) >= (int)sizeof(path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return false;
	if (read(fd, magic, sizeof(magic)) != sizeof(magic))
		magic[0] = '\0';
	close(fd);
	return !memcmp(magic, "TZif", sizeof(magic));
}

static bool take(const char **text, char c)
{
	if (**text != c)
		return false;
	++*text;
	return true;
}

/* A number of up to three digits */
static bool take_up_to(const char **text, unsigned int min, unsigned int max)
{
	unsigned int n, digits = strspn(*text, "0123456789");

	return digits && digits <= 3 && take_number(text, digits, &n) && n >= min && n <= max;
}

/* POSIX XBD 8.3: "CET", "<+03>" */
static bool take_zone_name(const char **text)
{
	bool quoted = take(text, '<');
	size_t n = strspn(*text, quoted ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-" :
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

	*text += n;
	return n >= 3 && (!quoted || take(text, '>'));
}

/* "-1", "+3:30", "2:00:00" */
static bool take_zone_time(const char **text, unsigned int hours_max)
{
	if (!take(text, '-'))
		take(text, '+');
	return take_up_to(text, 0, hours_max) &&
	       (!take(text, ':') || (take_up_to(text, 0, 59) && (!take(text, ':') || take_up_to(text, 0, 59))));
}

/* "M3.5.0", "J60", "59", and "/2:00" behind it; RFC 8536 3.3.1: hours may go past the day */
static bool take_zone_rule(const char **text)
{
	bool date;

	if (take(text, 'M'))
		date = take_up_to(text, 1, 12) && take(text, '.') && take_up_to(text, 1, 5) && take(text, '.') &&
		       take_up_to(text, 0, 6);
	else if (take(text, 'J'))
		date = take_up_to(text, 1, 365);
	else
		date = take_up_to(text, 0, 365);
	return date && (!take(text, '/') || take_zone_time(text, 167));
}

/* What the library does not understand is UTC to it, without a word. */
static bool zone_is_posix(const char *zone)
{
	if (!take_zone_name(&zone) || !take_zone_time(&zone, 24))
		return false;
	if (!*zone)
		return true;
	if (!take_zone_name(&zone) || (*zone && *zone != ',' && !take_zone_time(&zone, 24)))
		return false;
	return !*zone || (take(&zone, ',') && take_zone_rule(&zone) && take(&zone, ',') && take_zone_rule(&zone) &&
			  !*zone);
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

static long offset_at(time_t at)
{
	struct tm tm = {};

	localtime_r(&at, &tm);
	return tm.tm_gmtoff;
}

#define DAY_S		(24 * 60 * 60)
#define KNOWN_DAYS	400

/* The second in which another offset than before begins; at after it has */
static time_t find_change(time_t before, time_t after)
{
	const long offset = offset_at(before);

	while (after - before > 1) {
		time_t middle = before + (after - before) / 2;

		if (offset_at(middle) == offset)
			before = middle;
		else
			after = middle;
	}
	return after;
}

/* From the day before now on; by the process' zone, which is this one for the moment */
static void find_changes(struct route_zone *z, time_t now)
{
	time_t day = now - DAY_S;

	z->from = day;
	z->until = day + KNOWN_DAYS * (time_t)DAY_S;
	z->n = 1;
	z->changes[0] = (struct route_zone_change){ day, offset_at(day) };
	for (; day < z->until; day += DAY_S) {
		if (offset_at(day + DAY_S) == z->changes[z->n - 1].offset)
			continue;
		if (z->n == ROUTE_ZONE_CHANGES_MAX) {
			z->until = day;
			break;
		}
		z->changes[z->n].at = find_change(day, day + DAY_S);
		z->changes[z->n++].offset = offset_at(day + DAY_S);
	}
}

/* The process' own zone is back after. */
static void learn_zone(struct route_zone *z, time_t now)
{
	const char *env = getenv("TZ");
	char *was = env ? strdup(env) : NULL;

	setenv("TZ", z->name, 1);
	tzset();
	find_changes(z, now);
	if (was)
		setenv("TZ", was, 1);
	else
		unsetenv("TZ");
	tzset();
	free(was);
}

/* NULL: no memory */
static const struct route_zone *zone_at(struct route_calendar *calendar, const char *zone, time_t now)
{
	struct route_zone *z;
	bool there = false;

	llist_for_each_entry(z, &calendar->zones, entry) {
		there = !strcmp(z->name, zone);
		if (there)
			break;
	}
	if (!there) {
		z = talloc_zero(calendar, struct route_zone);
		if (!z)
			return NULL;
		osmo_strlcpy(z->name, zone, sizeof(z->name));
		llist_add_tail(&z->entry, &calendar->zones);
	}
	if (now < z->from || now >= z->until)
		learn_zone(z, now);
	return z;
}

void route_zone_prepare(struct route_calendar *calendar, const char *zone)
{
	struct timespec now;

	if (!*zone)
		return;
	osmo_clock_gettime(CLOCK_REALTIME, &now);
	zone_at(calendar, zone, now.tv_sec);
}

bool route_clock(struct tm *tm, time_t now, const char *zone, struct route_calendar *calendar)
{
	const struct route_zone *z;
	unsigned int i;
	time_t shown;

	if (calendar && !*zone)
		zone = calendar->zone;
	if (!calendar || !*zone)
		return localtime_r(&now, tm);
	z = zone_at(calendar, zone, now);
	if (!z)
		return false;
	for (i = z->n - 1; i && z->changes[i].at > now; i--)
		;
	shown = now + z->changes[i].offset;
	return gmtime_r(&shown, tm);
}
