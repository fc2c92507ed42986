/* SPDX-License-Identifier: GPL-3.0-or-later */
/* I-IWU: a number that comes in parts, RFC 3578 3.5, TS 29.163 7.2.3.1.3A: a SAM for each further INVITE, or INFO. */
#include <errno.h>
#include <string.h>

#include <osmocom/core/logging.h>

#include "mapping/iwu_in.h"
#include "mapping/iwu_overlap.h"
#include "mapping/map_cause.h"
#include "sip/sip_body.h"

static const struct map_end_cfg *peer_cfg(const struct sip_call *leg)
{
	return sip_peer_user(sip_call_peer(leg));
}

bool iwu_in_overlap_short(const struct iwu *iwu, const struct map_called *called)
{
	const struct map_end_cfg *cfg = iwu_peer_cfg(iwu);

	return cfg && cfg->overlap && strspn(called->key + (called->key[0] == '+'), "0123456789") < cfg->overlap_min;
}

/* ---- INVITE ---- */

/* Is number to the same, and more? NULL: no, else what it has more */
static const char *more_digits(const struct isup_number *number, const struct isup_number *before)
{
	if (number->noa != before->noa || number->n_digits <= before->n_digits ||
	    memcmp(number->digits, before->digits, before->n_digits))
		return NULL;
	return number->digits + before->n_digits;
}

/* Whether this circuit group takes a number in parts; where it does not, it gets a new IAM (RFC 3578 3.5). */
static bool group_overlaps(const struct iwu *iwu)
{
	const struct map_end_cfg *cfg = iwu_group_cfg(iwu);

	return cfg && cfg->overlap;
}

/* After the first backward message the number is complete for the exchange: the INVITE is late, and refused. */
struct iwu *iwu_in_overlap_find(struct mapping *m, struct sip_call *leg, const struct sip_prim *prim)
{
	const struct map_end_cfg *cfg = peer_cfg(leg);
	const struct iwu_user *user = cfg && cfg->overlap == MAP_OVERLAP_INVITE ? sip_call_sibling_user(leg) : NULL;
	struct iwu *iwu = user ? user->iwu : NULL;
	struct map_called called, before;
	struct sip_msg invite;

	if (!iwu || iwu->fi->fsm != &iwu_in_fsm || iwu_called_from_invite(iwu, &called, prim->msg))
		return NULL;
	if (!iwu_in_reread(iwu, &invite, &before))
		return strncmp(called.key, iwu->called, strlen(iwu->called)) ? NULL : iwu;
	if (!more_digits(&called.number, &before.number))
		return NULL;
	if (group_overlaps(iwu))
		return iwu;
	iwu_in_give_up_value(iwu, MAP_CTR_CANCELLED_SIP, ISUP_CAUSE_ADDRESS_INCOMPLETE);
	return NULL;
}

static int send_sam(struct iwu *iwu, const char *digits, bool st)
{
	struct isup_number more = { .n_digits = strlen(digits) };
	struct isup_msg sam;

	memcpy(more.digits, digits, more.n_digits + 1);
	if (st && more.n_digits < ISUP_DIGITS_MAX)
		more.digits[more.n_digits++] = 'F';
	more.digits[more.n_digits] = '\0';
	isup_msg_init(&sam, isup_call_dialect(iwu->isup), ISUP_MSG_SAM);
	isup_msg_put(&sam, ISUP_PAR_SUBSEQUENT_NUMBER, &more);
	return iwu_after_iam(iwu, &sam);
}

/* The Request-URI has the digits, but does not say that they are all: the encapsulated messages do. */
bool iwu_in_overlap_st(const struct iwu *iwu, const struct sip_msg *invite)
{
	return iwu_sipi(iwu) && map_sipi_has_st(invite, isup_call_dialect(iwu->isup));
}

/* The former leg is over, this one takes its place. */
static bool change_leg(struct iwu *iwu, const struct iwu_overlap_invite *invite)
{
	int rc;

	iwu_refuse_leg(iwu, 484);
	iwu->sip = invite->leg;
	sip_call_set_user(iwu->sip, &iwu->user);
	iwu_leg_changed(iwu, false);
	iwu_in_hear(iwu, invite->prim->msg);
	rc = iwu_media_take_sdp(iwu, invite->prim->msg);
	iwu->leg.delayed_offer = rc == -ENOMSG;
	if (rc == 0 || rc == -EINPROGRESS || rc == -ENOMSG)
		return true;
	iwu_refuse_offer(iwu, SIP_INVITE, rc);
	iwu_in_give_up_value(iwu, MAP_CTR_REFUSED_GATEWAY, ISUP_CAUSE_INCOMPATIBLE_DESTINATION);
	return false;
}

static void refuse_late(struct iwu *iwu, struct sip_call *leg)
{
	struct sip_call *in_use = iwu->sip;

	iwu->sip = leg;
	iwu_refuse_leg(iwu, 484);
	iwu->sip = in_use;
}

void iwu_in_overlap_invite(struct iwu *iwu, const struct iwu_overlap_invite *invite)
{
	const struct sip_msg *msg = invite->prim->msg;
	struct map_called called, before;
	struct sip_msg former;
	bool waited = iwu->fi->state == IN_ST_PRECONDITIONS;
	const char *digits;

	if (!iwu_in_reread(iwu, &former, &before) ||
	    iwu_called_from_invite(iwu, &called, msg) ||
	    !(digits = more_digits(&called.number, &before.number))) {
		LOGPFSML(iwu->fi, LOGL_INFO, "further digits are too late\n");
		refuse_late(iwu, invite->leg);
		return;
	}
	if (!change_leg(iwu, invite))
		return;
	iwu_setup_replace(iwu, msg->octets.p, msg->octets.len);
	/* the new leg has preconditions of its own */
	if (waited && iwu_in_is_pending(iwu))
		iwu_in_send_183(iwu);
	else
		iwu_in_precond_changed(iwu);
	if (waited || iwu->fi->state != IN_ST_TRYING)
		return;
	osmo_strlcpy(iwu->called, called.key, sizeof(iwu->called));
	if (send_sam(iwu, digits, iwu_in_overlap_st(iwu, msg)) < 0)
		iwu_in_give_up_value(iwu, MAP_CTR_REFUSED_GATEWAY, ISUP_CAUSE_TEMPORARY_FAILURE);
}

/* ---- INFO ---- */

/* TS 29.163 7.2.3.1.4C: the early dialog that INFO needs, without a session description; RFC 3262 5: but with our offer
 * where the INVITE had none, and the call stays on this circuit then. */
void iwu_in_overlap_begun(struct iwu *iwu)
{
	struct sip_prim prim = { .method = SIP_INVITE, .status = 183 };
	const struct map_end_cfg *cfg = iwu_peer_cfg(iwu);

	if (iwu->fi->state != IN_ST_TRYING || !cfg || cfg->overlap != MAP_OVERLAP_INFO || !group_overlaps(iwu) ||
	    !sip_call_reliable(iwu->sip))
		return;
	if (iwu->leg.delayed_offer) {
		iwu_setup_drop(iwu);
		iwu_in_send_183(iwu);
	} else {
		iwu_to_sip(iwu, &prim);
	}
}

/* TS 24.229 7.12: "SubsequentDigit: 67" */
static bool digits_of(const struct sip_msg *msg, char *digits, size_t size)
{
	static const char name[] = "SubsequentDigit";
	struct sip_body_part part;
	struct sip_body body;
	size_t n = 0;

	sip_body_init(&body, msg);
	if (sip_body_next(&body, &part) || !sip_media_type_is(&part.type, "application/x-session-info"))
		return false;
	if (part.content.len < sizeof(name) || strncasecmp(part.content.p, name, sizeof(name) - 1))
		return false;
	for (size_t i = sizeof(name) - 1; i < part.content.len; i++) {
		char c = part.content.p[i];

		if (c >= '0' && c <= '9' && n + 1 < size)
			digits[n++] = c;
		else if (!strchr(": \t\r\n", c) || !c)
			return false;
	}
	digits[n] = '\0';
	return n;
}

static bool takes_digits(const struct iwu *iwu)
{
	uint32_t state = iwu->fi->state;

	return state == IN_ST_PRECONDITIONS || state == IN_ST_TRYING || state == IN_ST_CONTINUITY;
}

bool iwu_in_overlap_info(struct iwu *iwu, const struct sip_prim *prim)
{
	const struct map_end_cfg *cfg = iwu_peer_cfg(iwu);
	struct sip_prim ok = { .method = SIP_INFO, .status = 200 };
	char digits[ISUP_DIGITS_MAX];

	if (!takes_digits(iwu) || !cfg || cfg->overlap != MAP_OVERLAP_INFO || !group_overlaps(iwu) ||
	    !digits_of(prim->msg, digits, sizeof(digits)))
		return false;
	iwu_to_sip(iwu, &ok);
	iwu_digits_follow(iwu);
	if (send_sam(iwu, digits, false) < 0)
		iwu_in_give_up_value(iwu, MAP_CTR_REFUSED_GATEWAY, ISUP_CAUSE_TEMPORARY_FAILURE);
	return true;
}
