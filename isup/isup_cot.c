/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Continuity check, Q.764 2.1.8: which calls and circuits are checked, and where that begins and ends. */

#include <errno.h>

#include <osmocom/core/fsm.h>

#include "isup_cot_fsm.h"
#include "isup_priv.h"

/* ---- Bearer ---- */

void isup_set_bearer(struct isup *isup, const struct isup_bearer_ops *ops, void *data)
{
	isup->bearer_ops = ops;
	isup->bearer_data = data;
}

bool isup_cot_able(const struct isup_group *group)
{
	const struct isup *isup = group->isup;

	return isup->bearer_ops && isup->bearer_ops->able(group, isup->bearer_data);
}

void isup_cot_result(struct isup_cot *cot, bool good)
{
	osmo_fsm_inst_dispatch(cot->fi, ISUP_COT_EV_BEARER, &good);
}

const struct isup_group *isup_cot_group(const struct isup_cot *cot)
{
	return cot->circuit->group;
}

uint16_t isup_cot_cic(const struct isup_cot *cot)
{
	return cot->circuit->cic;
}

bool isup_cot_successful(const struct isup_msg *cot)
{
	const struct isup_par *par = isup_msg_find(cot, ISUP_PAR_CONTINUITY_IND);

	return par && par->len > 0 && (par->val[0] & 1);
}

/* ---- For the call of the circuit ---- */

/* Q.763 3.35: bits DC of the nature of connection indicators, the octet that follows the type of an IAM */
#define NCI_CONTINUITY		0x0c
#define NCI_REQUIRED		0x04
#define NCI_PREVIOUS		0x08

/* Every so many calls, evenly spread: 3 of 10 are the 4th, 7th and 10th. */
static bool is_sampled(struct isup_group *group)
{
	group->cot_spread += group->cfg.cot_percent;
	if (group->cot_spread < 100)
		return false;
	group->cot_spread -= 100;
	return true;
}

bool isup_cot_prepare(struct isup_group *group, uint8_t *iam)
{
	bool able, required;

	if ((iam[1] & NCI_CONTINUITY) == NCI_PREVIOUS)	/* the user sends COT */
		return false;
	required = is_sampled(group) || (iam[1] & NCI_CONTINUITY) == NCI_REQUIRED;
	if (!required)
		return false;
	able = isup_cot_able(group);
	iam[1] = (iam[1] & ~NCI_CONTINUITY) | (able ? NCI_REQUIRED : 0);
	return able;
}

void isup_cot_out(struct isup_circuit *circuit)
{
	struct isup_cot *cot = isup_cot_alloc(circuit);

	if (cot)
		isup_cot_start_tone(cot);
}

void isup_cot_in(struct isup_circuit *circuit)
{
	struct isup_cot *cot = isup_cot_alloc(circuit);

	if (cot)
		isup_cot_start_loop(cot);
}

/* A check of a previous circuit has no machine; the far end may repeat it here, too. */
void isup_cot_in_failed(struct isup_circuit *circuit)
{
	struct isup_cot *cot = circuit->cot ? circuit->cot : isup_cot_alloc(circuit);

	if (cot)
		isup_cot_wait_ccr(cot);
}

void isup_cot_call_left(struct isup_circuit *circuit)
{
	struct isup_cot *cot = circuit ? circuit->cot : NULL;

	if (cot && (cot->fi->state == ISUP_COT_ST_OUT_CALL || cot->fi->state == ISUP_COT_ST_IN_CALL))
		osmo_fsm_inst_term(cot->fi, OSMO_FSM_TERM_REGULAR, NULL);
}

/* ---- For its supervision ---- */

void isup_cot_cancel(struct isup_circuit *circuit)
{
	if (circuit->cot)
		osmo_fsm_inst_term(circuit->cot->fi, OSMO_FSM_TERM_REGULAR, NULL);
}

void isup_cot_in_again(struct isup_circuit *circuit)
{
	struct isup_cot *cot = isup_cot_alloc(circuit);

	if (cot)
		isup_cot_rx_ccr(cot);
}

bool isup_cot_rx(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	static const struct {
		uint8_t type;
		enum isup_cot_event event;
	} *row, rows[] = {
		{ ISUP_MSG_CCR, ISUP_COT_EV_RX_CCR },
		{ ISUP_MSG_LPA, ISUP_COT_EV_RX_LPA },
		{ ISUP_MSG_COT, ISUP_COT_EV_RX_COT },
		{ ISUP_MSG_REL, ISUP_COT_EV_RX_REL },
		{ ISUP_MSG_RLC, ISUP_COT_EV_RX_RLC },
		{}
	};
	struct isup_cot *cot = circuit->cot;

	for (row = rows; row->type && row->type != msg->type; row++)
		;
	if (!row->type || !(isup_cot_fsm.states[cot->fi->state].in_event_mask & (1u << row->event)))
		return false;
	osmo_fsm_inst_dispatch(cot->fi, row->event, (void *)msg);
	return true;
}

/* REL has been sent: the far end's IAM is older than that. */
bool isup_cot_gives_way(const struct isup_circuit *circuit)
{
	return circuit->cot->fi->state != ISUP_COT_ST_OUT_WAIT_RLC;
}

/* ---- What is asked, and shown ---- */

const char *isup_cot_state_name(const struct isup_cot *cot)
{
	static const char *const names[] = {
		[ISUP_COT_ST_OUT_CALL] = "checking out",
		[ISUP_COT_ST_OUT_FAILED] = "check failed",
		[ISUP_COT_ST_OUT_WAIT_LPA] = "checking out",
		[ISUP_COT_ST_OUT_RECHECK] = "checking out",
		[ISUP_COT_ST_OUT_WAIT_RLC] = "releasing",
		[ISUP_COT_ST_IN_CALL] = "checking in",
		[ISUP_COT_ST_IN_FAILED] = "check failed",
		[ISUP_COT_ST_IN_RECHECK] = "checking in",
	};

	return names[cot->fi->state];
}

const struct isup_timers *isup_cot_timers(const struct isup_cot *cot)
{
	return &cot->timers;
}

static bool is_checkable(const struct isup_circuit *c)
{
	if (c->cot && c->cot->fi->state != ISUP_COT_ST_OUT_FAILED)
		return false;
	return !c->call && !c->reset && !c->gra && !c->needs_reset && !c->unequipped;
}

int isup_circuit_cot(struct isup_group *group, uint16_t cic)
{
	struct isup_circuit *circuit = group->dest ? isup_dest_circuit(group->dest, cic) : NULL;
	struct isup_cot *cot;

	if (!circuit || circuit->group != group)
		return -ENOENT;
	if (group->dest->state != ISUP_DEST_AVAILABLE)
		return -EHOSTUNREACH;
	if (!is_checkable(circuit))
		return -EBUSY;
	if (!isup_cot_able(group))
		return -ENOTSUP;
	cot = circuit->cot ? circuit->cot : isup_cot_alloc(circuit);
	if (!cot)
		return -ENOMEM;
	isup_timers_stop_all(&cot->timers);
	cot->asked = true;
	group->cot_cic = cic;
	group->cot_outcome = ISUP_COT_UNDER_WAY;
	isup_cot_send_ccr(cot);
	return 0;
}

enum isup_cot_outcome isup_group_cot_result(const struct isup_group *group, uint16_t *cic)
{
	*cic = group->cot_cic;
	return group->cot_outcome;
}
