/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isupsim, the simulated exchange: start, select loop, end. */

#include <stdio.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>
#include <osmocom/sigtran/osmo_ss7.h>

#include "isup/isup.h"

#include "cli.h"
#include "gw_config.h"
#include "gw_isup.h"
#include "gw_vty.h"
#include "isupsim.h"
#include "isupsim_codec.h"
#include "isupsim_run.h"

/* The VTY listens here (127.0.0.1) if "line vty / bind" says nothing else. */
#define SIM_VTY_PORT 4272

/* Longest wait for RLC at a clean stop */
#define STOP_MAX_MS 5000
#define STOP_POLL_MS 50

static struct sim *sim;
static struct osmo_timer_list stop_timer;
static unsigned int stop_polls;
static bool stopped;

static void stop_poll_cb(void *data)
{
	stopped = !isup_call_count(sim->isup) || ++stop_polls * STOP_POLL_MS >= STOP_MAX_MS;
	if (!stopped)
		osmo_timer_schedule(&stop_timer, 0, STOP_POLL_MS * 1000);
}

static void stop(bool at_once)
{
	sim_vty_run_stop();
	sim_release_all(sim, ISUP_CAUSE_NORMAL_CLEARING);
	stopped = at_once;
	osmo_timer_setup(&stop_timer, stop_poll_cb, NULL);
	osmo_timer_schedule(&stop_timer, 0, STOP_POLL_MS * 1000);
}

static int go_parent(struct vty *vty)
{
	gw_vty_isup_go_parent(vty);
	/* works on its own nodes only; what it sets in others is put right by the caller */
	osmo_ss7_vty_go_parent(vty);
	return 0;
}

static const struct log_cats_part log_cats[] = {
	{ 0, isup_log_cats, _ISUP_LOG_COUNT },
	{}
};

static struct vty_app_info vty_info = {
	.name = "isupsim",
	.go_parent_cb = go_parent,
};

static const struct cli_program program = {
	.what = "a simulated ISUP exchange",
	.more_help = SIM_CODEC_HELP SIM_RUN_HELP,
	.config_file = "isupsim.cfg",
	.vty_port = SIM_VTY_PORT,
	.log_cats = log_cats,
	.vty = &vty_info,
	.stop = stop,
};

int main(int argc, char **argv)
{
	unsigned int problems = 0;
	struct gw_isup *gi;
	struct cli cli;
	void *ctx;

	if (sim_codec_wanted(argc, argv))
		return sim_codec_main(argc, argv);
	ctx = talloc_named_const(NULL, 0, "isupsim");
	cli_init(ctx, &program);
	sim = sim_alloc(ctx);
	sim->isup = isup_alloc(ctx, sim_isup_cb, sim);
	sim_bearer_init(sim->isup, &sim->bearer);
	gi = gw_isup_alloc(ctx, sim->isup, isup_mtp_sigtran_alloc, sim_call_id);
	gw_vty_isup_init(gi);
	sim_vty_init(sim);
	sim_vty_run_init(gi);
	if (sim_run_wanted(argc, argv))
		return sim_run_main(ctx, gi, argc, argv);
	cli_parse(&cli, argc, argv);
	if (gw_config_load(ctx, cli.config_file) < 0)
		return 1;
	gw_isup_check(gi, gw_config_print_problem, &problems);
	if (problems || cli.check)
		return problems ? 1 : 0;
	if (cli_open(&cli) < 0 || gw_isup_start_all(gi, gw_config_print_problem, &problems) > 0)
		return 1;
	while (!stopped)
		osmo_select_main_ctx(0);
	cli_flush();
	return 0;
}
