/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Call legs through the SAP, message by message: both directions, races, losses, re-INVITEs, routes. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip_leg.h"

/* ---- Incoming legs ---- */

static void test_incoming(void)
{
	wire_start("incoming: answered, ended by them");
	rx_invite();
	req(SIP_INVITE, 180);
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	rx("BYE", 2, "");
	done();
	rx_again("BYE", 2, "unused", "");
	finish();

	wire_start("incoming: answered, ended by us");
	rx_invite();
	req(SIP_INVITE, 100);
	req(SIP_BYE, 0);
	req(SIP_CANCEL, 0);
	req(SIP_INVITE, 200);
	rx("ACK", 1, "Content-Type: application/sdp\n\nv=0\n");
	req(SIP_INVITE, 486);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, NULL);
	finish();

	wire_start("incoming: refused in the callback: no 100; ACK stays here");
	auto_answer = 404;
	rx_invite();
	rx_again("INVITE", 1, "", with_sdp);
	rx_again("ACK", 1, wire_sent_to_tag(w), "");
	finish();

	wire_start("incoming: BYE of theirs answered by the user's own 200");
	rx_invite();
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	rx("BYE", 2, "");
	req(SIP_BYE, 200);
	req(SIP_BYE, 200);
	done();
	finish();
}

static void test_incoming_lost(void)
{
	wire_start("incoming: 200 and ACK lost: 200 again from T1 to T2, ACK at last");
	rx_invite();
	req(SIP_INVITE, 200);
	rx_again("INVITE", 1, "", with_sdp);
	wire_pass(9000);
	rx("ACK", 2, "");
	rx("ACK", 1, "");
	wire_pass(5000);
	rx("ACK", 1, "");
	sip_call_release(call, 0, SIP_STR(""));
	finish();

	wire_start("incoming: the ACK of a 200 never comes");
	rx_invite();
	req(SIP_INVITE, 200);
	w->quiet = true;
	wire_pass(31950);
	w->quiet = false;
	wire_pass(100);
	done();
	finish();

	wire_start("incoming: ACK with the branch of the INVITE");
	rx_invite();
	req(SIP_INVITE, 200);
	rx_again("ACK", 1, our_tag(), "");
	rx("BYE", 2, "");
	done();
	finish();

	wire_start("incoming: BYE of ours waits for the ACK");
	rx_invite();
	req(SIP_INVITE, 200);
	req(SIP_BYE, 0);
	wire_pass(600);
	rx_again("ACK", 1, our_tag(), "");
	finish();

	wire_start("incoming: BYE of ours waits for the ACK in vain");
	rx_invite();
	req(SIP_INVITE, 200);
	req(SIP_BYE, 0);
	w->quiet = true;
	wire_pass(31950);
	w->quiet = false;
	wire_pass(100);
	finish();

	wire_start("incoming: BYE of ours waits for the ACK, BYE of theirs comes");
	rx_invite();
	req(SIP_INVITE, 200);
	req(SIP_BYE, 0);
	rx("BYE", 2, "");
	finish();
}

static void test_incoming_races(void)
{
	wire_start("incoming: CANCEL");
	rx_invite();
	req(SIP_INVITE, 180);
	rx_again("CANCEL", 1, "", "");
	rx_again("CANCEL", 1, "", "");
	rx_again("ACK", 1, wire_sent_to_tag(w), "");
	req(SIP_INVITE, 200);
	done();
	finish();

	wire_start("incoming: CANCEL after our 200 has no effect");
	rx_invite();
	req(SIP_INVITE, 200);
	rx_again("CANCEL", 1, "", "");
	rx("ACK", 1, "");
	rx("BYE", 2, "");
	done();
	finish();

	wire_start("incoming: CANCEL after our 486");
	rx_invite();
	req(SIP_INVITE, 486);
	rx_again("CANCEL", 1, "", "");
	rx_again("ACK", 1, wire_sent_to_tag(w), "");
	finish();

	wire_start("incoming: CANCEL of nothing");
	rx_as(++branch_no, "CANCEL", 1, "", "");
	finish();

	wire_start("incoming: BYE before the answer");
	rx_invite();
	req(SIP_INVITE, 180);
	rx("BYE", 2, "");
	done();
	finish();

	wire_start("incoming: BYE before the ACK");
	auto_done = true;
	rx_invite();
	req(SIP_INVITE, 200);
	rx("BYE", 2, "");
	rx("ACK", 1, "");
	finish();

	wire_start("incoming: BYE meets BYE");
	rx_invite();
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	our_tag();
	req(SIP_BYE, 0);
	call = NULL;
	rx("BYE", 2, "");
	wire_answer(w, 481, NULL, NULL);
	finish();

	wire_start("incoming: slow user after BYE: 100 when it is due");
	rx_invite();
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	rx("BYE", 2, "");
	wire_pass(3600);
	done();
	finish();
}

static void test_reinvite(void)
{
	wire_start("re-INVITE: accepted, refused, cancelled, one at a time, in order");
	rx_invite();
	req(SIP_INVITE, 200);
	rx("INVITE", 2, contact);
	rx("ACK", 1, "");
	rx("INVITE", 3, "Contact: <sip:moved@192.0.2.2:5064>\n");
	rx("INVITE", 4, contact);
	req(SIP_INVITE, 200);
	rx("ACK", 3, "Content-Type: application/sdp\n\nv=0\n");
	rx("INVITE", 5, contact);
	req(SIP_INVITE, 488);
	rx_again("ACK", 5, our_tag(), "");
	rx("INVITE", 6, contact);
	rx_again("CANCEL", 6, our_tag(), "");
	rx_again("ACK", 6, our_tag(), "");
	req(SIP_INVITE, 200);
	rx("INVITE", 6, contact);
	rx("BYE", 5, "");
	rx("INVITE", 7, "Contact: <sip:moved@192.0.2.2:5064>\n");
	rx("BYE", 8, "");
	done();
	finish();

	wire_start("re-INVITE: refused, and not taken when repeated; Contact that no request can go to");
	rx_invite();
	req(SIP_INVITE, 200);
	rx("INVITE", 2, contact);
	rx_as(branch_no + 1, "ACK", 1, our_tag(), "");
	rx_again("INVITE", 2, our_tag(), contact);
	rx("INVITE", 3, "Contact: <tel:+331>\n");
	rx("BYE", 4, "");
	done();
	finish();

	wire_start("OPTIONS within a leg while new calls are refused");
	rx_invite();
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	sip_set_refuse_new(w->sip, true, 7);
	rx("OPTIONS", 2, "");
	sip_set_refuse_new(w->sip, false, 0);
	rx("BYE", 3, "");
	done();
	finish();

	wire_start("re-INVITE: open when our BYE goes");
	rx_invite();
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	rx("INVITE", 2, "Contact: <sip:moved@192.0.2.2:5064>\n");
	req(SIP_BYE, 0);
	finish();

	wire_start("re-INVITE before the ACK of our 200: after it");
	rx_invite();
	req(SIP_INVITE, 200);
	req_with(SIP_INVITE, 0, SDP);
	rx("ACK", 1, "");
	wire_pass(250);
	wire_answer(w, 488, NULL, "");
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();

	wire_start("re-INVITE: the ACK of its 200 never comes");
	rx_invite();
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	rx("INVITE", 2, contact);
	req(SIP_INVITE, 200);
	w->quiet = true;
	wire_pass(31950);
	w->quiet = false;
	wire_pass(100);
	done();
	finish();
}

static void test_incoming_routes(void)
{
	wire_start("incoming: route set, loose");
	call_no++;
	rx_as(++branch_no, "INVITE", 1, "", "Record-Route: <sip:192.0.2.3;lr>;x=1, <sip:192.0.2.4:5070;lr>\n"
	      "Record-Route: <sip:p.example;lr>\nContact: \"C\" <sip:a@10.0.0.1>;q=1\n");
	req(SIP_INVITE, 180);
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	req(SIP_BYE, 0);
	finish();

	wire_start("incoming: route set, strict");
	call_no++;
	rx_as(++branch_no, "INVITE", 1, "", "Record-Route: <sip:192.0.2.3:5063>, <sip:192.0.2.4;lr>\n"
	      "Contact: <sip:a@10.0.0.1>\n");
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	req(SIP_BYE, 0);
	finish();

	wire_start("incoming: contact is a name: the peer's address is used; a longer target");
	call_no++;
	rx_as(++branch_no, "INVITE", 1, "", "Contact: <sip:a@pbx.example>\n");
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	rx("INVITE", 2, "Contact: <sip:a.very.long.user.part.that.has.not.been.there.before@pbx.example.net:5066>\n");
	req(SIP_INVITE, 200);
	rx("ACK", 2, "");
	req(SIP_BYE, 0);
	finish();
}

/* ---- Outgoing legs ---- */

static void test_outgoing(void)
{
	wire_start("outgoing: answered, ended by us");
	invite();
	req(SIP_INVITE, 0);
	req(SIP_BYE, 0);
	wire_answer(w, 100, NULL, NULL);
	wire_answer(w, 180, "b", their_contact);
	wire_answer(w, 200, "b", their_contact);
	wire_answer(w, 200, "b", their_contact);
	req(SIP_CANCEL, 0);
	req(SIP_BYE, 0);
	wire_answer(w, 200, "b", NULL);
	finish();

	wire_start("outgoing: answered, ended by them");
	invite();
	wire_answer(w, 200, "b", "Contact: <sip:b@192.0.2.2:5062>\nContent-Type: application/sdp\n\nv=0\n");
	rx_back("BYE", 1, "b", "");
	done();
	finish();

	wire_start("outgoing: busy");
	auto_done = true;
	invite();
	wire_answer(w, 486, "b", NULL);
	wire_answer(w, 486, "b", NULL);
	finish();

	wire_start("outgoing: nothing given but the peer");
	call = sip_call_alloc(pbx, NULL, &(uint16_t){ 0 });
	req(SIP_INVITE, 0);
	printf("From %.*s, To %s\n", (int)strcspn(wire_sent_hdr(w, SIP_HDR_FROM), ";"),
	       wire_sent_hdr(w, SIP_HDR_FROM), wire_sent_hdr(w, SIP_HDR_TO));
	sip_call_release(call, 0, SIP_STR(""));
	wire_answer(w, 500, "b", NULL);
	finish();

	wire_start("outgoing: no answer at all");
	auto_done = true;
	invite();
	w->quiet = true;
	wire_pass(31950);
	w->quiet = false;
	wire_pass(100);
	finish();

	wire_start("outgoing: address cannot be reached: at once, and by ICMP");
	w->send_rc = -ENETUNREACH;
	invite();
	w->send_rc = 0;
	sip_call_release(call, 0, SIP_STR(""));
	invite();
	sip_rx_error(w->sock, w->last, w->last_len);
	done();
	finish();

	wire_start("outgoing: target and route of the latest response, loose, reversed");
	invite();
	wire_answer(w, 183, "early", "Contact: <sip:e@10.0.0.9>\nRecord-Route: <sip:10.0.0.8;lr>\n");
	wire_answer(w, 200, "b", "Contact: <sip:b@10.0.0.2>\n"
		    "Record-Route: <sip:192.0.2.3;lr>, <sip:192.0.2.4:5070;lr>\n");
	req(SIP_BYE, 0);
	finish();

	wire_start("outgoing: 200 without Contact; with one that cannot be read");
	invite();
	wire_answer(w, 200, "b", NULL);
	req(SIP_BYE, 0);
	invite();
	wire_answer(w, 200, "b", "Contact: <<\n");
	req(SIP_BYE, 0);
	finish();
}

static void test_outgoing_races(void)
{
	wire_start("outgoing: CANCEL waits for a provisional response; 487");
	invite();
	req(SIP_CANCEL, 0);
	call = NULL;
	wire_answer(w, 100, NULL, NULL);
	wire_answer(w, 200, "b", NULL);
	finish();

	wire_start("outgoing: CANCEL crosses 200: ACK, BYE; 200 again: ACK only");
	invite();
	wire_answer(w, 180, "b", their_contact);
	sip_call_release(call, 0, SIP_STR(""));
	call = NULL;
	wire_log("(CANCEL is lost)");
	wire_answer_to_invite(w, 200, "b", their_contact);
	wire_answer_to_invite(w, 200, "b", their_contact);
	wire_answer_to_invite(w, 200, "c", their_contact);
	finish();

	wire_start("outgoing: CANCEL crosses 200 without Contact; with one that cannot be read");
	invite();
	wire_answer(w, 180, "b", their_contact);
	sip_call_release(call, 0, SIP_STR(""));
	call = NULL;
	wire_answer_to_invite(w, 200, "b", NULL);
	wire_answer_to_invite(w, 200, "c", "Contact: <<\n");
	finish();

	wire_start("outgoing: 200 without a tag (RFC 2543), after an early answer with one");
	invite();
	wire_answer(w, 180, "b", their_contact);
	wire_answer(w, 200, NULL, "Contact: <sip:old@192.0.2.2:5063>\n");
	wire_answer_to_invite(w, 200, NULL, "Contact: <sip:old@192.0.2.2:5063>\n");
	req(SIP_BYE, 0);
	finish();

	wire_start("outgoing: a second answer from another branch of a fork");
	invite();
	wire_answer(w, 180, "b", their_contact);
	wire_answer(w, 180, "c", their_contact);
	wire_answer(w, 200, "b", their_contact);
	wire_answer_to_invite(w, 200, "c", "Contact: <sip:c@192.0.2.2:5099>\n");
	wire_answer_to_invite(w, 200, "c", "Contact: <sip:c@192.0.2.2:5099>\n");
	wire_answer_to_invite(w, 200, "d", NULL);
	req(SIP_BYE, 0);
	wire_log("(our ACK was lost)");
	wire_answer_to_invite(w, 200, "b", their_contact);
	finish();

	wire_start("outgoing: BYE of theirs before we saw 200; BYE of nobody");
	auto_done = true;
	invite();
	wire_answer(w, 180, "b", their_contact);
	rx_back("BYE", 1, "x", "");
	rx_back("INVITE", 1, "b", their_contact);
	rx_back("BYE", 2, "b", "");
	finish();

	wire_start("outgoing: re-INVITE and BYE of theirs");
	invite();
	wire_answer(w, 200, "b", their_contact);
	rx_back("INVITE", 1, "b", "Contact: <sip:b2@192.0.2.2:5077>\n");
	req(SIP_INVITE, 200);
	rx_back("ACK", 1, "b", "");
	req(SIP_BYE, 0);
	finish();
}

int main(int argc, char **argv)
{
	leg_init();
	test_incoming();
	test_incoming_lost();
	test_incoming_races();
	test_reinvite();
	test_incoming_routes();
	test_outgoing();
	test_outgoing_races();
	leg_exit();
	return 0;
}
