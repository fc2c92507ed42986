/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isupsim in the manner of SIPp: from the start through the calls, or the purposes of a suite, to the final table. */

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "isupsim_options.h"
#include "isupsim_pcap.h"
#include "isupsim_play.h"

#define TICK_MS		2
#define SCREEN_MS	1000
#define COMING_UP_MS	3500		/* of silence before the first purpose */
#define GRS_MAX		32		/* Q.763 3.43: circuits of one group message */
#define ENDING_S	60		/* for calls that are there to come to their end */

/* Exit statuses, as SIPp has them */
enum { EXIT_PASSED = 0, EXIT_FAILED = 1, EXIT_TIMED_OUT = 97, EXIT_NO_CALLS = 99, EXIT_FATAL = 255 };

static volatile sig_atomic_t signals;

static void on_signal(int signal)
{
	signals++;
}

static void enter(struct sim_run *run, enum sim_run_phase phase)
{
	run->phase = phase;
	run->phase_us = sim_now_us();
}

static double in_phase(const struct sim_run *run)
{
	return (sim_now_us() - run->phase_us) / 1e6;
}

/* ---- What the engine tells ---- */

static void done_cb(void *data, struct sim_play *play, enum sim_result result, const char *why)
{
	struct sim_run *run = data;
	struct sim_case *one;

	if (run->suite && run->phase == SIM_RUN_CALLS) {
		one = &run->suite->cases[run->case_at];
		sim_case_done(run->suite, one, result, why, in_phase(run));
		if (!run->opt.quiet)
			printf("%-10s %s %s\n", play->scenario->purpose, result == SIM_PASSED ? "passed" :
			       sim_case_is_wrong(one) ? "failed" :
			       result == SIM_FAILED ? "fails as known" : "skipped", why ? : "");
		fflush(stdout);
		enter(run, SIM_RUN_CLEARING);
		run->settled_received = 0;
	} else if (result != SIM_PASSED && !run->suite) {
		LOGP(DSIM, LOGL_ERROR, "call %u: %s\n", play->id, why);
	}
}

static void trace_cb(void *data, const struct isup_mtp_label *label, const uint8_t *octets, size_t len, bool sent)
{
	struct sim_run *run = data;

	if (run->pcap)
		sim_pcap_write(run->pcap, run->peer->dialect->pc_bits, label, octets, len);
}

static void fields_cb(void *data, struct sim_play *play)
{
	struct sim_run *run = data;

	if (run->inf)
		sim_inf_next(run->inf, play);
}

static const struct sim_engine_ops engine_ops = { .done = done_cb, .trace = trace_cb, .fields = fields_cb };

/* ---- Peers, as the circuit groups of the configuration say ---- */

static void add_range(uint16_t first, uint16_t last, void *data)
{
	sim_peer_add_cics(data, first, last);
}

static void add_peer(struct sim_run *run, struct gw_isup *gi, struct isup_group *group)
{
	const struct isup_group_cfg *cfg = isup_group_cfg(group);
	struct isup_mtp *mtp = gi->mtps[cfg->cs7_instance];
	struct sim_peer *peer;

	peer = sim_peer_get(run->engine, mtp, cfg->opc_set ? cfg->opc : mtp->own_pc, cfg->dpc,
			    isup_group_dialect(group));
	sim_engine_attach(run->engine, mtp);
	isup_group_for_each_range(group, add_range, peer);
	for (unsigned int i = 0; i < ISUP_TIMER_COUNT; i++) {
		if (cfg->timer_ms[i])
			run->engine->timer_ms[i] = cfg->timer_ms[i];
		if (run->opt.timer_ms[i])
			run->engine->timer_ms[i] = run->opt.timer_ms[i];
	}
	if (!run->peer)
		run->peer = peer;
}

static int add_peers(struct sim_run *run, struct gw_isup *gi)
{
	struct isup_group *group = NULL;

	while ((group = isup_group_next(gi->isup, group))) {
		if (!gw_isup_is_shut(gi, group) && (!run->opt.group || !strcmp(run->opt.group, isup_group_name(group))))
			add_peer(run, gi, group);
	}
	if (run->peer)
		return 0;
	fprintf(stderr, "isupsim: %s has no circuit-group%s%s\n", run->opt.config_file, run->opt.group ? " " : "",
		run->opt.group ? : "");
	return -ENOENT;
}

static bool all_reachable(const struct sim_run *run)
{
	const struct sim_peer *peer;

	llist_for_each_entry(peer, &run->engine->peers, entry) {
		if (!peer->mtp->ops->reachable(peer->mtp, peer->dpc))
			return false;
	}
	return true;
}

/* ---- Circuits as new ---- */

static void send_reset(struct sim_peer *peer, unsigned int first, unsigned int n)
{
	const uint8_t rsc[] = { ISUP_MSG_RSC }, grs[] = { ISUP_MSG_GRS, 1, 1, n - 1 };

	if (n == 1)
		sim_peer_send(peer, first, rsc, sizeof(rsc));
	else if (n > 1)
		sim_peer_send(peer, first, grs, sizeof(grs));
}

static void reset_peer(struct sim_peer *peer)
{
	unsigned int first = 0, n = 0;

	for (unsigned int cic = 0; cic < 1u << peer->dialect->cic_bits; cic++) {
		if (!peer->by_cic[cic] || n == GRS_MAX) {
			send_reset(peer, first, n);
			n = 0;
		}
		if (!peer->by_cic[cic])
			continue;
		first = n ? first : cic;
		n++;
	}
	send_reset(peer, first, n);
}

static void reset_all(struct sim_run *run)
{
	struct sim_peer *peer;

	llist_for_each_entry(peer, &run->engine->peers, entry)
		reset_peer(peer);
}

/* Nothing was received for so long: the far end has said what it had to. */
static bool has_settled(struct sim_run *run, unsigned int ms)
{
	uint64_t received = run->engine->stats.received;

	if (received != run->settled_received) {
		run->settled_received = received;
		run->phase_us = sim_now_us();
	}
	return in_phase(run) * 1000 >= ms;
}

/* ---- The phases ---- */

/* The purpose at case_at, or the next one that has a scenario; false where there is none */
static bool has_case(struct sim_run *run)
{
	while (run->case_at < run->suite->n_cases && !run->suite->cases[run->case_at].scenario)
		run->case_at++;
	return run->case_at < run->suite->n_cases;
}

static void start_calls(struct sim_run *run)
{
	if (run->suite && !has_case(run)) {
		enter(run, SIM_RUN_OVER);
		return;
	}
	memset(&run->engine->stats, 0, sizeof(run->engine->stats));
	run->begin_us = run->due_us = sim_now_us();
	enter(run, SIM_RUN_CALLS);
	if (run->suite) {
		if (!sim_play_start(run->engine, run->suite->cases[run->case_at].scenario, run->peer))
			LOGP(DSIM, LOGL_ERROR, "no circuit is free\n");
		return;
	}
	if (sim_scenario_is_answering(run->scenario))
		run->engine->answering = run->scenario;
}

static void phase_waiting(struct sim_run *run)
{
	if (all_reachable(run)) {
		if (!run->opt.no_reset)
			reset_all(run);
		enter(run, SIM_RUN_SETTLING);
	} else if (in_phase(run) >= run->opt.wait_s) {
		fprintf(stderr, "isupsim: the far end could not be reached within %u s\n", run->opt.wait_s);
		run->timed_out = true;
		enter(run, SIM_RUN_OVER);
	}
}

static void phase_settling(struct sim_run *run)
{
	/* resets that the far end sent before it could reach us it repeats once more */
	if (has_settled(run, run->suite ? OSMO_MAX(run->opt.settle_ms, COMING_UP_MS) : run->opt.settle_ms))
		start_calls(run);
}

static void phase_calls(struct sim_run *run)
{
	bool more = true;

	if (run->suite)
		return;
	if (run->engine->answering)
		more = !run->opt.max_calls || run->engine->stats.started < run->opt.max_calls;
	else
		more = sim_load_tick(run);
	if (!more) {
		run->engine->answering = NULL;
		enter(run, SIM_RUN_ENDING);
	}
}

static void phase_ending(struct sim_run *run)
{
	if (!run->engine->n_plays || in_phase(run) > ENDING_S + run->opt.pause_ms / 1000.0)
		enter(run, SIM_RUN_OVER);
}

static void phase_clearing(struct sim_run *run)
{
	char err[200];

	if (!run->settled_received) {
		if (run->engine->tester)
			run->engine->tester->command(run->engine->tester, "clear", err, sizeof(err));
		reset_all(run);
		run->settled_received = 1;
	}
	if (!has_settled(run, run->opt.settle_ms))
		return;
	run->case_at++;
	start_calls(run);
}

static void (*const phases[])(struct sim_run *run) = {
	[SIM_RUN_WAITING] = phase_waiting,
	[SIM_RUN_SETTLING] = phase_settling,
	[SIM_RUN_CALLS] = phase_calls,
	[SIM_RUN_CLEARING] = phase_clearing,
	[SIM_RUN_ENDING] = phase_ending,
};

static void tick_cb(void *data)
{
	struct sim_run *run = data;

	if (run->phase == SIM_RUN_OVER)
		return;
	phases[run->phase](run);
	if (run->opt.timeout_s && (sim_now_us() - run->begin_us) / 1000000 >= run->opt.timeout_s &&
	    run->phase < SIM_RUN_ENDING) {
		run->timed_out = true;
		enter(run, SIM_RUN_OVER);
	}
	osmo_timer_schedule(&run->tick, 0, TICK_MS * 1000);
}

static void screen_cb(void *data)
{
	struct sim_run *run = data;

	if (run->scenario && !run->opt.quiet && isatty(STDOUT_FILENO)) {
		fputs("\033[H\033[2J", stdout);
		sim_screen_draw(run, stdout);
	}
	if (run->stat && (sim_now_us() - run->stat_us) / 1000000 + 1 > run->opt.stat_s)
		sim_screen_stat(run);
	osmo_timer_schedule(&run->screen, SCREEN_MS / 1000, SCREEN_MS % 1000 * 1000);
}

/* The first signal lets calls end, the second one does not. */
static void run_loop(struct sim_run *run)
{
	osmo_timer_setup(&run->tick, tick_cb, run);
	osmo_timer_setup(&run->screen, screen_cb, run);
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	run->begin_us = sim_now_us();
	enter(run, SIM_RUN_WAITING);
	tick_cb(run);
	screen_cb(run);
	while (run->phase != SIM_RUN_OVER) {
		osmo_select_main_ctx(0);
		if (!signals)
			continue;
		run->engine->answering = NULL;
		if (signals > 1 || run->phase != SIM_RUN_CALLS || run->suite)
			enter(run, signals > 1 || run->phase != SIM_RUN_ENDING ? SIM_RUN_OVER : SIM_RUN_ENDING);
		else
			enter(run, SIM_RUN_ENDING);
	}
	osmo_timer_del(&run->tick);
	osmo_timer_del(&run->screen);
}

/* ---- Start and end ---- */

static FILE *open_output(const char *path)
{
	FILE *file = fopen(path, "we");

	if (!file)
		fprintf(stderr, "isupsim: %s: %s\n", path, strerror(errno));
	return file;
}

static int open_files(struct sim_run *run)
{
	char err[300];

	if (run->opt.inf && !(run->inf = sim_inf_load(run, run->opt.inf, err, sizeof(err)))) {
		fprintf(stderr, "isupsim: %s\n", err);
		return -EINVAL;
	}
	if (run->opt.stat_file && !(run->stat = open_output(run->opt.stat_file)))
		return -EIO;
	if (run->stat)
		sim_screen_stat_head(run);
	if (run->opt.pcap && !(run->pcap = sim_pcap_open(run->opt.pcap))) {
		fprintf(stderr, "isupsim: %s: %s\n", run->opt.pcap, strerror(errno));
		return -EIO;
	}
	return 0;
}

static int load_scenarios(struct sim_run *run)
{
	const struct isup_dialect *dialect = run->peer->dialect;
	struct sim_run_options *opt = &run->opt;
	char err[600] = "";

	if (opt->suite)
		run->suite = sim_suite_load(run, sim_options_path(run, opt, opt->suite, false), opt->suite, opt->only,
					    dialect, err, sizeof(err));
	else
		run->scenario = sim_scenario_load(run, sim_options_path(run, opt, opt->scenario, true), dialect, err,
						  sizeof(err));
	if (!run->suite && !run->scenario) {
		fprintf(stderr, "%s\n", err);
		return -EINVAL;
	}
	if (opt->tester && !(run->engine->tester = sim_tester_run(run, opt->tester, err, sizeof(err)))) {
		fprintf(stderr, "isupsim: %s\n", err);
		return -EINVAL;
	}
	if (run->engine->tester)
		run->engine->tester->engine = run->engine;
	if (run->scenario) {
		run->engine->main = run->scenario;
		run->engine->silent = run->scenario->silent;
		run->engine->op_stats = talloc_zero_array(run->engine, struct sim_op_stats, run->scenario->n_ops + 1);
	}
	return 0;
}

static void print_results(struct sim_run *run)
{
	FILE *junit = run->opt.junit ? open_output(run->opt.junit) : NULL;

	if (run->suite)
		sim_suite_print(run->suite, stdout);
	else
		sim_screen_draw(run, stdout);
	if (run->stat) {
		sim_screen_stat(run);
		fclose(run->stat);
	}
	if (run->pcap)
		fclose(run->pcap);
	if (junit && run->suite)
		sim_suite_junit(run->suite, junit);
	if (junit)
		fclose(junit);
}

static int status(const struct sim_run *run)
{
	const struct sim_engine_stats *stats = &run->engine->stats;

	if (run->suite)
		return sim_suite_wrong(run->suite) || run->case_at < run->suite->n_cases ? EXIT_FAILED : EXIT_PASSED;
	if (stats->failed || stats->skipped)
		return EXIT_FAILED;
	if (run->timed_out)
		return EXIT_TIMED_OUT;
	return stats->passed ? EXIT_PASSED : EXIT_NO_CALLS;
}

int sim_run_main(void *ctx, struct gw_isup *gi, int argc, char **argv)
{
	struct sim_run *run = talloc_zero(ctx, struct sim_run);
	unsigned int problems = 0;
	int rc;

	rc = sim_options_parse(&run->opt, argc, argv);
	if (rc)
		return rc < 0 ? EXIT_FATAL : EXIT_PASSED;
	if (gw_config_load(ctx, run->opt.config_file) < 0)
		return EXIT_FATAL;
	gw_isup_check(gi, gw_config_print_problem, &problems);
	run->engine = sim_engine_alloc(run, &engine_ops, run);
	if (problems || add_peers(run, gi) < 0)
		return EXIT_FATAL;
	run->engine->pause_ms = run->opt.pause_ms;
	if (run->opt.recv_timeout_ms)
		run->engine->recv_timeout_ms = run->opt.recv_timeout_ms;
	run->engine->verbose = run->opt.verbose;
	run->engine->lowest_first = run->opt.suite;
	if (load_scenarios(run) < 0 || open_files(run) < 0)
		return EXIT_FATAL;
	run_loop(run);
	print_results(run);
	rc = status(run);
	cli_flush();
	talloc_free(run);
	return rc;
}
