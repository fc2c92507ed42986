/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles: the sets of tables that are built in. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mapping/map_cause.h"
#include "mapping/map_charge.h"
#include "mapping/map_divert.h"
#include "mapping/map_loss.h"
#include "mapping/map_preempt.h"
#include "mapping/map_profile.h"
#include "mapping/map_progress.h"
#include "mapping/map_release.h"
#include "mapping/map_resource.h"
#include "mapping/map_sdp_bearer.h"
#include "mapping/map_service.h"

/* What all of them have in common */
#define COMMON_TABLES \
	[MAP_TABLE_18X_TO_ISUP] = &map_18x_to_isup_table, \
	[MAP_TABLE_ACM_TO_18X] = &map_acm_to_18x_table, \
	[MAP_TABLE_CATEGORY_TO_RESOURCE] = &map_category_to_resource_table, \
	[MAP_TABLE_CAUSE_REROUTE] = &map_cause_reroute_table, \
	[MAP_TABLE_CAUSE_TO_PREEMPTION] = &map_cause_to_preemption_table, \
	[MAP_TABLE_DAI_TO_SELECTION] = &map_dai_to_selection_table, \
	[MAP_TABLE_DIVERSION_TO_REASON] = &map_diversion_to_reason_table, \
	[MAP_TABLE_EVENT_TO_18X] = &map_event_to_18x_table, \
	[MAP_TABLE_HISTORY_TO_REASON] = &map_history_to_reason_table, \
	[MAP_TABLE_PRECEDENCE_TO_RESOURCE] = &map_precedence_to_resource_table, \
	[MAP_TABLE_PREEMPTION_TO_CAUSE] = &map_preemption_to_cause_table, \
	[MAP_TABLE_REASON_TO_DIVERSION] = &map_reason_to_diversion_table, \
	[MAP_TABLE_REASON_TO_HISTORY] = &map_reason_to_history_table, \
	[MAP_TABLE_REDIRECT_TO_REASON] = &map_redirect_to_reason_table, \
	[MAP_TABLE_RESOURCE_TO_CATEGORY] = &map_resource_to_category_table, \
	[MAP_TABLE_RESOURCE_TO_PRECEDENCE] = &map_resource_to_precedence_table, \
	[MAP_TABLE_SDP_TO_TMR] = &map_sdp_to_tmr_table, \
	[MAP_TABLE_SELECTION_TO_DAI] = &map_selection_to_dai_table, \
	[MAP_TABLE_STATUS_REROUTE] = &map_status_reroute_table, \
	[MAP_TABLE_TMR_TO_CAUSE] = &map_tmr_table

#define RFC3398_TABLES \
	COMMON_TABLES, \
	[MAP_TABLE_CAUSE_TO_STATUS] = &map_cause_to_status_table, \
	[MAP_TABLE_OVERLAP_WAIT] = &map_overlap_wait_table, \
	[MAP_TABLE_REQUEST_TO_CAUSE] = &map_request_to_cause_table, \
	[MAP_TABLE_STATUS_TO_CAUSE] = &map_status_to_cause_table

#define Q1912_TABLES \
	COMMON_TABLES, \
	[MAP_TABLE_CAUSE_TO_STATUS] = &map_q1912_cause_to_status_table, \
	[MAP_TABLE_OVERLAP_WAIT] = &map_q1912_overlap_wait_table, \
	[MAP_TABLE_REQUEST_TO_CAUSE] = &map_q1912_request_to_cause_table, \
	[MAP_TABLE_STATUS_TO_CAUSE] = &map_q1912_status_to_cause_table

#define RULES \
	.iam_to_invite = map_iam_to_invite_rules, \
	.invite_to_iam = map_invite_to_iam_rules, \
	.carried = &carried

/* By the rules that are built in */
static struct map_par_set carried;

static __attribute__((constructor)) void carried_init(void)
{
	map_loss_carried(&carried, map_iam_to_invite_rules);
}

/* The medium is 3.1 kHz audio: what is in G.711 nobody knows. */
#define COMMON_PARS \
	.cpc = ISUP_CPC_ORDINARY, .tmr = ISUP_TMR_3K1_AUDIO

/* RFC 3398 7.2.1.1, 8.2.3: no interworking, ISUP used all the way, access non-ISDN. ISUP is not required all the way:
 * no service of the call depends on it. An IP path delays enough to need echo control; the media gateway has it. No
 * satellite; continuity check needs no other circuit's result. */
#define RFC3398_PARS .pars = { \
	COMMON_PARS, \
	.nci = { .echo = 1 }, \
	.fci = { .isup_all_the_way = 1, .isup_preference = 1 }, \
	.bci = { .charge = 2, .called_category = 1, .isup_all_the_way = 1, .echo = 1 }, \
}

/* Q.1912.5 6.1.3, 7.3.1: interworking encountered, ISUP not used all the way. The delay of the IP path
 * counts as that of a satellite, so that no other one is added. */
#define Q1912_PARS .pars = { \
	COMMON_PARS, \
	.nci = { .satellite = 1, .echo = 1 }, \
	.fci = { .interworking = 1, .isup_preference = 1 }, \
	.bci = { .charge = 2, .called_category = 1, .interworking = 1, .echo = 1 }, \
}

const struct map_profile map_profile_rfc3398 = {
	.name = "rfc3398", .title = "RFC 3398, and SIP-T (RFC 3372)",
	.tables = { RFC3398_TABLES }, RULES, RFC3398_PARS,
	.sipi = 1, .rel100 = MAP_WANT_SUPPORTED, .suspend_holds = 1,
	.overlap_sams = 1,
};

static const struct map_profile q1912_a = {
	.name = "q1912-a", .title = "Q.1912.5 profile A: basic, no ISUP in SIP",
	.tables = { Q1912_TABLES }, RULES, Q1912_PARS,
	.two_numbers = 1, .rel100 = MAP_WANT_SUPPORTED,
};

static const struct map_profile q1912_b = {
	.name = "q1912-b", .title = "Q.1912.5 profile B: with PRACK and preconditions, no ISUP in SIP",
	.tables = { Q1912_TABLES }, RULES, Q1912_PARS,
	.two_numbers = 1, .rel100 = MAP_WANT_REQUIRED, .precondition = MAP_WANT_SUPPORTED,
};

/* What ISUP says comes in the bodies: the path is not worse than without SIP in between. */
static const struct map_profile q1912_c = {
	.name = "q1912-c", .title = "Q.1912.5 profile C: SIP-I",
	.tables = { Q1912_TABLES }, RULES, RFC3398_PARS,
	.sipi = 1, .two_numbers = 1, .rel100 = MAP_WANT_SUPPORTED,
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

const char *map_table_use_name(enum map_table_use use)
{
	return map_profile_rfc3398.tables[use]->name;
}

int map_table_use_by_name(const char *name)
{
	for (unsigned int use = 0; use < _MAP_TABLE_COUNT; use++) {
		if (!strcmp(map_table_use_name(use), name))
			return use;
	}
	return -ENOENT;
}

static const struct value_string wants[] = {
	{ MAP_WANT_OFF, "off" },
	{ MAP_WANT_SUPPORTED, "supported" },
	{ MAP_WANT_REQUIRED, "required" },
	{}
};

const struct map_profile_option map_profile_options[] = {
	{ "100rel", wants, offsetof(struct map_profile, rel100), "provisional responses are acknowledged (RFC 3262)" },
	{ "precondition", wants, offsetof(struct map_profile, precondition), "resources before alerting (RFC 3312)" },
	{ "two-numbers", map_no_yes, offsetof(struct map_profile, two_numbers),
	  "From beside P-Asserted-Identity is the additional calling party number" },
	{ "sipi", map_no_yes, offsetof(struct map_profile, sipi), "has ISUP in SIP, where a peer is to have it" },
	{ "overlap-sams", map_no_yes, offsetof(struct map_profile, overlap_sams),
	  "INVITEs for further digits have the IAM and all SAMs (RFC 3578 3.2), else one IAM with all digits" },
	{ "suspend-hold", map_no_yes, offsetof(struct map_profile, suspend_holds),
	  "SUS puts the SIP side on hold (RFC 3398 9.1)" },
	{}
};

const struct map_profile_par map_profile_par_rows[] = {
	{ ISUP_PAR_BCI, offsetof(struct map_profile, pars.bci), "Q.763 3.5" },
	{ ISUP_PAR_CPC, offsetof(struct map_profile, pars.cpc), "Q.763 3.11" },
	{ ISUP_PAR_FCI, offsetof(struct map_profile, pars.fci), "Q.763 3.23" },
	{ ISUP_PAR_NCI, offsetof(struct map_profile, pars.nci), "Q.763 3.35" },
	{ ISUP_PAR_TMR, offsetof(struct map_profile, pars.tmr), "Q.763 3.54" },
	{}
};

/* What isup_par_print_buf() says, without "name(" and ")" or "name=" */
int map_profile_par_print_buf(char *buf, size_t size, const struct map_profile *profile,
			      const struct map_profile_par *row, const struct isup_dialect *dialect)
{
	const struct isup_par_def *def = isup_par_def(dialect, row->code);
	uint8_t octets[4];
	char text[512];
	size_t n;
	int len;

	len = isup_par_encode(def, (const uint8_t *)profile + row->offset, octets, sizeof(octets));
	if (len < 0 || isup_par_print_buf(text, sizeof(text), def, row->code, octets, len) >= (int)sizeof(text))
		return snprintf(buf, size, "?");
	n = strlen(def->name) + 1;
	return snprintf(buf, size, "%.*s", (int)(strlen(text) - n - (text[n - 1] == '(')), text + n);
}

int map_iam_to_invite_rule_print_buf(char *buf, size_t size, const struct map_iam_to_invite_rule *rule,
				     const struct isup_dialect *dialect)
{
	return snprintf(buf, size, "%s → %s (%s)", isup_par_name(dialect, rule->par), rule->target,
			rule->clause);
}

int map_invite_to_iam_rule_print_buf(char *buf, size_t size, const struct map_invite_to_iam_rule *rule,
				     const struct isup_dialect *dialect)
{
	return snprintf(buf, size, "%s%s → %s (%s)", rule->isup_first ? "encapsulated ISUP, else " : "", rule->source,
			isup_par_name(dialect, rule->par), rule->clause);
}
