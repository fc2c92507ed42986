/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trunk to a SIP neighbour: its address, OPTIONS keep-alive with up/down state, counters. */
#pragma once

#include "sip/sip.h"

/* Configuration, used by the daemon's VTY; fields may be changed at any time, followed by sip_peer_update(). */
struct sip_peer_cfg {
	enum sip_proto proto;
	struct osmo_sockaddr remote;		/* where requests go, and whose requests are this peer's */
	bool remote_set;
	char *description;			/* talloc child of the peer */
	bool trusted;
	unsigned int options_interval_s;	/* 0: no keep-alive, the peer counts as up */
	unsigned int options_fail_count;	/* unanswered OPTIONS in a row until it is down; default 3 */
	unsigned int max_calls;			/* 0: no limit */
};
struct sip_peer_cfg *sip_peer_cfg(struct sip_peer *peer);
void sip_peer_update(struct sip_peer *peer);

/* For show sip peers */
struct sip_peer_stats {
	bool up;
	unsigned int calls;			/* legs now */
	uint64_t calls_in, calls_out, options_sent, options_failed;
};
void sip_peer_stats(const struct sip_peer *peer, struct sip_peer_stats *stats);
