/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listeners, choice of socket, addresses, and where answers go (RFC 3261 18). */

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip/sip_call.h"
#include "sip/sip_endpoint.h"
#include "sip/sip_peer.h"
#include "sip/sip_trans.h"
#include "sip/sip_transport.h"

static const struct sip_transport_ops *const transports[] = {
	[SIP_PROTO_UDP] = &sip_udp_ops,
	[SIP_PROTO_TCP] = &sip_tcp_ops,
	[SIP_PROTO_TLS] = &sip_tls_ops,
	[SIP_PROTO_SCTP] = &sip_sctp_ops,
};

/* Addresses of a listener on all addresses that have children: of 127.0.0.0/8 there are more than of interfaces */
#define CHILDREN_MAX 256

/* ---- Addresses ---- */

socklen_t sip_sockaddr_len(const union sip_sockaddr *sa)
{
	return sa->sa.sa_family == AF_INET6 ? sizeof(sa->in6) : sizeof(sa->in4);
}

uint16_t sip_sockaddr_port(const union sip_sockaddr *sa)
{
	return ntohs(sa->sa.sa_family == AF_INET6 ? sa->in6.sin6_port : sa->in4.sin_port);
}

void sip_sockaddr_set_port(union sip_sockaddr *sa, uint16_t port)
{
	if (sa->sa.sa_family == AF_INET6)
		sa->in6.sin6_port = htons(port);
	else
		sa->in4.sin_port = htons(port);
}

bool sip_sockaddr_same_host(const union sip_sockaddr *a, const union sip_sockaddr *b)
{
	if (a->sa.sa_family != b->sa.sa_family)
		return false;
	if (a->sa.sa_family == AF_INET6)
		return !memcmp(&a->in6.sin6_addr, &b->in6.sin6_addr, sizeof(a->in6.sin6_addr));
	return a->in4.sin_addr.s_addr == b->in4.sin_addr.s_addr;
}

bool sip_sockaddr_same(const union sip_sockaddr *a, const union sip_sockaddr *b)
{
	return sip_sockaddr_same_host(a, b) && sip_sockaddr_port(a) == sip_sockaddr_port(b);
}

static bool is_wildcard(const union sip_sockaddr *sa)
{
	if (sa->sa.sa_family == AF_INET6)
		return IN6_IS_ADDR_UNSPECIFIED(&sa->in6.sin6_addr);
	return sa->in4.sin_addr.s_addr == htonl(INADDR_ANY);
}

int sip_sockaddr_from_osmo(union sip_sockaddr *sa, const struct osmo_sockaddr *osa)
{
	memset(sa, 0, sizeof(*sa));
	switch (osa->u.sa.sa_family) {
	case AF_INET:
		sa->in4 = osa->u.sin;
		return 0;
	case AF_INET6:
		sa->in6 = osa->u.sin6;
		return 0;
	}
	return -EAFNOSUPPORT;
}

int sip_sockaddr_from_host(union sip_sockaddr *sa, struct sip_str host, bool is_ipv6, uint16_t port)
{
	char buf[INET6_ADDRSTRLEN];
	void *addr = is_ipv6 ? (void *)&sa->in6.sin6_addr : &sa->in4.sin_addr;

	if (host.len >= sizeof(buf) || !host.len)
		return -EINVAL;
	memcpy(buf, host.p, host.len);
	buf[host.len] = '\0';
	memset(sa, 0, sizeof(*sa));
	sa->sa.sa_family = is_ipv6 ? AF_INET6 : AF_INET;
	if (inet_pton(sa->sa.sa_family, buf, addr) != 1)
		return -EINVAL;
	sip_sockaddr_set_port(sa, port);
	return 0;
}

/* inet_ntop() takes some 1,700 instructions, for each message */
static size_t ip4_buf(char *buf, const struct in_addr *addr)
{
	const uint8_t *octets = (const uint8_t *)addr;
	struct sip_buf b;

	sip_buf_init(&b, buf, INET_ADDRSTRLEN - 1);
	for (unsigned int i = 0; i < 4; i++) {
		if (i)
			sip_put_char(&b, '.');
		sip_put_uint(&b, octets[i]);
	}
	*b.p = '\0';
	return b.p - buf;
}

size_t sip_sockaddr_host_buf(char *buf, const union sip_sockaddr *sa, bool brackets)
{
	char host[INET6_ADDRSTRLEN];

	if (sa->sa.sa_family == AF_INET)
		return ip4_buf(buf, &sa->in4.sin_addr);
	inet_ntop(AF_INET6, &sa->in6.sin6_addr, host, sizeof(host));
	return snprintf(buf, SIP_HOSTPORT_SIZE, "%s%s%s", brackets ? "[" : "", host, brackets ? "]" : "");
}

void sip_sockaddr_hostport_buf(char *buf, const union sip_sockaddr *sa)
{
	size_t n = sip_sockaddr_host_buf(buf, sa, true);
	uint16_t port = sip_sockaddr_port(sa);

	if (port && port != SIP_PORT)
		snprintf(buf + n, SIP_HOSTPORT_SIZE - n, ":%u", port);
}

/* 18.1.1, 19.1.2 */
void sip_transport_hostport_buf(char *buf, const struct sip_transport_ops *ops, const union sip_sockaddr *sa)
{
	size_t n;

	sip_sockaddr_hostport_buf(buf, sa);
	if (!ops->secure || sip_sockaddr_port(sa) != SIP_PORT)
		return;
	n = strlen(buf);
	snprintf(buf + n, SIP_HOSTPORT_SIZE - n, ":%u", SIP_PORT);
}

/* ---- Choice of a socket ---- */

/* A connected UDP socket has the source address that the kernel would use; nothing is sent. */
int sip_local_towards(const union sip_sockaddr *to, union sip_sockaddr *local)
{
	union sip_sockaddr remote = *to;
	socklen_t len = sizeof(*local);
	int rc = 0;
	int fd = socket(to->sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (!sip_sockaddr_port(&remote))
		sip_sockaddr_set_port(&remote, SIP_PORT);
	if (connect(fd, &remote.sa, sip_sockaddr_len(&remote)) < 0 || getsockname(fd, &local->sa, &len) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

void sip_sent_by_buf(char *buf, const struct sip_dest *dest)
{
	union sip_sockaddr local = dest->sock->local;

	if (dest->sock->wildcard && sip_local_towards(&dest->addr, &local) == 0)
		sip_sockaddr_set_port(&local, sip_sockaddr_port(&dest->sock->local));
	sip_transport_hostport_buf(buf, dest->sock->ops, &local);
}

struct sip_sock *sip_sock_for(struct sip *sip, enum sip_proto proto, const union sip_sockaddr *to)
{
	struct sip_sock *sock, *first = NULL, *wildcard = NULL;
	union sip_sockaddr local;
	int rc = sip_local_towards(to, &local);

	llist_for_each_entry(sock, &sip->socks, entry) {
		if (sock->ops->proto != proto || sock->local.sa.sa_family != to->sa.sa_family)
			continue;
		if (rc == 0 && sip_sockaddr_same_host(&sock->local, &local))
			return sock;
		if (!first)
			first = sock;
		if (!wildcard && sock->wildcard)
			wildcard = sock;
	}
	return wildcard ? wildcard : first;
}

/* ---- Listeners ---- */

static struct sip_sock *sock_find(struct sip *sip, enum sip_proto proto, const union sip_sockaddr *local)
{
	struct sip_sock *sock;

	llist_for_each_entry(sock, &sip->socks, entry) {
		if (sock->ops->proto == proto && sip_sockaddr_same_host(&sock->local, local) &&
		    sip_sockaddr_port(&sock->local) == sip_sockaddr_port(local))
			return sock;
	}
	return NULL;
}

struct sip_sock *sip_sock_at(struct sip_sock *sock, const union sip_sockaddr *local)
{
	struct sip_sock *child;

	if (!sock->wildcard)
		return sock;
	for (child = sock->first_child; child; child = child->next_child) {
		if (sip_sockaddr_same_host(&child->local, local))
			return child;
	}
	if (sock->n_children >= CHILDREN_MAX)
		return sock;
	child = talloc_zero(sock, struct sip_sock);
	*child = (struct sip_sock){ .sip = sock->sip, .ops = sock->ops, .local = *local, .parent = sock,
				    .next_child = sock->first_child, .ofd = { .fd = -1 } };
	sip_sockaddr_set_port(&child->local, sip_sockaddr_port(&sock->local));
	sip_transport_hostport_buf(child->hostport, child->ops, &child->local);
	sock->first_child = child;
	sock->n_children++;
	return child;
}

int sip_listen(struct sip *sip, enum sip_proto proto, const struct osmo_sockaddr *addr)
{
	union sip_sockaddr local;
	struct sip_sock *sock;
	int rc;

	if (proto >= ARRAY_SIZE(transports) || !transports[proto])
		return -EPROTONOSUPPORT;
	rc = sip_sockaddr_from_osmo(&local, addr);
	if (rc < 0)
		return rc;
	if (sock_find(sip, proto, &local))
		return -EEXIST;

	sock = talloc_zero(sip, struct sip_sock);
	*sock = (struct sip_sock){ .sip = sip, .ops = transports[proto], .local = local,
				   .wildcard = is_wildcard(&local) };
	sip_transport_hostport_buf(sock->hostport, sock->ops, &local);
	rc = sock->ops->open(sock);
	if (rc < 0) {
		LOGP(DSIPTP, LOGL_ERROR, "cannot listen on %s %s: %s\n", sock->ops->via, sock->hostport, strerror(-rc));
		talloc_free(sock);
		return rc;
	}
	llist_add_tail(&sock->entry, &sip->socks);
	sip_peers_update(sip);
	LOGP(DSIPTP, LOGL_NOTICE, "listening on %s %s\n", sock->ops->via, sock->hostport);
	return 0;
}

int sip_unlisten(struct sip *sip, enum sip_proto proto, const struct osmo_sockaddr *addr)
{
	union sip_sockaddr local;
	struct sip_sock *sock;
	int rc;

	rc = sip_sockaddr_from_osmo(&local, addr);
	if (rc < 0)
		return rc;
	sock = sock_find(sip, proto, &local);
	if (!sock)
		return -ENOENT;
	/* first nobody may choose it any more, then those that use it end */
	llist_del(&sock->entry);
	sip_peers_update(sip);
	sip_calls_forget_sock(sip, sock);
	sip_trans_end_all(sip, sock, false);
	/* those that a user has made when he was told, by a CANCEL that goes the way of its INVITE */
	sip_trans_end_all(sip, sock, true);
	sock->ops->close(sock);
	LOGP(DSIPTP, LOGL_NOTICE, "no longer listening on %s %s\n", sock->ops->via, sock->hostport);
	talloc_free(sock);
	return 0;
}

/* ---- Sending ---- */

void sip_log_message(const char *direction, const union sip_sockaddr *addr, const char *octets, size_t len)
{
	char host[SIP_HOSTPORT_SIZE];
	const char *end;

	if (!log_check_level(DSIPTP, LOGL_DEBUG))
		return;
	end = memchr(octets, '\r', len);
	sip_sockaddr_hostport_buf(host, addr);
	LOGP(DSIPTP, LOGL_DEBUG, "%s %s: %s\n", direction, host,
	     osmo_escape_str_c(OTC_SELECT, octets, end ? end - octets : (int)len));
}

int sip_send(const struct sip_dest *dest, const char *octets, size_t len)
{
	struct sip_sock *sock = dest->sock;
	char to[SIP_HOSTPORT_SIZE];
	int rc;

	sip_log_message("to", &dest->addr, octets, len);
	rc = sock->ops->send(dest, octets, len);
	if (rc < 0) {
		sip_count(sock->sip, SIP_CTR_TX_ERROR);
		sip_sockaddr_hostport_buf(to, &dest->addr);
		LOGP(DSIPTP, LOGL_INFO, "cannot send to %s: %s\n", to, strerror(-rc));
	}
	return rc;
}

/* RFC 3261 18.2.2 and RFC 3581 4. The address is always the one the request came from, which is what received= says;
 * maddr is for multicast, which is not served, and would let a request point its answer at somebody else. */
void sip_response_dest(struct sip_dest *dest, struct sip_sock *sock, const union sip_sockaddr *src,
		       const struct sip_via *via)
{
	uint16_t port = via->port ? via->port : sock->ops->secure ? SIPS_PORT : SIP_PORT;

	*dest = (struct sip_dest){ .sock = sock, .addr = *src };
	if (sock->ops->reliable)
		dest->new_port = port;
	else if (!via->has_rport)
		sip_sockaddr_set_port(&dest->addr, port);
}
