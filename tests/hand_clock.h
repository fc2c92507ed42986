/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: the clock of timers, which stands still but for what it is moved by hand. */
#pragma once

#include <stdint.h>

#include <osmocom/core/timer.h>
#include <osmocom/core/timer_compat.h>

/* Two clocks: releases of libosmocore differ in which of them is that of timers. */
static inline void hand_clock_start(void)
{
	osmo_clock_override_enable(CLOCK_MONOTONIC, true);
	osmo_clock_override_gettimespec(CLOCK_MONOTONIC)->tv_sec = 1000;
	osmo_gettimeofday_override = true;
	osmo_gettimeofday_override_time.tv_sec = 1000;
}

static inline void hand_clock_move_us(uint64_t us)
{
	osmo_clock_override_add(CLOCK_MONOTONIC, us / 1000000, us % 1000000 * 1000);
	osmo_gettimeofday_override_add(us / 1000000, us % 1000000);
}

static inline void hand_clock_move(unsigned int ms)
{
	hand_clock_move_us(ms * 1000ull);
}
