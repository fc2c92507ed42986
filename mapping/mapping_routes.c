/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The routing table of the room: rows of the console and of files, read whole or not at all. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup.h"
#include "mapping/mapping.h"
#include "sip/sip.h"

static bool end_exists(const struct mapping *m, const struct route_end *end)
{
	return end->kind == ROUTE_ANY || (end->kind == ROUTE_GROUP ? isup_group_find(m->isup, end->name) != NULL
								   : sip_peer_find(m->sip, end->name) != NULL);
}

/* A row of the console may go by a list of a file. */
static int check_times(const struct mapping *m, const struct route_table *table, const struct route *r, char *err,
		       size_t err_size)
{
	const char *name = route_times_missing(r->times, table->calendar);

	if (!name)
		return 0;
	if (r->file)
		snprintf(err, err_size, "%s:%u:1: there is no list of holidays '%s'", m->route_files[r->file - 1],
			 r->line, name);
	else
		snprintf(err, err_size, "there would be no list of holidays '%s', by which the route of prefix '%s' "
			 "goes", name, *r->prefix ? r->prefix : "any");
	return -ENOENT;
}

/* Names are the table's: the same as before is the same pointer, and was looked for already. */
static int check_ends(const struct mapping *m, const struct route_table *table, char *err, size_t err_size)
{
	const char *known[2] = {};
	const struct route *r;

	llist_for_each_entry(r, &table->routes, entry) {
		const struct route_end *const ends[2] = { &r->from, &r->to };

		if (check_times(m, table, r, err, err_size) < 0)
			return -ENOENT;
		for (unsigned int i = 0; r->file && i < 2; i++) {
			if (ends[i]->name == known[i])
				continue;
			if (!end_exists(m, ends[i])) {
				snprintf(err, err_size, "%s:%u:%u: there is no %s '%s'",
					 m->route_files[r->file - 1], r->line,
					 OSMO_MAX(i ? r->to_column : r->from_column, 1),
					 ends[i]->kind == ROUTE_GROUP ? "circuit-group" : "peer", ends[i]->name);
				return -ENOENT;
			}
			known[i] = ends[i]->name;
		}
	}
	return 0;
}

int mapping_load_routes(struct mapping *m, bool check, char *err, size_t err_size)
{
	struct route_table *table = route_table_alloc(m);
	int rc;

	if (!table) {
		snprintf(err, err_size, "no memory");
		return -ENOMEM;
	}
	/* the time zone may have changed as well */
	tzset();
	rc = route_calendar_copy(table->calendar, m->routes->calendar, false);
	if (rc < 0)
		snprintf(err, err_size, "no memory");
	rc = rc ? rc : route_copy_rows(table, m->routes, false, err, err_size);
	for (unsigned int i = 0; rc == 0 && i < m->n_route_files; i++)
		rc = route_file_load(table, m->route_files[i], i + 1, err, err_size);
	if (rc == 0 && check)
		rc = check_ends(m, table, err, err_size);
	if (rc < 0) {
		route_table_put(table);
		return rc;
	}
	route_table_put(m->routes);
	m->routes = table;
	return 0;
}
