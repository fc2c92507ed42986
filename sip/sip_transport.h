/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The seam between transactions and sockets: listeners, destinations, sending; sip_udp.c implements it. */
#pragma once

#include <netinet/in.h>
#include <stddef.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/select.h>
#include <osmocom/core/socket.h>

#include "sip/sip.h"

/* The largest message: more than a UDP datagram holds, and a length that 16 bits hold */
#define SIP_MSG_MAX UINT16_MAX

/* 28 octets, where struct osmo_sockaddr has 128: one stands in every transaction */
union sip_sockaddr {
	struct sockaddr sa;
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;
};

/* "192.0.2.1:65535" or "[2001:db8::…]:65535", or the host alone; zero terminated */
#define SIP_HOSTPORT_SIZE 56

struct sip_sock;

struct sip_dest;
struct sip_conn_ops;

struct sip_transport_ops {
	enum sip_proto proto;
	const char *via;		/* sent-protocol's last part: "UDP" */
	const char *uri_param;		/* ";transport=tcp": what a URI of ours needs; "" for UDP */
	bool reliable;			/* retransmission timers do not run */
	bool secure;			/* the default port is 5061 */
	int (*open)(struct sip_sock *sock);
	void (*close)(struct sip_sock *sock);
	/* 0, also where the octets were lost for a reason that passes; -errno where the address cannot be reached.
	 * What comes out later is told by sip_rx_error(). */
	int (*send)(const struct sip_dest *dest, const char *octets, size_t len);
	const struct sip_conn_ops *conn;	/* of streams (sip_conn.h) */
};
extern const struct sip_transport_ops sip_udp_ops, sip_tcp_ops, sip_tls_ops, sip_sctp_ops;

struct sip_sock {
	struct llist_head entry;	/* of sip->socks, in the order they were opened */
	struct sip *sip;
	const struct sip_transport_ops *ops;
	union sip_sockaddr local;
	bool wildcard;
	bool errors;			/* the kernel has ICMP errors for us */
	char hostport[SIP_HOSTPORT_SIZE];	/* of local, as in a URI */
	struct osmo_fd ofd;
	void *priv;			/* the transport's own */
	/* A listener on all addresses has one child for each of them that something came to: answers and the Contact
	 * are then of that address. Children are of the same fd, not in sip->socks, and end with their parent. */
	struct sip_sock *parent, *first_child, *next_child;
	unsigned int n_children;
};

/* The one that has the fd */
static inline struct sip_sock *sip_sock_root(struct sip_sock *sock)
{
	return sock->parent ? sock->parent : sock;
}
/* The child for this address of a listener on all addresses; sock itself where it is not such a one */
struct sip_sock *sip_sock_at(struct sip_sock *sock, const union sip_sockaddr *local);

/* Where a message goes, and from which socket */
struct sip_dest {
	struct sip_sock *sock;
	union sip_sockaddr addr;
	/* An answer over a stream: the port of a new connection, should the one of the request be gone; else 0 */
	uint16_t new_port;
};

/* Sends one message; counted by its kind elsewhere. 0 or -errno, see send above. */
int sip_send(const struct sip_dest *dest, const char *octets, size_t len);

/* Its start line, at LOGL_DEBUG */
void sip_log_message(const char *direction, const union sip_sockaddr *addr, const char *octets, size_t len);

/* RFC 3261 18.2.2, RFC 3581 4: where the answer to a request goes */
void sip_response_dest(struct sip_dest *dest, struct sip_sock *sock, const union sip_sockaddr *src,
		       const struct sip_via *via);

/* The listener that reaches this address best: the one on the address the kernel would choose, else one on all
 * addresses, else the first of the family. NULL if there is none of the family. */
struct sip_sock *sip_sock_for(struct sip *sip, enum sip_proto proto, const union sip_sockaddr *to);
/* Our own address as the kernel chooses it towards this one. */
int sip_local_towards(const union sip_sockaddr *to, union sip_sockaddr *local);

/* Our sent-by towards there: the listener's address, or the kernel's choice for one on all addresses */
void sip_sent_by_buf(char *buf, const struct sip_dest *dest);

/* Addresses */
int sip_sockaddr_from_osmo(union sip_sockaddr *sa, const struct osmo_sockaddr *osa);
/* A numeric host as in a URI; -EINVAL where it is a name */
int sip_sockaddr_from_host(union sip_sockaddr *sa, struct sip_str host, bool is_ipv6, uint16_t port);
socklen_t sip_sockaddr_len(const union sip_sockaddr *sa);
uint16_t sip_sockaddr_port(const union sip_sockaddr *sa);
void sip_sockaddr_set_port(union sip_sockaddr *sa, uint16_t port);
bool sip_sockaddr_same_host(const union sip_sockaddr *a, const union sip_sockaddr *b);
/* The port, too */
bool sip_sockaddr_same(const union sip_sockaddr *a, const union sip_sockaddr *b);
/* IPv6 in brackets or not; returns the length written to buf (SIP_HOSTPORT_SIZE), zero terminated */
size_t sip_sockaddr_host_buf(char *buf, const union sip_sockaddr *sa, bool brackets);
/* As it stands in a URI: the port only if not 5060 */
void sip_sockaddr_hostport_buf(char *buf, const union sip_sockaddr *sa);
/* The same as sent-by of this transport; over TLS always with the port, whose default some take to be 5060 there */
void sip_transport_hostport_buf(char *buf, const struct sip_transport_ops *ops, const union sip_sockaddr *sa);
