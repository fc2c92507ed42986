/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of what ISUP says of itself in a call: compatibility, echo control, hop counter, OLM; for both programs. */

#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_circuit.h"

#include "gw_isup.h"
#include "gw_vty.h"

DEFUN_ATTR(cfg_group_compatibility, cfg_group_compatibility_cmd,
      "compatibility (end-node|transit)",
      "Messages and parameters that are not recognised, Q.764 2.9.5\n"
      "They end here: all their instructions are obeyed, nothing is passed on (if not set)\n"
      "They are passed on where they may be: SIP carries ISUP (SIP-I, SIP-T)\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->transit = !strcmp(argv[0], "transit");
	return CMD_SUCCESS;
}

static const struct value_string echoes[] = {
	{ ISUP_ECHO_USER, "signalled" },
	{ ISUP_ECHO_NONE, "none" },
	{ ISUP_ECHO_INCOMING, "incoming" },
	{ ISUP_ECHO_OUTGOING, "outgoing" },
	{ ISUP_ECHO_INCOMING | ISUP_ECHO_OUTGOING, "both" },
	{}
};

DEFUN_ATTR(cfg_group_echo, cfg_group_echo_cmd,
      "echo-control (signalled|none|incoming|outgoing|both)",
      "Echo control devices of this exchange, as IAM, ACM, CON and NRM tell of them\n"
      "As the call's other side says (if not set)\n" "There is none\n" "One for the called side's echo: ACM, CON\n"
      "One for the calling side's echo: IAM\n" "Both\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->echo = get_string_value(echoes, argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_hop_counter, cfg_group_hop_counter_cmd,
      "hop-counter <1-31>",
      "Hop counter of an IAM that has none: so many exchanges may follow\n" "Initial count\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->hop_counter = gw_vty_uint(argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_no_hop_counter, cfg_group_no_hop_counter_cmd,
      "no hop-counter", NO_STR "Add no hop counter\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->hop_counter = 0;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_overload_message, cfg_group_overload_message_cmd,
      "overload-message",
      "Refuse calls by OLM, not REL, while our congestion level is 2 (national use): the circuit rests until T3\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->overload_message = true;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_no_overload_message, cfg_group_no_overload_message_cmd,
      "no overload-message", NO_STR "Refuse calls by REL with cause 42\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->overload_message = false;
	return CMD_SUCCESS;
}

void gw_vty_compat_write(struct vty *vty, const struct isup_group_cfg *cfg)
{
	if (cfg->transit)
		vty_out(vty, "  compatibility transit%s", VTY_NEWLINE);
	if (cfg->echo != ISUP_ECHO_USER)
		vty_out(vty, "  echo-control %s%s", get_value_string(echoes, cfg->echo), VTY_NEWLINE);
	if (cfg->hop_counter)
		vty_out(vty, "  hop-counter %u%s", cfg->hop_counter, VTY_NEWLINE);
	if (cfg->overload_message)
		vty_out(vty, "  overload-message%s", VTY_NEWLINE);
}

void gw_vty_compat_init(void)
{
	install_element(GROUP_NODE, &cfg_group_compatibility_cmd);
	install_element(GROUP_NODE, &cfg_group_echo_cmd);
	install_element(GROUP_NODE, &cfg_group_hop_counter_cmd);
	install_element(GROUP_NODE, &cfg_group_no_hop_counter_cmd);
	install_element(GROUP_NODE, &cfg_group_overload_message_cmd);
	install_element(GROUP_NODE, &cfg_group_no_overload_message_cmd);
}
