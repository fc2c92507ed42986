/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Overlap signalling, Q.764 2.1.2: digits forwarded, or collected with T35 and T10; INR and INF before the user. */

#include "isup/isup_call.h"
#include "isup/isup_priv.h"

#include "expect.h"
#include "isup_two.h"

static char told_iam[256];	/* what B's user was told of the IAM */

static isup_user_cb *user_cb;

static void note_iam(struct isup_call *call, const struct isup_prim *prim, void *user)
{
	struct isup_number called = {}, calling = {};
	uint8_t cpc = 0;

	if (prim->msg->type == ISUP_MSG_IAM) {
		EXPECT_INT("called", isup_msg_get(prim->msg, ISUP_PAR_CALLED_NUMBER, &called), 0);
		isup_msg_get(prim->msg, ISUP_PAR_CALLING_NUMBER, &calling);
		isup_msg_get(prim->msg, ISUP_PAR_CPC, &cpc);
		EXPECT(prim->msg->octets_len > 0);
		snprintf(told_iam, sizeof(told_iam), "%s noa=%u inn=%u calling=%s cpc=%u", called.digits, called.noa,
			 called.inn, calling.digits, cpc);
	}
	user_cb(call, prim, user);
}

/* B collects 3 to 6 digits. */
static void up(bool collect)
{
	struct isup_group_cfg *cfg;

	two_up(1, 2);
	cfg = isup_group_cfg(b.group);
	cfg->overlap_collect = collect;
	cfg->overlap_min = 3;
	cfg->overlap_max = 6;
	user_cb = b.isup->cb;
	b.isup->cb = note_iam;
	told_iam[0] = '\0';
}

static void down(const char *what)
{
	isup_group_cfg(b.group)->overlap_collect = false;
	while (b.n_calls)
		release(&b, b.calls[0], 16);
	pass_s(20);
	expect_all_idle(what);
	two_free();
}

/* What A sends, and what it makes of it; a number of seconds lets time pass. */
static const struct collect_row {
	const char *sent[8];
	const char *told, *iam;
} collect_rows[] = {
	/* en bloc: ST, and the largest number of digits */
	{ { "IAM called(digits=12F)" }, "B:IAM", "12F noa=3 inn=0 calling= cpc=10" },
	{ { "IAM called=123456" }, "B:IAM", "123456 noa=3 inn=0 calling= cpc=10" },
	/* Q.764 2.1.2.2, the indicator that routing to an internal network number is not allowed is kept */
	{ { "IAM called(noa=international inn=1 digits=12)", "SAM subsequent=34", "SAM subsequent=56" }, "B:IAM",
	  "123456 noa=4 inn=1 calling= cpc=10" },
	{ { "IAM called=1", "SAM subsequent(digits=2F)" }, "B:IAM", "12F noa=3 inn=0 calling= cpc=10" },
	/* more than the largest number at once: all of it */
	{ { "IAM called=12345", "SAM subsequent=6789" }, "B:IAM", "123456789 noa=3 inn=0 calling= cpc=10" },
	/* 2.1.4.8 e: T10 after the smallest number of digits, started anew by each */
	{ { "IAM called=123", "4", "SAM subsequent=4", "4" }, "", "" },
	{ { "IAM called=123", "4", "SAM subsequent=4", "6" }, "B:IAM", "1234 noa=3 inn=0 calling= cpc=10" },
	{ { "IAM called=1", "16", "SAM subsequent=23", "6" }, "B:IAM", "123 noa=3 inn=0 calling= cpc=10" },
	/* what else comes meanwhile follows */
	{ { "IAM called=1", "PRI", "SAM subsequent=23456" }, "B:IAM B:PRI", "123456 noa=3 inn=0 calling= cpc=10" },
	/* 2.1.8 first, then the digits */
	{ { "IAM nci(continuity=1) called=1", "SAM subsequent=23456", "COT continuity(continuity=1)" }, "B:IAM",
	  "123456 noa=3 inn=0 calling= cpc=10" },
	{ { "IAM nci(continuity=1) called=1", "COT continuity(continuity=1)", "SAM subsequent=23456" }, "B:IAM",
	  "123456 noa=3 inn=0 calling= cpc=10" },
	/* a caller who gives up is never heard of */
	{ { "IAM called=1", "REL cause=16" }, "", "" },
	{ { "IAM called=1", "RSC" }, "", "" },
};

static void test_collect(const struct collect_row *row)
{
	unsigned int i;

	up(true);
	for (i = 0; i < ARRAY_SIZE(row->sent) && row->sent[i]; i++) {
		if (strlen(row->sent[i]) < 3)
			pass_s(atol(row->sent[i]));
		else
			inject(&a, 1, row->sent[i]);
	}
	EXPECT_STR(row->sent[0], take(events), row->told);
	EXPECT_STR(row->sent[0], told_iam, row->iam);
	inject(&a, 1, "RSC");
	down(row->sent[0]);
}

/* Q.764 2.2.5 */
static void test_t35(void)
{
	up(true);
	inject(&a, 1, "IAM called=1");
	pass_s(10);
	inject(&a, 1, "SAM subsequent=2");
	pass_s(16);
	take(wire);
	pass_s(2);
	EXPECT_STR("T35", take(wire), "B>REL A>RLC");
	EXPECT_STR("T35", take(events), "");
	expect_all_idle("T35");
	/* and heard by a calling end that has the call: 28 */
	send_text(seize(&a, &(uint8_t){ 0 }), "IAM called=1");
	pass_s(18);
	EXPECT_STR("T35", take(events), "A:REL(28)");
	down("T35");
}

/* SAM as it comes, until ACM; then it is discarded. */
static void test_forward(void)
{
	struct isup_call *call;

	up(false);
	call = place(&a);
	send_text(call, "SAM subsequent=5");
	run();
	send_text(b.calls[0], "ACM");
	run();
	EXPECT_INT("SAM after ACM", send_text(call, "SAM subsequent=6"), -EPROTO);
	inject(&a, 1, "SAM subsequent=6");
	EXPECT_STR("told", take(events), "B:IAM B:SAM A:ACM");
	release(&a, call, 16);
	down("forward");
}

/* Q.764 2.1.6: what an IAM does not say */
static const struct inf_row {
	const char *inf, *iam;
} inf_rows[] = {
	{ "INF info_ind(calling_address=3 calling_category=1) cpc=11 calling=987",
	  "201234567 noa=3 inn=0 calling=987 cpc=11" },
	{ "INF info_ind(calling_address=1)", "201234567 noa=3 inn=0 calling= cpc=10" },
};

static void test_inf(const struct inf_row *row)
{
	struct isup_call *call;

	up(false);
	isup_group_cfg(b.group)->request_calling = true;
	isup_user_answers(a.isup);
	call = place(&a);
	EXPECT_STR("asked", take(wire), "A>IAM B>INR");
	EXPECT_STR("not yet", take(events), "A:INR");
	EXPECT_INT("INF", send_text(call, row->inf), 0);
	run();
	EXPECT_STR("told", take(events), "B:IAM");
	EXPECT_STR("told", told_iam, row->iam);
	release(&a, call, 16);
	/* it says all itself */
	take(events);
	take(wire);
	inject(&a, 1, "IAM called=1234 calling=55");
	EXPECT_STR("not asked", take(wire), "A>IAM");
	EXPECT_STR("told", told_iam, "1234 noa=3 inn=0 calling=55 cpc=10");
	inject(&a, 1, "RSC");
	down("INF");
}

/* Q.764 2.9.7; and with overlap, whose digits come first */
static void test_t33(void)
{
	struct isup_call *call;
	uint8_t cause;

	up(true);
	isup_group_cfg(b.group)->request_calling = true;
	isup_user_answers(a.isup);
	call = seize(&a, &cause);
	send_text(call, "IAM called=1");
	run();
	EXPECT_STR("digits first", take(wire), "A>IAM");
	send_text(call, "SAM subsequent=23456");
	run();
	EXPECT_STR("then INR", take(wire), "A>SAM B>INR");
	pass_s(14);
	EXPECT_STR("T33", take(wire), "B>REL A>RLC");
	EXPECT_STR("T33", take(events), "A:INR A:REL(102)");
	down("T33");
}

int main(void)
{
	unsigned int i;

	two_init();
	for (i = 0; i < ARRAY_SIZE(collect_rows); i++)
		test_collect(&collect_rows[i]);
	test_t35();
	test_forward();
	for (i = 0; i < ARRAY_SIZE(inf_rows); i++)
		test_inf(&inf_rows[i]);
	test_t33();
	return expect_failures + two_end() > 0;
}
