/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-up from ISUP: the rules that make an INVITE of an IAM, RFC 3398 8.2.1.1, 12. */

#include <errno.h>
#include <string.h>

#include "isup/isup_t113.h"
#include "mapping/map_cause.h"
#include "mapping/map_iam_priv.h"
#include "mapping/map_uui.h"
#include "mapping/map_profile.h"
#include "mapping/map_service.h"

static const struct map_numbers usual;

const struct map_numbers *map_iam_peer(const struct map_iam_env *env)
{
	return env->peer ? env->peer : &usual;
}

const struct map_numbers *map_iam_group(const struct map_iam_env *env)
{
	return env->group ? env->group : &usual;
}

void map_to_invite_tell(struct map_to_invite *m, uint8_t code)
{
	map_par_set_add(&m->told, code);
}

struct sip_str map_to_invite_since(const struct sip_buf *mem, const char *start)
{
	return (struct sip_str){ .p = start, .len = mem->p - start };
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

uint8_t map_iam_hop_factor(const struct map_iam_env *env)
{
	uint8_t factor = map_iam_peer(env)->hop_factor;

	return factor ? factor : MAP_HOP_FACTOR;
}

/* Q.1912.5 7.1.4: whatever way a call goes round, less is left each time; one exchange is worth several proxies. */
static uint8_t hop_counter_to_max_forwards(struct map_to_invite *m)
{
	uint8_t hops;

	if (!isup_msg_get(m->iam, ISUP_PAR_HOP_COUNTER, &hops))
		m->invite->max_forwards = OSMO_MIN((hops - 1) * map_iam_hop_factor(m->env), UINT8_MAX);
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
	map_put_number_uri(m->mem, key, NULL, m->env->remote);
	sip_put_lit(m->mem, ">");
	m->invite->to = map_to_invite_since(m->mem, start);
	map_to_invite_tell(m, ISUP_PAR_ORIGINAL_CALLED_NUMBER);
	return 0;
}

/* Who asks for the connected line's identity can be told of another one. All others would only make the next exchange
 * ask for it. */
static uint8_t opt_fci_to_supported(struct map_to_invite *m)
{
	struct isup_opt_fci opt_fci;

	if (isup_msg_get(m->iam, ISUP_PAR_OPT_FCI, &opt_fci))
		return 0;
	if (opt_fci.connected_line)
		sip_put_lit(m->mem, "Supported: from-change\r\n");
	/* a closed user group has no header */
	if (opt_fci.cug_call < 2)
		map_to_invite_tell(m, ISUP_PAR_OPT_FCI);
	return 0;
}

/* SIP has no closed user groups: who may not call outside of one cannot call there. */
static uint8_t cug_to_refusal(struct map_to_invite *m)
{
	return map_cug_refuses(m->env->cug, m->iam, m->env->carried) ? ISUP_CAUSE_NOT_CUG_MEMBER : 0;
}

const struct map_iam_to_invite_rule map_iam_to_invite_rules[] = {
	{ ISUP_PAR_TMR,			"media",	tmr_to_media,		"Q.1912.5 7.1.1" },
	{ ISUP_PAR_HOP_COUNTER,		"loop",		hop_counter_to_loop,	"Q.763 3.80" },
	{ ISUP_PAR_HOP_COUNTER,		"Max-Forwards",	hop_counter_to_max_forwards,
	  "Q.1912.5 7.1.4, TS 29.163" },
	{ ISUP_PAR_FCI,			"npdi",		map_fci_to_npdi,	"RFC 3398 8.2.1.1" },
	{ ISUP_PAR_CARRIER_SELECTION,	"dai",		map_selection_to_dai,
	  "TS 24.229 7.2A, T1.113.3" },
	{ ISUP_PAR_ACCESS_TRANSPORT,	"isub",		map_access_to_isub,
	  "RFC 4715 6.1, Q.931 4.5.9, 4.5.11" },
	{ ISUP_PAR_CALLED_NUMBER,	"Request-URI, To", map_called_to_ruri,
	  "RFC 3398 8.2.1.1, Q.769.1" },
	{ ISUP_PAR_ORIGINAL_CALLED_NUMBER, "To",	original_called_to_to,	"RFC 3398 8.2.1.1" },
	{ ISUP_PAR_CALLING_NUMBER,	"From",		map_calling_to_from,	"RFC 3398 8.2.1.1, 12.1" },
	{ ISUP_PAR_ORIGINATING_LINE,	"oli",		map_line_to_oli,
	  "TS 24.229 7.2A.12, TS 29.163 H.1" },
	{ ISUP_PAR_JURISDICTION,	"rn of the identity", map_jurisdiction_to_rn, "RFC 4694 5.2.4, T1.113.3" },
	{ ISUP_PAR_CALLING_NUMBER,	"P-Asserted-Identity", map_calling_to_identity,
	  "RFC 3325 9.1, Q.1912.5 7.1.3" },
	{ ISUP_PAR_CALLING_NUMBER,	"Privacy",	map_calling_to_privacy,
	  "RFC 3325 9.3, Q.1912.5 7.1.3" },
	{ ISUP_PAR_CPC,			"Accept-Language", map_category_to_language, "TS 29.163 C.2" },
	{ ISUP_PAR_CPC,			"Resource-Priority", map_category_to_resource, "RFC 4412 12.6" },
	{ ISUP_PAR_MLPP,		"Resource-Priority", map_mlpp_to_resource, "RFC 4412 10.4, Q.735.3" },
	{ ISUP_PAR_CHARGE_NUMBER,	"P-Charge-Info", map_charge_to_header,	"RFC 8496 4, T1.113.3" },
	{ ISUP_PAR_LOCATION_NUMBER,	"P-Access-Network-Info", map_location_to_access,
	  "RFC 7315 5.4, TS 24.229 7.2A.4" },
	{ ISUP_PAR_REDIRECTING_NUMBER,	"Diversion",	map_redirecting_to_diversion, "RFC 5806 9.2.3" },
	{ ISUP_PAR_REDIRECTING_NUMBER,	"History-Info",	map_redirecting_to_history,
	  "RFC 7544 5, TS 29.163 7.5.4.2" },
	{ ISUP_PAR_UUI,			"User-to-User",	map_uui_to_header, "RFC 7433 4.1, RFC 7434 7" },
	{ ISUP_PAR_OPT_FCI,		"Supported",	opt_fci_to_supported,	"RFC 4916 5" },
	{ ISUP_PAR_OPT_FCI,		"closed user group", cug_to_refusal,	"Q.1912.5 B.12" },
	{}
};

/* RFC 3398 8.2.1.1 */
uint8_t map_iam_to_invite(struct sip_prim *invite, struct sip_buf *mem, const struct isup_msg *iam,
			  const struct map_called *called, const struct map_iam_env *env)
{
	struct map_to_invite m = { .invite = invite, .mem = mem, .iam = iam, .called = called, .env = env };

	map_to_invite_read_caller(&m);
	for (const struct map_iam_to_invite_rule *r = env->profile->iam_to_invite; r->clause; r++) {
		uint8_t cause = r->apply(&m);

		if (cause)
			return cause;
	}
	/* From is the last of the three; what follows it are the headers */
	invite->headers = map_to_invite_since(mem, invite->from.p + invite->from.len);
	if (env->lost)
		map_to_invite_lost(env->lost, &m);
	return mem->full ? ISUP_CAUSE_RESOURCE_UNAVAILABLE : 0;
}
