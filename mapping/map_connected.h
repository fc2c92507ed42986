/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who answered, and where a call went: connected and redirection number to headers of responses, and back. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "isup/isup_msg.h"
#include "mapping/map_number.h"
#include "sip/sip_build.h"
#include "sip/sip_msg.h"

struct map_numbering;
struct map_profile;

/* Who the other end is: of a request within the dialog, RFC 4916 */
struct map_identity {
	struct isup_number number;	/* as the circuit group has it, with its presentation */
	struct isup_number additional;	/* the one that the user gave, where it is another; n_digits 0: none */
	char key[MAP_KEY_SIZE];		/* of number, as the peer has it */
};

struct map_connected_env {
	const struct map_profile *profile;
	const struct map_numbering *numbering;		/* of the circuit group */
	const struct map_numbering *sip_numbering;	/* of the peer */
	const char *local;		/* towards SIP: the host of numbers */
	const char *called;		/* towards SIP: who was called, as the routes know it */
	bool trusted;
	bool two_numbers;		/* an additional connected number is told, and taken */
	const struct map_identity *heard;	/* towards ISUP, before the 200; NULL: nothing */
};

/* Would map_connected_to_identity() write the connected subaddress? */
bool map_connected_sub_is_told(const struct isup_msg *answer, const struct map_connected_env *env);
/* COLP: ANM or CON to P-Asserted-Identity and Privacy of a 200, for a trusted peer; with the connected subaddress */
void map_connected_to_identity(struct sip_buf *mem, const struct isup_msg *answer, const struct map_connected_env *env);
/* The name-addr of From for it, or nothing: the additional connected number, where there is one (TS 29.163 7.5.2) */
void map_connected_to_from(struct sip_buf *mem, const struct isup_msg *answer, const struct map_connected_env *env);
/* P-Asserted-Identity and From; false where there is no number of a trusted peer */
bool map_identity_read(struct map_identity *id, const struct sip_msg *request, const struct map_connected_env *env);
/* The identity of a 200, else the one heard before, as the connected number of ANM or CON; "not available" where there
 * is none, or none that is believed. Returns what isup_msg_put() does. */
int map_identity_to_connected(struct isup_msg *answer, const struct sip_msg *ok, const struct map_connected_env *env);

/* ACM, CPG or ANM of a call that is diverted to History-Info; nothing where they say nothing of it, or it is not to be
 * told. */
void map_redirection_to_history(struct sip_buf *mem, const struct isup_msg *msg, const struct map_connected_env *env);
/* Where a call went, and why: what a backward message says of a diversion */
struct map_diverted {
	struct isup_number target;	/* as the exchange has it; n_digits 0: not known */
	uint8_t reason;			/* Q.763 3.6: redirecting reason */
	bool target_hidden;
};
/* Q.732.2: notification, call diversion information, redirection number and its restriction, where the dialect has
 * them; nothing in a message that says of a diversion already */
void map_put_diverted(struct isup_msg *msg, const struct map_diverted *diverted);
/* Q.763 3.21: the event that says why; otherwise where none does */
uint8_t map_reason_to_event(uint8_t reason, uint8_t otherwise);

/* History-Info of a 181 into a CPG, beside its event. */
void map_history_to_redirection(struct isup_msg *cpg, const struct sip_msg *forwarded,
				const struct map_connected_env *env);
/* That of a 200 into ANM or CON, which say where the call went, but not why: Q.763 Tables 22, 24. Nothing where the
 * dialect has no such parameters, or the message has them. */
void map_history_to_answer(struct isup_msg *answer, const struct sip_msg *ok, const struct map_connected_env *env);
/* The event that tells why: enum isup_event; otherwise where History-Info does not say */
uint8_t map_history_to_event(const struct sip_msg *forwarded, uint8_t otherwise, const struct map_connected_env *env);
