/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Call processing control, incoming side (CPCI of Q.764): the states of a call from the far end, until its answer. */

#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_cpc.h"
#include "isup_priv.h"

/* Q.763 3.18: 0 continuity check failed, 1 successful */
static bool cot_successful(const struct isup_msg *cot)
{
	const struct isup_par *par = isup_msg_find(cot, ISUP_PAR_CONTINUITY_IND);

	return par && par->len > 0 && (par->val[0] & 1);
}

/* Q.764 2.1.8, 2.9.8.3 */
void isup_cpci_wait_cot(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_COT:
		if (!cot_successful(data)) {
			isup_call_free(call);
			break;
		}
		isup_timers_stop_all(&call->timers);
		isup_cpc_state_chg(call, ISUP_CPC_ST_IN_WAIT_ACM);
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
	case ISUP_CPC_TIMER:		/* T8 */
	case ISUP_CPC_PROTOCOL_ERROR:
		isup_timers_stop_all(&call->timers);
		isup_call_send_rel_cause(call, ISUP_CAUSE_TEMPORARY_FAILURE);
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
	case ISUP_CPC_REQ_ACM:
		isup_cpc_send(call, data);
		isup_cpc_state_chg(call, ISUP_CPC_ST_IN_WAIT_ANM);
		break;
	case ISUP_CPC_REQ_CON:
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
