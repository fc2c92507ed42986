/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Print and scan one parameter by its row. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_par.h"

#define VALUE_MAX 255	/* octets of one parameter */

/* A piece of the text that is scanned */
struct span {
	const char *at;
	size_t len;
};

static bool span_is(struct span span, const char *word)
{
	return strlen(word) == span.len && memcmp(span.at, word, span.len) == 0;
}

/* ---- Hexadecimal octets ---- */

int isup_par_print_hex(char *buf, size_t size, const uint8_t *octets, size_t len)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };

	OSMO_STRBUF_PRINTF(sb, "0x");
	for (size_t i = 0; i < len; i++)
		OSMO_STRBUF_PRINTF(sb, "%02x", octets[i]);
	return sb.chars_needed;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -EINVAL;
}

static bool is_hex(struct span span)
{
	return span.len >= 2 && span.at[0] == '0' && (span.at[1] == 'x' || span.at[1] == 'X');
}

int isup_par_scan_hex(const char *text, size_t text_len, uint8_t *buf, size_t size)
{
	size_t n = text_len / 2 - 1;

	if (!is_hex((struct span){ text, text_len }) || text_len % 2 || n > size)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		int high = hex_digit(text[2 + 2 * i]), low = hex_digit(text[3 + 2 * i]);
		if (high < 0 || low < 0)
			return -EINVAL;
		buf[i] = high << 4 | low;
	}
	return n;
}

/* ---- What a form has beside its bit fields ---- */

static int print_nothing(char *buf, size_t size, const void *in)
{
	return 0;
}

static int print_digits(char *buf, size_t size, const void *in)
{
	const struct isup_number *number = in;
	return snprintf(buf, size, "%.*s", number->n_digits, number->digits);
}

static int print_diagnostics(char *buf, size_t size, const void *in)
{
	const struct isup_cause *cause = in;
	return cause->n_diagnostics ? isup_par_print_hex(buf, size, cause->diagnostics, cause->n_diagnostics) : 0;
}

static int print_status(char *buf, size_t size, const void *in)
{
	const struct isup_range_status *rs = in;
	return rs->n_status ? isup_par_print_hex(buf, size, rs->status, rs->n_status) : 0;
}

static int print_content(char *buf, size_t size, const void *in)
{
	const struct isup_headed *headed = in;
	return headed->n_content ? isup_par_print_hex(buf, size, headed->content, headed->n_content) : 0;
}

static int scan_digits(struct span value, void *inout)
{
	struct isup_number *number = inout;

	if (value.len > ISUP_DIGITS_MAX)
		return -EINVAL;
	for (size_t i = 0; i < value.len; i++) {
		int code = hex_digit(value.at[i]);
		if (code < 0)
			return -EINVAL;
		number->digits[i] = "0123456789ABCDEF"[code];
	}
	number->digits[value.len] = '\0';
	number->n_digits = value.len;
	return 0;
}

static int scan_diagnostics(struct span value, void *inout)
{
	struct isup_cause *cause = inout;
	int rc = isup_par_scan_hex(value.at, value.len, cause->diagnostics, sizeof(cause->diagnostics));

	if (rc >= 0)
		cause->n_diagnostics = rc;
	return rc;
}

static int scan_status(struct span value, void *inout)
{
	struct isup_range_status *rs = inout;
	int rc = isup_par_scan_hex(value.at, value.len, rs->status, sizeof(rs->status));

	if (rc >= 0)
		rs->n_status = rc;
	return rc;
}

static int scan_content(struct span value, void *inout)
{
	struct isup_headed *headed = inout;
	int rc = isup_par_scan_hex(value.at, value.len, headed->content, sizeof(headed->content));

	if (rc >= 0)
		headed->n_content = rc;
	return rc;
}

struct form_text {
	const char *word;	/* of the member that is no bit field */
	const char *principal;	/* field that a bare word sets; NULL: the first one */
	bool always;		/* printed even if it is empty */
	int (*print)(char *buf, size_t size, const void *in);
	int (*scan)(struct span value, void *inout);
};

static const struct form_text form_texts[] = {
	[ISUP_FORM_OCTETS] = { .print = print_nothing },
	[ISUP_FORM_BITS] = { .print = print_nothing },
	[ISUP_FORM_NUMBER] = { "digits", "digits", true, print_digits, scan_digits },
	[ISUP_FORM_CAUSE] = { "diagnostics", "value", false, print_diagnostics, scan_diagnostics },
	[ISUP_FORM_RANGE_STATUS] = { "status", "range", false, print_status, scan_status },
	[ISUP_FORM_HEADED] = { "content", NULL, false, print_content, scan_content },
	[ISUP_FORM_LIST] = { .print = print_nothing },
};

const char *isup_par_rest_name(const struct isup_par_def *def)
{
	return form_texts[def->form].word;
}

int isup_par_print_rest_buf(char *buf, size_t size, const struct isup_par_def *def, const void *in)
{
	return form_texts[def->form].print(buf, size, in);
}

/* ---- Fields ---- */

unsigned int isup_field_get(const struct isup_field *field, const void *par)
{
	const uint8_t *in = par;
	uint16_t half;
	uint32_t wide;

	if (field->width <= 8)
		return in[field->offset];
	if (field->width <= 16) {
		memcpy(&half, in + field->offset, sizeof(half));
		return half;
	}
	memcpy(&wide, in + field->offset, sizeof(wide));
	return wide;
}

const struct isup_value *isup_field_value(const struct isup_field *field, unsigned int number)
{
	for (const struct isup_value *value = field->values; value && value->title; value++) {
		if (value->value == number)
			return value;
	}
	return NULL;
}

static int print_field(char *buf, size_t size, const struct isup_field *field, const void *in)
{
	unsigned int number = isup_field_get(field, in);
	const struct isup_value *value = isup_field_value(field, number);

	if (value && value->word)
		return snprintf(buf, size, "%s", value->word);
	return snprintf(buf, size, "%u", number);
}

/* A decimal number of at most eight digits, -EINVAL if it is none */
static int scan_number(struct span span)
{
	int number = 0;

	if (!span.len || span.len > 8)
		return -EINVAL;
	for (size_t i = 0; i < span.len; i++) {
		if (span.at[i] < '0' || span.at[i] > '9')
			return -EINVAL;
		number = number * 10 + span.at[i] - '0';
	}
	return number;
}

static int scan_field(const struct isup_field *field, struct span span, uint8_t *inout)
{
	int number = scan_number(span);
	uint32_t wide;
	uint16_t half;

	for (const struct isup_value *value = field->values; number < 0 && value && value->title; value++) {
		if (value->word && span_is(span, value->word))
			number = value->value;
	}
	if (number < 0 || number >> field->width)
		return -EINVAL;
	wide = number;
	half = number;
	if (field->width <= 8)
		inout[field->offset] = number;
	else if (field->width <= 16)
		memcpy(inout + field->offset, &half, sizeof(half));
	else
		memcpy(inout + field->offset, &wide, sizeof(wide));
	return 0;
}

/* ---- Print ---- */

/* Several fields, or something beside them: they stand in parentheses. */
static bool in_parentheses(const struct isup_par_def *def)
{
	return def->form != ISUP_FORM_BITS || def->fields[1].name;
}

bool isup_par_says_all(const struct isup_par_def *def, const void *par, const uint8_t *octets, size_t len)
{
	uint8_t again[VALUE_MAX];
	int rc = isup_par_encode(def, par, again, sizeof(again));

	return rc >= 0 && (size_t)rc == len && memcmp(again, octets, len) == 0;
}

static int print_octets(char *buf, size_t size, const struct isup_par_def *def, uint8_t code,
			const uint8_t *octets, size_t len)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };

	if (def)
		OSMO_STRBUF_PRINTF(sb, "%s=", def->name);
	else
		OSMO_STRBUF_PRINTF(sb, "param0x%02x=", code);
	OSMO_STRBUF_APPEND(sb, isup_par_print_hex, octets, len);
	return sb.chars_needed;
}

static int print_fields(char *buf, size_t size, const struct isup_par_def *def, const void *in)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	const char *sep = "";

	for (unsigned int i = 0; i < isup_par_n_items(def, in); i++) {
		for (const struct isup_field *field = def->fields; field->name; field++) {
			OSMO_STRBUF_PRINTF(sb, "%s%s=", sep, field->name);
			OSMO_STRBUF_APPEND(sb, print_field, field, isup_par_item(def, in, i));
			sep = " ";
		}
	}
	return sb.chars_needed;
}

static int print_rest(char *buf, size_t size, const char *sep, const struct isup_par_def *def, const void *in)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	const struct form_text *form = &form_texts[def->form];

	if (!form->word || (!form->always && !form->print(NULL, 0, in)))
		return 0;
	OSMO_STRBUF_PRINTF(sb, "%s%s=", sep, form->word);
	OSMO_STRBUF_APPEND(sb, form->print, in);
	return sb.chars_needed;
}

int isup_par_print_buf(char *buf, size_t size, const struct isup_par_def *def, uint8_t code,
		       const uint8_t *octets, size_t len)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	union isup_par_any par;
	bool all;

	if (!def || isup_par_decode(def, octets, len, &par) < 0)
		return print_octets(buf, size, def, code, octets, len);
	all = isup_par_says_all(def, &par, octets, len);
	if (!in_parentheses(def) && !all)
		return print_octets(buf, size, def, code, octets, len);
	OSMO_STRBUF_PRINTF(sb, "%s", def->name);
	if (!in_parentheses(def)) {
		OSMO_STRBUF_PRINTF(sb, "=");
		OSMO_STRBUF_APPEND(sb, print_field, def->fields, &par);
		return sb.chars_needed;
	}
	OSMO_STRBUF_PRINTF(sb, "(");
	OSMO_STRBUF_APPEND(sb, print_fields, def, &par);
	OSMO_STRBUF_APPEND(sb, print_rest, def->fields->name ? " " : "", def, &par);
	if (!all) {
		OSMO_STRBUF_PRINTF(sb, " octets=");
		OSMO_STRBUF_APPEND(sb, isup_par_print_hex, octets, len);
	}
	OSMO_STRBUF_PRINTF(sb, ")");
	return sb.chars_needed;
}

/* ---- Scan ---- */

/* Takes the next word, empty at the end */
static struct span take_word(struct span *text)
{
	struct span word;

	while (text->len && *text->at == ' ') {
		text->at++;
		text->len--;
	}
	word = (struct span){ text->at, 0 };
	while (text->len && *text->at != ' ') {
		text->at++;
		text->len--;
		word.len++;
	}
	return word;
}

/* The struct that the field is to be set in: of a list the newest item, the first field begins one. */
static void *scan_item(const struct isup_par_def *def, const struct isup_field *field, void *inout)
{
	uint8_t *n = inout;

	if (def->form != ISUP_FORM_LIST)
		return inout;
	if (field == def->fields) {
		if (*n == (def->size - 1) / def->item_size)
			return NULL;
		memset(isup_par_item(def, inout, (*n)++), 0, def->item_size);
	}
	return *n ? isup_par_item(def, inout, *n - 1) : NULL;
}

/* Sets the member called key; -ENOENT if the row has none. */
static int scan_member(const struct isup_par_def *def, struct span key, struct span value, void *inout)
{
	const struct form_text *form = &form_texts[def->form];

	for (const struct isup_field *field = def->fields; field && field->name; field++) {
		if (span_is(key, field->name)) {
			void *item = scan_item(def, field, inout);
			return item ? scan_field(field, value, item) : -EINVAL;
		}
	}
	if (form->word && span_is(key, form->word))
		return form->scan(value, inout);
	return -ENOENT;
}

static int scan_words(const struct isup_par_def *def, struct span text, void *inout, char *err, size_t err_size)
{
	struct span word;

	if (def->form == ISUP_FORM_LIST && text.len)
		memset(inout, 0, def->size);
	while ((word = take_word(&text)).len) {
		const char *equals = memchr(word.at, '=', word.len);
		const char *principal = form_texts[def->form].principal ? : def->fields[0].name;
		struct span key = { principal, strlen(principal) }, value = word;
		int rc;

		if (equals) {
			key = (struct span){ word.at, equals - word.at };
			value = (struct span){ equals + 1, word.at + word.len - (equals + 1) };
		}
		rc = scan_member(def, key, value, inout);
		if (rc == -ENOENT)
			snprintf(err, err_size, "%s has no field '%.*s'", def->name, (int)key.len, key.at);
		else if (rc < 0)
			snprintf(err, err_size, "%s: '%.*s' is no %.*s", def->name, (int)value.len, value.at,
				 (int)key.len, key.at);
		if (rc < 0)
			return -EINVAL;
	}
	return 0;
}

/* The octets that stand in the text as such ("0xHEX" or "… octets=0xHEX"), empty span if there are none */
static struct span find_octets(struct span text)
{
	static const char key[] = "octets=";
	struct span word;

	while ((word = take_word(&text)).len) {
		if (is_hex(word))
			return word;
		if (word.len >= strlen(key) && memcmp(word.at, key, strlen(key)) == 0)
			return (struct span){ word.at + strlen(key), word.len - strlen(key) };
	}
	return (struct span){};
}

void isup_par_usual(const struct isup_par_def *def, void *out)
{
	int rc = 0;

	memset(out, 0, def->size);
	if (def->usual)
		rc = scan_words(def, (struct span){ def->usual, strlen(def->usual) }, out, NULL, 0);
	OSMO_ASSERT(rc == 0);
}

int isup_par_scan(const struct isup_par_def *def, const char *text, void *inout, char *err, size_t err_size)
{
	struct span span = { text, strlen(text) };
	struct span octets = find_octets(span);
	uint8_t buf[VALUE_MAX];
	int rc;

	if (!octets.len && def->form != ISUP_FORM_OCTETS)
		return scan_words(def, span, inout, err, err_size);
	rc = isup_par_scan_hex(octets.at, octets.len, buf, sizeof(buf));
	if (rc >= 0)
		rc = isup_par_decode(def, buf, rc, inout);
	if (rc < 0)
		snprintf(err, err_size, "%s: octets are broken", def->name);
	return rc < 0 ? -EINVAL : 0;
}

int isup_par_scan_octets(const struct isup_par_def *def, const char *text, size_t text_len,
			 uint8_t *buf, size_t size, char *err, size_t err_size)
{
	struct span span = { text, text_len };
	struct span octets = find_octets(span);
	union isup_par_any par;
	int rc;

	if (octets.len || !def || def->form == ISUP_FORM_OCTETS) {
		rc = isup_par_scan_hex(octets.at, octets.len, buf, size);
		if (rc < 0)
			snprintf(err, err_size, "'%.*s' is no 0xHEX", (int)text_len, text);
		return rc;
	}
	isup_par_usual(def, &par);
	if (scan_words(def, span, &par, err, err_size) < 0)
		return -EINVAL;
	rc = isup_par_encode(def, &par, buf, size);
	if (rc < 0)
		snprintf(err, err_size, "%s(%.*s) cannot be encoded", def->name, (int)text_len, text);
	return rc < 0 ? -EINVAL : rc;
}
