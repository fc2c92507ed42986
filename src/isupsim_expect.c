/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of a scenario: what is expected of a received message, and what is kept of it. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"

#include "isupsim_steps.h"

static const struct isup_field *find_field(const struct isup_par_def *def, const char *name)
{
	const struct isup_field *field = def ? def->fields : NULL;

	while (field && field->name && strcmp(field->name, name))
		field++;
	return field && field->name ? field : NULL;
}

/* The row of a parameter and one of its fields, by name */
static int check_field(struct sim_reader *reader, const struct map_xml_node *node, const char *field)
{
	const char *name = map_xml_attr(node, "parameter");
	const struct isup_par_def *def;
	char err[300];
	uint8_t code;

	def = isup_par_def_by_name(reader->scenario->dialect, name, &code);
	if (!def && strncmp(name, "param0x", 7) == 0)
		return field ? SIM_FAIL_ATTR(reader, node, "field", "%s has no fields: use octets=", name) : 0;
	if (!def)
		return SIM_FAIL_ATTR(reader, node, "parameter", "no parameter is called '%s'", name);
	if (!field)
		return 0;
	for (const struct isup_rest *rest = def->rests; rest && rest->name; rest++) {
		if (strcmp(rest->name, field) == 0)
			return 0;
	}
	if (find_field(def, field))
		return 0;
	isup_par_say_no_field(err, sizeof(err), def, field, strlen(field));
	return SIM_FAIL_ATTR(reader, node, "field", "%s", err);
}

/* One of the words of value= or differs=, len octets: is it a number or a word that the field has? */
static bool is_value(const struct isup_field *field, const char *word, size_t len)
{
	const struct isup_value *row;
	size_t digits = strspn(word, "0123456789");

	if (digits == len || strncmp(word, "0x", 2) == 0)
		return len;
	for (row = field->values; row && row->title; row++) {
		if (row->word && strlen(row->word) == len && memcmp(row->word, word, len) == 0)
			return true;
	}
	return false;
}

/* A word that is misspelt would never be received. */
static int check_words(struct sim_reader *reader, const struct map_xml_node *node, const char *attr,
		       const struct isup_field *field)
{
	const char *words = map_xml_attr(node, attr);
	const struct isup_value *row;
	struct osmo_strbuf sb;
	char err[400];
	size_t len;

	for (;; words += len + 1) {
		len = strcspn(words, "|");
		if (!is_value(field, words, len))
			break;
		if (!words[len])
			return 0;
	}
	sb = (struct osmo_strbuf){ .buf = err, .len = sizeof(err) };
	OSMO_STRBUF_PRINTF(sb, "%s cannot be '%.*s', but a number%s", field->name, (int)len, words,
			   field->values ? " or" : "");
	for (row = field->values; row && row->title; row++) {
		if (row->word)
			OSMO_STRBUF_PRINTF(sb, " %s", row->word);
	}
	return SIM_FAIL_ATTR(reader, node, attr, "%s", err);
}

/* attr: where its value stands. A value with variables is known when it is played. */
static int check_expect(struct sim_reader *reader, const struct map_xml_node *node, const struct sim_expect *expect,
			const char *attr)
{
	int has_vars = expect->value ? sim_steps_check_text(reader, node, attr, expect->value) : 0;
	const struct isup_par_def *def;
	const struct isup_field *field;
	uint8_t code;

	if (has_vars < 0 || check_field(reader, node, expect->field) < 0)
		return -EINVAL;
	def = isup_par_def_by_name(reader->scenario->dialect, expect->parameter, &code);
	field = expect->field ? find_field(def, expect->field) : NULL;
	return has_vars || !field ? 0 : check_words(reader, node, attr, field);
}

static int read_expect(struct sim_reader *reader, const struct map_xml_node *node, struct sim_expect *expect)
{
	const char *octets = map_xml_attr(node, "octets");
	const char *value = map_xml_attr(node, "value");
	const char *differs = map_xml_attr(node, "differs");
	bool present = true;

	map_xml_attr_bool(node, "present", &present, NULL, 0);
	expect->parameter = sim_steps_copy(reader, map_xml_attr(node, "parameter"));
	expect->field = sim_steps_copy(reader, map_xml_attr(node, "field"));
	expect->absent = !present;
	expect->differs = differs != NULL;
	expect->value = sim_steps_copy(reader, value ? value : differs ? differs : octets);
	if (!!value + !!differs + !!octets + !present > 1)
		return SIM_FAIL(reader, node, "one of value, differs, octets and present=\"false\" is enough");
	if ((value || differs) != !!expect->field)
		return SIM_FAIL(reader, node, "field and value (or differs) go together");
	return check_expect(reader, node, expect, value ? "value" : differs ? "differs" : "octets");
}

int sim_steps_read_expects(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op)
{
	struct sim_expect *expects = NULL;
	const struct map_xml_node *child;

	for (child = map_xml_first(node, "expect"); child; child = map_xml_next(child, "expect")) {
		if (op->n_expects == UINT8_MAX)
			return SIM_FAIL(reader, child, "too many");
		expects = talloc_realloc(reader->scenario, expects, struct sim_expect, op->n_expects + 1);
		expects[op->n_expects] = (struct sim_expect){ .place = map_xml_place(child, NULL) };
		if (read_expect(reader, child, &expects[op->n_expects++]) < 0)
			return -EINVAL;
	}
	op->expects = expects;
	return 0;
}

int sim_steps_read_saves(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op)
{
	struct sim_save *saves = NULL;
	const struct map_xml_node *child;

	for (child = map_xml_first(node, "save"); child; child = map_xml_next(child, "save")) {
		struct sim_save save = {
			.parameter = sim_steps_copy(reader, map_xml_attr(child, "parameter")),
			.field = sim_steps_copy(reader, map_xml_attr(child, "field")),
		};
		if (op->n_saves == UINT8_MAX)
			return SIM_FAIL(reader, child, "too many");
		if (check_field(reader, child, save.field) < 0 || sim_steps_var(reader, child, "as", &save.var) < 0)
			return -EINVAL;
		saves = talloc_realloc(reader->scenario, saves, struct sim_save, op->n_saves + 1);
		saves[op->n_saves++] = save;
	}
	op->saves = saves;
	return 0;
}
