/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of telephone numbers at a SIP peer or circuit group: own numbering, diversion, portability, carrier, hops. */

#include <stddef.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "mapping/map_profile.h"
#include "mapping/map_trunk.h"

#include "gw.h"
#include "gw_vty.h"

static struct map_numbers *numbers_of(struct vty *vty)
{
	return &gw_vty_end_cfg(vty)->numbers;
}

/* ---- Numbering ---- */

static const struct plan {
	const char *name;
	uint8_t own, offset, size;
} plans[] = {
#define PLAN(name_, own_, member) { \
	name_, own_, offsetof(struct map_numbering, member), sizeof(((struct map_numbering *)0)->member) }
	PLAN("country-code", MAP_OWN_COUNTRY_CODE, country_code),
	PLAN("national-prefix", MAP_OWN_NATIONAL_PREFIX, national_prefix),
	PLAN("international-prefix", MAP_OWN_INTERNATIONAL_PREFIX, international_prefix),
	PLAN("area-code", MAP_OWN_AREA_CODE, area_code),
	{}
};

static const struct plan *find_plan(const char *name)
{
	const struct plan *plan = plans;

	while (plan->name && strcmp(plan->name, name))
		plan++;
	return plan;
}

#define NUMBERING_STR	"Numbering of this side, where it is not the gateway's\n"
#define PLANS_CMD	"(country-code|national-prefix|international-prefix|area-code)"
#define PLANS_STR	"E.164 country code, without '+'\n" "What is dialled before a national number\n" \
			"What is dialled before an international number\n" "The area that subscriber numbers are of\n"

DEFUN_ATTR(cfg_end_numbering, cfg_end_numbering_cmd,
      "numbering " PLANS_CMD " DIGITS", NUMBERING_STR PLANS_STR "Digits, or 'none'\n",
      CMD_ATTR_IMMEDIATE)
{
	const char *digits = strcmp(argv[1], "none") ? argv[1] : "";
	const struct plan *plan = find_plan(argv[0]);
	size_t len = strlen(digits);

	if (len >= plan->size || strspn(digits, "0123456789") != len ||
	    (plan->own == MAP_OWN_COUNTRY_CODE && *digits == '0'))
		return gw_config_refuse(vty, "'%s': up to %u digits are needed, or 'none'", argv[1], plan->size - 1);
	memcpy((char *)&numbers_of(vty)->numbering + plan->offset, digits, len + 1);
	numbers_of(vty)->own |= plan->own;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_end_no_numbering, cfg_end_no_numbering_cmd,
      "no numbering " PLANS_CMD, NO_STR NUMBERING_STR PLANS_STR,
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->own &= ~find_plan(argv[0])->own;
	return CMD_SUCCESS;
}

#define ROUTING_STR	"Digits of a routing number that stands before a ported number (Q.769.1, concatenated)\n"

DEFUN_ATTR(cfg_routing_digits, cfg_routing_digits_cmd,
      "routing-number-digits <1-15>", ROUTING_STR "How many\n",
      CMD_ATTR_IMMEDIATE)
{
	g_gw->mapping->cfg.numbering.routing_digits = gw_vty_uint(argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_no_routing_digits, cfg_no_routing_digits_cmd,
      "no routing-number-digits", NO_STR ROUTING_STR,
      CMD_ATTR_IMMEDIATE)
{
	g_gw->mapping->cfg.numbering.routing_digits = 0;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_end_routing_digits, cfg_end_routing_digits_cmd,
      "routing-number-digits <1-15>", ROUTING_STR "How many\n",
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->numbering.routing_digits = gw_vty_uint(argv[0]);
	numbers_of(vty)->own |= MAP_OWN_ROUTING_DIGITS;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_end_no_routing_digits, cfg_end_no_routing_digits_cmd,
      "no routing-number-digits", NO_STR ROUTING_STR,
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->own &= ~MAP_OWN_ROUTING_DIGITS;
	return CMD_SUCCESS;
}

/* ---- SIP peer ---- */

static const struct value_string diversions[] = {
	{ MAP_DIVERSION_BOTH, "both" },
	{ MAP_DIVERSION_HISTORY_INFO, "history-info" },
	{ MAP_DIVERSION_DIVERSION, "diversion" },
	{ MAP_DIVERSION_NONE, "none" },
	{}
};

DEFUN_ATTR(cfg_peer_diversion, cfg_peer_diversion_cmd,
      "diversion (both|history-info|diversion|none)", "How the peer is told who diverted a call\n"
      "By both headers\n" "By History-Info (RFC 7044)\n" "By Diversion (RFC 5806)\n" "By none\n",
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->diversion = get_string_value(diversions, argv[0]);
	return CMD_SUCCESS;
}

static const struct value_string additionals[] = {
	{ MAP_ADDITIONAL_ON, "yes" },
	{ MAP_ADDITIONAL_OFF, "no" },
	{}
};

#define ADDITIONAL_STR	"Whether From has the additional calling party number, beside P-Asserted-Identity\n"

DEFUN_ATTR(cfg_peer_additional, cfg_peer_additional_cmd,
      "additional-calling-number (yes|no)", ADDITIONAL_STR "It has (Q.1912.5)\n" "There is one number (RFC 3398)\n",
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->additional = get_string_value(additionals, argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_no_additional, cfg_peer_no_additional_cmd,
      "no additional-calling-number", NO_STR "As the profile says\n",
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->additional = MAP_ADDITIONAL_BY_PROFILE;
	return CMD_SUCCESS;
}

#define FACTOR_STR	"Max-Forwards that each exchange of a hop counter is worth\n"

DEFUN_ATTR(cfg_peer_factor, cfg_peer_factor_cmd,
      "max-forwards-factor <1-8>", FACTOR_STR "Factor; 3 is usual\n",
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->hop_factor = gw_vty_uint(argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_no_factor, cfg_peer_no_factor_cmd,
      "no max-forwards-factor", NO_STR FACTOR_STR,
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->hop_factor = 0;
	return CMD_SUCCESS;
}

#define CONNECTED_STR	"Ask for the connected number with each call of this peer (COLP)\n"

DEFUN_ATTR(cfg_peer_connected, cfg_peer_connected_cmd,
      "ask-connected-number", CONNECTED_STR,
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->ask_connected = true;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_no_connected, cfg_peer_no_connected_cmd,
      "no ask-connected-number", NO_STR "Only where the call itself asks: Supported: from-change\n",
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->ask_connected = false;
	return CMD_SUCCESS;
}

#define TGRP_STR	"Trunk group of the peer that calls to it are to use, in the Request-URI (RFC 4904)\n"

DEFUN_ATTR(cfg_peer_tgrp, cfg_peer_tgrp_cmd,
      "trunk-group LABEL CONTEXT", TGRP_STR "Its label (tgrp)\n"
      "Where that is known (trunk-context): a domain, or +33\n",
      CMD_ATTR_IMMEDIATE)
{
	char tgrp[sizeof(numbers_of(vty)->tgrp)];

	if (!map_trunk_scan(tgrp, sizeof(tgrp), argv[0], argv[1]))
		return gw_config_refuse(vty, "trunk-group %s %s: a label of letters, digits and -_.!~*'()/&+$, and a "
					"domain or number are needed, 62 characters in all", argv[0], argv[1]);
	memcpy(numbers_of(vty)->tgrp, tgrp, sizeof(tgrp));
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_no_tgrp, cfg_peer_no_tgrp_cmd,
      "no trunk-group", NO_STR TGRP_STR,
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->tgrp[0] = '\0';
	return CMD_SUCCESS;
}

/* ---- Circuit group ---- */

static const struct value_string portabilities[] = {
	{ MAP_PORTABILITY_NONE, "none" },
	{ MAP_PORTABILITY_ROUTING_NUMBER, "routing-number" },
	{ MAP_PORTABILITY_DIRECTORY_NUMBER, "directory-number" },
	{ MAP_PORTABILITY_CONCATENATED, "concatenated" },
	{ MAP_PORTABILITY_PREFIX, "prefix" },
	{ MAP_PORTABILITY_GENERIC_ADDRESS, "generic-address" },
	{}
};

#define PORTABILITY_STR	"How a ported number and its routing number (rn) go into an IAM (Q.769.1)\n"

DEFUN_ATTR(cfg_group_portability, cfg_group_portability_cmd,
      "number-portability (none|routing-number|directory-number|concatenated|prefix|generic-address)", PORTABILITY_STR
      "Without it: the network asks again\n" "Routing number in a parameter of its own\n"
      "Routing number as the called number, that in a parameter of its own\n"
      "One behind the other, by the nature of address\n" "One behind the other, as one number\n"
      "As directory-number, in ANSI's generic address\n",
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->portability = get_string_value(portabilities, argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_no_portability, cfg_group_no_portability_cmd,
      "no number-portability", NO_STR "As usual in the group's dialect\n",
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->portability = MAP_PORTABILITY_USUAL;
	return CMD_SUCCESS;
}

static const struct value_string carriers[] = {
	{ MAP_CARRIER_NONE, "none" },
	{ MAP_CARRIER_TNS, "transit-network" },
	{ MAP_CARRIER_CIP, "carrier-identification" },
	{}
};

#define CARRIER_STR	"The carrier that a caller has chosen (cic)\n"

DEFUN_ATTR(cfg_group_carrier, cfg_group_carrier_cmd,
      "carrier-selection (none|transit-network|carrier-identification)", CARRIER_STR
      "Is not passed on, neither way\n" "In the transit network selection\n" "In ANSI's carrier identification\n",
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->carrier = get_string_value(carriers, argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_no_carrier, cfg_group_no_carrier_cmd,
      "no carrier-selection", NO_STR "As usual (RFC 3398 7.2.1.1)\n",
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->carrier = MAP_CARRIER_USUAL;
	return CMD_SUCCESS;
}

#define HOPS_STR	"Hop counter of an IAM\n" "Made of Max-Forwards, by the peer's max-forwards-factor\n"

DEFUN_ATTR(cfg_group_hops, cfg_group_hops_cmd,
      "hop-counter max-forwards", HOPS_STR,
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->hop_counter = true;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_no_hops, cfg_group_no_hops_cmd,
      "no hop-counter max-forwards", NO_STR HOPS_STR,
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->hop_counter = false;
	return CMD_SUCCESS;
}

#define MLPP_STR	"MLPP service domain of calls with precedence (Q.763 3.34)\n"

DEFUN_ATTR(cfg_group_mlpp, cfg_group_mlpp_cmd,
      "mlpp-domain <0-16777215>", MLPP_STR "Its number\n",
      CMD_ATTR_IMMEDIATE)
{
	numbers_of(vty)->mlpp_domain = gw_vty_uint(argv[0]);
	return CMD_SUCCESS;
}

/* ---- Writing ---- */

static void write_word(struct vty *vty, const char *name, const struct value_string *words, uint8_t value)
{
	if (value)
		vty_out(vty, "  %s %s%s", name, get_value_string(words, value), VTY_NEWLINE);
}

void gw_vty_numbers_write(struct vty *vty, const struct map_numbers *n)
{
	for (const struct plan *plan = plans; plan->name; plan++) {
		const char *digits = (const char *)&n->numbering + plan->offset;

		if (n->own & plan->own)
			vty_out(vty, "  numbering %s %s%s", plan->name, *digits ? digits : "none", VTY_NEWLINE);
	}
	if (n->own & MAP_OWN_ROUTING_DIGITS)
		vty_out(vty, "  routing-number-digits %u%s", n->numbering.routing_digits, VTY_NEWLINE);
	write_word(vty, "diversion", diversions, n->diversion);
	write_word(vty, "additional-calling-number", additionals, n->additional);
	if (n->ask_connected)
		vty_out(vty, "  ask-connected-number%s", VTY_NEWLINE);
	if (n->hop_factor)
		vty_out(vty, "  max-forwards-factor %u%s", n->hop_factor, VTY_NEWLINE);
	if (n->tgrp[0])
		vty_out(vty, "  trunk-group %.*s %s%s", (int)strcspn(n->tgrp, "@"), n->tgrp, strchr(n->tgrp, '@') + 1,
			VTY_NEWLINE);
	write_word(vty, "number-portability", portabilities, n->portability);
	write_word(vty, "carrier-selection", carriers, n->carrier);
	if (n->hop_counter)
		vty_out(vty, "  hop-counter max-forwards%s", VTY_NEWLINE);
	if (n->mlpp_domain)
		vty_out(vty, "  mlpp-domain %u%s", n->mlpp_domain, VTY_NEWLINE);
}

void gw_vty_numbers_write_gateway(struct vty *vty)
{
	if (g_gw->mapping->cfg.numbering.routing_digits)
		vty_out(vty, " routing-number-digits %u%s", g_gw->mapping->cfg.numbering.routing_digits, VTY_NEWLINE);
}

void gw_vty_numbers_init(void)
{
	static const int nodes[] = { GROUP_NODE, PEER_NODE };

	install_element(GATEWAY_NODE, &cfg_routing_digits_cmd);
	install_element(GATEWAY_NODE, &cfg_no_routing_digits_cmd);
	for (unsigned int i = 0; i < ARRAY_SIZE(nodes); i++) {
		install_element(nodes[i], &cfg_end_numbering_cmd);
		install_element(nodes[i], &cfg_end_no_numbering_cmd);
	}
	install_element(PEER_NODE, &cfg_peer_diversion_cmd);
	install_element(PEER_NODE, &cfg_peer_additional_cmd);
	install_element(PEER_NODE, &cfg_peer_no_additional_cmd);
	install_element(PEER_NODE, &cfg_peer_connected_cmd);
	install_element(PEER_NODE, &cfg_peer_no_connected_cmd);
	install_element(PEER_NODE, &cfg_peer_tgrp_cmd);
	install_element(PEER_NODE, &cfg_peer_no_tgrp_cmd);
	install_element(PEER_NODE, &cfg_peer_factor_cmd);
	install_element(PEER_NODE, &cfg_peer_no_factor_cmd);
	install_element(GROUP_NODE, &cfg_end_routing_digits_cmd);
	install_element(GROUP_NODE, &cfg_end_no_routing_digits_cmd);
	install_element(GROUP_NODE, &cfg_group_portability_cmd);
	install_element(GROUP_NODE, &cfg_group_no_portability_cmd);
	install_element(GROUP_NODE, &cfg_group_carrier_cmd);
	install_element(GROUP_NODE, &cfg_group_no_carrier_cmd);
	install_element(GROUP_NODE, &cfg_group_hops_cmd);
	install_element(GROUP_NODE, &cfg_group_no_hops_cmd);
	install_element(GROUP_NODE, &cfg_group_mlpp_cmd);
}
