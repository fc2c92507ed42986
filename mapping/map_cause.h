/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Release causes: ISUP cause to SIP status and back, and the Reason header. */
#pragma once

#include <stdint.h>

#include "isup/isup_par.h"
#include "sip/sip_build.h"
#include "sip/sip_msg.h"

struct map_numbering;
struct map_profile;
struct map_table;

extern const struct map_table map_cause_to_status_table;
extern const struct map_table map_status_to_cause_table;
extern const struct map_table map_q1912_cause_to_status_table;
extern const struct map_table map_q1912_status_to_cause_table;
extern const struct map_table map_request_to_cause_table;
extern const struct map_table map_q1912_request_to_cause_table;

/* RFC 3398 7.2.4.1: the final response to an INVITE that REL or our own failure ends. Never 0: a cause that has no
 * status of its own there (16, 44) gets the nearest. */
uint16_t map_cause_to_status(const struct map_profile *profile, const struct isup_cause *cause);

/* RFC 3398 8.2.6.1: the cause of the REL that a final response ends the call with; location is what the table's
 * "network" stands for (mapping_cfg.location). A Reason header with Q.850 wins. response may be NULL (FAILED). */
void map_status_to_cause(const struct map_profile *profile, struct isup_cause *cause, uint16_t status,
			 const struct sip_msg *response, uint8_t location);

/* RFC 3398 7.2.3, 10.1: the cause of the REL for BYE or CANCEL: Reason with Q.850, else what the table has; location is
 * what its "network" stands for. request may be NULL. */
void map_request_to_cause(const struct map_profile *profile, struct isup_cause *cause, enum sip_method method,
			  const struct sip_msg *request, uint8_t location);

/* A whole cause of our own making */
static inline void map_cause_init(struct isup_cause *cause, uint8_t value, uint8_t location)
{
	cause->coding = 0;
	cause->location = location;
	cause->value = value;
	cause->n_diagnostics = 0;
}

/* "Reason: Q.850;cause=17;text="user busy";location=LN\r\n", RFC 3326, 6432, 8606. Nothing for a cause that is not
 * coded by ITU-T. */
void map_put_reason(struct sip_buf *buf, const struct isup_cause *cause);

/* The diagnostic of causes 22 and 23: a number, as in Q.931 4.5.8 (Q.850 Table 1 note 5). None where it is too long. */
void map_cause_put_number(struct isup_cause *cause, const struct isup_number *number);

/* "Contact: <sip:+33…@host;user=phone>\r\n" for a 301 out of cause 22's diagnostic, Q.850 Table 1 note 5.
 * Nothing where it has no number that can be read (map_cause_to_status() gives 410 then). */
void map_put_new_number(struct sip_buf *buf, const struct isup_cause *cause, const struct map_numbering *numbering,
			const char *hostport);
