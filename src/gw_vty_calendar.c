/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of the calendar that times of routes go by: lists of holidays, time zone. */

#include <string.h>

#include <osmocom/core/utils.h>

#include "mapping/route.h"

#include "gw.h"
#include "gw_vty.h"

/* Calls that have the table keep the calendar that they began with. */
static struct route_calendar *own_calendar(struct vty *vty)
{
	struct route_table *table = route_table_own(&g_gw->mapping->routes);

	if (!table)
		gw_config_refuse(vty, "no memory for a table with the change");
	return table ? table->calendar : NULL;
}

#define HOLIDAYS_STR \
	"Days that times of routes may name: 'holiday:NAME', and '!holiday:NAME' for all other days\n" \
	"Name of the list\n"

DEFUN_ATTR(cfg_holidays, cfg_holidays_cmd,
      "holidays NAME DATES", HOLIDAYS_STR
      "Dates, besides those that it has: 2026-12-24..26, of each year 05-01,12-31..01-02\n",
      CMD_ATTR_IMMEDIATE)
{
	struct route_calendar *calendar = own_calendar(vty);
	char err[256];

	if (!calendar)
		return CMD_WARNING;
	if (route_holidays_add(calendar, argv[0], argv[1], 0, err, sizeof(err)) < 0)
		return gw_config_refuse(vty, "holidays %s: %s", argv[0], err);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_no_holidays, cfg_no_holidays_cmd,
      "no holidays NAME", NO_STR HOLIDAYS_STR,
      CMD_ATTR_IMMEDIATE)
{
	struct route_calendar *calendar = own_calendar(vty);
	const struct route_holidays *holidays = calendar ? route_holidays_find(calendar, argv[0]) : NULL;
	const struct route *route;
	char text[256];

	if (!holidays || holidays->file)
		return gw_config_refuse(vty, "there is no list of holidays '%s' here", argv[0]);
	llist_for_each_entry(route, &g_gw->mapping->routes->routes, entry) {
		for (unsigned int i = 0; route->times && i < route->times->n; i++) {
			if (!strcmp(route->times->windows[i].holidays, argv[0]))
				return gw_config_refuse(vty, "holidays %s: '%s' goes by them", argv[0],
							gw_route_text_buf(text, sizeof(text), route));
		}
	}
	route_holidays_remove(calendar, argv[0]);
	return CMD_SUCCESS;
}

#define ZONE_STR "Time zone of the clock that times of routes go by\n"

DEFUN_ATTR(cfg_time_zone, cfg_time_zone_cmd,
      "time-zone ZONE", ZONE_STR "Europe/Paris, or as POSIX has it: CET-1CEST,M3.5.0,M10.5.0/3\n",
      CMD_ATTR_IMMEDIATE)
{
	struct route_calendar *calendar = own_calendar(vty);
	char err[160];

	if (!calendar)
		return CMD_WARNING;
	if (route_zone_check(argv[0], err, sizeof(err)) < 0)
		return gw_config_refuse(vty, "time-zone %s", err);
	osmo_strlcpy(calendar->zone, argv[0], sizeof(calendar->zone));
	route_zone_prepare(calendar, calendar->zone);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_no_time_zone, cfg_no_time_zone_cmd,
      "no time-zone", NO_STR "That of the machine\n",
      CMD_ATTR_IMMEDIATE)
{
	struct route_calendar *calendar = own_calendar(vty);

	if (!calendar)
		return CMD_WARNING;
	calendar->zone[0] = '\0';
	return CMD_SUCCESS;
}

/* Before the routes that name them; a list of many dates is several lines. */
void gw_vty_calendar_write(struct vty *vty)
{
	const struct route_calendar *calendar = g_gw->mapping->routes->calendar;
	const struct route_holidays *h;
	char text[64];

	if (calendar->zone[0])
		vty_out(vty, " time-zone %s%s", calendar->zone, VTY_NEWLINE);
	llist_for_each_entry(h, &calendar->holidays, entry) {
		for (unsigned int i = 0; !h->file && i < h->n; i++) {
			route_dates_print_buf(text, sizeof(text), &h->dates[i]);
			if (i % 8 == 0)
				vty_out(vty, "%s holidays %s %s", i ? VTY_NEWLINE : "", h->name, text);
			else
				vty_out(vty, ",%s", text);
		}
		if (!h->file)
			vty_out(vty, "%s", VTY_NEWLINE);
	}
}

void gw_vty_calendar_init(void)
{
	install_element(GATEWAY_NODE, &cfg_holidays_cmd);
	install_element(GATEWAY_NODE, &cfg_no_holidays_cmd);
	install_element(GATEWAY_NODE, &cfg_time_zone_cmd);
	install_element(GATEWAY_NODE, &cfg_no_time_zone_cmd);
}
