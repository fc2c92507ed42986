/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a route is there: windows of weekdays and hours, by the clock on the wall (time zone of the machine). */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <osmocom/core/utils.h>

#include "mapping/route.h"

#define DAY_MINUTES	1440
#define ALL_DAYS	0x7f

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

static bool take_window(const char **text, struct route_window *w)
{
	bool digits = **text >= '0' && **text <= '9';

	*w = (struct route_window){ .to = DAY_MINUTES };
	if (digits)
		w->days = ALL_DAYS;
	else if (!take_days(text, &w->days))
		return false;
	if (!digits && **text != '/')
		return true;
	*text += !digits;
	if (!take_clock(text, &w->from) || *(*text)++ != '-' || !take_clock(text, &w->to))
		return false;
	return w->from < DAY_MINUTES && w->from != w->to && w->to;
}

int route_times_scan(struct route_times *times, const char *text, char *err, size_t err_size)
{
	const char *p = text;

	memset(times, 0, sizeof(*times));
	do {
		if (times->n == ROUTE_WINDOWS_MAX) {
			snprintf(err, err_size, "'%s': there are up to %u windows", text, ROUTE_WINDOWS_MAX);
			return -EINVAL;
		}
		if (!take_window(&p, &times->windows[times->n++]) || (*p && *p != ',')) {
			snprintf(err, err_size, "'%s': times are days, hours, or both, such as 'mon-fri/08:00-18:00,"
				 "sat/09:00-24:00'; 'sun'; '22:00-06:00'", text);
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

int route_times_print_buf(char *buf, size_t size, const struct route_times *times)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };

	for (unsigned int i = 0; i < times->n; i++) {
		const struct route_window *w = &times->windows[i];
		bool always = !w->from && w->to == DAY_MINUTES;

		OSMO_STRBUF_PRINTF(sb, "%s", i ? "," : "");
		if (w->days != ALL_DAYS || always)
			OSMO_STRBUF_APPEND(sb, print_days, w->days);
		if (!always)
			OSMO_STRBUF_PRINTF(sb, "%s%02u:%02u-%02u:%02u", w->days == ALL_DAYS ? "" : "/", w->from / 60,
					   w->from % 60, w->to / 60, w->to % 60);
	}
	return sb.chars_needed;
}

/* ---- Use ---- */

static bool window_suits(const struct route_window *w, unsigned int day, unsigned int minute)
{
	bool today = w->days >> day & 1, yesterday = w->days >> (day + 6) % 7 & 1;

	if (w->from < w->to)
		return today && minute >= w->from && minute < w->to;
	return (today && minute >= w->from) || (yesterday && minute < w->to);
}

/* What a clock shows: a change to summer time or back is as it is there, an hour left out or shown twice. */
bool route_times_suit(const struct route_times *times, time_t now)
{
	struct tm tm;

	if (!localtime_r(&now, &tm))
		return false;
	for (unsigned int i = 0; i < times->n; i++) {
		if (window_suits(&times->windows[i], tm.tm_wday, tm.tm_hour * 60 + tm.tm_min))
			return true;
	}
	return false;
}
