/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gateway: owns the rooms, opens them to the networks, and stops them cleanly. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup_circuit.h"
#include "isup/isup_mtp.h"
#include "sip/sip_peer.h"
#include "sip/sip_register.h"
#include "sip/sip_tls.h"

#include "gw.h"
#include "gw_bearer.h"
#include "log_cats.h"
#include "media_static.h"

/* How often a clean stop looks whether calls are left */
#define STOP_POLL_MS 50
/* Who is there answers an INVITE or a CANCEL within some retransmissions */
#define STOP_CANCEL_MS 2000

static const struct osmo_tdef gw_tdefs[] = {
	{ .T = GW_X1_STOP, .default_val = 10, .unit = OSMO_TDEF_S, .min_val = 1, .max_val = 300,
	  .desc = "Clean stop: longest wait until all calls are released" },
	{}
};

struct gw *gw_alloc(void *ctx)
{
	struct gw *gw = talloc_zero(ctx, struct gw);

	OSMO_ASSERT(gw);
	INIT_LLIST_HEAD(&gw->listeners);
	gw->tdefs = talloc_memdup(gw, gw_tdefs, sizeof(gw_tdefs));
	osmo_tdefs_reset(gw->tdefs);
	gw->mapping = mapping_alloc(gw);
	OSMO_ASSERT(gw->mapping);
	gw->isup = isup_alloc(gw, mapping_isup_cb, &gw->mapping->newcomer);
	gw->sip = sip_alloc(gw, mapping_sip_cb, &gw->mapping->newcomer);
	gw->media = media_static_alloc(gw);
	OSMO_ASSERT(gw->isup && gw->sip && gw->media);
	gw->mapping->isup = gw->isup;
	gw->mapping->sip = gw->sip;
	gw->mapping->media = gw->media;
	gw_bearer_init(gw->isup, gw->media);
	gw->gi = gw_isup_alloc(gw, gw->isup, isup_mtp_sigtran_alloc, mapping_call_id);
	osmo_clock_gettime(CLOCK_MONOTONIC, &gw->start_time);
	return gw;
}

const char *gw_addr_buf(char *buf, size_t size, const struct osmo_sockaddr *addr)
{
	char ip[INET6_ADDRSTRLEN + 1] = "";
	uint16_t port = 0;

	osmo_sockaddr_to_str_and_uint(ip, sizeof(ip), &port, &addr->u.sa);
	snprintf(buf, size, "%s %u", ip, port);
	return buf;
}

const char *gw_proto_name(enum sip_proto proto)
{
	static const char *const names[] = {
		[SIP_PROTO_UDP] = "udp", [SIP_PROTO_TCP] = "tcp", [SIP_PROTO_TLS] = "tls",
		[SIP_PROTO_SCTP] = "sctp",
	};

	return names[proto];
}

static bool uses_tls(const struct gw *gw)
{
	const struct sip_tls_cfg *cfg = sip_tls_cfg(gw->sip);
	const struct gw_listener *listener;
	struct sip_peer *peer = NULL;
	bool uses = cfg->certificate || cfg->private_key;

	llist_for_each_entry(listener, &gw->listeners, entry)
		uses = uses || listener->proto == SIP_PROTO_TLS;
	while ((peer = sip_peer_next(gw->sip, peer)))
		uses = uses || sip_peer_cfg(peer)->proto == SIP_PROTO_TLS;
	return uses;
}

bool gw_tls_ready(struct gw *gw, char *why, size_t size)
{
	struct sip_tls_info info;

	sip_tls_info(gw->sip, &info);
	if (info.ready)
		return true;
	if (sip_tls_reload(gw->sip, why, size) < 0)
		return false;
	sip_tls_info(gw->sip, &info);
	if (!info.ready)
		snprintf(why, size, "needs a certificate: under 'tls' set 'certificate FILE' and 'private-key FILE'");
	return info.ready;
}

static void reload_routes(struct gw *gw)
{
	char why[512];

	if (!gw->mapping->n_route_files)
		return;
	if (mapping_load_routes(gw->mapping, true, why, sizeof(why)) < 0)
		LOGP(DGW, LOGL_ERROR, "Routes: %s; what was in force stays so\n", why);
	else
		LOGP(DGW, LOGL_NOTICE, "Routes: files read anew, %u routes\n", gw->mapping->routes->n_routes);
}

void gw_reload(struct gw *gw)
{
	char why[256];

	reload_routes(gw);
	if (!uses_tls(gw))
		return;
	if (sip_tls_reload(gw->sip, why, sizeof(why)) < 0)
		LOGP(DGW, LOGL_ERROR, "TLS: %s; what was in force stays so\n", why);
	else
		LOGP(DGW, LOGL_NOTICE, "TLS: certificates read anew\n");
}

static int open_listeners(struct gw *gw, gw_problem_cb *cb, void *data)
{
	const struct gw_listener *listener;
	char addr[64], object[96], text[160];
	int rc, first_rc = 0;

	llist_for_each_entry(listener, &gw->listeners, entry) {
		rc = sip_listen(gw->sip, listener->proto, &listener->addr);
		if (rc == 0)
			continue;
		gw_addr_buf(addr, sizeof(addr), &listener->addr);
		snprintf(object, sizeof(object), "listen %s %s", gw_proto_name(listener->proto), addr);
		snprintf(text, sizeof(text), "cannot be opened: %s%s", strerror(-rc),
			 rc == -EADDRINUSE ? "; another program has this port: 'ss -lntup' shows which"
			 : rc == -EADDRNOTAVAIL ? "; it must be an address of this host"
			 : rc == -EPROTONOSUPPORT ? "; this kernel lacks it: load the module sctp" : "");
		cb(object, text, data);
		first_rc = first_rc ? first_rc : rc;
	}
	return first_rc;
}

int gw_start(struct gw *gw, gw_problem_cb *cb, void *data)
{
	struct sip_peer *peer = NULL;
	char why[256];
	int rc;

	if (uses_tls(gw) && sip_tls_reload(gw->sip, why, sizeof(why)) < 0) {
		cb("tls", why, data);
		return -EINVAL;
	}
	rc = open_listeners(gw, cb, data);
	if (rc < 0)
		return rc;
	if (gw_isup_start_all(gw->gi, cb, data) > 0)
		return -EINVAL;
	gw->state = GW_RUNNING;
	while ((peer = sip_peer_next(gw->sip, peer)))
		sip_peer_update(peer);
	LOGP(DGW, LOGL_NOTICE, "Running\n");
	return 0;
}

/* ---- Clean stop ---- */

static void finish_stop(struct gw *gw)
{
	osmo_timer_del(&gw->stop_timer);
	gw->state = GW_STOPPED;
}

static void stop_poll_cb(void *data)
{
	struct gw *gw = data;
	unsigned long limit_ms = osmo_tdef_get(gw->tdefs, GW_X1_STOP, OSMO_TDEF_MS, -1);
	unsigned int isup_calls = isup_call_count(gw->isup), sip_calls = sip_call_count(gw->sip);

	if (!gw->mapping->n_calls && !isup_calls && !sip_calls && !sip_register_stop_all(gw->sip) &&
	    (gw->stop_polls * STOP_POLL_MS >= STOP_CANCEL_MS || !sip_given_up_count(gw->sip))) {
		LOGP(DGW, LOGL_NOTICE, "Stopped: no call is left\n");
		finish_stop(gw);
		return;
	}
	if (++gw->stop_polls * STOP_POLL_MS >= limit_ms) {
		LOGP(DGW, LOGL_ERROR, "Stopped with calls left: %u on ISUP, %u on SIP did not end in %lu ms\n",
		     isup_calls, sip_calls, limit_ms);
		finish_stop(gw);
		return;
	}
	osmo_timer_schedule(&gw->stop_timer, 0, STOP_POLL_MS * 1000);
}

void gw_stop(struct gw *gw)
{
	if (gw->state != GW_RUNNING)
		return;
	LOGP(DGW, LOGL_NOTICE, "Stopping: %u calls to release\n", gw->mapping->n_calls);
	gw->state = GW_STOPPING;
	sip_set_refuse_new(gw->sip, true, osmo_tdef_get(gw->tdefs, GW_X1_STOP, OSMO_TDEF_S, -1));
	mapping_release_all(gw->mapping);
	sip_register_stop_all(gw->sip);
	osmo_timer_setup(&gw->stop_timer, stop_poll_cb, gw);
	/* not at once: what was released has yet to be sent */
	osmo_timer_schedule(&gw->stop_timer, 0, STOP_POLL_MS * 1000);
}

void gw_stop_at_once(struct gw *gw)
{
	LOGP(DGW, LOGL_ERROR, "Stopped at once: %u calls are left; %u on ISUP, %u on SIP have not ended\n",
	     gw->mapping->n_calls, isup_call_count(gw->isup), sip_call_count(gw->sip));
	finish_stop(gw);
}
