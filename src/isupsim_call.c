/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls of the simulated exchange: answering by configured steps, placing one by one or at a rate. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup_circuit.h"
#include "isup/isup_dialect.h"
#include "isupsim.h"
#include "log_cats.h"

#define LOAD_TICK_MS 5

/* ---- Calls ---- */

static void call_free(struct sim_call *call)
{
	osmo_timer_del(&call->timer);
	llist_del(&call->entry);
	talloc_free(call);
}

static void call_timer_cb(void *data);

static struct sim_call *call_alloc(struct sim *sim, struct isup_call *isup, bool outgoing)
{
	struct sim_call *call = talloc_zero(sim, struct sim_call);

	if (!call)
		return NULL;
	call->sim = sim;
	call->isup = isup;
	call->outgoing = outgoing;
	call->id = sim->next_id++;
	osmo_timer_setup(&call->timer, call_timer_cb, call);
	llist_add_tail(&call->entry, &sim->calls);
	return call;
}

uint32_t sim_call_id(const void *user)
{
	return ((const struct sim_call *)user)->id;
}

struct sim_call *sim_call_find(const struct sim *sim, uint32_t id)
{
	struct sim_call *call;

	llist_for_each_entry(call, &sim->calls, entry) {
		if (call->id == id)
			return call;
	}
	return NULL;
}

void sim_call_release(struct sim_call *call, uint8_t cause)
{
	call->sim->stats.sent_release++;
	isup_call_release(call->isup, cause, ISUP_LOC_USER);
	call_free(call);
}

void sim_release_all(struct sim *sim, uint8_t cause)
{
	struct sim_call *call, *next;

	sim_load_stop(sim);
	llist_for_each_entry_safe(call, next, &sim->calls, entry)
		sim_call_release(call, cause);
}

static void timer_schedule_ms(struct osmo_timer_list *timer, uint32_t ms)
{
	osmo_timer_schedule(timer, ms / 1000, (ms % 1000) * 1000);
}

/* ---- Answering ---- */

struct sim_answer *sim_answer_find(const struct sim *sim, const char *prefix)
{
	struct sim_answer *answer;

	llist_for_each_entry(answer, &sim->answers, entry) {
		if (!strcmp(answer->prefix, prefix))
			return answer;
	}
	return NULL;
}

struct sim_answer *sim_answer_get(struct sim *sim, const char *prefix)
{
	struct sim_answer *answer = sim_answer_find(sim, prefix), *shorter;

	if (answer)
		return answer;
	answer = talloc_zero(sim, struct sim_answer);
	if (!answer)
		return NULL;
	answer->prefix = talloc_strdup(answer, prefix);
	INIT_LLIST_HEAD(&answer->steps);
	llist_for_each_entry(shorter, &sim->answers, entry) {
		if (strlen(shorter->prefix) < strlen(prefix))
			break;
	}
	/* before the first shorter one; past the last one, shorter->entry is the list's head */
	llist_add_tail(&answer->entry, &shorter->entry);
	return answer;
}

void sim_answer_free(struct sim *sim, struct sim_answer *answer)
{
	struct sim_call *call;
	struct sim_step *step;

	llist_for_each_entry(call, &sim->calls, entry) {
		llist_for_each_entry(step, &answer->steps, entry) {
			if (call->next_step != step)
				continue;
			osmo_timer_del(&call->timer);
			call->next_step = NULL;
		}
	}
	llist_del(&answer->entry);
	talloc_free(answer);
}

struct isup_msg *sim_msg_from_text(void *ctx, const struct isup_dialect *dialect, const char *text, char *err,
				   size_t err_size)
{
	struct isup_msg *msg = talloc(ctx, struct isup_msg);

	if (isup_msg_scan(msg, dialect, text, err, err_size) == 0)
		return msg;
	talloc_free(msg);
	return NULL;
}

/* Has a circuit group a dialect that it is a message of? */
static bool is_of_group(const struct sim *sim, const char *text)
{
	struct isup_group *group = NULL;
	struct isup_msg msg;
	char err[160];

	while ((group = isup_group_next(sim->isup, group))) {
		if (isup_msg_scan(&msg, isup_group_dialect(group), text, err, sizeof(err)) == 0)
			return true;
	}
	return false;
}

int sim_answer_add_step(struct sim *sim, struct sim_answer *answer, const struct sim_step_cfg *cfg, char *err,
			size_t err_size)
{
	struct sim_step *step = talloc_zero(answer, struct sim_step);
	size_t size = strlen(cfg->text) / 2 + 1;
	int len;

	step->answer = answer;
	step->after_ms = cfg->after_ms;
	step->text = talloc_strdup(step, cfg->text);
	if (cfg->octets) {
		step->octets = talloc_size(step, size);
		len = osmo_hexparse(cfg->text, step->octets, size);
		step->n_octets = len > 0 ? len : 0;
		if (len <= 0)
			snprintf(err, err_size, "'%s' is not hex, two digits an octet", cfg->text);
	} else {
		step->msg = sim_msg_from_text(step, &isup_dialect_itu, cfg->text, err, err_size);
	}
	if (!step->msg && !step->n_octets && (cfg->octets || !is_of_group(sim, cfg->text))) {
		talloc_free(step);
		return -EINVAL;
	}
	llist_add_tail(&step->entry, &answer->steps);
	return 0;
}

static struct sim_answer *answer_for(const struct sim *sim, const struct isup_msg *iam)
{
	struct isup_number called = {};
	struct sim_answer *answer;

	isup_msg_get(iam, ISUP_PAR_CALLED_NUMBER, &called);
	llist_for_each_entry(answer, &sim->answers, entry) {
		if (!strncmp(called.digits, answer->prefix, strlen(answer->prefix)))
			return answer;
	}
	return NULL;
}

/* Takes the step after prev (or the first one, prev NULL) and schedules it */
static void step_schedule(struct sim_call *call, const struct sim_answer *answer, const struct sim_step *prev)
{
	const struct llist_head *next = prev ? prev->entry.next : answer->steps.next;

	call->next_step = next == &answer->steps ? NULL : llist_entry(next, struct sim_step, entry);
	if (call->next_step)
		timer_schedule_ms(&call->timer, call->next_step->after_ms);
}

static void step_sent(struct sim_call *call, uint8_t type)
{
	if (type == ISUP_MSG_ANM || type == ISUP_MSG_CON) {
		call->state = SIM_CALL_ANSWERED;
		call->sim->stats.in_answered++;
	} else if (type == ISUP_MSG_ACM) {
		call->state = SIM_CALL_ALERTING;
	}
}

/* The message of a step in the dialect of the call, maybe in *mem; NULL: it has no such message, or parameter. */
static const struct isup_msg *step_msg(const struct sim_call *call, const struct sim_step *step, struct isup_msg *mem)
{
	const struct isup_dialect *dialect = isup_call_dialect(call->isup);
	char err[160];

	if (step->msg && step->msg->dialect == dialect)
		return step->msg;
	if (isup_msg_scan(mem, dialect, step->text, err, sizeof(err)) == 0)
		return mem;
	LOGP(DSIM, LOGL_ERROR, "call %u: '%s' cannot be said: %s\n", call->id, step->text, err);
	return NULL;
}

/* Sends the step that is due; false where that ended the call */
static bool step_run(struct sim_call *call, struct sim_step *step)
{
	const struct isup_msg *msg;
	struct isup_msg mem;
	int rc;

	if (step->octets) {
		isup_circuit_send_octets(isup_call_group(call->isup), isup_call_cic(call->isup), step->octets,
					 step->n_octets);
		return true;
	}
	msg = step_msg(call, step, &mem);
	if (!msg)
		return true;
	rc = isup_call_req(call->isup, msg);
	if (rc) {
		LOGP(DSIM, LOGL_ERROR, "call %u: '%s' cannot be sent now: %s\n", call->id, step->text, strerror(-rc));
		return true;
	}
	if (msg->type == ISUP_MSG_REL) {
		call->sim->stats.sent_release++;
		call_free(call);
		return false;
	}
	step_sent(call, msg->type);
	return true;
}

/* An incoming call's next step is due, or an outgoing call's hold time is over */
static void call_timer_cb(void *data)
{
	struct sim_call *call = data;
	struct sim_step *step = call->next_step;

	if (call->outgoing)
		sim_call_release(call, ISUP_CAUSE_NORMAL_CLEARING);
	else if (step && step_run(call, step))
		step_schedule(call, step->answer, step);
}

static void incoming(struct sim *sim, struct isup_call *isup, const struct isup_msg *iam)
{
	struct sim_answer *answer = answer_for(sim, iam);
	struct sim_call *call;

	sim->stats.in++;
	call = answer ? call_alloc(sim, isup, false) : NULL;
	if (!call) {
		isup_call_release(isup, ISUP_CAUSE_UNALLOCATED_NUMBER, ISUP_LOC_LN);
		return;
	}
	isup_call_set_user(isup, call);
	step_schedule(call, answer, NULL);
}

/* ---- Placing ---- */

struct sim_call *sim_call_place(struct sim *sim, struct isup_group *group, const struct isup_msg *iam,
				unsigned int hold_ms, uint8_t *cause)
{
	struct sim_call *call = call_alloc(sim, NULL, true);

	*cause = ISUP_CAUSE_RESOURCE_UNAVAILABLE;
	if (!call)
		return NULL;
	call->hold_ms = hold_ms;
	call->isup = isup_call_seize(group, call, cause);
	if (!call->isup) {
		sim->stats.out_no_circuit++;
		call_free(call);
		return NULL;
	}
	sim->stats.out++;
	if (isup_call_req(call->isup, iam) == 0)
		return call;
	*cause = ISUP_CAUSE_PROTOCOL_ERROR;
	sim_call_release(call, *cause);
	return NULL;
}

static void answered(struct sim_call *call)
{
	if (call->state == SIM_CALL_ANSWERED)
		return;
	call->state = SIM_CALL_ANSWERED;
	if (!call->outgoing)
		return;
	call->sim->stats.out_answered++;
	if (call->hold_ms)
		timer_schedule_ms(&call->timer, call->hold_ms);
}

static void message_received(struct sim_call *call, const struct isup_msg *msg)
{
	switch (msg->type) {
	case ISUP_MSG_ACM:
		call->state = SIM_CALL_ALERTING;
		break;
	case ISUP_MSG_ANM:
	case ISUP_MSG_CON:
		answered(call);
		break;
	case ISUP_MSG_REL:
		call->sim->stats.received_release[isup_msg_cause(msg) & 0x7f]++;
		isup_call_done(call->isup);
		call_free(call);
		break;
	default:	/* heard, and nothing follows from it */
		break;
	}
}

void sim_isup_cb(struct isup_call *isup, const struct isup_prim *prim, void *user)
{
	struct sim_call *call = user;

	if (prim->type == ISUP_PRIM_FAILED) {
		call->sim->stats.failed[isup_msg_cause(prim->msg) & 0x7f]++;
		isup_call_done(isup);
		call_free(call);
	} else if (prim->msg->type == ISUP_MSG_IAM) {
		incoming(user, isup, prim->msg);
	} else {
		message_received(call, prim->msg);
	}
}

/* ---- Load ---- */

static uint64_t ms_since(const struct timespec *begin)
{
	struct timespec now;

	osmo_clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - begin->tv_sec) * 1000 + (now.tv_nsec - begin->tv_nsec) / 1000000;
}

static void load_tick_cb(void *data)
{
	struct sim_load *load = data;
	struct isup_group *group = isup_group_find(load->sim->isup, load->group);
	uint64_t due = ms_since(&load->begin) * load->rate / 1000 + 1;
	uint8_t cause;

	for (; group && load->placed < load->count && load->placed < due; load->placed++)
		sim_call_place(load->sim, group, load->iam, load->hold_ms, &cause);
	if (!group || load->placed >= load->count)
		sim_load_stop(load->sim);
	else
		timer_schedule_ms(&load->tick, LOAD_TICK_MS);
}

int sim_load_start(struct sim *sim, struct isup_group *group, struct isup_msg *iam, unsigned int rate,
		   unsigned int count, unsigned int hold_ms)
{
	struct sim_load *load = &sim->load;

	if (load->group)
		return -EBUSY;
	*load = (struct sim_load){
		.sim = sim, .group = talloc_strdup(sim, isup_group_name(group)), .iam = talloc_steal(sim, iam),
		.rate = rate, .count = count, .hold_ms = hold_ms,
	};
	osmo_clock_gettime(CLOCK_MONOTONIC, &load->begin);
	osmo_timer_setup(&load->tick, load_tick_cb, load);
	timer_schedule_ms(&load->tick, 0);
	return 0;
}

void sim_load_stop(struct sim *sim)
{
	if (!sim->load.group)
		return;
	osmo_timer_del(&sim->load.tick);
	TALLOC_FREE(sim->load.iam);
	TALLOC_FREE(sim->load.group);
}

struct sim *sim_alloc(void *ctx)
{
	struct sim *sim = talloc_zero(ctx, struct sim);

	if (!sim)
		return NULL;
	INIT_LLIST_HEAD(&sim->answers);
	INIT_LLIST_HEAD(&sim->calls);
	sim->next_id = 1;
	return sim;
}
