/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults are put into the tested exchange, into what it sends and into its ISUP room, one at a time: the suites must
 * find each.
 *
 * sim_fault_test [-f NAME] DIR…	prints each fault, or this one, and the purposes that found it;
 *				1: one has none */

#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sim_room_faults.h"
#include "sim_world.h"
#include "../src/isupsim_suite.h"

#define DROP(msg) .kind = SIM_FAULT_DROP, .type = ISUP_MSG_ ## msg
#define TWICE(msg) .kind = SIM_FAULT_TWICE, .type = ISUP_MSG_ ## msg
#define OCTET(msg, n, bits) .kind = SIM_FAULT_OCTET, .type = ISUP_MSG_ ## msg, .at = n, .flip = bits
#define WRONG_CIC(msg) .kind = SIM_FAULT_CIC, .type = ISUP_MSG_ ## msg, .flip = 0x02
#define TIMER(n, after_ms) .kind = SIM_FAULT_TIMER, .timer = ISUP_T ## n, .ms = after_ms

static const struct sim_fault faults[] = {
	{ "RLC is missing", DROP(RLC) },
	{ "RLC is sent twice", TWICE(RLC) },
	{ "RLC goes to another circuit", WRONG_CIC(RLC) },
	{ "REL is missing", DROP(REL) },
	{ "REL has another cause", OCTET(REL, 5, 0x01) },
	{ "ACM is missing", DROP(ACM) },
	{ "ACM: called party's status is wrong", OCTET(ACM, 1, 0x04) },
	{ "ANM is missing", DROP(ANM) },
	{ "ANM is sent twice", TWICE(ANM) },
	{ "CON is missing", DROP(CON) },
	{ "CPG: the event is wrong", OCTET(CPG, 1, 0x01) },
	{ "IAM: the nature of address is wrong", OCTET(IAM, 9, 0x01) },
	{ "IAM announces a satellite", OCTET(IAM, 1, 0x01) },
	{ "IAM is sent twice", TWICE(IAM) },
	{ "SAM is missing", DROP(SAM) },
	{ "SUS: the initiator is wrong", OCTET(SUS, 1, 0x01) },
	{ "BLA is missing", DROP(BLA) },
	{ "UBA is missing", DROP(UBA) },
	{ "BLO is missing", DROP(BLO) },
	{ "UBL is sent twice", TWICE(UBL) },
	{ "CGBA: the status is wrong", OCTET(CGBA, 5, 0x02) },
	{ "CGUA: the kind is wrong", OCTET(CGUA, 1, 0x01) },
	{ "CGB: the range is wrong", OCTET(CGB, 4, 0x01) },
	{ "GRA is missing", DROP(GRA) },
	{ "GRA: the status is wrong", OCTET(GRA, 4, 0x01) },
	{ "RSC is missing", DROP(RSC) },
	{ "RSC is sent twice", TWICE(RSC) },
	{ "CFN is missing", DROP(CFN) },
	{ "CFN has another cause", OCTET(CFN, 5, 0x01) },
	{ "CFN names another message or parameter", OCTET(CFN, 6, 0x01) },
	{ "CQR: the state of the first circuit is wrong", OCTET(CQR, 6, 0x02) },
	{ "CGU: the kind is wrong", OCTET(CGU, 1, 0x01) },
	{ "UPA is missing", DROP(UPA) },
	{ "T1 is too long", TIMER(1, 90000) },
	{ "T1 is too short", TIMER(1, 5000) },
	{ "T5 is too long", TIMER(5, 1200000) },
	{ "T7 is too long", TIMER(7, 60000) },
	{ "T7 is too short", TIMER(7, 10000) },
	{ "T8 is too long", TIMER(8, 30000) },
	{ "T9 is too short", TIMER(9, 60000) },
	{ "T12 is too short", TIMER(12, 5000) },
	{ "T13 is too short", TIMER(13, 100000) },
	{ "T14 is too long", TIMER(14, 90000) },
	{ "T16 is too short", TIMER(16, 5000) },
	{ "T18 is too short", TIMER(18, 5000) },
	{ "T20 is too long", TIMER(20, 90000) },
	{ "T27 is too short", TIMER(27, 60000) },
};

#define SUITES_MAX 4
static struct sim_suite *suites[SUITES_MAX];
static unsigned int n_suites;

/* Runs all of the suite; found gets the purposes that failed. */
static unsigned int run_suite(struct sim_world *world, struct sim_suite *suite, struct osmo_strbuf *found)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < suite->n_cases; i++) {
		if (!suite->cases[i].scenario || suite->cases[i].expected)
			continue;
		sim_world_run(world, suite->cases[i].scenario);
		if (world->result != SIM_FAILED)
			continue;
		OSMO_STRBUF_PRINTF(*found, " %s", suite->cases[i].purpose);
		n++;
	}
	return n;
}

static unsigned int try_fault(struct sim_world *world, const char *name)
{
	char found[2048] = "";
	struct osmo_strbuf sb = { .buf = found, .len = sizeof(found) };
	unsigned int n = 0;

	for (unsigned int i = 0; i < n_suites; i++)
		n += run_suite(world, suites[i], &sb);
	printf("%-48s %s\n", name, n ? found : " NOT FOUND");
	return n;
}

static bool is_wanted(const char *wanted, const char *name)
{
	return !wanted || strcmp(wanted, name) == 0;
}

int main(int argc, char **argv)
{
	const char *wanted = argc > 2 && strcmp(argv[1], "-f") == 0 ? argv[2] : NULL;
	static struct sim_world world;
	unsigned int n = 0, missed = 0;
	int first = wanted ? 3 : 1;
	void *ctx = talloc_new(NULL);
	char err[300];

	if (argc <= first || argc > first + SUITES_MAX)
		return 2;
	sim_world_init();
	for (char **dir = argv + first; *dir; dir++) {
		suites[n_suites] = sim_suite_load(ctx, *dir, *dir, NULL, &isup_dialect_itu, err, sizeof(err));
		if (!suites[n_suites++]) {
			printf("%s\n", err);
			return 1;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		if (!is_wanted(wanted, faults[i].name))
			continue;
		world.fault = &faults[i];
		missed += !try_fault(&world, faults[i].name);
		n++;
	}
	world.fault = NULL;
	for (const struct sim_room_fault *fault = sim_room_faults; fault->name; fault++) {
		if (!is_wanted(wanted, fault->name))
			continue;
		sim_room_fault_set(fault);
		missed += !try_fault(&world, fault->name);
		n++;
	}
	sim_room_fault_set(NULL);
	talloc_free(ctx);
	printf("%u faults, %u not found\n", n, missed);
	return missed > 0;
}
