/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suites of test purposes: the files of a directory, their order, and the table of results as text. */

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isupsim_suite.h"

/* ---- Load ---- */

/* "1.2.10" after "1.2.9": numbers by their value, what is between them by its letters */
static int compare_numbers(const char *a, const char *b)
{
	while (*a && *b) {
		if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
			char *end_a, *end_b;
			unsigned long n_a = strtoul(a, &end_a, 10), n_b = strtoul(b, &end_b, 10);

			if (n_a != n_b)
				return n_a < n_b ? -1 : 1;
			a = end_a;
			b = end_b;
		} else if (*a != *b) {
			return *a < *b ? -1 : 1;
		} else {
			a++;
			b++;
		}
	}
	return (*a != '\0') - (*b != '\0');
}

static int compare_cases(const void *a, const void *b)
{
	const struct sim_case *case_a = a, *case_b = b;

	return compare_numbers(case_a->purpose, case_b->purpose);
}

/* The number itself, or one that begins with it: 1.2 means 1.2.1 and 1.2.1a, not 1.20 */
static bool is_wanted(const char *purpose, const char *only)
{
	size_t len = only ? strlen(only) : 0;

	return !len || (strncmp(purpose, only, len) == 0 && !isdigit((unsigned char)purpose[len]));
}

static int is_xml(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 4 && strcmp(entry->d_name + len - 4, ".xml") == 0;
}

static void add_case(struct sim_suite *suite, const struct sim_case *one)
{
	suite->cases = talloc_realloc(suite, suite->cases, struct sim_case, suite->n_cases + 1);
	suite->cases[suite->n_cases++] = *one;
}

static int add_file(struct sim_suite *suite, const char *path, const char *only, const struct isup_dialect *dialect,
		    char *err, size_t err_size)
{
	struct sim_scenario *scenario = sim_scenario_load(suite, path, dialect, err, err_size);

	if (!scenario)
		return -EINVAL;
	if (!scenario->purpose || !is_wanted(scenario->purpose, only)) {
		talloc_free(scenario);
		return 0;
	}
	add_case(suite, &(const struct sim_case){
		.purpose = scenario->purpose, .title = scenario->title ? : "", .scenario = scenario,
	});
	return 0;
}

static int add_files(struct sim_suite *suite, const char *dir, const char *only, const struct isup_dialect *dialect,
		     char *err, size_t err_size)
{
	struct dirent **entries;
	int n = scandir(dir, &entries, is_xml, alphasort), rc = 0;

	if (n < 0) {
		snprintf(err, err_size, "%s: %s", dir, strerror(errno));
		return -errno;
	}
	for (int i = 0; i < n; i++) {
		char *path = talloc_asprintf(suite, "%s/%s", dir, entries[i]->d_name);

		if (rc == 0)
			rc = add_file(suite, path, only, dialect, err, err_size);
		talloc_free(path);
		free(entries[i]);
	}
	free(entries);
	return rc;
}

/* "NUMBER why" */
static void add_expected(struct sim_suite *suite, const char *only, char *line)
{
	const char *number = strsep(&line, " ");

	for (unsigned int i = 0; line && i < suite->n_cases; i++) {
		if (strcmp(suite->cases[i].purpose, number) == 0)
			suite->cases[i].expected = talloc_strdup(suite, line);
	}
}

/* "NUMBER|TITLE|why" */
static void add_not_played(struct sim_suite *suite, const char *only, char *line)
{
	const char *number = strsep(&line, "|"), *title = strsep(&line, "|");

	if (title && line && is_wanted(number, only))
		add_case(suite, &(const struct sim_case){
			.purpose = talloc_strdup(suite, number), .title = talloc_strdup(suite, title),
			.why = talloc_strdup(suite, line),
		});
}

/* Lines that begin with # do not count. */
static void read_list(struct sim_suite *suite, const char *dir, const char *name, const char *only,
		      void (*add)(struct sim_suite *suite, const char *only, char *line))
{
	char *path = talloc_asprintf(suite, "%s/%s", dir, name), line[512];
	FILE *file = fopen(path, "r");

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '#')
			add(suite, only, line);
	}
	if (file)
		fclose(file);
	talloc_free(path);
}

struct sim_suite *sim_suite_load(void *ctx, const char *dir, const char *name, const char *only,
				 const struct isup_dialect *dialect, char *err, size_t err_size)
{
	struct sim_suite *suite = talloc_zero(ctx, struct sim_suite);

	suite->name = talloc_strdup(suite, name);
	if (add_files(suite, dir, only, dialect, err, err_size) < 0) {
		talloc_free(suite);
		return NULL;
	}
	if (!suite->n_cases) {
		snprintf(err, err_size, "%s: no scenario of purpose %s", dir, only ? : "whatever");
		talloc_free(suite);
		return NULL;
	}
	read_list(suite, dir, "expected-fail.txt", only, add_expected);
	read_list(suite, dir, "not-played.txt", only, add_not_played);
	qsort(suite->cases, suite->n_cases, sizeof(*suite->cases), compare_cases);
	return suite;
}

/* ---- Results ---- */

bool sim_case_is_wrong(const struct sim_case *one)
{
	return one->ran && one->result == SIM_FAILED && !one->expected;
}

void sim_case_done(struct sim_suite *suite, struct sim_case *one, enum sim_result result, const char *why,
		   double seconds)
{
	one->ran = true;
	one->result = result;
	one->why = talloc_strdup(suite, why);
	one->seconds = seconds;
}

unsigned int sim_suite_wrong(const struct sim_suite *suite)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < suite->n_cases; i++)
		n += sim_case_is_wrong(&suite->cases[i]);
	return n;
}

static const char *verdict(const struct sim_case *one)
{
	static const char *const names[] = { "passed", "failed", "skipped" };

	if (!one->scenario)
		return "not played";
	if (!one->ran)
		return "not run";
	if (one->expected && one->result == SIM_FAILED)
		return "fails as known";
	return one->expected && one->result == SIM_PASSED ? "passed, to be taken off the list" : names[one->result];
}

void sim_suite_print(const struct sim_suite *suite, FILE *out)
{
	unsigned int n[3] = {}, known = 0, played = 0;

	for (unsigned int i = 0; i < suite->n_cases; i++) {
		const struct sim_case *one = &suite->cases[i];

		fprintf(out, "%-10s %-15s %s\n", one->purpose, verdict(one), one->title);
		if (one->why)
			fprintf(out, "           %s\n", one->why);
		played += !!one->scenario;
		if (one->expected && one->result == SIM_FAILED)
			known++;
		else if (one->ran)
			n[one->result]++;
	}
	fprintf(out, "%s: %u purposes, %u passed, %u failed, %u failed as known, %u skipped; %u not played\n",
		suite->name, played, n[SIM_PASSED], n[SIM_FAILED], known, n[SIM_SKIPPED], suite->n_cases - played);
}

void sim_suite_markdown(const struct sim_suite *suite, FILE *out)
{
	fprintf(out, "| Purpose | Title | Result |\n|---|---|---|\n");
	for (unsigned int i = 0; i < suite->n_cases; i++) {
		const struct sim_case *one = &suite->cases[i];
		bool no_verdict = one->result == SIM_SKIPPED || !one->scenario;
		const char *note = one->expected ? one->expected : no_verdict ? one->why : "";

		fprintf(out, "| %s | %s | %s%s%s |\n", one->purpose, one->title,
			verdict(one), *note ? ": " : "", note);
	}
}
