/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dialects made while the program runs, from a built-in one: their tables may be changed until they are in use. */
#pragma once

#include "isup/isup.h"
#include "isup/isup_dialect.h"

struct isup_dialect_own {
	struct isup_dialect dialect;	/* points to what follows */
	struct llist_head entry;	/* isup.dialects */
	const char *path;		/* of the file it was read from, for writing the configuration */
	bool replaced;			/* by a later one of its name */
	struct isup_msg_def msgs[256];
	struct isup_par_def pars[256];
	struct isup_timer_limits timers[ISUP_TIMER_COUNT];
};

/* A copy of base under another name, a talloc chunk with what hangs on it as its children. */
struct isup_dialect_own *isup_dialect_own_alloc(void *ctx, const char *name, const struct isup_dialect *base);

/* Gives it to the user part, which keeps it until it goes itself: calls and recorded messages may point to it for long.
 * In the place of an earlier one of its name it is for messages and calls to come; calls that there are keep theirs.
 * -EINVAL, with a sentence in err, where it differs in what circuits are bound to while they are in use. */
int isup_dialect_own_register(struct isup *isup, struct isup_dialect_own *own, char *err, size_t err_size);

/* The dialect of this name, the user part's own first; NULL if there is none. */
const struct isup_dialect *isup_find_dialect(const struct isup *isup, const char *name);
/* The user part's own ones, those that were replaced left out */
const struct isup_dialect_own *isup_next_own_dialect(const struct isup *isup, const struct isup_dialect_own *prev);
