/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of the simulated exchange: its answers, placing calls, sending messages by hand. */

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>
#include <osmocom/vty/command.h>
#include <osmocom/vty/misc.h>
#include <osmocom/vty/vty.h>

#include "isup/isup_circuit.h"
#include "gw_config.h"
#include "gw_vty.h"
#include "isupsim.h"

/* The VTY library gives commands no user pointer but the node's index: one simulated exchange a process */
static struct sim *g_sim;

static struct cmd_node simulator_node = { SIM_NODE, "%s(config-simulator)# ", 1 };
static struct cmd_node answer_node = { SIM_ANSWER_NODE, "%s(config-simulator-answer)# ", 1 };

/* ---- Configuration ---- */

DEFUN(cfg_simulator, cfg_simulator_cmd, "simulator", "Configure what the simulated exchange does with calls\n")
{
	vty->node = SIM_NODE;
	return CMD_SUCCESS;
}

#define ANSWER_STR "What incoming calls get\n" "Calls that no prefix matches\n" "Calls to numbers that begin so\n" \
	"Digits as in the called party number\n"

DEFUN(cfg_answer, cfg_answer_cmd, "answer (default|prefix) [DIGITS]", ANSWER_STR)
{
	bool is_default = !strcmp(argv[0], "default");

	if (is_default != (argc == 1))
		return gw_config_refuse(vty, "answer default, or answer prefix DIGITS");
	vty->index = sim_answer_get(g_sim, is_default ? "" : argv[1]);
	vty->node = SIM_ANSWER_NODE;
	return CMD_SUCCESS;
}

DEFUN(cfg_no_answer, cfg_no_answer_cmd, "no answer (default|prefix) [DIGITS]", NO_STR ANSWER_STR)
{
	struct sim_answer *answer = sim_answer_find(g_sim, argc > 1 ? argv[1] : "");

	if (!answer)
		return gw_config_refuse(vty, "there is no such answer");
	sim_answer_free(g_sim, answer);
	return CMD_SUCCESS;
}

static int add_step(struct vty *vty, const char *ms, const char *text, bool octets)
{
	const struct sim_step_cfg cfg = { .after_ms = gw_vty_uint(ms), .text = text, .octets = octets };
	char err[160] = "";

	if (sim_answer_add_step(g_sim, vty->index, &cfg, err, sizeof(err)) == 0)
		return CMD_SUCCESS;
	return gw_config_refuse(vty, "%s", err);
}

#define AFTER_STR "Append a step\n" "Milliseconds after the step before, or after the IAM\n"

DEFUN(cfg_step_send, cfg_step_send_cmd, "after <0-3600000> send .MESSAGE",
      AFTER_STR "Send a message\n" "Message as text, such as: REL cause=17\n")
{
	char *text = argv_concat(argv, argc, 1);
	int rc = add_step(vty, argv[0], text, false);

	talloc_free(text);
	return rc;
}

DEFUN(cfg_step_octets, cfg_step_octets_cmd, "after <0-3600000> send-octets HEX",
      AFTER_STR "Send octets as they are, past every encoder and state\n" "From the message type on\n")
{
	return add_step(vty, argv[0], argv[1], true);
}

DEFUN(cfg_no_steps, cfg_no_steps_cmd, "no steps", NO_STR "Remove all steps: calls get no answer\n")
{
	struct sim_answer *answer = vty->index;
	char *prefix = talloc_strdup(OTC_SELECT, answer->prefix);

	sim_answer_free(g_sim, answer);
	vty->index = sim_answer_get(g_sim, prefix);
	return CMD_SUCCESS;
}

#define CONTINUITY_STR "Outcome of continuity checks: there is no circuit to send a tone on\n"

DEFUN_ATTR(cfg_continuity_tone, cfg_continuity_tone_cmd, "continuity tone (heard|lost)",
	   CONTINUITY_STR "Our tone, in checks of ours\n" "Comes back\n" "Does not: the check fails\n",
	   CMD_ATTR_IMMEDIATE)
{
	g_sim->bearer.tone_lost = !strcmp(argv[0], "lost");
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_continuity_loop, cfg_continuity_loop_cmd, "continuity loop (connected|fails)",
	   CONTINUITY_STR "Our loop, in checks of the far end\n" "Is connected\n" "Cannot be: no LPA is sent\n",
	   CMD_ATTR_IMMEDIATE)
{
	g_sim->bearer.loop_fails = !strcmp(argv[0], "fails");
	return CMD_SUCCESS;
}

static void write_answer(struct vty *vty, const struct sim_answer *answer)
{
	const struct sim_step *step;

	if (*answer->prefix)
		vty_out(vty, " answer prefix %s%s", answer->prefix, VTY_NEWLINE);
	else
		vty_out(vty, " answer default%s", VTY_NEWLINE);
	llist_for_each_entry(step, &answer->steps, entry)
		vty_out(vty, "  after %u %s %s%s", step->after_ms, step->octets ? "send-octets" : "send", step->text,
			VTY_NEWLINE);
}

static int config_write_simulator(struct vty *vty)
{
	const struct sim_answer *answer;

	vty_out(vty, "simulator%s", VTY_NEWLINE);
	if (g_sim->bearer.tone_lost)
		vty_out(vty, " continuity tone lost%s", VTY_NEWLINE);
	if (g_sim->bearer.loop_fails)
		vty_out(vty, " continuity loop fails%s", VTY_NEWLINE);
	llist_for_each_entry(answer, &g_sim->answers, entry)
		write_answer(vty, answer);
	return CMD_SUCCESS;
}

/* ---- Placing calls ---- */

static struct isup_group *group_arg(struct vty *vty, const char *name)
{
	struct isup_group *group = isup_group_find(g_sim->isup, name);

	if (!group)
		gw_config_refuse(vty, "there is no circuit-group '%s': 'show isup groups' lists them", name);
	return group;
}

/* Of a command that needs the user part, which hears nothing while a scenario is played */
static struct isup_group *calls_group_arg(struct vty *vty, const char *name)
{
	if (!sim_vty_run_is_up())
		return group_arg(vty, name);
	gw_config_refuse(vty, "a scenario has the circuits; end it by: scenario stop");
	return NULL;
}

/* The IAM of "call" and "load": NULL, having said why, where the text is wrong. A talloc child of OTC_SELECT. */
static struct isup_msg *iam_args(struct vty *vty, const struct isup_group *group, int argc, const char *argv[],
				 int shift)
{
	char *args = argv_concat(argv, argc, shift);
	char *text = talloc_asprintf(OTC_SELECT, "IAM %s", args);
	char err[160] = "";
	struct isup_msg *iam = sim_msg_from_text(OTC_SELECT, isup_group_dialect(group), text, err, sizeof(err));

	talloc_free(args);
	if (!iam)
		gw_config_refuse(vty, "%s", err);
	return iam;
}

#define GROUP_STR "Circuit group\n"
#define HOLD_STR "Release so long after the answer\n" "Milliseconds, 0: never\n"
#define IAM_STR "Parameters of the IAM as text, such as: called=201234567 calling=301112222\n"

DEFUN(sim_call, sim_call_cmd, "call GROUP hold <0-86400000> .IAM", "Place a call\n" GROUP_STR HOLD_STR IAM_STR)
{
	struct isup_group *group = calls_group_arg(vty, argv[0]);
	struct isup_msg *iam = group ? iam_args(vty, group, argc, argv, 2) : NULL;
	struct sim_call *call;
	uint8_t cause;

	if (!iam)
		return CMD_WARNING;
	call = sim_call_place(g_sim, group, iam, gw_vty_uint(argv[1]), &cause);
	if (!call)
		return gw_config_refuse(vty, "call cannot be placed: %u %s", cause, isup_cause_name(cause));
	vty_out(vty, "call %u on %s%s", call->id, isup_call_name(call->isup), VTY_NEWLINE);
	return CMD_SUCCESS;
}

DEFUN(sim_load, sim_load_cmd, "load GROUP rate <1-10000> count <1-100000000> hold <0-86400000> .IAM",
      "Place calls one after the other\n" GROUP_STR "Calls a second\n" "Calls a second\n" "Calls in all\n"
      "Calls in all\n" HOLD_STR IAM_STR)
{
	struct isup_group *group = calls_group_arg(vty, argv[0]);
	struct isup_msg *iam = group ? iam_args(vty, group, argc, argv, 4) : NULL;

	if (!iam)
		return CMD_WARNING;
	if (sim_load_start(g_sim, group, iam, gw_vty_uint(argv[1]), gw_vty_uint(argv[2]),
			   gw_vty_uint(argv[3])) == 0)
		return CMD_SUCCESS;
	return gw_config_refuse(vty, "a load is under way already; end it by: load stop");
}

DEFUN(sim_load_end, sim_load_end_cmd, "load stop", "Place calls one after the other\n" "Place no more\n")
{
	sim_load_stop(g_sim);
	return CMD_SUCCESS;
}

DEFUN(sim_release, sim_release_cmd, "release (all|<1-4294967295>) [<1-127>]",
      "Release calls\n" "All of them\n" "This call\n" "Cause value, 16 if not given\n")
{
	uint8_t cause = argc > 1 ? gw_vty_uint(argv[1]) : ISUP_CAUSE_NORMAL_CLEARING;
	struct sim_call *call;

	if (!strcmp(argv[0], "all")) {
		sim_release_all(g_sim, cause);
		return CMD_SUCCESS;
	}
	call = sim_call_find(g_sim, gw_vty_uint(argv[0]));
	if (!call)
		return gw_config_refuse(vty, "there is no call %s: 'show calls' lists them", argv[0]);
	sim_call_release(call, cause);
	return CMD_SUCCESS;
}

/* ---- Sending by hand ---- */

static int send_octets(struct vty *vty, struct isup_group *group, const char *cic, const uint8_t *octets, int len)
{
	int rc = isup_circuit_send_octets(group, gw_vty_uint(cic), octets, len);

	if (rc == 0)
		return CMD_SUCCESS;
	return gw_config_refuse(vty, "not sent: %s", rc == -ENOENT ? "the group has no such circuit" : strerror(-rc));
}

DEFUN(sim_send_octets, sim_send_octets_cmd, "send-octets GROUP <0-16383> HEX",
      "Send octets as they are, past every encoder and state\n" GROUP_STR "Circuit identification code\n"
      "From the message type on\n")
{
	struct isup_group *group = group_arg(vty, argv[0]);
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	int len = osmo_hexparse(argv[2], octets, sizeof(octets));

	if (!group)
		return CMD_WARNING;
	if (len <= 0)
		return gw_config_refuse(vty, "'%s' is not hex: two digits an octet, %zu octets at most", argv[2],
					sizeof(octets));
	return send_octets(vty, group, argv[1], octets, len);
}

DEFUN(sim_send, sim_send_cmd, "send GROUP <0-16383> .MESSAGE",
      "Send a message on a circuit, past all state\n" GROUP_STR "Circuit identification code\n"
      "Message as text, such as: BLO\n")
{
	struct isup_group *group = group_arg(vty, argv[0]);
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	char err[160] = "";
	struct isup_msg *msg;
	char *text;
	int len;

	if (!group)
		return CMD_WARNING;
	text = argv_concat(argv, argc, 2);
	msg = sim_msg_from_text(OTC_SELECT, isup_group_dialect(group), text, err, sizeof(err));
	talloc_free(text);
	if (!msg)
		return gw_config_refuse(vty, "%s", err);
	len = isup_msg_encode(msg, octets, sizeof(octets));
	if (len < 0)
		return gw_config_refuse(vty, "cannot be encoded: %s; 'send-octets' sends what no encoder builds",
					strerror(-len));
	return send_octets(vty, group, argv[1], octets, len);
}

/* ---- Show ---- */

static const char *const state_names[] = {
	[SIM_CALL_SETUP] = "set-up",
	[SIM_CALL_ALERTING] = "alerting",
	[SIM_CALL_ANSWERED] = "answered",
};

DEFUN(show_calls, show_calls_cmd, "show calls", SHOW_STR "Calls of the simulated exchange\n")
{
	const struct sim_call *call;

	vty_out(vty, "%-10s %-4s %-24s %s%s", "call", "dir", "circuit", "state", VTY_NEWLINE);
	llist_for_each_entry(call, &g_sim->calls, entry)
		vty_out(vty, "%-10u %-4s %-24s %s%s", call->id, call->outgoing ? "out" : "in",
			isup_call_name(call->isup), state_names[call->state], VTY_NEWLINE);
	vty_out(vty, "%u calls%s", llist_count(&g_sim->calls), VTY_NEWLINE);
	return CMD_SUCCESS;
}

static void show_causes(struct vty *vty, const char *title, const uint64_t *by_cause)
{
	for (unsigned int cause = 0; cause < 128; cause++) {
		if (by_cause[cause])
			vty_out(vty, "%s %u (%s): %" PRIu64 "%s", title, cause, isup_cause_name(cause),
				by_cause[cause], VTY_NEWLINE);
	}
}

DEFUN(show_statistics, show_statistics_cmd, "show statistics", SHOW_STR "What became of calls so far\n")
{
	const struct sim_stats *s = &g_sim->stats;
	const struct sim_load *load = &g_sim->load;

	if (load->group)
		vty_out(vty, "load: %u of %u placed at %u/s%s", load->placed, load->count, load->rate, VTY_NEWLINE);
	vty_out(vty, "received: %" PRIu64 "%s", s->in, VTY_NEWLINE);
	vty_out(vty, "received and answered: %" PRIu64 "%s", s->in_answered, VTY_NEWLINE);
	vty_out(vty, "placed: %" PRIu64 "%s", s->out, VTY_NEWLINE);
	vty_out(vty, "placed and answered: %" PRIu64 "%s", s->out_answered, VTY_NEWLINE);
	vty_out(vty, "no circuit: %" PRIu64 "%s", s->out_no_circuit, VTY_NEWLINE);
	vty_out(vty, "REL sent: %" PRIu64 "%s", s->sent_release, VTY_NEWLINE);
	show_causes(vty, "REL received, cause", s->received_release);
	show_causes(vty, "failed, cause", s->failed);
	return CMD_SUCCESS;
}

DEFUN(clear_statistics, clear_statistics_cmd, "clear statistics", "Reset\n" "What became of calls so far\n")
{
	g_sim->stats = (struct sim_stats){};
	return CMD_SUCCESS;
}

void sim_vty_init(struct sim *sim)
{
	g_sim = sim;

	install_element(CONFIG_NODE, &cfg_simulator_cmd);
	install_node(&simulator_node, config_write_simulator);
	install_element(SIM_NODE, &cfg_answer_cmd);
	install_element(SIM_NODE, &cfg_no_answer_cmd);
	install_element(SIM_NODE, &cfg_continuity_tone_cmd);
	install_element(SIM_NODE, &cfg_continuity_loop_cmd);
	install_node(&answer_node, NULL);
	install_element(SIM_ANSWER_NODE, &cfg_step_send_cmd);
	install_element(SIM_ANSWER_NODE, &cfg_step_octets_cmd);
	install_element(SIM_ANSWER_NODE, &cfg_no_steps_cmd);

	install_element(ENABLE_NODE, &sim_call_cmd);
	install_element(ENABLE_NODE, &sim_load_cmd);
	install_element(ENABLE_NODE, &sim_load_end_cmd);
	install_element(ENABLE_NODE, &sim_release_cmd);
	install_element(ENABLE_NODE, &sim_send_cmd);
	install_element(ENABLE_NODE, &sim_send_octets_cmd);
	install_element(ENABLE_NODE, &clear_statistics_cmd);
	install_element_ve(&show_calls_cmd);
	install_element_ve(&show_statistics_cmd);
}
