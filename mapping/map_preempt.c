/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls ended for others of more precedence: causes 8 and 9 of Q.850, and the Reason header of RFC 4411. */

#include "mapping/map_preempt.h"
#include "mapping/map_profile.h"

/* RFC 4411 5; the last is not registered, military networks have it */
static const struct value_string preemption_words[] = {
	{ 0, "none" },
	{ 1, "UA Preemption" },
	{ 2, "Reserved Resources Preempted" },
	{ 3, "Generic Preemption" },
	{ 4, "Non-IP Preemption" },
	{ 5, "Network Preemption" },
	{}
};

static const struct map_row cause_rows[] = {
	{ { 8 }, { 4 }, "RFC 4411 4, Q.735.3, Q.850 Table 1" },
	{ { 9 }, { 4 }, "RFC 4411 4, Q.735.3, Q.850 Table 1" },
	{ { MAP_ANY }, { 0 }, "RFC 4411 4" },
	{}
};

const struct map_table map_cause_to_preemption_table = {
	.name = "cause-to-preemption",
	.title = "cause of REL → Reason: Preemption of BYE",
	.in = { { "cause" } },
	.out = { { "preemption", preemption_words } },
	.rows = cause_rows,
};

/* 9 would say that the circuit is wanted again: SIP has none. */
static const struct map_row preemption_rows[] = {
	{ { 1 }, { 8 }, "RFC 4411 5, Q.850 Table 1" },
	{ { 2 }, { 8 }, "RFC 4411 5, Q.850 Table 1" },
	{ { 3 }, { 8 }, "RFC 4411 5, Q.850 Table 1" },
	{ { 4 }, { 8 }, "RFC 4411 5, Q.850 Table 1" },
	{ { 5 }, { 8 }, "by custom, Q.850 Table 1" },
	{ { MAP_ANY }, { 0 }, "RFC 3326 2" },
	{}
};

const struct map_table map_preemption_to_cause_table = {
	.name = "preemption-to-cause",
	.title = "Reason: Preemption → cause of REL; 0: as without",
	.in = { { "preemption", preemption_words } },
	.out = { { "cause", NULL, 127, 0 } },
	.rows = preemption_rows,
};

void map_put_preemption(struct sip_buf *buf, const struct map_profile *profile, uint8_t cause_value)
{
	int16_t preemption = map_table_find(profile->tables[MAP_TABLE_CAUSE_TO_PREEMPTION],
					    (int16_t[]){ cause_value })[0];

	if (!preemption)
		return;
	sip_put_lit(buf, "Reason: Preemption;cause=");
	sip_put_uint(buf, preemption);
	sip_put_lit(buf, ";text=\"");
	sip_put_z(buf, get_value_string(preemption_words, preemption));
	sip_put_lit(buf, "\"\r\n");
}

uint8_t map_preemption_cause(const struct map_profile *profile, const struct sip_msg *msg)
{
	struct sip_reason reason;
	struct sip_values v;

	sip_values_init(&v, msg, SIP_HDR_REASON);
	while (!sip_values_next_reason(&v, &reason)) {
		if (sip_str_ieq(reason.protocol, SIP_STR("Preemption")) && reason.has_cause)
			return map_table_find(profile->tables[MAP_TABLE_PREEMPTION_TO_CAUSE],
					      (int16_t[]){ reason.cause })[0];
	}
	return 0;
}
