/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Incoming INVITEs, their answers and ACKs; CANCEL and BYE received (RFC 3261 13.3, 14.2, 9.2, 15.1.2). */

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_call.h"
#include "sip/sip_identity.h"
#include "sip/sip_info.h"
#include "sip/sip_modify.h"
#include "sip/sip_precond.h"
#include "sip/sip_refresh.h"
#include "sip/sip_rel.h"

static struct sip_str local_tag(const struct sip_call *call)
{
	return sip_dialog_get(&call->dialog, SIP_DLG_LOCAL_TAG);
}

static void ist_cb(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg);

/* ---- ACK of a 2xx ---- */

/* 13.3.1.4: from T1 on, doubled up to T2, whatever the transport */
static void ack_wait_cb(void *data)
{
	struct sip_call *call = data;
	struct sip_ack_wait *wait = call->ack_wait;
	unsigned int t2_ms = call->sip->timers.t2_ms;

	wait->interval_ms = OSMO_MIN(2 * wait->interval_ms, t2_ms);
	osmo_timer_schedule(&wait->timer, wait->interval_ms / 1000, wait->interval_ms % 1000 * 1000);
	if (call->ist)
		sip_trans_send_again(call->ist);
}

static void start_ack_wait(struct sip_call *call)
{
	struct sip_ack_wait *wait = talloc_zero(call, struct sip_ack_wait);

	call->ack_wait = wait;
	wait->interval_ms = call->sip->timers.t1_ms;
	osmo_timer_setup(&wait->timer, ack_wait_cb, call);
	osmo_timer_schedule(&wait->timer, wait->interval_ms / 1000, wait->interval_ms % 1000 * 1000);
}

static void end_ack_wait(struct sip_call *call)
{
	osmo_timer_del(&call->ack_wait->timer);
	if (call->ist)
		sip_trans_forget(call->ist);
	sip_trans_detach(&call->ist);
	if (call->state == SIP_CALL_BYE_WAIT) {
		sip_call_send_bye(call, &call->ack_wait->bye->prim);
		sip_call_free(call);
		return;
	}
	TALLOC_FREE(call->ack_wait);
}

static void rx_ack(struct sip_call *call, const struct sip_msg *msg)
{
	bool user_gone = call->state == SIP_CALL_BYE_WAIT;
	enum sip_offer offer = call->dialog.offer;
	enum sip_session session;

	if (!call->ack_wait || !call->ist || call->ist->cseq != msg->cseq.number)
		return;
	sip_modify_wake(call);
	end_ack_wait(call);
	if (user_gone)
		return;
	sip_rel_end(call);
	session = sip_offer_step(&offer, SIP_OFFER_RX_ACK, sip_offer_in_msg(msg));
	call->dialog.offer = offer;
	sip_call_indicate_session(call, SIP_ACK, 0, msg, session);
}

/* No ACK in 64*T1, as long as the transaction lived: the session is ended all the same (13.3.1.4, 14.2) */
static void ack_missing(struct sip_call *call)
{
	if (!call->ack_wait)
		return;
	if (call->state == SIP_CALL_BYE_WAIT) {
		end_ack_wait(call);
		return;
	}
	sip_call_send_bye(call, NULL);
	sip_call_fail(call, 408);
}

bool sip_call_rx_ack(struct sip *sip, const struct sip_msg *msg)
{
	struct sip_dialog *d = sip_dialog_find(sip, msg);

	if (!d)
		return false;
	rx_ack(d->call, msg);
	return true;
}

static void ist_cb(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg)
{
	struct sip_call *call = trans->user;

	sip_modify_wake(call);
	switch (ind) {
	case SIP_TRANS_ACK:
		rx_ack(call, msg);
		break;
	case SIP_TRANS_TIMEOUT:
		sip_trans_detach(&call->ist);
		ack_missing(call);
		break;
	case SIP_TRANS_ERROR:
		sip_trans_detach(&call->ist);
		if (call->state == SIP_CALL_OFFERED)
			sip_call_fail(call, 503);
		else
			ack_missing(call);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* ---- INVITE received ---- */

static int start_invite(struct sip_call *call, struct sip_sock *sock, const union sip_sockaddr *src,
			const struct sip_msg *msg)
{
	const struct sip_trans_user user = { ist_cb, call, &call->ist };
	enum sip_offer offer = call->dialog.offer;
	enum sip_session session;
	struct sip_trans *trans;

	sip_trans_detach(&call->ist);
	trans = sip_trans_server(sock, src, msg, &user);
	if (!trans)
		return -EMSGSIZE;
	sip_call_read_peer(call, msg);
	sip_refresh_rx_request(call, msg);
	session = sip_offer_step(&offer, SIP_OFFER_RX_INVITE, sip_offer_in_msg(msg));
	call->dialog.offer = offer;
	sip_call_indicate_session(call, SIP_INVITE, 0, msg, session);
	/* neither response nor release in the callback frees it: it waits for an ACK or for retransmissions */
	sip_trans_trying(trans);
	return 0;
}

int sip_call_rx_invite(struct sip_peer *peer, struct sip_sock *sock, const union sip_sockaddr *src,
		       const struct sip_msg *msg)
{
	struct sip *sip = peer->sip;
	struct sip_dialog_text text;
	struct sip_call *call;
	char tag[SIP_TAG_LEN];
	int rc;

	sip_random_tag(sip, tag);
	rc = sip_dialog_text_uas(sip, &text, msg, (struct sip_str){ tag, sizeof(tag) });
	if (rc < 0)
		return rc;
	call = sip_call_new(peer, sock, sip->user, sip_dialog_text_len(&text));
	call->state = SIP_CALL_OFFERED;
	call->incoming = true;
	sip_peer_add_call(peer, true);
	rc = sip_dialog_set_all(&call->dialog, call, &text);
	if (rc == 0) {
		call->dialog.remote_cseq = msg->cseq.number;
		call->dialog.has_remote_cseq = true;
		sip_dialog_hash(sip, &call->dialog);
		sip_call_look_ahead(call);
		sip_rel_begin(call, msg);
		if (sip_msg_has_token(msg, SIP_HDR_SUPPORTED, "199") &&
		    !sip_msg_has_token(msg, SIP_HDR_REQUIRE, "100rel"))
			call->flags |= SIP_CALL_PEER_199;
		rc = start_invite(call, sock, src, msg);
	}
	if (rc < 0)
		sip_call_free(call);
	return rc;
}

/* 14.2: one INVITE at a time */
static uint16_t rx_reinvite(struct sip_call *call, struct sip_sock *sock, const union sip_sockaddr *src,
			    const struct sip_msg *msg)
{
	uint16_t status;

	if (call->state == SIP_CALL_CALLING || sip_modify_is_inviting(call))
		return 491;
	if (call->state == SIP_CALL_OFFERED || call->ack_wait || (call->ist && sip_trans_unanswered(call->ist)))
		return 500;
	status = sip_offer_refusal(call->dialog.offer, SIP_OFFER_RX_INVITE);
	if (!status)
		status = sip_refresh_refusal(call->peer, msg);
	if (!status)
		status = sip_call_refresh_target(call, msg);
	if (status)
		return status;
	sip_identity_rx(call, msg);
	return start_invite(call, sock, src, msg) < 0 ? 513 : 0;
}

/* ---- Answers to it ---- */

static enum sip_offer_event offer_event(const struct sip_prim *prim, uint32_t rseq)
{
	if (prim->status >= 300)
		return SIP_OFFER_TX_FAILURE;
	return prim->status >= 200 ? SIP_OFFER_TX_2XX : rseq ? SIP_OFFER_TX_REL_1XX : SIP_OFFER_TX_1XX;
}

static void put_dialog(struct sip_call *call, struct sip_buf *b, uint16_t status, uint32_t rseq)
{
	struct sip_str routes = sip_dialog_get(&call->dialog, SIP_DLG_ROUTES);

	if (routes.len && !call->ist->has_to_tag)
		sip_put_hdr(b, SIP_STR("Record-Route"), routes);
	sip_call_put_contact(call, b);
	if (rseq) {
		sip_put_lit(b, "Require: 100rel\r\n");
		sip_put_hdr_uint(b, SIP_STR("RSeq"), rseq);
	}
	if (rseq || status >= 200)
		sip_put_lit(b, "Allow: " SIP_ALLOW "\r\n");
	if (status >= 200) {
		sip_call_put_supported(b, call->peer, true);
		sip_put_lit(b, "Supported: from-change\r\n");		/* RFC 4916 4.2 */
		sip_refresh_put_2xx(call, b);
	}
}

int sip_call_respond(struct sip_call *call, const struct sip_prim *prim, uint32_t rseq)
{
	enum sip_offer offer = call->dialog.offer;
	bool has_sdp = sip_offer_in_prim(prim);
	enum sip_session session = sip_offer_step(&offer, offer_event(prim, rseq), has_sdp && prim->status < 300);
	struct sip_rsp rsp;
	int rc;

	if (!call->ist || !sip_trans_unanswered(call->ist))
		return -EPROTO;
	sip_trans_rsp_start(call->ist, &rsp, prim->status, prim->reason, local_tag(call));
	if (prim->status < 300)
		put_dialog(call, &rsp.b, prim->status, rseq);
	if (session == SIP_SESSION_OFFER && sip_precond_is_required(call))
		sip_put_lit(&rsp.b, "Require: precondition\r\n");
	sip_put_str(&rsp.b, prim->headers);
	sip_call_put_body_but(call, &rsp.b, prim, has_sdp && prim->status < 300 && session == SIP_SESSION_NONE);
	rc = sip_trans_respond(call->ist, &rsp);
	if (rc < 0)
		return rc;
	call->dialog.offer = offer;
	sip_identity_answered(call, SIP_INVITE, prim->status);
	call->flags |= SIP_CALL_EARLY;
	if (session != SIP_SESSION_NONE)
		sip_refresh_keep_sdp(call, prim->body);
	sip_info_wake(call);
	return 0;
}

int sip_call_progress(struct sip_call *call, const struct sip_prim *prim)
{
	if (call->state == SIP_CALL_OFFERED && call->rel)
		return sip_rel_progress(call, prim);
	return sip_call_respond(call, prim, 0);
}

int sip_call_accept_now(struct sip_call *call, const struct sip_prim *prim)
{
	int rc = sip_call_respond(call, prim, 0);

	if (rc < 0)
		return rc;
	call->state = SIP_CALL_UP;
	sip_rel_stop(call);
	sip_refresh_tx_2xx(call);
	start_ack_wait(call);
	return 0;
}

int sip_call_accept(struct sip_call *call, const struct sip_prim *prim)
{
	if (call->state == SIP_CALL_OFFERED && sip_rel_has_2xx(call))
		return -EPROTO;
	if (call->state == SIP_CALL_OFFERED && sip_rel_delays_2xx(call))
		return sip_rel_keep_2xx(call, prim);
	return sip_call_accept_now(call, prim);
}

/* RFC 6228 5: who forked the INVITE hears of the end of this dialog before its final response may pass. */
static void send_199(struct sip_call *call, const struct sip_prim *prim)
{
	const struct sip_prim terminated = { .method = SIP_INVITE, .status = 199, .headers = prim->headers };

	if (call->state == SIP_CALL_OFFERED && (call->flags & SIP_CALL_PEER_199) && (call->flags & SIP_CALL_EARLY))
		sip_call_respond(call, &terminated, 0);
}

int sip_call_reject(struct sip_call *call, const struct sip_prim *prim)
{
	int rc;

	send_199(call, prim);
	rc = sip_call_respond(call, prim, 0);
	if (rc < 0)
		return rc;
	sip_trans_detach(&call->ist);
	if (call->state == SIP_CALL_OFFERED)
		sip_call_free(call);
	return 0;
}

/* ---- CANCEL and BYE received ---- */

void sip_call_drop_invite(struct sip_call *call, uint16_t status)
{
	enum sip_offer offer = call->dialog.offer;

	if (!call->ist || !sip_trans_unanswered(call->ist))
		return;
	sip_trans_respond_plain(call->ist, status, local_tag(call));
	sip_trans_detach(&call->ist);
	sip_offer_step(&offer, SIP_OFFER_TX_FAILURE, false);
	call->dialog.offer = offer;
}

struct sip_str sip_call_tag_of(const struct sip_trans *invite, char *tag)
{
	const struct sip_call *call = invite->user;

	if (!call)
		return (struct sip_str){};
	memcpy(tag, local_tag(call).p, SIP_TAG_LEN);
	return (struct sip_str){ tag, SIP_TAG_LEN };
}

/* 9.2: no effect once there is a final response */
void sip_call_rx_cancel(struct sip_trans *invite, const struct sip_msg *msg)
{
	struct sip_call *call = invite->user;

	if (!call || !sip_trans_unanswered(invite))
		return;
	sip_modify_wake(call);
	sip_call_drop_invite(call, 487);
	if (call->state == SIP_CALL_OFFERED)
		sip_call_end(call, SIP_CANCEL, 0, msg);
}

/* 15.1.2; also of a leg that is not answered yet: 487 to its INVITE, or CANCEL of ours */
static uint16_t rx_bye(struct sip_call *call, struct sip_sock *sock, const union sip_sockaddr *src,
		       const struct sip_msg *msg)
{
	struct sip_trans *bye;

	if (call->nist && sip_trans_unanswered(call->nist))
		sip_trans_respond_plain(call->nist, 487, SIP_STR(""));
	bye = sip_call_nist(call, sock, src, msg);
	if (!bye)
		return 513;
	sip_call_drop_invite(call, 487);
	if (call->state == SIP_CALL_BYE_WAIT) {
		sip_trans_respond_plain(bye, 200, SIP_STR(""));
		sip_call_free(call);
		return 0;
	}
	if (call->state == SIP_CALL_CALLING)
		sip_trans_abandon(call->ict, 0);
	sip_call_end(call, SIP_BYE, 0, msg);
	/* detached where the callback has answered it: then nothing happens here */
	sip_trans_trying(bye);
	return 0;
}

/* 12.2.2 */
uint16_t sip_call_rx_in_dialog(struct sip_dialog *d, struct sip_sock *sock, const union sip_sockaddr *src,
			       const struct sip_msg *msg)
{
	struct sip_call *call = d->call;

	if (d->has_remote_cseq && msg->cseq.number <= d->remote_cseq)
		return 500;
	/* whatever becomes of it: one that was refused must not be taken when it is repeated a moment later */
	d->remote_cseq = msg->cseq.number;
	d->has_remote_cseq = true;
	sip_fork_select_dialog(call, d);
	sip_modify_wake(call);
	/* the listener that it began at is gone, and there is no other for its peer but this */
	if (!call->sock && !call->peer->dest.sock)
		call->sock = sock;
	switch (msg->method) {
	case SIP_INVITE:
		return call->state == SIP_CALL_BYE_WAIT ? 481 : rx_reinvite(call, sock, src, msg);
	case SIP_PRACK:
		return sip_rel_rx_prack(call, sock, src, msg);
	case SIP_UPDATE:
		return sip_call_rx_update(call, sock, src, msg);
	case SIP_INFO:
		return sip_info_rx(call, sock, src, msg);
	default:
		return rx_bye(call, sock, src, msg);
	}
}
