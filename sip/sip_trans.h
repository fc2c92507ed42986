/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transactions: the four machines of RFC 3261 17 with RFC 6026 and RFC 4320, and the table they are found in. */
#pragma once

#include <osmocom/core/fsm.h>
#include <osmocom/core/timer.h>

#include "sip/sip_endpoint.h"
#include "sip/sip_reply.h"

struct sip_peer;
struct sip_trans;

/* What a transaction tells its user */
enum sip_trans_ind {
	SIP_TRANS_RESPONSE,	/* client: a response to act on; INVITE: every 2xx, also repeated and forked ones */
	SIP_TRANS_ACK,		/* INVITE server: the ACK of a 2xx came with the INVITE's branch */
	SIP_TRANS_TIMEOUT,	/* client: no answer (B, F); INVITE server: no ACK of a 3xx-6xx (H). The last one. */
	SIP_TRANS_ERROR,	/* client: the address cannot be reached. The last one. */
};
/* msg: RESPONSE and ACK only. The transaction may be detached, but is not freed while this runs. */
typedef void sip_trans_cb(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg);

struct sip_trans {
	struct osmo_fsm_inst inst;	/* first */
	struct osmo_fsm_inst *fi;	/* the same */
	struct sip *sip;
	struct hlist_node node;		/* of sip->trans */
	uint32_t hash;
	uint32_t cseq;
	enum sip_method method;
	bool server;
	struct sip_dest dest;
	struct sip_sock *fallback;	/* client: UDP, which the request was too large for; NULL */

	/* The user: cb NULL is a transaction that lives on by itself. *ref is cleared when the transaction ends. */
	sip_trans_cb *cb;
	void *user;
	struct sip_trans **ref;
	uint32_t tried;			/* client: targets of its peer that failed, a bit each */
	uint8_t n_again, authorized;	/* sent again; with credentials: 1 for whom it is, 2 for a proxy */
	uint32_t ended_tag;		/* INVITE client without user: hash of the To tag that got its BYE already */
	struct sip_str cancel;		/* INVITE client: header lines of its CANCEL; a talloc child */

	struct llist_head wait;		/* the timer of the state: B, C, D, F, H to M */
	uint64_t wait_end_ms;		/* 0: none runs */
	struct osmo_timer_list retrans;	/* A, E, G */
	unsigned int retrans_ms;

	/* The message last sent. Server: it has the headers that every further response repeats (see struct
	 * sip_rsp), and before the first response is nothing else. */
	char *text;
	uint16_t text_len;
	uint16_t pro_at, pro_len, to_len, tag_len;
	bool responded;			/* server: text is a whole response */
	bool has_to_tag;		/* server: the request had a To tag */

	uint16_t key_len;
	char key[];			/* what it is found by; begins with the branch, zero terminated */
};

/* Events of the four machines */
enum sip_trans_event {
	SIP_TRANS_EV_REQUEST,		/* struct sip_msg: the request again */
	SIP_TRANS_EV_ACK,		/* struct sip_msg */
	SIP_TRANS_EV_RX_1XX,		/* struct sip_msg */
	SIP_TRANS_EV_RX_2XX,		/* struct sip_msg */
	SIP_TRANS_EV_RX_3456XX,		/* struct sip_msg */
	SIP_TRANS_EV_TX_1XX,		/* struct sip_rsp */
	SIP_TRANS_EV_TX_2XX,		/* struct sip_rsp */
	SIP_TRANS_EV_TX_3456XX,		/* struct sip_rsp */
	SIP_TRANS_EV_RETRANS,		/* timer A, E, G */
	SIP_TRANS_EV_ERROR,		/* transport error */
	SIP_TRANS_EV_ABANDON,		/* INVITE client: the user is gone, CANCEL */
};
extern const struct value_string sip_trans_event_names[];
extern struct osmo_fsm sip_ict_fsm, sip_nict_fsm, sip_ist_fsm, sip_nist_fsm;

/* ---- Client ---- */

/* The branch of a client transaction to be made, for the Via of its request */
struct sip_branch {
	char text[SIP_BRANCH_LEN];
};
void sip_branch_new(struct sip *sip, struct sip_branch *branch);
/* One that is made of a number, which nobody else can foresee */
void sip_branch_of(struct sip_branch *branch, uint64_t number);

/* Sends the request that was built in b with this branch and cseq, and starts its transaction; *ref becomes it.
 * 0, or -errno where it cannot be sent: no transaction then. cb may be NULL, and ref then too. */
struct sip_trans_user {
	sip_trans_cb *cb;
	void *user;
	struct sip_trans **ref;
};
int sip_trans_request(const struct sip_dest *dest, enum sip_method method, uint32_t cseq,
		      const struct sip_branch *branch, const struct sip_buf *b, const struct sip_trans_user *user);

/* The user of an INVITE client transaction has no more interest: CANCEL follows as RFC 3261 9.1 allows; 2xx are ACKed
 * and BYEd. ended_tag: see above, 0 if none. */
void sip_trans_abandon(struct sip_trans *trans, uint32_t ended_tag);
/* Header lines for that CANCEL, or BYE; before it is abandoned */
void sip_trans_set_cancel(struct sip_trans *trans, struct sip_str headers);

/* ---- Server ---- */

/* A new server transaction for a request; nothing is sent yet. NULL: responses would be too large (513). */
struct sip_trans *sip_trans_server(struct sip_sock *sock, const union sip_sockaddr *src, const struct sip_msg *msg,
				   const struct sip_trans_user *user);
/* Start line, Via, From, To with tag (empty: none; not added where the request had one), Call-ID, CSeq. The caller puts
 * more and ends with sip_put_body(). */
void sip_trans_rsp_start(struct sip_trans *trans, struct sip_rsp *rsp, uint16_t status, struct sip_str reason,
			 struct sip_str tag);
/* 0, -EMSGSIZE, or -EPROTO where the machine allows no such response now. A response that cannot be sent is a lost one
 * (RFC 6026 7.1): what comes again is answered again. */
int sip_trans_respond(struct sip_trans *trans, struct sip_rsp *rsp);
/* Both, for a response without more headers */
int sip_trans_respond_plain(struct sip_trans *trans, uint16_t status, struct sip_str tag);
/* The user has seen the request: 100, at once for INVITE, else when it is due, unless a response was sent already */
void sip_trans_trying(struct sip_trans *trans);
/* No final response was sent yet */
bool sip_trans_unanswered(const struct sip_trans *trans);

/* ---- Both ---- */

/* The message last sent: send it again (2xx to INVITE: for the user's timer), or keep it no longer. */
int sip_trans_send_again(struct sip_trans *trans);
void sip_trans_forget(struct sip_trans *trans);

/* Ends the tie between a transaction and its user; ref may point to NULL. */
void sip_trans_detach(struct sip_trans **ref);

/* The transaction that a received message belongs to, or NULL; method is the transaction's (INVITE for an ACK or a
 * CANCEL's target). */
struct sip_trans *sip_trans_find(struct sip *sip, const struct sip_msg *msg, enum sip_method method);
/* By our own branch */
struct sip_trans *sip_trans_find_client(struct sip *sip, struct sip_str branch, enum sip_method method);
/* Hands an event of the network in; one that the state does not take is ignored. */
void sip_trans_rx(struct sip_trans *trans, enum sip_trans_event event, const struct sip_msg *msg);
void sip_trans_rx_response(struct sip_trans *trans, const struct sip_msg *msg);

/* In silence */
void sip_trans_end(struct sip_trans *trans);
/* All that use this socket (or all, if NULL) end with ERROR, or silently. */
void sip_trans_end_all(struct sip *sip, const struct sip_sock *sock, bool silent);

/* The connection to there is gone: client transactions without any answer yet end with ERROR. */
void sip_trans_conn_lost(struct sip_sock *sock, const union sip_sockaddr *remote);

/* ---- sip_trans_retry.c ---- */

/* The request goes out once more, with credentials (401, 407) or to another target of the peer (RFC 3263 4.3): true,
 * and the user, whose transaction is another now, is not to be told. */
bool sip_trans_again(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg);

/* An INVITE that begins a call: where it cannot even be sent, it goes to the next target at once. Its dialog must be
 * hashed. */
int sip_trans_invite(const struct sip_dest *dest, uint32_t cseq, const struct sip_branch *branch,
		     const struct sip_buf *b, const struct sip_trans_user *user);

/* An INVITE just sent, to one of several targets, not the last: without an answer it goes to the next sooner
 * (failover_ms). */
void sip_trans_limit(struct sip_trans *trans, const struct sip_peer *peer);

/* ---- sip_trans_large.c ---- */

/* Sends over TCP what is too large for UDP (18.1.1): 0, and dest and moved (of OTC_SELECT) are what was sent; -errno */
int sip_trans_send_large(struct sip_dest *dest, struct sip_buf *moved, struct sip_str text);
/* It did not get there: true where it was sent over UDP now. */
bool sip_trans_fall_back(struct sip_trans *trans);

/* ---- For the machines ---- */

/* A client transaction of which nothing was sent yet */
struct sip_trans *sip_trans_client(const struct sip_dest *dest, enum sip_method method, uint32_t cseq,
				   const struct sip_branch *branch, const struct sip_trans_user *user);

void sip_trans_tell(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg);
void sip_trans_keep(struct sip_trans *trans, const struct sip_buf *b);
void sip_trans_branch(const struct sip_trans *trans, struct sip_branch *branch);
/* Keeps a response and sends it. */
void sip_trans_send_rsp(struct sip_trans *trans, const struct sip_rsp *rsp);
/* Starts the retransmission timer, over any transport */
void sip_trans_repeat_start(struct sip_trans *trans, unsigned int ms);
/* Starts or doubles it, up to max (0: none); not over a reliable transport. */
void sip_trans_retrans_start(struct sip_trans *trans, unsigned int ms);
void sip_trans_retrans_next(struct sip_trans *trans, unsigned int max_ms);
void sip_trans_retrans_stop(struct sip_trans *trans);
bool sip_trans_reliable(const struct sip_trans *trans);
/* ms, or 1 where 0 would mean no timer */
unsigned int sip_trans_ms_unless_reliable(const struct sip_trans *trans, unsigned int ms);
void sip_trans_fsm_cleanup(struct osmo_fsm_inst *fi, enum osmo_fsm_term_cause cause);

/* ---- sip_trans_wait.c: osmo_fsm's own timer and state changes would not know of each other and of this one ---- */

/* ms 0: no timer */
void sip_trans_state_chg(struct sip_trans *trans, uint32_t state, unsigned int ms, int T);
void sip_trans_state_chg_keep_timer(struct sip_trans *trans, uint32_t state);
/* Starts the timer of the state anew, with another length */
void sip_trans_wait(struct sip_trans *trans, unsigned int ms);
void sip_trans_wait_stop(struct sip_trans *trans);
