/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIP over UDP on the select loop (RFC 3261 18), with ICMP errors brought home to their transaction. */

#include <errno.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/errqueue.h>

#include "sip/sip_endpoint.h"

/* Datagrams taken in one turn of the select loop: others on the loop get theirs too */
#define RX_BATCH 32
/* Asked for; the kernel gives what net.core.rmem_max and wmem_max allow. A second of 1,000 calls is 3 MB. */
#define SOCKET_BUFFER (4 << 20)

/* Errors that say something of the address or the datagram; others (no buffer, interrupted …) are a lost datagram,
 * which retransmission mends. */
static bool is_lasting(int err)
{
	switch (err) {
	case ECONNREFUSED:
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EHOSTDOWN:
	case ENETDOWN:
	case EACCES:
	case EPERM:
	case EINVAL:
	case EMSGSIZE:
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
		return true;
	}
	return false;
}

/* What the kernel makes of an ICMP error ends a transaction: not that the path takes no datagram of this size in one
 * piece (EMSGSIZE), which the kernel heeds when it is sent again. */
static bool is_final(struct msghdr *mh)
{
	const struct sock_extended_err *err;
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(mh); c; c = CMSG_NXTHDR(mh, c)) {
		if (!(c->cmsg_level == SOL_IP && c->cmsg_type == IP_RECVERR) &&
		    !(c->cmsg_level == SOL_IPV6 && c->cmsg_type == IPV6_RECVERR))
			continue;
		err = (const struct sock_extended_err *)CMSG_DATA(c);
		return is_lasting(err->ee_errno) && err->ee_errno != EMSGSIZE;
	}
	return false;
}

/* Reads ICMP errors: the kernel gives back the beginning of the datagram that each is about. */
static void read_errors(struct sip_sock *sock)
{
	char quoted[2048], control[512];
	struct iovec iov = { .iov_base = quoted, .iov_len = sizeof(quoted) };
	ssize_t rc;
	int i;

	sock->errors = false;
	for (i = 0; i < RX_BATCH; i++) {
		struct msghdr mh = { .msg_iov = &iov, .msg_iovlen = 1,
				     .msg_control = control, .msg_controllen = sizeof(control) };

		rc = recvmsg(sock->ofd.fd, &mh, MSG_ERRQUEUE | MSG_DONTWAIT);
		if (rc < 0)
			return;
		if (is_final(&mh))
			sip_rx_error(sock, quoted, rc);
	}
}

static int udp_read(struct osmo_fd *ofd, unsigned int what)
{
	struct sip_sock *sock = ofd->data;
	struct sip *sip = sock->sip;
	union sip_sockaddr src;
	socklen_t len;
	ssize_t rc;
	int i;

	if (sock->errors)
		read_errors(sock);
	for (i = 0; i < RX_BATCH; i++) {
		len = sizeof(src);
		rc = recvfrom(ofd->fd, sip->rx, sizeof(sip->rx), MSG_DONTWAIT, &src.sa, &len);
		if (rc < 0)
			break;
		sip_rx(sock, &src, sip->rx, rc);
	}
	if (i == 0 || (i < RX_BATCH && errno != EAGAIN))
		read_errors(sock);
	return 0;
}

/* A pending ICMP error, of whatever datagram before, makes one sendto() fail that has nothing to do with it: hence the
 * second try. Its own turn comes in udp_read(), from the select loop. */
static int udp_send(const struct sip_dest *dest, const char *octets, size_t len)
{
	struct sip_sock *sock = sip_sock_root(dest->sock);
	const union sip_sockaddr *to = &dest->addr;
	ssize_t rc = 0;
	int tries;

	for (tries = 0; tries < 2; tries++) {
		rc = sendto(sock->ofd.fd, octets, len, MSG_DONTWAIT, &to->sa, sip_sockaddr_len(to));
		if (rc >= 0)
			return 0;
		if (errno == EAGAIN || errno == ENOBUFS)
			break;
		sock->errors = true;
	}
	if (is_lasting(errno))
		return -errno;
	sip_count(sock->sip, SIP_CTR_TX_DROPPED);
	return 0;
}

static int set_options(int fd, int family)
{
	int one = 1, size = SOCKET_BUFFER;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (family == AF_INET)
		return setsockopt(fd, IPPROTO_IP, IP_RECVERR, &one, sizeof(one));
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one)) < 0)
		return -1;
	return setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &one, sizeof(one));
}

static int udp_open(struct sip_sock *sock)
{
	int family = sock->local.sa.sa_family;
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int rc = 0;

	if (fd < 0)
		return -errno;
	if (set_options(fd, family) < 0 || bind(fd, &sock->local.sa, sip_sockaddr_len(&sock->local)) < 0) {
		rc = -errno;
		goto out;
	}
	osmo_fd_setup(&sock->ofd, fd, OSMO_FD_READ, udp_read, sock, 0);
	rc = osmo_fd_register(&sock->ofd);
out:
	if (rc < 0)
		close(fd);
	return rc;
}

static void udp_close(struct sip_sock *sock)
{
	osmo_fd_unregister(&sock->ofd);
	close(sock->ofd.fd);
	sock->ofd.fd = -1;
}

const struct sip_transport_ops sip_udp_ops = {
	.proto = SIP_PROTO_UDP,
	.via = "UDP",
	.uri_param = "",
	.reliable = false,
	.open = udp_open,
	.close = udp_close,
	.send = udp_send,
};
