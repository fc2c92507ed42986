/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lays our reading of ISUP messages beside that of tshark: helper of tshark_check.
 *
 * isup_judge pcap VECTORS > FILE      writes the messages as MTP3 packets
 * isup_judge fields                   prints the tshark options that name the fields to compare
 * isup_judge compare VECTORS < TABLE  TABLE is tshark's output; prints the differences, exits 1 if there are any */

#include <stdlib.h>

#include <osmocom/core/byteswap.h>
#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"

#include "expect.h"

#define ITU (&isup_dialect_itu)
#define LINKTYPE_MTP3 141
#define FIELD_SEPARATOR '|'

/* Where a field of tshark comes from: the member of any of these parameters, in the order of the message */
struct judged {
	const char *field;
	const char *member;	/* "digits" and "odd" of a number too */
	uint8_t pars[12];
	int add;		/* to our value */
};

/* What tshark 4.0 takes apart. Not compared: origination ISC point code (it reads the octets the other way round than
 * Q.763 3.40), user-to-user indicators (it shows the type twice), call diversion information, UID indicators and all
 * codes above 0x79 but the generic number (it leaves them as octets). */
static const struct judged judgeds[] = {
	{ "isup.satellite_indicator", "satellite", { ISUP_PAR_NCI } },
	{ "isup.continuity_check_indicator", "continuity", { ISUP_PAR_NCI } },
	{ "isup.echo_control_device_indicator", "echo", { ISUP_PAR_NCI } },
	{ "isup.forw_call_natnl_inatnl_call_indicator", "intl_call", { ISUP_PAR_FCI } },
	{ "isup.forw_call_end_to_end_method_indicator", "e2e_method", { ISUP_PAR_FCI } },
	{ "isup.forw_call_interworking_indicator", "interworking", { ISUP_PAR_FCI } },
	{ "isup.forw_call_end_to_end_information_indicator", "e2e_info", { ISUP_PAR_FCI } },
	{ "isup.forw_call_isdn_user_part_indicator", "isup_all_the_way", { ISUP_PAR_FCI } },
	{ "isup.forw_call_preferences_indicator", "isup_preference", { ISUP_PAR_FCI } },
	{ "isup.forw_call_isdn_access_indicator", "isdn_access", { ISUP_PAR_FCI } },
	{ "isup.forw_call_sccp_method_indicator", "sccp_method", { ISUP_PAR_FCI } },
	{ "isup.forw_call_ported_num_trans_indicator", "number_translated", { ISUP_PAR_FCI } },
	{ "isup.forw_call_qor_attempt_indicator", "qor", { ISUP_PAR_FCI } },
	{ "isup.calling_partys_category", "category", { ISUP_PAR_CPC } },
	{ "isup.transmission_medium_requirement", "medium", { ISUP_PAR_TMR } },
	{ "isup.transmission_medium_requirement_prime", "medium", { ISUP_PAR_TMR_PRIME, ISUP_PAR_TMU } },

	{ "isup.called", "digits", { ISUP_PAR_CALLED_NUMBER } },
	{ "isup.calling", "digits", { ISUP_PAR_CALLING_NUMBER } },
	{ "isup.redirecting", "digits", { ISUP_PAR_REDIRECTING_NUMBER } },
	{ "isup.redirection_number", "digits", { ISUP_PAR_REDIRECTION_NUMBER } },
	{ "isup.subsequent_number", "digits", { ISUP_PAR_SUBSEQUENT_NUMBER } },
	{ "isup.connected_number", "digits", { ISUP_PAR_CONNECTED_NUMBER } },
	{ "isup.original_called_number", "digits", { ISUP_PAR_ORIGINAL_CALLED_NUMBER } },
	{ "isup.location_number", "digits", { ISUP_PAR_LOCATION_NUMBER } },
	{ "isup.call_transfer_number", "digits", { ISUP_PAR_CALL_TRANSFER_NUMBER } },
	{ "isup.called_in_number", "digits", { ISUP_PAR_CALLED_IN_NUMBER } },
	{ "isup.generic_number", "digits", { ISUP_PAR_GENERIC_NUMBER } },
	{ "isup.number_qualifier_indicator", "qualifier", { ISUP_PAR_GENERIC_NUMBER } },
	{ "isup.called_party_nature_of_address_indicator", "noa",
	  { ISUP_PAR_CALLED_NUMBER, ISUP_PAR_REDIRECTION_NUMBER } },
	{ "isup.calling_party_nature_of_address_indicator", "noa",
	  { ISUP_PAR_CALLING_NUMBER, ISUP_PAR_REDIRECTING_NUMBER, ISUP_PAR_CONNECTED_NUMBER,
	    ISUP_PAR_ORIGINAL_CALLED_NUMBER, ISUP_PAR_LOCATION_NUMBER, ISUP_PAR_CALL_TRANSFER_NUMBER,
	    ISUP_PAR_CALLED_IN_NUMBER, ISUP_PAR_GENERIC_NUMBER } },
	{ "isup.numbering_plan_indicator", "npi",
	  { ISUP_PAR_CALLED_NUMBER, ISUP_PAR_CALLING_NUMBER, ISUP_PAR_REDIRECTING_NUMBER,
	    ISUP_PAR_REDIRECTION_NUMBER, ISUP_PAR_CONNECTED_NUMBER, ISUP_PAR_ORIGINAL_CALLED_NUMBER,
	    ISUP_PAR_LOCATION_NUMBER, ISUP_PAR_CALL_TRANSFER_NUMBER, ISUP_PAR_CALLED_IN_NUMBER,
	    ISUP_PAR_GENERIC_NUMBER } },
	{ "isup.inn_indicator", "inn",
	  { ISUP_PAR_CALLED_NUMBER, ISUP_PAR_REDIRECTION_NUMBER, ISUP_PAR_LOCATION_NUMBER } },
	{ "isup.ni_indicator", "ni", { ISUP_PAR_CALLING_NUMBER, ISUP_PAR_GENERIC_NUMBER } },
	{ "isup.address_presentation_restricted_indicator", "apri",
	  { ISUP_PAR_CALLING_NUMBER, ISUP_PAR_REDIRECTING_NUMBER, ISUP_PAR_CONNECTED_NUMBER,
	    ISUP_PAR_ORIGINAL_CALLED_NUMBER, ISUP_PAR_LOCATION_NUMBER, ISUP_PAR_CALL_TRANSFER_NUMBER,
	    ISUP_PAR_CALLED_IN_NUMBER, ISUP_PAR_GENERIC_NUMBER } },
	{ "isup.screening_indicator", "screening",
	  { ISUP_PAR_CALLING_NUMBER, ISUP_PAR_CONNECTED_NUMBER, ISUP_PAR_LOCATION_NUMBER } },
	{ "isup.screening_indicator_enhanced", "screening",
	  { ISUP_PAR_GENERIC_NUMBER, ISUP_PAR_CALL_TRANSFER_NUMBER } },

	{ "isup.charge_indicator", "charge", { ISUP_PAR_BCI } },
	{ "isup.called_partys_status_indicator", "called_status", { ISUP_PAR_BCI } },
	{ "isup.called_partys_category_indicator", "called_category", { ISUP_PAR_BCI } },
	{ "isup.backw_call_end_to_end_method_indicator", "e2e_method", { ISUP_PAR_BCI } },
	{ "isup.backw_call_interworking_indicator", "interworking", { ISUP_PAR_BCI } },
	{ "isup.backw_call_end_to_end_information_indicator", "e2e_info", { ISUP_PAR_BCI } },
	{ "isup.backw_call_isdn_user_part_indicator", "isup_all_the_way", { ISUP_PAR_BCI } },
	{ "isup.backw_call_holding_indicator", "holding", { ISUP_PAR_BCI } },
	{ "isup.backw_call_isdn_access_indicator", "isdn_access", { ISUP_PAR_BCI } },
	{ "isup.backw_call_echo_control_device_indicator", "echo", { ISUP_PAR_BCI } },
	{ "isup.backw_call_sccp_method_indicator", "sccp_method", { ISUP_PAR_BCI } },
	{ "isup.inband_information_ind", "inband_info", { ISUP_PAR_OBCI } },
	{ "isup.call_diversion_may_occur_ind", "call_diversion", { ISUP_PAR_OBCI } },
	{ "isup.simple_segmentation_ind", "segmentation", { ISUP_PAR_OBCI, ISUP_PAR_OPT_FCI } },
	{ "isup.mlpp_user", "mlpp", { ISUP_PAR_OBCI } },
	{ "isup.event_ind", "event", { ISUP_PAR_EVENT_INFO } },
	{ "isup.event_presentation_restr_ind", "restricted", { ISUP_PAR_EVENT_INFO } },
	{ "q931.cause_location", "location", { ISUP_PAR_CAUSE } },
	{ "isup.cause_indicator", "value", { ISUP_PAR_CAUSE } },
	{ "isup.range_indicator", "range", { ISUP_PAR_RANGE_AND_STATUS }, 1 },	/* it counts circuits */
	{ "isup.cgs_message_type", "type", { ISUP_PAR_CGS_MESSAGE_TYPE } },

	{ "isup.clg_call_ind", "cug_call", { ISUP_PAR_OPT_FCI } },
	{ "isup.connected_line_identity_request_ind", "connected_line", { ISUP_PAR_OPT_FCI } },
	{ "isup.redirecting_ind", "indicator", { ISUP_PAR_REDIRECTION_INFO } },
	{ "isup.original_redirection_reason", "original_reason", { ISUP_PAR_REDIRECTION_INFO } },
	{ "isup.redirection_counter", "counter", { ISUP_PAR_REDIRECTION_INFO } },
	{ "isup.redirection_reason", "reason", { ISUP_PAR_REDIRECTION_INFO } },
	{ "isup.calling_party_address_request_indicator", "calling_address", { ISUP_PAR_INFORMATION_REQUEST_IND } },
	{ "isup.info_req_holding_indicator", "holding", { ISUP_PAR_INFORMATION_REQUEST_IND } },
	{ "isup.calling_partys_category_request_indicator", "calling_category",
	  { ISUP_PAR_INFORMATION_REQUEST_IND } },
	{ "isup.charge_information_request_indicator", "charge_info", { ISUP_PAR_INFORMATION_REQUEST_IND } },
	{ "isup.malicious_call_ident_request_indicator", "malicious_call", { ISUP_PAR_INFORMATION_REQUEST_IND } },
	{ "isup.calling_party_address_response_indicator", "calling_address", { ISUP_PAR_INFORMATION_IND } },
	{ "isup.hold_provided_indicator", "hold_provided", { ISUP_PAR_INFORMATION_IND } },
	{ "isup.calling_partys_category_response_indicator", "calling_category", { ISUP_PAR_INFORMATION_IND } },
	{ "isup.charge_information_response_indicator", "charge_info", { ISUP_PAR_INFORMATION_IND } },
	{ "isup.solicited_indicator", "unsolicited", { ISUP_PAR_INFORMATION_IND } },
	{ "isup.continuity_indicator", "continuity", { ISUP_PAR_CONTINUITY_IND } },
	{ "isup.suspend_resume_indicator", "initiator", { ISUP_PAR_SUSPEND_RESUME_IND } },
	{ "isup.automatic_congestion_level", "level", { ISUP_PAR_ACL } },
	{ "isup.notification_indicator", "notification", { ISUP_PAR_GENERIC_NOTIFICATION } },
	{ "isup.access_delivery_ind", "delivery", { ISUP_PAR_ACCESS_DELIVERY } },
	{ "isup.OECD_inf_ind_vals", "outgoing_info", { ISUP_PAR_ECHO_CONTROL } },
	{ "isup.IECD_inf_ind_vals", "incoming_info", { ISUP_PAR_ECHO_CONTROL } },
	{ "isup.OECD_req_ind_vals", "outgoing_request", { ISUP_PAR_ECHO_CONTROL } },
	{ "isup.IECD_req_ind_vals", "incoming_request", { ISUP_PAR_ECHO_CONTROL } },
	{ "isup.hop_counter", "count", { ISUP_PAR_HOP_COUNTER } },
	{ "isup.loop_prevention_indicator_type", "type", { ISUP_PAR_LOOP_PREVENTION } },
	{ "isup.loop_prevention_response_ind", "response", { ISUP_PAR_LOOP_PREVENTION } },
	{ "isup.ccss_call_indicator", "ccss", { ISUP_PAR_CCSS } },
	{ "isup.collect_call_request_indicator", "collect", { ISUP_PAR_COLLECT_CALL_REQUEST } },
	{ "isup.temporary_alternative_routing_ind", "tar", { ISUP_PAR_NETWORK_MANAGEMENT } },
	{ "isup.call_to_be_diverted_ind", "diversion", { ISUP_PAR_CALL_DIVERSION_TREATMENT } },
	{ "isup.call_to_be_offered_ind", "offering", { ISUP_PAR_CALL_OFFERING_TREATMENT } },
	{ "isup.conference_acceptance_ind", "conference", { ISUP_PAR_CONFERENCE_TREATMENT } },
	{ "isup.feature_code", "code", { ISUP_PAR_SERVICE_ACTIVATION } },
	{ "isup.call_identity", "identity", { ISUP_PAR_CALL_REFERENCE } },
	{ "isup.binary_code", "code", { ISUP_PAR_CUG_INTERLOCK } },
	{ "isup.look_forward_busy", "lfb", { ISUP_PAR_MLPP } },
	{ "isup.precedence_level", "level", { ISUP_PAR_MLPP } },
	{ "isup.mlpp_service_domain", "domain", { ISUP_PAR_MLPP } },
	{ "isup.transit_at_intermediate_exchange_ind", "transit",
	  { ISUP_PAR_MESSAGE_COMPAT, ISUP_PAR_PARAMETER_COMPAT } },
	{ "isup.Release_call_ind", "release", { ISUP_PAR_MESSAGE_COMPAT, ISUP_PAR_PARAMETER_COMPAT } },
	{ "isup.Send_notification_ind", "notify", { ISUP_PAR_MESSAGE_COMPAT, ISUP_PAR_PARAMETER_COMPAT } },
	{ "isup.Discard_message_ind_value", "discard_msg", { ISUP_PAR_MESSAGE_COMPAT, ISUP_PAR_PARAMETER_COMPAT } },
	{ "isup.Pass_on_not_possible_val", "not_possible", { ISUP_PAR_MESSAGE_COMPAT } },
	{ "isup.broadband_narrowband_interworking_ind2", "broadband", { ISUP_PAR_MESSAGE_COMPAT } },
	{ "isup.upgraded_parameter", "code", { ISUP_PAR_PARAMETER_COMPAT } },
	{ "isup.Discard_parameter_ind", "discard_par", { ISUP_PAR_PARAMETER_COMPAT } },
	{ "isup.Pass_on_not_possible_ind", "not_possible", { ISUP_PAR_PARAMETER_COMPAT } },
	{ "isup.mtc_blocking_state", "maintenance", { ISUP_PAR_CIRCUIT_STATE_IND } },
	{ "isup.call_processing_state", "call", { ISUP_PAR_CIRCUIT_STATE_IND } },
	{ "isup.hw_blocking_state", "hardware", { ISUP_PAR_CIRCUIT_STATE_IND } },
	{ "isup.type_of_network_identification", "type", { ISUP_PAR_TNS } },
	{ "isup.network_identification_plan", "plan", { ISUP_PAR_TNS } },
	{ "isup.transit_network_selection", "digits", { ISUP_PAR_TNS } },
	{ "isup.propagation_delay_counter", "ms", { ISUP_PAR_PROPAGATION_DELAY } },
	{ "isup.call_transfer_identity", "identity", { ISUP_PAR_CALL_TRANSFER_REFERENCE } },
};

/* ---- The vectors' lines of octets ---- */

typedef void message_cb(const uint8_t *octets, size_t len);

static void for_each_message(const char *path, message_cb *cb)
{
	static char line[8192];
	FILE *file = fopen(path, "r");
	uint8_t octets[300];
	int len;

	EXPECT(file);
	while (file && fgets(line, sizeof(line), file)) {
		len = strchr("#\t\n", line[0]) ? -1 : osmo_hexparse(line, octets, sizeof(octets));
		if (len > 0)
			cb(octets, len);
	}
	if (file)
		fclose(file);
}

/* ---- Write ---- */

static void put(const void *octets, size_t len)
{
	fwrite(octets, len, 1, stdout);
}

/* SIO 85 (national, ISUP), DPC 1, OPC 2, SLS 5, CIC 1 */
static void write_packet(const uint8_t *octets, size_t len)
{
	static const uint8_t head[] = { 0x85, 0x01, 0x80, 0x00, 0x50, 0x01, 0x00 };
	const uint32_t record[] = { 0, 0, sizeof(head) + len, sizeof(head) + len };

	put(record, sizeof(record));
	put(head, sizeof(head));
	put(octets, len);
}

static void write_pcap(const char *path)
{
	const struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t zone, sigfigs, snaplen, linktype;
	} head = { 0xa1b2c3d4, 2, 4, 0, 0, 65535, LINKTYPE_MTP3 };

	put(&head, sizeof(head));
	for_each_message(path, write_packet);
}

static void write_fields(void)
{
	printf("-T fields -E separator=%c -E occurrence=a -E aggregator=, -e isup.message_type", FIELD_SEPARATOR);
	printf(" -e isup.parameter_type");
	for (size_t i = 0; i < ARRAY_SIZE(judgeds); i++)
		printf(" -e %s", judgeds[i].field);
	printf("\n");
}

/* ---- Compare ---- */

static const struct isup_field *find_field(const struct isup_par_def *def, const char *name)
{
	for (const struct isup_field *field = def->fields; field && field->name; field++) {
		if (strcmp(field->name, name) == 0)
			return field;
	}
	return NULL;
}

/* The word that tshark should have for this parameter, without numbers of another base */
static void append_value(struct osmo_strbuf *sb, const struct judged *judged, const struct isup_par *par)
{
	const struct isup_par_def *def = isup_par_def(ITU, par->code);
	const struct isup_field *field = find_field(def, judged->member);
	const char *comma = sb->chars_needed ? "," : "";
	union isup_par_any any;

	EXPECT(isup_par_decode(def, par->val, par->len, &any) == 0);
	if (strcmp(judged->member, "digits") == 0) {
		if (any.number.n_digits)
			OSMO_STRBUF_PRINTF(*sb, "%s%s", comma, any.number.digits);
		return;
	}
	if (!field) {
		EXPECT_STR(def->name, judged->member, "a field");
		return;
	}
	for (unsigned int i = 0; i < isup_par_n_items(def, &any); i++) {
		int value = isup_field_get(field, isup_par_item(def, &any, i));

		/* of a circuit that is transient or unequipped it shows nothing else */
		if (par->code == ISUP_PAR_CIRCUIT_STATE_IND && strcmp(judged->member, "maintenance") &&
		    !any.circuit_states.circuits[i].call)
			continue;
		OSMO_STRBUF_PRINTF(*sb, "%s%d", sb->chars_needed ? "," : "", value + judged->add);
	}
}

/* A cause of another coding standard is not taken apart further by tshark. */
static bool is_judged(const struct judged *judged, const struct isup_par *par)
{
	union isup_par_any any;

	if (!memchr(judged->pars, par->code, sizeof(judged->pars)) || !par->len)
		return false;
	if (par->code != ISUP_PAR_CAUSE)
		return true;
	return isup_par_decode(isup_par_def(ITU, par->code), par->val, par->len, &any) == 0 && any.cause.coding == 0;
}

/* tshark writes some numbers as 0x…, and truth as 1, True or true, by its version. */
static void normalize(char *buf, size_t size, const char *column, bool is_text)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	char copy[1024], *save = NULL;

	osmo_strlcpy(copy, column, sizeof(copy));
	buf[0] = '\0';
	for (char *word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		const char *comma = sb.chars_needed ? "," : "";

		if (is_text)
			OSMO_STRBUF_PRINTF(sb, "%s%s", comma, word);
		else if (word[0] == 'T' || word[0] == 't')
			OSMO_STRBUF_PRINTF(sb, "%s1", comma);
		else
			OSMO_STRBUF_PRINTF(sb, "%s%lu", comma, strtoul(word, NULL, 0));
	}
}

static char *next_column(char **line)
{
	static char none[] = "";
	char *column = *line ? strsep(line, "|\n") : NULL;

	return column ? : none;
}

/* What only the layout says: message type and parameter codes in their order; 0 is the end of optional parameters */
static void judge_layout(const struct isup_msg *msg, const char *what, char **line)
{
	char theirs[512], ours[512];
	struct osmo_strbuf sb = { .buf = ours, .len = sizeof(ours) };
	bool optional = false;

	normalize(theirs, sizeof(theirs), next_column(line), false);
	EXPECT_INT(what, msg->type, atol(theirs));
	ours[0] = '\0';
	for (unsigned int i = 0; i < msg->n_pars; i++) {
		OSMO_STRBUF_PRINTF(sb, "%s%u", sb.chars_needed ? "," : "", msg->pars[i].code);
		optional |= msg->pars[i].optional;
	}
	if (optional)
		OSMO_STRBUF_PRINTF(sb, ",0");
	normalize(theirs, sizeof(theirs), next_column(line), false);
	EXPECT_STR(what, ours, theirs);
}

static int n_values;

static void judge_message(const uint8_t *octets, size_t len)
{
	static char buf[16384], what[256];
	char *line = fgets(buf, sizeof(buf), stdin);
	char text[8192];
	struct isup_msg msg;

	EXPECT(isup_msg_decode(&msg, ITU, octets, len, NULL) == 0);
	if (isup_msg_def(ITU, msg.type) && isup_msg_def(ITU, msg.type)->opaque)
		return;
	isup_msg_print_buf(text, sizeof(text), &msg);
	judge_layout(&msg, text, &line);
	for (const struct judged *judged = judgeds; judged < judgeds + ARRAY_SIZE(judgeds); judged++) {
		char theirs[512], ours[512] = "";
		struct osmo_strbuf sb = { .buf = ours, .len = sizeof(ours) };

		for (unsigned int i = 0; i < msg.n_pars; i++) {
			if (is_judged(judged, &msg.pars[i]))
				append_value(&sb, judged, &msg.pars[i]);
		}
		normalize(theirs, sizeof(theirs), next_column(&line), strcmp(judged->member, "digits") == 0);
		snprintf(what, sizeof(what), "%s of %.160s", judged->field, text);
		EXPECT_STR(what, ours, theirs);
		n_values += ours[0] != '\0';
	}
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "pcap") == 0) {
		write_pcap(argv[2]);
	} else if (argc == 2 && strcmp(argv[1], "fields") == 0) {
		write_fields();
	} else if (argc == 3 && strcmp(argv[1], "compare") == 0) {
		for_each_message(argv[2], judge_message);
		EXPECT(!fgets((char[8]){}, 8, stdin));
		printf("%d values compared\n", n_values);
		EXPECT(n_values > 500);
	} else {
		return 2;
	}
	return expect_failures != 0;
}
