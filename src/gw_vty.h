/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nodes of the VTY of both programs, and what their files give each other. */
#pragma once

#include <stdlib.h>

#include <osmocom/vty/command.h>
#include <osmocom/vty/vty.h>

enum gw_node {
	ISUP_NODE = _LAST_OSMOVTY_NODE + 1,
	GROUP_NODE,
	SIP_NODE,
	PEER_NODE,
	TLS_NODE,
	MEDIA_NODE,
	GATEWAY_NODE,
	SIM_NODE,
	SIM_ANSWER_NODE,
};

/* A number whose range the VTY has checked already */
static inline unsigned int gw_vty_uint(const char *digits)
{
	return strtoul(digits, NULL, 10);
}

/* show isup message, show isup parameter: the rows of the codec (gw_vty_codec.c) */
struct gw_isup;
void gw_vty_codec_init(struct gw_isup *gi);

/* ---- isupgw only ---- */

struct gw;
struct gw_isup;
struct map_end_cfg;
struct osmo_sockaddr;

/* The program's one; VTY commands get no pointer of ours. */
extern struct gw *g_gw;

/* All of isupgw's nodes and commands (gw_vty.c) */
void gw_vty_init(struct gw *gw);
/* vty_app_info's */
int gw_vty_go_parent(struct vty *vty);
int gw_vty_is_consistent(struct vty *vty);

void gw_vty_sip_init(void);
/* Their parts of nodes sip and peer, and of writing them */
void gw_vty_sip_call_init(void);
struct sip_call_cfg;
void gw_vty_sip_call_write(struct vty *vty, const struct sip_call_cfg *cfg);
void gw_vty_sip_conn_init(void);
void gw_vty_sip_conn_write(struct vty *vty);
void gw_vty_sip_tls_init(void);
void gw_vty_sip_tls_write(struct vty *vty);
struct sip_peer_cfg;
void gw_vty_sip_dns_init(void);
void gw_vty_sip_dns_write(struct vty *vty);
void gw_vty_sip_peer_init(void);
void gw_vty_sip_peer_write(struct vty *vty, struct sip_peer_cfg *cfg);
void gw_vty_mapping_init(void);
void gw_vty_detail_init(void);
/* Routes: commands of node gateway, and of writing it; one as it is configured; numbers from a peer or group */
struct route;
struct route_rules;
void gw_vty_route_init(void);
void gw_vty_route_show_init(void);
void gw_vty_route_write(struct vty *vty);
void gw_vty_route_line(struct vty *vty, const char *before, const struct route *route);
void gw_vty_number_init(void);
void gw_vty_number_write(struct vty *vty, const struct route_rules *rules);
/* What the peer or circuit group of this node has of mapping; made where there is none yet */
struct map_end_cfg *gw_vty_end_cfg(struct vty *vty);
void gw_vty_profile_init(struct gw_isup *gi);
/* The lines of node gateway, of a peer or circuit group */
void gw_vty_profile_write_gateway(struct vty *vty);
void gw_vty_profile_write(struct vty *vty, const struct map_end_cfg *cfg);
/* What mapping knows of the peer or circuit group of this node; made where there is nothing yet */
struct map_end_cfg *gw_vty_end_cfg(struct vty *vty);
struct map_numbers;
void gw_vty_numbers_init(void);
void gw_vty_numbers_write(struct vty *vty, const struct map_numbers *numbers);
void gw_vty_numbers_write_gateway(struct vty *vty);
void gw_vty_cug_init(void);
void gw_vty_cug_write(struct vty *vty, const struct map_end_cfg *cfg);
void gw_vty_fax_init(void);
void gw_vty_fax_write(struct vty *vty);
void gw_vty_fax_write_gateway(struct vty *vty);
void gw_vty_overlap_init(void);
void gw_vty_overlap_write(struct vty *vty, const struct map_end_cfg *cfg);
void gw_vty_calendar_init(void);
void gw_vty_calendar_write(struct vty *vty);
void gw_vty_redirection_write(struct vty *vty, const struct map_end_cfg *cfg);

/* Address and port as the VTY has matched them */
int gw_vty_addr(struct vty *vty, struct osmo_sockaddr *addr, const char *ip, const char *port);
