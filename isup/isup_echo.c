/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Echo control, Q.764 2.7: what is said of the devices that this exchange has (group option echo-control). */

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

/* Q.764 2.7.2: NRM that asks for a device is answered NRM, which says whether it is there. */
void isup_echo_answer(struct isup_call *call, const struct isup_msg *nrm)
{
	enum isup_echo echo = call->group->cfg.echo;
	struct isup_echo_control asked, answer = {};
	struct isup_msg msg;

	if (call->group->cfg.transit || isup_msg_get(nrm, ISUP_PAR_ECHO_CONTROL, &asked) < 0)
		return;
	answer.outgoing_info = answer_to(asked.outgoing_request, echo & ISUP_ECHO_OUTGOING);
	answer.incoming_info = answer_to(asked.incoming_request, echo & ISUP_ECHO_INCOMING);
	if (!answer.outgoing_info && !answer.incoming_info)
		return;
	isup_msg_init(&msg, call->dialect, ISUP_MSG_NRM);
	isup_msg_put(&msg, ISUP_PAR_ECHO_CONTROL, &answer);
	isup_tx(call->circuit, &msg);
}
