/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the select loop sleeps until the next timer: whole milliseconds, rounded up. */

#include <osmocom/core/timer.h>

/* Takes the place of libosmocore's function in a program that links this file. That one (1.7.0) rounds down, so the
 * loop polls with 0 through the last millisecond before every timer: some 0.4 ms of CPU each, far more than a call
 * costs, and a call has several. */
int osmo_timers_nearest_ms(void)
{
	const struct timeval *nearest = osmo_timers_nearest();

	return nearest ? nearest->tv_sec * 1000 + (nearest->tv_usec + 999) / 1000 : -1;
}
