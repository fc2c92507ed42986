/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Peers with several addresses, credentials, registration, limits: what goes where, and when. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip/sip_register.h"
#include "sip_leg.h"

/* ---- Failover ---- */

static struct sip_peer_remote remote_at(uint32_t addr, uint16_t priority, uint16_t weight)
{
	return (struct sip_peer_remote){ .addr.u.sin = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(addr), .sin_port = htons(5060),
	}, .priority = priority, .weight = weight };
}

static void show_hold(void)
{
	wire_log("peer is %savailable", sip_peer_available(pbx) ? "" : "not ");
}

static void test_failover(void)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(pbx);
	struct sip_peer_stats stats;

	cfg->remotes[0] = remote_at(0xc0000203, 10, 1);
	cfg->remotes[1] = remote_at(0xc0000204, 20, 1);
	cfg->n_remotes = 2;
	cfg->failover_ms = 2200;
	sip_peer_update(pbx);

	wire_start("no answer, then 503, then an answer");
	auto_done = true;
	invite();
	wire_pass(2500);
	wire_answer(w, 503, "x", "Retry-After: 100\n");
	wire_answer(w, 200, "x", their_contact);
	sip_call_release(call, 0, SIP_STR(""));
	wire_answer(w, 200, "x", NULL);
	sip_peer_stats(pbx, &stats);
	printf("failovers %d\n", (int)stats.failovers);

	wire_start("those that failed are not tried first");
	invite();
	wire_answer(w, 486, "x", NULL);
	finish();

	wire_start("an answer ends it: 503 after 180 is the call's");
	auto_done = true;
	invite();
	wire_answer(w, 180, "x", their_contact);
	wire_answer(w, 503, "x", NULL);
	finish();

	wire_start("nobody answers");
	wire_pass(700000);
	auto_done = true;
	invite();
	wire_pass(7000);
	wire_pass(40000);
	finish();

	wire_start("cancelled while it goes on to the next");
	wire_pass(700000);
	auto_done = true;
	invite();
	wire_pass(2500);
	sip_call_release(call, 0, SIP_STR(""));
	wire_answer(w, 100, NULL, NULL);
	wire_answer_to_invite(w, 487, "x", NULL);
	finish();

	wire_start("Retry-After of one is not that of all; of all it is until the first may be asked again");
	wire_pass(700000);
	auto_done = true;
	invite();
	wire_answer(w, 180, "x", their_contact);
	wire_answer(w, 503, "x", "Retry-After: 100\n");
	show_hold();
	invite();
	wire_answer(w, 503, "x", "Retry-After: 50\n");
	wire_answer(w, 503, "x", "Retry-After: 200\n");
	wire_answer(w, 503, "x", "Retry-After: 150\n");
	show_hold();
	wire_pass(51000);
	show_hold();

	wire_start("the first two cannot be sent to at all: the third is asked at once");
	wire_pass(700000);
	auto_done = true;
	w->send_rc = -ENETUNREACH;
	w->n_fail = 2;
	invite();
	wire_answer(w, 486, "x", NULL);
	finish();

	wire_start("nobody can be sent to: the user is told at once");
	wire_pass(700000);
	w->send_rc = -ENETUNREACH;
	invite();
	w->send_rc = 0;
	sip_call_release(call, 0, SIP_STR(""));
	finish();

	wire_start("cannot be sent: the user is told in the end");
	wire_pass(700000);
	auto_done = true;
	invite();
	w->send_rc = -ENETUNREACH;
	wire_pass(2500);
	w->send_rc = 0;
	finish();
	cfg->n_remotes = 0;
	cfg->failover_ms = 0;
	sip_peer_update(pbx);
}

static void test_keepalive_each(void)
{
	struct sip_peer *two = sip_peer_alloc(w->sip, "TWO");
	struct sip_peer_cfg *cfg = sip_peer_cfg(two);

	wire_start("keep-alive of each address: up by two good answers, then the peer is");
	cfg->remotes[0] = remote_at(0xc0000206, 10, 1);
	cfg->remotes[1] = remote_at(0xc0000207, 20, 1);
	cfg->n_remotes = 2;
	cfg->options_interval_s = 30;
	cfg->options_ok_count = 2;
	cfg->options_ok_only = true;
	sip_peer_update(two);
	wire_pass(100);
	wire_answer(w, 200, "x", NULL);
	printf("available %d\n", sip_peer_available(two));
	w->quiet = true;
	wire_pass(5000);
	wire_answer(w, 404, "x", NULL);
	printf("available %d\n", sip_peer_available(two));
	wire_pass(5000);
	wire_answer(w, 200, "x", NULL);
	printf("available %d\n", sip_peer_available(two));
	wire_pass(5000);
	wire_answer(w, 200, "x", NULL);
	printf("available %d\n", sip_peer_available(two));
	wire_pass(200000);
	printf("available %d\n", sip_peer_available(two));
	w->quiet = false;
	sip_peer_free(two);
	finish();
}

/* ---- Credentials ---- */

static void show_credentials(const char *name)
{
	struct sip_parse_error err;
	struct sip_auth auth;
	const struct sip_hdr *hdr;
	struct sip_msg msg;

	OSMO_ASSERT(sip_msg_parse(&msg, w->request, w->request_len, &err) == 0);
	hdr = sip_msg_hdr_named(&msg, sip_str_from(name));
	if (!hdr || sip_auth_parse(&auth, hdr->value) < 0) {
		printf("no %s\n", name);
		return;
	}
	printf("%s: %.*s of %.*s, nonce %.*s, uri %.*s, nc %.*s, qop %.*s, %.*s, %zu digits\n", name,
	       SIP_STR_ARG(auth.username), SIP_STR_ARG(auth.realm), SIP_STR_ARG(auth.nonce), SIP_STR_ARG(auth.uri),
	       SIP_STR_ARG(auth.nc), SIP_STR_ARG(auth.qop), SIP_STR_ARG(auth.algorithm), auth.response.len);
}

#define ASKS "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n1\", qop=\"auth\", algorithm=MD5\n" \
	"Proxy-Authenticate: Digest realm=\"r\", nonce=\"n2\", qop=\"auth\", algorithm=SHA-256\n"

static void test_credentials(void)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(pbx);

	cfg->auth_user = talloc_strdup(pbx, "trunk");
	cfg->auth_password = talloc_strdup(pbx, "secret");
	sip_peer_update(pbx);

	wire_start("INVITE asked for credentials by a proxy and by the user agent, BYE too");
	auto_done = true;
	invite();
	wire_answer(w, 407, "x", ASKS);
	show_credentials("Proxy-Authorization");
	wire_answer(w, 401, "y", "WWW-Authenticate: Digest realm=\"q\", nonce=\"n3\"\n");
	show_credentials("Proxy-Authorization");
	show_credentials("Authorization");
	wire_answer(w, 200, "z", their_contact);
	sip_call_release(call, 0, SIP_STR(""));
	wire_answer(w, 407, "z", ASKS);
	show_credentials("Proxy-Authorization");
	wire_answer(w, 200, "z", NULL);
	finish();

	wire_start("the credentials are wrong");
	auto_done = true;
	invite();
	wire_answer(w, 407, "x", ASKS);
	wire_answer(w, 407, "x", ASKS);
	finish();

	wire_start("a stale nonce is no refusal");
	auto_done = true;
	invite();
	wire_answer(w, 401, "x", "WWW-Authenticate: Digest realm=\"q\", nonce=\"n3\"\n");
	wire_answer(w, 401, "x", "WWW-Authenticate: Digest realm=\"q\", nonce=\"n4\", stale=TRUE\n");
	show_credentials("Authorization");
	wire_answer(w, 486, "x", NULL);
	finish();

	wire_start("what we cannot answer is the call's end");
	auto_done = true;
	invite();
	wire_answer(w, 401, "x", "WWW-Authenticate: Basic realm=\"q\"\n");
	finish();
	TALLOC_FREE(cfg->auth_user);
	sip_peer_update(pbx);
}

static void test_challenge(void)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(pbx);
	struct sip_peer_stats stats;

	wire_start("new calls must bring credentials");
	cfg->challenge_user = talloc_strdup(pbx, "x");
	cfg->challenge_password = talloc_strdup(pbx, "y");
	auto_done = false;
	rx_invite();
	sip_peer_stats(pbx, &stats);
	printf("challenged %d\n", (int)stats.challenged);
	cfg->challenge_user = NULL;
	finish();
}

/* ---- Limits, sources ---- */

static void try_out(unsigned int n)
{
	unsigned int i, ok = 0;
	uint16_t status;
	struct sip_call *c;

	for (i = 0; i < n; i++) {
		c = sip_call_alloc(pbx, NULL, &status);
		if (!c)
			continue;
		ok++;
		sip_call_release(c, 0, SIP_STR(""));
	}
	printf("%u of %u\n", ok, n);
}

static void test_limits(void)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(pbx);
	struct sip_call *held;
	uint16_t status;

	wire_start("calls per second");
	cfg->calls_per_s = 5;
	wire_pass(2000);
	try_out(20);
	wire_pass(1000);
	try_out(20);
	wire_pass(400);
	try_out(20);
	cfg->calls_per_s = 0;

	wire_start("one call in each direction");
	cfg->max_calls_in = cfg->max_calls_out = 1;
	held = sip_call_alloc(pbx, NULL, &status);
	OSMO_ASSERT(held && !sip_call_alloc(pbx, NULL, &status));
	auto_done = false;
	rx_invite();
	OSMO_ASSERT(call);
	sip_call_release(call, 480, SIP_STR(""));
	sip_call_release(held, 0, SIP_STR(""));
	try_out(1);
	cfg->max_calls_in = cfg->max_calls_out = 0;
	wire_pass(40000);
	finish();
}

static void rx_invite_from(const char *ip)
{
	char text[1024];

	snprintf(text, sizeof(text), "INVITE sip:1@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP %s;branch=z9hG4bKi%s\n"
		 "From: <sip:x@x>;tag=x\nTo: <sip:1@192.0.2.1>\nCall-ID: i%s\nCSeq: 1 INVITE\nContact: <sip:x@x>\n"
		 "Max-Forwards: 70\n\n", ip, ip, ip);
	call = NULL;
	wire_log("< INVITE from %s", ip);
	wire_rx_from(w, ip, 5060, text);
	if (call)
		sip_call_release(call, 480, SIP_STR(""));
}

static void test_sources(void)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(pbx);

	wire_start("accepted prefixes");
	cfg->accepts[0] = (struct sip_peer_accept){ .bits = 22 };
	OSMO_ASSERT(sip_sockaddr_from_host(&cfg->accepts[0].net, SIP_STR("198.51.100.0"), false, 0) == 0);
	cfg->n_accepts = 1;
	rx_invite_from("198.51.103.255");
	rx_invite_from("198.51.104.1");
	sip_set_drop_unknown(w->sip, true);
	rx_invite_from("198.51.104.2");
	sip_set_drop_unknown(w->sip, false);
	cfg->n_accepts = 0;
	finish();
}

/* ---- REGISTER ---- */

static void show_register(const char *what)
{
	struct sip_register_info info;

	sip_register_info(pbx, &info);
	printf("%s: %s, granted %u, next in %u s; Expires %s, Contact %s\n", what, info.state, info.expires_s,
	       info.next_s, wire_sent_hdr(w, SIP_HDR_EXPIRES), wire_sent_hdr(w, SIP_HDR_CONTACT));
}

static void test_register(void)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(pbx);
	struct sip_register_info info;

	wire_start("registered, refreshed, said good-bye");
	cfg->auth_user = talloc_strdup(pbx, "trunk");
	cfg->register_aor = talloc_strdup(pbx, "sip:trunk@carrier.example");
	cfg->register_expires_s = 300;
	sip_peer_update(pbx);
	wire_pass(150);
	wire_answer(w, 401, "x", "WWW-Authenticate: Digest realm=\"q\", nonce=\"n3\", qop=\"auth\"\n");
	show_credentials("Authorization");
	wire_answer(w, 423, "x", "Min-Expires: 600\n");
	wire_answer(w, 200, "x", "Contact: <sip:other@192.0.2.1>;expires=5, <sip:trunk@192.0.2.1>;expires=400\n");
	show_register("granted");
	wire_pass(200000);
	wire_answer(w, 401, "x", "WWW-Authenticate: Digest realm=\"q\", nonce=\"n3\", qop=\"auth\"\n");
	show_credentials("Authorization");
	wire_answer(w, 200, "x", "Expires: 4000\n");
	show_register("refreshed");
	printf("%u under way\n", sip_register_stop_all(w->sip));
	wire_answer(w, 200, "x", NULL);
	printf("%u under way\n", sip_register_stop_all(w->sip));
	TALLOC_FREE(cfg->register_aor);
	sip_peer_update(pbx);
	finish();

	wire_start("taken back while it is under way");
	cfg->register_aor = talloc_strdup(pbx, "sip:trunk@carrier.example");
	sip_peer_update(pbx);
	wire_pass(150);
	show_register("asked");
	TALLOC_FREE(cfg->register_aor);
	sip_peer_update(pbx);
	show_register("taken back");
	cfg->register_aor = talloc_strdup(pbx, "sip:trunk@carrier.example");
	sip_peer_update(pbx);
	wire_pass(150);
	printf("%u under way\n", sip_register_stop_all(w->sip));
	printf("%u under way\n", sip_register_stop_all(w->sip));
	show_register("taken back");
	TALLOC_FREE(cfg->register_aor);
	sip_peer_update(pbx);
	finish();

	wire_start("taken back while it is under way with credentials: CSeq goes on");
	cfg->register_aor = talloc_strdup(pbx, "sip:trunk@carrier.example");
	sip_peer_update(pbx);
	wire_pass(150);
	wire_answer(w, 401, "x", "WWW-Authenticate: Digest realm=\"q\", nonce=\"n3\", qop=\"auth\"\n");
	printf("CSeq: %s\n", wire_sent_hdr(w, SIP_HDR_CSEQ));
	printf("%u under way\n", sip_register_stop_all(w->sip));
	printf("CSeq: %s\n", wire_sent_hdr(w, SIP_HDR_CSEQ));
	wire_answer(w, 200, "x", NULL);
	TALLOC_FREE(cfg->register_aor);
	sip_peer_update(pbx);
	finish();

	wire_start("failures are waited after, longer each time");
	cfg->register_aor = talloc_strdup(pbx, "sip:trunk@carrier.example");
	sip_peer_update(pbx);
	wire_pass(150);
	wire_answer(w, 403, "x", NULL);
	sip_register_info(pbx, &info);
	printf("%s, 15 to 30 s: %d\n", info.state, info.next_s >= 15 && info.next_s <= 30);
	w->quiet = true;
	wire_pass(31000);
	wire_answer(w, 500, "x", NULL);
	w->quiet = false;
	sip_register_info(pbx, &info);
	printf("%s, 30 to 60 s: %d\n", info.state, info.next_s >= 29 && info.next_s <= 60);
	w->quiet = true;
	wire_pass(61000);
	wire_answer(w, 503, "x", "Retry-After: 333\n");
	w->quiet = false;
	sip_register_info(pbx, &info);
	printf("%s, in %u s\n", info.state, info.next_s);
	TALLOC_FREE(cfg->register_aor);
	sip_peer_update(pbx);
	finish();
}

static void test_given_up(void)
{
	wire_start("an INVITE that was given up: until its end");
	invite();
	wire_log("given up: %u", sip_given_up_count(w->sip));
	sip_call_release(call, 0, SIP_STR(""));
	wire_log("given up: %u", sip_given_up_count(w->sip));
	wire_answer_to_invite(w, 180, "x", their_contact);
	wire_log("given up: %u", sip_given_up_count(w->sip));
	wire_answer(w, 200, "x", "");
	wire_answer_to_invite(w, 487, "x", "");
	wire_log("given up: %u", sip_given_up_count(w->sip));
	finish();
}

/* 64*T1 is 8.32 s: whole seconds are not all that a timer of a transaction has */
static void test_fractions(void)
{
	wire_start("timer B with a fraction of a second");
	sip_timers(w->sip)->t1_ms = 130;
	w->quiet = true;
	invite();
	wire_pass(8300);
	w->quiet = false;
	wire_pass(100);
	done();
	finish();
	sip_timers(w->sip)->t1_ms = 500;
}

int main(void)
{
	leg_init();
	test_failover();
	test_keepalive_each();
	test_credentials();
	test_challenge();
	test_limits();
	test_sources();
	test_register();
	test_given_up();
	test_fractions();
	leg_exit();
	return 0;
}
