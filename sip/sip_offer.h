/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Offer and answer (RFC 3264, 6337): what a session description in a message of a dialog is, and where it may be. */
#pragma once

#include <stdbool.h>

#include "sip/sip.h"

/* Who owes whom what. INV: the offer was in an INVITE, RSP: in a response to one, REQ: in PRACK or UPDATE */
enum sip_offer {
	SIP_OFFER_NONE,			/* nothing was offered yet */
	SIP_OFFER_DONE,			/* offer and answer are through */
	SIP_OFFER_AWAITED_OF_US,	/* their INVITE had none: our response is to bring it */
	SIP_OFFER_AWAITED_OF_THEM,
	SIP_OFFER_OURS_INV,		/* ours, not answered */
	SIP_OFFER_OURS_RSP,
	SIP_OFFER_OURS_REQ,
	SIP_OFFER_THEIRS_INV,		/* theirs, not answered */
	SIP_OFFER_THEIRS_RSP,
	SIP_OFFER_THEIRS_REQ,
	_SIP_OFFER_COUNT
};

/* Where a description may stand, and which way the message goes */
enum sip_offer_event {
	SIP_OFFER_RX_INVITE, SIP_OFFER_RX_1XX, SIP_OFFER_RX_REL_1XX, SIP_OFFER_RX_2XX, SIP_OFFER_RX_ACK,
	SIP_OFFER_RX_PRACK, SIP_OFFER_RX_UPDATE,
	SIP_OFFER_RX_REQ_2XX,		/* the 2xx to our PRACK or UPDATE */
	SIP_OFFER_RX_FAILURE,		/* 3xx-6xx to the request that had our offer */
	SIP_OFFER_TX_INVITE, SIP_OFFER_TX_1XX, SIP_OFFER_TX_REL_1XX, SIP_OFFER_TX_2XX, SIP_OFFER_TX_ACK,
	SIP_OFFER_TX_PRACK, SIP_OFFER_TX_UPDATE, SIP_OFFER_TX_REQ_2XX, SIP_OFFER_TX_FAILURE,
	_SIP_OFFER_EVENT_COUNT
};

/* What the description of a message is in this state, if it has one; *offer becomes the state after it. NONE: it has
 * no meaning here (RFC 6337 2, RFC 3261 13.2.1), or there is none. */
enum sip_session sip_offer_step(enum sip_offer *offer, enum sip_offer_event event, bool has_sdp);

/* May they offer now, in INVITE, UPDATE or PRACK? 0, or the status that says no: 491, 500 (RFC 3311 5.2, RFC 3261
 * 14.2), 488. */
uint16_t sip_offer_refusal(enum sip_offer offer, enum sip_offer_event event);

/* A message, or what the user wants to send, has a session description */
bool sip_offer_in_msg(const struct sip_msg *msg);
bool sip_offer_in_prim(const struct sip_prim *prim);
