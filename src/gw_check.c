/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Check of a configuration's meaning: what each command alone cannot see. */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "sip/sip_peer.h"
#include "sip/sip_tls.h"

#include "gw.h"
#include "media_static.h"

/* One run of the check */
struct check {
	struct gw *gw;
	gw_problem_cb *cb;
	void *data;
	unsigned int problems;
	struct isup_group *group, *other;	/* those whose RTP ports are compared */
	unsigned int first_port, last_port;	/* of the range of group that is looked at */
};

static void problem(struct check *check, const char *object, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void problem(struct check *check, const char *object, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	check->problems++;
	check->cb(object, text, check->data);
}

static void group_problem(const char *object, const char *text, void *data)
{
	problem(data, object, "%s", text);
}

static bool have_listener(const struct gw *gw, const struct sip_peer_cfg *cfg)
{
	const struct gw_listener *listener;

	llist_for_each_entry(listener, &gw->listeners, entry) {
		if (listener->proto == cfg->proto && listener->addr.u.sa.sa_family == cfg->remote.u.sa.sa_family)
			return true;
	}
	return false;
}

static void check_tls(struct check *check)
{
	const struct sip_tls_cfg *cfg = sip_tls_cfg(check->gw->sip);
	const struct gw_listener *listener;
	char why[256], addr[64], object[96];

	if ((cfg->certificate || cfg->private_key || cfg->ca_file || cfg->ciphers || cfg->ciphersuites) &&
	    sip_tls_check(check->gw->sip, why, sizeof(why)) < 0)
		problem(check, "tls", "%s", why);
	llist_for_each_entry(listener, &check->gw->listeners, entry) {
		if (listener->proto != SIP_PROTO_TLS || cfg->certificate)
			continue;
		gw_addr_buf(addr, sizeof(addr), &listener->addr);
		snprintf(object, sizeof(object), "listen tls %s", addr);
		problem(check, object,
			"needs a certificate: under 'tls' set 'certificate FILE' and 'private-key FILE'");
	}
}

static void check_peer(struct check *check, struct sip_peer *peer)
{
	const struct sip_peer_cfg *cfg = sip_peer_cfg(peer), *other_cfg;
	struct sip_peer *other = NULL;
	char object[128];

	snprintf(object, sizeof(object), "peer %s", sip_peer_name(peer));
	if (!cfg->remote_set && (cfg->n_remotes || cfg->resolve))
		return;
	if (!cfg->remote_set) {
		problem(check, object, "has no address: add 'remote udp ADDRESS PORT'");
		return;
	}
	if (!have_listener(check->gw, cfg))
		problem(check, object, "no socket can reach it: add 'listen %s ADDRESS PORT' with an %s address",
			gw_proto_name(cfg->proto), cfg->remote.u.sa.sa_family == AF_INET6 ? "IPv6" : "IPv4");
	while ((other = sip_peer_next(check->gw->sip, other)) && other != peer) {
		other_cfg = sip_peer_cfg(other);
		if (other_cfg->remote_set && other_cfg->proto == cfg->proto
		    && !osmo_sockaddr_cmp(&other_cfg->remote, &cfg->remote))
			problem(check, object, "has the same remote address as peer %s: a call from there could not be "
				"told apart; change one, or remove it", sip_peer_name(other));
	}
}

static bool end_exists(const struct gw *gw, const struct route_end *end)
{
	switch (end->kind) {
	case ROUTE_GROUP:
		return isup_group_find(gw->isup, end->name) != NULL;
	case ROUTE_PEER:
		return sip_peer_find(gw->sip, end->name) != NULL;
	default:
		return true;
	}
}

static void check_route(struct check *check, const struct route *route)
{
	char object[256];

	gw_route_text_buf(object, sizeof(object), route);
	if (!end_exists(check->gw, &route->from))
		problem(check, object, "there is no %s '%s' to come from", gw_route_kind_name(route->from.kind),
			route->from.name);
	if (!end_exists(check->gw, &route->to))
		problem(check, object, "there is no %s '%s' to go to", gw_route_kind_name(route->to.kind),
			route->to.name);
}

/* Port: base + 2 × CIC (media_static) */
static unsigned int rtp_port(const struct check *check, const struct isup_group *group, uint16_t cic)
{
	unsigned int base = media_static_base_port(check->gw->media, isup_group_name(group));

	return (base ? base : media_static_base_port(check->gw->media, NULL)) + 2 * cic;
}

static void check_shared_ports(uint16_t first, uint16_t last, void *data)
{
	struct check *check = data;
	unsigned int from = OSMO_MAX(check->first_port, rtp_port(check, check->other, first));
	unsigned int to = OSMO_MIN(check->last_port, rtp_port(check, check->other, last));
	char object[128];

	if (from > to)
		return;
	snprintf(object, sizeof(object), "circuit-group %s", isup_group_name(check->group));
	problem(check, object, "circuits of circuit-group %s would have the same RTP ports, %u to %u: under 'media "
		"static' set 'base-port circuit-group %s PORT'", isup_group_name(check->other), from, to,
		isup_group_name(check->group));
}

static void check_range_ports(uint16_t first, uint16_t last, void *data)
{
	struct check *check = data;
	struct isup_group *other = NULL;
	char object[128];

	check->first_port = rtp_port(check, check->group, first);
	check->last_port = rtp_port(check, check->group, last);
	if (check->last_port > 65534) {
		snprintf(object, sizeof(object), "circuit-group %s", isup_group_name(check->group));
		problem(check, object, "circuit %u would have RTP port %u, above 65535: under 'media static' set a "
			"lower 'base-port'", last, check->last_port);
	}
	/* only those before: a clash is told once */
	while ((other = isup_group_next(check->gw->isup, other)) && other != check->group) {
		check->other = other;
		isup_group_for_each_range(other, check_shared_ports, check);
	}
}

static void check_media(struct check *check)
{
	struct isup_group *group = NULL;
	const char *name;
	char object[128];
	unsigned int i;

	if (isup_group_next(check->gw->isup, NULL) && !*media_static_address(check->gw->media))
		problem(check, "media static", "has no address: add 'address ADDRESS', that of the media gateway");
	while ((group = isup_group_next(check->gw->isup, group))) {
		check->group = group;
		isup_group_for_each_range(group, check_range_ports, check);
	}
	for (i = 0; (name = media_static_group(check->gw->media, i)); i++) {
		if (isup_group_find(check->gw->isup, name))
			continue;
		snprintf(object, sizeof(object), "base-port circuit-group %s", name);
		problem(check, object, "there is no circuit-group '%s'", name);
	}
}

unsigned int gw_check(struct gw *gw, gw_problem_cb *cb, void *data)
{
	struct check check = { .gw = gw, .cb = cb, .data = data };
	struct sip_peer *peer = NULL;
	const struct route *route;

	gw_isup_check(gw->gi, group_problem, &check);
	check_tls(&check);
	while ((peer = sip_peer_next(gw->sip, peer)))
		check_peer(&check, peer);
	llist_for_each_entry(route, &gw->mapping->routes->routes, entry)
		check_route(&check, route);
	check_media(&check);
	return check.problems;
}
