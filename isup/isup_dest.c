/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Destinations: unavailable until proven; when proven, their circuits are reset at a pace. */

#include <errno.h>
#include <time.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_priv.h"
#include "isup_segment.h"

#define POLL_S 1

static const struct value_string dest_state_names[] = {
	{ ISUP_DEST_UNAVAILABLE, "unavailable" },
	{ ISUP_DEST_PROVING, "proving" },
	{ ISUP_DEST_NO_USER, "no user part" },
	{ ISUP_DEST_AVAILABLE, "available" },
	{}
};

const char *isup_dest_state_name(enum isup_dest_state state)
{
	return get_value_string(dest_state_names, state);
}

static unsigned int n_pages(const struct isup_dialect *dialect)
{
	return (1u << dialect->cic_bits) / ISUP_PAGE_CICS;
}

static time_t now_s(void)
{
	struct timespec now = {};

	osmo_clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* The alarm is what is logged at NOTICE. */
static void set_state(struct isup_dest *dest, enum isup_dest_state state)
{
	LOGP(DISUPCIRC, LOGL_INFO, "destination %u (from %u): %s -> %s\n", dest->dpc, dest->opc,
	     isup_dest_state_name(dest->state), isup_dest_state_name(state));
	dest->state = state;
	dest->since = now_s();
	if (state != ISUP_DEST_NO_USER)
		isup_dest_user_available(dest);
	if (state == ISUP_DEST_AVAILABLE || state == ISUP_DEST_NO_USER)
		isup_alarm_clear(&dest->alarm);
	else
		isup_alarm_raise_dest(&dest->alarm, dest, -1, ISUP_ALARM_DESTINATION);
}

/* ---- Circuits ---- */

void isup_dest_set_circuit(struct isup_dest *dest, uint16_t cic, struct isup_circuit *circuit)
{
	struct isup_circuit ***page = &dest->pages[cic / ISUP_PAGE_CICS];

	if (!*page)
		*page = talloc_zero_array(dest, struct isup_circuit *, ISUP_PAGE_CICS);
	OSMO_ASSERT(*page);
	(*page)[cic % ISUP_PAGE_CICS] = circuit;
	if (circuit)
		isup_alarm_clear(&dest->unallocated);
}

static void for_each_circuit(struct isup_dest *dest, void (*cb)(struct isup_circuit *circuit))
{
	unsigned int page, i;

	for (page = 0; page < n_pages(dest->dialect); page++) {
		for (i = 0; dest->pages[page] && i < ISUP_PAGE_CICS; i++) {
			if (dest->pages[page][i])
				cb(dest->pages[page][i]);
		}
	}
}

struct isup_circuit *isup_dest_first_circuit(const struct isup_dest *dest)
{
	unsigned int page, i;

	for (page = 0; page < n_pages(dest->dialect); page++) {
		for (i = 0; dest->pages[page] && i < ISUP_PAGE_CICS; i++) {
			if (dest->pages[page][i])
				return dest->pages[page][i];
		}
	}
	return NULL;
}

/* ---- Timers ---- */

/* They are set for groups: that of the first circuit counts. */
void isup_dest_start_timer(struct isup_dest *dest, enum isup_timer_id id)
{
	const struct isup_circuit *circuit = isup_dest_first_circuit(dest);

	isup_timers_start(&dest->timers, id, circuit ? isup_group_timer_ms(circuit->group, id) :
			  isup_dialect_timer_ms(dest->dialect, id));
}

static void timer_expired(void *data, enum isup_timer_id id)
{
	struct isup_dest *dest = data;

	if (id == ISUP_T4)
		isup_dest_t4(dest);
	else if (id == ISUP_T30)
		isup_load_t30(dest);
}

/* ---- The paced bring-up ---- */

/* May this circuit be reset with another one? */
static bool goes_with(const struct isup_circuit *circuit, const struct isup_circuit *other)
{
	return circuit && circuit->group == other->group && circuit->needs_reset && !circuit->reset;
}

/* The run of circuits, max at most, around the one whose turn it is. Returns how many, and the first. */
static unsigned int next_run(struct isup_dest *dest, const struct isup_circuit *next, unsigned int max,
			     struct isup_circuit **first)
{
	unsigned int from, n = 1;

	for (from = next->cic; n < max && from && goes_with(isup_dest_circuit(dest, from - 1), next); n++)
		from--;
	for (; n < max && goes_with(isup_dest_circuit(dest, from + n), next); n++)
		;
	*first = isup_dest_circuit(dest, from);
	return n;
}

/* Q.764 2.9.3: GRS for several circuits, RSC for one on its own. 2.8.2: what is to be said of blocking.
 * NULL: the queue is empty. */
static struct isup_circuit *serve_next(struct isup_dest *dest, unsigned int max)
{
	struct isup_circuit *next = llist_first_entry_or_null(&dest->to_reset, struct isup_circuit, entry), *first;
	unsigned int n, waiting = dest->n_to_reset;

	if (!next)
		return NULL;
	if (next->needs_reset) {
		n = next_run(dest, next, max, &first);
		isup_reset_start(first, n);
	} else {
		isup_block_say(next);
	}
	dest->n_reset += waiting - dest->n_to_reset;
	return next;
}

static void pace_cb(void *data)
{
	struct isup_dest *dest = data;
	struct isup_circuit *circuit = serve_next(dest, dest->dialect->range_max + 1);
	unsigned int rate;

	if (!circuit) {
		dest->n_reset = 0;
		return;
	}
	/* also after the last one: what comes to the queue then keeps the pace */
	rate = OSMO_MAX(circuit->group->cfg.reset_rate, 1);
	osmo_timer_schedule(&dest->pace, rate == 1, 1000000 / rate % 1000000);
}

void isup_dest_pace(struct isup_dest *dest)
{
	if (dest->state == ISUP_DEST_AVAILABLE && dest->n_to_reset && !osmo_timer_pending(&dest->pace))
		osmo_timer_schedule(&dest->pace, 0, 0);
}

/* ---- Proving ---- */

static void dest_available(struct isup_dest *dest)
{
	set_state(dest, ISUP_DEST_AVAILABLE);
	for_each_circuit(dest, isup_block_tell);
	isup_dest_pace(dest);
	isup_dest_poll_now(dest);
}

/* The first reset of the bring-up is the probe: RSC, which is answered even where the circuit is not equipped, as GRS
 * is not. Where every circuit has an answered call there is nothing to reset, and no circuit that could be seized in
 * vain. */
static void probe(struct isup_dest *dest)
{
	if (!serve_next(dest, 1))
		dest_available(dest);
}

/* Q.764 2.13, 2.14: the network, or the user part, was away, not the way there: what was idle is idle. Not where the
 * far end may not have heard of a hardware failure: the reset says it. */
static bool stays_idle(const struct isup_circuit *c)
{
	const struct isup_dest *dest = c->group->dest;

	if (!c->group->cfg.resume_idle || (!dest->paused && dest->state != ISUP_DEST_NO_USER))
		return false;
	return !c->call && !c->cot && !c->needs_reset && !(c->tell & 1 << ISUP_BLOCK_HARDWARE) &&
	       !isup_block_group_pending(c, ISUP_BLOCK_HARDWARE);
}

static void lose_circuit(struct isup_circuit *circuit)
{
	bool answered, stays = stays_idle(circuit);

	if (circuit->block || isup_block_group_pending(circuit, ISUP_BLOCK_MAINTENANCE) ||
	    circuit->tell & 1 << ISUP_BLOCK_MAINTENANCE)
		circuit->tell_block = true;
	isup_block_cancel(circuit);
	isup_cot_cancel(circuit);
	answered = circuit->call && isup_call_lost(circuit->call);
	if (!answered && !stays)
		isup_circuit_needs_reset(circuit);
}

static void reset_idle(struct isup_circuit *circuit)
{
	if (!circuit->call)
		isup_circuit_needs_reset(circuit);
}

void isup_dest_lost(struct isup_dest *dest, enum isup_dest_state state)
{
	set_state(dest, state);
	isup_load_reset(dest);
	osmo_timer_del(&dest->pace);
	dest->n_reset = 0;
	isup_gra_drop(dest);
	isup_segment_drop_all(dest, NULL);
	isup_reset_cancel_all(dest, NULL);
	isup_query_cancel_all(dest, NULL);
	for_each_circuit(dest, lose_circuit);
	isup_block_group_cancel_all(dest, NULL);
}

/* RFC 4666 4.3.4.3: what was said of a destination ends with the association; the next one says it anew. And what was
 * idle when it was paused may not be so any more. */
static void no_way(struct isup_dest *dest)
{
	if (dest->paused)
		for_each_circuit(dest, reset_idle);
	dest->paused = false;
}

static void poll_cb(void *data)
{
	struct isup_dest *dest = data;
	struct isup_mtp *mtp = dest->net->mtp;
	bool up = mtp->ops->reachable(mtp, dest->dpc);

	osmo_timer_schedule(&dest->poll, POLL_S, 0);
	if (!up)
		no_way(dest);
	up = up && !dest->paused;
	if (!up && dest->state != ISUP_DEST_UNAVAILABLE)
		isup_dest_lost(dest, ISUP_DEST_UNAVAILABLE);
	if (up && dest->state == ISUP_DEST_UNAVAILABLE)
		set_state(dest, ISUP_DEST_PROVING);
	/* Anything may have proven it: the probe that it has not answered by then was lost. */
	if (dest->state == ISUP_DEST_AVAILABLE)
		isup_reset_proven(dest);
	/* not only now: the group of the probe may have been stopped */
	if (dest->state == ISUP_DEST_PROVING && llist_empty(&dest->resets))
		probe(dest);
}

void isup_dest_set_dialect(struct isup_dest *dest, const struct isup_dialect *dialect)
{
	dest->dialect = dialect;
	isup_reset_shorten(dest);
	isup_block_group_shorten(dest);
	isup_query_shorten(dest);
}

void isup_dest_poll_now(struct isup_dest *dest)
{
	osmo_timer_schedule(&dest->poll, 0, 0);
}

void isup_dest_traffic(struct isup_dest *dest)
{
	struct isup_mtp *mtp = dest->net->mtp;

	if (dest->state == ISUP_DEST_AVAILABLE || !mtp->ops->reachable(mtp, dest->dpc))
		return;
	/* It may have been on its way since before the PAUSE: that there is a way both ways is to be proven. */
	if (dest->paused)
		isup_dest_resume(dest);
	else
		dest_available(dest);
}

void isup_dest_pause(struct isup_dest *dest)
{
	dest->paused = true;
	if (dest->state != ISUP_DEST_UNAVAILABLE)
		isup_dest_lost(dest, ISUP_DEST_UNAVAILABLE);
}

void isup_dest_resume(struct isup_dest *dest)
{
	dest->paused = false;
	isup_dest_poll_now(dest);
}

/* ---- What is shown ---- */

static void add_circuit(struct isup_dest_info *info, const struct isup_circuit *circuit)
{
	info->circuits++;
	info->unacked += circuit->reset != NULL;
	info->rate = circuit->group->cfg.reset_rate;
	info->group = circuit->group;
}

static struct isup_dest_info dest_info(const struct isup_dest *dest)
{
	struct isup_dest_info info = {
		.opc = dest->opc,
		.dpc = dest->dpc,
		.state = dest->state,
		.since_s = now_s() - dest->since,
		.waiting = dest->n_to_reset,
		.sent = dest->n_reset,
		.reduction = isup_load_reduction(dest),
		.timers = &dest->timers,
	};
	unsigned int page, i;

	for (page = 0; page < n_pages(dest->dialect); page++) {
		for (i = 0; dest->pages[page] && i < ISUP_PAGE_CICS; i++) {
			if (dest->pages[page][i])
				add_circuit(&info, dest->pages[page][i]);
		}
	}
	return info;
}

void isup_for_each_dest(const struct isup *isup, void (*cb)(const struct isup_dest_info *info, void *data), void *data)
{
	const struct isup_net *net;
	const struct isup_dest *dest;
	struct isup_dest_info info;
	unsigned int bucket;

	llist_for_each_entry(net, &isup->nets, entry) {
		hash_for_each(net->dests, bucket, dest, node) {
			info = dest_info(dest);
			if (info.group)
				cb(&info, data);
		}
	}
}

/* ---- Alloc and free ---- */

static void stop_groups(const struct isup_net *net, struct llist_head *groups)
{
	struct isup_group *group, *tmp;

	llist_for_each_entry_safe(group, tmp, groups, entry) {
		if (group->dest && group->dest->net == net)
			isup_group_stop_now(group);
	}
}

/* Whichever goes first, user part or MTP: nothing of one is left with the other. */
static int net_destructor(struct isup_net *net)
{
	net->closing = true;
	stop_groups(net, &net->isup->groups);
	stop_groups(net, &net->isup->leaving);
	net->mtp->user_ops = NULL;
	net->mtp->user = NULL;
	llist_del(&net->entry);
	return 0;
}

static struct isup_net *net_get(struct isup *isup, struct isup_mtp *mtp)
{
	struct isup_net *net;

	llist_for_each_entry(net, &isup->nets, entry) {
		if (net->mtp == mtp)
			return net;
	}
	net = talloc_zero(mtp, struct isup_net);
	if (!net)
		return NULL;
	net->isup = isup;
	net->mtp = mtp;
	hash_init(net->dests);
	llist_add_tail(&net->entry, &isup->nets);
	mtp->user_ops = &isup_mtp_user_ops;
	mtp->user = net;
	talloc_set_destructor(net, net_destructor);
	return net;
}

struct isup_dest *isup_dest_find(const struct isup_net *net, uint32_t opc, uint32_t dpc)
{
	struct isup_dest *dest;

	hash_for_each_possible(net->dests, dest, node, dpc) {
		if (dest->dpc == dpc && dest->opc == opc)
			return dest;
	}
	return NULL;
}

static int dest_destructor(struct isup_dest *dest)
{
	hash_del(&dest->node);
	osmo_timer_del(&dest->poll);
	osmo_timer_del(&dest->pace);
	isup_load_reset(dest);
	isup_dest_user_available(dest);
	isup_timers_stop_all(&dest->timers);
	isup_alarm_clear(&dest->alarm);
	isup_alarm_clear(&dest->unallocated);
	return 0;
}

static struct isup_dest *dest_alloc(struct isup_net *net, uint32_t opc, const struct isup_group_cfg *cfg)
{
	size_t size = sizeof(struct isup_dest) + n_pages(cfg->dialect) * sizeof(struct isup_circuit **);
	struct isup_dest *dest = talloc_zero_size(net, size);

	if (!dest)
		return NULL;
	talloc_set_name_const(dest, "struct isup_dest");
	dest->net = net;
	dest->dialect = cfg->dialect;
	dest->opc = opc;
	dest->dpc = cfg->dpc;
	INIT_LLIST_HEAD(&dest->to_reset);
	INIT_LLIST_HEAD(&dest->resets);
	INIT_LLIST_HEAD(&dest->gras);
	INIT_LLIST_HEAD(&dest->segments);
	INIT_LLIST_HEAD(&dest->block_groups);
	INIT_LLIST_HEAD(&dest->queries);
	INIT_LLIST_HEAD(&dest->onces);
	osmo_timer_setup(&dest->poll, poll_cb, dest);
	isup_timers_init(&dest->timers, timer_expired, dest);
	isup_load_init(dest);
	osmo_timer_setup(&dest->pace, pace_cb, dest);
	hash_add(net->dests, &dest->node, dest->dpc);
	set_state(dest, ISUP_DEST_UNAVAILABLE);
	talloc_set_destructor(dest, dest_destructor);
	isup_dest_poll_now(dest);
	return dest;
}

struct isup_dest *isup_dest_get(struct isup *isup, struct isup_mtp *mtp, uint32_t opc,
				const struct isup_group_cfg *cfg)
{
	struct isup_net *net = net_get(isup, mtp);
	struct isup_dest *dest;

	if (!net)
		return NULL;
	dest = isup_dest_find(net, opc, cfg->dpc);
	if (!dest)
		dest = dest_alloc(net, opc, cfg);
	if (dest)
		dest->n_groups++;
	return dest;
}

void isup_dest_put(struct isup_dest *dest)
{
	if (--dest->n_groups == 0)
		talloc_free(dest);
}
