/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calling party's category: what an INVITE asks for, and what one is told. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct isup_dialect;
struct isup_msg;
struct sip_msg;

/* Its value in this dialect; ordinary where a trusted peer says nothing that the dialect has a value for, and where the
 * peer is not trusted. */
uint8_t map_category_from_invite(const struct sip_msg *invite, bool trusted, const struct isup_dialect *dialect);

/* How SIP says a category. The first row that suits is used, each way. */
struct map_cpc {
	const char *word;		/* the cpc parameter of an identity; NULL: none */
	const char *language;		/* Accept-Language beside it; NULL: any, or none */
	const char *resource;		/* Resource-Priority; NULL: none */
	/* Words of the category's row in the dialect that mean the same: the first one that it has; backwards the
	 * first one only */
	const char *category[2];
	const char *clause;
};
extern const struct map_cpc map_cpcs[];		/* ends with a row without clause */

/* That of an IAM; NULL for an ordinary one, and one that SIP has no word for */
const struct map_cpc *map_category_to_cpc(const struct isup_msg *iam);
