/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a SIP user agent that says what it is told to, and keeps of a call what its next message needs. */
#pragma once

#include "gw_world.h"

#define UA_TEXT_MAX 4096
#define UA_METHODS 16
#define UA_SDP "v=0\r\no=pbx 1 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n" \
	"m=audio 40000 RTP/AVP 8 0\r\n"

struct ua_call {
	struct llist_head entry;
	unsigned int no;			/* 1, 2 … in the order they were begun */
	bool caller;				/* we sent the INVITE */
	char call_id[256];
	char own[512], far[512];		/* From and To, whichever is whose, with tags as far as known */
	char target[256];			/* the gateway's Contact, or what the INVITE was sent to */
	char vias[1100];			/* of our latest INVITE, as header lines */
	char invite_ruri[256];
	unsigned int cseq, invite_cseq;		/* ours, the latest */
	unsigned int rseq, rseq_cseq;		/* of the gateway's latest reliable response */
	unsigned int status;			/* latest of the gateway's responses to our INVITE */
	struct sip_str requests[UA_METHODS];	/* the gateway's latest of each method; 0: of all but ACK */
	struct sip_str last[UA_METHODS];	/* ours, by method: the latest one */
	struct sip_str responses[700];		/* ours, by status: the latest one */
};

struct ua {
	struct gw_world *w;
	struct llist_head calls;		/* oldest first */
	unsigned int n, branch;
};

struct ua *ua_alloc(struct gw_world *w);
/* Number no, 0: the latest; NULL if there is none */
struct ua_call *ua_call(struct ua *ua, unsigned int no);

/* What a line of a flow says of a message */
struct ua_msg {
	bool again;				/* octet for octet the one before, of this kind */
	char what[32];				/* "INVITE", "183" */
	unsigned int call;			/* 0: the latest; one more than there are: a new one */
	char of[16];				/* a response: to a request of this method; else to the latest */
	char tag[64];				/* of ours, other than the usual one */
	char ruri[256];
	char lines[2048];			/* further header lines, or instead of the usual ones */
	char body[UA_TEXT_MAX];
	struct sip_str octets;			/* instead of body, where it is there */
};
/* NULL, or what is wrong */
const char *ua_send(struct ua *ua, const struct ua_msg *msg);
/* Answers what was sent as a peer does that has nothing more to say. */
void ua_react(struct ua *ua, const struct gw_sent *sent);
