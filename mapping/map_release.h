/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Release of a call: what each side is told, which failures another route may mend, causes of our own failures. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "isup/isup_par.h"
#include "sip/sip.h"
#include "sip/sip_build.h"

struct map_numbering;
struct map_profile;
struct map_table;

extern const struct map_table map_cause_reroute_table;
extern const struct map_table map_status_reroute_table;

/* How a SIP leg is ended in a state of the call: a final response to the peer's INVITE, CANCEL of our own, or BYE */
enum map_sip_end { MAP_SIP_END_RESPONSE, MAP_SIP_END_CANCEL, MAP_SIP_END_BYE };

/* What a number in a cause's diagnostic becomes: a Contact with this host */
struct map_release_env {
	const struct map_profile *profile;
	const struct map_numbering *numbering;
	const char *local;		/* sip_peer_local_hostport() */
	uint16_t retry_after_s;		/* where it is congestion; 0: none */
	bool congested;			/* the exchange says so beside its cause (Q.764 2.11) */
};

/* Fills method, status and headers of *prim (which point into mem) for this cause. */
void map_cause_to_sip_end(struct sip_prim *prim, struct sip_buf *mem, enum map_sip_end end,
			  const struct isup_cause *cause, const struct map_release_env *env);

/* RFC 3398 7.1.4, 8.1.3: the cause of the REL where the SIP room gave a leg up; answered: after a 2xx */
void map_sip_failed_to_cause(const struct map_profile *profile, struct isup_cause *cause, uint16_t status,
			     bool answered, uint8_t location);

/* May the next route be tried after a REL before ACM, or a final response before any 18x? */
bool map_cause_reroutes(const struct map_profile *profile, uint8_t cause_value);
bool map_status_reroutes(const struct map_profile *profile, uint16_t status);
