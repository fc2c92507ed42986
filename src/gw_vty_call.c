/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of a circuit group: how its calls are processed (overlap, who controls a circuit …); for both programs. */

#include <osmocom/core/utils.h>

#include "isup/isup_circuit.h"

#include "gw_isup.h"
#include "gw_vty.h"

/* ---- Dual seizure ---- */

static const struct value_string controls[] = {
	{ ISUP_CONTROL_BY_POINT_CODE, "by-point-code" },
	{ ISUP_CONTROL_EVEN, "even" },
	{ ISUP_CONTROL_ODD, "odd" },
	{ ISUP_CONTROL_ALL, "all" },
	{ ISUP_CONTROL_NONE, "none" },
	{}
};

DEFUN(cfg_group_control, cfg_group_control_cmd,
      "control (by-point-code|even|odd|all|none)",
      "Which circuits this end controls: its call stays where both ends seize one, and it hunts them first\n"
      "Even ones where our point code is the higher one, odd ones where it is not\n"
      "Those with an even code\n" "Those with an odd code\n" "All\n" "None\n")
{
	if (gw_vty_isup_refuse_started(vty, vty->index))
		return CMD_WARNING;
	isup_group_cfg(vty->index)->control = get_string_value(controls, argv[0]);
	return CMD_SUCCESS;
}

/* ---- Overlap signalling ---- */

DEFUN_ATTR(cfg_group_overlap_forward, cfg_group_overlap_forward_cmd,
      "overlap forward", "Incoming calls whose number comes in parts\n" "The call goes on with what the IAM has\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->overlap_collect = false;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_overlap_collect, cfg_group_overlap_collect_cmd,
      "overlap collect <1-31> <1-31>", "Incoming calls whose number comes in parts\n"
      "The call waits for all digits: until ST, or the largest number of digits, or T10 after the smallest\n"
      "Smallest number of digits; T35 releases a call with fewer\n" "Largest number of digits\n",
      CMD_ATTR_IMMEDIATE)
{
	struct isup_group_cfg *cfg = isup_group_cfg(vty->index);
	unsigned int min = gw_vty_uint(argv[0]), max = gw_vty_uint(argv[1]);

	if (min > max)
		return gw_config_refuse(vty, "overlap collect %u %u: the smallest number of digits is above the "
					"largest", min, max);
	cfg->overlap_collect = true;
	cfg->overlap_min = min;
	cfg->overlap_max = max;
	return CMD_SUCCESS;
}

/* ---- Information request ---- */

#define INR_STR "Ask for the calling party's number where an IAM has none (INR); the call waits for the answer\n"

DEFUN_ATTR(cfg_group_inr, cfg_group_inr_cmd,
      "information-request", INR_STR,
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->request_calling = true;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_no_inr, cfg_group_no_inr_cmd,
      "no information-request", NO_STR INR_STR,
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->request_calling = false;
	return CMD_SUCCESS;
}

/* ---- International circuits ---- */

#define INTERNATIONAL_STR "The circuits come from abroad: T38 runs while a call is suspended by this end\n"

DEFUN_ATTR(cfg_group_international, cfg_group_international_cmd,
      "international", INTERNATIONAL_STR,
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->international = true;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_no_international, cfg_group_no_international_cmd,
      "no international", NO_STR INTERNATIONAL_STR,
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->international = false;
	return CMD_SUCCESS;
}

void gw_vty_call_write(struct vty *vty, const struct isup_group_cfg *cfg)
{
	if (cfg->control != ISUP_CONTROL_BY_POINT_CODE)
		vty_out(vty, "  control %s%s", get_value_string(controls, cfg->control), VTY_NEWLINE);
	if (cfg->overlap_collect)
		vty_out(vty, "  overlap collect %u %u%s", cfg->overlap_min, cfg->overlap_max, VTY_NEWLINE);
	if (cfg->request_calling)
		vty_out(vty, "  information-request%s", VTY_NEWLINE);
	if (cfg->international)
		vty_out(vty, "  international%s", VTY_NEWLINE);
}

void gw_vty_call_init(void)
{
	install_element(GROUP_NODE, &cfg_group_control_cmd);
	install_element(GROUP_NODE, &cfg_group_overlap_forward_cmd);
	install_element(GROUP_NODE, &cfg_group_overlap_collect_cmd);
	install_element(GROUP_NODE, &cfg_group_inr_cmd);
	install_element(GROUP_NODE, &cfg_group_no_inr_cmd);
	install_element(GROUP_NODE, &cfg_group_international_cmd);
	install_element(GROUP_NODE, &cfg_group_no_international_cmd);
}
