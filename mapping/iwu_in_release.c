/* SPDX-License-Identifier: GPL-3.0-or-later */
/* I-IWU: release of a call, by either side or the gateway, RFC 3398 7.2.3, 7.2.4 and 10. */
#include <errno.h>

#include <osmocom/core/logging.h>

#include "mapping/iwu_in.h"
#include "mapping/map_cause.h"

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
void iwu_in_give_up(struct iwu *iwu, enum map_ctr ctr, const struct isup_cause *cause)
{
	LOGPFSML(iwu->fi, LOGL_INFO, "given up: cause %u, %s\n", cause->value, isup_cause_name(cause->value));
	iwu_count(iwu, ctr);
	iwu_release_sip(iwu, in_sip_end(iwu), cause, NULL);
	in_release_isup(iwu, cause);
	iwu_end(iwu);
}

void iwu_in_give_up_value(struct iwu *iwu, enum map_ctr ctr, uint8_t cause_value)
{
	struct isup_cause cause;

	map_cause_init(&cause, cause_value, iwu->mapping->cfg.location);
	iwu_in_give_up(iwu, ctr, &cause);
}

/* Before the IAM, for a reason that has no cause */
void iwu_in_refused(struct iwu *iwu, uint16_t status)
{
	LOGPFSML(iwu->fi, LOGL_INFO, "refused: %u\n", status);
	iwu_count(iwu, MAP_CTR_REFUSED_GATEWAY);
	iwu_media_close(iwu);
	iwu_unseize_isup(iwu);
	iwu_end(iwu);
}

void iwu_in_refuse(struct iwu *iwu, uint16_t status)
{
	iwu_refuse_sip(iwu, status);
	iwu_in_refused(iwu, status);
}

void iwu_in_media_failed(struct iwu *iwu)
{
	iwu_in_give_up_value(iwu, MAP_CTR_FAILED_MEDIA, ISUP_CAUSE_RESOURCE_UNAVAILABLE);
}

/* RFC 3312 8; a COT that says "failed" would be of circuits before, which are in order */
void iwu_in_precond_failed(struct iwu *iwu)
{
	struct isup_cause cause;

	LOGPFSML(iwu->fi, LOGL_INFO, "preconditions of the peer are not met\n");
	iwu_count(iwu, MAP_CTR_REFUSED_GATEWAY);
	iwu_refuse_sip(iwu, 580);
	map_cause_init(&cause, ISUP_CAUSE_RESOURCE_UNAVAILABLE, iwu->mapping->cfg.location);
	in_release_isup(iwu, &cause);
	iwu_end(iwu);
}

/* RFC 3398 7.2.4, 10.2 */
void iwu_in_rel(struct iwu *iwu, const struct isup_msg *rel)
{
	struct isup_call *ended = iwu->isup;
	struct isup_cause cause;
	bool again;

	if (isup_msg_get(rel, ISUP_PAR_CAUSE, &cause) < 0)
		map_cause_init(&cause, isup_msg_cause(rel), iwu->mapping->cfg.location);
	iwu_media_close(iwu);
	/* Q.764 2.8.1: on another circuit, so this one is not idle until that is found. */
	iwu->isup = NULL;
	again = iwu_in_try_again(iwu, &cause);
	if (again) {
		isup_call_done(ended);
		return;
	}
	/* what the release says is as this circuit's group has it */
	iwu->isup = ended;
	iwu_count(iwu, iwu->answered_us ? MAP_CTR_RELEASED_ISUP : MAP_CTR_REFUSED_ISUP);
	iwu_release_sip(iwu, in_sip_end(iwu), &cause, rel);
	iwu_done_isup(iwu);
	iwu_end(iwu);
}

/* RFC 3398 7.2.3, 10.1, 7.1.4 */
void iwu_in_sip_ended(struct iwu *iwu, const struct isup_cause *cause)
{
	iwu_count(iwu, iwu->answered_us ? MAP_CTR_RELEASED_SIP : MAP_CTR_CANCELLED_SIP);
	iwu_done_sip(iwu);
	in_release_isup(iwu, cause);
	iwu_end(iwu);
}

/* RFC 3398 7.1.6: the response is by the cause, then the exchange is released */
void iwu_in_announcement_over(struct iwu *iwu)
{
	struct isup_cause cause;

	iwu_count(iwu, MAP_CTR_REFUSED_ISUP);
	map_cause_init(&cause, iwu->announced_cause, iwu->mapping->cfg.location);
	iwu_release_sip(iwu, MAP_SIP_END_RESPONSE, &cause, NULL);
	map_cause_init(&cause, ISUP_CAUSE_NORMAL_CLEARING, iwu->mapping->cfg.location);
	in_release_isup(iwu, &cause);
	iwu_end(iwu);
}
