/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the ISUP room share and nobody else sees: user part, network, destination, group, circuit. */
#pragma once

#include <osmocom/core/hashtable.h>
#include <osmocom/core/linuxlist.h>
#include <osmocom/core/rate_ctr.h>
#include <osmocom/core/timer.h>

#include "isup/isup.h"
#include "isup/isup_alarm.h"
#include "isup/isup_circuit.h"
#include "isup/isup_congestion.h"
#include "isup/isup_cot.h"
#include "isup/isup_dialect.h"
#include "isup/isup_mtp.h"
#include "isup/isup_timer.h"
#include "isup/isup_validate.h"

struct isup_dest;
struct isup_reset;
struct isup_block;
struct isup_block_group;
struct isup_segment;
struct isup_repeat;

/* Q.763 1.2: CIC of up to 14 bits (ANSI), 12 (ITU-T) */
#define ISUP_CIC_BITS_MAX 14

struct isup {
	isup_user_cb *cb;		/* NULL while the user part is being freed: nobody is told */
	void *user;
	struct llist_head groups;	/* struct isup_group, in the order of configuration */
	DECLARE_HASHTABLE(names, 9);	/* the same by name */
	struct llist_head leaving;	/* struct isup_group, removed in a callback, until it is over */
	struct osmo_timer_list leave;	/* stops, and removes, what could not be in a callback */
	unsigned int indicating;	/* so many callbacks of the user are under way */
	struct llist_head nets;		/* struct isup_net */
	struct llist_head dialects;	/* struct isup_dialect_own, those that were replaced too */
	struct llist_head orphans;	/* struct isup_call without a group, until their users are done */
	struct llist_head alarms;	/* struct isup_alarm, the oldest first */
	time_t alarms_logged_at;	/* in this second … */
	unsigned int alarms_logged;	/* … so many */
	bool user_answers;		/* the user answers INR, IDR and FAR itself, and user-to-user requests */
	unsigned int n_calls;
	unsigned int congestion;	/* level, as somebody said */
	unsigned int congestion_calls[ISUP_CONGESTION_MAX + 1];	/* calls from which on a level holds; 0: never */
	unsigned int next_group_idx;	/* index of the next group's counters */
	const struct isup_bearer_ops *bearer_ops;	/* NULL: no continuity check can be made */
	void *bearer_data;
};

/* One MTP as this user part sees it: talloc child of the MTP, so whichever goes first stops the groups. */
struct isup_net {
	struct llist_head entry;	/* isup.nets */
	struct isup *isup;
	struct isup_mtp *mtp;
	bool closing;			/* the MTP, or the user part, is being freed: nothing can be sent */
	DECLARE_HASHTABLE(dests, 6);	/* struct isup_dest by dpc */
};

/* ---- Destination: isup_dest.c ---- */

/* A GRS whose circuits still have users: it is answered when the last of them is done. */
struct isup_gra {
	struct llist_head entry;	/* isup_dest.gras */
	uint16_t first;
	uint8_t range;
};

/* Circuits of a destination are found by pages, so that a small one takes little. */
#define ISUP_PAGE_CICS 64

/* (MTP, OPC, DPC), shared by the groups that lead there */
struct isup_dest {
	struct hlist_node node;		/* isup_net.dests */
	struct isup_net *net;
	const struct isup_dialect *dialect;
	uint32_t opc, dpc;
	enum isup_dest_state state;
	bool paused;			/* MTP-PAUSE, and no RESUME since */
	unsigned int n_groups;
	/* struct isup_circuit with needs_reset or tell, in turn; how many; how many went since it was empty */
	struct llist_head to_reset;
	unsigned int n_to_reset, n_reset;
	time_t since;			/* in this state */
	struct osmo_timer_list poll;	/* asks the MTP whether the destination is reachable */
	struct osmo_timer_list pace;
	struct isup_alarm *alarm;	/* while it is not available */
	struct isup_alarm *user_part;	/* while MTP says that there is no ISUP */
	struct isup_timers timers;	/* T4, T29, T30 */
	struct isup_load load;
	struct isup_alarm *unallocated;	/* a message came for a circuit that is not there */
	struct llist_head resets;	/* struct isup_reset */
	struct llist_head gras;		/* struct isup_gra */
	struct llist_head segments;	/* struct isup_segment */
	struct llist_head block_groups;	/* struct isup_block_group */
	struct llist_head queries;	/* struct isup_query */
	struct llist_head onces;	/* struct isup_once: group messages that came once */
	/* Circuits by CIC, 64 a page; NULL: unequipped here */
	struct isup_circuit **pages[];
};

/* The destination of a started group: found, or made. NULL where no memory. */
struct isup_dest *isup_dest_get(struct isup *isup, struct isup_mtp *mtp, uint32_t opc,
				const struct isup_group_cfg *cfg);
/* A group has gone: the last one takes the destination with it. */
void isup_dest_put(struct isup_dest *dest);
struct isup_dest *isup_dest_find(const struct isup_net *net, uint32_t opc, uint32_t dpc);
/* Traffic came from there. */
void isup_dest_traffic(struct isup_dest *dest);
void isup_dest_pause(struct isup_dest *dest);
void isup_dest_resume(struct isup_dest *dest);
/* Its calls that are not answered fail, its circuits need a reset; state is why. */
void isup_dest_lost(struct isup_dest *dest, enum isup_dest_state state);
void isup_dest_start_timer(struct isup_dest *dest, enum isup_timer_id id);
/* For what is said of a whole destination; NULL: it has none */
struct isup_circuit *isup_dest_first_circuit(const struct isup_dest *dest);
/* MTP-STATUS: there is no ISUP there (isup_availability.c); T4; there is. */
void isup_dest_user_unavailable(struct isup_dest *dest, enum isup_mtp_status status);
void isup_dest_t4(struct isup_dest *dest);
void isup_dest_user_available(struct isup_dest *dest);
/* It has another dialect now: what was said in ranges that are too long for that is said in others. */
void isup_dest_set_dialect(struct isup_dest *dest, const struct isup_dialect *dialect);
/* Asks the MTP soon: a message could not be sent. */
void isup_dest_poll_now(struct isup_dest *dest);
/* Circuits with needs_reset are there: see that they are reset in their turn. */
void isup_dest_pace(struct isup_dest *dest);
/* Equips it with a circuit, or (NULL) not. */
void isup_dest_set_circuit(struct isup_dest *dest, uint16_t cic, struct isup_circuit *circuit);

/* ---- Circuits: isup_circuit.c ---- */

/* Idle circuits by CIC: find the lowest or highest in constant time. */
struct isup_cic_map {
	uint64_t sum[(1 << ISUP_CIC_BITS_MAX) / 64 / 64];	/* bit n: bits[n] is not zero */
	uint64_t bits[(1 << ISUP_CIC_BITS_MAX) / 64];
};

/* One range as configured; the circuits exist while the group is started. */
struct isup_range {
	struct llist_head entry;	/* isup_group.ranges, ascending, no overlap */
	uint16_t first, last;
	struct isup_circuit *circuits;
};

struct isup_group {
	struct llist_head entry;	/* isup.groups */
	struct hlist_node node;		/* isup.names */
	struct isup *isup;
	struct isup_dest *dest;		/* NULL: not started */
	bool stopping;			/* as soon as the user's callback is over */
	const char *name;
	struct isup_group_cfg cfg;
	struct llist_head ranges;	/* struct isup_range */
	struct llist_head calls;	/* struct isup_call */
	unsigned int n_circuits, n_idle, n_calls;
	/* Idle circuits, longest idle first: those we control in dual seizure, those the far end controls */
	struct llist_head idle_own, idle_other;
	struct isup_cic_map idle_map;
	struct rate_ctr_group *ctrs;
	unsigned int cot_spread;	/* 0 to 99: at 100 a call is checked */
	uint16_t cot_cic;		/* the latest circuit whose check was asked for … */
	uint8_t cot_outcome;		/* … and what came of it: enum isup_cot_outcome */
	struct isup_validation validation;	/* the latest circuit validation test */
	struct isup_timers validation_timers;	/* TCVT */
	bool validation_repeated;
};

/* Why a circuit is blocked here for a hardware failure */
enum isup_failure {
	ISUP_FAILURE_BEARER = 1,	/* the media gateway has lost it */
	ISUP_FAILURE_OPERATOR = 2,
};

/* Idle if and only if it is in the group's lists; then all that follows below is zero or false. */
struct isup_circuit {
	/* isup_group.idle_own or idle_other, if idle; isup_dest.to_reset, if needs_reset or tell */
	struct llist_head entry;
	struct isup_group *group;
	struct isup_call *call;
	struct isup_reset *reset;	/* a reset of ours that is not acknowledged */
	struct isup_block *block;	/* a BLO or UBL of ours that is not acknowledged */
	struct isup_alarm *alarm;	/* unequipped */
	struct isup_cot *cot;		/* a continuity check, or its failure that waits for the next one */
	struct isup_segment *segment;	/* a message received that waits for its SGM */
	uint16_t cic;
	bool idle;
	bool needs_reset;		/* state unknown: waits for its turn in the bring-up */
	bool gra;			/* a GRS for it is not answered yet */
	bool unequipped;		/* the far end said UCIC */
	bool local_blocked;		/* as wanted here, for maintenance */
	bool tell_block;		/* the far end may not know of that: BLO or UBL when it is there again */
	uint8_t local_failed;		/* blocked here for a hardware failure: enum isup_failure, as bits */
	uint8_t tell;			/* bits, by kind: what is wanted here waits for its turn to be said */
	bool remote_blocked;		/* by BLO or CGB, maintenance oriented */
	bool remote_failed;		/* by CGB, hardware failure oriented */
	bool far_known;			/* far_state is an answer to the latest query */
	uint8_t far_state;		/* Q.763 3.14 */
};

osmo_static_assert(sizeof(struct isup_circuit) <= 128, idle_circuit_is_small);

static inline struct isup_circuit *isup_dest_circuit(const struct isup_dest *dest, unsigned int cic)
{
	struct isup_circuit **page = cic < 1u << dest->dialect->cic_bits ? dest->pages[cic / ISUP_PAGE_CICS] : NULL;

	return page ? page[cic % ISUP_PAGE_CICS] : NULL;
}

/* The far end has it, or not (UCIC). */
void isup_circuit_set_unequipped(struct isup_circuit *circuit, bool unequipped);
/* Puts a circuit among the idle ones, or takes it from there, after anything of it has changed. */
void isup_circuit_update(struct isup_circuit *circuit);
/* Its state is unknown: it waits for its turn in the bring-up. */
void isup_circuit_needs_reset(struct isup_circuit *circuit);
void isup_circuit_no_reset_needed(struct isup_circuit *circuit);
/* The far end is to be told in its turn whether it is blocked here; or need not be. */
void isup_circuit_tell(struct isup_circuit *circuit, enum isup_block_kind kind, bool tell);
/* Q.764 2.9.1.3, 2.9.1.4: by the point codes, or as the group says */
bool isup_circuit_controlled(const struct isup_circuit *circuit);
/* The idle circuit that the group's policy hunts; NULL where there is none. */
struct isup_circuit *isup_circuit_hunt(struct isup_group *group);
/* An IAM of the far end: may it have the circuit, which it believes to be idle? Lifts the far end's own blocking, says
 * ours again. */
bool isup_circuit_takes_iam(struct isup_circuit *circuit, const struct isup_msg *iam);
/* A message received for it (isup_supervise.c) */
void isup_circuit_rx(struct isup_circuit *circuit, const struct isup_msg *msg);
/* Drops the GRS that are not answered yet; the far end repeats them. */
void isup_gra_drop(struct isup_dest *dest);
/* A call that a GRS ended is done: answers it if that was the last. */
void isup_gra_check(struct isup_circuit *circuit);

/* ---- State machines: isup_fsm.c ---- */

struct osmo_fsm;
struct osmo_fsm_inst;

/* isup_fsm_object() of a circuit; the instance's name is prefix, group and CIC: "TRUNK1/17" */
void *isup_fsm_alloc(struct osmo_fsm *fsm, const char *prefix, const struct isup_circuit *circuit, const char *type,
		     size_t size);

/* ---- Sending and receiving: isup_mtp.c ---- */

extern const struct isup_mtp_user_ops isup_mtp_user_ops;

/* Sends octets from the message type on. Returns what the MTP said. */
int isup_tx_octets(struct isup_circuit *circuit, const uint8_t *octets, size_t len);
/* Encodes and sends. */
int isup_tx(struct isup_circuit *circuit, const struct isup_msg *msg);
/* A message without mandatory parameters: RLC, BLO, … */
void isup_tx_bare(struct isup_circuit *circuit, uint8_t type);

/* ---- Circuits out of service: isup_stopped.c ---- */

/* A message received (octets from the CIC on) for a circuit that is configured, whose group is not in service; false:
 * there is no such one */
bool isup_stopped_rx(struct isup_net *net, const struct isup_mtp_label *label, const uint8_t *octets, size_t len);

/* ---- Supervision: isup_reset.c, isup_block.c, isup_block_group.c ---- */

/* Resets n circuits from this one on (all are there, n ≤ range_max + 1): RSC for one, GRS for more. */
void isup_reset_start(struct isup_circuit *first, unsigned int n);
/* Q.764 2.9.6: RSC because RLC has not come until T5 */
void isup_reset_start_t5(struct isup_circuit *circuit);
/* Maintenance is told why, until it is acknowledged. */
void isup_reset_start_alarm(struct isup_circuit *circuit, enum isup_alarm_id alarm);
/* RLC for our RSC (n 1), GRA for our GRS (status may be NULL) */
bool isup_reset_acked(struct isup_circuit *first, unsigned int n, const uint8_t *status);
/* Gives up all of a destination, or (not NULL) of one of its groups: the circuits need a reset again. */
void isup_reset_cancel_all(struct isup_dest *dest, const struct isup_group *group);
/* Those that are longer than the dialect has them wait for their turn again. */
void isup_reset_shorten(struct isup_dest *dest);
/* BLO came for a circuit that is being reset. */
void isup_reset_rx_blo(struct isup_circuit *circuit);
/* The far end used a circuit whose reset it does not answer: it is asked again, if that would take long. */
void isup_reset_again(struct isup_circuit *circuit);
/* The destination is proven, and not by an answer to these: the probe, which may have been lost, is sent again. */
void isup_reset_proven(struct isup_dest *dest);
/* Maintenance intervenes: the circuit, which is being reset, is asked about again, by RSC, if that would take long. */
void isup_reset_intervene(struct isup_circuit *circuit);
/* NULL: not being reset */
struct isup_repeat *isup_reset_repeat(const struct isup_circuit *circuit);
/* The far end has no such circuit. */
void isup_reset_unequipped(struct isup_circuit *circuit);

/* Sends BLO or UBL as local_blocked says, until it is acknowledged. */
void isup_block_start(struct isup_circuit *circuit);
/* The far end is there again: says what it may not know. */
void isup_block_tell(struct isup_circuit *circuit);
/* BLA (blocked) or UBA */
void isup_block_acked(struct isup_circuit *circuit, bool blocked);
void isup_block_cancel_single(struct isup_circuit *circuit);
/* NULL: neither BLO nor UBL is under way */
struct isup_repeat *isup_block_repeat(const struct isup_circuit *circuit);
/* Of single and of group messages */
void isup_block_cancel(struct isup_circuit *circuit);

/* What of n circuits from this one on (some may not be there) is blocked here is said again: CGB, or BLO for one. */
void isup_block_again(struct isup_circuit *first, unsigned int n);
/* It is this circuit's turn in the queue: CGB, CGU, BLO or UBL for it and what fits of those behind it. */
void isup_block_say(struct isup_circuit *circuit);
/* Only what is blocked for a hardware failure */
void isup_block_again_failed(struct isup_circuit *first, unsigned int n);
/* Of the circuits with a status in rs the far end has said that they are (not) blocked here: says so where it is wrong,
 * unless that is being done. */
void isup_block_contradict(struct isup_circuit *first, enum isup_block_kind kind, bool said,
			   const struct isup_range_status *rs);
/* CGBA (block) or CGUA; false: nobody waited for it */
bool isup_block_group_acked(struct isup_circuit *first, enum isup_block_kind kind, bool block,
			    const struct isup_range_status *rs);
/* NULL: neither CGB nor CGU is under way */
struct isup_repeat *isup_block_group_repeat(const struct isup_circuit *circuit, enum isup_block_kind kind);
bool isup_block_group_pending(const struct isup_circuit *circuit, enum isup_block_kind kind);
/* This circuit goes its own way: its bit is not said any more. */
void isup_block_group_withdraw(struct isup_circuit *circuit, enum isup_block_kind kind);
/* All of a destination, or (not NULL) of one of its groups */
void isup_block_group_cancel_all(struct isup_dest *dest, const struct isup_group *group);
/* What is under way in longer messages than the dialect has them waits for its turn again. */
void isup_block_group_shorten(struct isup_dest *dest);

/* ---- Continuity check: isup_cot_fsm.c ---- */

/* COT: says it that the check was successful? */
bool isup_cot_successful(const struct isup_msg *cot);
bool isup_cot_able(const struct isup_group *group);
/* Sets in an encoded IAM (from the message type on) whether the circuit is checked: as the group's configuration and
 * the user want it, and the bearer is able. True where isup_cot_out() is to follow when it is sent. */
bool isup_cot_prepare(struct isup_group *group, uint8_t *iam);
void isup_cot_out(struct isup_circuit *circuit);
/* An IAM that requires the check was received: connects the loop. */
void isup_cot_in(struct isup_circuit *circuit);
/* COT says that it failed; the call is given up. */
void isup_cot_in_failed(struct isup_circuit *circuit);
/* The call waits for the check no more; circuit may be NULL. */
void isup_cot_call_left(struct isup_circuit *circuit);
/* CCR for a circuit without a call, and without a check */
void isup_cot_in_again(struct isup_circuit *circuit);
/* A message for a circuit without a call, with a check; false: it is not expected */
bool isup_cot_rx(struct isup_circuit *circuit, const struct isup_msg *msg);
/* Does the check end for an IAM from the far end? */
bool isup_cot_gives_way(const struct isup_circuit *circuit);
/* Ends it, if there is one, without a word. */
void isup_cot_cancel(struct isup_circuit *circuit);
const char *isup_cot_state_name(const struct isup_cot *cot);
const struct isup_timers *isup_cot_timers(const struct isup_cot *cot);

/* CGB, CGU, GRS in dialects where they are said twice: is this the second one? (isup_twice.c) */
bool isup_twice_counts(struct isup_circuit *first, const struct isup_msg *msg);
void isup_twice_tx(struct isup_circuit *first, const struct isup_msg *msg);
void isup_twice_for_each_timer(const struct isup_circuit *first, isup_timer_left_cb *cb, void *data);

/* ---- Circuit group query: isup_query.c ---- */

/* The state of a circuit, Q.763 3.14; NULL: unequipped */
uint8_t isup_circuit_query_state(const struct isup_circuit *circuit);
/* CQM, range 0 to 31; CQR, false: nobody waited for it */
void isup_query_rx_cqm(struct isup_circuit *first, uint8_t range);
/* The answer to a CQM whose first circuit is not equipped here: its octets from the message type on; -EBADMSG */
int isup_query_encode_cqr(const struct isup_dest *dest, const uint8_t *octets, size_t len, uint16_t first,
			  uint8_t *buf, size_t size);
bool isup_query_rx_cqr(struct isup_circuit *first, uint8_t range, const uint8_t *states, unsigned int n_states);
void isup_query_for_each_timer(const struct isup_circuit *circuit, isup_timer_left_cb *cb, void *data);
/* All of a destination, or (not NULL) of one of its groups */
void isup_query_cancel_all(struct isup_dest *dest, const struct isup_group *group);
/* Those that are longer than the dialect has them are asked anew. */
void isup_query_shorten(struct isup_dest *dest);

/* ---- Circuit validation test: isup_validate.c ---- */

/* CVT; CVR, false: nobody waited for it */
void isup_validation_rx_cvt(struct isup_circuit *circuit);
bool isup_validation_rx_cvr(struct isup_circuit *circuit, const struct isup_msg *cvr);
/* CVR for a circuit that is not there. Returns its length, or negative errno. */
int isup_validation_encode_failed(const struct isup_dialect *dialect, uint8_t *octets, size_t size);
void isup_validation_cancel(struct isup_group *group);
void isup_validation_for_each_timer(const struct isup_circuit *circuit, isup_timer_left_cb *cb, void *data);

/* ---- Groups: isup_group.c ---- */

uint32_t isup_group_timer_ms(const struct isup_group *group, enum isup_timer_id id);
/* Stops it even in a callback of the user: for what frees what it stands on. */
void isup_group_stop_now(struct isup_group *group);

enum isup_group_ctr {
	ISUP_CTR_CALLS_OUT, ISUP_CTR_CALLS_IN, ISUP_CTR_ANSWERED, ISUP_CTR_FAILED, ISUP_CTR_NO_CIRCUIT,
	ISUP_CTR_KEPT_BACK, ISUP_CTR_REFUSED,
	ISUP_CTR_DUAL_SEIZURE, ISUP_CTR_TIMER_T1, ISUP_CTR_TIMER_T5, ISUP_CTR_TIMER_T7, ISUP_CTR_TIMER_T8,
	ISUP_CTR_TIMER_T9, ISUP_CTR_TIMER_CALL,
	ISUP_CTR_TIMER_SUPERVISION, ISUP_CTR_UNEXPECTED, ISUP_CTR_UNRECOGNISED, ISUP_CTR_BROKEN,
	ISUP_CTR_UNEQUIPPED, ISUP_CTR_ALARMS, ISUP_CTR_COT_PASSED, ISUP_CTR_COT_FAILED, ISUP_CTR_TIMER_COT,
	ISUP_CTR_RX, ISUP_CTR_TX,
	ISUP_CTR_KINDS,		/* from here on: received, then sent, by kind of message */
};

void isup_group_count(struct isup_group *group, enum isup_group_ctr ctr);
void isup_group_count_msg(struct isup_group *group, bool sent, uint8_t type);

/* Log no more than one line a second of what a far end can provoke at will. */
#define LOGP_LIMITED(ss, level, fmt, args...) do { \
	static time_t logged_at_; \
	struct timespec now_ = {}; \
	osmo_clock_gettime(CLOCK_MONOTONIC, &now_); \
	if (now_.tv_sec != logged_at_) { \
		logged_at_ = now_.tv_sec; \
		LOGP(ss, level, fmt, ## args); \
	} } while (0)
