/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Q.784.1, groups 1.1 to 1.3: circuit supervision and signalling supervision, a test a purpose. B is the tester. */

#include "isup/isup_alarm.h"
#include "isup/isup_priv.h"

#include "expect.h"
#include "isup_two.h"

#define FIRST 1
#define LAST 40

static void tester_says(const char *text)
{
	inject(&b, FIRST, text);
}

static void block_1(bool on)
{
	isup_circuit_block(a.group, FIRST, on);
	run();
}

static void count_alarm(const struct isup_alarm_info *info, void *data)
{
	*(unsigned int *)data += info->id == ISUP_ALARM_UNALLOCATED;
}

/* A message for a circuit that is not allocated is discarded, and maintenance told. */
static void test_1_1(void)
{
	unsigned int alarms = 0;
	char err[64];

	isup_group_stop(a.group);
	isup_group_del_cics(a.group, FIRST, FIRST, err, sizeof(err));
	isup_group_start(a.group, a.mtp, err, sizeof(err));
	pass(2000);
	take(wire);
	take(events);
	tester_says("IAM called=1");
	EXPECT_STR("1.1", take(wire), "B>IAM A>UCIC");
	EXPECT_STR("1.1: nobody is called", take(events), "");
	isup_for_each_alarm(a.isup, count_alarm, &alarms);
	EXPECT_INT("1.1: alarm", alarms, 1);
}

/* RSC on an idle circuit */
static void test_1_2_1(void)
{
	tester_says("RSC");
	EXPECT_STR("1.2.1", take(wire), "B>RSC A>RLC");
}

/* RSC on a locally blocked circuit: still blocked afterwards, at both ends */
static void test_1_2_3(void)
{
	block_1(true);
	tester_says("RSC");
	EXPECT_STR("1.2.3", take(wire), "A>BLO B>BLA B>RSC A>BLO A>RLC B>BLA");
	EXPECT_INT("1.2.3: blocked", stats_of(&a).local_blocked, 1);
	block_1(false);
}

/* GRS, with a circuit of the range blocked here: its bit in GRA is 1 */
static void test_1_2_5a(void)
{
	block_1(true);
	take(wire);
	isup_circuit_reset(b.group, FIRST);
	isup_circuit_reset(b.group, FIRST + 1);
	run();
	EXPECT_STR("1.2.5a", take(wire), "B>GRS A>GRA");
	EXPECT("1.2.5a: status" && isup_dest_circuit(b.group->dest, FIRST)->remote_blocked);
	EXPECT_INT("1.2.5a: status", stats_of(&b).remote_blocked, 1);
	block_1(false);
}

/* GRS with a range of 32: discarded */
static void test_1_2_5c(void)
{
	tester_says("GRS range=32");
	EXPECT_STR("1.2.5c", take(wire), "B>GRS");
	tester_says("GRS range=31");
	EXPECT_STR("1.2.5c: 31 is legal", take(wire), "B>GRS A>GRA");
	tester_says("GRS range=0");
	EXPECT_STR("1.2.5c: 0 is not", take(wire), "B>GRS");
}

/* GRS on remotely blocked circuits: they are not blocked any more */
static void test_1_2_7(void)
{
	cut_a = true;		/* B would contradict what it did not ask for */
	inject(&b, 1, "BLO");
	inject(&b, 2, "BLO");
	EXPECT_INT("1.2.7: blocked", stats_of(&a).remote_blocked, 2);
	tester_says("GRS range=1");
	EXPECT_STR("1.2.7", take(wire), "B>BLO A>BLA B>BLO A>BLA B>GRS A>GRA");
	EXPECT_INT("1.2.7: not blocked", stats_of(&a).remote_blocked, 0);
}

/* BLO and UBL received */
static void test_1_3_2_1(void)
{
	cut_a = true;
	tester_says("BLO");
	tester_says("BLO");
	EXPECT_INT("1.3.2.1: blocked", stats_of(&a).remote_blocked, 1);
	tester_says("UBL");
	tester_says("UBL");
	EXPECT_STR("1.3.2.1, each twice", take(wire), "B>BLO A>BLA B>BLO A>BLA B>UBL A>UBA B>UBL A>UBA");
}

/* BLO and UBL sent */
static void test_1_3_2_2(void)
{
	block_1(true);
	block_1(false);
	EXPECT_STR("1.3.2.2", take(wire), "A>BLO B>BLA A>UBL B>UBA");
}

/* Blocking from both ends, removed from one end after the other */
static void test_1_3_2_3(void)
{
	block_1(true);
	isup_circuit_block(b.group, FIRST, true);
	run();
	block_1(false);
	EXPECT_INT("1.3.2.3: still blocked", stats_of(&a).remote_blocked, 1);
	EXPECT_INT("1.3.2.3: not to be seized", stats_of(&a).circuits - a.group->n_idle, 1);
	isup_circuit_block(b.group, FIRST, false);
	run();
	EXPECT_STR("1.3.2.3", take(wire), "A>BLO B>BLA B>BLO A>BLA A>UBL B>UBA B>UBL A>UBA");
}

/* An IAM on a circuit that the far end has blocked unblocks it (Q.764 2.8.2.3 xiv) */
static void test_1_3_2_4(void)
{
	cut_a = true;
	tester_says("BLO");
	take(events);
	tester_says("IAM called=1");
	EXPECT_STR("1.3.2.4", take(events), "A:IAM");
	EXPECT_INT("1.3.2.4: not blocked", stats_of(&a).remote_blocked, 0);
	cut_a = false;
	release(&a, a.calls[0], 16);
	tester_says("RLC");
}

static void (*const tests[])(void) = {
	test_1_1, test_1_2_1, test_1_2_3, test_1_2_5a, test_1_2_5c, test_1_2_7, test_1_3_2_1, test_1_3_2_2,
	test_1_3_2_3, test_1_3_2_4,
};

int main(void)
{
	unsigned int i;

	two_init();
	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		two_up(FIRST, LAST);
		tests[i]();
		cut_a = cut_b = false;
		pass(500);
		if (i > 0)
			expect_all_idle("at the end");
		two_free();
	}
	return expect_failures + two_end() > 0;
}
