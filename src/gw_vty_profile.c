/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of mapping profiles: for the gateway, for a SIP peer, for a circuit group; show mapping profile. */

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup_circuit.h"
#include "isup/isup_dialect.h"
#include "mapping/map_profile.h"
#include "sip/sip_peer.h"

#include "gw.h"
#include "gw_vty.h"

/* ---- Configuration ---- */

static const struct map_profile *find_profile(struct vty *vty, const char *name)
{
	const struct map_profile *profile = map_profile_by_name(name);

	if (!profile)
		gw_config_refuse(vty, "there is no profile '%s': 'show mapping profiles' lists them", name);
	return profile;
}

/* What the peer or circuit group has of ours; made where there is none yet */
static struct map_end_cfg *end_cfg(void *owner, void **user)
{
	if (!*user)
		*user = talloc_zero(owner, struct map_end_cfg);
	return *user;
}

struct map_end_cfg *gw_vty_end_cfg(struct vty *vty)
{
	if (vty->node == GROUP_NODE)
		return end_cfg(vty->index, &isup_group_cfg(vty->index)->user);
	return end_cfg(vty->index, &sip_peer_cfg(vty->index)->user);
}

#define PROFILE_STR	"Interworking of calls from now on\n" "Set of tables\n"

DEFUN_ATTR(cfg_end_profile, cfg_end_profile_cmd,
      "mapping profile NAME", PROFILE_STR "Its name: 'show mapping profiles' lists them\n",
      CMD_ATTR_IMMEDIATE)
{
	const struct map_profile *profile = find_profile(vty, argv[0]);

	if (!profile)
		return CMD_WARNING;
	gw_vty_end_cfg(vty)->profile = profile;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_end_no_profile, cfg_end_no_profile_cmd,
      "no mapping profile", NO_STR PROFILE_STR,
      CMD_ATTR_IMMEDIATE)
{
	gw_vty_end_cfg(vty)->profile = NULL;
	return CMD_SUCCESS;
}

/* The SIP room lets bodies pass that the user says it reads. */
static int set_sipi(struct vty *vty, enum map_sipi sipi)
{
	gw_vty_end_cfg(vty)->sipi = sipi;
	sip_peer_cfg(vty->index)->isup = sipi != MAP_SIPI_OFF;
	return CMD_SUCCESS;
}

static const struct value_string sipi_words[] = {
	{ MAP_SIPI_OPTIONAL, "optional" },
	{ MAP_SIPI_REQUIRED, "required" },
	{}
};

DEFUN_ATTR(cfg_group_precondition, cfg_group_precondition_cmd,
      "precondition (continuity|wait)", "Calls from SIP whose preconditions (RFC 3312) are not met yet\n"
      "The IAM goes out at once, and COT when they are met: where the exchange knows COT\n"
      "The IAM goes out when they are met\n",
      CMD_ATTR_IMMEDIATE)
{
	gw_vty_end_cfg(vty)->precondition_wait = argv[0][0] == 'w';
	return CMD_SUCCESS;
}

#define SIPI_STR \
	"ISUP messages in SIP messages (SIP-T, SIP-I): only with a trusted peer, and a profile that has them\n"

DEFUN_ATTR(cfg_peer_sipi, cfg_peer_sipi_cmd,
      "encapsulated-isup (optional|required)", SIPI_STR
      "The peer may pass them over (handling=optional)\n"
      "It must read them, or refuse the call (handling=required)\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_sipi(vty, get_string_value(sipi_words, argv[0]));
}

DEFUN_ATTR(cfg_peer_no_sipi, cfg_peer_no_sipi_cmd,
      "no encapsulated-isup", NO_STR "Send none, read none\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_sipi(vty, MAP_SIPI_OFF);
}

DEFUN_ATTR(cfg_profile, cfg_profile_cmd,
      "mapping profile NAME", PROFILE_STR "Its name: 'show mapping profiles' lists them\n",
      CMD_ATTR_IMMEDIATE)
{
	const struct map_profile *profile = find_profile(vty, argv[0]);

	if (!profile)
		return CMD_WARNING;
	g_gw->mapping->cfg.profile = profile;
	return CMD_SUCCESS;
}

void gw_vty_profile_write(struct vty *vty, const struct map_end_cfg *cfg)
{
	if (cfg && cfg->profile)
		vty_out(vty, "  mapping profile %s%s", cfg->profile->name, VTY_NEWLINE);
	if (cfg && cfg->sipi)
		vty_out(vty, "  encapsulated-isup %s%s", get_value_string(sipi_words, cfg->sipi), VTY_NEWLINE);
	gw_vty_number_write(vty, cfg ? cfg->rules : NULL);
	if (cfg && cfg->precondition_wait)
		vty_out(vty, "  precondition wait%s", VTY_NEWLINE);
}

/* For a program that knows circuit groups, but not what is mapped on them */
static void write_group(struct vty *vty, const struct isup_group *group)
{
	gw_vty_profile_write(vty, isup_group_user(group));
}

/* ---- show mapping … ---- */

#define MAPPING_STR SHOW_STR "Interworking\n"

DEFUN(show_mapping_profiles, show_mapping_profiles_cmd,
      "show mapping profiles", MAPPING_STR "Names of the profiles\n")
{
	for (const struct map_profile *const *p = map_profiles; *p; p++)
		vty_out(vty, "%-24s %s%s", (*p)->name, (*p)->title, VTY_NEWLINE);
	return CMD_SUCCESS;
}

DEFUN(show_mapping_profile, show_mapping_profile_cmd,
      "show mapping profile NAME", MAPPING_STR "One profile: its tables, and its rules in their order\n" "Its name\n")
{
	const struct map_profile *profile = find_profile(vty, argv[0]);
	char line[256];

	if (!profile)
		return CMD_WARNING;
	vty_out(vty, "%s%sTables:%s", profile->title, VTY_NEWLINE, VTY_NEWLINE);
	for (unsigned int i = 0; i < ARRAY_SIZE(profile->tables); i++)
		vty_out(vty, " %-24s %s%s", profile->tables[i]->name, profile->tables[i]->title, VTY_NEWLINE);
	vty_out(vty, "IAM to INVITE:%s", VTY_NEWLINE);
	for (const struct map_iam_to_invite_rule *r = profile->iam_to_invite; r->clause; r++) {
		map_iam_to_invite_rule_print_buf(line, sizeof(line), r, &isup_dialect_itu);
		vty_out(vty, " %s%s", line, VTY_NEWLINE);
	}
	vty_out(vty, "INVITE to IAM:%s", VTY_NEWLINE);
	for (const struct map_invite_to_iam_rule *r = profile->invite_to_iam; r->clause; r++) {
		map_invite_to_iam_rule_print_buf(line, sizeof(line), r, &isup_dialect_itu);
		vty_out(vty, " %s%s", line, VTY_NEWLINE);
	}
	return CMD_SUCCESS;
}

void gw_vty_profile_init(struct gw_isup *gi)
{
	gi->write_group = write_group;
	install_element(GATEWAY_NODE, &cfg_profile_cmd);
	install_element(GROUP_NODE, &cfg_end_profile_cmd);
	install_element(GROUP_NODE, &cfg_end_no_profile_cmd);
	install_element(GROUP_NODE, &cfg_group_precondition_cmd);
	install_element(PEER_NODE, &cfg_end_profile_cmd);
	install_element(PEER_NODE, &cfg_end_no_profile_cmd);
	install_element(PEER_NODE, &cfg_peer_sipi_cmd);
	install_element(PEER_NODE, &cfg_peer_no_sipi_cmd);
	install_element_ve(&show_mapping_profiles_cmd);
	install_element_ve(&show_mapping_profile_cmd);
}
