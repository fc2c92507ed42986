/* SPDX-License-Identifier: GPL-3.0-or-later */
/* re-INVITE and UPDATE of ours (RFC 3261 14.1, RFC 3311): asked for by the user, or to refresh the session. */

#include <errno.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_identity.h"
#include "sip/sip_info.h"
#include "sip/sip_modify.h"
#include "sip/sip_precond.h"
#include "sip/sip_refresh.h"
#include "sip/sip_rel.h"

/* How often one is sent again, after 491, 500 or 422 */
#define TRIES_MAX 8

struct sip_modify {
	struct osmo_timer_list timer;	/* until it is sent again, or the user's turn comes */
	bool waits;			/* for what is under way in the leg, see sip_modify_wake() */
	struct sip_trans *trans;	/* UPDATE; a re-INVITE is call->ict */
	struct sip_kept *kept;		/* what the user asked for */
	enum sip_method method;
	bool asked;			/* it is the user's; else a refresh */
	bool sent;			/* and not answered */
	enum sip_method wanted;		/* a refresh: the user waits with this; else 0 */
	bool refreshes;			/* sent while a refresh was due */
	uint32_t tag;			/* of the dialog it was sent in (sip_call_remote_tag()) */
};

static int send_now(struct sip_call *call);
static void send_later(struct sip_call *call, unsigned int ms);
static void send_when_free(struct sip_call *call);
static void refresh(struct sip_call *call);

void sip_modify_end(struct sip_call *call)
{
	struct sip_modify *m = call->modify;

	if (!m)
		return;
	osmo_timer_del(&m->timer);
	sip_trans_detach(&m->trans);
	TALLOC_FREE(call->modify);
}

bool sip_modify_is_inviting(const struct sip_call *call)
{
	return call->modify && call->modify->method == SIP_INVITE && call->modify->sent;
}

/* ---- Again ---- */

/* 14.1, RFC 3311 5.1: no INVITE while another is under way either way, no offer before all others are answered, nor
 * before the PRACK of our own answer */
static bool is_busy(const struct sip_call *call, enum sip_method method, bool has_sdp)
{
	if (method == SIP_INVITE)
		return call->state != SIP_CALL_UP || call->ack_wait || call->dialog.offer != SIP_OFFER_DONE ||
		       (call->ist && sip_trans_unanswered(call->ist));
	return has_sdp && (call->dialog.offer != SIP_OFFER_DONE || sip_rel_delays_2xx(call));
}

static void indicate_ready(struct sip_call *call, enum sip_method method)
{
	const struct sip_prim prim = { .type = SIP_PRIM_READY, .op = PRIM_OP_INDICATION, .method = method };

	call->sip->user_cb(call, &prim, call->user);
}

/* RFC 4028 10: what the user asked for was to refresh the session, too, but has come to nothing. */
static void catch_up(struct sip_call *call)
{
	if (sip_refresh_is_due(call))
		refresh(call);
}

/* What the user asked for may be out of date by now, as its offer is where theirs came in between (RFC 3264 8): it asks
 * anew. */
static void timer_cb(void *data)
{
	struct sip_call *call = data;
	struct sip_modify *m = call->modify;
	enum sip_method method = m->method;

	if (m->asked && is_busy(call, method, true)) {
		send_when_free(call);
	} else if (m->asked) {
		sip_modify_end(call);
		catch_up(call);
		if (call->modify)
			call->modify->wanted = method;
		else
			indicate_ready(call, method);
	} else if (send_now(call) < 0) {
		sip_modify_end(call);
	}
}

static void prepare(struct sip_call *call, bool waits)
{
	struct sip_modify *m = call->modify;

	m->sent = false;
	m->waits = waits;
	if (m->asked)
		TALLOC_FREE(m->kept);
	osmo_timer_setup(&m->timer, timer_cb, call);
}

static void send_later(struct sip_call *call, unsigned int ms)
{
	prepare(call, false);
	osmo_timer_schedule(&call->modify->timer, ms / 1000, ms % 1000 * 1000);
}

static void send_when_free(struct sip_call *call)
{
	prepare(call, true);
}

/* From the loop, when what happens is through */
void sip_modify_wake(struct sip_call *call)
{
	if (call->modify && call->modify->waits)
		osmo_timer_schedule(&call->modify->timer, 0, 0);
}

/* 14.1: the owner of the Call-ID 2.1 to 4 seconds, the other one 0 to 2, in units of 10 ms */
static unsigned int glare_ms(struct sip_call *call)
{
	uint16_t lot;

	sip_random(call->sip, &lot, sizeof(lot));
	return call->flags & SIP_CALL_OWNER ? 2100 + lot % 191 * 10 : lot % 201 * 10;
}

/* ---- The end of one ---- */

/* 8.2.1: UPDATE is not known, whatever Allow has said: re-INVITE from now on. True if that is news, and can be done. */
static bool is_unknown(struct sip_call *call, enum sip_method method, uint16_t status)
{
	bool news = call->flags & SIP_CALL_PEER_UPDATE;

	if (method != SIP_UPDATE || (status != 405 && status != 501))
		return false;
	call->flags = (call->flags & ~SIP_CALL_PEER_UPDATE) | SIP_CALL_NO_UPDATE;
	return news && call->state == SIP_CALL_UP;
}

/* 12.2.1.2: 481 and 408 end the dialog, whatever else they say no to; where a proxy has forked, not the others, in one
 * of which the user may want to say it. */
static void finish(struct sip_call *call, uint16_t status, const struct sip_msg *msg, enum sip_session session)
{
	enum sip_method method = call->modify->method;
	enum sip_method wanted = call->modify->wanted;
	bool asked = call->modify->asked, unknown = is_unknown(call, method, status);

	call->n_modify_tries = 0;
	if (method == SIP_INVITE && status >= 300 && call->modify->refreshes)
		sip_refresh_refused(call);
	sip_modify_end(call);
	if (status == 481 || status == 408) {
		if (!sip_fork_leave(call)) {
			sip_call_lost(call, status);
			return;
		}
		msg = NULL;		/* says nothing of the dialog that the call is in now */
		sip_info_wake(call);
	}
	if (asked || unknown)
		catch_up(call);
	if (asked && msg && !unknown)
		sip_call_indicate_session(call, method, status, msg, session);
	else if (call->modify)
		call->modify->wanted = asked ? method : wanted;
	else if (asked || wanted || unknown)
		indicate_ready(call, wanted ? wanted : asked ? method : SIP_INVITE);
}

static bool is_worth_again(struct sip_call *call, const struct sip_msg *msg, unsigned int *ms)
{
	const struct sip_hdr *hdr = sip_msg_hdr(msg, SIP_HDR_RETRY_AFTER);
	uint32_t seconds, min_se;

	if (++call->n_modify_tries >= TRIES_MAX)
		return false;
	switch (msg->status) {
	case 491:
		*ms = glare_ms(call);
		return true;
	case 500:
	case 503:
		if (!hdr || sip_retry_after_parse(&seconds, hdr->value) < 0 || seconds > 10)
			return false;
		*ms = seconds * 1000;
		return true;
	case 422:
		min_se = sip_refresh_min_se(msg);
		if (!min_se)
			return false;
		sip_refresh_raise(call, min_se);
		*ms = 0;
		return true;
	default:
		return false;
	}
}

static void rx_final(struct sip_call *call, const struct sip_msg *msg, enum sip_offer_event event)
{
	enum sip_offer offer = call->dialog.offer;
	enum sip_session session = SIP_SESSION_NONE;
	unsigned int ms;

	if (msg->status < 300) {
		sip_call_refresh_target(call, msg);
		sip_call_read_peer(call, msg);
		session = sip_offer_step(&offer, event, sip_offer_in_msg(msg));
		call->dialog.offer = offer;
		sip_refresh_rx_2xx(call, msg);
		if (call->modify->kept && sip_offer_in_prim(&call->modify->kept->prim))
			sip_refresh_keep_sdp(call, call->modify->kept->prim.body);
		finish(call, msg->status, msg, session);
		return;
	}
	sip_offer_step(&offer, SIP_OFFER_RX_FAILURE, false);
	call->dialog.offer = offer;
	if (is_worth_again(call, msg, &ms))
		send_later(call, ms);
	else
		finish(call, msg->status, msg, SIP_SESSION_NONE);
}

/* Sent in one of several early dialogs (13.2.2.4): what comes of it changes that one, and nothing where another has
 * answered since. */
static bool is_elsewhere(struct sip_call *call, const struct sip_msg *msg)
{
	if (msg && msg->to.tag.p && sip_call_remote_tag(call) != call->modify->tag)
		sip_fork_resume(call, msg->to.tag);
	return sip_call_remote_tag(call) != call->modify->tag;
}

static void end_elsewhere(struct sip_call *call)
{
	bool asked = call->modify->asked;

	sip_fork_end_shelved(call, call->modify->tag);
	sip_modify_end(call);
	if (asked)
		indicate_ready(call, SIP_UPDATE);
}

/* From the loop: what has ended the dialog is told first. */
void sip_modify_fork_ended(struct sip_call *call)
{
	struct sip_modify *m = call->modify;

	if (!m || !m->sent || m->method != SIP_UPDATE || sip_fork_lives(call, m->tag))
		return;
	sip_trans_detach(&m->trans);
	send_later(call, 0);
}

static void update_cb(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg)
{
	struct sip_call *call = trans->user;

	if (ind == SIP_TRANS_RESPONSE && msg->status < 200)
		return;
	sip_trans_detach(&call->modify->trans);
	if (is_elsewhere(call, msg))
		end_elsewhere(call);
	else if (ind == SIP_TRANS_RESPONSE)
		rx_final(call, msg, SIP_OFFER_RX_REQ_2XX);
	else
		finish(call, 408, NULL, SIP_SESSION_NONE);
}

void sip_modify_rx_invite(struct sip_call *call, struct sip_trans *trans, enum sip_trans_ind ind,
			  const struct sip_msg *msg)
{
	if (ind != SIP_TRANS_RESPONSE) {
		sip_trans_detach(&call->ict);
		finish(call, 408, NULL, SIP_SESSION_NONE);
		return;
	}
	if (msg->status < 200)
		return;
	if (msg->status < 300) {
		/* before the ACK, which goes to the new target */
		sip_call_refresh_target(call, msg);
		if (call->dialog.offer != SIP_OFFER_AWAITED_OF_THEM)
			sip_call_send_ack(call, trans->cseq);
	} else {
		sip_trans_detach(&call->ict);
	}
	rx_final(call, msg, SIP_OFFER_RX_2XX);
}

/* ---- Sending ---- */

static void put_body(struct sip_call *call, struct sip_buf *b)
{
	const struct sip_kept *kept = call->modify->kept;

	if (kept) {
		sip_put_str(b, kept->prim.headers);
		sip_call_put_body(call, b, &kept->prim);
	} else if (call->modify->method == SIP_INVITE) {
		sip_put_body(b, SIP_STR("application/sdp"), sip_refresh_sdp(call));
	} else {
		sip_put_body(b, SIP_STR(""), SIP_STR(""));
	}
}

/* A 2xx of the INVITE before that comes again is ACKed without us. */
static void give_up_last_invite(struct sip_call *call)
{
	if (call->ict)
		sip_trans_abandon(call->ict, sip_call_remote_tag(call));
}

static int send_now(struct sip_call *call)
{
	struct sip_modify *m = call->modify;
	bool has_sdp = m->kept ? sip_offer_in_prim(&m->kept->prim) : m->method == SIP_INVITE;
	const struct sip_trans_user update = { update_cb, call, &m->trans }, invite = { sip_call_ict_cb, call,
											&call->ict };
	uint32_t cseq = call->dialog.local_cseq + 1;
	enum sip_offer offer = call->dialog.offer;
	struct sip_branch branch;
	struct sip_dest dest;
	struct sip_buf b;
	int rc;

	if (!call->sock && !call->peer->dest.sock)
		return -EHOSTUNREACH;
	if (is_busy(call, m->method, has_sdp)) {
		send_when_free(call);
		return 0;
	}
	sip_branch_new(call->sip, &branch);
	sip_call_put_request(call, &b, m->method, cseq, &branch);
	sip_call_put_contact(call, &b);
	sip_put_lit(&b, "Allow: " SIP_ALLOW "\r\n");
	sip_call_put_supported(&b, call->peer, false);
	if (has_sdp && sip_precond_is_required(call))
		sip_put_lit(&b, "Require: precondition\r\n");
	sip_refresh_put_request(call, &b);
	put_body(call, &b);
	if (b.full)
		return -EMSGSIZE;
	if (m->method == SIP_INVITE)
		give_up_last_invite(call);
	sip_call_dest(call, &dest);
	rc = sip_trans_request(&dest, m->method, cseq, &branch, &b, m->method == SIP_INVITE ? &invite : &update);
	if (rc < 0)
		return rc;
	call->dialog.local_cseq = cseq;
	m->sent = true;
	m->waits = false;
	m->refreshes = sip_refresh_is_due(call);
	m->tag = sip_call_remote_tag(call);
	sip_offer_step(&offer, m->method == SIP_INVITE ? SIP_OFFER_TX_INVITE : SIP_OFFER_TX_UPDATE, has_sdp);
	call->dialog.offer = offer;
	return 0;
}

static void begin(struct sip_call *call, enum sip_method method, bool asked)
{
	call->modify = talloc_zero(call, struct sip_modify);
	call->modify->method = method;
	call->modify->asked = asked;
}

/* 0, or -EBUSY and READY when it is over */
static int wait_turn(struct sip_call *call, enum sip_method method, bool has_sdp)
{
	struct sip_modify *m = call->modify;

	if (m && (m->asked || m->sent)) {
		m->wanted = method;
		return -EBUSY;
	}
	if (!is_busy(call, method, has_sdp))
		return 0;
	sip_modify_end(call);
	begin(call, method, true);
	send_when_free(call);
	return -EBUSY;
}

static bool may_offer(const struct sip_call *call)
{
	return sip_dialog_get(&call->dialog, SIP_DLG_REMOTE_TAG).len &&
	       (call->state == SIP_CALL_UP || call->dialog.offer == SIP_OFFER_DONE || call->modify);
}

int sip_call_may_modify(struct sip_call *call, enum sip_method method)
{
	bool early = call->state == SIP_CALL_CALLING || call->state == SIP_CALL_OFFERED;

	if ((call->state != SIP_CALL_UP && !early) || !may_offer(call) ||
	    (method == SIP_UPDATE ? !(call->flags & SIP_CALL_PEER_UPDATE) : early))
		return -EPROTO;
	return wait_turn(call, method, true);
}

int sip_modify_req(struct sip_call *call, const struct sip_prim *prim)
{
	int rc;

	if (!may_offer(call))
		return -EPROTO;
	rc = wait_turn(call, prim->method, sip_offer_in_prim(prim));
	if (rc < 0)
		return rc;
	rc = sip_identity_tx(call, prim);
	if (rc < 0)
		return rc;
	/* a refresh that waits to be sent again: this one refreshes the session, too */
	sip_modify_end(call);
	begin(call, prim->method, true);
	call->modify->kept = sip_call_keep(call->modify, prim);
	rc = send_now(call);
	if (rc < 0)
		sip_modify_end(call);
	return rc;
}

static void refresh(struct sip_call *call)
{
	bool update = call->flags & SIP_CALL_PEER_UPDATE;

	/* what is under way refreshes the session, too; else catch_up() */
	if (call->modify || (!update && !sip_refresh_sdp(call).len))
		return;
	begin(call, update ? SIP_UPDATE : SIP_INVITE, false);
	if (send_now(call) < 0)
		sip_modify_end(call);
}

void sip_modify_refresh(struct sip_call *call)
{
	refresh(call);
	if (!call->modify && sip_call_wants_refresh(call))
		indicate_ready(call, SIP_INVITE);
}

