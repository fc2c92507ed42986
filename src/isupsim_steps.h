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

/* Reads all child elements that are steps. Returns 0, or -EINVAL with the sentence in err. */
int sim_steps_read(struct sim_reader *reader, const struct map_xml_node *parent);
/* A message type by its name, -EINVAL having said so where there is none; -ENOENT for "any". */
int sim_steps_types(struct sim_reader *reader, const struct map_xml_node *node, uint8_t *types, uint8_t *n_types);
/* Puts the labels into the steps that name them. */
int sim_steps_link(struct sim_reader *reader);
