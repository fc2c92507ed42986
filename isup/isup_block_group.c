/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocking and unblocking of circuits by us with group messages, Q.764 2.8.2.2: CGB and CGU until acknowledged. */

#include <errno.h>

#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_priv.h"
#include "isup_repeat.h"

/* One CGB or CGU that is not acknowledged */
struct isup_block_group {
	struct isup_repeat repeat;	/* first */
	struct llist_head entry;	/* isup_dest.block_groups */
	enum isup_block_kind kind;
	bool block;			/* CGB; else CGU */
	struct isup_range_status rs;	/* bits of circuits that go their own way later are cleared */
};

static const struct isup_repeat_kind msgs[] = {
	[false] = { ISUP_MSG_CGU, ISUP_T20, ISUP_T21, ISUP_ALARM_GROUP_UNBLOCK },
	[true] = { ISUP_MSG_CGB, ISUP_T18, ISUP_T19, ISUP_ALARM_GROUP_BLOCK },
};

static const char *const kind_names[] = {
	[ISUP_BLOCK_MAINTENANCE] = "maintenance oriented",
	[ISUP_BLOCK_HARDWARE] = "hardware failure oriented",
};

static bool status_bit(const struct isup_range_status *rs, unsigned int i)
{
	return rs->status[i / 8] & (1 << (i % 8));
}

static unsigned int count_bits(const struct isup_range_status *rs)
{
	unsigned int i, n = 0;

	for (i = 0; i <= rs->range; i++)
		n += status_bit(rs, i);
	return n;
}

/* ---- The message ---- */

static void send(struct isup_repeat *repeat)
{
	struct isup_block_group *bg = (struct isup_block_group *)repeat;
	uint8_t kind = bg->kind;
	struct isup_msg msg;

	isup_msg_init(&msg, repeat->group->cfg.dialect, repeat->kind->msg_type);
	isup_msg_put_octets(&msg, ISUP_PAR_CGS_MESSAGE_TYPE, &kind, 1);
	isup_msg_put(&msg, ISUP_PAR_RANGE_AND_STATUS, &bg->rs);
	isup_twice_tx(isup_dest_circuit(repeat->group->dest, repeat->first), &msg);
}

static void cleanup(struct isup_repeat *repeat)
{
	llist_del(&((struct isup_block_group *)repeat)->entry);
}

static const struct isup_repeat_ops ops = { .name = "block_group-", .send = send, .cleanup = cleanup };

/* Q.764 2.8.2.3: maintenance is told where the acknowledgement is not of what was asked. */
static void acked(struct isup_block_group *bg, const struct isup_range_status *rs)
{
	unsigned int i, missing = 0, unasked = 0;

	for (i = 0; i <= rs->range; i++) {
		missing += status_bit(&bg->rs, i) && !status_bit(rs, i);
		unasked += !status_bit(&bg->rs, i) && status_bit(rs, i);
	}
	if (missing || unasked)
		LOGP(DISUPCIRC, LOGL_NOTICE, "maintenance: %s/%u: %s, %s: %u circuits not acknowledged, "
		     "%u acknowledged that were not asked for\n", bg->repeat.group->name, bg->repeat.first,
		     bg->block ? "CGB" : "CGU", kind_names[bg->kind], missing, unasked);
	isup_repeat_end(&bg->repeat);
}

/* ---- What is under way ---- */

static struct isup_block_group *find_of(const struct isup_circuit *circuit, enum isup_block_kind kind)
{
	struct isup_block_group *bg;

	llist_for_each_entry(bg, &circuit->group->dest->block_groups, entry) {
		if (bg->kind == kind && circuit->cic >= bg->repeat.first &&
		    circuit->cic <= bg->repeat.first + bg->rs.range &&
		    status_bit(&bg->rs, circuit->cic - bg->repeat.first))
			return bg;
	}
	return NULL;
}

struct isup_repeat *isup_block_group_repeat(const struct isup_circuit *circuit, enum isup_block_kind kind)
{
	struct isup_block_group *bg = find_of(circuit, kind);

	return bg ? &bg->repeat : NULL;
}

bool isup_block_group_pending(const struct isup_circuit *circuit, enum isup_block_kind kind)
{
	return find_of(circuit, kind);
}

void isup_block_group_withdraw(struct isup_circuit *circuit, enum isup_block_kind kind)
{
	struct isup_block_group *bg;
	unsigned int i;

	while ((bg = find_of(circuit, kind))) {
		i = circuit->cic - bg->repeat.first;
		bg->rs.status[i / 8] &= ~(1 << (i % 8));
		if (!count_bits(&bg->rs))
			isup_repeat_end(&bg->repeat);
	}
}

void isup_block_group_cancel_all(struct isup_dest *dest, const struct isup_group *group)
{
	struct isup_block_group *bg, *tmp;

	llist_for_each_entry_safe(bg, tmp, &dest->block_groups, entry) {
		if (!group || bg->repeat.group == group)
			isup_repeat_end(&bg->repeat);
	}
}

/* All that it says waits for its turn: it may have begun with a bit of 0 only. */
static void say_later(struct isup_block_group *bg)
{
	struct isup_dest *dest = bg->repeat.group->dest;
	const struct isup_range_status rs = bg->rs;
	enum isup_block_kind kind = bg->kind;
	unsigned int i, first = bg->repeat.first;

	isup_repeat_end(&bg->repeat);
	for (i = 0; i <= rs.range; i++) {
		if (status_bit(&rs, i))
			isup_circuit_tell(isup_dest_circuit(dest, first + i), kind, true);
	}
}

void isup_block_group_shorten(struct isup_dest *dest)
{
	struct isup_block_group *bg, *tmp;

	llist_for_each_entry_safe(bg, tmp, &dest->block_groups, entry) {
		if (bg->rs.range > dest->dialect->range_max || count_bits(&bg->rs) > dest->dialect->status_max)
			say_later(bg);
	}
}

/* ---- Start ---- */

/* What is to be said of a run of circuits */
struct say {
	struct isup_dest *dest;
	enum isup_block_kind kind;
	bool block;
	/* Called once for each circuit: is it one of those that the message is about? */
	bool (*is_one)(struct isup_circuit *circuit, const struct say *say);
	const struct isup_range_status *said;	/* of what is to be contradicted */
	uint16_t said_first;
};

/* Q.763 3.43: range 0 is reserved, so a circuit on its own takes a neighbour in, whose bit is 0. */
static uint16_t widen(const struct isup_circuit *circuit, struct isup_range_status *rs)
{
	const struct isup_dest *dest = circuit->group->dest;
	const struct isup_circuit *next = isup_dest_circuit(dest, circuit->cic + 1);
	const struct isup_circuit *prev = circuit->cic ? isup_dest_circuit(dest, circuit->cic - 1) : NULL;
	bool back = (!next || next->group != circuit->group) && prev && prev->group == circuit->group;

	rs->range = 1;
	rs->status[0] = back ? 2 : 1;
	return circuit->cic - back;
}

static void start(const struct say *say, struct isup_circuit *circuit, struct isup_range_status *rs)
{
	uint16_t first = rs->range ? circuit->cic : widen(circuit, rs);
	struct isup_block_group *bg;

	bg = isup_repeat_alloc(isup_dest_circuit(say->dest, first), sizeof(*bg), &ops);
	if (!bg)
		return;
	bg->kind = say->kind;
	bg->block = say->block;
	bg->rs = *rs;
	bg->rs.n_status = (rs->range + 8) / 8;
	bg->repeat.n = rs->range + 1;
	llist_add_tail(&bg->entry, &say->dest->block_groups);
	isup_repeat_start(&bg->repeat, &msgs[bg->block]);
}

/* A group message for the run that begins with this circuit: of its group, without a gap, not longer than a message
 * may cover. Returns where to go on. */
static unsigned int say_run(const struct say *say, struct isup_circuit *first, unsigned int last)
{
	const struct isup_dialect *dialect = say->dest->dialect;
	struct isup_range_status rs = { .status = { 1 } };
	struct isup_circuit *circuit;
	unsigned int i, n = 1;

	for (i = 1; i <= dialect->range_max && n < dialect->status_max && first->cic + i <= last; i++) {
		circuit = isup_dest_circuit(say->dest, first->cic + i);
		if (!circuit || circuit->group != first->group)
			break;
		if (!say->is_one(circuit, say))
			continue;
		rs.status[i / 8] |= 1 << (i % 8);
		rs.range = i;
		n++;
	}
	/* One circuit only: it has a message of its own, but not for hardware failures. */
	if (!rs.range && say->kind == ISUP_BLOCK_MAINTENANCE)
		isup_block_start(first);
	else
		start(say, first, &rs);
	return first->cic + i;
}

static void say_range(const struct say *say, unsigned int first, unsigned int last)
{
	struct isup_circuit *circuit;
	unsigned int cic = first;

	while (cic <= last) {
		circuit = isup_dest_circuit(say->dest, cic);
		if (circuit && say->is_one(circuit, say))
			cic = say_run(say, circuit, last);
		else
			cic++;
	}
}

static bool wish(const struct isup_circuit *circuit, enum isup_block_kind kind)
{
	return kind == ISUP_BLOCK_HARDWARE ? circuit->local_failed : circuit->local_blocked;
}

/* For one reason more, or less. Does that change anything? */
static bool set_failed(struct isup_circuit *circuit, enum isup_failure why, bool failed)
{
	bool before = circuit->local_failed;

	circuit->local_failed = failed ? circuit->local_failed | why : circuit->local_failed & ~why;
	return before == !circuit->local_failed;
}

/* What an operator wants. Does that change anything? */
static bool set_wish(struct isup_circuit *circuit, enum isup_block_kind kind, bool block)
{
	if (kind == ISUP_BLOCK_HARDWARE)
		return set_failed(circuit, ISUP_FAILURE_OPERATOR, block);
	if (circuit->local_blocked == block)
		return false;
	circuit->local_blocked = block;
	return true;
}

static void withdraw_all(struct isup_circuit *circuit, enum isup_block_kind kind)
{
	isup_block_group_withdraw(circuit, kind);
	if (kind == ISUP_BLOCK_MAINTENANCE)
		isup_block_cancel_single(circuit);
	isup_circuit_tell(circuit, kind, false);
}

/* ---- What waited for its turn ---- */

static bool waits(struct isup_circuit *circuit, const struct say *say)
{
	if (!(circuit->tell & 1 << say->kind) || wish(circuit, say->kind) != say->block)
		return false;
	withdraw_all(circuit, say->kind);
	return true;
}

void isup_block_say(struct isup_circuit *circuit)
{
	struct say say = { .dest = circuit->group->dest, .is_one = waits };

	say.kind = circuit->tell & 1 << ISUP_BLOCK_MAINTENANCE ? ISUP_BLOCK_MAINTENANCE : ISUP_BLOCK_HARDWARE;
	say.block = wish(circuit, say.kind);
	if (waits(circuit, &say))
		say_run(&say, circuit, circuit->cic + say.dest->dialect->range_max);
}

/* ---- What is blocked here is said again ---- */

static bool is_blocked_here(struct isup_circuit *circuit, const struct say *say)
{
	if (!wish(circuit, say->kind) || circuit->unequipped)
		return false;
	withdraw_all(circuit, say->kind);
	return true;
}

void isup_block_again(struct isup_circuit *first, unsigned int n)
{
	struct say say = { .dest = first->group->dest, .block = true, .is_one = is_blocked_here };

	for (say.kind = ISUP_BLOCK_MAINTENANCE; say.kind <= ISUP_BLOCK_HARDWARE; say.kind++)
		say_range(&say, first->cic, first->cic + n - 1);
}

void isup_block_again_failed(struct isup_circuit *first, unsigned int n)
{
	struct say say = { .dest = first->group->dest, .kind = ISUP_BLOCK_HARDWARE, .block = true,
			   .is_one = is_blocked_here };

	say_range(&say, first->cic, first->cic + n - 1);
}

/* ---- Acknowledgements ---- */

static bool may_repeat(const struct isup_circuit *circuit, enum isup_block_kind kind)
{
	if (circuit->unequipped || circuit->reset || circuit->needs_reset || circuit->tell & 1 << kind)
		return false;
	return !isup_block_group_pending(circuit, kind) && (kind != ISUP_BLOCK_MAINTENANCE || !circuit->block);
}

static bool is_contradicted(struct isup_circuit *circuit, const struct say *say)
{
	return status_bit(say->said, circuit->cic - say->said_first) && wish(circuit, say->kind) == say->block &&
	       may_repeat(circuit, say->kind);
}

/* Not while that is being done: a far end that answers wrongly would be answered for ever. */
void isup_block_contradict(struct isup_circuit *first, enum isup_block_kind kind, bool said,
			   const struct isup_range_status *rs)
{
	struct say say = { .dest = first->group->dest, .kind = kind, .block = !said, .said = rs,
			   .said_first = first->cic, .is_one = is_contradicted };

	say_range(&say, first->cic, first->cic + rs->range);
}

/* Q.764 2.8.2.3: an acknowledgement that nobody waits for is no harm where it says what is so, else contradicted. */
bool isup_block_group_acked(struct isup_circuit *first, enum isup_block_kind kind, bool block,
			    const struct isup_range_status *rs)
{
	struct isup_block_group *bg;

	llist_for_each_entry(bg, &first->group->dest->block_groups, entry) {
		if (bg->kind == kind && bg->block == block && bg->repeat.first == first->cic &&
		    bg->rs.range == rs->range) {
			acked(bg, rs);
			return true;
		}
	}
	isup_block_contradict(first, kind, block, rs);
	return false;
}

/* ---- Maintenance ---- */

/* Q.764 2.8.2.2: a hardware failure ends the call at once, at both ends, without REL. Where the far end cannot be told,
 * the bring-up does so. */
static void end_call(struct isup_circuit *circuit)
{
	if (!circuit->call)
		return;
	if (circuit->group->dest->state != ISUP_DEST_AVAILABLE)
		isup_circuit_needs_reset(circuit);
	isup_call_reset_by_us(circuit->call);
}

/* A hardware failure, or its end, is said in its turn, or by the reset of the bring-up. */
static void tell_failed(struct isup_circuit *circuit)
{
	if (circuit->reset || circuit->unequipped)
		return;
	if (circuit->group->dest->state == ISUP_DEST_AVAILABLE || circuit->call)
		isup_circuit_tell(circuit, ISUP_BLOCK_HARDWARE, true);
	else
		isup_circuit_needs_reset(circuit);
}

/* Takes the wish down. It is said in its turn; in the bring-up, and after a reset, then. */
static bool take_wish(struct isup_circuit *circuit, const struct say *say)
{
	bool up = say->dest->state == ISUP_DEST_AVAILABLE;

	if (!set_wish(circuit, say->kind, say->block))
		return false;
	withdraw_all(circuit, say->kind);
	if (say->block && say->kind == ISUP_BLOCK_HARDWARE)
		end_call(circuit);
	isup_circuit_update(circuit);
	circuit->tell_block |= say->kind == ISUP_BLOCK_MAINTENANCE && !up;
	if (say->kind == ISUP_BLOCK_HARDWARE)
		tell_failed(circuit);
	else if (up && !circuit->reset && !circuit->unequipped)
		isup_circuit_tell(circuit, say->kind, true);
	return false;
}

/* Those from first to last that are configured; their number, or -ENOENT */
static int say_configured(struct isup_group *group, unsigned int first, unsigned int last, struct say *say)
{
	const struct isup_range *range;
	int n = 0;

	if (!group->dest)
		return -ENOENT;
	llist_for_each_entry(range, &group->ranges, entry) {
		unsigned int from = OSMO_MAX(first, range->first);
		unsigned int to = OSMO_MIN(last, range->last);

		if (from > to)
			continue;
		say_range(say, from, to);
		n += to - from + 1;
	}
	return n ? n : -ENOENT;
}

/* ---- Bearers ---- */

static bool lose_bearer(struct isup_circuit *circuit, const struct say *say)
{
	if (!set_failed(circuit, ISUP_FAILURE_BEARER, true))
		return false;
	withdraw_all(circuit, say->kind);
	end_call(circuit);
	isup_circuit_update(circuit);
	tell_failed(circuit);
	return false;
}

/* The reset takes the far end's mark of the blocking away (Q.764 2.9.3), also one that is under way. */
static bool regain_bearer(struct isup_circuit *circuit, const struct say *say)
{
	if (!set_failed(circuit, ISUP_FAILURE_BEARER, false))
		return false;
	withdraw_all(circuit, say->kind);
	if (!circuit->reset)
		isup_circuit_needs_reset(circuit);
	return false;
}

static int for_bearers(struct isup_group *group, uint16_t first, uint16_t last, bool lost)
{
	struct say say = { .dest = group->dest, .kind = ISUP_BLOCK_HARDWARE, .block = lost,
			   .is_one = lost ? lose_bearer : regain_bearer };
	int n = say_configured(group, first, last, &say);

	if (group->dest)
		LOGP(DISUPCIRC, LOGL_NOTICE, "maintenance: %s: bearers of %d circuits from %u to %u %s\n", group->name,
		     OSMO_MAX(n, 0), first, last, lost ? "lost" : "back");
	return n;
}

int isup_bearers_lost(struct isup_group *group, uint16_t first, uint16_t last)
{
	return for_bearers(group, first, last, true);
}

int isup_bearers_back(struct isup_group *group, uint16_t first, uint16_t last)
{
	return for_bearers(group, first, last, false);
}

/* ---- What an operator wants ---- */

int isup_group_block(struct isup_group *group, uint16_t first, uint16_t last, enum isup_block_kind kind, bool block)
{
	struct say say = { .dest = group->dest, .kind = kind, .block = block, .is_one = take_wish };

	return say_configured(group, first, last, &say);
}
