/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Session timers (RFC 4028): who refreshes when, and BYE where nobody did. */
#pragma once

#include "sip/sip_call.h"

/* ---- Requests of ours: INVITE, re-INVITE, UPDATE ---- */

void sip_refresh_put_request(const struct sip_call *call, struct sip_buf *b);
/* The 2xx to one of them (7.2); the session begins anew from here. */
void sip_refresh_rx_2xx(struct sip_call *call, const struct sip_msg *msg);
/* 422 (7.3): the interval to try next; 0 where that is of no use */
uint32_t sip_refresh_min_se(const struct sip_msg *msg);
/* From now on we ask for no less than this. */
void sip_refresh_raise(struct sip_call *call, uint32_t min_se);

/* ---- Requests of theirs ---- */

/* 8: 0, or 422, 400. For 422: put Min-SE. */
uint16_t sip_refresh_refusal(const struct sip_peer *peer, const struct sip_msg *msg);
void sip_refresh_put_min_se(const struct sip_peer *peer, struct sip_buf *b);
/* 9: what will be said in the 2xx to it */
void sip_refresh_rx_request(struct sip_call *call, const struct sip_msg *msg);
void sip_refresh_put_2xx(const struct sip_call *call, struct sip_buf *b);
/* It was sent: the session begins anew. */
void sip_refresh_tx_2xx(struct sip_call *call);

/* ---- Both ---- */

void sip_refresh_end(struct sip_call *call);
/* The agreed interval, whose it is, and what is left of what runs; nothing where there is none */
struct sip_call_info;
void sip_refresh_info(const struct sip_call *call, struct sip_call_info *info);
/* Our refresh was to go out, and none has been accepted since */
bool sip_refresh_is_due(const struct sip_call *call);
/* So was a re-INVITE of the user's, sent since: it is asked for no other one. */
void sip_refresh_refused(struct sip_call *call);
/* Our session description, kept where a refresh will have to repeat it: the peer knows no UPDATE (10) */
void sip_refresh_keep_sdp(struct sip_call *call, struct sip_str sdp);
struct sip_str sip_refresh_sdp(const struct sip_call *call);
