/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request that goes out once more by another transaction: with credentials (RFC 3261 22.2), to the next target (RFC
 * 3263 4.3). */

#define _GNU_SOURCE /* memmem() */
#include <errno.h>
#include <string.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>

#include "sip/sip_auth.h"
#include "sip/sip_dialog.h"
#include "sip/sip_peer.h"
#include "sip/sip_trans.h"

/* Of one request */
#define AGAIN_MAX 8
#define AUTHORIZATION_MAX 16384
/* How long a target is not tried first: after 503 without Retry-After, with it at most, after no answer */
#define HOLD_BUSY_S 10
#define HOLD_MAX_S 600
#define HOLD_DEAD_S 30

/* What is to be sent, kept from when it is seen to be needed until it is sent */
struct sip_again {
	struct sip_dest dest;
	struct sip_branch branch;
	uint32_t cseq, tried;
	uint8_t authorized;
	size_t len;
	char text[];
};

/* ---- The request anew ---- */

/* What differs from the old one */
struct changes {
	const struct sip_dest *dest;		/* NULL: where the old one went */
	uint32_t cseq;
	struct sip_str authorization;		/* whole line; replaces those of its name */
	struct sip_str auth_name;
	const char *old_host, *new_host;	/* of the Request-URI; NULL: it stays */
};

static void put_via(struct sip_buf *b, const struct sip_trans *trans, const struct sip_msg *old,
		    const struct sip_dest *dest, const struct sip_branch *branch)
{
	const char *end = old->via.text.p + old->via.text.len, *rest = old->via.branch.p + old->via.branch.len;
	char sent_by[SIP_HOSTPORT_SIZE];

	if (dest->sock == trans->dest.sock) {
		sip_put_lit(b, "Via: ");
		sip_put_str(b, sip_str_span(old->via.text.p, old->via.branch.p));
	} else {
		sip_sent_by_buf(sent_by, dest);
		sip_put_lit(b, "Via: SIP/2.0/");
		sip_put_z(b, dest->sock->ops->via);
		sip_put_lit(b, " ");
		sip_put_z(b, sent_by);
		sip_put_lit(b, ";branch=");
	}
	sip_put_mem(b, branch->text, sizeof(branch->text));
	sip_put_str(b, sip_str_span(rest, end));
	sip_put_lit(b, "\r\n");
}

/* Of ours: without user */
static void put_contact(struct sip_buf *b, const struct sip_hdr *hdr, const struct sip_trans *trans,
			const struct sip_dest *dest)
{
	char sent_by[SIP_HOSTPORT_SIZE];

	if (dest->sock == trans->dest.sock) {
		sip_put_hdr(b, hdr->name, hdr->value);
		return;
	}
	sip_sent_by_buf(sent_by, dest);
	sip_put_lit(b, "Contact: <sip:");
	sip_put_z(b, sent_by);
	sip_put_z(b, dest->sock->ops->uri_param);
	sip_put_lit(b, ">\r\n");
}

/* An address of the one that failed is not known to the next. */
static void put_request_line(struct sip_buf *b, const struct sip_msg *old, const struct changes *ch)
{
	const char *end = old->ruri.p + old->ruri.len;
	const char *at = ch->old_host && ch->new_host ?
			 memmem(old->ruri.p, old->ruri.len, ch->old_host, strlen(ch->old_host)) : NULL;

	if (!at) {
		sip_put_request_line(b, old->method_name, old->ruri);
		return;
	}
	sip_put_str(b, old->method_name);
	sip_put_lit(b, " ");
	sip_put_str(b, sip_str_span(old->ruri.p, at));
	sip_put_z(b, ch->new_host);
	sip_put_str(b, sip_str_span(at + strlen(ch->old_host), end));
	sip_put_lit(b, " SIP/2.0\r\n");
}

static void put_again(struct sip_buf *b, const struct sip_trans *trans, const struct sip_msg *old,
		      const struct changes *ch, const struct sip_branch *branch)
{
	const struct sip_dest *dest = ch->dest ? ch->dest : &trans->dest;
	const struct sip_hdr *hdr;

	put_request_line(b, old, ch);
	put_via(b, trans, old, dest, branch);
	for (hdr = old->hdrs; hdr < old->hdrs + old->n_hdrs; hdr++) {
		if (hdr->id == SIP_HDR_VIA || (ch->auth_name.p && sip_str_ieq(hdr->name, ch->auth_name)))
			continue;
		if (hdr->id == SIP_HDR_CONTACT) {
			put_contact(b, hdr, trans, dest);
		} else if (hdr->id == SIP_HDR_CSEQ) {
			sip_put_lit(b, "CSeq: ");
			sip_put_uint(b, ch->cseq);
			sip_put_lit(b, " ");
			sip_put_str(b, old->method_name);
			sip_put_lit(b, "\r\n");
			sip_put_str(b, ch->authorization);
		} else {
			sip_put_hdr(b, hdr->name, hdr->value);
		}
	}
	sip_put_lit(b, "\r\n");
	sip_put_str(b, old->body);
}

static struct sip_again *again_alloc(struct sip_trans *trans, const struct sip_msg *old, const struct changes *ch)
{
	struct sip_again *again = talloc_size(OTC_SELECT, sizeof(*again) + SIP_MSG_MAX);
	struct sip_buf b;

	*again = (struct sip_again){};
	sip_branch_new(trans->sip, &again->branch);
	sip_buf_init(&b, again->text, SIP_MSG_MAX);
	put_again(&b, trans, old, ch, &again->branch);
	again->len = sip_buf_len(&b);
	again->dest = ch->dest ? *ch->dest : trans->dest;
	again->cseq = ch->cseq;
	again->tried = trans->tried;
	again->authorized = trans->authorized;
	return b.full ? NULL : again;
}

static bool parse_own(struct sip_msg *old, const struct sip_trans *trans)
{
	struct sip_parse_error err;

	return trans->text_len && sip_msg_parse(old, trans->text, trans->text_len, &err) == 0 && old->is_request &&
	       old->method == trans->method;
}

/* ---- Credentials ---- */

/* 22.2: in the order of the dialog that the request is of, should it be of one */
static uint32_t next_cseq(struct sip_trans *trans, const struct sip_msg *old)
{
	struct sip_dialog *d = sip_dialog_find_sent(trans->sip, old);

	if (!d)
		return trans->cseq + 1;
	d->local_cseq = OSMO_MAX(d->local_cseq, trans->cseq) + 1;
	return d->local_cseq;
}

/* The nonce's count of uses: each of the two that may ask has one */
static uint32_t count_nonce(struct sip *sip, struct sip_auth_nonce *nonce, struct sip_str text)
{
	uint64_t hash = sip_hash(sip, 0, text);

	if (nonce->hash != hash)
		*nonce = (struct sip_auth_nonce){ .hash = hash };
	return ++nonce->count;
}

/* A second refusal by the same one means that the credentials are wrong, unless it says that the nonce was too old. */
static bool is_refused(const struct sip_trans *trans, const struct sip_auth_choice *choice)
{
	return trans->n_again >= AGAIN_MAX ||
	       (trans->authorized & 1 << choice->proxy && !sip_str_ieq(choice->auth.stale, SIP_STR("true")));
}

static struct sip_again *with_credentials(struct sip_trans *trans, struct sip_peer *peer, const struct sip_msg *rsp)
{
	const struct sip_auth_client cred = {
		.user = peer->cfg.auth_user, .password = peer->cfg.auth_password, .realm = peer->cfg.auth_realm,
		.no_md5 = peer->cfg.auth_no_md5,
	};
	struct sip_auth_choice choice;
	char cnonce[SIP_TAG_LEN];
	struct changes ch = {};
	struct sip_again *again;
	struct sip_msg old;
	struct sip_buf b;
	uint32_t nc;
	int level;

	if (!cred.user || sip_auth_choose(&choice, rsp, &cred) < 0 || !parse_own(&old, trans))
		return NULL;
	if (is_refused(trans, &choice)) {
		peer->stats.auth_failed++;
		sip_count(trans->sip, SIP_CTR_AUTH_FAILED);
		level = sip_peer_loglevel(peer);
		LOGP(DSIP, level, "peer %s does not take our credentials for realm %.*s\n", peer->name,
		     SIP_STR_ARG(choice.auth.realm));
		return NULL;
	}
	nc = count_nonce(trans->sip, &peer->nonces[choice.proxy], choice.auth.nonce);
	sip_random_tag(trans->sip, cnonce);
	sip_buf_init(&b, talloc_size(OTC_SELECT, AUTHORIZATION_MAX), AUTHORIZATION_MAX);
	if (sip_auth_put(&b, &choice, &cred, &old, nc, (struct sip_str){ cnonce, sizeof(cnonce) }) < 0 || b.full)
		return NULL;
	ch.authorization = sip_buf_str(&b);
	ch.auth_name = choice.proxy ? SIP_STR("Proxy-Authorization") : SIP_STR("Authorization");
	ch.cseq = next_cseq(trans, &old);
	again = again_alloc(trans, &old, &ch);
	if (again)
		again->authorized |= 1 << choice.proxy;
	return again;
}

/* ---- The next target ---- */

/* Only while no dialog is there: then it is not to be heard of twice (RFC 3263 4.3). */
static struct sip_again *to_next(struct sip_trans *trans, struct sip_peer *peer, unsigned int hold_s, const char *why)
{
	struct sip_target *target = sip_target_at(peer, &trans->dest);
	uint32_t tried = trans->tried;
	struct sip_again *again;
	struct changes ch = {};
	struct sip_msg old;

	if (target) {
		tried |= 1U << target->no;
		sip_target_failed(target, hold_s, why);
		ch.old_host = target->hostport;
	}
	if (!parse_own(&old, trans) || old.to.tag.p || !sip_dialog_find_sent(trans->sip, &old))
		return NULL;
	target = sip_peer_choose(peer, tried);
	if (!target)
		return NULL;
	peer->stats.failovers++;
	sip_count(trans->sip, SIP_CTR_FAILOVER);
	LOGP(DSIP, LOGL_INFO, "call %.*s goes to %s: %s\n", SIP_STR_ARG(old.call_id), target->hostport, why);
	ch.dest = &target->dest;
	ch.new_host = peer->cfg.resolve ? NULL : target->hostport;
	ch.cseq = trans->cseq;
	again = again_alloc(trans, &old, &ch);
	if (again)
		again->tried = tried;
	return again;
}

/* ---- Deciding ---- */

/* 21.5.4: so long nothing else goes there */
static unsigned int retry_after(const struct sip_msg *rsp)
{
	const struct sip_hdr *hdr = sip_msg_hdr(rsp, SIP_HDR_RETRY_AFTER);
	uint32_t s;

	if (!hdr || sip_retry_after_parse(&s, hdr->value) < 0 || !s)
		return HOLD_BUSY_S;
	return OSMO_MIN(s, HOLD_MAX_S);
}

static struct sip_again *decide(struct sip_trans *trans, struct sip_peer *peer, enum sip_trans_ind ind,
				const struct sip_msg *msg)
{
	bool may_move = trans->method == SIP_INVITE && trans->cb && peer->n_targets > 1;

	if (ind == SIP_TRANS_RESPONSE) {
		if (msg->status == 401 || msg->status == 407)
			return with_credentials(trans, peer, msg);
		return msg->status == 503 && may_move ? to_next(trans, peer, retry_after(msg), "503") : NULL;
	}
	if (!may_move)
		return NULL;
	return to_next(trans, peer, HOLD_DEAD_S, ind == SIP_TRANS_TIMEOUT ? "no answer" : "cannot be reached");
}

/* Is there one that was not tried, but for where it is now, and that has not just failed? */
static bool has_next(const struct sip_trans *trans, const struct sip_peer *peer)
{
	const struct sip_target *now = sip_target_at(peer, &trans->dest);

	for (unsigned int i = 0; i < peer->n_targets; i++) {
		const struct sip_target *other = peer->targets[i];

		if (other != now && !(trans->tried & 1U << i) && sip_target_is_good(other))
			return true;
	}
	return false;
}

/* The state stays, its timer B is shorter; not for the last target, which has all the time there is */
void sip_trans_limit(struct sip_trans *trans, const struct sip_peer *peer)
{
	unsigned int ms = peer->cfg.failover_ms;

	if (trans->method == SIP_INVITE && ms && has_next(trans, peer))
		sip_trans_wait(trans, ms);
}

/* The old transaction goes on without its user, who is told nothing. */
static bool send_again(struct sip_trans *old, struct sip_again *again, const struct sip_peer *peer)
{
	const struct sip_trans_user user = { old->cb, old->user, old->ref };
	struct sip_trans **ref = old->ref, *last = NULL, **made = ref ? ref : &last;
	struct sip_buf b;

	sip_buf_init(&b, again->text, again->len);
	b.p += again->len;
	if (sip_trans_request(&again->dest, old->method, again->cseq, &again->branch, &b,
			      ref ? &user : &(struct sip_trans_user){ .ref = made }) < 0)
		return false;
	(*made)->tried = again->tried;
	(*made)->authorized = again->authorized;
	(*made)->n_again = old->n_again + 1;
	sip_trans_limit(*made, peer);
	if (!ref)
		(*made)->ref = NULL;
	old->cb = NULL;
	old->user = NULL;
	old->ref = NULL;
	return true;
}

bool sip_trans_again(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg)
{
	struct sip_peer *peer;
	struct sip_again *again;
	struct sip_buf b;
	unsigned int i;

	if (trans->server || (msg && msg->status < 300) || ind == SIP_TRANS_ACK)
		return false;
	/* an INVITE that was cancelled is to end */
	if (trans->method == SIP_INVITE && !trans->cb)
		return false;
	peer = sip_peer_by_addr(trans->sip, trans->dest.sock->ops->proto, &trans->dest.addr);
	for (i = 0; peer && i < SIP_PEER_TARGETS_MAX; i++) {
		again = decide(trans, peer, ind, msg);
		if (!again)
			return false;
		if (send_again(trans, again, peer))
			return true;
		/* not even sent: as if it had failed there */
		sip_buf_init(&b, again->text, again->len);
		b.p += again->len;
		sip_trans_keep(trans, &b);
		trans->dest = again->dest;
		trans->tried = again->tried;
		ind = SIP_TRANS_ERROR;
		msg = NULL;
	}
	return false;
}

/* RFC 3263 4.3: as if it had failed there; nothing was sent, so it takes a transaction to fail */
int sip_trans_invite(const struct sip_dest *dest, uint32_t cseq, const struct sip_branch *branch,
		     const struct sip_buf *b, const struct sip_trans_user *user)
{
	int rc = sip_trans_request(dest, SIP_INVITE, cseq, branch, b, user);
	struct sip_trans *trans;
	bool again;

	if (rc >= 0 || rc == -EMSGSIZE)
		return rc;
	trans = sip_trans_client(dest, SIP_INVITE, cseq, branch, user);
	sip_trans_keep(trans, b);
	again = sip_trans_again(trans, SIP_TRANS_ERROR, NULL);
	if (!again)
		sip_trans_detach(user->ref);
	sip_trans_end(trans);
	return again ? 0 : rc;
}
