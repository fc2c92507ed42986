/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-up: the rules that make an INVITE of an IAM and an IAM of an INVITE, RFC 3398 7.2.1.1, 8.2.1.1, 12. */

#include <errno.h>
#include <string.h>

#include "mapping/map_cause.h"
#include "mapping/map_category.h"
#include "mapping/map_iam.h"
#include "mapping/map_profile.h"
#include "mapping/map_service.h"

/* ---- IAM to INVITE ---- */

/* Who calls, as RFC 3398 12.1 lets SIP know it */
enum presentation { NO_NUMBER, ALLOWED, RESTRICTED };

struct map_to_invite {
	struct sip_prim *invite;
	struct sip_buf *mem;
	const struct isup_msg *iam;
	const struct map_called *called;
	const struct map_iam_env *env;
	bool npdi;			/* a number portability query has been made */
	enum presentation presentation;
	char calling[MAP_KEY_SIZE];	/* unless NO_NUMBER */
};

static struct sip_str since(const struct sip_buf *mem, const char *start)
{
	return (struct sip_str){ .p = start, .len = mem->p - start };
}

/* RFC 3398 12: a number of ours that the presentation indicator lets be shown */
static void read_calling(struct map_to_invite *m)
{
	struct isup_number calling;

	if (isup_msg_get(m->iam, ISUP_PAR_CALLING_NUMBER, &calling) ||
	    calling.apri == ISUP_APRI_NOT_AVAILABLE ||
	    map_number_to_key(m->calling, sizeof(m->calling), &calling, m->env->numbering))
		m->presentation = NO_NUMBER;
	else	/* 3 is restricted by the network in some dialects */
		m->presentation = calling.apri == ISUP_APRI_ALLOWED ? ALLOWED : RESTRICTED;
}

static uint8_t tmr_to_media(struct map_to_invite *m)
{
	uint8_t tmr;

	return isup_msg_get_tmr(m->iam, &tmr) ? ISUP_CAUSE_INVALID_MESSAGE : map_tmr_to_cause(m->env->profile, tmr);
}

/* Q.763 3.80: the next exchange would be one too many. */
static uint8_t hop_counter_to_loop(struct map_to_invite *m)
{
	uint8_t hops;

	return !isup_msg_get(m->iam, ISUP_PAR_HOP_COUNTER, &hops) && hops <= 1 ? ISUP_CAUSE_EXCHANGE_ROUTING_ERROR : 0;
}

static uint8_t fci_to_npdi(struct map_to_invite *m)
{
	struct isup_fci fci;

	m->npdi = !isup_msg_get(m->iam, ISUP_PAR_FCI, &fci) && fci.number_translated;
	return 0;
}

/* To is a name-addr around the Request-URI: both are the same octets. */
static uint8_t called_to_ruri(struct map_to_invite *m)
{
	const char *start = m->mem->p;

	sip_put_lit(m->mem, "<");
	map_put_number_uri(m->mem, m->called->key, m->npdi, m->env->remote);
	sip_put_lit(m->mem, ">");
	if (m->mem->full)
		return ISUP_CAUSE_RESOURCE_UNAVAILABLE;
	m->invite->to = since(m->mem, start);
	m->invite->ruri = (struct sip_str){ .p = start + 1, .len = m->invite->to.len - 2 };
	return 0;
}

static uint8_t original_called_to_to(struct map_to_invite *m)
{
	const char *start = m->mem->p;
	struct isup_number number;
	char key[MAP_KEY_SIZE];

	if (isup_msg_get(m->iam, ISUP_PAR_ORIGINAL_CALLED_NUMBER, &number) || number.apri != ISUP_APRI_ALLOWED ||
	    map_number_to_key(key, sizeof(key), &number, m->env->numbering))
		return 0;
	sip_put_lit(m->mem, "<");
	map_put_number_uri(m->mem, key, false, m->env->remote);
	sip_put_lit(m->mem, ">");
	m->invite->to = since(m->mem, start);
	return 0;
}

/* RFC 3398 8.2.1.1: without a number the gateway's host alone; 12.1: anonymous where it is restricted. */
static uint8_t calling_to_from(struct map_to_invite *m)
{
	const char *start = m->mem->p;

	switch (m->presentation) {
	case NO_NUMBER:
		sip_put_lit(m->mem, "<sip:");
		sip_put_z(m->mem, m->env->local);
		sip_put_lit(m->mem, ">");
		break;
	case ALLOWED:
		sip_put_lit(m->mem, "<");
		map_put_number_uri(m->mem, m->calling, false, m->env->local);
		sip_put_lit(m->mem, ">");
		break;
	case RESTRICTED:
		sip_put_lit(m->mem, "\"Anonymous\" <sip:anonymous@anonymous.invalid>");
		break;
	}
	m->invite->from = since(m->mem, start);
	return 0;
}

/* RFC 3325 5: only towards a trusted peer, then also a number that is not to be shown */
static uint8_t calling_to_identity(struct map_to_invite *m)
{
	if (m->presentation == NO_NUMBER || !m->env->trusted)
		return 0;
	sip_put_lit(m->mem, "P-Asserted-Identity: <");
	map_put_number_uri(m->mem, m->calling, false, m->env->local);
	sip_put_lit(m->mem, ">\r\n");
	return 0;
}

static uint8_t calling_to_privacy(struct map_to_invite *m)
{
	if (m->presentation == RESTRICTED)
		sip_put_lit(m->mem, "Privacy: id\r\n");
	return 0;
}

const struct map_iam_to_invite_rule map_iam_to_invite_rules[] = {
	{ ISUP_PAR_TMR,			"media",	tmr_to_media,		"Q.1912.5 7.1.1" },
	{ ISUP_PAR_HOP_COUNTER,		"loop",		hop_counter_to_loop,	"Q.763 3.80" },
	{ ISUP_PAR_FCI,			"npdi",		fci_to_npdi,		"RFC 3398 8.2.1.1" },
	{ ISUP_PAR_CALLED_NUMBER,	"Request-URI, To", called_to_ruri,	"RFC 3398 8.2.1.1" },
	{ ISUP_PAR_ORIGINAL_CALLED_NUMBER, "To",	original_called_to_to,	"RFC 3398 8.2.1.1" },
	{ ISUP_PAR_CALLING_NUMBER,	"From",		calling_to_from,	"RFC 3398 8.2.1.1, 12.1" },
	{ ISUP_PAR_CALLING_NUMBER,	"P-Asserted-Identity", calling_to_identity, "RFC 3325 9.1" },
	{ ISUP_PAR_CALLING_NUMBER,	"Privacy",	calling_to_privacy,	"RFC 3325 9.3" },
	{}
};

/* RFC 3398 8.2.1.1 */
uint8_t map_iam_to_invite(struct sip_prim *invite, struct sip_buf *mem, const struct isup_msg *iam,
			  const struct map_called *called, const struct map_iam_env *env)
{
	struct map_to_invite m = { .invite = invite, .mem = mem, .iam = iam, .called = called, .env = env };

	read_calling(&m);
	for (const struct map_iam_to_invite_rule *r = env->profile->iam_to_invite; r->clause; r++) {
		uint8_t cause = r->apply(&m);

		if (cause)
			return cause;
	}
	/* From is the last of the three; what follows it are the headers */
	invite->headers = since(mem, invite->from.p + invite->from.len);
	return mem->full ? ISUP_CAUSE_RESOURCE_UNAVAILABLE : 0;
}

/* RFC 3398 12.1 */
uint8_t map_called_from_iam(struct map_called *called, const struct isup_msg *iam,
			    const struct map_numbering *numbering)
{
	struct isup_number *number = &called->number;

	if (isup_msg_get(iam, ISUP_PAR_CALLED_NUMBER, number))
		return ISUP_CAUSE_ADDRESS_INCOMPLETE;
	if (number->n_digits && number->digits[number->n_digits - 1] == 'F')
		number->digits[--number->n_digits] = '\0';
	return map_number_to_key(called->key, sizeof(called->key), number, numbering) ? ISUP_CAUSE_ADDRESS_INCOMPLETE
										       : 0;
}

/* ---- INVITE to IAM ---- */

struct map_to_iam {
	struct isup_msg *iam;
	const struct sip_msg *invite;
	const struct map_called *called;
	const struct map_iam_env *env;
};

static uint16_t put(struct map_to_iam *m, uint8_t code, const void *par)
{
	return isup_msg_put(m->iam, code, par) ? 500 : 0;
}

/* Whether a number is the one that the encapsulated IAM has in this parameter, however each is written */
static bool same_in_isup(const struct map_to_iam *m, uint8_t code, const struct isup_number *number,
			 struct isup_number *isup)
{
	char ours[MAP_KEY_SIZE], theirs[MAP_KEY_SIZE];

	return m->env->isup && !isup_msg_get(m->env->isup, code, isup) &&
	       !map_number_to_key(ours, sizeof(ours), number, m->env->numbering) &&
	       !map_number_to_key(theirs, sizeof(theirs), isup, m->env->numbering) && !strcmp(ours, theirs);
}

/* A continuity check is of one circuit, and ISUP's own; satellites and echo control are of the whole connection. */
static uint16_t default_to_nci(struct map_to_iam *m)
{
	struct isup_nci nci;

	if (!m->env->isup || isup_msg_get(m->env->isup, ISUP_PAR_NCI, &nci))
		nci = map_nci_from_sip;
	nci.continuity = 0;
	return put(m, ISUP_PAR_NCI, &nci);
}

/* Q.763 3.80: one exchange more */
static uint16_t hops_to_hops(struct map_to_iam *m)
{
	uint8_t hops;

	if (!m->env->isup || isup_msg_get(m->env->isup, ISUP_PAR_HOP_COUNTER, &hops))
		return 0;
	hops--;
	return hops && hops < 32 ? put(m, ISUP_PAR_HOP_COUNTER, &hops) : 483;
}

/* RFC 3398 7.2.1.1: only the M bit is not the default: npdi says that a number portability query has been made. With rn
 * the number is ported; as the routing number is not carried on, the network behind us must ask again. */
static uint16_t npdi_to_fci(struct map_to_iam *m)
{
	struct isup_fci fci;
	struct sip_str value;

	if (!m->env->isup || isup_msg_get(m->env->isup, ISUP_PAR_FCI, &fci))
		fci = map_fci_from_sip;

	if (sip_param(m->invite->uri.user_params, "npdi", &value) &&
	    !sip_param(m->invite->uri.user_params, "rn", NULL))
		fci.number_translated = !value.len || sip_str_ieq(value, SIP_STR("yes"));
	return put(m, ISUP_PAR_FCI, &fci);
}

static uint16_t priority_to_cpc(struct map_to_iam *m)
{
	uint8_t category = map_category_from_invite(m->invite, m->env->trusted, m->iam->dialect);

	return put(m, ISUP_PAR_CPC, &category);
}

static uint16_t offer_to_tmr(struct map_to_iam *m)
{
	uint8_t tmr, cause;

	if (!m->env->isup || isup_msg_get_tmr(m->env->isup, &tmr))
		tmr = MAP_TMR_AUDIO;
	cause = map_tmr_to_cause(m->env->profile, tmr);
	if (cause)
		return map_cause_to_status(m->env->profile, &(struct isup_cause){ .value = cause });
	return isup_msg_put_tmr(m->iam, tmr) ? 500 : 0;
}

static uint16_t ruri_to_called(struct map_to_iam *m)
{
	struct isup_number number = m->called->number, isup;

	if (same_in_isup(m, ISUP_PAR_CALLED_NUMBER, &number, &isup))
		return put(m, ISUP_PAR_CALLED_NUMBER, &isup);
	number.inn = 1;		/* Q.1912.5 6.1.3.1: routing to internal network number not allowed */
	return put(m, ISUP_PAR_CALLED_NUMBER, &number);
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
	if (same_in_isup(m, ISUP_PAR_CALLING_NUMBER, &number, &isup)) {
		if (number.apri == ISUP_APRI_RESTRICTED && isup.apri == ISUP_APRI_ALLOWED)
			isup.apri = number.apri;
		number = isup;
	}
	return put(m, ISUP_PAR_CALLING_NUMBER, &number);
}

/* RFC 3398 7.2.1.1: To, where it is another number than the one the call goes to */
static uint16_t to_to_original_called(struct map_to_iam *m)
{
	const struct isup_number *called = &m->called->number;
	struct isup_number to, isup;

	if (addr_number(&to, &m->invite->to, m) ||
	    (to.noa == called->noa && to.n_digits == called->n_digits &&
	     !memcmp(to.digits, called->digits, to.n_digits)))
		return 0;
	if (same_in_isup(m, ISUP_PAR_ORIGINAL_CALLED_NUMBER, &to, &isup))
		to = isup;
	return put(m, ISUP_PAR_ORIGINAL_CALLED_NUMBER, &to);
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
