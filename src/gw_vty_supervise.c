/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of supervision: alarms, destinations and their bring-up, one circuit in detail, congestion; for both programs. */

#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_alarm.h"
#include "isup/isup_circuit.h"
#include "isup/isup_congestion.h"
#include "isup/isup_timer.h"

#include "gw_isup.h"
#include "gw_vty.h"

#define SHOW_ISUP_STR SHOW_STR "ISUP\n"

/* The program's one; VTY commands get no pointer of ours */
static struct gw_isup *gi;

/* ---- Alarms ---- */

static void show_alarm(const struct isup_alarm_info *info, void *data)
{
	struct vty *vty = data;
	char circuits[16] = "-";

	if (info->first >= 0 && info->first == info->last)
		snprintf(circuits, sizeof(circuits), "%d", info->first);
	else if (info->first >= 0)
		snprintf(circuits, sizeof(circuits), "%d-%d", info->first, info->last);
	vty_out(vty, "%-24s %-11s %-11s %8u  %s%s",
		info->of_destination ? "-" : isup_group_name(info->group),
		gw_vty_pc_name(info->group, isup_group_cfg((struct isup_group *)info->group)->dpc), circuits,
		info->age_s, isup_alarm_name(info->id), VTY_NEWLINE);
}

DEFUN(show_isup_alarms, show_isup_alarms_cmd,
      "show isup alarms", SHOW_ISUP_STR "Maintenance alarms that are not cleared, the oldest first\n")
{
	vty_out(vty, "%-24s %-11s %-11s %8s  %s%s", "Group", "Destination", "Circuits", "Since s",
		"Alarm", VTY_NEWLINE);
	isup_for_each_alarm(gi->isup, show_alarm, vty);
	return CMD_SUCCESS;
}

static void show_timer(enum isup_timer_id id, uint32_t left_ms, void *data)
{
	struct vty *vty = data;

	vty_out(vty, " timer %s: %u ms left%s", isup_timer_defs[id].name, left_ms, VTY_NEWLINE);
}

/* ---- Destinations ---- */

static void show_destination(const struct isup_dest_info *info, void *data)
{
	struct vty *vty = data;

	vty_out(vty, "%-11s", gw_vty_pc_name(info->group, info->dpc));
	vty_out(vty, " %-11s %-13s %8u %6u %7u %7u %7u %6u %7u%%%s",
		gw_vty_pc_name(info->group, info->opc), isup_dest_state_name(info->state), info->since_s,
		info->circuits, info->waiting, info->sent, info->unacked, info->rate,
		info->reduction, VTY_NEWLINE);
	isup_timers_for_each(info->timers, show_timer, vty);
}

DEFUN(show_isup_destinations, show_isup_destinations_cmd,
      "show isup destinations", SHOW_ISUP_STR
      "Destinations: state, how far their circuits are brought into service, congestion\n")
{
	vty_out(vty, "%-11s %-11s %-13s %8s %6s %7s %7s %7s %6s %8s%s", "Destination", "From", "State", "Since s",
		"Total", "Waiting", "Reset", "Unacked", "Rate/s", "Kept off", VTY_NEWLINE);
	isup_for_each_dest(gi->isup, show_destination, vty);
	return CMD_SUCCESS;
}

/* ---- One circuit ---- */

static void show_far_state(struct vty *vty, const struct isup_circuit_info *info)
{
	char here[64], there[64] = "not known: 'isup query' asks for it";

	isup_circuit_query_state_buf(here, sizeof(here), info->query_state);
	if (info->far_known)
		isup_circuit_query_state_buf(there, sizeof(there), info->far_state);
	vty_out(vty, " state as in CQR: here %s; there %s%s", here, there, VTY_NEWLINE);
}

DEFUN(show_isup_circuit, show_isup_circuit_cmd,
      "show isup circuit NAME <0-16383>",
      SHOW_ISUP_STR "One circuit: state, blocking, call, timers with what is left of them\n"
      "Circuit group\n" "Circuit identification code\n")
{
	struct isup_group *group = gw_vty_isup_group(vty, argv[0]);
	struct isup_circuit_info info;
	const void *user;

	if (!group)
		return CMD_WARNING;
	if (isup_circuit_info(group, gw_vty_uint(argv[1]), &info) < 0)
		return gw_config_refuse(vty, "circuit-group %s has no such circuit, or is not started: "
					"'show isup circuits %s' lists them", argv[0], argv[0]);
	vty_out(vty, "%s/%u: %s%s", argv[0], info.cic, info.state, VTY_NEWLINE);
	vty_out(vty, " blocked here: %s%s, there: %s%s", gw_vty_blocked_name(info.local_blocked, info.local_failed),
		info.bearer_lost ? " (bearer lost)" : "",
		gw_vty_blocked_name(info.remote_blocked, info.remote_failed), VTY_NEWLINE);
	show_far_state(vty, &info);
	user = info.call ? isup_call_user(info.call) : NULL;
	if (user)
		vty_out(vty, " call: %u%s", gi->call_id(user), VTY_NEWLINE);
	isup_circuit_for_each_timer(group, info.cic, show_timer, vty);
	return CMD_SUCCESS;
}

/* ---- Congestion of our own ---- */

#define LEVEL_STR "1: other exchanges send fewer calls; 2: new ones are refused besides, but for those of priority\n"

DEFUN_ATTR(cfg_isup_congestion, cfg_isup_congestion_cmd,
      "congestion-level <1-2> calls <1-1000000>",
      "Automatic congestion level, which goes out in every REL\n" LEVEL_STR
      "As soon as there are so many calls\n" "Calls, in all circuit groups\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_set_congestion_calls(gi->isup, gw_vty_uint(argv[0]), gw_vty_uint(argv[1]));
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_isup_no_congestion, cfg_isup_no_congestion_cmd,
      "no congestion-level <1-2>", NO_STR "Never because of the number of calls\n" LEVEL_STR,
      CMD_ATTR_IMMEDIATE)
{
	isup_set_congestion_calls(gi->isup, gw_vty_uint(argv[0]), 0);
	return CMD_SUCCESS;
}

DEFUN(isup_congestion_level, isup_congestion_level_cmd,
      "isup congestion-level <0-2>",
      "Maintenance of circuits\n" "Automatic congestion level, at the least, until it is set anew or we start again\n"
      "0: none. " LEVEL_STR)
{
	isup_set_congestion(gi->isup, gw_vty_uint(argv[0]));
	return CMD_SUCCESS;
}

DEFUN(show_isup_congestion, show_isup_congestion_cmd,
      "show isup congestion", SHOW_ISUP_STR "Our own automatic congestion level\n")
{
	vty_out(vty, "Level: %u; calls: %u%s", isup_congestion(gi->isup), isup_call_count(gi->isup), VTY_NEWLINE);
	return CMD_SUCCESS;
}

/* ---- After MTP-PAUSE ---- */

DEFUN_ATTR(cfg_group_resume, cfg_group_resume_cmd,
      "resume (reset|idle)", "Circuits that were idle when the exchange could not be reached (MTP-PAUSE), when it can "
      "be reached again\n" "They are reset before they are used (the default)\n"
      "They are used at once, as Q.764 2.14 allows; after a loss of the association they are reset all the same\n",
      CMD_ATTR_IMMEDIATE)
{
	isup_group_cfg(vty->index)->resume_idle = !strcmp(argv[0], "idle");
	return CMD_SUCCESS;
}

void gw_vty_supervise_write_group(struct vty *vty, const struct isup_group_cfg *cfg)
{
	if (cfg->resume_idle)
		vty_out(vty, "  resume idle%s", VTY_NEWLINE);
}

void gw_vty_supervise_write(struct vty *vty)
{
	unsigned int level, calls;

	for (level = 1; level <= ISUP_CONGESTION_MAX; level++) {
		calls = isup_congestion_calls(gi->isup, level);
		if (calls)
			vty_out(vty, " congestion-level %u calls %u%s", level, calls, VTY_NEWLINE);
	}
}

void gw_vty_supervise_init(struct gw_isup *program_gi)
{
	gi = program_gi;
	install_element_ve(&show_isup_alarms_cmd);
	install_element_ve(&show_isup_circuit_cmd);
	install_element_ve(&show_isup_congestion_cmd);
	install_element_ve(&show_isup_destinations_cmd);
	install_element(ENABLE_NODE, &isup_congestion_level_cmd);
	install_element(GROUP_NODE, &cfg_group_resume_cmd);
	install_element(ISUP_NODE, &cfg_isup_congestion_cmd);
	install_element(ISUP_NODE, &cfg_isup_no_congestion_cmd);
}
