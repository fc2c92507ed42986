/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the steps of a scenario: what isupsim_scenario.c and isupsim_steps.c share. */
#pragma once

#include "mapping/map_xml.h"

#include "isupsim_scenario.h"

/* A label, or a place that waits for one */
struct sim_label {
	const struct map_xml_node *node;
	const char *attr, *name;	/* which names it, and how */
	uint16_t op;
	enum { SIM_LABEL_HERE, SIM_LABEL_TARGET, SIM_LABEL_ON_TIMEOUT } use;
};

#define SIM_LABELS_MAX	256
#define SIM_OPS_MAX	4000

/* A file that is being read */
struct sim_reader {
	struct sim_scenario *scenario;
	char *err;
	size_t err_size;
	unsigned int n_labels;
	struct sim_label labels[SIM_LABELS_MAX];
};

/* Refuse the file, at an element, one of its attributes, what stands in it; -EINVAL */
#define SIM_FAIL(reader, node, ...) map_xml_fail(node, (reader)->err, (reader)->err_size, __VA_ARGS__)
#define SIM_FAIL_ATTR(reader, node, attr, ...) \
	map_xml_fail_attr(node, attr, (reader)->err, (reader)->err_size, __VA_ARGS__)
#define SIM_FAIL_TEXT(reader, node, ...) map_xml_fail_text(node, (reader)->err, (reader)->err_size, __VA_ARGS__)

/* Reads all child elements that are steps. Returns 0, or -EINVAL with the sentence in err. */
int sim_steps_read(struct sim_reader *reader, const struct map_xml_node *parent);
/* A message type by its name, -EINVAL having said so where there is none; -ENOENT for "any". */
int sim_steps_types(struct sim_reader *reader, const struct map_xml_node *node, uint8_t *types, uint8_t *n_types);
/* Puts the labels into the steps that name them. */
int sim_steps_link(struct sim_reader *reader);
/* A text of the file as a child of the scenario; NULL where it is NULL */
const char *sim_steps_copy(struct sim_reader *reader, const char *text);
/* The index of the variable that an attribute names, made where it is new */
int sim_steps_var(struct sim_reader *reader, const struct map_xml_node *node, const char *attr, uint8_t *var);
/* Of an attribute, or what stands in the element (NULL). Returns 1 where the text has variables, 0 where none. */
int sim_steps_check_text(struct sim_reader *reader, const struct map_xml_node *node, const char *attr,
			 const char *text);

/* ---- isupsim_expect.c ---- */

/* <expect> and <save> in an element */
int sim_steps_read_expects(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op);
int sim_steps_read_saves(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op);
