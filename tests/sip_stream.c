/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: an endpoint on a real stream socket, clients of it, and a clock that is moved by hand. */

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

#include "hand_clock.h"
#include "sip_stream.h"

static struct log_info_cat cats[_SIP_LOG_END];
static const struct log_info log_info = { .cat = cats, .num_cat = ARRAY_SIZE(cats) };

struct sip *sip;
struct osmo_sockaddr stream_local;
struct sip_call *call;
unsigned int failed, answered;
char got[1 << 20];

void stream_init(void)
{
	void *ctx = talloc_named_const(NULL, 0, "test");

	memcpy(&cats[DSIP], sip_log_cats, sizeof(sip_log_cats));
	osmo_init_logging2(ctx, &log_info);
	osmo_init_ignore_signals();
	osmo_fsm_set_dealloc_ctx(OTC_SELECT);
	hand_clock_start();
	setvbuf(stdout, NULL, _IOLBF, 0);
}

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

void stream_start(enum sip_proto proto)
{
	int rc = -EADDRINUSE;
	uint16_t port;

	sip = sip_alloc(NULL, user_cb, NULL);
	memset(&stream_local, 0, sizeof(stream_local));
	stream_local.u.sin = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	for (port = 22000 + getpid() % 10000; rc == -EADDRINUSE; port++) {
		stream_local.u.sin.sin_port = htons(port);
		rc = sip_listen(sip, proto, &stream_local);
	}
	OSMO_ASSERT(rc == 0);
}

void stream_end(void)
{
	talloc_free(sip);
	osmo_select_main_ctx(1);
}

/* The loop's turns until nothing more happens for a moment of real time */
void stream_turn(void)
{
	unsigned int quiet = 0, i;

	for (i = 0; quiet < 20 && i < 2000; i++) {
		quiet = osmo_select_main_ctx(1) > 0 ? 0 : quiet + 1;
		if (quiet > 10)
			usleep(500);
	}
}

/* The clock of timers and deadlines, not the world's */
void stream_pass(unsigned int seconds)
{
	while (seconds--) {
		hand_clock_move(1000);
		stream_turn();
	}
}

int stream_client_from(const char *from, int rcvbuf)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (rcvbuf)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof(rcvbuf));
	OSMO_ASSERT(inet_aton(from, &sin.sin_addr));
	OSMO_ASSERT(bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == 0);
	OSMO_ASSERT(connect(fd, &stream_local.u.sa, sizeof(stream_local.u.sin)) == 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	stream_turn();
	return fd;
}

int stream_client(void)
{
	return stream_client_from("127.0.0.1", 0);
}

/* What the other side has to read by now; -1: the connection is shut */
ssize_t stream_take(int fd)
{
	size_t len = 0;
	ssize_t rc;

	stream_turn();
	while ((rc = recv(fd, got + len, sizeof(got) - 1 - len, 0)) > 0)
		len += rc;
	got[len] = '\0';
	return !len && (rc == 0 || errno != EAGAIN) ? -1 : (ssize_t)len;
}

unsigned int stream_count(const char *needle)
{
	const char *p = got;
	unsigned int n = 0;

	while ((p = strstr(p, needle))) {
		n++;
		p += strlen(needle);
	}
	return n;
}

size_t stream_put_options(char *buf, unsigned int n)
{
	return snprintf(buf, 512, "OPTIONS sip:gw SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:5999;branch=z9hG4bK%03u\r\n"
		       "Max-Forwards: 70\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:gw>\r\nCall-ID: %03u\r\n"
		       "CSeq: 1 OPTIONS\r\nContent-Length: 3\r\n\r\nabc", n, n);
}

uint64_t stream_ctr(enum sip_ctr n)
{
	return sip->ctrs->ctr[n].current;
}
