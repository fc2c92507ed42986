/* SPDX-License-Identifier: GPL-3.0-or-later */
/* O-IWU: a call from ISUP to SIP, RFC 3398 clause 8 and 10, Q.1912.5 clause 7. */
#include <errno.h>

#include <osmocom/core/logging.h>
#include <osmocom/core/tdef.h>
#include <osmocom/core/utils.h>

#include "mapping/iwu.h"
#include "mapping/map_cause.h"
#include "mapping/map_iam.h"
#include "mapping/map_progress.h"
#include "mapping/map_service.h"

/* The states of RFC 3398 8.2, and the waits for the media gateway */
enum iwu_out_state {
	OUT_ST_IDLE,
	OUT_ST_MEDIA,		/* the media gateway prepares, nothing has been sent */
	OUT_ST_TRYING,		/* INVITE is out, T11 runs */
	OUT_ST_PROGRESSING,	/* ACM without indication is out */
	OUT_ST_ALERTING,	/* ACM subscriber free or CPG alerting is out */
	OUT_ST_CONNECTING,	/* 2xx before any ACM is here, the media gateway connects: CON follows */
	OUT_ST_ANSWERING,	/* 2xx after ACM is here, the media gateway connects: ANM follows */
	OUT_ST_CONNECTED,
};

#define S(x) (1 << (x))
#define INVITE_MAX 2048		/* URIs and header lines that mapping writes */

static const struct osmo_tdef_state_timeout out_timeouts[32] = {
	[OUT_ST_MEDIA] = { .T = MAP_X1_MEDIA },
	[OUT_ST_TRYING] = { .T = MAP_T11 },
	[OUT_ST_CONNECTING] = { .T = MAP_X1_MEDIA },
	[OUT_ST_ANSWERING] = { .T = MAP_X1_MEDIA },
};

static void out_state_chg(struct iwu *iwu, enum iwu_out_state state)
{
	osmo_tdef_fsm_inst_state_chg(iwu->fi, state, out_timeouts, iwu->mapping->tdefs, -1);
}

/* What ends the SIP leg: CANCEL, and BYE after the 2xx (RFC 3398 8.2.7, 10.2) */
static enum map_sip_end out_sip_end(const struct iwu *iwu)
{
	return iwu->fi->state < OUT_ST_CONNECTING ? MAP_SIP_END_CANCEL : MAP_SIP_END_BYE;
}

static void out_release_isup(struct iwu *iwu, const struct isup_cause *cause)
{
	iwu_media_close(iwu);
	iwu_release_isup(iwu, cause);
}

/* Both sides, by the gateway's own decision */
static void out_give_up(struct iwu *iwu, enum map_ctr ctr, uint8_t cause_value)
{
	struct isup_cause cause;

	LOGPFSML(iwu->fi, LOGL_INFO, "given up: cause %u, %s\n", cause_value, isup_cause_name(cause_value));
	iwu_count(iwu, ctr);
	map_cause_init(&cause, cause_value, iwu->mapping->cfg.location);
	iwu_release_sip(iwu, out_sip_end(iwu), &cause, NULL);
	out_release_isup(iwu, &cause);
	iwu_end(iwu);
}

static void out_refuse(struct iwu *iwu, uint8_t cause_value)
{
	out_give_up(iwu, MAP_CTR_REFUSED_GATEWAY, cause_value);
}

static void out_media_failed(struct iwu *iwu)
{
	out_give_up(iwu, MAP_CTR_FAILED_MEDIA, ISUP_CAUSE_RESOURCE_UNAVAILABLE);
}

/* ---- set-up ---- */

/* RFC 3398 8.2.1.1. Returns 0, or the cause of a failure; the leg is given back then. */
static uint8_t out_send_invite(struct iwu *iwu, const struct isup_msg *iam, const struct map_called *called)
{
	const struct sip_peer *peer = sip_call_peer(iwu->sip);
	const struct map_iam_env env = {
		.profile = iwu->profile,
		.numbering = &iwu->mapping->cfg.numbering,
		.local = sip_peer_local_hostport(peer),
		.remote = sip_peer_hostport(peer),
		.trusted = iwu_sip_trusted(iwu),
	};
	struct sip_prim prim = { .method = SIP_INVITE };
	char buf[INVITE_MAX], sdp[IWU_SDP_MAX];
	struct map_sipi_part body;
	struct sip_buf mem;
	uint8_t cause;

	sip_buf_init(&mem, buf, sizeof(buf));
	cause = map_iam_to_invite(&prim, &mem, iam, called, &env);
	if (!cause && iwu_media_local(iwu, MEDIA_SDP_OFFER, &prim, sdp, sizeof(sdp)) < 0)
		cause = ISUP_CAUSE_RESOURCE_UNAVAILABLE;
	iwu_put_isup(iwu, &prim, &body, iam);
	if (!cause && iwu_to_sip(iwu, &prim) < 0)
		cause = ISUP_CAUSE_TEMPORARY_FAILURE;
	if (cause)
		iwu_unalloc_sip(iwu);
	return cause;
}

/* A leg over the next route; *cause says why there is none. */
static bool out_send_by_route(struct iwu *iwu, const struct isup_msg *iam, const struct map_called *called,
			      struct isup_cause *cause)
{
	const char *from = isup_group_name(isup_call_group(iwu->isup));
	const struct mapping *m = iwu->mapping;
	const struct route *route;

	while (!iwu->sip && (route = iwu_next_route(iwu, called->key, ROUTE_GROUP, from))) {
		struct sip_peer *peer = NULL;
		uint16_t status = 404;
		uint8_t value;

		if (route->to.kind == ROUTE_PEER)
			peer = sip_peer_find(m->sip, route->to.name);
		if (peer)
			iwu->sip = sip_call_alloc(peer, iwu, &status);
		iwu_choose_profile(iwu);
		if (!iwu->sip)
			map_status_to_cause(iwu->profile, cause, status, NULL, m->cfg.location);
		else if ((value = out_send_invite(iwu, iam, called)))
			map_cause_init(cause, value, m->cfg.location);
	}
	return iwu->sip;
}

/* Tries what routes are left; failing that, the call ends with this cause or a later one: false. T11 goes on. */
static bool out_attempt(struct iwu *iwu, const struct isup_msg *iam, const struct map_called *called,
			struct isup_cause *cause)
{
	if (!out_send_by_route(iwu, iam, called, cause))
		return false;
	if (iwu_has_route(iwu, called->key, ROUTE_GROUP, isup_group_name(isup_call_group(iwu->isup))))
		iwu_setup_keep(iwu, iam->octets, iam->octets_len);
	if (iwu->fi->state < OUT_ST_TRYING)
		out_state_chg(iwu, OUT_ST_TRYING);
	return true;
}

static void out_end(struct iwu *iwu, enum map_ctr ctr, const struct isup_cause *cause)
{
	iwu_count(iwu, ctr);
	out_release_isup(iwu, cause);
	iwu_end(iwu);
}

static void out_begin(struct iwu *iwu, const struct isup_msg *iam, const struct map_called *called)
{
	struct isup_cause cause;

	map_cause_init(&cause, ISUP_CAUSE_NO_ROUTE_TO_DESTINATION, iwu->mapping->cfg.location);
	if (!out_attempt(iwu, iam, called, &cause))
		out_end(iwu, MAP_CTR_REFUSED_GATEWAY, &cause);
}

/* RFC 3398 8.2.1: resources of the IP side first; voice goes through backwards from now on (8.1.1) */
static void out_open_media(struct iwu *iwu, const struct isup_msg *iam, const struct map_called *called, uint8_t tmr)
{
	int rc = iwu_media_open(iwu, tmr);

	if (rc == 0 || rc == -EINPROGRESS)
		rc = iwu_media_all(rc, iwu_media_through(iwu, MEDIA_THROUGH_BACKWARD));
	if (rc == 0)
		out_begin(iwu, iam, called);
	else if (rc == -EINPROGRESS && iwu_setup_keep(iwu, iam->octets, iam->octets_len) == 0)
		out_state_chg(iwu, OUT_ST_MEDIA);
	else
		out_media_failed(iwu);
}

/* What can be known before anything is done for the call: 0, or the cause to refuse it with */
static uint8_t out_check(struct iwu *iwu, const struct isup_msg *iam, struct map_called *called, uint8_t *tmr)
{
	const char *from = isup_group_name(isup_call_group(iwu->isup));
	uint8_t cause;

	if (iwu->mapping->refuse_new)
		return ISUP_CAUSE_SWITCH_CONGESTION;
	cause = map_called_from_iam(called, iam, &iwu->mapping->cfg.numbering);
	if (cause)
		return cause;
	iwu_set_numbers(iwu, iam, called->key);
	if (!iwu_has_route(iwu, called->key, ROUTE_GROUP, from))
		return ISUP_CAUSE_NO_ROUTE_TO_DESTINATION;
	if (isup_msg_get_tmr(iam, tmr) < 0)
		*tmr = MAP_TMR_AUDIO;
	return map_tmr_to_cause(iwu->profile, *tmr);
}

/* Idle: RFC 3398 8.2.1. The IAM is taken as complete: overlap signalling is not interworked. */
static void out_idle(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	const struct isup_msg *iam = data;
	struct iwu *iwu = fi->priv;
	struct map_called called;
	uint8_t cause, tmr;

	switch (event) {
	case IWU_EV_ISUP_IAM:
		cause = out_check(iwu, iam, &called, &tmr);
		if (cause) {
			out_refuse(iwu, cause);
			break;
		}
		out_open_media(iwu, iam, &called, tmr);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* The IAM again, as it was kept: it could be read before. */
static bool out_reread(struct iwu *iwu, struct isup_msg *iam, struct map_called *called)
{
	return iwu->setup && iwu->isup &&
	       isup_msg_decode(iam, isup_call_dialect(iwu->isup), (const uint8_t *)iwu->setup->octets, iwu->setup->len,
			       NULL) == 0 &&
	       map_called_from_iam(called, iam, &iwu->mapping->cfg.numbering) == 0;
}

static void out_media(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct iwu *iwu = fi->priv;
	struct map_called called;
	struct isup_msg iam;

	switch (event) {
	case IWU_EV_MEDIA_DONE:
		if (out_reread(iwu, &iam, &called))
			out_begin(iwu, &iam, &called);
		else
			out_media_failed(iwu);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* ---- progress ---- */

static void out_send_acm(struct iwu *iwu, uint8_t called_status, bool inband)
{
	struct isup_msg acm;

	map_acm_init(&acm, isup_call_dialect(iwu->isup), called_status, inband);
	iwu_to_isup(iwu, &acm);
}

static void out_send_cpg(struct iwu *iwu, uint8_t event)
{
	struct isup_msg cpg;

	map_cpg_init(&cpg, isup_call_dialect(iwu->isup), event);
	iwu_to_isup(iwu, &cpg);
}

/* The peer's SDP in a message. Returns as the media op does, 0 where there is none. */
static int out_take_sdp(struct iwu *iwu, const struct sip_prim *prim)
{
	int rc = prim->session == SIP_SESSION_NONE ? -ENOMSG : iwu_media_take_sdp(iwu, prim->msg);

	if (rc == -ENOMSG)
		return 0;
	if (rc == 0 || rc == -EINPROGRESS)
		iwu->peer_sdp = true;
	return rc;
}

static void out_progressed(struct iwu *iwu, bool acm_sent, bool alerting)
{
	if (alerting)
		out_state_chg(iwu, OUT_ST_ALERTING);
	else if (!acm_sent)
		out_state_chg(iwu, OUT_ST_PROGRESSING);
}

/* RFC 3398 8.2.3. From here on the call stays with this peer. An answer that is no good is left for the 2xx to mend;
 * media plays as soon as one was good. */
static void out_18x(struct iwu *iwu, const struct sip_prim *prim)
{
	bool acm_sent = iwu->fi->state != OUT_ST_TRYING;
	struct map_backward to;
	uint16_t meant;

	iwu_setup_drop(iwu);
	out_take_sdp(iwu, prim);
	meant = iwu_progress_by_body(iwu, prim, acm_sent);
	if (meant) {
		out_progressed(iwu, acm_sent, meant == 180);
		return;
	}
	to = map_18x_to_isup(iwu->profile, prim->status, acm_sent, iwu->peer_sdp);
	if (to.acm_status != MAP_NO_ACM)
		out_send_acm(iwu, to.acm_status, iwu->peer_sdp && prim->status == 183);
	if (to.event)
		out_send_cpg(iwu, to.event);
	out_progressed(iwu, acm_sent, to.acm_status == ISUP_CALLED_SUBSCRIBER_FREE || to.event == ISUP_EVENT_ALERTING);
}

/* ---- answer ---- */

/* RFC 3398 8.2.4 */
static void out_send_answer(struct iwu *iwu, bool acm_sent)
{
	const struct isup_dialect *dialect = isup_call_dialect(iwu->isup);
	struct isup_msg msg, kept;
	int rc = 0;

	/* A dialect without CON (ANSI): both one after the other */
	if (!acm_sent && !isup_msg_def(dialect, ISUP_MSG_CON)) {
		map_acm_init(&msg, dialect, ISUP_CALLED_SUBSCRIBER_FREE, false);
		rc = iwu_to_isup(iwu, &msg);
		acm_sent = true;
	}
	if (iwu_kept_isup(iwu, &kept) && kept.type == (acm_sent ? ISUP_MSG_ANM : ISUP_MSG_CON))
		map_sipi_pass(&msg, &kept);
	else if (acm_sent)
		map_anm_init(&msg, dialect);
	else
		map_con_init(&msg, dialect);
	if (rc < 0 || iwu_to_isup(iwu, &msg) < 0) {
		out_refuse(iwu, ISUP_CAUSE_TEMPORARY_FAILURE);
		return;
	}
	iwu_setup_drop(iwu);
	iwu_count(iwu, MAP_CTR_ISUP_SIP_ANSWERED);
	out_state_chg(iwu, OUT_ST_CONNECTED);
}

/* Media in both directions before the exchange hears of the answer; with no SDP that can be used the call ends. */
static void out_200(struct iwu *iwu, const struct sip_prim *prim)
{
	bool acm_sent = iwu->fi->state != OUT_ST_TRYING;
	struct isup_msg msg;
	int rc;

	iwu_setup_drop(iwu);
	if (iwu_isup_of(iwu, &msg, prim))
		iwu_keep_isup(iwu, &msg);
	iwu_answered(iwu);
	out_state_chg(iwu, acm_sent ? OUT_ST_ANSWERING : OUT_ST_CONNECTING);
	rc = out_take_sdp(iwu, prim);
	if (rc == 0 && !iwu->peer_sdp)
		rc = -EBADMSG;
	if (rc == 0 || rc == -EINPROGRESS)
		rc = iwu_media_all(rc, iwu_media_through(iwu, MEDIA_THROUGH_BOTH));
	switch (rc) {
	case 0:
		out_send_answer(iwu, acm_sent);
		break;
	case -EINPROGRESS:
		break;
	case -EPROTONOSUPPORT:
		out_refuse(iwu, ISUP_CAUSE_BEARER_NOT_IMPLEMENTED);
		break;
	case -EBADMSG:
		out_refuse(iwu, ISUP_CAUSE_INCOMPATIBLE_DESTINATION);
		break;
	default:
		out_media_failed(iwu);
	}
}

/* RFC 3398 8.2.5, 8.2.6; before any 18x the next route may do better. */
static void out_try_next(struct iwu *iwu, struct isup_cause *cause, bool reroutes)
{
	struct map_called called;
	struct isup_msg iam;

	iwu_done_sip(iwu);
	if (!reroutes || !out_reread(iwu, &iam, &called) || !out_attempt(iwu, &iam, &called, cause))
		out_end(iwu, MAP_CTR_REFUSED_SIP, cause);
}

static void out_refused(struct iwu *iwu, const struct sip_prim *prim)
{
	bool reroutes = map_status_reroutes(iwu->profile, prim->status);
	struct isup_cause cause;

	map_status_to_cause(iwu->profile, &cause, prim->status, prim->msg, iwu->mapping->cfg.location);
	iwu_release_isup_by_refusal(iwu, prim, &cause, !reroutes);
	out_try_next(iwu, &cause, reroutes);
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
		out_refused(fi->priv, data);
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
	case IWU_EV_SIP_ACK:		/* of a re-INVITE; with the answer where that had no offer */
		out_take_sdp(iwu, prim);
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
		out_send_answer(fi->priv, fi->state == OUT_ST_ANSWERING);
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
	default:
		out_renegotiating(fi->priv, event, data);
	}
}

/* ---- release ---- */

/* RFC 3398 8.2.7, 10.2: the circuit is free before RLC */
static void out_rel(struct iwu *iwu, const struct isup_msg *rel)
{
	struct isup_cause cause;

	if (isup_msg_get(rel, ISUP_PAR_CAUSE, &cause) < 0)
		map_cause_init(&cause, isup_msg_cause(rel), iwu->mapping->cfg.location);
	iwu_count(iwu, iwu->answered_us ? MAP_CTR_RELEASED_ISUP : MAP_CTR_CANCELLED_ISUP);
	iwu_media_close(iwu);
	iwu_done_isup(iwu);
	iwu_release_sip(iwu, out_sip_end(iwu), &cause, rel);
	iwu_end(iwu);
}

/* RFC 3398 10.1 */
static void out_sip_ended(struct iwu *iwu, const struct isup_cause *cause)
{
	iwu_done_sip(iwu);
	out_end(iwu, iwu->answered_us ? MAP_CTR_RELEASED_SIP : MAP_CTR_REFUSED_SIP, cause);
}

/* RFC 3398 8.1.3: no answer to INVITE, or a leg that broke */
static void out_sip_failed(struct iwu *iwu, const struct sip_prim *prim)
{
	bool answered = iwu->answered_us;
	struct isup_cause cause;

	map_sip_failed_to_cause(iwu->profile, &cause, prim->status, answered, iwu->mapping->cfg.location);
	if (answered)
		out_sip_ended(iwu, &cause);
	else
		out_try_next(iwu, &cause, true);
}

static void out_allstate(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct iwu *iwu = fi->priv;
	const struct sip_prim *prim = data;
	struct isup_cause cause;

	switch (event) {
	case IWU_EV_SIP_UPDATE:
		iwu_reinvite(iwu, prim);
		break;
	case IWU_EV_ISUP_REL:
	case IWU_EV_ISUP_FAILED:
		out_rel(iwu, data);
		break;
	case IWU_EV_SIP_BYE:
		map_request_to_cause(&cause, prim->msg);
		iwu_release_isup_by_bye(iwu, prim, &cause);
		out_sip_ended(iwu, &cause);
		break;
	case IWU_EV_SIP_FAILED:
		out_sip_failed(iwu, prim);
		break;
	case IWU_EV_MEDIA_FAILED:
		out_media_failed(iwu);
		break;
	case IWU_EV_STOP:
		out_refuse(iwu, ISUP_CAUSE_TEMPORARY_FAILURE);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* RFC 3398 8.2.8: T11 keeps the preceding exchange's T7 from expiring; the INVITE may still go another way. */
static int out_timeout(struct osmo_fsm_inst *fi)
{
	struct iwu *iwu = fi->priv;

	if (fi->state != OUT_ST_TRYING) {
		out_media_failed(iwu);
		return 0;
	}
	out_send_acm(iwu, ISUP_CALLED_NO_INDICATION, false);
	out_state_chg(iwu, OUT_ST_PROGRESSING);
	return 0;
}

#define OUT_CALLING_EVENTS (S(IWU_EV_SIP_18X) | S(IWU_EV_SIP_2XX) | S(IWU_EV_SIP_REFUSED) | S(IWU_EV_MEDIA_DONE))
#define OUT_ANSWERED_EVENTS (S(IWU_EV_SIP_REINVITE) | S(IWU_EV_SIP_ACK) | S(IWU_EV_MEDIA_DONE))

static const struct osmo_fsm_state out_states[] = {
	[OUT_ST_IDLE] = {
		.name = "IDLE",
		.in_event_mask = S(IWU_EV_ISUP_IAM),
		.out_state_mask = S(OUT_ST_MEDIA) | S(OUT_ST_TRYING),
		.action = out_idle,
	},
	[OUT_ST_MEDIA] = {
		.name = "MEDIA",
		.in_event_mask = S(IWU_EV_MEDIA_DONE),
		.out_state_mask = S(OUT_ST_TRYING),
		.action = out_media,
	},
	[OUT_ST_TRYING] = {
		.name = "TRYING",
		.in_event_mask = OUT_CALLING_EVENTS,
		.out_state_mask = S(OUT_ST_PROGRESSING) | S(OUT_ST_ALERTING) | S(OUT_ST_CONNECTING),
		.action = out_calling,
	},
	[OUT_ST_PROGRESSING] = {
		.name = "PROGRESSING",
		.in_event_mask = OUT_CALLING_EVENTS,
		.out_state_mask = S(OUT_ST_ALERTING) | S(OUT_ST_ANSWERING),
		.action = out_calling,
	},
	[OUT_ST_ALERTING] = {
		.name = "ALERTING",
		.in_event_mask = OUT_CALLING_EVENTS,
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
		.in_event_mask = OUT_ANSWERED_EVENTS,
		.out_state_mask = S(OUT_ST_CONNECTED),
		.action = out_answering,
	},
	[OUT_ST_CONNECTED] = {
		.name = "CONNECTED",
		.in_event_mask = OUT_ANSWERED_EVENTS,
		.action = out_connected,
	},
};

struct osmo_fsm iwu_out_fsm = {
	.name = "iwu-out",
	.states = out_states,
	.num_states = ARRAY_SIZE(out_states),
	.allstate_event_mask = S(IWU_EV_SIP_UPDATE) | S(IWU_EV_SIP_BYE) | S(IWU_EV_SIP_FAILED) |
			       S(IWU_EV_ISUP_REL) |
			       S(IWU_EV_ISUP_FAILED) | S(IWU_EV_MEDIA_FAILED) | S(IWU_EV_STOP),
	.allstate_action = out_allstate,
	.timer_cb = out_timeout,
	.log_subsys = DIWU,
	.event_names = iwu_event_names,
};
