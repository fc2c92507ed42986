/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Check of a configuration's meaning: what each command alone cannot see. */

#include <stdarg.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "mapping/map_profile.h"
#include "sip/sip_peer.h"
#include "sip/sip_tls.h"

#include "gw.h"
#include "gw_profile.h"
#include "media_static.h"

/* One run of the check */
struct check {
	struct gw *gw;
	gw_problem_cb *cb;
	void *data;
	unsigned int problems;
	const char *known[2];		/* names of the latest row: where from, where to */
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

static bool have_listener(const struct gw *gw, enum sip_proto proto, const struct osmo_sockaddr *remote)
{
	const struct gw_listener *listener;

	llist_for_each_entry(listener, &gw->listeners, entry) {
		if (listener->proto == proto && listener->addr.u.sa.sa_family == remote->u.sa.sa_family)
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

static void check_alternatives(struct check *check, const char *object, const struct sip_peer_cfg *cfg)
{
	const struct sip_peer_remote *remote;
	char addr[64];

	for (remote = cfg->remotes; remote < cfg->remotes + cfg->n_remotes; remote++) {
		if (!have_listener(check->gw, remote->proto, &remote->addr))
			problem(check, object, "no socket can reach 'remote-alternative %s %s': add 'listen %s ADDRESS "
				"PORT'", gw_proto_name(remote->proto), gw_addr_buf(addr, sizeof(addr), &remote->addr),
				gw_proto_name(remote->proto));
	}
}

/* Would a call of this peer, with some circuit group, have a profile that has ISUP in SIP? As iwu_choose_profile(). */
static bool profile_has_sipi(const struct gw *gw, const struct map_end_cfg *end)
{
	const struct map_end_cfg *of_group;
	struct isup_group *group = NULL;

	if (end->profile)
		return end->profile->sipi;
	while ((group = isup_group_next(gw->isup, group))) {
		of_group = isup_group_user(group);
		if (of_group && of_group->profile && of_group->profile->sipi)
			return true;
	}
	return gw->mapping->cfg.profile->sipi;
}

/* RFC 3398 15, RFC 3372: ISUP is for those that are trusted; to others, a peer that is said to have it has none. */
static void check_peer_isup(struct check *check, const char *object, const struct sip_peer_cfg *cfg)
{
	const struct map_end_cfg *end = cfg->user;
	bool trusted = cfg->trusted || check->gw->mapping->cfg.trust_all_sip;

	if (!end)
		return;
	if (end->sipi && !trusted)
		problem(check, object, "'encapsulated-isup' needs 'trusted': add it, or 'no encapsulated-isup'");
	if (end->sipi && !profile_has_sipi(check->gw, end))
		problem(check, object, "'encapsulated-isup' needs a profile that has it; '%s' has none: add 'mapping "
			"profile q1912-c' or 'rfc3398'",
			end->profile ? end->profile->name : check->gw->mapping->cfg.profile->name);
	if (end->pstn_xml && !trusted)
		problem(check, object, "'pstn-xml' needs 'trusted': add it, or 'no pstn-xml'");
}

/* What means nothing without, or beside, something else */
static void check_peer_words(struct check *check, const char *object, struct sip_peer *peer)
{
	const struct sip_peer_cfg *cfg = sip_peer_cfg(peer);
	struct sip_peer *other = NULL;
	const char *domain;

	if (cfg->call.precond_said != SIP_PRECOND_OFF && cfg->call.rel100_said == SIP_REL100_OFF)
		problem(check, object, "'precondition' needs '100rel', which is off (RFC 3312 11)");
	if (!cfg->from_domain)
		return;
	if (!cfg->challenge_user)
		problem(check, object, "'from-domain' needs 'challenge': else anybody could say that he is of it");
	while ((other = sip_peer_next(check->gw->sip, other)) && other != peer) {
		domain = sip_peer_cfg(other)->from_domain;
		if (domain && !strcasecmp(domain, cfg->from_domain))
			problem(check, object, "the same 'from-domain' as peer %s", sip_peer_name(other));
	}
}

static void check_peer(struct check *check, struct sip_peer *peer)
{
	const struct sip_peer_cfg *cfg = sip_peer_cfg(peer), *other_cfg;
	struct sip_peer *other = NULL;
	char object[128];

	snprintf(object, sizeof(object), "peer %s", sip_peer_name(peer));
	check_peer_words(check, object, peer);
	check_peer_isup(check, object, cfg);
	check_alternatives(check, object, cfg);
	if (!cfg->remote_set && (cfg->n_remotes || cfg->resolve))
		return;
	if (!cfg->remote_set) {
		problem(check, object, "has no address: add 'remote udp ADDRESS PORT'");
		return;
	}
	if (!have_listener(check->gw, cfg->proto, &cfg->remote))
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

/* Names are the table's: one that was found is not looked for again in the next row. */
static void check_end(struct check *check, const struct route *route, const struct route_end *end, const char *what)
{
	const char **known = &check->known[end == &route->to];
	char object[256], where[PATH_MAX + 16] = "";

	if (end->kind == ROUTE_ANY || end->name == *known)
		return;
	*known = end->name;
	if (end_exists(check->gw, end))
		return;
	if (route->file)
		snprintf(where, sizeof(where), " (%s:%u)", check->gw->mapping->route_files[route->file - 1],
			 route->line);
	gw_route_text_buf(object, sizeof(object), route);
	problem(check, object, "there is no %s '%s' to %s%s", gw_route_kind_name(end->kind), end->name, what, where);
}

static void check_times(struct check *check, const struct route *route)
{
	const char *name = route_times_missing(route->times, check->gw->mapping->routes->calendar);
	char object[256];

	if (!name)
		return;
	gw_route_text_buf(object, sizeof(object), route);
	problem(check, object, "there is no list of holidays '%s': add 'holidays %s DATES' in node gateway", name,
		name);
}

static void check_route(struct check *check, const struct route *route)
{
	check_times(check, route);
	check_end(check, route, &route->from, "come from");
	check_end(check, route, &route->to, "go to");
}

/* ---- RTP ports, as media_static computes them ---- */

/* Those of one range of circuits, at one address of the media gateway */
struct ports {
	const struct isup_group *group;
	const char *address;
	unsigned int first, last;
	unsigned int order;			/* of configuration */
};

/* All of them, to be sorted */
struct all_ports {
	struct check *check;
	const struct isup_group *group;		/* whose ranges are looked at, … */
	const char *address;
	unsigned int base;
	struct ports *ports;			/* … and added here */
	unsigned int n;
};

static void add_range(uint16_t first, uint16_t last, void *data)
{
	struct all_ports *all = data;
	struct ports ports = {
		.group = all->group, .address = all->address,
		.first = all->base + 2 * first, .last = all->base + 2 * last, .order = all->n,
	};

	if (ports.last > 65534)
		gw_group_problem(group_problem, all->check, all->group,
				 "circuit %u would have RTP port %u, above 65535: under 'media "
				    "static' set a lower 'base-port'", last, ports.last);
	if (all->n % 64 == 0)
		all->ports = talloc_realloc(all->check->gw, all->ports, struct ports, all->n + 64);
	OSMO_ASSERT(all->ports);
	all->ports[all->n++] = ports;
}

static void add_group(struct all_ports *all, const struct isup_group *group)
{
	const struct media *media = all->check->gw->media;
	const char *address = media_static_address(media, isup_group_name(group));
	unsigned int base = media_static_base_port(media, isup_group_name(group));

	all->group = group;
	all->address = *address ? address : media_static_address(media, NULL);
	all->base = base ? base : media_static_base_port(media, NULL);
	isup_group_for_each_range(group, add_range, all);
}

static int compare_ports(const void *a, const void *b)
{
	const struct ports *x = a, *y = b;
	int rc = strcmp(x->address, y->address);

	if (rc)
		return rc;
	return x->first != y->first ? (int)x->first - (int)y->first : (int)x->order - (int)y->order;
}

/* Sorted: of those that begin before this one, that which goes on longest is the one to compare with. */
static void check_shared_ports(struct all_ports *all)
{
	const struct ports *before = NULL, *ports;

	qsort(all->ports, all->n, sizeof(all->ports[0]), compare_ports);
	for (ports = all->ports; ports < all->ports + all->n; ports++) {
		if (before && strcmp(before->address, ports->address))
			before = NULL;
		if (before && before->group != ports->group && ports->first <= before->last)
			gw_group_problem(group_problem, all->check, ports->group,
					 "circuits of circuit-group %s would have the same RTP "
					    "ports, %u to %u: under 'media static' set 'base-port circuit-group %s "
					    "PORT', or an 'address' of its own", isup_group_name(before->group),
					    ports->first, OSMO_MIN(ports->last, before->last),
					    isup_group_name(ports->group));
		if (!before || ports->last > before->last)
			before = ports;
	}
}

static void check_media_group(const char *name, void *data)
{
	struct check *check = data;
	char object[128];

	if (isup_group_find(check->gw->isup, name))
		return;
	snprintf(object, sizeof(object), "media static circuit-group %s", name);
	problem(check, object, "there is no circuit-group '%s'", name);
}

static void check_media(struct check *check)
{
	struct all_ports all = { .check = check };
	struct isup_group *group = NULL;
	bool none = false;

	while ((group = isup_group_next(check->gw->isup, group))) {
		add_group(&all, group);
		none |= !*all.address;
	}
	if (none)
		problem(check, "media static", "has no address: add 'address ADDRESS', that of the media gateway");
	if (all.n)
		check_shared_ports(&all);
	talloc_free(all.ports);
	media_static_for_each_group(check->gw->media, check_media_group, check);
}

unsigned int gw_check(struct gw *gw, gw_problem_cb *cb, void *data)
{
	struct check check = { .gw = gw, .cb = cb, .data = data };
	struct sip_peer *peer = NULL;
	const struct route *route;

	gw_isup_check(gw->gi, group_problem, &check);
	gw_profile_apply(gw);
	gw_profile_check(gw, group_problem, &check);
	check_tls(&check);
	while ((peer = sip_peer_next(gw->sip, peer)))
		check_peer(&check, peer);
	llist_for_each_entry(route, &gw->mapping->routes->routes, entry)
		check_route(&check, route);
	check_media(&check);
	return check.problems;
}
