/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The media gateway is the bearer of the ISUP room: its continuity checks, and what follows from its loss. */

#include "isup/isup_cot.h"
#include "mapping/media.h"
#include "src/gw_bearer.h"

#include "expect.h"
#include "isup_two.h"

/* The latest check of the media gateway */
static struct media_check {
	media_check_cb *cb;
	void *user;
	enum media_check_end end;
	uint16_t cic;
	char group[8];
} latest;
static unsigned int n_checks;
static int start_rc;

static int check_start(struct media *media, const struct media_bearer *bearer, enum media_check_end end,
		       media_check_cb *cb, void *user, struct media_check **check)
{
	if (start_rc < 0 && start_rc != -EINPROGRESS)
		return start_rc;
	latest = (struct media_check){ .cb = cb, .user = user, .end = end, .cic = bearer->cic };
	snprintf(latest.group, sizeof(latest.group), "%s", bearer->group);
	n_checks++;
	*check = &latest;
	return start_rc;
}

static void check_stop(struct media_check *check)
{
	EXPECT(check == &latest);
	n_checks--;
}

static const struct media_ops unable_ops, able_ops = { .check_start = check_start, .check_stop = check_stop };

static struct media *install(const struct media_ops *ops)
{
	struct media *media = talloc_zero(ctx, struct media);

	media->ops = ops;
	gw_bearer_init(a.isup, media);
	return media;
}

static void test_unable(void)
{
	struct media *media;

	two_up(1, 2);
	EXPECT_INT("no bearer", isup_circuit_cot(a.group, 1), -ENOTSUP);
	media = install(&unable_ops);
	EXPECT_INT("no ops", isup_circuit_cot(a.group, 1), -ENOTSUP);
	two_free();
	talloc_free(media);
}

static void test_tone(bool good, int rc)
{
	enum isup_cot_outcome outcome;
	struct media *media;
	uint16_t cic = 0;

	two_up(1, 2);
	media = install(&able_ops);
	start_rc = rc;
	EXPECT_INT("check", isup_circuit_cot(a.group, 2), 0);
	EXPECT_INT("checks", n_checks, 1);
	EXPECT_INT("tone", latest.end, MEDIA_CHECK_TONE);
	EXPECT_INT("cic", latest.cic, 2);
	EXPECT_STR("group", latest.group, "A");
	latest.cb(good, latest.user);
	EXPECT_INT("stopped", n_checks, 0);
	run();
	outcome = isup_group_cot_result(a.group, &cic);
	EXPECT_INT("outcome", outcome, good ? ISUP_COT_PASSED : ISUP_COT_FAILED);
	EXPECT_INT("cic", cic, 2);
	two_free();
	talloc_free(media);
}

static void test_loop(void)
{
	struct media *media;

	two_up(1, 2);
	media = install(&able_ops);
	start_rc = 0;
	inject(&b, 1, "CCR");
	EXPECT_INT("loop", latest.end, MEDIA_CHECK_LOOP);
	latest.cb(true, latest.user);
	EXPECT_INT("stays", n_checks, 1);
	inject(&b, 1, "REL cause=16");
	EXPECT_INT("stopped", n_checks, 0);
	/* the media gateway has none left: the far end's tone tells */
	start_rc = -ENOMEM;
	inject(&b, 1, "CCR");
	EXPECT_INT("refused", n_checks, 0);
	inject(&b, 1, "REL cause=16");
	expect_all_idle("loop");
	two_free();
	talloc_free(media);
}

/* ---- Loss and return ---- */

static bool lost;

static bool bearer_there(struct media *media, const char *group, uint16_t cic)
{
	return !lost || cic > 4;
}

/* The whole media gateway fails under calls, and comes back; one span of a group; a group started meanwhile */
static void test_lost(void)
{
	static const struct media_ops ops = { .bearer_there = bearer_there };
	struct media *media;
	char err[64] = "";
	uint8_t cause;

	two_up(1, 6);
	media = install(&ops);
	place(&a);
	send_text(b.calls[0], "CON");
	run();
	place(&a);
	take(events);
	take(wire);
	media->bearers_cb(NULL, 0, UINT16_MAX, false, media->bearers_user);
	run();
	EXPECT_STR("calls end at both ends", take(events), "A:FAILED(41) A:FAILED(44) B:FAILED(41) B:FAILED(41)");
	EXPECT_STR("the far end is told", take(wire), "A>CGB B>CGBA");
	EXPECT(!seize(&a, &cause) && cause == 34);
	EXPECT(!seize(&b, &cause) && cause == 34);
	media->bearers_cb(NULL, 0, UINT16_MAX, true, media->bearers_user);
	pass(1000);
	EXPECT_STR("reset", take(wire), "A>GRS B>GRA");
	expect_all_idle("back");
	media->bearers_cb("B", 0, UINT16_MAX, false, media->bearers_user);
	EXPECT_INT("another group's", stats_of(&a).local_blocked, 0);
	isup_group_stop(a.group);
	lost = true;
	EXPECT_INT("start", isup_group_start(a.group, a.mtp, err, sizeof(err)), 0);
	pass(3000);
	EXPECT_INT("lost from the start", stats_of(&a).local_blocked, 4);
	EXPECT_INT("there", stats_of(&b).remote_blocked, 4);
	lost = false;
	media->bearers_cb("A", 1, 4, true, media->bearers_user);
	pass(3000);
	expect_all_idle("back");
	two_free();
	talloc_free(media);
}

int main(void)
{
	two_init();
	test_unable();
	test_tone(true, 0);
	test_tone(false, -EINPROGRESS);
	test_loop();
	test_lost();
	return expect_failures + two_end() > 0;
}
