/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of the SIP room: nodes sip and peer, show sip …. */

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <osmocom/core/sockaddr_str.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip/sip_peer.h"

#include "gw.h"
#include "gw_profile.h"
#include "gw_vty.h"

#define PROTO_CMD "(udp|tcp|tls|sctp) "
#define PROTO_STR "Over UDP\n" "Over TCP\n" "Over TLS\n" "Over SCTP (RFC 4168)\n"
#define ADDR_PORT_CMD VTY_IPV46_CMD " <1-65535>"
#define ADDR_PORT_STR "IPv4 address\n" "IPv6 address\n" "Port (5060 is SIP's own)\n"

static struct cmd_node sip_node = { SIP_NODE, "%s(config-sip)# ", 1 };
static struct cmd_node peer_node = { PEER_NODE, "%s(config-sip-peer)# ", 1 };

int gw_vty_addr(struct vty *vty, struct osmo_sockaddr *addr, const char *ip, const char *port)
{
	struct osmo_sockaddr_str str;

	memset(addr, 0, sizeof(*addr));
	if (osmo_sockaddr_str_from_str(&str, ip, gw_vty_uint(port)) < 0
	    || osmo_sockaddr_str_to_sockaddr(&str, &addr->u.sas) < 0) {
		gw_config_refuse(vty, "'%s' is not an IP address", ip);
		return -EINVAL;
	}
	return 0;
}

/* ---- Node sip ---- */

DEFUN(cfg_sip, cfg_sip_cmd,
      "sip", "Configure the SIP side: sockets and peers\n")
{
	vty->node = SIP_NODE;
	return CMD_SUCCESS;
}

static enum sip_proto proto_of(const char *name)
{
	enum sip_proto proto = SIP_PROTO_UDP;

	while (strcmp(gw_proto_name(proto), name))
		proto++;
	return proto;
}

static struct gw_listener *find_listener(enum sip_proto proto, const struct osmo_sockaddr *addr)
{
	struct gw_listener *listener;

	llist_for_each_entry(listener, &g_gw->listeners, entry) {
		if (listener->proto == proto && !osmo_sockaddr_cmp(&listener->addr, addr))
			return listener;
	}
	return NULL;
}

static int add_listener(struct vty *vty, enum sip_proto proto, const struct osmo_sockaddr *addr)
{
	struct gw_listener *listener;
	char text[256];
	int rc;

	gw_addr_buf(text, sizeof(text), addr);
	if (find_listener(proto, addr))
		return gw_config_refuse(vty, "listen %s %s is there already", gw_proto_name(proto), text);
	if (g_gw->state == GW_RUNNING && proto == SIP_PROTO_TLS && !gw_tls_ready(g_gw, text, sizeof(text)))
		return gw_config_refuse(vty, "listen tls: %s", text);
	if (g_gw->state == GW_RUNNING && (rc = sip_listen(g_gw->sip, proto, addr)) < 0)
		return gw_config_refuse(vty, "listen %s %s: %s", gw_proto_name(proto), text, strerror(-rc));
	listener = talloc_zero(g_gw, struct gw_listener);
	listener->proto = proto;
	listener->addr = *addr;
	llist_add_tail(&listener->entry, &g_gw->listeners);
	gw_config_note(vty, "listen %s %s", gw_proto_name(proto), text);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_sip_listen, cfg_sip_listen_cmd,
      "listen " PROTO_CMD ADDR_PORT_CMD,
      "Open a socket for SIP; requests go out by that whose address leads to the peer\n"
      PROTO_STR ADDR_PORT_STR,
      CMD_ATTR_IMMEDIATE)
{
	struct osmo_sockaddr addr;

	if (gw_vty_addr(vty, &addr, argv[1], argv[2]) < 0)
		return CMD_WARNING;
	return add_listener(vty, proto_of(argv[0]), &addr);
}

DEFUN_ATTR(cfg_sip_no_listen, cfg_sip_no_listen_cmd,
      "no listen " PROTO_CMD ADDR_PORT_CMD, NO_STR "Close a socket\n" PROTO_STR ADDR_PORT_STR,
      CMD_ATTR_IMMEDIATE)
{
	struct gw_listener *listener;
	struct osmo_sockaddr addr;

	if (gw_vty_addr(vty, &addr, argv[1], argv[2]) < 0)
		return CMD_WARNING;
	listener = find_listener(proto_of(argv[0]), &addr);
	if (!listener)
		return gw_config_refuse(vty, "there is no 'listen %s %s %s'", argv[0], argv[1], argv[2]);
	if (g_gw->state == GW_RUNNING)
		sip_unlisten(g_gw->sip, listener->proto, &listener->addr);
	llist_del(&listener->entry);
	talloc_free(listener);
	return CMD_SUCCESS;
}

/* RFC 3261 Table 4; all other timers are computed from these. */
static unsigned int *timer_by_name(const char *name)
{
	struct sip_timers *timers = sip_timers(g_gw->sip);

	switch (name[1]) {
	case '1':
		return &timers->t1_ms;
	case '2':
		return &timers->t2_ms;
	default:
		return &timers->t4_ms;
	}
}

DEFUN_ATTR(cfg_sip_timer, cfg_sip_timer_cmd,
      "timer (T1|T2|T4) <10-60000>", "Set a timer of RFC 3261 Table 4; the others are computed from these\n"
      "Estimated round trip (500)\n" "Longest interval of retransmission (4000)\n"
      "Longest life of a message in the network (5000)\n" "Milliseconds\n",
      CMD_ATTR_IMMEDIATE)
{
	*timer_by_name(argv[0]) = gw_vty_uint(argv[1]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_sip_udp_max_request, cfg_sip_udp_max_request_cmd,
      "udp-max-request <0-65535>", "Send larger requests over TCP, if there is a 'listen tcp' (RFC 3261 18.1.1)\n"
      "Octets (1300); 0: all over UDP\n",
      CMD_ATTR_IMMEDIATE)
{
	*sip_udp_max_request(g_gw->sip) = gw_vty_uint(argv[0]);
	return CMD_SUCCESS;
}

DEFUN(cfg_peer, cfg_peer_cmd,
      "peer NAME", "Configure a peer: a trunk to a SIP neighbour\n"
      "Name: up to 24 letters, digits, '-', '_', '.'\n")
{
	struct sip_peer *peer = sip_peer_find(g_gw->sip, argv[0]);

	if (!peer) {
		if (!osmo_identifier_valid(argv[0]) || strlen(argv[0]) > 24)
			return gw_config_refuse(vty, "'%s' cannot be the name of a peer: "
						"up to 24 letters, digits, '-', '_', '.'", argv[0]);
		peer = sip_peer_alloc(g_gw->sip, argv[0]);
		if (!peer)
			return gw_config_refuse(vty, "peer '%s' cannot be made", argv[0]);
		gw_profile_apply(g_gw);
	}
	gw_config_note(vty, "peer %s", argv[0]);
	vty->index = peer;
	vty->node = PEER_NODE;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_no_peer, cfg_no_peer_cmd,
      "no peer NAME", NO_STR "Remove a peer; its calls are given up\n" "Name of the peer\n",
      CMD_ATTR_IMMEDIATE)
{
	struct sip_peer *peer = sip_peer_find(g_gw->sip, argv[0]);

	if (!peer)
		return gw_config_refuse(vty, "there is no peer '%s': 'show sip peers' lists them", argv[0]);
	sip_peer_free(peer);
	return CMD_SUCCESS;
}

/* ---- Node peer ---- */

/* Tells the room of a change; while the configuration is loaded, gw_start() will. */
static int peer_changed(struct vty *vty)
{
	if (g_gw->state == GW_RUNNING)
		sip_peer_update(vty->index);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_description, cfg_peer_description_cmd,
      "description .TEXT", "What an operator wants to read here\n" "Text\n",
      CMD_ATTR_IMMEDIATE)
{
	gw_config_set_text(vty->index, &sip_peer_cfg(vty->index)->description, argv, argc);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_no_description, cfg_peer_no_description_cmd,
      "no description", NO_STR "Remove the description\n",
      CMD_ATTR_IMMEDIATE)
{
	gw_config_set_text(vty->index, &sip_peer_cfg(vty->index)->description, NULL, 0);
	return CMD_SUCCESS;
}

static bool is_any(const struct osmo_sockaddr *addr)
{
	if (addr->u.sa.sa_family == AF_INET6)
		return IN6_IS_ADDR_UNSPECIFIED(&addr->u.sin6.sin6_addr);
	return addr->u.sin.sin_addr.s_addr == htonl(INADDR_ANY);
}

DEFUN_ATTR(cfg_peer_remote, cfg_peer_remote_cmd,
      "remote " PROTO_CMD ADDR_PORT_CMD, "Where requests to the peer go, and whose requests are this peer's\n"
      PROTO_STR ADDR_PORT_STR,
      CMD_ATTR_IMMEDIATE)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(vty->index);
	struct osmo_sockaddr addr;

	if (gw_vty_addr(vty, &addr, argv[1], argv[2]) < 0)
		return CMD_WARNING;
	if (is_any(&addr))
		return gw_config_refuse(vty, "remote %s %s %s: the address of a host is needed", argv[0], argv[1],
					argv[2]);
	cfg->proto = proto_of(argv[0]);
	cfg->remote = addr;
	cfg->remote_set = true;
	return peer_changed(vty);
}

DEFUN_ATTR(cfg_peer_trusted, cfg_peer_trusted_cmd,
      "trusted", "Exchange asserted identities with the peer (RFC 3325 2.3)\n",
      CMD_ATTR_IMMEDIATE)
{
	sip_peer_cfg(vty->index)->trusted = true;
	return peer_changed(vty);
}

DEFUN_ATTR(cfg_peer_no_trusted, cfg_peer_no_trusted_cmd,
      "no trusted", NO_STR "Neither believe nor send asserted identities\n",
      CMD_ATTR_IMMEDIATE)
{
	sip_peer_cfg(vty->index)->trusted = false;
	return peer_changed(vty);
}

DEFUN_ATTR(cfg_peer_options, cfg_peer_options_cmd,
      "options-interval <0-3600>", "Send OPTIONS to see whether the peer is up\n"
      "Seconds between them; 0: none, the peer counts as up\n",
      CMD_ATTR_IMMEDIATE)
{
	sip_peer_cfg(vty->index)->options_interval_s = gw_vty_uint(argv[0]);
	return peer_changed(vty);
}

DEFUN_ATTR(cfg_peer_options_fail, cfg_peer_options_fail_cmd,
      "options-fail-count <1-20>", "When the peer counts as down\n" "Unanswered OPTIONS in a row\n",
      CMD_ATTR_IMMEDIATE)
{
	sip_peer_cfg(vty->index)->options_fail_count = gw_vty_uint(argv[0]);
	return peer_changed(vty);
}

DEFUN_ATTR(cfg_peer_max_calls, cfg_peer_max_calls_cmd,
      "max-calls <0-1000000>", "Limit the calls with the peer; more are refused with 503\n"
      "Calls at the same time; 0: no limit\n",
      CMD_ATTR_IMMEDIATE)
{
	sip_peer_cfg(vty->index)->max_calls = gw_vty_uint(argv[0]);
	return peer_changed(vty);
}

/* ---- Writing the configuration ---- */

static void write_peer(struct vty *vty, struct sip_peer *peer)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(peer);
	char addr[64];

	vty_out(vty, " peer %s%s", sip_peer_name(peer), VTY_NEWLINE);
	if (cfg->description)
		vty_out(vty, "  description %s%s", cfg->description, VTY_NEWLINE);
	if (cfg->remote_set)
		vty_out(vty, "  remote %s %s%s", gw_proto_name(cfg->proto),
			gw_addr_buf(addr, sizeof(addr), &cfg->remote), VTY_NEWLINE);
	if (cfg->domain)
		vty_out(vty, "  tls-identity %s%s", cfg->domain, VTY_NEWLINE);
	if (cfg->trusted)
		vty_out(vty, "  trusted%s", VTY_NEWLINE);
	vty_out(vty, "  options-interval %u%s", cfg->options_interval_s, VTY_NEWLINE);
	vty_out(vty, "  options-fail-count %u%s", cfg->options_fail_count, VTY_NEWLINE);
	vty_out(vty, "  max-calls %u%s", cfg->max_calls, VTY_NEWLINE);
	gw_vty_sip_call_write(vty, &cfg->call);
	gw_vty_profile_write(vty, cfg->user);
	gw_vty_sip_peer_write(vty, cfg);
}

static int config_write_sip(struct vty *vty)
{
	const struct gw_listener *listener;
	struct sip_peer *peer = NULL;
	char addr[64];

	vty_out(vty, "sip%s", VTY_NEWLINE);
	llist_for_each_entry(listener, &g_gw->listeners, entry)
		vty_out(vty, " listen %s %s%s", gw_proto_name(listener->proto),
			gw_addr_buf(addr, sizeof(addr), &listener->addr), VTY_NEWLINE);
	vty_out(vty, " timer T1 %u%s timer T2 %u%s timer T4 %u%s", sip_timers(g_gw->sip)->t1_ms, VTY_NEWLINE,
		sip_timers(g_gw->sip)->t2_ms, VTY_NEWLINE, sip_timers(g_gw->sip)->t4_ms, VTY_NEWLINE);
	vty_out(vty, " udp-max-request %u%s", *sip_udp_max_request(g_gw->sip), VTY_NEWLINE);
	gw_vty_sip_conn_write(vty);
	gw_vty_sip_tls_write(vty);
	gw_vty_sip_dns_write(vty);
	while ((peer = sip_peer_next(g_gw->sip, peer)))
		write_peer(vty, peer);
	return CMD_SUCCESS;
}

/* ---- show sip … ---- */

DEFUN(show_sip_peers, show_sip_peers_cmd,
      "show sip peers", SHOW_STR "SIP\n" "Peers, with their state and counters\n")
{
	struct sip_peer *peer = NULL;
	struct sip_peer_stats stats;
	const struct sip_peer_cfg *cfg;
	char addr[64];

	vty_out(vty, "%-24s %-28s %-5s %6s %6s %10s %10s %9s %9s%s", "Peer", "Remote", "State", "Calls", "Limit",
		"Calls in", "Calls out", "OPTIONS", "Failed", VTY_NEWLINE);
	while ((peer = sip_peer_next(g_gw->sip, peer))) {
		cfg = sip_peer_cfg(peer);
		sip_peer_stats(peer, &stats);
		vty_out(vty, "%-24s %-3s %-24s %-5s %6u %6u %10" PRIu64 " %10" PRIu64 " %9" PRIu64 " %9" PRIu64 "%s",
			sip_peer_name(peer), gw_proto_name(cfg->proto),
			cfg->remote_set ? gw_addr_buf(addr, sizeof(addr), &cfg->remote) : "-",
			stats.up ? "up" : "down", stats.calls, cfg->max_calls, stats.calls_in, stats.calls_out,
			stats.options_sent, stats.options_failed, VTY_NEWLINE);
	}
	return CMD_SUCCESS;
}

void gw_vty_sip_init(void)
{
	install_node(&sip_node, config_write_sip);
	install_element(CONFIG_NODE, &cfg_sip_cmd);
	install_element(SIP_NODE, &cfg_sip_listen_cmd);
	install_element(SIP_NODE, &cfg_sip_no_listen_cmd);
	install_element(SIP_NODE, &cfg_sip_timer_cmd);
	install_element(SIP_NODE, &cfg_sip_udp_max_request_cmd);
	install_element(SIP_NODE, &cfg_peer_cmd);
	install_element(SIP_NODE, &cfg_no_peer_cmd);
	install_node(&peer_node, NULL);
	install_element(PEER_NODE, &cfg_peer_description_cmd);
	install_element(PEER_NODE, &cfg_peer_no_description_cmd);
	install_element(PEER_NODE, &cfg_peer_remote_cmd);
	install_element(PEER_NODE, &cfg_peer_trusted_cmd);
	install_element(PEER_NODE, &cfg_peer_no_trusted_cmd);
	install_element(PEER_NODE, &cfg_peer_options_cmd);
	install_element(PEER_NODE, &cfg_peer_options_fail_cmd);
	install_element(PEER_NODE, &cfg_peer_max_calls_cmd);
	install_element_ve(&show_sip_peers_cmd);
	gw_vty_sip_call_init();
	gw_vty_sip_conn_init();
	gw_vty_sip_tls_init();
	gw_vty_sip_dns_init();
	gw_vty_sip_peer_init();
}
