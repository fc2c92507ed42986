/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For ISUP tests: two user parts on a pair network, their users, and a log of what each was told and sent. */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <osmocom/core/application.h>
#include <osmocom/core/fsm.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/msgb.h>
#include <osmocom/core/rate_ctr.h>
#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "isup/isup.h"
#include "isup/isup_circuit.h"
#include "isup/isup_dialect.h"
#include "isup/isup_mtp.h"

#define PC_A 10
#define PC_B 20
#define CALLS_MAX 512

/* One end: a user part, its group, and what its user knows */
struct end {
	const char *name;
	struct isup *isup;
	struct isup_group *group;
	struct isup_mtp *mtp;
	struct isup_call *calls[CALLS_MAX];	/* with which the user is not finished, oldest first */
	unsigned int n_calls;
	bool keep;				/* isup_call_done() is left to the test */
	bool accept;				/* incoming calls get ACM and ANM at once */
	bool refuse;				/* incoming calls get REL 17 at once */
	uint8_t failed;				/* cause of the latest FAILED */
	unsigned int n_failed, n_rel;
	struct isup_call *latest;		/* call of the latest indication */
};

extern void *ctx;
extern struct end a, b;
extern char events[8192];	/* "B:IAM A:ACM …": what users were told */
extern char wire[8192];		/* "A>IAM B>ACM …": what was sent */
extern uint8_t watch;		/* messages of this type, when sent … */
extern char watched[512];	/* … are put here as text, one after the other */
extern unsigned int watched_cic;	/* the circuit of the latest */
extern bool cut_a, cut_b;	/* what this end sends is lost */

/* What was noted, and starts anew. */
const char *take(char *text);
unsigned int count_words(const char *text, const char *word);

void two_init(void);
/* What did not hold in here so far, between two tests */
int two_failed(void);
/* Gives all memory back. Returns what did not hold in here, for main() of the test. */
int two_end(void);
/* Two ends with circuits first to last each; started; up and idle. */
void two_alloc(uint16_t first, uint16_t last);
void two_start(void);
void two_up(uint16_t first, uint16_t last);
void two_free(void);

/* Whoever wants to see messages as they are indicated stands before an end's user; returns that. */
isup_user_cb *two_set_cb(struct end *end, isup_user_cb *cb);

/* Lets what is due now happen, without time going on. */
void run(void);
/* Lets time pass, 50 ms at a time; a second at a time. */
void pass(unsigned int ms);
void pass_s(unsigned int s);

struct isup_group_stats stats_of(const struct end *end);
void expect_all_idle(const char *what);
/* What must hold whatever happened: no call is lost, each circuit is idle or something is under way that ends. */
void check_invariants(const struct end *end);

void forget(struct end *end, const struct isup_call *call);
/* Its user is done with all calls. */
void finish(struct end *end);
struct isup_call *seize(struct end *end, uint8_t *cause);
/* Seizes and sends IAM; the far end has it. */
struct isup_call *place(struct end *end);
int send_text(struct isup_call *call, const char *text);
void release(struct end *end, struct isup_call *call, uint8_t cause);
void done(struct end *end, struct isup_call *call);
/* A message as text, sent on a circuit past all state */
void inject(struct end *end, uint16_t cic, const char *text);
