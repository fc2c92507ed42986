/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of SIP connections: their limits and timeouts under node sip, show sip connections. */

#include <inttypes.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "sip/sip_conn.h"

#include "gw.h"
#include "gw_vty.h"

/* What "connection WORD NUMBER" sets */
static const struct option {
	const char *word;
	size_t offset;
	unsigned int min, max;
} options[] = {
	{ "max", offsetof(struct sip_conn_cfg, max), 2, 65536 },
	{ "max-per-source", offsetof(struct sip_conn_cfg, max_per_source), 1, 65536 },
	{ "connect-timeout", offsetof(struct sip_conn_cfg, connect_timeout_s), 1, 60 },
	{ "message-timeout", offsetof(struct sip_conn_cfg, message_timeout_s), 1, 600 },
	{ "idle-timeout", offsetof(struct sip_conn_cfg, idle_timeout_s), 10, 604800 },
	{ "keepalive", offsetof(struct sip_conn_cfg, keepalive_s), 0, 3600 },
	{ "write-queue", offsetof(struct sip_conn_cfg, write_queue), 65536, 16777216 },
	{ "messages-per-second", offsetof(struct sip_conn_cfg, messages_per_s), 0, 1000000 },
	{}
};

static unsigned int *value_of(const struct option *option)
{
	return (unsigned int *)((char *)sip_conn_cfg(g_gw->sip) + option->offset);
}

DEFUN_ATTR(cfg_sip_connection, cfg_sip_connection_cmd,
      "connection (max|max-per-source|connect-timeout|message-timeout|idle-timeout|keepalive|write-queue|"
      "messages-per-second) <0-16777216>",
      "Limits of connections over TCP, TLS and SCTP\n"
      "Connections at the same time; addresses that are no peer's may have half of it\n"
      "Connections from one address that is no peer's\n"
      "Seconds until a connection is up, TLS handshake included\n"
      "Seconds until the first message or the rest of one has come, or has been taken\n"
      "Seconds without a message until a connection is closed\n"
      "Seconds between pings on connections that we opened (RFC 5626 3.5.1); 0: none\n"
      "Octets that may wait to be written to one connection\n"
      "Messages a second on a connection that is no peer's; 0: no limit\n"
      "Number\n",
      CMD_ATTR_IMMEDIATE)
{
	unsigned int n = gw_vty_uint(argv[1]);
	const struct option *option;

	for (option = options; option->word; option++) {
		if (strcmp(option->word, argv[0]))
			continue;
		if (n < option->min || n > option->max)
			return gw_config_refuse(vty, "connection %s %u: %u to %u", argv[0], n, option->min,
						option->max);
		*value_of(option) = n;
	}
	return CMD_SUCCESS;
}

void gw_vty_sip_conn_write(struct vty *vty)
{
	const struct option *option;

	for (option = options; option->word; option++)
		vty_out(vty, " connection %s %u%s", option->word, *value_of(option), VTY_NEWLINE);
}

static void print_connection(const struct sip_conn_info *info, void *data)
{
	struct vty *vty = data;

	vty_out(vty, "%-4s %-3s %-26s %-26s %-10s %-24s %8u %8u %10" PRIu64 " %10" PRIu64 " %8zu %s%s",
		gw_proto_name(info->proto), info->incoming ? "in" : "out", info->remote, info->local,
		get_value_string(sip_conn_state_names, info->state), info->peer ? sip_peer_name(info->peer) : "-",
		info->age_s, info->idle_s, info->rx_msgs, info->tx_msgs, info->waiting, info->security, VTY_NEWLINE);
}

DEFUN(show_sip_connections, show_sip_connections_cmd,
      "show sip connections", SHOW_STR "SIP\n" "Connections over TCP, TLS and SCTP\n")
{
	vty_out(vty, "%-4s %-3s %-26s %-26s %-10s %-24s %8s %8s %10s %10s %8s %s%s", "Over", "Dir", "Remote", "Local",
		"State", "Peer", "Age s", "Idle s", "Received", "Sent", "Waiting", "Security", VTY_NEWLINE);
	sip_conn_for_each(g_gw->sip, print_connection, vty);
	vty_out(vty, "%u connections%s", sip_conn_count(g_gw->sip), VTY_NEWLINE);
	return CMD_SUCCESS;
}

void gw_vty_sip_conn_init(void)
{
	install_element(SIP_NODE, &cfg_sip_connection_cmd);
	install_element_ve(&show_sip_connections_cmd);
}
