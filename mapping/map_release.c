/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Release of a call: RFC 3398 7.2.3, 7.2.4, 8.2.6, 8.2.7 and 10, and which failures make the gateway reroute. */
#include "mapping/map_release.h"
#include "mapping/map_cause.h"
#include "mapping/map_preempt.h"
#include "mapping/map_profile.h"
#include "mapping/map_table.h"

/* The network could not take the call, the called user was not reached: Q.850 class "resource unavailable". */
static const struct map_row cause_reroute_rows[] = {
	{ { ISUP_CAUSE_NO_CIRCUIT }, { 1 }, "Q.850 2.2.7.3" },
	{ { ISUP_CAUSE_NETWORK_OUT_OF_ORDER }, { 1 }, "Q.850 2.2.7.3" },
	{ { ISUP_CAUSE_TEMPORARY_FAILURE }, { 1 }, "Q.850 2.2.7.3" },
	{ { ISUP_CAUSE_SWITCH_CONGESTION }, { 1 }, "Q.850 2.2.7.3" },
	{ { ISUP_CAUSE_CIRCUIT_NOT_AVAILABLE }, { 1 }, "RFC 3398 7.2.4.1" },
	{ { ISUP_CAUSE_RESOURCE_UNAVAILABLE }, { 1 }, "Q.850 2.2.7.3" },
	{ { MAP_ANY }, { 0 }, "RFC 3398 7.2.4" },
	{}
};

const struct map_table map_cause_reroute_table = {
	.name = "cause-reroute",
	.title = "REL before ACM that lets the next route be tried",
	.in = { { "cause" } },
	.out = { { "reroute", map_no_yes } },
	.rows = cause_reroute_rows,
};

static const struct map_row status_reroute_rows[] = {
	{ { 408 }, { 1 }, "RFC 3261 21.4.9" },
	{ { 500 }, { 1 }, "RFC 3261 21.5.1" },
	{ { 502 }, { 1 }, "RFC 3261 21.5.3" },
	{ { 503 }, { 1 }, "RFC 3263 4.3" },
	{ { 504 }, { 1 }, "RFC 3261 21.5.5" },
	{ { MAP_ANY }, { 0 }, "RFC 3398 8.2.6" },
	{}
};

const struct map_table map_status_reroute_table = {
	.name = "status-reroute",
	.title = "Final response before any 18x that lets the next route be tried",
	.in = { { "status" } },
	.out = { { "reroute", map_no_yes } },
	.rows = status_reroute_rows,
};

bool map_cause_reroutes(const struct map_profile *profile, uint8_t cause_value)
{
	return map_table_find(profile->tables[MAP_TABLE_CAUSE_REROUTE], (int16_t[]){ cause_value })[0];
}

bool map_status_reroutes(const struct map_profile *profile, uint16_t status)
{
	return map_table_find(profile->tables[MAP_TABLE_STATUS_REROUTE], (int16_t[]){ status })[0];
}

void map_cause_to_sip_end(struct sip_prim *prim, struct sip_buf *mem, enum map_sip_end end,
			  const struct isup_cause *cause, const struct map_release_env *env)
{
	const char *start = mem->p;

	prim->method = end == MAP_SIP_END_RESPONSE ? SIP_INVITE : end == MAP_SIP_END_CANCEL ? SIP_CANCEL : SIP_BYE;
	prim->status = end == MAP_SIP_END_RESPONSE ? map_cause_to_status(env->profile, cause) : 0;
	if (prim->status == 301)
		map_put_new_number(mem, cause, env->numbering, env->local);
	map_put_reason(mem, cause);
	if (end == MAP_SIP_END_BYE && !cause->coding)
		map_put_preemption(mem, env->profile, cause->value);
	/* RFC 3261 20.33, as Q.764 2.11 has it from exchange to exchange */
	if (prim->status >= 500 && prim->status < 600 && env->retry_after_s &&
	    (env->congested || (!cause->coding && cause->value == ISUP_CAUSE_SWITCH_CONGESTION)))
		sip_put_hdr_uint(mem, SIP_STR("Retry-After"), env->retry_after_s);
	prim->headers = (struct sip_str){ .p = start, .len = mem->p - start };
}

void map_sip_failed_to_cause(const struct map_profile *profile, struct isup_cause *cause, uint16_t status,
			     bool answered, uint8_t location)
{
	/* RFC 3398 8.1.3: no answer to INVITE at all, other than a 408 from somebody (102) */
	if (status == 408 && !answered)
		map_cause_init(cause, ISUP_CAUSE_NO_USER_RESPONDING, location);
	else
		map_status_to_cause(profile, cause, status, NULL, location);
}
