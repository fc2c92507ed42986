/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Echo control, Q.764 2.7: what is said of the devices that this exchange has (group option echo-control). */

#include <string.h>

#include "isup_call.h"
#include "isup_priv.h"

/* In the fixed part, right after the message type: Q.763 3.35 E, and 3.5 N (octet 2, F) */
#define NCI_OUTGOING	0x10
#define BCI_INCOMING	0x20

/* Q.763 3.19: information, and requests */
enum { NOT_AVAILABLE = 1, INCLUDED = 2, AVAILABLE = 3 };
enum { ACTIVATE = 1, DEACTIVATE = 2 };

static void set_bit(uint8_t *octet, uint8_t bit, bool on)
{
	*octet = on ? *octet | bit : *octet & ~bit;
}

/* Q.764 2.7.1: an outgoing device in front of the called side is told in IAM, an incoming one in ACM or CON. */
void isup_echo_set(const struct isup_group *group, uint8_t *octets, size_t len)
{
	enum isup_echo echo = group->cfg.echo;

	if (echo == ISUP_ECHO_USER || len < 3)
		return;
	if (octets[0] == ISUP_MSG_IAM)
		set_bit(&octets[1], NCI_OUTGOING, echo & ISUP_ECHO_OUTGOING);
	else if (octets[0] == ISUP_MSG_ACM || octets[0] == ISUP_MSG_CON)
		set_bit(&octets[2], BCI_INCOMING, echo & ISUP_ECHO_INCOMING);
}

static uint8_t answer_to(uint8_t request, bool device)
{
	if (request != ACTIVATE && request != DEACTIVATE)
		return 0;
	if (!device)
		return NOT_AVAILABLE;
	return request == ACTIVATE ? INCLUDED : AVAILABLE;
}

/* False: a message asks for nothing that would be answered here. */
static bool answer_of(const struct isup_call *call, const struct isup_msg *msg, struct isup_echo_control *answer)
{
	enum isup_echo echo = call->group->cfg.echo;
	struct isup_echo_control asked;

	memset(answer, 0, sizeof(*answer));
	if (call->group->cfg.transit || isup_msg_get(msg, ISUP_PAR_ECHO_CONTROL, &asked) < 0)
		return false;
	answer->outgoing_info = answer_to(asked.outgoing_request, echo & ISUP_ECHO_OUTGOING);
	answer->incoming_info = answer_to(asked.incoming_request, echo & ISUP_ECHO_INCOMING);
	return answer->outgoing_info || answer->incoming_info;
}

/* Q.764 2.7.2: a message that asks for a device is answered NRM, which says whether it is there. */
void isup_echo_answer(struct isup_call *call, const struct isup_msg *asks)
{
	struct isup_echo_control answer;
	struct isup_msg nrm;

	if (call->isup->user_answers || call->user_answers || !answer_of(call, asks, &answer) ||
	    !isup_dialect_has(call->dialect, ISUP_MSG_NRM))
		return;
	isup_msg_init(&nrm, call->dialect, ISUP_MSG_NRM);
	isup_msg_put(&nrm, ISUP_PAR_ECHO_CONTROL, &answer);
	isup_tx(call->circuit, &nrm);
}

/* An IAM that asks is answered in the first backward message. */
void isup_echo_note(struct isup_call *call, const struct isup_msg *iam)
{
	struct isup_echo_control answer;

	if (call->isup->user_answers || !answer_of(call, iam, &answer))
		return;
	call->echo_outgoing = answer.outgoing_info;
	call->echo_incoming = answer.incoming_info;
}

void isup_echo_put(struct isup_call *call, struct isup_msg *msg)
{
	const struct isup_echo_control answer = {
		.outgoing_info = call->echo_outgoing, .incoming_info = call->echo_incoming,
	};

	if (!isup_msg_find(msg, ISUP_PAR_ECHO_CONTROL))
		isup_msg_put(msg, ISUP_PAR_ECHO_CONTROL, &answer);
	call->echo_outgoing = call->echo_incoming = 0;
}
