/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections of TCP, TLS and SCTP: listeners, the table they are found in, limits, deadlines, the end. */

#define _GNU_SOURCE /* accept4() */
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip/sip_conn.h"
#include "sip/sip_peer.h"
#include "sip/sip_trans.h"

/* Connections taken in one turn of the select loop */
#define ACCEPT_BATCH 16
#define BACKLOG 512
/* What a refused one has time for, to take its last answer and to see the end */
#define DRAIN_MS 2000
/* After a ping (RFC 5626 4.4.1) */
#define PONG_MS 10000
/* Without a file descriptor left, accept() is tried again so much later */
#define ACCEPT_AGAIN_MS 200

const struct value_string sip_conn_state_names[] = {
	{ SIP_CONN_CONNECTING, "connecting" },
	{ SIP_CONN_HANDSHAKE, "handshake" },
	{ SIP_CONN_UP, "up" },
	{ SIP_CONN_DRAIN, "refused" },
	{ SIP_CONN_CLOSED, "closed" },
	{ 0, NULL }
};

static const struct sip_conn_cfg default_cfg = {
	.max = 4096,
	.max_per_source = 32,
	.connect_timeout_s = 5,
	.message_timeout_s = 10,
	.idle_timeout_s = 1800,
	.write_queue = 262144,
	.messages_per_s = 100,
};

uint64_t sip_conn_now_ms(void)
{
	struct timespec now;

	osmo_clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

/* ---- The table ---- */

static struct sip_str host_octets(const union sip_sockaddr *addr)
{
	if (addr->sa.sa_family == AF_INET6)
		return (struct sip_str){ (const char *)&addr->in6.sin6_addr, 16 };
	return (struct sip_str){ (const char *)&addr->in4.sin_addr, 4 };
}

static uint32_t hash_of(const struct sip *sip, const union sip_sockaddr *addr)
{
	return sip_hash(sip, sip_sockaddr_port(addr), host_octets(addr));
}

static void hash_conn(struct sip_conn *conn)
{
	struct sip *sip = conn->sock->sip;

	hash_add(sip->conns->by_addr, &conn->by_addr, hash_of(sip, &conn->remote));
	hash_add(sip->conns->by_host, &conn->by_host, (uint32_t)sip_hash(sip, 0, host_octets(&conn->remote)));
}

void sip_conn_unhash(struct sip_conn *conn)
{
	hash_del(&conn->by_addr);
	hash_del(&conn->by_alias);
}

struct sip_conn *sip_conn_find(struct sip_sock *sock, const union sip_sockaddr *addr)
{
	const struct sip_sock *root = sip_sock_root(sock);
	struct sip_conns *conns = sock->sip->conns;
	uint32_t hash = hash_of(sock->sip, addr);
	struct sip_conn *conn;

	hash_for_each_possible(conns->by_addr, conn, by_addr, hash) {
		if (sip_sock_root(conn->sock) == root && sip_sockaddr_same(&conn->remote, addr))
			return conn;
	}
	hash_for_each_possible(conns->by_alias, conn, by_alias, hash) {
		if (sip_sock_root(conn->sock) == root && sip_sockaddr_same(&conn->alias, addr))
			return conn;
	}
	return NULL;
}

/* RFC 5923 5, 8: only where the other side has proven who it is; a TCP connection could be anybody's. The latest one
 * is taken. */
void sip_conn_alias(struct sip_sock *sock, const union sip_sockaddr *src, const struct sip_msg *msg)
{
	struct sip_conn *conn;
	struct sip *sip = sock->sip;

	if (!sip_param(msg->via.params, "alias", NULL))
		return;
	conn = sip_conn_find(sock, src);
	if (!conn || !conn->incoming || !conn->identity)
		return;
	conn->alias = conn->remote;
	sip_sockaddr_set_port(&conn->alias, msg->via.port ? msg->via.port : SIPS_PORT);
	hash_del(&conn->by_alias);
	hash_add(sip->conns->by_alias, &conn->by_alias, hash_of(sip, &conn->alias));
}

/* ---- Deadlines ---- */

static uint64_t nearer(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* When something has to be done about it if nothing happens */
static uint64_t deadline_of(const struct sip_conn *conn)
{
	const struct sip_conn_cfg *cfg = &conn->sock->sip->conns->cfg;
	uint64_t ms = conn->active_ms + cfg->idle_timeout_s * 1000ULL;

	if (conn->broken)
		return 0;
	if (conn->state == SIP_CONN_DRAIN)
		return conn->part_ms + DRAIN_MS;
	if (conn->state != SIP_CONN_UP)
		return conn->began_ms + cfg->connect_timeout_s * 1000ULL;
	if (conn->in_len || (conn->incoming && !conn->spoke))
		ms = nearer(ms, conn->part_ms + cfg->message_timeout_s * 1000ULL);
	if (conn->out_len)
		ms = nearer(ms, conn->written_ms + cfg->message_timeout_s * 1000ULL);
	if (cfg->keepalive_s && !conn->incoming)
		ms = nearer(ms, conn->rx_ms + cfg->keepalive_s * 1000ULL + (conn->pinged ? PONG_MS : 0));
	return ms;
}

void sip_conn_arm(struct sip_conn *conn)
{
	uint64_t at = deadline_of(conn), now;

	if (at >= conn->armed_ms)
		return;
	conn->armed_ms = at;
	now = sip_conn_now_ms();
	at = at > now ? at - now : 0;
	osmo_timer_schedule(&conn->timer, at / 1000, at % 1000 * 1000);
}

static void too_late(struct sip_conn *conn, uint64_t now)
{
	const struct sip_conn_cfg *cfg = &conn->sock->sip->conns->cfg;

	if (conn->broken)
		sip_conn_close(conn, SIP_CTR_CONN_FAILED, strerror(-conn->broken));
	else if (conn->state == SIP_CONN_DRAIN)
		sip_conn_close(conn, -1, NULL);
	else if (conn->state != SIP_CONN_UP)
		sip_conn_close(conn, SIP_CTR_CONN_TIMEOUT, "not up in time");
	else if (conn->out_len && now >= conn->written_ms + cfg->message_timeout_s * 1000ULL)
		sip_conn_close(conn, SIP_CTR_CONN_TIMEOUT, "it takes nothing any more");
	else if (conn->in_len)
		sip_conn_close(conn, SIP_CTR_CONN_TIMEOUT, "half a message");
	else if (conn->incoming && !conn->spoke)
		sip_conn_close(conn, SIP_CTR_CONN_TIMEOUT, "no message");
	else if (conn->pinged)
		sip_conn_close(conn, SIP_CTR_CONN_TIMEOUT, "ping not answered");
	else
		sip_conn_close(conn, -1, "idle");
}

static void timer_cb(void *data)
{
	struct sip_conn *conn = data;
	const struct sip_conn_cfg *cfg = &conn->sock->sip->conns->cfg;
	uint64_t now = sip_conn_now_ms();

	conn->armed_ms = UINT64_MAX;
	if (conn->state == SIP_CONN_UP && !conn->broken && cfg->keepalive_s && !conn->incoming && !conn->pinged &&
	    now >= conn->rx_ms + cfg->keepalive_s * 1000ULL) {
		conn->pinged = true;
		sip_conn_write(conn, "\r\n\r\n", 4);
	}
	if (now >= deadline_of(conn))
		too_late(conn, now);
	else
		sip_conn_arm(conn);
}

/* ---- Life ---- */

static struct sip_conn *conn_alloc(struct sip_sock *sock, const union sip_sockaddr *remote, int fd, bool incoming)
{
	struct sip_conns *conns = sock->sip->conns;
	struct sip_conn *conn = talloc_zero(conns, struct sip_conn);
	int one = 1;

	conn->sock = sock;
	conn->ops = sock->ops->conn;
	conn->remote = *remote;
	conn->incoming = incoming;
	conn->is_peers = !incoming || sip_peer_by_addr(sock->sip, sock->ops->proto, remote);
	conn->armed_ms = UINT64_MAX;
	conn->began_ms = conn->active_ms = conn->rx_ms = conn->part_ms = conn->written_ms = sip_conn_now_ms();
	INIT_LLIST_HEAD(&conn->out);
	INIT_HLIST_NODE(&conn->by_alias);
	osmo_timer_setup(&conn->timer, timer_cb, conn);
	osmo_fd_setup(&conn->ofd, fd, 0, sip_conn_fd_cb, conn, 0);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	if (conn->ops->set_options)
		conn->ops->set_options(fd);
	llist_add_tail(&conn->entry, &conns->all);
	hash_conn(conn);
	conns->n++;
	conns->n_strangers += !conn->is_peers;
	return conn;
}

void sip_conn_free(struct sip_conn *conn)
{
	if (conn->ops->stop)
		conn->ops->stop(conn);
	if (conn->ofd.fd >= 0)
		close(conn->ofd.fd);
	talloc_free(conn);
}

void sip_conn_log_end(const struct sip_conn *conn, const char *why, bool failed)
{
	char remote[SIP_HOSTPORT_SIZE];

	sip_sockaddr_hostport_buf(remote, &conn->remote);
	/* who is no peer of ours shall not fill the log */
	LOGP(DSIPTP, failed && conn->is_peers ? LOGL_NOTICE : LOGL_INFO, "%s connection %s %s ends: %s\n",
	     conn->sock->ops->via, conn->incoming ? "from" : "to", remote, why);
}

/* Nothing is found by it any more, and nothing comes any more. */
static void unlink_conn(struct sip_conn *conn)
{
	struct sip_conns *conns = conn->sock->sip->conns;

	conn->state = SIP_CONN_CLOSED;
	sip_conn_unhash(conn);
	hash_del(&conn->by_host);
	llist_del(&conn->entry);
	conns->n--;
	conns->n_strangers -= !conn->is_peers;
	osmo_timer_del(&conn->timer);
	osmo_fd_unregister(&conn->ofd);
}

/* RFC 3261 18.4: those whose request has not had any answer cannot count on one. */
void sip_conn_close(struct sip_conn *conn, int ctr, const char *why)
{
	if (conn->state == SIP_CONN_CLOSED)
		return;
	if (why)
		sip_conn_log_end(conn, why, ctr >= 0);
	if (ctr >= 0)
		sip_count(conn->sock->sip, ctr);
	unlink_conn(conn);
	sip_conn_give_up_queue(conn);
	if (conn->requests)
		sip_trans_conn_lost(conn->sock, &conn->remote);
	if (!conn->busy)
		sip_conn_free(conn);
}

/* ---- Incoming ---- */

static unsigned int count_source(struct sip *sip, const union sip_sockaddr *remote)
{
	struct sip_conn *conn;
	unsigned int n = 0;

	hash_for_each_possible(sip->conns->by_host, conn, by_host, (uint32_t)sip_hash(sip, 0, host_octets(remote)))
		n += sip_sockaddr_same_host(&conn->remote, remote);
	return n;
}

/* Peers may have what there is; others half of it, and not much from one place. */
static bool has_room(struct sip_sock *sock, const union sip_sockaddr *remote)
{
	struct sip_conns *conns = sock->sip->conns;

	if (conns->n >= conns->cfg.max)
		return false;
	if (sip_peer_by_addr(sock->sip, sock->ops->proto, remote))
		return true;
	return conns->n_strangers < conns->cfg.max / 2 &&
	       count_source(sock->sip, remote) < conns->cfg.max_per_source;
}

static void take_connection(struct sip_sock *sock, int fd, const union sip_sockaddr *remote)
{
	struct sip *sip = sock->sip;
	union sip_sockaddr local;
	socklen_t len = sizeof(local);
	struct sip_conn *conn;
	char from[SIP_HOSTPORT_SIZE];

	if (!has_room(sock, remote)) {
		sip_count(sip, SIP_CTR_CONN_REFUSED);
		sip_sockaddr_hostport_buf(from, remote);
		LOGP(DSIPTP, LOGL_INFO, "%s connection from %s refused: too many\n", sock->ops->via, from);
		close(fd);
		return;
	}
	if (sock->wildcard && getsockname(fd, &local.sa, &len) == 0)
		sock = sip_sock_at(sock, &local);
	sip_count(sip, SIP_CTR_CONN_ACCEPTED);
	conn = conn_alloc(sock, remote, fd, true);
	if (osmo_fd_register(&conn->ofd) < 0) {
		unlink_conn(conn);
		sip_conn_free(conn);
		return;
	}
	sip_conn_connected(conn);
}

static void accept_again(void *data)
{
	struct sip *sip = data;
	struct sip_sock *sock;

	llist_for_each_entry(sock, &sip->socks, entry) {
		if (sock->ops->conn)
			osmo_fd_read_enable(&sock->ofd);
	}
}

static int accept_cb(struct osmo_fd *ofd, unsigned int what)
{
	struct sip_sock *sock = ofd->data;
	union sip_sockaddr remote;
	socklen_t len;
	int i, fd;

	for (i = 0; i < ACCEPT_BATCH; i++) {
		len = sizeof(remote);
		fd = accept4(ofd->fd, &remote.sa, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			take_connection(sock, fd, &remote);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
			LOGP(DSIPTP, LOGL_ERROR, "cannot take a connection: %s\n", strerror(errno));
			osmo_fd_read_disable(ofd);
			osmo_timer_schedule(&sock->sip->conns->accept_again, 0, ACCEPT_AGAIN_MS * 1000);
		}
		break;
	}
	return 0;
}

int sip_conn_listen(struct sip_sock *sock)
{
	int family = sock->local.sa.sa_family, one = 1, rc = 0;
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, sock->ops->conn->protocol);

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if ((family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one)) < 0) ||
	    bind(fd, &sock->local.sa, sip_sockaddr_len(&sock->local)) < 0 || listen(fd, BACKLOG) < 0) {
		rc = -errno;
		goto out;
	}
	osmo_fd_setup(&sock->ofd, fd, OSMO_FD_READ, accept_cb, sock, 0);
	rc = osmo_fd_register(&sock->ofd);
out:
	if (rc < 0)
		close(fd);
	return rc;
}

/* Its transactions have ended already. */
void sip_conn_unlisten(struct sip_sock *sock)
{
	struct sip_conn *conn, *next;

	llist_for_each_entry_safe(conn, next, &sock->sip->conns->all, entry) {
		if (sip_sock_root(conn->sock) != sock)
			continue;
		unlink_conn(conn);
		sip_conn_free(conn);
	}
	osmo_fd_unregister(&sock->ofd);
	close(sock->ofd.fd);
	sock->ofd.fd = -1;
}

/* ---- Outgoing ---- */

/* From the listener's address, so that the other side knows whose it is; the port is the kernel's choice. */
static int open_socket(struct sip_sock *sock)
{
	union sip_sockaddr local = sock->local;
	int fd = socket(local.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, sock->ops->conn->protocol);
	int one = 1, rc;

	if (fd < 0 || sock->wildcard)
		return fd < 0 ? -errno : fd;
	if (sock->ops->conn->protocol == IPPROTO_TCP)
		setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	sip_sockaddr_set_port(&local, 0);
	if (bind(fd, &local.sa, sip_sockaddr_len(&local)) < 0) {
		rc = -errno;
		close(fd);
		return rc;
	}
	return fd;
}

static int open_connection(struct sip_sock *sock, const union sip_sockaddr *addr, struct sip_conn **conn)
{
	struct sip_conns *conns = sock->sip->conns;
	int fd, rc;

	if (conns->n >= conns->cfg.max)
		return -EUSERS;
	fd = open_socket(sock);
	if (fd < 0)
		return fd;
	rc = connect(fd, &addr->sa, sip_sockaddr_len(addr)) < 0 ? -errno : 0;
	if (rc < 0 && rc != -EINPROGRESS) {
		sip_count(sock->sip, SIP_CTR_CONN_FAILED);
		close(fd);
		return rc;
	}
	*conn = conn_alloc(sock, addr, fd, false);
	sip_count(sock->sip, SIP_CTR_CONN_OPENED);
	rc = osmo_fd_register(&(*conn)->ofd);
	if (rc < 0) {
		unlink_conn(*conn);
		sip_conn_free(*conn);
		return rc;
	}
	/* also where it is up already: that is the select loop's to find */
	sip_conn_watch(*conn);
	sip_conn_arm(*conn);
	return 0;
}

/* RFC 3261 18.1.1, 18.2.2: a connection to there if there is one */
int sip_conn_send(const struct sip_dest *dest, const char *octets, size_t len)
{
	struct sip_conn *conn = sip_conn_find(dest->sock, &dest->addr);
	union sip_sockaddr addr = dest->addr;
	int rc;

	if (!conn && dest->new_port) {
		sip_sockaddr_set_port(&addr, dest->new_port);
		conn = sip_conn_find(dest->sock, &addr);
	}
	if (!conn) {
		rc = open_connection(dest->sock, &addr, &conn);
		if (rc < 0)
			return rc;
	}
	if (len > 4 && memcmp(octets, "SIP/", 4))
		conn->requests++;
	conn->tx_msgs++;
	return sip_conn_write(conn, octets, len);
}

void sip_conn_watch(struct sip_conn *conn)
{
	const struct sip_conn_cfg *cfg = &conn->sock->sip->conns->cfg;
	unsigned int when = 0;

	switch (conn->state) {
	case SIP_CONN_CONNECTING:
		when = OSMO_FD_WRITE;
		break;
	case SIP_CONN_HANDSHAKE:
		when = conn->wants_write ? OSMO_FD_WRITE : OSMO_FD_READ;
		break;
	case SIP_CONN_UP:
		/* who does not read his answers is not read either */
		if (conn->out_len <= cfg->write_queue / 4)
			when |= OSMO_FD_READ;
		if (conn->out_len || conn->wants_write)
			when |= OSMO_FD_WRITE;
		break;
	default:
		when = OSMO_FD_READ;
	}
	osmo_fd_update_when(&conn->ofd, 0, when);
}

/* ---- All of them ---- */

struct sip_conn_cfg *sip_conn_cfg(struct sip *sip)
{
	return &sip->conns->cfg;
}

unsigned int sip_conn_count(const struct sip *sip)
{
	return sip->conns->n;
}

void sip_conn_for_each(struct sip *sip, sip_conn_info_cb *cb, void *data)
{
	uint64_t now = sip_conn_now_ms();
	const struct sip_conn *conn;
	struct sip_conn_info info;

	llist_for_each_entry(conn, &sip->conns->all, entry) {
		info = (struct sip_conn_info){
			.proto = conn->sock->ops->proto, .state = conn->state, .incoming = conn->incoming,
			.peer = sip_peer_by_addr(sip, conn->sock->ops->proto, &conn->remote),
			.age_s = (now - conn->began_ms) / 1000, .idle_s = (now - conn->active_ms) / 1000,
			.rx_msgs = conn->rx_msgs, .tx_msgs = conn->tx_msgs, .waiting = conn->out_len,
		};
		sip_sockaddr_hostport_buf(info.remote, &conn->remote);
		osmo_strlcpy(info.local, conn->sock->hostport, sizeof(info.local));
		if (conn->ops->info)
			conn->ops->info(conn, info.security, sizeof(info.security));
		cb(&info, data);
	}
}

void sip_conns_init(struct sip *sip)
{
	sip->conns = talloc_zero(sip, struct sip_conns);
	sip->conns->cfg = default_cfg;
	INIT_LLIST_HEAD(&sip->conns->all);
	hash_init(sip->conns->by_addr);
	hash_init(sip->conns->by_host);
	hash_init(sip->conns->by_alias);
	osmo_timer_setup(&sip->conns->accept_again, accept_again, sip);
}

void sip_conns_end_all(struct sip *sip)
{
	struct sip_conn *conn, *next;

	osmo_timer_del(&sip->conns->accept_again);
	llist_for_each_entry_safe(conn, next, &sip->conns->all, entry) {
		unlink_conn(conn);
		sip_conn_free(conn);
	}
}
