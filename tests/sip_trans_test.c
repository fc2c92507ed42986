/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The four transaction machines, driven through RFC 3261 figures 5 to 8, RFC 6026 and RFC 4320, time by hand. */

#define _GNU_SOURCE /* memmem() */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/select.h>
#include <osmocom/core/utils.h>

#include "sip/sip_msg.h"
#include "sip/sip_trans.h"
#include "sip_wire.h"

static struct wire *f;
static struct sip_trans *trans;

static void no_call(struct sip_call *call, const struct sip_prim *prim, void *user)
{
	OSMO_ASSERT(false);
}

static void user_cb(struct sip_trans *t, enum sip_trans_ind ind, const struct sip_msg *msg)
{
	static const char *const names[] = {
		[SIP_TRANS_RESPONSE] = "response", [SIP_TRANS_ACK] = "ACK",
		[SIP_TRANS_TIMEOUT] = "timeout", [SIP_TRANS_ERROR] = "error",
	};

	OSMO_ASSERT(t == trans);
	if (ind == SIP_TRANS_RESPONSE)
		wire_log("TU: response %u", msg->status);
	else
		wire_log("TU: %s", names[ind]);
}

static const struct sip_trans_user user = { user_cb, NULL, &trans };

static void state(void)
{
	wire_log("state %s", trans ? osmo_fsm_inst_state_name(trans->fi) : "TERMINATED");
}

static int request(enum sip_method method)
{
	struct sip_branch branch;
	struct sip_dest dest = { .sock = f->sock };
	struct sip_buf b;

	OSMO_ASSERT(sip_sockaddr_from_host(&dest.addr, SIP_STR("192.0.2.2"), false, 5060) == 0);
	sip_branch_new(f->sip, &branch);
	sip_buf_init(&b, f->sip->tx, sizeof(f->sip->tx));
	sip_put_request_line(&b, sip_method_name(method), SIP_STR("sip:b@192.0.2.2"));
	sip_put_lit(&b, "Via: SIP/2.0/UDP 192.0.2.1;branch=");
	sip_put_mem(&b, branch.text, sizeof(branch.text));
	sip_put_lit(&b, ";rport\r\nMax-Forwards: 70\r\nRoute: <sip:192.0.2.2;lr>\r\n"
			"From: <sip:a@192.0.2.1>;tag=a\r\nTo: <sip:b@192.0.2.2>\r\nCall-ID: c\r\nCSeq: 7 ");
	sip_put_str(&b, sip_method_name(method));
	sip_put_lit(&b, "\r\nContact: <sip:192.0.2.1>\r\n");
	sip_put_body(&b, SIP_STR("application/sdp"), SIP_STR("v=0\r\n"));
	return sip_trans_request(&dest, method, 7, &branch, &b, &user);
}

static const char answer_lines[] = "Contact: <sip:b@192.0.2.2>\n";

/* ---- Figure 5, RFC 6026 figure 3 ---- */

static void test_ict(void)
{
	wire_start("INVITE client: no answer: A doubles, B after 64*T1");
	request(SIP_INVITE);
	state();
	wire_pass(32500);
	state();

	wire_start("INVITE client: provisional, 486: ACK, again for each 486, D");
	request(SIP_INVITE);
	wire_pass(600);
	wire_answer(f, 100, NULL, NULL);
	state();
	wire_pass(40000);
	wire_answer(f, 180, "b", NULL);
	wire_answer(f, 486, "b", NULL);
	state();
	printf("ACK: branch is the INVITE's: %d; Via %d; Max-Forwards %s\n",
	       memmem(f->request, f->request_len, wire_sent_hdr(f, SIP_HDR_VIA), 40) != NULL,
	       strlen(wire_sent_hdr(f, SIP_HDR_VIA)) > 40, wire_sent_hdr(f, SIP_HDR_MAX_FORWARDS));
	wire_answer(f, 486, "b", NULL);
	wire_answer(f, 180, "b", NULL);
	wire_pass(31900);
	state();
	wire_pass(200);
	state();

	wire_start("INVITE client: 200 at once, again, forked; M");
	request(SIP_INVITE);
	wire_answer(f, 200, "b", answer_lines);
	state();
	wire_answer(f, 200, "b", answer_lines);
	wire_answer(f, 200, "fork", answer_lines);
	wire_answer(f, 486, "b", NULL);
	wire_pass(31900);
	state();
	wire_pass(200);
	state();

	wire_start("INVITE client: 486 at once");
	request(SIP_INVITE);
	wire_answer(f, 486, "b", NULL);
	state();
	wire_pass(33000);
	state();

	wire_start("INVITE client: cannot be sent");
	f->send_rc = -ENETUNREACH;
	printf("rc %d\n", request(SIP_INVITE));
	f->send_rc = 0;
	state();

	wire_start("INVITE client: cannot be sent again");
	request(SIP_INVITE);
	f->send_rc = -ENETUNREACH;
	wire_pass(600);
	f->send_rc = 0;
	state();
}

static void test_ict_errors(void)
{
	wire_start("INVITE client: ICMP error in CALLING");
	request(SIP_INVITE);
	sip_rx_error(f->sock, f->last, f->last_len / 2);
	state();

	wire_start("INVITE client: ICMP error in PROCEEDING is none");
	request(SIP_INVITE);
	wire_answer(f, 180, "b", NULL);
	sip_rx_error(f->sock, f->last, f->last_len);
	state();

	wire_start("INVITE client: transport error in COMPLETED");
	wire_answer(f, 503, "b", NULL);
	f->send_rc = -ENETUNREACH;
	wire_answer(f, 503, "b", NULL);
	f->send_rc = 0;
	state();

	wire_start("an ICMP error that quotes nothing of ours");
	sip_rx_error(f->sock, "INVITE ", 7);
	sip_rx_error(f->sock, "INVITE sip:a SIP/2.0 branch=z9hG4bK", 35);
	sip_rx_error(f->sock, "INVITE sip:a SIP/2.0 branch=z9hG4bK0123456789abcdef", 51);
	sip_rx_error(f->sock, "", 0);

	wire_start("INVITE client over a reliable transport: no A, D is 0");
	f->ops.reliable = true;
	request(SIP_INVITE);
	wire_pass(10000);
	wire_answer(f, 603, "b", NULL);
	state();
	wire_pass(50);
	state();
	f->ops.reliable = false;
}

static void abandon(void)
{
	struct sip_trans *t = trans;

	sip_trans_abandon(t, 0);
	wire_log("abandoned: %s", osmo_fsm_inst_state_name(t->fi));
}

/* RFC 3261 9.1 */
static void test_cancel(void)
{
	wire_start("CANCEL waits for a provisional response; 487; ACK");
	request(SIP_INVITE);
	abandon();
	wire_pass(400);
	wire_answer(f, 180, "b", NULL);
	wire_answer(f, 200, "b", NULL);
	printf("(the above was to CANCEL)\n");
	wire_pass(70000);
	printf("transactions: %u\n", f->sip->n_trans);

	wire_start("CANCEL at once in PROCEEDING; no answer to anything: 64*T1");
	request(SIP_INVITE);
	wire_answer(f, 180, "b", NULL);
	abandon();
	wire_pass(33000);
	printf("transactions: %u\n", f->sip->n_trans);

	wire_start("CANCEL never sent: no provisional response at all");
	request(SIP_INVITE);
	abandon();
	f->quiet = true;
	wire_pass(33000);
	f->quiet = false;
	printf("transactions: %u\n", f->sip->n_trans);

	wire_start("CANCEL never sent: 486 instead");
	request(SIP_INVITE);
	abandon();
	wire_answer(f, 486, "b", NULL);
	wire_pass(33000);
	printf("transactions: %u\n", f->sip->n_trans);

	wire_start("200 instead of a provisional response: ACK and BYE, BYE once");
	request(SIP_INVITE);
	abandon();
	wire_answer(f, 200, "b", answer_lines);
	printf("%s\n", wire_sent_hdr(f, SIP_HDR_TO));
	f->quiet = true;
	wire_pass(70000);
	f->quiet = false;
	printf("transactions: %u\n", f->sip->n_trans);
}

/* ---- Figure 6 ---- */

static void test_nict(void)
{
	wire_start("non-INVITE client: no answer: E doubles to T2, F after 64*T1");
	request(SIP_OPTIONS);
	state();
	wire_pass(32500);
	state();

	wire_start("non-INVITE client: 100: E is T2; 200; K");
	request(SIP_OPTIONS);
	wire_answer(f, 100, NULL, NULL);
	state();
	wire_pass(9000);
	wire_answer(f, 100, NULL, NULL);
	wire_answer(f, 200, "b", NULL);
	state();
	wire_answer(f, 200, "b", NULL);
	wire_pass(4900);
	state();
	wire_pass(200);
	state();

	wire_start("non-INVITE client: 100, then nothing: F all the same");
	request(SIP_OPTIONS);
	wire_answer(f, 100, NULL, NULL);
	f->quiet = true;
	wire_pass(32100);
	f->quiet = false;
	state();

	wire_start("non-INVITE client: 481 at once; reliable: K is 0");
	f->ops.reliable = true;
	request(SIP_OPTIONS);
	wire_answer(f, 481, "b", NULL);
	state();
	wire_pass(50);
	state();
	f->ops.reliable = false;

	wire_start("non-INVITE client: ICMP error; cannot be sent again");
	request(SIP_OPTIONS);
	sip_rx_error(f->sock, f->last, f->last_len);
	state();
	request(SIP_OPTIONS);
	wire_answer(f, 100, NULL, NULL);
	f->send_rc = -EPERM;
	wire_pass(600);
	f->send_rc = 0;
	state();
}

/* ---- Figures 7, 8 ---- */

static const char *via = "SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKt";

static void rx(const char *method, bool is_new)
{
	char text[1024];
	struct sip_parse_error err;
	struct sip_msg msg;
	union sip_sockaddr src;

	snprintf(text, sizeof(text), "%s sip:a@192.0.2.1 SIP/2.0\nVia: %s\nMax-Forwards: 70\n"
		 "From: <sip:b@192.0.2.2>;tag=b\nTo: <sip:a@192.0.2.1>%s\nCall-ID: c\nCSeq: 3 %s\n"
		 "Timestamp: 12\nContent-Length: 0\n\n", method, via,
		 strcmp(method, "ACK") ? "" : ";tag=ours", method);
	if (!is_new) {
		wire_rx(f, "%s", text);
		return;
	}
	wire_log("< %s", method);
	OSMO_ASSERT(sip_sockaddr_from_host(&src, SIP_STR("192.0.2.2"), false, 5060) == 0);
	OSMO_ASSERT(sip_msg_parse(&msg, text, strlen(text), &err) == 0);
	OSMO_ASSERT(sip_trans_server(f->sock, &src, &msg, &user) == trans);
}

static void respond(unsigned int status)
{
	int rc = sip_trans_respond_plain(trans, status, SIP_STR("ours"));

	if (rc < 0)
		wire_log("%u: rc %d", status, rc);
}

static void test_ist(void)
{
	wire_start("INVITE server: 100, 180, retransmission, 486, G doubles to T2, H");
	rx("INVITE", true);
	rx("INVITE", false);
	sip_trans_trying(trans);
	rx("INVITE", false);
	respond(180);
	sip_trans_trying(trans);
	rx("INVITE", false);
	respond(486);
	state();
	respond(200);
	rx("INVITE", false);
	wire_pass(32100);
	state();

	wire_start("INVITE server: 100 once, 180 again each minute (RFC 3261 13.3.1.1), not after 200");
	rx("INVITE", true);
	sip_trans_trying(trans);
	wire_pass(61000);
	respond(180);
	wire_pass(125000);
	respond(200);
	wire_pass(31000);
	state();
	wire_pass(33000);

	wire_start("INVITE server over a reliable transport: 180 again each minute, not after 486");
	f->ops.reliable = true;
	rx("INVITE", true);
	respond(180);
	wire_pass(61000);
	respond(486);
	rx("ACK", false);
	wire_pass(61000);
	f->ops.reliable = false;

	wire_start("INVITE server: 486, ACK, I");
	rx("INVITE", true);
	respond(486);
	rx("ACK", false);
	state();
	rx("ACK", false);
	rx("INVITE", false);
	wire_pass(4900);
	state();
	wire_pass(200);
	state();

	wire_start("INVITE server: 200, absorbs INVITE, ACK to the TU, L");
	rx("INVITE", true);
	respond(200);
	state();
	rx("INVITE", false);
	sip_trans_send_again(trans);
	rx("ACK", false);
	sip_trans_forget(trans);
	sip_trans_send_again(trans);
	wire_pass(31900);
	state();
	wire_pass(200);
	state();

	wire_start("INVITE server: responses that cannot be sent are lost ones (RFC 6026 7.1)");
	rx("INVITE", true);
	f->send_rc = -ENETUNREACH;
	respond(180);
	state();
	respond(500);
	state();
	wire_pass(1000);
	f->send_rc = 0;
	rx("INVITE", false);
	rx("ACK", false);
	wire_pass(5100);
	state();

	wire_start("INVITE server over a reliable transport: no G, I is 0");
	f->ops.reliable = true;
	rx("INVITE", true);
	respond(404);
	wire_pass(5000);
	rx("ACK", false);
	state();
	wire_pass(50);
	state();
	f->ops.reliable = false;
}

static void test_nist(void)
{
	wire_start("non-INVITE server: 200, again, J");
	rx("BYE", true);
	rx("BYE", false);
	state();
	respond(200);
	state();
	respond(200);
	rx("BYE", false);
	wire_pass(31900);
	state();
	wire_pass(200);
	state();

	wire_start("non-INVITE server: slow TU: 100 when E has reached T2 (RFC 4320)");
	rx("BYE", true);
	sip_trans_trying(trans);
	wire_pass(3450);
	state();
	wire_pass(50);
	state();
	rx("BYE", false);
	respond(481);
	state();
	wire_pass(32000);
	state();

	wire_start("non-INVITE server over a reliable transport: J is 0");
	f->ops.reliable = true;
	rx("BYE", true);
	respond(200);
	wire_pass(50);
	state();
	f->ops.reliable = false;
}

/* 17.2.3 */
static void test_matching(void)
{
	wire_start("RFC 2543 client: no branch; ACK matches though its To has a tag");
	via = "SIP/2.0/UDP 192.0.2.2:5080";
	rx("INVITE", true);
	respond(486);
	rx("INVITE", false);
	rx("ACK", false);
	state();
	sip_trans_end(trans);

	wire_start("a branch without the cookie is RFC 2543's too");
	via = "SIP/2.0/UDP 192.0.2.2:5080;branch=1";
	rx("INVITE", true);
	respond(486);
	rx("ACK", false);
	state();
	sip_trans_end(trans);

	wire_start("same branch, other sent-by: another transaction");
	via = "SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKt";
	rx("BYE", true);
	via = "SIP/2.0/UDP 192.0.2.3;branch=z9hG4bKt";
	rx("BYE", false);
	via = "SIP/2.0/UDP 192.0.2.2:5061;branch=z9hG4bKt";
	rx("BYE", false);
	via = "SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKt";
	rx("OPTIONS", false);
	rx("BYE", false);
	state();
	sip_trans_end(trans);

	wire_start("responses: rport, sent-by port");
	via = "SIP/2.0/UDP 192.0.2.9:5090;branch=z9hG4bKt;rport";
	rx("BYE", true);
	respond(200);
	printf("%s\n", wire_sent_hdr(f, SIP_HDR_VIA));
	sip_trans_end(trans);
	via = "SIP/2.0/UDP 192.0.2.9:5090;branch=z9hG4bKt;maddr=192.0.2.77";
	rx("BYE", true);
	respond(200);
	printf("%s\n", wire_sent_hdr(f, SIP_HDR_VIA));
	printf("Timestamp %s\n", strstr(f->last, "Timestamp: 12\r\n") ? "yes" : "no");
	sip_trans_end(trans);

	wire_start("stray responses");
	f->quiet = true;
	request(SIP_OPTIONS);
	f->quiet = false;
	wire_answer(f, 200, "b", "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKother\n");
	state();
	sip_trans_end(trans);
	wire_answer(f, 200, "b", NULL);
	printf("stray %u\n", (unsigned int)f->sip->ctrs->ctr[SIP_CTR_RX_STRAY].current);
}

/* ---- Every event in every state that takes it ---- */

static void make(struct osmo_fsm *fsm)
{
	via = "SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKt";
	if (fsm == &sip_ict_fsm)
		request(SIP_INVITE);
	else if (fsm == &sip_nict_fsm)
		request(SIP_OPTIONS);
	else
		rx(fsm == &sip_ist_fsm ? "INVITE" : "BYE", true);
}

/* The shortest way into each state, as events */
static const struct {
	struct osmo_fsm *fsm;
	const char *state;
	int events[4];
} ways[] = {
	{ &sip_ict_fsm, "CALLING", { -1 } },
	{ &sip_ict_fsm, "CALLING_ABANDONED", { SIP_TRANS_EV_ABANDON, -1 } },
	{ &sip_ict_fsm, "PROCEEDING", { SIP_TRANS_EV_RX_1XX, -1 } },
	{ &sip_ict_fsm, "COMPLETED", { SIP_TRANS_EV_RX_3456XX, -1 } },
	{ &sip_ict_fsm, "ACCEPTED", { SIP_TRANS_EV_RX_2XX, -1 } },
	{ &sip_nict_fsm, "TRYING", { -1 } },
	{ &sip_nict_fsm, "PROCEEDING", { SIP_TRANS_EV_RX_1XX, -1 } },
	{ &sip_nict_fsm, "COMPLETED", { SIP_TRANS_EV_RX_2XX, -1 } },
	{ &sip_ist_fsm, "PROCEEDING", { -1 } },
	{ &sip_ist_fsm, "COMPLETED", { SIP_TRANS_EV_TX_3456XX, -1 } },
	{ &sip_ist_fsm, "CONFIRMED", { SIP_TRANS_EV_TX_3456XX, SIP_TRANS_EV_ACK, -1 } },
	{ &sip_ist_fsm, "ACCEPTED", { SIP_TRANS_EV_TX_2XX, -1 } },
	{ &sip_nist_fsm, "TRYING", { -1 } },
	{ &sip_nist_fsm, "PROCEEDING", { SIP_TRANS_EV_TX_1XX, -1 } },
	{ &sip_nist_fsm, "COMPLETED", { SIP_TRANS_EV_TX_2XX, -1 } },
};

static void put_in(int event)
{
	static const struct { int event; unsigned int status; } statuses[] = {
		{ SIP_TRANS_EV_RX_1XX, 180 }, { SIP_TRANS_EV_RX_2XX, 200 }, { SIP_TRANS_EV_RX_3456XX, 404 },
		{ SIP_TRANS_EV_TX_1XX, 100 }, { SIP_TRANS_EV_TX_2XX, 200 }, { SIP_TRANS_EV_TX_3456XX, 404 },
	};
	unsigned int i;

	switch (event) {
	case SIP_TRANS_EV_REQUEST:
		rx(trans->method == SIP_INVITE ? "INVITE" : "BYE", false);
		return;
	case SIP_TRANS_EV_ACK:
		rx("ACK", false);
		return;
	case SIP_TRANS_EV_RETRANS:
	case SIP_TRANS_EV_ERROR:
	case SIP_TRANS_EV_ABANDON:
		osmo_fsm_inst_dispatch(trans->fi, event, NULL);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		if (statuses[i].event != event)
			continue;
		if (event < SIP_TRANS_EV_TX_1XX)
			wire_answer(f, statuses[i].status, "b", answer_lines);
		else
			respond(statuses[i].status);
	}
}

static void test_every_event(void)
{
	const struct osmo_fsm_state *fs;
	unsigned int i;
	int event, n;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		for (event = 0; event <= SIP_TRANS_EV_ABANDON; event++) {
			wire_start("every event");
			make(ways[i].fsm);
			for (n = 0; ways[i].events[n] >= 0; n++)
				put_in(ways[i].events[n]);
			fs = &trans->fi->fsm->states[trans->fi->state];
			OSMO_ASSERT(!strcmp(fs->name, ways[i].state));
			printf("%s %s, %s%s\n", ways[i].fsm->name, fs->name,
			       get_value_string(sip_trans_event_names, event),
			       fs->in_event_mask & (1 << event) ? "" : ": not taken");
			if (fs->in_event_mask & (1 << event))
				put_in(event);
			state();
			sip_trans_end_all(f->sip, NULL, true);
			osmo_select_main_ctx(1);
		}
	}
}

int main(int argc, char **argv)
{
	wire_init();
	f = wire_alloc(no_call, NULL);
	test_ict();
	test_ict_errors();
	test_cancel();
	test_nict();
	test_ist();
	test_nist();
	test_matching();
	OSMO_ASSERT(f->sip->n_trans == 0 || (sip_trans_end_all(f->sip, NULL, true), f->sip->n_trans == 0));
	test_every_event();
	wire_free(f);
	return 0;
}
