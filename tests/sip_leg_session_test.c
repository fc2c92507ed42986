/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Session-ID (RFC 7989) in every message of a leg: ours stays, theirs is what they said last, nil before. */

#include <stdlib.h>

#include "expect.h"
#include "sip_leg.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define NIL "00000000000000000000000000000000"
#define ID(uuid) "Session-ID: " uuid ";remote=" NIL "\n"

static char ours[33];

/* Of the message sent last; the first one tells ours */
static void expect_remote(const char *what, const char *remote)
{
	const char *value = wire_sent_hdr(w, SIP_HDR_SESSION_ID);
	char expected[128];

	if (!*ours) {
		snprintf(ours, sizeof(ours), "%s", value);
		EXPECT_INT(what, strspn(ours, "0123456789abcdef"), 32);
		EXPECT(ours[12] == '4' && strchr("89ab", ours[16]) && strcmp(ours, NIL));
	}
	snprintf(expected, sizeof(expected), "%s;remote=%s", ours, remote);
	EXPECT_STR(what, value, expected);
}

static void test_incoming(void)
{
	wire_start("incoming");
	*ours = '\0';
	call_no++;
	rx_as(++branch_no, "INVITE", 1, "", "Contact: <sip:a@192.0.2.2:5062>\n" ID(A) "\n");
	expect_remote("100", A);
	req(SIP_INVITE, 180);
	expect_remote("180", A);
	req(SIP_INVITE, 200);
	expect_remote("200", A);
	rx("ACK", 1, "Session-ID: nonsense\n");
	rx("INVITE", 2, "Contact: <sip:a@192.0.2.2:5062>\n" ID(B) "\n");
	req(SIP_INVITE, 200);
	expect_remote("200 to re-INVITE", B);
	rx("ACK", 2, "");
	req(SIP_BYE, 0);
	expect_remote("BYE", B);
	wire_answer(w, 200, NULL, "");
	finish();
}

static void test_without(void)
{
	const char *tag;

	wire_start("they have none");
	*ours = '\0';
	rx_invite();
	tag = our_tag();
	req(SIP_INVITE, 486);
	expect_remote("486", NIL);
	rx_again("ACK", 1, tag, "");
	finish();
}

static void test_outgoing(void)
{
	wire_start("outgoing");
	*ours = '\0';
	invite();
	expect_remote("INVITE", NIL);
	wire_answer_to_invite(w, 180, "b", ID(A));
	wire_answer_to_invite(w, 200, "b", "Contact: <sip:b@192.0.2.2>\n" ID(B));
	expect_remote("ACK", B);
	req(SIP_BYE, 0);
	expect_remote("BYE", B);
	wire_answer(w, 200, "b", "");
	finish();
}

static void test_refused(void)
{
	wire_start("refused, and cancelled");
	*ours = '\0';
	invite();
	expect_remote("INVITE", NIL);
	wire_answer_to_invite(w, 486, "b", ID(A));
	expect_remote("ACK of 486", A);
	done();
	finish();

	*ours = '\0';
	invite();
	expect_remote("INVITE", NIL);
	wire_answer_to_invite(w, 180, "b", ID(A));
	req(SIP_CANCEL, 0);
	expect_remote("CANCEL", NIL);
	wire_answer(w, 200, "b", "");
	wire_answer_to_invite(w, 487, "b", ID(A));
	expect_remote("ACK of 487", A);
	finish();
}

/* Each branch of a fork has its own */
static void test_forked(void)
{
	wire_start("forked");
	*ours = '\0';
	invite();
	expect_remote("INVITE", NIL);
	wire_answer_to_invite(w, 180, "b", "Contact: <sip:b@192.0.2.2>\n" ID(A));
	wire_answer_to_invite(w, 180, "c", "Contact: <sip:c@192.0.2.2>\n" ID(B));
	wire_answer_to_invite(w, 200, "b", "Contact: <sip:b@192.0.2.2>\n");
	expect_remote("ACK", A);
	req(SIP_BYE, 0);
	expect_remote("BYE", A);
	wire_answer(w, 200, "b", "");
	finish();
}

/* RFC 4028 7.3: the INVITE that is sent again has one Session-ID, the same */
static void test_again(void)
{
	wire_start("sent again");
	*ours = '\0';
	invite();
	expect_remote("INVITE", NIL);
	wire_answer_to_invite(w, 422, "b", "Min-SE: 7200\n");
	EXPECT(strstr(w->last, "CSeq: 2 INVITE"));
	EXPECT(!strstr(strstr(w->last, "Session-ID:") + 1, "Session-ID:"));
	expect_remote("INVITE again", NIL);
	wire_answer_to_invite(w, 486, "b", "");
	done();
	finish();
}

int main(void)
{
	leg_init();
	test_incoming();
	test_without();
	test_outgoing();
	test_refused();
	test_forked();
	test_again();
	leg_exit();
	return expect_failures ? 1 : 0;
}
