/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VTY of routes: rows on the console, tables from files, limits of attempts. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "mapping/map_profile.h"
#include "mapping/map_redirect.h"
#include "mapping/route.h"

#include "gw.h"
#include "gw_vty.h"

/* ---- Rows ---- */

static const struct value_string route_kinds[] = {
	{ ROUTE_ANY, "any" },
	{ ROUTE_GROUP, "circuit-group" },
	{ ROUTE_PEER, "peer" },
	{}
};

const char *gw_route_kind_name(enum route_kind kind)
{
	return get_value_string(route_kinds, kind);
}

enum route_kind gw_route_kind(const char *word)
{
	return get_string_value(route_kinds, word);
}

const char *gw_route_text_buf(char *buf, size_t size, const struct route *route)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };

	OSMO_STRBUF_PRINTF(sb, *route->prefix ? "route prefix %s from %s" : "route any%s from %s", route->prefix,
			   gw_route_kind_name(route->from.kind));
	if (route->from.kind != ROUTE_ANY)
		OSMO_STRBUF_PRINTF(sb, " %s", route->from.name);
	OSMO_STRBUF_PRINTF(sb, " to %s %s", gw_route_kind_name(route->to.kind), route->to.name);
	return buf;
}

static int line_buf(char *buf, size_t size, const struct route *route)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	char text[256];

	OSMO_STRBUF_PRINTF(sb, "%s priority %u", gw_route_text_buf(text, sizeof(text), route), route->priority);
	OSMO_STRBUF_APPEND(sb, route_options_print_buf, route);
	return sb.chars_needed;
}

void gw_vty_route_line(struct vty *vty, const char *before, const struct route *route)
{
	char line[1280];

	line_buf(line, sizeof(line), route);
	vty_out(vty, "%s%s", before, line);
}

/* With the blank before it and the line's end: what is longer is written, but not read again. */
static bool fits_line(const struct route *route)
{
	return line_buf(NULL, 0, route) + 2 < VTY_BUFSIZ;
}

/* "weight 10 calling +331 …": names and values in turn */
static int read_options(struct vty *vty, struct route_draft *draft, int argc, const char *argv[])
{
	char err[256];

	for (int i = 0; i < argc; i += 2) {
		const struct route_word *word = route_words;

		while (word->name && (!word->print || strcmp(word->name, argv[i])))
			word++;
		if (!word->name)
			return gw_config_refuse(vty, "route … %s: not an option of routes: 'show route-options' "
						"lists them", argv[i]);
		if (i + 1 == argc)
			return gw_config_refuse(vty, "route … %s: its value is missing", argv[i]);
		if (word->scan(draft, argv[i + 1], err, sizeof(err)) < 0)
			return gw_config_refuse(vty, "route … %s %s", argv[i], err);
	}
	return CMD_SUCCESS;
}

static int read_end(struct vty *vty, struct route_draft *draft, const char *direction, const char *argv[])
{
	char word[32], err[256];

	snprintf(word, sizeof(word), "%s-%s", direction, gw_route_kind(argv[0]) == ROUTE_GROUP ? "group" : "peer");
	if (route_draft_set(draft, word, argv[1], err, sizeof(err)) == 0)
		return CMD_SUCCESS;
	return gw_config_refuse(vty, "route … %s %s %s", direction, argv[0], err);
}

/* The arguments of a route command are those of its words that vary, in this order. */
static int read_route(struct vty *vty, const struct cmd_element *self, int argc, const char *argv[],
		      struct route_draft *draft)
{
	char err[256];
	int i = 0;

	route_draft_init(draft);
	if (strstr(self->string, " prefix ") && route_draft_set(draft, "prefix", argv[i++], err, sizeof(err)) < 0)
		return gw_config_refuse(vty, "route prefix %s", err);
	if (!strstr(self->string, " from any ")) {
		if (read_end(vty, draft, "from", argv + i) != CMD_SUCCESS)
			return CMD_WARNING;
		i += 2;
	}
	if (read_end(vty, draft, "to", argv + i) != CMD_SUCCESS)
		return CMD_WARNING;
	i += 2;
	if (strstr(self->string, " priority "))
		draft->row.priority = gw_vty_uint(argv[i++]);
	return strstr(self->string, " .OPTIONS") ? read_options(vty, draft, argc - i, argv + i) : CMD_SUCCESS;
}

/* The table, for a change: calls that have it keep what they have. */
static struct route_table *own_table(struct vty *vty)
{
	struct route_table *table = route_table_own(&g_gw->mapping->routes);

	if (!table)
		gw_config_refuse(vty, "no memory for a table with the change");
	return table;
}

static int cfg_route(struct cmd_element *self, struct vty *vty, int argc, const char *argv[])
{
	struct route_table *table = own_table(vty);
	struct route_draft draft;
	const struct route *row;
	char err[256] = "", text[256];
	int rc;

	if (!table || read_route(vty, self, argc, argv, &draft) != CMD_SUCCESS)
		return CMD_WARNING;
	row = route_draft_row(&draft);
	gw_route_text_buf(text, sizeof(text), row);
	if (!fits_line(row))
		return gw_config_refuse(vty, "%s: longer than a line of a configuration may be; a route-table has room",
					text);
	rc = route_insert(table, row, err, sizeof(err));
	if (rc < 0)
		return gw_config_refuse(vty, "%s: %s", text, *err ? err : strerror(-rc));
	gw_config_note(vty, "%s", text);
	return CMD_SUCCESS;
}

static int cfg_no_route(struct cmd_element *self, struct vty *vty, int argc, const char *argv[])
{
	struct route_table *table = own_table(vty);
	struct route_draft draft;
	const struct route *row;
	char text[256];

	if (!table || read_route(vty, self, argc, argv, &draft) != CMD_SUCCESS)
		return CMD_WARNING;
	row = route_draft_row(&draft);
	if (route_remove(table, row) == 0)
		return CMD_SUCCESS;
	gw_route_text_buf(text, sizeof(text), row);
	return gw_config_refuse(vty, "there is no '%s': 'show routes' lists them", text);
}

#define ROUTES_STR	"Where calls go: the longest prefix of the called number wins, then a named source\n"
#define ANY_STR		"Every called number\n"
#define PREFIX_STR	"Called numbers that begin so\n" "Digits; '+' first where E.164\n"
#define FROM_ANY_STR	"Where the call comes from\n" "Anywhere on the other side\n"
#define FROM_STR	"Where the call comes from\n" "A circuit group\n" "A SIP peer\n" "Name\n"
#define TO_STR		"Where it goes\n" "A circuit group\n" "A SIP peer\n" "Name\n"
#define PRIORITY_STR	"Order among routes that suit equally: the next one is tried if one is not available\n" \
			"0 is tried first (and is meant if nothing is said)\n"
#define OPTIONS_STR	"Names and values in turn ('show route-options'): load share, conditions, changed numbers\n"
#define WHICH_STR	"Names and values in turn: the conditions that it has\n"
#define END_CMD		"(circuit-group|peer) NAME"

#define ROUTE(words, help) \
	{ .func = cfg_route, .attr = CMD_ATTR_IMMEDIATE, .string = "route " words, .doc = ROUTES_STR help }
#define NO_ROUTE(words, help) \
	{ .func = cfg_no_route, .attr = CMD_ATTR_IMMEDIATE, .string = "no route " words, .doc = NO_STR ROUTES_STR help }
#define PRIORITY	" priority <0-255>"

/* The library has no optional part of several words: every form is a command of its own. */
#define ROUTES(words, help) \
	ROUTE(words, help), \
	ROUTE(words PRIORITY, help PRIORITY_STR), \
	ROUTE(words PRIORITY " .OPTIONS", help PRIORITY_STR OPTIONS_STR), \
	NO_ROUTE(words, help), \
	NO_ROUTE(words " .OPTIONS", help WHICH_STR)

static struct cmd_element cfg_route_cmds[] = {
	ROUTES("any from any to " END_CMD, ANY_STR FROM_ANY_STR TO_STR),
	ROUTES("any from " END_CMD " to " END_CMD, ANY_STR FROM_STR TO_STR),
	ROUTES("prefix PREFIX from any to " END_CMD, PREFIX_STR FROM_ANY_STR TO_STR),
	ROUTES("prefix PREFIX from " END_CMD " to " END_CMD, PREFIX_STR FROM_STR TO_STR),
};

/* ---- Files ---- */

/* Names in files are looked for from when the configuration is whole. */
static int load(struct vty *vty, const char *what)
{
	char err[512] = "";

	if (mapping_load_routes(g_gw->mapping, g_gw->state != GW_CONFIG, err, sizeof(err)) == 0)
		return CMD_SUCCESS;
	return gw_config_refuse(vty, "%s: %s", what, err);
}

/* In full, for the daemon changes to / */
static char *full_path(const char *path)
{
	char *real = realpath(path, NULL), *copy = talloc_strdup(g_gw->mapping, real ? real : path);

	free(real);
	return copy;
}

#define TABLE_STR "Routes from a file, besides those of 'route'\n"

DEFUN_ATTR(cfg_route_table, cfg_route_table_cmd,
      "route-table file PATH", TABLE_STR "CSV, or XML\n" "Its path: *.xml is XML\n",
      CMD_ATTR_IMMEDIATE)
{
	struct mapping *m = g_gw->mapping;
	char *path = full_path(argv[0]);
	unsigned int i;

	for (i = 0; i < m->n_route_files && strcmp(m->route_files[i], path); i++)
		;
	if (i < m->n_route_files || i == ARRAY_SIZE(m->route_files)) {
		talloc_free(path);
		return gw_config_refuse(vty, "route-table file %s: %s", argv[0], i < m->n_route_files ?
					"it is read already" : "there are up to 8");
	}
	m->route_files[m->n_route_files++] = path;
	if (load(vty, "route-table") == CMD_SUCCESS)
		return CMD_SUCCESS;
	m->n_route_files--;
	talloc_free(path);
	return CMD_WARNING;
}

DEFUN_ATTR(cfg_no_route_table, cfg_no_route_table_cmd,
      "no route-table file PATH", NO_STR TABLE_STR "CSV, or XML\n" "Its path\n",
      CMD_ATTR_IMMEDIATE)
{
	struct mapping *m = g_gw->mapping;
	char *path = full_path(argv[0]), *was;
	unsigned int i;
	int rc;

	for (i = 0; i < m->n_route_files && strcmp(m->route_files[i], path); i++)
		;
	talloc_free(path);
	if (i == m->n_route_files)
		return gw_config_refuse(vty, "route-table file %s: it was not read", argv[0]);
	was = m->route_files[i];
	memmove(m->route_files + i, m->route_files + i + 1,
		(--m->n_route_files - i) * sizeof(m->route_files[0]));
	rc = load(vty, "route-table");
	if (rc == CMD_SUCCESS) {
		talloc_free(was);
		return rc;
	}
	/* another one cannot be read any more */
	memmove(m->route_files + i + 1, m->route_files + i, (m->n_route_files++ - i) * sizeof(m->route_files[0]));
	m->route_files[i] = was;
	return rc;
}

DEFUN(route_table_reload, route_table_reload_cmd,
      "route-table reload", TABLE_STR
      "Read all of them anew, for calls from now on; where one cannot be used, nothing changes\n")
{
	if (load(vty, "route-table reload") != CMD_SUCCESS)
		return CMD_WARNING;
	vty_out(vty, "%u routes%s", g_gw->mapping->routes->n_routes, VTY_NEWLINE);
	return CMD_SUCCESS;
}

DEFUN(route_table_export, route_table_export_cmd,
      "route-table export PATH", TABLE_STR "Write all routes, of the console and of files, as one file\n"
      "Its path: *.xml is XML, else CSV\n")
{
	FILE *file = fopen(argv[0], "wxe");
	int rc;

	if (!file)
		return gw_config_refuse(vty, "%s: %s", argv[0], strerror(errno));
	route_table_write(file, g_gw->mapping->routes, route_file_is_xml(argv[0]));
	rc = ferror(file);
	if (fclose(file) || rc)
		return gw_config_refuse(vty, "%s: could not be written whole", argv[0]);
	return CMD_SUCCESS;
}

/* ---- Limits ---- */

DEFUN_ATTR(cfg_attempts_max, cfg_attempts_max_cmd,
      "attempts-max <1-64>", "How often a call is tried, on other circuits, routes and peers, until it fails\n"
      "Attempts in all; 10 if nothing is said\n",
      CMD_ATTR_IMMEDIATE)
{
	g_gw->mapping->cfg.attempts_max = gw_vty_uint(argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_repeats_max, cfg_repeats_max_cmd,
      "repeats-max <0-10>", "Further attempts in the same circuit group after cause 44, or dual seizure\n"
      "Attempts; 3 if nothing is said; then the next route\n",
      CMD_ATTR_IMMEDIATE)
{
	g_gw->mapping->cfg.repeats_max = gw_vty_uint(argv[0]);
	return CMD_SUCCESS;
}

/* ---- Redirection, congestion ---- */

static const struct value_string redirections[] = {
	{ MAP_REDIRECT_FOLLOW, "follow" },
	{ MAP_REDIRECT_RELEASE, "release" },
	{ MAP_REDIRECT_CAUSE, "cause" },
	{ MAP_REDIRECT_BY_CAPABILITY, "by-capability" },
	{}
};

#define REDIRECTION_STR	"What becomes of 300, 301 and 302 before the answer (RFC 3398 8.2.5)\n"
#define REDIRECTION_CMD	"(follow|release|cause|by-capability)"
#define REDIRECTIONS_STR \
	"A new call, to the peer whose address the Contact has, else by the routes of its number\n" \
	"REL with cause 23 and the new number\n" "REL with the cause that the status has\n" \
	"release where the IAM says that the exchange can redirect (redirect capability), else follow\n"

DEFUN_ATTR(cfg_redirection, cfg_redirection_cmd,
      "redirection " REDIRECTION_CMD, REDIRECTION_STR REDIRECTIONS_STR,
      CMD_ATTR_IMMEDIATE)
{
	g_gw->mapping->cfg.redirection = get_string_value(redirections, argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_redirection, cfg_peer_redirection_cmd,
      "redirection " REDIRECTION_CMD, REDIRECTION_STR REDIRECTIONS_STR,
      CMD_ATTR_IMMEDIATE)
{
	gw_vty_end_cfg(vty)->redirection = get_string_value(redirections, argv[0]) + 1;
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_peer_no_redirection, cfg_peer_no_redirection_cmd,
      "no redirection", NO_STR REDIRECTION_STR,
      CMD_ATTR_IMMEDIATE)
{
	gw_vty_end_cfg(vty)->redirection = 0;
	return CMD_SUCCESS;
}

void gw_vty_redirection_write(struct vty *vty, const struct map_end_cfg *cfg)
{
	if (cfg->redirection)
		vty_out(vty, "  redirection %s%s", get_value_string(redirections, cfg->redirection - 1), VTY_NEWLINE);
}

DEFUN_ATTR(cfg_redirects_max, cfg_redirects_max_cmd,
      "redirects-max <1-10>", "How often a call follows a redirection\n" "3 if nothing is said\n",
      CMD_ATTR_IMMEDIATE)
{
	g_gw->mapping->cfg.redirects_max = gw_vty_uint(argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_retry_after, cfg_retry_after_cmd,
      "retry-after <0-3600>", "Retry-After of a 5xx that is for congestion of the exchanges (cause 42, congestion "
      "level in REL)\n" "Seconds; 0: none; 5 if nothing is said\n",
      CMD_ATTR_IMMEDIATE)
{
	g_gw->mapping->cfg.retry_after_s = gw_vty_uint(argv[0]);
	return CMD_SUCCESS;
}

DEFUN_ATTR(cfg_retry_after_level, cfg_retry_after_level_cmd,
      "retry-after-congestion-level <0-2>", "Automatic congestion level of a REL that is for 503 with Retry-After "
      "(Q.764 2.11)\n" "Level; 0: none; 1 if nothing is said\n",
      CMD_ATTR_IMMEDIATE)
{
	g_gw->mapping->cfg.retry_after_acl = gw_vty_uint(argv[0]);
	return CMD_SUCCESS;
}

void gw_vty_route_write(struct vty *vty)
{
	const struct mapping *m = g_gw->mapping;
	const struct route *route;

	vty_out(vty, " attempts-max %u%s", m->cfg.attempts_max, VTY_NEWLINE);
	vty_out(vty, " repeats-max %u%s", m->cfg.repeats_max, VTY_NEWLINE);
	vty_out(vty, " redirection %s%s", get_value_string(redirections, m->cfg.redirection), VTY_NEWLINE);
	vty_out(vty, " redirects-max %u%s", m->cfg.redirects_max, VTY_NEWLINE);
	vty_out(vty, " retry-after %u%s", m->cfg.retry_after_s, VTY_NEWLINE);
	vty_out(vty, " retry-after-congestion-level %u%s", m->cfg.retry_after_acl, VTY_NEWLINE);
	gw_vty_calendar_write(vty);
	llist_for_each_entry(route, &m->routes->routes, entry) {
		if (route->file)
			continue;
		gw_vty_route_line(vty, " ", route);
		vty_out(vty, "%s", VTY_NEWLINE);
	}
	for (unsigned int i = 0; i < m->n_route_files; i++)
		vty_out(vty, " route-table file %s%s", m->route_files[i], VTY_NEWLINE);
}

void gw_vty_route_init(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(cfg_route_cmds); i++)
		install_element(GATEWAY_NODE, &cfg_route_cmds[i]);
	install_element(GATEWAY_NODE, &cfg_route_table_cmd);
	install_element(GATEWAY_NODE, &cfg_no_route_table_cmd);
	install_element(GATEWAY_NODE, &cfg_attempts_max_cmd);
	install_element(GATEWAY_NODE, &cfg_repeats_max_cmd);
	install_element(GATEWAY_NODE, &cfg_redirection_cmd);
	install_element(GATEWAY_NODE, &cfg_redirects_max_cmd);
	install_element(GATEWAY_NODE, &cfg_retry_after_cmd);
	install_element(GATEWAY_NODE, &cfg_retry_after_level_cmd);
	install_element(PEER_NODE, &cfg_peer_redirection_cmd);
	install_element(PEER_NODE, &cfg_peer_no_redirection_cmd);
	install_element(ENABLE_NODE, &route_table_reload_cmd);
	install_element(ENABLE_NODE, &route_table_export_cmd);
	gw_vty_calendar_init();
	gw_vty_route_show_init();
	gw_vty_number_init();
}
