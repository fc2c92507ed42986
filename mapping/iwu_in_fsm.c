/* SPDX-License-Identifier: GPL-3.0-or-later */
/* I-IWU: a call from SIP to ISUP, RFC 3398 clause 7 and 10, Q.1912.5 clause 6. */
#include <errno.h>

#include <osmocom/core/logging.h>
#include <osmocom/core/tdef.h>
#include <osmocom/core/utils.h>

#include "mapping/iwu_identity.h"
#include "mapping/iwu_in.h"
#include "mapping/iwu_overlap.h"
#include "mapping/map_cause.h"
#include "mapping/map_progress.h"
#include "mapping/map_resource.h"
#include "mapping/map_service.h"
#include "mapping/map_uui.h"

#define S(x) (1 << (x))
#define HEADERS_MAX (512 + IWU_NUMBERS_MAX)	/* User-to-User, which has 131 octets in hex; numbers */

static const struct osmo_tdef_state_timeout in_timeouts[32] = {
	[IN_ST_MEDIA] = { .T = MAP_X1_MEDIA },
	[IN_ST_PRECONDITIONS] = { .T = MAP_X3_PRECONDITIONS },
	[IN_ST_CONTINUITY] = { .T = MAP_X3_PRECONDITIONS },
	[IN_ST_ANNOUNCEMENT] = { .T = MAP_X2_ANNOUNCEMENT },
	[IN_ST_ANSWERING] = { .T = MAP_X1_MEDIA },
};

void iwu_in_state_chg(struct iwu *iwu, enum iwu_in_state state)
{
	osmo_tdef_fsm_inst_state_chg(iwu->fi, state, in_timeouts, iwu->mapping->tdefs, -1);
}

/* ---- set-up ---- */

/* Idle: RFC 3398 7.2.1 */
static void in_idle(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	const struct sip_prim *prim = data;
	struct iwu *iwu = fi->priv;
	struct map_called called;
	uint16_t status;

	switch (event) {
	case IWU_EV_SIP_INVITE:
		iwu_in_hear(iwu, prim->msg);
		status = iwu->mapping->refuse_new ? 503 :
			 map_resource_refusal(iwu->profile, prim->msg, iwu_sip_trusted(iwu));
		if (!status)
			status = iwu_called_from_invite(iwu, &called, prim->msg);
		if (!status && iwu_in_overlap_short(iwu, &called))
			status = 484;
		if (status)
			iwu_in_refuse(iwu, status);
		else
			iwu_in_begin(iwu, prim->msg, &called);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void in_media(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct iwu *iwu = fi->priv;
	struct map_called called;
	struct sip_msg invite;

	switch (event) {
	case IWU_EV_MEDIA_DONE:
		if (iwu_in_reread(iwu, &invite, &called))
			iwu_in_send_iam(iwu, &invite, &called);
		else
			iwu_in_media_failed(iwu);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* ---- progress ---- */

/* RFC 3261 13.2.1: without an offer in the INVITE our SDP is the offer, which only a reliable response may carry, and
 * the first one must (RFC 3262 5). */
static void in_send_18x(struct iwu *iwu, struct map_18x progress, const struct isup_msg *msg)
{
	struct map_sipi_part body;
	struct iwu_pstn_part pstn;
	struct sip_prim prim = { .method = SIP_INVITE, .status = progress.status };
	enum media_sdp kind = iwu->leg.delayed_offer ? MEDIA_SDP_OFFER : MEDIA_SDP_ANSWER;
	char sdp[IWU_SDP_MAX], headers[HEADERS_MAX];
	struct sip_buf mem;

	if (iwu->leg.delayed_offer ? sip_call_reliable(iwu->sip) : progress.early_media)
		iwu_media_local(iwu, kind, &prim, sdp, sizeof(sdp));
	iwu_put_isup(iwu, &prim, &body, msg);
	iwu_put_pstn(iwu, &prim, &pstn, msg);
	sip_buf_init(&mem, headers, sizeof(headers));
	map_put_uui(&mem, msg);
	iwu_put_numbers(iwu, &mem, msg);
	/* TS 29.163 7.2.3.1.4: the circuit is through backwards only. */
	if (prim.body.len && iwu->leg.early_media_asked)
		sip_put_lit(&mem, "P-Early-Media: sendonly\r\n");
	prim.headers = sip_buf_str(&mem);
	iwu_to_sip(iwu, &prim);
}

/* RFC 3398 7.2.5, 7.2.6, 7.1.6, 7.2.9: ACM or CPG; the state changes with alerting, or with a cause */
static void in_progress(struct iwu *iwu, const struct isup_msg *msg, struct map_18x progress,
			enum iwu_in_state otherwise)
{
	struct isup_cause cause;

	iwu_setup_drop(iwu);
	if (isup_msg_get(msg, ISUP_PAR_CAUSE, &cause) == 0) {
		iwu->announced_cause = cause.value;
		in_send_18x(iwu, (struct map_18x){ .status = 183, .early_media = true }, msg);
		iwu_in_state_chg(iwu, IN_ST_ANNOUNCEMENT);
		return;
	}
	in_send_18x(iwu, progress, msg);
	if (progress.status == 180)
		otherwise = IN_ST_ALERTING;
	if (otherwise != iwu->fi->state)
		iwu_in_state_chg(iwu, otherwise);
	iwu_peer_hold_update(iwu);
}

/* RFC 3398 7.2.7: 200 with our SDP, in both directions through */
static void in_send_200(struct iwu *iwu, const struct isup_msg *msg)
{
	enum media_sdp kind = iwu->leg.delayed_offer ? MEDIA_SDP_OFFER : MEDIA_SDP_ANSWER;
	struct sip_prim prim = { .method = SIP_INVITE, .status = 200 };
	struct map_sipi_part body;
	struct iwu_pstn_part pstn;
	char sdp[IWU_SDP_MAX], headers[HEADERS_MAX];
	struct sip_buf mem;

	iwu_put_isup(iwu, &prim, &body, msg);
	iwu_put_pstn(iwu, &prim, &pstn, msg);
	sip_buf_init(&mem, headers, sizeof(headers));
	map_put_uui(&mem, msg);
	iwu_put_numbers(iwu, &mem, msg);
	prim.headers = sip_buf_str(&mem);
	if (iwu_media_local(iwu, kind, &prim, sdp, sizeof(sdp)) < 0) {
		iwu_in_media_failed(iwu);
		return;
	}
	if (iwu_to_sip(iwu, &prim) < 0) {
		iwu_in_give_up_value(iwu, MAP_CTR_REFUSED_GATEWAY, ISUP_CAUSE_TEMPORARY_FAILURE);
		return;
	}
	iwu_keep_connected(iwu, msg);
	iwu_answered(iwu);
	iwu_count(iwu, MAP_CTR_SIP_ISUP_ANSWERED);
	iwu_in_state_chg(iwu, IN_ST_WAIT_ACK);
	iwu_peer_hold_update(iwu);
}

static void in_answer(struct iwu *iwu, const struct isup_msg *msg)
{
	iwu_setup_drop(iwu);
	switch (iwu_media_through(iwu, MEDIA_THROUGH_BOTH)) {
	case 0:
		in_send_200(iwu, msg);
		break;
	case -EINPROGRESS:
		if (iwu->leg.sipi || msg->n_pars)
			iwu_keep_isup(iwu, msg);
		iwu_in_state_chg(iwu, IN_ST_ANSWERING);
		break;
	default:
		iwu_in_media_failed(iwu);
	}
}

static void in_trying(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct iwu *iwu = fi->priv;

	switch (event) {
	case IWU_EV_ISUP_ACM:
		in_progress(iwu, data, map_acm_to_18x(iwu->profile, data), IN_ST_NOT_ALERTING);
		break;
	case IWU_EV_ISUP_CON:
	case IWU_EV_ISUP_ANM:
		in_answer(iwu, data);
		break;
	case IWU_EV_MEDIA_DONE:		/* of a further INVITE's SDP */
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* Preconditions, continuity. An exchange that does not wait for COT is not held up. */
static void in_preconditions(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	switch (event) {
	case IWU_EV_MEDIA_DONE:		/* of an UPDATE's SDP */
		break;
	default:
		in_trying(fi, event, data);
	}
}

/* Does it say nothing to a peer that reads no ISUP? TS 29.163 9.2.10: a CPG that only tells of a hold is no progress of
 * the call; and a peer that rings has its 180. */
static bool in_is_no_news(const struct iwu *iwu, const struct isup_msg *cpg, bool holds)
{
	struct isup_event_info info;

	if (iwu->leg.sipi || isup_msg_get(cpg, ISUP_PAR_EVENT_INFO, &info) < 0)
		return false;
	if (info.event == ISUP_EVENT_ALERTING)
		return cpg->n_pars == 1 && iwu->fi->state == IN_ST_ALERTING;
	return holds && cpg->n_pars <= 2 && info.event == ISUP_EVENT_PROGRESS;
}

static void in_cpg(struct iwu *iwu, const struct isup_msg *cpg)
{
	bool holds = !iwu->leg.sipi && iwu_isup_holds(iwu, cpg);

	if (!in_is_no_news(iwu, cpg, holds))
		in_progress(iwu, cpg, map_cpg_to_18x(iwu->profile, cpg), iwu->fi->state);
	if (holds)
		iwu_hold_update(iwu);
}

/* Not alerting, alerting, announcement */
static void in_progressing(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct iwu *iwu = fi->priv;

	switch (event) {
	case IWU_EV_ISUP_CPG:
		in_cpg(iwu, data);
		break;
	case IWU_EV_ISUP_ANM:
	case IWU_EV_ISUP_CON:
		in_answer(iwu, data);
		break;
	case IWU_EV_MEDIA_DONE:		/* of an UPDATE's SDP */
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void in_answering(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct iwu *iwu = fi->priv;
	struct isup_msg msg;

	switch (event) {
	case IWU_EV_MEDIA_DONE:
		in_send_200(iwu, iwu_kept_decode(iwu, &msg, iwu->setup) ? &msg : NULL);
		iwu_setup_drop(iwu);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* ---- answered ---- */

/* An ACK or PRACK with SDP answers our offer, of the response to an INVITE or re-INVITE without one. */
static bool in_ack_is_good(struct iwu *iwu, const struct sip_prim *prim)
{
	bool wanted = iwu->leg.delayed_offer;
	int rc = -ENOMSG;

	if (prim->session == SIP_SESSION_ANSWER)
		rc = wanted ? iwu_media_take_sdp(iwu, prim->msg) : iwu_reinvite_acked(iwu, prim->msg);
	iwu->leg.delayed_offer = false;
	return !wanted || rc == 0 || rc == -EINPROGRESS;
}

static void in_answered(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct iwu *iwu = fi->priv;

	switch (event) {
	case IWU_EV_SIP_ACK:
		if (!in_ack_is_good(iwu, data)) {
			iwu_in_give_up_value(iwu, MAP_CTR_REFUSED_GATEWAY, ISUP_CAUSE_INCOMPATIBLE_DESTINATION);
		} else if (fi->state == IN_ST_WAIT_ACK) {
			iwu_in_state_chg(iwu, IN_ST_CONNECTED);
			iwu_hold_update(iwu);
			iwu_tell_connected(iwu);
		}
		break;
	case IWU_EV_SIP_REINVITE:
		iwu_reinvite(iwu, data);
		break;
	case IWU_EV_SIP_MODIFIED:
		iwu_modified(iwu, data);
		break;
	case IWU_EV_ISUP_CPG:
		iwu_isup_notification(iwu, data);
		break;
	case IWU_EV_MEDIA_DONE:		/* of a re-INVITE's SDP */
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* ---- release ---- */

static void in_allstate(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct iwu *iwu = fi->priv;
	const struct sip_prim *prim = data;
	struct isup_cause cause;

	switch (event) {
	case IWU_EV_SIP_UPDATE:
		iwu_reinvite(iwu, prim);
		iwu_in_precond_changed(iwu);
		break;
	case IWU_EV_SIP_OVERLAP:
		iwu_in_overlap_invite(iwu, data);
		break;
	case IWU_EV_SIP_INFO:
		if (!iwu_in_overlap_info(iwu, prim))
			iwu_ignore(iwu, "SIP-INFO");
		break;
	case IWU_EV_SIP_UPDATED:
		iwu_updated(iwu, prim);
		break;
	case IWU_EV_SIP_READY:
		iwu_ready(iwu);
		break;
	case IWU_EV_ISUP_OTHER:
		iwu_isup_other(iwu, data);
		break;
	case IWU_EV_SIP_PRACK:
		if (in_ack_is_good(iwu, prim))
			iwu_in_precond_changed(iwu);
		else
			iwu_in_give_up_value(iwu, MAP_CTR_REFUSED_GATEWAY, ISUP_CAUSE_INCOMPATIBLE_DESTINATION);
		break;
	case IWU_EV_ISUP_REL:
	case IWU_EV_ISUP_FAILED:
		iwu_in_rel(iwu, data);
		break;
	case IWU_EV_SIP_CANCEL:
	case IWU_EV_SIP_BYE:
		iwu->ending = prim->msg;
		map_request_to_cause(iwu->profile, &cause, prim->method, prim->msg, iwu->mapping->cfg.location);
		if (fi->state >= IN_ST_TRYING)
			iwu_release_isup_by_bye(iwu, prim, &cause);
		iwu_in_sip_ended(iwu, &cause);
		break;
	case IWU_EV_SIP_FAILED:
		map_sip_failed_to_cause(iwu->profile, &cause, prim->status, true, iwu->mapping->cfg.location);
		iwu_in_sip_ended(iwu, &cause);
		break;
	case IWU_EV_MEDIA_FAILED:
		iwu_in_media_failed(iwu);
		break;
	case IWU_EV_MEDIA_WANTS:
		iwu_media_wants(iwu, *(const enum media_kind *)data);
		break;
	case IWU_EV_STOP:
		iwu_in_give_up_value(iwu, MAP_CTR_REFUSED_GATEWAY, ISUP_CAUSE_TEMPORARY_FAILURE);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static int in_timeout(struct osmo_fsm_inst *fi)
{
	switch (fi->state) {
	case IN_ST_ANNOUNCEMENT:
		iwu_in_announcement_over(fi->priv);
		break;
	case IN_ST_PRECONDITIONS:
	case IN_ST_CONTINUITY:
		iwu_in_precond_failed(fi->priv);
		break;
	default:
		iwu_in_media_failed(fi->priv);
	}
	return 0;
}

#define IN_IAM_NEXT	(S(IN_ST_PRECONDITIONS) | S(IN_ST_TRYING) | S(IN_ST_CONTINUITY))
#define IN_MEDIA_NEXT	(S(IN_ST_MEDIA) | IN_IAM_NEXT)
#define IN_PROGRESS_NEXT (S(IN_ST_NOT_ALERTING) | S(IN_ST_ALERTING) | S(IN_ST_ANNOUNCEMENT) | S(IN_ST_ANSWERING) | \
			  S(IN_ST_WAIT_ACK))
#define IN_TRYING_EVENTS (S(IWU_EV_ISUP_ACM) | S(IWU_EV_ISUP_ANM) | S(IWU_EV_ISUP_CON))
#define IN_PROGRESS_EVENTS (S(IWU_EV_ISUP_CPG) | S(IWU_EV_ISUP_ANM) | S(IWU_EV_ISUP_CON) | S(IWU_EV_MEDIA_DONE))
#define IN_ANSWERED_EVENTS (S(IWU_EV_SIP_ACK) | S(IWU_EV_SIP_REINVITE) | S(IWU_EV_SIP_MODIFIED) | \
			    S(IWU_EV_ISUP_CPG) | S(IWU_EV_MEDIA_DONE))

static const struct osmo_fsm_state in_states[] = {
	[IN_ST_IDLE] = {
		.name = "IDLE",
		.in_event_mask = S(IWU_EV_SIP_INVITE),
		.out_state_mask = IN_MEDIA_NEXT,
		.action = in_idle,
	},
	[IN_ST_MEDIA] = {
		.name = "MEDIA",
		.in_event_mask = S(IWU_EV_MEDIA_DONE),
		.out_state_mask = S(IN_ST_IDLE) | IN_IAM_NEXT,
		.action = in_media,
	},
	[IN_ST_PRECONDITIONS] = {
		.name = "PRECONDITIONS",
		.in_event_mask = S(IWU_EV_MEDIA_DONE),
		.out_state_mask = S(IN_ST_TRYING),
		.action = in_preconditions,
	},
	[IN_ST_CONTINUITY] = {
		.name = "CONTINUITY",
		.in_event_mask = IN_TRYING_EVENTS | S(IWU_EV_MEDIA_DONE),
		.out_state_mask = S(IN_ST_TRYING) | IN_PROGRESS_NEXT,
		.action = in_preconditions,
	},
	[IN_ST_TRYING] = {
		.name = "TRYING",
		.in_event_mask = IN_TRYING_EVENTS | S(IWU_EV_MEDIA_DONE),
		.out_state_mask = S(IN_ST_IDLE) | IN_PROGRESS_NEXT,
		.action = in_trying,
	},
	[IN_ST_NOT_ALERTING] = {
		.name = "NOT_ALERTING",
		.in_event_mask = IN_PROGRESS_EVENTS,
		.out_state_mask = IN_PROGRESS_NEXT,
		.action = in_progressing,
	},
	[IN_ST_ALERTING] = {
		.name = "ALERTING",
		.in_event_mask = IN_PROGRESS_EVENTS,
		.out_state_mask = IN_PROGRESS_NEXT,
		.action = in_progressing,
	},
	[IN_ST_ANNOUNCEMENT] = {
		.name = "ANNOUNCEMENT",
		.in_event_mask = IN_PROGRESS_EVENTS,
		.out_state_mask = IN_PROGRESS_NEXT,
		.action = in_progressing,
	},
	[IN_ST_ANSWERING] = {
		.name = "ANSWERING",
		.in_event_mask = S(IWU_EV_MEDIA_DONE),
		.out_state_mask = S(IN_ST_WAIT_ACK),
		.action = in_answering,
	},
	[IN_ST_WAIT_ACK] = {
		.name = "WAIT_ACK",
		.in_event_mask = IN_ANSWERED_EVENTS,
		.out_state_mask = S(IN_ST_CONNECTED),
		.action = in_answered,
	},
	[IN_ST_CONNECTED] = {
		.name = "CONNECTED",
		.in_event_mask = IN_ANSWERED_EVENTS,
		.action = in_answered,
	},
};

struct osmo_fsm iwu_in_fsm = {
	.name = "iwu-in",
	.states = in_states,
	.num_states = ARRAY_SIZE(in_states),
	.allstate_event_mask = S(IWU_EV_SIP_OVERLAP) | S(IWU_EV_SIP_INFO) | S(IWU_EV_SIP_UPDATE) |
			       S(IWU_EV_SIP_UPDATED) | S(IWU_EV_SIP_READY) |
			       S(IWU_EV_SIP_PRACK) | S(IWU_EV_SIP_CANCEL) |
			       S(IWU_EV_SIP_BYE) | S(IWU_EV_SIP_FAILED) |
			       S(IWU_EV_ISUP_OTHER) |
			       S(IWU_EV_ISUP_REL) | S(IWU_EV_ISUP_FAILED) | S(IWU_EV_MEDIA_FAILED) |
			       S(IWU_EV_MEDIA_WANTS) | S(IWU_EV_STOP),
	.allstate_action = in_allstate,
	.timer_cb = in_timeout,
	.log_subsys = DIWU,
	.event_names = iwu_event_names,
};
