/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles: sets of tables that an operator chooses for a SIP peer, a circuit group, or the gateway. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "isup/isup_par.h"
#include "mapping/map_iam.h"
#include "mapping/map_numbers.h"
#include "mapping/map_sipi.h"
#include "mapping/map_table.h"

struct map_par_set;
struct route_rules;

/* What the value tables of a profile are for */
enum map_table_use {
	MAP_TABLE_18X_TO_ISUP, MAP_TABLE_ACM_TO_18X, MAP_TABLE_CATEGORY_TO_RESOURCE, MAP_TABLE_CAUSE_REROUTE,
	MAP_TABLE_CAUSE_TO_PREEMPTION, MAP_TABLE_CAUSE_TO_STATUS, MAP_TABLE_DAI_TO_SELECTION,
	MAP_TABLE_DIVERSION_TO_REASON,
	MAP_TABLE_EVENT_TO_18X, MAP_TABLE_HISTORY_TO_REASON, MAP_TABLE_OVERLAP_WAIT,
	MAP_TABLE_PRECEDENCE_TO_RESOURCE, MAP_TABLE_PREEMPTION_TO_CAUSE, MAP_TABLE_REASON_TO_DIVERSION,
	MAP_TABLE_REASON_TO_HISTORY, MAP_TABLE_REDIRECT_TO_REASON, MAP_TABLE_REQUEST_TO_CAUSE,
	MAP_TABLE_RESOURCE_TO_CATEGORY, MAP_TABLE_RESOURCE_TO_PRECEDENCE,
	MAP_TABLE_SDP_TO_TMR, MAP_TABLE_SELECTION_TO_DAI,
	MAP_TABLE_STATUS_REROUTE, MAP_TABLE_STATUS_TO_CAUSE, MAP_TABLE_TMR_TO_CAUSE,
	_MAP_TABLE_COUNT
};

/* How much an extension of SIP is wanted by a profile; a peer's own configuration may want more, not less. */
enum map_want { MAP_WANT_OFF, MAP_WANT_SUPPORTED, MAP_WANT_REQUIRED };

/* Parameters as they are sent where nothing better is known of the call: map_profile_par_rows has a row for each. */
struct map_profile_pars {
	struct isup_nci nci;
	struct isup_fci fci;
	struct isup_bci bci;		/* but for the called party's status */
	uint8_t cpc;
	uint8_t tmr;			/* of an INVITE with G.711 audio, or without an offer */
};

struct map_profile {
	const char *name;		/* "q1912-a": in the configuration */
	const char *title;
	const char *base;		/* of one read from a file: the built-in one that it began as; else NULL */
	const struct map_table *tables[_MAP_TABLE_COUNT];
	const struct map_iam_to_invite_rule *iam_to_invite;
	const struct map_invite_to_iam_rule *invite_to_iam;
	const struct map_par_set *carried;	/* parameters that SIP has something of: map_loss_carried() */
	struct map_profile_pars pars;

	/* Options: map_profile_options has a row for each */
	uint8_t sipi;			/* has ISUP in SIP, where the operator says so of a peer */
	uint8_t rel100;			/* enum map_want: RFC 3262 */
	uint8_t two_numbers;		/* From has the additional calling party number */
	uint8_t precondition;		/* enum map_want: RFC 3312 */
	uint8_t suspend_holds;		/* SUS holds the SIP side, RFC 3398 9.1 */
	uint8_t overlap_sams;		/* INVITEs for further digits have the IAM as it came, and the SAMs */
};

extern const struct map_profile map_profile_rfc3398;	/* what is meant where nothing is said */
extern const struct map_profile *const map_profiles[];	/* those that are built in; NULL ends */
const struct map_profile *map_profile_by_name(const char *name);

/* "cause-to-status": what a table is for, as overlays and the console say it */
const char *map_table_use_name(enum map_table_use use);
/* -ENOENT */
int map_table_use_by_name(const char *name);

/* One option: a row; ends with one without name */
struct map_profile_option {
	const char *name;
	const struct value_string *words;
	uint16_t offset;		/* of the member, uint8_t, in struct map_profile */
	const char *what;
};
extern const struct map_profile_option map_profile_options[];

/* One parameter of struct map_profile_pars: a row; ends with one without clause */
struct map_profile_par {
	uint8_t code;			/* enum isup_par_code */
	uint16_t offset;		/* in struct map_profile */
	const char *clause;
};
extern const struct map_profile_par map_profile_par_rows[];
/* The members of one, as isup_par_scan() reads them: "echo=yes"; returns what snprintf() would. */
int map_profile_par_print_buf(char *buf, size_t size, const struct map_profile *profile,
			      const struct map_profile_par *row, const struct isup_dialect *dialect);

/* RFC 3578 3.1: a new INVITE for each part (3.2), or INFO in the dialog of the first (TS 29.163) */
enum map_overlap { MAP_OVERLAP_OFF, MAP_OVERLAP_INVITE, MAP_OVERLAP_INFO };

/* Calls of closed user groups: as their outgoing access has it (87 without), where the IAM does not go along as
 * encapsulated ISUP; else all, only those whose IAM does, none */
enum map_cug { MAP_CUG_BY_ACCESS, MAP_CUG_ACCEPT, MAP_CUG_CARRY, MAP_CUG_REFUSE };

/* What the operator says of one SIP peer or circuit group: sip_peer_user(), isup_group_user(). The peer's words count
 * before the circuit group's. */
struct map_end_cfg {
	const char *profile_name;		/* as configured; NULL: nothing */
	const struct map_profile *profile;	/* of that name; NULL: none */
	enum map_sipi sipi;			/* SIP peer: encapsulated ISUP, and in which version it is sent */
	const struct map_sipi_version *sipi_version;	/* NULL: that of the circuit's dialect */
	uint8_t redirection;			/* SIP peer: 1 + enum map_redirection; 0: the gateway's */
	bool pstn_xml;				/* SIP peer: PSTN XML, TS 29.163 Annex F */
	uint8_t cug;				/* enum map_cug */
	bool precondition_wait;			/* circuit group: the IAM, for those of SIP; else COT follows */
	struct map_numbers numbers;
	struct route_rules *rules;		/* of the numbers of calls from there; NULL: none. A talloc child */
	/* Circuit group: how a number that comes in parts goes on to SIP, and that it may go there in parts; SIP peer:
	 * how it comes from there. A call is begun with this number of digits. */
	enum map_overlap overlap;
	uint8_t overlap_min;
};

/* One rule as text, with the parameter's name in this dialect, else in another that has it: "calling → From (RFC 3398
 * 8.2.1.1, 12.1)"; return what snprintf() would. */
int map_iam_to_invite_rule_print_buf(char *buf, size_t size, const struct map_iam_to_invite_rule *rule,
				     const struct isup_dialect *dialect);
int map_invite_to_iam_rule_print_buf(char *buf, size_t size, const struct map_invite_to_iam_rule *rule,
				     const struct isup_dialect *dialect);
