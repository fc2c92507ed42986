/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loss and return of bearers (a media gateway): calls, CGB and GRS at their pace; an operator's block besides. */

#include "isup/isup_priv.h"

#include "expect.h"
#include "isup_two.h"

/* An operator's, until it is said */
static int block(uint16_t first, uint16_t last, bool on)
{
	int rc = isup_group_block(a.group, first, last, ISUP_BLOCK_HARDWARE, on);

	pass(1000);
	return rc;
}

/* A media gateway is lost and comes back. */
static void test_bearers(void)
{
	unsigned int s;

	two_up(1, 100);
	isup_group_cfg(a.group)->reset_rate = 2;
	place(&a);
	send_text(b.calls[0], "CON");
	run();
	take(wire);
	take(events);
	EXPECT_INT("lost", isup_bearers_lost(a.group, 1, 96), 96);
	EXPECT_INT("not to be seized", stats_of(&a).local_blocked, 96);
	run();
	EXPECT_STR("told", take(events), "A:FAILED(41) B:FAILED(41)");
	EXPECT_STR("the first at once", take(wire), "A>CGB B>CGBA");
	EXPECT_INT("again", isup_bearers_lost(a.group, 1, 96), 96);
	for (s = 0; s < 2; s++) {
		pass(500);
		EXPECT_STR("two a second", take(wire), "A>CGB B>CGBA");
	}
	EXPECT_INT("there", stats_of(&b).remote_blocked, 96);
	pass(2000);
	EXPECT_STR("quiet", take(wire), "");
	EXPECT_INT("back", isup_bearers_back(a.group, 1, 90), 90);
	pass(2000);
	EXPECT_STR("reset, no CGU", take(wire), "A>GRS B>GRA A>GRS B>GRA A>GRS B>GRA");
	EXPECT_INT("there", stats_of(&b).remote_blocked, 6);
	/* back before the far end was told; lost while there is no way */
	EXPECT_INT("lost", isup_bearers_lost(a.group, 1, 64), 64);
	run();
	EXPECT_INT("back", isup_bearers_back(a.group, 1, 100), 100);
	isup_mtp_pair_set_up(a.mtp, false);
	pass(1000);
	EXPECT_INT("lost", isup_bearers_lost(a.group, 97, 100), 4);
	take(wire);
	isup_mtp_pair_set_up(a.mtp, true);
	pass(6000);
	EXPECT_INT("there", stats_of(&b).remote_blocked, 4);
	EXPECT_INT("none", isup_bearers_lost(a.group, 101, 200), -ENOENT);
	/* lost and back while a reset is under way */
	cut_b = true;
	isup_circuit_reset(a.group, 1);
	run();
	EXPECT_INT("lost", isup_bearers_lost(a.group, 1, 1), 1);
	EXPECT_INT("back", isup_bearers_back(a.group, 1, 1), 1);
	cut_b = false;
	take(wire);
	pass_s(20);
	EXPECT_STR("the same reset", take(wire), "A>RSC B>RLC");
	pass_s(20);
	EXPECT_STR("quiet", take(wire), "");
	EXPECT_INT("not to be unblocked by hand", block(97, 100, false), 4);
	EXPECT_STR("quiet", take(wire), "");
	EXPECT_INT("back", isup_bearers_back(a.group, 97, 100), 4);
	pass(1000);
	EXPECT_STR("reset", take(wire), "A>GRS B>GRA");
	expect_all_idle("bearers");
	two_free();
}

static const char *failure_of(uint16_t cic)
{
	struct isup_circuit_info info;

	EXPECT_INT("info", isup_circuit_info(a.group, cic, &info), 0);
	if (!info.local_failed)
		return "";
	return info.bearer_lost ? "bearer" : "operator";
}

/* An operator's block and a lost bearer are two reasons: the circuit is blocked until neither is there. */
static void test_two_reasons(void)
{
	two_up(1, 4);
	EXPECT_INT("operator", block(1, 2, true), 2);
	run();
	EXPECT_STR("told", take(wire), "A>CGB B>CGBA");
	EXPECT_INT("lost", isup_bearers_lost(a.group, 1, 4), 4);
	pass(1000);
	EXPECT_STR("the others", take(wire), "A>CGB B>CGBA");
	EXPECT_STR("shown", failure_of(1), "bearer");
	EXPECT_INT("back", isup_bearers_back(a.group, 1, 4), 4);
	pass(1000);
	EXPECT_STR("the others", take(wire), "A>GRS B>GRA");
	EXPECT_STR("stays", failure_of(1), "operator");
	EXPECT_STR("does not", failure_of(3), "");
	EXPECT_INT("there", stats_of(&b).remote_blocked, 2);

	EXPECT_INT("lost", isup_bearers_lost(a.group, 1, 1), 1);
	EXPECT_INT("operator", block(1, 2, false), 2);
	pass(1000);
	EXPECT_STR("one of them", take(wire), "A>CGU B>CGUA");
	EXPECT_STR("stays", failure_of(1), "bearer");
	EXPECT_INT("operator", block(1, 1, true), 1);
	EXPECT_INT("operator", block(1, 1, false), 1);
	pass(1000);
	EXPECT_STR("nothing new", take(wire), "");
	EXPECT_INT("back", isup_bearers_back(a.group, 1, 1), 1);
	pass(1000);
	EXPECT_STR("reset", take(wire), "A>RSC B>RLC");
	expect_all_idle("two reasons");
	two_free();
}

int main(void)
{
	two_init();
	test_bearers();
	test_two_reasons();
	return expect_failures + two_end() > 0;
}
