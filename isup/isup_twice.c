/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group messages that count when they come for the second time: ANSI T1.113.4, CGB, CGU and GRS. */

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_priv.h"

/* Type, kind, range and status of the longest one */
#define OCTETS_MAX 48
/* More that came once only are a flood: the oldest is forgotten. */
#define HELD_MAX 64

/* A message that came once */
struct isup_once {
	struct llist_head entry;	/* isup_dest.onces, the oldest first */
	uint64_t until_ms;
	uint16_t cic;
	uint16_t len;
	uint8_t octets[OCTETS_MAX];
};

static uint64_t now_ms(void)
{
	struct timespec now = {};

	osmo_clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ull + now.tv_nsec / 1000000;
}

static void forget(struct isup_once *once)
{
	llist_del(&once->entry);
	talloc_free(once);
}

static enum isup_timer_id timer_of(uint8_t type)
{
	return type == ISUP_MSG_GRS ? ISUP_TGRS : ISUP_TCGB;
}

static void remember(struct isup_circuit *first, const struct isup_msg *msg)
{
	struct isup_dest *dest = first->group->dest;
	struct isup_once *once;

	if (llist_count(&dest->onces) >= HELD_MAX)
		forget(llist_first_entry(&dest->onces, struct isup_once, entry));
	once = talloc_zero(dest, struct isup_once);
	if (!once)
		return;
	once->until_ms = now_ms() + isup_group_timer_ms(first->group, timer_of(msg->type));
	once->cic = first->cic;
	once->len = msg->octets_len;
	memcpy(once->octets, msg->octets, msg->octets_len);
	llist_add_tail(&once->entry, &dest->onces);
}

/* Within TCGB or TGRS, and the same in every octet */
bool isup_twice_counts(struct isup_circuit *first, const struct isup_msg *msg)
{
	struct isup_dest *dest = first->group->dest;
	struct isup_once *once, *tmp;
	uint64_t now = now_ms();

	if (!dest->dialect->group_twice || msg->octets_len > OCTETS_MAX)
		return true;
	llist_for_each_entry_safe(once, tmp, &dest->onces, entry) {
		if (once->until_ms < now) {
			forget(once);
		} else if (once->cic == first->cic && once->len == msg->octets_len &&
			   !memcmp(once->octets, msg->octets, once->len)) {
			forget(once);
			return true;
		}
	}
	remember(first, msg);
	return false;
}

void isup_twice_for_each_timer(const struct isup_circuit *first, isup_timer_left_cb *cb, void *data)
{
	const struct isup_once *once;
	uint64_t now = now_ms();

	llist_for_each_entry(once, &first->group->dest->onces, entry) {
		if (once->cic == first->cic && once->until_ms >= now)
			cb(timer_of(once->octets[0]), once->until_ms - now, data);
	}
}

void isup_twice_tx(struct isup_circuit *first, const struct isup_msg *msg)
{
	isup_tx(first, msg);
	if (first->group->dest->dialect->group_twice)
		isup_tx(first, msg);
}
