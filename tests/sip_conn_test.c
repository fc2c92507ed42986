/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections as others may use them: pipelined, split, slow, stuck, flooding, garbage; reuse, answers, errors. */

#define _GNU_SOURCE /* accept4() */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <osmocom/core/application.h>
#include <osmocom/core/fsm.h>
#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "sip/sip_conn.h"
#include "sip/sip_peer.h"

static struct log_info_cat cats[_SIP_LOG_END];
static const struct log_info log_info = { .cat = cats, .num_cat = ARRAY_SIZE(cats) };

static struct sip *sip;
static struct sip_sock *listener;
static struct osmo_sockaddr local;
static struct sip_call *call;
static unsigned int failed, answered;

static void user_cb(struct sip_call *c, const struct sip_prim *prim, void *user)
{
	call = c;
	if (prim->type == SIP_PRIM_FAILED) {
		failed++;
		sip_call_done(c);
		call = NULL;
	} else if (prim->status == 200) {
		answered++;
	} else if (prim->method == SIP_BYE) {
		sip_call_done(c);
		call = NULL;
	}
}

static void start(void)
{
	int rc = -EADDRINUSE;
	uint16_t port;

	sip = sip_alloc(NULL, user_cb, NULL);
	memset(&local, 0, sizeof(local));
	local.u.sin = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	for (port = 22000 + getpid() % 20000; rc == -EADDRINUSE; port++) {
		local.u.sin.sin_port = htons(port);
		rc = sip_listen(sip, SIP_PROTO_TCP, &local);
	}
	EXPECT_INT("listen", rc, 0);
	listener = llist_first_entry(&sip->socks, struct sip_sock, entry);
}

static void end(void)
{
	talloc_free(sip);
	osmo_select_main_ctx(1);
}

/* The loop's turns until nothing more happens for a moment of real time */
static void turn(void)
{
	int i;

	for (i = 0; i < 20; i++) {
		osmo_select_main_ctx(1);
		if (i > 10)
			usleep(500);
	}
}

/* The clock of timers and deadlines, not the world's */
static void pass(unsigned int seconds)
{
	while (seconds--) {
		osmo_clock_override_add(CLOCK_MONOTONIC, 1, 0);
		osmo_gettimeofday_override_add(1, 0);
		turn();
	}
}

static int client_from(const char *from, int rcvbuf)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (rcvbuf)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof(rcvbuf));
	OSMO_ASSERT(inet_aton(from, &sin.sin_addr));
	OSMO_ASSERT(bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == 0);
	OSMO_ASSERT(connect(fd, &local.u.sa, sizeof(local.u.sin)) == 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	turn();
	return fd;
}

static int client(void)
{
	return client_from("127.0.0.1", 0);
}

static char got[1 << 20];

/* What the other side has to read by now; -1: the connection is shut */
static ssize_t take(int fd)
{
	size_t len = 0;
	ssize_t rc;

	turn();
	while ((rc = recv(fd, got + len, sizeof(got) - 1 - len, 0)) > 0)
		len += rc;
	got[len] = '\0';
	return !len && (rc == 0 || errno != EAGAIN) ? -1 : (ssize_t)len;
}

static unsigned int count(const char *needle)
{
	const char *p = got;
	unsigned int n = 0;

	while ((p = strstr(p, needle))) {
		n++;
		p += strlen(needle);
	}
	return n;
}

static size_t put_options(char *buf, unsigned int n)
{
	return sprintf(buf, "OPTIONS sip:gw SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:5999;branch=z9hG4bK%03u\r\n"
		       "Max-Forwards: 70\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:gw>\r\nCall-ID: %03u\r\n"
		       "CSeq: 1 OPTIONS\r\nContent-Length: 3\r\n\r\nabc", n, n);
}

static uint64_t ctr(enum sip_ctr n)
{
	return sip->ctrs->ctr[n].current;
}

/* ---- Framing over a socket ---- */

static void test_split(void)
{
	char text[1024];
	size_t len = put_options(text, 1), at;
	int fd;

	start();
	sip_conn_cfg(sip)->messages_per_s = 0;
	fd = client();
	for (at = 1; at < len; at++) {
		put_options(text, at);
		send(fd, text, at, 0);
		turn();
		send(fd, text + at, len - at, 0);
		EXPECT(take(fd) > 0);
		EXPECT_INT("answers", count("SIP/2.0 200"), 1);
	}
	for (at = 0; at < len; at++) {
		send(fd, text + at, 1, 0);
		osmo_select_main_ctx(1);
	}
	EXPECT(take(fd) > 0);
	EXPECT_INT("octet by octet", count("SIP/2.0 200"), 1);
	EXPECT_INT("connections", sip_conn_count(sip), 1);
	close(fd);
	turn();
	EXPECT_INT("closed", sip_conn_count(sip), 0);
	end();
}

static void test_pipelined(void)
{
	static char text[200000];
	size_t len = 0, i;
	int fd;

	start();
	sip_conn_cfg(sip)->messages_per_s = 0;
	fd = client();
	for (i = 0; i < 500; i++)
		len += put_options(text + len, i);
	for (i = 0; i < len;) {
		ssize_t rc = send(fd, text + i, len - i, 0);

		i += rc > 0 ? rc : 0;
		osmo_select_main_ctx(1);
	}
	EXPECT(take(fd) > 0);
	EXPECT_INT("answers", count("SIP/2.0 200"), 500);
	EXPECT_INT("left", sip_conn_count(sip), 1);
	close(fd);
	end();
}

static void test_keepalive(void)
{
	int fd;

	start();
	fd = client();
	send(fd, "\r\n\r\n", 4, 0);
	EXPECT_INT("pong", take(fd), 2);
	EXPECT_STR("pong", got, "\r\n");
	send(fd, "\r\n", 2, 0);
	EXPECT_INT("half a ping", take(fd), 0);
	send(fd, "\r\n", 2, 0);
	EXPECT_INT("pong", take(fd), 2);
	pass(30);
	EXPECT_INT("it spoke", sip_conn_count(sip), 1);
	close(fd);
	end();
}

/* ---- What is shut ---- */

static void expect_shut(const char *what, const char *octets, size_t len, const char *answer, enum sip_ctr counted)
{
	uint64_t before = ctr(counted);
	int fd = client();

	send(fd, octets, len, 0);
	take(fd);
	if (answer) {
		EXPECT(strstr(got, answer) != NULL);
		if (!strstr(got, answer))
			printf("%s: got %s\n", what, got);
	} else {
		EXPECT_STR(what, got, "");
	}
	take(fd);
	EXPECT_INT(what, take(fd), -1);
	EXPECT_INT(what, ctr(counted) - before, 1);
	close(fd);
	turn();
	EXPECT_INT(what, sip_conn_count(sip), 0);
}

static void test_garbage(void)
{
	static char large[SIP_MSG_MAX + 100];
	char text[1024];
	size_t len = put_options(text, 1);

	start();
	expect_shut("HTTP", "GET / HTTP/1.1\r\n\r\n", 18, NULL, SIP_CTR_CONN_GARBAGE);
	expect_shut("TLS", "\x16\x03\x01\x02\x00\x01", 6, NULL, SIP_CTR_CONN_GARBAGE);
	memcpy(strstr(text, "Length: 3"), "Length: x", 9);
	expect_shut("length", text, len, "SIP/2.0 400 Malformed Content-Length", SIP_CTR_CONN_GARBAGE);
	len = put_options(large, 1) - 7;
	len += sprintf(large + len, "X: ");
	memset(large + len, 'x', sizeof(large) - len);
	expect_shut("no end", large, sizeof(large), "SIP/2.0 513 Message Too Large", SIP_CTR_CONN_GARBAGE);
	end();
}

/* Malformed, but answered: so many, and no more */
static void test_malformed(void)
{
	char text[1024];
	int fd, i;

	start();
	fd = client();
	for (i = 0; i < 9; i++) {
		put_options(text, i);
		memcpy(strstr(text, "Max-Forwards: 70"), "Max-Forwards: x0", 16);
		send(fd, text, strlen(text), 0);
		EXPECT(take(fd) > 0);
		EXPECT_INT("answers", count("SIP/2.0 400"), 1);
	}
	send(fd, text, strlen(text), 0);
	take(fd);
	take(fd);
	EXPECT_INT("shut", take(fd), -1);
	close(fd);
	end();
}

static void test_flood(void)
{
	static char text[200000];
	size_t len = 0;
	int fd, i;

	start();
	for (i = 0; i < 101; i++)
		len += put_options(text + len, i);
	expect_shut("flood", text, len, "SIP/2.0 200", SIP_CTR_CONN_FLOOD);
	/* the same in two seconds is none */
	fd = client();
	for (i = 0; i < 2; i++) {
		send(fd, text, len / 2, 0);
		take(fd);
		pass(1);
	}
	EXPECT_INT("no flood", sip_conn_count(sip), 1);
	close(fd);
	turn();
	for (len = 0; len < 500; len += 4)
		memcpy(text + len, "\r\n\r\n", 4);
	expect_shut("pings", text, len, NULL, SIP_CTR_CONN_FLOOD);
	end();
}

static void test_slow(void)
{
	char text[1024];
	size_t len = put_options(text, 1), i;
	int silent, slow, idle;

	start();
	sip_conn_cfg(sip)->idle_timeout_s = 100;
	silent = client();
	slow = client();
	idle = client();
	send(idle, text, len, 0);
	EXPECT(take(idle) > 0);
	/* an octet every second keeps nothing open */
	for (i = 0; i < 11; i++) {
		send(slow, text + i, 1, MSG_NOSIGNAL);
		pass(1);
	}
	EXPECT_INT("silent", take(silent), -1);
	EXPECT_INT("slow", take(slow), -1);
	EXPECT_INT("counted", ctr(SIP_CTR_CONN_TIMEOUT), 2);
	EXPECT_INT("idle", sip_conn_count(sip), 1);
	pass(80);
	EXPECT_INT("not yet", sip_conn_count(sip), 1);
	pass(20);
	EXPECT_INT("idle", take(idle), -1);
	close(silent);
	close(slow);
	close(idle);
	end();
}

/* Who does not read answers is not read, and shut when nothing has moved for a while. */
static void test_stuck(void)
{
	static char text[400];
	size_t len = put_options(text, 1), sent = 0;
	struct sip_conn *conn;
	ssize_t rc;
	int fd, i, size = 4096, moved = 0;

	start();
	sip_conn_cfg(sip)->messages_per_s = 0;
	sip_conn_cfg(sip)->write_queue = 65536;
	fd = client_from("127.0.0.1", 4096);
	conn = llist_first_entry(&sip->conns->all, struct sip_conn, entry);
	setsockopt(conn->ofd.fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	for (i = 0; i < 100000 && moved < 50; i++) {
		rc = send(fd, text + sent % len, len - sent % len, MSG_NOSIGNAL);
		moved = rc > 0 ? 0 : moved + 1;
		sent += rc > 0 ? rc : 0;
		osmo_select_main_ctx(1);
	}
	EXPECT_INT("backpressure", moved, 50);
	/* one turn of reading may answer more than the mark */
	EXPECT(conn->out_len <= 65536 + SIP_MSG_MAX && conn->out_len > 65536 / 4);
	EXPECT_INT("nothing lost", ctr(SIP_CTR_TX_DROPPED), 0);
	pass(11);
	EXPECT_INT("shut", sip_conn_count(sip), 0);
	EXPECT_INT("counted", ctr(SIP_CTR_CONN_TIMEOUT), 1);
	close(fd);
	end();
}

static void test_limits(void)
{
	int fds[6], i;

	start();
	sip_conn_cfg(sip)->max_per_source = 2;
	sip_conn_cfg(sip)->max = 8;
	for (i = 0; i < 6; i++)
		fds[i] = client_from(i < 3 ? "127.0.0.1" : i < 5 ? "127.0.0.2" : "127.0.0.3", 0);
	EXPECT_INT("third of one", take(fds[2]), -1);
	EXPECT_INT("first of another", take(fds[3]), 0);
	EXPECT_INT("half of all are strangers", take(fds[5]), -1);
	EXPECT_INT("refused", ctr(SIP_CTR_CONN_REFUSED), 2);
	EXPECT_INT("taken", sip_conn_count(sip), 4);
	for (i = 0; i < 6; i++)
		close(fds[i]);
	turn();
	EXPECT_INT("closed", sip_conn_count(sip), 0);
	end();
}

/* ---- Calls with a peer that is a socket of ours ---- */

static int peer_fd;
static struct osmo_sockaddr peer_addr;

static struct sip_peer *add_peer(void)
{
	struct sip_peer *peer = sip_peer_alloc(sip, "PEER");
	socklen_t len = sizeof(peer_addr.u.sin);

	memset(&peer_addr, 0, sizeof(peer_addr));
	peer_addr.u.sin = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	peer_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	OSMO_ASSERT(bind(peer_fd, &peer_addr.u.sa, sizeof(peer_addr.u.sin)) == 0 && listen(peer_fd, 5) == 0);
	getsockname(peer_fd, &peer_addr.u.sa, &len);
	sip_peer_cfg(peer)->proto = SIP_PROTO_TCP;
	sip_peer_cfg(peer)->remote = peer_addr;
	sip_peer_cfg(peer)->remote_set = true;
	sip_peer_update(peer);
	return peer;
}

static void invite(struct sip_peer *peer)
{
	const struct sip_prim prim = { .type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_INVITE };
	struct sip_call *c;
	uint16_t status = 0;

	c = sip_call_alloc(peer, NULL, &status);
	OSMO_ASSERT(c);
	EXPECT_INT("INVITE", sip_call_req(c, &prim), 0);
}

static int peer_accept(void)
{
	int fd;

	turn();
	fd = accept4(peer_fd, NULL, NULL, SOCK_NONBLOCK);
	EXPECT(fd >= 0);
	return fd;
}

/* 18.4: at once where nobody listens, or the connection breaks before any answer; else timers see to it */
static void test_errors(void)
{
	struct sip_peer *peer;
	int fd;

	start();
	peer = add_peer();
	failed = 0;
	invite(peer);
	invite(peer);
	fd = peer_accept();
	EXPECT(take(fd) > 0);
	EXPECT_INT("INVITEs", count("INVITE sip:"), 2);
	EXPECT_INT("Via", count("Via: SIP/2.0/TCP 127.0.0.1:"), 2);
	EXPECT_INT("Contact", count(";transport=tcp>"), 2);
	EXPECT_INT("one connection", sip_conn_count(sip), 1);
	pass(20);
	EXPECT_INT("nothing again", take(fd), 0);
	EXPECT_INT("none failed", failed, 0);
	close(fd);
	turn();
	EXPECT_INT("both failed", failed, 2);
	invite(peer);
	fd = peer_accept();
	EXPECT(take(fd) > 0);
	close(peer_fd);
	close(fd);
	turn();
	invite(peer);
	turn();
	EXPECT_INT("refused", failed, 4);
	EXPECT_INT("left", sip_call_count(sip), 0);
	end();
}

static void answer(int fd, const char *request, const char *status)
{
	static const char *const repeated[] = { "Via: ", "From: ", "To: ", "Call-ID: ", "CSeq: " };
	char text[2048];
	size_t len = sprintf(text, "SIP/2.0 %s\r\n", status), i;
	const char *line;

	for (i = 0; i < ARRAY_SIZE(repeated); i++) {
		line = strstr(request, repeated[i]);
		len += sprintf(text + len, "%.*s%s\r\n", (int)strcspn(line, "\r"), line,
			       i == 2 && !strstr(line, "tag=peer") ? ";tag=peer" : "");
	}
	len += sprintf(text + len, "Contact: <sip:127.0.0.1:%u;transport=tcp>\r\nContent-Length: 0\r\n\r\n",
		       ntohs(peer_addr.u.sin.sin_port));
	send(fd, text, len, 0);
	turn();
}

/* A call that goes on over a new connection when its first one is gone */
static void test_reconnect(void)
{
	const struct sip_prim bye = { .type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_BYE };
	struct sip_peer *peer;
	int fd, again;

	start();
	peer = add_peer();
	answered = 0;
	invite(peer);
	fd = peer_accept();
	take(fd);
	answer(fd, got, "200 OK");
	EXPECT_INT("answered", answered, 1);
	EXPECT(take(fd) > 0);
	EXPECT_INT("ACK", count("ACK sip:127.0.0.1"), 1);
	close(fd);
	turn();
	EXPECT_INT("gone", sip_conn_count(sip), 0);
	EXPECT_INT("the call is not", sip_call_count(sip), 1);
	EXPECT_INT("BYE", sip_call_req(call, &bye), 0);
	again = peer_accept();
	EXPECT(take(again) > 0);
	EXPECT_INT("BYE", count("BYE sip:127.0.0.1"), 1);
	answer(again, got, "200 OK");
	close(again);
	close(peer_fd);
	end();
}

/* 18.2.2: the answer to a request whose connection is gone goes to sent-by. */
static void test_answer_elsewhere(void)
{
	const struct sip_prim busy = { .type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_INVITE,
				       .status = 486 };
	char text[1024];
	size_t len;
	int fd;

	start();
	add_peer();
	call = NULL;
	fd = client();
	len = sprintf(text, "INVITE sip:1@gw SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:%u;branch=z9hG4bK7\r\n"
		      "From: <sip:a>;tag=1\r\nTo: <sip:gw>\r\nCall-ID: 7\r\nCSeq: 1 INVITE\r\n"
		      "Contact: <sip:127.0.0.1>\r\nContent-Length: 0\r\n\r\n", ntohs(peer_addr.u.sin.sin_port));
	send(fd, text, len, 0);
	EXPECT(take(fd) > 0);
	EXPECT_INT("100 on the same", count("SIP/2.0 100"), 1);
	EXPECT(call != NULL);
	close(fd);
	turn();
	EXPECT_INT("gone", sip_conn_count(sip), 0);
	if (call)
		EXPECT_INT("486", sip_call_req(call, &busy), 0);
	fd = peer_accept();
	EXPECT(take(fd) > 0);
	EXPECT_INT("486 over a new one", count("SIP/2.0 486"), 1);
	close(fd);
	close(peer_fd);
	end();
}

/* RFC 5626 3.5.1, 4.4.1 */
static void test_our_pings(void)
{
	struct sip_peer *peer;
	int fd;

	start();
	peer = add_peer();
	sip_conn_cfg(sip)->keepalive_s = 20;
	failed = 0;
	invite(peer);
	fd = peer_accept();
	take(fd);
	answer(fd, got, "180 Ringing");
	pass(19);
	EXPECT_INT("not yet", take(fd), 0);
	pass(1);
	EXPECT_INT("ping", take(fd), 4);
	send(fd, "\r\n", 2, 0);
	turn();
	pass(20);
	EXPECT_INT("ping", take(fd), 4);
	pass(11);
	EXPECT_INT("no pong", take(fd), -1);
	EXPECT_INT("the INVITE has an answer", failed, 0);
	close(fd);
	close(peer_fd);
	end();
}

static void test_unlisten(void)
{
	struct sip_peer *peer;
	int fd;

	start();
	peer = add_peer();
	failed = 0;
	invite(peer);
	fd = peer_accept();
	EXPECT_INT("unlisten", sip_unlisten(sip, SIP_PROTO_TCP, &local), 0);
	EXPECT_INT("failed", failed, 1);
	EXPECT_INT("none left", sip_conn_count(sip), 0);
	take(fd);
	EXPECT_INT("closed", take(fd), -1);
	close(fd);
	close(peer_fd);
	end();
}

int main(int argc, char **argv)
{
	void *ctx = talloc_named_const(NULL, 0, "test");

	memcpy(&cats[DSIP], sip_log_cats, sizeof(sip_log_cats));
	osmo_init_logging2(ctx, &log_info);
	osmo_init_ignore_signals();
	osmo_fsm_set_dealloc_ctx(OTC_SELECT);
	osmo_clock_override_enable(CLOCK_MONOTONIC, true);
	osmo_gettimeofday_override = true;	/* the clock of timers of some releases of libosmocore */
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_split();
	test_pipelined();
	test_keepalive();
	test_garbage();
	test_malformed();
	test_flood();
	test_slow();
	test_stuck();
	test_limits();
	test_errors();
	test_reconnect();
	test_answer_elsewhere();
	test_our_pings();
	test_unlisten();
	return expect_failures ? 1 : 0;
}
