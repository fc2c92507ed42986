/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One ISUP parameter: codes, fields as C structs; decode, encode, print and scan by the rows of isup_q763.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct isup_dialect;

/* Parameter name codes, Q.763 Table 5 */
enum isup_par_code {
	ISUP_PAR_END			= 0x00,	/* end of optional parameters */
	ISUP_PAR_CALL_REFERENCE		= 0x01,
	ISUP_PAR_TMR			= 0x02,	/* transmission medium requirement */
	ISUP_PAR_ACCESS_TRANSPORT	= 0x03,
	ISUP_PAR_CALLED_NUMBER		= 0x04,
	ISUP_PAR_SUBSEQUENT_NUMBER	= 0x05,
	ISUP_PAR_NCI			= 0x06,	/* nature of connection indicators */
	ISUP_PAR_FCI			= 0x07,	/* forward call indicators */
	ISUP_PAR_OPT_FCI		= 0x08,	/* optional forward call indicators */
	ISUP_PAR_CPC			= 0x09,	/* calling party's category */
	ISUP_PAR_CALLING_NUMBER		= 0x0a,
	ISUP_PAR_REDIRECTING_NUMBER	= 0x0b,
	ISUP_PAR_REDIRECTION_NUMBER	= 0x0c,
	ISUP_PAR_CONNECTION_REQUEST	= 0x0d,
	ISUP_PAR_INFORMATION_REQUEST_IND = 0x0e,
	ISUP_PAR_INFORMATION_IND	= 0x0f,
	ISUP_PAR_CONTINUITY_IND		= 0x10,
	ISUP_PAR_BCI			= 0x11,	/* backward call indicators */
	ISUP_PAR_CAUSE			= 0x12,
	ISUP_PAR_REDIRECTION_INFO	= 0x13,
	ISUP_PAR_CGS_MESSAGE_TYPE	= 0x15,	/* circuit group supervision message type */
	ISUP_PAR_RANGE_AND_STATUS	= 0x16,
	ISUP_PAR_FACILITY_IND		= 0x18,
	ISUP_PAR_CUG_INTERLOCK		= 0x1a,
	ISUP_PAR_USI			= 0x1d,	/* user service information */
	ISUP_PAR_SIGNALLING_POINT	= 0x1e,
	ISUP_PAR_UUI			= 0x20,	/* user-to-user information */
	ISUP_PAR_CONNECTED_NUMBER	= 0x21,
	ISUP_PAR_SUSPEND_RESUME_IND	= 0x22,
	ISUP_PAR_TNS			= 0x23,	/* transit network selection */
	ISUP_PAR_EVENT_INFO		= 0x24,
	ISUP_PAR_CIRCUIT_ASSIGNMENT_MAP	= 0x25,
	ISUP_PAR_CIRCUIT_STATE_IND	= 0x26,
	ISUP_PAR_ACL			= 0x27,	/* automatic congestion level */
	ISUP_PAR_ORIGINAL_CALLED_NUMBER	= 0x28,
	ISUP_PAR_OBCI			= 0x29,	/* optional backward call indicators */
	ISUP_PAR_UUS_IND		= 0x2a,	/* user-to-user indicators */
	ISUP_PAR_ORIGINATION_ISPC	= 0x2b,
	ISUP_PAR_GENERIC_NOTIFICATION	= 0x2c,
	ISUP_PAR_CALL_HISTORY		= 0x2d,
	ISUP_PAR_ACCESS_DELIVERY	= 0x2e,
	ISUP_PAR_NSF			= 0x2f,	/* network specific facility */
	ISUP_PAR_USI_PRIME		= 0x30,	/* user service information prime */
	ISUP_PAR_PROPAGATION_DELAY	= 0x31,
	ISUP_PAR_REMOTE_OPERATIONS	= 0x32,
	ISUP_PAR_SERVICE_ACTIVATION	= 0x33,
	ISUP_PAR_USER_TELESERVICE	= 0x34,
	ISUP_PAR_TMU			= 0x35,	/* transmission medium used */
	ISUP_PAR_CALL_DIVERSION		= 0x36,
	ISUP_PAR_ECHO_CONTROL		= 0x37,
	ISUP_PAR_MESSAGE_COMPAT		= 0x38,
	ISUP_PAR_PARAMETER_COMPAT	= 0x39,
	ISUP_PAR_MLPP			= 0x3a,
	ISUP_PAR_MCID_REQUEST		= 0x3b,
	ISUP_PAR_MCID_RESPONSE		= 0x3c,
	ISUP_PAR_HOP_COUNTER		= 0x3d,
	ISUP_PAR_TMR_PRIME		= 0x3e,
	ISUP_PAR_LOCATION_NUMBER	= 0x3f,
	ISUP_PAR_REDIRECTION_NUMBER_RESTRICTION = 0x40,
	ISUP_PAR_CALL_TRANSFER_REFERENCE = 0x43,
	ISUP_PAR_LOOP_PREVENTION	= 0x44,
	ISUP_PAR_CALL_TRANSFER_NUMBER	= 0x45,
	ISUP_PAR_CCSS			= 0x4b,
	ISUP_PAR_FORWARD_GVNS		= 0x4c,
	ISUP_PAR_BACKWARD_GVNS		= 0x4d,
	ISUP_PAR_REDIRECT_CAPABILITY	= 0x4e,
	ISUP_PAR_NETWORK_MANAGEMENT	= 0x5b,
	ISUP_PAR_CORRELATION_ID		= 0x65,
	ISUP_PAR_SCF_ID			= 0x66,
	ISUP_PAR_CALL_DIVERSION_TREATMENT = 0x6e,
	ISUP_PAR_CALLED_IN_NUMBER	= 0x6f,
	ISUP_PAR_CALL_OFFERING_TREATMENT = 0x70,
	ISUP_PAR_CHARGED_PARTY		= 0x71,
	ISUP_PAR_CONFERENCE_TREATMENT	= 0x72,
	ISUP_PAR_DISPLAY_INFO		= 0x73,
	ISUP_PAR_UID_ACTION		= 0x74,
	ISUP_PAR_UID_CAPABILITY		= 0x75,
	ISUP_PAR_REDIRECT_COUNTER	= 0x77,
	ISUP_PAR_APPLICATION_TRANSPORT	= 0x78,
	ISUP_PAR_COLLECT_CALL_REQUEST	= 0x79,
	ISUP_PAR_CCNR_POSSIBLE		= 0x7a,
	ISUP_PAR_PIVOT_CAPABILITY	= 0x7b,
	ISUP_PAR_PIVOT_ROUTING		= 0x7c,
	ISUP_PAR_CALLED_DIRECTORY_NUMBER = 0x7d,
	ISUP_PAR_ORIGINAL_CALLED_IN_NUMBER = 0x7f,
	ISUP_PAR_CALLING_GEODETIC	= 0x81,
	ISUP_PAR_HTR_INFO		= 0x82,	/* hard to reach */
	ISUP_PAR_NETWORK_ROUTING_NUMBER	= 0x84,
	ISUP_PAR_QOR_CAPABILITY		= 0x85,	/* query on release */
	ISUP_PAR_PIVOT_STATUS		= 0x86,
	ISUP_PAR_PIVOT_COUNTER		= 0x87,
	ISUP_PAR_PIVOT_ROUTING_FORWARD	= 0x88,
	ISUP_PAR_PIVOT_ROUTING_BACKWARD	= 0x89,
	ISUP_PAR_REDIRECT_STATUS	= 0x8a,
	ISUP_PAR_REDIRECT_FORWARD	= 0x8b,
	ISUP_PAR_REDIRECT_BACKWARD	= 0x8c,
	ISUP_PAR_NUMBER_PORTABILITY	= 0x8d,	/* number portability forward information */
	ISUP_PAR_GENERIC_NUMBER		= 0xc0,
	ISUP_PAR_GENERIC_DIGITS		= 0xc1,
};

/* Nature of address, Q.763 3.9 b, 3.10 b */
enum isup_noa {
	ISUP_NOA_SUBSCRIBER		= 1,
	ISUP_NOA_UNKNOWN		= 2,
	ISUP_NOA_NATIONAL		= 3,
	ISUP_NOA_INTERNATIONAL		= 4,
	ISUP_NOA_NETWORK_SPECIFIC	= 5,
	ISUP_NOA_NRN_NATIONAL		= 6,	/* network routing number, national number format */
	ISUP_NOA_NRN_NETWORK_SPECIFIC	= 7,
	ISUP_NOA_NRN_CONCATENATED	= 8,	/* concatenated with the called directory number */
};

/* Numbering plan, Q.763 3.9 d */
enum isup_npi { ISUP_NPI_ISDN = 1, ISUP_NPI_DATA = 3, ISUP_NPI_TELEX = 4, ISUP_NPI_PRIVATE = 5 };

/* Address presentation restricted indicator, Q.763 3.10 e */
enum isup_apri { ISUP_APRI_ALLOWED = 0, ISUP_APRI_RESTRICTED = 1, ISUP_APRI_NOT_AVAILABLE = 2 };

/* Screening indicator, Q.763 3.10 f; 0 and 2 only where the parameter allows them (3.26) */
enum isup_screening {
	ISUP_SCREENING_USER_NOT_VERIFIED	= 0,
	ISUP_SCREENING_USER_PASSED		= 1,
	ISUP_SCREENING_USER_FAILED		= 2,
	ISUP_SCREENING_NETWORK			= 3,
};

/* Digits of any address parameter: Q.763 lets 3.9 carry up to the length octet; nothing real is longer */
#define ISUP_DIGITS_MAX 64

/* Every address parameter: called, calling, connected, redirecting, generic number …; its row says which members
 * it has. A parameter with no address signals (address not available) has n_digits 0. */
struct isup_number {
	uint8_t qualifier;		/* number qualifier indicator, generic number only (3.26 a) */
	uint8_t noa;			/* enum isup_noa */
	uint8_t inn;			/* internal network number indicator: 1 routing to it not allowed (3.9 c) */
	uint8_t ni;			/* calling, generic: number incomplete (3.10 c) */
	uint8_t npi;			/* enum isup_npi */
	uint8_t apri;			/* enum isup_apri */
	uint8_t screening;		/* enum isup_screening */
	uint8_t n_digits;
	/* '0' to '9' and 'A' to 'F' for the address signal codes, 'F' is ST; zero terminated by decode */
	char digits[ISUP_DIGITS_MAX + 1];
};

/* Q.763 3.35 nature of connection indicators */
struct isup_nci {
	uint8_t satellite;		/* BA: 0 none, 1 one, 2 two satellite circuits */
	uint8_t continuity;		/* DC: 0 not required, 1 required on this circuit, 2 on a previous circuit */
	uint8_t echo;			/* E: 1 outgoing echo control device included */
};

/* Q.763 3.23 forward call indicators */
struct isup_fci {
	uint8_t intl_call;		/* A */
	uint8_t e2e_method;		/* CB */
	uint8_t interworking;		/* D: 1 encountered */
	uint8_t e2e_info;		/* E */
	uint8_t isup_all_the_way;	/* F */
	uint8_t isup_preference;	/* HG: 0 preferred, 1 not required, 2 required all the way */
	uint8_t isdn_access;		/* I: 1 originating access ISDN */
	uint8_t sccp_method;		/* KJ */
	uint8_t number_translated;	/* M: 1 number translated (number portability) */
	uint8_t qor;			/* N: 1 query on release routing attempt in progress */
};

/* Called party's status, Q.763 3.5 DC */
enum isup_called_status {
	ISUP_CALLED_NO_INDICATION = 0, ISUP_CALLED_SUBSCRIBER_FREE = 1, ISUP_CALLED_CONNECT_WHEN_FREE = 2,
};

/* Q.763 3.5 backward call indicators */
struct isup_bci {
	uint8_t charge;			/* BA: 0 no indication, 1 no charge, 2 charge */
	uint8_t called_status;		/* DC: enum isup_called_status */
	uint8_t called_category;	/* FE: 0 no indication, 1 ordinary subscriber, 2 payphone */
	uint8_t e2e_method;		/* HG */
	uint8_t interworking;		/* I: 1 encountered */
	uint8_t e2e_info;		/* J */
	uint8_t isup_all_the_way;	/* K */
	uint8_t holding;		/* L */
	uint8_t isdn_access;		/* M: 1 terminating access ISDN */
	uint8_t echo;			/* N: 1 incoming echo control device included */
	uint8_t sccp_method;		/* PO */
};

/* Q.763 3.37 optional backward call indicators */
struct isup_obci {
	uint8_t inband_info;		/* A: 1 in-band information or an appropriate pattern is now available */
	uint8_t call_diversion;		/* B */
	uint8_t segmentation;		/* C */
	uint8_t mlpp;			/* D */
};

/* Event, Q.763 3.21 GFEDCBA */
enum isup_event {
	ISUP_EVENT_ALERTING = 1,
	ISUP_EVENT_PROGRESS = 2,
	ISUP_EVENT_INBAND = 3,
	ISUP_EVENT_FORWARDED_BUSY = 4,
	ISUP_EVENT_FORWARDED_NO_REPLY = 5,
	ISUP_EVENT_FORWARDED_UNCONDITIONAL = 6,
};

/* Q.763 3.21 event information */
struct isup_event_info {
	uint8_t event;			/* enum isup_event */
	uint8_t restricted;		/* H: event presentation restricted */
};

/* Location, Q.850 2.2.3 */
enum isup_location {
	ISUP_LOC_USER		= 0,
	ISUP_LOC_LPN		= 1,	/* private network serving the local user */
	ISUP_LOC_LN		= 2,	/* public network serving the local user */
	ISUP_LOC_TN		= 3,	/* transit network */
	ISUP_LOC_RLN		= 4,	/* public network serving the remote user */
	ISUP_LOC_RPN		= 5,	/* private network serving the remote user */
	ISUP_LOC_INTL		= 7,	/* international network */
	ISUP_LOC_BI		= 10,	/* network beyond interworking point */
};

/* Cause values that the gateway itself uses, Q.850 2.2.5; tables of names are in isup_q763.c */
enum isup_cause_value {
	ISUP_CAUSE_UNALLOCATED_NUMBER		= 1,
	ISUP_CAUSE_NO_ROUTE_TO_DESTINATION	= 3,
	ISUP_CAUSE_NORMAL_CLEARING		= 16,
	ISUP_CAUSE_USER_BUSY			= 17,
	ISUP_CAUSE_NO_USER_RESPONDING		= 18,
	ISUP_CAUSE_NO_ANSWER			= 19,
	ISUP_CAUSE_CALL_REJECTED		= 21,
	ISUP_CAUSE_DESTINATION_OUT_OF_ORDER	= 27,
	ISUP_CAUSE_ADDRESS_INCOMPLETE		= 28,
	ISUP_CAUSE_NORMAL_UNSPECIFIED		= 31,
	ISUP_CAUSE_NO_CIRCUIT			= 34,
	ISUP_CAUSE_NETWORK_OUT_OF_ORDER		= 38,
	ISUP_CAUSE_TEMPORARY_FAILURE		= 41,
	ISUP_CAUSE_SWITCH_CONGESTION		= 42,
	ISUP_CAUSE_CIRCUIT_NOT_AVAILABLE	= 44,
	ISUP_CAUSE_RESOURCE_UNAVAILABLE		= 47,
	ISUP_CAUSE_BEARER_NOT_AUTHORIZED	= 57,
	ISUP_CAUSE_BEARER_NOT_IMPLEMENTED	= 65,
	ISUP_CAUSE_INCOMPATIBLE_DESTINATION	= 88,
	ISUP_CAUSE_INVALID_MESSAGE		= 95,
	ISUP_CAUSE_MANDATORY_MISSING		= 96,
	ISUP_CAUSE_MESSAGE_TYPE_NONEXISTENT	= 97,
	ISUP_CAUSE_PARAMETER_NONEXISTENT	= 99,
	ISUP_CAUSE_TIMER_EXPIRY			= 102,
	ISUP_CAUSE_PARAMETER_PASSED_ON		= 103,
	ISUP_CAUSE_PARAMETER_DISCARDED		= 110,
	ISUP_CAUSE_PROTOCOL_ERROR		= 111,
	ISUP_CAUSE_INTERWORKING			= 127,
};

#define ISUP_DIAGNOSTICS_MAX 32

/* Q.763 3.12 and Q.850 2: cause indicators. A recommendation octet (1a) and diagnostics beyond the space here are
 * skipped by decode; the message's own octets keep them. */
struct isup_cause {
	uint8_t coding;			/* coding standard: 0 ITU-T */
	uint8_t location;		/* enum isup_location */
	uint8_t value;			/* enum isup_cause_value */
	uint8_t n_diagnostics;		/* octets in diagnostics */
	uint8_t diagnostics[ISUP_DIAGNOSTICS_MAX];
};

/* Q.763 3.43 range and status. Bit n of status is circuit CIC + n, 0 ≤ n ≤ range; n_status 0: a range alone
 * (GRS, CQM). */
struct isup_range_status {
	uint8_t range;			/* circuits covered: range + 1 */
	uint8_t n_status;		/* octets in status */
	uint8_t status[32];
};

/* Calling party's category, Q.763 3.11 */
enum isup_cpc {
	ISUP_CPC_UNKNOWN = 0, ISUP_CPC_OPERATOR_FRENCH = 1, ISUP_CPC_OPERATOR_ENGLISH = 2, ISUP_CPC_OPERATOR_GERMAN = 3,
	ISUP_CPC_OPERATOR_RUSSIAN = 4, ISUP_CPC_OPERATOR_SPANISH = 5, ISUP_CPC_OPERATOR_NATIONAL = 9,
	ISUP_CPC_ORDINARY = 10, ISUP_CPC_PRIORITY = 11, ISUP_CPC_DATA = 12, ISUP_CPC_TEST = 13, ISUP_CPC_PAYPHONE = 15,
};

/* Transmission medium requirement, Q.763 3.54 */
enum isup_tmr { ISUP_TMR_SPEECH = 0, ISUP_TMR_64K_UNRESTRICTED = 2, ISUP_TMR_3K1_AUDIO = 3 };

/* Q.763 3.38 optional forward call indicators */
struct isup_opt_fci {
	uint8_t cug_call;		/* BA: 0 non-CUG call, 2 outgoing access allowed, 3 not allowed */
	uint8_t segmentation;		/* C: 1 additional information will be sent in a segmentation message */
	uint8_t connected_line;		/* H: 1 connected line identity requested */
};

/* Q.763 3.45 redirection information */
struct isup_redirection_info {
	uint8_t indicator;		/* CBA */
	uint8_t original_reason;	/* HGFE */
	uint8_t counter;		/* KJI */
	uint8_t reason;			/* PONM */
};

/* Q.763 3.60 user-to-user indicators; the services' words depend on type */
struct isup_uus_ind {
	uint8_t type;			/* A: 0 request, 1 response */
	uint8_t service1;		/* CB */
	uint8_t service2;		/* ED */
	uint8_t service3;		/* GF */
	uint8_t discard;		/* H: network discard indicator, response only */
};

/* Q.763 3.29 information request indicators (national use) */
struct isup_info_request {
	uint8_t calling_address;	/* A */
	uint8_t holding;		/* B */
	uint8_t calling_category;	/* D */
	uint8_t charge_info;		/* E */
	uint8_t malicious_call;		/* H */
};

/* Q.763 3.28 information indicators (national use) */
struct isup_info_ind {
	uint8_t calling_address;	/* BA: 0 not included, 1 not available, 3 included */
	uint8_t hold_provided;		/* C */
	uint8_t calling_category;	/* F */
	uint8_t charge_info;		/* G */
	uint8_t unsolicited;		/* H */
};

/* Q.763 3.6 call diversion information */
struct isup_call_diversion {
	uint8_t options;		/* CBA: notification subscription options */
	uint8_t reason;			/* GFED: redirecting reason */
};

/* Q.763 3.19 echo control information */
struct isup_echo_control {
	uint8_t outgoing_info;		/* BA */
	uint8_t incoming_info;		/* DC */
	uint8_t outgoing_request;	/* FE */
	uint8_t incoming_request;	/* HG */
};

/* Q.763 3.31, 3.32 MCID request and response indicators */
struct isup_mcid {
	uint8_t mcid;			/* A: requested, included */
	uint8_t holding;		/* B: requested, provided */
};

/* Q.763 3.67 loop prevention indicators */
struct isup_loop_prevention {
	uint8_t type;			/* A: 0 request, 1 response */
	uint8_t response;		/* CB */
};

/* Q.763 3.78, 3.79 UID action and capability indicators */
struct isup_uid {
	uint8_t through_connection;	/* A */
	uint8_t t9;			/* B */
};

/* Q.763 3.8 call reference */
struct isup_call_reference {
	uint32_t identity;
	uint16_t pc;			/* signalling point code */
};

/* Q.763 3.15 closed user group interlock code */
struct isup_cug_interlock {
	uint8_t ni1, ni2, ni3, ni4;	/* digits of the network identity */
	uint16_t code;
};

/* Q.763 3.34 MLPP precedence */
struct isup_mlpp {
	uint8_t lfb;			/* GF: look ahead for busy */
	uint8_t level;			/* DCBA */
	uint8_t ni1, ni2, ni3, ni4;	/* digits of the network identity */
	uint32_t domain;		/* service domain */
};

/* Q.763 3.33 message compatibility information, first octet */
struct isup_msg_compat {
	uint8_t transit;		/* A: 1 end node interpretation at a transit exchange too */
	uint8_t release;		/* B */
	uint8_t notify;			/* C */
	uint8_t discard_msg;		/* D */
	uint8_t not_possible;		/* E: pass on not possible: 0 release call, 1 discard */
	uint8_t broadband;		/* GF: broadband/narrowband interworking */
};

#define ISUP_CIRCUITS_MAX 32		/* of one circuit state indicator */
#define ISUP_COMPATS_MAX 16		/* of one parameter compatibility information */

/* Q.763 3.14 circuit state indicator, octet n for circuit CIC + n */
struct isup_circuit_states {
	uint8_t n;
	struct isup_circuit_state {
		uint8_t call;		/* DC: call processing state; 0: transient or unequipped */
		uint8_t maintenance;	/* BA: maintenance blocking state; of another meaning where call is 0 */
		uint8_t hardware;	/* FE: hardware blocking state */
	} circuits[ISUP_CIRCUITS_MAX];
};

/* Q.763 3.41 parameter compatibility information; with more instruction octets than one it stays octets */
struct isup_par_compats {
	uint8_t n;
	struct isup_par_compat {
		uint8_t code;		/* the upgraded parameter */
		uint8_t transit;	/* A */
		uint8_t release;	/* B */
		uint8_t notify;		/* C */
		uint8_t discard_msg;	/* D */
		uint8_t discard_par;	/* E */
		uint8_t not_possible;	/* GF: pass on: 0 release call, 1, 2 discard message, parameter */
	} pars[ISUP_COMPATS_MAX];
};

/* Bit fields in the first octet, then octets: Q.763 3.24 generic digits (HGF encoding scheme, EDCBA type), 3.69
 * circuit assignment map (FEDCBA type) */
struct isup_headed {
	uint8_t type;
	uint8_t encoding;		/* generic digits only */
	uint8_t n_content;		/* octets in content */
	uint8_t content[UINT8_MAX];
};

#define ISUP_FEATURES_MAX 16		/* of one service activation */

/* Q.763 3.49 service activation */
struct isup_service_activation {
	uint8_t n;
	struct isup_feature {
		uint8_t code;
	} features[ISUP_FEATURES_MAX];
};

/* The word and the Recommendation's own name of one value of a field: a row of isup_q763.c */
struct isup_value {
	uint8_t value;
	const char *word;		/* one word for print and scan; NULL: printed as a number */
	const char *title;		/* as the Recommendation spells it */
};

/* One field of a parameter: a row of isup_q763.c */
struct isup_field {
	const char *name;
	const char *letters;		/* its bits as Q.763 prints them: A-H octet 1, I-P 2; Q-X 3, a-x 4 to 6 */
	uint8_t width;			/* number of letters */
	uint8_t offset;			/* of the member: uint8_t, above 8 bits uint16_t, above 16 uint32_t */
	const struct isup_value *values;	/* ends with a row without title; NULL: a number */
};

/* How the octets after (or instead of) the bit fields are read */
enum isup_par_form {
	ISUP_FORM_OCTETS,		/* no struct: raw octets only */
	ISUP_FORM_BITS,			/* bit fields only */
	ISUP_FORM_NUMBER,		/* struct isup_number */
	ISUP_FORM_CAUSE,		/* struct isup_cause */
	ISUP_FORM_RANGE_STATUS,		/* struct isup_range_status */
	ISUP_FORM_HEADED,		/* struct isup_headed */
	ISUP_FORM_LIST,			/* uint8_t n, then n items of item_size with the bit fields */
};

/* One parameter: a row of isup_q763.c */
struct isup_par_def {
	const char *name;		/* word used by print and scan: "called", "fci", "cause" */
	const char *title;		/* as Q.763 Table 5 prints it */
	const char *clause;		/* of Q.763 */
	const char *usual;		/* what scan starts from, in scan's own form; NULL: all members 0 */
	const struct isup_field *fields;	/* ends with a row without name */
	enum isup_par_form form;
	uint8_t min_len, max_len;	/* octets of the value; max_len 0: up to 255 */
	uint8_t head;			/* octets that hold the bit fields */
	uint8_t item_size;		/* ISUP_FORM_LIST: of the struct that holds them */
	char odd;			/* ISUP_FORM_NUMBER: letter of the odd/even indicator */
	char ones;			/* letter of a bit always sent as 1 (extension indicator), 0 if none */
	uint16_t size;			/* of the struct that decode fills; 0 for ISUP_FORM_OCTETS */
};

/* Big enough and aligned for any decoded parameter */
union isup_par_any {
	struct isup_number number;
	struct isup_cause cause;
	struct isup_range_status range_status;
	struct isup_headed headed;
	struct isup_circuit_states circuit_states;
	struct isup_par_compats par_compats;
	struct isup_nci nci;
	struct isup_fci fci;
	struct isup_bci bci;
	struct isup_obci obci;
	struct isup_event_info event_info;
	struct isup_opt_fci opt_fci;
	struct isup_redirection_info redirection_info;
	struct isup_uus_ind uus_ind;
	struct isup_info_request info_request;
	struct isup_info_ind info_ind;
	struct isup_call_diversion call_diversion;
	struct isup_echo_control echo_control;
	struct isup_mcid mcid;
	struct isup_loop_prevention loop_prevention;
	struct isup_uid uid;
	struct isup_call_reference call_reference;
	struct isup_cug_interlock cug_interlock;
	struct isup_mlpp mlpp;
	struct isup_msg_compat msg_compat;
	uint8_t octet;			/* CPC, TMR and other parameters of a single field */
	uint16_t word;			/* the same above 8 bits: propagation delay, point code … */
};

/* The row of a parameter code; NULL where the dialect does not know it. */
const struct isup_par_def *isup_par_def(const struct isup_dialect *dialect, uint8_t code);

/* The row with this short name, its code in *code; NULL if there is none. */
const struct isup_par_def *isup_par_def_by_name(const struct isup_dialect *dialect, const char *name, uint8_t *code);

/* Returns 0, or -EBADMSG where the octets are too short or not of the form; *out is then undefined. Octets beyond
 * those that the row knows are left alone (a later version of the parameter). */
int isup_par_decode(const struct isup_par_def *def, const uint8_t *octets, size_t len, void *out);

/* Returns the octets written, -EINVAL where a member does not fit its bits, -ENOSPC where buf is too small. */
int isup_par_encode(const struct isup_par_def *def, const void *in, uint8_t *buf, size_t size);

/* Prints "name(field=word field=word)", "name=word" where there is but one field, "name=0xHEX" where it cannot
 * decode; adds "octets=0xHEX" where the fields do not say all. def may be NULL. Returns what snprintf() would. */
int isup_par_print_buf(char *buf, size_t size, const struct isup_par_def *def, uint8_t code,
		       const uint8_t *octets, size_t len);

/* Fills the struct with the row's usual values. */
void isup_par_usual(const struct isup_par_def *def, void *out);

/* How often the fields of the row are there: once, but for lists; and the i-th struct of them */
unsigned int isup_par_n_items(const struct isup_par_def *def, const void *par);
void *isup_par_item(const struct isup_par_def *def, const void *par, unsigned int i);

/* Reads what print writes inside the parentheses or after "=": "field=word field=word", a bare word for the
 * principal field (digits, cause value, else the first), or "0xHEX". Members not named keep *inout's value; of a
 * list nothing is kept: each word for the first field begins an item.
 * Returns 0 and the struct in *inout, or -EINVAL with a sentence in err naming the word. */
int isup_par_scan(const struct isup_par_def *def, const char *text, void *inout, char *err, size_t err_size);

/* Reads the same from a piece of text into octets, starting from the row's usual values; octets given as such
 * ("0xHEX", "octets=0xHEX") stay as they are. def may be NULL. Returns the octets written, or -EINVAL with a sentence
 * in err. */
int isup_par_scan_octets(const struct isup_par_def *def, const char *text, size_t text_len,
			 uint8_t *buf, size_t size, char *err, size_t err_size);

/* Reads "0xHEX". Returns the octets written, -EINVAL. */
int isup_par_scan_hex(const char *text, size_t text_len, uint8_t *buf, size_t size);

/* Prints "0xHEX"; returns what snprintf() would. */
int isup_par_print_hex(char *buf, size_t size, const uint8_t *octets, size_t len);

/* The member beside the bit fields: "digits", "diagnostics", "status", "content"; NULL where the form has none */
const char *isup_par_rest_name(const struct isup_par_def *def);

/* Prints its value as isup_par_print_buf() does, nothing where it is empty. Returns what snprintf() would. */
int isup_par_print_rest_buf(char *buf, size_t size, const struct isup_par_def *def, const void *par);

/* Do the fields of the row say all that the octets, of which par was decoded, say? */
bool isup_par_says_all(const struct isup_par_def *def, const void *par, const uint8_t *octets, size_t len);

/* The value of a field in a decoded parameter, and the row of a value; NULL if it has none */
unsigned int isup_field_get(const struct isup_field *field, const void *par);
const struct isup_value *isup_field_value(const struct isup_field *field, unsigned int number);

/* The Recommendation's name for a value, "?" where it has none: for logs and VTY */
const char *isup_cause_name(uint8_t cause_value);
const char *isup_location_name(uint8_t location);
const char *isup_noa_name(uint8_t noa);
