/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One leg from INVITE to BYE: its life, what the user may ask for in which state, and BYE. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_body.h"
#include "sip/sip_call.h"

/* Text of an outgoing leg that most dialogs fit in */
#define UAC_TEXT_SIZE 320

/* ---- Life ---- */

struct sip_call *sip_call_new(struct sip_peer *peer, struct sip_sock *sock, void *user, size_t text_size)
{
	struct sip *sip = peer->sip;
	struct sip_call *call = talloc_zero_size(sip, sizeof(*call) + text_size);

	talloc_set_name_const(call, "struct sip_call");
	call->sip = sip;
	call->peer = peer;
	call->sock = sock;
	call->user = user;
	sip_dialog_init(&call->dialog, call->text, text_size);
	llist_add_tail(&call->entry, &sip->all_calls);
	sip->n_calls++;
	return call;
}

static void stop_ack_wait(struct sip_call *call)
{
	if (!call->ack_wait)
		return;
	osmo_timer_del(&call->ack_wait->timer);
	TALLOC_FREE(call->ack_wait);
}

/* Whatever transactions are left live on by themselves. */
void sip_call_free(struct sip_call *call)
{
	struct sip_str tag = sip_dialog_get(&call->dialog, SIP_DLG_REMOTE_TAG);

	stop_ack_wait(call);
	if (call->ict)
		sip_trans_abandon(call->ict, call->state == SIP_CALL_CALLING ? 0 : sip_call_hash_tag(call->sip, tag));
	sip_trans_detach(&call->ist);
	sip_trans_detach(&call->bye);
	sip_dialog_unhash(&call->dialog);
	llist_del(&call->entry);
	call->sip->n_calls--;
	sip_peer_del_call(call->peer, call->incoming);
	talloc_free(call);
}

/* Never 0, which is no tag */
uint32_t sip_call_hash_tag(const struct sip *sip, struct sip_str tag)
{
	return sip_hash(sip, 0, tag) | 1;
}

void sip_calls_end_all(struct sip *sip)
{
	struct sip_call *call, *next;

	llist_for_each_entry_safe(call, next, &sip->all_calls, entry) {
		sip_trans_detach(&call->ict);
		sip_call_free(call);
	}
}

/* A user may end other legs of his in his callback: hence from the start again each time. */
void sip_calls_fail(struct sip *sip, const struct sip_peer *peer)
{
	struct sip_call *call;
again:
	llist_for_each_entry(call, &sip->all_calls, entry) {
		if (call->peer != peer || call->state == SIP_CALL_ENDED)
			continue;
		if (call->state == SIP_CALL_UP || call->state == SIP_CALL_BYE_WAIT)
			sip_call_send_bye(call, SIP_STR(""));
		sip_call_fail(call, 503);
		goto again;
	}
}

void sip_calls_forget_sock(struct sip *sip, const struct sip_sock *sock)
{
	struct sip_call *call;

	llist_for_each_entry(call, &sip->all_calls, entry) {
		if (call->sock && sip_sock_root(call->sock) == sock)
			call->sock = NULL;
	}
}

struct sip_call *sip_call_alloc(struct sip_peer *peer, void *user, uint16_t *status)
{
	struct sip_call *call;

	if (!sip_peer_available(peer) || !sip_peer_has_room(peer, false)) {
		*status = 503;
		return NULL;
	}
	sip_peer_choose(peer, 0);
	call = sip_call_new(peer, peer->dest.sock, user, UAC_TEXT_SIZE);
	call->state = SIP_CALL_NEW;
	sip_peer_add_call(peer, false);
	return call;
}

void sip_call_set_user(struct sip_call *call, void *user)
{
	call->user = user;
}

struct sip_peer *sip_call_peer(const struct sip_call *call)
{
	return call->peer;
}

struct sip_str sip_call_id(const struct sip_call *call)
{
	return sip_dialog_get(&call->dialog, SIP_DLG_CALL_ID);
}

/* ---- Indications ---- */

void sip_call_indicate(struct sip_call *call, enum sip_method method, uint16_t status, const struct sip_msg *msg)
{
	const struct sip_prim prim = {
		.type = SIP_PRIM_MSG, .op = PRIM_OP_INDICATION, .method = method, .status = status, .msg = msg,
	};

	call->sip->user_cb(call, &prim, call->user);
}

static void close_leg(struct sip_call *call)
{
	stop_ack_wait(call);
	sip_dialog_unhash(&call->dialog);
	call->state = SIP_CALL_ENDED;
}

void sip_call_end(struct sip_call *call, enum sip_method method, uint16_t status, const struct sip_msg *msg)
{
	close_leg(call);
	sip_call_indicate(call, method, status, msg);
}

void sip_call_fail(struct sip_call *call, uint16_t status)
{
	const struct sip_prim prim = {
		.type = SIP_PRIM_FAILED, .op = PRIM_OP_INDICATION, .method = SIP_INVITE, .status = status,
	};

	sip_call_drop_invite(call, status);
	if (call->state == SIP_CALL_CALLING && call->ict)
		sip_trans_abandon(call->ict, 0);
	if (call->state == SIP_CALL_BYE_WAIT) {
		LOGP(DSIP, LOGL_INFO, "call %.*s ends without its user\n", SIP_STR_ARG(sip_call_id(call)));
		sip_call_free(call);
		return;
	}
	LOGP(DSIP, LOGL_INFO, "call %.*s failed: %u\n", SIP_STR_ARG(sip_call_id(call)), status);
	close_leg(call);
	call->sip->user_cb(call, &prim, call->user);
}

/* ---- Requests within the leg ---- */

/* RFC 3263 4 for numeric addresses; a name is a way that cannot be looked up here, and the peer itself knows it. */
void sip_call_dest(const struct sip_call *call, struct sip_dest *dest)
{
	struct sip_sock *sock = call->sock ? call->sock : call->peer->dest.sock, *other;
	enum sip_proto proto = sock->ops->proto;

	*dest = call->peer->dest;
	dest->sock = sock;
	if (sip_dialog_next_hop(&call->dialog, &dest->addr, &proto) < 0 ||
	    dest->addr.sa.sa_family != sock->local.sa.sa_family) {
		dest->addr = call->peer->dest.addr;
		return;
	}
	/* another transport where there is one, but what began over TLS stays there */
	other = proto == sock->ops->proto || sock->ops->secure ? NULL : sip_sock_for(call->sip, proto, &dest->addr);
	if (other)
		dest->sock = other;
}

void sip_call_put_request(struct sip_call *call, struct sip_buf *b, enum sip_method method, uint32_t cseq,
			  const struct sip_branch *branch)
{
	struct sip_dest dest = { .sock = call->sock };
	struct sip_sock *sock;

	if (call->state != SIP_CALL_NEW)
		sip_call_dest(call, &dest);
	sock = dest.sock;
	sip_buf_init(b, call->sip->tx, sizeof(call->sip->tx));
	sip_dialog_put_request(b, &call->dialog, &(struct sip_dialog_request){
		.method = method, .cseq = cseq, .branch = branch,
		.via = sock->ops->via, .sent_by = sip_peer_local_from(call->peer, sock),
		.alias = sock->ops->secure,
	});
}

/* 12.1.1, 8.1.1.8: answered in kind */
static bool is_sips(const struct sip_call *call)
{
	struct sip_str target = sip_dialog_get(&call->dialog, SIP_DLG_TARGET);

	return target.len > 5 && sip_mem_ieq(target.p, "sips:", 5);
}

void sip_call_put_contact(const struct sip_call *call, struct sip_buf *b)
{
	struct sip_sock *sock = call->sock ? call->sock : call->peer->dest.sock;

	sip_put_lit(b, "Contact: <");
	sip_put_z(b, is_sips(call) ? "sips:" : "sip:");
	sip_put_z(b, sip_peer_local_from(call->peer, sock));
	if (!is_sips(call))
		sip_put_z(b, sock->ops->uri_param);
	sip_put_lit(b, ">\r\n");
}

void sip_call_put_body(struct sip_buf *b, const struct sip_prim *prim)
{
	struct sip_part parts[SIP_PUT_PARTS_MAX] = { { .type = prim->content_type, .content = prim->body } };

	OSMO_ASSERT(prim->n_parts < SIP_PUT_PARTS_MAX);
	if (prim->n_parts)
		memcpy(parts + 1, prim->parts, prim->n_parts * sizeof(parts[0]));
	sip_put_parts(b, parts, 1 + prim->n_parts);
}

/* 15.1.1: whatever its answer is, or if there is none, the dialog is over. */
void sip_call_send_bye(struct sip_call *call, struct sip_str headers)
{
	uint32_t cseq = ++call->dialog.local_cseq;
	struct sip_branch branch;
	struct sip_dest dest;
	struct sip_buf b;

	if (!call->sock && !call->peer->dest.sock)
		return;
	sip_branch_new(call->sip, &branch);
	sip_call_put_request(call, &b, SIP_BYE, cseq, &branch);
	sip_put_str(&b, headers);
	sip_put_body(&b, SIP_STR(""), SIP_STR(""));
	sip_call_dest(call, &dest);
	if (sip_trans_request(&dest, SIP_BYE, cseq, &branch, &b, NULL) == -EMSGSIZE)
		LOGP(DSIP, LOGL_INFO, "call %.*s: BYE too large\n", SIP_STR_ARG(sip_call_id(call)));
}

/* ---- What the user may ask for, by state ---- */

static int call_drop(struct sip_call *call, const struct sip_prim *prim)
{
	sip_call_free(call);
	return 0;
}

/* 15: not before the ACK of our 200 has come, or will not come any more */
static int call_bye(struct sip_call *call, const struct sip_prim *prim)
{
	struct sip_ack_wait *wait = call->ack_wait;

	if (wait) {
		wait->bye_headers = (struct sip_str){
			talloc_memdup(wait, prim->headers.p, prim->headers.len), prim->headers.len
		};
		call->state = SIP_CALL_BYE_WAIT;
		return 0;
	}
	sip_call_drop_invite(call, 487);
	sip_call_send_bye(call, prim->headers);
	sip_call_free(call);
	return 0;
}

static int call_answer_bye(struct sip_call *call, const struct sip_prim *prim)
{
	struct sip_rsp rsp;
	int rc;

	if (!call->bye || !sip_trans_unanswered(call->bye))
		return -EPROTO;
	sip_trans_rsp_start(call->bye, &rsp, prim->status, prim->reason, SIP_STR(""));
	sip_put_str(&rsp.b, prim->headers);
	sip_call_put_body(&rsp.b, prim);
	rc = sip_trans_respond(call->bye, &rsp);
	if (rc == 0)
		sip_trans_detach(&call->bye);
	return rc;
}

enum call_req {
	CALL_REQ_INVITE, CALL_REQ_PROGRESS, CALL_REQ_ACCEPT, CALL_REQ_REJECT, CALL_REQ_CANCEL, CALL_REQ_BYE,
	CALL_REQ_ANSWER_BYE, _CALL_REQ_COUNT
};

/* What is not here is -EPROTO. */
static int (*const call_reqs[_SIP_CALL_STATE_COUNT][_CALL_REQ_COUNT])(struct sip_call *call,
								      const struct sip_prim *prim) = {
	[SIP_CALL_NEW] = {
		[CALL_REQ_INVITE] = sip_call_invite,
		[CALL_REQ_CANCEL] = call_drop,
	},
	[SIP_CALL_CALLING] = {
		[CALL_REQ_CANCEL] = call_drop,		/* its transaction sends CANCEL */
	},
	[SIP_CALL_OFFERED] = {
		[CALL_REQ_PROGRESS] = sip_call_progress,
		[CALL_REQ_ACCEPT] = sip_call_accept,
		[CALL_REQ_REJECT] = sip_call_reject,
	},
	[SIP_CALL_UP] = {
		[CALL_REQ_PROGRESS] = sip_call_progress,
		[CALL_REQ_ACCEPT] = sip_call_accept,
		[CALL_REQ_REJECT] = sip_call_reject,
		[CALL_REQ_BYE] = call_bye,
	},
	[SIP_CALL_ENDED] = {
		[CALL_REQ_ANSWER_BYE] = call_answer_bye,
	},
};

static enum call_req req_of(const struct sip_prim *prim)
{
	if (prim->method == SIP_CANCEL && !prim->status)
		return CALL_REQ_CANCEL;
	if (prim->method == SIP_BYE && (!prim->status || prim->status >= 200))
		return prim->status ? CALL_REQ_ANSWER_BYE : CALL_REQ_BYE;
	if (prim->method != SIP_INVITE || prim->status == 100 || prim->status > 699)
		return _CALL_REQ_COUNT;
	if (!prim->status)
		return CALL_REQ_INVITE;
	return prim->status < 200 ? CALL_REQ_PROGRESS : prim->status < 300 ? CALL_REQ_ACCEPT : CALL_REQ_REJECT;
}

int sip_call_req(struct sip_call *call, const struct sip_prim *prim)
{
	enum call_req req = req_of(prim);

	if (prim->type != SIP_PRIM_MSG || req == _CALL_REQ_COUNT || !call_reqs[call->state][req])
		return -EPROTO;
	return call_reqs[call->state][req](call, prim);
}

void sip_call_release(struct sip_call *call, uint16_t status, struct sip_str headers)
{
	struct sip_prim prim = { .type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .headers = headers };

	switch (call->state) {
	case SIP_CALL_ENDED:
		sip_call_done(call);
		return;
	case SIP_CALL_OFFERED:
		prim.method = SIP_INVITE;
		prim.status = status >= 300 && status <= 699 ? status : 500;
		break;
	case SIP_CALL_UP:
		prim.method = SIP_BYE;
		break;
	default:
		prim.method = SIP_CANCEL;
	}
	if (sip_call_req(call, &prim) == 0)
		return;
	/* headers that do not fit into a message; should anything else be in the way, the leg still ends */
	prim.headers = SIP_STR("");
	if (sip_call_req(call, &prim) < 0)
		sip_call_free(call);
}

void sip_call_done(struct sip_call *call)
{
	OSMO_ASSERT(call->state == SIP_CALL_ENDED);
	if (call->bye)
		sip_trans_respond_plain(call->bye, 200, SIP_STR(""));
	sip_call_free(call);
}
