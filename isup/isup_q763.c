/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of ITU-T Q.763 (12/1999) and the value names of Q.850: values, fields, parameters, messages. */

#include <stddef.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"
#include "isup/isup_msg.h"
#include "isup/isup_rows.h"

/* ---- Values ---- */

static const struct isup_value satellite_values[] = {
	{ 0, "none", "no satellite circuit in the connection" },
	{ 1, "one", "one satellite circuit in the connection" },
	{ 2, "two", "two satellite circuits in the connection" },
	{}
};

static const struct isup_value continuity_check_values[] = {
	{ 0, "not-required", "continuity check not required" },
	{ 1, "required", "continuity check required on this circuit" },
	{ 2, "previous", "continuity check performed on a previous circuit" },
	{}
};

static const struct isup_value outgoing_echo_values[] = {
	{ 0, "no", "outgoing echo control device not included" },
	{ 1, "yes", "outgoing echo control device included" },
	{}
};

static const struct isup_value intl_call_values[] = {
	{ 0, "no", "call to be treated as a national call" },
	{ 1, "yes", "call to be treated as an international call" },
	{}
};

static const struct isup_value e2e_method_values[] = {
	{ 0, "none", "no end-to-end method available (only link-by-link method available)" },
	{ 1, "pass-along", "pass-along method available (national use)" },
	{ 2, "sccp", "SCCP method available" },
	{ 3, "both", "pass-along and SCCP methods available (national use)" },
	{}
};

static const struct isup_value interworking_values[] = {
	{ 0, "no", "no interworking encountered (No. 7 signalling all the way)" },
	{ 1, "yes", "interworking encountered" },
	{}
};

static const struct isup_value e2e_info_values[] = {
	{ 0, "no", "no end-to-end information available" },
	{ 1, "yes", "end-to-end information available" },
	{}
};

static const struct isup_value isup_all_the_way_values[] = {
	{ 0, "no", "ISDN user part not used all the way" },
	{ 1, "yes", "ISDN user part used all the way" },
	{}
};

static const struct isup_value isup_preference_values[] = {
	{ 0, "preferred", "ISDN user part preferred all the way" },
	{ 1, "not-required", "ISDN user part not required all the way" },
	{ 2, "required", "ISDN user part required all the way" },
	{}
};

static const struct isup_value originating_access_values[] = {
	{ 0, "no", "originating access non-ISDN" },
	{ 1, "yes", "originating access ISDN" },
	{}
};

static const struct isup_value terminating_access_values[] = {
	{ 0, "no", "terminating access non-ISDN" },
	{ 1, "yes", "terminating access ISDN" },
	{}
};

static const struct isup_value sccp_method_values[] = {
	{ 0, "none", "no indication" },
	{ 1, "connectionless", "connectionless method available (national use)" },
	{ 2, "connection-oriented", "connection oriented method available" },
	{ 3, "both", "connectionless and connection oriented methods available (national use)" },
	{}
};

static const struct isup_value number_translated_values[] = {
	{ 0, "no", "number not translated" },
	{ 1, "yes", "number translated" },
	{}
};

static const struct isup_value qor_values[] = {
	{ 0, "no", "no QoR routing attempt in progress" },
	{ 1, "yes", "QoR routing attempt in progress" },
	{}
};

/* Q.763 3.11 */
static const struct isup_value cpc_values[] = {
	{ 0, "unknown", "calling party's category unknown at this time (national use)" },
	{ 1, "operator-french", "operator, language French" },
	{ 2, "operator-english", "operator, language English" },
	{ 3, "operator-german", "operator, language German" },
	{ 4, "operator-russian", "operator, language Russian" },
	{ 5, "operator-spanish", "operator, language Spanish" },
	{ 9, "operator-national", "reserved (see Q.104); in national networks: national operator" },
	{ 10, "ordinary", "ordinary calling subscriber" },
	{ 11, "priority", "calling subscriber with priority" },
	{ 12, "data", "data call (voice band data)" },
	{ 13, "test", "test call" },
	{ 15, "payphone", "payphone" },
	{}
};

/* Q.763 3.54, 3.56 */
static const struct isup_value tmr_values[] = {
	{ 0, "speech", "speech" },
	{ 2, "64k", "64 kbit/s unrestricted" },
	{ 3, "3k1-audio", "3.1 kHz audio" },
	{ 4, NULL, "reserved for alternate speech (service 2)/64 kbit/s unrestricted (service 1)" },
	{ 5, NULL, "reserved for alternate 64 kbit/s unrestricted (service 1)/speech (service 2)" },
	{ 6, "64k-preferred", "64 kbit/s preferred" },
	{ 7, "2x64k", "2 x 64 kbit/s unrestricted" },
	{ 8, "384k", "384 kbit/s unrestricted" },
	{ 9, "1536k", "1536 kbit/s unrestricted" },
	{ 10, "1920k", "1920 kbit/s unrestricted" },
	{ 16, "3x64k", "3 x 64 kbit/s unrestricted" },
	{ 17, "4x64k", "4 x 64 kbit/s unrestricted" },
	{ 18, "5x64k", "5 x 64 kbit/s unrestricted" },
	{ 20, "7x64k", "7 x 64 kbit/s unrestricted" },
	{ 21, "8x64k", "8 x 64 kbit/s unrestricted" },
	{ 22, "9x64k", "9 x 64 kbit/s unrestricted" },
	{ 23, "10x64k", "10 x 64 kbit/s unrestricted" },
	{ 24, "11x64k", "11 x 64 kbit/s unrestricted" },
	{ 25, "12x64k", "12 x 64 kbit/s unrestricted" },
	{ 26, "13x64k", "13 x 64 kbit/s unrestricted" },
	{ 27, "14x64k", "14 x 64 kbit/s unrestricted" },
	{ 28, "15x64k", "15 x 64 kbit/s unrestricted" },
	{ 29, "16x64k", "16 x 64 kbit/s unrestricted" },
	{ 30, "17x64k", "17 x 64 kbit/s unrestricted" },
	{ 31, "18x64k", "18 x 64 kbit/s unrestricted" },
	{ 32, "19x64k", "19 x 64 kbit/s unrestricted" },
	{ 33, "20x64k", "20 x 64 kbit/s unrestricted" },
	{ 34, "21x64k", "21 x 64 kbit/s unrestricted" },
	{ 35, "22x64k", "22 x 64 kbit/s unrestricted" },
	{ 36, "23x64k", "23 x 64 kbit/s unrestricted" },
	{ 38, "25x64k", "25 x 64 kbit/s unrestricted" },
	{ 39, "26x64k", "26 x 64 kbit/s unrestricted" },
	{ 40, "27x64k", "27 x 64 kbit/s unrestricted" },
	{ 41, "28x64k", "28 x 64 kbit/s unrestricted" },
	{ 42, "29x64k", "29 x 64 kbit/s unrestricted" },
	{}
};

/* Q.763 3.55 */
static const struct isup_value tmr_prime_values[] = {
	{ 0, "speech", "speech" },
	{ 3, "3k1-audio", "3.1 kHz audio" },
	{}
};

/* Q.763 3.9 b, 3.10 b */
static const struct isup_value noa_values[] = {
	{ 1, "subscriber", "subscriber number (national use)" },
	{ 2, "unknown", "unknown (national use)" },
	{ 3, "national", "national (significant) number" },
	{ 4, "international", "international number" },
	{ 5, "network-specific", "network-specific number (national use)" },
	{ 6, "nrn-national", "network routing number in national (significant) number format (national use)" },
	{ 7, "nrn-network-specific", "network routing number in network-specific number format (national use)" },
	{ 8, "nrn-concatenated", "network routing number concatenated with called directory number (national use)" },
	{}
};

/* Q.763 3.90 */
static const struct isup_value nrn_noa_values[] = {
	{ 1, "national", "network routing number in national (significant) number format (national use)" },
	{ 2, "network-specific", "network routing number in network specific number format (national use)" },
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
	{ 3, "data", "data numbering plan (X.121) (national use)" },
	{ 4, "telex", "telex numbering plan (F.69) (national use)" },
	{ 5, "private", "private numbering plan (national use)" },
	{}
};

static const struct isup_value apri_values[] = {
	{ 0, "allowed", "presentation allowed" },
	{ 1, "restricted", "presentation restricted" },
	{ 2, "not-available", "address not available (national use)" },
	{ 3, NULL, "reserved for restriction by the network" },
	{}
};

/* 0 and 2 are reserved in the calling party number, used in the generic number */
static const struct isup_value screening_values[] = {
	{ 0, "user-not-verified", "user provided, not verified" },
	{ 1, "user-passed", "user provided, verified and passed" },
	{ 2, "user-failed", "user provided, verified and failed" },
	{ 3, "network", "network provided" },
	{}
};

/* Q.763 3.26 a */
static const struct isup_value qualifier_values[] = {
	{ 0, "dialled", "reserved (dialled digits) (national use)" },
	{ 1, "additional-called", "additional called number (national use)" },
	{ 2, NULL, "reserved (supplemental user provided calling number - failed network screening) (national use)" },
	{ 3, NULL, "reserved (supplemental user provided calling number - not screened) (national use)" },
	{ 4, NULL, "reserved (redirecting terminating number) (national use)" },
	{ 5, "additional-connected", "additional connected number" },
	{ 6, "additional-calling", "additional calling party number" },
	{ 7, "additional-original-called", "reserved for additional original called number" },
	{ 8, "additional-redirecting", "reserved for additional redirecting number" },
	{ 9, "additional-redirection", "reserved for additional redirection number" },
	{ 10, NULL, "reserved (used in 1992 version)" },
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
	{ 2, "connect-when-free", "connect when free (national use)" },
	{}
};

static const struct isup_value called_category_values[] = {
	{ 0, "no-indication", "no indication" },
	{ 1, "ordinary", "ordinary subscriber" },
	{ 2, "payphone", "payphone" },
	{}
};

static const struct isup_value holding_values[] = {
	{ 0, "no", "holding not requested" },
	{ 1, "yes", "holding requested" },
	{}
};

static const struct isup_value incoming_echo_values[] = {
	{ 0, "no", "incoming echo control device not included" },
	{ 1, "yes", "incoming echo control device included" },
	{}
};

static const struct isup_value inband_info_values[] = {
	{ 0, "no", "no indication" },
	{ 1, "yes", "in-band information or an appropriate pattern is now available" },
	{}
};

static const struct isup_value diversion_may_occur_values[] = {
	{ 0, "no", "no indication" },
	{ 1, "yes", "call diversion may occur" },
	{}
};

static const struct isup_value segmentation_values[] = {
	{ 0, "no", "no additional information will be sent" },
	{ 1, "yes", "additional information will be sent in a segmentation message" },
	{}
};

static const struct isup_value mlpp_user_values[] = {
	{ 0, "no", "no indication" },
	{ 1, "yes", "MLPP user" },
	{}
};

/* Q.763 3.21 */
static const struct isup_value event_values[] = {
	{ 1, "alerting", "ALERTING" },
	{ 2, "progress", "PROGRESS" },
	{ 3, "inband", "in-band information or an appropriate pattern is now available" },
	{ 4, "forwarded-busy", "call forwarded on busy (national use)" },
	{ 5, "forwarded-no-reply", "call forwarded on no reply (national use)" },
	{ 6, "forwarded-unconditional", "call forwarded unconditional (national use)" },
	{}
};

static const struct isup_value presentation_values[] = {
	{ 0, "no", "no indication" },
	{ 1, "yes", "presentation restricted" },
	{}
};

/* Q.850 2.2.2 */
static const struct isup_value coding_values[] = {
	{ 0, "itu", "ITU-T standardized coding" },
	{ 1, "iso", "ISO/IEC standard" },
	{ 2, "national", "national standard" },
	{ 3, "location", "standard specific to identified location" },
	{}
};

/* Q.850 2.2.3 */
static const struct isup_value location_values[] = {
	{ 0, "user", "user (U)" },
	{ 1, "lpn", "private network serving the local user (LPN)" },
	{ 2, "ln", "public network serving the local user (LN)" },
	{ 3, "tn", "transit network (TN)" },
	{ 4, "rln", "public network serving the remote user (RLN)" },
	{ 5, "rpn", "private network serving the remote user (RPN)" },
	{ 7, "intl", "international network (INTL)" },
	{ 10, "bi", "network beyond interworking point (BI)" },
	{}
};

/* Q.850 2.2.5 Table 1 */
static const struct isup_value cause_values[] = {
	/* normal class */
	{ 1, NULL, "unallocated (unassigned) number" },
	{ 2, NULL, "no route to specified transit network (national use)" },
	{ 3, NULL, "no route to destination" },
	{ 4, NULL, "send special information tone" },
	{ 5, NULL, "misdialled trunk prefix (national use)" },
	{ 6, NULL, "channel unacceptable" },
	{ 7, NULL, "call awarded and being delivered in an established channel" },
	{ 8, NULL, "preemption" },
	{ 9, NULL, "preemption - circuit reserved for reuse" },
	{ 14, NULL, "QoR: ported number" },
	{ 16, NULL, "normal call clearing" },
	{ 17, NULL, "user busy" },
	{ 18, NULL, "no user responding" },
	{ 19, NULL, "no answer from user (user alerted)" },
	{ 20, NULL, "subscriber absent" },
	{ 21, NULL, "call rejected" },
	{ 22, NULL, "number changed" },
	{ 23, NULL, "redirection to new destination" },
	{ 24, NULL, "call rejected due to feature at the destination" },
	{ 25, NULL, "exchange routing error" },
	{ 26, NULL, "non-selected user clearing" },
	{ 27, NULL, "destination out of order" },
	{ 28, NULL, "invalid number format (address incomplete)" },
	{ 29, NULL, "facility rejected" },
	{ 30, NULL, "response to STATUS ENQUIRY" },
	{ 31, NULL, "normal, unspecified" },
	/* resource unavailable class */
	{ 34, NULL, "no circuit/channel available" },
	{ 38, NULL, "network out of order" },
	{ 39, NULL, "permanent frame mode connection out of service" },
	{ 40, NULL, "permanent frame mode connection operational" },
	{ 41, NULL, "temporary failure" },
	{ 42, NULL, "switching equipment congestion" },
	{ 43, NULL, "access information discarded" },
	{ 44, NULL, "requested circuit/channel not available" },
	{ 46, NULL, "precedence call blocked" },
	{ 47, NULL, "resource unavailable, unspecified" },
	/* service or option not available class */
	{ 49, NULL, "quality of service not available" },
	{ 50, NULL, "requested facility not subscribed" },
	{ 53, NULL, "outgoing calls barred within CUG" },
	{ 55, NULL, "incoming calls barred within CUG" },
	{ 57, NULL, "bearer capability not authorized" },
	{ 58, NULL, "bearer capability not presently available" },
	{ 62, NULL, "inconsistency in designated outgoing access information and subscriber class" },
	{ 63, NULL, "service or option not available, unspecified" },
	/* service or option not implemented class */
	{ 65, NULL, "bearer capability not implemented" },
	{ 66, NULL, "channel type not implemented" },
	{ 69, NULL, "requested facility not implemented" },
	{ 70, NULL, "only restricted digital information bearer capability is available (national use)" },
	{ 79, NULL, "service or option not implemented, unspecified" },
	/* invalid message class */
	{ 81, NULL, "invalid call reference value" },
	{ 82, NULL, "identified channel does not exist" },
	{ 83, NULL, "a suspended call exists, but this call identity does not" },
	{ 84, NULL, "call identity in use" },
	{ 85, NULL, "no call suspended" },
	{ 86, NULL, "call having the requested call identity has been cleared" },
	{ 87, NULL, "user not member of CUG" },
	{ 88, NULL, "incompatible destination" },
	{ 90, NULL, "non-existent CUG" },
	{ 91, NULL, "invalid transit network selection (national use)" },
	{ 95, NULL, "invalid message, unspecified" },
	/* protocol error class */
	{ 96, NULL, "mandatory information element is missing" },
	{ 97, NULL, "message type non-existent or not implemented" },
	{ 98, NULL, "message not compatible with call state or message type non-existent or not implemented" },
	{ 99, NULL, "information element/parameter non-existent or not implemented" },
	{ 100, NULL, "invalid information element contents" },
	{ 101, NULL, "message not compatible with call state" },
	{ 102, NULL, "recovery on timer expiry" },
	{ 103, NULL, "parameter non-existent or not implemented, passed on" },
	{ 110, NULL, "message with unrecognized parameter, discarded" },
	{ 111, NULL, "protocol error, unspecified" },
	/* interworking class */
	{ 127, NULL, "interworking, unspecified" },
	{}
};

static const struct isup_value cug_call_values[] = {
	{ 0, "no", "non-CUG call" },
	{ 2, "outgoing-allowed", "closed user group call, outgoing access allowed" },
	{ 3, "outgoing-not-allowed", "closed user group call, outgoing access not allowed" },
	{}
};

static const struct isup_value connected_line_values[] = {
	{ 0, "no", "not requested" },
	{ 1, "yes", "requested" },
	{}
};

/* Q.763 3.45 */
static const struct isup_value redirecting_values[] = {
	{ 0, "none", "no redirection (national use)" },
	{ 1, "rerouted", "call rerouted (national use)" },
	{ 2, "rerouted-all-restricted",
	  "call rerouted, all redirection information presentation restricted (national use)" },
	{ 3, "diverted", "call diverted" },
	{ 4, "diverted-all-restricted", "call diverted, all redirection information presentation restricted" },
	{ 5, "rerouted-number-restricted",
	  "call rerouted, redirection number presentation restricted (national use)" },
	{ 6, "diverted-number-restricted",
	  "call diversion, redirection number presentation restricted (national use)" },
	{}
};

static const struct isup_value redirecting_reason_values[] = {
	{ 0, "unknown", "unknown/not available" },
	{ 1, "user-busy", "user busy" },
	{ 2, "no-reply", "no reply" },
	{ 3, "unconditional", "unconditional" },
	{ 4, "deflection-alerting", "deflection during alerting" },
	{ 5, "deflection-immediate", "deflection immediate response" },
	{ 6, "not-reachable", "mobile subscriber not reachable" },
	{}
};

static const struct isup_value request_response_values[] = {
	{ 0, "request", "request" },
	{ 1, "response", "response" },
	{}
};

/* Q.763 3.60: the same code has another name in a response (not provided, provided) */
static const struct isup_value uus_service_values[] = {
	{ 0, "none", "no information" },
	{ 1, NULL, "spare; in a response: not provided" },
	{ 2, NULL, "request, not essential; in a response: provided" },
	{ 3, NULL, "request, essential; in a response: spare" },
	{}
};

static const struct isup_value uus_discard_values[] = {
	{ 0, "no", "no information" },
	{ 1, "yes", "user-to-user information discarded by the network" },
	{}
};

static const struct isup_value requested_values[] = {
	{ 0, "no", "not requested" },
	{ 1, "yes", "requested" },
	{}
};

static const struct isup_value included_values[] = {
	{ 0, "no", "not included" },
	{ 1, "yes", "included" },
	{}
};

static const struct isup_value provided_values[] = {
	{ 0, "no", "not provided" },
	{ 1, "yes", "provided" },
	{}
};

static const struct isup_value calling_address_values[] = {
	{ 0, "not-included", "calling party address not included" },
	{ 1, "not-available", "calling party address not available" },
	{ 3, "included", "calling party address included" },
	{}
};

static const struct isup_value unsolicited_values[] = {
	{ 0, "no", "solicited" },
	{ 1, "yes", "unsolicited" },
	{}
};

static const struct isup_value continuity_values[] = {
	{ 0, "failed", "continuity check failed" },
	{ 1, "successful", "continuity check successful" },
	{}
};

static const struct isup_value cgs_values[] = {
	{ 0, "maintenance", "maintenance oriented" },
	{ 1, "hardware", "hardware failure oriented" },
	{}
};

static const struct isup_value facility_values[] = {
	{ 2, "user-to-user", "user-to-user service" },
	{}
};

static const struct isup_value initiator_values[] = {
	{ 0, "subscriber", "ISDN subscriber initiated" },
	{ 1, "network", "network initiated" },
	{}
};

static const struct isup_value congestion_values[] = {
	{ 1, NULL, "congestion level 1 exceeded" },
	{ 2, NULL, "congestion level 2 exceeded" },
	{}
};

/* Q.763 3.25 */
static const struct isup_value notification_values[] = {
	{ 0, "user-suspended", "user suspended" },
	{ 1, "user-resumed", "user resumed" },
	{ 2, "bearer-change", "bearer service change" },
	{ 4, "completion-delay", "call completion delay" },
	{ 66, "conference-established", "conference established" },
	{ 67, "conference-disconnected", "conference disconnected" },
	{ 68, "party-added", "other party added" },
	{ 69, "isolated", "isolated" },
	{ 70, "reattached", "reattached" },
	{ 71, "party-isolated", "other party isolated" },
	{ 72, "party-reattached", "other party reattached" },
	{ 73, "party-split", "other party split" },
	{ 74, "party-disconnected", "other party disconnected" },
	{ 75, "conference-floating", "conference floating" },
	{ 96, "call-waiting", "call is a waiting call" },
	{ 104, "diversion-activated", "diversion activated" },
	{ 105, "transfer-alerting", "call transfer, alerting" },
	{ 106, "transfer-active", "call transfer, active" },
	{ 121, "remote-hold", "remote hold" },
	{ 122, "remote-retrieval", "remote retrieval" },
	{ 123, "diverting", "call is diverting" },
	{}
};

static const struct isup_value access_delivery_values[] = {
	{ 0, "generated", "set-up message generated" },
	{ 1, "not-generated", "no set-up message generated" },
	{}
};

/* Q.763 3.6 */
static const struct isup_value subscription_values[] = {
	{ 0, "unknown", "unknown" },
	{ 1, "not-allowed", "presentation not allowed" },
	{ 2, "allowed", "presentation allowed with redirection number" },
	{ 3, "allowed-without-number", "presentation allowed without redirection number" },
	{}
};

/* Q.763 3.19 */
static const struct isup_value echo_info_values[] = {
	{ 0, "none", "no information" },
	{ 1, "not-available", "echo control device not included and not available" },
	{ 2, "included", "echo control device included" },
	{ 3, "available", "echo control device not included but available" },
	{}
};

static const struct isup_value echo_request_values[] = {
	{ 0, "none", "no information" },
	{ 1, "activate", "echo control device activation request" },
	{ 2, "deactivate", "echo control device deactivation request" },
	{}
};

static const struct isup_value number_restriction_values[] = {
	{ 0, "allowed", "presentation allowed" },
	{ 1, "restricted", "presentation restricted" },
	{}
};

static const struct isup_value loop_response_values[] = {
	{ 0, "insufficient", "insufficient information" },
	{ 1, "no-loop", "no loop exists" },
	{ 2, "simultaneous", "simultaneous transfer" },
	{}
};

static const struct isup_value ccss_values[] = {
	{ 0, "no", "no indication" },
	{ 1, "yes", "CCSS call" },
	{}
};

static const struct isup_value backward_gvns_values[] = {
	{ 0, "no-information", "no information" },
	{ 1, "dedicated", "dedicated terminating access" },
	{ 2, "switched", "switched terminating access" },
	{}
};

static const struct isup_value tar_values[] = {
	{ 0, "no", "no indication" },
	{ 1, "yes", "TAR controlled call" },
	{}
};

static const struct isup_value diversion_treatment_values[] = {
	{ 0, "no-indication", "no indication" },
	{ 1, "allowed", "call diversion allowed" },
	{ 2, "not-allowed", "call diversion not allowed" },
	{}
};

static const struct isup_value offering_treatment_values[] = {
	{ 0, "no-indication", "no indication" },
	{ 1, "not-allowed", "call offering not allowed" },
	{ 2, "allowed", "call offering allowed" },
	{}
};

static const struct isup_value conference_values[] = {
	{ 0, "no-indication", "no indication" },
	{ 1, "accept", "accept conference request" },
	{ 2, "reject", "reject conference request" },
	{}
};

static const struct isup_value through_connection_values[] = {
	{ 0, "no", "no indication" },
	{ 1, "yes", "through-connection: in both directions (action), possible (capability)" },
	{}
};

static const struct isup_value t9_values[] = {
	{ 0, "no", "no indication" },
	{ 1, "yes", "T9: stop or do not start (action), stopping possible (capability)" },
	{}
};

static const struct isup_value collect_call_values[] = {
	{ 0, "no", "no indication" },
	{ 1, "yes", "collect call requested" },
	{}
};

static const struct isup_value ccnr_values[] = {
	{ 0, "no", "CCNR not possible" },
	{ 1, "yes", "CCNR possible" },
	{}
};

static const struct isup_value pivot_routing_values[] = {
	{ 0, "no-indication", "no indication" },
	{ 1, "request", "pivot request" },
	{ 2, "cancel", "cancel pivot request" },
	{ 3, "failure", "pivot request failure" },
	{ 4, "prohibited", "interworking to redirection prohibited (backward) (national use)" },
	{}
};

static const struct isup_value pivot_status_values[] = {
	{ 0, "not-used", "not used" },
	{ 1, "acknowledged", "acknowledgment of pivot routing" },
	{ 2, "not-invoked", "pivot routing will not be invoked" },
	{}
};

static const struct isup_value redirect_capability_values[] = {
	{ 0, "not-used", "not used" },
	{ 1, "before-acm", "redirect possible before ACM" },
	{ 2, "before-anm", "redirect possible before ANM" },
	{ 3, "any-time", "redirect possible at any time during the call" },
	{}
};

static const struct isup_value redirect_status_values[] = {
	{ 0, "not-used", "not used" },
	{ 1, "acknowledged", "acknowledgment of redirection" },
	{ 2, "not-invoked", "redirection will not be invoked" },
	{}
};

static const struct isup_value number_portability_values[] = {
	{ 0, "no-indication", "no indication" },
	{ 1, "no-query", "number portability query not done for called number" },
	{ 2, "not-ported", "number portability query done for called number, non-ported called subscriber" },
	{ 3, "ported", "number portability query done for called number, ported called subscriber" },
	{}
};

static const struct isup_value qor_capability_values[] = {
	{ 0, "no", "no indication" },
	{ 1, "yes", "QoR support" },
	{}
};

/* Q.763 3.14; with a call processing state of 0 the maintenance blocking state is 0 transient, 3 unequipped */
static const struct isup_value circuit_call_values[] = {
	{ 0, "none", "transient or unequipped (as the maintenance blocking state says)" },
	{ 1, "incoming", "circuit incoming busy" },
	{ 2, "outgoing", "circuit outgoing busy" },
	{ 3, "idle", "idle" },
	{}
};

static const struct isup_value maintenance_blocking_values[] = {
	{ 0, NULL, "no blocking (active); with call=none: transient" },
	{ 1, NULL, "locally blocked; with call=none: spare" },
	{ 2, NULL, "remotely blocked; with call=none: spare" },
	{ 3, NULL, "locally and remotely blocked; with call=none: unequipped" },
	{}
};

static const struct isup_value hardware_blocking_values[] = {
	{ 0, "no", "no blocking (active)" },
	{ 1, "local", "locally blocked" },
	{ 2, "remote", "remotely blocked" },
	{ 3, "both", "locally and remotely blocked" },
	{}
};

/* Q.763 3.33, 3.41 */
static const struct isup_value compat_transit_values[] = {
	{ 0, "transit", "transit interpretation" },
	{ 1, "end-node", "end node interpretation" },
	{}
};

static const struct isup_value compat_release_values[] = {
	{ 0, "no", "do not release call" },
	{ 1, "yes", "release call" },
	{}
};

static const struct isup_value compat_notify_values[] = {
	{ 0, "no", "do not send notification" },
	{ 1, "yes", "send notification" },
	{}
};

static const struct isup_value compat_discard_message_values[] = {
	{ 0, "no", "do not discard message (pass on)" },
	{ 1, "yes", "discard message" },
	{}
};

static const struct isup_value compat_discard_parameter_values[] = {
	{ 0, "no", "do not discard parameter (pass on)" },
	{ 1, "yes", "discard parameter" },
	{}
};

static const struct isup_value compat_message_not_possible_values[] = {
	{ 0, "release", "release call" },
	{ 1, "discard", "discard information" },
	{}
};

static const struct isup_value compat_parameter_not_possible_values[] = {
	{ 0, "release", "release call" },
	{ 1, "discard-message", "discard message" },
	{ 2, "discard-parameter", "discard parameter" },
	{}
};

static const struct isup_value compat_broadband_values[] = {
	{ 0, "pass-on", "pass on" },
	{ 1, "discard", "discard message" },
	{ 2, "release", "release call" },
	{}
};

/* Q.763 3.34 */
static const struct isup_value precedence_values[] = {
	{ 0, "flash-override", "flash override" },
	{ 1, "flash", "flash" },
	{ 2, "immediate", "immediate" },
	{ 3, "priority", "priority" },
	{ 4, "routine", "routine" },
	{}
};

/* Q.763 3.53 */
static const struct isup_value network_type_values[] = {
	{ 0, "itu", "ITU-T-standardized identification" },
	{ 2, "national", "national network identification" },
	{}
};

static const struct isup_value network_plan_values[] = {
	{ 0, "unknown", "unknown" },
	{ 3, "x121", "public data network identification code (X.121)" },
	{ 6, "e212", "public land mobile network identification code (E.212)" },
	{}
};

/* Q.763 3.24 */
static const struct isup_value encoding_scheme_values[] = {
	{ 0, "bcd-even", "BCD even: even number of digits" },
	{ 1, "bcd-odd", "BCD odd: odd number of digits" },
	{ 2, "ia5", "IA5 character" },
	{ 3, "binary", "binary coded" },
	{}
};

static const struct isup_value digits_type_values[] = {
	{ 0, NULL, "reserved for account code" },
	{ 1, NULL, "reserved for authorisation code" },
	{ 2, NULL, "reserved for private networking travelling class mark" },
	{ 3, NULL, "reserved for business communication group identity" },
	{}
};

/* Q.763 3.69 */
static const struct isup_value map_type_values[] = {
	{ 1, "1544k", "1544 kbit/s digital path map format (64 kbit/s base rate)" },
	{ 2, "2048k", "2048 kbit/s digital path map format (64 kbit/s base rate)" },
	{}
};

/* Q.763 3.49 */
static const struct isup_value feature_values[] = {
	{ 1, "call-transfer", "call transfer" },
	{}
};

/* Blue Book Q.763 3.5 (1988) */
static const struct isup_value call_modification_values[] = {
	{ 1, "service1", "modify to service 1" },
	{ 2, "service2", "modify to service 2" },
	{}
};

/* Q.763 3.34 a */
static const struct isup_value lfb_values[] = {
	{ 0, "allowed", "LFB allowed" },
	{ 1, "reserved", "path reserved (national use)" },
	{ 2, "not-allowed", "LFB not allowed" },
	{}
};

/* Q.763 3.41: broadband/narrowband interworking, in the second instruction octet */
static const struct isup_value compat_parameter_broadband_values[] = {
	{ 0, "pass-on", "pass on" },
	{ 1, "discard-message", "discard message" },
	{ 2, "release", "release call" },
	{ 3, "discard-parameter", "discard parameter" },
	{}
};

/* Q.763 3.84 */
static const struct isup_value pivot_possible_values[] = {
	{ 0, "no-indication", "no indication" },
	{ 1, "before-acm", "pivot routing possible before ACM" },
	{ 2, "before-anm", "pivot routing possible before ANM" },
	{ 3, "any-time", "pivot routing possible any time during the call" },
	{}
};

static const struct isup_value pivot_prohibited_values[] = {
	{ 0, "allowed", "interworking to redirection allowed" },
	{ 1, "prohibited", "interworking to redirection prohibited (forward) (national use)" },
	{}
};

/* Q.763 3.94, 3.99: information type tags, forward */
static const struct isup_value pivot_forward_values[] = {
	{ 1, "return-possible", "return to pivoting (redirecting) exchange possible" },
	{ 2, "call-identifier", "return to pivoting (redirecting) exchange, call identifier" },
	{ 3, "performing", "performing pivot (redirect) indicator" },
	{ 4, "invoking-reason", "invoking pivot (redirect) reason" },
	{}
};

/* Q.763 3.95, 3.100: information type tags, backward */
static const struct isup_value pivot_backward_values[] = {
	{ 1, "return-duration", "return to pivoting (redirecting) exchange, duration" },
	{ 2, "call-identifier", "return to pivoting (redirecting) exchange, call identifier" },
	{ 3, "invoking-reason", "invoking pivot (redirect) reason" },
	{}
};

/* Q.763 3.88 */
static const struct isup_value lpri_values[] = {
	{ 0, "allowed", "presentation allowed" },
	{ 1, "restricted", "presentation restricted" },
	{ 2, "not-available", "location not available" },
	{}
};

static const struct isup_value shape_values[] = {
	{ 0, "point", "ellipsoid point" },
	{ 1, "point-uncertainty", "ellipsoid point with uncertainty" },
	{ 2, "point-altitude", "point with altitude and uncertainty" },
	{ 3, "ellipse", "ellipse on the ellipsoid" },
	{ 4, "sector", "ellipsoid circle sector" },
	{ 5, "polygon", "polygon" },
	{}
};

/* Q.763 3.36 b */
static const struct isup_value nsf_type_values[] = {
	{ 2, "national", "national network identification" },
	{ 3, NULL, "reserved for international network identification" },
	{}
};

/* Q.763 3.82, Q.765.1 to Q.765.5 */
static const struct isup_value app_context_values[] = {
	{ 0, "uceh", "unidentified context and error handling (UCEH) ASE" },
	{ 1, "pss1", "PSS1 ASE (VPN)" },
	{ 3, "charging", "charging ASE" },
	{ 4, "gat", "GAT ASE" },
	{ 5, "bat", "BAT ASE" },
	{ 6, "euceh", "enhanced unidentified context and error handling (EUCEH) ASE" },
	{}
};

static const struct isup_value app_sequence_values[] = {
	{ 0, "subsequent", "subsequent segment to first segment" },
	{ 1, "new", "new sequence" },
	{}
};

/* Q.931 4.5.30 Table 4-26 */
static const struct isup_value uui_protocol_values[] = {
	{ 0, "user", "user-specific protocol" },
	{ 1, "osi", "OSI high layer protocols" },
	{ 2, "x244", "X.244" },
	{ 3, NULL, "reserved for system management convergence function" },
	{ 4, "ia5", "IA5 characters" },
	{ 5, "asn1", "X.208 and X.209 coded user information" },
	{ 7, "v120", "V.120 rate adaption" },
	{ 8, "q931", "Q.931/I.451 user-network call control messages" },
	{}
};

/* Q.931 4.5.5 */
static const struct isup_value capability_values[] = {
	{ 0, "speech", "speech" },
	{ 8, "unrestricted", "unrestricted digital information" },
	{ 9, "restricted", "restricted digital information" },
	{ 16, "3k1-audio", "3.1 kHz audio" },
	{ 17, "unrestricted-tones", "unrestricted digital information with tones/announcements" },
	{ 24, "video", "video" },
	{}
};

static const struct isup_value transfer_mode_values[] = {
	{ 0, "circuit", "circuit mode" },
	{ 2, "packet", "packet mode" },
	{}
};

static const struct isup_value transfer_rate_values[] = {
	{ 0, "packet", "packet-mode calls" },
	{ 16, "64k", "64 kbit/s" },
	{ 17, "2x64k", "2 x 64 kbit/s" },
	{ 19, "384k", "384 kbit/s" },
	{ 21, "1536k", "1536 kbit/s" },
	{ 23, "1920k", "1920 kbit/s" },
	{ 24, "multirate", "multirate (64 kbit/s base rate)" },
	{}
};

static const struct isup_value structure_values[] = {
	{ 0, "default", "default" },
	{ 1, "8khz", "8 kHz integrity" },
	{ 4, "sdu", "service data unit integrity" },
	{ 7, "unstructured", "unstructured" },
	{}
};

static const struct isup_value layer1_values[] = {
	{ 1, "v110", "V.110, I.460 and X.30" },
	{ 2, "g711-mu", "G.711 u-law" },
	{ 3, "g711-a", "G.711 A-law" },
	{ 4, "g721", "G.721 32 kbit/s ADPCM and I.460" },
	{ 5, "h221", "H.221 and H.242" },
	{ 6, "h223", "H.223 and H.245" },
	{ 7, "non-itu", "non-ITU-T standardized rate adaption" },
	{ 8, "v120", "V.120" },
	{ 9, "x31", "X.31 HDLC flag stuffing" },
	{}
};

static const struct isup_value synchronous_values[] = {
	{ 0, "synchronous", "synchronous data" },
	{ 1, "asynchronous", "asynchronous data" },
	{}
};

static const struct isup_value negotiation_values[] = {
	{ 0, "no", "in-band negotiation not possible" },
	{ 1, "yes", "in-band negotiation possible" },
	{}
};

static const struct isup_value user_rate_values[] = {
	{ 0, NULL, "indicated by E-bits of I.460 or negotiated in-band" },
	{ 1, NULL, "0.6 kbit/s" },
	{ 2, NULL, "1.2 kbit/s" },
	{ 3, NULL, "2.4 kbit/s" },
	{ 4, NULL, "3.6 kbit/s" },
	{ 5, NULL, "4.8 kbit/s" },
	{ 6, NULL, "7.2 kbit/s" },
	{ 7, NULL, "8 kbit/s" },
	{ 8, NULL, "9.6 kbit/s" },
	{ 9, NULL, "14.4 kbit/s" },
	{ 10, NULL, "16 kbit/s" },
	{ 11, NULL, "19.2 kbit/s" },
	{ 12, NULL, "32 kbit/s" },
	{ 13, NULL, "38.4 kbit/s" },
	{ 14, NULL, "48 kbit/s" },
	{ 15, NULL, "56 kbit/s" },
	{ 18, NULL, "57.6 kbit/s" },
	{ 19, NULL, "28.8 kbit/s" },
	{ 20, NULL, "24 kbit/s" },
	{ 21, NULL, "0.1345 kbit/s" },
	{ 22, NULL, "0.100 kbit/s" },
	{ 23, NULL, "0.075/1.2 kbit/s" },
	{ 24, NULL, "1.2/0.075 kbit/s" },
	{ 25, NULL, "0.050 kbit/s" },
	{ 26, NULL, "0.075 kbit/s" },
	{ 27, NULL, "0.110 kbit/s" },
	{ 28, NULL, "0.150 kbit/s" },
	{ 29, NULL, "0.200 kbit/s" },
	{ 30, NULL, "0.300 kbit/s" },
	{ 31, NULL, "12 kbit/s" },
	{}
};

static const struct isup_value layer2_values[] = {
	{ 2, "q921", "Q.921/I.441" },
	{ 6, "x25", "X.25, link layer" },
	{ 12, "lan", "LAN logical link control (ISO/IEC 8802-2)" },
	{}
};

static const struct isup_value layer3_values[] = {
	{ 2, "q931", "Q.931" },
	{ 6, "x25", "X.25, packet layer" },
	{ 11, "tr9577", "ISO/IEC TR 9577" },
	{}
};

/* Q.931 4.5.17 */
static const struct isup_value interpretation_values[] = {
	{ 4, "first", "first high layer characteristics identification to be used in the call" },
	{}
};

static const struct isup_value presentation_method_values[] = {
	{ 1, "profile", "high layer protocol profile" },
	{}
};

static const struct isup_value characteristics_values[] = {
	{ 1, "telephony", "telephony" },
	{ 4, "fax3", "facsimile group 2/3" },
	{ 33, "fax4-1", "facsimile group 4 class I" },
	{ 36, "fax4-2-3", "facsimile group 4 classes II and III" },
	{ 50, "videotex", "syntax based videotex" },
	{ 51, "videotex-gateway", "international videotex interworking via gateways" },
	{ 53, "telex", "telex service" },
	{ 56, "mhs", "message handling systems (MHS)" },
	{ 65, "osi", "OSI application" },
	{ 66, "ftam", "FTAM application" },
	{ 94, NULL, "reserved for maintenance" },
	{ 95, NULL, "reserved for management" },
	{ 96, "videotelephony", "videotelephony" },
	{ 97, "videoconferencing", "videoconferencing" },
	{ 98, "audiographic", "audiographic conferencing" },
	{ 104, "multimedia", "multimedia services" },
	{}
};

/* Q.931 4.5.1 Table 4-3: information elements of codeset 0 */
static const struct isup_value element_values[] = {
	{ 4, "bearer", "bearer capability" },
	{ 8, "cause", "cause" },
	{ 16, "call-identity", "call identity" },
	{ 20, "call-state", "call state" },
	{ 24, "channel", "channel identification" },
	{ 28, "facility", "facility" },
	{ 30, "progress", "progress indicator" },
	{ 32, "nsf", "network-specific facilities" },
	{ 39, "notification", "notification indicator" },
	{ 40, "display", "display" },
	{ 41, "date", "date/time" },
	{ 44, "keypad", "keypad facility" },
	{ 52, "signal", "signal" },
	{ 76, "connected", "connected number" },
	{ 77, "connected-subaddress", "connected subaddress" },
	{ 108, "calling", "calling party number" },
	{ 109, "calling-subaddress", "calling party subaddress" },
	{ 112, "called", "called party number" },
	{ 113, "called-subaddress", "called party subaddress" },
	{ 116, "redirecting", "redirecting number" },
	{ 120, "tns", "transit network selection" },
	{ 121, "restart", "restart indicator" },
	{ 124, "llc", "low layer compatibility" },
	{ 125, "hlc", "high layer compatibility" },
	{ 126, "user-user", "user-user" },
	{ 149, "shift-5", "locking shift to codeset 5" },
	{ 150, "shift-6", "locking shift to codeset 6" },
	{ 151, "shift-7", "locking shift to codeset 7" },
	{ 157, "next-5", "non-locking shift to codeset 5" },
	{ 158, "next-6", "non-locking shift to codeset 6" },
	{ 159, "next-7", "non-locking shift to codeset 7" },
	{ 160, "more-data", "more data" },
	{ 161, "sending-complete", "sending complete" },
	{}
};

/* Q.763 3.48 */
static const struct isup_value component_values[] = {
	{ 161, "invoke", "invoke" },
	{ 162, "result", "return result" },
	{ 163, "error", "return error" },
	{ 164, "reject", "reject" },
	{}
};

/* ---- Fields ---- */

static const struct isup_field nci_fields[] = {
	BITS(isup_nci, satellite, "BA", satellite_values),
	BITS(isup_nci, continuity, "DC", continuity_check_values),
	BITS(isup_nci, echo, "E", outgoing_echo_values),
	{}
};

static const struct isup_field fci_fields[] = {
	BITS(isup_fci, intl_call, "A", intl_call_values),
	BITS(isup_fci, e2e_method, "CB", e2e_method_values),
	BITS(isup_fci, interworking, "D", interworking_values),
	BITS(isup_fci, e2e_info, "E", e2e_info_values),
	BITS(isup_fci, isup_all_the_way, "F", isup_all_the_way_values),
	BITS(isup_fci, isup_preference, "HG", isup_preference_values),
	BITS(isup_fci, isdn_access, "I", originating_access_values),
	BITS(isup_fci, sccp_method, "KJ", sccp_method_values),
	BITS(isup_fci, number_translated, "M", number_translated_values),
	BITS(isup_fci, qor, "N", qor_values),
	{}
};

static const struct isup_field bci_fields[] = {
	BITS(isup_bci, charge, "BA", charge_values),
	BITS(isup_bci, called_status, "DC", called_status_values),
	BITS(isup_bci, called_category, "FE", called_category_values),
	BITS(isup_bci, e2e_method, "HG", e2e_method_values),
	BITS(isup_bci, interworking, "I", interworking_values),
	BITS(isup_bci, e2e_info, "J", e2e_info_values),
	BITS(isup_bci, isup_all_the_way, "K", isup_all_the_way_values),
	BITS(isup_bci, holding, "L", holding_values),
	BITS(isup_bci, isdn_access, "M", terminating_access_values),
	BITS(isup_bci, echo, "N", incoming_echo_values),
	BITS(isup_bci, sccp_method, "PO", sccp_method_values),
	{}
};

static const struct isup_field obci_fields[] = {
	BITS(isup_obci, inband_info, "A", inband_info_values),
	BITS(isup_obci, call_diversion, "B", diversion_may_occur_values),
	BITS(isup_obci, segmentation, "C", segmentation_values),
	BITS(isup_obci, mlpp, "D", mlpp_user_values),
	{}
};

static const struct isup_field event_info_fields[] = {
	BITS(isup_event_info, event, "GFEDCBA", event_values),
	BITS(isup_event_info, restricted, "H", presentation_values),
	{}
};

/* octet 1a (recommendation) counts as no octet here */
static const struct isup_field cause_fields[] = {
	BITS(isup_cause, coding, "GF", coding_values),
	BITS(isup_cause, location, "DCBA", location_values),
	BITS(isup_cause, value, "ONMLKJI", cause_values),
	{}
};

static const struct isup_field range_status_fields[] = {
	BITS(isup_range_status, range, "HGFEDCBA", NULL),
	{}
};

/* called party, redirection, called directory number */
static const struct isup_field called_number_fields[] = {
	BITS(isup_number, noa, "GFEDCBA", noa_values),
	BITS(isup_number, inn, "P", inn_values),
	BITS(isup_number, npi, "ONM", npi_values),
	{}
};

static const struct isup_field calling_number_fields[] = {
	BITS(isup_number, noa, "GFEDCBA", noa_values),
	BITS(isup_number, ni, "P", ni_values),
	BITS(isup_number, npi, "ONM", npi_values),
	BITS(isup_number, apri, "LK", apri_values),
	BITS(isup_number, screening, "JI", screening_values),
	{}
};

static const struct isup_field location_number_fields[] = {
	BITS(isup_number, noa, "GFEDCBA", noa_values),
	BITS(isup_number, inn, "P", inn_values),
	BITS(isup_number, npi, "ONM", npi_values),
	BITS(isup_number, apri, "LK", apri_values),
	BITS(isup_number, screening, "JI", screening_values),
	{}
};

/* connected, call transfer number */
static const struct isup_field connected_number_fields[] = {
	BITS(isup_number, noa, "GFEDCBA", noa_values),
	BITS(isup_number, npi, "ONM", npi_values),
	BITS(isup_number, apri, "LK", apri_values),
	BITS(isup_number, screening, "JI", screening_values),
	{}
};

/* redirecting, original called, called IN, original called IN number */
static const struct isup_field redirecting_number_fields[] = {
	BITS(isup_number, noa, "GFEDCBA", noa_values),
	BITS(isup_number, npi, "ONM", npi_values),
	BITS(isup_number, apri, "LK", apri_values),
	{}
};

static const struct isup_field subsequent_number_fields[] = {
	{}
};

static const struct isup_field generic_number_fields[] = {
	BITS(isup_number, qualifier, "HGFEDCBA", qualifier_values),
	BITS(isup_number, noa, "ONMLKJI", noa_values),
	BITS(isup_number, ni, "X", ni_values),
	BITS(isup_number, npi, "WVU", npi_values),
	BITS(isup_number, apri, "TS", apri_values),
	BITS(isup_number, screening, "RQ", screening_values),
	{}
};

static const struct isup_field htr_fields[] = {
	BITS(isup_number, noa, "GFEDCBA", noa_values),
	BITS(isup_number, npi, "ONM", npi_values),
	{}
};

static const struct isup_field network_routing_number_fields[] = {
	BITS(isup_number, npi, "GFE", npi_values),
	BITS(isup_number, noa, "DCBA", nrn_noa_values),
	{}
};

static const struct isup_field opt_fci_fields[] = {
	BITS(isup_opt_fci, cug_call, "BA", cug_call_values),
	BITS(isup_opt_fci, segmentation, "C", segmentation_values),
	BITS(isup_opt_fci, connected_line, "H", connected_line_values),
	{}
};

static const struct isup_field redirection_info_fields[] = {
	BITS(isup_redirection_info, indicator, "CBA", redirecting_values),
	BITS(isup_redirection_info, original_reason, "HGFE", redirecting_reason_values),
	BITS(isup_redirection_info, counter, "KJI", NULL),
	BITS(isup_redirection_info, reason, "PONM", redirecting_reason_values),
	{}
};

static const struct isup_field uus_ind_fields[] = {
	BITS(isup_uus_ind, type, "A", request_response_values),
	BITS(isup_uus_ind, service1, "CB", uus_service_values),
	BITS(isup_uus_ind, service2, "ED", uus_service_values),
	BITS(isup_uus_ind, service3, "GF", uus_service_values),
	BITS(isup_uus_ind, discard, "H", uus_discard_values),
	{}
};

static const struct isup_field info_request_fields[] = {
	BITS(isup_info_request, calling_address, "A", requested_values),
	BITS(isup_info_request, holding, "B", requested_values),
	BITS(isup_info_request, calling_category, "D", requested_values),
	BITS(isup_info_request, charge_info, "E", requested_values),
	BITS(isup_info_request, malicious_call, "H", requested_values),
	{}
};

static const struct isup_field info_ind_fields[] = {
	BITS(isup_info_ind, calling_address, "BA", calling_address_values),
	BITS(isup_info_ind, hold_provided, "C", provided_values),
	BITS(isup_info_ind, calling_category, "F", included_values),
	BITS(isup_info_ind, charge_info, "G", included_values),
	BITS(isup_info_ind, unsolicited, "H", unsolicited_values),
	{}
};

static const struct isup_field call_diversion_fields[] = {
	BITS(isup_call_diversion, options, "CBA", subscription_values),
	BITS(isup_call_diversion, reason, "GFED", redirecting_reason_values),
	{}
};

static const struct isup_field echo_control_fields[] = {
	BITS(isup_echo_control, outgoing_info, "BA", echo_info_values),
	BITS(isup_echo_control, incoming_info, "DC", echo_info_values),
	BITS(isup_echo_control, outgoing_request, "FE", echo_request_values),
	BITS(isup_echo_control, incoming_request, "HG", echo_request_values),
	{}
};

static const struct isup_field mcid_request_fields[] = {
	BITS(isup_mcid, mcid, "A", requested_values),
	BITS(isup_mcid, holding, "B", requested_values),
	{}
};

static const struct isup_field mcid_response_fields[] = {
	BITS(isup_mcid, mcid, "A", included_values),
	BITS(isup_mcid, holding, "B", provided_values),
	{}
};

static const struct isup_field loop_prevention_fields[] = {
	BITS(isup_loop_prevention, type, "A", request_response_values),
	BITS(isup_loop_prevention, response, "CB", loop_response_values),
	{}
};

static const struct isup_field uid_fields[] = {
	BITS(isup_uid, through_connection, "A", through_connection_values),
	BITS(isup_uid, t9, "B", t9_values),
	{}
};

static const struct isup_field call_reference_fields[] = {
	BITS(isup_call_reference, identity, "HGFEDCBAPONMLKJIXWVUTSRQ", NULL),
	BITS(isup_call_reference, pc, "nmlkjihgfedcba", NULL),
	{}
};

static const struct isup_field cug_interlock_fields[] = {
	BITS(isup_cug_interlock, ni1, "HGFE", NULL),
	BITS(isup_cug_interlock, ni2, "DCBA", NULL),
	BITS(isup_cug_interlock, ni3, "PONM", NULL),
	BITS(isup_cug_interlock, ni4, "LKJI", NULL),
	BITS(isup_cug_interlock, code, "XWVUTSRQhgfedcba", NULL),
	{}
};

static const struct isup_field mlpp_fields[] = {
	BITS(isup_mlpp, lfb, "GF", lfb_values),
	BITS(isup_mlpp, level, "DCBA", precedence_values),
	BITS(isup_mlpp, ni1, "PONM", NULL),
	BITS(isup_mlpp, ni2, "LKJI", NULL),
	BITS(isup_mlpp, ni3, "XWVU", NULL),
	BITS(isup_mlpp, ni4, "TSRQ", NULL),
	BITS(isup_mlpp, domain, "hgfedcbaponmlkjixwvutsrq", NULL),
	{}
};

static const struct isup_octet msg_compat_octets[] = {
	{ "1", ISUP_OCTET_MUST, true }, { "1a", ISUP_OCTET_NEXT, true }, { "1b", ISUP_OCTET_NEXT, true }, {}
};

static const struct isup_field msg_compat_fields[] = {
	BITS(isup_msg_compat, transit, "A", compat_transit_values),
	BITS(isup_msg_compat, release, "B", compat_release_values),
	BITS(isup_msg_compat, notify, "C", compat_notify_values),
	BITS(isup_msg_compat, discard_msg, "D", compat_discard_message_values),
	BITS(isup_msg_compat, not_possible, "E", compat_message_not_possible_values),
	BITS(isup_msg_compat, broadband, "GF", compat_broadband_values),
	BITS_OF(1, isup_msg_compat, more_1a, "GFEDCBA", NULL),
	BITS_OF(2, isup_msg_compat, more_1b, "GFEDCBA", NULL),
	{}
};

static const struct isup_octet par_compat_octets[] = {
	{ "1", ISUP_OCTET_MUST }, { "2", ISUP_OCTET_MUST, true }, { "2a", ISUP_OCTET_NEXT, true },
	{ "2b", ISUP_OCTET_NEXT, true }, {}
};

static const struct isup_field par_compat_fields[] = {
	BITS_OF(0, isup_par_compat, code, "HGFEDCBA", NULL),
	BITS_OF(1, isup_par_compat, transit, "A", compat_transit_values),
	BITS_OF(1, isup_par_compat, release, "B", compat_release_values),
	BITS_OF(1, isup_par_compat, notify, "C", compat_notify_values),
	BITS_OF(1, isup_par_compat, discard_msg, "D", compat_discard_message_values),
	BITS_OF(1, isup_par_compat, discard_par, "E", compat_discard_parameter_values),
	BITS_OF(1, isup_par_compat, not_possible, "GF", compat_parameter_not_possible_values),
	BITS_OF(2, isup_par_compat, broadband, "BA", compat_parameter_broadband_values),
	BITS_OF(3, isup_par_compat, more_2b, "GFEDCBA", NULL),
	{}
};

static const struct isup_field circuit_state_fields[] = {
	BITS(isup_circuit_state, call, "DC", circuit_call_values),
	BITS(isup_circuit_state, maintenance, "BA", maintenance_blocking_values),
	BITS(isup_circuit_state, hardware, "FE", hardware_blocking_values),
	{}
};

/* type of network identification and plan, which are no nature of address and numbering plan but lie alike */
static const struct isup_field tns_fields[] = {
	{ .name = "type", .letters = "GFE", .width = 3, .offset = offsetof(struct isup_number, noa),
	  .values = network_type_values },
	{ .name = "plan", .letters = "DCBA", .width = 4, .offset = offsetof(struct isup_number, npi),
	  .values = network_plan_values },
	{}
};

static const struct isup_field generic_digits_fields[] = {
	BITS(isup_headed, encoding, "HGF", encoding_scheme_values),
	BITS(isup_headed, type, "EDCBA", digits_type_values),
	{}
};

static const struct isup_field uui_fields[] = {
	{ .name = "protocol", .letters = "HGFEDCBA", .width = 8, .offset = offsetof(struct isup_headed, type),
	  .values = uui_protocol_values },
	{}
};

static const struct isup_octet geodetic_octets[] = { { "1", ISUP_OCTET_MUST }, { "2", ISUP_OCTET_MAY, true }, {} };

static const struct isup_field geodetic_fields[] = {
	BITS_OF(0, isup_geodetic, presentation, "DC", lpri_values),
	BITS_OF(0, isup_geodetic, screening, "BA", screening_values),
	BITS_OF(1, isup_geodetic, shape, "GFEDCBA", shape_values),
	{}
};

/* what another standard owns */
static const struct isup_field content_fields[] = { {} };

static const struct isup_field circuit_assignment_map_fields[] = {
	BITS(isup_headed, type, "FEDCBA", map_type_values),
	{}
};

static const struct isup_octet connection_request_octets[] = {
	{ "1", ISUP_OCTET_MUST }, { "2", ISUP_OCTET_MUST }, { "3", ISUP_OCTET_MUST }, { "4", ISUP_OCTET_MUST },
	{ "5", ISUP_OCTET_MUST }, { "6", ISUP_OCTET_MAY }, { "7", ISUP_OCTET_MAY }, {}
};

static const struct isup_field connection_request_fields[] = {
	BITS(isup_connection_request, reference, "HGFEDCBAPONMLKJIXWVUTSRQ", NULL),
	BITS(isup_connection_request, pc, "nmlkjihgfedcba", NULL),
	BITS_OF(5, isup_connection_request, protocol_class, "HGFEDCBA", NULL),
	BITS_OF(6, isup_connection_request, credit, "HGFEDCBA", NULL),
	{}
};

/* Q.931 Figure 4-11; octets 4a and 4b are of 1988. 24 is multirate; octets 5, 6, 7 tell themselves by bits 7 and 6. */
const struct isup_octet isup_usi_octets[ISUP_USI_7B + 2] = {
	[ISUP_USI_3] = { "3", ISUP_OCTET_MUST, true },
	[ISUP_USI_4] = { "4", ISUP_OCTET_MUST, true },
	[ISUP_USI_4A] = { "4a", ISUP_OCTET_NEXT, true },
	[ISUP_USI_4B] = { "4b", ISUP_OCTET_NEXT, true },
	[ISUP_USI_4_1] = { "4.1", ISUP_OCTET_MAY, true, 0x1f, 24, ISUP_USI_4 },
	[ISUP_USI_5] = { "5", ISUP_OCTET_MAY, true, 0x60, 0x20 },
	[ISUP_USI_5A] = { "5a", ISUP_OCTET_NEXT, true },
	[ISUP_USI_5B] = { "5b", ISUP_OCTET_NEXT, true },
	[ISUP_USI_5C] = { "5c", ISUP_OCTET_NEXT, true },
	[ISUP_USI_5D] = { "5d", ISUP_OCTET_NEXT, true },
	[ISUP_USI_6] = { "6", ISUP_OCTET_MAY, true, 0x60, 0x40 },
	[ISUP_USI_6A] = { "6a", ISUP_OCTET_NEXT, true },
	[ISUP_USI_7] = { "7", ISUP_OCTET_MAY, true, 0x60, 0x60 },
	[ISUP_USI_7A] = { "7a", ISUP_OCTET_NEXT, true },
	[ISUP_USI_7B] = { "7b", ISUP_OCTET_NEXT, true },
	{}
};

const struct isup_field isup_usi_fields[] = {
	BITS_OF(ISUP_USI_3, isup_usi, coding, "GF", coding_values),
	BITS_OF(ISUP_USI_3, isup_usi, capability, "EDCBA", capability_values),
	BITS_OF(ISUP_USI_4, isup_usi, mode, "GF", transfer_mode_values),
	BITS_OF(ISUP_USI_4, isup_usi, rate, "EDCBA", transfer_rate_values),
	BITS_OF(ISUP_USI_4A, isup_usi, structure, "GFE", structure_values),
	BITS_OF(ISUP_USI_4A, isup_usi, configuration, "DC", NULL),
	BITS_OF(ISUP_USI_4A, isup_usi, establishment, "BA", NULL),
	BITS_OF(ISUP_USI_4B, isup_usi, symmetry, "GF", NULL),
	BITS_OF(ISUP_USI_4B, isup_usi, backward_rate, "EDCBA", transfer_rate_values),
	BITS_OF(ISUP_USI_4_1, isup_usi, multiplier, "GFEDCBA", NULL),
	BITS_OF(ISUP_USI_5, isup_usi, layer1, "EDCBA", layer1_values),
	BITS_OF(ISUP_USI_5A, isup_usi, synchronous, "G", synchronous_values),
	BITS_OF(ISUP_USI_5A, isup_usi, negotiation, "F", negotiation_values),
	BITS_OF(ISUP_USI_5A, isup_usi, user_rate, "EDCBA", user_rate_values),
	BITS_OF(ISUP_USI_5B, isup_usi, rate_5b, "GFEDCBA", NULL),
	BITS_OF(ISUP_USI_5C, isup_usi, format_5c, "GFEDCBA", NULL),
	BITS_OF(ISUP_USI_5D, isup_usi, modem_5d, "GFEDCBA", NULL),
	BITS_OF(ISUP_USI_6, isup_usi, layer2, "EDCBA", layer2_values),
	BITS_OF(ISUP_USI_6A, isup_usi, more_6a, "GFEDCBA", NULL),
	BITS_OF(ISUP_USI_7, isup_usi, layer3, "EDCBA", layer3_values),
	BITS_OF(ISUP_USI_7A, isup_usi, more_7a, "GFEDCBA", NULL),
	BITS_OF(ISUP_USI_7B, isup_usi, more_7b, "GFEDCBA", NULL),
	{}
};

static const struct isup_octet teleservice_octets[] = {
	{ "1", ISUP_OCTET_MUST, true }, { "2", ISUP_OCTET_MUST, true }, { "2a", ISUP_OCTET_NEXT, true }, {}
};

static const struct isup_field teleservice_fields[] = {
	BITS_OF(0, isup_teleservice, coding, "GF", coding_values),
	BITS_OF(0, isup_teleservice, interpretation, "EDC", interpretation_values),
	BITS_OF(0, isup_teleservice, presentation, "BA", presentation_method_values),
	BITS_OF(1, isup_teleservice, characteristics, "GFEDCBA", characteristics_values),
	BITS_OF(2, isup_teleservice, extended, "GFEDCBA", characteristics_values),
	{}
};

static const struct isup_octet app_octets[] = {
	{ "1", ISUP_OCTET_MUST, true }, { "1a", ISUP_OCTET_NEXT, true }, { "2", ISUP_OCTET_MUST, true },
	{ "3", ISUP_OCTET_MUST, true }, { "3a", ISUP_OCTET_NEXT, true }, {}
};

static const struct isup_field app_fields[] = {
	BITS_OF(0, isup_application_transport, context, "GFEDCBA", app_context_values),
	BITS_OF(1, isup_application_transport, context_1a, "GFEDCBA", NULL),
	BITS_OF(2, isup_application_transport, release, "A", compat_release_values),
	BITS_OF(2, isup_application_transport, notify, "B", compat_notify_values),
	BITS_OF(3, isup_application_transport, new_sequence, "G", app_sequence_values),
	BITS_OF(3, isup_application_transport, segments, "FEDCBA", NULL),
	BITS_OF(4, isup_application_transport, reference, "GFEDCBA", NULL),
	{}
};

static const struct isup_octet nsf_octets[] = { { "1a", ISUP_OCTET_MAY, true }, {} };

static const struct isup_field nsf_fields[] = {
	BITS(isup_nsf, type, "GFE", nsf_type_values),
	BITS(isup_nsf, plan, "DCBA", NULL),
	{}
};

static const struct isup_field gvns_fields[] = {
	BITS(isup_gvns, npi, "GFE", npi_values),
	BITS(isup_gvns, noa, "ONMLKJI", noa_values),
	{}
};

static const struct isup_octet element_octets[] = { { "tag", ISUP_OCTET_MUST }, {} };

static const struct isup_field element_fields[] = {
	{ .name = "element", .letters = "HGFEDCBA", .width = 8, .offset = offsetof(struct isup_element, tag),
	  .values = element_values },
	{}
};

static const struct isup_field pivot_forward_fields[] = {
	{ .name = "information", .letters = "HGFEDCBA", .width = 8, .offset = offsetof(struct isup_element, tag),
	  .values = pivot_forward_values },
	{}
};

static const struct isup_field pivot_backward_fields[] = {
	{ .name = "information", .letters = "HGFEDCBA", .width = 8, .offset = offsetof(struct isup_element, tag),
	  .values = pivot_backward_values },
	{}
};

static const struct isup_octet component_octets[] = {
	{ "tag", ISUP_OCTET_MUST }, { "invoke", ISUP_OCTET_MAY }, { "linked", ISUP_OCTET_MAY },
	{ "operation", ISUP_OCTET_MAY }, {}
};

static const struct isup_field component_fields[] = {
	{ .name = "component", .letters = "HGFEDCBA", .width = 8, .offset = offsetof(struct isup_element, tag),
	  .values = component_values },
	BITS_OF(1, isup_element, invoke, "HGFEDCBA", NULL),
	BITS_OF(2, isup_element, linked, "HGFEDCBA", NULL),
	BITS_OF(3, isup_element, operation, "HGFEDCBA", NULL),
	{}
};

static const struct isup_field pivot_capability_fields[] = {
	BITS(isup_pivot_capability, possible, "CBA", pivot_possible_values),
	BITS(isup_pivot_capability, prohibited, "G", pivot_prohibited_values),
	{}
};

/* ---- Strings beside the fields ---- */

const struct isup_rest isup_number_rests[] = { REST(isup_number, digits, true), {} };
const struct isup_rest isup_headed_rests[] = { REST(isup_headed, content, false), {} };
const struct isup_rest isup_element_rests[] = {
	/* in the pool */
	{ .name = "content", .n_offset = offsetof(struct isup_element, n_content), .max = UINT8_MAX },
	{}
};
static const struct isup_rest cause_rests[] = { REST(isup_cause, diagnostics, false), {} };
static const struct isup_rest range_status_rests[] = { REST(isup_range_status, status, false), {} };
static const struct isup_rest app_rests[] = { REST(isup_application_transport, content, false), {} };
static const struct isup_rest geodetic_rests[] = { REST(isup_geodetic, content, false), {} };
static const struct isup_rest nsf_rests[] = {
	REST(isup_nsf, identification, false), REST(isup_nsf, content, false), {}
};
static const struct isup_rest gvns_rests[] = {
	REST(isup_gvns, opsp, true), REST(isup_gvns, gug, true), REST(isup_gvns, tnrn, true), {}
};

/* ---- Parameters that are a single field ---- */

static const struct isup_field call_modification_fields[] = { SINGLE("modify", "BA", call_modification_values), {} };
static const struct isup_field service_activation_fields[] = { SINGLE("code", "HGFEDCBA", feature_values), {} };

static const struct isup_field cpc_fields[] = { SINGLE("category", "HGFEDCBA", cpc_values), {} };
static const struct isup_field tmr_fields[] = { SINGLE("medium", "HGFEDCBA", tmr_values), {} };
static const struct isup_field tmr_prime_fields[] = { SINGLE("medium", "HGFEDCBA", tmr_prime_values), {} };
static const struct isup_field continuity_fields[] = { SINGLE("continuity", "A", continuity_values), {} };
static const struct isup_field cgs_fields[] = { SINGLE("type", "BA", cgs_values), {} };
static const struct isup_field facility_fields[] = { SINGLE("facility", "HGFEDCBA", facility_values), {} };
static const struct isup_field suspend_resume_fields[] = { SINGLE("initiator", "A", initiator_values), {} };
static const struct isup_field acl_fields[] = { SINGLE("level", "HGFEDCBA", congestion_values), {} };
static const struct isup_field notification_fields[] = { SINGLE("notification", "GFEDCBA", notification_values), {} };
static const struct isup_field access_delivery_fields[] = { SINGLE("delivery", "A", access_delivery_values), {} };
static const struct isup_field milliseconds_fields[] = { SINGLE("ms", "HGFEDCBAPONMLKJI", NULL), {} };
static const struct isup_field point_code_fields[] = { SINGLE("pc", "NMLKJIHGFEDCBA", NULL), {} };
static const struct isup_field counter_fields[] = { SINGLE("count", "EDCBA", NULL), {} };
static const struct isup_field number_restriction_fields[] = {
	SINGLE("restriction", "BA", number_restriction_values), {}
};
static const struct isup_field identity_fields[] = { SINGLE("identity", "HGFEDCBA", NULL), {} };
static const struct isup_field ccss_fields[] = { SINGLE("ccss", "A", ccss_values), {} };
static const struct isup_field backward_gvns_fields[] = { SINGLE("access", "BA", backward_gvns_values), {} };
static const struct isup_field tar_fields[] = { SINGLE("tar", "A", tar_values), {} };
static const struct isup_field diversion_treatment_fields[] = {
	SINGLE("diversion", "BA", diversion_treatment_values), {}
};
static const struct isup_field offering_treatment_fields[] = {
	SINGLE("offering", "BA", offering_treatment_values), {}
};
static const struct isup_field conference_fields[] = { SINGLE("conference", "BA", conference_values), {} };
static const struct isup_field collect_call_fields[] = { SINGLE("collect", "A", collect_call_values), {} };
static const struct isup_field qor_capability_fields[] = { SINGLE("qor", "A", qor_capability_values), {} };
static const struct isup_field pivot_routing_fields[] = { SINGLE("pivot", "GFEDCBA", pivot_routing_values), {} };
static const struct isup_field pivot_status_fields[] = { SINGLE("status", "BA", pivot_status_values), {} };
static const struct isup_field redirect_capability_fields[] = {
	SINGLE("redirect", "CBA", redirect_capability_values), {}
};
static const struct isup_field redirect_status_fields[] = { SINGLE("status", "BA", redirect_status_values), {} };
static const struct isup_field number_portability_fields[] = {
	SINGLE("portability", "DCBA", number_portability_values), {}
};
static const struct isup_field ccnr_fields[] = { SINGLE("ccnr", "A", ccnr_values), {} };

/* ---- Parameters, Table 5 ---- */

const struct isup_par_def isup_q763_pars[256] = {
	[ISUP_PAR_CALL_REFERENCE] = {
		.in = ISUP_NATIONAL,
		.name = "call_reference", .title = "Call reference (national use)", .clause = "3.8",
		.min_len = 5, .max_len = 5, BITS_ROW(struct isup_call_reference, call_reference_fields, 5),
	},
	[ISUP_PAR_TMR] = {
		.in = ISUP_IN_Q767,
		.name = "tmr", .title = "Transmission medium requirement", .clause = "3.54",
		.usual = "speech", OCTET_ROW(tmr_fields),
	},
	[ISUP_PAR_ACCESS_TRANSPORT] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "access_transport", .title = "Access transport", .clause = "3.3", .min_len = 1,
		.usual = "element=progress content=0x8583",
		ELEMENTS_ROW(ISUP_FORM_ELEMENTS, element_octets, element_fields),
	},
	[ISUP_PAR_CALLED_NUMBER] = {
		.in = ISUP_IN_Q767,
		.name = "called", .title = "Called party number", .clause = "3.9",
		.usual = "noa=national npi=isdn", .min_len = 2, NUMBER_ROW(called_number_fields, 2, 'H'),
	},
	[ISUP_PAR_SUBSEQUENT_NUMBER] = {
		.in = ISUP_IN_Q767,
		.name = "subsequent", .title = "Subsequent number", .clause = "3.51",
		.min_len = 1, NUMBER_ROW(subsequent_number_fields, 1, 'H'),
	},
	[ISUP_PAR_NCI] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "nci", .title = "Nature of connection indicators", .clause = "3.35",
		.min_len = 1, .max_len = 1, BITS_ROW(struct isup_nci, nci_fields, 1),
	},
	[ISUP_PAR_FCI] = {
		.in = ISUP_IN_Q767,
		.name = "fci", .title = "Forward call indicators", .clause = "3.23",
		.usual = "isup_all_the_way=yes isdn_access=yes",
		.min_len = 2, .max_len = 2, BITS_ROW(struct isup_fci, fci_fields, 2),
	},
	[ISUP_PAR_OPT_FCI] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "opt_fci", .title = "Optional forward call indicators", .clause = "3.38",
		.min_len = 1, .max_len = 1, BITS_ROW(struct isup_opt_fci, opt_fci_fields, 1),
	},
	[ISUP_PAR_CPC] = {
		.in = ISUP_IN_Q767,
		.name = "cpc", .title = "Calling party's category", .clause = "3.11",
		.usual = "ordinary", OCTET_ROW(cpc_fields),
	},
	[ISUP_PAR_CALLING_NUMBER] = {
		.in = ISUP_IN_Q767,
		.name = "calling", .title = "Calling party number", .clause = "3.10",
		.usual = "noa=national npi=isdn screening=network",
		.min_len = 2, .max_len = 10, NUMBER_ROW(calling_number_fields, 2, 'H'),
	},
	[ISUP_PAR_REDIRECTING_NUMBER] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "redirecting", .title = "Redirecting number", .clause = "3.44",
		.usual = "noa=national npi=isdn",
		.min_len = 2, .max_len = 10, NUMBER_ROW(redirecting_number_fields, 2, 'H'),
	},
	[ISUP_PAR_REDIRECTION_NUMBER] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "redirection", .title = "Redirection number", .clause = "3.46",
		.usual = "noa=national npi=isdn",
		.min_len = 2, .max_len = 10, NUMBER_ROW(called_number_fields, 2, 'H'),
	},
	[ISUP_PAR_CONNECTION_REQUEST] = {
		.in = ISUP_IN_ANSI,
		.name = "connection_request", .title = "Connection request", .clause = "3.17",
		.min_len = 5, .max_len = 7,
		CHAIN_ROW(struct isup_connection_request, connection_request_octets, connection_request_fields),
	},
	[ISUP_PAR_INFORMATION_REQUEST_IND] = {
		.in = ISUP_IN_ANSI | ISUP_NATIONAL,
		.name = "info_request", .title = "Information request indicators (national use)", .clause = "3.29",
		.min_len = 2, .max_len = 2, BITS_ROW(struct isup_info_request, info_request_fields, 2),
	},
	[ISUP_PAR_INFORMATION_IND] = {
		.in = ISUP_IN_ANSI | ISUP_NATIONAL,
		.name = "info_ind", .title = "Information indicators (national use)", .clause = "3.28",
		.min_len = 2, .max_len = 2, BITS_ROW(struct isup_info_ind, info_ind_fields, 2),
	},
	[ISUP_PAR_CONTINUITY_IND] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "continuity", .title = "Continuity indicators", .clause = "3.18",
		.usual = "successful", OCTET_ROW(continuity_fields),
	},
	[ISUP_PAR_BCI] = {
		.in = ISUP_IN_Q767,
		.name = "bci", .title = "Backward call indicators", .clause = "3.5",
		.usual = "charge=charge isup_all_the_way=yes isdn_access=yes",
		.min_len = 2, .max_len = 2, BITS_ROW(struct isup_bci, bci_fields, 2),
	},
	[ISUP_PAR_CAUSE] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "cause", .title = "Cause indicators", .clause = "3.12",
		.usual = "location=ln value=16", .min_len = 2, .head = 2,
		.form = ISUP_FORM_CAUSE, .fields = cause_fields, .size = sizeof(struct isup_cause),
		.rests = cause_rests,
	},
	[ISUP_PAR_REDIRECTION_INFO] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "redirection_info", .title = "Redirection information", .clause = "3.45",
		.usual = "indicator=diverted counter=1",
		.min_len = 1, .max_len = 2, BITS_ROW(struct isup_redirection_info, redirection_info_fields, 2),
	},
	[ISUP_PAR_CGS_MESSAGE_TYPE] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "cgs_type", .title = "Circuit group supervision message type", .clause = "3.13",
		OCTET_ROW(cgs_fields),
	},
	[ISUP_PAR_RANGE_AND_STATUS] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "range", .title = "Range and status", .clause = "3.43",
		.usual = "range=1", .min_len = 1, .max_len = 33, .head = 1,
		.form = ISUP_FORM_RANGE_STATUS, .fields = range_status_fields,
		.size = sizeof(struct isup_range_status),
		.rests = range_status_rests,
	},
	[ISUP_PAR_CALL_MODIFICATION] = {
		.name = "call_modification", .title = "Call modification indicators (1988, withdrawn)",
		.clause = "3.5 (1988)", .usual = "service1", OCTET_ROW(call_modification_fields),
	},
	[ISUP_PAR_FACILITY_IND] = {
		.in = ISUP_IN_ANSI,
		.name = "facility", .title = "Facility indicator", .clause = "3.22",
		.usual = "user-to-user", OCTET_ROW(facility_fields),
	},
	[ISUP_PAR_CUG_INTERLOCK] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "cug_interlock", .title = "Closed user group interlock code", .clause = "3.15",
		.min_len = 4, .max_len = 4, BITS_ROW(struct isup_cug_interlock, cug_interlock_fields, 4),
	},
	[ISUP_PAR_USI] = {
		.in = ISUP_IN_Q767,
		.name = "usi", .title = "User service information", .clause = "3.57", .min_len = 2, .max_len = 11,
		.usual = "rate=64k layer1=g711-a", CHAIN_ROW(struct isup_usi, isup_usi_octets, isup_usi_fields),
	},
	[ISUP_PAR_SIGNALLING_POINT] = {
		.in = ISUP_NATIONAL,
		.name = "signalling_point", .title = "Signalling point code (national use)", .clause = "3.50",
		.min_len = 2, .max_len = 2, BITS_ROW(uint16_t, point_code_fields, 2),
	},
	[ISUP_PAR_UUI] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "uui", .title = "User-to-user information", .clause = "3.61", .min_len = 1, .max_len = 129,
		.usual = "protocol=ia5", HEADED_ROW(uui_fields, 1),
	},
	[ISUP_PAR_CONNECTED_NUMBER] = {
		.in = ISUP_IN_Q767,
		.name = "connected", .title = "Connected number", .clause = "3.16",
		.usual = "noa=national npi=isdn screening=network",
		.min_len = 2, .max_len = 10, NUMBER_ROW(connected_number_fields, 2, 'H'),
	},
	[ISUP_PAR_SUSPEND_RESUME_IND] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "suspend_resume", .title = "Suspend/resume indicators", .clause = "3.52",
		.usual = "network", OCTET_ROW(suspend_resume_fields),
	},
	[ISUP_PAR_TNS] = {
		.in = ISUP_NATIONAL,
		.name = "tns", .title = "Transit network selection (national use)", .clause = "3.53",
		.usual = "type=national", .min_len = 1, NUMBER_ROW(tns_fields, 1, 'H'),
	},
	[ISUP_PAR_EVENT_INFO] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "event", .title = "Event information", .clause = "3.21",
		.usual = "event=progress",
		.min_len = 1, .max_len = 1, BITS_ROW(struct isup_event_info, event_info_fields, 1),
	},
	[ISUP_PAR_CIRCUIT_ASSIGNMENT_MAP] = {
		.since = ISUP_1997, .in = ISUP_IN_ANSI,
		.name = "circuit_assignment_map", .title = "Circuit assignment map", .clause = "3.69",
		.usual = "type=2048k",
		.min_len = 1, .max_len = 5, HEADED_ROW(circuit_assignment_map_fields, 1),
	},
	[ISUP_PAR_CIRCUIT_STATE_IND] = {
		.in = ISUP_IN_ANSI | ISUP_NATIONAL,
		.name = "circuit_state", .title = "Circuit state indicator (national use)", .clause = "3.14",
		.usual = "call=idle call=idle", .min_len = 1, .max_len = 32,
		LIST_ROW(struct isup_circuit_states, struct isup_circuit_state, circuit_state_fields, 1),
	},
	[ISUP_PAR_ACL] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "acl", .title = "Automatic congestion level", .clause = "3.4",
		.usual = "1", OCTET_ROW(acl_fields),
	},
	[ISUP_PAR_ORIGINAL_CALLED_NUMBER] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "original_called", .title = "Original called number", .clause = "3.39",
		.usual = "noa=national npi=isdn",
		.min_len = 2, .max_len = 10, NUMBER_ROW(redirecting_number_fields, 2, 'H'),
	},
	[ISUP_PAR_OBCI] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "obci", .title = "Optional backward call indicators", .clause = "3.37",
		.min_len = 1, .max_len = 1, BITS_ROW(struct isup_obci, obci_fields, 1),
	},
	[ISUP_PAR_UUS_IND] = {
		.in = ISUP_IN_Q767 | ISUP_IN_ANSI,
		.name = "uus_ind", .title = "User-to-user indicators", .clause = "3.60",
		.min_len = 1, .max_len = 1, BITS_ROW(struct isup_uus_ind, uus_ind_fields, 1),
	},
	[ISUP_PAR_ORIGINATION_ISPC] = {
		.since = ISUP_1992,
		.name = "origination_ispc", .title = "Origination ISC point code", .clause = "3.40",
		.min_len = 2, .max_len = 2, BITS_ROW(uint16_t, point_code_fields, 2),
	},
	[ISUP_PAR_GENERIC_NOTIFICATION] = {
		.since = ISUP_1992,
		.name = "notification", .title = "Generic notification indicator", .clause = "3.25",
		.usual = "user-suspended", .min_len = 1, .ones = 'H', .chained = true,
		LIST_ROW(struct isup_notifications, struct isup_notification, notification_fields, 1),
	},
	[ISUP_PAR_CALL_HISTORY] = {
		.since = ISUP_1992,
		.name = "call_history", .title = "Call history information", .clause = "3.7",
		.min_len = 2, .max_len = 2, BITS_ROW(uint16_t, milliseconds_fields, 2),
	},
	[ISUP_PAR_ACCESS_DELIVERY] = {
		.since = ISUP_1992,
		.name = "access_delivery", .title = "Access delivery information", .clause = "3.2",
		OCTET_ROW(access_delivery_fields),
	},
	[ISUP_PAR_NSF] = {
		.since = ISUP_1992, .in = ISUP_IN_ANSI | ISUP_NATIONAL,
		.name = "nsf", .title = "Network specific facility (national use)", .clause = "3.36",
		.usual = "content=0x00", .min_len = 2,
		.form = ISUP_FORM_NSF, .octets = nsf_octets, .fields = nsf_fields, .rests = nsf_rests,
		.head = 1, .size = sizeof(struct isup_nsf),
	},
	[ISUP_PAR_USI_PRIME] = {
		.since = ISUP_1992, .in = ISUP_IN_ANSI,
		.name = "usi_prime", .title = "User service information prime", .clause = "3.58",
		.min_len = 2, .max_len = 11,
		.usual = "rate=64k layer1=g711-a", CHAIN_ROW(struct isup_usi, isup_usi_octets, isup_usi_fields),
	},
	[ISUP_PAR_PROPAGATION_DELAY] = {
		.since = ISUP_1992,
		.name = "propagation_delay", .title = "Propagation delay counter", .clause = "3.42",
		.min_len = 2, .max_len = 2, BITS_ROW(uint16_t, milliseconds_fields, 2),
	},
	[ISUP_PAR_REMOTE_OPERATIONS] = {
		.since = ISUP_1992, .in = ISUP_IN_ANSI | ISUP_NATIONAL,
		.name = "remote_operations", .title = "Remote operations (national use)", .clause = "3.48",
		.min_len = 6,
		.usual = "component=invoke invoke=1 operation=0",
		ELEMENTS_ROW(ISUP_FORM_COMPONENTS, component_octets, component_fields),
	},
	[ISUP_PAR_SERVICE_ACTIVATION] = {
		.since = ISUP_1992, .in = ISUP_IN_ANSI,
		.name = "service_activation", .title = "Service activation", .clause = "3.49",
		.usual = "code=call-transfer", .min_len = 1,
		LIST_ROW(struct isup_service_activation, struct isup_feature, service_activation_fields, 1),
	},
	[ISUP_PAR_USER_TELESERVICE] = {
		.since = ISUP_1992,
		.name = "user_teleservice", .title = "User teleservice information", .clause = "3.59",
		.min_len = 2, .max_len = 3,
		.usual = "interpretation=first presentation=profile characteristics=telephony",
		CHAIN_ROW(struct isup_teleservice, teleservice_octets, teleservice_fields),
	},
	[ISUP_PAR_TMU] = {
		.since = ISUP_1992, .in = ISUP_IN_ANSI,
		.name = "tmu", .title = "Transmission medium used", .clause = "3.56",
		.usual = "speech", OCTET_ROW(tmr_fields),
	},
	[ISUP_PAR_CALL_DIVERSION] = {
		.since = ISUP_1992,
		.name = "call_diversion", .title = "Call diversion information", .clause = "3.6",
		.min_len = 1, .max_len = 1, BITS_ROW(struct isup_call_diversion, call_diversion_fields, 1),
	},
	[ISUP_PAR_ECHO_CONTROL] = {
		.since = ISUP_1992,
		.name = "echo_control", .title = "Echo control information", .clause = "3.19",
		.min_len = 1, .max_len = 1, BITS_ROW(struct isup_echo_control, echo_control_fields, 1),
	},
	[ISUP_PAR_MESSAGE_COMPAT] = {
		.since = ISUP_1992, .in = ISUP_IN_ANSI,
		.name = "message_compat", .title = "Message compatibility information", .clause = "3.33",
		.usual = "notify=yes discard_msg=yes not_possible=discard",
		.min_len = 1,
		CHAIN_ROW(struct isup_msg_compat, msg_compat_octets, msg_compat_fields),
	},
	[ISUP_PAR_PARAMETER_COMPAT] = {
		.since = ISUP_1992, .in = ISUP_IN_ANSI,
		.name = "parameter_compat", .title = "Parameter compatibility information", .clause = "3.41",
		.usual = "code=0", .min_len = 2, .octets = par_compat_octets,
		LIST_ROW(struct isup_par_compats, struct isup_par_compat, par_compat_fields, 4),
	},
	[ISUP_PAR_MLPP] = {
		.since = ISUP_1992, .in = ISUP_IN_ANSI,
		.name = "mlpp", .title = "MLPP precedence", .clause = "3.34",
		.usual = "level=routine", .min_len = 6, .max_len = 6, BITS_ROW(struct isup_mlpp, mlpp_fields, 6),
	},
	[ISUP_PAR_MCID_REQUEST] = {
		.since = ISUP_1992,
		.name = "mcid_request", .title = "MCID request indicators", .clause = "3.31",
		.usual = "mcid=yes",
		.min_len = 1, .max_len = 1, BITS_ROW(struct isup_mcid, mcid_request_fields, 1),
	},
	[ISUP_PAR_MCID_RESPONSE] = {
		.since = ISUP_1992,
		.name = "mcid_response", .title = "MCID response indicators", .clause = "3.32",
		.usual = "mcid=yes",
		.min_len = 1, .max_len = 1, BITS_ROW(struct isup_mcid, mcid_response_fields, 1),
	},
	[ISUP_PAR_HOP_COUNTER] = {
		.since = ISUP_1997, .in = ISUP_IN_ANSI,
		.name = "hop_counter", .title = "Hop counter", .clause = "3.80", OCTET_ROW(counter_fields),
	},
	[ISUP_PAR_TMR_PRIME] = {
		.since = ISUP_1992,
		.name = "tmr_prime", .title = "Transmission medium requirement prime", .clause = "3.55",
		.usual = "speech", OCTET_ROW(tmr_prime_fields),
	},
	[ISUP_PAR_LOCATION_NUMBER] = {
		.since = ISUP_1992,
		.name = "location_number", .title = "Location number", .clause = "3.30",
		.usual = "noa=national npi=isdn screening=network",
		.min_len = 2, .max_len = 10, NUMBER_ROW(location_number_fields, 2, 'H'),
	},
	[ISUP_PAR_REDIRECTION_NUMBER_RESTRICTION] = {
		.since = ISUP_1992,
		.name = "redirection_restriction", .title = "Redirection number restriction", .clause = "3.47",
		OCTET_ROW(number_restriction_fields),
	},
	[ISUP_PAR_CALL_TRANSFER_REFERENCE] = {
		.since = ISUP_1997,
		.name = "call_transfer_reference", .title = "Call transfer reference", .clause = "3.65",
		OCTET_ROW(identity_fields),
	},
	[ISUP_PAR_LOOP_PREVENTION] = {
		.since = ISUP_1997,
		.name = "loop_prevention", .title = "Loop prevention indicators", .clause = "3.67",
		.min_len = 1, .max_len = 1, BITS_ROW(struct isup_loop_prevention, loop_prevention_fields, 1),
	},
	[ISUP_PAR_CALL_TRANSFER_NUMBER] = {
		.since = ISUP_1997,
		.name = "call_transfer", .title = "Call transfer number", .clause = "3.64",
		.usual = "noa=national npi=isdn screening=network",
		.min_len = 2, .max_len = 10, NUMBER_ROW(connected_number_fields, 2, 'H'),
	},
	[ISUP_PAR_CCSS] = {
		.since = ISUP_1997,
		.name = "ccss", .title = "CCSS", .clause = "3.63", .usual = "yes", OCTET_ROW(ccss_fields),
	},
	[ISUP_PAR_FORWARD_GVNS] = {
		.since = ISUP_1997,
		.name = "forward_gvns", .title = "Forward GVNS", .clause = "3.66", .min_len = 3, .max_len = 24,
		.usual = "npi=isdn", .form = ISUP_FORM_GVNS, .fields = gvns_fields, .rests = gvns_rests,
		.head = 2, .size = sizeof(struct isup_gvns),
	},
	[ISUP_PAR_BACKWARD_GVNS] = {
		.since = ISUP_1997,
		.name = "backward_gvns", .title = "Backward GVNS", .clause = "3.62",
		.min_len = 1, .ones = 'H', BITS_ROW(uint8_t, backward_gvns_fields, 1),
	},
	[ISUP_PAR_REDIRECT_CAPABILITY] = {
		.since = ISUP_1999, .in = ISUP_IN_ANSI | ISUP_NATIONAL,
		.name = "redirect_capability", .title = "Redirect capability (reserved for national use)",
		.clause = "3.96",
		.min_len = 1, .ones = 'H', BITS_ROW(uint8_t, redirect_capability_fields, 1),
	},
	[ISUP_PAR_NETWORK_MANAGEMENT] = {
		.since = ISUP_1997, .in = ISUP_IN_ANSI,
		.name = "network_management", .title = "Network management controls", .clause = "3.68",
		.min_len = 1, .ones = 'H', BITS_ROW(uint8_t, tar_fields, 1),
	},
	[ISUP_PAR_CORRELATION_ID] = {
		.since = ISUP_1997,
		.name = "correlation_id", .title = "Correlation id", .clause = "3.70", .min_len = 1,
		.usual = "content=0x00", HEADED_ROW(content_fields, 0),
	},
	[ISUP_PAR_SCF_ID] = {
		.since = ISUP_1997,
		.name = "scf_id", .title = "SCF id", .clause = "3.71", .min_len = 1,
		.usual = "content=0x00", HEADED_ROW(content_fields, 0),
	},
	[ISUP_PAR_CALL_DIVERSION_TREATMENT] = {
		.since = ISUP_1997,
		.name = "call_diversion_treatment", .title = "Call diversion treatment indicators", .clause = "3.72",
		.min_len = 1, .ones = 'H', BITS_ROW(uint8_t, diversion_treatment_fields, 1),
	},
	[ISUP_PAR_CALLED_IN_NUMBER] = {
		.since = ISUP_1997,
		.name = "called_in", .title = "Called IN number", .clause = "3.73",
		.usual = "noa=national npi=isdn",
		.min_len = 2, .max_len = 10, NUMBER_ROW(redirecting_number_fields, 2, 'H'),
	},
	[ISUP_PAR_CALL_OFFERING_TREATMENT] = {
		.since = ISUP_1997,
		.name = "call_offering_treatment", .title = "Call offering treatment indicators", .clause = "3.74",
		.min_len = 1, .ones = 'H', BITS_ROW(uint8_t, offering_treatment_fields, 1),
	},
	[ISUP_PAR_CHARGED_PARTY] = {
		.since = ISUP_1997, .in = ISUP_NATIONAL,
		.name = "charged_party", .title = "Charged party identification (national use)", .clause = "3.75",
		.min_len = 1,
		.usual = "content=0x00", HEADED_ROW(content_fields, 0),
	},
	[ISUP_PAR_CONFERENCE_TREATMENT] = {
		.since = ISUP_1997,
		.name = "conference_treatment", .title = "Conference treatment indicators", .clause = "3.76",
		.min_len = 1, .ones = 'H', BITS_ROW(uint8_t, conference_fields, 1),
	},
	[ISUP_PAR_DISPLAY_INFO] = {
		.since = ISUP_1997,
		.name = "display", .title = "Display information", .clause = "3.77", .min_len = 1,
		.usual = "content=0x00", HEADED_ROW(content_fields, 0),
	},
	[ISUP_PAR_UID_ACTION] = {
		.since = ISUP_1997,
		.name = "uid_action", .title = "UID action indicators", .clause = "3.78",
		.min_len = 1, .ones = 'H', BITS_ROW(struct isup_uid, uid_fields, 1),
	},
	[ISUP_PAR_UID_CAPABILITY] = {
		.since = ISUP_1997,
		.name = "uid_capability", .title = "UID capability indicators", .clause = "3.79",
		.min_len = 1, .ones = 'H', BITS_ROW(struct isup_uid, uid_fields, 1),
	},
	[ISUP_PAR_REDIRECT_COUNTER] = {
		.since = ISUP_1999, .in = ISUP_IN_ANSI | ISUP_NATIONAL,
		.name = "redirect_counter", .title = "Redirect counter (reserved for national use)",
		.clause = "3.97", OCTET_ROW(counter_fields),
	},
	[ISUP_PAR_APPLICATION_TRANSPORT] = {
		.since = ISUP_1999, .in = ISUP_IN_ANSI,
		.name = "application_transport", .title = "Application transport", .clause = "3.82", .min_len = 3,
		.usual = "context=bat new_sequence=new",
		CHAIN_ROW(struct isup_application_transport, app_octets, app_fields), .rests = app_rests,
	},
	[ISUP_PAR_COLLECT_CALL_REQUEST] = {
		.since = ISUP_1997,
		.name = "collect_call", .title = "Collect call request", .clause = "3.81",
		.usual = "yes", OCTET_ROW(collect_call_fields),
	},
	[ISUP_PAR_CCNR_POSSIBLE] = {
		.since = ISUP_1999,
		.name = "ccnr", .title = "CCNR possible indicator", .clause = "3.83", OCTET_ROW(ccnr_fields),
	},
	[ISUP_PAR_PIVOT_CAPABILITY] = {
		.since = ISUP_1999, .in = ISUP_IN_ANSI,
		.name = "pivot_capability", .title = "Pivot capability", .clause = "3.84", .min_len = 1,
		.ones = 'H', BITS_ROW(struct isup_pivot_capability, pivot_capability_fields, 1),
	},
	[ISUP_PAR_PIVOT_ROUTING] = {
		.since = ISUP_1999, .in = ISUP_IN_ANSI,
		.name = "pivot_routing", .title = "Pivot routing indicators", .clause = "3.85",
		.min_len = 1, .ones = 'H', BITS_ROW(uint8_t, pivot_routing_fields, 1),
	},
	[ISUP_PAR_CALLED_DIRECTORY_NUMBER] = {
		.since = ISUP_1999,
		.name = "called_directory", .title = "Called directory number", .clause = "3.86",
		.usual = "noa=national npi=isdn",
		.min_len = 2, .max_len = 10, NUMBER_ROW(called_number_fields, 2, 'H'),
	},
	[ISUP_PAR_ORIGINAL_CALLED_IN_NUMBER] = {
		.since = ISUP_1999,
		.name = "original_called_in", .title = "Original called IN number", .clause = "3.87",
		.usual = "noa=national npi=isdn",
		.min_len = 2, .max_len = 10, NUMBER_ROW(redirecting_number_fields, 2, 'H'),
	},
	[ISUP_PAR_CALLING_GEODETIC] = {
		.since = ISUP_1999, .in = ISUP_IN_ANSI,
		.name = "calling_geodetic", .title = "Calling geodetic location", .clause = "3.88", .min_len = 1,
		CHAIN_ROW(struct isup_geodetic, geodetic_octets, geodetic_fields), .rests = geodetic_rests,
	},
	[ISUP_PAR_HTR_INFO] = {
		.since = ISUP_1999,
		.name = "htr", .title = "HTR information", .clause = "3.89",
		.usual = "noa=national npi=isdn", .min_len = 2, NUMBER_ROW(htr_fields, 2, 'H'),
	},
	[ISUP_PAR_NETWORK_ROUTING_NUMBER] = {
		.since = ISUP_1999, .in = ISUP_NATIONAL,
		.name = "network_routing", .title = "Network routing number (national use)", .clause = "3.90",
		.usual = "npi=isdn noa=national", .min_len = 1, NUMBER_ROW(network_routing_number_fields, 1, 'H'),
	},
	[ISUP_PAR_QOR_CAPABILITY] = {
		.since = ISUP_1999,
		.name = "qor_capability", .title = "Query on release capability (network option)", .clause = "3.91",
		.min_len = 1, .ones = 'H', BITS_ROW(uint8_t, qor_capability_fields, 1),
	},
	[ISUP_PAR_PIVOT_STATUS] = {
		.since = ISUP_1999, .in = ISUP_IN_ANSI | ISUP_NATIONAL,
		.name = "pivot_status", .title = "Pivot status (national use)", .clause = "3.92",
		.min_len = 1, .ones = 'H', BITS_ROW(uint8_t, pivot_status_fields, 1),
	},
	[ISUP_PAR_PIVOT_COUNTER] = {
		.since = ISUP_1999, .in = ISUP_IN_ANSI,
		.name = "pivot_counter", .title = "Pivot counter", .clause = "3.93", OCTET_ROW(counter_fields),
	},
	[ISUP_PAR_PIVOT_ROUTING_FORWARD] = {
		.since = ISUP_1999, .in = ISUP_IN_ANSI,
		.name = "pivot_forward", .title = "Pivot routing forward information", .clause = "3.94", .min_len = 1,
		.usual = "information=call-identifier content=0x00",
		ELEMENTS_ROW(ISUP_FORM_TAGGED, element_octets, pivot_forward_fields),
	},
	[ISUP_PAR_PIVOT_ROUTING_BACKWARD] = {
		.since = ISUP_1999, .in = ISUP_IN_ANSI,
		.name = "pivot_backward", .title = "Pivot routing backward information", .clause = "3.95",
		.min_len = 1,
		.usual = "information=call-identifier content=0x00",
		ELEMENTS_ROW(ISUP_FORM_TAGGED, element_octets, pivot_backward_fields),
	},
	[ISUP_PAR_REDIRECT_STATUS] = {
		.since = ISUP_1999, .in = ISUP_IN_ANSI | ISUP_NATIONAL,
		.name = "redirect_status", .title = "Redirect status (national use)", .clause = "3.98",
		.min_len = 1, .ones = 'H', BITS_ROW(uint8_t, redirect_status_fields, 1),
	},
	[ISUP_PAR_REDIRECT_FORWARD] = {
		.since = ISUP_1999, .in = ISUP_IN_ANSI | ISUP_NATIONAL,
		.name = "redirect_forward", .title = "Redirect forward information (national use)",
		.clause = "3.99", .min_len = 1,
		.usual = "information=call-identifier content=0x00",
		ELEMENTS_ROW(ISUP_FORM_TAGGED, element_octets, pivot_forward_fields),
	},
	[ISUP_PAR_REDIRECT_BACKWARD] = {
		.since = ISUP_1999, .in = ISUP_IN_ANSI | ISUP_NATIONAL,
		.name = "redirect_backward", .title = "Redirect backward information (national use)",
		.clause = "3.100", .min_len = 1,
		.usual = "information=call-identifier content=0x00",
		ELEMENTS_ROW(ISUP_FORM_TAGGED, element_octets, pivot_backward_fields),
	},
	[ISUP_PAR_NUMBER_PORTABILITY] = {
		.since = ISUP_1999,
		.name = "number_portability", .title = "Number portability forward information (network option)",
		.clause = "3.101", .min_len = 1, .ones = 'H', BITS_ROW(uint8_t, number_portability_fields, 1),
	},
	[ISUP_PAR_GENERIC_NUMBER] = {
		.since = ISUP_1992,
		.name = "generic_number", .title = "Generic number", .clause = "3.26",
		.usual = "qualifier=additional-calling noa=national npi=isdn",
		.min_len = 3, .max_len = 11, NUMBER_ROW(generic_number_fields, 3, 'P'),
	},
	[ISUP_PAR_GENERIC_DIGITS] = {
		.since = ISUP_1992, .in = ISUP_IN_ANSI | ISUP_NATIONAL,
		.name = "generic_digits", .title = "Generic digits (national use)", .clause = "3.24",
		.min_len = 1, HEADED_ROW(generic_digits_fields, 1),
	},
};

/* ---- Messages, Table 4 ---- */

const struct isup_msg_def isup_q763_msgs[256] = {
	[ISUP_MSG_IAM] = {
		.name = "IAM", .title = "Initial address", .clause = "Table 32",
		.fixed = { ISUP_PAR_NCI, ISUP_PAR_FCI, ISUP_PAR_CPC, ISUP_PAR_TMR },
		.variable = { ISUP_PAR_CALLED_NUMBER },
		.optional = true,
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_SAM] = {
		.name = "SAM", .title = "Subsequent address", .clause = "Table 35",
		.variable = { ISUP_PAR_SUBSEQUENT_NUMBER },
		.optional = true,
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_INR] = {
		.name = "INR", .title = "Information request (national use)", .clause = "Table 31",
		.fixed = { ISUP_PAR_INFORMATION_REQUEST_IND },
		.optional = true,
		.in = ISUP_NATIONAL,
	},
	[ISUP_MSG_INF] = {
		.name = "INF", .title = "Information (national use)", .clause = "Table 30",
		.fixed = { ISUP_PAR_INFORMATION_IND },
		.optional = true,
		.in = ISUP_NATIONAL,
	},
	[ISUP_MSG_COT] = {
		.name = "COT", .title = "Continuity", .clause = "Table 28",
		.fixed = { ISUP_PAR_CONTINUITY_IND },
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_ACM] = {
		.name = "ACM", .title = "Address complete", .clause = "Table 21",
		.fixed = { ISUP_PAR_BCI },
		.optional = true,
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_CON] = {
		.name = "CON", .title = "Connect", .clause = "Table 27",
		.fixed = { ISUP_PAR_BCI },
		.optional = true,
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_FOT] = {
		.name = "FOT", .title = "Forward transfer", .clause = "Table 37",
		.optional = true,
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_ANM] = {
		.name = "ANM", .title = "Answer", .clause = "Table 22",
		.optional = true,
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_REL] = {
		.name = "REL", .title = "Release", .clause = "Table 33",
		.variable = { ISUP_PAR_CAUSE },
		.optional = true,
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_SUS] = {
		.name = "SUS", .title = "Suspend", .clause = "Table 38",
		.fixed = { ISUP_PAR_SUSPEND_RESUME_IND },
		.optional = true,
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_RES] = {
		.name = "RES", .title = "Resume", .clause = "Table 38",
		.fixed = { ISUP_PAR_SUSPEND_RESUME_IND },
		.optional = true,
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_RLC] = {
		.name = "RLC", .title = "Release complete", .clause = "Table 34",
		.optional = true,
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_CCR] = {
		.name = "CCR", .title = "Continuity check request", .clause = "Table 39", .in = ISUP_IN_Q767,
	},
	[ISUP_MSG_RSC] = { .name = "RSC", .title = "Reset circuit", .clause = "Table 39", .in = ISUP_IN_Q767 },
	[ISUP_MSG_BLO] = { .name = "BLO", .title = "Blocking", .clause = "Table 39", .in = ISUP_IN_Q767 },
	[ISUP_MSG_UBL] = { .name = "UBL", .title = "Unblocking", .clause = "Table 39", .in = ISUP_IN_Q767 },
	[ISUP_MSG_BLA] = {
		.name = "BLA", .title = "Blocking acknowledgement", .clause = "Table 39", .in = ISUP_IN_Q767,
	},
	[ISUP_MSG_UBA] = {
		.name = "UBA", .title = "Unblocking acknowledgement", .clause = "Table 39", .in = ISUP_IN_Q767,
	},
	[ISUP_MSG_GRS] = {
		.name = "GRS", .title = "Circuit group reset", .clause = "Table 41",
		.variable = { ISUP_PAR_RANGE_AND_STATUS },
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_CGB] = {
		.name = "CGB", .title = "Circuit group blocking", .clause = "Table 40",
		.fixed = { ISUP_PAR_CGS_MESSAGE_TYPE },
		.variable = { ISUP_PAR_RANGE_AND_STATUS },
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_CGU] = {
		.name = "CGU", .title = "Circuit group unblocking", .clause = "Table 40",
		.fixed = { ISUP_PAR_CGS_MESSAGE_TYPE },
		.variable = { ISUP_PAR_RANGE_AND_STATUS },
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_CGBA] = {
		.name = "CGBA", .title = "Circuit group blocking acknowledgement", .clause = "Table 40",
		.fixed = { ISUP_PAR_CGS_MESSAGE_TYPE },
		.variable = { ISUP_PAR_RANGE_AND_STATUS },
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_CGUA] = {
		.name = "CGUA", .title = "Circuit group unblocking acknowledgement", .clause = "Table 40",
		.fixed = { ISUP_PAR_CGS_MESSAGE_TYPE },
		.variable = { ISUP_PAR_RANGE_AND_STATUS },
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_CMR] = {
		.name = "CMR", .title = "Call modification request (1988, withdrawn)", .clause = "1988",
		.fixed = { ISUP_PAR_CALL_MODIFICATION },
		.optional = true,
	},
	[ISUP_MSG_CMC] = {
		.name = "CMC", .title = "Call modification completed (1988, withdrawn)", .clause = "1988",
		.fixed = { ISUP_PAR_CALL_MODIFICATION },
		.optional = true,
	},
	[ISUP_MSG_CMRJ] = {
		.name = "CMRJ", .title = "Call modification reject (1988, withdrawn)", .clause = "1988",
		.fixed = { ISUP_PAR_CALL_MODIFICATION },
		.optional = true,
	},
	[ISUP_MSG_FAR] = {
		.name = "FAR", .title = "Facility request", .clause = "Table 42",
		.fixed = { ISUP_PAR_FACILITY_IND },
		.optional = true,
	},
	[ISUP_MSG_FAA] = {
		.name = "FAA", .title = "Facility accepted", .clause = "Table 42",
		.fixed = { ISUP_PAR_FACILITY_IND },
		.optional = true,
	},
	[ISUP_MSG_FRJ] = {
		.name = "FRJ", .title = "Facility reject", .clause = "Table 29",
		.fixed = { ISUP_PAR_FACILITY_IND },
		.variable = { ISUP_PAR_CAUSE },
		.optional = true,
	},
	[ISUP_MSG_LPA] = {
		.name = "LPA", .title = "Loop back acknowledgement (national use)", .clause = "Table 39",
		.in = ISUP_NATIONAL,
	},
	[ISUP_MSG_DRS] = {
		.name = "DRS", .title = "Delayed release (1988, withdrawn)", .clause = "1988", .optional = true,
	},
	[ISUP_MSG_PAM] = {
		.name = "PAM", .title = "Pass-along (national use)", .clause = "Table 43",
		.opaque = true, .holds_message = true,
		.in = ISUP_NATIONAL,
	},
	[ISUP_MSG_GRA] = {
		.name = "GRA", .title = "Circuit group reset acknowledgement", .clause = "Table 25",
		.variable = { ISUP_PAR_RANGE_AND_STATUS },
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_CQM] = {
		.name = "CQM", .title = "Circuit group query (national use)", .clause = "Table 41",
		.variable = { ISUP_PAR_RANGE_AND_STATUS },
		.in = ISUP_NATIONAL,
	},
	[ISUP_MSG_CQR] = {
		.name = "CQR", .title = "Circuit group query response (national use)", .clause = "Table 24",
		.variable = { ISUP_PAR_RANGE_AND_STATUS, ISUP_PAR_CIRCUIT_STATE_IND },
		.in = ISUP_NATIONAL,
	},
	[ISUP_MSG_CPG] = {
		.name = "CPG", .title = "Call progress", .clause = "Table 23",
		.fixed = { ISUP_PAR_EVENT_INFO },
		.optional = true,
		.in = ISUP_IN_Q767,
	},
	[ISUP_MSG_USR] = {
		.name = "USR", .title = "User-to-user information", .clause = "Table 36",
		.variable = { ISUP_PAR_UUI },
		.optional = true,
	},
	[ISUP_MSG_UCIC] = {
		.name = "UCIC", .title = "Unequipped circuit identification code (national use)", .clause = "Table 39",
		.in = ISUP_NATIONAL,
	},
	[ISUP_MSG_CFN] = {
		.name = "CFN", .title = "Confusion", .clause = "Table 26",
		.variable = { ISUP_PAR_CAUSE },
		.optional = true,
	},
	[ISUP_MSG_OLM] = {
		.name = "OLM", .title = "Overload (national use)", .clause = "Table 39", .in = ISUP_NATIONAL,
	},
	[ISUP_MSG_CRG] = {
		.name = "CRG", .title = "Charge information (national use)", .clause = "Table 4", .opaque = true,
		.in = ISUP_NATIONAL,
	},
	[ISUP_MSG_NRM] = {
		.name = "NRM", .title = "Network resource management", .clause = "Table 46", .optional = true,
		.since = ISUP_1992,
	},
	[ISUP_MSG_FAC] = {
		.name = "FAC", .title = "Facility", .clause = "Table 45", .optional = true, .since = ISUP_1992,
	},
	[ISUP_MSG_UPT] = {
		.name = "UPT", .title = "User part test", .clause = "Table 44", .optional = true, .since = ISUP_1992,
	},
	[ISUP_MSG_UPA] = {
		.name = "UPA", .title = "User part available", .clause = "Table 44", .optional = true,
		.since = ISUP_1992,
	},
	[ISUP_MSG_IDR] = {
		.name = "IDR", .title = "Identification request", .clause = "Table 47", .optional = true,
		.since = ISUP_1992,
	},
	[ISUP_MSG_IRS] = {
		.name = "IRS", .title = "Identification response", .clause = "Table 48", .optional = true,
		.since = ISUP_1992,
	},
	[ISUP_MSG_SGM] = {
		.name = "SGM", .title = "Segmentation", .clause = "Table 49", .optional = true, .since = ISUP_1992,
	},
	[ISUP_MSG_LOP] = {
		.name = "LOP", .title = "Loop prevention", .clause = "Table 50", .optional = true, .since = ISUP_1997,
	},
	[ISUP_MSG_APM] = {
		.name = "APM", .title = "Application transport", .clause = "Table 51", .optional = true,
		.since = ISUP_1999,
	},
	[ISUP_MSG_PRI] = {
		.name = "PRI", .title = "Pre-release information", .clause = "Table 52", .optional = true,
		.since = ISUP_1999,
	},
	/* its format is a national matter, as that of CRG */
	[ISUP_MSG_SDM] = {
		.name = "SDM", .title = "Subsequent directory number (national use)", .clause = "Table 4",
		.opaque = true, .since = ISUP_1999,
	},
};

/* ---- Names for logs ---- */

static const char *title(const struct isup_value *values, uint8_t number)
{
	for (; values->title; values++) {
		if (values->value == number)
			return values->title;
	}
	return "?";
}

const char *isup_cause_name(uint8_t cause_value)
{
	return title(cause_values, cause_value);
}
