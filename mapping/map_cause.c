/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Release causes: the tables of RFC 3398 and Q.1912.5, the Reason header, and the new number of cause 22. */

#include <errno.h>
#include <string.h>

#include "mapping/map_cause.h"
#include "mapping/map_preempt.h"
#include "mapping/map_profile.h"
#include "mapping/map_number.h"
#include "mapping/map_table.h"

/* What RFC 3398 8.2.6.1 calls location 'network': which one is configured; and 'user' of 6xx, else 'network' */
#define LOC_NETWORK	16
#define LOC_OF_CLASS	17

static const struct value_string location_cols[] = {
	{ ISUP_LOC_USER, "user" },
	{ LOC_NETWORK, "network" },
	{}
};

static const struct value_string status_location_cols[] = {
	{ ISUP_LOC_USER, "user" },
	{ LOC_NETWORK, "network" },
	{ LOC_OF_CLASS, "of-class" },
	{}
};

/* What the diagnostic of a cause says, as far as a status depends on it */
enum diagnostic { OTHER, NEW_NUMBER, CCBS_POSSIBLE };

static const struct value_string diagnostic_words[] = {
	{ OTHER, "other" },
	{ NEW_NUMBER, "new-number" },
	{ CCBS_POSSIBLE, "ccbs-possible" },
	{}
};

#define NORMAL		"RFC 3398 7.2.4.1 normal event"
#define RESOURCE	"RFC 3398 7.2.4.1 resource unavailable"
#define NOT_AVAILABLE	"RFC 3398 7.2.4.1 service or option not available"
#define INVALID		"RFC 3398 7.2.4.1 invalid message"
#define PROTOCOL	"RFC 3398 7.2.4.1 protocol error"
#define INTERWORKING	"RFC 3398 7.2.4.1 interworking"

/* Columns: cause, location, diagnostic → status. Cause 16 has no status in RFC 3398 (it
 * becomes BYE or CANCEL); where it comes before an answer, Q.1912.5 6.11.2 has 480. */
static const struct map_row cause_rows[] = {
	{ {   1, MAP_ANY,	MAP_ANY },	{ 404 },	NORMAL },
	{ {   2, MAP_ANY,	MAP_ANY },	{ 404 },	NORMAL },
	{ {   3, MAP_ANY,	MAP_ANY },	{ 404 },	NORMAL },
	{ {  16, MAP_ANY,	MAP_ANY },	{ 480 },	"Q.1912.5 6.11.2" },
	{ {  17, MAP_ANY,	MAP_ANY },	{ 486 },	NORMAL },
	{ {  18, MAP_ANY,	MAP_ANY },	{ 408 },	NORMAL },
	{ {  19, MAP_ANY,	MAP_ANY },	{ 480 },	NORMAL },
	{ {  20, MAP_ANY,	MAP_ANY },	{ 480 },	NORMAL },
	{ {  21, ISUP_LOC_USER,	MAP_ANY },	{ 603 },	NORMAL " (+)" },
	{ {  21, MAP_ANY,	MAP_ANY },	{ 403 },	NORMAL },
	{ {  22, MAP_ANY,	NEW_NUMBER },	{ 301 },	NORMAL },
	{ {  22, MAP_ANY,	MAP_ANY },	{ 410 },	NORMAL },
	{ {  23, MAP_ANY,	MAP_ANY },	{ 410 },	NORMAL },
	{ {  26, MAP_ANY,	MAP_ANY },	{ 404 },	NORMAL " (=)" },
	{ {  27, MAP_ANY,	MAP_ANY },	{ 502 },	NORMAL },
	{ {  28, MAP_ANY,	MAP_ANY },	{ 484 },	NORMAL },
	{ {  29, MAP_ANY,	MAP_ANY },	{ 501 },	NORMAL },
	{ {  31, MAP_ANY,	MAP_ANY },	{ 480 },	NORMAL },
	{ {  34, MAP_ANY,	MAP_ANY },	{ 503 },	RESOURCE },
	{ {  38, MAP_ANY,	MAP_ANY },	{ 503 },	RESOURCE },
	{ {  41, MAP_ANY,	MAP_ANY },	{ 503 },	RESOURCE },
	{ {  42, MAP_ANY,	MAP_ANY },	{ 503 },	RESOURCE },
	{ {  47, MAP_ANY,	MAP_ANY },	{ 503 },	RESOURCE },
	{ {  55, MAP_ANY,	MAP_ANY },	{ 403 },	NOT_AVAILABLE },
	{ {  57, MAP_ANY,	MAP_ANY },	{ 403 },	NOT_AVAILABLE },
	{ {  58, MAP_ANY,	MAP_ANY },	{ 503 },	NOT_AVAILABLE },
	{ {  65, MAP_ANY,	MAP_ANY },	{ 488 },	NOT_AVAILABLE },
	{ {  70, MAP_ANY,	MAP_ANY },	{ 488 },	NOT_AVAILABLE },
	{ {  79, MAP_ANY,	MAP_ANY },	{ 501 },	NOT_AVAILABLE },
	{ {  87, MAP_ANY,	MAP_ANY },	{ 403 },	INVALID },
	{ {  88, MAP_ANY,	MAP_ANY },	{ 503 },	INVALID },
	{ { 102, MAP_ANY,	MAP_ANY },	{ 504 },	PROTOCOL },
	{ { 111, MAP_ANY,	MAP_ANY },	{ 500 },	PROTOCOL },
	{ { 127, MAP_ANY,	MAP_ANY },	{ 500 },	INTERWORKING },
	{ { MAP_ANY, MAP_ANY,	MAP_ANY },	{ 500 },	"RFC 3398 7.2.4.1 default" },
	{}
};

const struct map_table map_cause_to_status_table = {
	.name = "cause-to-status",
	.title = "cause of REL → status of the final response",
	.in = { { "cause" }, { "location", location_cols }, { "diagnostic", diagnostic_words } },
	.out = { { "status", NULL, 699, 300 } },
	.rows = cause_rows,
};

#define STATUS		"RFC 3398 8.2.6.1"
#define RETRY		"RFC 3398 8.2.6.1 (+)"

/* Columns: status, warning code → cause, location. 304 and 305 speak of media that the callee cannot do: the bearer.
 * The RFC prints 505 as a second 504. */
static const struct map_row status_rows[] = {
	{ { 400, MAP_ANY },	{  41, LOC_NETWORK },	STATUS },
	{ { 401, MAP_ANY },	{  21, LOC_NETWORK },	STATUS " (*)" },
	{ { 402, MAP_ANY },	{  21, LOC_NETWORK },	STATUS },
	{ { 403, MAP_ANY },	{  21, LOC_NETWORK },	STATUS },
	{ { 404, MAP_ANY },	{   1, LOC_NETWORK },	STATUS },
	{ { 405, MAP_ANY },	{  63, LOC_NETWORK },	STATUS },
	{ { 406, MAP_ANY },	{  79, LOC_NETWORK },	RETRY },
	{ { 407, MAP_ANY },	{  21, LOC_NETWORK },	STATUS " (*)" },
	{ { 408, MAP_ANY },	{ 102, LOC_NETWORK },	STATUS },
	{ { 410, MAP_ANY },	{  22, LOC_NETWORK },	STATUS },
	{ { 413, MAP_ANY },	{ 127, LOC_NETWORK },	RETRY },
	{ { 414, MAP_ANY },	{ 127, LOC_NETWORK },	RETRY },
	{ { 415, MAP_ANY },	{  79, LOC_NETWORK },	RETRY },
	{ { 416, MAP_ANY },	{ 127, LOC_NETWORK },	RETRY },
	{ { 420, MAP_ANY },	{ 127, LOC_NETWORK },	RETRY },
	{ { 421, MAP_ANY },	{ 127, LOC_NETWORK },	RETRY },
	{ { 423, MAP_ANY },	{ 127, LOC_NETWORK },	RETRY },
	{ { 480, MAP_ANY },	{  18, LOC_NETWORK },	STATUS },
	{ { 481, MAP_ANY },	{  41, LOC_NETWORK },	STATUS },
	{ { 482, MAP_ANY },	{  25, LOC_NETWORK },	STATUS },
	{ { 483, MAP_ANY },	{  25, LOC_NETWORK },	STATUS },
	{ { 484, MAP_ANY },	{  28, LOC_NETWORK },	RETRY },
	{ { 485, MAP_ANY },	{   1, LOC_NETWORK },	STATUS },
	{ { 486, MAP_ANY },	{  17, LOC_NETWORK },	STATUS },
	{ { 488, 304 },		{  65, LOC_NETWORK },	STATUS " warning" },
	{ { 488, 305 },		{  65, LOC_NETWORK },	STATUS " warning" },
	{ { 488, MAP_ANY },	{  31, LOC_NETWORK },	STATUS " warning" },
	{ { 500, MAP_ANY },	{  41, LOC_NETWORK },	STATUS },
	{ { 501, MAP_ANY },	{  79, LOC_NETWORK },	STATUS },
	{ { 502, MAP_ANY },	{  38, LOC_NETWORK },	STATUS },
	{ { 503, MAP_ANY },	{  41, LOC_NETWORK },	STATUS },
	{ { 504, MAP_ANY },	{ 102, LOC_NETWORK },	STATUS },
	{ { 505, MAP_ANY },	{ 127, LOC_NETWORK },	RETRY },
	{ { 513, MAP_ANY },	{ 127, LOC_NETWORK },	RETRY },
	{ { 600, MAP_ANY },	{  17, ISUP_LOC_USER },	STATUS },
	{ { 603, MAP_ANY },	{  21, ISUP_LOC_USER },	STATUS },
	{ { 604, MAP_ANY },	{   1, ISUP_LOC_USER },	STATUS },
	{ { 606, 304 },		{  65, ISUP_LOC_USER },	STATUS " warning" },
	{ { 606, 305 },		{  65, ISUP_LOC_USER },	STATUS " warning" },
	{ { 606, MAP_ANY },	{  31, ISUP_LOC_USER },	STATUS " warning" },
	{ { MAP_ANY, MAP_ANY },	{  31, LOC_OF_CLASS },	STATUS " not listed" },
	{}
};

const struct map_table map_status_to_cause_table = {
	.name = "status-to-cause",
	.title = "status of the final response → cause of REL",
	.in = { { "status" }, { "warning" } },
	.out = { { "cause" }, { "location", status_location_cols } },
	.rows = status_rows,
};

#define Q1912_REL	"Q.1912.5 6.11.2"
#define ANONYMOUS	"TS 29.163 7.4.23, RFC 5079"

/* Columns as above. A reason in the class of the network or the service is 500 to a profile of Q.1912.5; the caller's
 * node learns more from the Reason header. */
static const struct map_row q1912_cause_rows[] = {
	{ {   1, MAP_ANY,	MAP_ANY },	{ 404 },	Q1912_REL },
	{ {   2, MAP_ANY,	MAP_ANY },	{ 500 },	Q1912_REL },
	{ {   3, MAP_ANY,	MAP_ANY },	{ 500 },	Q1912_REL },
	{ {   4, MAP_ANY,	MAP_ANY },	{ 500 },	Q1912_REL },
	{ {   5, MAP_ANY,	MAP_ANY },	{ 404 },	Q1912_REL },
	{ {   8, MAP_ANY,	MAP_ANY },	{ 500 },	Q1912_REL },
	{ {   9, MAP_ANY,	MAP_ANY },	{ 500 },	Q1912_REL },
	{ {  16, MAP_ANY,	MAP_ANY },	{ 480 },	Q1912_REL },
	{ {  17, MAP_ANY,	MAP_ANY },	{ 486 },	Q1912_REL },
	{ {  18, MAP_ANY,	MAP_ANY },	{ 480 },	Q1912_REL },
	{ {  19, MAP_ANY,	MAP_ANY },	{ 480 },	Q1912_REL },
	{ {  20, MAP_ANY,	MAP_ANY },	{ 480 },	Q1912_REL },
	{ {  21, MAP_ANY,	MAP_ANY },	{ 480 },	Q1912_REL },
	{ {  22, MAP_ANY,	MAP_ANY },	{ 410 },	Q1912_REL },
	{ {  24, MAP_ANY,	MAP_ANY },	{ 433 },	ANONYMOUS },
	{ {  25, MAP_ANY,	MAP_ANY },	{ 480 },	Q1912_REL },
	{ {  27, MAP_ANY,	MAP_ANY },	{ 502 },	Q1912_REL },
	{ {  28, MAP_ANY,	MAP_ANY },	{ 484 },	Q1912_REL },
	{ {  29, MAP_ANY,	MAP_ANY },	{ 500 },	Q1912_REL },
	{ {  31, MAP_ANY,	MAP_ANY },	{ 480 },	Q1912_REL },
	{ {  34, MAP_ANY,	CCBS_POSSIBLE },	{ 486 },	Q1912_REL },
	{ {  34, MAP_ANY,	MAP_ANY },	{ 480 },	Q1912_REL },
	{ {  91, MAP_ANY,	MAP_ANY },	{ 404 },	Q1912_REL },
	{ { 102, MAP_ANY,	MAP_ANY },	{ 480 },	Q1912_REL },
	{ { 127, MAP_ANY,	MAP_ANY },	{ 480 },	Q1912_REL },
	{ { MAP_ANY, MAP_ANY,	MAP_ANY },	{ 500 },	Q1912_REL " classes" },
	{}
};

const struct map_table map_q1912_cause_to_status_table = {
	.name = "q1912-cause-to-status",
	.title = "cause of REL → status of the final response, Q.1912.5",
	.in = { { "cause" }, { "location", location_cols }, { "diagnostic", diagnostic_words } },
	.out = { { "status", NULL, 699, 300 } },
	.rows = q1912_cause_rows,
};

#define Q1912_STATUS	"Q.1912.5 7.7.6"

/* Columns as above: what has no cause of its own is interworking. */
static const struct map_row q1912_status_rows[] = {
	{ { 404, MAP_ANY },	{   1, LOC_NETWORK },	Q1912_STATUS },
	{ { 410, MAP_ANY },	{  22, LOC_NETWORK },	Q1912_STATUS },
	{ { 433, MAP_ANY },	{  24, LOC_NETWORK },	ANONYMOUS },
	{ { 480, MAP_ANY },	{  20, LOC_NETWORK },	Q1912_STATUS },
	{ { 484, MAP_ANY },	{  28, LOC_NETWORK },	Q1912_STATUS },
	{ { 486, MAP_ANY },	{  17, LOC_NETWORK },	Q1912_STATUS },
	{ { 600, MAP_ANY },	{  17, LOC_NETWORK },	Q1912_STATUS },
	{ { 603, MAP_ANY },	{  21, LOC_NETWORK },	Q1912_STATUS },
	{ { 604, MAP_ANY },	{   1, LOC_NETWORK },	Q1912_STATUS },
	{ { MAP_ANY, MAP_ANY },	{ 127, LOC_NETWORK },	Q1912_STATUS " others" },
	{}
};

const struct map_table map_q1912_status_to_cause_table = {
	.name = "q1912-status-to-cause",
	.title = "status of the final response → cause of REL, Q.1912.5",
	.in = { { "status" }, { "warning" } },
	.out = { { "cause" }, { "location", status_location_cols } },
	.rows = q1912_status_rows,
};

static const struct value_string request_words[] = {
	{ SIP_BYE, "bye" },
	{ SIP_CANCEL, "cancel" },
	{}
};

static const struct map_row request_rows[] = {
	{ { SIP_CANCEL },	{ 16, ISUP_LOC_USER },	"RFC 3398 7.2.3" },
	{ { MAP_ANY },		{ 16, ISUP_LOC_USER },	"RFC 3398 10.1" },
	{}
};

const struct map_table map_request_to_cause_table = {
	.name = "request-to-cause",
	.title = "BYE or CANCEL without a cause of its own → cause of REL",
	.in = { { "request", request_words } },
	.out = { { "cause" }, { "location", location_cols } },
	.rows = request_rows,
};

static const struct map_row q1912_request_rows[] = {
	{ { SIP_CANCEL },	{ 31, LOC_NETWORK },	"Q.1912.5 6.11.1" },
	{ { MAP_ANY },		{ 16, LOC_NETWORK },	"Q.1912.5 6.11.1, 7.7.1" },
	{}
};

const struct map_table map_q1912_request_to_cause_table = {
	.name = "q1912-request-to-cause",
	.title = "BYE or CANCEL without a cause of its own → cause of REL, Q.1912.5",
	.in = { { "request", request_words } },
	.out = { { "cause" }, { "location", location_cols } },
	.rows = q1912_request_rows,
};

/* Q.850 Table 1 note 5: the diagnostic of cause 22 is a called party number information element (Q.931 4.5.8): 0x70,
 * length, octet 3 (extension, type of number, plan), digits in IA5. 0, -EINVAL. */
static int new_number(struct isup_number *number, const struct isup_cause *cause)
{
	static const uint8_t noa_of_type[8] = {
		ISUP_NOA_UNKNOWN, ISUP_NOA_INTERNATIONAL, ISUP_NOA_NATIONAL, ISUP_NOA_NETWORK_SPECIFIC,
		ISUP_NOA_SUBSCRIBER, ISUP_NOA_UNKNOWN, ISUP_NOA_UNKNOWN, ISUP_NOA_UNKNOWN,
	};
	const uint8_t *d = cause->diagnostics;
	unsigned int n = cause->n_diagnostics;

	if (cause->coding || cause->value != 22 || n < 4 || n > sizeof(cause->diagnostics) || d[0] != 0x70 ||
	    d[1] < 2 || d[1] + 2u > n || !(d[2] & 0x80))
		return -EINVAL;
	*number = (struct isup_number){
		.noa = noa_of_type[d[2] >> 4 & 7], .npi = d[2] & 0x0f, .n_digits = d[1] - 1,
	};
	memcpy(number->digits, d + 3, number->n_digits);
	for (unsigned int i = 0; i < number->n_digits; i++) {
		if (number->digits[i] < '0' || number->digits[i] > '9')
			return -EINVAL;
	}
	return 0;
}

void map_cause_put_number(struct isup_cause *cause, const struct isup_number *number)
{
	static const uint8_t type_of_noa[] = {
		[ISUP_NOA_SUBSCRIBER] = 4, [ISUP_NOA_UNKNOWN] = 0, [ISUP_NOA_NATIONAL] = 2,
		[ISUP_NOA_INTERNATIONAL] = 1, [ISUP_NOA_NETWORK_SPECIFIC] = 3,
	};
	uint8_t *d = cause->diagnostics, n = number->n_digits;

	if (n + 3u > sizeof(cause->diagnostics) || number->noa >= ARRAY_SIZE(type_of_noa))
		return;
	d[0] = 0x70;
	d[1] = n + 1;
	d[2] = 0x80 | type_of_noa[number->noa] << 4 | (number->npi & 0x0f);
	memcpy(d + 3, number->digits, n);
	cause->n_diagnostics = n + 3;
}

/* Q.850 2.2.6: the diagnostic of causes 17 and 34 is the CCBS indicator, 1 for "possible". */
static enum diagnostic diagnostic_of(const struct isup_cause *cause)
{
	struct isup_number number;

	if (!new_number(&number, cause))
		return NEW_NUMBER;
	if (!cause->coding && (cause->value == 17 || cause->value == 34) && cause->n_diagnostics == 1 &&
	    cause->diagnostics[0] == 1)
		return CCBS_POSSIBLE;
	return OTHER;
}

/* RFC 3398 7.2.4.1 */
uint16_t map_cause_to_status(const struct map_profile *profile, const struct isup_cause *cause)
{
	/* Other coding standards have their own values: only the class is the same (Q.850 2.2.5), none is listed */
	int16_t in[] = { cause->coding ? 0 : cause->value, cause->location, diagnostic_of(cause) };

	return map_table_find(profile->tables[MAP_TABLE_CAUSE_TO_STATUS], in)[0];
}

/* RFC 3326 2: the first value of Q.850 with a cause of Q.850 wins over what is in *cause; so does its location.
 * RFC 4411: else what is said of preemption. */
static void reason_to_cause(const struct map_profile *profile, struct isup_cause *cause, const struct sip_msg *msg)
{
	struct sip_reason reason;
	struct sip_values v;
	uint8_t preemption;

	if (!sip_msg_hdr(msg, SIP_HDR_REASON))
		return;
	sip_values_init(&v, msg, SIP_HDR_REASON);
	while (!sip_values_next_reason(&v, &reason)) {
		if (!sip_str_ieq(reason.protocol, SIP_STR("Q.850")) || !reason.cause || reason.cause > 127)
			continue;
		cause->value = reason.cause;
		if (reason.has_location)
			cause->location = reason.location;
		return;
	}
	preemption = map_preemption_cause(profile, msg);
	if (preemption)
		cause->value = preemption;
}

/* RFC 3261 20.43: the warn-code of the first value; -1 if there is none */
static int16_t warning_code(const struct sip_msg *msg)
{
	const struct sip_hdr *h = sip_msg_hdr(msg, SIP_HDR_WARNING);
	int16_t code = 0;

	if (!h || h->value.len < 3)
		return -1;
	for (unsigned int i = 0; i < 3; i++) {
		if (h->value.p[i] < '0' || h->value.p[i] > '9')
			return -1;
		code = 10 * code + h->value.p[i] - '0';
	}
	return code;
}

static uint8_t location_of(int16_t column, uint16_t status, uint8_t network)
{
	if (column == LOC_OF_CLASS)
		column = status >= 600 ? ISUP_LOC_USER : LOC_NETWORK;
	return column == LOC_NETWORK ? network : column;
}

/* RFC 3398 8.2.6.1 */
void map_status_to_cause(const struct map_profile *profile, struct isup_cause *cause, uint16_t status,
			 const struct sip_msg *response, uint8_t location)
{
	int16_t in[] = { status, response ? warning_code(response) : -1 };
	const int16_t *out = map_table_find(profile->tables[MAP_TABLE_STATUS_TO_CAUSE], in);

	map_cause_init(cause, out[0], location_of(out[1], status, location));
	if (response)
		reason_to_cause(profile, cause, response);
}

/* RFC 3398 7.2.3 */
void map_request_to_cause(const struct map_profile *profile, struct isup_cause *cause, enum sip_method method,
			  const struct sip_msg *request, uint8_t location)
{
	const int16_t *out = map_table_find(profile->tables[MAP_TABLE_REQUEST_TO_CAUSE], (int16_t[]){ method });

	map_cause_init(cause, out[0], location_of(out[1], 0, location));
	if (request)
		reason_to_cause(profile, cause, request);
}

void map_put_reason(struct sip_buf *buf, const struct isup_cause *cause)
{
	const char *name = isup_cause_name(cause->value);

	if (cause->coding)
		return;
	sip_put_lit(buf, "Reason: Q.850;cause=");
	sip_put_uint(buf, cause->value);
	if (*name != '?') {
		sip_put_lit(buf, ";text=\"");
		sip_put_z(buf, name);
		sip_put_lit(buf, "\"");
	}
	sip_put_lit(buf, ";location=");
	sip_put_str(buf, sip_location_name(cause->location & 0x0f));
	sip_put_lit(buf, "\r\n");
}

void map_put_new_number(struct sip_buf *buf, const struct isup_cause *cause, const struct map_numbering *numbering,
			const char *hostport)
{
	struct isup_number number;
	char key[MAP_KEY_SIZE];

	if (new_number(&number, cause) || map_number_to_key(key, sizeof(key), &number, numbering) < 0)
		return;
	sip_put_lit(buf, "Contact: <");
	map_put_number_uri(buf, key, NULL, hostport);
	sip_put_lit(buf, ">\r\n");
}
