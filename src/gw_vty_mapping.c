/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of the mapping room: node gateway with numbering, show calls, call ladder. */

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/tdef.h>
#include <osmocom/core/utils.h>
#include <osmocom/vty/tdef_vty.h>

#include "isup/isup_par.h"
#include "mapping/map_profile.h"

#include "gw.h"
#include "gw_vty.h"

static struct cmd_node gateway_node = { GATEWAY_NODE, "%s(config-gateway)# ", 1 };

DEFUN(cfg_gateway, cfg_gateway_cmd,
      "gateway", "Configure interworking: numbering, routes, timers\n")
{
	vty->node = GATEWAY_NODE;
	return CMD_SUCCESS;
}

/* ---- Numbering ---- */

/* Digits of a number plan into a member of struct map_numbering */
static int set_digits(struct vty *vty, char *dest, size_t size, const char *digits)
{
	size_t len = strlen(digits);

	if (len >= size || strspn(digits, "0123456789") != len)
		return gw_config_refuse(vty, "'%s': up to %zu digits are needed", digits, size - 1);
	memcpy(dest, digits, len + 1);
	return CMD_SUCCESS;
}

#define NUMBERING (&g_gw->mapping->cfg.numbering)

DEFUN_ATTR(cfg_country_code, cfg_country_code_cmd,
      "country-code DIGITS", "The country this gateway is in\n" "E.164 country code, without '+'\n",
      CMD_ATTR_IMMEDIATE)
{
	if (*argv[0] == '0')
		return gw_config_refuse(vty, "country-code %s: no country code begins with 0", argv[0]);
	return set_digits(vty, NUMBERING->country_code, sizeof(NUMBERING->country_code), argv[0]);
}

DEFUN_ATTR(cfg_no_country_code, cfg_no_country_code_cmd,
      "no country-code", NO_STR "Leave numbers as they are\n",
      CMD_ATTR_IMMEDIATE)
{
	NUMBERING->country_code[0] = '\0';
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_national_prefix, cfg_national_prefix_cmd,
      "national-prefix DIGITS", "What a SIP user dials before a national number\n" "Prefix, such as 0\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_digits(vty, NUMBERING->national_prefix, sizeof(NUMBERING->national_prefix), argv[0]);
}

DEFUN_ATTR(cfg_no_national_prefix, cfg_no_national_prefix_cmd,
      "no national-prefix", NO_STR "No such prefix\n",
      CMD_ATTR_IMMEDIATE)
{
	NUMBERING->national_prefix[0] = '\0';
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_international_prefix, cfg_international_prefix_cmd,
      "international-prefix DIGITS", "What a SIP user dials before an international number\n"
      "Prefix, such as 00\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_digits(vty, NUMBERING->international_prefix, sizeof(NUMBERING->international_prefix), argv[0]);
}

DEFUN_ATTR(cfg_no_international_prefix, cfg_no_international_prefix_cmd,
      "no international-prefix", NO_STR "No such prefix\n",
      CMD_ATTR_IMMEDIATE)
{
	NUMBERING->international_prefix[0] = '\0';
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_area_code, cfg_area_code_cmd,
      "area-code DIGITS", "The area that subscriber numbers are of\n" "Area code, without national prefix\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_digits(vty, NUMBERING->area_code, sizeof(NUMBERING->area_code), argv[0]);
}

DEFUN_ATTR(cfg_no_area_code, cfg_no_area_code_cmd,
      "no area-code", NO_STR "Subscriber numbers stay subscriber numbers\n",
      CMD_ATTR_IMMEDIATE)
{
	NUMBERING->area_code[0] = '\0';
	return CMD_SUCCESS;
}

/* ---- Other properties ---- */

static const struct value_string locations[] = {
	{ ISUP_LOC_USER, "user" },
	{ ISUP_LOC_LPN, "private-local" },
	{ ISUP_LOC_LN, "public-local" },
	{ ISUP_LOC_TN, "transit" },
	{ ISUP_LOC_RLN, "public-remote" },
	{ ISUP_LOC_RPN, "private-remote" },
	{ ISUP_LOC_INTL, "international" },
	{ ISUP_LOC_BI, "beyond-interworking" },
	{}
};

DEFUN_ATTR(cfg_location, cfg_location_cmd,
      "location (user|private-local|public-local|transit|public-remote|private-remote|international|"
      "beyond-interworking)", "Location in causes that the gateway itself makes (Q.850 2.2.3)\n"
      "User\n" "Private network serving the local user\n" "Public network serving the local user\n"
      "Transit network\n" "Public network serving the remote user\n" "Private network serving the remote user\n"
      "International network\n" "Network beyond interworking point\n",
      CMD_ATTR_IMMEDIATE)
{
	g_gw->mapping->cfg.location = get_string_value(locations, argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_trust_all, cfg_trust_all_cmd,
      "trust-all-sip", "Believe identities (P-Asserted-Identity) from any peer\n",
      CMD_ATTR_IMMEDIATE)
{
	g_gw->mapping->cfg.trust_all_sip = true;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_no_trust_all, cfg_no_trust_all_cmd,
      "no trust-all-sip", NO_STR "Believe identities from trusted peers only\n",
      CMD_ATTR_IMMEDIATE)
{
	g_gw->mapping->cfg.trust_all_sip = false;
	return CMD_SUCCESS;
}

#define MIB (1024 * 1024)

DEFUN_ATTR(cfg_ladder_memory, cfg_ladder_memory_cmd,
      "ladder-memory <0-255>", "Memory of the flight recorder behind 'show call ladder'; a change empties it\n"
      "MiB; 0: no recorder\n",
      CMD_ATTR_IMMEDIATE)
{
	size_t octets = (size_t)gw_vty_uint(argv[0]) * MIB;
	int rc;

	if (octets == g_gw->mapping->cfg.ladder_octets)
		return CMD_SUCCESS;
	rc = mapping_ladder_resize(g_gw->mapping, octets);
	if (rc < 0)
		return gw_config_refuse(vty, "ladder-memory %s: %s", argv[0], strerror(-rc));
	return CMD_SUCCESS;
}

/* ---- Writing the configuration ---- */

static void write_digits(struct vty *vty, const char *name, const char *digits)
{
	if (*digits)
		vty_out(vty, " %s %s%s", name, digits, VTY_NEWLINE);
}

static int config_write_gateway(struct vty *vty)
{
	const struct mapping_cfg *cfg = &g_gw->mapping->cfg;

	vty_out(vty, "gateway%s", VTY_NEWLINE);
	gw_vty_profile_write_gateway(vty);
	write_digits(vty, "country-code", cfg->numbering.country_code);
	write_digits(vty, "national-prefix", cfg->numbering.national_prefix);
	write_digits(vty, "international-prefix", cfg->numbering.international_prefix);
	write_digits(vty, "area-code", cfg->numbering.area_code);
	gw_vty_numbers_write_gateway(vty);
	vty_out(vty, " location %s%s", get_value_string(locations, cfg->location), VTY_NEWLINE);
	gw_vty_fax_write_gateway(vty);
	if (cfg->trust_all_sip)
		vty_out(vty, " trust-all-sip%s", VTY_NEWLINE);
	vty_out(vty, " ladder-memory %zu%s", cfg->ladder_octets / MIB, VTY_NEWLINE);
	osmo_tdef_vty_groups_write(vty, " ");
	gw_vty_route_write(vty);
	return CMD_SUCCESS;
}

/* ---- show … ---- */

static void show_call(const struct iwu_info *info, void *data)
{
	struct vty *vty = data;

	vty_out(vty, "%8u %-9s %-14s %-18s %-18s %-24s %-18s %8" PRIu64 " %8" PRIu64 "%s", info->id, info->direction,
		info->state, *info->calling ? info->calling : "-", *info->called ? info->called : "-",
		*info->circuit ? info->circuit : "-", *info->peer ? info->peer : "-", info->age_ms / 1000,
		info->answered_ms / 1000, VTY_NEWLINE);
}

DEFUN(show_calls, show_calls_cmd,
      "show calls", SHOW_STR "Calls that are up or being set up\n")
{
	vty_out(vty, "%8s %-9s %-14s %-18s %-18s %-24s %-18s %8s %8s%s", "Id", "Direction", "State", "Calling",
		"Called", "Circuit", "Peer", "Age s", "Answ. s", VTY_NEWLINE);
	mapping_for_each_call(g_gw->mapping, show_call, vty);
	vty_out(vty, "%u calls%s", g_gw->mapping->n_calls, VTY_NEWLINE);
	return CMD_SUCCESS;
}

static void show_line(const char *line, void *data)
{
	struct vty *vty = data;

	vty_out(vty, "%s%s", line, VTY_NEWLINE);
}

#define LADDER_STR SHOW_STR "A call\n" "Its messages on both sides, in order\n"

DEFUN(show_call_ladder, show_call_ladder_cmd,
      "show call ladder <0-4294967295>", LADDER_STR "Id of the call, as in 'show calls'\n")
{
	if (mapping_print_ladder(g_gw->mapping, strtoul(argv[0], NULL, 10), show_line, vty) > 0)
		return CMD_SUCCESS;
	return gw_config_refuse(vty, "call %s is not recorded (any more): 'show call ladder' lists those that are",
				argv[0]);
}

DEFUN(show_call_ladder_last, show_call_ladder_last_cmd,
      "show call ladder last", LADDER_STR "Of the newest call\n")
{
	uint32_t id;

	if (mapping_ladder_ids(g_gw->mapping, &id, 1) && mapping_print_ladder(g_gw->mapping, id, show_line, vty) > 0)
		return CMD_SUCCESS;
	return gw_config_refuse(vty, "no call is recorded");
}

/* So many are listed; the recorder may have more. */
#define LADDER_IDS_SHOWN 64

DEFUN(show_call_ladders, show_call_ladders_cmd,
      "show call ladder", LADDER_STR)
{
	uint32_t ids[LADDER_IDS_SHOWN];
	size_t n = mapping_ladder_ids(g_gw->mapping, ids, ARRAY_SIZE(ids)), i;

	vty_out(vty, "%zu newest calls that are recorded:", n);
	for (i = 0; i < n; i++)
		vty_out(vty, " %u", ids[i]);
	vty_out(vty, "%s", VTY_NEWLINE);
	return CMD_SUCCESS;
}

static void install_gateway_node(void)
{
	install_node(&gateway_node, config_write_gateway);
	install_element(CONFIG_NODE, &cfg_gateway_cmd);
	install_element(GATEWAY_NODE, &cfg_country_code_cmd);
	install_element(GATEWAY_NODE, &cfg_no_country_code_cmd);
	install_element(GATEWAY_NODE, &cfg_national_prefix_cmd);
	install_element(GATEWAY_NODE, &cfg_no_national_prefix_cmd);
	install_element(GATEWAY_NODE, &cfg_international_prefix_cmd);
	install_element(GATEWAY_NODE, &cfg_no_international_prefix_cmd);
	install_element(GATEWAY_NODE, &cfg_area_code_cmd);
	install_element(GATEWAY_NODE, &cfg_no_area_code_cmd);
	install_element(GATEWAY_NODE, &cfg_location_cmd);
	install_element(GATEWAY_NODE, &cfg_trust_all_cmd);
	install_element(GATEWAY_NODE, &cfg_no_trust_all_cmd);
	install_element(GATEWAY_NODE, &cfg_ladder_memory_cmd);
}

void gw_vty_mapping_init(void)
{
	install_gateway_node();
	gw_vty_route_init();
	gw_vty_detail_init();
	install_element_ve(&show_calls_cmd);
	install_element_ve(&show_call_ladder_cmd);
	install_element_ve(&show_call_ladder_last_cmd);
	install_element_ve(&show_call_ladders_cmd);
}
