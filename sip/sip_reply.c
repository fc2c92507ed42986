/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers: the headers that repeat the request's (RFC 3261 8.2.6), and answers without a transaction (8.2.7). */

#include <string.h>

#include "sip/sip_reply.h"
#include "sip/sip_session_id.h"

void sip_rsp_repeat(struct sip_rsp *rsp, const struct sip *sip, const struct sip_msg *msg,
		    const union sip_sockaddr *src, struct sip_str tag)
{
	struct sip_uuid remote = {};
	struct sip_buf *b = &rsp->b;
	const struct sip_hdr *to = sip_msg_hdr(msg, SIP_HDR_TO);
	char host[SIP_HOSTPORT_SIZE];
	struct sip_str src_host = { host, sip_sockaddr_host_buf(host, src, false) };
	const char *tag_at;

	rsp->pro_at = sip_buf_len(b);
	sip_put_vias_answered(b, msg, src_host, sip_sockaddr_port(src));
	sip_put_hdrs_of(b, msg, SIP_HDR_FROM);
	if (to) {
		sip_put_lit(b, "To: ");
		sip_put_str(b, to->value);
	}
	rsp->to_len = sip_buf_len(b) - rsp->pro_at;
	tag_at = b->p;
	if (to && tag.len && !msg->to.tag.p) {
		sip_put_lit(b, ";tag=");
		sip_put_str(b, tag);
	}
	rsp->tag_len = b->p - tag_at;
	if (to)
		sip_put_lit(b, "\r\n");
	sip_put_hdrs_of(b, msg, SIP_HDR_CALL_ID);
	sip_put_hdrs_of(b, msg, SIP_HDR_CSEQ);
	sip_put_hdrs_of(b, msg, SIP_HDR_TIMESTAMP);
	sip_session_id_learn(&remote, msg);
	sip_session_id_put(b, sip, msg->call_id, &remote);
	rsp->pro_len = sip_buf_len(b) - rsp->pro_at - rsp->tag_len;
}

void sip_reply_start(struct sip_rsp *rsp, struct sip_sock *sock, const union sip_sockaddr *src,
		     const struct sip_msg *msg, uint16_t status, struct sip_str reason, struct sip_str tag)
{
	struct sip *sip = sock->sip;
	char hash_tag[SIP_TAG_LEN];
	struct sip_buf b;
	uint64_t hash;

	if (!tag.p) {
		hash = sip_hash(sip, msg->cseq.number, msg->call_id);
		hash = sip_hash(sip, hash, msg->from.tag);
		hash = sip_hash(sip, hash, msg->via.branch);
		sip_buf_init(&b, hash_tag, sizeof(hash_tag));
		sip_put_hex(&b, &hash, sizeof(hash));
		tag = (struct sip_str){ hash_tag, sizeof(hash_tag) };
	}
	*rsp = (struct sip_rsp){ .status = status };
	sip_buf_init(&rsp->b, sip->tx, sizeof(sip->tx));
	sip_put_status_line(&rsp->b, status, reason);
	sip_rsp_repeat(rsp, sip, msg, src, tag);
}

void sip_reply_send(struct sip_rsp *rsp, struct sip_sock *sock, const union sip_sockaddr *src,
		    const struct sip_msg *msg)
{
	sip_reply_send_sdp(rsp, sock, src, msg, SIP_STR(""));
}

void sip_reply_send_sdp(struct sip_rsp *rsp, struct sip_sock *sock, const union sip_sockaddr *src,
			const struct sip_msg *msg, struct sip_str sdp)
{
	struct sip_dest dest;

	sip_put_body(&rsp->b, SIP_STR("application/sdp"), sdp);
	if (rsp->b.full) {
		LOGP(DSIP, LOGL_INFO, "no room for the answer to %.*s\n", SIP_STR_ARG(msg->call_id));
		return;
	}
	sip_response_dest(&dest, sock, src, &msg->via);
	sip_count(sock->sip, SIP_CTR_TX_RESPONSE + rsp->status / 100 - 1);
	sip_send(&dest, rsp->b.start, sip_buf_len(&rsp->b));
}
