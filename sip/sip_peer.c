/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trunk to a SIP neighbour: its address, OPTIONS keep-alive with up/down state, counters. */

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>

#include "sip/sip_call.h"
#include "sip/sip_dialog.h"
#include "sip/sip_peer.h"
#include "sip/sip_trans.h"

/* The first OPTIONS after a change goes out this much later: a configuration is being read, listeners are opened */
#define OPTIONS_FIRST_MS 100
/* While there is no answer, so much later at most: one that has come up is to be used soon, and a refusal by ICMP ends
 * an OPTIONS at once, whose retransmissions would else have reached it. */
#define OPTIONS_RETRY_S 5

/* ---- Availability ---- */

static void set_up(struct sip_peer *peer, bool up, const char *why)
{
	if (peer->up == up)
		return;
	peer->up = up;
	LOGP(DSIP, LOGL_NOTICE, "peer %s %s: %s\n", peer->name, up ? "is up" : "is down", why);
}

static void options_schedule(struct sip_peer *peer, bool soon)
{
	unsigned int s = peer->cfg.options_interval_s;

	osmo_timer_schedule(&peer->options_timer, soon ? OSMO_MIN(s, OPTIONS_RETRY_S) : s, 0);
}

static void options_failed(struct sip_peer *peer, const char *why, bool soon)
{
	peer->stats.options_failed++;
	peer->failed_in_a_row++;
	LOGP(DSIP, LOGL_INFO, "peer %s: OPTIONS failed (%u): %s\n", peer->name, peer->failed_in_a_row, why);
	if (peer->failed_in_a_row >= peer->cfg.options_fail_count)
		set_up(peer, false, why);
	options_schedule(peer, soon);
}

/* Any answer proves that somebody is there and reads; 408 is a proxy's word that nobody is, 503 one's own that calls
 * are of no use now; neither asks to be asked more often. */
static void options_cb(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg)
{
	struct sip_peer *peer = trans->user;

	switch (ind) {
	case SIP_TRANS_RESPONSE:
		if (msg->status < 200)
			return;
		sip_trans_detach(&peer->options);
		if (msg->status == 408 || msg->status == 503) {
			options_failed(peer, msg->status == 408 ? "408 to OPTIONS" : "503 to OPTIONS", false);
			return;
		}
		peer->failed_in_a_row = 0;
		set_up(peer, true, "OPTIONS answered");
		options_schedule(peer, false);
		return;
	case SIP_TRANS_ERROR:
		options_failed(peer, "address cannot be reached", true);
		return;
	default:
		options_failed(peer, "OPTIONS not answered", true);
	}
}

static void put_options(struct sip_peer *peer, struct sip_buf *b, const struct sip_branch *branch, uint32_t cseq)
{
	char uri_mem[SIP_HOSTPORT_SIZE + 8], local_mem[SIP_HOSTPORT_SIZE + 8], ids[2 * SIP_TAG_LEN];
	struct sip_dialog_text text = {};
	struct sip_buf uri, local;
	struct sip_dialog d;
	char mem[512];

	sip_buf_init(&uri, uri_mem, sizeof(uri_mem));
	sip_put_lit(&uri, "<sip:");
	sip_put_z(&uri, peer->hostport);
	sip_put_lit(&uri, ">");
	sip_buf_init(&local, local_mem, sizeof(local_mem));
	sip_put_lit(&local, "<sip:");
	sip_put_z(&local, peer->local);
	sip_put_lit(&local, ">");
	sip_random_tag(peer->sip, ids);
	sip_random_tag(peer->sip, ids + SIP_TAG_LEN);

	text.parts[SIP_DLG_CALL_ID] = (struct sip_str){ ids, SIP_TAG_LEN };
	text.parts[SIP_DLG_LOCAL_TAG] = (struct sip_str){ ids + SIP_TAG_LEN, SIP_TAG_LEN };
	text.parts[SIP_DLG_LOCAL] = sip_str_span(local.start, local.p);
	text.parts[SIP_DLG_REMOTE] = sip_str_span(uri.start, uri.p);
	text.parts[SIP_DLG_TARGET] = sip_str_span(uri.start + 1, uri.p - 1);
	sip_dialog_init(&d, mem, sizeof(mem));
	OSMO_ASSERT(sip_dialog_set_all(&d, NULL, &text) == 0);
	sip_dialog_put_request(b, &d, &(struct sip_dialog_request){
		.method = SIP_OPTIONS, .cseq = cseq, .branch = branch,
		.via = peer->dest.sock->ops->via, .sent_by = peer->local, .alias = peer->dest.sock->ops->secure,
	});
	sip_put_lit(b, "Accept: " SIP_ACCEPT "\r\n");
	sip_put_body(b, SIP_STR(""), SIP_STR(""));
}

static void options_send(void *data)
{
	struct sip_peer *peer = data;
	const struct sip_trans_user user = { options_cb, peer, &peer->options };
	struct sip_branch branch;
	struct sip_buf b;

	if (!peer->reachable)
		return;		/* a listener or an address starts it again */
	if (peer->options) {
		sip_trans_end(peer->options);
		options_failed(peer, "OPTIONS not answered", true);
	}
	sip_buf_init(&b, peer->sip->tx, sizeof(peer->sip->tx));
	sip_branch_new(peer->sip, &branch);
	put_options(peer, &b, &branch, 1);
	peer->stats.options_sent++;
	options_schedule(peer, peer->failed_in_a_row || !peer->up);
	if (sip_trans_request(&peer->dest, SIP_OPTIONS, 1, &branch, &b, &user) < 0)
		options_failed(peer, "address cannot be reached", true);
}

/* With keep-alive, a peer is down until it has answered: nobody is believed up unproven. */
static void options_restart(struct sip_peer *peer, bool address_changed)
{
	osmo_timer_del(&peer->options_timer);
	if ((address_changed || !peer->cfg.options_interval_s) && peer->options)
		sip_trans_end(peer->options);
	if (address_changed || !peer->cfg.options_interval_s)
		peer->failed_in_a_row = 0;
	if (!peer->cfg.options_interval_s) {
		set_up(peer, true, "no keep-alive");
		return;
	}
	if (address_changed)
		set_up(peer, false, "not proven yet");
	osmo_timer_schedule(&peer->options_timer, 0, OPTIONS_FIRST_MS * 1000);
}

/* ---- Configuration ---- */

struct sip_peer_cfg *sip_peer_cfg(struct sip_peer *peer)
{
	return &peer->cfg;
}

static uint32_t hash_of(const struct sip *sip, const union sip_sockaddr *addr)
{
	if (addr->sa.sa_family == AF_INET6)
		return sip_hash(sip, 0, (struct sip_str){ (const char *)&addr->in6.sin6_addr, 16 });
	return sip_hash(sip, 0, (struct sip_str){ (const char *)&addr->in4.sin_addr, 4 });
}

/* Our own side: the listener's address, or what the kernel takes for it where the listener is on all addresses. */
static void compute_local(struct sip_peer *peer)
{
	union sip_sockaddr local = peer->dest.sock->local;

	if (peer->dest.sock->wildcard && sip_local_towards(&peer->dest.addr, &local) == 0)
		sip_sockaddr_set_port(&local, sip_sockaddr_port(&peer->dest.sock->local));
	sip_transport_hostport_buf(peer->local, peer->dest.sock->ops, &local);
}

void sip_peer_update(struct sip_peer *peer)
{
	struct sip_dest old = peer->dest;

	hash_del(&peer->by_addr);
	peer->reachable = false;
	memset(&peer->dest, 0, sizeof(peer->dest));
	if (peer->cfg.remote_set && sip_sockaddr_from_osmo(&peer->dest.addr, &peer->cfg.remote) == 0) {
		if (!sip_sockaddr_port(&peer->dest.addr))
			sip_sockaddr_set_port(&peer->dest.addr,
					      peer->cfg.proto == SIP_PROTO_TLS ? SIPS_PORT : SIP_PORT);
		hash_add(peer->sip->peers_by_addr, &peer->by_addr, hash_of(peer->sip, &peer->dest.addr));
		sip_sockaddr_hostport_buf(peer->hostport, &peer->dest.addr);
		peer->dest.sock = sip_sock_for(peer->sip, peer->cfg.proto, &peer->dest.addr);
	}
	if (peer->dest.sock) {
		compute_local(peer);
		peer->reachable = true;
	}
	options_restart(peer, memcmp(&old, &peer->dest, sizeof(old)) != 0);
}

void sip_peers_update(struct sip *sip)
{
	struct sip_peer *peer;

	llist_for_each_entry(peer, &sip->peers, entry)
		sip_peer_update(peer);
}

struct sip_peer *sip_peer_alloc(struct sip *sip, const char *name)
{
	struct sip_peer *peer;

	if (sip_peer_find(sip, name))
		return NULL;
	peer = talloc_zero(sip, struct sip_peer);
	peer->sip = sip;
	peer->name = talloc_strdup(peer, name);
	peer->cfg.options_fail_count = 3;
	INIT_HLIST_NODE(&peer->by_addr);
	osmo_timer_setup(&peer->options_timer, options_send, peer);
	llist_add_tail(&peer->entry, &sip->peers);
	return peer;
}

static void unlink_peer(struct sip_peer *peer)
{
	osmo_timer_del(&peer->options_timer);
	if (peer->options)
		sip_trans_end(peer->options);
	hash_del(&peer->by_addr);
	llist_del(&peer->entry);
}

void sip_peer_free(struct sip_peer *peer)
{
	unlink_peer(peer);
	peer->gone = true;
	peer->reachable = false;	/* who hears that his leg failed may not try it here again */
	peer->stats.calls++;	/* stays until we are through, whatever the users do */
	sip_calls_fail(peer->sip, peer);
	sip_peer_del_call(peer);
}

void sip_peers_end_all(struct sip *sip)
{
	struct sip_peer *peer, *next;

	llist_for_each_entry_safe(peer, next, &sip->peers, entry)
		unlink_peer(peer);
}

/* ---- Finding them ---- */

struct sip_peer *sip_peer_find(struct sip *sip, const char *name)
{
	struct sip_peer *peer;

	llist_for_each_entry(peer, &sip->peers, entry) {
		if (!strcmp(peer->name, name))
			return peer;
	}
	return NULL;
}

struct sip_peer *sip_peer_next(const struct sip *sip, const struct sip_peer *prev)
{
	const struct llist_head *next = prev ? prev->entry.next : sip->peers.next;

	return next == &sip->peers ? NULL : llist_entry(next, struct sip_peer, entry);
}

static unsigned int likeness(const struct sip_peer *peer, enum sip_proto proto, const union sip_sockaddr *src)
{
	if (!sip_sockaddr_same_host(&peer->dest.addr, src) ||
	    (peer->cfg.proto == SIP_PROTO_TLS && proto != SIP_PROTO_TLS))
		return 0;
	return 1 + 2 * (peer->cfg.proto == proto) + (sip_sockaddr_port(&peer->dest.addr) == sip_sockaddr_port(src));
}

struct sip_peer *sip_peer_by_addr(struct sip *sip, enum sip_proto proto, const union sip_sockaddr *src)
{
	struct sip_peer *peer, *best = NULL;
	unsigned int n, most = 0;

	hash_for_each_possible(sip->peers_by_addr, peer, by_addr, hash_of(sip, src)) {
		n = likeness(peer, proto, src);
		if (n <= most)
			continue;
		most = n;
		best = peer;
	}
	return best;
}

/* ---- Calls and figures ---- */

bool sip_peer_has_room(const struct sip_peer *peer)
{
	return !peer->cfg.max_calls || peer->stats.calls < peer->cfg.max_calls;
}

void sip_peer_add_call(struct sip_peer *peer, bool incoming)
{
	peer->stats.calls++;
	if (incoming)
		peer->stats.calls_in++;
	else
		peer->stats.calls_out++;
}

void sip_peer_del_call(struct sip_peer *peer)
{
	peer->stats.calls--;
	if (peer->gone && !peer->stats.calls)
		talloc_free(peer);
}

const char *sip_peer_local_from(const struct sip_peer *peer, const struct sip_sock *sock)
{
	return sock->wildcard ? peer->local : sock->hostport;
}

void sip_peer_stats(const struct sip_peer *peer, struct sip_peer_stats *stats)
{
	*stats = peer->stats;
	stats->up = sip_peer_available(peer);
}

const char *sip_peer_name(const struct sip_peer *peer)
{
	return peer->name;
}

const char *sip_peer_hostport(const struct sip_peer *peer)
{
	return peer->hostport;
}

const char *sip_peer_local_hostport(const struct sip_peer *peer)
{
	return peer->local;
}

bool sip_peer_available(const struct sip_peer *peer)
{
	return peer->reachable && peer->up;
}

bool sip_peer_trusted(const struct sip_peer *peer)
{
	return peer->cfg.trusted;
}

const void *sip_peer_user(const struct sip_peer *peer)
{
	return peer->cfg.user;
}
