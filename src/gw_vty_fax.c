/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of fax relay (T.38): what of it the static media gateway has, what is offered, and a call that is to change. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "gw.h"
#include "gw_vty.h"
#include "media_static.h"

static const struct value_string ec_names[] = {
	{ SIP_T38_EC_NONE, "none" },
	{ SIP_T38_EC_REDUNDANCY, "redundancy" },
	{ SIP_T38_EC_FEC, "fec" },
	{}
};

static const struct value_string rate_names[] = {
	{ SIP_T38_TRANSFERRED_TCF, "transferred-tcf" },
	{ SIP_T38_LOCAL_TCF, "local-tcf" },
	{}
};

#define T38_STR "Fax\n" "The media gateway has fax relay, T.38 over UDPTL: offers of it are accepted\n"

/* One of them changes, the others stay: whoever names a parameter has it. */
#define SET(member, value) do { \
	struct media_static_t38 t38; \
	media_static_t38(g_gw->media, &t38); \
	t38.member = value; \
	media_static_set_t38(g_gw->media, &t38); \
} while (0)

DEFUN_ATTR(cfg_fax, cfg_fax_cmd,
      "fax t38", T38_STR,
      CMD_ATTR_IMMEDIATE)
{
	struct media_static_t38 t38;

	media_static_t38(g_gw->media, &t38);
	media_static_set_t38(g_gw->media, &t38);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_no_fax, cfg_no_fax_cmd,
      "no fax t38", NO_STR "Fax\n" "There is no fax relay: offers of it are refused, 488 (if not set)\n",
      CMD_ATTR_IMMEDIATE)
{
	media_static_set_t38(g_gw->media, &media_static_t38_default);
	media_static_set_t38(g_gw->media, NULL);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_fax_version, cfg_fax_version_cmd,
      "fax t38 version <0-3>", T38_STR "Version of T.38; of two, the lower one is used\n"
      "0: of 1998 (if not set), 3: with V.34\n",
      CMD_ATTR_IMMEDIATE)
{
	SET(sip.version, gw_vty_uint(argv[0]));
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_fax_rate, cfg_fax_rate_cmd,
      "fax t38 max-bit-rate (2400|4800|7200|9600|12000|14400|33600)",
      T38_STR "Fastest modem that it relays, in bit/s; of two, the slower one is used\n"
      "V.27 ter\n" "V.27 ter\n" "V.29\n" "V.29\n" "V.17\n" "V.17 (if not set)\n" "V.34\n",
      CMD_ATTR_IMMEDIATE)
{
	SET(sip.max_bit_rate, gw_vty_uint(argv[0]));
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_fax_management, cfg_fax_management_cmd,
      "fax t38 rate-management (transferred-tcf|local-tcf)",
      T38_STR "Where the training check is judged; both ends must do the same\n"
      "By the fax machines (if not set)\n" "By the gateways\n",
      CMD_ATTR_IMMEDIATE)
{
	SET(sip.rate, get_string_value(rate_names, argv[0]));
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_fax_buffer, cfg_fax_buffer_cmd,
      "fax t38 max-buffer <0-65535>", T38_STR "Room for received data\n" "Octets (1800 if not set); 0: is not said\n",
      CMD_ATTR_IMMEDIATE)
{
	SET(sip.max_buffer, gw_vty_uint(argv[0]));
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_fax_datagram, cfg_fax_datagram_cmd,
      "fax t38 max-datagram <0-65535>", T38_STR "Largest datagram that it can receive\n"
      "Octets (150 if not set); 0: is not said\n",
      CMD_ATTR_IMMEDIATE)
{
	SET(sip.max_datagram, gw_vty_uint(argv[0]));
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_fax_ec, cfg_fax_ec_cmd,
      "fax t38 error-correction (none|redundancy|fec)",
      T38_STR "What it does about lost datagrams; of two, the simpler one is used\n"
      "Nothing\n" "Earlier packets are sent again (if not set)\n" "Parity packets\n",
      CMD_ATTR_IMMEDIATE)
{
	SET(sip.ec, get_string_value(ec_names, argv[0]));
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_fax_port, cfg_fax_port_cmd,
      "fax t38 port (rtp|rtcp)",
      T38_STR "Its UDP port\n" "The same as that of RTP (if not set)\n" "The one above it, which is that of RTCP\n",
      CMD_ATTR_IMMEDIATE)
{
	SET(beside, !strcmp(argv[0], "rtcp"));
	return CMD_SUCCESS;
}

/* ---- Interworking ---- */

DEFUN_ATTR(cfg_fax_offer, cfg_fax_offer_cmd,
      "fax-offer (audio|t38)",
      "Calls whose IAM says facsimile of group 2 or 3 (high layer compatibility)\n"
      "Are offered as audio; the change to fax relay is by re-INVITE (if not set)\n"
      "Are offered as fax relay where the media gateway has it, and as audio where that is refused\n",
      CMD_ATTR_IMMEDIATE)
{
	g_gw->mapping->cfg.fax_first = !strcmp(argv[0], "t38");
	return CMD_SUCCESS;
}

void gw_vty_fax_write_gateway(struct vty *vty)
{
	if (g_gw->mapping->cfg.fax_first)
		vty_out(vty, " fax-offer t38%s", VTY_NEWLINE);
}

DEFUN(call_medium, call_medium_cmd,
      "call <0-4294967295> medium (t38|audio)",
      "Do something to a call\n" "Its id, as in 'show calls'\n"
      "Ask the peer for another medium, as if the media gateway had heard that it is needed\n"
      "Fax relay\n" "Audio\n")
{
	switch (mapping_ask_medium(g_gw->mapping, strtoul(argv[0], NULL, 10), !strcmp(argv[1], "t38"))) {
	case 0:
		return CMD_SUCCESS;
	case -ENOENT:
		return gw_config_refuse(vty, "there is no call %s: 'show calls' lists those that are up", argv[0]);
	default:
		return gw_config_refuse(vty, "the media gateway has no fax relay: 'fax t38' under 'media static'");
	}
}

void gw_vty_fax_write(struct vty *vty)
{
	const struct media_static_t38 *otherwise = &media_static_t38_default;
	struct media_static_t38 t38;

	if (!media_static_t38(g_gw->media, &t38))
		return;
	vty_out(vty, " fax t38%s", VTY_NEWLINE);
	if (t38.sip.version != otherwise->sip.version)
		vty_out(vty, " fax t38 version %u%s", t38.sip.version, VTY_NEWLINE);
	if (t38.sip.max_bit_rate != otherwise->sip.max_bit_rate)
		vty_out(vty, " fax t38 max-bit-rate %u%s", t38.sip.max_bit_rate, VTY_NEWLINE);
	if (t38.sip.rate != otherwise->sip.rate)
		vty_out(vty, " fax t38 rate-management %s%s", get_value_string(rate_names, t38.sip.rate), VTY_NEWLINE);
	if (t38.sip.max_buffer != otherwise->sip.max_buffer)
		vty_out(vty, " fax t38 max-buffer %u%s", t38.sip.max_buffer, VTY_NEWLINE);
	if (t38.sip.max_datagram != otherwise->sip.max_datagram)
		vty_out(vty, " fax t38 max-datagram %u%s", t38.sip.max_datagram, VTY_NEWLINE);
	if (t38.sip.ec != otherwise->sip.ec)
		vty_out(vty, " fax t38 error-correction %s%s", get_value_string(ec_names, t38.sip.ec), VTY_NEWLINE);
	if (t38.beside)
		vty_out(vty, " fax t38 port rtcp%s", VTY_NEWLINE);
}

void gw_vty_fax_init(void)
{
	install_element(MEDIA_NODE, &cfg_fax_cmd);
	install_element(MEDIA_NODE, &cfg_no_fax_cmd);
	install_element(MEDIA_NODE, &cfg_fax_version_cmd);
	install_element(MEDIA_NODE, &cfg_fax_rate_cmd);
	install_element(MEDIA_NODE, &cfg_fax_management_cmd);
	install_element(MEDIA_NODE, &cfg_fax_buffer_cmd);
	install_element(MEDIA_NODE, &cfg_fax_datagram_cmd);
	install_element(MEDIA_NODE, &cfg_fax_ec_cmd);
	install_element(MEDIA_NODE, &cfg_fax_port_cmd);
	install_element(GATEWAY_NODE, &cfg_fax_offer_cmd);
	install_element(ENABLE_NODE, &call_medium_cmd);
}
