/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Availability of the user part at a destination, Q.764 2.13: UPT and UPA, T4. */

#include <osmocom/core/utils.h>

#include "isup_priv.h"

/* One that the far end has not said to lack, if there is one */
static struct isup_circuit *equipped_circuit(const struct isup_dest *dest)
{
	struct isup_circuit *first = isup_dest_first_circuit(dest), *circuit = first;
	unsigned int cic;

	for (cic = first ? first->cic : 1u << dest->dialect->cic_bits; cic < 1u << dest->dialect->cic_bits; cic++) {
		circuit = isup_dest_circuit(dest, cic);
		if (circuit && !circuit->unequipped)
			return circuit;
	}
	return first;
}

/* 2.13.2: UPT on a circuit that is equipped at both ends, until anything comes from there */
static void test(struct isup_dest *dest)
{
	struct isup_circuit *circuit = equipped_circuit(dest);

	if (!circuit)
		return;
	isup_tx_bare(circuit, ISUP_MSG_UPT);
	isup_dest_start_timer(dest, ISUP_T4);
}

/* 2.13.2: what comes while T4 runs is ignored. One who has no ISUP is not tested: it says by itself that it has. While
 * the destination is being proven that is test enough. */
void isup_dest_user_unavailable(struct isup_dest *dest, enum isup_mtp_status status)
{
	if (dest->state != ISUP_DEST_AVAILABLE)
		return;
	isup_dest_lost(dest, ISUP_DEST_NO_USER);
	isup_alarm_raise_dest(&dest->user_part, dest, -1, ISUP_ALARM_USER_PART);
	if (status != ISUP_MTP_STATUS_UP_UNEQUIPPED)
		test(dest);
}

void isup_dest_t4(struct isup_dest *dest)
{
	test(dest);
}

void isup_dest_user_available(struct isup_dest *dest)
{
	isup_timers_stop(&dest->timers, ISUP_T4);
	isup_alarm_clear(&dest->user_part);
}
