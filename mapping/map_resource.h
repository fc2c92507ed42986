/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resource-Priority (RFC 4412): the calling party's category and the MLPP precedence that it stands for, both ways. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "mapping/map_table.h"

struct isup_dialect;
struct map_profile;
struct sip_msg;

extern const struct map_table map_category_to_resource_table, map_precedence_to_resource_table,
	map_resource_to_category_table, map_resource_to_precedence_table;

/* The category that a priority stands for, by the word that this dialect has for it; false where it stands for none */
bool map_resource_category(const struct map_profile *profile, const struct sip_msg *invite,
			   const struct isup_dialect *dialect, uint8_t *category);

/* RFC 4412 4.6.2, 4.6.4: INVITE with Require: resource-priority. 0; 417 where no value of it is known, 403 where the
 * peer may not ask for it. */
uint16_t map_resource_refusal(const struct map_profile *profile, const struct sip_msg *invite, bool trusted);
/* "Accept-Resource-Priority: …": what the tables know. Returns what snprintf() would. */
#define MAP_ACCEPT_RESOURCE_MAX 512
int map_resource_accept_buf(char *buf, size_t size, const struct map_profile *profile);
