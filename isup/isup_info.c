/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What VTY, metrics and tests see of circuits: numbers by state, each one's state, the timers that run for it. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_priv.h"
#include "isup_repeat.h"
#include "isup_segment.h"

/* A circuit is counted as one of: unequipped, resetting, busy, checking, idle; blocked ones are counted besides. */
static void count_circuit(const struct isup_circuit *c, struct isup_group_stats *stats)
{
	if (c->unequipped)
		stats->unequipped++;
	else if (c->call || (c->segment && !c->needs_reset))
		stats->busy++;
	else if (c->needs_reset || c->reset || c->gra)
		stats->resetting++;
	else if (c->cot)
		stats->checking++;
	else
		stats->idle++;
	stats->local_blocked += c->local_blocked || c->local_failed;
	stats->remote_blocked += c->remote_blocked || c->remote_failed;
}

void isup_group_stats(const struct isup_group *group, struct isup_group_stats *stats)
{
	const struct isup_range *range;
	unsigned int i;

	memset(stats, 0, sizeof(*stats));
	stats->circuits = group->n_circuits;
	stats->free = group->n_idle;
	if (!group->dest)
		return;
	llist_for_each_entry(range, &group->ranges, entry) {
		for (i = 0; i <= (unsigned int)range->last - range->first; i++)
			count_circuit(&range->circuits[i], stats);
	}
}

static const char *circuit_state(const struct isup_circuit *c)
{
	if (c->unequipped)
		return "unequipped";
	if (c->call)
		return isup_call_state_name(c->call);
	if (c->needs_reset)
		return "reset pending";
	if (c->reset || c->gra)
		return "resetting";
	if (c->cot)
		return isup_cot_state_name(c->cot);
	if (c->segment)
		return "busy in";
	return "idle";
}

static struct isup_circuit_info circuit_info(const struct isup_circuit *circuit)
{
	return (struct isup_circuit_info){
		.cic = circuit->cic,
		.state = circuit_state(circuit),
		.local_blocked = circuit->local_blocked,
		.local_failed = circuit->local_failed,
		.bearer_lost = circuit->local_failed & ISUP_FAILURE_BEARER,
		.remote_blocked = circuit->remote_blocked,
		.remote_failed = circuit->remote_failed,
		.call = circuit->call,
		.query_state = isup_circuit_query_state(circuit),
		.far_state = circuit->far_state,
		.far_known = circuit->far_known,
		.checked = circuit->cot ? isup_cot_state_name(circuit->cot) : NULL,
	};
}

int isup_circuit_info(const struct isup_group *group, uint16_t cic, struct isup_circuit_info *info)
{
	const struct isup_circuit *circuit = group->dest ? isup_dest_circuit(group->dest, cic) : NULL;

	if (!circuit || circuit->group != group)
		return -ENOENT;
	*info = circuit_info(circuit);
	return 0;
}

void isup_circuit_for_each_timer(const struct isup_group *group, uint16_t cic, isup_timer_left_cb *cb, void *data)
{
	const struct isup_circuit *circuit = group->dest ? isup_dest_circuit(group->dest, cic) : NULL;
	struct isup_repeat *repeat;

	if (!circuit)
		return;
	if (circuit->call)
		isup_timers_for_each(&circuit->call->timers, cb, data);
	if (circuit->cot)
		isup_timers_for_each(isup_cot_timers(circuit->cot), cb, data);
	isup_segment_for_each_timer(circuit, cb, data);
	isup_query_for_each_timer(circuit, cb, data);
	isup_validation_for_each_timer(circuit, cb, data);
	isup_twice_for_each_timer(circuit, cb, data);
	if ((repeat = isup_reset_repeat(circuit)))
		isup_timers_for_each(&repeat->timers, cb, data);
	if ((repeat = isup_block_repeat(circuit)))
		isup_timers_for_each(&repeat->timers, cb, data);
	if ((repeat = isup_block_group_repeat(circuit, ISUP_BLOCK_MAINTENANCE)))
		isup_timers_for_each(&repeat->timers, cb, data);
	if ((repeat = isup_block_group_repeat(circuit, ISUP_BLOCK_HARDWARE)))
		isup_timers_for_each(&repeat->timers, cb, data);
}

void isup_group_for_each_circuit(const struct isup_group *group,
				 void (*cb)(const struct isup_circuit_info *info, void *data), void *data)
{
	struct isup_circuit_info info = { .state = "not started" };
	const struct isup_range *range;
	unsigned int cic;

	llist_for_each_entry(range, &group->ranges, entry) {
		for (cic = range->first; cic <= range->last; cic++) {
			info.cic = cic;
			if (range->circuits)
				info = circuit_info(&range->circuits[cic - range->first]);
			cb(&info, data);
		}
	}
}
