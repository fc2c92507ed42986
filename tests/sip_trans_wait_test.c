/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The timers of many transactions: none is missed, early, or late by more than a turn; also where T1 is changed. */

#include <osmocom/core/select.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "sip/sip_trans.h"
#include "sip_wire.h"

#define TURN_MS 20

static struct wire *f;

/* wire_pass() takes longer steps. */
static void pass(unsigned int ms)
{
	while (ms--) {
		osmo_clock_override_add(CLOCK_MONOTONIC, 0, 1000000L);
		osmo_gettimeofday_override_add(0, 1000);
		osmo_timers_prepare();
		osmo_timers_update();
		osmo_select_main_ctx(1);
	}
}

static void no_call(struct sip_call *call, const struct sip_prim *prim, void *user)
{
	OSMO_ASSERT(false);
}

/* A transaction that nobody answers: it ends with F, after 64*T1 */
static struct sip_trans *begin(void)
{
	const struct sip_dest dest = { .sock = f->sock };
	struct sip_branch branch;
	struct sip_trans *trans;

	sip_branch_new(f->sip, &branch);
	trans = sip_trans_client(&dest, SIP_OPTIONS, 1, &branch, NULL);
	sip_trans_state_chg(trans, 0, 64 * f->sip->timers.t1_ms, 'F');
	return trans;
}

static void test_turns(void)
{
	unsigned int n, i;

	for (n = 0; n < 100; n++) {
		begin();
		pass(1);
	}
	EXPECT_INT("all wait", f->sip->n_trans, 100);
	pass(31900);
	EXPECT_INT("the first is in time", f->sip->n_trans, 99);
	for (i = 1; i <= 99; i++) {
		pass(1);
		EXPECT_INT("none is early", f->sip->n_trans >= 99 - i, 1);
		EXPECT_INT("none is late", f->sip->n_trans <= 99 - i + TURN_MS, 1);
	}
	pass(TURN_MS);
	EXPECT_INT("none is missed", f->sip->n_trans, 0);
}

/* Two that end by something else: the first of the queue, and the only one that is left */
static void test_stopped(void)
{
	struct sip_trans *first = begin();

	pass(10);
	begin();
	sip_trans_end(first);
	EXPECT_INT("one is left", f->sip->n_trans, 1);
	pass(31991);
	sip_trans_end_all(f->sip, NULL, true);
	begin();
	pass(31990);
	EXPECT_INT("it has its own time", f->sip->n_trans, 1);
	pass(10 + TURN_MS);
	EXPECT_INT("none", f->sip->n_trans, 0);
}

static struct sip_trans *both[2];
static unsigned int n_told;

static void end_other_cb(struct sip_trans *trans, enum sip_trans_ind ind, const struct sip_msg *msg)
{
	n_told++;
	EXPECT_INT("F", ind, SIP_TRANS_TIMEOUT);
	EXPECT("the first" && trans == both[0] && both[1]);
	sip_trans_end(both[1]);
	begin();
}

/* Two that end in the same turn: the user of the first ends the other, and begins a third of the same length. */
static void test_reentered(void)
{
	for (unsigned int i = 0; i < 2; i++) {
		both[i] = begin();
		both[i]->cb = end_other_cb;
		both[i]->ref = &both[i];
	}
	pass(32000);
	EXPECT_INT("told", n_told, 1);
	EXPECT("both are gone" && !both[0] && !both[1]);
	EXPECT_INT("the third is there", f->sip->n_trans, 1);
	pass(31999);
	EXPECT_INT("it is not early", f->sip->n_trans, 1);
	pass(1 + TURN_MS);
	EXPECT_INT("none", f->sip->n_trans, 0);
	pass(32000);
	EXPECT("nor is their queue" && llist_empty(&f->sip->trans_queues));
}

static void test_t1_changed(void)
{
	begin();
	f->sip->timers.t1_ms = 100;
	pass(10);
	begin();
	pass(6400);
	EXPECT_INT("the shorter has ended first", f->sip->n_trans, 1);
	pass(32000 - 6410 - 1);
	EXPECT_INT("the longer waits", f->sip->n_trans, 1);
	pass(1);
	EXPECT_INT("none", f->sip->n_trans, 0);
}

int main(void)
{
	wire_init();
	f = wire_alloc(no_call, NULL);
	f->quiet = true;
	wire_start("waits");
	test_turns();
	test_stopped();
	test_reentered();
	test_t1_changed();
	wire_free(f);
	return !!expect_failures;
}
