/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flight recorder: every message that crossed one of the two SAPs, in one ring, rendered only when shown. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct iwu_ladder;
struct isup_msg;
struct isup_prim;
struct sip_prim;

/* octets 0: nothing is recorded, lines are still logged. NULL where there is no memory. */
struct iwu_ladder *iwu_ladder_alloc(void *ctx, size_t octets);

/* One crossing: recorded, and logged as a line (DLADDER, INFO). */
void iwu_ladder_isup(struct iwu_ladder *ladder, uint32_t call_id, uint16_t cic, const struct isup_prim *prim);
void iwu_ladder_sip(struct iwu_ladder *ladder, uint32_t call_id, const struct sip_prim *prim);

/* Calls cb with each line of the call, oldest first; returns how many. */
int iwu_ladder_print(const struct iwu_ladder *ladder, uint32_t call_id, void (*cb)(const char *line, void *data),
		     void *data);
/* The media address of the peer's latest session description, "192.0.2.1:4000"; false where it is not recorded (any
 * more) */
bool iwu_ladder_remote_media(const struct iwu_ladder *ladder, uint32_t call_id, char *buf, size_t size);
/* Ids of the calls it has something of, newest (highest) first; returns how many. */
size_t iwu_ladder_ids(const struct iwu_ladder *ladder, uint32_t *ids, size_t max);
