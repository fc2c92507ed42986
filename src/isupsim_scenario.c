/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios: from an XML file to a list of steps; circuits, variables, defaults. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"

#include "isupsim_schema.h"
#include "isupsim_steps.h"

static int find_name(const char *const *names, unsigned int n, const char *name, size_t len)
{
	for (unsigned int i = 0; i < n; i++) {
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return i;
	}
	return -1;
}

int sim_scenario_var(const struct sim_scenario *scenario, const char *name, size_t len)
{
	return find_name(scenario->vars, scenario->n_vars, name, len);
}

int sim_scenario_role(const struct sim_scenario *scenario, const char *name, size_t len)
{
	for (unsigned int i = 0; i < scenario->n_roles; i++) {
		if (strlen(scenario->roles[i].name) == len && memcmp(scenario->roles[i].name, name, len) == 0)
			return i;
	}
	return -1;
}

bool sim_scenario_is_answering(const struct sim_scenario *scenario)
{
	return scenario->n_ops && scenario->ops[0].type == SIM_OP_RECV;
}

int sim_scenario_tester(const struct sim_scenario *scenario)
{
	for (unsigned int i = 0; i < scenario->n_ops; i++) {
		if (scenario->ops[i].type == SIM_OP_TESTER)
			return i;
	}
	return -1;
}

/* ---- Circuits ---- */

static const struct value_string bind_names[] = {
	{ SIM_BIND_FREE, "free" },
	{ SIM_BIND_RECEIVED, "received" },
	{ SIM_BIND_UNEQUIPPED, "unequipped" },
	{}
};

static const struct value_string parity_names[] = {
	{ SIM_PARITY_EVEN, "even" },
	{ SIM_PARITY_ODD, "odd" },
	{}
};

static const struct value_string unexpected_names[] = {
	{ SIM_UNEXPECTED_FAIL, "fail" },
	{ SIM_UNEXPECTED_IGNORE, "ignore" },
	{ SIM_UNEXPECTED_ANSWER, "answer" },
	{}
};

/* The value of an attribute that the schema has looked at */
static int word(const struct map_xml_node *node, const char *attr, const struct value_string *words, int usual)
{
	const char *text = map_xml_attr(node, attr);
	int value = text ? get_string_value(words, text) : -1;

	return value < 0 ? usual : value;
}

/* cic=: a circuit that the scenario names itself */
static int read_cic(struct sim_reader *reader, const struct map_xml_node *node, struct sim_role *role)
{
	const struct sim_scenario *scenario = reader->scenario;
	const unsigned int max = (1 << scenario->dialect->cic_bits) - 1;
	uint32_t cic;

	if (!map_xml_attr(node, "cic"))
		return 0;
	if (map_xml_attr(node, "from") || map_xml_attr(node, "parity"))
		return map_xml_fail_attr(node, "cic", reader->err, reader->err_size,
					 "cic says all, it goes with neither 'from' nor 'parity'");
	if (map_xml_attr_number(node, "cic", 0, max, &cic, reader->err, reader->err_size) < 0)
		return -EINVAL;
	for (unsigned int i = 0; i < scenario->n_roles; i++) {
		if (scenario->roles[i].bind == SIM_BIND_CIC && scenario->roles[i].cic == cic)
			return map_xml_fail_attr(node, "cic", reader->err, reader->err_size,
						 "CIC %u is circuit '%s' already", cic, scenario->roles[i].name);
	}
	role->bind = SIM_BIND_CIC;
	role->cic = cic;
	return 0;
}

static int read_roles(struct sim_reader *reader, const struct map_xml_node *root)
{
	struct sim_scenario *scenario = reader->scenario;
	const struct map_xml_node *node;

	for (node = map_xml_first(root, "circuit"); node; node = map_xml_next(node, "circuit")) {
		const char *name = map_xml_attr(node, "name");
		struct sim_role *role = &scenario->roles[scenario->n_roles];

		if (sim_scenario_role(scenario, name, strlen(name)) >= 0)
			return map_xml_fail_attr(node, "name", reader->err, reader->err_size,
						 "circuit '%s' is there already", name);
		*role = (struct sim_role){
			.name = talloc_strdup(scenario, name),
			.bind = word(node, "from", bind_names, SIM_BIND_FREE),
			.parity = word(node, "parity", parity_names, SIM_PARITY_ANY),
		};
		if (read_cic(reader, node, role) < 0)
			return -EINVAL;
		scenario->n_roles++;
	}
	return 0;
}

/* Does the tester's command name the circuit? Then it is one of ours. */
static bool names_cic(const struct map_xml_node *node)
{
	const char *text = map_xml_text(node);

	return map_xml_is(node, "tester") && (strstr(text, "$cic") || strstr(text, "${cic"));
}

/* A scenario without <circuit> has one: what comes first, a message sent or received on it, says where it is from. */
static void usual_role(struct sim_scenario *scenario, const struct map_xml_node *root)
{
	const struct map_xml_node *node = map_xml_first(root, NULL);
	enum sim_bind bind = SIM_BIND_FREE;

	for (; node; node = map_xml_next(node, NULL)) {
		if (map_xml_is(node, "send") || names_cic(node))
			break;
		if (!map_xml_is(node, "recv"))
			continue;
		bind = SIM_BIND_RECEIVED;
		break;
	}
	scenario->roles[0] = (struct sim_role){ .name = "first", .bind = bind };
	scenario->n_roles = 1;
}

/* ---- Load ---- */

static int read_ignored(struct sim_reader *reader, const struct map_xml_node *root)
{
	struct sim_scenario *scenario = reader->scenario;
	const struct map_xml_node *node;

	for (node = map_xml_first(root, "ignore"); node; node = map_xml_next(node, "ignore")) {
		uint8_t types[SIM_TYPES_MAX], n = 0;

		if (sim_steps_types(reader, node, types, &n) < 0)
			return -EINVAL;
		if (scenario->n_ignored + n > SIM_TYPES_MAX)
			return map_xml_fail_attr(node, "message", reader->err, reader->err_size,
						 "more than %u messages are ignored", SIM_TYPES_MAX);
		memcpy(scenario->ignored + scenario->n_ignored, types, n);
		scenario->n_ignored += n;
	}
	return 0;
}

/* Every path ends: the last step is <pass>. */
static int read_scenario(struct sim_reader *reader, const struct map_xml_node *root)
{
	struct sim_scenario *scenario = reader->scenario;
	const char *timeout = map_xml_attr(root, "timeout");

	if (!map_xml_is(root, "scenario"))
		return map_xml_fail(root, reader->err, reader->err_size, "the root is not <scenario>");
	scenario->file = talloc_strdup(scenario, map_xml_file(root));
	scenario->name = talloc_strdup(scenario, map_xml_attr(root, "name"));
	scenario->title = talloc_strdup(scenario, map_xml_attr(root, "title"));
	scenario->purpose = talloc_strdup(scenario, map_xml_attr(root, "purpose"));
	scenario->unexpected = word(root, "unexpected", unexpected_names, SIM_UNEXPECTED_FAIL);
	if (timeout && sim_time_scan(&scenario->timeout, timeout) < 0)
		return map_xml_fail_attr(root, "timeout", reader->err, reader->err_size, "timeout: '%s' is no time",
					 timeout);
	map_xml_attr_bool(root, "silent", &scenario->silent, reader->err, reader->err_size);
	if (read_roles(reader, root) < 0 || read_ignored(reader, root) < 0)
		return -EINVAL;
	if (!scenario->n_roles)
		usual_role(scenario, root);
	if (sim_steps_read(reader, root) < 0)
		return -EINVAL;
	return sim_steps_link(reader);
}

/* Of a document, which is freed */
static struct sim_scenario *read_doc(void *ctx, struct map_xml *doc, const struct isup_dialect *dialect, char *err,
				     size_t err_size)
{
	struct sim_reader *reader;
	struct sim_scenario *scenario;

	if (!doc)
		return NULL;
	reader = talloc_zero(doc, struct sim_reader);
	scenario = talloc_zero(ctx, struct sim_scenario);
	if (!reader || !scenario) {
		talloc_free(scenario);
		talloc_free(doc);
		return NULL;
	}
	scenario->dialect = dialect;
	reader->scenario = scenario;
	reader->err = err;
	reader->err_size = err_size;
	if (read_scenario(reader, map_xml_root(doc)) < 0)
		TALLOC_FREE(scenario);
	talloc_free(doc);
	return scenario;
}

struct sim_scenario *sim_scenario_load(void *ctx, const char *path, const struct isup_dialect *dialect, char *err,
				       size_t err_size)
{
	return read_doc(ctx, map_xml_load(ctx, path, sim_schema_text, err, err_size), dialect, err, err_size);
}

struct sim_scenario *sim_scenario_parse(void *ctx, const char *name, const char *text, size_t len,
					const struct isup_dialect *dialect, char *err, size_t err_size)
{
	struct map_xml *doc = map_xml_parse(ctx, name, text, len, sim_schema_text, err, err_size);

	return read_doc(ctx, doc, dialect, err, err_size);
}
