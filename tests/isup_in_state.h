/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For ISUP tests: brings a call of A's, on circuit 1, into any state of call processing control. */
#pragma once

#include "isup/isup_call.h"

#include "isup_two.h"

/* Two ends are up, with circuits 1 and 2. What is set for that in A's configuration, and end.keep, stays. */
struct isup_call *call_in_state(enum isup_cpc_state state);
struct isup_circuit *circuit_1(const struct end *end);
