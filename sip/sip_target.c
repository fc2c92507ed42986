/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The addresses of a peer: keep-alive by OPTIONS for each, and which one a request goes to (RFC 3263 4.3, RFC 2782). */

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>

#include "sip/sip_conn.h"
#include "sip/sip_dialog.h"
#include "sip/sip_peer.h"
#include "sip/sip_trans.h"

/* The first OPTIONS after a change goes out this much later: a configuration is being read, listeners are opened */
#define OPTIONS_FIRST_MS 100
/* While there is no answer, so much later at most: one that has come up is to be used soon, and a refusal by ICMP ends
 * an OPTIONS at once, whose retransmissions would else have reached it. */
#define OPTIONS_RETRY_S 5

/* ---- Which is in use ---- */

static bool is_held(const struct sip_target *target, uint64_t now)
{
	return target->held_until_ms > now;
}

/* The less, the better: what can be used, then what has not failed lately, then what is up */
static unsigned int rank_of(const struct sip_target *target, uint64_t now)
{
	return (!target->dest.sock) << 2 | (!target->up) << 1 | is_held(target, now);
}

static void use(struct sip_peer *peer, const struct sip_target *target)
{
	peer->reachable = target && target->dest.sock;
	if (!peer->reachable) {
		memset(&peer->dest, 0, sizeof(peer->dest));
		if (!target && !peer->cfg.resolve)
			peer->hostport[0] = '\0';
		return;
	}
	peer->dest = target->dest;
	memcpy(peer->local, target->local, sizeof(peer->local));
	if (!peer->cfg.resolve)
		memcpy(peer->hostport, target->hostport, sizeof(peer->hostport));
}

/* RFC 2782: at random by weight; those of weight 0 now and then, too */
static struct sip_target *by_weight(struct sip *sip, struct sip_target *const *best, unsigned int n)
{
	uint32_t sum = 0, at;
	unsigned int i;

	if (n < 2)
		return n ? best[0] : NULL;
	for (i = 0; i < n; i++)
		sum += best[i]->weight;
	sip_random(sip, &at, sizeof(at));
	if (!sum)
		return best[at % n];
	at %= sum + 1;
	for (i = 0; i < n - 1 && at > best[i]->weight; i++)
		at -= best[i]->weight;
	return best[i];
}

static struct sip_target *choose(const struct sip_peer *peer, uint32_t tried)
{
	struct sip_target *best[SIP_PEER_TARGETS_MAX], *target;
	uint64_t now = sip_conn_now_ms();
	unsigned int i, n = 0, rank;

	for (i = 0; i < peer->n_targets; i++) {
		target = peer->targets[i];
		rank = rank_of(target, now);
		if (tried & 1U << i || !target->dest.sock)
			continue;
		if (n && (rank > rank_of(best[0], now) ||
			  (rank == rank_of(best[0], now) && target->priority > best[0]->priority)))
			continue;
		if (n && (rank < rank_of(best[0], now) || target->priority < best[0]->priority))
			n = 0;
		best[n++] = target;
	}
	return by_weight(peer->sip, best, n);
}

struct sip_target *sip_peer_choose(struct sip_peer *peer, uint32_t tried)
{
	struct sip_target *target = peer->n_targets == 1 ? peer->targets[0] : choose(peer, tried);

	if (!target || !target->dest.sock || tried & 1U << target->no)
		return NULL;
	if (peer->n_targets > 1)
		use(peer, target);
	return target;
}

static void peer_set_up(struct sip_peer *peer, bool up, const char *why)
{
	if (peer->up == up)
		return;
	peer->up = up;
	peer->stats.downs += !up;
	if (!up)
		sip_count(peer->sip, SIP_CTR_PEER_DOWN);
	LOGP(DSIP, LOGL_NOTICE, "peer %s %s: %s\n", peer->name, up ? "is up" : "is down", why);
}

/* State or number of targets has changed */
static void refresh(struct sip_peer *peer, const char *why)
{
	bool up = false;
	unsigned int i;

	for (i = 0; i < peer->n_targets; i++)
		up |= peer->targets[i]->up;
	use(peer, choose(peer, 0));
	peer_set_up(peer, up, why);
}

static void set_up(struct sip_target *target, bool up, const char *why)
{
	if (target->up == up)
		return;
	target->up = up;
	if (up)
		target->held_until_ms = 0;
	if (target->peer->n_targets > 1)
		LOGP(DSIP, LOGL_NOTICE, "peer %s: %s %s: %s\n", target->peer->name, target->hostport,
		     up ? "is up" : "is down", why);
	refresh(target->peer, why);
}

bool sip_target_is_good(const struct sip_target *target)
{
	return !rank_of(target, sip_conn_now_ms());
}

void sip_target_failed(struct sip_target *target, unsigned int hold_s, const char *why)
{
	int level;

	if (target->peer->n_targets < 2)
		return;
	/* every call that finds no better one may come here */
	level = is_held(target, sip_conn_now_ms()) ? LOGL_INFO : LOGL_NOTICE;
	target->held_until_ms = sip_conn_now_ms() + hold_s * 1000ULL;
	LOGP(DSIP, level, "peer %s: %s is not tried first for %u s: %s\n", target->peer->name, target->hostport,
	     hold_s, why);
	refresh(target->peer, why);
}

uint64_t sip_targets_held_until(const struct sip_peer *peer)
{
	uint64_t now = sip_conn_now_ms(), first = UINT64_MAX;
	unsigned int i;

	for (i = 0; peer->n_targets > 1 && i < peer->n_targets; i++) {
		const struct sip_target *target = peer->targets[i];

		if (target->up && target->dest.sock)
			first = OSMO_MIN(first, is_held(target, now) ? target->held_until_ms : 0);
	}
	return first;
}

/* ---- Keep-alive ---- */

static void options_schedule(struct sip_target *target, bool soon)
{
	unsigned int s = target->peer->cfg.options_interval_s;

	osmo_timer_schedule(&target->options_timer, soon ? OSMO_MIN(s, OPTIONS_RETRY_S) : s, 0);
}

static void options_failed(struct sip_target *target, const char *why, bool soon)
{
	struct sip_peer *peer = target->peer;

	peer->stats.options_failed++;
	target->failed_in_a_row++;
	target->ok_in_a_row = 0;
	LOGP(DSIP, LOGL_INFO, "peer %s: OPTIONS to %s failed (%u): %s\n", peer->name, target->hostport,
	     target->failed_in_a_row, why);
	if (target->failed_in_a_row >= peer->cfg.options_fail_count)
		set_up(target, false, why);
	options_schedule(target, soon);
}

static void options_answered(struct sip_target *target)
{
	target->failed_in_a_row = 0;
	target->ok_in_a_row++;
	if (target->ok_in_a_row >= target->peer->cfg.options_ok_count)
		set_up(target, true, "OPTIONS answered");
	options_schedule(target, !target->up);
}

/* Any answer proves that somebody is there and reads; 408 is a proxy's word that nobody is, 503 one's own that calls
 * are of no use now; neither asks to be asked more often. */
static void options_cb(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg)
{
	struct sip_target *target = trans->user;

	switch (ind) {
	case SIP_TRANS_RESPONSE:
		if (msg->status < 200)
			return;
		sip_trans_detach(&target->options);
		if (msg->status == 408 || msg->status == 503)
			options_failed(target, msg->status == 408 ? "408 to OPTIONS" : "503 to OPTIONS", false);
		else if (msg->status >= 300 && target->peer->cfg.options_ok_only)
			options_failed(target, "OPTIONS refused", false);
		else
			options_answered(target);
		return;
	case SIP_TRANS_ERROR:
		options_failed(target, "address cannot be reached", true);
		return;
	default:
		options_failed(target, "OPTIONS not answered", true);
	}
}

static void put_options(struct sip_target *target, struct sip_buf *b, const struct sip_branch *branch, uint32_t cseq)
{
	char uri_mem[SIP_HOSTPORT_SIZE + 8], local_mem[SIP_HOSTPORT_SIZE + 8], ids[2 * SIP_TAG_LEN];
	struct sip *sip = target->peer->sip;
	struct sip_dialog_text text = {};
	struct sip_buf uri, local;
	struct sip_dialog d;
	char mem[512];

	sip_buf_init(&uri, uri_mem, sizeof(uri_mem));
	sip_put_lit(&uri, "<sip:");
	sip_put_z(&uri, target->hostport);
	sip_put_lit(&uri, ">");
	sip_buf_init(&local, local_mem, sizeof(local_mem));
	sip_put_lit(&local, "<sip:");
	sip_put_z(&local, target->local);
	sip_put_lit(&local, ">");
	sip_random_tag(sip, ids);
	sip_random_tag(sip, ids + SIP_TAG_LEN);

	text.parts[SIP_DLG_CALL_ID] = (struct sip_str){ ids, SIP_TAG_LEN };
	text.parts[SIP_DLG_LOCAL_TAG] = (struct sip_str){ ids + SIP_TAG_LEN, SIP_TAG_LEN };
	text.parts[SIP_DLG_LOCAL] = sip_str_span(local.start, local.p);
	text.parts[SIP_DLG_REMOTE] = sip_str_span(uri.start, uri.p);
	text.parts[SIP_DLG_TARGET] = sip_str_span(uri.start + 1, uri.p - 1);
	sip_dialog_init(&d, mem, sizeof(mem));
	OSMO_ASSERT(sip_dialog_set_all(&d, NULL, &text) == 0);
	sip_dialog_put_request(b, &d, &(struct sip_dialog_request){
		.method = SIP_OPTIONS, .cseq = cseq, .branch = branch,
		.via = target->dest.sock->ops->via, .sent_by = target->local, .alias = target->dest.sock->ops->secure,
	});
	sip_put_lit(b, "Accept: " SIP_ACCEPT "\r\n");
	sip_put_body(b, SIP_STR(""), SIP_STR(""));
}

static void options_send(void *data)
{
	struct sip_target *target = data;
	struct sip_peer *peer = target->peer;
	const struct sip_trans_user user = { options_cb, target, &target->options };
	struct sip_branch branch;
	struct sip_buf b;

	if (!target->dest.sock)
		return;		/* a listener starts it again */
	if (target->options) {
		sip_trans_end(target->options);
		options_failed(target, "OPTIONS not answered", true);
	}
	sip_buf_init(&b, peer->sip->tx, sizeof(peer->sip->tx));
	sip_branch_new(peer->sip, &branch);
	put_options(target, &b, &branch, 1);
	peer->stats.options_sent++;
	options_schedule(target, target->failed_in_a_row || !target->up);
	if (sip_trans_request(&target->dest, SIP_OPTIONS, 1, &branch, &b, &user) < 0)
		options_failed(target, "address cannot be reached", true);
}

/* With keep-alive, a target is down until it has answered: nobody is believed up unproven. */
static void options_restart(struct sip_target *target)
{
	unsigned int interval_s = target->peer->cfg.options_interval_s;
	bool anew = target->is_new;

	target->is_new = false;
	osmo_timer_del(&target->options_timer);
	if ((anew || !interval_s) && target->options)
		sip_trans_end(target->options);
	if (anew || !interval_s)
		target->failed_in_a_row = target->ok_in_a_row = 0;
	if (!interval_s) {
		set_up(target, true, "no keep-alive");
		return;
	}
	if (anew)
		set_up(target, false, "not proven yet");
	osmo_timer_schedule(&target->options_timer, 0, OPTIONS_FIRST_MS * 1000);
}

void sip_targets_restart(struct sip_peer *peer)
{
	unsigned int i;

	for (i = 0; i < peer->n_targets; i++)
		options_restart(peer->targets[i]);
}

/* ---- The list ---- */

static uint32_t hash_of(const struct sip *sip, const union sip_sockaddr *addr)
{
	if (addr->sa.sa_family == AF_INET6)
		return sip_hash(sip, 0, (struct sip_str){ (const char *)&addr->in6.sin6_addr, 16 });
	return sip_hash(sip, 0, (struct sip_str){ (const char *)&addr->in4.sin_addr, 4 });
}

static struct sip_target *find(const struct sip_peer *peer, enum sip_proto proto, const union sip_sockaddr *addr)
{
	unsigned int i;

	for (i = 0; i < peer->n_targets; i++) {
		if (peer->targets[i]->proto == proto && sip_sockaddr_same(&peer->targets[i]->dest.addr, addr))
			return peer->targets[i];
	}
	return NULL;
}

struct sip_target *sip_target_at(const struct sip_peer *peer, const struct sip_dest *dest)
{
	return find(peer, dest->sock->ops->proto, &dest->addr);
}

static void target_free(struct sip_target *target)
{
	osmo_timer_del(&target->options_timer);
	if (target->options)
		sip_trans_end(target->options);
	hash_del(&target->by_addr);
	talloc_free(target);
}

static struct sip_target *target_alloc(struct sip_peer *peer, enum sip_proto proto, const union sip_sockaddr *addr)
{
	struct sip_target *target = talloc_zero(peer, struct sip_target);

	target->peer = peer;
	target->proto = proto;
	target->dest.addr = *addr;
	target->is_new = true;
	target->up = !peer->cfg.options_interval_s;
	osmo_timer_setup(&target->options_timer, options_send, target);
	hash_add(peer->sip->peers_by_addr, &target->by_addr, hash_of(peer->sip, addr));
	sip_sockaddr_hostport_buf(target->hostport, addr);
	return target;
}

/* Our own side: the listener's address, or what the kernel takes for it where the listener is on all addresses. */
static void set_sock(struct sip_target *target)
{
	struct sip_sock *sock = sip_sock_for(target->peer->sip, target->proto, &target->dest.addr);

	if (sock != target->dest.sock)
		target->is_new = true;
	target->dest.sock = sock;
	if (sock)
		sip_sent_by_buf(target->local, &target->dest);
}

void sip_targets_set(struct sip_peer *peer, const struct sip_target_list *list)
{
	struct sip_target *all[SIP_PEER_TARGETS_MAX];
	unsigned int i, j, n = 0;

	for (i = 0; i < list->n; i++) {
		all[n] = find(peer, list->all[i].proto, &list->all[i].addr);
		for (j = 0; j < n && all[j] != all[n]; j++)
			;
		if (all[n] && j < n)
			continue;	/* twice in the list */
		if (!all[n])
			all[n] = target_alloc(peer, list->all[i].proto, &list->all[i].addr);
		all[n]->priority = list->all[i].priority;
		all[n]->weight = list->all[i].weight;
		all[n]->from_dns = list->all[i].from_dns;
		set_sock(all[n++]);
	}
	for (i = 0; i < peer->n_targets; i++) {
		for (j = 0; j < n && all[j] != peer->targets[i]; j++)
			;
		if (j == n)
			target_free(peer->targets[i]);
	}
	memcpy(peer->targets, all, n * sizeof(all[0]));
	peer->n_targets = n;
	for (i = 0; i < n; i++)
		all[i]->no = i;
	refresh(peer, n ? "targets have changed" : "no target");
	sip_targets_restart(peer);
}

void sip_targets_free(struct sip_peer *peer)
{
	while (peer->n_targets)
		target_free(peer->targets[--peer->n_targets]);
}

/* ---- Finding whose address it is ---- */

static unsigned int likeness(const struct sip_target *target, enum sip_proto proto, const union sip_sockaddr *src)
{
	if (!sip_sockaddr_same_host(&target->dest.addr, src) ||
	    (target->proto == SIP_PROTO_TLS && proto != SIP_PROTO_TLS))
		return 0;
	return 1 + 2 * (target->proto == proto) +
	       (sip_sockaddr_port(&target->dest.addr) == sip_sockaddr_port(src));
}

struct sip_peer *sip_peer_by_addr(struct sip *sip, enum sip_proto proto, const union sip_sockaddr *src)
{
	struct sip_target *target, *best = NULL;
	unsigned int n, most = 0;

	hash_for_each_possible(sip->peers_by_addr, target, by_addr, hash_of(sip, src)) {
		n = likeness(target, proto, src);
		if (n <= most)
			continue;
		most = n;
		best = target;
	}
	return best ? best->peer : NULL;
}

void sip_peer_for_each_target(const struct sip_peer *peer, sip_target_info_cb *cb, void *data)
{
	uint64_t now = sip_conn_now_ms();
	const struct sip_target *target;
	unsigned int i;

	for (i = 0; i < peer->n_targets; i++) {
		target = peer->targets[i];
		cb(&(struct sip_target_info){
			.hostport = target->hostport, .proto = target->proto, .priority = target->priority,
			.weight = target->weight, .up = target->up && target->dest.sock,
			.in_use = target->dest.sock && target->dest.sock == peer->dest.sock &&
				  sip_sockaddr_same(&target->dest.addr, &peer->dest.addr),
			.held_s = is_held(target, now) ? (target->held_until_ms - now + 999) / 1000 : 0,
			.from_dns = target->from_dns,
		}, data);
	}
}
