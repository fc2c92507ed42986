/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written inside scenarios: spans of time, and texts with variables. */

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_timer.h"

#include "isupsim_scenario.h"

/* ---- Time ---- */

static const struct unit {
	const char *name;
	uint32_t ms;
} units[] = {
	{ "ms", 1 },
	{ "s", 1000 },
	{ "min", 60000 },
	{ "", 1 },			/* as SIPp has it */
};

static int scan_unit(const char *text, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (strlen(units[i].name) == len && memcmp(units[i].name, text, len) == 0)
			return units[i].ms;
	}
	return -EINVAL;
}

static const struct bound {
	const char *name;
	enum sim_bound bound;
} bounds[] = {
	{ "", SIM_BOUND_USUAL },
	{ ".min", SIM_BOUND_MIN },
	{ ".max", SIM_BOUND_MAX },
};

/* "T7", "T7.max" */
static int scan_timer(struct sim_time *time, const char *text, size_t len, unsigned long times)
{
	char *end;
	unsigned long number = strtoul(text + 1, &end, 10);
	size_t rest = text + len - end;

	if (!isdigit((unsigned char)text[1]) || number < 1 || number >= ISUP_TIMER_COUNT || times > UINT8_MAX ||
	    time->n_terms == ARRAY_SIZE(time->terms))
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(bounds); i++) {
		if (strlen(bounds[i].name) != rest || memcmp(bounds[i].name, end, rest))
			continue;
		time->terms[time->n_terms].timer = number;
		time->terms[time->n_terms].times = times;
		time->terms[time->n_terms++].bound = bounds[i].bound;
		return 0;
	}
	return -EINVAL;
}

static int scan_term(struct sim_time *time, const char *text, size_t len)
{
	unsigned long number = 1;
	char *end = (char *)text;
	int unit;

	if (len && text[0] == 'T')
		return scan_timer(time, text, len, 1);
	if (!len || !isdigit((unsigned char)text[0]))
		return -EINVAL;
	number = strtoul(text, &end, 10);
	if (end < text + len && *end == '*')
		return end[1] == 'T' ? scan_timer(time, end + 1, text + len - end - 1, number) : -EINVAL;
	unit = scan_unit(end, text + len - end);
	if (unit < 0 || number > 86400000u / unit)
		return -EINVAL;
	time->ms += number * unit;
	return 0;
}

int sim_time_scan(struct sim_time *time, const char *text)
{
	size_t len;

	*time = (struct sim_time){ .set = true };
	for (;; text += len + 1) {
		len = strcspn(text, "+");
		if (scan_term(time, text, len) < 0)
			return -EINVAL;
		if (!text[len])
			return 0;
	}
}

/* ---- Variables ---- */

static size_t name_length(const char *text)
{
	size_t len = 0;

	while (isalnum((unsigned char)text[len]) || text[len] == '_')
		len++;
	return len;
}

/* The name after a $: returns what follows it */
static const char *take_name(const char *text, const char **name, size_t *len)
{
	bool braces = *text == '{';

	*name = text + braces;
	*len = name_length(*name);
	text = *name + *len;
	return text + (braces && *text == '}');
}

int sim_text_expand(char *buf, size_t size, const char *text, sim_lookup_cb *lookup, void *data, const char **name,
		    size_t *name_len)
{
	size_t at = 0, len;
	const char *value;

	while (*text) {
		value = text;
		len = strcspn(text, "$");
		text += len;
		if (!len) {
			text = take_name(text + 1, name, name_len);
			value = lookup(data, *name, *name_len);
			if (!value)
				return -ENOENT;
			len = strlen(value);
		}
		if (len >= size - at)
			return -ENOSPC;
		memcpy(buf + at, value, len);
		at += len;
	}
	buf[at] = '\0';
	return 0;
}
