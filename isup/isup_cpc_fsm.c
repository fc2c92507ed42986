/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine of call processing control: which events its states expect, and where they lead. */

#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_cpc.h"
#include "isup_priv.h"

static void cleanup(struct osmo_fsm_inst *fi, enum osmo_fsm_term_cause cause)
{
	struct isup_call *call = fi->priv;

	if (!call)
		return;
	isup_timers_stop_all(&call->timers);
	call->isup->n_calls--;
}

/* ---- The machine ---- */

#define E(event) (1u << ISUP_CPC_ ## event)
#define S(state) (1u << ISUP_CPC_ST_ ## state)

#define COMMON_EVENTS \
	(E(RX_INFO) | E(RX_REL) | E(RX_RLC) | E(RX_RESET) | E(REQ_INFO) | E(REQ_REL) | E(LOST) | E(RESET) | \
	 E(ABANDON) | E(PROTOCOL_ERROR) | E(TIMER))
#define ANSWERED_EVENTS \
	((COMMON_EVENTS & ~E(LOST)) | E(RX_CPG) | E(REQ_CPG) | E(RX_SUSPEND) | E(REQ_SUSPEND))
#define RELEASE_EVENTS \
	(E(RX_REL) | E(RX_RLC) | E(RX_RESET) | E(LOST) | E(RESET) | E(ABANDON))
#define BEFORE_USER_EVENTS \
	(RELEASE_EVENTS | E(RX_COT) | E(RX_SAM) | E(RX_INFO) | E(TIMER) | E(PROTOCOL_ERROR))
/* Where an incoming call begins */
#define INCOMING_STATES \
	(S(IN_RESERVED) | S(IN_WAIT_COT) | S(IN_COLLECT) | S(IN_WAIT_INF) | S(IN_WAIT_ACM) | \
	 S(IN_OVERLOAD))
#define RELEASE_STATES (S(WAIT_RLC) | S(WAIT_RLC_DONE) | S(WAIT_DONE))

/* The call goes on, or ends: with or without a result there is nothing to check any more. */
static void leave_check(struct osmo_fsm_inst *fi, uint32_t next_state)
{
	struct isup_call *call = fi->priv;

	isup_cot_call_left(call->circuit);
}

/* What was to follow CRA */
static void drop_held(struct osmo_fsm_inst *fi, uint32_t next_state)
{
	isup_call_drop_held(fi->priv);
}

static const struct osmo_fsm_state states[] = {
	[ISUP_CPC_ST_OUT_SEIZED] = {
		.name = "OUT_SEIZED",
		.in_event_mask = (COMMON_EVENTS & ~(E(RX_RLC) | E(RX_INFO) | E(REQ_INFO) | E(PROTOCOL_ERROR) |
						     E(TIMER))) | E(REQ_IAM) | E(RX_IAM) | E(RX_RESERVATION) |
				 E(RX_BLO),
		.out_state_mask = S(OUT_RESERVING) | S(OUT_WAIT_ACM) | S(IN_SUCCEEDS) | INCOMING_STATES | S(WAIT_DONE),
		.action = isup_cpco_seized,
	},
	[ISUP_CPC_ST_OUT_RESERVING] = {
		.name = "OUT_RESERVING",
		.in_event_mask = (COMMON_EVENTS & ~E(RX_INFO)) | E(RX_IAM) | E(RX_RESERVATION) | E(RX_UCIC) |
				 E(RX_BLO) | E(REQ_SAM) | E(REQ_COT),
		.out_state_mask = S(OUT_WAIT_ACM) | RELEASE_STATES,
		.action = isup_cpco_reserving,
		.onleave = drop_held,
	},
	[ISUP_CPC_ST_OUT_WAIT_ACM] = {
		.name = "OUT_WAIT_ACM",
		.in_event_mask = COMMON_EVENTS | E(RX_IAM) | E(RX_RESERVATION) | E(RX_ACM) | E(RX_CON) |
				 E(RX_ANM) | E(RX_UCIC) | E(RX_BLO) | E(REQ_SAM) | E(REQ_COT),
		.out_state_mask = S(OUT_WAIT_ANM) | S(OUT_ANSWERED) | S(WAIT_T3_DONE) | RELEASE_STATES,
		.action = isup_cpco_wait_acm,
		.onleave = leave_check,
	},
	[ISUP_CPC_ST_OUT_WAIT_ANM] = {
		.name = "OUT_WAIT_ANM",
		.in_event_mask = COMMON_EVENTS | E(RX_CPG) | E(RX_ANM) | E(REQ_CPG),
		.out_state_mask = S(OUT_ANSWERED) | RELEASE_STATES,
		.action = isup_cpco_wait_anm,
	},
	[ISUP_CPC_ST_OUT_ANSWERED] = {
		.name = "OUT_ANSWERED",
		.in_event_mask = ANSWERED_EVENTS,
		.out_state_mask = S(OUT_SUSPENDED) | RELEASE_STATES,
		.action = isup_cpc_st_answered,
	},
	[ISUP_CPC_ST_OUT_SUSPENDED] = {
		.name = "OUT_SUSPENDED",
		.in_event_mask = ANSWERED_EVENTS,
		.out_state_mask = S(OUT_ANSWERED) | RELEASE_STATES,
		.action = isup_cpc_st_answered,
	},
	[ISUP_CPC_ST_IN_SUCCEEDS] = {
		.name = "IN_SUCCEEDS",
		.in_event_mask = BEFORE_USER_EVENTS,
		.out_state_mask = INCOMING_STATES | S(WAIT_RLC),
		.action = isup_cpci_succeeds,
	},
	[ISUP_CPC_ST_IN_RESERVED] = {
		.name = "IN_RESERVED",
		.in_event_mask = RELEASE_EVENTS | E(RX_IAM) | E(RX_RESERVATION) | E(RX_COT) | E(TIMER) |
				 E(PROTOCOL_ERROR),
		.out_state_mask = (INCOMING_STATES & ~S(IN_RESERVED)) | S(WAIT_RLC),
		.action = isup_cpci_reserved,
		.onleave = leave_check,
	},
	[ISUP_CPC_ST_IN_WAIT_COT] = {
		.name = "IN_WAIT_COT",
		.in_event_mask = BEFORE_USER_EVENTS,
		.out_state_mask = S(IN_COLLECT) | S(IN_WAIT_INF) | S(IN_WAIT_ACM) | S(WAIT_RLC),
		.action = isup_cpci_wait_cot,
		.onleave = leave_check,
	},
	[ISUP_CPC_ST_IN_COLLECT] = {
		.name = "IN_COLLECT",
		.in_event_mask = BEFORE_USER_EVENTS,
		.out_state_mask = S(IN_WAIT_INF) | S(IN_WAIT_ACM) | S(WAIT_RLC),
		.action = isup_cpci_collect,
	},
	[ISUP_CPC_ST_IN_WAIT_INF] = {
		.name = "IN_WAIT_INF",
		.in_event_mask = BEFORE_USER_EVENTS,
		.out_state_mask = S(IN_WAIT_ACM) | S(WAIT_RLC),
		.action = isup_cpci_wait_inf,
	},
	[ISUP_CPC_ST_IN_WAIT_ACM] = {
		.name = "IN_WAIT_ACM",
		.in_event_mask = COMMON_EVENTS | E(RX_SAM) | E(RX_COT) | E(REQ_ACM) | E(REQ_CON) | E(REQ_ANM),
		.out_state_mask = S(IN_WAIT_ANM) | S(IN_ANSWERED) | RELEASE_STATES,
		.action = isup_cpci_wait_acm,
	},
	[ISUP_CPC_ST_IN_WAIT_ANM] = {
		.name = "IN_WAIT_ANM",
		.in_event_mask = COMMON_EVENTS | E(RX_CPG) | E(REQ_CPG) | E(REQ_ANM),
		.out_state_mask = S(IN_ANSWERED) | RELEASE_STATES,
		.action = isup_cpci_wait_anm,
	},
	[ISUP_CPC_ST_IN_ANSWERED] = {
		.name = "IN_ANSWERED",
		.in_event_mask = ANSWERED_EVENTS,
		.out_state_mask = S(IN_SUSPENDED) | RELEASE_STATES,
		.action = isup_cpc_st_answered,
	},
	[ISUP_CPC_ST_IN_SUSPENDED] = {
		.name = "IN_SUSPENDED",
		.in_event_mask = ANSWERED_EVENTS,
		.out_state_mask = S(IN_ANSWERED) | RELEASE_STATES,
		.action = isup_cpc_st_answered,
	},
	[ISUP_CPC_ST_IN_OVERLOAD] = {
		.name = "IN_OVERLOAD",
		.in_event_mask = BEFORE_USER_EVENTS,
		.out_state_mask = S(WAIT_RLC),
		.action = isup_cpci_overload,
	},
	[ISUP_CPC_ST_WAIT_T3_DONE] = {
		.name = "WAIT_T3_DONE",
		.in_event_mask = RELEASE_EVENTS | E(TIMER) | E(DONE),
		.out_state_mask = S(WAIT_T3) | S(WAIT_RLC_DONE) | S(WAIT_DONE),
		.action = isup_cpc_st_wait_t3_done,
	},
	[ISUP_CPC_ST_WAIT_T3] = {
		.name = "WAIT_T3",
		.in_event_mask = RELEASE_EVENTS | E(TIMER),
		.out_state_mask = S(WAIT_RLC),
		.action = isup_cpc_st_wait_t3,
	},
	[ISUP_CPC_ST_WAIT_RLC] = {
		.name = "WAIT_RLC",
		.in_event_mask = RELEASE_EVENTS | E(RX_UCIC) | E(TIMER),
		.action = isup_cpc_st_wait_rlc,
	},
	[ISUP_CPC_ST_WAIT_RLC_DONE] = {
		.name = "WAIT_RLC_DONE",
		.in_event_mask = RELEASE_EVENTS | E(RX_UCIC) | E(TIMER) | E(DONE),
		.out_state_mask = S(WAIT_RLC) | S(WAIT_DONE),
		.action = isup_cpc_st_wait_rlc_done,
	},
	[ISUP_CPC_ST_WAIT_DONE] = {
		.name = "WAIT_DONE",
		.in_event_mask = RELEASE_EVENTS | E(DONE) | E(RX_IAM) | E(RX_SAM) | E(RX_COT) | E(RX_INFO),
		.action = isup_cpc_st_wait_done,
	},
};

#define EVENT_NAME(event) { ISUP_CPC_ ## event, #event }
static const struct value_string event_names[] = {
	EVENT_NAME(RX_IAM), EVENT_NAME(RX_SAM), EVENT_NAME(RX_ACM), EVENT_NAME(RX_CPG), EVENT_NAME(RX_CON),
	EVENT_NAME(RX_ANM), EVENT_NAME(RX_REL), EVENT_NAME(RX_RLC), EVENT_NAME(RX_COT), EVENT_NAME(RX_UCIC),
	EVENT_NAME(RX_BLO), EVENT_NAME(RX_RESET), EVENT_NAME(RX_SUSPEND), EVENT_NAME(RX_RESERVATION),
	EVENT_NAME(RX_INFO), EVENT_NAME(REQ_IAM), EVENT_NAME(REQ_SAM),
	EVENT_NAME(REQ_ACM), EVENT_NAME(REQ_CPG), EVENT_NAME(REQ_CON), EVENT_NAME(REQ_ANM), EVENT_NAME(REQ_REL),
	EVENT_NAME(REQ_COT), EVENT_NAME(REQ_SUSPEND), EVENT_NAME(REQ_INFO), EVENT_NAME(DONE), EVENT_NAME(TIMER),
	EVENT_NAME(LOST), EVENT_NAME(RESET), EVENT_NAME(ABANDON), EVENT_NAME(PROTOCOL_ERROR),
	{}
};

struct osmo_fsm isup_cpc_fsm = {
	.name = "isup_cpc",
	.states = states,
	.num_states = ARRAY_SIZE(states),
	.event_names = event_names,
	.cleanup = cleanup,
	.log_subsys = DISUP,
};

static __attribute__((constructor)) void register_fsm(void)
{
	OSMO_ASSERT(osmo_fsm_register(&isup_cpc_fsm) == 0);
}
