/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An instance that begins its object is what the library at hand makes of one: a member that a later libosmocore sets
 * up would be missed without a sound. */

#include <string.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "isup/isup_fsm.h"

enum event { EV_END };

static unsigned int ended;

static void st_on(struct osmo_fsm_inst *fi, uint32_t event, void *data)
{
	osmo_fsm_inst_term(fi, OSMO_FSM_TERM_REGULAR, NULL);
}

static void cleanup(struct osmo_fsm_inst *fi, enum osmo_fsm_term_cause cause)
{
	ended++;
}

static const struct osmo_fsm_state states[] = {
	{ .name = "ON", .in_event_mask = 1 << EV_END, .out_state_mask = 1 << 0, .action = st_on },
};

static const struct value_string event_names[] = { { EV_END, "END" }, {} };

static struct osmo_fsm fsm = {
	.name = "isup_fsm_test", .states = states, .num_states = ARRAY_SIZE(states), .event_names = event_names,
	.cleanup = cleanup, .log_subsys = DLGLOBAL,
};

struct object {
	struct osmo_fsm_inst inst;
	char rest[24];
};

/* Takes out what differs, or is of this instance, once it is seen to be right. */
static void reduce(struct osmo_fsm_inst *fi, const char *what)
{
	EXPECT_INT(what, fi->fsm == &fsm && fi->timer.cb && fi->timer.data == fi, 1);
	EXPECT_INT(what, llist_empty(&fi->proc.children) && llist_empty(&fi->proc.child), 1);
	llist_del(&fi->list);
	memset(&fi->list, 0, sizeof(fi->list));
	memset(&fi->proc.children, 0, sizeof(fi->proc.children));
	memset(&fi->proc.child, 0, sizeof(fi->proc.child));
	fi->id = fi->name = NULL;
	fi->priv = fi->timer.data = NULL;
}

static void test_same(void *ctx)
{
	struct osmo_fsm_inst *theirs = osmo_fsm_inst_alloc(&fsm, ctx, NULL, LOGL_DEBUG, NULL);
	struct object *ours = isup_fsm_object(&fsm, ctx, "struct object", sizeof(*ours));

	EXPECT_INT("object", ours->inst.priv == ours, 1);
	EXPECT_STR("chunk", talloc_get_name(ours), "struct object");
	reduce(theirs, "theirs");
	reduce(&ours->inst, "ours");
	EXPECT_INT("all members are the same", memcmp(theirs, &ours->inst, sizeof(*theirs)), 0);
	talloc_free(theirs);
	talloc_free(ours);
}

static void test_life(void *ctx)
{
	size_t before = talloc_total_blocks(ctx);
	struct object *object = isup_fsm_object(&fsm, ctx, "struct object", sizeof(*object));

	object->inst.name = "an object";
	EXPECT_INT("one chunk", talloc_total_blocks(ctx), before + 1);
	EXPECT_INT("there", osmo_fsm_inst_find_by_name(&fsm, "an object") == &object->inst, 1);
	EXPECT_INT("takes events", osmo_fsm_inst_dispatch(&object->inst, EV_END, NULL), 0);
	EXPECT_INT("has ended", ended, 1);
	EXPECT_INT("nothing is left", talloc_total_blocks(ctx), before);
	EXPECT_INT("no instance", llist_empty(&fsm.instances), 1);
}

int main(void)
{
	void *ctx = talloc_named_const(NULL, 0, "isup_fsm_test");

	OSMO_ASSERT(osmo_fsm_register(&fsm) == 0);
	test_same(ctx);
	test_life(ctx);
	talloc_free(ctx);
	return expect_failures ? 1 : 0;
}
