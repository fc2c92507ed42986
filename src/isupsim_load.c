/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Load: calls at a rate, and the CSV file that gives each its numbers. */

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isupsim_play.h"
#include "isupsim_run.h"

/* ---- CSV ---- */

#define FIELDS_MAX 10

/* "201000000..201000999" */
static bool scan_range(struct sim_inf_row *row, unsigned int field)
{
	const char *text = row->fields[field], *dots = strstr(text, "..");
	unsigned long long first, last;
	char *end;

	if (!dots || !isdigit((unsigned char)text[0]))
		return false;
	first = strtoull(text, &end, 10);
	if (end != dots || !isdigit((unsigned char)dots[2]))
		return false;
	last = strtoull(dots + 2, &end, 10);
	if (*end || last < first)
		return false;
	row->range_field = field;
	row->first = first;
	row->count = last - first + 1;
	row->digits = dots - text;
	return true;
}

static int scan_row(struct sim_inf *inf, char *line)
{
	struct sim_inf_row row = { .count = 1, .range_field = FIELDS_MAX };
	char *field;

	row.fields = talloc_zero_array(inf, char *, FIELDS_MAX);
	while ((field = strsep(&line, ";"))) {
		if (row.n_fields == FIELDS_MAX)
			return -E2BIG;
		row.fields[row.n_fields++] = talloc_strdup(inf, field);
	}
	for (unsigned int i = 0; i < row.n_fields && row.count == 1; i++)
		scan_range(&row, i);
	inf->rows = talloc_realloc(inf, inf->rows, struct sim_inf_row, inf->n_rows + 1);
	inf->rows[inf->n_rows++] = row;
	return 0;
}

/* SIPp's form: the first line is SEQUENTIAL or RANDOM, then lines of fields with ; between them. */
static int scan_file(struct sim_inf *inf, FILE *file, const char *path, char *err, size_t err_size)
{
	char *line = NULL;
	size_t size = 0;
	unsigned int at = 0;
	int rc = 0;

	while (rc == 0 && getline(&line, &size, file) >= 0) {
		at++;
		line[strcspn(line, "\r\n")] = '\0';
		if (at == 1 && (strcmp(line, "SEQUENTIAL") == 0 || strcmp(line, "RANDOM") == 0))
			inf->random = line[0] == 'R';
		else if (line[0] && line[0] != '#')
			rc = scan_row(inf, line);
	}
	free(line);
	if (rc < 0)
		snprintf(err, err_size, "%s:%u: more than %u fields", path, at, FIELDS_MAX);
	else if (!inf->n_rows)
		snprintf(err, err_size, "%s: no line with fields", path);
	return rc < 0 || !inf->n_rows ? -EINVAL : 0;
}

struct sim_inf *sim_inf_load(void *ctx, const char *path, char *err, size_t err_size)
{
	FILE *file = fopen(path, "re");
	struct sim_inf *inf;

	if (!file) {
		snprintf(err, err_size, "%s: %s", path, strerror(errno));
		return NULL;
	}
	inf = talloc_zero(ctx, struct sim_inf);
	if (scan_file(inf, file, path, err, err_size) < 0)
		TALLOC_FREE(inf);
	fclose(file);
	return inf;
}

void sim_inf_next(struct sim_inf *inf, struct sim_play *play)
{
	struct sim_inf_row *row;
	uint64_t offset;

	if (inf->random)
		inf->row = random() % inf->n_rows;
	row = &inf->rows[inf->row];
	offset = inf->random ? (uint64_t)random() % row->count : inf->offset;
	play->fields = row->fields;
	play->n_fields = row->n_fields;
	if (row->range_field < row->n_fields) {
		play->fields = talloc_memdup(play, row->fields, row->n_fields * sizeof(*row->fields));
		play->fields[row->range_field] = talloc_asprintf(play, "%0*llu", (int)row->digits,
								 (unsigned long long)(row->first + offset));
	}
	if (inf->random || ++inf->offset < row->count)
		return;
	inf->offset = 0;
	inf->row = (inf->row + 1) % inf->n_rows;
}

/* ---- Rate ---- */

static struct sim_peer *next_peer(struct sim_run *run)
{
	struct llist_head *peers = &run->engine->peers;
	struct sim_peer *peer = run->peer;

	run->peer = peer->entry.next == peers ? llist_first_entry(peers, struct sim_peer, entry) :
		llist_entry(peer->entry.next, struct sim_peer, entry);
	return peer;
}

static bool all_started(const struct sim_run *run)
{
	return run->opt.max_calls && run->engine->stats.started >= run->opt.max_calls;
}

/* Calls that could not be made are not made up for: a queue of them would only hide that. */
bool sim_load_tick(struct sim_run *run)
{
	struct sim_engine *engine = run->engine;
	uint64_t now = sim_now_us();

	run->due += run->opt.rate * (now - run->due_us) / 1e6;
	run->due_us = now;
	/* after a pause of the whole process, too, no burst of more than a second's calls */
	run->due = OSMO_MIN(run->due, OSMO_MAX(run->opt.rate, 1));
	for (; run->due >= 1 && !all_started(run); run->due--) {
		if (run->opt.limit && engine->n_plays >= run->opt.limit) {
			engine->stats.no_circuit++;
			continue;
		}
		sim_play_start(engine, run->scenario, next_peer(run));
	}
	return !all_started(run);
}
