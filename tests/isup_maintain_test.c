/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maintenance of many circuits at once: attempts that are repeated meanwhile, the pace, what a dialect cannot hold. */

#include "isup/isup_priv.h"

#include "expect.h"
#include "isup_two.h"

/* ---- CGB, and users that repeat their attempts ---- */

static isup_user_cb *old_cb;

/* As interworking does (Q.764 2.8.1): the next circuit, before the first call is done */
static void repeating_cb(struct isup_call *call, const struct isup_prim *prim, void *user)
{
	struct end *end = user;
	struct isup_call *next;
	uint8_t cause;

	if (prim->type == ISUP_PRIM_FAILED) {
		next = isup_call_seize(end->group, end, &cause);
		if (next) {
			EXPECT_INT("IAM", send_text(next, "IAM called=33123"), 0);
			end->calls[end->n_calls++] = next;
		}
	}
	old_cb(call, prim, user);
}

/* Q.764 2.8.2.2: none of the circuits of one CGB is seized for the attempts that it ends. */
static void test_repeat_on_cgb(const char *cgb)
{
	unsigned int i;

	two_up(1, 6);
	old_cb = two_set_cb(&a, repeating_cb);
	place(&a);
	place(&a);
	EXPECT_INT("attempts", a.n_calls, 2);
	take(wire);
	inject(&b, 1, cgb);
	EXPECT_INT("one attempt each, elsewhere", count_words(take(wire), "A>IAM"), 2);
	EXPECT_INT("calls", a.n_calls, 2);
	for (i = 0; i < a.n_calls; i++)
		EXPECT(isup_call_cic(a.calls[i]) > 4);
	two_free();
}

/* ---- The pace ---- */

static int block(unsigned int first, unsigned int last, enum isup_block_kind kind, bool on)
{
	return isup_group_block(a.group, first, last, kind, on);
}

/* What an operator blocks by the hundred goes at the pace of the queue, and is not seized meanwhile. */
static void test_pace(void)
{
	unsigned int i;

	two_up(1, 100);
	isup_group_cfg(a.group)->reset_rate = 2;
	EXPECT_INT("block", block(1, 96, ISUP_BLOCK_MAINTENANCE, true), 96);
	EXPECT_INT("blocked", stats_of(&a).local_blocked, 96);
	run();
	for (i = 0; i < 3; i++, pass(500))
		EXPECT_STR("two a second", take(wire), "A>CGB B>CGBA");
	EXPECT_STR("that is all", take(wire), "");
	EXPECT_INT("there", stats_of(&b).remote_blocked, 96);
	/* both kinds; a wish that changes before it is its turn is not said */
	block(1, 64, ISUP_BLOCK_MAINTENANCE, false);
	block(1, 32, ISUP_BLOCK_HARDWARE, true);
	block(33, 64, ISUP_BLOCK_MAINTENANCE, true);
	EXPECT_INT("idle", a.group->n_idle, 4);
	pass(2000);
	EXPECT_STR("there", take(wire), "A>CGU B>CGUA A>CGB B>CGBA A>CGB B>CGBA");
	EXPECT_INT("there", stats_of(&b).remote_blocked, 96);
	block(1, 100, ISUP_BLOCK_MAINTENANCE, false);
	block(1, 100, ISUP_BLOCK_HARDWARE, false);
	pass(4000);
	expect_all_idle("pace");
	two_free();
}

/* What waits for its turn is overtaken: by a reset of either end, by the loss of the destination, by the end */
static void test_overtaken(void)
{
	two_up(1, 100);
	isup_group_cfg(a.group)->reset_rate = 1;
	block(1, 100, ISUP_BLOCK_MAINTENANCE, true);
	isup_circuit_reset(a.group, 70);
	inject(&b, 80, "RSC");
	inject(&b, 90, "GRS range(range=3)");
	check_invariants(&a);
	pass_s(10);
	EXPECT_INT("there", stats_of(&b).remote_blocked, 100);
	block(1, 100, ISUP_BLOCK_MAINTENANCE, false);
	inject(&b, 99, "IAM called=1");
	EXPECT_INT("taken", stats_of(&a).busy, 1);
	inject(&b, 99, "REL cause=16");
	isup_mtp_pair_set_up(a.mtp, false);
	run();
	check_invariants(&a);
	isup_mtp_pair_set_up(a.mtp, true);
	pass_s(20);
	EXPECT_INT("there", stats_of(&b).remote_blocked, 0);
	expect_all_idle("overtaken");
	/* an acknowledgement that comes late is not contradicted besides */
	cut_b = true;
	block(1, 4, ISUP_BLOCK_MAINTENANCE, true);
	run();
	block(1, 4, ISUP_BLOCK_MAINTENANCE, false);
	cut_b = false;
	take(wire);
	inject(&b, 1, "CGBA cgs_type=maintenance range(range=3 status=0x0f)");
	pass_s(5);
	EXPECT_STR("once", take(wire), "B>CGBA A>CGU B>CGUA");
	expect_all_idle("late");
	block(1, 100, ISUP_BLOCK_HARDWARE, true);
	block(1, 100, ISUP_BLOCK_MAINTENANCE, true);
	two_free();
}

/* ---- MTP-PAUSE and RESUME ---- */

static void pause_and_resume(void)
{
	a.mtp->user_ops->pause_ind(a.mtp->user, PC_B);
	run();
	check_invariants(&a);
	take(wire);
	a.mtp->user_ops->resume_ind(a.mtp->user, PC_B);
	run();
}

/* Q.764 2.14: idle circuits are used at once; what was going on is reset; blocking is as it was */
static void test_resume_idle(void)
{
	struct isup_call *call;
	uint8_t cause;

	two_up(1, 40);
	pause_and_resume();
	pass(3000);
	EXPECT_INT("reset, where nothing is said", count_words(take(wire), "A>GRS"), 2);
	isup_group_cfg(a.group)->resume_idle = true;
	isup_circuit_block(b.group, 5, true);
	isup_circuit_block(a.group, 6, true);
	run();
	pause_and_resume();
	EXPECT_INT("available", isup_group_dest_state(a.group), ISUP_DEST_AVAILABLE);
	EXPECT_STR("nothing sent", take(wire), "");
	EXPECT_INT("idle", a.group->n_idle, 38);
	EXPECT_INT("remote", stats_of(&a).remote_blocked, 1);
	call = seize(&a, &cause);
	EXPECT(call && !send_text(call, "IAM called=1"));
	run();
	take(events);
	/* the call that was not answered is gone: its circuit proves the way */
	pause_and_resume();
	pass(500);
	EXPECT_STR("told", take(events), "A:FAILED(38) B:FAILED(41)");
	EXPECT_STR("its circuit only", take(wire), "A>RSC B>RLC");
	/* what was wanted meanwhile */
	a.mtp->user_ops->pause_ind(a.mtp->user, PC_B);
	block(1, 3, ISUP_BLOCK_HARDWARE, true);
	isup_circuit_block(a.group, 6, false);
	block(7, 8, ISUP_BLOCK_MAINTENANCE, true);
	check_invariants(&a);
	a.mtp->user_ops->resume_ind(a.mtp->user, PC_B);
	pass(3000);
	EXPECT_INT("there", stats_of(&b).remote_blocked, 5);
	block(1, 8, ISUP_BLOCK_MAINTENANCE, false);
	block(1, 8, ISUP_BLOCK_HARDWARE, false);
	pass(1000);
	isup_circuit_block(b.group, 5, false);
	run();
	/* a lost association proves nothing */
	isup_mtp_pair_set_up(a.mtp, false);
	pass(2000);
	take(wire);
	isup_mtp_pair_set_up(a.mtp, true);
	pass(5000);
	EXPECT(count_words(take(wire), "A>GRS") > 0);
	expect_all_idle("resume");
	two_free();
}

/* ---- Dialects ---- */

/* Circuits and point codes that were configured in another one */
static void test_too_large(void)
{
	char err[128] = "";

	two_alloc(1, 4);
	isup_group_cfg(a.group)->dialect = isup_dialect_find("ansi");
	EXPECT_INT("add", isup_group_add_cics(a.group, 5000, 5001, err, sizeof(err)), 0);
	isup_group_cfg(a.group)->dialect = &isup_dialect_itu;
	EXPECT_INT("CIC", isup_group_start(a.group, a.mtp, err, sizeof(err)), -EINVAL);
	EXPECT_STR("CIC", err, "circuit group A has circuits or point codes that are too large for its dialect");
	isup_group_cfg(a.group)->dialect = isup_dialect_find("ansi");
	isup_group_del_cics(a.group, 5000, 5001, err, sizeof(err));
	isup_group_cfg(a.group)->dpc = 1 << 14;
	isup_group_cfg(a.group)->dialect = &isup_dialect_itu;
	EXPECT_INT("point code", isup_group_start(a.group, a.mtp, err, sizeof(err)), -EINVAL);
	two_free();
}

int main(void)
{
	two_init();
	test_repeat_on_cgb("CGB cgs_type=hardware range(range=3 status=0x0f)");
	test_repeat_on_cgb("CGB cgs_type=maintenance range(range=3 status=0x0f)");
	test_pace();
	test_overtaken();
	test_resume_idle();
	test_too_large();
	return expect_failures + two_end() > 0;
}
