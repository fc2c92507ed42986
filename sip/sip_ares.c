/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DNS questions by c-ares on the select loop: over UDP, and TCP where an answer is too long for that (RFC 7766). */

/* c-ares 1.28 and later would rather have us use interfaces that 1.18 has not */
#define CARES_NO_DEPRECATED
#include <ares.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>

#include "sip/sip_ares.h"
#include "sip/sip_resolve.h"

/* From 1.31 on it caches by itself, unless qcache_max_ttl is 0: that is done by sip_resolve.c. */
#ifndef ARES_OPT_QUERY_CACHE
#define ARES_OPT_QUERY_CACHE 0
#endif

#define CLASS_IN 1

struct sip_ares {
	ares_channel channel;
	struct osmo_timer_list timer;		/* c-ares' own */
	struct llist_head fds;			/* struct ares_fd */
};
struct ares_fd {
	struct llist_head entry;
	struct sip_ares *ares;
	struct osmo_fd ofd;
};
/* A question under way */
struct question {
	sip_ares_cb *cb;
	void *data;
};

static void arm(struct sip_ares *ares)
{
	struct timeval tv, *next = ares_timeout(ares->channel, NULL, &tv);

	if (next)
		osmo_timer_schedule(&ares->timer, next->tv_sec, next->tv_usec + 1000);
	else
		osmo_timer_del(&ares->timer);
}

static int fd_cb(struct osmo_fd *ofd, unsigned int what)
{
	struct ares_fd *fd = ofd->data;
	struct sip_ares *ares = fd->ares;

	/* fd may be gone after this */
	ares_process_fd(ares->channel, what & OSMO_FD_READ ? ofd->fd : ARES_SOCKET_BAD,
			what & OSMO_FD_WRITE ? ofd->fd : ARES_SOCKET_BAD);
	arm(ares);
	return 0;
}

static void timer_cb(void *data)
{
	struct sip_ares *ares = data;

	ares_process_fd(ares->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	arm(ares);
}

static struct ares_fd *fd_find(struct sip_ares *ares, int fd)
{
	struct ares_fd *f;

	llist_for_each_entry(f, &ares->fds, entry) {
		if (f->ofd.fd == fd)
			return f;
	}
	return NULL;
}

/* Which of its sockets c-ares waits for, and for what */
static void sock_state_cb(void *data, ares_socket_t fd, int readable, int writable)
{
	unsigned int when = (readable ? OSMO_FD_READ : 0) | (writable ? OSMO_FD_WRITE : 0);
	struct sip_ares *ares = data;
	struct ares_fd *f = fd_find(ares, fd);

	if (f && when) {
		osmo_fd_update_when(&f->ofd, 0, when);
	} else if (f) {
		osmo_fd_unregister(&f->ofd);
		llist_del(&f->entry);
		talloc_free(f);
	} else if (when) {
		f = talloc_zero(ares, struct ares_fd);
		f->ares = ares;
		osmo_fd_setup(&f->ofd, fd, when, fd_cb, f, 0);
		OSMO_ASSERT(osmo_fd_register(&f->ofd) == 0);
		llist_add_tail(&f->entry, &ares->fds);
	}
}

static void set_server(struct sip_ares *ares, const struct sip_resolve_cfg *cfg)
{
	char text[SIP_HOSTPORT_SIZE];
	union sip_sockaddr addr;
	size_t n;

	if (!cfg->server_set || sip_sockaddr_from_osmo(&addr, &cfg->server) < 0)
		return;
	n = sip_sockaddr_host_buf(text, &addr, true);
	snprintf(text + n, sizeof(text) - n, ":%u", sip_sockaddr_port(&addr));
	if (ares_set_servers_ports_csv(ares->channel, text) != ARES_SUCCESS)
		LOGP(DSIP, LOGL_ERROR, "dns: server %s cannot be used\n", text);
}

struct sip_ares *sip_ares_open(void *ctx, const struct sip_resolve_cfg *cfg)
{
	struct sip_ares *ares = talloc_zero(ctx, struct sip_ares);
	struct ares_options options = {
		.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES, .timeout = cfg->timeout_ms, .tries = cfg->tries,
		.sock_state_cb = sock_state_cb, .sock_state_cb_data = ares,
	};
	int rc;

	INIT_LLIST_HEAD(&ares->fds);
	osmo_timer_setup(&ares->timer, timer_cb, ares);
	rc = ares_init_options(&ares->channel, &options, ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
							 ARES_OPT_SOCK_STATE_CB | ARES_OPT_QUERY_CACHE);
	if (rc != ARES_SUCCESS) {
		LOGP(DSIP, LOGL_ERROR, "dns: %s\n", ares_strerror(rc));
		talloc_free(ares);
		return NULL;
	}
	set_server(ares, cfg);
	return ares;
}

void sip_ares_close(struct sip_ares *ares)
{
	ares_destroy(ares->channel);
	osmo_timer_del(&ares->timer);
	talloc_free(ares);
}

static void answer_cb(void *data, int status, int timeouts, unsigned char *octets, int len)
{
	struct question question = *(struct question *)data;

	talloc_free(data);
	question.cb(question.data, status == ARES_SUCCESS ? NULL : ares_strerror(status), octets, len > 0 ? len : 0);
}

void sip_ares_ask(struct sip_ares *ares, const char *name, int type, sip_ares_cb *cb, void *data)
{
	struct question *question = talloc(ares, struct question);

	*question = (struct question){ cb, data };
	ares_query(ares->channel, name, CLASS_IN, type, answer_cb, question);
	arm(ares);
}
