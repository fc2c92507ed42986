/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles made while the program runs: copies of built-in ones, their rows, and how long they live. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "mapping/iwu.h"
#include "mapping/map_profile_own.h"

/* ---- Making one ---- */

static int copy_rules(struct map_profile_own *own, const struct map_profile *base)
{
	size_t n;

	for (n = 0; base->iam_to_invite[n].clause; n++)
		;
	own->iam_to_invite = talloc_memdup(own, base->iam_to_invite, (n + 1) * sizeof(*own->iam_to_invite));
	for (n = 0; base->invite_to_iam[n].clause; n++)
		;
	own->invite_to_iam = talloc_memdup(own, base->invite_to_iam, (n + 1) * sizeof(*own->invite_to_iam));
	own->profile.iam_to_invite = own->iam_to_invite;
	own->profile.invite_to_iam = own->invite_to_iam;
	own->profile.carried = &own->carried;
	own->carried = *base->carried;
	return own->iam_to_invite && own->invite_to_iam ? 0 : -ENOMEM;
}

struct map_profile_own *map_profile_own_alloc(void *ctx, const char *name, const struct map_profile *base)
{
	struct map_profile_own *own = talloc_zero(ctx, struct map_profile_own);

	if (!own)
		return NULL;
	own->profile = *base;
	own->profile.name = talloc_strdup(own, name);
	own->profile.base = base->base ? base->base : base->name;
	for (unsigned int use = 0; use < _MAP_TABLE_COUNT; use++) {
		own->tables[use] = *base->tables[use];
		own->profile.tables[use] = &own->tables[use];
	}
	if (own->profile.name && copy_rules(own, base) == 0)
		return own;
	talloc_free(own);
	return NULL;
}

static bool is_hidden(const struct map_table *table, const struct map_row *row, const struct map_row *before,
		      unsigned int n)
{
	while (n--) {
		if (map_row_hides(table, before++, row))
			return true;
	}
	return false;
}

int map_profile_own_set_rows(struct map_profile_own *own, enum map_table_use use, const struct map_row *before,
			     unsigned int n, bool alone)
{
	struct map_table *table = &own->tables[use];
	const struct map_row *old = table->rows;
	unsigned int n_old = 0, n_rows = n;
	struct map_row *rows;

	while (old[n_old].clause)
		n_old++;
	rows = talloc_zero_array(own, struct map_row, n + n_old + 1);
	if (!rows)
		return -ENOMEM;
	memcpy(rows, before, n * sizeof(*rows));
	/* the last one built in takes what has no word, such as spare values: that is received, too */
	for (old += alone ? n_old - 1 : 0; old->clause; old++) {
		if (!is_hidden(table, old, before, n))
			rows[n_rows++] = *old;
	}
	table->rows = rows;
	return 0;
}

/* ---- Those of a mapping room ---- */

/* Ids go round. */
static bool is_before(uint32_t call, uint32_t other)
{
	return (int32_t)(call - other) < 0;
}

/* Did the call begin while it was the present one? */
static bool is_of_call(const struct map_profile_own *own, const struct iwu *iwu)
{
	return !is_before(iwu->id, own->first_call) && is_before(iwu->id, own->end_call);
}

/* A call that is not answered may come to it by another route. */
static bool is_used(const struct mapping *m, const struct map_profile_own *own)
{
	const struct iwu *iwu;

	llist_for_each_entry(iwu, &m->calls, entry) {
		if (iwu->profile == &own->profile || (!iwu->answered_us && is_of_call(own, iwu)))
			return true;
	}
	return false;
}

static void free_unused(struct mapping *m)
{
	struct map_profile_own *own, *next;

	llist_for_each_entry_safe(own, next, &m->profiles, entry) {
		if (!own->replaced || m->cfg.profile == &own->profile || is_used(m, own))
			continue;
		llist_del(&own->entry);
		talloc_free(own);
	}
}

static struct map_profile_own *find_own(const struct mapping *m, const char *name)
{
	struct map_profile_own *own;

	llist_for_each_entry(own, &m->profiles, entry) {
		if (!own->replaced && !strcmp(own->profile.name, name))
			return own;
	}
	return NULL;
}

static void replace(const struct mapping *m, struct map_profile_own *own)
{
	own->replaced = true;
	own->end_call = m->next_call_id;
}

int map_profile_own_register(struct mapping *m, struct map_profile_own *own)
{
	struct map_profile_own *old = find_own(m, own->profile.name);

	if (map_profile_by_name(own->profile.name))
		return -EINVAL;
	free_unused(m);
	talloc_steal(m, own);
	llist_add_tail(&own->entry, &m->profiles);
	own->first_call = m->next_call_id;
	if (old)
		replace(m, old);
	return 0;
}

int map_profile_own_unregister(struct mapping *m, const char *name)
{
	struct map_profile_own *own = find_own(m, name);

	if (!own)
		return -ENOENT;
	replace(m, own);
	free_unused(m);
	return 0;
}

const struct map_profile *map_profile_of_call(const struct iwu *iwu, const struct map_profile *now)
{
	const struct map_profile_own *own;

	if (!now->base)		/* it is built in */
		return now;
	own = container_of(now, struct map_profile_own, profile);
	if (!is_before(iwu->id, own->first_call))
		return now;
	llist_for_each_entry(own, &iwu->mapping->profiles, entry) {
		if (own->replaced && !strcmp(own->profile.name, now->name) && is_of_call(own, iwu))
			return &own->profile;
	}
	return now;
}

const struct map_profile *mapping_find_profile(const struct mapping *m, const char *name)
{
	const struct map_profile_own *own = find_own(m, name);

	return own ? &own->profile : map_profile_by_name(name);
}

const struct map_profile_own *mapping_next_profile(const struct mapping *m, const struct map_profile_own *prev)
{
	const struct map_profile_own *own;
	bool found = !prev;

	llist_for_each_entry(own, &m->profiles, entry) {
		if (found && !own->replaced)
			return own;
		found |= own == prev;
	}
	return NULL;
}
