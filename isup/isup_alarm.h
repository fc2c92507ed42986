/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maintenance alarms: what maintenance is to be told by Q.764, raised and cleared in one place, and listed. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct isup;
struct isup_alarm;
struct isup_dest;
struct isup_group;

enum isup_alarm_id {
	ISUP_ALARM_RELEASE,		/* T5: REL */
	ISUP_ALARM_BLOCK,		/* T13: BLO */
	ISUP_ALARM_UNBLOCK,		/* T15: UBL */
	ISUP_ALARM_RESET,		/* T17: RSC */
	ISUP_ALARM_GROUP_BLOCK,		/* T19: CGB */
	ISUP_ALARM_GROUP_UNBLOCK,	/* T21: CGU */
	ISUP_ALARM_GROUP_RESET,		/* T23: GRS */
	ISUP_ALARM_CONTINUITY,		/* of ours, until it succeeds */
	ISUP_ALARM_CHECK_LEFT,		/* T27, T36: of theirs, and they do not go on; until it is reset */
	ISUP_ALARM_UNEQUIPPED,		/* UCIC received */
	ISUP_ALARM_UNALLOCATED,		/* a message for a CIC that no group here has */
	ISUP_ALARM_DESTINATION,		/* not reachable, or not proven */
	ISUP_ALARM_USER_PART,		/* MTP-STATUS: no ISUP there */
	ISUP_ALARM_CONGESTION,		/* MTP-STATUS, or automatic congestion level received */
	ISUP_ALARM_COUNT
};

/* "CGB not acknowledged (T19)" */
const char *isup_alarm_name(enum isup_alarm_id id);

/* Raises one for n circuits of a group from cic on; *alarm is the caller's, and NULL while none is raised: it is not
 * raised twice. What raises it clears it. */
void isup_alarm_raise(struct isup_alarm **alarm, struct isup_group *group, uint16_t cic, unsigned int n,
		      enum isup_alarm_id id);
/* The same for a destination; cic only where the alarm is of one. */
void isup_alarm_raise_dest(struct isup_alarm **alarm, struct isup_dest *dest, int cic, enum isup_alarm_id id);
void isup_alarm_clear(struct isup_alarm **alarm);

struct isup_alarm_info {
	enum isup_alarm_id id;
	const struct isup_group *group;	/* one of those that lead there, where it is of a destination */
	bool of_destination;
	int first, last;		/* circuits; -1: none */
	unsigned int age_s;		/* raised so long ago */
};

/* The oldest first */
void isup_for_each_alarm(const struct isup *isup, void (*cb)(const struct isup_alarm_info *info, void *data),
			 void *data);
