/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timers T1 to T39 of Q.764 Annex A and those of ANSI: one row each, several run at once on one object. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <osmocom/core/timer.h>

enum isup_timer_id {
	ISUP_T1 = 1, ISUP_T2, ISUP_T3, ISUP_T4, ISUP_T5, ISUP_T6, ISUP_T7, ISUP_T8, ISUP_T9, ISUP_T10,
	ISUP_T11, ISUP_T12, ISUP_T13, ISUP_T14, ISUP_T15, ISUP_T16, ISUP_T17, ISUP_T18, ISUP_T19, ISUP_T20,
	ISUP_T21, ISUP_T22, ISUP_T23, ISUP_T24, ISUP_T25, ISUP_T26, ISUP_T27, ISUP_T28, ISUP_T29, ISUP_T30,
	ISUP_T31, ISUP_T32, ISUP_T33, ISUP_T34, ISUP_T35, ISUP_T36, ISUP_T37, ISUP_T38, ISUP_T39,
	/* ANSI T1.113.4: circuit reservation, exit, circuit validation, continuity check, group messages said twice.
	 * Its T34 is T36 here, its T36 is T34. */
	ISUP_TCRM, ISUP_TCRA, ISUP_TEXM, ISUP_TCVT, ISUP_TCCR, ISUP_TCCR_R, ISUP_TCGB, ISUP_TGRS,
	ISUP_TIMER_COUNT
};

/* One timer: a row. All times in milliseconds. */
struct isup_timer_def {
	const char *name;		/* "T7"; NULL where Q.764 leaves the number out */
	uint32_t default_ms, min_ms, max_ms;
	const char *what;		/* started when, as Annex A says, in a few words */
};

extern const struct isup_timer_def isup_timer_defs[ISUP_TIMER_COUNT];

typedef void isup_timer_cb(void *data, enum isup_timer_id id);

/* No object runs more at once: a suspended call may have T2, T6, T33 and T39, one being released T1 and T5. */
#define ISUP_TIMERS_MAX 4

/* The timers of one object, on one timer of the select loop */
struct isup_timers {
	struct osmo_timer_list timer;
	isup_timer_cb *cb;
	void *data;
	uint32_t due_ms[ISUP_TIMERS_MAX]; /* counted from when none ran */
	uint8_t id[ISUP_TIMERS_MAX];	/* enum isup_timer_id, 0: free */
};

void isup_timers_init(struct isup_timers *timers, isup_timer_cb *cb, void *data);
/* Starts, or starts anew. */
void isup_timers_start(struct isup_timers *timers, enum isup_timer_id id, uint32_t ms);
void isup_timers_stop(struct isup_timers *timers, enum isup_timer_id id);
void isup_timers_stop_all(struct isup_timers *timers);
bool isup_timers_running(const struct isup_timers *timers, enum isup_timer_id id);
/* Those that run, with what is left of them */
typedef void isup_timer_left_cb(enum isup_timer_id id, uint32_t left_ms, void *data);
void isup_timers_for_each(const struct isup_timers *timers, isup_timer_left_cb *cb, void *data);
