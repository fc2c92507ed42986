/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of ANSI T1.113 (1995, 2000): messages with their priorities, parameters that are not as in Q.763. */

#include <stddef.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"
#include "isup/isup_rows.h"
#include "isup/isup_t113.h"

/* A field that has another name than its member */
#define NAMED(name_, type, member, letters_, values_) { \
	.name = name_, .letters = letters_, .width = sizeof(letters_) - 1, \
	.offset = offsetof(struct type, member), .values = values_ }
/* ---- Values ---- */

static const struct isup_value no_yes_values[] = {
	{ 0, "no", "no indication" },
	{ 1, "yes", "indicated" },
	{}
};

static const struct isup_value intl_call_values[] = {
	{ 0, "no", "not an incoming international call" },
	{ 1, "yes", "incoming international call" },
	{}
};

static const struct isup_value e2e_method_values[] = {
	{ 0, "none", "no end-to-end method available" },
	{ 1, "pass-along", "pass-along method available" },
	{ 2, "sccp", "SCCP method available" },
	{ 3, "both", "pass-along and SCCP methods available" },
	{}
};

static const struct isup_value preference_values[] = {
	{ 0, "preferred", "ISDN user part preferred all the way" },
	{ 1, "not-required", "ISDN user part not required all the way" },
	{ 2, "required", "ISDN user part required all the way" },
	{}
};

static const struct isup_value sccp_method_values[] = {
	{ 0, "none", "no indication" },
	{ 1, "connectionless", "connectionless method available" },
	{ 2, "connection-oriented", "connection oriented method available" },
	{ 3, "both", "connectionless and connection oriented methods available" },
	{}
};

static const struct isup_value charge_values[] = {
	{ 0, "no-indication", "no indication" },
	{ 1, "no-charge", "no charge" },
	{ 2, "charge", "charge" },
	{}
};

static const struct isup_value called_status_values[] = {
	{ 0, "no-indication", "no indication" },
	{ 1, "subscriber-free", "subscriber free" },
	{ 2, "connect-when-free", "connect when free" },
	{}
};

static const struct isup_value called_category_values[] = {
	{ 0, "no-indication", "no indication" },
	{ 1, "ordinary", "ordinary subscriber" },
	{ 2, "payphone", "payphone" },
	{}
};

static const struct isup_value cpc_values[] = {
	{ 0, "unknown", "calling party's category unknown at this time" },
	{ 1, "operator-french", "operator, language French" },
	{ 2, "operator-english", "operator, language English" },
	{ 3, "operator-german", "operator, language German" },
	{ 4, "operator-russian", "operator, language Russian" },
	{ 5, "operator-spanish", "operator, language Spanish" },
	{ 10, "ordinary", "ordinary calling subscriber" },
	{ 11, "priority", "calling subscriber with priority" },
	{ 12, "data", "data call (voice band data)" },
	{ 13, "test", "test call" },
	{ 15, "payphone", "payphone" },
	{ 224, "emergency", "emergency service call" },
	{ 225, "emergency-priority", "high priority emergency service call" },
	{ 226, "ns-ep", "national security and emergency preparedness call" },
	{}
};

/* Numbers that are dialled with an operator in mind have codes of their own. */
static const struct isup_value called_noa_values[] = {
	{ 1, "subscriber", "subscriber number" },
	{ 3, "national", "national (significant) number" },
	{ 4, "international", "international number" },
	{ 113, "subscriber-operator", "subscriber number, operator requested" },
	{ 114, "national-operator", "national number, operator requested" },
	{ 115, "international-operator", "international number, operator requested" },
	{ 116, "none-operator", "no number present, operator requested" },
	{ 117, "none-cut-through", "no number present, cut-through call to carrier" },
	{ 118, "950-plus", "950+ call from a public station, hotel or motel, or non-exchange access end office" },
	{ 119, "test-line", "test line test code" },
	{}
};

static const struct isup_value calling_noa_values[] = {
	{ 1, "subscriber", "unique subscriber number" },
	{ 3, "national", "unique national (significant) number" },
	{ 4, "international", "unique international number" },
	{ 113, "subscriber-non-unique", "non-unique subscriber number" },
	{ 115, "national-non-unique", "non-unique national (significant) number" },
	{ 116, "international-non-unique", "non-unique international number" },
	{ 119, "test-line", "test line test code" },
	{}
};

static const struct isup_value charge_noa_values[] = {
	{ 1, "calling-subscriber", "ANI of the calling party; subscriber number" },
	{ 2, "not-available", "ANI not available or not provided" },
	{ 3, "calling-national", "ANI of the calling party; national number" },
	{ 5, "called-subscriber", "ANI of the called party; subscriber number" },
	{ 6, "called-none", "ANI of the called party; no number present" },
	{ 7, "called-national", "ANI of the called party; national number" },
	{}
};

static const struct isup_value inn_values[] = {
	{ 0, NULL, "routing to internal network number allowed" },
	{ 1, NULL, "routing to internal network number not allowed" },
	{}
};

static const struct isup_value ni_values[] = {
	{ 0, NULL, "complete" },
	{ 1, NULL, "incomplete" },
	{}
};

static const struct isup_value npi_values[] = {
	{ 1, "isdn", "ISDN (telephony) numbering plan (E.164)" },
	{ 5, "private", "private numbering plan" },
	{}
};

static const struct isup_value apri_values[] = {
	{ 0, "allowed", "presentation allowed" },
	{ 1, "restricted", "presentation restricted" },
	{ 2, "not-available", "address not available" },
	{}
};

static const struct isup_value screening_values[] = {
	{ 0, "user-not-verified", "user provided, not screened" },
	{ 1, "user-passed", "user provided, screening passed" },
	{ 2, "user-failed", "user provided, screening failed" },
	{ 3, "network", "network provided" },
	{}
};

static const struct isup_value address_type_values[] = {
	{ 0, "dialled", "dialled number" },
	{ 1, "destination", "destination number" },
	{ 2, "supplemental-failed", "supplemental user provided calling address, failed network screening" },
	{ 3, "supplemental-not-screened", "supplemental user provided calling address, not screened" },
	{ 4, "completion", "completion number" },
	{ 192, "ported", "ported number" },
	{}
};

static const struct isup_value network_type_values[] = {
	{ 2, "national", "national network identification" },
	{}
};

static const struct isup_value network_plan_values[] = {
	{ 0, "unknown", "unknown" },
	{ 1, "3-digit", "3-digit carrier identification with circuit code" },
	{ 2, "4-digit", "4-digit carrier identification with circuit code" },
	{}
};

static const struct isup_value carrier_selection_values[] = {
	{ 0, "no-indication", "no indication" },
	{ 1, "presubscribed", "presubscribed, not input by the calling party" },
	{ 2, "presubscribed-input", "presubscribed, input by the calling party" },
	{ 3, "presubscribed-undetermined", "presubscribed, input by the calling party undetermined" },
	{ 4, "input", "not presubscribed, input by the calling party" },
	{ 5, "unknown-input", "presubscription unknown, input by the calling party" },
	{}
};

/* Originating line information is what ANI II digits say. */
static const struct isup_value oli_values[] = {
	{ 0, "ordinary", "identified line, no special treatment" },
	{ 1, "multiparty", "multiparty line (ONI)" },
	{ 2, "ani-failure", "ANI failure" },
	{ 6, "hotel", "hotel or motel with room identification" },
	{ 7, "special", "coinless, hospital, inmate, and the like" },
	{ 8, "interlata-restricted", "interLATA restricted" },
	{ 20, "aiod", "AIOD, listed directory number sent" },
	{ 23, "coin-or-not", "coin or non-coin, line status unknown" },
	{ 24, "freephone", "800 service call" },
	{ 27, "coin", "coin line, network controlled" },
	{ 61, "wireless-1", "cellular or wireless, type 1" },
	{ 62, "wireless-2", "cellular or wireless, type 2" },
	{ 63, "wireless-roaming", "cellular or wireless, roaming" },
	{ 68, "interlata-hotel", "interLATA restricted, hotel" },
	{ 70, "private-coin", "private pay station" },
	{ 78, "interlata-special", "interLATA restricted, coinless, and the like" },
	{}
};

static const struct isup_value name_type_values[] = {
	{ 1, "calling", "calling name" },
	{ 2, "original-called", "original called name" },
	{ 3, "redirecting", "redirecting name" },
	{ 4, "connected", "connected name" },
	{}
};

/* Two sources of three, tshark among them */
static const struct isup_value cvr_values[] = {
	{ 0, "unsuccessful", "circuit validation unsuccessful" },
	{ 1, "successful", "circuit validation successful" },
	{}
};

static const struct isup_value carrier_values[] = {
	{ 0, "unknown", "unknown" },
	{ 1, "analogue", "analogue" },
	{ 2, "digital", "digital" },
	{ 3, "both", "digital and analogue" },
	{}
};

static const struct isup_value double_seizing_values[] = {
	{ 0, "none", "no circuit control" },
	{ 1, "odd", "odd circuit control" },
	{ 2, "even", "even circuit control" },
	{ 3, "all", "all circuit control" },
	{}
};

static const struct isup_value alarm_carrier_values[] = {
	{ 0, "unknown", "unknown" },
	{ 1, "software", "software carrier handling" },
	{ 2, "hardware", "hardware carrier handling" },
	{}
};

static const struct isup_value continuity_requirement_values[] = {
	{ 0, "unknown", "unknown" },
	{ 1, "none", "none" },
	{ 2, "statistical", "statistical" },
	{ 3, "per-call", "per call" },
	{}
};

static const struct isup_value notification_values[] = {
	{ 4, "completion-delay", "call completion delay" },
	{ 96, "call-waiting", "call is a waiting call" },
	{ 121, "remote-hold", "remote hold" },
	{ 122, "remote-retrieval", "remote hold released" },
	{ 123, "diverting", "call is forwarded" },
	{}
};

/* ---- Fields ---- */

static const struct isup_field fci_fields[] = {
	BITS(isup_fci, intl_call, "A", intl_call_values),
	BITS(isup_fci, e2e_method, "CB", e2e_method_values),
	BITS(isup_fci, interworking, "D", no_yes_values),
	NAMED("iam_segmentation", isup_fci, e2e_info, "E", no_yes_values),
	BITS(isup_fci, isup_all_the_way, "F", no_yes_values),
	BITS(isup_fci, isup_preference, "HG", preference_values),
	BITS(isup_fci, isdn_access, "I", no_yes_values),
	BITS(isup_fci, sccp_method, "KJ", sccp_method_values),
	BITS(isup_fci, number_translated, "M", no_yes_values),
	BITS(isup_fci, qor, "N", no_yes_values),
	{}
};

static const struct isup_field bci_fields[] = {
	BITS(isup_bci, charge, "BA", charge_values),
	BITS(isup_bci, called_status, "DC", called_status_values),
	BITS(isup_bci, called_category, "FE", called_category_values),
	BITS(isup_bci, e2e_method, "HG", e2e_method_values),
	BITS(isup_bci, interworking, "I", no_yes_values),
	NAMED("iam_segmentation", isup_bci, e2e_info, "J", no_yes_values),
	BITS(isup_bci, isup_all_the_way, "K", no_yes_values),
	BITS(isup_bci, holding, "L", no_yes_values),
	BITS(isup_bci, isdn_access, "M", no_yes_values),
	BITS(isup_bci, echo, "N", no_yes_values),
	BITS(isup_bci, sccp_method, "PO", sccp_method_values),
	{}
};

static const struct isup_field called_number_fields[] = {
	BITS(isup_number, noa, "GFEDCBA", called_noa_values),
	BITS(isup_number, inn, "P", inn_values),
	BITS(isup_number, npi, "ONM", npi_values),
	{}
};

static const struct isup_field calling_number_fields[] = {
	BITS(isup_number, noa, "GFEDCBA", calling_noa_values),
	BITS(isup_number, ni, "P", ni_values),
	BITS(isup_number, npi, "ONM", npi_values),
	BITS(isup_number, apri, "LK", apri_values),
	BITS(isup_number, screening, "JI", screening_values),
	{}
};

static const struct isup_field charge_number_fields[] = {
	BITS(isup_number, noa, "GFEDCBA", charge_noa_values),
	BITS(isup_number, npi, "ONM", npi_values),
	{}
};

static const struct isup_field generic_address_fields[] = {
	BITS(isup_number, qualifier, "HGFEDCBA", address_type_values),
	BITS(isup_number, noa, "ONMLKJI", called_noa_values),
	BITS(isup_number, npi, "WVU", npi_values),
	BITS(isup_number, apri, "TS", apri_values),
	BITS(isup_number, screening, "RQ", screening_values),
	{}
};

static const struct isup_field network_fields[] = {
	NAMED("type", isup_number, noa, "GFE", network_type_values),
	NAMED("plan", isup_number, npi, "DCBA", network_plan_values),
	{}
};

static const struct isup_field digits_only_fields[] = { {} };

static const struct isup_field generic_name_fields[] = {
	BITS(isup_headed, type, "HGF", name_type_values),
	NAMED("not_available", isup_headed, encoding, "E", no_yes_values),
	BITS(isup_headed, presentation, "BA", apri_values),
	{}
};

static const struct isup_field cgci_fields[] = {
	BITS(isup_circuit_group_characteristic, carrier, "BA", carrier_values),
	BITS(isup_circuit_group_characteristic, double_seizing, "DC", double_seizing_values),
	BITS(isup_circuit_group_characteristic, alarm, "FE", alarm_carrier_values),
	BITS(isup_circuit_group_characteristic, continuity, "HG", continuity_requirement_values),
	{}
};

static const struct isup_field cpc_fields[] = { SINGLE("category", "HGFEDCBA", cpc_values), {} };
static const struct isup_field carrier_selection_fields[] = {
	SINGLE("selection", "HGFEDCBA", carrier_selection_values), {}
};
static const struct isup_field oli_fields[] = { SINGLE("line", "HGFEDCBA", oli_values), {} };
static const struct isup_field cvr_fields[] = { SINGLE("response", "BA", cvr_values), {} };
static const struct isup_field notification_fields[] = { SINGLE("notification", "GFEDCBA", notification_values), {} };
static const struct isup_field code_fields[] = { SINGLE("code", "HGFEDCBA", NULL), {} };

/* ---- Parameters ---- */

#define OCTETS_ROW(min_, max_) .min_len = min_, .max_len = max_

const struct isup_par_def isup_t113_pars[256] = {
	[ISUP_PAR_CALL_REFERENCE] = {
		.in = ISUP_IN_ANSI,
		.name = "call_reference", .title = "Call reference", .clause = "T1.113.3 3.5", OCTETS_ROW(6, 6),
	},
	[ISUP_PAR_CALLED_NUMBER] = {
		.in = ISUP_IN_ANSI, .name = "called", .title = "Called party number", .clause = "T1.113.3 3.6",
		.usual = "noa=national npi=isdn", .min_len = 2, NUMBER_ROW(called_number_fields, 2, 'H'),
	},
	[ISUP_PAR_FCI] = {
		.in = ISUP_IN_ANSI, .name = "fci", .title = "Forward call indicators", .clause = "T1.113.3 3.20",
		.usual = "isup_all_the_way=yes isdn_access=yes",
		.min_len = 2, .max_len = 2, BITS_ROW(struct isup_fci, fci_fields, 2),
	},
	[ISUP_PAR_CPC] = {
		.in = ISUP_IN_ANSI, .name = "cpc", .title = "Calling party's category", .clause = "T1.113.3 3.8",
		.usual = "ordinary", OCTET_ROW(cpc_fields),
	},
	[ISUP_PAR_CALLING_NUMBER] = {
		.in = ISUP_IN_ANSI, .name = "calling", .title = "Calling party number", .clause = "T1.113.3 3.7",
		.usual = "noa=national npi=isdn screening=network",
		.min_len = 2, .max_len = 10, NUMBER_ROW(calling_number_fields, 2, 'H'),
	},
	[ISUP_PAR_BCI] = {
		.in = ISUP_IN_ANSI, .name = "bci", .title = "Backward call indicators", .clause = "T1.113.3 3.4",
		.usual = "charge=charge isup_all_the_way=yes isdn_access=yes",
		.min_len = 2, .max_len = 2, BITS_ROW(struct isup_bci, bci_fields, 2),
	},
	/* The usual one: ITU-T coding, speech, circuit mode, 64 kbit/s, mu-law */
	[ISUP_PAR_USI] = {
		.in = ISUP_IN_ANSI, .name = "usi", .title = "User service information", .clause = "T1.113.3 3.36",
		.usual = "rate=64k layer1=g711-mu", .min_len = 2,
		CHAIN_ROW(struct isup_usi, isup_usi_octets, isup_usi_fields),
	},
	[ISUP_PAR_TNS] = {
		.in = ISUP_IN_ANSI, .name = "tns", .title = "Transit network selection", .clause = "T1.113.3 3.34",
		.usual = "type=national plan=4-digit", .min_len = 1, .max_len = 4, NUMBER_ROW(network_fields, 1, 0),
	},
	[ISUP_PAR_GENERIC_NUMBER] = {
		.in = ISUP_IN_ANSI,
		.name = "generic_address", .title = "Generic address", .clause = "T1.113.3 3.20A",
		.usual = "noa=national npi=isdn",
		.min_len = 3, .max_len = 11, NUMBER_ROW(generic_address_fields, 3, 'P'),
	},
	[ISUP_PAR_OPERATOR_SERVICES] = {
		.in = ISUP_IN_ANSI,
		.name = "operator_services", .title = "Operator services information", .clause = "T1.113.3",
		OCTETS_ROW(1, 0),
	},
	[ISUP_PAR_EGRESS] = {
		.in = ISUP_IN_ANSI,
		.name = "egress", .title = "Egress service", .clause = "T1.113.3", OCTETS_ROW(1, 0),
	},
	[ISUP_PAR_JURISDICTION] = {
		.in = ISUP_IN_ANSI,
		.name = "jurisdiction", .title = "Jurisdiction information", .clause = "T1.113.3 3.23A",
		.max_len = 3, NUMBER_ROW(digits_only_fields, 0, 0),
	},
	[ISUP_PAR_CARRIER_ID] = {
		.in = ISUP_IN_ANSI, .name = "carrier", .title = "Carrier identification", .clause = "T1.113.3",
		.usual = "type=national plan=4-digit", .min_len = 1, .max_len = 3, NUMBER_ROW(network_fields, 1, 0),
	},
	[ISUP_PAR_BUSINESS_GROUP] = {
		.in = ISUP_IN_ANSI,
		.name = "business_group", .title = "Business group", .clause = "T1.113.3 3.3A", OCTETS_ROW(7, 0),
	},
	[ISUP_PAR_GENERIC_NAME] = {
		.in = ISUP_IN_ANSI,
		.name = "generic_name", .title = "Generic name", .clause = "T1.113.3", .usual = "type=calling",
		.min_len = 1, .max_len = 16, HEADED_ROW(generic_name_fields, 1),
	},
	[ISUP_PAR_NOTIFICATION_IND] = {
		.in = ISUP_IN_ANSI,
		.name = "notification_ind", .title = "Notification indicator", .clause = "T1.113.3",
		.min_len = 1, .ones = 'H', BITS_ROW(uint8_t, notification_fields, 1),
	},
	[ISUP_PAR_CSP_ID] = {
		.in = ISUP_IN_ANSI,
		.name = "carrier_provider", .title = "Carrier service provider identification", .clause = "T1.113.3",
		OCTETS_ROW(1, 0),
	},
	[ISUP_PAR_TRANSACTION_REQUEST] = {
		.in = ISUP_IN_ANSI,
		.name = "transaction_request", .title = "Transaction request", .clause = "T1.113.3", OCTETS_ROW(4, 0),
	},
	[ISUP_PAR_LSP_ID] = {
		.in = ISUP_IN_ANSI,
		.name = "local_provider", .title = "Local service provider identification", .clause = "T1.113.3",
		OCTETS_ROW(1, 0),
	},
	[ISUP_PAR_CIRCUIT_GROUP_CHARACTERISTIC] = {
		.in = ISUP_IN_ANSI,
		.name = "group_characteristic", .title = "Circuit group characteristic indicators",
		.clause = "T1.113.3", .usual = "carrier=digital", .min_len = 1, .max_len = 1,
		BITS_ROW(struct isup_circuit_group_characteristic, cgci_fields, 1),
	},
	[ISUP_PAR_CIRCUIT_VALIDATION_RESPONSE] = {
		.in = ISUP_IN_ANSI,
		.name = "validation", .title = "Circuit validation response indicator", .clause = "T1.113.3",
		.usual = "successful", OCTET_ROW(cvr_fields),
	},
	[ISUP_PAR_OUTGOING_TRUNK_GROUP] = {
		.in = ISUP_IN_ANSI,
		.name = "trunk_group", .title = "Outgoing trunk group number", .clause = "T1.113.3",
		.max_len = 3, NUMBER_ROW(digits_only_fields, 0, 0),
	},
	[ISUP_PAR_CIRCUIT_ID_NAME] = {
		.in = ISUP_IN_ANSI,
		.name = "circuit_name", .title = "Circuit identification name", .clause = "T1.113.3",
		OCTETS_ROW(26, 26),
	},
	[ISUP_PAR_CLLI] = {
		.in = ISUP_IN_ANSI,
		.name = "clli", .title = "COMMON LANGUAGE location identification (CLLI) code", .clause = "T1.113.3",
		OCTETS_ROW(11, 11),
	},
	[ISUP_PAR_ORIGINATING_LINE] = {
		.in = ISUP_IN_ANSI,
		.name = "oli", .title = "Originating line information", .clause = "T1.113.3", OCTET_ROW(oli_fields),
	},
	[ISUP_PAR_CHARGE_NUMBER] = {
		.in = ISUP_IN_ANSI, .name = "charge_number", .title = "Charge number", .clause = "T1.113.3",
		.usual = "noa=calling-national npi=isdn", .min_len = 2, .max_len = 10,
		NUMBER_ROW(charge_number_fields, 2, 'H'),
	},
	[ISUP_PAR_SERVICE_CODE] = {
		.in = ISUP_IN_ANSI, .name = "service_code", .title = "Service code indicator", .clause = "T1.113.3",
		OCTET_ROW(code_fields),
	},
	[ISUP_PAR_SPECIAL_PROCESSING] = {
		.in = ISUP_IN_ANSI,
		.name = "special_processing", .title = "Special processing request", .clause = "T1.113.3",
		OCTET_ROW(code_fields),
	},
	[ISUP_PAR_CARRIER_SELECTION] = {
		.in = ISUP_IN_ANSI,
		.name = "carrier_selection", .title = "Carrier selection information", .clause = "T1.113.3",
		OCTET_ROW(carrier_selection_fields),
	},
	[ISUP_PAR_NETWORK_TRANSPORT] = {
		.in = ISUP_IN_ANSI,
		.name = "network_transport", .title = "Network transport", .clause = "T1.113.3", OCTETS_ROW(3, 0),
	},
};

/* ---- Messages; priorities as two public implementations have them (T1.113.3 Annex) ---- */

#define ROW(prio_) .prio = prio_, .in = ISUP_IN_ANSI

const struct isup_msg_def isup_t113_msgs[256] = {
	[ISUP_MSG_IAM] = {
		.name = "IAM", .title = "Initial address", .clause = "T1.113.3",
		.fixed = { ISUP_PAR_NCI, ISUP_PAR_FCI, ISUP_PAR_CPC },
		.variable = { ISUP_PAR_USI, ISUP_PAR_CALLED_NUMBER },
		.optional = true, ROW(0),
	},
	[ISUP_MSG_INR] = {
		.name = "INR", .title = "Information request", .clause = "T1.113.3",
		.fixed = { ISUP_PAR_INFORMATION_REQUEST_IND },
		.optional = true, ROW(1),
	},
	[ISUP_MSG_INF] = {
		.name = "INF", .title = "Information", .clause = "T1.113.3",
		.fixed = { ISUP_PAR_INFORMATION_IND },
		.optional = true, ROW(1),
	},
	[ISUP_MSG_COT] = {
		.name = "COT", .title = "Continuity", .clause = "T1.113.3",
		.fixed = { ISUP_PAR_CONTINUITY_IND }, ROW(1),
	},
	[ISUP_MSG_ACM] = {
		.name = "ACM", .title = "Address complete", .clause = "T1.113.3",
		.fixed = { ISUP_PAR_BCI },
		.optional = true, ROW(1),
	},
	[ISUP_MSG_FOT] = {
		.name = "FOT", .title = "Forward transfer", .clause = "T1.113.3", .optional = true, ROW(1),
	},
	[ISUP_MSG_ANM] = { .name = "ANM", .title = "Answer", .clause = "T1.113.3", .optional = true, ROW(2) },
	[ISUP_MSG_REL] = {
		.name = "REL", .title = "Release", .clause = "T1.113.3",
		.variable = { ISUP_PAR_CAUSE },
		.optional = true, ROW(1),
	},
	[ISUP_MSG_SUS] = {
		.name = "SUS", .title = "Suspend", .clause = "T1.113.3",
		.fixed = { ISUP_PAR_SUSPEND_RESUME_IND },
		.optional = true, ROW(1),
	},
	[ISUP_MSG_RES] = {
		.name = "RES", .title = "Resume", .clause = "T1.113.3",
		.fixed = { ISUP_PAR_SUSPEND_RESUME_IND },
		.optional = true, ROW(1),
	},
	[ISUP_MSG_RLC] = { .name = "RLC", .title = "Release complete", .clause = "T1.113.3", ROW(2) },
	[ISUP_MSG_CCR] = { .name = "CCR", .title = "Continuity check request", .clause = "T1.113.3", ROW(1) },
	[ISUP_MSG_RSC] = { .name = "RSC", .title = "Reset circuit", .clause = "T1.113.3", ROW(0) },
	[ISUP_MSG_BLO] = { .name = "BLO", .title = "Blocking", .clause = "T1.113.3", ROW(0) },
	[ISUP_MSG_UBL] = { .name = "UBL", .title = "Unblocking", .clause = "T1.113.3", ROW(0) },
	[ISUP_MSG_BLA] = { .name = "BLA", .title = "Blocking acknowledgement", .clause = "T1.113.3", ROW(0) },
	[ISUP_MSG_UBA] = { .name = "UBA", .title = "Unblocking acknowledgement", .clause = "T1.113.3", ROW(0) },
	[ISUP_MSG_GRS] = {
		.name = "GRS", .title = "Circuit group reset", .clause = "T1.113.3",
		.variable = { ISUP_PAR_RANGE_AND_STATUS }, ROW(0),
	},
	[ISUP_MSG_CGB] = {
		.name = "CGB", .title = "Circuit group blocking", .clause = "T1.113.3",
		.fixed = { ISUP_PAR_CGS_MESSAGE_TYPE },
		.variable = { ISUP_PAR_RANGE_AND_STATUS }, ROW(0),
	},
	[ISUP_MSG_CGU] = {
		.name = "CGU", .title = "Circuit group unblocking", .clause = "T1.113.3",
		.fixed = { ISUP_PAR_CGS_MESSAGE_TYPE },
		.variable = { ISUP_PAR_RANGE_AND_STATUS }, ROW(0),
	},
	[ISUP_MSG_CGBA] = {
		.name = "CGBA", .title = "Circuit group blocking acknowledgement", .clause = "T1.113.3",
		.fixed = { ISUP_PAR_CGS_MESSAGE_TYPE },
		.variable = { ISUP_PAR_RANGE_AND_STATUS }, ROW(0),
	},
	[ISUP_MSG_CGUA] = {
		.name = "CGUA", .title = "Circuit group unblocking acknowledgement", .clause = "T1.113.3",
		.fixed = { ISUP_PAR_CGS_MESSAGE_TYPE },
		.variable = { ISUP_PAR_RANGE_AND_STATUS }, ROW(0),
	},
	[ISUP_MSG_LPA] = { .name = "LPA", .title = "Loop back acknowledgement", .clause = "T1.113.3", ROW(1) },
	[ISUP_MSG_PAM] = {
		.name = "PAM", .title = "Pass-along", .clause = "T1.113.3", .opaque = true, .holds_message = true,
		ROW(0),
	},
	[ISUP_MSG_GRA] = {
		.name = "GRA", .title = "Circuit group reset acknowledgement", .clause = "T1.113.3",
		.variable = { ISUP_PAR_RANGE_AND_STATUS }, ROW(0),
	},
	[ISUP_MSG_CQM] = {
		.name = "CQM", .title = "Circuit query", .clause = "T1.113.3",
		.variable = { ISUP_PAR_RANGE_AND_STATUS }, ROW(0),
	},
	[ISUP_MSG_CQR] = {
		.name = "CQR", .title = "Circuit query response", .clause = "T1.113.3",
		.variable = { ISUP_PAR_RANGE_AND_STATUS, ISUP_PAR_CIRCUIT_STATE_IND }, ROW(0),
	},
	[ISUP_MSG_CPG] = {
		.name = "CPG", .title = "Call progress", .clause = "T1.113.3",
		.fixed = { ISUP_PAR_EVENT_INFO },
		.optional = true, ROW(1),
	},
	[ISUP_MSG_UCIC] = {
		.name = "UCIC", .title = "Unequipped circuit identification code", .clause = "T1.113.3", ROW(1),
	},
	[ISUP_MSG_CFN] = {
		.name = "CFN", .title = "Confusion", .clause = "T1.113.3",
		.variable = { ISUP_PAR_CAUSE },
		.optional = true, ROW(0),
	},
	[ISUP_MSG_FAC] = { .name = "FAC", .title = "Facility", .clause = "T1.113.3", .optional = true, ROW(1) },
	[ISUP_MSG_SGM] = { .name = "SGM", .title = "Segmentation", .clause = "T1.113.3", .optional = true, ROW(0) },
	[ISUP_MSG_APM] = {
		.name = "APM", .title = "Application transport", .clause = "T1.113.3", .optional = true, ROW(0),
	},
	[ISUP_MSG_PRI] = {
		.name = "PRI", .title = "Pre-release information", .clause = "T1.113.3", .optional = true, ROW(0),
	},
	[ISUP_MSG_CRA] = {
		.name = "CRA", .title = "Circuit reservation acknowledgement", .clause = "T1.113.3", ROW(0),
	},
	[ISUP_MSG_CRM] = {
		.name = "CRM", .title = "Circuit reservation", .clause = "T1.113.3",
		.fixed = { ISUP_PAR_NCI }, ROW(0),
	},
	[ISUP_MSG_CVR] = {
		.name = "CVR", .title = "Circuit validation response", .clause = "T1.113.3",
		.fixed = { ISUP_PAR_CIRCUIT_VALIDATION_RESPONSE, ISUP_PAR_CIRCUIT_GROUP_CHARACTERISTIC },
		.optional = true, ROW(0),
	},
	[ISUP_MSG_CVT] = { .name = "CVT", .title = "Circuit validation test", .clause = "T1.113.3", ROW(0) },
	[ISUP_MSG_EXM] = { .name = "EXM", .title = "Exit", .clause = "T1.113.3", .optional = true, ROW(0) },
};
