/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The medium of a call by its session description: CLEARMODE (RFC 4040) is data, all else is audio. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "isup/isup_par.h"
#include "sip/sip_sdp.h"

struct map_profile;
struct map_table;

extern const struct map_table map_sdp_to_tmr_table;

/* The transmission medium requirement that an offer stands for (enum isup_tmr); that of the profile where it says
 * nothing, or cannot be read (which the media gateway then tells). */
uint8_t map_sdp_to_tmr(const struct map_profile *profile, struct sip_str sdp);

/* Forward call indicators of an IAM that nothing better is known for */
struct isup_fci map_fci_of_medium(const struct map_profile *profile, uint8_t tmr);

/* Does an answer accept the octets of the circuit as they are? */
bool map_sdp_is_data(struct sip_str sdp);
