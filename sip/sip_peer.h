/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trunk to a SIP neighbour: its address, OPTIONS keep-alive with up/down state, counters. */
#pragma once

#include <osmocom/core/timer.h>

#include "sip/sip_transport.h"

struct sip_trans;

/* Configuration, used by the daemon's VTY; fields may be changed at any time, followed by sip_peer_update(). */
struct sip_peer_cfg {
	enum sip_proto proto;
	struct osmo_sockaddr remote;		/* where requests go, and whose requests are this peer's */
	bool remote_set;
	char *description;			/* talloc child of the peer */
	char *domain;				/* what its certificate must be of (RFC 5922); NULL: its address */
	bool trusted;
	unsigned int options_interval_s;	/* 0: no keep-alive, the peer counts as up */
	/* unanswered OPTIONS in a row until it is down; default 3. From the first one on until an answer comes there
	 * are 5 s between them, if options_interval_s is not less. */
	unsigned int options_fail_count;
	unsigned int max_calls;			/* 0: no limit */
	void *user;				/* the user's own of calls with it; talloc child of the peer */
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

/* ---- For the room itself ---- */

struct sip_peer {
	struct llist_head entry;		/* of sip->peers */
	struct hlist_node by_addr;		/* of sip->peers_by_addr, by host */
	struct sip *sip;
	char *name;
	struct sip_peer_cfg cfg;
	bool gone;				/* freed by its owner, waits for its last leg */

	/* Computed by sip_peer_update() */
	bool reachable;				/* dest is set: there are an address and a listener */
	struct sip_dest dest;
	char hostport[SIP_HOSTPORT_SIZE], local[SIP_HOSTPORT_SIZE];

	/* OPTIONS keep-alive (RFC 3261 11) */
	struct osmo_timer_list options_timer;
	struct sip_trans *options;
	bool up;
	unsigned int failed_in_a_row;

	struct sip_peer_stats stats;
};

/* Whose request is this? By address, and if there are several, by transport, then port. One whose transport is TLS is
 * it over TLS only: an address is easily forged. NULL: nobody's */
struct sip_peer *sip_peer_by_addr(struct sip *sip, enum sip_proto proto, const union sip_sockaddr *src);
/* Another leg is within the peer's limit */
bool sip_peer_has_room(const struct sip_peer *peer);
void sip_peer_add_call(struct sip_peer *peer, bool incoming);
void sip_peer_del_call(struct sip_peer *peer);
/* Our own host and port towards the peer from this socket, as in a URI */
const char *sip_peer_local_from(const struct sip_peer *peer, const struct sip_sock *sock);
/* The listeners have changed. */
void sip_peers_update(struct sip *sip);
/* The endpoint is about to be freed. */
void sip_peers_end_all(struct sip *sip);
