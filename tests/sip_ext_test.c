/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extensions of call legs: 100rel, UPDATE, session timers, forking, 199; message by message. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip_leg.h"

/* ---- Helpers ---- */

/* A header of the message sent last; numbers that are drawn by lot as their difference to the first */
static void show(enum sip_hdr_id id)
{
	wire_log("       %.*s: %s", SIP_STR_ARG(sip_hdr_name(id)), wire_sent_hdr(w, id));
}

static unsigned int first_rseq;

static unsigned int rseq(void)
{
	return atol(wire_sent_hdr(w, SIP_HDR_RSEQ));
}

static void show_rseq(void)
{
	if (!first_rseq)
		first_rseq = rseq();
	wire_log("       RSeq: first + %u, Require: %s", rseq() - first_rseq, wire_sent_hdr(w, SIP_HDR_REQUIRE));
}

#define RX_SDP "Content-Type: application/sdp\n\nv=0\n"
#define INVITE_100REL "Contact: <sip:a@192.0.2.2:5062>\nSupported: 100rel\nContent-Type: application/sdp\n\nv=0\n"

static void rx_invite_with(const char *lines)
{
	call_no++;
	first_rseq = 0;
	rx_as(++branch_no, "INVITE", 1, "", lines);
}

static void prack(unsigned int cseq, unsigned int ack, const char *more)
{
	char lines[256];

	snprintf(lines, sizeof(lines), "RAck: %u 1 INVITE\n%s", first_rseq + ack, more);
	rx("PRACK", cseq, lines);
}

static void end_answered(unsigned int cseq)
{
	rx("ACK", 1, "");
	rx("BYE", cseq, "");
	done();
	finish();
}

/* ---- RFC 3262, incoming ---- */

static void test_rel_in(void)
{
	wire_start("reliable: 180, PRACK, 200");
	rx_invite_with(INVITE_100REL);
	req(SIP_INVITE, 180);
	show_rseq();
	prack(2, 0, "");
	req(SIP_INVITE, 200);
	end_answered(3);

	wire_start("reliable: one at a time; 183 has the answer, which the 200 does not repeat");
	rx_invite_with(INVITE_100REL);
	req_with(SIP_INVITE, 183, SDP);
	show_rseq();
	req_with(SIP_INVITE, 180, SDP);
	prack(2, 0, "");
	wire_pass(0);
	show_rseq();
	req_with(SIP_INVITE, 200, SDP);
	wire_log("(180 has no session description: 200 does not wait)");
	prack(3, 1, "");
	end_answered(4);

	wire_start("reliable: 200 waits for the PRACK of the answer, INFO for the 200");
	rx_invite_with(INVITE_100REL);
	req_with(SIP_INVITE, 183, SDP);
	show_rseq();
	req_with(SIP_INVITE, 200, SDP);
	req_with(SIP_INVITE, 200, SDP);
	req_with(SIP_INFO, 0, SDP);
	wire_pass(600);
	prack(2, 0, "");
	wire_pass(0);
	wire_answer(w, 200, NULL, "");
	end_answered(3);

	wire_start("reliable: the user hangs up while his 200 waits");
	rx_invite_with(INVITE_100REL);
	req_with(SIP_INVITE, 183, SDP);
	req_with(SIP_INVITE, 200, SDP);
	req(SIP_BYE, 0);
	finish();

	wire_start("reliable: PRACK never comes");
	rx_invite_with(INVITE_100REL);
	req(SIP_INVITE, 180);
	wire_pass(3600);
	w->quiet = true;
	wire_pass(28000);
	w->quiet = false;
	wire_pass(1000);
	done();
	finish();

	wire_start("reliable: PRACK of nothing, malformed, twice");
	rx_invite_with(INVITE_100REL);
	rx("PRACK", 2, "RAck: 1 1 INVITE\n");
	req(SIP_INVITE, 180);
	show_rseq();
	rx("PRACK", 3, "");
	rx("PRACK", 4, "RAck: 1 1 INVITE x\n");
	rx("PRACK", 5, "RAck: 0 1 INVITE\n");
	rx("PRACK", 6, "RAck: 99999999999 1 INVITE\n");
	rx_again("PRACK", 6, our_tag(), "RAck: 99999999999 1 INVITE\n");
	prack(7, 1, "");
	prack(8, 0, "");
	rx_again("PRACK", 8, our_tag(), "");
	prack(9, 0, "");
	req(SIP_INVITE, 486);
	finish();
}

static void test_rel_in_offers(void)
{
	wire_start("reliable: offer in PRACK, answer in its 200; the 200 to the INVITE is after that");
	rx_invite_with(INVITE_100REL);
	req_with(SIP_INVITE, 183, SDP);
	show_rseq();
	prack(2, 0, RX_SDP);
	req_with(SIP_INVITE, 200, SDP);
	req_with(SIP_PRACK, 200, SDP);
	wire_pass(0);
	end_answered(3);

	wire_start("reliable: no offer in the INVITE, ours in 183, answer in PRACK");
	rx_invite_with("Contact: <sip:a@192.0.2.2:5062>\nRequire: 100rel\n");
	req_with(SIP_INVITE, 183, SDP);
	show_rseq();
	prack(2, 0, RX_SDP);
	req_with(SIP_INVITE, 200, SDP);
	end_answered(3);

	wire_start("reliable: an offer in PRACK before the first one is answered");
	rx_invite_with(INVITE_100REL);
	req(SIP_INVITE, 180);
	show_rseq();
	prack(2, 0, RX_SDP);
	req(SIP_INVITE, 486);
	finish();
}

static void test_rel_peers(void)
{
	struct sip_call_cfg *cfg = &sip_peer_cfg(pbx)->call;

	wire_start("100rel off: 420; not supported by us");
	cfg->rel100 = SIP_REL100_OFF;
	rx_invite_with("Contact: <sip:a@192.0.2.2:5062>\nRequire: 100rel\n");
	rx_invite_with(INVITE_100REL);
	req(SIP_INVITE, 180);
	show(SIP_HDR_REQUIRE);
	req(SIP_INVITE, 486);
	invite();
	show(SIP_HDR_SUPPORTED);
	wire_answer(w, 486, "b", "");
	done();
	finish();

	wire_start("100rel required: 421; required by us");
	cfg->rel100 = SIP_REL100_REQUIRED;
	rx_invite_with(contact);
	show(SIP_HDR_REQUIRE);
	invite();
	show(SIP_HDR_REQUIRE);
	wire_answer(w, 486, "b", "");
	done();
	finish();
	cfg->rel100 = SIP_REL100_SUPPORTED;
}

/* ---- RFC 3262, outgoing ---- */

#define TIMER "Contact: <sip:a@192.0.2.2:5062>\nSupported: timer\nSession-Expires: "
#define REL(n) "Contact: <sip:b@192.0.2.2:5062>\nRequire: 100rel\nRSeq: " #n "\n"

static void test_rel_out(void)
{
	wire_start("reliable, theirs: in order, again, too early; the answer in 183 counts");
	invite();
	show(SIP_HDR_SUPPORTED);
	wire_answer_to_invite(w, 180, "b", REL(7));
	show(SIP_HDR_RACK);
	wire_answer(w, 200, NULL, "");
	wire_answer_to_invite(w, 180, "b", REL(7));
	wire_answer_to_invite(w, 183, "b", REL(9) RX_SDP);
	wire_answer_to_invite(w, 183, "b", REL(8) RX_SDP);
	show(SIP_HDR_RACK);
	wire_answer(w, 200, NULL, "");
	wire_answer_to_invite(w, 180, "b", "RSeq: 10\n");
	wire_answer_to_invite(w, 200, "b", their_contact);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();

	wire_start("reliable, theirs: an offer in 180, our answer in PRACK; none in 200");
	invite_without_offer();
	wire_answer_to_invite(w, 180, "b", REL(1) RX_SDP);
	req_with(SIP_PRACK, 0, SDP);
	show(SIP_HDR_RACK);
	wire_answer(w, 200, NULL, "");
	wire_answer_to_invite(w, 200, "b", their_contact);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();

	wire_start("outgoing: an offer in 200, our answer in ACK, again where 200 comes again");
	invite_without_offer();
	wire_answer_to_invite(w, 200, "b", "Contact: <sip:b@192.0.2.2:5062>\n" RX_SDP);
	wire_answer_to_invite(w, 200, "b", "Contact: <sip:b@192.0.2.2:5062>\n" RX_SDP);
	req_with(SIP_ACK, 0, SDP);
	wire_answer_to_invite(w, 200, "b", "Contact: <sip:b@192.0.2.2:5062>\n" RX_SDP);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();
}

/* ---- UPDATE and re-INVITE ---- */

#define WITH_UPDATE "Contact: <sip:b@192.0.2.2:5062>\nAllow: INVITE, UPDATE\n"

static void test_update_in(void)
{
	wire_start("UPDATE: too early 500, before the answer, after it, without an offer; target follows");
	rx_invite_with(INVITE_100REL);
	rx("UPDATE", 2, "Contact: <sip:a@192.0.2.2:5062>\n" RX_SDP);
	req_with(SIP_INVITE, 183, SDP);
	show_rseq();
	prack(3, 0, "");
	rx("UPDATE", 4, "Contact: <sip:a@192.0.2.2:5064>\n" RX_SDP);
	rx("UPDATE", 5, "Contact: <sip:a@192.0.2.2:5064>\n" RX_SDP);
	req_with(SIP_UPDATE, 200, SDP);
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	rx("UPDATE", 6, "Contact: <sip:a@192.0.2.2:5065>\n" RX_SDP);
	req(SIP_UPDATE, 488);
	rx("UPDATE", 7, "Contact: <sip:a@192.0.2.2:5066>\n");
	req(SIP_UPDATE, 200);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();

	wire_start("UPDATE of theirs is not answered when BYE comes");
	rx_invite_with(with_sdp);
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	rx("UPDATE", 2, "Contact: <sip:a@192.0.2.2:5062>\n" RX_SDP);
	rx("BYE", 3, "");
	done();
	finish();
}

static void test_update_out(void)
{
	wire_start("UPDATE: refused while our offer is open; then before the answer, one at a time; target follows");
	invite();
	wire_answer_to_invite(w, 180, "b", WITH_UPDATE);
	req_with(SIP_UPDATE, 0, SDP);
	wire_answer_to_invite(w, 183, "b", REL(1) RX_SDP);
	wire_answer(w, 200, NULL, "");
	req_with(SIP_UPDATE, 0, SDP);
	req_with(SIP_UPDATE, 0, SDP);
	rx_back("UPDATE", 1, "b", "Contact: <sip:b@192.0.2.2:5062>\n" RX_SDP);
	wire_answer(w, 200, NULL, "Contact: <sip:b@192.0.2.2:5069>\n" RX_SDP);
	wire_answer_to_invite(w, 200, "b", "");
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();

	wire_start("re-INVITE of ours: answered; refused; 481 ends the call");
	invite();
	wire_answer(w, 200, "b", their_contact);
	req_with(SIP_INVITE, 0, SDP);
	rx_back("INVITE", 1, "b", their_contact);
	wire_answer(w, 100, NULL, "");
	wire_answer(w, 200, NULL, "Contact: <sip:b@192.0.2.2:5070>\n" RX_SDP);
	wire_answer(w, 200, NULL, "Contact: <sip:b@192.0.2.2:5070>\n" RX_SDP);
	req_with(SIP_INVITE, 0, SDP);
	wire_answer(w, 488, NULL, "");
	req_with(SIP_INVITE, 0, SDP);
	wire_answer(w, 481, NULL, "");
	done();
	finish();

	wire_start("UPDATE of ours: never answered");
	invite();
	wire_answer(w, 200, "b", WITH_UPDATE);
	req_with(SIP_UPDATE, 0, SDP);
	w->quiet = true;
	wire_pass(31900);
	w->quiet = false;
	wire_pass(200);
	done();
	finish();
}

static void test_glare(void)
{
	wire_start("glare: 491 to our re-INVITE, the Call-ID is ours: again after 2.1 to 4 s; theirs in between");
	invite();
	wire_answer(w, 200, "b", their_contact);
	req_with(SIP_INVITE, 0, SDP);
	wire_answer(w, 491, NULL, "");
	wire_pass(500);
	rx_back("INVITE", 1, "b", "Contact: <sip:b@192.0.2.2:5062>\nContent-Type: application/sdp\n\nv=0");
	req(SIP_INVITE, 200);
	rx_back("ACK", 1, "b", "");
	w->quiet = true;
	wire_pass(1500);
	if (strstr(w->request, "CSeq: 3 INVITE"))
		printf("TOO EARLY\n");
	wire_pass(2100);
	w->quiet = false;
	if (!strstr(w->request, "CSeq: 3 INVITE"))
		printf("TOO LATE\n");
	wire_answer(w, 200, NULL, RX_SDP);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();

	wire_start("glare: 491 to our UPDATE, the Call-ID is theirs: again within 2 s; 500 with Retry-After");
	rx_invite_with(with_sdp);
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	req_with(SIP_UPDATE, 0, SDP);
	wire_answer(w, 491, NULL, "");
	w->quiet = true;
	wire_pass(2050);
	w->quiet = false;
	if (!strstr(w->request, "CSeq: 2 UPDATE"))
		printf("TOO LATE\n");
	wire_answer(w, 500, NULL, "Retry-After: 3\n");
	wire_pass(2900);
	wire_pass(200);
	wire_answer(w, 200, NULL, RX_SDP);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();
}

/* What the user wants while the session is refreshed, or while it is under way, waits for its turn. */
static void test_ready(void)
{
	wire_start("re-INVITE asked for during our refresh: after its answer; asked for twice during its glare: once");
	invite();
	wire_answer(w, 200, "b", WITH_UPDATE "Session-Expires: 90;refresher=uac\n");
	w->quiet = true;
	wire_pass(45100);
	w->quiet = false;
	req_with(SIP_INVITE, 0, SDP);
	req_with(SIP_INVITE, 0, SDP);
	wire_answer(w, 200, NULL, "Session-Expires: 90;refresher=uac\n");
	wire_answer(w, 491, NULL, "");
	req_with(SIP_INVITE, 0, SDP);
	w->quiet = true;
	wire_pass(4300);
	w->quiet = false;
	if (!strstr(w->request, "CSeq: 4 INVITE"))
		printf("NOT ONCE\n");
	wire_answer(w, 200, NULL, RX_SDP);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();

	wire_start("re-INVITE asked for while our refresh waits to be sent again: instead of it");
	invite();
	wire_answer(w, 200, "b", WITH_UPDATE "Session-Expires: 90;refresher=uac\n");
	w->quiet = true;
	wire_pass(45100);
	w->quiet = false;
	wire_answer(w, 491, NULL, "");
	req_with(SIP_INVITE, 0, SDP);
	wire_answer(w, 200, NULL, "Session-Expires: 90;refresher=uac\n" RX_SDP);
	wire_pass(4100);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();
}

/* ---- Session timers ---- */

static void test_refresh_uac(void)
{
	wire_start("session timer: ours by UPDATE at half the time, refused once; theirs stops it");
	invite();
	show(SIP_HDR_SESSION_EXPIRES);
	wire_answer(w, 200, "b", WITH_UPDATE "Session-Expires: 90;refresher=uac\n");
	wire_pass(45000);
	show(SIP_HDR_SESSION_EXPIRES);
	wire_answer(w, 200, NULL, "Session-Expires: 90;refresher=uac\n");
	wire_pass(45000);
	wire_answer(w, 200, NULL, "");
	w->quiet = true;
	wire_pass(300000);
	w->quiet = false;
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();

	wire_start("session timer: ours by re-INVITE, where there is no UPDATE");
	invite();
	wire_answer(w, 200, "b", "Contact: <sip:b@192.0.2.2:5062>\nAllow: INVITE\nSession-Expires: 90;refresher=uac\n");
	wire_pass(45000);
	wire_answer(w, 200, NULL, "Session-Expires: 90;refresher=uac\n" RX_SDP);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();

	wire_start("session timer: theirs, who never does: BYE a third of the time before the end");
	invite();
	wire_answer(w, 200, "b", WITH_UPDATE "Session-Expires: 90;refresher=uas\n");
	rx_back("UPDATE", 1, "b", TIMER "90;refresher=uac\n");
	show(SIP_HDR_SESSION_EXPIRES);
	wire_pass(59900);
	wire_pass(200);
	done();
	finish();

	wire_start("session timer: 422 to our INVITE: once more, as they want it");
	invite();
	wire_answer(w, 422, "b", "Min-SE: 3600\n");
	show(SIP_HDR_SESSION_EXPIRES);
	wire_answer_to_invite(w, 180, "c", their_contact);
	wire_answer_to_invite(w, 422, "c", "Min-SE: 7200\n");
	done();
	finish();
}

static void test_refresh_uas(void)
{
	wire_start("session timer: too short: 422; malformed: 400; theirs to refresh");
	rx_invite_with(TIMER "60\n");
	wire_log("       Min-SE: %s", strstr(w->last, "Min-SE: 90") ? "90" : "not there");
	rx_invite_with(TIMER "x\n");
	rx_invite_with(TIMER "99999999999\n");
	rx_invite_with(TIMER "120\n");
	req(SIP_INVITE, 200);
	show(SIP_HDR_SESSION_EXPIRES);
	show(SIP_HDR_REQUIRE);
	rx("ACK", 1, RX_SDP);
	wire_pass(30000);
	rx("INVITE", 2, TIMER "60;refresher=uac\n" RX_SDP);
	rx_again("ACK", 2, our_tag(), "");
	rx("INVITE", 3, TIMER "120;refresher=uas\n" RX_SDP);
	req(SIP_INVITE, 200);
	show(SIP_HDR_SESSION_EXPIRES);
	rx("ACK", 3, "");
	wire_pass(59900);
	wire_pass(200);
	wire_answer(w, 405, NULL, "");
	wire_pass(27800);
	wire_pass(300);
	done();
	finish();

	wire_start("session timer: theirs does not know it, a proxy does: ours to refresh");
	rx_invite_with("Contact: <sip:a@192.0.2.2:5062>\nSession-Expires: 60\nAllow: UPDATE\n" RX_SDP);
	req(SIP_INVITE, 200);
	show(SIP_HDR_SESSION_EXPIRES);
	show(SIP_HDR_REQUIRE);
	rx("ACK", 1, "");
	wire_pass(45000);
	rx("BYE", 2, "");
	done();
	finish();
}

/* ---- Forking ---- */

static void test_forks(void)
{
	wire_start("forks: each with its own RSeq; a request in one; 199 ends one; the first to answer stays");
	invite();
	wire_answer_to_invite(w, 183, "b", REL(7) RX_SDP);
	wire_answer_to_invite(w, 183, "c", "Contact: <sip:c@192.0.2.2:5063>\nRequire: 100rel\nRSeq: 50\n" RX_SDP);
	show(SIP_HDR_RACK);
	wire_answer_to_invite(w, 180, "b", REL(8));
	show(SIP_HDR_RACK);
	wire_answer_to_invite(w, 180, "b", REL(8));
	wire_answer_to_invite(w, 180, "d", "Contact: <sip:d@192.0.2.2:5064>\n");
	rx_back("UPDATE", 1, "c", "Contact: <sip:c@192.0.2.2:5065>\nContent-Type: application/sdp\n\nv=0");
	req_with(SIP_UPDATE, 200, SDP);
	wire_answer_to_invite(w, 199, "c", "Reason: SIP;cause=486\n");
	wire_answer_to_invite(w, 199, "d", "Reason: SIP;cause=486\n");
	wire_answer_to_invite(w, 200, "b", their_contact);
	wire_answer_to_invite(w, 200, "c", "Contact: <sip:c@192.0.2.2:5065>\n");
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();

	wire_start("forks: 481 to a request in one ends that one; in the last one, the leg");
	invite();
	wire_answer_to_invite(w, 183, "b", REL(7) RX_SDP);
	wire_answer_to_invite(w, 183, "c", "Contact: <sip:c@192.0.2.2:5063>\nRequire: 100rel\nRSeq: 50\n" RX_SDP);
	req_with(SIP_UPDATE, 0, SDP);
	wire_answer(w, 481, "c", "");
	req_with(SIP_INFO, 0, "x");
	wire_answer(w, 481, "b", "");
	wire_answer_to_invite(w, 487, "b", "");
	done();
	finish();

	wire_start("forks: 481 to INFO; a new one without Contact is called by its To");
	invite();
	wire_answer_to_invite(w, 180, "b", their_contact);
	wire_answer_to_invite(w, 180, "c", "");
	req_with(SIP_INFO, 0, "x");
	wire_answer(w, 481, "c", "");
	req_with(SIP_INFO, 0, "x");
	wire_answer(w, 200, "b", "");
	wire_answer_to_invite(w, 200, "b", their_contact);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();

	wire_start("forks: many");
	invite();
	w->quiet = true;
	for (unsigned int i = 0; i < 100; i++) {
		char tag[8];

		snprintf(tag, sizeof(tag), "t%u", i % 40);
		wire_answer_to_invite(w, 180, tag, their_contact);
	}
	w->quiet = false;
	wire_answer_to_invite(w, 486, "t3", "");
	done();
	finish();

	wire_start("199 of ours, before the refusal; not without an early dialog");
	rx_invite_with("Contact: <sip:a@192.0.2.2:5062>\nSupported: 199\n" RX_SDP);
	req(SIP_INVITE, 180);
	req(SIP_INVITE, 486);
	rx_invite_with("Contact: <sip:a@192.0.2.2:5062>\nSupported: 199\n" RX_SDP);
	req(SIP_INVITE, 486);
	finish();
}

/* ---- Retry-After ---- */

static void test_retry_after(void)
{
	uint16_t status = 0;

	wire_start("503 with Retry-After: the peer is left alone so long");
	invite();
	wire_answer(w, 503, "b", "Retry-After: 5\n");
	done();
	wire_pass(4900);
	wire_log("alloc: %s", sip_call_alloc(pbx, NULL, &status) ? "call" : "none");
	wire_log("status %u", status);
	wire_pass(200);
	invite();
	wire_answer(w, 486, "b", "");
	done();
	finish();
}

int main(int argc, char **argv)
{
	leg_init();
	test_rel_in();
	test_rel_in_offers();
	test_rel_peers();
	test_rel_out();
	test_update_in();
	test_update_out();
	test_glare();
	test_ready();
	test_refresh_uac();
	test_refresh_uas();
	test_forks();
	test_retry_after();
	leg_exit();
	return 0;
}
