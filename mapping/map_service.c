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

/* An IP path delays enough to need echo control; the media gateway has it. No satellite; continuity check needs no
 * other circuit's result. */
const struct isup_nci map_nci_from_sip = { .echo = 1 };

/* RFC 3398 7.2.1.1: no interworking, ISUP used all the way, originating access non-ISDN. ISUP is not required all the
 * way: no service of the call depends on it. */
const struct isup_fci map_fci_from_sip = {
	.interworking = 0,
	.isup_all_the_way = 1,
	.isup_preference = 1,
	.isdn_access = 0,
};

/* RFC 3398 8.2.3 */
void map_bci_from_sip(struct isup_bci *bci, uint8_t called_status)
{
	*bci = (struct isup_bci){
		.charge = 2,
		.called_status = called_status,
		.called_category = 1,
		.interworking = 0,
		.isup_all_the_way = 1,
		.isdn_access = 0,
		.echo = 1,
	};
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
