/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits and circuit groups: configuration, find, hunt, seize; the state of DPC × CIC. */
#pragma once

#include "isup/isup.h"
#include "isup/isup_timer.h"

/* Q.764 2.9.1.4: which circuits this end controls, so that its call stays in a dual seizure. The far end must say the
 * same of the others. */
enum isup_control {
	ISUP_CONTROL_BY_POINT_CODE,	/* the higher one controls the even circuits, the other one the odd ones */
	ISUP_CONTROL_EVEN, ISUP_CONTROL_ODD,
	ISUP_CONTROL_ALL, ISUP_CONTROL_NONE,	/* unequal exchanges */
};

/* Echo control devices of this exchange, Q.764 2.7 */
enum isup_echo {
	ISUP_ECHO_USER = 0,		/* what the user says is left as it is */
	ISUP_ECHO_INCOMING = 1, ISUP_ECHO_OUTGOING = 2,
	ISUP_ECHO_NONE = 4,
};

/* Configuration, used by the VTY of the daemon and of the simulated exchange. All take effect at isup_group_start();
 * changes on a started group need isup_group_stop() first unless it says otherwise. Errors: negative errno, with a
 * sentence in err where there is one. */
struct isup_group_cfg {
	const struct isup_dialect *dialect;	/* isup_dialect_itu if not set */
	unsigned int cs7_instance;
	uint32_t opc, dpc;			/* opc: taken from the MTP at start if opc_set is false */
	bool opc_set, dpc_set;
	enum isup_hunt hunt;
	enum isup_control control;
	uint32_t timer_ms[ISUP_TIMER_COUNT];	/* 0: the row's default; may be changed at any time */
	/* What is not recognised: false: we are an end node for it (Q.764 2.9.5.2, type A), as where SIP carries no
	 * ISUP; true: a transit exchange (type B) that can pass it on. May be changed at any time. */
	bool transit;
	/* Both at any time: devices that messages tell of; what an IAM without a hop counter gets, 0: none */
	enum isup_echo echo;
	uint8_t hop_counter;
	/* Q.764 2.9.9, national use, at any time: a call that we are too busy for is answered OLM, not REL 42 */
	bool overload_message;
	/* After MTP-PAUSE and RESUME, or when the user part is there again, circuits that were idle are used at once
	 * (Q.764 2.13, 2.14); false: they are reset before. May be changed at any time. */
	bool resume_idle;
	unsigned int reset_rate;		/* group resets a second at bring-up, per destination; default 10 */
	/* Digits of an incoming call are collected, until ST, overlap_max of them, or T10 after overlap_min; false: IAM
	 * and SAM come up one by one */
	bool overlap_collect;
	uint8_t overlap_min, overlap_max;
	bool request_calling;		/* INR where an IAM has no calling party number; the call waits for INF */
	/* The circuits come from abroad, so we are the incoming international exchange: a SUS of ours is timed, T38 */
	bool international;
	/* Where the dialect has them, both at any time: CRM goes before each IAM; EXM tells that an incoming call has
	 * left this network */
	bool reserve, exit_message;
	/* Continuity check, both at any time: so many of a hundred outgoing calls; where the bearer cannot do it,
	 * incoming calls that require it are refused */
	unsigned int cot_percent;
	bool cot_refuse;
	char *description;			/* talloc child of the group, may be NULL */
	void *user;				/* the user's own of calls on it; talloc child of the group */
};
struct isup_group_cfg *isup_group_cfg(struct isup_group *group);

/* Adds circuits first..last: -EEXIST where one belongs to the group already, -ERANGE beyond the dialect's CIC width,
 * -EBUSY while the group is started. That two groups to one destination overlap is found at isup_group_start(). */
int isup_group_add_cics(struct isup_group *group, uint16_t first, uint16_t last, char *err, size_t err_size);
int isup_group_del_cics(struct isup_group *group, uint16_t first, uint16_t last, char *err, size_t err_size);
/* The ranges as configured, for writing the configuration: calls cb for each. */
void isup_group_for_each_range(const struct isup_group *group,
			       void (*cb)(uint16_t first, uint16_t last, void *data), void *data);

/* Binds the group to its MTP and begins the paced bring-up (reset) of its circuits once the destination is reachable.
 * mtp is shared by all groups of one cs7 instance; freeing it stops them. -EINVAL: something is missing or does not
 * fit, -EEXIST: another group to the same point code has one of the circuits. */
int isup_group_start(struct isup_group *group, struct isup_mtp *mtp, char *err, size_t err_size);
/* Ends its calls (FAILED with cause 27; REL of the same cause to the far end, whose RLC is not awaited) and takes its
 * circuits from service. In a callback of the user: as soon as that is over; it counts as stopped at once. */
void isup_group_stop(struct isup_group *group);
bool isup_group_started(const struct isup_group *group);

/* All groups, in the order of configuration */
struct isup_group *isup_group_next(const struct isup *isup, const struct isup_group *prev);

/* How far a destination is proven (shown, and asked by isup_call_seize()) */
enum isup_dest_state {
	ISUP_DEST_UNAVAILABLE,		/* not reachable as far as MTP knows, or paused */
	ISUP_DEST_PROVING,		/* reachable; reset sent, no answer yet */
	ISUP_DEST_NO_USER,		/* reachable, but MTP says that there is no ISUP (Q.764 2.13) */
	ISUP_DEST_AVAILABLE,		/* it answered, or other traffic came from it */
};
enum isup_dest_state isup_group_dest_state(const struct isup_group *group);
const char *isup_dest_state_name(enum isup_dest_state state);

/* One circuit, for VTY and tests */
struct isup_circuit_info {
	uint16_t cic;
	/* "idle", "busy out", "busy in", "releasing", "reset pending", "resetting", "unequipped", "not started",
	 * "checking out", "checking in", "check failed" (continuity check without a call) */
	const char *state;
	bool local_blocked, remote_blocked;	/* for maintenance */
	bool local_failed, remote_failed;	/* blocked for a hardware failure */
	bool bearer_lost;		/* which is why, if not the only reason: isup_bearers_lost() */
	const struct isup_call *call;	/* NULL if none */
	/* Circuit states as in Q.763 3.14: ours now, and what the far end answered to the latest query, if it did */
	uint8_t query_state, far_state;
	bool far_known;
	const char *checked;		/* NULL: no continuity check; else how far it is, as state says it */
};
/* Calls cb for each circuit in the order of their CICs. */
void isup_group_for_each_circuit(const struct isup_group *group,
				 void (*cb)(const struct isup_circuit_info *info, void *data), void *data);

/* One circuit; -ENOENT: no such CIC, or the group is not started */
int isup_circuit_info(const struct isup_group *group, uint16_t cic, struct isup_circuit_info *info);
/* The timers that run for it: of its call, of what is not acknowledged, of what came once */
void isup_circuit_for_each_timer(const struct isup_group *group, uint16_t cic, isup_timer_left_cb *cb, void *data);

/* One destination and its paced queue of resets, which is the only place that brings circuits into service */
struct isup_dest_info {
	uint32_t opc, dpc;
	const struct isup_group *group;	/* one of those that lead there */
	enum isup_dest_state state;
	unsigned int since_s;		/* in this state */
	unsigned int circuits;
	unsigned int waiting;		/* for their turn */
	unsigned int sent;		/* since the queue was empty */
	unsigned int unacked;		/* of these not acknowledged yet */
	unsigned int rate;		/* RSC or GRS a second */
	unsigned int reduction;		/* per cent of new calls that congestion keeps back */
	const struct isup_timers *timers;	/* T4, T29, T30 */
};
void isup_for_each_dest(const struct isup *isup, void (*cb)(const struct isup_dest_info *info, void *data), void *data);

/* Maintenance: local blocking (BLO) and unblocking (UBL), Q.764 2.8.2; reset by hand, 2.9.3, which ends a call at once;
 * RSC or GRS goes when it is its turn in the queue of the destination.
 * -ENOENT: no such CIC, or the group is not started. */
int isup_circuit_block(struct isup_group *group, uint16_t cic, bool block);
int isup_circuit_reset(struct isup_group *group, uint16_t cic);

/* What blocking is for, Q.764 2.8.2; coded as in Q.763 3.13 */
enum isup_block_kind {
	ISUP_BLOCK_MAINTENANCE = 0,	/* calls go on, new ones are kept off */
	ISUP_BLOCK_HARDWARE = 1,	/* calls are lost at once, at both ends */
};
/* The same for all circuits of the group from first to last, with group messages (CGB, CGU) in legal ranges, at the
 * pace of the destination's queue; a circuit on its own that is blocked for maintenance gets BLO or UBL. Returns the
 * number of circuits, -ENOENT if there are none or the group is not started. */
int isup_group_block(struct isup_group *group, uint16_t first, uint16_t last, enum isup_block_kind kind, bool block);

/* The bearers of all circuits of the group from first to last are lost (a media gateway, a transmission system): their
 * calls end at once, and the far end is told by CGB for a hardware failure; when they are back the circuits are reset,
 * which unblocks them there. Both go at the pace of the destination's queue. Those that an operator has blocked for a
 * hardware failure besides stay so, as do those that he unblocks while their bearer is lost. Return as above. */
int isup_bearers_lost(struct isup_group *group, uint16_t first, uint16_t last);
int isup_bearers_back(struct isup_group *group, uint16_t first, uint16_t last);

/* Circuit group query, Q.764 2.8.3: asks the far end for the state of all circuits of the group from first to last. Its
 * answer is logged where it differs, and mended: reset where calls differ, blocking said again or noted. Returns the
 * number of circuits, -ENOENT as above, -EHOSTUNREACH while the destination is not available. */
int isup_group_query(struct isup_group *group, uint16_t first, uint16_t last);
/* "idle, local, remote hardware": a circuit state in words, seen from the end that has it */
int isup_circuit_query_state_buf(char *buf, size_t size, uint8_t state);

/* Sends octets (from the message type on) as they are on a circuit, past all state and every encoder: for the simulated
 * exchange. */
int isup_circuit_send_octets(struct isup_group *group, uint16_t cic, const uint8_t *octets, size_t len);

/* Calls alive in all groups (any state but idle) */
unsigned int isup_call_count(const struct isup *isup);
