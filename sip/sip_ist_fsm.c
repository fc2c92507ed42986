/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The INVITE server transaction: RFC 3261 17.2.1, figure 7, with RFC 6026 (Accepted, timer L). */

#include <osmocom/core/utils.h>

#include "sip/sip_trans.h"

#define X(s) (1 << (s))

/* RFC 3261 13.3.1.1: a provisional response at every minute, or timer C of proxies cancels the call */
#define REPEAT_1XX_MS	60000

enum ist_state { IST_PROCEEDING, IST_COMPLETED, IST_CONFIRMED, IST_ACCEPTED };

static unsigned int ms_64_t1(const struct sip_trans *trans)
{
	return 64 * trans->sip->timers.t1_ms;
}

static void ist_proceeding(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct sip_trans *trans = fi->priv;
	const struct sip_rsp *rsp = data;

	switch (event) {
	case SIP_TRANS_EV_RETRANS:
		sip_trans_repeat_start(trans, REPEAT_1XX_MS);
		/* fall through */
	case SIP_TRANS_EV_REQUEST:
		if (trans->responded)
			sip_trans_send_again(trans);
		break;
	case SIP_TRANS_EV_TX_1XX:
		sip_trans_send_rsp(trans, rsp);
		if (rsp->status > 100)
			sip_trans_repeat_start(trans, REPEAT_1XX_MS);
		break;
	case SIP_TRANS_EV_TX_2XX:
		sip_trans_retrans_stop(trans);
		sip_trans_state_chg(trans, IST_ACCEPTED, ms_64_t1(trans), 'L');
		sip_trans_send_rsp(trans, rsp);
		break;
	case SIP_TRANS_EV_TX_3456XX:
		sip_trans_retrans_stop(trans);
		sip_trans_state_chg(trans, IST_COMPLETED, ms_64_t1(trans), 'H');
		sip_trans_retrans_start(trans, trans->sip->timers.t1_ms);
		sip_trans_send_rsp(trans, rsp);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* RFC 6026 7.1: an error of sending ends nothing, so that retransmissions of the INVITE are still absorbed. */
static void ist_completed(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct sip_trans *trans = fi->priv;

	switch (event) {
	case SIP_TRANS_EV_REQUEST:
		sip_trans_send_again(trans);
		break;
	case SIP_TRANS_EV_ACK:
		sip_trans_retrans_stop(trans);
		sip_trans_forget(trans);
		sip_trans_state_chg(trans, IST_CONFIRMED,
				    sip_trans_ms_unless_reliable(trans, trans->sip->timers.t4_ms), 'I');
		break;
	case SIP_TRANS_EV_RETRANS:
		sip_trans_retrans_next(trans, trans->sip->timers.t2_ms);
		sip_trans_send_again(trans);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* The 2xx is the user's to repeat (RFC 3261 13.3.1.4): sip_trans_resend(). */
static void ist_accepted(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	switch (event) {
	case SIP_TRANS_EV_REQUEST:
		break;
	case SIP_TRANS_EV_ACK:
		sip_trans_tell(fi->priv, SIP_TRANS_ACK, data);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* H, L: no ACK came; I: nothing comes any more */
static int ist_timer(struct osmo_fsm_inst *fi)
{
	if (fi->T == 'H' || fi->T == 'L')
		sip_trans_tell(fi->priv, SIP_TRANS_TIMEOUT, NULL);
	return 1;
}

static const struct osmo_fsm_state ist_states[] = {
	[IST_PROCEEDING] = {
		.name = "PROCEEDING",
		.in_event_mask = X(SIP_TRANS_EV_REQUEST) | X(SIP_TRANS_EV_TX_1XX) | X(SIP_TRANS_EV_TX_2XX) |
				 X(SIP_TRANS_EV_TX_3456XX) | X(SIP_TRANS_EV_RETRANS),
		.out_state_mask = X(IST_ACCEPTED) | X(IST_COMPLETED),
		.action = ist_proceeding,
	},
	[IST_COMPLETED] = {
		.name = "COMPLETED",
		.in_event_mask = X(SIP_TRANS_EV_REQUEST) | X(SIP_TRANS_EV_ACK) | X(SIP_TRANS_EV_RETRANS),
		.out_state_mask = X(IST_CONFIRMED),
		.action = ist_completed,
	},
	[IST_CONFIRMED] = {
		.name = "CONFIRMED",	/* absorbs ACKs until I */
	},
	[IST_ACCEPTED] = {
		.name = "ACCEPTED",
		.in_event_mask = X(SIP_TRANS_EV_REQUEST) | X(SIP_TRANS_EV_ACK),
		.action = ist_accepted,
	},
};

struct osmo_fsm sip_ist_fsm = {
	.name = "sip_ist",
	.states = ist_states,
	.num_states = ARRAY_SIZE(ist_states),
	.log_subsys = DSIPTRANS,
	.event_names = sip_trans_event_names,
	.timer_cb = ist_timer,
	.cleanup = sip_trans_fsm_cleanup,
};
