/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of SIP peers: more addresses, limits, credentials, registration; show sip peer. */

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/sockaddr_str.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip/sip_endpoint.h"
#include "sip/sip_peer.h"
#include "sip/sip_register.h"
#include "sip/sip_resolve.h"

#include "gw.h"
#include "gw_vty.h"

#define PROTO_CMD "(udp|tcp|tls|sctp) "
#define PROTO_STR "Over UDP\n" "Over TCP\n" "Over TLS\n" "Over SCTP (RFC 4168)\n"
#define ADDR_PORT_CMD VTY_IPV46_CMD " <1-65535>"
#define ADDR_PORT_STR "IPv4 address\n" "IPv6 address\n" "Port (5060 is SIP's own)\n"

static int peer_changed(struct vty *vty)
{
	if (g_gw->state == GW_RUNNING)
		sip_peer_update(vty->index);
	return CMD_SUCCESS;
}

static void set_text(struct vty *vty, char **text, const char *value)
{
	talloc_free(*text);
	*text = value ? talloc_strdup(vty->index, value) : NULL;
}

static enum sip_proto proto_of(const char *name)
{
	enum sip_proto proto = SIP_PROTO_UDP;

	while (strcmp(gw_proto_name(proto), name))
		proto++;
	return proto;
}

/* ---- Where it is ---- */

static struct sip_peer_remote *find_remote(struct sip_peer_cfg *cfg, enum sip_proto proto,
					   const struct osmo_sockaddr *addr)
{
	unsigned int i;

	for (i = 0; i < cfg->n_remotes; i++) {
		if (cfg->remotes[i].proto == proto && !osmo_sockaddr_cmp(&cfg->remotes[i].addr, addr))
			return &cfg->remotes[i];
	}
	return NULL;
}

DEFUN_ATTR(cfg_peer_alternative, cfg_peer_alternative_cmd,
      "remote-alternative " PROTO_CMD ADDR_PORT_CMD " priority <0-65535> weight <0-65535>",
      "One more address of the peer, where requests go if others do not answer\n" PROTO_STR ADDR_PORT_STR
      "Which are tried first; that of 'remote' is 0\n" "The lowest first\n"
      "How calls are shared among those of the same priority; that of 'remote' is 1\n" "Share (RFC 2782)\n",
      CMD_ATTR_IMMEDIATE)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(vty->index);
	struct sip_peer_remote *remote;
	struct osmo_sockaddr addr;

	if (gw_vty_addr(vty, &addr, argv[1], argv[2]) < 0)
		return CMD_WARNING;
	remote = find_remote(cfg, proto_of(argv[0]), &addr);
	if (!remote && cfg->n_remotes == SIP_PEER_REMOTES_MAX)
		return gw_config_refuse(vty, "remote-alternative: there are %u already", cfg->n_remotes);
	if (!remote)
		remote = &cfg->remotes[cfg->n_remotes++];
	*remote = (struct sip_peer_remote){
		.proto = proto_of(argv[0]), .addr = addr, .priority = gw_vty_uint(argv[3]),
		.weight = gw_vty_uint(argv[4]),
	};
	return peer_changed(vty);
}

DEFUN_ATTR(cfg_peer_no_alternative, cfg_peer_no_alternative_cmd,
      "no remote-alternative " PROTO_CMD ADDR_PORT_CMD, NO_STR "Remove an address\n" PROTO_STR ADDR_PORT_STR,
      CMD_ATTR_IMMEDIATE)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(vty->index);
	struct sip_peer_remote *remote;
	struct osmo_sockaddr addr;

	if (gw_vty_addr(vty, &addr, argv[1], argv[2]) < 0)
		return CMD_WARNING;
	remote = find_remote(cfg, proto_of(argv[0]), &addr);
	if (!remote)
		return gw_config_refuse(vty, "there is no 'remote-alternative %s %s %s'", argv[0], argv[1], argv[2]);
	*remote = cfg->remotes[--cfg->n_remotes];
	return peer_changed(vty);
}

static int set_domain(struct vty *vty, const char *domain, const char *proto, uint16_t port)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(vty->index);

	if (strlen(domain) > 48)
		return gw_config_refuse(vty, "remote-domain %s: more than 48 characters", domain);
	set_text(vty, &cfg->resolve, domain);
	cfg->resolve_any = !strcmp(proto, "any");
	if (!cfg->resolve_any)
		cfg->resolve_proto = proto_of(proto);
	cfg->resolve_port = port;
	return peer_changed(vty);
}

#define DOMAIN_STR "Where the peer is, by DNS (RFC 3263); its addresses are kept by their TTL\n" "Domain\n" \
	"Over what DNS prefers\n" PROTO_STR

DEFUN_ATTR(cfg_peer_domain, cfg_peer_domain_cmd,
      "remote-domain DOMAIN (any|udp|tcp|tls|sctp)", DOMAIN_STR,
      CMD_ATTR_IMMEDIATE)
{
	return set_domain(vty, argv[0], argv[1], 0);
}

DEFUN_ATTR(cfg_peer_domain_port, cfg_peer_domain_port_cmd,
      "remote-domain DOMAIN (any|udp|tcp|tls|sctp) port <1-65535>",
      DOMAIN_STR "Look up addresses only, neither NAPTR nor SRV\n" "Port\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_domain(vty, argv[0], argv[1], gw_vty_uint(argv[2]));
}

DEFUN_ATTR(cfg_peer_no_domain, cfg_peer_no_domain_cmd,
      "no remote-domain", NO_STR "Look up nothing\n",
      CMD_ATTR_IMMEDIATE)
{
	set_text(vty, &sip_peer_cfg(vty->index)->resolve, NULL);
	return peer_changed(vty);
}

/* ---- Whose requests are its ---- */

static int parse_prefix(struct sip_peer_accept *accept, const char *text)
{
	char host[INET6_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	bool v6 = memchr(text, ':', len);
	unsigned long bits = v6 ? 128 : 32;
	char *end = NULL;

	memset(accept, 0, sizeof(*accept));
	if (len >= sizeof(host))
		return -EINVAL;
	memcpy(host, text, len);
	host[len] = '\0';
	accept->net.sa.sa_family = v6 ? AF_INET6 : AF_INET;
	if (inet_pton(accept->net.sa.sa_family, host, v6 ? (void *)&accept->net.in6.sin6_addr
							 : (void *)&accept->net.in4.sin_addr) != 1)
		return -EINVAL;
	if (slash && (slash[1] < '0' || slash[1] > '9' || strtoul(slash + 1, &end, 10) > bits || *end))
		return -EINVAL;
	accept->bits = slash ? strtoul(slash + 1, NULL, 10) : bits;
	return 0;
}

static char *accept_buf(char *buf, size_t size, const struct sip_peer_accept *accept)
{
	char host[SIP_HOSTPORT_SIZE];

	sip_sockaddr_host_buf(host, &accept->net, false);
	snprintf(buf, size, "%s/%u", host, accept->bits);
	return buf;
}

static struct sip_peer_accept *find_accept(struct sip_peer_cfg *cfg, const struct sip_peer_accept *like)
{
	unsigned int i;

	for (i = 0; i < cfg->n_accepts; i++) {
		if (!memcmp(&cfg->accepts[i], like, sizeof(*like)))
			return &cfg->accepts[i];
	}
	return NULL;
}

DEFUN_ATTR(cfg_peer_accept, cfg_peer_accept_cmd,
      "accept from PREFIX", "Take requests as the peer's\n" "From other addresses than where it is\n"
      "IPv4 or IPv6 address, or a prefix of it: 192.0.2.0/24\n",
      CMD_ATTR_IMMEDIATE)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(vty->index);
	struct sip_peer_accept accept;

	if (parse_prefix(&accept, argv[0]) < 0)
		return gw_config_refuse(vty, "accept from %s: an address or a prefix like 192.0.2.0/24 is needed",
					argv[0]);
	if (find_accept(cfg, &accept))
		return CMD_SUCCESS;
	if (cfg->n_accepts == SIP_PEER_ACCEPTS_MAX)
		return gw_config_refuse(vty, "accept from: there are %u already", cfg->n_accepts);
	cfg->accepts[cfg->n_accepts++] = accept;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_no_accept, cfg_peer_no_accept_cmd,
      "no accept from PREFIX", NO_STR "Take requests no more\n" "From these addresses\n" "Address or prefix\n",
      CMD_ATTR_IMMEDIATE)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(vty->index);
	struct sip_peer_accept accept, *found = NULL;

	if (parse_prefix(&accept, argv[0]) == 0)
		found = find_accept(cfg, &accept);
	if (!found)
		return gw_config_refuse(vty, "there is no 'accept from %s'", argv[0]);
	*found = cfg->accepts[--cfg->n_accepts];
	return CMD_SUCCESS;
}

/* ---- Words, numbers ---- */

static const struct text_row {
	const char *word;
	size_t offset;
} text_rows[] = {
	{ "from-domain", offsetof(struct sip_peer_cfg, from_domain) },
	{ "register", offsetof(struct sip_peer_cfg, register_aor) },
	{ "register-contact", offsetof(struct sip_peer_cfg, register_contact) },
	{}
};

static char **text_of(struct sip_peer_cfg *cfg, const char *word)
{
	const struct text_row *row = text_rows;

	while (strcmp(row->word, word))
		row++;
	return (char **)((char *)cfg + row->offset);
}

#define TEXTS "(from-domain|register|register-contact)"
#define TEXTS_STR \
	"Calls from this domain in From are the peer's, wherever they come from; needs 'challenge'\n" \
	"Register there, as this address of record (RFC 3261 10.2)\n" \
	"User part of the Contact that is registered; else that of the address of record\n"

DEFUN_ATTR(cfg_peer_text, cfg_peer_text_cmd,
      TEXTS " VALUE", TEXTS_STR "Domain, sip:user@domain, user\n",
      CMD_ATTR_IMMEDIATE)
{
	bool is_aor = !strcmp(argv[0], "register");

	if (is_aor && (strncmp(argv[1], "sip:", 4) || !strchr(argv[1], '@') || strpbrk(argv[1], "<>\" ")))
		return gw_config_refuse(vty, "register %s: sip:user@domain is needed", argv[1]);
	if (strlen(argv[1]) > 200)
		return gw_config_refuse(vty, "%s: more than 200 characters", argv[0]);
	set_text(vty, text_of(sip_peer_cfg(vty->index), argv[0]), argv[1]);
	return peer_changed(vty);
}

DEFUN_ATTR(cfg_peer_no_text, cfg_peer_no_text_cmd,
      "no " TEXTS, NO_STR TEXTS_STR,
      CMD_ATTR_IMMEDIATE)
{
	set_text(vty, text_of(sip_peer_cfg(vty->index), argv[0]), NULL);
	return peer_changed(vty);
}

/* "WORD NUMBER"; what is as it is from the start is not written */
static const struct number_row {
	const char *word;
	size_t offset;
	unsigned int usual, min, max;
} number_rows[] = {
	{ "options-ok-count", offsetof(struct sip_peer_cfg, options_ok_count), 1, 1, 20 },
	{ "max-calls-incoming", offsetof(struct sip_peer_cfg, max_calls_in), 0, 0, 1000000 },
	{ "max-calls-outgoing", offsetof(struct sip_peer_cfg, max_calls_out), 0, 0, 1000000 },
	{ "calls-per-second", offsetof(struct sip_peer_cfg, calls_per_s), 0, 0, 100000 },
	{ "failover-timeout", offsetof(struct sip_peer_cfg, failover_ms), 0, 0, 60000 },
	{ "register-expires", offsetof(struct sip_peer_cfg, register_expires_s), 3600, 10, 604800 },
	{ "register-ping", offsetof(struct sip_peer_cfg, register_ping_s), 0, 0, 3600 },
	{}
};

static unsigned int *number_of(struct sip_peer_cfg *cfg, const struct number_row *row)
{
	return (unsigned int *)((char *)cfg + row->offset);
}

DEFUN_ATTR(cfg_peer_number, cfg_peer_number_cmd,
      "(options-ok-count|max-calls-incoming|max-calls-outgoing|calls-per-second|failover-timeout|register-expires|"
      "register-ping) <0-1000000>",
      "Answered OPTIONS in a row until the peer is up again (1)\n"
      "Limit the calls from the peer; 0: no limit\n"
      "Limit the calls to the peer; 0: no limit\n"
      "Limit new calls with the peer, in a second; 0: no limit\n"
      "Milliseconds without an answer until a call goes to the next address; 0: 64 times T1\n"
      "Seconds that a registration is asked for (3600)\n"
      "Seconds between empty lines over UDP while registered, which keep a NAT open; 0: none\n"
      "Number\n",
      CMD_ATTR_IMMEDIATE)
{
	const struct number_row *row = number_rows;
	unsigned int n = gw_vty_uint(argv[1]);

	while (strcmp(row->word, argv[0]))
		row++;
	if (n < row->min || n > row->max)
		return gw_config_refuse(vty, "%s %u: %u to %u", row->word, n, row->min, row->max);
	*number_of(sip_peer_cfg(vty->index), row) = n;
	return peer_changed(vty);
}

DEFUN_ATTR(cfg_peer_options_answers, cfg_peer_options_answers_cmd,
      "options-answers (any|ok)", "Which answers to OPTIONS show that the peer is up\n"
      "All but 408 and 503\n" "2xx only\n",
      CMD_ATTR_IMMEDIATE)
{
	sip_peer_cfg(vty->index)->options_ok_only = !strcmp(argv[0], "ok");
	return CMD_SUCCESS;
}

/* ---- Credentials ---- */

static int set_credentials(struct vty *vty, char **texts[3], const char *user, const char *password, const char *realm)
{
	if (user && strpbrk(user, "\"\\"))
		return gw_config_refuse(vty, "a user name may have neither \" nor \\");
	set_text(vty, texts[0], user);
	set_text(vty, texts[1], password);
	set_text(vty, texts[2], realm);
	return peer_changed(vty);
}

static int set_client(struct vty *vty, const char *user, const char *password, const char *realm)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(vty->index);
	char **texts[3] = { &cfg->auth_user, &cfg->auth_password, &cfg->auth_realm };

	return set_credentials(vty, texts, user, password, realm);
}

static int set_server(struct vty *vty, const char *user, const char *password, const char *realm)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(vty->index);
	char **texts[3] = { &cfg->challenge_user, &cfg->challenge_password, &cfg->challenge_realm };

	return set_credentials(vty, texts, user, password, realm);
}

#define USER_STR "User name\n" "Password\n"

DEFUN_ATTR(cfg_peer_credentials, cfg_peer_credentials_cmd,
      "credentials USER PASSWORD", "What we answer where the peer asks who we are (401, 407)\n" USER_STR,
      CMD_ATTR_IMMEDIATE)
{
	return set_client(vty, argv[0], argv[1], NULL);
}

DEFUN_ATTR(cfg_peer_credentials_realm, cfg_peer_credentials_realm_cmd,
      "credentials USER PASSWORD realm REALM", "What we answer where the peer asks who we are (401, 407)\n" USER_STR
      "Only to this realm\n" "Realm\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_client(vty, argv[0], argv[1], argv[2]);
}

DEFUN_ATTR(cfg_peer_no_credentials, cfg_peer_no_credentials_cmd,
      "no credentials", NO_STR "Answer no challenge\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_client(vty, NULL, NULL, NULL);
}

DEFUN_ATTR(cfg_peer_challenge, cfg_peer_challenge_cmd,
      "challenge USER PASSWORD", "What new calls of the peer must bring (401); the realm is 'isupgw'\n" USER_STR,
      CMD_ATTR_IMMEDIATE)
{
	return set_server(vty, argv[0], argv[1], NULL);
}

DEFUN_ATTR(cfg_peer_challenge_realm, cfg_peer_challenge_realm_cmd,
      "challenge USER PASSWORD realm REALM", "What new calls of the peer must bring (401)\n" USER_STR
      "Our realm towards the peer\n" "Realm\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_server(vty, argv[0], argv[1], argv[2]);
}

DEFUN_ATTR(cfg_peer_no_challenge, cfg_peer_no_challenge_cmd,
      "no challenge", NO_STR "Ask for no credentials\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_server(vty, NULL, NULL, NULL);
}

DEFUN_ATTR(cfg_peer_md5, cfg_peer_md5_cmd,
      "digest-md5", "Take and give MD5 where nothing stronger is there (RFC 8760)\n",
      CMD_ATTR_IMMEDIATE)
{
	sip_peer_cfg(vty->index)->auth_no_md5 = false;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_no_md5, cfg_peer_no_md5_cmd,
      "no digest-md5", NO_STR "SHA-256 or SHA-512-256 only\n",
      CMD_ATTR_IMMEDIATE)
{
	sip_peer_cfg(vty->index)->auth_no_md5 = true;
	return CMD_SUCCESS;
}

/* ---- Writing the configuration ---- */

static void write_credentials(struct vty *vty, const char *word, const char *user, const char *password,
			      const char *realm)
{
	if (user)
		vty_out(vty, "  %s %s %s%s%s%s", word, user, password, realm ? " realm " : "", realm ? realm : "",
			VTY_NEWLINE);
}

static void write_addresses(struct vty *vty, const struct sip_peer_cfg *cfg)
{
	char addr[64];
	unsigned int i;

	for (i = 0; i < cfg->n_remotes; i++)
		vty_out(vty, "  remote-alternative %s %s priority %u weight %u%s", gw_proto_name(cfg->remotes[i].proto),
			gw_addr_buf(addr, sizeof(addr), &cfg->remotes[i].addr), cfg->remotes[i].priority,
			cfg->remotes[i].weight, VTY_NEWLINE);
	if (cfg->resolve)
		vty_out(vty, "  remote-domain %s %s", cfg->resolve,
			cfg->resolve_any ? "any" : gw_proto_name(cfg->resolve_proto));
	if (cfg->resolve && cfg->resolve_port)
		vty_out(vty, " port %u", cfg->resolve_port);
	if (cfg->resolve)
		vty_out(vty, "%s", VTY_NEWLINE);
	for (i = 0; i < cfg->n_accepts; i++)
		vty_out(vty, "  accept from %s%s", accept_buf(addr, sizeof(addr), &cfg->accepts[i]), VTY_NEWLINE);
}

void gw_vty_sip_peer_write(struct vty *vty, struct sip_peer_cfg *cfg)
{
	const struct number_row *row;
	const struct text_row *text;

	write_addresses(vty, cfg);
	for (row = number_rows; row->word; row++) {
		if (*number_of(cfg, row) != row->usual)
			vty_out(vty, "  %s %u%s", row->word, *number_of(cfg, row), VTY_NEWLINE);
	}
	if (cfg->options_ok_only)
		vty_out(vty, "  options-answers ok%s", VTY_NEWLINE);
	write_credentials(vty, "credentials", cfg->auth_user, cfg->auth_password, cfg->auth_realm);
	write_credentials(vty, "challenge", cfg->challenge_user, cfg->challenge_password, cfg->challenge_realm);
	if (cfg->auth_no_md5)
		vty_out(vty, "  no digest-md5%s", VTY_NEWLINE);
	for (text = text_rows; text->word; text++) {
		if (*text_of(cfg, text->word))
			vty_out(vty, "  %s %s%s", text->word, *text_of(cfg, text->word), VTY_NEWLINE);
	}
}

/* ---- show ---- */

static void print_target(const struct sip_target_info *info, void *data)
{
	struct vty *vty = data;

	vty_out(vty, "  %-4s %-28s %-4s priority %u weight %u%s%s", gw_proto_name(info->proto), info->hostport,
		info->up ? "up" : "down", info->priority, info->weight, info->in_use ? ", in use" : "",
		info->from_dns ? ", from DNS" : "");
	if (info->held_s)
		vty_out(vty, ", not tried first for %u s", info->held_s);
	vty_out(vty, "%s", VTY_NEWLINE);
}

static void print_dns(struct vty *vty, struct sip_peer *peer)
{
	struct sip_resolve_info info;

	if (!peer->resolve)
		return;
	sip_resolve_info(peer->resolve, &info);
	vty_out(vty, "  DNS: %s: %s, %u addresses, again in %u s; %lu questions, %lu times in vain%s", info.domain,
		info.state, info.addresses, info.next_s, info.queries, info.failed, VTY_NEWLINE);
}

static void print_registration(struct vty *vty, struct sip_peer *peer)
{
	struct sip_register_info info;

	if (!peer->cfg.register_aor)
		return;
	sip_register_info(peer, &info);
	vty_out(vty, "  Registration of %s: %s, last answer %u, granted %u s, again in %u s; %" PRIu64 " sent, %" PRIu64
		" failed%s", peer->cfg.register_aor, info.state, info.status, info.expires_s, info.next_s, info.sent,
		info.failed, VTY_NEWLINE);
}

DEFUN(show_sip_peer, show_sip_peer_cmd,
      "show sip peer NAME", SHOW_STR "SIP\n" "A peer: addresses, registration, counters\n" "Name of the peer\n")
{
	struct sip_peer *peer = sip_peer_find(g_gw->sip, argv[0]);
	struct sip_peer_stats s;

	if (!peer)
		return gw_config_refuse(vty, "there is no peer '%s': 'show sip peers' lists them", argv[0]);
	sip_peer_stats(peer, &s);
	vty_out(vty, "Peer %s is %s, %s%s", argv[0], s.up ? "up" : "down", sip_peer_hostport(peer), VTY_NEWLINE);
	sip_peer_for_each_target(peer, print_target, vty);
	print_dns(vty, peer);
	print_registration(vty, peer);
	vty_out(vty, "  Calls: %u incoming, %u outgoing; %" PRIu64 " refused by limits, %" PRIu64
		" went to another address%s", s.in_now, s.calls - s.in_now, s.limited, s.failovers, VTY_NEWLINE);
	vty_out(vty, "  Asked for credentials %" PRIu64 " times, wrong %" PRIu64 " times; went down %" PRIu64
		" times%s", s.challenged, s.auth_failed, s.downs, VTY_NEWLINE);
	return CMD_SUCCESS;
}

void gw_vty_sip_peer_init(void)
{
	install_element(PEER_NODE, &cfg_peer_alternative_cmd);
	install_element(PEER_NODE, &cfg_peer_no_alternative_cmd);
	install_element(PEER_NODE, &cfg_peer_domain_cmd);
	install_element(PEER_NODE, &cfg_peer_domain_port_cmd);
	install_element(PEER_NODE, &cfg_peer_no_domain_cmd);
	install_element(PEER_NODE, &cfg_peer_accept_cmd);
	install_element(PEER_NODE, &cfg_peer_no_accept_cmd);
	install_element(PEER_NODE, &cfg_peer_text_cmd);
	install_element(PEER_NODE, &cfg_peer_no_text_cmd);
	install_element(PEER_NODE, &cfg_peer_number_cmd);
	install_element(PEER_NODE, &cfg_peer_options_answers_cmd);
	install_element(PEER_NODE, &cfg_peer_credentials_cmd);
	install_element(PEER_NODE, &cfg_peer_credentials_realm_cmd);
	install_element(PEER_NODE, &cfg_peer_no_credentials_cmd);
	install_element(PEER_NODE, &cfg_peer_challenge_cmd);
	install_element(PEER_NODE, &cfg_peer_challenge_realm_cmd);
	install_element(PEER_NODE, &cfg_peer_no_challenge_cmd);
	install_element(PEER_NODE, &cfg_peer_md5_cmd);
	install_element(PEER_NODE, &cfg_peer_no_md5_cmd);
	install_element_ve(&show_sip_peer_cmd);
}
