/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timers that run are shown with what is left of them: each machine's, of calls, circuits, groups and destinations. */

#include "isup/isup_dialect.h"
#include "isup/isup_priv.h"
#include "isup/isup_validate.h"

#include "expect.h"
#include "isup_two.h"

static char shown[256];

static void show(enum isup_timer_id id, uint32_t left_ms, void *data)
{
	size_t len = strlen(shown);

	snprintf(shown + len, sizeof(shown) - len, "%s%s=%u", len ? " " : "", isup_timer_defs[id].name, left_ms);
}

static void show_dest(const struct isup_dest_info *info, void *data)
{
	isup_timers_for_each(info->timers, show, NULL);
}

/* Of circuit 1 and of the destination */
static const char *timers_of(const struct end *end)
{
	shown[0] = '\0';
	isup_circuit_for_each_timer(end->group, 1, show, NULL);
	isup_for_each_dest(end->isup, show_dest, NULL);
	return shown;
}

/* ---- What starts timers at A, on circuit 1 ---- */

static void call_out(void)
{
	place(&a);
}

static void call_acm(void)
{
	place(&a);
	send_text(b.calls[0], "ACM");
}

static void call_suspended(void)
{
	place(&a);
	send_text(b.calls[0], "CON");
	run();
	send_text(b.calls[0], "SUS suspend_resume=0");
}

static void call_overload(void)
{
	place(&a);
	inject(&b, 1, "OLM");
}

static void call_released(void)
{
	struct isup_call *call = place(&a);

	cut_b = true;
	release(&a, call, 16);
}

static void collect(void)
{
	isup_group_cfg(a.group)->overlap_collect = true;
	isup_group_cfg(a.group)->overlap_min = 4;
	isup_group_cfg(a.group)->overlap_max = 9;
	inject(&b, 1, "IAM called=12");
}

static void collect_enough(void)
{
	collect();
	inject(&b, 1, "SAM subsequent=34");
}

static void ask_calling(void)
{
	isup_group_cfg(a.group)->request_calling = true;
	cut_a = true;
	inject(&b, 1, "IAM called=12");
}

static void wait_cot(void)
{
	inject(&b, 1, "IAM nci(continuity=1) called=12");
}

static void check_asked(void)
{
	inject(&b, 1, "CCR");
}

static void segment(void)
{
	inject(&b, 1, "IAM called=12 opt_fci(segmentation=1)");
}

static void block_one(void)
{
	cut_a = true;
	isup_circuit_block(a.group, 1, true);
}

static void unblock_one(void)
{
	isup_circuit_block(a.group, 1, true);
	pass(100);
	cut_a = true;
	isup_circuit_block(a.group, 1, false);
}

static void block_group(void)
{
	cut_a = true;
	isup_group_block(a.group, 1, 4, ISUP_BLOCK_MAINTENANCE, true);
}

static void unblock_group(void)
{
	isup_group_block(a.group, 1, 4, ISUP_BLOCK_HARDWARE, true);
	pass(1000);
	cut_a = true;
	isup_group_block(a.group, 1, 4, ISUP_BLOCK_HARDWARE, false);
}

static void reset_one(void)
{
	cut_a = true;
	isup_circuit_reset(a.group, 1);
}

static void reset_group(void)
{
	unsigned int cic;

	cut_a = true;
	for (cic = 1; cic <= 4; cic++)
		isup_circuit_reset(a.group, cic);
}

static void query(void)
{
	cut_a = true;
	isup_group_query(a.group, 1, 4);
}

static void user_part(void)
{
	cut_a = true;
	a.mtp->user_ops->status_ind(a.mtp->user, PC_B, ISUP_MTP_STATUS_UP_UNKNOWN, 0);
}

static void congestion(void)
{
	a.mtp->user_ops->status_ind(a.mtp->user, PC_B, ISUP_MTP_STATUS_CONGESTED, 1);
}

static void validate(void)
{
	cut_a = true;
	EXPECT_INT("CVT", isup_circuit_validate(a.group, 1), 0);
}

static void reserve(void)
{
	isup_group_cfg(a.group)->reserve = true;
	cut_a = true;
	place(&a);
}

static void reserved(void)
{
	isup_group_cfg(b.group)->reserve = true;
	cut_a = true;
	place(&b);
}

static void leave(void)
{
	isup_group_cfg(a.group)->exit_message = true;
	place(&b);
}

static void said_once(void)
{
	inject(&b, 1, "GRS range=1");
	inject(&b, 1, "CGB cgs_type=0 range(range=1 status=0x03)");
}

static const struct row {
	void (*start)(void);
	const char *timers;
	const char *dialect;		/* NULL: itu */
} rows[] = {
	{ call_out, "T7=25000" },
	{ call_acm, "T9=180000" },
	{ call_suspended, "T2=180000" },
	{ call_overload, "T3=120000" },
	{ call_released, "T1=15000 T5=300000" },
	{ collect, "T35=17000" },
	{ collect_enough, "T10=5000" },
	{ ask_calling, "T33=13000" },
	{ wait_cot, "T8=12000" },
	{ check_asked, "T36=12000" },
	{ segment, "T34=3000" },
	{ block_one, "T13=300000 T12=15000" },
	{ unblock_one, "T15=300000 T14=15000" },
	{ block_group, "T19=300000 T18=15000" },
	{ unblock_group, "T21=300000 T20=15000" },
	{ reset_one, "T17=300000 T16=15000" },
	{ reset_group, "T23=300000 T22=15000" },
	{ query, "T28=10000" },
	{ user_part, "T4=300000" },
	{ congestion, "T29=450 T30=8000" },
	{ validate, "TCVT=10000", "ansi" },
	{ reserve, "TCRM=4000", "ansi" },
	{ reserved, "TCRA=20000", "ansi" },
	{ leave, "TEXM=1000", "ansi" },
	{ said_once, "TGRS=5000 TCGB=5000", "ansi" },
};

static void test_row(const struct row *row)
{
	const struct isup_dialect *dialect = isup_dialect_find(row->dialect ? row->dialect : "itu");

	two_alloc(1, 8);
	isup_group_cfg(a.group)->dialect = isup_group_cfg(b.group)->dialect = dialect;
	two_start();
	pass(1000);
	EXPECT_STR("idle", timers_of(&a), "");
	row->start();
	run();
	EXPECT_STR(row->timers, timers_of(&a), row->timers);
	two_free();
}

int main(void)
{
	unsigned int i;

	two_init();
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		test_row(&rows[i]);
	return expect_failures + two_end() > 0;
}
