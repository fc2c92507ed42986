/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles: sets of tables that an operator chooses for a SIP peer, a circuit group, or the gateway. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "mapping/map_iam.h"
#include "mapping/map_sipi.h"
#include "mapping/map_table.h"

/* What the value tables of a profile are for */
enum map_table_use {
	MAP_TABLE_18X_TO_ISUP, MAP_TABLE_ACM_TO_18X, MAP_TABLE_CAUSE_REROUTE, MAP_TABLE_CAUSE_TO_STATUS,
	MAP_TABLE_EVENT_TO_18X, MAP_TABLE_STATUS_REROUTE, MAP_TABLE_STATUS_TO_CAUSE, MAP_TABLE_TMR_TO_CAUSE,
	_MAP_TABLE_COUNT
};

struct map_profile {
	const char *name;		/* "q1912-a": in the configuration */
	const char *title;
	const struct map_table *tables[_MAP_TABLE_COUNT];
	const struct map_iam_to_invite_rule *iam_to_invite;
	const struct map_invite_to_iam_rule *invite_to_iam;
	bool sipi;			/* has ISUP in SIP, where the operator says so of a peer */
};

extern const struct map_profile map_profile_rfc3398;	/* what is meant where nothing is said */
extern const struct map_profile *const map_profiles[];	/* NULL ends */
const struct map_profile *map_profile_by_name(const char *name);

/* What the operator says of one SIP peer or circuit group: sip_peer_user(), isup_group_user(). The peer's words count
 * before the circuit group's. */
struct map_end_cfg {
	const struct map_profile *profile;	/* NULL: nothing */
	enum map_sipi sipi;			/* SIP peer: encapsulated ISUP */
};

/* One rule as text, with the parameter's name in a dialect that has it (ITU-T has all): "calling → From (RFC 3398
 * 8.2.1.1, 12.1)"; return what snprintf() would. */
int map_iam_to_invite_rule_print_buf(char *buf, size_t size, const struct map_iam_to_invite_rule *rule,
				     const struct isup_dialect *dialect);
int map_invite_to_iam_rule_print_buf(char *buf, size_t size, const struct map_invite_to_iam_rule *rule,
				     const struct isup_dialect *dialect);
