/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An incoming call until its user hears of it: what is kept until COT, until the number is whole, until INF. */

#include <string.h>

#include <osmocom/core/msgb.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_compat.h"
#include "isup_priv.h"

/* IAM and what may follow until the user hears of it; more is not set-up, but a flood */
#define HELD_MAX 32

/* ---- What is kept ---- */

void isup_call_hold(struct isup_call *call, const struct isup_msg *msg)
{
	struct msgb *copy;

	if (llist_count(&call->held) >= HELD_MAX) {
		isup_group_count(call->group, ISUP_CTR_UNEXPECTED);
		return;
	}
	copy = msgb_alloc_c(call, msg->octets_len, __func__);
	if (!copy)
		return;
	memcpy(msgb_put(copy, msg->octets_len), msg->octets, msg->octets_len);
	msgb_enqueue(&call->held, copy);
}

void isup_call_drop_held(struct isup_call *call)
{
	struct msgb *copy;

	while ((copy = msgb_dequeue(&call->held)))
		msgb_free(copy);
}

/* It was decoded without an error before. */
static bool reread(const struct isup_call *call, struct isup_msg *msg, const struct msgb *copy)
{
	if (isup_msg_decode(msg, call->dialect, copy->data, copy->len, NULL) < 0)
		return false;
	msg->cic = call->cic;
	return true;
}

static uint8_t type_of(const struct msgb *copy)
{
	return copy->data[0];
}

static struct msgb *held_of_type(const struct isup_call *call, uint8_t type)
{
	struct msgb *copy;

	llist_for_each_entry(copy, &call->held, list) {
		if (type_of(copy) == type)
			return copy;
	}
	return NULL;
}

/* ---- The called number, Q.764 2.1.2 ---- */

static bool has_st(const struct isup_number *called)
{
	return called->n_digits && called->digits[called->n_digits - 1] == 'F';
}

/* Digits beyond what a number can have are lost; nothing follows ST. */
static void append_digits(struct isup_number *called, const struct isup_number *more)
{
	unsigned int n = OSMO_MIN(more->n_digits, (unsigned int)ISUP_DIGITS_MAX - called->n_digits);

	if (has_st(called))
		return;
	memcpy(called->digits + called->n_digits, more->digits, n);
	called->n_digits += n;
	called->digits[called->n_digits] = '\0';
}

/* The number as far as it has come: that of the IAM, with what SAMs have brought. False where it cannot be read. */
static bool collected_number(const struct isup_call *call, const struct isup_msg *iam, struct isup_number *called)
{
	struct isup_number more;
	struct isup_msg sam;
	struct msgb *copy;

	if (isup_msg_get(iam, ISUP_PAR_CALLED_NUMBER, called) < 0)
		return false;
	llist_for_each_entry(copy, &call->held, list) {
		if (type_of(copy) == ISUP_MSG_SAM && reread(call, &sam, copy) &&
		    isup_msg_get(&sam, ISUP_PAR_SUBSEQUENT_NUMBER, &more) == 0)
			append_digits(called, &more);
	}
	return true;
}

/* Are all digits there, or does nobody ask? *timer is what waits for them. A number that cannot be read is left to the
 * user. */
static bool number_complete(const struct isup_call *call, const struct isup_msg *iam, enum isup_timer_id *timer)
{
	const struct isup_group_cfg *cfg = &call->group->cfg;
	struct isup_number called;

	if (!cfg->overlap_collect || !collected_number(call, iam, &called))
		return true;
	/* Q.764 2.2.5: T35 while there are too few; 2.1.4.8 e: T10 where it may be all */
	*timer = called.n_digits < cfg->overlap_min ? ISUP_T35 : ISUP_T10;
	return has_st(&called) || called.n_digits >= cfg->overlap_max;
}

/* ---- What the IAM does not say, Q.764 2.1.6 ---- */

static bool wants_inf(const struct isup_call *call, const struct isup_msg *iam)
{
	return call->group->cfg.request_calling && !isup_msg_find(iam, ISUP_PAR_CALLING_NUMBER) &&
	       !held_of_type(call, ISUP_MSG_INF) && isup_dialect_has(call->dialect, ISUP_MSG_INR);
}

static void send_inr(struct isup_call *call)
{
	const struct isup_info_request request = { .calling_address = 1, .calling_category = 1 };
	struct isup_msg inr;

	isup_msg_init(&inr, call->dialect, ISUP_MSG_INR);
	isup_msg_put(&inr, ISUP_PAR_INFORMATION_REQUEST_IND, &request);
	isup_tx(call->circuit, &inr);
}

/* ---- The user hears of it ---- */

/* What is told instead of a parameter of the IAM; NULL: what the IAM says */
static const struct isup_par *instead(const struct isup_msg *inf, uint8_t code)
{
	return inf && code == ISUP_PAR_CPC ? isup_msg_find(inf, code) : NULL;
}

/* The IAM with the number as it was collected, and with what the INF (may be NULL) tells */
static void merge(struct isup_msg *to, const struct isup_msg *iam, const struct isup_number *called,
		  const struct isup_msg *inf)
{
	const struct isup_par *par, *other;

	isup_msg_init(to, iam->dialect, ISUP_MSG_IAM);
	for (par = iam->pars; par < iam->pars + iam->n_pars; par++) {
		other = instead(inf, par->code);
		if (par->code == ISUP_PAR_CALLED_NUMBER && !par->optional)
			isup_msg_put(to, par->code, called);
		else if (other)
			isup_msg_put_octets(to, par->code, other->val, other->len);
		else
			isup_msg_put_octets(to, par->code, par->val, par->len);
	}
	other = inf ? isup_msg_find(inf, ISUP_PAR_CALLING_NUMBER) : NULL;
	if (other && !isup_msg_find(iam, ISUP_PAR_CALLING_NUMBER))
		isup_msg_put_octets(to, other->code, other->val, other->len);
	to->cic = iam->cic;
}

/* As if it had been received so. What cannot be made of it leaves the IAM as it is. */
static void indicate_merged(struct isup_call *call, const struct isup_msg *iam, const struct msgb *inf_copy)
{
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	struct isup_msg merged, inf;
	struct isup_number called;
	bool has_inf = inf_copy && reread(call, &inf, inf_copy);
	int len = -1;

	if (collected_number(call, iam, &called)) {
		merge(&merged, iam, &called, has_inf ? &inf : NULL);
		len = isup_msg_encode(&merged, octets, sizeof(octets));
	}
	if (len > 0 && isup_msg_decode(&merged, call->dialect, octets, len, NULL) == 0) {
		merged.cic = call->cic;
		iam = &merged;
	}
	isup_call_indicate_new(call, iam);
}

/* Parts of the IAM by now */
static bool is_merged(const struct isup_call *call, uint8_t type)
{
	return type == ISUP_MSG_INF || (type == ISUP_MSG_SAM && call->group->cfg.overlap_collect);
}

/* All that was held: may be the end of the call. */
static void indicate_held(struct isup_call *call)
{
	struct isup_circuit *circuit = call->circuit;
	struct msgb *copy = msgb_dequeue(&call->held);
	bool merged = call->group->cfg.overlap_collect || held_of_type(call, ISUP_MSG_INF);
	struct isup_msg msg;

	reread(call, &msg, copy);
	if (merged)
		indicate_merged(call, &msg, held_of_type(call, ISUP_MSG_INF));
	else
		isup_call_indicate_new(call, &msg);
	/* When the call has gone so have the copies: they are its children. */
	while (circuit->call == call) {
		msgb_free(copy);
		copy = msgb_dequeue(&call->held);
		if (!copy)
			break;
		if (!(merged && is_merged(call, type_of(copy))) && reread(call, &msg, copy))
			isup_call_rx(call, &msg);
	}
}

/* ---- Step by step ---- */

static void wait_for(struct isup_call *call, const struct isup_msg *iam, enum isup_timer_id timer,
		     enum isup_cpc_state state)
{
	if (llist_empty(&call->held))
		isup_call_hold(call, iam);
	isup_call_start_timer(call, timer);
	if (call->fi->state != state)
		osmo_fsm_inst_state_chg(call->fi, state, 0, 0);
}

/* The next thing that is missing, until nothing is */
static void proceed(struct isup_call *call, const struct isup_msg *iam, bool digits_waited)
{
	enum isup_timer_id timer;

	if (!digits_waited && !number_complete(call, iam, &timer)) {
		isup_timers_stop_all(&call->timers);
		wait_for(call, iam, timer, ISUP_CPC_ST_IN_COLLECT);
		return;
	}
	isup_timers_stop_all(&call->timers);
	if (wants_inf(call, iam)) {
		send_inr(call);
		wait_for(call, iam, ISUP_T33, ISUP_CPC_ST_IN_WAIT_INF);
		return;
	}
	osmo_fsm_inst_state_chg(call->fi, ISUP_CPC_ST_IN_WAIT_ACM, 0, 0);
	isup_exit_start(call);
	if (llist_empty(&call->held))
		isup_call_indicate_new(call, iam);
	else
		indicate_held(call);
}

/* Q.763 3.35 DC: COT will follow */
enum { COT_REQUIRED = 1, COT_PREVIOUS = 2 };

static unsigned int cot_announced(const struct isup_msg *iam)
{
	struct isup_nci nci;

	return isup_msg_get(iam, ISUP_PAR_NCI, &nci) == 0 ? nci.continuity : 0;
}

/* A check is required that cannot be made here, and the configuration says that it is not to be assumed to be good. */
static void refuse_check(struct isup_call *call)
{
	osmo_fsm_inst_state_chg(call->fi, ISUP_CPC_ST_IN_WAIT_COT, 0, 0);
	isup_call_send_rel_cause(call, ISUP_CAUSE_RESOURCE_UNAVAILABLE);
	osmo_fsm_inst_state_chg(call->fi, ISUP_CPC_ST_WAIT_RLC, 0, 0);
}

/* Q.764 2.1.1.2, 2.1.8: the call does not go on before COT. */
static void begin(struct isup_call *call, const struct isup_msg *iam)
{
	switch (cot_announced(iam)) {
	case COT_REQUIRED:
		if (call->group->cfg.cot_refuse && !isup_cot_able(call->group)) {
			refuse_check(call);
			break;
		}
		wait_for(call, iam, ISUP_T8, ISUP_CPC_ST_IN_WAIT_COT);
		isup_cot_in(call->circuit);
		break;
	case COT_PREVIOUS:
		wait_for(call, iam, ISUP_T8, ISUP_CPC_ST_IN_WAIT_COT);
		break;
	default:
		proceed(call, iam, false);
	}
}

/* Q.764 2.9.9. T5 is longer than any T3. */
static void send_olm(struct isup_call *call)
{
	isup_tx_bare(call->circuit, ISUP_MSG_OLM);
	isup_call_start_timer(call, ISUP_T5);
	osmo_fsm_inst_state_chg(call->fi, ISUP_CPC_ST_IN_OVERLOAD, 0, 0);
}

/* Nobody is told of it. */
void isup_call_refuse(struct isup_call *call, uint8_t cause_value)
{
	isup_group_count(call->group, ISUP_CTR_REFUSED);
	if (call->group->cfg.overload_message && isup_dialect_has(call->dialect, ISUP_MSG_OLM)) {
		send_olm(call);
		return;
	}
	osmo_fsm_inst_state_chg(call->fi, ISUP_CPC_ST_IN_WAIT_ACM, 0, 0);
	isup_call_send_rel_cause(call, cause_value);
	osmo_fsm_inst_state_chg(call->fi, ISUP_CPC_ST_WAIT_RLC, 0, 0);
}

/* Q.764 2.9.5.3.2: an IAM may say that its call is to be released; 2.11: and we may have too much to do. */
void isup_call_start_incoming(struct isup_call *call, const struct isup_msg *iam)
{
	struct isup_cause cause;

	if (isup_congestion_refuses(call->isup, iam)) {
		isup_call_refuse(call, ISUP_CAUSE_SWITCH_CONGESTION);
		return;
	}
	if (!isup_compat_refuses(call, iam, &cause)) {
		begin(call, iam);
		return;
	}
	isup_call_send_rel_diagnostics(call, &cause);
	osmo_fsm_inst_state_chg(call->fi, ISUP_CPC_ST_IN_WAIT_COT, 0, 0);
	osmo_fsm_inst_state_chg(call->fi, ISUP_CPC_ST_WAIT_RLC, 0, 0);
}

void isup_call_go_on(struct isup_call *call, bool digits_waited)
{
	const struct msgb *copy = llist_first_entry_or_null(&call->held, struct msgb, list);
	struct isup_msg iam;

	if (copy && reread(call, &iam, copy))
		proceed(call, &iam, digits_waited);
}

/* ---- One call after another ---- */

/* The new call begins from a timer, because this is its predecessor's user's stack. */
void isup_call_succeed(struct isup_call *call)
{
	struct isup_circuit *circuit = call->circuit;
	struct isup_call *next;
	struct msgb *copy;

	call->circuit = NULL;
	circuit->call = NULL;
	next = isup_call_alloc(circuit, true);
	if (!next) {
		isup_circuit_update(circuit);
		isup_call_free(call);
		return;
	}
	while ((copy = msgb_dequeue(&call->held)))
		msgb_enqueue(&next->held, talloc_steal(next, copy));
	isup_call_free(call);
	osmo_fsm_inst_state_chg(next->fi, ISUP_CPC_ST_IN_SUCCEEDS, 0, 0);
	isup_timers_start(&next->timers, ISUP_T10, 0);
}

void isup_call_start_held(struct isup_call *call)
{
	struct isup_circuit *circuit = call->circuit;
	struct isup_msg msg;
	struct msgb *copy;
	LLIST_HEAD(held);

	llist_splice_init(&call->held, &held);
	copy = msgb_dequeue(&held);
	reread(call, &msg, copy);
	isup_call_start_incoming(call, &msg);
	/* When the call has gone so have the copies: they are its children. */
	while (circuit->call == call) {
		msgb_free(copy);
		copy = msgb_dequeue(&held);
		if (!copy)
			break;
		if (reread(call, &msg, copy))
			isup_call_rx(call, &msg);
	}
}
