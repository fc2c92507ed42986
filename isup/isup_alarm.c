/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maintenance alarms: a list of what is not as it should be, logged and counted when it is raised. */

#include <time.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "isup_alarm.h"
#include "isup_priv.h"

#define LOGGED_A_SECOND 20

struct isup_alarm {
	struct llist_head entry;	/* isup.alarms */
	struct isup_group *group;	/* NULL: of dest */
	struct isup_dest *dest;
	enum isup_alarm_id id;
	int first, last;		/* -1: no circuit */
	time_t since;
};

static const char *const names[ISUP_ALARM_COUNT] = {
	[ISUP_ALARM_RELEASE] = "REL not answered (T5)",
	[ISUP_ALARM_BLOCK] = "BLO not acknowledged (T13)",
	[ISUP_ALARM_UNBLOCK] = "UBL not acknowledged (T15)",
	[ISUP_ALARM_RESET] = "RSC not acknowledged (T17)",
	[ISUP_ALARM_GROUP_BLOCK] = "CGB not acknowledged (T19)",
	[ISUP_ALARM_GROUP_UNBLOCK] = "CGU not acknowledged (T21)",
	[ISUP_ALARM_GROUP_RESET] = "GRS not acknowledged (T23)",
	[ISUP_ALARM_CONTINUITY] = "continuity check failed",
	[ISUP_ALARM_CHECK_LEFT] = "continuity check of the far end not ended (T27, T36)",
	[ISUP_ALARM_UNEQUIPPED] = "not equipped at the far end (UCIC)",
	[ISUP_ALARM_UNALLOCATED] = "message for a circuit that is not allocated here",
	[ISUP_ALARM_DESTINATION] = "destination not available",
	[ISUP_ALARM_USER_PART] = "user part not available (T4)",
	[ISUP_ALARM_CONGESTION] = "congestion",
};

const char *isup_alarm_name(enum isup_alarm_id id)
{
	return id < ISUP_ALARM_COUNT ? names[id] : "?";
}

static time_t now_s(void)
{
	struct timespec now = {};

	osmo_clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}


/* A far end can raise as many as there are circuits: all are listed, the first ones of a second are logged. */
static bool may_log(struct isup *isup)
{
	if (isup->alarms_logged_at != now_s()) {
		isup->alarms_logged_at = now_s();
		isup->alarms_logged = 0;
	}
	return isup->alarms_logged++ < LOGGED_A_SECOND;
}

static void log_alarm(struct isup *isup, const struct isup_alarm *alarm, const char *what)
{
	char object[64];

	if (!may_log(isup))
		return;
	if (alarm->group && alarm->first == alarm->last)
		snprintf(object, sizeof(object), "%s/%d", alarm->group->name, alarm->first);
	else if (alarm->group)
		snprintf(object, sizeof(object), "%s/%d to %d", alarm->group->name, alarm->first, alarm->last);
	else
		snprintf(object, sizeof(object), "point code %u", alarm->dest->dpc);
	LOGP(DISUPCIRC, LOGL_NOTICE, "maintenance: %s: %s%s\n", object, names[alarm->id], what);
}

static void raise_alarm(struct isup_alarm **alarm, const struct isup_alarm *what, struct isup *isup)
{
	if (*alarm)
		return;
	*alarm = talloc_zero(isup, struct isup_alarm);
	if (!*alarm)
		return;
	**alarm = *what;
	(*alarm)->since = now_s();
	llist_add_tail(&(*alarm)->entry, &isup->alarms);
	log_alarm(isup, *alarm, "");
}

void isup_alarm_raise(struct isup_alarm **alarm, struct isup_group *group, uint16_t cic, unsigned int n,
		      enum isup_alarm_id id)
{
	if (!*alarm)
		isup_group_count(group, ISUP_CTR_ALARMS);
	raise_alarm(alarm, &(struct isup_alarm){ .group = group, .dest = group->dest, .id = id, .first = cic,
						 .last = cic + n - 1 }, group->isup);
}

void isup_alarm_raise_dest(struct isup_alarm **alarm, struct isup_dest *dest, int cic, enum isup_alarm_id id)
{
	raise_alarm(alarm, &(struct isup_alarm){ .dest = dest, .id = id, .first = cic, .last = cic },
		    dest->net->isup);
}

void isup_alarm_clear(struct isup_alarm **alarm)
{
	if (!*alarm)
		return;
	log_alarm((*alarm)->dest->net->isup, *alarm, ": over");
	llist_del(&(*alarm)->entry);
	TALLOC_FREE(*alarm);
}

void isup_for_each_alarm(const struct isup *isup, void (*cb)(const struct isup_alarm_info *info, void *data),
			 void *data)
{
	const struct isup_alarm *alarm;
	time_t now = now_s();

	llist_for_each_entry(alarm, &isup->alarms, entry) {
		const struct isup_circuit *circuit = isup_dest_first_circuit(alarm->dest);
		const struct isup_alarm_info info = {
			.id = alarm->id,
			.group = alarm->group || !circuit ? alarm->group : circuit->group,
			.of_destination = !alarm->group,
			.first = alarm->first,
			.last = alarm->last,
			.age_s = now - alarm->since,
		};

		if (info.group)
			cb(&info, data);
	}
}
