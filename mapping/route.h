/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routes: called number + source → circuit group or SIP peer, with failover. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* One row of the routing table. The longest prefix with a row for the call's source wins; there, rows that name the
 * source hide those from anywhere; what is left is tried by priority: failover. */
struct route {
	struct llist_head entry;	/* in route_table.routes */
	struct llist_head same;		/* rows of the same prefix, in the order they are tried in */
	const char *prefix;		/* digits, '+' first where E.164; "" suits every number */
	struct route_end from, to;
	unsigned int priority;		/* 0 is tried first */
};

struct route_prefix;
struct route_table {
	struct llist_head routes;	/* struct route, as configured: to write and show */
	unsigned int n_prefixes, n_buckets;
	struct route_prefix **buckets;	/* hash of the prefix */
	uint64_t lengths;		/* bit n: there is a prefix of n characters (never cleared) */
};

#define ROUTE_PREFIX_MAX 32

struct route_table *route_table_alloc(void *ctx);
/* Returns 0; -EEXIST where the same prefix, from and to is there already, -EINVAL, -ENOMEM: with a sentence in err. */
int route_add(struct route_table *table, const char *prefix, const struct route_end *from, const struct route_end *to,
	      unsigned int priority, char *err, size_t err_size);
/* Returns 0, or -ENOENT. A const struct route * from before is not valid any more. */
int route_del(struct route_table *table, const char *prefix, const struct route_end *from, const struct route_end *to);

/* The n-th (0, 1, 2 …: failover) route of a called number (map_called.key) from a source; NULL where there is none
 * left. Rows that lead to the kind where the call comes from are passed over: SIP goes to ISUP, ISUP to SIP. */
const struct route *route_find(const struct route_table *table, const char *number, enum route_kind from_kind,
			       const char *from_name, unsigned int n);
