/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results as JUnit XML: of a suite of purposes, or of the calls of one scenario. */

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "isupsim_suite.h"

/* Of the head of calls: what is written last must not be longer than the room for it */
#define NUMBERS_ROOM	120

static void print_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(isprint((unsigned char)*text) || *text & 0x80 ? *text : ' ', out);
		}
	}
}

/* Up to the numbers; they end the tag */
static void print_head(const struct sim_junit *junit)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"", junit->out);
	print_escaped(junit->out, junit->name);
	fputs("\"", junit->out);
}

static void print_numbers(const struct sim_junit *junit, char *buf, size_t size)
{
	snprintf(buf, size, " tests=\"%u\" failures=\"%u\" skipped=\"%u\" errors=\"0\" time=\"%.3f\"", junit->tests,
		 junit->failures, junit->skipped, junit->seconds);
}

static bool is_skipped(const struct sim_case *one)
{
	return !one->ran || one->result == SIM_SKIPPED || (one->expected && !sim_case_is_wrong(one));
}

static void print_case(struct sim_junit *junit, const struct sim_case *one)
{
	bool skipped = is_skipped(one), wrong = sim_case_is_wrong(one);
	const char *why = one->why ? : one->expected ? : "";
	FILE *out = junit->out;

	fputs("  <testcase classname=\"", out);
	print_escaped(out, junit->name);
	fputs("\" name=\"", out);
	print_escaped(out, one->purpose);
	fputs(*one->title ? " " : "", out);
	print_escaped(out, one->title);
	fprintf(out, "\" time=\"%.3f\">", one->seconds);
	if (skipped || wrong) {
		fprintf(out, "<%s message=\"", skipped ? "skipped" : "failure");
		print_escaped(out, skipped && one->expected ? one->expected : why);
		fputs("\"/>", out);
	}
	fputs("</testcase>\n", out);
}

static void count_case(struct sim_junit *junit, const struct sim_case *one)
{
	junit->tests++;
	junit->skipped += is_skipped(one);
	junit->failures += sim_case_is_wrong(one);
	junit->seconds += one->seconds;
}

void sim_suite_junit(const struct sim_suite *suite, FILE *out)
{
	struct sim_junit junit = { .out = out, .name = suite->name };
	char numbers[NUMBERS_ROOM];

	for (unsigned int i = 0; i < suite->n_cases; i++)
		count_case(&junit, &suite->cases[i]);
	print_head(&junit);
	print_numbers(&junit, numbers, sizeof(numbers));
	fprintf(out, "%s>\n", numbers);
	for (unsigned int i = 0; i < suite->n_cases; i++)
		print_case(&junit, &suite->cases[i]);
	fputs("</testsuite>\n", out);
}

/* ---- Calls ---- */

/* Blanks before the end of a tag say nothing. */
static void print_room(const struct sim_junit *junit)
{
	char numbers[NUMBERS_ROOM];

	print_head(junit);
	print_numbers(junit, numbers, sizeof(numbers));
	fprintf(junit->out, "%-*s>\n", NUMBERS_ROOM, numbers);
}

int sim_junit_begin(struct sim_junit *junit, FILE *out, const char *name)
{
	*junit = (struct sim_junit){ .out = out, .name = name };
	if (fseek(out, 0, SEEK_SET) < 0)
		return -errno;
	print_room(junit);
	return 0;
}

void sim_junit_add(struct sim_junit *junit, const char *purpose, enum sim_result result, const char *why,
		   double seconds)
{
	const struct sim_case one = {
		.purpose = purpose, .title = "", .ran = true, .result = result, .why = (char *)why, .seconds = seconds,
	};

	count_case(junit, &one);
	print_case(junit, &one);
}

void sim_junit_end(struct sim_junit *junit)
{
	fputs("</testsuite>\n", junit->out);
	rewind(junit->out);
	print_room(junit);
}
