/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reset of circuits by us, Q.764 2.9.3: RSC for one (CRS), GRS for a range (CGRS). */

#include <osmocom/core/fsm.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_priv.h"

/* How often the probe of a destination that is being proven is repeated: nobody waits for T16 or T22 there */
#define PROBE_MS 3000

struct isup_reset {
	struct llist_head entry;	/* isup_dest.resets */
	struct osmo_fsm_inst *fi;	/* parent */
	struct isup_group *group;
	uint16_t first;
	uint8_t n;			/* circuits; 1: RSC */
	struct isup_timers timers;
};

enum reset_state {
	ST_WAIT_ACK,			/* repeated at T16 or T22 */
	ST_MAINTENANCE,			/* repeated at T17 or T23, maintenance knows */
};

enum reset_event {
	EV_ACK,				/* data: const uint8_t * status of GRA, NULL for RLC */
	EV_T_REPEAT,			/* T16, T22 */
	EV_T_MAINTENANCE,		/* T17, T23 */
};

static const struct {
	uint8_t msg_type;
	enum isup_timer_id repeat, maintenance;
} kinds[] = {
	{ ISUP_MSG_RSC, ISUP_T16, ISUP_T17 },
	{ ISUP_MSG_GRS, ISUP_T22, ISUP_T23 },
};

static unsigned int kind_of(const struct isup_reset *reset)
{
	return reset->n > 1;
}

static struct isup_circuit *circuit_at(const struct isup_reset *reset, unsigned int i)
{
	return reset->group->dest->by_cic[reset->first + i];
}

/* Q.764 2.9.3.1 c, d: what the far end has blocked it says again. So the marks go when we ask, not when it answers:
 * its BLO may come before its RLC. */
static void forget_remote_blocking(struct isup_circuit *circuit)
{
	circuit->remote_blocked = false;
	circuit->remote_failed = false;
	circuit->unequipped = false;
}

static void send_reset(struct isup_reset *reset)
{
	struct isup_circuit *first = circuit_at(reset, 0);
	struct isup_range_status rs = { .range = reset->n - 1 };
	struct isup_msg msg;

	isup_msg_init(&msg, reset->group->cfg.dialect, kinds[kind_of(reset)].msg_type);
	if (reset->n > 1)
		isup_msg_put(&msg, ISUP_PAR_RANGE_AND_STATUS, &rs);
	isup_tx(first, &msg);
}

static bool is_probe(const struct isup_reset *reset)
{
	return reset->group->dest->state != ISUP_DEST_AVAILABLE;
}

static void start_repeat(struct isup_reset *reset)
{
	enum isup_timer_id id = kinds[kind_of(reset)].repeat;

	isup_timers_start(&reset->timers, id, is_probe(reset) ? PROBE_MS : isup_group_timer_ms(reset->group, id));
}

static void start_maintenance(struct isup_reset *reset)
{
	enum isup_timer_id id = kinds[kind_of(reset)].maintenance;

	isup_timers_start(&reset->timers, id, isup_group_timer_ms(reset->group, id));
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
	unsigned int i, n = reset->n;

	for (i = 0; i < n; i++) {
		circuit = circuit_at(reset, i);
		if (circuit->reset != reset)	/* it was said to be unequipped */
			continue;
		if (status && (status[i / 8] & (1 << (i % 8))))
			circuit->remote_blocked = true;
		circuit_acked(circuit);
	}
	osmo_fsm_inst_term(reset->fi, OSMO_FSM_TERM_REGULAR, NULL);
	isup_block_again(first, n);
}

/* Q.764 2.9.3.3: a GRS that names one circuit which is unequipped there is discarded in silence. So that this one does
 * not keep the others out of service, maintenance goes on with RSC for each. */
static void split(struct isup_reset *reset)
{
	struct isup_circuit *circuit;
	unsigned int i;

	for (i = 0; i < reset->n; i++) {
		circuit = circuit_at(reset, i);
		if (circuit->reset == reset)
			isup_reset_start(circuit, 1);
	}
	osmo_fsm_inst_term(reset->fi, OSMO_FSM_TERM_REGULAR, NULL);
}

/* T17, T23 */
static void not_acked(struct isup_reset *reset)
{
	LOGPFSML(reset->fi, LOGL_NOTICE, "maintenance: reset of %u circuits not acknowledged\n", reset->n);
	if (is_probe(reset)) {		/* goes on as it is until the destination is proven, or lost */
		start_maintenance(reset);
		return;
	}
	if (reset->n > 1) {
		split(reset);
		return;
	}
	isup_timers_stop_all(&reset->timers);
	send_reset(reset);
	start_maintenance(reset);
	osmo_fsm_inst_state_chg(reset->fi, ST_MAINTENANCE, 0, 0);
}

static void st_wait_ack(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_reset *reset = fi->priv;

	switch (event) {
	case EV_ACK:
		acked(reset, data);
		break;
	case EV_T_REPEAT:
		send_reset(reset);
		start_repeat(reset);
		break;
	case EV_T_MAINTENANCE:
		not_acked(reset);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void st_maintenance(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_reset *reset = fi->priv;

	switch (event) {
	case EV_ACK:
		acked(reset, data);
		break;
	case EV_T_MAINTENANCE:
		send_reset(reset);
		start_maintenance(reset);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void cleanup(struct osmo_fsm_inst *fi, enum osmo_fsm_term_cause cause)
{
	struct isup_reset *reset = fi->priv;

	if (!reset)
		return;
	isup_timers_stop_all(&reset->timers);
	llist_del(&reset->entry);
}

static const struct osmo_fsm_state states[] = {
	[ST_WAIT_ACK] = {
		.name = "WAIT_ACK",
		.in_event_mask = 1 << EV_ACK | 1 << EV_T_REPEAT | 1 << EV_T_MAINTENANCE,
		.out_state_mask = 1 << ST_MAINTENANCE,
		.action = st_wait_ack,
	},
	[ST_MAINTENANCE] = {
		.name = "MAINTENANCE",
		.in_event_mask = 1 << EV_ACK | 1 << EV_T_MAINTENANCE,
		.action = st_maintenance,
	},
};

static const struct value_string event_names[] = {
	{ EV_ACK, "ACK" },
	{ EV_T_REPEAT, "T_REPEAT" },
	{ EV_T_MAINTENANCE, "T_MAINTENANCE" },
	{}
};

static struct osmo_fsm reset_fsm = {
	.name = "isup_reset",
	.states = states,
	.num_states = ARRAY_SIZE(states),
	.event_names = event_names,
	.cleanup = cleanup,
	.log_subsys = DISUPCIRC,
};

static __attribute__((constructor)) void register_fsm(void)
{
	OSMO_ASSERT(osmo_fsm_register(&reset_fsm) == 0);
}

static void timer_expired(void *data, enum isup_timer_id id)
{
	struct isup_reset *reset = data;
	bool repeat = id == kinds[kind_of(reset)].repeat;

	isup_group_count(reset->group, ISUP_CTR_TIMER_SUPERVISION);
	osmo_fsm_inst_dispatch(reset->fi, repeat ? EV_T_REPEAT : EV_T_MAINTENANCE, NULL);
}

static struct isup_reset *reset_alloc(struct isup_circuit *first, unsigned int n)
{
	struct isup_group *group = first->group;
	struct osmo_fsm_inst *fi;
	struct isup_reset *reset;
	char id[64];

	snprintf(id, sizeof(id), "%s-%u", group->name, first->cic);
	osmo_identifier_sanitize_buf(id, NULL, '_');
	fi = osmo_fsm_inst_alloc(&reset_fsm, group->isup, NULL, LOGL_DEBUG, id);
	reset = fi ? talloc_zero(fi, struct isup_reset) : NULL;
	if (!reset) {
		if (fi)
			osmo_fsm_inst_free(fi);
		return NULL;
	}
	fi->priv = reset;
	reset->fi = fi;
	reset->group = group;
	reset->first = first->cic;
	reset->n = n;
	isup_timers_init(&reset->timers, timer_expired, reset);
	llist_add_tail(&reset->entry, &group->dest->resets);
	return reset;
}

static struct isup_reset *start(struct isup_circuit *first, unsigned int n)
{
	struct isup_reset *reset = reset_alloc(first, n);
	struct isup_circuit *circuit;
	unsigned int i;

	if (!reset)
		return NULL;
	for (i = 0; i < n; i++) {
		circuit = circuit_at(reset, i);
		isup_block_cancel(circuit);
		forget_remote_blocking(circuit);
		circuit->reset = reset;
		isup_circuit_no_reset_needed(circuit);
		isup_circuit_update(circuit);
	}
	send_reset(reset);
	start_maintenance(reset);
	return reset;
}

void isup_reset_start(struct isup_circuit *first, unsigned int n)
{
	struct isup_reset *reset = start(first, n);

	if (reset)
		start_repeat(reset);
}

void isup_reset_start_t5(struct isup_circuit *circuit)
{
	struct isup_reset *reset = start(circuit, 1);

	if (reset)
		osmo_fsm_inst_state_chg(reset->fi, ST_MAINTENANCE, 0, 0);
}

bool isup_reset_acked(struct isup_circuit *first, unsigned int n, const uint8_t *status)
{
	struct isup_reset *reset = first->reset;

	if (!reset || reset->first != first->cic || reset->n != n)
		return false;
	osmo_fsm_inst_dispatch(reset->fi, EV_ACK, (void *)status);
	return true;
}

/* Ends it without an answer; its circuits are in no known state. */
static void cancel(struct isup_reset *reset)
{
	struct isup_circuit *circuit;
	unsigned int i;

	for (i = 0; i < reset->n; i++) {
		circuit = circuit_at(reset, i);
		if (circuit->reset != reset)
			continue;
		isup_circuit_needs_reset(circuit);
		circuit->reset = NULL;
	}
	osmo_fsm_inst_term(reset->fi, OSMO_FSM_TERM_REGULAR, NULL);
}

void isup_reset_cancel_all(struct isup_dest *dest, const struct isup_group *group)
{
	struct isup_reset *reset, *tmp;

	llist_for_each_entry_safe(reset, tmp, &dest->resets, entry) {
		if (!group || reset->group == group)
			cancel(reset);
	}
}

void isup_reset_unequipped(struct isup_circuit *circuit)
{
	struct isup_reset *reset = circuit->reset;

	LOGP(DISUPCIRC, LOGL_NOTICE, "maintenance: %s/%u is not equipped at the far end\n", circuit->group->name,
	     circuit->cic);
	circuit->unequipped = true;
	isup_circuit_no_reset_needed(circuit);
	isup_block_cancel(circuit);
	circuit->reset = NULL;
	isup_circuit_update(circuit);
	if (reset && reset->n == 1)
		osmo_fsm_inst_term(reset->fi, OSMO_FSM_TERM_REGULAR, NULL);
}
