/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run as the whole life of the process: signals, keys, exit status. */

#include <signal.h>
#include <stdio.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>

#include "isupsim_options.h"

#define EXIT_FATAL 255			/* as SIPp has it */

static volatile sig_atomic_t signals;

static void on_signal(int signal)
{
	signals++;
}

/* The first signal lets calls end, the second one does not. */
static void run_loop(struct sim_run *run)
{
	sig_atomic_t seen = 0;

	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	sim_run_start(run);
	while (run->phase != SIM_RUN_OVER) {
		osmo_select_main_ctx(0);
		if (signals == seen)
			continue;
		seen = signals;
		sim_run_stop(run, seen > 1);
	}
}

int sim_run_main(void *ctx, struct gw_isup *gi, int argc, char **argv)
{
	struct sim_run_options opt;
	unsigned int problems = 0;
	struct sim_run *run;
	char err[600] = "";
	int rc;

	rc = sim_options_parse(&opt, argc, argv, err, sizeof(err));
	if (rc > 0) {
		sim_options_help(stdout);
		return 0;
	}
	opt.pipes = true;
	if (rc == 0 && gw_config_load(ctx, opt.config_file) < 0)
		return EXIT_FATAL;
	gw_isup_check(gi, gw_config_print_problem, &problems);
	if (problems)
		return EXIT_FATAL;
	run = rc == 0 ? sim_run_alloc(ctx, gi, &opt, err, sizeof(err)) : NULL;
	if (!run) {
		fprintf(stderr, "isupsim: %s\n", err);
		return EXIT_FATAL;
	}
	sim_keys_begin(run);
	run_loop(run);
	sim_keys_end();
	sim_run_print(run, stdout);
	rc = sim_run_end(run);
	cli_flush();
	talloc_free(run);
	return rc;
}
