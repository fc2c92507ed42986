/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuit reservation, ANSI T1.113.4: CRM and CRA before the IAM, from both ends; and EXM. */

#include <string.h>

#include <osmocom/core/msgb.h>
#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_cpc.h"
#include "isup_priv.h"
#include "isup_t113.h"

/* In the octet after the message type of IAM: Q.763 3.35 DC, of which 1 requires a check of this circuit */
#define NCI_CONTINUITY	0x0c
#define NCI_REQUIRED	0x04

/* ---- By us: CRM goes first, IAM and what follows it when CRA has come ---- */

bool isup_reserve_wanted(const struct isup_call *call)
{
	return call->group->cfg.reserve && isup_dialect_has(call->dialect, ISUP_MSG_CRM);
}

void isup_reserve_hold(struct isup_call *call, const uint8_t *octets, size_t len)
{
	struct msgb *copy = msgb_alloc_c(call, len, __func__);

	if (!copy)
		return;
	memcpy(msgb_put(copy, len), octets, len);
	msgb_enqueue(&call->held, copy);
}

/* The check, if one is wanted, is that of the IAM. */
void isup_reserve_start(struct isup_call *call, const struct isup_call_req *iam)
{
	uint8_t nci = iam->octets[1] & ~NCI_CONTINUITY;
	struct isup_msg crm;

	isup_msg_init(&crm, call->dialect, ISUP_MSG_CRM);
	isup_msg_put_octets(&crm, ISUP_PAR_NCI, &nci, 1);
	isup_reserve_hold(call, iam->octets, iam->len);
	isup_tx(call->circuit, &crm);
	isup_call_start_timer(call, ISUP_TCRM);
	isup_cpc_state_chg(call, ISUP_CPC_ST_OUT_RESERVING);
}

/* CRA: the IAM takes the circuit. */
static void reserved(struct isup_call *call)
{
	bool check = false;
	struct msgb *copy;
	LLIST_HEAD(held);

	llist_splice_init(&call->held, &held);
	isup_timers_stop(&call->timers, ISUP_TCRM);
	isup_cpc_state_chg(call, ISUP_CPC_ST_OUT_WAIT_ACM);
	isup_call_start_timer(call, ISUP_T7);
	while ((copy = msgb_dequeue(&held))) {
		if (copy->data[0] == ISUP_MSG_IAM)
			check = (copy->data[1] & NCI_CONTINUITY) == NCI_REQUIRED;
		isup_tx_octets(call->circuit, copy->data, copy->len);
		msgb_free(copy);
	}
	if (check)
		isup_cot_out(call->circuit);
}

/* TCRM: what the far end thinks of the circuit is not known; the call goes over another one. */
static void not_reserved(struct isup_call *call)
{
	isup_reset_start(call->circuit, 1);
	isup_cpc_fail(call, ISUP_CPC_TRY_ANOTHER);
}

void isup_cpco_reserving(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	const struct isup_call_req *req = data;
	const struct isup_msg *msg = data;
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_RESERVATION:
		if (msg->type == ISUP_MSG_CRA)
			reserved(call);
		else
			isup_cpco_dual_seizure(call, msg);
		break;
	case ISUP_CPC_RX_IAM:
		isup_cpco_dual_seizure(call, msg);
		break;
	case ISUP_CPC_RX_UCIC:
		isup_reset_unequipped(call->circuit);
		isup_cpc_fail(call, ISUP_CPC_TRY_ANOTHER);
		break;
	case ISUP_CPC_RX_BLO:
		isup_cpc_fail_with_rel(call, ISUP_CPC_TRY_ANOTHER);
		break;
	case ISUP_CPC_REQ_SAM:
	case ISUP_CPC_REQ_COT:
	case ISUP_CPC_REQ_INFO:
		isup_reserve_hold(call, req->octets, req->len);
		break;
	case ISUP_CPC_TIMER:
		not_reserved(call);
		break;
	default:
		isup_cpc_common(call, event, data, ISUP_CPC_TRY_ANOTHER);
	}
}

/* ---- By the far end: the circuit is kept for its IAM until TCRA ---- */

static void acknowledge(struct isup_call *call)
{
	isup_tx_bare(call->circuit, ISUP_MSG_CRA);
	isup_call_start_timer(call, ISUP_TCRA);
}

/* CRM that requires a check: the loop stays until COT, which the IAM follows. */
void isup_reserve_rx(struct isup_call *call, const struct isup_msg *crm)
{
	struct isup_nci nci;

	isup_cpc_state_chg(call, ISUP_CPC_ST_IN_RESERVED);
	acknowledge(call);
	if (isup_msg_get(crm, ISUP_PAR_NCI, &nci) == 0 && nci.continuity == 1)
		isup_cot_in(call->circuit);
}

static void rx_iam(struct isup_call *call, const struct isup_msg *iam)
{
	isup_timers_stop_all(&call->timers);
	isup_cot_call_left(call->circuit);
	isup_call_start_incoming(call, iam);
}

static void rx_cot(struct isup_call *call, const struct isup_msg *cot)
{
	if (isup_cot_successful(cot)) {
		isup_cot_call_left(call->circuit);
		isup_call_start_timer(call, ISUP_TCRA);
		return;
	}
	isup_cot_in_failed(call->circuit);
	isup_call_free(call);
}

void isup_cpci_reserved(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	const struct isup_msg *msg = data;
	struct isup_call *call = fi->priv;

	switch (event) {
	case ISUP_CPC_RX_IAM:
		rx_iam(call, msg);
		break;
	case ISUP_CPC_RX_RESERVATION:
		if (msg->type == ISUP_MSG_CRM)
			acknowledge(call);
		break;
	case ISUP_CPC_RX_COT:
		rx_cot(call, msg);
		break;
	case ISUP_CPC_TIMER:		/* TCRA */
		isup_cpci_before_user_failed(call, ISUP_CAUSE_TEMPORARY_FAILURE);
		break;
	default:
		isup_cpci_before_user(call, event, data);
	}
}

/* ---- EXM: towards where the call came from, when it has gone on into another network ---- */

void isup_exit_start(struct isup_call *call)
{
	if (call->group->cfg.exit_message && isup_dialect_has(call->dialect, ISUP_MSG_EXM))
		isup_call_start_timer(call, ISUP_TEXM);
}

void isup_exit_send(struct isup_call *call)
{
	isup_tx_bare(call->circuit, ISUP_MSG_EXM);
}
