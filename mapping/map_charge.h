/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the carrier was chosen, where the caller is; the rules are in map_iam_priv.h. */
#pragma once

#include "mapping/map_table.h"
#include "sip/sip_msg.h"

/* The location number in a value of P-Access-Network-Info, as written; false: there is none */
bool map_access_location(struct sip_str *hex, struct sip_str list);

extern const struct map_table map_dai_to_selection_table, map_selection_to_dai_table;
