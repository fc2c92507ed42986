/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ISUP parameters: their codes, the values that the gateway uses, and a C struct for each. */
#pragma once

#include <stdint.h>

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
	ISUP_CAUSE_EXCHANGE_ROUTING_ERROR	= 25,
	ISUP_CAUSE_DESTINATION_OUT_OF_ORDER	= 27,
	ISUP_CAUSE_ADDRESS_INCOMPLETE		= 28,
	ISUP_CAUSE_FACILITY_REJECTED		= 29,
	ISUP_CAUSE_NORMAL_UNSPECIFIED		= 31,
	ISUP_CAUSE_NO_CIRCUIT			= 34,
	ISUP_CAUSE_NETWORK_OUT_OF_ORDER		= 38,
	ISUP_CAUSE_TEMPORARY_FAILURE		= 41,
	ISUP_CAUSE_SWITCH_CONGESTION		= 42,
	ISUP_CAUSE_CIRCUIT_NOT_AVAILABLE	= 44,
	ISUP_CAUSE_RESOURCE_UNAVAILABLE		= 47,
	ISUP_CAUSE_BEARER_NOT_AUTHORIZED	= 57,
	ISUP_CAUSE_BEARER_NOT_IMPLEMENTED	= 65,
	ISUP_CAUSE_NOT_CUG_MEMBER		= 87,
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
enum isup_tmr {
	ISUP_TMR_SPEECH = 0, ISUP_TMR_64K_UNRESTRICTED = 2, ISUP_TMR_3K1_AUDIO = 3, ISUP_TMR_64K_PREFERRED = 6,
};

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

/* Q.763 3.33 message compatibility information; octets after the first are there only where more_1a, more_1b are */
struct isup_msg_compat {
	uint8_t present[3];
	uint8_t transit;		/* A: 1 end node interpretation at a transit exchange too */
	uint8_t release;		/* B */
	uint8_t notify;			/* C */
	uint8_t discard_msg;		/* D */
	uint8_t not_possible;		/* E: pass on not possible: 0 release call, 1 discard */
	uint8_t broadband;		/* GF: broadband/narrowband interworking */
	uint8_t more_1a, more_1b;	/* octets 1a, 1b, not defined in 1999 */
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

/* Q.763 3.41 parameter compatibility information */
struct isup_par_compats {
	uint8_t n;
	struct isup_par_compat {
		uint8_t present[4];	/* octets 2a and 2b, as ISUP_FORM_CHAIN */
		uint8_t code;		/* of the upgraded parameter */
		uint8_t transit;	/* A */
		uint8_t release;	/* B */
		uint8_t notify;		/* C */
		uint8_t discard_msg;	/* D */
		uint8_t discard_par;	/* E */
		uint8_t not_possible;	/* GF: pass on: 0 release call, 1, 2 discard message, parameter */
		uint8_t broadband;	/* octet 2a, BA: 0 pass on, 1 discard message, 2 release, 3 parameter */
		uint8_t more_2b;	/* octet 2b, not defined in 1999 */
	} pars[ISUP_COMPATS_MAX];
};

/* Bit fields in the first octets, then octets; the row says which members it has: Q.763 3.24 generic digits, 3.61
 * user-to-user information, 3.69 circuit assignment map. A row without any has but the content, which another standard
 * owns: 3.70 correlation id, 3.77 display information … */
struct isup_headed {
	uint8_t type;			/* of digits, of map; protocol discriminator */
	uint8_t encoding;		/* generic digits; ANSI generic name: 1 not available */
	uint8_t presentation;		/* ANSI generic name only */
	uint8_t n_content;		/* octets in content */
	uint8_t content[UINT8_MAX];
};

/* Q.763 3.25 notification indicator */
enum isup_notification_value {
	ISUP_NOTIFICATION_REMOTE_HOLD = 121,
	ISUP_NOTIFICATION_REMOTE_RETRIEVAL = 122,
};
#define ISUP_NOTIFICATIONS_MAX 16	/* of one generic notification indicator */

/* Q.763 3.25 generic notification indicator */
struct isup_notifications {
	uint8_t n;
	struct isup_notification {
		uint8_t notification;
	} items[ISUP_NOTIFICATIONS_MAX];
};

/* Q.763 3.57, 3.58 user service information: Q.931 4.5.5 bearer capability from octet 3 on. present[] says which
 * octets are there beside 3 and 4, enum isup_usi_octet. */
struct isup_usi {
	uint8_t present[16];
	uint8_t coding;			/* 3, GF: 0 ITU-T */
	uint8_t capability;		/* 3, EDCBA: information transfer capability */
	uint8_t mode;			/* 4, GF: transfer mode: 0 circuit, 2 packet */
	uint8_t rate;			/* 4, EDCBA: information transfer rate; 24: multirate, with octet 4.1 */
	uint8_t structure;		/* 4a, GFE; octets 4a and 4b are of 1988 */
	uint8_t configuration;		/* 4a, DC */
	uint8_t establishment;		/* 4a, BA */
	uint8_t symmetry;		/* 4b, GF */
	uint8_t backward_rate;		/* 4b, EDCBA */
	uint8_t multiplier;		/* 4.1, GFEDCBA */
	uint8_t layer1;			/* 5, EDCBA: user information layer 1 protocol */
	uint8_t synchronous;		/* 5a, G: 1 asynchronous */
	uint8_t negotiation;		/* 5a, F */
	uint8_t user_rate;		/* 5a, EDCBA */
	uint8_t rate_5b;		/* 5b: its meaning depends on layer1 */
	uint8_t format_5c;		/* 5c: stop bits, data bits, parity */
	uint8_t modem_5d;		/* 5d: duplex, modem type */
	uint8_t layer2;			/* 6, EDCBA */
	uint8_t more_6a;		/* 6a */
	uint8_t layer3;			/* 7, EDCBA */
	uint8_t more_7a, more_7b;	/* 7a, 7b: additional layer 3 protocol information */
};

enum isup_usi_octet {
	ISUP_USI_3, ISUP_USI_4, ISUP_USI_4A, ISUP_USI_4B, ISUP_USI_4_1, ISUP_USI_5, ISUP_USI_5A, ISUP_USI_5B,
	ISUP_USI_5C, ISUP_USI_5D, ISUP_USI_6, ISUP_USI_6A, ISUP_USI_7, ISUP_USI_7A, ISUP_USI_7B,
};

/* Q.763 3.59 user teleservice information: Q.931 4.5.17 high layer compatibility from octet 3 on */
struct isup_teleservice {
	uint8_t present[3];
	uint8_t coding;			/* GF */
	uint8_t interpretation;		/* EDC */
	uint8_t presentation;		/* BA: presentation method of protocol profile */
	uint8_t characteristics;	/* octet 4: high layer characteristics identification */
	uint8_t extended;		/* octet 4a */
};

/* Q.763 3.17 connection request; protocol class and credit may be missing */
struct isup_connection_request {
	uint8_t present[7];
	uint8_t protocol_class;
	uint8_t credit;
	uint16_t pc;			/* signalling point code */
	uint32_t reference;		/* local reference */
};

/* Q.763 3.88 calling geodetic location; type and description of the shape are missing if it is not available */
struct isup_geodetic {
	uint8_t present[2];
	uint8_t presentation;		/* DC */
	uint8_t screening;		/* BA */
	uint8_t shape;			/* octet 2, GFEDCBA */
	uint8_t n_content;		/* of the shape description */
	uint8_t content[UINT8_MAX];
};

/* Q.763 3.84 pivot capability */
struct isup_pivot_capability {
	uint8_t possible;		/* CBA */
	uint8_t prohibited;		/* G: interworking to redirection prohibited, forward */
};

/* Q.763 3.82 application transport */
struct isup_application_transport {
	uint8_t present[7];
	uint8_t context;		/* octet 1: application context identifier */
	uint8_t context_1a;		/* octet 1a, where there is one: its further bits */
	uint8_t release;		/* octet 2, A: RCI, release call */
	uint8_t notify;			/* octet 2, B: SNI, send notification */
	uint8_t new_sequence;		/* octet 3, G: SI, sequence indicator */
	uint8_t segments;		/* octet 3, FEDCBA: 0 final segment, else how many follow */
	uint8_t reference;		/* octet 3a, where there is one: SLR, segmentation local reference */
	uint8_t n_content;		/* of the encapsulated application information */
	uint8_t content[UINT8_MAX];
};

/* Q.763 3.36 network specific facility */
struct isup_nsf {
	uint8_t present[1];		/* is there a network identification (octets 1a on)? */
	uint8_t type;			/* GFE: type of network identification */
	uint8_t plan;			/* DCBA: network identification plan */
	uint8_t n_identification;
	uint8_t identification[UINT8_MAX];
	uint8_t n_content;		/* of the network specific facility indicator */
	uint8_t content[UINT8_MAX];
};

#define ISUP_GVNS_DIGITS_MAX 30		/* 15 octets, the most that the length indicators can say */

/* Q.763 3.66 forward GVNS: originating participating service provider, GVNS user group, terminating network routing
 * number */
struct isup_gvns {
	uint8_t npi;			/* of tnrn */
	uint8_t noa;			/* of tnrn, if it is there */
	uint8_t n_opsp;
	char opsp[ISUP_GVNS_DIGITS_MAX + 1];
	uint8_t n_gug;
	char gug[ISUP_GVNS_DIGITS_MAX + 1];
	uint8_t n_tnrn;
	char tnrn[ISUP_GVNS_DIGITS_MAX + 1];
};

#define ISUP_ELEMENTS_MAX 64		/* of one parameter */

/* Parameters that hold things with a tag, a length and a content: Q.763 3.3 access transport, 3.48 remote operations,
 * 3.94, 3.95, 3.99, 3.100 pivot routing and redirect information */
struct isup_elements {
	uint8_t n;
	struct isup_element {
		uint8_t present[4];	/* remote operations: invoke, linked, operation */
		uint8_t tag;
		uint8_t invoke;		/* invoke identity */
		uint8_t linked;		/* linked identity, of an invoke */
		uint8_t operation;	/* local operation; in a return error the error */
		uint8_t at, n_content;	/* its content in the pool */
	} items[ISUP_ELEMENTS_MAX];
	uint8_t n_pool;
	uint8_t pool[UINT8_MAX];
};

#define ISUP_FEATURES_MAX 16		/* of one service activation */

/* Q.763 3.49 service activation */
struct isup_service_activation {
	uint8_t n;
	struct isup_feature {
		uint8_t code;
	} features[ISUP_FEATURES_MAX];
};

/* ANSI T1.113.3 circuit group characteristic indicators */
struct isup_circuit_group_characteristic {
	uint8_t carrier;		/* BA: 1 analogue, 2 digital */
	uint8_t double_seizing;		/* DC: circuits that the sender controls: 1 odd, 2 even, 3 all */
	uint8_t alarm;			/* FE: 1 software, 2 hardware carrier handling */
	uint8_t continuity;		/* HG: 1 no check, 2 statistical, 3 per call */
};

/* Big enough and aligned for any decoded parameter */
union isup_par_any {
	struct isup_number number;
	struct isup_cause cause;
	struct isup_range_status range_status;
	struct isup_headed headed;
	struct isup_circuit_group_characteristic group_characteristic;
	struct isup_circuit_states circuit_states;
	struct isup_par_compats par_compats;
	struct isup_elements elements;
	struct isup_usi usi;
	struct isup_teleservice teleservice;
	struct isup_connection_request connection_request;
	struct isup_application_transport application_transport;
	struct isup_geodetic geodetic;
	struct isup_nsf nsf;
	struct isup_gvns gvns;
	struct isup_notifications notifications;
	struct isup_service_activation service_activation;
	struct isup_pivot_capability pivot_capability;
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
