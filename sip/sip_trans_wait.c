/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The timer of a transaction's state. Nearly all are of two lengths, 64*T1 and T4, and at 1,000 calls a second tens of
 * thousands run: those of one length are a list in the order in which they end, with one timer of the select loop. */

#include <osmocom/core/talloc.h>

#include "sip/sip_conn.h"
#include "sip/sip_trans.h"

/* Many that end one after the other share their turns of the select loop: none is later than by this. */
#define TURN_MS 20

struct sip_trans_queue {
	struct llist_head entry;	/* of sip->trans_queues */
	unsigned int ms;
	struct llist_head waiting;	/* struct sip_trans */
	struct osmo_timer_list timer;	/* runs as long as the queue is there */
};

static void schedule(struct sip_trans_queue *queue, uint64_t ms)
{
	osmo_timer_schedule(&queue->timer, ms / 1000, ms % 1000 * 1000);
}

/* What osmo_fsm does at the end of its own timer */
static void end_wait(struct sip_trans *trans)
{
	sip_trans_wait_stop(trans);
	if (trans->fi->fsm->timer_cb(trans->fi) == 1)
		osmo_fsm_inst_term(trans->fi, OSMO_FSM_TERM_TIMEOUT, NULL);
}

static void queue_timer_cb(void *data)
{
	struct sip_trans_queue *queue = data;
	uint64_t now = sip_conn_now_ms();
	struct sip_trans *first;

	while ((first = llist_first_entry_or_null(&queue->waiting, struct sip_trans, wait))) {
		if (first->wait_end_ms > now) {
			schedule(queue, OSMO_MAX(first->wait_end_ms - now, TURN_MS));
			return;
		}
		end_wait(first);
	}
	talloc_free(queue);
}

static int queue_destroy(struct sip_trans_queue *queue)
{
	osmo_timer_del(&queue->timer);
	llist_del(&queue->entry);
	return 0;
}

static struct sip_trans_queue *queue_of(struct sip *sip, unsigned int ms)
{
	struct sip_trans_queue *queue;

	llist_for_each_entry(queue, &sip->trans_queues, entry) {
		if (queue->ms == ms)
			return queue;
	}
	queue = talloc_zero(sip, struct sip_trans_queue);
	OSMO_ASSERT(queue);
	queue->ms = ms;
	INIT_LLIST_HEAD(&queue->waiting);
	osmo_timer_setup(&queue->timer, queue_timer_cb, queue);
	talloc_set_destructor(queue, queue_destroy);
	llist_add_tail(&queue->entry, &sip->trans_queues);
	schedule(queue, ms);
	return queue;
}

void sip_trans_wait(struct sip_trans *trans, unsigned int ms)
{
	sip_trans_wait_stop(trans);
	trans->wait_end_ms = sip_conn_now_ms() + ms;
	llist_add_tail(&trans->wait, &queue_of(trans->sip, ms)->waiting);
}

/* The queue's timer goes on: for others, or to end the queue. */
void sip_trans_wait_stop(struct sip_trans *trans)
{
	if (trans->wait_end_ms)
		llist_del(&trans->wait);
	trans->wait_end_ms = 0;
}

void sip_trans_state_chg(struct sip_trans *trans, uint32_t state, unsigned int ms, int T)
{
	sip_trans_wait_stop(trans);
	osmo_fsm_inst_state_chg(trans->fi, state, 0, T);
	if (ms)
		sip_trans_wait(trans, ms);
}

void sip_trans_state_chg_keep_timer(struct sip_trans *trans, uint32_t state)
{
	osmo_fsm_inst_state_chg(trans->fi, state, 0, trans->fi->T);
}
