/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits and groups: configuration, hunting, bring-up, reset, and destinations that come and go. */

#include "expect.h"
#include "isup_two.h"

/* ---- Configuration ---- */

static char ranges_text[128];

static void note_range(uint16_t first, uint16_t last, void *data)
{
	size_t len = strlen(ranges_text);

	snprintf(ranges_text + len, sizeof(ranges_text) - len, "%u-%u ", first, last);
}

static const char *ranges_of(const struct isup_group *group)
{
	ranges_text[0] = '\0';
	isup_group_for_each_range(group, note_range, NULL);
	return ranges_text;
}

static void test_ranges(void)
{
	struct isup *isup = isup_alloc(ctx, NULL, NULL);
	struct isup_group *group = isup_group_alloc(isup, "G");
	char err[128];

	EXPECT(!isup_group_alloc(isup, "G"));
	EXPECT(isup_group_find(isup, "G") == group);
	EXPECT_INT("add", isup_group_add_cics(group, 33, 63, err, sizeof(err)), 0);
	EXPECT_INT("add", isup_group_add_cics(group, 1, 31, err, sizeof(err)), 0);
	EXPECT_INT("add", isup_group_add_cics(group, 4095, 4095, err, sizeof(err)), 0);
	EXPECT_INT("overlap", isup_group_add_cics(group, 20, 40, err, sizeof(err)), -EEXIST);
	EXPECT_STR("overlap", err, "circuit 20 belongs to circuit group G already");
	EXPECT_INT("width", isup_group_add_cics(group, 4095, 4096, err, sizeof(err)), -ERANGE);
	EXPECT_INT("order", isup_group_add_cics(group, 80, 70, err, sizeof(err)), -ERANGE);
	EXPECT_STR("ranges", ranges_of(group), "1-31 33-63 4095-4095 ");
	EXPECT_INT("del", isup_group_del_cics(group, 10, 40, err, sizeof(err)), 0);
	EXPECT_STR("ranges", ranges_of(group), "1-9 41-63 4095-4095 ");
	EXPECT_INT("del", isup_group_del_cics(group, 50, 50, err, sizeof(err)), 0);
	EXPECT_STR("ranges", ranges_of(group), "1-9 41-49 51-63 4095-4095 ");
	EXPECT_INT("del", isup_group_del_cics(group, 100, 200, err, sizeof(err)), -ENOENT);
	EXPECT_INT("del", isup_group_del_cics(group, 0, 4095, err, sizeof(err)), 0);
	EXPECT_STR("ranges", ranges_of(group), "");
	talloc_free(isup);
}

static void test_start_errors(void)
{
	struct isup_group *other;
	char err[128] = "";
	uint8_t cause = 0;

	two_up(1, 4);
	EXPECT_INT("twice", isup_group_start(a.group, a.mtp, err, sizeof(err)), -EINVAL);
	EXPECT_STR("twice", err, "circuit group A is started already");
	EXPECT_INT("add", isup_group_add_cics(a.group, 9, 9, err, sizeof(err)), -EBUSY);
	other = isup_group_alloc(a.isup, "OTHER");
	EXPECT_INT("no destination", isup_group_start(other, a.mtp, err, sizeof(err)), -EINVAL);
	EXPECT_STR("no destination", err, "circuit group OTHER has no destination");
	isup_group_cfg(other)->dpc = PC_B;
	isup_group_cfg(other)->dpc_set = true;
	EXPECT_INT("no circuits", isup_group_start(other, a.mtp, err, sizeof(err)), -EINVAL);
	isup_group_add_cics(other, 4, 8, err, sizeof(err));
	EXPECT_INT("overlap", isup_group_start(other, a.mtp, err, sizeof(err)), -EEXIST);
	EXPECT_STR("overlap", err, "circuit 4 to point code 20 belongs to circuit group A already");
	EXPECT(!isup_group_started(other));
	EXPECT(!isup_call_seize(other, NULL, &cause));
	EXPECT_INT("cause", cause, 38);
	/* a second group to the same destination, and its end */
	isup_group_del_cics(other, 4, 4, err, sizeof(err));
	EXPECT_INT("start", isup_group_start(other, a.mtp, err, sizeof(err)), 0);
	isup_group_free(a.group);
	EXPECT(isup_group_next(a.isup, NULL) == other && !isup_group_next(a.isup, other));
	a.group = other;
	two_free();
}

/* Either order of freeing is allowed, also with calls up. */
static void test_free_orders(void)
{
	two_up(1, 4);
	b.accept = true;
	place(&a);
	talloc_free(talloc_parent(a.mtp));
	EXPECT_STR("told", take(events), "B:IAM A:ACM A:ANM B:FAILED(27) A:FAILED(27)");
	EXPECT(!isup_group_started(a.group));
	talloc_free(a.isup);
	talloc_free(b.isup);
	osmo_select_main_ctx(1);
	take(wire);

	two_up(1, 4);
	place(&a);
	two_free();
	EXPECT_STR("not told", take(events), "");
}

/* ---- Hunting ---- */

static const struct hunt_row {
	enum isup_hunt hunt;
	const char *seized;
} hunt_rows[] = {
	/* A has the lower point code and controls the odd circuits. */
	{ ISUP_HUNT_ASCENDING, "1 2 3 4 5 6 70 0 " },
	{ ISUP_HUNT_DESCENDING, "70 6 5 4 3 2 1 0 " },
	{ ISUP_HUNT_LEAST_RECENT, "5 1 3 4 6 70 2 0 " },
	{ ISUP_HUNT_MOST_RECENT, "3 1 5 4 6 70 2 0 " },
};

static void release_in_order(void)
{
	static const uint16_t order[] = { 5, 2, 70, 1, 6, 3, 4 };
	struct isup_call *calls[71] = {}, *call;
	unsigned int i;
	uint8_t cause;

	while ((call = seize(&a, &cause)))
		calls[isup_call_cic(call)] = call;
	for (i = 0; i < ARRAY_SIZE(order); i++)
		release(&a, calls[order[i]], 16);
}

static void test_hunt(const struct hunt_row *row)
{
	char seized[64] = "", err[64];
	struct isup_call *call;
	uint8_t cause = 0;
	unsigned int i;

	two_alloc(1, 6);
	isup_group_add_cics(a.group, 70, 70, err, sizeof(err));
	isup_group_add_cics(b.group, 70, 70, err, sizeof(err));
	two_start();
	pass(1000);
	release_in_order();
	isup_group_cfg(a.group)->hunt = row->hunt;
	for (i = 0; i < 8; i++) {
		size_t len = strlen(seized);

		call = seize(&a, &cause);
		snprintf(seized + len, sizeof(seized) - len, "%u ", call ? isup_call_cic(call) : 0);
	}
	EXPECT_INT("cause", cause, 34);
	EXPECT(isup_group_available(a.group));
	EXPECT_STR("order", seized, row->seized);
	two_free();
}

/* ---- Bring-up ---- */

/* After the probe, 199 circuits are 7 GRS; A asks 2 a second, of a B that has nothing to ask. */
static void test_pacing(void)
{
	char err[64];
	unsigned int s;

	two_up(1, 200);
	isup_group_stop(a.group);
	isup_group_cfg(a.group)->reset_rate = 2;
	cut_b = true;
	EXPECT_INT("start", isup_group_start(a.group, a.mtp, err, sizeof(err)), 0);
	run();
	EXPECT_INT("proving", isup_group_dest_state(a.group), ISUP_DEST_PROVING);
	EXPECT_STR("probe", take(wire), "A>RSC B>RLC");
	pass(2900);
	EXPECT_STR("probe", take(wire), "");
	EXPECT_INT("idle", stats_of(&a).idle, 0);
	cut_b = false;
	pass(100);
	/* the probe is answered, so the first of the paced ones goes */
	EXPECT_STR("repeated soon", take(wire), "A>RSC B>RLC A>GRS B>GRA");
	EXPECT_INT("available", isup_group_dest_state(a.group), ISUP_DEST_AVAILABLE);
	EXPECT_INT("idle", stats_of(&a).idle, 33);
	EXPECT_INT("resetting", stats_of(&a).resetting, 167);
	for (s = 1; s <= 2; s++) {
		pass(1000);
		EXPECT_STR("two a second", take(wire), "A>GRS B>GRA A>GRS B>GRA");
		EXPECT_INT("idle", stats_of(&a).idle, 33 + 64 * s);
	}
	pass(1000);
	EXPECT_STR("the last 39", take(wire), "A>GRS B>GRA A>GRS B>GRA");
	expect_all_idle("after bring-up");
	two_free();
}

/* What the far end resets need not wait for its turn here. */
static void test_reset_by_far_end_first(void)
{
	char err[64];

	two_up(1, 200);
	isup_group_stop(a.group);
	isup_group_stop(b.group);
	isup_group_cfg(a.group)->reset_rate = 1;
	take(wire);
	cut_a = true;		/* what it answers while it is stopped */
	EXPECT_INT("start", isup_group_start(b.group, b.mtp, err, sizeof(err)), 0);
	pass(500);
	cut_a = false;
	EXPECT_INT("start", isup_group_start(a.group, a.mtp, err, sizeof(err)), 0);
	pass(4000);
	expect_all_idle("after B's reset");
	EXPECT(count_words(take(wire), "A>GRS") <= 2);
	two_free();
}

/* A lone circuit is reset by RSC, and no range goes beyond 32 circuits or over a gap. */
static void test_ranges_of_grs(void)
{
	char err[64];

	two_alloc(1, 40);
	isup_group_add_cics(a.group, 50, 50, err, sizeof(err));
	isup_group_add_cics(b.group, 50, 50, err, sizeof(err));
	two_start();
	pass(1000);
	isup_group_stop(a.group);
	take(wire);
	EXPECT_INT("start", isup_group_start(a.group, a.mtp, err, sizeof(err)), 0);
	pass(1000);
	EXPECT_STR("the probe, 32, 7 and 1", take(wire), "A>RSC B>RLC A>GRS B>GRA A>GRS B>GRA A>RSC B>RLC");
	expect_all_idle("after bring-up");
	two_free();
}

/* T22 and T23; the same for RSC with T16 and T17 */
static void test_reset_timers(void)
{
	two_up(1, 4);
	cut_b = true;
	EXPECT_INT("reset", isup_circuit_reset(a.group, 2), 0);
	EXPECT_INT("no such circuit", isup_circuit_reset(a.group, 99), -ENOENT);
	pass(299900);
	EXPECT_INT("T16", count_words(take(wire), "A>RSC"), 20);
	pass(200);
	take(wire);
	pass(299700);
	EXPECT_INT("no T16 any more", count_words(take(wire), "A>RSC"), 0);
	cut_b = false;
	pass(300);
	EXPECT_STR("T17", take(wire), "A>RSC B>RLC");
	expect_all_idle("after T17");
	two_free();
}

/* Q.764 2.9.3.2: calls of the range are released, the others stay; GRA comes when the last user is done. */
static void test_grs_with_calls(void)
{
	two_up(1, 6);
	a.keep = b.keep = true;
	place(&a);
	place(&a);
	place(&a);
	take(events);
	take(wire);
	inject(&a, 1, "GRS range=1");
	EXPECT_STR("told", take(events), "B:FAILED(41) B:FAILED(41)");
	EXPECT_STR("sent", take(wire), "A>GRS");
	inject(&a, 1, "GRS range=1");
	EXPECT_STR("repeated", take(wire), "A>GRS");
	done(&b, b.calls[0]);
	EXPECT_STR("sent", take(wire), "");
	EXPECT_INT("not to be seized", stats_of(&b).idle, 3);
	done(&b, b.calls[0]);
	EXPECT_STR("sent", take(wire), "B>GRA");
	EXPECT_INT("idle", stats_of(&b).idle, 5);
	EXPECT_INT("busy", stats_of(&b).busy, 1);
	two_free();
}

/* A restarts (all its knowledge lost) while B has calls: afterwards all is idle at both ends. */
static void test_restart(void)
{
	struct isup_mtp *mtp = a.mtp;
	unsigned int i;
	char err[64];

	two_up(1, 100);
	b.accept = true;
	for (i = 0; i < 70; i++)
		place(&a);
	EXPECT_INT("busy", stats_of(&b).busy, 70);
	mtp = a.mtp;
	cut_a = true;
	isup_group_stop(a.group);
	cut_a = false;
	EXPECT_INT("A's users know", a.n_failed, 70);
	EXPECT_INT("start", isup_group_start(a.group, mtp, err, sizeof(err)), 0);
	pass(2000);
	EXPECT_INT("B's users know", b.n_failed, 70);
	expect_all_idle("after restart");
	two_free();
}

/* Both ends reset at once, with all circuits on the way. */
static void test_reset_crossing(void)
{
	two_up(1, 4);
	isup_circuit_reset(a.group, 1);
	isup_circuit_reset(b.group, 1);
	run();
	EXPECT_STR("sent", take(wire), "B>RSC A>RSC A>RLC B>RLC");
	expect_all_idle("after crossing RSC");
	two_free();
}

/* ---- Destinations that come and go ---- */

static void test_pause(void)
{
	struct isup_call *answered, *ringing, *wanted;
	uint8_t cause = 0;

	two_up(1, 70);
	answered = place(&a);
	send_text(b.calls[0], "CON");
	wanted = place(&a);
	send_text(b.calls[1], "CON");
	ringing = place(&a);
	send_text(b.calls[2], "ACM");
	run();
	take(events);
	isup_mtp_pair_set_up(a.mtp, false);
	run();
	EXPECT_STR("told", take(events), "A:FAILED(38) B:FAILED(38)");
	EXPECT(a.latest == ringing);
	EXPECT_INT("state", isup_group_dest_state(a.group), ISUP_DEST_UNAVAILABLE);
	EXPECT(!isup_group_available(a.group));
	EXPECT(!isup_call_seize(a.group, NULL, &cause));
	EXPECT_INT("cause", cause, 38);
	EXPECT_INT("idle", stats_of(&a).idle, 0);
	EXPECT_INT("busy", stats_of(&a).busy, 2);
	/* one is not wanted any more */
	release(&a, wanted, 16);
	pass(700000);
	EXPECT_INT("calls", isup_call_count(a.isup), 1);
	take(wire);

	isup_mtp_pair_set_up(a.mtp, true);
	pass(3000);
	EXPECT_STR("told", take(events), "B:FAILED(41)");
	EXPECT_INT("idle", stats_of(&a).idle, 69);
	EXPECT_INT("idle", stats_of(&b).idle, 69);
	EXPECT_INT("answered", stats_of(&a).busy, 1);
	release(&a, answered, 16);
	EXPECT_STR("told", take(events), "B:REL(16)");
	expect_all_idle("after the pause");
	two_free();
}

/* The network says nothing, but the far end does not answer at first; then it does. */
static void test_not_reachable_at_start(void)
{
	uint8_t cause = 0;

	two_alloc(1, 4);
	isup_mtp_pair_set_up(a.mtp, false);
	two_start();
	pass(5000);
	EXPECT_INT("state", isup_group_dest_state(a.group), ISUP_DEST_UNAVAILABLE);
	EXPECT_STR("silent", take(wire), "");
	EXPECT(!seize(&a, &cause) && cause == 38);
	isup_mtp_pair_set_up(a.mtp, true);
	pass(2000);
	expect_all_idle("then there");
	two_free();
}

/* Only the far end is gone; MTP says so and never takes it back, but the association is renewed. */
static void test_pause_forgotten(void)
{
	two_up(1, 4);
	a.mtp->user_ops->pause_ind(a.mtp->user, PC_B);
	EXPECT_INT("state", isup_group_dest_state(a.group), ISUP_DEST_UNAVAILABLE);
	pass(5000);
	EXPECT_STR("silent", take(wire), "");
	isup_mtp_pair_set_up(a.mtp, false);
	pass(2000);
	isup_mtp_pair_set_up(a.mtp, true);
	a.mtp->user_ops->pause_ind(a.mtp->user, PC_B + 1);	/* somebody else */
	pass(3000);
	expect_all_idle("after the pause");
	/* paused, but it speaks */
	a.mtp->user_ops->pause_ind(a.mtp->user, PC_B);
	inject(&b, 1, "UBL");
	EXPECT_INT("state", isup_group_dest_state(a.group), ISUP_DEST_AVAILABLE);
	pass(1000);
	expect_all_idle("after it spoke");
	two_free();
}

/* A far end that is reachable and silent for an hour, then there */
static void test_long_proof(void)
{
	two_alloc(1, 40);
	cut_b = true;
	two_start();
	pass_s(3600);
	EXPECT_INT("state", isup_group_dest_state(a.group), ISUP_DEST_PROVING);
	EXPECT_INT("resetting", stats_of(&a).resetting, 40);
	take(wire);
	pass_s(30);
	EXPECT_INT("one probe every 3 s", count_words(take(wire), "A>RSC"), 10);
	isup_mtp_pair_set_up(a.mtp, false);
	run();
	pass_s(100);
	EXPECT_STR("silent while there is no way", take(wire), "");
	isup_mtp_pair_set_up(a.mtp, true);
	cut_b = false;
	pass_s(5);
	EXPECT_INT("state", isup_group_dest_state(a.group), ISUP_DEST_AVAILABLE);
	EXPECT_INT("idle", stats_of(&a).idle, 40);
	two_free();
}

/* The probe was lost, B proves itself by something else: nobody waits 3 s for the circuit of the probe. */
static void test_lost_probe(void)
{
	two_alloc(1, 4);
	cut_b = true;
	two_start();
	pass(500);
	cut_b = false;
	take(wire);
	inject(&b, 4, "UBL");
	pass(100);
	EXPECT_INT("state", isup_group_dest_state(a.group), ISUP_DEST_AVAILABLE);
	EXPECT_INT("idle", stats_of(&a).idle, 4);
	two_free();
}

/* B does not have what A asks for first, and nothing to say by itself: it is proven all the same. */
static void test_proof_by_unequipped(void)
{
	char err[64];

	two_up(11, 14);
	isup_group_stop(a.group);
	isup_group_add_cics(a.group, 1, 5, err, sizeof(err));
	EXPECT_INT("start", isup_group_start(a.group, a.mtp, err, sizeof(err)), 0);
	pass(1000);
	EXPECT_STR("proof", take(wire), "A>RSC B>UCIC A>GRS A>GRS B>GRA");
	EXPECT_INT("state", isup_group_dest_state(a.group), ISUP_DEST_AVAILABLE);
	EXPECT_INT("idle", stats_of(&a).idle, 4);
	two_free();
}

/* The probe goes with its group: another one of the same destination is asked. */
static void test_proof_outlives_group(void)
{
	struct isup_group *other;
	char err[64];

	two_alloc(1, 4);
	other = isup_group_alloc(a.isup, "OTHER");
	*isup_group_cfg(other) = *isup_group_cfg(a.group);
	isup_group_add_cics(other, 5, 8, err, sizeof(err));
	cut_b = true;
	two_start();
	EXPECT_INT("start", isup_group_start(other, a.mtp, err, sizeof(err)), 0);
	pass(1000);
	take(wire);
	isup_group_stop(a.group);
	EXPECT_INT("state", isup_group_dest_state(other), ISUP_DEST_PROVING);
	pass(1500);
	EXPECT_STR("probe", take(wire), "A>RSC B>UCIC");
	two_free();
}

/* REL that is lost with the transport: the reset after the return replaces it. */
static void test_pause_while_releasing(void)
{
	struct isup_call *call;

	two_up(1, 4);
	b.keep = true;
	call = place(&a);
	send_text(b.calls[0], "CON");
	run();
	cut_a = true;
	release(&a, call, 16);
	isup_mtp_pair_set_up(a.mtp, false);
	cut_a = false;
	pass(2000);
	EXPECT_INT("calls at A", isup_call_count(a.isup), 0);
	isup_mtp_pair_set_up(a.mtp, true);
	pass(2000);
	EXPECT_INT("B's user knows", b.failed, 41);
	EXPECT_INT("RLC waits for B's user", stats_of(&a).idle, 3);
	done(&b, b.calls[0]);
	expect_all_idle("after the pause");
	two_free();
}

/* ---- What is shown ---- */

static char states_text[256];

static void note_state(const struct isup_circuit_info *info, void *data)
{
	size_t len = strlen(states_text);

	snprintf(states_text + len, sizeof(states_text) - len, "%u:%s%s%s ", info->cic, info->state,
		 info->local_blocked ? "+L" : "", info->remote_blocked ? "+R" : "");
}

static const char *states_of(const struct isup_group *group)
{
	states_text[0] = '\0';
	isup_group_for_each_circuit(group, note_state, NULL);
	return states_text;
}

static void test_states(void)
{
	struct isup_call *call;

	two_alloc(1, 5);
	EXPECT_STR("stopped", states_of(a.group),
		   "1:not started 2:not started 3:not started 4:not started 5:not started ");
	cut_b = true;
	two_start();
	run();
	EXPECT_STR("start", states_of(a.group), "1:resetting 2:reset pending 3:reset pending "
		   "4:reset pending 5:reset pending ");
	cut_b = false;
	pass(4000);
	place(&a);
	inject(&b, 4, "IAM called=1");
	call = place(&a);
	isup_circuit_block(a.group, 3, true);
	run();
	cut_a = true;
	release(&a, call, 16);
	EXPECT_STR("busy", states_of(a.group), "1:busy out 2:releasing 3:idle+L 4:busy in 5:idle ");
	EXPECT_STR("names", isup_dest_state_name(isup_group_dest_state(a.group)), "available");
	two_free();
}

int main(void)
{
	unsigned int i;

	two_init();
	test_ranges();
	test_start_errors();
	test_free_orders();
	for (i = 0; i < ARRAY_SIZE(hunt_rows); i++)
		test_hunt(&hunt_rows[i]);
	test_pacing();
	test_reset_by_far_end_first();
	test_ranges_of_grs();
	test_reset_timers();
	test_grs_with_calls();
	test_restart();
	test_reset_crossing();
	test_pause();
	test_not_reachable_at_start();
	test_pause_forgotten();
	test_long_proof();
	test_lost_probe();
	test_proof_by_unequipped();
	test_proof_outlives_group();
	test_pause_while_releasing();
	test_states();
	return expect_failures + two_end() > 0;
}
