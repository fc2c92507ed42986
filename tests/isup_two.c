/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For ISUP tests: two user parts on a pair network. */

#include "isup/isup_call.h"
#include "isup/isup_cot_fsm.h"
#include "isup/isup_priv.h"

#include "expect.h"
#include "hand_clock.h"
#include "isup_two.h"

void *ctx;
struct end a, b;
char events[8192];
char wire[8192];
uint8_t watch;
char watched[512];
unsigned int watched_cic;
bool cut_a, cut_b;

static void note(char *text, size_t size, const char *who, char mark, const char *what)
{
	size_t len = strlen(text);

	snprintf(text + len, size - len, "%s%s%c%s", len ? " " : "", who, mark, what);
}

const char *take(char *text)
{
	static char copy[8192];

	osmo_strlcpy(copy, text, sizeof(copy));
	text[0] = '\0';
	return copy;
}

unsigned int count_words(const char *text, const char *word)
{
	unsigned int n = 0;

	for (; (text = strstr(text, word)); text++)
		n++;
	return n;
}

void forget(struct end *end, const struct isup_call *call)
{
	unsigned int i;

	for (i = 0; i < end->n_calls && end->calls[i] != call; i++)
		;
	if (i == end->n_calls)
		return;
	end->n_calls--;
	memmove(&end->calls[i], &end->calls[i + 1], (end->n_calls - i) * sizeof(end->calls[0]));
}

void finish(struct end *end)
{
	struct isup_call *call;

	while (end->n_calls) {
		call = end->calls[0];
		forget(end, call);
		if (isup_call_phase(call) == ISUP_CALL_RELEASING)
			isup_call_done(call);
		else
			isup_call_release(call, 16, ISUP_LOC_USER);
	}
	end->keep = false;
}

static void remember(struct end *end, struct isup_call *call)
{
	OSMO_ASSERT(end->n_calls < CALLS_MAX);
	end->calls[end->n_calls++] = call;
}

int send_text(struct isup_call *call, const char *text)
{
	struct isup_msg msg;
	char err[128];

	if (isup_msg_scan(&msg, isup_call_dialect(call), text, err, sizeof(err)) < 0) {
		printf("scan '%s': %s\n", text, err);
		abort();
	}
	return isup_call_req(call, &msg);
}

static void user_new_call(struct end *end, struct isup_call *call)
{
	remember(end, call);
	isup_call_set_user(call, end);
	if (end->accept) {
		EXPECT(send_text(call, "ACM") == 0);
		EXPECT(send_text(call, "ANM") == 0);
	} else if (end->refuse) {
		isup_call_release(call, 17, ISUP_LOC_USER);
		forget(end, call);
	}
}

static void user_cb(struct isup_call *call, const struct isup_prim *prim, void *user)
{
	struct end *end = user;
	bool failed = prim->type == ISUP_PRIM_FAILED;
	char what[32];

	OSMO_ASSERT(end && prim->op == PRIM_OP_INDICATION);
	snprintf(what, sizeof(what), "%s", isup_msg_name(prim->msg->dialect, prim->msg->type));
	if (failed)
		snprintf(what, sizeof(what), "FAILED(%u)", isup_msg_cause(prim->msg));
	else if (prim->msg->type == ISUP_MSG_REL)
		snprintf(what, sizeof(what), "REL(%u)", isup_msg_cause(prim->msg));
	note(events, sizeof(events), end->name, ':', what);
	end->latest = call;
	if (!failed && prim->msg->type == ISUP_MSG_IAM) {
		user_new_call(end, call);
		return;
	}
	if (!failed && prim->msg->type != ISUP_MSG_REL)
		return;
	if (failed) {
		end->failed = isup_msg_cause(prim->msg);
		end->n_failed++;
	} else {
		end->n_rel++;
	}
	if (end->keep)
		return;
	forget(end, call);
	isup_call_done(call);
}

/* ---- The network: the pair's ops with a log, and with messages lost where a test wants that ---- */

static const struct isup_mtp_ops *pair_ops;

static void watch_octets(const uint8_t *octets, size_t len)
{
	size_t at = strlen(watched);
	struct isup_msg msg;

	EXPECT_INT("watched", isup_msg_decode(&msg, &isup_dialect_itu, octets, len, NULL), 0);
	if (at)
		at += snprintf(watched + at, sizeof(watched) - at, "; ");
	isup_msg_print_buf(watched + at, sizeof(watched) - at, &msg);
}

static int log_transfer_req(struct isup_mtp *mtp, const struct isup_mtp_label *label, const uint8_t *octets, size_t len)
{
	struct end *end = mtp == a.mtp ? &a : &b;
	char what[32];

	EXPECT_INT("SLS", label->sls, octets[0] & ((1 << isup_group_dialect(end->group)->sls_bits) - 1));
	snprintf(what, sizeof(what), "%s", isup_msg_name(&isup_dialect_itu, octets[2]));
	note(wire, sizeof(wire), end->name, '>', what);
	if (watch && octets[2] == watch) {
		watch_octets(octets + 2, len - 2);
		watched_cic = octets[0] | octets[1] << 8;
	}
	if (end == &a ? cut_a : cut_b)
		return 0;
	return pair_ops->transfer_req(mtp, label, octets, len);
}

static bool log_reachable(struct isup_mtp *mtp, uint32_t pc)
{
	return pair_ops->reachable(mtp, pc);
}

static const struct isup_mtp_ops log_ops = { .transfer_req = log_transfer_req, .reachable = log_reachable };

/* ---- Time ---- */

/* Lets what is due now happen, without time going on. */
void run(void)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		osmo_timers_prepare();
		osmo_timers_update();
		isup_mtp_pair_run(a.mtp);
	}
	osmo_select_main_ctx(1);
	check_invariants(&a);
	check_invariants(&b);
}

static void step(unsigned int ms)
{
	hand_clock_move(ms);
	run();
}

void pass(unsigned int ms)
{
	unsigned int at;

	run();
	for (at = 0; at < ms; at += 50)
		step(50);
}

void pass_s(unsigned int s)
{
	while (s--)
		step(1000);
}

/* ---- Set-up and tear-down ---- */

static void end_init(struct end *end, const char *name, struct isup_mtp *mtp, uint32_t dpc)
{
	memset(end, 0, sizeof(*end));
	end->name = name;
	end->mtp = mtp;
	end->isup = isup_alloc(ctx, user_cb, end);
	end->group = isup_group_alloc(end->isup, name);
	isup_group_cfg(end->group)->dpc = dpc;
	isup_group_cfg(end->group)->dpc_set = true;
	isup_group_cfg(end->group)->hunt = ISUP_HUNT_ASCENDING;
}

void two_alloc(uint16_t first, uint16_t last)
{
	struct isup_mtp *mtp_a, *mtp_b;
	char err[128] = "";

	isup_mtp_pair_alloc(ctx, PC_A, PC_B, &mtp_a, &mtp_b);
	pair_ops = mtp_a->ops;
	mtp_a->ops = &log_ops;
	mtp_b->ops = &log_ops;
	end_init(&a, "A", mtp_a, PC_B);
	end_init(&b, "B", mtp_b, PC_A);
	cut_a = cut_b = false;
	EXPECT_INT(err, isup_group_add_cics(a.group, first, last, err, sizeof(err)), 0);
	EXPECT_INT(err, isup_group_add_cics(b.group, first, last, err, sizeof(err)), 0);
}

void two_start(void)
{
	char err[128] = "";

	EXPECT_INT(err, isup_group_start(a.group, a.mtp, err, sizeof(err)), 0);
	EXPECT_INT(err, isup_group_start(b.group, b.mtp, err, sizeof(err)), 0);
}

/* Both ends up, all circuits idle */
void two_up(uint16_t first, uint16_t last)
{
	two_alloc(first, last);
	two_start();
	pass(1000);
	take(events);
	take(wire);
}

isup_user_cb *two_set_cb(struct end *end, isup_user_cb *cb)
{
	isup_user_cb *old = end->isup->cb;

	end->isup->cb = cb;
	return old;
}

struct isup_group_stats stats_of(const struct end *end)
{
	struct isup_group_stats stats;

	isup_group_stats(end->group, &stats);
	return stats;
}

void expect_all_idle(const char *what)
{
	EXPECT_INT(what, stats_of(&a).idle, stats_of(&a).circuits);
	EXPECT_INT(what, stats_of(&b).idle, stats_of(&b).circuits);
	EXPECT_INT(what, isup_call_count(a.isup), 0);
	EXPECT_INT(what, isup_call_count(b.isup), 0);
}

static bool has_user(const struct end *end, const struct isup_call *call)
{
	unsigned int i;

	for (i = 0; i < end->n_calls; i++) {
		if (end->calls[i] == call)
			return true;
	}
	return false;
}

static void check_call(const struct end *end, const struct isup_call *call)
{
	static const enum isup_timer_id unknown[] = { ISUP_T1, ISUP_T3, ISUP_T5, ISUP_T8, ISUP_T10, ISUP_T33,
						     ISUP_T35, ISUP_TCRA };
	bool waits = false;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++)
		waits |= isup_timers_running(&call->timers, unknown[i]);
	EXPECT(waits || has_user(end, call));
	if (call->circuit)
		EXPECT(call->circuit->call == call);
	if (call->fi->state == ISUP_CPC_ST_OUT_WAIT_ACM)
		EXPECT(isup_timers_running(&call->timers, ISUP_T7));
	if (call->fi->state == ISUP_CPC_ST_OUT_WAIT_ANM)
		EXPECT(isup_timers_running(&call->timers, ISUP_T9));
	if (call->fi->state == ISUP_CPC_ST_WAIT_RLC || call->fi->state == ISUP_CPC_ST_WAIT_RLC_DONE)
		EXPECT(isup_timers_running(&call->timers, ISUP_T5));
}

static void check_cot(const struct isup_cot *cot)
{
	bool of_call = cot->fi->state == ISUP_COT_ST_OUT_CALL || cot->fi->state == ISUP_COT_ST_IN_CALL;

	EXPECT(cot->circuit->cot == cot);
	EXPECT(!of_call || cot->circuit->call);
	EXPECT(!of_call || cot->circuit->call->fi->state == ISUP_CPC_ST_OUT_WAIT_ACM ||
	       cot->circuit->call->fi->state == ISUP_CPC_ST_IN_RESERVED ||
	       cot->circuit->call->fi->state == ISUP_CPC_ST_IN_WAIT_COT);
	EXPECT(osmo_timer_pending(&cot->timers.timer) || cot->fi->state == ISUP_COT_ST_IN_CALL);
}

static void check_circuit(const struct isup_circuit *c)
{
	bool busy = c->call || c->cot || c->segment || c->reset || c->gra || c->needs_reset ||
		    c->tell;
	bool out = c->unequipped || c->local_blocked || c->local_failed || c->remote_blocked || c->remote_failed;

	EXPECT(c->idle == !(busy || out));
	if (c->call)
		EXPECT(c->call->circuit == c);
	if (c->cot)
		check_cot(c->cot);
	if (c->segment)
		EXPECT(!llist_empty(&c->group->dest->segments));
	if (c->gra)
		EXPECT(!llist_empty(&c->group->dest->gras));
}

void check_invariants(const struct end *end)
{
	const struct isup_dest *dest = end->group->dest;
	unsigned int i, idle = 0, to_reset = 0;
	const struct isup_range *range;
	const struct isup_call *call;

	llist_for_each_entry(call, &end->group->calls, entry)
		check_call(end, call);
	EXPECT_INT("calls", llist_count(&end->group->calls) + llist_count(&end->isup->orphans), end->isup->n_calls);
	EXPECT_INT("calls", llist_count(&end->group->calls), end->group->n_calls);
	llist_for_each_entry(range, &end->group->ranges, entry) {
		for (i = 0; dest && i <= (unsigned int)range->last - range->first; i++) {
			check_circuit(&range->circuits[i]);
			idle += range->circuits[i].idle;
		}
	}
	EXPECT_INT("idle", llist_count(&end->group->idle_own) + llist_count(&end->group->idle_other), idle);
	EXPECT_INT("idle", end->group->n_idle, idle);
	if (!dest)
		return;
	for (i = 0; i < 1u << dest->dialect->cic_bits; i++) {
		const struct isup_circuit *circuit = isup_dest_circuit(dest, i);

		if (circuit)
			to_reset += circuit->needs_reset || circuit->tell;
		else if (!dest->pages[i / ISUP_PAGE_CICS])
			i |= ISUP_PAGE_CICS - 1;	/* most are not there, and this is looked at at every step */
	}
	EXPECT_INT("to reset", dest->n_to_reset, to_reset);
	if (to_reset && dest->state == ISUP_DEST_AVAILABLE)
		EXPECT(osmo_timer_pending(&dest->pace));
}

void two_free(void)
{
	if (a.isup)
		talloc_free(a.isup);
	if (b.isup)
		talloc_free(b.isup);
	talloc_free(talloc_parent(a.mtp));
	osmo_select_main_ctx(1);
	take(events);
	take(wire);
}

static struct log_info_cat log_cats[_ISUP_LOG_COUNT];
static const struct log_info log_info = { .cat = log_cats, .num_cat = _ISUP_LOG_COUNT };

static void *log_ctx;
static size_t n_blocks;				/* of ctx, while nothing is there */

void two_init(void)
{
	memcpy(log_cats, isup_log_cats, sizeof(log_cats));
	setvbuf(stdout, NULL, _IOLBF, 0);
	ctx = talloc_named_const(NULL, 0, "test");
	log_ctx = talloc_named_const(NULL, 0, "log");
	osmo_init_logging2(log_ctx, &log_info);
	log_set_use_color(osmo_stderr_target, 0);
	log_set_print_filename2(osmo_stderr_target, LOG_FILENAME_NONE);
	msgb_talloc_ctx_init(ctx, 0);
	rate_ctr_init(ctx);
	osmo_fsm_set_dealloc_ctx(OTC_SELECT);
	hand_clock_start();
	n_blocks = talloc_total_blocks(ctx);
}

/* ---- Calls ---- */

struct isup_call *seize(struct end *end, uint8_t *cause)
{
	struct isup_call *call = isup_call_seize(end->group, end, cause);

	if (call)
		remember(end, call);
	return call;
}

/* Seizes and sends IAM; the far end has it. */
struct isup_call *place(struct end *end)
{
	uint8_t cause = 0;
	struct isup_call *call = seize(end, &cause);

	EXPECT_INT("seize", cause, 0);
	OSMO_ASSERT(call);
	EXPECT_INT("IAM", send_text(call, "IAM called=201234567"), 0);
	run();
	return call;
}

void release(struct end *end, struct isup_call *call, uint8_t cause)
{
	forget(end, call);
	isup_call_release(call, cause, ISUP_LOC_USER);
	run();
}

void done(struct end *end, struct isup_call *call)
{
	forget(end, call);
	isup_call_done(call);
	run();
}

/* Text to octets, on the wire of a circuit past all state */
void inject(struct end *end, uint16_t cic, const char *text)
{
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	struct isup_msg msg;
	char err[128] = "";
	int len;

	if (isup_msg_scan(&msg, &isup_dialect_itu, text, err, sizeof(err)) < 0) {
		printf("scan '%s': %s\n", text, err);
		abort();
	}
	len = isup_msg_encode(&msg, octets, sizeof(octets));
	EXPECT(len > 0);
	EXPECT_INT(text, isup_circuit_send_octets(end->group, cic, octets, len), 0);
	run();
}

int two_failed(void)
{
	osmo_select_main_ctx(1);
	EXPECT_INT("memory blocks left", talloc_total_blocks(ctx), n_blocks);
	return expect_failures;
}

int two_end(void)
{
	two_failed();
	log_fini();
	talloc_free(log_ctx);
	talloc_free(ctx);
	return expect_failures;
}
