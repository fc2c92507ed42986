/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dialects made while the program runs: copied from a built-in one, then given to the user part. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_dialect_own.h"
#include "isup_priv.h"

/* What a dialect does not take of its tables is left out of the copy. */
struct isup_dialect_own *isup_dialect_own_alloc(void *ctx, const char *name, const struct isup_dialect *base)
{
	struct isup_dialect_own *own = talloc_zero(ctx, struct isup_dialect_own);
	unsigned int i, n = 0;

	if (!own)
		return NULL;
	own->dialect = *base;
	for (i = 0; i < 256; i++) {
		const struct isup_msg_def *msg = isup_msg_def(base, i);
		const struct isup_par_def *par = isup_par_def(base, i);

		if (msg)
			own->msgs[i] = *msg;
		if (par)
			own->pars[i] = *par;
	}
	for (i = 1; i < ISUP_TIMER_COUNT; i++) {
		struct isup_timer_def def = isup_dialect_timer(base, i);

		if (def.default_ms != isup_timer_defs[i].default_ms || def.min_ms != isup_timer_defs[i].min_ms ||
		    def.max_ms != isup_timer_defs[i].max_ms)
			own->timers[n++] = (struct isup_timer_limits){ i, def.default_ms, def.min_ms, def.max_ms };
	}
	own->dialect.name = talloc_strdup(own, name);
	own->dialect.base_msgs = base->msgs;
	own->dialect.msgs = own->msgs;
	own->dialect.pars = own->pars;
	own->dialect.more_pars = NULL;
	own->dialect.timers = own->timers;
	own->dialect.expected = NULL;	/* what is known may be in any message */
	own->dialect.edition = ISUP_1999;
	own->dialect.only = own->dialect.without = 0;
	return own;
}

static struct isup_dialect_own *find_own(const struct isup *isup, const char *name)
{
	struct isup_dialect_own *own;

	llist_for_each_entry(own, &isup->dialects, entry) {
		if (!own->replaced && !strcmp(own->dialect.name, name))
			return own;
	}
	return NULL;
}

/* The arrays of circuits are as long as the CICs are wide, point codes were read in their width. */
static int check_in_use(struct isup *isup, const struct isup_dialect *old, const struct isup_dialect *new, char *err,
			size_t err_size)
{
	struct isup_group *group = NULL;

	if (new->cic_bits == old->cic_bits && new->pc_bits == old->pc_bits)
		return 0;
	while ((group = isup_group_next(isup, group))) {
		if (group->cfg.dialect != old)
			continue;
		snprintf(err, err_size, "circuit-group %s uses it: cic-bits %u and pc-bits %u cannot change",
			 group->name, old->cic_bits, old->pc_bits);
		return -EINVAL;
	}
	return 0;
}

static void replace(struct isup *isup, const struct isup_dialect *old, const struct isup_dialect *new)
{
	struct isup_group *group = NULL;
	struct isup_dest *dest;
	struct isup_net *net;
	unsigned int bucket;

	while ((group = isup_group_next(isup, group))) {
		if (group->cfg.dialect == old)
			group->cfg.dialect = new;
	}
	llist_for_each_entry(net, &isup->nets, entry) {
		hash_for_each(net->dests, bucket, dest, node) {
			if (dest->dialect == old)
				isup_dest_set_dialect(dest, new);
		}
	}
}

int isup_dialect_own_register(struct isup *isup, struct isup_dialect_own *own, char *err, size_t err_size)
{
	struct isup_dialect_own *old = find_own(isup, own->dialect.name);

	if (isup_dialect_find(own->dialect.name)) {
		snprintf(err, err_size, "'%s' is built in: a name of its own is wanted", own->dialect.name);
		return -EINVAL;
	}
	if (old && check_in_use(isup, &old->dialect, &own->dialect, err, err_size) < 0)
		return -EINVAL;
	talloc_steal(isup, own);
	llist_add_tail(&own->entry, &isup->dialects);
	if (!old)
		return 0;
	old->replaced = true;
	replace(isup, &old->dialect, &own->dialect);
	return 0;
}

const struct isup_dialect *isup_find_dialect(const struct isup *isup, const char *name)
{
	const struct isup_dialect_own *own = find_own(isup, name);

	return own ? &own->dialect : isup_dialect_find(name);
}

const struct isup_dialect_own *isup_next_own_dialect(const struct isup *isup, const struct isup_dialect_own *prev)
{
	const struct isup_dialect_own *own;
	bool found = !prev;

	llist_for_each_entry(own, &isup->dialects, entry) {
		if (found && !own->replaced)
			return own;
		found |= own == prev;
	}
	return NULL;
}
