/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections: what SIP over TCP, TLS and SCTP have in common (RFC 3261 18). */
#pragma once

#include <osmocom/core/timer.h>

#include "sip/sip_endpoint.h"
#include "sip/sip_frame.h"

/* ---- Configuration and figures, used by the daemon's VTY; may be changed at any time ---- */

struct sip_conn_cfg {
	unsigned int max;		/* connections in all; those of addresses that are no peer's: half of it */
	unsigned int max_per_source;	/* of one address that is no peer's */
	unsigned int connect_timeout_s;	/* until a connection is up, TLS handshake included */
	unsigned int message_timeout_s;	/* until the first message, or the rest of one, is through */
	unsigned int idle_timeout_s;	/* without a message, either way */
	unsigned int keepalive_s;	/* between pings on connections that we opened; 0: none (RFC 5626 3.5.1) */
	unsigned int write_queue;	/* octets that wait to be written, of one connection */
	unsigned int messages_per_s;	/* from a connection that is no peer's; 0: no limit */
};
struct sip_conn_cfg *sip_conn_cfg(struct sip *sip);

enum sip_conn_state {
	SIP_CONN_CONNECTING,		/* connect() has not been answered */
	SIP_CONN_HANDSHAKE,		/* TLS */
	SIP_CONN_UP,
	SIP_CONN_DRAIN,			/* refused: the last answer is on its way, what comes is thrown away */
	SIP_CONN_CLOSED,
};
extern const struct value_string sip_conn_state_names[];

/* For show sip connections */
struct sip_conn_info {
	enum sip_proto proto;
	enum sip_conn_state state;
	bool incoming;
	const struct sip_peer *peer;		/* NULL: nobody's */
	char remote[SIP_HOSTPORT_SIZE], local[SIP_HOSTPORT_SIZE];
	unsigned int age_s, idle_s;
	uint64_t rx_msgs, tx_msgs;
	size_t waiting;				/* octets to be written */
	char security[128];			/* protocol, cipher and the other side's name; may be empty */
};
typedef void sip_conn_info_cb(const struct sip_conn_info *info, void *data);
void sip_conn_for_each(struct sip *sip, sip_conn_info_cb *cb, void *data);
unsigned int sip_conn_count(const struct sip *sip);

/* ---- For the room itself ---- */

struct sip_conn;

/* What the transports do differently. Results: octets or 0, -EAGAIN, another -errno; read: 0 is the end. A write of
 * less than all is no error. */
struct sip_conn_ops {
	int protocol;			/* of socket() */
	bool whole_messages;		/* one write is one message */
	void (*set_options)(int fd);
	int (*start)(struct sip_conn *conn);		/* connected: 0, or -EAGAIN where a handshake follows */
	int (*handshake)(struct sip_conn *conn);
	ssize_t (*read)(struct sip_conn *conn, void *mem, size_t size);
	ssize_t (*write)(struct sip_conn *conn, const void *mem, size_t len);
	void (*shut)(struct sip_conn *conn);		/* no more will be written */
	void (*stop)(struct sip_conn *conn);		/* the end; NULL: nothing to do */
	void (*info)(const struct sip_conn *conn, char *buf, size_t size);	/* may be NULL */
};

struct sip_conn {
	struct llist_head entry;		/* of conns->all */
	struct hlist_node by_addr, by_host, by_alias;
	struct sip_sock *sock;			/* the listener, or its child for our address */
	const struct sip_conn_ops *ops;
	union sip_sockaddr remote;
	union sip_sockaddr alias;		/* RFC 5923: requests for there may use this connection */
	enum sip_conn_state state;
	bool incoming;
	bool is_peers;				/* remote was a peer's address when it began */
	bool busy;				/* on the select loop: writes go to the queue, and it is not freed */
	bool wants_write;			/* TLS: reading or the handshake waits until it can write */
	bool spoke;				/* a message or a ping has come */
	bool pinged;				/* ours is not answered */
	int broken;				/* -errno: cannot be written to, ends as soon as it may */
	struct osmo_fd ofd;
	struct osmo_timer_list timer;
	uint64_t armed_ms;			/* when the timer goes off */
	uint64_t began_ms, active_ms, rx_ms, part_ms, written_ms;	/* see deadline_of() */
	char *in;				/* the beginning of a message, until its rest comes; else NULL */
	size_t in_len, in_size;
	struct sip_frame frame;
	struct llist_head out;			/* struct chunk: whole messages to be written */
	size_t out_len, out_at;			/* out_at: octets of the first that are written */
	unsigned int malformed;
	uint64_t second_ms;			/* of which n_second messages have come */
	unsigned int n_second;
	uint64_t rx_msgs, tx_msgs;
	uint64_t requests;			/* sent on it */
	void *priv;				/* of ops: TLS */
	char *identity;				/* TLS: the other side's name, proven; NULL: none */
};

#define SIP_CONN_HASH_BITS 10

struct sip_conns {
	struct sip_conn_cfg cfg;
	struct llist_head all;
	unsigned int n, n_strangers;
	struct osmo_timer_list accept_again;	/* no file descriptor was left */
	DECLARE_HASHTABLE(by_addr, SIP_CONN_HASH_BITS);
	DECLARE_HASHTABLE(by_host, SIP_CONN_HASH_BITS);
	DECLARE_HASHTABLE(by_alias, SIP_CONN_HASH_BITS);
};

void sip_conns_init(struct sip *sip);
void sip_conns_end_all(struct sip *sip);

/* open, close and send of a transport that has connections */
int sip_conn_listen(struct sip_sock *sock);
void sip_conn_unlisten(struct sip_sock *sock);
int sip_conn_send(const struct sip_dest *dest, const char *octets, size_t len);

/* The connection from this socket to this address, or NULL */
struct sip_conn *sip_conn_find(struct sip_sock *sock, const union sip_sockaddr *addr);
/* RFC 5923: the request's Via has alias, and the other side is who it must be */
void sip_conn_alias(struct sip_sock *sock, const union sip_sockaddr *src, const struct sip_msg *msg);

/* Those of TCP sockets, which TLS has too (sip_tcp.c) */
void sip_tcp_set_options(int fd);

/* ---- sip_conn.c for sip_conn_io.c ---- */

uint64_t sip_conn_now_ms(void);
/* Its deadline may have come nearer. */
void sip_conn_arm(struct sip_conn *conn);
/* What it waits for */
void sip_conn_watch(struct sip_conn *conn);
/* At once; what was not written is told to its transactions. ctr: what it counts as, or -1 */
void sip_conn_close(struct sip_conn *conn, int ctr, const char *why);
/* Nobody finds it any more: no more will be sent on it. */
void sip_conn_unhash(struct sip_conn *conn);
/* One that is closed; not while it is busy */
void sip_conn_free(struct sip_conn *conn);
void sip_conn_log_end(const struct sip_conn *conn, const char *why, bool failed);

/* ---- sip_conn_io.c ---- */

/* A select loop callback: connects, shakes hands, reads, writes. */
int sip_conn_fd_cb(struct osmo_fd *ofd, unsigned int what);
/* connect() or accept() is through. */
void sip_conn_connected(struct sip_conn *conn);
/* 0, or -errno: the connection is not to be used. More than fits goes to the queue. */
int sip_conn_write(struct sip_conn *conn, const char *octets, size_t len);
/* Tells the transactions of what was never written, and throws it away. */
void sip_conn_give_up_queue(struct sip_conn *conn);
