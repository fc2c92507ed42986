/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The endpoint as the files of the room see it: tables, counters, random numbers, received messages. */
#pragma once

#include <osmocom/core/hashtable.h>
#include <osmocom/core/rate_ctr.h>

#include "sip/sip.h"
#include "sip/sip_build.h"
#include "sip/sip_transport.h"

/* Hexadecimal digits of a tag, and of a branch after the cookie: 64 random bits (RFC 3261 19.3 asks for 32) */
#define SIP_TAG_LEN 16
#define SIP_BRANCH_COOKIE "z9hG4bK"
#define SIP_BRANCH_LEN (sizeof(SIP_BRANCH_COOKIE) - 1 + SIP_TAG_LEN)
#define SIP_PORT 5060
#define SIPS_PORT 5061

/* Methods in Allow; media types in Accept */
#define SIP_ALLOW "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO"
#define SIP_ACCEPT "application/sdp, multipart/mixed, multipart/alternative"

enum sip_ctr {
	SIP_CTR_RX_REQUEST,					/* + enum sip_method */
	SIP_CTR_TX_REQUEST = SIP_CTR_RX_REQUEST + _SIP_METHOD_COUNT,
	SIP_CTR_RX_RESPONSE = SIP_CTR_TX_REQUEST + _SIP_METHOD_COUNT,	/* + status / 100 - 1 */
	SIP_CTR_TX_RESPONSE = SIP_CTR_RX_RESPONSE + 6,
	SIP_CTR_RX_RETRANS = SIP_CTR_TX_RESPONSE + 6,		/* requests that a transaction absorbed */
	SIP_CTR_TX_RETRANS,
	SIP_CTR_RX_MALFORMED,					/* not readable as SIP */
	SIP_CTR_RX_STRAY,					/* responses and ACKs that belong to nothing */
	SIP_CTR_RX_KEEPALIVE,					/* datagrams of white space */
	SIP_CTR_TX_ERROR,					/* sendto() failed, or an ICMP error came */
	SIP_CTR_TX_DROPPED,					/* the socket's buffer was full */
	SIP_CTR_CONN_ACCEPTED,					/* connections: of others, ours */
	SIP_CTR_CONN_OPENED,
	SIP_CTR_CONN_REFUSED,					/* too many */
	SIP_CTR_CONN_FAILED,
	SIP_CTR_CONN_TIMEOUT,					/* half-open, slow, stuck */
	SIP_CTR_CONN_GARBAGE,
	SIP_CTR_CONN_FLOOD,
	SIP_CTR_CONN_TLS,					/* handshake, certificate */
	SIP_CTR_TIMEOUT,					/* client transactions without an answer */
	SIP_CTR_REFUSED,					/* INVITEs that never came up */
	SIP_CTR_UNKNOWN_SOURCE,					/* calls of nobody we know */
	SIP_CTR_LIMITED,					/* beyond a peer's limits */
	SIP_CTR_PEER_DOWN,
	SIP_CTR_FAILOVER,					/* INVITEs that went to another target */
	SIP_CTR_CHALLENGED,
	SIP_CTR_AUTH_FAILED,					/* wrong credentials, ours or theirs */
	_SIP_CTR_COUNT
};

struct sip_conns;
struct sip_tls;
struct sip_auth_server;
struct sip_dns;
struct sip_names;

/* An INVITE that began a call, or was refused (RFC 3261 8.2.2.2), by hashes */
struct sip_seen {
	uint64_t id, branch;
	uint32_t time_s;		/* monotonic */
};
#define SIP_SEEN_BITS 10

/* A dialog that we have ended with BYE (sip_ended.h) */
struct sip_ended {
	uint64_t id;
	uint64_t time_s;		/* monotonic */
};
#define SIP_ENDED_BITS 9

struct sip {
	sip_user_cb *user_cb;
	void *user;
	struct sip_timers timers;
	unsigned int udp_max_request;
	struct llist_head socks;		/* struct sip_sock */
	struct llist_head peers;		/* struct sip_peer */
	struct sip_conns *conns;
	struct sip_tls *tls;			/* NULL: not configured */
	struct sip_auth_server *auth;		/* NULL until somebody is challenged */
	struct sip_dns *dns;			/* NULL until something is looked up */
	struct sip_names *names;		/* NULL until a dialog leads to one */
	bool keep_requests;			/* some peer may ask for credentials */
	bool drop_unknown;			/* calls of nobody we know get no answer */
	struct rate_ctr_group *ctrs;
	bool refuse_new;
	unsigned int retry_after_s;
	struct llist_head all_calls;		/* struct sip_call */
	unsigned int n_calls, n_trans;
	struct llist_head trans_queues;		/* struct sip_trans_queue, see sip_trans_wait.c */
	uint64_t hash_key[2];
	unsigned int random_left;		/* octets at the end of random[] not handed out yet */
	uint8_t random[256];
	DECLARE_HASHTABLE(peers_by_addr, 8);
	DECLARE_HASHTABLE(calls, 14);		/* struct sip_dialog, by Call-ID and remote tag */
	DECLARE_HASHTABLE(trans, 16);		/* 100,000 of them are chains of two */
	struct sip_seen seen[1 << SIP_SEEN_BITS];	/* the latest of each slot */
	struct sip_ended ended[1 << SIP_ENDED_BITS];
	char rx[SIP_MSG_MAX], tx[SIP_MSG_MAX];
};

static inline void sip_count(struct sip *sip, unsigned int ctr)
{
	sip->ctrs->ctr[ctr].current++;
}

/* A hash that peers cannot foresee; chain several by passing the last result as start. */
uint64_t sip_hash(const struct sip *sip, uint64_t start, struct sip_str s);
void sip_random(struct sip *sip, void *mem, size_t len);
/* SIP_TAG_LEN random digits, not zero terminated */
void sip_random_tag(struct sip *sip, char *tag);

/* A datagram, or one framed message of a stream, as received. -EBADMSG where it could not be read and was answered so,
 * -EPROTO where it could not even be answered. */
int sip_rx(struct sip_sock *sock, const union sip_sockaddr *src, const char *octets, size_t len);
/* The beginning of a message that cannot be taken: answers it, where that can be done. */
void sip_rx_refuse(struct sip_sock *sock, const union sip_sockaddr *src, struct sip_str octets, uint16_t status,
		   const char *what);

/* This message of ours did not get through. An ICMP error quotes the beginning of this datagram that we sent. */
void sip_rx_error(struct sip_sock *sock, const char *octets, size_t len);
