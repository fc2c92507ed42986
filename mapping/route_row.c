/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A route in words, the same ones for the console, CSV and XML. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_msg.h"
#include "isup/isup_par.h"
#include "mapping/route.h"

/* ---- Words of values ---- */

static const struct value_string noa_words[] = {
	{ ISUP_NOA_SUBSCRIBER, "subscriber" },
	{ ISUP_NOA_UNKNOWN, "unknown" },
	{ ISUP_NOA_NATIONAL, "national" },
	{ ISUP_NOA_INTERNATIONAL, "international" },
	{ ISUP_NOA_NETWORK_SPECIFIC, "network-specific" },
	{}
};

int route_noa_scan(uint8_t *noa, const char *word)
{
	int value = get_string_value(noa_words, word);

	if (value < 0)
		return -EINVAL;
	*noa = value;
	return 0;
}

const char *route_noa_name(uint8_t noa)
{
	return get_value_string(noa_words, noa);
}

/* As the rows of ITU-T's parameter have them, or a number */
int route_category_scan(uint8_t *category, const char *word)
{
	const struct isup_par_def *def = isup_par_def(&isup_dialect_itu, ISUP_PAR_CPC);
	char err[64];

	return isup_par_scan(def, word, category, err, sizeof(err)) == 0 && *category ? 0 : -EINVAL;
}

const char *route_category_name_buf(char *buf, size_t size, uint8_t category)
{
	const struct isup_par_def *def = isup_par_def(&isup_dialect_itu, ISUP_PAR_CPC);
	size_t len;

	isup_par_print_buf(buf, size, def, ISUP_PAR_CPC, &category, 1);
	/* "cpc=ordinary" */
	len = strcspn(buf, "=");
	if (buf[len])
		memmove(buf, buf + len + 1, strlen(buf + len + 1) + 1);
	return buf;
}

/* ---- Scan ---- */

static int fail(char *err, size_t err_size, const char *value, const char *what)
{
	snprintf(err, err_size, "'%s': %s", value, what);
	return -EINVAL;
}

static int scan_text(char *to, size_t size, const char *value, char *err, size_t err_size)
{
	if (osmo_strlcpy(to, value, size) >= size)
		return fail(err, err_size, value, "too long");
	return 0;
}

static int scan_number(unsigned int *to, const char *value, unsigned int max, char *err, size_t err_size)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	if (*value < '0' || *value > '9' || *end || n > max) {
		snprintf(err, err_size, "'%s': a number from 0 to %u is needed", value, max);
		return -EINVAL;
	}
	*to = n;
	return 0;
}

/* "any" is the empty one. */
static int scan_digits(char *to, size_t size, const char *value, char *err, size_t err_size)
{
	const char *digits = value + (value[0] == '+');

	if (!strcmp(value, "any"))
		value = "";
	else if (digits[strspn(digits, "0123456789")])
		return fail(err, err_size, value, "decimal digits are needed, after a '+' where it is E.164");
	return scan_text(to, size, value, err, err_size);
}

static int scan_prefix(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	return scan_digits(d->prefix, sizeof(d->prefix), value, err, err_size);
}

static int scan_end(struct route_end *end, enum route_kind kind, char *name, const char *value, char *err,
		    size_t err_size)
{
	if (end->kind != ROUTE_ANY)
		return fail(err, err_size, value, "a route has one source and one destination");
	end->kind = kind;
	return scan_text(name, sizeof(((struct route_draft *)NULL)->to), value, err, err_size);
}

static int scan_from_group(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	return scan_end(&d->row.from, ROUTE_GROUP, d->from, value, err, err_size);
}

static int scan_from_peer(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	return scan_end(&d->row.from, ROUTE_PEER, d->from, value, err, err_size);
}

static int scan_to_group(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	return scan_end(&d->row.to, ROUTE_GROUP, d->to, value, err, err_size);
}

static int scan_to_peer(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	return scan_end(&d->row.to, ROUTE_PEER, d->to, value, err, err_size);
}

static int scan_priority(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	unsigned int n;
	int rc = scan_number(&n, value, 255, err, err_size);

	if (rc == 0)
		d->row.priority = n;
	return rc;
}

static int scan_weight(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	unsigned int n;
	int rc = scan_number(&n, value, ROUTE_WEIGHT_MAX, err, err_size);

	if (rc == 0)
		d->row.weight = n;
	return rc;
}

static int scan_calling(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	return scan_digits(d->calling, sizeof(d->calling), value, err, err_size);
}

static int scan_category(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	if (!strcmp(value, "any"))
		d->row.category = 0;
	else if (route_category_scan(&d->row.category, value) < 0)
		return fail(err, err_size, value, "no calling party's category ('show isup parameter cpc' has them)");
	return 0;
}

static int scan_times(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	if (strcmp(value, "always"))
		return route_times_scan(&d->times, value, err, err_size);
	d->times.n = 0;
	return 0;
}

static int scan_zone(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	int rc = route_zone_check(value, err, err_size);

	if (rc == 0)
		osmo_strlcpy(d->times.zone, value, sizeof(d->times.zone));
	return rc;
}

static int scan_trunk(char *to, const char *value, char *err, size_t err_size)
{
	const char *context = strchr(value, '@');

	if (!*value || context == value || (context && (!context[1] || strchr(context + 1, '@'))) ||
	    strpbrk(value, " ;,\""))
		return fail(err, err_size, value, "a trunk group's label is needed, or LABEL@CONTEXT");
	return scan_text(to, ROUTE_TRUNK_SIZE, value, err, err_size);
}

static int scan_tgrp(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	return scan_trunk(d->trunks.called, value, err, err_size);
}

static int scan_contact_tgrp(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	return scan_trunk(d->trunks.contact, value, err, err_size);
}

static int scan_strip(struct route_change *change, const char *value, char *err, size_t err_size)
{
	unsigned int n;
	int rc = scan_number(&n, value, ROUTE_PREFIX_MAX, err, err_size);

	if (rc == 0)
		change->strip = n;
	return rc;
}

static int scan_prepend(struct route_change *change, const char *value, char *err, size_t err_size)
{
	size_t n = strlen(value);

	if (strspn(value[0] == '+' ? value + 1 : value, "0123456789") != n - (value[0] == '+'))
		return fail(err, err_size, value, "digits are needed, after a '+' where it is E.164");
	return scan_text(change->prepend, sizeof(change->prepend), value, err, err_size);
}

static int scan_noa(struct route_change *change, const char *value, char *err, size_t err_size)
{
	if (route_noa_scan(&change->noa, value) == 0)
		return 0;
	return fail(err, err_size, value, "no nature of address: subscriber, unknown, national, international, "
		    "network-specific");
}

static int scan_called_strip(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	return scan_strip(&d->called_change, value, err, err_size);
}

static int scan_called_prepend(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	return scan_prepend(&d->called_change, value, err, err_size);
}

static int scan_called_noa(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	return scan_noa(&d->called_change, value, err, err_size);
}

static int scan_calling_strip(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	return scan_strip(&d->calling_change, value, err, err_size);
}

static int scan_calling_prepend(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	return scan_prepend(&d->calling_change, value, err, err_size);
}

static int scan_calling_noa(struct route_draft *d, const char *value, char *err, size_t err_size)
{
	return scan_noa(&d->calling_change, value, err, err_size);
}

/* ---- Print ---- */

static int nothing(char *buf, size_t size)
{
	if (size)
		*buf = '\0';
	return 0;
}

static int print_weight(char *buf, size_t size, const struct route *r)
{
	return r->weight ? snprintf(buf, size, "%u", r->weight) : nothing(buf, size);
}

static int print_calling(char *buf, size_t size, const struct route *r)
{
	return r->calling ? snprintf(buf, size, "%s", r->calling) : nothing(buf, size);
}

static int print_category(char *buf, size_t size, const struct route *r)
{
	char name[64];

	return r->category ? snprintf(buf, size, "%s", route_category_name_buf(name, sizeof(name), r->category))
			   : nothing(buf, size);
}

static int print_times(char *buf, size_t size, const struct route *r)
{
	return r->times ? route_times_print_buf(buf, size, r->times) : nothing(buf, size);
}

static int print_zone(char *buf, size_t size, const struct route *r)
{
	return snprintf(buf, size, "%s", r->times ? r->times->zone : "");
}

static int print_tgrp(char *buf, size_t size, const struct route *r)
{
	return snprintf(buf, size, "%s", r->trunks ? r->trunks->called : "");
}

static int print_contact_tgrp(char *buf, size_t size, const struct route *r)
{
	return snprintf(buf, size, "%s", r->trunks ? r->trunks->contact : "");
}

static int print_strip(char *buf, size_t size, const struct route_change *c)
{
	return c && c->strip ? snprintf(buf, size, "%u", c->strip) : nothing(buf, size);
}

static int print_prepend(char *buf, size_t size, const struct route_change *c)
{
	return snprintf(buf, size, "%s", c ? c->prepend : "");
}

static int print_noa(char *buf, size_t size, const struct route_change *c)
{
	return c && c->noa ? snprintf(buf, size, "%s", route_noa_name(c->noa)) : nothing(buf, size);
}

static int print_called_strip(char *buf, size_t size, const struct route *r)
{
	return print_strip(buf, size, r->called_change);
}

static int print_called_prepend(char *buf, size_t size, const struct route *r)
{
	return print_prepend(buf, size, r->called_change);
}

static int print_called_noa(char *buf, size_t size, const struct route *r)
{
	return print_noa(buf, size, r->called_change);
}

static int print_calling_strip(char *buf, size_t size, const struct route *r)
{
	return print_strip(buf, size, r->calling_change);
}

static int print_calling_prepend(char *buf, size_t size, const struct route *r)
{
	return print_prepend(buf, size, r->calling_change);
}

static int print_calling_noa(char *buf, size_t size, const struct route *r)
{
	return print_noa(buf, size, r->calling_change);
}

/* ---- The words ---- */

const struct route_word route_words[] = {
	{ "prefix", "called numbers that begin so; 'any'", scan_prefix },
	{ "from-group", "the circuit group that the call comes from", scan_from_group },
	{ "from-peer", "the SIP peer that the call comes from", scan_from_peer },
	{ "to-group", "the circuit group that it goes to", scan_to_group },
	{ "to-peer", "the SIP peer that it goes to", scan_to_peer },
	{ "priority", "0 to 255; 0 is tried first", scan_priority },
	{ "weight", "share of calls among rows that suit equally", scan_weight, print_weight },
	{ "calling", "calling numbers that begin so", scan_calling, print_calling },
	{ "category", "calling party's category", scan_category, print_category },
	{ "tgrp", "trunk group that the Request-URI names: LABEL, LABEL@CONTEXT", scan_tgrp, print_tgrp },
	{ "contact-tgrp", "trunk group that Contact names", scan_contact_tgrp, print_contact_tgrp },
	{ "times", "dates, days and hours", scan_times, print_times },
	{ "zone", "time zone of their clock", scan_zone, print_zone },
	{ "called-strip", "characters off the called number", scan_called_strip, print_called_strip },
	{ "called-prepend", "digits before it then", scan_called_prepend, print_called_prepend },
	{ "called-noa", "its nature of address", scan_called_noa, print_called_noa },
	{ "calling-strip", "characters off the calling number", scan_calling_strip, print_calling_strip },
	{ "calling-prepend", "digits before it then", scan_calling_prepend, print_calling_prepend },
	{ "calling-noa", "its nature of address", scan_calling_noa, print_calling_noa },
	{}
};

void route_draft_init(struct route_draft *draft)
{
	memset(draft, 0, sizeof(*draft));
}

int route_draft_set(struct route_draft *draft, const char *name, const char *value, char *err, size_t err_size)
{
	const struct route_word *word = route_words;

	while (word->name && strcmp(word->name, name))
		word++;
	if (word->name)
		return word->scan(draft, value, err, err_size);
	snprintf(err, err_size, "there is no '%s' of a route", name);
	return -ENOENT;
}

static bool changes(const struct route_change *c)
{
	return c->strip || c->noa || c->prepend[0];
}

const struct route *route_draft_row(struct route_draft *draft)
{
	struct route *row = &draft->row;

	row->prefix = draft->prefix;
	row->from.name = draft->from;
	row->to.name = draft->to;
	row->calling = draft->calling[0] ? draft->calling : NULL;
	row->times = draft->times.n || draft->times.zone[0] ? &draft->times : NULL;
	row->trunks = draft->trunks.called[0] || draft->trunks.contact[0] ? &draft->trunks : NULL;
	row->called_change = changes(&draft->called_change) ? &draft->called_change : NULL;
	row->calling_change = changes(&draft->calling_change) ? &draft->calling_change : NULL;
	return row;
}

int route_options_print_buf(char *buf, size_t size, const struct route *row)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	char value[ROUTE_VALUE_SIZE];

	OSMO_STRBUF_PRINTF(sb, "%s", "");
	for (const struct route_word *word = route_words; word->name; word++) {
		if (word->print && word->print(value, sizeof(value), row) > 0)
			OSMO_STRBUF_PRINTF(sb, " %s %s", word->name, value);
	}
	return sb.chars_needed;
}
