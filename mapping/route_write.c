/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A routing table as a file, CSV or XML: what is read again from it is equal. */

#include <string.h>

#include <osmocom/core/utils.h>

#include "mapping/route.h"

/* ---- Values ---- */

static const char *end_of(const struct route_end *end, enum route_kind kind)
{
	return end->kind == kind ? end->name : "";
}

/* Those that the console has at other places than options; -1: another word */
static int print_place(char *buf, size_t size, const struct route *r, const char *word)
{
	if (!strcmp(word, "prefix"))
		return snprintf(buf, size, "%s", *r->prefix ? r->prefix : "any");
	if (!strcmp(word, "from-group"))
		return snprintf(buf, size, "%s", end_of(&r->from, ROUTE_GROUP));
	if (!strcmp(word, "from-peer"))
		return snprintf(buf, size, "%s", end_of(&r->from, ROUTE_PEER));
	if (!strcmp(word, "to-group"))
		return snprintf(buf, size, "%s", end_of(&r->to, ROUTE_GROUP));
	if (!strcmp(word, "to-peer"))
		return snprintf(buf, size, "%s", end_of(&r->to, ROUTE_PEER));
	if (!strcmp(word, "priority"))
		return snprintf(buf, size, "%u", r->priority);
	return -1;
}

int route_word_print_buf(char *buf, size_t size, const struct route_word *word, const struct route *row)
{
	return word->print ? word->print(buf, size, row) : print_place(buf, size, row, word->name);
}

/* ---- CSV ---- */

static void csv_value(FILE *f, const char *value)
{
	if (!strpbrk(value, ",\"# ")) {
		fputs(value, f);
		return;
	}
	putc('"', f);
	for (; *value; value++) {
		if (*value == '"')
			putc('"', f);
		putc(*value, f);
	}
	putc('"', f);
}

static void write_csv(FILE *f, const struct route_table *table)
{
	char value[ROUTE_VALUE_SIZE];
	const struct route *r;

	for (const struct route_word *w = route_words; w->name; w++)
		fprintf(f, "%s%s", w == route_words ? "" : ",", w->name);
	putc('\n', f);
	llist_for_each_entry(r, &table->routes, entry) {
		for (const struct route_word *w = route_words; w->name; w++) {
			route_word_print_buf(value, sizeof(value), w, r);
			if (w != route_words)
				putc(',', f);
			csv_value(f, value);
		}
		putc('\n', f);
	}
}

/* ---- XML ---- */

static void xml_attr(FILE *f, const char *name, const char *value)
{
	fprintf(f, " %s=\"", name);
	for (; *value; value++) {
		const char *escape = *value == '&' ? "&amp;" : *value == '<' ? "&lt;" : *value == '"' ? "&quot;" : NULL;

		if (escape)
			fputs(escape, f);
		else
			putc(*value, f);
	}
	putc('"', f);
}

static void xml_holidays(FILE *f, const struct route_holidays *h)
{
	char text[64];

	fprintf(f, "\t<holidays name=\"%s\" dates=\"", h->name);
	for (unsigned int i = 0; i < h->n; i++) {
		route_dates_print_buf(text, sizeof(text), &h->dates[i]);
		fprintf(f, "%s%s", i ? "," : "", text);
	}
	fprintf(f, "\"/>\n");
}

static void write_xml(FILE *f, const struct route_table *table)
{
	char value[ROUTE_VALUE_SIZE];
	const struct route_holidays *h;
	const struct route *r;

	fprintf(f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<routes>\n");
	llist_for_each_entry(h, &table->calendar->holidays, entry)
		xml_holidays(f, h);
	llist_for_each_entry(r, &table->routes, entry) {
		fprintf(f, "\t<route");
		for (const struct route_word *w = route_words; w->name; w++) {
			if (route_word_print_buf(value, sizeof(value), w, r) > 0)
				xml_attr(f, w->name, value);
		}
		fprintf(f, "/>\n");
	}
	fprintf(f, "</routes>\n");
}

void route_table_write(FILE *file, const struct route_table *table, bool xml)
{
	if (xml)
		write_xml(file, table);
	else
		write_csv(file, table);
}
