/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Redirection by the called side: 3xx to the call that follows it, or to a REL that says where to. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "isup/isup_msg.h"
#include "mapping/map_iam.h"
#include "sip/sip_msg.h"

/* What becomes of a 3xx before any 18x */
enum map_redirection {
	MAP_REDIRECT_FOLLOW,		/* the gateway places the call anew, RFC 3398 8.2.5 */
	MAP_REDIRECT_RELEASE,		/* REL with cause 23 and the new number */
	MAP_REDIRECT_CAUSE,		/* REL with the status' cause */
};

/* The number of the best Contact (by q, then by order) that is a telephone number's; hostport is its host, with port
 * where there is one, for a peer to be found by. 0, or -ENOENT. */
int map_redirect_target(struct map_called *to, struct sip_str *hostport, const struct sip_msg *response,
			const struct map_numbering *numbering);

/* An IAM as the call to the new number has it: redirecting number and information, original called number (Q.763 3.44,
 * 3.45, 3.39). 0; -ELOOP: it has been redirected too often; -EINVAL. */
int map_redirect_iam(struct isup_msg *iam, const struct map_called *to, uint16_t status);

/* Cause 23 with that number as diagnostic (RFC 3398 8.2.5; its form as of cause 22, Q.850 Table 1), and in redirection
 * number of REL where the dialect has that */
void map_redirect_rel(struct isup_msg *rel, const struct map_called *to, uint8_t location);
