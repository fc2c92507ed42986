/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A supervision message until it is acknowledged: the machine that BLO, UBL, CGB, CGU, RSC and GRS have in common. */

#include <stdio.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_priv.h"
#include "isup_repeat.h"

enum repeat_state {
	ST_OFTEN,			/* the short timer repeats, the long one gives up */
	ST_SELDOM,			/* the long one repeats, maintenance knows */
};

enum repeat_event {
	EV_START,			/* anew */
	EV_T_OFTEN,			/* T12, T14, T16, T18, T20, T22 */
	EV_T_SELDOM,			/* T13, T15, T17, T19, T21, T23 */
};

static void start_often(struct isup_repeat *repeat)
{
	enum isup_timer_id id = repeat->kind->often;
	uint32_t ms = repeat->often_ms ? repeat->often_ms : isup_group_timer_ms(repeat->group, id);

	isup_timers_start(&repeat->timers, id, ms);
}

static void start_seldom(struct isup_repeat *repeat)
{
	enum isup_timer_id id = repeat->kind->seldom;

	isup_timers_start(&repeat->timers, id, isup_group_timer_ms(repeat->group, id));
}

static void to_state(struct isup_repeat *repeat, enum repeat_state state)
{
	if (repeat->fi->state != state)
		osmo_fsm_inst_state_chg(repeat->fi, state, 0, 0);
}

/* The long timer comes first: where both are due at once, it stops the short one. Sending comes last, as it may end
 * all this. */
static void start(struct isup_repeat *repeat)
{
	isup_timers_stop_all(&repeat->timers);
	isup_alarm_clear(&repeat->alarm);
	to_state(repeat, ST_OFTEN);
	start_seldom(repeat);
	start_often(repeat);
	repeat->ops->send(repeat);
}

static void seldom(struct isup_repeat *repeat, enum isup_alarm_id alarm)
{
	isup_timers_stop_all(&repeat->timers);
	isup_alarm_raise(&repeat->alarm, repeat->group, repeat->first, repeat->n, alarm);
	to_state(repeat, ST_SELDOM);
	start_seldom(repeat);
	repeat->ops->send(repeat);
}

static void st_often(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_repeat *repeat = fi->priv;

	switch (event) {
	case EV_START:
		start(repeat);
		break;
	case EV_T_OFTEN:
		start_often(repeat);
		repeat->ops->send(repeat);
		break;
	case EV_T_SELDOM:
		if (!repeat->ops->gave_up || !repeat->ops->gave_up(repeat))
			seldom(repeat, repeat->kind->alarm);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void st_seldom(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_repeat *repeat = fi->priv;

	switch (event) {
	case EV_START:
		start(repeat);
		break;
	case EV_T_SELDOM:
		start_seldom(repeat);
		repeat->ops->send(repeat);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void cleanup(struct osmo_fsm_inst *fi, enum osmo_fsm_term_cause cause)
{
	struct isup_repeat *repeat = fi->priv;

	if (!repeat)
		return;
	isup_timers_stop_all(&repeat->timers);
	isup_alarm_clear(&repeat->alarm);
	repeat->ops->cleanup(repeat);
}

static const struct osmo_fsm_state states[] = {
	[ST_OFTEN] = {
		.name = "OFTEN",
		.in_event_mask = 1 << EV_START | 1 << EV_T_OFTEN | 1 << EV_T_SELDOM,
		.out_state_mask = 1 << ST_SELDOM,
		.action = st_often,
	},
	[ST_SELDOM] = {
		.name = "SELDOM",
		.in_event_mask = 1 << EV_START | 1 << EV_T_SELDOM,
		.out_state_mask = 1 << ST_OFTEN,
		.action = st_seldom,
	},
};

static const struct value_string event_names[] = {
	{ EV_START, "START" },
	{ EV_T_OFTEN, "T_OFTEN" },
	{ EV_T_SELDOM, "T_SELDOM" },
	{}
};

static struct osmo_fsm repeat_fsm = {
	.name = "isup_repeat",
	.states = states,
	.num_states = ARRAY_SIZE(states),
	.event_names = event_names,
	.cleanup = cleanup,
	.log_subsys = DISUPCIRC,
};

static __attribute__((constructor)) void register_fsm(void)
{
	OSMO_ASSERT(osmo_fsm_register(&repeat_fsm) == 0);
}

static void timer_expired(void *data, enum isup_timer_id id)
{
	struct isup_repeat *repeat = data;

	isup_group_count(repeat->group, ISUP_CTR_TIMER_SUPERVISION);
	osmo_fsm_inst_dispatch(repeat->fi, id == repeat->kind->often ? EV_T_OFTEN : EV_T_SELDOM, NULL);
}

void *isup_repeat_alloc(struct isup_circuit *first, size_t size, const struct isup_repeat_ops *ops)
{
	struct isup_repeat *repeat = isup_fsm_alloc(&repeat_fsm, ops->name, first, "struct isup_repeat", size);

	if (!repeat)
		return NULL;
	repeat->fi = &repeat->inst;
	repeat->ops = ops;
	repeat->group = first->group;
	repeat->first = first->cic;
	repeat->n = 1;
	isup_timers_init(&repeat->timers, timer_expired, repeat);
	return repeat;
}

void isup_repeat_start(struct isup_repeat *repeat, const struct isup_repeat_kind *kind)
{
	repeat->kind = kind;
	osmo_fsm_inst_dispatch(repeat->fi, EV_START, NULL);
}

void isup_repeat_start_seldom(struct isup_repeat *repeat, const struct isup_repeat_kind *kind,
			      enum isup_alarm_id alarm)
{
	repeat->kind = kind;
	seldom(repeat, alarm);
}

void isup_repeat_go_on(struct isup_repeat *repeat)
{
	start_seldom(repeat);
}

bool isup_repeat_is_seldom(const struct isup_repeat *repeat)
{
	return repeat->fi->state == ST_SELDOM;
}

void isup_repeat_end(struct isup_repeat *repeat)
{
	osmo_fsm_inst_term(repeat->fi, OSMO_FSM_TERM_REGULAR, NULL);
}
