/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two ends that speak ANSI T1.113: a call, groups of 24 circuits, circuit validation, reservation, EXM, the medium. */

#include "isup/isup_t113.h"

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

/* T1.113: CVT is answered whatever the circuit does, CRM where it is idle and needs no loop. */
static void test_answers(void)
{
	static const struct {
		const char *sent, *wire;
	} rows[] = {
		{ "CVT", "A>MSG-0xec B>MSG-0xeb" },
		{ "CRM", "A>MSG-0xea B>MSG-0xe9" },
		{ "CRM nci(continuity=required)", "A>MSG-0xea" },
		{ "EXM", "A>MSG-0xed" },
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

/* In another dialect they are not recognised. */
static void test_itu(void)
{
	two_up(1, 4);
	send_ansi(&a, 2, "CVT");
	EXPECT_STR("CVT", take(wire), "A>MSG-0xec B>CFN");
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
	test_itu();
	test_medium();
	return two_end() | (expect_failures != 0);
}
