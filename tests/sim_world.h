/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scenario exchange of isupsim against the real ISUP room, in one process and in virtual time. */
#pragma once

#include "isup/isup.h"
#include "isup/isup_circuit.h"

#include "../src/isupsim_bearer.h"
#include "../src/isupsim_play.h"
#include "../src/isupsim_tester.h"

#define WORLD_CALLS_MAX 128
#define WORLD_IAM_MAX 1200

/* A call of the user of the tested exchange */
struct world_call {
	struct isup_call *isup;
	bool outgoing;
	char iam[WORLD_IAM_MAX];			/* for the next attempt */
};

/* A fault put into the tested exchange */
struct sim_fault {
	const char *name;
	enum { SIM_FAULT_DROP, SIM_FAULT_TWICE, SIM_FAULT_OCTET, SIM_FAULT_CIC, SIM_FAULT_TIMER } kind;
	uint8_t type;			/* of the message that is not sent, sent twice, or wrong */
	uint8_t at;			/* that octet, from the message type on */
	uint8_t flip;			/* bits that are wrong in it, or in the CIC */
	uint8_t timer;			/* the timer that runs so long instead */
	uint32_t ms;
};

/* One exchange under test (point code 1), and the scenario exchange (2) */
struct sim_world {
	struct sim_tester tester;	/* first */
	struct isup *isup;
	struct isup_group *group;
	struct sim_engine *engine;
	struct sim_peer *peer;
	struct isup_mtp *mtp;
	struct sim_bearer bearer;	/* of the tested exchange */
	bool stuck;			/* its bearers cannot be freed: circuits of released calls are blocked */
	const struct sim_fault *fault;	/* NULL: none; stays from run to run */
	struct world_call calls[WORLD_CALLS_MAX];	/* oldest first */
	unsigned int n_calls;
	bool done;
	enum sim_result result;
	char why[1200];
	double seconds;			/* of virtual time */
};

/* Once for the process: logging, the clock */
void sim_world_init(void);
/* Runs a scenario against an exchange that is made for it; says what came of it in result and why. Afterwards the
 * exchange must be idle, whatever was done to it. */
void sim_world_run(struct sim_world *world, const struct sim_scenario *scenario);
