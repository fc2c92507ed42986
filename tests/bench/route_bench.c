/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routing tables of 1,000, 10,000 and 100,000 prefixes: load from CSV, memory a row, look-ups that hit and miss. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "mapping/route.h"

#define RUNS 1000000u

static volatile uintptr_t sink;

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Prefixes of four to eight digits, from 500 peers */
static char *csv_of(unsigned int n, size_t *len)
{
	char *text = malloc(n * 40 + 100), *p = text;

	p += snprintf(p, 100, "prefix,from-peer,to-group,priority\n");
	for (unsigned int i = 0; i < n; i++)
		p += snprintf(p, 40, "+%u,P%u,G%u,0\n", 1000 + i * 17, i % 500, i % 100);
	*len = p - text;
	return text;
}

static double look_up(const struct route_table *t, unsigned int n, bool hit)
{
	char called[32], from[16];
	double start, spent = 0;

	for (unsigned int round = 0; round < 10; round++) {
		unsigned int i = (round * 7919u) % n;

		snprintf(called, sizeof(called), hit ? "+%u12345" : "+%u1234567890", hit ? 1000 + i * 17 : 999);
		snprintf(from, sizeof(from), "P%u", i % 500);
		start = now_s();
		for (unsigned int k = 0; k < RUNS / 10; k++) {
			struct route_query q = { .called = called, .from_kind = ROUTE_PEER, .from_name = from };

			sink += (uintptr_t)route_find(t, &q, 0);
		}
		spent += now_s() - start;
	}
	return spent / RUNS * 1e9;
}

int main(void)
{
	static const unsigned int sizes[] = { 1000, 10000, 100000 };
	char err[256];

	printf("%8s %10s %10s %10s %10s\n", "rows", "load ms", "octets/row", "hit ns", "miss ns");
	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct route_table *t = route_table_alloc(NULL);
		size_t len;
		char *text = csv_of(sizes[i], &len);
		double start = now_s(), load;

		if (route_csv_parse(t, "bench", text, len, 1, err, sizeof(err)) < 0) {
			printf("%s\n", err);
			return 1;
		}
		load = (now_s() - start) * 1e3;
		printf("%8u %10.1f %10zu %10.0f %10.0f\n", sizes[i], load, talloc_total_size(t) / sizes[i],
		       look_up(t, sizes[i], true), look_up(t, sizes[i], false));
		talloc_free(t);
		free(text);
	}
	return 0;
}
