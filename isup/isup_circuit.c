/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits: idle or not, hunting, and what maintenance may ask of one. */

#include <errno.h>

#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_priv.h"

/* ---- Idle circuits by CIC ---- */

static void map_set(struct isup_cic_map *map, unsigned int cic, bool on)
{
	uint64_t *bits = &map->bits[cic / 64];
	uint64_t *sum = &map->sum[cic / 64 / 64];
	uint64_t bit = 1ULL << (cic / 64 % 64);

	if (on)
		*bits |= 1ULL << (cic % 64);
	else
		*bits &= ~(1ULL << (cic % 64));
	if (*bits)
		*sum |= bit;
	else
		*sum &= ~bit;
}

/* The map must not be empty. */
static unsigned int map_lowest(const struct isup_cic_map *map)
{
	unsigned int i = 0, word;

	while (!map->sum[i])
		i++;
	word = i * 64 + __builtin_ctzll(map->sum[i]);
	return word * 64 + __builtin_ctzll(map->bits[word]);
}

static unsigned int map_highest(const struct isup_cic_map *map)
{
	unsigned int i = ARRAY_SIZE(map->sum) - 1, word;

	while (!map->sum[i])
		i--;
	word = i * 64 + 63 - __builtin_clzll(map->sum[i]);
	return word * 64 + 63 - __builtin_clzll(map->bits[word]);
}

/* ---- Idle or not ---- */

/* Q.764 2.9.1.3 */
bool isup_circuit_controlled(const struct isup_circuit *circuit)
{
	const struct isup_dest *dest = circuit->group->dest;
	bool even = circuit->cic % 2 == 0;

	switch (circuit->group->cfg.control) {
	case ISUP_CONTROL_EVEN:
		return even;
	case ISUP_CONTROL_ODD:
		return !even;
	case ISUP_CONTROL_ALL:
		return true;
	case ISUP_CONTROL_NONE:
		return false;
	case ISUP_CONTROL_BY_POINT_CODE:
	default:
		return dest->opc > dest->dpc ? even : !even;
	}
}

static bool is_idle(const struct isup_circuit *c)
{
	return !c->call && !c->cot && !c->segment && !c->reset && !c->gra && !c->needs_reset && !c->tell &&
	       !c->unequipped && !c->local_blocked && !c->local_failed && !c->remote_blocked && !c->remote_failed;
}

void isup_circuit_update(struct isup_circuit *circuit)
{
	struct isup_group *group = circuit->group;
	bool idle = is_idle(circuit);

	if (idle == circuit->idle)
		return;
	circuit->idle = idle;
	map_set(&group->idle_map, circuit->cic, idle);
	if (!idle) {
		llist_del(&circuit->entry);
		group->n_idle--;
		return;
	}
	llist_add_tail(&circuit->entry,
		       isup_circuit_controlled(circuit) ? &group->idle_own : &group->idle_other);
	group->n_idle++;
}

/* The queue of the destination has what is to be reset, and what is to be said of blocking. */
static void enqueue(struct isup_circuit *circuit)
{
	struct isup_dest *dest = circuit->group->dest;

	isup_circuit_update(circuit);
	llist_add_tail(&circuit->entry, &dest->to_reset);
	dest->n_to_reset++;
	isup_dest_pace(dest);
}

static void dequeue(struct isup_circuit *circuit)
{
	llist_del(&circuit->entry);
	circuit->group->dest->n_to_reset--;
	isup_circuit_update(circuit);
}

void isup_circuit_needs_reset(struct isup_circuit *circuit)
{
	bool queued = circuit->needs_reset || circuit->tell;

	circuit->needs_reset = true;
	circuit->tell = 0;	/* it is said after the reset */
	if (!queued)
		enqueue(circuit);
}

void isup_circuit_no_reset_needed(struct isup_circuit *circuit)
{
	if (!circuit->needs_reset)
		return;
	circuit->needs_reset = false;
	dequeue(circuit);
}

void isup_circuit_tell(struct isup_circuit *circuit, enum isup_block_kind kind, bool tell)
{
	uint8_t old = circuit->tell;

	if (circuit->needs_reset)
		return;
	circuit->tell = tell ? old | 1 << kind : old & ~(1 << kind);
	if (circuit->tell && !old)
		enqueue(circuit);
	else if (!circuit->tell && old)
		dequeue(circuit);
}

void isup_circuit_set_unequipped(struct isup_circuit *circuit, bool unequipped)
{
	circuit->unequipped = unequipped;
	if (unequipped)
		isup_alarm_raise(&circuit->alarm, circuit->group, circuit->cic, 1, ISUP_ALARM_UNEQUIPPED);
	else
		isup_alarm_clear(&circuit->alarm);
	isup_circuit_update(circuit);
}

/* ---- Hunting ---- */

static struct isup_circuit *first_of(struct llist_head *list)
{
	return llist_first_entry_or_null(list, struct isup_circuit, entry);
}

static struct isup_circuit *last_of(struct llist_head *list)
{
	return llist_empty(list) ? NULL : llist_last_entry(list, struct isup_circuit, entry);
}

/* Q.764 2.9.1.3 method 2: of the circuits that we control the one longest idle; only when all of these are busy,
 * of those that the far end controls the one that was released last */
static struct isup_circuit *hunt_least_recent(struct isup_group *group)
{
	struct isup_circuit *circuit = first_of(&group->idle_own);

	return circuit ? circuit : last_of(&group->idle_other);
}

static struct isup_circuit *hunt_most_recent(struct isup_group *group)
{
	struct isup_circuit *circuit = last_of(&group->idle_own);

	return circuit ? circuit : last_of(&group->idle_other);
}

struct isup_circuit *isup_circuit_hunt(struct isup_group *group)
{
	if (!group->n_idle)
		return NULL;
	switch (group->cfg.hunt) {
	case ISUP_HUNT_ASCENDING:
		return isup_dest_circuit(group->dest, map_lowest(&group->idle_map));
	case ISUP_HUNT_DESCENDING:
		return isup_dest_circuit(group->dest, map_highest(&group->idle_map));
	case ISUP_HUNT_MOST_RECENT:
		return hunt_most_recent(group);
	case ISUP_HUNT_LEAST_RECENT:
	default:
		return hunt_least_recent(group);
	}
}

/* ---- Maintenance ---- */

static struct isup_circuit *circuit_find(struct isup_group *group, uint16_t cic)
{
	struct isup_circuit *circuit = group->dest ? isup_dest_circuit(group->dest, cic) : NULL;

	return circuit && circuit->group == group ? circuit : NULL;
}

/* Q.764 2.8.2. While the destination is not there only the wish is noted; BLO follows the reset of the bring-up. */
int isup_circuit_block(struct isup_group *group, uint16_t cic, bool block)
{
	struct isup_circuit *circuit = circuit_find(group, cic);

	if (!circuit)
		return -ENOENT;
	if (circuit->local_blocked == block)
		return 0;
	circuit->local_blocked = block;
	isup_block_group_withdraw(circuit, ISUP_BLOCK_MAINTENANCE);
	isup_circuit_tell(circuit, ISUP_BLOCK_MAINTENANCE, false);
	isup_circuit_update(circuit);
	if (group->dest->state == ISUP_DEST_AVAILABLE && !circuit->needs_reset && !circuit->unequipped)
		isup_block_start(circuit);
	else
		circuit->tell_block = true;
	return 0;
}

/* Q.764 2.9.3.1: the call, if there is one, is lost, and told so. RSC or GRS goes when it is its turn. */
int isup_circuit_reset(struct isup_group *group, uint16_t cic)
{
	struct isup_circuit *circuit = circuit_find(group, cic);

	if (!circuit)
		return -ENOENT;
	isup_circuit_set_unequipped(circuit, false);
	isup_cot_cancel(circuit);
	if (circuit->reset)
		isup_reset_intervene(circuit);
	else
		isup_circuit_needs_reset(circuit);
	if (circuit->call)
		isup_call_reset_by_us(circuit->call);
	return 0;
}

int isup_circuit_send_octets(struct isup_group *group, uint16_t cic, const uint8_t *octets, size_t len)
{
	struct isup_circuit *circuit = circuit_find(group, cic);

	if (!circuit)
		return -ENOENT;
	return isup_tx_octets(circuit, octets, len);
}
