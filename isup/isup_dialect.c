/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialects that are built in, and the rows of their options. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_compat.h"
#include "isup/isup_dialect.h"

#define OPTION(name_, member, min_, max_, what_) { \
	.name = name_, .offset = offsetof(struct isup_dialect, member), .min = min_, .max = max_, .what = what_ }

const struct isup_dialect_option isup_dialect_options[] = {
	OPTION("pc-bits", pc_bits, 14, 24, "bits of a point code"),
	OPTION("cic-bits", cic_bits, 12, 14, "bits of a circuit identification code"),
	OPTION("sls-bits", sls_bits, 4, 8, "bits of the signalling link selection"),
	OPTION("range-max", range_max, 1, 31, "largest range of a group message"),
	OPTION("status-max", status_max, 1, 32, "status bits that may be 1 in one CGB or CGU"),
	OPTION("compat", compat, 0, 1, "compatibility information is obeyed"),
	OPTION("cfn", cfn, 0, 1, "an unrecognised message that says nothing else is answered CFN"),
	OPTION("anm-without-acm", anm_without_acm, 0, 1, "ANM may be the first backward message"),
	OPTION("iam-unblocks", iam_unblocks, 0, 1, "IAM on a circuit that its sender had blocked unblocks it"),
	OPTION("group-twice", group_twice, 0, 1, "CGB, CGU and GRS are said twice, and count the second time"),
	OPTION("sus-user", sus_user, 0, 1, "SUS and RES may be user initiated"),
	OPTION("ccr-lpa", ccr_lpa, 0, 1, "CCR is answered LPA"),
	OPTION("strict-parameters", strict_parameters, 0, 1,
	       "a known parameter that its message does not have is discarded"),
	OPTION("location", location, 0, 15, "location in causes of our own, as Q.850 codes it"),
	OPTION("priority-from", priority_from, 0, 254, "national categories from this one on have priority; 0: none"),
	{}
};

#define ITU_TABLES \
	.msgs = isup_q763_msgs, .pars = isup_q763_pars, .expected = isup_q763_expected, \
	.value_defaults = isup_q763_value_defaults

/* What all editions of Q.764 agree on */
#define ITU_OPTIONS \
	.pc_bits = 14, .cic_bits = 12, .sls_bits = 4, .range_max = 31, .status_max = 32, .iam_unblocks = 1, \
	.location = ISUP_LOC_LN

const struct isup_dialect isup_dialect_itu = {
	.name = "itu",
	.mime = "itu-t92+",
	.title = "ITU-T Q.761-Q.764 (12/1999)",
	ITU_TABLES,
	.edition = ISUP_1999,
	ITU_OPTIONS, .compat = 1, .cfn = 1, .sus_user = 1,
};

static const struct isup_dialect itu_1997 = {
	.name = "itu-1997",
	.mime = "itu-t92+",
	.title = "ITU-T Q.761-Q.764 (09/1997)",
	ITU_TABLES,
	.edition = ISUP_1997,
	ITU_OPTIONS, .compat = 1, .cfn = 1, .sus_user = 1,
};

static const struct isup_dialect itu_1992 = {
	.name = "itu-1992",
	.mime = "itu-t92+",
	.title = "ITU-T Q.761-Q.764 (03/1993, \"ISUP 92\")",
	ITU_TABLES,
	.edition = ISUP_1992,
	ITU_OPTIONS, .compat = 1, .cfn = 1, .sus_user = 1,
};

#define SEC(n) ((n) * 1000)
#define MIN(n) ((n) * 60000)

/* 1988: acknowledgements of supervision are awaited 4 to 15 seconds, all in all a minute, as in T1.113, which comes
 * from it. The upper limits are those of 1999: the far end may be of either. */
#define OFTEN_1988(id) { id, SEC(15), SEC(4), SEC(60) }
#define SELDOM_1988(id) { id, MIN(1), MIN(1), MIN(15) }
static const struct isup_timer_limits timers_1988[] = {
	OFTEN_1988(ISUP_T1), SELDOM_1988(ISUP_T5),
	OFTEN_1988(ISUP_T12), SELDOM_1988(ISUP_T13), OFTEN_1988(ISUP_T14), SELDOM_1988(ISUP_T15),
	OFTEN_1988(ISUP_T16), SELDOM_1988(ISUP_T17), OFTEN_1988(ISUP_T18), SELDOM_1988(ISUP_T19),
	OFTEN_1988(ISUP_T20), SELDOM_1988(ISUP_T21), OFTEN_1988(ISUP_T22), SELDOM_1988(ISUP_T23),
	{}
};

/* What is not recognised is discarded in silence: neither CFN nor compatibility information is known. */
static const struct isup_dialect q767 = {
	.name = "q767",
	.mime = "itu-t88",
	.title = "CCITT Q.767 (1991)",
	ITU_TABLES,
	.timers = timers_1988,
	.edition = ISUP_1988,
	.only = ISUP_IN_Q767,
	ITU_OPTIONS,
};

/* What is marked national use does not cross the international interface that it is about. */
static const struct isup_dialect etsi = {
	.name = "etsi",
	.mime = "etsi356",
	.title = "ETSI EN 300 356-1 (V4, 2001)",
	ITU_TABLES,
	.edition = ISUP_1999,
	.without = ISUP_NATIONAL,
	ITU_OPTIONS, .compat = 1, .cfn = 1, .sus_user = 1,
};

/* T1.113.4: acknowledgements of supervision are awaited 4 to 15 seconds, all in all a minute */
static const struct isup_timer_limits ansi_timers[] = {
	{ ISUP_T1, SEC(4), SEC(4), SEC(15) },	{ ISUP_T5, MIN(1), MIN(1), MIN(1) },
	{ ISUP_T6, SEC(10), SEC(10), SEC(32) },	{ ISUP_T7, SEC(20), SEC(20), SEC(30) },
	{ ISUP_T9, MIN(2), MIN(2), MIN(4) },	{ ISUP_T11, SEC(15), SEC(15), SEC(20) },
	{ ISUP_T12, SEC(4), SEC(4), SEC(15) },	{ ISUP_T13, MIN(1), MIN(1), MIN(1) },
	{ ISUP_T14, SEC(4), SEC(4), SEC(15) },	{ ISUP_T15, MIN(1), MIN(1), MIN(1) },
	{ ISUP_T16, SEC(4), SEC(4), SEC(15) },	{ ISUP_T17, MIN(1), MIN(1), MIN(1) },
	{ ISUP_T18, SEC(4), SEC(4), SEC(15) },	{ ISUP_T19, MIN(1), MIN(1), MIN(1) },
	{ ISUP_T20, SEC(4), SEC(4), SEC(15) },	{ ISUP_T21, MIN(1), MIN(1), MIN(1) },
	{ ISUP_T22, SEC(4), SEC(4), SEC(15) },	{ ISUP_T23, MIN(1), MIN(1), MIN(1) },
	{ ISUP_T27, MIN(4), MIN(3), MIN(60) },
	{}
};

static const struct isup_dialect ansi = {
	.name = "ansi",
	.mime = "ansi00",
	.title = "ANSI T1.113 (1995, 2000)",
	.msgs = isup_t113_msgs,
	.pars = isup_t113_pars,
	.more_pars = isup_q763_pars,
	.timers = ansi_timers,
	.edition = ISUP_1999,
	.only = ISUP_IN_ANSI,
	.pc_bits = 24, .cic_bits = 14, .sls_bits = 8, .range_max = 23, .status_max = 24,
	.compat = 1, .cfn = 1, .anm_without_acm = 1, .iam_unblocks = 1, .group_twice = 1, .ccr_lpa = 1,
	.location = ISUP_LOC_LN, .priority_from = 224,	/* emergency, NS/EP */
};

static const struct isup_dialect *const dialects[] = {
	&isup_dialect_itu, &itu_1997, &itu_1992, &q767, &etsi, &ansi,
};

const struct isup_dialect *isup_dialect_builtin(unsigned int i)
{
	return i < ARRAY_SIZE(dialects) ? dialects[i] : NULL;
}

const char *isup_mime_version(const struct isup_dialect *dialect)
{
	return dialect->mime;
}

const struct isup_dialect *isup_dialect_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(dialects); i++) {
		if (strcmp(dialects[i]->name, name) == 0)
			return dialects[i];
	}
	return strcmp(name, "itu-2000") == 0 ? &isup_dialect_itu : NULL;
}

bool isup_category_has_priority(const struct isup_dialect *dialect, uint8_t category)
{
	return category == ISUP_CPC_PRIORITY || category == ISUP_CPC_TEST ||
	       (dialect->priority_from && category >= dialect->priority_from && category != 255);
}

bool isup_dialect_expects(const struct isup_dialect *dialect, uint8_t type, uint8_t par)
{
	const uint8_t *expected = dialect->expected ? dialect->expected[type] : NULL;

	return !expected || par == ISUP_PAR_PARAMETER_COMPAT || par == ISUP_PAR_MESSAGE_COMPAT ||
	       strchr((const char *)expected, par);
}

/* ---- Timers ---- */

static const struct isup_timer_limits *limits_of(const struct isup_dialect *dialect, enum isup_timer_id id)
{
	const struct isup_timer_limits *row;

	for (row = dialect->timers; row && row->id; row++) {
		if (row->id == id)
			return row;
	}
	return NULL;
}

struct isup_timer_def isup_dialect_timer(const struct isup_dialect *dialect, enum isup_timer_id id)
{
	const struct isup_timer_limits *row = limits_of(dialect, id);
	struct isup_timer_def def = isup_timer_defs[id];

	if (row) {
		def.default_ms = row->default_ms;
		def.min_ms = row->min_ms;
		def.max_ms = row->max_ms;
	}
	return def;
}

uint32_t isup_dialect_timer_ms(const struct isup_dialect *dialect, enum isup_timer_id id)
{
	const struct isup_timer_limits *row = limits_of(dialect, id);

	return row ? row->default_ms : isup_timer_defs[id].default_ms;
}

const char *isup_par_name(const struct isup_dialect *dialect, uint8_t code)
{
	const struct isup_par_def *def = isup_par_def(dialect, code);

	for (unsigned int i = 0; !def && (dialect = isup_dialect_builtin(i)); i++)
		def = isup_par_def(dialect, code);
	return def ? def->name : "?";
}

int isup_par_code(const struct isup_dialect *dialect, const char *name, uint8_t *code)
{
	for (unsigned int i = 0; dialect; dialect = isup_dialect_builtin(i++)) {
		if (isup_par_def_by_name(dialect, name, code))
			return 0;
	}
	return -ENOENT;
}
