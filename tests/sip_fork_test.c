/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Early dialogs of an INVITE that a proxy forked: how each ends, and what had been sent in it, message by message. */

#include <stdio.h>

#include "sip_leg.h"

#define CONTACT_B "Contact: <sip:b@192.0.2.2:5062>\nAllow: INVITE, ACK, BYE, CANCEL, UPDATE, PRACK\n"
#define CONTACT_C "Contact: <sip:c@192.0.2.2:5063>\nAllow: INVITE, ACK, BYE, CANCEL, UPDATE, PRACK\n"
#define RX_SDP "Content-Type: application/sdp\n\nv=0\n"

static void hang_up(void)
{
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();
}

static void cancel(void)
{
	req(SIP_CANCEL, 0);
	wire_answer(w, 200, NULL, "");
	wire_answer_to_invite(w, 487, "b", "");
	finish();
}

/* INFOs one after the other: one that has no answer, and never will, holds none back. */
static void test_info(void)
{
	wire_start("INFO in one dialog, another one answers: the next INFO at once");
	invite();
	wire_answer_to_invite(w, 183, "b", CONTACT_B);
	req_with(SIP_INFO, 0, SDP);
	req_with(SIP_INFO, 0, SDP);
	wire_answer_to_invite(w, 200, "c", CONTACT_C RX_SDP);
	wire_answer(w, 200, NULL, "");
	hang_up();

	wire_start("INFO in one dialog, whose 199 comes: the next INFO in the other one");
	invite();
	wire_answer_to_invite(w, 183, "c", CONTACT_C);
	wire_answer_to_invite(w, 183, "b", CONTACT_B);
	req_with(SIP_INFO, 0, SDP);
	req_with(SIP_INFO, 0, SDP);
	wire_answer_to_invite(w, 199, "b", "");
	wire_answer(w, 200, NULL, "");
	cancel();

	wire_start("INFO in the only dialog, whose 199 comes: the next INFO when there is another");
	invite();
	wire_answer_to_invite(w, 183, "b", CONTACT_B);
	req_with(SIP_INFO, 0, SDP);
	req_with(SIP_INFO, 0, SDP);
	wire_answer_to_invite(w, 199, "b", "");
	wire_log("UPDATE: %d", sip_call_may_modify(call, SIP_UPDATE));
	rx_back("INFO", 1, "b", "");
	wire_answer_to_invite(w, 180, "c", CONTACT_C);
	wire_answer(w, 200, NULL, "");
	wire_answer_to_invite(w, 200, "c", CONTACT_C RX_SDP);
	hang_up();

	wire_start("INFO in one dialog is never answered, another one is the latest: that dialog is over");
	invite();
	wire_answer_to_invite(w, 183, "b", CONTACT_B);
	req_with(SIP_INFO, 0, SDP);
	wire_answer_to_invite(w, 183, "c", CONTACT_C);
	w->quiet = true;
	wire_pass(32100);
	w->quiet = false;
	rx_back("INFO", 1, "b", "");
	rx_back("INFO", 1, "c", "");
	cancel();
}

static void test_update(void)
{
	wire_start("UPDATE in one dialog, another one answers: the user's turn at once");
	invite();
	wire_answer_to_invite(w, 183, "b", "Require: 100rel\nRSeq: 1\n" CONTACT_B RX_SDP);
	wire_answer(w, 200, NULL, "");
	req_with(SIP_UPDATE, 0, SDP);
	wire_answer_to_invite(w, 200, "c", CONTACT_C RX_SDP);
	wire_pass(0);
	wire_answer(w, 200, NULL, RX_SDP);
	hang_up();

	wire_start("UPDATE in one dialog, whose 199 comes: the user's turn, in the other one");
	invite();
	wire_answer_to_invite(w, 183, "c", "Require: 100rel\nRSeq: 1\n" CONTACT_C RX_SDP);
	wire_answer(w, 200, NULL, "");
	wire_answer_to_invite(w, 183, "b", "Require: 100rel\nRSeq: 1\n" CONTACT_B RX_SDP);
	wire_answer(w, 200, NULL, "");
	req_with(SIP_UPDATE, 0, SDP);
	wire_answer_to_invite(w, 199, "b", "");
	wire_pass(0);
	wire_answer(w, 200, NULL, RX_SDP);
	cancel();

	wire_start("UPDATE is refused 481: this dialog is over, the INVITE goes on in the other one");
	invite();
	wire_answer_to_invite(w, 180, "c", CONTACT_C);
	wire_answer_to_invite(w, 183, "b", "Require: 100rel\nRSeq: 1\n" CONTACT_B RX_SDP);
	wire_answer(w, 200, NULL, "");
	req_with(SIP_UPDATE, 0, SDP);
	wire_answer(w, 481, NULL, "");
	rx_back("INFO", 1, "b", "");
	wire_answer_to_invite(w, 200, "c", CONTACT_C RX_SDP);
	hang_up();

	wire_start("UPDATE is never answered, another dialog is the latest: that dialog is over");
	invite();
	wire_answer_to_invite(w, 183, "b", "Require: 100rel\nRSeq: 1\n" CONTACT_B RX_SDP);
	wire_answer(w, 200, NULL, "");
	req_with(SIP_UPDATE, 0, SDP);
	wire_answer_to_invite(w, 183, "c", "Require: 100rel\nRSeq: 1\n" CONTACT_C RX_SDP);
	wire_answer(w, 200, NULL, "");
	w->quiet = true;
	wire_pass(31800);
	w->quiet = false;
	wire_pass(300);
	wire_answer(w, 200, NULL, RX_SDP);
	rx_back("INFO", 1, "b", "");
	cancel();
}

/* Our INVITE had no offer: each dialog has one of its own, and what has become of another's does not matter. */
static void test_no_offer(void)
{
	wire_start("INVITE without an offer, two offers in reliable responses: two answers in PRACKs");
	invite_without_offer();
	wire_answer_to_invite(w, 183, "b", "Require: 100rel\nRSeq: 1\n" CONTACT_B RX_SDP);
	req_with(SIP_PRACK, 0, SDP);
	wire_answer(w, 200, NULL, "");
	wire_answer_to_invite(w, 183, "c", "Require: 100rel\nRSeq: 7\n" CONTACT_C RX_SDP);
	req_with(SIP_PRACK, 0, SDP);
	wire_answer(w, 200, NULL, "");
	wire_answer_to_invite(w, 200, "c", CONTACT_C);
	hang_up();
}

/* One request after the other in one dialog, whose peer is gone */
static void test_both(void)
{
	wire_start("INFO and UPDATE in one dialog, INFO is refused 481: the user's turn in the other one");
	invite();
	wire_answer_to_invite(w, 183, "c", "Require: 100rel\nRSeq: 1\n" CONTACT_C RX_SDP);
	wire_answer(w, 200, NULL, "");
	wire_answer_to_invite(w, 183, "b", "Require: 100rel\nRSeq: 1\n" CONTACT_B RX_SDP);
	wire_answer(w, 200, NULL, "");
	req_with(SIP_UPDATE, 0, SDP);
	req_with(SIP_INFO, 0, SDP);
	wire_answer(w, 481, NULL, "");
	wire_pass(0);
	wire_answer(w, 200, NULL, RX_SDP);
	cancel();
}

/* What the one dialog holds back may be sent in the other. */
static void test_waits(void)
{
	wire_start("UPDATE waits for theirs, INFO is refused 481: the user's turn in the other dialog, at once");
	invite();
	wire_answer_to_invite(w, 183, "c", "Require: 100rel\nRSeq: 1\n" CONTACT_C RX_SDP);
	wire_answer(w, 200, NULL, "");
	wire_answer_to_invite(w, 183, "b", "Require: 100rel\nRSeq: 1\n" CONTACT_B RX_SDP);
	wire_answer(w, 200, NULL, "");
	req_with(SIP_UPDATE, 0, SDP);
	wire_answer(w, 491, NULL, "");
	req_with(SIP_INFO, 0, SDP);
	rx_back("UPDATE", 1, "b", CONTACT_B RX_SDP);
	w->quiet = true;
	wire_pass(5000);
	w->quiet = false;
	wire_answer(w, 481, NULL, "");
	wire_pass(0);
	wire_answer(w, 200, NULL, RX_SDP);
	cancel();
}

int main(void)
{
	leg_init();
	test_info();
	test_update();
	test_no_offer();
	test_both();
	test_waits();
	leg_exit();
	return 0;
}
