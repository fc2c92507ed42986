/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One leg from INVITE to BYE, as the files of the room see it. */
#pragma once

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
	struct sip_str bye_headers;	/* BYE_WAIT: talloc child */
};

struct sip_call {
	struct llist_head entry;	/* of sip->all_calls */
	struct sip *sip;
	struct sip_peer *peer;
	struct sip_sock *sock;		/* NULL: the peer's */
	void *user;
	enum sip_call_state state;
	bool incoming;
	struct sip_trans *ict, *ist, *bye;	/* INVITE sent, INVITE received, BYE received */
	struct sip_ack_wait *ack_wait;
	struct sip_dialog dialog;
	char text[];			/* of dialog */
};

/* ---- sip_call.c: what both directions share ---- */

struct sip_call *sip_call_new(struct sip_peer *peer, struct sip_sock *sock, void *user, size_t text_size);
void sip_call_free(struct sip_call *call);
void sip_call_indicate(struct sip_call *call, enum sip_method method, uint16_t status, const struct sip_msg *msg);
/* The last indication */
void sip_call_end(struct sip_call *call, enum sip_method method, uint16_t status, const struct sip_msg *msg);
void sip_call_fail(struct sip_call *call, uint16_t status);
/* Where requests of the leg go */
void sip_call_dest(const struct sip_call *call, struct sip_dest *dest);
/* Starts a request in the endpoint's send buffer. */
void sip_call_put_request(struct sip_call *call, struct sip_buf *b, enum sip_method method, uint32_t cseq,
			  const struct sip_branch *branch);
void sip_call_put_contact(const struct sip_call *call, struct sip_buf *b);
/* What the user gave as body and parts: the end of a message */
void sip_call_put_body(struct sip_buf *b, const struct sip_prim *prim);
void sip_call_send_bye(struct sip_call *call, struct sip_str headers);

/* What sip_trans_abandon() takes for a To tag */
uint32_t sip_call_hash_tag(const struct sip *sip, struct sip_str tag);

/* All legs of a peer fail with 503. */
void sip_calls_fail(struct sip *sip, const struct sip_peer *peer);
void sip_calls_forget_sock(struct sip *sip, const struct sip_sock *sock);
/* In silence: the endpoint is about to be freed. */
void sip_calls_end_all(struct sip *sip);

/* ---- sip_call_uac.c ---- */

int sip_call_invite(struct sip_call *call, const struct sip_prim *prim);
/* 2xx to an INVITE that nobody waits for: ACK and BYE (13.2.2.4) */
void sip_call_orphan_2xx(struct sip_trans *trans, const struct sip_msg *msg);

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
/* Answers an INVITE that was not answered, before the leg ends another way. */
void sip_call_drop_invite(struct sip_call *call, uint16_t status);
