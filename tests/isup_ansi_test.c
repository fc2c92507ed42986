/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two ends that speak ANSI T1.113: a call, groups of 24 circuits, validation, reservation, EXM, the medium. */

#include "isup/isup_t113.h"
#include "isup/isup_validate.h"

#include "expect.h"
#include "isup_two.h"

#define ANSI (isup_dialect_find("ansi"))

static void up(uint16_t first, uint16_t last)
{
	two_alloc(first, last);
	isup_group_cfg(a.group)->dialect = ANSI;
	isup_group_cfg(b.group)->dialect = ANSI;
	two_start();
	pass(10000);
}

static void send_ansi(struct end *end, uint16_t cic, const char *text)
{
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	struct isup_msg msg;
	char err[128] = "";
	int len;

	EXPECT_INT(text, isup_msg_scan(&msg, ANSI, text, err, sizeof(err)), 0);
	len = isup_msg_encode(&msg, octets, sizeof(octets));
	EXPECT(len > 0);
	isup_circuit_send_octets(end->group, cic, octets, len);
	run();
}

/* Of 50 circuits at most 24 are in one message. */
static void test_bring_up(void)
{
	up(1, 50);
	EXPECT(count_words(wire, "GRS") >= 3);
	expect_all_idle("after the bring-up");
	two_free();
}

static void test_call(void)
{
	struct isup_call *call;

	up(1, 4);
	take(wire);
	b.accept = true;
	call = place(&a);
	pass(100);
	EXPECT_STR("wire", take(wire), "A>IAM B>ACM B>ANM");
	EXPECT(isup_call_dialect(call) == ANSI);
	release(&a, call, 16);
	while (b.n_calls)
		done(&b, b.calls[0]);
	pass(1000);
	expect_all_idle("after the call");
	two_free();
}

/* T1.113: CVT is answered whatever the circuit does, EXM is noted; CRA and CVR that nobody waits for mean nothing. */
static void test_answers(void)
{
	static const struct {
		const char *sent, *wire;
	} rows[] = {
		{ "CVT", "A>MSG-0xec B>MSG-0xeb" },
		{ "EXM", "A>MSG-0xed" },
		{ "CRA", "A>MSG-0xe9" },
		{ "CVR", "A>MSG-0xeb" },
	};

	up(1, 4);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		take(wire);
		send_ansi(&a, 2, rows[i].sent);
		EXPECT_STR(rows[i].sent, take(wire), rows[i].wire);
	}
	pass(1000);
	expect_all_idle("after the answers");
	two_free();
}

/* ---- Validation ---- */

static void expect_validation(enum isup_validation_outcome outcome, uint16_t cic, unsigned int line)
{
	const struct isup_validation *got = isup_group_validation(a.group);

	if (got->outcome != outcome || got->cic != cic)
		printf("line %u: outcome %d of %u\n", line, got->outcome, got->cic);
	EXPECT(got->outcome == outcome && got->cic == cic);
}

static void test_validation(void)
{
	up(1, 4);
	take(wire);
	EXPECT_INT("validate", isup_circuit_validate(a.group, 2), 0);
	EXPECT_INT("again", isup_circuit_validate(a.group, 3), -EBUSY);
	run();
	EXPECT_STR("wire", take(wire), "A>MSG-0xec B>MSG-0xeb");
	expect_validation(ISUP_VALIDATION_SUCCESSFUL, 2, __LINE__);
	EXPECT_INT("no such", isup_circuit_validate(a.group, 9), -ENOENT);

	/* both ends say that they control all circuits */
	isup_group_cfg(a.group)->control = isup_group_cfg(b.group)->control = ISUP_CONTROL_ALL;
	EXPECT_INT("validate", isup_circuit_validate(a.group, 3), 0);
	run();
	expect_validation(ISUP_VALIDATION_INCONSISTENT, 3, __LINE__);
	isup_group_cfg(b.group)->control = ISUP_CONTROL_NONE;
	EXPECT_INT("validate", isup_circuit_validate(a.group, 3), 0);
	run();
	expect_validation(ISUP_VALIDATION_SUCCESSFUL, 3, __LINE__);

	/* TCVT: once more, then it is given up */
	cut_a = true;
	take(wire);
	EXPECT_INT("validate", isup_circuit_validate(a.group, 4), 0);
	pass(10100);
	expect_validation(ISUP_VALIDATION_UNDER_WAY, 4, __LINE__);
	pass(10100);
	expect_validation(ISUP_VALIDATION_NO_ANSWER, 4, __LINE__);
	EXPECT_STR("wire", take(wire), "A>MSG-0xec A>MSG-0xec");
	EXPECT_INT("validate", isup_circuit_validate(a.group, 4), 0);
	isup_group_stop(a.group);
	expect_validation(ISUP_VALIDATION_CUT_SHORT, 4, __LINE__);
	two_free();
}

/* B has no circuit 5: it says so. */
static void test_validation_unknown(void)
{
	char err[128];

	two_alloc(1, 4);
	isup_group_cfg(a.group)->dialect = ANSI;
	isup_group_cfg(b.group)->dialect = ANSI;
	EXPECT_INT("circuit 5", isup_group_add_cics(a.group, 5, 5, err, sizeof(err)), 0);
	two_start();
	pass(10000);
	take(wire);
	EXPECT_INT("validate", isup_circuit_validate(a.group, 5), 0);
	run();
	EXPECT_STR("wire", take(wire), "A>MSG-0xec B>MSG-0xeb");
	expect_validation(ISUP_VALIDATION_FAILED, 5, __LINE__);
	two_free();
}

/* ---- Reservation ---- */

/* A's calls are preceded by CRM. */
static void up_reserving(uint16_t last)
{
	up(1, last);
	isup_group_cfg(a.group)->reserve = true;
	take(wire);
	take(events);
}

static void clear(const char *what)
{
	a.keep = b.keep = false;
	cut_a = cut_b = false;
	while (a.n_calls)
		release(&a, a.calls[0], 16);
	while (b.n_calls)
		release(&b, b.calls[0], 16);
	pass(60000);
	expect_all_idle(what);
	two_free();
}

static void test_reserve(void)
{
	up_reserving(4);
	b.accept = true;
	place(&a);
	EXPECT_STR("wire", take(wire), "A>MSG-0xea B>MSG-0xe9 A>IAM B>ACM B>ANM");
	clear("after a reserved call");
}

/* What the user sends meanwhile follows the IAM; a release meanwhile is said, too. */
static void test_reserve_waits(void)
{
	struct isup_call *call;
	uint8_t cause;

	up_reserving(4);
	cut_b = true;
	call = seize(&a, &cause);
	EXPECT_INT("IAM", send_text(call, "IAM called=20"), 0);
	EXPECT_INT("IAM again", send_text(call, "IAM called=20"), -EPROTO);
	EXPECT_INT("INF", send_text(call, "INF"), 0);
	run();
	EXPECT_STR("held", take(wire), "A>MSG-0xea B>MSG-0xe9");
	cut_b = false;
	send_ansi(&b, isup_call_cic(call), "CRA");
	EXPECT_STR("after CRA", take(wire), "B>MSG-0xe9 A>IAM A>INF");
	clear("after a late CRA");

	up_reserving(4);
	cut_b = true;
	call = seize(&a, &cause);
	send_text(call, "IAM called=20");
	run();
	cut_b = false;
	take(wire);
	release(&a, call, 16);
	EXPECT_STR("released", take(wire), "A>REL B>RLC");
	clear("after a release before CRA");
}

/* TCRM: RSC, and the call may be tried on another circuit. */
static void test_tcrm(void)
{
	up_reserving(4);
	cut_a = true;
	place(&a);
	cut_a = false;
	EXPECT_INT("failed", a.n_failed, 0);
	pass(4100);
	EXPECT_INT("failed", a.n_failed, 1);
	EXPECT_INT("cause", a.failed, 44);
	EXPECT_STR("wire", take(wire), "A>MSG-0xea A>RSC B>RLC");
	clear("after TCRM");
}

/* TCRA: REL of temporary failure; the circuit is not idle until then. */
static void test_tcra(void)
{
	up(1, 4);
	take(wire);
	send_ansi(&a, 2, "CRM");
	EXPECT_INT("idle", stats_of(&b).idle, 3);
	pass(10000);
	send_ansi(&a, 2, "CRM");
	pass(15000);
	EXPECT_STR("kept", take(wire), "A>MSG-0xea B>MSG-0xe9 A>MSG-0xea B>MSG-0xe9");
	watch = ISUP_MSG_REL;
	pass(6000);
	EXPECT(strstr(take(watched), "41"));
	watch = 0;
	EXPECT_STR("TCRA", take(wire), "B>REL A>RLC");
	clear("after TCRA");
}

/* What may come instead of the IAM */
static void test_reserved_ends(void)
{
	static const struct {
		const char *sent, *wire;
	} rows[] = {
		{ "REL cause=16", "A>REL B>RLC" },
		{ "RSC", "A>RSC B>RLC" },
		{ "ACM", "A>ACM B>RSC A>RLC" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		up(1, 4);
		send_ansi(&a, 2, "CRM");
		take(wire);
		send_ansi(&a, 2, rows[i].sent);
		EXPECT_STR(rows[i].sent, take(wire), rows[i].wire);
		clear(rows[i].sent);
	}
}

/* A check is wanted with the reservation: COT comes before the IAM. Without a bearer it is taken to be good, or the
 * reservation is not acknowledged. */
static void test_reserved_check(void)
{
	up(1, 4);
	take(wire);
	send_ansi(&a, 2, "CRM nci(continuity=required)");
	EXPECT_STR("CRM", take(wire), "A>MSG-0xea B>MSG-0xe9");
	send_ansi(&a, 2, "COT continuity=successful");
	EXPECT_INT("kept", stats_of(&b).idle, 3);
	send_ansi(&a, 2, "IAM called=1");
	EXPECT_STR("IAM", take(events), "B:IAM");
	clear("after a checked reservation");

	up(1, 4);
	isup_group_cfg(b.group)->cot_refuse = true;
	take(wire);
	send_ansi(&a, 2, "CRM nci(continuity=required)");
	EXPECT_STR("CRM", take(wire), "A>MSG-0xea");
	clear("after a check that cannot be made");
}

/* Circuit 1 is A's in a dual seizure, 2 is B's. */
static void test_dual_reservation(void)
{
	struct isup_call *call;
	uint8_t cause;

	/* both reserve: A has control */
	up_reserving(1);
	isup_group_cfg(b.group)->reserve = true;
	cut_b = true;
	call = seize(&a, &cause);
	send_text(call, "IAM called=20");
	run();
	cut_b = false;
	send_ansi(&b, 1, "CRM");
	EXPECT_INT("A's call stays", a.n_failed, 0);
	send_ansi(&b, 1, "CRA");
	EXPECT(strstr(take(wire), "A>IAM"));
	clear("A controls");

	/* B has control: A yields, and answers */
	up(2, 2);
	isup_group_cfg(a.group)->reserve = true;
	cut_a = true;
	call = seize(&a, &cause);
	send_text(call, "IAM called=20");
	run();
	cut_a = false;
	take(wire);
	send_ansi(&b, 2, "CRM");
	EXPECT_INT("A yields", a.n_failed, 1);
	EXPECT_INT("cause", a.failed, 44);
	EXPECT_STR("wire", take(wire), "B>MSG-0xea A>MSG-0xe9");
	send_ansi(&b, 2, "IAM called=1");
	EXPECT(strstr(take(events), "A:IAM"));
	clear("B controls");
}

/* ---- Dual seizure, blocking, EXM ---- */

static void test_dual_seizure(void)
{
	uint8_t cause;
	struct isup_call *ours, *theirs;

	up(1, 1);
	take(events);
	ours = seize(&a, &cause);
	theirs = seize(&b, &cause);
	send_text(ours, "IAM called=20");
	send_text(theirs, "IAM called=30");
	run();
	EXPECT_INT("A stays", a.n_failed, 0);
	EXPECT_INT("B yields", b.n_failed, 1);
	EXPECT(strstr(take(events), "B:IAM"));
	clear("after dual seizure");
}

/* CGB said twice, of 24 circuits at most, answered once */
static void test_blocking(void)
{
	up(1, 50);
	take(wire);
	EXPECT_INT("block", isup_group_block(a.group, 1, 48, ISUP_BLOCK_MAINTENANCE, true), 48);
	pass(1000);
	EXPECT_INT("blocked", stats_of(&b).remote_blocked, 48);
	EXPECT_STR("wire", take(wire), "A>CGB A>CGB B>CGBA A>CGB A>CGB B>CGBA");
	isup_group_block(a.group, 1, 48, ISUP_BLOCK_MAINTENANCE, false);
	pass(1000);
	EXPECT_INT("unblocked", stats_of(&b).remote_blocked, 0);
	clear("after blocking");
}

/* EXM goes back TEXM after the call has gone to the user, unless ACM is first. */
static void test_exit(void)
{
	up(1, 4);
	isup_group_cfg(b.group)->exit_message = true;
	take(wire);
	place(&a);
	EXPECT_STR("at once", take(wire), "A>IAM");
	pass(1100);
	EXPECT_STR("TEXM", take(wire), "B>MSG-0xed");
	send_text(b.calls[0], "ACM");
	pass(2000);
	EXPECT_STR("then", take(wire), "B>ACM");
	clear("after EXM");

	up(1, 4);
	isup_group_cfg(b.group)->exit_message = true;
	take(wire);
	place(&a);
	send_text(b.calls[0], "ACM");
	pass(2000);
	EXPECT_STR("ACM first", take(wire), "A>IAM B>ACM");
	clear("after ACM");
}

/* In another dialect they are not recognised. */
static void test_itu(void)
{
	two_up(1, 4);
	send_ansi(&a, 2, "CVT");
	EXPECT_STR("CVT", take(wire), "A>MSG-0xec B>CFN");
	EXPECT_INT("validate", isup_circuit_validate(a.group, 2), -ENOTSUP);
	two_free();
}

static void test_medium(void)
{
	static const struct {
		uint8_t tmr;
		const char *usi;
	} rows[] = {
		{ ISUP_TMR_SPEECH, "8090a2" }, { ISUP_TMR_3K1_AUDIO, "9090a2" }, { ISUP_TMR_64K_UNRESTRICTED, "8890" },
	};
	const struct isup_par *usi;
	struct isup_msg msg;
	uint8_t tmr;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		isup_msg_init(&msg, ANSI, ISUP_MSG_IAM);
		EXPECT_INT("put", isup_msg_put_tmr(&msg, rows[i].tmr), 0);
		usi = isup_msg_find(&msg, ISUP_PAR_USI);
		EXPECT_STR("usi", usi ? osmo_hexdump_nospc(usi->val, usi->len) : "none", rows[i].usi);
		EXPECT_INT("get", isup_msg_get_tmr(&msg, &tmr), 0);
		EXPECT_INT("get", tmr, rows[i].tmr);
		isup_msg_init(&msg, &isup_dialect_itu, ISUP_MSG_IAM);
		EXPECT_INT("itu", isup_msg_put_tmr(&msg, rows[i].tmr), 0);
		EXPECT(isup_msg_find(&msg, ISUP_PAR_TMR) && !isup_msg_find(&msg, ISUP_PAR_USI));
	}
	isup_msg_init(&msg, ANSI, ISUP_MSG_IAM);
	EXPECT(isup_msg_get_tmr(&msg, &tmr) < 0);
	EXPECT(isup_msg_put_tmr(&msg, 200) < 0);
}

int main(void)
{
	two_init();
	test_bring_up();
	test_call();
	test_answers();
	test_validation();
	test_validation_unknown();
	test_reserve();
	test_reserve_waits();
	test_tcrm();
	test_tcra();
	test_reserved_ends();
	test_reserved_check();
	test_dual_reservation();
	test_dual_seizure();
	test_blocking();
	test_exit();
	test_itu();
	test_medium();
	return two_end() | (expect_failures != 0);
}
