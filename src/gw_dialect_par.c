/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the parameters of a national variant: new ones by their fields, changed ones by what changes. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup_rows.h"

#include "gw_dialect_par.h"

#define FIELDS_MAX 24

void gw_dialect_text(struct gw_dialect_reader *reader, const struct map_xml_node *node, const char *name,
		     const char **text)
{
	const char *value = map_xml_attr(node, name);

	if (value)
		*text = talloc_strdup(reader->own, value);
}

/* ---- Values ---- */

static unsigned int n_values(const struct isup_value *values)
{
	unsigned int n = 0;

	while (values && values[n].title)
		n++;
	return n;
}

/* One <value>: takes the place of the one with its code, or comes behind. */
static int load_value(struct gw_dialect_reader *reader, const struct map_xml_node *node, uint8_t width,
		      struct isup_value *values)
{
	const char *word = map_xml_attr(node, "word");
	struct isup_value *row = values;
	uint32_t code;

	if (map_xml_attr_number(node, "code", 0, (1u << OSMO_MIN(width, 8)) - 1, &code, reader->err, reader->err_size))
		return -EINVAL;
	if (word && strspn(word, "0123456789") == strlen(word))
		return gw_dialect_fail_attr(reader, node, "word", "word=\"%s\" could be taken for a number",
					    word);
	while (row->title && row->value != code)
		row++;
	for (; word && values->title; values++) {
		if (values != row && values->word && !strcmp(values->word, word))
			return gw_dialect_fail_attr(reader, node, "word", "word=\"%s\" is that of code %u "
						    "already", word, values->value);
	}
	row->value = code;
	row->word = NULL;
	gw_dialect_text(reader, node, "word", &row->word);
	gw_dialect_text(reader, node, "title", &row->title);
	return 0;
}

static int load_values(struct gw_dialect_reader *reader, const struct map_xml_node *node, struct isup_field *field)
{
	unsigned int n = n_values(field->values), more = 0;
	const struct map_xml_node *value;
	struct isup_value *values;

	for (value = map_xml_first(node, "value"); value; value = map_xml_next(value, "value"))
		more++;
	if (!more)
		return 0;
	if (field->width > 8)
		return gw_dialect_fail(reader, node, "field '%s' is wider than 8 bits: its values can have no names",
				       field->name);
	values = talloc_zero_array(reader->own, struct isup_value, n + more + 1);
	if (n)
		memcpy(values, field->values, n * sizeof(*values));
	for (value = map_xml_first(node, "value"); value; value = map_xml_next(value, "value")) {
		if (load_value(reader, value, field->width, values) < 0)
			return -EINVAL;
	}
	field->values = values;
	return 0;
}

/* ---- Fields ---- */

static int bit_of(char letter)
{
	return letter <= 'X' ? letter - 'A' : letter - 'a' + 24;
}

/* Members of struct isup_number that a field of a number may be */
static const struct {
	const char *name;
	uint8_t offset;
} number_members[] = {
	{ "qualifier", offsetof(struct isup_number, qualifier) }, { "noa", offsetof(struct isup_number, noa) },
	{ "inn", offsetof(struct isup_number, inn) }, { "ni", offsetof(struct isup_number, ni) },
	{ "npi", offsetof(struct isup_number, npi) }, { "apri", offsetof(struct isup_number, apri) },
	{ "screening", offsetof(struct isup_number, screening) },
};

static int number_offset(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(number_members); i++) {
		if (!strcmp(number_members[i].name, name))
			return number_members[i].offset;
	}
	return -ENOENT;
}

/* Bits of its own, those of a narrow field side by side in one octet; the row's head grows with it. */
static int check_letters(struct gw_dialect_reader *reader, const struct map_xml_node *node, struct isup_par_def *def,
			 const struct isup_field *fields, struct isup_field *field)
{
	const struct isup_field *other;
	const char *letter;

	field->width = strlen(field->letters);
	for (letter = field->letters; *letter; letter++) {
		def->head = OSMO_MAX(def->head, bit_of(*letter) / 8 + 1);
		if (*letter == def->odd)
			return gw_dialect_fail_attr(reader, node, "letters", "letters=\"%s\": '%c' is the "
						    "odd/even indicator", field->letters, *letter);
		if (strchr(letter + 1, *letter))
			return gw_dialect_fail_attr(reader, node, "letters", "letters=\"%s\": '%c' twice",
						    field->letters, *letter);
		if (field->width <= 8 && letter > field->letters &&
		    (bit_of(*letter) != bit_of(letter[-1]) - 1 || bit_of(*letter) / 8 != bit_of(letter[-1]) / 8))
			return gw_dialect_fail_attr(reader, node, "letters", "letters=\"%s\": up to 8 bits lie "
						    "side by side in one octet, the highest letter first",
						    field->letters);
		for (other = fields; other->name; other++) {
			if (strchr(other->letters, *letter))
				return gw_dialect_fail_attr(reader, node, "letters", "letters=\"%s\": '%c' "
							    "belongs to field '%s'", field->letters, *letter,
							    other->name);
		}
	}
	return 0;
}

static int new_field(struct gw_dialect_reader *reader, const struct map_xml_node *node, struct isup_par_def *def,
		     struct isup_field *fields, unsigned int n)
{
	struct isup_field field = {};
	unsigned int size;
	int offset = number_offset(map_xml_attr(node, "name"));

	if (n == FIELDS_MAX)
		return gw_dialect_fail(reader, node, "more than %u fields", FIELDS_MAX);
	gw_dialect_text(reader, node, "name", &field.name);
	gw_dialect_text(reader, node, "letters", &field.letters);
	if (!field.letters)
		return gw_dialect_fail_attr(reader, node, "name", "parameter '%s' has no field '%s': a new one "
					    "needs letters", def->name, field.name);
	if (check_letters(reader, node, def, fields, &field) < 0)
		return -EINVAL;
	if (def->form == ISUP_FORM_NUMBER) {
		if (offset < 0 || field.width > 7)
			return gw_dialect_fail_attr(reader, node, "name", "field '%s': a number has qualifier, "
						    "noa, inn, ni, npi, apri, screening, of 7 bits at most",
						    field.name);
		field.offset = offset;
	} else {
		size = field.width > 16 ? 4 : field.width > 8 ? 2 : 1;
		field.offset = (def->size + size - 1) / size * size;
		def->size = field.offset + size;
	}
	if (load_values(reader, node, &field) < 0)
		return -EINVAL;
	fields[n] = field;
	return 0;
}

/* The row's fields are copied, then changed. */
static int load_fields(struct gw_dialect_reader *reader, const struct map_xml_node *node, struct isup_par_def *def,
		       bool is_new)
{
	struct isup_field *fields = talloc_zero_array(reader->own, struct isup_field, FIELDS_MAX + 1), *field;
	const struct map_xml_node *at;
	unsigned int n = 0;

	for (; def->fields && def->fields[n].name && n < FIELDS_MAX; n++)
		fields[n] = def->fields[n];
	for (at = map_xml_first(node, "field"); at; at = map_xml_next(at, "field")) {
		for (field = fields; field->name; field++) {
			if (!strcmp(field->name, map_xml_attr(at, "name")))
				break;
		}
		if (field->name && map_xml_attr(at, "letters"))
			return gw_dialect_fail_attr(reader, at, "letters", "field '%s' is there already: it "
						    "can get values, no letters", field->name);
		if (!field->name && !is_new)
			return gw_dialect_fail_attr(reader, at, "name", "parameter '%s' has no field '%s'",
						    def->name, map_xml_attr(at, "name"));
		if (field->name ? load_values(reader, at, field) : new_field(reader, at, def, fields, n++))
			return -EINVAL;
	}
	def->fields = fields;
	return 0;
}

/* ---- Parameters ---- */

static int load_lengths(struct gw_dialect_reader *reader, const struct map_xml_node *node, struct isup_par_def *def)
{
	uint32_t min = def->min_len, max = def->max_len;

	if (map_xml_attr_number(node, "min", def->head, 255, &min, reader->err, reader->err_size) == -EINVAL ||
	    map_xml_attr_number(node, "max", 1, 255, &max, reader->err, reader->err_size) == -EINVAL)
		return -EINVAL;
	if (max && max < min)
		return gw_dialect_fail_attr(reader, node, "max", "parameter '%s': min %u is above max %u",
					    def->name, min, max);
	def->min_len = min;
	def->max_len = max;
	return 0;
}

static int new_parameter(struct gw_dialect_reader *reader, const struct map_xml_node *node, struct isup_par_def *def)
{
	const char *form = map_xml_attr(node, "form") ? : "octets";

	*def = (struct isup_par_def){ .title = "national parameter", .clause = "national" };
	gw_dialect_text(reader, node, "name", &def->name);
	gw_dialect_text(reader, node, "title", &def->title);
	gw_dialect_text(reader, node, "clause", &def->clause);
	if (!strcmp(form, "octets")) {
		def->min_len = 1;
		if (map_xml_first(node, "field"))
			return gw_dialect_fail_attr(reader, node, "form", "parameter '%s' is octets: "
						    "form=\"bits\" has fields", def->name);
		return load_lengths(reader, node, def);
	}
	def->form = !strcmp(form, "bits") ? ISUP_FORM_BITS : ISUP_FORM_NUMBER;
	if (def->form == ISUP_FORM_NUMBER) {
		def->size = sizeof(struct isup_number);
		def->rests = isup_number_rests;
		def->odd = 'H';
	}
	if (!map_xml_first(node, "field"))
		return gw_dialect_fail_attr(reader, node, "form", "parameter '%s' of form %s needs fields",
					    def->name, form);
	if (load_fields(reader, node, def, true) < 0)
		return -EINVAL;
	def->min_len = def->head;
	def->max_len = def->form == ISUP_FORM_BITS ? def->head : 0;
	return load_lengths(reader, node, def);
}

/* The usual value, which text forms start from: it must be one. */
static int load_usual(struct gw_dialect_reader *reader, const struct map_xml_node *node, struct isup_par_def *def)
{
	const char *usual = map_xml_attr(node, "usual");
	struct isup_par_def without = *def;
	uint8_t buf[256];
	char err[200];

	if (!usual)
		return 0;
	without.usual = NULL;
	if (isup_par_scan_octets(&without, usual, strlen(usual), buf, sizeof(buf), err, sizeof(err)) < 0)
		return gw_dialect_fail_attr(reader, node, "usual", "usual=\"%s\": %s", usual, err);
	if (def->form != ISUP_FORM_OCTETS)
		gw_dialect_text(reader, node, "usual", &def->usual);
	return 0;
}

int gw_dialect_load_parameter(struct gw_dialect_reader *reader, const struct map_xml_node *node)
{
	struct isup_dialect_own *own = reader->own;
	const char *name = map_xml_attr(node, "name");
	bool removed = false;
	struct isup_par_def *def;
	uint8_t there = 0;
	uint32_t code;
	int rc = map_xml_attr_number(node, "code", 1, 255, &code, reader->err, reader->err_size);

	if (rc == -EINVAL || map_xml_attr_bool(node, "remove", &removed, reader->err, reader->err_size) == -EINVAL)
		return -EINVAL;
	if (!isup_par_def_by_name(&own->dialect, name, &there) && rc < 0)
		return gw_dialect_fail_attr(reader, node, "name", "there is no parameter '%s' in %s: a new one "
					    "needs a code", name, reader->base->name);
	if (rc == 0 && there)
		return gw_dialect_fail_attr(reader, node, "name", "parameter '%s' is there already, with code "
					    "0x%02x", name, there);
	if (rc == 0 && own->pars[code].name)
		return gw_dialect_fail_attr(reader, node, "code", "code 0x%02x is that of '%s' already", code,
					    own->pars[code].name);
	def = &own->pars[rc == 0 ? code : there];
	if (removed) {
		reader->removed[def - own->pars] = node;
		*def = (struct isup_par_def){};
		return 0;
	}
	if (rc == 0)
		return new_parameter(reader, node, def) < 0 ? -EINVAL : load_usual(reader, node, def);
	if (map_xml_attr(node, "form"))
		return gw_dialect_fail_attr(reader, node, "form", "the form of '%s' cannot change: remove it "
					    "and add another", name);
	gw_dialect_text(reader, node, "title", &def->title);
	gw_dialect_text(reader, node, "clause", &def->clause);
	if (map_xml_first(node, "field") && load_fields(reader, node, def, false) < 0)
		return -EINVAL;
	return load_lengths(reader, node, def) < 0 ? -EINVAL : load_usual(reader, node, def);
}

/* ---- The whole ---- */

static int check_codes(struct gw_dialect_reader *reader, const struct map_xml_node *root,
		       const struct isup_msg_def *msg, const uint8_t *codes)
{
	for (; *codes; codes++) {
		if (!reader->own->pars[*codes].name)
			return gw_dialect_fail(reader, reader->removed[*codes] ? : root,
					       "message %s needs parameter 0x%02x, which is removed", msg->name,
					       *codes);
	}
	return 0;
}

int gw_dialect_check(struct gw_dialect_reader *reader, const struct map_xml_node *root)
{
	const struct isup_msg_def *msg = reader->own->msgs;

	for (; msg < reader->own->msgs + 256; msg++) {
		if (msg->name && (check_codes(reader, root, msg, msg->fixed) < 0 ||
				  check_codes(reader, root, msg, msg->variable) < 0))
			return -EINVAL;
	}
	return 0;
}
