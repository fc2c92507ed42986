/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuit validation test, ANSI T1.113.4: CVT and CVR, both ways. */

#include <errno.h>

#include <osmocom/core/utils.h>

#include "isup_priv.h"
#include "isup_t113.h"

enum { UNSUCCESSFUL = 0, SUCCESSFUL = 1 };	/* circuit validation response indicator */
enum { DIGITAL = 2 };				/* circuit group carrier */
enum { CONTROL_MASK = 3, CONTROL_ODD = 1, CONTROL_EVEN = 2 };	/* double seizing control: bits, so 3 is all */

/* ---- By the far end ---- */

static uint8_t double_seizing(const struct isup_circuit *circuit)
{
	switch (circuit->group->cfg.control) {
	case ISUP_CONTROL_ALL:
		return CONTROL_ODD | CONTROL_EVEN;
	case ISUP_CONTROL_NONE:
		return 0;
	default:
		return isup_circuit_controlled(circuit) == (circuit->cic % 2 == 0) ? CONTROL_EVEN : CONTROL_ODD;
	}
}

static void put_cvr(struct isup_msg *cvr, const struct isup_dialect *dialect, uint8_t response, uint8_t control)
{
	struct isup_circuit_group_characteristic group = { .carrier = DIGITAL, .double_seizing = control };

	isup_msg_init(cvr, dialect, ISUP_MSG_CVR);
	isup_msg_put(cvr, ISUP_PAR_CIRCUIT_VALIDATION_RESPONSE, &response);
	isup_msg_put(cvr, ISUP_PAR_CIRCUIT_GROUP_CHARACTERISTIC, &group);
}

void isup_validation_rx_cvt(struct isup_circuit *circuit)
{
	struct isup_msg cvr;

	put_cvr(&cvr, circuit->group->cfg.dialect, SUCCESSFUL, double_seizing(circuit));
	isup_tx(circuit, &cvr);
}

int isup_validation_encode_failed(const struct isup_dialect *dialect, uint8_t *octets, size_t size)
{
	struct isup_msg cvr;

	put_cvr(&cvr, dialect, UNSUCCESSFUL, 0);
	return isup_msg_encode(&cvr, octets, size);
}

/* ---- By us ---- */

static const char *const outcome_texts[] = {
	[ISUP_VALIDATION_SUCCESSFUL] = "successful",
	[ISUP_VALIDATION_INCONSISTENT] = "both ends, or neither, control it in a dual seizure",
	[ISUP_VALIDATION_FAILED] = "the far end has no such circuit",
	[ISUP_VALIDATION_NO_ANSWER] = "no answer",
	[ISUP_VALIDATION_CUT_SHORT] = "cut short",
};

static void end(struct isup_group *group, enum isup_validation_outcome outcome)
{
	isup_timers_stop_all(&group->validation_timers);
	group->validation.outcome = outcome;
	LOGP(DISUPCIRC, outcome == ISUP_VALIDATION_SUCCESSFUL ? LOGL_INFO : LOGL_NOTICE,
	     "maintenance: %s/%u: circuit validation: %s\n", group->name, group->validation.cic,
	     outcome_texts[outcome]);
}

static void send_cvt(struct isup_group *group)
{
	isup_timers_start(&group->validation_timers, ISUP_TCVT, isup_group_timer_ms(group, ISUP_TCVT));
	isup_tx_bare(isup_dest_circuit(group->dest, group->validation.cic), ISUP_MSG_CVT);
}

/* TCVT: once more, then maintenance is told. */
static void timer_expired(void *data, enum isup_timer_id id)
{
	struct isup_group *group = data;

	isup_group_count(group, ISUP_CTR_TIMER_SUPERVISION);
	if (group->validation_repeated) {
		end(group, ISUP_VALIDATION_NO_ANSWER);
		return;
	}
	group->validation_repeated = true;
	send_cvt(group);
}

int isup_circuit_validate(struct isup_group *group, uint16_t cic)
{
	struct isup_circuit *circuit = group->dest ? isup_dest_circuit(group->dest, cic) : NULL;

	if (!circuit || circuit->group != group)
		return -ENOENT;
	if (!isup_dialect_has(group->cfg.dialect, ISUP_MSG_CVT))
		return -ENOTSUP;
	if (group->dest->state != ISUP_DEST_AVAILABLE)
		return -EHOSTUNREACH;
	if (group->validation.outcome == ISUP_VALIDATION_UNDER_WAY)
		return -EBUSY;
	group->validation = (struct isup_validation){ .outcome = ISUP_VALIDATION_UNDER_WAY, .cic = cic };
	group->validation_repeated = false;
	isup_timers_init(&group->validation_timers, timer_expired, group);
	send_cvt(group);
	return 0;
}

/* What one end controls the other one does not. */
static enum isup_validation_outcome compare(const struct isup_circuit *circuit, const struct isup_msg *cvr,
					    uint8_t *far)
{
	struct isup_circuit_group_characteristic group;
	const struct isup_par *octets = isup_msg_find(cvr, ISUP_PAR_CIRCUIT_GROUP_CHARACTERISTIC);
	uint8_t response, bit = circuit->cic % 2 ? CONTROL_ODD : CONTROL_EVEN;

	if (isup_msg_get(cvr, ISUP_PAR_CIRCUIT_VALIDATION_RESPONSE, &response) < 0 || response != SUCCESSFUL)
		return ISUP_VALIDATION_FAILED;
	if (isup_msg_get(cvr, ISUP_PAR_CIRCUIT_GROUP_CHARACTERISTIC, &group) < 0)
		return ISUP_VALIDATION_FAILED;
	*far = octets->val[0];
	return (group.double_seizing & bit) == (double_seizing(circuit) & bit) ? ISUP_VALIDATION_INCONSISTENT :
	       ISUP_VALIDATION_SUCCESSFUL;
}

void isup_validation_for_each_timer(const struct isup_circuit *circuit, isup_timer_left_cb *cb, void *data)
{
	const struct isup_group *group = circuit->group;

	if (group->validation.outcome == ISUP_VALIDATION_UNDER_WAY && group->validation.cic == circuit->cic)
		isup_timers_for_each(&group->validation_timers, cb, data);
}

bool isup_validation_rx_cvr(struct isup_circuit *circuit, const struct isup_msg *cvr)
{
	struct isup_group *group = circuit->group;

	if (group->validation.outcome != ISUP_VALIDATION_UNDER_WAY || group->validation.cic != circuit->cic)
		return false;
	end(group, compare(circuit, cvr, &group->validation.far));
	return true;
}

void isup_validation_cancel(struct isup_group *group)
{
	if (group->validation.outcome == ISUP_VALIDATION_UNDER_WAY)
		end(group, ISUP_VALIDATION_CUT_SHORT);
}

const struct isup_validation *isup_group_validation(const struct isup_group *group)
{
	return &group->validation;
}
