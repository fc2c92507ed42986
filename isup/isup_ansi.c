/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that only ANSI T1.113 has, received: circuit validation, circuit reservation, exit. */

#include <osmocom/core/utils.h>

#include "isup_ansi.h"
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

/* T1.113.4 2.8.4: the circuit is there, or the message would not come here; what this end controls (1 odd, 2 even,
 * 3 all) is as the circuit group says. */
static uint8_t double_seizing(const struct isup_circuit *circuit)
{
	switch (circuit->group->cfg.control) {
	case ISUP_CONTROL_ALL:
		return 3;
	case ISUP_CONTROL_NONE:
		return 0;
	default:
		return isup_circuit_controlled(circuit) == (circuit->cic % 2 == 0) ? 2 : 1;
	}
}

void isup_ansi_rx_cvt(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	struct isup_circuit_group_characteristic group = { .carrier = 2, .double_seizing = double_seizing(circuit) };
	struct isup_msg cvr;

	if (!is_known(circuit, msg))
		return;
	isup_msg_init(&cvr, msg->dialect, ISUP_MSG_CVR);
	isup_msg_put(&cvr, ISUP_PAR_CIRCUIT_VALIDATION_RESPONSE, &(uint8_t){ 1 });
	isup_msg_put(&cvr, ISUP_PAR_CIRCUIT_GROUP_CHARACTERISTIC, &group);
	isup_tx(circuit, &cvr);
}

/* The IAM follows the acknowledgement. A circuit that is in use, and one on which a loop would be wanted, get none: the
 * far end tries another one when TCRM expires. */
void isup_ansi_rx_crm(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	struct isup_nci nci;

	if (!is_known(circuit, msg))
		return;
	if (circuit->idle && isup_msg_get(msg, ISUP_PAR_NCI, &nci) == 0 && nci.continuity != 1) {
		isup_tx_bare(circuit, ISUP_MSG_CRA);
		return;
	}
	isup_group_count(circuit->group, ISUP_CTR_UNEXPECTED);
	LOGP_LIMITED(DISUP, LOGL_NOTICE, "%s/%u: CRM not acknowledged: the circuit is not idle, or a check is wanted\n",
		     circuit->group->name, circuit->cic);
}

void isup_ansi_rx_noted(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	char text[256];

	if (!is_known(circuit, msg))
		return;
	isup_msg_print_buf(text, sizeof(text), msg);
	LOGP(DISUP, LOGL_INFO, "%s/%u: %s\n", circuit->group->name, circuit->cic, text);
}
