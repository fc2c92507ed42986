/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Call processing control, outgoing side (CPCO of Q.764): the states of a call that we placed, until its answer. */

#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_cpc.h"
#include "isup_priv.h"

/* Q.764 2.9.1.4: the circuit goes to the far end's call; ours may be tried on another one. */
static void yield_circuit(struct isup_call *call, const struct isup_msg *msg)
{
	struct isup_circuit *circuit = call->circuit;
	struct isup_call *incoming;

	isup_cot_call_left(circuit);
	call->circuit = NULL;
	circuit->call = NULL;
	/* The new call takes the circuit before anybody is told, so that it is not seized in between. */
	incoming = isup_call_alloc(circuit, true);
	isup_cpc_fail(call, ISUP_CPC_TRY_ANOTHER);
	if (!incoming || circuit->call != incoming)
		return;
	if (msg->type == ISUP_MSG_IAM)
		isup_call_start_incoming(incoming, msg);
	else
		isup_reserve_rx(incoming, msg);
}

void isup_cpco_seized(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_REQ_IAM:
		isup_call_note_iam(call, ((const struct isup_call_req *)data)->msg);
		if (isup_reserve_wanted(call)) {
			isup_reserve_start(call, data);
			break;
		}
		isup_cpc_send(call, data);
		isup_call_start_timer(call, ISUP_T7);
		isup_cpc_state_chg(call, ISUP_CPC_ST_OUT_WAIT_ACM);
		break;
	case ISUP_CPC_REQ_REL:
		isup_call_free(call);
		break;
	case ISUP_CPC_RX_IAM:
	case ISUP_CPC_RX_RESERVATION:
		yield_circuit(call, data);
		break;
	case ISUP_CPC_RX_REL:
		/* Q.764 2.9.5.1 a: for the far end the circuit is still idle here */
		isup_tx_bare(call->circuit, ISUP_MSG_RLC);
		break;
	case ISUP_CPC_RX_BLO:
		isup_cpc_fail(call, ISUP_CPC_TRY_ANOTHER);
		break;
	default:
		isup_cpc_common(call, event, data, ISUP_CPC_TRY_ANOTHER);
	}
}

void isup_cpco_dual_seizure(struct isup_call *call, const struct isup_msg *msg)
{
	isup_group_count(call->group, ISUP_CTR_DUAL_SEIZURE);
	LOGPFSML(call->fi, LOGL_INFO, "dual seizure: %s\n",
		 isup_circuit_controlled(call->circuit) ? "our call stays" : "our call yields");
	/* Q.764 2.9.1.4: the exchange that controls the circuit discards the other's IAM */
	if (!isup_circuit_controlled(call->circuit))
		yield_circuit(call, msg);
}

void isup_cpco_wait_acm(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_IAM:
	case ISUP_CPC_RX_RESERVATION:
		isup_cpco_dual_seizure(call, data);
		break;
	case ISUP_CPC_RX_ACM:
		isup_timers_stop(&call->timers, ISUP_T7);
		isup_call_start_timer(call, ISUP_T9);
		isup_cpc_state_chg(call, ISUP_CPC_ST_OUT_WAIT_ANM);
		isup_call_indicate(call, data);
		break;
	case ISUP_CPC_RX_INFO:
		if (((const struct isup_msg *)data)->type == ISUP_MSG_OLM)
			isup_cpc_rx_olm(call);
		else
			isup_cpc_rx_info(call, data);
		break;
	case ISUP_CPC_RX_CON:
	case ISUP_CPC_RX_ANM:
		isup_timers_stop(&call->timers, ISUP_T7);
		isup_cpc_answered(call, ISUP_CPC_ST_OUT_ANSWERED);
		isup_call_indicate(call, data);
		break;
	case ISUP_CPC_RX_UCIC:
		/* Q.764 2.12: taken from service, the call tried on another circuit */
		isup_reset_unequipped(call->circuit);
		isup_cpc_fail(call, ISUP_CPC_TRY_ANOTHER);
		break;
	case ISUP_CPC_RX_BLO:
		/* Q.764 2.8.2.1: BLA is sent, the attempt released and tried on another circuit */
		isup_cpc_fail_with_rel(call, ISUP_CPC_TRY_ANOTHER);
		break;
	case ISUP_CPC_REQ_SAM:
		isup_cpc_send(call, data);
		isup_call_start_timer(call, ISUP_T7);
		break;
	case ISUP_CPC_REQ_COT:
		isup_cpc_send(call, data);
		break;
	default:
		isup_cpc_common(call, event, data, ISUP_CPC_TRY_ANOTHER);
	}
}

void isup_cpco_wait_anm(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_CPG:
		isup_call_indicate(call, data);
		break;
	case ISUP_CPC_RX_ANM:
		isup_timers_stop(&call->timers, ISUP_T9);
		isup_cpc_answered(call, ISUP_CPC_ST_OUT_ANSWERED);
		isup_call_indicate(call, data);
		break;
	case ISUP_CPC_REQ_CPG:		/* Q.733.2: the calling user may hold before the answer */
		isup_cpc_send(call, data);
		break;
	default:
		isup_cpc_common(call, event, data, ISUP_CAUSE_TEMPORARY_FAILURE);
	}
}
