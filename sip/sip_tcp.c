/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIP over TCP: what connections (sip_conn.c) leave to it. */

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "sip/sip_conn.h"

/* A host that is gone without a word is noticed by the kernel: seconds of silence until it asks, and between two
 * questions; how many; milliseconds that what was sent may go unacknowledged (RFC 5482) */
#define KEEPALIVE_IDLE_S 60
#define KEEPALIVE_INTERVAL_S 10
#define KEEPALIVE_COUNT 3
#define UNACKED_MS 30000

void sip_tcp_set_options(int fd)
{
	static const struct { int name, value; } options[] = {
		{ TCP_NODELAY, 1 },
		{ TCP_KEEPIDLE, KEEPALIVE_IDLE_S },
		{ TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S },
		{ TCP_KEEPCNT, KEEPALIVE_COUNT },
		{ TCP_USER_TIMEOUT, UNACKED_MS },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		setsockopt(fd, IPPROTO_TCP, options[i].name, &options[i].value, sizeof(options[i].value));
}

static ssize_t tcp_read(struct sip_conn *conn, void *mem, size_t size)
{
	ssize_t rc = recv(conn->ofd.fd, mem, size, MSG_DONTWAIT);

	if (rc < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	return rc;
}

static ssize_t tcp_write(struct sip_conn *conn, const void *mem, size_t len)
{
	ssize_t rc = send(conn->ofd.fd, mem, len, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (rc < 0)
		return errno == EINTR || errno == ENOBUFS ? -EAGAIN : -errno;
	return rc;
}

static void tcp_shut(struct sip_conn *conn)
{
	shutdown(conn->ofd.fd, SHUT_WR);
}

static const struct sip_conn_ops conn_ops = {
	.protocol = IPPROTO_TCP,
	.set_options = sip_tcp_set_options,
	.read = tcp_read,
	.write = tcp_write,
	.shut = tcp_shut,
};

const struct sip_transport_ops sip_tcp_ops = {
	.proto = SIP_PROTO_TCP,
	.via = "TCP",
	.uri_param = ";transport=tcp",
	.reliable = true,
	.open = sip_conn_listen,
	.close = sip_conn_unlisten,
	.send = sip_conn_send,
	.conn = &conn_ops,
};
