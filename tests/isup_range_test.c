/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group messages in ranges that the dialect has; a dialect of shorter ones loaded while longer ones are under way. */

#include "isup/isup_dialect_own.h"
#include "isup/isup_priv.h"

#include "expect.h"
#include "isup_two.h"

/* A dialect of A, new or in the place of the last one: as ITU-T, but for these */
static const struct isup_dialect *give(uint8_t range_max, uint8_t status_max)
{
	struct isup_dialect_own *own = isup_dialect_own_alloc(ctx, "short", &isup_dialect_itu);
	char err[128] = "";

	own->dialect.range_max = range_max;
	own->dialect.status_max = status_max;
	EXPECT_INT(err, isup_dialect_own_register(a.isup, own, err, sizeof(err)), 0);
	return &own->dialect;
}

static void up(void)
{
	two_alloc(1, 32);
	isup_group_cfg(a.group)->dialect = give(31, 32);
	isup_group_cfg(a.group)->reset_rate = 20;
	two_start();
	pass(2000);
	expect_all_idle("up");
	take(wire);
}

static void reset_all(void)
{
	unsigned int cic;

	for (cic = 1; cic <= 32; cic++)
		isup_circuit_reset(a.group, cic);
}

#define GRS(range) "GRS cic=0 range(range=" #range ")"
#define CQM(range) "CQM cic=0 range(range=" #range ")"

static void test_ranges(void)
{
	up();
	give(7, 4);
	watch = ISUP_MSG_GRS;
	reset_all();
	pass(1000);
	EXPECT_STR("GRS", take(watched), GRS(7) "; " GRS(7) "; " GRS(7) "; " GRS(7));
	watch = ISUP_MSG_CGB;
	EXPECT_INT("block", isup_group_block(a.group, 1, 9, ISUP_BLOCK_HARDWARE, true), 9);
	pass(1000);
	EXPECT_STR("CGB", take(watched), "CGB cic=0 cgs_type=hardware range(range=3 status=0x0f); "
		   "CGB cic=0 cgs_type=hardware range(range=3 status=0x0f); "
		   "CGB cic=0 cgs_type=hardware range(range=1 status=0x01)");
	EXPECT_INT("there", stats_of(&b).remote_blocked, 9);
	watch = ISUP_MSG_CQM;
	EXPECT_INT("query", isup_group_query(a.group, 1, 20), 20);
	pass(1000);
	EXPECT_STR("CQM", take(watched), CQM(7) "; " CQM(7) "; " CQM(3));
	two_free();
}

/* What was sent before is not acknowledged, and what comes in return later would be of a range that is not legal. */
static void test_reload(uint8_t type, void (*begin)(void), const char *before, const char *after)
{
	up();
	cut_b = true;
	watch = type;
	begin();
	pass(500);
	EXPECT_STR("before", take(watched), before);
	give(15, 16);
	cut_b = false;
	pass(1000);
	EXPECT_STR("after", take(watched), after);
	pass_s(60);
	EXPECT_STR("no more", take(watched), "");
	watch = 0;
}

static void block_all(void)
{
	isup_group_block(a.group, 1, 32, ISUP_BLOCK_HARDWARE, true);
}

static void query_all(void)
{
	isup_group_query(a.group, 1, 32);
}

int main(void)
{
	struct isup_circuit_info info;

	two_init();
	test_ranges();
	test_reload(ISUP_MSG_GRS, reset_all, GRS(31), GRS(15) "; " GRS(15));
	expect_all_idle("reset");
	two_free();
	test_reload(ISUP_MSG_CGB, block_all, "CGB cic=0 cgs_type=hardware range(range=31 status=0xffffffff)",
		    "CGB cic=0 cgs_type=hardware range(range=15 status=0xffff); "
		    "CGB cic=0 cgs_type=hardware range(range=15 status=0xffff)");
	EXPECT_INT("there", stats_of(&b).remote_blocked, 32);
	two_free();
	test_reload(ISUP_MSG_CQM, query_all, CQM(31), CQM(15) "; " CQM(15));
	EXPECT(isup_circuit_info(a.group, 32, &info) == 0 && info.far_known);
	two_free();
	return expect_failures + two_end() > 0;
}
