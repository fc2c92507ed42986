/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Continuity checks of the simulated exchange, which has no circuits to send a tone on: their outcome is configured. */

#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>

#include "isup/isup_cot.h"

#include "isupsim_bearer.h"

/* How long a tone travels */
#define HEARD_MS 200

struct sim_check {
	struct isup_cot *cot;
	bool good;
	struct osmo_timer_list timer;
};

static bool able(const struct isup_group *group, void *data)
{
	return true;
}

static void result_cb(void *data)
{
	const struct sim_check *check = data;

	isup_cot_result(check->cot, check->good);
}

/* A tone that is lost is not heard until T24. */
static void *start(struct isup_cot *cot, enum isup_cot_end end, void *data)
{
	const struct sim_bearer *bearer = data;
	struct sim_check *check = talloc_zero(NULL, struct sim_check);

	if (!check)
		return NULL;
	check->cot = cot;
	check->good = end == ISUP_COT_TONE || !bearer->loop_fails;
	osmo_timer_setup(&check->timer, result_cb, check);
	if (end == ISUP_COT_LOOP || !bearer->tone_lost)
		osmo_timer_schedule(&check->timer, 0, end == ISUP_COT_TONE ? HEARD_MS * 1000 : 0);
	return check;
}

static void stop(void *bearer, void *data)
{
	struct sim_check *check = bearer;

	osmo_timer_del(&check->timer);
	talloc_free(check);
}

static const struct isup_bearer_ops bearer_ops = { .able = able, .start = start, .stop = stop };

void sim_bearer_init(struct isup *isup, struct sim_bearer *bearer)
{
	isup_set_bearer(isup, &bearer_ops, bearer);
}
