/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: an XML document of any octets, and all that can be asked of its elements. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "mapping/map_xml.h"
#include "fuzz.h"

static size_t sum;

/* In UTF-8 what stands at an element's place is its tag; in others only the reader knows. */
static const char *text, *text_end;

static const char *at(struct map_xml_place place)
{
	const char *p = text;

	for (; p < text_end && place.line > 1; p++)
		place.line -= *p == '\n';
	for (; p < text_end && (place.column > 1 || (*p & 0xc0) == 0x80); p++)
		place.column -= (*p & 0xc0) != 0x80;
	return p;
}

static void check_place(const struct map_xml_node *node)
{
	const char *name = map_xml_name(node), *p, *colon;
	size_t len = strlen(name);

	if (!text)
		return;
	p = at(map_xml_place(node, NULL));
	CHECK(p < text_end && *p++ == '<');
	colon = memchr(p, ':', strcspn(p, " \t\r\n/>"));
	p = colon && !strchr(name, ':') ? colon + 1 : p;	/* a prefix that is not declared is of the name */
	CHECK((size_t)(text_end - p) > len && !memcmp(p, name, len) && strchr(" \t\r\n/>", p[len]));
	for (unsigned int i = 0; (name = map_xml_attr_name(node, i)); i++) {
		p = at(map_xml_place(node, name));
		len = strcspn(p, "= \t\r\n");
		CHECK(len >= strlen(name) && !memcmp(p + len - strlen(name), name, strlen(name)));
	}
}

/* Not deeper than a reader goes */
static void walk(const struct map_xml_node *node, unsigned int depth)
{
	char err[60];
	uint32_t number;
	bool flag;

	if (depth > 8)
		return;
	for (; node; node = map_xml_next(node, NULL)) {
		check_place(node);
		sum += strlen(map_xml_name(node)) + strlen(map_xml_text(node)) + map_xml_line(node);
		if (map_xml_attr(node, "code"))
			sum += strlen(map_xml_attr(node, "code"));
		if (!map_xml_attr_number(node, "code", 1, 255, &number, err, sizeof(err)))
			CHECK(number >= 1 && number <= 255);
		map_xml_attr_bool(node, "optional", &flag, err, sizeof(err));
		walk(map_xml_first(node, NULL), depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char bom[] = "\xef\xbb\xbf";
	char err[60] = "", *copy = strndup((const char *)data, size);
	bool is_wide = size >= 2 && (data[0] >= 0xfe || !data[0] || !data[1]), has_bom = !strncmp(copy, bom, 3);
	struct map_xml *doc = map_xml_parse(NULL, "f", (const char *)data, size, NULL, err, sizeof(err));

	text = is_wide || strstr(copy, "encoding") ? NULL : copy + (has_bom ? 3 : 0);
	text_end = copy + strlen(copy);
	CHECK(doc || err[0]);
	if (doc)
		walk(map_xml_root(doc), 0);
	talloc_free(doc);
	free(copy);
	return 0;
}
