/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XML documents by libxml2: load, validate, walk, and say where something is wrong. */

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/encoding.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "mapping/map_file.h"
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

/* Where an element begins */
struct element {
	uint32_t offset;		/* of its '<' in the text */
	struct map_xml_place place;
};

/* Elements are in the order of the document; node->_private is the number of its own, from 1. They are looked for when
 * a place is first asked for, so that a document in which nothing is wrong costs no more than its parser. */
struct map_xml {
	xmlDocPtr doc;
	const char *name;
	char *text;			/* in UTF-8 once there are elements */
	size_t len;
	struct element *elements;
};

/* What goes wrong first is told; the rest mostly follows from it. */
struct first_error {
	struct map_xml *doc;
	char *err;
	size_t size;
	bool there;
};

static const xmlNode *xml(const struct map_xml_node *node)
{
	return (const xmlNode *)node;
}

static const xmlAttr *find_attr(const struct map_xml_node *node, const char *name)
{
	const xmlAttr *attr = xml(node)->properties;

	while (attr && strcmp((const char *)attr->name, name))
		attr = attr->next;
	return attr;
}

static const xmlNode *element_from(const xmlNode *at)
{
	while (at && at->type != XML_ELEMENT_NODE)
		at = at->next;
	return at;
}

/* ---- Places ---- */

/* What the parser found it in; NULL: UTF-8 */
static const char *encoding_of(const struct map_xml *doc)
{
	static const struct {
		const char *begin, *encoding;
	} wide[] = {
		{ "\xff\xfe", "UTF-16LE" }, { "\xfe\xff", "UTF-16BE" },
		{ "<\0", "UTF-16LE" }, { "\0<", "UTF-16BE" },
	};
	const char *said = doc->doc ? (const char *)doc->doc->encoding : NULL;

	for (size_t i = 0; i < ARRAY_SIZE(wide) && doc->len >= 2; i++) {
		if (!memcmp(doc->text, wide[i].begin, 2))
			return wide[i].encoding;
	}
	return said && xmlParseCharEncoding(said) != XML_CHAR_ENCODING_UTF8 ? said : NULL;
}

/* Where that fails columns count what the text is of, which is right for all with one octet a character. */
static void make_utf8(struct map_xml *doc)
{
	const char *encoding = encoding_of(doc);
	xmlCharEncodingHandlerPtr handler = encoding ? xmlFindCharEncodingHandler(encoding) : NULL;
	xmlBufferPtr in, out;

	if (!handler)
		return;
	in = xmlBufferCreate();
	out = xmlBufferCreate();
	if (in && out && xmlBufferAdd(in, (const xmlChar *)doc->text, doc->len) == 0 &&
	    xmlCharEncInFunc(handler, out, in) > 0) {
		talloc_free(doc->text);
		doc->len = xmlBufferLength(out);
		doc->text = talloc_memdup(doc, xmlBufferContent(out), doc->len);
	}
	xmlBufferFree(in);
	xmlBufferFree(out);
	xmlCharEncCloseFunc(handler);
}

/* The one after it in the order of the document */
static const xmlNode *next_element(const xmlNode *node)
{
	const xmlNode *next = element_from(node->children);

	for (; !next && node->parent; node = node->parent)
		next = element_from(node->next);
	return next;
}

/* Tags and the tree's elements go side by side. */
static void find_elements(struct map_xml *doc)
{
	xmlNodePtr node = doc->doc ? xmlDocGetRootElement(doc->doc) : NULL;
	struct map_xml_scan scan;
	size_t n = 0;

	make_utf8(doc);
	map_xml_scan_init(&scan, doc->text, doc->text ? doc->len : 0);
	doc->elements = talloc_array(doc, struct element, 64);
	while (doc->elements && node && map_xml_scan_tag(&scan)) {
		if (n == talloc_array_length(doc->elements))
			doc->elements = talloc_realloc(doc, doc->elements, struct element, 2 * n);
		if (!doc->elements)
			return;
		doc->elements[n++] = (struct element){ scan.p - doc->text, scan.place };
		node->_private = (void *)(uintptr_t)n;
		node = (xmlNodePtr)next_element(node);
	}
}

static struct map_xml *doc_of(const xmlNode *node)
{
	return node->doc->_private;
}

/* A walk that stands at the element's tag; where it has none, the line is the parser's */
static void go_to(struct map_xml_scan *scan, const xmlNode *node)
{
	struct map_xml *doc = doc_of(node);
	const struct element *element;
	long line;

	if (!doc->elements)
		find_elements(doc);
	if (doc->elements && node->_private) {
		element = &doc->elements[(uintptr_t)node->_private - 1];
		*scan = (struct map_xml_scan){
			.p = doc->text + element->offset, .end = doc->text + doc->len, .place = element->place,
		};
		return;
	}
	line = xmlGetLineNo(node);
	*scan = (struct map_xml_scan){ .place = { line > 0 ? line : 1, 1 } };
}

/* Of an element, or of an attribute in it */
static struct map_xml_place place_of(const xmlNode *node)
{
	const xmlAttr *attr = node->type == XML_ATTRIBUTE_NODE ? (const xmlAttr *)node : NULL;
	struct map_xml_scan scan;
	char name[128];

	while (node->type != XML_ELEMENT_NODE && node->parent)
		node = node->parent;
	go_to(&scan, node);
	if (attr) {
		snprintf(name, sizeof(name), "%s%s%s", attr->ns && attr->ns->prefix ? (char *)attr->ns->prefix : "",
			 attr->ns && attr->ns->prefix ? ":" : "", attr->name);
		map_xml_scan_attr(&scan, name);
	}
	return scan.place;
}

struct map_xml_place map_xml_place(const struct map_xml_node *node, const char *attr)
{
	const xmlAttr *found = attr ? find_attr(node, attr) : NULL;

	return place_of(found ? (const xmlNode *)found : xml(node));
}

unsigned int map_xml_line(const struct map_xml_node *node)
{
	return place_of(xml(node)).line;
}

/* ---- Errors ---- */

/* Of the document as a whole, or of its parser */
static void first_error(struct first_error *first, unsigned int line, unsigned int column, const char *what)
{
	size_t len;

	first->there = true;
	snprintf(first->err, first->size, "%s:%u:%u: %s", first->doc->name, line, column, what);
	for (len = 0; first->err[len]; len++) {
		if (first->err[len] == '\n')
			first->err[len] = ' ';
	}
	while (len > 0 && first->err[len - 1] == ' ')
		first->err[--len] = '\0';
}

/* "Element 'item', attribute 'n': …", where the library gives the element only */
static const xmlNode *node_of(xml_error error)
{
	static const char between[] = "', attribute '";
	const char *name = strstr(error->message, between);
	const xmlNode *node = error->node;
	const xmlAttr *attr;
	size_t len;

	if (!name || node->type != XML_ELEMENT_NODE ||
	    strcspn(error->message + 9, "'") + 9 != (size_t)(name - error->message))
		return node;
	name += strlen(between);
	if (*name == '{')
		name += strcspn(name, "}") + 1;
	len = strcspn(name, "'");
	for (attr = node->properties; attr; attr = attr->next) {
		if (strlen((const char *)attr->name) == len && !strncmp((const char *)attr->name, name, len))
			return (const xmlNode *)attr;
	}
	return node;
}

static void first_error_cb(void *data, xml_error error)
{
	struct first_error *first = data;
	struct map_xml_place place = { OSMO_MAX(error->line, 1), OSMO_MAX(error->int2, 1) };

	if (first->there || error->level == XML_ERR_WARNING)
		return;
	/* places may make errors of their own */
	first->there = true;
	if (error->domain == XML_FROM_SCHEMASV && error->node)
		place = place_of(node_of(error));
	first_error(first, place.line, place.column, error->message);
}

static int fail_at(const struct map_xml_node *node, struct map_xml_place place, char *err, size_t err_size,
		   const char *fmt, va_list args)
{
	int len = snprintf(err, err_size, "%s:%u:%u: ", map_xml_file(node), place.line, place.column);

	if (len >= 0 && (size_t)len < err_size)
		vsnprintf(err + len, err_size - len, fmt, args);
	return -EINVAL;
}

int map_xml_fail(const struct map_xml_node *node, char *err, size_t err_size, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fail_at(node, place_of(xml(node)), err, err_size, fmt, args);
	va_end(args);
	return -EINVAL;
}

int map_xml_fail_attr(const struct map_xml_node *node, const char *name, char *err, size_t err_size, const char *fmt,
		      ...)
{
	va_list args;

	va_start(args, fmt);
	fail_at(node, map_xml_place(node, name), err, err_size, fmt, args);
	va_end(args);
	return -EINVAL;
}

int map_xml_fail_text(const struct map_xml_node *node, char *err, size_t err_size, const char *fmt, ...)
{
	struct map_xml_scan scan;
	va_list args;

	go_to(&scan, xml(node));
	if (scan.p)
		map_xml_scan_text(&scan);
	va_start(args, fmt);
	fail_at(node, scan.place, err, err_size, fmt, args);
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

/* The library compares each attribute of an element with all before it: 200,000 of them take it a minute. Before it
 * sees them, they are counted, in shorter documents not even that. */
#define ATTRS_MAX	256
#define FEW_OCTETS	16384

/* At the first attribute that is one too many; false: there is none */
static bool has_many_attrs(const char *text, size_t len, struct map_xml_scan *scan)
{
	struct map_xml_scan tag;

	map_xml_scan_init(&tag, text, len);
	while (map_xml_scan_tag(&tag)) {
		*scan = tag;
		if (map_xml_scan_attrs(scan, ATTRS_MAX))
			return true;
	}
	return false;
}

static bool has_few_attrs(const struct map_xml *doc, struct first_error *first)
{
	struct map_xml *as_utf8;
	struct map_xml_scan scan;
	char what[64];
	bool many;

	if (doc->len < FEW_OCTETS)
		return true;
	as_utf8 = talloc_zero(NULL, struct map_xml);
	*as_utf8 = (struct map_xml){ .text = doc->text, .len = doc->len };
	if (encoding_of(doc)) {
		as_utf8->text = talloc_memdup(as_utf8, doc->text, doc->len);
		make_utf8(as_utf8);
	}
	many = as_utf8->text && has_many_attrs(as_utf8->text, as_utf8->len, &scan);
	talloc_free(as_utf8);
	if (!many)
		return true;
	snprintf(what, sizeof(what), "an element has %u attributes at most", ATTRS_MAX);
	first_error(first, scan.place.line, scan.place.column, what);
	return false;
}

/* As soon as there is a document type the parser stops: what stands in it is not looked at. */
static void stop_at_doctype(void *data, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	xmlParserCtxtPtr ctxt = data;

	*(bool *)ctxt->_private = true;
	xmlStopParser(ctxt);
}

static bool read_doc(struct map_xml *doc, struct first_error *first)
{
	xmlParserCtxtPtr ctxt = xmlNewParserCtxt();
	bool has_doctype = false;
	struct map_xml_scan scan;

	if (!ctxt)
		return false;
	ctxt->_private = &has_doctype;
	ctxt->sax->internalSubset = stop_at_doctype;
	doc->doc = xmlCtxtReadMemory(ctxt, doc->text, doc->len, doc->name, NULL, PARSE_OPTIONS);
	xmlFreeParserCtxt(ctxt);
	if (doc->doc)
		doc->doc->_private = doc;
	if (!has_doctype)
		return doc->doc;
	make_utf8(doc);
	map_xml_scan_init(&scan, doc->text, doc->text ? doc->len : 0);
	map_xml_scan_tag(&scan);
	first_error(first, scan.place.line, scan.place.column, "no DOCTYPE is allowed here");
	return false;
}

/* Takes the text. */
static struct map_xml *parse(struct map_xml *doc, const char *schema, char *err, size_t err_size)
{
	struct first_error first = { .doc = doc, .err = err, .size = err_size };
	bool ok;

	if (doc->len == 0) {
		snprintf(err, err_size, "%s: is empty", doc->name);
	} else if (doc->len > FILE_MAX) {
		snprintf(err, err_size, "%s: longer than %u MiB", doc->name, FILE_MAX / 1024 / 1024);
	} else {
		snprintf(err, err_size, "%s: cannot be read", doc->name);
		xmlSetStructuredErrorFunc(&first, first_error_cb);
		ok = has_few_attrs(doc, &first) && read_doc(doc, &first) && (!schema || validate(doc, schema));
		xmlSetStructuredErrorFunc(NULL, NULL);
		if (ok) {
			err[0] = '\0';
			return doc;
		}
	}
	talloc_free(doc);
	return NULL;
}

static struct map_xml *doc_alloc(void *ctx, const char *name)
{
	struct map_xml *doc = talloc_zero(ctx, struct map_xml);

	doc->name = talloc_strdup(doc, name);
	talloc_set_destructor(doc, doc_destructor);
	return doc;
}

struct map_xml *map_xml_parse(void *ctx, const char *name, const char *text, size_t len, const char *schema,
			      char *err, size_t err_size)
{
	struct map_xml *doc = doc_alloc(ctx, name);

	doc->len = len;
	if (len <= FILE_MAX)
		doc->text = talloc_memdup(doc, text, len);
	return parse(doc, schema, err, err_size);
}

struct map_xml *map_xml_load(void *ctx, const char *path, const char *schema, char *err, size_t err_size)
{
	struct map_xml *doc = doc_alloc(ctx, path);

	doc->text = map_file_read(doc, path, FILE_MAX, &doc->len, err, err_size);
	if (doc->text)
		return parse(doc, schema, err, err_size);
	talloc_free(doc);
	return NULL;
}

/* ---- Walk ---- */

const struct map_xml_node *map_xml_root(const struct map_xml *doc)
{
	return (const struct map_xml_node *)xmlDocGetRootElement(doc->doc);
}

static const struct map_xml_node *from_here(const xmlNode *at, const char *name)
{
	for (at = element_from(at); at && name && strcmp((const char *)at->name, name);)
		at = element_from(at->next);
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

const char *map_xml_file(const struct map_xml_node *node)
{
	return doc_of(xml(node))->name;
}

/* Without entities a text is one node. */
const char *map_xml_attr(const struct map_xml_node *node, const char *name)
{
	const xmlAttr *attr = find_attr(node, name);

	if (!attr)
		return NULL;
	return attr->children && attr->children->content ? (const char *)attr->children->content : "";
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
		return map_xml_fail_attr(node, name, err, err_size, "%s=\"%s\": a number from %u to %u is wanted",
					 name, text, min, max);
	*out = value;
	return 0;
}

int map_xml_attr_bool(const struct map_xml_node *node, const char *name, bool *out, char *err, size_t err_size)
{
	const char *text = map_xml_attr(node, name);

	if (!text)
		return -ENOENT;
	if (strcmp(text, "true") && strcmp(text, "false") && strcmp(text, "1") && strcmp(text, "0"))
		return map_xml_fail_attr(node, name, err, err_size, "%s=\"%s\": true or false is wanted", name, text);
	*out = text[0] == 't' || text[0] == '1';
	return 0;
}
