/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Supervision of circuits by groups, by either end: CGB, CGU, CQM. Names of tests are those of Q.784.1. */

#include "isup/isup_priv.h"

#include "expect.h"
#include "isup_two.h"

/* "1:mh/h 2:-/m": who blocks a circuit for what, here/there; circuits that nobody blocks are left out */
static char blocked_text[512];

static void note_blocked(const struct isup_circuit_info *info, void *data)
{
	size_t len = strlen(blocked_text);

	if (!info->local_blocked && !info->local_failed && !info->remote_blocked && !info->remote_failed)
		return;
	snprintf(blocked_text + len, sizeof(blocked_text) - len, "%s%u:%s%s/%s%s", len ? " " : "", info->cic,
		 info->local_blocked ? "m" : "", info->local_failed ? "h" : "",
		 info->remote_blocked ? "m" : "", info->remote_failed ? "h" : "");
}

static const char *blocked_of(const struct end *end)
{
	blocked_text[0] = '\0';
	isup_group_for_each_circuit(end->group, note_blocked, NULL);
	return blocked_text;
}

/* Until all is said, at the pace of the queue */
static int block(struct end *end, uint16_t first, uint16_t last, enum isup_block_kind kind, bool on)
{
	int rc = isup_group_block(end->group, first, last, kind, on);
	unsigned int i;

	run();
	for (i = 0; i < 20 && isup_group_dest_state(end->group) == ISUP_DEST_AVAILABLE &&
	     end->group->dest->n_to_reset; i++)
		pass(50);
	return rc;
}

/* Q.784.1 1.3.1.1a, c, e: CGB and CGU received; a range that is not legal is discarded */
static void test_1_3_1_1(void)
{
	two_up(1, 70);
	cut_a = true;	/* B would contradict what it did not ask for */
	inject(&b, 1, "CGB cgs_type=maintenance range(range=2 status=0x05)");
	inject(&b, 1, "CGU cgs_type=maintenance range(range=2 status=0x05)");
	EXPECT_STR("1.3.1.1a", take(wire), "B>CGB A>CGBA B>CGU A>CGUA");
	inject(&b, 1, "CGB cgs_type=maintenance range(range=32 status=0xffffffff01)");
	inject(&b, 1, "CGU cgs_type=maintenance range(range=32 status=0xffffffff01)");
	EXPECT_STR("1.3.1.1c", take(wire), "B>CGB B>CGU");
	inject(&b, 1, "CGB cgs_type=hardware range(range=0 status=0x01)");
	inject(&b, 1, "CGU cgs_type=hardware range(range=0 status=0x01)");
	EXPECT_STR("1.3.1.1e", take(wire), "B>CGB B>CGU");
	EXPECT_STR("nothing came of it", blocked_of(&a), "");
	/* Q.763 3.43: the range may be longer, no more than 32 circuits may have a status */
	inject(&b, 1, "CGB cgs_type=maintenance range(range=69 status=0x010000000000000020)");
	EXPECT_STR("long", take(wire), "B>CGB A>CGBA");
	EXPECT_STR("long", blocked_of(&a), "1:/m 70:/m");
	/* circuits that are not there matter only where they have a status */
	inject(&b, 70, "CGU cgs_type=maintenance range(range=3 status=0x03)");
	EXPECT_STR("not equipped", take(wire), "B>CGU");
	inject(&b, 70, "CGU cgs_type=maintenance range(range=3 status=0x01)");
	EXPECT_STR("equipped", take(wire), "B>CGU A>CGUA");
	EXPECT_STR("equipped", blocked_of(&a), "1:/m");
	inject(&b, 1, "CGB cgs_type(type=2) range(range=2 status=0x05)");
	EXPECT_STR("type", take(wire), "B>CGB");
	two_free();
}

/* Q.784.1 1.3.1.2a: CGB and CGU sent, maintenance oriented */
static void test_1_3_1_2(void)
{
	struct isup_call *call;
	uint8_t cause;

	two_up(1, 70);
	call = place(&a);
	send_text(b.calls[0], "CON");
	run();
	take(wire);
	take(events);
	EXPECT_INT("block", block(&a, 1, 3, ISUP_BLOCK_MAINTENANCE, true), 3);
	EXPECT_STR("CGB", take(wire), "A>CGB B>CGBA");
	EXPECT_STR("here", blocked_of(&a), "1:m/ 2:m/ 3:m/");
	EXPECT_STR("there", blocked_of(&b), "1:/m 2:/m 3:/m");
	EXPECT_STR("the call goes on", take(events), "");
	release(&a, call, 16);
	call = place(&a);
	EXPECT_INT("not seized", isup_call_cic(call), 4);
	release(&a, call, 16);
	take(wire);
	/* what is blocked already is not said again; one circuit has BLO */
	EXPECT_INT("block", block(&a, 1, 4, ISUP_BLOCK_MAINTENANCE, true), 4);
	EXPECT_STR("BLO", take(wire), "A>BLO B>BLA");
	EXPECT_INT("unblock", block(&a, 1, 100, ISUP_BLOCK_MAINTENANCE, false), 70);
	EXPECT_STR("CGU", take(wire), "A>CGU B>CGUA");
	EXPECT_INT("all", block(&a, 1, 70, ISUP_BLOCK_MAINTENANCE, true), 70);
	EXPECT_INT("32 at a time", count_words(take(wire), "A>CGB"), 3);
	EXPECT_INT("all", stats_of(&b).remote_blocked, 70);
	EXPECT(!seize(&b, &cause) && cause == 34);
	block(&a, 1, 70, ISUP_BLOCK_MAINTENANCE, false);
	EXPECT_INT("none", block(&a, 71, 90, ISUP_BLOCK_MAINTENANCE, true), -ENOENT);
	expect_all_idle("1.3.1.2a");
	two_free();
}

/* Hardware failure oriented: calls are lost at both ends at once, nothing is sent for them */
static void test_hardware(void)
{
	two_up(1, 4);
	a.keep = b.keep = true;
	place(&a);
	place(&a);
	send_text(b.calls[1], "CON");
	run();
	take(wire);
	take(events);
	EXPECT_INT("block", block(&a, 1, 3, ISUP_BLOCK_HARDWARE, true), 3);
	EXPECT_STR("CGB", take(wire), "A>CGB B>CGBA");
	pass(100);
	EXPECT_INT("A's users know", a.n_failed, 2);
	EXPECT_INT("B's users know", b.n_failed, 2);
	done(&a, a.calls[0]);
	done(&a, a.calls[0]);
	done(&b, b.calls[0]);
	done(&b, b.calls[0]);
	EXPECT_STR("no REL, no RLC", take(wire), "");
	EXPECT_STR("here", blocked_of(&a), "1:h/ 2:h/ 3:h/");
	/* both kinds are kept apart */
	block(&a, 1, 2, ISUP_BLOCK_MAINTENANCE, true);
	block(&a, 1, 3, ISUP_BLOCK_HARDWARE, false);
	EXPECT_STR("kinds", take(wire), "A>CGB B>CGBA A>CGU B>CGUA");
	EXPECT_STR("there", blocked_of(&b), "1:/m 2:/m");
	block(&a, 1, 1, ISUP_BLOCK_MAINTENANCE, false);
	EXPECT_STR("UBL", take(wire), "A>UBL B>UBA");
	block(&a, 2, 2, ISUP_BLOCK_MAINTENANCE, false);
	take(wire);
	/* one circuit: its message covers a neighbour, whose status is 0 */
	block(&a, 4, 4, ISUP_BLOCK_HARDWARE, true);
	EXPECT_STR("one", take(wire), "A>CGB B>CGBA");
	EXPECT_STR("one", blocked_of(&b), "4:/h");
	block(&a, 4, 4, ISUP_BLOCK_HARDWARE, false);
	expect_all_idle("hardware");
	two_free();
}

/* Q.784.1 1.3.2.5: what CGB blocked UBL unblocks, and an IAM of the far end does */
static void test_1_3_2_5(void)
{
	struct isup_call *call;

	two_up(1, 3);
	cut_a = true;	/* B would contradict what it did not ask for */
	inject(&b, 1, "CGB cgs_type=maintenance range(range=2 status=0x07)");
	EXPECT_STR("CGB", blocked_of(&a), "1:/m 2:/m 3:/m");
	inject(&b, 1, "UBL");
	cut_a = false;
	call = place(&a);
	send_text(b.calls[0], "ACM");
	send_text(b.calls[0], "ANM");
	run();
	release(&a, call, 16);
	cut_a = true;
	inject(&b, 1, "CGU cgs_type=maintenance range(range=2 status=0x07)");
	EXPECT_STR("1.3.2.5", take(wire),
		   "B>CGB A>CGBA B>UBL A>UBA A>IAM B>ACM B>ANM A>REL B>RLC B>CGU A>CGUA");
	expect_all_idle("1.3.2.5");
	/* what BLO blocked CGU unblocks */
	cut_a = false;
	block(&a, 2, 2, ISUP_BLOCK_MAINTENANCE, true);
	cut_b = true;
	inject(&a, 1, "CGU cgs_type=maintenance range(range=1 status=0x02)");
	EXPECT_STR("CGU after BLO", blocked_of(&b), "");
	two_free();
}

/* Q.784.1 5.2.9 and 5.2.10: T18 and T19, T20 and T21 */
static void test_5_2_10(bool on, const char *sent, const char *both)
{
	two_up(1, 4);
	if (!on)
		block(&a, 1, 3, ISUP_BLOCK_HARDWARE, true);
	take(wire);
	cut_b = true;
	block(&a, 1, 3, ISUP_BLOCK_HARDWARE, on);
	pass(299900);
	EXPECT_INT("T18, T20", count_words(take(wire), sent), 20);
	pass(200);
	EXPECT_INT("T19, T21, and not T18, T20 besides", count_words(take(wire), sent), 1);
	pass(299700);
	EXPECT_STR("not repeated any more", take(wire), "");
	cut_b = false;
	pass(300);
	EXPECT_STR("T19, T21 again", take(wire), both);
	pass(400000);
	EXPECT_STR("quiet", take(wire), "");
	two_free();
}

/* Q.764 2.8.2.3: acknowledgements that do not fit */
static void test_acknowledgements(void)
{
	two_up(1, 4);
	/* nobody asked: contradicted where it is not so, else discarded */
	inject(&b, 1, "CGUA cgs_type=maintenance range(range=2 status=0x07)");
	EXPECT_STR("is so", take(wire), "B>CGUA");
	inject(&b, 1, "CGBA cgs_type=maintenance range(range=2 status=0x01)");
	EXPECT_STR("is not so", take(wire), "B>CGBA A>UBL B>UBA");
	inject(&b, 1, "CGBA cgs_type=maintenance range(range=2 status=0x07)");
	EXPECT_STR("is not so", take(wire), "B>CGBA A>CGU B>CGUA");
	inject(&b, 1, "CGBA cgs_type=hardware range(range=1 status=0x02)");
	EXPECT_STR("is not so", take(wire), "B>CGBA A>CGU B>CGUA");
	/* other circuits are acknowledged than were asked for: that is the end of it, and logged */
	cut_b = true;
	block(&a, 1, 3, ISUP_BLOCK_MAINTENANCE, true);
	cut_b = false;
	inject(&b, 1, "CGBA cgs_type=hardware range(range=2 status=0x00)");
	inject(&b, 1, "CGBA cgs_type=maintenance range(range=1 status=0x00)");
	pass(16000);
	EXPECT_STR("waited for", take(wire), "A>CGB B>CGBA B>CGBA B>CGBA A>CGB B>CGBA");
	cut_b = true;
	block(&a, 1, 3, ISUP_BLOCK_MAINTENANCE, false);
	cut_b = false;
	inject(&b, 1, "CGUA cgs_type=maintenance range(range=2 status=0x05)");
	pass(400000);
	EXPECT_STR("not waited for", take(wire), "A>CGU B>CGUA B>CGUA");
	/* an answer that contradicts for ever is not answered for ever */
	cut_b = true;
	block(&a, 1, 3, ISUP_BLOCK_MAINTENANCE, true);
	cut_b = false;
	take(wire);
	inject(&b, 1, "CGUA cgs_type=maintenance range(range=2 status=0x07)");
	EXPECT_STR("once is enough", take(wire), "B>CGUA");
	two_free();
}

/* Wanted otherwise before the acknowledgement came */
static void test_change(void)
{
	two_up(1, 4);
	cut_b = true;
	block(&a, 1, 3, ISUP_BLOCK_MAINTENANCE, true);
	block(&a, 2, 2, ISUP_BLOCK_MAINTENANCE, false);
	EXPECT_STR("said", take(wire), "A>CGB B>CGBA A>UBL B>UBA");
	cut_b = false;
	pass(16000);
	EXPECT_STR("repeated", take(wire), "A>CGB B>CGBA A>UBL B>UBA");
	EXPECT_STR("there", blocked_of(&b), "1:/m 3:/m");
	cut_b = true;
	block(&a, 1, 3, ISUP_BLOCK_MAINTENANCE, true);
	block(&a, 1, 3, ISUP_BLOCK_MAINTENANCE, false);
	take(wire);
	cut_b = false;
	pass(16000);
	EXPECT_STR("the latest only", take(wire), "A>CGU B>CGUA");
	expect_all_idle("change");
	two_free();
}

/* Q.764 2.9.3: what is blocked here is said again in answer to a reset, and after one of ours */
static void test_reset(void)
{
	char err[64];

	two_up(1, 40);
	block(&b, 1, 3, ISUP_BLOCK_MAINTENANCE, true);
	block(&b, 3, 5, ISUP_BLOCK_HARDWARE, true);
	take(wire);
	isup_circuit_reset(a.group, 3);
	run();
	EXPECT_STR("RSC", take(wire), "A>RSC B>BLO B>CGB B>RLC A>BLA A>CGBA");
	isup_group_stop(a.group);
	EXPECT_INT("start", isup_group_start(a.group, a.mtp, err, sizeof(err)), 0);
	pass(3000);
	EXPECT_STR("GRS", blocked_of(&a), "1:/m 2:/m 3:/mh 4:/h 5:/h");
	take(wire);
	inject(&a, 4, "IAM called=1");
	EXPECT_STR("IAM", take(wire), "A>IAM B>CGB A>CGBA");
	EXPECT_STR("nobody told", take(events), "");
	isup_mtp_pair_set_up(a.mtp, false);
	pass(5000);
	block(&b, 20, 21, ISUP_BLOCK_HARDWARE, true);
	isup_mtp_pair_set_up(a.mtp, true);
	pass(10000);
	EXPECT_STR("bring-up", blocked_of(&a), "1:/m 2:/m 3:/mh 4:/h 5:/h 20:/h 21:/h");
	block(&b, 1, 40, ISUP_BLOCK_MAINTENANCE, false);
	block(&b, 1, 40, ISUP_BLOCK_HARDWARE, false);
	expect_all_idle("reset");
	two_free();
}

/* A dialect in which group messages count the second time */
static void test_twice(void)
{
	static struct isup_dialect twice;

	twice = isup_dialect_itu;
	twice.group_twice = 1;
	twice.status_max = 24;
	two_alloc(1, 40);
	isup_group_cfg(a.group)->dialect = &twice;
	isup_group_cfg(b.group)->dialect = &twice;
	two_start();
	pass(1000);
	expect_all_idle("bring-up");
	take(wire);
	block(&a, 1, 3, ISUP_BLOCK_MAINTENANCE, true);
	EXPECT_STR("CGB", take(wire), "A>CGB A>CGB B>CGBA");
	cut_a = true;
	inject(&b, 1, "CGB cgs_type=hardware range(range=2 status=0x05)");
	EXPECT_STR("once", take(wire), "B>CGB");
	pass(4000);
	inject(&b, 1, "CGB cgs_type=hardware range(range=2 status=0x07)");
	EXPECT_STR("another one", take(wire), "B>CGB");
	inject(&b, 1, "CGB cgs_type=hardware range(range=2 status=0x05)");
	EXPECT_STR("twice", take(wire), "B>CGB A>CGBA");
	pass(5100);
	inject(&b, 1, "CGB cgs_type=hardware range(range=2 status=0x07)");
	EXPECT_STR("too late", take(wire), "B>CGB");
	inject(&b, 1, "GRS range=3");
	inject(&b, 1, "GRS range=3");
	EXPECT_STR("GRS", take(wire), "B>GRS B>GRS A>GRA");
	inject(&b, 1, "CGB cgs_type=maintenance range(range=24 status=0xffffff01)");
	inject(&b, 1, "CGB cgs_type=maintenance range(range=24 status=0xffffff01)");
	EXPECT_STR("25 circuits", take(wire), "B>CGB B>CGB");
	two_free();
}

/* ---- Circuit group query, Q.764 2.8.3 ---- */

static char query_text[1024];

static void note_query(const struct isup_circuit_info *info, void *data)
{
	size_t len = strlen(query_text);
	char state[64] = "?";

	if (info->far_known)
		isup_circuit_query_state_buf(state, sizeof(state), info->far_state);
	snprintf(query_text + len, sizeof(query_text) - len, "%s%u: %s", len ? "; " : "", info->cic, state);
}

/* What the far end answered */
static const char *answer_of(const struct end *end)
{
	query_text[0] = '\0';
	isup_group_for_each_circuit(end->group, note_query, NULL);
	return query_text;
}

static int query(struct end *end, uint16_t first, uint16_t last)
{
	int rc = isup_group_query(end->group, first, last);

	run();
	return rc;
}

static void test_query_states(void)
{
	two_up(1, 8);
	a.keep = b.keep = true;
	place(&a);		/* 1: answered */
	send_text(b.calls[0], "CON");
	run();
	place(&a);		/* 2: no backward message yet */
	place(&a);		/* 3: being released */
	run();
	isup_call_release(a.calls[2], 16, ISUP_LOC_USER);
	forget(&a, a.calls[2]);
	run();
	block(&b, 4, 5, ISUP_BLOCK_MAINTENANCE, true);
	block(&a, 5, 6, ISUP_BLOCK_MAINTENANCE, true);
	block(&b, 6, 7, ISUP_BLOCK_HARDWARE, true);
	cut_a = true;
	block(&b, 8, 8, ISUP_BLOCK_MAINTENANCE, true);
	cut_a = false;
	take(wire);
	take(events);
	EXPECT_INT("query", query(&a, 1, 100), 8);
	EXPECT_STR("query", take(wire), "A>CQM B>CQR");
	EXPECT_STR("answer", answer_of(&a), "1: busy in; 2: busy in; 3: transient; 4: idle, local; "
		   "5: idle, local, remote; 6: idle, remote, local hardware; 7: idle, local hardware; 8: transient");
	EXPECT_INT("query", query(&b, 1, 8), 8);
	EXPECT_STR("query", take(wire), "B>CQM A>CQR");
	EXPECT_STR("answer", answer_of(&b), "1: busy out; 2: transient; 3: transient; 4: idle, remote; "
		   "5: idle, local, remote; 6: idle, local, remote hardware; 7: idle, remote hardware; "
		   "8: idle, remote");
	EXPECT_STR("nothing to mend", take(events), "");
	/* one circuit takes a neighbour in; what is no circuit is not asked for */
	EXPECT_INT("one", query(&a, 8, 8), 1);
	EXPECT_STR("one", take(wire), "A>CQM B>CQR");
	EXPECT_INT("none", query(&a, 9, 9), -ENOENT);
	isup_mtp_pair_set_up(a.mtp, false);
	pass(2000);
	EXPECT_INT("not available", query(&a, 1, 1), -EHOSTUNREACH);
	two_free();
}

/* Ranges received: 0 to 31; what is not there is unequipped. Answers that nobody waits for */
static void test_query_range(void)
{
	two_up(1, 3);
	inject(&a, 1, "CQM range=31");
	inject(&a, 3, "CQM range=0");
	EXPECT_STR("legal", take(wire), "A>CQM B>CQR A>CQM B>CQR");
	inject(&a, 1, "CQM range=32");
	EXPECT_STR("too long", take(wire), "A>CQM");
	inject(&b, 1, "CQR range=1 circuit_state=0x0808");
	EXPECT_STR("not asked for", take(wire), "B>CQR");
	cut_b = true;
	query(&a, 1, 3);
	cut_b = false;
	inject(&b, 1, "CQR range=2 circuit_state=0x0808");
	inject(&b, 1, "CQR range=1 circuit_state=0x0808");
	EXPECT_STR("does not fit", take(wire), "A>CQM B>CQR B>CQR B>CQR");
	expect_all_idle("range");
	two_free();
}

/* The first circuit, too, has a state if it is not equipped at the end that is asked. */
static void test_query_unequipped(void)
{
	char err[64];

	two_alloc(1, 3);
	EXPECT_INT("add", isup_group_add_cics(a.group, 9, 9, err, sizeof(err)), 0);
	two_start();
	pass(3000);
	take(wire);
	watch = ISUP_MSG_CQR;
	inject(&a, 9, "CQM range=1");
	EXPECT_STR("not equipped", take(wire), "A>CQM B>CQR");
	EXPECT(strstr(watched, "(call=none maintenance=3 hardware=no call=none maintenance=3") && watched_cic == 9);
	inject(&a, 9, "CQM range=32");
	EXPECT_STR("nor legal", take(wire), "A>CQM");
	watch = 0;
	two_free();
}

/* T28: maintenance is told, nothing is repeated */
static void test_query_timer(void)
{
	two_up(1, 3);
	cut_b = true;
	query(&a, 1, 3);
	cut_b = false;
	pass(9900);
	inject(&b, 1, "CQR range=2 circuit_state=0x0c0c0c");
	EXPECT_STR("in time", answer_of(&a), "1: idle; 2: idle; 3: idle");
	cut_b = true;
	query(&a, 1, 3);
	cut_b = false;
	pass(10100);
	inject(&b, 1, "CQR range=2 circuit_state=0x0c0c0c");
	EXPECT_STR("T28", answer_of(&a), "1: ?; 2: ?; 3: ?");
	EXPECT_STR("once", take(wire), "A>CQM B>CQR B>CQR A>CQM B>CQR B>CQR");
	two_free();
}

/* One circuit of A's, whose answer is this: what follows? */
static void answer(uint16_t cic, const char *text, const char *expected)
{
	pass(200);		/* for the pace of resets */
	cut_b = true;
	query(&a, cic, cic);
	cut_b = false;
	take(wire);
	inject(&b, cic, text);
	EXPECT_STR(text, take(wire), expected);
}

static void test_query_mends(void)
{
	two_up(1, 6);
	/* blocking: each end knows its own */
	answer(1, "CQR range=1 circuit_state=0x0d0c", "B>CQR");
	answer(2, "CQR range=1 circuit_state=0x1c0c", "B>CQR");
	EXPECT_STR("noted", blocked_of(&a), "1:/m 2:/h");
	answer(1, "CQR range=1 circuit_state=0x0c0c", "B>CQR");
	EXPECT_STR("both of the message", blocked_of(&a), "");
	answer(1, "CQR range=1 circuit_state=0x0e0c", "B>CQR A>UBL B>UBA");
	answer(1, "CQR range=1 circuit_state=0x0e0e", "B>CQR A>CGU B>CGUA");
	answer(1, "CQR range=1 circuit_state=0x2c0c", "B>CQR A>CGU B>CGUA");
	block(&a, 1, 2, ISUP_BLOCK_MAINTENANCE, true);
	block(&a, 1, 1, ISUP_BLOCK_HARDWARE, true);
	answer(1, "CQR range=1 circuit_state=0x2c0c", "B>CQR A>CGB B>CGBA");
	answer(1, "CQR range=1 circuit_state=0x0e0e", "B>CQR A>CGB B>CGBA");
	block(&a, 1, 2, ISUP_BLOCK_MAINTENANCE, false);
	block(&a, 1, 1, ISUP_BLOCK_HARDWARE, false);
	/* calls */
	answer(3, "CQR range=1 circuit_state=0x000c", "B>CQR");
	answer(3, "CQR range=1 circuit_state=0x040c", "B>CQR A>RSC B>RLC");
	answer(3, "CQR range=1 circuit_state=0x080c", "B>CQR A>RSC B>RLC");
	expect_all_idle("mended");
	place(&a);
	send_text(b.calls[0], "CON");
	run();
	take(events);
	answer(1, "CQR range=1 circuit_state=0x040c", "B>CQR");
	EXPECT_STR("as it should be", take(events), "");
	answer(1, "CQR range=1 circuit_state=0x0c0c", "B>CQR A>RSC B>RLC");
	EXPECT_STR("lost", take(events), "A:FAILED(41) B:FAILED(41)");
	/* the call came after the question */
	cut_b = true;
	query(&a, 1, 2);
	cut_b = false;
	place(&a);
	send_text(b.calls[0], "CON");
	run();
	inject(&b, 1, "CQR range=1 circuit_state=0x0c0c");
	EXPECT_INT("call stays", stats_of(&a).busy, 1);
	/* not equipped there: out of service until it is reset by hand */
	answer(5, "CQR range=1 circuit_state=0x030c", "B>CQR");
	EXPECT_INT("unequipped", stats_of(&a).unequipped, 1);
	isup_circuit_reset(a.group, 5);
	run();
	EXPECT_INT("unequipped", stats_of(&a).unequipped, 0);
	two_free();
}

int main(void)
{
	two_init();
	test_1_3_1_1();
	test_1_3_1_2();
	test_hardware();
	test_1_3_2_5();
	test_5_2_10(true, "A>CGB", "A>CGB B>CGBA");
	test_5_2_10(false, "A>CGU", "A>CGU B>CGUA");
	test_acknowledgements();
	test_change();
	test_reset();
	test_twice();
	test_query_states();
	test_query_range();
	test_query_unequipped();
	test_query_timer();
	test_query_mends();
	return expect_failures + two_end() > 0;
}
