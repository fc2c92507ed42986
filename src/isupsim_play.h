/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run of a scenario. */
#pragma once

#include "isupsim_engine.h"

enum sim_play_state {
	SIM_PLAY_RUN, SIM_PLAY_RECV, SIM_PLAY_QUIET, SIM_PLAY_PAUSE, SIM_PLAY_TESTER, SIM_PLAY_INDICATION
};

struct sim_play {
	struct llist_head entry;	/* sim_engine.plays */
	struct sim_engine *engine;
	const struct sim_scenario *scenario;
	struct sim_peer *peer;
	uint32_t id;
	uint16_t op;			/* the step that is due, or under way */
	enum sim_play_state state;
	struct osmo_timer_list timer;
	uint64_t begin_us;		/* since when there is the play */
	uint64_t step_us;		/* since when the step is under way */
	uint64_t since_us;		/* what 'after' counts from: the last message, or the end of a pause */
	uint64_t rtd_us;		/* when the response time began; 0: it did not */
	struct sim_circuit *circuits[SIM_ROLES_MAX];
	uint32_t loops[SIM_LOOPS_MAX];
	char *vars[SIM_VARS_MAX];
	char **fields;			/* of the line of the CSV file */
	unsigned int n_fields;
	const char *fields_file;	/* NULL: there is none */
	unsigned int fields_line;
	unsigned int n_unbound;		/* circuits that are still to come */
	struct llist_head inbox;	/* msgb: received before the step that wants it */
	struct llist_head told;		/* msgb: indications, likewise */
};

/* Starts a scenario: NULL where it needs a circuit and none is free. It is under way at once, and may be over (and
 * freed) when this returns, so nothing is to be done with what is returned but comparing. */
struct sim_play *sim_play_start(struct sim_engine *engine, const struct sim_scenario *scenario, struct sim_peer *peer);
/* Likewise, begun by a message on a free circuit; false where it is none that the scenario begins with. */
bool sim_play_begin(struct sim_engine *engine, const struct sim_scenario *scenario, struct sim_circuit *circuit,
		    const struct isup_msg *msg);
/* A message for a circuit of the play */
void sim_play_rx(struct sim_play *play, struct sim_circuit *circuit, const struct isup_msg *msg);
/* Takes a message on a free circuit if a play waits for that; says whether it did. */
bool sim_play_claim(struct sim_play *play, struct sim_circuit *circuit, const struct isup_msg *msg);
void sim_play_end(struct sim_play *play, enum sim_result result, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- Between isupsim_play.c and the steps, isupsim_ops.c ---- */

/* What a step leads to */
enum sim_next {
	SIM_NEXT_STEP,			/* the one after it */
	SIM_NEXT_JUMPED,		/* play->op says which */
	SIM_NEXT_WAIT,			/* something must come first */
	SIM_NEXT_ENDED,			/* the play is gone */
};

extern enum sim_next (*const sim_op_cbs[_SIM_OP_TYPES])(struct sim_play *play, const struct sim_op *op);

/* The play has failed, or cannot go on: "FILE:LINE:COLUMN: " of the step, and why. Returns SIM_NEXT_ENDED. */
enum sim_next sim_play_fail(struct sim_play *play, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
enum sim_next sim_play_skip(struct sim_play *play, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* It has failed at a place inside the step. */
enum sim_next sim_play_fail_at(struct sim_play *play, const struct map_xml_place *place, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A step begins to wait; ms 0: without end */
void sim_play_wait(struct sim_play *play, enum sim_play_state state, uint32_t ms);
/* The <recv> that this message is for, from a step on: past those that are optional. -1: it is for none. */
int sim_play_find_recv(const struct sim_play *play, unsigned int from, const struct sim_circuit *circuit,
		       const struct isup_msg *msg);
/* The <recv> whose timeout counts while the play waits at its step: of optional ones without a timeout, the one that
 * comes after them. */
unsigned int sim_play_timing(const struct sim_play *play);
/* The message is the one that step recv waits for. */
enum sim_next sim_play_received(struct sim_play *play, unsigned int recv, struct sim_circuit *circuit,
				const struct isup_msg *msg);
/* The user of the tested exchange was told this while step op waited for that. */
enum sim_next sim_play_told(struct sim_play *play, const struct sim_op *op, const struct isup_msg *msg);
/* A message that the step does not wait for. The far end is answered all the same, so that it comes to an end. */
enum sim_next sim_play_unexpected(struct sim_play *play, const struct isup_msg *msg);
/* The oldest message of inbox or told, NULL if there is none; msg borrows from it. */
struct msgb *sim_play_take(struct sim_play *play, struct llist_head *queue, struct isup_msg *msg);

/* ---- isupsim_match.c: received messages and what a scenario says of them ---- */

/* Is this message what the step waits for? */
bool sim_match_types(const struct sim_op *op, uint8_t type);
/* Holds all expectations against it. Returns NULL, or the place of the first that is not met, with all that differs in
 * err. */
const struct map_xml_place *sim_match(const struct sim_play *play, const struct sim_op *op, const struct isup_msg *msg,
				      char *err, size_t err_size);
/* Keeps what is to be kept. */
void sim_match_save(struct sim_play *play, const struct sim_op *op, const struct isup_msg *msg);
/* sim_lookup_cb of a play */
const char *sim_play_lookup(void *play, const char *name, size_t len);
/* A text of the scenario with the play's values; false where it is too long. */
bool sim_play_text(const struct sim_play *play, const char *text, char *buf, size_t size);
/* "ACM or CON"; a message as text; both of OTC_SELECT */
const char *sim_play_types(const struct sim_play *play, const struct sim_op *op);
const char *sim_play_msg_text(const struct isup_msg *msg);
