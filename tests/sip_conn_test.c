/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections as others may use them: pipelined, split, slow, stuck, flooding, garbage, too many. */

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

/* ---- Framing over a socket ---- */

static void test_split(void)
{
	char text[1024];
	size_t len = stream_put_options(text, 1), at;
	int fd;

	stream_start(SIP_PROTO_TCP);
	sip_conn_cfg(sip)->messages_per_s = 0;
	fd = stream_client();
	for (at = 1; at < len; at++) {
		stream_put_options(text, at);
		send(fd, text, at, 0);
		stream_turn();
		send(fd, text + at, len - at, 0);
		EXPECT(stream_take(fd) > 0);
		EXPECT_INT("answers", stream_count("SIP/2.0 200"), 1);
	}
	for (at = 0; at < len; at++) {
		send(fd, text + at, 1, 0);
		osmo_select_main_ctx(1);
	}
	EXPECT(stream_take(fd) > 0);
	EXPECT_INT("octet by octet", stream_count("SIP/2.0 200"), 1);
	EXPECT_INT("connections", sip_conn_count(sip), 1);
	close(fd);
	stream_turn();
	EXPECT_INT("closed", sip_conn_count(sip), 0);
	stream_end();
}

static void test_pipelined(void)
{
	static char text[200000];
	size_t len = 0, i;
	int fd;

	stream_start(SIP_PROTO_TCP);
	sip_conn_cfg(sip)->messages_per_s = 0;
	fd = stream_client();
	for (i = 0; i < 500; i++)
		len += stream_put_options(text + len, i);
	for (i = 0; i < len;) {
		ssize_t rc = send(fd, text + i, len - i, 0);

		i += rc > 0 ? rc : 0;
		osmo_select_main_ctx(1);
	}
	EXPECT(stream_take(fd) > 0);
	EXPECT_INT("answers", stream_count("SIP/2.0 200"), 500);
	EXPECT_INT("left", sip_conn_count(sip), 1);
	close(fd);
	stream_end();
}

static void test_keepalive(void)
{
	int fd;

	stream_start(SIP_PROTO_TCP);
	fd = stream_client();
	send(fd, "\r\n\r\n", 4, 0);
	EXPECT_INT("pong", stream_take(fd), 2);
	EXPECT_STR("pong", got, "\r\n");
	send(fd, "\r\n", 2, 0);
	EXPECT_INT("half a ping", stream_take(fd), 0);
	send(fd, "\r\n", 2, 0);
	EXPECT_INT("pong", stream_take(fd), 2);
	stream_pass(30);
	EXPECT_INT("it spoke", sip_conn_count(sip), 1);
	close(fd);
	stream_end();
}

/* ---- What is shut ---- */

static void expect_shut(const char *what, const char *octets, size_t len, const char *answer, enum sip_ctr counted)
{
	uint64_t before = stream_ctr(counted);
	int fd = stream_client();

	send(fd, octets, len, 0);
	stream_take(fd);
	if (answer) {
		EXPECT(strstr(got, answer) != NULL);
		if (!strstr(got, answer))
			printf("%s: got %s\n", what, got);
	} else {
		EXPECT_STR(what, got, "");
	}
	stream_take(fd);
	EXPECT_INT(what, stream_take(fd), -1);
	EXPECT_INT(what, stream_ctr(counted) - before, 1);
	close(fd);
	stream_turn();
	EXPECT_INT(what, sip_conn_count(sip), 0);
}

static void test_garbage(void)
{
	static char large[SIP_MSG_MAX + 100];
	char text[1024];
	size_t len = stream_put_options(text, 1);

	stream_start(SIP_PROTO_TCP);
	expect_shut("HTTP", "GET / HTTP/1.1\r\n\r\n", 18, NULL, SIP_CTR_CONN_GARBAGE);
	expect_shut("TLS", "\x16\x03\x01\x02\x00\x01", 6, NULL, SIP_CTR_CONN_GARBAGE);
	memcpy(strstr(text, "Length: 3"), "Length: x", 9);
	expect_shut("length", text, len, "SIP/2.0 400 Malformed Content-Length", SIP_CTR_CONN_GARBAGE);
	len = stream_put_options(large, 1) - 7;
	len += snprintf(large + len, 10, "X: ");
	memset(large + len, 'x', sizeof(large) - len);
	expect_shut("no end", large, sizeof(large), "SIP/2.0 513 Message Too Large", SIP_CTR_CONN_GARBAGE);
	stream_end();
}

/* Malformed, but answered: so many, and no more */
static void test_malformed(void)
{
	char text[1024];
	int fd, i;

	stream_start(SIP_PROTO_TCP);
	fd = stream_client();
	for (i = 0; i < 9; i++) {
		stream_put_options(text, i);
		memcpy(strstr(text, "Max-Forwards: 70"), "Max-Forwards: x0", 16);
		send(fd, text, strlen(text), 0);
		EXPECT(stream_take(fd) > 0);
		EXPECT_INT("answers", stream_count("SIP/2.0 400"), 1);
	}
	send(fd, text, strlen(text), 0);
	stream_take(fd);
	stream_take(fd);
	EXPECT_INT("shut", stream_take(fd), -1);
	close(fd);
	stream_end();
}

static void test_flood(void)
{
	static char text[200000];
	size_t len = 0;
	int fd, i;

	stream_start(SIP_PROTO_TCP);
	for (i = 0; i < 101; i++)
		len += stream_put_options(text + len, i);
	expect_shut("flood", text, len, "SIP/2.0 200", SIP_CTR_CONN_FLOOD);
	/* the same in two seconds is none */
	fd = stream_client();
	for (i = 0; i < 2; i++) {
		send(fd, text, len / 2, 0);
		stream_take(fd);
		stream_pass(1);
	}
	EXPECT_INT("no flood", sip_conn_count(sip), 1);
	close(fd);
	stream_turn();
	for (len = 0; len < 500; len += 4)
		memcpy(text + len, "\r\n\r\n", 4);
	expect_shut("pings", text, len, NULL, SIP_CTR_CONN_FLOOD);
	stream_end();
}

static void test_slow(void)
{
	char text[1024];
	size_t len = stream_put_options(text, 1), i;
	int silent, slow, idle;

	stream_start(SIP_PROTO_TCP);
	sip_conn_cfg(sip)->idle_timeout_s = 100;
	silent = stream_client();
	slow = stream_client();
	idle = stream_client();
	send(idle, text, len, 0);
	EXPECT(stream_take(idle) > 0);
	/* an octet every second keeps nothing open */
	for (i = 0; i < 11; i++) {
		send(slow, text + i, 1, MSG_NOSIGNAL);
		stream_pass(1);
	}
	EXPECT_INT("silent", stream_take(silent), -1);
	EXPECT_INT("slow", stream_take(slow), -1);
	EXPECT_INT("counted", stream_ctr(SIP_CTR_CONN_TIMEOUT), 2);
	EXPECT_INT("idle", sip_conn_count(sip), 1);
	stream_pass(80);
	EXPECT_INT("not yet", sip_conn_count(sip), 1);
	stream_pass(20);
	EXPECT_INT("idle", stream_take(idle), -1);
	close(silent);
	close(slow);
	close(idle);
	stream_end();
}

/* Who does not read answers is not read, and shut when nothing has moved for a while. */
static void test_stuck(void)
{
	static char text[400];
	size_t len = stream_put_options(text, 1), sent = 0;
	struct sip_conn *conn;
	ssize_t rc;
	int fd, i, size = 4096, moved = 0;

	stream_start(SIP_PROTO_TCP);
	sip_conn_cfg(sip)->messages_per_s = 0;
	sip_conn_cfg(sip)->write_queue = 65536;
	fd = stream_client_from("127.0.0.1", 4096);
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
	EXPECT_INT("nothing lost", stream_ctr(SIP_CTR_TX_DROPPED), 0);
	stream_pass(11);
	EXPECT_INT("shut", sip_conn_count(sip), 0);
	EXPECT_INT("counted", stream_ctr(SIP_CTR_CONN_TIMEOUT), 1);
	close(fd);
	stream_end();
}

static void test_limits(void)
{
	int fds[6], i;

	stream_start(SIP_PROTO_TCP);
	sip_conn_cfg(sip)->max_per_source = 2;
	sip_conn_cfg(sip)->max = 8;
	for (i = 0; i < 6; i++)
		fds[i] = stream_client_from(i < 3 ? "127.0.0.1" : i < 5 ? "127.0.0.2" : "127.0.0.3", 0);
	EXPECT_INT("third of one", stream_take(fds[2]), -1);
	EXPECT_INT("first of another", stream_take(fds[3]), 0);
	EXPECT_INT("half of all are strangers", stream_take(fds[5]), -1);
	EXPECT_INT("refused", stream_ctr(SIP_CTR_CONN_REFUSED), 2);
	EXPECT_INT("taken", sip_conn_count(sip), 4);
	for (i = 0; i < 6; i++)
		close(fds[i]);
	stream_turn();
	EXPECT_INT("closed", sip_conn_count(sip), 0);
	stream_end();
}

int main(int argc, char **argv)
{
	stream_init();
	test_split();
	test_pipelined();
	test_keepalive();
	test_garbage();
	test_malformed();
	test_flood();
	test_slow();
	test_stuck();
	test_limits();
	return expect_failures ? 1 : 0;
}
