/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocking and unblocking of a circuit by us, Q.764 2.8.2: BLO and UBL until they are acknowledged (BLS). */

#include <osmocom/core/fsm.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_priv.h"

struct isup_block {
	struct osmo_fsm_inst *fi;	/* parent */
	struct isup_circuit *circuit;
	struct isup_timers timers;
};

enum block_state {
	ST_WAIT_BLA,			/* T12 repeats, T13 tells maintenance */
	ST_WAIT_BLA_MAINTENANCE,	/* T13 repeats */
	ST_WAIT_UBA,			/* T14, T15 */
	ST_WAIT_UBA_MAINTENANCE,
};

enum block_event {
	EV_BLA, EV_UBA,
	EV_T_REPEAT,			/* T12, T14 */
	EV_T_MAINTENANCE,		/* T13, T15 */
	EV_BLOCK, EV_UNBLOCK,		/* as wanted here */
};

/* What is sent, and its timers */
static const struct {
	uint8_t msg_type;
	enum isup_timer_id repeat, maintenance;
	enum block_state state, state_maintenance;
} kinds[] = {
	[false] = { ISUP_MSG_UBL, ISUP_T14, ISUP_T15, ST_WAIT_UBA, ST_WAIT_UBA_MAINTENANCE },
	[true] = { ISUP_MSG_BLO, ISUP_T12, ISUP_T13, ST_WAIT_BLA, ST_WAIT_BLA_MAINTENANCE },
};

static void start_timer(struct isup_block *block, enum isup_timer_id id)
{
	isup_timers_start(&block->timers, id, isup_group_timer_ms(block->circuit->group, id));
}

static void send(struct isup_block *block)
{
	isup_tx_bare(block->circuit, kinds[block->circuit->local_blocked].msg_type);
}

static void begin(struct isup_block *block)
{
	bool blocked = block->circuit->local_blocked;

	isup_timers_stop_all(&block->timers);
	send(block);
	start_timer(block, kinds[blocked].repeat);
	start_timer(block, kinds[blocked].maintenance);
}

/* In every state alike; an acknowledgement of what is not asked for any more is not waited for. */
static void st_any(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	struct isup_block *block = fi->priv;
	bool blocked = block->circuit->local_blocked;

	switch (event) {
	case EV_BLA:
	case EV_UBA:
		block->circuit->block = NULL;
		osmo_fsm_inst_term(fi, OSMO_FSM_TERM_REGULAR, NULL);
		break;
	case EV_T_REPEAT:
		send(block);
		start_timer(block, kinds[blocked].repeat);
		break;
	case EV_T_MAINTENANCE:
		if (fi->state != kinds[blocked].state_maintenance) {
			LOGPFSML(fi, LOGL_NOTICE, "maintenance: %s not acknowledged\n", blocked ? "BLO" : "UBL");
			osmo_fsm_inst_state_chg(fi, kinds[blocked].state_maintenance, 0, 0);
		}
		isup_timers_stop_all(&block->timers);
		send(block);
		start_timer(block, kinds[blocked].maintenance);
		break;
	case EV_BLOCK:
	case EV_UNBLOCK:
		if (fi->state != kinds[blocked].state)
			osmo_fsm_inst_state_chg(fi, kinds[blocked].state, 0, 0);
		begin(block);
		break;
	default:
		OSMO_ASSERT(false);
	}
}

static void cleanup(struct osmo_fsm_inst *fi, enum osmo_fsm_term_cause cause)
{
	struct isup_block *block = fi->priv;

	if (block)
		isup_timers_stop_all(&block->timers);
}

#define WANTED (1 << EV_BLOCK | 1 << EV_UNBLOCK)

static const struct osmo_fsm_state states[] = {
	[ST_WAIT_BLA] = {
		.name = "WAIT_BLA",
		.in_event_mask = WANTED | 1 << EV_BLA | 1 << EV_T_REPEAT | 1 << EV_T_MAINTENANCE,
		.out_state_mask = 1 << ST_WAIT_BLA_MAINTENANCE | 1 << ST_WAIT_UBA,
		.action = st_any,
	},
	[ST_WAIT_BLA_MAINTENANCE] = {
		.name = "WAIT_BLA_MAINTENANCE",
		.in_event_mask = WANTED | 1 << EV_BLA | 1 << EV_T_MAINTENANCE,
		.out_state_mask = 1 << ST_WAIT_BLA | 1 << ST_WAIT_UBA,
		.action = st_any,
	},
	[ST_WAIT_UBA] = {
		.name = "WAIT_UBA",
		.in_event_mask = WANTED | 1 << EV_UBA | 1 << EV_T_REPEAT | 1 << EV_T_MAINTENANCE,
		.out_state_mask = 1 << ST_WAIT_UBA_MAINTENANCE | 1 << ST_WAIT_BLA,
		.action = st_any,
	},
	[ST_WAIT_UBA_MAINTENANCE] = {
		.name = "WAIT_UBA_MAINTENANCE",
		.in_event_mask = WANTED | 1 << EV_UBA | 1 << EV_T_MAINTENANCE,
		.out_state_mask = 1 << ST_WAIT_UBA | 1 << ST_WAIT_BLA,
		.action = st_any,
	},
};

static const struct value_string event_names[] = {
	{ EV_BLA, "BLA" },
	{ EV_UBA, "UBA" },
	{ EV_T_REPEAT, "T_REPEAT" },
	{ EV_T_MAINTENANCE, "T_MAINTENANCE" },
	{ EV_BLOCK, "BLOCK" },
	{ EV_UNBLOCK, "UNBLOCK" },
	{}
};

static struct osmo_fsm block_fsm = {
	.name = "isup_block",
	.states = states,
	.num_states = ARRAY_SIZE(states),
	.event_names = event_names,
	.cleanup = cleanup,
	.log_subsys = DISUPCIRC,
};

static __attribute__((constructor)) void register_fsm(void)
{
	OSMO_ASSERT(osmo_fsm_register(&block_fsm) == 0);
}

static void timer_expired(void *data, enum isup_timer_id id)
{
	struct isup_block *block = data;
	bool repeat = id == ISUP_T12 || id == ISUP_T14;

	isup_group_count(block->circuit->group, ISUP_CTR_TIMER_SUPERVISION);
	osmo_fsm_inst_dispatch(block->fi, repeat ? EV_T_REPEAT : EV_T_MAINTENANCE, NULL);
}

static struct isup_block *block_alloc(struct isup_circuit *circuit)
{
	struct isup_group *group = circuit->group;
	struct osmo_fsm_inst *fi;
	struct isup_block *block;
	char id[64];

	snprintf(id, sizeof(id), "%s-%u", group->name, circuit->cic);
	osmo_identifier_sanitize_buf(id, NULL, '_');
	fi = osmo_fsm_inst_alloc(&block_fsm, group->isup, NULL, LOGL_DEBUG, id);
	block = fi ? talloc_zero(fi, struct isup_block) : NULL;
	if (!block) {
		if (fi)
			osmo_fsm_inst_free(fi);
		return NULL;
	}
	fi->priv = block;
	block->fi = fi;
	block->circuit = circuit;
	isup_timers_init(&block->timers, timer_expired, block);
	return block;
}

void isup_block_start(struct isup_circuit *circuit)
{
	circuit->tell_block = false;
	if (!circuit->block)
		circuit->block = block_alloc(circuit);
	if (circuit->block)
		osmo_fsm_inst_dispatch(circuit->block->fi, circuit->local_blocked ? EV_BLOCK : EV_UNBLOCK, NULL);
}

/* A circuit that is to be reset has BLO after that, if need be. */
void isup_block_tell(struct isup_circuit *circuit)
{
	if (circuit->tell_block && !circuit->needs_reset && !circuit->reset)
		isup_block_start(circuit);
}

/* Q.764 2.8.2.3: an acknowledgement that nobody waits for, and that does not fit what is wanted, is contradicted. */
void isup_block_acked(struct isup_circuit *circuit, bool blocked)
{
	static const struct isup_range_status this_one = { .status = { 1 } };

	if (circuit->local_blocked != blocked) {
		isup_block_contradict(circuit, ISUP_BLOCK_MAINTENANCE, blocked, &this_one);
		return;
	}
	if (circuit->block)
		osmo_fsm_inst_dispatch(circuit->block->fi, blocked ? EV_BLA : EV_UBA, NULL);
}

void isup_block_cancel_single(struct isup_circuit *circuit)
{
	if (!circuit->block)
		return;
	osmo_fsm_inst_term(circuit->block->fi, OSMO_FSM_TERM_REGULAR, NULL);
	circuit->block = NULL;
}

void isup_block_cancel(struct isup_circuit *circuit)
{
	isup_block_cancel_single(circuit);
	isup_block_group_withdraw(circuit, ISUP_BLOCK_MAINTENANCE);
	isup_block_group_withdraw(circuit, ISUP_BLOCK_HARDWARE);
}
