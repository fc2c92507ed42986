/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may come between while a circuit is checked: calls, resets, blocking, loss of the far end, any message. */

#include "isup/isup_cot_fsm.h"
#include "isup/isup_priv.h"

#include "expect.h"
#include "fake_bearer.h"
#include "isup_two.h"

/* ACM without COT: the far end did not wait for it. */
static void test_early_acm(void)
{
	struct isup_call *call;

	cot_up(1, 2);
	fake_bearer_refuses = true;
	call = cot_place(&a);
	inject(&b, 1, "ACM");
	EXPECT_STR("ACM", take(events), "A:ACM");
	EXPECT_STR("ACM", cot_state_of(&a, 1), "-");
	EXPECT_INT("COT by the user", send_text(call, "COT"), -EPROTO);
	release(&a, call, 16);
	expect_all_idle("ACM");
	cot_down();
}

/* Both ends seize circuit 1, which A controls. */
static void test_dual_seizure(void)
{
	uint8_t cause;

	cot_up(1, 1);
	send_text(seize(&a, &cause), IAM_REQUIRED);
	send_text(seize(&b, &cause), IAM_REQUIRED);
	run();
	EXPECT_STR("dual seizure", take(events), "B:FAILED(44)");
	EXPECT_STR("dual seizure", cot_state_of(&a, 1), "OUT_CALL");
	EXPECT_STR("dual seizure", cot_state_of(&b, 1), "IN_CALL");
	pass(200);
	EXPECT_STR("dual seizure", take(events), "B:IAM");
	release(&a, a.calls[0], 16);
	expect_all_idle("dual seizure");
	cot_down();
}

static void test_ccr_crosses(void)
{
	uint8_t cause;
	struct isup_call *call;

	/* an IAM: the call goes first */
	cot_up(1, 1);
	isup_circuit_cot(a.group, 1);
	call = seize(&b, &cause);
	send_text(call, "IAM called=1");
	run();
	EXPECT_STR("CCR and IAM", take(events), "A:IAM");
	EXPECT_INT("CCR and IAM", cot_outcome(&a), ISUP_COT_CUT_SHORT);
	release(&b, call, 16);
	take(events);
	/* a CCR: that of A goes on, which controls the circuit */
	isup_circuit_cot(a.group, 1);
	isup_circuit_cot(b.group, 1);
	run();
	EXPECT_STR("CCR and CCR", cot_state_of(&a, 1), "OUT_RECHECK");
	EXPECT_STR("CCR and CCR", cot_state_of(&b, 1), "IN_RECHECK");
	pass(200);
	EXPECT_INT("CCR and CCR", cot_outcome(&a), ISUP_COT_PASSED);
	EXPECT_INT("CCR and CCR", cot_outcome(&b), ISUP_COT_CUT_SHORT);
	expect_all_idle("CCR and CCR");
	/* an IAM while the circuit waits for CCR: the far end knows better */
	inject(&a, 1, "CCR");
	inject(&a, 1, "COT continuity(continuity=0)");
	inject(&a, 1, "IAM called=1");
	EXPECT_STR("IAM for a failed circuit", take(events), "B:IAM");
	inject(&a, 1, "REL cause=16");
	expect_all_idle("IAM for a failed circuit");
	cot_down();
}

static void test_refused(void)
{
	struct isup_call *call;

	cot_up(1, 2);
	call = place(&a);
	cot_ask(&a, 1, -EBUSY);
	cot_ask(&a, 3, -ENOENT);
	inject(&b, 1, "CCR");
	EXPECT_STR("CCR for a call", cot_state_of(&a, 1), "-");
	release(&a, call, 16);
	cot_ask(&a, 1, 0);
	cot_ask(&a, 1, -EBUSY);
	pass(200);
	isup_mtp_pair_set_up(a.mtp, false);
	pass_s(6);
	cot_ask(&a, 1, -EHOSTUNREACH);
	isup_group_stop(a.group);
	cot_ask(&a, 1, -ENOENT);
	cot_down();
}

/* CCR is accepted on blocked circuits; a failed one that we block is maintenance's. */
static void test_blocked(void)
{
	cot_up(1, 2);
	isup_circuit_block(b.group, 1, true);
	run();
	cot_ask(&a, 1, 0);
	pass(200);
	EXPECT_INT("blocked", cot_outcome(&a), ISUP_COT_PASSED);
	fake_bearer_broken = true;
	cot_ask(&a, 1, 0);
	pass_s(3);
	isup_circuit_block(a.group, 1, true);
	run();
	take(wire);
	pass_s(30);
	EXPECT_STR("taken over", take(wire), "");
	EXPECT_STR("taken over", cot_state_of(&a, 1), "-");
	EXPECT_STR("the far end waits", cot_state_of(&b, 1), "IN_FAILED");
	pass_s(240);
	EXPECT_STR("T27", take(wire), "B>RSC A>BLO A>RLC B>BLA B>BLO A>BLA");
	cot_down();
}

static void test_unequipped(void)
{
	cot_up(1, 2);
	cot_ask(&a, 1, 0);
	inject(&b, 1, "UCIC");
	EXPECT_INT("UCIC", stats_of(&a).unequipped, 1);
	EXPECT_STR("UCIC", cot_state_of(&a, 1), "-");
	inject(&b, 1, "CCR");
	EXPECT_INT("CCR", stats_of(&a).unequipped, 0);
	cot_down();
}

/* What ends any check: how it is done */
static void end_rsc(void) { inject(&a, 1, "RSC"); }
static void end_rsc_back(void) { inject(&b, 1, "RSC"); }
static void end_grs(void) { inject(&a, 1, "GRS range=1"); }
static void end_reset(void) { isup_circuit_reset(a.group, 1); }
static void end_reset_there(void) { isup_circuit_reset(b.group, 1); }
static void end_hardware(void) { isup_group_block(a.group, 1, 2, ISUP_BLOCK_HARDWARE, true); }

static void end_pause(void)
{
	isup_mtp_pair_set_up(a.mtp, false);
	pass_s(6);
	isup_mtp_pair_set_up(a.mtp, true);
}

static void restart(struct end *end)
{
	char err[128];

	isup_group_stop(end->group);
	run();
	EXPECT_INT("restart", isup_group_start(end->group, end->mtp, err, sizeof(err)), 0);
}

static void end_stop(void) { restart(&a); }
static void end_stop_there(void) { restart(&b); }

/* The stages of a check, from A to B */
static void stage_call(void) { cot_place(&a); }

static void stage_failed(void)
{
	fake_bearer_broken = true;
	cot_place(&a);
	pass(2100);
}

static void stage_recheck(void)
{
	stage_failed();
	pass(5100);
	EXPECT_STR("stage", cot_state_of(&a, 1), "OUT_RECHECK");
	EXPECT_STR("stage", cot_state_of(&b, 1), "IN_RECHECK");
}

static void stage_failed_twice(void)
{
	stage_recheck();
	pass(2100);
}

static void stage_wait_rlc(void)
{
	cot_ask(&a, 1, 0);
	cut_a = true;
	pass(200);
	EXPECT_STR("stage", cot_state_of(&a, 1), "OUT_WAIT_RLC");
	cut_a = false;
}

static void (*const stages[])(void) = {
	stage_call, stage_failed, stage_recheck, stage_failed_twice, stage_wait_rlc,
};

/* Users give up, the circuits are mended, and all timers that could still run do so. */
static void settle(const char *what)
{
	pass_s(20);
	while (a.n_calls)
		release(&a, a.calls[0], 16);
	while (b.n_calls)
		release(&b, b.calls[0], 16);
	isup_group_block(a.group, 1, 2, ISUP_BLOCK_HARDWARE, false);
	fake_bearer_broken = false;
	pass_s(700);
	expect_all_idle(what);
	EXPECT_INT(what, fake_loops + fake_tones, 0);
}

static void test_ends(void)
{
	static void (*const ends[])(void) = {
		end_rsc, end_rsc_back, end_grs, end_reset, end_reset_there, end_hardware, end_pause, end_stop,
		end_stop_there,
	};
	char what[32];
	size_t s, e;

	for (s = 0; s < ARRAY_SIZE(stages); s++) {
		for (e = 0; e < ARRAY_SIZE(ends); e++) {
			snprintf(what, sizeof(what), "stage %zu end %zu", s, e);
			cot_up(1, 2);
			stages[s]();
			ends[e]();
			run();
			settle(what);
			cot_down();
		}
	}
}

/* Any message in any stage, from either end */
static void test_messages(void)
{
	static const char *const texts[] = {
		IAM_REQUIRED, IAM_PREVIOUS, "IAM called=1", "COT", "COT continuity(continuity=0)", "SAM", "ACM", "CPG",
		"ANM", "CON", "REL cause=16", "RLC", "RSC", "BLO", "BLA", "UBL", "UBA", "CFN cause=97", "INF", "SUS",
		"CCR", "LPA", "CQM range=1", "UPT", "GRS range=1", "GRA range(range=1 status=0x00)",
		"CGB cgs_type=hardware range(range=1 status=0x01)",
		"CGB cgs_type=maintenance range(range=1 status=0x01)",
		"CGU cgs_type=hardware range(range=1 status=0x01)",
	};
	char what[96];
	size_t s, t;

	for (s = 0; s < 2 * ARRAY_SIZE(stages); s++) {
		for (t = 0; t < ARRAY_SIZE(texts); t++) {
			struct end *from = s % 2 ? &a : &b;

			snprintf(what, sizeof(what), "stage %zu %s>%s", s / 2, from->name, texts[t]);
			cot_up(1, 2);
			stages[s / 2]();
			inject(from, 1, texts[t]);
			pass_s(3);
			inject(&a, 1, "UBL");
			inject(&a, 1, "CGU cgs_type=hardware range(range=1 status=0x03)");
			inject(&b, 1, "UBL");
			inject(&b, 1, "CGU cgs_type=hardware range(range=1 status=0x03)");
			settle(what);
			cot_down();
		}
	}
}

int main(void)
{
	two_init();
	test_early_acm();
	test_dual_seizure();
	test_ccr_crosses();
	test_refused();
	test_blocked();
	test_unequipped();
	test_ends();
	test_messages();
	return expect_failures + two_end() > 0;
}
