/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routes: a hash of prefixes, asked from the longest to the shortest, so that look-up costs the number's length. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "mapping/route.h"

#define BUCKETS_FIRST	64	/* a power of two, as all later sizes */
#define HASH_FIRST	2166136261u

/* A prefix that has rows; talloc child of the table. */
struct route_prefix {
	struct route_prefix *next;	/* in its bucket */
	struct llist_head routes;	/* struct route.same: named source before any, then by priority */
	uint32_t hash;
	uint8_t len;
	char text[ROUTE_PREFIX_MAX + 1];
};

/* FNV-1a, one character more */
static uint32_t hash_char(uint32_t hash, char c)
{
	return (hash ^ (uint8_t)c) * 16777619u;
}

static uint32_t hash_text(const char *text)
{
	uint32_t hash = HASH_FIRST;

	while (*text)
		hash = hash_char(hash, *text++);
	return hash;
}

struct route_table *route_table_alloc(void *ctx)
{
	struct route_table *table = talloc_zero(ctx, struct route_table);

	if (!table)
		return NULL;
	INIT_LLIST_HEAD(&table->routes);
	table->n_buckets = BUCKETS_FIRST;
	table->buckets = talloc_zero_array(table, struct route_prefix *, table->n_buckets);
	if (!table->buckets) {
		talloc_free(table);
		return NULL;
	}
	return table;
}

static struct route_prefix **bucket(const struct route_table *table, uint32_t hash)
{
	return &table->buckets[(hash ^ hash >> 16) & (table->n_buckets - 1)];
}

static struct route_prefix *prefix_find(const struct route_table *table, const char *text, size_t len, uint32_t hash)
{
	struct route_prefix *p = *bucket(table, hash);

	while (p && (p->hash != hash || p->len != len || memcmp(p->text, text, len)))
		p = p->next;
	return p;
}

/* Twice as many buckets; where there is no memory for it, the old ones go on, only slower. */
static void grow(struct route_table *table)
{
	struct route_prefix **old = table->buckets, *p, *next;
	unsigned int n_old = table->n_buckets;
	struct route_prefix **buckets = talloc_zero_array(table, struct route_prefix *, 2 * n_old);

	if (!buckets)
		return;
	table->buckets = buckets;
	table->n_buckets = 2 * n_old;
	for (unsigned int i = 0; i < n_old; i++) {
		for (p = old[i]; p; p = next) {
			struct route_prefix **to = bucket(table, p->hash);

			next = p->next;
			p->next = *to;
			*to = p;
		}
	}
	talloc_free(old);
}

static struct route_prefix *prefix_alloc(struct route_table *table, const char *text)
{
	struct route_prefix *p = talloc_zero(table, struct route_prefix), **to;

	if (!p)
		return NULL;
	INIT_LLIST_HEAD(&p->routes);
	p->hash = hash_text(text);
	p->len = strlen(text);
	memcpy(p->text, text, p->len);
	if (table->n_prefixes >= table->n_buckets)
		grow(table);
	to = bucket(table, p->hash);
	p->next = *to;
	*to = p;
	table->n_prefixes++;
	table->lengths |= (uint64_t)1 << p->len;
	return p;
}

static void prefix_free(struct route_table *table, struct route_prefix *p)
{
	struct route_prefix **at = bucket(table, p->hash);

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	table->n_prefixes--;
	talloc_free(p);
}

static bool same_end(const struct route_end *a, const struct route_end *b)
{
	return a->kind == b->kind && (a->kind == ROUTE_ANY || !strcmp(a->name, b->name));
}

static struct route *row_find(const struct route_prefix *p, const struct route_end *from, const struct route_end *to)
{
	struct route *r;

	llist_for_each_entry(r, &p->routes, same) {
		if (same_end(&r->from, from) && same_end(&r->to, to))
			return r;
	}
	return NULL;
}

static const char *prefix_error(const char *prefix)
{
	size_t n = strlen(prefix);

	if (n > ROUTE_PREFIX_MAX)
		return "a prefix has 32 characters at most";
	if (strspn(prefix[0] == '+' ? prefix + 1 : prefix, "0123456789") != n - (prefix[0] == '+'))
		return "a prefix is decimal digits, after a '+' where it is E.164";
	return NULL;
}

static const char *ends_error(const struct route_end *from, const struct route_end *to)
{
	if (to->kind == ROUTE_ANY)
		return "a route leads to a circuit group or to a SIP peer";
	if ((from->kind != ROUTE_ANY && (!from->name || !from->name[0])) || !to->name || !to->name[0])
		return "a circuit group or a SIP peer is given by its name";
	if (from->kind == to->kind)
		return to->kind == ROUTE_GROUP ? "a call from a circuit group goes to a SIP peer"
					       : "a call from a SIP peer goes to a circuit group";
	return NULL;
}

static bool tried_before(const struct route *a, const struct route *b)
{
	bool a_named = a->from.kind != ROUTE_ANY, b_named = b->from.kind != ROUTE_ANY;

	return a_named != b_named ? a_named : a->priority < b->priority;
}

/* Into the order of trying: after rows of the same rank, as configured. */
static void insert(struct route_prefix *p, struct route *r)
{
	struct llist_head *before = &p->routes;
	struct route *other;

	llist_for_each_entry(other, &p->routes, same) {
		if (tried_before(r, other)) {
			before = &other->same;
			break;
		}
	}
	llist_add_tail(&r->same, before);
}

static struct route *row_alloc(struct route_table *table, struct route_prefix *p, const struct route_end *from,
			       const struct route_end *to, unsigned int priority)
{
	struct route *r = talloc_zero(table, struct route);

	if (!r)
		return NULL;
	r->prefix = p->text;
	r->from = (struct route_end){ .kind = from->kind };
	r->to = (struct route_end){ .kind = to->kind, .name = talloc_strdup(r, to->name) };
	if (from->kind != ROUTE_ANY)
		r->from.name = talloc_strdup(r, from->name);
	r->priority = priority;
	if (!r->to.name || (from->kind != ROUTE_ANY && !r->from.name)) {
		talloc_free(r);
		return NULL;
	}
	return r;
}

int route_add(struct route_table *table, const char *prefix, const struct route_end *from, const struct route_end *to,
	      unsigned int priority, char *err, size_t err_size)
{
	const char *what = prefix_error(prefix);
	struct route_prefix *p;
	struct route *r;

	what = what ? what : ends_error(from, to);
	if (what) {
		snprintf(err, err_size, "%s", what);
		return -EINVAL;
	}
	p = prefix_find(table, prefix, strlen(prefix), hash_text(prefix));
	if (p && row_find(p, from, to)) {
		snprintf(err, err_size, "this route is there already");
		return -EEXIST;
	}
	p = p ? p : prefix_alloc(table, prefix);
	r = p ? row_alloc(table, p, from, to, priority) : NULL;
	if (!r) {
		if (p && llist_empty(&p->routes))
			prefix_free(table, p);
		snprintf(err, err_size, "no memory for the route");
		return -ENOMEM;
	}
	insert(p, r);
	llist_add_tail(&r->entry, &table->routes);
	return 0;
}

int route_del(struct route_table *table, const char *prefix, const struct route_end *from, const struct route_end *to)
{
	struct route_prefix *p = prefix_find(table, prefix, strlen(prefix), hash_text(prefix));
	struct route *r = p ? row_find(p, from, to) : NULL;

	if (!r)
		return -ENOENT;
	llist_del(&r->entry);
	llist_del(&r->same);
	talloc_free(r);
	if (llist_empty(&p->routes))
		prefix_free(table, p);
	return 0;
}

/* 2: the row names this source; 1: any source; 0: another, or it leads back to the kind the call comes from */
static int suits(const struct route *r, enum route_kind from_kind, const char *from_name)
{
	if (r->to.kind == from_kind)
		return 0;
	if (r->from.kind == ROUTE_ANY)
		return 1;
	return r->from.kind == from_kind && !strcmp(r->from.name, from_name) ? 2 : 0;
}

/* The n-th of the rows of a prefix that suit best; *some is set where there is one at all. */
static const struct route *nth_row(const struct route_prefix *p, enum route_kind from_kind, const char *from_name,
				   unsigned int n, bool *some)
{
	const struct route *r;
	int best = 0;

	llist_for_each_entry(r, &p->routes, same) {
		int suit = suits(r, from_kind, from_name);

		if (!suit || suit < best)
			continue;
		best = suit;
		*some = true;
		if (!n--)
			return r;
	}
	return NULL;
}

const struct route *route_find(const struct route_table *table, const char *number, enum route_kind from_kind,
			       const char *from_name, unsigned int n)
{
	uint32_t hashes[ROUTE_PREFIX_MAX + 1] = { HASH_FIRST };
	unsigned int len = 0;

	for (; number[len] && len < ROUTE_PREFIX_MAX && table->lengths >> (len + 1); len++)
		hashes[len + 1] = hash_char(hashes[len], number[len]);
	for (unsigned int i = len + 1; i-- > 0; ) {
		const struct route_prefix *p;
		const struct route *r;
		bool some = false;

		if (!(table->lengths >> i & 1))
			continue;
		p = prefix_find(table, number, i, hashes[i]);
		r = p ? nth_row(p, from_kind, from_name, n, &some) : NULL;
		if (r || some)
			return r;
	}
	return NULL;
}
