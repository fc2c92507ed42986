/* SPDX-License-Identifier: GPL-3.0-or-later */
/* O-IWU: a call from ISUP to SIP, RFC 3398 clause 8 and 10, Q.1912.5 clause 7. */
#include <errno.h>

#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/tdef.h>
#include <osmocom/core/utils.h>

#include "mapping/iwu_out.h"
#include "mapping/iwu_overlap.h"
#include "mapping/map_cause.h"
#include "mapping/map_progress.h"
#include "mapping/map_service.h"
#include "mapping/map_uui.h"

#define S(x) (1 << (x))

static const struct osmo_tdef_state_timeout out_timeouts[32] = {
	[OUT_ST_COLLECTING] = { .T = MAP_T35 },
	[OUT_ST_MEDIA] = { .T = MAP_X1_MEDIA },
	[OUT_ST_OVERLAP] = { .T = MAP_X4_DIGITS },
	[OUT_ST_TRYING] = { .T = MAP_T11 },
	[OUT_ST_CONNECTING] = { .T = MAP_X1_MEDIA },
	[OUT_ST_ANSWERING] = { .T = MAP_X1_MEDIA },
};

void iwu_out_state_chg(struct iwu *iwu, enum iwu_out_state state)
{
	osmo_tdef_fsm_inst_state_chg(iwu->fi, state, out_timeouts, iwu->mapping->tdefs, -1);
}

/* ---- set-up ---- */

/* Idle: RFC 3398 8.2.1. The IAM is taken as complete, unless its number may come in parts. */
static void out_idle(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct iwu *iwu = fi->priv;

	switch (event) {
	case IWU_EV_ISUP_IAM:
		iwu_out_overlap_begin(iwu, data);
		iwu_out_begin_number(iwu, data);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* Collecting, overlap */
static void out_digits(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	switch (event) {
	case IWU_EV_ISUP_SAM:
		iwu_out_overlap_sam(fi->priv, data);
		break;
	case IWU_EV_MEDIA_DONE:		/* of an 18x's SDP */
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void out_media(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct iwu *iwu = fi->priv;
	struct map_called called;
	struct isup_msg iam;

	switch (event) {
	case IWU_EV_MEDIA_DONE:
		if (iwu_out_reread(iwu, &iam, &called))
			iwu_out_begin(iwu, &iam, &called);
		else
			iwu_out_media_failed(iwu);
		break;
	case IWU_EV_ISUP_SAM:
		iwu_out_overlap_sam(iwu, data);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* ---- progress ---- */

/* said: the SIP message that it comes of; NULL: none */
static void out_send_acm(struct iwu *iwu, uint8_t called_status, bool inband, const struct sip_msg *said)
{
	struct isup_msg acm;

	map_acm_init(&acm, isup_call_dialect(iwu->isup), iwu->profile, called_status, inband);
	iwu_bearer_put_tmu(iwu, &acm);
	iwu_pstn_back(iwu, &acm, said);
	map_uui_from_sip(&acm, said);
	iwu_put_diverted(iwu, &acm);
	iwu_to_isup(iwu, &acm);
}

static void out_send_cpg(struct iwu *iwu, uint8_t event, const struct sip_prim *prim, const struct sip_msg *said)
{
	struct isup_msg cpg;

	map_cpg_init(&cpg, isup_call_dialect(iwu->isup), event);
	iwu_pstn_back(iwu, &cpg, said);
	map_uui_from_sip(&cpg, said);
	iwu_put_forwarded(iwu, &cpg, prim);
	iwu_to_isup(iwu, &cpg);
}

/* The peer's SDP in a message. Returns as the media op does, 0 where there is none. */
static int out_take_sdp(struct iwu *iwu, const struct sip_prim *prim)
{
	int rc = prim->session == SIP_SESSION_NONE ? -ENOMSG : iwu_media_take_sdp(iwu, prim->msg);

	if (rc == -ENOMSG)
		return 0;
	if (rc == 0 || rc == -EINPROGRESS) {
		iwu->leg.peer_sdp = true;
		iwu_out_overlap_note_sdp(iwu, prim->msg);
		iwu_bearer_answered(iwu, prim->msg);
	}
	return rc;
}

static void out_progressed(struct iwu *iwu, bool acm_sent, bool alerting)
{
	if (alerting)
		iwu_out_state_chg(iwu, OUT_ST_ALERTING);
	else if (!acm_sent)
		iwu_out_state_chg(iwu, OUT_ST_PROGRESSING);
	iwu_peer_hold_update(iwu);
	iwu_hold_update(iwu);
}

/* RFC 5009 8: may the peer's media be heard before the answer? Only trusted peers are asked, and what they said last
 * in the dialog at hand counts; what is not said (said) their SDP says. The media gateway obeys. */
static bool early_media(struct iwu *iwu, const struct sip_msg *msg, bool *said)
{
	const struct sip_hdr *hdr = iwu_sip_trusted(iwu) ? sip_msg_hdr(msg, SIP_HDR_P_EARLY_MEDIA) : NULL;
	struct sip_str list = hdr ? hdr->value : (struct sip_str){};
	enum sip_early_media em;
	bool barred = hdr ? false : iwu_noted(iwu, IWU_NOTE_BARRED);

	*said = false;
	while (hdr && sip_early_media_take(&em, &list) == 0) {
		if (em == SIP_EM_SENDRECV || em == SIP_EM_SENDONLY)
			*said = true;
		else if (em == SIP_EM_RECVONLY || em == SIP_EM_INACTIVE)
			barred = true;
	}
	if (barred != iwu->leg.early_media_barred && iwu->media)
		iwu_media_through(iwu, barred ? MEDIA_THROUGH_NONE : MEDIA_THROUGH_BACKWARD);
	iwu->leg.early_media_barred = barred;
	iwu_note(iwu, IWU_NOTE_BARRED, barred);
	return !barred;
}

/* From here on the call stays with this peer, which may redirect it. */
static void out_stays(struct iwu *iwu)
{
	iwu->leg.progressed = true;
	if (iwu_out_may_redirect(iwu) && !iwu->overlap)
		iwu_routes_drop(iwu);
	else
		iwu_setup_drop(iwu);
}

/* RFC 3398 8.2.3. An answer that is no good is left for the 2xx to mend; media plays as soon as one was good. */
static void out_18x(struct iwu *iwu, const struct sip_prim *prim)
{
	bool acm_sent = iwu->fi->state != OUT_ST_TRYING;
	struct map_backward to;
	bool authorised, said;
	uint16_t meant;

	if (iwu_out_overlap_18x(iwu, prim))
		return;
	out_stays(iwu);
	out_take_sdp(iwu, prim);
	if (prim->precond == SIP_PRECOND_CONFIRM)
		iwu_confirm(iwu);
	meant = iwu_progress_by_body(iwu, prim, acm_sent);
	if (meant == IWU_COVER)
		return;
	if (meant) {
		out_progressed(iwu, acm_sent, meant == 180);
		return;
	}
	authorised = early_media(iwu, prim->msg, &said);
	to = map_18x_to_isup(iwu->profile, prim->status, acm_sent, iwu->leg.peer_sdp && authorised);
	/* whatever an operator's table says: there is one ACM, and nothing before it */
	if (acm_sent)
		to.acm_status = MAP_NO_ACM;
	else if (to.acm_status == MAP_NO_ACM)
		return;
	if (to.acm_status != MAP_NO_ACM)
		out_send_acm(iwu, to.acm_status, iwu->leg.peer_sdp && authorised && (said || prim->status == 183),
			     prim->msg);
	if (to.event)
		out_send_cpg(iwu, iwu_forwarded_event(iwu, prim, to.event), prim,
			     to.acm_status == MAP_NO_ACM ? prim->msg : NULL);
	out_progressed(iwu, acm_sent, to.acm_status == ISUP_CALLED_SUBSCRIBER_FREE || to.event == ISUP_EVENT_ALERTING);
}

/* ---- answer ---- */

/* Of a 200 without ISUP in it; said NULL: it is not at hand any more */
static void out_answer_init(const struct iwu *iwu, struct isup_msg *msg, bool acm_sent, const struct sip_msg *said)
{
	const struct isup_dialect *dialect = isup_call_dialect(iwu->isup);

	if (acm_sent || !isup_msg_def(dialect, ISUP_MSG_CON))
		map_anm_init(msg, dialect);
	else
		map_con_init(msg, dialect, iwu->profile);
	map_uui_from_sip(msg, said);
	iwu_pstn_back(iwu, msg, said);
	iwu_put_connected(iwu, msg, said);
	iwu_put_forwarded_answer(iwu, msg, said);
}

/* What the 200 has for the exchange, until media is through */
static void out_keep_answer(struct iwu *iwu, bool acm_sent, const struct sip_msg *said)
{
	struct isup_msg msg;

	out_answer_init(iwu, &msg, acm_sent, said);
	/* BCI is of the profile */
	if (msg.n_pars > (msg.type == ISUP_MSG_CON))
		iwu_keep_isup(iwu, &msg);
}

/* RFC 3398 8.2.4 */
static void out_send_answer(struct iwu *iwu, bool acm_sent, const struct sip_msg *said)
{
	const struct isup_dialect *dialect = isup_call_dialect(iwu->isup);
	bool con = !acm_sent && isup_msg_def(dialect, ISUP_MSG_CON);
	struct isup_msg msg, kept;
	int rc = 0;

	/* A dialect without CON: ANM alone (ANSI, RFC 3666 3.2), or both one after the other */
	if (!acm_sent && !con && !isup_call_allows(iwu->isup, ISUP_MSG_ANM)) {
		map_acm_init(&msg, dialect, iwu->profile, ISUP_CALLED_SUBSCRIBER_FREE, false);
		rc = iwu_to_isup(iwu, &msg);
		acm_sent = true;
	}
	if (iwu_kept_decode(iwu, &kept, iwu->setup) && kept.type == (con ? ISUP_MSG_CON : ISUP_MSG_ANM))
		map_sipi_pass(&msg, &kept);
	else
		out_answer_init(iwu, &msg, acm_sent, said);
	iwu_bearer_put_tmu(iwu, &msg);
	iwu_put_diverted(iwu, &msg);
	if (rc < 0 || iwu_to_isup(iwu, &msg) < 0) {
		iwu_out_refuse(iwu, ISUP_CAUSE_TEMPORARY_FAILURE);
		return;
	}
	iwu_setup_drop(iwu);
	TALLOC_FREE(iwu->redirect);
	iwu_count(iwu, MAP_CTR_ISUP_SIP_ANSWERED);
	iwu_out_state_chg(iwu, OUT_ST_CONNECTED);
	iwu_peer_hold_update(iwu);
	iwu_hold_update(iwu);
}

/* Media in both directions before the exchange hears of the answer; with no SDP that can be used the call ends. */
static void out_200(struct iwu *iwu, const struct sip_prim *prim)
{
	bool acm_sent = iwu->fi->state != OUT_ST_TRYING;
	struct isup_msg msg;
	int rc;

	iwu_out_overlap_cancel(iwu);
	TALLOC_FREE(iwu->overlap);
	iwu_setup_drop(iwu);
	if (iwu_answer_by_body(iwu, &msg, prim, acm_sent))
		iwu_keep_isup(iwu, &msg);
	iwu_answered(iwu);
	iwu_out_state_chg(iwu, acm_sent ? OUT_ST_ANSWERING : OUT_ST_CONNECTING);
	rc = out_take_sdp(iwu, prim);
	if (rc == 0 && !iwu->leg.peer_sdp)
		rc = -EBADMSG;
	if (rc == 0 || rc == -EINPROGRESS)
		rc = iwu_media_all(rc, iwu_media_through(iwu, MEDIA_THROUGH_BOTH));
	switch (rc) {
	case 0:
		out_send_answer(iwu, acm_sent, prim->msg);
		break;
	case -EINPROGRESS:
		if (!iwu->setup)
			out_keep_answer(iwu, acm_sent, prim->msg);
		break;
	case -EPROTONOSUPPORT:
		iwu_out_refuse(iwu, ISUP_CAUSE_BEARER_NOT_IMPLEMENTED);
		break;
	case -EBADMSG:
		iwu_out_refuse(iwu, ISUP_CAUSE_INCOMPATIBLE_DESTINATION);
		break;
	default:
		iwu_out_media_failed(iwu);
	}
}

/* Trying, progressing, alerting */
static void out_calling(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	switch (event) {
	case IWU_EV_SIP_18X:
		out_18x(fi->priv, data);
		break;
	case IWU_EV_SIP_2XX:
		out_200(fi->priv, data);
		break;
	case IWU_EV_SIP_REFUSED:
		iwu_out_refused(fi->priv, data);
		break;
	case IWU_EV_ISUP_SAM:
		iwu_out_overlap_sam(fi->priv, data);
		break;
	case IWU_EV_ISUP_CPG:		/* of the calling side: Q.733.2 */
		iwu_isup_notification(fi->priv, data);
		break;
	case IWU_EV_MEDIA_DONE:		/* of an 18x's SDP */
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* The peer has answered: it may change its side at once */
static void out_renegotiating(struct iwu *iwu, uint32_t event, const struct sip_prim *prim)
{
	switch (event) {
	case IWU_EV_SIP_REINVITE:
		iwu_reinvite(iwu, prim);
		break;
	case IWU_EV_SIP_MODIFIED:
		iwu_modified(iwu, prim);
		break;
	case IWU_EV_SIP_ACK:		/* of a re-INVITE; with the answer where that had no offer */
		if (prim->session == SIP_SESSION_ANSWER)
			iwu_reinvite_acked(iwu, prim->msg);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* Connecting, answering */
static void out_answering(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	switch (event) {
	case IWU_EV_MEDIA_DONE:
		out_send_answer(fi->priv, fi->state == OUT_ST_ANSWERING, NULL);
		break;
	case IWU_EV_ISUP_CPG:
		iwu_isup_notification(fi->priv, data);
		break;
	default:
		out_renegotiating(fi->priv, event, data);
	}
}

static void out_connected(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	switch (event) {
	case IWU_EV_MEDIA_DONE:		/* of a re-INVITE's SDP */
		break;
	case IWU_EV_ISUP_CPG:
		iwu_isup_notification(fi->priv, data);
		break;
	default:
		out_renegotiating(fi->priv, event, data);
	}
}

/* ---- release ---- */

static void out_allstate(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct iwu *iwu = fi->priv;
	const struct sip_prim *prim = data;
	struct isup_cause cause;

	switch (event) {
	case IWU_EV_SIP_UPDATE:
		iwu_reinvite(iwu, prim);
		break;
	case IWU_EV_SIP_UPDATED:
		if (prim->session == SIP_SESSION_ANSWER)
			iwu_bearer_answered(iwu, prim->msg);
		iwu_updated(iwu, prim);
		break;
	case IWU_EV_SIP_READY:
		iwu_ready(iwu);
		break;
	case IWU_EV_ISUP_OTHER:
		iwu_isup_other(iwu, data);
		break;
	case IWU_EV_ISUP_REL:
	case IWU_EV_ISUP_FAILED:
		iwu_out_rel(iwu, data);
		break;
	case IWU_EV_SIP_BYE:
		iwu->ending = prim->msg;
		map_request_to_cause(iwu->profile, &cause, prim->method, prim->msg, iwu->mapping->cfg.location);
		iwu_release_isup_by_bye(iwu, prim, &cause);
		iwu_out_sip_ended(iwu, &cause);
		break;
	case IWU_EV_SIP_FAILED:
		iwu_out_sip_failed(iwu, prim);
		break;
	case IWU_EV_MEDIA_FAILED:
		iwu_out_media_failed(iwu);
		break;
	case IWU_EV_MEDIA_WANTS:
		iwu_media_wants(iwu, *(const enum media_kind *)data);
		break;
	case IWU_EV_STOP:
		iwu_out_refuse(iwu, ISUP_CAUSE_TEMPORARY_FAILURE);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* RFC 3398 8.2.8: T11 keeps the preceding exchange's T7 from expiring; the INVITE may still go another way. */
static int out_timeout(struct osmo_fsm_inst *fi)
{
	struct iwu *iwu = fi->priv;

	switch (fi->state) {
	case OUT_ST_COLLECTING:		/* RFC 3578 2.1 */
		iwu_out_refuse(iwu, ISUP_CAUSE_ADDRESS_INCOMPLETE);
		break;
	case OUT_ST_OVERLAP:
		iwu_out_overlap_end(iwu);
		break;
	case OUT_ST_TRYING:
		out_send_acm(iwu, ISUP_CALLED_NO_INDICATION, false, NULL);
		iwu_out_state_chg(iwu, OUT_ST_PROGRESSING);
		break;
	default:
		iwu_out_media_failed(iwu);
	}
	return 0;
}

#define OUT_CALLING_EVENTS (S(IWU_EV_SIP_18X) | S(IWU_EV_SIP_2XX) | S(IWU_EV_SIP_REFUSED) | S(IWU_EV_MEDIA_DONE))
#define OUT_ANSWERED_EVENTS (S(IWU_EV_SIP_REINVITE) | S(IWU_EV_SIP_MODIFIED) | S(IWU_EV_SIP_ACK) | \
			     S(IWU_EV_MEDIA_DONE))

static const struct osmo_fsm_state out_states[] = {
	[OUT_ST_IDLE] = {
		.name = "IDLE",
		.in_event_mask = S(IWU_EV_ISUP_IAM),
		.out_state_mask = S(OUT_ST_COLLECTING) | S(OUT_ST_MEDIA) | S(OUT_ST_TRYING),
		.action = out_idle,
	},
	[OUT_ST_COLLECTING] = {
		.name = "COLLECTING",
		.in_event_mask = S(IWU_EV_ISUP_SAM),
		.out_state_mask = S(OUT_ST_COLLECTING) | S(OUT_ST_MEDIA) | S(OUT_ST_TRYING),
		.action = out_digits,
	},
	[OUT_ST_MEDIA] = {
		.name = "MEDIA",
		.in_event_mask = S(IWU_EV_MEDIA_DONE) | S(IWU_EV_ISUP_SAM),
		.out_state_mask = S(OUT_ST_TRYING),
		.action = out_media,
	},
	[OUT_ST_OVERLAP] = {
		.name = "OVERLAP",
		.in_event_mask = S(IWU_EV_ISUP_SAM) | S(IWU_EV_MEDIA_DONE),
		.out_state_mask = S(OUT_ST_TRYING),
		.action = out_digits,
	},
	[OUT_ST_TRYING] = {
		.name = "TRYING",
		.in_event_mask = OUT_CALLING_EVENTS | S(IWU_EV_ISUP_SAM),
		.out_state_mask = S(OUT_ST_OVERLAP) | S(OUT_ST_TRYING) | S(OUT_ST_PROGRESSING) |
				  S(OUT_ST_ALERTING) | S(OUT_ST_CONNECTING),
		.action = out_calling,
	},
	[OUT_ST_PROGRESSING] = {
		.name = "PROGRESSING",
		.in_event_mask = OUT_CALLING_EVENTS | S(IWU_EV_ISUP_CPG),
		.out_state_mask = S(OUT_ST_ALERTING) | S(OUT_ST_ANSWERING),
		.action = out_calling,
	},
	[OUT_ST_ALERTING] = {
		.name = "ALERTING",
		.in_event_mask = OUT_CALLING_EVENTS | S(IWU_EV_ISUP_CPG),
		.out_state_mask = S(OUT_ST_ALERTING) | S(OUT_ST_ANSWERING),
		.action = out_calling,
	},
	[OUT_ST_CONNECTING] = {
		.name = "CONNECTING",
		.in_event_mask = OUT_ANSWERED_EVENTS,
		.out_state_mask = S(OUT_ST_CONNECTED),
		.action = out_answering,
	},
	[OUT_ST_ANSWERING] = {
		.name = "ANSWERING",
		.in_event_mask = OUT_ANSWERED_EVENTS | S(IWU_EV_ISUP_CPG),
		.out_state_mask = S(OUT_ST_CONNECTED),
		.action = out_answering,
	},
	[OUT_ST_CONNECTED] = {
		.name = "CONNECTED",
		.in_event_mask = OUT_ANSWERED_EVENTS | S(IWU_EV_ISUP_CPG),
		.action = out_connected,
	},
};

struct osmo_fsm iwu_out_fsm = {
	.name = "iwu-out",
	.states = out_states,
	.num_states = ARRAY_SIZE(out_states),
	.allstate_event_mask = S(IWU_EV_SIP_UPDATE) | S(IWU_EV_SIP_UPDATED) | S(IWU_EV_SIP_READY) |
			       S(IWU_EV_SIP_BYE) | S(IWU_EV_SIP_FAILED) | S(IWU_EV_ISUP_OTHER) | S(IWU_EV_ISUP_REL) |
			       S(IWU_EV_ISUP_FAILED) | S(IWU_EV_MEDIA_FAILED) | S(IWU_EV_MEDIA_WANTS) | S(IWU_EV_STOP),
	.allstate_action = out_allstate,
	.timer_cb = out_timeout,
	.log_subsys = DIWU,
	.event_names = iwu_event_names,
};
