/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-up: the rules for who is called, both ways: number, ported number, carrier. */

#include <errno.h>
#include <string.h>

#include "isup/isup_t113.h"
#include "mapping/map_iam_priv.h"
#include "mapping/map_profile.h"
#include "mapping/map_sdp_bearer.h"
#include "mapping/map_trunk.h"
#include "mapping/mapping.h"

#define NRN_NATIONAL		1	/* Q.763 3.90: nature of address of a network routing number */
#define NRN_NETWORK_SPECIFIC	2
#define TNS_NATIONAL		2	/* Q.763 3.53: national network identification */
#define PLAN_4_DIGITS		2	/* T1.113.3 3.34 */

/* ---- The called number of both sides ---- */

/* Without ST */
static void trim(struct isup_number *number)
{
	if (map_number_has_st(number))
		number->digits[--number->n_digits] = '\0';
}

static void set_digits(struct isup_number *number, const char *digits, size_t n)
{
	memcpy(number->digits, digits, n);
	number->digits[n] = '\0';
	number->n_digits = n;
}

/* Q.769.1: the routing number is in a parameter of its own; or is the called number, which then is in one of its own;
 * or stands before it. T1.113.3: the called number is in the generic address. */
static void split_ported(struct map_called *called, const struct isup_msg *iam, const struct map_numbering *numbering)
{
	struct isup_number *number = &called->number, *routing = &called->routing, directory;
	uint8_t length = numbering->routing_digits;

	if (isup_msg_find(iam, ISUP_PAR_NETWORK_ROUTING_NUMBER) &&
	    isup_msg_get(iam, ISUP_PAR_NETWORK_ROUTING_NUMBER, routing) == 0) {
		trim(routing);
		routing->noa = routing->noa == NRN_NETWORK_SPECIFIC ? ISUP_NOA_NETWORK_SPECIFIC : ISUP_NOA_NATIONAL;
	} else if ((number->noa == ISUP_NOA_NRN_NATIONAL || number->noa == ISUP_NOA_NRN_NETWORK_SPECIFIC) &&
		   isup_msg_get(iam, ISUP_PAR_CALLED_DIRECTORY_NUMBER, &directory) == 0) {
		*routing = *number;
		routing->noa = number->noa == ISUP_NOA_NRN_NATIONAL ? ISUP_NOA_NATIONAL : ISUP_NOA_NETWORK_SPECIFIC;
		*number = directory;
		trim(number);
	} else if (number->noa == ISUP_NOA_NRN_CONCATENATED && length && number->n_digits > length) {
		*routing = *number;
		set_digits(routing, number->digits, length);
		memmove(number->digits, number->digits + length, number->n_digits - length + 1);
		number->n_digits -= length;
		routing->noa = number->noa = ISUP_NOA_NATIONAL;
	} else if (called->npdi && map_generic_get(iam, MAP_GENERIC_PORTED, &directory) == 0) {
		*routing = *number;
		*number = directory;
		trim(number);
	}
}

/* RFC 3398 12.1, 8.2.1.1 */
uint8_t map_called_from_iam(struct map_called *called, const struct isup_msg *iam,
			    const struct map_numbering *numbering)
{
	struct isup_number *number = &called->number;
	struct isup_fci fci;

	called->routing.n_digits = 0;
	called->npdi = !isup_msg_get(iam, ISUP_PAR_FCI, &fci) && fci.number_translated;
	if (isup_msg_get(iam, ISUP_PAR_CALLED_NUMBER, number))
		return ISUP_CAUSE_ADDRESS_INCOMPLETE;
	trim(number);
	split_ported(called, iam, numbering);
	return map_number_to_key(called->key, sizeof(called->key), number, numbering) ? ISUP_CAUSE_ADDRESS_INCOMPLETE
										       : 0;
}

int map_local_digits(char *buf, size_t size, struct sip_str text, struct sip_str context,
		     const struct map_numbering *numbering, bool *own)
{
	const char *country = numbering->country_code;
	char where[16], digits[ISUP_DIGITS_MAX + 8];
	int n = sip_phone_digits(text, digits, sizeof(digits));
	size_t skip = 0;

	*own = true;
	if (n <= 0)
		return -EINVAL;
	if (digits[0] == '+') {
		skip = 1 + strlen(country);
		if (!country[0] || strncmp(digits + 1, country, strlen(country)))
			return -EINVAL;
	} else if (context.len && context.p[0] == '+') {
		if (sip_phone_digits(context, where, sizeof(where)) <= 0 || strcmp(where + 1, country))
			return -EINVAL;
	} else if (context.len) {
		*own = false;
	}
	for (int i = skip; i < n; i++)
		digits[i] = digits[i] >= 'a' && digits[i] <= 'f' ? digits[i] - 'a' + 'A' : digits[i];
	n -= skip;
	if (n <= 0 || (size_t)n >= size || strspn(digits + skip, "0123456789ABCDE") != (size_t)n)
		return -EINVAL;
	memcpy(buf, digits + skip, n + 1);
	return 0;
}

/* RFC 4694 5, RFC 3398 7.2.1.1. With rn, it has been asked for. */
static void read_ported(struct map_called *called, const struct sip_uri *uri, const struct map_numbering *numbering)
{
	struct sip_str npdi;
	struct sip_tel tel;
	char digits[ISUP_DIGITS_MAX + 1];
	bool own;

	called->routing.n_digits = 0;
	called->npdi = sip_param(uri->user_params, "npdi", &npdi) &&
		       (!npdi.len || sip_str_ieq(npdi, SIP_STR("yes")));
	if (!uri->user_params.len || sip_tel_parse(&tel, uri) || !tel.rn.len ||
	    map_local_digits(digits, sizeof(digits), tel.rn, tel.rn_context, numbering, &own))
		return;
	called->routing = (struct isup_number){
		.noa = own ? ISUP_NOA_NATIONAL : ISUP_NOA_NETWORK_SPECIFIC, .npi = ISUP_NPI_ISDN,
	};
	set_digits(&called->routing, digits, strlen(digits));
	called->npdi = true;
}

/* RFC 3398 7.2.1.1, 12.2 */
uint16_t map_called_from_invite(struct map_called *called, const struct sip_msg *invite,
				const struct map_numbering *numbering)
{
	int rc = map_number_from_uri(&called->number, &invite->uri, numbering);

	if (rc)
		return rc == -ENOENT ? 404 : 484;
	read_ported(called, &invite->uri, numbering);
	return map_number_to_key(called->key, sizeof(called->key), &called->number, numbering) ? 484 : 0;
}

/* RFC 4694 4: is the routing number of a country that is said? */
static bool rn_is_global(const struct sip_uri *uri)
{
	struct sip_tel tel;

	return !sip_tel_parse(&tel, uri) && ((tel.rn.len && tel.rn.p[0] == '+') ||
					     (tel.rn_context.len && tel.rn_context.p[0] == '+'));
}

void map_called_renumber(struct map_called *called, const struct sip_msg *invite, const struct map_numbering *from,
			 const struct map_numbering *to)
{
	struct isup_number *routing = &called->routing;

	if (from == to)
		return;
	map_number_renumber(&called->number, from, to);
	if (!invite->uri.user_params.len || !strcmp(from->country_code, to->country_code))
		return;
	if (rn_is_global(&invite->uri))
		read_ported(called, &invite->uri, to);
	else if (routing->noa == ISUP_NOA_NATIONAL)
		routing->n_digits = 0;
}

/* ---- IAM to INVITE ---- */

void map_put_local_digits(const struct map_to_invite *m, const char *name, const char *digits, size_t n, bool own)
{
	const char *country = m->env->numbering->country_code;

	sip_put_lit(m->mem, ";");
	sip_put_z(m->mem, name);
	sip_put_lit(m->mem, "=");
	sip_put_mem(m->mem, digits, n);
	if (!own || !country[0])
		return;
	sip_put_lit(m->mem, ";");
	sip_put_z(m->mem, name);
	sip_put_lit(m->mem, "-context=+");
	sip_put_z(m->mem, country);
}

static uint8_t carrier_par_of(const struct isup_msg *iam)
{
	return isup_msg_find(iam, ISUP_PAR_CARRIER_ID) ? ISUP_PAR_CARRIER_ID : ISUP_PAR_TNS;
}

/* The digits of a carrier: of the transit network selection, or ANSI's carrier identification; 0: none. T1.113.3 3.34:
 * a circuit code stands behind three or four digits; its row has no odd/even indicator. */
static size_t get_carrier(const struct isup_msg *iam, struct isup_number *carrier)
{
	uint8_t par = carrier_par_of(iam);
	size_t n;

	if (!isup_msg_find(iam, par) || isup_msg_get(iam, par, carrier) || carrier->noa != TNS_NATIONAL)
		return 0;
	n = carrier->n_digits;
	if (!isup_par_def(iam->dialect, par)->odd && n > 4)
		n = 4;
	return strspn(carrier->digits, "0123456789") >= n ? n : 0;
}

/* split_ported() has found them in one of these. */
static void tell_ported(struct map_to_invite *m)
{
	struct isup_number number;

	if (isup_msg_find(m->iam, ISUP_PAR_NETWORK_ROUTING_NUMBER))
		map_to_invite_tell(m, ISUP_PAR_NETWORK_ROUTING_NUMBER);
	else if (isup_msg_find(m->iam, ISUP_PAR_CALLED_DIRECTORY_NUMBER))
		map_to_invite_tell(m, ISUP_PAR_CALLED_DIRECTORY_NUMBER);
	else if (map_generic_get(m->iam, MAP_GENERIC_PORTED, &number) == 0)
		m->n_generic_told++;
}

static void put_parameters(struct map_to_invite *m)
{
	const struct isup_number *routing = &m->called->routing;
	struct isup_number carrier;
	size_t n = map_iam_group(m->env)->carrier == MAP_CARRIER_NONE ? 0 : get_carrier(m->iam, &carrier);

	map_put_isub(m->mem, &m->called_sub);
	m->called_sub_told = true;
	if (n) {
		map_put_local_digits(m, "cic", carrier.digits, n, true);
		map_to_invite_tell(m, carrier_par_of(m->iam));
	}
	if (n && m->dai) {
		map_to_invite_tell(m, ISUP_PAR_CARRIER_SELECTION);
		sip_put_lit(m->mem, ";dai=");
		sip_put_z(m->mem, m->dai);
	}
	map_put_isub_encoding(m->mem, &m->called_sub);
	if (m->npdi)
		sip_put_lit(m->mem, ";npdi=yes");
	if (routing->n_digits && m->npdi) {
		map_put_local_digits(m, "rn", routing->digits, routing->n_digits, routing->noa == ISUP_NOA_NATIONAL);
		tell_ported(m);
	}
	map_put_trunk(m->mem, map_iam_peer(m->env)->tgrp);
}

/* RFC 3398 8.2.1.1: a routing number is the answer to a query, whatever the M bit says. */
uint8_t map_fci_to_npdi(struct map_to_invite *m)
{
	m->npdi = m->called->npdi || m->called->routing.n_digits;
	return 0;
}

/* To is a name-addr around the Request-URI: both are the same octets. */
uint8_t map_called_to_ruri(struct map_to_invite *m)
{
	const char *start = m->mem->p;

	sip_put_lit(m->mem, "<sip:");
	sip_put_z(m->mem, m->called->key);
	put_parameters(m);
	sip_put_lit(m->mem, "@");
	sip_put_z(m->mem, m->env->remote);
	sip_put_lit(m->mem, ";user=phone>");
	if (m->mem->full)
		return ISUP_CAUSE_RESOURCE_UNAVAILABLE;
	m->invite->to = map_to_invite_since(m->mem, start);
	m->invite->ruri = (struct sip_str){ .p = start + 1, .len = m->invite->to.len - 2 };
	return 0;
}

/* ---- INVITE to IAM ---- */

/* How a ported number is written: what the operator says, else the first way that the dialect has (Q.769.1, T1.113) */
static enum map_portability way(const struct map_to_iam *m)
{
	const struct isup_dialect *dialect = m->iam->dialect;
	enum map_portability asked = map_iam_group(m->env)->portability;

	if (!m->called->routing.n_digits)
		return MAP_PORTABILITY_NONE;
	if (asked != MAP_PORTABILITY_USUAL)
		return asked;
	if (isup_par_def(dialect, ISUP_PAR_NETWORK_ROUTING_NUMBER))
		return MAP_PORTABILITY_ROUTING_NUMBER;
	return map_generic_qualifier(dialect, MAP_GENERIC_PORTED) < 0 ? MAP_PORTABILITY_NONE
								      : MAP_PORTABILITY_GENERIC_ADDRESS;
}

/* RFC 3398 7.2.1.1: only the M bit is not the default: npdi says that a number portability query has been made. Where
 * it has, but its result is not carried on, the network behind us must ask again. */
uint16_t map_npdi_to_fci(struct map_to_iam *m)
{
	struct isup_fci fci;

	if (!m->env->isup || isup_msg_get(m->env->isup, ISUP_PAR_FCI, &fci))
		fci = map_fci_of_medium(m->env->profile, m->env->tmr);
	if (m->called->routing.n_digits)
		fci.number_translated = way(m) != MAP_PORTABILITY_NONE;
	else if (sip_param(m->invite->uri.user_params, "npdi", NULL))
		fci.number_translated = m->called->npdi && !sip_param(m->invite->uri.user_params, "rn", NULL);
	return map_to_iam_put(m, ISUP_PAR_FCI, &fci);
}

/* The routing number, and the called number behind it */
static void concatenate(struct isup_number *number, const struct isup_number *routing)
{
	size_t n = routing->n_digits;

	if (n + number->n_digits > ISUP_DIGITS_MAX)
		return;
	memmove(number->digits + n, number->digits, number->n_digits + 1);
	memcpy(number->digits, routing->digits, n);
	number->n_digits += n;
}

uint16_t map_ruri_to_called(struct map_to_iam *m)
{
	const struct isup_number *routing = &m->called->routing;
	struct isup_number number = m->called->number, isup;
	bool national = routing->noa == ISUP_NOA_NATIONAL;

	switch (way(m)) {
	case MAP_PORTABILITY_DIRECTORY_NUMBER:
		number = *routing;
		number.noa = national ? ISUP_NOA_NRN_NATIONAL : ISUP_NOA_NRN_NETWORK_SPECIFIC;
		break;
	case MAP_PORTABILITY_GENERIC_ADDRESS:
		number = *routing;
		break;
	case MAP_PORTABILITY_CONCATENATED:
		concatenate(&number, routing);
		number.noa = ISUP_NOA_NRN_CONCATENATED;
		break;
	case MAP_PORTABILITY_PREFIX:
		concatenate(&number, routing);
		break;
	default:
		if (map_to_iam_same_in_isup(m, ISUP_PAR_CALLED_NUMBER, &number, &isup))
			return map_to_iam_put(m, ISUP_PAR_CALLED_NUMBER, &isup);
	}
	number.inn = 1;		/* Q.1912.5 6.1.3.1: routing to internal network number not allowed */
	return map_to_iam_put(m, ISUP_PAR_CALLED_NUMBER, &number);
}

uint16_t map_rn_to_routing_number(struct map_to_iam *m)
{
	struct isup_number number = m->called->routing;

	if (way(m) != MAP_PORTABILITY_ROUTING_NUMBER)
		return 0;
	number.noa = number.noa == ISUP_NOA_NATIONAL ? NRN_NATIONAL : NRN_NETWORK_SPECIFIC;
	return map_to_iam_put_number(m, ISUP_PAR_NETWORK_ROUTING_NUMBER, &number);
}

uint16_t map_ruri_to_directory_number(struct map_to_iam *m)
{
	struct isup_number number = m->called->number;

	number.inn = 1;
	return way(m) == MAP_PORTABILITY_DIRECTORY_NUMBER ?
	       map_to_iam_put_number(m, ISUP_PAR_CALLED_DIRECTORY_NUMBER, &number) : 0;
}

uint16_t map_ruri_to_generic_address(struct map_to_iam *m)
{
	struct isup_number number = m->called->number;

	number.qualifier = map_generic_qualifier(m->iam->dialect, MAP_GENERIC_PORTED);
	return way(m) == MAP_PORTABILITY_GENERIC_ADDRESS ?
	       map_to_iam_put_number(m, ISUP_PAR_GENERIC_NUMBER, &number) : 0;
}

/* RFC 3398 7.2.1.1: what says nothing else, the one that an encapsulated IAM has; transit network selection where the
 * called number is international, else carrier identification if the dialect has that. */
static uint8_t carrier_par(const struct map_to_iam *m)
{
	bool has = isup_par_def(m->iam->dialect, ISUP_PAR_CARRIER_ID);
	struct isup_number carrier;

	switch (map_iam_group(m->env)->carrier) {
	case MAP_CARRIER_NONE:
		return ISUP_PAR_END;
	case MAP_CARRIER_TNS:
		return ISUP_PAR_TNS;
	case MAP_CARRIER_CIP:
		return has ? ISUP_PAR_CARRIER_ID : ISUP_PAR_END;
	default:
		if (m->env->isup && get_carrier(m->env->isup, &carrier))
			return isup_msg_find(m->env->isup, ISUP_PAR_CARRIER_ID) ? ISUP_PAR_CARRIER_ID : ISUP_PAR_TNS;
		return has && m->called->number.noa != ISUP_NOA_INTERNATIONAL ? ISUP_PAR_CARRIER_ID : ISUP_PAR_TNS;
	}
}

/* T1.113.3 3.34: four digits, in the transit network selection a circuit code (unspecified) and a filler behind them */
static bool carrier_for_ansi(struct isup_number *carrier, uint8_t par)
{
	size_t n = carrier->n_digits;

	if (n > 4)
		return false;
	memmove(carrier->digits + 4 - n, carrier->digits, n + 1);
	memset(carrier->digits, '0', 4 - n);
	if (par == ISUP_PAR_TNS)
		memcpy(carrier->digits + 4, "00", 3);
	carrier->n_digits = strlen(carrier->digits);
	carrier->npi = PLAN_4_DIGITS;
	return true;
}

/* Has an encapsulated IAM this carrier in that parameter? It says more of it: plan, circuit code. */
static bool is_in_isup(const struct map_to_iam *m, uint8_t par, const struct isup_number *carrier)
{
	const struct isup_msg *isup = m->env->isup;
	struct isup_number theirs;

	return isup && isup_msg_find(isup, par) && get_carrier(isup, &theirs) == carrier->n_digits &&
	       !memcmp(theirs.digits, carrier->digits, carrier->n_digits);
}

static uint16_t put_carrier(struct map_to_iam *m, uint8_t par)
{
	struct isup_number carrier = { .noa = TNS_NATIONAL };
	struct sip_tel tel;
	bool own;

	if (carrier_par(m) != par || !m->invite->uri.user_params.len || sip_tel_parse(&tel, &m->invite->uri) ||
	    !tel.cic.len || map_local_digits(carrier.digits, sizeof(carrier.digits), tel.cic, tel.cic_context,
					 m->env->numbering, &own) ||
	    strspn(carrier.digits, "0123456789") != strlen(carrier.digits))
		return 0;
	carrier.n_digits = strlen(carrier.digits);
	if (is_in_isup(m, par, &carrier))
		return 0;
	if (!isup_par_def(m->iam->dialect, par)->odd && !carrier_for_ansi(&carrier, par))
		return 0;
	return map_to_iam_put(m, par, &carrier);
}

uint16_t map_cic_to_tns(struct map_to_iam *m)
{
	return put_carrier(m, ISUP_PAR_TNS);
}

uint16_t map_cic_to_carrier(struct map_to_iam *m)
{
	return put_carrier(m, ISUP_PAR_CARRIER_ID);
}
