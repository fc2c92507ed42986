/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests of legs: a user above the SAP that prints, a peer below that sends, both by short functions. */
#pragma once

#include "sip/sip_call.h"
#include "sip/sip_msg.h"
#include "sip/sip_peer.h"
#include "sip/sip_trans.h"
#include "sip_wire.h"

extern struct wire *w;
extern struct sip_peer *pbx;		/* 192.0.2.2:5060 */
extern struct sip_call *call;		/* of the last indication, or made last */
extern bool auto_done;			/* sip_call_done() in the callback of the last indication */
extern unsigned int auto_answer;	/* status to answer an INVITE with in the callback */
extern unsigned int failed[7];		/* FAILED indications, by status / 100 */
extern unsigned int cancel_after;	/* in the callback of so many FAILED, all others that are not answered */
extern struct sip_peer *next_peer;	/* in the callback of FAILED, one that is not available */
extern unsigned int branch_no, call_no;	/* of the peer's latest request */

void leg_init(void);
void leg_exit(void);
/* Lets everything run out and says if a leg or transaction is left. */
void finish(void);

/* ---- The user ---- */

int req(enum sip_method method, uint16_t status);
/* Without further lines, with this description */
int req_with(enum sip_method method, uint16_t status, const char *sdp);
#define SDP "v=0\r\n"
void done(void);
int invite_with(const char *ruri);
void invite(void);
void invite_without_offer(void);

/* ---- The peer ---- */

extern const char contact[], with_sdp[], their_contact[];

/* A request with everything given; lines: further header lines, then after an empty one the body */
void rx_as(unsigned int branch, const char *method, unsigned int cseq, const char *to_tag, const char *lines);
void rx_invite(void);			/* a new call */
void rx(const char *method, unsigned int cseq, const char *lines);	/* within the call */
void rx_again(const char *method, unsigned int cseq, const char *tag, const char *lines);	/* same branch */
/* A request of theirs within a leg that we called */
void rx_back(const char *method, unsigned int cseq, const char *their_tag, const char *lines);
const char *our_tag(void);

void set_remote(struct sip_peer *peer, uint32_t addr, uint16_t port);
