/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connected identity (RFC 4916): From and To of requests within a leg when either end is somebody else, message by
 * message. */

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip_leg.h"

#define SUPPORTED "Contact: <sip:a@192.0.2.2:5062>\nSupported: from-change\n"
#define SDP_BODY "Content-Type: application/sdp\n\nv=0\n"

static void show_uris(void)
{
	wire_log("       From: %.*s, To: %.*s", (int)strcspn(wire_sent_hdr(w, SIP_HDR_FROM), ";"),
		 wire_sent_hdr(w, SIP_HDR_FROM), (int)strcspn(wire_sent_hdr(w, SIP_HDR_TO), ";"),
		 wire_sent_hdr(w, SIP_HDR_TO));
}

static void show_taken(void)
{
	enum sip_method method;
	bool takes = sip_call_takes_identity(call, &method);

	wire_log("%s, by %.*s", takes ? "takes another identity" : "has said nothing of other identities",
		 SIP_STR_ARG(sip_method_name(method)));
}

/* Of theirs, with this From */
static void rx_from(const char *method, unsigned int cseq, const char *from, const char *lines)
{
	wire_rx(w, "%s sip:123@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK%u;rport\nMax-Forwards: 70\n"
		"From: %s;tag=theirs\nTo: <sip:123@192.0.2.1>;tag=%s\nCall-ID: call%u\nCSeq: %u %s\n%s%s", method,
		++branch_no, from, our_tag(), call_no, cseq, method, lines, strstr(lines, "\n\n") ? "" : "\n");
}

static int tell(enum sip_method method, const char *from)
{
	const struct sip_prim prim = {
		.type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = method, .from = sip_str_from(from),
		.headers = SIP_STR("P-Asserted-Identity: <sip:+33205556666@192.0.2.1>\r\n"),
		.content_type = SIP_STR("application/sdp"),
		.body = method == SIP_INVITE ? SIP_STR(SDP) : SIP_STR(""),
	};

	return sip_call_req(call, &prim);
}

static void rx_call(const char *lines)
{
	call_no++;
	rx_as(++branch_no, "INVITE", 1, "", lines);
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
}

static void test_ours(void)
{
	wire_start("ours: UPDATE, and all requests after it");
	rx_call(SUPPORTED "Allow: UPDATE\n" SDP_BODY);
	show_taken();
	wire_log("tell: %d", tell(SIP_UPDATE, "<sip:+33205556666@192.0.2.1;user=phone>"));
	show_uris();
	wire_log("tell again: %s", strerror(-tell(SIP_UPDATE, "<sip:other@192.0.2.1>")));
	wire_answer(w, 200, "theirs", their_contact);
	wire_log("their To is the old one still");
	rx("INFO", 2, "");
	req(SIP_BYE, 0);
	show_uris();
	finish();

	wire_start("ours: refused by 428, the call goes on");
	rx_call(SUPPORTED "Allow: UPDATE\n" SDP_BODY);
	tell(SIP_UPDATE, "\"Anonymous\" <sip:anonymous@anonymous.invalid>");
	show_uris();
	wire_answer(w, 428, "theirs", "");
	req(SIP_BYE, 0);
	show_uris();
	finish();

	wire_start("ours: no UPDATE in Allow: re-INVITE");
	rx_call(SUPPORTED "Allow: INVITE, ACK, BYE\n" SDP_BODY);
	show_taken();
	wire_log("tell: %d", tell(SIP_INVITE, "<sip:+33205556666@192.0.2.1;user=phone>"));
	show_uris();
	wire_answer(w, 200, "theirs", "Contact: <sip:a@192.0.2.2:5062>\n" SDP_BODY);
	req(SIP_BYE, 0);
	show_uris();
	finish();

	wire_start("ours: not asked for");
	rx_call(with_sdp);
	show_taken();
	req(SIP_BYE, 0);
	show_uris();
	finish();
}

static void test_theirs(void)
{
	wire_start("theirs: UPDATE without an offer tells who it is, and is answered");
	rx_call(with_sdp);
	rx_from("UPDATE", 2, "<sip:c@192.0.2.2>", contact);
	rx_from("UPDATE", 3, "<sip:c@192.0.2.2>", contact);
	wire_log("asserted: also where From is the same");
	rx_from("UPDATE", 4, "<sip:c@192.0.2.2>",
		"P-Asserted-Identity: <sip:d@192.0.2.2>\nContact: <sip:a@192.0.2.2:5062>\n");
	req(SIP_BYE, 0);
	show_uris();
	finish();

	wire_start("theirs: UPDATE with an offer; refused, nothing has changed");
	rx_call(with_sdp);
	rx_from("UPDATE", 2, "<sip:c@192.0.2.2>", with_sdp);
	req(SIP_UPDATE, 488);
	rx_from("UPDATE", 3, "<sip:d@192.0.2.2>", with_sdp);
	req_with(SIP_UPDATE, 200, SDP);
	rx_from("INVITE", 4, "<sip:e@192.0.2.2>", with_sdp);
	req(SIP_INVITE, 488);
	rx_from("ACK", 4, "<sip:e@192.0.2.2>", "");
	req(SIP_BYE, 0);
	show_uris();
	finish();

	wire_start("theirs: re-INVITE, BYE from either name finds the leg");
	rx_call(with_sdp);
	rx_from("INVITE", 2, "\"a longer name than the one that the call began with\" <sip:c@192.0.2.2>", with_sdp);
	req(SIP_INVITE, 200);
	rx_from("ACK", 2, "<sip:c@192.0.2.2>", "");
	wire_log("tell: %d", tell(SIP_UPDATE, "<sip:x@192.0.2.1>"));
	show_uris();
	wire_answer(w, 200, "theirs", their_contact);
	rx_from("BYE", 3, "<sip:a@192.0.2.2>", "");
	done();
	finish();
}

/* From another URI */
static void update_by_callee(void)
{
	struct sip_str id = sip_call_id(call);

	wire_rx(w, "UPDATE sip:192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK%u;rport\nMax-Forwards: 70\n"
		"From: <sip:e@192.0.2.2>;tag=b\nTo: <sip:1@192.0.2.1>;tag=%s\nCall-ID: %.*s\nCSeq: 2 UPDATE\n%s\n",
		++branch_no, our_tag(), SIP_STR_ARG(id), their_contact);
}

static void test_callee(void)
{
	wire_start("theirs: the callee, before the answer and after it");
	invite();
	wire_log("       Supported: %s", wire_sent_hdr(w, SIP_HDR_SUPPORTED));
	wire_answer_to_invite(w, 180, "b", their_contact);
	rx_back("UPDATE", 1, "b", "P-Asserted-Identity: <sip:d@192.0.2.2>\nContact: <sip:b@192.0.2.2:5062>\n");
	update_by_callee();
	wire_log("To of the answer is the old one");
	wire_answer_to_invite(w, 200, "b", "Contact: <sip:b@192.0.2.2:5062>\nSupported: from-change\n" SDP_BODY);
	show_uris();
	show_taken();
	rx_back("UPDATE", 3, "b", their_contact);
	req(SIP_BYE, 0);
	show_uris();
	finish();
}

int main(int argc, char **argv)
{
	leg_init();
	test_ours();
	test_theirs();
	test_callee();
	leg_exit();
	return 0;
}
