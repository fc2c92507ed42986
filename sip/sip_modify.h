/* SPDX-License-Identifier: GPL-3.0-or-later */
/* re-INVITE and UPDATE of ours, one at a time: asked for by the user, or to refresh the session. */
#pragma once

#include "sip/sip_call.h"

/* The user's */
int sip_modify_req(struct sip_call *call, const struct sip_prim *prim);
/* RFC 4028 10: UPDATE without a body, or where the peer does not know that, a re-INVITE that changes nothing; READY
 * where the user is to make it, who knows the session (sip_call_wants_refresh()). */
void sip_modify_refresh(struct sip_call *call);
/* A re-INVITE is under way. */
bool sip_modify_is_inviting(const struct sip_call *call);
/* Responses to it, or how it ended */
void sip_modify_rx_invite(struct sip_call *call, struct sip_trans *trans, enum sip_trans_ind ind,
			  const struct sip_msg *msg);
/* The leg is about to change: what had to wait for that looks again. */
void sip_modify_wake(struct sip_call *call);
/* Early dialogs have ended: an UPDATE that was sent in one of them is as good as answered. */
void sip_modify_fork_ended(struct sip_call *call);
void sip_modify_end(struct sip_call *call);
