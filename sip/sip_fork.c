/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The early dialogs of one INVITE of ours that a proxy forked: one is the call's, the others wait (RFC 3261 12.1.2). */

#include <osmocom/core/talloc.h>

#include "sip/sip_call.h"

/* Branches of one INVITE; what goes beyond takes the place of the oldest */
#define FORKS_MAX 16

/* An early dialog that something else was heard of than the last time */
struct sip_fork {
	struct sip_fork *next;
	struct sip_dialog dialog;
	char text[];
};

static struct sip_str tag_of(const struct sip_dialog *d)
{
	return sip_dialog_get(d, SIP_DLG_REMOTE_TAG);
}

static void fork_free(struct sip_fork **at)
{
	struct sip_fork *fork = *at;

	*at = fork->next;
	sip_dialog_unhash(&fork->dialog);
	talloc_free(fork);
}

void sip_fork_drop(struct sip_call *call)
{
	while (call->forks)
		fork_free(&call->forks);
}

unsigned int sip_fork_count(const struct sip_call *call)
{
	unsigned int n = 0;

	for (const struct sip_fork *fork = call->forks; fork; fork = fork->next)
		n++;
	return n;
}

/* The call's dialog steps aside. */
static void shelve(struct sip_call *call)
{
	struct sip_dialog *d = &call->dialog;
	struct sip_fork *fork = talloc_size(call, sizeof(*fork) + sip_dialog_size(d));

	sip_dialog_unhash(d);
	sip_dialog_copy(&fork->dialog, fork->text, d);
	sip_dialog_hash(call->sip, &fork->dialog);
	fork->next = call->forks;
	call->forks = fork;
}

/* Takes a dialog off the shelf into the call. */
static void unshelve(struct sip_call *call, struct sip_fork **at)
{
	const struct sip_dialog *from = &(*at)->dialog;
	struct sip_dialog *d = &call->dialog;
	struct sip_dialog_text text;
	int i;

	for (i = 0; i < _SIP_DLG_PARTS; i++)
		text.parts[i] = sip_dialog_get(from, i);
	sip_dialog_set_all(d, call, &text);
	d->local_cseq = from->local_cseq;
	d->remote_cseq = from->remote_cseq;
	d->has_remote_cseq = from->has_remote_cseq;
	d->rseq = from->rseq;
	d->session = from->session;
	d->offer = from->offer;
	d->note = from->note;
	fork_free(at);
	sip_dialog_unhash(d);
	sip_dialog_hash(call->sip, d);
}

static struct sip_fork **find(struct sip_call *call, struct sip_str tag)
{
	struct sip_fork **at = &call->forks;

	while (*at && !sip_str_eq(tag_of(&(*at)->dialog), tag))
		at = &(*at)->next;
	return at;
}

static void drop_oldest(struct sip_call *call)
{
	struct sip_fork **at = &call->forks;

	while ((*at)->next)
		at = &(*at)->next;
	fork_free(at);
}

/* A new one begins as the INVITE left it: its offer is out, nothing else has passed. Where its response has no Contact,
 * nothing better is known than whom the INVITE was for. */
static void begin(struct sip_call *call, const struct sip_msg *msg)
{
	struct sip_dialog *d = &call->dialog;

	sip_dialog_set(d, call, SIP_DLG_TARGET, msg->to.uri_text);
	sip_dialog_set(d, call, SIP_DLG_ROUTES, SIP_STR(""));

	d->local_cseq = call->ict->cseq;
	d->has_remote_cseq = false;
	d->rseq = 0;
	d->session = (struct sip_uuid){};
	d->note = call->invite_note;
	d->offer = call->flags & SIP_CALL_OFFERS ? SIP_OFFER_OURS_INV : SIP_OFFER_AWAITED_OF_THEM;
}

void sip_fork_select(struct sip_call *call, const struct sip_msg *msg)
{
	struct sip_dialog *d = &call->dialog;
	struct sip_fork **at;

	if (!msg->to.tag.p || !tag_of(d).len || sip_str_eq(tag_of(d), msg->to.tag))
		return;
	at = find(call, msg->to.tag);
	if (*at) {
		struct sip_fork *other = *at;

		shelve(call);
		for (at = &call->forks; *at != other; at = &(*at)->next)
			;
		unshelve(call, at);
		return;
	}
	if (sip_fork_count(call) == FORKS_MAX)
		drop_oldest(call);
	shelve(call);
	begin(call, msg);
}

void sip_fork_resume(struct sip_call *call, struct sip_str tag)
{
	struct sip_fork *fork = *find(call, tag);

	if (fork)
		sip_fork_select_dialog(call, &fork->dialog);
}

void sip_fork_select_dialog(struct sip_call *call, struct sip_dialog *d)
{
	struct sip_fork *other = container_of(d, struct sip_fork, dialog);
	struct sip_fork **at;

	if (d == &call->dialog)
		return;
	shelve(call);
	for (at = &call->forks; *at != other; at = &(*at)->next)
		;
	unshelve(call, at);
}

bool sip_fork_leave(struct sip_call *call)
{
	if (!call->forks)
		return false;
	unshelve(call, &call->forks);
	return true;
}

/* As before the first response: the next one begins a dialog. */
static void forget(struct sip_call *call, const struct sip_msg *msg)
{
	struct sip_dialog *d = &call->dialog;

	sip_dialog_unhash(d);
	begin(call, msg);
	sip_dialog_set(d, call, SIP_DLG_REMOTE_TAG, SIP_STR(""));
	sip_dialog_hash(call->sip, d);
}

void sip_fork_end(struct sip_call *call, const struct sip_msg *msg)
{
	struct sip_fork **at;

	if (!msg->to.tag.p)
		return;
	if (sip_str_eq(tag_of(&call->dialog), msg->to.tag)) {
		if (!sip_fork_leave(call))
			forget(call, msg);
		return;
	}
	at = find(call, msg->to.tag);
	if (*at)
		fork_free(at);
}

static struct sip_fork **find_hash(struct sip_call *call, uint32_t tag)
{
	struct sip_fork **at = &call->forks;

	while (*at && sip_call_hash_tag(call->sip, tag_of(&(*at)->dialog)) != tag)
		at = &(*at)->next;
	return at;
}

void sip_fork_end_shelved(struct sip_call *call, uint32_t tag)
{
	struct sip_fork **at = find_hash(call, tag);

	if (*at)
		fork_free(at);
}

bool sip_fork_lives(struct sip_call *call, uint32_t tag)
{
	return sip_call_remote_tag(call) == tag || *find_hash(call, tag);
}
