/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Destinations: unavailable until proven; when proven, their circuits are reset at a pace. */

#include <errno.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_priv.h"

#define POLL_S 1

static const struct value_string dest_state_names[] = {
	{ ISUP_DEST_UNAVAILABLE, "unavailable" },
	{ ISUP_DEST_PROVING, "proving" },
	{ ISUP_DEST_AVAILABLE, "available" },
	{}
};

const char *isup_dest_state_name(enum isup_dest_state state)
{
	return get_value_string(dest_state_names, state);
}

static unsigned int n_cics(const struct isup_dest *dest)
{
	return 1u << dest->dialect->cic_bits;
}

static void set_state(struct isup_dest *dest, enum isup_dest_state state)
{
	LOGP(DISUPCIRC, LOGL_NOTICE, "destination %u (from %u): %s -> %s\n", dest->dpc, dest->opc,
	     isup_dest_state_name(dest->state), isup_dest_state_name(state));
	dest->state = state;
}

/* ---- The paced bring-up ---- */

/* May this circuit be reset together with one of the group? */
static bool reset_fits(const struct isup_circuit *circuit, const struct isup_group *group)
{
	return circuit && circuit->needs_reset && !circuit->reset && circuit->group == group;
}

/* The next circuit in turn that needs a reset; NULL where there is none */
static struct isup_circuit *next_to_reset(struct isup_dest *dest)
{
	unsigned int i, n = n_cics(dest);
	struct isup_circuit *circuit;

	for (i = 0; i < n; i++) {
		circuit = dest->by_cic[(dest->pace_cic + i) % n];
		if (circuit && reset_fits(circuit, circuit->group))
			return circuit;
	}
	return NULL;
}

/* Q.764 2.9.3: GRS for the longest run of circuits, max at most, that it may name; RSC for a circuit on its own */
static struct isup_circuit *reset_next_run(struct isup_dest *dest, unsigned int max)
{
	unsigned int n;
	struct isup_circuit *first = dest->n_to_reset ? next_to_reset(dest) : NULL;

	if (!first)
		return NULL;
	for (n = 1; n < max && reset_fits(isup_dest_circuit(dest, first->cic + n), first->group); n++)
		;
	dest->pace_cic = (first->cic + n) % n_cics(dest);
	isup_reset_start(first, n);
	return first;
}

static void pace_cb(void *data)
{
	struct isup_dest *dest = data;
	struct isup_circuit *circuit = reset_next_run(dest, dest->dialect->range_max + 1);
	unsigned int rate;

	if (!circuit || !dest->n_to_reset)
		return;
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
	unsigned int cic;

	set_state(dest, ISUP_DEST_AVAILABLE);
	for (cic = 0; cic < n_cics(dest); cic++) {
		if (dest->by_cic[cic])
			isup_block_tell(dest->by_cic[cic]);
	}
	isup_dest_pace(dest);
}

/* The first reset of the bring-up is the probe: RSC, which is answered even where the circuit is not equipped, as GRS
 * is not. Where every circuit has an answered call there is nothing to reset, and no circuit that could be seized in
 * vain. */
static void probe(struct isup_dest *dest)
{
	if (!reset_next_run(dest, 1))
		dest_available(dest);
}

static void lose_circuit(struct isup_circuit *circuit)
{
	bool answered;

	if (circuit->block || isup_block_group_pending(circuit, ISUP_BLOCK_MAINTENANCE))
		circuit->tell_block = true;
	isup_block_cancel(circuit);
	answered = circuit->call && isup_call_lost(circuit->call);
	if (!answered)
		isup_circuit_needs_reset(circuit);
}

static void dest_lost(struct isup_dest *dest)
{
	unsigned int cic;

	set_state(dest, ISUP_DEST_UNAVAILABLE);
	osmo_timer_del(&dest->pace);
	dest->pace_cic = 0;
	isup_gra_drop(dest);
	isup_reset_cancel_all(dest, NULL);
	isup_query_cancel_all(dest, NULL);
	for (cic = 0; cic < n_cics(dest); cic++) {
		if (dest->by_cic[cic])
			lose_circuit(dest->by_cic[cic]);
	}
	isup_block_group_cancel_all(dest, NULL);
}

static void poll_cb(void *data)
{
	struct isup_dest *dest = data;
	struct isup_mtp *mtp = dest->net->mtp;
	bool up = mtp->ops->reachable(mtp, dest->dpc);

	osmo_timer_schedule(&dest->poll, POLL_S, 0);
	/* RFC 4666 4.3.4.3: what was said of a destination ends with the association; the next one says it anew. */
	if (!up)
		dest->paused = false;
	up = up && !dest->paused;
	if (!up && dest->state != ISUP_DEST_UNAVAILABLE)
		dest_lost(dest);
	if (up && dest->state == ISUP_DEST_UNAVAILABLE)
		set_state(dest, ISUP_DEST_PROVING);
	/* not only now: the group of the probe may have been stopped */
	if (dest->state == ISUP_DEST_PROVING && llist_empty(&dest->resets))
		probe(dest);
}

void isup_dest_poll_now(struct isup_dest *dest)
{
	osmo_timer_schedule(&dest->poll, 0, 0);
}

void isup_dest_traffic(struct isup_dest *dest)
{
	struct isup_mtp *mtp = dest->net->mtp;

	if (dest->state == ISUP_DEST_AVAILABLE)
		return;
	if (!mtp->ops->reachable(mtp, dest->dpc))
		return;
	dest->paused = false;
	dest_available(dest);
}

void isup_dest_pause(struct isup_dest *dest)
{
	dest->paused = true;
	if (dest->state != ISUP_DEST_UNAVAILABLE)
		dest_lost(dest);
}

void isup_dest_resume(struct isup_dest *dest)
{
	dest->paused = false;
	isup_dest_poll_now(dest);
}

/* Q.764 2.13: the point code is reachable, its user part is not: it is to be proven again, which is the test for its
 * availability. */
void isup_dest_user_unavailable(struct isup_dest *dest)
{
	if (dest->state == ISUP_DEST_AVAILABLE)
		dest_lost(dest);
}

/* ---- Alloc and free ---- */

/* Whichever goes first, user part or MTP: nothing of one is left with the other. */
static int net_destructor(struct isup_net *net)
{
	struct isup_group *group = NULL;

	net->closing = true;
	while ((group = isup_group_next(net->isup, group))) {
		if (group->dest && group->dest->net == net)
			isup_group_stop(group);
	}
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
	return 0;
}

static struct isup_dest *dest_alloc(struct isup_net *net, uint32_t opc, const struct isup_group_cfg *cfg)
{
	struct isup_dest *dest = talloc_zero(net, struct isup_dest);

	if (!dest)
		return NULL;
	dest->by_cic = talloc_zero_array(dest, struct isup_circuit *, 1 << cfg->dialect->cic_bits);
	dest->net = net;
	dest->dialect = cfg->dialect;
	dest->opc = opc;
	dest->dpc = cfg->dpc;
	INIT_LLIST_HEAD(&dest->resets);
	INIT_LLIST_HEAD(&dest->gras);
	INIT_LLIST_HEAD(&dest->block_groups);
	INIT_LLIST_HEAD(&dest->queries);
	osmo_timer_setup(&dest->poll, poll_cb, dest);
	osmo_timer_setup(&dest->pace, pace_cb, dest);
	hash_add(net->dests, &dest->node, dest->dpc);
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
