/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialects that are built in. */

#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"

const struct isup_dialect isup_dialect_itu = {
	.name = "itu",
	.title = "ITU-T Q.761-Q.764 (12/1999)",
	.msgs = isup_q763_msgs,
	.pars = isup_q763_pars,
	.pc_bits = 14,
	.cic_bits = 12,
	.range_max = 31,
};

static const struct isup_dialect *const dialects[] = {
	&isup_dialect_itu,
};

const struct isup_dialect *isup_dialect_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(dialects); i++) {
		if (strcmp(dialects[i]->name, name) == 0)
			return dialects[i];
	}
	return NULL;
}
