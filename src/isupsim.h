/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isupsim, the simulated exchange: what it does with calls, apart from VTY and main(). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/timer.h>

#include "isup/isup.h"

#include "isupsim_bearer.h"

/* As configured: text is a message as isup_msg_scan() reads it, or hex. */
struct sim_step_cfg {
	uint32_t after_ms;
	const char *text;
	bool octets;
};

/* One step of an answer: after so long, send this. Either a message (encoded by the ISUP room and subject to its
 * states) or octets, from the message type on, as they are. */
struct sim_step {
	struct llist_head entry;
	struct sim_answer *answer;
	uint32_t after_ms;		/* since the step before, or since the IAM */
	char *text;			/* as configured: message text, or hex */
	struct isup_msg *msg;		/* in ITU-T's dialect; NULL: it is not of that, or octets */
	uint8_t *octets;
	size_t n_octets;
};

/* What incoming calls to numbers with this prefix get; the longest prefix wins. */
struct sim_answer {
	struct llist_head entry;
	char *prefix;			/* digits of the called number; "" is the default */
	struct llist_head steps;	/* struct sim_step */
};

struct sim_stats {
	uint64_t in, in_answered;		/* calls received; answered by us */
	uint64_t out, out_answered;		/* calls placed; answered by the far end */
	uint64_t out_no_circuit;		/* could not be placed: no circuit, destination unavailable … */
	uint64_t sent_release;			/* REL sent by a step, a hold time or the VTY */
	uint64_t received_release[128];		/* REL received, by cause */
	uint64_t failed[128];			/* given up by our ISUP, by cause */
};

/* Calls placed one after the other at a rate */
struct sim_load {
	struct sim *sim;
	char *group;			/* its name, for it may be removed; NULL: no load is under way */
	struct isup_msg *iam;
	unsigned int rate;		/* calls a second */
	unsigned int count;		/* calls to place in all */
	unsigned int placed;
	unsigned int hold_ms;
	struct timespec begin;		/* monotonic */
	struct osmo_timer_list tick;
};

struct sim {
	struct isup *isup;
	struct llist_head answers;	/* struct sim_answer, longest prefix first */
	struct llist_head calls;	/* struct sim_call, newest last */
	uint32_t next_id;
	struct sim_stats stats;
	struct sim_load load;
	struct sim_bearer bearer;
};

enum sim_call_state { SIM_CALL_SETUP, SIM_CALL_ALERTING, SIM_CALL_ANSWERED };

struct sim_call {
	struct llist_head entry;
	struct sim *sim;
	struct isup_call *isup;
	uint32_t id;
	bool outgoing;
	enum sim_call_state state;
	struct sim_step *next_step;	/* of an incoming call: what the timer will send; NULL: nothing more */
	unsigned int hold_ms;		/* of an outgoing call: REL so long after the answer; 0: never */
	struct osmo_timer_list timer;
};

struct sim *sim_alloc(void *ctx);
/* The callback that isup_alloc() is given, with the struct sim as user */
void sim_isup_cb(struct isup_call *isup, const struct isup_prim *prim, void *user);

/* Finds or makes the answer for a prefix; frees it with its steps. */
struct sim_answer *sim_answer_get(struct sim *sim, const char *prefix);
struct sim_answer *sim_answer_find(const struct sim *sim, const char *prefix);
void sim_answer_free(struct sim *sim, struct sim_answer *answer);
/* Appends a step. Returns 0; or -EINVAL with a sentence in err, where it is no message of ITU-T's dialect, nor of that
 * of a circuit group. */
int sim_answer_add_step(struct sim *sim, struct sim_answer *answer, const struct sim_step_cfg *cfg, char *err,
			size_t err_size);

/* Places a call now; iam stays the caller's. Returns NULL with the cause of isup_call_seize(). */
struct sim_call *sim_call_place(struct sim *sim, struct isup_group *group, const struct isup_msg *iam,
				unsigned int hold_ms, uint8_t *cause);
/* Releases one call with this cause. */
void sim_call_release(struct sim_call *call, uint8_t cause);
/* Releases all, and places no more. */
void sim_release_all(struct sim *sim, uint8_t cause);
struct sim_call *sim_call_find(const struct sim *sim, uint32_t id);
/* gw_call_id_cb */
uint32_t sim_call_id(const void *user);

/* Places count calls at rate a second; -EBUSY while another load is under way. Takes iam (talloc). */
int sim_load_start(struct sim *sim, struct isup_group *group, struct isup_msg *iam, unsigned int rate,
		   unsigned int count, unsigned int hold_ms);
void sim_load_stop(struct sim *sim);

/* Fills a talloc'ed message from its text, the type given first. NULL with a sentence in err. */
struct isup_msg *sim_msg_from_text(void *ctx, const struct isup_dialect *dialect, const char *text, char *err,
				   size_t err_size);

void sim_vty_init(struct sim *sim);

/* ---- Scenarios by the console, isupsim_vty_run.c ---- */

struct gw_isup;
void sim_vty_run_init(struct gw_isup *gi);
/* Does a scenario have the circuits? */
bool sim_vty_run_is_up(void);
/* It ends at once, if there is one. */
void sim_vty_run_stop(void);
