/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of overlap signalling between SIP and ISUP, at a circuit group and at a SIP peer. */

#include <stdlib.h>

#include <osmocom/core/utils.h>

#include "mapping/map_profile.h"

#include "gw.h"
#include "gw_vty.h"

static const struct value_string overlap_words[] = {
	{ MAP_OVERLAP_INVITE, "invite" },
	{ MAP_OVERLAP_INFO, "info" },
	{}
};

#define OVERLAP_STR	"Numbers that come in parts, between SIP and ISUP (RFC 3578)\n"

DEFUN_ATTR(cfg_end_overlap, cfg_end_overlap_cmd,
      "sip-overlap (invite|info) <1-24>", OVERLAP_STR
      "A new INVITE for each part\n"
      "INFO for each part, in the dialog of the first INVITE (3GPP TS 29.163)\n"
      "Smallest number of digits of the first INVITE\n",
      CMD_ATTR_IMMEDIATE)
{
	struct map_end_cfg *cfg = gw_vty_end_cfg(vty);

	cfg->overlap = get_string_value(overlap_words, argv[0]);
	cfg->overlap_min = strtoul(argv[1], NULL, 10);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_end_no_overlap, cfg_end_no_overlap_cmd,
      "no sip-overlap", NO_STR OVERLAP_STR,
      CMD_ATTR_IMMEDIATE)
{
	gw_vty_end_cfg(vty)->overlap = MAP_OVERLAP_OFF;
	return CMD_SUCCESS;
}

void gw_vty_overlap_write(struct vty *vty, const struct map_end_cfg *cfg)
{
	if (cfg->overlap)
		vty_out(vty, "  sip-overlap %s %u%s", get_value_string(overlap_words, cfg->overlap), cfg->overlap_min,
			VTY_NEWLINE);
}

void gw_vty_overlap_init(void)
{
	install_element(GROUP_NODE, &cfg_end_overlap_cmd);
	install_element(GROUP_NODE, &cfg_end_no_overlap_cmd);
	install_element(PEER_NODE, &cfg_end_overlap_cmd);
	install_element(PEER_NODE, &cfg_end_no_overlap_cmd);
}
