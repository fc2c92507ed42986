/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of what only some dialects have: circuit validation, circuit reservation, exit message; for both programs. */

#include <errno.h>

#include <osmocom/core/utils.h>

#include "isup/isup_circuit.h"
#include "isup/isup_dialect.h"
#include "isup/isup_t113.h"
#include "isup/isup_validate.h"

#include "gw_isup.h"
#include "gw_vty.h"

static struct gw_isup *gi;

/* ---- Configuration ---- */

DEFUN_ATTR(cfg_group_reserve, cfg_group_reserve_cmd,
      "circuit-reservation",
      "Each outgoing call reserves its circuit (CRM) before the IAM, where the dialect has that\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->reserve = true;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_no_reserve, cfg_group_no_reserve_cmd,
      "no circuit-reservation", NO_STR "An outgoing call begins with its IAM (if not set)\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->reserve = false;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_exit, cfg_group_exit_cmd,
      "exit-message",
      "Tell that an incoming call has gone on into another network: EXM after TEXM, where the dialect has that\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->exit_message = true;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_no_exit, cfg_group_no_exit_cmd,
      "no exit-message", NO_STR "Nothing is told of that (if not set)\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->exit_message = false;
	return CMD_SUCCESS;
}

void gw_vty_ansi_write(struct vty *vty, const struct isup_group_cfg *cfg)
{
	if (cfg->reserve)
		vty_out(vty, "  circuit-reservation%s", VTY_NEWLINE);
	if (cfg->exit_message)
		vty_out(vty, "  exit-message%s", VTY_NEWLINE);
}

/* ---- Circuit validation ---- */

static const struct value_string refusals[] = {
	{ ENOENT, "there is no such circuit, or the group is stopped" },
	{ EHOSTUNREACH, "the destination is not available" },
	{ EBUSY, "another circuit of the group is being validated" },
	{ ENOTSUP, "the dialect has no circuit validation test" },
	{}
};

DEFUN(isup_validate, isup_validate_cmd,
      "isup circuit-validation circuit-group NAME cic <0-16383>",
      "Maintenance of circuits\n" "Compare with the far end what is configured for a circuit (CVT)\n"
      "Circuit group\nName of the circuit group\n" "Circuit\n" "Circuit identification code\n")
{
	struct isup_group *group = gw_vty_isup_group(vty, argv[0]);
	int rc;

	if (!group)
		return CMD_WARNING;
	rc = isup_circuit_validate(group, gw_vty_uint(argv[1]));
	if (rc < 0)
		return gw_config_refuse(vty, "not validated: %s",
					get_value_string_or_null(refusals, -rc) ? : "it cannot be done");
	vty_out(vty, "circuit-validation: circuit %s of %s: 'show isup circuit-validation' shows the result%s", argv[1],
		argv[0], VTY_NEWLINE);
	return CMD_SUCCESS;
}

static void show_far(struct vty *vty, uint8_t octet)
{
	const uint8_t code = ISUP_PAR_CIRCUIT_GROUP_CHARACTERISTIC;
	char text[128];

	isup_par_print_buf(text, sizeof(text), isup_par_def(isup_dialect_find("ansi"), code), code, &octet, 1);
	vty_out(vty, "; there: %s", text);
}

DEFUN(show_isup_validation, show_isup_validation_cmd,
      "show isup circuit-validation",
      SHOW_STR "ISUP\n" "The latest circuit validation test of each circuit group that was asked for, and its result\n")
{
	static const struct value_string names[] = {
		{ ISUP_VALIDATION_UNDER_WAY, "under way" },
		{ ISUP_VALIDATION_SUCCESSFUL, "successful" },
		{ ISUP_VALIDATION_INCONSISTENT, "inconsistent: both ends, or neither, control it in a dual seizure" },
		{ ISUP_VALIDATION_FAILED, "failed: the far end has no such circuit" },
		{ ISUP_VALIDATION_NO_ANSWER, "no answer" },
		{ ISUP_VALIDATION_CUT_SHORT, "cut short: the group was stopped" },
		{}
	};
	struct isup_group *group = NULL;

	vty_out(vty, "%-24s %5s  %s%s", "Group", "CIC", "Circuit validation", VTY_NEWLINE);
	while ((group = isup_group_next(gi->isup, group))) {
		const struct isup_validation *validation = isup_group_validation(group);

		if (validation->outcome == ISUP_VALIDATION_NONE)
			continue;
		vty_out(vty, "%-24s %5u  %s", isup_group_name(group), validation->cic,
			get_value_string(names, validation->outcome));
		if (validation->outcome == ISUP_VALIDATION_SUCCESSFUL ||
		    validation->outcome == ISUP_VALIDATION_INCONSISTENT)
			show_far(vty, validation->far);
		vty_out(vty, "%s", VTY_NEWLINE);
	}
	return CMD_SUCCESS;
}

void gw_vty_ansi_init(struct gw_isup *program_gi)
{
	gi = program_gi;
	install_element(GROUP_NODE, &cfg_group_reserve_cmd);
	install_element(GROUP_NODE, &cfg_group_no_reserve_cmd);
	install_element(GROUP_NODE, &cfg_group_exit_cmd);
	install_element(GROUP_NODE, &cfg_group_no_exit_cmd);
	install_element(ENABLE_NODE, &isup_validate_cmd);
	install_element_ve(&show_isup_validation_cmd);
}
