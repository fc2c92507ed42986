/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isupsim in the manner of SIPp: from the start through the calls, or the purposes of a suite, to the final table. */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "mapping/map_file.h"

#include "isupsim_options.h"
#include "isupsim_pcap.h"
#include "isupsim_play.h"

#define TICK_MS		2
#define SCREEN_MS	1000
#define COMING_UP_MS	3500		/* of silence before the first purpose */
#define SETTLING_MAX_MS	10000		/* longer than that silence is not waited for */
#define RESET_MAX_MS	2000		/* nor for the acknowledgement of a reset */
#define CIC_LEN		2
#define GRS_MAX		32		/* Q.763 3.43: circuits of one group message */
#define SCENARIO_MAX	(16 * 1024 * 1024)
#define ENDING_S	60		/* for calls that are there to come to their end */

/* Exit statuses, as SIPp has them */
enum { EXIT_PASSED = 0, EXIT_FAILED = 1, EXIT_TIMED_OUT = 97, EXIT_NO_CALLS = 99 };

static void enter(struct sim_run *run, enum sim_run_phase phase)
{
	run->phase = phase;
	run->phase_us = run->quiet_us = sim_now_us();
}

void sim_run_stop(struct sim_run *run, bool at_once)
{
	run->engine->answering = NULL;
	if (at_once || run->suite || run->phase < SIM_RUN_CALLS)
		enter(run, SIM_RUN_OVER);
	else if (run->phase == SIM_RUN_CALLS)
		enter(run, SIM_RUN_ENDING);
}

void sim_run_pause(struct sim_run *run, bool paused)
{
	run->paused = paused;
	run->due_us = sim_now_us();
}

void sim_run_set_rate(struct sim_run *run, double rate)
{
	run->opt.rate = OSMO_MAX(rate, 0);
}

static double in_phase(const struct sim_run *run)
{
	return (sim_now_us() - run->phase_us) / 1e6;
}

/* ---- What the engine tells ---- */

/* The purpose at case_at has its result. Where nothing was sent, nor said to a tester, there is nothing to clear. */
static void case_over(struct sim_run *run, enum sim_result result, const char *why)
{
	struct sim_case *one = &run->suite->cases[run->case_at];

	sim_case_done(run->suite, one, result, why, in_phase(run));
	if (!run->opt.quiet)
		printf("%-10s %s %s\n", one->purpose, result == SIM_PASSED ? "passed" :
		       sim_case_is_wrong(one) ? "failed" :
		       result == SIM_FAILED ? "fails as known" : "skipped", why ? : "");
	fflush(stdout);
	enter(run, SIM_RUN_CLEARING);
	run->cleared = run->reset = false;
	run->untouched = !run->engine->stats.sent && !run->engine->tester;
}

static void note_call(struct sim_run *run, const struct sim_play *play, enum sim_result result, const char *why)
{
	char name[20];

	snprintf(name, sizeof(name), "call %u", play->id);
	sim_junit_add(&run->calls, name, result, why, (sim_now_us() - play->begin_us) / 1e6);
}

static void done_cb(void *data, struct sim_play *play, enum sim_result result, const char *why)
{
	struct sim_run *run = data;

	if (run->calls.out)
		note_call(run, play, result, why);

	if (result != SIM_PASSED)
		snprintf(run->last_failure, sizeof(run->last_failure), "call %u: %s", play->id, why);
	if (run->suite && run->phase == SIM_RUN_CALLS)
		case_over(run, result, why);
	else if (result != SIM_PASSED && !run->suite)
		LOGP(DSIM, LOGL_ERROR, "call %u: %s\n", play->id, why);
}

static bool is_reset_ack(const uint8_t *octets, size_t len)
{
	return len > CIC_LEN && (octets[CIC_LEN] == ISUP_MSG_GRA || octets[CIC_LEN] == ISUP_MSG_RLC);
}

static void trace_cb(void *data, const struct sim_peer *peer, const struct isup_mtp_label *label, const uint8_t *octets,
		     size_t len, bool sent)
{
	struct sim_run *run = data;

	if (!sent && run->n_resets && is_reset_ack(octets, len))
		run->n_resets--;
	if (run->pcap)
		sim_pcap_write(run->pcap, peer, label, octets, len);
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

static int add_peers(struct sim_run *run, struct gw_isup *gi, char *err, size_t err_size)
{
	struct isup_group *group = NULL;

	while ((group = isup_group_next(gi->isup, group))) {
		bool wanted = !run->opt.group || !strcmp(run->opt.group, isup_group_name(group));

		if (wanted && !gw_isup_is_shut(gi, group) && gi->mtps[isup_group_cfg(group)->cs7_instance])
			add_peer(run, gi, group);
	}
	if (run->peer)
		return 0;
	snprintf(err, err_size, "there is no circuit-group%s%s", run->opt.group ? " " : "", run->opt.group ? : "");
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

static void send_reset(struct sim_run *run, struct sim_peer *peer, unsigned int first, unsigned int n)
{
	const uint8_t rsc[] = { ISUP_MSG_RSC }, grs[] = { ISUP_MSG_GRS, 1, 1, n - 1 };

	if (n == 1)
		sim_peer_send(peer, first, rsc, sizeof(rsc));
	else if (n > 1)
		sim_peer_send(peer, first, grs, sizeof(grs));
	run->n_resets += n > 0;
}

static void reset_peer(struct sim_run *run, struct sim_peer *peer)
{
	unsigned int first = 0, n = 0;

	for (unsigned int cic = 0; cic < 1u << peer->dialect->cic_bits; cic++) {
		if (!peer->by_cic[cic] || n == GRS_MAX) {
			send_reset(run, peer, first, n);
			n = 0;
		}
		if (!peer->by_cic[cic])
			continue;
		first = n ? first : cic;
		n++;
	}
	send_reset(run, peer, first, n);
}

static void reset_all(struct sim_run *run)
{
	struct sim_peer *peer;

	run->n_resets = 0;
	llist_for_each_entry(peer, &run->engine->peers, entry)
		reset_peer(run, peer);
}

/* Nothing was received for so long: the far end has said what it had to. One that calls all the time has not, ever. */
static bool has_settled(struct sim_run *run, unsigned int ms)
{
	uint64_t received = run->engine->stats.received, now = sim_now_us();

	if (received != run->settled_received) {
		run->settled_received = received;
		run->quiet_us = now;
	}
	return now - run->quiet_us >= ms * 1000ull || in_phase(run) * 1000 >= ms + SETTLING_MAX_MS;
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
	run->begin_us = run->due_us = run->stat_us = sim_now_us();
	enter(run, SIM_RUN_CALLS);
	if (run->suite) {
		if (!sim_play_start(run->engine, run->suite->cases[run->case_at].scenario, run->peer))
			case_over(run, SIM_FAILED, "no circuit is free: RSC is not answered");
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
		snprintf(run->last_failure, sizeof(run->last_failure), "the far end could not be reached within %u s",
			 run->opt.wait_s);
		LOGP(DSIM, LOGL_ERROR, "%s\n", run->last_failure);
		run->timed_out = true;
		enter(run, SIM_RUN_OVER);
	}
}

static void phase_settling(struct sim_run *run)
{
	unsigned int ms = run->opt.settle_ms;

	if (run->suite)
		/* resets that the far end sent before it could reach us it repeats once more */
		ms = OSMO_MAX(ms, COMING_UP_MS);
	else if (sim_scenario_is_answering(run->scenario))
		ms = 0;
	if (has_settled(run, ms))
		start_calls(run);
}

static void phase_calls(struct sim_run *run)
{
	bool more = true;

	if (run->suite)
		return;
	if (run->engine->answering)
		more = !run->opt.max_calls || run->engine->stats.started < run->opt.max_calls;
	else if (!run->paused)
		more = sim_load_tick(run);
	if (!more) {
		run->engine->answering = NULL;
		enter(run, SIM_RUN_ENDING);
	}
}

static void phase_ending(struct sim_run *run)
{
	bool too_long = in_phase(run) > ENDING_S + run->opt.pause_ms / 1000.0;

	run->timed_out = too_long && run->engine->n_plays;
	if (too_long || !run->engine->n_plays)
		enter(run, SIM_RUN_OVER);
}

/* What the tester does late would be done to the next purpose; so would be what acknowledges a reset. */
static bool is_clear(struct sim_run *run)
{
	struct sim_tester *tester = run->engine->tester;
	char err[200];

	if (!run->cleared && tester)
		tester->command(tester, "clear", err, sizeof(err));
	run->cleared = true;
	if (tester && tester->n_unanswered && in_phase(run) * 1000 < SETTLING_MAX_MS)
		return false;
	if (!run->reset) {
		reset_all(run);
		run->quiet_us = run->reset_us = sim_now_us();
		run->reset = true;
	}
	return !run->n_resets || sim_now_us() - run->reset_us >= RESET_MAX_MS * 1000;
}

static void phase_clearing(struct sim_run *run)
{
	if (!run->untouched && (!is_clear(run) || !has_settled(run, run->opt.settle_ms)))
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

/* The screen and the files have what was last, the scenario no circuit any more. */
static void over(struct sim_run *run)
{
	osmo_timer_del(&run->screen);
	if (run->stat)
		sim_screen_stat(run);
	sim_engine_stop(run->engine);
	if (run->over_cb)
		run->over_cb(run);
}

static void tick_cb(void *data)
{
	struct sim_run *run = data;

	if (run->phase != SIM_RUN_OVER)
		phases[run->phase](run);
	if (run->opt.timeout_s && (sim_now_us() - run->start_us) / 1000000 >= run->opt.timeout_s &&
	    run->phase < SIM_RUN_ENDING) {
		run->timed_out = true;
		enter(run, SIM_RUN_OVER);
	}
	if (run->phase == SIM_RUN_OVER)
		over(run);
	else
		osmo_timer_schedule(&run->tick, 0, TICK_MS * 1000);
}

static void screen_cb(void *data)
{
	struct sim_run *run = data;

	sim_screen_show(run);
	if (run->stat && run->phase >= SIM_RUN_CALLS && (sim_now_us() - run->stat_us) / 1000000 + 1 > run->opt.stat_s)
		sim_screen_stat(run);
	osmo_timer_schedule(&run->screen, SCREEN_MS / 1000, SCREEN_MS % 1000 * 1000);
}

void sim_run_start(struct sim_run *run)
{
	osmo_timer_setup(&run->tick, tick_cb, run);
	osmo_timer_setup(&run->screen, screen_cb, run);
	run->start_us = run->begin_us = sim_now_us();
	enter(run, SIM_RUN_WAITING);
	osmo_timer_schedule(&run->tick, 0, 0);
	screen_cb(run);
}

/* ---- Start and end ---- */

static FILE *open_output(const char *path, char *err, size_t err_size)
{
	FILE *file = fopen(path, "we");

	if (!file)
		snprintf(err, err_size, "%s: %s", path, strerror(errno));
	return file;
}

/* Of a suite the results are written when it is over; calls are written one by one, as there is no end of them. */
static int open_junit(struct sim_run *run, char *err, size_t err_size)
{
	const char *path = run->opt.junit;
	int rc;

	run->junit = open_output(path, err, err_size);
	if (!run->junit || run->suite)
		return run->junit ? 0 : -EIO;
	rc = sim_junit_begin(&run->calls, run->junit, run->scenario->name);
	if (rc == 0)
		return 0;
	snprintf(err, err_size, "%s: %s: the results of calls need a file, for its head is written last", path,
		 strerror(-rc));
	run->calls.out = NULL;
	return rc;
}

static int open_files(struct sim_run *run, char *err, size_t err_size)
{
	const struct sim_run_options *opt = &run->opt;

	if (opt->inf && !(run->inf = sim_inf_load(run, opt->inf, opt->pipes, err, err_size)))
		return -EINVAL;
	if (run->scenario && sim_inf_check(run->inf, run->scenario, err, err_size) < 0)
		return -EINVAL;
	if (opt->junit && open_junit(run, err, err_size) < 0)
		return -EIO;
	if (opt->stat_file && !(run->stat = open_output(opt->stat_file, err, err_size)))
		return -EIO;
	if (run->stat)
		sim_screen_stat_head(run);
	if (opt->pcap && !(run->pcap = sim_pcap_open(opt->pcap))) {
		snprintf(err, err_size, "%s: %s", opt->pcap, strerror(errno));
		return -EIO;
	}
	return 0;
}

/* A file, or what a pipe gives */
static struct sim_scenario *load_pipe(void *ctx, const char *path, const struct isup_dialect *dialect, char *err,
				      size_t err_size)
{
	struct sim_scenario *scenario = NULL;
	size_t len;
	char *text = map_file_read_pipe(ctx, path, SCENARIO_MAX, &len, err, err_size);

	if (text)
		scenario = sim_scenario_parse(ctx, path, text, len, dialect, err, err_size);
	talloc_free(text);
	return scenario;
}

static int load_scenarios(struct sim_run *run, char *err, size_t err_size)
{
	const struct isup_dialect *dialect = run->peer->dialect;
	struct sim_run_options *opt = &run->opt;
	const char *name = opt->suite ? : opt->scenario, *path = sim_options_path(run, opt, name, !opt->suite);

	if (!path)
		snprintf(err, err_size, "%s: there is no such %s, and none is shipped in %s", name,
			 opt->suite ? "directory" : "file", opt->data);
	else if (opt->suite)
		run->suite = sim_suite_load(run, path, opt->suite, opt->only, dialect, err, err_size);
	else if (opt->pipes)
		run->scenario = load_pipe(run, path, dialect, err, err_size);
	else
		run->scenario = sim_scenario_load(run, path, dialect, err, err_size);
	if (!run->suite && !run->scenario)
		return -EINVAL;
	if (opt->tester && !(run->engine->tester = sim_tester_run(run, opt->tester, err, err_size)))
		return -EINVAL;
	if (run->engine->tester)
		run->engine->tester->engine = run->engine;
	if (run->scenario) {
		run->engine->main = run->scenario;
		run->engine->silent = run->scenario->silent;
		run->engine->op_stats = talloc_zero_array(run->engine, struct sim_op_stats, run->scenario->n_ops + 1);
	}
	return 0;
}

static void close_file(FILE **file)
{
	if (*file)
		fclose(*file);
	*file = NULL;
}

static int destructor(struct sim_run *run)
{
	osmo_timer_del(&run->tick);
	osmo_timer_del(&run->screen);
	close_file(&run->stat);
	close_file(&run->pcap);
	close_file(&run->junit);
	return 0;
}

struct sim_run *sim_run_alloc(void *ctx, struct gw_isup *gi, const struct sim_run_options *opt, char *err,
			      size_t err_size)
{
	struct sim_run *run = talloc_zero(ctx, struct sim_run);

	talloc_set_destructor(run, destructor);
	run->opt = *opt;
	run->engine = sim_engine_alloc(run, &engine_ops, run);
	run->engine->max_calls = opt->max_calls;
	run->engine->pause_ms = opt->pause_ms;
	if (opt->early_ms)
		run->engine->early_ms = opt->early_ms;
	if (opt->recv_timeout_ms)
		run->engine->recv_timeout_ms = opt->recv_timeout_ms;
	run->engine->verbose = opt->verbose;
	run->engine->lowest_first = opt->suite;
	if (add_peers(run, gi, err, err_size) == 0 && load_scenarios(run, err, err_size) == 0 &&
	    open_files(run, err, err_size) == 0)
		return run;
	talloc_free(run);
	return NULL;
}

void sim_run_print(const struct sim_run *run, FILE *out)
{
	if (run->suite)
		sim_suite_print(run->suite, out);
	else
		sim_screen_draw(run, out);
}

static int exit_status(const struct sim_run *run)
{
	const struct sim_engine_stats *stats = &run->engine->stats;

	if (run->suite && run->timed_out && !sim_suite_wrong(run->suite))
		return EXIT_TIMED_OUT;
	if (run->suite)
		return sim_suite_wrong(run->suite) || run->case_at < run->suite->n_cases ? EXIT_FAILED : EXIT_PASSED;
	if (stats->failed || stats->skipped)
		return EXIT_FAILED;
	if (run->timed_out)
		return EXIT_TIMED_OUT;
	return stats->passed ? EXIT_PASSED : EXIT_NO_CALLS;
}

/* What fails, but no call, is told, too: who reads the file must not take it for a success. */
static void end_calls(struct sim_run *run, int status)
{
	const char *why = status == EXIT_NO_CALLS ? "there was no call" : "it timed out";

	if (run->last_failure[0])
		why = run->last_failure;
	if (status == EXIT_TIMED_OUT || status == EXIT_NO_CALLS)
		sim_junit_add(&run->calls, "the run", SIM_FAILED, why, (sim_now_us() - run->start_us) / 1e6);
	sim_junit_end(&run->calls);
	run->calls.out = NULL;
}

int sim_run_end(struct sim_run *run)
{
	int status = exit_status(run);

	if (run->junit && run->suite)
		sim_suite_junit(run->suite, run->junit);
	if (run->calls.out)
		end_calls(run, status);
	close_file(&run->stat);
	close_file(&run->pcap);
	close_file(&run->junit);
	return status;
}
