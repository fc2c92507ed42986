/* SPDX-License-Identifier: GPL-3.0-or-later */
/* REGISTER as client, for a trunk that wants it (RFC 3261 10.2, RFC 5626 4.5). */
#pragma once

#include "sip/sip_peer.h"

/* The peer's configuration has changed: begins, goes on or ends. */
void sip_register_update(struct sip_peer *peer);
/* In silence */
void sip_register_free(struct sip_peer *peer);

/* All that are registered say good-bye (10.2.2): how many are under way */
unsigned int sip_register_stop_all(struct sip *sip);

struct sip_register_info {
	const char *state;		/* "off", "registering", "registered", "failed", "unregistering" */
	unsigned int next_s;		/* to the next REGISTER */
	unsigned int expires_s;		/* what was granted */
	uint16_t status;		/* of the last answer; 0: none came */
	uint64_t sent, failed;
};
void sip_register_info(const struct sip_peer *peer, struct sip_register_info *info);
