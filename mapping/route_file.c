/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routes from a file, CSV (RFC 4180) or XML; all of it, or an error with its line and column. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "mapping/map_file.h"
#include "mapping/map_xml.h"
#include "mapping/route.h"
#include "mapping/route_schema.h"

#define COLUMNS_MAX	32
#define CELL_SIZE	ROUTE_VALUE_SIZE
#define FILE_OCTETS_MAX	(64 * 1024 * 1024)

/* The member for where a source or a destination is named, since there may be none such; NULL: word is of neither */
static uint16_t *column_of(struct route *row, const char *word)
{
	if (!strncmp(word, "from-", 5))
		return &row->from_column;
	return strncmp(word, "to-", 3) ? NULL : &row->to_column;
}

/* ---- CSV ---- */

struct csv {
	struct route_table *table;
	const char *name, *p, *end;
	const char *line_start;
	unsigned int line;
	char separator;
	unsigned int n_columns;
	char columns[COLUMNS_MAX][CELL_SIZE];	/* of the first line */
	char cell[CELL_SIZE];
	uint8_t file;
	char *err;
	size_t err_size;
};

/* In characters of UTF-8; of another text in octets */
static unsigned int csv_column(const struct csv *csv, const char *at)
{
	unsigned int column = 1;

	for (const char *p = csv->line_start; p < at; p++)
		column += (*p & 0xc0) != 0x80;
	return column;
}

static int csv_fail(const struct csv *csv, const char *at, const char *column, const char *what)
{
	snprintf(csv->err, csv->err_size, "%s:%u:%u: %s%s%s", csv->name, csv->line, csv_column(csv, at), column,
		 *column ? " " : "", what);
	return -EINVAL;
}

static bool at_line_end(const struct csv *csv)
{
	return csv->p == csv->end || *csv->p == '\n' || *csv->p == '\r';
}

static void next_line(struct csv *csv)
{
	csv->p += csv->p < csv->end && *csv->p == '\r';
	csv->p += csv->p < csv->end && *csv->p == '\n';
	csv->line_start = csv->p;
	csv->line++;
}

static int cell_add(struct csv *csv, size_t *len, char c)
{
	if (*len + 1 >= sizeof(csv->cell))
		return csv_fail(csv, csv->p, "", "a value has 639 characters at most");
	if ((unsigned char)c < ' ')
		return csv_fail(csv, csv->p, "", "a control character");
	csv->cell[(*len)++] = c;
	return 0;
}

static int take_quoted(struct csv *csv, size_t *len)
{
	for (csv->p++; csv->p < csv->end; csv->p++) {
		if (*csv->p == '"' && (csv->p + 1 == csv->end || csv->p[1] != '"')) {
			csv->p++;
			while (!at_line_end(csv) && *csv->p == ' ')
				csv->p++;
			if (at_line_end(csv) || *csv->p == csv->separator)
				return 0;
			return csv_fail(csv, csv->p, "", "something follows the closing quotation mark");
		}
		csv->p += *csv->p == '"';
		if (cell_add(csv, len, *csv->p) < 0)
			return -EINVAL;
	}
	return csv_fail(csv, csv->p, "", "a closing quotation mark is missing");
}

static void take_blanks(struct csv *csv)
{
	while (!at_line_end(csv) && (*csv->p == ' ' || *csv->p == '\t'))
		csv->p++;
}

/* One value into csv->cell, without the space behind it; what ends it is not taken. */
static int take_cell(struct csv *csv)
{
	size_t len = 0;
	int rc = 0;

	if (!at_line_end(csv) && *csv->p == '"')
		rc = take_quoted(csv, &len);
	else
		for (; rc == 0 && !at_line_end(csv) && *csv->p != csv->separator; csv->p++)
			rc = cell_add(csv, &len, *csv->p == '\t' ? ' ' : *csv->p);
	while (len && csv->cell[len - 1] == ' ')
		len--;
	csv->cell[len] = '\0';
	return rc;
}

static int take_heading(struct csv *csv)
{
	const struct route_word *word = route_words;
	const char *at;

	take_blanks(csv);
	at = csv->p;
	if (take_cell(csv) < 0)
		return -EINVAL;
	while (word->name && strcmp(word->name, csv->cell))
		word++;
	if (!word->name)
		return csv_fail(csv, at, csv->cell, "is no column of routes: the first line names them, such as "
				"prefix,from-peer,to-group,priority");
	for (unsigned int i = 0; i < csv->n_columns; i++) {
		if (!strcmp(csv->columns[i], csv->cell))
			return csv_fail(csv, at, csv->cell, "is there twice");
	}
	osmo_strlcpy(csv->columns[csv->n_columns++], csv->cell, sizeof(csv->cell));
	return 0;
}

static int take_headings(struct csv *csv)
{
	const char *p = csv->p;

	while (p < csv->end && *p != ',' && *p != ';' && *p != '\n')
		p++;
	csv->separator = p < csv->end && *p == ';' ? ';' : ',';
	for (;;) {
		if (csv->n_columns == COLUMNS_MAX)
			return csv_fail(csv, csv->p, "", "too many columns");
		if (take_heading(csv) < 0)
			return -EINVAL;
		if (at_line_end(csv))
			return 0;
		csv->p++;
	}
}

static int take_value(struct csv *csv, struct route_draft *draft, const char *word, const char *at)
{
	uint16_t *column = column_of(&draft->row, word);
	char what[256];

	if (route_draft_set(draft, word, csv->cell, what, sizeof(what)) < 0)
		return csv_fail(csv, at, word, what);
	if (column)
		*column = OSMO_MIN(csv_column(csv, at), UINT16_MAX);
	return 0;
}

static int take_row(struct csv *csv)
{
	struct route_draft draft;
	char what[256];
	const char *at;

	route_draft_init(&draft);
	draft.row.file = csv->file;
	draft.row.line = csv->line;
	for (unsigned int i = 0; ; i++) {
		take_blanks(csv);
		at = csv->p;
		if (i == csv->n_columns)
			return csv_fail(csv, at, "", "more values than the first line has columns");
		if (take_cell(csv) < 0)
			return -EINVAL;
		if (csv->cell[0] && take_value(csv, &draft, csv->columns[i], at) < 0)
			return -EINVAL;
		if (at_line_end(csv))
			break;
		csv->p++;
	}
	if (route_insert(csv->table, route_draft_row(&draft), what, sizeof(what)) < 0)
		return csv_fail(csv, csv->line_start, "", what);
	return 0;
}

/* Lines that are empty, or begin with '#', say nothing. */
static int take_line(struct csv *csv)
{
	if (!at_line_end(csv) && *csv->p != '#')
		return csv->n_columns ? take_row(csv) : take_headings(csv);
	while (csv->p < csv->end && *csv->p != '\n')
		csv->p++;
	return 0;
}

int route_csv_parse(struct route_table *table, const char *name, const char *text, size_t len, uint8_t file, char *err,
		    size_t err_size)
{
	struct csv *csv = talloc_zero(table, struct csv);
	int rc = 0;

	if (!csv) {
		snprintf(err, err_size, "%s: no memory", name);
		return -ENOMEM;
	}
	csv->table = table;
	csv->name = name;
	csv->p = csv->line_start = text;
	csv->end = text + len;
	csv->line = 1;
	csv->file = file;
	csv->err = err;
	csv->err_size = err_size;
	/* a byte order mark, as spreadsheets write it */
	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		csv->p = csv->line_start += 3;
	while (rc == 0 && csv->p < csv->end) {
		rc = take_line(csv);
		if (rc == 0)
			next_line(csv);
	}
	if (rc == 0 && !csv->n_columns)
		rc = csv_fail(csv, csv->p, "", "the line that names the columns is missing");
	talloc_free(csv);
	return rc;
}

/* ---- XML ---- */

static int load_route(struct route_table *table, const struct map_xml_node *node, uint8_t file, char *err,
		      size_t err_size)
{
	struct route_draft draft;
	uint16_t *column;
	char what[256];

	route_draft_init(&draft);
	draft.row.file = file;
	draft.row.line = map_xml_line(node);
	for (const struct route_word *word = route_words; word->name; word++) {
		const char *value = map_xml_attr(node, word->name);

		if (!value || !*value)
			continue;
		if (route_draft_set(&draft, word->name, value, what, sizeof(what)) < 0)
			return map_xml_fail_attr(node, word->name, err, err_size, "%s %s", word->name, what);
		column = column_of(&draft.row, word->name);
		if (column)
			*column = OSMO_MIN(map_xml_place(node, word->name).column, UINT16_MAX);
	}
	if (route_insert(table, route_draft_row(&draft), what, sizeof(what)) < 0)
		return map_xml_fail(node, err, err_size, "%s", what);
	return 0;
}

static int load_holidays(struct route_table *table, const struct map_xml_node *node, uint8_t file, char *err,
			 size_t err_size)
{
	char what[256];

	if (route_holidays_add(table->calendar, map_xml_attr(node, "name"), map_xml_attr(node, "dates"), file, what,
			       sizeof(what)) < 0)
		return map_xml_fail_attr(node, "dates", err, err_size, "holidays %s", what);
	return 0;
}

static int load_doc(struct route_table *table, struct map_xml *doc, uint8_t file, char *err, size_t err_size)
{
	const struct map_xml_node *node;
	int rc = doc ? 0 : -EINVAL;

	for (node = doc ? map_xml_first(map_xml_root(doc), "holidays") : NULL; node && rc == 0;
	     node = map_xml_next(node, "holidays"))
		rc = load_holidays(table, node, file, err, err_size);
	for (node = doc ? map_xml_first(map_xml_root(doc), "route") : NULL; node && rc == 0;
	     node = map_xml_next(node, "route"))
		rc = load_route(table, node, file, err, err_size);
	talloc_free(doc);
	return rc;
}

int route_xml_parse(struct route_table *table, const char *name, const char *text, size_t len, uint8_t file, char *err,
		    size_t err_size)
{
	return load_doc(table, map_xml_parse(table, name, text, len, route_schema_text, err, err_size), file, err,
			err_size);
}

/* ---- Files ---- */

bool route_file_is_xml(const char *path)
{
	size_t n = strlen(path);

	return n > 4 && !strcasecmp(path + n - 4, ".xml");
}

int route_file_load(struct route_table *table, const char *path, uint8_t file, char *err, size_t err_size)
{
	size_t len = 0;
	char *text;
	int rc;

	if (route_file_is_xml(path))
		return load_doc(table, map_xml_load(table, path, route_schema_text, err, err_size), file, err,
				err_size);
	text = map_file_read(table, path, FILE_OCTETS_MAX, &len, err, err_size);
	if (!text)
		return -EINVAL;
	rc = route_csv_parse(table, path, text, len, file, err, err_size);
	talloc_free(text);
	return rc;
}
