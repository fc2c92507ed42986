/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked in a call and answered by a message of its own: INR, IDR, FAR, user-to-user services. */

#include <string.h>

#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_cpc.h"
#include "isup_priv.h"

/* ---- What is known of the calling party of a call that we placed ---- */

void isup_call_note_iam(struct isup_call *call, const struct isup_msg *iam)
{
	const struct isup_par *calling = isup_msg_find(iam, ISUP_PAR_CALLING_NUMBER);
	const struct isup_par *category = isup_msg_find(iam, ISUP_PAR_CPC);

	if (category && category->len == 1)
		call->category = category->val[0];
	if (!calling || calling->len > sizeof(call->calling))
		return;
	memcpy(call->calling, calling->val, calling->len);
	call->calling_len = calling->len;
}

static void put_calling(const struct isup_call *call, struct isup_msg *to)
{
	if (call->calling_len)
		isup_msg_put_octets(to, ISUP_PAR_CALLING_NUMBER, call->calling, call->calling_len);
}

/* ---- Answers of our own, where the user has none ---- */

/* Q.764 2.1.6.2: what is known; what is not is said to be not available, so that nobody waits for it. */
static void answer_inr(struct isup_call *call, const struct isup_msg *inr)
{
	struct isup_info_request asked = {};
	struct isup_info_ind ind = {};
	struct isup_msg inf;

	isup_msg_get(inr, ISUP_PAR_INFORMATION_REQUEST_IND, &asked);
	isup_msg_init(&inf, call->dialect, ISUP_MSG_INF);
	if (asked.calling_address)
		ind.calling_address = call->calling_len ? 3 : 1;
	ind.calling_category = asked.calling_category && call->category;
	isup_msg_put(&inf, ISUP_PAR_INFORMATION_IND, &ind);
	if (ind.calling_category)
		isup_msg_put_octets(&inf, ISUP_PAR_CPC, &call->category, 1);
	if (asked.calling_address)
		put_calling(call, &inf);
	isup_tx(call->circuit, &inf);
}

/* Q.731.7 */
static void answer_idr(struct isup_call *call, const struct isup_msg *idr)
{
	const struct isup_mcid response = { .mcid = call->calling_len != 0 };
	struct isup_msg irs;

	isup_msg_init(&irs, call->dialect, ISUP_MSG_IRS);
	isup_msg_put(&irs, ISUP_PAR_MCID_RESPONSE, &response);
	put_calling(call, &irs);
	isup_tx(call->circuit, &irs);
}

/* No facility is offered: FRJ with the facility indicator of the FAR */
static void answer_far(struct isup_call *call, const struct isup_msg *far)
{
	const struct isup_par *facility = isup_msg_find(far, ISUP_PAR_FACILITY_IND);
	const struct isup_cause cause = {
		.location = call->dialect->location, .value = ISUP_CAUSE_FACILITY_REJECTED,
	};
	struct isup_msg frj;

	isup_msg_init(&frj, call->dialect, ISUP_MSG_FRJ);
	if (facility)
		isup_msg_put_octets(&frj, ISUP_PAR_FACILITY_IND, facility->val, facility->len);
	isup_msg_put(&frj, ISUP_PAR_CAUSE, &cause);
	isup_tx(call->circuit, &frj);
}

/* Q.732.7: whether a transfer would make a loop is not known beyond the end of ISUP; a response asks for nothing. */
static void answer_lop(struct isup_call *call, const struct isup_msg *lop)
{
	const struct isup_par *reference = isup_msg_find(lop, ISUP_PAR_CALL_TRANSFER_REFERENCE);
	const struct isup_loop_prevention response = { .type = 1 };	/* insufficient information */
	struct isup_loop_prevention asked;
	struct isup_msg answer;

	if (call->group->cfg.transit || isup_msg_get(lop, ISUP_PAR_LOOP_PREVENTION, &asked) < 0 || asked.type != 0)
		return;
	isup_msg_init(&answer, call->dialect, ISUP_MSG_LOP);
	if (reference)
		isup_msg_put_octets(&answer, ISUP_PAR_CALL_TRANSFER_REFERENCE, reference->val, reference->len);
	isup_msg_put(&answer, ISUP_PAR_LOOP_PREVENTION, &response);
	isup_tx(call->circuit, &answer);
}

/* One question: a row */
static const struct ask_row {
	uint8_t ask, answer, refusal;	/* enum isup_msg_type, refusal may be 0 */
	enum isup_timer_id timer;	/* of who asks; 0: none */
	void (*answer_cb)(struct isup_call *call, const struct isup_msg *ask);
} ask_rows[] = {
	{ ISUP_MSG_INR, ISUP_MSG_INF, 0, ISUP_T33, answer_inr },
	{ ISUP_MSG_IDR, ISUP_MSG_IRS, 0, ISUP_T39, answer_idr },
	{ ISUP_MSG_FAR, ISUP_MSG_FAA, ISUP_MSG_FRJ, 0, answer_far },
	{ ISUP_MSG_LOP, ISUP_MSG_LOP, 0, 0, answer_lop },
	{ ISUP_MSG_NRM, ISUP_MSG_NRM, 0, 0, isup_echo_answer },
	{}
};

static const struct ask_row *row_of_ask(uint8_t type)
{
	const struct ask_row *row;

	for (row = ask_rows; row->ask; row++) {
		if (row->ask == type)
			return row;
	}
	return NULL;
}

static const struct ask_row *row_of_answer(uint8_t type)
{
	const struct ask_row *row;

	for (row = ask_rows; row->ask; row++) {
		if (row->answer == type || (row->refusal && row->refusal == type))
			return row;
	}
	return NULL;
}

void isup_cpc_rx_info(struct isup_call *call, const struct isup_msg *msg)
{
	const struct ask_row *ask = row_of_ask(msg->type), *answer = row_of_answer(msg->type);
	struct isup_circuit *circuit = call->circuit;

	if (answer && answer->timer)
		isup_timers_stop(&call->timers, answer->timer);
	call->asked = ask ? ask->ask : call->asked;
	isup_call_indicate(call, msg);
	if (!ask || circuit->call != call || call->asked != ask->ask ||
	    isup_call_phase(call) == ISUP_CALL_RELEASING)
		return;
	call->asked = 0;
	if (!call->isup->user_answers && !call->user_answers && isup_dialect_has(call->dialect, ask->answer))
		ask->answer_cb(call, msg);
}

void isup_cpc_req_info(struct isup_call *call, const struct isup_call_req *req)
{
	const struct ask_row *ask = row_of_ask(req->msg->type), *answer = row_of_answer(req->msg->type);

	isup_cpc_send(call, req);
	if (ask && ask->timer)
		isup_call_start_timer(call, ask->timer);
	if (answer && answer->ask == call->asked)
		call->asked = 0;
}

void isup_user_answers(struct isup *isup)
{
	isup->user_answers = true;
}

void isup_call_user_answers(struct isup_call *call)
{
	call->user_answers = true;
	call->uus_asked = 0;
	call->echo_outgoing = call->echo_incoming = 0;
}

/* ---- User-to-user services, Q.737.1 ---- */

/* Q.763 3.60: in a request 2 and 3 (essential), in a response 1 (not provided) */
enum { NOT_PROVIDED = 1, REQUESTED = 2, ESSENTIAL = 3 };

uint8_t isup_call_note_uus(struct isup_call *call, const struct isup_msg *iam)
{
	struct isup_uus_ind ind;

	if (call->isup->user_answers || isup_msg_get(iam, ISUP_PAR_UUS_IND, &ind) < 0 || ind.type != 0)
		return 0;
	if (ind.service1 == ESSENTIAL || ind.service2 == ESSENTIAL || ind.service3 == ESSENTIAL)
		return ISUP_CAUSE_FACILITY_REJECTED;
	call->uus_asked = (ind.service1 == REQUESTED) | (ind.service2 == REQUESTED) << 1 |
			  (ind.service3 == REQUESTED) << 2;
	return 0;
}

void isup_call_put_uus(struct isup_call *call, struct isup_msg *msg)
{
	const struct isup_uus_ind ind = {
		.type = 1,
		.service1 = call->uus_asked & 1 ? NOT_PROVIDED : 0,
		.service2 = call->uus_asked & 2 ? NOT_PROVIDED : 0,
		.service3 = call->uus_asked & 4 ? NOT_PROVIDED : 0,
	};

	if (!isup_msg_find(msg, ISUP_PAR_UUS_IND))
		isup_msg_put(msg, ISUP_PAR_UUS_IND, &ind);
	call->uus_asked = 0;
}
