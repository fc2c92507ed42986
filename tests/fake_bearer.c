/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits that carry a tone, for tests of the continuity check: a tone is heard when the other end has its loop. */

#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>

#include "isup/isup_cot_fsm.h"
#include "isup/isup_priv.h"

#include "fake_bearer.h"

#define HEARD_MS 100
#define CICS 64

struct check {
	struct isup_cot *cot;
	bool *loops, *loops_there;
	enum isup_cot_end end;
	struct osmo_timer_list timer;
};

bool fake_bearer_unable, fake_bearer_broken, fake_bearer_noticed, fake_bearer_refuses;
unsigned int fake_loops, fake_tones;

/* By end and CIC: is there a loop? */
static bool loops_a[CICS], loops_b[CICS];

static bool able(const struct isup_group *group, void *data)
{
	return !fake_bearer_unable;
}

static void listen_cb(void *data)
{
	struct check *check = data;
	bool heard = !fake_bearer_broken && check->loops_there[isup_cot_cic(check->cot)];

	if (check->end == ISUP_COT_LOOP)
		isup_cot_result(check->cot, true);
	else if (heard || fake_bearer_noticed)
		isup_cot_result(check->cot, heard);
	else
		osmo_timer_schedule(&check->timer, 0, HEARD_MS * 1000);
}

static void *start(struct isup_cot *cot, enum isup_cot_end end, void *data)
{
	struct check *check = fake_bearer_refuses ? NULL : talloc_zero(ctx, struct check);
	bool is_a = data == &a;

	OSMO_ASSERT(isup_cot_cic(cot) < CICS);
	if (!check)
		return NULL;
	check->cot = cot;
	check->end = end;
	check->loops = is_a ? loops_a : loops_b;
	check->loops_there = is_a ? loops_b : loops_a;
	osmo_timer_setup(&check->timer, listen_cb, check);
	osmo_timer_schedule(&check->timer, 0, end == ISUP_COT_TONE ? HEARD_MS * 1000 : 0);
	if (end == ISUP_COT_LOOP)
		check->loops[isup_cot_cic(cot)] = true;
	fake_loops += end == ISUP_COT_LOOP;
	fake_tones += end == ISUP_COT_TONE;
	return check;
}

static void stop(void *bearer, void *data)
{
	struct check *check = bearer;

	if (check->end == ISUP_COT_LOOP)
		check->loops[isup_cot_cic(check->cot)] = false;
	fake_loops -= check->end == ISUP_COT_LOOP;
	fake_tones -= check->end == ISUP_COT_TONE;
	osmo_timer_del(&check->timer);
	talloc_free(check);
}

static const struct isup_bearer_ops ops = { .able = able, .start = start, .stop = stop };

void fake_bearer_install(void)
{
	fake_bearer_unable = fake_bearer_broken = fake_bearer_noticed = fake_bearer_refuses = false;
	isup_set_bearer(a.isup, &ops, &a);
	isup_set_bearer(b.isup, &ops, &b);
}

/* ---- For the tests ---- */

void cot_up(uint16_t first, uint16_t last)
{
	two_up(first, last);
	fake_bearer_install();
}

void cot_down(void)
{
	two_free();
	OSMO_ASSERT(!fake_loops && !fake_tones);
}

const char *cot_state_of(struct end *end, uint16_t cic)
{
	const struct isup_circuit *circuit = isup_dest_circuit(end->group->dest, cic);

	return circuit->cot ? osmo_fsm_inst_state_name(circuit->cot->fi) : "-";
}

struct isup_call *cot_place(struct end *end)
{
	uint8_t cause = 0;
	struct isup_call *call = seize(end, &cause);

	OSMO_ASSERT(call);
	OSMO_ASSERT(send_text(call, IAM_REQUIRED) == 0);
	run();
	return call;
}

void cot_ask(struct end *end, uint16_t cic, int rc)
{
	OSMO_ASSERT(isup_circuit_cot(end->group, cic) == rc);
	run();
}

enum isup_cot_outcome cot_outcome(const struct end *end)
{
	uint16_t cic;

	return isup_group_cot_result(end->group, &cic);
}
