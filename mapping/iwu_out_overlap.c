/* SPDX-License-Identifier: GPL-3.0-or-later */
/* O-IWU: a number that comes in parts, RFC 3578 2 and 3, Q.1912.5 7.1: a further INVITE, or INFO, for each SAM. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "mapping/iwu_out.h"
#include "mapping/iwu_overlap.h"
#include "mapping/map_cause.h"
#include "mapping/map_service.h"

static bool has_st(const struct isup_number *number)
{
	return number->n_digits && number->digits[number->n_digits - 1] == 'F';
}

void iwu_out_overlap_begin(struct iwu *iwu, const struct isup_msg *iam)
{
	const struct map_end_cfg *cfg = isup_group_user(isup_call_group(iwu->isup));
	struct isup_number called;

	if (!cfg || !cfg->overlap || isup_msg_get(iam, ISUP_PAR_CALLED_NUMBER, &called) < 0 || has_st(&called) ||
	    iwu_setup_keep(iwu, iam->octets, iam->octets_len) < 0)
		return;
	iwu->overlap = talloc_zero(iwu, struct iwu_overlap);
	if (!iwu->overlap)
		return;
	iwu->overlap->mode = cfg->overlap;
	iwu->overlap->min = cfg->overlap_min;
}

/* RFC 3578 2.1; that there is no route yet may be because of the missing digits, too. */
bool iwu_out_overlap_collects(const struct iwu *iwu, uint8_t cause, const struct map_called *called)
{
	const struct iwu_overlap *overlap = iwu->overlap;

	if (!overlap || overlap->complete)
		return false;
	return cause ? cause == ISUP_CAUSE_ADDRESS_INCOMPLETE || cause == ISUP_CAUSE_NO_ROUTE_TO_DESTINATION :
		       called->number.n_digits < overlap->min;
}

/* ---- SAM ---- */

/* The digits of a SAM, without ST; "" where there is nothing more to do for it */
static void take_digits(struct iwu_overlap *overlap, struct isup_number *more, const struct isup_msg *sam)
{
	if (overlap->complete || isup_msg_get(sam, ISUP_PAR_SUBSEQUENT_NUMBER, more) < 0)
		more->n_digits = 0;
	if (has_st(more)) {
		overlap->complete = true;
		more->n_digits--;
	}
	more->digits[more->n_digits] = '\0';
}

/* The kept IAM with these digits more */
static int keep_longer(struct iwu *iwu, const struct isup_number *more)
{
	uint8_t octets[MAP_SIPI_OCTETS_MAX];
	struct isup_msg iam, longer;
	struct isup_number called;
	int len;

	if (isup_msg_decode(&iam, isup_call_dialect(iwu->isup), (const uint8_t *)iwu->setup->octets, iwu->setup->len,
			    NULL) < 0 || isup_msg_get(&iam, ISUP_PAR_CALLED_NUMBER, &called) < 0)
		return -EBADMSG;
	if (called.n_digits + more->n_digits > ISUP_DIGITS_MAX)
		return -EMSGSIZE;
	memcpy(called.digits + called.n_digits, more->digits, more->n_digits + 1);
	called.n_digits += more->n_digits;
	isup_msg_init(&longer, iam.dialect, ISUP_MSG_IAM);
	for (unsigned int i = 0; i < iam.n_pars; i++) {
		if (iam.pars[i].code == ISUP_PAR_CALLED_NUMBER)
			isup_msg_put(&longer, ISUP_PAR_CALLED_NUMBER, &called);
		else
			isup_msg_put_octets(&longer, iam.pars[i].code, iam.pars[i].val, iam.pars[i].len);
	}
	len = isup_msg_encode(&longer, octets, sizeof(octets));
	return len < 0 ? len : iwu_setup_replace(iwu, octets, len);
}

/* RFC 3578 3.2: the highest CSeq of them all */
static void note_identity(struct iwu *iwu)
{
	uint32_t cseq = iwu->overlap->id.cseq;

	sip_call_get_identity(iwu->sip, &iwu->overlap->id);
	iwu->overlap->id.cseq = OSMO_MAX(iwu->overlap->id.cseq, cseq);
}

static void cancel_leg(struct iwu *iwu, unsigned int i)
{
	struct iwu_overlap *overlap = iwu->overlap;
	struct sip_prim cancel = { .method = SIP_CANCEL };
	struct sip_call *latest = iwu->sip;

	iwu->sip = overlap->older[i];
	iwu_to_sip(iwu, &cancel);
	iwu->sip = latest;
	overlap->n_older--;
	memmove(&overlap->older[i], &overlap->older[i + 1], (overlap->n_older - i) * sizeof(overlap->older[0]));
}

/* RFC 3578 3.4: the INVITE so far is left as it is. */
static void set_aside(struct iwu *iwu)
{
	struct iwu_overlap *overlap = iwu->overlap;

	if (!iwu->sip)
		return;
	note_identity(iwu);
	if (overlap->n_older == IWU_OVERLAP_LEGS_MAX)
		cancel_leg(iwu, 0);
	overlap->older[overlap->n_older++] = iwu->sip;
	iwu->sip = NULL;
}

static bool back_to_older(struct iwu *iwu)
{
	struct iwu_overlap *overlap = iwu->overlap;

	if (overlap->n_older)
		iwu->sip = overlap->older[--overlap->n_older];
	return iwu->sip;
}

/* RFC 3578 3.2; T11 is from the latest digit (Q.764 2.1.4.8). */
static void invite_again(struct iwu *iwu)
{
	struct isup_cause cause;
	struct map_called called;
	struct isup_msg iam;

	if (!iwu_out_reread(iwu, &iam, &called))
		return;
	map_cause_init(&cause, ISUP_CAUSE_NO_ROUTE_TO_DESTINATION, iwu->mapping->cfg.location);
	set_aside(iwu);
	iwu_set_numbers(iwu, &iam, called.key);
	iwu->n_route = 0;
	iwu->n_attempts = 0;
	if (iwu_out_attempt(iwu, &iam, &called, &cause))
		iwu_out_state_chg(iwu, OUT_ST_TRYING);
	else if (!back_to_older(iwu))
		iwu_out_end(iwu, MAP_CTR_REFUSED_GATEWAY, &cause);
}

/* TS 29.163 7.2.3.2.19; the body is that of TS 24.229 7.12. Before there is an early dialog they wait. */
static void send_digits(struct iwu *iwu)
{
	struct iwu_overlap *overlap = iwu->overlap;
	struct sip_prim prim = { .method = SIP_INFO, .content_type = SIP_STR("application/x-session-info") };
	char body[sizeof(overlap->waiting) + 32];

	if (!overlap->early || !overlap->waiting[0])
		return;
	prim.body.p = body;
	prim.body.len = snprintf(body, sizeof(body), "SubsequentDigit: %s\r\n", overlap->waiting);
	if (iwu_to_sip(iwu, &prim) == 0)
		overlap->waiting[0] = '\0';
}

void iwu_out_overlap_sam(struct iwu *iwu, const struct isup_msg *sam)
{
	struct iwu_overlap *overlap = iwu->overlap;
	struct isup_number more;
	struct map_called called;
	struct isup_msg iam;

	/* a backward message was the cover of another one: the call stays where it is */
	if (!iwu->setup) {
		iwu_ignore(iwu, "SAM");
		return;
	}
	take_digits(overlap, &more, sam);
	if (more.n_digits && keep_longer(iwu, &more) < 0) {
		iwu_out_refuse(iwu, ISUP_CAUSE_ADDRESS_INCOMPLETE);
		return;
	}
	switch (iwu->fi->state) {
	case OUT_ST_COLLECTING:
		if (isup_msg_decode(&iam, isup_call_dialect(iwu->isup), (const uint8_t *)iwu->setup->octets,
				    iwu->setup->len, NULL) == 0)
			iwu_out_begin_number(iwu, &iam);
		break;
	case OUT_ST_MEDIA:		/* the INVITE will have them */
		break;
	case OUT_ST_TRYING:
		if (more.n_digits && overlap->mode == MAP_OVERLAP_INFO) {
			osmo_strlcpy(overlap->waiting + strlen(overlap->waiting), more.digits,
				     sizeof(overlap->waiting) - strlen(overlap->waiting));
			send_digits(iwu);
			if (iwu_out_reread(iwu, &iam, &called))
				iwu_set_numbers(iwu, &iam, called.key);
			iwu_out_state_chg(iwu, OUT_ST_TRYING);
			break;
		}
		/* fall through */
	default:			/* OVERLAP */
		if (more.n_digits)
			invite_again(iwu);
		else if (overlap->complete && iwu->fi->state == OUT_ST_OVERLAP)
			iwu_out_overlap_timeout(iwu);
	}
}

/* ---- Legs ---- */

struct sip_call *iwu_out_overlap_leg(struct iwu *iwu, struct sip_peer *peer, uint16_t *status)
{
	return iwu->overlap && iwu->overlap->id.cseq ? sip_call_alloc_as(peer, iwu, &iwu->overlap->id, status) :
						       sip_call_alloc(peer, iwu, status);
}

void iwu_out_overlap_sent(struct iwu *iwu)
{
	if (!iwu->overlap)
		return;
	note_identity(iwu);
	iwu->overlap->early = false;
	iwu->overlap->waiting[0] = '\0';
}

/* TS 29.163 7.2.3.2.1a: no ACM is made of it. */
bool iwu_out_overlap_18x(struct iwu *iwu, const struct sip_prim *prim)
{
	struct iwu_overlap *overlap = iwu->overlap;

	if (!overlap || overlap->mode != MAP_OVERLAP_INFO || overlap->complete || iwu->fi->state != OUT_ST_TRYING ||
	    prim->status != 183 || prim->session != SIP_SESSION_NONE)
		return false;
	overlap->early = true;
	send_digits(iwu);
	return true;
}

/* Which of two refusals says more of the called party, RFC 3261 16.7 step 6: the lower one. That no answer came, or
 * that digits are missing, says nothing. */
static unsigned int rank(uint16_t status)
{
	if (status >= 600)
		return 0;
	return status == 404 || status == 408 || status == 484 ? 599 : status;
}

static void note_refusal(struct iwu *iwu, uint16_t status, const struct sip_msg *msg)
{
	struct iwu_overlap *overlap = iwu->overlap;

	if (overlap->best_status && rank(status) > rank(overlap->best_status))
		return;
	overlap->best_status = status;
	map_status_to_cause(iwu->profile, &overlap->best_cause, status, msg, iwu->mapping->cfg.location);
}

bool iwu_out_overlap_refused(struct iwu *iwu, const struct sip_prim *prim, struct isup_cause *cause)
{
	struct iwu_overlap *overlap = iwu->overlap;

	if (!overlap)
		return false;
	note_identity(iwu);
	note_refusal(iwu, prim->status, prim->msg);
	if (overlap->n_older ||
	    (iwu->fi->state == OUT_ST_TRYING && prim->type == SIP_PRIM_MSG && !overlap->complete &&
	     map_overlap_waits(iwu->profile, prim->status))) {
		iwu_done_sip(iwu);
		if (!back_to_older(iwu))
			iwu_out_state_chg(iwu, OUT_ST_OVERLAP);
		return true;
	}
	*cause = overlap->best_cause;
	return false;
}

/* RFC 3578 3.2: REL with the best of all refusals */
void iwu_out_overlap_timeout(struct iwu *iwu)
{
	iwu_out_end(iwu, MAP_CTR_REFUSED_SIP, &iwu->overlap->best_cause);
}

static bool take_out(struct iwu_overlap *overlap, const struct sip_call *leg)
{
	for (unsigned int i = 0; overlap && i < overlap->n_older; i++) {
		if (overlap->older[i] != leg)
			continue;
		overlap->n_older--;
		memmove(&overlap->older[i], &overlap->older[i + 1],
			(overlap->n_older - i) * sizeof(overlap->older[0]));
		return true;
	}
	return false;
}

static bool ends(const struct sip_prim *prim)
{
	return prim->type == SIP_PRIM_FAILED || prim->status >= 300 || (!prim->status && prim->method == SIP_BYE);
}

/* RFC 3578 3.3: the first to have reached somebody is the call, also with fewer digits; what others play is not
 * listened to. */
bool iwu_out_overlap_older(struct iwu *iwu, struct sip_call *leg, const struct sip_prim *prim)
{
	bool calling = iwu->fi->state <= OUT_ST_PROGRESSING;
	bool reached = prim->method == SIP_INVITE &&
		       (prim->status / 100 == 2 || ((prim->status == 180 || prim->status == 181) && calling));

	if (ends(prim)) {
		if (take_out(iwu->overlap, leg)) {
			note_refusal(iwu, prim->status ? prim->status : 480, prim->msg);
			sip_call_done(leg);
		}
		return false;
	}
	if (!reached || !take_out(iwu->overlap, leg))
		return false;
	set_aside(iwu);
	iwu->sip = leg;
	if (iwu->fi->state == OUT_ST_OVERLAP)
		iwu_out_state_chg(iwu, OUT_ST_TRYING);
	return true;
}

/* RFC 3578 3.4 */
void iwu_out_overlap_cancel(struct iwu *iwu)
{
	while (iwu->overlap && iwu->overlap->n_older)
		cancel_leg(iwu, iwu->overlap->n_older - 1);
}
