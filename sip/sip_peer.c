/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trunk to a SIP neighbour: its configuration, whose request is whose, limits, counters. */

#include <string.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_call.h"
#include "sip/sip_conn.h"
#include "sip/sip_peer.h"
#include "sip/sip_register.h"
#include "sip/sip_resolve.h"

#define REGISTER_EXPIRES_S 3600
/* However long a peer wants to be left alone, after so long it is asked again. */
#define RETRY_AFTER_MAX_S 600

/* ---- Configuration ---- */

struct sip_peer_cfg *sip_peer_cfg(struct sip_peer *peer)
{
	return &peer->cfg;
}

static void list_add(struct sip_target_list *list, enum sip_proto proto, const struct osmo_sockaddr *osa,
		     uint16_t priority, uint16_t weight)
{
	union sip_sockaddr addr;

	if (list->n >= SIP_PEER_TARGETS_MAX || sip_sockaddr_from_osmo(&addr, osa) < 0)
		return;
	if (!sip_sockaddr_port(&addr))
		sip_sockaddr_set_port(&addr, proto == SIP_PROTO_TLS ? SIPS_PORT : SIP_PORT);
	list->all[list->n].addr = addr;
	list->all[list->n].proto = proto;
	list->all[list->n].priority = priority;
	list->all[list->n++].weight = weight;
}

/* What is configured as addresses comes before what DNS gives, by their order where priorities are equal. */
static void set_targets(struct sip_peer *peer)
{
	const struct sip_peer_cfg *cfg = &peer->cfg;
	struct sip_target_list list = {};
	unsigned int i;

	if (cfg->remote_set)
		list_add(&list, cfg->proto, &cfg->remote, 0, 1);
	for (i = 0; i < cfg->n_remotes; i++)
		list_add(&list, cfg->remotes[i].proto, &cfg->remotes[i].addr, cfg->remotes[i].priority,
			 cfg->remotes[i].weight);
	if (peer->resolve)
		sip_resolve_add_to(peer->resolve, &list);
	sip_targets_set(peer, &list);
}

static void resolved(void *data)
{
	set_targets(data);
}

/* The domain stands in URIs as it does where a user dials it (RFC 3263 4.1). */
static void start_resolve(struct sip_peer *peer)
{
	const struct sip_peer_cfg *cfg = &peer->cfg;
	struct sip_buf b;

	sip_resolve_free(peer->resolve);
	peer->resolve = NULL;
	if (!cfg->resolve)
		return;
	sip_buf_init(&b, peer->hostport, sizeof(peer->hostport) - 1);
	sip_put_hostport(&b, sip_str_from(cfg->resolve), cfg->resolve_port);
	*b.p = '\0';
	peer->resolve = sip_resolve_start(peer->sip, &(struct sip_resolve_query){
		.domain = cfg->resolve, .port = cfg->resolve_port, .proto = cfg->resolve_proto,
		.any_proto = cfg->resolve_any,
		.cb = resolved, .data = peer,
	});
}

void sip_peer_update(struct sip_peer *peer)
{
	peer->sip->keep_requests |= peer->cfg.auth_user != NULL;
	start_resolve(peer);
	set_targets(peer);
	sip_register_update(peer);
}

void sip_peers_update(struct sip *sip)
{
	struct sip_peer *peer;

	llist_for_each_entry(peer, &sip->peers, entry)
		set_targets(peer);
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
	peer->cfg.options_ok_count = 1;
	peer->cfg.register_expires_s = REGISTER_EXPIRES_S;
	peer->cfg.call = (struct sip_call_cfg){
		.rel100 = SIP_REL100_SUPPORTED, .rel100_said = SIP_REL100_SUPPORTED,
		.session_expires_s = SIP_SESSION_EXPIRES_S, .min_se_s = SIP_MIN_SE_S,
	};
	llist_add_tail(&peer->entry, &sip->peers);
	return peer;
}

static void unlink_peer(struct sip_peer *peer)
{
	sip_register_free(peer);
	sip_resolve_free(peer->resolve);
	peer->resolve = NULL;
	sip_targets_free(peer);
	llist_del(&peer->entry);
}

void sip_peer_free(struct sip_peer *peer)
{
	struct sip_dest dest = peer->dest;

	unlink_peer(peer);
	peer->gone = true;
	peer->dest = dest;		/* its legs end there */
	peer->reachable = false;	/* who hears that his leg failed may not try it here again */
	peer->stats.calls++;	/* stays until we are through, whatever the users do */
	sip_calls_fail(peer->sip, peer);
	sip_peer_del_call(peer, false);
}

void sip_peers_end_all(struct sip *sip)
{
	struct sip_peer *peer, *next;

	llist_for_each_entry_safe(peer, next, &sip->peers, entry)
		unlink_peer(peer);
}

void sip_set_drop_unknown(struct sip *sip, bool drop)
{
	sip->drop_unknown = drop;
}

bool sip_drop_unknown(const struct sip *sip)
{
	return sip->drop_unknown;
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

static bool is_within(const struct sip_peer_accept *accept, const union sip_sockaddr *src)
{
	bool v6 = src->sa.sa_family == AF_INET6;
	const uint8_t *a = v6 ? src->in6.sin6_addr.s6_addr : (const uint8_t *)&src->in4.sin_addr;
	const uint8_t *b = v6 ? accept->net.in6.sin6_addr.s6_addr : (const uint8_t *)&accept->net.in4.sin_addr;
	unsigned int octets = accept->bits / 8, bits = accept->bits % 8;

	if (src->sa.sa_family != accept->net.sa.sa_family || memcmp(a, b, octets))
		return false;
	return !bits || !((a[octets] ^ b[octets]) >> (8 - bits));
}

/* The longest prefix wins */
static struct sip_peer *by_accept(struct sip *sip, enum sip_proto proto, const union sip_sockaddr *src)
{
	struct sip_peer *peer, *best = NULL;
	int bits, most = -1;
	unsigned int i;

	llist_for_each_entry(peer, &sip->peers, entry) {
		for (i = 0; i < peer->cfg.n_accepts; i++) {
			bits = peer->cfg.accepts[i].bits;
			if (bits <= most || !is_within(&peer->cfg.accepts[i], src) ||
			    (peer->cfg.remote_set && peer->cfg.proto == SIP_PROTO_TLS && proto != SIP_PROTO_TLS))
				continue;
			most = bits;
			best = peer;
		}
	}
	return best;
}

/* RFC 5922 7: the name is in the certificate that the other side has proven to have. */
static struct sip_peer *by_identity(struct sip_sock *sock, const union sip_sockaddr *src)
{
	const struct sip_conn *conn = sock->ops->secure ? sip_conn_find(sock, src) : NULL;
	struct sip_peer *peer;

	if (!conn || !conn->identity)
		return NULL;
	llist_for_each_entry(peer, &sock->sip->peers, entry) {
		if (peer->cfg.domain && sip_str_ieq(sip_str_from(peer->cfg.domain), sip_str_from(conn->identity)))
			return peer;
	}
	return NULL;
}

/* Anybody may write what he likes there: only for those who must bring credentials then. */
static struct sip_peer *by_domain(struct sip *sip, const struct sip_msg *msg)
{
	struct sip_peer *peer;
	struct sip_addr addr;
	struct sip_uri uri;

	if (sip_msg_addr_uri(msg, SIP_HDR_FROM, &addr, &uri) < 0 || !uri.host.p)
		return NULL;
	llist_for_each_entry(peer, &sip->peers, entry) {
		if (peer->cfg.from_domain && peer->cfg.challenge_user &&
		    sip_str_ieq(sip_str_from(peer->cfg.from_domain), uri.host))
			return peer;
	}
	return NULL;
}

struct sip_peer *sip_peer_of_request(struct sip_sock *sock, const union sip_sockaddr *src, const struct sip_msg *msg)
{
	struct sip_peer *peer = sip_peer_by_addr(sock->sip, sock->ops->proto, src);

	if (!peer)
		peer = by_identity(sock, src);
	if (!peer)
		peer = by_accept(sock->sip, sock->ops->proto, src);
	return peer ? peer : by_domain(sock->sip, msg);
}

/* ---- Calls and figures ---- */

/* calls_per_s, and up to as many at once: each call takes its time out of a bucket that holds one second */
static bool is_too_fast(struct sip_peer *peer)
{
	uint64_t now = sip_conn_now_ms();

	if (!peer->cfg.calls_per_s)
		return false;
	if (peer->bucket_us + 1000000 < now * 1000)
		peer->bucket_us = now * 1000 - 1000000;
	return peer->bucket_us + 1000000 / peer->cfg.calls_per_s > now * 1000;
}

static bool is_over(unsigned int limit, unsigned int n)
{
	return limit && n >= limit;
}

bool sip_peer_has_room(struct sip_peer *peer, bool incoming)
{
	const struct sip_peer_cfg *cfg = &peer->cfg;
	unsigned int in = peer->stats.in_now, out = peer->stats.calls - in;

	if (!is_over(cfg->max_calls, in + out) && !is_over(incoming ? cfg->max_calls_in : cfg->max_calls_out,
							   incoming ? in : out) && !is_too_fast(peer))
		return true;
	peer->stats.limited++;
	sip_count(peer->sip, SIP_CTR_LIMITED);
	return false;
}

void sip_peer_add_call(struct sip_peer *peer, bool incoming)
{
	peer->stats.calls++;
	peer->stats.in_now += incoming;
	if (incoming)
		peer->stats.calls_in++;
	else
		peer->stats.calls_out++;
	if (peer->cfg.calls_per_s)
		peer->bucket_us += 1000000 / peer->cfg.calls_per_s;
}

void sip_peer_del_call(struct sip_peer *peer, bool incoming)
{
	peer->stats.calls--;
	peer->stats.in_now -= incoming;
	if (peer->gone && !peer->stats.calls)
		talloc_free(peer);
}

int sip_peer_loglevel(struct sip_peer *peer)
{
	uint64_t now = sip_conn_now_ms();

	if (peer->noticed_ms && now - peer->noticed_ms < 1000)
		return LOGL_INFO;
	peer->noticed_ms = now;
	return LOGL_NOTICE;
}

void sip_peer_obey(struct sip_peer *peer, const struct sip_msg *msg)
{
	const struct sip_hdr *hdr = sip_msg_hdr(msg, SIP_HDR_RETRY_AFTER);
	uint64_t until_ms, targets_ms = sip_targets_held_until(peer);
	uint32_t seconds;

	if (msg->status != 503 || !hdr || sip_retry_after_parse(&seconds, hdr->value) < 0 || !seconds)
		return;
	seconds = OSMO_MIN(seconds, RETRY_AFTER_MAX_S);
	until_ms = OSMO_MIN(sip_conn_now_ms() + seconds * 1000ull, targets_ms);
	if (!until_ms)
		return;
	LOGP(DSIP, LOGL_NOTICE, "peer %s wants no calls for %u s: 503\n", peer->name,
	     (unsigned int)((until_ms - sip_conn_now_ms() + 999) / 1000));
	peer->held_until_ms = until_ms;
}

static bool is_held(const struct sip_peer *peer)
{
	return peer->held_until_ms && sip_conn_now_ms() < peer->held_until_ms;
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
	return peer->reachable && peer->up && !is_held(peer);
}

bool sip_peer_trusted(const struct sip_peer *peer)
{
	return peer->cfg.trusted;
}

const void *sip_peer_user(const struct sip_peer *peer)
{
	return peer->cfg.user;
}
