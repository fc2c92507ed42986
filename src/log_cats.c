/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log categories of the two programs: one table put together from those of the rooms. */

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "log_cats.h"

static const struct log_info_cat src_log_cats[] = {
	[DGW - LOG_BASE_SRC] = {
		.name = "DGW", .description = "Start, stop and configuration",
		.color = OSMO_LOGCOLOR_BRIGHTWHITE, .loglevel = LOGL_NOTICE, .enabled = 1,
	},
	[DMEDIA - LOG_BASE_SRC] = {
		.name = "DMEDIA", .description = "Media contexts: SDP, RTP addresses",
		.color = OSMO_LOGCOLOR_DARKCYAN, .loglevel = LOGL_NOTICE, .enabled = 1,
	},
	[DSIM - LOG_BASE_SRC] = {
		.name = "DSIM", .description = "Simulated exchange",
		.color = OSMO_LOGCOLOR_PURPLE, .loglevel = LOGL_NOTICE, .enabled = 1,
	},
};

/* Indices between two rooms' categories stay without a name: the library skips them. */
const struct log_info *log_cats_assemble(void *ctx, const struct log_cats_part *parts)
{
	struct log_info *info = talloc_zero(ctx, struct log_info);
	struct log_info_cat *cats = talloc_zero_array(info, struct log_info_cat, _SRC_LOG_END);

	for (; parts->cats; parts++) {
		OSMO_ASSERT(parts->base + parts->count <= LOG_BASE_SRC);
		memcpy(&cats[parts->base], parts->cats, parts->count * sizeof(*cats));
	}
	memcpy(&cats[LOG_BASE_SRC], src_log_cats, sizeof(src_log_cats));
	info->cat = cats;
	info->num_cat = _SRC_LOG_END;
	return info;
}
