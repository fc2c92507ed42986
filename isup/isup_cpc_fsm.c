/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Call processing control, Q.764 2.1 to 2.3 and 2.9: outgoing (CPCO) and incoming (CPCI) side of a call. */

#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_priv.h"

/* Rule of this file: what calls the user comes last, because the user may end the call there. */

/* FAILED for a reason that leaves another circuit a chance */
#define CAUSE_TRY_ANOTHER	ISUP_CAUSE_CIRCUIT_NOT_AVAILABLE

static void to_state(struct isup_call *call, enum isup_cpc_state state)
{
	osmo_fsm_inst_state_chg(call->fi, state, 0, 0);
}

/* ---- What several states do ---- */

/* REL from the far end: RLC goes out when the user is done. */
static void rx_rel(struct isup_call *call, const struct isup_msg *rel)
{
	isup_timers_stop_all(&call->timers);
	call->ack = ISUP_MSG_RLC;
	to_state(call, ISUP_CPC_ST_WAIT_DONE);
	isup_call_indicate(call, rel);
}

/* The call is over, and nothing more is to be exchanged for it but what is in ack. */
static void fail(struct isup_call *call, uint8_t cause_value)
{
	isup_timers_stop_all(&call->timers);
	to_state(call, ISUP_CPC_ST_WAIT_DONE);
	isup_call_indicate_failed(call, cause_value);
}

static void fail_with_rel(struct isup_call *call, uint8_t cause_value)
{
	isup_timers_stop_all(&call->timers);
	isup_call_send_rel_cause(call, cause_value);
	to_state(call, ISUP_CPC_ST_WAIT_RLC_DONE);
	isup_call_indicate_failed(call, cause_value);
}

/* RSC or GRS from the far end, Q.764 2.9.3.1: as a REL, but before a backward message another circuit may be tried */
static void rx_reset(struct isup_call *call, const uint8_t *ack, uint8_t cause_value)
{
	call->ack = *ack;
	fail(call, cause_value);
}

/* The user's REL. A far end that cannot be reached is told by the reset when it comes back. */
static void req_rel(struct isup_call *call, const struct isup_call_req *req)
{
	isup_timers_stop_all(&call->timers);
	if (call->group->dest->state == ISUP_DEST_UNAVAILABLE) {
		isup_circuit_needs_reset(call->circuit);
		isup_call_free(call);
		return;
	}
	isup_call_send_rel(call, req);
	to_state(call, ISUP_CPC_ST_WAIT_RLC);
}

static void req_send(struct isup_call *call, const struct isup_call_req *req)
{
	isup_tx_octets(call->circuit, req->octets, req->len);
}

static void answered(struct isup_call *call, enum isup_cpc_state state)
{
	isup_timers_stop_all(&call->timers);
	isup_group_count(call->group, ISUP_CTR_ANSWERED);
	to_state(call, state);
}

/* What every state with a live call does alike; cause_value is that of a call that fails by a reset. */
static void common(struct isup_call *call, uint32_t event, void *data, uint8_t cause_value)
{
	switch (event) {
	case ISUP_CPC_RX_INFO:
		isup_call_indicate(call, data);
		break;
	case ISUP_CPC_RX_REL:
		rx_rel(call, data);
		break;
	case ISUP_CPC_RX_RLC:
		/* Q.764 2.9.5.1 c: RLC for a busy circuit for which no REL was sent: it is released, REL sent */
		fail_with_rel(call, ISUP_CAUSE_TEMPORARY_FAILURE);
		break;
	case ISUP_CPC_RX_RESET:
		rx_reset(call, data, cause_value);
		break;
	case ISUP_CPC_REQ_INFO:
		req_send(call, data);
		break;
	case ISUP_CPC_REQ_REL:
		req_rel(call, data);
		break;
	case ISUP_CPC_LOST:
		fail(call, ISUP_CAUSE_NETWORK_OUT_OF_ORDER);
		break;
	case ISUP_CPC_RESET:
		fail(call, cause_value);
		break;
	case ISUP_CPC_ABANDON:
		fail(call, ISUP_CAUSE_DESTINATION_OUT_OF_ORDER);
		break;
	case ISUP_CPC_PROTOCOL_ERROR:
		fail_with_rel(call, *(const uint8_t *)data);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* ---- Outgoing ---- */

/* Q.764 2.9.1.4: the circuit goes to the far end's call; ours may be tried on another one. */
static void yield_circuit(struct isup_call *call, const struct isup_msg *iam)
{
	struct isup_circuit *circuit = call->circuit;
	struct isup_call *incoming;

	call->circuit = NULL;
	circuit->call = NULL;
	/* The new call takes the circuit before anybody is told, so that it is not seized in between. */
	incoming = isup_call_alloc(circuit, true);
	fail(call, CAUSE_TRY_ANOTHER);
	if (incoming && circuit->call == incoming)
		isup_call_start_incoming(incoming, iam);
}

static void st_out_seized(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_REQ_IAM:
		req_send(call, data);
		isup_call_start_timer(call, ISUP_T7);
		to_state(call, ISUP_CPC_ST_OUT_WAIT_ACM);
		break;
	case ISUP_CPC_REQ_REL:
		isup_call_free(call);
		break;
	case ISUP_CPC_RX_IAM:
		yield_circuit(call, data);
		break;
	case ISUP_CPC_RX_REL:
		/* Q.764 2.9.5.1 a: for the far end the circuit is still idle here */
		isup_tx_bare(call->circuit, ISUP_MSG_RLC);
		break;
	case ISUP_CPC_RX_BLO:
		fail(call, CAUSE_TRY_ANOTHER);
		break;
	default:
		common(call, event, data, CAUSE_TRY_ANOTHER);
	}
}

static void out_rx_iam(struct isup_call *call, const struct isup_msg *iam)
{
	isup_group_count(call->group, ISUP_CTR_DUAL_SEIZURE);
	LOGPFSML(call->fi, LOGL_INFO, "dual seizure: %s\n",
		 isup_circuit_controlled(call->circuit) ? "our call stays" : "our call yields");
	/* Q.764 2.9.1.4: the exchange that controls the circuit discards the other's IAM */
	if (!isup_circuit_controlled(call->circuit))
		yield_circuit(call, iam);
}

static void st_out_wait_acm(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_IAM:
		out_rx_iam(call, data);
		break;
	case ISUP_CPC_RX_ACM:
		isup_timers_stop_all(&call->timers);
		isup_call_start_timer(call, ISUP_T9);
		to_state(call, ISUP_CPC_ST_OUT_WAIT_ANM);
		isup_call_indicate(call, data);
		break;
	case ISUP_CPC_RX_CON:
		answered(call, ISUP_CPC_ST_OUT_ANSWERED);
		isup_call_indicate(call, data);
		break;
	case ISUP_CPC_RX_UCIC:
		/* Q.764 2.12: taken from service, the call tried on another circuit */
		isup_reset_unequipped(call->circuit);
		fail(call, CAUSE_TRY_ANOTHER);
		break;
	case ISUP_CPC_RX_BLO:
		/* Q.764 2.8.2.1: BLA is sent, the attempt released and tried on another circuit */
		fail_with_rel(call, CAUSE_TRY_ANOTHER);
		break;
	case ISUP_CPC_REQ_SAM:
		req_send(call, data);
		isup_call_start_timer(call, ISUP_T7);
		break;
	case ISUP_CPC_REQ_COT:
		req_send(call, data);
		break;
	case ISUP_CPC_T7:
		fail_with_rel(call, ISUP_CAUSE_TIMER_EXPIRY);
		break;
	default:
		common(call, event, data, CAUSE_TRY_ANOTHER);
	}
}

static void st_out_wait_anm(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_CPG:
		isup_call_indicate(call, data);
		break;
	case ISUP_CPC_RX_ANM:
		answered(call, ISUP_CPC_ST_OUT_ANSWERED);
		isup_call_indicate(call, data);
		break;
	case ISUP_CPC_T9:
		fail_with_rel(call, ISUP_CAUSE_NO_ANSWER);
		break;
	default:
		common(call, event, data, ISUP_CAUSE_TEMPORARY_FAILURE);
	}
}

/* Either side's */
static void st_answered(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_CPG:
		isup_call_indicate(call, data);
		break;
	case ISUP_CPC_REQ_CPG:
		req_send(call, data);
		break;
	default:
		common(call, event, data, ISUP_CAUSE_TEMPORARY_FAILURE);
	}
}

/* ---- Incoming ---- */

/* Q.763 3.18: 0 continuity check failed, 1 successful */
static bool cot_successful(const struct isup_msg *cot)
{
	const struct isup_par *par = isup_msg_find(cot, ISUP_PAR_CONTINUITY_IND);

	return par && par->len > 0 && (par->val[0] & 1);
}

/* Q.764 2.1.8, 2.9.8.3 */
static void st_in_wait_cot(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_COT:
		if (!cot_successful(data)) {
			isup_call_free(call);
			break;
		}
		isup_timers_stop_all(&call->timers);
		to_state(call, ISUP_CPC_ST_IN_WAIT_ACM);
		isup_call_indicate_held(call);
		break;
	case ISUP_CPC_RX_SAM:
	case ISUP_CPC_RX_INFO:
		isup_call_hold(call, data);
		break;
	case ISUP_CPC_RX_REL:
		call->ack = ISUP_MSG_RLC;
		isup_call_send_ack(call);
		isup_call_free(call);
		break;
	case ISUP_CPC_RX_RESET:
		call->ack = *(uint8_t *)data;
		isup_call_send_ack(call);
		isup_call_free(call);
		break;
	case ISUP_CPC_RX_RLC:
	case ISUP_CPC_T8:
	case ISUP_CPC_PROTOCOL_ERROR:
		isup_timers_stop_all(&call->timers);
		isup_call_send_rel_cause(call, ISUP_CAUSE_TEMPORARY_FAILURE);
		to_state(call, ISUP_CPC_ST_WAIT_RLC);
		break;
	case ISUP_CPC_LOST:
	case ISUP_CPC_RESET:
	case ISUP_CPC_ABANDON:
		isup_call_free(call);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void st_in_wait_acm(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_SAM:
		isup_call_indicate(call, data);
		break;
	case ISUP_CPC_RX_COT:
		/* of a check that was not announced, or is over */
		break;
	case ISUP_CPC_REQ_ACM:
		req_send(call, data);
		to_state(call, ISUP_CPC_ST_IN_WAIT_ANM);
		break;
	case ISUP_CPC_REQ_CON:
		req_send(call, data);
		answered(call, ISUP_CPC_ST_IN_ANSWERED);
		break;
	default:
		common(call, event, data, ISUP_CAUSE_TEMPORARY_FAILURE);
	}
}

static void st_in_wait_anm(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_REQ_CPG:
		req_send(call, data);
		break;
	case ISUP_CPC_REQ_ANM:
		req_send(call, data);
		answered(call, ISUP_CPC_ST_IN_ANSWERED);
		break;
	default:
		common(call, event, data, ISUP_CAUSE_TEMPORARY_FAILURE);
	}
}

/* ---- Release ---- */

/* Q.764 2.9.6: T1 repeats REL */
static void repeat_rel(struct isup_call *call)
{
	if (call->rel)
		isup_tx_octets(call->circuit, call->rel, call->rel_len);
	isup_call_start_timer(call, ISUP_T1);
}

/* Q.764 2.9.6: at T5 the circuit goes out of service, RSC is sent, and repeated at T17 until it is answered */
static void give_up_rel(struct isup_call *call)
{
	LOGPFSML(call->fi, LOGL_NOTICE, "maintenance: no RLC until T5, circuit out of service\n");
	isup_timers_stop_all(&call->timers);
	if (!call->circuit->reset)
		isup_reset_start_t5(call->circuit);
}

static void st_wait_rlc(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_REL:
		/* Q.764 2.3.1 f: REL from both ends; each answers */
		isup_tx_bare(call->circuit, ISUP_MSG_RLC);
		break;
	case ISUP_CPC_T1:
		repeat_rel(call);
		break;
	case ISUP_CPC_T5:
		give_up_rel(call);
		isup_call_free(call);
		break;
	case ISUP_CPC_RX_UCIC:
		isup_reset_unequipped(call->circuit);
		isup_call_free(call);
		break;
	case ISUP_CPC_RX_RESET:
		call->ack = *(uint8_t *)data;
		isup_call_send_ack(call);
		isup_call_free(call);
		break;
	case ISUP_CPC_RX_RLC:
	case ISUP_CPC_LOST:
	case ISUP_CPC_RESET:
	case ISUP_CPC_ABANDON:
		isup_call_free(call);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void st_wait_rlc_done(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_REL:
		call->ack = ISUP_MSG_RLC;
		break;
	case ISUP_CPC_DONE:
		isup_call_send_ack(call);
		to_state(call, ISUP_CPC_ST_WAIT_RLC);
		break;
	case ISUP_CPC_T1:
		repeat_rel(call);
		break;
	case ISUP_CPC_T5:
		give_up_rel(call);
		to_state(call, ISUP_CPC_ST_WAIT_DONE);
		break;
	case ISUP_CPC_RX_UCIC:
		isup_reset_unequipped(call->circuit);
		isup_timers_stop_all(&call->timers);
		to_state(call, ISUP_CPC_ST_WAIT_DONE);
		break;
	case ISUP_CPC_RX_RESET:
		call->ack = *(uint8_t *)data;
		/* fall through */
	case ISUP_CPC_RX_RLC:
	case ISUP_CPC_LOST:
	case ISUP_CPC_RESET:
	case ISUP_CPC_ABANDON:
		isup_timers_stop_all(&call->timers);
		to_state(call, ISUP_CPC_ST_WAIT_DONE);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void st_wait_done(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_DONE:
		isup_call_send_ack(call);
		isup_call_free(call);
		break;
	case ISUP_CPC_RX_REL:
		call->ack = ISUP_MSG_RLC;
		break;
	case ISUP_CPC_RX_RESET:
		call->ack = *(uint8_t *)data;
		break;
	case ISUP_CPC_RX_RLC:
	case ISUP_CPC_RESET:
		break;
	case ISUP_CPC_LOST:
	case ISUP_CPC_ABANDON:
		call->ack = 0;
		break;
	default:
		OSMO_ASSERT(false);
	}
}

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
	 E(ABANDON) | E(PROTOCOL_ERROR))
#define RELEASE_EVENTS \
	(E(RX_REL) | E(RX_RLC) | E(RX_RESET) | E(LOST) | E(RESET) | E(ABANDON))
#define RELEASE_STATES (S(WAIT_RLC) | S(WAIT_RLC_DONE) | S(WAIT_DONE))

static const struct osmo_fsm_state states[] = {
	[ISUP_CPC_ST_OUT_SEIZED] = {
		.name = "OUT_SEIZED",
		.in_event_mask = (COMMON_EVENTS & ~(E(RX_RLC) | E(RX_INFO) | E(REQ_INFO) | E(PROTOCOL_ERROR))) |
				 E(REQ_IAM) | E(RX_IAM) | E(RX_BLO),
		.out_state_mask = S(OUT_WAIT_ACM) | S(IN_WAIT_COT) | S(IN_WAIT_ACM) | S(WAIT_DONE),
		.action = st_out_seized,
	},
	[ISUP_CPC_ST_OUT_WAIT_ACM] = {
		.name = "OUT_WAIT_ACM",
		.in_event_mask = COMMON_EVENTS | E(RX_IAM) | E(RX_ACM) | E(RX_CON) | E(RX_UCIC) | E(RX_BLO) |
				 E(REQ_SAM) | E(REQ_COT) | E(T7),
		.out_state_mask = S(OUT_WAIT_ANM) | S(OUT_ANSWERED) | RELEASE_STATES,
		.action = st_out_wait_acm,
	},
	[ISUP_CPC_ST_OUT_WAIT_ANM] = {
		.name = "OUT_WAIT_ANM",
		.in_event_mask = COMMON_EVENTS | E(RX_CPG) | E(RX_ANM) | E(T9),
		.out_state_mask = S(OUT_ANSWERED) | RELEASE_STATES,
		.action = st_out_wait_anm,
	},
	[ISUP_CPC_ST_OUT_ANSWERED] = {
		.name = "OUT_ANSWERED",
		.in_event_mask = (COMMON_EVENTS & ~E(LOST)) | E(RX_CPG) | E(REQ_CPG),
		.out_state_mask = RELEASE_STATES,
		.action = st_answered,
	},
	[ISUP_CPC_ST_IN_WAIT_COT] = {
		.name = "IN_WAIT_COT",
		.in_event_mask = RELEASE_EVENTS | E(RX_COT) | E(RX_SAM) | E(RX_INFO) | E(T8) | E(PROTOCOL_ERROR),
		.out_state_mask = S(IN_WAIT_ACM) | S(WAIT_RLC),
		.action = st_in_wait_cot,
	},
	[ISUP_CPC_ST_IN_WAIT_ACM] = {
		.name = "IN_WAIT_ACM",
		.in_event_mask = COMMON_EVENTS | E(RX_SAM) | E(RX_COT) | E(REQ_ACM) | E(REQ_CON),
		.out_state_mask = S(IN_WAIT_ANM) | S(IN_ANSWERED) | RELEASE_STATES,
		.action = st_in_wait_acm,
	},
	[ISUP_CPC_ST_IN_WAIT_ANM] = {
		.name = "IN_WAIT_ANM",
		.in_event_mask = COMMON_EVENTS | E(REQ_CPG) | E(REQ_ANM),
		.out_state_mask = S(IN_ANSWERED) | RELEASE_STATES,
		.action = st_in_wait_anm,
	},
	[ISUP_CPC_ST_IN_ANSWERED] = {
		.name = "IN_ANSWERED",
		.in_event_mask = (COMMON_EVENTS & ~E(LOST)) | E(RX_CPG) | E(REQ_CPG),
		.out_state_mask = RELEASE_STATES,
		.action = st_answered,
	},
	[ISUP_CPC_ST_WAIT_RLC] = {
		.name = "WAIT_RLC",
		.in_event_mask = RELEASE_EVENTS | E(RX_UCIC) | E(T1) | E(T5),
		.action = st_wait_rlc,
	},
	[ISUP_CPC_ST_WAIT_RLC_DONE] = {
		.name = "WAIT_RLC_DONE",
		.in_event_mask = RELEASE_EVENTS | E(RX_UCIC) | E(T1) | E(T5) | E(DONE),
		.out_state_mask = S(WAIT_RLC) | S(WAIT_DONE),
		.action = st_wait_rlc_done,
	},
	[ISUP_CPC_ST_WAIT_DONE] = {
		.name = "WAIT_DONE",
		.in_event_mask = RELEASE_EVENTS | E(DONE),
		.action = st_wait_done,
	},
};

#define EVENT_NAME(event) { ISUP_CPC_ ## event, #event }
static const struct value_string event_names[] = {
	EVENT_NAME(RX_IAM), EVENT_NAME(RX_SAM), EVENT_NAME(RX_ACM), EVENT_NAME(RX_CPG), EVENT_NAME(RX_CON),
	EVENT_NAME(RX_ANM), EVENT_NAME(RX_REL), EVENT_NAME(RX_RLC), EVENT_NAME(RX_COT), EVENT_NAME(RX_UCIC),
	EVENT_NAME(RX_BLO), EVENT_NAME(RX_RESET), EVENT_NAME(RX_INFO), EVENT_NAME(REQ_IAM), EVENT_NAME(REQ_SAM),
	EVENT_NAME(REQ_ACM), EVENT_NAME(REQ_CPG), EVENT_NAME(REQ_CON), EVENT_NAME(REQ_ANM), EVENT_NAME(REQ_REL),
	EVENT_NAME(REQ_COT), EVENT_NAME(REQ_INFO), EVENT_NAME(DONE), EVENT_NAME(T1), EVENT_NAME(T5), EVENT_NAME(T7),
	EVENT_NAME(T8), EVENT_NAME(T9), EVENT_NAME(LOST), EVENT_NAME(RESET), EVENT_NAME(ABANDON),
	EVENT_NAME(PROTOCOL_ERROR),
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
