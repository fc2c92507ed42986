/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Repeat attempts, Q.764 2.8.1, and what leads to them: dual seizure, overload; one call after another on a circuit. */

#include "isup/isup_call.h"
#include "isup/isup_priv.h"

#include "expect.h"
#include "isup_two.h"

/* ---- Why an attempt may be repeated: what A is told before a backward message ---- */

static const struct repeat_row {
	const char *text;
	uint8_t cause;			/* 44: on another circuit, 42: another way */
} repeat_rows[] = {
	{ "RSC", 44 },			/* 2.8.1 iii */
	{ "GRS range=1", 44 },
	{ "BLO", 44 },			/* 2.8.1 ii */
	{ "CGB cgs_type=0 range(range=1 status=0x03)", 44 },
	{ "CGB cgs_type=1 range(range=1 status=0x03)", 44 },
	{ "RES", 44 },			/* 2.8.1 v: unreasonable */
	{ "CPG", 44 },
	{ "ANM", 44 },
	{ "UCIC", 44 },			/* 2.12 */
	{ "OLM", 42 },			/* 2.9.9 */
};

static void test_reason(const struct repeat_row *row)
{
	struct isup_call *again;
	uint8_t cause;

	two_up(1, 4);
	place(&a);
	a.keep = true;
	a.failed = 0;
	inject(&b, 1, row->text);
	EXPECT_INT(row->text, a.failed, row->cause);
	EXPECT_INT(row->text, a.n_failed, 1);
	again = seize(&a, &cause);
	/* the user tries again before it is done with the first one */
	EXPECT(again && isup_call_cic(again) != 1);
	while (a.n_calls > 1)
		done(&a, a.calls[0]);
	two_free();
}

/* ---- Dual seizure, Q.764 2.9.1.4 ---- */

static const struct control_row {
	enum isup_control at_a, at_b;
	uint16_t cic;
	bool a_wins;
} control_rows[] = {
	{ ISUP_CONTROL_BY_POINT_CODE, ISUP_CONTROL_BY_POINT_CODE, 1, true },	/* 10 against 20: the odd ones */
	{ ISUP_CONTROL_BY_POINT_CODE, ISUP_CONTROL_BY_POINT_CODE, 2, false },
	{ ISUP_CONTROL_EVEN, ISUP_CONTROL_ODD, 1, false },
	{ ISUP_CONTROL_EVEN, ISUP_CONTROL_ODD, 2, true },
	{ ISUP_CONTROL_ALL, ISUP_CONTROL_NONE, 1, true },
	{ ISUP_CONTROL_ALL, ISUP_CONTROL_NONE, 2, true },
	{ ISUP_CONTROL_NONE, ISUP_CONTROL_ALL, 1, false },
};

/* Both IAMs are on their way; either may announce a continuity check. */
static void test_control(const struct control_row *row, const char *iam)
{
	struct end *winner = row->a_wins ? &a : &b, *loser = row->a_wins ? &b : &a;
	struct isup_call *call_a, *call_b;
	uint8_t cause;

	two_up(row->cic, row->cic);
	isup_group_cfg(a.group)->control = row->at_a;
	isup_group_cfg(b.group)->control = row->at_b;
	call_a = seize(&a, &cause);
	call_b = seize(&b, &cause);
	EXPECT_INT("IAM", send_text(call_a, iam), 0);
	EXPECT_INT("IAM", send_text(call_b, iam), 0);
	run();
	EXPECT_INT("winner failed", winner->n_failed, 0);
	EXPECT_INT("loser failed", loser->failed, 44);
	EXPECT_INT("calls", isup_call_count(a.isup) + isup_call_count(b.isup), 2);
	release(winner, row->a_wins ? call_a : call_b, 16);
	expect_all_idle("dual seizure");
	two_free();
}

/* ---- Temporary trunk blocking, Q.764 2.9.9 ---- */

static void test_olm(void)
{
	two_up(1, 2);
	place(&a);
	take(wire);
	take(events);
	inject(&b, 1, "OLM");
	EXPECT_STR("told", take(events), "A:FAILED(42)");
	EXPECT_INT("not idle", stats_of(&a).idle, 1);
	pass_s(118);
	EXPECT_STR("until T3", take(wire), "B>OLM");
	pass_s(4);
	EXPECT_STR("T3", take(wire), "A>REL B>RLC");
	EXPECT_STR("T3", take(events), "B:REL(42)");
	expect_all_idle("T3");
	/* the far end releases before that; or we reset the circuit */
	place(&a);
	take(wire);
	inject(&b, 1, "OLM");
	release(&b, b.calls[0], 42);
	EXPECT_STR("REL", take(wire), "B>OLM B>REL A>RLC");
	expect_all_idle("REL");
	/* after a backward message it means nothing any more */
	place(&a);
	send_text(b.calls[0], "ACM");
	run();
	take(events);
	inject(&b, 1, "OLM");
	EXPECT_STR("after ACM", take(events), "");
	two_free();
}

/* OLM sent, where the group does so: the far end releases at T3; if it does not, we do. */
static void test_olm_sent(void)
{
	two_up(1, 2);
	isup_group_cfg(b.group)->overload_message = true;
	isup_set_congestion(b.isup, 2);
	place(&a);
	EXPECT_STR("OLM", take(wire), "A>IAM B>OLM");
	EXPECT_STR("A may try it another way", take(events), "A:FAILED(42)");
	pass_s(121);
	EXPECT_STR("T3", take(wire), "A>REL B>RLC");
	expect_all_idle("T3");
	cut_b = true;
	inject(&a, 1, "IAM called=1");
	inject(&a, 1, "SAM subsequent=2");
	pass_s(301);
	EXPECT_STR("T5", take(wire), "A>IAM B>OLM A>SAM B>REL");
	cut_b = false;
	pass_s(16);
	EXPECT_STR("T1", take(wire), "B>REL A>RLC");
	expect_all_idle("T5");
	inject(&a, 1, "IAM cpc=priority called=1");
	EXPECT_STR("priority", take(events), "B:IAM");
	two_free();
}

/* ---- The far end begins a call while our user of the last one is not done ---- */

static struct isup_call *not_done(void)
{
	struct isup_call *call;

	two_up(1, 2);
	call = place(&a);
	send_text(b.calls[0], "CON");
	run();
	a.keep = true;
	isup_circuit_reset(a.group, 1);
	run();
	EXPECT_STR("reset", take(events), "B:IAM A:CON A:FAILED(41) B:FAILED(41)");
	EXPECT_INT("B is idle", stats_of(&b).idle, 2);
	return call;
}

static void test_next_call(void)
{
	struct isup_call *call = not_done();

	inject(&b, 1, "IAM called=1");
	inject(&b, 1, "SAM subsequent=2");
	EXPECT_STR("not yet", take(events), "");
	take(wire);
	forget(&a, call);
	isup_call_done(call);
	EXPECT_STR("not in the user's stack", take(events), "");
	run();
	EXPECT_STR("next", take(events), "A:IAM A:SAM");
	EXPECT_INT("CON", send_text(a.calls[0], "CON"), 0);
	a.keep = false;
	inject(&b, 1, "RSC");
	expect_all_idle("next call");
	two_free();
}

/* Ends before it has begun; with a check that must come first; the flood has a bound */
static void test_next_call_ends(void)
{
	struct isup_call *call = not_done();

	inject(&b, 1, "IAM called=1");
	inject(&b, 1, "REL cause=16");
	take(wire);
	done(&a, call);
	EXPECT_STR("RLC", take(wire), "A>RLC");
	EXPECT_STR("never told", take(events), "");
	expect_all_idle("ended");
	two_free();
	call = not_done();
	inject(&b, 1, "IAM nci(continuity=2) called=1");
	inject(&b, 1, "COT continuity(continuity=1)");
	done(&a, call);
	EXPECT_STR("after COT", take(events), "A:IAM");
	two_free();
	call = not_done();
	inject(&b, 1, "SAM subsequent=2");
	inject(&b, 1, "IAM called=1");
	isup_group_stop(a.group);
	done(&a, call);
	EXPECT_STR("stopped", take(events), "");
	two_free();
}

/* Q.764 2.8.2.1: it is the first one's bearer that is not free; all else is as on an idle circuit. */
static void test_next_call_blocked(void)
{
	struct isup_call *call = not_done();

	isup_circuit_block(b.group, 1, true);
	run();
	EXPECT_INT("blocked there", stats_of(&a).remote_blocked, 1);
	inject(&b, 1, "IAM called=1");
	EXPECT_INT("IAM lifts it", stats_of(&a).remote_blocked, 0);
	done(&a, call);
	EXPECT_STR("taken", take(events), "A:IAM");
	two_free();
	call = not_done();
	isup_circuit_block(a.group, 1, true);
	run();
	take(wire);
	inject(&b, 1, "IAM called=1");
	EXPECT_STR("blocked here", take(wire), "B>IAM A>BLO B>BLA");
	done(&a, call);
	EXPECT_STR("never told", take(events), "");
	two_free();
	call = not_done();
	isup_set_congestion(a.isup, 2);
	inject(&b, 1, "IAM called=1");
	take(wire);
	done(&a, call);
	run();
	EXPECT_STR("refused", take(wire), "A>REL B>RLC");
	two_free();
}

/* 2.8.2: blocking for maintenance does not keep test calls off; a hardware failure does. */
static void test_test_call(void)
{
	two_up(1, 2);
	isup_circuit_block(a.group, 1, true);
	isup_circuit_block(b.group, 1, true);
	run();
	take(wire);
	inject(&b, 1, "IAM cpc=test called=1");
	EXPECT_STR("taken", take(wire), "B>IAM");
	EXPECT_STR("told", take(events), "A:IAM");
	EXPECT_INT("blocked there all the same", stats_of(&a).remote_blocked, 1);
	release(&a, a.calls[0], 16);
	run();
	isup_group_block(a.group, 2, 2, ISUP_BLOCK_HARDWARE, true);
	run();
	take(wire);
	inject(&b, 2, "IAM cpc=test called=1");
	EXPECT_STR("hardware failure", take(events), "");
	two_free();
}

int main(void)
{
	unsigned int i;

	two_init();
	for (i = 0; i < ARRAY_SIZE(repeat_rows); i++)
		test_reason(&repeat_rows[i]);
	for (i = 0; i < ARRAY_SIZE(control_rows); i++) {
		test_control(&control_rows[i], "IAM called=1");
		test_control(&control_rows[i], "IAM nci(continuity=2) called=1");
	}
	test_olm();
	test_olm_sent();
	test_next_call();
	test_next_call_ends();
	test_next_call_blocked();
	test_test_call();
	return expect_failures + two_end() > 0;
}
