/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Offer and answer (RFC 3264, 6337): what a session description in a message of a dialog is, and where it may be. */

#include <osmocom/core/utils.h>

#include "sip/sip_body.h"
#include "sip/sip_offer.h"

/* RFC 6337 Table 1 (patterns 1 to 6), and 3.1: what is said again, or ahead, unreliably. The first row that fits */
static const struct offer_row {
	enum sip_offer state;
	enum sip_offer_event event;
	bool has_sdp;
	enum sip_session session;
	enum sip_offer next;
} rows[] = {
	/* 1: offer in INVITE, answer in 2xx; 3: answer in a reliable 1xx */
	{ SIP_OFFER_NONE, SIP_OFFER_RX_INVITE, true, SIP_SESSION_OFFER, SIP_OFFER_THEIRS_INV },
	{ SIP_OFFER_DONE, SIP_OFFER_RX_INVITE, true, SIP_SESSION_OFFER, SIP_OFFER_THEIRS_INV },
	{ SIP_OFFER_THEIRS_INV, SIP_OFFER_TX_1XX, true, SIP_SESSION_ANSWER, SIP_OFFER_THEIRS_INV },
	{ SIP_OFFER_THEIRS_INV, SIP_OFFER_TX_REL_1XX, true, SIP_SESSION_ANSWER, SIP_OFFER_DONE },
	{ SIP_OFFER_THEIRS_INV, SIP_OFFER_TX_2XX, true, SIP_SESSION_ANSWER, SIP_OFFER_DONE },
	{ SIP_OFFER_THEIRS_INV, SIP_OFFER_TX_2XX, false, SIP_SESSION_NONE, SIP_OFFER_DONE },
	{ SIP_OFFER_NONE, SIP_OFFER_TX_INVITE, true, SIP_SESSION_OFFER, SIP_OFFER_OURS_INV },
	{ SIP_OFFER_DONE, SIP_OFFER_TX_INVITE, true, SIP_SESSION_OFFER, SIP_OFFER_OURS_INV },
	{ SIP_OFFER_OURS_INV, SIP_OFFER_RX_1XX, true, SIP_SESSION_ANSWER, SIP_OFFER_OURS_INV },
	{ SIP_OFFER_OURS_INV, SIP_OFFER_RX_REL_1XX, true, SIP_SESSION_ANSWER, SIP_OFFER_DONE },
	{ SIP_OFFER_OURS_INV, SIP_OFFER_RX_2XX, true, SIP_SESSION_ANSWER, SIP_OFFER_DONE },
	{ SIP_OFFER_OURS_INV, SIP_OFFER_RX_2XX, false, SIP_SESSION_NONE, SIP_OFFER_DONE },
	/* 2: offer in 2xx, answer in ACK; 4: offer in a reliable 1xx, answer in PRACK */
	{ SIP_OFFER_NONE, SIP_OFFER_RX_INVITE, false, SIP_SESSION_NONE, SIP_OFFER_AWAITED_OF_US },
	{ SIP_OFFER_DONE, SIP_OFFER_RX_INVITE, false, SIP_SESSION_NONE, SIP_OFFER_AWAITED_OF_US },
	{ SIP_OFFER_AWAITED_OF_US, SIP_OFFER_TX_REL_1XX, true, SIP_SESSION_OFFER, SIP_OFFER_OURS_RSP },
	{ SIP_OFFER_AWAITED_OF_US, SIP_OFFER_TX_2XX, true, SIP_SESSION_OFFER, SIP_OFFER_OURS_RSP },
	{ SIP_OFFER_AWAITED_OF_US, SIP_OFFER_TX_2XX, false, SIP_SESSION_NONE, SIP_OFFER_DONE },
	{ SIP_OFFER_OURS_RSP, SIP_OFFER_RX_PRACK, true, SIP_SESSION_ANSWER, SIP_OFFER_DONE },
	{ SIP_OFFER_OURS_RSP, SIP_OFFER_RX_ACK, true, SIP_SESSION_ANSWER, SIP_OFFER_DONE },
	{ SIP_OFFER_OURS_RSP, SIP_OFFER_RX_ACK, false, SIP_SESSION_NONE, SIP_OFFER_DONE },
	{ SIP_OFFER_NONE, SIP_OFFER_TX_INVITE, false, SIP_SESSION_NONE, SIP_OFFER_AWAITED_OF_THEM },
	{ SIP_OFFER_DONE, SIP_OFFER_TX_INVITE, false, SIP_SESSION_NONE, SIP_OFFER_AWAITED_OF_THEM },
	{ SIP_OFFER_AWAITED_OF_THEM, SIP_OFFER_RX_REL_1XX, true, SIP_SESSION_OFFER, SIP_OFFER_THEIRS_RSP },
	{ SIP_OFFER_AWAITED_OF_THEM, SIP_OFFER_RX_2XX, true, SIP_SESSION_OFFER, SIP_OFFER_THEIRS_RSP },
	{ SIP_OFFER_AWAITED_OF_THEM, SIP_OFFER_RX_2XX, false, SIP_SESSION_NONE, SIP_OFFER_DONE },
	{ SIP_OFFER_THEIRS_RSP, SIP_OFFER_TX_PRACK, true, SIP_SESSION_ANSWER, SIP_OFFER_DONE },
	{ SIP_OFFER_THEIRS_RSP, SIP_OFFER_TX_ACK, true, SIP_SESSION_ANSWER, SIP_OFFER_DONE },
	{ SIP_OFFER_THEIRS_RSP, SIP_OFFER_TX_ACK, false, SIP_SESSION_NONE, SIP_OFFER_DONE },
	/* 5: offer in PRACK; 6: in UPDATE; answer in its 2xx */
	{ SIP_OFFER_DONE, SIP_OFFER_RX_PRACK, true, SIP_SESSION_OFFER, SIP_OFFER_THEIRS_REQ },
	{ SIP_OFFER_DONE, SIP_OFFER_RX_UPDATE, true, SIP_SESSION_OFFER, SIP_OFFER_THEIRS_REQ },
	{ SIP_OFFER_THEIRS_REQ, SIP_OFFER_TX_REQ_2XX, true, SIP_SESSION_ANSWER, SIP_OFFER_DONE },
	{ SIP_OFFER_THEIRS_REQ, SIP_OFFER_TX_REQ_2XX, false, SIP_SESSION_NONE, SIP_OFFER_DONE },
	{ SIP_OFFER_DONE, SIP_OFFER_TX_UPDATE, true, SIP_SESSION_OFFER, SIP_OFFER_OURS_REQ },
	{ SIP_OFFER_OURS_REQ, SIP_OFFER_RX_REQ_2XX, true, SIP_SESSION_ANSWER, SIP_OFFER_DONE },
	{ SIP_OFFER_OURS_REQ, SIP_OFFER_RX_REQ_2XX, false, SIP_SESSION_NONE, SIP_OFFER_DONE },
	/* what was refused leaves the session as it was; one that never was one ends with its INVITE */
	{ SIP_OFFER_OURS_INV, SIP_OFFER_RX_FAILURE, false, SIP_SESSION_NONE, SIP_OFFER_DONE },
	{ SIP_OFFER_AWAITED_OF_THEM, SIP_OFFER_RX_FAILURE, false, SIP_SESSION_NONE, SIP_OFFER_DONE },
	{ SIP_OFFER_OURS_REQ, SIP_OFFER_RX_FAILURE, false, SIP_SESSION_NONE, SIP_OFFER_DONE },
	{ SIP_OFFER_THEIRS_INV, SIP_OFFER_TX_FAILURE, false, SIP_SESSION_NONE, SIP_OFFER_DONE },
	{ SIP_OFFER_AWAITED_OF_US, SIP_OFFER_TX_FAILURE, false, SIP_SESSION_NONE, SIP_OFFER_DONE },
	{ SIP_OFFER_OURS_RSP, SIP_OFFER_TX_FAILURE, false, SIP_SESSION_NONE, SIP_OFFER_DONE },
	{ SIP_OFFER_THEIRS_REQ, SIP_OFFER_TX_FAILURE, false, SIP_SESSION_NONE, SIP_OFFER_DONE },
};

enum sip_session sip_offer_step(enum sip_offer *offer, enum sip_offer_event event, bool has_sdp)
{
	const struct offer_row *row;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		if (row->state != *offer || row->event != event || row->has_sdp != has_sdp)
			continue;
		*offer = row->next;
		return row->session;
	}
	return SIP_SESSION_NONE;
}

/* RFC 3311 5.2, RFC 3261 14.2: ours is not answered 491, theirs is not 500; RFC 3262 5: no offer in PRACK before the
 * first one is answered */
uint16_t sip_offer_refusal(enum sip_offer offer, enum sip_offer_event event)
{
	static const uint16_t statuses[_SIP_OFFER_COUNT] = {
		[SIP_OFFER_AWAITED_OF_US] = 500,
		[SIP_OFFER_AWAITED_OF_THEM] = 491,
		[SIP_OFFER_OURS_INV] = 491,
		[SIP_OFFER_OURS_RSP] = 491,
		[SIP_OFFER_OURS_REQ] = 491,
		[SIP_OFFER_THEIRS_INV] = 500,
		[SIP_OFFER_THEIRS_RSP] = 500,
		[SIP_OFFER_THEIRS_REQ] = 500,
	};

	if (event == SIP_OFFER_RX_PRACK)
		return offer == SIP_OFFER_DONE || offer == SIP_OFFER_OURS_RSP ? 0 : 488;
	if (event == SIP_OFFER_RX_UPDATE && offer == SIP_OFFER_NONE)
		return 500;
	return statuses[offer];
}

bool sip_offer_in_msg(const struct sip_msg *msg)
{
	char mem[256];

	return msg->body.len && sip_msg_sdp(msg, mem, sizeof(mem)).p;
}

bool sip_offer_in_prim(const struct sip_prim *prim)
{
	static const char sdp[] = "application/sdp";
	const size_t len = sizeof(sdp) - 1;

	return prim->body.len && prim->content_type.len >= len && sip_mem_ieq(prim->content_type.p, sdp, len);
}
