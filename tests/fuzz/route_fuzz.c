/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a routing table of any octets, as CSV and as XML; what is taken is found again by its prefix. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "mapping/route.h"
#include "fuzz.h"

static void ask(const struct route_table *table)
{
	const struct route *r;
	char options[512];

	llist_for_each_entry(r, &table->routes, entry) {
		struct route_query q = {
			.called = r->prefix, .calling = r->calling, .category = r->category, .now = 1795000000,
			.from_kind = r->to.kind == ROUTE_GROUP ? ROUTE_PEER : ROUTE_GROUP,
			.from_name = r->from.kind == ROUTE_ANY ? "any" : r->from.name, .draw = 7,
		};
		const struct route *found;
		unsigned int n = 0;

		while (n < ROUTE_TRIES_MAX && (found = route_find(table, &q, n)) && found != r)
			n++;
		/* but for one that a named source hides */
		CHECK(r->times || n == ROUTE_TRIES_MAX || found == r || r->from.kind == ROUTE_ANY);
		CHECK(route_options_print_buf(options, sizeof(options), r) < (int)sizeof(options));
	}
}

static void both_ways(const uint8_t *data, size_t size, bool xml)
{
	struct route_table *table = route_table_alloc(NULL);
	char err[60] = "";
	int rc;

	rc = (xml ? route_xml_parse : route_csv_parse)(table, "f", (const char *)data, size, 1, err, sizeof(err));
	CHECK(rc == 0 || err[0]);
	ask(table);
	while (!llist_empty(&table->routes)) {
		const struct route *r = llist_first_entry(&table->routes, struct route, entry);

		CHECK(route_remove(table, r) == 0);
	}
	CHECK(table->n_keys == 0 && table->n_routes == 0);
	talloc_free(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	both_ways(data, size, false);
	if (size && *data == '<')
		both_ways(data, size, true);
	return 0;
}
