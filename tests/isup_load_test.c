/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Congestion and availability of the user part: Q.764 2.10, 2.11, 2.13. Names of tests are those of Q.784.1. */

#include "isup/isup_congestion.h"
#include "isup/isup_priv.h"

#include "expect.h"
#include "isup_two.h"

static void status(enum isup_mtp_status status)
{
	a.mtp->user_ops->status_ind(a.mtp->user, PC_B, status, 1);
	run();
}

/* Of so many attempts of A: how many are let through? They are released at once. */
static unsigned int attempts(unsigned int n)
{
	unsigned int i, through = 0;
	struct isup_call *call;
	uint8_t cause = 0;

	for (i = 0; i < n; i++) {
		call = seize(&a, &cause);
		if (call) {
			through++;
			release(&a, call, 16);
		} else {
			EXPECT_INT("cause", cause, 42);
		}
	}
	return through;
}

/* Text of the alarms, "20:congestion A/1:…": point code, or group and first circuit */
static char alarms_text[512];

static void note_alarm(const struct isup_alarm_info *info, void *data)
{
	size_t len = strlen(alarms_text);

	snprintf(alarms_text + len, sizeof(alarms_text) - len, "%s%s/%d:%s", len ? ", " : "",
		 info->of_destination ? "dest" : isup_group_name(info->group), info->first, isup_alarm_name(info->id));
}

static const char *alarms_of(const struct end *end)
{
	alarms_text[0] = '\0';
	isup_for_each_alarm(end->isup, note_alarm, NULL);
	return alarms_text;
}

/* Q.764 2.10.2: T29 and T30 */
static void test_mtp_congestion(void)
{
	struct isup_call *call;
	uint8_t cause;

	two_up(1, 8);
	EXPECT_STR("alarms", alarms_of(&a), "");
	EXPECT_INT("full traffic", attempts(40), 40);
	status(ISUP_MTP_STATUS_CONGESTED);
	EXPECT_STR("alarms", alarms_of(&a), "dest/-1:congestion");
	status(ISUP_MTP_STATUS_CONGESTED);
	status(ISUP_MTP_STATUS_CONGESTED);
	EXPECT_INT("one step, T29 runs", attempts(40), 30);
	pass(500);
	status(ISUP_MTP_STATUS_CONGESTED);
	EXPECT_INT("two steps", attempts(40), 20);
	pass(500);
	status(ISUP_MTP_STATUS_CONGESTED);
	pass(500);
	status(ISUP_MTP_STATUS_CONGESTED);
	pass(500);
	status(ISUP_MTP_STATUS_CONGESTED);
	EXPECT_INT("nothing", attempts(40), 0);
	call = isup_call_seize_priority(a.group, &a, &cause);
	EXPECT("priority" && call);
	isup_call_release(call, 16, ISUP_LOC_USER);
	/* the other direction is not concerned */
	b.refuse = false;
	call = place(&b);
	EXPECT_STR("incoming", take(events), "A:IAM");
	release(&b, call, 16);
	/* T30: up again, step by step */
	pass(8000);
	EXPECT_INT("a step up", attempts(40), 10);
	pass(7900);
	EXPECT_INT("not yet", attempts(40), 10);
	pass(100);
	EXPECT_INT("a step up", attempts(40), 20);
	pass(16000);
	EXPECT_INT("full traffic", attempts(40), 40);
	EXPECT_STR("alarms", alarms_of(&a), "");
	/* a loss ends it */
	status(ISUP_MTP_STATUS_CONGESTED);
	isup_mtp_pair_set_up(a.mtp, false);
	pass(1000);
	EXPECT_STR("alarms", alarms_of(&a), "dest/-1:destination not available");
	isup_mtp_pair_set_up(a.mtp, true);
	pass(3000);
	EXPECT_INT("full traffic", attempts(8), 8);
	two_free();
}

/* Q.784.1 8.1.1: REL with an automatic congestion level received */
static void test_8_1_1(void)
{
	two_up(1, 8);
	place(&a);
	inject(&b, 1, "REL cause=42 acl=1");
	EXPECT_INT("level 1", attempts(40), 20);
	place(&b);
	take(events);
	inject(&b, 1, "REL cause=42 acl=2");
	EXPECT_INT("level 2", attempts(40), 4);
	pass(4900);
	EXPECT_INT("still", attempts(40), 4);
	pass(200);
	EXPECT_INT("over after 5 s", attempts(40), 40);
	inject(&b, 2, "REL cause=42 acl=3");
	EXPECT_INT("spare", attempts(40), 40);
	two_free();
}

static bool has_acl(const struct isup_msg *msg, unsigned int level)
{
	const struct isup_par *acl = isup_msg_find(msg, ISUP_PAR_ACL);

	return level ? acl && acl->len == 1 && acl->val[0] == level : !acl;
}

/* What B reads in A's REL */
static unsigned int seen_level;
static isup_user_cb *real_cb;

static void spy_cb(struct isup_call *call, const struct isup_prim *prim, void *user)
{
	if (prim->type == ISUP_PRIM_MSG && prim->msg->type == ISUP_MSG_REL)
		for (seen_level = 0; seen_level < 4 && !has_acl(prim->msg, seen_level); seen_level++)
			;
	real_cb(call, prim, user);
}

static unsigned int level_in_rel(void)
{
	struct isup_call *call;
	uint8_t cause;

	seen_level = 99;
	call = isup_call_seize_priority(a.group, &a, &cause);
	EXPECT_INT("IAM", send_text(call, "IAM called=1"), 0);
	isup_call_release(call, 16, ISUP_LOC_USER);
	run();
	return seen_level;
}

/* Our own level: in REL; at 2 incoming calls are refused, but for those of priority */
static void test_own_congestion(void)
{
	struct isup_call *calls[3];

	two_up(1, 8);
	real_cb = b.isup->cb;
	b.isup->cb = spy_cb;
	EXPECT_INT("none", level_in_rel(), 0);
	isup_set_congestion(a.isup, 1);
	EXPECT_INT("level 1", level_in_rel(), 1);
	isup_set_congestion(a.isup, 7);
	EXPECT_INT("level 2", level_in_rel(), 2);
	pass(6000);
	take(events);
	take(wire);
	place(&b);
	EXPECT_STR("refused", take(wire), "B>IAM A>REL B>RLC");
	EXPECT_STR("refused", take(events), "B:REL(42)");
	EXPECT_INT("level 2", seen_level, 2);
	pass(6000);
	inject(&b, 5, "IAM called=1 cpc=priority");
	EXPECT_STR("priority", take(events), "A:IAM");
	release(&a, a.calls[0], 16);
	pass(6000);
	/* by the calls at hand */
	isup_set_congestion(a.isup, 0);
	isup_set_congestion_calls(a.isup, 1, 2);
	isup_set_congestion_calls(a.isup, 2, 3);
	calls[0] = place(&b);
	EXPECT_INT("one call", isup_congestion(a.isup), 0);
	calls[1] = place(&b);
	EXPECT_INT("two calls", isup_congestion(a.isup), 1);
	calls[2] = place(&b);
	EXPECT_INT("three calls", isup_congestion(a.isup), 2);
	take(events);
	place(&b);
	EXPECT_STR("the fourth", take(events), "B:REL(42)");
	release(&b, calls[0], 16);
	EXPECT_INT("two calls", isup_congestion(a.isup), 1);
	isup_set_congestion_calls(a.isup, 1, 0);
	isup_set_congestion_calls(a.isup, 2, 0);
	EXPECT_INT("off", isup_congestion(a.isup), 0);
	two_free();
}

/* Q.784.1 8.2.1, 8.2.3: user part test, T4 */
static void test_8_2(void)
{
	uint8_t cause = 0;

	two_up(1, 4);
	inject(&a, 1, "UPT");
	EXPECT_STR("8.2.1", take(wire), "A>UPT B>UPA");
	place(&a);
	take(events);
	take(wire);
	cut_b = true;
	status(ISUP_MTP_STATUS_UP_INACCESSIBLE);
	EXPECT_STR("told", take(events), "A:FAILED(38)");
	EXPECT(!seize(&a, &cause) && cause == 38);
	EXPECT_INT("state", isup_group_dest_state(a.group), ISUP_DEST_NO_USER);
	EXPECT_STR("alarms", alarms_of(&a), "dest/-1:user part not available (T4)");
	status(ISUP_MTP_STATUS_UP_UNKNOWN);
	pass(299900);
	EXPECT_STR("ignored while T4 runs", take(wire), "A>UPT B>UPA");
	cut_b = false;
	pass(200);
	EXPECT_INT("available", isup_group_dest_state(a.group), ISUP_DEST_AVAILABLE);
	pass(1000);
	EXPECT_STR("8.2.3", take(wire), "A>UPT B>UPA A>GRS B>GRA");
	EXPECT_STR("alarms", alarms_of(&a), "");
	expect_all_idle("available again");
	/* any other message is as good; T4 is over then */
	cut_b = true;
	status(ISUP_MTP_STATUS_UP_UNKNOWN);
	cut_b = false;
	inject(&b, 1, "UBL");
	pass_s(400);
	EXPECT_STR("once", take(wire), "A>UPT B>UPA B>UBL A>UBA A>GRS B>GRA");
	/* not equipped: not tested */
	status(ISUP_MTP_STATUS_UP_UNEQUIPPED);
	pass_s(400);
	EXPECT_STR("silent", take(wire), "");
	EXPECT_INT("state", isup_group_dest_state(a.group), ISUP_DEST_NO_USER);
	isup_mtp_pair_set_up(a.mtp, false);
	pass(2000);
	EXPECT_STR("alarms", alarms_of(&a), "dest/-1:destination not available");
	isup_mtp_pair_set_up(a.mtp, true);
	pass(3000);
	expect_all_idle("after the association was renewed");
	two_free();
}

/* 2.13.2: UPT is about the user part, so a circuit that is not there is no reason not to answer, nor is UPA to be. Our
 * own is sent on one that both have. */
static void test_upt_circuit(void)
{
	char err[64];

	two_alloc(1, 4);
	EXPECT_INT("add", isup_group_add_cics(a.group, 9, 9, err, sizeof(err)), 0);
	two_start();
	pass(3000);
	take(wire);
	inject(&a, 9, "UPT");
	EXPECT_STR("UPT", take(wire), "A>UPT B>UPA");
	inject(&a, 9, "UPA");
	EXPECT_STR("UPA", take(wire), "A>UPA");
	two_free();

	two_alloc(2, 5);
	EXPECT_INT("add", isup_group_add_cics(a.group, 1, 1, err, sizeof(err)), 0);
	two_start();
	pass(3000);
	EXPECT_INT("unequipped", stats_of(&a).unequipped, 1);
	watch = ISUP_MSG_UPT;
	status(ISUP_MTP_STATUS_UP_INACCESSIBLE);
	EXPECT_STR("UPT", take(watched), "UPT cic=0");
	EXPECT_INT("circuit", watched_cic, 2);
	watch = 0;
	take(wire);
	two_free();
}

/* ---- Maintenance alarms ---- */

static void test_alarms(void)
{
	struct isup_call *call;
	char err[64];

	two_up(1, 4);
	cut_b = true;
	isup_circuit_reset(a.group, 1);
	isup_circuit_block(a.group, 2, true);
	isup_group_block(a.group, 3, 4, ISUP_BLOCK_HARDWARE, true);
	pass(299000);
	EXPECT_STR("not yet", alarms_of(&a), "");
	pass(1200);
	EXPECT_STR("T13, T17, T19", alarms_of(&a), "A/2:BLO not acknowledged (T13), "
		   "A/1:RSC not acknowledged (T17), A/3:CGB not acknowledged (T19)");
	/* a far end that uses the circuit is asked again at once */
	take(wire);
	cut_b = false;
	inject(&b, 1, "IAM called=1");
	EXPECT_STR("RSC", take(wire), "B>IAM A>RSC B>RLC");
	pass_s(310);
	EXPECT_STR("mended", alarms_of(&a), "");
	cut_b = true;
	isup_circuit_block(a.group, 2, false);
	isup_group_block(a.group, 3, 4, ISUP_BLOCK_HARDWARE, false);
	pass_s(301);
	EXPECT_STR("T15, T21", alarms_of(&a), "A/2:UBL not acknowledged (T15), A/3:CGU not acknowledged (T21)");
	cut_b = false;
	pass_s(301);
	expect_all_idle("mended");
	/* GRS; RSC for each when maintenance intervenes */
	cut_b = true;
	isup_circuit_reset(a.group, 1);
	isup_circuit_reset(a.group, 2);
	pass_s(601);
	EXPECT_STR("T23", alarms_of(&a), "A/1:GRS not acknowledged (T23)");
	isup_circuit_reset(a.group, 1);
	EXPECT_STR("over", alarms_of(&a), "");
	pass_s(301);
	EXPECT_STR("T17 each", alarms_of(&a), "A/1:RSC not acknowledged (T17), A/2:RSC not acknowledged (T17)");
	isup_group_stop(a.group);
	EXPECT_STR("stopped", alarms_of(&a), "");
	cut_b = false;
	EXPECT_INT("start", isup_group_start(a.group, a.mtp, err, sizeof(err)), 0);
	EXPECT_STR("starting", alarms_of(&a), "dest/-1:destination not available");
	pass(2000);
	/* T5 */
	call = place(&a);
	cut_b = true;
	release(&a, call, 16);
	pass_s(301);
	EXPECT_STR("T5", alarms_of(&a), "A/1:REL not answered (T5)");
	cut_b = false;
	pass_s(301);
	expect_all_idle("mended");
	EXPECT_STR("mended", alarms_of(&a), "");
	/* 1.1: a circuit that is not there; UCIC until it is reset */
	inject(&b, 1, "RSC");
	isup_group_stop(b.group);
	isup_group_del_cics(b.group, 4, 4, err, sizeof(err));
	EXPECT_INT("start", isup_group_start(b.group, b.mtp, err, sizeof(err)), 0);
	pass(2000);
	take(wire);
	isup_circuit_reset(a.group, 4);
	run();
	EXPECT_STR("1.1", take(wire), "A>RSC B>UCIC");
	EXPECT_STR("there", alarms_of(&b), "dest/4:message for a circuit that is not allocated here");
	EXPECT_STR("here", alarms_of(&a), "A/4:not equipped at the far end (UCIC)");
	two_free();
}

/* Q.784.1 1.2.3: BLO before RLC; a far end that has nothing but BLO for an answer */
static void test_blo_for_rsc(void)
{
	two_up(1, 2);
	cut_b = true;
	isup_circuit_reset(a.group, 1);
	run();
	cut_b = false;
	cut_a = true;		/* B would contradict what it did not ask for */
	inject(&b, 1, "BLO");
	EXPECT_INT("waits for RLC", stats_of(&a).resetting, 1);
	inject(&b, 1, "RLC");
	EXPECT_INT("RLC", stats_of(&a).resetting, 0);
	EXPECT_INT("blocked there", stats_of(&a).remote_blocked, 1);
	inject(&b, 1, "UBL");
	cut_a = false;
	pass(200);
	cut_b = true;
	isup_circuit_reset(a.group, 1);
	run();
	cut_b = false;
	cut_a = true;		/* B would contradict what it did not ask for */
	inject(&b, 1, "BLO");
	take(wire);
	pass(15100);
	EXPECT_STR("not asked again", take(wire), "");
	EXPECT_INT("BLO alone", stats_of(&a).resetting, 0);
	EXPECT_INT("blocked there", stats_of(&a).remote_blocked, 1);
	two_free();
}

/* What was said before a PAUSE does not make the destination available. */
static void test_paused_traffic(void)
{
	two_up(1, 4);
	a.mtp->user_ops->pause_ind(a.mtp->user, PC_B);
	cut_a = true;
	inject(&b, 1, "UBL");
	EXPECT_INT("state", isup_group_dest_state(a.group), ISUP_DEST_PROVING);
	cut_a = false;
	pass(3100);
	EXPECT_INT("state", isup_group_dest_state(a.group), ISUP_DEST_AVAILABLE);
	pass(1000);
	expect_all_idle("proven");
	two_free();
}

/* The circuits of a group that is out of service are as good as blocked for maintenance. */
static void test_group_out_of_service(void)
{
	static const struct {
		const char *text, *answer;
	} rows[] = {
		{ "RSC", "A>RSC B>BLO B>RLC A>BLA" },		/* 2.9.3.1 */
		{ "GRS range=2", "A>GRS B>GRA" },		/* 2.9.3.2 */
		{ "GRS range=6", "A>GRS" },			/* there are four */
		{ "REL cause=16", "A>REL B>RLC" },		/* 2.9.5.1 */
		{ "BLO", "A>BLO B>BLA A>UBL B>UBA" },
		{ "UBL", "A>UBL B>UBA" },
		{ "CGB cgs_type=1 range(range=3 status=0x0f)", "A>CGB B>CGBA A>CGU B>CGUA" },
		{ "CGU cgs_type=1 range(range=3 status=0x0f)", "A>CGU B>CGUA" },
		{ "CGB cgs_type=1 range(range=5 status=0x21)", "A>CGB" },
		{ "UPT", "A>UPT B>UPA" },			/* 2.13.2 */
		{ "ACM", "A>ACM" },
	};
	unsigned int i;
	char err[64];

	two_up(1, 4);
	isup_group_stop(b.group);
	place(&a);
	EXPECT_STR("IAM", take(wire), "A>IAM B>BLO A>BLA A>REL B>RLC");
	EXPECT_STR("IAM", take(events), "A:FAILED(44)");
	pass(1000);
	take(wire);
	watch = ISUP_MSG_GRA;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		inject(&a, 1, rows[i].text);
		EXPECT_STR(rows[i].text, take(wire), rows[i].answer);
	}
	EXPECT_STR("all blocked", take(watched), "GRA cic=0 range(range=2 status=0x07)");
	watch = 0;
	EXPECT_INT("start", isup_group_start(b.group, b.mtp, err, sizeof(err)), 0);
	pass(2000);
	expect_all_idle("in service again");
	two_free();
}

int main(void)
{
	two_init();
	test_group_out_of_service();
	test_mtp_congestion();
	test_8_1_1();
	test_own_congestion();
	test_8_2();
	test_upt_circuit();
	test_alarms();
	test_blo_for_rsc();
	test_paused_traffic();
	return expect_failures + two_end() > 0;
}
