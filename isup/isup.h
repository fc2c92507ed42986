/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Public face of the ISUP room: the user part, its circuit groups and circuits, and the SAP of a call. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/prim.h>

#include "isup/isup_msg.h"

/* Log categories of the room; every program's table has them at these indices */
enum isup_log_cat { DISUP, DISUPCIRC, DISUPMTP, _ISUP_LOG_COUNT };
#define LOG_BASE_SIP 8
#define LOG_BASE_MAPPING 16
#define LOG_BASE_SRC 24
extern const struct log_info_cat isup_log_cats[_ISUP_LOG_COUNT];

struct isup;
struct isup_group;
struct isup_circuit;
struct isup_call;
struct isup_mtp;
struct isup_dialect;

/* ---- The SAP of a call ---- */

enum isup_prim_type {
	/* msg is a message of the call: IAM SAM ACM CPG CON ANM REL, or any other that a user may act on */
	ISUP_PRIM_MSG,
	ISUP_PRIM_FAILED,	/* ind only: ISUP gave the call up by itself; msg is a REL whose cause says why */
};

struct isup_prim {
	enum isup_prim_type type;
	enum osmo_prim_operation op;	/* PRIM_OP_REQUEST towards the exchange, PRIM_OP_INDICATION from it */
	const struct isup_msg *msg;	/* borrowed until the callback returns */
};

/* user is what isup_call_set_user() or isup_call_seize() was given, or for the IAM of a new incoming call what
 * isup_alloc() was given.
 *
 * Rules of the SAP:
 * - Indications come from the select loop or a timer, never from within an isup_call_…() function.
 * - A new incoming call starts with the IAM indication, call is new; the callback sets its user, or answers
 *   with REL.
 * - Overlap signalling: IAM and SAM come up one by one, as they are received, until the user sends ACM or CON; or
 *   the group collects the digits (isup_group_cfg.overlap_collect), and the IAM has them all. SAM requests start T7
 *   anew.
 * - The early ACM of T11 (Q.764 2.1.4.8) is the user's: it alone knows that it is interworking.
 * - SUS and RES come up as they are received; who suspends at this end says so by SUS, and RES. The time a called
 *   side may stay suspended is watched here (T2, T6, T38).
 * - A REL request ends the user's interest: no indication follows, call must not be used again. ISUP waits for RLC
 *   (T1, T5) by itself.
 * - A REL or FAILED indication is the last one; the user must then call isup_call_done() once, in the callback or
 *   later, when the bearer is free; ISUP answers RLC then. call must not be used after.
 *   Who repeats an attempt seizes before it is done with the first call, so that it gets another circuit.
 * - What the far end begins on the circuit before isup_call_done() waits for that.
 *
 * Causes of FAILED, so that the user can tell what happened (what a REL of ours carries is the same):
 *  19 no answer              T9 expired
 *  27 destination out of order  the group was stopped or removed
 *  38 network out of order   the destination was lost while the call was set up
 *  41 temporary failure      circuit reset by either end after a backward message, or an RLC that nobody asked for
 *  42 switching equipment congestion  OLM received (Q.764 2.9.9): the call may be tried another way, the circuit is
 *                            left alone until T3
 *  44 circuit not available  before any backward message: dual seizure, reset, blocking, unequipped, continuity
 *                            check failed, unexpected message; the call may be tried on another circuit (Q.764 2.8.1)
 *  97 and others of class 6  what was received says that the call is to be released (Q.764 2.9.5)
 * 102 recovery on timer expiry  T7, T2, T6 or T38 expired */
typedef void isup_user_cb(struct isup_call *call, const struct isup_prim *prim, void *user);

/* Hunts and seizes an idle circuit for an outgoing call.
 * Returns NULL with *cause, which is what a REL would carry: 34 no circuit available (all busy or blocked),
 * 38 destination not available (not started, not proven, or lost), 42 it or the way there is congested (Q.764 2.10,
 * 2.11), 47 no memory. */
struct isup_call *isup_call_seize(struct isup_group *group, void *user, uint8_t *cause);
/* The same for a call that congestion does not keep back: priority, emergency */
struct isup_call *isup_call_seize_priority(struct isup_group *group, void *user, uint8_t *cause);

/* Sends a message of the call (its CIC is filled in): the first one of a seized call is IAM.
 * Returns 0; -EPROTO where the message is not allowed in this state, -EINVAL where it cannot be encoded,
 * -EMSGSIZE where it is too long, and simple segmentation (Q.764 2.1.12) does not help;
 * nothing is sent then.
 * Continuity check of the call's circuit: an IAM may require it, or the group's configuration does; it is made, and
 * its COT sent, by ISUP. Where the bearer cannot, none is required. COT of the user is for a check of a previous
 * circuit. */
int isup_call_req(struct isup_call *call, const struct isup_msg *msg);

/* Would a message of this type be allowed now, Q.764 and the dialect's options? */
bool isup_call_allows(const struct isup_call *call, uint8_t type);

/* Shorthand: REL with this cause and location. */
void isup_call_release(struct isup_call *call, uint8_t cause_value, uint8_t location);

/* The bearer is free after a REL or FAILED indication. */
void isup_call_done(struct isup_call *call);

void isup_call_set_user(struct isup_call *call, void *user);
/* NULL before the user of an incoming call is set, and from its release on */
void *isup_call_user(const struct isup_call *call);
const struct isup_dialect *isup_call_dialect(const struct isup_call *call);
/* NULL after the group was stopped under the call. */
struct isup_group *isup_call_group(const struct isup_call *call);
uint16_t isup_call_cic(const struct isup_call *call);
/* "TRUNK1/17": for logs; borrowed, valid as long as the call. */
const char *isup_call_name(const struct isup_call *call);
/* "OUT_WAIT_ANM": for the console */
const char *isup_call_state_text(const struct isup_call *call);

/* ---- The user part ---- */

/* INR, IDR and FAR are indicated, and answered by ISUP where the user has not answered when its callback returns: INF
 * and IRS with what the IAM said of the calling party, FRJ with cause 29. User-to-user services that an IAM asks for
 * are answered "not provided" with the first backward message, where the user has put no answer of its own into that;
 * an essential request is refused with cause 29. After this call all that is left to the users. */
void isup_user_answers(struct isup *isup);
/* The same for one call, from now on: what is asked goes on to another exchange, which answers (SIP-I). */
void isup_call_user_answers(struct isup_call *call);

/* One user part: owns groups, circuits, calls. talloc_free() ends it without telling the users of its calls; it may be
 * freed before or after the MTPs that its groups were started on. */
struct isup *isup_alloc(void *ctx, isup_user_cb *cb, void *user);

/* ---- Circuit groups: the circuits to one destination ---- */

enum isup_hunt {
	ISUP_HUNT_ASCENDING, ISUP_HUNT_DESCENDING,
	/* Q.764 2.9.1.3 method 2: of the circuits that this end controls the one longest idle; where all of these are
	 * busy, of the others the one released last. Spreads wear, avoids dual seizure. */
	ISUP_HUNT_LEAST_RECENT,
	ISUP_HUNT_MOST_RECENT,		/* the one released last, circuits that this end controls first */
};

/* A new, empty group. Returns NULL if the name is taken. */
struct isup_group *isup_group_alloc(struct isup *isup, const char *name);
/* Stops it, see isup_group_stop(), and removes it. */
void isup_group_free(struct isup_group *group);
struct isup_group *isup_group_find(struct isup *isup, const char *name);
const char *isup_group_name(const struct isup_group *group);
/* isup_group_cfg.user; NULL for NULL */
const void *isup_group_user(const struct isup_group *group);
const struct isup_dialect *isup_group_dialect(const struct isup_group *group);
/* True where the destination is proven and at least one circuit is idle or has a call. */
bool isup_group_available(const struct isup_group *group);

/* Numbers of circuits by state, for VTY, CTRL, metrics and tests. Each circuit is one of idle, busy, resetting (it
 * waits for its turn, or for the acknowledgement), checking (continuity check without a call, or failed), unequipped;
 * all are 0 while the group is stopped. Blocked ones are counted besides. */
struct isup_group_stats {
	unsigned int free;		/* idle and not blocked: they can be seized */
	unsigned int circuits, idle, busy, local_blocked, remote_blocked, resetting, checking, unequipped;
};
void isup_group_stats(const struct isup_group *group, struct isup_group_stats *stats);
