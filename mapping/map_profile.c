/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles: the sets of tables that are built in. */

#include <stdio.h>
#include <string.h>

#include "mapping/map_cause.h"
#include "mapping/map_profile.h"
#include "mapping/map_progress.h"
#include "mapping/map_release.h"
#include "mapping/map_service.h"

/* What all of them have in common */
#define COMMON_TABLES \
	[MAP_TABLE_18X_TO_ISUP] = &map_18x_to_isup_table, \
	[MAP_TABLE_ACM_TO_18X] = &map_acm_to_18x_table, \
	[MAP_TABLE_CAUSE_REROUTE] = &map_cause_reroute_table, \
	[MAP_TABLE_EVENT_TO_18X] = &map_event_to_18x_table, \
	[MAP_TABLE_STATUS_REROUTE] = &map_status_reroute_table, \
	[MAP_TABLE_TMR_TO_CAUSE] = &map_tmr_table

#define RFC3398_TABLES \
	COMMON_TABLES, \
	[MAP_TABLE_CAUSE_TO_STATUS] = &map_cause_to_status_table, \
	[MAP_TABLE_STATUS_TO_CAUSE] = &map_status_to_cause_table

#define Q1912_TABLES \
	COMMON_TABLES, \
	[MAP_TABLE_CAUSE_TO_STATUS] = &map_q1912_cause_to_status_table, \
	[MAP_TABLE_STATUS_TO_CAUSE] = &map_q1912_status_to_cause_table

#define RULES \
	.iam_to_invite = map_iam_to_invite_rules, \
	.invite_to_iam = map_invite_to_iam_rules

const struct map_profile map_profile_rfc3398 = {
	.name = "rfc3398", .title = "RFC 3398, and SIP-T (RFC 3372)",
	.tables = { RFC3398_TABLES }, RULES, .sipi = true,
};

static const struct map_profile q1912_a = {
	.name = "q1912-a", .title = "Q.1912.5 profile A: 3GPP networks, no ISUP in SIP",
	.tables = { Q1912_TABLES }, RULES,
};

static const struct map_profile q1912_b = {
	.name = "q1912-b", .title = "Q.1912.5 profile B: no ISUP in SIP",
	.tables = { Q1912_TABLES }, RULES,
};

static const struct map_profile q1912_c = {
	.name = "q1912-c", .title = "Q.1912.5 profile C: SIP-I",
	.tables = { Q1912_TABLES }, RULES, .sipi = true,
};

const struct map_profile *const map_profiles[] = { &map_profile_rfc3398, &q1912_a, &q1912_b, &q1912_c, NULL };

const struct map_profile *map_profile_by_name(const char *name)
{
	for (const struct map_profile *const *p = map_profiles; *p; p++) {
		if (!strcmp((*p)->name, name))
			return *p;
	}
	return NULL;
}

int map_iam_to_invite_rule_print_buf(char *buf, size_t size, const struct map_iam_to_invite_rule *rule,
				     const struct isup_dialect *dialect)
{
	return snprintf(buf, size, "%s → %s (%s)", isup_par_def(dialect, rule->par)->name, rule->target,
			rule->clause);
}

int map_invite_to_iam_rule_print_buf(char *buf, size_t size, const struct map_invite_to_iam_rule *rule,
				     const struct isup_dialect *dialect)
{
	return snprintf(buf, size, "%s%s → %s (%s)", rule->isup_first ? "encapsulated ISUP, else " : "", rule->source,
			isup_par_def(dialect, rule->par)->name, rule->clause);
}
