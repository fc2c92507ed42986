/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user part of a program and the MTPs below it: check, start and stop of its circuit groups. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
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

/* One range of circuits, and where it leads */
struct range {
	struct isup_group *group;
	unsigned int cs7_instance;
	uint32_t opc, dpc;
	uint16_t first, last;
	unsigned int order;		/* of configuration */
};

/* One run of the check */
struct check {
	struct gw_isup *gi;
	gw_problem_cb *cb;
	void *data;
	struct range next;		/* what ranges of the group that is looked at have in common */
	struct range *ranges;		/* of all groups, to be sorted */
	unsigned int n;
};

void gw_group_problem(gw_problem_cb *cb, void *data, const struct isup_group *group, const char *fmt, ...)
{
	char object[128], text[256];
	va_list ap;

	snprintf(object, sizeof(object), "circuit-group %s", isup_group_name(group));
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	cb(object, text, data);
}

static void add_range(uint16_t first, uint16_t last, void *data)
{
	struct check *check = data;
	struct range *range;

	if (check->n % 64 == 0)
		check->ranges = talloc_realloc(check->gi, check->ranges, struct range, check->n + 64);
	OSMO_ASSERT(check->ranges);
	range = &check->ranges[check->n];
	*range = check->next;
	range->first = first;
	range->last = last;
	range->order = check->n++;
}

static bool same_way(const struct range *a, const struct range *b)
{
	return a->cs7_instance == b->cs7_instance && a->opc == b->opc && a->dpc == b->dpc;
}

static int compare_ranges(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	if (x->cs7_instance != y->cs7_instance)
		return x->cs7_instance > y->cs7_instance ? 1 : -1;
	if (x->dpc != y->dpc)
		return x->dpc > y->dpc ? 1 : -1;
	if (x->opc != y->opc)
		return x->opc > y->opc ? 1 : -1;
	return x->first != y->first ? x->first - y->first : (int)x->order - (int)y->order;
}

/* Sorted: of those that begin before this one, that which goes on longest is the one to compare with. */
static void check_overlaps(struct check *check)
{
	const struct range *before = NULL, *range;

	qsort(check->ranges, check->n, sizeof(check->ranges[0]), compare_ranges);
	for (range = check->ranges; range < check->ranges + check->n; range++) {
		if (before && !same_way(before, range))
			before = NULL;
		if (before && range->first <= before->last)
			gw_group_problem(check->cb, check->data, range->group,
					 "circuits %u to %u belong to circuit-group %s too, which has the "
				"same destination: take them out of one of the two", range->first,
				OSMO_MIN(range->last, before->last), isup_group_name(before->group));
		if (!before || range->last > before->last)
			before = range;
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

static void check_group(struct check *check, struct isup_group *group)
{
	const struct isup_group_cfg *cfg = isup_group_cfg(group);
	const struct isup_mtp *mtp = get_mtp(check->gi, cfg->cs7_instance);
	unsigned int n = check->n;

	check->next = (struct range){
		.group = group, .cs7_instance = cfg->cs7_instance,
		.opc = cfg->opc_set || !mtp ? cfg->opc : mtp->own_pc, .dpc = cfg->dpc,
	};
	isup_group_for_each_range(group, add_range, check);
	if (check->n == n)
		gw_group_problem(check->cb, check->data, group,
				 "has no circuits: add 'circuits FIRST LAST', or 'shutdown'");
	if (!cfg->dpc_set)
		gw_group_problem(check->cb, check->data, group,
				 "has no destination: add 'destination POINT-CODE', or 'shutdown'");
	if (!mtp)
		gw_group_problem(check->cb, check->data, group,
				 "cs7 instance %u does not exist, or has no point-code: configure it, or change "
			"'cs7-instance'", cfg->cs7_instance);
	else if (mtp->one_pc && check->next.opc != mtp->own_pc)
		gw_group_problem(check->cb, check->data, group,
				 "point-code is not that of cs7 instance %u, which has no other: add a cs7 "
			"instance that has it", cfg->cs7_instance);
	else if (cfg->dpc_set && cfg->dpc == check->next.opc)
		gw_group_problem(check->cb, check->data, group,
				 "the destination is our own point code: it must be that of the exchange");
	if (!cfg->dpc_set)
		check->n = n;
}

void gw_isup_check(struct gw_isup *gi, gw_problem_cb *cb, void *data)
{
	struct check check = { .gi = gi, .cb = cb, .data = data };
	struct isup_group *group = NULL;

	while ((group = isup_group_next(gi->isup, group))) {
		if (!gw_isup_is_shut(gi, group))
			check_group(&check, group);
	}
	if (check.n)
		check_overlaps(&check);
	talloc_free(check.ranges);
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
