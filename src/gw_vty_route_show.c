/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of routes: show routes, in pages and by what they are of; test route, which explains each step of a choice. */

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <osmocom/core/utils.h>

#include "isup/isup_circuit.h"
#include "mapping/map_iam.h"
#include "mapping/map_profile.h"
#include "mapping/route.h"
#include "sip/sip_peer.h"

#include "gw.h"
#include "gw_vty.h"

#define PAGE_ROWS 100

/* ---- show routes ---- */

/* Rows that are asked for */
struct filter {
	const char *prefix;		/* that begin so; NULL: all */
	const struct route_end *from, *to;	/* NULL: all */
};

static bool end_is(const struct route_end *end, const struct route_end *wanted)
{
	return !wanted || (end->kind == wanted->kind && !strcmp(end->name, wanted->name));
}

static bool filter_suits(const struct filter *f, const struct route *r)
{
	return (!f->prefix || !strncmp(r->prefix, f->prefix, strlen(f->prefix))) && end_is(&r->from, f->from) &&
	       end_is(&r->to, f->to);
}

static void show_row(struct vty *vty, const struct route *r)
{
	gw_vty_route_line(vty, "", r);
	if (r->file)
		vty_out(vty, "  (%s:%u)", g_gw->mapping->route_files[r->file - 1], r->line);
	vty_out(vty, "%s", VTY_NEWLINE);
}

static int show(struct vty *vty, const struct filter *f, unsigned int page)
{
	unsigned int n = 0, first = (page - 1) * PAGE_ROWS;
	const struct route *r;

	llist_for_each_entry(r, &g_gw->mapping->routes->routes, entry) {
		if (!filter_suits(f, r))
			continue;
		if (n >= first && n < first + PAGE_ROWS)
			show_row(vty, r);
		n++;
	}
	if (n > first + PAGE_ROWS)
		vty_out(vty, "%u of %u routes; 'page %u' at the end of the command shows the next ones%s",
			first + PAGE_ROWS, n, page + 1, VTY_NEWLINE);
	return CMD_SUCCESS;
}

#define SHOW_ROUTES_STR	SHOW_STR "Routes, as configured, then those of files\n"
#define PAGE_CMD	" page <1-1000000>"
#define PAGE_STR	"A hundred at a time\n" "Which hundred\n"
#define PREFIX_STR	"Those whose prefix begins so\n" "Digits; '+' first where E.164\n"
#define FROM_TO_STR	"Those that calls come by\n" "Those that lead there\n" "A circuit group\n" "A SIP peer\n" \
	"Name\n"

static unsigned int page_of(int argc, const char *argv[], int i)
{
	return argc > i ? gw_vty_uint(argv[i]) : 1;
}

static int show_routes(struct cmd_element *self, struct vty *vty, int argc, const char *argv[])
{
	return show(vty, &(struct filter){}, page_of(argc, argv, 0));
}

static int show_routes_prefix(struct cmd_element *self, struct vty *vty, int argc, const char *argv[])
{
	return show(vty, &(struct filter){ .prefix = argv[0] }, page_of(argc, argv, 1));
}

static int show_routes_end(struct cmd_element *self, struct vty *vty, int argc, const char *argv[])
{
	const struct route_end end = { .kind = gw_route_kind(argv[1]), .name = argv[2] };
	bool from = !strcmp(argv[0], "from");

	return show(vty, &(struct filter){ .from = from ? &end : NULL, .to = from ? NULL : &end },
		    page_of(argc, argv, 3));
}

#define END_CMD " (from|to) (circuit-group|peer) NAME"
#define SHOW_ROUTES(function, words, help) \
	{ .func = function, .string = "show routes" words, .doc = SHOW_ROUTES_STR help }, \
	{ .func = function, .string = "show routes" words PAGE_CMD, .doc = SHOW_ROUTES_STR help PAGE_STR }

static struct cmd_element show_routes_cmds[] = {
	SHOW_ROUTES(show_routes, "", ""),
	SHOW_ROUTES(show_routes_prefix, " prefix PREFIX", PREFIX_STR),
	SHOW_ROUTES(show_routes_end, END_CMD, FROM_TO_STR),
};

DEFUN(show_route_options, show_route_options_cmd,
      "show route-options", SHOW_STR "What may stand behind the priority of a route\n")
{
	for (const struct route_word *word = route_words; word->name; word++) {
		if (word->print)
			vty_out(vty, "%-16s %s%s", word->name, word->what, VTY_NEWLINE);
	}
	return CMD_SUCCESS;
}

/* ---- test route ---- */

struct test {
	struct vty *vty;
	struct route_query query;
	struct map_called called;
	char calling[MAP_KEY_SIZE];
	struct isup_number calling_number;
};

static const struct map_numbering *numbering(void)
{
	return &g_gw->mapping->cfg.numbering;
}

/* A number as it is written, "+33…" or as dialled */
static int read_number(struct vty *vty, const char *text, char *key, struct isup_number *number)
{
	if (map_number_from_text(number, text, strlen(text), numbering()) == 0 &&
	    map_number_to_key(key, MAP_KEY_SIZE, number, numbering()) == 0)
		return 0;
	gw_config_refuse(vty, "'%s' is no telephone number", text);
	return -EINVAL;
}

/* What that clock shows as a time: it may be an hour off where clocks change. */
static time_t by_calendar(struct tm *tm)
{
	struct route_calendar *calendar = g_gw->mapping->routes->calendar;
	time_t shown = timegm(tm), at = shown;
	struct tm there;

	for (int i = 0; i < 2 && route_clock(&there, at, "", calendar); i++)
		at -= timegm(&there) - shown;
	return at;
}

/* "2026-11-22T08:30", by the clock on the wall */
static int read_time(struct vty *vty, const char *text, time_t *at)
{
	struct tm tm = { .tm_isdst = -1 };
	const char *end = strptime(text, "%Y-%m-%dT%H:%M", &tm);

	if (end && !*end && (*at = by_calendar(&tm)) > 0)
		return 0;
	gw_config_refuse(vty, "at '%s': a time such as 2026-11-22T08:30 is needed", text);
	return -EINVAL;
}

static int read_test_option(struct test *t, const char *name, const char *value)
{
	if (!strcmp(name, "calling")) {
		t->query.calling = t->calling;
		return read_number(t->vty, value, t->calling, &t->calling_number);
	}
	if (!strcmp(name, "tgrp") || !strcmp(name, "contact-tgrp")) {
		*(name[0] == 't' ? &t->query.tgrp : &t->query.contact_tgrp) = value;
		return 0;
	}
	if (!strcmp(name, "at"))
		return read_time(t->vty, value, &t->query.now);
	if (!strcmp(name, "category")) {
		if (route_category_scan(&t->query.category, value) == 0)
			return 0;
		gw_config_refuse(t->vty, "'%s' is no calling party's category", value);
		return -EINVAL;
	}
	gw_config_refuse(t->vty, "test route … %s: calling NUMBER, category NAME, at TIME, tgrp LABEL@CONTEXT, "
			 "contact-tgrp LABEL@CONTEXT may be said", name);
	return -EINVAL;
}

static const struct map_end_cfg *end_user(const struct route_end *end)
{
	if (end->kind == ROUTE_GROUP) {
		struct isup_group *group = isup_group_find(g_gw->isup, end->name);

		return group ? isup_group_user(group) : NULL;
	}
	return sip_peer_find(g_gw->sip, end->name) ? sip_peer_user(sip_peer_find(g_gw->sip, end->name)) : NULL;
}

static void print_number(struct vty *vty, const char *what, const char *key, const struct isup_number *number)
{
	vty_out(vty, "%s %s (ISUP: %s %.*s)%s", what, key, route_noa_name(number->noa), number->n_digits,
		number->digits, VTY_NEWLINE);
}

static bool apply(struct test *t, const struct route_change *change, const char *what, char *key,
		  struct isup_number *number)
{
	struct vty *vty = t->vty;

	if (route_change_apply(change, key, MAP_KEY_SIZE, number, numbering()) == 0) {
		print_number(vty, what, key, number);
		return true;
	}
	vty_out(vty, "%s: nothing is left that is a number%s", what, VTY_NEWLINE);
	return false;
}

/* What the peer or group does to the numbers first */
static bool incoming(struct test *t, const struct route_end *from)
{
	const struct map_end_cfg *user = end_user(from);
	const struct route_rule *rule;

	if (!user || !user->rules)
		return true;
	rule = route_rule_find(user->rules, false, t->called.key, t->called.number.noa);
	if (rule && !apply(t, &rule->change, " incoming rule: called", t->called.key, &t->called.number))
		return false;
	rule = t->query.calling ? route_rule_find(user->rules, true, t->calling, t->calling_number.noa) : NULL;
	if (rule)
		apply(t, &rule->change, " incoming rule: calling", t->calling, &t->calling_number);
	return true;
}

static void explain(const struct route *route, const char *why, void *data)
{
	struct vty *vty = data;

	gw_vty_route_line(vty, why ? " no:  " : " yes: ", route);
	vty_out(vty, "%s%s%s", why ? ": " : "", why ? why : "", VTY_NEWLINE);
}

static const char *group_state(const struct isup_group *group)
{
	struct isup_group_stats stats;

	isup_group_stats(group, &stats);
	if (!isup_group_available(group))
		return "not available";
	return stats.idle ? "available" : "no idle circuit";
}

static const char *peer_state(struct sip_peer *peer)
{
	const struct sip_peer_cfg *cfg = sip_peer_cfg(peer);
	struct sip_peer_stats stats;

	sip_peer_stats(peer, &stats);
	if (!stats.up)
		return "down, or asked for no calls for a while";
	if ((cfg->max_calls && stats.calls >= cfg->max_calls) ||
	    (cfg->max_calls_out && stats.calls - stats.in_now >= cfg->max_calls_out))
		return "at its limit of calls";
	return "available";
}

static const char *end_state(const struct route_end *end)
{
	struct isup_group *group = NULL;
	struct sip_peer *peer = NULL;

	if (end->kind == ROUTE_GROUP)
		group = isup_group_find(g_gw->isup, end->name);
	else
		peer = sip_peer_find(g_gw->sip, end->name);
	return group ? group_state(group) : peer ? peer_state(peer) : "there is none";
}

static void print_choice(struct test *t, unsigned int n, const struct route *route)
{
	char called[MAP_KEY_SIZE], calling[MAP_KEY_SIZE];
	struct isup_number number = t->called.number;
	struct vty *vty = t->vty;

	vty_out(vty, "%u. %s %s: %s%s", n, gw_route_kind_name(route->to.kind), route->to.name,
		end_state(&route->to), VTY_NEWLINE);
	osmo_strlcpy(called, t->called.key, sizeof(called));
	osmo_strlcpy(calling, t->calling, sizeof(calling));
	if (!route->called_change)
		print_number(vty, "   called", called, &number);
	else if (!apply(t, route->called_change, "   called", called, &number))
		return;
	if (!t->query.calling)
		return;
	number = t->calling_number;
	if (route->calling_change)
		apply(t, route->calling_change, "   calling", calling, &number);
	else
		print_number(vty, "   calling", calling, &number);
}

static int test_route(struct vty *vty, const char *called, const struct route_end *from, int argc, const char *argv[])
{
	struct test t = { .vty = vty, .query = { .from_kind = from->kind, .from_name = from->name } };
	const struct route *route;
	unsigned int n;

	if (argc % 2)
		return gw_config_refuse(vty, "test route … %s: its value is missing", argv[argc - 1]);
	if (read_number(vty, called, t.called.key, &t.called.number) < 0)
		return CMD_WARNING;
	for (int i = 0; i < argc; i += 2) {
		if (read_test_option(&t, argv[i], argv[i + 1]) < 0)
			return CMD_WARNING;
	}
	print_number(vty, "called", t.called.key, &t.called.number);
	if (!incoming(&t, from))
		return CMD_WARNING;
	t.query.called = t.called.key;
	vty_out(vty, "routes of its prefixes, the longest first:%s", VTY_NEWLINE);
	route_explain(g_gw->mapping->routes, &t.query, explain, vty);
	vty_out(vty, "tried in this order, up to %u attempts:%s", g_gw->mapping->cfg.attempts_max, VTY_NEWLINE);
	for (n = 0; (route = route_find(g_gw->mapping->routes, &t.query, n)); n++)
		print_choice(&t, n + 1, route);
	if (!n)
		vty_out(vty, "no route: cause 3%s", VTY_NEWLINE);
	return CMD_SUCCESS;
}

#define TEST_CMD "test route CALLED from (circuit-group|peer) NAME"
#define TEST_STR "Try something\n" "Where a call would go, and why\n" "Called number: +33201234567, or as dialled\n" \
	"Where it comes from\n" "A circuit group\n" "A SIP peer\n" "Name\n"

DEFUN(test_route_plain, test_route_plain_cmd,
      TEST_CMD, TEST_STR)
{
	return test_route(vty, argv[0], &(struct route_end){ gw_route_kind(argv[1]), argv[2] }, 0, NULL);
}

DEFUN(test_route_options, test_route_options_cmd,
      TEST_CMD " .OPTIONS", TEST_STR
      "calling NUMBER, category NAME, at 2026-11-22T08:30, tgrp LABEL@CONTEXT, contact-tgrp LABEL@CONTEXT: "
      "any of them\n")
{
	return test_route(vty, argv[0], &(struct route_end){ gw_route_kind(argv[1]), argv[2] }, argc - 3, argv + 3);
}

void gw_vty_route_show_init(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(show_routes_cmds); i++)
		install_element_ve(&show_routes_cmds[i]);
	install_element_ve(&show_route_options_cmd);
	install_element_ve(&test_route_plain_cmd);
	install_element_ve(&test_route_options_cmd);
}
