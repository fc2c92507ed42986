/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scenario says of a received message: which one it waits for, what it expects in it, what it keeps of it. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isupsim_play.h"

bool sim_match_types(const struct sim_op *op, uint8_t type)
{
	return !op->n_types || memchr(op->types, type, op->n_types);
}

/* ---- Variables ---- */

static bool is_name(const char *name, size_t len, const char *what)
{
	return strlen(what) == len && memcmp(name, what, len) == 0;
}

static const char *number(unsigned int value)
{
	return talloc_asprintf(OTC_SELECT, "%u", value);
}

static const char *role_cic(const struct sim_play *play, int role)
{
	return number(role >= 0 && play->circuits[role] ? play->circuits[role]->cic : 0);
}

/* Q.764 2.9.1.3: of an even circuit the exchange with the higher point code has the control, of an odd one the other */
static bool controls(const struct sim_play *play)
{
	const struct sim_circuit *circuit = play->circuits[0];

	return circuit && (play->peer->opc > play->peer->dpc) == (circuit->cic % 2 == 0);
}

const char *sim_play_lookup(void *data, const char *name, size_t len)
{
	const struct sim_play *play = data;
	int var = sim_scenario_var(play->scenario, name, len);

	if (var >= 0)
		return play->vars[var] ? : "";
	if (is_name(name, len, "cic"))
		return role_cic(play, 0);
	if (is_name(name, len, "call"))
		return number(play->id);
	if (is_name(name, len, "pc"))
		return number(play->peer->dpc);
	if (is_name(name, len, "control"))
		return controls(play) ? "ours" : "theirs";
	if (len > 4 && memcmp(name, "cic_", 4) == 0)
		return role_cic(play, sim_scenario_role(play->scenario, name + 4, len - 4));
	if (len == 6 && memcmp(name, "field", 5) == 0) {
		unsigned int i = name[5] - '0';
		return i < play->n_fields ? play->fields[i] : "";
	}
	return NULL;
}

bool sim_play_text(const struct sim_play *play, const char *text, char *buf, size_t size)
{
	const char *name;
	size_t len;

	if (sim_text_expand(buf, size, text, sim_play_lookup, (void *)play, &name, &len) == 0)
		return true;
	buf[0] = '\0';
	return false;
}

/* ---- Fields ---- */

static const struct isup_field *find_field(const struct isup_par_def *def, const char *name)
{
	for (const struct isup_field *field = def->fields; field && field->name; field++) {
		if (strcmp(field->name, name) == 0)
			return field;
	}
	return NULL;
}

static const struct isup_par *find_par(const struct isup_msg *msg, const char *name, const struct isup_par_def **def)
{
	uint8_t code = 0;

	*def = isup_par_def_by_name(msg->dialect, name, &code);
	if (!*def && strncmp(name, "param0x", 7) == 0)
		code = strtoul(name + 5, NULL, 16);
	return isup_msg_find(msg, code);
}

/* A field as it was received: its number and, where it has one, its word */
struct value {
	bool is_number;
	unsigned int number;
	const char *word;		/* NULL: none */
	char text[600];			/* what is no number */
};

/* A member beside the bit fields: digits, diagnostics, status … */
static int get_rest(struct value *value, const struct isup_par_def *def, const void *par, const void *item,
		    const char *name)
{
	for (const struct isup_rest *rest = def->rests; rest && rest->name; rest++) {
		if (strcmp(rest->name, name))
			continue;
		isup_par_print_rest_buf(value->text, sizeof(value->text), def, rest, par, item);
		return 0;
	}
	return -ENOENT;
}

static int get_value(struct value *value, const struct isup_par_def *def, const struct isup_par *par, const char *name)
{
	const struct isup_field *field = find_field(def, name);
	const struct isup_value *row;
	union isup_par_any any;
	const void *item;

	*value = (struct value){};
	if (isup_par_decode(def, par->val, par->len, &any) < 0)
		return -EBADMSG;
	if (isup_par_n_items(def, &any) < 1)
		return -ENOENT;
	item = isup_par_item(def, &any, 0);
	if (!field)
		return get_rest(value, def, &any, item, name);
	if (!isup_field_present(def, field, item))
		return -ENOENT;
	value->is_number = true;
	value->number = isup_field_get(field, item);
	row = isup_field_value(field, value->number);
	value->word = row ? row->word : NULL;
	return 0;
}

static void print_value(const struct value *value, char *buf, size_t size)
{
	if (!value->is_number)
		snprintf(buf, size, "'%s'", value->text);
	else if (value->word)
		snprintf(buf, size, "%s (%u)", value->word, value->number);
	else
		snprintf(buf, size, "%u", value->number);
}

/* One of the words that are allowed: len octets at word */
static bool is_value(const struct value *value, const char *word, size_t len)
{
	char copy[128], *end;
	unsigned long wanted;

	if (!value->is_number)
		return strlen(value->text) == len && strncasecmp(value->text, word, len) == 0;
	if (value->word && strlen(value->word) == len && memcmp(value->word, word, len) == 0)
		return true;
	if (!len || len >= sizeof(copy))
		return false;
	osmo_strlcpy(copy, word, len + 1);
	wanted = strtoul(copy, &end, 0);
	return !*end && wanted == value->number;
}

static bool is_one_of(const struct value *value, const char *words)
{
	for (;; words++) {
		size_t len = strcspn(words, "|");

		if (is_value(value, words, len))
			return true;
		words += len;
		if (!*words)
			return false;
	}
}

/* ---- Expectations ---- */

/* A message under judgement, and where the verdict goes: "MESSAGE cic=N: what; what" */
struct judge {
	const struct isup_msg *msg;
	struct osmo_strbuf verdict;
	unsigned int n;			/* expectations that are not met */
};

static int differs(struct judge *judge, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static int differs(struct judge *judge, const char *fmt, ...)
{
	char what[700];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (!judge->n++)
		OSMO_STRBUF_PRINTF(judge->verdict, "%s cic=%u: %s",
				   isup_msg_name(judge->msg->dialect, judge->msg->type), judge->msg->cic, what);
	else
		OSMO_STRBUF_PRINTF(judge->verdict, "; %s", what);
	return -EINVAL;
}

static int match_octets(struct judge *judge, const struct sim_expect *expect, const struct isup_par *par,
			const char *wanted)
{
	char have[600];

	isup_par_print_hex(have, sizeof(have), par->val, par->len);
	if (strcasecmp(have, wanted) == 0)
		return 0;
	return differs(judge, "%s is %s, should be %s", expect->parameter, have, wanted);
}

static int match_field(struct judge *judge, const struct sim_expect *expect, const struct isup_par_def *def,
		       const struct isup_par *par, const char *wanted)
{
	char have[640];
	struct value value;
	int rc = get_value(&value, def, par, expect->field);

	if (rc < 0) {
		isup_par_print_hex(have, sizeof(have), par->val, par->len);
		return differs(judge, rc == -ENOENT ? "%s %s is not there: %s" : "%s cannot be decoded, no %s: %s",
			       expect->parameter, expect->field, have);
	}
	if (is_one_of(&value, wanted) != expect->differs)
		return 0;
	print_value(&value, have, sizeof(have));
	return differs(judge, "%s %s is %s, should %sbe %s", expect->parameter, expect->field, have,
		       expect->differs ? "not " : "", wanted);
}

static int match_expect(struct judge *judge, const struct sim_play *play, const struct sim_expect *expect,
			const struct isup_msg *msg)
{
	const struct isup_par_def *def;
	const struct isup_par *par = find_par(msg, expect->parameter, &def);
	char wanted[600] = "", have[600];

	if (!par)
		return expect->absent ? 0 : differs(judge, "%s is not there", expect->parameter);
	if (expect->absent) {
		isup_par_print_buf(have, sizeof(have), def, par->code, par->val, par->len);
		return differs(judge, "%s should not be there", have);
	}
	if (!expect->value)
		return 0;
	sim_play_text(play, expect->value, wanted, sizeof(wanted));
	if (!expect->field || !def)
		return match_octets(judge, expect, par, wanted);
	return match_field(judge, expect, def, par, wanted);
}

const struct map_xml_place *sim_match(const struct sim_play *play, const struct sim_op *op, const struct isup_msg *msg,
				      char *err, size_t err_size)
{
	struct judge judge = { .msg = msg, .verdict = { .buf = err, .len = err_size } };
	const struct map_xml_place *first = NULL;

	for (unsigned int i = 0; i < op->n_expects; i++) {
		if (match_expect(&judge, play, &op->expects[i], msg) < 0 && !first)
			first = &op->expects[i].place;
	}
	return first;
}

/* ---- Keeping ---- */

static void save_one(struct sim_play *play, const struct sim_save *save, const struct isup_msg *msg)
{
	const struct isup_par_def *def;
	const struct isup_par *par = find_par(msg, save->parameter, &def);
	char text[600] = "";
	struct value value;

	if (par && save->field && get_value(&value, def, par, save->field) == 0) {
		if (!value.is_number)
			osmo_strlcpy(text, value.text, sizeof(text));
		else if (value.word)
			osmo_strlcpy(text, value.word, sizeof(text));
		else
			snprintf(text, sizeof(text), "%u", value.number);
	} else if (par && !save->field) {
		isup_par_print_hex(text, sizeof(text), par->val, par->len);
	}
	talloc_free(play->vars[save->var]);
	play->vars[save->var] = talloc_strdup(play, text);
}

void sim_match_save(struct sim_play *play, const struct sim_op *op, const struct isup_msg *msg)
{
	for (unsigned int i = 0; i < op->n_saves; i++)
		save_one(play, &op->saves[i], msg);
}

/* ---- In words ---- */

const char *sim_play_types(const struct sim_play *play, const struct sim_op *op)
{
	char *text = op->n_types ? NULL : talloc_strdup(OTC_SELECT, "any message");

	for (unsigned int i = 0; i < op->n_types; i++)
		text = talloc_asprintf(OTC_SELECT, "%s%s%s", text ? : "", text ? " or " : "",
				       isup_msg_name(play->scenario->dialect, op->types[i]));
	return text;
}

const char *sim_play_msg_text(const struct isup_msg *msg)
{
	char *text = talloc_size(OTC_SELECT, 700);

	isup_msg_print_buf(text, 700, msg);
	return text;
}
