/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bearer and call indicators: the medium that SIP can carry, and the values of a call without encapsulated ISUP. */

#include "mapping/map_profile.h"
#include "mapping/map_service.h"
#include "mapping/map_table.h"

static const struct value_string tmr_words[] = {
	{ ISUP_TMR_SPEECH, "speech" },
	{ ISUP_TMR_64K_UNRESTRICTED, "64-unrestricted" },
	{ ISUP_TMR_3K1_AUDIO, "3.1-audio" },
	{}
};

/* Q.1912.5 7.1.1: speech and 3.1 kHz audio go as G.711. Media gateways here carry nothing else. */
static const struct map_row tmr_rows[] = {
	{ { ISUP_TMR_SPEECH },		{ 0 },					"Q.1912.5 7.1.1" },
	{ { ISUP_TMR_3K1_AUDIO },	{ 0 },					"Q.1912.5 7.1.1" },
	{ { MAP_ANY },			{ ISUP_CAUSE_BEARER_NOT_IMPLEMENTED },	"Q.850 65" },
	{}
};

const struct map_table map_tmr_table = {
	.name = "tmr-to-cause",
	.title = "transmission medium requirement of an IAM → cause it is refused with, 0: carried as G.711",
	.in = { { "tmr", tmr_words } },
	.out = { { "cause" } },
	.rows = tmr_rows,
};

uint8_t map_tmr_to_cause(const struct map_profile *profile, uint8_t tmr)
{
	return map_table_find(profile->tables[MAP_TABLE_TMR_TO_CAUSE], (int16_t[]){ tmr })[0];
}

/* RFC 3398 8.2.3, Q.763 3.37 A */
void map_obci_inband(struct isup_obci *obci)
{
	*obci = (struct isup_obci){ .inband_info = 1 };
}

/* Q.763 3.21 */
void map_event_info(struct isup_event_info *info, uint8_t event)
{
	*info = (struct isup_event_info){ .event = event };
}
