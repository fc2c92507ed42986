/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An ISUP message as a JSON object: printed by the rows, read with libjansson into the text form of the codec. */

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include <jansson.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"

#include "isupsim_json.h"

/* ---- Print; names and words of the rows need no quoting ---- */

static void print_string(FILE *out, const char *string)
{
	size_t len = strlen(string);

	/* all that is not ASCII in our sentences is within: at the end it was cut by snprintf() */
	while (len && (uint8_t)string[len - 1] >= 0x80)
		len--;
	fputc('"', out);
	for (size_t i = 0; i < len; i++) {
		if ((uint8_t)string[i] < ' ' || string[i] == '"' || string[i] == '\\')
			fprintf(out, "\\u%04x", string[i]);
		else
			fputc(string[i], out);
	}
	fputc('"', out);
}

static void print_octets(FILE *out, const char *sep, const uint8_t *octets, size_t len)
{
	fprintf(out, "%s\"octets\": \"0x", sep);
	for (size_t i = 0; i < len; i++)
		fprintf(out, "%02x", octets[i]);
	fputc('"', out);
}

static void print_field(FILE *out, const char *sep, const struct isup_field *field, const void *item)
{
	unsigned int number = isup_field_get(field, item);
	const struct isup_value *value = isup_field_value(field, number);

	fprintf(out, "%s\"%s\": {\"value\": %u", sep, field->name, number);
	if (value && value->word)
		fprintf(out, ", \"word\": \"%s\"", value->word);
	fputc('}', out);
}

/* The members of one item, of which only lists have several */
static void print_fields(FILE *out, const struct isup_par_def *def, const void *par, const void *item)
{
	const char *sep = "";

	fputc('{', out);
	for (const struct isup_field *field = def->fields; field->name; field++) {
		if (!isup_field_present(def, field, item))
			continue;
		print_field(out, sep, field, item);
		sep = ", ";
	}
	for (const struct isup_rest *rest = def->rests; rest && rest->name; rest++) {
		char text[2 * UINT8_MAX + 3] = "";

		isup_par_print_rest_buf(text, sizeof(text), def, rest, par, item);
		fprintf(out, "%s\"%s\": \"%s\"", sep, rest->name, text);
		sep = ", ";
	}
	fputc('}', out);
}

static void print_items(FILE *out, const struct isup_par_def *def, const void *par)
{
	if (!isup_par_is_list(def)) {
		fprintf(out, ", \"fields\": ");
		print_fields(out, def, par, par);
		return;
	}
	fprintf(out, ", \"items\": ");
	for (unsigned int i = 0; i < isup_par_n_items(def, par); i++) {
		fprintf(out, i ? ", " : "[");
		print_fields(out, def, par, isup_par_item(def, par, i));
	}
	fputc(']', out);
}

static void print_par(FILE *out, const struct isup_msg *msg, const struct isup_par *par)
{
	const struct isup_par_def *def = isup_par_def(msg->dialect, par->code);
	union isup_par_any any;
	bool all = false;

	fputc('{', out);
	if (def)
		fprintf(out, "\"name\": \"%s\", ", def->name);
	fprintf(out, "\"code\": %u", par->code);
	if (def && isup_par_decode(def, par->val, par->len, &any) == 0) {
		print_items(out, def, &any);
		all = isup_par_says_all(def, &any, par->val, par->len);
	}
	if (!all)
		print_octets(out, ", ", par->val, par->len);
	fputc('}', out);
}

static void print_message(FILE *out, const struct isup_msg *msg, bool with_cic)
{
	const struct isup_msg_def *def = isup_msg_def(msg->dialect, msg->type);
	unsigned int spare = msg->cic >> msg->dialect->cic_bits;

	if (def)
		fprintf(out, "{\"message\": \"%s\"", def->name);
	else
		fprintf(out, "{\"message\": \"MSG-0x%02x\"", msg->type);
	if (with_cic)
		fprintf(out, ", \"cic\": %u", msg->cic & ((1 << msg->dialect->cic_bits) - 1));
	if (with_cic && spare)
		fprintf(out, ", \"cic_spare\": %u", spare);
	fprintf(out, ", \"parameters\": [");
	for (unsigned int i = 0; i < msg->n_pars; i++) {
		fprintf(out, i ? ", " : "");
		print_par(out, msg, &msg->pars[i]);
	}
	fputc(']', out);
	if (!isup_msg_says_all(msg))
		print_octets(out, ", ", msg->octets + 1, msg->octets_len - 1);
}

void sim_json_print(FILE *out, const struct isup_msg *msg, bool with_cic)
{
	struct isup_msg inner;

	print_message(out, msg, with_cic);
	if (isup_msg_inner(&inner, msg) == 0) {
		fprintf(out, ", \"content\": ");
		print_message(out, &inner, false);
		fputc('}', out);
	}
	fputc('}', out);
}

void sim_json_print_error(FILE *out, const char *what, int offset)
{
	fprintf(out, "{\"error\": ");
	print_string(out, what);
	if (offset >= 0)
		fprintf(out, ", \"offset\": %d", offset);
	fputc('}', out);
}

/* ---- Read: the object is written as the text that isup_msg_scan() reads ---- */

struct reader {
	const struct isup_dialect *dialect;
	struct sim_json_error *err;
	bool inner;			/* a message in another one */
	struct osmo_strbuf text;
	char buf[65536];
};

static int fail(struct reader *reader, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static int fail(struct reader *reader, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reader->err->what, sizeof(reader->err->what), fmt, ap);
	va_end(ap);
	reader->err->offset = -1;
	return -EINVAL;
}

/* Only such strings may go into the text, and be quoted in an error. */
static bool is_word(const char *string)
{
	for (; *string; string++) {
		if (!isalnum((unsigned char)*string) && *string != '-' && *string != '_')
			return false;
	}
	return true;
}

static bool is_ascii(const char *string)
{
	while (*string && (uint8_t)*string < 0x80)
		string++;
	return !*string;
}

/* The string of a member; NULL, and the error, if it is something else */
static const char *take_word(struct reader *reader, const char *name, const json_t *json)
{
	const char *word = json_string_value(json);

	if (word && is_word(word))
		return word;
	fail(reader, "%s takes a string of letters, digits, '-' and '_'", name);
	return NULL;
}

/* An integer from 0 to max, -EINVAL and the error if it is none */
static int take_number(struct reader *reader, const char *name, const json_t *json, int max)
{
	json_int_t number = json_is_integer(json) ? json_integer_value(json) : -1;

	if (number < 0 || number > max)
		return fail(reader, "%s takes a number from 0 to %d", name, max);
	return number;
}

/* Every member must be one of these names (NULL ends). */
static int check_members(struct reader *reader, const char *what, json_t *object, const char *const *names)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return fail(reader, "%s is no object", what);
	json_object_foreach(object, key, value) {
		const char *const *name = names;

		while (*name && strcmp(*name, key))
			name++;
		if (!*name)
			return fail(reader, "%s has no member '%s'", what, is_word(key) ? key : "?");
	}
	return 0;
}

/* A number, a word, or an object with either or both, which then mean the same */
static int read_field(struct reader *reader, const struct isup_field *field, json_t *json)
{
	static const char *const members[] = { "value", "word", NULL };
	const json_t *value = json, *word = json;
	const struct isup_value *row;
	const char *text;
	int number;

	if (json_is_object(json)) {
		value = json_object_get(json, "value");
		word = json_object_get(json, "word");
		if (check_members(reader, field->name, json, members) < 0)
			return -EINVAL;
	}
	if (!value || json_is_string(value)) {
		text = take_word(reader, field->name, word);
		if (!text)
			return -EINVAL;
		OSMO_STRBUF_PRINTF(reader->text, " %s=%s", field->name, text);
		return 0;
	}
	number = take_number(reader, field->name, value, (1 << field->width) - 1);
	if (number < 0)
		return number;
	row = isup_field_value(field, number);
	if (value != json && word && (!row || !row->word || !json_is_string(word) ||
				      strcmp(json_string_value(word), row->word)))
		return fail(reader, "%s: value and word do not mean the same", field->name);
	OSMO_STRBUF_PRINTF(reader->text, " %s=%d", field->name, number);
	return 0;
}

static int read_member(struct reader *reader, const struct isup_par_def *def, const char *key, json_t *json)
{
	const struct isup_rest *rest = def->rests;
	const char *word;

	for (const struct isup_field *field = def->fields; field && field->name; field++) {
		if (strcmp(field->name, key) == 0)
			return read_field(reader, field, json);
	}
	while (rest && rest->name && strcmp(rest->name, key))
		rest++;
	if (!rest || !rest->name)
		return fail(reader, "%s has no field '%s'", def->name, is_word(key) ? key : "?");
	word = take_word(reader, key, json);
	if (!word)
		return -EINVAL;
	if (*word || rest->digits)
		OSMO_STRBUF_PRINTF(reader->text, " %s=%s", key, word);
	return 0;
}

/* All members of the object but the one called done */
static int read_fields(struct reader *reader, const struct isup_par_def *def, json_t *json, const char *done)
{
	const char *key;
	json_t *value;

	if (!json_is_object(json))
		return fail(reader, isup_par_is_list(def) ? "an item is no object" : "fields is no object");
	json_object_foreach(json, key, value) {
		if ((!done || strcmp(key, done)) && read_member(reader, def, key, value) < 0)
			return -EINVAL;
	}
	return 0;
}

/* Each item begins with the first field of the row, whatever the order here. */
static int read_items(struct reader *reader, const struct isup_par_def *def, json_t *json)
{
	const char *begin = def->fields->name;

	if (!json_is_array(json) || !json_array_size(json))
		return fail(reader, "items is no array, or empty");
	for (size_t i = 0; i < json_array_size(json); i++) {
		json_t *item = json_array_get(json, i), *first = json_object_get(item, begin);

		if (json_is_object(item) && !first)
			return fail(reader, "an item of %s has no %s", def->name, begin);
		if ((first && read_field(reader, def->fields, first) < 0) || read_fields(reader, def, item, begin) < 0)
			return -EINVAL;
	}
	return 0;
}

/* The code by "name", by "code", or by both, which then mean the same */
static int read_code(struct reader *reader, json_t *par)
{
	const json_t *json_name = json_object_get(par, "name"), *json_code = json_object_get(par, "code");
	const char *name;
	uint8_t by_name;
	int code = -1;

	if (!json_name && !json_code)
		return fail(reader, "a parameter has neither name nor code");
	if (json_code) {
		code = take_number(reader, "code", json_code, UINT8_MAX);
		if (code < 0)
			return code;
	}
	if (!json_name)
		return code;
	name = take_word(reader, "name", json_name);
	if (!name)
		return -EINVAL;
	if (!isup_par_def_by_name(reader->dialect, name, &by_name))
		return fail(reader, "no parameter is called '%s'", name);
	if (json_code && code != by_name)
		return fail(reader, "%s has code %u, not %d", name, by_name, code);
	return by_name;
}

static int read_par(struct reader *reader, json_t *par)
{
	static const char *const members[] = { "name", "code", "fields", "items", "octets", NULL };
	json_t *fields = json_object_get(par, "fields"), *items = json_object_get(par, "items");
	json_t *octets = json_object_get(par, "octets");
	const struct isup_par_def *def;
	const char *hex;
	int code;

	if (check_members(reader, "a parameter", par, members) < 0)
		return -EINVAL;
	code = read_code(reader, par);
	if (code < 0)
		return code;
	def = isup_par_def(reader->dialect, code);
	if (def)
		OSMO_STRBUF_PRINTF(reader->text, " %s(", def->name);
	else
		OSMO_STRBUF_PRINTF(reader->text, " param0x%02x(", code);
	if (!def && !octets)
		return fail(reader, "parameter %d is not known: it takes octets", code);
	if (def && (isup_par_is_list(def) ? fields : items))
		return fail(reader, "%s has %s", def->name, fields ? "items, not fields" : "fields, not items");
	if (octets) {
		hex = take_word(reader, "octets", octets);
		if (!hex)
			return -EINVAL;
		OSMO_STRBUF_PRINTF(reader->text, "octets=%s", hex);
	} else if ((fields && read_fields(reader, def, fields, NULL) < 0) ||
		   (items && read_items(reader, def, items) < 0)) {
		return -EINVAL;
	}
	OSMO_STRBUF_PRINTF(reader->text, ")");
	return 0;
}

static int read_cic(struct reader *reader, json_t *message)
{
	const json_t *json_cic = json_object_get(message, "cic"), *json_spare = json_object_get(message, "cic_spare");
	unsigned int bits = reader->dialect->cic_bits;
	int cic = 0, spare = 0;

	if (json_cic)
		cic = take_number(reader, "cic", json_cic, (1 << bits) - 1);
	if (cic >= 0 && json_spare)
		spare = take_number(reader, "cic_spare", json_spare, (1 << (16 - bits)) - 1);
	if (cic < 0 || spare < 0)
		return -EINVAL;
	OSMO_STRBUF_PRINTF(reader->text, " cic=%d", spare << bits | cic);
	return 0;
}

static int scan_message(struct reader *reader, struct isup_msg *msg, json_t *message);

/* A message inside: its octets are those of the outer one. */
static int read_content(struct reader *reader, json_t *content)
{
	struct reader inner = { .dialect = reader->dialect, .err = reader->err, .inner = true };
	uint8_t octets[2 * ISUP_MSG_OCTETS_MAX];
	struct isup_msg msg;
	int rc;

	if (reader->inner)
		return fail(reader, "a message inside a message inside a message");
	if (scan_message(&inner, &msg, content) < 0)
		return -EINVAL;
	rc = isup_msg_encode(&msg, octets, sizeof(octets));
	if (rc < 0)
		return fail(reader, "%s", sim_json_encode_error(rc));
	OSMO_STRBUF_PRINTF(reader->text, " octets=");
	OSMO_STRBUF_APPEND(reader->text, isup_par_print_hex, octets, rc);
	return 0;
}

static int read_message(struct reader *reader, json_t *message)
{
	static const char *const members[] = { "message", "cic", "cic_spare", "parameters", "octets", "content", NULL };
	json_t *pars = json_object_get(message, "parameters"), *octets = json_object_get(message, "octets");
	json_t *content = json_object_get(message, "content");
	const char *word;

	if (check_members(reader, "the message", message, members) < 0)
		return -EINVAL;
	word = take_word(reader, "message", json_object_get(message, "message"));
	if (!word)
		return -EINVAL;
	OSMO_STRBUF_PRINTF(reader->text, "%s", word);
	if (read_cic(reader, message) < 0)
		return -EINVAL;
	if (pars && !json_is_array(pars))
		return fail(reader, "parameters is no array");
	if (octets) {	/* they say all */
		word = take_word(reader, "octets", octets);
		if (!word)
			return -EINVAL;
		OSMO_STRBUF_PRINTF(reader->text, " octets=%s", word);
		return 0;
	}
	if (content)
		return read_content(reader, content);
	for (size_t i = 0; i < json_array_size(pars); i++) {
		if (read_par(reader, json_array_get(pars, i)) < 0)
			return -EINVAL;
	}
	return 0;
}

const char *sim_json_encode_error(int rc)
{
	switch (rc) {
	case -EINVAL:
		return "a mandatory parameter has a length that the message cannot carry";
	case -EMSGSIZE:
		return "a pointer cannot reach that far";
	default:
		return "too long for a message";
	}
}

/* The object as a message */
static int scan_message(struct reader *reader, struct isup_msg *msg, json_t *message)
{
	int rc;

	reader->text = (struct osmo_strbuf){ .buf = reader->buf, .len = sizeof(reader->buf) };
	rc = read_message(reader, message);
	if (rc == 0 && reader->text.chars_needed >= sizeof(reader->buf))
		rc = fail(reader, "too long for a message");
	if (rc < 0)
		return rc;
	reader->err->offset = -1;
	return isup_msg_scan(msg, reader->dialect, reader->buf, reader->err->what, sizeof(reader->err->what));
}

/* NULL and the error if it is no JSON */
static json_t *load(struct reader *reader, const char *json, size_t len)
{
	json_error_t syntax;
	json_t *object = json_loadb(json, len, JSON_REJECT_DUPLICATES, &syntax);

	if (!object) {
		fail(reader, "no JSON: %s", is_ascii(syntax.text) ? syntax.text : "syntax");
		reader->err->offset = syntax.position;
	}
	return object;
}

int sim_json_scan(struct isup_msg *msg, const struct isup_dialect *dialect, const char *json, size_t len,
		  struct sim_json_error *err)
{
	struct reader reader = { .dialect = dialect, .err = err };
	json_t *message = load(&reader, json, len);
	int rc;

	if (!message)
		return -EINVAL;
	rc = scan_message(&reader, msg, message);
	json_decref(message);
	return rc;
}

/* ---- Read: a SIP message in pieces ---- */

/* Text, or "0xHEX". Returns the octets written. */
static int read_text(struct reader *reader, const json_t *json, uint8_t *buf, size_t size)
{
	const char *text = json_string_value(json);
	size_t len = json_string_length(json);
	int rc = -EINVAL;

	if (len >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		rc = isup_par_scan_hex(text, len, buf, size);
	} else if (is_ascii(text) && len <= size) {
		memcpy(buf, text, len);
		rc = len;
	}
	return rc < 0 ? fail(reader, "a piece is neither ASCII text nor 0xHEX, or too long") : rc;
}

static int read_piece(struct reader *reader, json_t *piece, uint8_t *buf, size_t size)
{
	const json_t *encoded = json_object_get(piece, "encoded");
	struct isup_msg msg;
	int rc;

	if (json_is_string(piece) || json_is_string(encoded))
		return read_text(reader, encoded ? : piece, buf, size);
	if (scan_message(reader, &msg, piece) < 0)
		return -EINVAL;
	rc = isup_msg_encode(&msg, buf, size);
	return rc < 0 ? fail(reader, "%s", sim_json_encode_error(rc)) : rc;
}

int sim_json_scan_sip(uint8_t *buf, size_t size, const struct isup_dialect *dialect, const char *json, size_t len,
		      struct sim_json_error *err)
{
	struct reader reader = { .dialect = dialect, .err = err };
	json_t *object = load(&reader, json, len);
	json_t *pieces = json_object_get(object, "sip");
	size_t at = 0;
	int rc = 0;

	if (!object)
		return -EINVAL;
	if (!json_is_array(pieces))
		rc = fail(&reader, "there is no array called sip");
	for (size_t i = 0; rc >= 0 && i < json_array_size(pieces); i++) {
		rc = read_piece(&reader, json_array_get(pieces, i), buf + at, size - at);
		at += rc;
	}
	json_decref(object);
	return rc < 0 ? rc : (int)at;
}
