/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simple segmentation, Q.764 2.1.12: sent in two, received as one; Q.784.1 6.5. */

#include <stdio.h>
#include <string.h>

#include "expect.h"
#include "isup_two.h"

#define UUI_128 "0x04" \
	"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" \
	"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" \
	"00000000000000000000000000000000000000000000000000"
#define ATP_124 "0x7c7a80" \
	"1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111" \
	"1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111" \
	"111111111111111111111111111111111111111111"
#define LONG_IAM "IAM called=201234567 calling=301112222 original_called=201234568 access_transport=" ATP_124 \
	" uui=" UUI_128

static struct isup_msg last;		/* what B's user was told last, but for REL */
static uint8_t last_octets[1024];

static isup_user_cb *b_cb;

static void spy(struct isup_call *call, const struct isup_prim *prim, void *user)
{
	OSMO_ASSERT(prim->msg->octets_len <= sizeof(last_octets));
	if (prim->type == ISUP_PRIM_MSG && prim->msg->type != ISUP_MSG_REL) {
		memcpy(last_octets, prim->msg->octets, prim->msg->octets_len);
		EXPECT_INT("decode", isup_msg_decode(&last, &isup_dialect_itu, last_octets, prim->msg->octets_len,
						     NULL), 0);
	}
	b_cb(call, prim, user);
}

static void up(void)
{
	two_up(1, 4);
	b_cb = two_set_cb(&b, spy);
}

static void down(const char *what)
{
	while (a.n_calls)
		release(&a, a.calls[0], 16);
	pass(5000);
	expect_all_idle(what);
	two_free();
}

static unsigned int segmentation(void)
{
	struct isup_opt_fci opt_fci = { .segmentation = 7 };

	return isup_msg_get(&last, ISUP_PAR_OPT_FCI, &opt_fci) ? 8 : opt_fci.segmentation;
}

/* Q.784.1 6.5.1: sent in two; the other end has it whole. */
static void test_6_5_1(void)
{
	struct isup_call *call;
	uint8_t cause;

	up();
	call = seize(&a, &cause);
	EXPECT_INT("long IAM", send_text(call, LONG_IAM), 0);
	run();
	EXPECT_STR("6.5.1 wire", take(wire), "A>IAM A>SGM");
	EXPECT_STR("6.5.1 user", take(events), "B:IAM");
	EXPECT(isup_msg_find(&last, ISUP_PAR_UUI) && isup_msg_find(&last, ISUP_PAR_UUI)->len == 126);
	EXPECT(isup_msg_find(&last, ISUP_PAR_ACCESS_TRANSPORT));
	EXPECT(isup_msg_find(&last, ISUP_PAR_ORIGINAL_CALLED_NUMBER));
	EXPECT_INT("no more to come", segmentation(), 0);
	EXPECT_INT("ACM", send_text(b.calls[0], "ACM access_transport=" ATP_124 " uui=" UUI_128), 0);
	run();
	EXPECT_STR("ACM wire", take(wire), "B>ACM");
	EXPECT_INT("CPG", send_text(b.calls[0], "CPG event=progress notification=call-waiting access_transport=" ATP_124
				    " uui=" UUI_128 " redirection=201234567"), 0);
	run();
	EXPECT_STR("CPG wire", take(wire), "B>CPG B>SGM");
	EXPECT_STR("CPG user", take(events), "A:ACM A:CPG");
	EXPECT_INT("what SGM may not carry", send_text(b.calls[0], "FAC access_transport=" ATP_124
		   " remote_operations=" UUI_128 " redirection=201234567 notification=call-waiting"), -EMSGSIZE);
	down("6.5.1");
}

/* Q.784.1 6.5.2: received; 6.5.3: T34 expires, the call goes on, a late SGM is discarded. */
static void test_6_5_3(void)
{
	up();
	inject(&a, 1, "IAM called=201234567 opt_fci(segmentation=yes)");
	EXPECT_STR("waits", take(events), "");
	EXPECT_INT("busy", stats_of(&b).busy, 1);
	pass(1900);
	EXPECT_STR("still", take(events), "");
	inject(&a, 1, "SGM uui=0x040102 notification=call-waiting");
	EXPECT_STR("6.5.2", take(events), "B:IAM");
	EXPECT(isup_msg_find(&last, ISUP_PAR_UUI) && isup_msg_find(&last, ISUP_PAR_GENERIC_NOTIFICATION));
	inject(&a, 1, "SGM uui=0x040102");
	EXPECT_STR("twice", take(events), "");
	inject(&a, 1, "REL cause=16");
	EXPECT_STR("REL", take(events), "B:REL(16)");

	inject(&a, 1, "IAM called=201234567 opt_fci(segmentation=yes)");
	pass(2900);
	EXPECT_STR("before T34", take(events), "");
	pass(200);
	EXPECT_STR("6.5.3", take(events), "B:IAM");
	EXPECT_INT("no more to come", segmentation(), 0);
	take(wire);
	inject(&a, 1, "SGM uui=0x040102");
	EXPECT_STR("late", take(events), "");
	EXPECT_STR("late: nothing said", take(wire), "A>SGM");
	inject(&a, 1, "REL cause=16");
	down("6.5.3");
}

/* What comes between */
static void test_between(void)
{
	up();
	inject(&a, 1, "IAM called=2012 opt_fci(segmentation=yes)");
	inject(&a, 1, "UBL");
	EXPECT_STR("UBL", take(events), "");
	inject(&a, 1, "SAM subsequent=34");
	EXPECT_STR("any other: as if lost", take(events), "B:IAM B:SAM");
	inject(&a, 1, "REL cause=16");
	take(events);
	inject(&a, 1, "IAM called=2012 nci(continuity=previous) opt_fci(segmentation=yes)");
	inject(&a, 1, "COT continuity=successful");
	EXPECT_STR("COT waits, too", take(events), "");
	inject(&a, 1, "SGM uui=0x040102");
	EXPECT_STR("both", take(events), "B:IAM");
	EXPECT(isup_msg_find(&last, ISUP_PAR_UUI));
	inject(&a, 1, "REL cause=16");
	take(events);
	take(wire);
	inject(&a, 1, "IAM called=2012 opt_fci(segmentation=yes)");
	inject(&a, 1, "REL cause=16");
	EXPECT_STR("REL", take(wire), "A>IAM A>REL B>RLC");
	inject(&a, 1, "IAM called=2012 opt_fci(segmentation=yes)");
	inject(&a, 1, "RSC");
	EXPECT_STR("RSC", take(wire), "A>IAM A>RSC B>RLC");
	inject(&a, 2, "IAM called=2012 opt_fci(segmentation=yes)");
	inject(&a, 1, "GRS range=2");
	EXPECT_STR("GRS", take(wire), "A>IAM A>GRS B>GRA");
	EXPECT_INT("circuit free", stats_of(&b).idle, 4);
	pass(5000);
	EXPECT_STR("never told", take(events), "");
	down("between");
}

/* The group is stopped, or the network lost, while a message waits. */
static void test_stop(void)
{
	up();
	inject(&a, 1, "IAM called=2012 opt_fci(segmentation=yes)");
	isup_group_stop(b.group);
	pass(5000);
	EXPECT_STR("stopped", take(events), "");
	two_free();
	up();
	inject(&a, 1, "IAM called=2012 opt_fci(segmentation=yes)");
	isup_mtp_pair_set_up(a.mtp, false);
	pass(5000);
	EXPECT_STR("lost", take(events), "");
	isup_mtp_pair_set_up(a.mtp, true);
	pass(40000);
	down("lost");
}

/* Our own call on a circuit whose backward message waits */
static void test_backward(void)
{
	struct isup_call *call;

	up();
	call = place(&a);
	take(events);
	inject(&b, 1, "ACM obci(segmentation=yes)");
	EXPECT_STR("waits", take(events), "");
	inject(&b, 1, "SGM access_transport=0x7c0180");
	EXPECT_STR("ACM", take(events), "A:ACM");
	inject(&b, 1, "CPG event=alerting obci(segmentation=yes)");
	release(&a, call, 16);
	pass(5000);
	EXPECT_STR("released meanwhile", take(events), "B:REL(16)");
	down("backward");
}

int main(void)
{
	two_init();
	test_6_5_1();
	test_6_5_3();
	test_between();
	test_stop();
	test_backward();
	return expect_failures + two_end() > 0;
}
