/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timers T1 to T39: the rows of Q.764 Annex A, and several of them on one timer of the select loop. */

#include <string.h>

#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "isup_timer.h"

#define SEC(n) ((n) * 1000)
#define MIN(n) ((n) * 60000)

/* Q.764 Table A.1; T6, T9 and T38 have their limits from Q.118 */
const struct isup_timer_def isup_timer_defs[ISUP_TIMER_COUNT] = {
	[ISUP_T1]  = { "T1",  SEC(15), SEC(15), SEC(60), "REL sent" },
	[ISUP_T2]  = { "T2",  MIN(3), MIN(3), MIN(3), "SUS (user) received by the controlling exchange" },
	[ISUP_T3]  = { "T3",  MIN(2), MIN(2), MIN(2), "OLM received" },
	[ISUP_T4]  = { "T4",  MIN(5), MIN(5), MIN(15), "MTP-STATUS, remote user inaccessible" },
	[ISUP_T5]  = { "T5",  MIN(5), MIN(5), MIN(15), "first REL sent" },
	[ISUP_T6]  = { "T6",  MIN(1), MIN(1), MIN(2), "SUS (network) received by the controlling exchange" },
	[ISUP_T7]  = { "T7",  SEC(25), SEC(20), SEC(30), "latest address message sent" },
	[ISUP_T8]  = { "T8",  SEC(12), SEC(10), SEC(15), "IAM that announces a continuity check received" },
	[ISUP_T9]  = { "T9",  MIN(3), SEC(90), MIN(4), "ACM received" },
	[ISUP_T10] = { "T10", SEC(5), SEC(4), SEC(6), "latest digit received, interworking" },
	[ISUP_T11] = { "T11", SEC(17), SEC(15), SEC(20), "latest address message received, interworking" },
	[ISUP_T12] = { "T12", SEC(15), SEC(15), SEC(60), "BLO sent" },
	[ISUP_T13] = { "T13", MIN(5), MIN(5), MIN(15), "first BLO sent" },
	[ISUP_T14] = { "T14", SEC(15), SEC(15), SEC(60), "UBL sent" },
	[ISUP_T15] = { "T15", MIN(5), MIN(5), MIN(15), "first UBL sent" },
	[ISUP_T16] = { "T16", SEC(15), SEC(15), SEC(60), "RSC sent, not because of T5" },
	[ISUP_T17] = { "T17", MIN(5), MIN(5), MIN(15), "first RSC sent" },
	[ISUP_T18] = { "T18", SEC(15), SEC(15), SEC(60), "CGB sent" },
	[ISUP_T19] = { "T19", MIN(5), MIN(5), MIN(15), "first CGB sent" },
	[ISUP_T20] = { "T20", SEC(15), SEC(15), SEC(60), "CGU sent" },
	[ISUP_T21] = { "T21", MIN(5), MIN(5), MIN(15), "first CGU sent" },
	[ISUP_T22] = { "T22", SEC(15), SEC(15), SEC(60), "GRS sent" },
	[ISUP_T23] = { "T23", MIN(5), MIN(5), MIN(15), "first GRS sent" },
	[ISUP_T24] = { "T24", SEC(2), SEC(1), SEC(2), "check tone sent" },
	[ISUP_T25] = { "T25", SEC(5), SEC(1), SEC(10), "first continuity check failed" },
	[ISUP_T26] = { "T26", MIN(2), MIN(1), MIN(3), "repeated continuity check failed" },
	[ISUP_T27] = { "T27", MIN(4), MIN(4), MIN(4), "COT, check failed, received" },
	[ISUP_T28] = { "T28", SEC(10), SEC(10), SEC(10), "CQM sent" },
	[ISUP_T29] = { "T29", 450, 300, 600, "congestion indication while T29 does not run" },
	[ISUP_T30] = { "T30", SEC(8), SEC(5), SEC(10), "congestion indication while T29 does not run" },
	[ISUP_T31] = { "T31", MIN(6), MIN(6), MIN(60), "SCCP connection of a call released" },
	[ISUP_T32] = { "T32", SEC(4), SEC(3), SEC(5), "answer to a request for end-to-end set-up sent" },
	[ISUP_T33] = { "T33", SEC(13), SEC(12), SEC(15), "INR sent" },
	[ISUP_T34] = { "T34", SEC(3), SEC(2), SEC(4), "message that announces a segment received" },
	[ISUP_T35] = { "T35", SEC(17), SEC(15), SEC(20), "latest digit received, fewer than the largest number" },
	[ISUP_T36] = { "T36", SEC(12), SEC(10), SEC(15), "CCR received by a transit or incoming exchange" },
	[ISUP_T37] = { "T37", SEC(3), SEC(2), SEC(4), "echo control device requested" },
	[ISUP_T38] = { "T38", MIN(2), MIN(1), MIN(3), "SUS (network) sent by the incoming international exchange" },
	[ISUP_T39] = { "T39", SEC(10), SEC(4), SEC(15), "IDR sent" },
	/* ANSI T1.113.4; of TEXM each network says how long, of TCRA sources give 15 and 20 seconds */
	[ISUP_TCRM] = { "TCRM", SEC(4), SEC(3), SEC(15), "CRM sent" },
	[ISUP_TCRA] = { "TCRA", SEC(20), SEC(10), SEC(20), "CRA sent" },
	[ISUP_TEXM] = { "TEXM", SEC(1), 100, MIN(3), "incoming call passed on into another network; EXM follows" },
	[ISUP_TCVT] = { "TCVT", SEC(10), SEC(10), SEC(10), "CVT sent" },
	[ISUP_TCCR] = { "TCCR", SEC(2), SEC(2), SEC(3), "CCR sent, answered LPA" },
	[ISUP_TCCR_R] = { "TCCR-R", SEC(20), SEC(20), SEC(20), "COT, check failed, received for the first time" },
	[ISUP_TCGB] = { "TCGB", SEC(5), SEC(5), SEC(5), "CGB or CGU received for the first time" },
	[ISUP_TGRS] = { "TGRS", SEC(5), SEC(5), SEC(5), "GRS received for the first time" },
};

/* The slot of a running timer (id 0: a free slot), or -1 */
static int slot_of(const struct isup_timers *timers, uint8_t id)
{
	unsigned int i;

	for (i = 0; i < ISUP_TIMERS_MAX; i++) {
		if (timers->id[i] == id)
			return i;
	}
	return -1;
}

/* The slot that is due first, or -1 */
static int slot_first(const struct isup_timers *timers)
{
	int first = -1;
	unsigned int i;

	for (i = 0; i < ISUP_TIMERS_MAX; i++) {
		if (timers->id[i] && (first < 0 || timers->due_ms[i] < timers->due_ms[first]))
			first = i;
	}
	return first;
}

/* Times are counted from some moment at which no timer ran: what is left of the one that is due first tells what the
 * time is, on whatever clock the select loop has. */
static uint32_t now_ms(const struct isup_timers *timers)
{
	int first = slot_first(timers);
	struct timeval left;
	uint32_t left_ms;

	if (first < 0)
		return 0;
	if (osmo_timer_remaining(&timers->timer, NULL, &left) < 0)
		return timers->due_ms[first];
	left_ms = left.tv_sec * 1000 + left.tv_usec / 1000;
	return OSMO_MAX(timers->due_ms[first], left_ms) - left_ms;
}

static void schedule(struct isup_timers *timers, uint32_t now)
{
	int first = slot_first(timers);
	uint32_t ms;

	if (first < 0) {
		osmo_timer_del(&timers->timer);
		return;
	}
	ms = OSMO_MAX(timers->due_ms[first], now) - now;
	osmo_timer_schedule(&timers->timer, ms / 1000, ms % 1000 * 1000);
}

/* cb may free the object, so it comes last. */
static void timer_fired(void *data)
{
	struct isup_timers *timers = data;
	int first = slot_first(timers);
	enum isup_timer_id id;

	if (first < 0)
		return;
	id = timers->id[first];
	timers->id[first] = 0;
	schedule(timers, timers->due_ms[first]);
	timers->cb(timers->data, id);
}

void isup_timers_init(struct isup_timers *timers, isup_timer_cb *cb, void *data)
{
	memset(timers, 0, sizeof(*timers));
	osmo_timer_setup(&timers->timer, timer_fired, timers);
	timers->cb = cb;
	timers->data = data;
}

void isup_timers_start(struct isup_timers *timers, enum isup_timer_id id, uint32_t ms)
{
	uint32_t now = now_ms(timers);
	int slot = slot_of(timers, id);

	if (slot < 0)
		slot = slot_of(timers, 0);
	OSMO_ASSERT(slot >= 0);
	timers->id[slot] = id;
	timers->due_ms[slot] = now + ms;
	schedule(timers, now);
}

void isup_timers_stop(struct isup_timers *timers, enum isup_timer_id id)
{
	int slot = slot_of(timers, id);
	uint32_t now = now_ms(timers);

	if (slot < 0)
		return;
	timers->id[slot] = 0;
	schedule(timers, now);
}

void isup_timers_stop_all(struct isup_timers *timers)
{
	memset(timers->id, 0, sizeof(timers->id));
	osmo_timer_del(&timers->timer);
}

bool isup_timers_running(const struct isup_timers *timers, enum isup_timer_id id)
{
	return slot_of(timers, id) >= 0;
}

void isup_timers_for_each(const struct isup_timers *timers, isup_timer_left_cb *cb, void *data)
{
	uint32_t now = now_ms(timers);
	unsigned int i;

	for (i = 0; i < ISUP_TIMERS_MAX; i++) {
		if (timers->id[i])
			cb(timers->id[i], OSMO_MAX(timers->due_ms[i], now) - now, data);
	}
}
