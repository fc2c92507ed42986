/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that a dialog leads to, in Contact and Route (RFC 3263): looked up ahead, for the requests that follow. */
#pragma once

#include "sip/sip_str.h"
#include "sip/sip_transport.h"

/* The address of host and its transport, as known now: the first that there is a listener for, and over TLS no
 * connection that is another name's. 0; -EAGAIN where it is being looked up from here on, or there is none; -EINVAL
 * where it is no name. port 0: from SRV, or the usual one */
int sip_names_find(struct sip *sip, struct sip_str host, uint16_t port, enum sip_proto proto,
		   union sip_sockaddr *addr);

/* Which name was looked up to this address and transport; NULL: none that is known */
const char *sip_names_of(const struct sip *sip, enum sip_proto proto, const union sip_sockaddr *addr);

/* For show, and tests */
unsigned int sip_names_count(const struct sip *sip);
/* The endpoint is about to be freed. */
void sip_names_end_all(struct sip *sip);
