/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: legs. Each octet pair is a step: a message of the peer, a wish of the user, time, a fault; the rules of
 * the SAP are checked on the way, and that nothing is left at the end. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/application.h>
#include <osmocom/core/select.h>
#include <osmocom/core/utils.h>

#include "sip/sip_call.h"
#include "sip/sip_msg.h"
#include "sip_wire.h"
#include "fuzz.h"

#define LEGS 8

/* The user's view of a leg; free where call is NULL */
struct leg {
	struct sip_call *call;
	bool over;			/* the last indication has come, done is to be called */
	bool answered;			/* what is refused from then on ends nothing */
	char id[40], tag[SIP_TAG_LEN + 1];
	bool incoming;
	unsigned int number;
};

static struct wire *w;
static struct sip_peer *peer;
static struct leg legs[LEGS];
static bool going_down;			/* within a sip_call_…() function */
static unsigned int branch, number;

static void forget(struct leg *leg)
{
	memset(leg, 0, sizeof(*leg));
}

static struct leg *new_leg(struct sip_call *call, bool incoming)
{
	struct sip_str tag = sip_dialog_get(&call->dialog, SIP_DLG_LOCAL_TAG), id = sip_call_id(call);
	unsigned int i;

	for (i = 0; i < LEGS && legs[i].call; i++)
		;
	if (i == LEGS)
		return NULL;
	legs[i] = (struct leg){ .call = call, .incoming = incoming, .number = number };
	snprintf(legs[i].tag, sizeof(legs[i].tag), "%.*s", SIP_STR_ARG(tag));
	snprintf(legs[i].id, sizeof(legs[i].id), "%.*s", SIP_STR_ARG(id));
	return &legs[i];
}

static void release(struct leg *leg)
{
	going_down = true;
	if (leg->over)
		sip_call_done(leg->call);
	else
		sip_call_release(leg->call, 480, SIP_STR("Reason: Q.850;cause=31\r\n"));
	going_down = false;
	forget(leg);
}

static void user_cb(struct sip_call *call, const struct sip_prim *prim, void *user)
{
	struct leg *leg = user;

	CHECK(!going_down);
	CHECK(prim->op == PRIM_OP_INDICATION);
	if (!leg) {
		CHECK(prim->type == SIP_PRIM_MSG && prim->method == SIP_INVITE && !prim->status);
		leg = new_leg(call, true);
		if (!leg) {
			sip_call_release(call, 503, SIP_STR(""));
			return;
		}
		sip_call_set_user(call, leg);
		return;
	}
	CHECK(leg->call == call && !leg->over);
	leg->over = prim->type == SIP_PRIM_FAILED || prim->method == SIP_BYE || prim->method == SIP_CANCEL ||
		    (prim->method == SIP_INVITE && prim->status >= 300 && !leg->incoming && !leg->answered);
	if (prim->method == SIP_INVITE && prim->status / 100 == 2)
		leg->answered = true;
	if (leg->over && branch % 3 == 0)
		release(leg);
}

/* ---- Steps ---- */

static const enum sip_method methods[] = { SIP_ACK, SIP_BYE, SIP_INVITE, SIP_CANCEL, SIP_OPTIONS, SIP_INFO, SIP_PRACK,
					   SIP_UPDATE };
static const uint16_t statuses[] = { 100, 180, 183, 199, 200, 200, 202, 302, 404, 422, 481, 487, 491, 500, 503, 603 };

#define OURS SIP_STR("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 8\r\n")
#define PENDING "Content-Type: application/sdp\n\nv=0\nc=IN IP4 192.0.2.2\nm=audio 4 RTP/AVP 8\n" \
	"a=curr:qos local none\n" \
	"a=curr:qos remote none\na=des:qos mandatory local send\na=des:qos mandatory remote sendrecv\n"

static void rx(const struct leg *leg, enum sip_method method, unsigned int cseq, bool in_dialog)
{
	static const char *const extras[] = {
		"Contact: <sip:a@192.0.2.2:5062>\n", "Contact: <sip:a@host.example>\n",
		"Contact: <sip:a@192.0.2.2>\nRecord-Route: <sip:192.0.2.3;lr>\n",
		"Contact: <sip:a@192.0.2.2>\nContent-Type: application/sdp\n\nv=0\n", "",
		"Contact: <sip:a@192.0.2.2>\nSupported: 100rel, timer, 199\nSession-Expires: 90\nAllow: UPDATE\n"
		"Content-Type: application/sdp\n\nv=0\n",
		"Contact: <sip:a@192.0.2.2>\nRequire: 100rel\nSession-Expires: 100;refresher=uas\nSupported: timer\n",
		"Contact: <sip:a@192.0.2.2>\nRequire: 100rel, precondition\n" PENDING,
		"Contact: <sip:a@192.0.2.2>\nSupported: 100rel, precondition\nAllow: UPDATE\n" PENDING
		"a=conf:qos remote sendrecv\na=curr:foo e2e none\na=des:foo optional e2e send\n",
	};
	const char *extra = extras[branch % ARRAY_SIZE(extras)];
	struct sip_str name = sip_method_name(method);
	char rack[512];

	if (method == SIP_PRACK && w->last_rseq) {
		snprintf(rack, sizeof(rack), "RAck: %u 1 INVITE\n%s", w->last_rseq, extra);
		extra = rack;
	}

	wire_rx(w, "%.*s sip:1@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK%u%s\nMax-Forwards: 70\n"
		"From: <sip:a@192.0.2.2>;tag=%s\nTo: <sip:1@192.0.2.1>%s%s\nCall-ID: %s\nCSeq: %u %.*s\n%s%s",
		SIP_STR_ARG(name), branch, branch % 2 ? ";rport" : "", "b", in_dialog ? ";tag=" : "",
		in_dialog ? leg->tag : "", leg->id, cseq, SIP_STR_ARG(name), extra, strstr(extra, "\n\n") ? "" : "\n");
}

static void rx_invite(void)
{
	struct leg leg;

	snprintf(leg.id, sizeof(leg.id), "in%u", ++number);
	branch++;
	rx(&leg, SIP_INVITE, 1, false);
}

static void place_call(void)
{
	const struct sip_prim prim = { .type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_INVITE,
				       .content_type = SIP_STR("application/sdp"),
				       .body = branch % 2 ? OURS : SIP_STR("") };
	struct sip_call *call;
	struct leg *leg;
	uint16_t status = 0;

	call = sip_call_alloc(peer, NULL, &status);
	CHECK(call || status == 503);
	if (!call)
		return;
	leg = new_leg(call, false);
	if (!leg || sip_call_req(call, &prim) < 0) {
		sip_call_release(call, 500, SIP_STR(""));
		if (leg)
			forget(leg);
		return;
	}
	sip_call_set_user(call, leg);
	/* tag and Call-ID are there now */
	snprintf(leg->tag, sizeof(leg->tag), "%.*s", SIP_STR_ARG(sip_dialog_get(&call->dialog, SIP_DLG_LOCAL_TAG)));
	snprintf(leg->id, sizeof(leg->id), "%.*s", SIP_STR_ARG(sip_call_id(call)));
}

static void wish(struct leg *leg, uint8_t arg)
{
	struct sip_prim prim = {
		.type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = methods[arg % ARRAY_SIZE(methods)],
		.status = arg & 0x40 ? statuses[arg / 2 % ARRAY_SIZE(statuses)] : 0,
		.content_type = SIP_STR("application/sdp"),
		.body = arg & 2 ? OURS : arg & 1 ? SIP_STR("v=0\r\n") : SIP_STR(""),
		.precond = arg & 4 ? SIP_PRECOND_PENDING : SIP_PRECOND_NONE,
	};
	bool last = (prim.method == SIP_BYE && !prim.status) || (prim.method == SIP_CANCEL && !prim.status) ||
		    (prim.method == SIP_INVITE && prim.status >= 300);
	bool reinvite = leg->call->state == SIP_CALL_UP && prim.method == SIP_INVITE;
	int rc;

	going_down = true;
	rc = sip_call_req(leg->call, &prim);
	going_down = false;
	if (rc == 0 && last && !reinvite)
		forget(leg);
}

static void change_peer(void)
{
	struct osmo_sockaddr remote = { .u.sin = { .sin_family = AF_INET, .sin_port = htons(5060) } };

	remote.u.sin.sin_addr.s_addr = htonl(0xc0000202);
	if (peer)
		sip_peer_free(peer);
	peer = sip_peer_alloc(w->sip, "P");
	CHECK(peer);
	sip_peer_cfg(peer)->remote = remote;
	sip_peer_cfg(peer)->remote_set = true;
	sip_peer_cfg(peer)->call.precond = SIP_PRECOND_SUPPORTED;
	sip_peer_update(peer);
}

static const char *const answers[] = {
	"Contact: <sip:b@192.0.2.2>\n", "Contact: <sip:b@192.0.2.2>\nContent-Type: application/sdp\n\nv=0\n",
	"Contact: <sip:b@192.0.2.2>\nRequire: 100rel\nRSeq: 1\nContent-Type: application/sdp\n\nv=0\n",
	"Contact: <sip:b@192.0.2.2>\nRequire: 100rel\nRSeq: 2\nAllow: UPDATE\n",
	"Contact: <sip:b@192.0.2.2>\nSession-Expires: 90;refresher=uac\nMin-SE: 100\nRetry-After: 1\n",
	"Contact: <sip:b@192.0.2.2>\nSession-Expires: 90;refresher=uas\nAllow: UPDATE\n",
};

static void step(uint8_t op, uint8_t arg)
{
	struct leg *leg = &legs[arg % LEGS];
	static const char *const tags[] = { "b", "c", NULL };
	const char *tag = tags[arg / 16 % ARRAY_SIZE(tags)];
	uint16_t status = statuses[arg % ARRAY_SIZE(statuses)];

	switch (op % 14) {
	case 0:
		rx_invite();
		return;
	case 1:
		place_call();
		return;
	case 2:
		branch++;
		/* fall through */
	case 3:
		if (leg->call)
			rx(leg, methods[arg / 8 % ARRAY_SIZE(methods)], arg / 64 + 1, arg & 0x20);
		return;
	case 4:
		if (w->request_len)
			wire_answer(w, status, tag, answers[arg / 4 % ARRAY_SIZE(answers)]);
		return;
	case 5:
		if (w->invite_len)
			wire_answer_to_invite(w, status, tag, answers[arg / 4 % ARRAY_SIZE(answers)]);
		return;
	case 6:
	case 7:
		if (leg->call)
			wish(leg, arg / 2);
		return;
	case 8:
		if (leg->call)
			release(leg);
		return;
	case 9:
		wire_pass(arg * 50);
		return;
	case 10:
		sip_rx_error(w->sock, w->last, w->last_len * arg / 255);
		return;
	case 11:
		w->send_rc = arg & 1 ? -113 : 0;
		return;
	case 12:
		if (arg > 250)
			change_peer();
		return;
	case 13:
		w->ops.reliable = arg & 1;
		return;
	}
}

static void finish(void)
{
	unsigned int i;

	for (i = 0; i < LEGS; i++) {
		if (legs[i].call)
			release(&legs[i]);
	}
	wire_pass(100000);
	CHECK(sip_call_count(w->sip) == 0);
	CHECK(w->sip->n_trans == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool initialised;
	union sip_sockaddr src;
	size_t i;

	if (!initialised) {
		wire_init();
		log_set_log_level(osmo_stderr_target, LOGL_FATAL);
		initialised = true;
	}
	w = wire_alloc(user_cb, NULL);
	w->quiet = true;
	peer = NULL;
	change_peer();
	branch = number = 0;

	for (i = 0; i + 1 < size && i < 200; i += 2)
		step(data[i], data[i + 1]);
	if (i < size) {
		CHECK(sip_sockaddr_from_host(&src, SIP_STR("192.0.2.2"), false, 5060) == 0);
		sip_rx(w->sock, &src, (const char *)data + i, size - i);
	}
	finish();
	wire_free(w);
	return 0;
}
