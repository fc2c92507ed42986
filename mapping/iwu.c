/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interworked call: its two ways in, its two ways out, and what both of its machines need. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "mapping/iwu_identity.h"
#include "mapping/iwu_ladder.h"
#include "mapping/iwu_overlap.h"
#include "mapping/map_category.h"
#include "mapping/map_cause.h"
#include "mapping/map_iam.h"
#include "mapping/map_profile_own.h"
#include "mapping/map_resource.h"
#include "mapping/map_uui.h"
#include "isup/isup_fsm.h"
#include "sip/sip_body.h"
#include "sip/sip_build.h"

#define HEADERS_MAX	1024	/* of a release: Reason, new number, User-to-User of 131 octets in hex */

const struct value_string iwu_event_names[] = {
	{ IWU_EV_SIP_INVITE, "SIP-INVITE" },
	{ IWU_EV_SIP_OVERLAP, "SIP-INVITE-digits" },
	{ IWU_EV_SIP_REINVITE, "SIP-re-INVITE" },
	{ IWU_EV_SIP_UPDATE, "SIP-UPDATE" },
	{ IWU_EV_SIP_UPDATED, "SIP-UPDATE-response" },
	{ IWU_EV_SIP_READY, "SIP-ready" },
	{ IWU_EV_SIP_PRACK, "SIP-PRACK" },
	{ IWU_EV_SIP_ACK, "SIP-ACK" },
	{ IWU_EV_SIP_MODIFIED, "SIP-modified" },
	{ IWU_EV_SIP_INFO, "SIP-INFO" },
	{ IWU_EV_SIP_CANCEL, "SIP-CANCEL" },
	{ IWU_EV_SIP_BYE, "SIP-BYE" },
	{ IWU_EV_SIP_18X, "SIP-18x" },
	{ IWU_EV_SIP_2XX, "SIP-2xx" },
	{ IWU_EV_SIP_REFUSED, "SIP-3xx-6xx" },
	{ IWU_EV_SIP_FAILED, "SIP-failed" },
	{ IWU_EV_ISUP_IAM, "ISUP-IAM" },
	{ IWU_EV_ISUP_SAM, "ISUP-SAM" },
	{ IWU_EV_ISUP_ACM, "ISUP-ACM" },
	{ IWU_EV_ISUP_CPG, "ISUP-CPG" },
	{ IWU_EV_ISUP_ANM, "ISUP-ANM" },
	{ IWU_EV_ISUP_CON, "ISUP-CON" },
	{ IWU_EV_ISUP_OTHER, "ISUP-other" },
	{ IWU_EV_ISUP_REL, "ISUP-REL" },
	{ IWU_EV_ISUP_FAILED, "ISUP-failed" },
	{ IWU_EV_MEDIA_DONE, "media-done" },
	{ IWU_EV_MEDIA_FAILED, "media-failed" },
	{ IWU_EV_MEDIA_WANTS, "media-wants" },
	{ IWU_EV_STOP, "stop" },
	{}
};

static uint64_t now_us(void)
{
	struct timespec now;

	osmo_clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ull + now.tv_nsec / 1000;
}

void iwu_count(const struct iwu *iwu, enum map_ctr ctr)
{
	rate_ctr_inc2(iwu->mapping->ctrs, ctr);
}

/* ---- begin and end ---- */

static struct iwu *iwu_alloc(struct mapping *m, struct osmo_fsm *fsm)
{
	struct iwu *iwu = isup_fsm_object(fsm, m, "struct iwu", sizeof(*iwu));
	struct sip_buf name;

	if (!iwu)
		return NULL;
	iwu->fi = &iwu->inst;
	sip_buf_init(&name, iwu->name, sizeof(iwu->name) - 1);
	sip_put_str(&name, sip_str_from(fsm->name));
	sip_put_lit(&name, "(");
	sip_put_uint(&name, m->next_call_id);
	sip_put_lit(&name, ")");
	iwu->fi->name = iwu->name;
	iwu->user = (struct iwu_user){ .mapping = m, .iwu = iwu };
	iwu->profile = m->cfg.profile;
	iwu->id = m->next_call_id++;
	iwu->started_us = now_us();
	llist_add_tail(&iwu->entry, &m->calls);
	m->n_calls++;
	return iwu;
}

void iwu_end(struct iwu *iwu)
{
	iwu_routes_drop(iwu);
	llist_del(&iwu->entry);
	iwu->mapping->n_calls--;
	osmo_fsm_inst_term(iwu->fi, OSMO_FSM_TERM_REGULAR, NULL);
}

void iwu_answered(struct iwu *iwu)
{
	iwu->answered_us = now_us();
}

/* For show calls: the numbers as the IAM has them */
void iwu_set_numbers(struct iwu *iwu, const struct isup_msg *iam, const char *called_key)
{
	struct map_numbering numbering;
	char key[MAP_KEY_SIZE] = "";
	struct isup_number calling;

	osmo_strlcpy(iwu->called, called_key, sizeof(iwu->called));
	if (isup_msg_get(iam, ISUP_PAR_CALLING_NUMBER, &calling) == 0 &&
	    map_number_to_key(key, sizeof(key), &calling, iwu_group_numbering(iwu, &numbering)) >= 0)
		osmo_strlcpy(iwu->calling, key, sizeof(iwu->calling));
}

bool iwu_sip_trusted(const struct iwu *iwu)
{
	return iwu->mapping->cfg.trust_all_sip || sip_peer_trusted(sip_call_peer(iwu->sip));
}

const struct map_end_cfg *iwu_peer_cfg(const struct iwu *iwu)
{
	return iwu->sip ? sip_peer_user(sip_call_peer(iwu->sip)) : NULL;
}

const struct map_end_cfg *iwu_group_cfg(const struct iwu *iwu)
{
	return iwu->isup ? isup_group_user(isup_call_group(iwu->isup)) : NULL;
}

void iwu_choose_profile(struct iwu *iwu)
{
	const struct map_end_cfg *peer = iwu_peer_cfg(iwu), *group = iwu_group_cfg(iwu);
	const struct map_profile *profile = iwu->mapping->cfg.profile;

	if (peer && peer->profile)
		profile = peer->profile;
	else if (group && group->profile)
		profile = group->profile;
	iwu->profile = map_profile_of_call(iwu, profile);
}

/* Q.764 2.10, 2.11: congestion does not keep calls of some categories back. */
struct isup_call *iwu_seize(struct iwu *iwu, struct isup_group *group, const struct sip_msg *invite,
			    uint8_t *cause_value)
{
	const struct isup_dialect *dialect = isup_group_dialect(group);
	uint8_t category = map_category_from_invite(iwu->profile, invite, iwu_sip_trusted(iwu), dialect);

	if (isup_category_has_priority(dialect, category))
		return isup_call_seize_priority(group, &iwu->user, cause_value);
	return isup_call_seize(group, &iwu->user, cause_value);
}

/* ---- ways in ---- */

/* A message that its state has no use for is not worth more than a note: the peer may be late, or wrong. */
void iwu_ignore(const struct iwu *iwu, const char *what)
{
	LOGPFSML(iwu->fi, LOGL_INFO, "%s ignored in this state\n", what);
	iwu_count(iwu, MAP_CTR_IGNORED);
}

/* Has the state of the call a use for it? */
static bool is_legal(const struct iwu *iwu, enum iwu_event event)
{
	const struct osmo_fsm *fsm = iwu->fi->fsm;
	uint32_t legal = fsm->allstate_event_mask | fsm->states[iwu->fi->state].in_event_mask;

	return event < _IWU_EV_COUNT && (legal & (1u << event));
}

void iwu_dispatch(struct iwu *iwu, enum iwu_event event, const void *data)
{
	if (is_legal(iwu, event))
		osmo_fsm_inst_dispatch(iwu->fi, event, (void *)data);
	else
		iwu_ignore(iwu, event < _IWU_EV_COUNT ? get_value_string(iwu_event_names, event) :
							"message without interworking");
}

static enum iwu_event isup_event(const struct iwu *iwu, const struct isup_prim *prim)
{
	static const struct {
		uint8_t type;
		enum iwu_event event;
	} *row, rows[] = {
		{ ISUP_MSG_IAM, IWU_EV_ISUP_IAM },
		{ ISUP_MSG_SAM, IWU_EV_ISUP_SAM },
		{ ISUP_MSG_ACM, IWU_EV_ISUP_ACM },
		{ ISUP_MSG_CPG, IWU_EV_ISUP_CPG },
		{ ISUP_MSG_ANM, IWU_EV_ISUP_ANM },
		{ ISUP_MSG_CON, IWU_EV_ISUP_CON },
		{ ISUP_MSG_REL, IWU_EV_ISUP_REL },
		{}
	};

	if (prim->type == ISUP_PRIM_FAILED)
		return IWU_EV_ISUP_FAILED;
	if (prim->msg->type == ISUP_MSG_SAM && !iwu->overlap)
		return _IWU_EV_COUNT;
	for (row = rows; row->type; row++)
		if (row->type == prim->msg->type)
			return row->event;
	return IWU_EV_ISUP_OTHER;
}

static enum iwu_event sip_event(const struct iwu *iwu, const struct sip_prim *prim)
{
	if (prim->type == SIP_PRIM_FAILED)
		return IWU_EV_SIP_FAILED;
	if (prim->type == SIP_PRIM_READY)
		return IWU_EV_SIP_READY;
	switch (prim->method) {
	case SIP_INVITE:
		if (!prim->status)
			return iwu->fi->state ? IWU_EV_SIP_REINVITE : IWU_EV_SIP_INVITE;
		if (iwu->leg.modifying == SIP_INVITE)
			return prim->status >= 200 ? IWU_EV_SIP_MODIFIED : _IWU_EV_COUNT;
		return prim->status >= 300 ? IWU_EV_SIP_REFUSED :
		       prim->status >= 200 ? IWU_EV_SIP_2XX :
		       prim->status > 100 ? IWU_EV_SIP_18X : _IWU_EV_COUNT;
	case SIP_UPDATE:
		return prim->status ? IWU_EV_SIP_UPDATED : IWU_EV_SIP_UPDATE;
	case SIP_PRACK:
		return prim->status ? _IWU_EV_COUNT :
		       prim->session == SIP_SESSION_ANSWER ? IWU_EV_SIP_PRACK : IWU_EV_SIP_UPDATE;
	case SIP_ACK:
		return IWU_EV_SIP_ACK;
	case SIP_INFO:
		return prim->status ? _IWU_EV_COUNT : IWU_EV_SIP_INFO;
	case SIP_CANCEL:
		return IWU_EV_SIP_CANCEL;
	case SIP_BYE:
		return prim->status ? _IWU_EV_COUNT : IWU_EV_SIP_BYE;
	default:
		return _IWU_EV_COUNT;
	}
}

void mapping_isup_cb(struct isup_call *call, const struct isup_prim *prim, void *data)
{
	const struct iwu_user *user = data;
	struct mapping *m = user->mapping;
	struct iwu *iwu = user->iwu;
	enum iwu_event event;

	if (!iwu) {
		iwu = iwu_alloc(m, &iwu_out_fsm);
		if (!iwu) {
			isup_call_release(call, ISUP_CAUSE_SWITCH_CONGESTION, m->cfg.location);
			return;
		}
		iwu->isup = call;
		iwu_choose_profile(iwu);
		isup_call_set_user(call, &iwu->user);
		iwu_count(iwu, MAP_CTR_ISUP_SIP);
	}
	iwu_ladder_isup(m->ladder, iwu->id, isup_call_cic(call), prim);
	event = isup_event(iwu, prim);
	if (is_legal(iwu, event) || prim->type != ISUP_PRIM_MSG || !iwu_carry_isup(iwu, prim->msg))
		iwu_dispatch(iwu, event, prim->msg);
}

void mapping_sip_cb(struct sip_call *call, const struct sip_prim *prim, void *data)
{
	const struct iwu_user *user = data;
	struct mapping *m = user->mapping;
	struct iwu *iwu = user->iwu;

	if (!iwu && (iwu = iwu_in_overlap_find(m, call, prim))) {
		iwu_ladder_sip(m->ladder, iwu->id, prim);
		iwu_dispatch(iwu, IWU_EV_SIP_OVERLAP, &(struct iwu_overlap_invite){ .leg = call, .prim = prim });
		return;
	}
	if (!iwu) {
		iwu = iwu_alloc(m, &iwu_in_fsm);
		if (!iwu) {
			sip_call_release(call, 503, (struct sip_str){});
			return;
		}
		iwu->sip = call;
		iwu_choose_profile(iwu);
		sip_call_set_user(call, &iwu->user);
		iwu_count(iwu, MAP_CTR_SIP_ISUP);
	}
	if (prim->type != SIP_PRIM_READY) {
		iwu_ladder_sip(m->ladder, iwu->id, prim);
		iwu_lost_sip(iwu, prim);
	}
	if (call != iwu->sip && !iwu_out_overlap_older(iwu, call, prim))
		return;
	if (prim->method != SIP_INFO || prim->status || !iwu_carry_info(iwu, prim))
		iwu_dispatch(iwu, sip_event(iwu, prim), prim);
}

void mapping_release_all(struct mapping *m)
{
	struct iwu *iwu, *next;

	m->refuse_new = true;
	llist_for_each_entry_safe(iwu, next, &m->calls, entry)
		iwu_dispatch(iwu, IWU_EV_STOP, NULL);
}

/* ---- ways out ---- */

int iwu_to_isup(struct iwu *iwu, const struct isup_msg *msg)
{
	struct isup_prim prim = { .type = ISUP_PRIM_MSG, .op = PRIM_OP_REQUEST, .msg = msg };
	struct isup_call *call = iwu->isup;
	uint16_t cic = isup_call_cic(call);
	int rc;

	if (msg->type == ISUP_MSG_REL)
		iwu->isup = NULL;
	rc = isup_call_req(call, msg);
	if (rc == 0) {
		iwu_ladder_isup(iwu->mapping->ladder, iwu->id, cic, &prim);
		return 0;
	}
	LOGPFSML(iwu->fi, LOGL_ERROR, "%s not sent: %s\n", isup_msg_name(msg->dialect, msg->type), strerror(-rc));
	if (msg->type == ISUP_MSG_REL)
		isup_call_release(call, isup_msg_cause(msg), iwu->mapping->cfg.location);
	return rc;
}

/* Our interest in the leg ends with this; a refused re-INVITE does not end it. */
static bool ends_leg(const struct iwu *iwu, const struct sip_prim *prim)
{
	if (prim->method == SIP_INVITE)
		return prim->status >= 300 && !iwu->answered_us;
	return !prim->status && (prim->method == SIP_BYE || prim->method == SIP_CANCEL);
}

int iwu_to_sip(struct iwu *iwu, struct sip_prim *prim)
{
	struct sip_call *call = iwu->sip;
	bool ends = ends_leg(iwu, prim);
	int rc;

	prim->type = SIP_PRIM_MSG;
	prim->op = PRIM_OP_REQUEST;
	if (ends)
		iwu->sip = NULL;
	rc = sip_call_req(call, prim);
	if (rc == 0) {
		iwu_ladder_sip(iwu->mapping->ladder, iwu->id, prim);
		return 0;
	}
	LOGPFSML(iwu->fi, LOGL_NOTICE, "SIP %.*s %u not sent: %s\n", SIP_STR_ARG(sip_method_name(prim->method)),
		 prim->status, strerror(-rc));
	if (ends)
		sip_call_release(call, prim->status, prim->headers);
	return rc;
}

/* RFC 3261 13.3.1.3: a refusal should say why, by a warning (20.43) */
void iwu_refuse_offer(struct iwu *iwu, enum sip_method method, int rc)
{
	bool broken = rc == -EBADMSG;
	struct sip_prim prim = { .method = method, .status = 488 };
	struct map_sipi_part body;
	struct isup_cause cause;
	char headers[HEADERS_MAX];

	if (!iwu->sip)
		return;
	if (ends_leg(iwu, &prim)) {
		map_status_to_cause(iwu->profile, &cause, prim.status, NULL, iwu->mapping->cfg.location);
		iwu_put_own_rel(iwu, &prim, &body, &cause);
	}
	prim.headers.p = headers;
	prim.headers.len = snprintf(headers, sizeof(headers), "Warning: %u %s \"%s\"\r\n", broken ? 399 : 305,
				    sip_peer_local_hostport(sip_call_peer(iwu->sip)),
				    broken ? "Session description not understood" : "Incompatible media format");
	iwu_to_sip(iwu, &prim);
}

/* ---- release ---- */

void iwu_release_isup(struct iwu *iwu, const struct isup_cause *cause)
{
	struct isup_msg rel;

	if (!iwu->isup)
		return;
	isup_msg_init(&rel, isup_call_dialect(iwu->isup), ISUP_MSG_REL);
	isup_msg_put(&rel, ISUP_PAR_CAUSE, cause);
	map_uui_from_sip(&rel, iwu->ending);
	if (iwu->leg.acl && isup_par_def(rel.dialect, ISUP_PAR_ACL))
		isup_msg_put_octets(&rel, ISUP_PAR_ACL, &iwu->leg.acl, 1);
	iwu_to_isup(iwu, &rel);
}

void iwu_release_sip(struct iwu *iwu, enum map_sip_end end, const struct isup_cause *cause,
		     const struct isup_msg *rel)
{
	struct map_sipi_part body;
	struct sip_prim prim = {};
	char headers[HEADERS_MAX];
	struct map_numbering numbering;
	struct sip_buf mem;

	iwu_out_overlap_cancel(iwu);
	if (!iwu->sip)
		return;
	sip_buf_init(&mem, headers, sizeof(headers));
	map_cause_to_sip_end(&prim, &mem, end, cause, &(struct map_release_env){
		.profile = iwu->profile,
		.numbering = iwu_group_numbering(iwu, &numbering),
		.local = sip_peer_local_hostport(sip_call_peer(iwu->sip)),
		.retry_after_s = iwu->mapping->cfg.retry_after_s,
		.congested = rel && isup_msg_find(rel, ISUP_PAR_ACL),
	});
	if (rel)
		iwu_put_isup(iwu, &prim, &body, rel);
	else
		iwu_put_own_rel(iwu, &prim, &body, cause);
	if (rel && isup_msg_find(rel, ISUP_PAR_UUI) && end != MAP_SIP_END_CANCEL) {
		map_put_uui(&mem, rel);
		prim.headers = sip_buf_str(&mem);
	}
	iwu_to_sip(iwu, &prim);
}

void iwu_unseize_isup(struct iwu *iwu)
{
	struct isup_call *call = iwu->isup;

	iwu->isup = NULL;
	if (call)
		isup_call_release(call, ISUP_CAUSE_NORMAL_CLEARING, iwu->mapping->cfg.location);
}

void iwu_unalloc_sip(struct iwu *iwu)
{
	struct sip_call *call = iwu->sip;

	iwu->sip = NULL;
	if (call)
		sip_call_release(call, 0, (struct sip_str){});
}

void iwu_refuse_leg(struct iwu *iwu, uint16_t status)
{
	struct sip_prim prim = { .method = SIP_INVITE, .status = status };

	if (iwu->sip)
		iwu_to_sip(iwu, &prim);
}

void iwu_refuse_sip(struct iwu *iwu, uint16_t status)
{
	struct sip_prim prim = { .method = SIP_INVITE, .status = status };
	struct map_sipi_part body;
	struct isup_cause cause;
	char accepted[MAP_ACCEPT_RESOURCE_MAX];

	/* RFC 4412 4.6.2 */
	if (status == 417) {
		map_resource_accept_buf(accepted, sizeof(accepted), iwu->profile);
		prim.headers = sip_str_from(accepted);
	}
	/* RFC 3261 21.4.13 */
	if (status == 415)
		prim.headers = SIP_STR("Accept: application/sdp, application/ISUP, multipart/mixed\r\n");
	if (!iwu->sip)
		return;
	map_status_to_cause(iwu->profile, &cause, status, NULL, iwu->mapping->cfg.location);
	iwu_put_own_rel(iwu, &prim, &body, &cause);
	iwu_to_sip(iwu, &prim);
}

void iwu_done_isup(struct iwu *iwu)
{
	struct isup_call *call = iwu->isup;

	iwu->isup = NULL;
	if (call)
		isup_call_done(call);
}

void iwu_done_sip(struct iwu *iwu)
{
	struct sip_call *call = iwu->sip;

	iwu->sip = NULL;
	if (call)
		sip_call_done(call);
}
