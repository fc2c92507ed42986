/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the ISUP codec against messages and parameters that others made: 02-isup-vectors of the vectors' directory. */

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <osmocom/core/utils.h>

#include "csv.h"
#include "expect.h"
#include "isup/isup_dialect.h"

#define ITU (&isup_dialect_itu)
#define COLS 16

static char text[16384], err[256];
static unsigned int n_fields;

/* ---- CSV with a head line ---- */

struct csv {
	char head[1024], line[16384];
	const char *names[COLS], *cols[COLS];
};

static const char *col(const struct csv *csv, const char *name)
{
	for (unsigned int i = 0; i < COLS; i++) {
		if (strcmp(csv->names[i], name) == 0)
			return csv->cols[i];
	}
	EXPECT_STR("column", "", name);
	return "";
}

static int for_each_row(const char *dir, const char *name, void (*check)(const struct csv *csv))
{
	static struct csv csv;
	char path[512];
	FILE *file;
	int n = 0;

	snprintf(path, sizeof(path), "%s/02-isup-vectors/%s", dir, name);
	file = fopen(path, "r");
	if (!file || !fgets(csv.head, sizeof(csv.head), file)) {
		printf("%s is not here: skipped\n", path);
		if (file)
			fclose(file);
		return 0;
	}
	csv_split(csv.head, csv.names, COLS);
	while (fgets(csv.line, sizeof(csv.line), file)) {
		csv_split(csv.line, csv.cols, COLS);
		check(&csv);
		n++;
	}
	fclose(file);
	printf("%s: %d rows\n", name, n);
	return n;
}

/* ---- Expected fields: {"name": value | {"key": value …}, "optional": [["name", value | {…}] …]} ---- */

/* Their names of the mandatory parameters */
static const struct value_string mandatory_names[] = {
	{ ISUP_PAR_NCI, "nci" }, { ISUP_PAR_FCI, "fci" }, { ISUP_PAR_CPC, "cpc" }, { ISUP_PAR_TMR, "tmr" },
	{ ISUP_PAR_CALLED_NUMBER, "called" }, { ISUP_PAR_SUBSEQUENT_NUMBER, "subsequent" },
	{ ISUP_PAR_BCI, "bci" }, { ISUP_PAR_CAUSE, "cause" }, { ISUP_PAR_EVENT_INFO, "event_inf" },
	{ ISUP_PAR_RANGE_AND_STATUS, "range_status" }, { ISUP_PAR_CGS_MESSAGE_TYPE, "cgsmt" },
	{ ISUP_PAR_CONTINUITY_IND, "continuity_ind" }, { ISUP_PAR_INFORMATION_IND, "inf_ind" },
	{ ISUP_PAR_INFORMATION_REQUEST_IND, "inf_req_ind" }, { ISUP_PAR_SUSPEND_RESUME_IND, "sus_res_ind" },
	{}
};

/* Their names of members that we call otherwise */
static const struct {
	const char *theirs, *ours;
} member_names[] = {
	{ "international", "intl_call" }, { "isup", "isup_all_the_way" }, { "isup_pref", "isup_preference" },
	{ "sccp", "sccp_method" }, { "si", "screening" }, { "nqi", "qualifier" }, { "epri", "restricted" },
	{ "ri", "indicator" }, { "orig_reason", "original_reason" },
};

static const char *our_name(const char *theirs)
{
	for (size_t i = 0; i < ARRAY_SIZE(member_names); i++) {
		if (strcmp(member_names[i].theirs, theirs) == 0)
			return member_names[i].ours;
	}
	return theirs;
}

static void expect_hex(const char *what, const uint8_t *octets, size_t len, const char *hex)
{
	char ours[1024] = "";
	struct osmo_strbuf sb = { .buf = ours, .len = sizeof(ours) };

	for (size_t i = 0; i < len; i++)
		OSMO_STRBUF_PRINTF(sb, "%02x", octets[i]);
	EXPECT_STR(what, ours, hex);
	n_fields++;
}

static void expect_member(const char *what, const struct isup_par *par, const char *key, const char *value)
{
	const struct isup_par_def *def = isup_par_def(ITU, par->code);
	union isup_par_any any;

	if (isup_par_decode(def, par->val, par->len, &any) < 0) {
		EXPECT_STR(what, "does not decode", key);
	} else if (strcmp(key, "raw") == 0) {
		expect_hex(what, par->val, par->len, value);
	} else if (strcmp(key, "digits") == 0) {
		EXPECT_STR(what, any.number.digits, value);
	} else if (strcmp(key, "odd") == 0) {
		EXPECT_INT(what, any.number.n_digits % 2, atol(value));
	} else if (strcmp(key, "diagnostics") == 0) {
		expect_hex(what, any.cause.diagnostics, any.cause.n_diagnostics, value);
	} else if (strcmp(key, "status") == 0) {
		expect_hex(what, any.range_status.status, any.range_status.n_status, value);
	} else {
		for (const struct isup_field *field = def->fields; field->name; field++) {
			if (strcmp(field->name, our_name(key)))
				continue;
			EXPECT_INT(what, ((uint8_t *)&any)[field->offset], atol(value));
			n_fields++;
		}
	}
}

/* One scalar: a number or "text"; returns what follows. */
static const char *take_scalar(const char *json, char *buf, size_t size)
{
	bool quoted = *json == '"';
	size_t len;

	json += quoted;
	len = strcspn(json, quoted ? "\"" : ",]}");
	snprintf(buf, size, "%.*s", (int)len, json);
	return json + len + quoted;
}

/* A scalar is the octets, an object the members. par may be NULL: then it is only skipped. */
static const char *take_value(const char *json, const char *what, const struct isup_par *par)
{
	char key[64], value[1024];

	if (*json != '{') {
		json = take_scalar(json, value, sizeof(value));
		if (par)
			expect_hex(what, par->val, par->len, value);
		return json;
	}
	while (*json != '}') {
		json = take_scalar(json + 1, key, sizeof(key)) + 1;
		json = take_scalar(json, value, sizeof(value));
		if (par)
			expect_member(what, par, key, value);
	}
	return json + 1;
}

static const char *take_optional(const char *json, const char *what, const struct isup_msg *msg)
{
	const struct isup_par *par = msg->pars;
	char name[64];

	for (; *json != ']'; par++) {
		while (par < msg->pars + msg->n_pars && !par->optional)
			par++;
		json = take_scalar(json + 2, name, sizeof(name));
		if (par == msg->pars + msg->n_pars) {
			EXPECT_STR(what, "no such parameter", name);
			return "}";
		}
		json = take_value(json + 1, what, par) + 1;
	}
	return json + 1;
}

static void check_expected(const char *what, const char *json, const struct isup_msg *msg)
{
	char name[64];

	while (*json && *json != '}') {
		const struct isup_par *par;
		int code;

		json = take_scalar(json + 1, name, sizeof(name)) + 1;
		if (strcmp(name, "optional") == 0) {
			json = take_optional(json, what, msg);
			continue;
		}
		code = get_string_value(mandatory_names, name);
		par = code > 0 ? isup_msg_find(msg, code) : NULL;
		if (!par && strcmp(name, "cic"))
			EXPECT_STR(what, "no such parameter", name);
		json = take_value(json, what, par);
	}
}

/* The files are written with a blank after each , and : or without */
static char *without_blanks(const char *json)
{
	static char buf[16384];
	char *to = buf;

	for (; *json; json++) {
		if (*json != ' ')
			*to++ = *json;
	}
	*to = '\0';
	return buf;
}

/* ---- Messages ---- */

static void try_octets(const char *what, const uint8_t *octets, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1), buf[1024];
	struct isup_msg msg, again;
	union isup_par_any any;

	memcpy(exact, octets, len);
	if (isup_msg_decode(&msg, ITU, exact, len, NULL) == 0) {
		for (unsigned int i = 0; i < msg.n_pars; i++)
			isup_msg_get(&msg, msg.pars[i].code, &any);
		isup_msg_print_buf(text, sizeof(text), &msg);
		err[0] = '\0';
		isup_msg_scan(&again, ITU, text, err, sizeof(err));
		EXPECT_STR(what, err, "");
		EXPECT_INT(what, isup_msg_encode(&again, buf, sizeof(buf)), len);
		EXPECT_INT(what, memcmp(buf, octets, len), 0);
	}
	free(exact);
}

static void damage(const char *what, const uint8_t *octets, size_t len)
{
	uint8_t changed[1024];

	for (size_t cut = 0; cut <= len; cut++)
		try_octets(what, octets, cut);
	memcpy(changed, octets, len);
	for (size_t at = 0; at < len; at++) {
		for (unsigned int value = 0; value < 256; value++) {
			changed[at] = value;
			try_octets(what, changed, len);
		}
		changed[at] = octets[at];
	}
}

static void check_message(const struct csv *csv)
{
	const char *name = col(csv, "name"), *status = col(csv, "status");
	uint8_t octets[1024], buf[1024];
	struct isup_msg msg;
	int len = osmo_hexparse(col(csv, "hex_without_cic"), octets, sizeof(octets));
	int rc = isup_msg_decode(&msg, ITU, octets, len, NULL);

	damage(name, octets, len);
	if (strcmp(status, "wellformed")) {
		EXPECT(strcmp(status, "malformed") || rc == -EBADMSG);
		return;
	}
	EXPECT_INT(name, rc, 0);
	EXPECT_STR(name, isup_msg_name(ITU, msg.type), col(csv, "message"));
	EXPECT_INT(name, isup_msg_encode_pars(&msg, buf, sizeof(buf)), len);
	EXPECT_INT(name, memcmp(buf, octets, len), 0);
	check_expected(name, without_blanks(col(csv, "expected_fields_json")), &msg);
}

/* What their decoder calls cut short or led astray must be refused; the rest only survived. */
static void check_malformed(const struct csv *csv)
{
	static const char *const refused[] = { "fixed truncated", "pointer", "overruns", "zero mandatory" };
	uint8_t octets[1024];
	struct isup_msg msg;
	int len = osmo_hexparse(col(csv, "hex_without_cic"), octets, sizeof(octets));
	int rc;

	if (len < 0)
		return;
	damage(col(csv, "name"), octets, len);
	rc = isup_msg_decode(&msg, ITU, octets, len, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		if (strstr(col(csv, "own_decoder"), refused[i]))
			EXPECT_INT(col(csv, "name"), rc, -EBADMSG);
	}
}

/* A parameter as the only optional one of an ANM */
static void check_parameter(const struct csv *csv)
{
	const char *name = col(csv, "name");
	uint8_t octets[1024];
	struct isup_msg msg;
	int len = osmo_hexparse(col(csv, "as_ANM_optional_hex") + 4, octets, sizeof(octets));

	damage(name, octets, len);
	EXPECT_INT(name, isup_msg_decode(&msg, ITU, octets, len, NULL), 0);
	EXPECT_INT(name, msg.n_pars, 1);
	EXPECT_INT(name, msg.pars[0].code, strtol(col(csv, "parameter_code"), NULL, 0));
	expect_hex(name, msg.pars[0].val, msg.pars[0].len, col(csv, "value_hex"));
	take_value(without_blanks(col(csv, "own_decode")), name, &msg.pars[0]);
}

int main(int argc, char **argv)
{
	int n;

	if (argc != 2)
		return 2;
	n = for_each_row(argv[1], "isup_constructed.csv", check_message);
	n += for_each_row(argv[1], "isup_thirdparty.csv", check_message);
	n += for_each_row(argv[1], "isup_malformed.csv", check_malformed);
	n += for_each_row(argv[1], "isup_param_vectors.csv", check_parameter);
	printf("%u fields compared\n", n_fields);
	if (n == 0)
		return 77;
	return expect_failures != 0;
}
