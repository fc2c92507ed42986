/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run looks like: the live screen, which is the final table too, and the CSV file of statistics. */

#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isupsim_run.h"

static double seconds_since(uint64_t us)
{
	return (sim_now_us() - us) / 1e6;
}

static double per_second(uint64_t n, double seconds)
{
	return seconds > 0 ? n / seconds : 0;
}

/* ---- Steps ---- */

static const char *types_text(const struct sim_scenario *scenario, const struct sim_op *op)
{
	if (!op->n_types)
		return "any";
	return talloc_asprintf(OTC_SELECT, "%s%s", isup_msg_name(scenario->dialect, op->types[0]),
			       op->n_types > 1 ? "|…" : "");
}

/* "IAM called=201…" is IAM. */
static const char *first_word(const char *text)
{
	return talloc_strndup(OTC_SELECT, text, strcspn(text, " "));
}

static const char *sent_text(const struct sim_scenario *scenario, const struct sim_op *op)
{
	return op->octets ? isup_msg_name(scenario->dialect, op->octets[0]) : first_word(op->text);
}

static void draw_op(const struct sim_run *run, const struct sim_op *op, const struct sim_op_stats *stats, FILE *out)
{
	char text[64];

	switch (op->type) {
	case SIM_OP_SEND:
		snprintf(text, sizeof(text), "%8s ---------->", sent_text(run->scenario, op));
		break;
	case SIM_OP_RECV:
		snprintf(text, sizeof(text), "%8s <---------- %s", types_text(run->scenario, op),
			 op->optional ? "(optional)" : "");
		break;
	case SIM_OP_PAUSE:
	case SIM_OP_QUIET:
		snprintf(text, sizeof(text), "%8s [%u ms]", op->type == SIM_OP_PAUSE ? "Pause" : "Quiet",
			 op->time.set ? sim_time_ms(run->engine, &op->time) : run->engine->pause_ms);
		break;
	case SIM_OP_TESTER:
		snprintf(text, sizeof(text), "%8s %.40s", "Tester", op->text);
		break;
	default:
		return;
	}
	fprintf(out, "  %-44s %10" PRIu64 " %10" PRIu64 " %10" PRIu64 "\n", text, stats->done, stats->timeouts,
		stats->unexpected);
}

static void draw_ops(const struct sim_run *run, FILE *out)
{
	fprintf(out, "  %-44s %10s %10s %10s\n", "", "Messages", "Timeout", "Unexpected");
	for (unsigned int i = 0; i < run->scenario->n_ops; i++)
		draw_op(run, &run->scenario->ops[i], &run->engine->op_stats[i], out);
}

/* ---- Totals ---- */

static void draw_rtd(const struct sim_engine_stats *stats, FILE *out)
{
	if (!stats->rtd_count)
		return;
	fprintf(out, "  Response time: mean %.2f ms, longest %.2f ms\n", stats->rtd_sum_us / 1e3 / stats->rtd_count,
		stats->rtd_max_us / 1e3);
	for (unsigned int i = 0; i < SIM_RTD_PARTS; i++) {
		if (sim_rtd_limits_ms[i])
			fprintf(out, "    < %5u ms  %10" PRIu64 "\n", sim_rtd_limits_ms[i], stats->rtd[i]);
		else
			fprintf(out, "    longer      %10" PRIu64 "\n", stats->rtd[i]);
	}
}

static void draw_totals(const struct sim_run *run, FILE *out)
{
	const struct sim_engine_stats *stats = &run->engine->stats;
	const struct sim_counter *counter;

	fprintf(out, "  Calls: %" PRIu64 " started, %u running, %" PRIu64 " passed, %" PRIu64 " failed, %" PRIu64
		" skipped, %" PRIu64 " without a circuit", stats->started, run->engine->n_plays, stats->passed,
		stats->failed, stats->skipped, stats->no_circuit);
	if (stats->over_limit)
		fprintf(out, ", %" PRIu64 " more than -l allows", stats->over_limit);
	fprintf(out, "\n");
	fprintf(out, "  Messages: %" PRIu64 " sent, %" PRIu64 " received, %" PRIu64 " unexpected, %" PRIu64
		" outside of calls, %" PRIu64 " broken\n", stats->sent, stats->received, stats->unexpected,
		stats->out_of_play, stats->broken);
	fprintf(out, "  Timeouts: %" PRIu64 ", not sent: %" PRIu64 ", alarms: %" PRIu64 "\n", stats->timeouts,
		stats->send_errors, stats->alarms);
	llist_for_each_entry(counter, &run->engine->counters, entry)
		fprintf(out, "  Counted %s: %" PRIu64 "\n", counter->name, counter->n);
	draw_rtd(stats, out);
	if (run->last_failure[0])
		fprintf(out, "  Last failure: %s\n", run->last_failure);
}

static const char *phase_note(const struct sim_run *run)
{
	static const char *const notes[] = {
		[SIM_RUN_WAITING] = ", the far end cannot be reached yet",
		[SIM_RUN_SETTLING] = ", circuits are being reset",
		[SIM_RUN_CALLS] = "",
		[SIM_RUN_CLEARING] = "",
		[SIM_RUN_ENDING] = ", ending",
		[SIM_RUN_OVER] = "",
	};

	return run->paused && run->phase == SIM_RUN_CALLS ? ", paused" : notes[run->phase];
}

static unsigned int n_circuits(const struct sim_run *run)
{
	const struct sim_peer *peer;
	unsigned int n = 0;

	llist_for_each_entry(peer, &run->engine->peers, entry)
		n += peer->n_circuits;
	return n;
}

void sim_screen_draw(const struct sim_run *run, FILE *out)
{
	double seconds = seconds_since(run->begin_us);

	fprintf(out, "------ isupsim: %s ------\n", run->scenario ? run->scenario->name : run->suite->name);
	fprintf(out, "  %.1f s, %.1f calls/s wanted, %.1f calls/s started, %u circuits%s\n", seconds, run->opt.rate,
		per_second(run->engine->stats.started, seconds), n_circuits(run), phase_note(run));
	if (run->scenario)
		draw_ops(run, out);
	draw_totals(run, out);
	fflush(out);
}

bool sim_screen_is_live(const struct sim_run *run)
{
	return run->scenario && !run->opt.quiet && isatty(STDOUT_FILENO);
}

void sim_screen_show(const struct sim_run *run)
{
	if (!sim_screen_is_live(run) || run->phase == SIM_RUN_OVER)
		return;
	fputs("\033[H\033[2J", stdout);
	sim_screen_draw(run, stdout);
	fputs("  + - * /: rate by 1, 10; p: pause; q: no new calls; Q: end\n", stdout);
	fflush(stdout);
}

/* ---- CSV, with SIPp's names where it has one ---- */

void sim_screen_stat_head(struct sim_run *run)
{
	fprintf(run->stat, "CurrentTime;ElapsedTime(C);TargetRate;CallRate(P);CallRate(C);TotalCallCreated;CurrentCall;"
		"SuccessfulCall(C);FailedCall(C);FailedNoCircuit(C);FailedTimeout(C);FailedUnexpectedMessage(C);"
		"FailedCannotSendMessage(C);OutOfCallMsgs(C);MessagesSent(C);MessagesReceived(C);ResponseTime1(C)");
	for (unsigned int i = 0; i < SIM_RTD_PARTS; i++) {
		if (sim_rtd_limits_ms[i])
			fprintf(run->stat, ";ResponseTimeRepartition1_<%u", sim_rtd_limits_ms[i]);
		else
			fprintf(run->stat, ";ResponseTimeRepartition1_>=%u", sim_rtd_limits_ms[i - 1]);
	}
	fprintf(run->stat, "\n");
	run->stat_us = sim_now_us();
}

void sim_screen_stat(struct sim_run *run)
{
	const struct sim_engine_stats *now = &run->engine->stats;
	double seconds = seconds_since(run->begin_us), period = seconds_since(run->stat_us);

	fprintf(run->stat, "%lld;%.3f;%.1f;%.3f;%.3f;%" PRIu64 ";%u;%" PRIu64 ";%" PRIu64 ";%" PRIu64 ";%" PRIu64
		";%" PRIu64 ";%" PRIu64 ";%" PRIu64 ";%" PRIu64 ";%" PRIu64 ";%.3f", (long long)time(NULL), seconds,
		run->opt.rate, per_second(now->started - run->stat_last.started, period),
		per_second(now->started, seconds), now->started, run->engine->n_plays, now->passed, now->failed,
		now->no_circuit, now->timeouts, now->unexpected, now->send_errors, now->out_of_play, now->sent,
		now->received, now->rtd_count ? now->rtd_sum_us / 1e3 / now->rtd_count : 0.0);
	for (unsigned int i = 0; i < SIM_RTD_PARTS; i++)
		fprintf(run->stat, ";%" PRIu64, now->rtd[i]);
	fprintf(run->stat, "\n");
	fflush(run->stat);
	run->stat_last = *now;
	run->stat_us = sim_now_us();
}
