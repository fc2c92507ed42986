/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XML documents that an operator writes: load, validate against a schema, walk; errors with file, line and column. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mapping/map_xml_place.h"

struct map_xml;				/* a document, a talloc chunk */
struct map_xml_node;			/* an element of it */

/* Reads a file and holds it against schema, the text of an XML Schema (NULL: well-formed is enough). No network, no
 * entities, no document type: a document is elements, attributes and text.
 * Returns NULL with one sentence in err, "FILE:LINE:COLUMN: what"; without a place where the file itself is wrong. */
struct map_xml *map_xml_load(void *ctx, const char *path, const char *schema, char *err, size_t err_size);
/* The same of len octets in memory; name stands for the file in errors. */
struct map_xml *map_xml_parse(void *ctx, const char *name, const char *text, size_t len, const char *schema,
			      char *err, size_t err_size);

/* All strings and nodes below are borrowed from the document. */
const struct map_xml_node *map_xml_root(const struct map_xml *doc);
/* Child elements in their order: the first, and the next after one; of this name, any if name is NULL */
const struct map_xml_node *map_xml_first(const struct map_xml_node *parent, const char *name);
const struct map_xml_node *map_xml_next(const struct map_xml_node *node, const char *name);
const char *map_xml_name(const struct map_xml_node *node);
bool map_xml_is(const struct map_xml_node *node, const char *name);
unsigned int map_xml_line(const struct map_xml_node *node);
/* Where its tag begins, or one of its attributes (NULL, or none such: the element itself) */
struct map_xml_place map_xml_place(const struct map_xml_node *node, const char *attr);
const char *map_xml_file(const struct map_xml_node *node);
/* NULL where there is no such attribute */
const char *map_xml_attr(const struct map_xml_node *node, const char *name);
/* The name of its i-th attribute; NULL behind the last */
const char *map_xml_attr_name(const struct map_xml_node *node, unsigned int i);
/* What stands in the element before its first child element; "" where nothing does */
const char *map_xml_text(const struct map_xml_node *node);

/* A whole number, decimal or 0x…, from min to max. Returns 0; -ENOENT: no such attribute, *out is left alone; -EINVAL
 * with the sentence in err. */
int map_xml_attr_number(const struct map_xml_node *node, const char *name, uint32_t min, uint32_t max, uint32_t *out,
			char *err, size_t err_size);
/* "true", "false", "1", "0"; returns as above. */
int map_xml_attr_bool(const struct map_xml_node *node, const char *name, bool *out, char *err, size_t err_size);

/* Write "FILE:LINE:COLUMN: " and the rest into err; return -EINVAL, so that a reader can return it. The place is where
 * the element's tag begins, one of its attributes (the element, where it has no such), or what stands in it. Columns
 * count characters from 1. */
int map_xml_fail(const struct map_xml_node *node, char *err, size_t err_size, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
int map_xml_fail_attr(const struct map_xml_node *node, const char *name, char *err, size_t err_size, const char *fmt,
		      ...) __attribute__((format(printf, 5, 6)));
int map_xml_fail_text(const struct map_xml_node *node, char *err, size_t err_size, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
