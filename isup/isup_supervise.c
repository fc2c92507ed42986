/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages received for a circuit: supervision is dealt with here, the rest is given to its call. */

#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_ansi.h"
#include "isup_call.h"
#include "isup_compat.h"
#include "isup_priv.h"
#include "isup_segment.h"
#include "isup_t113.h"

static const struct isup_dialect *dialect_of(const struct isup_circuit *circuit)
{
	return circuit->group->cfg.dialect;
}

static void discard(struct isup_circuit *circuit, const struct isup_msg *msg, const char *why)
{
	isup_group_count(circuit->group, ISUP_CTR_UNEXPECTED);
	LOGP_LIMITED(DISUPCIRC, LOGL_NOTICE, "%s/%u: %s discarded: %s\n", circuit->group->name, circuit->cic,
		     isup_msg_name(dialect_of(circuit), msg->type), why);
}

/* ---- Reset, Q.764 2.9.3 ---- */

/* The state that a reset from the far end leaves: what it had blocked is not blocked any more, and where nothing of
 * ours is under way the circuit is known to be idle at both ends. */
static void reset_by_far_end(struct isup_circuit *circuit)
{
	circuit->remote_blocked = false;
	circuit->remote_failed = false;
	isup_circuit_no_reset_needed(circuit);
	isup_cot_cancel(circuit);
	isup_segment_drop(circuit);
	isup_circuit_set_unequipped(circuit, false);
}

/* 2.9.3.1: accepted as a REL; answered RLC when the circuit is idle, and by BLO (CGB for a hardware failure) before
 * that where it is blocked here */
static void rx_rsc(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	reset_by_far_end(circuit);
	isup_block_again(circuit, 1);
	if (circuit->call)
		isup_call_rx_reset(circuit->call, ISUP_MSG_RLC);
	else
		isup_tx_bare(circuit, ISUP_MSG_RLC);
}

/* The range of GRS or GRA, Q.763 3.43, if it is a legal one and all circuits are equipped: n circuits from first on;
 * else 0 */
static unsigned int reset_range(struct isup_circuit *first, const struct isup_msg *msg, struct isup_range_status *rs)
{
	struct isup_dest *dest = first->group->dest;
	unsigned int n;

	if (isup_msg_get(msg, ISUP_PAR_RANGE_AND_STATUS, rs) < 0)
		return 0;
	if (rs->range < 1 || rs->range > dest->dialect->range_max)
		return 0;
	for (n = 1; n <= rs->range; n++) {
		if (!isup_dest_circuit(dest, first->cic + n))
			return 0;
	}
	return n;
}

static bool status_bit(const struct isup_range_status *rs, unsigned int n)
{
	return rs->status[n / 8] & (1 << (n % 8));
}

/* The range of CGB or CGU, Q.763 3.43: it may be up to 255 (over a gap), with no more than 32 status bits 1
 * (ANSI 24); these are the circuits that are meant, so these are to be equipped. Is it a legal one? */
static bool block_range(struct isup_circuit *first, const struct isup_msg *msg, struct isup_range_status *rs)
{
	struct isup_dest *dest = first->group->dest;
	unsigned int i, n, affected = 0;

	if (isup_msg_get(msg, ISUP_PAR_RANGE_AND_STATUS, rs) < 0)
		return false;
	n = rs->range + 1;
	if (n < 2 || rs->n_status < (n + 7) / 8)
		return false;
	for (i = 0; i < n; i++) {
		if (!status_bit(rs, i))
			continue;
		if (!isup_dest_circuit(dest, first->cic + i))
			return false;
		affected++;
	}
	return affected <= dest->dialect->status_max;
}

static void send_range_status(struct isup_circuit *first, uint8_t type, const struct isup_range_status *rs,
			      const struct isup_par *cgs_type)
{
	struct isup_msg msg;

	isup_msg_init(&msg, dialect_of(first), type);
	if (cgs_type)
		isup_msg_put_octets(&msg, ISUP_PAR_CGS_MESSAGE_TYPE, cgs_type->val, cgs_type->len);
	isup_msg_put(&msg, ISUP_PAR_RANGE_AND_STATUS, rs);
	isup_tx(first, &msg);
}

/* 2.9.3.2 c: status 1 where a circuit is blocked here for maintenance; hardware failures are said again by CGB. */
static void send_gra(struct isup_dest *dest, uint16_t first, uint8_t range)
{
	struct isup_range_status rs = { .range = range, .n_status = (range + 8) / 8 };
	struct isup_circuit *circuit;
	unsigned int n;

	for (n = 0; n <= range; n++) {
		circuit = isup_dest_circuit(dest, first + n);
		circuit->gra = false;
		isup_circuit_update(circuit);
		if (circuit->local_blocked)
			rs.status[n / 8] |= 1 << (n % 8);
	}
	isup_block_again_failed(isup_dest_circuit(dest, first), range + 1);
	send_range_status(isup_dest_circuit(dest, first), ISUP_MSG_GRA, &rs, NULL);
}

static bool gra_waits(const struct isup_dest *dest, const struct isup_gra *gra)
{
	unsigned int n;

	for (n = 0; n <= gra->range; n++) {
		if (isup_dest_circuit(dest, gra->first + n)->call)
			return true;
	}
	return false;
}

static void gra_flush(struct isup_dest *dest, struct isup_gra *gra)
{
	if (gra_waits(dest, gra))
		return;
	llist_del(&gra->entry);
	send_gra(dest, gra->first, gra->range);
	talloc_free(gra);
}

void isup_gra_check(struct isup_circuit *circuit)
{
	struct isup_dest *dest = circuit->group->dest;
	struct isup_gra *gra, *tmp;

	if (!circuit->gra)
		return;
	llist_for_each_entry_safe(gra, tmp, &dest->gras, entry) {
		if (circuit->cic >= gra->first && circuit->cic <= gra->first + gra->range)
			gra_flush(dest, gra);
	}
}

void isup_gra_drop(struct isup_dest *dest)
{
	struct isup_gra *gra, *tmp;
	unsigned int n;

	llist_for_each_entry_safe(gra, tmp, &dest->gras, entry) {
		for (n = 0; n <= gra->range; n++) {
			isup_dest_circuit(dest, gra->first + n)->gra = false;
			isup_circuit_update(isup_dest_circuit(dest, gra->first + n));
		}
		llist_del(&gra->entry);
		talloc_free(gra);
	}
}

/* A repeated GRS, whose answer is on its way? */
static bool gra_pending(const struct isup_dest *dest, uint16_t first, uint8_t range)
{
	const struct isup_gra *gra;

	llist_for_each_entry(gra, &dest->gras, entry) {
		if (gra->first == first && gra->range == range)
			return true;
	}
	return false;
}

/* 2.9.3.2: calls are released, then GRA; until then none of the circuits is seized. */
static void rx_grs(struct isup_circuit *first, const struct isup_msg *msg)
{
	struct isup_dest *dest = first->group->dest;
	struct isup_range_status rs;
	unsigned int i, n = reset_range(first, msg, &rs);
	uint16_t cic = first->cic;
	struct isup_circuit *circuit;
	struct isup_gra *gra;

	if (!n) {
		discard(first, msg, "range is not legal, or not all equipped");
		return;
	}
	if (!isup_twice_counts(first, msg) || gra_pending(dest, cic, rs.range))
		return;
	gra = talloc_zero(dest, struct isup_gra);
	if (!gra)
		return;
	gra->first = cic;
	gra->range = rs.range;
	for (i = 0; i < n; i++) {
		isup_dest_circuit(dest, cic + i)->gra = true;
		reset_by_far_end(isup_dest_circuit(dest, cic + i));
	}
	/* On the list only when all calls have been told, so that it is not answered halfway. */
	for (i = 0; i < n; i++) {
		circuit = isup_dest_circuit(dest, cic + i);
		if (circuit->call)
			isup_call_rx_reset(circuit->call, 0);
	}
	llist_add_tail(&gra->entry, &dest->gras);
	gra_flush(dest, gra);
}

static void rx_gra(struct isup_circuit *first, const struct isup_msg *msg)
{
	struct isup_range_status rs;
	unsigned int n = reset_range(first, msg, &rs);

	if (!n || rs.n_status < (n + 7) / 8 || !isup_reset_acked(first, n, rs.status))
		discard(first, msg, "it acknowledges nothing of ours");
}

/* RLC and UCIC may answer a reset of ours; else they belong to a call. */
static void rx_rlc(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	if (isup_reset_acked(circuit, 1, NULL))
		return;
	if (circuit->call)
		isup_call_rx(circuit->call, msg);
	else if (!circuit->cot || !isup_cot_rx(circuit, msg))
		discard(circuit, msg, "the circuit is idle");	/* 2.9.5.1 b */
}

/* Q.764 2.12: only where something was asked, else a stray UCIC would take a good circuit from service */
static void rx_ucic(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	isup_group_count(circuit->group, ISUP_CTR_UNEQUIPPED);
	if (circuit->reset || circuit->block || (circuit->cot && !circuit->call))
		isup_reset_unequipped(circuit);
	else if (circuit->call)
		isup_call_rx(circuit->call, msg);
	else
		discard(circuit, msg, "the circuit is idle");
}

/* ---- Blocking, Q.764 2.8.2 ---- */

static void rx_blo(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	circuit->remote_blocked = true;
	isup_circuit_update(circuit);
	isup_tx_bare(circuit, ISUP_MSG_BLA);
	isup_reset_rx_blo(circuit);
	if (circuit->call)
		isup_call_rx_blo(circuit->call);
}

static void rx_ubl(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	circuit->remote_blocked = false;
	isup_circuit_update(circuit);
	isup_tx_bare(circuit, ISUP_MSG_UBA);
}

static void rx_bla(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	isup_block_acked(circuit, true);
}

static void rx_uba(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	isup_block_acked(circuit, false);
}

/* Q.763 3.13: 0 maintenance oriented, 1 hardware failure oriented; anything else is not for us */
static const struct isup_par *cgs_type_of(const struct isup_msg *msg)
{
	const struct isup_par *par = isup_msg_find(msg, ISUP_PAR_CGS_MESSAGE_TYPE);

	return par && par->len > 0 && (par->val[0] & 3) <= 1 ? par : NULL;
}

/* 2.8.2.2: hardware failure ends the calls at once; maintenance lets them end by themselves, but an attempt without
 * a backward message is tried elsewhere. */
static void tell_blocked(struct isup_circuit *circuit, bool failure)
{
	if (!circuit->call)
		return;
	if (failure)
		isup_call_rx_reset(circuit->call, 0);
	else
		isup_call_rx_blo(circuit->call);
}

/* The calls are told when all circuits are marked, so that an attempt is not repeated on the next one of them. */
static void block_by_group(struct isup_circuit *first, const struct isup_range_status *rs, bool failure, bool block)
{
	const struct isup_dest *dest = first->group->dest;
	struct isup_circuit *circuit;
	uint16_t cic = first->cic;
	unsigned int i;

	for (i = 0; i <= rs->range; i++) {
		if (!status_bit(rs, i))
			continue;
		circuit = isup_dest_circuit(dest, cic + i);
		if (failure)
			circuit->remote_failed = block;
		else
			circuit->remote_blocked = block;
		isup_circuit_update(circuit);
	}
	for (i = 0; block && i <= rs->range; i++) {
		if (status_bit(rs, i))
			tell_blocked(isup_dest_circuit(dest, cic + i), failure);
	}
}

/* CGB and CGU are answered with the same type, range and status. */
static void rx_cgb_cgu(struct isup_circuit *first, const struct isup_msg *msg)
{
	const struct isup_par *type = cgs_type_of(msg);
	bool block = msg->type == ISUP_MSG_CGB;
	struct isup_range_status rs;

	if (!block_range(first, msg, &rs) || !type) {
		discard(first, msg, "type or range is not legal, or not all equipped");
		return;
	}
	if (!isup_twice_counts(first, msg))
		return;
	send_range_status(first, block ? ISUP_MSG_CGBA : ISUP_MSG_CGUA, &rs, type);
	block_by_group(first, &rs, type->val[0] & 3, block);
}

static void rx_cgba_cgua(struct isup_circuit *first, const struct isup_msg *msg)
{
	const struct isup_par *type = cgs_type_of(msg);
	struct isup_range_status rs;

	if (!type || !block_range(first, msg, &rs))
		discard(first, msg, "type or range is not legal, or not all equipped");
	else if (!isup_block_group_acked(first, type->val[0] & 3, msg->type == ISUP_MSG_CGBA, &rs))
		discard(first, msg, "it acknowledges nothing of ours");
}

/* ---- Circuit group query, Q.764 2.8.3 ---- */

/* 2.8.3.1: 0, a single circuit, to 31 */
static bool query_range(const struct isup_circuit *first, const struct isup_msg *msg, struct isup_range_status *rs)
{
	return isup_msg_get(msg, ISUP_PAR_RANGE_AND_STATUS, rs) == 0 && rs->range <= dialect_of(first)->range_max;
}

static void rx_cqm(struct isup_circuit *first, const struct isup_msg *msg)
{
	struct isup_range_status rs;

	if (query_range(first, msg, &rs))
		isup_query_rx_cqm(first, rs.range);
	else
		discard(first, msg, "range is not legal");
}

static void rx_cqr(struct isup_circuit *first, const struct isup_msg *msg)
{
	const struct isup_par *states = isup_msg_find(msg, ISUP_PAR_CIRCUIT_STATE_IND);
	struct isup_range_status rs;

	if (!states || !query_range(first, msg, &rs) || !isup_query_rx_cqr(first, rs.range, states->val, states->len))
		discard(first, msg, "it answers nothing of ours");
}

/* ---- Calls ---- */

static bool is_test_call(const struct isup_msg *iam)
{
	const struct isup_par *cpc = isup_msg_find(iam, ISUP_PAR_CPC);

	return cpc && cpc->len > 0 && cpc->val[0] == ISUP_CPC_TEST;
}

/* Q.764 2.8.2.1: blocking for maintenance does not keep test calls off, nor do they say that it is over. */
bool isup_circuit_takes_iam(struct isup_circuit *circuit, const struct isup_msg *iam)
{
	if (is_test_call(iam) && !circuit->local_failed)
		return true;
	if (circuit->local_blocked || circuit->local_failed) {
		isup_block_again(circuit, 1);
		discard(circuit, iam, "the circuit is blocked here");
		return false;
	}
	if (dialect_of(circuit)->iam_unblocks) {
		circuit->remote_blocked = false;
		circuit->remote_failed = false;
	}
	return true;
}

static void rx_iam_idle(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	struct isup_call *call;

	if (!isup_circuit_takes_iam(circuit, msg))
		return;
	isup_circuit_set_unequipped(circuit, false);
	isup_circuit_no_reset_needed(circuit);
	call = isup_call_alloc(circuit, true);
	if (call)
		isup_call_start_incoming(call, msg);
}

/* Q.764 2.9.5.1 a, d: an idle circuit */
static void rx_idle(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	if (msg->type == ISUP_MSG_IAM) {
		rx_iam_idle(circuit, msg);
		return;
	}
	if (msg->type == ISUP_MSG_REL) {
		isup_tx_bare(circuit, ISUP_MSG_RLC);
		return;
	}
	discard(circuit, msg, "the circuit has no call");
	if (!circuit->needs_reset && !circuit->unequipped)
		isup_reset_start(circuit, 1);
}

/* A circuit without a call, under check: a call of the far end goes first. */
static void rx_check(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	if (msg->type == ISUP_MSG_IAM && isup_cot_gives_way(circuit)) {
		isup_cot_cancel(circuit);
		rx_iam_idle(circuit, msg);
	} else if (!isup_cot_rx(circuit, msg)) {
		discard(circuit, msg, "a continuity check is under way");
	}
}

static void rx_call(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	if (msg->type == ISUP_MSG_REL)
		isup_load_rx_rel(circuit->group->dest, msg);
	if (circuit->reset || circuit->gra) {
		/* What was sent before our reset arrived; but REL is never left without its answer. */
		if (msg->type == ISUP_MSG_REL && !circuit->call)
			isup_tx_bare(circuit, ISUP_MSG_RLC);
		else
			discard(circuit, msg, "the circuit is being reset");
		if (msg->type == ISUP_MSG_IAM)
			isup_reset_again(circuit);
		return;
	}
	if (circuit->call)
		isup_call_rx(circuit->call, msg);
	else if (circuit->cot)
		rx_check(circuit, msg);
	else
		rx_idle(circuit, msg);
}

/* ---- Continuity check without a call, Q.764 2.1.8 ---- */

/* On a circuit that is being seized by us the call goes first. */
static void rx_ccr(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	if (circuit->reset || circuit->gra || circuit->needs_reset) {
		discard(circuit, msg, "the circuit is being reset");
	} else if (circuit->call) {
		discard(circuit, msg, "the circuit has a call");
	} else if (!circuit->cot) {
		isup_circuit_set_unequipped(circuit, false);
		isup_cot_in_again(circuit);
	} else if (!isup_cot_rx(circuit, msg)) {
		discard(circuit, msg, "a check is being ended");
	}
}

static void rx_lpa(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	if (!circuit->cot || !isup_cot_rx(circuit, msg))
		discard(circuit, msg, "it acknowledges nothing of ours");
}

/* ---- All messages ---- */

/* Q.764 2.13: the user part is here */
static void rx_upt(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	isup_tx_bare(circuit, ISUP_MSG_UPA);
}

static void rx_cfn(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	isup_group_count(circuit->group, ISUP_CTR_UNRECOGNISED);
	LOGP_LIMITED(DISUP, LOGL_NOTICE, "%s/%u: the far end did not understand: cause %u\n", circuit->group->name,
		     circuit->cic, isup_msg_cause(msg));
}

/* Q.764 2.13: as any other message, it has shown already that the user part is there. */
static void rx_upa(struct isup_circuit *circuit, const struct isup_msg *msg)
{
}

typedef void rx_cb(struct isup_circuit *circuit, const struct isup_msg *msg);

static rx_cb *const handlers[256] = {
	[ISUP_MSG_RSC] = rx_rsc,
	[ISUP_MSG_GRS] = rx_grs,
	[ISUP_MSG_GRA] = rx_gra,
	[ISUP_MSG_RLC] = rx_rlc,
	[ISUP_MSG_UCIC] = rx_ucic,
	[ISUP_MSG_BLO] = rx_blo,
	[ISUP_MSG_UBL] = rx_ubl,
	[ISUP_MSG_BLA] = rx_bla,
	[ISUP_MSG_UBA] = rx_uba,
	[ISUP_MSG_CGB] = rx_cgb_cgu,
	[ISUP_MSG_CGU] = rx_cgb_cgu,
	[ISUP_MSG_CGBA] = rx_cgba_cgua,
	[ISUP_MSG_CGUA] = rx_cgba_cgua,
	[ISUP_MSG_CQM] = rx_cqm,
	[ISUP_MSG_CQR] = rx_cqr,
	[ISUP_MSG_UPT] = rx_upt,
	[ISUP_MSG_CFN] = rx_cfn,
	[ISUP_MSG_CCR] = rx_ccr,
	[ISUP_MSG_LPA] = rx_lpa,
	[ISUP_MSG_UPA] = rx_upa,
	[ISUP_MSG_CRA] = isup_ansi_rx_cra,
	[ISUP_MSG_CRM] = isup_ansi_rx_crm,
	[ISUP_MSG_CVR] = isup_ansi_rx_cvr,
	[ISUP_MSG_CVT] = isup_ansi_rx_cvt,
	[ISUP_MSG_EXM] = isup_ansi_rx_exm,
	/* Q.764 of 1988 2.6, 2.7; not in later editions: their codes are as good as unknown */
	[ISUP_MSG_CMR] = isup_compat_unrecognised,
	[ISUP_MSG_CMC] = isup_compat_unrecognised,
	[ISUP_MSG_CMRJ] = isup_compat_unrecognised,
	[ISUP_MSG_DRS] = isup_compat_unrecognised,
};

void isup_circuit_rx(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	if (handlers[msg->type])
		handlers[msg->type](circuit, msg);
	else if (isup_call_has_msg(msg->type))
		rx_call(circuit, msg);
	else
		isup_compat_unrecognised(circuit, msg);
}
