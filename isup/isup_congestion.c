/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Congestion: fewer new calls to where MTP (Q.764 2.10) or the far end (2.11) says so; our own level in REL. */

#include <string.h>

#include <osmocom/core/utils.h>

#include "isup_congestion.h"
#include "isup_priv.h"

/* Q.764 2.10.2: the number of steps, and how much each is, is ours to choose. Calls of priority always go. */
static const uint8_t step_reduction[] = { 0, 25, 50, 75, 100 };

/* Q.764 2.11: what a level received takes away, and for how long since the latest */
static const uint8_t level_reduction[ISUP_CONGESTION_MAX + 1] = { 0, 50, 90 };
#define LEVEL_HOLDS_S 5

/* ---- Other exchanges' ---- */

unsigned int isup_load_reduction(const struct isup_dest *dest)
{
	return OSMO_MAX(step_reduction[dest->load.step], level_reduction[dest->load.level]);
}

/* Evenly: of four calls that are 25 % too many, each fourth is kept back. */
bool isup_load_admits(struct isup_dest *dest)
{
	struct isup_load *load = &dest->load;
	unsigned int credit = load->credit + 100 - isup_load_reduction(dest);

	load->credit = credit >= 100 ? credit - 100 : credit;
	return credit >= 100;
}

static void check_alarm(struct isup_dest *dest)
{
	if (isup_load_reduction(dest))
		isup_alarm_raise_dest(&dest->load.alarm, dest, -1, ISUP_ALARM_CONGESTION);
	else
		isup_alarm_clear(&dest->load.alarm);
}

/* Q.764 2.10.2: one step down; what comes during T29 is ignored */
void isup_load_congested(struct isup_dest *dest)
{
	struct isup_load *load = &dest->load;

	if (isup_timers_running(&dest->timers, ISUP_T29))
		return;
	if (load->step < ARRAY_SIZE(step_reduction) - 1)
		load->step++;
	isup_dest_start_timer(dest, ISUP_T29);
	isup_dest_start_timer(dest, ISUP_T30);
	check_alarm(dest);
}

/* Q.764 2.10.2: one step up */
void isup_load_t30(struct isup_dest *dest)
{
	if (--dest->load.step)
		isup_dest_start_timer(dest, ISUP_T30);
	check_alarm(dest);
}

static void level_over(void *data)
{
	struct isup_dest *dest = data;

	dest->load.level = 0;
	check_alarm(dest);
}

/* Q.764 2.11; Q.763 3.4: 1 and 2, the rest is spare */
void isup_load_rx_rel(struct isup_dest *dest, const struct isup_msg *rel)
{
	const struct isup_par *acl = isup_msg_find(rel, ISUP_PAR_ACL);
	unsigned int level = acl && acl->len > 0 ? acl->val[0] : 0;

	if (level < 1 || level > ISUP_CONGESTION_MAX)
		return;
	dest->load.level = level;
	osmo_timer_schedule(&dest->load.timer, LEVEL_HOLDS_S, 0);
	check_alarm(dest);
}

void isup_load_init(struct isup_dest *dest)
{
	osmo_timer_setup(&dest->load.timer, level_over, dest);
}

void isup_load_reset(struct isup_dest *dest)
{
	osmo_timer_del(&dest->load.timer);
	isup_timers_stop(&dest->timers, ISUP_T29);
	isup_timers_stop(&dest->timers, ISUP_T30);
	dest->load.step = dest->load.level = 0;
	isup_alarm_clear(&dest->load.alarm);
}

/* ---- Ours ---- */

void isup_set_congestion(struct isup *isup, unsigned int level)
{
	isup->congestion = OSMO_MIN(level, ISUP_CONGESTION_MAX);
}

void isup_set_congestion_calls(struct isup *isup, unsigned int level, unsigned int calls)
{
	if (level >= 1 && level <= ISUP_CONGESTION_MAX)
		isup->congestion_calls[level] = calls;
}

unsigned int isup_congestion_calls(const struct isup *isup, unsigned int level)
{
	return level <= ISUP_CONGESTION_MAX ? isup->congestion_calls[level] : 0;
}

static unsigned int level_with(const struct isup *isup, unsigned int n_calls)
{
	unsigned int level = ISUP_CONGESTION_MAX;

	while (level > isup->congestion &&
	       (!isup->congestion_calls[level] || n_calls < isup->congestion_calls[level]))
		level--;
	return level;
}

unsigned int isup_congestion(const struct isup *isup)
{
	return level_with(isup, isup->n_calls);
}

/* Calls that are not kept back */
static bool has_priority(const struct isup_msg *iam)
{
	const struct isup_par *cpc = isup_msg_find(iam, ISUP_PAR_CPC);

	return cpc && cpc->len > 0 && isup_category_has_priority(iam->dialect, cpc->val[0]);
}

bool isup_congestion_refuses(const struct isup *isup, const struct isup_msg *iam)
{
	return level_with(isup, isup->n_calls - 1) >= ISUP_CONGESTION_MAX && !has_priority(iam);
}

size_t isup_congestion_mark(const struct isup_group *group, uint8_t *rel, size_t len, size_t size)
{
	uint8_t level = isup_congestion(group->isup), octets[ISUP_MSG_OCTETS_MAX];
	struct isup_msg msg;
	int marked_len;

	if (!level || isup_msg_decode(&msg, group->cfg.dialect, rel, len, NULL) < 0 ||
	    isup_msg_find(&msg, ISUP_PAR_ACL))
		return len;
	isup_msg_put_octets(&msg, ISUP_PAR_ACL, &level, 1);
	marked_len = isup_msg_encode(&msg, octets, OSMO_MIN(sizeof(octets), size));
	if (marked_len < 0)
		return len;
	memcpy(rel, octets, marked_len);
	return marked_len;
}
