/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timers T1 to T39: the rows of Q.764 Annex A, and several of them running on one object. */

#include <stdbool.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"
#include "isup/isup_timer.h"

#include "expect.h"
#include "hand_clock.h"

/* ---- The table ---- */

static void test_rows(void)
{
	const struct isup_timer_def *def;
	unsigned int id;
	char name[8];

	EXPECT(!isup_timer_defs[0].name);
	for (id = ISUP_T1; id < ISUP_TIMER_COUNT; id++) {
		def = &isup_timer_defs[id];
		snprintf(name, sizeof(name), "T%u", id);
		if (id <= ISUP_T39)
			EXPECT_STR("name", def->name, name);
		EXPECT(def->what && *def->what);
		EXPECT(def->min_ms && def->min_ms <= def->default_ms && def->default_ms <= def->max_ms);
	}
}

/* Q.764 Table A.1: limits in seconds, but for what is another Recommendation's (T6, T9, T38) and below a second */
static const struct {
	enum isup_timer_id id;
	unsigned int min, max;
} limits[] = {
	{ ISUP_T1, 15, 60 }, { ISUP_T2, 180, 180 }, { ISUP_T3, 120, 120 }, { ISUP_T4, 300, 900 },
	{ ISUP_T5, 300, 900 }, { ISUP_T7, 20, 30 }, { ISUP_T8, 10, 15 }, { ISUP_T10, 4, 6 }, { ISUP_T11, 15, 20 },
	{ ISUP_T12, 15, 60 }, { ISUP_T13, 300, 900 }, { ISUP_T14, 15, 60 }, { ISUP_T15, 300, 900 },
	{ ISUP_T16, 15, 60 }, { ISUP_T17, 300, 900 }, { ISUP_T18, 15, 60 }, { ISUP_T19, 300, 900 },
	{ ISUP_T20, 15, 60 }, { ISUP_T21, 300, 900 }, { ISUP_T22, 15, 60 }, { ISUP_T23, 300, 900 },
	{ ISUP_T25, 1, 10 }, { ISUP_T26, 60, 180 }, { ISUP_T27, 240, 240 }, { ISUP_T28, 10, 10 },
	{ ISUP_T30, 5, 10 }, { ISUP_T32, 3, 5 }, { ISUP_T33, 12, 15 }, { ISUP_T34, 2, 4 }, { ISUP_T35, 15, 20 },
	{ ISUP_T36, 10, 15 }, { ISUP_T37, 2, 4 }, { ISUP_T39, 4, 15 },
};

static void test_limits(void)
{
	const struct isup_timer_def *def;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		def = &isup_timer_defs[limits[i].id];
		EXPECT_INT(def->name, def->min_ms, limits[i].min * 1000);
		EXPECT_INT(def->name, def->max_ms, limits[i].max * 1000);
	}
	EXPECT_INT("T29", isup_timer_defs[ISUP_T29].min_ms, 300);
	EXPECT_INT("T29", isup_timer_defs[ISUP_T29].max_ms, 600);
}

/* What the editions of 1988 have otherwise: T1 and T5, and the pairs from T12 on that are like them */
static void test_1988(void)
{
	const struct isup_dialect *q767 = isup_dialect_find("q767");
	struct isup_timer_def often, seldom;
	unsigned int id;

	for (id = ISUP_T12; id <= ISUP_T23; id += 2) {
		often = isup_dialect_timer(q767, id);
		seldom = isup_dialect_timer(q767, id + 1);
		EXPECT_INT(often.name, often.min_ms, 4000);
		EXPECT_INT(often.name, often.default_ms, 15000);
		EXPECT_INT(seldom.name, seldom.default_ms, 60000);
	}
	EXPECT_INT("T1", isup_dialect_timer(q767, ISUP_T1).default_ms, 15000);
	EXPECT_INT("T5", isup_dialect_timer(q767, ISUP_T5).default_ms, 60000);
	EXPECT_INT("T7", isup_dialect_timer(q767, ISUP_T7).default_ms, 25000);
}

/* ---- Several at once ---- */

static struct isup_timers timers;
static char fired[128];
static unsigned int now;			/* ms */
static enum isup_timer_id restart;		/* started again by its own expiry */

static void expired(void *data, enum isup_timer_id id)
{
	size_t len = strlen(fired);

	EXPECT(data == &now);
	snprintf(fired + len, sizeof(fired) - len, "%s@%u ", isup_timer_defs[id].name, now);
	if (id == restart)
		isup_timers_start(&timers, id, 100);
}

static void pass_ms(unsigned int ms)
{
	for (; ms; ms -= 10) {
		hand_clock_move(10);
		now += 10;
		osmo_timers_prepare();
		osmo_timers_update();
	}
}

static void expect_fired(const char *should)
{
	EXPECT_STR("fired", fired, should);
	fired[0] = '\0';
	now = 0;
}

static void test_running(void)
{
	isup_timers_init(&timers, expired, &now);
	isup_timers_start(&timers, ISUP_T5, 300);
	pass_ms(50);
	isup_timers_start(&timers, ISUP_T1, 100);
	isup_timers_start(&timers, ISUP_T7, 200);
	EXPECT(isup_timers_running(&timers, ISUP_T5) && isup_timers_running(&timers, ISUP_T1));
	EXPECT(!isup_timers_running(&timers, ISUP_T9));
	pass_ms(500);
	expect_fired("T1@150 T7@250 T5@300 ");

	/* started anew, stopped, what is not there */
	isup_timers_start(&timers, ISUP_T7, 200);
	isup_timers_start(&timers, ISUP_T9, 400);
	pass_ms(100);
	isup_timers_start(&timers, ISUP_T7, 200);
	isup_timers_stop(&timers, ISUP_T1);
	pass_ms(150);
	isup_timers_stop(&timers, ISUP_T9);
	pass_ms(500);
	expect_fired("T7@300 ");

	/* repeats beside one that goes on */
	restart = ISUP_T1;
	isup_timers_start(&timers, ISUP_T1, 100);
	isup_timers_start(&timers, ISUP_T5, 350);
	pass_ms(400);
	isup_timers_stop_all(&timers);
	EXPECT(!isup_timers_running(&timers, ISUP_T1));
	pass_ms(400);
	expect_fired("T1@100 T1@200 T1@300 T5@350 T1@400 ");
}

int main(void)
{
	hand_clock_start();
	test_rows();
	test_limits();
	test_1988();
	test_running();
	return expect_failures > 0;
}
