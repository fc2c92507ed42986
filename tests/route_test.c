/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routes: literal cases, a hundred thousand prefixes, and random ones against a search through all rows. */

#include <errno.h>
#include <stdlib.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "mapping/route.h"

static const struct route_end any = { ROUTE_ANY, NULL };
#define GROUP(n) (&(struct route_end){ ROUTE_GROUP, n })
#define PEER(n) (&(struct route_end){ ROUTE_PEER, n })

static char err[128];

static const struct route *find_route(const struct route_table *t, const char *number, enum route_kind kind,
				      const char *name, unsigned int n)
{
	struct route_query q = { .called = number, .from_kind = kind, .from_name = name };

	return route_find(t, &q, n);
}

static const char *find(const struct route_table *t, const char *number, enum route_kind kind, const char *name,
			unsigned int n)
{
	const struct route *r = find_route(t, number, kind, name, n);

	return r ? r->to.name : "-";
}

static void test_literal(void *ctx)
{
	struct route_table *t = route_table_alloc(ctx);

	EXPECT_STR("empty table", find(t, "+33201234567", ROUTE_PEER, "PBX", 0), "-");
	EXPECT_INT("add", route_add(t, "+", PEER("PBX"), GROUP("TRUNK1"), 0, err, sizeof(err)), 0);
	EXPECT_INT("add", route_add(t, "+33", PEER("PBX"), GROUP("T33B"), 10, err, sizeof(err)), 0);
	EXPECT_INT("add", route_add(t, "+33", PEER("PBX"), GROUP("T33A"), 0, err, sizeof(err)), 0);
	EXPECT_INT("add", route_add(t, "+33", &any, GROUP("T33ANY"), 0, err, sizeof(err)), 0);
	EXPECT_INT("add", route_add(t, "+332", PEER("OTHER"), GROUP("T332"), 0, err, sizeof(err)), 0);
	EXPECT_INT("add", route_add(t, "", GROUP("TRUNK1"), PEER("PBX"), 0, err, sizeof(err)), 0);
	EXPECT_INT("add", route_add(t, "112", &any, PEER("SOS"), 0, err, sizeof(err)), 0);

	EXPECT_STR("country", find(t, "+441234", ROUTE_PEER, "PBX", 0), "TRUNK1");
	EXPECT_STR("no failover", find(t, "+441234", ROUTE_PEER, "PBX", 1), "-");
	EXPECT_STR("lower priority number first", find(t, "+33201234567", ROUTE_PEER, "PBX", 0), "T33A");
	EXPECT_STR("failover", find(t, "+33201234567", ROUTE_PEER, "PBX", 1), "T33B");
	EXPECT_STR("rows from anywhere are hidden", find(t, "+33201234567", ROUTE_PEER, "PBX", 2), "-");
	EXPECT_STR("longest with a row for the source", find(t, "+33201234567", ROUTE_PEER, "OTHER", 0), "T332");
	EXPECT_STR("from anywhere", find(t, "+33301234567", ROUTE_PEER, "OTHER", 0), "T33ANY");
	EXPECT_STR("a peer named as a group", find(t, "201234567", ROUTE_PEER, "TRUNK1", 0), "-");
	EXPECT_STR("any number", find(t, "201234567", ROUTE_GROUP, "TRUNK1", 0), "PBX");
	EXPECT_STR("any number, also E.164", find(t, "+33201234567", ROUTE_GROUP, "TRUNK1", 0), "PBX");
	EXPECT_STR("a short code", find(t, "112", ROUTE_GROUP, "TRUNK1", 0), "SOS");
	EXPECT_STR("not from SIP to SIP", find(t, "112", ROUTE_PEER, "PBX", 0), "-");
	EXPECT_STR("no number", find(t, "", ROUTE_GROUP, "TRUNK1", 0), "PBX");

	EXPECT_INT("del", route_del(t, "+33", PEER("PBX"), GROUP("T33A")), 0);
	EXPECT_INT("del again", route_del(t, "+33", PEER("PBX"), GROUP("T33A")), -ENOENT);
	EXPECT_INT("del unknown prefix", route_del(t, "+331", PEER("PBX"), GROUP("T33B")), -ENOENT);
	EXPECT_STR("after del", find(t, "+33201234567", ROUTE_PEER, "PBX", 0), "T33B");
	EXPECT_INT("del", route_del(t, "+33", PEER("PBX"), GROUP("T33B")), 0);
	EXPECT_STR("after del", find(t, "+33201234567", ROUTE_PEER, "PBX", 0), "T33ANY");
	EXPECT_INT("del", route_del(t, "+33", &any, GROUP("T33ANY")), 0);
	EXPECT_STR("after del", find(t, "+33201234567", ROUTE_PEER, "PBX", 0), "TRUNK1");
	talloc_free(t);
}

static void test_errors(void *ctx)
{
	struct route_table *t = route_table_alloc(ctx);
	static const struct {
		const char *prefix;
		struct route_end from, to;
		int rc;
		const char *err;
	} cases[] = {
		{ "33", { ROUTE_ANY, NULL }, { ROUTE_PEER, "P" }, 0, "" },
		{ "33", { ROUTE_ANY, NULL }, { ROUTE_PEER, "P" }, -EEXIST, "this route is there already" },
		{ "3+3", { ROUTE_ANY, NULL }, { ROUTE_PEER, "P" }, -EINVAL,
		  "a prefix is decimal digits, after a '+' where it is E.164" },
		{ "0123456789012345678901234567890123", { ROUTE_ANY, NULL }, { ROUTE_PEER, "P" }, -EINVAL,
		  "a prefix has 32 characters at most" },
		{ "1", { ROUTE_ANY, NULL }, { ROUTE_ANY, NULL }, -EINVAL,
		  "a route leads to a circuit group or to a SIP peer" },
		{ "1", { ROUTE_GROUP, "" }, { ROUTE_PEER, "P" }, -EINVAL,
		  "a circuit group or a SIP peer is given by its name" },
		{ "1", { ROUTE_GROUP, "G" }, { ROUTE_GROUP, "H" }, -EINVAL,
		  "a call from a circuit group goes to a SIP peer" },
		{ "1", { ROUTE_PEER, "P" }, { ROUTE_PEER, "Q" }, -EINVAL,
		  "a call from a SIP peer goes to a circuit group" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		err[0] = '\0';
		EXPECT_INT(cases[i].prefix, route_add(t, cases[i].prefix, &cases[i].from, &cases[i].to, 0, err,
						      sizeof(err)), cases[i].rc);
		EXPECT_STR(cases[i].prefix, err, cases[i].err);
	}
	talloc_free(t);
}

/* 100,000 prefixes of five digits: each one's number finds it, and a shorter one where there is none. */
static void test_many(void *ctx)
{
	struct route_table *t = route_table_alloc(ctx);
	char prefix[16], to[16], number[24];

	route_add(t, "+", &any, GROUP("DEFAULT"), 0, err, sizeof(err));
	for (unsigned int i = 0; i < 100000; i++) {
		snprintf(prefix, sizeof(prefix), "+33%05u", i);
		snprintf(to, sizeof(to), "G%u", i);
		if (route_add(t, prefix, &any, GROUP(to), 0, err, sizeof(err)))
			expect_failures++;
	}
	EXPECT_INT("prefixes", t->n_keys, 100001);
	for (unsigned int i = 0; i < 100000; i += 7) {
		snprintf(number, sizeof(number), "+33%05u123", i);
		snprintf(to, sizeof(to), "G%u", i);
		EXPECT_STR(number, find(t, number, ROUTE_PEER, "P", 0), to);
	}
	EXPECT_STR("other country", find(t, "+3400000123", ROUTE_PEER, "P", 0), "DEFAULT");
	EXPECT_STR("too short", find(t, "+330000", ROUTE_PEER, "P", 0), "DEFAULT");
	talloc_free(t);
}

/* The best n-th row by searching all of them: the rule of route.h, written another way */
static const struct route *slow_find(const struct route_table *t, const char *number, enum route_kind kind,
				     const char *name, unsigned int n)
{
	const struct route *r;
	long best = -1;

	/* rank: prefix length, named source */
	llist_for_each_entry(r, &t->routes, entry) {
		bool named = r->from.kind != ROUTE_ANY;
		long rank = 2 * (long)strlen(r->prefix) + named;

		if (strncmp(number, r->prefix, strlen(r->prefix)) || r->to.kind == kind ||
		    (named && (r->from.kind != kind || strcmp(r->from.name, name))))
			continue;
		best = OSMO_MAX(best, rank);
	}
	for (unsigned int prio = 0; prio < 4 && best >= 0; prio++) {
		llist_for_each_entry(r, &t->routes, entry) {
			bool named = r->from.kind != ROUTE_ANY;

			if (2 * (long)strlen(r->prefix) + named != best || r->priority != prio ||
			    strncmp(number, r->prefix, strlen(r->prefix)) || r->to.kind == kind ||
			    (named && (r->from.kind != kind || strcmp(r->from.name, name))))
				continue;
			if (!n--)
				return r;
		}
	}
	return NULL;
}

static void test_random(void *ctx)
{
	static const char *const groups[] = { "G0", "G1", "G2" };
	static const char *const peers[] = { "P0", "P1", "P2" };
	struct route_table *t = route_table_alloc(ctx);
	unsigned int i, found = 0;

	srandom(4711);
	for (i = 0; i < 60000; i++) {
		char number[8] = "";
		unsigned int len = random() % 6;
		bool to_group = random() % 2;
		const char *g = groups[random() % 3], *p = peers[random() % 3];
		const struct route_end *to = to_group ? GROUP(g) : PEER(p), *from = to_group ? PEER(p) : GROUP(g);
		const struct route *r, *s;

		for (unsigned int d = 0; d < len; d++)
			number[d] = "+123"[random() % (d ? 3 : 4) + !!d];
		if (random() % 3 == 0)
			from = &any;
		switch (random() % 4) {
		case 0:
			route_add(t, number, from, to, random() % 4, err, sizeof(err));
			break;
		case 1:
			route_del(t, number, from, to);
			break;
		default:
			from = to_group ? PEER(p) : GROUP(g);
			len = random() % 3;
			r = find_route(t, number, from->kind, from->name, len);
			s = slow_find(t, number, from->kind, from->name, len);
			EXPECT(r == s);
			found += !!r;
		}
	}
	EXPECT(found > 3000);
	while (!llist_empty(&t->routes)) {
		const struct route *r = llist_first_entry(&t->routes, struct route, entry);
		struct route_end from = r->from, to = r->to;
		char prefix[ROUTE_PREFIX_MAX + 1];

		snprintf(prefix, sizeof(prefix), "%s", r->prefix);
		EXPECT_INT("del", route_del(t, prefix, &from, &to), 0);
	}
	EXPECT_INT("prefixes", t->n_keys, 0);
	talloc_free(t);
}

int main(void)
{
	void *ctx = talloc_named_const(NULL, 0, "route_test");

	test_literal(ctx);
	test_errors(ctx);
	test_many(ctx);
	test_random(ctx);
	EXPECT_INT("blocks left", talloc_total_blocks(ctx), 1);
	talloc_free(ctx);
	return expect_failures ? 1 : 0;
}
