/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codes of ANSI T1.113.3 that Q.763 does not have. */
#pragma once

/* Message types */
enum isup_ansi_msg_type {
	ISUP_MSG_CRA = 0xe9, ISUP_MSG_CRM = 0xea, ISUP_MSG_CVR = 0xeb, ISUP_MSG_CVT = 0xec, ISUP_MSG_EXM = 0xed,
};

/* Parameter name codes */
enum isup_ansi_par_code {
	ISUP_PAR_OPERATOR_SERVICES	= 0xc2,
	ISUP_PAR_EGRESS			= 0xc3,
	ISUP_PAR_JURISDICTION		= 0xc4,
	ISUP_PAR_CARRIER_ID		= 0xc5,
	ISUP_PAR_BUSINESS_GROUP		= 0xc6,
	ISUP_PAR_GENERIC_NAME		= 0xc7,
	ISUP_PAR_NOTIFICATION_IND	= 0xe1,
	ISUP_PAR_CSP_ID			= 0xe2,	/* carrier service provider identification */
	ISUP_PAR_TRANSACTION_REQUEST	= 0xe3,
	ISUP_PAR_LSP_ID			= 0xe4,	/* local service provider identification */
	ISUP_PAR_CIRCUIT_GROUP_CHARACTERISTIC = 0xe5,
	ISUP_PAR_CIRCUIT_VALIDATION_RESPONSE = 0xe6,
	ISUP_PAR_OUTGOING_TRUNK_GROUP	= 0xe7,
	ISUP_PAR_CIRCUIT_ID_NAME	= 0xe8,
	ISUP_PAR_CLLI			= 0xe9,	/* common language location identification */
	ISUP_PAR_ORIGINATING_LINE	= 0xea,
	ISUP_PAR_CHARGE_NUMBER		= 0xeb,
	ISUP_PAR_SERVICE_CODE		= 0xec,
	ISUP_PAR_SPECIAL_PROCESSING	= 0xed,
	ISUP_PAR_CARRIER_SELECTION	= 0xee,
	ISUP_PAR_NETWORK_TRANSPORT	= 0xef,
};
