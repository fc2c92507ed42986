/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 1,000 to 100,000 circuits over 64 destinations: memory, load of configuration, bring-up, look-up, hunting. With the
 * argument "check" it judges what does not hang on the machine: octets an idle circuit, messages of the bring-up. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <osmocom/core/application.h>
#include <osmocom/core/fsm.h>
#include <osmocom/core/msgb.h>
#include <osmocom/core/rate_ctr.h>
#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "isup/isup_priv.h"
#include "hand_clock.h"

#define N_DESTS 64
#define OCTETS_MAX 128			/* for an idle circuit */
#define RUNS 2000000u
#define OWN_PC 1
#define FIRST_PC 2

static void *ctx;
static volatile unsigned long sink;
static unsigned int failures;

/* ---- The far ends: every reset is acknowledged from the select loop ---- */

#define ANSWERS_MAX 4096

static struct answer {
	struct isup_mtp_label label;
	uint8_t octets[16];
	size_t len;
} answers[ANSWERS_MAX];
static unsigned int n_answers, n_sent;

static int transfer_req(struct isup_mtp *mtp, const struct isup_mtp_label *label, const uint8_t *octets, size_t len)
{
	struct answer *answer = &answers[n_answers];
	unsigned int n_status;

	n_sent++;
	OSMO_ASSERT(n_answers < ANSWERS_MAX);
	memset(answer, 0, sizeof(*answer));
	answer->label = (struct isup_mtp_label){ .opc = label->dpc, .dpc = label->opc, .sls = label->sls };
	memcpy(answer->octets, octets, 2);
	if (octets[2] == ISUP_MSG_RSC) {
		answer->octets[2] = ISUP_MSG_RLC;
		answer->octets[3] = 0;
		answer->len = 4;
	} else if (octets[2] == ISUP_MSG_GRS) {
		n_status = octets[5] / 8 + 1;
		answer->octets[2] = ISUP_MSG_GRA;
		answer->octets[3] = 1;
		answer->octets[4] = 1 + n_status;
		answer->octets[5] = octets[5];
		answer->len = 6 + n_status;
	} else {
		return 0;
	}
	n_answers++;
	return 0;
}

static bool reachable(struct isup_mtp *mtp, uint32_t pc)
{
	return true;
}

static const struct isup_mtp_ops ops = { .transfer_req = transfer_req, .reachable = reachable };

static void step(struct isup_mtp *mtp)
{
	unsigned int i, n;

	hand_clock_move(20);
	osmo_timers_prepare();
	osmo_timers_update();
	n = n_answers;
	for (i = 0; i < n; i++)
		mtp->user_ops->transfer_ind(mtp->user, &answers[i].label, answers[i].octets, answers[i].len);
	n_answers = 0;
	osmo_select_main_ctx(1);
}

/* ---- What is measured ---- */

static double now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

/* One run with so many circuits */
struct run {
	unsigned int circuits;
	struct isup *isup;
	struct isup_mtp *mtp;
	struct isup_group *groups[N_DESTS];
	double octets, load_ms, up_ns, up_s, lookup_ns, hunt_ns[4];
	unsigned int sent;
};

static void load(struct run *run)
{
	double start = now_ns();
	char name[16], err[128];
	unsigned int i;

	run->isup = isup_alloc(ctx, NULL, NULL);
	run->mtp = talloc_zero(ctx, struct isup_mtp);
	run->mtp->ops = &ops;
	run->mtp->own_pc = OWN_PC;
	for (i = 0; i < N_DESTS; i++) {
		snprintf(name, sizeof(name), "TRUNK%u", i);
		run->groups[i] = isup_group_alloc(run->isup, name);
		isup_group_cfg(run->groups[i])->dpc = FIRST_PC + i;
		isup_group_cfg(run->groups[i])->dpc_set = true;
		OSMO_ASSERT(isup_group_add_cics(run->groups[i], 1, run->circuits / N_DESTS, err, sizeof(err)) == 0);
		OSMO_ASSERT(isup_group_start(run->groups[i], run->mtp, err, sizeof(err)) == 0);
	}
	run->circuits = run->circuits / N_DESTS * N_DESTS;
	run->load_ms = (now_ns() - start) / 1e6;
}

static unsigned int count_idle(const struct run *run)
{
	unsigned int i, idle = 0;

	for (i = 0; i < N_DESTS; i++)
		idle += run->groups[i]->n_idle;
	return idle;
}

static void bring_up(struct run *run)
{
	double start = now_ns();

	n_sent = 0;
	for (run->up_s = 0; count_idle(run) < run->circuits && run->up_s < 3600; run->up_s += 0.02)
		step(run->mtp);
	step(run->mtp);
	run->up_ns = (now_ns() - start) / run->circuits;
	run->sent = n_sent;
	run->octets = (double)(talloc_total_size(run->isup) + talloc_total_size(run->mtp)) / run->circuits;
}

static void look_up(struct run *run)
{
	const struct isup_net *net = run->mtp->user;
	unsigned int i, per_dest = run->circuits / N_DESTS, at = 0;
	double start = now_ns();

	for (i = 0; i < RUNS; i++) {
		at = (at * 1103515245u + 12345u) & 0x7fffffff;
		sink += isup_dest_circuit(isup_dest_find(net, OWN_PC, FIRST_PC + at % N_DESTS),
					  1 + at / N_DESTS % per_dest)->cic;
	}
	run->lookup_ns = (now_ns() - start) / RUNS;
}

/* Half of the circuits are busy; one is taken and one given back by turns. */
static void hunt(struct run *run, enum isup_hunt policy)
{
	unsigned int i, n = run->circuits / N_DESTS, half = n / 2;
	struct isup_group *group = run->groups[0];
	struct isup_circuit **busy = talloc_zero_array(ctx, struct isup_circuit *, n), *circuit;
	double start;

	group->cfg.hunt = policy;
	for (i = 0; i < half; i++) {
		busy[i] = isup_circuit_hunt(group);
		busy[i]->gra = true;
		isup_circuit_update(busy[i]);
	}
	start = now_ns();
	for (i = 0; i < RUNS; i++) {
		circuit = isup_circuit_hunt(group);
		circuit->gra = true;
		isup_circuit_update(circuit);
		busy[i % half]->gra = false;
		isup_circuit_update(busy[i % half]);
		busy[i % half] = circuit;
	}
	run->hunt_ns[policy] = (now_ns() - start) / RUNS;
	for (i = 0; i < half; i++) {
		busy[i]->gra = false;
		isup_circuit_update(busy[i]);
	}
	talloc_free(busy);
}

static void run_one(struct run *run, unsigned int circuits, bool check)
{
	unsigned int policy;

	run->circuits = circuits;
	load(run);
	bring_up(run);
	for (policy = 0; !check && policy < ARRAY_SIZE(run->hunt_ns); policy++)
		hunt(run, policy);
	if (!check)
		look_up(run);
	talloc_free(run->isup);
	talloc_free(run->mtp);
	osmo_select_main_ctx(1);
}

/* ---- Judged and printed ---- */

static void judge(const char *what, bool holds)
{
	if (holds)
		return;
	printf("not so: %s\n", what);
	failures++;
}

static void check(void)
{
	struct run run = {};
	unsigned int per_dest;

	run_one(&run, 100000, true);
	per_dest = run.circuits / N_DESTS;
	printf("%.1f octets a circuit, %u messages, %.1f s of bring-up\n", run.octets, run.sent, run.up_s);
	judge("an idle circuit takes at most 128 octets, all told", run.octets <= OCTETS_MAX);
	judge("a probe, and a GRS for 32 circuits each", run.sent == N_DESTS * (1 + (per_dest - 1 + 31) / 32));
	judge("ten a second to each destination", run.up_s >= (per_dest - 1 + 31) / 32 / 10.0 - 0.2 && run.up_s < 10);
}

static void print(void)
{
	static struct run runs[3];
	static const unsigned int sizes[] = { 1000, 10000, 100000 };
	const struct run *few = &runs[0], *many = &runs[2];
	unsigned int i;

	printf("%8s %8s %8s %9s %8s %10s %9s %9s %9s %9s\n", "circuits", "octets", "load ms", "up ns/c", "messages",
	       "look-up ns", "asc. ns", "desc. ns", "least ns", "most ns");
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		run_one(&runs[i], sizes[i], false);
		printf("%8u %8.1f %8.1f %9.0f %8u %10.1f %9.1f %9.1f %9.1f %9.1f\n", runs[i].circuits, runs[i].octets,
		       runs[i].load_ms, runs[i].up_ns, runs[i].sent, runs[i].lookup_ns,
		       runs[i].hunt_ns[ISUP_HUNT_ASCENDING], runs[i].hunt_ns[ISUP_HUNT_DESCENDING],
		       runs[i].hunt_ns[ISUP_HUNT_LEAST_RECENT], runs[i].hunt_ns[ISUP_HUNT_MOST_RECENT]);
	}
	printf("100k:1k  bring-up a circuit %.2f, look-up %.2f, hunting %.2f %.2f %.2f %.2f\n",
	       many->up_ns / few->up_ns,
	       many->lookup_ns / few->lookup_ns, many->hunt_ns[0] / few->hunt_ns[0],
	       many->hunt_ns[1] / few->hunt_ns[1], many->hunt_ns[2] / few->hunt_ns[2],
	       many->hunt_ns[3] / few->hunt_ns[3]);
}

static struct log_info_cat log_cats[_ISUP_LOG_COUNT];
static const struct log_info log_info = { .cat = log_cats, .num_cat = _ISUP_LOG_COUNT };

int main(int argc, char **argv)
{
	memcpy(log_cats, isup_log_cats, sizeof(log_cats));
	ctx = talloc_named_const(NULL, 0, "bench");
	osmo_init_logging2(talloc_named_const(ctx, 0, "log"), &log_info);
	log_set_log_level(osmo_stderr_target, LOGL_ERROR);
	msgb_talloc_ctx_init(ctx, 0);
	rate_ctr_init(ctx);
	osmo_fsm_set_dealloc_ctx(OTC_SELECT);
	hand_clock_start();
	if (argc > 1 && !strcmp(argv[1], "check"))
		check();
	else
		print();
	log_fini();
	talloc_free(ctx);
	return failures > 0;
}
