/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles made while the program runs: copied from a built-in one, changed, then given to the mapping room. */
#pragma once

#include "mapping/map_loss.h"
#include "mapping/map_profile.h"
#include "mapping/mapping.h"

/* A talloc chunk; what it points to are its children. */
struct map_profile_own {
	struct map_profile profile;	/* points to what follows */
	struct llist_head entry;	/* mapping.profiles */
	const char *path;		/* of the file it was read from, for writing the configuration */
	bool replaced;			/* by a later one, or removed: it is for old calls */
	uint32_t first_call, end_call;	/* ids that it is for; the first one after, once replaced */
	struct map_table tables[_MAP_TABLE_COUNT];
	struct map_iam_to_invite_rule *iam_to_invite;
	struct map_invite_to_iam_rule *invite_to_iam;
	struct map_par_set carried;
};

/* A copy of base under another name; NULL where there is no memory. */
struct map_profile_own *map_profile_own_alloc(void *ctx, const char *name, const struct map_profile *base);

/* The rows of a table from now on: before's n, then those of the table that none of them hides; alone: of
 * these but the last, which takes everything */
int map_profile_own_set_rows(struct map_profile_own *own, enum map_table_use use, const struct map_row *before,
			     unsigned int n, bool alone);

/* Gives it to the mapping room. In the place of an earlier one of its name it is for calls to come: calls keep what
 * they have, and the earlier one goes with the last of them (when the next one is registered). Whoever else points to
 * it must look its name up again. -EINVAL: the name is that of a built-in one. */
int map_profile_own_register(struct mapping *m, struct map_profile_own *own);

/* Takes it out of the room again, for calls to come: calls keep it, as above. Nobody else may point to it. -ENOENT:
 * there is no such, or it is built in. */
int map_profile_own_unregister(struct mapping *m, const char *name);

/* What a call has of the present profile now: as it was when the call began, where there was one of its name then */
struct iwu;
const struct map_profile *map_profile_of_call(const struct iwu *iwu, const struct map_profile *now);

/* The profile of this name, built in or not; NULL if there is none */
const struct map_profile *mapping_find_profile(const struct mapping *m, const char *name);
/* Those that are not built in, and not replaced */
const struct map_profile_own *mapping_next_profile(const struct mapping *m, const struct map_profile_own *prev);
