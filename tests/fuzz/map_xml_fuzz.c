/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: an XML document of any octets, and all that can be asked of its elements. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "mapping/map_xml.h"
#include "fuzz.h"

static size_t sum;

/* Not deeper than a reader goes */
static void walk(const struct map_xml_node *node, unsigned int depth)
{
	char err[60];
	uint32_t number;
	bool flag;

	if (depth > 8)
		return;
	for (; node; node = map_xml_next(node, NULL)) {
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
	char err[60] = "";
	struct map_xml *doc = map_xml_parse(NULL, "f", (const char *)data, size, NULL, err, sizeof(err));

	CHECK(doc || err[0]);
	if (doc)
		walk(map_xml_root(doc), 0);
	talloc_free(doc);
	return 0;
}
