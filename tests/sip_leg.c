/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests of legs: a user above the SAP that prints, a peer below that sends, both by short functions. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip_leg.h"

struct wire *w;
struct sip_peer *pbx;
struct sip_call *call;
bool auto_done;
unsigned int auto_answer;
unsigned int failed[7];
struct sip_peer *next_peer;
unsigned int cancel_after;

static const char *const prim_types[] = {
	[SIP_PRIM_MSG] = "", [SIP_PRIM_FAILED] = "FAILED ", [SIP_PRIM_READY] = "READY ",
};

static const char *const preconds[] = {
	[SIP_PRECOND_NONE] = "",
	[SIP_PRECOND_PENDING] = ", preconditions pending",
	[SIP_PRECOND_MET] = ", preconditions met",
	[SIP_PRECOND_CONFIRM] = ", preconditions to be confirmed",
};

int req(enum sip_method method, uint16_t status)
{
	const struct sip_prim prim = {
		.type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = method, .status = status,
		.headers = status >= 300 || method == SIP_BYE ? SIP_STR("Reason: Q.850;cause=17\r\n") : SIP_STR(""),
		.content_type = SIP_STR("application/sdp"),
		.body = status == 200 && method == SIP_INVITE ? SIP_STR("v=0\r\n") : SIP_STR(""),
	};
	int rc = sip_call_req(call, &prim);

	if (rc < 0)
		wire_log("req %.*s %u: %s", SIP_STR_ARG(sip_method_name(method)), status, strerror(-rc));
	return rc;
}

int req_with(enum sip_method method, uint16_t status, const char *sdp)
{
	const struct sip_prim prim = {
		.type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = method, .status = status,
		.content_type = SIP_STR("application/sdp"), .body = sip_str_from(sdp),
	};
	int rc = sip_call_req(call, &prim);

	if (rc < 0)
		wire_log("req %.*s %u: %s", SIP_STR_ARG(sip_method_name(method)), status, strerror(-rc));
	return rc;
}

void done(void)
{
	sip_call_done(call);
	call = NULL;
}

static void cancel_all(void)
{
	struct sip_call *c, *next;

	llist_for_each_entry_safe(c, next, &w->sip->all_calls, entry) {
		if (c->state == SIP_CALL_CALLING)
			sip_call_release(c, 0, SIP_STR(""));
	}
}

static void user_cb(struct sip_call *c, const struct sip_prim *prim, void *user)
{
	bool last = prim->type == SIP_PRIM_FAILED || prim->method == SIP_BYE || prim->method == SIP_CANCEL ||
		    (prim->method == SIP_INVITE && prim->status >= 300);
	bool ready = prim->type == SIP_PRIM_READY;

	call = c;
	if (prim->type == SIP_PRIM_FAILED)
		failed[prim->status / 100]++;
	if (prim->type == SIP_PRIM_FAILED && next_peer)
		OSMO_ASSERT(!sip_call_alloc(next_peer, NULL, &(uint16_t){ 0 }));
	if (!w->quiet)
		wire_log("ind %s%.*s %u%s%s", prim_types[prim->type],
			 SIP_STR_ARG(sip_method_name(prim->method)), prim->status,
			 prim->msg && prim->msg->body.len ? " with body" : "", preconds[prim->precond]);
	if (prim->type == SIP_PRIM_FAILED && cancel_after && !--cancel_after)
		cancel_all();
	if (last && auto_done)
		done();
	else if (ready)
		req_with(c->flags & SIP_CALL_NO_UPDATE ? SIP_INVITE : prim->method, 0, SDP);
	else if (prim->method == SIP_INVITE && !prim->status && prim->type == SIP_PRIM_MSG && auto_answer)
		req(SIP_INVITE, auto_answer);
}

/* Nothing may be left after every test: legs, transactions, memory. */
void finish(void)
{
	w->quiet = true;
	wire_pass(70000);
	w->quiet = false;
	if (w->sip->n_calls || w->sip->n_trans)
		printf("LEFT: %u legs, %u transactions\n", w->sip->n_calls, w->sip->n_trans);
	call = NULL;
	auto_done = false;
	auto_answer = 0;
}

/* ---- Messages from the peer ---- */

unsigned int branch_no, call_no;

void rx_as(unsigned int branch, const char *method, unsigned int cseq, const char *to_tag, const char *lines)
{
	wire_rx(w, "%s sip:123@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK%u;rport\nMax-Forwards: 70\n"
		"From: \"A\" <sip:a@192.0.2.2>;tag=theirs\nTo: <sip:123@192.0.2.1>%s%s\nCall-ID: call%u\n"
		"CSeq: %u %s\n%s%s", method, branch, *to_tag ? ";tag=" : "", to_tag, call_no, cseq, method,
		lines, strstr(lines, "\n\n") ? "" : "\n");
}

const char contact[] = "Contact: <sip:a@192.0.2.2:5062>\n";
const char with_sdp[] = "Contact: <sip:a@192.0.2.2:5062>\nContent-Type: application/sdp\n\nv=0\n";

void rx_invite(void)
{
	call_no++;
	rx_as(++branch_no, "INVITE", 1, "", with_sdp);
}

const char *our_tag(void)
{
	static char tag[SIP_TAG_LEN + 1];

	if (call)
		memcpy(tag, sip_dialog_get(&call->dialog, SIP_DLG_LOCAL_TAG).p, SIP_TAG_LEN);
	return tag;
}

void rx(const char *method, unsigned int cseq, const char *lines)
{
	rx_as(++branch_no, method, cseq, our_tag(), lines);
}

void rx_again(const char *method, unsigned int cseq, const char *tag, const char *lines)
{
	rx_as(branch_no, method, cseq, tag, lines);
}

int invite_with(const char *ruri)
{
	const struct sip_prim prim = {
		.type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_INVITE,
		.ruri = sip_str_from(ruri), .from = SIP_STR("\"1\" <sip:1@192.0.2.1>"),
		.to = SIP_STR("<sip:2@192.0.2.2>"), .headers = SIP_STR("X-More: 1\r\n"),
		.content_type = SIP_STR("application/sdp"), .body = SIP_STR("v=0\r\n"),
	};
	uint16_t status;
	int rc;

	call = sip_call_alloc(pbx, NULL, &status);
	OSMO_ASSERT(call);
	rc = sip_call_req(call, &prim);
	if (rc < 0)
		wire_log("INVITE: %s", strerror(-rc));
	return rc;
}

void invite(void)
{
	invite_with("sip:2@192.0.2.2;user=phone");
}

void invite_without_offer(void)
{
	const struct sip_prim prim = { .type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_INVITE };
	uint16_t status;

	call = sip_call_alloc(pbx, NULL, &status);
	OSMO_ASSERT(call && sip_call_req(call, &prim) == 0);
}

const char their_contact[] = "Contact: <sip:b@192.0.2.2:5062>\n";

/* A request of theirs within a leg that we called */
void rx_back(const char *method, unsigned int cseq, const char *their_tag, const char *lines)
{
	struct sip_str id = sip_call_id(call);

	wire_rx(w, "%s sip:192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK%u\nMax-Forwards: 70\n"
		"From: <sip:2@192.0.2.2>;tag=%s\nTo: \"1\" <sip:1@192.0.2.1>;tag=%s\nCall-ID: %.*s\n"
		"CSeq: %u %s\n%s%s", method, ++branch_no, their_tag, our_tag(), SIP_STR_ARG(id), cseq, method, lines,
		strstr(lines, "\n\n") ? "" : "\n");
}

void set_remote(struct sip_peer *peer, uint32_t addr, uint16_t port)
{
	sip_peer_cfg(peer)->remote = (struct osmo_sockaddr){ .u.sin = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(addr), .sin_port = htons(port),
	} };
	sip_peer_cfg(peer)->remote_set = true;
}

void leg_init(void)
{
	wire_init();
	w = wire_alloc(user_cb, NULL);
	pbx = sip_peer_alloc(w->sip, "PBX");
	set_remote(pbx, 0xc0000202, 5060);
	sip_peer_update(pbx);
}

void leg_exit(void)
{
	wire_free(w);
}
