/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls between two user parts: set-up, release, timers, dual seizure, continuity, unexpected messages. */

#include "expect.h"
#include "isup_two.h"

/* ---- Set-up and release ---- */

static void test_basic_call(void)
{
	struct isup_call *call;

	two_up(1, 4);
	call = place(&a);
	EXPECT_STR("circuit", isup_call_name(call), "A/1");
	EXPECT_INT("at B", b.n_calls, 1);
	EXPECT_INT("ACM", send_text(b.calls[0], "ACM"), 0);
	run();
	EXPECT_INT("CPG", send_text(b.calls[0], "CPG"), 0);
	run();
	EXPECT_INT("ANM", send_text(b.calls[0], "ANM"), 0);
	run();
	EXPECT_STR("told", take(events), "B:IAM A:ACM A:CPG A:ANM");
	EXPECT_INT("busy", stats_of(&a).busy, 1);
	pass(600000);
	release(&a, call, 16);
	EXPECT_STR("told", take(events), "B:REL(16)");
	EXPECT_STR("sent", take(wire), "A>IAM B>ACM B>CPG B>ANM A>REL B>RLC");
	expect_all_idle("after the call");
	two_free();
}

static void test_connect_and_backward_release(void)
{
	two_up(1, 4);
	place(&a);
	EXPECT_INT("CON", send_text(b.calls[0], "CON"), 0);
	run();
	release(&b, b.calls[0], 16);
	EXPECT_STR("told", take(events), "B:IAM A:CON A:REL(16)");
	EXPECT_STR("sent", take(wire), "A>IAM B>CON B>REL A>RLC");
	expect_all_idle("after the call");
	two_free();
}

/* Who releases when, after which messages of B */
static const struct release_row {
	const char *backward[2];
	bool by_caller;
	const char *told;
} release_rows[] = {
	{ { NULL }, true, "B:IAM B:REL(31)" },
	{ { NULL }, false, "B:IAM A:REL(31)" },
	{ { "ACM" }, true, "B:IAM A:ACM B:REL(31)" },
	{ { "ACM" }, false, "B:IAM A:ACM A:REL(31)" },
	{ { "ACM", "ANM" }, true, "B:IAM A:ACM A:ANM B:REL(31)" },
	{ { "ACM", "ANM" }, false, "B:IAM A:ACM A:ANM A:REL(31)" },
	{ { "CON" }, true, "B:IAM A:CON B:REL(31)" },
	{ { "CON" }, false, "B:IAM A:CON A:REL(31)" },
};

static void test_release(const struct release_row *row)
{
	struct isup_call *call;
	unsigned int i;

	two_up(1, 2);
	call = place(&a);
	for (i = 0; i < ARRAY_SIZE(row->backward) && row->backward[i]; i++)
		EXPECT_INT(row->backward[i], send_text(b.calls[0], row->backward[i]), 0);
	run();
	if (row->by_caller)
		release(&a, call, 31);
	else
		release(&b, b.calls[0], 31);
	EXPECT_STR("told", take(events), row->told);
	expect_all_idle(row->told);
	two_free();
}

/* Q.764 2.3.1: REL from both ends at once; each answers the other */
static void test_crossing_rel(void)
{
	struct isup_call *call_a, *call_b;

	two_up(1, 2);
	call_a = place(&a);
	call_b = b.calls[0];
	send_text(call_b, "CON");
	run();
	take(events);
	take(wire);
	forget(&a, call_a);
	forget(&b, call_b);
	isup_call_release(call_a, 16, ISUP_LOC_USER);
	isup_call_release(call_b, 17, ISUP_LOC_USER);
	run();
	EXPECT_STR("told", take(events), "");
	EXPECT_STR("sent", take(wire), "A>REL B>REL A>RLC B>RLC");
	expect_all_idle("after crossing REL");
	two_free();
}

/* RLC waits for the user's bearer. */
static void test_done_later(void)
{
	struct isup_call *call;

	two_up(1, 2);
	b.keep = true;
	call = place(&a);
	release(&a, call, 16);
	EXPECT_STR("sent", take(wire), "A>IAM A>REL");
	EXPECT_INT("A waits", isup_call_count(a.isup), 1);
	done(&b, b.calls[0]);
	EXPECT_STR("sent", take(wire), "B>RLC");
	expect_all_idle("after done");
	two_free();
}

/* What the SAP does not allow */
static void test_not_allowed(void)
{
	struct isup_call *call;
	uint8_t cause;

	two_up(1, 2);
	call = seize(&a, &cause);
	EXPECT_INT("ACM before IAM", send_text(call, "ACM"), -EPROTO);
	EXPECT_INT("IAM", send_text(call, "IAM called=1234"), 0);
	EXPECT_INT("second IAM", send_text(call, "IAM called=1234"), -EPROTO);
	EXPECT_INT("ANM forward", send_text(call, "ANM"), -EPROTO);
	EXPECT_INT("RLC", send_text(call, "RLC"), -EPROTO);
	run();
	EXPECT_INT("ANM before ACM", send_text(b.calls[0], "ANM"), -EPROTO);
	EXPECT_INT("CPG before ACM", send_text(b.calls[0], "CPG"), -EPROTO);
	EXPECT_STR("sent", take(wire), "A>IAM");
	release(&a, call, 16);
	/* a seized circuit without IAM is given back without a message */
	take(wire);
	call = seize(&a, &cause);
	release(&a, call, 16);
	EXPECT_STR("sent", take(wire), "");
	expect_all_idle("after all");
	two_free();
}

/* A user may act within an indication, also on other calls. */
static void test_refuse_in_callback(void)
{
	two_up(1, 2);
	b.refuse = true;
	place(&a);
	EXPECT_STR("told", take(events), "B:IAM A:REL(17)");
	expect_all_idle("refused");
	b.refuse = false;
	b.accept = true;
	release(&a, place(&a), 16);
	EXPECT_STR("told", take(events), "B:IAM A:ACM A:ANM B:REL(16)");
	expect_all_idle("accepted");
	two_free();
}

static void test_overlap(void)
{
	struct isup_call *call;

	two_up(1, 2);
	call = place(&a);
	pass(20000);
	EXPECT_INT("SAM", send_text(call, "SAM"), 0);
	pass(20000);	/* T7 started anew */
	EXPECT_STR("told", take(events), "B:IAM B:SAM");
	pass(6000);
	EXPECT_STR("told", take(events), "A:FAILED(102) B:REL(102)");
	expect_all_idle("after T7");
	two_free();
}

/* ---- Timers ---- */

static void test_t7(void)
{
	two_up(1, 2);
	place(&a);
	pass(24900);
	EXPECT_STR("told", take(events), "B:IAM");
	pass(200);
	EXPECT_STR("told", take(events), "A:FAILED(102) B:REL(102)");
	EXPECT_STR("sent", take(wire), "A>IAM A>REL B>RLC");
	expect_all_idle("after T7");
	two_free();
}

static void test_t9(void)
{
	two_up(1, 2);
	isup_group_cfg(a.group)->timer_ms[ISUP_T9] = 90000;
	place(&a);
	send_text(b.calls[0], "ACM");
	pass(89900);
	EXPECT_STR("told", take(events), "B:IAM A:ACM");
	pass(200);
	EXPECT_STR("told", take(events), "A:FAILED(19) B:REL(19)");
	expect_all_idle("after T9");
	two_free();
}

/* Q.764 2.9.6: REL every T1 until T5, then RSC every T17 until RLC */
static void test_t1_t5(void)
{
	struct isup_call *call;
	const char *sent;

	two_up(1, 2);
	call = place(&a);
	send_text(b.calls[0], "CON");
	run();
	take(wire);
	cut_a = true;
	release(&a, call, 16);
	pass(299900);
	sent = take(wire);
	EXPECT_INT("REL", count_words(sent, "A>REL"), 20);
	EXPECT_INT("RSC", count_words(sent, "A>RSC"), 0);
	EXPECT_INT("calls at A", isup_call_count(a.isup), 1);
	pass(200);
	EXPECT_STR("sent", take(wire), "A>REL A>RSC");	/* T1 and T5 together */
	EXPECT_INT("resetting", stats_of(&a).resetting, 1);
	pass(299800);
	EXPECT_STR("no T16", take(wire), "");
	cut_a = false;
	pass(400);
	EXPECT_STR("sent", take(wire), "A>RSC B>RLC");
	EXPECT_STR("told", take(events), "B:IAM A:CON B:FAILED(41)");
	expect_all_idle("after T5");
	two_free();
}

/* A REL longer than a cause is repeated whole. */
static void test_t1_long_rel(void)
{
	two_up(1, 2);
	place(&a);
	cut_a = true;
	forget(&a, a.calls[0]);
	EXPECT_INT("REL", send_text(a.latest ? a.latest : a.calls[0], "REL cause=16"), 0);
	pass(15000);
	EXPECT_STR("sent", take(wire), "A>IAM A>REL A>REL");
	cut_a = false;
	pass(15000);
	expect_all_idle("after T1");
	two_free();
}

/* ---- Dual seizure, Q.764 2.9.1 ---- */

static void dual_seizure(uint16_t cic, struct end *winner, struct end *loser, const char *told)
{
	struct isup_call *call_w, *call_l;
	uint8_t cause;

	two_up(cic, cic);
	call_w = seize(winner, &cause);
	call_l = seize(loser, &cause);
	EXPECT_INT("IAM", send_text(call_l, "IAM called=1"), 0);
	EXPECT_INT("IAM", send_text(call_w, "IAM called=2"), 0);
	run();
	EXPECT_STR("told", take(events), told);
	EXPECT_INT("loser failed", loser->failed, 44);
	EXPECT_INT("winner failed", winner->n_failed, 0);
	EXPECT_INT("loser's calls", loser->n_calls, 1);
	EXPECT_INT("CON", send_text(loser->calls[0], "CON"), 0);
	run();
	release(winner, call_w, 16);
	expect_all_idle("after dual seizure");
	two_free();
}

/* The loser's user keeps its bearer while the other call goes on, and is stopped so. */
static void test_dual_seizure_not_done(void)
{
	struct isup_call *lost;
	uint8_t cause;

	two_up(1, 1);	/* A controls 1 */
	b.keep = true;
	lost = seize(&b, &cause);
	send_text(lost, "IAM called=1");
	send_text(seize(&a, &cause), "IAM called=2");
	run();
	EXPECT_STR("told", take(events), "B:FAILED(44) B:IAM");
	EXPECT_INT("calls at B", isup_call_count(b.isup), 2);
	isup_group_stop(b.group);
	EXPECT_STR("told", take(events), "B:FAILED(27)");
	EXPECT_INT("calls at B", isup_call_count(b.isup), 2);
	EXPECT(!isup_call_group(lost));
	done(&b, lost);
	done(&b, b.calls[0]);
	EXPECT_INT("calls at B", isup_call_count(b.isup), 0);
	two_free();
}

/* ---- Continuity, Q.764 2.1.8 ---- */

#define IAM_COT "IAM nci(continuity=1) called=1234"

static void test_continuity(void)
{
	two_up(1, 2);
	inject(&a, 1, IAM_COT);
	EXPECT_STR("not yet", take(events), "");
	EXPECT_INT("busy", stats_of(&b).busy, 1);
	inject(&a, 1, "SAM");
	inject(&a, 1, "COT continuity(continuity=1)");
	EXPECT_STR("told", take(events), "B:IAM B:SAM");
	inject(&a, 1, "REL cause=16");
	EXPECT_STR("told", take(events), "B:REL(16)");
	/* failed */
	inject(&a, 1, IAM_COT);
	inject(&a, 1, "COT continuity(continuity=0)");
	EXPECT_STR("told", take(events), "");
	EXPECT_INT("out of service until CCR", stats_of(&b).checking, 1);
	inject(&a, 1, "REL cause=16");
	expect_all_idle("after COT, failed");
	/* the user refuses between what was held */
	b.refuse = true;
	inject(&a, 1, IAM_COT);
	inject(&a, 1, "SAM");
	inject(&a, 1, "COT continuity(continuity=1)");
	EXPECT_STR("told", take(events), "B:IAM");
	inject(&a, 1, "RLC");
	expect_all_idle("after COT, refused");
	two_free();
}

/* What the far end makes us keep has a bound. */
static void test_continuity_flood(void)
{
	unsigned int i;

	two_up(1, 2);
	inject(&a, 1, IAM_COT);
	for (i = 0; i < 500; i++)
		inject(&a, 1, "SAM");
	inject(&a, 1, "COT continuity(continuity=1)");
	EXPECT_INT("kept", count_words(take(events), "B:SAM"), 31);
	inject(&a, 1, "REL cause=16");
	EXPECT_STR("told", take(events), "B:REL(16)");
	expect_all_idle("after the flood");
	two_free();
}

static void test_t8(void)
{
	two_up(1, 2);
	inject(&a, 1, IAM_COT);
	take(wire);
	pass(12100);
	EXPECT_STR("told", take(events), "");
	EXPECT_STR("sent", take(wire), "B>REL A>RLC");
	expect_all_idle("after T8");
	two_free();
}

/* ---- Unexpected and unrecognised, Q.764 2.9.5 ---- */

/* What B does with a message on an idle circuit, and then */
static const struct idle_row {
	const char *text, *sent, *told;
} idle_rows[] = {
	{ "REL cause=16", "A>REL B>RLC", "" },
	{ "RLC", "A>RLC", "" },
	{ "ACM", "A>ACM B>RSC A>RLC", "" },
	{ "ANM", "A>ANM B>RSC A>RLC", "" },
	{ "CPG", "A>CPG B>RSC A>RLC", "" },
	{ "CON", "A>CON B>RSC A>RLC", "" },
	{ "SAM", "A>SAM B>RSC A>RLC", "" },
	{ "RSC", "A>RSC B>RLC", "" },
	{ "BLA", "A>BLA B>UBL A>UBA", "" },
	{ "UBA", "A>UBA", "" },
	{ "UBL", "A>UBL B>UBA", "" },
	{ "CFN cause=97", "A>CFN", "" },
	{ "GRA range(range=1 status=0x00)", "A>GRA", "" },
	{ "GRS range=40", "A>GRS", "" },	/* Q.784.1 1.2.5: more than 32 circuits */
	{ "GRS range=1", "A>GRS B>GRA", "" },
	{ "GRS range=9", "A>GRS", "" },		/* not all equipped */
};

static void test_idle(const struct idle_row *row)
{
	two_up(1, 4);
	inject(&a, 1, row->text);
	EXPECT_STR(row->text, take(wire), row->sent);
	EXPECT_STR(row->text, take(events), row->told);
	expect_all_idle(row->text);
	/* the circuit can be used */
	release(&a, place(&a), 16);
	expect_all_idle(row->text);
	two_free();
}

/* B's answer to a message that comes in a call of A's, before (rings false) and after ACM */
static const struct busy_row {
	const char *text;
	bool acm;
	const char *sent, *told;
} busy_rows[] = {
	{ "ACM", false, "A>ACM B>RSC A>RLC", "B:FAILED(41) A:FAILED(44)" },
	{ "IAM called=1", false, "A>IAM B>RSC A>RLC", "B:FAILED(41) A:FAILED(44)" },
	{ "RLC", false, "A>RLC B>REL A>RLC", "B:FAILED(41) A:REL(41)" },
	{ "RLC", true, "A>RLC B>REL A>RLC", "B:FAILED(41) A:REL(41)" },
	{ "RSC", true, "A>RSC B>RLC A>REL B>RLC", "B:FAILED(41) A:FAILED(41)" },
	{ "IAM called=1", true, "A>IAM", "" },
	{ "ACM", true, "A>ACM", "" },
	{ "SAM", true, "A>SAM", "" },
	{ "INF", true, "A>INF", "B:INF" },
	{ "BLO", true, "A>BLO B>BLA A>UBL B>UBA", "" },
};

static void test_busy(const struct busy_row *row)
{
	struct isup_call *call;

	two_up(1, 1);
	call = place(&a);
	if (row->acm)
		send_text(b.calls[0], "ACM");
	run();
	take(wire);
	take(events);
	inject(&a, 1, row->text);
	EXPECT_STR(row->text, take(wire), row->sent);
	EXPECT_STR(row->text, take(events), row->told);
	if (a.n_calls)
		release(&a, call, 16);
	expect_all_idle(row->text);
	two_free();
}

/* A message of B's before any other backward message */
static void test_before_backward(void)
{
	two_up(1, 1);
	place(&a);
	take(wire);
	inject(&b, 1, "CPG");
	EXPECT_STR("CPG first", take(wire), "B>CPG A>RSC B>RLC");
	EXPECT_STR("CPG first", take(events), "B:IAM A:FAILED(44) B:FAILED(41)");
	expect_all_idle("CPG first");
	/* Q.764 2.8.2.1: BLO instead of a backward message */
	place(&a);
	take(wire);
	inject(&b, 1, "BLO");
	EXPECT_STR("BLO first", take(wire), "B>BLO A>BLA A>REL B>UBL A>UBA B>RLC");
	EXPECT_STR("BLO first", take(events), "B:IAM A:FAILED(44) B:REL(44)");
	expect_all_idle("BLO first");
	/* Q.764 2.12 */
	place(&a);
	take(wire);
	take(events);
	inject(&b, 1, "UCIC");
	EXPECT_STR("UCIC", take(events), "A:FAILED(44)");
	EXPECT_INT("unequipped", stats_of(&a).unequipped, 1);
	EXPECT_INT("reset", isup_circuit_reset(a.group, 1), 0);
	run();
	expect_all_idle("UCIC, then reset by hand");
	two_free();
}

static void send_hex(struct end *end, uint16_t cic, const char *hex)
{
	uint8_t octets[64];
	int len = osmo_hexparse(hex, octets, sizeof(octets));

	EXPECT_INT(hex, isup_circuit_send_octets(end->group, cic, octets, len), 0);
	run();
}

static void test_unrecognised(void)
{
	two_up(1, 1);
	send_hex(&a, 1, "fa00");			/* no compatibility information: CFN */
	EXPECT_STR("plain", take(wire), "A>MSG-0xfa B>CFN");
	send_hex(&a, 1, "fa01380188 00");		/* discard, no notification */
	EXPECT_STR("discard", take(wire), "A>MSG-0xfa");
	send_hex(&a, 1, "fa0138018c00");		/* discard and notify */
	EXPECT_STR("notify", take(wire), "A>MSG-0xfa B>CFN");
	send_hex(&a, 1, "1c0100");			/* of 1988: it can be read, no more */
	EXPECT_STR("CMR", take(wire), "A>CMR B>CFN");
	send_hex(&a, 1, "2701380188 00");		/* the instructions are obeyed */
	EXPECT_STR("DRS", take(wire), "A>DRS");
	place(&a);
	take(wire);
	take(events);
	send_hex(&a, 1, "fa0138018200");		/* release call */
	EXPECT_STR("release", take(wire), "A>MSG-0xfa B>REL A>RLC");
	EXPECT_STR("release", take(events), "B:FAILED(97) A:REL(97)");
	send_hex(&a, 1, "01");				/* IAM without a mandatory part */
	send_hex(&a, 1, "0c02");
	send_hex(&a, 1, "faff3801");
	take(wire);
	expect_all_idle("unrecognised");
	two_free();
}

/* Q.764 2.9.3.3: the far end discards a GRS that names a circuit which it does not have. It is said again at T23; when
 * maintenance intervenes, RSC brings the others up. */
static void test_unknown_cic_in_range(void)
{
	unsigned int cic;
	char err[64];

	two_alloc(1, 4);
	EXPECT_INT("add", isup_group_add_cics(a.group, 5, 5, err, sizeof(err)), 0);
	two_start();
	pass(3000);
	take(wire);
	for (cic = 2; cic <= 5; cic++)
		isup_circuit_reset(a.group, cic);
	pass(299900);
	EXPECT_INT("T22", count_words(take(wire), "A>GRS"), 20);
	pass(200);
	take(wire);
	pass(299700);
	EXPECT_STR("no T22 any more", take(wire), "");
	pass(300);
	EXPECT_STR("T23", take(wire), "A>GRS");
	EXPECT_INT("idle", stats_of(&a).idle, 1);
	EXPECT_INT("reset", isup_circuit_reset(a.group, 3), 0);
	pass(1000);
	EXPECT_INT("RSC for each", count_words(take(wire), "A>RSC"), 4);
	EXPECT_INT("unequipped", stats_of(&a).unequipped, 1);
	EXPECT_INT("idle", stats_of(&a).idle, 4);
	two_free();
}

/* Q.764 2.12: a circuit that only one end has */
static void test_unknown_cic(void)
{
	char err[64];

	two_alloc(1, 4);
	EXPECT_INT("add", isup_group_add_cics(a.group, 9, 9, err, sizeof(err)), 0);
	two_start();
	pass(2000);
	EXPECT_INT("unequipped", stats_of(&a).unequipped, 1);
	EXPECT_INT("idle", stats_of(&a).idle, 4);
	take(wire);
	inject(&a, 9, "IAM called=1");
	EXPECT_STR("IAM", take(wire), "A>IAM B>UCIC");
	inject(&a, 9, "ACM");
	EXPECT_STR("ACM", take(wire), "A>ACM");
	EXPECT_STR("nobody told", take(events), "");
	two_free();
}

static void test_own_rows(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(release_rows); i++)
		test_release(&release_rows[i]);
	for (i = 0; i < ARRAY_SIZE(idle_rows); i++)
		test_idle(&idle_rows[i]);
	for (i = 0; i < ARRAY_SIZE(busy_rows); i++)
		test_busy(&busy_rows[i]);
}

int main(void)
{
	two_init();
	test_basic_call();
	test_connect_and_backward_release();
	test_crossing_rel();
	test_done_later();
	test_not_allowed();
	test_refuse_in_callback();
	test_overlap();
	test_t7();
	test_t9();
	test_t1_t5();
	test_t1_long_rel();
	dual_seizure(1, &a, &b, "B:FAILED(44) B:IAM");
	dual_seizure(2, &b, &a, "A:FAILED(44) A:IAM");
	test_dual_seizure_not_done();
	test_continuity();
	test_continuity_flood();
	test_t8();
	test_own_rows();
	test_before_backward();
	test_unrecognised();
	test_unknown_cic();
	test_unknown_cic_in_range();
	return expect_failures + two_end() > 0;
}
