/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run of a scenario: its steps one after the other, and what is received meanwhile. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/byteswap.h>
#include <osmocom/core/msgb.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isupsim_play.h"
#include "isupsim_tester.h"
#include "log_cats.h"

/* What may come early without being lost is not endless. */
#define INBOX_MAX 64
/* Steps without waiting in a row: a scenario that goes round in circles is ended. */
#define STEPS_MAX 100000

static const struct sim_op *op_of(const struct sim_play *play)
{
	return &play->scenario->ops[play->op];
}

static struct sim_op_stats *stats_of(const struct sim_play *play)
{
	struct sim_engine *engine = play->engine;

	return engine->main == play->scenario && engine->op_stats ? &engine->op_stats[play->op] : NULL;
}

static void count_done(const struct sim_play *play)
{
	struct sim_op_stats *stats = stats_of(play);

	if (stats)
		stats->done++;
}

void sim_play_wait(struct sim_play *play, enum sim_play_state state, uint32_t ms)
{
	play->state = state;
	play->step_us = sim_now_us();
	if (ms)
		osmo_timer_schedule(&play->timer, ms / 1000, ms % 1000 * 1000);
}

/* ---- End ---- */

static void free_queue(struct llist_head *queue)
{
	struct msgb *msg;

	while ((msg = msgb_dequeue(queue)))
		msgb_free(msg);
}

/* What was received and not looked at: the far end is to come to its end all the same. */
static void answer_inbox(struct sim_play *play)
{
	struct isup_msg msg;
	struct msgb *kept;

	while ((kept = sim_play_take(play, &play->inbox, &msg))) {
		sim_peer_answer(play->peer, &msg);
		msgb_free(kept);
	}
}

/* A circuit on which something went wrong is not what the next scenario may begin with. */
static void give_back(struct sim_play *play, bool reset)
{
	for (unsigned int i = 0; i < SIM_ROLES_MAX; i++) {
		struct sim_circuit *circuit = play->circuits[i];
		bool equipped = circuit && circuit->equipped;

		if (!circuit)
			continue;
		sim_circuit_bind(circuit, NULL, 0);
		if (reset && equipped)
			sim_circuit_reset(circuit);
	}
}

void sim_play_end(struct sim_play *play, enum sim_result result, const char *fmt, ...)
{
	struct sim_engine *engine = play->engine;
	char why[1024] = "";
	va_list ap;

	if (fmt) {
		va_start(ap, fmt);
		vsnprintf(why, sizeof(why), fmt, ap);
		va_end(ap);
	}
	engine->stats.passed += result == SIM_PASSED;
	engine->stats.failed += result == SIM_FAILED;
	engine->stats.skipped += result == SIM_SKIPPED;
	osmo_timer_del(&play->timer);
	llist_del(&play->entry);
	engine->n_plays--;
	engine->n_unbound -= play->n_unbound;
	if (engine->tester && engine->tester->waiting == play)
		engine->tester->waiting = NULL;
	if (result == SIM_FAILED && engine->ops->done)
		answer_inbox(play);
	give_back(play, result == SIM_FAILED && engine->ops->done);
	if (engine->ops->done)
		engine->ops->done(engine->data, play, result, result == SIM_PASSED ? NULL : why);
	free_queue(&play->inbox);
	free_queue(&play->told);
	talloc_free(play);
}

static enum sim_next end_at(struct sim_play *play, enum sim_result result, const struct map_xml_place *place,
			    const char *fmt, va_list ap)
{
	char why[900], from[200] = "";

	vsnprintf(why, sizeof(why), fmt, ap);
	if (play->fields_file)
		snprintf(from, sizeof(from), " (fields of %s:%u)", play->fields_file, play->fields_line);
	sim_play_end(play, result, "%s:%u:%u: %s%s", play->scenario->file, place->line, place->column, why, from);
	return SIM_NEXT_ENDED;
}

enum sim_next sim_play_fail_at(struct sim_play *play, const struct map_xml_place *place, const char *fmt, ...)
{
	enum sim_next next;
	va_list ap;

	va_start(ap, fmt);
	next = end_at(play, SIM_FAILED, place, fmt, ap);
	va_end(ap);
	return next;
}

enum sim_next sim_play_fail(struct sim_play *play, const char *fmt, ...)
{
	enum sim_next next;
	va_list ap;

	va_start(ap, fmt);
	next = end_at(play, SIM_FAILED, &op_of(play)->place, fmt, ap);
	va_end(ap);
	return next;
}

enum sim_next sim_play_skip(struct sim_play *play, const char *fmt, ...)
{
	enum sim_next next;
	va_list ap;

	va_start(ap, fmt);
	next = end_at(play, SIM_SKIPPED, &op_of(play)->place, fmt, ap);
	va_end(ap);
	return next;
}

/* ---- Receiving ---- */

/* " on CIC 1", where the step waits on one that is known; of several with its name */
static const char *on_circuit(const struct sim_play *play, const struct sim_op *op)
{
	const struct sim_circuit *circuit = op->any_role ? NULL : play->circuits[op->role];

	if (!circuit)
		return "";
	if (play->scenario->n_roles == 1)
		return talloc_asprintf(OTC_SELECT, " on CIC %u", circuit->cic);
	return talloc_asprintf(OTC_SELECT, " on circuit '%s' (CIC %u)", play->scenario->roles[op->role].name,
			       circuit->cic);
}

/* Is it on the circuit that the step means? A role without a circuit takes one that nobody has. */
static bool is_for_role(const struct sim_play *play, const struct sim_op *op, const struct sim_circuit *circuit)
{
	const struct sim_circuit *wanted = play->circuits[op->role];

	if (circuit->play != play)
		return !wanted && !op->any_role && play->scenario->roles[op->role].bind == SIM_BIND_RECEIVED;
	return op->any_role || wanted == circuit;
}

int sim_play_find_recv(const struct sim_play *play, unsigned int from, const struct sim_circuit *circuit,
		     const struct isup_msg *msg)
{
	const struct sim_op *ops = play->scenario->ops;

	for (unsigned int i = from; i < play->scenario->n_ops && ops[i].type == SIM_OP_RECV; i = ops[i].target) {
		if (sim_match_types(&ops[i], msg->type) && is_for_role(play, &ops[i], circuit))
			return i;
		if (!ops[i].optional)
			break;
	}
	return -1;
}

unsigned int sim_play_timing(const struct sim_play *play)
{
	const struct sim_op *ops = play->scenario->ops;
	unsigned int i = play->op;

	while (ops[i].optional && !ops[i].time.set && ops[i].target > i && ops[i].target < play->scenario->n_ops &&
	       ops[ops[i].target].type == SIM_OP_RECV)
		i = ops[i].target;
	return i;
}

static void bind_role(struct sim_play *play, struct sim_circuit *circuit, unsigned int role)
{
	play->circuits[role] = circuit;
	play->n_unbound--;
	play->engine->n_unbound--;
	sim_circuit_bind(circuit, play, role);
}

static void stop_rtd(struct sim_play *play)
{
	struct sim_engine_stats *stats = &play->engine->stats;
	uint64_t us = sim_now_us() - play->rtd_us;
	unsigned int part = 0;

	if (!play->rtd_us)
		return;
	play->rtd_us = 0;
	while (sim_rtd_limits_ms[part] && us >= sim_rtd_limits_ms[part] * 1000ull)
		part++;
	stats->rtd[part]++;
	stats->rtd_count++;
	stats->rtd_sum_us += us;
	stats->rtd_max_us = OSMO_MAX(stats->rtd_max_us, us);
}

enum sim_next sim_play_received(struct sim_play *play, unsigned int recv, struct sim_circuit *circuit,
			  const struct isup_msg *msg)
{
	const struct sim_op *op = &play->scenario->ops[recv];
	uint64_t early_us = sim_time_ms(play->engine, &op->after) * 1000ull;
	uint64_t waited_us = sim_now_us() - play->since_us;
	const struct map_xml_place *place;
	char err[800];

	osmo_timer_del(&play->timer);
	play->state = SIM_PLAY_RUN;
	play->since_us += waited_us;
	play->op = recv;
	if (circuit->play != play)
		bind_role(play, circuit, op->role);
	if (op->after.set && waited_us + play->engine->early_ms * 1000ull < early_us)
		return sim_play_fail(play, "%s cic=%u came after %.1f s, should not before %.1f s",
				     isup_msg_name(msg->dialect, msg->type), msg->cic, waited_us / 1e6, early_us / 1e6);
	place = sim_match(play, op, msg, err, sizeof(err));
	if (place)
		return sim_play_fail_at(play, place, "%s", err);
	sim_match_save(play, op, msg);
	if (op->rtd_stop)
		stop_rtd(play);
	count_done(play);
	return SIM_NEXT_STEP;
}

enum sim_next sim_play_unexpected(struct sim_play *play, const struct isup_msg *msg)
{
	enum sim_unexpected policy = play->scenario->unexpected;
	struct sim_op_stats *stats = stats_of(play);
	const struct sim_op *op = op_of(play);
	struct sim_peer *peer = play->peer;
	enum sim_next next = SIM_NEXT_WAIT;

	play->engine->stats.unexpected++;
	if (stats)
		stats->unexpected++;
	if (policy == SIM_UNEXPECTED_IGNORE)
		return SIM_NEXT_WAIT;
	if (policy == SIM_UNEXPECTED_ANSWER) {
		sim_peer_answer(peer, msg);
		return SIM_NEXT_WAIT;
	}
	if (op->type == SIM_OP_RECV)
		next = sim_play_fail(play, "received %s, should be %s%s", sim_play_msg_text(msg),
				     sim_play_types(play, op), on_circuit(play, op));
	else
		next = sim_play_fail(play, "received %s, should be nothing", sim_play_msg_text(msg));
	sim_peer_answer(peer, msg);
	return next;
}

/* ---- What comes before its step ---- */

static void keep(struct sim_play *play, struct llist_head *queue, const struct isup_msg *msg)
{
	struct msgb *copy;
	int len;

	if (llist_count(queue) >= INBOX_MAX)
		return;
	copy = msgb_alloc(ISUP_MSG_OCTETS_MAX + 2, "isupsim");
	if (!copy)
		return;
	msgb_put_u16(copy, msg->cic);
	len = isup_msg_encode(msg, copy->tail, msgb_tailroom(copy));
	if (len <= 0) {
		/* broken: its type is all that there is to look at */
		*copy->tail = msg->type;
		len = 1;
	}
	msgb_put(copy, len);
	msgb_enqueue(queue, copy);
}

struct msgb *sim_play_take(struct sim_play *play, struct llist_head *queue, struct isup_msg *msg)
{
	struct msgb *copy = msgb_dequeue(queue);
	uint16_t cic;

	if (!copy)
		return NULL;
	cic = msgb_pull_u16(copy);
	if (isup_msg_decode(msg, play->scenario->dialect, msgb_data(copy), msgb_length(copy), NULL) < 0)
		msg->n_pars = 0;
	msg->cic = cic;
	return copy;
}

/* ---- The run ---- */

/* From the step that is due, until one waits or the play is over; next is what the step before led to. */
static void run(struct sim_play *play, enum sim_next next)
{
	for (unsigned int steps = 0; next == SIM_NEXT_STEP || next == SIM_NEXT_JUMPED; steps++) {
		if (next == SIM_NEXT_STEP)
			play->op++;
		if (play->op >= play->scenario->n_ops) {
			sim_play_end(play, SIM_PASSED, NULL);
			return;
		}
		if (steps == STEPS_MAX) {
			sim_play_fail(play, "%u steps without waiting for anything", STEPS_MAX);
			return;
		}
		play->state = SIM_PLAY_RUN;
		if (op_of(play)->type != SIM_OP_RECV)
			count_done(play);
		next = sim_op_cbs[op_of(play)->type](play, op_of(play));
	}
}

static void recv_timed_out(struct sim_play *play)
{
	struct sim_op_stats *stats;
	const struct sim_op *op;

	play->op = sim_play_timing(play);
	stats = stats_of(play);
	op = op_of(play);
	if (op->timeout_jumps || op->optional) {
		play->op = op->timeout_jumps ? op->on_timeout : op->target;
		run(play, SIM_NEXT_JUMPED);
		return;
	}
	play->engine->stats.timeouts++;
	if (stats)
		stats->timeouts++;
	sim_play_fail(play, "%s did not come within %.1f s%s", sim_play_types(play, op),
		      (sim_now_us() - play->step_us) / 1e6, on_circuit(play, op));
}

static void timer_cb(void *data)
{
	struct sim_play *play = data;

	switch (play->state) {
	case SIM_PLAY_RECV:
		recv_timed_out(play);
		break;
	case SIM_PLAY_TESTER:
		sim_play_fail(play, "the upper tester does not answer");
		break;
	case SIM_PLAY_INDICATION:
		sim_play_fail(play, "the user was not told %s", sim_play_types(play, op_of(play)));
		break;
	default:
		play->since_us = sim_now_us();
		run(play, SIM_NEXT_STEP);
		break;
	}
}

/* ---- Messages ---- */

static bool is_ignored(const struct sim_play *play, uint8_t type)
{
	return play->scenario->n_ignored && memchr(play->scenario->ignored, type, play->scenario->n_ignored);
}

void sim_play_rx(struct sim_play *play, struct sim_circuit *circuit, const struct isup_msg *msg)
{
	int recv = -1;

	if (play->state == SIM_PLAY_RECV)
		recv = sim_play_find_recv(play, play->op, circuit, msg);
	if (recv >= 0)
		run(play, sim_play_received(play, recv, circuit, msg));
	else if (is_ignored(play, msg->type))
		return;
	else if (play->state == SIM_PLAY_RECV || play->state == SIM_PLAY_QUIET)
		sim_play_unexpected(play, msg);
	else
		keep(play, &play->inbox, msg);
}

/* The first <recv> from a step on that waits for this message on a circuit of a role that has none yet; -1 */
static int find_later(const struct sim_play *play, unsigned int from, const struct sim_circuit *circuit,
		      const struct isup_msg *msg)
{
	const struct sim_op *ops = play->scenario->ops;

	for (unsigned int i = from; i < play->scenario->n_ops; i++) {
		if (ops[i].type == SIM_OP_RECV && sim_match_types(&ops[i], msg->type) &&
		    is_for_role(play, &ops[i], circuit))
			return i;
	}
	return -1;
}

bool sim_play_claim(struct sim_play *play, struct sim_circuit *circuit, const struct isup_msg *msg)
{
	int recv = find_later(play, play->op, circuit, msg);
	bool is_due = play->state == SIM_PLAY_RECV && sim_play_find_recv(play, play->op, circuit, msg) >= 0;

	if (recv < 0)
		return false;
	bind_role(play, circuit, play->scenario->ops[recv].role);
	/* circuits know nothing of each other: what comes on a new one may be ahead of what is due on another */
	if (is_due)
		sim_play_rx(play, circuit, msg);
	else
		keep(play, &play->inbox, msg);
	return true;
}

void sim_tester_done(struct sim_tester *tester, const char *error)
{
	struct sim_play *play = tester->waiting;

	if (tester->n_unanswered && --tester->n_unanswered)
		return;		/* of a command that nobody waits for any more */
	tester->waiting = NULL;
	if (!play || play->state != SIM_PLAY_TESTER)
		return;
	osmo_timer_del(&play->timer);
	if (!error)
		run(play, SIM_NEXT_STEP);
	else if (strcmp(error, "unsupported") == 0)
		sim_play_skip(play, "the upper tester has no '%s'", op_of(play)->text);
	else
		sim_play_fail(play, "the upper tester: %s", error);
}

void sim_tester_told(struct sim_tester *tester, const struct isup_msg *msg)
{
	struct sim_play *play;

	llist_for_each_entry(play, &tester->engine->plays, entry) {
		if (!play->scenario->tested)
			continue;
		if (play->state == SIM_PLAY_INDICATION)
			run(play, sim_play_told(play, op_of(play), msg));
		else
			keep(play, &play->told, msg);
		return;
	}
}

/* ---- Start ---- */

static struct sim_play *play_alloc(struct sim_engine *engine, const struct sim_scenario *scenario,
				   struct sim_peer *peer)
{
	struct sim_play *play = talloc_zero(engine, struct sim_play);

	OSMO_ASSERT(play);
	play->engine = engine;
	play->scenario = scenario;
	play->peer = peer;
	play->id = engine->next_id++;
	play->begin_us = play->since_us = sim_now_us();
	osmo_timer_setup(&play->timer, timer_cb, play);
	INIT_LLIST_HEAD(&play->inbox);
	INIT_LLIST_HEAD(&play->told);
	llist_add_tail(&play->entry, &engine->plays);
	engine->n_plays++;
	engine->stats.started++;
	if (engine->ops->fields)
		engine->ops->fields(engine->data, play);
	return play;
}

static bool take_circuit(struct sim_play *play, unsigned int i)
{
	const struct sim_role *role = &play->scenario->roles[i];
	struct sim_circuit *circuit;

	if (role->bind == SIM_BIND_RECEIVED) {
		play->n_unbound++;
		play->engine->n_unbound++;
		return true;
	}
	circuit = sim_peer_take(play->peer, role);
	if (!circuit)
		return false;
	play->circuits[i] = circuit;
	sim_circuit_bind(circuit, play, i);
	return true;
}

/* The circuits that are there from the start, those that have a name first, before another role takes them; false where
 * there is none for one of them */
static bool take_circuits(struct sim_play *play)
{
	const struct sim_scenario *scenario = play->scenario;

	for (unsigned int i = 0; i < scenario->n_roles; i++) {
		if (scenario->roles[i].bind == SIM_BIND_CIC && !take_circuit(play, i))
			return false;
	}
	for (unsigned int i = 0; i < scenario->n_roles; i++) {
		if (scenario->roles[i].bind != SIM_BIND_CIC && !take_circuit(play, i))
			return false;
	}
	return true;
}

/* As if it had never begun */
static void withdraw(struct sim_play *play)
{
	struct sim_engine *engine = play->engine;

	engine->stats.started--;
	engine->stats.no_circuit++;
	engine->n_plays--;
	engine->n_unbound -= play->n_unbound;
	llist_del(&play->entry);
	give_back(play, false);
	talloc_free(play);
}

struct sim_play *sim_play_start(struct sim_engine *engine, const struct sim_scenario *scenario, struct sim_peer *peer)
{
	struct sim_play *play = play_alloc(engine, scenario, peer);

	if (!take_circuits(play)) {
		withdraw(play);
		return NULL;
	}
	/* before it has sent anything that would have to be cleared */
	if (!engine->tester && sim_scenario_tester(scenario) >= 0) {
		play->op = sim_scenario_tester(scenario);
		sim_play_skip(play, "it needs an upper tester");
	} else {
		run(play, SIM_NEXT_JUMPED);
	}
	return play;
}

/* Does it begin on a circuit that it names, and not on this one? */
static bool is_elsewhere(const struct sim_scenario *scenario, uint16_t cic)
{
	const struct sim_op *op = &scenario->ops[0];
	const struct sim_role *role = &scenario->roles[op->role];

	return !op->any_role && role->bind == SIM_BIND_CIC && role->cic != cic;
}

bool sim_play_begin(struct sim_engine *engine, const struct sim_scenario *scenario, struct sim_circuit *circuit,
		    const struct isup_msg *msg)
{
	struct sim_play *play;

	if (!sim_scenario_is_answering(scenario) || !sim_match_types(&scenario->ops[0], msg->type) ||
	    is_elsewhere(scenario, msg->cic))
		return false;
	play = play_alloc(engine, scenario, circuit->peer);
	if (!take_circuits(play) || sim_play_find_recv(play, 0, circuit, msg) < 0) {
		withdraw(play);
		return false;
	}
	sim_play_wait(play, SIM_PLAY_RECV, 0);
	if (circuit->play != play)
		bind_role(play, circuit, scenario->ops[0].role);
	sim_play_rx(play, circuit, msg);
	return true;
}
