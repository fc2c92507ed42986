/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The common form of value tables: rows with their clause, first match wins, one table per direction. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <osmocom/core/utils.h>

#define MAP_IN_MAX	3
#define MAP_OUT_MAX	2

/* In an input column of a row: whatever is looked up suits */
#define MAP_ANY		(-1)

/* A column: its heading, and the words of its values */
struct map_col {
	const char *name;
	const struct value_string *words;	/* NULL: plain numbers */
};

struct map_row {
	int16_t in[MAP_IN_MAX];		/* MAP_ANY, or the value that must be equal */
	int16_t out[MAP_OUT_MAX];
	const char *clause;		/* "RFC 3398 7.2.4.1" */
};

/* Columns that a table does not use have no name; its rows end with one that has no clause. */
struct map_table {
	const char *name;		/* "cause-to-status": for show mapping table, overlays */
	const char *title;
	struct map_col in[MAP_IN_MAX], out[MAP_OUT_MAX];
	const struct map_row *rows;
};

/* All tables of the room; NULL ends. */
extern const struct map_table *const map_tables[];
const struct map_table *map_table_by_name(const char *name);

/* The output columns of the first row that suits the input columns (as many as the table names); NULL if none does. */
const int16_t *map_table_find(const struct map_table *table, const int16_t *in);

/* One row as text: "17 any → 486 (RFC 3398 7.2.4.1)"; returns what snprintf() would. */
int map_row_print_buf(char *buf, size_t size, const struct map_table *table, const struct map_row *row);
