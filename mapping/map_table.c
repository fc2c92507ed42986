/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Value tables: the list of them, look-up and print. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mapping/map_cause.h"
#include "mapping/map_charge.h"
#include "mapping/map_divert.h"
#include "mapping/map_preempt.h"
#include "mapping/map_progress.h"
#include "mapping/map_release.h"
#include "mapping/map_resource.h"
#include "mapping/map_sdp_bearer.h"
#include "mapping/map_service.h"
#include "mapping/map_table.h"

const struct value_string map_no_yes[] = {
	{ 0, "no" },
	{ 1, "yes" },
	{}
};

const struct map_table *const map_tables[] = {
	&map_18x_to_isup_table,
	&map_acm_to_18x_table,
	&map_category_to_resource_table,
	&map_cause_reroute_table,
	&map_cause_to_preemption_table,
	&map_cause_to_status_table,
	&map_dai_to_selection_table,
	&map_diversion_to_reason_table,
	&map_event_to_18x_table,
	&map_history_to_reason_table,
	&map_overlap_wait_table,
	&map_precedence_to_resource_table,
	&map_preemption_to_cause_table,
	&map_q1912_cause_to_status_table,
	&map_q1912_overlap_wait_table,
	&map_q1912_request_to_cause_table,
	&map_q1912_status_to_cause_table,
	&map_reason_to_diversion_table,
	&map_reason_to_history_table,
	&map_redirect_to_reason_table,
	&map_request_to_cause_table,
	&map_resource_to_category_table,
	&map_resource_to_precedence_table,
	&map_sdp_to_tmr_table,
	&map_selection_to_dai_table,
	&map_status_reroute_table,
	&map_status_to_cause_table,
	&map_tmr_table,
	NULL
};

const struct map_table *map_table_by_name(const char *name)
{
	for (const struct map_table *const *t = map_tables; *t; t++) {
		if (!strcmp((*t)->name, name))
			return *t;
	}
	return NULL;
}

static bool row_suits(const struct map_table *table, const struct map_row *row, const int16_t *in)
{
	for (unsigned int i = 0; i < MAP_IN_MAX && table->in[i].name; i++) {
		if (row->in[i] != MAP_ANY && row->in[i] != in[i])
			return false;
	}
	return true;
}

const int16_t *map_table_find(const struct map_table *table, const int16_t *in)
{
	for (const struct map_row *row = table->rows; row->clause; row++) {
		if (row_suits(table, row, in))
			return row->out;
	}
	return NULL;
}

const char *map_col_print(const struct map_col *col, int16_t value, char *buf, size_t size)
{
	const char *name = col->words ? get_value_string_or_null(col->words, value) : NULL;

	if (name)
		return name;
	snprintf(buf, size, "%d", value);
	return buf;
}

int map_row_print_buf(char *buf, size_t size, const struct map_table *table, const struct map_row *row)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	char number[8];

	for (unsigned int i = 0; i < MAP_IN_MAX && table->in[i].name; i++)
		OSMO_STRBUF_PRINTF(sb, "%s%s", i ? " " : "", row->in[i] == MAP_ANY ? "any" :
				   map_col_print(&table->in[i], row->in[i], number, sizeof(number)));
	OSMO_STRBUF_PRINTF(sb, " →");
	for (unsigned int i = 0; i < MAP_OUT_MAX && table->out[i].name; i++)
		OSMO_STRBUF_PRINTF(sb, " %s", map_col_print(&table->out[i], row->out[i], number,
								sizeof(number)));
	OSMO_STRBUF_PRINTF(sb, " (%s)", row->clause);
	return sb.chars_needed;
}

/* ---- For tables that are read from files ---- */

/* Columns that have numbers, in whatever table they are that says nothing else */
static const struct {
	const char *name;
	int16_t min, max;
} ranges[] = {
	{ "cause", 0, 127 },
	{ "event", 0, 127 },
	{ "location", 0, 15 },
	{ "status", 100, 699 },
	{ "tmr", 0, 255 },
	{ "warning", 300, 399 },
	{}
};

bool map_col_range(const struct map_col *col, int16_t *min, int16_t *max)
{
	*min = col->min;
	*max = col->max;
	for (unsigned int i = 0; !*max && ranges[i].name; i++) {
		if (strcmp(ranges[i].name, col->name))
			continue;
		*min = ranges[i].min;
		*max = ranges[i].max;
	}
	return *max;
}

int map_col_scan(const struct map_col *col, const char *text, int16_t *value)
{
	const struct value_string *word;
	int16_t min, max;
	char *end;
	long n;

	for (word = col->words; word && word->str; word++) {
		if (strcmp(word->str, text))
			continue;
		*value = (int32_t)word->value;
		return 0;
	}
	if (!map_col_range(col, &min, &max) || text[0] < '0' || text[0] > '9')
		return -EINVAL;
	n = strtol(text, &end, 10);
	if (*end || n < min || n > max)
		return -EINVAL;
	*value = n;
	return 0;
}

bool map_row_hides(const struct map_table *table, const struct map_row *first, const struct map_row *later)
{
	for (unsigned int i = 0; i < MAP_IN_MAX && table->in[i].name; i++) {
		if (first->in[i] != MAP_ANY && first->in[i] != later->in[i])
			return false;
	}
	return true;
}

/* Sets column i to its next value to try: each word where there are but words. False behind the last. */
static bool next_value(const struct map_col *col, int16_t *value, unsigned int *n)
{
	int16_t min, max;

	if (map_col_range(col, &min, &max)) {
		*value = MAP_OTHER;
		return (*n)++ == 0;
	}
	while (col->words[*n].str && (int32_t)col->words[*n].value < 0)
		(*n)++;
	if (!col->words[*n].str)
		return false;
	*value = col->words[(*n)++].value;
	return true;
}

/* All combinations, as an odometer counts */
bool map_table_gap(const struct map_table *table, int16_t *in)
{
	unsigned int n[MAP_IN_MAX] = {}, n_cols = 0, i;

	while (n_cols < MAP_IN_MAX && table->in[n_cols].name) {
		next_value(&table->in[n_cols], &in[n_cols], &n[n_cols]);
		n_cols++;
	}
	for (;;) {
		if (!map_table_find(table, in))
			return true;
		for (i = 0; i < n_cols && !next_value(&table->in[i], &in[i], &n[i]); i++) {
			n[i] = 0;
			next_value(&table->in[i], &in[i], &n[i]);
		}
		if (i == n_cols)
			return false;
	}
}
