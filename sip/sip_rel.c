/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reliable provisional responses (RFC 3262): ours until their PRACK comes, theirs and our PRACK. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_info.h"
#include "sip/sip_modify.h"
#include "sip/sip_rel.h"

/* Provisional responses that wait for a PRACK */
#define KEPT_MAX 16

/* One at a time is under way: the others wait (RFC 3262 3). */
struct sip_rel {
	struct osmo_timer_list timer;	/* of the one that is not acknowledged */
	uint32_t rseq;			/* of the latest; the first is drawn by lot */
	unsigned int interval_ms, passed_ms;
	bool waiting;			/* its PRACK has not come */
	bool sdp;			/* it has a session description: no 2xx before its PRACK */
	unsigned int n_kept;
	struct sip_kept *kept;		/* what follows, in order */
	struct sip_kept *accepted;	/* the 2xx */
};

bool sip_call_reliable(const struct sip_call *call)
{
	return call->rel && call->state == SIP_CALL_OFFERED;
}

/* ---- Ours ---- */

/* RFC 3262 3: all where the INVITE requires it; where it is supported, too, for they are of use to ISUP */
void sip_rel_begin(struct sip_call *call, const struct sip_msg *invite)
{
	if (call->peer->cfg.call.rel100 == SIP_REL100_OFF || (!sip_msg_has_token(invite, SIP_HDR_REQUIRE, "100rel") &&
							      !sip_msg_has_token(invite, SIP_HDR_SUPPORTED, "100rel")))
		return;
	call->rel = talloc_zero(call, struct sip_rel);
	sip_random(call->sip, &call->rel->rseq, sizeof(call->rel->rseq));
	call->rel->rseq &= INT32_MAX;	/* so that it may grow */
}

void sip_rel_end(struct sip_call *call)
{
	if (!call->rel)
		return;
	osmo_timer_del(&call->rel->timer);
	TALLOC_FREE(call->rel);
}

static void schedule(struct sip_rel *rel)
{
	osmo_timer_schedule(&rel->timer, rel->interval_ms / 1000, rel->interval_ms % 1000 * 1000);
}

/* RFC 3262 3: T1, doubled each time, until 64*T1 are over; then the INVITE is refused */
static void timer_cb(void *data)
{
	struct sip_call *call = data;
	struct sip_rel *rel = call->rel;

	rel->passed_ms += rel->interval_ms;
	if (rel->passed_ms >= 64 * call->sip->timers.t1_ms || !call->ist) {
		LOGP(DSIP, LOGL_INFO, "call %.*s: no PRACK\n", SIP_STR_ARG(sip_call_id(call)));
		sip_call_fail(call, 504);
		return;
	}
	rel->interval_ms = OSMO_MIN(2 * rel->interval_ms, 64 * call->sip->timers.t1_ms - rel->passed_ms);
	sip_trans_send_again(call->ist);
	schedule(rel);
}

static int send_reliable(struct sip_call *call, const struct sip_prim *prim)
{
	struct sip_rel *rel = call->rel;
	enum sip_offer offer = call->dialog.offer;
	bool has_sdp = sip_offer_in_prim(prim);
	int rc;

	has_sdp = sip_offer_step(&offer, SIP_OFFER_TX_REL_1XX, has_sdp) != SIP_SESSION_NONE;
	rc = sip_call_respond(call, prim, rel->rseq + 1);
	if (rc < 0)
		return rc;
	rel->rseq++;
	rel->waiting = true;
	rel->sdp = has_sdp;
	rel->interval_ms = call->sip->timers.t1_ms;
	rel->passed_ms = 0;
	osmo_timer_setup(&rel->timer, timer_cb, call);
	schedule(rel);
	return 0;
}

int sip_rel_progress(struct sip_call *call, const struct sip_prim *prim)
{
	struct sip_rel *rel = call->rel;
	struct sip_kept **last = &rel->kept;

	if (rel->accepted)
		return -EPROTO;
	if (!rel->waiting && !rel->kept)
		return send_reliable(call, prim);
	if (rel->n_kept == KEPT_MAX)
		return -ENOBUFS;
	while (*last)
		last = &(*last)->next;
	*last = sip_call_keep(rel, prim);
	rel->n_kept++;
	return 0;
}

/* RFC 3262 3, 5: not while an offer or an answer of ours is on its way, nor before theirs in a PRACK is answered */
bool sip_rel_delays_2xx(const struct sip_call *call)
{
	const struct sip_rel *rel = call->rel;

	return rel && ((rel->waiting && rel->sdp) || call->dialog.offer == SIP_OFFER_THEIRS_REQ);
}

/* What it overtakes is not worth sending any more. */
int sip_rel_keep_2xx(struct sip_call *call, const struct sip_prim *prim)
{
	struct sip_rel *rel = call->rel;
	struct sip_kept *kept;

	if (rel->accepted)
		return -EPROTO;
	while ((kept = rel->kept)) {
		rel->kept = kept->next;
		talloc_free(kept);
	}
	rel->accepted = sip_call_keep(rel, prim);
	return 0;
}

bool sip_rel_has_2xx(const struct sip_call *call)
{
	return call->rel && call->rel->accepted;
}

bool sip_rel_keeps(const struct sip_call *call)
{
	return call->rel && (call->rel->kept || call->rel->accepted);
}

void sip_rel_flush(struct sip_call *call)
{
	struct sip_rel *rel = call->rel;
	struct sip_kept *kept;
	int rc;

	if (!rel || call->state != SIP_CALL_OFFERED)
		return;
	while (!rel->waiting && (kept = rel->kept)) {
		rel->kept = kept->next;
		rel->n_kept--;
		rc = send_reliable(call, &kept->prim);
		if (rc < 0)
			LOGP(DSIP, LOGL_NOTICE, "call %.*s: %u not sent: %s\n", SIP_STR_ARG(sip_call_id(call)),
			     kept->prim.status, strerror(-rc));
		talloc_free(kept);
	}
	if (rel->accepted && !sip_rel_delays_2xx(call)) {
		kept = rel->accepted;
		rel->accepted = NULL;
		if (sip_call_accept_now(call, &kept->prim) < 0) {
			sip_call_fail(call, 500);
			return;
		}
		talloc_free(kept);
	}
	sip_info_wake(call);
}

static void flush_cb(void *data)
{
	sip_modify_wake(data);
	sip_rel_flush(data);
}

void sip_rel_wake(struct sip_call *call)
{
	if (!call->rel || call->rel->waiting || call->state != SIP_CALL_OFFERED)
		return;
	osmo_timer_setup(&call->rel->timer, flush_cb, call);
	osmo_timer_schedule(&call->rel->timer, 0, 0);
}

void sip_rel_stop(struct sip_call *call)
{
	if (call->rel)
		osmo_timer_del(&call->rel->timer);
}

/* RFC 3262 3: what matches no response is answered 481, also one that is acknowledged already. */
uint16_t sip_rel_rx_prack(struct sip_call *call, struct sip_sock *sock, const union sip_sockaddr *src,
			  const struct sip_msg *msg)
{
	const struct sip_hdr *hdr = sip_msg_hdr(msg, SIP_HDR_RACK);
	struct sip_rel *rel = call->rel;
	bool has_sdp = sip_offer_in_msg(msg);
	enum sip_offer offer = call->dialog.offer;
	enum sip_session session;
	struct sip_rack rack;
	uint16_t status;

	if (!hdr || sip_rack_parse(&rack, hdr->value) < 0)
		return 400;
	if (!rel || !rel->waiting || rack.rseq != rel->rseq || rack.cseq.method != SIP_INVITE || !call->ist ||
	    rack.cseq.number != call->ist->cseq)
		return 481;
	/* RFC 3261 15: BYE only waits for its ACK, nobody is there to answer an offer */
	if (has_sdp && call->state == SIP_CALL_BYE_WAIT)
		return 488;
	status = has_sdp ? sip_offer_refusal(offer, SIP_OFFER_RX_PRACK) : 0;
	if (call->nist && sip_trans_unanswered(call->nist))
		status = 500;
	if (status)
		return status;
	if (!sip_call_nist(call, sock, src, msg))
		return 513;
	osmo_timer_del(&rel->timer);
	rel->waiting = false;
	session = sip_offer_step(&offer, SIP_OFFER_RX_PRACK, has_sdp);
	call->dialog.offer = offer;
	if (session != SIP_SESSION_OFFER)
		sip_trans_respond_plain(call->nist, 200, SIP_STR(""));
	/* what follows goes out from the loop, not beneath the user's indication */
	sip_rel_wake(call);
	if (session != SIP_SESSION_NONE)
		sip_call_indicate_session(call, SIP_PRACK, 0, msg, session);
	return 0;
}

/* ---- Theirs ---- */

/* RFC 3262 4: in the order of RSeq within a dialog. Without a To tag there is none to send PRACK in. */
enum sip_rel_rx sip_rel_rx_1xx(struct sip_call *call, const struct sip_msg *msg)
{
	struct sip_dialog *d = &call->dialog;
	uint32_t rseq;

	if (!msg->to.tag.p || !sip_msg_has_token(msg, SIP_HDR_REQUIRE, "100rel") ||
	    sip_msg_uint(msg, SIP_HDR_RSEQ, &rseq) < 0 || !rseq)
		return SIP_REL_PLAIN;
	if (d->rseq && rseq != d->rseq + 1)
		return SIP_REL_DROP;
	d->rseq = rseq;
	return SIP_REL_NEW;
}

int sip_rel_send_prack(struct sip_call *call, const struct sip_prim *prim)
{
	uint32_t cseq = call->dialog.local_cseq + 1;
	struct sip_branch branch;
	struct sip_buf b;

	sip_branch_new(call->sip, &branch);
	sip_call_put_request(call, &b, SIP_PRACK, cseq, &branch);
	sip_put_lit(&b, "RAck: ");
	sip_put_uint(&b, call->dialog.rseq);
	sip_put_lit(&b, " ");
	sip_put_uint(&b, call->ict->cseq);
	sip_put_lit(&b, " INVITE\r\n");
	if (prim) {
		sip_put_str(&b, prim->headers);
		sip_call_put_body(call, &b, prim);
	} else {
		sip_put_body(&b, SIP_STR(""), SIP_STR(""));
	}
	if (b.full)
		return -EMSGSIZE;
	call->dialog.local_cseq = cseq;
	sip_call_send_request(call, &b, SIP_PRACK, cseq, &branch, NULL);
	return 0;
}

/* RFC 3262 5: the answer to the offer of a reliable response */
int sip_rel_req_prack(struct sip_call *call, const struct sip_prim *prim)
{
	enum sip_offer offer = call->dialog.offer;
	int rc;

	if (!call->ict || offer != SIP_OFFER_THEIRS_RSP || !sip_offer_in_prim(prim))
		return -EPROTO;
	rc = sip_rel_send_prack(call, prim);
	if (rc < 0)
		return rc;
	sip_offer_step(&offer, SIP_OFFER_TX_PRACK, true);
	call->dialog.offer = offer;
	return 0;
}
