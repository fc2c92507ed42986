/* SPDX-License-Identifier: GPL-3.0-or-later */
/* I-IWU: set-up of a call, RFC 3398 7.2.1, Q.1912.5 clause 6: route, medium, IAM; and the next attempt. */
#include <errno.h>

#include "mapping/iwu_in.h"
#include "mapping/iwu_overlap.h"
#include "mapping/map_cause.h"
#include "mapping/map_service.h"

/* RFC 5009 8: the peer obeys P-Early-Media in what we answer; only of one that is trusted. Who has ISUP to say gets
 * some back, also if its IAM is not looked at any more. */
void iwu_in_hear(struct iwu *iwu, const struct sip_msg *invite)
{
	const struct map_end_cfg *peer = iwu_peer_cfg(iwu);
	bool has_isup = peer && peer->sipi && map_sipi_has(invite, &iwu->leg.sipi_version);

	iwu->leg.sipi = has_isup && iwu_sipi(iwu);
	iwu->leg.early_media_asked = iwu_sip_trusted(iwu) &&
				     sip_msg_has_token(invite, SIP_HDR_P_EARLY_MEDIA, "supported");
}

/* The IAM waits for the peer's preconditions. */
static void in_wait(struct iwu *iwu)
{
	iwu_in_send_183(iwu);
	iwu_in_state_chg(iwu, IN_ST_PRECONDITIONS);
}

/* Who knows our address already has it for good: there is no other circuit then. */
static void in_iam_sent(struct iwu *iwu, bool pending)
{
	if (pending || iwu->fi->state == IN_ST_PRECONDITIONS)
		iwu_setup_drop(iwu);
	if (pending)
		iwu_in_send_183(iwu);
	iwu_in_state_chg(iwu, pending ? IN_ST_CONTINUITY : IN_ST_TRYING);
	iwu_send_waiting(iwu);
}

/* The SAMs beside the encapsulated IAM were the last ones. */
static void put_st(struct isup_msg *iam)
{
	struct isup_number called;

	if (isup_msg_get(iam, ISUP_PAR_CALLED_NUMBER, &called) < 0 || !called.n_digits ||
	    called.n_digits == ISUP_DIGITS_MAX || map_number_has_st(&called))
		return;
	called.digits[called.n_digits++] = 'F';
	called.digits[called.n_digits] = '\0';
	isup_msg_replace(iam, ISUP_PAR_CALLED_NUMBER, &called);
}

/* RFC 3398 7.2.1.1 */
void iwu_in_send_iam(struct iwu *iwu, const struct sip_msg *invite, const struct map_called *called)
{
	struct map_numbering group, peer;
	struct map_iam_env env = {
		.profile = iwu->profile,
		.numbering = iwu_group_numbering(iwu, &group), .sip_numbering = iwu_peer_numbering(iwu, &peer),
		.trusted = iwu_sip_trusted(iwu), .peer = iwu_peer_numbers(iwu), .group = iwu_group_numbers(iwu),
	};
	struct isup_msg iam, isup;
	struct map_pstn pstn;
	struct map_called dialled;
	bool pending = iwu_in_is_pending(iwu);
	char mem[MAP_SIPI_MEM];
	uint16_t status;

	if (pending && !iwu_in_cot_follows(iwu)) {
		in_wait(iwu);
		return;
	}
	env.cot_follows = pending;
	env.tmr = iwu->tmr;
	env.fax = iwu_media_kind(iwu) == MEDIA_T38;
	if (iwu_read_pstn(iwu, &pstn, invite, &env.tmr))
		env.pstn = &pstn;
	status = iwu_read_iam(iwu, &isup, invite, mem);
	if (status) {
		iwu_in_refuse(iwu, status);
		return;
	}
	if (iwu->leg.sipi && map_cug_refuses(iwu_cug(iwu), &isup, true)) {
		iwu_in_give_up_value(iwu, MAP_CTR_REFUSED_GATEWAY, ISUP_CAUSE_NOT_CUG_MEMBER);
		return;
	}
	if (iwu->leg.sipi)
		env.isup = &isup;
	isup_msg_init(&iam, isup_call_dialect(iwu->isup), ISUP_MSG_IAM);
	/* its rules hold the number against others in the INVITE: as it was dialled */
	status = map_called_from_invite(&dialled, invite, env.sip_numbering);
	if (!status)
		map_called_renumber(&dialled, invite, env.sip_numbering, env.numbering);
	if (!status)
		status = map_invite_to_iam(&iam, invite, &dialled, &env);
	if (!status && iwu_change_iam(iwu, &iam, called) < 0)
		status = 484;
	if (!status && iwu->leg.sipi && iwu_in_overlap_st(iwu, invite))
		put_st(&iam);
	if (status) {
		iwu_in_refuse(iwu, status);
		return;
	}
	iwu_set_numbers(iwu, &iam, called->key);
	if (iwu_to_isup(iwu, &iam) < 0) {
		iwu_in_refuse(iwu, 500);
		return;
	}
	iwu_lost_of_invite(iwu, invite, &iam);
	in_iam_sent(iwu, pending);
	iwu_in_overlap_begun(iwu);
}

/* RFC 3398 7.2.1: resources of the media stream first; the voice path goes through backwards with the IAM (7.1.1) */
static int in_open_media(struct iwu *iwu, const struct sip_msg *invite)
{
	int rc, offer_rc;

	iwu->tmr = iwu_bearer_of_offer(iwu, invite);
	rc = iwu_media_open(iwu, iwu->tmr);
	if (rc < 0 && rc != -EINPROGRESS)
		return rc;
	offer_rc = iwu_media_take_sdp(iwu, invite);
	if (offer_rc == -ENOMSG)
		iwu->leg.delayed_offer = true;
	else
		rc = iwu_media_all(rc, offer_rc);
	return iwu_media_all(rc, iwu_media_through(iwu, MEDIA_THROUGH_BACKWARD));
}

static void in_circuit_found(struct iwu *iwu, const struct sip_msg *invite, const struct map_called *called)
{
	int rc = in_open_media(iwu, invite);

	switch (rc) {
	case 0:
		iwu_in_send_iam(iwu, invite, called);
		break;
	case -EINPROGRESS:
		iwu_in_state_chg(iwu, IN_ST_MEDIA);
		break;
	case -EBADMSG:
	case -EPROTONOSUPPORT:
		iwu_refuse_offer(iwu, SIP_INVITE, rc);
		iwu_in_refused(iwu, 488);
		break;
	default:
		iwu_in_media_failed(iwu);
	}
}

/* The next route's circuit; *cause says why there is none. */
static bool in_seize(struct iwu *iwu, const struct sip_msg *invite, const struct map_called *called,
		     struct isup_cause *cause)
{
	const struct mapping *m = iwu->mapping;
	const struct iwu_asks asks = { .called = called, .invite = invite };
	const struct route *route;

	while (!iwu->isup && (route = iwu_next_route(iwu, &asks))) {
		uint8_t value = ISUP_CAUSE_NO_ROUTE_TO_DESTINATION;
		struct isup_group *group = NULL;

		if (route->to.kind == ROUTE_GROUP)
			group = isup_group_find(m->isup, route->to.name);
		if (group)
			iwu->isup = iwu_seize(iwu, group, invite, &value);
		if (iwu->isup)
			iwu->n_attempts++;
		else
			map_cause_init(cause, value, m->cfg.location);
	}
	iwu_choose_profile(iwu);
	return iwu->isup;
}

void iwu_in_begin(struct iwu *iwu, const struct sip_msg *invite, const struct map_called *called)
{
	struct isup_cause cause;

	map_cause_init(&cause, ISUP_CAUSE_NO_ROUTE_TO_DESTINATION, iwu->mapping->cfg.location);
	if (!in_seize(iwu, invite, called, &cause)) {
		iwu_in_give_up(iwu, MAP_CTR_REFUSED_GATEWAY, &cause);
		return;
	}
	iwu_setup_keep(iwu, invite->octets.p, invite->octets.len);
	in_circuit_found(iwu, invite, called);
}

/* The INVITE again, as it was kept. The SIP room has read it before, so it can be read. */
bool iwu_in_reread(struct iwu *iwu, struct sip_msg *invite, struct map_called *called)
{
	struct sip_parse_error err;

	return iwu->setup && sip_msg_parse(invite, (const char *)iwu->setup->octets, iwu->setup->len, &err) == 0 &&
	       iwu_called_from_invite(iwu, called, invite) == 0;
}

/* Before any progress: 44 is for the same route again, on another circuit (Q.764 2.8.1, RFC 3398 7.2.4.1), some other
 * causes are for the next route. False where neither helps: the call ends with this cause; 44 was about one circuit
 * only, so that why there is no other counts. */
bool iwu_in_try_again(struct iwu *iwu, struct isup_cause *cause)
{
	struct isup_cause local = *cause;
	struct map_called called;
	struct sip_msg invite;

	if ((iwu->fi->state != IN_ST_MEDIA && iwu->fi->state != IN_ST_TRYING) ||
	    !map_cause_reroutes(iwu->profile, cause->value) || !iwu_in_reread(iwu, &invite, &called))
		return false;
	if (cause->value == ISUP_CAUSE_CIRCUIT_NOT_AVAILABLE && iwu->n_repeats < iwu->mapping->cfg.repeats_max) {
		iwu->n_repeats++;
		iwu->n_route--;
		iwu_count(iwu, MAP_CTR_REPEATED);
	}
	iwu_in_state_chg(iwu, IN_ST_IDLE);
	if (!in_seize(iwu, &invite, &called, &local)) {
		if (cause->value == ISUP_CAUSE_CIRCUIT_NOT_AVAILABLE)
			*cause = local;
		return false;
	}
	in_circuit_found(iwu, &invite, &called);
	return true;
}
