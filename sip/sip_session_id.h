/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Session-ID of a leg (RFC 7989): in every message of it, and in every answer. */
#pragma once

#include "sip/sip_endpoint.h"
#include "sip/sip_msg.h"

struct sip_buf;

/* Our UUID of the leg with this Call-ID, and theirs, which is nil while it is not known */
void sip_session_id_put(struct sip_buf *b, const struct sip *sip, struct sip_str call_id,
			const struct sip_uuid *remote);
/* Theirs from a message, where that tells it */
void sip_session_id_learn(struct sip_uuid *remote, const struct sip_msg *msg);
/* In CANCEL (response is the INVITE itself), and in the ACK of a response that is no 2xx */
void sip_session_id_put_like(struct sip_buf *b, const struct sip_msg *invite, const struct sip_msg *response);
