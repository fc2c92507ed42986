/* SPDX-License-Identifier: GPL-3.0-or-later */
/* REGISTER as client, for a trunk that wants it (RFC 3261 10.2, RFC 5626 4.5). */

#define _GNU_SOURCE /* memmem() */
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>

#include "sip/sip_conn.h"
#include "sip/sip_dialog.h"
#include "sip/sip_register.h"

/* RFC 5626 4.5: the wait after failures in a row doubles from the first to the second, half of it at random */
#define BACKOFF_BASE_S 30
#define BACKOFF_MAX_S 1800
#define BACKOFF_DOUBLINGS 6
/* A registrar that grants less is asked as if it were this; one that wants more than that is not obeyed */
#define GRANTED_MIN_S 10
#define MIN_EXPIRES_MAX_S 604800
/* One that did not answer is not tried first for so long, where there are several */
#define HOLD_S 30
/* What begins with the configuration begins this much later: listeners are being opened */
#define FIRST_MS 100

enum reg_state { REG_REGISTERING, REG_REGISTERED, REG_FAILED, REG_UNREGISTERING };
static const struct value_string reg_state_names[] = {
	{ REG_REGISTERING, "registering" },
	{ REG_REGISTERED, "registered" },
	{ REG_FAILED, "failed" },
	{ REG_UNREGISTERING, "unregistering" },
	{ 0, NULL }
};

struct sip_register {
	struct sip_peer *peer;
	enum reg_state state;
	char *aor, *contact_user;		/* as it was begun with */
	char call_id[2 * SIP_TAG_LEN], tag[SIP_TAG_LEN];	/* 10.2: one Call-ID for all */
	uint32_t cseq;
	struct sip_trans *trans;
	struct osmo_timer_list timer, ping;
	uint64_t next_ms;
	unsigned int ask_s, granted_s, failures;
	uint16_t status;
	uint64_t sent, failed;
};

static void register_send(struct sip_register *reg);

static void schedule(struct sip_register *reg, unsigned int s)
{
	reg->next_ms = sip_conn_now_ms() + s * 1000ULL;
	osmo_timer_schedule(&reg->timer, s, 0);
}

static void set_state(struct sip_register *reg, enum reg_state state, const char *why)
{
	if (reg->state == state)
		return;
	reg->state = state;
	LOGP(DSIP, LOGL_NOTICE, "peer %s: %s %s%s%s\n", reg->peer->name, reg->aor,
	     get_value_string(reg_state_names, state), why ? ": " : "", why ? why : "");
}

/* ---- Keeping the way open (RFC 5626 3.5.1; over connections their own pings do) ---- */

static void ping_cb(void *data)
{
	struct sip_register *reg = data;
	struct sip_peer *peer = reg->peer;

	if (!peer->cfg.register_ping_s || reg->state != REG_REGISTERED)
		return;
	if (peer->reachable && !peer->dest.sock->ops->reliable)
		sip_send(&peer->dest, "\r\n\r\n", 4);
	osmo_timer_schedule(&reg->ping, peer->cfg.register_ping_s, 0);
}

/* ---- The answers ---- */

static void failed(struct sip_register *reg, unsigned int wait_s, const char *why)
{
	unsigned int most = BACKOFF_BASE_S << OSMO_MIN(reg->failures, BACKOFF_DOUBLINGS);
	uint16_t at_random;

	reg->failed++;
	reg->failures++;
	LOGP(DSIP, LOGL_NOTICE, "peer %s: REGISTER failed (%u): %s\n", reg->peer->name, reg->failures, why);
	set_state(reg, REG_FAILED, why);
	sip_random(reg->peer->sip, &at_random, sizeof(at_random));
	most = OSMO_MIN(most, BACKOFF_MAX_S);
	schedule(reg, wait_s ? wait_s : most / 2 + at_random % (most / 2 + 1));
}

/* Another target may answer better: each of them once before there is a wait. */
static void unreachable(struct sip_register *reg, const struct sip_trans *trans, const char *why)
{
	struct sip_target *target = sip_target_at(reg->peer, &trans->dest);

	if (target)
		sip_target_failed(target, HOLD_S, why);
	failed(reg, reg->failures + 1 < reg->peer->n_targets ? 1 : 0, why);
}

/* 10.2.4: what Contact grants to our own URI, else Expires, else what was asked for */
static unsigned int granted(const struct sip_register *reg, const struct sip_msg *msg)
{
	struct sip_str user = sip_str_from(reg->contact_user), value;
	uint32_t s = reg->ask_s, header;
	struct sip_addr addr;
	struct sip_values v;
	struct sip_uri uri;

	if (sip_msg_uint(msg, SIP_HDR_EXPIRES, &header) == 0)
		s = header;
	sip_values_init(&v, msg, SIP_HDR_CONTACT);
	while (sip_values_next_addr(&v, &addr) == 0) {
		if (sip_uri_parse(&uri, addr.uri_text) < 0 || !sip_str_eq(uri.user, user) ||
		    !memmem(addr.uri_text.p, addr.uri_text.len, reg->peer->local, strlen(reg->peer->local)))
			continue;
		if (sip_param(addr.params, "expires", &value) && sip_uint_parse(&header, value, UINT32_MAX) == 0)
			s = header;
	}
	return s;
}

static void registered(struct sip_register *reg, const struct sip_msg *msg)
{
	unsigned int s = OSMO_MIN(OSMO_MAX(granted(reg, msg), GRANTED_MIN_S), MIN_EXPIRES_MAX_S);

	reg->failures = 0;
	reg->granted_s = s;
	set_state(reg, REG_REGISTERED, NULL);
	schedule(reg, s > 1200 ? s - 600 : s / 2);
	ping_cb(reg);
}

/* 10.2.8 */
static bool ask_longer(struct sip_register *reg, const struct sip_msg *msg)
{
	const struct sip_hdr *hdr = sip_msg_hdr_named(msg, SIP_STR("Min-Expires"));
	uint32_t min;

	if (msg->status != 423 || !hdr || sip_uint_parse(&min, hdr->value, MIN_EXPIRES_MAX_S) < 0 || min <= reg->ask_s)
		return false;
	reg->ask_s = min;
	return true;
}

static unsigned int retry_after(const struct sip_msg *msg)
{
	const struct sip_hdr *hdr = sip_msg_hdr(msg, SIP_HDR_RETRY_AFTER);
	uint32_t s;

	if (!hdr || sip_retry_after_parse(&s, hdr->value) < 0)
		return 0;
	return OSMO_MIN(s, BACKOFF_MAX_S);
}

static void answered(struct sip_register *reg, const struct sip_msg *msg)
{
	char why[8];

	reg->status = msg->status;
	if (reg->state == REG_UNREGISTERING)
		return;
	if (msg->status < 300) {
		registered(reg, msg);
	} else if (ask_longer(reg, msg)) {
		register_send(reg);
	} else {
		snprintf(why, sizeof(why), "%u", msg->status);
		failed(reg, retry_after(msg), why);
	}
}

static void register_cb(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg)
{
	struct sip_register *reg = trans->user;

	if (ind == SIP_TRANS_RESPONSE && msg->status < 200)
		return;
	/* with credentials it was sent once more */
	reg->cseq = OSMO_MAX(reg->cseq, trans->cseq);
	sip_trans_detach(&reg->trans);
	if (ind == SIP_TRANS_RESPONSE) {
		answered(reg, msg);
		return;
	}
	reg->status = 0;
	if (reg->state != REG_UNREGISTERING)
		unreachable(reg, trans, ind == SIP_TRANS_TIMEOUT ? "no answer" : "cannot be reached");
}

/* ---- The request ---- */

static void put_register(struct sip_register *reg, struct sip_buf *b, const struct sip_branch *branch, uint32_t cseq)
{
	const struct sip_peer *peer = reg->peer;
	const struct sip_transport_ops *ops = peer->dest.sock->ops;
	const char *at = strchr(reg->aor, '@');
	struct sip_dialog_text text = {};
	char name[300], uri[280], mem[1024];
	struct sip_dialog d;

	snprintf(name, sizeof(name), "<%s>", reg->aor);
	snprintf(uri, sizeof(uri), "sip:%s", at ? at + 1 : peer->hostport);
	text.parts[SIP_DLG_CALL_ID] = (struct sip_str){ reg->call_id, sizeof(reg->call_id) };
	text.parts[SIP_DLG_LOCAL_TAG] = (struct sip_str){ reg->tag, sizeof(reg->tag) };
	text.parts[SIP_DLG_LOCAL] = text.parts[SIP_DLG_REMOTE] = sip_str_from(name);
	text.parts[SIP_DLG_TARGET] = sip_str_from(uri);
	sip_dialog_init(&d, mem, sizeof(mem));
	OSMO_ASSERT(sip_dialog_set_all(&d, NULL, &text) == 0);
	sip_dialog_put_request(b, &d, &(struct sip_dialog_request){
		.method = SIP_REGISTER, .cseq = cseq, .branch = branch,
		.via = ops->via, .sent_by = peer->local, .alias = ops->secure,
	});
	sip_put_lit(b, "Contact: <sip:");
	sip_put_user_escaped(b, sip_str_from(reg->contact_user));
	sip_put_lit(b, "@");
	sip_put_z(b, peer->local);
	sip_put_z(b, ops->uri_param);
	sip_put_lit(b, ">\r\n");
	sip_put_hdr_uint(b, SIP_STR("Expires"), reg->state == REG_UNREGISTERING ? 0 : reg->ask_s);
	sip_put_body(b, SIP_STR(""), SIP_STR(""));
}

static void register_send(struct sip_register *reg)
{
	const struct sip_trans_user user = { register_cb, reg, &reg->trans };
	struct sip_peer *peer = reg->peer;
	struct sip_branch branch;
	struct sip_buf b;

	if (reg->trans)
		return;
	if (!peer->reachable) {
		if (reg->state != REG_UNREGISTERING)
			failed(reg, 0, "no address");
		return;
	}
	if (reg->state == REG_FAILED)
		set_state(reg, REG_REGISTERING, NULL);
	sip_buf_init(&b, peer->sip->tx, sizeof(peer->sip->tx));
	sip_branch_new(peer->sip, &branch);
	put_register(reg, &b, &branch, ++reg->cseq);
	reg->sent++;
	if (sip_trans_request(&peer->dest, SIP_REGISTER, reg->cseq, &branch, &b, &user) < 0 &&
	    reg->state != REG_UNREGISTERING)
		failed(reg, 0, "cannot be reached");
}

static void timer_cb(void *data)
{
	register_send(data);
}

/* ---- Life ---- */

static struct sip_register *reg_alloc(struct sip_peer *peer)
{
	struct sip_register *reg = talloc_zero(peer, struct sip_register);
	const char *user = strchr(peer->cfg.register_aor, ':'), *at = strchr(peer->cfg.register_aor, '@');

	reg->peer = peer;
	reg->aor = talloc_strdup(reg, peer->cfg.register_aor);
	if (peer->cfg.register_contact)
		reg->contact_user = talloc_strdup(reg, peer->cfg.register_contact);
	else
		reg->contact_user = talloc_strndup(reg, user ? user + 1 : "", user && at > user ? at - user - 1 : 0);
	sip_random_tag(peer->sip, reg->call_id);
	sip_random_tag(peer->sip, reg->call_id + SIP_TAG_LEN);
	sip_random_tag(peer->sip, reg->tag);
	osmo_timer_setup(&reg->timer, timer_cb, reg);
	osmo_timer_setup(&reg->ping, ping_cb, reg);
	osmo_timer_schedule(&reg->timer, 0, FIRST_MS * 1000);
	return reg;
}

void sip_register_free(struct sip_peer *peer)
{
	struct sip_register *reg = peer->reg;

	if (!reg)
		return;
	osmo_timer_del(&reg->timer);
	osmo_timer_del(&reg->ping);
	if (reg->trans)
		sip_trans_end(reg->trans);
	peer->reg = NULL;
	talloc_free(reg);
}

/* A REGISTER under way may still be granted: the CSeq of what follows it is larger (RFC 3261 10.3), also than where it
 * was sent once more with credentials. */
static void unregister(struct sip_register *reg)
{
	if (reg->state == REG_UNREGISTERING || (reg->state != REG_REGISTERED && !reg->trans))
		return;
	if (reg->trans) {
		reg->cseq = OSMO_MAX(reg->cseq, reg->trans->cseq);
		sip_trans_end(reg->trans);
	}
	set_state(reg, REG_UNREGISTERING, NULL);
	register_send(reg);
}

void sip_register_update(struct sip_peer *peer)
{
	struct sip_register *reg = peer->reg;
	const char *aor = peer->cfg.register_aor;

	if (reg && (!aor || strcmp(aor, reg->aor))) {
		/* nobody waits for the answer */
		unregister(reg);
		sip_trans_detach(&reg->trans);
		sip_register_free(peer);
		reg = NULL;
	}
	if (!aor)
		return;
	if (!reg)
		reg = peer->reg = reg_alloc(peer);
	reg->ask_s = peer->cfg.register_expires_s;
	osmo_timer_schedule(&reg->timer, 0, FIRST_MS * 1000);
}

unsigned int sip_register_stop_all(struct sip *sip)
{
	struct sip_peer *peer;
	unsigned int n = 0;

	llist_for_each_entry(peer, &sip->peers, entry) {
		if (!peer->reg)
			continue;
		unregister(peer->reg);
		osmo_timer_del(&peer->reg->timer);
		n += peer->reg->state == REG_UNREGISTERING && peer->reg->trans;
	}
	return n;
}

void sip_register_info(const struct sip_peer *peer, struct sip_register_info *info)
{
	const struct sip_register *reg = peer->reg;
	uint64_t now = sip_conn_now_ms();

	*info = (struct sip_register_info){ .state = "off" };
	if (!reg)
		return;
	*info = (struct sip_register_info){
		.state = get_value_string(reg_state_names, reg->state), .expires_s = reg->granted_s,
		.status = reg->status, .sent = reg->sent, .failed = reg->failed,
		.next_s = reg->next_ms > now ? (reg->next_ms - now + 999) / 1000 : 0,
	};
}
