/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services within a call: hold and suspension both ways, messages carried in INFO, messages carried. */
#include <errno.h>
#include <stdio.h>

#include <osmocom/core/logging.h>
#include <osmocom/core/utils.h>

#include "mapping/iwu_out.h"
#include "mapping/map_progress.h"
#include "mapping/map_service.h"
#include "isup/isup_t113.h"

/* ---- Hold towards SIP ---- */

/* RFC 3398 9.1, 9.2, TS 29.163 9.2.10: one re-INVITE at a time; what has changed meanwhile follows. */
void iwu_hold_update(struct iwu *iwu)
{
	bool hold = iwu->held_by;
	struct sip_prim prim = { .method = SIP_INVITE };
	char sdp[IWU_SDP_MAX];

	if (!iwu->sip || !iwu->media || iwu->modifying || hold == iwu->hold_sent)
		return;
	if (iwu_media_local(iwu, hold ? MEDIA_SDP_HOLD : MEDIA_SDP_OFFER, &prim, sdp, sizeof(sdp)) < 0 ||
	    iwu_to_sip(iwu, &prim) < 0)
		return;
	iwu->modifying = true;
	iwu->hold_sent = hold;
}

/* A refusal leaves the peer's media as they were; the call goes on. */
void iwu_modified(struct iwu *iwu, const struct sip_prim *prim)
{
	iwu->modifying = false;
	if (prim->status < 300 && prim->session == SIP_SESSION_ANSWER)
		iwu_media_take_sdp(iwu, prim->msg);
	else if (prim->status >= 300)
		LOGPFSML(iwu->fi, LOGL_INFO, "%s refused: %u\n", iwu->hold_sent ? "hold" : "retrieval", prim->status);
	iwu_hold_update(iwu);
}

static void set_held(struct iwu *iwu, uint8_t by, bool held)
{
	iwu->held_by = held ? iwu->held_by | by : iwu->held_by & ~by;
	iwu_hold_update(iwu);
}

/* ---- Hold towards ISUP ---- */

/* RFC 3398 9.2, TS 29.163 9.2.9: CPG, whose indicator a dialect may have in another parameter */
static void send_notification(struct iwu *iwu, uint8_t notification)
{
	struct isup_notifications notifications = { .n = 1, .items = { { notification } } };
	struct isup_msg cpg;

	map_cpg_init(&cpg, isup_call_dialect(iwu->isup), ISUP_EVENT_PROGRESS);
	if (isup_par_def(cpg.dialect, ISUP_PAR_GENERIC_NOTIFICATION))
		isup_msg_put(&cpg, ISUP_PAR_GENERIC_NOTIFICATION, &notifications);
	else
		isup_msg_put(&cpg, ISUP_PAR_NOTIFICATION_IND, &notifications);
	iwu_to_isup(iwu, &cpg);
}

void iwu_peer_offered(struct iwu *iwu, const struct sip_msg *msg)
{
	bool holds;

	/* an exchange that waits for ACM or ANM knows of nobody who could hold */
	if (!iwu->answered_us || !iwu->isup ||
	    (iwu->fi->fsm == &iwu_out_fsm && iwu->fi->state < OUT_ST_CONNECTED))
		return;
	holds = sip_msg_sdp_holds(msg);
	if (holds == iwu->peer_holds)
		return;
	iwu->peer_holds = holds;
	send_notification(iwu, holds ? ISUP_NOTIFICATION_REMOTE_HOLD : ISUP_NOTIFICATION_REMOTE_RETRIEVAL);
}

/* ---- Messages from ISUP ---- */

static bool notifies(const struct isup_msg *msg, uint8_t notification)
{
	struct isup_notifications n;

	if (isup_msg_get(msg, ISUP_PAR_GENERIC_NOTIFICATION, &n) < 0 &&
	    isup_msg_get(msg, ISUP_PAR_NOTIFICATION_IND, &n) < 0)
		return false;
	for (unsigned int i = 0; i < n.n; i++) {
		if (n.items[i].notification == notification)
			return true;
	}
	return false;
}

/* CPG of an answered call: RFC 3398 9.2 */
void iwu_isup_notification(struct iwu *iwu, const struct isup_msg *cpg)
{
	if (iwu_carry_isup(iwu, cpg))
		return;
	if (notifies(cpg, ISUP_NOTIFICATION_REMOTE_HOLD))
		set_held(iwu, IWU_HELD_REMOTELY, true);
	else if (notifies(cpg, ISUP_NOTIFICATION_REMOTE_RETRIEVAL))
		set_held(iwu, IWU_HELD_REMOTELY, false);
	else
		iwu_lost_message(iwu, cpg);
}

/* RFC 3398 9.1: what has begun with re-INVITE ends so. */
void iwu_isup_other(struct iwu *iwu, const struct isup_msg *msg)
{
	bool suspends = msg->type == ISUP_MSG_SUS, resumes = msg->type == ISUP_MSG_RES;

	if (!(iwu->held_by & IWU_HELD_SUSPENDED) && iwu_carry_isup(iwu, msg))
		return;
	if (iwu->answered_us && iwu->profile->suspend_holds && (suspends || resumes))
		set_held(iwu, IWU_HELD_SUSPENDED, suspends);
	else
		iwu_lost_message(iwu, msg);
}
