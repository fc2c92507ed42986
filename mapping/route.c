/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routes: a hash of prefix and source, asked from the longest prefix on: it costs the number's length. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "mapping/route.h"

#define BUCKETS_FIRST	64	/* a power of two, as all later sizes */
#define HASH_FIRST	2166136261u

/* A circuit group or peer that rows name, once a table: equal names are equal pointers. */
struct route_name {
	struct route_name *next;	/* in its bucket */
	uint32_t hash;
	enum route_kind kind;
	char text[];
};

/* FNV-1a, one character more */
static uint32_t hash_char(uint32_t hash, char c)
{
	return (hash ^ (uint8_t)c) * 16777619u;
}

static uint32_t hash_text(uint32_t hash, const char *text)
{
	while (*text)
		hash = hash_char(hash, *text++);
	return hash;
}

/* Of a prefix and a source; the source's is 0 where it is any */
static uint32_t hash_join(uint32_t prefix, uint32_t source)
{
	uint32_t hash = prefix ^ source * 2654435761u;

	return hash ^ hash >> 15;
}

/* ---- Names ---- */

static uint32_t name_hash(enum route_kind kind, const char *name)
{
	return hash_text(hash_char(HASH_FIRST, kind), name);
}

static const struct route_name *name_find(const struct route_table *table, enum route_kind kind, const char *name)
{
	uint32_t hash = name_hash(kind, name);
	const struct route_name *n = table->names[hash % ROUTE_NAMES_BUCKETS];

	while (n && (n->hash != hash || n->kind != kind || strcmp(n->text, name)))
		n = n->next;
	return n;
}

static const struct route_name *name_get(struct route_table *table, enum route_kind kind, const char *name)
{
	const struct route_name *there = name_find(table, kind, name);
	struct route_name **bucket, *n;
	size_t size = strlen(name) + 1;

	if (there)
		return there;
	n = talloc_zero_size(table, sizeof(*n) + size);
	if (!n)
		return NULL;
	n->hash = name_hash(kind, name);
	n->kind = kind;
	memcpy(n->text, name, size);
	bucket = &table->names[n->hash % ROUTE_NAMES_BUCKETS];
	n->next = *bucket;
	*bucket = n;
	return n;
}

/* ---- The table ---- */

struct route_table *route_table_alloc(void *ctx)
{
	struct route_table *table = talloc_zero(ctx, struct route_table);

	if (!table)
		return NULL;
	INIT_LLIST_HEAD(&table->routes);
	table->refs = 1;
	table->n_buckets = BUCKETS_FIRST;
	table->buckets = talloc_zero_array(table, struct route *, table->n_buckets);
	table->calendar = route_calendar_alloc(table);
	if (!table->buckets || !table->calendar) {
		talloc_free(table);
		return NULL;
	}
	return table;
}

struct route_table *route_table_get(struct route_table *table)
{
	table->refs++;
	return table;
}

void route_table_put(struct route_table *table)
{
	if (table && --table->refs == 0)
		talloc_free(table);
}

struct route_table *route_table_own(struct route_table **table)
{
	struct route_table *copy;
	char err[128];

	if ((*table)->refs == 1)
		return *table;
	copy = route_table_alloc(talloc_parent(*table));
	if (!copy)
		return NULL;
	if (route_calendar_copy(copy->calendar, (*table)->calendar, true) < 0 ||
	    route_copy_rows(copy, *table, false, err, sizeof(err)) < 0 ||
	    route_copy_rows(copy, *table, true, err, sizeof(err)) < 0) {
		talloc_free(copy);
		return NULL;
	}
	route_table_put(*table);
	*table = copy;
	return copy;
}

int route_copy_rows(struct route_table *to, const struct route_table *from, bool files, char *err, size_t err_size)
{
	const struct route *r;
	int rc = 0;

	llist_for_each_entry(r, &from->routes, entry) {
		if (!!r->file == files)
			rc = rc ? rc : route_insert(to, r, err, err_size);
	}
	return rc;
}

static struct route **bucket(const struct route_table *table, uint32_t hash)
{
	return &table->buckets[(hash ^ hash >> 16) & (table->n_buckets - 1)];
}

/* Where the first row of this prefix and source hangs, or would: *slot is NULL then. */
static struct route **key_slot(const struct route_table *table, const char *text, size_t len, const char *from_name,
			       uint32_t hash)
{
	struct route **slot = bucket(table, hash);

	while (*slot && ((*slot)->hash != hash || (*slot)->prefix_len != len || (*slot)->from.name != from_name ||
			 memcmp((*slot)->prefix, text, len)))
		slot = &(*slot)->next_key;
	return slot;
}

/* Twice as many buckets; where there is no memory for it, the old ones go on, only slower. */
static void grow(struct route_table *table)
{
	struct route **old = table->buckets, *r, *next;
	unsigned int n_old = table->n_buckets;
	struct route **buckets = talloc_zero_array(table, struct route *, 2 * n_old);

	if (!buckets)
		return;
	table->buckets = buckets;
	table->n_buckets = 2 * n_old;
	for (unsigned int i = 0; i < n_old; i++) {
		for (r = old[i]; r; r = next) {
			struct route **to = bucket(table, r->hash);

			next = r->next_key;
			r->next_key = *to;
			*to = r;
		}
	}
	talloc_free(old);
}

/* ---- Rows ---- */

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_end(const struct route_end *a, const struct route_end *b)
{
	return a->kind == b->kind && (a->kind == ROUTE_ANY || !strcmp(a->name, b->name));
}

static bool same_times(const struct route_times *a, const struct route_times *b)
{
	return a && b ? a->n == b->n && !strcmp(a->zone, b->zone) &&
			!memcmp(a->windows, b->windows, a->n * sizeof(a->windows[0])) : a == b;
}

static bool same_row(const struct route *a, const struct route *b)
{
	return same_end(&a->to, &b->to) && same_text(a->calling, b->calling) && a->category == b->category &&
	       same_times(a->times, b->times) && route_trunks_same(a->trunks, b->trunks);
}

static bool is_prefix(const char *text)
{
	size_t n = strlen(text);

	return strspn(text[0] == '+' ? text + 1 : text, "0123456789") == n - (text[0] == '+');
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

static const char *row_error(const struct route *row)
{
	if (strlen(row->prefix) > ROUTE_PREFIX_MAX || (row->calling && strlen(row->calling) > ROUTE_PREFIX_MAX))
		return "a prefix has 32 characters at most";
	if (!is_prefix(row->prefix) || (row->calling && !is_prefix(row->calling)))
		return "a prefix is decimal digits, after a '+' where it is E.164";
	if (row->times && !row->times->n)
		return "a zone is that of the clock of its times: there are none";
	return ends_error(&row->from, &row->to);
}

/* Below 0: a is tried before b; 0: they suit equally, if they do. */
static int rank(const struct route *a, const struct route *b)
{
	if (a->priority != b->priority)
		return a->priority - b->priority;
	if (a->calling_len != b->calling_len)
		return b->calling_len - a->calling_len;
	if (!a->category != !b->category)
		return !a->category - !b->category;
	return !a->times - !b->times;
}

static struct route_times *copy_times(void *ctx, const struct route_times *times)
{
	return talloc_memdup(ctx, times, offsetof(struct route_times, windows) + times->n * sizeof(times->windows[0]));
}

/* A copy that the table owns, but is not in it yet. NULL: no memory. */
static struct route *row_alloc(struct route_table *table, const struct route *row)
{
	size_t len = strlen(row->prefix);
	const struct route_name *from = NULL, *to = name_get(table, row->to.kind, row->to.name);
	struct route *r = talloc_size(table, sizeof(*r) + len + 1);
	bool good = r && to;

	if (row->from.kind != ROUTE_ANY)
		good = (from = name_get(table, row->from.kind, row->from.name)) && good;
	if (good) {
		*r = *row;
		memcpy(r->text, row->prefix, len + 1);
		r->prefix = r->text;
		r->prefix_len = len;
		r->from.name = from ? from->text : NULL;
		r->to.name = to->text;
		r->calling = row->calling && *row->calling ? talloc_strdup(r, row->calling) : NULL;
		r->calling_len = r->calling ? strlen(r->calling) : 0;
		r->hash = hash_join(hash_text(HASH_FIRST, r->text), from ? from->hash : 0);
		r->times = row->times ? copy_times(r, row->times) : NULL;
		r->trunks = row->trunks ? talloc_memdup(r, row->trunks, sizeof(*r->trunks)) : NULL;
		if (row->called_change)
			r->called_change = talloc_memdup(r, row->called_change, sizeof(*r->called_change));
		if (row->calling_change)
			r->calling_change = talloc_memdup(r, row->calling_change, sizeof(*r->calling_change));
		good = !r->calling == !(row->calling && *row->calling) && !r->times == !row->times &&
		       !r->trunks == !row->trunks && !r->called_change == !row->called_change &&
		       !r->calling_change == !row->calling_change;
	}
	if (!good)
		TALLOC_FREE(r);
	return r;
}

/* Into the order of trying: after rows of the same rank, as configured. *slot: the first row of the key */
static void link_row(struct route **slot, struct route *r)
{
	struct route *first = *slot, **at = slot;

	r->next_key = first ? first->next_key : NULL;
	while (*at && rank(*at, r) <= 0)
		at = &(*at)->next;
	r->next = *at;
	*at = r;
}

static int fail(char *err, size_t err_size, int rc, const char *what)
{
	snprintf(err, err_size, "%s", what);
	return rc;
}

int route_insert(struct route_table *table, const struct route *row, char *err, size_t err_size)
{
	const char *what = row_error(row);
	struct route **slot, *r, *other;
	unsigned int n = 0;

	if (what)
		return fail(err, err_size, -EINVAL, what);
	if (table->n_keys >= table->n_buckets)
		grow(table);
	r = row_alloc(table, row);
	if (!r)
		return fail(err, err_size, -ENOMEM, "no memory for the route");
	slot = key_slot(table, r->prefix, r->prefix_len, r->from.name, r->hash);
	for (other = *slot; other && !same_row(other, r); other = other->next)
		n++;
	if (other || n >= ROUTE_ROWS_MAX) {
		talloc_free(r);
		return other ? fail(err, err_size, -EEXIST, "this route is there already")
			     : fail(err, err_size, -EINVAL, "a prefix has 1024 routes from one source at most");
	}
	table->n_keys += !*slot;
	table->n_routes++;
	link_row(slot, r);
	if (r->times)
		route_zone_prepare(table->calendar, r->times->zone);
	llist_add_tail(&r->entry, &table->routes);
	table->lengths[!!r->from.name] |= (uint64_t)1 << r->prefix_len;
	table->by_calling |= !!r->calling;
	table->by_category |= !!r->category;
	table->by_trunk |= !!r->trunks;
	return 0;
}

int route_add(struct route_table *table, const char *prefix, const struct route_end *from, const struct route_end *to,
	      unsigned int priority, char *err, size_t err_size)
{
	struct route row = { .prefix = prefix, .from = *from, .to = *to, .priority = priority };

	return route_insert(table, &row, err, err_size);
}

int route_remove(struct route_table *table, const struct route *row)
{
	const struct route_name *from = NULL;
	struct route **slot, **at, *r;

	if (row->from.kind != ROUTE_ANY && !(from = name_find(table, row->from.kind, row->from.name)))
		return -ENOENT;
	slot = key_slot(table, row->prefix, strlen(row->prefix), from ? from->text : NULL,
			hash_join(hash_text(HASH_FIRST, row->prefix), from ? from->hash : 0));
	for (at = slot; *at && !same_row(*at, row); )
		at = &(*at)->next;
	r = *at;
	if (!r)
		return -ENOENT;
	if (at == slot && r->next)
		r->next->next_key = r->next_key;
	*at = r->next ? r->next : at == slot ? r->next_key : NULL;
	table->n_keys -= at == slot && !r->next;
	table->n_routes--;
	llist_del(&r->entry);
	talloc_free(r);
	return 0;
}

int route_del(struct route_table *table, const char *prefix, const struct route_end *from, const struct route_end *to)
{
	return route_remove(table, &(struct route){ .prefix = prefix, .from = *from, .to = *to });
}

/* ---- Look-up ---- */

/* NULL: the row suits; else why not */
static const char *refusal(const struct route *r, struct route_query *q, const struct route_table *table)
{
	q->steps++;
	if (r->to.kind == q->from_kind)
		return "it leads back to where the call comes from";
	if (r->calling && (!q->calling || strncmp(q->calling, r->calling, r->calling_len)))
		return "another calling number";
	if (r->category && r->category != q->category)
		return "another category";
	if (r->trunks && !route_trunks_suit(r->trunks, q))
		return "another trunk group";
	if (!r->times)
		return NULL;
	if (!q->now) {
		struct timespec now;

		osmo_clock_gettime(CLOCK_REALTIME, &now);
		q->now = now.tv_sec;
	}
	return route_times_suit(r->times, q->now, table->calendar) ? NULL : "not at this time";
}

/* Rows of one rank: those with a weight first, drawn one after the other; the rest stays as it is. */
static void draw(const struct route **rows, unsigned int n, uint32_t number)
{
	for (unsigned int i = 0; i < n; i++) {
		const struct route *chosen = NULL;
		unsigned int sum = 0, at = i;
		uint32_t x;

		for (unsigned int k = i; k < n; k++)
			sum += rows[k]->weight;
		if (!sum)
			return;
		x = (uint64_t)number * sum >> 32;
		while (x >= rows[at]->weight)
			x -= rows[at++]->weight;
		chosen = rows[at];
		memmove(rows + i + 1, rows + i, (at - i) * sizeof(*rows));
		rows[i] = chosen;
		number = number * 1664525u + 1013904223u;
	}
}

static void share_load(const struct route **rows, unsigned int n, uint32_t number)
{
	unsigned int first, end;

	for (first = 0; first < n; first = end) {
		for (end = first + 1; end < n && rank(rows[first], rows[end]) == 0; )
			end++;
		if (end > first + 1)
			draw(rows + first, end - first, number);
	}
}

/* What is the same for all prefixes of one look-up */
struct walk {
	const struct route_table *table;
	const struct route_name *source;	/* NULL: no row names it */
	bool by_trunk;			/* only rows of the trunk group that the call names; else only others */
	uint32_t hashes[ROUTE_PREFIX_MAX + 1];
	unsigned int len;		/* of the longest prefix to be tried */
};

/* The n-th row of a key that suits; *some: there is one at all. */
static const struct route *nth_row(const struct walk *w, const struct route *first, struct route_query *q,
				   unsigned int n, bool *some)
{
	const struct route *rows[ROUTE_TRIES_MAX];
	unsigned int n_rows = 0;
	bool weights = false;

	for (const struct route *r = first; r && n_rows < ARRAY_SIZE(rows); r = r->next) {
		if (!r->trunks == w->by_trunk || refusal(r, q, w->table))
			continue;
		weights |= r->weight;
		rows[n_rows++] = r;
	}
	if (weights)
		share_load(rows, n_rows, q->draw);
	*some = n_rows;
	return n < n_rows ? rows[n] : NULL;
}

static void walk_init(struct walk *w, const struct route_table *table, const struct route_query *q)
{
	w->table = table;
	w->source = name_find(table, q->from_kind, q->from_name);
	w->hashes[0] = HASH_FIRST;
	w->len = 0;
	for (; q->called[w->len] && w->len < ROUTE_PREFIX_MAX &&
	     (table->lengths[0] | table->lengths[1]) >> (w->len + 1); w->len++)
		w->hashes[w->len + 1] = hash_char(w->hashes[w->len], q->called[w->len]);
}

/* The first row of the prefix of so many characters, from the named source or from anywhere; NULL: there is none */
static const struct route *walk_key(const struct walk *w, struct route_query *q, unsigned int len, bool named)
{
	if (!(w->table->lengths[named] >> len & 1) || (named && !w->source))
		return NULL;
	q->steps++;
	return *key_slot(w->table, q->called, len, named ? w->source->text : NULL,
			 hash_join(w->hashes[len], named ? w->source->hash : 0));
}

/* *some: there is one, if not so many */
static const struct route *walk_find(const struct walk *w, struct route_query *query, unsigned int n, bool *some)
{
	const struct route *r, *found;

	*some = false;
	for (unsigned int i = 2 * w->len + 2; i-- > 0; ) {
		r = walk_key(w, query, i / 2, i % 2);
		if (!r)
			continue;
		found = nth_row(w, r, query, n, some);
		if (*some)
			return found;
	}
	return NULL;
}

static bool names_trunk(const struct route_table *table, const struct route_query *query)
{
	return table->by_trunk && (query->tgrp || query->contact_tgrp);
}

const struct route *route_find(const struct route_table *table, struct route_query *query, unsigned int n)
{
	const struct route *found = NULL;
	bool some = false;
	struct walk w;

	query->steps = 0;
	walk_init(&w, table, query);
	w.by_trunk = names_trunk(table, query);
	if (w.by_trunk)
		found = walk_find(&w, query, n, &some);
	w.by_trunk = false;
	return some ? found : walk_find(&w, query, n, &some);
}

void route_explain(const struct route_table *table, struct route_query *query, route_explain_cb *cb, void *data)
{
	bool some = false, by_trunk;
	struct walk w;

	walk_init(&w, table, query);
	w.by_trunk = names_trunk(table, query);
	if (w.by_trunk)
		walk_find(&w, query, 0, &some);
	by_trunk = some;
	some = false;
	for (unsigned int i = 2 * w.len + 2; i-- > 0; ) {
		const struct route *r = walk_key(&w, query, i / 2, i % 2);
		bool hidden = some;

		for (; r; r = r->next) {
			const char *why = refusal(r, query, table);

			if (!why && by_trunk && !r->trunks)
				why = "a route of the trunk group goes before it";
			some |= !why;
			cb(r, hidden ? "a longer prefix, or a named source, goes before it" : why, data);
		}
	}
}
