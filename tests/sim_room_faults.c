/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults inside the ISUP room: functions that do nothing or say something wrong, by the linker's --wrap. */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "isup/isup_call.h"
#include "isup/isup_compat.h"
#include "isup/isup_congestion.h"
#include "isup/isup_cot_fsm.h"
#include "isup/isup_cpc.h"
#include "isup/isup_priv.h"
#include "isup/isup_repeat.h"
#include "isup/isup_segment.h"

#include "sim_room_faults.h"

static const struct sim_room_fault *active;

void sim_room_fault_set(const struct sim_room_fault *fault)
{
	active = fault;
}

static bool is_faulty(const char *function)
{
	return active && strcmp(active->function, function) == 0;
}

static bool is_faulty_timer(const char *function, enum isup_timer_id id)
{
	return is_faulty(function) && active->timer == id;
}

/* The function does nothing. */
#define NOTHING(function, parameters, arguments) \
	void __real_ ## function parameters; \
	void __wrap_ ## function parameters; \
	void __wrap_ ## function parameters \
	{ \
		if (!is_faulty(#function)) \
			__real_ ## function arguments; \
	}

/* The function returns this, whatever it should. */
#define LIES(type, function, parameters, arguments, lie) \
	type __real_ ## function parameters; \
	type __wrap_ ## function parameters; \
	type __wrap_ ## function parameters \
	{ \
		return is_faulty(#function) ? (lie) : __real_ ## function arguments; \
	}

/* The function is given something else. */
#define MISTAKES(function, parameters, arguments, mistaken) \
	void __real_ ## function parameters; \
	void __wrap_ ## function parameters; \
	void __wrap_ ## function parameters \
	{ \
		if (is_faulty(#function)) \
			__real_ ## function mistaken; \
		else \
			__real_ ## function arguments; \
	}

/* The function does nothing to one timer. */
#define FORGETS(function, parameters, arguments) \
	void __real_ ## function parameters; \
	void __wrap_ ## function parameters; \
	void __wrap_ ## function parameters \
	{ \
		if (!is_faulty_timer(#function, id)) \
			__real_ ## function arguments; \
	}

/* ---- Calls ---- */

FORGETS(isup_call_start_timer, (struct isup_call *call, enum isup_timer_id id), (call, id))
FORGETS(isup_timers_stop, (struct isup_timers *timers, enum isup_timer_id id), (timers, id))
MISTAKES(isup_call_send_rel_cause, (struct isup_call *call, uint8_t cause), (call, cause), (call, cause ^ 1))
NOTHING(isup_call_indicate, (struct isup_call *call, const struct isup_msg *msg), (call, msg))
NOTHING(isup_call_protocol_error, (struct isup_call *call, const struct isup_cause *cause), (call, cause))
MISTAKES(isup_call_rx_reset, (struct isup_call *call, uint8_t ack), (call, ack), (call, 0))
LIES(bool, isup_circuit_controlled, (const struct isup_circuit *circuit), (circuit),
     !__real_isup_circuit_controlled(circuit))
LIES(bool, isup_cpc_suspend_allowed, (const struct isup_call *call, const struct isup_msg *msg), (call, msg), false)
NOTHING(isup_cpc_rx_suspend, (struct isup_call *call, const struct isup_msg *msg), (call, msg))
NOTHING(isup_segment_rx, (struct isup_circuit *circuit, const struct isup_msg *msg), (circuit, msg))
LIES(int, isup_segment_split, (const struct isup_dialect *dialect, uint8_t *octets, size_t len, uint8_t *segment,
     int *segment_len), (dialect, octets, len, segment, segment_len), (int)len)
LIES(size_t, isup_congestion_mark, (const struct isup_group *group, uint8_t *rel, size_t len, size_t size),
     (group, rel, len, size), len)
LIES(bool, isup_load_admits, (struct isup_dest *dest), (dest), true)

NOTHING(isup_call_hold, (struct isup_call *call, const struct isup_msg *msg), (call, msg))
NOTHING(isup_call_reset_by_us, (struct isup_call *call), (call))
MISTAKES(isup_compat_send_rlc, (struct isup_circuit *circuit, const uint8_t *codes, size_t n), (circuit, codes, n),
	 (circuit, codes, 0))

/* ---- Circuits ---- */

NOTHING(isup_circuit_needs_reset, (struct isup_circuit *circuit), (circuit))
NOTHING(isup_circuit_tell, (struct isup_circuit *circuit, enum isup_block_kind kind, bool tell), (circuit, kind, tell))
LIES(bool, isup_reset_acked, (struct isup_circuit *first, unsigned int n, const uint8_t *status), (first, n, status),
     true)
NOTHING(isup_reset_start_t5, (struct isup_circuit *circuit), (circuit))
NOTHING(isup_block_acked, (struct isup_circuit *circuit, bool blocked), (circuit, blocked))
NOTHING(isup_block_again_failed, (struct isup_circuit *first, unsigned int n), (first, n))
NOTHING(isup_block_contradict, (struct isup_circuit *first, enum isup_block_kind kind, bool said,
	const struct isup_range_status *rs), (first, kind, said, rs))
NOTHING(isup_reset_unequipped, (struct isup_circuit *circuit), (circuit))
NOTHING(isup_block_again, (struct isup_circuit *first, unsigned int n), (first, n))
LIES(bool, isup_block_group_acked, (struct isup_circuit *first, enum isup_block_kind kind, bool block,
     const struct isup_range_status *rs), (first, kind, block, rs), true)
NOTHING(isup_compat_unrecognised, (struct isup_circuit *circuit, const struct isup_msg *msg), (circuit, msg))
NOTHING(isup_circuit_set_unequipped, (struct isup_circuit *circuit, bool unequipped), (circuit, unequipped))
NOTHING(isup_dest_user_unavailable, (struct isup_dest *dest, enum isup_mtp_status status), (dest, status))

/* ---- Continuity ---- */

LIES(bool, isup_cot_successful, (const struct isup_msg *cot), (cot), !__real_isup_cot_successful(cot))
LIES(bool, isup_cot_prepare, (struct isup_group *group, uint8_t *iam), (group, iam), false)
NOTHING(isup_cot_in_failed, (struct isup_circuit *circuit), (circuit))
NOTHING(isup_cot_rx_ccr, (struct isup_cot *cot), (cot))

/* ---- All of them ---- */

const struct sim_room_fault sim_room_faults[] = {
	{ "T7 is not started", "isup_call_start_timer", ISUP_T7 },
	{ "T9 is not started", "isup_call_start_timer", ISUP_T9 },
	{ "T1 is not started", "isup_call_start_timer", ISUP_T1 },
	{ "T6 is not started", "isup_call_start_timer", ISUP_T6 },
	{ "T8 is not started", "isup_call_start_timer", ISUP_T8 },
	{ "T7 is not stopped", "isup_timers_stop", ISUP_T7 },
	{ "T9 is not stopped", "isup_timers_stop", ISUP_T9 },
	{ "T33 is not stopped", "isup_timers_stop", ISUP_T33 },
	{ "REL of our own has another cause", "isup_call_send_rel_cause", 0 },
	{ "the user is told nothing", "isup_call_indicate", 0 },
	{ "a call goes on that is to be released (2.9.5)", "isup_call_protocol_error", 0 },
	{ "RSC in a call is not answered", "isup_call_rx_reset", 0 },
	{ "control of circuits is the other way round", "isup_circuit_controlled", 0 },
	{ "SUS is refused", "isup_cpc_suspend_allowed", 0 },
	{ "SUS starts no timer", "isup_cpc_rx_suspend", 0 },
	{ "messages stop at segmentation", "isup_segment_rx", 0 },
	{ "long messages are not segmented", "isup_segment_split", 0 },
	{ "REL has no automatic congestion level", "isup_congestion_mark", 0 },
	{ "congestion of the far end is not heeded", "isup_load_admits", 0 },
	{ "what comes before COT is lost", "isup_call_hold", 0 },
	{ "RLC does not say what was not recognised", "isup_compat_send_rlc", 0 },
	{ "a call does not end with its circuit", "isup_call_reset_by_us", 0 },
	{ "a failure is not told again after a reset", "isup_block_again_failed", 0 },
	{ "acknowledgements not asked for are taken", "isup_block_contradict", 0 },
	{ "UCIC leaves the circuit in service", "isup_reset_unequipped", 0 },
	{ "a circuit that failed is not reset", "isup_circuit_needs_reset", 0 },
	{ "blocking is not told", "isup_circuit_tell", 0 },
	{ "RLC and GRA end no reset", "isup_reset_acked", 0 },
	{ "no RSC after T5", "isup_reset_start_t5", 0 },
	{ "BLA and UBA are not heeded", "isup_block_acked", 0 },
	{ "blocking is not told again after a reset", "isup_block_again", 0 },
	{ "CGBA and CGUA are not heeded", "isup_block_group_acked", 0 },
	{ "unknown messages are dropped", "isup_compat_unrecognised", 0 },
	{ "an unequipped circuit stays in use", "isup_circuit_set_unequipped", 0 },
	{ "loss of the user part is not heeded", "isup_dest_user_unavailable", 0 },
	{ "COT means the opposite", "isup_cot_successful", 0 },
	{ "no continuity check is asked for", "isup_cot_prepare", 0 },
	{ "a failed check leaves the circuit in service", "isup_cot_in_failed", 0 },
	{ "CCR connects no loop", "isup_cot_rx_ccr", 0 },
	{}
};
