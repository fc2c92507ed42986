/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Call processing control, Q.764 2.1 to 2.3 and 2.9: what several states do, the answered call, and its release. */

#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_cpc.h"
#include "isup_priv.h"

void isup_cpc_state_chg(struct isup_call *call, enum isup_cpc_state state)
{
	osmo_fsm_inst_state_chg(call->fi, state, 0, 0);
}

/* ---- What several states do ---- */

/* REL from the far end: RLC goes out when the user is done. */
static void rx_rel(struct isup_call *call, const struct isup_msg *rel)
{
	isup_timers_stop_all(&call->timers);
	call->ack = ISUP_MSG_RLC;
	isup_cpc_state_chg(call, ISUP_CPC_ST_WAIT_DONE);
	isup_call_indicate(call, rel);
}

void isup_cpc_fail(struct isup_call *call, uint8_t cause_value)
{
	isup_timers_stop_all(&call->timers);
	isup_cpc_state_chg(call, ISUP_CPC_ST_WAIT_DONE);
	isup_call_indicate_failed(call, cause_value);
}

void isup_cpc_fail_with_rel(struct isup_call *call, uint8_t cause_value)
{
	isup_timers_stop_all(&call->timers);
	isup_call_send_rel_cause(call, cause_value);
	isup_cpc_state_chg(call, ISUP_CPC_ST_WAIT_RLC_DONE);
	isup_call_indicate_failed(call, cause_value);
}

/* Q.764 2.9.5: REL says which message or parameter was not recognised. */
static void protocol_error(struct isup_call *call, const struct isup_cause *cause)
{
	isup_timers_stop_all(&call->timers);
	isup_call_send_rel_diagnostics(call, cause);
	isup_cpc_state_chg(call, ISUP_CPC_ST_WAIT_RLC_DONE);
	isup_call_indicate_failed(call, cause->value);
}

/* RSC or GRS from the far end, Q.764 2.9.3.1: as a REL, but before a backward message another circuit may be tried */
static void rx_reset(struct isup_call *call, const uint8_t *ack, uint8_t cause_value)
{
	call->ack = *ack;
	isup_cpc_fail(call, cause_value);
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
	isup_cpc_state_chg(call, ISUP_CPC_ST_WAIT_RLC);
}

void isup_cpc_send(struct isup_call *call, const struct isup_call_req *req)
{
	isup_tx_octets(call->circuit, req->octets, req->len);
}

void isup_cpc_answered(struct isup_call *call, enum isup_cpc_state state)
{
	isup_group_count(call->group, ISUP_CTR_ANSWERED);
	isup_cpc_state_chg(call, state);
}

/* Q.764 Annex A: what a timer means that expires while the call lives */
static void timer_expired(struct isup_call *call, enum isup_timer_id id)
{
	static const uint8_t causes[ISUP_TIMER_COUNT] = {
		[ISUP_T2]  = ISUP_CAUSE_TIMER_EXPIRY,
		[ISUP_T6]  = ISUP_CAUSE_NORMAL_CLEARING,	/* 2.4.3, so T38 */
		[ISUP_T7]  = ISUP_CAUSE_TIMER_EXPIRY,
		[ISUP_T9]  = ISUP_CAUSE_NO_ANSWER,
		[ISUP_T33] = ISUP_CAUSE_TIMER_EXPIRY,	/* 2.9.7; at T39 the call just goes on */
		[ISUP_T38] = ISUP_CAUSE_TIMER_EXPIRY,
	};

	if (causes[id])
		isup_cpc_fail_with_rel(call, causes[id]);
}

void isup_cpc_common(struct isup_call *call, uint32_t event, void *data, uint8_t cause_value)
{
	switch (event) {
	case ISUP_CPC_RX_INFO:
		isup_cpc_rx_info(call, data);
		break;
	case ISUP_CPC_RX_REL:
		rx_rel(call, data);
		break;
	case ISUP_CPC_RX_RLC:
		/* Q.764 2.9.5.1 c: RLC for a busy circuit for which no REL was sent: it is released, REL sent */
		isup_cpc_fail_with_rel(call, ISUP_CAUSE_TEMPORARY_FAILURE);
		break;
	case ISUP_CPC_RX_RESET:
		rx_reset(call, data, cause_value);
		break;
	case ISUP_CPC_REQ_INFO:
		isup_cpc_req_info(call, data);
		break;
	case ISUP_CPC_REQ_REL:
		req_rel(call, data);
		break;
	case ISUP_CPC_TIMER:
		timer_expired(call, *(enum isup_timer_id *)data);
		break;
	case ISUP_CPC_LOST:
		isup_cpc_fail(call, ISUP_CAUSE_NETWORK_OUT_OF_ORDER);
		break;
	case ISUP_CPC_RESET:
		isup_cpc_fail(call, cause_value);
		break;
	case ISUP_CPC_ABANDON:
		isup_cpc_fail(call, ISUP_CAUSE_DESTINATION_OUT_OF_ORDER);
		break;
	case ISUP_CPC_PROTOCOL_ERROR:
		protocol_error(call, data);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* Either side's, answered or suspended */
void isup_cpc_st_answered(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_CPG:
		isup_call_indicate(call, data);
		break;
	case ISUP_CPC_REQ_CPG:
		isup_cpc_send(call, data);
		break;
	case ISUP_CPC_RX_SUSPEND:
		isup_cpc_rx_suspend(call, data);
		break;
	case ISUP_CPC_REQ_SUSPEND:
		isup_cpc_req_suspend(call, data);
		break;
	default:
		isup_cpc_common(call, event, data, ISUP_CAUSE_TEMPORARY_FAILURE);
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
	LOGPFSML(call->fi, LOGL_INFO, "no RLC until T5, circuit out of service\n");
	isup_timers_stop_all(&call->timers);
	if (!call->circuit->reset)
		isup_reset_start_t5(call->circuit);
}

void isup_cpc_st_wait_rlc(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_REL:
		/* Q.764 2.3.1 e: REL from both ends; each answers */
		isup_tx_bare(call->circuit, ISUP_MSG_RLC);
		break;
	case ISUP_CPC_TIMER:
		if (*(enum isup_timer_id *)data == ISUP_T1) {
			repeat_rel(call);
			break;
		}
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

void isup_cpc_st_wait_rlc_done(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_REL:
		call->ack = ISUP_MSG_RLC;
		break;
	case ISUP_CPC_DONE:
		isup_call_send_ack(call);
		isup_cpc_state_chg(call, ISUP_CPC_ST_WAIT_RLC);
		break;
	case ISUP_CPC_TIMER:
		if (*(enum isup_timer_id *)data == ISUP_T1) {
			repeat_rel(call);
			break;
		}
		give_up_rel(call);
		isup_cpc_state_chg(call, ISUP_CPC_ST_WAIT_DONE);
		break;
	case ISUP_CPC_RX_UCIC:
		isup_reset_unequipped(call->circuit);
		isup_timers_stop_all(&call->timers);
		isup_cpc_state_chg(call, ISUP_CPC_ST_WAIT_DONE);
		break;
	case ISUP_CPC_RX_RESET:
		call->ack = *(uint8_t *)data;
		/* fall through */
	case ISUP_CPC_RX_RLC:
	case ISUP_CPC_LOST:
	case ISUP_CPC_RESET:
	case ISUP_CPC_ABANDON:
		isup_timers_stop_all(&call->timers);
		isup_cpc_state_chg(call, ISUP_CPC_ST_WAIT_DONE);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* After RLC the circuit is idle for the far end: its next call begins when the user has the bearer free. What else it
 * sends then belongs to that call. */
static void next_call(struct isup_call *call, const struct isup_msg *msg)
{
	bool is_iam = msg->type == ISUP_MSG_IAM;

	if (call->ack || is_iam != llist_empty(&call->held))
		isup_call_unexpected(call, msg->type);
	else if (!is_iam || isup_circuit_takes_iam(call->circuit, msg))
		isup_call_hold(call, msg);
}

/* The next call, if there is one, ends before it has begun. */
static void no_next_call(struct isup_call *call, uint8_t ack)
{
	isup_call_drop_held(call);
	call->ack = ack;
}

static void done(struct isup_call *call)
{
	isup_call_send_ack(call);
	if (llist_empty(&call->held))
		isup_call_free(call);
	else
		isup_call_succeed(call);
}

void isup_cpc_st_wait_done(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_DONE:
		done(call);
		break;
	case ISUP_CPC_RX_IAM:
	case ISUP_CPC_RX_SAM:
	case ISUP_CPC_RX_COT:
	case ISUP_CPC_RX_INFO:
		next_call(call, data);
		break;
	case ISUP_CPC_RX_REL:
		no_next_call(call, ISUP_MSG_RLC);
		break;
	case ISUP_CPC_RX_RESET:
		no_next_call(call, *(uint8_t *)data);
		break;
	case ISUP_CPC_RX_RLC:
		break;
	case ISUP_CPC_RESET:
		isup_call_drop_held(call);
		break;
	case ISUP_CPC_LOST:
	case ISUP_CPC_ABANDON:
		no_next_call(call, 0);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* ---- Temporary trunk blocking, Q.764 2.9.9 ---- */

/* OLM: the far end has too much to do for this call. It may be tried elsewhere; the circuit is left alone until T3, and
 * released then. */
void isup_cpc_rx_olm(struct isup_call *call)
{
	isup_timers_stop_all(&call->timers);
	isup_call_start_timer(call, ISUP_T3);
	isup_cpc_state_chg(call, ISUP_CPC_ST_WAIT_T3_DONE);
	isup_call_indicate_failed(call, ISUP_CAUSE_SWITCH_CONGESTION);
}

/* Until T3. True where the call is over before. */
static bool wait_t3(struct isup_call *call, uint32_t event, const void *data, enum isup_cpc_state after_t3)
{
	switch (event) {
	case ISUP_CPC_RX_RLC:
		return false;
	case ISUP_CPC_TIMER:
		isup_call_send_rel_cause(call, ISUP_CAUSE_SWITCH_CONGESTION);
		isup_cpc_state_chg(call, after_t3);
		return false;
	case ISUP_CPC_RX_REL:
		call->ack = ISUP_MSG_RLC;
		break;
	case ISUP_CPC_RX_RESET:
		call->ack = *(const uint8_t *)data;
		break;
	case ISUP_CPC_LOST:
	case ISUP_CPC_RESET:
	case ISUP_CPC_ABANDON:
		break;
	default:
		OSMO_ASSERT(false);
	}
	return true;
}

void isup_cpc_st_wait_t3_done(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	if (event == ISUP_CPC_DONE) {
		isup_cpc_state_chg(call, ISUP_CPC_ST_WAIT_T3);
	} else if (wait_t3(call, event, data, ISUP_CPC_ST_WAIT_RLC_DONE)) {
		isup_timers_stop_all(&call->timers);
		isup_cpc_state_chg(call, ISUP_CPC_ST_WAIT_DONE);
	}
}

void isup_cpc_st_wait_t3(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	if (!wait_t3(call, event, data, ISUP_CPC_ST_WAIT_RLC))
		return;
	isup_call_send_ack(call);
	isup_call_free(call);
}
