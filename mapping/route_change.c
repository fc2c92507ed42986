/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done to a number on its way: digits off its front and onto it, another nature of address. */

#include <errno.h>
#include <string.h>

#include "mapping/map_number.h"
#include "mapping/route.h"

/* Digits without '+', of this nature */
static int set_digits(struct isup_number *number, const char *text, uint8_t noa)
{
	size_t n;

	text += *text == '+';
	n = strlen(text);
	if (!n || n > ISUP_DIGITS_MAX || strspn(text, "0123456789") != n)
		return -EINVAL;
	*number = (struct isup_number){ .noa = noa, .npi = ISUP_NPI_ISDN, .n_digits = n };
	memcpy(number->digits, text, n);
	return 0;
}

int route_change_apply(const struct route_change *change, char *key, size_t size, struct isup_number *number,
		       const struct map_numbering *numbering)
{
	size_t len = strlen(key), strip = change->strip < len ? change->strip : len, n = strlen(change->prepend);
	struct isup_number is = {};
	int rc;

	if (len - strip + n >= size)
		return -EINVAL;
	memmove(key + n, key + strip, len - strip + 1);
	memcpy(key, change->prepend, n);
	if (change->noa)
		rc = set_digits(&is, key, change->noa);
	else
		rc = map_number_from_text(&is, key, strlen(key), numbering);
	if (rc < 0 || (change->noa && map_number_to_key(key, size, &is, numbering) < 0))
		return -EINVAL;
	number->noa = is.noa;
	number->n_digits = is.n_digits;
	memcpy(number->digits, is.digits, sizeof(number->digits));
	return 0;
}

const struct route_rule *route_rule_find(const struct route_rules *rules, bool calling, const char *key, uint8_t noa)
{
	for (unsigned int i = 0; rules && i < rules->n; i++) {
		const struct route_rule *rule = &rules->rules[i];

		if (rule->calling == calling && (!rule->noa || rule->noa == noa) &&
		    !strncmp(key, rule->prefix, strlen(rule->prefix)))
			return rule;
	}
	return NULL;
}
