/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random messages and requests of a user against legs: no rule of the SAP is broken, all is given back. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "sip/sip_call.h"
#include "sip/sip_peer.h"
#include "sip_wire.h"

#define STEPS_MAX 60
#define LEGS_MAX 6
#define SENT_MAX 8

/* What the user knows of a leg, and the peer of its dialog, also when the user's interest is over */
static struct leg {
	struct sip_call *call;		/* NULL: not the user's any more */
	bool ended;			/* done is to come */
	bool incoming;
	char call_id[64], local_tag[64], from_tag[8];
	unsigned int cseq, invite_cseq;
} legs[LEGS_MAX];

static struct wire *w;
static struct sip_peer *pbx;
static struct { char text[4096]; size_t len; bool in_dialog; } sent[SENT_MAX];	/* requests of ours */
static unsigned int n_sent, branch_no, call_no, seed;
static uint64_t lot;

static unsigned int rnd(unsigned int n)
{
	lot ^= lot << 13;
	lot ^= lot >> 7;
	lot ^= lot << 17;
	return (lot >> 33) % n;
}
#define PICK(table) ((table)[rnd(ARRAY_SIZE(table))])

static void say(const char *what, const struct leg *leg)
{
	if (getenv("SIP_RANDOM_LOG"))
		printf("  %s, leg %d\n", what, leg ? (int)(leg - legs) : -1);
}

static struct leg *leg_of(const struct sip_call *call)
{
	unsigned int i;

	for (i = 0; i < LEGS_MAX; i++) {
		if (legs[i].call == call)
			return &legs[i];
	}
	return NULL;
}

static void learn(struct leg *leg)
{
	struct sip_str id = sip_call_id(leg->call), tag = sip_dialog_get(&leg->call->dialog, SIP_DLG_LOCAL_TAG);

	snprintf(leg->call_id, sizeof(leg->call_id), "%.*s", SIP_STR_ARG(id));
	snprintf(leg->local_tag, sizeof(leg->local_tag), "%.*s", SIP_STR_ARG(tag));
}

/* ---- The user ---- */

static const char *const sdps[] = {
	"", "v=0\r\n",
	"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n",
};

static void drop(struct leg *leg)
{
	leg->call = NULL;
	leg->ended = false;
}

static void user_request(struct leg *leg)
{
	static const enum sip_method methods[] = {
		SIP_INVITE, SIP_INVITE, SIP_INVITE, SIP_UPDATE, SIP_PRACK, SIP_INFO, SIP_BYE, SIP_CANCEL, SIP_ACK,
	};
	static const unsigned int statuses[] = { 0, 0, 0, 180, 183, 183, 200, 200, 200, 302, 486, 488, 580, 700 };
	struct sip_prim prim = {
		.type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = PICK(methods), .status = PICK(statuses),
		.content_type = SIP_STR("application/sdp"), .body = sip_str_from(PICK(sdps)),
		.precond = rnd(4),
	};
	bool last = !prim.status ? prim.method == SIP_BYE || prim.method == SIP_CANCEL
		    : prim.method == SIP_INVITE && prim.status >= 300 && leg->call->state == SIP_CALL_OFFERED;

	if (getenv("SIP_RANDOM_LOG"))
		printf("  user %u %u state %u\n", prim.method, prim.status, leg->call->state);
	say("user", leg);
	if (sip_call_req(leg->call, &prim) == 0 && last)
		drop(leg);
}

static void user_ends(struct leg *leg)
{
	say("user ends", leg);
	if (rnd(2) || !leg->ended)
		sip_call_release(leg->call, 300 + rnd(400), SIP_STR(""));
	else
		sip_call_done(leg->call);
	drop(leg);
}

static void user_acts(struct leg *leg)
{
	if (!leg->call)
		return;
	if (rnd(12) == 0 || (leg->ended && rnd(2)))
		user_ends(leg);
	else
		user_request(leg);
}

static void user_cb(struct sip_call *call, const struct sip_prim *prim, void *user)
{
	struct leg *leg = leg_of(call);
	bool first = !leg && prim->type == SIP_PRIM_MSG && prim->method == SIP_INVITE && !prim->status;

	if (first) {
		leg = &legs[call_no % LEGS_MAX];
		leg->call = call;
		learn(leg);
	}
	EXPECT(leg && !leg->ended);
	EXPECT(!prim->msg == (prim->type != SIP_PRIM_MSG));
	if (!leg || leg->ended) {
		printf("seed %u: %.*s %u to a user who is gone\n", seed, SIP_STR_ARG(sip_method_name(prim->method)),
		       prim->status);
		return;
	}
	say("indication", leg);
	leg->ended = prim->type == SIP_PRIM_FAILED || prim->method == SIP_BYE || prim->method == SIP_CANCEL ||
		     (prim->method == SIP_INVITE && prim->status >= 300 && call->state == SIP_CALL_ENDED);
	while (leg->call && rnd(3))
		user_acts(leg);
}

static void call_out(struct leg *leg)
{
	struct sip_prim prim = {
		.type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_INVITE,
		.ruri = SIP_STR("sip:2@192.0.2.2"),
		.content_type = SIP_STR("application/sdp"), .body = sip_str_from(PICK(sdps)), .precond = rnd(2),
	};
	uint16_t status;

	*leg = (struct leg){ .call = sip_call_alloc(pbx, NULL, &status), .invite_cseq = 1 };
	say("call", leg);
	if (leg->call && sip_call_req(leg->call, &prim) == 0)
		learn(leg);
}

/* ---- The peer ---- */

static const char *const headers[] = {
	"", "", "Contact: <sip:a@192.0.2.2:5062>\n", "Contact: <sip:a@192.0.2.2:5062>\n",
	"Contact: <sip:b@192.0.2.3>\n",
	"Contact: *\n", "Supported: 100rel, timer, 199, precondition\n", "Supported: timer\n", "Require: 100rel\n",
	"Session-Expires: 90;refresher=uac\n", "Session-Expires: 120;refresher=uas\n", "Session-Expires: 30\n",
	"Min-SE: 200\n", "Allow: INVITE, UPDATE\n", "Allow: INVITE\n", "Retry-After: 1\n", "Info-Package: x\n",
	"Record-Route: <sip:192.0.2.4;lr>\n", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\n",
};
static const char *const bodies[] = {
	"\n", "\n", "Content-Type: application/sdp\n\nv=0\n", "Content-Type: application/sdp\n\nv=0\n",
	"Content-Type: application/sdp\n\nv=0\no=- 1 1 IN IP4 192.0.2.2\ns=-\nc=IN IP4 192.0.2.2\nt=0 0\n"
	"m=audio 4000 RTP/AVP 8\na=curr:qos local none\na=curr:qos remote none\n"
	"a=des:qos mandatory local sendrecv\na=des:qos mandatory remote sendrecv\n",
	"Content-Type: application/dtmf\n\n1",
};

static void put_lines(char *text, size_t size, bool with_contact)
{
	size_t len = with_contact ? snprintf(text, size, "Contact: <sip:a@192.0.2.2:5062>\n") : 0;
	unsigned int i, n = rnd(4);

	text[len] = '\0';
	for (i = 0; i < n; i++)
		len += snprintf(text + len, size - len, "%s", PICK(headers));
	if (rnd(2))
		len += snprintf(text + len, size - len, "Require: 100rel\nRSeq: %u\n", 1 + rnd(4));
	snprintf(text + len, size - len, "%s", PICK(bodies));
}

static void rx_invite(struct leg *leg)
{
	char lines[2048];

	put_lines(lines, sizeof(lines), true);
	*leg = (struct leg){ .incoming = true, .from_tag = "t", .cseq = 1, .invite_cseq = 1 };
	say("INVITE", leg);
	wire_rx(w, "INVITE sip:1@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK%u;rport\n"
		"Max-Forwards: 70\n"
		"From: <sip:a@192.0.2.2>;tag=t\nTo: <sip:1@192.0.2.1>\nCall-ID: c%u\nCSeq: 1 INVITE\n%s", ++branch_no,
		call_no, lines);
}

static void rx_in_dialog(struct leg *leg)
{
	static const char *const methods[] = {
		"INVITE", "ACK", "ACK", "ACK", "UPDATE", "UPDATE", "PRACK", "PRACK", "PRACK", "INFO", "BYE", "OPTIONS",
	};
	static const char *const tags[] = { "b", "b", "c", "d" };
	const char *method = PICK(methods);
	bool ack = !strcmp(method, "ACK");
	char lines[2048], rack[64] = "";

	if (!*leg->call_id)
		return;
	put_lines(lines, sizeof(lines), false);
	if (!strcmp(method, "PRACK"))
		snprintf(rack, sizeof(rack), "RAck: %u %u INVITE\n", w->last_rseq, leg->invite_cseq);
	if (!ack)
		leg->cseq++;
	if (!strcmp(method, "INVITE"))
		leg->invite_cseq = leg->cseq;
	say(method, leg);
	wire_rx(w, "%s sip:192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK%u;rport\nMax-Forwards: 70\n"
		"From: <sip:2@192.0.2.2>;tag=%s\nTo: <sip:1@192.0.2.1>;tag=%s\nCall-ID: %s\nCSeq: %u %s\n%s%s", method,
		++branch_no, leg->incoming ? leg->from_tag : PICK(tags), leg->local_tag, leg->call_id,
		ack ? leg->invite_cseq : leg->cseq, method, rack, lines);
}

/* Of the INVITE that came last */
static void rx_cancel(void)
{
	wire_rx(w, "CANCEL sip:1@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK%u;rport\n"
		"From: <sip:a@192.0.2.2>;tag=t\nTo: <sip:1@192.0.2.1>\nCall-ID: c%u\nCSeq: 1 CANCEL\n\n", branch_no,
		call_no);
}

static void keep_sent(void)
{
	unsigned int i = n_sent % SENT_MAX;
	struct sip_parse_error err;
	struct sip_msg msg;

	if (!w->request_len || w->request_len > sizeof(sent[i].text))
		return;
	memcpy(sent[i].text, w->request, w->request_len);
	sent[i].len = w->request_len;
	OSMO_ASSERT(sip_msg_parse(&msg, sent[i].text, sent[i].len, &err) == 0);
	sent[i].in_dialog = msg.to.tag.p;
	w->request_len = 0;
	n_sent++;
}

static void rx_response(void)
{
	static const unsigned int statuses[] = {
		100, 180, 183, 183, 183, 199, 200, 200, 200, 200, 302, 401, 405, 408, 422, 481, 486, 491, 500, 503,
	};
	static const char *const tags[] = { "b", "b", "b", "c", "d", NULL };
	unsigned int i = rnd(OSMO_MIN(n_sent, SENT_MAX));
	unsigned int status = PICK(statuses);
	const char *tag = PICK(tags);
	char lines[2048];

	say("response", NULL);
	put_lines(lines, sizeof(lines), rnd(2));
	memcpy(w->request, sent[i].text, sent[i].len);
	w->request_len = sent[i].len;
	wire_answer(w, status, sent[i].in_dialog ? NULL : tag, lines);
}

/* ---- One run ---- */

static void step(void)
{
	struct leg *leg = &legs[rnd(LEGS_MAX)];

	switch (rnd(10)) {
	case 0:
		call_no++;
		leg = &legs[call_no % LEGS_MAX];
		if (leg->call)
			user_ends(leg);
		if (rnd(2))
			call_out(leg);
		else
			rx_invite(leg);
		break;
	case 1:
	case 2:
	case 3:
		user_acts(leg);
		break;
	case 4:
	case 5:
		rx_in_dialog(leg);
		break;
	case 6:
	case 7:
	case 8:
		if (n_sent)
			rx_response();
		break;
	default:
		if (rnd(8) == 0)
			rx_cancel();
		else if (rnd(8) == 0)
			w->send_rc = -113, w->n_fail = 1;
		else
			wire_pass(rnd(4) ? rnd(700) : rnd(40000));
	}
	keep_sent();
}

/* What the endpoint draws is the same in every run of a seed, but in the longest steps. */
static void draw_lots(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(w->sip->random); i++)
		w->sip->random[i] = rnd(256);
	w->sip->random_left = sizeof(w->sip->random);
}

static void configure(void)
{
	struct sip_call_cfg *cfg = &sip_peer_cfg(pbx)->call;

	cfg->rel100 = rnd(3);
	cfg->precond = rnd(3);
	cfg->session_expires_s = rnd(3) ? 90 + rnd(100) : 0;
	cfg->refresher = rnd(3);
}

static void run(void)
{
	unsigned int i, n;

	lot = 0x9e3779b97f4a7c15 * (seed + 1);
	n = 5 + rnd(STEPS_MAX);
	call_no = 0;
	w->last_rseq = 0;
	memset(legs, 0, sizeof(legs));
	n_sent = 0;
	w->request_len = 0;
	configure();
	for (i = 0; i < n; i++) {
		draw_lots();
		step();
	}
	for (i = 0; i < LEGS_MAX; i++) {
		if (legs[i].call)
			user_ends(&legs[i]);
	}
	w->send_rc = 0;
	wire_pass(60000);
	wire_pass(60000);
	if (w->sip->n_calls || w->sip->n_trans) {
		printf("seed %u: %u legs and %u transactions are left\n", seed, w->sip->n_calls, w->sip->n_trans);
		expect_failures++;
	}
}

int main(int argc, char **argv)
{
	unsigned int n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000;
	unsigned int first = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

	wire_init();
	w = wire_alloc(user_cb, NULL);
	w->quiet = !getenv("SIP_RANDOM_LOG");
	pbx = sip_peer_alloc(w->sip, "PBX");
	sip_peer_cfg(pbx)->remote = (struct osmo_sockaddr){ .u.sin = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(0xc0000202), .sin_port = htons(5060),
	} };
	sip_peer_cfg(pbx)->remote_set = true;
	sip_peer_cfg(pbx)->auth_user = "u";
	sip_peer_cfg(pbx)->auth_password = "p";
	sip_peer_update(pbx);
	log_set_log_level(osmo_stderr_target, LOGL_FATAL);
	for (seed = first; seed < first + n && !expect_failures; seed++)
		run();
	wire_free(w);
	return expect_failures ? 1 : 0;
}
