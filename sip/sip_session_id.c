/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Session-ID of a leg (RFC 7989 6): ours made of the Call-ID, theirs as they last said it. */

#include "sip/sip_build.h"
#include "sip/sip_session_id.h"

/* RFC 7989 4.1: a UUID of RFC 4122 that tells nothing of who made it (version 4 by its form). Whoever asks again for
 * the same leg gets the same, so nothing is to be kept of it. */
static void local_of(struct sip_uuid *uuid, const struct sip *sip, struct sip_str call_id)
{
	uint64_t first = sip_hash(sip, 0x7989, call_id), second;

	second = sip_hash(sip, 0x7989, sip_str_span((char *)&first, (char *)(&first + 1)));
	memcpy(uuid->octets, &first, 8);
	memcpy(uuid->octets + 8, &second, 8);
	uuid->octets[6] = (uuid->octets[6] & 0x0f) | 0x40;
	uuid->octets[8] = (uuid->octets[8] & 0x3f) | 0x80;
}

void sip_session_id_put(struct sip_buf *b, const struct sip *sip, struct sip_str call_id, const struct sip_uuid *remote)
{
	struct sip_uuid local;

	local_of(&local, sip, call_id);
	sip_put_session_id(b, &local, remote);
}

/* 6: nil tells nothing, nor does a header that cannot be read */
void sip_session_id_learn(struct sip_uuid *remote, const struct sip_msg *msg)
{
	const struct sip_hdr *hdr = sip_msg_hdr(msg, SIP_HDR_SESSION_ID);
	struct sip_session_id id;

	if (hdr && !sip_session_id_parse(&id, hdr->value) && !sip_uuid_is_nil(&id.local))
		*remote = id.local;
}

/* 6: the ACK of a refusal names who refused; CANCEL is like the INVITE */
void sip_session_id_put_like(struct sip_buf *b, const struct sip_msg *invite, const struct sip_msg *response)
{
	const struct sip_hdr *hdr = sip_msg_hdr(invite, SIP_HDR_SESSION_ID);
	struct sip_session_id id;

	if (!hdr || sip_session_id_parse(&id, hdr->value) < 0)
		return;
	if (!response->is_request)
		sip_session_id_learn(&id.remote, response);
	sip_put_session_id(b, &id.local, &id.remote);
}
