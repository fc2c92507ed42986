/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encapsulated ISUP: messages as application/ISUP bodies of SIP messages, RFC 3204, RFC 3372, Q.1912.5 5.4. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "isup/isup_msg.h"
#include "sip/sip.h"
#include "sip/sip_body.h"

struct map_sipi_version;

/* What the operator says of a SIP peer; the peer must be trusted, and the profile have SIP-T or SIP-I */
enum map_sipi {
	MAP_SIPI_OFF,			/* bodies are neither sent nor read */
	MAP_SIPI_OPTIONAL,		/* sent with handling=optional */
	MAP_SIPI_REQUIRED,		/* sent with handling=required: who does not know them refuses the call */
};

/* Longest message in a body: one that segmentation (Q.764 2.1.12) makes two of on the circuit */
#define MAP_SIPI_OCTETS_MAX	(2 * ISUP_MSG_OCTETS_MAX)

/* ---- Sent ---- */

/* A body with what it points to */
struct map_sipi_part {
	struct sip_part part;
	char type[80];
	uint8_t octets[MAP_SIPI_OCTETS_MAX];
};

/* Gives *prim a body more, beside the session description: this message without what does not pass; its octets are
 * those that were received, where nothing is changed. version NULL: that of the message's dialect, else it is
 * converted. No body where it cannot be encoded, or said in that version. body must last as long as prim. */
void map_sipi_put(struct sip_prim *prim, struct map_sipi_part *body, const struct isup_msg *msg, enum map_sipi mode,
		  const struct map_sipi_version *version, struct isup_lost *lost);

/* ---- Received ---- */

enum map_sipi_result {
	MAP_SIPI_NONE,			/* there is none */
	MAP_SIPI_READ,
	MAP_SIPI_UNREAD,		/* optional, and cannot be read: as if there were none */
	MAP_SIPI_VERSION,		/* required, of a version that cannot be read: 415 */
	MAP_SIPI_BROKEN,		/* required, but not an ISUP message: 400 */
};

/* The first ISUP body of msg that can be read, in the dialect of the circuit it is for: converted where its version is
 * another. One that is required and cannot be read makes the others worthless, but in multipart/alternative. *isup is
 * filled on MAP_SIPI_READ, and borrows from msg or mem. */
#define MAP_SIPI_MEM 1024
enum map_sipi_result map_sipi_read(struct isup_msg *isup, const struct sip_msg *msg,
				   const struct isup_dialect *dialect, char *mem, size_t size,
				   struct isup_lost *lost);

/* Is there an ISUP body, read or not? *version: the first of such bodies' that is known, in which they are to be
 * answered; NULL where there is none */
bool map_sipi_has(const struct sip_msg *msg, const struct map_sipi_version **version);
/* Does an IAM or a SAM in it say that the number is complete (ST)? RFC 3578 3.2 has all of them in one INVITE. */
bool map_sipi_has_st(const struct sip_msg *invite, const struct isup_dialect *dialect);

/* May an ISUP message of this type stand in that SIP message? method, status: as in struct sip_prim */
bool map_sipi_fits(const struct isup_dialect *dialect, uint8_t type, enum sip_method method, uint16_t status);

/* A message as the next exchange gets it: from with all its parameters but those that are between two exchanges only */
void map_sipi_pass(struct isup_msg *to, const struct isup_msg *from);
bool map_sipi_passes(uint8_t par);

/* ---- The tables ---- */

/* Words of the version and base parameters that this codec reads, and which of its dialects that is; RFC 3204 3.1 */
struct map_sipi_version {
	const char *word;		/* "itu-t92+" */
	const char *dialect;		/* built-in */
	const char *clause;
};
extern const struct map_sipi_version map_sipi_versions[];	/* end with a row without word */
const struct map_sipi_version *map_sipi_version_find(struct sip_str word);

/* Which ISUP message belongs into which SIP message */
#define MAP_SIPI_UNKNOWN_TYPE 0		/* any that the dialect does not know; no message has this type */
struct map_sipi_place {
	uint8_t type;			/* enum isup_msg_type */
	enum sip_method method;
	uint16_t status_from, status_to;
	const char *clause;
};
extern const struct map_sipi_place map_sipi_places[];		/* end with a row without clause */

/* ---- map_sipi_turn.c ---- */

/* Which messages the exchange can take of a response to the INVITE: before and after it has had an ACM */
enum map_sipi_stage {
	MAP_SIPI_PROGRESS, MAP_SIPI_PROGRESS_AFTER_ACM, MAP_SIPI_ANSWER, MAP_SIPI_ANSWER_AFTER_ACM,
	_MAP_SIPI_STAGE_COUNT
};

/* A message for which it is too early or too late goes as the one that is due. */
struct map_sipi_turn {
	uint8_t stage;			/* enum map_sipi_stage */
	uint8_t type;			/* enum isup_msg_type: of the body */
	bool acm_first;			/* an ACM without indication goes before it */
	uint8_t as;
	const char *clause;
};
extern const struct map_sipi_turn map_sipi_turns[];		/* end with a row without clause */
extern const struct value_string map_sipi_stage_names[];
/* NULL: it is not for this stage. */
const struct map_sipi_turn *map_sipi_turn_find(enum map_sipi_stage stage, uint8_t type);

/* from as a message of that type: with what of its parameters that may have */
struct map_profile;
void map_sipi_turn_msg(struct isup_msg *to, uint8_t type, const struct isup_msg *from,
		       const struct map_profile *profile, struct isup_lost *lost);
