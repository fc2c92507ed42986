/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The user part and its circuit groups: configuration, start and stop. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/stats.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_priv.h"
#include "isup_segment.h"

#define RESET_RATE_DEFAULT 10

/* ---- Counters ---- */

/* Kinds of messages that are counted on their own; what is not here is in "other". */
#define MSG_KINDS(row) \
	row(IAM, "iam") row(SAM, "sam") row(INR, "inr") row(INF, "inf") row(COT, "cot") \
	row(ACM, "acm") row(CON, "con") row(FOT, "fot") row(ANM, "anm") row(REL, "rel") \
	row(SUS, "sus") row(RES, "res") row(RLC, "rlc") row(CCR, "ccr") row(RSC, "rsc") \
	row(BLO, "blo") row(UBL, "ubl") row(BLA, "bla") row(UBA, "uba") row(GRS, "grs") \
	row(CGB, "cgb") row(CGU, "cgu") row(CGBA, "cgba") row(CGUA, "cgua") row(CMR, "cmr") \
	row(CMC, "cmc") row(CMRJ, "cmrj") row(FAR, "far") row(FAA, "faa") row(FRJ, "frj") \
	row(LPA, "lpa") row(DRS, "drs") row(PAM, "pam") row(GRA, "gra") row(CQM, "cqm") \
	row(CQR, "cqr") row(CPG, "cpg") row(USR, "usr") row(UCIC, "ucic") row(CFN, "cfn") \
	row(OLM, "olm") row(CRG, "crg") row(NRM, "nrm") row(FAC, "fac") row(UPT, "upt") \
	row(UPA, "upa") row(IDR, "idr") row(IRS, "irs") row(SGM, "sgm") row(LOP, "lop") \
	row(APM, "apm") row(PRI, "pri")

#define KIND_TYPE(type, name) ISUP_MSG_ ## type,
#define KIND_RX(type, name) { "rx:" name, #type " received" },
#define KIND_TX(type, name) { "tx:" name, #type " sent" },

static const uint8_t msg_kinds[] = { 0, MSG_KINDS(KIND_TYPE) };

static const struct rate_ctr_desc group_ctrs[] = {
	[ISUP_CTR_CALLS_OUT]	= { "calls:out", "Outgoing calls" },
	[ISUP_CTR_CALLS_IN]	= { "calls:in", "Incoming calls" },
	[ISUP_CTR_ANSWERED]	= { "calls:answered", "Calls answered" },
	[ISUP_CTR_FAILED]	= { "calls:failed", "Calls that ISUP gave up by itself" },
	[ISUP_CTR_NO_CIRCUIT]	= { "calls:no_circuit", "Outgoing calls that found no idle circuit" },
	[ISUP_CTR_KEPT_BACK]	= { "calls:kept_back", "Outgoing calls kept back because of congestion" },
	[ISUP_CTR_REFUSED]	= { "calls:refused", "Incoming calls refused because of our own congestion" },
	[ISUP_CTR_DUAL_SEIZURE]	= { "calls:dual_seizure", "Dual seizures" },
	[ISUP_CTR_TIMER_T1]	= { "expired:t1", "T1 expired" },
	[ISUP_CTR_TIMER_T5]	= { "expired:t5", "T5 expired" },
	[ISUP_CTR_TIMER_T7]	= { "expired:t7", "T7 expired" },
	[ISUP_CTR_TIMER_T8]	= { "expired:t8", "T8 expired" },
	[ISUP_CTR_TIMER_T9]	= { "expired:t9", "T9 expired" },
	[ISUP_CTR_TIMER_CALL]	= { "expired:call", "Another timer of a call expired" },
	[ISUP_CTR_TIMER_SUPERVISION] = { "expired:supervision", "One of T12 to T23, or T28, expired" },
	[ISUP_CTR_UNEXPECTED]	= { "rx:unexpected", "Messages that the circuit's state does not expect" },
	[ISUP_CTR_UNRECOGNISED]	= { "rx:unrecognised", "Message types not recognised, here or (CFN) there" },
	[ISUP_CTR_BROKEN]	= { "rx:broken", "Messages received that cannot be decoded" },
	[ISUP_CTR_UNEQUIPPED]	= { "rx:unequipped", "Circuits that the far end said are not equipped" },
	[ISUP_CTR_ALARMS]	= { "alarms", "Maintenance alarms raised" },
	[ISUP_CTR_COT_PASSED]	= { "continuity:passed", "Continuity checks of ours that were successful" },
	[ISUP_CTR_COT_FAILED]	= { "continuity:failed", "Continuity checks of ours that failed" },
	[ISUP_CTR_TIMER_COT]	= { "expired:continuity", "One of T24 to T27, or T36, expired" },
	[ISUP_CTR_RX]		= { "rx", "Messages received" },
	[ISUP_CTR_TX]		= { "tx", "Messages sent" },
	/* In the order of msg_kinds */
	[ISUP_CTR_KINDS]	= { "rx:other", "Other messages received" }, MSG_KINDS(KIND_RX)
				  { "tx:other", "Other messages sent" }, MSG_KINDS(KIND_TX)
};

osmo_static_assert(ARRAY_SIZE(group_ctrs) == ISUP_CTR_KINDS + 2 * ARRAY_SIZE(msg_kinds), kinds_have_counters);

static const struct rate_ctr_group_desc group_ctr_desc = {
	.group_name_prefix = "isup:group",
	.group_description = "ISUP circuit group",
	.class_id = OSMO_STATS_CLASS_GLOBAL,
	.num_ctr = ARRAY_SIZE(group_ctrs),
	.ctr_desc = group_ctrs,
};

/* Message type → its place in msg_kinds */
static uint8_t kind_of_msg[256];

static __attribute__((constructor)) void index_kinds(void)
{
	unsigned int i;

	for (i = 1; i < ARRAY_SIZE(msg_kinds); i++)
		kind_of_msg[msg_kinds[i]] = i;
}

void isup_group_count(struct isup_group *group, enum isup_group_ctr ctr)
{
	rate_ctr_inc2(group->ctrs, ctr);
}

void isup_group_count_msg(struct isup_group *group, bool sent, uint8_t type)
{
	unsigned int kind = kind_of_msg[type] + (sent ? ARRAY_SIZE(msg_kinds) : 0);

	rate_ctr_inc2(group->ctrs, sent ? ISUP_CTR_TX : ISUP_CTR_RX);
	rate_ctr_inc2(group->ctrs, ISUP_CTR_KINDS + kind);
}

/* ---- User part ---- */

static void free_now(struct isup_group *group)
{
	isup_group_stop_now(group);
	llist_del(&group->entry);
	hash_del(&group->node);
	rate_ctr_group_free(group->ctrs);
	talloc_free(group);
}

static void free_all(struct llist_head *groups)
{
	struct isup_group *group;

	while ((group = llist_first_entry_or_null(groups, struct isup_group, entry)))
		free_now(group);
}

static int isup_destructor(struct isup *isup)
{
	struct isup_net *net, *tmp;
	struct isup_call *call;

	isup->cb = NULL;
	free_all(&isup->groups);
	free_all(&isup->leaving);
	osmo_timer_del(&isup->leave);
	while ((call = llist_first_entry_or_null(&isup->orphans, struct isup_call, entry)))
		isup_call_free(call);
	llist_for_each_entry_safe(net, tmp, &isup->nets, entry)
		talloc_free(net);
	return 0;
}

static struct isup_group *first_stopping(const struct llist_head *groups)
{
	struct isup_group *group;

	llist_for_each_entry(group, groups, entry) {
		if (group->stopping)
			return group;
	}
	return NULL;
}

/* What a user is told here may make it remove more. */
static void leave_cb(void *data)
{
	struct isup *isup = data;
	struct isup_group *group;

	while ((group = first_stopping(&isup->groups)))
		isup_group_stop_now(group);
	free_all(&isup->leaving);
}

struct isup *isup_alloc(void *ctx, isup_user_cb *cb, void *user)
{
	struct isup *isup = talloc_zero(ctx, struct isup);

	if (!isup)
		return NULL;
	isup->cb = cb;
	isup->user = user;
	INIT_LLIST_HEAD(&isup->groups);
	INIT_LLIST_HEAD(&isup->leaving);
	hash_init(isup->names);
	osmo_timer_setup(&isup->leave, leave_cb, isup);
	INIT_LLIST_HEAD(&isup->nets);
	INIT_LLIST_HEAD(&isup->dialects);
	INIT_LLIST_HEAD(&isup->orphans);
	INIT_LLIST_HEAD(&isup->alarms);
	talloc_set_destructor(isup, isup_destructor);
	return isup;
}

unsigned int isup_call_count(const struct isup *isup)
{
	return isup->n_calls;
}

/* ---- Groups ---- */

static uint32_t hash_of(const char *name)
{
	uint32_t hash = 5381;

	while (*name)
		hash = hash * 33 + (uint8_t)*name++;
	return hash;
}

struct isup_group *isup_group_find(struct isup *isup, const char *name)
{
	struct isup_group *group;

	hash_for_each_possible(isup->names, group, node, hash_of(name)) {
		if (!strcmp(group->name, name))
			return group;
	}
	return NULL;
}

struct isup_group *isup_group_alloc(struct isup *isup, const char *name)
{
	struct isup_group *group;

	if (isup_group_find(isup, name))
		return NULL;
	group = talloc_zero(isup, struct isup_group);
	if (!group)
		return NULL;
	group->isup = isup;
	group->name = talloc_strdup(group, name);
	group->cfg.dialect = &isup_dialect_itu;
	group->cfg.hunt = ISUP_HUNT_LEAST_RECENT;
	group->cfg.reset_rate = RESET_RATE_DEFAULT;
	INIT_LLIST_HEAD(&group->ranges);
	INIT_LLIST_HEAD(&group->calls);
	INIT_LLIST_HEAD(&group->idle_own);
	INIT_LLIST_HEAD(&group->idle_other);
	group->ctrs = rate_ctr_group_alloc(group, &group_ctr_desc, isup->next_group_idx++);
	OSMO_ASSERT(group->ctrs);
	rate_ctr_group_set_name(group->ctrs, name);
	llist_add_tail(&group->entry, &isup->groups);
	hash_add(isup->names, &group->node, hash_of(name));
	return group;
}

/* In a callback of the user the circuits, the group and its destination are in use further up the stack. */
static bool put_off(struct isup_group *group)
{
	struct isup *isup = group->isup;

	if (!isup->indicating)
		return false;
	group->stopping = true;
	osmo_timer_schedule(&isup->leave, 0, 0);
	return true;
}

/* Its name may be taken at once. */
static void leave(struct isup_group *group)
{
	llist_move_tail(&group->entry, &group->isup->leaving);
	hash_del(&group->node);
}

void isup_group_free(struct isup_group *group)
{
	if (put_off(group))
		leave(group);
	else
		free_now(group);
}

void isup_group_stop(struct isup_group *group)
{
	if (!put_off(group))
		isup_group_stop_now(group);
}

struct isup_group *isup_group_next(const struct isup *isup, const struct isup_group *prev)
{
	const struct llist_head *next = prev ? prev->entry.next : isup->groups.next;

	return next == &isup->groups ? NULL : llist_entry(next, struct isup_group, entry);
}

const char *isup_group_name(const struct isup_group *group)
{
	return group->name;
}

struct isup_group_cfg *isup_group_cfg(struct isup_group *group)
{
	return &group->cfg;
}

const void *isup_group_user(const struct isup_group *group)
{
	return group ? group->cfg.user : NULL;
}

const struct isup_dialect *isup_group_dialect(const struct isup_group *group)
{
	return group->cfg.dialect;
}

uint32_t isup_group_timer_ms(const struct isup_group *group, enum isup_timer_id id)
{
	return group->cfg.timer_ms[id] ? group->cfg.timer_ms[id] : isup_dialect_timer_ms(group->cfg.dialect, id);
}

bool isup_group_started(const struct isup_group *group)
{
	return group->dest && !group->stopping;
}

enum isup_dest_state isup_group_dest_state(const struct isup_group *group)
{
	return isup_group_started(group) ? group->dest->state : ISUP_DEST_UNAVAILABLE;
}

bool isup_group_available(const struct isup_group *group)
{
	return isup_group_dest_state(group) == ISUP_DEST_AVAILABLE && (group->n_idle || group->n_calls);
}

/* ---- Ranges ---- */

static struct isup_range *range_add(struct isup_group *group, uint16_t first, uint16_t last)
{
	struct isup_range *range = talloc_zero(group, struct isup_range), *other;

	OSMO_ASSERT(range);
	range->first = first;
	range->last = last;
	llist_for_each_entry(other, &group->ranges, entry) {
		if (other->first > first)
			break;
	}
	llist_add_tail(&range->entry, &other->entry);	/* before other; at the end where there is none */
	group->n_circuits += last - first + 1;
	return range;
}

static void range_del(struct isup_group *group, struct isup_range *range)
{
	group->n_circuits -= range->last - range->first + 1;
	llist_del(&range->entry);
	talloc_free(range);
}

static int check_cics(const struct isup_group *group, uint16_t first, uint16_t last, char *err, size_t err_size)
{
	if (group->dest) {
		snprintf(err, err_size, "circuit group %s is started: stop it first", group->name);
		return -EBUSY;
	}
	if (first > last || last >= 1u << group->cfg.dialect->cic_bits) {
		snprintf(err, err_size, "circuits %u to %u: a CIC lies between 0 and %u", first, last,
			 (1u << group->cfg.dialect->cic_bits) - 1);
		return -ERANGE;
	}
	return 0;
}

int isup_group_add_cics(struct isup_group *group, uint16_t first, uint16_t last, char *err, size_t err_size)
{
	int rc = check_cics(group, first, last, err, err_size);
	struct isup_range *range;

	if (rc < 0)
		return rc;
	llist_for_each_entry(range, &group->ranges, entry) {
		if (first > range->last || last < range->first)
			continue;
		snprintf(err, err_size, "circuit %u belongs to circuit group %s already",
			 OSMO_MAX(first, range->first), group->name);
		return -EEXIST;
	}
	range_add(group, first, last);
	return 0;
}

int isup_group_del_cics(struct isup_group *group, uint16_t first, uint16_t last, char *err, size_t err_size)
{
	int rc = check_cics(group, first, last, err, err_size);
	struct isup_range *range, *tmp;
	unsigned int found = 0;

	if (rc < 0)
		return rc;
	llist_for_each_entry_safe(range, tmp, &group->ranges, entry) {
		const struct isup_range old = *range;

		if (first > old.last || last < old.first)
			continue;
		found++;
		range_del(group, range);
		if (old.first < first)
			range_add(group, old.first, first - 1);
		if (old.last > last)
			range_add(group, last + 1, old.last);
	}
	if (found)
		return 0;
	snprintf(err, err_size, "circuit group %s has none of the circuits %u to %u", group->name, first, last);
	return -ENOENT;
}

void isup_group_for_each_range(const struct isup_group *group,
			       void (*cb)(uint16_t first, uint16_t last, void *data), void *data)
{
	const struct isup_range *range;

	llist_for_each_entry(range, &group->ranges, entry)
		cb(range->first, range->last, data);
}

/* ---- Start and stop ---- */

static bool bearer_there(const struct isup_group *group, uint16_t cic)
{
	const struct isup *isup = group->isup;

	return !isup->bearer_ops || !isup->bearer_ops->there || isup->bearer_ops->there(group, cic, isup->bearer_data);
}

static void circuit_init(struct isup_group *group, struct isup_circuit *circuit, uint16_t cic)
{
	circuit->group = group;
	circuit->cic = cic;
	circuit->local_failed = bearer_there(group, cic) ? 0 : ISUP_FAILURE_BEARER;	/* said after the reset */
	isup_dest_set_circuit(group->dest, cic, circuit);
	isup_circuit_needs_reset(circuit);
}

static void start_range(struct isup_group *group, struct isup_range *range)
{
	unsigned int i, n = range->last - range->first + 1;

	range->circuits = talloc_zero_array(range, struct isup_circuit, n);
	OSMO_ASSERT(range->circuits);
	for (i = 0; i < n; i++)
		circuit_init(group, &range->circuits[i], range->first + i);
}

/* Does a circuit belong to another group that leads there? */
static int check_overlap(const struct isup_group *group, const struct isup_dest *dest, char *err, size_t err_size)
{
	const struct isup_range *range;
	unsigned int cic;

	llist_for_each_entry(range, &group->ranges, entry) {
		for (cic = range->first; cic <= range->last; cic++) {
			const struct isup_circuit *other = isup_dest_circuit(dest, cic);

			if (!other)
				continue;
			snprintf(err, err_size, "circuit %u to point code %u belongs to circuit group %s already",
				 cic, dest->dpc, other->group->name);
			return -EEXIST;
		}
	}
	return 0;
}

/* Circuits and point codes were configured in the width of another dialect, perhaps. */
static bool fits_dialect(const struct isup_group *group, uint32_t opc)
{
	const struct isup_dialect *dialect = group->cfg.dialect;
	const struct isup_range *last = llist_last_entry(&group->ranges, struct isup_range, entry);

	return last->last < 1u << dialect->cic_bits && (group->cfg.dpc | opc) < 1u << dialect->pc_bits;
}

static int check_start(const struct isup_group *group, const struct isup_mtp *mtp, uint32_t opc,
		       char *err, size_t err_size)
{
	const struct isup_group_cfg *cfg = &group->cfg;
	const char *what = NULL;

	if (group->stopping)
		what = "is being stopped";
	else if (group->dest)
		what = "is started already";
	else if (!cfg->dpc_set)
		what = "has no destination";
	else if (!group->n_circuits)
		what = "has no circuits";
	else if (cfg->dpc == opc)
		what = "leads to the own point code";
	else if (mtp->one_pc && opc != mtp->own_pc)
		what = "has another point code than its cs7 instance";
	else if (!fits_dialect(group, opc))
		what = "has circuits or point codes that are too large for its dialect";
	else if (mtp->user && ((struct isup_net *)mtp->user)->isup != group->isup)
		what = "shares its cs7 instance with another user part";
	if (!what)
		return 0;
	snprintf(err, err_size, "circuit group %s %s", group->name, what);
	return -EINVAL;
}

int isup_group_start(struct isup_group *group, struct isup_mtp *mtp, char *err, size_t err_size)
{
	uint32_t opc = group->cfg.opc_set ? group->cfg.opc : mtp->own_pc;
	int rc = check_start(group, mtp, opc, err, err_size);
	struct isup_range *range;
	struct isup_dest *dest;

	if (rc < 0)
		return rc;
	dest = isup_dest_get(group->isup, mtp, opc, &group->cfg);
	if (!dest)
		return -ENOMEM;
	if (dest->dialect != group->cfg.dialect) {
		snprintf(err, err_size, "point code %u speaks %s already, not %s", dest->dpc, dest->dialect->name,
			 group->cfg.dialect->name);
		rc = -EINVAL;
	} else {
		rc = check_overlap(group, dest, err, err_size);
	}
	if (rc < 0) {
		isup_dest_put(dest);
		return rc;
	}
	group->dest = dest;
	llist_for_each_entry(range, &group->ranges, entry)
		start_range(group, range);
	return 0;
}

/* The lists of idle circuits are emptied by the caller, not circuit by circuit. */
static void stop_range(struct isup_group *group, struct isup_range *range)
{
	struct isup_circuit *circuit;
	unsigned int cic;

	for (cic = range->first; cic <= range->last; cic++) {
		circuit = &range->circuits[cic - range->first];
		isup_block_cancel(circuit);
		isup_cot_cancel(circuit);
		isup_alarm_clear(&circuit->alarm);
		if (circuit->needs_reset || circuit->tell) {
			llist_del(&circuit->entry);
			group->dest->n_to_reset--;
		}
		isup_dest_set_circuit(group->dest, cic, NULL);
	}
}

/* The far end would keep its calls until the circuits are reset, when the group is started again. */
static void part_calls(struct isup_group *group)
{
	struct isup_call *call;

	if (group->dest->net->closing || isup_group_dest_state(group) != ISUP_DEST_AVAILABLE)
		return;
	llist_for_each_entry(call, &group->calls, entry) {
		if (call->circuit)
			isup_call_part(call);
	}
}

/* Circuits go first, so that what the users do when they are told finds nothing to seize. */
void isup_group_stop_now(struct isup_group *group)
{
	struct isup_dest *dest = group->dest;
	struct isup_range *range;
	struct isup_call *call;

	group->stopping = false;
	if (!dest)
		return;
	part_calls(group);
	isup_gra_drop(dest);
	isup_segment_drop_all(dest, group);
	isup_reset_cancel_all(dest, group);
	isup_block_group_cancel_all(dest, group);
	isup_query_cancel_all(dest, group);
	isup_validation_cancel(group);
	llist_for_each_entry(range, &group->ranges, entry)
		stop_range(group, range);
	/* only now: circuits of different ranges are in one list of idle ones */
	llist_for_each_entry(range, &group->ranges, entry)
		TALLOC_FREE(range->circuits);
	INIT_LLIST_HEAD(&group->idle_own);
	INIT_LLIST_HEAD(&group->idle_other);
	memset(&group->idle_map, 0, sizeof(group->idle_map));
	group->n_idle = 0;
	group->dest = NULL;
	llist_for_each_entry(call, &group->calls, entry)
		call->circuit = NULL;
	while ((call = llist_first_entry_or_null(&group->calls, struct isup_call, entry)))
		isup_call_abandon(call);
	isup_dest_put(dest);
}
