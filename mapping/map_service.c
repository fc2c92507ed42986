/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bearer and call indicators: the medium that SIP can carry, and the values of a call without encapsulated ISUP. */

#include "mapping/map_profile.h"
#include "mapping/map_service.h"
#include "mapping/map_table.h"

static const struct value_string tmr_words[] = {
	{ ISUP_TMR_SPEECH, "speech" },
	{ ISUP_TMR_64K_UNRESTRICTED, "64-unrestricted" },
	{ ISUP_TMR_3K1_AUDIO, "3.1-audio" },
	{ ISUP_TMR_64K_PREFERRED, "64-preferred" },
	{}
};

/* Q.1912.5 7.1.1: speech and 3.1 kHz audio go as G.711, data as CLEARMODE (RFC 4040) where the media gateway has it.
 * There is no way for several channels that belong together. */
static const struct map_row tmr_rows[] = {
	{ { ISUP_TMR_SPEECH },		{ 0 },					"Q.1912.5 7.1.1" },
	{ { ISUP_TMR_3K1_AUDIO },	{ 0 },					"Q.1912.5 7.1.1" },
	{ { ISUP_TMR_64K_UNRESTRICTED }, { 0 },					"RFC 4040" },
	{ { ISUP_TMR_64K_PREFERRED },	{ 0 },					"RFC 4040, Q.764 2.5" },
	{ { MAP_ANY },			{ ISUP_CAUSE_BEARER_NOT_IMPLEMENTED },	"Q.850 65" },
	{}
};

const struct map_table map_tmr_table = {
	.name = "tmr-to-cause",
	.title = "transmission medium requirement of an IAM → cause it is refused with; 0: none, "
		 "if the media gateway can",
	.in = { { "tmr", tmr_words } },
	.out = { { "cause" } },
	.rows = tmr_rows,
};

static const struct map_row overlap_wait_rows[] = {
	{ { 503 }, { 0 }, "RFC 3398 8.2.6.1: another route may do" },
	{ { MAP_ANY }, { 1 }, "RFC 3578 3.2" },
	{}
};

const struct map_table map_overlap_wait_table = {
	.name = "overlap-wait",
	.title = "Overlap signalling: final response, after which further digits are waited for",
	.in = { { "status" } },
	.out = { { "wait", map_no_yes } },
	.rows = overlap_wait_rows,
};

static const struct map_row q1912_overlap_wait_rows[] = {
	{ { 404 }, { 1 }, "Q.1912.5 7.7.1" },
	{ { 484 }, { 1 }, "Q.1912.5 7.7.1" },
	{ { MAP_ANY }, { 0 }, "Q.1912.5 7.7.1" },
	{}
};

const struct map_table map_q1912_overlap_wait_table = {
	.name = "q1912-overlap-wait",
	.title = "The same as Q.1912.5 has it",
	.in = { { "status" } },
	.out = { { "wait", map_no_yes } },
	.rows = q1912_overlap_wait_rows,
};

bool map_overlap_waits(const struct map_profile *profile, uint16_t status)
{
	return map_table_find(profile->tables[MAP_TABLE_OVERLAP_WAIT], (int16_t[]){ status })[0];
}

uint8_t map_tmr_to_cause(const struct map_profile *profile, uint8_t tmr)
{
	return map_table_find(profile->tables[MAP_TABLE_TMR_TO_CAUSE], (int16_t[]){ tmr })[0];
}

/* Q.763 3.38 BA: 2 with outgoing access, 3 without */
bool map_cug_refuses(enum map_cug mode, const struct isup_msg *iam, bool carried)
{
	struct isup_opt_fci fci;

	if (isup_msg_get(iam, ISUP_PAR_OPT_FCI, &fci) < 0 || fci.cug_call < 2)
		return false;
	switch (mode) {
	case MAP_CUG_ACCEPT:
		return false;
	case MAP_CUG_CARRY:
		return !carried;
	case MAP_CUG_REFUSE:
		return true;
	default:
		return !carried && fci.cug_call == 3;
	}
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
