/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocking and unblocking of a circuit by us, Q.764 2.8.2.1: BLO and UBL until they are acknowledged (BLS). */

#include <osmocom/core/utils.h>

#include "isup_priv.h"
#include "isup_repeat.h"

/* A BLO or UBL that is not acknowledged */
struct isup_block {
	struct isup_repeat repeat;	/* first */
	struct isup_circuit *circuit;
};

static const struct isup_repeat_kind kinds[] = {
	[false] = { ISUP_MSG_UBL, ISUP_T14, ISUP_T15, ISUP_ALARM_UNBLOCK },
	[true] = { ISUP_MSG_BLO, ISUP_T12, ISUP_T13, ISUP_ALARM_BLOCK },
};

static void send(struct isup_repeat *repeat)
{
	isup_tx_bare(((struct isup_block *)repeat)->circuit, repeat->kind->msg_type);
}

static void cleanup(struct isup_repeat *repeat)
{
	((struct isup_block *)repeat)->circuit->block = NULL;
}

static const struct isup_repeat_ops ops = { .name = "block-", .send = send, .cleanup = cleanup };

void isup_block_start(struct isup_circuit *circuit)
{
	circuit->tell_block = false;
	if (!circuit->block) {
		circuit->block = isup_repeat_alloc(circuit, sizeof(*circuit->block), &ops);
		if (!circuit->block)
			return;
		circuit->block->circuit = circuit;
	}
	isup_repeat_start(&circuit->block->repeat, &kinds[circuit->local_blocked]);
}

/* A circuit that is to be reset has BLO after that, if need be. */
void isup_block_tell(struct isup_circuit *circuit)
{
	if (circuit->tell_block && !circuit->needs_reset && !circuit->reset)
		isup_circuit_tell(circuit, ISUP_BLOCK_MAINTENANCE, true);
	circuit->tell_block = false;
}

/* Q.764 2.8.2.3: an acknowledgement that nobody waits for, and that does not fit what is wanted, is contradicted. */
void isup_block_acked(struct isup_circuit *circuit, bool blocked)
{
	static const struct isup_range_status this_one = { .status = { 1 } };

	if (circuit->local_blocked != blocked)
		isup_block_contradict(circuit, ISUP_BLOCK_MAINTENANCE, blocked, &this_one);
	else
		isup_block_cancel_single(circuit);
}

void isup_block_cancel_single(struct isup_circuit *circuit)
{
	if (circuit->block)
		isup_repeat_end(&circuit->block->repeat);
}

void isup_block_cancel(struct isup_circuit *circuit)
{
	isup_block_cancel_single(circuit);
	isup_block_group_withdraw(circuit, ISUP_BLOCK_MAINTENANCE);
	isup_block_group_withdraw(circuit, ISUP_BLOCK_HARDWARE);
	isup_circuit_tell(circuit, ISUP_BLOCK_MAINTENANCE, false);
	isup_circuit_tell(circuit, ISUP_BLOCK_HARDWARE, false);
}

struct isup_repeat *isup_block_repeat(const struct isup_circuit *circuit)
{
	return circuit->block ? &circuit->block->repeat : NULL;
}
