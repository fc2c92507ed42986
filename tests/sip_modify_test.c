/* SPDX-License-Identifier: GPL-3.0-or-later */
/* re-INVITE and UPDATE of ours that have to wait, or that the peer does not know, message by message. */

#include <string.h>

#include "sip_leg.h"

#define WITH_UPDATE "Contact: <sip:b@192.0.2.2:5062>\nAllow: INVITE, ACK, BYE, CANCEL, UPDATE\n"
#define RX_SDP "Content-Type: application/sdp\n\nv=0\n"

static void hang_up(void)
{
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();
}

static void pass_quietly(unsigned int ms)
{
	w->quiet = true;
	wire_pass(ms);
	w->quiet = false;
}

/* READY comes with what it waited for, not at some interval. */
static void test_events(void)
{
	wire_start("re-INVITE before the ACK of our 200: with the ACK");
	rx_invite();
	req(SIP_INVITE, 200);
	req_with(SIP_INVITE, 0, SDP);
	pass_quietly(400);
	rx("ACK", 1, "");
	wire_pass(0);
	wire_answer(w, 200, NULL, RX_SDP);
	hang_up();

	wire_start("re-INVITE while theirs is not answered: with the ACK of the 200; cancelled: with the 487");
	rx_invite();
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	rx("INVITE", 2, with_sdp);
	req_with(SIP_INVITE, 0, SDP);
	req(SIP_INVITE, 200);
	wire_pass(0);
	rx("ACK", 2, "");
	wire_pass(0);
	wire_answer(w, 200, NULL, RX_SDP);
	rx("INVITE", 3, with_sdp);
	req_with(SIP_INVITE, 0, SDP);
	rx_again("CANCEL", 3, our_tag(), "");
	wire_pass(0);
	wire_answer(w, 200, NULL, RX_SDP);
	hang_up();

	wire_start("UPDATE with an offer while theirs is not answered: with the answer");
	rx_invite();
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	rx("UPDATE", 2, with_sdp);
	req_with(SIP_UPDATE, 0, SDP);
	req_with(SIP_UPDATE, 200, SDP);
	wire_pass(0);
	wire_answer(w, 200, NULL, RX_SDP);
	hang_up();

	wire_start("UPDATE before the PRACK of our answer: with the PRACK");
	call_no++;
	rx_as(++branch_no, "INVITE", 1, "", "Supported: 100rel\nAllow: UPDATE, PRACK\nContact: <sip:a@192.0.2.2:5062>\n"
	      RX_SDP);
	req_with(SIP_INVITE, 183, SDP);
	req_with(SIP_UPDATE, 0, SDP);
	pass_quietly(400);
	{
		char rack[64];

		snprintf(rack, sizeof(rack), "RAck: %u 1 INVITE\n", w->last_rseq);
		rx("PRACK", 2, rack);
	}
	wire_pass(0);
	wire_answer(w, 200, NULL, RX_SDP);
	req(SIP_INVITE, 486);
	finish();
}

static void test_unknown(void)
{
	wire_start("UPDATE that Allow has named is refused 405: re-INVITE, and so whatever Allow says again");
	invite();
	wire_answer(w, 200, "b", WITH_UPDATE);
	req_with(SIP_UPDATE, 0, SDP);
	wire_answer(w, 405, NULL, "Allow: INVITE, ACK, BYE, CANCEL\n");
	wire_answer(w, 200, NULL, WITH_UPDATE RX_SDP);
	wire_log("by UPDATE: %d", sip_call_may_modify(call, SIP_UPDATE));
	hang_up();

	wire_start("UPDATE is refused 501 before the answer: the user hears of it");
	invite();
	wire_answer_to_invite(w, 183, "b", "Require: 100rel\nRSeq: 1\n" WITH_UPDATE RX_SDP);
	wire_answer(w, 200, NULL, "");
	req_with(SIP_UPDATE, 0, SDP);
	wire_answer(w, 501, NULL, "");
	wire_log("by UPDATE: %d", sip_call_may_modify(call, SIP_UPDATE));
	wire_answer_to_invite(w, 200, "b", WITH_UPDATE);
	wire_log("by UPDATE: %d", sip_call_may_modify(call, SIP_UPDATE));
	hang_up();
}

static void test_refresh(void)
{
	wire_start("session timer: our UPDATE is refused 405: the user's re-INVITE; the next one is the room's");
	invite();
	wire_answer(w, 200, "b", WITH_UPDATE "Session-Expires: 90;refresher=uac\n");
	wire_pass(45000);
	wire_answer(w, 405, NULL, "");
	wire_answer(w, 200, NULL, WITH_UPDATE "Session-Expires: 90;refresher=uac\n" RX_SDP);
	wire_pass(45000);
	wire_answer(w, 200, NULL, "Session-Expires: 90;refresher=uac\n" RX_SDP);
	hang_up();

	wire_start("session timer: neither UPDATE nor re-INVITE: once each, and the session ends in time");
	invite();
	wire_answer(w, 200, "b", WITH_UPDATE "Session-Expires: 90;refresher=uac\n");
	wire_pass(45000);
	wire_answer(w, 501, NULL, "");
	wire_answer(w, 488, NULL, "");
	wire_log("wants a refresh: %d", sip_call_wants_refresh(call));
	auto_done = true;
	wire_pass(16000);
	wire_answer(w, 200, NULL, "");
	finish();

	wire_start("session timer: the user's UPDATE is refused 405 while the refresh is due: one re-INVITE for both");
	invite();
	wire_answer(w, 200, "b", WITH_UPDATE "Session-Expires: 90;refresher=uac\n");
	pass_quietly(44900);
	req_with(SIP_UPDATE, 0, SDP);
	wire_pass(200);
	wire_answer(w, 405, NULL, "");
	wire_answer(w, 200, NULL, "Session-Expires: 90;refresher=uac\n" RX_SDP);
	wire_log("wants a refresh: %d", sip_call_wants_refresh(call));
	hang_up();
}

int main(void)
{
	leg_init();
	test_events();
	test_unknown();
	test_refresh();
	leg_exit();
	return 0;
}
