/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ISUP messages of one dialect in the words of another: what both have is said, what is lost is listed. */
#pragma once

#include <stdbool.h>

#include "isup/isup_msg.h"

/* What a message of the other dialect cannot say: "bci(holding) charge_number …", words of the first dialect's rows;
 * cut where it is too long */
struct map_lost {
	unsigned int n;			/* parameters, whole or in part */
	char text[128];
};

/* Do both write their messages in the same way? Then nothing needs to be converted. */
bool map_convert_same(const struct isup_dialect *a, const struct isup_dialect *b);

/* from, whose parameters may be used, in another dialect. Parameters that both have by the same row go over octet for
 * octet, those that they write differently field by field, by the words of their values; parameters that the other
 * dialect does not know are lost, as nobody there could say what is to be done with them (Q.764 2.9.5.3).
 * Returns 0; -ENOENT where it has no such message, -EINVAL where a mandatory parameter is missing then. */
int map_convert(struct isup_msg *to, const struct isup_dialect *dialect, const struct isup_msg *from,
		struct map_lost *lost);
