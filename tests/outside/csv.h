/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a CSV file taken apart, for the tests on material from outside. */
#pragma once

#include <stdbool.h>

/* Splits line in place into n_max columns: quotes are undone ("" inside quotes is a quote), columns that are not there
 * are empty, those beyond n_max are dropped. */
static inline void csv_split(char *line, const char **cols, unsigned int n_max)
{
	char *to = line;
	bool quoted = false;
	unsigned int n = 0;

	for (unsigned int i = 0; i < n_max; i++)
		cols[i] = "";
	cols[n++] = to;
	for (char *p = line; *p && *p != '\n' && *p != '\r'; p++) {
		if (*p == '"' && quoted && p[1] == '"') {
			*to++ = *p++;
		} else if (*p == '"') {
			quoted = !quoted;
		} else if (*p == ',' && !quoted) {
			*to++ = '\0';
			if (n == n_max)
				return;
			cols[n++] = to;
		} else {
			*to++ = *p;
		}
	}
	*to = '\0';
}
