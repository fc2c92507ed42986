/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: what users, maintenance, networks and far ends do, in any order; afterwards every circuit is idle. */

#include "isup/isup_call.h"

#include "fake_bearer.h"
#include "isup_two.h"

#define CIRCUITS 12

#include "fuzz.h"

/* Each step takes its octets from the input. */
struct input {
	const uint8_t *at, *end;
};

static uint8_t octet(struct input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

static uint16_t cic(struct input *in)
{
	return 1 + octet(in) % (CIRCUITS + 1);	/* one too many */
}

static struct isup_call *some_call(struct end *end, struct input *in)
{
	return end->n_calls ? end->calls[octet(in) % end->n_calls] : NULL;
}

/* ---- Steps ---- */

static void step_place(struct end *end, struct input *in)
{
	uint8_t cause;
	struct isup_call *call = seize(end, &cause);
	uint8_t what = octet(in);

	if (call && what % 8)
		send_text(call, what & 0x40 ? IAM_REQUIRED : "IAM called=201234567");
}

static void step_request(struct end *end, struct input *in)
{
	static const char *const texts[] = { "ACM", "ANM", "CON", "CPG", "SAM", "INF", "COT", "SUS", "IAM called=1" };
	struct isup_call *call = some_call(end, in);

	if (call)
		send_text(call, texts[octet(in) % ARRAY_SIZE(texts)]);
}

static void step_finish(struct end *end, struct input *in)
{
	struct isup_call *call = some_call(end, in);

	if (!call)
		return;
	forget(end, call);
	if (isup_call_phase(call) == ISUP_CALL_RELEASING)
		isup_call_done(call);
	else
		isup_call_release(call, octet(in) & 0x7f, ISUP_LOC_USER);
}

/* A well-formed message of any type where none belongs */
static void step_message(struct end *end, struct input *in)
{
	static const char *const texts[] = {
		"IAM called=1", "IAM nci(continuity=1) called=1", "COT", "COT continuity(continuity=0)", "SAM",
		"ACM", "CPG", "ANM", "CON", "REL cause=16", "RLC", "RSC", "BLO", "BLA", "UBL", "UBA", "UCIC",
		"CFN cause=97", "INF", "SUS", "UPT", "CCR", "LPA",
		"GRS range=1", "GRS range=5", "GRS range=11",
		"GRA range(range=5 status=0x3f)", "GRA range(range=11 status=0x0000)",
		"CGB cgs_type=maintenance range(range=3 status=0x0f)",
		"CGU cgs_type=maintenance range(range=3 status=0x0f)",
		"CGB cgs_type=hardware range(range=3 status=0x0f)",
		"CGU cgs_type=hardware range(range=3 status=0x0f)",
		"CGBA cgs_type=maintenance range(range=3 status=0x07)",
		"CGUA cgs_type=maintenance range(range=3 status=0x0f)",
		"CGBA cgs_type=hardware range(range=1 status=0x01)",
		"CGUA cgs_type=hardware range(range=3 status=0x0e)",
		"CQM range=0", "CQM range=11", "CQM range=31",
		"CQR range=3 circuit_state=0x0c0d2c08", "CQR range=3 circuit_state=0x000e1c03",
		"CQR range=3 circuit_state=0x0408040c",
	};
	const char *text = texts[octet(in) % ARRAY_SIZE(texts)];
	struct isup_msg msg;
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	char err[64];
	int len;

	if (isup_msg_scan(&msg, &isup_dialect_itu, text, err, sizeof(err)) < 0)
		abort();
	len = isup_msg_encode(&msg, octets, sizeof(octets));
	isup_circuit_send_octets(end->group, cic(in), octets, len);
}

static void step_octets(struct end *end, struct input *in)
{
	size_t n = octet(in) % 24;
	uint16_t to = cic(in);

	n = OSMO_MIN(n, (size_t)(in->end - in->at));
	if (n)
		isup_circuit_send_octets(end->group, to, in->at, n);
	in->at += n;
}

static void step_maintenance(struct end *end, struct input *in)
{
	uint8_t what = octet(in);
	uint16_t first = cic(in);

	if (what % 16 == 6)
		isup_circuit_cot(end->group, first);
	else if (what % 8 == 7)
		isup_group_query(end->group, first, first + 3);
	else if (what % 16 == 12)
		isup_bearers_lost(end->group, first, first + 3);
	else if (what % 16 == 13)
		isup_bearers_back(end->group, first, first + 3);
	else if (what % 5 == 0)
		isup_circuit_reset(end->group, first);
	else if (what % 5 < 3)
		isup_circuit_block(end->group, first, what % 5 == 1);
	else
		isup_group_block(end->group, first, first + octet(in) % 8, !!(what & 0x40), what % 5 == 3);
}

static void step_restart(struct end *end, struct input *in)
{
	char err[128];

	if (isup_group_started(end->group))
		isup_group_stop(end->group);
	else
		isup_group_start(end->group, end->mtp, err, sizeof(err));
}

static void step_time(struct end *end, struct input *in)
{
	static const unsigned int seconds[] = { 1, 2, 5, 16, 26, 61, 181, 301 };

	pass_s(seconds[octet(in) % ARRAY_SIZE(seconds)]);
}

static void step_weather(struct end *end, struct input *in)
{
	uint8_t what = octet(in);

	switch (what % 6) {
	case 0:
		cut_a = what & 0x80;
		break;
	case 1:
		cut_b = what & 0x80;
		break;
	case 2:
		isup_mtp_pair_set_up(a.mtp, what & 0x80);
		break;
	case 3:
		end->keep = what & 0x80;
		break;
	case 4:
		end->accept = what & 0x80;
		end->refuse = what & 0x40;
		break;
	case 5:
		fake_bearer_broken = what & 0x80;
		fake_bearer_unable = what & 0x40;
		fake_bearer_refuses = what & 0x20;
		break;
	}
}

static void step_run(struct end *end, struct input *in)
{
	run();
}

static void (*const steps[])(struct end *end, struct input *in) = {
	step_place, step_place, step_place, step_request, step_request, step_request, step_finish, step_message,
	step_message, step_octets, step_maintenance, step_restart, step_time, step_weather, step_run, step_run,
};

/* ---- The end of it ---- */

static void start_again(struct end *end)
{
	char err[128];

	if (!isup_group_started(end->group) && isup_group_start(end->group, end->mtp, err, sizeof(err)) < 0)
		abort();
}

static void finish_calls(struct end *end)
{
	end->keep = end->accept = end->refuse = false;
	while (end->n_calls) {
		struct isup_call *call = end->calls[0];

		forget(end, call);
		if (isup_call_phase(call) == ISUP_CALL_RELEASING)
			isup_call_done(call);
		else
			isup_call_release(call, 16, ISUP_LOC_USER);
	}
}

static void mend_circuits(struct end *end)
{
	unsigned int i;

	isup_group_block(end->group, 1, CIRCUITS, ISUP_BLOCK_HARDWARE, false);
	for (i = 1; i <= CIRCUITS; i++) {
		isup_circuit_block(end->group, i, false);
		isup_circuit_reset(end->group, i);
		run();
	}
}

static void give_back(void)
{
	two_end();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool is_init;
	struct input in = { data, data + OSMO_MIN(size, (size_t)600) };

	if (!is_init) {
		two_init();
		atexit(give_back);
		log_set_log_level(osmo_stderr_target, LOGL_FATAL);
		is_init = true;
	}
	cot_up(1, CIRCUITS);
	while (in.at < in.end) {
		uint8_t what = octet(&in);

		steps[what % ARRAY_SIZE(steps)](what & 0x80 ? &b : &a, &in);
		events[0] = wire[0] = '\0';
	}
	run();

	cut_a = cut_b = false;
	fake_bearer_broken = fake_bearer_unable = fake_bearer_refuses = false;
	isup_mtp_pair_set_up(a.mtp, true);
	start_again(&a);
	start_again(&b);
	finish_calls(&a);
	finish_calls(&b);
	pass_s(310);	/* T5, T13, T17, T23 */
	finish_calls(&a);
	finish_calls(&b);
	mend_circuits(&a);
	mend_circuits(&b);
	pass_s(310);
	expect_all_idle("at the end");
	cot_down();
	if (two_failed())
		abort();
	return 0;
}
