/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Redirection by the called side: 3xx to the call that follows it, or to a REL that says where to. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "isup/isup_msg.h"
#include "mapping/map_iam.h"
#include "sip/sip_msg.h"

/* What becomes of a 3xx */
enum map_redirection {
	MAP_REDIRECT_FOLLOW,		/* the gateway places the call anew, RFC 3398 8.2.5 */
	MAP_REDIRECT_RELEASE,		/* REL with cause 23 and the new number */
	MAP_REDIRECT_CAUSE,		/* REL with the status' cause */
	MAP_REDIRECT_BY_CAPABILITY,	/* the second to an exchange that says it can redirect, else the first */
};

/* One Contact of a 3xx */
struct map_redirect_contact {
	struct isup_number number;	/* of the peer's plan; n_digits 0: it has none */
	struct sip_str uri;		/* as it stands there, without headers. Borrowed */
	struct sip_str hostport;	/* host, and port where there is one: for a peer to be found by. Borrowed */
	uint16_t q;			/* thousandths */
	uint16_t cause;			/* RFC 4458: why; 0: it does not say */
};
#define MAP_REDIRECT_CONTACTS_MAX 8

/* Those that a call can be placed to, the best first: by q, then as they stand. Those for another method are none
 * (RFC 3261 19.1.1), headers in a URI are not taken over (19.1.5). Returns how many. */
unsigned int map_redirect_contacts(struct map_redirect_contact *contacts, const struct sip_msg *response,
				   const struct map_numbering *numbering);

/* An IAM as the call to the new number has it: redirecting number and information, original called number (Q.763 3.44,
 * 3.45, 3.39). 0; -ELOOP: it has been redirected too often; -EINVAL. */
int map_redirect_iam(struct isup_msg *iam, const struct isup_number *to, uint8_t reason);

/* Q.763 3.96: may the exchange be asked to redirect the call by itself, now? */
bool map_redirect_capable(const struct isup_msg *iam, bool acm_sent);

/* Cause 23 with that number as diagnostic (RFC 3398 8.2.5; its form as of cause 22, Q.850 Table 1), and in redirection
 * number of REL where the dialect has that */
void map_redirect_rel(struct isup_msg *rel, const struct isup_number *to, uint8_t location);
