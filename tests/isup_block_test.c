/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocking and unblocking of circuits, Q.764 2.8.2, by either end, one by one and by groups. */

#include "expect.h"
#include "isup_two.h"

static void test_block(void)
{
	struct isup_call *call;
	uint8_t cause;

	two_up(1, 2);
	call = place(&a);
	send_text(b.calls[0], "CON");
	run();
	take(wire);
	EXPECT_INT("block", isup_circuit_block(a.group, 1, true), 0);
	run();
	EXPECT_STR("block", take(wire), "A>BLO B>BLA");
	EXPECT_INT("call stays", stats_of(&a).busy, 1);
	release(&a, call, 16);
	EXPECT_INT("blocked", stats_of(&a).local_blocked, 1);
	EXPECT_INT("blocked", stats_of(&b).remote_blocked, 1);
	call = place(&a);
	EXPECT_INT("the other one", isup_call_cic(call), 2);
	EXPECT(!seize(&b, &cause) && cause == 34);
	release(&a, call, 16);
	take(wire);
	EXPECT_INT("unblock", isup_circuit_block(a.group, 1, false), 0);
	run();
	EXPECT_STR("unblock", take(wire), "A>UBL B>UBA");
	EXPECT_INT("again", isup_circuit_block(a.group, 1, false), 0);
	EXPECT_INT("no such", isup_circuit_block(a.group, 7, false), -ENOENT);
	expect_all_idle("after blocking");
	two_free();
}

static void test_block_timers(void)
{
	two_up(1, 2);
	cut_b = true;
	isup_circuit_block(a.group, 1, true);
	pass(299900);
	EXPECT_INT("T12", count_words(take(wire), "A>BLO"), 20);
	pass(200);
	take(wire);
	pass(299700);
	EXPECT_STR("no T12 any more", take(wire), "");
	cut_b = false;
	pass(300);
	EXPECT_STR("T13", take(wire), "A>BLO B>BLA");
	cut_b = true;
	isup_circuit_block(a.group, 1, false);
	pass(16000);
	EXPECT_STR("T14", take(wire), "A>UBL B>UBA A>UBL B>UBA");
	/* wanted otherwise while UBL is not acknowledged */
	isup_circuit_block(a.group, 1, true);
	cut_b = false;
	pass(1000);
	EXPECT_STR("BLO instead", take(wire), "A>BLO B>BLA");
	pass(400000);
	EXPECT_STR("quiet", take(wire), "");
	two_free();
}

static void test_blocked_messages(void)
{
	two_up(1, 4);
	isup_circuit_block(b.group, 1, true);
	run();
	take(wire);
	/* Q.784.1 1.2.3: RSC for a circuit that is blocked here */
	inject(&a, 1, "RSC");
	EXPECT_STR("RSC", take(wire), "A>RSC B>BLO B>RLC A>BLA");
	/* GRS: the status of GRA says it */
	inject(&a, 1, "UBA");
	take(wire);
	isup_circuit_reset(a.group, 1);
	isup_circuit_reset(a.group, 2);
	run();
	EXPECT_INT("remote", stats_of(&a).remote_blocked, 1);
	take(wire);
	/* IAM is answered by BLO again */
	inject(&a, 1, "IAM called=1");
	EXPECT_STR("IAM", take(wire), "A>IAM B>BLO A>BLA");
	EXPECT_STR("nobody told", take(events), "");
	/* IAM of the end that blocked it lifts its own blocking */
	isup_circuit_block(b.group, 1, false);
	isup_circuit_block(a.group, 3, true);
	run();
	EXPECT_INT("remote", stats_of(&b).remote_blocked, 1);
	inject(&a, 3, "IAM called=1");
	EXPECT_STR("told", take(events), "B:IAM");
	EXPECT_INT("remote", stats_of(&b).remote_blocked, 0);
	two_free();
}

/* A's local blocking is said again by GRA, and by BLO after A's own reset. */
static void test_blocked_restart(void)
{
	char err[64];

	two_up(1, 40);
	isup_circuit_block(b.group, 3, true);
	isup_circuit_block(b.group, 35, true);
	run();
	isup_group_stop(a.group);
	EXPECT_INT("start", isup_group_start(a.group, a.mtp, err, sizeof(err)), 0);
	pass(3000);
	EXPECT_INT("idle", stats_of(&a).idle, 40);
	EXPECT_INT("remote", stats_of(&a).remote_blocked, 2);
	isup_mtp_pair_set_up(a.mtp, false);
	pass(5000);
	isup_mtp_pair_set_up(a.mtp, true);
	pass(10000);
	EXPECT_INT("remote", stats_of(&a).remote_blocked, 2);
	EXPECT_INT("local", stats_of(&b).local_blocked, 2);
	two_free();
}

/* What is wanted while there is no way is said when there is one, where a call that stays keeps the reset away too. */
static void test_blocked_pause(void)
{
	two_up(1, 4);
	place(&a);
	send_text(b.calls[0], "CON");
	place(&a);
	send_text(b.calls[1], "CON");
	isup_circuit_block(a.group, 2, true);
	run();
	isup_mtp_pair_set_up(a.mtp, false);
	run();
	take(wire);
	isup_circuit_block(a.group, 1, true);
	isup_circuit_block(a.group, 2, false);
	isup_circuit_block(a.group, 3, true);
	run();
	EXPECT_STR("silent", take(wire), "");
	isup_mtp_pair_set_up(a.mtp, true);
	pass(3000);
	EXPECT_INT("answered", stats_of(&a).busy, 2);
	EXPECT_INT("blocked", stats_of(&b).remote_blocked, 2);
	EXPECT_INT("2 is not", count_words(take(wire), "A>UBL"), 1);
	pass_s(400);
	EXPECT_STR("quiet", take(wire), "");
	/* what was asked for, and lost with the network */
	cut_a = true;
	isup_circuit_block(a.group, 1, false);
	isup_mtp_pair_set_up(a.mtp, false);
	run();
	cut_a = false;
	isup_mtp_pair_set_up(a.mtp, true);
	pass(3000);
	EXPECT_INT("unblocked", stats_of(&b).remote_blocked, 1);
	/* the same by ranges */
	cut_a = true;
	EXPECT_INT("block", isup_group_block(a.group, 1, 4, ISUP_BLOCK_MAINTENANCE, true), 4);
	isup_mtp_pair_set_up(a.mtp, false);
	run();
	cut_a = false;
	isup_mtp_pair_set_up(a.mtp, true);
	pass(3000);
	EXPECT_INT("blocked", stats_of(&b).remote_blocked, 4);
	isup_mtp_pair_set_up(a.mtp, false);
	run();
	EXPECT_INT("unblock", isup_group_block(a.group, 1, 4, ISUP_BLOCK_MAINTENANCE, false), 4);
	isup_mtp_pair_set_up(a.mtp, true);
	pass(3000);
	EXPECT_INT("unblocked", stats_of(&b).remote_blocked, 0);
	two_free();
}

/* CGB and CGU from the far end, maintenance and hardware failure oriented */
static void test_group_blocking(void)
{
	two_up(1, 4);
	a.keep = true;
	place(&a);
	send_text(b.calls[0], "CON");
	run();
	take(wire);
	take(events);
	cut_b = true;	/* A would contradict what it did not ask for */
	inject(&a, 1, "CGB cgs_type=maintenance range(range=3 status=0x0b)");
	EXPECT_STR("CGB", take(wire), "A>CGB B>CGBA");
	EXPECT_INT("remote", stats_of(&b).remote_blocked, 3);
	EXPECT_STR("calls stay", take(events), "");
	inject(&a, 1, "CGU cgs_type=maintenance range(range=3 status=0x0f)");
	EXPECT_STR("CGU", take(wire), "A>CGU B>CGUA");
	EXPECT_INT("remote", stats_of(&b).remote_blocked, 0);
	inject(&a, 1, "CGB cgs_type=hardware range(range=1 status=0x01)");
	EXPECT_STR("calls end", take(events), "B:FAILED(41)");
	EXPECT_INT("remote", stats_of(&b).remote_blocked, 1);
	take(wire);
	inject(&a, 1, "CGB cgs_type=hardware range(range=9 status=0x0101)");
	EXPECT_STR("not equipped", take(wire), "A>CGB");
	two_free();
}

/* Q.763 3.43: the range of CGB goes up to 255, over a gap if need be, but it names no more than 32 circuits. */
static void test_group_blocking_range(void)
{
	char err[64];

	two_alloc(1, 33);
	isup_group_add_cics(a.group, 100, 256, err, sizeof(err));
	isup_group_add_cics(b.group, 100, 256, err, sizeof(err));
	two_start();
	pass(2000);
	take(wire);
	cut_b = true;
	inject(&a, 1, "CGB cgs_type=maintenance range(range=255 status=0xffff000000000000000000000000000000000000000000"
	       "000000000000000080)");
	EXPECT_STR("255", take(wire), "A>CGB B>CGBA");
	EXPECT_INT("remote", stats_of(&b).remote_blocked, 17);
	inject(&a, 1, "CGU cgs_type=maintenance range(range=254 status=0xffff000000000000000000000000000000000000000000"
	       "000000000000000000)");
	EXPECT_STR("254", take(wire), "A>CGU B>CGUA");
	EXPECT_INT("remote", stats_of(&b).remote_blocked, 1);
	inject(&a, 1, "CGB cgs_type=maintenance range(range=32 status=0xffffffff01)");
	EXPECT_STR("33 circuits", take(wire), "A>CGB");
	inject(&a, 1, "CGB cgs_type=maintenance range(range=0 status=0x01)");
	EXPECT_STR("one circuit", take(wire), "A>CGB");
	two_free();
}

int main(void)
{
	two_init();
	test_block();
	test_block_timers();
	test_blocked_messages();
	test_blocked_restart();
	test_blocked_pause();
	test_group_blocking();
	test_group_blocking_range();
	return expect_failures + two_end() > 0;
}
