/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call on one circuit: the SAP, and what call processing control (isup_cpc_fsm.c) does with messages. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_compat.h"
#include "isup_cpc.h"
#include "isup_priv.h"
#include "isup_segment.h"
#include "isup_t113.h"

/* ---- Which event a message is ---- */

static bool allowed(const struct isup_call *call, unsigned int event)
{
	return isup_cpc_fsm.states[call->fi->state].in_event_mask & (1u << event);
}

/* Where a message of the call is legal, beyond what the mask of its event says */
#define S(state)	(1u << ISUP_CPC_ST_ ## state)
/* The user has not heard of it yet */
#define BEFORE_USER	(S(IN_SUCCEEDS) | S(IN_RESERVED) | S(IN_WAIT_COT) | S(IN_COLLECT) | S(IN_WAIT_INF))
#define OUT_STATES	(S(OUT_WAIT_ACM) | S(OUT_WAIT_ANM) | S(OUT_ANSWERED) | S(OUT_SUSPENDED))
#define IN_STATES	(BEFORE_USER | S(IN_WAIT_ACM) | S(IN_WAIT_ANM) | S(IN_ANSWERED) | S(IN_SUSPENDED))
#define ANY_STATE	UINT32_MAX

struct msg_row {
	uint8_t rx, req;		/* enum isup_cpc_event, plus 1; 0: none */
	uint32_t rx_states, req_states;
};

#define ROW(name, r, q, rs, qs)	[ISUP_MSG_ ## name] = { ISUP_CPC_RX_ ## r + 1, ISUP_CPC_REQ_ ## q + 1, rs, qs }
#define BOTH(name)		ROW(name, name, name, ANY_STATE, ANY_STATE)
#define SUSPEND(name)		ROW(name, SUSPEND, SUSPEND, ANY_STATE, ANY_STATE)
/* Both ways; received in these states only, sent in those */
#define INFO(name)		ROW(name, INFO, INFO, ANY_STATE, ANY_STATE)
#define INFO_IN(name, rs, qs)	ROW(name, INFO, INFO, rs, qs)

/* Q.764, with its clause where a message is not for every state of a call */
static const struct msg_row msg_rows[256] = {
	BOTH(IAM), BOTH(SAM), BOTH(ACM), BOTH(CPG), BOTH(CON), BOTH(ANM), BOTH(REL), BOTH(COT),
	[ISUP_MSG_RLC] = { ISUP_CPC_RX_RLC + 1, 0, ANY_STATE },
	[ISUP_MSG_UCIC] = { ISUP_CPC_RX_UCIC + 1, 0, ANY_STATE },
	[ISUP_MSG_CRM] = { ISUP_CPC_RX_RESERVATION + 1, 0, ANY_STATE },
	[ISUP_MSG_CRA] = { ISUP_CPC_RX_RESERVATION + 1, 0, S(OUT_RESERVING) },
	SUSPEND(SUS), SUSPEND(RES),
	INFO(INR), INFO(INF), INFO(FAR), INFO(FAA), INFO(FRJ), INFO(PAM), INFO(USR), INFO(CRG), INFO(NRM), INFO(FAC),
	INFO(SGM), INFO(LOP), INFO(APM), INFO(PRI),
	INFO_IN(FOT, IN_STATES, OUT_STATES),			/* 2.1.10: forward */
	INFO_IN(IDR, OUT_STATES, IN_STATES),			/* Q.731.7: asked by the called side */
	INFO_IN(IRS, IN_STATES, OUT_STATES),
	INFO_IN(OLM, S(OUT_WAIT_ACM), 0),			/* 2.9.9: instead of a backward message */
};

/* Q.764 2.1.7: ANM follows ACM, but where the dialect has no CON for the lack of it */
static bool allowed_by_dialect(const struct isup_call *call, uint8_t type)
{
	uint32_t before_acm = S(OUT_WAIT_ACM) | S(IN_WAIT_ACM);

	return type != ISUP_MSG_ANM || !(before_acm & 1u << call->fi->state) || call->dialect->anm_without_acm;
}

/* The event of a message, or -1 where it is not expected now */
static int rx_event(const struct isup_call *call, uint8_t type)
{
	const struct msg_row *row = &msg_rows[type];
	uint32_t state = call->fi->state;

	if (!row->rx || !(row->rx_states & 1u << state) || !allowed(call, row->rx - 1) ||
	    !allowed_by_dialect(call, type))
		return -1;
	return row->rx - 1;
}

/* Q.764 2.9.5.2: a type that nobody here knows came from the call's other side, to be passed on. */
static bool is_passed_on(const struct isup_call *call, uint8_t type)
{
	return call->group && call->group->cfg.transit && !isup_dialect_has(call->dialect, type) &&
	       allowed(call, ISUP_CPC_REQ_INFO);
}

bool isup_call_allows(const struct isup_call *call, uint8_t type)
{
	const struct msg_row *row = &msg_rows[type];

	return row->req && row->req_states & 1u << call->fi->state && allowed(call, row->req - 1) &&
	       allowed_by_dialect(call, type);
}

static int req_event(const struct isup_call *call, const struct isup_msg *msg)
{
	int event = msg_rows[msg->type].req - 1;

	if (is_passed_on(call, msg->type))
		return ISUP_CPC_REQ_INFO;
	if (!isup_call_allows(call, msg->type) ||
	    (event == ISUP_CPC_REQ_SUSPEND && !isup_cpc_suspend_allowed(call, msg)))
		return -1;
	return event;
}

static void dispatch(struct isup_call *call, enum isup_cpc_event event, void *data)
{
	osmo_fsm_inst_dispatch(call->fi, event, data);
}

/* ---- Alloc and free ---- */

static void timer_expired(void *data, enum isup_timer_id id)
{
	static const enum isup_group_ctr ctrs[ISUP_TIMER_COUNT] = {
		[ISUP_T1] = ISUP_CTR_TIMER_T1,
		[ISUP_T5] = ISUP_CTR_TIMER_T5,
		[ISUP_T7] = ISUP_CTR_TIMER_T7,
		[ISUP_T8] = ISUP_CTR_TIMER_T8,
		[ISUP_T9] = ISUP_CTR_TIMER_T9,
	};
	struct isup_call *call = data;

	LOGPFSML(call->fi, LOGL_INFO, "%s expired\n", isup_timer_defs[id].name);
	if (id == ISUP_T33)	/* Q.764 Table A.1: maintenance is told */
		LOGP_LIMITED(DISUP, LOGL_NOTICE, "maintenance: %s/%u: INR not answered (T33)\n", call->group->name,
			     call->circuit->cic);
	isup_group_count(call->group, ctrs[id] ? ctrs[id] : ISUP_CTR_TIMER_CALL);
	dispatch(call, ISUP_CPC_TIMER, &id);
}

struct isup_call *isup_call_alloc(struct isup_circuit *circuit, bool incoming)
{
	struct isup_group *group = circuit->group;
	struct isup_call *call = isup_fsm_alloc(&isup_cpc_fsm, "", circuit, "struct isup_call", sizeof(*call));

	if (!call)
		return NULL;
	call->fi = &call->inst;
	call->isup = group->isup;
	call->dialect = group->cfg.dialect;
	call->group = group;
	call->circuit = circuit;
	call->cic = circuit->cic;
	INIT_LLIST_HEAD(&call->held);
	isup_timers_init(&call->timers, timer_expired, call);
	group->isup->n_calls++;
	group->n_calls++;
	llist_add_tail(&call->entry, &group->calls);
	circuit->call = call;
	isup_circuit_update(circuit);
	isup_group_count(group, incoming ? ISUP_CTR_CALLS_IN : ISUP_CTR_CALLS_OUT);
	return call;
}

void isup_call_detach(struct isup_call *call)
{
	struct isup_circuit *circuit = call->circuit;

	if (!circuit)
		return;
	isup_cot_call_left(circuit);
	call->circuit = NULL;
	circuit->call = NULL;
	isup_circuit_update(circuit);
	isup_gra_check(circuit);
}

void isup_call_free(struct isup_call *call)
{
	isup_call_detach(call);
	if (call->group)
		call->group->n_calls--;
	llist_del(&call->entry);
	osmo_fsm_inst_term(call->fi, OSMO_FSM_TERM_REGULAR, NULL);
}

/* ---- Up ---- */

static void indicate(struct isup_call *call, enum isup_prim_type type, const struct isup_msg *msg, void *user)
{
	const struct isup_prim prim = { .type = type, .op = PRIM_OP_INDICATION, .msg = msg };
	struct isup *isup = call->isup;

	if (!isup->cb)
		return;
	isup->indicating++;
	isup->cb(call, &prim, user);
	isup->indicating--;
}

void isup_call_indicate(struct isup_call *call, const struct isup_msg *msg)
{
	indicate(call, ISUP_PRIM_MSG, msg, call->user);
}

void isup_call_indicate_new(struct isup_call *call, const struct isup_msg *iam)
{
	uint8_t cause_value = isup_call_note_uus(call, iam);

	if (cause_value) {
		isup_call_send_rel_cause(call, cause_value);
		osmo_fsm_inst_state_chg(call->fi, ISUP_CPC_ST_WAIT_RLC, 0, 0);
		return;
	}
	isup_echo_note(call, iam);
	indicate(call, ISUP_PRIM_MSG, iam, call->isup->user);
}

void isup_call_indicate_failed(struct isup_call *call, uint8_t cause_value)
{
	struct isup_msg msg;

	LOGPFSML(call->fi, LOGL_INFO, "failed: cause %u, %s\n", cause_value, isup_cause_name(cause_value));
	if (call->group)
		isup_group_count(call->group, ISUP_CTR_FAILED);
	isup_msg_init_cause(&msg, call->dialect, ISUP_MSG_REL, cause_value, ISUP_LOC_LN);
	msg.cic = call->cic;
	indicate(call, ISUP_PRIM_FAILED, &msg, call->user);
}

/* ---- From the far end ---- */

/* Q.764 2.9.5.1 d: before a backward message the circuit is reset, and the call fails (outgoing: it may be tried on
 * another circuit); after it the message is discarded. */
void isup_call_unexpected(struct isup_call *call, uint8_t type)
{
	struct isup_circuit *circuit = call->circuit;
	const uint32_t no_backward = S(OUT_RESERVING) | S(OUT_WAIT_ACM) | BEFORE_USER | S(IN_WAIT_ACM);

	isup_group_count(call->group, ISUP_CTR_UNEXPECTED);
	LOGPFSML(call->fi, LOGL_INFO, "unexpected %s\n", isup_msg_name(call->dialect, type));
	if (type == ISUP_MSG_UCIC || !(no_backward & 1u << call->fi->state))
		return;
	isup_reset_start(circuit, 1);
	dispatch(call, ISUP_CPC_RESET, NULL);
}

bool isup_call_has_msg(uint8_t type)
{
	return msg_rows[type].rx;
}

bool isup_call_expects(const struct isup_call *call, uint8_t type)
{
	return rx_event(call, type) >= 0;
}

/* May it ask for echo control devices? NRM, which does nothing else, has a row of isup_call_info.c. */
static bool may_ask_echo(uint8_t type)
{
	return type == ISUP_MSG_ACM || type == ISUP_MSG_CPG || type == ISUP_MSG_CON || type == ISUP_MSG_ANM;
}

void isup_call_rx(struct isup_call *call, const struct isup_msg *msg)
{
	int event = rx_event(call, msg->type);

	if (event >= 0 && may_ask_echo(msg->type))
		isup_echo_answer(call, msg);
	if (event >= 0)
		dispatch(call, event, (void *)msg);
	else
		isup_call_unexpected(call, msg->type);
}

void isup_call_rx_blo(struct isup_call *call)
{
	if (allowed(call, ISUP_CPC_RX_BLO))
		dispatch(call, ISUP_CPC_RX_BLO, NULL);
}

void isup_call_rx_reset(struct isup_call *call, uint8_t ack)
{
	dispatch(call, ISUP_CPC_RX_RESET, &ack);
}

bool isup_call_lost(struct isup_call *call)
{
	if (isup_call_phase(call) == ISUP_CALL_ANSWERED)
		return true;
	dispatch(call, ISUP_CPC_LOST, NULL);
	return false;
}

void isup_call_reset_by_us(struct isup_call *call)
{
	dispatch(call, ISUP_CPC_RESET, NULL);
}

void isup_call_protocol_error(struct isup_call *call, const struct isup_cause *cause)
{
	if (allowed(call, ISUP_CPC_PROTOCOL_ERROR))
		dispatch(call, ISUP_CPC_PROTOCOL_ERROR, (void *)cause);
}

void isup_call_rx_passed_on(struct isup_call *call, const struct isup_msg *msg)
{
	if (allowed(call, ISUP_CPC_RX_INFO))
		dispatch(call, ISUP_CPC_RX_INFO, (void *)msg);
}

void isup_call_part(struct isup_call *call)
{
	struct isup_msg rel;

	switch (call->fi->state) {
	case ISUP_CPC_ST_OUT_SEIZED:
		break;
	case ISUP_CPC_ST_WAIT_RLC:
	case ISUP_CPC_ST_WAIT_RLC_DONE:
	case ISUP_CPC_ST_WAIT_DONE:
		if (call->ack)
			isup_tx_bare(call->circuit, call->ack);
		break;
	default:
		isup_msg_init_cause(&rel, call->dialect, ISUP_MSG_REL, ISUP_CAUSE_DESTINATION_OUT_OF_ORDER,
				    ISUP_LOC_LN);
		isup_tx(call->circuit, &rel);
	}
}

void isup_call_abandon(struct isup_call *call)
{
	isup_timers_stop_all(&call->timers);
	call->circuit = NULL;
	call->group->n_calls--;
	call->group = NULL;
	llist_del(&call->entry);
	llist_add_tail(&call->entry, &call->isup->orphans);
	dispatch(call, ISUP_CPC_ABANDON, NULL);
}

/* ---- To the far end ---- */

void isup_call_start_timer(struct isup_call *call, enum isup_timer_id id)
{
	isup_timers_start(&call->timers, id, isup_group_timer_ms(call->group, id));
}

void isup_call_send_rel(struct isup_call *call, const struct isup_call_req *req)
{
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	size_t len = req->len;

	memcpy(octets, req->octets, len);
	len = isup_congestion_mark(call->group, octets, len, sizeof(octets));
	call->rel = len <= sizeof(call->rel_buf) ? call->rel_buf : talloc_size(call, len);
	if (call->rel) {
		memcpy(call->rel, octets, len);
		call->rel_len = len;
	}
	isup_tx_octets(call->circuit, octets, len);
	isup_call_start_timer(call, ISUP_T1);
	isup_call_start_timer(call, ISUP_T5);
}

void isup_call_send_rel_cause(struct isup_call *call, uint8_t cause_value)
{
	isup_call_send_rel_diagnostics(call, &(struct isup_cause){
		.location = call->dialect->location, .value = cause_value });
}

void isup_call_send_rel_diagnostics(struct isup_call *call, const struct isup_cause *cause)
{
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	struct isup_msg msg;
	int len;

	isup_msg_init(&msg, call->dialect, ISUP_MSG_REL);
	isup_msg_put(&msg, ISUP_PAR_CAUSE, cause);
	len = isup_msg_encode(&msg, octets, sizeof(octets));
	OSMO_ASSERT(len > 0);
	isup_call_send_rel(call, &(struct isup_call_req){ .octets = octets, .len = len });
}


void isup_call_send_ack(struct isup_call *call)
{
	if (call->ack == ISUP_MSG_RLC && call->n_unrecognised && call->circuit)
		isup_compat_send_rlc(call->circuit, call->unrecognised, call->n_unrecognised);
	else if (call->ack && call->circuit)
		isup_tx_bare(call->circuit, call->ack);
	call->n_unrecognised = 0;
	call->ack = 0;
}

/* ---- The SAP ---- */

static struct isup_call *seize(struct isup_group *group, void *user, bool priority, uint8_t *cause)
{
	struct isup_circuit *circuit;
	struct isup_call *call;

	if (isup_group_dest_state(group) != ISUP_DEST_AVAILABLE) {
		*cause = ISUP_CAUSE_NETWORK_OUT_OF_ORDER;
		return NULL;
	}
	if (!priority && !isup_load_admits(group->dest)) {
		isup_group_count(group, ISUP_CTR_KEPT_BACK);
		*cause = ISUP_CAUSE_SWITCH_CONGESTION;
		return NULL;
	}
	circuit = isup_circuit_hunt(group);
	if (!circuit) {
		isup_group_count(group, ISUP_CTR_NO_CIRCUIT);
		*cause = ISUP_CAUSE_NO_CIRCUIT;
		return NULL;
	}
	call = isup_call_alloc(circuit, false);
	if (!call) {
		*cause = ISUP_CAUSE_RESOURCE_UNAVAILABLE;
		return NULL;
	}
	call->user = user;
	return call;
}

static bool is_first_backward(uint8_t type)
{
	return type == ISUP_MSG_ACM || type == ISUP_MSG_CON || type == ISUP_MSG_ANM;
}

#define REQ_OCTETS_MAX (2 * ISUP_MSG_OCTETS_MAX)

/* Q.763 3.80: the first exchange that knows of it puts it in. */
static bool wants_hop_counter(const struct isup_call *call, const struct isup_msg *msg)
{
	return msg->type == ISUP_MSG_IAM && call->group->cfg.hop_counter && !isup_msg_find(msg, ISUP_PAR_HOP_COUNTER);
}

/* Encodes, with what the user part says by itself. */
static int encode_req(struct isup_call *call, const struct isup_msg *msg, uint8_t octets[REQ_OCTETS_MAX])
{
	bool uus = call->uus_asked && is_first_backward(msg->type), hops = wants_hop_counter(call, msg);
	bool echo = (call->echo_outgoing || call->echo_incoming) && is_first_backward(msg->type);
	int len = isup_msg_encode(msg, octets, REQ_OCTETS_MAX);
	uint8_t copy[REQ_OCTETS_MAX];
	struct isup_msg changed;

	if (len < 0)
		return len;
	isup_echo_set(call->group, octets, len);
	if (!uus && !hops && !echo)
		return len;
	memcpy(copy, octets, len);
	if (isup_msg_decode(&changed, call->dialect, copy, len, NULL) < 0)
		return len;
	if (uus)
		isup_call_put_uus(call, &changed);
	if (echo)
		isup_echo_put(call, &changed);
	if (hops)
		isup_msg_put(&changed, ISUP_PAR_HOP_COUNTER, &call->group->cfg.hop_counter);
	return isup_msg_encode(&changed, octets, REQ_OCTETS_MAX);
}

struct isup_call *isup_call_seize(struct isup_group *group, void *user, uint8_t *cause)
{
	return seize(group, user, false, cause);
}

struct isup_call *isup_call_seize_priority(struct isup_group *group, void *user, uint8_t *cause)
{
	return seize(group, user, true, cause);
}

/* What belongs to the message that has been sent, or waits for CRA */
static void send_rest(struct isup_call *call, const uint8_t *segment, int segment_len, bool check)
{
	bool reserving = call->fi->state == ISUP_CPC_ST_OUT_RESERVING;

	if (segment_len && reserving)
		isup_reserve_hold(call, segment, segment_len);
	else if (segment_len)
		isup_tx_octets(call->circuit, segment, segment_len);
	if (check && !reserving)
		isup_cot_out(call->circuit);
}

int isup_call_req(struct isup_call *call, const struct isup_msg *msg)
{
	int rc, event = req_event(call, msg);
	uint8_t octets[REQ_OCTETS_MAX], segment[ISUP_SEGMENT_MAX];
	struct isup_call_req req = { .msg = msg, .octets = octets };
	int segment_len = 0;
	bool check;

	if (event < 0)
		return -EPROTO;
	/* Its group is being stopped, and it has not been told yet. */
	if (!call->circuit) {
		if (msg->type != ISUP_MSG_REL)
			return -EPROTO;
		isup_call_free(call);
		return 0;
	}
	/* That of this circuit is said here. */
	if (msg->type == ISUP_MSG_COT && call->circuit->cot)
		return -EPROTO;
	rc = encode_req(call, msg, octets);
	if (rc > ISUP_SEGMENT_MAX)
		rc = isup_segment_split(call->dialect, octets, rc, segment, &segment_len);
	if (rc < 0) {
		LOGPFSML(call->fi, LOGL_ERROR, "cannot encode %s: %d\n", isup_msg_name(call->dialect, msg->type), rc);
		return rc == -EMSGSIZE || rc == -ENOSPC ? -EMSGSIZE : -EINVAL;
	}
	req.len = rc;
	check = msg->type == ISUP_MSG_IAM && isup_cot_prepare(call->group, octets);
	dispatch(call, event, &req);
	if (segment_len || check)
		send_rest(call, segment, segment_len, check);
	return 0;
}

void isup_call_release(struct isup_call *call, uint8_t cause_value, uint8_t location)
{
	struct isup_msg msg;

	isup_msg_init_cause(&msg, call->dialect, ISUP_MSG_REL, cause_value, location);
	isup_call_req(call, &msg);
}

void isup_call_done(struct isup_call *call)
{
	if (allowed(call, ISUP_CPC_DONE))
		dispatch(call, ISUP_CPC_DONE, NULL);
}

void isup_call_set_user(struct isup_call *call, void *user)
{
	call->user = user;
}

void *isup_call_user(const struct isup_call *call)
{
	return isup_call_phase(call) == ISUP_CALL_RELEASING ? NULL : call->user;
}

const struct isup_dialect *isup_call_dialect(const struct isup_call *call)
{
	return call->dialect;
}

struct isup_group *isup_call_group(const struct isup_call *call)
{
	return call->group;
}

uint16_t isup_call_cic(const struct isup_call *call)
{
	return call->cic;
}

const char *isup_call_name(const struct isup_call *call)
{
	return call->fi->name;
}

/* ---- What is shown of it ---- */

const char *isup_call_state_text(const struct isup_call *call)
{
	return osmo_fsm_inst_state_name(call->fi);
}

enum isup_call_phase isup_call_phase(const struct isup_call *call)
{
	switch (call->fi->state) {
	case ISUP_CPC_ST_OUT_ANSWERED:
	case ISUP_CPC_ST_OUT_SUSPENDED:
	case ISUP_CPC_ST_IN_ANSWERED:
	case ISUP_CPC_ST_IN_SUSPENDED:
		return ISUP_CALL_ANSWERED;
	case ISUP_CPC_ST_WAIT_T3_DONE:
	case ISUP_CPC_ST_WAIT_T3:
	case ISUP_CPC_ST_WAIT_RLC:
	case ISUP_CPC_ST_WAIT_RLC_DONE:
	case ISUP_CPC_ST_WAIT_DONE:
		return ISUP_CALL_RELEASING;
	default:
		return ISUP_CALL_SETUP;
	}
}

const char *isup_call_state_name(const struct isup_call *call)
{
	if (call->fi->state == ISUP_CPC_ST_WAIT_T3_DONE || call->fi->state == ISUP_CPC_ST_WAIT_T3)
		return "far overload";
	if (isup_call_phase(call) == ISUP_CALL_RELEASING)
		return "releasing";
	return call->fi->state <= ISUP_CPC_ST_OUT_SUSPENDED ? "busy out" : "busy in";
}
