/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Continuity checks of the simulated exchange, which has no circuits to send a tone on: their outcome is configured. */
#pragma once

#include <stdbool.h>

struct isup;

/* What a check of ours comes to (tone), and whether a loop can be connected for one of the far end */
struct sim_bearer {
	bool tone_lost, loop_fails;
};

void sim_bearer_init(struct isup *isup, struct sim_bearer *bearer);
