/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions in a call and who answers them: INR, IDR, FAR, user-to-user services; which message is legal where. */

#include "isup/isup_call.h"
#include "isup/isup_priv.h"

#include "expect.h"
#include "isup_two.h"

/* Parameters of the latest message that A and B were told, as text */
static char told_a[512], told_b[512];

static isup_user_cb *user_cb;

static void note_text(struct isup_call *call, const struct isup_prim *prim, void *user)
{
	isup_msg_print_buf(user == &a ? told_a : told_b, sizeof(told_a), prim->msg);
	user_cb(call, prim, user);
}

static void up(void)
{
	two_up(1, 2);
	user_cb = a.isup->cb;
	a.isup->cb = b.isup->cb = note_text;
}

static struct isup_call *call_with(const char *iam)
{
	uint8_t cause;
	struct isup_call *call = seize(&a, &cause);

	EXPECT_INT(iam, send_text(call, iam), 0);
	run();
	take(wire);
	take(events);
	return call;
}

static bool has(const char *text, const char *part)
{
	return strstr(text, part);
}

#define IAM_CALLING "IAM called=1234 calling=987 cpc=11"

/* ---- Answers of our own ---- */

static const struct answer_row {
	const char *iam, *ask, *sent, *answer[3];
} answer_rows[] = {
	{ IAM_CALLING, "INR info_request(calling_address=1 calling_category=1)", "B>INR A>INF",
	  { "calling_address=included", "calling_category=yes", "digits=987" } },
	{ IAM_CALLING, "INR info_request(calling_category=1)", "B>INR A>INF", { "calling_category=yes" } },
	{ "IAM called=1", "INR info_request(calling_address=1 holding=1 charge_info=1)", "B>INR A>INF",
	  { "calling_address=not-available" } },
	{ IAM_CALLING, "IDR", "B>IDR A>IRS", { "mcid_response(mcid=yes", "digits=987" } },
	{ "IAM called=1", "IDR", "B>IDR A>IRS", { "mcid_response" } },
	{ "IAM called=1", "FAR facility=2", "B>FAR A>FRJ", { "value=29" } },
	{ "IAM called=1", "LOP call_transfer_reference=7 loop_prevention(type=request)", "B>LOP A>LOP",
	  { "call_transfer_reference=7", "type=response", "response=insufficient" } },
	{ "IAM called=1", "LOP loop_prevention(type=response response=no-loop)", "B>LOP" },
	{ "IAM called=1", "NRM echo_control(outgoing_request=activate)", "B>NRM A>NRM",
	  { "outgoing_info=not-available incoming_info=none" } },
	{ "IAM called=1", "NRM echo_control(outgoing_info=included)", "B>NRM" },
};

static void test_answer(const struct answer_row *row)
{
	struct isup_call *call;
	unsigned int i;

	up();
	call = call_with(row->iam);
	EXPECT_INT(row->ask, send_text(b.calls[0], row->ask), 0);
	run();
	EXPECT_STR(row->ask, take(wire), row->sent);
	for (i = 0; i < ARRAY_SIZE(row->answer) && row->answer[i]; i++) {
		if (!has(told_b, row->answer[i]))
			EXPECT_STR(row->answer[i], told_b, row->ask);
	}
	pass_s(20);	/* T33 and T39 do not run any more */
	release(&a, call, 16);
	expect_all_idle(row->ask);
	two_free();
}

/* ---- The user's own ---- */

static void answer_cb(struct isup_call *call, const struct isup_prim *prim, void *user)
{
	user_cb(call, prim, user);
	if (prim->msg->type == ISUP_MSG_INR)
		EXPECT_INT("INF", send_text(call, "INF info_ind(calling_address=3) calling=55"), 0);
	if (prim->msg->type == ISUP_MSG_IDR)
		release(&a, call, 16);
}

/* SIP-I: this call's questions are for another exchange. */
static void test_call_user_answers(void)
{
	up();
	call_with("IAM called=1");
	isup_call_user_answers(a.calls[0]);
	send_text(b.calls[0], "INR info_request(calling_address=1)");
	run();
	EXPECT_STR("asked", take(wire), "B>INR");
	send_text(a.calls[0], "INF info_ind(calling_address=1)");
	isup_call_release(a.calls[0], 16, 0);
	run();
	EXPECT_STR("answered", take(wire), "A>INF A>REL B>RLC");
	call_with("IAM called=1");
	send_text(b.calls[0], "INR info_request(calling_address=1)");
	run();
	EXPECT_STR("the next call", take(wire), "B>INR A>INF");
	two_free();
}

static void test_user_answers(void)
{
	up();
	a.isup->cb = answer_cb;
	call_with("IAM called=1");
	send_text(b.calls[0], "INR info_request(calling_address=1)");
	run();
	EXPECT_STR("once", take(wire), "B>INR A>INF");
	EXPECT(has(told_b, "digits=55"));
	/* ended by the user: not answered */
	send_text(b.calls[0], "IDR");
	run();
	EXPECT_STR("released", take(wire), "B>IDR A>REL B>RLC");
	expect_all_idle("released");
	two_free();
}

/* Nobody answers: Q.764 2.9.7 releases at T33, Q.731.7 goes on at T39 */
static void test_no_answer(void)
{
	struct isup_call *call;

	up();
	isup_user_answers(a.isup);
	call = call_with("IAM called=1");
	send_text(b.calls[0], "IDR");
	pass_s(11);
	EXPECT_STR("T39", take(events), "A:IDR");
	send_text(b.calls[0], "INR info_request(calling_address=1)");
	pass_s(10);
	EXPECT_INT("INF", send_text(call, "INF"), 0);
	pass_s(5);
	EXPECT_STR("in time", take(events), "A:INR B:INF A:FAILED(102) B:REL(102)");	/* T7: B has sent no ACM */
	call_with("IAM called=1");
	send_text(b.calls[0], "INR info_request(calling_address=1)");
	pass_s(14);
	EXPECT_STR("T33", take(events), "A:INR B:FAILED(102) A:REL(102)");
	expect_all_idle("T33");
	two_free();
}

/* ---- User-to-user services ---- */

static void test_uus(void)
{
	struct isup_call *call;

	up();
	call = call_with("IAM called=1 uus_ind(service1=2 service3=2)");
	send_text(b.calls[0], "ACM");
	run();
	EXPECT(has(told_a, "uus_ind(type=response service1=1 service2=none service3=1"));
	send_text(b.calls[0], "ANM");
	run();
	EXPECT(!has(told_a, "uus_ind"));
	release(&a, call, 16);
	/* the user's answer counts */
	call = call_with("IAM called=1 uus_ind(service1=2)");
	send_text(b.calls[0], "CON uus_ind(type=1 service1=2)");
	run();
	EXPECT(has(told_a, "service1=2") || has(told_a, "service1=not-essential"));
	release(&a, call, 16);
	/* nobody has asked */
	call = call_with("IAM called=1 uui=0x0401");
	send_text(b.calls[0], "ACM");
	run();
	EXPECT(!has(told_a, "uus_ind"));
	release(&a, call, 16);
	/* essential */
	take(wire);
	send_text(seize(&a, &(uint8_t){ 0 }), "IAM called=1 uus_ind(service2=3)");
	run();
	EXPECT_STR("essential", take(wire), "A>IAM B>REL A>RLC");
	EXPECT(has(told_a, "value=29"));
	expect_all_idle("uus");
	two_free();
}

/* ---- Which is passed up where: sent by B in a call of A's ---- */

static const struct legal_row {
	const char *text;
	const char *acm, *anm;		/* what A's user is told after ACM, after ANM */
} legal_rows[] = {
	{ "FOT", "", "" },		/* forward only */
	{ "IRS", "", "" },
	{ "USR", "A:USR", "A:USR" },
	{ "FAC", "A:FAC", "A:FAC" },
	{ "NRM", "A:NRM", "A:NRM" },
	{ "CRG octets=0x310102", "A:CRG", "A:CRG" },
	{ "APM", "A:APM", "A:APM" },
	{ "PRI", "A:PRI", "A:PRI" },
	{ "PAM octets=0x280102", "A:PAM", "A:PAM" },
	{ "FAA", "A:FAA", "A:FAA" },
	{ "FRJ", "A:FRJ", "A:FRJ" },
	{ "CPG", "A:CPG", "A:CPG" },
	{ "ACM", "", "" },
	{ "CON", "", "" },
	{ "SUS", "", "A:SUS" },
	{ "SAM", "", "" },
	{ "COT", "", "" },
};

static void test_legal(const struct legal_row *row, bool answered)
{
	up();
	call_with("IAM called=1");
	send_text(b.calls[0], "ACM");
	if (answered)
		send_text(b.calls[0], "ANM");
	run();
	take(events);
	inject(&b, 1, row->text);
	EXPECT_STR(row->text, take(events), answered ? row->anm : row->acm);
	release(&a, a.calls[0], 16);
	run();
	while (b.n_calls)
		release(&b, b.calls[0], 16);
	expect_all_idle(row->text);
	two_free();
}

int main(void)
{
	unsigned int i;

	two_init();
	for (i = 0; i < ARRAY_SIZE(answer_rows); i++)
		test_answer(&answer_rows[i]);
	test_user_answers();
	test_call_user_answers();
	test_no_answer();
	test_uus();
	for (i = 0; i < ARRAY_SIZE(legal_rows); i++) {
		test_legal(&legal_rows[i], false);
		test_legal(&legal_rows[i], true);
	}
	return expect_failures + two_end() > 0;
}
