/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIP over UDP on the select loop (RFC 3261 18), with ICMP errors brought home to their transaction. */

#define _GNU_SOURCE /* recvmmsg(), in6_pktinfo */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/errqueue.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_endpoint.h"

/* Datagrams taken in one turn of the select loop, by one system call: others on the loop get theirs too */
#define RX_BATCH 32
/* Answers to them that go out by one system call, and the size of such a one */
#define TX_BATCH 32
#define TX_SIZE 2048
/* Asked for; the kernel gives what net.core.rmem_max and wmem_max allow. A second of 1,000 calls is 3 MB. */
#define SOCKET_BUFFER (4 << 20)

union control {
	struct cmsghdr cmsg;
	char octets[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

/* Of one socket */
struct batch {
	bool reading;			/* several datagrams: what is sent meanwhile waits in tx */
	unsigned int n_tx;
	struct mmsghdr rx_hdrs[RX_BATCH], tx_hdrs[TX_BATCH];
	struct iovec rx_iov[RX_BATCH], tx_iov[TX_BATCH];
	union sip_sockaddr rx_addrs[RX_BATCH], tx_addrs[TX_BATCH];
	char rx_control[RX_BATCH][128] __attribute__((aligned(8)));
	union control tx_control[TX_BATCH];
	char tx[TX_BATCH * TX_SIZE];
	char rx[RX_BATCH * SIP_MSG_MAX];
};

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

/* ---- Sending ---- */

/* From the address that the other side knows us by, where the socket has several */
static void put_source(struct msghdr *mh, union control *control, const struct sip_sock *sock)
{
	bool v6 = sock->local.sa.sa_family == AF_INET6;
	struct in6_pktinfo info6 = { .ipi6_addr = sock->local.in6.sin6_addr };
	struct in_pktinfo info = { .ipi_spec_dst = sock->local.in4.sin_addr };
	struct cmsghdr *c = &control->cmsg;

	if (!sock->parent)
		return;
	*c = (struct cmsghdr){
		.cmsg_len = v6 ? CMSG_LEN(sizeof(info6)) : CMSG_LEN(sizeof(info)),
		.cmsg_level = v6 ? IPPROTO_IPV6 : IPPROTO_IP,
		.cmsg_type = v6 ? IPV6_PKTINFO : IP_PKTINFO,
	};
	memcpy(CMSG_DATA(c), v6 ? (void *)&info6 : &info, v6 ? sizeof(info6) : sizeof(info));
	mh->msg_control = control;
	mh->msg_controllen = v6 ? CMSG_SPACE(sizeof(info6)) : CMSG_SPACE(sizeof(info));
}

/* A pending ICMP error, of whatever datagram before, makes one send fail that has nothing to do with it: hence the
 * second try. Its own turn comes in udp_read(), from the select loop. */
static int send_one(struct sip_sock *root, const struct msghdr *mh)
{
	int tries;

	for (tries = 0; tries < 2; tries++) {
		if (sendmsg(root->ofd.fd, mh, MSG_DONTWAIT) >= 0)
			return 0;
		if (errno == EAGAIN || errno == ENOBUFS)
			break;
		root->errors = true;
	}
	if (is_lasting(errno))
		return -errno;
	sip_count(root->sip, SIP_CTR_TX_DROPPED);
	return 0;
}

/* Sends what has been put together while datagrams were read; who cannot be reached is told as by ICMP. */
static void flush(struct sip_sock *root)
{
	struct batch *batch = root->priv;
	unsigned int at = 0, n = batch->n_tx;
	const struct iovec *iov;
	int rc;

	/* what follows from an error is sent on its own */
	batch->n_tx = 0;
	while (at < n) {
		rc = sendmmsg(root->ofd.fd, batch->tx_hdrs + at, n - at, MSG_DONTWAIT);
		if (rc > 0) {
			at += rc;
			continue;
		}
		iov = batch->tx_hdrs[at].msg_hdr.msg_iov;
		if (send_one(root, &batch->tx_hdrs[at].msg_hdr) < 0)
			sip_rx_error(root, iov->iov_base, iov->iov_len);
		at++;
	}
}

static void put_in_batch(struct batch *batch, const struct sip_dest *dest, const char *octets, size_t len)
{
	unsigned int i = batch->n_tx++;

	batch->tx_addrs[i] = dest->addr;
	memcpy(batch->tx + i * TX_SIZE, octets, len);
	batch->tx_iov[i] = (struct iovec){ batch->tx + i * TX_SIZE, len };
	batch->tx_hdrs[i].msg_hdr = (struct msghdr){
		.msg_name = &batch->tx_addrs[i], .msg_namelen = sip_sockaddr_len(&dest->addr),
		.msg_iov = &batch->tx_iov[i], .msg_iovlen = 1,
	};
	put_source(&batch->tx_hdrs[i].msg_hdr, &batch->tx_control[i], dest->sock);
}

static int udp_send(const struct sip_dest *dest, const char *octets, size_t len)
{
	struct sip_sock *root = sip_sock_root(dest->sock);
	struct batch *batch = root->priv;
	struct iovec iov = { (void *)octets, len };
	union control control;
	struct msghdr mh = {
		.msg_name = (void *)&dest->addr, .msg_namelen = sip_sockaddr_len(&dest->addr),
		.msg_iov = &iov, .msg_iovlen = 1,
	};

	if (batch->reading && len <= TX_SIZE && batch->n_tx < TX_BATCH) {
		put_in_batch(batch, dest, octets, len);
		return 0;
	}
	put_source(&mh, &control, dest->sock);
	return send_one(root, &mh);
}

/* ---- Reading ---- */

/* Which of our addresses it came to; sock itself where that is clear or not told */
static struct sip_sock *came_to(struct sip_sock *sock, struct msghdr *mh)
{
	union sip_sockaddr local = { .sa.sa_family = sock->local.sa.sa_family };
	struct in6_pktinfo info6;
	struct in_pktinfo info;
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(mh); c; c = CMSG_NXTHDR(mh, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&info, CMSG_DATA(c), sizeof(info));
			local.in4.sin_addr = info.ipi_spec_dst;
			return sip_sock_at(sock, &local);
		}
		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&info6, CMSG_DATA(c), sizeof(info6));
			local.in6.sin6_addr = info6.ipi6_addr;
			return sip_sock_at(sock, &local);
		}
	}
	return sock;
}

static void prepare_rx(struct sip_sock *sock, struct batch *batch)
{
	int i;

	for (i = 0; i < RX_BATCH; i++) {
		batch->rx_iov[i] = (struct iovec){ batch->rx + i * SIP_MSG_MAX, SIP_MSG_MAX };
		batch->rx_hdrs[i].msg_hdr = (struct msghdr){
			.msg_name = &batch->rx_addrs[i], .msg_namelen = sizeof(batch->rx_addrs[i]),
			.msg_iov = &batch->rx_iov[i], .msg_iovlen = 1,
			.msg_control = sock->wildcard ? batch->rx_control[i] : NULL,
			.msg_controllen = sock->wildcard ? sizeof(batch->rx_control[i]) : 0,
		};
	}
}

static int udp_read(struct osmo_fd *ofd, unsigned int what)
{
	struct sip_sock *sock = ofd->data;
	struct batch *batch = sock->priv;
	struct mmsghdr *hdr;
	int n, i;

	if (sock->errors)
		read_errors(sock);
	prepare_rx(sock, batch);
	n = recvmmsg(ofd->fd, batch->rx_hdrs, RX_BATCH, MSG_DONTWAIT, NULL);
	batch->reading = n > 1;		/* answers to several go together */
	for (i = 0; i < n; i++) {
		hdr = &batch->rx_hdrs[i];
		sip_rx(sock->wildcard ? came_to(sock, &hdr->msg_hdr) : sock, &batch->rx_addrs[i],
		       batch->rx_iov[i].iov_base, hdr->msg_len);
	}
	batch->reading = false;
	flush(sock);
	if (n <= 0)
		read_errors(sock);
	return 0;
}

/* ---- Life ---- */

static int set_options(int fd, int family, bool wildcard)
{
	int one = 1, size = SOCKET_BUFFER;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (wildcard && family == AF_INET)
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof(one));
	if (family == AF_INET)
		return setsockopt(fd, IPPROTO_IP, IP_RECVERR, &one, sizeof(one));
	if (wildcard)
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof(one));
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
	if (set_options(fd, family, sock->wildcard) < 0 ||
	    bind(fd, &sock->local.sa, sip_sockaddr_len(&sock->local)) < 0) {
		rc = -errno;
		goto out;
	}
	osmo_fd_setup(&sock->ofd, fd, OSMO_FD_READ, udp_read, sock, 0);
	rc = osmo_fd_register(&sock->ofd);
out:
	if (rc < 0) {
		close(fd);
		return rc;
	}
	/* of rx only what is used takes memory: mostly a page a datagram */
	sock->priv = talloc_size(sock, sizeof(struct batch));
	talloc_set_name_const(sock->priv, "struct batch");
	((struct batch *)sock->priv)->n_tx = 0;
	((struct batch *)sock->priv)->reading = false;
	return 0;
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
