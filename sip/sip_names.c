/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that a dialog leads to, in Contact and Route (RFC 3263): looked up ahead, for the requests that follow. */

#include <errno.h>
#include <string.h>
#include <strings.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_conn.h"
#include "sip/sip_dns.h"
#include "sip/sip_names.h"
#include "sip/sip_peer.h"
#include "sip/sip_resolve.h"
#include "sip/sip_tls.h"

/* So many at a time; the one that has led nowhere for longest goes first */
#define NAMES_MAX 64
/* Not asked for so long: not looked up again */
#define IDLE_MS 600000
#define SWEEP_S 60

struct name {
	struct llist_head entry;	/* of names->all, the one gone to last first */
	struct sip_resolve *res;
	uint64_t used_ms;
	enum sip_proto proto;
	uint16_t port;
	char host[];
};
struct sip_names {
	struct llist_head all;
	unsigned int n;
	struct osmo_timer_list timer;
};

static void forget(struct sip_names *names, struct name *name)
{
	sip_resolve_free(name->res);
	llist_del(&name->entry);
	names->n--;
	talloc_free(name);
}

static void sweep_cb(void *data)
{
	uint64_t now = sip_conn_now_ms();
	struct sip_names *names = data;
	struct name *name, *next;

	llist_for_each_entry_safe(name, next, &names->all, entry) {
		if (now - name->used_ms > IDLE_MS)
			forget(names, name);
	}
	if (names->n)
		osmo_timer_schedule(&names->timer, SWEEP_S, 0);
}

static void found_cb(void *data)
{
}

static struct sip_names *names_of(struct sip *sip)
{
	if (sip->names)
		return sip->names;
	sip->names = talloc_zero(sip, struct sip_names);
	INIT_LLIST_HEAD(&sip->names->all);
	osmo_timer_setup(&sip->names->timer, sweep_cb, sip->names);
	return sip->names;
}

static struct name *find(struct sip_names *names, struct sip_str host, uint16_t port, enum sip_proto proto)
{
	struct name *name;

	llist_for_each_entry(name, &names->all, entry) {
		if (name->port == port && name->proto == proto && sip_str_ieq(host, sip_str_from(name->host)))
			return name;
	}
	return NULL;
}

static void add(struct sip *sip, struct sip_str host, uint16_t port, enum sip_proto proto)
{
	struct sip_names *names = sip->names;
	struct name *name;

	if (names->n == NAMES_MAX)
		forget(names, llist_last_entry(&names->all, struct name, entry));
	name = talloc_zero_size(names, sizeof(*name) + host.len + 1);
	memcpy(name->host, host.p, host.len);
	name->port = port;
	name->proto = proto;
	name->used_ms = sip_conn_now_ms();
	name->res = sip_resolve_start(sip, &(struct sip_resolve_query){
		.domain = name->host, .port = port, .proto = proto, .cb = found_cb,
	});
	llist_add(&name->entry, &names->all);
	if (!names->n++)
		osmo_timer_schedule(&names->timer, SWEEP_S, 0);
}

/* A host name of RFC 3261 25.1 that is no address: its last label begins with a letter */
static bool is_name(struct sip_str host)
{
	const char *p = host.p + host.len;

	if (!host.len || host.len >= SIP_DNS_NAME_SIZE)
		return false;
	if (p[-1] == '.')
		p--;
	while (p > host.p && p[-1] != '.')
		p--;
	return p < host.p + host.len && ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z');
}

static bool is_reachable(const struct sip *sip, enum sip_proto proto, const union sip_sockaddr *addr)
{
	const struct sip_sock *sock;

	llist_for_each_entry(sock, &sip->socks, entry) {
		if (sock->ops->proto == proto && sock->local.sa.sa_family == addr->sa.sa_family)
			return true;
	}
	return false;
}

/* RFC 5922 7.3: DNS says where a name is, not who is there. A connection that was proven to be another name's takes no
 * requests of this one; one that is about to be is of the name asked for last. Of a peer the operator has said it. */
static bool is_proven(struct sip *sip, const struct name *name, const union sip_sockaddr *addr)
{
	const struct sip_conn *conn;
	struct sip_sock *sock;

	if (name->proto != SIP_PROTO_TLS || sip_peer_by_addr(sip, SIP_PROTO_TLS, addr))
		return true;
	llist_for_each_entry(sock, &sip->socks, entry) {
		conn = sock->ops->proto == SIP_PROTO_TLS ? sip_conn_find(sock, addr) : NULL;
		if (conn && conn->state == SIP_CONN_UP && !sip_tls_proves(conn, name->host))
			return false;
		if (conn && conn->state < SIP_CONN_UP &&
		    strcasecmp(sip_names_of(sip, SIP_PROTO_TLS, addr), name->host))
			return false;
	}
	return true;
}

int sip_names_find(struct sip *sip, struct sip_str host, uint16_t port, enum sip_proto proto,
		   union sip_sockaddr *addr)
{
	struct sip_target_list list = {};
	struct sip_names *names;
	struct name *name;
	unsigned int i;

	if (!is_name(host))
		return -EINVAL;
	names = names_of(sip);
	name = find(names, host, port, proto);
	if (!name) {
		add(sip, host, port, proto);
		return -EAGAIN;
	}
	name->used_ms = sip_conn_now_ms();
	sip_resolve_add_to(name->res, &list);
	for (i = 0; i < list.n; i++) {
		if (!is_reachable(sip, proto, &list.all[i].addr) || !is_proven(sip, name, &list.all[i].addr))
			continue;
		llist_move(&name->entry, &names->all);
		*addr = list.all[i].addr;
		return 0;
	}
	return -EAGAIN;
}

static bool leads_to(const struct name *name, enum sip_proto proto, const union sip_sockaddr *addr)
{
	struct sip_target_list list = {};
	unsigned int i;

	if (name->proto != proto)
		return false;
	sip_resolve_add_to(name->res, &list);
	for (i = 0; i < list.n; i++) {
		if (sip_sockaddr_same(&list.all[i].addr, addr))
			return true;
	}
	return false;
}

const char *sip_names_of(const struct sip *sip, enum sip_proto proto, const union sip_sockaddr *addr)
{
	const struct name *name;

	if (!sip->names)
		return NULL;
	llist_for_each_entry(name, &sip->names->all, entry) {
		if (leads_to(name, proto, addr))
			return name->host;
	}
	return NULL;
}

unsigned int sip_names_count(const struct sip *sip)
{
	return sip->names ? sip->names->n : 0;
}

void sip_names_end_all(struct sip *sip)
{
	struct sip_names *names = sip->names;

	while (names && names->n)
		forget(names, llist_first_entry(&names->all, struct name, entry));
	if (names)
		osmo_timer_del(&names->timer);
}
