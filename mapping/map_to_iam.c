/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-up from SIP: the rules that make an IAM of an INVITE, RFC 3398 7.2.1.1, 12. */

#include <errno.h>
#include <string.h>

#include "isup/isup_t113.h"
#include "mapping/map_cause.h"
#include "mapping/map_iam_priv.h"
#include "mapping/map_uui.h"
#include "mapping/map_profile.h"
#include "mapping/map_pstn_xml.h"
#include "mapping/map_service.h"

uint16_t map_to_iam_put(struct map_to_iam *m, uint8_t code, const void *par)
{
	return isup_msg_put(m->iam, code, par) ? 500 : 0;
}

uint16_t map_to_iam_put_number(struct map_to_iam *m, uint8_t code, const struct isup_number *number)
{
	const struct isup_par_def *def = isup_par_def(m->iam->dialect, code);

	if (!def || (def->max_len && number->n_digits > 2 * (def->max_len - def->head)))
		return 0;
	return map_to_iam_put(m, code, number);
}

bool map_to_iam_same_in_isup(const struct map_to_iam *m, uint8_t code, const struct isup_number *number,
			 struct isup_number *isup)
{
	char ours[MAP_KEY_SIZE], theirs[MAP_KEY_SIZE];

	return m->env->isup && !isup_msg_get(m->env->isup, code, isup) &&
	       !map_number_to_key(ours, sizeof(ours), number, m->env->numbering) &&
	       !map_number_to_key(theirs, sizeof(theirs), isup, m->env->numbering) && !strcmp(ours, theirs);
}

/* A continuity check is of one circuit, and ISUP's own; satellites and echo control are of the whole connection. */
#define NCI_PREVIOUS_CIRCUIT 2

static uint16_t default_to_nci(struct map_to_iam *m)
{
	struct isup_nci nci;

	if (!m->env->isup || isup_msg_get(m->env->isup, ISUP_PAR_NCI, &nci))
		nci = m->env->profile->pars.nci;
	nci.continuity = m->env->cot_follows ? NCI_PREVIOUS_CIRCUIT : 0;
	return map_to_iam_put(m, ISUP_PAR_NCI, &nci);
}

/* Q.763 3.80: one exchange more. Q.1912.5 6.1.3.9: of Max-Forwards as much as exchanges may use up, where the
 * circuit group has that; of both, the less. */
static uint16_t hops_to_hops(struct map_to_iam *m)
{
	bool by_forwards = map_iam_group(m->env)->hop_counter && m->invite->has_max_forwards;
	uint8_t hops, left = m->invite->max_forwards / map_iam_hop_factor(m->env);

	if (!m->env->isup || isup_msg_get(m->env->isup, ISUP_PAR_HOP_COUNTER, &hops)) {
		if (!by_forwards)
			return 0;
		hops = OSMO_MIN(left, 31);
	} else {
		hops--;
		if (by_forwards)
			hops = OSMO_MIN(left, hops);
	}
	return hops && hops < 32 ? map_to_iam_put(m, ISUP_PAR_HOP_COUNTER, &hops) : 483;
}

/* The medium of the encapsulated IAM counts, if the offer is for it: data is not to be had of audio. */
static uint16_t offer_to_tmr(struct map_to_iam *m)
{
	uint8_t tmr, cause;

	bool by_isup = m->env->isup && isup_msg_get_tmr(m->env->isup, &tmr) == 0;

	if (!by_isup)
		tmr = m->env->tmr;
	else if (tmr == ISUP_TMR_64K_UNRESTRICTED && m->env->tmr != tmr)
		return 488;
	cause = map_tmr_to_cause(m->env->profile, tmr);
	if (cause)
		return map_cause_to_status(m->env->profile, &(struct isup_cause){ .value = cause });
	/* what says it there may say more: ANSI's has the coding, too */
	return !by_isup && isup_msg_put_tmr(m->iam, tmr) ? 500 : 0;
}

/* Of ISDN's own: high and low layer compatibility, progress indicators. A fax is one of group 3, whoever says so; but
 * what is encapsulated has said already what the call is. */
static uint16_t offer_to_hlc(struct map_to_iam *m)
{
	union isup_par_any par;

	if (m->env->pstn && m->env->pstn->hlc.len)
		return map_pstn_to_isup(m->iam, &(struct map_pstn){ .hlc = m->env->pstn->hlc }) ? 500 : 0;
	if (!m->env->fax || m->env->isup || !isup_par_def(m->iam->dialect, ISUP_PAR_USER_TELESERVICE))
		return 0;
	memset(&par, 0, sizeof(par));
	par.teleservice.interpretation = 4;	/* first … to be used in the call */
	par.teleservice.presentation = 1;	/* high layer protocol profile */
	par.teleservice.characteristics = MAP_HLC_FAX;
	return map_to_iam_put(m, ISUP_PAR_USER_TELESERVICE, &par.teleservice);
}

static uint16_t pstn_to_access_transport(struct map_to_iam *m)
{
	struct map_pstn pstn;

	if (!m->env->pstn)
		return 0;
	pstn = *m->env->pstn;
	pstn.bearer.len = pstn.hlc.len = 0;
	return map_pstn_to_isup(m->iam, &pstn) ? 500 : 0;
}

/* Q.1912.5 6.1.3.6: with data, fax relay, or what PSTN XML says. A dialect without TMR has it of there already. */
static uint16_t offer_to_usi(struct map_to_iam *m)
{
	union isup_par_any par;

	if (m->env->pstn && m->env->pstn->bearer.len)
		return map_pstn_to_isup(m->iam, &(struct map_pstn){ .bearer = m->env->pstn->bearer }) ? 500 : 0;
	if (isup_msg_find(m->iam, ISUP_PAR_USI) ||
	    (m->env->tmr != ISUP_TMR_64K_UNRESTRICTED && (!m->env->fax || m->env->isup)))
		return 0;
	memset(&par, 0, sizeof(par));
	/* unrestricted digital information, or 3.1 kHz audio */
	par.usi.capability = m->env->tmr == ISUP_TMR_64K_UNRESTRICTED ? 8 : 16;
	par.usi.rate = 16;		/* 64 kbit/s */
	return map_to_iam_put(m, ISUP_PAR_USI, &par.usi);
}

/* RFC 3398 7.2.1.1: To, where it is another number than the one the call goes to, and nothing says more */
static uint16_t to_to_original_called(struct map_to_iam *m)
{
	const struct isup_number *called = &m->called->number;
	struct isup_number to, isup;

	if (isup_msg_find(m->iam, ISUP_PAR_ORIGINAL_CALLED_NUMBER) || map_to_iam_addr(&to, &m->invite->to, m) ||
	    map_number_same(&to, called))
		return 0;
	if (map_to_iam_same_in_isup(m, ISUP_PAR_ORIGINAL_CALLED_NUMBER, &to, &isup))
		to = isup;
	return map_to_iam_put(m, ISUP_PAR_ORIGINAL_CALLED_NUMBER, &to);
}

const struct map_invite_to_iam_rule map_invite_to_iam_rules[] = {
	{ "constant", ISUP_PAR_NCI, false, default_to_nci, "RFC 3398 7.2.1.1" },
	{ "npdi", ISUP_PAR_FCI, false, map_npdi_to_fci, "RFC 3398 7.2.1.1" },
	{ "Resource-Priority, P-Asserted-Identity", ISUP_PAR_CPC, true, map_caller_to_category,
	  "RFC 3398 7.2.1.1, RFC 4412, TS 24.229 7.2A.12, TS 29.163 C.1" },
	{ "oli", ISUP_PAR_ORIGINATING_LINE, true, map_identity_to_line, "TS 24.229 7.2A.12, TS 29.163 H.1" },
	{ "media", ISUP_PAR_TMR, false, offer_to_tmr, "Q.1912.5 6.1.3.5" },
	{ "PSTN XML, media", ISUP_PAR_USI, true, offer_to_usi, "Q.1912.5 6.1.3.6, TS 29.163 Annex F" },
	{ "PSTN XML, media", ISUP_PAR_USER_TELESERVICE, true, offer_to_hlc, "TS 29.163 7.2.3.1.2, Annex F" },
	{ "PSTN XML", ISUP_PAR_ACCESS_TRANSPORT, true, pstn_to_access_transport, "TS 29.163 Annex F" },
	{ "isub of Request-URI", ISUP_PAR_ACCESS_TRANSPORT, true, map_isub_to_called_sub, "RFC 4715 6, Q.931 4.5.9" },
	{ "isub of P-Asserted-Identity, From", ISUP_PAR_ACCESS_TRANSPORT, true, map_isub_to_calling_sub,
	  "RFC 4715 6, Q.931 4.5.11" },
	{ "Request-URI", ISUP_PAR_CALLED_NUMBER, false, map_ruri_to_called, "RFC 3398 7.2.1.1, 12.2, Q.769.1" },
	{ "rn", ISUP_PAR_NETWORK_ROUTING_NUMBER, false, map_rn_to_routing_number, "RFC 4694 5, Q.769.1" },
	{ "Request-URI beside rn", ISUP_PAR_CALLED_DIRECTORY_NUMBER, false, map_ruri_to_directory_number,
	  "RFC 4694 5, Q.769.1" },
	{ "Request-URI beside rn", ISUP_PAR_GENERIC_NUMBER, false, map_ruri_to_generic_address,
	  "RFC 3398 7.2.1.1, T1.113.3" },
	{ "cic", ISUP_PAR_TNS, false, map_cic_to_tns, "RFC 3398 7.2.1.1, RFC 4694 5" },
	{ "cic", ISUP_PAR_CARRIER_ID, false, map_cic_to_carrier, "RFC 3398 7.2.1.1, RFC 4694 5" },
	{ "dai", ISUP_PAR_CARRIER_SELECTION, true, map_dai_to_selection, "TS 24.229 7.2A, T1.113.3" },
	{ "P-Asserted-Identity, From, Privacy", ISUP_PAR_CALLING_NUMBER, false, map_caller_to_calling,
	  "RFC 3398 7.2.1.1, 12.2, RFC 3325 9.1" },
	{ "From beside P-Asserted-Identity", ISUP_PAR_GENERIC_NUMBER, false, map_from_to_generic,
	  "Q.1912.5 6.1.3.6, TS 29.163 7.2.3.1.2.6" },
	{ "P-Asserted-Identity, From", ISUP_PAR_GENERIC_NAME, true, map_caller_to_name, "RFC 3398 12.1, T1.113.3" },
	{ "rn of the identity", ISUP_PAR_JURISDICTION, true, map_identity_to_jurisdiction, "RFC 4694 5.2.3, T1.113.3" },
	{ "P-Charge-Info", ISUP_PAR_CHARGE_NUMBER, true, map_header_to_charge, "RFC 8496 4, T1.113.3" },
	{ "P-Access-Network-Info", ISUP_PAR_LOCATION_NUMBER, true, map_access_to_location,
	  "RFC 7315 5.4, TS 24.229 7.2A.4" },
	{ "Supported", ISUP_PAR_OPT_FCI, true, map_supported_to_opt_fci, "TS 29.163 7.5.2" },
	{ "Resource-Priority", ISUP_PAR_MLPP, true, map_resource_to_mlpp, "RFC 4412 10.4, Q.735.3" },
	{ "History-Info, Diversion", ISUP_PAR_REDIRECTING_NUMBER, false, map_diversion_to_redirecting,
	  "RFC 5806 9.2.4, TS 29.163 7.5.4.3" },
	{ "History-Info, Diversion", ISUP_PAR_ORIGINAL_CALLED_NUMBER, false, map_diversion_to_original_called,
	  "RFC 5806 9.2.4, TS 29.163 7.5.4.3" },
	{ "History-Info, Diversion", ISUP_PAR_REDIRECTION_INFO, false, map_diversion_to_redirection_info,
	  "RFC 5806 9.2.4, TS 29.163 7.5.4.3" },
	{ "To", ISUP_PAR_ORIGINAL_CALLED_NUMBER, false, to_to_original_called, "RFC 3398 7.2.1.1" },
	{ "Max-Forwards", ISUP_PAR_HOP_COUNTER, false, hops_to_hops, "Q.763 3.80, Q.1912.5 6.1.3.9" },
	{ "User-to-User", ISUP_PAR_UUI, true, map_header_to_uui, "RFC 7433 4.1, RFC 7434 7" },
	{}
};

/* What own has for the place of par: generic numbers are told apart by their qualifier. */
static const struct isup_par *own_like(const struct isup_msg *own, const struct isup_par *par)
{
	for (unsigned int i = 0; i < own->n_pars; i++) {
		const struct isup_par *ours = &own->pars[i];

		if (ours->code == par->code && (par->code != ISUP_PAR_GENERIC_NUMBER ||
						(par->len && ours->val[0] == par->val[0])))
			return ours;
	}
	return NULL;
}

/* RFC 3398 7.2.1: what the rules made of the headers counts before what the encapsulated IAM has. */
static uint16_t join(struct isup_msg *iam, const struct isup_msg *own, const struct isup_msg *isup)
{
	int rc = 0;

	for (unsigned int i = 0; i < isup->n_pars; i++) {
		const struct isup_par *par = &isup->pars[i], *ours = own_like(own, par);

		if (!map_sipi_passes(par->code))
			continue;
		if (ours && !own_like(iam, par))
			par = ours;
		rc |= isup_msg_put_octets(iam, par->code, par->val, par->len);
	}
	for (unsigned int i = 0; i < own->n_pars; i++) {
		if (!own_like(iam, &own->pars[i]))
			rc |= isup_msg_put_octets(iam, own->pars[i].code, own->pars[i].val, own->pars[i].len);
	}
	return rc ? 500 : 0;
}

/* RFC 3398 7.2.1.1 */
uint16_t map_invite_to_iam(struct isup_msg *iam, const struct sip_msg *invite, const struct map_called *called,
			   const struct map_iam_env *env)
{
	struct isup_msg own;
	struct map_to_iam m = { .iam = env->isup ? &own : iam, .invite = invite, .called = called, .env = env };

	if (env->isup)
		isup_msg_init(&own, iam->dialect, iam->type);
	map_to_iam_read_diversions(&m);
	if (!map_to_iam_read_caller(&m))
		return 500;
	for (const struct map_invite_to_iam_rule *r = env->profile->invite_to_iam; r->clause; r++) {
		uint16_t status;

		if (r->isup_first && env->isup && isup_msg_find(env->isup, r->par))
			continue;
		status = r->apply(&m);
		if (status)
			return status;
	}
	return env->isup ? join(iam, &own, env->isup) : 0;
}
