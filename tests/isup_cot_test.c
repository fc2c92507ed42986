/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Continuity check between two ends, Q.764 2.1.8: of calls, by CCR, with its timers; tests of Q.784.1 by number. */

#include "isup/isup_cot_fsm.h"
#include "isup/isup_priv.h"

#include "expect.h"
#include "fake_bearer.h"
#include "isup_two.h"

/* ---- Q.784.1 1.4: CCR ---- */

static void q784_1_4_1(void)
{
	cot_up(1, 2);
	inject(&a, 1, "CCR");
	EXPECT_INT("1.4.1 loop", fake_loops, 1);
	EXPECT_INT("1.4.1 not idle", stats_of(&b).checking, 1);
	inject(&a, 1, "REL cause=16");
	EXPECT_STR("1.4.1", take(wire), "A>CCR A>REL B>RLC");
	expect_all_idle("1.4.1");
	cot_down();
}

static void q784_1_4_2(void)
{
	cot_up(1, 2);
	cot_ask(&a, 1, 0);
	EXPECT_INT("1.4.2", cot_outcome(&a), ISUP_COT_UNDER_WAY);
	EXPECT_INT("1.4.2 loop", fake_loops, 1);
	EXPECT_INT("1.4.2 tone", fake_tones, 1);
	pass(200);
	EXPECT_STR("1.4.2", take(wire), "A>CCR A>REL B>RLC");
	EXPECT_INT("1.4.2", cot_outcome(&a), ISUP_COT_PASSED);
	expect_all_idle("1.4.2");
	EXPECT_STR("1.4.2 users", take(events), "");
	cot_down();
}

static void q784_1_4_3(void)
{
	unsigned int i;

	cot_up(1, 2);
	inject(&a, 1, "CCR");
	for (i = 0; i < 3; i++) {
		inject(&a, 1, "COT continuity(continuity=0)");
		EXPECT_STR("1.4.3 T27", cot_state_of(&b, 1), "IN_FAILED");
		EXPECT_INT("1.4.3 loop", fake_loops, 0);
		pass_s(230);
		inject(&a, 1, "CCR");
		EXPECT_STR("1.4.3 T36", cot_state_of(&b, 1), "IN_RECHECK");
		EXPECT_INT("1.4.3 loop", fake_loops, 1);
	}
	EXPECT_STR("1.4.3", take(wire), "A>CCR A>COT A>CCR A>COT A>CCR A>COT A>CCR");
	inject(&a, 1, "COT continuity(continuity=1)");
	expect_all_idle("1.4.3 at last good");
	cot_down();
}

static void q784_1_4_4(void)
{
	cot_up(1, 2);
	fake_bearer_broken = true;
	cot_ask(&a, 1, 0);
	pass(1900);
	EXPECT_STR("1.4.4 T24", take(wire), "A>CCR");
	pass(200);
	EXPECT_STR("1.4.4 T24", take(wire), "A>COT");
	EXPECT_INT("1.4.4", cot_outcome(&a), ISUP_COT_FAILED);
	EXPECT_STR("1.4.4 T27", cot_state_of(&b, 1), "IN_FAILED");
	pass(4700);
	EXPECT_STR("1.4.4 T25", take(wire), "");
	pass(400);
	EXPECT_STR("1.4.4 T25", take(wire), "A>CCR");
	pass(2000);
	EXPECT_STR("1.4.4 again", take(wire), "A>COT");
	pass_s(119);
	EXPECT_STR("1.4.4 T26", take(wire), "");
	pass_s(2);
	EXPECT_STR("1.4.4 T26", take(wire), "A>CCR");
	pass_s(3);
	EXPECT_STR("1.4.4 a third time", take(wire), "A>COT");
	fake_bearer_broken = false;
	pass_s(121);
	EXPECT_STR("1.4.4 mended", take(wire), "A>CCR A>REL B>RLC");
	EXPECT_INT("1.4.4", cot_outcome(&a), ISUP_COT_PASSED);
	expect_all_idle("1.4.4");
	cot_down();
}

static enum isup_alarm_id counted;

static void count_alarm(const struct isup_alarm_info *info, void *data)
{
	*(unsigned int *)data += info->id == counted && info->first == 1 && info->last == 1;
}

static unsigned int alarms_of(const struct end *end, enum isup_alarm_id id)
{
	unsigned int n = 0;

	counted = id;
	isup_for_each_alarm(end->isup, count_alarm, &n);
	return n;
}

static void q784_1_4_5(void)
{
	cot_up(1, 2);
	inject(&a, 1, IAM_REQUIRED);
	inject(&a, 1, "COT continuity(continuity=0)");
	EXPECT_STR("1.4.5 T27", cot_state_of(&b, 1), "IN_FAILED");
	take(wire);
	pass_s(239);
	EXPECT_STR("1.4.5 T27", take(wire), "");
	cut_a = true;
	pass_s(2);
	EXPECT_STR("1.4.5 T27", take(wire), "B>RSC A>RLC");
	EXPECT_INT("1.4.5 maintenance", alarms_of(&b, ISUP_ALARM_CHECK_LEFT), 1);
	cut_a = false;
	pass_s(16);
	EXPECT_INT("1.4.5 over", alarms_of(&b, ISUP_ALARM_CHECK_LEFT), 0);
	take(wire);
	expect_all_idle("1.4.5");
	EXPECT_STR("1.4.5 users", take(events), "");
	cot_down();
}

/* ---- Q.784.1 5.2.5: T8 ---- */

static void t8(const char *name, const char *iam)
{
	cot_up(1, 2);
	inject(&a, 1, iam);
	pass_s(11);
	EXPECT_STR(name, take(wire), "A>IAM");
	pass_s(2);
	EXPECT_STR(name, take(wire), "B>REL A>RLC");
	expect_all_idle(name);
	cot_down();
}

static void q784_5_2_5(void)
{
	struct isup_call *call;

	t8("5.2.5 a", IAM_REQUIRED);
	t8("5.2.5 b", IAM_PREVIOUS);
	/* with a call at A, which is told the cause */
	cot_up(1, 2);
	fake_bearer_unable = true;
	call = cot_place(&a);
	EXPECT_STR("not required where it cannot be made", take(events), "B:IAM");
	release(&a, call, 16);
	take(events);
	EXPECT_INT("seize", send_text(seize(&a, &(uint8_t){ 0 }), IAM_PREVIOUS), 0);
	run();
	EXPECT_STR("5.2.5 b", take(events), "");
	pass_s(13);
	EXPECT_STR("5.2.5 b", take(events), "A:REL(41)");
	expect_all_idle("5.2.5 b");
	cot_down();
}

/* ---- Q.784.1 6.1: continuity check of a call ---- */

static void q784_6_1_1(void)
{
	struct isup_call *call;

	cot_up(1, 2);
	call = cot_place(&a);
	EXPECT_INT("6.1.1 loop", fake_loops, 1);
	EXPECT_INT("6.1.1 tone", fake_tones, 1);
	EXPECT_STR("6.1.1", take(events), "");
	pass(200);
	EXPECT_STR("6.1.1", take(wire), "A>IAM A>COT");
	EXPECT_STR("6.1.1", take(events), "B:IAM");
	EXPECT_INT("6.1.1 loop", fake_loops, 0);
	EXPECT_INT("6.1.1 tone", fake_tones, 0);
	send_text(b.latest, "ACM");
	send_text(b.latest, "ANM");
	run();
	release(&a, call, 16);
	EXPECT_STR("6.1.1", take(wire), "B>ACM B>ANM A>REL B>RLC");
	expect_all_idle("6.1.1");
	cot_down();
}

/* on a previous circuit: no loop here; the user says COT */
static void q784_6_1_2(void)
{
	struct isup_call *call;

	cot_up(1, 2);
	call = seize(&a, &(uint8_t){ 0 });
	send_text(call, IAM_PREVIOUS);
	run();
	EXPECT_INT("6.1.2 loop", fake_loops + fake_tones, 0);
	EXPECT_STR("6.1.2", take(events), "");
	EXPECT_INT("6.1.2", send_text(call, "COT continuity(continuity=1)"), 0);
	run();
	EXPECT_STR("6.1.2", take(events), "B:IAM");
	EXPECT_STR("6.1.2", take(wire), "A>IAM A>COT");
	release(&a, call, 16);
	expect_all_idle("6.1.2");
	cot_down();
}

static void q784_6_1_3(void)
{
	struct isup_call *call;

	cot_up(1, 2);
	call = cot_place(&a);
	release(&a, call, 16);
	EXPECT_STR("6.1.3", take(wire), "A>IAM A>REL B>RLC");
	EXPECT_INT("6.1.3 loop", fake_loops + fake_tones, 0);
	EXPECT_STR("6.1.3", take(events), "");
	pass_s(10);
	expect_all_idle("6.1.3");
	EXPECT_STR("6.1.3", take(wire), "");
	cot_down();
}

/* The called user is told only after COT, and digits that came before it follow. */
static void q784_6_1_4(void)
{
	struct isup_call *call;

	cot_up(1, 2);
	fake_bearer_refuses = true;	/* no loop: the tone does not come back yet */
	call = cot_place(&a);
	send_text(call, "SAM");
	pass(1000);
	EXPECT_STR("6.1.4", take(events), "");
	isup_cot_result(isup_dest_circuit(a.group->dest, 1)->cot, true);
	run();
	EXPECT_STR("6.1.4", take(events), "B:IAM B:SAM");
	EXPECT_STR("6.1.4", take(wire), "A>IAM A>SAM A>COT");
	release(&a, call, 16);
	expect_all_idle("6.1.4");
	cot_down();
}

static void q784_6_1_5(void)
{
	struct isup_call *call;

	cot_up(1, 2);
	fake_bearer_broken = true;
	cot_place(&a);
	pass(2100);
	EXPECT_STR("6.1.5 T24", take(wire), "A>IAM A>COT");
	EXPECT_STR("6.1.5 another circuit may be tried", take(events), "A:FAILED(44)");
	EXPECT_STR("6.1.5", cot_state_of(&a, 1), "OUT_FAILED");
	EXPECT_STR("6.1.5", cot_state_of(&b, 1), "IN_FAILED");
	call = place(&a);
	EXPECT_INT("6.1.5 repeated", isup_call_cic(call), 2);
	EXPECT_STR("6.1.5 repeated", take(events), "B:IAM");
	release(&a, call, 16);
	take(wire);
	pass_s(6);
	EXPECT_STR("6.1.5 T25", take(wire), "A>CCR");
	pass_s(3);
	EXPECT_STR("6.1.5 T24", take(wire), "A>COT");
	pass_s(119);
	EXPECT_STR("6.1.5 T26", take(wire), "A>CCR");
	pass_s(3);
	EXPECT_STR("6.1.5 T24", take(wire), "A>COT");
	EXPECT_INT("6.1.5 alarms", alarms_of(&a, ISUP_ALARM_CONTINUITY), 1);
	EXPECT_INT("6.1.5 out of service", stats_of(&a).checking, 1);
	EXPECT_INT("6.1.5 out of service", stats_of(&b).checking, 1);
	fake_bearer_broken = false;
	pass_s(125);
	EXPECT_STR("6.1.5 mended", take(wire), "A>CCR A>REL B>RLC");
	expect_all_idle("6.1.5");
	EXPECT_INT("6.1.5 alarms", alarms_of(&a, ISUP_ALARM_CONTINUITY), 0);
	cot_down();
}

/* ---- What the bearer says ---- */

static void test_bearer(void)
{
	struct isup_call *call;

	/* it notices that the tone does not come back before T24 */
	cot_up(1, 2);
	fake_bearer_broken = fake_bearer_noticed = true;
	cot_place(&a);
	pass(150);
	EXPECT_STR("noticed", take(wire), "A>IAM A>COT");
	EXPECT_STR("noticed", take(events), "A:FAILED(44)");
	cot_down();
	/* it cannot send the tone now */
	cot_up(1, 2);
	fake_bearer_refuses = true;
	cot_place(&a);
	EXPECT_STR("no word within the request", take(events), "");
	pass(2100);
	EXPECT_STR("refused", take(events), "A:FAILED(44)");
	cot_down();
	/* the circuit waits for its user, then T25 */
	cot_up(1, 2);
	fake_bearer_broken = true;
	a.keep = true;
	call = cot_place(&a);
	pass_s(20);
	EXPECT_STR("user not done", take(wire), "A>IAM A>COT");
	fake_bearer_broken = false;
	done(&a, call);
	pass_s(6);
	EXPECT_STR("user done", take(wire), "A>CCR A>REL B>RLC");
	expect_all_idle("user done");
	cot_down();
}

static void test_without_bearer(void)
{
	struct isup_call *call;

	cot_up(1, 2);
	fake_bearer_unable = true;
	isup_group_cfg(a.group)->cot_percent = 100;
	call = place(&a);
	EXPECT_STR("none are made", take(events), "B:IAM");
	release(&a, call, 16);
	cot_ask(&a, 1, -ENOTSUP);
	take(wire);
	take(events);
	/* assume: COT is awaited and trusted */
	inject(&a, 1, IAM_REQUIRED);
	EXPECT_STR("assume", take(events), "");
	inject(&a, 1, "COT continuity(continuity=1)");
	EXPECT_STR("assume", take(events), "B:IAM");
	inject(&a, 1, "REL cause=16");
	inject(&a, 1, "CCR");
	EXPECT_STR("CCR", cot_state_of(&b, 1), "IN_RECHECK");
	inject(&a, 1, "REL cause=16");
	expect_all_idle("assume");
	take(wire);
	take(events);
	/* refuse */
	isup_group_cfg(b.group)->cot_refuse = true;
	inject(&a, 1, IAM_REQUIRED);
	EXPECT_STR("refuse", take(wire), "A>IAM B>REL A>RLC");
	expect_all_idle("refuse");
	inject(&a, 1, IAM_PREVIOUS);
	inject(&a, 1, "COT continuity(continuity=1)");
	EXPECT_STR("a previous circuit is no concern of the bearer", take(events), "B:IAM");
	cot_down();
}

/* ---- LPA ---- */

static void test_lpa(void)
{
	struct isup_dialect dialect = isup_dialect_itu;

	dialect.ccr_lpa = true;
	two_alloc(1, 2);
	isup_group_cfg(a.group)->dialect = &dialect;
	isup_group_cfg(b.group)->dialect = &dialect;
	two_start();
	pass(1000);
	fake_bearer_install();
	take(wire);
	cot_ask(&a, 1, 0);
	pass(200);
	EXPECT_STR("LPA", take(wire), "A>CCR B>LPA A>REL B>RLC");
	expect_all_idle("LPA");
	/* no loop, no LPA, no tone */
	fake_bearer_refuses = true;
	cot_ask(&a, 1, 0);
	EXPECT_STR("no LPA", cot_state_of(&a, 1), "OUT_WAIT_LPA");
	pass(2100);
	EXPECT_STR("no LPA", take(wire), "A>CCR A>COT");
	fake_bearer_refuses = false;
	pass(5200);
	EXPECT_STR("LPA at T25", take(wire), "A>CCR B>LPA A>REL B>RLC");
	inject(&b, 1, "LPA");
	EXPECT_STR("LPA for nothing", take(wire), "B>LPA");
	expect_all_idle("LPA for nothing");
	cot_down();
}

/* ---- Sampling ---- */

static unsigned int checked_of(unsigned int calls, unsigned int percent)
{
	unsigned int i, n = 0;

	isup_group_cfg(a.group)->cot_percent = percent;
	for (i = 0; i < calls; i++) {
		struct isup_call *call = place(&a);

		n += fake_tones;
		pass(150);
		release(&a, call, 16);
	}
	take(wire);
	take(events);
	return n;
}

static void test_percent(void)
{
	cot_up(1, 2);
	EXPECT_INT("0 %", checked_of(10, 0), 0);
	EXPECT_INT("30 %", checked_of(10, 30), 3);
	EXPECT_INT("1 %", checked_of(99, 1), 0);
	EXPECT_INT("1 %", checked_of(1, 1), 1);
	EXPECT_INT("100 %", checked_of(5, 100), 5);
	expect_all_idle("percent");
	cot_down();
}

/* ---- Timers that remain ---- */

static void test_t36(void)
{
	cot_up(1, 2);
	inject(&a, 1, "CCR");
	pass_s(11);
	EXPECT_STR("T36", take(wire), "A>CCR");
	pass_s(2);
	EXPECT_STR("T36", take(wire), "B>RSC A>RLC");
	expect_all_idle("T36");
	/* CCR again: T36 again */
	inject(&a, 1, "CCR");
	pass_s(11);
	inject(&a, 1, "CCR");
	pass_s(11);
	EXPECT_STR("T36 again", take(wire), "A>CCR A>CCR");
	inject(&a, 1, "REL cause=16");
	expect_all_idle("T36 again");
	cot_down();
}

/* REL after a recheck is not answered: T1, T5, T17 */
static void test_t5(void)
{
	cot_up(1, 2);
	cot_ask(&a, 1, 0);
	cut_b = true;
	pass(200);
	EXPECT_STR("REL", take(wire), "A>CCR A>REL B>RLC");
	pass_s(16);
	EXPECT_STR("T1", take(wire), "A>REL B>RLC");
	pass_s(290);
	EXPECT(count_words(take(wire), "A>RSC") == 1);
	EXPECT_STR("T5", cot_state_of(&a, 1), "-");
	cut_b = false;
	pass_s(301);
	expect_all_idle("T17");
	cot_down();
}

int main(void)
{
	two_init();
	q784_1_4_1();
	q784_1_4_2();
	q784_1_4_3();
	q784_1_4_4();
	q784_1_4_5();
	q784_5_2_5();
	q784_6_1_1();
	q784_6_1_2();
	q784_6_1_3();
	q784_6_1_4();
	q784_6_1_5();
	test_bearer();
	test_without_bearer();
	test_lpa();
	test_percent();
	test_t36();
	test_t5();
	return expect_failures + two_end() > 0;
}
