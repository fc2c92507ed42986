/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user part of a program and the MTPs below it: check, start and stop of its circuit groups. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"

#include "gw_isup.h"
#include "log_cats.h"

/* A group that is shut down, by name: the room below knows only started and stopped */
struct gw_shut {
	struct llist_head entry;
	char *group;
};

struct gw_isup *gw_isup_alloc(void *ctx, struct isup *isup, gw_mtp_alloc_cb *mtp_alloc, gw_call_id_cb *call_id)
{
	struct gw_isup *gi = talloc_zero(ctx, struct gw_isup);

	OSMO_ASSERT(gi);
	gi->isup = isup;
	gi->mtp_alloc = mtp_alloc;
	gi->call_id = call_id;
	INIT_LLIST_HEAD(&gi->shut);
	return gi;
}

static struct gw_shut *find_shut(const struct gw_isup *gi, const struct isup_group *group)
{
	struct gw_shut *shut;

	llist_for_each_entry(shut, &gi->shut, entry) {
		if (!strcmp(shut->group, isup_group_name(group)))
			return shut;
	}
	return NULL;
}

bool gw_isup_is_shut(const struct gw_isup *gi, const struct isup_group *group)
{
	return find_shut(gi, group) != NULL;
}

void gw_isup_set_shut(struct gw_isup *gi, struct isup_group *group, bool shut)
{
	struct gw_shut *entry = find_shut(gi, group);

	if (shut && !entry) {
		entry = talloc_zero(gi, struct gw_shut);
		entry->group = talloc_strdup(entry, isup_group_name(group));
		llist_add_tail(&entry->entry, &gi->shut);
	} else if (!shut && entry) {
		llist_del(&entry->entry);
		talloc_free(entry);
	}
}

/* ---- Check of the meaning ---- */

/* One run of the check over one group */
struct check {
	struct gw_isup *gi;
	struct isup_group *group, *other;
	gw_problem_cb *cb;
	void *data;
	unsigned int n_ranges;
	uint16_t first, last;		/* of the range of group that is compared with other's */
};

static void problem(const struct check *check, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void problem(const struct check *check, const char *fmt, ...)
{
	char object[128], text[256];
	va_list ap;

	snprintf(object, sizeof(object), "circuit-group %s", isup_group_name(check->group));
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	check->cb(object, text, check->data);
}

static void check_overlap(uint16_t first, uint16_t last, void *data)
{
	const struct check *check = data;

	if (first > check->last || last < check->first)
		return;
	problem(check, "circuits %u to %u belong to circuit-group %s too, which has the same destination: "
		"take them out of one of the two", OSMO_MAX(first, check->first), OSMO_MIN(last, check->last),
		isup_group_name(check->other));
}

static void check_range(uint16_t first, uint16_t last, void *data)
{
	struct check *check = data;
	const struct isup_group_cfg *cfg = isup_group_cfg(check->group), *other_cfg;
	struct isup_group *other = NULL;

	check->n_ranges++;
	check->first = first;
	check->last = last;
	/* only those before: an overlap is told once */
	while ((other = isup_group_next(check->gi->isup, other)) && other != check->group) {
		other_cfg = isup_group_cfg(other);
		if (!cfg->dpc_set || !other_cfg->dpc_set || cfg->dpc != other_cfg->dpc
		    || cfg->cs7_instance != other_cfg->cs7_instance
		    || (cfg->opc_set && other_cfg->opc_set && cfg->opc != other_cfg->opc))
			continue;
		check->other = other;
		isup_group_for_each_range(other, check_overlap, check);
	}
}

static struct isup_mtp *get_mtp(struct gw_isup *gi, unsigned int cs7_instance)
{
	if (cs7_instance >= ARRAY_SIZE(gi->mtps))
		return NULL;
	if (!gi->mtps[cs7_instance])
		gi->mtps[cs7_instance] = gi->mtp_alloc(gi, cs7_instance);
	return gi->mtps[cs7_instance];
}

void gw_isup_check_group(struct gw_isup *gi, struct isup_group *group, gw_problem_cb *cb, void *data)
{
	const struct isup_group_cfg *cfg = isup_group_cfg(group);
	struct check check = { .gi = gi, .group = group, .cb = cb, .data = data };
	struct isup_mtp *mtp;

	if (gw_isup_is_shut(gi, group))
		return;
	isup_group_for_each_range(group, check_range, &check);
	if (!check.n_ranges)
		problem(&check, "has no circuits: add 'circuits FIRST LAST', or 'shutdown'");
	if (!cfg->dpc_set)
		problem(&check, "has no destination: add 'destination POINT-CODE', or 'shutdown'");
	mtp = get_mtp(gi, cfg->cs7_instance);
	if (!mtp)
		problem(&check, "cs7 instance %u does not exist, or has no point-code: configure it, or change "
			"'cs7-instance'", cfg->cs7_instance);
	else if (cfg->dpc_set && cfg->dpc == (cfg->opc_set ? cfg->opc : mtp->own_pc))
		problem(&check, "the destination is our own point code: it must be that of the exchange");
}

void gw_isup_check(struct gw_isup *gi, gw_problem_cb *cb, void *data)
{
	struct isup_group *group = NULL;

	while ((group = isup_group_next(gi->isup, group)))
		gw_isup_check_group(gi, group, cb, data);
}

/* ---- Start ---- */

int gw_isup_start_group(struct gw_isup *gi, struct isup_group *group, char *err, size_t err_size)
{
	struct isup_mtp *mtp = get_mtp(gi, isup_group_cfg(group)->cs7_instance);

	if (!mtp) {
		snprintf(err, err_size, "cs7 instance %u does not exist, or has no point-code",
			 isup_group_cfg(group)->cs7_instance);
		return -ENODEV;
	}
	return isup_group_start(group, mtp, err, err_size);
}

unsigned int gw_isup_start_all(struct gw_isup *gi, gw_problem_cb *cb, void *data)
{
	struct isup_group *group = NULL;
	unsigned int failed = 0;
	char object[128], err[256];

	gi->running = true;
	while ((group = isup_group_next(gi->isup, group))) {
		if (gw_isup_is_shut(gi, group) || isup_group_started(group))
			continue;
		err[0] = '\0';
		if (gw_isup_start_group(gi, group, err, sizeof(err)) == 0)
			continue;
		snprintf(object, sizeof(object), "circuit-group %s", isup_group_name(group));
		cb(object, err, data);
		failed++;
	}
	return failed;
}
