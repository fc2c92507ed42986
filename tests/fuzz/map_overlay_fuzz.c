/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a mapping profile of any octets; what is taken is whole, and is the same once written and read. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "isup/isup_dialect.h"
#include "mapping/map_overlay.h"
#include "mapping/map_profile_own.h"
#include "fuzz.h"

static const struct map_overlay_env env = { .dialect = &isup_dialect_itu };

/* Every look-up has an answer: the callers take it unseen. */
static void check_tables(const struct map_profile *profile)
{
	static const int16_t values[] = { -1, 0, 1, 2, 17, 127, 180, 300, 486, 999 };

	for (unsigned int use = 0; use < _MAP_TABLE_COUNT; use++) {
		const struct map_table *table = profile->tables[use];
		int16_t in[MAP_IN_MAX];

		CHECK(!map_table_gap(table, in));
		for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
			in[0] = values[i];
			in[1] = in[2] = i & 1;
			if (map_col_range(&table->in[0], &(int16_t){ 0 }, &(int16_t){ 0 }))
				CHECK(map_table_find(table, in));
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char err[200] = "", *first, *second;
	size_t first_len, second_len;
	struct map_profile_own *own = map_overlay_parse(NULL, "f", (const char *)data, size, &env, err, sizeof(err));
	struct map_profile_own *again;
	FILE *file;

	CHECK(own || err[0]);
	if (!own)
		return 0;
	check_tables(&own->profile);
	file = open_memstream(&first, &first_len);
	map_overlay_write(file, &own->profile, own->profile.name, &isup_dialect_itu);
	fclose(file);
	again = map_overlay_parse(NULL, "again", first, first_len, &env, err, sizeof(err));
	CHECK(again);
	file = open_memstream(&second, &second_len);
	map_overlay_write(file, &again->profile, again->profile.name, &isup_dialect_itu);
	fclose(file);
	CHECK(first_len == second_len && !memcmp(first, second, first_len));
	free(first);
	free(second);
	talloc_free(again);
	talloc_free(own);
	return 0;
}
