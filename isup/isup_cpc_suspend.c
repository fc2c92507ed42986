/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suspend and resume, Q.764 2.4: an answered call that either party, or a network, has suspended. */

#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_cpc.h"
#include "isup_priv.h"

/* Q.763 3.52: the two initiators suspend and resume independently of each other, at either end. */
enum { BY_USER, BY_NETWORK };

#define RECEIVED(initiator)	(1 << (initiator))
#define SENT(initiator)		(4 << (initiator))

static unsigned int initiator_of(const struct isup_msg *msg)
{
	const struct isup_par *par = isup_msg_find(msg, ISUP_PAR_SUSPEND_RESUME_IND);

	return par && par->len > 0 ? par->val[0] & 1 : BY_USER;
}

static bool is_outgoing(const struct isup_call *call)
{
	return call->fi->state == ISUP_CPC_ST_OUT_ANSWERED || call->fi->state == ISUP_CPC_ST_OUT_SUSPENDED;
}

/* Whose time it is until RES, 0: nobody's here. Q.764 2.4.1: the controlling exchange has T2 and T6 for what the called
 * side suspends, and we are that for what we place; 2.4.1 d: an incoming international exchange has T38 for what it
 * suspends itself. */
static enum isup_timer_id timer_of(const struct isup_call *call, bool sent, unsigned int initiator)
{
	if (!sent && is_outgoing(call))
		return initiator == BY_NETWORK ? ISUP_T6 : ISUP_T2;
	if (sent && !is_outgoing(call) && initiator == BY_NETWORK && call->group->cfg.international)
		return ISUP_T38;
	return 0;
}

static void update_state(struct isup_call *call)
{
	bool out = is_outgoing(call);
	enum isup_cpc_state state;

	if (call->suspended)
		state = out ? ISUP_CPC_ST_OUT_SUSPENDED : ISUP_CPC_ST_IN_SUSPENDED;
	else
		state = out ? ISUP_CPC_ST_OUT_ANSWERED : ISUP_CPC_ST_IN_ANSWERED;
	if (call->fi->state != state)
		isup_cpc_state_chg(call, state);
}

static void suspend(struct isup_call *call, bool sent, unsigned int initiator)
{
	enum isup_timer_id id = timer_of(call, sent, initiator);

	call->suspended |= sent ? SENT(initiator) : RECEIVED(initiator);
	if (id)
		isup_call_start_timer(call, id);
	update_state(call);
}

static void resume(struct isup_call *call, bool sent, unsigned int initiator)
{
	enum isup_timer_id id = timer_of(call, sent, initiator);

	call->suspended &= ~(sent ? SENT(initiator) : RECEIVED(initiator));
	if (id)
		isup_timers_stop(&call->timers, id);
	update_state(call);
}

bool isup_cpc_suspend_allowed(const struct isup_call *call, const struct isup_msg *msg)
{
	return initiator_of(msg) != BY_USER || call->dialect->sus_user;
}

/* 2.4.1, 2.4.2: a second SUS of the same initiator, and a RES of one who has not suspended, are unexpected. */
void isup_cpc_rx_suspend(struct isup_call *call, const struct isup_msg *msg)
{
	unsigned int initiator = initiator_of(msg);
	bool suspended = call->suspended & RECEIVED(initiator);

	if (suspended == (msg->type == ISUP_MSG_SUS) || !isup_cpc_suspend_allowed(call, msg)) {
		isup_call_unexpected(call, msg->type);
		return;
	}
	if (msg->type == ISUP_MSG_SUS)
		suspend(call, false, initiator);
	else
		resume(call, false, initiator);
	isup_call_indicate(call, msg);
}

void isup_cpc_req_suspend(struct isup_call *call, const struct isup_call_req *req)
{
	unsigned int initiator = initiator_of(req->msg);

	isup_cpc_send(call, req);
	if (req->msg->type == ISUP_MSG_SUS)
		suspend(call, true, initiator);
	else
		resume(call, true, initiator);
}
