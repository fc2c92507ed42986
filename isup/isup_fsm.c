/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An instance of one of the room's state machines, with the object that it is of, both for a circuit. */

#include <stdio.h>

#include <osmocom/core/fsm.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_priv.h"

void *isup_fsm_alloc(struct osmo_fsm *fsm, const char *prefix, const struct isup_circuit *circuit, const char *type,
		     size_t size, struct osmo_fsm_inst **fi)
{
	char id[64];

	snprintf(id, sizeof(id), "%s%s-%u", prefix, circuit->group->name, circuit->cic);
	osmo_identifier_sanitize_buf(id, NULL, '_');
	*fi = osmo_fsm_inst_alloc(fsm, circuit->group->isup, NULL, LOGL_DEBUG, id);
	if (!*fi)
		return NULL;
	(*fi)->priv = talloc_zero_size(*fi, size);
	if (!(*fi)->priv) {
		osmo_fsm_inst_free(*fi);
		return NULL;
	}
	talloc_set_name_const((*fi)->priv, type);
	return (*fi)->priv;
}
