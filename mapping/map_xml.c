/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XML documents by libxml2: load, validate, walk. */

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "mapping/map_xml.h"

/* No configuration is longer. */
#define FILE_MAX (16 * 1024 * 1024)

#define PARSE_OPTIONS (XML_PARSE_NONET | XML_PARSE_NOBLANKS | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES | \
		       XML_PARSE_COMPACT)

#if LIBXML_VERSION >= 21200
typedef const xmlError *xml_error;
#else
typedef xmlErrorPtr xml_error;
#endif

struct map_xml {
	xmlDocPtr doc;
	const char *name;
};

/* What goes wrong first is told; the rest mostly follows from it. */
struct first_error {
	const char *name;
	char *err;
	size_t size;
	bool there;
};

static const xmlNode *xml(const struct map_xml_node *node)
{
	return (const xmlNode *)node;
}

/* ---- Errors ---- */

static void first_error_cb(void *data, xml_error error)
{
	struct first_error *first = data;
	int column = error->domain == XML_FROM_PARSER ? error->int2 : 0;
	size_t len;

	if (first->there || error->level == XML_ERR_WARNING)
		return;
	first->there = true;
	if (column > 0)
		snprintf(first->err, first->size, "%s:%d:%d: %s", first->name, error->line, column, error->message);
	else
		snprintf(first->err, first->size, "%s:%d: %s", first->name, error->line, error->message);
	len = strlen(first->err);
	while (len > 0 && (first->err[len - 1] == '\n' || first->err[len - 1] == ' '))
		first->err[--len] = '\0';
}

int map_xml_fail(const struct map_xml_node *node, char *err, size_t err_size, const char *fmt, ...)
{
	int len = snprintf(err, err_size, "%s:%u: ", map_xml_file(node), map_xml_line(node));
	va_list args;

	if (len < 0 || (size_t)len >= err_size)
		return -EINVAL;
	va_start(args, fmt);
	vsnprintf(err + len, err_size - len, fmt, args);
	va_end(args);
	return -EINVAL;
}

/* ---- Load ---- */

static int doc_destructor(struct map_xml *doc)
{
	xmlFreeDoc(doc->doc);
	return 0;
}

static bool validate(struct map_xml *doc, const char *schema_text)
{
	xmlSchemaParserCtxtPtr parser = xmlSchemaNewMemParserCtxt(schema_text, strlen(schema_text));
	xmlSchemaPtr schema;
	xmlSchemaValidCtxtPtr ctxt = NULL;
	bool ok = false;

	if (!parser)
		return false;
	schema = xmlSchemaParse(parser);
	xmlSchemaFreeParserCtxt(parser);
	if (schema)
		ctxt = xmlSchemaNewValidCtxt(schema);
	if (ctxt) {
		ok = xmlSchemaValidateDoc(ctxt, doc->doc) == 0;
		xmlSchemaFreeValidCtxt(ctxt);
	}
	xmlSchemaFree(schema);
	return ok;
}

static bool read_doc(struct map_xml *doc, const char *text, size_t len, struct first_error *first)
{
	xmlParserCtxtPtr ctxt = xmlNewParserCtxt();

	if (!ctxt)
		return false;
	doc->doc = xmlCtxtReadMemory(ctxt, text, len, doc->name, NULL, PARSE_OPTIONS);
	xmlFreeParserCtxt(ctxt);
	if (!doc->doc)
		return false;
	doc->doc->_private = doc;
	if (!doc->doc->intSubset && !doc->doc->extSubset)
		return true;
	snprintf(first->err, first->size, "%s:1: no DOCTYPE is allowed here", doc->name);
	first->there = true;
	return false;
}

struct map_xml *map_xml_parse(void *ctx, const char *name, const char *text, size_t len, const char *schema,
			      char *err, size_t err_size)
{
	struct first_error first = { .name = name, .err = err, .size = err_size };
	struct map_xml *doc = talloc_zero(ctx, struct map_xml);
	bool ok;

	snprintf(err, err_size, "%s: cannot be read", name);
	if (!doc)
		return NULL;
	doc->name = talloc_strdup(doc, name);
	if (len == 0 || len > FILE_MAX) {
		snprintf(err, err_size, "%s: %s", name, len ? "too long" : "is empty");
		talloc_free(doc);
		return NULL;
	}
	talloc_set_destructor(doc, doc_destructor);
	xmlSetStructuredErrorFunc(&first, first_error_cb);
	ok = read_doc(doc, text, len, &first) && (!schema || validate(doc, schema));
	xmlSetStructuredErrorFunc(NULL, NULL);
	if (ok)
		err[0] = '\0';
	else
		TALLOC_FREE(doc);
	return doc;
}

/* The octets of a file as a talloc chunk, NULL with errno set */
static char *read_file(void *ctx, const char *path, size_t *len)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	int rc;

	if (!file)
		return NULL;
	*len = 0;
	do {
		text = talloc_realloc(ctx, text, char, *len + 65536);
		if (!text)
			break;
		*len += fread(text + *len, 1, 65536, file);
	} while (!feof(file) && !ferror(file) && *len <= FILE_MAX);
	rc = !text ? ENOMEM : ferror(file) ? EIO : 0;
	if (ferror(file) && text)
		rc = errno ? errno : EIO;
	fclose(file);
	if (rc) {
		talloc_free(text);
		errno = rc;
		return NULL;
	}
	return text;
}

struct map_xml *map_xml_load(void *ctx, const char *path, const char *schema, char *err, size_t err_size)
{
	struct map_xml *doc;
	size_t len;
	char *text = read_file(ctx, path, &len);

	if (!text) {
		snprintf(err, err_size, "%s: %s", path, strerror(errno));
		return NULL;
	}
	doc = map_xml_parse(ctx, path, text, len, schema, err, err_size);
	talloc_free(text);
	return doc;
}

/* ---- Walk ---- */

const struct map_xml_node *map_xml_root(const struct map_xml *doc)
{
	return (const struct map_xml_node *)xmlDocGetRootElement(doc->doc);
}

static const struct map_xml_node *from_here(const xmlNode *at, const char *name)
{
	for (; at; at = at->next) {
		if (at->type == XML_ELEMENT_NODE && (!name || !strcmp((const char *)at->name, name)))
			break;
	}
	return (const struct map_xml_node *)at;
}

const struct map_xml_node *map_xml_first(const struct map_xml_node *parent, const char *name)
{
	return from_here(xml(parent)->children, name);
}

const struct map_xml_node *map_xml_next(const struct map_xml_node *node, const char *name)
{
	return from_here(xml(node)->next, name);
}

const char *map_xml_name(const struct map_xml_node *node)
{
	return (const char *)xml(node)->name;
}

bool map_xml_is(const struct map_xml_node *node, const char *name)
{
	return !strcmp(map_xml_name(node), name);
}

unsigned int map_xml_line(const struct map_xml_node *node)
{
	long line = xmlGetLineNo(xml(node));

	return line > 0 ? line : 0;
}

const char *map_xml_file(const struct map_xml_node *node)
{
	const struct map_xml *doc = xml(node)->doc->_private;

	return doc->name;
}

/* Without entities a text is one node. */
const char *map_xml_attr(const struct map_xml_node *node, const char *name)
{
	const xmlAttr *attr;

	for (attr = xml(node)->properties; attr; attr = attr->next) {
		if (!strcmp((const char *)attr->name, name))
			return attr->children && attr->children->content ? (const char *)attr->children->content : "";
	}
	return NULL;
}

const char *map_xml_attr_name(const struct map_xml_node *node, unsigned int i)
{
	const xmlAttr *attr = xml(node)->properties;

	while (attr && i--)
		attr = attr->next;
	return attr ? (const char *)attr->name : NULL;
}

const char *map_xml_text(const struct map_xml_node *node)
{
	const xmlNode *at;

	for (at = xml(node)->children; at && at->type != XML_ELEMENT_NODE; at = at->next) {
		if (at->type == XML_TEXT_NODE || at->type == XML_CDATA_SECTION_NODE)
			return (const char *)at->content;
	}
	return "";
}

int map_xml_attr_number(const struct map_xml_node *node, const char *name, uint32_t min, uint32_t max, uint32_t *out,
			char *err, size_t err_size)
{
	const char *text = map_xml_attr(node, name);
	unsigned long long value;
	char *end;

	if (!text)
		return -ENOENT;
	errno = 0;
	value = strtoull(text, &end, !strncmp(text, "0x", 2) ? 16 : 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno || value < min || value > max)
		return map_xml_fail(node, err, err_size, "%s=\"%s\": a number from %u to %u is wanted", name, text,
				    min, max);
	*out = value;
	return 0;
}

int map_xml_attr_bool(const struct map_xml_node *node, const char *name, bool *out, char *err, size_t err_size)
{
	const char *text = map_xml_attr(node, name);

	if (!text)
		return -ENOENT;
	if (strcmp(text, "true") && strcmp(text, "false") && strcmp(text, "1") && strcmp(text, "0"))
		return map_xml_fail(node, err, err_size, "%s=\"%s\": true or false is wanted", name, text);
	*out = text[0] == 't' || text[0] == '1';
	return 0;
}
