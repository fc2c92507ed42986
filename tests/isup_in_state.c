/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For ISUP tests: brings a call of A's, on circuit 1, into any state of call processing control. */

#include "isup/isup_priv.h"

#include "expect.h"
#include "isup_in_state.h"
#include "isup_two.h"

static struct isup_call *outgoing(const char *first, const char *second)
{
	struct isup_call *call = place(&a);

	if (first)
		EXPECT_INT(first, send_text(b.calls[0], first), 0);
	if (second)
		EXPECT_INT(second, send_text(b.calls[0], second), 0);
	run();
	return call;
}

static struct isup_call *incoming(const char *first, const char *second)
{
	place(&b);
	if (first)
		EXPECT_INT(first, send_text(a.calls[0], first), 0);
	if (second)
		EXPECT_INT(second, send_text(a.calls[0], second), 0);
	run();
	return a.calls[0];
}

struct isup_circuit *circuit_1(const struct end *end)
{
	return isup_dest_circuit(end->group->dest, 1);
}

/* Circuit reservation as if this dialect had it */
static struct isup_call *reserving(void)
{
	static const uint8_t iam[] = { ISUP_MSG_IAM, 0, 0, 0, 10, 3, 2, 0, 3, 0x83, 0x10, 0x01 };
	uint8_t cause;
	struct isup_call *call = seize(&a, &cause);

	isup_reserve_hold(call, iam, sizeof(iam));
	isup_call_start_timer(call, ISUP_TCRM);
	osmo_fsm_inst_state_chg(call->fi, ISUP_CPC_ST_OUT_RESERVING, 0, 0);
	return call;
}

static struct isup_call *reserved(void)
{
	struct isup_call *call = isup_call_alloc(circuit_1(&a), true);

	isup_call_start_timer(call, ISUP_TCRA);
	osmo_fsm_inst_state_chg(call->fi, ISUP_CPC_ST_IN_RESERVED, 0, 0);
	return call;
}

struct isup_call *call_in_state(enum isup_cpc_state state)
{
	struct isup_call *call;
	uint8_t cause;

	switch (state) {
	case ISUP_CPC_ST_OUT_SEIZED:
		return seize(&a, &cause);
	case ISUP_CPC_ST_OUT_RESERVING:
		return reserving();
	case ISUP_CPC_ST_OUT_WAIT_ACM:
		return outgoing(NULL, NULL);
	case ISUP_CPC_ST_OUT_WAIT_ANM:
		return outgoing("ACM", NULL);
	case ISUP_CPC_ST_OUT_ANSWERED:
		return outgoing("CON", NULL);
	case ISUP_CPC_ST_OUT_SUSPENDED:
		outgoing("CON", "SUS");
		return a.calls[0];
	case ISUP_CPC_ST_IN_SUSPENDED:
		call = incoming("CON", NULL);
		send_text(call, "SUS");
		return call;
	case ISUP_CPC_ST_IN_RESERVED:
		return reserved();
	case ISUP_CPC_ST_IN_OVERLOAD:
		isup_group_cfg(a.group)->overload_message = true;
		isup_set_congestion(a.isup, 2);
		place(&b);
		isup_set_congestion(a.isup, 0);
		return circuit_1(&a)->call;
	case ISUP_CPC_ST_IN_WAIT_COT:
		inject(&b, 1, "IAM nci(continuity=1) called=1");
		return circuit_1(&a)->call;
	case ISUP_CPC_ST_IN_SUCCEEDS:
		call = outgoing("CON", NULL);
		a.keep = true;
		isup_circuit_reset(a.group, 1);
		run();
		inject(&b, 1, "IAM called=1");
		a.keep = false;
		forget(&a, call);
		isup_call_done(call);
		return circuit_1(&a)->call;
	case ISUP_CPC_ST_WAIT_T3_DONE:
	case ISUP_CPC_ST_WAIT_T3:
		a.keep = state == ISUP_CPC_ST_WAIT_T3_DONE;
		call = outgoing(NULL, NULL);
		inject(&b, 1, "OLM");
		return call;
	case ISUP_CPC_ST_IN_COLLECT:
		isup_group_cfg(a.group)->overlap_collect = true;
		isup_group_cfg(a.group)->overlap_min = 3;
		isup_group_cfg(a.group)->overlap_max = 5;
		inject(&b, 1, "IAM called=1");
		return circuit_1(&a)->call;
	case ISUP_CPC_ST_IN_WAIT_INF:
		isup_group_cfg(a.group)->request_calling = true;
		isup_user_answers(b.isup);
		place(&b);
		return circuit_1(&a)->call;
	case ISUP_CPC_ST_IN_WAIT_ACM:
		return incoming(NULL, NULL);
	case ISUP_CPC_ST_IN_WAIT_ANM:
		return incoming("ACM", NULL);
	case ISUP_CPC_ST_IN_ANSWERED:
		return incoming("ACM", "ANM");
	case ISUP_CPC_ST_WAIT_RLC:
		call = outgoing("CON", NULL);
		b.keep = true;
		release(&a, call, 16);
		return call;
	case ISUP_CPC_ST_WAIT_RLC_DONE:
		call = outgoing(NULL, NULL);
		a.keep = b.keep = true;
		pass(25000);
		return call;
	case ISUP_CPC_ST_WAIT_DONE:
		call = outgoing("CON", NULL);
		a.keep = true;
		release(&b, b.calls[0], 16);
		return call;
	}
	abort();
}
