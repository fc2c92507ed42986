/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of the session: hold and suspension both ways, what cannot be told yet waits for its time; other offers. */

#include <errno.h>

#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>

#include "mapping/iwu_identity.h"
#include "mapping/iwu_in.h"
#include "mapping/iwu_out.h"
#include "mapping/map_progress.h"
#include "isup/isup_t113.h"

/* ---- What is of a dialog ---- */

bool iwu_noted(const struct iwu *iwu, uint8_t bit)
{
	return iwu->sip && *sip_call_note(iwu->sip) & bit;
}

void iwu_note(struct iwu *iwu, uint8_t bit, bool on)
{
	uint8_t *note = iwu->sip ? sip_call_note(iwu->sip) : NULL;

	if (note)
		*note = on ? *note | bit : *note & ~bit;
}

/* ---- Towards SIP ---- */

/* What the peer is to know of the session it knows. */
static bool is_told(const struct iwu *iwu)
{
	return (bool)iwu->held_by == iwu_noted(iwu, IWU_NOTE_HOLD_TOLD) && !iwu_media_is_due(iwu) &&
	       !sip_call_wants_refresh(iwu->sip);
}

/* RFC 3398 9.1, 9.2, TS 29.163 9.2.10: UPDATE before the answer, where the early dialog has a session that it can
 * change, and re-INVITE after; one at a time, what has changed meanwhile follows. RFC 4028 10: one that changes nothing
 * refreshes the session. Of several early dialogs each has a session of its own (RFC 3261 13.2.2.4, RFC 3264 4): one is
 * told when it is heard of, at the latest when it has answered. */
void iwu_hold_update(struct iwu *iwu)
{
	struct sip_prim prim = { .method = iwu->answered_us ? SIP_INVITE : SIP_UPDATE };
	char sdp[IWU_SDP_MAX];

	if (!iwu->sip || !iwu->media || iwu->leg.modifying || is_told(iwu) ||
	    (!iwu->answered_us && iwu_noted(iwu, IWU_NOTE_HOLD_LATE)))
		return;
	if (sip_call_may_modify(iwu->sip, prim.method) < 0)
		return;
	iwu->leg.media_asked = iwu_media_ask(iwu);
	/* a medium that the call cannot have is not asked for */
	if (is_told(iwu))
		return;
	if (iwu_media_local(iwu, MEDIA_SDP_OFFER, &prim, sdp, sizeof(sdp)) < 0 || iwu_to_sip(iwu, &prim) < 0) {
		iwu_media_unask(iwu);
		return;
	}
	iwu->leg.modifying = prim.method;
	iwu->leg.hold_asked = iwu->held_by;
}

/* A session description of the peer that says what it wants: an offer, or the answer to an offer that wanted all */
static void peer_offered(struct iwu *iwu, const struct sip_msg *msg)
{
	iwu_note(iwu, IWU_NOTE_PEER_HOLDS, sip_msg_sdp_holds(msg));
	iwu_peer_hold_update(iwu);
}

/* A refusal leaves the peer's media as they were; the call goes on. Before the answer that is another chance. */
void iwu_modified(struct iwu *iwu, const struct sip_prim *prim)
{
	bool agreed = prim->status < 300 && prim->session == SIP_SESSION_ANSWER, for_medium;
	int rc = agreed ? iwu_media_take_sdp(iwu, prim->msg) : -ENOMSG;

	iwu->leg.modifying = 0;
	for_medium = iwu_media_answered(iwu, prim, rc) && !agreed;
	iwu_note(iwu, IWU_NOTE_HOLD_LATE, prim->method == SIP_UPDATE && !agreed);
	if (!iwu_noted(iwu, IWU_NOTE_HOLD_LATE) && !for_medium)
		iwu_note(iwu, IWU_NOTE_HOLD_TOLD, iwu->leg.hold_asked);
	if (iwu->leg.telling)
		iwu_connected_told(iwu);
	if (prim->status >= 300 && !for_medium)
		LOGPFSML(iwu->fi, LOGL_INFO, "%s refused: %u\n", iwu->leg.hold_asked ? "hold" : "retrieval",
			 prim->status);
	/* to an offer that wants nothing, the answer does not say what the peer would want */
	if ((rc == 0 || rc == -EINPROGRESS) && !iwu->leg.hold_asked)
		peer_offered(iwu, prim->msg);
	iwu_hold_update(iwu);
	iwu_tell_connected(iwu);
}

/* Final response to an UPDATE of ours: of a hold, of preconditions, or of who has answered */
void iwu_updated(struct iwu *iwu, const struct sip_prim *prim)
{
	if (iwu->leg.modifying == SIP_UPDATE) {
		iwu_modified(iwu, prim);
		return;
	}
	if (iwu->leg.telling) {
		iwu_connected_told(iwu);
		iwu_hold_update(iwu);
		return;
	}
	if (!iwu->leg.confirming)
		return;
	iwu->leg.confirming = false;
	if (prim->session == SIP_SESSION_ANSWER) {
		iwu_media_take_sdp(iwu, prim->msg);
		iwu_note(iwu, IWU_NOTE_HOLD_TOLD, iwu->leg.hold_asked);
	}
	iwu_hold_update(iwu);
}

/* RFC 3261 14.1, RFC 6337 5.3: after a glare what is wanted by now; maybe an answer of ours has said it already. */
void iwu_ready(struct iwu *iwu)
{
	bool confirming = iwu->leg.confirming;

	iwu->leg.modifying = 0;
	iwu->leg.telling = false;		/* what it told is still to be told */
	iwu->leg.confirming = false;	/* iwu_confirm() may be too late by now */
	iwu_media_unask(iwu);
	if (confirming)
		iwu_confirm(iwu);
	else
		iwu_hold_update(iwu);
	iwu_tell_connected(iwu);
}

void iwu_leg_changed(struct iwu *iwu, bool hold_told)
{
	if (iwu->leg.early_media_barred)
		iwu_media_through(iwu, MEDIA_THROUGH_BACKWARD);
	talloc_free(iwu->leg.identity);
	iwu->leg = (struct iwu_leg){ .hold_asked = hold_told };
	if (iwu->sip)
		*sip_call_note(iwu->sip) = hold_told ? IWU_NOTE_HOLD_TOLD : 0;
}

void iwu_set_held(struct iwu *iwu, uint8_t by, bool held)
{
	iwu->held_by = held ? iwu->held_by | by : iwu->held_by & ~by;
	if (iwu->media)
		iwu->mapping->media->ops->hold(iwu->media, iwu->held_by);
}

/* ---- Towards ISUP ---- */

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

/* Q.764 2.1: no CPG before ACM or CON has gone backwards */
static bool may_notify(const struct iwu *iwu)
{
	if (iwu->fi->fsm == &iwu_in_fsm)
		return iwu->fi->state >= IN_ST_NOT_ALERTING;
	return iwu->fi->state >= OUT_ST_PROGRESSING && iwu->fi->state != OUT_ST_CONNECTING;
}

void iwu_peer_hold_update(struct iwu *iwu)
{
	bool holds = iwu_noted(iwu, IWU_NOTE_PEER_HOLDS);

	if (!iwu->isup || holds == iwu->peer_hold_told || !may_notify(iwu))
		return;
	iwu->peer_hold_told = holds;
	send_notification(iwu, holds ? ISUP_NOTIFICATION_REMOTE_HOLD : ISUP_NOTIFICATION_REMOTE_RETRIEVAL);
}

/* ---- What the exchange says ---- */

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

bool iwu_isup_holds(struct iwu *iwu, const struct isup_msg *cpg)
{
	bool hold = notifies(cpg, ISUP_NOTIFICATION_REMOTE_HOLD);

	if (!hold && !notifies(cpg, ISUP_NOTIFICATION_REMOTE_RETRIEVAL))
		return false;
	iwu_set_held(iwu, IWU_HELD_REMOTELY, hold);
	return true;
}

/* ---- Offers within the dialog ---- */

/* RFC 3261 14.2, RFC 3311 5.2: an offer within the dialog; or a request for one, answered as for a call that is new (so
 * the peer can take back a hold). Nothing of it crosses to ISUP but holds, and who the peer is; an UPDATE without an
 * offer, which has been answered, is for that alone. */
void iwu_reinvite(struct iwu *iwu, const struct sip_prim *ind)
{
	struct sip_prim prim = { .method = ind->method, .status = 200 };
	enum media_sdp kind;
	char sdp[IWU_SDP_MAX];
	int rc;

	iwu_peer_identity(iwu, ind);
	if (ind->method == SIP_UPDATE && ind->session == SIP_SESSION_NONE)
		return;
	/* RFC 3261 14.1: one of ours that was refused for it waits to be sent again; this one is not about that */
	iwu_media_unask(iwu);
	rc = iwu_media_take_sdp(iwu, ind->msg);
	kind = rc == -ENOMSG ? MEDIA_SDP_OFFER : MEDIA_SDP_ANSWER;
	if ((rc < 0 && rc != -EINPROGRESS && rc != -ENOMSG)
	    || (rc = iwu_media_local(iwu, kind, &prim, sdp, sizeof(sdp))) < 0) {
		iwu_refuse_offer(iwu, ind->method, rc);
		return;
	}
	if (iwu_to_sip(iwu, &prim) < 0)
		return;
	iwu_note(iwu, IWU_NOTE_HOLD_TOLD, iwu->held_by);
	/* what the far exchange says of it is all that this one is to hear */
	if (iwu_carry_modification(iwu, ind) && kind == MEDIA_SDP_ANSWER)
		iwu->peer_hold_told = sip_msg_sdp_holds(ind->msg);
	if (kind == MEDIA_SDP_ANSWER)
		peer_offered(iwu, ind->msg);
}

/* Their answer to an offer that they had asked for: which says what they want, unless we wanted nothing */
int iwu_reinvite_acked(struct iwu *iwu, const struct sip_msg *msg)
{
	int rc = iwu_media_take_sdp(iwu, msg);

	if ((rc == 0 || rc == -EINPROGRESS) && !iwu_noted(iwu, IWU_NOTE_HOLD_TOLD))
		peer_offered(iwu, msg);
	return rc;
}

/* RFC 3312 7 */
void iwu_confirm(struct iwu *iwu)
{
	struct sip_prim prim = { .method = SIP_UPDATE, .precond = SIP_PRECOND_MET };
	char sdp[IWU_SDP_MAX];

	if (iwu_media_local(iwu, MEDIA_SDP_OFFER, &prim, sdp, sizeof(sdp)) < 0 || iwu_to_sip(iwu, &prim) < 0)
		return;
	iwu->leg.confirming = true;
	iwu->leg.hold_asked = iwu->held_by;
}
