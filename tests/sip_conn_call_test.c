/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls over connections: reuse, answers and requests when a connection is gone, errors, our pings. */

#define _GNU_SOURCE /* accept4() */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <osmocom/core/application.h>
#include <osmocom/core/fsm.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "sip_stream.h"

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

	stream_turn();
	fd = accept4(peer_fd, NULL, NULL, SOCK_NONBLOCK);
	EXPECT(fd >= 0);
	return fd;
}

/* 18.4: at once where nobody listens, or the connection breaks before any answer; else timers see to it */
static void test_errors(void)
{
	struct sip_peer *peer;
	int fd;

	stream_start(SIP_PROTO_TCP);
	peer = add_peer();
	failed = 0;
	invite(peer);
	invite(peer);
	fd = peer_accept();
	EXPECT(stream_take(fd) > 0);
	EXPECT_INT("INVITEs", stream_count("INVITE sip:"), 2);
	EXPECT_INT("Via", stream_count("Via: SIP/2.0/TCP 127.0.0.1:"), 2);
	EXPECT_INT("Contact", stream_count(";transport=tcp>"), 2);
	EXPECT_INT("one connection", sip_conn_count(sip), 1);
	stream_pass(20);
	EXPECT_INT("nothing again", stream_take(fd), 0);
	EXPECT_INT("none failed", failed, 0);
	close(fd);
	stream_turn();
	EXPECT_INT("both failed", failed, 2);
	invite(peer);
	fd = peer_accept();
	EXPECT(stream_take(fd) > 0);
	close(peer_fd);
	close(fd);
	stream_turn();
	invite(peer);
	stream_turn();
	EXPECT_INT("refused", failed, 4);
	EXPECT_INT("left", sip_call_count(sip), 0);
	stream_end();
}

static void answer(int fd, const char *request, const char *status)
{
	static const char *const repeated[] = { "Via: ", "From: ", "To: ", "Call-ID: ", "CSeq: " };
	char text[2048];
	size_t len = snprintf(text, sizeof(text), "SIP/2.0 %s\r\n", status), i;
	const char *line;

	for (i = 0; i < ARRAY_SIZE(repeated); i++) {
		line = strstr(request, repeated[i]);
		len += snprintf(text + len, sizeof(text) - len, "%.*s%s\r\n", (int)strcspn(line, "\r"), line,
			       i == 2 && !strstr(line, "tag=peer") ? ";tag=peer" : "");
	}
	len += snprintf(text + len, sizeof(text) - len,
			"Contact: <sip:127.0.0.1:%u;transport=tcp>\r\nContent-Length: 0\r\n\r\n",
		       ntohs(peer_addr.u.sin.sin_port));
	send(fd, text, len, 0);
	stream_turn();
}

/* A call that goes on over a new connection when its first one is gone */
static void test_reconnect(void)
{
	const struct sip_prim bye = { .type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_BYE };
	struct sip_peer *peer;
	int fd, again;

	stream_start(SIP_PROTO_TCP);
	peer = add_peer();
	answered = 0;
	invite(peer);
	fd = peer_accept();
	stream_take(fd);
	answer(fd, got, "200 OK");
	EXPECT_INT("answered", answered, 1);
	EXPECT(stream_take(fd) > 0);
	EXPECT_INT("ACK", stream_count("ACK sip:127.0.0.1"), 1);
	close(fd);
	stream_turn();
	EXPECT_INT("gone", sip_conn_count(sip), 0);
	EXPECT_INT("the call is not", sip_call_count(sip), 1);
	EXPECT_INT("BYE", sip_call_req(call, &bye), 0);
	again = peer_accept();
	EXPECT(stream_take(again) > 0);
	EXPECT_INT("BYE", stream_count("BYE sip:127.0.0.1"), 1);
	answer(again, got, "200 OK");
	close(again);
	close(peer_fd);
	stream_end();
}

/* 18.2.2: the answer to a request whose connection is gone goes to sent-by. */
static void test_answer_elsewhere(void)
{
	const struct sip_prim busy = { .type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_INVITE,
				       .status = 486 };
	char text[1024];
	size_t len;
	int fd;

	stream_start(SIP_PROTO_TCP);
	add_peer();
	call = NULL;
	fd = stream_client();
	len = snprintf(text, sizeof(text),
		      "INVITE sip:1@gw SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:%u;branch=z9hG4bK7\r\n"
		      "From: <sip:a>;tag=1\r\nTo: <sip:gw>\r\nCall-ID: 7\r\nCSeq: 1 INVITE\r\n"
		      "Contact: <sip:127.0.0.1>\r\nContent-Length: 0\r\n\r\n", ntohs(peer_addr.u.sin.sin_port));
	send(fd, text, len, 0);
	EXPECT(stream_take(fd) > 0);
	EXPECT_INT("100 on the same", stream_count("SIP/2.0 100"), 1);
	EXPECT(call != NULL);
	close(fd);
	stream_turn();
	EXPECT_INT("gone", sip_conn_count(sip), 0);
	if (call)
		EXPECT_INT("486", sip_call_req(call, &busy), 0);
	fd = peer_accept();
	EXPECT(stream_take(fd) > 0);
	EXPECT_INT("486 over a new one", stream_count("SIP/2.0 486"), 1);
	close(fd);
	close(peer_fd);
	stream_end();
}

/* RFC 5626 3.5.1, 4.4.1 */
static void test_our_pings(void)
{
	struct sip_peer *peer;
	int fd;

	stream_start(SIP_PROTO_TCP);
	peer = add_peer();
	sip_conn_cfg(sip)->keepalive_s = 20;
	failed = 0;
	invite(peer);
	fd = peer_accept();
	stream_take(fd);
	answer(fd, got, "180 Ringing");
	stream_pass(19);
	EXPECT_INT("not yet", stream_take(fd), 0);
	stream_pass(1);
	EXPECT_INT("ping", stream_take(fd), 4);
	send(fd, "\r\n", 2, 0);
	stream_turn();
	stream_pass(20);
	EXPECT_INT("ping", stream_take(fd), 4);
	stream_pass(11);
	EXPECT_INT("no pong", stream_take(fd), -1);
	EXPECT_INT("the INVITE has an answer", failed, 0);
	close(fd);
	close(peer_fd);
	stream_end();
}

static void test_unlisten(void)
{
	struct sip_peer *peer;
	int fd;

	stream_start(SIP_PROTO_TCP);
	peer = add_peer();
	failed = 0;
	invite(peer);
	fd = peer_accept();
	EXPECT_INT("unlisten", sip_unlisten(sip, SIP_PROTO_TCP, &stream_local), 0);
	EXPECT_INT("failed", failed, 1);
	EXPECT_INT("none left", sip_conn_count(sip), 0);
	stream_take(fd);
	EXPECT_INT("closed", stream_take(fd), -1);
	close(fd);
	close(peer_fd);
	stream_end();
}

int main(int argc, char **argv)
{
	stream_init();
	test_errors();
	test_reconnect();
	test_answer_elsewhere();
	test_our_pings();
	test_unlisten();
	return expect_failures ? 1 : 0;
}
