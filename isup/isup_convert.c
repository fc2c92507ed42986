/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ISUP messages of one dialect in another: the rows of both say what a value is called, and words are what counts. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"

/* As long as what isup_par_print_buf() makes of any parameter that has fields */
#define TEXT_MAX 1024

static const struct isup_msg_def *base_of(const struct isup_dialect *dialect)
{
	return dialect->base_msgs ? dialect->base_msgs : dialect->msgs;
}

/* RFC 3204 3.1: base. What is unknown to one of them has the layout that the other gives it. */
bool isup_same_message(const struct isup_dialect *a, const struct isup_dialect *b, uint8_t type)
{
	const struct isup_msg_def *row = &a->msgs[type], *other = &b->msgs[type];

	if (a->msgs == b->msgs)
		return true;
	return base_of(a) == base_of(b) &&
	       (!row->name || !other->name ||
		(!memcmp(row->fixed, other->fixed, sizeof(row->fixed)) &&
		 !memcmp(row->variable, other->variable, sizeof(row->variable)) &&
		 row->optional == other->optional && row->opaque == other->opaque));
}

/* One parameter, or some of it: "name(field)" */
static void note_lost(struct isup_lost *lost, const struct isup_par_def *def, uint8_t code, const char *field,
		      size_t len)
{
	size_t at = strlen(lost->text), room = sizeof(lost->text) - at;
	const char *space = at ? " " : "";

	if (!def)
		snprintf(lost->text + at, room, "%s0x%02x", space, code);
	else if (field)
		snprintf(lost->text + at, room, "%s%s(%.*s)", space, def->name, (int)len, field);
	else
		snprintf(lost->text + at, room, "%s%s", space, def->name);
}

static void count_lost(struct isup_lost *lost, uint8_t code)
{
	if (lost->n < ARRAY_SIZE(lost->codes))
		lost->codes[lost->n] = code;
	lost->n++;
}

/* The field that a word "field=value" is about, and its value; a word alone is about the first. NULL: it has no row. */
static const struct isup_field *field_of(const struct isup_par_def *def, const char *word, const char **value)
{
	const char *equals = strchr(word, '=');
	const struct isup_field *field = def->fields;

	*value = equals ? equals + 1 : word;
	for (; equals && field && field->name; field++) {
		if (strlen(field->name) == (size_t)(equals - word) && !strncmp(field->name, word, equals - word))
			break;
	}
	return field && field->name ? field : NULL;
}

/* Nothing is indicated: "no", "none", 0 */
static bool says_nothing(const struct isup_par_def *def, const char *word)
{
	const char *value;
	const struct isup_field *field = field_of(def, word, &value);
	const struct isup_value *none = field ? isup_field_value(field, 0) : NULL;

	return field && (!strcmp(value, "0") || (none && none->word && !strcmp(value, none->word)));
}

/* A number that stands for a value which its dialect has no name for: another's may be something else. */
static bool is_nameless(const struct isup_par_def *def, const char *word)
{
	const char *value;
	const struct isup_field *field = field_of(def, word, &value);

	return field && field->values && *value >= '0' && *value <= '9' &&
	       !isup_field_value(field, strtoul(value, NULL, 0));
}

/* Can each of the words be told? What only octets say cannot. */
static bool can_be_told(const struct isup_par_def *from, const char *text)
{
	char word[64];

	for (const char *p = text; *p; p += strcspn(p, " "), p += strspn(p, " ")) {
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(p, " "), p);
		if (!strncmp(word, "octets=", 7) || is_nameless(from, word))
			return false;
	}
	return true;
}

/* The words of one struct, each on its own: one that the other row does not know leaves its member as it usually is. */
static bool say_words(const struct isup_par_def *def, char *text, union isup_par_any *par, struct isup_lost *lost,
		      const struct isup_par_def *from)
{
	bool all = true;
	char err[160], *save = NULL;

	for (char *word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		if ((can_be_told(from, word) && isup_par_scan(def, word, par, err, sizeof(err)) == 0) ||
		    says_nothing(from, word))
			continue;
		note_lost(lost, from, 0, word, strcspn(word, "="));
		all = false;
	}
	return all;
}

/* Q.763 3.26 a: a generic number that cannot be said to be what it is would pass for another. */
static bool is_of_unknown_kind(const struct isup_par_def *def, const struct isup_par_def *from, const char *text)
{
	union isup_par_any par;
	char word[64], err[160];

	if (strncmp(text, "qualifier=", 10))
		return false;
	snprintf(word, sizeof(word), "%.*s", (int)strcspn(text, " "), text);
	return !can_be_told(from, word) || isup_par_scan(def, word, &par, err, sizeof(err)) < 0;
}

/* Without an odd/even indicator the filler behind an odd number of digits is one digit more: another carrier. */
static bool gets_a_digit(const struct isup_par_def *def, const struct isup_par_def *from, const struct isup_par *par)
{
	struct isup_number number;

	return from->form == ISUP_FORM_NUMBER && from->odd && !def->odd &&
	       isup_par_decode(from, par->val, par->len, &number) == 0 && number.n_digits % 2;
}

/* By words: what is printed in the parentheses of the one is read by the other. */
static int convert_par(struct isup_msg *to, const struct isup_par_def *def, const struct isup_par_def *from,
		       const struct isup_par *par, struct isup_lost *lost)
{
	union isup_par_any value;
	char text[TEXT_MAX], err[160];
	char *inner = text + strlen(from->name) + 1;
	int len = isup_par_print_buf(text, sizeof(text), from, par->code, par->val, par->len);
	bool whole;

	if (len < 0 || len >= (int)sizeof(text) || !def->size || gets_a_digit(def, from, par))
		return -EINVAL;
	if (text[len - 1] == ')')
		text[len - 1] = '\0';
	isup_par_usual(def, &value);
	whole = can_be_told(from, inner) && isup_par_scan(def, inner, &value, err, sizeof(err)) == 0;
	if (!whole && (isup_par_is_list(def) || is_of_unknown_kind(def, from, inner)))
		return -EINVAL;
	if (!whole) {
		isup_par_usual(def, &value);
		if (!say_words(def, inner, &value, lost, from))
			count_lost(lost, par->code);
	}
	return isup_msg_put(to, par->code, &value);
}

/* One row, or two that differ only in what is usual, or how long it may be */
static bool is_same(const struct isup_par_def *a, const struct isup_par_def *b)
{
	return a == b || (a->fields && a->fields == b->fields && a->octets == b->octets && a->form == b->form &&
			  a->odd == b->odd);
}

/* In an IAM what is said of the medium stands elsewhere in each of the dialects. */
static void convert_medium(struct isup_msg *to, const struct isup_msg *from)
{
	uint8_t tmr;

	if (from->type == ISUP_MSG_IAM && isup_msg_get_tmr(to, &tmr) < 0 && isup_msg_get_tmr(from, &tmr) == 0)
		isup_msg_put_tmr(to, tmr);
}

int isup_msg_convert(struct isup_msg *to, const struct isup_dialect *dialect, const struct isup_msg *from,
		     struct isup_lost *lost)
{
	const struct isup_msg_def *ours = isup_msg_def(from->dialect, from->type);
	uint8_t octets[2 * ISUP_MSG_OCTETS_MAX];

	if (!ours || ours->opaque || !isup_msg_def(dialect, from->type)) {
		lost->type = from->type;
		return -ENOENT;
	}
	isup_msg_init(to, dialect, from->type);
	for (unsigned int i = 0; i < from->n_pars; i++) {
		const struct isup_par *par = &from->pars[i];
		const struct isup_par_def *def = isup_par_def(from->dialect, par->code);
		const struct isup_par_def *other = isup_par_def(dialect, par->code);

		if (def && other && is_same(def, other) && isup_msg_put_octets(to, par->code, par->val, par->len) == 0)
			continue;
		if (def && other && !is_same(def, other) && convert_par(to, other, def, par, lost) == 0)
			continue;
		if (par->code == ISUP_PAR_TMR && !other && from->type == ISUP_MSG_IAM)
			continue;
		note_lost(lost, def, par->code, NULL, 0);
		count_lost(lost, par->code);
	}
	convert_medium(to, from);
	return isup_msg_encode_pars(to, octets, sizeof(octets)) > 0 ? 0 : -EINVAL;
}

static bool has_already(const struct isup_msg *msg, unsigned int n_pars, uint8_t code)
{
	for (unsigned int i = 0; i < n_pars; i++) {
		if (msg->pars[i].code == code)
			return true;
	}
	return false;
}

void isup_msg_add(struct isup_msg *to, const struct isup_msg *from, struct isup_lost *lost)
{
	unsigned int had = to->n_pars;

	for (unsigned int i = 0; i < from->n_pars; i++) {
		const struct isup_par *par = &from->pars[i];
		const struct isup_par_def *def = isup_par_def(from->dialect, par->code);

		if (has_already(to, had, par->code) ||
		    ((!def || isup_dialect_expects(to->dialect, to->type, par->code)) &&
		     isup_msg_put_octets(to, par->code, par->val, par->len) == 0))
			continue;
		note_lost(lost, def, par->code, NULL, 0);
		count_lost(lost, par->code);
	}
}
