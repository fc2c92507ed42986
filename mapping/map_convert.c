/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ISUP messages of one dialect in another: the rows of both tables say what a value is called, words are what counts. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isup/isup_dialect.h"
#include "mapping/map_convert.h"

/* As long as what isup_par_print_buf() makes of any parameter that has fields */
#define TEXT_MAX 1024

bool map_convert_same(const struct isup_dialect *a, const struct isup_dialect *b)
{
	return a->msgs == b->msgs;
}

/* One parameter, or some of it: "name(field)" */
static void note_lost(struct map_lost *lost, const struct isup_par_def *def, uint8_t code, const char *field,
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

/* A number that stands for a value which its dialect has no name for: another's may be something else. */
static bool is_nameless(const struct isup_par_def *from, const char *word)
{
	const char *value = strchr(word, '=');
	const struct isup_field *field = from->fields;

	for (; value && field && field->name; field++) {
		if (strlen(field->name) == (size_t)(value - word) && !strncmp(field->name, word, value - word))
			break;
	}
	value = value ? value + 1 : word;
	return field && field->name && field->values && *value >= '0' && *value <= '9' &&
	       !isup_field_value(field, strtoul(value, NULL, 0));
}

/* The words of one struct, each on its own: one that the other row does not know leaves its member as it usually is.
 * What only octets say cannot be told. */
static bool say_words(const struct isup_par_def *def, char *text, union isup_par_any *par, struct map_lost *lost,
		      const struct isup_par_def *from)
{
	bool all = true;
	char err[160], *save = NULL;

	for (char *word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		if (strncmp(word, "octets=", 7) && !is_nameless(from, word) &&
		    isup_par_scan(def, word, par, err, sizeof(err)) == 0)
			continue;
		note_lost(lost, from, 0, word, strcspn(word, "="));
		all = false;
	}
	return all;
}

/* By words: what is printed in the parentheses of the one is read by the other. */
static int convert_par(struct isup_msg *to, const struct isup_par_def *def, const struct isup_par_def *from,
		       const struct isup_par *par, struct map_lost *lost)
{
	union isup_par_any value;
	char text[TEXT_MAX], err[160];
	char *inner = text + strlen(from->name) + 1;
	int len = isup_par_print_buf(text, sizeof(text), from, par->code, par->val, par->len);
	bool whole;

	if (len < 0 || len >= (int)sizeof(text) || !def->size)
		return -EINVAL;
	if (text[len - 1] == ')')
		text[len - 1] = '\0';
	isup_par_usual(def, &value);
	if (isup_par_is_list(def))
		whole = isup_par_scan(def, inner, &value, err, sizeof(err)) == 0;
	else
		whole = say_words(def, inner, &value, lost, from);
	if (isup_par_is_list(def) && !whole)
		return -EINVAL;
	lost->n += !whole;
	return isup_msg_put(to, par->code, &value);
}

/* In an IAM what is said of the medium stands elsewhere in each of the dialects. */
static void convert_medium(struct isup_msg *to, const struct isup_msg *from)
{
	uint8_t tmr;

	if (from->type == ISUP_MSG_IAM && isup_msg_get_tmr(to, &tmr) < 0 && isup_msg_get_tmr(from, &tmr) == 0)
		isup_msg_put_tmr(to, tmr);
}

int map_convert(struct isup_msg *to, const struct isup_dialect *dialect, const struct isup_msg *from,
		struct map_lost *lost)
{
	uint8_t octets[2 * ISUP_MSG_OCTETS_MAX];

	if (!isup_msg_def(dialect, from->type))
		return -ENOENT;
	isup_msg_init(to, dialect, from->type);
	for (unsigned int i = 0; i < from->n_pars; i++) {
		const struct isup_par *par = &from->pars[i];
		const struct isup_par_def *ours = isup_par_def(from->dialect, par->code);
		const struct isup_par_def *theirs = isup_par_def(dialect, par->code);

		if (ours && ours == theirs && isup_msg_put_octets(to, par->code, par->val, par->len) == 0)
			continue;
		if (ours && theirs && ours != theirs && convert_par(to, theirs, ours, par, lost) == 0)
			continue;
		if (par->code == ISUP_PAR_TMR && !theirs)
			continue;
		note_lost(lost, ours, par->code, NULL, 0);
		lost->n++;
	}
	convert_medium(to, from);
	return isup_msg_encode_pars(to, octets, sizeof(octets)) > 0 ? 0 : -EINVAL;
}
