/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of what all SIP peers share: DNS, and what becomes of calls that are nobody's. */

#include <string.h>

#include <osmocom/core/utils.h>

#include "sip/sip_resolve.h"

#include "gw.h"
#include "gw_vty.h"

DEFUN_ATTR(cfg_sip_dns_server, cfg_sip_dns_server_cmd,
      "dns server " VTY_IPV46_CMD " port <1-65535>", "How domains are looked up\n"
      "Ask this server instead of the system's\n" "IPv4 address\n" "IPv6 address\n" "Its port\n" "Port\n",
      CMD_ATTR_IMMEDIATE)
{
	struct sip_resolve_cfg *cfg = sip_resolve_cfg(g_gw->sip);
	struct osmo_sockaddr addr;

	if (gw_vty_addr(vty, &addr, argv[0], argv[1]) < 0)
		return CMD_WARNING;
	cfg->server = addr;
	cfg->server_set = true;
	sip_resolve_restart(g_gw->sip);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_sip_no_dns_server, cfg_sip_no_dns_server_cmd,
      "no dns server", NO_STR "How domains are looked up\n" "Ask the system's servers\n",
      CMD_ATTR_IMMEDIATE)
{
	sip_resolve_cfg(g_gw->sip)->server_set = false;
	sip_resolve_restart(g_gw->sip);
	return CMD_SUCCESS;
}

/* What "dns WORD NUMBER" sets; what is as it is from the start is not written */
static const struct number_row {
	const char *word;
	size_t offset;
	unsigned int usual, min, max;
} dns_rows[] = {
	{ "timeout", offsetof(struct sip_resolve_cfg, timeout_ms), 2000, 50, 60000 },
	{ "tries", offsetof(struct sip_resolve_cfg, tries), 2, 1, 10 },
	{ "negative-ttl", offsetof(struct sip_resolve_cfg, negative_ttl_s), 60, 1, 3600 },
	{ "min-ttl", offsetof(struct sip_resolve_cfg, min_ttl_s), 5, 1, 3600 },
	{ "max-ttl", offsetof(struct sip_resolve_cfg, max_ttl_s), 86400, 1, 604800 },
	{}
};

static unsigned int *dns_number(const struct number_row *row)
{
	return (unsigned int *)((char *)sip_resolve_cfg(g_gw->sip) + row->offset);
}

DEFUN_ATTR(cfg_sip_dns_number, cfg_sip_dns_number_cmd,
      "dns (timeout|tries|negative-ttl|min-ttl|max-ttl) <1-604800>", "How domains are looked up\n"
      "Milliseconds until a question is asked again (2000)\n" "Times that it is asked (2)\n"
      "Seconds after which what was not found is looked up again, at most (60)\n"
      "Seconds that an answer is kept at least (5)\n" "Seconds that it is kept at most (86400)\n" "Number\n",
      CMD_ATTR_IMMEDIATE)
{
	const struct number_row *row = dns_rows;
	unsigned int n = gw_vty_uint(argv[1]);

	while (strcmp(row->word, argv[0]))
		row++;
	if (n < row->min || n > row->max)
		return gw_config_refuse(vty, "dns %s %u: %u to %u", row->word, n, row->min, row->max);
	*dns_number(row) = n;
	sip_resolve_restart(g_gw->sip);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_sip_unknown, cfg_sip_unknown_cmd,
      "unknown-source (refuse|drop)", "Calls from addresses that are no peer's\n" "Answer 403\n" "Do not answer\n",
      CMD_ATTR_IMMEDIATE)
{
	sip_set_drop_unknown(g_gw->sip, !strcmp(argv[0], "drop"));
	return CMD_SUCCESS;
}

void gw_vty_sip_dns_write(struct vty *vty)
{
	const struct sip_resolve_cfg *cfg = sip_resolve_cfg(g_gw->sip);
	const struct number_row *row;
	char text[SIP_HOSTPORT_SIZE];
	union sip_sockaddr addr;

	if (cfg->server_set && sip_sockaddr_from_osmo(&addr, &cfg->server) == 0) {
		sip_sockaddr_host_buf(text, &addr, false);
		vty_out(vty, " dns server %s port %u%s", text, sip_sockaddr_port(&addr), VTY_NEWLINE);
	}
	for (row = dns_rows; row->word; row++) {
		if (*dns_number(row) != row->usual)
			vty_out(vty, " dns %s %u%s", row->word, *dns_number(row), VTY_NEWLINE);
	}
	if (sip_drop_unknown(g_gw->sip))
		vty_out(vty, " unknown-source drop%s", VTY_NEWLINE);
}

void gw_vty_sip_dns_init(void)
{
	install_element(SIP_NODE, &cfg_sip_dns_server_cmd);
	install_element(SIP_NODE, &cfg_sip_no_dns_server_cmd);
	install_element(SIP_NODE, &cfg_sip_dns_number_cmd);
	install_element(SIP_NODE, &cfg_sip_unknown_cmd);
}
