/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks every row of the tables of every dialect. */

#include <errno.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"
#include "isup/isup_t113.h"

#include "expect.h"

static const struct isup_dialect *dialect;
#define LETTERS_MAX 128

/* Which bit of the head a letter names */
static int bit_of(char letter)
{
	return letter <= 'X' ? letter - 'A' : letter - 'a' + 24;
}

static bool is_word(const char *word)
{
	return word[0] && strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(word);
}

/* ---- Fields ---- */

static void check_values(const char *where, const struct isup_field *field)
{
	for (const struct isup_value *value = field->values; value && value->title; value++) {
		EXPECT_INT(value->title, value->value >> field->width, 0);
		EXPECT(value->title[0]);
		if (value->word && !is_word(value->word))
			EXPECT_STR(where, value->word, "a word");
		/* else a word could be taken for a number */
		EXPECT(!value->word || strspn(value->word, "0123456789") < strlen(value->word));
		for (const struct isup_value *other = field->values; other < value; other++) {
			EXPECT(other->value != value->value);
			EXPECT(!other->word || !value->word || strcmp(other->word, value->word));
		}
	}
}

/* Of which octet of the head, and that one names its own letters */
static int bit_of_field(const struct isup_field *field, unsigned int i)
{
	return field->octet * 8 + bit_of(field->letters[i]);
}

/* Letters within the head, none twice, those of a narrow field side by side in one octet (the decoder relies on it) */
static void check_letters(const struct isup_par_def *def, const struct isup_field *field, bool used[LETTERS_MAX])
{
	EXPECT_INT(field->name, strlen(field->letters), field->width);
	EXPECT(field->width >= 1 && field->width <= 24);
	for (unsigned int i = 0; i < field->width; i++) {
		int bit = bit_of_field(field, i);

		EXPECT(bit >= 0 && bit < def->head * 8);
		if (bit < 0 || bit >= LETTERS_MAX)
			continue;
		if (used[bit])
			EXPECT_STR(def->title, field->letters, "letters of its own");
		used[bit] = true;
		if (field->width <= 8 && i > 0) {
			EXPECT_INT(field->name, bit, bit_of_field(field, i - 1) - 1);
			EXPECT_INT(field->name, bit / 8, bit_of_field(field, 0) / 8);
		}
	}
}

static void check_fields(const struct isup_par_def *def)
{
	bool used[LETTERS_MAX] = {};

	for (const struct isup_field *field = def->fields; field && field->name; field++) {
		if (!is_word(field->name))
			EXPECT_STR(def->title, field->name, "a word");
		EXPECT(field->offset + (field->width > 16 ? 4u : field->width > 8 ? 2u : 1u) <=
		       (unsigned int)(def->item_size ? : def->size));
		check_letters(def, field, used);
		check_values(def->name, field);
		for (const struct isup_field *other = def->fields; other < field; other++) {
			EXPECT(strcmp(other->name, field->name));
			EXPECT(other->offset != field->offset);
		}
	}
	EXPECT(!def->odd || !used[def->odd - 'A']);
	EXPECT(!def->ones || !used[def->ones - 'A']);
}

/* ---- Octets that may be missing, strings ---- */

/* present[] lies before all other members and has one for each octet */
static void check_octets(const struct isup_par_def *def)
{
	unsigned int n = 0;

	for (const struct isup_octet *octet = def->octets; octet->name; octet++, n++) {
		EXPECT(octet->kind != ISUP_OCTET_NEXT || (n > 0 && octet[-1].extended));
		EXPECT(!octet->mask || octet->kind == ISUP_OCTET_MAY);
		EXPECT((octet->value & ~octet->mask) == 0 && octet->of < n + 1);
	}
	EXPECT_INT(def->name, def->head, n);
	for (const struct isup_field *field = def->fields; field->name; field++) {
		EXPECT(field->octet < n && field->offset >= n);
		/* bit 8 is the extension indicator, bits that tell the octet are its own */
		for (unsigned int i = 0; i < field->width && field->width <= 8; i++) {
			int bit = bit_of(field->letters[i]) % 8;

			EXPECT(bit < 7 || !def->octets[field->octet].extended);
			EXPECT(def->octets[field->octet].of || !(def->octets[field->octet].mask & 1 << bit));
		}
	}
}

static void check_rests(const struct isup_par_def *def)
{
	for (const struct isup_rest *rest = def->rests; rest && rest->name; rest++) {
		EXPECT(is_word(rest->name) && rest->max);
		for (const struct isup_field *field = def->fields; field->name; field++)
			EXPECT(strcmp(field->name, rest->name) && field->offset != rest->n_offset);
	}
}

/* ---- Parameters ---- */

static void check_form(const struct isup_par_def *def)
{
	if (def->form == ISUP_FORM_OCTETS) {
		EXPECT(def->size == 0 && !def->fields && !def->head && !def->usual);
		return;
	}
	EXPECT(def->size > 0 && def->size <= sizeof(union isup_par_any));
	EXPECT(def->fields && def->head <= 16 && (def->head >= 1 || !def->fields->name));
	EXPECT((def->form >= ISUP_FORM_LIST) == isup_par_is_list(def));
	EXPECT(def->form == ISUP_FORM_NUMBER || !def->odd);
	if (def->octets)
		check_octets(def);
	check_rests(def);
	/* number, cause, range: the octets that are always there; bits: a later octet may be missing */
	EXPECT(def->form < ISUP_FORM_NUMBER || def->form > ISUP_FORM_HEADED || !def->head ||
	       def->min_len == def->head);
	EXPECT(def->form != ISUP_FORM_BITS || def->min_len <= def->head);
	EXPECT(def->form != ISUP_FORM_BITS || !def->max_len || def->max_len == def->head);
}

/* The usual value encodes, decodes to itself and is of a legal length. */
static void check_usual(const struct isup_par_def *def)
{
	union isup_par_any par, again;
	uint8_t buf[256];
	int rc;

	if (def->form == ISUP_FORM_OCTETS)
		return;
	isup_par_usual(def, &par);
	rc = isup_par_encode(def, &par, buf, sizeof(buf));
	EXPECT(rc >= def->min_len && (!def->max_len || rc <= def->max_len));
	EXPECT_INT(def->name, isup_par_decode(def, buf, rc, &again), 0);
	EXPECT_INT(def->name, memcmp(&par, &again, def->size), 0);
	EXPECT_INT(def->name, isup_par_decode(def, buf, def->min_len - 1, &again), -EBADMSG);
	for (int size = 0; size < rc; size++)
		EXPECT_INT(def->name, isup_par_encode(def, &par, buf, size), -ENOSPC);
}

/* The octets up to this one are there: of its group, and what a first octet says must be. */
static void make_present(const struct isup_par_def *def, unsigned int octet, union isup_par_any *par)
{
	uint8_t *present = isup_par_item(def, par, 0);

	if (def->octets[octet].of)
		par->usi.rate = def->octets[octet].value;	/* multirate, the only one of this kind */
	for (; def->octets[octet].kind != ISUP_OCTET_MUST; octet--) {
		present[octet] = 1;
		if (octet == 0 || (def->octets[octet].kind == ISUP_OCTET_MAY && def->octets[octet].mask))
			break;
	}
}

/* Each value of each field, one at a time: print, scan and the octets agree. */
static void check_each_value(const struct isup_par_def *def, const struct isup_field *field)
{
	unsigned int step = field->width > 16 ? 65793 : field->width > 8 ? 257 : 1;

	for (unsigned int value = 0; value < 1u << field->width; value += step) {
		union isup_par_any par, again;
		char text[512], err[128] = "";
		uint8_t buf[256], buf2[256];
		uint16_t half = value;
		uint8_t *member;
		int len, len2;

		isup_par_usual(def, &par);
		member = (uint8_t *)isup_par_item(def, &par, 0) + field->offset;
		if (field->width > 16)
			memcpy(member, &value, sizeof(value));
		else if (field->width > 8)
			memcpy(member, &half, sizeof(half));
		else
			*member = value;
		if (def->octets)
			make_present(def, field->octet, &par);
		len = isup_par_encode(def, &par, buf, sizeof(buf));
		if (len == -EINVAL && def->octets)
			continue;	/* it asks for another octet */
		EXPECT(len > 0 && isup_par_decode(def, buf, len, &again) == 0);
		EXPECT_INT(field->name, memcmp(&par, &again, def->size), 0);
		isup_par_print_buf(text, sizeof(text), def, 0, buf, len);
		EXPECT(!strstr(text, def->rests ? "octets=0x" : "=0x"));
		/* inside the parentheses, or after the equals sign */
		text[strlen(text) - (strchr(text, '(') != NULL)] = '\0';
		len2 = isup_par_scan_octets(def, text + strlen(def->name) + 1, strlen(text) - strlen(def->name) - 1,
					    buf2, sizeof(buf2), err, sizeof(err));
		EXPECT_STR(text, err, "");
		EXPECT(len2 == len && memcmp(buf, buf2, len) == 0);
	}
}

static void check_par(unsigned int code)
{
	const struct isup_par_def *def = isup_par_def(dialect, code);
	uint8_t found;

	if (!def)
		return;
	EXPECT(code != ISUP_PAR_END);
	if (!is_word(def->name))
		EXPECT_STR(def->title, def->name, "a word");
	EXPECT(strcmp(def->name, "cic") && strcmp(def->name, "octets") && strncmp(def->name, "param0", 6));
	EXPECT(def->title && def->title[0]);
	EXPECT(def->clause && (strncmp(def->clause, "3.", 2) == 0 || strncmp(def->clause, "T1.113.3", 8) == 0));
	EXPECT(def->min_len >= 1 || def->form == ISUP_FORM_NUMBER);
	EXPECT(!def->max_len || def->min_len <= def->max_len);
	EXPECT(isup_par_def_by_name(dialect, def->name, &found) == def);	/* so the name is unique */
	EXPECT_INT(def->name, found, code);
	check_form(def);
	check_fields(def);
	check_usual(def);
	for (const struct isup_field *field = def->fields; field && field->name; field++)
		check_each_value(def, field);
}

/* ---- Messages ---- */

static void check_codes(const struct isup_msg_def *def, const uint8_t *codes, size_t size, bool fixed)
{
	EXPECT_INT(def->name, codes[size - 1], 0);	/* the list ends */
	for (; *codes; codes++) {
		const struct isup_par_def *par = isup_par_def(dialect, *codes);

		EXPECT(par);
		if (par && fixed)
			EXPECT_INT(par->name, par->min_len, par->max_len);
	}
}

static void check_msg(unsigned int type)
{
	const struct isup_msg_def *def = isup_msg_def(dialect, type);

	if (!def)
		return;
	EXPECT(strspn(def->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(def->name));
	EXPECT(def->title && def->clause);
	check_codes(def, def->fixed, sizeof(def->fixed), true);
	check_codes(def, def->variable, sizeof(def->variable), false);
	EXPECT(!def->opaque || (!def->fixed[0] && !def->variable[0] && !def->optional));
	for (unsigned int other = 0; other < type; other++)
		EXPECT(!isup_msg_def(dialect, other) || strcmp(isup_msg_def(dialect, other)->name, def->name));
}

/* ---- Names ---- */

static void check_names(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < 256; i++)
		n += strcmp(isup_cause_name(i), "?") != 0;
	EXPECT_INT("causes of Q.850", n, 71);
	EXPECT_STR("17", isup_cause_name(17), "user busy");
	EXPECT_STR("0", isup_cause_name(0), "?");
	EXPECT_STR("127", isup_cause_name(127), "interworking, unspecified");
	EXPECT(isup_dialect_find("itu") == &isup_dialect_itu);
	EXPECT(isup_dialect_find("itu-2000") == &isup_dialect_itu);
	EXPECT(isup_dialect_find("") == NULL);
}

/* ---- Dialects ---- */

/* Every message as scan makes it: encoded, decoded and printed it is the same. */
static void check_round_trip(uint8_t type)
{
	static char text[2048], again_text[2048];
	struct isup_msg msg, again;
	uint8_t octets[300];
	char err[128] = "";
	int len;

	if (!isup_msg_def(dialect, type))
		return;
	snprintf(text, sizeof(text), "%s%s", isup_msg_name(dialect, type), type == ISUP_MSG_USR ? " uui=0x04" : "");
	EXPECT_INT(text, isup_msg_scan(&msg, dialect, text, err, sizeof(err)), 0);
	EXPECT_STR(text, err, "");
	len = isup_msg_encode(&msg, octets, sizeof(octets));
	EXPECT(len > 0);
	EXPECT_INT("decode", isup_msg_decode(&again, dialect, octets, len, NULL), 0);
	isup_msg_print_buf(text, sizeof(text), &msg);
	isup_msg_print_buf(again_text, sizeof(again_text), &again);
	EXPECT_STR(dialect->name, again_text, text);
}

static void check_options(void)
{
	const struct isup_dialect_option *option;

	for (option = isup_dialect_options; option->name; option++) {
		uint8_t value = ((const uint8_t *)dialect)[option->offset];

		EXPECT(is_word(option->name) && option->what[0]);
		if (value < option->min || value > option->max)
			EXPECT_STR(dialect->name, option->name, "within its limits");
	}
}

static void check_timers(void)
{
	for (unsigned int id = 1; id < ISUP_TIMER_COUNT; id++) {
		struct isup_timer_def def = isup_dialect_timer(dialect, id);

		EXPECT_STR(dialect->name, def.name, isup_timer_defs[id].name);
		EXPECT(def.min_ms && def.min_ms <= def.default_ms && def.default_ms <= def.max_ms);
		EXPECT_INT(def.name, isup_dialect_timer_ms(dialect, id), def.default_ms);
	}
}

static void check_dialect(void)
{
	EXPECT(is_word(dialect->name) && dialect->title[0]);
	EXPECT(isup_dialect_find(dialect->name) == dialect);
	for (unsigned int i = 0; i < 256; i++) {
		check_par(i);
		check_msg(i);
		check_round_trip(i);
	}
	check_options();
	check_timers();
}

/* What an edition has and another has not */
static void check_editions(void)
{
	static const struct {
		const char *dialect;
		uint8_t type;
		bool has;
	} rows[] = {
		{ "itu", ISUP_MSG_APM, true }, { "itu", ISUP_MSG_CRM, false }, { "itu-1997", ISUP_MSG_APM, false },
		{ "itu-1997", ISUP_MSG_LOP, true }, { "itu-1992", ISUP_MSG_LOP, false },
		{ "itu-1992", ISUP_MSG_UPT, true }, { "q767", ISUP_MSG_UPT, false }, { "q767", ISUP_MSG_CFN, false },
		{ "q767", ISUP_MSG_SAM, true }, { "etsi", ISUP_MSG_CQM, false }, { "etsi", ISUP_MSG_PRI, true },
		{ "ansi", ISUP_MSG_CON, false }, { "ansi", ISUP_MSG_SAM, false }, { "ansi", ISUP_MSG_CRM, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_INT(rows[i].dialect, isup_dialect_has(isup_dialect_find(rows[i].dialect), rows[i].type),
			   rows[i].has);
	/* A row of Q.763 that ANSI has, one that it has in another form, and one that it has not */
	EXPECT(isup_par_def(isup_dialect_find("ansi"), ISUP_PAR_NCI) == &isup_q763_pars[ISUP_PAR_NCI]);
	EXPECT(isup_par_def(isup_dialect_find("ansi"), ISUP_PAR_USI) == &isup_t113_pars[ISUP_PAR_USI]);
	EXPECT(!isup_par_def(isup_dialect_find("ansi"), ISUP_PAR_TMR));
	EXPECT(!isup_par_def(isup_dialect_find("q767"), ISUP_PAR_HOP_COUNTER));
}

int main(void)
{
	for (unsigned int i = 0; (dialect = isup_dialect_builtin(i)); i++)
		check_dialect();
	check_editions();
	check_names();
	return expect_failures != 0;
}
