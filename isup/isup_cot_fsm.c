/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Continuity check, Q.764 2.1.8: of a call (CCO, CCI), and again or on demand by CCR (CRCS, CRCR). */

#include <stdio.h>

#include <osmocom/core/fsm.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_cot_fsm.h"
#include "isup_priv.h"

/* Rule of this file: what ends the check, or tells its call, comes last. */

static void to_state(struct isup_cot *cot, enum isup_cot_state state)
{
	osmo_fsm_inst_state_chg(cot->fi, state, 0, 0);
}

static struct isup_group *group_of(const struct isup_cot *cot)
{
	return cot->circuit->group;
}

static void start_timer(struct isup_cot *cot, enum isup_timer_id id)
{
	isup_timers_start(&cot->timers, id, isup_group_timer_ms(group_of(cot), id));
}

/* ---- Bearer ---- */

static void bearer_stop(struct isup_cot *cot)
{
	const struct isup *isup = group_of(cot)->isup;
	void *bearer = cot->bearer;

	cot->bearer = NULL;
	if (bearer && isup->bearer_ops)
		isup->bearer_ops->stop(bearer, isup->bearer_data);
}

static void bearer_start(struct isup_cot *cot, enum isup_cot_end end)
{
	const struct isup *isup = group_of(cot)->isup;

	bearer_stop(cot);
	if (isup_cot_able(group_of(cot)))
		cot->bearer = isup->bearer_ops->start(cot, end, isup->bearer_data);
}

/* ---- What several states do ---- */

static void end(struct isup_cot *cot)
{
	osmo_fsm_inst_term(cot->fi, OSMO_FSM_TERM_REGULAR, NULL);
}

static void set_outcome(struct isup_cot *cot, enum isup_cot_outcome outcome)
{
	struct isup_group *group = group_of(cot);

	if (cot->asked && group->cot_cic == cot->circuit->cic)
		group->cot_outcome = outcome;
}

static void set_cut_short(struct isup_cot *cot)
{
	if (group_of(cot)->cot_outcome == ISUP_COT_UNDER_WAY)
		set_outcome(cot, ISUP_COT_CUT_SHORT);
}

/* Q.763 3.18: 0 the check failed, 1 it was successful */
static void send_cot(struct isup_cot *cot, uint8_t successful)
{
	struct isup_msg msg;

	isup_msg_init(&msg, group_of(cot)->cfg.dialect, ISUP_MSG_COT);
	isup_msg_put_octets(&msg, ISUP_PAR_CONTINUITY_IND, &successful, 1);
	isup_tx(cot->circuit, &msg);
}

static void send_rel(struct isup_cot *cot)
{
	struct isup_msg msg;

	isup_msg_init_cause(&msg, group_of(cot)->cfg.dialect, ISUP_MSG_REL, ISUP_CAUSE_NORMAL_CLEARING, ISUP_LOC_LN);
	isup_tx(cot->circuit, &msg);
	start_timer(cot, ISUP_T1);
}

/* The tone did not come back: COT says so, the next attempt follows. */
static void out_failed(struct isup_cot *cot)
{
	isup_alarm_raise(&cot->alarm, group_of(cot), cot->circuit->cic, 1, ISUP_ALARM_CONTINUITY);
	isup_group_count(group_of(cot), ISUP_CTR_COT_FAILED);
	isup_timers_stop_all(&cot->timers);
	bearer_stop(cot);
	send_cot(cot, 0);
	set_outcome(cot, ISUP_COT_FAILED);
	start_timer(cot, cot->repeated ? ISUP_T26 : ISUP_T25);
	cot->repeated = true;
	to_state(cot, ISUP_COT_ST_OUT_FAILED);
}

static void out_passed(struct isup_cot *cot)
{
	LOGPFSML(cot->fi, LOGL_INFO, "continuity check successful\n");
	isup_group_count(group_of(cot), ISUP_CTR_COT_PASSED);
	isup_timers_stop_all(&cot->timers);
	bearer_stop(cot);
	set_outcome(cot, ISUP_COT_PASSED);
}

static void send_tone(struct isup_cot *cot)
{
	to_state(cot, ISUP_COT_ST_OUT_RECHECK);
	isup_cot_start_tone(cot);
}

/* The loop is connected when CCR is acknowledged by LPA, where the dialect has that; else when CCR arrives there. */
void isup_cot_send_ccr(struct isup_cot *cot)
{
	isup_tx_bare(cot->circuit, ISUP_MSG_CCR);
	if (!group_of(cot)->cfg.dialect->ccr_lpa) {
		send_tone(cot);
		return;
	}
	start_timer(cot, ISUP_TCCR);
	to_state(cot, ISUP_COT_ST_OUT_WAIT_LPA);
}

void isup_cot_rx_ccr(struct isup_cot *cot)
{
	isup_timers_stop_all(&cot->timers);
	start_timer(cot, ISUP_T36);
	to_state(cot, ISUP_COT_ST_IN_RECHECK);
	bearer_start(cot, ISUP_COT_LOOP);
}

/* CCR from both ends: as with IAMs (2.9.1.4) that of the exchange that controls the circuit goes on. */
static void out_rx_ccr(struct isup_cot *cot)
{
	if (isup_circuit_controlled(cot->circuit))
		return;
	bearer_stop(cot);
	set_cut_short(cot);
	isup_cot_rx_ccr(cot);
}

static void rx_rel(struct isup_cot *cot)
{
	struct isup_circuit *circuit = cot->circuit;

	end(cot);
	isup_tx_bare(circuit, ISUP_MSG_RLC);
}

/* T27, T36: RSC */
static void in_given_up(struct isup_cot *cot)
{
	struct isup_circuit *circuit = cot->circuit;

	end(cot);
	isup_reset_start_alarm(circuit, ISUP_ALARM_CHECK_LEFT);
}

/* ---- Outgoing ---- */

static void st_out_call(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_cot *cot = fi->priv;

	switch (event) {
	case ISUP_COT_EV_BEARER:
		if (*(const bool *)data) {
			out_passed(cot);
			send_cot(cot, 1);
			end(cot);
			return;
		}
		/* fall through */
	case ISUP_COT_EV_TIMER:
		/* Q.764 2.1.8, 2.8.1: the call may be tried on another circuit. */
		out_failed(cot);
		isup_call_reset_by_us(cot->circuit->call);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* Maintenance has taken the circuit over: it knows, and may ask for a check. */
static bool is_taken_over(const struct isup_circuit *c)
{
	return c->local_blocked || c->local_failed || c->remote_failed;
}

static void st_out_failed(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_cot *cot = fi->priv;

	switch (event) {
	case ISUP_COT_EV_TIMER:
		if (is_taken_over(cot->circuit))
			end(cot);
		else if (cot->circuit->call)	/* the bearer is not free yet */
			start_timer(cot, *(const enum isup_timer_id *)data);
		else
			isup_cot_send_ccr(cot);
		break;
	case ISUP_COT_EV_RX_CCR:
		isup_cot_rx_ccr(cot);
		break;
	case ISUP_COT_EV_RX_REL:
		/* that crossed COT */
		isup_tx_bare(cot->circuit, ISUP_MSG_RLC);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void st_out_wait_lpa(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_cot *cot = fi->priv;

	switch (event) {
	case ISUP_COT_EV_RX_LPA:
		send_tone(cot);
		break;
	case ISUP_COT_EV_TIMER:
		out_failed(cot);
		break;
	case ISUP_COT_EV_RX_CCR:
		out_rx_ccr(cot);
		break;
	case ISUP_COT_EV_RX_REL:
		rx_rel(cot);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void st_out_recheck(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_cot *cot = fi->priv;

	switch (event) {
	case ISUP_COT_EV_BEARER:
		if (*(const bool *)data) {
			/* the far end's machine is ended by REL, Q.724 7.3 */
			out_passed(cot);
			send_rel(cot);
			start_timer(cot, ISUP_T5);
			to_state(cot, ISUP_COT_ST_OUT_WAIT_RLC);
			return;
		}
		/* fall through */
	case ISUP_COT_EV_TIMER:
		out_failed(cot);
		break;
	case ISUP_COT_EV_RX_CCR:
		out_rx_ccr(cot);
		break;
	case ISUP_COT_EV_RX_REL:
		rx_rel(cot);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void st_out_wait_rlc(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_cot *cot = fi->priv;
	struct isup_circuit *circuit;

	switch (event) {
	case ISUP_COT_EV_RX_RLC:
		end(cot);
		break;
	case ISUP_COT_EV_RX_REL:
		isup_tx_bare(cot->circuit, ISUP_MSG_RLC);
		break;
	case ISUP_COT_EV_TIMER:
		/* Q.764 2.9.6: T1 repeats, T5 resets */
		if (*(const enum isup_timer_id *)data == ISUP_T1) {
			send_rel(cot);
			return;
		}
		circuit = cot->circuit;
		end(cot);
		isup_reset_start_t5(circuit);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* ---- Incoming ---- */

static void st_in_call(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	/* ISUP_COT_EV_BEARER: with or without its loop, the far end's tone tells. */
}

static void st_in_failed(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_cot *cot = fi->priv;

	switch (event) {
	case ISUP_COT_EV_RX_CCR:
		isup_cot_rx_ccr(cot);
		break;
	case ISUP_COT_EV_RX_REL:
		rx_rel(cot);
		break;
	case ISUP_COT_EV_TIMER:
		in_given_up(cot);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

void isup_cot_wait_ccr(struct isup_cot *cot)
{
	LOGP_LIMITED(DISUPCIRC, LOGL_NOTICE, "%s/%u: continuity check of the far end failed, circuit out of service\n",
		     group_of(cot)->name, cot->circuit->cic);
	isup_timers_stop_all(&cot->timers);
	bearer_stop(cot);
	start_timer(cot, ISUP_T27);
	to_state(cot, ISUP_COT_ST_IN_FAILED);
}

static void st_in_recheck(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_cot *cot = fi->priv;

	switch (event) {
	case ISUP_COT_EV_RX_COT:
		if (isup_cot_successful(data))
			end(cot);
		else
			isup_cot_wait_ccr(cot);
		break;
	case ISUP_COT_EV_BEARER:
		if (*(const bool *)data && group_of(cot)->cfg.dialect->ccr_lpa)
			isup_tx_bare(cot->circuit, ISUP_MSG_LPA);
		break;
	case ISUP_COT_EV_RX_CCR:
		isup_cot_rx_ccr(cot);
		break;
	case ISUP_COT_EV_RX_REL:
		rx_rel(cot);
		break;
	case ISUP_COT_EV_TIMER:
		in_given_up(cot);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

void isup_cot_start_tone(struct isup_cot *cot)
{
	start_timer(cot, ISUP_T24);
	bearer_start(cot, ISUP_COT_TONE);
}

void isup_cot_start_loop(struct isup_cot *cot)
{
	to_state(cot, ISUP_COT_ST_IN_CALL);
	bearer_start(cot, ISUP_COT_LOOP);
}

/* ---- The machine ---- */

static void cleanup(struct osmo_fsm_inst *fi, enum osmo_fsm_term_cause cause)
{
	struct isup_cot *cot = fi->priv;

	if (!cot)
		return;
	isup_timers_stop_all(&cot->timers);
	bearer_stop(cot);
	isup_alarm_clear(&cot->alarm);
	set_cut_short(cot);
	cot->circuit->cot = NULL;
	isup_circuit_update(cot->circuit);
}

#define E(event) (1u << ISUP_COT_EV_ ## event)
#define S(state) (1u << ISUP_COT_ST_ ## state)

static const struct osmo_fsm_state states[] = {
	[ISUP_COT_ST_OUT_CALL] = {
		.name = "OUT_CALL",
		.in_event_mask = E(BEARER) | E(TIMER),
		.out_state_mask = S(OUT_FAILED) | S(OUT_WAIT_LPA) | S(OUT_RECHECK) | S(IN_CALL) | S(IN_FAILED) |
				  S(IN_RECHECK),
		.action = st_out_call,
	},
	[ISUP_COT_ST_OUT_FAILED] = {
		.name = "OUT_FAILED",
		.in_event_mask = E(TIMER) | E(RX_CCR) | E(RX_REL),
		.out_state_mask = S(OUT_WAIT_LPA) | S(OUT_RECHECK) | S(IN_RECHECK),
		.action = st_out_failed,
	},
	[ISUP_COT_ST_OUT_WAIT_LPA] = {
		.name = "OUT_WAIT_LPA",
		.in_event_mask = E(RX_LPA) | E(TIMER) | E(RX_CCR) | E(RX_REL),
		.out_state_mask = S(OUT_RECHECK) | S(OUT_FAILED) | S(IN_RECHECK),
		.action = st_out_wait_lpa,
	},
	[ISUP_COT_ST_OUT_RECHECK] = {
		.name = "OUT_RECHECK",
		.in_event_mask = E(BEARER) | E(TIMER) | E(RX_CCR) | E(RX_REL),
		.out_state_mask = S(OUT_WAIT_RLC) | S(OUT_FAILED) | S(IN_RECHECK),
		.action = st_out_recheck,
	},
	[ISUP_COT_ST_OUT_WAIT_RLC] = {
		.name = "OUT_WAIT_RLC",
		.in_event_mask = E(RX_RLC) | E(RX_REL) | E(TIMER),
		.action = st_out_wait_rlc,
	},
	[ISUP_COT_ST_IN_CALL] = {
		.name = "IN_CALL",
		.in_event_mask = E(BEARER),
		.out_state_mask = S(IN_FAILED),
		.action = st_in_call,
	},
	[ISUP_COT_ST_IN_FAILED] = {
		.name = "IN_FAILED",
		.in_event_mask = E(RX_CCR) | E(RX_REL) | E(TIMER),
		.out_state_mask = S(IN_RECHECK),
		.action = st_in_failed,
	},
	[ISUP_COT_ST_IN_RECHECK] = {
		.name = "IN_RECHECK",
		.in_event_mask = E(RX_CCR) | E(RX_COT) | E(RX_REL) | E(BEARER) | E(TIMER),
		.out_state_mask = S(IN_FAILED) | S(IN_RECHECK),
		.action = st_in_recheck,
	},
};

static const struct value_string event_names[] = {
	{ ISUP_COT_EV_RX_CCR, "RX_CCR" },
	{ ISUP_COT_EV_RX_LPA, "RX_LPA" },
	{ ISUP_COT_EV_RX_COT, "RX_COT" },
	{ ISUP_COT_EV_RX_REL, "RX_REL" },
	{ ISUP_COT_EV_RX_RLC, "RX_RLC" },
	{ ISUP_COT_EV_BEARER, "BEARER" },
	{ ISUP_COT_EV_TIMER, "TIMER" },
	{}
};

struct osmo_fsm isup_cot_fsm = {
	.name = "isup_cot",
	.states = states,
	.num_states = ARRAY_SIZE(states),
	.event_names = event_names,
	.cleanup = cleanup,
	.log_subsys = DISUPCIRC,
};

static __attribute__((constructor)) void register_fsm(void)
{
	OSMO_ASSERT(osmo_fsm_register(&isup_cot_fsm) == 0);
}

static void timer_expired(void *data, enum isup_timer_id id)
{
	struct isup_cot *cot = data;

	LOGPFSML(cot->fi, LOGL_INFO, "%s expired\n", isup_timer_defs[id].name);
	isup_group_count(group_of(cot), ISUP_CTR_TIMER_COT);
	osmo_fsm_inst_dispatch(cot->fi, ISUP_COT_EV_TIMER, &id);
}

struct isup_cot *isup_cot_alloc(struct isup_circuit *circuit)
{
	struct isup_cot *cot = isup_fsm_alloc(&isup_cot_fsm, "cot-", circuit, "struct isup_cot", sizeof(*cot));

	if (!cot)
		return NULL;
	cot->fi = &cot->inst;
	cot->circuit = circuit;
	isup_timers_init(&cot->timers, timer_expired, cot);
	circuit->cot = cot;
	isup_circuit_update(circuit);
	return cot;
}

