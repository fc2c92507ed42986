/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of what a peer's calls use: reliable responses, preconditions, session timers; in node peer. */

#include <osmocom/core/utils.h>

#include "sip/sip_peer.h"

#include "gw.h"
#include "gw_profile.h"
#include "gw_vty.h"

static const struct value_string rel100_words[] = {
	{ SIP_REL100_OFF, "off" },
	{ SIP_REL100_SUPPORTED, "supported" },
	{ SIP_REL100_REQUIRED, "required" },
	{}
};

static const struct value_string precond_words[] = {
	{ SIP_PRECOND_OFF, "off" },
	{ SIP_PRECOND_SUPPORTED, "supported" },
	{ SIP_PRECOND_REQUIRED, "required" },
	{}
};

static const struct value_string refresher_words[] = {
	{ SIP_REFRESH_BY_ANY, "any" },
	{ SIP_REFRESH_BY_LOCAL, "local" },
	{ SIP_REFRESH_BY_REMOTE, "remote" },
	{}
};

static struct sip_call_cfg *cfg_of(struct vty *vty)
{
	return &sip_peer_cfg(vty->index)->call;
}

DEFUN_ATTR(cfg_peer_100rel, cfg_peer_100rel_cmd,
      "100rel (off|supported|required)", "Provisional responses that are acknowledged (RFC 3262)\n"
      "Neither sent nor asked for; who requires them is refused with 420\n"
      "Used where the peer supports them\n"
      "Calls without them are refused with 421\n",
      CMD_ATTR_IMMEDIATE)
{
	cfg_of(vty)->rel100_said = get_string_value(rel100_words, argv[0]);
	gw_profile_apply(g_gw);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_precondition, cfg_peer_precondition_cmd,
      "precondition (off|supported|required)", "Preconditions of a session (RFC 3312); they need 100rel\n"
      "Neither offered nor looked at; who requires them is refused with 420\n"
      "Used where the peer supports them\n"
      "Our offers make them mandatory; calls without them are refused with 421\n",
      CMD_ATTR_IMMEDIATE)
{
	cfg_of(vty)->precond_said = get_string_value(precond_words, argv[0]);
	gw_profile_apply(g_gw);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_session_expires, cfg_peer_session_expires_cmd,
      "session-expires <0-86400>", "Session timer (RFC 4028): a call that is not refreshed so long is released\n"
      "Seconds, 90 or more; 0: none, whatever the peer wants\n",
      CMD_ATTR_IMMEDIATE)
{
	unsigned int seconds = gw_vty_uint(argv[0]);

	if (seconds && seconds < SIP_MIN_SE_S)
		return gw_config_refuse(vty, "session-expires %u: 0, or %u and more (RFC 4028 4)", seconds,
					SIP_MIN_SE_S);
	cfg_of(vty)->session_expires_s = seconds;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_min_se, cfg_peer_min_se_cmd,
      "min-se <90-86400>", "The shortest session timer that is taken; shorter ones are refused with 422\n" "Seconds\n",
      CMD_ATTR_IMMEDIATE)
{
	cfg_of(vty)->min_se_s = gw_vty_uint(argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_refresher, cfg_peer_refresher_cmd,
      "session-refresher (any|local|remote)", "Who refreshes the session, where that is ours to say\n"
      "The peer may choose\n" "The gateway\n" "The peer\n",
      CMD_ATTR_IMMEDIATE)
{
	cfg_of(vty)->refresher = get_string_value(refresher_words, argv[0]);
	return CMD_SUCCESS;
}

void gw_vty_sip_call_write(struct vty *vty, const struct sip_call_cfg *cfg)
{
	vty_out(vty, "  100rel %s%s", get_value_string(rel100_words, cfg->rel100_said), VTY_NEWLINE);
	vty_out(vty, "  precondition %s%s", get_value_string(precond_words, cfg->precond_said), VTY_NEWLINE);
	vty_out(vty, "  session-expires %u%s", cfg->session_expires_s, VTY_NEWLINE);
	vty_out(vty, "  min-se %u%s", cfg->min_se_s, VTY_NEWLINE);
	vty_out(vty, "  session-refresher %s%s", get_value_string(refresher_words, cfg->refresher), VTY_NEWLINE);
}

void gw_vty_sip_call_init(void)
{
	install_element(PEER_NODE, &cfg_peer_100rel_cmd);
	install_element(PEER_NODE, &cfg_peer_precondition_cmd);
	install_element(PEER_NODE, &cfg_peer_session_expires_cmd);
	install_element(PEER_NODE, &cfg_peer_min_se_cmd);
	install_element(PEER_NODE, &cfg_peer_refresher_cmd);
}
