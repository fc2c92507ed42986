/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The INVITE client transaction: RFC 3261 17.1.1, figure 5, with RFC 6026 (Accepted, timer M), and CANCEL (9.1). */

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip/sip_call.h"
#include "sip/sip_session_id.h"
#include "sip/sip_trans.h"

#define X(s) (1 << (s))

enum ict_state { ICT_CALLING, ICT_CALLING_ABANDONED, ICT_PROCEEDING, ICT_COMPLETED, ICT_ACCEPTED };

/* 17.1.1.1: longer than timer H of any server, 32 s at least */
#define TIMER_D_MS 32000

static unsigned int ms_64_t1(const struct sip_trans *trans)
{
	return 64 * trans->sip->timers.t1_ms;
}

/* What ACK (17.1.1.3) and CANCEL (9.1) repeat of the INVITE; To is that of to, its response or the INVITE itself. */
static void put_like_invite(struct sip_buf *b, const struct sip_msg *invite, enum sip_method method,
			    const struct sip_msg *to, struct sip_str headers)
{
	static const enum sip_hdr_id repeated[] = {
		SIP_HDR_MAX_FORWARDS, SIP_HDR_ROUTE, SIP_HDR_FROM, SIP_HDR_CALL_ID
	};
	unsigned int i;

	sip_put_request_line(b, sip_method_name(method), invite->ruri);
	sip_put_hdr(b, SIP_STR("Via"), invite->via.text);
	for (i = 0; i < ARRAY_SIZE(repeated); i++)
		sip_put_hdrs_of(b, invite, repeated[i]);
	sip_session_id_put_like(b, invite, to);
	sip_put_hdrs_of(b, to, SIP_HDR_TO);
	sip_put_lit(b, "CSeq: ");
	sip_put_uint(b, invite->cseq.number);
	sip_put_lit(b, " ");
	sip_put_str(b, sip_method_name(method));
	sip_put_lit(b, "\r\n");
	sip_put_str(b, headers);
	sip_put_body(b, SIP_STR(""), SIP_STR(""));
}

static void build_like_invite(struct sip_trans *trans, struct sip_buf *b, enum sip_method method,
			      const struct sip_msg *response)
{
	struct sip_parse_error err;
	struct sip_msg invite;

	/* our own INVITE, which can be read */
	OSMO_ASSERT(sip_msg_parse(&invite, trans->text, trans->text_len, &err) == 0);
	sip_buf_init(b, trans->sip->tx, sizeof(trans->sip->tx));
	put_like_invite(b, &invite, method, response ? response : &invite,
			method == SIP_CANCEL ? trans->cancel : SIP_STR(""));
}

/* 9.1: if no final response comes in 64*T1 either, the INVITE is over. */
static void send_cancel(struct sip_trans *trans)
{
	struct sip_branch branch;
	struct sip_buf b;

	build_like_invite(trans, &b, SIP_CANCEL, NULL);
	sip_trans_branch(trans, &branch);
	sip_trans_request(&trans->dest, SIP_CANCEL, trans->cseq, &branch, &b, NULL);
	sip_trans_state_chg(trans, ICT_PROCEEDING, ms_64_t1(trans), 'C');
}

static void to_completed(struct sip_trans *trans, const struct sip_msg *response)
{
	struct sip_buf ack;
	char *kept = NULL;

	sip_trans_retrans_stop(trans);
	build_like_invite(trans, &ack, SIP_ACK, response);
	sip_trans_state_chg(trans, ICT_COMPLETED, sip_trans_ms_unless_reliable(trans, TIMER_D_MS), 'D');
	sip_count(trans->sip, SIP_CTR_TX_REQUEST + SIP_ACK);
	if (!ack.full) {
		kept = talloc_memdup(trans, ack.start, sip_buf_len(&ack));
		sip_send(&trans->dest, kept, sip_buf_len(&ack));
	}
	/* the user may want to see his INVITE once more */
	sip_trans_tell(trans, SIP_TRANS_RESPONSE, response);
	sip_trans_forget(trans);
	trans->text = kept;
	trans->text_len = kept ? sip_buf_len(&ack) : 0;
}

/* A 2xx that nobody is there for any more is ACKed and ended (13.2.2.4, 9.1) */
static void tell_2xx(struct sip_trans *trans, const struct sip_msg *response)
{
	if (trans->cb)
		sip_trans_tell(trans, SIP_TRANS_RESPONSE, response);
	else
		sip_call_orphan_2xx(trans, response);
}

static void to_accepted(struct sip_trans *trans, const struct sip_msg *response)
{
	const char *invite = trans->text;

	sip_trans_retrans_stop(trans);
	sip_trans_state_chg(trans, ICT_ACCEPTED, ms_64_t1(trans), 'M');
	tell_2xx(trans, response);
	if (trans->text == invite)	/* else the user keeps his ACK there */
		sip_trans_forget(trans);
}

static void end_with(struct sip_trans *trans, enum sip_trans_ind ind)
{
	sip_trans_tell(trans, ind, NULL);
	osmo_fsm_inst_term(trans->fi, OSMO_FSM_TERM_REGULAR, NULL);
}

static void ict_calling(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct sip_trans *trans = fi->priv;

	switch (event) {
	case SIP_TRANS_EV_RX_1XX:
		sip_trans_retrans_stop(trans);
		sip_trans_state_chg(trans, ICT_PROCEEDING, 0, 0);
		sip_trans_tell(trans, SIP_TRANS_RESPONSE, data);
		break;
	case SIP_TRANS_EV_RX_2XX:
		to_accepted(trans, data);
		break;
	case SIP_TRANS_EV_RX_3456XX:
		to_completed(trans, data);
		break;
	case SIP_TRANS_EV_RETRANS:
		sip_trans_retrans_next(trans, 0);
		if (sip_trans_send_again(trans) < 0)
			end_with(trans, SIP_TRANS_ERROR);
		break;
	case SIP_TRANS_EV_ABANDON:
		sip_trans_state_chg_keep_timer(trans, ICT_CALLING_ABANDONED);
		break;
	case SIP_TRANS_EV_ERROR:
		end_with(trans, SIP_TRANS_ERROR);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* Calling, and to be cancelled as soon as a provisional response has come (9.1) */
static void ict_calling_abandoned(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct sip_trans *trans = fi->priv;

	switch (event) {
	case SIP_TRANS_EV_RX_1XX:
		sip_trans_retrans_stop(trans);
		send_cancel(trans);
		break;
	default:
		ict_calling(fi, event, data);
	}
}

static void ict_proceeding(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct sip_trans *trans = fi->priv;

	switch (event) {
	case SIP_TRANS_EV_RX_1XX:
		sip_trans_tell(trans, SIP_TRANS_RESPONSE, data);
		break;
	case SIP_TRANS_EV_RX_2XX:
		to_accepted(trans, data);
		break;
	case SIP_TRANS_EV_RX_3456XX:
		to_completed(trans, data);
		break;
	case SIP_TRANS_EV_ABANDON:
		send_cancel(trans);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void ict_completed(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct sip_trans *trans = fi->priv;

	switch (event) {
	case SIP_TRANS_EV_RX_3456XX:
		if (sip_trans_send_again(trans) < 0)
			end_with(trans, SIP_TRANS_ERROR);
		break;
	case SIP_TRANS_EV_ERROR:
		end_with(trans, SIP_TRANS_ERROR);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void ict_accepted(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	switch (event) {
	case SIP_TRANS_EV_RX_2XX:
		tell_2xx(fi->priv, data);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* B: no answer; C: none to CANCEL; D, M: nothing comes any more */
static int ict_timer(struct osmo_fsm_inst *fi)
{
	struct sip_trans *trans = fi->priv;

	if (fi->T == 'B') {
		sip_count(trans->sip, SIP_CTR_TIMEOUT);
		sip_trans_tell(trans, SIP_TRANS_TIMEOUT, NULL);
	}
	return 1;
}

static const struct osmo_fsm_state ict_states[] = {
	[ICT_CALLING] = {
		.name = "CALLING",
		.in_event_mask = X(SIP_TRANS_EV_RX_1XX) | X(SIP_TRANS_EV_RX_2XX) | X(SIP_TRANS_EV_RX_3456XX) |
				 X(SIP_TRANS_EV_RETRANS) | X(SIP_TRANS_EV_ABANDON) | X(SIP_TRANS_EV_ERROR),
		.out_state_mask = X(ICT_CALLING) | X(ICT_CALLING_ABANDONED) | X(ICT_PROCEEDING) |
				  X(ICT_COMPLETED) | X(ICT_ACCEPTED),
		.action = ict_calling,
	},
	[ICT_CALLING_ABANDONED] = {
		.name = "CALLING_ABANDONED",
		.in_event_mask = X(SIP_TRANS_EV_RX_1XX) | X(SIP_TRANS_EV_RX_2XX) | X(SIP_TRANS_EV_RX_3456XX) |
				 X(SIP_TRANS_EV_RETRANS) | X(SIP_TRANS_EV_ERROR),
		.out_state_mask = X(ICT_PROCEEDING) | X(ICT_COMPLETED) | X(ICT_ACCEPTED),
		.action = ict_calling_abandoned,
	},
	[ICT_PROCEEDING] = {
		.name = "PROCEEDING",
		.in_event_mask = X(SIP_TRANS_EV_RX_1XX) | X(SIP_TRANS_EV_RX_2XX) | X(SIP_TRANS_EV_RX_3456XX) |
				 X(SIP_TRANS_EV_ABANDON),
		.out_state_mask = X(ICT_PROCEEDING) | X(ICT_COMPLETED) | X(ICT_ACCEPTED),
		.action = ict_proceeding,
	},
	[ICT_COMPLETED] = {
		.name = "COMPLETED",
		.in_event_mask = X(SIP_TRANS_EV_RX_3456XX) | X(SIP_TRANS_EV_ERROR),
		.action = ict_completed,
	},
	[ICT_ACCEPTED] = {
		.name = "ACCEPTED",
		.in_event_mask = X(SIP_TRANS_EV_RX_2XX),
		.action = ict_accepted,
	},
};

struct osmo_fsm sip_ict_fsm = {
	.name = "sip_ict",
	.states = ict_states,
	.num_states = ARRAY_SIZE(ict_states),
	.log_subsys = DSIPTRANS,
	.event_names = sip_trans_event_names,
	.timer_cb = ict_timer,
	.cleanup = sip_trans_fsm_cleanup,
};

unsigned int sip_given_up_count(const struct sip *sip)
{
	const struct sip_trans *trans;
	unsigned int n = 0;
	size_t i;

	hash_for_each(sip->trans, i, trans, node) {
		n += trans->fi->fsm == &sip_ict_fsm &&
		     (trans->fi->state == ICT_CALLING_ABANDONED || (trans->fi->state == ICT_PROCEEDING && !trans->cb));
	}
	return n;
}
