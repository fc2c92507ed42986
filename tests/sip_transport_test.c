/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two endpoints on the loopback over UDP, TCP and, where it is, SCTP: calls, listeners, errors, bursts. */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <osmocom/core/application.h>
#include <osmocom/core/fsm.h>
#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "sip/sip_conn.h"
#include "sip/sip_endpoint.h"
#include "sip/sip_peer.h"

static struct log_info_cat cats[_SIP_LOG_END];
static const struct log_info log_info = { .cat = cats, .num_cat = ARRAY_SIZE(cats) };

/* What both users saw: the caller's calls answered, ended, failed; the callee's */
static struct {
	unsigned int rang, answered, ended, failed, status;
	unsigned int in, acked, in_ended;
} seen;
static bool callee_ends;

static int req(struct sip_call *call, enum sip_method method, uint16_t status)
{
	const struct sip_prim prim = {
		.type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = method, .status = status,
		.content_type = SIP_STR("application/sdp"),
		.body = method == SIP_INVITE ? SIP_STR("v=0\r\n") : SIP_STR(""),
	};

	return sip_call_req(call, &prim);
}

static void caller_cb(struct sip_call *call, const struct sip_prim *prim, void *user)
{
	if (prim->type == SIP_PRIM_FAILED) {
		seen.failed++;
		seen.status = prim->status;
		sip_call_done(call);
	} else if (prim->method == SIP_BYE) {
		seen.ended++;
		sip_call_done(call);
	} else if (prim->status == 180) {
		seen.rang++;
	} else if (prim->status == 200) {
		seen.answered++;
		EXPECT(prim->msg->body.len == 5);
		if (!callee_ends) {
			EXPECT_INT("BYE", req(call, SIP_BYE, 0), 0);
			seen.ended++;
		}
	}
}

static void callee_cb(struct sip_call *call, const struct sip_prim *prim, void *user)
{
	if (prim->type == SIP_PRIM_FAILED || prim->method == SIP_BYE) {
		seen.in_ended++;
		sip_call_done(call);
	} else if (prim->method == SIP_INVITE) {
		seen.in++;
		EXPECT_INT("180", req(call, SIP_INVITE, 180), 0);
		EXPECT_INT("200", req(call, SIP_INVITE, 200), 0);
	} else if (prim->method == SIP_ACK) {
		seen.acked++;
		if (callee_ends) {
			EXPECT_INT("BYE", req(call, SIP_BYE, 0), 0);
			seen.in_ended++;
		}
	}
}

static struct osmo_sockaddr loopback(int family)
{
	struct osmo_sockaddr addr = {};

	addr.u.sa.sa_family = family;
	if (family == AF_INET6)
		addr.u.sin6.sin6_addr = in6addr_loopback;
	else
		addr.u.sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return addr;
}

static void set_port(struct osmo_sockaddr *addr, uint16_t port)
{
	if (addr->u.sa.sa_family == AF_INET6)
		addr->u.sin6.sin6_port = htons(port);
	else
		addr->u.sin.sin_port = htons(port);
}

/* On a free port, which is tried for: two tests may run at once. */
static uint16_t listen_somewhere(struct sip *sip, enum sip_proto proto, struct osmo_sockaddr *addr)
{
	uint16_t port;
	int rc = -EADDRINUSE;

	for (port = 20000 + getpid() % 10000; rc == -EADDRINUSE; port++) {
		set_port(addr, port);
		rc = sip_listen(sip, proto, addr);
	}
	EXPECT_INT("listen", rc, 0);
	return port - 1;
}

static struct sip_peer *add_peer(struct sip *sip, const char *name, enum sip_proto proto,
				 const struct osmo_sockaddr *remote)
{
	struct sip_peer *peer = sip_peer_alloc(sip, name);

	sip_peer_cfg(peer)->proto = proto;
	sip_peer_cfg(peer)->remote = *remote;
	sip_peer_cfg(peer)->remote_set = true;
	/* so that what 100 calls send at once fits into a socket's buffer */
	sip_peer_cfg(peer)->call.rel100 = SIP_REL100_OFF;
	sip_peer_update(peer);
	return peer;
}

/* One turn of the loop; true until many seconds have passed since *start, which begins as 0 */
static bool turn(time_t *start)
{
	struct timespec now;

	osmo_select_main_ctx(1);
	clock_gettime(CLOCK_MONOTONIC, &now);
	*start = *start ? : now.tv_sec;
	return now.tv_sec - *start < 60;
}

static void wait_for(const unsigned int *count, unsigned int n)
{
	time_t start = 0;

	while (turn(&start) && *count < n)
		;
}

/* Until the answers to the last BYEs have come */
static void wait_for_none(const struct sip *a, const struct sip *b)
{
	time_t start = 0;

	while (turn(&start) && sip_call_count(a) + sip_call_count(b))
		;
}

static void place(struct sip_peer *peer, unsigned int n)
{
	struct sip_call *call;
	uint16_t status = 0;

	while (n--) {
		call = sip_call_alloc(peer, NULL, &status);
		EXPECT(call != NULL);
		EXPECT_INT("INVITE", req(call, SIP_INVITE, 0), 0);
	}
}

static void test_calls(enum sip_proto proto, int family, bool wildcard)
{
	struct osmo_sockaddr a_addr = loopback(family), b_addr = loopback(family), any = {};
	struct sip *a = sip_alloc(NULL, caller_cb, NULL), *b = sip_alloc(NULL, callee_cb, NULL);
	struct sip_peer *to_b;
	char hostport[64];
	unsigned int ends;

	listen_somewhere(b, proto, &b_addr);
	any.u.sa.sa_family = family;
	set_port(&a_addr, listen_somewhere(a, proto, wildcard ? &any : &a_addr));
	add_peer(b, "A", proto, &a_addr);
	to_b = add_peer(a, "B", proto, &b_addr);
	snprintf(hostport, sizeof(hostport), family == AF_INET6 ? "[::1]:%u" : "127.0.0.1:%u",
		 ntohs(a_addr.u.sin.sin_port));
	EXPECT_STR("local", sip_peer_local_hostport(to_b), hostport);

	for (ends = 0; ends < 2; ends++) {
		memset(&seen, 0, sizeof(seen));
		callee_ends = ends;
		place(to_b, 100);
		wait_for(&seen.ended, 100);
		wait_for(&seen.in_ended, 100);
		wait_for(&seen.acked, 100);
		wait_for_none(a, b);
		EXPECT_INT("rang", seen.rang, 100);
		EXPECT_INT("answered", seen.answered, 100);
		EXPECT_INT("ended", seen.ended, 100);
		EXPECT_INT("in", seen.in, 100);
		EXPECT_INT("acked", seen.acked, 100);
		EXPECT_INT("in ended", seen.in_ended, 100);
		EXPECT_INT("failed", seen.failed, 0);
		EXPECT_INT("left", sip_call_count(a) + sip_call_count(b), 0);
		/* 18.1.1: one connection for all that goes one way, and for what answers it */
		EXPECT_INT("connections", sip_conn_count(a), proto == SIP_PROTO_UDP ? 0 : 1 + ends);
	}
	talloc_free(a);
	talloc_free(b);
}

static void test_listen(void)
{
	struct osmo_sockaddr addr = loopback(AF_INET), other = addr;
	struct sip *sip = sip_alloc(NULL, caller_cb, NULL), *second = sip_alloc(NULL, caller_cb, NULL);

	set_port(&other, listen_somewhere(sip, SIP_PROTO_UDP, &addr));
	EXPECT_INT("twice", sip_listen(sip, SIP_PROTO_UDP, &addr), -EEXIST);
	EXPECT_INT("taken", sip_listen(second, SIP_PROTO_UDP, &addr), -EADDRINUSE);
	EXPECT_INT("TCP", sip_listen(sip, SIP_PROTO_TCP, &addr), 0);
	EXPECT_INT("TCP twice", sip_listen(sip, SIP_PROTO_TCP, &addr), -EEXIST);
	EXPECT_INT("TCP taken", sip_listen(second, SIP_PROTO_TCP, &addr), -EADDRINUSE);
	other.u.sa.sa_family = AF_UNIX;
	EXPECT_INT("family", sip_listen(sip, SIP_PROTO_UDP, &other), -EAFNOSUPPORT);
	EXPECT_INT("close", sip_unlisten(sip, SIP_PROTO_UDP, &addr), 0);
	EXPECT_INT("close again", sip_unlisten(sip, SIP_PROTO_UDP, &addr), -ENOENT);
	EXPECT_INT("free now", sip_listen(second, SIP_PROTO_UDP, &addr), 0);
	talloc_free(sip);
	talloc_free(second);
}

static size_t put_options(char *buf, size_t size, unsigned int n)
{
	return snprintf(buf, size, "OPTIONS sip:gw SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK%u\r\n"
			"From: <sip:a>;tag=1\r\nTo: <sip:gw>\r\nCall-ID: %u\r\nCSeq: 1 OPTIONS\r\n\r\n", n, n);
}

/* Every datagram of a burst is answered, and from the address it was sent to. */
static void test_burst(const char *to)
{
	struct osmo_sockaddr any = { .u.sin = { .sin_family = AF_INET } };
	struct sip *sip = sip_alloc(NULL, caller_cb, NULL);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	unsigned int i, answers = 0;
	time_t start = 0;
	char buf[1024];
	size_t len;

	any.u.sin.sin_port = htons(listen_somewhere(sip, SIP_PROTO_UDP, &any));
	any.u.sin.sin_addr.s_addr = inet_addr(to);
	/* a connected socket takes from there only */
	OSMO_ASSERT(connect(fd, &any.u.sa, sizeof(any.u.sin)) == 0);
	for (i = 0; i < 100; i++) {
		len = put_options(buf, sizeof(buf), i);
		EXPECT_INT("sent", send(fd, buf, len, 0), len);
	}
	while (turn(&start) && answers < 100) {
		while (recv(fd, buf, sizeof(buf), 0) > 12)
			answers += !memcmp(buf, "SIP/2.0 200 ", 12);
	}
	EXPECT_INT(to, answers, 100);
	close(fd);
	talloc_free(sip);
}

/* RFC 3261 18.1.1: a large request goes over TCP, and over UDP after all if nobody takes it there. */
static void test_large(bool peer_has_tcp)
{
	static char subject[2000];
	struct osmo_sockaddr a_addr = loopback(AF_INET), b_addr = loopback(AF_INET);
	struct sip *a = sip_alloc(NULL, caller_cb, NULL), *b = sip_alloc(NULL, callee_cb, NULL);
	struct sip_prim prim = { .type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_INVITE };
	struct sip_peer *to_b;
	uint16_t status = 0;

	listen_somewhere(b, SIP_PROTO_UDP, &b_addr);
	if (peer_has_tcp)
		EXPECT_INT("TCP", sip_listen(b, SIP_PROTO_TCP, &b_addr), 0);
	listen_somewhere(a, SIP_PROTO_UDP, &a_addr);
	EXPECT_INT("TCP", sip_listen(a, SIP_PROTO_TCP, &a_addr), 0);
	add_peer(b, "A", SIP_PROTO_UDP, &a_addr);
	to_b = add_peer(a, "B", SIP_PROTO_UDP, &b_addr);
	memset(&seen, 0, sizeof(seen));
	callee_ends = false;
	memset(subject, 'x', sizeof(subject));
	memcpy(subject, "Subject: ", 9);
	memcpy(subject + sizeof(subject) - 2, "\r\n", 2);
	prim.headers = (struct sip_str){ subject, sizeof(subject) };
	EXPECT_INT("INVITE", sip_call_req(sip_call_alloc(to_b, NULL, &status), &prim), 0);
	wait_for(&seen.in_ended, 1);
	EXPECT_INT("answered", seen.answered, 1);
	EXPECT_INT("ended", seen.in_ended, 1);
	EXPECT_INT("failed", seen.failed, 0);
	EXPECT_INT("over TCP", b->ctrs->ctr[SIP_CTR_CONN_ACCEPTED].current, peer_has_tcp);
	EXPECT_INT("tried", a->ctrs->ctr[SIP_CTR_CONN_OPENED].current, 1);
	talloc_free(a);
	talloc_free(b);
}

/* A port of ours that takes nothing: a stream's that does not listen, a datagram's that takes from one port alone */
static int refusing(enum sip_proto proto, struct osmo_sockaddr *addr)
{
	static const int types[] = {
		[SIP_PROTO_UDP] = SOCK_DGRAM, [SIP_PROTO_TCP] = SOCK_STREAM, [SIP_PROTO_SCTP] = SOCK_STREAM,
	};
	int fd = socket(addr->u.sa.sa_family, types[proto], proto == SIP_PROTO_SCTP ? IPPROTO_SCTP : 0);
	socklen_t len = sizeof(addr->u.sas);
	struct osmo_sockaddr one = *addr;

	OSMO_ASSERT(bind(fd, &addr->u.sa, len) == 0 && getsockname(fd, &addr->u.sa, &len) == 0);
	set_port(&one, 9);
	OSMO_ASSERT(proto != SIP_PROTO_UDP || connect(fd, &one.u.sa, len) == 0);
	return fd;
}

/* Nobody listens: the kernel says so, and the call fails at once, not after timer B. */
static void test_refused(enum sip_proto proto, int family)
{
	struct osmo_sockaddr addr = loopback(family), nobody = loopback(family);
	struct sip *sip = sip_alloc(NULL, caller_cb, NULL);
	int fd = refusing(proto, &nobody);
	struct sip_peer *peer;

	listen_somewhere(sip, proto, &addr);
	peer = add_peer(sip, "NOBODY", proto, &nobody);
	memset(&seen, 0, sizeof(seen));
	place(peer, 3);
	wait_for(&seen.failed, 3);
	wait_for_none(sip, sip);
	EXPECT_INT("failed", seen.failed, 3);
	EXPECT_INT("as", seen.status, 503);
	EXPECT_INT("left", sip_call_count(sip), 0);
	talloc_free(sip);
	close(fd);
}

static bool has_ipv6(void)
{
	struct osmo_sockaddr addr = loopback(AF_INET6);
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	bool there = fd >= 0 && bind(fd, &addr.u.sa, sizeof(addr.u.sin6)) == 0;

	if (fd >= 0)
		close(fd);
	return there;
}

/* contrib/sctp-lab has it */
static bool has_sctp(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

int main(int argc, char **argv)
{
	void *ctx = talloc_named_const(NULL, 0, "test");
	enum sip_proto proto;

	memcpy(&cats[DSIP], sip_log_cats, sizeof(sip_log_cats));
	osmo_init_logging2(ctx, &log_info);
	osmo_fsm_set_dealloc_ctx(OTC_SELECT);
	osmo_init_ignore_signals();
	test_listen();
	test_large(true);
	test_large(false);
	test_burst("127.0.0.1");
	test_burst("127.0.0.9");
	for (proto = SIP_PROTO_UDP; proto <= SIP_PROTO_SCTP; proto++) {
		/* TLS has a test of its own */
		if (proto == SIP_PROTO_TLS || (proto == SIP_PROTO_SCTP && !has_sctp()))
			continue;
		test_calls(proto, AF_INET, false);
		test_calls(proto, AF_INET, true);
		test_refused(proto, AF_INET);
		if (!has_ipv6())
			continue;
		test_calls(proto, AF_INET6, false);
		test_calls(proto, AF_INET6, true);
		test_refused(proto, AF_INET6);
	}
	return expect_failures ? 1 : 0;
}
