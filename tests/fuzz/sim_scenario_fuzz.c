/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: scenario files. One that can be read is played; the far end says the same whatever it hears. */

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

#define TURNS_MAX 24
#define CALLS_MAX 3

#include "fuzz.h"
#include "hand_clock.h"

static void *ctx;

static void init(void)
{
	static const struct log_cats_part parts[] = { { 0, isup_log_cats, _ISUP_LOG_COUNT }, {} };

	ctx = talloc_named_const(NULL, 0, "fuzz");
	osmo_init_logging2(ctx, log_cats_assemble(ctx, parts));
	log_set_log_level(osmo_stderr_target, LOGL_FATAL);
	msgb_talloc_ctx_init(ctx, 0);
	hand_clock_start();
}

/* On each circuit in turn; the broken ones are meant so */
static const char *const said[] = {
	"IAM called=2012345 calling=3011", "ACM bci(called_status=subscriber-free)", "CPG event=alerting", "ANM",
	"SUS suspend_resume=network", "RLC", "BLA", "CGBA cgs_type=maintenance range(range=1 status=0x03)",
	"REL cause=17", "MSG-0x99 octets=0x00", "REL octets=0x02ff", "RLC",
};

static void say(struct isup_mtp *far, unsigned int turn)
{
	const struct isup_mtp_label label = { .opc = 1, .dpc = 2 };
	uint8_t octets[2 + ISUP_MSG_OCTETS_MAX] = { 1 + turn % 4 };
	struct isup_msg msg;
	char err[160];
	int len;

	if (isup_msg_scan(&msg, &isup_dialect_itu, said[turn % ARRAY_SIZE(said)], err, sizeof(err)) < 0)
		abort();
	len = isup_msg_encode(&msg, octets + 2, sizeof(octets) - 2);
	if (len < 0)
		abort();
	far->ops->transfer_req(far, &label, octets, 2 + len);
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
	engine->answering = scenario;
	engine->max_calls = CALLS_MAX;
	sim_play_start(engine, scenario, peer);
	for (unsigned int i = 0; i < TURNS_MAX; i++) {
		say(far, i);
		hand_clock_move(1000);
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
	scenario = sim_scenario_parse(ctx, "scenario", (const char *)data, size, &isup_dialect_itu, err, sizeof(err));
	if (!scenario && !err[0])
		abort();
	if (scenario)
		play(scenario);
	talloc_free(scenario);
	if (talloc_total_blocks(ctx) > 200)
		abort();
	return 0;
}
