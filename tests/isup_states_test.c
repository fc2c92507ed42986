/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every event of every in_event_mask of call processing control, every message in every state; a stop with calls. */

#include "isup/isup_call.h"
#include "isup/isup_priv.h"

#include "expect.h"
#include "isup_in_state.h"
#include "isup_two.h"

/* ---- One event in one state ---- */

static const char *const rx_texts[] = {
	[ISUP_CPC_RX_IAM] = "IAM called=1", [ISUP_CPC_RX_SAM] = "SAM", [ISUP_CPC_RX_ACM] = "ACM",
	[ISUP_CPC_RX_CPG] = "CPG", [ISUP_CPC_RX_CON] = "CON", [ISUP_CPC_RX_ANM] = "ANM",
	[ISUP_CPC_RX_REL] = "REL cause=16", [ISUP_CPC_RX_RLC] = "RLC", [ISUP_CPC_RX_COT] = "COT",
	[ISUP_CPC_RX_UCIC] = "UCIC", [ISUP_CPC_RX_SUSPEND] = "SUS", [ISUP_CPC_RX_INFO] = "INF",
	[ISUP_CPC_RX_RESERVATION] = "CRM",
};

static const char *const req_texts[] = {
	[ISUP_CPC_REQ_IAM] = "IAM called=1", [ISUP_CPC_REQ_SAM] = "SAM", [ISUP_CPC_REQ_ACM] = "ACM",
	[ISUP_CPC_REQ_CPG] = "CPG", [ISUP_CPC_REQ_CON] = "CON", [ISUP_CPC_REQ_ANM] = "ANM",
	[ISUP_CPC_REQ_REL] = "REL cause=16", [ISUP_CPC_REQ_COT] = "COT", [ISUP_CPC_REQ_INFO] = "INF",
	[ISUP_CPC_REQ_SUSPEND] = "SUS",
};

static void dispatch_rx(struct isup_call *call, enum isup_cpc_event event)
{
	const struct isup_dialect *dialect = isup_dialect_find(event == ISUP_CPC_RX_RESERVATION ? "ansi" : "itu");
	struct isup_msg msg, again;
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	char err[64];
	int len;

	EXPECT_INT(rx_texts[event], isup_msg_scan(&msg, dialect, rx_texts[event], err, sizeof(err)), 0);
	len = isup_msg_encode(&msg, octets, sizeof(octets));
	EXPECT_INT(rx_texts[event], isup_msg_decode(&again, dialect, octets, len, NULL), 0);
	again.cic = 1;
	osmo_fsm_inst_dispatch(call->fi, event, &again);
}

static void dispatch(struct isup_call *call, enum isup_cpc_event event)
{
	uint8_t octet = ISUP_MSG_RLC;	/* of RX_RESET */
	enum isup_timer_id id;

	if (event < ARRAY_SIZE(rx_texts) && rx_texts[event]) {
		dispatch_rx(call, event);
	} else if (event < ARRAY_SIZE(req_texts) && req_texts[event]) {
		if (event == ISUP_CPC_REQ_REL)
			forget(&a, call);
		/* only a dialect without CON has ANM there */
		if (event != ISUP_CPC_REQ_ANM || call->fi->state != ISUP_CPC_ST_IN_WAIT_ACM)
			EXPECT_INT(req_texts[event], send_text(call, req_texts[event]), 0);
	} else if (event == ISUP_CPC_DONE) {
		done(&a, call);
	} else if (event == ISUP_CPC_ABANDON) {
		isup_group_stop(a.group);	/* as it happens: the circuit is gone first */
	} else if (event == ISUP_CPC_RESET) {
		EXPECT_INT("reset", isup_circuit_reset(a.group, 1), 0);
	} else if (event == ISUP_CPC_LOST) {
		isup_mtp_pair_set_up(a.mtp, false);
	} else if (event == ISUP_CPC_TIMER) {
		for (id = ISUP_T1; id < ISUP_TIMER_COUNT && !isup_timers_running(&call->timers, id); id++)
			;
		if (id < ISUP_TIMER_COUNT)	/* none: SUS of our own is not timed here, nor are most states */
			osmo_fsm_inst_dispatch(call->fi, event, &id);
	} else if (event == ISUP_CPC_PROTOCOL_ERROR) {
		osmo_fsm_inst_dispatch(call->fi, event, &(struct isup_cause){ .value = 111 });
	} else {
		osmo_fsm_inst_dispatch(call->fi, event, &octet);
	}
}

/* Users finish, and time goes on until nothing is left. */
static void finish_both(const char *what)
{
	char err[64];

	finish(&a);
	finish(&b);
	isup_mtp_pair_set_up(a.mtp, true);
	if (!isup_group_started(a.group))
		EXPECT_INT(err, isup_group_start(a.group, a.mtp, err, sizeof(err)), 0);
	pass(40000);
	if (isup_call_count(a.isup) + isup_call_count(b.isup))
		pass_s(130);	/* T3 */
	if (stats_of(&a).unequipped) {
		isup_circuit_reset(a.group, 1);
		run();
	}
	expect_all_idle(what);
}

static unsigned int test_state(enum isup_cpc_state state)
{
	uint32_t mask = isup_cpc_fsm.states[state].in_event_mask;
	struct isup_call *call;
	unsigned int event, n = 0;
	char what[64];

	for (event = 0; event <= ISUP_CPC_PROTOCOL_ERROR; event++) {
		if (!(mask & 1u << event))
			continue;
		snprintf(what, sizeof(what), "%s in %s", osmo_fsm_event_name(&isup_cpc_fsm, event),
			 isup_cpc_fsm.states[state].name);
		two_up(1, 2);
		call = call_in_state(state);
		EXPECT_INT(what, call->fi->state, state);
		dispatch(call, event);
		run();
		finish_both(what);
		two_free();
		n++;
	}
	return n;
}

/* ---- Every message type in every state, from the wire ---- */

static unsigned int test_messages(enum isup_cpc_state state)
{
	unsigned int type, n = 0;
	struct isup_msg msg;
	char text[32], err[64];

	for (type = 0; type < 256; type++) {
		snprintf(text, sizeof(text), "%s", isup_msg_name(&isup_dialect_itu, type));
		if (isup_msg_scan(&msg, &isup_dialect_itu, text, err, sizeof(err)) < 0)
			continue;
		two_up(1, 2);
		call_in_state(state);
		inject(&b, 1, text);
		finish_both(text);
		two_free();
		n++;
	}
	return n;
}

/* ---- A group that is stopped with calls ---- */

/* Told that one call failed, the user has no interest in the other one either. */
static void release_other_cb(struct isup_call *call, const struct isup_prim *prim, void *user)
{
	struct isup_call *other = a.calls[a.calls[0] == call];

	EXPECT(prim->type == ISUP_PRIM_FAILED);
	EXPECT_INT("cause", isup_msg_cause(prim->msg), 27);
	EXPECT_INT("INF", send_text(other, "INF"), -EPROTO);
	release(&a, other, 16);
	a.n_failed++;
	forget(&a, call);
	isup_call_done(call);
}

static void test_stop_releases_other(void)
{
	two_up(1, 4);
	place(&a);
	place(&a);
	take(wire);
	a.isup->cb = release_other_cb;
	isup_group_stop(a.group);
	EXPECT_INT("told", a.n_failed, 1);
	EXPECT_INT("calls", isup_call_count(a.isup), 0);
	run();
	EXPECT_STR("sent", take(wire), "A>REL A>REL B>RLC B>RLC");
	two_free();
}

/* A group is taken out of service with calls in each state: the far end does not keep them. */
static void test_stop(void)
{
	uint8_t cause;

	two_up(1, 8);
	a.keep = true;
	seize(&a, &cause);
	place(&a);
	place(&b);
	send_text(a.latest, "ACM");
	send_text(a.latest, "ANM");
	release(&b, place(&b), 16);
	run();
	take(wire);
	take(events);
	isup_group_stop(a.group);
	run();
	EXPECT_STR("sent", take(wire), "A>REL A>REL A>RLC B>RLC B>RLC");
	EXPECT_STR("told", take(events), "A:FAILED(27) A:FAILED(27) B:REL(27) B:REL(27)");
	EXPECT_INT("idle at B", stats_of(&b).idle, 8);
	while (a.n_calls)
		done(&a, a.calls[0]);
	two_free();
}

int main(void)
{
	unsigned int state, events_n = 0, messages_n = 0;

	two_init();
	for (state = 0; state < isup_cpc_fsm.num_states; state++)
		events_n += test_state(state);
	for (state = 0; state < isup_cpc_fsm.num_states; state++)
		messages_n += test_messages(state);
	printf("%u events, %u messages\n", events_n, messages_n);
	EXPECT(events_n > 80 && messages_n > 400);
	test_stop_releases_other();
	test_stop();
	return expect_failures + two_end() > 0;
}
