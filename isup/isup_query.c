/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuit group query, Q.764 2.8.3: what both ends believe of their circuits is compared, and mended. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_priv.h"

/* Q.764 2.8.3.1: circuits in one query */
#define QUERY_MAX 32

/* A CQM of ours that is not answered */
struct isup_query {
	struct llist_head entry;	/* isup_dest.queries */
	struct isup_group *group;
	uint16_t first;
	uint8_t range;
	uint8_t ours[QUERY_MAX];	/* as it was when it was sent */
	struct isup_timers timers;
};

/* Q.763 3.14: bits DC are the call's state; where they are 0, BA say why. BA and FE: locally, remotely blocked. */
enum {
	STATE_TRANSIENT = 0x00,
	STATE_UNEQUIPPED = 0x03,
	STATE_BUSY_IN = 0x04,
	STATE_BUSY_OUT = 0x08,
	STATE_IDLE = 0x0c,
	MASK_CALL = 0x0c,
	LOCAL_BLOCKED = 0x01, REMOTE_BLOCKED = 0x02,
	LOCAL_FAILED = 0x10, REMOTE_FAILED = 0x20,
};

/* ---- The state of a circuit ---- */

/* Q.764 2.8.3.2: a call is in a transient state while IAM waits for the first backward message, and REL for RLC. */
static uint8_t call_state(const struct isup_call *call)
{
	switch (call->fi->state) {
	case ISUP_CPC_ST_OUT_WAIT_ANM:
	case ISUP_CPC_ST_OUT_ANSWERED:
	case ISUP_CPC_ST_OUT_SUSPENDED:
		return STATE_BUSY_OUT;
	case ISUP_CPC_ST_IN_COLLECT:
	case ISUP_CPC_ST_IN_WAIT_INF:
	case ISUP_CPC_ST_IN_WAIT_ACM:
	case ISUP_CPC_ST_IN_WAIT_ANM:
	case ISUP_CPC_ST_IN_ANSWERED:
	case ISUP_CPC_ST_IN_SUSPENDED:
		return STATE_BUSY_IN;
	default:
		return STATE_TRANSIENT;
	}
}

static bool is_transient(const struct isup_circuit *c)
{
	if (c->reset || c->gra || c->needs_reset || c->block || c->tell)
		return true;
	if (isup_block_group_pending(c, ISUP_BLOCK_MAINTENANCE) || isup_block_group_pending(c, ISUP_BLOCK_HARDWARE))
		return true;
	if (c->cot || c->segment)
		return true;
	return c->call && call_state(c->call) == STATE_TRANSIENT;
}

uint8_t isup_circuit_query_state(const struct isup_circuit *c)
{
	uint8_t state;

	if (!c || c->unequipped)
		return STATE_UNEQUIPPED;
	if (is_transient(c))
		return STATE_TRANSIENT;
	/* Q.763 3.14 note: blocked for a hardware failure goes with idle only */
	state = c->call && !c->local_failed && !c->remote_failed ? call_state(c->call) : STATE_IDLE;
	return state | (c->local_blocked ? LOCAL_BLOCKED : 0) | (c->remote_blocked ? REMOTE_BLOCKED : 0) |
	       (c->local_failed ? LOCAL_FAILED : 0) | (c->remote_failed ? REMOTE_FAILED : 0);
}

static const struct value_string call_state_names[] = {
	{ STATE_BUSY_IN, "busy in" },
	{ STATE_BUSY_OUT, "busy out" },
	{ STATE_IDLE, "idle" },
	{}
};

int isup_circuit_query_state_buf(char *buf, size_t size, uint8_t state)
{
	if (!(state & MASK_CALL))
		return snprintf(buf, size, "%s", (state & 3) == STATE_UNEQUIPPED ? "unequipped" : "transient");
	return snprintf(buf, size, "%s%s%s%s%s", get_value_string(call_state_names, state & MASK_CALL),
			state & LOCAL_BLOCKED ? ", local" : "", state & REMOTE_BLOCKED ? ", remote" : "",
			state & LOCAL_FAILED ? ", local hardware" : "",
			state & REMOTE_FAILED ? ", remote hardware" : "");
}

/* ---- CQM received ---- */

/* Those that are not equipped here have a state of their own, the first as well as any other. */
static void init_cqr(struct isup_msg *cqr, const struct isup_dest *dest, uint16_t first, uint8_t range)
{
	const struct isup_range_status rs = { .range = range };
	uint8_t states[QUERY_MAX];
	unsigned int i;

	for (i = 0; i <= range; i++)
		states[i] = isup_circuit_query_state(isup_dest_circuit(dest, first + i));
	isup_msg_init(cqr, dest->dialect, ISUP_MSG_CQR);
	isup_msg_put(cqr, ISUP_PAR_RANGE_AND_STATUS, &rs);
	isup_msg_put_octets(cqr, ISUP_PAR_CIRCUIT_STATE_IND, states, range + 1);
}

void isup_query_rx_cqm(struct isup_circuit *first, uint8_t range)
{
	struct isup_msg cqr;

	init_cqr(&cqr, first->group->dest, first->cic, range);
	isup_tx(first, &cqr);
}

int isup_query_encode_cqr(const struct isup_dest *dest, const uint8_t *octets, size_t len, uint16_t first,
			  uint8_t *buf, size_t size)
{
	struct isup_range_status rs;
	struct isup_msg cqm, cqr;

	if (isup_msg_decode(&cqm, dest->dialect, octets, len, NULL) < 0 ||
	    isup_msg_get(&cqm, ISUP_PAR_RANGE_AND_STATUS, &rs) < 0 || rs.range > dest->dialect->range_max)
		return -EBADMSG;
	init_cqr(&cqr, dest, first, rs.range);
	return isup_msg_encode(&cqr, buf, size);
}

/* ---- CQM sent ---- */

static void query_free(struct isup_query *query)
{
	isup_timers_stop_all(&query->timers);
	llist_del(&query->entry);
	talloc_free(query);
}

void isup_query_cancel_all(struct isup_dest *dest, const struct isup_group *group)
{
	struct isup_query *query, *tmp;

	llist_for_each_entry_safe(query, tmp, &dest->queries, entry) {
		if (!group || query->group == group)
			query_free(query);
	}
}

static struct isup_query *query_find(const struct isup_dest *dest, uint16_t first, uint8_t range)
{
	struct isup_query *query;

	llist_for_each_entry(query, &dest->queries, entry) {
		if (query->first == first && query->range == range)
			return query;
	}
	return NULL;
}

void isup_query_for_each_timer(const struct isup_circuit *circuit, isup_timer_left_cb *cb, void *data)
{
	const struct isup_query *query;

	llist_for_each_entry(query, &circuit->group->dest->queries, entry) {
		if (circuit->cic >= query->first && circuit->cic <= query->first + query->range)
			isup_timers_for_each(&query->timers, cb, data);
	}
}

/* T28 */
static void timer_expired(void *data, enum isup_timer_id id)
{
	struct isup_query *query = data;

	isup_group_count(query->group, ISUP_CTR_TIMER_SUPERVISION);
	LOGP(DISUPCIRC, LOGL_NOTICE, "maintenance: %s/%u: query of %u circuits not answered\n", query->group->name,
	     query->first, query->range + 1);
	query_free(query);
}

static void send_cqm(struct isup_circuit *first, uint8_t range)
{
	struct isup_range_status rs = { .range = range };
	struct isup_msg msg;

	isup_msg_init(&msg, first->group->cfg.dialect, ISUP_MSG_CQM);
	isup_msg_put(&msg, ISUP_PAR_RANGE_AND_STATUS, &rs);
	isup_tx(first, &msg);
}

/* All circuits from first on, range + 1 of them, are of its group. */
static void query_start(struct isup_circuit *first, uint8_t range)
{
	struct isup_group *group = first->group;
	struct isup_dest *dest = group->dest;
	struct isup_query *query = query_find(dest, first->cic, range);
	unsigned int i;

	if (query)
		query_free(query);
	query = talloc_zero(group, struct isup_query);
	if (!query)
		return;
	query->group = group;
	query->first = first->cic;
	query->range = range;
	for (i = 0; i <= range; i++) {
		query->ours[i] = isup_circuit_query_state(isup_dest_circuit(dest, first->cic + i));
		isup_dest_circuit(dest, first->cic + i)->far_known = false;
	}
	isup_timers_init(&query->timers, timer_expired, query);
	llist_add_tail(&query->entry, &dest->queries);
	isup_timers_start(&query->timers, ISUP_T28, isup_group_timer_ms(group, ISUP_T28));
	send_cqm(first, range);
}

/* A message for a run of circuits of one range of the configuration. One circuit on its own takes a neighbour in: 0 is
 * a range that not every exchange takes. */
static unsigned int query_run(const struct isup_range *range, unsigned int first, unsigned int last)
{
	unsigned int max = OSMO_MIN(range->circuits->group->cfg.dialect->range_max + 1, QUERY_MAX);
	unsigned int n = OSMO_MIN(last - first + 1, max), next = first + n;

	if (n == 1 && range->last > first)
		n++;
	else if (n == 1 && range->first < first)
		n++, first--;
	query_start(&range->circuits[first - range->first], n - 1);
	return next;
}

static unsigned int query_range(const struct isup_range *range, unsigned int first, unsigned int last)
{
	unsigned int cic;

	first = OSMO_MAX(first, range->first);
	last = OSMO_MIN(last, range->last);
	if (first > last)
		return 0;
	for (cic = first; cic <= last; )
		cic = query_run(range, cic, last);
	return last - first + 1;
}

int isup_group_query(struct isup_group *group, uint16_t first, uint16_t last)
{
	const struct isup_range *range;
	unsigned int n = 0;

	if (!group->dest)
		return -ENOENT;
	if (group->dest->state != ISUP_DEST_AVAILABLE)
		return -EHOSTUNREACH;
	llist_for_each_entry(range, &group->ranges, entry)
		n += query_range(range, first, last);
	return n ? (int)n : -ENOENT;
}

static struct isup_query *too_long(const struct isup_dest *dest)
{
	struct isup_query *query;

	llist_for_each_entry(query, &dest->queries, entry) {
		if (query->range > dest->dialect->range_max)
			return query;
	}
	return NULL;
}

void isup_query_shorten(struct isup_dest *dest)
{
	struct isup_query *query;

	while ((query = too_long(dest))) {
		struct isup_group *group = query->group;
		unsigned int first = query->first, last = first + query->range;

		query_free(query);
		isup_group_query(group, first, last);
	}
}

/* ---- CQR received: compare, and mend ---- */

/* What the far end believes of our blocking, and should not */
struct beliefs {
	struct isup_range_status wrong[2][2];	/* by kind, by what it believes */
};

/* One end's outgoing call is the other's incoming one. */
static bool calls_agree(uint8_t ours, uint8_t theirs)
{
	static const uint8_t other[] = { [STATE_IDLE >> 2] = STATE_IDLE, [STATE_BUSY_IN >> 2] = STATE_BUSY_OUT,
					 [STATE_BUSY_OUT >> 2] = STATE_BUSY_IN };

	return other[(ours & MASK_CALL) >> 2] == (theirs & MASK_CALL);
}

static void log_differs(const struct isup_circuit *circuit, uint8_t ours, uint8_t theirs, const char *what)
{
	char here[64], there[64];

	isup_circuit_query_state_buf(here, sizeof(here), ours);
	isup_circuit_query_state_buf(there, sizeof(there), theirs);
	LOGP(DISUPCIRC, LOGL_NOTICE, "maintenance: %s/%u: query: here %s; there %s: %s\n", circuit->group->name,
	     circuit->cic, here, there, what);
}

static void note_wrong(struct isup_range_status *rs, unsigned int i)
{
	rs->range = i;
	rs->status[i / 8] |= 1 << (i % 8);
}

/* Its own blocking is as it says; ours is as we say. */
static void compare_blocking(struct isup_circuit *circuit, uint8_t theirs, unsigned int i, struct beliefs *beliefs)
{
	bool blocked = theirs & REMOTE_BLOCKED, failed = theirs & REMOTE_FAILED;

	circuit->remote_blocked = theirs & LOCAL_BLOCKED;
	circuit->remote_failed = theirs & LOCAL_FAILED;
	isup_circuit_update(circuit);
	if (blocked != circuit->local_blocked)
		note_wrong(&beliefs->wrong[ISUP_BLOCK_MAINTENANCE][blocked], i);
	if (failed == !circuit->local_failed)
		note_wrong(&beliefs->wrong[ISUP_BLOCK_HARDWARE][failed], i);
}

static bool blocking_agrees(uint8_t ours, uint8_t theirs)
{
	uint8_t local = LOCAL_BLOCKED | LOCAL_FAILED;

	return (ours & local) == ((theirs >> 1) & local) && (theirs & local) == ((ours >> 1) & local);
}

/* Q.764 2.8.3: nothing follows from a transient state, nor from one that has changed since we asked. */
static void compare(struct isup_circuit *circuit, uint8_t then, uint8_t theirs, unsigned int i,
		    struct beliefs *beliefs)
{
	uint8_t ours = isup_circuit_query_state(circuit);

	circuit->far_known = true;
	circuit->far_state = theirs;
	if (ours != then || !(ours & MASK_CALL))
		return;
	if (theirs == STATE_UNEQUIPPED) {
		log_differs(circuit, ours, theirs, "to be looked at");
		if (!circuit->call)
			isup_reset_unequipped(circuit);
	} else if (!(theirs & MASK_CALL)) {
		return;
	} else if (!calls_agree(ours, theirs)) {
		log_differs(circuit, ours, theirs, "reset");
		isup_circuit_reset(circuit->group, circuit->cic);
	} else if (!blocking_agrees(ours, theirs)) {
		log_differs(circuit, ours, theirs, "mended");
		compare_blocking(circuit, theirs, i, beliefs);
	}
}

static void mend_blocking(struct isup_circuit *first, const struct beliefs *beliefs)
{
	unsigned int kind, blocked;

	for (kind = ISUP_BLOCK_MAINTENANCE; kind <= ISUP_BLOCK_HARDWARE; kind++) {
		for (blocked = 0; blocked <= 1; blocked++)
			isup_block_contradict(first, kind, blocked, &beliefs->wrong[kind][blocked]);
	}
}

bool isup_query_rx_cqr(struct isup_circuit *first, uint8_t range, const uint8_t *states, unsigned int n_states)
{
	struct isup_dest *dest = first->group->dest;
	struct isup_query *query = query_find(dest, first->cic, range);
	struct beliefs beliefs = {};
	unsigned int i;

	if (!query || n_states != range + 1u)
		return false;
	for (i = 0; i <= range; i++)
		compare(isup_dest_circuit(dest, query->first + i), query->ours[i], states[i], i, &beliefs);
	query_free(query);
	mend_blocking(first, &beliefs);
	return true;
}
