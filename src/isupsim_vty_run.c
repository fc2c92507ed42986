/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of the simulated exchange: scenarios and suites, with the options of the command line. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>
#include <osmocom/vty/command.h>
#include <osmocom/vty/vty.h>

#include "isup/isup_circuit.h"
#include "gw_config.h"
#include "gw_vty.h"
#include "isupsim.h"
#include "isupsim_options.h"

/* One a process, as the console's commands have no user pointer */
static struct gw_isup *g_gi;
static struct sim_run *g_run;		/* under way, or the last one, for "show"; NULL: there was none */

bool sim_vty_run_is_up(void)
{
	return g_run && g_run->phase != SIM_RUN_OVER;
}

void sim_vty_run_stop(void)
{
	if (sim_vty_run_is_up())
		sim_run_stop(g_run, true);
}

static void reset_range(uint16_t first, uint16_t last, void *group)
{
	for (unsigned int cic = first; cic <= last; cic++)
		isup_circuit_reset(group, cic);
}

/* The user part, which has heard nothing of it, begins anew. */
static void over_cb(struct sim_run *run)
{
	struct isup_group *group = NULL;

	sim_engine_detach(run->engine);
	sim_run_end(run);
	while ((group = isup_group_next(g_gi->isup, group))) {
		if (!gw_isup_is_shut(g_gi, group))
			isup_group_for_each_range(group, reset_range, group);
	}
}

/* The words of a command as main() has them; a talloc child of ctx */
static char **copy_args(void *ctx, int argc, const char *argv[])
{
	char **args = talloc_zero_array(ctx, char *, argc + 2);

	args[0] = "isupsim";
	for (int i = 0; i < argc; i++)
		args[i + 1] = talloc_strdup(args, argv[i]);
	return args;
}

/* What is written to a file elsewhere, line by line */
static int print(struct vty *vty, void (*write_cb)(FILE *out))
{
	char *text = NULL, *line, *rest;
	FILE *out;
	size_t size;

	out = open_memstream(&text, &size);
	if (!out)
		return CMD_WARNING;
	write_cb(out);
	fclose(out);
	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		if (*line)
			vty_out(vty, "%s%s", line, VTY_NEWLINE);
	}
	free(text);
	return CMD_SUCCESS;
}

static void write_run(FILE *out)
{
	sim_run_print(g_run, out);
	fprintf(out, "%s\n", sim_vty_run_is_up() ? "under way" : "over");
}

static int start(struct vty *vty, int argc, char **args)
{
	struct sim_run_options opt;
	struct sim_run *run;
	char err[600] = "";
	int rc = sim_options_parse(&opt, argc + 1, args, err, sizeof(err));

	if (rc > 0)
		return print(vty, sim_options_help);
	opt.quiet = true;
	run = rc < 0 ? NULL : sim_run_alloc(g_gi, g_gi, &opt, err, sizeof(err));
	if (!run)
		return gw_config_refuse(vty, "%s", err);
	talloc_steal(run, args);
	run->over_cb = over_cb;
	talloc_free(g_run);
	g_run = run;
	sim_run_start(run);
	return CMD_SUCCESS;
}

#define SCENARIO_STR "Scenarios, at the level of messages, instead of the user part\n"

DEFUN(scenario_start, scenario_start_cmd, "scenario start .OPTIONS",
      SCENARIO_STR "Play one\n" "As on the command line, such as: -sn call -r 10 -m 100; -h: all of them\n")
{
	if (sim_vty_run_is_up())
		return gw_config_refuse(vty, "a scenario is under way; end it by: scenario stop");
	if (isup_call_count(g_gi->isup))
		return gw_config_refuse(vty, "there are calls: 'release all' ends them");
	return start(vty, argc, copy_args(OTC_SELECT, argc, argv));
}

static int refuse_none(struct vty *vty)
{
	return gw_config_refuse(vty, "no scenario is under way");
}

DEFUN(scenario_stop, scenario_stop_cmd, "scenario stop [now]",
      SCENARIO_STR "No new calls; it ends with those that are there\n" "It ends at once\n")
{
	if (!sim_vty_run_is_up())
		return refuse_none(vty);
	sim_run_stop(g_run, argc > 0);
	return CMD_SUCCESS;
}

DEFUN(scenario_pause, scenario_pause_cmd, "scenario (pause|resume)",
      SCENARIO_STR "No new calls until it is resumed\n" "New calls again\n")
{
	if (!sim_vty_run_is_up())
		return refuse_none(vty);
	sim_run_pause(g_run, !strcmp(argv[0], "pause"));
	return CMD_SUCCESS;
}

DEFUN(scenario_rate, scenario_rate_cmd, "scenario rate <1-100000>",
      SCENARIO_STR "How many calls begin\n" "Calls a second\n")
{
	if (!sim_vty_run_is_up())
		return refuse_none(vty);
	sim_run_set_rate(g_run, gw_vty_uint(argv[0]));
	return CMD_SUCCESS;
}

DEFUN(show_scenario, show_scenario_cmd, "show scenario",
      SHOW_STR "The scenario that is under way, or the last one: steps, calls, times, last failure\n")
{
	return g_run ? print(vty, write_run) : refuse_none(vty);
}

void sim_vty_run_init(struct gw_isup *gi)
{
	g_gi = gi;
	install_element(ENABLE_NODE, &scenario_start_cmd);
	install_element(ENABLE_NODE, &scenario_stop_cmd);
	install_element(ENABLE_NODE, &scenario_pause_cmd);
	install_element(ENABLE_NODE, &scenario_rate_cmd);
	install_element_ve(&show_scenario_cmd);
}
