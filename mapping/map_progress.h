/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens between set-up and answer: ACM and CPG to 18x, 18x to ACM and CPG, 2xx to ANM and CON. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "isup/isup_msg.h"

struct map_profile;
struct map_table;

extern const struct map_table map_acm_to_18x_table;
extern const struct map_table map_event_to_18x_table;
extern const struct map_table map_18x_to_isup_table;

/* A provisional response: its status, and whether it opens early media with our SDP */
struct map_18x {
	uint16_t status;
	bool early_media;
};

/* RFC 3398 7.2.5, 7.2.6. A message without backward call indicators says nothing of the called party. */
struct map_18x map_acm_to_18x(const struct map_profile *profile, const struct isup_msg *acm);
/* RFC 3398 7.2.9 */
struct map_18x map_cpg_to_18x(const struct map_profile *profile, const struct isup_msg *cpg);

/* What a provisional response becomes: an ACM with this called party's status, a CPG with this event, or one after
 * the other */
struct map_backward {
	int acm_status;			/* enum isup_called_status, MAP_NO_ACM */
	uint8_t event;			/* enum isup_event; 0: no CPG */
};
#define MAP_NO_ACM (-1)

/* RFC 3398 8.2.3; early_media: the peer's SDP came with it */
struct map_backward map_18x_to_isup(const struct map_profile *profile, uint16_t status, bool acm_sent,
				    bool early_media);

/* RFC 3398 8.2.3, 8.2.4: whole messages. inband: in-band information is available now. */
void map_acm_init(struct isup_msg *msg, const struct isup_dialect *dialect, const struct map_profile *profile,
		  uint8_t called_status, bool inband);
void map_cpg_init(struct isup_msg *msg, const struct isup_dialect *dialect, uint8_t event);
void map_anm_init(struct isup_msg *msg, const struct isup_dialect *dialect);
void map_con_init(struct isup_msg *msg, const struct isup_dialect *dialect, const struct map_profile *profile);
