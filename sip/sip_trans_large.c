/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests too large for UDP: over TCP, and over UDP after all where nobody takes them there (RFC 3261 18.1.1). */

#define _GNU_SOURCE /* memmem() */
#include <errno.h>
#include <string.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>

#include "sip/sip_trans.h"

#define VIA "\r\nVia: SIP/2.0/"

/* The request with the topmost Via, which is ours and begins its second line, as that of another socket */
static void put_moved(struct sip_buf *b, struct sip_str text, const struct sip_dest *dest)
{
	struct sip_sock *sock = dest->sock;
	char sent_by[SIP_HOSTPORT_SIZE];
	const char *via = memmem(text.p, text.len, VIA, sizeof(VIA) - 1);
	const char *params = via ? memchr(via, ';', text.p + text.len - via) : NULL;

	OSMO_ASSERT(params);
	sip_sent_by_buf(sent_by, dest);
	sip_put_str(b, sip_str_span(text.p, via + sizeof(VIA) - 1));
	sip_put_z(b, sock->ops->via);
	sip_put_lit(b, " ");
	sip_put_z(b, sent_by);
	sip_put_str(b, sip_str_span(params, text.p + text.len));
}

int sip_trans_send_large(struct sip_dest *dest, struct sip_buf *moved, struct sip_str text)
{
	struct sip *sip = dest->sock->sip;
	struct sip_dest tcp = *dest;
	int rc;

	tcp.sock = sip_sock_for(sip, SIP_PROTO_TCP, &dest->addr);
	if (!tcp.sock)
		return -EPROTONOSUPPORT;
	sip_buf_init(moved, talloc_size(OTC_SELECT, SIP_MSG_MAX), SIP_MSG_MAX);
	put_moved(moved, text, &tcp);
	if (moved->full)
		return -EMSGSIZE;
	rc = sip_send(&tcp, moved->start, sip_buf_len(moved));
	if (rc == 0)
		*dest = tcp;
	return rc;
}

bool sip_trans_fall_back(struct sip_trans *trans)
{
	char mem[SIP_MSG_MAX];
	struct sip_buf b;

	if (!trans->fallback)
		return false;
	trans->dest.sock = trans->fallback;
	trans->fallback = NULL;
	sip_buf_init(&b, mem, sizeof(mem));
	put_moved(&b, (struct sip_str){ trans->text, trans->text_len }, &trans->dest);
	if (b.full || sip_send(&trans->dest, b.start, sip_buf_len(&b)) < 0)
		return false;
	LOGP(DSIPTRANS, LOGL_INFO, "%s: not over TCP, hence over UDP\n", trans->fi->name);
	sip_trans_keep(trans, &b);
	sip_trans_retrans_start(trans, trans->sip->timers.t1_ms);
	return true;
}
