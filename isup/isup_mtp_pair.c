/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The seam below on an in-process network of two point codes, for tests. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/msgb.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "isup_mtp.h"

struct pair;

struct pair_end {
	struct isup_mtp mtp;		/* first, see isup_mtp.h */
	struct pair *pair;
	struct pair_end *peer;
	struct llist_head rx;		/* msgb whose cb is a struct isup_mtp_label: on its way to this end */
};

struct pair {
	struct pair_end *ends[2];	/* talloc children */
	struct osmo_timer_list timer;
	bool up;
	bool told_up;			/* what the ends were told last */
};

osmo_static_assert(sizeof(struct isup_mtp_label) <= sizeof(((struct msgb *)0)->cb), label_fits_msgb_cb);

static bool deliver_one(struct pair_end *end)
{
	struct isup_mtp_label label;
	struct msgb *msg = msgb_dequeue(&end->rx);

	if (!msg)
		return false;
	memcpy(&label, msg->cb, sizeof(label));
	if (end->mtp.user_ops)
		end->mtp.user_ops->transfer_ind(end->mtp.user, &label, msgb_data(msg), msgb_length(msg));
	msgb_free(msg);
	return true;
}

static void tell_state(struct pair_end *end)
{
	const struct isup_mtp_user_ops *ops = end->mtp.user_ops;

	if (!ops)
		return;
	if (end->pair->up)
		ops->resume_ind(end->mtp.user, end->peer->mtp.own_pc);
	else
		ops->pause_ind(end->mtp.user, end->peer->mtp.own_pc);
}

static void pair_deliver(void *data)
{
	struct pair *pair = data;
	bool delivered;

	osmo_timer_del(&pair->timer);
	if (pair->told_up != pair->up) {
		pair->told_up = pair->up;
		tell_state(pair->ends[0]);
		tell_state(pair->ends[1]);
	}
	do {
		delivered = deliver_one(pair->ends[0]);
		delivered = deliver_one(pair->ends[1]) || delivered;
	} while (delivered);
}

static int pair_transfer_req(struct isup_mtp *mtp, const struct isup_mtp_label *label,
			     const uint8_t *octets, size_t len)
{
	struct pair_end *end = (struct pair_end *)mtp;
	struct msgb *msg;

	if (!end->pair->up || label->dpc != end->peer->mtp.own_pc)
		return -ENETUNREACH;
	msg = msgb_alloc_c(end->pair, len, __func__);
	memcpy(msgb_put(msg, len), octets, len);
	memcpy(msg->cb, label, sizeof(*label));
	msgb_enqueue(&end->peer->rx, msg);
	if (!osmo_timer_pending(&end->pair->timer))
		osmo_timer_schedule(&end->pair->timer, 0, 0);
	return 0;
}

static bool pair_reachable(struct isup_mtp *mtp, uint32_t pc)
{
	struct pair_end *end = (struct pair_end *)mtp;

	return end->pair->up && pc == end->peer->mtp.own_pc;
}

static const struct isup_mtp_ops pair_ops = {
	.transfer_req = pair_transfer_req,
	.reachable = pair_reachable,
};

static int pair_destructor(struct pair *pair)
{
	osmo_timer_del(&pair->timer);
	return 0;
}

static struct pair_end *end_alloc(struct pair *pair, uint32_t pc)
{
	struct pair_end *end = talloc_zero(pair, struct pair_end);

	OSMO_ASSERT(end);
	end->mtp.ops = &pair_ops;
	end->mtp.own_pc = pc;
	end->mtp.network_indicator = 2;		/* Q.704 14.2.2: national */
	end->pair = pair;
	INIT_LLIST_HEAD(&end->rx);
	return end;
}

int isup_mtp_pair_alloc(void *ctx, uint32_t pc_a, uint32_t pc_b, struct isup_mtp **a, struct isup_mtp **b)
{
	struct pair *pair = talloc_zero(ctx, struct pair);

	if (!pair)
		return -ENOMEM;
	talloc_set_destructor(pair, pair_destructor);
	osmo_timer_setup(&pair->timer, pair_deliver, pair);
	pair->ends[0] = end_alloc(pair, pc_a);
	pair->ends[1] = end_alloc(pair, pc_b);
	pair->ends[0]->peer = pair->ends[1];
	pair->ends[1]->peer = pair->ends[0];
	pair->up = true;
	pair->told_up = true;
	*a = &pair->ends[0]->mtp;
	*b = &pair->ends[1]->mtp;
	return 0;
}

void isup_mtp_pair_run(struct isup_mtp *either)
{
	pair_deliver(((struct pair_end *)either)->pair);
}

void isup_mtp_pair_set_up(struct isup_mtp *either, bool up)
{
	struct pair *pair = ((struct pair_end *)either)->pair;
	struct msgb *msg;
	unsigned int i;

	pair->up = up;
	for (i = 0; !up && i < ARRAY_SIZE(pair->ends); i++) {
		while ((msg = msgb_dequeue(&pair->ends[i]->rx)))
			msgb_free(msg);
	}
	osmo_timer_schedule(&pair->timer, 0, 0);
}
