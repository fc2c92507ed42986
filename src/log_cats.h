/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log categories of the two programs: their own, and how the rooms' are put together into one table. */
#pragma once

#include <stddef.h>

#include <osmocom/core/logging.h>

#include "isup/isup.h"

enum src_log_cat { DGW = LOG_BASE_SRC, DMEDIA, DSIM, _SRC_LOG_END };

/* The categories of one room and the index of its first one */
struct log_cats_part {
	unsigned int base;
	const struct log_info_cat *cats;
	size_t count;
};

/* One table of the parts (which end with an empty one) and src's own, for osmo_init_logging2(); lives in ctx. */
const struct log_info *log_cats_assemble(void *ctx, const struct log_cats_part *parts);
