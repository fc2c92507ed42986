/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fake ISUP room: the functions of isup.h that mapping calls, for link time. */
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "fakes.h"
#include "isup/isup_dialect.h"

struct isup_group {
	struct llist_head entry;
	const char *name;
	uint8_t cause;
	unsigned int priority;		/* seized so often with priority */
	uint16_t next_cic;
	struct map_end_cfg cfg;
};

struct isup_call {
	struct llist_head entry;
	struct isup_group *group;
	void *user;
	uint16_t cic;
	char name[32];
	bool outgoing, iam, acm, answered;
	bool backward;		/* outgoing: a backward message has come */
	bool ended;		/* by REL or isup_call_done(): must not be used any more */
	bool last_ind;		/* REL or FAILED has been indicated */
};

static LLIST_HEAD(groups);
static LLIST_HEAD(calls);

/* ---- the world ---- */

void fake_isup_finish(void)
{
	struct isup_call *call;

	llist_for_each_entry(call, &calls, entry)
		if (!call->ended)
			fake_die("call on %s was not given back", call->name);
	INIT_LLIST_HEAD(&calls);
	INIT_LLIST_HEAD(&groups);
}

const struct isup_dialect *fake_dialect = &isup_dialect_itu;

struct isup_group *fake_group(const char *name)
{
	struct isup_group *group = isup_group_find(NULL, name);

	if (group)
		return group;
	group = talloc_zero(fake_ctx, struct isup_group);
	group->name = talloc_strdup(group, name);
	group->next_cic = 1;
	llist_add_tail(&group->entry, &groups);
	return group;
}

void fake_group_set_cause(const char *name, uint8_t cause)
{
	fake_group(name)->cause = cause;
}

struct map_end_cfg *fake_group_cfg(const char *name)
{
	return &fake_group(name)->cfg;
}

static struct isup_call *call_alloc(struct isup_group *group, void *user, bool outgoing)
{
	struct isup_call *call = talloc_zero(fake_ctx, struct isup_call);

	call->group = group;
	call->user = user;
	call->outgoing = outgoing;
	call->cic = group->next_cic++;
	snprintf(call->name, sizeof(call->name), "%s/%u", group->name, call->cic);
	llist_add(&call->entry, &calls);
	return call;
}

/* ---- up ---- */

int fake_isup_ind(const char *group, const char *text, bool failed, char *err, size_t err_size)
{
	struct isup_prim prim = { .type = failed ? ISUP_PRIM_FAILED : ISUP_PRIM_MSG, .op = PRIM_OP_INDICATION };
	struct isup_call *call = llist_first_entry_or_null(&calls, struct isup_call, entry);
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	struct isup_msg scanned, msg;
	int len;

	if (isup_msg_scan(&scanned, fake_dialect, text, err, err_size) < 0)
		return -1;
	len = isup_msg_encode(&scanned, octets, sizeof(octets));
	if (len < 0 || isup_msg_decode(&msg, fake_dialect, octets, len, NULL) < 0) {
		snprintf(err, err_size, "cannot be encoded");
		return -1;
	}
	if (msg.type == ISUP_MSG_IAM)
		call = call_alloc(fake_group(group), &fake_m->newcomer, false);
	if (!call || call->ended || call->last_ind)
		return FAKE_KEPT;
	msg.cic = call->cic;
	prim.msg = &msg;
	call->last_ind = failed || msg.type == ISUP_MSG_REL;
	/* before its IAM it answers nothing */
	call->backward |= call->iam && (msg.type == ISUP_MSG_ACM || msg.type == ISUP_MSG_CON ||
					msg.type == ISUP_MSG_ANM);
	call->answered |= call->iam && (msg.type == ISUP_MSG_ANM || msg.type == ISUP_MSG_CON);
	mapping_isup_cb(call, &prim, call->user);
	/* the octets were borrowed */
	memset(octets, 0xee, sizeof(octets));
	return FAKE_DELIVERED;
}

/* ---- down: isup.h ---- */

struct isup_call *isup_call_seize(struct isup_group *group, void *user, uint8_t *cause)
{
	if (group->cause) {
		*cause = group->cause;
		return NULL;
	}
	return call_alloc(group, user, true);
}

struct isup_call *isup_call_seize_priority(struct isup_group *group, void *user, uint8_t *cause)
{
	group->priority++;
	return isup_call_seize(group, user, cause);
}

unsigned int fake_group_priority(const char *name)
{
	return fake_group(name)->priority;
}

static void check_alive(const struct isup_call *call, const char *what)
{
	if (call->ended)
		fake_die("%s on %s, which is over", what, call->name);
}

/* The order of a call's messages towards the exchange */
void isup_call_user_answers(struct isup_call *call)
{
}

static bool order_is_good(const struct isup_call *call, uint8_t type)
{
	if (call->last_ind)
		return false;
	switch (type) {
	case ISUP_MSG_SAM:
		return call->outgoing && call->iam && !call->backward;
	case ISUP_MSG_IAM:
		return call->outgoing && !call->iam;
	case ISUP_MSG_COT:
		return call->outgoing && call->iam;
	case ISUP_MSG_ACM:
		return !call->outgoing && !call->acm && !call->answered;
	case ISUP_MSG_SUS:
	case ISUP_MSG_RES:
		return call->answered;
	case ISUP_MSG_CPG:
		return call->answered || call->acm || call->backward;
	case ISUP_MSG_ANM:
		return !call->outgoing && (call->acm || fake_dialect->anm_without_acm) && !call->answered;
	case ISUP_MSG_CON:
		return !call->outgoing && !call->acm && !call->answered;
	case ISUP_MSG_REL:
		return !call->outgoing || call->iam;
	case ISUP_MSG_RSC:
	case ISUP_MSG_RLC:
		return false;
	default:
		return !call->outgoing || call->iam;
	}
}

int isup_call_req(struct isup_call *call, const struct isup_msg *msg)
{
	check_alive(call, "isup_call_req()");
	if (!order_is_good(call, msg->type))
		fake_die("message of type 0x%02x out of order on %s", msg->type, call->name);
	call->iam |= msg->type == ISUP_MSG_IAM;
	call->acm |= msg->type == ISUP_MSG_ACM;
	call->answered |= msg->type == ISUP_MSG_ANM || msg->type == ISUP_MSG_CON;
	call->ended = msg->type == ISUP_MSG_REL;
	fake_note_isup(msg, call->cic);
	return 0;
}

void isup_call_release(struct isup_call *call, uint8_t cause_value, uint8_t location)
{
	struct isup_msg rel;

	check_alive(call, "isup_call_release()");
	if (call->last_ind)
		fake_die("isup_call_release() after the last indication on %s", call->name);
	call->ended = true;
	if (call->outgoing && !call->iam)
		return;
	isup_msg_init_cause(&rel, fake_dialect, ISUP_MSG_REL, cause_value, location);
	fake_note_isup(&rel, call->cic);
}

void isup_call_done(struct isup_call *call)
{
	check_alive(call, "isup_call_done()");
	if (!call->last_ind)
		fake_die("isup_call_done() before REL or FAILED on %s", call->name);
	if (fake_media_is_traced())
		fake_note(FAKE_MEDIA, "circuit free");
	call->ended = true;
}

bool isup_call_allows(const struct isup_call *call, uint8_t type)
{
	check_alive(call, "isup_call_allows()");
	return isup_msg_def(fake_dialect, type) && order_is_good(call, type);
}

void isup_call_set_user(struct isup_call *call, void *user)
{
	check_alive(call, "isup_call_set_user()");
	call->user = user;
}

const struct isup_dialect *isup_call_dialect(const struct isup_call *call)
{
	return fake_dialect;
}

struct isup_group *isup_call_group(const struct isup_call *call)
{
	check_alive(call, "isup_call_group()");
	return call->group;
}

uint16_t isup_call_cic(const struct isup_call *call)
{
	check_alive(call, "isup_call_cic()");
	return call->cic;
}

const char *isup_call_name(const struct isup_call *call)
{
	return call->name;
}

struct isup_group *isup_group_find(struct isup *isup, const char *name)
{
	struct isup_group *group;

	llist_for_each_entry(group, &groups, entry)
		if (!strcmp(group->name, name))
			return group;
	return NULL;
}

const char *isup_group_name(const struct isup_group *group)
{
	return group->name;
}

const struct isup_dialect *isup_group_dialect(const struct isup_group *group)
{
	return fake_dialect;
}

bool isup_group_available(const struct isup_group *group)
{
	return !group->cause;
}

const void *isup_group_user(const struct isup_group *group)
{
	return &group->cfg;
}
