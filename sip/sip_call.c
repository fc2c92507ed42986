/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One leg from INVITE to BYE: its life, what the user may ask for in which state, and BYE. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_body.h"
#include "sip/sip_call.h"
#include "sip/sip_ended.h"
#include "sip/sip_info.h"
#include "sip/sip_modify.h"
#include "sip/sip_names.h"
#include "sip/sip_precond.h"
#include "sip/sip_refresh.h"
#include "sip/sip_rel.h"

/* Text of an outgoing leg that most dialogs fit in */
#define UAC_TEXT_SIZE 272
/* A session description with the lines of preconditions */
#define BODY_MAX 3072

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
	call->dialog.call = call;
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

/* All that runs or waits but transactions */
static void stop_all(struct sip_call *call)
{
	stop_ack_wait(call);
	sip_rel_end(call);
	sip_modify_end(call);
	sip_info_end(call);
	sip_refresh_end(call);
	sip_fork_drop(call);
	sip_dialog_unhash(&call->dialog);
}

/* Whatever transactions are left live on by themselves. */
void sip_call_free(struct sip_call *call)
{
	stop_all(call);
	if (call->ict)
		sip_trans_abandon(call->ict, call->state == SIP_CALL_CALLING ? 0 : sip_call_remote_tag(call));
	sip_trans_detach(&call->ist);
	if (call->nist && sip_trans_unanswered(call->nist))
		sip_trans_respond_plain(call->nist, 487, SIP_STR(""));	/* 15.1.2 */
	sip_trans_detach(&call->nist);
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

uint32_t sip_call_remote_tag(const struct sip_call *call)
{
	return sip_call_hash_tag(call->sip, sip_dialog_get(&call->dialog, SIP_DLG_REMOTE_TAG));
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
			sip_call_send_bye(call, NULL);
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
	if (!sip_peer_available(peer) || sip_peer_has_room(peer, false))
		return sip_call_alloc_priority(peer, user, status);
	*status = 503;
	return NULL;
}

struct sip_call *sip_call_alloc_priority(struct sip_peer *peer, void *user, uint16_t *status)
{
	struct sip_call *call;

	if (!sip_peer_available(peer)) {
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

uint8_t *sip_call_note(struct sip_call *call)
{
	return &call->dialog.note;
}

/* ---- Indications ---- */

void sip_call_indicate_session(struct sip_call *call, enum sip_method method, uint16_t status,
			       const struct sip_msg *msg, enum sip_session session)
{
	const struct sip_prim prim = {
		.type = SIP_PRIM_MSG, .op = PRIM_OP_INDICATION, .method = method, .status = status, .msg = msg,
		.session = session, .precond = sip_precond_rx(call, msg, session),
	};

	call->sip->user_cb(call, &prim, call->user);
}

void sip_call_indicate(struct sip_call *call, enum sip_method method, uint16_t status, const struct sip_msg *msg)
{
	sip_call_indicate_session(call, method, status, msg, SIP_SESSION_NONE);
}

static void close_leg(struct sip_call *call)
{
	stop_all(call);
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

void sip_call_lost(struct sip_call *call, uint16_t status)
{
	if (call->state == SIP_CALL_UP)
		sip_call_send_bye(call, NULL);
	sip_call_fail(call, status);
}

/* ---- Requests within the leg ---- */

void sip_call_read_peer(struct sip_call *call, const struct sip_msg *msg)
{
	if (!(call->flags & SIP_CALL_NO_UPDATE) && sip_msg_has_token(msg, SIP_HDR_ALLOW, "UPDATE"))
		call->flags |= SIP_CALL_PEER_UPDATE;
	else if (sip_msg_hdr(msg, SIP_HDR_ALLOW))
		call->flags &= ~SIP_CALL_PEER_UPDATE;
	if (sip_msg_has_token(msg, SIP_HDR_SUPPORTED, "from-change"))
		call->flags |= SIP_CALL_PEER_FROM_CHANGE;
}

void sip_call_put_supported(struct sip_buf *b, const struct sip_peer *peer, bool early)
{
	const struct sip_call_cfg *cfg = &peer->cfg.call;

	sip_put_lit(b, "Supported: ");
	if (early && cfg->rel100 != SIP_REL100_OFF)
		sip_put_lit(b, "100rel, ");
	if (sip_precond_use(peer) != SIP_PRECOND_OFF)
		sip_put_lit(b, "precondition, ");
	if (cfg->session_expires_s)
		sip_put_lit(b, "timer, ");
	if (early)
		sip_put_lit(b, "resource-priority, ");
	sip_put_lit(b, "199\r\n");
}

uint16_t sip_call_refresh_target(struct sip_call *call, const struct sip_msg *msg)
{
	struct sip_str target;
	int rc = sip_dialog_text_target(&target, msg);

	if (rc == -EBADMSG)
		return 400;
	if (rc == 0 && sip_dialog_set(&call->dialog, call, SIP_DLG_TARGET, target) < 0)
		return 513;
	sip_call_look_ahead(call);
	return 0;
}

static void keep_str(struct sip_str *s, char **mem)
{
	if (s->len)
		memcpy(*mem, s->p, s->len);
	s->p = s->p ? *mem : NULL;
	*mem += s->len;
}

struct sip_kept *sip_call_keep(void *ctx, const struct sip_prim *prim)
{
	size_t size = prim->reason.len + prim->headers.len + prim->content_type.len + prim->body.len;
	struct sip_kept *kept;
	unsigned int i;
	char *mem;

	OSMO_ASSERT(prim->n_parts < SIP_PUT_PARTS_MAX);
	for (i = 0; i < prim->n_parts; i++)
		size += prim->parts[i].type.len + prim->parts[i].disposition.len + prim->parts[i].content.len;
	kept = talloc_size(ctx, sizeof(*kept) + size);
	kept->next = NULL;
	kept->prim = *prim;
	kept->prim.parts = kept->parts;
	mem = kept->mem;
	keep_str(&kept->prim.reason, &mem);
	keep_str(&kept->prim.headers, &mem);
	keep_str(&kept->prim.content_type, &mem);
	keep_str(&kept->prim.body, &mem);
	for (i = 0; i < prim->n_parts; i++) {
		kept->parts[i] = prim->parts[i];
		keep_str(&kept->parts[i].type, &mem);
		keep_str(&kept->parts[i].disposition, &mem);
		keep_str(&kept->parts[i].content, &mem);
	}
	return kept;
}

/* RFC 3263 4: an address; a name where the peer is known by one, too, and as soon as it is looked up. Before that, and
 * of other peers, a name is theirs to know. Over TLS who is there must prove that name (RFC 5922 7.3). */
static bool next_hop(const struct sip_call *call, union sip_sockaddr *addr, enum sip_proto *proto, bool secure)
{
	const char *domain = call->peer->cfg.resolve;
	enum sip_proto usual = *proto;
	struct sip_uri uri;

	if (sip_dialog_next_hop(&call->dialog, addr, proto) == 0)
		return true;
	*proto = usual;
	if (!domain || sip_dialog_next_uri(&call->dialog, &uri, proto) < 0 || (secure && *proto != SIP_PROTO_TLS) ||
	    sip_str_ieq(uri.host, sip_str_from(domain)))
		return false;
	return sip_names_find(call->sip, uri.host, uri.port, *proto, addr) == 0;
}

void sip_call_dest(const struct sip_call *call, struct sip_dest *dest)
{
	struct sip_sock *sock = call->sock ? call->sock : call->peer->dest.sock, *other = NULL;
	enum sip_proto proto = sock->ops->proto;
	bool same;

	*dest = call->peer->dest;
	dest->sock = sock;
	if (!next_hop(call, &dest->addr, &proto, sock->ops->secure)) {
		dest->addr = call->peer->dest.addr;
		return;
	}
	/* another transport or family where there is one, but what began over TLS stays there */
	same = dest->addr.sa.sa_family == sock->local.sa.sa_family;
	if ((proto != sock->ops->proto || !same) && !sock->ops->secure)
		other = sip_sock_for(call->sip, proto, &dest->addr);
	if (other)
		dest->sock = other;
	else if (!same)
		dest->addr = call->peer->dest.addr;
}

void sip_call_look_ahead(const struct sip_call *call)
{
	struct sip_dest dest;

	if (call->peer->cfg.resolve && (call->sock || call->peer->dest.sock))
		sip_call_dest(call, &dest);
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
		.alias = sock->ops->secure, .sip = call->sip,
		.max_forwards = method == SIP_INVITE ? call->max_forwards : 0,
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

	/* no listener is left: the peer's target stays as it was */
	if (!sock)
		return;
	sip_put_lit(b, "Contact: <");
	sip_put_z(b, is_sips(call) ? "sips:" : "sip:");
	sip_put_z(b, sip_peer_local_from(call->peer, sock));
	if (!is_sips(call))
		sip_put_z(b, sock->ops->uri_param);
	sip_put_lit(b, ">\r\n");
}

void sip_call_put_body(struct sip_call *call, struct sip_buf *b, const struct sip_prim *prim)
{
	sip_call_put_body_but(call, b, prim, false);
}

void sip_call_put_body_but(struct sip_call *call, struct sip_buf *b, const struct sip_prim *prim, bool without_sdp)
{
	struct sip_part parts[SIP_PUT_PARTS_MAX] = { { .type = prim->content_type, .content = prim->body } };
	char mem[BODY_MAX];
	struct sip_buf sdp;

	sip_buf_init(&sdp, mem, sizeof(mem));
	if (without_sdp)
		parts[0].content.len = 0;
	else if (call->precond && sip_precond_write(call, prim, &sdp))
		parts[0] = (struct sip_part){ .type = SIP_STR("application/sdp"), .content = sip_buf_str(&sdp) };
	b->full |= sdp.full;
	OSMO_ASSERT(prim->n_parts < SIP_PUT_PARTS_MAX);
	if (prim->n_parts)
		memcpy(parts + 1, prim->parts, prim->n_parts * sizeof(parts[0]));
	sip_put_parts(b, parts, 1 + prim->n_parts);
}

/* 15.1.1: whatever its answer is, or if there is none, the dialog is over. */
void sip_call_send_request(struct sip_call *call, struct sip_buf *b, enum sip_method method, uint32_t cseq,
			   const struct sip_branch *branch, sip_trans_cb *cb)
{
	const struct sip_trans_user user = { cb, NULL, NULL };
	struct sip_dest dest;

	sip_call_dest(call, &dest);
	if (sip_trans_request(&dest, method, cseq, branch, b, &user) == -EMSGSIZE)
		LOGP(DSIP, LOGL_INFO, "call %.*s: %.*s too large\n", SIP_STR_ARG(sip_call_id(call)),
		     SIP_STR_ARG(sip_method_name(method)));
}

void sip_call_send_bye(struct sip_call *call, const struct sip_prim *prim)
{
	uint32_t cseq = ++call->dialog.local_cseq;
	struct sip_branch branch;
	struct sip_buf b;

	if (!call->sock && !call->peer->dest.sock)
		return;
	sip_ended_note(call->sip, &call->dialog);
	sip_branch_new(call->sip, &branch);
	sip_call_put_request(call, &b, SIP_BYE, cseq, &branch);
	if (prim)
		sip_put_str(&b, prim->headers);
	sip_call_put_body(call, &b, prim ? prim : &(struct sip_prim){});
	sip_call_send_request(call, &b, SIP_BYE, cseq, &branch, NULL);
}

/* ---- What the user may ask for, by state ---- */

static int call_drop(struct sip_call *call, const struct sip_prim *prim)
{
	sip_call_free(call);
	return 0;
}

/* Its transaction sends CANCEL. */
static int call_cancel(struct sip_call *call, const struct sip_prim *prim)
{
	if (call->ict)
		sip_trans_set_cancel(call->ict, prim->headers);
	return call_drop(call, prim);
}

/* 15: not before the ACK of our 200 has come, or will not come any more */
static int call_bye(struct sip_call *call, const struct sip_prim *prim)
{
	struct sip_ack_wait *wait = call->ack_wait;

	if (wait) {
		wait->bye = sip_call_keep(wait, prim);
		call->state = SIP_CALL_BYE_WAIT;
		sip_modify_end(call);
		sip_info_end(call);
		sip_refresh_end(call);
		return 0;
	}
	sip_call_drop_invite(call, 487);
	sip_call_send_bye(call, prim);
	sip_call_free(call);
	return 0;
}

/* Our 200 waits for a PRACK: the peer does not know of the answer yet. */
static int call_bye_unanswered(struct sip_call *call, const struct sip_prim *prim)
{
	const struct sip_prim reject = {
		.type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_INVITE, .status = 480,
		.headers = prim->headers, .parts = prim->parts, .n_parts = prim->n_parts,
	};

	return sip_rel_has_2xx(call) ? sip_call_reject(call, &reject) : -EPROTO;
}

enum call_req {
	CALL_REQ_NONE, CALL_REQ_INVITE, CALL_REQ_PROGRESS, CALL_REQ_ACCEPT, CALL_REQ_REJECT, CALL_REQ_CANCEL,
	CALL_REQ_BYE, CALL_REQ_ACK, CALL_REQ_PRACK, CALL_REQ_UPDATE, CALL_REQ_INFO,
	CALL_REQ_ANSWER,		/* to anything but INVITE */
	_CALL_REQ_COUNT
};

/* What is not here is -EPROTO. */
static int (*const call_reqs[_SIP_CALL_STATE_COUNT][_CALL_REQ_COUNT])(struct sip_call *call,
								      const struct sip_prim *prim) = {
	[SIP_CALL_NEW] = {
		[CALL_REQ_INVITE] = sip_call_invite,
		[CALL_REQ_CANCEL] = call_drop,
	},
	[SIP_CALL_CALLING] = {
		[CALL_REQ_CANCEL] = call_cancel,
		[CALL_REQ_PRACK] = sip_rel_req_prack,
		[CALL_REQ_UPDATE] = sip_modify_req,
		[CALL_REQ_INFO] = sip_info_req,
		[CALL_REQ_ANSWER] = sip_call_answer,
	},
	[SIP_CALL_OFFERED] = {
		[CALL_REQ_PROGRESS] = sip_call_progress,
		[CALL_REQ_ACCEPT] = sip_call_accept,
		[CALL_REQ_REJECT] = sip_call_reject,
		[CALL_REQ_BYE] = call_bye_unanswered,
		[CALL_REQ_UPDATE] = sip_modify_req,
		[CALL_REQ_INFO] = sip_info_req,
		[CALL_REQ_ANSWER] = sip_call_answer,
	},
	[SIP_CALL_UP] = {
		[CALL_REQ_INVITE] = sip_modify_req,
		[CALL_REQ_ACK] = sip_call_req_ack,
		[CALL_REQ_UPDATE] = sip_modify_req,
		[CALL_REQ_INFO] = sip_info_req,
		[CALL_REQ_ANSWER] = sip_call_answer,
		[CALL_REQ_PROGRESS] = sip_call_progress,
		[CALL_REQ_ACCEPT] = sip_call_accept,
		[CALL_REQ_REJECT] = sip_call_reject,
		[CALL_REQ_BYE] = call_bye,
	},
	[SIP_CALL_ENDED] = {
		[CALL_REQ_ANSWER] = sip_call_answer,
	},
};

static enum call_req req_of(const struct sip_prim *prim)
{
	static const enum call_req requests[_SIP_METHOD_COUNT] = {
		[SIP_ACK] = CALL_REQ_ACK,
		[SIP_BYE] = CALL_REQ_BYE,
		[SIP_CANCEL] = CALL_REQ_CANCEL,
		[SIP_PRACK] = CALL_REQ_PRACK,
		[SIP_UPDATE] = CALL_REQ_UPDATE,
		[SIP_INFO] = CALL_REQ_INFO,
	};

	if ((unsigned int)prim->method >= _SIP_METHOD_COUNT || prim->status == 100 || prim->status > 699)
		return CALL_REQ_NONE;
	if (prim->method != SIP_INVITE)
		return !prim->status ? requests[prim->method] : prim->status < 200 ? CALL_REQ_NONE : CALL_REQ_ANSWER;
	if (!prim->status)
		return CALL_REQ_INVITE;
	return prim->status < 200 ? CALL_REQ_PROGRESS : prim->status < 300 ? CALL_REQ_ACCEPT : CALL_REQ_REJECT;
}

int sip_call_req(struct sip_call *call, const struct sip_prim *prim)
{
	enum call_req req = req_of(prim);

	if (prim->type != SIP_PRIM_MSG || !call_reqs[call->state][req])
		return -EPROTO;
	sip_modify_wake(call);
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
	if (call->nist && call->nist->method == SIP_BYE && sip_trans_unanswered(call->nist))
		sip_trans_respond_plain(call->nist, 200, SIP_STR(""));
	sip_call_free(call);
}
