/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connected identity (RFC 4916): From of a request within the dialog is another than before. */

#include <osmocom/core/talloc.h>

#include "sip/sip_identity.h"

/* Their From until the request that brought it is answered */
struct sip_identity_change {
	enum sip_method method;
	size_t len;
	char from[];
};

/* The tag is the same, or the request would not have been found to be of this dialog: URIs play no part in that. */
bool sip_identity_rx(struct sip_call *call, const struct sip_msg *msg)
{
	const struct sip_str from = sip_msg_hdr(msg, SIP_HDR_FROM)->value;
	struct sip_identity_change *change;

	TALLOC_FREE(call->identity);
	if (sip_str_eq(from, sip_dialog_get(&call->dialog, SIP_DLG_REMOTE)))
		return false;
	change = talloc_size(call, sizeof(*change) + from.len);
	change->method = msg->method;
	change->len = from.len;
	memcpy(change->from, from.p, from.len);
	call->identity = change;
	return true;
}

/* 4.4.2: no other final response changes it. */
void sip_identity_answered(struct sip_call *call, enum sip_method method, uint16_t status)
{
	const struct sip_identity_change *change = call->identity;

	if (!change || change->method != method || status < 200)
		return;
	if (status < 300)
		sip_dialog_set(&call->dialog, call, SIP_DLG_REMOTE,
			       (struct sip_str){ .p = change->from, .len = change->len });
	TALLOC_FREE(call->identity);
}

/* 4.4.1: whatever becomes of this request, the URI is that of later ones, too. */
int sip_identity_tx(struct sip_call *call, const struct sip_prim *prim)
{
	return prim->from.len ? sip_dialog_set(&call->dialog, call, SIP_DLG_LOCAL, prim->from) : 0;
}

bool sip_call_takes_identity(const struct sip_call *call, enum sip_method *method)
{
	*method = call->flags & SIP_CALL_PEER_UPDATE ? SIP_UPDATE : SIP_INVITE;
	return call->flags & SIP_CALL_PEER_FROM_CHANGE;
}
