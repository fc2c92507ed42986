/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suspend and resume, Q.764 2.4: both directions, both initiators, T2, T6 and T38. */

#include "isup/isup_call.h"
#include "isup/isup_priv.h"

#include "expect.h"
#include "isup_two.h"

/* An answered call of A's; each end's */
static void answered(struct isup_call **call_a, struct isup_call **call_b)
{
	two_up(1, 2);
	*call_a = place(&a);
	*call_b = b.calls[0];
	send_text(*call_b, "CON");
	run();
	take(events);
	take(wire);
}

static void over(struct isup_call *call_a, const char *what)
{
	release(&a, call_a, 16);
	expect_all_idle(what);
	two_free();
}

/* Q.784.1 3.5, 3.7: the called side, for itself and for the network, each on its own */
static void test_called_side(void)
{
	struct isup_call *call_a, *call_b;

	answered(&call_a, &call_b);
	send_text(call_b, "SUS suspend_resume=network");
	run();
	send_text(call_b, "SUS suspend_resume=subscriber");
	run();
	EXPECT_INT("state at A", call_a->fi->state, ISUP_CPC_ST_OUT_SUSPENDED);
	EXPECT_INT("state at B", call_b->fi->state, ISUP_CPC_ST_IN_SUSPENDED);
	EXPECT(isup_timers_running(&call_a->timers, ISUP_T2) && isup_timers_running(&call_a->timers, ISUP_T6));
	send_text(call_b, "RES suspend_resume=network");
	run();
	EXPECT(isup_timers_running(&call_a->timers, ISUP_T2) && !isup_timers_running(&call_a->timers, ISUP_T6));
	EXPECT_INT("state at A", call_a->fi->state, ISUP_CPC_ST_OUT_SUSPENDED);
	send_text(call_b, "RES suspend_resume=subscriber");
	run();
	EXPECT_INT("state at A", call_a->fi->state, ISUP_CPC_ST_OUT_ANSWERED);
	EXPECT_INT("state at B", call_b->fi->state, ISUP_CPC_ST_IN_ANSWERED);
	EXPECT_STR("told", take(events), "A:SUS A:SUS A:RES A:RES");
	pass_s(300);
	EXPECT_STR("goes on", take(events), "");
	over(call_a, "called side");
}

/* Q.784.1 3.6: the calling side; the called end times nothing */
static void test_calling_side(void)
{
	struct isup_call *call_a, *call_b;

	answered(&call_a, &call_b);
	EXPECT_INT("SUS", send_text(call_a, "SUS suspend_resume=subscriber"), 0);
	run();
	EXPECT_INT("state at A", call_a->fi->state, ISUP_CPC_ST_OUT_SUSPENDED);
	EXPECT_INT("state at B", call_b->fi->state, ISUP_CPC_ST_IN_SUSPENDED);
	pass_s(300);
	EXPECT_INT("RES", send_text(call_a, "RES suspend_resume=subscriber"), 0);
	run();
	EXPECT_STR("told", take(events), "B:SUS B:RES");
	EXPECT_INT("state at B", call_b->fi->state, ISUP_CPC_ST_IN_ANSWERED);
	over(call_a, "calling side");
}

/* Q.764 2.4.3 */
static const struct expiry_row {
	const char *sus;
	bool international;
	unsigned int s;
	const char *told;
} expiry_rows[] = {
	{ "SUS suspend_resume=subscriber", false, 180, "A:SUS A:FAILED(102) B:REL(102)" },
	{ "SUS suspend_resume=network", false, 60, "A:SUS A:FAILED(16) B:REL(16)" },
	/* T38, of the incoming international exchange, before a T6 that is longer */
	{ "SUS suspend_resume=network", true, 100, "A:SUS B:FAILED(102) A:REL(102)" },
};

static void test_expiry(const struct expiry_row *row)
{
	struct isup_call *call_a, *call_b;

	answered(&call_a, &call_b);
	isup_group_cfg(b.group)->international = row->international;
	if (row->international) {
		isup_group_cfg(a.group)->timer_ms[ISUP_T6] = 120000;
		isup_group_cfg(b.group)->timer_ms[ISUP_T38] = 100000;
	}
	send_text(call_b, row->sus);
	pass_s(row->s - 1);
	EXPECT_STR(row->sus, take(events), "A:SUS");
	take(wire);
	pass_s(2);
	EXPECT_STR(row->sus, take(events), row->told + strlen("A:SUS "));
	expect_all_idle(row->sus);
	two_free();
}

/* What is not expected is discarded, Q.764 2.9.5.1, and the call goes on; before an answer it is not legal. */
static void test_unexpected(void)
{
	struct isup_call *call_a, *call_b;

	answered(&call_a, &call_b);
	inject(&b, 1, "RES suspend_resume=subscriber");
	inject(&b, 1, "SUS suspend_resume=subscriber");
	inject(&b, 1, "SUS suspend_resume=subscriber");
	inject(&b, 1, "RES suspend_resume=network");
	EXPECT_STR("told", take(events), "A:SUS");
	inject(&b, 1, "REL cause=16");
	EXPECT_STR("a REL ends it", take(events), "A:REL(16) B:FAILED(41)");
	expect_all_idle("unexpected");
	call_a = place(&a);
	send_text(b.calls[0], "ACM");
	run();
	EXPECT_INT("SUS before answer", send_text(call_a, "SUS"), -EPROTO);
	inject(&b, 1, "SUS suspend_resume=subscriber");
	EXPECT_STR("SUS before answer", take(events), "B:IAM A:ACM");
	release(&a, call_a, 16);
	/* Q.784.1 6.2.5: before a backward message */
	place(&a);
	take(wire);
	inject(&b, 1, "RES");
	EXPECT_STR("RES first", take(wire), "B>RES A>RSC B>RLC");
	expect_all_idle("RES first");
	two_free();
}

/* Q.767: by the network only, in either direction */
static void test_network_only(void)
{
	struct isup_call *call_b;

	two_alloc(1, 2);
	isup_group_cfg(a.group)->dialect = isup_group_cfg(b.group)->dialect = isup_dialect_find("q767");
	two_start();
	pass(1000);
	place(&a);
	call_b = b.calls[0];
	EXPECT_INT("CON", send_text(call_b, "CON"), 0);
	EXPECT_INT("subscriber", send_text(call_b, "SUS suspend_resume=subscriber"), -EPROTO);
	EXPECT_INT("network", send_text(call_b, "SUS suspend_resume=network"), 0);
	run();
	release(&b, call_b, 16);
	expect_all_idle("network only");
	two_free();
}

int main(void)
{
	unsigned int i;

	two_init();
	test_called_side();
	test_calling_side();
	for (i = 0; i < ARRAY_SIZE(expiry_rows); i++)
		test_expiry(&expiry_rows[i]);
	test_unexpected();
	test_network_only();
	return expect_failures + two_end() > 0;
}
