/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Call processing control, incoming side (CPCI of Q.764): the states of a call from the far end, until its answer. */

#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_cpc.h"
#include "isup_priv.h"

/* The far end gives up, or we do, a call that the user does not know of. */
void isup_cpci_before_user_failed(struct isup_call *call, uint8_t cause_value)
{
	isup_timers_stop_all(&call->timers);
	isup_call_send_rel_cause(call, cause_value);
	isup_cpc_state_chg(call, ISUP_CPC_ST_WAIT_RLC);
}

static void before_user_over(struct isup_call *call, uint8_t ack)
{
	call->ack = ack;
	isup_call_send_ack(call);
	isup_call_free(call);
}

void isup_cpci_before_user(struct isup_call *call, uint32_t event, void *data)
{
	switch (event) {
	case ISUP_CPC_RX_SAM:
	case ISUP_CPC_RX_INFO:
		isup_call_hold(call, data);
		break;
	case ISUP_CPC_RX_COT:		/* of a check that was not announced, or is over */
		break;
	case ISUP_CPC_RX_REL:
		before_user_over(call, ISUP_MSG_RLC);
		break;
	case ISUP_CPC_RX_RESET:
		before_user_over(call, *(uint8_t *)data);
		break;
	case ISUP_CPC_RX_RLC:
		isup_cpci_before_user_failed(call, ISUP_CAUSE_TEMPORARY_FAILURE);
		break;
	case ISUP_CPC_PROTOCOL_ERROR:
		isup_timers_stop_all(&call->timers);
		isup_call_send_rel_diagnostics(call, data);
		isup_cpc_state_chg(call, ISUP_CPC_ST_WAIT_RLC);
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

/* Q.764 2.1.8, 2.9.8.3 */
void isup_cpci_wait_cot(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_COT:
		if (!isup_cot_successful(data)) {
			isup_cot_in_failed(call->circuit);
			isup_call_free(call);
			break;
		}
		isup_call_go_on(call, false);
		break;
	case ISUP_CPC_TIMER:		/* T8 */
		isup_cpci_before_user_failed(call, ISUP_CAUSE_TEMPORARY_FAILURE);
		break;
	default:
		isup_cpci_before_user(call, event, data);
	}
}

/* The timer is due at once. */
void isup_cpci_succeeds(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_COT:
		isup_call_hold(call, data);
		break;
	case ISUP_CPC_TIMER:
		isup_call_start_held(call);
		break;
	default:
		isup_cpci_before_user(call, event, data);
	}
}

/* Q.764 2.1.2, 2.2.5 */
void isup_cpci_collect(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_SAM:
		isup_call_hold(call, data);
		isup_call_go_on(call, false);
		break;
	case ISUP_CPC_TIMER:
		if (*(enum isup_timer_id *)data == ISUP_T10)
			isup_call_go_on(call, true);
		else		/* T35 */
			isup_cpci_before_user_failed(call, ISUP_CAUSE_ADDRESS_INCOMPLETE);
		break;
	default:
		isup_cpci_before_user(call, event, data);
	}
}

/* Q.764 2.1.6, 2.9.7 */
void isup_cpci_wait_inf(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	const struct isup_msg *msg = data;
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_INFO:
		isup_call_hold(call, msg);
		if (msg->type == ISUP_MSG_INF)
			isup_call_go_on(call, true);
		break;
	case ISUP_CPC_TIMER:		/* T33 */
		isup_cpci_before_user_failed(call, ISUP_CAUSE_TIMER_EXPIRY);
		break;
	default:
		isup_cpci_before_user(call, event, data);
	}
}

/* Q.764 2.9.9: the far end leaves the circuit alone until its T3, and releases it then. */
void isup_cpci_overload(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_SAM:
	case ISUP_CPC_RX_INFO:
		break;
	case ISUP_CPC_TIMER:		/* T5: it has not */
		isup_cpci_before_user_failed(call, ISUP_CAUSE_SWITCH_CONGESTION);
		break;
	default:
		isup_cpci_before_user(call, event, data);
	}
}

void isup_cpci_wait_acm(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_SAM:
		isup_call_indicate(call, data);
		break;
	case ISUP_CPC_RX_COT:
		/* of a check that was not announced, or is over */
		break;
	case ISUP_CPC_TIMER:
		if (*(enum isup_timer_id *)data == ISUP_TEXM)
			isup_exit_send(call);
		else
			isup_cpc_common(call, event, data, ISUP_CAUSE_TEMPORARY_FAILURE);
		break;
	case ISUP_CPC_REQ_ACM:
		isup_timers_stop(&call->timers, ISUP_TEXM);
		isup_cpc_send(call, data);
		isup_cpc_state_chg(call, ISUP_CPC_ST_IN_WAIT_ANM);
		break;
	case ISUP_CPC_REQ_CON:
	case ISUP_CPC_REQ_ANM:
		isup_timers_stop(&call->timers, ISUP_TEXM);
		isup_cpc_send(call, data);
		isup_cpc_answered(call, ISUP_CPC_ST_IN_ANSWERED);
		break;
	default:
		isup_cpc_common(call, event, data, ISUP_CAUSE_TEMPORARY_FAILURE);
	}
}

void isup_cpci_wait_anm(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_CPG:		/* Q.733.2: the calling user may hold before the answer */
		isup_call_indicate(call, data);
		break;
	case ISUP_CPC_REQ_CPG:
		isup_cpc_send(call, data);
		break;
	case ISUP_CPC_REQ_ANM:
		isup_cpc_send(call, data);
		isup_cpc_answered(call, ISUP_CPC_ST_IN_ANSWERED);
		break;
	default:
		isup_cpc_common(call, event, data, ISUP_CAUSE_TEMPORARY_FAILURE);
	}
}
