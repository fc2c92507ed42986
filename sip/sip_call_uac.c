/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outgoing legs: INVITE and what comes back (RFC 3261 13.2). */

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_call.h"

/* ---- ACK ---- */

/* 13.2.2.4: made anew for every 2xx that comes, nothing is kept. */
static void send_ack(struct sip_call *call, uint32_t cseq)
{
	struct sip_branch branch;
	struct sip_dest dest;
	struct sip_buf b;

	if (!call->sock && !call->peer->dest.sock)
		return;
	sip_branch_new(call->sip, &branch);
	sip_call_put_request(call, &b, SIP_ACK, cseq, &branch);
	sip_put_body(&b, SIP_STR(""), SIP_STR(""));
	sip_call_dest(call, &dest);
	sip_count(call->sip, SIP_CTR_TX_REQUEST + SIP_ACK);
	if (!b.full)
		sip_send(&dest, b.start, sip_buf_len(&b));
}

/* 12.1.2: what a response says. What cannot be read of Contact and Record-Route is as if it were not there. */
static void read_dialog(struct sip *sip, struct sip_dialog_text *text, const struct sip_msg *msg)
{
	if (sip_dialog_text_uac(sip, text, msg) == 0)
		return;
	LOGP(DSIP, LOGL_INFO, "call %.*s: Contact or Record-Route of %u cannot be read\n", SIP_STR_ARG(msg->call_id),
	     msg->status);
	text->parts[SIP_DLG_TARGET] = text->parts[SIP_DLG_ROUTES] = (struct sip_str){};
}

/* A dialog made of nothing but a 2xx to an INVITE of ours, to ACK and end it */
static int dialog_of_2xx(struct sip *sip, struct sip_dialog *d, void *ctx, const struct sip_msg *msg)
{
	struct sip_dialog_text text;

	read_dialog(sip, &text, msg);
	if (!text.parts[SIP_DLG_TARGET].p)
		text.parts[SIP_DLG_TARGET] = msg->to.uri_text;
	text.parts[SIP_DLG_CALL_ID] = msg->call_id;
	text.parts[SIP_DLG_LOCAL] = sip_msg_hdr(msg, SIP_HDR_FROM)->value;
	return sip_dialog_set_all(d, ctx, &text);
}

static void send_orphan(struct sip_trans *trans, const struct sip_dialog *d, enum sip_method method, uint32_t cseq)
{
	struct sip *sip = trans->sip;
	struct sip_sock *sock = trans->dest.sock;
	union sip_sockaddr local = sock->local;
	char sent_by[SIP_HOSTPORT_SIZE];
	struct sip_dest dest = trans->dest;
	enum sip_proto proto = sock->ops->proto;
	struct sip_branch branch;
	struct sip_buf b;

	if (sip_dialog_next_hop(d, &dest.addr, &proto) < 0 || proto != sock->ops->proto ||
	    dest.addr.sa.sa_family != sock->local.sa.sa_family)
		dest.addr = trans->dest.addr;
	if (sock->wildcard && sip_local_towards(&dest.addr, &local) == 0)
		sip_sockaddr_set_port(&local, sip_sockaddr_port(&sock->local));
	sip_sockaddr_hostport_buf(sent_by, &local);
	sip_branch_new(sip, &branch);
	sip_buf_init(&b, sip->tx, sizeof(sip->tx));
	sip_dialog_put_request(&b, d, &(struct sip_dialog_request){
		.method = method, .cseq = cseq, .branch = &branch, .via = sock->ops->via, .sent_by = sent_by,
	});
	sip_put_body(&b, SIP_STR(""), SIP_STR(""));
	if (method != SIP_ACK) {
		sip_trans_request(&dest, method, cseq, &branch, &b, NULL);
		return;
	}
	sip_count(sip, SIP_CTR_TX_REQUEST + SIP_ACK);
	if (!b.full)
		sip_send(&dest, b.start, sip_buf_len(&b));
}

void sip_call_orphan_2xx(struct sip_trans *trans, const struct sip_msg *msg)
{
	uint32_t tag = sip_call_hash_tag(trans->sip, msg->to.tag);
	void *ctx = talloc_new(trans);
	struct sip_dialog d;
	char mem[512];

	sip_dialog_init(&d, mem, sizeof(mem));
	if (dialog_of_2xx(trans->sip, &d, ctx, msg) == 0) {
		send_orphan(trans, &d, SIP_ACK, trans->cseq);
		if (trans->ended_tag != tag)
			send_orphan(trans, &d, SIP_BYE, trans->cseq + 1);
		trans->ended_tag = tag;
	} else {
		LOGP(DSIP, LOGL_INFO, "call %.*s: a second answer is too large\n", SIP_STR_ARG(msg->call_id));
	}
	talloc_free(ctx);
}

/* ---- Responses ---- */

static bool is_same_tag(const struct sip_call *call, const struct sip_msg *msg)
{
	return sip_str_eq(sip_dialog_get(&call->dialog, SIP_DLG_REMOTE_TAG), msg->to.tag);
}

/* 12.1.2: the dialog is the one of the latest response; of several early ones the one that answers is left. Without a
 * Contact the Request-URI stays in place; without a tag, a 2xx is one of RFC 2543. */
static void set_dialog(struct sip_call *call, const struct sip_msg *msg)
{
	struct sip_dialog_text text;

	if (!msg->to.tag.p && msg->status < 200)
		return;
	read_dialog(call->sip, &text, msg);
	if (sip_dialog_set_all(&call->dialog, call, &text) < 0)
		LOGP(DSIP, LOGL_INFO, "call %.*s: dialog too large\n", SIP_STR_ARG(msg->call_id));
	sip_dialog_unhash(&call->dialog);
	sip_dialog_hash(call->sip, &call->dialog);
}

static void rx_provisional(struct sip_call *call, const struct sip_msg *msg)
{
	if (call->state != SIP_CALL_CALLING || msg->status == 100)
		return;
	if (!is_same_tag(call, msg))
		set_dialog(call, msg);
	sip_call_indicate(call, SIP_INVITE, msg->status, msg);
}

static void rx_2xx(struct sip_call *call, struct sip_trans *trans, const struct sip_msg *msg)
{
	if (call->state == SIP_CALL_CALLING) {
		set_dialog(call, msg);
		call->state = SIP_CALL_UP;
		send_ack(call, trans->cseq);
		sip_call_indicate(call, SIP_INVITE, msg->status, msg);
	} else if (is_same_tag(call, msg)) {
		send_ack(call, trans->cseq);
	} else {
		sip_call_orphan_2xx(trans, msg);
	}
}

static void ict_cb(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg)
{
	struct sip_call *call = trans->user;

	call->sock = trans->dest.sock;	/* it may have gone to another target than it was begun with */
	switch (ind) {
	case SIP_TRANS_RESPONSE:
		if (msg->status < 200) {
			rx_provisional(call, msg);
		} else if (msg->status < 300) {
			rx_2xx(call, trans, msg);
		} else {
			sip_trans_detach(&call->ict);
			sip_call_end(call, SIP_INVITE, msg->status, msg);
		}
		break;
	case SIP_TRANS_TIMEOUT:
	case SIP_TRANS_ERROR:
		sip_trans_detach(&call->ict);
		if (call->state == SIP_CALL_CALLING)
			sip_call_fail(call, ind == SIP_TRANS_TIMEOUT ? 408 : 503);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* ---- INVITE ---- */

/* 8.1.1, 12.1.2: what request line, From, To and Call-ID are made of, defaults for what the user left out */
static int fill_dialog(struct sip_call *call, const struct sip_prim *prim)
{
	char ids[3 * SIP_TAG_LEN], mem[4 * SIP_HOSTPORT_SIZE];
	struct sip_dialog_text text = {};
	struct sip_buf b;
	char *at;

	sip_buf_init(&b, mem, sizeof(mem));
	sip_put_lit(&b, "<sip:");
	sip_put_z(&b, sip_peer_local_from(call->peer, call->sock));
	sip_put_lit(&b, ">");
	text.parts[SIP_DLG_LOCAL] = prim->from.len ? prim->from : sip_str_span(mem, b.p);
	at = b.p;
	sip_put_lit(&b, "<sip:");
	sip_put_z(&b, sip_peer_hostport(call->peer));
	sip_put_lit(&b, ">");
	text.parts[SIP_DLG_REMOTE] = prim->to.len ? prim->to : sip_str_span(at, b.p);
	text.parts[SIP_DLG_TARGET] = prim->ruri.len ? prim->ruri : sip_str_span(at + 1, b.p - 1);
	sip_random_tag(call->sip, ids);
	sip_random_tag(call->sip, ids + SIP_TAG_LEN);
	sip_random_tag(call->sip, ids + 2 * SIP_TAG_LEN);
	text.parts[SIP_DLG_LOCAL_TAG] = (struct sip_str){ ids, SIP_TAG_LEN };
	text.parts[SIP_DLG_CALL_ID] = (struct sip_str){ ids + SIP_TAG_LEN, 2 * SIP_TAG_LEN };
	return sip_dialog_set_all(&call->dialog, call, &text);
}

int sip_call_invite(struct sip_call *call, const struct sip_prim *prim)
{
	const struct sip_trans_user user = { ict_cb, call, &call->ict };
	struct sip_branch branch;
	struct sip_buf b;
	int rc;

	if (!call->peer->reachable)
		return -EHOSTUNREACH;
	call->sock = call->peer->dest.sock;
	rc = fill_dialog(call, prim);
	if (rc < 0)
		return rc;
	call->dialog.local_cseq = 1;
	sip_branch_new(call->sip, &branch);
	sip_call_put_request(call, &b, SIP_INVITE, call->dialog.local_cseq, &branch);
	sip_call_put_contact(call, &b);
	sip_put_lit(&b, "Allow: " SIP_ALLOW "\r\n");
	sip_put_str(&b, prim->headers);
	sip_call_put_body(&b, prim);
	rc = sip_trans_request(&call->peer->dest, SIP_INVITE, call->dialog.local_cseq, &branch, &b, &user);
	if (rc < 0)
		return rc;
	sip_trans_limit(call->ict, call->peer);
	sip_dialog_hash(call->sip, &call->dialog);
	call->state = SIP_CALL_CALLING;
	return 0;
}
