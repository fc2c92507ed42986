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
	int16_t max;			/* largest number; 0: as for every column of its name, map_col_range() */
	int16_t min;			/* smallest number; of no meaning without max */
};

extern const struct value_string map_no_yes[];

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

/* ---- For tables that are read from files ---- */

/* The numbers that a column may have beside its words; false: words only */
bool map_col_range(const struct map_col *col, int16_t *min, int16_t *max);
/* A word or number of a column; 0, or -EINVAL */
int map_col_scan(const struct map_col *col, const char *text, int16_t *value);
/* The same as text: a word of the column, or in buf */
const char *map_col_print(const struct map_col *col, int16_t value, char *buf, size_t size);

/* Does a row that stands before another one keep it from ever being found? */
bool map_row_hides(const struct map_table *table, const struct map_row *first, const struct map_row *later);
/* Is there something that no row suits? Then *in is an example; MAP_OTHER stands for a number that no row has. */
#define MAP_OTHER 0x7fff
bool map_table_gap(const struct map_table *table, int16_t *in);

/* One row as text: "17 any → 486 (RFC 3398 7.2.4.1)"; returns what snprintf() would. */
int map_row_print_buf(char *buf, size_t size, const struct map_table *table, const struct map_row *row);
