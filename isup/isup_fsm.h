/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An instance of a state machine and the object that it is of, in one piece of memory. */
#pragma once

#include <stddef.h>

#include <osmocom/core/fsm.h>

/* An object of size octets, zeroed, that begins with its instance, as osmo_fsm_inst_alloc() makes it: one talloc chunk,
 * named as type says. Its priv is the object; its name is for the caller to set, to text of the object's own. Ended as
 * any other, by osmo_fsm_inst_term(). NULL where there is no memory. */
void *isup_fsm_object(struct osmo_fsm *fsm, void *ctx, const char *type, size_t size);
