/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds tags, attributes and texts in an XML document, with their lines and columns. */

#include <string.h>

#include "mapping/map_xml_place.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void step(struct map_xml_scan *scan)
{
	if (*scan->p == '\n') {
		scan->place.line++;
		scan->place.column = 1;
	} else if ((*scan->p & 0xc0) != 0x80) {
		/* the octets of a character behind its first one have no column */
		scan->place.column++;
	}
	scan->p++;
}

static bool at(const struct map_xml_scan *scan, const char *what)
{
	size_t len = strlen(what);

	return (size_t)(scan->end - scan->p) >= len && !memcmp(scan->p, what, len);
}

static void pass_octets(struct map_xml_scan *scan, size_t n)
{
	while (n-- && scan->p < scan->end)
		step(scan);
}

/* From one to the other: "<!-->" only begins a comment. */
static void pass(struct map_xml_scan *scan, const char *begin, const char *end)
{
	pass_octets(scan, strlen(begin));
	while (scan->p < scan->end && !at(scan, end))
		step(scan);
	pass_octets(scan, strlen(end));
}

static void pass_blanks(struct map_xml_scan *scan)
{
	while (scan->p < scan->end && is_blank(*scan->p))
		step(scan);
}

static void pass_name(struct map_xml_scan *scan)
{
	while (scan->p < scan->end && !is_blank(*scan->p) && *scan->p != '=' && *scan->p != '/' && *scan->p != '>')
		step(scan);
}

/* "…" or '…' */
static void pass_quoted(struct map_xml_scan *scan)
{
	char quote = *scan->p;

	step(scan);
	while (scan->p < scan->end && *scan->p != quote)
		step(scan);
	if (scan->p < scan->end)
		step(scan);
}

void map_xml_scan_init(struct map_xml_scan *scan, const char *text, size_t len)
{
	*scan = (struct map_xml_scan){ .p = text, .end = text + len, .place = { 1, 1 } };
	if (at(scan, "\xef\xbb\xbf"))
		scan->p += 3;
}

/* A comment and the like, or an end tag */
static bool pass_other(struct map_xml_scan *scan)
{
	static const char *const others[][2] = {
		{ "<!--", "-->" }, { "<?", "?>" }, { "<![CDATA[", "]]>" }, { "</", ">" },
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (at(scan, others[i][0])) {
			pass(scan, others[i][0], others[i][1]);
			return true;
		}
	}
	return false;
}

bool map_xml_scan_tag(struct map_xml_scan *scan)
{
	if (scan->in_tag)
		step(scan);
	scan->in_tag = false;
	while (scan->p < scan->end && !scan->in_tag) {
		if (*scan->p != '<')
			step(scan);
		else
			scan->in_tag = !pass_other(scan);
	}
	return scan->in_tag;
}

/* From behind a name, or a value, past the next attribute's: that begins at *start. False: there is none */
static bool pass_attr(struct map_xml_scan *walk, struct map_xml_scan *start, size_t *name_len)
{
	pass_blanks(walk);
	if (walk->p == walk->end || *walk->p == '/' || *walk->p == '>')
		return false;
	*start = *walk;
	pass_name(walk);
	*name_len = walk->p - start->p;
	while (walk->p < walk->end && !strchr("\"'<>", *walk->p))
		step(walk);
	if (walk->p == walk->end || *walk->p == '<' || *walk->p == '>')
		return false;
	pass_quoted(walk);
	return true;
}

bool map_xml_scan_attr(struct map_xml_scan *scan, const char *name)
{
	struct map_xml_scan walk = *scan, start;
	size_t len;

	pass_name(&walk);
	while (pass_attr(&walk, &start, &len)) {
		if (len == strlen(name) && !memcmp(start.p, name, len)) {
			*scan = start;
			return true;
		}
	}
	return false;
}

bool map_xml_scan_attrs(struct map_xml_scan *scan, unsigned int max)
{
	struct map_xml_scan walk = *scan, start;
	size_t len;

	pass_name(&walk);
	while (pass_attr(&walk, &start, &len)) {
		if (max--)
			continue;
		*scan = start;
		return true;
	}
	return false;
}

bool map_xml_scan_text(struct map_xml_scan *scan)
{
	struct map_xml_scan walk = *scan;

	while (walk.p < walk.end && *walk.p != '>') {
		if (*walk.p == '"' || *walk.p == '\'')
			pass_quoted(&walk);
		else
			step(&walk);
	}
	if (walk.p == walk.end || walk.p[-1] == '/')
		return false;
	step(&walk);
	for (pass_blanks(&walk); at(&walk, "<!--") || at(&walk, "<?"); pass_blanks(&walk))
		pass_other(&walk);
	if (walk.p == walk.end || (*walk.p == '<' && !at(&walk, "<![CDATA[")))
		return false;
	*scan = walk;
	return true;
}
