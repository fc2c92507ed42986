/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-up: who pays (charge number), how the carrier was chosen, and where the caller is. */

#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_t113.h"
#include "mapping/map_charge.h"
#include "mapping/map_iam_priv.h"
#include "mapping/map_profile.h"

/* ---- Carrier selection: the tel parameter dai ---- */

/* The first six as carrier selection information counts them; there are words for an operator's choice and others,
 * which it has no values for. */
#define DAI_NONE 6

static const struct value_string dai_words[] = {
	{ 0, "no-ind" },
	{ 1, "presub" },
	{ 2, "presub-da" },
	{ 3, "presub-daUnkwn" },
	{ 4, "da" },
	{ 5, "presubUnkwn-da" },
	{ DAI_NONE, "none" },
	{}
};

static const struct value_string selection_words[] = {
	{ 0, "no-indication" },
	{ 1, "presubscribed" },
	{ 2, "presubscribed-input" },
	{ 3, "presubscribed-undetermined" },
	{ 4, "input" },
	{ 5, "unknown-input" },
	{}
};

#define DAI "draft-yu-tel-dai-07 3, T1.113.3"

static const struct map_row dai_rows[] = {
	{ { 1 }, { 1 }, DAI },
	{ { 2 }, { 2 }, DAI },
	{ { 3 }, { 3 }, DAI },
	{ { 4 }, { 4 }, DAI },
	{ { 5 }, { 5 }, DAI },
	{ { MAP_ANY }, { 0 }, DAI },
	{}
};

const struct map_table map_dai_to_selection_table = {
	.name = "dai-to-selection",
	.title = "dai of a Request-URI → carrier selection information",
	.in = { { "dai", dai_words } },
	.out = { { "selection", selection_words } },
	.rows = dai_rows,
};

const struct map_table map_selection_to_dai_table = {
	.name = "selection-to-dai",
	.title = "carrier selection information → dai of the Request-URI",
	.in = { { "selection", selection_words } },
	.out = { { "dai", dai_words } },
	.rows = dai_rows,
};

/* It says how the carrier was found that cic names: without one it says nothing. */
uint8_t map_selection_to_dai(struct map_to_invite *m)
{
	int16_t dai, selection;
	uint8_t octet;

	if (isup_msg_get(m->iam, ISUP_PAR_CARRIER_SELECTION, &octet))
		return 0;
	selection = octet;
	dai = map_table_find(m->env->profile->tables[MAP_TABLE_SELECTION_TO_DAI], &selection)[0];
	m->dai = dai == DAI_NONE ? NULL : get_value_string(dai_words, dai);
	return 0;
}

static int16_t dai_of(struct sip_str text)
{
	for (const struct value_string *word = dai_words; word->value != DAI_NONE; word++) {
		if (sip_str_ieq(text, sip_str_from(word->str)))
			return word->value;
	}
	return DAI_NONE;
}

/* draft-yu-tel-dai-07 4.3: bills depend on it, so that of a peer that is not trusted is not believed. */
uint16_t map_dai_to_selection(struct map_to_iam *m)
{
	struct sip_tel tel;
	uint8_t selection;
	int16_t dai;

	if (!m->env->trusted || !isup_par_def(m->iam->dialect, ISUP_PAR_CARRIER_SELECTION) ||
	    !m->invite->uri.user_params.len || sip_tel_parse(&tel, &m->invite->uri) || !tel.dai.len ||
	    !tel.cic.len)
		return 0;
	dai = dai_of(tel.dai);
	selection = map_table_find(m->env->profile->tables[MAP_TABLE_DAI_TO_SELECTION], &dai)[0];
	return map_to_iam_put(m, ISUP_PAR_CARRIER_SELECTION, &selection);
}

/* ---- Charge number: P-Charge-Info ---- */

/* T1.113.3: nature of address of the charge number; of the calling party, 4 more of the called party */
#define CHARGE_SUBSCRIBER	1
#define CHARGE_NATIONAL		3
#define CHARGE_CALLED		4

static uint8_t noa_of_charge(uint8_t noa)
{
	switch (noa) {
	case CHARGE_SUBSCRIBER:
	case CHARGE_SUBSCRIBER + CHARGE_CALLED:
		return ISUP_NOA_SUBSCRIBER;
	case CHARGE_NATIONAL:
	case CHARGE_NATIONAL + CHARGE_CALLED:
		return ISUP_NOA_NATIONAL;
	default:
		return 0;
	}
}

/* RFC 8496 4: noa and npi are those of the parameter. It may be another number than one that may be shown, and is the
 * network's own: for trusted peers only (RFC 8496 6). */
uint8_t map_charge_to_header(struct map_to_invite *m)
{
	struct isup_number number;
	char key[MAP_KEY_SIZE];
	uint8_t noa;

	if (!m->env->trusted || isup_msg_get(m->iam, ISUP_PAR_CHARGE_NUMBER, &number))
		return 0;
	noa = number.noa;
	number.noa = noa_of_charge(noa);
	if (!number.noa || map_number_to_key(key, sizeof(key), &number, m->env->numbering))
		return 0;
	map_to_invite_tell(m, ISUP_PAR_CHARGE_NUMBER);
	sip_put_lit(m->mem, "P-Charge-Info: <");
	map_put_number_uri(m->mem, key, NULL, m->env->local);
	sip_put_lit(m->mem, ">;npi=");
	sip_put_uint(m->mem, number.npi);
	sip_put_lit(m->mem, ";noa=");
	sip_put_uint(m->mem, noa);
	sip_put_lit(m->mem, "\r\n");
	return 0;
}

static bool charges_called(struct sip_str params)
{
	struct sip_str noa;

	return sip_param(params, "noa", &noa) && noa.len == 1 && noa.p[0] >= '5' && noa.p[0] <= '7';
}

uint16_t map_header_to_charge(struct map_to_iam *m)
{
	const struct sip_hdr *hdr;
	struct isup_number number;
	struct sip_addr addr;
	struct sip_str list;

	if (!m->env->trusted || !isup_par_def(m->iam->dialect, ISUP_PAR_CHARGE_NUMBER))
		return 0;
	hdr = sip_msg_hdr_named(m->invite, SIP_STR("P-Charge-Info"));
	list = hdr ? hdr->value : (struct sip_str){};
	if (!hdr || sip_addr_take(&addr, &list) || map_to_iam_addr(&number, &addr, m) ||
	    (number.noa != ISUP_NOA_SUBSCRIBER && number.noa != ISUP_NOA_NATIONAL))
		return 0;
	number.noa = number.noa == ISUP_NOA_SUBSCRIBER ? CHARGE_SUBSCRIBER : CHARGE_NATIONAL;
	if (charges_called(addr.params))
		number.noa += CHARGE_CALLED;
	return map_to_iam_put_number(m, ISUP_PAR_CHARGE_NUMBER, &number);
}

/* ---- Jurisdiction information: rn of P-Asserted-Identity ---- */

/* T1.113.3 3.23A: area and office code of the caller's switch */
#define JURISDICTION_DIGITS 6

/* RFC 4694 5.2.3, 5.2.4: it goes with who calls. */
uint8_t map_jurisdiction_to_rn(struct map_to_invite *m)
{
	struct isup_number switched;

	if (isup_par_def(m->iam->dialect, ISUP_PAR_JURISDICTION) &&
	    !isup_msg_get(m->iam, ISUP_PAR_JURISDICTION, &switched) &&
	    strspn(switched.digits, "0123456789") == JURISDICTION_DIGITS)
		memcpy(m->jurisdiction, switched.digits, JURISDICTION_DIGITS);
	return 0;
}

static bool addr_to_jurisdiction(struct isup_number *number, const struct sip_addr *addr,
				 const struct map_numbering *numbering)
{
	struct sip_uri uri;
	struct sip_tel tel;
	bool own;

	if (sip_uri_parse(&uri, addr->uri_text) || sip_tel_parse(&tel, &uri) || !tel.rn.len ||
	    map_local_digits(number->digits, sizeof(number->digits), tel.rn, tel.rn_context, numbering, &own) ||
	    strspn(number->digits, "0123456789") != JURISDICTION_DIGITS)
		return false;
	number->n_digits = JURISDICTION_DIGITS;
	return own && !number->digits[JURISDICTION_DIGITS];
}

/* Of the first asserted identity that has it; ANSI only */
uint16_t map_identity_to_jurisdiction(struct map_to_iam *m)
{
	const struct map_numbering *sip = m->env->sip_numbering ? m->env->sip_numbering : m->env->numbering;
	struct isup_number number = {};
	struct sip_values v;
	struct sip_addr addr;

	if (!m->env->trusted || !isup_par_def(m->iam->dialect, ISUP_PAR_JURISDICTION))
		return 0;
	sip_values_init(&v, m->invite, SIP_HDR_P_ASSERTED_IDENTITY);
	while (!sip_values_next_addr(&v, &addr)) {
		if (addr_to_jurisdiction(&number, &addr, sip))
			return map_to_iam_put_number(m, ISUP_PAR_JURISDICTION, &number);
	}
	return 0;
}

/* ---- Location number: gstn-location of P-Access-Network-Info ---- */

#define LOCATION_MAX 12		/* Q.763 3.30 */

/* RFC 7315 5.4, TS 24.229 7.2A.4: the octets of the parameter in hex */
uint8_t map_location_to_access(struct map_to_invite *m)
{
	const struct isup_par *par = m->env->trusted ? isup_msg_find(m->iam, ISUP_PAR_LOCATION_NUMBER) : NULL;

	if (!par || !par->len || par->len > LOCATION_MAX)
		return 0;
	map_to_invite_tell(m, ISUP_PAR_LOCATION_NUMBER);
	sip_put_lit(m->mem, "P-Access-Network-Info: GSTN;gstn-location=\"");
	sip_put_hex(m->mem, par->val, par->len);
	sip_put_lit(m->mem, "\";network-provided\r\n");
	return 0;
}

static int hex_octets(uint8_t *octets, size_t size, struct sip_str hex)
{
	char text[2 * LOCATION_MAX + 1];

	if (hex.len >= 2 && hex.p[0] == '"')
		hex = (struct sip_str){ .p = hex.p + 1, .len = hex.len - 2 };
	if (!hex.len || hex.len >= sizeof(text) || hex.len % 2)
		return -1;
	memcpy(text, hex.p, hex.len);
	text[hex.len] = '\0';
	return osmo_hexparse(text, octets, size);
}

/* access-net-spec *(COMMA access-net-spec): what we look for has no commas in it. */
bool map_access_location(struct sip_str *hex, struct sip_str list)
{
	while (list.len) {
		const char *comma = memchr(list.p, ',', list.len), *end = list.p + list.len;
		struct sip_str spec = sip_str_span(list.p, comma ? comma : end);

		if (sip_param(spec, "gstn-location", hex))
			return true;
		list = comma ? sip_str_span(comma + 1, end) : (struct sip_str){};
	}
	return false;
}

uint16_t map_access_to_location(struct map_to_iam *m)
{
	const struct isup_par_def *def = isup_par_def(m->iam->dialect, ISUP_PAR_LOCATION_NUMBER);
	const struct sip_hdr *hdr = NULL;
	uint8_t octets[LOCATION_MAX];
	struct isup_number number;
	struct sip_str hex;
	int len;

	if (def && m->env->trusted)
		hdr = sip_msg_hdr_named(m->invite, SIP_STR("P-Access-Network-Info"));
	if (!hdr || !map_access_location(&hex, hdr->value))
		return 0;
	len = hex_octets(octets, sizeof(octets), hex);
	if (len < def->min_len || (def->max_len && len > def->max_len) ||
	    isup_par_decode(def, octets, len, &number) < 0)
		return 0;
	return isup_msg_put_octets(m->iam, ISUP_PAR_LOCATION_NUMBER, octets, len) ? 500 : 0;
}
