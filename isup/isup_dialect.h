/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dialect of ISUP as data: its messages and parameters, timers, widths, and in which procedures it differs. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isup/isup_msg.h"
#include "isup/isup_par.h"
#include "isup/isup_timer.h"

struct isup_value_default;

/* The edition of Q.763 that has a message or parameter first; what 1988 has says nothing. By the order of its clauses
 * and tables: what is new stands at the end. */
enum isup_edition { ISUP_1988 = 1988, ISUP_1992 = 1992, ISUP_1997 = 1997, ISUP_1999 = 1999 };

/* What else is said of a message or parameter: bits of a row */
enum isup_row_set {
	ISUP_IN_Q767	= 0x01,		/* is in Q.767, too */
	ISUP_IN_ANSI	= 0x02,		/* is the same in ANSI T1.113 */
	ISUP_NATIONAL	= 0x04,		/* marked national use */
};

/* A timer that differs from its row in isup_timer_defs */
struct isup_timer_limits {
	uint8_t id;			/* enum isup_timer_id, 0 ends */
	uint32_t default_ms, min_ms, max_ms;
};

/* A procedure asks an option, or whether the dialect has a message (isup_dialect_has()); never which dialect it is. */
struct isup_dialect {
	const char *name;			/* "itu" as the configuration says it */
	const char *title;			/* "ITU-T Q.761-Q.764 (12/1999)" */
	const char *mime;			/* "itu-t92+": version of application/ISUP bodies, RFC 3204 3.1 */
	const struct isup_msg_def *msgs;	/* 256 rows, by message type; a row without name is unknown */
	const struct isup_msg_def *base_msgs;	/* those built in that msgs began as; NULL: msgs is built in */
	const struct isup_par_def *pars;	/* 256 rows, by parameter code */
	const struct isup_par_def *more_pars;	/* the same for what pars has not; may be NULL */
	const struct isup_timer_limits *timers;	/* a timer's first row counts; NULL: all as in isup_timer_defs */
	/* Q.764 2.9.5: what is recognised, as in isup_compat.h; NULL: all that is known, all values */
	const uint8_t *const *expected;		/* 256 lists, by message type */
	const struct isup_value_default *const *value_defaults;	/* 256 lists, by parameter code */

	uint16_t edition;			/* enum isup_edition: later rows are left out */
	uint8_t only, without;		/* enum isup_row_set, bits: rows with all these, without any of those */

	/* Options: isup_dialect_options has a row for each */
	uint8_t pc_bits;		/* width of a point code: 14, 24 */
	uint8_t cic_bits;		/* of a circuit identification code: 12, 14 */
	uint8_t sls_bits;		/* of the signalling link selection, the low bits of the CIC: 4, 5, 8 */
	uint8_t range_max;		/* largest range of a group message (Q.763 3.43) */
	uint8_t status_max;		/* status bits that may be 1 in one CGB or CGU (Q.763 3.43 b) */
	uint8_t compat;			/* compatibility information is obeyed (Q.764 2.9.5) */
	uint8_t cfn;			/* an unrecognised message that says nothing else is answered CFN */
	uint8_t anm_without_acm;	/* ANM may be the first backward message */
	uint8_t iam_unblocks;		/* IAM on a circuit its sender had blocked unblocks it (Q.764 2.8.2.1) */
	uint8_t group_twice;		/* CGB, CGU and GRS are said twice, and count the second time */
	uint8_t sus_user;		/* SUS and RES may be user initiated; 0: by the network only */
	uint8_t ccr_lpa;		/* CCR is answered LPA */
	uint8_t strict_parameters;	/* what its message does not have is discarded, though known (2.9.5.3.2) */
	uint8_t location;		/* enum isup_location of causes of our own */
	uint8_t priority_from;		/* national categories (Q.763 3.11) from here on have priority; 0: none */
};

/* One option: a row */
struct isup_dialect_option {
	const char *name;		/* as the member, with hyphens: "range-max" */
	uint8_t offset;			/* of the member */
	uint8_t min, max;
	const char *what;
};
/* Ends with a row without name. */
extern const struct isup_dialect_option isup_dialect_options[];

/* The tables of Q.763, in isup_q763.c */
extern const struct isup_msg_def isup_q763_msgs[256];
extern const struct isup_par_def isup_q763_pars[256];
/* Those of ANSI T1.113.3, in isup_t113.c; parameters that are as in Q.763 are not repeated there */
extern const struct isup_msg_def isup_t113_msgs[256];
extern const struct isup_par_def isup_t113_pars[256];

/* ITU-T Q.761 to Q.764, 1999 */
extern const struct isup_dialect isup_dialect_itu;

/* The i-th that is built in; NULL behind the last. */
const struct isup_dialect *isup_dialect_builtin(unsigned int i);

/* May a message of this type have this optional parameter (Q.763 Tables 21 to 52)? Where the dialect has no list, any.
 * Compatibility information may be in all. */
bool isup_dialect_expects(const struct isup_dialect *dialect, uint8_t type, uint8_t par);

/* Is a row of the tables in this dialect? */
static inline bool isup_dialect_takes(const struct isup_dialect *dialect, uint16_t since, uint8_t in)
{
	return since <= dialect->edition && (in & dialect->only) == dialect->only && !(in & dialect->without);
}

/* Is there a message of this type? What has no message has no procedure with it: CON, SAM, UCIC, CFN, CRM … */
static inline bool isup_dialect_has(const struct isup_dialect *dialect, uint8_t type)
{
	return isup_msg_def(dialect, type) != NULL;
}

/* The row of a timer, with what differs in this dialect */
struct isup_timer_def isup_dialect_timer(const struct isup_dialect *dialect, enum isup_timer_id id);
/* Its value where the configuration says nothing */
uint32_t isup_dialect_timer_ms(const struct isup_dialect *dialect, enum isup_timer_id id);
