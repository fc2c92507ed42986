/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unrecognised information, Q.764 2.9.5: what this exchange, an end node (type A) for it, does with a message type. */

#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_compat.h"
#include "isup_priv.h"

/* Q.763 3.33: instruction indicators; A (transit) and E (pass on) do not matter where the message ends */
#define COMPAT_RELEASE	0x02	/* B */
#define COMPAT_NOTIFY	0x04	/* C */

/* Q.764 2.9.5.3.1: without compatibility information it is discarded, and CFN is sent */
#define COMPAT_DEFAULT	COMPAT_NOTIFY

/* The instruction indicators of a message whose layout is not known. Q.763 1.11: a message type that not everybody
 * recognises has an optional part only, so its pointer is the second octet. */
static uint8_t instructions(const struct isup_msg *msg)
{
	size_t at = 1;

	if (msg->octets_len < 2 || !msg->octets[1])
		return COMPAT_DEFAULT;
	at += msg->octets[1];
	while (at + 2 < msg->octets_len && msg->octets[at] != ISUP_PAR_END) {
		if (msg->octets[at] == ISUP_PAR_MESSAGE_COMPAT && msg->octets[at + 1] > 0)
			return msg->octets[at + 2];
		at += 2 + msg->octets[at + 1];
	}
	return COMPAT_DEFAULT;
}

static void put_cause(struct isup_msg *out, uint8_t type, const struct isup_msg *msg)
{
	struct isup_cause cause = {
		.location = ISUP_LOC_LN,
		.value = ISUP_CAUSE_MESSAGE_TYPE_NONEXISTENT,
		.n_diagnostics = 1,
		.diagnostics = { msg->type },
	};

	isup_msg_init(out, msg->dialect, type);
	isup_msg_put(out, ISUP_PAR_CAUSE, &cause);
}

void isup_compat_unrecognised(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	uint8_t instr = instructions(msg);
	struct isup_msg out;

	isup_group_count(circuit->group, ISUP_CTR_UNRECOGNISED);
	LOGP_LIMITED(DISUP, LOGL_NOTICE, "%s/%u: message type 0x%02x not recognised: %s\n", circuit->group->name,
		     circuit->cic, msg->type, instr & COMPAT_RELEASE ? "call released" : "discarded");
	if (instr & COMPAT_RELEASE) {
		if (circuit->call)
			isup_call_protocol_error(circuit->call, ISUP_CAUSE_MESSAGE_TYPE_NONEXISTENT);
		return;
	}
	if (instr & COMPAT_NOTIFY) {
		put_cause(&out, ISUP_MSG_CFN, msg);
		isup_tx(circuit, &out);
	}
}
