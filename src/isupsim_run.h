/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isupsim in the manner of SIPp: one scenario at a rate, or a suite of them; command line, load, screen. */
#pragma once

#include <stdio.h>

#include "cli.h"
#include "gw_isup.h"
#include "isupsim_engine.h"
#include "isupsim_suite.h"
#include "isupsim_tester.h"

/* What the command line says */
struct sim_run_options {
	const char *config_file, *scenario, *inf, *stat_file, *pcap, *suite, *only, *junit, *tester, *data, *group;
	double rate;			/* calls a second */
	unsigned int max_calls;		/* 0: no end */
	unsigned int limit;		/* at once; 0: as many as there are circuits */
	unsigned int pause_ms, recv_timeout_ms, early_ms, timeout_s, stat_s, settle_ms, wait_s;
	bool no_reset, quiet, verbose;
	bool pipes;			/* scenario and inf may be pipes: nobody else waits while they are read */
	uint32_t timer_ms[ISUP_TIMER_COUNT];
};

/* A line of the CSV file; a field "A..B" makes it as many lines as there are numbers. */
struct sim_inf_row {
	char **fields;
	unsigned int n_fields;
	unsigned int line;		/* of the file */
	unsigned int range_field;
	uint64_t first, count;		/* of the range; count 1 and no range_field (n_fields): none */
	unsigned int digits;
};

struct sim_inf {
	const char *path;
	bool random;
	struct sim_inf_row *rows;
	unsigned int n_rows, row;
	uint64_t offset;		/* into row's range */
};

/* Where a run is */
enum sim_run_phase {
	SIM_RUN_WAITING,		/* for the far end to be reachable */
	SIM_RUN_SETTLING,		/* circuits are reset; what the far end has to say is answered */
	SIM_RUN_CALLS,			/* calls are made, or answered; or a purpose of the suite is tried */
	SIM_RUN_CLEARING,		/* a purpose is over, the far end is brought back to where it began */
	SIM_RUN_ENDING,			/* no new calls; those that are there come to their end */
	SIM_RUN_OVER,
};

struct sim_run {
	struct sim_run_options opt;
	struct sim_engine *engine;
	struct sim_scenario *scenario;	/* NULL: a suite */
	struct sim_suite *suite;
	unsigned int case_at;
	struct sim_peer *peer;		/* the next call's; goes round */
	struct sim_inf *inf;
	FILE *pcap, *stat, *junit;
	struct sim_junit calls;		/* in junit, where it is no suite; out is NULL: none are written */
	enum sim_run_phase phase;
	uint64_t phase_us, begin_us;	/* since when; the latter: that calls are made, or the purpose is tried */
	uint64_t start_us;		/* since when the whole run is under way */
	uint64_t reset_us;
	bool untouched;			/* the last purpose has sent nothing */
	bool cleared, reset;		/* the tester, and then the circuits, after the last purpose */
	unsigned int n_resets;		/* sent then, and not acknowledged yet */
	uint64_t settled_received;	/* stats.received when it was looked at last */
	uint64_t quiet_us;		/* since when it has not grown */
	double due;			/* calls that should have been started by now */
	uint64_t due_us;
	struct osmo_timer_list tick, screen;
	uint64_t stat_us;
	struct sim_engine_stats stat_last;
	bool timed_out;
	bool paused;			/* no new calls for now */
	char last_failure[300];
	void (*over_cb)(struct sim_run *run);	/* it has come to its end; not to be freed in it. May be NULL. */
};

/* A run on the circuits of the configuration, whose MTPs it takes; NULL with a sentence in err. What opt points to must
 * outlive it. */
struct sim_run *sim_run_alloc(void *ctx, struct gw_isup *gi, const struct sim_run_options *opt, char *err,
			      size_t err_size);
void sim_run_start(struct sim_run *run);
/* No new calls; at_once: those that are there are dropped, too. */
void sim_run_stop(struct sim_run *run, bool at_once);
void sim_run_pause(struct sim_run *run, bool paused);
void sim_run_set_rate(struct sim_run *run, double rate);
/* The table, or the results of the suite */
void sim_run_print(const struct sim_run *run, FILE *out);
/* After it is over: its files are written and closed. Returns the exit status. */
int sim_run_end(struct sim_run *run);

/* ---- isupsim_main.c ---- */

/* Does the command line ask for this? */
bool sim_run_wanted(int argc, char **argv);
/* The whole run; the exit status. gi has the configuration's groups, which are not started. */
int sim_run_main(void *ctx, struct gw_isup *gi, int argc, char **argv);
#define SIM_RUN_HELP \
	"  -sf FILE, -sn NAME       play a scenario: a file, or one that is shipped (-sn call -h: all options)\n" \
	"      --conformance q784   try the purposes of a suite, with --only NUMBER, --junit FILE\n"

/* ---- isupsim_load.c ---- */

/* Reads a file as SIPp's -inf has it, or (pipes) from a pipe; NULL with a sentence in err. */
struct sim_inf *sim_inf_load(void *ctx, const char *path, bool pipes, char *err, size_t err_size);
void sim_inf_next(struct sim_inf *inf, struct sim_play *play);
/* Has each line the fields that the scenario takes from it? -EINVAL with a sentence in err where one has not, or where
 * there is no file (NULL) to take them from. */
int sim_inf_check(const struct sim_inf *inf, const struct sim_scenario *scenario, char *err, size_t err_size);
/* Starts what is due; false where all calls that were asked for have been started. */
bool sim_load_tick(struct sim_run *run);

/* ---- isupsim_keys.c ---- */

/* From here to there a key does at once what it means, if there is a screen and a keyboard. */
void sim_keys_begin(struct sim_run *run);
void sim_keys_end(void);

/* ---- isupsim_screen.c ---- */

/* Is there one? */
bool sim_screen_is_live(const struct sim_run *run);
/* Draws it anew, where there is one. */
void sim_screen_show(const struct sim_run *run);
void sim_screen_draw(const struct sim_run *run, FILE *out);
void sim_screen_stat_head(struct sim_run *run);
void sim_screen_stat(struct sim_run *run);
