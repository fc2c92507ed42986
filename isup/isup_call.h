/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call on one circuit, for the files of the room: its struct, and the events of call processing control. */
#pragma once

#include <osmocom/core/fsm.h>

#include "isup/isup.h"
#include "isup/isup_timer.h"

/* A REL is kept for its repetitions; one with more than a cause goes into a chunk of its own. */
#define ISUP_CALL_REL_MAX 16

struct isup_call {
	struct osmo_fsm_inst inst;	/* first */
	struct osmo_fsm_inst *fi;	/* the same */
	struct llist_head entry;	/* isup_group.calls, isup.orphans if group is NULL */
	struct isup *isup;
	const struct isup_dialect *dialect;
	struct isup_group *group;	/* NULL: it was stopped before the user was done */
	struct isup_circuit *circuit;	/* NULL: it has gone its own way (dual seizure, group stopped) */
	void *user;
	struct isup_timers timers;
	struct llist_head held;		/* msgbs: IAM and what follows, until the user hears of it, or CRA */
	uint8_t *rel;			/* the REL that T1 repeats: rel_buf or a talloc child */
	uint16_t rel_len;
	uint16_t cic;
	uint8_t category;		/* of the calling party, and its number, as our IAM said; 0: it did not */
	uint8_t calling_len;
	uint8_t calling[10];
	uint8_t asked;			/* INR, IDR or FAR that the user may answer in its callback */
	uint8_t uus_asked;		/* user-to-user services asked for in the IAM: bit n, service n + 1 */
	uint8_t echo_outgoing, echo_incoming;	/* the answer to what the IAM asked of devices; 0: none */
	bool user_answers;		/* isup_call_user_answers() */
	uint8_t suspended;		/* who has suspended: bits of isup_cpc_suspend.c */
	uint8_t ack;			/* what the far end waits for until the user is done: ISUP_MSG_RLC, or 0 */
	uint8_t n_unrecognised, unrecognised[6];	/* parameters of the REL received that RLC tells of */
	uint8_t rel_buf[ISUP_CALL_REL_MAX];
};

/* Events of isup_cpc_fsm.c. Data: const struct isup_msg * where a message is received, struct isup_call_req * where
 * one is asked for. */
enum isup_cpc_event {
	/* From the far end */
	ISUP_CPC_RX_IAM,
	ISUP_CPC_RX_SAM,
	ISUP_CPC_RX_ACM,
	ISUP_CPC_RX_CPG,
	ISUP_CPC_RX_CON,
	ISUP_CPC_RX_ANM,
	ISUP_CPC_RX_REL,
	ISUP_CPC_RX_RLC,
	ISUP_CPC_RX_COT,
	ISUP_CPC_RX_UCIC,
	ISUP_CPC_RX_BLO,	/* data: not used */
	ISUP_CPC_RX_RESET,	/* uint8_t *: ISUP_MSG_RLC where that answers it (RSC), 0 (GRS) */
	ISUP_CPC_RX_SUSPEND,	/* SUS or RES */
	ISUP_CPC_RX_RESERVATION, /* CRM or CRA */
	ISUP_CPC_RX_INFO,	/* any other message that a call may carry */
	/* From the user */
	ISUP_CPC_REQ_IAM,
	ISUP_CPC_REQ_SAM,
	ISUP_CPC_REQ_ACM,
	ISUP_CPC_REQ_CPG,
	ISUP_CPC_REQ_CON,
	ISUP_CPC_REQ_ANM,
	ISUP_CPC_REQ_REL,
	ISUP_CPC_REQ_COT,
	ISUP_CPC_REQ_SUSPEND,	/* SUS or RES */
	ISUP_CPC_REQ_INFO,
	ISUP_CPC_DONE,		/* data: not used, here and below */
	ISUP_CPC_TIMER,		/* const enum isup_timer_id *: this one of the call has expired */
	/* From circuit and destination */
	ISUP_CPC_LOST,		/* the destination is not available any more */
	ISUP_CPC_RESET,		/* we reset the circuit */
	ISUP_CPC_ABANDON,	/* the circuit is taken away */
	ISUP_CPC_PROTOCOL_ERROR, /* const struct isup_cause *: the call is to be released (2.9.5) */
};

/* States of isup_cpc_fsm.c; what a call waits for */
enum isup_cpc_state {
	ISUP_CPC_ST_OUT_SEIZED,		/* for the user's IAM */
	ISUP_CPC_ST_OUT_RESERVING,	/* for CRA; what is to follow it is held */
	ISUP_CPC_ST_OUT_WAIT_ACM,
	ISUP_CPC_ST_OUT_WAIT_ANM,
	ISUP_CPC_ST_OUT_ANSWERED,
	ISUP_CPC_ST_OUT_SUSPENDED,	/* for RES: isup_call.suspended says whose */
	ISUP_CPC_ST_IN_SUCCEEDS,	/* for the select loop: its IAM came while the last call's user was not done */
	ISUP_CPC_ST_IN_RESERVED,	/* for the IAM of a circuit for which CRM came */
	ISUP_CPC_ST_IN_WAIT_COT,	/* the user does not know of it yet */
	ISUP_CPC_ST_IN_COLLECT,		/* for digits, nor of this one */
	ISUP_CPC_ST_IN_WAIT_INF,	/* for the answer to our INR, nor of this one */
	ISUP_CPC_ST_IN_WAIT_ACM,	/* for the user's ACM or CON */
	ISUP_CPC_ST_IN_WAIT_ANM,	/* for the user's ANM */
	ISUP_CPC_ST_IN_ANSWERED,
	ISUP_CPC_ST_IN_SUSPENDED,
	ISUP_CPC_ST_IN_OVERLOAD,	/* for REL, after our OLM; the user does not know of it */
	ISUP_CPC_ST_WAIT_T3_DONE,	/* temporary trunk blocking: for T3, and for isup_call_done() */
	ISUP_CPC_ST_WAIT_T3,
	ISUP_CPC_ST_WAIT_RLC,		/* the user has no interest any more */
	ISUP_CPC_ST_WAIT_RLC_DONE,	/* both for RLC and for isup_call_done() */
	ISUP_CPC_ST_WAIT_DONE,		/* for isup_call_done() */
};

/* An encoded message that the user wants sent */
struct isup_call_req {
	const struct isup_msg *msg;
	const uint8_t *octets;
	uint16_t len;
};

extern struct osmo_fsm isup_cpc_fsm;

/* Who has the call, where its state tells */
enum isup_call_phase {
	ISUP_CALL_SETUP,	/* not answered */
	ISUP_CALL_ANSWERED,
	ISUP_CALL_RELEASING,	/* REL sent or received, or failed */
};
enum isup_call_phase isup_call_phase(const struct isup_call *call);
/* "busy out", "busy in", "releasing" */
const char *isup_call_state_name(const struct isup_call *call);

/* A call on the circuit, which is not idle then. NULL where no memory. */
struct isup_call *isup_call_alloc(struct isup_circuit *circuit, bool incoming);

/* Takes up the IAM of a call that has just been allocated: may be the end of it. */
void isup_call_start_incoming(struct isup_call *call, const struct isup_msg *iam);
/* A message for its call; what its state does not expect is treated as Q.764 2.9.5.1 says. */
void isup_call_rx(struct isup_call *call, const struct isup_msg *msg);
/* Q.764 2.9.5.1: what its state does not expect */
void isup_call_unexpected(struct isup_call *call, uint8_t type);
/* Does its state expect a message of this type? */
bool isup_call_expects(const struct isup_call *call, uint8_t type);
/* BLO, for its circuit */
void isup_call_rx_blo(struct isup_call *call);
/* RSC (ack ISUP_MSG_RLC) or GRS (ack 0) for its circuit */
void isup_call_rx_reset(struct isup_call *call, uint8_t ack);
/* The destination is gone. True where the call is answered and stays. */
bool isup_call_lost(struct isup_call *call);
/* We are about to reset its circuit. */
void isup_call_reset_by_us(struct isup_call *call);
/* Q.764 2.9.5: what was received says that the call is to be released. */
void isup_call_protocol_error(struct isup_call *call, const struct isup_cause *cause);
/* A message of a type that we do not know, for its user to pass on */
void isup_call_rx_passed_on(struct isup_call *call, const struct isup_msg *msg);
/* Its group is about to go: the far end is told what it waits for, or that the call is over; no answer is awaited. */
void isup_call_part(struct isup_call *call);
/* Its group goes: FAILED with cause 27 to the user, no signalling. */
void isup_call_abandon(struct isup_call *call);
/* May a message of this type belong to a call? */
bool isup_call_has_msg(uint8_t type);

/* ---- For isup_cpc_fsm.c ---- */

void isup_call_start_timer(struct isup_call *call, enum isup_timer_id id);
void isup_call_indicate(struct isup_call *call, const struct isup_msg *msg);
void isup_call_indicate_failed(struct isup_call *call, uint8_t cause_value);
/* The IAM of a new call: may be the end of it. */
void isup_call_indicate_new(struct isup_call *call, const struct isup_msg *iam);
/* The user is done, and the far end has begun a new call meanwhile, which is held: that takes the circuit. */
void isup_call_succeed(struct isup_call *call);
/* Begins with what is held. */
void isup_call_start_held(struct isup_call *call);
/* isup_call_info.c: what our IAM says of the calling party is kept for INF and IRS. */
void isup_call_note_iam(struct isup_call *call, const struct isup_msg *iam);
/* What the far end's IAM asks for of user-to-user services: 0, or the cause to refuse the call with */
uint8_t isup_call_note_uus(struct isup_call *call, const struct isup_msg *iam);
/* The first backward message says that these are not provided, unless the user has put its own answer there. */
void isup_call_put_uus(struct isup_call *call, struct isup_msg *msg);

/* isup_echo.c: the indicators of an encoded IAM, ACM or CON are set as configured; what asks for a device is answered
 * by NRM, or (IAM: noted) in the first backward message. */
void isup_echo_set(const struct isup_group *group, uint8_t *octets, size_t len);
void isup_echo_answer(struct isup_call *call, const struct isup_msg *asks);
void isup_echo_note(struct isup_call *call, const struct isup_msg *iam);
void isup_echo_put(struct isup_call *call, struct isup_msg *msg);
/* isup_reserve.c: is the circuit reserved (CRM) before the IAM? A new call that a CRM has begun. */
bool isup_reserve_wanted(const struct isup_call *call);
void isup_reserve_rx(struct isup_call *call, const struct isup_msg *crm);
/* Keeps what is to be sent until CRA has come. */
void isup_reserve_hold(struct isup_call *call, const uint8_t *octets, size_t len);
/* An incoming call has gone to its user: EXM follows at TEXM, where configured; now. */
void isup_exit_start(struct isup_call *call);
void isup_exit_send(struct isup_call *call);
/* Keeps msg until the user hears of the call. */
void isup_call_hold(struct isup_call *call, const struct isup_msg *msg);
void isup_call_drop_held(struct isup_call *call);
/* A call the user does not know of goes on to what is missing next (digits_waited: no more digits come), or to the user
 * with all that was held: may be the end of the call. */
void isup_call_go_on(struct isup_call *call, bool digits_waited);
/* Sends REL and starts T1 and T5. */
void isup_call_send_rel(struct isup_call *call, const struct isup_call_req *req);
void isup_call_send_rel_cause(struct isup_call *call, uint8_t cause_value);
void isup_call_send_rel_diagnostics(struct isup_call *call, const struct isup_cause *cause);
/* Sends what the far end waits for (ack). */
/* A new incoming call is released at once. */
void isup_call_refuse(struct isup_call *call, uint8_t cause_value);
void isup_call_send_ack(struct isup_call *call);
/* Off its circuit, which may become idle then. */
void isup_call_detach(struct isup_call *call);
void isup_call_free(struct isup_call *call);
