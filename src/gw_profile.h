/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which mapping profile each SIP peer, each circuit group and the gateway has, and what that means to the SIP room. */
#pragma once

#include "gw_config.h"

struct gw;

/* Looks all names up again: after a profile was read or named, a peer made, or what a peer wants of SIP changed. Names
 * that are not known (yet) stand for the gateway's own, and that for rfc3398. */
void gw_profile_apply(struct gw *gw);

/* Gives the names that are not known to cb; returns how many there are. */
unsigned int gw_profile_check(struct gw *gw, gw_problem_cb *cb, void *data);
