/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reliable provisional responses (RFC 3262): ours until their PRACK comes, theirs and our PRACK. */
#pragma once

#include "sip/sip_call.h"

/* ---- Incoming legs ---- */

/* Do we answer this INVITE so? Then call->rel is there until the leg is answered. */
void sip_rel_begin(struct sip_call *call, const struct sip_msg *invite);
/* A final response was sent: nothing is retransmitted, a PRACK may still come (RFC 3262 3). */
void sip_rel_stop(struct sip_call *call);
void sip_rel_end(struct sip_call *call);
/* A provisional response of the user: sent, or kept until the one before is acknowledged */
int sip_rel_progress(struct sip_call *call, const struct sip_prim *prim);
/* A 2xx has to wait (RFC 3262 3): is kept then. */
bool sip_rel_delays_2xx(const struct sip_call *call);
int sip_rel_keep_2xx(struct sip_call *call, const struct sip_prim *prim);
/* The user has answered, but the peer has not been told yet. */
bool sip_rel_has_2xx(const struct sip_call *call);
/* A response waits: what the user says after it has to wait, too. */
bool sip_rel_keeps(const struct sip_call *call);
/* What waits for nothing more is sent. */
void sip_rel_flush(struct sip_call *call);
/* The same, from the loop */
void sip_rel_wake(struct sip_call *call);
uint16_t sip_rel_rx_prack(struct sip_call *call, struct sip_sock *sock, const union sip_sockaddr *src,
			  const struct sip_msg *msg);

/* ---- Outgoing legs ---- */

/* What to do with a provisional response */
enum sip_rel_rx {
	SIP_REL_PLAIN,			/* an unreliable one */
	SIP_REL_NEW,			/* in order, to be acknowledged */
	SIP_REL_DROP,			/* again, or too early: nothing */
};
enum sip_rel_rx sip_rel_rx_1xx(struct sip_call *call, const struct sip_msg *msg);
/* PRACK of the latest; prim NULL: without a body */
int sip_rel_send_prack(struct sip_call *call, const struct sip_prim *prim);
int sip_rel_req_prack(struct sip_call *call, const struct sip_prim *prim);
