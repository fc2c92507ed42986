/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The non-INVITE client transaction: RFC 3261 17.1.2, figure 6. */

#include <osmocom/core/utils.h>

#include "sip/sip_trans.h"

#define X(s) (1 << (s))

enum nict_state { NICT_TRYING, NICT_PROCEEDING, NICT_COMPLETED };

static void end_with_error(struct sip_trans *trans)
{
	sip_trans_tell(trans, SIP_TRANS_ERROR, NULL);
	osmo_fsm_inst_term(trans->fi, OSMO_FSM_TERM_REGULAR, NULL);
}

static void final_response(struct sip_trans *trans, const struct sip_msg *response)
{
	sip_trans_retrans_stop(trans);
	sip_trans_state_chg(trans, NICT_COMPLETED,
			    sip_trans_ms_unless_reliable(trans, trans->sip->timers.t4_ms), 'K');
	sip_trans_tell(trans, SIP_TRANS_RESPONSE, response);
	sip_trans_forget(trans);
}

/* Timer E doubles up to T2 in Trying, and is T2 in Proceeding. */
static void send_again(struct sip_trans *trans, bool proceeding)
{
	unsigned int t2_ms = trans->sip->timers.t2_ms;

	if (proceeding)
		sip_trans_retrans_start(trans, t2_ms);
	else
		sip_trans_retrans_next(trans, t2_ms);
	if (sip_trans_send_again(trans) < 0)
		end_with_error(trans);
}

static void nict_trying(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct sip_trans *trans = fi->priv;

	switch (event) {
	case SIP_TRANS_EV_RX_1XX:
		sip_trans_state_chg_keep_timer(trans, NICT_PROCEEDING);
		sip_trans_tell(trans, SIP_TRANS_RESPONSE, data);
		break;
	case SIP_TRANS_EV_RX_2XX:
	case SIP_TRANS_EV_RX_3456XX:
		final_response(trans, data);
		break;
	case SIP_TRANS_EV_RETRANS:
		send_again(trans, false);
		break;
	case SIP_TRANS_EV_ERROR:
		end_with_error(trans);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void nict_proceeding(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct sip_trans *trans = fi->priv;

	switch (event) {
	case SIP_TRANS_EV_RX_1XX:
		sip_trans_tell(trans, SIP_TRANS_RESPONSE, data);
		break;
	case SIP_TRANS_EV_RX_2XX:
	case SIP_TRANS_EV_RX_3456XX:
		final_response(trans, data);
		break;
	case SIP_TRANS_EV_RETRANS:
		send_again(trans, true);
		break;
	case SIP_TRANS_EV_ERROR:
		end_with_error(trans);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

/* F: no answer; K: nothing comes any more */
static int nict_timer(struct osmo_fsm_inst *fi)
{
	struct sip_trans *trans = fi->priv;

	if (fi->T == 'F') {
		sip_count(trans->sip, SIP_CTR_TIMEOUT);
		sip_trans_tell(trans, SIP_TRANS_TIMEOUT, NULL);
	}
	return 1;
}

#define RESPONSES (X(SIP_TRANS_EV_RX_1XX) | X(SIP_TRANS_EV_RX_2XX) | X(SIP_TRANS_EV_RX_3456XX))

static const struct osmo_fsm_state nict_states[] = {
	[NICT_TRYING] = {
		.name = "TRYING",
		.in_event_mask = RESPONSES | X(SIP_TRANS_EV_RETRANS) | X(SIP_TRANS_EV_ERROR),
		.out_state_mask = X(NICT_TRYING) | X(NICT_PROCEEDING) | X(NICT_COMPLETED),
		.action = nict_trying,
	},
	[NICT_PROCEEDING] = {
		.name = "PROCEEDING",
		.in_event_mask = RESPONSES | X(SIP_TRANS_EV_RETRANS) | X(SIP_TRANS_EV_ERROR),
		.out_state_mask = X(NICT_COMPLETED),
		.action = nict_proceeding,
	},
	[NICT_COMPLETED] = {
		.name = "COMPLETED",	/* absorbs responses until K */
	},
};

struct osmo_fsm sip_nict_fsm = {
	.name = "sip_nict",
	.states = nict_states,
	.num_states = ARRAY_SIZE(nict_states),
	.log_subsys = DSIPTRANS,
	.event_names = sip_trans_event_names,
	.timer_cb = nict_timer,
	.cleanup = sip_trans_fsm_cleanup,
};
