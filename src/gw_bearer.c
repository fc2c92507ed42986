/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bearers of the ISUP room by the media gateway: the seam of one on the media SAP of the other. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "isup/isup_circuit.h"
#include "isup/isup_cot.h"
#include "isup/isup_par.h"
#include "mapping/media.h"

#include "gw_bearer.h"

/* ---- Continuity check ---- */

struct gw_check {
	struct media *media;
	struct media_check *check;
	struct isup_cot *cot;
};

static bool able(const struct isup_group *group, void *data)
{
	const struct media *media = data;

	return media->ops->check_start;
}

static void check_cb(bool good, void *user)
{
	const struct gw_check *check = user;

	isup_cot_result(check->cot, good);
}

static void *start(struct isup_cot *cot, enum isup_cot_end end, void *data)
{
	static const enum media_check_end ends[] = {
		[ISUP_COT_TONE] = MEDIA_CHECK_TONE, [ISUP_COT_LOOP] = MEDIA_CHECK_LOOP,
	};
	const struct media_bearer bearer = {
		.group = isup_group_name(isup_cot_group(cot)),
		.cic = isup_cot_cic(cot),
		.tmr = ISUP_TMR_64K_UNRESTRICTED,
	};
	struct media *media = data;
	struct gw_check *check = talloc_zero(media, struct gw_check);
	int rc;

	if (!check)
		return NULL;
	check->media = media;
	check->cot = cot;
	rc = media->ops->check_start(media, &bearer, ends[end], check_cb, check, &check->check);
	if (rc == 0 || rc == -EINPROGRESS)
		return check;
	talloc_free(check);
	return NULL;
}

static void stop(void *bearer, void *data)
{
	struct gw_check *check = bearer;

	check->media->ops->check_stop(check->check);
	talloc_free(check);
}

/* ---- Loss and return ---- */

static bool there(const struct isup_group *group, uint16_t cic, void *data)
{
	struct media *media = data;

	return !media->ops->bearer_there || media->ops->bearer_there(media, isup_group_name(group), cic);
}

static void bearers_cb(const char *name, uint16_t first, uint16_t last, bool there, void *user)
{
	struct isup_group *group = NULL;

	while ((group = isup_group_next(user, group))) {
		if (name && strcmp(name, isup_group_name(group)))
			continue;
		if (there)
			isup_bearers_back(group, first, last);
		else
			isup_bearers_lost(group, first, last);
	}
}

static const struct isup_bearer_ops bearer_ops = { .able = able, .start = start, .stop = stop, .there = there };

void gw_bearer_init(struct isup *isup, struct media *media)
{
	media->bearers_cb = bearers_cb;
	media->bearers_user = isup;
	isup_set_bearer(isup, &bearer_ops, media);
}
