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

void iwu_out_overlap_begin(struct iwu *iwu, const struct isup_msg *iam)
{
	const struct map_end_cfg *cfg = iwu_group_cfg(iwu);
	struct isup_number called;

	if (!cfg || !cfg->overlap || isup_msg_get(iam, ISUP_PAR_CALLED_NUMBER, &called) < 0 ||
	    map_number_has_st(&called) || iwu_setup_keep(iwu, iam->octets, iam->octets_len) < 0)
		return;
	iwu->overlap = talloc_zero(iwu, struct iwu_overlap);
	if (!iwu->overlap)
		return;
	iwu->overlap->mode = cfg->overlap;
	iwu->overlap->min = cfg->overlap_min;
	iwu->overlap->iam = iwu_kept_alloc(iwu->overlap, iam->octets, iam->octets_len);
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

static void keep_sam(struct iwu_overlap *overlap, const struct isup_msg *sam)
{
	if (overlap->complete)
		return;
	if (overlap->n_sams < IWU_OVERLAP_SAMS_MAX)
		overlap->sams[overlap->n_sams] = iwu_kept_alloc(overlap, sam->octets, sam->octets_len);
	overlap->n_sams += overlap->n_sams <= IWU_OVERLAP_SAMS_MAX;
}

/* The digits of a SAM, without ST; "" where there is nothing more to do for it */
static void take_digits(struct iwu_overlap *overlap, struct isup_number *more, const struct isup_msg *sam)
{
	if (overlap->complete || isup_msg_get(sam, ISUP_PAR_SUBSEQUENT_NUMBER, more) < 0)
		more->n_digits = 0;
	if (map_number_has_st(more)) {
		overlap->complete = true;
		more->n_digits--;
	}
	more->digits[more->n_digits] = '\0';
}

/* The kept IAM with these digits more, and ST behind the last ones */
static int keep_longer(struct iwu *iwu, const struct isup_number *more)
{
	uint8_t octets[MAP_SIPI_OCTETS_MAX];
	struct isup_msg iam, longer;
	struct isup_number called;
	bool st = iwu->overlap->complete;
	int len;

	if (!iwu_kept_decode(iwu, &iam, iwu->setup) || isup_msg_get(&iam, ISUP_PAR_CALLED_NUMBER, &called) < 0)
		return -EBADMSG;
	if (called.n_digits + more->n_digits + st > ISUP_DIGITS_MAX)
		return -EMSGSIZE;
	memcpy(called.digits + called.n_digits, more->digits, more->n_digits);
	called.n_digits += more->n_digits;
	if (st)
		called.digits[called.n_digits++] = 'F';
	called.digits[called.n_digits] = '\0';
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

static void remove_leg(struct iwu_overlap *overlap, unsigned int i)
{
	talloc_free(overlap->older[i].sdp);
	overlap->n_older--;
	memmove(&overlap->older[i], &overlap->older[i + 1], (overlap->n_older - i) * sizeof(overlap->older[0]));
}

static void cancel_leg(struct iwu *iwu, unsigned int i)
{
	struct iwu_overlap *overlap = iwu->overlap;
	struct sip_prim cancel = { .method = SIP_CANCEL };
	struct sip_call *latest = iwu->sip;

	iwu->sip = overlap->older[i].call;
	iwu_to_sip(iwu, &cancel);
	iwu->sip = latest;
	remove_leg(overlap, i);
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
	overlap->older[overlap->n_older++] = (struct iwu_overlap_leg){
		.call = iwu->sip, .sdp = overlap->sdp,
		.hold_told = iwu->leg.modifying ? iwu->leg.hold_asked : iwu_noted(iwu, IWU_NOTE_HOLD_TOLD),
	};
	overlap->sdp = NULL;
	iwu->sip = NULL;
}

/* This leg is the call: its peer is who is listened to. */
static void take_up(struct iwu *iwu, const struct iwu_overlap_leg *leg)
{
	struct iwu_overlap *overlap = iwu->overlap;

	iwu->sip = leg->call;
	iwu_leg_changed(iwu, leg->hold_told);
	talloc_free(overlap->sdp);
	overlap->sdp = leg->sdp;
	iwu->leg.peer_sdp = leg->sdp &&
			iwu->mapping->media->ops->set_remote(iwu->media, (const char *)leg->sdp->octets,
							 leg->sdp->len) != -EBADMSG;
}

static bool back_to_older(struct iwu *iwu)
{
	struct iwu_overlap *overlap = iwu->overlap;

	if (overlap->n_older)
		take_up(iwu, &overlap->older[--overlap->n_older]);
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
	keep_sam(overlap, sam);
	take_digits(overlap, &more, sam);
	if (more.n_digits && keep_longer(iwu, &more) < 0) {
		iwu_out_refuse(iwu, ISUP_CAUSE_ADDRESS_INCOMPLETE);
		return;
	}
	switch (iwu->fi->state) {
	case OUT_ST_COLLECTING:
		if (iwu_kept_decode(iwu, &iam, iwu->setup))
			iwu_out_begin_number(iwu, &iam);
		break;
	case OUT_ST_MEDIA:		/* the INVITE will have them */
		break;
	case OUT_ST_TRYING:
		if (more.n_digits && overlap->mode == MAP_OVERLAP_INFO) {
			/* RFC 3398 12: to who reads it the SAM itself */
			if (!iwu_carry_isup(iwu, sam)) {
				osmo_strlcpy(overlap->waiting + strlen(overlap->waiting), more.digits,
					     sizeof(overlap->waiting) - strlen(overlap->waiting));
				send_digits(iwu);
			}
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
			iwu_out_overlap_end(iwu);
	}
}

/* ---- Legs ---- */

struct sip_call *iwu_out_overlap_leg(struct iwu *iwu, struct sip_peer *peer, uint16_t *status)
{
	if (iwu->overlap && iwu->overlap->id.cseq)
		return sip_call_alloc_as(peer, &iwu->user, &iwu->overlap->id, status);
	return iwu->priority ? sip_call_alloc_priority(peer, &iwu->user, status) :
			       sip_call_alloc(peer, &iwu->user, status);
}

void iwu_out_overlap_sent(struct iwu *iwu)
{
	if (!iwu->overlap)
		return;
	note_identity(iwu);
	iwu->overlap->early = false;
	iwu->overlap->waiting[0] = '\0';
}

/* Is it another ISUP than that of the circuit that the peer gets? */
static bool converts(const struct iwu *iwu)
{
	const struct map_end_cfg *peer = iwu_peer_cfg(iwu);

	return peer && peer->sipi_version &&
	       !isup_same_message(isup_call_dialect(iwu->isup), isup_dialect_find(peer->sipi_version->dialect),
				  ISUP_MSG_SAM);
}

/* RFC 3578 3.2; Q.1912.5 has one IAM with all digits. Where our rules have changed the number, it has come in too many
 * parts, or the peer has other messages, there is but that. */
const struct isup_msg *iwu_out_overlap_iam(const struct iwu *iwu, struct isup_msg *iam, const struct isup_msg *longer)
{
	const struct iwu_overlap *overlap = iwu->overlap;

	return overlap && iwu->profile->overlap_sams && overlap->n_sams &&
	       overlap->n_sams <= IWU_OVERLAP_SAMS_MAX && longer->octets_len && !converts(iwu) &&
	       iwu_kept_decode(iwu, iam, overlap->iam) ? iam : longer;
}

void iwu_out_overlap_put_sams(const struct iwu *iwu, struct sip_prim *prim, struct sip_part *parts)
{
	const struct iwu_overlap *overlap = iwu->overlap;

	for (unsigned int i = 0; i < prim->n_parts; i++)
		parts[i] = prim->parts[i];
	prim->parts = parts;
	for (unsigned int i = 0; i < overlap->n_sams && overlap->sams[i]; i++)
		parts[prim->n_parts++] = (struct sip_part){
			.type = parts[0].type, .disposition = parts[0].disposition,
			.content = { .p = (const char *)overlap->sams[i]->octets, .len = overlap->sams[i]->len },
		};
}

/* TS 29.163 7.2.3.2.1a: no ACM is made of it, unless it brings one (RFC 3398 8.2.3). */
bool iwu_out_overlap_18x(struct iwu *iwu, const struct sip_prim *prim)
{
	const struct map_sipi_version *version;
	struct iwu_overlap *overlap = iwu->overlap;

	if (!overlap || overlap->mode != MAP_OVERLAP_INFO || overlap->complete || iwu->fi->state != OUT_ST_TRYING ||
	    prim->status != 183 || prim->session != SIP_SESSION_NONE)
		return false;
	overlap->early = true;
	send_digits(iwu);
	return !iwu_sipi(iwu) || !map_sipi_has(prim->msg, &version);
}

/* Which of two refusals says more of the called party, RFC 3261 16.7 step 6: the lower one. That no answer came, that
 * digits are missing, or a redirection that leads nowhere, says nothing. */
static unsigned int rank(uint16_t status)
{
	if (status >= 600)
		return 0;
	return status < 400 || status == 404 || status == 408 || status == 484 ? 599 : status;
}

/* RFC 3398 8.2.6.1: what the far exchange says of it counts before the status. */
static void note_refusal(struct iwu *iwu, struct sip_call *leg, const struct sip_prim *prim)
{
	uint16_t status = prim->status ? prim->status : 480;
	struct iwu_overlap *overlap = iwu->overlap;
	struct sip_call *in_use = iwu->sip;
	uint8_t octets[MAP_SIPI_OCTETS_MAX];
	struct isup_msg rel;
	int len;

	if (overlap->best_status && rank(status) > rank(overlap->best_status))
		return;
	overlap->best_status = status;
	map_status_to_cause(iwu->profile, &overlap->best_cause, status, prim->msg, iwu->mapping->cfg.location);
	TALLOC_FREE(overlap->best_rel);
	iwu->sip = leg;
	if (iwu_rel_of_refusal(iwu, &rel, &overlap->best_cause, prim) &&
	    (len = isup_msg_encode(&rel, octets, sizeof(octets))) > 0)
		overlap->best_rel = iwu_kept_alloc(overlap, octets, len);
	iwu->sip = in_use;
}

void iwu_out_overlap_note_refusal(struct iwu *iwu, const struct sip_prim *prim)
{
	if (!iwu->overlap)
		return;
	note_identity(iwu);
	note_refusal(iwu, iwu->sip, prim);
}

/* RFC 3578 3.2: REL only when all INVITEs have been answered */
bool iwu_out_overlap_back(struct iwu *iwu)
{
	return iwu->overlap && back_to_older(iwu);
}

bool iwu_out_overlap_refused(struct iwu *iwu, const struct sip_prim *prim, struct isup_cause *cause)
{
	struct iwu_overlap *overlap = iwu->overlap;

	if (!overlap)
		return false;
	iwu_out_overlap_note_refusal(iwu, prim);
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
void iwu_out_overlap_end(struct iwu *iwu)
{
	struct isup_msg rel;

	if (iwu_kept_decode(iwu, &rel, iwu->overlap->best_rel)) {
		iwu_media_close(iwu);
		iwu_to_isup(iwu, &rel);
	}
	iwu_out_end(iwu, MAP_CTR_REFUSED_SIP, &iwu->overlap->best_cause);
}

/* RFC 3578 has nothing of 3xx: they are of the number as it is. */
void iwu_out_overlap_whole(struct iwu *iwu)
{
	iwu_out_overlap_cancel(iwu);
	TALLOC_FREE(iwu->overlap);
}

static struct iwu_overlap_leg *find_older(struct iwu_overlap *overlap, const struct sip_call *call)
{
	for (unsigned int i = 0; overlap && i < overlap->n_older; i++) {
		if (overlap->older[i].call == call)
			return &overlap->older[i];
	}
	return NULL;
}

/* What this leg's peer plays and where counts only if the leg becomes the call. */
static void keep_sdp(struct iwu_overlap *overlap, struct iwu_kept **sdp, const struct sip_msg *msg)
{
	char mem[IWU_SDP_MAX];
	struct sip_str text = msg ? sip_msg_sdp(msg, mem, sizeof(mem)) : (struct sip_str){};

	if (!text.len)
		return;
	talloc_free(*sdp);
	*sdp = iwu_kept_alloc(overlap, text.p, text.len);
}

void iwu_out_overlap_note_sdp(struct iwu *iwu, const struct sip_msg *msg)
{
	if (iwu->overlap)
		keep_sdp(iwu->overlap, &iwu->overlap->sdp, msg);
}

/* RFC 3311 5.2: the media gateway serves one peer; the session of the other stays as it is. */
static void refuse_update(struct iwu *iwu, struct sip_call *leg)
{
	struct sip_call *in_use = iwu->sip;

	iwu->sip = leg;
	iwu_refuse_offer(iwu, SIP_UPDATE, -EPROTONOSUPPORT);
	iwu->sip = in_use;
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

	struct iwu_overlap_leg *older = find_older(iwu->overlap, leg), taken;

	if (!older)
		return false;
	if (ends(prim)) {
		note_refusal(iwu, leg, prim);
		remove_leg(iwu->overlap, older - iwu->overlap->older);
		sip_call_done(leg);
		return false;
	}
	if (!reached) {
		if (prim->session != SIP_SESSION_NONE && prim->status)
			keep_sdp(iwu->overlap, &older->sdp, prim->msg);
		if (prim->session == SIP_SESSION_OFFER && prim->method == SIP_UPDATE && !prim->status)
			refuse_update(iwu, leg);
		return false;
	}
	taken = *older;
	older->sdp = NULL;
	remove_leg(iwu->overlap, older - iwu->overlap->older);
	set_aside(iwu);
	take_up(iwu, &taken);
	return true;
}

/* RFC 3578 3.4 */
void iwu_out_overlap_cancel(struct iwu *iwu)
{
	while (iwu->overlap && iwu->overlap->n_older)
		cancel_leg(iwu, iwu->overlap->n_older - 1);
}
