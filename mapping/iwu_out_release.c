/* SPDX-License-Identifier: GPL-3.0-or-later */
/* O-IWU: release of a call, by either side or the gateway, RFC 3398 8.2.5 to 8.2.7 and 10. */
#include <errno.h>

#include <osmocom/core/logging.h>

#include "mapping/iwu_out.h"
#include "mapping/iwu_overlap.h"
#include "mapping/map_cause.h"

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

void iwu_out_refuse(struct iwu *iwu, uint8_t cause_value)
{
	out_give_up(iwu, MAP_CTR_REFUSED_GATEWAY, cause_value);
}

void iwu_out_media_failed(struct iwu *iwu)
{
	out_give_up(iwu, MAP_CTR_FAILED_MEDIA, ISUP_CAUSE_RESOURCE_UNAVAILABLE);
}

void iwu_out_end(struct iwu *iwu, enum map_ctr ctr, const struct isup_cause *cause)
{
	iwu_count(iwu, ctr);
	iwu_out_overlap_cancel(iwu);
	out_release_isup(iwu, cause);
	iwu_end(iwu);
}

/* RFC 3398 8.2.5, 8.2.6; before any 18x the next route may do better. False: none does. What a peer has said counts
 * more than that the next one could not be asked. */
static bool out_try_next(struct iwu *iwu)
{
	struct map_called called;
	struct isup_cause local;
	struct isup_msg iam;

	return !iwu->leg.progressed && iwu_out_reread(iwu, &iam, &called) &&
	       iwu_out_attempt(iwu, &iam, &called, &local);
}

/* RFC 3261 21.5.4: overload over there; the exchange may learn of it (Q.764 2.11) */
static void out_note_congestion(struct iwu *iwu, const struct sip_prim *prim)
{
	bool later = prim->status == 503 && sip_msg_hdr(prim->msg, SIP_HDR_RETRY_AFTER);

	iwu->leg.acl = later ? iwu->mapping->cfg.retry_after_acl : 0;
}

void iwu_out_refused(struct iwu *iwu, const struct sip_prim *prim)
{
	bool reroutes = map_status_reroutes(iwu->profile, prim->status), redirects, has_rel;
	struct isup_cause cause;
	struct isup_msg rel;
	uint8_t value;

	if (iwu_fax_refused(iwu, prim->status))
		reroutes = true;
	out_note_congestion(iwu, prim);
	map_status_to_cause(iwu->profile, &cause, prim->status, prim->msg, iwu->mapping->cfg.location);
	if (iwu_out_redirected(iwu, prim)) {
		iwu_done_sip(iwu);
		if (!iwu_out_redirect_next(iwu, prim->status, &cause))
			iwu_out_end(iwu, MAP_CTR_REFUSED_SIP, &cause);
		return;
	}
	redirects = iwu_out_redirect_rel(iwu, &rel, &cause, prim);
	if (reroutes)
		iwu_out_overlap_note_refusal(iwu, prim);
	else if (iwu_out_overlap_refused(iwu, prim, &cause))
		return;
	value = cause.value;
	has_rel = iwu_rel_of_refusal(iwu, &rel, &cause, prim) || redirects;
	iwu_done_sip(iwu);
	if ((reroutes && out_try_next(iwu)) || iwu_out_redirect_next(iwu, prim->status, &cause) ||
	    iwu_out_overlap_back(iwu))
		return;
	if (iwu->overlap) {
		iwu_out_overlap_end(iwu);
		return;
	}
	/* not where a later attempt ended otherwise */
	if (has_rel && isup_msg_cause(&rel) == cause.value) {
		iwu_media_close(iwu);
		iwu_to_isup(iwu, &rel);
	}
	iwu->ending = value == cause.value ? prim->msg : NULL;
	iwu_out_end(iwu, MAP_CTR_REFUSED_SIP, &cause);
}

/* RFC 3398 8.2.7, 10.2: the circuit is free before RLC */
void iwu_out_rel(struct iwu *iwu, const struct isup_msg *rel)
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
void iwu_out_sip_ended(struct iwu *iwu, const struct isup_cause *cause)
{
	iwu_done_sip(iwu);
	iwu_out_end(iwu, iwu->answered_us ? MAP_CTR_RELEASED_SIP : MAP_CTR_REFUSED_SIP, cause);
}

/* RFC 3398 8.1.3: no answer to INVITE, or a leg that broke */
void iwu_out_sip_failed(struct iwu *iwu, const struct sip_prim *prim)
{
	bool answered = iwu->answered_us;
	struct isup_cause cause;

	map_sip_failed_to_cause(iwu->profile, &cause, prim->status, answered, iwu->mapping->cfg.location);
	if (answered) {
		iwu_out_sip_ended(iwu, &cause);
		return;
	}
	if (iwu_out_overlap_refused(iwu, prim, &cause))
		return;
	iwu_done_sip(iwu);
	if (out_try_next(iwu) || iwu_out_redirect_next(iwu, prim->status, &cause))
		return;
	if (iwu->overlap)
		iwu_out_overlap_end(iwu);
	else
		iwu_out_end(iwu, MAP_CTR_REFUSED_SIP, &cause);
}
