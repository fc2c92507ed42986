/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults inside the ISUP room: functions that do nothing or say something wrong, by the linker's --wrap. */
#pragma once

struct sim_room_fault {
	const char *name;
	const char *function;		/* of the room, which is what is wrong */
	unsigned int timer;		/* isup_call_start_timer() …: only this one; else 0 */
};

extern const struct sim_room_fault sim_room_faults[];	/* name NULL ends */

/* Puts one in; NULL: none */
void sim_room_fault_set(const struct sim_room_fault *fault);
