/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services within a call: messages from ISUP that are no step of it. */

#include "mapping/iwu.h"

/* CPG of an answered call, or of the calling side: RFC 3398 9.2 */
void iwu_isup_notification(struct iwu *iwu, const struct isup_msg *cpg)
{
	if (iwu_carry_isup(iwu, cpg))
		return;
	if (iwu_isup_holds(iwu, cpg))
		iwu_hold_update(iwu);
	else
		iwu_lost_message(iwu, cpg);
}

/* RFC 3398 9.1: what has begun with re-INVITE ends so. */
void iwu_isup_other(struct iwu *iwu, const struct isup_msg *msg)
{
	bool suspends = msg->type == ISUP_MSG_SUS, resumes = msg->type == ISUP_MSG_RES;

	if (!(iwu->held_by & IWU_HELD_SUSPENDED) && iwu_carry_isup(iwu, msg))
		return;
	if (!iwu->answered_us || !iwu->profile->suspend_holds || (!suspends && !resumes)) {
		iwu_lost_message(iwu, msg);
		return;
	}
	iwu_set_held(iwu, IWU_HELD_SUSPENDED, suspends);
	iwu_hold_update(iwu);
}

enum map_cug iwu_cug(const struct iwu *iwu)
{
	const struct map_end_cfg *peer = iwu_peer_cfg(iwu);
	const struct map_end_cfg *group = iwu_group_cfg(iwu);

	return peer && peer->cug ? peer->cug : group ? group->cug : MAP_CUG_BY_ACCESS;
}
