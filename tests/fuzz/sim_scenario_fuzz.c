/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: scenario files. One that can be read is played, with nobody at the far end. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <osmocom/core/application.h>
#include <osmocom/core/msgb.h>
#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "isup/isup.h"

#include "../src/isupsim_play.h"
#include "../src/log_cats.h"

#define TURNS_MAX 20

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void *ctx;

static void init(void)
{
	static const struct log_cats_part parts[] = { { 0, isup_log_cats, _ISUP_LOG_COUNT }, {} };

	ctx = talloc_named_const(NULL, 0, "fuzz");
	osmo_init_logging2(ctx, log_cats_assemble(ctx, parts));
	log_set_log_level(osmo_stderr_target, LOGL_FATAL);
	msgb_talloc_ctx_init(ctx, 0);
	osmo_clock_override_enable(CLOCK_MONOTONIC, true);
	osmo_gettimeofday_override = true;
}

static void play(const struct sim_scenario *scenario)
{
	static const struct sim_engine_ops ops = {};
	void *in = talloc_named_const(ctx, 0, "world");
	struct isup_mtp *mtp, *far;
	struct sim_engine *engine;
	struct sim_peer *peer;

	isup_mtp_pair_alloc(in, 2, 1, &mtp, &far);
	engine = sim_engine_alloc(in, &ops, NULL);
	peer = sim_peer_get(engine, mtp, 2, 1, scenario->dialect);
	sim_peer_add_cics(peer, 1, 4);
	sim_engine_attach(engine, mtp);
	sim_play_start(engine, scenario, peer);
	for (unsigned int i = 0; engine->n_plays && i < TURNS_MAX; i++) {
		osmo_clock_override_add(CLOCK_MONOTONIC, 1, 0);
		osmo_gettimeofday_override_add(1, 0);
		osmo_select_main_ctx(1);
	}
	talloc_free(in);
	osmo_select_main_ctx(1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sim_scenario *scenario;
	char err[300];

	if (!ctx)
		init();
	scenario = sim_scenario_parse(ctx, (const char *)data, size, &isup_dialect_itu, err, sizeof(err));
	if (!scenario && !err[0])
		abort();
	if (scenario)
		play(scenario);
	talloc_free(scenario);
	if (talloc_total_blocks(ctx) > 200)
		abort();
	return 0;
}
