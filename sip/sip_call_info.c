/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the console sees of a leg. */

#include "sip/sip_call.h"
#include "sip/sip_call_info.h"
#include "sip/sip_refresh.h"

static const char *const states[_SIP_CALL_STATE_COUNT] = {
	[SIP_CALL_NEW] = "NEW", [SIP_CALL_CALLING] = "CALLING", [SIP_CALL_OFFERED] = "OFFERED", [SIP_CALL_UP] = "UP",
	[SIP_CALL_BYE_WAIT] = "BYE_WAIT", [SIP_CALL_ENDED] = "ENDED",
};

static const char *rel100(const struct sip_call *call)
{
	return call->rel ? "ours" : call->dialog.rseq ? "theirs" : "off";
}

void sip_call_info(const struct sip_call *call, struct sip_call_info *info)
{
	const struct sip_dialog *d = &call->dialog;
	struct sip_dest dest;

	*info = (struct sip_call_info){
		.state = states[call->state], .incoming = call->incoming,
		.call_id = sip_dialog_get(d, SIP_DLG_CALL_ID),
		.local = sip_dialog_get(d, SIP_DLG_LOCAL), .local_tag = sip_dialog_get(d, SIP_DLG_LOCAL_TAG),
		.remote = sip_dialog_get(d, SIP_DLG_REMOTE), .remote_tag = sip_dialog_get(d, SIP_DLG_REMOTE_TAG),
		.target = sip_dialog_get(d, SIP_DLG_TARGET), .routes = sip_dialog_get(d, SIP_DLG_ROUTES),
		.local_cseq = d->local_cseq, .remote_cseq = d->remote_cseq,
		.updates = call->flags & SIP_CALL_PEER_UPDATE,
		.rel100 = rel100(call),
		.precond = sip_call_precond(call),
		.n_forks = sip_fork_count(call),
		.ack_wait = call->ack_wait,
		.modifying = call->modify,
	};
	sip_refresh_info(call, info);
	if (!call->sock && !call->peer->dest.sock)
		return;
	sip_call_dest(call, &dest);
	sip_sockaddr_hostport_buf(info->to, &dest.addr);
}
