/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Load: calls at a rate, and the CSV file that gives each its numbers. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "mapping/map_file.h"

#include "isupsim_play.h"
#include "isupsim_run.h"

/* ---- CSV ---- */

#define FIELDS_MAX 10
#define DIGITS_MAX 18
#define INF_MAX (64 * 1024 * 1024)

/* "201000000..201000999": what is wrong with it, NULL: nothing, or it is none */
static const char *scan_range(struct sim_inf_row *row, unsigned int field)
{
	const char *text = row->fields[field], *dots = strstr(text, "..");
	size_t digits = strspn(text, "0123456789"), more;
	unsigned long long first, last;

	if (!dots)
		return NULL;
	more = strspn(dots + 2, "0123456789");
	if (!digits || dots != text + digits || !more || dots[2 + more])
		return "a range is two numbers with .. between";
	if (row->range_field != FIELDS_MAX)
		return "a second range in the line";
	first = strtoull(text, NULL, 10);
	last = strtoull(dots + 2, NULL, 10);
	if (digits > DIGITS_MAX || more > DIGITS_MAX || last < first)
		return "a range goes up, and its numbers have 18 digits at most";
	row->range_field = field;
	row->first = first;
	row->count = last - first + 1;
	row->digits = digits;
	return NULL;
}

/* What is wrong with a line, and where in it; NULL: nothing */
static const char *scan_row(struct sim_inf *inf, char *line, unsigned int number, const char **at)
{
	struct sim_inf_row row = { .line = number, .count = 1, .range_field = FIELDS_MAX };
	const char *what = NULL;
	char *field;

	row.fields = talloc_zero_array(inf, char *, FIELDS_MAX);
	while (!what && (field = strsep(&line, ";"))) {
		*at = field;
		if (row.n_fields == FIELDS_MAX)
			return "more than 10 fields";
		row.fields[row.n_fields++] = talloc_strdup(inf, field);
		what = scan_range(&row, row.n_fields - 1);
	}
	inf->rows = talloc_realloc(inf, inf->rows, struct sim_inf_row, inf->n_rows + 1);
	inf->rows[inf->n_rows++] = row;
	return what;
}

/* SIPp's " USER" and the like after it are nothing that isupsim has. */
static const char *scan_order(struct sim_inf *inf, const char *line)
{
	inf->random = line[0] == 'R';
	if (strcmp(line, inf->random ? "RANDOM" : "SEQUENTIAL"))
		return "the first line is SEQUENTIAL or RANDOM alone";
	return NULL;
}

static const char *scan_line(struct sim_inf *inf, char *line, char *end, unsigned int number, const char **at)
{
	if (end > line && end[-1] == '\r')
		end--;
	for (*at = line; *at < end; ++*at) {
		if ((unsigned char)**at < ' ' && **at != '\t')
			return "a control character";
	}
	*end = '\0';
	if (!line[0] || line[0] == '#')
		return NULL;
	if (number == 1 && (strncmp(line, "SEQUENTIAL", 10) == 0 || strncmp(line, "RANDOM", 6) == 0)) {
		*at = line;
		return scan_order(inf, line);
	}
	return scan_row(inf, line, number, at);
}

/* SIPp's form: the first line is SEQUENTIAL or RANDOM, then lines of fields with ; between them. The text has room for
 * one octet more. */
static int scan_text(struct sim_inf *inf, char *text, size_t len, const char *path, char *err, size_t err_size)
{
	char *line = text, *end;
	const char *at = text, *what = NULL;
	unsigned int n;

	for (n = 0; line < text + len; line = end + 1) {
		end = memchr(line, '\n', text + len - line) ? : text + len;
		what = scan_line(inf, line, end, ++n, &at);
		if (what)
			break;
	}
	if (what)
		snprintf(err, err_size, "%s:%u:%u: %s", path, n, (unsigned int)(at - line) + 1, what);
	else if (!inf->n_rows)
		snprintf(err, err_size, "%s: no line with fields", path);
	return what || !inf->n_rows ? -EINVAL : 0;
}

struct sim_inf *sim_inf_load(void *ctx, const char *path, bool pipes, char *err, size_t err_size)
{
	struct sim_inf *inf = talloc_zero(ctx, struct sim_inf);
	size_t len;
	char *text = (pipes ? map_file_read_pipe : map_file_read)(inf, path, INF_MAX, &len, err, err_size);

	inf->path = talloc_strdup(inf, path);
	if (!text || scan_text(inf, text, len, path, err, err_size) < 0)
		TALLOC_FREE(inf);
	else
		talloc_free(text);
	return inf;
}

int sim_inf_check(const struct sim_inf *inf, const struct sim_scenario *scenario, char *err, size_t err_size)
{
	if (!inf && scenario->n_fields) {
		snprintf(err, err_size, "%s: takes $field%u, there is no -inf FILE to give it", scenario->file,
			 scenario->n_fields - 1);
		return -EINVAL;
	}
	for (unsigned int i = 0; inf && i < inf->n_rows; i++) {
		const struct sim_inf_row *row = &inf->rows[i];

		if (row->n_fields >= scenario->n_fields)
			continue;
		snprintf(err, err_size, "%s:%u: has %u field%s, %s takes $field%u of it", inf->path, row->line,
			 row->n_fields, row->n_fields == 1 ? "" : "s", scenario->file, scenario->n_fields - 1);
		return -EINVAL;
	}
	return 0;
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
	play->fields_file = inf->path;
	play->fields_line = row->line;
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
			engine->stats.over_limit++;
			continue;
		}
		sim_play_start(engine, run->scenario, next_peer(run));
	}
	return !all_started(run);
}
