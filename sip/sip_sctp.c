/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIP over SCTP (RFC 4168), one association a socket, where the kernel has it: what connections leave to it. */

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/sctp.h>

#include "sip/sip_conn.h"

/* RFC 4168 5.1: each message unordered, on stream 0, so that none waits for another one */
static void sctp_set_options(int fd)
{
	struct sctp_sndrcvinfo info = { .sinfo_stream = 0, .sinfo_flags = SCTP_UNORDERED };
	int one = 1;

	setsockopt(fd, IPPROTO_SCTP, SCTP_DEFAULT_SEND_PARAM, &info, sizeof(info));
	setsockopt(fd, IPPROTO_SCTP, SCTP_NODELAY, &one, sizeof(one));
}

static ssize_t sctp_read(struct sip_conn *conn, void *mem, size_t size)
{
	ssize_t rc = recv(conn->ofd.fd, mem, size, MSG_DONTWAIT);

	return rc < 0 ? -errno : rc;
}

/* All of a message, or nothing */
static ssize_t sctp_write(struct sip_conn *conn, const void *mem, size_t len)
{
	ssize_t rc = send(conn->ofd.fd, mem, len, MSG_DONTWAIT | MSG_NOSIGNAL);

	return rc < 0 ? -errno : rc;
}

static void sctp_shut(struct sip_conn *conn)
{
	shutdown(conn->ofd.fd, SHUT_WR);
}

static const struct sip_conn_ops conn_ops = {
	.protocol = IPPROTO_SCTP,
	.whole_messages = true,
	.set_options = sctp_set_options,
	.read = sctp_read,
	.write = sctp_write,
	.shut = sctp_shut,
};

const struct sip_transport_ops sip_sctp_ops = {
	.proto = SIP_PROTO_SCTP,
	.via = "SCTP",
	.uri_param = ";transport=sctp",
	.reliable = true,
	.open = sip_conn_listen,
	.close = sip_conn_unlisten,
	.send = sip_conn_send,
	.conn = &conn_ops,
};
