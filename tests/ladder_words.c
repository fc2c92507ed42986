/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ladder files: the words of a line, what they say of a message, and what is wrong there. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_dialect.h"
#include "ladder_words.h"

void ladder_fail(const char *file, int line, const char *format, ...)
{
	va_list ap;

	printf("%s:%d: ", file, line);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n");
	exit(1);
}

/* Takes a word, or name(…) with the words in it, off the front */
bool ladder_take_item(const char **text, char *item, size_t size)
{
	const char *start = *text + strspn(*text, " \t"), *p = start;
	bool inside = false;

	for (; *p && (inside || (*p != ' ' && *p != '\t')); p++)
		inside = *p == '(' ? true : *p == ')' ? false : inside;
	osmo_strlcpy(item, start, OSMO_MIN((size_t)(p - start) + 1, size));
	*text = p;
	return p > start;
}

/* Is there "NAME=" or "NAME(" as a word in text? */
bool ladder_has_name(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = strstr(text, name); p; p = strstr(p + 1, name))
		if ((p == text || p[-1] == ' ') && (p[len] == '=' || p[len] == '('))
			return true;
	return false;
}

bool ladder_has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = strstr(text, word); p; p = strstr(p + 1, word))
		if ((p == text || p[-1] == ' ') && (p[len] == ' ' || !p[len]))
			return true;
	return false;
}

/* "called=201234567", "cause(value=17 location=user)": are these fields of the parameter as named? */
bool ladder_isup_item_is(const struct isup_msg *msg, const char *item)
{
	size_t len = strcspn(item, "=(");
	union isup_par_any is = {}, should;
	char inner[256], err[128];

	osmo_strlcpy(inner, item + len + 1, sizeof(inner));
	if (item[len] == '(' && inner[0])
		inner[strlen(inner) - 1] = '\0';
	for (unsigned int code = 1; code < 256; code++) {
		const struct isup_par_def *def = isup_par_def(msg->dialect, code);

		if (!def || !def->name || strlen(def->name) != len || strncmp(def->name, item, len))
			continue;
		if (isup_msg_get(msg, code, &is) < 0)
			return false;
		should = is;
		return isup_par_scan(def, inner, &should, err, sizeof(err)) == 0 &&
		       !memcmp(&is, &should, sizeof(is));
	}
	return false;
}
