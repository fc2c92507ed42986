/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outgoing legs: INVITE and what comes back (RFC 3261 13.2). */

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_call.h"
#include "sip/sip_info.h"
#include "sip/sip_modify.h"
#include "sip/sip_precond.h"
#include "sip/sip_refresh.h"
#include "sip/sip_rel.h"

/* ---- ACK ---- */

/* The ACK of a 2xx that comes again is the same one, branch and all (13.2.2.4), though nothing of it is kept */
static void ack_branch(struct sip *sip, const struct sip_dialog *d, uint32_t cseq, struct sip_branch *branch)
{
	uint64_t hash = sip_hash(sip, cseq, sip_dialog_get(d, SIP_DLG_CALL_ID));

	sip_branch_of(branch, sip_hash(sip, hash, sip_dialog_get(d, SIP_DLG_REMOTE_TAG)));
}

static int send_ack(struct sip_call *call, struct sip_buf *b, uint32_t cseq, const struct sip_prim *prim)
{
	struct sip_branch branch;
	struct sip_dest dest;

	if (!call->sock && !call->peer->dest.sock)
		return -EHOSTUNREACH;
	ack_branch(call->sip, &call->dialog, cseq, &branch);
	sip_call_put_request(call, b, SIP_ACK, cseq, &branch);
	sip_put_str(b, prim->headers);
	sip_call_put_body(call, b, prim);
	if (b->full)
		return -EMSGSIZE;
	sip_call_dest(call, &dest);
	sip_count(call->sip, SIP_CTR_TX_REQUEST + SIP_ACK);
	sip_send(&dest, b->start, sip_buf_len(b));
	return 0;
}

/* For every 2xx that comes */
void sip_call_send_ack(struct sip_call *call, uint32_t cseq)
{
	static const struct sip_prim nothing = {};
	struct sip_buf b;

	send_ack(call, &b, cseq, &nothing);
}

/* The answer to the offer of a 2xx: kept in the transaction, for a 2xx that comes again */
int sip_call_req_ack(struct sip_call *call, const struct sip_prim *prim)
{
	enum sip_offer offer = call->dialog.offer;
	struct sip_buf b;
	int rc;

	if (!call->ict || offer != SIP_OFFER_THEIRS_RSP)
		return -EPROTO;
	rc = send_ack(call, &b, call->ict->cseq, prim);
	if (rc < 0)
		return rc;
	sip_offer_step(&offer, SIP_OFFER_TX_ACK, sip_offer_in_prim(prim));
	call->dialog.offer = offer;
	if (sip_offer_in_prim(prim))
		sip_refresh_keep_sdp(call, prim->body);
	sip_trans_keep(call->ict, &b);
	return 0;
}

static void ack_again(struct sip_call *call, struct sip_trans *trans)
{
	struct sip_dest dest;

	if (trans->text_len) {
		sip_call_dest(call, &dest);
		sip_count(call->sip, SIP_CTR_TX_RETRANS);
		sip_send(&dest, trans->text, trans->text_len);
	} else if (call->dialog.offer != SIP_OFFER_THEIRS_RSP) {
		sip_call_send_ack(call, trans->cseq);
	}
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

/* How far the BYE is from the INVITE: PRACK and UPDATE may have been sent in between (12.2.1.1) */
#define ORPHAN_CSEQS 1000

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
	if (method == SIP_ACK)
		ack_branch(sip, d, cseq, &branch);
	else
		sip_branch_new(sip, &branch);
	sip_buf_init(&b, sip->tx, sizeof(sip->tx));
	sip_dialog_put_request(&b, d, &(struct sip_dialog_request){
		.method = method, .cseq = cseq, .branch = &branch, .via = sock->ops->via, .sent_by = sent_by,
		.sip = sip,
	});
	if (method == SIP_BYE)
		sip_put_str(&b, trans->cancel);
	sip_put_body(&b, SIP_STR(""), SIP_STR(""));
	if (method != SIP_ACK) {
		sip_trans_request(&dest, method, cseq, &branch, &b, NULL);
		return;
	}
	sip_count(sip, SIP_CTR_TX_REQUEST + SIP_ACK);
	if (!b.full)
		sip_send(&dest, b.start, sip_buf_len(&b));
}

/* Of a dialog that goes on the 2xx has come once more: the INVITE has no user since a re-INVITE followed. */
void sip_call_orphan_2xx(struct sip_trans *trans, const struct sip_msg *msg)
{
	bool lives = sip_dialog_find_sent(trans->sip, msg);
	uint32_t tag = sip_call_hash_tag(trans->sip, msg->to.tag);
	void *ctx = talloc_new(trans);
	struct sip_dialog d;
	char mem[512];

	sip_dialog_init(&d, mem, sizeof(mem));
	if (dialog_of_2xx(trans->sip, &d, ctx, msg) == 0) {
		send_orphan(trans, &d, SIP_ACK, trans->cseq);
		if (!lives && trans->ended_tag != tag)
			send_orphan(trans, &d, SIP_BYE, trans->cseq + ORPHAN_CSEQS);
		if (!lives)
			trans->ended_tag = tag;
	} else {
		LOGP(DSIP, LOGL_INFO, "call %.*s: a second answer is too large\n", SIP_STR_ARG(msg->call_id));
	}
	talloc_free(ctx);
}

/* ---- INVITE, once more ---- */

static void put_extensions(struct sip_call *call, struct sip_buf *b)
{
	sip_put_lit(b, "Allow: " SIP_ALLOW "\r\n");
	sip_call_put_supported(b, call->peer, true);
	if (call->peer->cfg.call.rel100 == SIP_REL100_REQUIRED)
		sip_put_lit(b, "Require: 100rel\r\n");
	if (sip_precond_is_required(call))
		sip_put_lit(b, "Require: precondition\r\n");
	sip_refresh_put_request(call, b);
}

/* What the room wrote by itself, and writes anew */
static bool is_rewritten(const struct sip_hdr *hdr)
{
	switch (hdr->id) {
	case SIP_HDR_VIA:
	case SIP_HDR_MAX_FORWARDS:
	case SIP_HDR_ROUTE:
	case SIP_HDR_FROM:
	case SIP_HDR_TO:
	case SIP_HDR_CALL_ID:
	case SIP_HDR_CSEQ:
	case SIP_HDR_CONTACT:
	case SIP_HDR_ALLOW:
	case SIP_HDR_SUPPORTED:
	case SIP_HDR_REQUIRE:
	case SIP_HDR_SESSION_EXPIRES:
	case SIP_HDR_SESSION_ID:
	case SIP_HDR_MIN_SE:
	case SIP_HDR_CONTENT_LENGTH:
		return true;
	default:
		return false;
	}
}

/* The same INVITE with the next CSeq (8.1.3.5), and what the call has learnt since. The early dialogs of the refused
 * one are over. */
static int invite_again(struct sip_call *call, struct sip_trans *trans)
{
	const struct sip_trans_user user = { sip_call_ict_cb, call, &call->ict };
	uint32_t cseq = trans->cseq + 1;
	enum sip_offer offer = SIP_OFFER_NONE;
	struct sip_parse_error err;
	struct sip_branch branch;
	struct sip_msg invite;
	struct sip_buf b;
	unsigned int i;
	int rc;

	if (!call->peer->reachable || sip_msg_parse(&invite, trans->text, trans->text_len, &err) < 0)
		return -EHOSTUNREACH;
	sip_fork_drop(call);
	sip_dialog_unhash(&call->dialog);
	sip_dialog_set(&call->dialog, call, SIP_DLG_REMOTE, sip_msg_hdr(&invite, SIP_HDR_TO)->value);
	sip_dialog_set(&call->dialog, call, SIP_DLG_REMOTE_TAG, SIP_STR(""));
	sip_dialog_set(&call->dialog, call, SIP_DLG_TARGET, invite.ruri);
	sip_dialog_set(&call->dialog, call, SIP_DLG_ROUTES, SIP_STR(""));
	sip_branch_new(call->sip, &branch);
	sip_call_put_request(call, &b, SIP_INVITE, cseq, &branch);
	sip_call_put_contact(call, &b);
	put_extensions(call, &b);
	for (i = 0; i < invite.n_hdrs; i++) {
		if (!is_rewritten(&invite.hdrs[i]))
			sip_put_hdr(&b, invite.hdrs[i].name, invite.hdrs[i].value);
	}
	sip_put_hdr_uint(&b, SIP_STR("Content-Length"), invite.body.len);
	sip_put_lit(&b, "\r\n");
	sip_put_str(&b, invite.body);
	sip_trans_detach(&call->ict);
	rc = sip_trans_request(&call->peer->dest, SIP_INVITE, cseq, &branch, &b, &user);
	if (rc < 0)
		return rc;
	call->dialog.local_cseq = cseq;
	call->dialog.rseq = 0;
	call->dialog.note = call->invite_note;
	sip_offer_step(&offer, SIP_OFFER_TX_INVITE, sip_offer_in_msg(&invite));
	call->dialog.offer = offer;
	sip_dialog_hash(call->sip, &call->dialog);
	return 0;
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
	/* who has said meanwhile that it is another one (RFC 4916) stays that: To is as it was in the INVITE */
	if (msg->to.tag.p && is_same_tag(call, msg))
		text.parts[SIP_DLG_REMOTE] = (struct sip_str){};
	if (sip_dialog_set_all(&call->dialog, call, &text) < 0)
		LOGP(DSIP, LOGL_INFO, "call %.*s: dialog too large\n", SIP_STR_ARG(msg->call_id));
	sip_dialog_unhash(&call->dialog);
	sip_dialog_hash(call->sip, &call->dialog);
	sip_call_look_ahead(call);
}

/* The state of offer and answer that this response leads to, and what its description is then */
static enum sip_session step(struct sip_call *call, enum sip_offer_event event, const struct sip_msg *msg)
{
	enum sip_offer offer = call->dialog.offer;
	enum sip_session session = sip_offer_step(&offer, event, sip_offer_in_msg(msg));

	call->dialog.offer = offer;
	return session;
}

/* RFC 6228 4: a 199 only says which dialog is over; its final response is yet to come, or another's. */
static void rx_provisional(struct sip_call *call, const struct sip_msg *msg)
{
	enum sip_session session;
	enum sip_rel_rx rel;

	if (call->state != SIP_CALL_CALLING || msg->status == 100)
		return;
	sip_fork_select(call, msg);
	if (!is_same_tag(call, msg))
		set_dialog(call, msg);
	rel = sip_rel_rx_1xx(call, msg);
	if (rel == SIP_REL_DROP)
		return;
	sip_call_read_peer(call, msg);
	session = step(call, rel == SIP_REL_NEW ? SIP_OFFER_RX_REL_1XX : SIP_OFFER_RX_1XX, msg);
	if (rel == SIP_REL_NEW && session != SIP_SESSION_OFFER)
		sip_rel_send_prack(call, NULL);
	if (msg->status == 199)
		sip_fork_end(call, msg);
	sip_modify_fork_ended(call);
	sip_info_wake(call);
	if (msg->status != 199)
		sip_call_indicate_session(call, SIP_INVITE, msg->status, msg, session);
}

/* A session description of our INVITE, where a refresh would need it again */
static void keep_sdp(struct sip_call *call, const struct sip_trans *trans)
{
	struct sip_parse_error err;
	struct sip_msg invite;
	char mem[256];

	if (call->refresh && !(call->flags & SIP_CALL_PEER_UPDATE) && trans->text_len &&
	    sip_msg_parse(&invite, trans->text, trans->text_len, &err) == 0)
		sip_refresh_keep_sdp(call, sip_msg_sdp(&invite, mem, sizeof(mem)));
}

/* 13.2.2.4 */
static void rx_answer(struct sip_call *call, struct sip_trans *trans, const struct sip_msg *msg)
{
	enum sip_session session;

	sip_fork_select(call, msg);
	sip_fork_drop(call);
	set_dialog(call, msg);
	call->state = SIP_CALL_UP;
	sip_call_read_peer(call, msg);
	session = step(call, SIP_OFFER_RX_2XX, msg);
	if (session != SIP_SESSION_OFFER)
		sip_call_send_ack(call, trans->cseq);
	sip_refresh_rx_2xx(call, msg);
	keep_sdp(call, trans);
	sip_modify_fork_ended(call);
	sip_info_wake(call);
	sip_call_indicate_session(call, SIP_INVITE, msg->status, msg, session);
}

static void rx_2xx(struct sip_call *call, struct sip_trans *trans, const struct sip_msg *msg)
{
	if (call->state == SIP_CALL_CALLING)
		rx_answer(call, trans, msg);
	else if (is_same_tag(call, msg))
		ack_again(call, trans);
	else
		sip_call_orphan_2xx(trans, msg);
}

/* Tries the INVITE once more where the refusal says how. */
static bool try_again(struct sip_call *call, struct sip_trans *trans, const struct sip_msg *msg)
{
	uint32_t min_se;

	if (msg->status != 422)
		return false;
	min_se = sip_refresh_min_se(msg);
	if (!min_se || call->refresh)
		return false;
	sip_refresh_raise(call, min_se);
	return invite_again(call, trans) == 0;
}

static void rx_refusal(struct sip_call *call, struct sip_trans *trans, const struct sip_msg *msg)
{
	/* of a re-INVITE, whose leg has ended meanwhile */
	if (call->state != SIP_CALL_CALLING) {
		sip_trans_detach(&call->ict);
		return;
	}
	if (try_again(call, trans, msg))
		return;
	sip_trans_detach(&call->ict);
	sip_peer_obey(call->peer, msg);
	sip_call_end(call, SIP_INVITE, msg->status, msg);
}

void sip_call_ict_cb(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg)
{
	struct sip_call *call = trans->user;

	sip_modify_wake(call);
	if (sip_modify_is_inviting(call)) {
		sip_modify_rx_invite(call, trans, ind, msg);
		return;
	}
	call->sock = trans->dest.sock;	/* it may have gone to another target than it was begun with */
	switch (ind) {
	case SIP_TRANS_RESPONSE:
		if (msg->status < 200) {
			rx_provisional(call, msg);
		} else if (msg->status < 300) {
			rx_2xx(call, trans, msg);
		} else {
			rx_refusal(call, trans, msg);
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

/* From tag and Call-ID: new ones, unless the leg was begun with those of another */
static void fill_ids(const struct sip_call *call, char ids[3 * SIP_TAG_LEN])
{
	struct sip_identity id;

	if (sip_dialog_get(&call->dialog, SIP_DLG_CALL_ID).len) {
		sip_call_get_identity(call, &id);
		memcpy(ids, id.ids, sizeof(id.ids));
		return;
	}
	sip_random_tag(call->sip, ids);
	sip_random_tag(call->sip, ids + SIP_TAG_LEN);
	sip_random_tag(call->sip, ids + 2 * SIP_TAG_LEN);
}

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
	fill_ids(call, ids);
	text.parts[SIP_DLG_LOCAL_TAG] = (struct sip_str){ ids, SIP_TAG_LEN };
	text.parts[SIP_DLG_CALL_ID] = (struct sip_str){ ids + SIP_TAG_LEN, 2 * SIP_TAG_LEN };
	return sip_dialog_set_all(&call->dialog, call, &text);
}

int sip_call_invite(struct sip_call *call, const struct sip_prim *prim)
{
	const struct sip_trans_user user = { sip_call_ict_cb, call, &call->ict };
	enum sip_offer offer = SIP_OFFER_NONE;
	struct sip_branch branch;
	struct sip_buf b;
	int rc;

	if (!call->peer->reachable)
		return -EHOSTUNREACH;
	call->sock = call->peer->dest.sock;
	call->max_forwards = prim->max_forwards;
	call->invite_note = call->dialog.note;
	rc = fill_dialog(call, prim);
	if (rc < 0)
		return rc;
	call->flags |= SIP_CALL_OWNER;
	call->dialog.local_cseq++;
	sip_branch_new(call->sip, &branch);
	sip_call_put_request(call, &b, SIP_INVITE, call->dialog.local_cseq, &branch);
	sip_call_put_contact(call, &b);
	sip_precond_begin(call, prim);
	put_extensions(call, &b);
	sip_put_str(&b, prim->headers);
	sip_call_put_body(call, &b, prim);
	sip_dialog_hash(call->sip, &call->dialog);
	rc = sip_trans_invite(&call->peer->dest, call->dialog.local_cseq, &branch, &b, &user);
	if (rc < 0) {
		sip_dialog_unhash(&call->dialog);
		return rc;
	}
	sip_trans_limit(call->ict, call->peer);
	if (sip_offer_in_prim(prim))
		call->flags |= SIP_CALL_OFFERS;
	sip_offer_step(&offer, SIP_OFFER_TX_INVITE, sip_offer_in_prim(prim));
	call->dialog.offer = offer;
	call->state = SIP_CALL_CALLING;
	return 0;
}
