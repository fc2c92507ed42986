/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls ended for others of more precedence: causes 8 and 9 of Q.850, and the Reason header of RFC 4411. */
#pragma once

#include <stdint.h>

#include "mapping/map_table.h"
#include "sip/sip_build.h"
#include "sip/sip_msg.h"

struct map_profile;

extern const struct map_table map_cause_to_preemption_table, map_preemption_to_cause_table;

/* A second Reason line for a BYE, where the cause is one of preemption */
void map_put_preemption(struct sip_buf *buf, const struct map_profile *profile, uint8_t cause_value);
/* The cause that the Reason header of a request or response stands for; 0: it says nothing of preemption */
uint8_t map_preemption_cause(const struct map_profile *profile, const struct sip_msg *msg);
