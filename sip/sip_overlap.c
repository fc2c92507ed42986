/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Overlap signalling (RFC 3578): several INVITEs, each with more digits, that are one call by Call-ID and From tag. */

#include <string.h>

#include "sip/sip_call.h"

void sip_call_get_identity(const struct sip_call *call, struct sip_identity *id)
{
	struct sip_str tag = sip_dialog_get(&call->dialog, SIP_DLG_LOCAL_TAG);
	struct sip_str call_id = sip_dialog_get(&call->dialog, SIP_DLG_CALL_ID);

	id->cseq = call->dialog.local_cseq;
	OSMO_ASSERT(tag.len == SIP_TAG_LEN && call_id.len == 2 * SIP_TAG_LEN);
	memcpy(id->ids, tag.p, SIP_TAG_LEN);
	memcpy(id->ids + SIP_TAG_LEN, call_id.p, 2 * SIP_TAG_LEN);
}

/* 3.2: also the CSeq goes on, as early dialogs of the other INVITEs may live. */
struct sip_call *sip_call_alloc_as(struct sip_peer *peer, void *user, const struct sip_identity *id, uint16_t *status)
{
	struct sip_call *call = sip_call_alloc(peer, user, status);
	struct sip_dialog_text text = { .parts = {
		[SIP_DLG_LOCAL_TAG] = { id->ids, SIP_TAG_LEN },
		[SIP_DLG_CALL_ID] = { id->ids + SIP_TAG_LEN, 2 * SIP_TAG_LEN },
	} };

	if (!call)
		return NULL;
	sip_dialog_set_all(&call->dialog, call, &text);
	call->dialog.local_cseq = id->cseq;
	return call;
}

/* 3.5 */
void *sip_call_sibling_user(const struct sip_call *call)
{
	const struct sip_dialog *ours = &call->dialog, *d;

	hash_for_each_possible(call->sip->calls, d, node, ours->hash) {
		if (d != ours && d->hash == ours->hash && d->call && d->call != call && d->call->incoming &&
		    d->call->state == SIP_CALL_OFFERED && d->call->peer == call->peer &&
		    sip_str_eq(sip_dialog_get(d, SIP_DLG_CALL_ID), sip_dialog_get(ours, SIP_DLG_CALL_ID)) &&
		    sip_str_eq(sip_dialog_get(d, SIP_DLG_REMOTE_TAG), sip_dialog_get(ours, SIP_DLG_REMOTE_TAG)))
			return d->call->user;
	}
	return NULL;
}
