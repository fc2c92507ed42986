/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the four transaction machines share: the table, the message last sent, timers, and the way to the user. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_trans.h"

const struct value_string sip_trans_event_names[] = {
	{ SIP_TRANS_EV_REQUEST, "REQUEST" },
	{ SIP_TRANS_EV_ACK, "ACK" },
	{ SIP_TRANS_EV_RX_1XX, "RX_1XX" },
	{ SIP_TRANS_EV_RX_2XX, "RX_2XX" },
	{ SIP_TRANS_EV_RX_3456XX, "RX_3456XX" },
	{ SIP_TRANS_EV_TX_1XX, "TX_1XX" },
	{ SIP_TRANS_EV_TX_2XX, "TX_2XX" },
	{ SIP_TRANS_EV_TX_3456XX, "TX_3456XX" },
	{ SIP_TRANS_EV_RETRANS, "RETRANS" },
	{ SIP_TRANS_EV_ERROR, "ERROR" },
	{ SIP_TRANS_EV_ABANDON, "ABANDON" },
	{ 0, NULL }
};

static __attribute__((constructor)) void on_dso_load_sip_trans(void)
{
	OSMO_ASSERT(osmo_fsm_register(&sip_ict_fsm) == 0);
	OSMO_ASSERT(osmo_fsm_register(&sip_nict_fsm) == 0);
	OSMO_ASSERT(osmo_fsm_register(&sip_ist_fsm) == 0);
	OSMO_ASSERT(osmo_fsm_register(&sip_nist_fsm) == 0);
}

/* ---- The table ---- */

#define KEY_PARTS 4

/* What a transaction is matched by (RFC 3261 17.1.3, 17.2.3), as pieces of the message */
struct trans_key {
	bool server;
	enum sip_method method;
	uint16_t port;
	uint32_t cseq;
	struct sip_str parts[KEY_PARTS];
};

static void key_client(struct trans_key *key, struct sip_str branch, enum sip_method method)
{
	*key = (struct trans_key){ .method = method, .parts = { branch } };
}

/* 17.2.3: by branch and sent-by, or for RFC 2543 clients by what their retransmissions and ACKs repeat. The To tag is
 * left out of the latter: an ACK has the one of our response. */
static void key_server(struct trans_key *key, const struct sip_msg *msg, enum sip_method method)
{
	*key = (struct trans_key){ .server = true, .method = method };
	if (sip_via_is_3261(&msg->via)) {
		key->port = msg->via.port;
		key->parts[0] = msg->via.branch;
		key->parts[1] = msg->via.host;
		return;
	}
	key->cseq = msg->cseq.number;
	key->parts[0] = msg->via.text;
	key->parts[1] = msg->call_id;
	key->parts[2] = msg->ruri;
	key->parts[3] = msg->from.tag;
}

static uint32_t key_hash(const struct sip *sip, const struct trans_key *key)
{
	uint64_t hash = (uint64_t)key->cseq << 32 | (uint64_t)key->port << 16 | key->method << 1 | key->server;
	unsigned int i;

	for (i = 0; i < KEY_PARTS && key->parts[i].p; i++)
		hash = sip_hash(sip, hash, key->parts[i]);
	return hash;
}

/* The form in which a transaction keeps its key: the parts, each zero terminated, then the numbers */
static void put_key(struct sip_buf *b, const struct trans_key *key)
{
	unsigned int i;

	for (i = 0; i < KEY_PARTS && key->parts[i].p; i++) {
		sip_put_str(b, key->parts[i]);
		sip_put_mem(b, "", 1);
	}
	sip_put_mem(b, &key->port, sizeof(key->port));
	sip_put_mem(b, &key->cseq, sizeof(key->cseq));
}

/* Of a client transaction */
void sip_trans_branch(const struct sip_trans *trans, struct sip_branch *branch)
{
	memcpy(branch->text, trans->key, sizeof(branch->text));
}

static struct sip_trans *find(struct sip *sip, const struct trans_key *key)
{
	uint32_t hash = key_hash(sip, key);
	struct sip_trans *trans;
	char mem[UINT16_MAX];
	struct sip_buf b = {};

	hash_for_each_possible(sip->trans, trans, node, hash) {
		if (trans->hash != hash || trans->server != key->server || trans->method != key->method)
			continue;
		if (!b.start) {
			sip_buf_init(&b, mem, sizeof(mem));
			put_key(&b, key);
		}
		if (trans->key_len == sip_buf_len(&b) && !memcmp(trans->key, b.start, trans->key_len))
			return trans;
	}
	return NULL;
}

struct sip_trans *sip_trans_find(struct sip *sip, const struct sip_msg *msg, enum sip_method method)
{
	struct trans_key key;

	key_server(&key, msg, method);
	return find(sip, &key);
}

struct sip_trans *sip_trans_find_client(struct sip *sip, struct sip_str branch, enum sip_method method)
{
	struct trans_key key;

	key_client(&key, branch, method);
	return find(sip, &key);
}

/* ---- Life ---- */

static void retrans_cb(void *data)
{
	struct sip_trans *trans = data;

	osmo_fsm_inst_dispatch(trans->fi, SIP_TRANS_EV_RETRANS, NULL);
}

/* What osmo_fsm_inst_alloc() makes, at the beginning of its object: one chunk instead of four. Its timer is not used,
 * see sip_trans_wait.c. */
static struct sip_trans *inst_alloc(struct osmo_fsm *fsm, struct sip *sip, size_t size)
{
	struct sip_trans *trans = talloc_zero_size(sip, size);
	struct osmo_fsm_inst *fi = &trans->inst;

	OSMO_ASSERT(trans);
	talloc_set_name_const(trans, "struct sip_trans");
	trans->fi = fi;
	fi->fsm = fsm;
	fi->priv = trans;
	fi->log_level = LOGL_DEBUG;
	INIT_LLIST_HEAD(&fi->proc.children);
	INIT_LLIST_HEAD(&fi->proc.child);
	llist_add(&fi->list, &fsm->instances);
	return trans;
}

static struct sip_trans *trans_alloc(struct sip *sip, struct osmo_fsm *fsm, const struct trans_key *key,
				     const struct sip_trans_user *user)
{
	struct sip_trans *trans;
	char mem[UINT16_MAX];
	struct sip_buf b;

	sip_buf_init(&b, mem, sizeof(mem));
	put_key(&b, key);
	trans = inst_alloc(fsm, sip, sizeof(*trans) + sip_buf_len(&b) + 1);
	trans->sip = sip;
	trans->method = key->method;
	trans->server = key->server;
	trans->hash = key_hash(sip, key);
	trans->key_len = sip_buf_len(&b);
	memcpy(trans->key, mem, trans->key_len);
	/* the branch says more than an address, and costs no memory of its own */
	trans->fi->name = trans->key;
	osmo_timer_setup(&trans->retrans, retrans_cb, trans);
	if (user) {
		trans->cb = user->cb;
		trans->user = user->user;
		trans->ref = user->ref;
		if (trans->ref)
			*trans->ref = trans;
	}
	hash_add(sip->trans, &trans->node, trans->hash);
	sip->n_trans++;
	return trans;
}

void sip_trans_fsm_cleanup(struct osmo_fsm_inst *fi, enum osmo_fsm_term_cause cause)
{
	struct sip_trans *trans = fi->priv;

	osmo_timer_del(&trans->retrans);
	sip_trans_wait_stop(trans);
	hash_del(&trans->node);
	trans->sip->n_trans--;
	if (trans->ref)
		*trans->ref = NULL;
}

void sip_trans_detach(struct sip_trans **ref)
{
	struct sip_trans *trans = *ref;

	if (!trans)
		return;
	trans->cb = NULL;
	trans->user = NULL;
	trans->ref = NULL;
	*ref = NULL;
}

void sip_trans_end(struct sip_trans *trans)
{
	osmo_fsm_inst_term(trans->fi, OSMO_FSM_TERM_REQUEST, NULL);
}

void sip_trans_end_all(struct sip *sip, const struct sip_sock *sock, bool silent)
{
	struct sip_trans *trans;
	struct hlist_node *next;
	size_t i;

	hash_for_each_safe(sip->trans, i, next, trans, node) {
		if (trans->fallback && sip_sock_root(trans->fallback) == sock)
			trans->fallback = NULL;
		if (sock && sip_sock_root(trans->dest.sock) != sock)
			continue;
		if (!silent)
			sip_trans_tell(trans, SIP_TRANS_ERROR, NULL);
		sip_trans_end(trans);
	}
}

/* Those that have had an answer may still get the next, over a new connection (18.2.2). */
void sip_trans_conn_lost(struct sip_sock *sock, const union sip_sockaddr *remote)
{
	struct sip_trans *trans;
	struct hlist_node *next;
	size_t i;

	hash_for_each_safe(sock->sip->trans, i, next, trans, node) {
		if (!trans->server && sip_sock_root(trans->dest.sock) == sip_sock_root(sock) &&
		    sip_sockaddr_same(&trans->dest.addr, remote))
			sip_trans_rx(trans, SIP_TRANS_EV_ERROR, NULL);
	}
}

void sip_trans_tell(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg)
{
	if (sip_trans_again(trans, ind, msg))
		return;
	if (trans->cb)
		trans->cb(trans, ind, msg);
}

/* ---- The message last sent, and its timer ---- */

void sip_trans_keep(struct sip_trans *trans, const struct sip_buf *b)
{
	talloc_free(trans->text);
	trans->text_len = sip_buf_len(b);
	trans->text = talloc_memdup(trans, b->start, trans->text_len);
}

void sip_trans_forget(struct sip_trans *trans)
{
	TALLOC_FREE(trans->text);
	trans->text_len = 0;
}

int sip_trans_send_again(struct sip_trans *trans)
{
	if (!trans->text_len)
		return 0;
	sip_count(trans->sip, SIP_CTR_TX_RETRANS);
	return sip_send(&trans->dest, trans->text, trans->text_len);
}

bool sip_trans_reliable(const struct sip_trans *trans)
{
	return trans->dest.sock->ops->reliable;
}

unsigned int sip_trans_ms_unless_reliable(const struct sip_trans *trans, unsigned int ms)
{
	return sip_trans_reliable(trans) ? 1 : ms;
}

void sip_trans_repeat_start(struct sip_trans *trans, unsigned int ms)
{
	trans->retrans_ms = ms;
	osmo_timer_schedule(&trans->retrans, ms / 1000, ms % 1000 * 1000);
}

void sip_trans_retrans_start(struct sip_trans *trans, unsigned int ms)
{
	if (!sip_trans_reliable(trans))
		sip_trans_repeat_start(trans, ms);
}

void sip_trans_retrans_next(struct sip_trans *trans, unsigned int max_ms)
{
	unsigned int ms = trans->retrans_ms * 2;

	sip_trans_retrans_start(trans, max_ms ? OSMO_MIN(ms, max_ms) : ms);
}

void sip_trans_retrans_stop(struct sip_trans *trans)
{
	osmo_timer_del(&trans->retrans);
}

/* ---- Events ---- */

static bool takes(const struct sip_trans *trans, enum sip_trans_event event)
{
	return trans->fi->fsm->states[trans->fi->state].in_event_mask & (1 << event);
}

void sip_trans_rx(struct sip_trans *trans, enum sip_trans_event event, const struct sip_msg *msg)
{
	if (!takes(trans, event) || (event == SIP_TRANS_EV_ERROR && sip_trans_fall_back(trans)))
		return;
	if (event == SIP_TRANS_EV_RX_1XX)
		trans->fallback = NULL;
	osmo_fsm_inst_dispatch(trans->fi, event, (void *)msg);
}

void sip_trans_rx_response(struct sip_trans *trans, const struct sip_msg *msg)
{
	if (msg->status < 200)
		sip_trans_rx(trans, SIP_TRANS_EV_RX_1XX, msg);
	else if (msg->status < 300)
		sip_trans_rx(trans, SIP_TRANS_EV_RX_2XX, msg);
	else
		sip_trans_rx(trans, SIP_TRANS_EV_RX_3456XX, msg);
}

/* ---- Client ---- */

void sip_branch_new(struct sip *sip, struct sip_branch *branch)
{
	memcpy(branch->text, SIP_BRANCH_COOKIE, sizeof(SIP_BRANCH_COOKIE) - 1);
	sip_random_tag(sip, branch->text + sizeof(SIP_BRANCH_COOKIE) - 1);
}

void sip_branch_of(struct sip_branch *branch, uint64_t number)
{
	struct sip_buf b;

	sip_buf_init(&b, branch->text, sizeof(branch->text));
	sip_put_z(&b, SIP_BRANCH_COOKIE);
	sip_put_hex(&b, (const uint8_t *)&number, sizeof(number));
}

struct sip_trans *sip_trans_client(const struct sip_dest *dest, enum sip_method method, uint32_t cseq,
				   const struct sip_branch *branch, const struct sip_trans_user *user)
{
	struct sip_trans *trans;
	struct trans_key key;

	key_client(&key, (struct sip_str){ branch->text, sizeof(branch->text) }, method);
	trans = trans_alloc(dest->sock->sip, method == SIP_INVITE ? &sip_ict_fsm : &sip_nict_fsm, &key, user);
	trans->dest = *dest;
	trans->cseq = cseq;
	return trans;
}

int sip_trans_request(const struct sip_dest *dest, enum sip_method method, uint32_t cseq,
		      const struct sip_branch *branch, const struct sip_buf *b, const struct sip_trans_user *user)
{
	struct sip *sip = dest->sock->sip;
	struct sip_dest to = *dest;
	struct sip_trans *trans;
	struct sip_buf moved;
	int rc = -EMSGSIZE;

	if (b->full)
		return -EMSGSIZE;
	if (!dest->sock->ops->reliable && sip->udp_max_request && sip_buf_len(b) > sip->udp_max_request)
		rc = sip_trans_send_large(&to, &moved, sip_buf_str(b));
	if (rc == 0)
		b = &moved;
	else
		rc = sip_send(dest, b->start, sip_buf_len(b));
	if (rc < 0)
		return rc;
	sip_count(sip, SIP_CTR_TX_REQUEST + method);
	trans = sip_trans_client(&to, method, cseq, branch, user);
	trans->fallback = b == &moved ? dest->sock : NULL;
	if (!sip_trans_reliable(trans) || trans->fallback || method == SIP_INVITE || sip->keep_requests)
		sip_trans_keep(trans, b);
	sip_trans_retrans_start(trans, sip->timers.t1_ms);
	/* timer B, F: of the state that the machine begins in */
	sip_trans_state_chg(trans, 0, 64 * sip->timers.t1_ms, method == SIP_INVITE ? 'B' : 'F');
	return 0;
}

void sip_trans_set_cancel(struct sip_trans *trans, struct sip_str headers)
{
	if (headers.len)
		trans->cancel = (struct sip_str){ talloc_memdup(trans, headers.p, headers.len), headers.len };
}

void sip_trans_abandon(struct sip_trans *trans, uint32_t ended_tag)
{
	if (trans->ref)
		sip_trans_detach(trans->ref);
	trans->ended_tag = ended_tag;
	if (takes(trans, SIP_TRANS_EV_ABANDON))
		osmo_fsm_inst_dispatch(trans->fi, SIP_TRANS_EV_ABANDON, NULL);
}

/* ---- Server ---- */

/* Of what responses repeat: half a datagram, so that status line, tag and Contact always have room too, and no request
 * can come up that nobody could answer. */
#define REPEATED_MAX (SIP_MSG_MAX / 2)

struct sip_trans *sip_trans_server(struct sip_sock *sock, const union sip_sockaddr *src, const struct sip_msg *msg,
				   const struct sip_trans_user *user)
{
	struct sip *sip = sock->sip;
	struct sip_trans *trans;
	struct sip_rsp rsp = {};
	struct trans_key key;

	sip_buf_init(&rsp.b, sip->tx, REPEATED_MAX);
	sip_rsp_repeat(&rsp, sip, msg, src, SIP_STR(""));
	if (rsp.b.full)
		return NULL;
	key_server(&key, msg, msg->method);
	trans = trans_alloc(sip, msg->method == SIP_INVITE ? &sip_ist_fsm : &sip_nist_fsm, &key, user);
	sip_response_dest(&trans->dest, sock, src, &msg->via);
	trans->cseq = msg->cseq.number;
	trans->has_to_tag = msg->to.tag.p;
	trans->pro_len = rsp.pro_len;
	trans->to_len = rsp.to_len;
	sip_trans_keep(trans, &rsp.b);
	return trans;
}

void sip_trans_rsp_start(struct sip_trans *trans, struct sip_rsp *rsp, uint16_t status, struct sip_str reason,
			 struct sip_str tag)
{
	const char *pro = trans->text + trans->pro_at;
	struct sip_buf *b = &rsp->b;

	*rsp = (struct sip_rsp){ .status = status, .pro_len = trans->pro_len, .to_len = trans->to_len };
	sip_buf_init(b, trans->sip->tx, sizeof(trans->sip->tx));
	sip_put_status_line(b, status, reason);
	rsp->pro_at = sip_buf_len(b);
	sip_put_mem(b, pro, trans->to_len);
	if (tag.len && !trans->has_to_tag) {
		sip_put_lit(b, ";tag=");
		sip_put_str(b, tag);
		rsp->tag_len = sizeof(";tag=") - 1 + tag.len;
	}
	sip_put_mem(b, pro + trans->to_len + trans->tag_len, trans->pro_len - trans->to_len);
}

void sip_trans_send_rsp(struct sip_trans *trans, const struct sip_rsp *rsp)
{
	sip_trans_keep(trans, &rsp->b);
	trans->responded = true;
	trans->pro_at = rsp->pro_at;
	trans->tag_len = rsp->tag_len;
	sip_count(trans->sip, SIP_CTR_TX_RESPONSE + rsp->status / 100 - 1);
	sip_send(&trans->dest, trans->text, trans->text_len);
}

int sip_trans_respond(struct sip_trans *trans, struct sip_rsp *rsp)
{
	enum sip_trans_event event = rsp->status < 200 ? SIP_TRANS_EV_TX_1XX :
				     rsp->status < 300 ? SIP_TRANS_EV_TX_2XX : SIP_TRANS_EV_TX_3456XX;

	if (rsp->b.full)
		return -EMSGSIZE;
	if (!takes(trans, event))
		return -EPROTO;
	osmo_fsm_inst_dispatch(trans->fi, event, rsp);
	return 0;
}

int sip_trans_respond_plain(struct sip_trans *trans, uint16_t status, struct sip_str tag)
{
	struct sip_rsp rsp;

	if (!trans->text)
		return -EPROTO;
	sip_trans_rsp_start(trans, &rsp, status, (struct sip_str){}, tag);
	sip_put_body(&rsp.b, SIP_STR(""), SIP_STR(""));
	return sip_trans_respond(trans, &rsp);
}

/* 17.2.1; RFC 4320 4.1: not before the client's timer E has reached T2, which is T1 + 2*T1 + 4*T1 … */
void sip_trans_trying(struct sip_trans *trans)
{
	const struct sip_timers *timers = &trans->sip->timers;

	if (trans->responded)
		return;
	if (trans->method == SIP_INVITE)
		sip_trans_respond_plain(trans, 100, SIP_STR(""));
	else
		sip_trans_retrans_start(trans, timers->t2_ms > timers->t1_ms ? timers->t2_ms - timers->t1_ms : 1);
}

bool sip_trans_unanswered(const struct sip_trans *trans)
{
	return takes(trans, SIP_TRANS_EV_TX_3456XX);
}
