/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line of a run: SIPp's names where it has the same. */

#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isupsim_options.h"

/* How an option's argument is read */
enum kind { TEXT, NUMBER, RATE, FLAG, TIMER, HELP };

static const struct option_row {
	const char *name;
	enum kind kind;
	size_t offset;			/* of the member of struct sim_run_options */
	const char *help;
} option_rows[] = {
#define MEMBER(m) offsetof(struct sim_run_options, m)
	{ "sf", TEXT, MEMBER(scenario), "FILE: the scenario; may be a pipe, as /dev/stdin" },
	{ "sn", TEXT, MEMBER(scenario), "NAME: a scenario that is shipped: answer, call, busy, noanswer, overlap, "
		"supervision, silent, hostile, dualseizure" },
	{ "scenario", TEXT, MEMBER(scenario), "FILE or NAME" },
	{ "r", RATE, MEMBER(rate), "N: calls a second (10)" },
	{ "m", NUMBER, MEMBER(max_calls), "N: calls in all (0: no end)" },
	{ "l", NUMBER, MEMBER(limit), "N: calls at once (0: as many as there are circuits)" },
	{ "d", NUMBER, MEMBER(pause_ms), "MS: of a <pause/> without a time (0)" },
	{ "inf", TEXT, MEMBER(inf), "FILE: CSV with the values of $field0 …; a field A..B is a range of numbers" },
	{ "recv_timeout", NUMBER, MEMBER(recv_timeout_ms), "MS: of a <recv> without a timeout (10000)" },
	{ "early", NUMBER, MEMBER(early_ms), "MS: so much sooner than its 'after' a message may come (100)" },
	{ "timeout", NUMBER, MEMBER(timeout_s), "S: of the whole run (0: none)" },
	{ "trace_stat", TEXT, MEMBER(stat_file), "FILE: statistics as CSV" },
	{ "fd", NUMBER, MEMBER(stat_s), "S: between two lines of statistics (1)" },
	{ "trace_msg", FLAG, MEMBER(verbose), "log every message" },
	{ "pcap", TEXT, MEMBER(pcap), "FILE: a record of what was sent and received" },
	{ "conformance", TEXT, MEMBER(suite), "q784 or DIRECTORY: try its purposes one after the other" },
	{ "only", TEXT, MEMBER(only), "NUMBER: only this purpose, or those that begin so" },
	{ "junit", TEXT, MEMBER(junit), "FILE: the results of the purposes, or of the calls, as JUnit XML" },
	{ "upper-tester", TEXT, MEMBER(tester), "COMMAND: acts as user and operator of the tested exchange" },
	{ "group", TEXT, MEMBER(group), "NAME: of the configuration's circuit groups only this one" },
	{ "timer", TIMER, MEMBER(timer_ms), "Tn=TIME: of the tested exchange, where it is not the usual one" },
	{ "no-reset", FLAG, MEMBER(no_reset), "do not reset the circuits first" },
	{ "settle", NUMBER, MEMBER(settle_ms), "MS: of silence before calls begin, and between purposes (1000)" },
	{ "wait", NUMBER, MEMBER(wait_s), "S: for the far end to be reachable (30)" },
	{ "data", TEXT, MEMBER(data), "DIRECTORY: of what is shipped" },
	{ "q", FLAG, MEMBER(quiet), "no live screen" },
	{ "c", TEXT, MEMBER(config_file), "FILE: configuration (isupsim.cfg)" },
	{ "config-file", TEXT, MEMBER(config_file), "FILE: the same" },
	{ "h", HELP, 0, "this" },
	{ "help", HELP, 0, "this" },
#undef MEMBER
};

void sim_options_help(FILE *out)
{
	fprintf(out, "isupsim plays a scenario on the circuits of its configuration:\n");
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++)
		fprintf(out, "  -%-14s %s\n", option_rows[i].name, option_rows[i].help);
	fputs("Exit status: 0 all calls passed, 1 some failed, 97 timed out, 99 no calls, 255 could not start.\n", out);
}

static int take_number(void *member, const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end || number > UINT32_MAX)
		return -EINVAL;
	*(unsigned int *)member = number;
	return 0;
}

static int take_rate(void *member, const char *text)
{
	char *end;
	double rate = strtod(text, &end);

	if (end == text || *end || !(rate > 0 && rate <= 1e6))
		return -EINVAL;
	*(double *)member = rate;
	return 0;
}

/* "T7=2s" */
static int take_timer(void *member, const char *text)
{
	uint32_t *timer_ms = member;
	struct sim_time time, value;
	const char *is = strchr(text, '=');
	char name[8] = "";

	if (!is || (size_t)(is - text) >= sizeof(name))
		return -EINVAL;
	osmo_strlcpy(name, text, is - text + 1);
	if (sim_time_scan(&time, name) < 0 || time.n_terms != 1 || sim_time_scan(&value, is + 1) < 0 || value.n_terms)
		return -EINVAL;
	timer_ms[time.terms[0].timer] = value.ms;
	return 0;
}

/* Returns 0, 1 for help, -EINVAL. */
static int take_option(struct sim_run_options *opt, const struct option_row *row, const char *arg, char *err,
		       size_t err_size)
{
	void *member = (char *)opt + row->offset;
	int rc = 0;

	switch (row->kind) {
	case TEXT:
		*(const char **)member = arg;
		break;
	case NUMBER:
		rc = take_number(member, arg);
		break;
	case RATE:
		rc = take_rate(member, arg);
		break;
	case FLAG:
		*(bool *)member = true;
		break;
	case TIMER:
		rc = take_timer(member, arg);
		break;
	case HELP:
		return 1;
	}
	if (rc < 0)
		snprintf(err, err_size, "-%s: '%s' is wrong: %s", row->name, arg, row->help);
	return rc;
}

int sim_options_parse(struct sim_run_options *opt, int argc, char **argv, char *err, size_t err_size)
{
	struct option options[ARRAY_SIZE(option_rows) + 1] = {};
	int at = 0, rc;

	*opt = (struct sim_run_options){
		.config_file = "isupsim.cfg", .rate = 10, .stat_s = 1, .settle_ms = 1000, .wait_s = 30,
		.data = getenv("ISUPSIM_DATA") ? : PKGDATADIR "/isupsim",
	};
	for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++) {
		options[i].name = option_rows[i].name;
		options[i].has_arg = option_rows[i].kind == FLAG || option_rows[i].kind == HELP ? no_argument :
			required_argument;
	}
	optind = 0;			/* the console may have parsed another line before */
	opterr = 0;
	while ((rc = getopt_long_only(argc, argv, "", options, &at)) == 0) {
		rc = take_option(opt, &option_rows[at], optarg, err, err_size);
		if (rc)
			return rc;
	}
	if (rc != -1 || optind < argc) {
		snprintf(err, err_size, "'%s' is not an option, or lacks its value; -h lists them",
			 argv[rc != -1 ? optind - 1 : optind]);
		return -EINVAL;
	}
	if (!opt->scenario == !opt->suite) {
		snprintf(err, err_size, "one of -sf, -sn and --conformance is to be given");
		return -EINVAL;
	}
	return 0;
}

bool sim_run_wanted(int argc, char **argv)
{
	static const char *const words[] = { "-sf", "-sn", "-scenario", "-conformance" };

	for (int i = 1; i < argc; i++) {
		const char *word = argv[i] + (strncmp(argv[i], "--", 2) == 0);
		size_t len = strcspn(word, "=");

		for (size_t n = 0; n < ARRAY_SIZE(words); n++) {
			if (strlen(words[n]) == len && memcmp(words[n], word, len) == 0)
				return true;
		}
	}
	return false;
}

const char *sim_options_path(void *ctx, const struct sim_run_options *opt, const char *name, bool file)
{
	const char *path;

	if (strchr(name, '/') || access(name, R_OK) == 0)
		return name;
	path = talloc_asprintf(ctx, "%s/%s%s", opt->data, name, file ? ".xml" : "");
	return access(path, R_OK) == 0 ? path : NULL;
}
