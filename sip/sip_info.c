/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INFO within a leg (RFC 6086): received; and ours, of which the next waits for the answer to the one before. */

#include <errno.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_info.h"
#include "sip/sip_modify.h"
#include "sip/sip_rel.h"

/* Those of one leg that may wait */
#define WAIT_MAX 32

/* As long as one is under way, or waits */
struct sip_info {
	struct sip_call *call;
	struct sip_trans *trans;	/* the one under way */
	uint32_t tag;			/* of the dialog it was sent in (sip_call_remote_tag()) */
	struct sip_kept *first, **end;	/* those that wait */
	unsigned int n_wait;
};

/* ---- Received ---- */

/* RFC 6086 4.2.2: packages are not understood; INFO of the old kind is the user's. */
uint16_t sip_info_rx(struct sip_call *call, struct sip_sock *sock, const union sip_sockaddr *src,
		     const struct sip_msg *msg)
{
	struct sip_trans *trans;

	if (call->state == SIP_CALL_BYE_WAIT)
		return 481;
	if (sip_msg_hdr_named(msg, SIP_STR("Info-Package")))
		return 469;
	if (sip_call_nist_is_busy(call))
		return 500;
	trans = sip_call_nist(call, sock, src, msg);
	if (!trans)
		return 513;
	sip_call_indicate(call, SIP_INFO, 0, msg);
	/* what nobody takes is not understood; the call may be gone, the transaction is not */
	if (sip_trans_unanswered(trans)) {
		sip_trans_respond_plain(trans, msg->body.len ? 415 : 200, SIP_STR(""));
		if (trans->ref)
			sip_trans_detach(trans->ref);
	}
	return 0;
}

/* ---- Ours ---- */

void sip_info_end(struct sip_call *call)
{
	if (!call->info)
		return;
	sip_trans_detach(&call->info->trans);
	TALLOC_FREE(call->info);
}

static int send_now(struct sip_call *call, const struct sip_prim *prim);

/* RFC 3261 12.2.1.2: the dialog may be gone; where a proxy has forked, not the others, of which one may have answered
 * meanwhile. What else the answer says is the peer's matter. */
static void info_cb(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg)
{
	struct sip_info *info = trans->user;
	struct sip_call *call = info->call;
	bool lost, elsewhere = info->tag != sip_call_remote_tag(call);

	if (ind == SIP_TRANS_RESPONSE && msg->status < 200)
		return;
	sip_trans_detach(&info->trans);
	lost = ind != SIP_TRANS_RESPONSE || msg->status == 481 || msg->status == 408;
	if (lost && !elsewhere && !sip_fork_leave(call)) {
		sip_call_lost(call, ind == SIP_TRANS_ERROR ? 503 : ind == SIP_TRANS_TIMEOUT ? 408 : msg->status);
		return;
	}
	if (lost && elsewhere)
		sip_fork_end_shelved(call, info->tag);
	if (lost) {
		/* what it waits for may not be so in the dialog that the call is in now */
		sip_modify_wake(call);
		sip_modify_fork_ended(call);
	}
	sip_info_wake(call);
}

static int send_now(struct sip_call *call, const struct sip_prim *prim)
{
	const struct sip_trans_user user = { info_cb, call->info, &call->info->trans };
	uint32_t cseq = call->dialog.local_cseq + 1;
	struct sip_branch branch;
	struct sip_dest dest;
	struct sip_buf b;

	if (!call->sock && !call->peer->dest.sock)
		return -EHOSTUNREACH;
	sip_branch_new(call->sip, &branch);
	sip_call_put_request(call, &b, SIP_INFO, cseq, &branch);
	sip_put_str(&b, prim->headers);
	sip_call_put_body(call, &b, prim);
	if (b.full)
		return -EMSGSIZE;
	call->dialog.local_cseq = cseq;
	call->info->tag = sip_call_remote_tag(call);
	sip_call_dest(call, &dest);
	return sip_trans_request(&dest, SIP_INFO, cseq, &branch, &b, &user);
}

/* A dialog is there from the first response with a tag on, received or sent. */
static bool has_dialog(const struct sip_call *call)
{
	return call->incoming ? call->state != SIP_CALL_OFFERED || (call->flags & SIP_CALL_EARLY)
			      : sip_dialog_get(&call->dialog, SIP_DLG_REMOTE_TAG).len > 0;
}

/* One that cannot be sent is lost, and the next one's turn comes. */
void sip_info_wake(struct sip_call *call)
{
	struct sip_info *info = call->info;
	struct sip_kept *kept;
	int rc;

	if (!info)
		return;
	/* whose dialog is over (RFC 3261 13.2.2.4, RFC 6228 4) */
	if (info->trans && !sip_fork_lives(call, info->tag))
		sip_trans_detach(&info->trans);
	if (info->trans || !has_dialog(call) || sip_rel_keeps(call))
		return;
	while (!info->trans && (kept = info->first)) {
		info->first = kept->next;
		if (!info->first)
			info->end = &info->first;
		info->n_wait--;
		rc = send_now(call, &kept->prim);
		if (rc < 0)
			LOGP(DSIP, LOGL_NOTICE, "call %.*s: INFO not sent (%d)\n", SIP_STR_ARG(sip_call_id(call)), rc);
		talloc_free(kept);
	}
	if (!info->trans)
		TALLOC_FREE(call->info);
}

int sip_info_req(struct sip_call *call, const struct sip_prim *prim)
{
	struct sip_info *info = call->info;
	int rc;

	if (!info) {
		call->info = info = talloc_zero(call, struct sip_info);
		info->call = call;
		info->end = &info->first;
	}
	if (!info->trans && !info->first && has_dialog(call) && !sip_rel_keeps(call)) {
		rc = send_now(call, prim);
		if (rc < 0)
			TALLOC_FREE(call->info);
		return rc;
	}
	if (info->n_wait == WAIT_MAX)
		return -EBUSY;
	info->n_wait++;
	*info->end = sip_call_keep(info, prim);
	info->end = &(*info->end)->next;
	return 0;
}
