/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A library to preload into a program on libosmo-sigtran 1.x: what it believes to be an SCTP socket is a TCP one. */

/* For kernels without SCTP, and for tests. On the wire are the octets of "m3ua tcp" of libosmo-sigtran 2: xUA messages
 * one after the other, cut by the length in octets 4 to 7 of their common header (RFC 4666 3.1). What SCTP has and TCP
 * has not (several addresses, streams, the payload protocol) is answered with the first address, stream 1 and M3UA.
 * The programs in question have one thread; so has this. */

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/sctp.h>

#define MAX_FDS		65536	/* descriptors above are refused */
#define MAX_MSG		4096	/* libosmo-sigtran's own buffers are half of it */
#define XUA_HDR		8
#define M3UA_PPID	3
#define SEND_WAIT_MS	2000	/* for the rest of a message that went out in part */

/* One socket that its program takes for SCTP: what has been received of the next message. */
struct assoc {
	size_t have;
	uint8_t buf[MAX_MSG];
};

static struct assoc *assocs[MAX_FDS];

#define NEXT(name) \
	static __typeof__(&name) next; \
	if (!next) \
		next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static struct assoc *assoc_find(int fd)
{
	return fd >= 0 && fd < MAX_FDS ? assocs[fd] : NULL;
}

/* Takes a fresh TCP socket as an association; closes it where that is not possible. */
static int assoc_add(int fd)
{
	if (fd < 0)
		return fd;
	if (fd >= MAX_FDS) {
		close(fd);
		errno = EMFILE;
		return -1;
	}
	free(assocs[fd]);
	assocs[fd] = calloc(1, sizeof(*assocs[fd]));
	if (!assocs[fd]) {
		close(fd);
		errno = ENOMEM;
		return -1;
	}
	return fd;
}

int socket(int domain, int type, int protocol)
{
	NEXT(socket);
	if (protocol != IPPROTO_SCTP)
		return next(domain, type, protocol);
	return assoc_add(next(domain, (type & ~0xf) | SOCK_STREAM, IPPROTO_TCP));
}

int accept(int fd, struct sockaddr *addr, socklen_t *addr_len)
{
	NEXT(accept);
	int conn = next(fd, addr, addr_len);

	return assoc_find(fd) ? assoc_add(conn) : conn;
}

int close(int fd)
{
	NEXT(close);
	if (assoc_find(fd)) {
		free(assocs[fd]);
		assocs[fd] = NULL;
	}
	return next(fd);
}

int setsockopt(int fd, int level, int name, const void *val, socklen_t len)
{
	NEXT(setsockopt);
	if (level != IPPROTO_SCTP || !assoc_find(fd))
		return next(fd, level, name, val, len);
	if (name == SCTP_NODELAY)
		return next(fd, IPPROTO_TCP, TCP_NODELAY, val, len);
	return 0;	/* event subscriptions, numbers of streams */
}

int getsockopt(int fd, int level, int name, void *val, socklen_t *len)
{
	NEXT(getsockopt);
	if (level != IPPROTO_SCTP || !assoc_find(fd))
		return next(fd, level, name, val, len);
	if (name == SCTP_NODELAY)
		return next(fd, IPPROTO_TCP, TCP_NODELAY, val, len);
	if (name != SCTP_EVENTS) {
		errno = ENOPROTOOPT;
		return -1;
	}
	if (*len > sizeof(struct sctp_event_subscribe))
		*len = sizeof(struct sctp_event_subscribe);
	memset(val, 0, *len);
	return 0;
}

/* The first of the addresses, in the family of the socket: SCTP takes IPv4 addresses on an IPv6 socket as they are. */
static socklen_t first_addr(int fd, const struct sockaddr *addr, struct sockaddr_in6 *out)
{
	const struct sockaddr_in *in4 = (const struct sockaddr_in *)addr;
	socklen_t len = sizeof(int);
	int domain = AF_INET;

	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len);
	if (addr->sa_family == AF_INET6) {
		memcpy(out, addr, sizeof(*out));
		return sizeof(*out);
	}
	if (domain == AF_INET) {
		memcpy(out, addr, sizeof(*in4));
		return sizeof(*in4);
	}
	*out = (struct sockaddr_in6) { .sin6_family = AF_INET6, .sin6_port = in4->sin_port };
	out->sin6_addr.s6_addr[10] = out->sin6_addr.s6_addr[11] = 0xff;
	memcpy(&out->sin6_addr.s6_addr[12], &in4->sin_addr, sizeof(in4->sin_addr));
	return sizeof(*out);
}

int sctp_bindx(int fd, struct sockaddr *addrs, int count, int flags)
{
	struct sockaddr_in6 addr;

	if (count < 1 || flags != SCTP_BINDX_ADD_ADDR) {
		errno = EINVAL;
		return -1;
	}
	return bind(fd, (struct sockaddr *)&addr, first_addr(fd, addrs, &addr));
}

int sctp_connectx(int fd, struct sockaddr *addrs, int count, sctp_assoc_t *id)
{
	struct sockaddr_in6 addr;

	if (count < 1) {
		errno = EINVAL;
		return -1;
	}
	if (id)
		*id = 1;
	return connect(fd, (struct sockaddr *)&addr, first_addr(fd, addrs, &addr));
}

/* Sends a message whole or not at all; where neither succeeds the connection is of no more use. */
int sctp_send(int fd, const void *msg, size_t len, const struct sctp_sndrcvinfo *info, int flags)
{
	ssize_t rc = send(fd, msg, len, flags | MSG_NOSIGNAL);
	size_t sent = rc;

	(void)info;
	if (rc < 0)
		return -1;
	while (sent < len) {
		struct pollfd pfd = { .fd = fd, .events = POLLOUT };

		rc = -1;
		if (poll(&pfd, 1, SEND_WAIT_MS) == 1)
			rc = send(fd, (const uint8_t *)msg + sent, len - sent, flags | MSG_NOSIGNAL);
		if (rc < 0) {
			shutdown(fd, SHUT_RDWR);
			errno = EPIPE;
			return -1;
		}
		sent += rc;
	}
	return len;
}

/* Reads on until the message has length octets. Returns 1 when it has, 0 at the end, -1 with errno. */
static int assoc_read(int fd, struct assoc *assoc, size_t length)
{
	ssize_t rc;

	while (assoc->have < length) {
		rc = recv(fd, assoc->buf + assoc->have, length - assoc->have, MSG_DONTWAIT);
		if (rc <= 0)
			return rc;
		assoc->have += rc;
	}
	return 1;
}

/* Nothing to deliver yet. An error would end the association, but a notification without importance does not. */
static int nothing_yet(void *msg, size_t len, int *flags)
{
	struct sctp_paddr_change change = {
		.spc_type = SCTP_PEER_ADDR_CHANGE,
		.spc_length = sizeof(change),
		.spc_state = SCTP_ADDR_CONFIRMED,
	};

	if (len > sizeof(change))
		len = sizeof(change);
	memcpy(msg, &change, len);
	*flags = MSG_NOTIFICATION;
	return len;
}

int sctp_recvmsg(int fd, void *msg, size_t len, struct sockaddr *from, socklen_t *from_len,
		 struct sctp_sndrcvinfo *info, int *flags)
{
	struct assoc *assoc = assoc_find(fd);
	uint32_t length;
	int rc;

	(void)from, (void)from_len;
	if (!assoc) {
		errno = ENOTSOCK;
		return -1;
	}
	rc = assoc_read(fd, assoc, XUA_HDR);
	if (rc > 0) {
		memcpy(&length, assoc->buf + 4, sizeof(length));
		length = ntohl(length);
		if (length < XUA_HDR || length > sizeof(assoc->buf) || length > len) {
			errno = EMSGSIZE;	/* no way to find the next message */
			return -1;
		}
		rc = assoc_read(fd, assoc, length);
	}
	if (rc < 0 && (errno == EAGAIN || errno == EINTR))
		return nothing_yet(msg, len, flags);
	if (rc <= 0)
		return rc;

	memcpy(msg, assoc->buf, length);
	assoc->have = 0;
	*flags = MSG_EOR;
	if (info)
		*info = (struct sctp_sndrcvinfo) { .sinfo_stream = 1, .sinfo_ppid = htonl(M3UA_PPID) };
	return length;
}
