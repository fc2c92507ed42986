/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Far ends that answer nothing, twice, late, reset in a loop or say everything: for every state and procedure no
 * circuit is lost, and every timer of Q.764 has its turn. */

#include <osmocom/core/timer.h>

#include "isup/isup_call.h"
#include "isup/isup_cot.h"
#include "isup/isup_priv.h"

#include "expect.h"
#include "isup_in_state.h"
#include "isup_two.h"

#define N_STATES (ISUP_CPC_ST_WAIT_DONE + 1)
/* So long the far end has its habit, and so long it is sane afterwards: both beyond T5, T13, T17 (5 min) */
#define BAD_S 400
#define SANE_S 800

/* ---- What A's timers were seen to run ---- */

static bool seen[ISUP_TIMER_COUNT];

static void see(enum isup_timer_id id, uint32_t left_ms, void *data)
{
	seen[id] = true;
}

/* ---- Bearers of A, for continuity checks: nothing is heard until the far end is sane ---- */

static bool hears;
static struct isup_cot *check;

static bool able(const struct isup_group *group, void *data)
{
	return true;
}

static void *start(struct isup_cot *cot, enum isup_cot_end end, void *data)
{
	check = cot;
	return cot;
}

static void stop(void *bearer, void *data)
{
	check = NULL;
}

static const struct isup_bearer_ops bearer_ops = { .able = able, .start = start, .stop = stop };

static void second(void)
{
	struct isup_cot *heard = check;

	pass_s(1);
	isup_circuit_for_each_timer(a.group, 1, see, NULL);
	isup_timers_for_each(&a.group->dest->timers, see, NULL);
	if (!hears || !heard || heard != check)
		return;
	check = NULL;
	isup_cot_result(heard, true);
}

/* ---- Habits of the far end ---- */

static const struct isup_mtp_ops *sane_ops;
static unsigned int copies, delay_s, now_s;

struct late {
	struct llist_head entry;
	struct isup_mtp_label label;
	unsigned int due_s;
	size_t len;
	uint8_t octets[ISUP_MSG_OCTETS_MAX + 2];
};
static LLIST_HEAD(lates);

static int bad_transfer_req(struct isup_mtp *mtp, const struct isup_mtp_label *label, const uint8_t *octets, size_t len)
{
	struct late *late;
	unsigned int i;

	for (i = 0; i < copies && !delay_s; i++)
		sane_ops->transfer_req(mtp, label, octets, len);
	if (delay_s) {
		late = talloc_zero(ctx, struct late);
		late->label = *label;
		late->due_s = now_s + delay_s;
		late->len = len;
		memcpy(late->octets, octets, len);
		llist_add_tail(&late->entry, &lates);
	}
	return 0;
}

static bool bad_reachable(struct isup_mtp *mtp, uint32_t pc)
{
	return sane_ops->reachable(mtp, pc);
}

static const struct isup_mtp_ops bad_ops = { .transfer_req = bad_transfer_req, .reachable = bad_reachable };

static void send_lates(bool all)
{
	struct late *late, *tmp;

	llist_for_each_entry_safe(late, tmp, &lates, entry) {
		if (!all && late->due_s > now_s)
			continue;
		llist_del(&late->entry);
		sane_ops->transfer_req(b.mtp, &late->label, late->octets, late->len);
		talloc_free(late);
	}
}

static void tick_late(void)
{
	send_lates(false);
}

static void tick_rsc(void)
{
	if (now_s % 7 == 0)
		inject(&b, 1, "RSC");
}

static void tick_grs(void)
{
	if (now_s % 9 == 0)
		inject(&b, 1, "GRS range=1");
}

static void tick_iam_rel(void)
{
	inject(&b, 1, now_s % 2 ? "IAM called=1" : "REL cause=16");
}

static void tick_rlc(void)
{
	inject(&b, 1, "RLC");
}

/* Each message type in turn, as empty as it may be */
static void tick_all(void)
{
	static unsigned int type;
	struct isup_msg msg;
	char text[48], err[64];

	do {
		type = (type + 1) % 256;
		snprintf(text, sizeof(text), "%s", isup_msg_name(&isup_dialect_itu, type));
	} while (isup_msg_scan(&msg, &isup_dialect_itu, text, err, sizeof(err)) < 0);
	inject(&b, 1, text);
}

static void tick_congestion(void)
{
	if (now_s % 20 == 0)
		a.mtp->user_ops->status_ind(a.mtp->user, PC_B, ISUP_MTP_STATUS_CONGESTED, 1);
	isup_timers_for_each(&a.group->dest->timers, see, NULL);
	if (now_s == 100)
		a.mtp->user_ops->status_ind(a.mtp->user, PC_B, ISUP_MTP_STATUS_UP_INACCESSIBLE, 0);
}

static void tick_flap(void)
{
	if (now_s % 50 == 1)
		isup_mtp_pair_set_up(a.mtp, now_s / 50 % 2);
}

static const struct habit {
	const char *name;
	unsigned int copies, delay_s;
	void (*tick)(void);
} habits[] = {
	{ "answers nothing", 0 },
	{ "says all twice", 2 },
	{ "answers in 5 s", 1, 5, tick_late },
	{ "answers in 40 s", 1, 40, tick_late },
	{ "RSC in a loop", 1, 0, tick_rsc },
	{ "mute but for RSC", 1, 1000, tick_rsc },
	{ "GRS in a loop", 1, 0, tick_grs },
	{ "IAM and REL in a loop", 1, 0, tick_iam_rel },
	{ "RLC in a loop", 1, 0, tick_rlc },
	{ "every message", 1, 0, tick_all },
	{ "congestion, no user part", 0, 0, tick_congestion },
	{ "comes and goes", 1, 0, tick_flap },
};

/* ---- What is under way ---- */

static void begin_block(void)
{
	isup_circuit_block(a.group, 1, true);
}

static void begin_unblock(void)
{
	isup_circuit_block(a.group, 1, true);
	run();
	isup_circuit_block(a.group, 1, false);
}

static void begin_group_block(void)
{
	isup_group_block(a.group, 1, 2, ISUP_BLOCK_MAINTENANCE, true);
}

static void begin_group_unblock(void)
{
	isup_group_block(a.group, 1, 2, ISUP_BLOCK_HARDWARE, true);
	pass(1000);
	isup_group_block(a.group, 1, 2, ISUP_BLOCK_HARDWARE, false);
}

static void begin_reset(void)
{
	isup_circuit_reset(a.group, 1);
}

static void begin_group_reset(void)
{
	isup_circuit_reset(a.group, 1);
	isup_circuit_reset(a.group, 2);
}

static void begin_query(void)
{
	isup_group_query(a.group, 1, 2);
}

static void begin_check(void)
{
	isup_circuit_cot(a.group, 1);
}

static void begin_check_of_call(void)
{
	struct isup_call *call;
	uint8_t cause;

	call = seize(&a, &cause);
	send_text(call, "IAM nci(continuity=1) called=1");
}

static void begin_check_failed(void)
{
	inject(&b, 1, "IAM nci(continuity=1) called=1");
	inject(&b, 1, "COT continuity(continuity=0)");
}

static void begin_check_of_theirs(void)
{
	inject(&b, 1, "CCR");
}

static void begin_segment(void)
{
	inject(&b, 1, "IAM called=1 opt_fci(segmentation=1)");
}

static void begin_idr(void)
{
	send_text(call_in_state(ISUP_CPC_ST_IN_WAIT_ACM), "IDR");
}

static void begin_incoming_t10(void)
{
	call_in_state(ISUP_CPC_ST_IN_COLLECT);
	inject(&b, 1, "SAM subsequent=23");
}

static void begin_international_sus(void)
{
	isup_group_cfg(a.group)->international = true;
	send_text(call_in_state(ISUP_CPC_ST_IN_ANSWERED), "SUS suspend_resume=network");
}

static void begin_user_sus(void)
{
	call_in_state(ISUP_CPC_ST_OUT_ANSWERED);
	inject(&b, 1, "SUS suspend_resume=subscriber");
}

static void begin_network_sus(void)
{
	call_in_state(ISUP_CPC_ST_OUT_ANSWERED);
	inject(&b, 1, "SUS suspend_resume=network");
}

static const struct procedure {
	const char *name;
	void (*begin)(void);
	bool bad_first;			/* the far end has its habit from the beginning */
} procedures[] = {
	{ "blocking", begin_block, true },
	{ "unblocking", begin_unblock, true },
	{ "group blocking", begin_group_block, true },
	{ "group unblocking", begin_group_unblock, true },
	{ "reset", begin_reset, true },
	{ "group reset", begin_group_reset, true },
	{ "query", begin_query, true },
	{ "continuity check", begin_check, true },
	{ "continuity check of a call", begin_check_of_call, true },
	{ "continuity check that failed", begin_check_failed },
	{ "continuity check of theirs", begin_check_of_theirs },
	{ "segmentation", begin_segment },
	{ "IDR", begin_idr },
	{ "enough digits", begin_incoming_t10 },
	{ "SUS at the international exchange", begin_international_sus },
	{ "SUS by the user", begin_user_sus },
	{ "SUS by the network", begin_network_sus },
};

/* ---- A life ---- */

static void unblock(struct end *end)
{
	isup_group_block(end->group, 1, 2, ISUP_BLOCK_MAINTENANCE, false);
	isup_group_block(end->group, 1, 2, ISUP_BLOCK_HARDWARE, false);
	if (stats_of(end).unequipped)
		isup_circuit_reset(end->group, 1);
}

static void be(const struct habit *habit)
{
	copies = habit->copies;
	delay_s = habit->delay_s;
	sane_ops = b.mtp->ops;
	b.mtp->ops = &bad_ops;
}

static void heal(const char *what)
{
	unsigned int s;

	hears = true;
	b.mtp->ops = sane_ops;
	isup_mtp_pair_set_up(a.mtp, true);
	send_lates(true);
	finish(&a);
	finish(&b);
	for (s = 0; s < SANE_S; s++) {
		second();
		finish(&a);
		finish(&b);
	}
	unblock(&a);
	unblock(&b);
	pass_s(10);
	expect_all_idle(what);
	hears = false;
}

static void live(const struct habit *habit, const char *what)
{
	for (now_s = 1; now_s <= BAD_S; now_s++) {
		second();
		if (habit->tick)
			habit->tick();
	}
	heal(what);
	two_free();
}

static void test_state(const struct habit *habit, enum isup_cpc_state state)
{
	char what[96];

	snprintf(what, sizeof(what), "%s, %s", isup_cpc_fsm.states[state].name, habit->name);
	two_up(1, 2);
	isup_set_bearer(a.isup, &bearer_ops, NULL);
	EXPECT_INT(what, call_in_state(state)->fi->state, state);
	be(habit);
	live(habit, what);
}

static void test_procedure(const struct habit *habit, const struct procedure *procedure)
{
	char what[96];

	snprintf(what, sizeof(what), "%s, %s", procedure->name, habit->name);
	two_up(1, 2);
	isup_set_bearer(a.isup, &bearer_ops, NULL);
	if (procedure->bad_first)
		be(habit);
	procedure->begin();
	if (!procedure->bad_first)
		be(habit);
	run();
	live(habit, what);
}

/* Those that a circuit or destination of this end can have; T11 is its user's; T31, T32, T37 belong to what it does not
 * begin; TCRM to TGRS are ANSI's. */
static void expect_timers(void)
{
	static const enum isup_timer_id not_here[] = { ISUP_T11, ISUP_T31, ISUP_T32, ISUP_T37 };
	unsigned int id, i;
	bool here;

	for (id = ISUP_T1; id <= ISUP_T39; id++) {
		for (here = true, i = 0; i < ARRAY_SIZE(not_here); i++)
			here &= id != not_here[i];
		EXPECT_INT(isup_timer_defs[id].name, seen[id], here);
	}
}

int main(void)
{
	unsigned int h, i;

	two_init();
	for (h = 0; h < ARRAY_SIZE(habits); h++) {
		for (i = 0; i < N_STATES; i++)
			test_state(&habits[h], i);
		for (i = 0; i < ARRAY_SIZE(procedures); i++)
			test_procedure(&habits[h], &procedures[i]);
	}
	expect_timers();
	return expect_failures + two_end() > 0;
}
