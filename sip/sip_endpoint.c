/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The endpoint: life, counters, random numbers, and the way of a received message to transaction or leg. */

#define _GNU_SOURCE /* memmem() */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip/sip_call.h"
#include "sip/sip_conn.h"
#include "sip/sip_endpoint.h"
#include "sip/sip_names.h"
#include "sip/sip_peer.h"
#include "sip/sip_resolve.h"
#include "sip/sip_tls.h"
#include "sip/sip_trans.h"
#include "sip/sip_uas.h"

const struct log_info_cat sip_log_cats[_SIP_LOG_END - DSIP] = {
	[DSIP - DSIP] = {
		.name = "DSIP", .description = "SIP endpoint, calls and peers",
		.enabled = 1, .loglevel = LOGL_NOTICE,
	},
	[DSIPTRANS - DSIP] = {
		.name = "DSIPTRANS", .description = "SIP transactions",
		.enabled = 1, .loglevel = LOGL_NOTICE,
	},
	[DSIPTP - DSIP] = {
		.name = "DSIPTP", .description = "SIP transport",
		.enabled = 1, .loglevel = LOGL_NOTICE,
	},
};

#define METHOD_CTRS(base, dir) \
	[base + SIP_METHOD_UNKNOWN] = { dir ":request:other", "Requests with a method that is not known" }, \
	[base + SIP_INVITE] = { dir ":request:invite", "INVITE" }, \
	[base + SIP_ACK] = { dir ":request:ack", "ACK" }, \
	[base + SIP_BYE] = { dir ":request:bye", "BYE" }, \
	[base + SIP_CANCEL] = { dir ":request:cancel", "CANCEL" }, \
	[base + SIP_OPTIONS] = { dir ":request:options", "OPTIONS" }, \
	[base + SIP_REGISTER] = { dir ":request:register", "REGISTER" }, \
	[base + SIP_PRACK] = { dir ":request:prack", "PRACK" }, \
	[base + SIP_UPDATE] = { dir ":request:update", "UPDATE" }, \
	[base + SIP_INFO] = { dir ":request:info", "INFO" }, \
	[base + SIP_SUBSCRIBE] = { dir ":request:subscribe", "SUBSCRIBE" }, \
	[base + SIP_NOTIFY] = { dir ":request:notify", "NOTIFY" }, \
	[base + SIP_REFER] = { dir ":request:refer", "REFER" }, \
	[base + SIP_MESSAGE] = { dir ":request:message", "MESSAGE" }, \
	[base + SIP_PUBLISH] = { dir ":request:publish", "PUBLISH" }
#define CLASS_CTRS(base, dir) \
	[base + 0] = { dir ":response:1xx", "Provisional responses" }, \
	[base + 1] = { dir ":response:2xx", "Success responses" }, \
	[base + 2] = { dir ":response:3xx", "Redirections" }, \
	[base + 3] = { dir ":response:4xx", "Request failures" }, \
	[base + 4] = { dir ":response:5xx", "Server failures" }, \
	[base + 5] = { dir ":response:6xx", "Global failures" }

static const struct rate_ctr_desc sip_ctr_descs[_SIP_CTR_COUNT] = {
	METHOD_CTRS(SIP_CTR_RX_REQUEST, "rx"),
	METHOD_CTRS(SIP_CTR_TX_REQUEST, "tx"),
	CLASS_CTRS(SIP_CTR_RX_RESPONSE, "rx"),
	CLASS_CTRS(SIP_CTR_TX_RESPONSE, "tx"),
	[SIP_CTR_RX_RETRANS] = { "rx:retransmission", "Requests received again" },
	[SIP_CTR_TX_RETRANS] = { "tx:retransmission", "Messages sent again" },
	[SIP_CTR_RX_MALFORMED] = { "rx:malformed", "Messages that cannot be read" },
	[SIP_CTR_RX_STRAY] = { "rx:stray", "Responses and ACKs that belong to nothing" },
	[SIP_CTR_RX_KEEPALIVE] = { "rx:keepalive", "Datagrams without a message" },
	[SIP_CTR_TX_ERROR] = { "tx:error", "Messages that cannot reach their address" },
	[SIP_CTR_TX_DROPPED] = { "tx:dropped", "Messages lost for want of buffers" },
	[SIP_CTR_CONN_ACCEPTED] = { "connection:accepted", "Connections that others opened" },
	[SIP_CTR_CONN_OPENED] = { "connection:opened", "Connections that we opened" },
	[SIP_CTR_CONN_REFUSED] = { "connection:refused", "Connections refused, because there were too many" },
	[SIP_CTR_CONN_FAILED] = { "connection:failed", "Connections that could not be made, or broke" },
	[SIP_CTR_CONN_TIMEOUT] = { "connection:timeout", "Connections shut because they were too slow" },
	[SIP_CTR_CONN_GARBAGE] = { "connection:garbage", "Connections shut because of what came" },
	[SIP_CTR_CONN_FLOOD] = { "connection:flood", "Connections shut because too much came" },
	[SIP_CTR_CONN_TLS] = { "connection:tls-failed", "Connections whose handshake or certificate failed" },
	[SIP_CTR_TIMEOUT] = { "timeout", "Requests that were never answered" },
	[SIP_CTR_REFUSED] = { "refused", "Calls refused before they came up" },
	[SIP_CTR_UNKNOWN_SOURCE] = { "unknown-source", "Calls from nobody that is known" },
	[SIP_CTR_LIMITED] = { "limited", "Calls beyond a peer's limits" },
	[SIP_CTR_PEER_DOWN] = { "peer-down", "Peers that went down" },
	[SIP_CTR_FAILOVER] = { "failover", "Calls that went to another address of their peer" },
	[SIP_CTR_CHALLENGED] = { "auth:challenged", "Calls asked for credentials" },
	[SIP_CTR_AUTH_FAILED] = { "auth:failed", "Wrong credentials, ours or theirs" },
};

static const struct rate_ctr_group_desc sip_ctr_group = {
	.group_name_prefix = "sip",
	.group_description = "SIP endpoint",
	.num_ctr = ARRAY_SIZE(sip_ctr_descs),
	.ctr_desc = sip_ctr_descs,
};

/* ---- Random numbers and hashes ---- */

void sip_random(struct sip *sip, void *mem, size_t len)
{
	if (len > sip->random_left) {
		/* never blocks once the kernel has booted, and gives up to 256 octets whole */
		OSMO_ASSERT(getrandom(sip->random, sizeof(sip->random), 0) == sizeof(sip->random));
		sip->random_left = sizeof(sip->random);
	}
	OSMO_ASSERT(len <= sip->random_left);
	sip->random_left -= len;
	memcpy(mem, sip->random + sip->random_left, len);
}

void sip_random_tag(struct sip *sip, char *tag)
{
	uint8_t bits[SIP_TAG_LEN / 2];
	struct sip_buf b;

	sip_random(sip, bits, sizeof(bits));
	sip_buf_init(&b, tag, SIP_TAG_LEN);
	sip_put_hex(&b, bits, sizeof(bits));
}

static inline uint64_t rotl(uint64_t v, unsigned int bits)
{
	return v << bits | v >> (64 - bits);
}

static inline void hash_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotl(v[1], 13) ^ v[0];
	v[3] = rotl(v[3], 16) ^ v[2];
	v[0] = rotl(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotl(v[1], 17) ^ v[2];
	v[3] = rotl(v[3], 21) ^ v[0];
	v[2] = rotl(v[2], 32);
}

/* SipHash-1-3: a peer that could foresee it could put all its calls into one chain. */
uint64_t sip_hash(const struct sip *sip, uint64_t start, struct sip_str s)
{
	uint64_t v[4] = {
		sip->hash_key[0] ^ 0x736f6d6570736575, sip->hash_key[1] ^ 0x646f72616e646f6d,
		sip->hash_key[0] ^ 0x6c7967656e657261, sip->hash_key[1] ^ 0x7465646279746573 ^ start,
	};
	const char *p = s.p, *last = s.p + (s.len & ~(size_t)7);
	uint64_t word;

	for (; p < last; p += 8) {
		memcpy(&word, p, 8);
		v[3] ^= word;
		hash_round(v);
		v[0] ^= word;
	}
	word = (uint64_t)s.len << 56;
	for (last = s.p + s.len; p < last; p++)
		word = word << 8 | (uint8_t)*p;
	v[3] ^= word;
	hash_round(v);
	v[0] ^= word;
	v[2] ^= 0xff;
	hash_round(v);
	hash_round(v);
	hash_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* ---- Reception ---- */

/* RFC 3261 7.5, RFC 5626 3.5.1: empty lines keep a NAT binding open */
static bool is_keepalive(const char *octets, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (octets[i] != '\r' && octets[i] != '\n' && octets[i] != '\0')
			return false;
	}
	return true;
}

static int rx_malformed(struct sip_sock *sock, const union sip_sockaddr *src, const struct sip_msg *msg,
			const struct sip_parse_error *err)
{
	char from[SIP_HOSTPORT_SIZE];

	sip_count(sock->sip, SIP_CTR_RX_MALFORMED);
	sip_sockaddr_hostport_buf(from, src);
	LOGP(DSIPTP, LOGL_INFO, "message from %s cannot be read: %s at offset %zu\n", from, err->what, err->offset);
	if (!sip_msg_answerable(msg))
		return msg->method || msg->status ? -EBADMSG : -EPROTO;
	sip_uas_refuse(sock, src, msg, err->status, sip_str_from(err->what));
	return -EBADMSG;
}

void sip_rx_refuse(struct sip_sock *sock, const union sip_sockaddr *src, struct sip_str octets, uint16_t status,
		   const char *what)
{
	struct sip_parse_error err;
	struct sip_msg msg;

	sip_log_message("from", src, octets.p, octets.len);
	sip_msg_parse(&msg, octets.p, octets.len, &err);
	err = (struct sip_parse_error){ .status = status, .what = what };
	rx_malformed(sock, src, &msg, &err);
}

/* 8.1.3.3: our requests have one Via, and so have the responses that are for us */
static bool has_second_via(const struct sip_msg *msg)
{
	const struct sip_hdr *hdr = sip_msg_hdr(msg, SIP_HDR_VIA);

	return sip_msg_hdr_next(msg, hdr) || msg->via.text.p + msg->via.text.len != hdr->value.p + hdr->value.len;
}

static void rx_response(struct sip_sock *sock, const union sip_sockaddr *src, const struct sip_msg *msg)
{
	struct sip *sip = sock->sip;
	struct sip_trans *trans = sip_trans_find_client(sip, msg->via.branch, msg->method);

	sip_count(sip, SIP_CTR_RX_RESPONSE + msg->status / 100 - 1);
	if (trans && !has_second_via(msg)) {
		sip_trans_rx_response(trans, msg);
		return;
	}
	sip_count(sip, SIP_CTR_RX_STRAY);
	LOGP(DSIPTRANS, LOGL_INFO, "response %u belongs to no request, Call-ID %.*s\n", msg->status,
	     SIP_STR_ARG(msg->call_id));
}

static void rx_ack(struct sip_sock *sock, const struct sip_msg *msg)
{
	struct sip_trans *trans = sip_trans_find(sock->sip, msg, SIP_INVITE);

	if (trans)
		sip_trans_rx(trans, SIP_TRANS_EV_ACK, msg);
	else if (!sip_call_rx_ack(sock->sip, msg))
		sip_count(sock->sip, SIP_CTR_RX_STRAY);
}

static void rx_request(struct sip_sock *sock, const union sip_sockaddr *src, const struct sip_msg *msg)
{
	struct sip *sip = sock->sip;
	struct sip_trans *trans;

	sip_count(sip, SIP_CTR_RX_REQUEST + msg->method);
	if (sock->ops->secure)
		sip_conn_alias(sock, src, msg);
	if (msg->method == SIP_ACK) {
		rx_ack(sock, msg);
		return;
	}
	trans = sip_trans_find(sip, msg, msg->method);
	if (trans) {
		sip_count(sip, SIP_CTR_RX_RETRANS);
		sip_trans_rx(trans, SIP_TRANS_EV_REQUEST, msg);
		return;
	}
	sip_uas_request(sock, src, msg);
}

int sip_rx(struct sip_sock *sock, const union sip_sockaddr *src, const char *octets, size_t len)
{
	struct sip_parse_error err;
	struct sip_msg msg;

	sip_log_message("from", src, octets, len);
	if (is_keepalive(octets, len))
		sip_count(sock->sip, SIP_CTR_RX_KEEPALIVE);
	else if (sip_msg_parse(&msg, octets, len, &err) < 0)
		return rx_malformed(sock, src, &msg, &err);
	else if (msg.is_request)
		rx_request(sock, src, &msg);
	else
		rx_response(sock, src, &msg);
	return 0;
}

/* The quotation may be cut anywhere (RFC 792: 8 octets after the IP header, hosts give up to 548), so it is not parsed:
 * our own requests begin with method and, in the next line, Via. */
void sip_rx_error(struct sip_sock *sock, const char *octets, size_t len)
{
	struct sip *sip = sock->sip;
	struct sip_trans *trans = NULL;
	const char *space = memchr(octets, ' ', len);
	const char *branch = memmem(octets, len, SIP_BRANCH_COOKIE, sizeof(SIP_BRANCH_COOKIE) - 1);

	sip_count(sip, SIP_CTR_TX_ERROR);
	if (space && branch && (size_t)(octets + len - branch) >= SIP_BRANCH_LEN)
		trans = sip_trans_find_client(sip, (struct sip_str){ branch, SIP_BRANCH_LEN },
					      sip_method_find(sip_str_span(octets, space)));
	if (trans)
		sip_trans_rx(trans, SIP_TRANS_EV_ERROR, NULL);
}

/* ---- Life ---- */

static int sip_destroy(struct sip *sip)
{
	struct sip_sock *sock, *next;

	sip_calls_end_all(sip);
	sip_peers_end_all(sip);
	sip_names_end_all(sip);
	sip_resolve_end_all(sip);
	sip_trans_end_all(sip, NULL, true);
	sip_conns_end_all(sip);
	sip_tls_end(sip);
	llist_for_each_entry_safe(sock, next, &sip->socks, entry) {
		llist_del(&sock->entry);
		sock->ops->close(sock);
	}
	rate_ctr_group_free(sip->ctrs);
	return 0;
}

struct sip *sip_alloc(void *ctx, sip_user_cb *cb, void *user)
{
	struct sip *sip = talloc_zero(ctx, struct sip);
	unsigned int idx = 0;

	sip->user_cb = cb;
	sip->user = user;
	sip->timers = (struct sip_timers){ .t1_ms = 500, .t2_ms = 4000, .t4_ms = 5000 };
	sip->udp_max_request = 1300;
	INIT_LLIST_HEAD(&sip->socks);
	INIT_LLIST_HEAD(&sip->peers);
	INIT_LLIST_HEAD(&sip->all_calls);
	INIT_LLIST_HEAD(&sip->trans_queues);
	sip_conns_init(sip);
	hash_init(sip->peers_by_addr);
	hash_init(sip->calls);
	hash_init(sip->trans);
	sip_random(sip, sip->hash_key, sizeof(sip->hash_key));
	while (rate_ctr_get_group_by_name_idx(sip_ctr_group.group_name_prefix, idx))
		idx++;
	sip->ctrs = rate_ctr_group_alloc(sip, &sip_ctr_group, idx);
	OSMO_ASSERT(sip->ctrs);
	talloc_set_destructor(sip, sip_destroy);
	return sip;
}

struct sip_timers *sip_timers(struct sip *sip)
{
	return &sip->timers;
}

unsigned int *sip_udp_max_request(struct sip *sip)
{
	return &sip->udp_max_request;
}

void sip_set_refuse_new(struct sip *sip, bool refuse, unsigned int retry_after_s)
{
	sip->refuse_new = refuse;
	sip->retry_after_s = retry_after_s;
}

unsigned int sip_call_count(const struct sip *sip)
{
	return sip->n_calls;
}
