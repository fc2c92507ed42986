/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The non-INVITE server transaction: RFC 3261 17.2.2, figure 8, with RFC 4320. */

#include <osmocom/core/utils.h>

#include "sip/sip_trans.h"

#define X(s) (1 << (s))

enum nist_state { NIST_TRYING, NIST_PROCEEDING, NIST_COMPLETED };

static void final_response(struct sip_trans *trans, const struct sip_rsp *rsp)
{
	sip_trans_retrans_stop(trans);
	sip_trans_state_chg(trans, NIST_COMPLETED,
			    sip_trans_ms_unless_reliable(trans, 64 * trans->sip->timers.t1_ms), 'J');
	sip_trans_send_rsp(trans, rsp);
}

static void nist_trying(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct sip_trans *trans = fi->priv;

	switch (event) {
	case SIP_TRANS_EV_REQUEST:
		break;
	case SIP_TRANS_EV_RETRANS:
		sip_trans_respond_plain(trans, 100, SIP_STR(""));
		break;
	case SIP_TRANS_EV_TX_1XX:
		sip_trans_state_chg(trans, NIST_PROCEEDING, 0, 0);
		sip_trans_send_rsp(trans, data);
		break;
	case SIP_TRANS_EV_TX_2XX:
	case SIP_TRANS_EV_TX_3456XX:
		final_response(trans, data);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void nist_proceeding(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct sip_trans *trans = fi->priv;

	switch (event) {
	case SIP_TRANS_EV_REQUEST:
		sip_trans_send_again(trans);
		break;
	case SIP_TRANS_EV_TX_2XX:
	case SIP_TRANS_EV_TX_3456XX:
		final_response(trans, data);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void nist_completed(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct sip_trans *trans = fi->priv;

	switch (event) {
	case SIP_TRANS_EV_REQUEST:
		sip_trans_send_again(trans);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* J: no retransmission comes any more */
static int nist_timer(struct osmo_fsm_inst *fi)
{
	return 1;
}

static const struct osmo_fsm_state nist_states[] = {
	[NIST_TRYING] = {
		.name = "TRYING",
		.in_event_mask = X(SIP_TRANS_EV_REQUEST) | X(SIP_TRANS_EV_RETRANS) | X(SIP_TRANS_EV_TX_1XX) |
				 X(SIP_TRANS_EV_TX_2XX) | X(SIP_TRANS_EV_TX_3456XX),
		.out_state_mask = X(NIST_PROCEEDING) | X(NIST_COMPLETED),
		.action = nist_trying,
	},
	[NIST_PROCEEDING] = {
		.name = "PROCEEDING",
		.in_event_mask = X(SIP_TRANS_EV_REQUEST) | X(SIP_TRANS_EV_TX_2XX) | X(SIP_TRANS_EV_TX_3456XX),
		.out_state_mask = X(NIST_COMPLETED),
		.action = nist_proceeding,
	},
	[NIST_COMPLETED] = {
		.name = "COMPLETED",
		.in_event_mask = X(SIP_TRANS_EV_REQUEST),
		.action = nist_completed,
	},
};

struct osmo_fsm sip_nist_fsm = {
	.name = "sip_nist",
	.states = nist_states,
	.num_states = ARRAY_SIZE(nist_states),
	.log_subsys = DSIPTRANS,
	.event_names = sip_trans_event_names,
	.timer_cb = nist_timer,
	.cleanup = sip_trans_fsm_cleanup,
};
