/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trunk to a SIP neighbour: its address, OPTIONS keep-alive with up/down state, counters. */
#pragma once

#include <osmocom/core/timer.h>

#include "sip/sip_auth.h"
#include "sip/sip_call_cfg.h"
#include "sip/sip_transport.h"

struct sip_trans;
struct sip_register;
struct sip_resolve;
struct sip_msg;

#define SIP_PEER_REMOTES_MAX 15
#define SIP_PEER_TARGETS_MAX 32
#define SIP_PEER_ACCEPTS_MAX 32

/* One more address of a peer. Priority, weight: as those of RFC 2782, the lowest priority first */
struct sip_peer_remote {
	enum sip_proto proto;
	struct osmo_sockaddr addr;
	uint16_t priority, weight;
};
/* Addresses whose requests are a peer's, beside its remote ones */
struct sip_peer_accept {
	union sip_sockaddr net;
	uint8_t bits;
};

/* Configuration, used by the daemon's VTY; fields may be changed at any time, followed by sip_peer_update(). */
struct sip_peer_cfg {
	enum sip_proto proto;
	struct osmo_sockaddr remote;		/* where requests go, and whose requests are this peer's */
	bool remote_set;			/* priority 0, weight 1 */
	struct sip_peer_remote remotes[SIP_PEER_REMOTES_MAX];	/* further ones */
	unsigned int n_remotes;
	char *resolve;				/* a domain to be looked up as RFC 3263 says; NULL: none */
	bool resolve_any;			/* over what DNS prefers; else over resolve_proto */
	enum sip_proto resolve_proto;
	uint16_t resolve_port;			/* 0: that of SRV */
	struct sip_peer_accept accepts[SIP_PEER_ACCEPTS_MAX];
	unsigned int n_accepts;
	char *description;			/* talloc child of the peer */
	char *domain;				/* what its certificate must be of (RFC 5922); NULL: its address */
	bool trusted;
	unsigned int options_interval_s;	/* 0: no keep-alive, the peer counts as up */
	/* unanswered OPTIONS in a row until it is down; default 3. From the first one on until an answer comes there
	 * are 5 s between them, if options_interval_s is not less. */
	unsigned int options_fail_count;
	unsigned int options_ok_count;		/* answered OPTIONS in a row until it is up again; default 1 */
	bool options_ok_only;			/* only 2xx count as answered */
	bool isup;				/* the user reads application/ISUP bodies of its requests */
	unsigned int max_calls;			/* 0: no limit */
	void *user;				/* the user's own of calls with it; talloc child of the peer */
	unsigned int max_calls_in, max_calls_out;	/* the same for each direction */
	unsigned int calls_per_s;		/* new calls, both directions; 0: no limit */
	unsigned int failover_ms;		/* no answer to an INVITE, and there is another target; 0: timer B */

	/* Digest, as client: with these, whoever asks (or only this realm); all NULL: none */
	char *auth_user, *auth_password, *auth_realm;
	bool auth_no_md5;			/* only what is stronger, in both roles */
	/* Digest, as server: new calls must bring these; NULL: they need none */
	char *challenge_user, *challenge_password, *challenge_realm;
	char *from_domain;			/* with challenge_user: calls from it, by From, are the peer's */

	/* REGISTER as client (RFC 3261 10.2); NULL: none */
	char *register_aor;			/* "sip:user@domain" */
	char *register_contact;			/* user part of Contact; NULL: that of the address of record */
	unsigned int register_expires_s;	/* 3600 */
	unsigned int register_ping_s;		/* between empty lines over UDP while registered; 0: none */
	struct sip_call_cfg call;
};
struct sip_peer_cfg *sip_peer_cfg(struct sip_peer *peer);
void sip_peer_update(struct sip_peer *peer);

/* For show sip peers */
struct sip_peer_stats {
	bool up;
	unsigned int calls;			/* legs now */
	unsigned int in_now;			/* of them incoming */
	uint64_t calls_in, calls_out, options_sent, options_failed;
	uint64_t limited, failovers, challenged, auth_failed, downs;
};
void sip_peer_stats(const struct sip_peer *peer, struct sip_peer_stats *stats);

/* For show sip peer: its targets, the one in use first */
struct sip_target_info {
	const char *hostport;
	enum sip_proto proto;
	uint16_t priority, weight;
	bool up, in_use;
	unsigned int held_s;			/* not tried first for so long */
	bool from_dns;
};
typedef void sip_target_info_cb(const struct sip_target_info *info, void *data);
void sip_peer_for_each_target(const struct sip_peer *peer, sip_target_info_cb *cb, void *data);

/* ---- For the room itself ---- */

/* One address and transport of a peer (sip_target.c) */
struct sip_target {
	struct hlist_node by_addr;		/* of sip->peers_by_addr, by host */
	struct sip_peer *peer;
	unsigned int no;			/* in peer->targets */
	enum sip_proto proto;
	uint16_t priority, weight;
	bool from_dns;
	bool is_new;				/* keep-alive begins anew */
	struct sip_dest dest;			/* sock NULL: no listener */
	char hostport[SIP_HOSTPORT_SIZE], local[SIP_HOSTPORT_SIZE];

	/* OPTIONS keep-alive (RFC 3261 11) */
	struct osmo_timer_list options_timer;
	struct sip_trans *options;
	bool up;
	unsigned int failed_in_a_row, ok_in_a_row;
	uint64_t held_until_ms;			/* a request failed there */
};

struct sip_peer {
	struct llist_head entry;		/* of sip->peers */
	struct sip *sip;
	char *name;
	struct sip_peer_cfg cfg;
	bool gone;				/* freed by its owner, waits for its last leg */

	struct sip_target *targets[SIP_PEER_TARGETS_MAX];
	unsigned int n_targets;
	struct sip_resolve *resolve;

	/* Of the target in use */
	bool reachable;				/* dest is set: there are an address and a listener */
	struct sip_dest dest;
	char hostport[SIP_HOSTPORT_SIZE], local[SIP_HOSTPORT_SIZE];

	bool up;				/* a target is */
	uint64_t held_until_ms;			/* it said 503 with Retry-After */
	uint64_t bucket_us;			/* calls_per_s: time that calls have been let in for */
	uint64_t noticed_ms;			/* see sip_peer_loglevel() */
	struct sip_auth_nonce nonces[2];	/* answered as client: of 401, 407 */
	struct sip_register *reg;

	struct sip_peer_stats stats;
};

/* Whose request is this? By address, and if there are several, by transport, then port. One whose transport is TLS is
 * it over TLS only: an address is easily forged. NULL: nobody's */
struct sip_peer *sip_peer_by_addr(struct sip *sip, enum sip_proto proto, const union sip_sockaddr *src);
/* The same of a request; if the address is nobody's, by the name that a TLS client has proven, by accepted addresses,
 * and last by the domain in From of those that are to bring credentials */
struct sip_peer *sip_peer_of_request(struct sip_sock *sock, const union sip_sockaddr *src, const struct sip_msg *msg);
/* Another leg is within the peer's limits */
bool sip_peer_has_room(struct sip_peer *peer, bool incoming);
/* RFC 3261 21.5.4: after a 503 with Retry-After nothing new goes there for so long. */
void sip_peer_obey(struct sip_peer *peer, const struct sip_msg *msg);
void sip_peer_add_call(struct sip_peer *peer, bool incoming);
void sip_peer_del_call(struct sip_peer *peer, bool incoming);
/* For what every call of a peer may cause: LOGL_NOTICE once a second, else LOGL_INFO */
int sip_peer_loglevel(struct sip_peer *peer);
/* Our own host and port towards the peer from this socket, as in a URI */
const char *sip_peer_local_from(const struct sip_peer *peer, const struct sip_sock *sock);
/* The listeners have changed. */
void sip_peers_update(struct sip *sip);
/* The endpoint is about to be freed. */
void sip_peers_end_all(struct sip *sip);

/* ---- sip_target.c ---- */

/* The targets that there are to be; those that stay as they were keep their state. */
struct sip_target_list {
	struct { union sip_sockaddr addr; enum sip_proto proto; uint16_t priority, weight; bool from_dns; }
		all[SIP_PEER_TARGETS_MAX];
	unsigned int n;
};
void sip_targets_set(struct sip_peer *peer, const struct sip_target_list *list);
void sip_targets_free(struct sip_peer *peer);
/* Which keep-alive is to be sent has changed. */
void sip_targets_restart(struct sip_peer *peer);
struct sip_target *sip_target_at(const struct sip_peer *peer, const struct sip_dest *dest);
/* A target for a new request, by priority and weight (RFC 2782), none of those tried (a bit each); it becomes the one
 * in use. NULL: there is none left. */
struct sip_target *sip_peer_choose(struct sip_peer *peer, uint32_t tried);
/* Of several, when the first may be tried again: 0 now, UINT64_MAX where there is but one */
uint64_t sip_targets_held_until(const struct sip_peer *peer);
/* It can be sent to, is up, and nothing has failed there of late. */
bool sip_target_is_good(const struct sip_target *target);
/* A request failed there: for a while others are tried first. */
void sip_target_failed(struct sip_target *target, unsigned int hold_s, const char *why);
