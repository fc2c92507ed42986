/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine of a continuity check (isup_cot_fsm.c), for the file that starts and ends it (isup_cot.c). */
#pragma once

#include <osmocom/core/fsm.h>

#include "isup/isup_cot.h"
#include "isup/isup_timer.h"

/* Exists from the IAM that announces the check, or the first CCR, until the circuit is known to be good, or what
 * happens to it (call, reset, loss of the destination) ends the check. */
struct isup_cot {
	struct osmo_fsm_inst inst;	/* first */
	struct osmo_fsm_inst *fi;	/* the same */
	struct isup_circuit *circuit;
	struct isup_timers timers;
	struct isup_alarm *alarm;	/* our check has failed */
	void *bearer;			/* what connects loop or tone; NULL: nothing is connected */
	bool repeated;			/* it has failed before: T26 until the next one, not T25 */
	bool asked;			/* by isup_circuit_cot() */
};

enum isup_cot_state {
	/* Outgoing */
	ISUP_COT_ST_OUT_CALL,		/* tone for a call that waits for ACM; T24 */
	ISUP_COT_ST_OUT_FAILED,		/* circuit out of service until the next CCR; T25, T26 */
	ISUP_COT_ST_OUT_WAIT_LPA,	/* CCR sent, the loop to be acknowledged; TCCR */
	ISUP_COT_ST_OUT_RECHECK,	/* CCR sent, tone; T24 */
	ISUP_COT_ST_OUT_WAIT_RLC,	/* recheck successful, REL sent; T1, T5 */
	/* Incoming */
	ISUP_COT_ST_IN_CALL,		/* loop for a call that waits for COT, which has T8 */
	ISUP_COT_ST_IN_FAILED,		/* circuit out of service until CCR; T27 */
	ISUP_COT_ST_IN_RECHECK,		/* CCR received, loop, waits for COT or REL; T36 */
};

enum isup_cot_event {
	ISUP_COT_EV_RX_CCR,		/* data: not used */
	ISUP_COT_EV_RX_LPA,		/* data: not used */
	ISUP_COT_EV_RX_COT,		/* const struct isup_msg * */
	ISUP_COT_EV_RX_REL,		/* data: not used */
	ISUP_COT_EV_RX_RLC,		/* data: not used */
	ISUP_COT_EV_BEARER,		/* const bool *: good */
	ISUP_COT_EV_TIMER,		/* const enum isup_timer_id * */
};

extern struct osmo_fsm isup_cot_fsm;

/* The circuit is not idle then. NULL where no memory. */
struct isup_cot *isup_cot_alloc(struct isup_circuit *circuit);
/* From a call, or nothing, to what is expected of the far end next */
void isup_cot_start_tone(struct isup_cot *cot);
void isup_cot_start_loop(struct isup_cot *cot);
void isup_cot_send_ccr(struct isup_cot *cot);
void isup_cot_rx_ccr(struct isup_cot *cot);
void isup_cot_wait_ccr(struct isup_cot *cot);
