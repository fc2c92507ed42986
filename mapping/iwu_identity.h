/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connected identity in a call (RFC 4916): the connected number told after the answer, and identities that change. */
#pragma once

#include "mapping/iwu.h"

struct map_connected_env;
struct map_identity;

/* I-IWU: what ANM or CON, which the 200 was made of, says of who has answered; told as soon as the ACK is there */
void iwu_keep_connected(struct iwu *iwu, const struct isup_msg *answer);
/* Now, unless another request is under way */
void iwu_tell_connected(struct iwu *iwu);
/* The request that told it has its final response. */
void iwu_connected_told(struct iwu *iwu);

/* A re-INVITE or UPDATE may say who the peer is now. */
void iwu_peer_identity(struct iwu *iwu, const struct sip_prim *prim);
/* O-IWU: that, before the answer; NULL: nothing */
const struct map_identity *iwu_heard_identity(const struct iwu *iwu);

/* ---- iwu_numbers.c ---- */

struct iwu_numberings {
	struct map_numbering group, peer;
};
struct map_connected_env iwu_connected_env(const struct iwu *iwu, struct iwu_numberings *mem);
