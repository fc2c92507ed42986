/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers: the headers that repeat the request's (RFC 3261 8.2.6), and answers without a transaction (8.2.7). */
#pragma once

#include "sip/sip_endpoint.h"

/* A response being built in the endpoint's send buffer. What repeats the request is pro_len octets from pro_at; a To
 * tag of ours (";tag=…", tag_len octets, not in pro_len) stands to_len octets into them. */
struct sip_rsp {
	struct sip_buf b;
	uint16_t status;
	uint16_t pro_at, pro_len, to_len, tag_len;
};

/* Via with received and rport, From, To, Call-ID, CSeq, Timestamp; tag may be empty, and is not added where the request
 * has one already. */
void sip_rsp_repeat(struct sip_rsp *rsp, const struct sip *sip, const struct sip_msg *msg,
		    const union sip_sockaddr *src, struct sip_str tag);

/* An answer for which nothing is kept. tag absent: one that is the same for every retransmission of the request. Start,
 * put more, then send, which ends it with an empty body. */
void sip_reply_start(struct sip_rsp *rsp, struct sip_sock *sock, const union sip_sockaddr *src,
		     const struct sip_msg *msg, uint16_t status, struct sip_str reason, struct sip_str tag);
void sip_reply_send(struct sip_rsp *rsp, struct sip_sock *sock, const union sip_sockaddr *src,
		    const struct sip_msg *msg);
/* The same with a session description, which may be empty */
void sip_reply_send_sdp(struct sip_rsp *rsp, struct sip_sock *sock, const union sip_sockaddr *src,
			const struct sip_msg *msg, struct sip_str sdp);
