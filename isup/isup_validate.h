/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuit validation test, ANSI T1.113.4: both ends compare what they have configured for a circuit. */
#pragma once

#include "isup/isup.h"

enum isup_validation_outcome {
	ISUP_VALIDATION_NONE,		/* none has been asked for */
	ISUP_VALIDATION_UNDER_WAY,
	ISUP_VALIDATION_SUCCESSFUL,
	ISUP_VALIDATION_INCONSISTENT,	/* it is there, but both ends, or neither, control it in a dual seizure */
	ISUP_VALIDATION_FAILED,		/* the far end has no such circuit */
	ISUP_VALIDATION_NO_ANSWER,	/* TCVT twice */
	ISUP_VALIDATION_CUT_SHORT,	/* the group was stopped */
};

/* The latest test of a group */
struct isup_validation {
	enum isup_validation_outcome outcome;
	uint16_t cic;
	uint8_t far;			/* circuit group characteristic of the answer, as received */
};

/* Sends CVT; what comes of it tells isup_group_validation(). -ENOENT no such CIC, or the group is not started;
 * -EHOSTUNREACH the destination is not available; -EBUSY another one is under way; -ENOTSUP the dialect has none. */
int isup_circuit_validate(struct isup_group *group, uint16_t cic);
const struct isup_validation *isup_group_validation(const struct isup_group *group);
