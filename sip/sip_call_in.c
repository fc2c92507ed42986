/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UPDATE received within a leg (RFC 3311), and the user's answers to requests. */

#include <errno.h>

#include "sip/sip_call.h"
#include "sip/sip_identity.h"
#include "sip/sip_refresh.h"
#include "sip/sip_rel.h"

struct sip_trans *sip_call_nist(struct sip_call *call, struct sip_sock *sock, const union sip_sockaddr *src,
				const struct sip_msg *msg)
{
	const struct sip_trans_user user = { NULL, call, &call->nist };

	sip_trans_detach(&call->nist);
	return sip_trans_server(sock, src, msg, &user);
}

bool sip_call_nist_is_busy(const struct sip_call *call)
{
	return call->nist && sip_trans_unanswered(call->nist);
}

/* ---- UPDATE ---- */

static int respond_update(struct sip_call *call, const struct sip_prim *prim)
{
	struct sip_rsp rsp;

	sip_trans_rsp_start(call->nist, &rsp, prim->status, prim->reason, SIP_STR(""));
	if (prim->status < 300) {
		sip_call_put_contact(call, &rsp.b);
		sip_put_lit(&rsp.b, "Allow: " SIP_ALLOW "\r\n");
		sip_refresh_put_2xx(call, &rsp.b);
	}
	sip_put_str(&rsp.b, prim->headers);
	sip_call_put_body(call, &rsp.b, prim);
	return sip_trans_respond(call->nist, &rsp);
}

/* RFC 3311 5.2: one at a time, and not while another offer waits for its answer; without an offer it is for target and
 * session timer, and an identity that has changed. */
uint16_t sip_call_rx_update(struct sip_call *call, struct sip_sock *sock, const union sip_sockaddr *src,
			    const struct sip_msg *msg)
{
	bool has_sdp = sip_offer_in_msg(msg);
	enum sip_offer offer = call->dialog.offer;
	uint16_t status;
	bool changed;

	if (call->state == SIP_CALL_BYE_WAIT)
		return 481;
	if (sip_call_nist_is_busy(call))
		return 500;
	status = has_sdp ? sip_offer_refusal(offer, SIP_OFFER_RX_UPDATE) : 0;
	if (!status)
		status = sip_refresh_refusal(call->peer, msg);
	if (!status)
		status = sip_call_refresh_target(call, msg);
	if (status)
		return status;
	if (!sip_call_nist(call, sock, src, msg))
		return 513;
	sip_call_read_peer(call, msg);
	if (call->state == SIP_CALL_UP)
		sip_refresh_rx_request(call, msg);
	changed = sip_identity_rx(call, msg);
	if (!has_sdp) {
		respond_update(call, &(struct sip_prim){ .method = SIP_UPDATE, .status = 200 });
		sip_trans_detach(&call->nist);
		sip_identity_answered(call, SIP_UPDATE, 200);
		if (call->state == SIP_CALL_UP)
			sip_refresh_tx_2xx(call);
		if (changed || sip_msg_hdr(msg, SIP_HDR_P_ASSERTED_IDENTITY))
			sip_call_indicate(call, SIP_UPDATE, 0, msg);
		return 0;
	}
	sip_offer_step(&offer, SIP_OFFER_RX_UPDATE, true);
	call->dialog.offer = offer;
	sip_call_indicate_session(call, SIP_UPDATE, 0, msg, SIP_SESSION_OFFER);
	return 0;
}

/* ---- The user's answers ---- */

static int respond_plain(struct sip_call *call, const struct sip_prim *prim)
{
	struct sip_rsp rsp;

	sip_trans_rsp_start(call->nist, &rsp, prim->status, prim->reason, SIP_STR(""));
	sip_put_str(&rsp.b, prim->headers);
	sip_call_put_body(call, &rsp.b, prim);
	return sip_trans_respond(call->nist, &rsp);
}

int sip_call_answer(struct sip_call *call, const struct sip_prim *prim)
{
	enum sip_offer offer = call->dialog.offer;
	int rc;

	if (!call->nist || call->nist->method != prim->method || !sip_trans_unanswered(call->nist))
		return -EPROTO;
	rc = prim->method == SIP_UPDATE ? respond_update(call, prim) : respond_plain(call, prim);
	if (rc < 0)
		return rc;
	sip_trans_detach(&call->nist);
	sip_identity_answered(call, prim->method, prim->status);
	if (prim->method == SIP_UPDATE || prim->method == SIP_PRACK) {
		sip_offer_step(&offer, prim->status < 300 ? SIP_OFFER_TX_REQ_2XX : SIP_OFFER_TX_FAILURE,
			       prim->status < 300 && sip_offer_in_prim(prim));
		call->dialog.offer = offer;
	}
	if (prim->method == SIP_UPDATE && prim->status < 300 && call->state == SIP_CALL_UP)
		sip_refresh_tx_2xx(call);
	sip_rel_wake(call);
	return 0;
}
