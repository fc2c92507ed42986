/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rules of set-up work on; for the files of the rules only. */
#pragma once

#include "mapping/map_divert.h"
#include "mapping/map_iam.h"

/* Who calls, as RFC 3398 12.1 lets SIP know it */
enum presentation { NO_NUMBER, ALLOWED, RESTRICTED };

struct map_to_invite {
	struct sip_prim *invite;
	struct sip_buf *mem;
	const struct isup_msg *iam;
	const struct map_called *called;
	const struct map_iam_env *env;
	bool npdi;			/* a number portability query has been made */
	enum presentation presentation;
	char calling[MAP_KEY_SIZE];	/* unless NO_NUMBER */
};

struct map_to_iam {
	struct isup_msg *iam;
	const struct sip_msg *invite;
	const struct map_called *called;
	const struct map_iam_env *env;
	struct map_diversions diversions;	/* of headers that count */
};

/* What the operator says of the peer's and the circuit group's numbers */
const struct map_numbers *map_iam_peer(const struct map_iam_env *env);
const struct map_numbers *map_iam_group(const struct map_iam_env *env);

/* What has been written since start */
struct sip_str map_to_invite_since(const struct sip_buf *mem, const char *start);

/* 0, or 500 where there is no room */
uint16_t map_to_iam_put(struct map_to_iam *m, uint8_t code, const void *par);
/* Whether a number is the one that the encapsulated IAM has in this parameter, however each is written */
bool map_to_iam_same_in_isup(const struct map_to_iam *m, uint8_t code, const struct isup_number *number,
			     struct isup_number *isup);

/* ---- map_iam_divert.c ---- */

uint8_t map_redirecting_to_diversion(struct map_to_invite *m);
uint8_t map_redirecting_to_history(struct map_to_invite *m);

void map_to_iam_read_diversions(struct map_to_iam *m);
uint16_t map_diversion_to_redirecting(struct map_to_iam *m);
uint16_t map_diversion_to_original_called(struct map_to_iam *m);
uint16_t map_diversion_to_redirection_info(struct map_to_iam *m);
