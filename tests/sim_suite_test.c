/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a suite of isupsim's scenarios against the ISUP room in virtual time.
 *
 * sim_suite_test DIR [PURPOSE]	prints the results; exits 1 if any is wrong
 * sim_suite_test -m DIR	prints its table of doc/CONFORMANCE.md */

#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "sim_world.h"
#include "../src/isupsim_suite.h"

int main(int argc, char **argv)
{
	bool markdown = argc > 2 && strcmp(argv[1], "-m") == 0;
	char *const *args = argv + 1 + markdown;
	static struct sim_world world;
	struct sim_suite *suite;
	bool wrong;
	const char *name;
	char err[300];

	if (argc < 2 + markdown)
		return 2;
	sim_world_init();
	name = strrchr(args[0], '/');
	suite = sim_suite_load(NULL, args[0], name ? name + 1 : args[0], args[1], &isup_dialect_itu, err, sizeof(err));
	if (!suite) {
		printf("%s\n", err);
		return 1;
	}
	for (unsigned int i = 0; i < suite->n_cases; i++) {
		if (!suite->cases[i].scenario)
			continue;
		sim_world_run(&world, suite->cases[i].scenario);
		sim_case_done(suite, &suite->cases[i], world.result, world.result == SIM_PASSED ? NULL : world.why,
			      world.seconds);
	}
	if (markdown)
		sim_suite_markdown(suite, stdout);
	else
		sim_suite_print(suite, stdout);
	wrong = sim_suite_wrong(suite) > 0;
	talloc_free(suite);
	return wrong;
}
