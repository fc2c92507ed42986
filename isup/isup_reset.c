/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reset of circuits by us, Q.764 2.9.3: RSC for one (CRS), GRS for a range (CGRS). */

#include <osmocom/core/utils.h>

#include "isup_priv.h"
#include "isup_segment.h"
#include "isup_repeat.h"

/* How often the probe of a destination that is being proven is repeated: nobody waits for T16 or T22 there */
#define PROBE_MS 3000

/* An RSC (one circuit) or GRS that is not acknowledged */
struct isup_reset {
	struct isup_repeat repeat;	/* first */
	struct llist_head entry;	/* isup_dest.resets */
	bool blo_received;		/* since RSC was sent last: that may be all of the answer */
};

static const struct isup_repeat_kind kinds[] = {
	[false] = { ISUP_MSG_RSC, ISUP_T16, ISUP_T17, ISUP_ALARM_RESET },
	[true] = { ISUP_MSG_GRS, ISUP_T22, ISUP_T23, ISUP_ALARM_GROUP_RESET },
};

static struct isup_circuit *circuit_at(const struct isup_reset *reset, unsigned int i)
{
	return isup_dest_circuit(reset->repeat.group->dest, reset->repeat.first + i);
}

/* Q.764 2.9.3.1 c, d: what the far end has blocked it says again. So the marks go when we ask, not when it answers:
 * its BLO may come before its RLC. */
static void forget_remote_blocking(struct isup_circuit *circuit)
{
	circuit->remote_blocked = false;
	circuit->remote_failed = false;
	isup_circuit_set_unequipped(circuit, false);
}

/* The circuit is idle at both ends, but for what is blocked, and for a user who is not done. */
static void circuit_acked(struct isup_circuit *circuit)
{
	circuit->reset = NULL;
	circuit->tell_block = false;
	isup_circuit_update(circuit);
}

/* Q.764 2.9.3.2, affected exchange: status 1 is a circuit that is blocked there for maintenance */
static void acked(struct isup_reset *reset, const uint8_t *status)
{
	struct isup_circuit *first = circuit_at(reset, 0), *circuit;
	unsigned int i, n = reset->repeat.n;

	for (i = 0; i < n; i++) {
		circuit = circuit_at(reset, i);
		if (circuit->reset != reset)	/* it was said to be unequipped */
			continue;
		if (status && (status[i / 8] & (1 << (i % 8))))
			circuit->remote_blocked = true;
		circuit_acked(circuit);
	}
	isup_repeat_end(&reset->repeat);
	isup_block_again(first, n);
}

/* Nobody waits for T16 or T22 while the destination is being proven. */
static void set_often(struct isup_reset *reset)
{
	reset->repeat.often_ms = reset->repeat.group->dest->state == ISUP_DEST_AVAILABLE ? 0 : PROBE_MS;
}

/* A BLO is an answer, too (Q.763 Table 39). The RLC that is to follow it (2.9.3.1 c) may have been lost, or the far end
 * sends none: it is not asked again. */
static void send(struct isup_repeat *repeat)
{
	struct isup_reset *reset = (struct isup_reset *)repeat;
	struct isup_range_status rs = { .range = repeat->n - 1 };
	struct isup_msg msg;

	if (reset->blo_received) {
		acked(reset, NULL);
		return;
	}
	isup_msg_init(&msg, repeat->group->cfg.dialect, repeat->kind->msg_type);
	if (repeat->n > 1)
		isup_msg_put(&msg, ISUP_PAR_RANGE_AND_STATUS, &rs);
	set_often(reset);
	if (repeat->n > 1)
		isup_twice_tx(circuit_at(reset, 0), &msg);
	else
		isup_tx(circuit_at(reset, 0), &msg);
}

/* T17, T23: maintenance is told, and RSC or GRS goes on at that pace (Q.764 Table A.1). A probe goes on as it is until
 * the destination is proven, or lost. */
static bool gave_up(struct isup_repeat *repeat)
{
	if (repeat->group->dest->state == ISUP_DEST_AVAILABLE)
		return false;
	isup_repeat_go_on(repeat);
	return true;
}

static void cleanup(struct isup_repeat *repeat)
{
	llist_del(&((struct isup_reset *)repeat)->entry);
}

static const struct isup_repeat_ops ops = {
	.name = "reset-", .send = send, .gave_up = gave_up, .cleanup = cleanup,
};

/* ---- Start ---- */

static struct isup_reset *reset_alloc(struct isup_circuit *first, unsigned int n)
{
	struct isup_reset *reset = isup_repeat_alloc(first, sizeof(*reset), &ops);
	struct isup_circuit *circuit;
	unsigned int i;

	if (!reset)
		return NULL;
	reset->repeat.n = n;
	set_often(reset);
	llist_add_tail(&reset->entry, &first->group->dest->resets);
	for (i = 0; i < n; i++) {
		circuit = circuit_at(reset, i);
		isup_block_cancel(circuit);
		isup_cot_cancel(circuit);
		isup_segment_drop(circuit);
		forget_remote_blocking(circuit);
		circuit->reset = reset;
		isup_circuit_no_reset_needed(circuit);
		isup_circuit_update(circuit);
	}
	return reset;
}

void isup_reset_start(struct isup_circuit *first, unsigned int n)
{
	struct isup_reset *reset = reset_alloc(first, n);

	if (reset)
		isup_repeat_start(&reset->repeat, &kinds[n > 1]);
}

void isup_reset_start_t5(struct isup_circuit *circuit)
{
	struct isup_reset *reset = reset_alloc(circuit, 1);

	if (reset)
		isup_repeat_start_seldom(&reset->repeat, &kinds[false], ISUP_ALARM_RELEASE);
}

void isup_reset_start_alarm(struct isup_circuit *circuit, enum isup_alarm_id alarm)
{
	struct isup_reset *reset = reset_alloc(circuit, 1);

	if (!reset)
		return;
	isup_repeat_start(&reset->repeat, &kinds[false]);
	isup_alarm_raise(&reset->repeat.alarm, circuit->group, circuit->cic, 1, alarm);
}

void isup_reset_rx_blo(struct isup_circuit *circuit)
{
	if (circuit->reset && circuit->reset->repeat.n == 1)
		circuit->reset->blo_received = true;
}

/* Where maintenance waits, the far end is there all the same. */
void isup_reset_again(struct isup_circuit *circuit)
{
	if (circuit->reset && isup_repeat_is_seldom(&circuit->reset->repeat))
		isup_repeat_start(&circuit->reset->repeat, circuit->reset->repeat.kind);
}

void isup_reset_proven(struct isup_dest *dest)
{
	struct isup_reset *reset, *tmp;

	llist_for_each_entry_safe(reset, tmp, &dest->resets, entry) {
		if (reset->repeat.often_ms)
			isup_repeat_start(&reset->repeat, reset->repeat.kind);
	}
}

/* Q.764 2.9.3.3: a GRS that names one circuit which is not equipped there is discarded in silence. So that this one
 * does not keep the others out of service, it is RSC for each that maintenance asks for. */
static void split(struct isup_reset *reset)
{
	struct isup_circuit *circuit;
	unsigned int i;

	for (i = 0; i < reset->repeat.n; i++) {
		circuit = circuit_at(reset, i);
		if (circuit->reset == reset)
			isup_reset_start(circuit, 1);
	}
	isup_repeat_end(&reset->repeat);
}

void isup_reset_intervene(struct isup_circuit *circuit)
{
	struct isup_reset *reset = circuit->reset;

	if (!isup_repeat_is_seldom(&reset->repeat))
		return;
	if (reset->repeat.n > 1)
		split(reset);
	else
		isup_repeat_start(&reset->repeat, reset->repeat.kind);
}

struct isup_repeat *isup_reset_repeat(const struct isup_circuit *circuit)
{
	return circuit->reset ? &circuit->reset->repeat : NULL;
}

bool isup_reset_acked(struct isup_circuit *first, unsigned int n, const uint8_t *status)
{
	struct isup_reset *reset = first->reset;

	if (!reset || reset->repeat.first != first->cic || reset->repeat.n != n)
		return false;
	acked(reset, status);
	return true;
}

/* Ends it without an answer; its circuits are in no known state. */
static void cancel(struct isup_reset *reset)
{
	struct isup_circuit *circuit;
	unsigned int i;

	for (i = 0; i < reset->repeat.n; i++) {
		circuit = circuit_at(reset, i);
		if (circuit->reset != reset)
			continue;
		isup_circuit_needs_reset(circuit);
		circuit->reset = NULL;
	}
	isup_repeat_end(&reset->repeat);
}

void isup_reset_cancel_all(struct isup_dest *dest, const struct isup_group *group)
{
	struct isup_reset *reset, *tmp;

	llist_for_each_entry_safe(reset, tmp, &dest->resets, entry) {
		if (!group || reset->repeat.group == group)
			cancel(reset);
	}
}

void isup_reset_shorten(struct isup_dest *dest)
{
	struct isup_reset *reset, *tmp;

	llist_for_each_entry_safe(reset, tmp, &dest->resets, entry) {
		if (reset->repeat.n > dest->dialect->range_max + 1)
			cancel(reset);
	}
}

void isup_reset_unequipped(struct isup_circuit *circuit)
{
	struct isup_reset *reset = circuit->reset;

	isup_circuit_no_reset_needed(circuit);
	isup_block_cancel(circuit);
	isup_cot_cancel(circuit);
	circuit->reset = NULL;
	isup_circuit_set_unequipped(circuit, true);
	if (reset && reset->repeat.n == 1)
		isup_repeat_end(&reset->repeat);
}
