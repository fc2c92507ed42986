/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests that no transaction knows: what RFC 3261 8.2 looks at before a request is acted on, and refusals. */

#include <errno.h>
#include <string.h>

#include "sip/sip_auth.h"
#include "sip/sip_body.h"
#include "sip/sip_call.h"
#include "sip/sip_conn.h"
#include "sip/sip_dialog.h"
#include "sip/sip_ended.h"
#include "sip/sip_peer.h"
#include "sip/sip_precond.h"
#include "sip/sip_refresh.h"
#include "sip/sip_reply.h"
#include "sip/sip_session_id.h"
#include "sip/sip_trans.h"
#include "sip/sip_uas.h"

/* Retry-After of a refusal that has no better value: a peer over its limit */
#define RETRY_AFTER_S 10
/* A nonce is good for so long; a call needs it for a round trip */
#define NONCE_LIFETIME_S 60
/* What a 580 has */
#define SDP_MAX 1024

/* A request being looked at */
struct request {
	struct sip *sip;
	struct sip_sock *sock;
	const union sip_sockaddr *src;
	const struct sip_msg *msg;
	struct sip_peer *peer;		/* whose it is; NULL: nobody's */
};

static void note(const struct request *req, uint16_t status, struct sip_str reason)
{
	char from[SIP_HOSTPORT_SIZE];

	if (log_check_level(DSIP, LOGL_INFO)) {
		sip_sockaddr_hostport_buf(from, req->src);
		LOGP(DSIP, LOGL_INFO, "%.*s from %s refused: %u %.*s, Call-ID %.*s\n",
		     SIP_STR_ARG(req->msg->method_name), from, status,
		     SIP_STR_ARG(reason.p ? reason : sip_status_phrase(status)), SIP_STR_ARG(req->msg->call_id));
	}
	if (req->msg->method == SIP_INVITE)
		sip_count(req->sip, SIP_CTR_REFUSED);
}

static void start(const struct request *req, struct sip_rsp *rsp, uint16_t status, struct sip_str reason)
{
	note(req, status, reason);
	sip_reply_start(rsp, req->sock, req->src, req->msg, status, reason, (struct sip_str){});
}

static void refuse_with(const struct request *req, uint16_t status, const char *header_line)
{
	struct sip_rsp rsp;

	start(req, &rsp, status, (struct sip_str){});
	if (header_line)
		sip_put_z(&rsp.b, header_line);
	sip_reply_send(&rsp, req->sock, req->src, req->msg);
}

static void refuse_later(const struct request *req, unsigned int retry_after_s)
{
	struct sip_rsp rsp;

	start(req, &rsp, 503, (struct sip_str){});
	if (retry_after_s)
		sip_put_hdr_uint(&rsp.b, SIP_STR("Retry-After"), retry_after_s);
	sip_reply_send(&rsp, req->sock, req->src, req->msg);
}

void sip_uas_refuse(struct sip_sock *sock, const union sip_sockaddr *src, const struct sip_msg *msg, uint16_t status,
		    struct sip_str reason)
{
	const struct request req = { sock->sip, sock, src, msg };
	struct sip_rsp rsp;

	start(&req, &rsp, status, reason);
	sip_reply_send(&rsp, sock, src, msg);
}

/* ---- The checks, in the order of 8.2; each answers and returns true where the request goes no further ---- */

/* 8.2.1 */
static bool refuse_method(const struct request *req)
{
	switch (req->msg->method) {
	case SIP_INVITE:
	case SIP_BYE:
	case SIP_CANCEL:
	case SIP_OPTIONS:
	case SIP_PRACK:
	case SIP_UPDATE:
	case SIP_INFO:
		return false;
	case SIP_METHOD_UNKNOWN:
		refuse_with(req, 501, "Allow: " SIP_ALLOW "\r\n");
		return true;
	default:
		refuse_with(req, 405, "Allow: " SIP_ALLOW "\r\n");
		return true;
	}
}

/* 8.2.2.1 */
static bool refuse_scheme(const struct request *req)
{
	switch (req->msg->uri.scheme) {
	case SIP_SCHEME_SIP:
	case SIP_SCHEME_SIPS:
	case SIP_SCHEME_TEL:
		return false;
	default:
		refuse_with(req, 416, NULL);
		return true;
	}
}

/* Has this INVITE come with another branch, even if that one was refused? By its Request-URI too, so that a proxy may
 * try one number of ours after the other. What comes is remembered. */
static bool seen_before(const struct request *req)
{
	const struct sip_msg *msg = req->msg;
	uint64_t branch = sip_hash(req->sip, 0, msg->via.branch);
	uint64_t id = sip_hash(req->sip, msg->cseq.number, msg->call_id);
	struct sip_seen *seen;
	uint32_t now = sip_conn_now_ms() / 1000;

	id = sip_hash(req->sip, sip_hash(req->sip, id, msg->from.tag), msg->ruri);
	seen = &req->sip->seen[id >> (64 - SIP_SEEN_BITS)];
	if (seen->id == id && seen->branch != branch && now - seen->time_s < 64 * req->sip->timers.t1_ms / 1000)
		return true;
	*seen = (struct sip_seen){ id, branch, now };
	return false;
}

/* 8.2.2.2: the same request has come another way already */
static bool refuse_merged(const struct request *req)
{
	if (req->msg->to.tag.p)
		return false;
	if (!sip_dialog_find_merged(req->sip, req->msg) && (req->msg->method != SIP_INVITE || !seen_before(req)))
		return false;
	refuse_with(req, 482, NULL);
	return true;
}

/* 16.3: our own INVITE has come back, and nobody on its way has changed where it goes to */
static bool refuse_loop(const struct request *req)
{
	const struct sip_str ruri = req->msg->ruri;
	struct sip_trans *trans;
	struct sip_values v;
	struct sip_via via;

	sip_values_init(&v, req->msg, SIP_HDR_VIA);
	while (sip_values_next_via(&v, &via) == 0) {
		trans = via.branch.len == SIP_BRANCH_LEN ?
			sip_trans_find_client(req->sip, via.branch, SIP_INVITE) : NULL;
		if (!trans || trans->text_len < sizeof("INVITE ") + ruri.len ||
		    memcmp(trans->text + sizeof("INVITE ") - 1, ruri.p, ruri.len) ||
		    trans->text[sizeof("INVITE ") - 1 + ruri.len] != ' ')
			continue;
		refuse_with(req, 482, NULL);
		return true;
	}
	return false;
}

/* What our Supported says to this peer; those that are nobody's are told the most. */
static bool is_supported(const struct sip_peer *peer, struct sip_str tag)
{
	if (sip_str_ieq(tag, SIP_STR("100rel")))
		return !peer || peer->cfg.call.rel100 != SIP_REL100_OFF;
	if (sip_str_ieq(tag, SIP_STR("precondition")))
		return peer && sip_precond_use(peer) != SIP_PRECOND_OFF;
	if (sip_str_ieq(tag, SIP_STR("timer")))
		return !peer || peer->cfg.call.session_expires_s;
	return sip_str_ieq(tag, SIP_STR("199")) || sip_str_ieq(tag, SIP_STR("from-change")) ||
	       sip_str_ieq(tag, SIP_STR("resource-priority"));
}

/* 8.2.2.3 */
static bool refuse_extension(const struct request *req)
{
	struct sip_str tag;
	struct sip_values v;
	struct sip_rsp rsp;
	bool refused = false;

	if (!sip_msg_hdr(req->msg, SIP_HDR_REQUIRE))
		return false;
	sip_values_init(&v, req->msg, SIP_HDR_REQUIRE);
	while (sip_values_next_token(&v, &tag) == 0) {
		if (is_supported(req->peer, tag))
			continue;
		if (!refused)
			start(req, &rsp, 420, (struct sip_str){});
		sip_put_str(&rsp.b, refused ? SIP_STR(", ") : SIP_STR("Unsupported: "));
		sip_put_str(&rsp.b, tag);
		refused = true;
	}
	if (!refused)
		return false;
	sip_put_lit(&rsp.b, "\r\n");
	sip_reply_send(&rsp, req->sock, req->src, req->msg);
	return true;
}

/* RFC 3262: a peer that is to know reliable responses does not */
static bool refuse_without_100rel(const struct request *req)
{
	if (!req->peer || req->peer->cfg.call.rel100 != SIP_REL100_REQUIRED || req->msg->to.tag.p ||
	    sip_msg_has_token(req->msg, SIP_HDR_SUPPORTED, "100rel") ||
	    sip_msg_has_token(req->msg, SIP_HDR_REQUIRE, "100rel"))
		return false;
	refuse_with(req, 421, "Require: 100rel\r\n");
	return true;
}

/* RFC 3261 16.3: the call would go further from here. */
static bool refuse_hops(const struct request *req)
{
	if (req->msg->to.tag.p || !req->msg->has_max_forwards || req->msg->max_forwards)
		return false;
	refuse_with(req, 483, NULL);
	return true;
}

/* RFC 4028 8 */
static bool refuse_session_expires(const struct request *req)
{
	uint16_t status = req->peer ? sip_refresh_refusal(req->peer, req->msg) : 0;
	struct sip_rsp rsp;

	if (!status)
		return false;
	start(req, &rsp, status, (struct sip_str){});
	if (status == 422)
		sip_refresh_put_min_se(req->peer, &rsp.b);
	sip_reply_send(&rsp, req->sock, req->src, req->msg);
	return true;
}

/* 8.2.3, RFC 5621 8: parts that are optional to their sender are passed over */
static bool refuse_body(const struct request *req)
{
	static const struct sip_body_type with_isup[] = {
		{ "application/isup", NULL }, { "application/sdp", "session" }, {}
	}, *const understood = with_isup + 1;
	bool isup = req->peer && req->peer->cfg.isup;
	struct sip_body_verdict verdict = sip_body_verdict(req->msg, isup ? with_isup : understood);

	if (!verdict.status)
		return false;
	if (verdict.status == 415)
		refuse_with(req, 415, verdict.encoding ? "Accept: " SIP_ACCEPT "\r\nAccept-Encoding: identity\r\n"
						       : "Accept: " SIP_ACCEPT "\r\n");
	else
		sip_uas_refuse(req->sock, req->src, req->msg, verdict.status, SIP_STR("Multipart Body Not Readable"));
	return true;
}

/* RFC 3312 8, 9, 11 */
static bool refuse_preconditions(const struct request *req)
{
	char mem[SDP_MAX];
	struct sip_buf sdp;
	struct sip_rsp rsp;
	const char *needs;
	uint16_t status;

	sip_buf_init(&sdp, mem, sizeof(mem));
	status = req->peer ? sip_precond_refusal(req->peer, req->msg, &needs, &sdp) : 0;
	if (!status)
		return false;
	start(req, &rsp, status, (struct sip_str){});
	if (status == 421)
		sip_put_hdr(&rsp.b, SIP_STR("Require"), sip_str_from(needs));
	sip_reply_send_sdp(&rsp, req->sock, req->src, req->msg, sip_buf_str(&sdp));
	return true;
}

/* 8.2.3, 20.1: an answer could only be a session description */
static bool refuse_accept(const struct request *req)
{
	struct sip_media_type mt;
	struct sip_values v;

	if (!sip_msg_hdr(req->msg, SIP_HDR_ACCEPT))
		return false;
	sip_values_init(&v, req->msg, SIP_HDR_ACCEPT);
	while (sip_values_next_media_type(&v, &mt) == 0) {
		if (sip_media_type_is(&mt, "application/sdp"))
			return false;
	}
	refuse_with(req, 406, NULL);
	return true;
}

/* 22.1, RFC 7616 3.3: who has none, or wrong ones, is asked for them. The check is the last but one, for what is right
 * is so only once. */
static bool refuse_credentials(const struct request *req)
{
	const struct sip_peer_cfg *cfg = &req->peer->cfg;
	const char *realm = cfg->challenge_realm ? cfg->challenge_realm : "isupgw";
	const struct sip_auth_expect expect = {
		.realm = sip_str_from(realm), .scope = sip_str_from(req->peer->name),
		.user = sip_str_from(cfg->challenge_user), .password = sip_str_from(cfg->challenge_password),
		.now_s = sip_conn_now_ms() / 1000, .lifetime_s = NONCE_LIFETIME_S, .no_md5 = cfg->auth_no_md5,
	};
	uint8_t secret[SIP_AUTH_SECRET_LEN];
	enum sip_auth_verdict verdict;
	struct sip_rsp rsp;
	int level;

	if (!cfg->challenge_user)
		return false;
	if (!req->sip->auth) {
		sip_random(req->sip, secret, sizeof(secret));
		req->sip->auth = sip_auth_server_alloc(req->sip, secret);
	}
	verdict = sip_auth_verify(req->sip->auth, req->msg, &expect);
	if (verdict == SIP_AUTH_OK)
		return false;
	if (verdict == SIP_AUTH_BAD) {
		sip_uas_refuse(req->sock, req->src, req->msg, 400, SIP_STR("Credentials Not Readable"));
		return true;
	}
	if (verdict == SIP_AUTH_WRONG) {
		req->peer->stats.auth_failed++;
		sip_count(req->sip, SIP_CTR_AUTH_FAILED);
		level = sip_peer_loglevel(req->peer);
		LOGP(DSIP, level, "peer %s: wrong credentials, Call-ID %.*s\n", req->peer->name,
		     SIP_STR_ARG(req->msg->call_id));
	}
	req->peer->stats.challenged++;
	sip_count(req->sip, SIP_CTR_CHALLENGED);
	start(req, &rsp, 401, (struct sip_str){});
	sip_auth_put_challenge(&rsp.b, req->sip->auth, &expect, verdict == SIP_AUTH_STALE);
	sip_reply_send(&rsp, req->sock, req->src, req->msg);
	return true;
}

/* RFC 4412 4.7.1, RFC 7135: of who is trusted, namespaces whose calls get through first */
static bool has_priority(const struct request *req)
{
	static const struct sip_str names[] = { { "ets.", 4 }, { "wps.", 4 }, { "esnet.", 6 }, {} };
	struct sip_values v;
	struct sip_str value;

	if (!req->peer->cfg.trusted)
		return false;
	sip_values_init(&v, req->msg, SIP_HDR_RESOURCE_PRIORITY);
	while (!sip_values_next_token(&v, &value)) {
		for (const struct sip_str *name = names; name->p; name++) {
			if (value.len > name->len && sip_str_ieq((struct sip_str){ value.p, name->len }, *name))
				return true;
		}
	}
	return false;
}

/* New calls: whose, and how many */
static bool refuse_call(struct request *req)
{
	if (!req->peer) {
		sip_count(req->sip, SIP_CTR_UNKNOWN_SOURCE);
		if (!req->sip->drop_unknown)
			refuse_with(req, 403, NULL);
		return true;
	}
	if (req->sip->refuse_new) {
		refuse_later(req, req->sip->retry_after_s);
		return true;
	}
	if (refuse_credentials(req))
		return true;
	if (!req->peer->reachable || (!has_priority(req) && !sip_peer_has_room(req->peer, true))) {
		refuse_later(req, RETRY_AFTER_S);
		return true;
	}
	return false;
}

/* ---- The methods ---- */

/* 11.2: answered as an INVITE would be; one within a dialog is no new call */
static void rx_options(struct request *req)
{
	bool in_dialog = req->msg->to.tag.p;
	struct sip_rsp rsp;

	if (in_dialog && !sip_dialog_find(req->sip, req->msg)) {
		refuse_with(req, 481, NULL);
		return;
	}
	if (req->sip->refuse_new && !in_dialog) {
		refuse_later(req, req->sip->retry_after_s);
		return;
	}
	sip_reply_start(&rsp, req->sock, req->src, req->msg, 200, (struct sip_str){}, (struct sip_str){});
	sip_put_lit(&rsp.b, "Allow: " SIP_ALLOW "\r\n"
			    "Accept: " SIP_ACCEPT "\r\n"
			    "Accept-Encoding: identity\r\n"
			    "Accept-Language: en\r\n");
	if (req->peer)
		sip_call_put_supported(&rsp.b, req->peer, true);
	else
		sip_put_lit(&rsp.b, "Supported:\r\n");
	sip_reply_send(&rsp, req->sock, req->src, req->msg);
}

/* 9.2: 200 in whatever state the INVITE is; it is the call that says what follows. */
static void rx_cancel(const struct request *req)
{
	struct sip_trans *invite = sip_trans_find(req->sip, req->msg, SIP_INVITE);
	char tag[SIP_TAG_LEN];
	struct sip_rsp rsp;

	if (!invite) {
		refuse_with(req, 481, NULL);
		return;
	}
	sip_reply_start(&rsp, req->sock, req->src, req->msg, 200, (struct sip_str){},
			sip_call_tag_of(invite, tag));
	sip_reply_send(&rsp, req->sock, req->src, req->msg);
	sip_call_rx_cancel(invite, req->msg);
}

static void rx_invite(struct request *req)
{
	int rc;

	if (refuse_call(req))
		return;
	rc = sip_call_rx_invite(req->peer, req->sock, req->src, req->msg);
	if (rc == -EMSGSIZE)
		refuse_with(req, 513, NULL);
	else if (rc < 0)
		sip_uas_refuse(req->sock, req->src, req->msg, 400, SIP_STR("Contact or Record-Route Not Readable"));
}

static void put_in_dialog(const struct request *req, const struct sip_peer *peer, struct sip_rsp *rsp)
{
	uint8_t seconds;

	if (rsp->status == 500) {
		/* 14.2: between 0 and 10 seconds */
		sip_random(req->sip, &seconds, sizeof(seconds));
		sip_put_hdr_uint(&rsp->b, SIP_STR("Retry-After"), seconds % 11);
	}
	if (rsp->status == 422)
		sip_refresh_put_min_se(peer, &rsp->b);
	if (rsp->status == 469)
		sip_put_lit(&rsp->b, "Recv-Info:\r\n");	/* RFC 6086 4.2.2 */
}

/* 12.2.2. Refused by a transaction: repeated, for the answer was lost, its CSeq would be an old one. */
static void rx_in_dialog(const struct request *req)
{
	struct sip_dialog *d = sip_dialog_find(req->sip, req->msg);
	const struct sip_peer *peer;
	struct sip_trans *trans;
	struct sip_rsp rsp;
	uint16_t status;

	/* 15.1.2; 200 to a BYE that crosses ours */
	if (!d) {
		refuse_with(req, req->msg->method == SIP_BYE && sip_ended_find(req->sip, req->msg) ? 200 : 481, NULL);
		return;
	}
	peer = d->call->peer;
	sip_session_id_learn(&d->session, req->msg);
	/* d is gone after this where it was one of several (sip_fork.c) */
	status = sip_call_rx_in_dialog(d, req->sock, req->src, req->msg);
	if (!status)
		return;
	trans = sip_trans_server(req->sock, req->src, req->msg, NULL);
	if (!trans) {
		refuse_with(req, 513, NULL);
		return;
	}
	note(req, status, (struct sip_str){});
	sip_trans_rsp_start(trans, &rsp, status, (struct sip_str){}, SIP_STR(""));
	put_in_dialog(req, peer, &rsp);
	sip_put_body(&rsp.b, SIP_STR(""), SIP_STR(""));
	sip_trans_respond(trans, &rsp);
}

static bool has_session(enum sip_method method)
{
	return method == SIP_INVITE || method == SIP_UPDATE || method == SIP_PRACK;
}

void sip_uas_request(struct sip_sock *sock, const union sip_sockaddr *src, const struct sip_msg *msg)
{
	struct request req = { .sip = sock->sip, .sock = sock, .src = src, .msg = msg };

	if (refuse_method(&req))
		return;
	if (msg->method == SIP_CANCEL) {
		rx_cancel(&req);
		return;
	}
	if (refuse_scheme(&req) || refuse_merged(&req))
		return;
	req.peer = sip_peer_of_request(sock, src, msg);
	if (refuse_extension(&req))
		return;
	if (has_session(msg->method) &&
	    (refuse_body(&req) || refuse_accept(&req) || refuse_preconditions(&req)))
		return;
	if (msg->method == SIP_INVITE && !msg->to.tag.p &&
	    (refuse_loop(&req) || refuse_hops(&req) || refuse_without_100rel(&req) || refuse_session_expires(&req)))
		return;
	if (msg->method == SIP_OPTIONS)
		rx_options(&req);
	else if (msg->to.tag.p)
		rx_in_dialog(&req);
	else if (msg->method == SIP_INVITE)
		rx_invite(&req);
	else
		refuse_with(&req, 481, NULL);
}
