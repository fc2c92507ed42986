/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a SIP endpoint on a transport that prints what is sent, and a clock that is moved by hand. */

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/application.h>
#include <osmocom/core/fsm.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>

#include "sip/sip_msg.h"
#include "sip/sip_peer.h"
#include "hand_clock.h"
#include "sip_wire.h"

#define STEP_MS 50

static unsigned int now_ms;
static struct log_info_cat cats[_SIP_LOG_END];
static const struct log_info log_info = { .cat = cats, .num_cat = ARRAY_SIZE(cats) };

void wire_init(void)
{
	void *ctx = talloc_named_const(NULL, 0, "test");

	memcpy(&cats[DSIP], sip_log_cats, sizeof(sip_log_cats));
	osmo_init_logging2(ctx, &log_info);
	log_set_print_filename2(osmo_stderr_target, LOG_FILENAME_NONE);
	log_set_all_filter(osmo_stderr_target, 1);
	log_set_use_color(osmo_stderr_target, 0);
	osmo_fsm_set_dealloc_ctx(OTC_SELECT);
	hand_clock_start();
	setvbuf(stdout, NULL, _IOLBF, 0);
}

void wire_start(const char *title)
{
	now_ms = 0;
	printf("\n== %s\n", title);
}

void wire_log(const char *fmt, ...)
{
	va_list ap;

	printf("%2u.%03u ", now_ms / 1000, now_ms % 1000);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

void wire_pass(unsigned int ms)
{
	/* long times only have to go by */
	unsigned int passed, step = ms > 60000 ? 500 : STEP_MS;

	for (passed = 0; passed <= ms; passed += step) {
		if (passed) {
			hand_clock_move(step);
			now_ms += step;
		}
		osmo_timers_prepare();
		while (osmo_timers_update())
			;
	}
	osmo_select_main_ctx(1);
}

static int wire_open(struct sip_sock *sock)
{
	return 0;
}

static void wire_close(struct sip_sock *sock)
{
}

static struct sip_str hdr_value(const struct sip_msg *msg, enum sip_hdr_id id)
{
	const struct sip_hdr *hdr = sip_msg_hdr(msg, id);

	return hdr ? hdr->value : SIP_STR("-");
}

/* RFC 3261 14.2: Retry-After of a 500 is drawn by lot */
static bool is_random(const struct sip_msg *msg, enum sip_hdr_id id)
{
	uint32_t seconds;

	if (id != SIP_HDR_RETRY_AFTER || msg->status != 500)
		return false;
	OSMO_ASSERT(sip_retry_after_parse(&seconds, hdr_value(msg, id)) == 0 && seconds <= 10);
	return true;
}

static void print_sent(const struct sip_msg *msg, const union sip_sockaddr *to)
{
	static const enum sip_hdr_id shown[] = {
		SIP_HDR_ROUTE, SIP_HDR_RECORD_ROUTE, SIP_HDR_UNSUPPORTED, SIP_HDR_RETRY_AFTER, SIP_HDR_REASON,
	};
	char addr[SIP_HOSTPORT_SIZE];
	unsigned int i;

	sip_sockaddr_hostport_buf(addr, to);
	if (msg->is_request)
		wire_log("> %s: %.*s %.*s", addr, SIP_STR_ARG(msg->method_name), SIP_STR_ARG(msg->ruri));
	else
		wire_log("> %s: %u %.*s", addr, msg->status, SIP_STR_ARG(msg->reason));
	printf("       CSeq: %.*s; To %s tag", SIP_STR_ARG(hdr_value(msg, SIP_HDR_CSEQ)),
	       msg->to.tag.p ? "with" : "no");
	if (msg->body.len)
		printf("; body %zu", msg->body.len);
	for (i = 0; i < ARRAY_SIZE(shown); i++) {
		if (!sip_msg_hdr(msg, shown[i]))
			continue;
		printf("; %.*s: %.*s", SIP_STR_ARG(sip_hdr_name(shown[i])),
		       SIP_STR_ARG(is_random(msg, shown[i]) ? SIP_STR("0..10") : hdr_value(msg, shown[i])));
	}
	printf("\n");
}

static int wire_send(const struct sip_dest *dest, const char *octets, size_t len)
{
	struct wire *w = dest->sock->ofd.data;
	struct sip_parse_error err;
	int rc = w->send_rc;
	struct sip_msg msg;

	if (rc < 0 && w->n_fail && !--w->n_fail)
		w->send_rc = 0;
	if (rc < 0)
		return rc;
	/* but for the answer to a request that lacked what an answer repeats */
	if (sip_msg_parse(&msg, octets, len, &err) < 0 && strncmp(octets, "SIP/2.0 400 ", 12)) {
		printf("cannot be read: %s at %zu\n%.*s\n", err.what, err.offset, (int)len, octets);
		OSMO_ASSERT(false);
	}
	w->n_sent++;
	sip_msg_uint(&msg, SIP_HDR_RSEQ, &w->last_rseq);
	memcpy(w->last, octets, len);
	w->last_len = len;
	if (msg.is_request && msg.method != SIP_ACK) {
		memcpy(w->request, octets, len);
		w->request_len = len;
	}
	if (msg.is_request && msg.method == SIP_INVITE) {
		memcpy(w->invite, octets, len);
		w->invite_len = len;
	}
	if (!w->quiet)
		print_sent(&msg, &dest->addr);
	return 0;
}

struct wire *wire_alloc(sip_user_cb *cb, void *user)
{
	struct wire *w = talloc_zero(NULL, struct wire);

	w->sip = sip_alloc(w, cb, user);
	w->ops = (struct sip_transport_ops){
		.proto = SIP_PROTO_UDP, .via = "UDP", .uri_param = "", .open = wire_open,
		.close = wire_close, .send = wire_send,
	};
	w->sock = talloc_zero(w->sip, struct sip_sock);
	w->sock->sip = w->sip;
	w->sock->ops = &w->ops;
	w->sock->ofd.data = w;
	OSMO_ASSERT(sip_sockaddr_from_host(&w->sock->local, SIP_STR("192.0.2.1"), false, 5060) == 0);
	sip_sockaddr_hostport_buf(w->sock->hostport, &w->sock->local);
	llist_add_tail(&w->sock->entry, &w->sip->socks);
	return w;
}

void wire_free(struct wire *w)
{
	talloc_free(w);
	osmo_select_main_ctx(1);
}

/* The parser, which borrows, must not read beyond: hence memory of exactly that size. */
static void rx_octets(struct wire *w, const union sip_sockaddr *src, const char *octets, size_t len)
{
	char *exact = talloc_memdup(w, octets, len);

	sip_rx(w->sock, src, exact, len);
	talloc_free(exact);
}

void wire_rx_from(struct wire *w, const char *ip, uint16_t port, const char *text)
{
	union sip_sockaddr src;
	char octets[SIP_MSG_MAX];
	size_t len = 0;

	OSMO_ASSERT(sip_sockaddr_from_host(&src, sip_str_from(ip), strchr(ip, ':'), port) == 0);
	for (; *text; text++) {
		if (*text == '\n')
			octets[len++] = '\r';
		octets[len++] = *text;
	}
	rx_octets(w, &src, octets, len);
}

void wire_rx(struct wire *w, const char *fmt, ...)
{
	char text[SIP_MSG_MAX / 2];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!w->quiet)
		wire_log("< %.*s", (int)strcspn(text, "\n"), text);
	wire_rx_from(w, "192.0.2.2", 5060, text);
}

static void answer(struct wire *w, struct sip_str request, unsigned int status, const char *to_tag, const char *lines)
{
	struct sip_parse_error err;
	char text[SIP_MSG_MAX / 2];
	struct sip_msg msg;

	OSMO_ASSERT(sip_msg_parse(&msg, request.p, request.len, &err) == 0);
	snprintf(text, sizeof(text),
		 "SIP/2.0 %u %.*s\nVia: %.*s\nFrom: %.*s\nTo: %.*s%s%s\nCall-ID: %.*s\nCSeq: %.*s\n%s%s",
		 status, SIP_STR_ARG(sip_status_phrase(status)), SIP_STR_ARG(hdr_value(&msg, SIP_HDR_VIA)),
		 SIP_STR_ARG(hdr_value(&msg, SIP_HDR_FROM)), SIP_STR_ARG(hdr_value(&msg, SIP_HDR_TO)),
		 to_tag ? ";tag=" : "", to_tag ? to_tag : "", SIP_STR_ARG(msg.call_id),
		 SIP_STR_ARG(hdr_value(&msg, SIP_HDR_CSEQ)), lines ? lines : "",
		 lines && strstr(lines, "\n\n") ? "" : "\n");
	wire_rx(w, "%s", text);
}

void wire_answer(struct wire *w, unsigned int status, const char *to_tag, const char *lines)
{
	answer(w, (struct sip_str){ w->request, w->request_len }, status, to_tag, lines);
}

void wire_answer_to_invite(struct wire *w, unsigned int status, const char *to_tag, const char *lines)
{
	answer(w, (struct sip_str){ w->invite, w->invite_len }, status, to_tag, lines);
}

const char *wire_sent_hdr(struct wire *w, enum sip_hdr_id id)
{
	static char bufs[8][1024];
	static unsigned int next;
	char *buf = bufs[next++ % ARRAY_SIZE(bufs)];
	struct sip_parse_error err;
	struct sip_msg msg;

	OSMO_ASSERT(sip_msg_parse(&msg, w->last, w->last_len, &err) == 0);
	snprintf(buf, sizeof(bufs[0]), "%.*s", SIP_STR_ARG(hdr_value(&msg, id)));
	return buf;
}

const char *wire_sent_to_tag(struct wire *w)
{
	const char *tag = strstr(wire_sent_hdr(w, SIP_HDR_TO), ";tag=");

	return tag ? tag + 5 : "";
}
