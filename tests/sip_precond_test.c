/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preconditions (RFC 3312, RFC 4032): the lines of each message, what the user hears, refusals. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip_leg.h"
#include "sip/sip_precond.h"

/* ---- Helpers ---- */

/* Of the message sent last: the headers and the lines of its body that matter here */
static void show(void)
{
	char *line, *save, text[SIP_MSG_MAX];

	memcpy(text, w->last, w->last_len);
	text[w->last_len] = '\0';
	for (line = strtok_r(text, "\r\n", &save); line; line = strtok_r(NULL, "\r\n", &save)) {
		if (!strncmp(line, "Require:", 8) || !strncmp(line, "Supported:", 10) || !strncmp(line, "o=", 2) ||
		    !strncmp(line, "m=", 2) || !strncmp(line, "a=", 2))
			wire_log("       %s", line);
	}
}

#define OURS(version) "v=0\r\no=- 7 " #version " IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" \
	"m=audio 4000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
#define THEIRS "v=0\no=- 1 1 IN IP4 192.0.2.2\ns=-\nc=IN IP4 192.0.2.2\nt=0 0\nm=audio 5000 RTP/AVP 8\n"
#define SEGMENTED(local, remote, strength) "a=curr:qos local " local "\na=curr:qos remote " remote "\n" \
	"a=des:qos mandatory local sendrecv\na=des:qos " strength " remote sendrecv\n"
#define CONTACT "Contact: <sip:a@192.0.2.2:5062>\n"
#define SDP_TYPE "Content-Type: application/sdp\n\n"
#define BOTH "Supported: 100rel, precondition\n"

static unsigned int first_rseq;

static int req_as(enum sip_method method, uint16_t status, const char *sdp, enum sip_precond precond)
{
	const struct sip_prim prim = {
		.type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = method, .status = status, .precond = precond,
		.content_type = SIP_STR("application/sdp"), .body = sip_str_from(sdp),
	};
	int rc = sip_call_req(call, &prim);

	if (rc < 0)
		wire_log("req %.*s %u: %s", SIP_STR_ARG(sip_method_name(method)), status, strerror(-rc));
	else
		show();
	return rc;
}

static int req_show(enum sip_method method, uint16_t status, const char *sdp)
{
	return req_as(method, status, sdp, SIP_PRECOND_NONE);
}

static void rx_call(const char *lines)
{
	call_no++;
	first_rseq = 0;
	rx_as(++branch_no, "INVITE", 1, "", lines);
}

static void prack(unsigned int cseq, const char *more)
{
	char lines[1024];

	snprintf(lines, sizeof(lines), "RAck: %s 1 INVITE\n%s", wire_sent_hdr(w, SIP_HDR_RSEQ), more);
	rx("PRACK", cseq, lines);
}

static void end_answered(unsigned int cseq)
{
	rx("ACK", 1, "");
	rx("BYE", cseq, "");
	done();
	finish();
}

static void call_with(enum sip_precond precond)
{
	uint16_t status;

	call = sip_call_alloc(pbx, NULL, &status);
	OSMO_ASSERT(call);
	req_as(SIP_INVITE, 0, OURS(1), precond);
}

static void use(enum sip_precond_use precond, enum sip_rel100 rel100)
{
	sip_peer_cfg(pbx)->call.precond = precond;
	sip_peer_cfg(pbx)->call.rel100 = rel100;
}

/* ---- Incoming ---- */

static void test_in(void)
{
	use(SIP_PRECOND_SUPPORTED, SIP_REL100_SUPPORTED);
	wire_start("in: pending, 183, UPDATE says that they are met");
	rx_call(CONTACT BOTH SDP_TYPE THEIRS SEGMENTED("none", "none", "mandatory"));
	req_show(SIP_INVITE, 183, OURS(1));
	prack(2, "");
	rx("UPDATE", 3, CONTACT SDP_TYPE THEIRS SEGMENTED("sendrecv", "sendrecv", "mandatory"));
	req_show(SIP_UPDATE, 200, OURS(1));
	req_show(SIP_INVITE, 180, "");
	prack(4, "");
	req_show(SIP_INVITE, 200, OURS(1));
	end_answered(5);

	wire_start("in: met from the start; optional ones on our side");
	rx_call(CONTACT BOTH SDP_TYPE THEIRS SEGMENTED("sendrecv", "none", "optional"));
	req_show(SIP_INVITE, 200, OURS(1));
	end_answered(2);

	wire_start("in: one direction after the other, in PRACK and UPDATE; strengths differ");
	rx_call(CONTACT BOTH SDP_TYPE THEIRS "a=curr:qos local none\na=curr:qos remote none\n"
		"a=des:qos mandatory local send\na=des:qos optional local recv\na=des:qos none remote sendrecv\n");
	req_show(SIP_INVITE, 183, OURS(1));
	prack(2, SDP_TYPE THEIRS "a=curr:qos local recv\na=curr:qos remote sendrecv\n"
	      "a=des:qos mandatory local sendrecv\na=des:qos none remote sendrecv\n");
	req_show(SIP_PRACK, 200, OURS(1));
	rx("UPDATE", 3, CONTACT SDP_TYPE THEIRS "a=curr:qos local sendrecv\na=curr:qos remote sendrecv\n"
	   "a=des:qos mandatory local sendrecv\na=des:qos none remote sendrecv\n");
	req_show(SIP_UPDATE, 200, OURS(1));
	req_show(SIP_INVITE, 200, OURS(1));
	end_answered(4);

	wire_start("in: end to end; we can speak for what we send");
	rx_call(CONTACT BOTH SDP_TYPE THEIRS "a=curr:qos e2e none\na=des:qos mandatory e2e sendrecv\n");
	req_show(SIP_INVITE, 183, OURS(1));
	prack(2, "");
	rx("UPDATE", 3, CONTACT SDP_TYPE THEIRS "a=curr:qos e2e send\na=des:qos mandatory e2e sendrecv\n");
	req_show(SIP_UPDATE, 200, OURS(1));
	req_show(SIP_INVITE, 200, OURS(1));
	end_answered(4);

	wire_start("in: ours are not met, UPDATE of ours says that they are");
	rx_call(CONTACT BOTH "Allow: UPDATE\n" SDP_TYPE THEIRS SEGMENTED("sendrecv", "none", "mandatory")
		"a=conf:qos remote sendrecv\n");
	req_as(SIP_INVITE, 183, OURS(1), SIP_PRECOND_PENDING);
	prack(2, "");
	req_as(SIP_UPDATE, 0, OURS(1), SIP_PRECOND_MET);
	wire_answer(w, 200, NULL, CONTACT SDP_TYPE THEIRS SEGMENTED("sendrecv", "sendrecv", "mandatory"));
	req_show(SIP_INVITE, 200, OURS(1));
	end_answered(3);

	wire_start("in: they are given up by an UPDATE without any");
	rx_call(CONTACT BOTH SDP_TYPE THEIRS SEGMENTED("none", "none", "mandatory"));
	req_show(SIP_INVITE, 183, OURS(1));
	prack(2, "");
	rx("UPDATE", 3, CONTACT SDP_TYPE THEIRS);
	req_show(SIP_UPDATE, 200, OURS(1));
	req_show(SIP_INVITE, 200, OURS(1));
	end_answered(4);

	wire_start("in: a stream that is rejected does not count (8.1), nor what has no meaning");
	rx_call(CONTACT BOTH SDP_TYPE "v=0\no=- 1 1 IN IP4 192.0.2.2\ns=-\nc=IN IP4 192.0.2.2\nt=0 0\n"
		"m=video 6000 RTP/AVP 31\na=des:qos mandatory local sendrecv\n"
		"m=audio 5000 RTP/AVP 8\na=curr:qos\na=des:qos mandatory\na=conf:\na=curr:qos here none\n"
		"a=des:qos mandatory local sideways\na=curr:qos local none more\n");
	req_show(SIP_INVITE, 200, OURS(1));
	end_answered(2);
}

static void test_in_without_offer(void)
{
	use(SIP_PRECOND_REQUIRED, SIP_REL100_SUPPORTED);
	wire_start("in, without an offer: ours makes them mandatory, PRACK has the answer");
	rx_call(CONTACT BOTH);
	req_show(SIP_INVITE, 183, OURS(1));
	prack(2, SDP_TYPE THEIRS SEGMENTED("none", "sendrecv", "mandatory"));
	rx("UPDATE", 3, CONTACT SDP_TYPE THEIRS SEGMENTED("sendrecv", "sendrecv", "mandatory"));
	req_show(SIP_UPDATE, 200, OURS(1));
	req_show(SIP_INVITE, 200, "");
	end_answered(4);

	use(SIP_PRECOND_SUPPORTED, SIP_REL100_SUPPORTED);
	wire_start("in, without an offer: ours makes them optional; an answer without any gives them up");
	rx_call(CONTACT BOTH);
	req_show(SIP_INVITE, 183, OURS(1));
	prack(2, SDP_TYPE THEIRS);
	req_show(SIP_INVITE, 200, "");
	end_answered(3);
}

static void test_in_refused(void)
{
	use(SIP_PRECOND_OFF, SIP_REL100_SUPPORTED);
	wire_start("in, off: 420 where they are required; lines are not looked at");
	rx_call(CONTACT "Supported: 100rel\nRequire: precondition\n" SDP_TYPE THEIRS);
	rx_call(CONTACT BOTH SDP_TYPE THEIRS SEGMENTED("none", "none", "mandatory"));
	req_show(SIP_INVITE, 200, OURS(1));
	end_answered(2);

	use(SIP_PRECOND_REQUIRED, SIP_REL100_OFF);
	wire_start("in: not without 100rel: 420");
	rx_call(CONTACT "Require: precondition\n" SDP_TYPE THEIRS);

	use(SIP_PRECOND_REQUIRED, SIP_REL100_SUPPORTED);
	wire_start("in, required: 421 to who does not know them, or 100rel");
	rx_call(CONTACT "Supported: 100rel\n" SDP_TYPE THEIRS);
	show();
	rx_call(CONTACT "Require: precondition\n" SDP_TYPE THEIRS SEGMENTED("none", "none", "mandatory"));
	show();

	use(SIP_PRECOND_SUPPORTED, SIP_REL100_SUPPORTED);
	wire_start("in: 580 to unknown ones (9), unless they are theirs alone to meet");
	rx_call(CONTACT BOTH SDP_TYPE "v=0\no=- 1 1 IN IP4 192.0.2.2\ns=-\nc=IN IP4 192.0.2.2\nt=0 0\n"
		"m=audio 5000 RTP/AVP 8 0\na=curr:foo e2e none\na=des:foo mandatory e2e send\n"
		"m=video 6000 RTP/AVP 31\n");
	show();
	rx_call(CONTACT BOTH SDP_TYPE THEIRS "a=curr:foo local none\na=des:foo mandatory local sendrecv\n");
	req_show(SIP_INVITE, 183, OURS(1));
	prack(2, "");
	rx("UPDATE", 3, CONTACT SDP_TYPE THEIRS "a=curr:foo local sendrecv\na=des:foo mandatory local sendrecv\n");
	req_show(SIP_UPDATE, 200, OURS(1));
	rx("UPDATE", 4, CONTACT SDP_TYPE THEIRS "a=des:a-name-much-too-long mandatory remote sendrecv\n");
	show();
	req_show(SIP_INVITE, 200, OURS(1));
	end_answered(5);

	wire_start("in: the user gives up");
	rx_call(CONTACT BOTH SDP_TYPE THEIRS SEGMENTED("none", "none", "mandatory"));
	req_show(SIP_INVITE, 183, OURS(1));
	prack(2, "");
	req_show(SIP_INVITE, 580, "");
	finish();
}

/* ---- Outgoing ---- */

#define REL(n) CONTACT "Require: 100rel\nRSeq: " #n "\nAllow: UPDATE\n"

static void end_called(void)
{
	wire_answer_to_invite(w, 200, "b", CONTACT);
	req(SIP_BYE, 0);
	wire_answer(w, 200, NULL, "");
	finish();
}

static void test_out(void)
{
	use(SIP_PRECOND_SUPPORTED, SIP_REL100_SUPPORTED);
	wire_start("out, supported: optional; theirs is pending until it rings");
	call_with(SIP_PRECOND_NONE);
	wire_answer_to_invite(w, 183, "b", REL(1) SDP_TYPE THEIRS SEGMENTED("none", "sendrecv", "mandatory"));
	wire_answer(w, 200, NULL, "");
	wire_answer_to_invite(w, 180, "b", CONTACT);
	end_called();

	wire_start("out, supported: the peer does not");
	call_with(SIP_PRECOND_NONE);
	wire_answer_to_invite(w, 183, "b", CONTACT SDP_TYPE THEIRS);
	end_called();

	use(SIP_PRECOND_REQUIRED, SIP_REL100_REQUIRED);
	wire_start("out, required: they want to hear of ours");
	call_with(SIP_PRECOND_NONE);
	wire_answer_to_invite(w, 183, "b", REL(1) SDP_TYPE THEIRS SEGMENTED("none", "none", "mandatory")
			      "a=conf:qos remote sendrecv\n");
	wire_answer(w, 200, NULL, "");
	req_show(SIP_UPDATE, 0, OURS(1));
	wire_answer(w, 200, NULL, CONTACT SDP_TYPE THEIRS SEGMENTED("sendrecv", "sendrecv", "mandatory"));
	req_show(SIP_UPDATE, 0, OURS(2));
	wire_answer(w, 200, NULL, CONTACT SDP_TYPE THEIRS SEGMENTED("sendrecv", "sendrecv", "mandatory"));
	req_show(SIP_UPDATE, 0, OURS(9));
	wire_answer(w, 200, NULL, CONTACT SDP_TYPE THEIRS SEGMENTED("sendrecv", "sendrecv", "mandatory"));
	end_called();

	use(SIP_PRECOND_SUPPORTED, SIP_REL100_SUPPORTED);
	wire_start("out: ours are not met yet, so they are mandatory");
	call_with(SIP_PRECOND_PENDING);
	wire_answer_to_invite(w, 183, "b", REL(1) SDP_TYPE THEIRS SEGMENTED("sendrecv", "none", "mandatory")
			      "a=conf:qos remote sendrecv\n");
	wire_answer(w, 200, NULL, "");
	req_show(SIP_UPDATE, 0, OURS(1));
	wire_answer(w, 200, NULL, CONTACT SDP_TYPE THEIRS SEGMENTED("sendrecv", "sendrecv", "mandatory"));
	end_called();

	wire_start("out: refused");
	call_with(SIP_PRECOND_NONE);
	wire_answer_to_invite(w, 580, "b", SDP_TYPE THEIRS "a=des:qos failure remote sendrecv\n");
	done();
	finish();

	wire_start("out, 422: the same once more, with its lines");
	use(SIP_PRECOND_REQUIRED, SIP_REL100_SUPPORTED);
	call_with(SIP_PRECOND_NONE);
	wire_answer_to_invite(w, 422, "b", "Min-SE: 3600\n");
	show();
	wire_answer_to_invite(w, 486, "b", "");
	done();
	finish();
}

int main(int argc, char **argv)
{
	leg_init();
	test_in();
	test_in_without_offer();
	test_in_refused();
	test_out();
	leg_exit();
	return 0;
}
