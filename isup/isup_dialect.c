/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialects that are built in, and the rows of their options. */

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
	OPTION("location", location, 0, 15, "location in causes of our own, as Q.850 codes it"),
	{}
};

/* What all editions of Q.764 agree on */
#define ITU_OPTIONS \
	.pc_bits = 14, .cic_bits = 12, .sls_bits = 4, .range_max = 31, .status_max = 32, .iam_unblocks = 1, \
	.location = ISUP_LOC_LN

const struct isup_dialect isup_dialect_itu = {
	.name = "itu",
	.title = "ITU-T Q.761-Q.764 (12/1999)",
	.msgs = isup_q763_msgs,
	.pars = isup_q763_pars,
	.expected = isup_q763_expected,
	.value_defaults = isup_q763_value_defaults,
	ITU_OPTIONS, .compat = 1, .cfn = 1, .sus_user = 1,
};

static const struct isup_dialect *const dialects[] = {
	&isup_dialect_itu,
};

const struct isup_dialect *isup_dialect_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(dialects); i++) {
		if (strcmp(dialects[i]->name, name) == 0)
			return dialects[i];
	}
	return NULL;
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
