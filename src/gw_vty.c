/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of isupgw: puts its nodes together; node media static, show gateway, the check before a write. */

#include <inttypes.h>
#include <string.h>

#include <osmocom/core/tdef.h>
#include <osmocom/core/utils.h>
#include <osmocom/sigtran/osmo_ss7.h>
#include <osmocom/vty/logging.h>
#include <osmocom/vty/misc.h>
#include <osmocom/vty/stats.h>
#include <osmocom/vty/tdef_vty.h>

#include "gw.h"
#include "gw_vty.h"
#include "media_static.h"

struct gw *g_gw;

static struct cmd_node media_node = { MEDIA_NODE, "%s(config-media)# ", 1 };

/* ---- Node media static ---- */

DEFUN(cfg_media, cfg_media_cmd,
      "media static", "Configure the media gateway\n"
      "One that needs no telling: a set address, and a port computed from the circuit\n")
{
	gw_config_note(vty, "media static");
	vty->node = MEDIA_NODE;
	return CMD_SUCCESS;
}

static int set_address(struct vty *vty, const char *group, const char *address)
{
	struct osmo_sockaddr addr;

	if (gw_vty_addr(vty, &addr, address, "1") < 0)
		return CMD_WARNING;
	if (media_static_set_address(g_gw->media, group, address) < 0)
		return gw_config_refuse(vty, "address %s: the address of a media gateway is needed", address);
	return CMD_SUCCESS;
}

#define ADDRESS_STR "Where the media gateway has its RTP\n"

DEFUN_ATTR(cfg_media_address, cfg_media_address_cmd,
      "address " VTY_IPV46_CMD, ADDRESS_STR "IPv4 address\n" "IPv6 address\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_address(vty, NULL, argv[0]);
}

DEFUN_ATTR(cfg_media_group_address, cfg_media_group_address_cmd,
      "address circuit-group NAME " VTY_IPV46_CMD, ADDRESS_STR "Of one circuit group\n" "Its name\n"
      "IPv4 address\n" "IPv6 address\n",
      CMD_ATTR_IMMEDIATE)
{
	gw_config_note(vty, "media static circuit-group %s", argv[0]);
	return set_address(vty, argv[0], argv[1]);
}

DEFUN_ATTR(cfg_media_no_group_address, cfg_media_no_group_address_cmd,
      "no address circuit-group NAME", NO_STR ADDRESS_STR "Of one circuit group: use the general one\n" "Its name\n",
      CMD_ATTR_IMMEDIATE)
{
	media_static_set_address(g_gw->media, argv[0], NULL);
	return CMD_SUCCESS;
}

static int set_base_port(struct vty *vty, const char *group, const char *port)
{
	if (media_static_set_base_port(g_gw->media, group, gw_vty_uint(port)) == 0)
		return CMD_SUCCESS;
	return gw_config_refuse(vty, "base-port %s: RTP ports are even", port);
}

#define BASE_PORT_STR "RTP port of circuit 0; circuit N has this + 2 x N\n"

DEFUN_ATTR(cfg_media_base_port, cfg_media_base_port_cmd,
      "base-port <1024-65534>", BASE_PORT_STR "Even port\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_base_port(vty, NULL, argv[0]);
}

DEFUN_ATTR(cfg_media_group_base_port, cfg_media_group_base_port_cmd,
      "base-port circuit-group NAME <1024-65534>", BASE_PORT_STR "Of one circuit group\n" "Its name\n"
      "Even port\n",
      CMD_ATTR_IMMEDIATE)
{
	gw_config_note(vty, "media static circuit-group %s", argv[0]);
	return set_base_port(vty, argv[0], argv[1]);
}

DEFUN_ATTR(cfg_media_no_group_base_port, cfg_media_no_group_base_port_cmd,
      "no base-port circuit-group NAME", NO_STR BASE_PORT_STR "Of one circuit group: use the general one\n"
      "Its name\n",
      CMD_ATTR_IMMEDIATE)
{
	return set_base_port(vty, argv[0], "0");
}

DEFUN_ATTR(cfg_media_codec, cfg_media_codec_cmd,
      "codec (pcma|pcmu)", "Codecs that the media gateway has, in order of preference\n" "G.711 A-law\n"
      "G.711 mu-law\n",
      CMD_ATTR_IMMEDIATE)
{
	enum media_static_codec codec = get_string_value(media_static_codec_names, argv[0]);

	media_static_set_codecs(g_gw->media, &codec, 1);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_media_codecs, cfg_media_codecs_cmd,
      "codec (pcma|pcmu) (pcma|pcmu)", "Codecs that the media gateway has, in order of preference\n"
      "G.711 A-law\n" "G.711 mu-law\n" "G.711 A-law\n" "G.711 mu-law\n",
      CMD_ATTR_IMMEDIATE)
{
	enum media_static_codec codecs[] = {
		get_string_value(media_static_codec_names, argv[0]),
		get_string_value(media_static_codec_names, argv[1]),
	};

	if (media_static_set_codecs(g_gw->media, codecs, ARRAY_SIZE(codecs)) == 0)
		return CMD_SUCCESS;
	return gw_config_refuse(vty, "codec %s %s: name each codec once", argv[0], argv[1]);
}

DEFUN_ATTR(cfg_media_clearmode, cfg_media_clearmode_cmd,
      "clearmode", "The media gateway has CLEARMODE (RFC 4040): calls for 64 kbit/s unrestricted are carried\n",
      CMD_ATTR_IMMEDIATE)
{
	media_static_set_clearmode(g_gw->media, true);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_media_no_clearmode, cfg_media_no_clearmode_cmd,
      "no clearmode", NO_STR "Calls for 64 kbit/s unrestricted are refused: cause 65, 488\n",
      CMD_ATTR_IMMEDIATE)
{
	media_static_set_clearmode(g_gw->media, false);
	return CMD_SUCCESS;
}

#define CHECK_STR "Continuity checks, of which this media gateway knows no more than what is said here\n"

DEFUN_ATTR(cfg_media_check, cfg_media_check_cmd,
      "continuity-check tone (heard|lost)", CHECK_STR "The tone sent on a circuit\n" "Comes back: checks succeed\n"
      "Does not: checks fail\n",
      CMD_ATTR_IMMEDIATE)
{
	media_static_set_check(g_gw->media, get_string_value(media_static_check_names, argv[0]));
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_media_no_check, cfg_media_no_check_cmd,
      "no continuity-check", NO_STR "The media gateway cannot check\n",
      CMD_ATTR_IMMEDIATE)
{
	media_static_set_check(g_gw->media, MEDIA_STATIC_CHECK_NONE);
	return CMD_SUCCESS;
}

static void write_media_group(const char *group, void *data)
{
	const char *address = media_static_address(g_gw->media, group);
	uint16_t port = media_static_base_port(g_gw->media, group);
	struct vty *vty = data;

	if (*address)
		vty_out(vty, " address circuit-group %s %s%s", group, address, VTY_NEWLINE);
	if (port)
		vty_out(vty, " base-port circuit-group %s %u%s", group, port, VTY_NEWLINE);
}

static int config_write_media(struct vty *vty)
{
	enum media_static_codec codecs[_MEDIA_STATIC_CODECS];
	unsigned int n = media_static_codecs(g_gw->media, codecs), i;

	vty_out(vty, "media static%s", VTY_NEWLINE);
	if (*media_static_address(g_gw->media, NULL))
		vty_out(vty, " address %s%s", media_static_address(g_gw->media, NULL), VTY_NEWLINE);
	vty_out(vty, " base-port %u%s", media_static_base_port(g_gw->media, NULL), VTY_NEWLINE);
	media_static_for_each_group(g_gw->media, write_media_group, vty);
	vty_out(vty, " codec");
	for (i = 0; i < n; i++)
		vty_out(vty, " %s", get_value_string(media_static_codec_names, codecs[i]));
	vty_out(vty, "%s", VTY_NEWLINE);
	if (media_static_clearmode(g_gw->media))
		vty_out(vty, " clearmode%s", VTY_NEWLINE);
	gw_vty_fax_write(vty);
	if (media_static_check(g_gw->media) != MEDIA_STATIC_CHECK_NONE)
		vty_out(vty, " continuity-check tone %s%s",
			get_value_string(media_static_check_names, media_static_check(g_gw->media)), VTY_NEWLINE);
	return CMD_SUCCESS;
}

/* ---- show gateway ---- */

DEFUN(show_gateway, show_gateway_cmd,
      "show gateway", SHOW_STR "State of the gateway, calls on each side\n")
{
	static const char *const states[] = {
		[GW_CONFIG] = "starting", [GW_RUNNING] = "running",
		[GW_STOPPING] = "stopping", [GW_STOPPED] = "stopped",
	};

	vty_out(vty, "State: %s, up for ", states[g_gw->state]);
	vty_out_uptime(vty, &g_gw->start_time);
	vty_out(vty, "%sCalls: %u; legs: %u ISUP, %u SIP; media contexts: %u%s", VTY_NEWLINE, g_gw->mapping->n_calls,
		isup_call_count(g_gw->isup), sip_call_count(g_gw->sip), media_static_open_count(g_gw->media),
		VTY_NEWLINE);
	vty_out_rate_ctr_group(vty, " ", g_gw->mapping->ctrs);
	return CMD_SUCCESS;
}

/* ---- The whole ---- */

static void print_problem(const char *object, const char *text, void *data)
{
	struct vty *vty = data;

	vty_out(vty, "%% %s: %s%s", object, text, VTY_NEWLINE);
}

DEFUN(check_config, check_config_cmd,
      "check configuration", "Check something\n" "Check the configuration for its meaning, as at start\n")
{
	unsigned int n = gw_check(g_gw, print_problem, vty);

	vty_out(vty, "%u problems%s", n, VTY_NEWLINE);
	return n ? CMD_WARNING : CMD_SUCCESS;
}

/* What would not start again is not written. */
int gw_vty_is_consistent(struct vty *vty)
{
	return gw_check(g_gw, print_problem, vty) == 0;
}

int gw_vty_go_parent(struct vty *vty)
{
	gw_vty_isup_go_parent(vty);
	/* works on its own nodes only; what it sets in others is put right by the caller */
	osmo_ss7_vty_go_parent(vty);
	return 0;
}

static void install_media_node(void)
{
	install_node(&media_node, config_write_media);
	install_element(CONFIG_NODE, &cfg_media_cmd);
	install_element(MEDIA_NODE, &cfg_media_address_cmd);
	install_element(MEDIA_NODE, &cfg_media_group_address_cmd);
	install_element(MEDIA_NODE, &cfg_media_no_group_address_cmd);
	install_element(MEDIA_NODE, &cfg_media_base_port_cmd);
	install_element(MEDIA_NODE, &cfg_media_group_base_port_cmd);
	install_element(MEDIA_NODE, &cfg_media_no_group_base_port_cmd);
	install_element(MEDIA_NODE, &cfg_media_codec_cmd);
	install_element(MEDIA_NODE, &cfg_media_codecs_cmd);
	install_element(MEDIA_NODE, &cfg_media_clearmode_cmd);
	install_element(MEDIA_NODE, &cfg_media_no_clearmode_cmd);
	install_element(MEDIA_NODE, &cfg_media_check_cmd);
	install_element(MEDIA_NODE, &cfg_media_no_check_cmd);
}

/* Groups of "timer GROUP Tn"; the library keeps this pointer. */
static struct osmo_tdef_group tdef_groups[] = {
	{ .name = "call", .desc = "Interworked calls" },
	{ .name = "gateway", .desc = "The gateway itself" },
	{}
};

void gw_vty_init(struct gw *gw)
{
	g_gw = gw;
	gw_vty_isup_init(gw->gi);
	gw_vty_sip_init();
	install_media_node();
	gw_vty_mapping_init();
	gw_vty_fax_init();
	gw_vty_profile_init(gw->gi);
	gw_vty_numbers_init();
	gw_vty_cug_init();
	gw_vty_overlap_init();
	tdef_groups[0].tdefs = gw->mapping->tdefs;
	tdef_groups[1].tdefs = gw->tdefs;
	osmo_tdef_vty_groups_init(GATEWAY_NODE, tdef_groups);
	install_element_ve(&show_gateway_cmd);
	install_element(ENABLE_NODE, &check_config_cmd);
}
