/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routes: called number + source → circuit group or SIP peer, with failover. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <osmocom/core/linuxlist.h>

struct isup_group;
struct sip_peer;

/* A source or a destination of calls: one of the two, named; resolved when it is used, so that the order of
 * configuration does not matter */
enum route_kind { ROUTE_ANY, ROUTE_GROUP, ROUTE_PEER };
struct route_end {
	enum route_kind kind;
	const char *name;		/* talloc child of the route; NULL for ROUTE_ANY */
};

/* One row of the routing table: longest prefix wins, then the named source before "any", then the lower
 * priority number. */
struct route {
	struct llist_head entry;
	/* digits of the called number: E.164 with leading '+' where international; "" matches all */
	const char *prefix;
	struct route_end from, to;
	unsigned int priority;		/* 0 is tried first; the next ones are failover */
};

struct route_table {
	struct llist_head routes;	/* sorted by specificity */
};

struct route_table *route_table_alloc(void *ctx);
/* -EEXIST where the same row is there already, -EINVAL with a sentence in err */
int route_add(struct route_table *table, const char *prefix, const struct route_end *from, const struct route_end *to,
	      unsigned int priority, char *err, size_t err_size);
int route_del(struct route_table *table, const char *prefix, const struct route_end *from, const struct route_end *to);

/* The n-th (0, 1, 2 …: failover) route of a called number from a source; NULL where there is none left. */
const struct route *route_find(const struct route_table *table, const char *number, enum route_kind from_kind,
			       const char *from_name, unsigned int n);
