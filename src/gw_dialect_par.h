/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of gw_dialect.c and gw_dialect_par.c share. */
#pragma once

#include "isup/isup_dialect_own.h"
#include "mapping/map_xml.h"

struct gw_dialect_reader {
	struct isup_dialect_own *own;	/* what is being made */
	const struct isup_dialect *base;
	const struct map_xml_node *removed[256];	/* by code: what removed a parameter */
	char *err;
	size_t err_size;
};

#define gw_dialect_fail(reader, node, fmt, args...) \
	map_xml_fail(node, (reader)->err, (reader)->err_size, fmt, ## args)
#define gw_dialect_fail_attr(reader, node, attr, fmt, args...) \
	map_xml_fail_attr(node, attr, (reader)->err, (reader)->err_size, fmt, ## args)

/* Copies an attribute, if it is there. */
void gw_dialect_text(struct gw_dialect_reader *reader, const struct map_xml_node *node, const char *name,
		     const char **text);
/* One <parameter> */
int gw_dialect_load_parameter(struct gw_dialect_reader *reader, const struct map_xml_node *node);
/* What only the whole shows: every parameter of a message's layout is there, every usual value can be encoded. */
int gw_dialect_check(struct gw_dialect_reader *reader, const struct map_xml_node *root);
