/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of closed user groups, at a circuit group and at a SIP peer. */

#include <osmocom/core/utils.h>

#include "mapping/map_profile.h"

#include "gw.h"
#include "gw_vty.h"

static const struct value_string cug_words[] = {
	{ MAP_CUG_ACCEPT, "accept" },
	{ MAP_CUG_CARRY, "carry" },
	{ MAP_CUG_REFUSE, "refuse" },
	{}
};

#define CUG_STR	"Calls of closed user groups (Q.735.1)\n"

DEFUN_ATTR(cfg_end_cug, cfg_end_cug_cmd,
      "closed-user-group (accept|carry|refuse)", CUG_STR
      "All as ordinary calls, where the IAM does not go along\n"
      "Only with the IAM as encapsulated ISUP\n"
      "None\n",
      CMD_ATTR_IMMEDIATE)
{
	gw_vty_end_cfg(vty)->cug = get_string_value(cug_words, argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_end_no_cug, cfg_end_no_cug_cmd,
      "no closed-user-group", NO_STR CUG_STR,
      CMD_ATTR_IMMEDIATE)
{
	gw_vty_end_cfg(vty)->cug = MAP_CUG_BY_ACCESS;
	return CMD_SUCCESS;
}

void gw_vty_cug_write(struct vty *vty, const struct map_end_cfg *cfg)
{
	if (cfg->cug)
		vty_out(vty, "  closed-user-group %s%s", get_value_string(cug_words, cfg->cug), VTY_NEWLINE);
}

void gw_vty_cug_init(void)
{
	install_element(GROUP_NODE, &cfg_end_cug_cmd);
	install_element(GROUP_NODE, &cfg_end_no_cug_cmd);
	install_element(PEER_NODE, &cfg_end_cug_cmd);
	install_element(PEER_NODE, &cfg_end_no_cug_cmd);
}
