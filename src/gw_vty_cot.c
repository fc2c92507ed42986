/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of the continuity check: which calls are checked, checks on demand and what came of them; for both programs. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_circuit.h"
#include "isup/isup_cot.h"

#include "gw_isup.h"
#include "gw_vty.h"

static struct gw_isup *gi;

#define COT_STR "Continuity check\n"

/* ---- Configuration ---- */

DEFUN_ATTR(cfg_group_cot_percent, cfg_group_cot_percent_cmd,
      "continuity-check percent <0-100>",
      COT_STR "Share of the outgoing calls that are checked, evenly spread\n" "Of a hundred (0 if not set)\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->cot_percent = gw_vty_uint(argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_cot_without_bearer, cfg_group_cot_without_bearer_cmd,
      "continuity-check without-bearer (assume|refuse)",
      COT_STR "Incoming calls that require a check, where the media gateway can connect no loop\n"
      "COT is awaited and trusted (if not set)\n" "The call is released, cause 47\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->cot_refuse = !strcmp(argv[0], "refuse");
	return CMD_SUCCESS;
}

void gw_vty_cot_write(struct vty *vty, const struct isup_group_cfg *cfg)
{
	if (cfg->cot_percent)
		vty_out(vty, "  continuity-check percent %u%s", cfg->cot_percent, VTY_NEWLINE);
	if (cfg->cot_refuse)
		vty_out(vty, "  continuity-check without-bearer refuse%s", VTY_NEWLINE);
}

/* ---- On demand ---- */

static const struct value_string refusals[] = {
	{ ENOENT, "there is no such circuit, or the group is stopped" },
	{ EHOSTUNREACH, "the destination is not available" },
	{ EBUSY, "the circuit has a call, is not equipped there, or is being reset or checked" },
	{ ENOTSUP, "the media gateway cannot send a tone" },
	{}
};

DEFUN(isup_cot, isup_cot_cmd,
      "isup continuity-check circuit-group NAME cic <0-16383>",
      "Maintenance of circuits\n" "Check the continuity of a circuit (CCR)\n"
      "Circuit group\nName of the circuit group\n" "Circuit\n" "Circuit identification code\n")
{
	struct isup_group *group = gw_vty_isup_group(vty, argv[0]);
	int rc;

	if (!group)
		return CMD_WARNING;
	rc = isup_circuit_cot(group, gw_vty_uint(argv[1]));
	if (rc < 0)
		return gw_config_refuse(vty, "not checked: %s",
					get_value_string_or_null(refusals, -rc) ? : "no memory");
	vty_out(vty, "continuity-check: circuit %s of %s: 'show isup continuity-check' shows the result%s", argv[1],
		argv[0], VTY_NEWLINE);
	return CMD_SUCCESS;
}

/* ---- Show ---- */

struct show_checks {
	struct vty *vty;
	const struct isup_group *group;
};

static void show_timer(enum isup_timer_id id, uint32_t left_ms, void *data)
{
	struct vty *vty = data;

	vty_out(vty, ", %s in %u ms", isup_timer_defs[id].name, left_ms);
}

static void show_check(const struct isup_circuit_info *info, void *data)
{
	const struct show_checks *show = data;
	struct vty *vty = show->vty;

	if (!info->checked)
		return;
	vty_out(vty, "%-24s %5u  now %s", isup_group_name(show->group), info->cic, info->checked);
	isup_circuit_for_each_timer(show->group, info->cic, show_timer, vty);
	vty_out(vty, "%s", VTY_NEWLINE);
}

static void show_result(struct vty *vty, const struct isup_group *group)
{
	static const struct value_string names[] = {
		{ ISUP_COT_UNDER_WAY, "under way" },
		{ ISUP_COT_PASSED, "successful" },
		{ ISUP_COT_FAILED, "failed; it is repeated" },
		{ ISUP_COT_CUT_SHORT, "cut short by something else on the circuit" },
		{}
	};
	uint16_t cic;
	enum isup_cot_outcome outcome = isup_group_cot_result(group, &cic);

	if (outcome != ISUP_COT_NONE)
		vty_out(vty, "%-24s %5u  %s%s", isup_group_name(group), cic, get_value_string(names, outcome),
			VTY_NEWLINE);
}

DEFUN(show_isup_cot, show_isup_cot_cmd,
      "show isup continuity-check",
      SHOW_STR "ISUP\n"
      "The latest continuity check of each circuit group that was asked for, its result, and those under way\n")
{
	struct show_checks show = { .vty = vty };
	struct isup_group *group = NULL;

	vty_out(vty, "%-24s %5s  %s%s", "Group", "CIC", "Continuity check", VTY_NEWLINE);
	while ((group = isup_group_next(gi->isup, group))) {
		show_result(vty, group);
		show.group = group;
		isup_group_for_each_circuit(group, show_check, &show);
	}
	return CMD_SUCCESS;
}

void gw_vty_cot_init(struct gw_isup *program_gi)
{
	gi = program_gi;
	install_element(GROUP_NODE, &cfg_group_cot_percent_cmd);
	install_element(GROUP_NODE, &cfg_group_cot_without_bearer_cmd);
	install_element(ENABLE_NODE, &isup_cot_cmd);
	install_element_ve(&show_isup_cot_cmd);
}
