/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calling party's category that an INVITE asks for. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct isup_dialect;
struct sip_msg;

/* Its value in this dialect; ordinary where a trusted peer says nothing that the dialect has a value for, and where the
 * peer is not trusted. */
uint8_t map_category_from_invite(const struct sip_msg *invite, bool trusted, const struct isup_dialect *dialect);
