/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of a scenario: what each does. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/msgb.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isupsim_play.h"
#include "isupsim_tester.h"
#include "log_cats.h"

/* ---- Steps ---- */

static enum sim_next op_send(struct sim_play *play, const struct sim_op *op)
{
	const struct sim_circuit *circuit = play->circuits[op->role];
	int cic = op->cic >= 0 ? op->cic : circuit ? circuit->cic : -1;
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	char text[SIM_TEXT_MAX], err[160];
	struct isup_msg msg;
	int len, rc;

	if (op->octets) {
		if (cic < 0)
			return sim_play_fail(play, "circuit '%s' is not known yet",
					     play->scenario->roles[op->role].name);
		rc = sim_peer_send(play->peer, cic, op->octets, op->n_octets);
	} else {
		if (!sim_play_text(play, op->text, text, sizeof(text)))
			return sim_play_fail(play, "too long a message");
		if (isup_msg_scan(&msg, play->scenario->dialect, text, err, sizeof(err)) < 0)
			return sim_play_fail(play, "%s", err);
		if (strstr(text, " cic="))
			cic = msg.cic;
		len = isup_msg_encode(&msg, octets, sizeof(octets));
		if (len < 0 || cic < 0)
			return sim_play_fail(play, "'%s' cannot be sent", text);
		rc = sim_peer_send(play->peer, cic, octets, len);
	}
	if (rc < 0)
		return sim_play_fail(play, "cannot send: %s", strerror(-rc));
	play->since_us = sim_now_us();
	if (op->rtd_start)
		play->rtd_us = play->since_us;
	return SIM_NEXT_STEP;
}

static enum sim_next op_recv(struct sim_play *play, const struct sim_op *op)
{
	const struct sim_op *timing = &play->scenario->ops[sim_play_timing(play)];
	const struct sim_time *timeout = timing->time.set ? &timing->time : &play->scenario->timeout;
	struct isup_msg msg;
	struct msgb *kept;
	int recv = -1;

	sim_play_wait(play, SIM_PLAY_RECV, timeout->set ? sim_time_ms(play->engine, timeout) :
		      play->engine->recv_timeout_ms);
	kept = sim_play_take(play, &play->inbox, &msg);
	if (kept) {
		struct sim_circuit *circuit = play->peer->by_cic[msg.cic];
		enum sim_next next = SIM_NEXT_WAIT;

		if (circuit && circuit->play == play)
			recv = sim_play_find_recv(play, play->op, circuit, &msg);
		if (recv >= 0)
			next = sim_play_received(play, recv, circuit, &msg);
		else
			next = sim_play_unexpected(play, &msg);
		msgb_free(kept);
		return next == SIM_NEXT_WAIT ? SIM_NEXT_JUMPED : next;
	}
	return SIM_NEXT_WAIT;
}

static enum sim_next op_quiet(struct sim_play *play, const struct sim_op *op)
{
	struct isup_msg msg;
	struct msgb *kept = sim_play_take(play, &play->inbox, &msg);
	uint32_t ms = sim_time_ms(play->engine, &op->time);
	enum sim_next next;

	if (kept) {
		next = sim_play_unexpected(play, &msg);
		msgb_free(kept);
		return next == SIM_NEXT_WAIT ? SIM_NEXT_JUMPED : next;
	}
	if (!ms)
		return SIM_NEXT_STEP;
	sim_play_wait(play, SIM_PLAY_QUIET, ms);
	return SIM_NEXT_WAIT;
}

static enum sim_next op_pause(struct sim_play *play, const struct sim_op *op)
{
	uint32_t ms = op->time.set ? sim_time_ms(play->engine, &op->time) : play->engine->pause_ms;

	if (!ms)
		return SIM_NEXT_STEP;
	sim_play_wait(play, SIM_PLAY_PAUSE, ms);
	return SIM_NEXT_WAIT;
}

static enum sim_next op_goto(struct sim_play *play, const struct sim_op *op)
{
	char wanted[600];
	bool jump = true;

	if (op->equals || op->differs) {
		sim_play_text(play, op->equals ? : op->differs, wanted, sizeof(wanted));
		jump = (strcmp(play->vars[op->var] ? : "", wanted) == 0) == !!op->equals;
	}
	if (!jump)
		return SIM_NEXT_STEP;
	play->op = op->target;
	return SIM_NEXT_JUMPED;
}

static enum sim_next op_loop(struct sim_play *play, const struct sim_op *op)
{
	if (++play->loops[op->var] < op->count) {
		play->op = op->target;
		return SIM_NEXT_JUMPED;
	}
	play->loops[op->var] = 0;
	return SIM_NEXT_STEP;
}

static enum sim_next op_set(struct sim_play *play, const struct sim_op *op)
{
	char text[600];

	sim_play_text(play, op->text, text, sizeof(text));
	talloc_free(play->vars[op->var]);
	play->vars[op->var] = talloc_strdup(play, text);
	return SIM_NEXT_STEP;
}

static enum sim_next op_add(struct sim_play *play, const struct sim_op *op)
{
	char text[600];
	long long sum = play->vars[op->var] ? strtoll(play->vars[op->var], NULL, 0) : 0;

	sim_play_text(play, op->text, text, sizeof(text));
	sum += strtoll(text, NULL, 0);
	talloc_free(play->vars[op->var]);
	play->vars[op->var] = talloc_asprintf(play, "%lld", sum);
	return SIM_NEXT_STEP;
}

static enum sim_next op_log(struct sim_play *play, const struct sim_op *op)
{
	char text[SIM_TEXT_MAX];

	sim_play_text(play, op->text, text, sizeof(text));
	LOGP(DSIM, op->type == SIM_OP_ALARM ? LOGL_ERROR : LOGL_NOTICE, "%s %u: %s\n", play->scenario->name, play->id,
	     text);
	play->engine->stats.alarms += op->type == SIM_OP_ALARM;
	return SIM_NEXT_STEP;
}

static enum sim_next op_count(struct sim_play *play, const struct sim_op *op)
{
	sim_engine_count(play->engine, op->name);
	return SIM_NEXT_STEP;
}

static enum sim_next op_pass(struct sim_play *play, const struct sim_op *op)
{
	sim_play_end(play, SIM_PASSED, NULL);
	return SIM_NEXT_ENDED;
}

static enum sim_next op_fail(struct sim_play *play, const struct sim_op *op)
{
	char text[600];

	sim_play_text(play, op->text, text, sizeof(text));
	return sim_play_fail(play, "%s", text);
}

/* ---- The tester ---- */

static enum sim_next op_tester(struct sim_play *play, const struct sim_op *op)
{
	struct sim_tester *tester = play->engine->tester;
	char command[SIM_TEXT_MAX], err[200] = "";
	int rc;

	if (!tester || tester->waiting) {
		return sim_play_skip(play, "%s", tester ? "the upper tester is busy" : "it needs an upper tester");
	}
	if (!sim_play_text(play, op->text, command, sizeof(command)))
		return sim_play_fail(play, "too long a command");
	sim_play_wait(play, SIM_PLAY_TESTER, play->engine->recv_timeout_ms);
	tester->waiting = play;
	rc = tester->command(tester, command, err, sizeof(err));
	if (rc == -EINPROGRESS)
		return SIM_NEXT_WAIT;
	tester->waiting = NULL;
	osmo_timer_del(&play->timer);
	if (rc == 0)
		return SIM_NEXT_STEP;
	if (rc != -ENOTSUP)
		return sim_play_fail(play, "the upper tester refused '%s': %s", command, err[0] ? err : strerror(-rc));
	return sim_play_skip(play, "the upper tester has no '%s'", command);
}

enum sim_next sim_play_told(struct sim_play *play, const struct sim_op *op, const struct isup_msg *msg)
{
	const struct map_xml_place *place;
	char err[800];

	osmo_timer_del(&play->timer);
	play->state = SIM_PLAY_RUN;
	if (!sim_match_types(op, msg->type))
		return sim_play_fail(play, "the user was told %s, should be %s", sim_play_msg_text(msg),
				     sim_play_types(play, op));
	place = sim_match(play, op, msg, err, sizeof(err));
	if (place)
		return sim_play_fail_at(play, place, "the user was told %s", err);
	sim_match_save(play, op, msg);
	return SIM_NEXT_STEP;
}

static enum sim_next op_indication(struct sim_play *play, const struct sim_op *op)
{
	struct isup_msg msg;
	struct msgb *kept;
	enum sim_next next;

	if (!play->engine->tester || !play->engine->tester->indicates)
		return SIM_NEXT_STEP;
	kept = sim_play_take(play, &play->told, &msg);
	if (kept) {
		next = sim_play_told(play, op, &msg);
		msgb_free(kept);
		return next;
	}
	sim_play_wait(play, SIM_PLAY_INDICATION, op->time.set ? sim_time_ms(play->engine, &op->time) :
		play->engine->recv_timeout_ms);
	return SIM_NEXT_WAIT;
}

/* ---- All of them ---- */

enum sim_next (*const sim_op_cbs[_SIM_OP_TYPES])(struct sim_play *play, const struct sim_op *op) = {
	[SIM_OP_SEND] = op_send,
	[SIM_OP_RECV] = op_recv,
	[SIM_OP_QUIET] = op_quiet,
	[SIM_OP_PAUSE] = op_pause,
	[SIM_OP_GOTO] = op_goto,
	[SIM_OP_LOOP] = op_loop,
	[SIM_OP_TESTER] = op_tester,
	[SIM_OP_INDICATION] = op_indication,
	[SIM_OP_SET] = op_set,
	[SIM_OP_ADD] = op_add,
	[SIM_OP_LOG] = op_log,
	[SIM_OP_ALARM] = op_log,
	[SIM_OP_COUNT] = op_count,
	[SIM_OP_PASS] = op_pass,
	[SIM_OP_FAIL] = op_fail,
};
