/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of a scenario: one reader for each element. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"

#include "isupsim_steps.h"

/* ---- Attributes ---- */

static int find_type(const struct isup_dialect *dialect, const char *name, size_t len)
{
	for (unsigned int type = 0; type < 256; type++) {
		const struct isup_msg_def *def = isup_msg_def(dialect, type);
		if (def && strlen(def->name) == len && strncasecmp(def->name, name, len) == 0)
			return type;
	}
	return -EINVAL;
}

/* One that ITU-T has and this dialect has not (CON in ANSI) is what would come with that code: so one scenario does for
 * several dialects. */
static int type_by_name(const struct isup_dialect *dialect, const char *name, size_t len)
{
	int type = find_type(dialect, name, len);

	if (type >= 0)
		return type;
	type = find_type(&isup_dialect_itu, name, len);
	if (type >= 0 && !isup_msg_def(dialect, type))
		return type;
	if (len > 6 && len <= 8 && strncmp(name, "MSG-0x", 6) == 0)
		return strtoul(name + 4, NULL, 16) & 0xff;
	return -EINVAL;
}

int sim_steps_types(struct sim_reader *reader, const struct map_xml_node *node, uint8_t *types, uint8_t *n_types)
{
	const char *text = map_xml_attr(node, "message");
	size_t len;
	int type;

	*n_types = 0;
	if (strcmp(text, "any") == 0)
		return 0;
	for (;; text += len + 1) {
		len = strcspn(text, "|");
		type = type_by_name(reader->scenario->dialect, text, len);
		if (type < 0)
			return SIM_FAIL_ATTR(reader, node, "message", "no message is called '%.*s'", (int)len,
					 text);
		if (*n_types == SIM_TYPES_MAX)
			return SIM_FAIL_ATTR(reader, node, "message", "more than %u messages in one step",
					 SIM_TYPES_MAX);
		types[(*n_types)++] = type;
		if (!text[len])
			return 0;
	}
}

static int take_time(struct sim_reader *reader, const struct map_xml_node *node, const char *attr,
		     struct sim_time *time)
{
	const char *text = map_xml_attr(node, attr);

	if (text && sim_time_scan(time, text) < 0)
		return SIM_FAIL_ATTR(reader, node, attr, "%s: '%s' is no time such as 500ms, 5s, T7, T7.max+1s",
				 attr, text);
	return 0;
}

static bool is_true(const struct map_xml_node *node, const char *attr)
{
	bool value = false;

	map_xml_attr_bool(node, attr, &value, NULL, 0);
	return value;
}

/* The index of the variable that an attribute names, made where it is new */
int sim_steps_var(struct sim_reader *reader, const struct map_xml_node *node, const char *attr, uint8_t *var)
{
	struct sim_scenario *scenario = reader->scenario;
	const char *name = map_xml_attr(node, attr);
	int i = sim_scenario_var(scenario, name, strlen(name));

	if (i < 0) {
		if (scenario->n_vars == SIM_VARS_MAX)
			return SIM_FAIL_ATTR(reader, node, attr, "more than %u variables", SIM_VARS_MAX);
		i = scenario->n_vars++;
		scenario->vars[i] = talloc_strdup(scenario, name);
	}
	*var = i;
	return 0;
}

const char *sim_steps_copy(struct sim_reader *reader, const char *text)
{
	return text ? talloc_strdup(reader->scenario, text) : NULL;
}

static int take_role(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op)
{
	const char *name = map_xml_attr(node, "circuit");
	int role = name ? sim_scenario_role(reader->scenario, name, strlen(name)) : 0;

	if (name && strcmp(name, "any") == 0 && op->type == SIM_OP_RECV) {
		op->any_role = true;
		return 0;
	}
	if (role < 0)
		return SIM_FAIL_ATTR(reader, node, "circuit", "there is no <circuit name=\"%s\"> in this scenario",
				 name);
	op->role = role;
	return 0;
}

/* attr names it */
static int want_label(struct sim_reader *reader, const struct map_xml_node *node, const char *attr, int use)
{
	if (reader->n_labels == SIM_LABELS_MAX)
		return SIM_FAIL_ATTR(reader, node, attr, "more than %u labels and jumps", SIM_LABELS_MAX);
	/* the step that is being read is the one after the last */
	reader->labels[reader->n_labels++] = (struct sim_label){
		.node = node, .attr = attr, .name = map_xml_attr(node, attr), .op = reader->scenario->n_ops, .use = use,
	};
	return 0;
}

/* ---- Texts with variables ---- */

struct check {
	struct sim_scenario *scenario;
	const char *text;
	bool has_vars;
};

/* Notes which fields of -inf are used. */
static bool is_known(struct check *check, const char *name, size_t len)
{
	static const char *const built_in[] = { "cic", "call", "control", "pc" };

	for (size_t i = 0; i < ARRAY_SIZE(built_in); i++) {
		if (strlen(built_in[i]) == len && memcmp(built_in[i], name, len) == 0)
			return true;
	}
	if (len > 4 && memcmp(name, "cic_", 4) == 0 && sim_scenario_role(check->scenario, name + 4, len - 4) >= 0)
		return true;
	if (len == 6 && memcmp(name, "field", 5) == 0 && name[5] >= '0' && name[5] <= '9') {
		check->scenario->n_fields = OSMO_MAX(check->scenario->n_fields, name[5] - '0' + 1);
		return true;
	}
	return sim_scenario_var(check->scenario, name, len) >= 0;
}

/* sim_lookup_cb: is there such a name? Which value it will have does not matter yet: a number where it stands for a
 * value, nothing where it is a word, or words, of its own. */
static const char *check_name(void *data, const char *name, size_t len)
{
	struct check *check = data;
	const char *before = name - 1 - (name[-1] == '{');

	check->has_vars = true;
	if (!is_known(check, name, len))
		return NULL;
	return before > check->text && !strchr(" (", before[-1]) ? "0" : "";
}

/* buf: what it looks like */
static int check_text(struct sim_reader *reader, const struct map_xml_node *node, const char *attr, const char *text,
		      char buf[SIM_TEXT_MAX])
{
	struct check check = { .scenario = reader->scenario, .text = text };
	const char *name;
	size_t len;
	int rc = sim_text_expand(buf, SIM_TEXT_MAX, text, check_name, &check, &name, &len);

	if (rc == -ENOENT)
		snprintf(buf, SIM_TEXT_MAX, "nothing before this gives $%.*s a value", (int)len, name);
	else if (rc < 0)
		snprintf(buf, SIM_TEXT_MAX, "too long a text");
	else
		return check.has_vars;
	return attr ? SIM_FAIL_ATTR(reader, node, attr, "%s", buf) : SIM_FAIL_TEXT(reader, node, "%s", buf);
}

int sim_steps_check_text(struct sim_reader *reader, const struct map_xml_node *node, const char *attr, const char *text)
{
	char buf[SIM_TEXT_MAX];

	return check_text(reader, node, attr, text, buf);
}

/* The text of the element, without blanks around it and line ends in it */
static char *take_text(struct sim_reader *reader, const struct map_xml_node *node)
{
	const char *from = map_xml_text(node);
	size_t len;
	char *text;

	from += strspn(from, " \t\r\n");
	len = strlen(from);
	while (len && strchr(" \t\r\n", from[len - 1]))
		len--;
	text = talloc_strndup(reader->scenario, from, len);
	for (char *at = text; *at; at++) {
		if (strchr("\t\r\n", *at))
			*at = ' ';
	}
	return text;
}

static int read_text(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op)
{
	op->text = take_text(reader, node);
	return sim_steps_check_text(reader, node, NULL, op->text) < 0 ? -EINVAL : 0;
}

/* ---- send ---- */

/* "cic=5" among the words: the message goes there, and not to the scenario's circuit. */
static bool has_cic(const char *text)
{
	const char *at = strstr(text, " cic=");

	return at != NULL;
}

/* A message without variables is encoded once and for all. */
static int encode(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op)
{
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	char err[160] = "";
	struct isup_msg msg;
	int len;

	if (isup_msg_scan(&msg, reader->scenario->dialect, op->text, err, sizeof(err)) < 0)
		return SIM_FAIL_TEXT(reader, node, "%s", err);
	len = isup_msg_encode(&msg, octets, sizeof(octets));
	if (len < 0)
		return SIM_FAIL_TEXT(reader, node, "'%s' cannot be encoded: %s", op->text, strerror(-len));
	op->octets = talloc_memdup(reader->scenario, octets, len);
	op->n_octets = len;
	if (has_cic(op->text))
		op->cic = msg.cic;
	return 0;
}

/* One with variables is encoded when it is sent; what it names is known now, if its type is. */
static int check_names(struct sim_reader *reader, const struct map_xml_node *node, const char *text, const char *looks)
{
	struct isup_msg msg;
	char err[160];

	if (text[0] == '$' || isup_msg_scan(&msg, reader->scenario->dialect, looks, err, sizeof(err)) != -ENOENT)
		return 0;
	return SIM_FAIL_TEXT(reader, node, "%s", err);
}

static int read_hex(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op, const char *hex)
{
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	int len = osmo_hexparse(hex, octets, sizeof(octets));

	if (len <= 0)
		return SIM_FAIL_ATTR(reader, node, "octets", "octets: '%s' is not hex, two digits an octet", hex);
	op->octets = talloc_memdup(reader->scenario, octets, len);
	op->n_octets = len;
	op->text = sim_steps_copy(reader, hex);
	return 0;
}

static int read_send(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op)
{
	const char *hex = map_xml_attr(node, "octets");
	char looks[SIM_TEXT_MAX];
	uint32_t cic = 0;
	int rc;

	op->cic = map_xml_attr_number(node, "cic", 0, UINT16_MAX, &cic, NULL, 0) == 0 ? (int)cic : -1;
	op->rtd_start = is_true(node, "rtd");
	if (take_role(reader, node, op) < 0)
		return -EINVAL;
	if (hex)
		return read_hex(reader, node, op, hex);
	op->text = take_text(reader, node);
	rc = check_text(reader, node, NULL, op->text, looks);
	if (rc > 0)
		return check_names(reader, node, op->text, looks);
	return rc < 0 ? rc : encode(reader, node, op);
}

/* ---- recv, indication ---- */

static int read_indication(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op)
{
	if (sim_steps_types(reader, node, op->types, &op->n_types) < 0 ||
	    take_time(reader, node, "timeout", &op->time) < 0 || sim_steps_read_expects(reader, node, op) < 0)
		return -EINVAL;
	return sim_steps_read_saves(reader, node, op);
}

static int read_recv(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op)
{
	const char *on_timeout = map_xml_attr(node, "on-timeout");

	op->optional = is_true(node, "optional");
	op->timeout_jumps = on_timeout;
	op->rtd_stop = is_true(node, "rtd");
	if (take_role(reader, node, op) < 0 || take_time(reader, node, "after", &op->after) < 0)
		return -EINVAL;
	if (on_timeout && want_label(reader, node, "on-timeout", SIM_LABEL_ON_TIMEOUT) < 0)
		return -EINVAL;
	return read_indication(reader, node, op);
}

/* ---- The others ---- */

static int read_time(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op)
{
	return take_time(reader, node, "for", &op->time);
}

static int read_set(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op)
{
	op->text = sim_steps_copy(reader, map_xml_attr(node, "value"));
	if (sim_steps_check_text(reader, node, "value", op->text) < 0)
		return -EINVAL;
	return sim_steps_var(reader, node, "variable", &op->var);
}

static int read_goto(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op)
{
	op->equals = sim_steps_copy(reader, map_xml_attr(node, "equals"));
	op->differs = sim_steps_copy(reader, map_xml_attr(node, "differs"));
	if (!!map_xml_attr(node, "if") != !!op->equals + !!op->differs)
		return SIM_FAIL(reader, node, "'if' takes one of 'equals' and 'differs'");
	if (op->equals && sim_steps_check_text(reader, node, "equals", op->equals) < 0)
		return -EINVAL;
	if (op->differs && sim_steps_check_text(reader, node, "differs", op->differs) < 0)
		return -EINVAL;
	if (map_xml_attr(node, "if") && sim_steps_var(reader, node, "if", &op->var) < 0)
		return -EINVAL;
	return want_label(reader, node, "next", SIM_LABEL_TARGET);
}

static int read_count(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op)
{
	op->name = sim_steps_copy(reader, map_xml_attr(node, "name"));
	return 0;
}

static int read_nothing(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op)
{
	return 0;
}

static const struct reader_row {
	const char *element;
	enum sim_op_type type;
	int (*read)(struct sim_reader *reader, const struct map_xml_node *node, struct sim_op *op);
} reader_rows[] = {
	{ "send", SIM_OP_SEND, read_send },
	{ "recv", SIM_OP_RECV, read_recv },
	{ "quiet", SIM_OP_QUIET, read_time },
	{ "pause", SIM_OP_PAUSE, read_time },
	{ "goto", SIM_OP_GOTO, read_goto },
	{ "tester", SIM_OP_TESTER, read_text },
	{ "indication", SIM_OP_INDICATION, read_indication },
	{ "set", SIM_OP_SET, read_set },
	{ "add", SIM_OP_ADD, read_set },
	{ "log", SIM_OP_LOG, read_text },
	{ "alarm", SIM_OP_ALARM, read_text },
	{ "count", SIM_OP_COUNT, read_count },
	{ "pass", SIM_OP_PASS, read_nothing },
	{ "fail", SIM_OP_FAIL, read_text },
};

static int append(struct sim_reader *reader, const struct map_xml_node *node, const struct sim_op *op)
{
	struct sim_scenario *scenario = reader->scenario;

	if (scenario->n_ops == SIM_OPS_MAX)
		return SIM_FAIL(reader, node, "more than %u steps", SIM_OPS_MAX);
	scenario->ops = talloc_realloc(scenario, scenario->ops, struct sim_op, scenario->n_ops + 1);
	scenario->ops[scenario->n_ops++] = *op;
	scenario->tested |= op->type == SIM_OP_TESTER || op->type == SIM_OP_INDICATION;
	return 0;
}

/* ---- Elements with steps inside ---- */

static int read_repeat(struct sim_reader *reader, const struct map_xml_node *node)
{
	struct sim_op op = {
		.type = SIM_OP_LOOP, .place = map_xml_place(node, NULL), .target = reader->scenario->n_ops,
	};

	map_xml_attr_number(node, "count", 1, 1000000, &op.count, NULL, 0);
	if (reader->scenario->n_loops == SIM_LOOPS_MAX)
		return SIM_FAIL(reader, node, "more than %u <repeat>", SIM_LOOPS_MAX);
	op.var = reader->scenario->n_loops++;
	if (sim_steps_read(reader, node) < 0)
		return -EINVAL;
	return append(reader, node, &op);
}

/* What is done on receipt stands behind the <recv>; who did not receive goes past it. */
static int read_receipt(struct sim_reader *reader, const struct map_xml_node *node)
{
	uint16_t recv = reader->scenario->n_ops - 1;
	const char *next = map_xml_attr(node, "next");
	const struct map_xml_node *child;
	struct sim_op jump = { .type = SIM_OP_GOTO, .place = map_xml_place(node, NULL) };

	for (child = map_xml_first(node, "action"); child; child = map_xml_next(child, "action")) {
		if (sim_steps_read(reader, child) < 0)
			return -EINVAL;
	}
	if (next && (want_label(reader, node, "next", SIM_LABEL_TARGET) < 0 || append(reader, node, &jump) < 0))
		return -EINVAL;
	reader->scenario->ops[recv].target = reader->scenario->n_ops;
	return 0;
}

static int read_step(struct sim_reader *reader, const struct map_xml_node *node)
{
	for (size_t i = 0; i < ARRAY_SIZE(reader_rows); i++) {
		struct sim_op op = { .type = reader_rows[i].type, .place = map_xml_place(node, NULL) };

		if (!map_xml_is(node, reader_rows[i].element))
			continue;
		if (reader_rows[i].read(reader, node, &op) < 0 || append(reader, node, &op) < 0)
			return -EINVAL;
		return op.type == SIM_OP_RECV ? read_receipt(reader, node) : 0;
	}
	if (map_xml_is(node, "repeat"))
		return read_repeat(reader, node);
	if (map_xml_is(node, "label"))
		return want_label(reader, node, "id", SIM_LABEL_HERE);
	return 0;	/* circuit, ignore */
}

int sim_steps_read(struct sim_reader *reader, const struct map_xml_node *parent)
{
	const struct map_xml_node *node;

	for (node = map_xml_first(parent, NULL); node; node = map_xml_next(node, NULL)) {
		if (read_step(reader, node) < 0)
			return -EINVAL;
	}
	return 0;
}

/* ---- Labels ---- */

static const struct sim_label *find_label(const struct sim_reader *reader, const char *name)
{
	for (unsigned int i = 0; i < reader->n_labels; i++) {
		if (reader->labels[i].use == SIM_LABEL_HERE && strcmp(reader->labels[i].name, name) == 0)
			return &reader->labels[i];
	}
	return NULL;
}

int sim_steps_link(struct sim_reader *reader)
{
	struct sim_op *ops = reader->scenario->ops;

	for (unsigned int i = 0; i < reader->n_labels; i++) {
		const struct sim_label *label = &reader->labels[i];
		const struct sim_label *there = find_label(reader, label->name);

		if (!there)
			return SIM_FAIL_ATTR(reader, label->node, label->attr, "there is no <label id=\"%s\">",
					 label->name);
		if (label->use == SIM_LABEL_HERE && there != label)
			return SIM_FAIL_ATTR(reader, label->node, label->attr, "label '%s' is there twice",
					 label->name);
		if (label->use == SIM_LABEL_TARGET)
			ops[label->op].target = there->op;
		else if (label->use == SIM_LABEL_ON_TIMEOUT)
			ops[label->op].on_timeout = there->op;
	}
	return 0;
}
