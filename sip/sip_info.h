/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INFO (RFC 6086): received, and ours, one at a time so that they arrive in their order (RFC 3398 12). */
#pragma once

#include "sip/sip_call.h"

uint16_t sip_info_rx(struct sip_call *call, struct sip_sock *sock, const union sip_sockaddr *src,
		     const struct sip_msg *msg);
/* The user's: sent, or kept until the one before is answered, or there is a dialog; -EBUSY where too many wait. */
int sip_info_req(struct sip_call *call, const struct sip_prim *prim);
/* There is a dialog now: what waits for it is sent. */
void sip_info_wake(struct sip_call *call);
void sip_info_end(struct sip_call *call);
