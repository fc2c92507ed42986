/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One leg from INVITE to BYE, as the files of the room see it. */
#pragma once

#include "sip/sip_body.h"
#include "sip/sip_dialog.h"
#include "sip/sip_peer.h"
#include "sip/sip_trans.h"

enum sip_call_state {
	SIP_CALL_NEW,		/* outgoing, no INVITE yet */
	SIP_CALL_CALLING,	/* outgoing, INVITE sent, no final response yet */
	SIP_CALL_OFFERED,	/* incoming, not answered yet */
	SIP_CALL_UP,		/* 200 sent or received; ack_wait: its ACK has not come */
	SIP_CALL_BYE_WAIT,	/* the user is gone, BYE follows the ACK (RFC 3261 15) */
	SIP_CALL_ENDED,		/* the last indication went up, sip_call_done() is to come */
	_SIP_CALL_STATE_COUNT
};

/* A 200 of ours that waits for its ACK (13.3.1.4) */
struct sip_ack_wait {
	struct osmo_timer_list timer;
	unsigned int interval_ms;
	struct sip_kept *bye;		/* BYE_WAIT: talloc child */
};

/* What the user asked for, kept until it can be sent: one chunk */
struct sip_kept {
	struct sip_kept *next;
	struct sip_prim prim;
	struct sip_part parts[SIP_PUT_PARTS_MAX];
	char mem[];
};

/* What is known of the peer in this call */
#define SIP_CALL_PEER_UPDATE	0x01	/* its Allow names UPDATE */
#define SIP_CALL_PEER_TIMER	0x02	/* its Supported names timer */
#define SIP_CALL_PEER_199	0x04	/* its INVITE's Supported names 199 */
#define SIP_CALL_PEER_FROM_CHANGE 0x20	/* its Supported names from-change */
#define SIP_CALL_OWNER		0x10	/* the Call-ID is ours */
#define SIP_CALL_OFFERS		0x80	/* our INVITE has an offer */
#define SIP_CALL_NO_UPDATE	0x40	/* it has refused UPDATE, whatever its Allow names */
#define SIP_CALL_EARLY		0x08	/* it has had a provisional response of ours with a tag */

struct sip_rel;
struct sip_modify;
struct sip_refresh;
struct sip_fork;
struct sip_call_precond;
struct sip_info;
struct sip_identity_change;

/* What is rare, or passes, is in chunks of its own, which are there only as long as they are needed. */
struct sip_call {
	struct llist_head entry;	/* of sip->all_calls */
	struct sip *sip;
	struct sip_peer *peer;
	struct sip_sock *sock;		/* NULL: the peer's */
	void *user;
	uint8_t state;			/* enum sip_call_state */
	bool incoming;
	uint8_t flags;
	uint8_t max_forwards;		/* of our INVITE; 0: 70 */
	uint8_t invite_note;		/* with which each dialog of our INVITE begins */
	uint8_t n_modify_tries;		/* of a re-INVITE or UPDATE of ours */
	struct sip_trans *ict, *ist, *nist;	/* INVITE sent, INVITE received, other request received */
	struct sip_ack_wait *ack_wait;
	struct sip_rel *rel;		/* incoming, not answered: reliable provisional responses */
	struct sip_modify *modify;	/* re-INVITE or UPDATE of ours */
	struct sip_refresh *refresh;	/* session timer */
	struct sip_info *info;		/* INFOs of ours */
	struct sip_identity_change *identity;	/* theirs is another, as soon as that is answered */
	struct sip_fork *forks;		/* other early dialogs of our INVITE */
	struct sip_call_precond *precond;	/* where the session has preconditions */
	struct sip_dialog dialog;
	char text[];			/* of dialog */
};

/* ---- sip_call.c: what both directions share ---- */

struct sip_call *sip_call_new(struct sip_peer *peer, struct sip_sock *sock, void *user, size_t text_size);
void sip_call_free(struct sip_call *call);
void sip_call_indicate(struct sip_call *call, enum sip_method method, uint16_t status, const struct sip_msg *msg);
void sip_call_indicate_session(struct sip_call *call, enum sip_method method, uint16_t status,
			       const struct sip_msg *msg, enum sip_session session);
/* The last indication */
void sip_call_end(struct sip_call *call, enum sip_method method, uint16_t status, const struct sip_msg *msg);
void sip_call_fail(struct sip_call *call, uint16_t status);
/* Where requests of the leg go */
void sip_call_dest(const struct sip_call *call, struct sip_dest *dest);
/* The dialog leads elsewhere now: its next request is to find the address known. */
void sip_call_look_ahead(const struct sip_call *call);
/* Starts a request in the endpoint's send buffer. */
void sip_call_put_request(struct sip_call *call, struct sip_buf *b, enum sip_method method, uint32_t cseq,
			  const struct sip_branch *branch);
void sip_call_put_contact(const struct sip_call *call, struct sip_buf *b);
/* What the user gave as body and parts: the end of a message */
void sip_call_put_body(struct sip_call *call, struct sip_buf *b, const struct sip_prim *prim);
void sip_call_put_body_but(struct sip_call *call, struct sip_buf *b, const struct sip_prim *prim, bool without_sdp);
/* prim NULL: nobody asked for it */
void sip_call_send_bye(struct sip_call *call, const struct sip_prim *prim);
/* A request for which nobody waits */
void sip_call_send_request(struct sip_call *call, struct sip_buf *b, enum sip_method method, uint32_t cseq,
			   const struct sip_branch *branch, sip_trans_cb *cb);
/* A copy of what the user asked for */
struct sip_kept *sip_call_keep(void *ctx, const struct sip_prim *prim);
/* The target that a request or a 2xx within the dialog brings (12.2): 0, 400 or 513 */
uint16_t sip_call_refresh_target(struct sip_call *call, const struct sip_msg *msg);
/* Reads Allow and Supported. */
void sip_call_read_peer(struct sip_call *call, const struct sip_msg *msg);
/* Supported of this peer: with 100rel and precondition where they are of use */
void sip_call_put_supported(struct sip_buf *b, const struct sip_peer *peer, bool early);
/* The dialog is gone (481, 408; 12.2.1.2, or the session's time is up): BYE, and FAILED */
void sip_call_lost(struct sip_call *call, uint16_t status);

/* What sip_trans_abandon() takes for a To tag */
uint32_t sip_call_hash_tag(const struct sip *sip, struct sip_str tag);
/* That of the peer in the dialog that the leg is in now */
uint32_t sip_call_remote_tag(const struct sip_call *call);

/* All legs of a peer fail with 503. */
void sip_calls_fail(struct sip *sip, const struct sip_peer *peer);
void sip_calls_forget_sock(struct sip *sip, const struct sip_sock *sock);
/* In silence: the endpoint is about to be freed. */
void sip_calls_end_all(struct sip *sip);

/* ---- sip_call_uac.c ---- */

int sip_call_invite(struct sip_call *call, const struct sip_prim *prim);
/* 2xx to an INVITE that nobody waits for: ACK and BYE (13.2.2.4) */
void sip_call_orphan_2xx(struct sip_trans *trans, const struct sip_msg *msg);

void sip_call_ict_cb(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg);
/* The 2xx to a re-INVITE, also again */
void sip_call_send_ack(struct sip_call *call, uint32_t cseq);
int sip_call_req_ack(struct sip_call *call, const struct sip_prim *prim);

/* ---- sip_fork.c: the early dialogs of one INVITE (12.1.2, 13.2.2.4) ---- */

/* The dialog of this response becomes the call's, as it was left. */
void sip_fork_select(struct sip_call *call, const struct sip_msg *msg);
/* A request came in this one. */
void sip_fork_select_dialog(struct sip_call *call, struct sip_dialog *d);
/* The one with this tag becomes the call's, if it is there. */
void sip_fork_resume(struct sip_call *call, struct sip_str tag);
/* The dialog of this 199 is over (RFC 6228 4), the INVITE and its other dialogs are not. */
void sip_fork_end(struct sip_call *call, const struct sip_msg *msg);
/* So is that with this tag (sip_call_remote_tag()), if it is not the one that the call is in. */
void sip_fork_end_shelved(struct sip_call *call, uint32_t tag);
/* Is there still one with this tag? */
bool sip_fork_lives(struct sip_call *call, uint32_t tag);
/* The one that the call is in is over (481, RFC 3261 12.2.1.2). False where there is no other. */
bool sip_fork_leave(struct sip_call *call);
/* One of them has answered, or none will. */
void sip_fork_drop(struct sip_call *call);
unsigned int sip_fork_count(const struct sip_call *call);

/* ---- sip_call_in.c: requests within the dialog but INVITE, BYE, PRACK and INFO ---- */

uint16_t sip_call_rx_update(struct sip_call *call, struct sip_sock *sock, const union sip_sockaddr *src,
			    const struct sip_msg *msg);
/* A server transaction for such a request */
struct sip_trans *sip_call_nist(struct sip_call *call, struct sip_sock *sock, const union sip_sockaddr *src,
				const struct sip_msg *msg);
/* One is not answered yet. */
bool sip_call_nist_is_busy(const struct sip_call *call);
/* The user's answer to it */
int sip_call_answer(struct sip_call *call, const struct sip_prim *prim);

/* ---- sip_call_uas.c ---- */

/* 0, -EBADMSG where no dialog can be made of it, -EMSGSIZE where it is too much of one */
int sip_call_rx_invite(struct sip_peer *peer, struct sip_sock *sock, const union sip_sockaddr *src,
		       const struct sip_msg *msg);
/* INVITE and BYE. Returns the status to refuse it with, 0 if it was taken. */
uint16_t sip_call_rx_in_dialog(struct sip_dialog *d, struct sip_sock *sock, const union sip_sockaddr *src,
			       const struct sip_msg *msg);
/* False where it belongs to no leg */
bool sip_call_rx_ack(struct sip *sip, const struct sip_msg *msg);
void sip_call_rx_cancel(struct sip_trans *invite, const struct sip_msg *msg);
/* Our tag in the responses to this INVITE, into tag (SIP_TAG_LEN); absent if its leg is gone */
struct sip_str sip_call_tag_of(const struct sip_trans *invite, char *tag);
/* Requests of the user: 101-199, 2xx, 3xx-6xx to INVITE */
int sip_call_progress(struct sip_call *call, const struct sip_prim *prim);
int sip_call_accept(struct sip_call *call, const struct sip_prim *prim);
int sip_call_reject(struct sip_call *call, const struct sip_prim *prim);
/* Sends a response to the INVITE, rseq 0: unreliably */
int sip_call_respond(struct sip_call *call, const struct sip_prim *prim, uint32_t rseq);
int sip_call_accept_now(struct sip_call *call, const struct sip_prim *prim);
/* Answers an INVITE that was not answered, before the leg ends another way. */
void sip_call_drop_invite(struct sip_call *call, uint16_t status);
