/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs ladder files: what comes in is done, what goes out is compared; tests/ladder/README.md says how. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/rate_ctr.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "fakes.h"
#include "isup/isup_dialect.h"
#include "ladder_words.h"
#include "mapping/map_profile_own.h"
#include "mapping/map_redirect.h"

struct run {
	const char *file;
	int line;
	void *ctx;
	struct mapping *m;
	bool own_routes;
	size_t blocks;			/* of talloc below m before the first call */
	char group[32], peer[32];	/* where new calls come from */
	struct llist_head crossings;	/* struct crossing, as the recorder must have them */
};

struct crossing {
	struct llist_head entry;
	char text[600];
};

#define fail(run, ...) ladder_fail((run)->file, (run)->line, __VA_ARGS__)

/* ---- comparing ---- */

static void compare(const struct run *run, const struct fake_out *out, const char *expected)
{
	const char *rest = expected;
	struct isup_msg msg;
	char item[400], first[64];

	ladder_take_item(&rest, first, sizeof(first));
	if (strncmp(out->text, first, strlen(first)) || (out->text[strlen(first)] && out->text[strlen(first)] != ' '))
		fail(run, "expected %s, but it was\n\t%s", expected, out->text);
	if (out->side == FAKE_ISUP &&
	    isup_msg_decode(&msg, fake_dialect, out->octets, out->octets_len, NULL) < 0)
		fail(run, "cannot be decoded");
	while (ladder_take_item(&rest, item, sizeof(item))) {
		bool good;

		if (!strncmp(item, "no-", 3))
			good = !ladder_has_name(out->text, item + 3);
		else
			good = ladder_has_word(out->text, item) ||
			       (out->side == FAKE_ISUP && ladder_isup_item_is(&msg, item));
		if (!good)
			fail(run, "expected %s, but it was\n\t%s", item, out->text);
	}
}

static struct fake_out *next_out(const struct run *run, const char *expected)
{
	struct fake_out *out = fake_out_next();

	if (!out && expected)
		fail(run, "expected %s, but nothing was sent", expected);
	return out;
}

static void remember(struct run *run, const char *side, char direction, const char *text)
{
	struct crossing *c = talloc_zero(run->ctx, struct crossing);
	const char *indent = strcmp(side, "sip") ? "" : "        ";

	snprintf(c->text, sizeof(c->text), "%s%s %c %s", indent, side, direction, text);
	llist_add_tail(&c->entry, &run->crossings);
}

static void expect(struct run *run, enum fake_side side, const char *text)
{
	struct fake_out *out = next_out(run, text);

	if (out->side != side)
		fail(run, "expected %s, but it was\n\t%s", text, out->text);
	compare(run, out, text);
	if (side != FAKE_MEDIA)
		remember(run, side == FAKE_ISUP ? "isup" : "sip", '<', text);
	talloc_free(out);
}

/* ---- doing ---- */

static void do_isup(struct run *run, const char *text)
{
	bool failed = !strncmp(text, "FAILED ", 7);
	char err[256];
	int rc = fake_isup_ind(run->group, failed ? text + 7 : text, failed, err, sizeof(err));

	if (rc < 0)
		fail(run, "%s: %s", text, err);
	if (rc == FAKE_DELIVERED)
		remember(run, "isup", '>', text);
}

static void do_sip(struct run *run, const char *text)
{
	char err[4096];
	int rc = fake_sip_ind(run->peer, text, err, sizeof(err));

	if (rc < 0)
		fail(run, "%s: %s", text, err);
	/* READY is no message */
	if (rc == FAKE_DELIVERED && strncmp(text, "READY ", 6))
		remember(run, "sip", '>', text);
}

static void cmd_media(struct run *run, char **arg)
{
	if (!strcmp(arg[1], "fax-first"))
		run->m->cfg.fax_first = true;
	else if (!ladder_media(arg))
		fail(run, "media %s?", arg[1]);
}

/* options: names and values in turn, NULL ends */
static void add_route(struct run *run, const char *prefix, const char *from, const char *to, unsigned int priority,
		      char **options)
{
	const char *names[2] = { from, to };
	struct route_draft draft;
	char word[16], err[256];

	route_draft_init(&draft);
	draft.row.priority = priority;
	osmo_strlcpy(draft.prefix, prefix, sizeof(draft.prefix));
	for (int i = 0; i < 2; i++) {
		bool group = !strncmp(names[i], "group:", 6);
		const char *name = strchr(names[i], ':') + 1;

		snprintf(word, sizeof(word), "%s-%s", i ? "to" : "from", group ? "group" : "peer");
		if (route_draft_set(&draft, word, name, err, sizeof(err)) < 0)
			fail(run, "%s", err);
		if (group)
			fake_group(name);
		else
			fake_peer(name);
	}
	for (; options && options[0] && options[1]; options += 2) {
		if (route_draft_set(&draft, options[0], options[1], err, sizeof(err)) < 0)
			fail(run, "%s", err);
	}
	if (route_insert(run->m->routes, route_draft_row(&draft), err, sizeof(err)) < 0)
		fail(run, "%s", err);
}

/* route PREFIX FROM TO PRIORITY [OPTION VALUE …]; route none. The first one replaces the usual two. */
static void cmd_route(struct run *run, char **arg)
{
	size_t before = talloc_total_blocks(run->m);

	if (!run->own_routes) {
		talloc_free(run->m->routes);
		run->m->routes = route_table_alloc(run->m);
	}
	run->own_routes = true;
	if (strcmp(arg[1], "none"))
		add_route(run, !strcmp(arg[1], "any") ? "" : arg[1], arg[2], arg[3], strtoul(arg[4], NULL, 10),
			  arg + 5);
	run->blocks += talloc_total_blocks(run->m) - before;
}

/* incoming group:NAME|peer:NAME called|calling PREFIX STRIP PREPEND NOA: "-" is none */
/* group:NAME or peer:NAME */
static struct map_end_cfg *end_cfg(const char *end)
{
	return end[0] == 'g' ? fake_group_cfg(end + 6) : fake_peer_cfg(end + 5);
}

static void cmd_incoming(struct run *run, char **arg)
{
	struct map_end_cfg *cfg = end_cfg(arg[1]);
	unsigned int n = cfg->rules ? cfg->rules->n : 0;
	struct route_rule *rule;

	cfg->rules = talloc_realloc_size(run->ctx, cfg->rules, sizeof(*cfg->rules) + (n + 1) * sizeof(*rule));
	cfg->rules->n = n + 1;
	rule = &cfg->rules->rules[n];
	*rule = (struct route_rule){ .calling = !strcmp(arg[2], "calling") };
	rule->change.strip = strtoul(arg[4], NULL, 10);
	if (strcmp(arg[3], "any"))
		osmo_strlcpy(rule->prefix, arg[3], sizeof(rule->prefix));
	if (strcmp(arg[5], "-"))
		osmo_strlcpy(rule->change.prepend, arg[5], sizeof(rule->change.prepend));
	if (strcmp(arg[6], "-") && route_noa_scan(&rule->change.noa, arg[6]) < 0)
		fail(run, "no nature of address: %s", arg[6]);
}

/* limit attempts|repeats|redirects N; limit redirection N (enum map_redirection) */
static void cmd_limit(struct run *run, char **arg)
{
	struct mapping_cfg *cfg = &run->m->cfg;
	uint8_t *limit = !strcmp(arg[1], "attempts") ? &cfg->attempts_max : !strcmp(arg[1], "repeats") ?
			 &cfg->repeats_max : !strcmp(arg[1], "redirects") ? &cfg->redirects_max : &cfg->redirection;

	*limit = strtoul(arg[2], NULL, 10);
}

static void cmd_from(struct run *run, char **arg)
{
	if (!strncmp(arg[1], "group:", 6))
		osmo_strlcpy(run->group, arg[1] + 6, sizeof(run->group));
	else
		osmo_strlcpy(run->peer, arg[1] + 5, sizeof(run->peer));
}

static void cmd_group(struct run *run, char **arg)
{
	fake_group_set_cause(arg[1], strtoul(arg[2] + strlen("cause="), NULL, 10));
}

static void cmd_peer(struct run *run, char **arg)
{
	if (!strcmp(arg[2], "untrusted"))
		fake_peer_set_trusted(arg[1], false);
	else if (!strncmp(arg[2], "at=", 3))
		fake_peer_set_hostport(arg[1], arg[2] + 3);
	else
		fake_peer_set_status(arg[1], strtoul(arg[2] + strlen("status="), NULL, 10));
}

static void cmd_wait(struct run *run, char **arg)
{
	fake_advance(strtoul(arg[1], NULL, 10) * 1000);
}

/* One second before the timer nothing may happen, so that a wrong timer is found. */
static void cmd_timeout(struct run *run, char **arg)
{
	int T = strtol(arg[1] + 1, NULL, 10) * (arg[1][0] == 'X' ? -1 : 1);
	unsigned long s = osmo_tdef_get(run->m->tdefs, T, OSMO_TDEF_S, -1);
	struct fake_out *out;

	fake_advance((s - 1) * 1000);
	out = next_out(run, NULL);
	if (out)
		fail(run, "a second before %s:\n\t%s", arg[1], out->text);
	fake_advance(1001);
}

static void cmd_stop(struct run *run, char **arg)
{
	mapping_release_all(run->m);
}

static void cmd_calls(struct run *run, char **arg)
{
	if (run->m->n_calls != strtoul(arg[1], NULL, 10))
		fail(run, "%u calls", run->m->n_calls);
}

static void cmd_count(struct run *run, char **arg)
{
	const struct rate_ctr *ctr = rate_ctr_get_by_name(run->m->ctrs, arg[1]);

	if (!ctr || ctr->current != strtoul(arg[2], NULL, 10))
		fail(run, "%s is %ld", arg[1], ctr ? (long)ctr->current : -1);
}

static void info_cb(const struct iwu_info *info, void *data)
{
	snprintf(data, 256, "%s %s calling=%s called=%s circuit=%s peer=%s", info->direction, info->state,
		 info->calling, info->called, info->circuit, info->peer);
}

/* The words must be in the line of the one call */
static void cmd_show(struct run *run, char **arg)
{
	char text[256] = "no call";

	mapping_for_each_call(run->m, info_cb, text);
	for (arg++; *arg; arg++)
		if (!ladder_has_word(text, *arg))
			fail(run, "%s is not in\n\t%s", *arg, text);
}

/* numbering [group:NAME|peer:NAME] COUNTRY NATIONAL-PREFIX; "-" for the two: it is the gateway's */
static void cmd_numbering(struct run *run, char **arg)
{
	struct map_numbering *numbering = &run->m->cfg.numbering;

	if (strchr(arg[1], ':')) {
		struct map_end_cfg *cfg = end_cfg(arg[1]);

		arg++;
		numbering = &cfg->numbers.numbering;
		cfg->numbers.own = arg[1][0] == '-' ? 0 : MAP_OWN_COUNTRY_CODE | MAP_OWN_NATIONAL_PREFIX;
	}
	osmo_strlcpy(numbering->country_code, arg[1], sizeof(numbering->country_code));
	osmo_strlcpy(numbering->national_prefix, arg[2] ? arg[2] : "", sizeof(numbering->national_prefix));
}

static void cmd_profile(struct run *run, char **arg)
{
	end_cfg(arg[1])->profile = map_profile_by_name(arg[2]);
	if (!end_cfg(arg[1])->profile)
		fail(run, "profile %s?", arg[2]);
}

static void cmd_load(struct run *run, char **arg)
{
	size_t before = talloc_total_blocks(run->m);
	struct map_profile_own *own = map_profile_own_alloc(run->m, arg[1], map_profile_by_name(arg[2]));

	map_profile_own_register(run->m, own);
	for (arg += 3; *arg; arg++)
		end_cfg(*arg)->profile = &own->profile;
	run->blocks += talloc_total_blocks(run->m) - before;
}

/* overlap group:NAME|peer:NAME off|invite|info MIN */
static void cmd_overlap(struct run *run, char **arg)
{
	static const struct value_string words[] = {
		{ MAP_OVERLAP_OFF, "off" }, { MAP_OVERLAP_INVITE, "invite" }, { MAP_OVERLAP_INFO, "info" }, {}
	};
	struct map_end_cfg *cfg = end_cfg(arg[1]);

	cfg->overlap = get_string_value(words, arg[2]);
	cfg->overlap_min = strtoul(arg[3], NULL, 10);
}

/* sipi peer:NAME off|optional|required|pstn-xml|version:WORD */
static void cmd_sipi(struct run *run, char **arg)
{
	static const struct value_string words[] = {
		{ MAP_SIPI_OFF, "off" }, { MAP_SIPI_OPTIONAL, "optional" }, { MAP_SIPI_REQUIRED, "required" }, {}
	};

	fake_peer_cfg(arg[1] + 5)->pstn_xml = !strcmp(arg[2], "pstn-xml");
	if (arg[2][0] == 'v')
		fake_peer_cfg(arg[1] + 5)->sipi_version = map_sipi_version_find(sip_str_from(arg[2] + 8));
	else if (arg[2][0] != 'p')
		fake_peer_cfg(arg[1] + 5)->sipi = get_string_value(words, arg[2]);
}

static void cmd_redirection(struct run *run, char **arg)
{
	static const struct value_string words[] = {
		{ 0, "gateway" }, { MAP_REDIRECT_FOLLOW + 1, "follow" }, { MAP_REDIRECT_RELEASE + 1, "release" },
		{ MAP_REDIRECT_CAUSE + 1, "cause" }, { MAP_REDIRECT_BY_CAPABILITY + 1, "by-capability" }, {}
	};

	fake_peer_cfg(arg[1] + 5)->redirection = get_string_value(words, arg[2]);
}

/* cug group:NAME|peer:NAME MODE */
static void cmd_cug(struct run *run, char **arg)
{
	static const struct value_string words[] = {
		{ MAP_CUG_BY_ACCESS, "by-access" }, { MAP_CUG_ACCEPT, "accept" }, { MAP_CUG_CARRY, "carry" },
		{ MAP_CUG_REFUSE, "refuse" }, {}
	};

	end_cfg(arg[1])->cug = get_string_value(words, arg[2]);
}

static void cmd_dialect(struct run *run, char **arg)
{
	fake_dialect = isup_dialect_find(arg[1]);
	if (!fake_dialect)
		fail(run, "dialect %s?", arg[1]);
}

static void cmd_priority(struct run *run, char **arg)
{
	if (fake_group_priority(arg[1]) != strtoul(arg[2], NULL, 10))
		fail(run, "%u calls were placed with priority", fake_group_priority(arg[1]));
}

static void cmd_precondition(struct run *run, char **arg)
{
	fake_group_cfg(arg[1])->precondition_wait = !strcmp(arg[2], "wait");
}

static void cmd_leg(struct run *run, char **arg)
{
	fake_leg_set(arg[1]);
}

static const struct command {
	const char *name;
	int args;
	void (*run)(struct run *run, char **arg);
} commands[] = {
	{ "calls", 1, cmd_calls },
	{ "count", 2, cmd_count },
	{ "cug", 2, cmd_cug },
	{ "dialect", 1, cmd_dialect },
	{ "from", 1, cmd_from },
	{ "group", 2, cmd_group },
	{ "incoming", 6, cmd_incoming },
	{ "leg", 1, cmd_leg },
	{ "limit", 2, cmd_limit },
	{ "load", 2, cmd_load },
	{ "media", 1, cmd_media },
	{ "numbering", 2, cmd_numbering },
	{ "overlap", 3, cmd_overlap },
	{ "peer", 2, cmd_peer },
	{ "precondition", 2, cmd_precondition },
	{ "priority", 2, cmd_priority },
	{ "profile", 2, cmd_profile },
	{ "redirection", 2, cmd_redirection },
	{ "route", 1, cmd_route },
	{ "show", 1, cmd_show },
	{ "sipi", 2, cmd_sipi },
	{ "stop", 0, cmd_stop },
	{ "timeout", 1, cmd_timeout },
	{ "wait", 1, cmd_wait },
	{}
};

static void do_command(struct run *run, const char *text)
{
	char words[256], *arg[16] = {}, *save = NULL;
	unsigned int n = 0;

	osmo_strlcpy(words, text, sizeof(words));
	for (char *w = strtok_r(words, " \t", &save); w && n < ARRAY_SIZE(arg) - 1; w = strtok_r(NULL, " \t", &save))
		arg[n++] = w;
	for (const struct command *c = commands; c->name; c++) {
		if (strcmp(c->name, arg[0]))
			continue;
		if ((int)n - 1 < c->args)
			fail(run, "%s needs %d words more", c->name, c->args);
		c->run(run, arg);
		return;
	}
	fail(run, "unknown command %s", arg[0]);
}

/* ---- a file ---- */

/* Nothing that was sent may be left when the next thing is done */
static void expect_nothing(const struct run *run)
{
	struct fake_out *out = next_out(run, NULL);

	if (out)
		fail(run, "not expected:\n\t%s", out->text);
}

static void do_line(struct run *run, char *text)
{
	static const struct {
		const char *word;
		enum fake_side side;
	} sides[] = { { "isup", FAKE_ISUP }, { "sip", FAKE_SIP }, { "media", FAKE_MEDIA } };

	text += strspn(text, " \t");
	text[strcspn(text, "\r\n")] = '\0';
	if (!*text || *text == '#')
		return;
	for (unsigned int i = 0; i < ARRAY_SIZE(sides); i++) {
		size_t len = strlen(sides[i].word);
		const char *what = text + len + 3;

		if (strncmp(text, sides[i].word, len) || text[len] != ' ' || !strchr("<>", text[len + 1]))
			continue;
		if (text[len + 1] == '<') {
			expect(run, sides[i].side, what);
			return;
		}
		expect_nothing(run);
		if (sides[i].side == FAKE_ISUP)
			do_isup(run, what);
		else
			do_sip(run, what);
		fake_advance(0);
		return;
	}
	expect_nothing(run);
	do_command(run, text);
	fake_advance(0);
}

/* The recorder's lines: the same messages in the same order */
static void ladder_cb(const char *line, void *data)
{
	struct run *run = data;
	struct crossing *c = llist_first_entry_or_null(&run->crossings, struct crossing, entry);
	size_t len;

	if (!c)
		fail(run, "the recorder has more: %s", line);
	llist_del(&c->entry);
	len = strcspn(c->text, "<>") + 2;
	len += strcspn(c->text + len, " ");
	if (strlen(line) < 9 || strncmp(line + 9, c->text, len))
		fail(run, "the recorder has\n\t%s\nfor\n\t%s", line + 9, c->text);
	talloc_free(c);
}

static void finish(struct run *run)
{
	size_t blocks;

	expect_nothing(run);
	if (run->m->n_calls)
		fail(run, "%u calls are left", run->m->n_calls);
	fake_advance(0);
	fake_finish();
	/* what is lost is counted by where it came from: from its first time on */
	blocks = talloc_total_blocks(run->m) - talloc_total_blocks(run->m->losses);
	if (blocks != run->blocks)
		fail(run, "%zu talloc blocks, %zu before", blocks, run->blocks);
	if (run->m->next_call_id == 2)
		mapping_print_ladder(run->m, 1, ladder_cb, run);
}

/* Without the time, a line of the recorder is one of a ladder file. */
static void print_cb(const char *line, void *data)
{
	printf("%s\n", line + 9);
}

static void run_file(const char *file, bool print)
{
	struct run run = { .file = file, .group = "TRUNK1", .peer = "PBX" };
	char line[1024];
	FILE *f = fopen(file, "r");

	if (!f)
		fail(&run, "%s", strerror(errno));
	INIT_LLIST_HEAD(&run.crossings);
	run.ctx = talloc_named_const(NULL, 0, "ladder");
	run.m = fake_init(run.ctx);
	add_route(&run, "", "peer:PBX", "group:TRUNK1", 0, NULL);
	add_route(&run, "", "group:TRUNK1", "peer:PBX", 0, NULL);
	run.blocks = talloc_total_blocks(run.m) - talloc_total_blocks(run.m->losses);
	while (fgets(line, sizeof(line), f)) {
		run.line++;
		do_line(&run, line);
	}
	fclose(f);
	if (print)
		mapping_print_ladder(run.m, 1, print_cb, NULL);
	finish(&run);
	talloc_free(run.ctx);
	if (!print)
		printf("%s: ok\n", file);
}

/* ladder_test [-p] FILE…; -p: instead of "ok" prints what the recorder has of a file's first call */
int main(int argc, char **argv)
{
	bool print = argc > 1 && !strcmp(argv[1], "-p");

	setvbuf(stdout, NULL, _IONBF, 0);
	fake_numbers_legs = true;
	fake_process_init();
	for (int i = 1 + print; i < argc; i++)
		run_file(argv[i], print);
	return argc > 1 + print ? 0 : 2;
}
