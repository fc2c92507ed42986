/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tested exchange of scenario tests: the ISUP room with a user that does what scenarios tell, in virtual time. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <osmocom/core/application.h>
#include <osmocom/core/fsm.h>
#include <osmocom/core/msgb.h>
#include <osmocom/core/rate_ctr.h>
#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "isup/isup_congestion.h"
#include "isup/isup_cot.h"

#include "hand_clock.h"
#include "sim_world.h"
#include "../src/log_cats.h"

#define PC_TESTED 1
#define PC_TESTER 2
#define CICS_LAST 31
#define US_MAX (3ull * 3600 * 1000000)	/* of virtual time in one scenario */

/* ---- Time ---- */

/* Lets what is due happen, then goes on to the next timer, if that is not beyond end_us. */
static bool turn(uint64_t end_us)
{
	struct timeval *nearest;
	uint64_t us;

	osmo_select_main_ctx(1);
	osmo_timers_prepare();
	nearest = osmo_timers_nearest();
	if (!nearest)
		return false;
	us = nearest->tv_sec * 1000000ull + nearest->tv_usec;
	if (sim_now_us() + us > end_us)
		return false;
	hand_clock_move_us(us);
	return true;
}

static void pass_us(uint64_t us)
{
	uint64_t end_us = sim_now_us() + us;

	while (turn(end_us))
		;
	if (sim_now_us() < end_us)
		hand_clock_move_us(end_us - sim_now_us());
	osmo_select_main_ctx(1);
}

/* ---- The user of the tested exchange ---- */

static struct world_call *latest(struct sim_world *world)
{
	return world->n_calls ? &world->calls[world->n_calls - 1] : NULL;
}

static struct world_call *remember(struct sim_world *world, struct isup_call *isup, bool outgoing)
{
	struct world_call *call = &world->calls[world->n_calls++];

	OSMO_ASSERT(world->n_calls <= WORLD_CALLS_MAX);
	*call = (struct world_call){ .isup = isup, .outgoing = outgoing };
	return call;
}

static void forget(struct sim_world *world, const struct isup_call *isup)
{
	for (unsigned int i = 0; i < world->n_calls; i++) {
		if (world->calls[i].isup != isup)
			continue;
		world->n_calls--;
		memmove(&world->calls[i], &world->calls[i + 1], (world->n_calls - i) * sizeof(world->calls[0]));
		return;
	}
}

static struct world_call *find_call(struct sim_world *world, const struct isup_call *isup)
{
	for (unsigned int i = 0; i < world->n_calls; i++) {
		if (world->calls[i].isup == isup)
			return &world->calls[i];
	}
	return NULL;
}

static int refuse(char *err, size_t err_size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static int refuse(char *err, size_t err_size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err, err_size, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static int request(struct isup_call *call, const char *text, char *err, size_t err_size)
{
	struct isup_msg msg;
	int rc;

	if (isup_msg_scan(&msg, isup_call_dialect(call), text, err, err_size) < 0)
		return -EINVAL;
	rc = isup_call_req(call, &msg);
	return rc < 0 ? refuse(err, err_size, "%s: %s", text, strerror(-rc)) : 0;
}

static int place(struct sim_world *world, const char *iam, char *err, size_t err_size)
{
	uint8_t cause;
	struct isup_call *isup = isup_call_seize(world->group, world, &cause);
	struct world_call *call;

	if (!isup)
		return refuse(err, err_size, "no circuit, cause %u", cause);
	call = remember(world, isup, true);
	osmo_strlcpy(call->iam, iam, sizeof(call->iam));
	return request(isup, iam, err, err_size);
}

/* As a voice gateway's: more than 64 kbit/s is refused. */
static bool refused(struct isup_call *isup, const struct isup_msg *iam)
{
	const struct isup_par *tmr = isup_msg_find(iam, ISUP_PAR_TMR);

	if (!tmr || !tmr->len || tmr->val[0] < 7)
		return false;
	isup_call_release(isup, 65, ISUP_LOC_LN);
	return true;
}

/* Q.764 2.8.1: a call that failed on a circuit before any backward message is tried again on another one. */
static void user_cb(struct isup_call *isup, const struct isup_prim *prim, void *user)
{
	struct sim_world *world = user;
	struct world_call *call;
	char err[200], iam[WORLD_IAM_MAX];
	bool again;

	if (prim->type == ISUP_PRIM_MSG && prim->msg->type == ISUP_MSG_IAM) {
		if (refused(isup, prim->msg))
			return;
		isup_call_set_user(isup, world);
		remember(world, isup, false);
	}
	call = find_call(world, isup);
	again = prim->type == ISUP_PRIM_FAILED && isup_msg_cause(prim->msg) == 44 && call && call->outgoing;
	if (!again)
		sim_tester_told(&world->tester, prim->msg);
	if (prim->type != ISUP_PRIM_FAILED && prim->msg->type != ISUP_MSG_REL)
		return;
	if (again)
		osmo_strlcpy(iam, call->iam, sizeof(iam));
	if (world->stuck)
		isup_circuit_block(world->group, isup_call_cic(isup), true);
	forget(world, isup);
	isup_call_done(isup);
	if (again)
		place(world, iam, err, sizeof(err));
}

/* ---- Commands ---- */

static int cmd_seize(struct sim_world *world, const char *args, char *err, size_t err_size)
{
	char text[WORLD_IAM_MAX];

	snprintf(text, sizeof(text), "IAM %s", args);
	return place(world, text, err, err_size);
}

static int cmd_send(struct sim_world *world, const char *args, char *err, size_t err_size)
{
	struct world_call *call = latest(world);

	return call ? request(call->isup, args, err, err_size) : refuse(err, err_size, "there is no call");
}

static int cmd_release(struct sim_world *world, const char *args, char *err, size_t err_size)
{
	struct world_call *call = latest(world);
	struct isup_call *isup;

	if (!call)
		return refuse(err, err_size, "there is no call");
	isup = call->isup;
	forget(world, isup);
	isup_call_release(isup, *args ? strtoul(args, NULL, 10) : ISUP_CAUSE_NORMAL_CLEARING, ISUP_LOC_USER);
	return 0;
}

static int cmd_block(struct sim_world *world, const char *args, char *err, size_t err_size)
{
	return isup_circuit_block(world->group, strtoul(args, NULL, 10), true);
}

static int cmd_unblock(struct sim_world *world, const char *args, char *err, size_t err_size)
{
	return isup_circuit_block(world->group, strtoul(args, NULL, 10), false);
}

static int cmd_reset(struct sim_world *world, const char *args, char *err, size_t err_size)
{
	return isup_circuit_reset(world->group, strtoul(args, NULL, 10));
}

/* "FIRST LAST [hardware]" */
static void scan_range(const char *args, unsigned int *first, unsigned int *last, enum isup_block_kind *kind)
{
	char *end;

	*first = strtoul(args, &end, 10);
	*last = strtoul(end, &end, 10);
	*kind = strstr(end, "hardware") ? ISUP_BLOCK_HARDWARE : ISUP_BLOCK_MAINTENANCE;
}

static int cmd_block_group(struct sim_world *world, const char *args, char *err, size_t err_size)
{
	enum isup_block_kind kind;
	unsigned int first, last;

	scan_range(args, &first, &last, &kind);
	return OSMO_MIN(isup_group_block(world->group, first, last, kind, true), 0);
}

static int cmd_unblock_group(struct sim_world *world, const char *args, char *err, size_t err_size)
{
	enum isup_block_kind kind;
	unsigned int first, last;

	scan_range(args, &first, &last, &kind);
	return OSMO_MIN(isup_group_block(world->group, first, last, kind, false), 0);
}

static int cmd_query_group(struct sim_world *world, const char *args, char *err, size_t err_size)
{
	enum isup_block_kind kind;
	unsigned int first, last;

	scan_range(args, &first, &last, &kind);
	return OSMO_MIN(isup_group_query(world->group, first, last), 0);
}

/* "NUMBER IAM…": so many calls, as many as may be placed */
static int cmd_seize_many(struct sim_world *world, const char *args, char *err, size_t err_size)
{
	char *iam;

	for (unsigned long n = strtoul(args, &iam, 10); n > 0; n--)
		cmd_seize(world, iam, err, err_size);
	return 0;
}

/* One after the other; what is due at the same time goes as GRS. */
static int cmd_reset_group(struct sim_world *world, const char *args, char *err, size_t err_size)
{
	enum isup_block_kind kind;
	unsigned int first, last;
	int rc = 0;

	scan_range(args, &first, &last, &kind);
	for (; first <= last && rc == 0; first++)
		rc = isup_circuit_reset(world->group, first);
	return rc;
}

static int cmd_check(struct sim_world *world, const char *args, char *err, size_t err_size)
{
	return isup_circuit_cot(world->group, strtoul(args, NULL, 10));
}

/* "NAME" or "NAME VALUE": as the operator of an exchange would set it; gone with the world */
static int cmd_configure(struct sim_world *world, const char *args, char *err, size_t err_size)
{
	struct isup_group_cfg *cfg = isup_group_cfg(world->group);
	size_t len = strcspn(args, " ");
	unsigned int number = strtoul(args + len, NULL, 10);

	if (strcmp(args, "transit") == 0)
		cfg->transit = true;
	else if (strcmp(args, "control all") == 0)
		cfg->control = ISUP_CONTROL_ALL;
	else if (strcmp(args, "control none") == 0)
		cfg->control = ISUP_CONTROL_NONE;
	else if (strcmp(args, "tone lost") == 0)
		world->bearer.tone_lost = true;
	else if (strcmp(args, "tone heard") == 0)
		world->bearer.tone_lost = false;
	else if (strcmp(args, "bearer stuck") == 0)
		world->stuck = true;
	else if (strcmp(args, "echo outgoing") == 0)
		cfg->echo = ISUP_ECHO_OUTGOING;
	else if (strncmp(args, "continuity", len) == 0)
		cfg->cot_percent = number;
	else if (strncmp(args, "congestion", len) == 0)
		isup_set_congestion(world->isup, number);
	else if (strcmp(args, "fallback") && strcmp(args, "operators"))
		return -ENOTSUP;
	return 0;
}

/* MTP-STATUS: there is no user part at the far end */
static int cmd_user_part_lost(struct sim_world *world, const char *args, char *err, size_t err_size)
{
	world->mtp->user_ops->status_ind(world->mtp->user, PC_TESTER, ISUP_MTP_STATUS_UP_UNKNOWN, 0);
	return 0;
}

static int cmd_clear(struct sim_world *world, const char *args, char *err, size_t err_size)
{
	while (world->n_calls)
		cmd_release(world, "", err, err_size);
	isup_group_block(world->group, 1, CICS_LAST, ISUP_BLOCK_MAINTENANCE, false);
	isup_group_block(world->group, 1, CICS_LAST, ISUP_BLOCK_HARDWARE, false);
	return 0;
}

static const struct command_row {
	const char *name;
	int (*cmd)(struct sim_world *world, const char *args, char *err, size_t err_size);
	const char *message;		/* cmd is cmd_send: what is sent before the arguments */
} command_rows[] = {
	{ "seize", cmd_seize, NULL },
	{ "proceed", cmd_send, "ACM" },
	{ "alert", cmd_send, "ACM bci(called_status=subscriber-free)" },
	{ "progress", cmd_send, "CPG" },
	{ "answer", cmd_send, "ANM" },
	{ "connect", cmd_send, "CON" },
	{ "suspend", cmd_send, "SUS suspend_resume=subscriber" },
	{ "resume", cmd_send, "RES suspend_resume=subscriber" },
	{ "send", cmd_send, "" },
	{ "release", cmd_release, NULL },
	{ "block", cmd_block, NULL },
	{ "unblock", cmd_unblock, NULL },
	{ "reset", cmd_reset, NULL },
	{ "block-group", cmd_block_group, NULL },
	{ "unblock-group", cmd_unblock_group, NULL },
	{ "query-group", cmd_query_group, NULL },
	{ "seize-many", cmd_seize_many, NULL },
	{ "reset-group", cmd_reset_group, NULL },
	{ "check", cmd_check, NULL },
	{ "configure", cmd_configure, NULL },
	{ "user-part-lost", cmd_user_part_lost, NULL },
	{ "clear", cmd_clear, NULL },
};

static int command(struct sim_tester *tester, const char *text, char *err, size_t err_size)
{
	struct sim_world *world = (struct sim_world *)tester;
	size_t len = strcspn(text, " ");
	const char *args = text + len + strspn(text + len, " ");
	char line[WORLD_IAM_MAX + 100];

	for (size_t i = 0; i < ARRAY_SIZE(command_rows); i++) {
		const struct command_row *row = &command_rows[i];

		if (strlen(row->name) != len || memcmp(row->name, text, len))
			continue;
		if (!row->message)
			return row->cmd(world, args, err, err_size);
		snprintf(line, sizeof(line), "%s%s%s", row->message, *args && *row->message ? " " : "", args);
		return row->cmd(world, line, err, err_size);
	}
	return -ENOTSUP;
}

/* ---- Faults ---- */

static struct sim_world *faulty;		/* whose messages go through here */
static const struct isup_mtp_ops *pair_ops;

/* Octets from the CIC on; returns how often they are sent. */
static unsigned int spoil(const struct sim_fault *fault, uint8_t *octets, size_t len)
{
	if (!fault || fault->kind == SIM_FAULT_TIMER || octets[2] != fault->type)
		return 1;
	switch (fault->kind) {
	case SIM_FAULT_DROP:
		return 0;
	case SIM_FAULT_TWICE:
		return 2;
	case SIM_FAULT_CIC:
		octets[0] ^= fault->flip;
		break;
	default:
		if (2u + fault->at < len)
			octets[2 + fault->at] ^= fault->flip;
		break;
	}
	return 1;
}

static int faulty_transfer_req(struct isup_mtp *mtp, const struct isup_mtp_label *label, const uint8_t *octets,
			       size_t len)
{
	uint8_t copy[2 + ISUP_MSG_OCTETS_MAX];
	unsigned int n = 1;
	int rc = 0;

	OSMO_ASSERT(len <= sizeof(copy));
	memcpy(copy, octets, len);
	if (mtp == faulty->mtp)
		n = spoil(faulty->fault, copy, len);
	while (rc == 0 && n--)
		rc = pair_ops->transfer_req(mtp, label, copy, len);
	return rc;
}

static bool faulty_reachable(struct isup_mtp *mtp, uint32_t pc)
{
	return pair_ops->reachable(mtp, pc);
}

static const struct isup_mtp_ops faulty_ops = { .transfer_req = faulty_transfer_req, .reachable = faulty_reachable };

/* ---- A world ---- */

static void done_cb(void *data, struct sim_play *play, enum sim_result result, const char *why)
{
	struct sim_world *world = data;

	world->done = true;
	world->result = result;
	osmo_strlcpy(world->why, why ? : "", sizeof(world->why));
}

static const struct sim_engine_ops engine_ops = { .done = done_cb };

static void *ctx;

static void world_alloc(struct sim_world *world, void *in)
{
	struct isup_mtp *mtp_tester;
	struct isup_group_cfg *cfg;
	char err[200] = "";

	*world = (struct sim_world){
		.tester = { .command = command, .indicates = true },
		.fault = world->fault,
	};
	isup_mtp_pair_alloc(in, PC_TESTED, PC_TESTER, &world->mtp, &mtp_tester);
	pair_ops = world->mtp->ops;
	world->mtp->ops = &faulty_ops;
	faulty = world;
	world->isup = isup_alloc(in, user_cb, world);
	sim_bearer_init(world->isup, &world->bearer);
	world->group = isup_group_alloc(world->isup, "tested");
	cfg = isup_group_cfg(world->group);
	cfg->dpc = PC_TESTER;
	cfg->dpc_set = true;
	cfg->hunt = ISUP_HUNT_ASCENDING;
	if (world->fault && world->fault->kind == SIM_FAULT_TIMER)
		cfg->timer_ms[world->fault->timer] = world->fault->ms;
	world->engine = sim_engine_alloc(in, &engine_ops, world);
	world->engine->tester = &world->tester;
	world->engine->lowest_first = true;
	world->engine->verbose = getenv("SIM_VERBOSE") != NULL;
	world->tester.engine = world->engine;
	world->peer = sim_peer_get(world->engine, mtp_tester, PC_TESTER, PC_TESTED, &isup_dialect_itu);
	sim_peer_add_cics(world->peer, 1, CICS_LAST);
	sim_engine_attach(world->engine, mtp_tester);
	OSMO_ASSERT(isup_group_add_cics(world->group, 1, CICS_LAST, err, sizeof(err)) == 0);
	OSMO_ASSERT(isup_group_start(world->group, world->mtp, err, sizeof(err)) == 0);
}

static bool is_idle(const struct sim_world *world)
{
	struct isup_group_stats stats;

	isup_group_stats(world->group, &stats);
	return stats.idle == stats.circuits && !isup_call_count(world->isup);
}

static void fail(struct sim_world *world, const char *why)
{
	size_t len;

	if (world->result == SIM_PASSED)
		world->why[0] = '\0';
	world->result = SIM_FAILED;
	len = strlen(world->why);
	snprintf(world->why + len, sizeof(world->why) - len, "%s%s", len ? "; " : "", why);
}

/* Every call is over, nothing is blocked by either end; what goes on by itself is answered: then all must be idle. */
static void clear(struct sim_world *world)
{
	static const char *const rows[] = {
		"CGU cgs_type=maintenance range(range=30 status=0xffffff7f)",
		"CGU cgs_type=hardware range(range=30 status=0xffffff7f)",
	};
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	struct isup_msg msg;
	char err[200];
	int len;

	cmd_clear(world, "", err, sizeof(err));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		OSMO_ASSERT(isup_msg_scan(&msg, &isup_dialect_itu, rows[i], err, sizeof(err)) == 0);
		len = isup_msg_encode(&msg, octets, sizeof(octets));
		sim_peer_send(world->peer, 1, octets, len);
	}
	/* the longest repetition of group supervision */
	pass_us(16 * 60 * 1000000ull);
	if (!is_idle(world))
		fail(world, "afterwards not all circuits of the tested exchange are idle");
}

void sim_world_run(struct sim_world *world, const struct sim_scenario *scenario)
{
	void *in = talloc_named_const(ctx, 0, "world");
	uint64_t begin_us;

	world_alloc(world, in);
	pass_us(5000000);
	if (!is_idle(world)) {
		fail(world, "the tested exchange does not come up");
		world->done = true;
	}
	begin_us = sim_now_us();
	if (!world->done && !sim_play_start(world->engine, scenario, world->peer))
		fail(world, "no circuit is free");
	while (!world->done && turn(begin_us + US_MAX))
		;
	if (!world->done)
		fail(world, "it does not end");
	world->seconds = (sim_now_us() - begin_us) / 1e6;
	clear(world);
	talloc_free(in);
	osmo_select_main_ctx(1);
}

void sim_world_init(void)
{
	static const struct log_cats_part parts[] = { { 0, isup_log_cats, _ISUP_LOG_COUNT }, {} };

	ctx = talloc_named_const(NULL, 0, "test");
	osmo_init_logging2(ctx, log_cats_assemble(ctx, parts));
	log_set_use_color(osmo_stderr_target, 0);
	log_set_print_filename2(osmo_stderr_target, LOG_FILENAME_NONE);
	if (getenv("SIM_LOG"))
		log_parse_category_mask(osmo_stderr_target, getenv("SIM_LOG"));
	msgb_talloc_ctx_init(ctx, 0);
	rate_ctr_init(ctx);
	osmo_fsm_set_dealloc_ctx(OTC_SELECT);
	hand_clock_start();
}
