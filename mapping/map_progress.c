/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Progress of a call as tables: RFC 3398 7.2.5 to 7.2.9 towards SIP, 8.2.3 and 8.2.4 towards ISUP. */
#include "mapping/map_profile.h"
#include "mapping/map_progress.h"
#include "mapping/map_service.h"
#include "mapping/map_table.h"

static const struct value_string called_status_words[] = {
	{ MAP_NO_ACM, "none" },
	{ ISUP_CALLED_NO_INDICATION, "no-indication" },
	{ ISUP_CALLED_SUBSCRIBER_FREE, "subscriber-free" },
	{ ISUP_CALLED_CONNECT_WHEN_FREE, "connect-when-free" },
	{}
};

static const struct value_string event_words[] = {
	{ 0, "none" },
	{ ISUP_EVENT_ALERTING, "alerting" },
	{ ISUP_EVENT_PROGRESS, "progress" },
	{ ISUP_EVENT_INBAND, "in-band" },
	{ ISUP_EVENT_FORWARDED_BUSY, "forwarded-busy" },
	{ ISUP_EVENT_FORWARDED_NO_REPLY, "forwarded-no-reply" },
	{ ISUP_EVENT_FORWARDED_UNCONDITIONAL, "forwarded-unconditional" },
	{}
};

static const struct map_row acm_rows[] = {
	{ { ISUP_CALLED_SUBSCRIBER_FREE, 0 }, { 180, 0 }, "RFC 3398 7.2.6" },
	{ { ISUP_CALLED_SUBSCRIBER_FREE, 1 }, { 180, 1 }, "RFC 3398 7.2.6" },
	{ { MAP_ANY, MAP_ANY }, { 183, 1 }, "RFC 3398 7.2.5" },
	{}
};

const struct map_table map_acm_to_18x_table = {
	.name = "acm-to-18x",
	.title = "Address complete to provisional response",
	.in = { { "called-status", called_status_words }, { "in-band", map_no_yes } },
	.out = { { "status", NULL, 199, 101 }, { "early-media", map_no_yes } },
	.rows = acm_rows,
};

static const struct map_row event_rows[] = {
	{ { ISUP_EVENT_ALERTING, 0 }, { 180, 0 }, "RFC 3398 7.2.9" },
	{ { ISUP_EVENT_ALERTING, 1 }, { 180, 1 }, "RFC 3398 7.2.9" },
	{ { ISUP_EVENT_PROGRESS, MAP_ANY }, { 183, 1 }, "RFC 3398 7.2.9" },
	{ { ISUP_EVENT_INBAND, MAP_ANY }, { 183, 1 }, "RFC 3398 7.2.9" },
	{ { ISUP_EVENT_FORWARDED_BUSY, 0 }, { 181, 0 }, "RFC 3398 7.2.9" },
	{ { ISUP_EVENT_FORWARDED_BUSY, 1 }, { 181, 1 }, "RFC 3398 7.2.9" },
	{ { ISUP_EVENT_FORWARDED_NO_REPLY, 0 }, { 181, 0 }, "RFC 3398 7.2.9" },
	{ { ISUP_EVENT_FORWARDED_NO_REPLY, 1 }, { 181, 1 }, "RFC 3398 7.2.9" },
	{ { ISUP_EVENT_FORWARDED_UNCONDITIONAL, 0 }, { 181, 0 }, "RFC 3398 7.2.9" },
	{ { ISUP_EVENT_FORWARDED_UNCONDITIONAL, 1 }, { 181, 1 }, "RFC 3398 7.2.9" },
	{ { MAP_ANY, MAP_ANY }, { 183, 1 }, "RFC 3398 7.2.9" },
	{}
};

const struct map_table map_event_to_18x_table = {
	.name = "event-to-18x",
	.title = "Event of a call progress to provisional response",
	.in = { { "event", event_words }, { "in-band", map_no_yes } },
	.out = { { "status", NULL, 199, 101 }, { "early-media", map_no_yes } },
	.rows = event_rows,
};

static const struct map_row backward_rows[] = {
	{ { 180, 0, MAP_ANY }, { ISUP_CALLED_SUBSCRIBER_FREE, 0 }, "RFC 3398 8.2.3" },
	{ { 181, 0, MAP_ANY }, { ISUP_CALLED_NO_INDICATION, ISUP_EVENT_FORWARDED_UNCONDITIONAL }, "RFC 3398 8.2.3" },
	{ { 182, 0, MAP_ANY }, { ISUP_CALLED_NO_INDICATION, 0 }, "RFC 3398 8.2.3" },
	{ { 183, 0, MAP_ANY }, { ISUP_CALLED_NO_INDICATION, 0 }, "RFC 3398 8.2.3" },
	{ { 180, 1, MAP_ANY }, { MAP_NO_ACM, ISUP_EVENT_ALERTING }, "RFC 3398 8.2.3" },
	{ { 181, 1, MAP_ANY }, { MAP_NO_ACM, ISUP_EVENT_FORWARDED_UNCONDITIONAL }, "RFC 3398 8.2.3" },
	{ { 182, 1, MAP_ANY }, { MAP_NO_ACM, ISUP_EVENT_PROGRESS }, "RFC 3398 8.2.3" },
	{ { 183, 1, 1 }, { MAP_NO_ACM, ISUP_EVENT_INBAND }, "RFC 3398 8.2.3" },
	{ { 183, 1, 0 }, { MAP_NO_ACM, ISUP_EVENT_PROGRESS }, "RFC 3398 8.2.3" },
	/* RFC 3261 8.1.3.2: an unknown provisional response counts as 183 */
	{ { MAP_ANY, 0, MAP_ANY }, { ISUP_CALLED_NO_INDICATION, 0 }, "RFC 3261 8.1.3.2" },
	{ { MAP_ANY, 1, MAP_ANY }, { MAP_NO_ACM, ISUP_EVENT_PROGRESS }, "RFC 3261 8.1.3.2" },
	{}
};

const struct map_table map_18x_to_isup_table = {
	.name = "18x-to-isup",
	.title = "Provisional response to address complete and call progress",
	.in = { { "status" }, { "acm-sent", map_no_yes }, { "early-media", map_no_yes } },
	.out = { { "acm", called_status_words }, { "cpg", event_words } },
	.rows = backward_rows,
};

/* In-band information or an appropriate pattern is now available (Q.763 3.37 A) */
static bool says_inband(const struct isup_msg *msg)
{
	struct isup_obci obci;

	return isup_msg_get(msg, ISUP_PAR_OBCI, &obci) == 0 && obci.inband_info;
}

static struct map_18x find_18x(const struct map_table *table, int16_t value, bool inband)
{
	const int16_t *out = map_table_find(table, (int16_t[]){ value, inband });

	return (struct map_18x){ .status = out[0], .early_media = out[1] };
}

struct map_18x map_acm_to_18x(const struct map_profile *profile, const struct isup_msg *acm)
{
	struct isup_bci bci;

	if (isup_msg_get(acm, ISUP_PAR_BCI, &bci) < 0)
		bci = (struct isup_bci){ .called_status = ISUP_CALLED_NO_INDICATION };
	return find_18x(profile->tables[MAP_TABLE_ACM_TO_18X], bci.called_status,
			bci.interworking || says_inband(acm));
}

struct map_18x map_cpg_to_18x(const struct map_profile *profile, const struct isup_msg *cpg)
{
	struct isup_event_info info;

	if (isup_msg_get(cpg, ISUP_PAR_EVENT_INFO, &info) < 0)
		info = (struct isup_event_info){};
	return find_18x(profile->tables[MAP_TABLE_EVENT_TO_18X], info.event, says_inband(cpg));
}

struct map_backward map_18x_to_isup(const struct map_profile *profile, uint16_t status, bool acm_sent,
				    bool early_media)
{
	const int16_t *out = map_table_find(profile->tables[MAP_TABLE_18X_TO_ISUP],
					    (int16_t[]){ status, acm_sent, early_media });

	return (struct map_backward){ .acm_status = out[0], .event = out[1] };
}

static void put_bci(struct isup_msg *msg, const struct map_profile *profile, uint8_t called_status)
{
	struct isup_bci bci = profile->pars.bci;

	bci.called_status = called_status;
	isup_msg_put(msg, ISUP_PAR_BCI, &bci);
}

void map_acm_init(struct isup_msg *msg, const struct isup_dialect *dialect, const struct map_profile *profile,
		  uint8_t called_status, bool inband)
{
	struct isup_obci obci;

	isup_msg_init(msg, dialect, ISUP_MSG_ACM);
	put_bci(msg, profile, called_status);
	if (!inband)
		return;
	map_obci_inband(&obci);
	isup_msg_put(msg, ISUP_PAR_OBCI, &obci);
}

void map_cpg_init(struct isup_msg *msg, const struct isup_dialect *dialect, uint8_t event)
{
	struct isup_event_info info;

	isup_msg_init(msg, dialect, ISUP_MSG_CPG);
	map_event_info(&info, event);
	isup_msg_put(msg, ISUP_PAR_EVENT_INFO, &info);
}

void map_anm_init(struct isup_msg *msg, const struct isup_dialect *dialect)
{
	isup_msg_init(msg, dialect, ISUP_MSG_ANM);
}

/* Q.763 Table 24: CON has backward call indicators, as no ACM went before it */
void map_con_init(struct isup_msg *msg, const struct isup_dialect *dialect, const struct map_profile *profile)
{
	isup_msg_init(msg, dialect, ISUP_MSG_CON);
	put_bci(msg, profile, ISUP_CALLED_NO_INDICATION);
}
