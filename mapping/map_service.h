/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bearer and call indicators: what the gateway says of a call's service towards ISUP, and what it can carry. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "mapping/map_profile.h"

struct map_table;

extern const struct map_table map_overlap_wait_table, map_q1912_overlap_wait_table;
extern const struct map_table map_tmr_table;

/* Q.931 4.5.17: high layer characteristics identification of facsimile group 2 or 3 (F.182) */
#define MAP_HLC_FAX 4

/* Are more digits waited for after this refusal of an INVITE? */
bool map_overlap_waits(const struct map_profile *profile, uint16_t status);

/* Whether SIP has anything for what an IAM asks of the medium: 0, or cause 65 (bearer capability not implemented). */
uint8_t map_tmr_to_cause(const struct map_profile *profile, uint8_t tmr);

/* Q.735.1, Q.1912.5 B.12: a call of a closed user group that may not go on; carried: its IAM does, encapsulated */
bool map_cug_refuses(enum map_cug mode, const struct isup_msg *iam, bool carried);

/* Optional backward call indicators: in-band information is available now; everything else unsaid */
void map_obci_inband(struct isup_obci *obci);
/* Event information of a CPG; event: enum isup_event. */
void map_event_info(struct isup_event_info *info, uint8_t event);
