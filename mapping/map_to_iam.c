/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-up from SIP: the rules that make an IAM of an INVITE, RFC 3398 7.2.1.1, 12. */

#include <errno.h>
#include <string.h>

#include "mapping/map_cause.h"
#include "mapping/map_category.h"
#include "mapping/map_iam_priv.h"
#include "mapping/map_profile.h"
#include "mapping/map_service.h"

uint16_t map_to_iam_put(struct map_to_iam *m, uint8_t code, const void *par)
{
	return isup_msg_put(m->iam, code, par) ? 500 : 0;
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

/* Q.763 3.80: one exchange more */
static uint16_t hops_to_hops(struct map_to_iam *m)
{
	uint8_t hops;

	if (!m->env->isup || isup_msg_get(m->env->isup, ISUP_PAR_HOP_COUNTER, &hops))
		return 0;
	hops--;
	return hops && hops < 32 ? map_to_iam_put(m, ISUP_PAR_HOP_COUNTER, &hops) : 483;
}

/* RFC 3398 7.2.1.1: only the M bit is not the default: npdi says that a number portability query has been made. With rn
 * the number is ported; as the routing number is not carried on, the network behind us must ask again. */
static uint16_t npdi_to_fci(struct map_to_iam *m)
{
	struct isup_fci fci;
	struct sip_str value;

	if (!m->env->isup || isup_msg_get(m->env->isup, ISUP_PAR_FCI, &fci))
		fci = m->env->profile->pars.fci;

	if (sip_param(m->invite->uri.user_params, "npdi", &value) &&
	    !sip_param(m->invite->uri.user_params, "rn", NULL))
		fci.number_translated = !value.len || sip_str_ieq(value, SIP_STR("yes"));
	return map_to_iam_put(m, ISUP_PAR_FCI, &fci);
}

static uint16_t priority_to_cpc(struct map_to_iam *m)
{
	uint8_t category = map_category_from_invite(m->invite, m->env->trusted, m->iam->dialect);

	return map_to_iam_put(m, ISUP_PAR_CPC, &category);
}

static uint16_t offer_to_tmr(struct map_to_iam *m)
{
	uint8_t tmr, cause;

	if (!m->env->isup || isup_msg_get_tmr(m->env->isup, &tmr))
		tmr = m->env->profile->pars.tmr;
	cause = map_tmr_to_cause(m->env->profile, tmr);
	if (cause)
		return map_cause_to_status(m->env->profile, &(struct isup_cause){ .value = cause });
	return isup_msg_put_tmr(m->iam, tmr) ? 500 : 0;
}

static uint16_t ruri_to_called(struct map_to_iam *m)
{
	struct isup_number number = m->called->number, isup;

	if (map_to_iam_same_in_isup(m, ISUP_PAR_CALLED_NUMBER, &number, &isup))
		return map_to_iam_put(m, ISUP_PAR_CALLED_NUMBER, &isup);
	number.inn = 1;		/* Q.1912.5 6.1.3.1: routing to internal network number not allowed */
	return map_to_iam_put(m, ISUP_PAR_CALLED_NUMBER, &number);
}

static int addr_number(struct isup_number *number, const struct sip_addr *addr, const struct map_to_iam *m)
{
	struct sip_uri uri;
	int rc = sip_uri_parse(&uri, addr->uri_text);

	return rc ? rc : map_number_from_uri(number, &uri, m->env->numbering);
}

/* RFC 3325 9.1: the first identity that is a telephone number: one may be a name, one a number. */
static int identity_number(struct isup_number *number, const struct map_to_iam *m)
{
	struct sip_values v;
	struct sip_addr addr;
	int rc;

	sip_values_init(&v, m->invite, SIP_HDR_P_ASSERTED_IDENTITY);
	while (!(rc = sip_values_next_addr(&v, &addr))) {
		if (!addr_number(number, &addr, m))
			return 0;
	}
	return rc;
}

int map_calling_from_invite(struct isup_number *number, const struct sip_msg *invite, bool trusted,
			    const struct map_numbering *numbering)
{
	const struct map_iam_env env = { .numbering = numbering, .trusted = trusted };
	const struct map_to_iam m = { .invite = invite, .env = &env };

	return trusted && identity_number(number, &m) == 0 ? 0 : addr_number(number, &invite->from, &m);
}

static bool wants_privacy(const struct sip_msg *invite)
{
	return sip_msg_has_token(invite, SIP_HDR_PRIVACY, "id") ||
	       sip_msg_has_token(invite, SIP_HDR_PRIVACY, "user") ||
	       sip_msg_has_token(invite, SIP_HDR_PRIVACY, "header");
}

/* A From that is no telephone number leaves the parameter out, RFC 3398 7.2.1.1; 12.2 has the indicators. */
static uint16_t caller_to_calling(struct map_to_iam *m)
{
	struct isup_number number, isup;

	if ((!m->env->trusted || identity_number(&number, m)) && addr_number(&number, &m->invite->from, m))
		return 0;
	number.apri = wants_privacy(m->invite) ? ISUP_APRI_RESTRICTED : ISUP_APRI_ALLOWED;
	number.screening = ISUP_SCREENING_NETWORK;
	if (map_to_iam_same_in_isup(m, ISUP_PAR_CALLING_NUMBER, &number, &isup)) {
		if (number.apri == ISUP_APRI_RESTRICTED && isup.apri == ISUP_APRI_ALLOWED)
			isup.apri = number.apri;
		number = isup;
	}
	return map_to_iam_put(m, ISUP_PAR_CALLING_NUMBER, &number);
}

/* RFC 3398 7.2.1.1: To, where it is another number than the one the call goes to, and nothing says more */
static uint16_t to_to_original_called(struct map_to_iam *m)
{
	const struct isup_number *called = &m->called->number;
	struct isup_number to, isup;

	if (isup_msg_find(m->iam, ISUP_PAR_ORIGINAL_CALLED_NUMBER) || addr_number(&to, &m->invite->to, m) ||
	    (to.noa == called->noa && to.n_digits == called->n_digits &&
	     !memcmp(to.digits, called->digits, to.n_digits)))
		return 0;
	if (map_to_iam_same_in_isup(m, ISUP_PAR_ORIGINAL_CALLED_NUMBER, &to, &isup))
		to = isup;
	return map_to_iam_put(m, ISUP_PAR_ORIGINAL_CALLED_NUMBER, &to);
}

const struct map_invite_to_iam_rule map_invite_to_iam_rules[] = {
	{ "constant", ISUP_PAR_NCI, false, default_to_nci, "RFC 3398 7.2.1.1" },
	{ "npdi", ISUP_PAR_FCI, false, npdi_to_fci, "RFC 3398 7.2.1.1" },
	{ "Resource-Priority, P-Asserted-Identity", ISUP_PAR_CPC, true, priority_to_cpc,
	  "RFC 3398 7.2.1.1, RFC 4412, 3GPP TS 24.229 7.2A.12" },
	{ "media", ISUP_PAR_TMR, false, offer_to_tmr, "Q.1912.5 6.1.1" },
	{ "Request-URI", ISUP_PAR_CALLED_NUMBER, false, ruri_to_called, "RFC 3398 7.2.1.1, 12.2" },
	{ "P-Asserted-Identity, From, Privacy", ISUP_PAR_CALLING_NUMBER, false, caller_to_calling,
	  "RFC 3398 7.2.1.1, 12.2, RFC 3325 9.1" },
	{ "History-Info, Diversion", ISUP_PAR_REDIRECTING_NUMBER, false, map_diversion_to_redirecting,
	  "RFC 5806 9.2.4, TS 29.163 7.5.4.3" },
	{ "History-Info, Diversion", ISUP_PAR_ORIGINAL_CALLED_NUMBER, false, map_diversion_to_original_called,
	  "RFC 5806 9.2.4, TS 29.163 7.5.4.3" },
	{ "History-Info, Diversion", ISUP_PAR_REDIRECTION_INFO, false, map_diversion_to_redirection_info,
	  "RFC 5806 9.2.4, TS 29.163 7.5.4.3" },
	{ "To", ISUP_PAR_ORIGINAL_CALLED_NUMBER, false, to_to_original_called, "RFC 3398 7.2.1.1" },
	{ "encapsulated ISUP", ISUP_PAR_HOP_COUNTER, false, hops_to_hops, "Q.763 3.80" },
	{}
};

/* RFC 3398 7.2.1: what the rules made of the headers counts before what the encapsulated IAM has. */
static uint16_t join(struct isup_msg *iam, const struct isup_msg *own, const struct isup_msg *isup)
{
	int rc = 0;

	for (unsigned int i = 0; i < isup->n_pars; i++) {
		const struct isup_par *par = &isup->pars[i], *ours = isup_msg_find(own, par->code);

		if (!map_sipi_passes(par->code))
			continue;
		if (ours && !isup_msg_find(iam, par->code))
			par = ours;
		rc |= isup_msg_put_octets(iam, par->code, par->val, par->len);
	}
	for (unsigned int i = 0; i < own->n_pars; i++) {
		if (!isup_msg_find(iam, own->pars[i].code))
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

/* RFC 3398 7.2.1.1, 12.2 */
uint16_t map_called_from_invite(struct map_called *called, const struct sip_msg *invite,
				const struct map_numbering *numbering)
{
	int rc = map_number_from_uri(&called->number, &invite->uri, numbering);

	if (rc)
		return rc == -ENOENT ? 404 : 484;
	return map_number_to_key(called->key, sizeof(called->key), &called->number, numbering) ? 484 : 0;
}
