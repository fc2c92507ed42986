/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a route is there: windows of dates, weekdays and hours, by the clock on the wall. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <osmocom/core/utils.h>

#include "mapping/route.h"

#define DAY_MINUTES	1440
#define ALL_DAYS	0x7f
#define HOLIDAY		"holiday:"

static const char *const day_names[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };

/* ---- Scan ---- */

/* A day's name off the front: 0 to 6, or -1 */
static int take_day(const char **text)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(day_names); i++) {
		if (!strncasecmp(*text, day_names[i], 3)) {
			*text += 3;
			return i;
		}
	}
	return -1;
}

/* "mon", "mon-fri", "fri-mon", "mon+wed+sat-sun" */
static bool take_days(const char **text, uint8_t *days)
{
	int first, last;

	do {
		first = last = take_day(text);
		if (first < 0)
			return false;
		if (**text == '-') {
			++*text;
			last = take_day(text);
			if (last < 0)
				return false;
		}
		*days |= 1 << last;
		for (int day = first; day != last; day = (day + 1) % 7)
			*days |= 1 << day;
	} while (**text == '+' && ++*text);
	return true;
}

/* "08:30"; as minutes */
static bool take_clock(const char **text, uint16_t *minutes)
{
	const char *p = *text;

	for (unsigned int i = 0; i < 5; i++) {
		if (i == 2 ? p[i] != ':' : p[i] < '0' || p[i] > '9')
			return false;
	}
	*minutes = ((p[0] - '0') * 10 + p[1] - '0') * 60 + (p[3] - '0') * 10 + p[4] - '0';
	*text += 5;
	return p[3] < '6' && *minutes <= DAY_MINUTES;
}

static bool take_hours(const char **text, struct route_window *w)
{
	return take_clock(text, &w->from) && *(*text)++ == '-' && take_clock(text, &w->to) && w->from < DAY_MINUTES &&
	       w->from != w->to && w->to;
}

/* "holiday:national" */
static bool take_holidays(const char **text, struct route_window *w)
{
	size_t len;

	*text += strlen(HOLIDAY);
	len = strcspn(*text, "/,");
	if (!len || len >= sizeof(w->holidays))
		return false;
	memcpy(w->holidays, *text, len);
	*text += len;
	return route_holidays_name_valid(w->holidays);
}

/* What a part is shows in its beginning; they come in this order, each once. */
enum part { PART_DATES = 1, PART_DAYS, PART_HOURS };

static enum part take_part(const char **text, struct route_window *w)
{
	if (!strncasecmp(*text, HOLIDAY, strlen(HOLIDAY)))
		return take_holidays(text, w) ? PART_DATES : 0;
	if (**text < '0' || **text > '9')
		return take_days(text, &w->days) ? PART_DAYS : 0;
	if (strcspn(*text, ":") == 2)
		return take_hours(text, w) ? PART_HOURS : 0;
	return route_dates_take(&w->dates, text) ? PART_DATES : 0;
}

static bool take_window(const char **text, struct route_window *w)
{
	enum part part, before = 0;

	/* with what lies between its members: windows are compared as octets */
	memset(w, 0, sizeof(*w));
	w->to = DAY_MINUTES;
	w->not_then = **text == '!';
	*text += w->not_then;
	for (;;) {
		part = take_part(text, w);
		if (part <= before)
			return false;
		before = part;
		if (**text != '/')
			break;
		++*text;
	}
	if (!w->days)
		w->days = ALL_DAYS;
	return true;
}

int route_times_scan(struct route_times *times, const char *text, char *err, size_t err_size)
{
	const char *p = text, *window;

	times->n = 0;
	do {
		if (times->n == ROUTE_WINDOWS_MAX) {
			snprintf(err, err_size, "'%.40s…': there are up to %u windows", text, ROUTE_WINDOWS_MAX);
			return -EINVAL;
		}
		window = p;
		if (!take_window(&p, &times->windows[times->n++]) || (*p && *p != ',')) {
			snprintf(err, err_size, "'%.*s': times are dates, days, hours, such as 'mon-fri/08:00-18:00,"
				 "sat/09:00-24:00'; '22:00-06:00'; '2026-12-24..26'; '!holiday:NAME'",
				 (int)OSMO_MIN(strcspn(window, ","), 60), window);
			return -EINVAL;
		}
	} while (*p++);
	return 0;
}

/* ---- Print ---- */

/* Runs of days, each once; one that goes over the week's end is written as two */
static int print_days(char *buf, size_t size, uint8_t days)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	const char *plus = "";

	for (unsigned int day = 0; day < 7; day++) {
		unsigned int last = day;

		if (!(days >> day & 1))
			continue;
		while (last < 6 && days >> (last + 1) & 1)
			last++;
		OSMO_STRBUF_PRINTF(sb, last > day ? "%s%s-%s" : "%s%s", plus, day_names[day], day_names[last]);
		plus = "+";
		day = last;
	}
	return sb.chars_needed;
}

static int print_window(char *buf, size_t size, const struct route_window *w)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	bool all_day = !w->from && w->to == DAY_MINUTES, dated = w->dates.from || w->holidays[0];
	const char *slash = "";

	OSMO_STRBUF_PRINTF(sb, "%s", w->not_then ? "!" : "");
	if (w->holidays[0])
		OSMO_STRBUF_PRINTF(sb, HOLIDAY "%s", w->holidays);
	else if (w->dates.from)
		OSMO_STRBUF_APPEND(sb, route_dates_print_buf, &w->dates);
	if (dated)
		slash = "/";
	if (w->days != ALL_DAYS || (all_day && !dated)) {
		OSMO_STRBUF_PRINTF(sb, "%s", slash);
		OSMO_STRBUF_APPEND(sb, print_days, w->days);
		slash = "/";
	}
	if (!all_day)
		OSMO_STRBUF_PRINTF(sb, "%s%02u:%02u-%02u:%02u", slash, w->from / 60, w->from % 60, w->to / 60,
				   w->to % 60);
	return sb.chars_needed;
}

int route_times_print_buf(char *buf, size_t size, const struct route_times *times)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };

	for (unsigned int i = 0; i < times->n; i++) {
		OSMO_STRBUF_PRINTF(sb, "%s", i ? "," : "");
		OSMO_STRBUF_APPEND(sb, print_window, &times->windows[i]);
	}
	return sb.chars_needed;
}

/* ---- Use ---- */

/* What a clock shows, and the day before */
struct moment {
	unsigned int minute;
	struct day {
		unsigned int week_day;
		uint32_t date;
	} today, yesterday;
};

static uint32_t date_of(const struct tm *tm)
{
	return 10000 * (tm->tm_year + 1900) + 100 * (tm->tm_mon + 1) + tm->tm_mday;
}

static void moment_init(struct moment *m, const struct tm *tm)
{
	struct tm before = { .tm_year = tm->tm_year, .tm_mon = tm->tm_mon, .tm_mday = tm->tm_mday - 1 };

	timegm(&before);
	m->minute = tm->tm_hour * 60 + tm->tm_min;
	m->today = (struct day){ tm->tm_wday, date_of(tm) };
	m->yesterday = (struct day){ before.tm_wday, date_of(&before) };
}

static bool day_suits(const struct route_window *w, const struct day *day, const struct route_calendar *calendar)
{
	return w->days >> day->week_day & 1 && (!w->dates.from || route_dates_suit(&w->dates, day->date)) &&
	       (!w->holidays[0] || route_calendar_has(calendar, day->date, w->holidays));
}

static bool window_suits(const struct route_window *w, const struct moment *m, const struct route_calendar *calendar)
{
	bool past_midnight = w->from >= w->to;

	if (m->minute >= w->from && (past_midnight || m->minute < w->to))
		return day_suits(w, &m->today, calendar) ||
		       (past_midnight && m->minute < w->to && day_suits(w, &m->yesterday, calendar));
	return past_midnight && m->minute < w->to && day_suits(w, &m->yesterday, calendar);
}

/* A change to summer time or back is as clocks show it, an hour left out or shown twice. */
bool route_times_suit(const struct route_times *times, time_t now, struct route_calendar *calendar)
{
	bool suits = false, asked = false;
	struct moment m;
	struct tm tm;

	if (!route_clock(&tm, now, times->zone, calendar))
		return false;
	moment_init(&m, &tm);
	for (unsigned int i = 0; i < times->n; i++) {
		const struct route_window *w = &times->windows[i];

		if (!w->not_then)
			asked = true;
		if (!window_suits(w, &m, calendar))
			continue;
		if (w->not_then)
			return false;
		suits = true;
	}
	return suits || !asked;
}

const char *route_times_missing(const struct route_times *times, const struct route_calendar *calendar)
{
	for (unsigned int i = 0; times && i < times->n; i++) {
		const char *name = times->windows[i].holidays;

		if (*name && !route_holidays_find(calendar, name))
			return name;
	}
	return NULL;
}
