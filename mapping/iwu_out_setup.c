/* SPDX-License-Identifier: GPL-3.0-or-later */
/* O-IWU: set-up of a call, RFC 3398 8.2.1, Q.1912.5 clause 7: route, medium, INVITE; and the next attempt. */
#include <errno.h>

#include "mapping/iwu_out.h"
#include "mapping/iwu_overlap.h"
#include "mapping/map_cause.h"
#include "mapping/map_service.h"

#define INVITE_MAX 3072		/* URIs and header lines that mapping writes */

/* What an INVITE has beside its session description */
struct out_bodies {
	struct map_sipi_part isup;
	struct iwu_pstn_part pstn;
	struct sip_part parts[SIP_PUT_PARTS_MAX];
};

static void out_put_bodies(struct iwu *iwu, struct sip_prim *prim, struct out_bodies *mem, const struct isup_msg *iam,
			   const struct map_par_set *lost)
{
	struct isup_msg began;
	const struct isup_msg *first = iwu_out_overlap_iam(iwu, &began, iam);

	iwu_put_isup(iwu, prim, &mem->isup, first);
	if (!prim->n_parts)
		iwu_lost_of_iam(iwu, lost);
	if (first != iam && prim->n_parts)
		iwu_out_overlap_put_sams(iwu, prim, mem->parts);
	else
		iwu_put_pstn(iwu, prim, &mem->pstn, iam);
}

/* RFC 3398 8.2.1.1. Returns 0, or the cause of a failure; the leg is given back then. */
static uint8_t out_send_invite(struct iwu *iwu, const struct isup_msg *iam, const struct map_called *called)
{
	const struct sip_peer *peer = sip_call_peer(iwu->sip);
	struct map_numbering numbering;
	struct map_par_set lost = {};
	const struct map_iam_env env = {
		.profile = iwu->profile,
		.numbering = iwu_group_numbering(iwu, &numbering),
		.local = sip_peer_local_hostport(peer),
		.remote = sip_peer_hostport(peer),
		.carried = iwu_sipi(iwu),
		.cug = iwu_cug(iwu),
		.trusted = iwu_sip_trusted(iwu),
		.peer = iwu_peer_numbers(iwu),
		.group = iwu_group_numbers(iwu),
		.pstn_xml = iwu_pstn_is_used(iwu),
		.lost = &lost,
	};
	struct sip_prim prim = { .method = SIP_INVITE };
	struct map_called to = *called;
	struct isup_msg copy;
	char buf[INVITE_MAX], sdp[IWU_SDP_MAX];
	struct out_bodies bodies;
	struct sip_buf mem;
	uint8_t cause;

	iwu_leg_changed(iwu, iwu->held_by);
	sip_buf_init(&mem, buf, sizeof(buf));
	iam = iwu_changed_iam(iwu, &copy, iam, &to);
	cause = iam ? map_iam_to_invite(&prim, &mem, iam, &to, &env) : ISUP_CAUSE_ADDRESS_INCOMPLETE;
	if (!cause && iwu_out_redirect_uri(iwu))
		prim.ruri = sip_str_from(iwu_out_redirect_uri(iwu));
	/* RFC 5009 8, TS 29.163 7.2.3.2.2 */
	if (!cause && env.trusted) {
		sip_put_lit(&mem, "P-Early-Media: supported\r\n");
		prim.headers.len = mem.p - prim.headers.p;
	}
	if (!cause)
		iwu_fax_first(iwu, iam);
	if (!cause && iwu_media_local(iwu, MEDIA_SDP_OFFER, &prim, sdp, sizeof(sdp)) < 0)
		cause = ISUP_CAUSE_RESOURCE_UNAVAILABLE;
	if (!cause)
		out_put_bodies(iwu, &prim, &bodies, iam, &lost);
	if (!cause && iwu_to_sip(iwu, &prim) < 0)
		cause = ISUP_CAUSE_TEMPORARY_FAILURE;
	if (cause) {
		iwu_unalloc_sip(iwu);
		return cause;
	}
	iwu_out_overlap_sent(iwu);
	return 0;
}

/* A leg over the next route; *cause says why there is none. */
static bool out_send_by_route(struct iwu *iwu, const struct isup_msg *iam, const struct map_called *called,
			      struct isup_cause *cause)
{
	const struct iwu_asks asks = { .called = called, .iam = iam };
	const struct mapping *m = iwu->mapping;
	const struct route *route;

	while (!iwu->sip && (route = iwu_next_route(iwu, &asks))) {
		struct sip_peer *peer = NULL;
		uint16_t status = 404;
		uint8_t value;

		if (route->to.kind == ROUTE_PEER)
			peer = sip_peer_find(m->sip, route->to.name);
		if (peer)
			iwu->sip = iwu_out_overlap_leg(iwu, peer, &status);
		iwu_choose_profile(iwu);
		iwu->n_attempts += !!iwu->sip;
		if (!iwu->sip)
			map_status_to_cause(iwu->profile, cause, status, NULL, m->cfg.location);
		else if ((value = out_send_invite(iwu, iam, called)))
			map_cause_init(cause, value, m->cfg.location);
	}
	return iwu->sip;
}

bool iwu_out_attempt_peer(struct iwu *iwu, struct sip_peer *peer, const struct isup_msg *iam,
			  const struct map_called *called)
{
	uint16_t status;

	iwu->route = NULL;
	iwu->sip = iwu_out_overlap_leg(iwu, peer, &status);
	if (!iwu->sip)
		return false;
	iwu->n_attempts++;
	iwu_choose_profile(iwu);
	return !out_send_invite(iwu, iam, called);
}

/* Tries what routes are left; failing that, the call ends with this cause or a later one: false. T11 goes on. */
bool iwu_out_attempt(struct iwu *iwu, const struct isup_msg *iam, const struct map_called *called,
			struct isup_cause *cause)
{
	if (!out_send_by_route(iwu, iam, called, cause))
		return false;
	if (iwu->fax_first || iwu_out_may_redirect(iwu) ||
	    iwu_has_route(iwu, &(struct iwu_asks){ .called = called, .iam = iam }))
		iwu_setup_keep(iwu, iam->octets, iam->octets_len);
	if (iwu->fi->state < OUT_ST_TRYING)
		iwu_out_state_chg(iwu, OUT_ST_TRYING);
	return true;
}

void iwu_out_begin(struct iwu *iwu, const struct isup_msg *iam, const struct map_called *called)
{
	struct isup_cause cause;

	map_cause_init(&cause, ISUP_CAUSE_NO_ROUTE_TO_DESTINATION, iwu->mapping->cfg.location);
	if (!iwu_out_attempt(iwu, iam, called, &cause))
		iwu_out_end(iwu, MAP_CTR_REFUSED_GATEWAY, &cause);
}

/* RFC 3398 8.2.1: resources of the IP side first; voice goes through backwards from now on (8.1.1) */
static void out_open_media(struct iwu *iwu, const struct isup_msg *iam, const struct map_called *called, uint8_t tmr)
{
	int rc = iwu_media_open(iwu, tmr);

	if (rc == 0 || rc == -EINPROGRESS)
		rc = iwu_media_all(rc, iwu_media_through(iwu, MEDIA_THROUGH_BACKWARD));
	if (rc == 0)
		iwu_out_begin(iwu, iam, called);
	else if (rc == -EINPROGRESS && iwu_setup_keep(iwu, iam->octets, iam->octets_len) == 0)
		iwu_out_state_chg(iwu, OUT_ST_MEDIA);
	else
		iwu_out_media_failed(iwu);
}

/* What can be known before anything is done for the call: 0, or the cause to refuse it with */
static uint8_t out_check(struct iwu *iwu, const struct isup_msg *iam, struct map_called *called, uint8_t *tmr)
{
	struct isup_opt_fci ofci;
	uint8_t category, cause = iwu_called_from_iam(iwu, called, iam);

	if (iwu->mapping->refuse_new)
		return ISUP_CAUSE_SWITCH_CONGESTION;
	if (cause)
		return cause;
	iwu->priority = isup_msg_get(iam, ISUP_PAR_CPC, &category) == 0 &&
			isup_category_has_priority(iam->dialect, category);
	iwu->wants_connected = isup_msg_get(iam, ISUP_PAR_OPT_FCI, &ofci) == 0 && ofci.connected_line;
	iwu_set_numbers(iwu, iam, called->key);
	if (!iwu_has_route(iwu, &(struct iwu_asks){ .called = called, .iam = iam }))
		return ISUP_CAUSE_NO_ROUTE_TO_DESTINATION;
	return iwu_bearer_of_iam(iwu, iam, tmr);
}

void iwu_out_begin_number(struct iwu *iwu, const struct isup_msg *iam)
{
	struct map_called called;
	uint8_t tmr, cause = out_check(iwu, iam, &called, &tmr);

	if (iwu_out_overlap_collects(iwu, cause, &called))
		iwu_out_state_chg(iwu, OUT_ST_COLLECTING);
	else if (cause)
		iwu_out_refuse(iwu, cause);
	else
		out_open_media(iwu, iam, &called, tmr);
}

/* The IAM again, as it was kept: it could be read before. */
bool iwu_out_reread(struct iwu *iwu, struct isup_msg *iam, struct map_called *called)
{
	return iwu_kept_decode(iwu, iam, iwu->setup) && iwu_called_from_iam(iwu, called, iam) == 0;
}
