/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a national variant of ISUP from a file: a built-in dialect, and what is otherwise in the variant. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup_dialect_own.h"
#include "isup/isup_rows.h"
#include "mapping/map_xml.h"

#include "gw_dialect.h"
#include "gw_dialect_par.h"
#include "gw_dialect_schema.h"

/* ---- Options, timers ---- */

static int load_option(struct gw_dialect_reader *reader, const struct map_xml_node *node)
{
	const struct isup_dialect_option *option = isup_dialect_options;
	const char *name = map_xml_attr(node, "name");
	uint32_t value;

	while (option->name && strcmp(option->name, name))
		option++;
	if (!option->name)
		return gw_dialect_fail_attr(reader, node, "name", "there is no option '%s': 'show isup "
					    "dialect' lists them", name);
	if (map_xml_attr_number(node, "value", option->min, option->max, &value, reader->err, reader->err_size))
		return -EINVAL;
	((uint8_t *)&reader->own->dialect)[option->offset] = value;
	return 0;
}

/* The row of a timer that is changed: there is room for each of them once. */
static struct isup_timer_limits *timer_row(struct isup_dialect_own *own, enum isup_timer_id id)
{
	struct isup_timer_def def = isup_dialect_timer(&own->dialect, id);
	struct isup_timer_limits *row = own->timers;

	while (row->id && row->id != id)
		row++;
	*row = (struct isup_timer_limits){ id, def.default_ms, def.min_ms, def.max_ms };
	return row;
}

#define TIMER_MS_MAX (24 * 3600 * 1000)

static int load_timer(struct gw_dialect_reader *reader, const struct map_xml_node *node)
{
	const char *name = map_xml_attr(node, "name");
	struct isup_timer_limits *row;
	unsigned int id = 1;

	while (id < ISUP_TIMER_COUNT && strcasecmp(isup_timer_defs[id].name, name))
		id++;
	if (id == ISUP_TIMER_COUNT)
		return gw_dialect_fail_attr(reader, node, "name", "there is no timer '%s': 'show isup timers' "
					    "lists them", name);
	row = timer_row(reader->own, id);
	if (map_xml_attr_number(node, "min", 1, TIMER_MS_MAX, &row->min_ms, reader->err, reader->err_size) == -EINVAL ||
	    map_xml_attr_number(node, "max", 1, TIMER_MS_MAX, &row->max_ms, reader->err, reader->err_size) == -EINVAL ||
	    map_xml_attr_number(node, "default", 1, TIMER_MS_MAX, &row->default_ms, reader->err,
				reader->err_size) == -EINVAL)
		return -EINVAL;
	if (row->min_ms <= row->default_ms && row->default_ms <= row->max_ms)
		return 0;
	return gw_dialect_fail(reader, node, "timer %s: min %u, default %u and max %u are not in this order", name,
			       row->min_ms, row->default_ms, row->max_ms);
}

/* ---- Messages ---- */

static int msg_by_name(const struct isup_dialect_own *own, const char *name)
{
	for (unsigned int i = 0; i < 256; i++) {
		if (own->msgs[i].name && !strcmp(own->msgs[i].name, name))
			return i;
	}
	return -ENOENT;
}

/* <fixed parameter="…"/> or <variable …/>: the whole list, where there is any of both */
static int load_places(struct gw_dialect_reader *reader, const struct map_xml_node *node, const char *kind,
		       uint8_t *codes)
{
	const struct map_xml_node *place;
	bool fixed = !strcmp(kind, "fixed");

	for (place = map_xml_first(node, kind); place; place = map_xml_next(place, kind)) {
		const char *name = map_xml_attr(place, "parameter");
		const struct isup_par_def *def = isup_par_def_by_name(&reader->own->dialect, name, codes);

		if (!def)
			return gw_dialect_fail_attr(reader, place, "parameter", "there is no parameter '%s': "
						    "those above and of the base are known", name);
		if (fixed && def->min_len != def->max_len)
			return gw_dialect_fail_attr(reader, place, "parameter", "'%s' has no fixed length: "
						    "<variable> is for it", name);
		codes++;
	}
	*codes = 0;
	return 0;
}

static int msg_attrs(struct gw_dialect_reader *reader, const struct map_xml_node *node, struct isup_msg_def *def)
{
	uint32_t prio = def->prio;

	gw_dialect_text(reader, node, "title", &def->title);
	gw_dialect_text(reader, node, "clause", &def->clause);
	if (map_xml_attr_bool(node, "optional", &def->optional, reader->err, reader->err_size) == -EINVAL ||
	    map_xml_attr_bool(node, "opaque", &def->opaque, reader->err, reader->err_size) == -EINVAL ||
	    map_xml_attr_number(node, "priority", 0, 3, &prio, reader->err, reader->err_size) == -EINVAL)
		return -EINVAL;
	def->prio = prio;
	if (map_xml_first(node, "fixed") || map_xml_first(node, "variable")) {
		if (load_places(reader, node, "fixed", def->fixed) < 0 ||
		    load_places(reader, node, "variable", def->variable) < 0)
			return -EINVAL;
	}
	if (def->opaque && (def->fixed[0] || def->variable[0] || def->optional))
		return gw_dialect_fail_attr(reader, node, "opaque", "message %s is opaque: it can have no "
					    "parameters", def->name);
	return 0;
}

/* IAM, REL and those like them are what calls are made of. */
static int remove_msg(struct gw_dialect_reader *reader, const struct map_xml_node *node, int type)
{
	static const uint8_t needed[] = {
		ISUP_MSG_IAM, ISUP_MSG_ACM, ISUP_MSG_ANM, ISUP_MSG_REL, ISUP_MSG_RLC, ISUP_MSG_RSC, ISUP_MSG_BLO,
		ISUP_MSG_BLA, ISUP_MSG_UBL, ISUP_MSG_UBA, ISUP_MSG_GRS, ISUP_MSG_GRA,
	};
	const char *name = map_xml_attr(node, "name");

	if (type < 0)
		return gw_dialect_fail_attr(reader, node, "name", "there is no message %s to remove", name);
	if (memchr(needed, type, sizeof(needed)))
		return gw_dialect_fail_attr(reader, node, "remove", "message %s cannot be removed: no call is "
					    "without it", name);
	reader->own->msgs[type] = (struct isup_msg_def){};
	return 0;
}

static int load_message(struct gw_dialect_reader *reader, const struct map_xml_node *node)
{
	const char *name = map_xml_attr(node, "name");
	int type = msg_by_name(reader->own, name);
	struct isup_msg_def *def;
	bool removed = false;
	uint32_t code;
	int rc = map_xml_attr_number(node, "code", 1, 255, &code, reader->err, reader->err_size);

	if (rc == -EINVAL || map_xml_attr_bool(node, "remove", &removed, reader->err, reader->err_size) == -EINVAL)
		return -EINVAL;
	if (removed)
		return remove_msg(reader, node, type);
	if (rc == 0 && type >= 0)
		return gw_dialect_fail_attr(reader, node, "name", "message %s is there already, with code "
					    "0x%02x", name, type);
	if (rc == 0 && reader->own->msgs[code].name)
		return gw_dialect_fail_attr(reader, node, "code", "code 0x%02x is that of %s already", code,
					    reader->own->msgs[code].name);
	if (rc < 0 && type < 0)
		return gw_dialect_fail_attr(reader, node, "name", "there is no message %s in %s: a new one "
					    "needs a code", name, reader->base->name);
	def = &reader->own->msgs[rc == 0 ? (int)code : type];
	if (!def->name)
		*def = (struct isup_msg_def){ .title = "national message", .clause = "national" };
	gw_dialect_text(reader, node, "name", &def->name);
	return msg_attrs(reader, node, def);
}

/* ---- The whole ---- */

static const struct {
	const char *element;
	int (*load)(struct gw_dialect_reader *reader, const struct map_xml_node *node);
} elements[] = {
	{ "option", load_option },
	{ "timer", load_timer },
	{ "parameter", gw_dialect_load_parameter },
	{ "message", load_message },
};

static int load_root(struct gw_dialect_reader *reader, const struct map_xml_node *root)
{
	const struct map_xml_node *node;

	for (node = map_xml_first(root, NULL); node; node = map_xml_next(node, NULL)) {
		for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
			if (map_xml_is(node, elements[i].element) && elements[i].load(reader, node) < 0)
				return -EINVAL;
		}
	}
	return gw_dialect_check(reader, root);
}

struct isup_dialect_own *gw_dialect_load(void *ctx, const char *name, const char *path, char *err, size_t err_size)
{
	struct gw_dialect_reader reader = { .err = err, .err_size = err_size };
	struct map_xml *doc = map_xml_load(ctx, path, gw_dialect_schema_text, err, err_size);
	const struct map_xml_node *root;

	if (!doc)
		return NULL;
	root = map_xml_root(doc);
	reader.base = isup_dialect_find(map_xml_attr(root, "base"));
	if (!reader.base)
		gw_dialect_fail_attr(&reader, root, "base", "there is no dialect '%s' built in to begin with: "
				     "itu, itu-1997, itu-1992, q767, etsi, ansi", map_xml_attr(root, "base"));
	else
		reader.own = isup_dialect_own_alloc(ctx, name, reader.base);
	if (reader.own) {
		gw_dialect_text(&reader, root, "title", &reader.own->dialect.title);
		if (load_root(&reader, root) < 0)
			TALLOC_FREE(reader.own);
	}
	talloc_free(doc);
	return reader.own;
}
