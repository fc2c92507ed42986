/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of the ISUP room: nodes isup and circuit-group, show isup …; for both programs. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>
#include <osmocom/sigtran/osmo_ss7.h>

#include "isup/isup_dialect_own.h"

#include "gw_isup.h"
#include "gw_vty.h"

#define GROUP_STR "Circuit group\nName of the circuit group\n"
#define SHOW_ISUP_STR SHOW_STR "ISUP\n"

/* The program's one; VTY commands get no pointer of ours */
static struct gw_isup *gi;

struct isup_group *gw_vty_isup_group(struct vty *vty, const char *name)
{
	struct isup_group *group = isup_group_find(gi->isup, name);

	if (!group)
		gw_config_refuse(vty, "there is no circuit-group '%s': 'show isup groups' lists them", name);
	return group;
}

const char *gw_vty_pc_name(const struct isup_group *group, uint32_t pc)
{
	struct isup_group_cfg *cfg = isup_group_cfg((struct isup_group *)group);

	return osmo_ss7_pointcode_print(osmo_ss7_instance_find(cfg->cs7_instance), pc);
}

/* ---- Node isup ---- */

static struct cmd_node isup_node = { ISUP_NODE, "%s(config-isup)# ", 1 };
static struct cmd_node group_node = { GROUP_NODE, "%s(config-isup-group)# ", 1 };

DEFUN(cfg_isup, cfg_isup_cmd,
      "isup", "Configure the ISUP side: circuit groups\n")
{
	vty->node = ISUP_NODE;
	return CMD_SUCCESS;
}

DEFUN(cfg_group, cfg_group_cmd,
      "circuit-group NAME", "Configure a circuit group: the circuits of one trunk to one exchange\n"
      "Name: up to 24 letters, digits, '-', '_', '.'\n")
{
	struct isup_group *group = isup_group_find(gi->isup, argv[0]);

	if (!group) {
		if (!osmo_identifier_valid(argv[0]) || strlen(argv[0]) > 24)
			return gw_config_refuse(vty, "'%s' cannot be the name of a circuit-group: "
						"up to 24 letters, digits, '-', '_', '.'", argv[0]);
		group = isup_group_alloc(gi->isup, argv[0]);
		if (!group)
			return gw_config_refuse(vty, "circuit-group '%s' cannot be made", argv[0]);
	}
	gw_config_note(vty, "circuit-group %s", argv[0]);
	vty->index = group;
	vty->node = GROUP_NODE;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_no_group, cfg_no_group_cmd,
      "no circuit-group NAME", NO_STR "Remove a circuit group; its calls are given up\n" "Name of the group\n",
      CMD_ATTR_IMMEDIATE)
{
	struct isup_group *group = gw_vty_isup_group(vty, argv[0]);

	if (!group)
		return CMD_WARNING;
	gw_isup_set_shut(gi, group, false);
	isup_group_free(group);
	return CMD_SUCCESS;
}

/* ---- Node circuit-group ---- */

bool gw_vty_isup_refuse_started(struct vty *vty, const struct isup_group *group)
{
	if (!isup_group_started(group))
		return false;
	gw_config_refuse(vty, "circuit-group %s is in service: 'shutdown' it first (its calls are given up), "
			 "change it, then 'no shutdown'", isup_group_name(group));
	return true;
}

DEFUN_ATTR(cfg_group_description, cfg_group_description_cmd,
      "description .TEXT", "What an operator wants to read here\n" "Text\n",
      CMD_ATTR_IMMEDIATE)
{
	gw_config_set_text(vty->index, &isup_group_cfg(vty->index)->description, argv, argc);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_no_description, cfg_group_no_description_cmd,
      "no description", NO_STR "Remove the description\n",
      CMD_ATTR_IMMEDIATE)
{
	gw_config_set_text(vty->index, &isup_group_cfg(vty->index)->description, NULL, 0);
	return CMD_SUCCESS;
}

DEFUN(cfg_group_cs7, cfg_group_cs7_cmd,
      "cs7-instance <0-15>", "Which cs7 instance carries this group's signalling\n" "Number of the instance\n")
{
	if (gw_vty_isup_refuse_started(vty, vty->index))
		return CMD_WARNING;
	isup_group_cfg(vty->index)->cs7_instance = gw_vty_uint(argv[0]);
	return CMD_SUCCESS;
}

DEFUN(cfg_group_dialect, cfg_group_dialect_cmd,
      "dialect NAME", "Variant of ISUP\n"
      "itu (the default), itu-1997, itu-1992, q767, etsi, ansi, or the name of one from a file\n")
{
	const struct isup_dialect *dialect = isup_find_dialect(gi->isup, argv[0]);

	if (gw_vty_isup_refuse_started(vty, vty->index))
		return CMD_WARNING;
	if (!dialect)
		return gw_config_refuse(vty, "there is no dialect '%s': 'show isup dialects' lists them", argv[0]);
	isup_group_cfg(vty->index)->dialect = dialect;
	return CMD_SUCCESS;
}

/* Returns negative where the text is no point code of the group's network. */
static int parse_pc(struct vty *vty, const struct isup_group_cfg *cfg, const char *text)
{
	int pc = osmo_ss7_pointcode_parse(osmo_ss7_instance_find(cfg->cs7_instance), text);
	unsigned int bits = (cfg->dialect ? cfg->dialect : &isup_dialect_itu)->pc_bits;

	if (pc >= 0 && pc < 1 << bits)
		return pc;
	gw_config_refuse(vty, "'%s' is no point code of %u bits: it is written as in the cs7 instance, 3.8.3 "
			 "(0.0.2) where that says nothing else", text, bits);
	return -EINVAL;
}

DEFUN(cfg_group_destination, cfg_group_destination_cmd,
      "destination POINT_CODE", "The exchange at the other end of the circuits\n" "Its point code\n")
{
	struct isup_group_cfg *cfg = isup_group_cfg(vty->index);
	int pc;

	if (gw_vty_isup_refuse_started(vty, vty->index))
		return CMD_WARNING;
	pc = parse_pc(vty, cfg, argv[0]);
	if (pc < 0)
		return CMD_WARNING;
	cfg->dpc = pc;
	cfg->dpc_set = true;
	return CMD_SUCCESS;
}

DEFUN(cfg_group_point_code, cfg_group_point_code_cmd,
      "point-code POINT_CODE", "Our own point code on this group, where it is not that of the cs7 instance\n"
      "Point code\n")
{
	struct isup_group_cfg *cfg = isup_group_cfg(vty->index);
	int pc;

	if (gw_vty_isup_refuse_started(vty, vty->index))
		return CMD_WARNING;
	pc = parse_pc(vty, cfg, argv[0]);
	if (pc < 0)
		return CMD_WARNING;
	cfg->opc = pc;
	cfg->opc_set = true;
	return CMD_SUCCESS;
}

DEFUN(cfg_group_no_point_code, cfg_group_no_point_code_cmd,
      "no point-code", NO_STR "Use the point code of the cs7 instance\n")
{
	struct isup_group_cfg *cfg = isup_group_cfg(vty->index);

	if (gw_vty_isup_refuse_started(vty, vty->index))
		return CMD_WARNING;
	cfg->opc_set = false;
	return CMD_SUCCESS;
}

DEFUN(cfg_group_circuits, cfg_group_circuits_cmd,
      "circuits <0-16383> <0-16383>", "Add circuits\n" "First circuit identification code\n" "Last one\n")
{
	char err[256] = "";
	int rc;

	if (gw_vty_isup_refuse_started(vty, vty->index))
		return CMD_WARNING;
	if (gw_vty_uint(argv[0]) > gw_vty_uint(argv[1]))
		return gw_config_refuse(vty, "circuits %s %s: the first one is above the last one", argv[0], argv[1]);
	rc = isup_group_add_cics(vty->index, gw_vty_uint(argv[0]), gw_vty_uint(argv[1]), err, sizeof(err));
	if (rc == 0)
		return CMD_SUCCESS;
	return gw_config_refuse(vty, "circuits %s %s: %s", argv[0], argv[1], *err ? err : strerror(-rc));
}

DEFUN(cfg_group_no_circuits, cfg_group_no_circuits_cmd,
      "no circuits <0-16383> <0-16383>", NO_STR "Remove circuits\n" "First circuit identification code\n"
      "Last one\n")
{
	char err[256] = "";
	int rc;

	if (gw_vty_isup_refuse_started(vty, vty->index))
		return CMD_WARNING;
	rc = isup_group_del_cics(vty->index, gw_vty_uint(argv[0]), gw_vty_uint(argv[1]), err, sizeof(err));
	if (rc == 0)
		return CMD_SUCCESS;
	return gw_config_refuse(vty, "no circuits %s %s: %s", argv[0], argv[1], *err ? err : strerror(-rc));
}

static const struct value_string hunts[] = {
	{ ISUP_HUNT_ASCENDING, "ascending" },
	{ ISUP_HUNT_DESCENDING, "descending" },
	{ ISUP_HUNT_LEAST_RECENT, "least-recent" },
	{ ISUP_HUNT_MOST_RECENT, "most-recent" },
	{}
};

DEFUN_ATTR(cfg_group_hunt, cfg_group_hunt_cmd,
      "hunt (ascending|descending|least-recent|most-recent)", "Which idle circuit an outgoing call takes\n"
      "That with the lowest code\n" "That with the highest code\n" "That which is idle longest\n"
      "That which became idle last\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->hunt = get_string_value(hunts, argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_reset_rate, cfg_group_reset_rate_cmd,
      "reset-rate <1-1000>", "Pace of the resets that bring circuits into service\n"
      "Group resets a second towards the destination (10 if not set)\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->reset_rate = gw_vty_uint(argv[0]);
	return CMD_SUCCESS;
}

static int timer_by_name(struct vty *vty, const char *name)
{
	int i;

	for (i = 1; i < ISUP_TIMER_COUNT; i++) {
		if (isup_timer_defs[i].name && !strcasecmp(isup_timer_defs[i].name, name))
			return i;
	}
	gw_config_refuse(vty, "there is no timer '%s': T1 to T39 as in Q.764 Annex A", name);
	return -ENOENT;
}

DEFUN_ATTR(cfg_group_timer, cfg_group_timer_cmd,
      "timer TIMER <1-7200000>", "Set a timer of Q.764 Annex A\n" "T1 to T39\n" "Milliseconds\n",
      CMD_ATTR_IMMEDIATE)
{
	int id = timer_by_name(vty, argv[0]);
	struct isup_timer_def def;
	unsigned int ms = gw_vty_uint(argv[1]);

	if (id < 0)
		return CMD_WARNING;
	def = isup_dialect_timer(isup_group_dialect(vty->index), id);
	if (ms < def.min_ms || ms > def.max_ms)
		gw_config_warn(vty, "%s is %u to %u ms in %s; %u is used all the same", def.name, def.min_ms,
			       def.max_ms, isup_group_dialect(vty->index)->title, ms);
	isup_group_cfg(vty->index)->timer_ms[id] = ms;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_no_timer, cfg_group_no_timer_cmd,
      "no timer TIMER", NO_STR "Give a timer its default\n" "T1 to T39\n",
      CMD_ATTR_IMMEDIATE)
{
	int id = timer_by_name(vty, argv[0]);

	if (id < 0)
		return CMD_WARNING;
	isup_group_cfg(vty->index)->timer_ms[id] = 0;
	return CMD_SUCCESS;
}

/* Starts a group while the program runs; the operator reads why it cannot be. */
static int start_group(struct vty *vty, struct isup_group *group)
{
	char err[256] = "";

	if (!gi->running || isup_group_started(group) || gw_isup_is_shut(gi, group))
		return CMD_SUCCESS;
	if (gw_isup_start_group(gi, group, err, sizeof(err)) == 0)
		return CMD_SUCCESS;
	gw_config_warn(vty, "circuit-group %s is not in service: %s", isup_group_name(group), err);
	return CMD_WARNING;
}

DEFUN_ATTR(cfg_group_shutdown, cfg_group_shutdown_cmd,
      "shutdown", "Take the group out of service; its calls are given up\n",
      CMD_ATTR_IMMEDIATE)
{
	gw_isup_set_shut(gi, vty->index, true);
	isup_group_stop(vty->index);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_group_no_shutdown, cfg_group_no_shutdown_cmd,
      "no shutdown", NO_STR "Take the group into service\n",
      CMD_ATTR_IMMEDIATE)
{
	gw_isup_set_shut(gi, vty->index, false);
	return start_group(vty, vty->index);
}

void gw_vty_isup_go_parent(struct vty *vty)
{
	if (vty->node == GROUP_NODE)
		start_group(vty, vty->index);
}

/* ---- Writing the configuration ---- */

static void write_range(uint16_t first, uint16_t last, void *data)
{
	struct vty *vty = data;

	vty_out(vty, "  circuits %u %u%s", first, last, VTY_NEWLINE);
}

static void write_timers(struct vty *vty, const struct isup_group_cfg *cfg)
{
	int i;

	for (i = 1; i < ISUP_TIMER_COUNT; i++) {
		if (cfg->timer_ms[i])
			vty_out(vty, "  timer %s %u%s", isup_timer_defs[i].name, cfg->timer_ms[i], VTY_NEWLINE);
	}
}

static void write_group(struct vty *vty, struct isup_group *group)
{
	const struct isup_group_cfg *cfg = isup_group_cfg(group);

	vty_out(vty, " circuit-group %s%s", isup_group_name(group), VTY_NEWLINE);
	if (cfg->description)
		vty_out(vty, "  description %s%s", cfg->description, VTY_NEWLINE);
	vty_out(vty, "  cs7-instance %u%s", cfg->cs7_instance, VTY_NEWLINE);
	if (cfg->dialect && cfg->dialect != &isup_dialect_itu)
		vty_out(vty, "  dialect %s%s", cfg->dialect->name, VTY_NEWLINE);
	if (cfg->opc_set)
		vty_out(vty, "  point-code %s%s", gw_vty_pc_name(group, cfg->opc), VTY_NEWLINE);
	if (cfg->dpc_set)
		vty_out(vty, "  destination %s%s", gw_vty_pc_name(group, cfg->dpc), VTY_NEWLINE);
	isup_group_for_each_range(group, write_range, vty);
	vty_out(vty, "  hunt %s%s", get_value_string(hunts, cfg->hunt), VTY_NEWLINE);
	vty_out(vty, "  reset-rate %u%s", cfg->reset_rate, VTY_NEWLINE);
	gw_vty_supervise_write_group(vty, cfg);
	gw_vty_call_write(vty, cfg);
	gw_vty_compat_write(vty, cfg);
	gw_vty_ansi_write(vty, cfg);
	gw_vty_cot_write(vty, cfg);
	write_timers(vty, cfg);
	if (gi->write_group)
		gi->write_group(vty, group);
	if (gw_isup_is_shut(gi, group))
		vty_out(vty, "  shutdown%s", VTY_NEWLINE);
}

static int config_write_isup(struct vty *vty)
{
	struct isup_group *group = NULL;

	vty_out(vty, "isup%s", VTY_NEWLINE);
	gw_vty_supervise_write(vty);
	gw_vty_dialect_write(vty);
	while ((group = isup_group_next(gi->isup, group)))
		write_group(vty, group);
	return CMD_SUCCESS;
}

/* ---- show isup … ---- */

const char *gw_vty_blocked_name(bool maintenance, bool hardware)
{
	if (maintenance && hardware)
		return "both";
	if (maintenance)
		return "maintenance";
	return hardware ? "hardware" : "-";
}

/* One run of show isup circuits over one group */
struct show_circuits {
	struct vty *vty;
	const struct isup_group *group;
};

static void show_circuit(const struct isup_circuit_info *info, void *data)
{
	const struct show_circuits *show = data;
	const void *user = info->call ? isup_call_user(info->call) : NULL;
	struct vty *vty = show->vty;
	char id[16] = "-";

	if (user)
		snprintf(id, sizeof(id), "%u", gi->call_id(user));
	vty_out(vty, "%-24s %5u  %-14s %-12s %-13s %8s%s", isup_group_name(show->group), info->cic, info->state,
		gw_vty_blocked_name(info->local_blocked, info->local_failed),
		gw_vty_blocked_name(info->remote_blocked, info->remote_failed), id, VTY_NEWLINE);
}

static void show_sum(struct vty *vty, const struct isup_group *group)
{
	struct isup_group_stats stats;

	isup_group_stats(group, &stats);
	vty_out(vty, "%s: %u circuits: %u idle, %u busy, %u resetting, %u checking, %u blocked here, "
		"%u blocked there, %u unequipped%s", isup_group_name(group), stats.circuits, stats.idle, stats.busy,
		stats.resetting, stats.checking, stats.local_blocked, stats.remote_blocked, stats.unequipped,
		VTY_NEWLINE);
}

DEFUN(show_isup_circuits, show_isup_circuits_cmd,
      "show isup circuits [NAME]", SHOW_ISUP_STR "Circuits, each with its state\n" "Of this circuit group only\n")
{
	struct isup_group *group = NULL, *only = NULL;
	struct show_circuits show = { .vty = vty };

	if (argc > 0 && !(only = gw_vty_isup_group(vty, argv[0])))
		return CMD_WARNING;
	vty_out(vty, "%-24s %5s  %-14s %-12s %-13s %8s%s", "Group", "CIC", "State", "Blocked here", "Blocked there",
		"Call", VTY_NEWLINE);
	while ((group = isup_group_next(gi->isup, group))) {
		if (only && group != only)
			continue;
		show.group = group;
		isup_group_for_each_circuit(group, show_circuit, &show);
	}
	while ((group = isup_group_next(gi->isup, group))) {
		if (!only || group == only)
			show_sum(vty, group);
	}
	return CMD_SUCCESS;
}

static const char *service_name(const struct isup_group *group)
{
	if (gw_isup_is_shut(gi, group))
		return "shut down";
	if (!isup_group_started(group))
		return "stopped";
	return isup_dest_state_name(isup_group_dest_state(group));
}

/* Per cent: how many of the circuits that could have a call have one */
static unsigned int load_of(const struct isup_group_stats *stats)
{
	unsigned int able = stats->busy + stats->free;

	return able ? stats->busy * 100 / able : 0;
}

DEFUN(show_isup_groups, show_isup_groups_cmd,
      "show isup groups", SHOW_ISUP_STR
      "Circuit groups, with the state of their circuits; load in per cent of those in service\n")
{
	struct isup_group *group = NULL;
	struct isup_group_stats stats;
	const struct isup_group_cfg *cfg;

	vty_out(vty, "%-24s %3s %-11s %-12s %6s %6s %6s %6s %6s %6s %6s %5s%s", "Group", "CS7", "Destination", "State",
		"Total", "Idle", "Busy", "Reset", "BlkLoc", "BlkRem", "Unequ", "Load", VTY_NEWLINE);
	while ((group = isup_group_next(gi->isup, group))) {
		cfg = isup_group_cfg(group);
		isup_group_stats(group, &stats);
		vty_out(vty, "%-24s %3u %-11s %-12s %6u %6u %6u %6u %6u %6u %6u %4u%%%s", isup_group_name(group),
			cfg->cs7_instance, cfg->dpc_set ? gw_vty_pc_name(group, cfg->dpc) : "-", service_name(group),
			stats.circuits, stats.idle, stats.busy, stats.resetting, stats.local_blocked,
			stats.remote_blocked, stats.unequipped, load_of(&stats), VTY_NEWLINE);
	}
	return CMD_SUCCESS;
}

DEFUN(show_isup_timers, show_isup_timers_cmd,
      "show isup timers NAME", SHOW_ISUP_STR "Timers as they are set\n" "Of this circuit group\n")
{
	struct isup_group *group = gw_vty_isup_group(vty, argv[0]);
	struct isup_timer_def def;
	uint32_t ms;
	int i;

	if (!group)
		return CMD_WARNING;
	vty_out(vty, "%-6s %9s %9s %9s %9s  %s%s", "Timer", "ms", "Default", "Min", "Max", "Started", VTY_NEWLINE);
	for (i = 1; i < ISUP_TIMER_COUNT; i++) {
		def = isup_dialect_timer(isup_group_dialect(group), i);
		ms = isup_group_cfg(group)->timer_ms[i];
		vty_out(vty, "%-6s %9u %9u %9u %9u  %s%s", def.name, ms ? ms : def.default_ms, def.default_ms,
			def.min_ms, def.max_ms, def.what, VTY_NEWLINE);
	}
	return CMD_SUCCESS;
}

/* ---- Installation ---- */

static void install_group_node(void)
{
	install_node(&group_node, NULL);
	install_element(GROUP_NODE, &cfg_group_description_cmd);
	install_element(GROUP_NODE, &cfg_group_no_description_cmd);
	install_element(GROUP_NODE, &cfg_group_cs7_cmd);
	install_element(GROUP_NODE, &cfg_group_dialect_cmd);
	install_element(GROUP_NODE, &cfg_group_destination_cmd);
	install_element(GROUP_NODE, &cfg_group_point_code_cmd);
	install_element(GROUP_NODE, &cfg_group_no_point_code_cmd);
	install_element(GROUP_NODE, &cfg_group_circuits_cmd);
	install_element(GROUP_NODE, &cfg_group_no_circuits_cmd);
	install_element(GROUP_NODE, &cfg_group_hunt_cmd);
	install_element(GROUP_NODE, &cfg_group_reset_rate_cmd);
	install_element(GROUP_NODE, &cfg_group_timer_cmd);
	install_element(GROUP_NODE, &cfg_group_no_timer_cmd);
	install_element(GROUP_NODE, &cfg_group_shutdown_cmd);
	install_element(GROUP_NODE, &cfg_group_no_shutdown_cmd);
}

void gw_vty_isup_init(struct gw_isup *program_gi)
{
	gi = program_gi;
	install_node(&isup_node, config_write_isup);
	install_element(CONFIG_NODE, &cfg_isup_cmd);
	install_element(ISUP_NODE, &cfg_group_cmd);
	install_element(ISUP_NODE, &cfg_no_group_cmd);
	install_group_node();
	gw_vty_call_init();
	gw_vty_dialect_init(gi);
	gw_vty_compat_init();
	gw_vty_ansi_init(gi);
	gw_vty_cot_init(gi);
	gw_vty_codec_init(gi);
	install_element_ve(&show_isup_circuits_cmd);
	install_element_ve(&show_isup_groups_cmd);
	install_element_ve(&show_isup_timers_cmd);
	gw_vty_circuit_init();
	gw_vty_supervise_init(gi);
}
