/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The select loop sleeps until a timer is due: one turn for each, instead of polling through the last millisecond. */
#include <stdio.h>

#include <osmocom/core/select.h>
#include <osmocom/core/timer.h>

#define TIMERS 20

static struct osmo_timer_list timer;
static unsigned int fired;

static void timer_cb(void *data)
{
	fired++;
	osmo_timer_schedule(&timer, 0, 2999);
}

int main(int argc, char **argv)
{
	unsigned int turns = 0;

	osmo_timer_setup(&timer, timer_cb, NULL);
	osmo_timer_schedule(&timer, 0, 2999);
	while (fired < TIMERS) {
		osmo_select_main(0);
		turns++;
	}
	printf("%u timers in %u turns\n", fired, turns);
	/* some hundreds each, if the library's own function is used */
	return turns <= 3 * TIMERS ? 0 : 1;
}
