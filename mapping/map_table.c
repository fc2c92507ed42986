/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Value tables: the list of them, look-up and print. */

#include <stdio.h>
#include <string.h>

#include "mapping/map_cause.h"
#include "mapping/map_divert.h"
#include "mapping/map_progress.h"
#include "mapping/map_release.h"
#include "mapping/map_service.h"
#include "mapping/map_table.h"

const struct map_table *const map_tables[] = {
	&map_18x_to_isup_table,
	&map_acm_to_18x_table,
	&map_cause_reroute_table,
	&map_cause_to_status_table,
	&map_diversion_to_reason_table,
	&map_event_to_18x_table,
	&map_history_to_reason_table,
	&map_q1912_cause_to_status_table,
	&map_q1912_status_to_cause_table,
	&map_reason_to_diversion_table,
	&map_reason_to_history_table,
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

static const char *word(char *buf, size_t size, const struct map_col *col, int16_t value)
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
				   word(number, sizeof(number), &table->in[i], row->in[i]));
	OSMO_STRBUF_PRINTF(sb, " →");
	for (unsigned int i = 0; i < MAP_OUT_MAX && table->out[i].name; i++)
		OSMO_STRBUF_PRINTF(sb, " %s", word(number, sizeof(number), &table->out[i], row->out[i]));
	OSMO_STRBUF_PRINTF(sb, " (%s)", row->clause);
	return sb.chars_needed;
}
