/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Print and scan one parameter by its row. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_rows.h"

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

/* ---- Strings beside the bit fields ---- */

static uint8_t rest_len(const struct isup_rest *rest, const void *item)
{
	return ((const uint8_t *)item)[rest->n_offset];
}

static bool has_pool(const struct isup_par_def *def)
{
	return def->rests == isup_element_rests;
}

/* Its octets or digits; of an element they lie in the pool. */
static uint8_t *rest_octets(const struct isup_par_def *def, const struct isup_rest *rest, const void *par,
			    const void *item)
{
	if (has_pool(def))
		return ((struct isup_elements *)par)->pool + ((const struct isup_element *)item)->at;
	return (uint8_t *)item + rest->offset;
}

int isup_par_print_rest_buf(char *buf, size_t size, const struct isup_par_def *def, const struct isup_rest *rest,
			    const void *par, const void *item)
{
	const uint8_t *octets = rest_octets(def, rest, par, item);
	uint8_t len = rest_len(rest, item);

	if (rest->digits)
		return snprintf(buf, size, "%.*s", len, (const char *)octets);
	return len ? isup_par_print_hex(buf, size, octets, len) : 0;
}

static int scan_digits(struct span value, const struct isup_rest *rest, uint8_t *digits)
{
	if (value.len > rest->max)
		return -EINVAL;
	for (size_t i = 0; i < value.len; i++) {
		int code = hex_digit(value.at[i]);
		if (code < 0)
			return -EINVAL;
		digits[i] = "0123456789ABCDEF"[code];
	}
	digits[value.len] = '\0';
	return value.len;
}

/* The content of an element comes behind the others' in the pool; once, or there would be a hole. */
static int scan_pool(struct span value, struct isup_elements *elements, struct isup_element *element)
{
	int rc;

	if (element->n_content)
		return -EINVAL;
	rc = isup_par_scan_hex(value.at, value.len, elements->pool + elements->n_pool,
			       sizeof(elements->pool) - elements->n_pool);
	if (rc < 0)
		return rc;
	element->at = elements->n_pool;
	elements->n_pool += rc;
	return rc;
}

static int scan_rest(const struct isup_par_def *def, const struct isup_rest *rest, struct span value,
		     void *par, void *item)
{
	uint8_t *octets = rest_octets(def, rest, par, item);
	int rc;

	if (has_pool(def))
		rc = scan_pool(value, par, item);
	else if (rest->digits)
		rc = scan_digits(value, rest, octets);
	else
		rc = isup_par_scan_hex(value.at, value.len, octets, rest->max);
	if (rc >= 0)
		((uint8_t *)item)[rest->n_offset] = rc;
	return rc < 0 ? rc : 0;
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

static int print_item(char *buf, size_t size, const struct isup_par_def *def, const void *par, const void *item)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	const char *sep = "";

	for (const struct isup_field *field = def->fields; field->name; field++) {
		if (!isup_field_present(def, field, item))
			continue;
		OSMO_STRBUF_PRINTF(sb, "%s%s=", sep, field->name);
		OSMO_STRBUF_APPEND(sb, print_field, field, item);
		sep = " ";
	}
	for (const struct isup_rest *rest = def->rests; rest && rest->name; rest++) {
		if (!rest->digits && !rest_len(rest, item))
			continue;
		OSMO_STRBUF_PRINTF(sb, "%s%s=", sep, rest->name);
		OSMO_STRBUF_APPEND(sb, isup_par_print_rest_buf, def, rest, par, item);
		sep = " ";
	}
	return sb.chars_needed;
}

static int print_items(char *buf, size_t size, const struct isup_par_def *def, const void *par)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };

	for (unsigned int i = 0; i < isup_par_n_items(def, par); i++) {
		OSMO_STRBUF_PRINTF(sb, i ? " " : "");
		OSMO_STRBUF_APPEND(sb, print_item, def, par, isup_par_item(def, par, i));
	}
	return sb.chars_needed;
}

int isup_par_print_buf(char *buf, size_t size, const struct isup_par_def *def, uint8_t code,
		       const uint8_t *octets, size_t len)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	union isup_par_any par;
	size_t begin;
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
	begin = sb.chars_needed;
	OSMO_STRBUF_APPEND(sb, print_items, def, &par);
	if (!all) {
		OSMO_STRBUF_PRINTF(sb, "%soctets=", sb.chars_needed > begin ? " " : "");
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

static unsigned int max_items(const struct isup_par_def *def)
{
	return def->rests == isup_element_rests ? ISUP_ELEMENTS_MAX : (def->size - 1) / def->item_size;
}

/* The struct that the field is to be set in: of a list the newest item, the first field begins one. */
static void *scan_item(const struct isup_par_def *def, const struct isup_field *field, void *inout)
{
	uint8_t *n = inout;

	if (!isup_par_is_list(def))
		return inout;
	if (field == def->fields) {
		if (*n == max_items(def))
			return NULL;
		memset(isup_par_item(def, inout, (*n)++), 0, def->item_size);
	}
	return *n ? isup_par_item(def, inout, *n - 1) : NULL;
}

static int scan_present(const struct isup_par_def *def, const struct isup_field *field, struct span value, void *item)
{
	uint8_t *present = item;

	if (!item)
		return -EINVAL;
	if (def->octets && def->octets[field->octet].kind != ISUP_OCTET_MUST)
		present[field->octet] = 1;
	return scan_field(field, value, item);
}

/* Sets the member called key; -ENOENT if the row has none. */
static int scan_member(const struct isup_par_def *def, struct span key, struct span value, void *inout)
{
	for (const struct isup_field *field = def->fields; field && field->name; field++) {
		if (span_is(key, field->name))
			return scan_present(def, field, value, scan_item(def, field, inout));
	}
	for (const struct isup_rest *rest = def->rests; rest && rest->name; rest++) {
		void *item = scan_item(def, NULL, inout);
		if (span_is(key, rest->name))
			return item ? scan_rest(def, rest, value, inout, item) : -EINVAL;
	}
	return -ENOENT;
}

/* The member that a bare word sets: an address has digits, a cause its value. */
static const char *principal(const struct isup_par_def *def)
{
	if (def->form == ISUP_FORM_NUMBER || !def->fields[0].name)
		return def->rests->name;
	return def->form == ISUP_FORM_CAUSE ? "value" : def->fields[0].name;
}

/* All fields, with blanks before them */
static void append_fields(struct osmo_strbuf *sb, const struct isup_par_def *def)
{
	for (const struct isup_field *field = def->fields; field && field->name; field++)
		OSMO_STRBUF_PRINTF(*sb, " %s", field->name);
	for (const struct isup_rest *rest = def->rests; rest && rest->name; rest++)
		OSMO_STRBUF_PRINTF(*sb, " %s", rest->name);
}

void isup_par_say_no_field(char *err, size_t err_size, const struct isup_par_def *def, const char *name, size_t len)
{
	struct osmo_strbuf sb = { .buf = err, .len = err_size };

	OSMO_STRBUF_PRINTF(sb, "%s has no field '%.*s', it has", def->name, (int)len, name);
	append_fields(&sb, def);
}

static int scan_words(const struct isup_par_def *def, struct span text, void *inout, char *err, size_t err_size)
{
	struct span word;

	if (isup_par_is_list(def) && text.len)
		memset(inout, 0, def->size);
	while ((word = take_word(&text)).len) {
		const char *equals = memchr(word.at, '=', word.len);
		const char *bare = principal(def);
		struct span key = { bare, strlen(bare) }, value = word;
		int rc;

		if (equals) {
			key = (struct span){ word.at, equals - word.at };
			value = (struct span){ equals + 1, word.at + word.len - (equals + 1) };
		}
		rc = scan_member(def, key, value, inout);
		if (rc == -ENOENT)
			isup_par_say_no_field(err, err_size, def, key.at, key.len);
		else if (rc < 0)
			snprintf(err, err_size, "%s: '%.*s' is no %.*s", def->name, (int)value.len, value.at,
				 (int)key.len, key.at);
		if (rc < 0)
			return rc == -ENOENT ? -ENOENT : -EINVAL;
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

/* The usual value without what may be missing: where other fields are named, those are there that are named. */
static void usual_bare(const struct isup_par_def *def, void *out)
{
	isup_par_usual(def, out);
	if (isup_par_is_list(def))
		return;
	if (def->octets)
		memset(out, 0, def->head);	/* present[] */
	for (const struct isup_rest *rest = def->rests; rest && rest->name; rest++) {
		if (!rest->digits)
			((uint8_t *)out)[rest->n_offset] = 0;
	}
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
	if (text_len)
		usual_bare(def, &par);
	else
		isup_par_usual(def, &par);
	rc = scan_words(def, span, &par, err, err_size);
	if (rc < 0)
		return rc;
	rc = isup_par_encode(def, &par, buf, size);
	if (rc < 0)
		snprintf(err, err_size, "%s(%.*s) cannot be encoded", def->name, (int)text_len, text);
	return rc < 0 ? -EINVAL : rc;
}
