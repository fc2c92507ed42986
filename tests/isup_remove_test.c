/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user stops or removes its circuit group in the callback that tells it of a call: whatever it is told, and while
 * other calls of the group wait for being told. To be run with AddressSanitizer, too. */

#include "isup/isup_priv.h"

#include "expect.h"
#include "isup_two.h"

enum how { STOP, REMOVE, REMOVE_TWICE, STOP_ALL, _HOWS };

static isup_user_cb *two_cb;
static enum how how;
static bool before;			/* the user is done with its call, or not yet */
static bool armed;
static unsigned int n_told;		/* since it was removed */

static void start_again(void)
{
	char err[128] = "";

	EXPECT(!isup_group_started(b.group));
	EXPECT_INT("start", isup_group_start(b.group, b.mtp, err, sizeof(err)), -EINVAL);
	EXPECT_STR("start", err, "circuit group B is being stopped");
}

static void act(void)
{
	struct isup_group *group = b.group;
	uint8_t cause = 0;

	switch (how) {
	case STOP:
		isup_group_stop(group);
		break;
	case STOP_ALL:
		isup_group_stop(group);
		isup_group_stop(isup_group_find(b.isup, "other"));
		break;
	case REMOVE_TWICE:
		isup_group_stop(group);
		/* fall through */
	default:
		isup_group_free(group);
		EXPECT(!isup_group_find(b.isup, "B"));
	}
	EXPECT(!isup_call_seize(group, &b, &cause));
	EXPECT_INT("cause", cause, 38);
	if (how == STOP)
		start_again();
	if (how == REMOVE || how == REMOVE_TWICE)
		b.group = isup_group_alloc(b.isup, "B");
}

static void cb(struct isup_call *call, const struct isup_prim *prim, void *user)
{
	bool now = armed;

	n_told++;
	armed = false;
	if (now && before)
		act();
	two_cb(call, prim, user);
	if (now && !before)
		act();
}

/* ---- What the user is told, and by whom ---- */

static void rx_grs(void)
{
	inject(&a, 1, "GRS range=3");
}

static void rx_rsc(void)
{
	inject(&a, 2, "RSC");
}

static void rx_cgb_failure(void)
{
	inject(&a, 1, "CGB cgs_type=1 range(range=3 status=0x0f)");
}

static void rx_rel(void)
{
	inject(&a, 2, "REL cause=16");
}

static void rx_rlc(void)
{
	inject(&a, 2, "RLC");
}

static void rx_iam(void)
{
	inject(&a, 5, "IAM called=201234567");
}

static void rx_iam_held(void)
{
	isup_group_cfg(b.group)->request_calling = true;
	cut_b = true;
	inject(&a, 5, "IAM called=201234567");
	inject(&a, 5, "FAC");
	inject(&a, 5, "INF");
}

static void rx_release_instruction(void)
{
	inject(&a, 2, "MSG-0xfa octets=0x0138018200");
}

static void pause(void)
{
	isup_mtp_pair_set_up(b.mtp, false);
	run();
}

static void block_failure(void)
{
	isup_group_block(b.group, 1, 4, ISUP_BLOCK_HARDWARE, true);
	run();
}

static void lose_bearers(void)
{
	isup_bearers_lost(b.group, 1, 4);
	run();
}

static void reset(void)
{
	isup_circuit_reset(b.group, 2);
	run();
}

static void stop(void)
{
	isup_group_stop(b.group);
	run();
}

static void expire_t9(void)
{
	pass_s(200);
}

static const struct row {
	const char *name;
	void (*trigger)(void);
	bool answered;			/* the calls that are there */
	bool outgoing;			/* B's own calls, not A's */
} rows[] = {
	{ "GRS", rx_grs }, { "GRS", rx_grs, true }, { "GRS", rx_grs, false, true },
	{ "RSC", rx_rsc }, { "RSC", rx_rsc, true },
	{ "CGB", rx_cgb_failure }, { "CGB", rx_cgb_failure, true }, { "CGB", rx_cgb_failure, false, true },
	{ "REL", rx_rel }, { "REL", rx_rel, true }, { "RLC", rx_rlc, true },
	{ "IAM", rx_iam }, { "IAM held", rx_iam_held },
	{ "instruction", rx_release_instruction, true, true },
	{ "PAUSE", pause }, { "PAUSE", pause, false, true },
	{ "hardware", block_failure }, { "hardware", block_failure, true },
	{ "bearers", lose_bearers }, { "bearers", lose_bearers, true },
	{ "reset", reset, true },
	{ "stop", stop }, { "stop", stop, true },
	{ "T7", expire_t9, false, true },
};

/* Another group of B to the same destination, so that this one may outlive the first, or not */
static void add_other(void)
{
	struct isup_group *group = isup_group_alloc(b.isup, "other");
	struct isup_group_cfg *cfg = isup_group_cfg(group);
	char err[128] = "";

	cfg->dpc = PC_A;
	cfg->dpc_set = true;
	EXPECT_INT(err, isup_group_add_cics(group, 33, 36, err, sizeof(err)), 0);
	EXPECT_INT(err, isup_group_start(group, b.mtp, err, sizeof(err)), 0);
}

static void test_row(const struct row *row)
{
	unsigned int i;

	two_up(1, 8);
	if (how == STOP_ALL) {
		add_other();
		pass(1000);
	}
	b.accept = row->answered;
	a.accept = row->answered;
	for (i = 0; i < 4; i++)
		place(row->outgoing ? &b : &a);
	two_cb = two_set_cb(&b, cb);
	armed = true;
	n_told = 0;
	row->trigger();
	pass(100);
	EXPECT(n_told > 0 && !armed);
	EXPECT_INT(row->name, isup_call_count(b.isup), 0);
	EXPECT_INT(row->name, stats_of(&b).idle, 0);
	EXPECT(!b.group->dest);
	EXPECT(llist_empty(&b.isup->leaving) && !osmo_timer_pending(&b.isup->leave));
	two_free();
}

int main(void)
{
	unsigned int i;

	two_init();
	for (how = 0; how < _HOWS; how++) {
		for (i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
			before = i % 2;
			test_row(&rows[i / 2]);
		}
	}
	return expect_failures + two_end() > 0;
}
