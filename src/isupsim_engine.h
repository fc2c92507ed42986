/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scenario exchange: plays scenarios on circuits, on MTP directly, without a user part. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/timer.h>

#include "isup/isup_dialect.h"
#include "isup/isup_mtp.h"
#include "isup/isup_timer.h"

#include "isupsim_scenario.h"

struct sim_engine;
struct sim_play;
struct sim_tester;
struct msgb;

/* A circuit to a peer, as this end sees it */
struct sim_circuit {
	struct llist_head entry;	/* sim_peer.free, if no scenario plays on it */
	struct sim_peer *peer;
	struct sim_play *play;
	uint16_t cic;
	uint8_t role;			/* in play's scenario */
	uint8_t n_resets;		/* RSC sent in a row without RLC; not free meanwhile */
	bool equipped;			/* false: made for a scenario that wants one that is not there */
	struct osmo_timer_list reset;
};

/* The tested exchange, or one of several, as seen from one of our point codes */
struct sim_peer {
	struct llist_head entry;	/* sim_engine.peers */
	struct sim_engine *engine;
	struct isup_mtp *mtp;
	const struct isup_dialect *dialect;
	uint32_t opc, dpc;
	unsigned int n_circuits, n_free;
	struct llist_head free;		/* struct sim_circuit, the one longest free first */
	struct sim_circuit **by_cic;	/* 2^cic_bits */
	uint64_t n_received;
};

/* Upper limits of the parts into which response times fall, in ms; 0 ends */
extern const uint32_t sim_rtd_limits_ms[];
#define SIM_RTD_PARTS	10

struct sim_engine_stats {
	uint64_t started, passed, failed, skipped;
	uint64_t no_circuit;		/* could not start: no free circuit */
	uint64_t over_limit;		/* were due, but no more at once are allowed */
	uint64_t sent, received, broken;
	uint64_t unexpected;		/* messages that a scenario did not expect */
	uint64_t out_of_play;		/* messages for circuits on which nothing is played */
	uint64_t timeouts, send_errors, alarms;
	uint64_t rtd[SIM_RTD_PARTS], rtd_count, rtd_sum_us, rtd_max_us;
};

/* What happened at one step, for the screen */
struct sim_op_stats {
	uint64_t done, timeouts, unexpected;
};

/* <count name=…> */
struct sim_counter {
	struct llist_head entry;
	const char *name;
	uint64_t n;
};

enum sim_result { SIM_PASSED, SIM_FAILED, SIM_SKIPPED };

struct sim_engine_ops {
	/* A play is over; why is NULL where it passed. play is freed afterwards. */
	void (*done)(void *data, struct sim_play *play, enum sim_result result, const char *why);
	/* A message was sent, or received; octets from the CIC on. One from a point code that is not configured has a
	 * peer of the same network. May be NULL. */
	void (*trace)(void *data, const struct sim_peer *peer, const struct isup_mtp_label *label,
		      const uint8_t *octets, size_t len, bool sent);
	/* Gives a new play the values of $field0 …; may be NULL. */
	void (*fields)(void *data, struct sim_play *play);
};

/* An MTP that the engine uses, and who did so before */
struct sim_below {
	struct llist_head entry;	/* sim_engine.below */
	struct sim_engine *engine;
	struct isup_mtp *mtp;
	const struct isup_mtp_user_ops *user_ops;	/* NULL: nobody */
	void *user;
};

struct sim_engine {
	struct llist_head peers;
	struct llist_head below;
	struct llist_head plays;	/* struct sim_play */
	struct llist_head counters;
	const struct sim_engine_ops *ops;
	void *data;
	struct sim_tester *tester;	/* the user of the tested exchange; NULL: there is none */
	const struct sim_scenario *answering;	/* what a message for a free circuit may begin; NULL: nothing */
	uint64_t max_calls;		/* so many are begun so at most; 0: no end */
	struct sim_op_stats *op_stats;	/* of the main scenario, or NULL */
	const struct sim_scenario *main;
	uint32_t timer_ms[ISUP_TIMER_COUNT];	/* of the tested exchange, where it is not the usual one */
	uint32_t early_ms;		/* sooner than its "after" a message may come */
	uint32_t recv_timeout_ms;	/* where neither step nor scenario has one; 0: for ever */
	uint32_t pause_ms;		/* of <pause/> without a time */
	unsigned int n_plays, n_unbound;
	uint32_t next_id;
	bool silent;			/* nothing is answered that is not played */
	bool lowest_first;		/* circuits are taken in their order, not the one longest free */
	bool verbose;			/* messages are logged */
	struct sim_engine_stats stats;
};

struct sim_engine *sim_engine_alloc(void *ctx, const struct sim_engine_ops *ops, void *data);
/* Makes the engine the user of an MTP; who was it before is told of the destination's state all the same. */
void sim_engine_attach(struct sim_engine *engine, struct isup_mtp *mtp);
/* Each MTP has its former user again, unless somebody else has taken it meanwhile. */
void sim_engine_detach(struct sim_engine *engine);
/* Ends all plays, without telling ops; nothing is sent any more but answers. */
void sim_engine_stop(struct sim_engine *engine);
struct sim_peer *sim_peer_get(struct sim_engine *engine, struct isup_mtp *mtp, uint32_t opc, uint32_t dpc,
			      const struct isup_dialect *dialect);
/* Adds circuits; those that are there already stay. -ERANGE beyond the dialect's CIC width. */
int sim_peer_add_cics(struct sim_peer *peer, uint16_t first, uint16_t last);
/* A circuit as the scenario wants it from the start, not one that a message brings; NULL where there is none */
struct sim_circuit *sim_peer_take(struct sim_peer *peer, const struct sim_role *role);
/* The circuit belongs to a play (play NULL: it is free again). */
void sim_circuit_bind(struct sim_circuit *circuit, struct sim_play *play, uint8_t role);
/* RSC until RLC: after something went wrong on it */
void sim_circuit_reset(struct sim_circuit *circuit);

/* Sends octets from the message type on. Returns what the MTP said. */
int sim_peer_send(struct sim_peer *peer, uint16_t cic, const uint8_t *octets, size_t len);
/* The usual answer of an exchange on which nothing happens: RLC to REL and RSC, GRA to GRS, BLA to BLO … */
void sim_peer_answer(struct sim_peer *peer, const struct isup_msg *msg);

uint32_t sim_time_ms(const struct sim_engine *engine, const struct sim_time *time);
uint64_t sim_now_us(void);
void sim_engine_count(struct sim_engine *engine, const char *name);
