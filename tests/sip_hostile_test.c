/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Legs whose messages cross at bad moments: a user who has hung up, early dialogs put away, listeners that are gone. */

#define _GNU_SOURCE /* memmem() */
#include <errno.h>
#include <string.h>

#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "sip_leg.h"

#define RX_SDP "Content-Type: application/sdp\n\nv=0\n"
#define CONTACT_C "Contact: <sip:c@192.0.2.2:5063>\n"

static bool sent_is(const char *start)
{
	return !strncmp(w->last, start, strlen(start));
}

static bool request_has(const char *text)
{
	return memmem(w->request, w->request_len, text, strlen(text));
}

static void prack(unsigned int cseq, const char *more)
{
	char lines[256];

	snprintf(lines, sizeof(lines), "RAck: %u 1 INVITE\n%s", w->last_rseq, more);
	rx("PRACK", cseq, lines);
}

static void end(void)
{
	finish();
	EXPECT_INT("legs left", w->sip->n_calls, 0);
	EXPECT_INT("transactions left", w->sip->n_trans, 0);
	w->quiet = true;
}

/* RFC 3262 3: a PRACK may come after the 200, here with an offer, when the user waits for nothing but the end. */
static void test_prack_after_bye(void)
{
	call_no++;
	rx_as(++branch_no, "INVITE", 1, "", "Contact: <sip:a@192.0.2.2:5062>\nSupported: 100rel\n" RX_SDP);
	req_with(SIP_INVITE, 183, SDP);
	prack(2, "");
	req(SIP_INVITE, 180);
	req(SIP_INVITE, 200);
	our_tag();
	EXPECT_INT("BYE waits", req(SIP_BYE, 0), 0);
	call = NULL;
	prack(3, RX_SDP);
	EXPECT(!call);
	EXPECT(sent_is("SIP/2.0 488 "));
	rx("ACK", 1, "");
	EXPECT(sent_is("BYE "));
	wire_answer(w, 200, NULL, "");
	end();
}

/* An answer that comes late: to a request that is not the latest */
static void answer_to(const char *request, unsigned int status, const char *lines)
{
	char latest[SIP_MSG_MAX];
	size_t len = w->request_len;

	memcpy(latest, w->request, len + 1);
	w->request_len = snprintf(w->request, sizeof(w->request), "%s", request);
	wire_answer(w, status, NULL, lines);
	memcpy(w->request, latest, len + 1);
	w->request_len = len;
}

/* A request in an early dialog that another has put aside, refused with what its peer's configuration says */
static void test_refused_in_fork(void)
{
	invite();
	wire_answer_to_invite(w, 180, "b", their_contact);
	wire_answer_to_invite(w, 180, "c", CONTACT_C);
	rx_back("UPDATE", 1, "b", "Contact: <sip:b@192.0.2.2:5062>\nSupported: timer\nSession-Expires: 30\n");
	EXPECT(sent_is("SIP/2.0 422 "));
	EXPECT_STR("422", wire_sent_hdr(w, SIP_HDR_MIN_SE), "90");
	wire_answer_to_invite(w, 486, "b", "");
	done();
	end();
}

static void start_update_in_b(void)
{
	memset(failed, 0, sizeof(failed));
	invite();
	wire_answer_to_invite(w, 183, "b", "Contact: <sip:b@192.0.2.2:5062>\nRequire: 100rel\nRSeq: 1\n" RX_SDP);
	wire_answer(w, 200, NULL, "");
	EXPECT_INT("UPDATE", req_with(SIP_UPDATE, 0, SDP), 0);
	EXPECT(!strncmp(w->request, "UPDATE ", 7));
}

/* Where a BYE goes says whose target the dialog has. */
static void expect_bye_to(const char *uri)
{
	EXPECT_INT("BYE", req(SIP_BYE, 0), 0);
	EXPECT(sent_is("BYE ") && !strncmp(w->last + 4, uri, strlen(uri)));
	wire_answer(w, 200, NULL, "");
	end();
}

/* 13.2.2.4: an UPDATE in one early dialog says nothing of another. */
static void test_update_in_fork(void)
{
	start_update_in_b();
	wire_answer_to_invite(w, 180, "c", CONTACT_C);
	wire_answer(w, 200, NULL, "Contact: <sip:b@192.0.2.2:5069>\n" RX_SDP);
	EXPECT_INT("answered", call->dialog.offer, SIP_OFFER_DONE);
	wire_answer_to_invite(w, 200, "c", RX_SDP);
	expect_bye_to("sip:c@192.0.2.2:5063 ");

	start_update_in_b();
	wire_answer_to_invite(w, 180, "c", CONTACT_C);
	wire_answer(w, 200, NULL, "Contact: <sip:b@192.0.2.2:5069>\n" RX_SDP);
	wire_answer_to_invite(w, 200, "b", "");
	expect_bye_to("sip:b@192.0.2.2:5069 ");

	start_update_in_b();
	wire_answer_to_invite(w, 180, "c", CONTACT_C);
	wire_answer_to_invite(w, 180, "b", their_contact);
	wire_pass(33000);
	EXPECT_INT("no answer in one of two", failed[4], 0);
	wire_answer_to_invite(w, 200, "c", RX_SDP);
	expect_bye_to("sip:c@192.0.2.2:5063 ");

	/* of a dialog that is over: the user's turn comes in the other one */
	for (unsigned int i = 0; i < 3; i++) {
		char update[SIP_MSG_MAX];

		start_update_in_b();
		memcpy(update, w->request, w->request_len + 1);
		wire_answer_to_invite(w, 200, "c", CONTACT_C RX_SDP);
		wire_pass(0);
		EXPECT(!strncmp(w->request, "UPDATE sip:c@192.0.2.2:5063 ", 28));
		if (i < 2)
			answer_to(update, i ? 200 : 481, "Contact: <sip:b@192.0.2.2:5069>\n");
		wire_answer(w, 200, NULL, RX_SDP);
		wire_pass(33000);
		EXPECT_INT("of a dialog that is over", failed[4], 0);
		expect_bye_to("sip:c@192.0.2.2:5063 ");
	}
}

static void start_info_in_b(void)
{
	memset(failed, 0, sizeof(failed));
	invite();
	wire_answer_to_invite(w, 180, "b", their_contact);
	EXPECT_INT("INFO", req_with(SIP_INFO, 0, "1"), 0);
	EXPECT_INT("the next", req_with(SIP_INFO, 0, "2"), 0);
	EXPECT(!strncmp(w->request, "INFO ", 5));
}

/* 13.2.2.4: nor does an INFO. The dialog that it was sent in ends with its branch; what waits goes on in the other. */
static void test_info_in_fork(void)
{
	static const unsigned int statuses[] = { 481, 408, 0 };

	for (unsigned int i = 0; i < ARRAY_SIZE(statuses); i++) {
		char info[SIP_MSG_MAX];

		start_info_in_b();
		memcpy(info, w->request, w->request_len + 1);
		wire_answer_to_invite(w, 200, "c", CONTACT_C RX_SDP);
		EXPECT(!strncmp(w->request, "INFO sip:c@192.0.2.2:5063 ", 26));
		if (statuses[i])
			answer_to(info, statuses[i], "");
		wire_answer(w, 200, NULL, "");
		wire_pass(33000);
		EXPECT_INT("of a dialog that is over", failed[4], 0);
		expect_bye_to("sip:c@192.0.2.2:5063 ");
	}

	start_info_in_b();
	wire_answer_to_invite(w, 180, "c", CONTACT_C);
	wire_answer_to_invite(w, 180, "b", their_contact);
	wire_pass(33000);
	EXPECT_INT("no answer in one of two", failed[4], 0);
	EXPECT(!strncmp(w->request, "INFO sip:c@192.0.2.2:5063 ", 26));
	wire_answer(w, 200, NULL, "");
	wire_answer_to_invite(w, 200, "c", CONTACT_C RX_SDP);
	expect_bye_to("sip:c@192.0.2.2:5063 ");

	start_info_in_b();
	wire_answer_to_invite(w, 180, "c", CONTACT_C);
	wire_answer(w, 481, NULL, "");
	EXPECT(!strncmp(w->request, "INFO sip:c@192.0.2.2:5063 ", 26));
	wire_answer(w, 481, NULL, "");
	EXPECT_INT("the last one is over", failed[4], 1);
	done();
	wire_answer_to_invite(w, 487, "c", "");
	end();
}

/* 13.2.2.4: a late second answer gets its BYE; the first one, which comes once more, is of a call that goes on. */
static void test_two_answers(void)
{
	char first[SIP_MSG_MAX];

	invite();
	wire_answer(w, 200, "b", "Contact: <sip:b@192.0.2.2:5062>\n" RX_SDP);
	memcpy(first, w->invite, w->invite_len + 1);
	EXPECT_INT("re-INVITE", req_with(SIP_INVITE, 0, SDP), 0);
	wire_answer(w, 200, NULL, RX_SDP);
	EXPECT_INT("re-INVITE", req_with(SIP_INVITE, 0, SDP), 0);
	wire_answer(w, 200, NULL, RX_SDP);
	memcpy(w->invite, first, sizeof(first));
	w->invite_len = strlen(first);
	wire_answer_to_invite(w, 200, "c", CONTACT_C RX_SDP);
	EXPECT(sent_is("BYE sip:c@192.0.2.2:5063 "));
	wire_answer(w, 200, NULL, "");
	wire_answer_to_invite(w, 200, "b", "Contact: <sip:b@192.0.2.2:5062>\n" RX_SDP);
	EXPECT(sent_is("ACK sip:b@192.0.2.2:5062 "));
	wire_answer_to_invite(w, 200, "c", CONTACT_C RX_SDP);
	EXPECT(sent_is("ACK sip:c@192.0.2.2:5063 "));
	expect_bye_to("sip:b@192.0.2.2:5062 ");
}

/* The only listener of a peer is closed under a call; what comes by another way is answered all the same. */
static void test_without_listener(void)
{
	rx_invite();
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	llist_del(&w->sock->entry);
	sip_peers_update(w->sip);
	sip_calls_forget_sock(w->sip, w->sock);
	EXPECT_INT("INFO", req(SIP_INFO, 0), -EHOSTUNREACH);
	EXPECT_INT("UPDATE", req_with(SIP_UPDATE, 0, SDP), -EHOSTUNREACH);
	rx("UPDATE", 2, "Contact: <sip:a@192.0.2.2:5062>\n" RX_SDP);
	sip_calls_forget_sock(w->sip, w->sock);
	EXPECT_INT("200 to UPDATE", req_with(SIP_UPDATE, 200, SDP), 0);
	EXPECT(sent_is("SIP/2.0 200 "));
	rx("UPDATE", 3, "Contact: <sip:a@192.0.2.2:5062>\n" RX_SDP);
	EXPECT_INT("200 to UPDATE", req_with(SIP_UPDATE, 200, SDP), 0);
	EXPECT(strcmp(wire_sent_hdr(w, SIP_HDR_CONTACT), "-"));
	llist_add_tail(&w->sock->entry, &w->sip->socks);
	sip_peers_update(w->sip);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	end();
}

/* Their BYE crosses a re-INVITE of ours, whose refusal comes before the user is done: BYE was the last indication. */
static void test_refusal_after_bye(void)
{
	struct sip_call *ended;

	invite();
	wire_answer(w, 200, "b", their_contact);
	EXPECT_INT("re-INVITE", req_with(SIP_INVITE, 0, SDP), 0);
	rx_back("BYE", 1, "b", "");
	ended = call;
	call = NULL;
	wire_answer(w, 487, NULL, "");
	EXPECT(!call);
	call = ended;
	done();
	end();
}

/* RFC 4028 7.2, 9: what a request proposes holds from its 2xx on; one that is refused changes nothing. */
static void test_refused_session(void)
{
	memset(failed, 0, sizeof(failed));
	invite();
	wire_answer(w, 200, "b", "Contact: <sip:b@192.0.2.2:5062>\nAllow: UPDATE\nSession-Expires: 90;refresher=uac\n");
	rx_back("INVITE", 1, "b", "Contact: <sip:b@192.0.2.2:5062>\nSupported: timer\n"
		"Session-Expires: 120;refresher=uac\n" RX_SDP);
	req(SIP_INVITE, 488);
	wire_pass(45500);
	EXPECT_INT("ours to refresh", failed[4], 0);
	EXPECT(!strncmp(w->request, "UPDATE ", 7));
	wire_answer(w, 200, NULL, "Session-Expires: 90;refresher=uac\n");

	/* nor does one that knows no timers end them */
	rx_back("INVITE", 2, "b", "Contact: <sip:b@192.0.2.2:5062>\n" RX_SDP);
	req(SIP_INVITE, 488);
	wire_pass(45500);
	EXPECT(request_has("CSeq: 3 UPDATE"));
	wire_answer(w, 200, NULL, "Session-Expires: 90;refresher=uac\n");
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	end();
}

/* RFC 4028 10, RFC 3264 8: a refresh by re-INVITE repeats the description that was agreed last. */
static void test_refresh_after_hold(void)
{
	invite();
	wire_answer(w, 200, "b", "Contact: <sip:b@192.0.2.2:5062>\nAllow: INVITE\nSession-Expires: 90;refresher=uac\n"
		    RX_SDP);
	EXPECT_INT("hold", req_with(SIP_INVITE, 0, "v=0\r\na=sendonly\r\n"), 0);
	wire_answer(w, 200, NULL, "Session-Expires: 90;refresher=uac\n" RX_SDP);
	wire_pass(45500);
	EXPECT(!strncmp(w->request, "INVITE ", 7) && request_has("CSeq: 3 INVITE"));
	EXPECT(request_has("a=sendonly"));
	wire_answer(w, 200, NULL, "Session-Expires: 90;refresher=uac\n" RX_SDP);
	/* one that was refused was not agreed */
	EXPECT_INT("again", req_with(SIP_INVITE, 0, "v=0\r\na=inactive\r\n"), 0);
	wire_answer(w, 488, NULL, "");
	wire_pass(45500);
	EXPECT(request_has("CSeq: 5 INVITE") && request_has("a=sendonly"));
	wire_answer(w, 200, NULL, "Session-Expires: 90;refresher=uac\n" RX_SDP);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	end();

	/* where theirs was the offer, our answer is in the ACK */
	invite_without_offer();
	wire_answer(w, 200, "b", "Contact: <sip:b@192.0.2.2:5062>\nAllow: INVITE\nSession-Expires: 90;refresher=uac\n"
		    RX_SDP);
	EXPECT_INT("ACK", req_with(SIP_ACK, 0, "v=0\r\na=ours\r\n"), 0);
	wire_pass(45500);
	EXPECT(request_has("CSeq: 2 INVITE") && request_has("a=ours"));
	wire_answer(w, 200, NULL, "Session-Expires: 90;refresher=uac\n" RX_SDP);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	end();
}

static void start_refreshed(void)
{
	memset(failed, 0, sizeof(failed));
	invite();
	wire_answer(w, 200, "b", "Contact: <sip:b@192.0.2.2:5062>\nAllow: UPDATE\n"
		    "Session-Expires: 90;refresher=uac\n" RX_SDP);
}

static void expect_refresh(void)
{
	EXPECT(!strncmp(w->request, "UPDATE ", 7) && request_has("Session-Expires: 90;refresher=uac"));
	wire_answer(w, 200, NULL, "Session-Expires: 90;refresher=uac\n");
	if (!strncmp(w->request, "INVITE ", 7))
		wire_answer(w, 488, NULL, "");	/* of READY: this user does not think better */
	wire_pass(44000);
	EXPECT_INT("refreshed", failed[4], 0);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	end();
}

/* RFC 4028 10: what the user asks for refreshes the session, too, unless it is refused, or the user thinks better of
 * it. */
static void test_refresh_beside_user(void)
{
	start_refreshed();
	wire_pass(44900);
	EXPECT_INT("re-INVITE", req_with(SIP_INVITE, 0, SDP), 0);
	wire_pass(200);
	EXPECT(!strncmp(w->request, "INVITE ", 7));
	wire_answer(w, 488, NULL, "");
	expect_refresh();

	start_refreshed();
	wire_pass(45100);
	EXPECT(!strncmp(w->request, "UPDATE ", 7));
	wire_answer(w, 491, NULL, "");
	rx_back("INVITE", 1, "b", "Contact: <sip:b@192.0.2.2:5062>\n" RX_SDP);
	EXPECT_INT("re-INVITE beside theirs", req_with(SIP_INVITE, 0, SDP), -EBUSY);
	req(SIP_INVITE, 488);
	w->request_len = 0;
	wire_pass(300);
	expect_refresh();
}

int main(int argc, char **argv)
{
	leg_init();
	log_set_log_level(osmo_stderr_target, LOGL_ERROR);
	w->quiet = true;
	test_prack_after_bye();
	test_refused_in_fork();
	test_update_in_fork();
	test_info_in_fork();
	test_two_answers();
	test_without_listener();
	test_refusal_after_bye();
	test_refused_session();
	test_refresh_after_hold();
	test_refresh_beside_user();
	leg_exit();
	return expect_failures ? 1 : 0;
}
