/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of circuits: maintenance commands, which block, reset and query them; for both programs. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_circuit.h"

#include "gw_isup.h"
#include "gw_vty.h"

#define GROUP_STR "Circuit group\nName of the circuit group\n"

/* ---- Blocking and reset ---- */

/* Returns how many there were, -ENOENT where none. */
static int reset_circuits(struct isup_group *group, unsigned int first, unsigned int last)
{
	unsigned int cic, done = 0;

	for (cic = first; cic <= last; cic++)
		done += isup_circuit_reset(group, cic) == 0;
	return done ? (int)done : -ENOENT;
}

static int do_maintenance(struct isup_group *group, const char *what, unsigned int first, unsigned int last,
			  enum isup_block_kind kind)
{
	if (!strcmp(what, "reset"))
		return reset_circuits(group, first, last);
	return isup_group_block(group, first, last, kind, !strcmp(what, "block"));
}

/* argv: what, group, first [, last] */
static int maintain(struct vty *vty, int argc, const char **argv, enum isup_block_kind kind)
{
	struct isup_group *group = gw_vty_isup_group(vty, argv[1]);
	unsigned int first = gw_vty_uint(argv[2]), last = argc > 3 ? gw_vty_uint(argv[3]) : first;
	int done;

	if (!group)
		return CMD_WARNING;
	done = do_maintenance(group, argv[0], first, last, kind);
	if (done < 0)
		return gw_config_refuse(vty, "circuit-group %s has no such circuit: 'show isup circuits %s' lists "
					"them", argv[1], argv[1]);
	vty_out(vty, "%s: %d circuits of %s%s", argv[0], done, argv[1], VTY_NEWLINE);
	return CMD_SUCCESS;
}

#define BLOCK_STR "Maintenance of circuits\n" "Block circuits against calls (BLO; CGB for several)\n" \
	"Take that back (UBL; CGU for several)\n"
#define MAINTENANCE_STR BLOCK_STR "Reset circuits; their calls are released (RSC)\n" \
	GROUP_STR "Circuit identification code\n"
#define LAST_STR "All from this one to another\n" "Last circuit identification code\n"

DEFUN(isup_maintain, isup_maintain_cmd,
      "isup (block|unblock|reset) circuit-group NAME <0-16383>", MAINTENANCE_STR)
{
	return maintain(vty, argc, argv, ISUP_BLOCK_MAINTENANCE);
}

DEFUN(isup_maintain_range, isup_maintain_range_cmd,
      "isup (block|unblock|reset) circuit-group NAME <0-16383> to <0-16383>",
      MAINTENANCE_STR LAST_STR)
{
	return maintain(vty, argc, argv, ISUP_BLOCK_MAINTENANCE);
}

DEFUN(isup_maintain_hardware, isup_maintain_hardware_cmd,
      "isup (block|unblock) circuit-group NAME <0-16383> to <0-16383> hardware",
      BLOCK_STR GROUP_STR "Circuit identification code\n" LAST_STR
      "For a hardware failure: calls on them are lost at once\n")
{
	return maintain(vty, argc, argv, ISUP_BLOCK_HARDWARE);
}

/* ---- Query ---- */

static void show_query_circuit(const struct isup_circuit_info *info, void *data)
{
	char here[64], there[64] = "no answer";
	struct vty *vty = data;

	isup_circuit_query_state_buf(here, sizeof(here), info->query_state);
	if (info->far_known)
		isup_circuit_query_state_buf(there, sizeof(there), info->far_state);
	vty_out(vty, "%5u  %-30s %s%s", info->cic, here, there, VTY_NEWLINE);
}

DEFUN(show_isup_query, show_isup_query_cmd,
      "show isup query NAME",
      SHOW_STR "ISUP\n" "Circuit states: ours now, the far end's as it answered to 'isup query'\n"
      "Of this circuit group\n")
{
	struct isup_group *group = gw_vty_isup_group(vty, argv[0]);

	if (!group)
		return CMD_WARNING;
	vty_out(vty, "%5s  %-30s %s%s", "CIC", "Here", "There", VTY_NEWLINE);
	isup_group_for_each_circuit(group, show_query_circuit, vty);
	return CMD_SUCCESS;
}

DEFUN(isup_query, isup_query_cmd,
      "isup query circuit-group NAME <0-16383> to <0-16383>",
      "Maintenance of circuits\n" "Ask the far end for their state (CQM), compare and mend\n"
      GROUP_STR "Circuit identification code\n" LAST_STR)
{
	struct isup_group *group = gw_vty_isup_group(vty, argv[0]);
	int n;

	if (!group)
		return CMD_WARNING;
	n = isup_group_query(group, gw_vty_uint(argv[1]), gw_vty_uint(argv[2]));
	if (n == -EHOSTUNREACH)
		return gw_config_refuse(vty, "the destination of circuit-group %s is not available: 'show isup groups'",
					argv[0]);
	if (n < 0)
		return gw_config_refuse(vty, "circuit-group %s has no such circuit: 'show isup circuits %s' lists "
					"them", argv[0], argv[0]);
	vty_out(vty, "query: %d circuits of %s: 'show isup query %s' shows the answer%s", n, argv[0], argv[0],
		VTY_NEWLINE);
	return CMD_SUCCESS;
}

void gw_vty_circuit_init(void)
{
	install_element_ve(&show_isup_query_cmd);
	install_element(ENABLE_NODE, &isup_maintain_cmd);
	install_element(ENABLE_NODE, &isup_maintain_range_cmd);
	install_element(ENABLE_NODE, &isup_maintain_hardware_cmd);
	install_element(ENABLE_NODE, &isup_query_cmd);
}
