/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which mapping profile each SIP peer, each circuit group and the gateway has, and what that means to the SIP room. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gw_config.h"

struct gw;

/* Looks all names up again: after a profile was read or named, a peer made, or what a peer wants of SIP changed. Names
 * that are not known (yet) stand for the gateway's own, and that for rfc3398. */
void gw_profile_apply(struct gw *gw);

/* Whether something is configured with the profile of this name; the first such is written to by. */
bool gw_profile_is_named(const struct gw *gw, const char *name, char *by, size_t size);

/* Gives the names that are not known to cb; returns how many there are. */
unsigned int gw_profile_check(struct gw *gw, gw_problem_cb *cb, void *data);
