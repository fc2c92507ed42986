/* SPDX-License-Identifier: GPL-3.0-or-later */
/* I-IWU: a call from SIP to ISUP, RFC 3398 clause 7 and 10, Q.1912.5 clause 6. */
#include <errno.h>

#include <osmocom/core/logging.h>
#include <osmocom/core/tdef.h>
#include <osmocom/core/utils.h>

#include "mapping/iwu.h"
#include "mapping/map_cause.h"
#include "mapping/map_iam.h"
#include "mapping/map_progress.h"
#include "mapping/map_service.h"

/* The states of RFC 3398 7.2, and the waits for the media gateway */
enum iwu_in_state {
	IN_ST_IDLE,
	IN_ST_MEDIA,		/* the media gateway prepares, nothing has been sent */
	IN_ST_TRYING,		/* IAM is out, T7 of ISUP runs */
	IN_ST_NOT_ALERTING,	/* ACM without indication: 183 */
	IN_ST_ALERTING,		/* 180 */
	IN_ST_ANNOUNCEMENT,	/* ACM or CPG with cause: 183, the interwork timer runs */
	IN_ST_ANSWERING,	/* ANM or CON is here, the media gateway connects */
	IN_ST_WAIT_ACK,		/* 200 is out */
	IN_ST_CONNECTED,
};

#define S(x) (1 << (x))
#define REPEATS_MAX 3		/* of attempts on another circuit of the same route, in one call */

static const struct osmo_tdef_state_timeout in_timeouts[32] = {
	[IN_ST_MEDIA] = { .T = MAP_X1_MEDIA },
	[IN_ST_ANNOUNCEMENT] = { .T = MAP_X2_ANNOUNCEMENT },
	[IN_ST_ANSWERING] = { .T = MAP_X1_MEDIA },
};

static void in_state_chg(struct iwu *iwu, enum iwu_in_state state)
{
	osmo_tdef_fsm_inst_state_chg(iwu->fi, state, in_timeouts, iwu->mapping->tdefs, -1);
}

/* What ends the SIP leg; before the 200 it is a final response. */
static enum map_sip_end in_sip_end(const struct iwu *iwu)
{
	return iwu->fi->state < IN_ST_WAIT_ACK ? MAP_SIP_END_RESPONSE : MAP_SIP_END_BYE;
}

/* RFC 3398 7.2.3: what the gateway holds is given back before the REL. */
static void in_release_isup(struct iwu *iwu, const struct isup_cause *cause)
{
	iwu_media_close(iwu);
	if (iwu->fi->state < IN_ST_TRYING)
		iwu_unseize_isup(iwu);
	else
		iwu_release_isup(iwu, cause);
}

/* Both sides, by the gateway's own decision */
static void in_give_up(struct iwu *iwu, enum map_ctr ctr, const struct isup_cause *cause)
{
	LOGPFSML(iwu->fi, LOGL_INFO, "given up: cause %u, %s\n", cause->value, isup_cause_name(cause->value));
	iwu_count(iwu, ctr);
	iwu_release_sip(iwu, in_sip_end(iwu), cause, NULL);
	in_release_isup(iwu, cause);
	iwu_end(iwu);
}

static void in_give_up_value(struct iwu *iwu, enum map_ctr ctr, uint8_t cause_value)
{
	struct isup_cause cause;

	map_cause_init(&cause, cause_value, iwu->mapping->cfg.location);
	in_give_up(iwu, ctr, &cause);
}

/* Before the IAM, for a reason that has no cause */
static void in_refused(struct iwu *iwu, uint16_t status)
{
	LOGPFSML(iwu->fi, LOGL_INFO, "refused: %u\n", status);
	iwu_count(iwu, MAP_CTR_REFUSED_GATEWAY);
	iwu_media_close(iwu);
	iwu_unseize_isup(iwu);
	iwu_end(iwu);
}

static void in_refuse(struct iwu *iwu, uint16_t status)
{
	iwu_refuse_sip(iwu, status);
	in_refused(iwu, status);
}

static void in_media_failed(struct iwu *iwu)
{
	in_give_up_value(iwu, MAP_CTR_FAILED_MEDIA, ISUP_CAUSE_RESOURCE_UNAVAILABLE);
}

/* ---- set-up ---- */

/* RFC 3398 7.2.1.1 */
static void in_send_iam(struct iwu *iwu, const struct sip_msg *invite, const struct map_called *called)
{
	struct map_iam_env env = {
		.profile = iwu->profile, .numbering = &iwu->mapping->cfg.numbering,
		.trusted = iwu_sip_trusted(iwu),
	};
	struct isup_msg iam, isup;
	char mem[MAP_SIPI_MEM];
	uint16_t status;

	status = iwu_read_iam(iwu, &isup, invite, mem);
	if (status) {
		in_refuse(iwu, status);
		return;
	}
	if (iwu->sipi)
		env.isup = &isup;
	isup_msg_init(&iam, isup_call_dialect(iwu->isup), ISUP_MSG_IAM);
	status = map_invite_to_iam(&iam, invite, called, &env);
	if (status) {
		in_refuse(iwu, status);
		return;
	}
	iwu_set_numbers(iwu, &iam, called->key);
	if (iwu_to_isup(iwu, &iam) < 0) {
		in_refuse(iwu, 500);
		return;
	}
	in_state_chg(iwu, IN_ST_TRYING);
}

/* RFC 3398 7.2.1: resources of the media stream first; the voice path goes through backwards with the IAM (7.1.1) */
static int in_open_media(struct iwu *iwu, const struct sip_msg *invite)
{
	int rc = iwu_media_open(iwu, MAP_TMR_AUDIO), offer_rc;

	if (rc < 0 && rc != -EINPROGRESS)
		return rc;
	offer_rc = iwu_media_take_sdp(iwu, invite);
	if (offer_rc == -ENOMSG)
		iwu->delayed_offer = true;
	else
		rc = iwu_media_all(rc, offer_rc);
	return iwu_media_all(rc, iwu_media_through(iwu, MEDIA_THROUGH_BACKWARD));
}

static void in_circuit_found(struct iwu *iwu, const struct sip_msg *invite, const struct map_called *called)
{
	int rc = in_open_media(iwu, invite);

	switch (rc) {
	case 0:
		in_send_iam(iwu, invite, called);
		break;
	case -EINPROGRESS:
		in_state_chg(iwu, IN_ST_MEDIA);
		break;
	case -EBADMSG:
	case -EPROTONOSUPPORT:
		iwu_refuse_offer(iwu, SIP_INVITE, rc);
		in_refused(iwu, 488);
		break;
	default:
		in_media_failed(iwu);
	}
}

/* The next route's circuit; *cause says why there is none. */
static bool in_seize(struct iwu *iwu, const struct sip_msg *invite, const struct map_called *called,
		     struct isup_cause *cause)
{
	const struct mapping *m = iwu->mapping;
	const char *from = sip_peer_name(sip_call_peer(iwu->sip));
	const struct route *route;

	while (!iwu->isup && (route = iwu_next_route(iwu, called->key, ROUTE_PEER, from))) {
		uint8_t value = ISUP_CAUSE_NO_ROUTE_TO_DESTINATION;
		struct isup_group *group = NULL;

		if (route->to.kind == ROUTE_GROUP)
			group = isup_group_find(m->isup, route->to.name);
		if (group)
			iwu->isup = iwu_seize(iwu, group, invite, &value);
		if (!iwu->isup)
			map_cause_init(cause, value, m->cfg.location);
	}
	iwu_choose_profile(iwu);
	return iwu->isup;
}

static void in_begin(struct iwu *iwu, const struct sip_msg *invite, const struct map_called *called)
{
	struct isup_cause cause;

	map_cause_init(&cause, ISUP_CAUSE_NO_ROUTE_TO_DESTINATION, iwu->mapping->cfg.location);
	if (!in_seize(iwu, invite, called, &cause)) {
		in_give_up(iwu, MAP_CTR_REFUSED_GATEWAY, &cause);
		return;
	}
	iwu_setup_keep(iwu, invite->octets.p, invite->octets.len);
	in_circuit_found(iwu, invite, called);
}

/* Idle: RFC 3398 7.2.1 */
static void in_idle(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	const struct sip_prim *prim = data;
	struct iwu *iwu = fi->priv;
	struct map_called called;
	uint16_t status;

	switch (event) {
	case IWU_EV_SIP_INVITE:
		status = iwu->mapping->refuse_new ? 503 :
			 map_called_from_invite(&called, prim->msg, &iwu->mapping->cfg.numbering);
		if (status)
			in_refuse(iwu, status);
		else
			in_begin(iwu, prim->msg, &called);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* The INVITE again, as it was kept. The SIP room has read it before, so it can be read. */
static bool in_reread(struct iwu *iwu, struct sip_msg *invite, struct map_called *called)
{
	struct sip_parse_error err;

	return iwu->setup && sip_msg_parse(invite, iwu->setup->octets, iwu->setup->len, &err) == 0 &&
	       map_called_from_invite(called, invite, &iwu->mapping->cfg.numbering) == 0;
}

static void in_media(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct iwu *iwu = fi->priv;
	struct map_called called;
	struct sip_msg invite;

	switch (event) {
	case IWU_EV_MEDIA_DONE:
		if (in_reread(iwu, &invite, &called))
			in_send_iam(iwu, &invite, &called);
		else
			in_media_failed(iwu);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* ---- progress ---- */

/* RFC 3261 13.2.1: without an offer in the INVITE our SDP is the offer, which only a reliable response may carry. */
static void in_send_18x(struct iwu *iwu, struct map_18x progress, const struct isup_msg *msg)
{
	struct map_sipi_part body;
	struct sip_prim prim = { .method = SIP_INVITE, .status = progress.status };
	enum media_sdp kind = iwu->delayed_offer ? MEDIA_SDP_OFFER : MEDIA_SDP_ANSWER;
	char sdp[IWU_SDP_MAX];

	if (progress.early_media && (!iwu->delayed_offer || sip_call_reliable(iwu->sip)))
		iwu_media_local(iwu, kind, &prim, sdp, sizeof(sdp));
	iwu_put_isup(iwu, &prim, &body, msg);
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
		in_state_chg(iwu, IN_ST_ANNOUNCEMENT);
		return;
	}
	in_send_18x(iwu, progress, msg);
	if (progress.status == 180)
		otherwise = IN_ST_ALERTING;
	if (otherwise != iwu->fi->state)
		in_state_chg(iwu, otherwise);
}

/* RFC 3398 7.2.7: 200 with our SDP, in both directions through */
static void in_send_200(struct iwu *iwu, const struct isup_msg *msg)
{
	enum media_sdp kind = iwu->delayed_offer ? MEDIA_SDP_OFFER : MEDIA_SDP_ANSWER;
	struct sip_prim prim = { .method = SIP_INVITE, .status = 200 };
	struct map_sipi_part body;
	char sdp[IWU_SDP_MAX];

	iwu_put_isup(iwu, &prim, &body, msg);
	if (iwu_media_local(iwu, kind, &prim, sdp, sizeof(sdp)) < 0) {
		in_media_failed(iwu);
		return;
	}
	if (iwu_to_sip(iwu, &prim) < 0) {
		in_give_up_value(iwu, MAP_CTR_REFUSED_GATEWAY, ISUP_CAUSE_TEMPORARY_FAILURE);
		return;
	}
	iwu_answered(iwu);
	iwu_count(iwu, MAP_CTR_SIP_ISUP_ANSWERED);
	in_state_chg(iwu, IN_ST_WAIT_ACK);
}

static void in_answer(struct iwu *iwu, const struct isup_msg *msg)
{
	iwu_setup_drop(iwu);
	switch (iwu_media_through(iwu, MEDIA_THROUGH_BOTH)) {
	case 0:
		in_send_200(iwu, msg);
		break;
	case -EINPROGRESS:
		if (iwu->sipi)
			iwu_keep_isup(iwu, msg);
		in_state_chg(iwu, IN_ST_ANSWERING);
		break;
	default:
		in_media_failed(iwu);
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
	default:
		OSMO_ASSERT(false);
	}
}

/* Not alerting, alerting, announcement */
static void in_progressing(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct iwu *iwu = fi->priv;

	switch (event) {
	case IWU_EV_ISUP_CPG:
		in_progress(iwu, data, map_cpg_to_18x(iwu->profile, data), fi->state);
		break;
	case IWU_EV_ISUP_ANM:
	case IWU_EV_ISUP_CON:
		in_answer(iwu, data);
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
		in_send_200(iwu, iwu_kept_isup(iwu, &msg) ? &msg : NULL);
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
	int rc = prim->session == SIP_SESSION_ANSWER ? iwu_media_take_sdp(iwu, prim->msg) : -ENOMSG;
	bool wanted = iwu->delayed_offer;

	iwu->delayed_offer = false;
	return !wanted || rc == 0 || rc == -EINPROGRESS;
}

static void in_answered(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct iwu *iwu = fi->priv;

	switch (event) {
	case IWU_EV_SIP_ACK:
		if (!in_ack_is_good(iwu, data)) {
			in_give_up_value(iwu, MAP_CTR_REFUSED_GATEWAY, ISUP_CAUSE_INCOMPATIBLE_DESTINATION);
		} else if (fi->state == IN_ST_WAIT_ACK) {
			in_state_chg(iwu, IN_ST_CONNECTED);
		}
		break;
	case IWU_EV_SIP_REINVITE:
		iwu_reinvite(iwu, data);
		break;
	case IWU_EV_MEDIA_DONE:		/* of a re-INVITE's SDP */
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* ---- release ---- */

/* Before any progress: 44 is for the same route again, on another circuit (Q.764 2.8.1, RFC 3398 7.2.4.1), some other
 * causes are for the next route. False where neither helps: the call ends with this cause, or a later one. */
static bool in_try_again(struct iwu *iwu, struct isup_cause *cause)
{
	struct map_called called;
	struct sip_msg invite;

	if ((iwu->fi->state != IN_ST_MEDIA && iwu->fi->state != IN_ST_TRYING) ||
	    !map_cause_reroutes(iwu->profile, cause->value) || !in_reread(iwu, &invite, &called))
		return false;
	if (cause->value == ISUP_CAUSE_CIRCUIT_NOT_AVAILABLE && iwu->n_repeats < REPEATS_MAX) {
		iwu->n_repeats++;
		iwu->n_route--;
		iwu_count(iwu, MAP_CTR_REPEATED);
	}
	in_state_chg(iwu, IN_ST_IDLE);
	if (!in_seize(iwu, &invite, &called, cause))
		return false;
	in_circuit_found(iwu, &invite, &called);
	return true;
}

/* RFC 3398 7.2.4, 10.2 */
static void in_rel(struct iwu *iwu, const struct isup_msg *rel)
{
	struct isup_call *ended = iwu->isup;
	struct isup_cause cause;
	bool again;

	if (isup_msg_get(rel, ISUP_PAR_CAUSE, &cause) < 0)
		map_cause_init(&cause, isup_msg_cause(rel), iwu->mapping->cfg.location);
	iwu_media_close(iwu);
	/* Q.764 2.8.1: on another circuit, so this one is not idle until that is found. */
	iwu->isup = NULL;
	again = in_try_again(iwu, &cause);
	isup_call_done(ended);
	if (again)
		return;
	iwu_count(iwu, iwu->answered_us ? MAP_CTR_RELEASED_ISUP : MAP_CTR_REFUSED_ISUP);
	iwu_release_sip(iwu, in_sip_end(iwu), &cause, rel);
	iwu_end(iwu);
}

/* RFC 3398 7.2.3, 10.1, 7.1.4 */
static void in_sip_ended(struct iwu *iwu, const struct isup_cause *cause)
{
	iwu_count(iwu, iwu->answered_us ? MAP_CTR_RELEASED_SIP : MAP_CTR_CANCELLED_SIP);
	iwu_done_sip(iwu);
	in_release_isup(iwu, cause);
	iwu_end(iwu);
}

static void in_allstate(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct iwu *iwu = fi->priv;
	const struct sip_prim *prim = data;
	struct isup_cause cause;

	switch (event) {
	case IWU_EV_SIP_UPDATE:
		iwu_reinvite(iwu, prim);
		break;
	case IWU_EV_SIP_PRACK:
		if (!in_ack_is_good(iwu, prim))
			in_give_up_value(iwu, MAP_CTR_REFUSED_GATEWAY, ISUP_CAUSE_INCOMPATIBLE_DESTINATION);
		break;
	case IWU_EV_ISUP_REL:
	case IWU_EV_ISUP_FAILED:
		in_rel(iwu, data);
		break;
	case IWU_EV_SIP_CANCEL:
	case IWU_EV_SIP_BYE:
		map_request_to_cause(&cause, prim->msg);
		if (fi->state >= IN_ST_TRYING)
			iwu_release_isup_by_bye(iwu, prim, &cause);
		in_sip_ended(iwu, &cause);
		break;
	case IWU_EV_SIP_FAILED:
		map_sip_failed_to_cause(iwu->profile, &cause, prim->status, true, iwu->mapping->cfg.location);
		in_sip_ended(iwu, &cause);
		break;
	case IWU_EV_MEDIA_FAILED:
		in_media_failed(iwu);
		break;
	case IWU_EV_STOP:
		in_give_up_value(iwu, MAP_CTR_REFUSED_GATEWAY, ISUP_CAUSE_TEMPORARY_FAILURE);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* RFC 3398 7.1.6: the response is by the cause, then the exchange is released */
static void in_announcement_over(struct iwu *iwu)
{
	struct isup_cause cause;

	iwu_count(iwu, MAP_CTR_REFUSED_ISUP);
	map_cause_init(&cause, iwu->announced_cause, iwu->mapping->cfg.location);
	iwu_release_sip(iwu, MAP_SIP_END_RESPONSE, &cause, NULL);
	map_cause_init(&cause, ISUP_CAUSE_NORMAL_CLEARING, iwu->mapping->cfg.location);
	in_release_isup(iwu, &cause);
	iwu_end(iwu);
}

static int in_timeout(struct osmo_fsm_inst *fi)
{
	if (fi->state == IN_ST_ANNOUNCEMENT)
		in_announcement_over(fi->priv);
	else
		in_media_failed(fi->priv);
	return 0;
}

#define IN_MEDIA_NEXT	(S(IN_ST_MEDIA) | S(IN_ST_TRYING))
#define IN_PROGRESS_NEXT (S(IN_ST_NOT_ALERTING) | S(IN_ST_ALERTING) | S(IN_ST_ANNOUNCEMENT) | S(IN_ST_ANSWERING) | \
			  S(IN_ST_WAIT_ACK))
#define IN_PROGRESS_EVENTS (S(IWU_EV_ISUP_CPG) | S(IWU_EV_ISUP_ANM) | S(IWU_EV_ISUP_CON))
#define IN_ANSWERED_EVENTS (S(IWU_EV_SIP_ACK) | S(IWU_EV_SIP_REINVITE) | S(IWU_EV_MEDIA_DONE))

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
		.out_state_mask = S(IN_ST_IDLE) | S(IN_ST_TRYING),
		.action = in_media,
	},
	[IN_ST_TRYING] = {
		.name = "TRYING",
		.in_event_mask = S(IWU_EV_ISUP_ACM) | S(IWU_EV_ISUP_ANM) | S(IWU_EV_ISUP_CON),
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
	.allstate_event_mask = S(IWU_EV_SIP_UPDATE) | S(IWU_EV_SIP_PRACK) | S(IWU_EV_SIP_CANCEL) |
			       S(IWU_EV_SIP_BYE) | S(IWU_EV_SIP_FAILED) |
			       S(IWU_EV_ISUP_REL) | S(IWU_EV_ISUP_FAILED) | S(IWU_EV_MEDIA_FAILED) | S(IWU_EV_STOP),
	.allstate_action = in_allstate,
	.timer_cb = in_timeout,
	.log_subsys = DIWU,
	.event_names = iwu_event_names,
};
