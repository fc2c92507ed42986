/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests that no transaction knows: what RFC 3261 8.2 looks at before a request is acted on, and refusals. */
#pragma once

#include "sip/sip_endpoint.h"

void sip_uas_request(struct sip_sock *sock, const union sip_sockaddr *src, const struct sip_msg *msg);

/* Answers statelessly; reason absent: the standard one. ACK is never answered. */
void sip_uas_refuse(struct sip_sock *sock, const union sip_sockaddr *src, const struct sip_msg *msg, uint16_t status,
		    struct sip_str reason);
