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
	MEDIA_NODE,
	GATEWAY_NODE,
	SIM_NODE,
};

/* A number whose range the VTY has checked already */
static inline unsigned int gw_vty_uint(const char *digits)
{
	return strtoul(digits, NULL, 10);
}
