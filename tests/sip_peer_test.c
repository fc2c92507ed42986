/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Peers: keep-alive, limits, removal, and what happens to legs when something goes from under them. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip_leg.h"

/* ---- Release, limits, peers ---- */

static void test_release(void)
{
	wire_start("release in every state");
	call = sip_call_alloc(pbx, NULL, &(uint16_t){ 0 });
	sip_call_release(call, 500, SIP_STR(""));
	invite();
	sip_call_release(call, 500, SIP_STR(""));
	w->quiet = true;
	rx_invite();
	w->quiet = false;
	sip_call_release(call, 503, SIP_STR("Retry-After: 3\r\n"));
	rx_as(branch_no, "ACK", 1, wire_sent_to_tag(w), "");
	w->quiet = true;
	rx_invite();
	w->quiet = false;
	sip_call_release(call, 0, SIP_STR(""));
	w->quiet = true;
	rx_invite();
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	rx("BYE", 2, "");
	w->quiet = false;
	sip_call_release(call, 500, SIP_STR(""));
	finish();
}

static void rx_options(const char *ip, uint16_t port)
{
	wire_log("< OPTIONS from %s", ip);
	wire_rx_from(w, ip, port, "OPTIONS sip:192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP x.example;branch=z9hG4bKo\n"
		     "Max-Forwards: 70\nFrom: <sip:x@x.example>;tag=x\nTo: <sip:192.0.2.1>\nCall-ID: o\n"
		     "CSeq: 1 OPTIONS\n\n");
}

/* RFC 4412: the first from who is not trusted, the second not of such a namespace */
#define PRIORITY(value) \
	"Contact: <sip:a@192.0.2.2:5062>\nResource-Priority: " value "\n" \
	"Content-Type: application/sdp\n\nv=0\n"
static const char *const priorities[] = {
	PRIORITY("esnet.0"), PRIORITY("q735.4, etsx.0, ets"), PRIORITY("dsn.flash, ESNET.1"),
};

static void test_limits(void)
{
	uint16_t status = 0;
	struct sip_call *held;

	wire_start("limit of a peer's calls");
	sip_peer_cfg(pbx)->max_calls = 1;
	rx_invite();
	held = call;
	call = NULL;
	rx_invite();
	OSMO_ASSERT(!call && !sip_call_alloc(pbx, NULL, &status) && status == 503);
	call = held;
	sip_call_release(call, 480, SIP_STR(""));
	rx_as(1, "ACK", 1, "x", "");
	sip_peer_cfg(pbx)->max_calls = 0;
	finish();

	wire_start("limit of a peer's calls, and calls of priority");
	sip_peer_cfg(pbx)->max_calls = 1;
	rx_invite();
	held = call;
	call = NULL;
	for (unsigned int i = 0; i < ARRAY_SIZE(priorities); i++) {
		sip_peer_cfg(pbx)->trusted = i > 0;
		call_no++;
		rx_as(++branch_no, "INVITE", 1, "", priorities[i]);
		if (call)
			sip_call_release(call, 486, SIP_STR(""));
		call = NULL;
	}
	OSMO_ASSERT((call = sip_call_alloc_priority(pbx, NULL, &status)));
	sip_call_release(call, 0, SIP_STR(""));
	sip_call_release(held, 480, SIP_STR(""));
	sip_peer_cfg(pbx)->max_calls = 0;
	call = NULL;
	finish();

	wire_start("refusing new calls");
	sip_set_refuse_new(w->sip, true, 7);
	rx_invite();
	rx_options("192.0.2.2", 5060);
	sip_set_refuse_new(w->sip, false, 0);
	rx_options("192.0.2.2", 5060);
	printf("Allow %s; Accept %s\n", wire_sent_hdr(w, SIP_HDR_ALLOW), wire_sent_hdr(w, SIP_HDR_ACCEPT));
	rx_options("198.51.100.1", 999);
	finish();

	wire_start("no peer's address");
	w->quiet = true;
	call_no++;
	w->quiet = false;
	wire_rx_from(w, "198.51.100.1", 5060, "INVITE sip:1@192.0.2.1 SIP/2.0\n"
		     "Via: SIP/2.0/UDP 198.51.100.1;branch=z9hG4bKq\nFrom: <sip:x@x>;tag=x\nTo: <sip:1@192.0.2.1>\n"
		     "Call-ID: q\nCSeq: 1 INVITE\nContact: <sip:x@x>\nMax-Forwards: 70\n\n");
	finish();
}

static void test_peer(void)
{
	struct sip_peer *other = sip_peer_alloc(w->sip, "OTHER");
	struct sip_peer_stats stats;
	uint16_t status;

	wire_start("keep-alive: down until proven, up by an answer, down after three failures, up again");
	OSMO_ASSERT(!sip_peer_alloc(w->sip, "OTHER"));
	OSMO_ASSERT(sip_peer_find(w->sip, "OTHER") == other && sip_peer_next(w->sip, pbx) == other);
	OSMO_ASSERT(!sip_peer_next(w->sip, other));
	set_remote(other, 0xc0000205, 5090);
	sip_peer_cfg(other)->options_interval_s = 10;
	sip_peer_update(other);
	printf("%s %s available %d\n", sip_peer_hostport(other), sip_peer_local_hostport(other),
	       sip_peer_available(other));
	OSMO_ASSERT(!sip_call_alloc(other, NULL, &status) && status == 503);
	wire_pass(100);
	wire_answer(w, 405, "x", NULL);
	printf("available %d\n", sip_peer_available(other));
	wire_pass(10000);
	wire_answer(w, 503, "x", NULL);
	wire_pass(10000);
	printf("available %d\n", sip_peer_available(other));
	w->quiet = true;
	wire_pass(20000);
	printf("available %d\n", sip_peer_available(other));
	wire_pass(10000);
	w->quiet = false;
	wire_answer(w, 200, "x", NULL);
	sip_peer_stats(other, &stats);
	printf("up %d sent %d failed %d\n", stats.up, (int)stats.options_sent, (int)stats.options_failed);
	sip_peer_cfg(other)->options_interval_s = 0;
	sip_peer_update(other);
	finish();

	wire_start("a peer is removed: legs in every state fail");
	auto_done = true;
	call = sip_call_alloc(other, NULL, &status);
	call = sip_call_alloc(other, NULL, &status);
	req(SIP_INVITE, 0);
	wire_answer(w, 180, "b", their_contact);
	call = sip_call_alloc(other, NULL, &status);
	req(SIP_INVITE, 0);
	wire_answer(w, 200, "b", their_contact);
	next_peer = other;
	sip_peer_free(other);
	next_peer = NULL;
	OSMO_ASSERT(!sip_peer_find(w->sip, "OTHER"));
	finish();
}

static void test_keepalive_retry(void)
{
	struct sip_peer *other = sip_peer_alloc(w->sip, "SLOW");

	wire_start("keep-alive: refused at the start, tried again soon, then at the interval");
	set_remote(other, 0xc0000206, 5060);
	sip_peer_cfg(other)->options_interval_s = 30;
	w->send_rc = -ECONNREFUSED;
	sip_peer_update(other);
	wire_pass(4000);
	w->send_rc = 0;
	wire_pass(1200);
	wire_answer(w, 200, "x", NULL);
	printf("available %d\n", sip_peer_available(other));
	wire_pass(30000);
	wire_answer(w, 200, "x", NULL);

	wire_start("keep-alive: switched off while an OPTIONS waits for its answer");
	sip_peer_cfg(other)->options_fail_count = 1;
	sip_peer_update(other);
	wire_pass(200);
	sip_peer_cfg(other)->options_interval_s = 0;
	sip_peer_update(other);
	wire_pass(40000);
	printf("available %d\n", sip_peer_available(other));
	sip_peer_free(other);
	finish();
}

/* The first of two listeners is closed; told of the tenth leg, the user cancels all others. */
static void test_unlisten_one(void)
{
	struct osmo_sockaddr addr = { .u.sin = w->sock->local.in4 };
	struct sip_sock *second = talloc_memdup(w->sip, w->sock, sizeof(*w->sock));
	int i;

	wire_start("a listener is closed, and legs cancelled meanwhile");
	sip_sockaddr_set_port(&second->local, 5061);
	llist_add_tail(&second->entry, &w->sip->socks);
	w->quiet = true;
	auto_done = true;
	cancel_after = 10;
	for (i = 0; i < 20; i++) {
		invite();
		wire_answer(w, 180, "b", their_contact);
	}
	memset(failed, 0, sizeof(failed));
	OSMO_ASSERT(sip_unlisten(w->sip, SIP_PROTO_UDP, &addr) == 0);
	printf("failed: 4xx %u, 5xx %u; left %u\n", failed[4], failed[5], w->sip->n_trans);
	w->sock = second;
	w->quiet = false;
	finish();
}

static void test_unlisten(void)
{
	struct osmo_sockaddr addr = { .u.sin = w->sock->local.in4 };
	struct sip_call *first;
	uint16_t status;

	wire_start("the listener is closed under legs in every state");
	w->quiet = true;
	auto_done = true;
	rx_invite();
	rx_invite();
	req(SIP_INVITE, 200);
	rx_invite();
	req(SIP_INVITE, 200);
	rx("ACK", 1, "");
	first = call;
	invite();
	wire_answer(w, 180, "b", their_contact);
	invite();
	memset(failed, 0, sizeof(failed));
	OSMO_ASSERT(sip_unlisten(w->sip, SIP_PROTO_UDP, &addr) == 0);
	printf("failed: 4xx %u, 5xx %u\n", failed[4], failed[5]);
	OSMO_ASSERT(sip_unlisten(w->sip, SIP_PROTO_UDP, &addr) == -ENOENT);
	OSMO_ASSERT(!sip_peer_available(pbx) && !sip_call_alloc(pbx, NULL, &status) && status == 503);
	sip_call_release(first, 500, SIP_STR(""));
	w->quiet = false;
	finish();
}

int main(int argc, char **argv)
{
	leg_init();
	test_release();
	test_limits();
	test_peer();
	test_keepalive_retry();
	test_unlisten_one();
	test_unlisten();
	leg_exit();
	return 0;
}
