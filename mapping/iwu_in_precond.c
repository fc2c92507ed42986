/* SPDX-License-Identifier: GPL-3.0-or-later */
/* I-IWU: a session whose preconditions (RFC 3312) are not met yet: Q.1912.5 6.1.1, 3GPP TS 29.163 7.2.3.1. */
#include <osmocom/core/logging.h>

#include "mapping/iwu_in.h"
#include "mapping/map_cause.h"

bool iwu_in_is_pending(const struct iwu *iwu)
{
	return sip_call_precond(iwu->sip) == SIP_PRECOND_PENDING;
}

/* The exchange takes the IAM as one whose circuits before are being checked, and alerts nobody before COT: where it
 * knows that message, and the operator says nothing else. */
bool iwu_in_cot_follows(const struct iwu *iwu)
{
	const struct map_end_cfg *cfg = iwu_group_cfg(iwu);

	return !(cfg && cfg->precondition_wait) && isup_msg_def(isup_call_dialect(iwu->isup), ISUP_MSG_COT);
}

/* RFC 3312 5, 6: our side of the session at once, so that the peer can reserve its own. The call stays on this circuit
 * from then on: the address is said. */
void iwu_in_send_183(struct iwu *iwu)
{
	enum media_sdp kind = iwu->leg.delayed_offer ? MEDIA_SDP_OFFER : MEDIA_SDP_ANSWER;
	struct sip_prim prim = { .method = SIP_INVITE, .status = 183 };
	char sdp[IWU_SDP_MAX];

	if (iwu_media_local(iwu, kind, &prim, sdp, sizeof(sdp)) == 0)
		iwu_to_sip(iwu, &prim);
}

static void send_cot(struct iwu *iwu)
{
	const uint8_t successful = 1;
	struct isup_msg cot;

	isup_msg_init(&cot, isup_call_dialect(iwu->isup), ISUP_MSG_COT);
	isup_msg_put(&cot, ISUP_PAR_CONTINUITY_IND, &successful);
	iwu_to_isup(iwu, &cot);
	iwu_in_state_chg(iwu, IN_ST_TRYING);
}

static void send_iam(struct iwu *iwu)
{
	struct map_called called;
	struct sip_msg invite;

	if (!iwu_in_reread(iwu, &invite, &called)) {
		iwu_in_media_failed(iwu);
		return;
	}
	iwu_in_send_iam(iwu, &invite, &called);
}

void iwu_in_precond_changed(struct iwu *iwu)
{
	if (!iwu->sip || iwu_in_is_pending(iwu))
		return;
	switch (iwu->fi->state) {
	case IN_ST_PRECONDITIONS:
		send_iam(iwu);
		break;
	case IN_ST_CONTINUITY:
		send_cot(iwu);
		break;
	default:
		break;
	}
}
