/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An instance of one of the room's state machines, with the object that it is of, both for a circuit. */

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_fsm.h"
#include "isup_priv.h"

/* The library's own: it can only be had of an instance that the library has made. */
static void (*library_timer_cb(struct osmo_fsm *fsm))(void *data)
{
	static void (*cb)(void *data);
	struct osmo_fsm_inst *fi;

	if (!cb && (fi = osmo_fsm_inst_alloc(fsm, NULL, NULL, LOGL_DEBUG, NULL))) {
		cb = fi->timer.cb;
		osmo_fsm_inst_free(fi);
	}
	return cb;
}

/* A call needs two of them: as the library makes them, each is four chunks, and its name is printed twice. */
void *isup_fsm_object(struct osmo_fsm *fsm, void *ctx, const char *type, size_t size)
{
	void (*timer_cb)(void *data) = library_timer_cb(fsm);
	struct osmo_fsm_inst *fi = timer_cb ? talloc_zero_size(ctx, size) : NULL;

	if (!fi)
		return NULL;
	talloc_set_name_const(fi, type);
	fi->fsm = fsm;
	fi->priv = fi;
	fi->log_level = LOGL_DEBUG;
	fi->name = type;
	osmo_timer_setup(&fi->timer, timer_cb, fi);
	INIT_LLIST_HEAD(&fi->proc.children);
	INIT_LLIST_HEAD(&fi->proc.child);
	llist_add(&fi->list, &fsm->instances);
	return fi;
}

/* Without printf: there is one for each call. */
static void put_cic(char *p, uint16_t cic)
{
	unsigned int scale = 10000;

	*p++ = '/';
	while (scale > 1 && scale > cic)
		scale /= 10;
	for (; scale; scale /= 10)
		*p++ = '0' + cic / scale % 10;
}

void *isup_fsm_alloc(struct osmo_fsm *fsm, const char *prefix, const struct isup_circuit *circuit, const char *type,
		     size_t size)
{
	size_t prefix_len = strlen(prefix), group_len = strlen(circuit->group->name);
	size_t name_len = prefix_len + group_len + sizeof("/65535");
	char *object = isup_fsm_object(fsm, circuit->group->isup, type, size + name_len);
	char *name = object + size;

	if (!object)
		return NULL;
	memcpy(name, prefix, prefix_len);
	memcpy(name + prefix_len, circuit->group->name, group_len);
	put_cic(name + prefix_len + group_len, circuit->cic);
	((struct osmo_fsm_inst *)object)->name = name;
	return object;
}
