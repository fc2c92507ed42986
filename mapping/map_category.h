/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calling party's category: what an INVITE asks for, and what one is told. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct isup_dialect;
struct isup_msg;
struct map_profile;
struct sip_msg;

/* Its value in this dialect; ordinary where a trusted peer says nothing that the dialect has a value for, and where the
 * peer is not trusted. */
uint8_t map_category_from_invite(const struct map_profile *profile, const struct sip_msg *invite, bool trusted,
				 const struct isup_dialect *dialect);

/* Words that mean the same category, each dialect having some of them; the first that this one has: false where it has
 * none */
#define MAP_CATEGORY_WORDS 2
bool map_category_by_words(const char *const words[MAP_CATEGORY_WORDS], const struct isup_dialect *dialect,
			   uint8_t *category);
/* That of an IAM; NULL for an ordinary one, and one without word */
const char *map_category_word(const struct isup_msg *iam);

/* How SIP says a category. The first row that suits is used, each way. */
struct map_cpc {
	const char *word;		/* the cpc parameter of an identity */
	const char *language;		/* Accept-Language beside it; NULL: any, or none */
	/* Words of the category's row in the dialect that mean the same: the first one that it has; backwards the
	 * first one only */
	const char *category[MAP_CATEGORY_WORDS];
	const char *clause;
};
extern const struct map_cpc map_cpcs[];		/* ends with a row without clause */

/* That of an IAM; NULL for an ordinary one, and one that SIP has no word for */
const struct map_cpc *map_category_to_cpc(const struct isup_msg *iam);
