/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A suite: the scenarios of a directory that name a test purpose, and the table of their results. */
#pragma once

#include <stdio.h>

#include "isupsim_engine.h"

/* One purpose and what came of it */
struct sim_case {
	const char *purpose, *title;
	struct sim_scenario *scenario;	/* NULL: there is none, why says for what reason */
	const char *expected;		/* why it is known to fail; NULL: it is to pass */
	bool ran;
	enum sim_result result;
	char *why;			/* NULL where it passed */
	double seconds;
};

struct sim_suite {
	const char *name;		/* "q784" */
	unsigned int n_cases;
	struct sim_case *cases;		/* in the order of their numbers */
};

/* Loads all NAME.xml of dir; only those whose purpose is only, or begins with "only.", where that is not NULL. Two
 * files may be in dir: expected-fail.txt with a line "NUMBER why" for each purpose that is known to fail, and
 * not-played.txt with a line "NUMBER|TITLE|why" for each that has no scenario. NULL with a sentence in err. */
struct sim_suite *sim_suite_load(void *ctx, const char *dir, const char *name, const char *only,
				 const struct isup_dialect *dialect, char *err, size_t err_size);
/* Failed, and is not known to fail */
bool sim_case_is_wrong(const struct sim_case *one);
void sim_case_done(struct sim_suite *suite, struct sim_case *one, enum sim_result result, const char *why,
		   double seconds);
/* A line a purpose, and their number; wrong ones are told with the reason. */
void sim_suite_print(const struct sim_suite *suite, FILE *out);
/* A table in Markdown */
void sim_suite_markdown(const struct sim_suite *suite, FILE *out);
/* How many are wrong */
unsigned int sim_suite_wrong(const struct sim_suite *suite);

/* ---- isupsim_junit.c: JUnit XML ---- */

void sim_suite_junit(const struct sim_suite *suite, FILE *out);

/* The calls of one scenario as a suite, written while they are played: the head, which counts them, last */
struct sim_junit {
	FILE *out;
	const char *name;		/* of the scenario */
	unsigned int tests, failures, skipped;
	double seconds;
};

/* Makes room for the head; -errno where the file cannot be gone back in. */
int sim_junit_begin(struct sim_junit *junit, FILE *out, const char *name);
void sim_junit_add(struct sim_junit *junit, const char *purpose, enum sim_result result, const char *why,
		   double seconds);
void sim_junit_end(struct sim_junit *junit);
