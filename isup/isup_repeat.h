/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A supervision message of ours until it is acknowledged: repeated often at first, then seldom, which maintenance knows
 * (Q.764 2.9.4: T12 and T13 for BLO, T14 and T15 for UBL … T22 and T23 for GRS). */
#pragma once

#include <osmocom/core/fsm.h>

#include "isup/isup_alarm.h"
#include "isup/isup_timer.h"

struct isup_circuit;
struct isup_group;
struct isup_repeat;

/* One row a message */
struct isup_repeat_kind {
	uint8_t msg_type;
	enum isup_timer_id often, seldom;
	enum isup_alarm_id alarm;
};

struct isup_repeat_ops {
	const char *name;		/* for logs, with '-' behind */
	/* Sends it. May end it instead. */
	void (*send)(struct isup_repeat *repeat);
	/* It was not acknowledged for the long time. True where that has been dealt with; false: alarm, and go on.
	 * May be NULL. */
	bool (*gave_up)(struct isup_repeat *repeat);
	/* It ends. */
	void (*cleanup)(struct isup_repeat *repeat);
};

/* First in the struct of what is repeated */
struct isup_repeat {
	struct osmo_fsm_inst inst;	/* first */
	struct osmo_fsm_inst *fi;	/* the same */
	const struct isup_repeat_ops *ops;
	const struct isup_repeat_kind *kind;
	struct isup_group *group;
	struct isup_alarm *alarm;
	uint32_t often_ms;		/* instead of the group's timer, if not 0 */
	uint16_t first, n;		/* circuits */
	struct isup_timers timers;
};

/* size is that of the struct around it. NULL where no memory. */
void *isup_repeat_alloc(struct isup_circuit *first, size_t size, const struct isup_repeat_ops *ops);
/* Sends it and starts both timers, whatever was repeated before. */
void isup_repeat_start(struct isup_repeat *repeat, const struct isup_repeat_kind *kind);
/* Sends it; maintenance knows already. */
void isup_repeat_start_seldom(struct isup_repeat *repeat, const struct isup_repeat_kind *kind,
			      enum isup_alarm_id alarm);
/* Waits for the long time once more before it gives up. */
void isup_repeat_go_on(struct isup_repeat *repeat);
/* Does maintenance know? */
bool isup_repeat_is_seldom(const struct isup_repeat *repeat);
/* Acknowledged, or not wanted any more: frees it. */
void isup_repeat_end(struct isup_repeat *repeat);
