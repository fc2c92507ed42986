/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The medium of a call: what the IAM asks of IP, what an offer asks of the circuit, and the fallback between them. */

#include "mapping/iwu.h"
#include "mapping/map_sdp_bearer.h"
#include "mapping/map_service.h"
#include "sip/sip_body.h"

static bool carries(const struct iwu *iwu, uint8_t tmr)
{
	struct media *media = iwu->mapping->media;
	const struct media_bearer bearer = {
		.group = isup_group_name(isup_call_group(iwu->isup)),
		.cic = isup_call_cic(iwu->isup),
		.tmr = tmr,
	};

	if (media->ops->carries)
		return media->ops->carries(media, &bearer);
	return tmr == ISUP_TMR_SPEECH || tmr == ISUP_TMR_3K1_AUDIO;
}

static bool relays_fax(const struct iwu *iwu)
{
	struct media *media = iwu->mapping->media;

	return media->ops->relays_fax && media->ops->relays_fax(media);
}

/* Q.1912.5 6.1.3.5: the offer is looked at where it could mean anything but audio. */
uint8_t iwu_bearer_of_offer(const struct iwu *iwu, const struct sip_msg *invite)
{
	char mem[IWU_SDP_MAX];
	struct sip_str sdp;

	if (!carries(iwu, ISUP_TMR_64K_UNRESTRICTED) && !relays_fax(iwu))
		return iwu->profile->pars.tmr;
	sdp = sip_msg_sdp(invite, mem, sizeof(mem));
	return sdp.len ? map_sdp_to_tmr(iwu->profile, sdp) : iwu->profile->pars.tmr;
}

/* Q.764 2.5: 64 kbit/s preferred may be carried as what the prime parameter has; then the caller is told. */
static uint8_t fall_back(struct iwu *iwu, const struct isup_msg *iam, uint8_t *tmr)
{
	uint8_t prime;

	if (isup_msg_get(iam, ISUP_PAR_TMR_PRIME, &prime) || !carries(iwu, prime))
		return ISUP_CAUSE_BEARER_NOT_IMPLEMENTED;
	iwu->tmu_due = true;
	iwu->tmu = *tmr = prime;
	return 0;
}

/* Q.1912.5 7.1.1: 0, or the cause that the call is refused with */
uint8_t iwu_bearer_of_iam(struct iwu *iwu, const struct isup_msg *iam, uint8_t *tmr)
{
	uint8_t cause, prime;

	if (isup_msg_get_tmr(iam, tmr) < 0)
		*tmr = iwu->profile->pars.tmr;
	cause = map_tmr_to_cause(iwu->profile, *tmr);
	if (cause)
		return cause;
	if (!carries(iwu, *tmr))
		return *tmr == ISUP_TMR_64K_PREFERRED ? fall_back(iwu, iam, tmr) : ISUP_CAUSE_BEARER_NOT_IMPLEMENTED;
	/* whether it is needed the answer will tell */
	if (*tmr == ISUP_TMR_64K_PREFERRED && !isup_msg_get(iam, ISUP_PAR_TMR_PRIME, &prime)) {
		iwu->tmu = prime;
		iwu->preferred = true;
	}
	return 0;
}

/* The peer chose of what we offered: data, or what there is besides */
void iwu_bearer_answered(struct iwu *iwu, const struct sip_msg *msg)
{
	char mem[IWU_SDP_MAX];
	struct sip_str sdp;

	if (!iwu->preferred || !msg)
		return;
	sdp = sip_msg_sdp(msg, mem, sizeof(mem));
	if (sdp.len)
		iwu->tmu_due = !map_sdp_is_data(sdp);
	iwu->preferred = false;
}

/* Q.763 3.56: in the first backward message that can have it */
void iwu_bearer_put_tmu(struct iwu *iwu, struct isup_msg *msg)
{
	if (!iwu->tmu_due || isup_msg_find(msg, ISUP_PAR_TMU) ||
	    isup_msg_put(msg, ISUP_PAR_TMU, &(uint8_t){ iwu->tmu }) < 0)
		return;
	iwu->tmu_due = false;
}
