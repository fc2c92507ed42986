/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading and writing of connections: messages out of a stream, the queue of what is to be written. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip/sip_conn.h"

/* Turns of reading in one turn of the select loop */
#define READ_BATCH 4
/* A connection may send so many messages that cannot be read but answered */
#define MALFORMED_MAX 10
/* Of the beginning of a message whose length is not known yet */
#define PART_SIZE 2048
/* Written at once out of several messages that wait */
#define GATHER_SIZE 16384

/* A message that waits to be written */
struct chunk {
	struct llist_head entry;
	size_t len;
	char octets[];
};

/* ---- Writing ---- */

static void enqueue(struct sip_conn *conn, const char *octets, size_t len, size_t written)
{
	struct chunk *chunk = talloc_size(conn, sizeof(*chunk) + len);

	talloc_set_name_const(chunk, "struct chunk");
	chunk->len = len;
	memcpy(chunk->octets, octets, len);
	if (llist_empty(&conn->out)) {
		conn->out_at = written;
		conn->written_ms = sip_conn_now_ms();
	}
	llist_add_tail(&chunk->entry, &conn->out);
	conn->out_len += len - written;
}

static struct chunk *first_chunk(struct sip_conn *conn)
{
	return llist_first_entry_or_null(&conn->out, struct chunk, entry);
}

void sip_conn_give_up_queue(struct sip_conn *conn)
{
	struct chunk *chunk;

	while ((chunk = first_chunk(conn))) {
		llist_del(&chunk->entry);
		sip_rx_error(conn->sock, chunk->octets, chunk->len);
		talloc_free(chunk);
	}
	conn->out_len = 0;
}

/* Takes off the queue what has been written. */
static void written(struct sip_conn *conn, size_t len)
{
	struct chunk *chunk;

	conn->written_ms = sip_conn_now_ms();
	conn->out_len -= len;
	conn->out_at += len;
	while ((chunk = first_chunk(conn)) && conn->out_at >= chunk->len) {
		conn->out_at -= chunk->len;
		llist_del(&chunk->entry);
		talloc_free(chunk);
	}
}

/* As much of the queue as goes into one write; *mem is the queue's own where that is one message. */
static size_t gather(struct sip_conn *conn, char *buf, const char **mem)
{
	struct chunk *chunk = first_chunk(conn);
	size_t at = conn->out_at, len = 0, part;

	if (conn->ops->whole_messages || chunk->entry.next == &conn->out || chunk->len - at >= GATHER_SIZE) {
		*mem = chunk->octets + at;
		return chunk->len - at;
	}
	*mem = buf;
	llist_for_each_entry(chunk, &conn->out, entry) {
		part = OSMO_MIN(chunk->len - at, GATHER_SIZE - len);
		memcpy(buf + len, chunk->octets + at, part);
		len += part;
		at = 0;
	}
	return len;
}

static void break_off(struct sip_conn *conn, int rc)
{
	conn->broken = rc;
	sip_conn_arm(conn);
}

static void flush(struct sip_conn *conn)
{
	char buf[GATHER_SIZE];
	const char *mem;
	size_t len;
	ssize_t rc;

	while (conn->out_len && !conn->broken) {
		len = gather(conn, buf, &mem);
		rc = conn->ops->write(conn, mem, len);
		if (rc == -EAGAIN)
			break;
		if (rc < 0)
			break_off(conn, rc);
		else
			written(conn, rc);
	}
}

/* What breaks here is told from the select loop: who sends is not to be called from within. */
int sip_conn_write(struct sip_conn *conn, const char *octets, size_t len)
{
	const struct sip_conn_cfg *cfg = &conn->sock->sip->conns->cfg;
	ssize_t rc = -EAGAIN;

	if (conn->out_len + len > OSMO_MAX(cfg->write_queue, SIP_MSG_MAX)) {
		sip_count(conn->sock->sip, SIP_CTR_TX_DROPPED);
		return -ENOBUFS;
	}
	/* while its messages are handled, answers go together */
	if (conn->state == SIP_CONN_UP && !conn->out_len && !conn->busy && !conn->broken)
		rc = conn->ops->write(conn, octets, len);
	if (rc < 0 && rc != -EAGAIN)
		break_off(conn, rc);
	conn->active_ms = sip_conn_now_ms();
	if (rc == (ssize_t)len)
		return 0;
	enqueue(conn, octets, len, rc > 0 ? rc : 0);
	if (!conn->busy)
		sip_conn_watch(conn);
	sip_conn_arm(conn);
	return 0;
}

/* ---- Reading ---- */

/* The beginning of a message is kept until the rest comes. at is in the endpoint's buffer, or in the connection's. */
static void keep_part(struct sip_conn *conn, const char *at, size_t len)
{
	size_t size = conn->frame.need ? conn->frame.need : OSMO_MAX(len + len / 2, PART_SIZE);
	char *in = conn->in;

	if (!len) {
		TALLOC_FREE(conn->in);
		conn->in_len = conn->in_size = 0;
		return;
	}
	if (!in || (conn->in_size < size && (conn->frame.need || conn->in_size - len < PART_SIZE / 2))) {
		in = talloc_size(conn, size);
		memcpy(in, at, len);
		talloc_free(conn->in);
		conn->in = in;
		conn->in_size = size;
	} else if (at != in) {
		memmove(in, at, len);
	}
	conn->in_len = len;
}

/* The last answer is written: the other side is to get it, so this is not the end at once. */
static void refuse(struct sip_conn *conn, int ctr, const char *why)
{
	if (conn->state != SIP_CONN_UP)
		return;
	sip_conn_log_end(conn, why, true);
	sip_count(conn->sock->sip, ctr);
	flush(conn);
	sip_conn_unhash(conn);
	conn->state = SIP_CONN_DRAIN;
	conn->part_ms = sip_conn_now_ms();
	conn->ops->shut(conn);
}

/* More than a stranger may send */
static bool is_flood(struct sip_conn *conn, unsigned int n)
{
	const struct sip_conn_cfg *cfg = &conn->sock->sip->conns->cfg;

	if (conn->is_peers || !cfg->messages_per_s)
		return false;
	if (conn->rx_ms - conn->second_ms >= 1000) {
		conn->second_ms = conn->rx_ms;
		conn->n_second = 0;
	}
	conn->n_second += n;
	return conn->n_second > cfg->messages_per_s;
}

static void take_message(struct sip_conn *conn, const char *octets, size_t len)
{
	int rc;

	conn->rx_msgs++;
	if (is_flood(conn, 1)) {
		refuse(conn, SIP_CTR_CONN_FLOOD, "too many messages a second");
		return;
	}
	rc = sip_rx(conn->sock, &conn->remote, octets, len);
	if (rc == -EPROTO || (rc == -EBADMSG && ++conn->malformed >= MALFORMED_MAX))
		refuse(conn, SIP_CTR_CONN_GARBAGE, "what comes cannot be read");
}

static void take_empty(struct sip_conn *conn, unsigned int pings)
{
	sip_count(conn->sock->sip, SIP_CTR_RX_KEEPALIVE);
	if (is_flood(conn, pings))
		refuse(conn, SIP_CTR_CONN_FLOOD, "too many pings a second");
	else if (pings)
		sip_conn_write(conn, "\r\n", 2);
}

static void refuse_frame(struct sip_conn *conn, const char *octets, size_t len, enum sip_frame_verdict verdict)
{
	switch (verdict) {
	case SIP_FRAME_BAD_LENGTH:
		sip_rx_refuse(conn->sock, &conn->remote, (struct sip_str){ octets, len }, 400,
			      "Malformed Content-Length");
		refuse(conn, SIP_CTR_CONN_GARBAGE, "Content-Length cannot be read");
		break;
	case SIP_FRAME_TOO_LARGE:
		sip_rx_refuse(conn->sock, &conn->remote, (struct sip_str){ octets, len }, 513,
			      "Message Too Large");
		refuse(conn, SIP_CTR_CONN_GARBAGE, "message too large");
		break;
	default:
		refuse(conn, SIP_CTR_CONN_GARBAGE, "what comes is no SIP");
	}
}

/* Hands up every message that has come, out of the buffer it was read into. */
static void take_messages(struct sip_conn *conn, const char *at, size_t len)
{
	enum sip_frame_verdict verdict;

	while (conn->state == SIP_CONN_UP) {
		verdict = sip_frame_next(&conn->frame, at, len);
		if (verdict == SIP_FRAME_MORE)
			break;
		if (verdict == SIP_FRAME_MESSAGE) {
			take_message(conn, at, conn->frame.take);
		} else if (verdict == SIP_FRAME_EMPTY) {
			take_empty(conn, conn->frame.pings);
		} else {
			refuse_frame(conn, at, len, verdict);
			break;
		}
		at += conn->frame.take;
		len -= conn->frame.take;
		conn->spoke = true;
		conn->part_ms = conn->active_ms = conn->rx_ms;
	}
	keep_part(conn, at, conn->state == SIP_CONN_UP ? len : 0);
}

/* Returns what read() did; what comes of it may have closed the connection. */
static ssize_t read_once(struct sip_conn *conn)
{
	struct sip *sip = conn->sock->sip;
	char *mem = conn->in ? conn->in : sip->rx;
	size_t size = conn->in ? conn->in_size : sizeof(sip->rx);
	ssize_t rc = conn->ops->read(conn, mem + conn->in_len, size - conn->in_len);

	if (rc <= 0)
		return rc;
	conn->rx_ms = sip_conn_now_ms();
	conn->pinged = false;
	if (!conn->in_len)
		conn->part_ms = conn->rx_ms;
	if (conn->state == SIP_CONN_UP)
		take_messages(conn, mem, conn->in_len + rc);
	return rc;
}

/* Until there is no more, or others on the loop shall have their turn */
static void read_all(struct sip_conn *conn)
{
	ssize_t rc = 0;
	int i;

	for (i = 0; i < READ_BATCH && conn->state != SIP_CONN_CLOSED && !conn->broken; i++) {
		rc = read_once(conn);
		if (rc <= 0)
			break;
	}
	/* more is there, perhaps in TLS's own buffer, which poll() does not see */
	if (rc > 0)
		conn->wants_write = true;
	if (i == READ_BATCH || conn->broken)
		return;
	if (rc == 0)
		sip_conn_close(conn, -1, "closed by the other side");
	else if (rc < 0 && rc != -EAGAIN)
		sip_conn_close(conn, SIP_CTR_CONN_FAILED, strerror(-rc));
}

static void shake_hands(struct sip_conn *conn)
{
	int rc = conn->ops->handshake(conn);

	if (rc == -EAGAIN)
		return;
	if (rc < 0) {
		sip_conn_close(conn, SIP_CTR_CONN_TLS, NULL);	/* who shook has said why */
		return;
	}
	conn->state = SIP_CONN_UP;
	conn->wants_write = false;
	conn->part_ms = conn->written_ms = sip_conn_now_ms();
	flush(conn);
}

void sip_conn_connected(struct sip_conn *conn)
{
	int rc = conn->ops->start ? conn->ops->start(conn) : 0;

	conn->state = rc == -EAGAIN ? SIP_CONN_HANDSHAKE : SIP_CONN_UP;
	if (rc < 0 && rc != -EAGAIN) {
		sip_conn_close(conn, SIP_CTR_CONN_TLS, NULL);
		return;
	}
	conn->written_ms = sip_conn_now_ms();
	flush(conn);
	sip_conn_watch(conn);
	sip_conn_arm(conn);
}

static void connecting(struct sip_conn *conn)
{
	int err = 0;
	socklen_t len = sizeof(err);

	getsockopt(conn->ofd.fd, SOL_SOCKET, SO_ERROR, &err, &len);
	if (err)
		sip_conn_close(conn, SIP_CTR_CONN_FAILED, strerror(err));
	else
		sip_conn_connected(conn);
}

static void up(struct sip_conn *conn, unsigned int what)
{
	bool asked = conn->wants_write;

	conn->wants_write = false;
	if (what & OSMO_FD_WRITE && conn->state == SIP_CONN_UP)
		flush(conn);
	if (what & OSMO_FD_READ || asked)
		read_all(conn);
	/* the answers to what has been read, together */
	if (conn->state == SIP_CONN_UP)
		flush(conn);
}

int sip_conn_fd_cb(struct osmo_fd *ofd, unsigned int what)
{
	struct sip_conn *conn = ofd->data;

	conn->busy = true;
	if (conn->state == SIP_CONN_CONNECTING)
		connecting(conn);
	else if (conn->state == SIP_CONN_HANDSHAKE)
		shake_hands(conn);
	else
		up(conn, what);
	conn->busy = false;
	if (conn->state == SIP_CONN_CLOSED) {
		sip_conn_free(conn);
		return 0;
	}
	sip_conn_watch(conn);
	sip_conn_arm(conn);
	return 0;
}
