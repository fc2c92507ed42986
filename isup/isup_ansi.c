/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that only ANSI T1.113 has, received: circuit validation, circuit reservation, exit. */

#include <osmocom/core/utils.h>

#include "isup_ansi.h"
#include "isup_call.h"
#include "isup_compat.h"
#include "isup_priv.h"
#include "isup_t113.h"

/* In another dialect these types mean nothing. */
static bool is_known(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	if (isup_msg_def(msg->dialect, msg->type))
		return true;
	isup_compat_unrecognised(circuit, msg);
	return false;
}

void isup_ansi_rx_cvt(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	if (is_known(circuit, msg))
		isup_validation_rx_cvt(circuit);
}

void isup_ansi_rx_cvr(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	if (is_known(circuit, msg) && !isup_validation_rx_cvr(circuit, msg))
		isup_group_count(circuit->group, ISUP_CTR_UNEXPECTED);
}

/* Where a check is wanted, can its loop be connected, or is it assumed? */
static bool may_check(const struct isup_group *group, const struct isup_msg *crm)
{
	struct isup_nci nci;

	if (isup_msg_get(crm, ISUP_PAR_NCI, &nci) < 0)
		return false;
	return nci.continuity != 1 || isup_cot_able(group) || !group->cfg.cot_refuse;
}

/* A circuit that is in use for something else gets no acknowledgement: the far end tries another one at its TCRM. */
void isup_ansi_rx_crm(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	struct isup_call *call = circuit->call;

	if (!is_known(circuit, msg))
		return;
	if (call && isup_call_expects(call, msg->type)) {
		isup_call_rx(call, msg);
		return;
	}
	if (circuit->idle && may_check(circuit->group, msg)) {
		call = isup_call_alloc(circuit, true);
		if (call)
			isup_reserve_rx(call, msg);
		return;
	}
	isup_group_count(circuit->group, ISUP_CTR_UNEXPECTED);
	LOGP_LIMITED(DISUP, LOGL_NOTICE, "%s/%u: CRM not acknowledged: the circuit is not idle, or cannot be checked\n",
		     circuit->group->name, circuit->cic);
}

/* Late or said twice it means nothing. */
void isup_ansi_rx_cra(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	if (!is_known(circuit, msg))
		return;
	if (circuit->call && isup_call_expects(circuit->call, msg->type))
		isup_call_rx(circuit->call, msg);
	else
		isup_group_count(circuit->group, ISUP_CTR_UNEXPECTED);
}

void isup_ansi_rx_exm(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	char text[256];

	if (!is_known(circuit, msg))
		return;
	isup_msg_print_buf(text, sizeof(text), msg);
	LOGP(DISUP, LOGL_INFO, "%s/%u: %s\n", circuit->group->name, circuit->cic, text);
}
