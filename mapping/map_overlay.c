/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads an operator's own profile from XML: a built-in one, and what is otherwise in it. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup_msg.h"
#include "mapping/map_overlay.h"
#include "mapping/map_profile_own.h"
#include "mapping/map_profile_schema.h"
#include "mapping/map_xml.h"

#define ROWS_MAX 4096		/* of one table */

struct reader {
	const struct map_overlay_env *env;
	struct map_profile_own *own;	/* what is being made */
	bool seen[_MAP_TABLE_COUNT];	/* tables that the file has had */
	char *err;
	size_t err_size;
};

#define fail(reader, node, fmt, args...) map_xml_fail(node, (reader)->err, (reader)->err_size, fmt, ## args)
#define fail_attr(reader, node, attr, fmt, args...) \
	map_xml_fail_attr(node, attr, (reader)->err, (reader)->err_size, fmt, ## args)

/* ---- Options, parameters ---- */

static int load_option(struct reader *reader, const struct map_xml_node *node)
{
	const char *name = map_xml_attr(node, "name"), *text = map_xml_attr(node, "value");
	const struct map_profile_option *option = map_profile_options;
	int value;

	while (option->name && strcmp(option->name, name))
		option++;
	if (!option->name)
		return fail_attr(reader, node, "name", "there is no option '%s': 'show mapping profile' lists them",
				 name);
	value = get_string_value(option->words, text);
	if (value < 0)
		return fail_attr(reader, node, "value", "option %s cannot be '%s': 'show mapping profile' lists the "
				 "words", name, text);
	((uint8_t *)&reader->own->profile)[option->offset] = value;
	return 0;
}

static int load_parameter(struct reader *reader, const struct map_xml_node *node)
{
	const char *name = map_xml_attr(node, "name"), *text = map_xml_attr(node, "value");
	const struct map_profile_par *row = map_profile_par_rows;
	const struct isup_par_def *def = NULL;
	char why[128];
	uint8_t *par;

	for (; row->clause; row++) {
		def = isup_par_def(reader->env->dialect, row->code);
		if (!strcmp(def->name, name))
			break;
	}
	if (!row->clause)
		return fail_attr(reader, node, "name", "parameter '%s' is not one of a profile: 'show mapping "
				 "profile' lists them", name);
	par = (uint8_t *)&reader->own->profile + row->offset;
	if (isup_par_scan(def, text, par, why, sizeof(why)) < 0 || isup_par_encode(def, par, (uint8_t[4]){}, 4) < 0)
		return fail_attr(reader, node, "value", "value=\"%s\": %s", text, why[0] ? why : "does not fit");
	return 0;
}

/* ---- Rules ---- */

/* A message cannot be written without it. */
static bool is_needed(const struct reader *reader, uint8_t par)
{
	const struct isup_msg_def *iam = isup_msg_def(reader->env->dialect, ISUP_MSG_IAM);

	return memchr(iam->fixed, par, strlen((const char *)iam->fixed)) ||
	       memchr(iam->variable, par, strlen((const char *)iam->variable));
}

/* The parameter and whether its rules are to be, from the attributes: 0, -EINVAL */
static int rule_attrs(struct reader *reader, const struct map_xml_node *node, uint8_t *par, bool *enabled)
{
	const char *name = map_xml_attr(node, "parameter");

	if (isup_par_code(reader->env->dialect, name, par) < 0)
		return fail_attr(reader, node, "parameter", "there is no parameter '%s'", name);
	return map_xml_attr_bool(node, "enabled", enabled, reader->err, reader->err_size);
}

static int load_iam_to_invite(struct reader *reader, const struct map_xml_node *node)
{
	struct map_iam_to_invite_rule *from = reader->own->iam_to_invite, *to = from;
	const char *target = map_xml_attr(node, "target");
	bool enabled = true, found = false;
	uint8_t par;

	if (rule_attrs(reader, node, &par, &enabled) < 0)
		return -EINVAL;
	for (; from->clause; from++) {
		bool is_it = from->par == par && !strcmp(from->target, target);

		found |= is_it;
		if (!is_it || enabled)
			*to++ = *from;
	}
	if (!found)
		return fail_attr(reader, node, "target", "there is no rule from %s to %s: 'show mapping profile' "
				 "lists them", map_xml_attr(node, "parameter"), target);
	if (!enabled && (!strncmp(target, "Request-URI", 11) || !strcmp(target, "From")))
		return fail_attr(reader, node, "enabled", "the rule for %s cannot be left out: no INVITE is without "
				 "it", target);
	memset(to, 0, sizeof(*to));
	map_loss_carried(&reader->own->carried, reader->own->iam_to_invite);
	return 0;
}

static int load_invite_to_iam(struct reader *reader, const struct map_xml_node *node)
{
	struct map_invite_to_iam_rule *from = reader->own->invite_to_iam, *to = from;
	const char *source = map_xml_attr(node, "source");
	bool enabled = true, found = false;
	uint8_t par;

	if (rule_attrs(reader, node, &par, &enabled) < 0)
		return -EINVAL;
	for (; from->clause; from++) {
		bool is_it = from->par == par && !strcmp(from->source, source);

		found |= is_it;
		if (!is_it || enabled)
			*to++ = *from;
	}
	if (!found)
		return fail_attr(reader, node, "source", "there is no rule from %s to %s: 'show mapping profile' "
				 "lists them", source, map_xml_attr(node, "parameter"));
	if (!enabled && is_needed(reader, par))
		return fail_attr(reader, node, "enabled", "the rule for %s cannot be left out: no IAM is without it",
				 map_xml_attr(node, "parameter"));
	memset(to, 0, sizeof(*to));
	return 0;
}

/* ---- Tables ---- */

static bool is_column(const struct map_table *table, const char *name)
{
	for (unsigned int i = 0; i < MAP_IN_MAX && table->in[i].name; i++) {
		if (!strcmp(table->in[i].name, name))
			return true;
	}
	for (unsigned int i = 0; i < MAP_OUT_MAX && table->out[i].name; i++) {
		if (!strcmp(table->out[i].name, name))
			return true;
	}
	return !strcmp(name, "clause");
}

/* What a column may hold, for an error */
static int fail_value(struct reader *reader, const struct map_xml_node *node, const struct map_col *col,
		      const char *text)
{
	struct osmo_strbuf sb;
	int16_t min, max;
	char words[256] = "";

	sb = (struct osmo_strbuf){ .buf = words, .len = sizeof(words) };
	for (const struct value_string *word = col->words; word && word->str; word++)
		OSMO_STRBUF_PRINTF(sb, "%s%s", word == col->words ? "" : ", ", word->str);
	if (map_col_range(col, &min, &max))
		OSMO_STRBUF_PRINTF(sb, "%s%d to %d", col->words ? ", " : "", min, max);
	return fail_attr(reader, node, col->name, "%s=\"%s\": %s is wanted", col->name, text, words);
}

static int load_in(struct reader *reader, const struct map_xml_node *node, const struct map_col *col, int16_t *value)
{
	const char *text = map_xml_attr(node, col->name);

	*value = MAP_ANY;
	if (!text || !strcmp(text, "any"))
		return 0;
	/* a negative word would be any */
	return map_col_scan(col, text, value) < 0 || *value < 0 ? fail_value(reader, node, col, text) : 0;
}

static int load_out(struct reader *reader, const struct map_xml_node *node, const struct map_col *col, int16_t *value)
{
	const char *text = map_xml_attr(node, col->name);

	if (!text)
		return fail(reader, node, "column '%s' is missing: what the row gives", col->name);
	return map_col_scan(col, text, value) < 0 ? fail_value(reader, node, col, text) : 0;
}

static int load_row(struct reader *reader, const struct map_xml_node *node, const struct map_table *table,
		    struct map_row *row)
{
	const char *name, *clause = map_xml_attr(node, "clause");

	for (unsigned int i = 0; (name = map_xml_attr_name(node, i)); i++) {
		if (!is_column(table, name))
			return fail_attr(reader, node, name, "table %s has no column '%s'", table->name, name);
	}
	for (unsigned int i = 0; i < MAP_IN_MAX && table->in[i].name; i++) {
		if (load_in(reader, node, &table->in[i], &row->in[i]) < 0)
			return -EINVAL;
	}
	for (unsigned int i = 0; i < MAP_OUT_MAX && table->out[i].name; i++) {
		if (load_out(reader, node, &table->out[i], &row->out[i]) < 0)
			return -EINVAL;
	}
	row->clause = talloc_strdup(reader->own, clause ? clause : "operator");
	return 0;
}

static void note(const struct reader *reader, const struct map_xml_node *node, const char *text)
{
	char line[512];

	if (!reader->env->note)
		return;
	map_xml_fail(node, line, sizeof(line), "%s", text);
	reader->env->note(line, reader->env->data);
}

static void note_hidden(const struct reader *reader, const struct map_xml_node *node, const struct map_table *table,
			const struct map_row *rows, const struct map_row *row)
{
	char text[256], first[128];

	for (const struct map_row *before = rows; before < row; before++) {
		if (!map_row_hides(table, before, row))
			continue;
		map_row_print_buf(first, sizeof(first), table, before);
		snprintf(text, sizeof(text), "this row of %s is never reached: row %td, '%s', suits all of it",
			 table->name, before - rows + 1, first);
		note(reader, node, text);
		return;
	}
}

/* A table of the file's rows alone must have one for everything that can be said. */
static int check_whole(struct reader *reader, const struct map_xml_node *node, const struct map_table *base,
		       const struct map_row *rows)
{
	struct map_table alone = *base, *table = &alone;
	int16_t in[MAP_IN_MAX];
	struct osmo_strbuf sb;
	char text[128] = "", number[8];

	alone.rows = rows;
	if (!map_table_gap(table, in))
		return 0;
	sb = (struct osmo_strbuf){ .buf = text, .len = sizeof(text) };
	for (unsigned int i = 0; i < MAP_IN_MAX && table->in[i].name; i++)
		OSMO_STRBUF_PRINTF(sb, " %s=%s", table->in[i].name, in[i] == MAP_OTHER ? "(any other)" :
				   map_col_print(&table->in[i], in[i], number, sizeof(number)));
	return fail(reader, node, "table %s has no row for%s: a last row without input columns takes all others",
		    table->name, text);
}

static int load_rows(struct reader *reader, const struct map_xml_node *node, const struct map_table *table,
		     struct map_row *rows)
{
	const struct map_xml_node *at;
	struct map_row *row = rows;

	for (at = map_xml_first(node, "row"); at; at = map_xml_next(at, "row")) {
		if (load_row(reader, at, table, row) < 0)
			return -EINVAL;
		note_hidden(reader, at, table, rows, row++);
	}
	return 0;
}

static int load_table(struct reader *reader, const struct map_xml_node *node)
{
	const char *name = map_xml_attr(node, "name");
	int use = map_table_use_by_name(name), rc;
	const struct map_xml_node *at;
	struct map_row *rows;
	unsigned int n = 0;
	bool replace = false;

	if (use < 0)
		return fail_attr(reader, node, "name", "there is no table '%s': 'show mapping profile' lists them",
				 name);
	if (reader->seen[use])
		return fail_attr(reader, node, "name", "table '%s' is there twice", name);
	reader->seen[use] = true;
	if (map_xml_attr_bool(node, "replace", &replace, reader->err, reader->err_size) == -EINVAL)
		return -EINVAL;
	for (at = map_xml_first(node, "row"); at; at = map_xml_next(at, "row"))
		n++;
	if (n > ROWS_MAX)
		return fail(reader, node, "table '%s' has more than %u rows", name, ROWS_MAX);
	rows = talloc_zero_array(reader->own, struct map_row, n + 1);
	rc = load_rows(reader, node, &reader->own->tables[use], rows);
	if (rc == 0 && replace)
		rc = check_whole(reader, node, &reader->own->tables[use], rows);
	if (rc == 0)
		rc = map_profile_own_set_rows(reader->own, use, rows, n, replace);
	talloc_free(rows);
	return rc;
}

/* ---- The whole ---- */

static const struct {
	const char *element;
	int (*load)(struct reader *reader, const struct map_xml_node *node);
} elements[] = {
	{ "option", load_option },
	{ "parameter", load_parameter },
	{ "iam-to-invite", load_iam_to_invite },
	{ "invite-to-iam", load_invite_to_iam },
	{ "table", load_table },
};

static int load_elements(struct reader *reader, const struct map_xml_node *root)
{
	const struct map_xml_node *node;

	for (node = map_xml_first(root, NULL); node; node = map_xml_next(node, NULL)) {
		for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
			if (map_xml_is(node, elements[i].element) && elements[i].load(reader, node) < 0)
				return -EINVAL;
		}
	}
	return 0;
}

static int load_root(struct reader *reader, void *ctx, const struct map_xml_node *root)
{
	const char *name = map_xml_attr(root, "name"), *base_name = map_xml_attr(root, "base");
	const struct map_profile *base = map_profile_by_name(base_name);

	if (map_profile_by_name(name))
		return fail_attr(reader, root, "name", "profile '%s' is built in: a name of its own is wanted", name);
	if (!base)
		return fail_attr(reader, root, "base", "there is no profile '%s' built in to begin with: 'show mapping "
				 "profiles' lists them", base_name);
	reader->own = map_profile_own_alloc(ctx, name, base);
	if (!reader->own)
		return -ENOMEM;
	reader->own->profile.title = talloc_strdup(reader->own, map_xml_attr(root, "title"));
	return load_elements(reader, root);
}

static struct map_profile_own *load_doc(void *ctx, struct map_xml *doc, const struct map_overlay_env *env, char *err,
					size_t err_size)
{
	struct reader reader = { .env = env, .err = err, .err_size = err_size };

	if (!doc)
		return NULL;
	if (load_root(&reader, ctx, map_xml_root(doc)) < 0)
		TALLOC_FREE(reader.own);
	talloc_free(doc);
	return reader.own;
}

struct map_profile_own *map_overlay_load(void *ctx, const char *path, const struct map_overlay_env *env, char *err,
					 size_t err_size)
{
	struct map_profile_own *own;

	own = load_doc(ctx, map_xml_load(ctx, path, map_profile_schema_text, err, err_size), env, err, err_size);
	if (own)
		own->path = talloc_strdup(own, path);
	return own;
}

struct map_profile_own *map_overlay_parse(void *ctx, const char *name, const char *text, size_t len,
					  const struct map_overlay_env *env, char *err, size_t err_size)
{
	return load_doc(ctx, map_xml_parse(ctx, name, text, len, map_profile_schema_text, err, err_size), env, err,
			err_size);
}
