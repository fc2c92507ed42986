/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a profile as XML that map_overlay_load() reads, every row and every switch of it. */

#include <string.h>

#include "mapping/map_overlay.h"

/* ' name="text"' */
static void put_attr(FILE *file, const char *name, const char *text)
{
	static const char *const escaped[128] = { ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;" };

	fprintf(file, " %s=\"", name);
	for (; *text; text++) {
		const char *escape = escaped[*text & 0x7f];

		if (escape && !(*text & 0x80))
			fputs(escape, file);
		else
			fputc(*text, file);
	}
	fputc('"', file);
}

static void write_options(FILE *file, const struct map_profile *profile)
{
	for (const struct map_profile_option *o = map_profile_options; o->name; o++) {
		fprintf(file, "\t<option");
		put_attr(file, "name", o->name);
		put_attr(file, "value", get_value_string(o->words, ((const uint8_t *)profile)[o->offset]));
		fprintf(file, "/>\n");
	}
}

static void write_pars(FILE *file, const struct map_profile *profile, const struct isup_dialect *dialect)
{
	char text[512];

	for (const struct map_profile_par *row = map_profile_par_rows; row->clause; row++) {
		map_profile_par_print_buf(text, sizeof(text), profile, row, dialect);
		fprintf(file, "\t<parameter");
		put_attr(file, "name", isup_par_def(dialect, row->code)->name);
		put_attr(file, "value", text);
		fprintf(file, "/>\n");
	}
}

static bool has_to_invite(const struct map_profile *profile, const struct map_iam_to_invite_rule *rule)
{
	const struct map_iam_to_invite_rule *r = profile->iam_to_invite;

	while (r->clause && (r->par != rule->par || strcmp(r->target, rule->target)))
		r++;
	return r->clause;
}

static bool has_to_iam(const struct map_profile *profile, const struct map_invite_to_iam_rule *rule)
{
	const struct map_invite_to_iam_rule *r = profile->invite_to_iam;

	while (r->clause && (r->par != rule->par || strcmp(r->source, rule->source)))
		r++;
	return r->clause;
}

static void write_rules(FILE *file, const struct map_profile *profile, const struct map_profile *base,
			const struct isup_dialect *dialect)
{
	for (const struct map_iam_to_invite_rule *r = base->iam_to_invite; r->clause; r++) {
		fprintf(file, "\t<iam-to-invite");
		put_attr(file, "parameter", isup_par_name(dialect, r->par));
		put_attr(file, "target", r->target);
		put_attr(file, "enabled", has_to_invite(profile, r) ? "true" : "false");
		fprintf(file, "/>\n");
	}
	for (const struct map_invite_to_iam_rule *r = base->invite_to_iam; r->clause; r++) {
		fprintf(file, "\t<invite-to-iam");
		put_attr(file, "source", r->source);
		put_attr(file, "parameter", isup_par_name(dialect, r->par));
		put_attr(file, "enabled", has_to_iam(profile, r) ? "true" : "false");
		fprintf(file, "/>\n");
	}
}

static void write_row(FILE *file, const struct map_table *table, const struct map_row *row)
{
	char number[8];

	fprintf(file, "\t\t<row");
	for (unsigned int i = 0; i < MAP_IN_MAX && table->in[i].name; i++) {
		if (row->in[i] != MAP_ANY)
			put_attr(file, table->in[i].name,
				 map_col_print(&table->in[i], row->in[i], number, sizeof(number)));
	}
	for (unsigned int i = 0; i < MAP_OUT_MAX && table->out[i].name; i++)
		put_attr(file, table->out[i].name, map_col_print(&table->out[i], row->out[i], number, sizeof(number)));
	put_attr(file, "clause", row->clause);
	fprintf(file, "/>\n");
}

static void write_table(FILE *file, const char *name, const struct map_table *table)
{
	fprintf(file, "\t<!-- %s -->\n\t<table", table->title);
	put_attr(file, "name", name);
	fprintf(file, " replace=\"true\">\n");
	for (const struct map_row *row = table->rows; row->clause; row++)
		write_row(file, table, row);
	fprintf(file, "\t</table>\n");
}

void map_overlay_write(FILE *file, const struct map_profile *profile, const char *name,
		       const struct isup_dialect *dialect)
{
	const struct map_profile *base = profile->base ? map_profile_by_name(profile->base) : profile;

	fprintf(file, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<mapping-profile");
	put_attr(file, "name", name);
	put_attr(file, "base", base->name);
	put_attr(file, "title", profile->title);
	fprintf(file, ">\n");
	write_options(file, profile);
	write_pars(file, profile, dialect);
	write_rules(file, profile, base, dialect);
	for (unsigned int use = 0; use < _MAP_TABLE_COUNT; use++)
		write_table(file, map_table_use_name(use), profile->tables[use]);
	fprintf(file, "</mapping-profile>\n");
}
