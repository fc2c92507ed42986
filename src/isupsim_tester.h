/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The upper tester: who acts as the user and the operator of the tested exchange, as scenarios tell. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct sim_engine;
struct sim_play;
struct isup_msg;

/* Commands, which all testers understand, or refuse with -ENOTSUP:
 *
 *   seize IAM…			places a call; the parameters of the IAM as text
 *   proceed, alert, progress, answer, connect	the called user of the latest call: ACM (no indication; subscriber
 *				free), CPG, ANM, CON
 *   release CAUSE		REL from this user
 *   send MESSAGE		any other message of the call
 *   suspend, resume		SUS, RES
 *   block CIC, unblock CIC, reset CIC, check CIC	maintenance: BLO, UBL, RSC, CCR
 *   block-group FIRST LAST [hardware], unblock-group …, reset-group …, query-group …
 *   seize-many N IAM…		so many calls, as many of them as may be placed
 *   configure WHAT		until clear: "transit" (compatibility, Q.764 2.9.5), "continuity N" (per cent of
 *				outgoing calls), "tone heard|lost" (of continuity checks), "control all|none" (dual
 *				seizure), "echo outgoing", "congestion N" (its automatic congestion level),
 *				"bearer stuck" (circuits cannot be freed), "fallback", "operators" (users
 *				who take such calls)
 *   user-part-lost		MTP tells it that there is no user part at the far end
 *   clear			back to where a scenario begins: no call, nothing blocked */
struct sim_tester {
	/* Returns 0; -EINPROGRESS: sim_tester_done() follows; -ENOTSUP: it has no such command; or -EINVAL with a
	 * sentence in err. */
	int (*command)(struct sim_tester *tester, const char *command, char *err, size_t err_size);
	bool indicates;			/* sim_tester_told() is called */
	unsigned int n_unanswered;	/* commands whose sim_tester_done() is still to come */
	struct sim_engine *engine;
	struct sim_play *waiting;	/* the play whose command is under way */
};

/* The command under way is done; error NULL where it went well. */
void sim_tester_done(struct sim_tester *tester, const char *error);
/* The user of the tested exchange was told this. */
void sim_tester_told(struct sim_tester *tester, const struct isup_msg *msg);

/* A program that is given one command a line on stdin, and answers each with a line on stdout: "ok", "unsupported" or
 * "error SENTENCE". Before the answer, or later, it may say "told MESSAGE". NULL with a sentence in err. */
struct sim_tester *sim_tester_run(void *ctx, const char *program, char *err, size_t err_size);
