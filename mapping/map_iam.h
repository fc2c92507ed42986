/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-up: IAM to INVITE and INVITE to IAM, as tables of rules. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "isup/isup_msg.h"
#include "mapping/map_number.h"
#include "sip/sip.h"
#include "sip/sip_build.h"

struct map_numbering;
struct map_pstn;
struct map_numbers;
struct map_par_set;
struct map_profile;

/* The called number of a call as each side and the routes want it; found once, before the route is. */
struct map_called {
	struct isup_number number;	/* as IAM carries it, without ST */
	char key[MAP_KEY_SIZE];		/* for route_find() and URIs */
	/* Of a ported number: where it is now, national or network specific, maybe with 'A' to 'E'; n_digits 0: it is
	 * none, or that is not known */
	struct isup_number routing;
	bool npdi;			/* a number portability query has been made */
};

/* 0; or the cause to release with: 28 where the number is missing, incomplete or has odd address signals. */
uint8_t map_called_from_iam(struct map_called *called, const struct isup_msg *iam,
			    const struct map_numbering *numbering);
/* 0; or the status to answer with: 404 no telephone number in the Request-URI, 484 not one that can be understood. */
uint16_t map_called_from_invite(struct map_called *called, const struct sip_msg *invite,
				const struct map_numbering *numbering);

/* What this INVITE says of the called number in one numbering, in another one: a routing number goes where it is of
 * that country. */
void map_called_renumber(struct map_called *called, const struct sip_msg *invite, const struct map_numbering *from,
			 const struct map_numbering *to);

/* The calling number, as the IAM will have it but for its indicators: 0; negative errno where there is none. */
int map_calling_from_invite(struct isup_number *number, const struct sip_msg *invite, bool trusted,
			    const struct map_numbering *numbering);

/* What the rules need to know beside the message */
struct map_iam_env {
	const struct map_profile *profile;
	const struct map_numbering *numbering;	/* of the circuit group */
	const struct map_numbering *sip_numbering;	/* INVITE to IAM: of the peer; NULL: the same */
	const char *local;		/* sip_peer_local_hostport(): the host of From */
	const char *remote;		/* sip_peer_hostport(): the host of Request-URI and To */
	uint8_t tmr;			/* INVITE to IAM: iwu_bearer_of_offer() */
	bool fax;			/* INVITE to IAM: the medium is fax relay */
	const struct map_pstn *pstn;	/* INVITE to IAM: the body PSTN XML; NULL: none */
	uint8_t cug;			/* IAM to INVITE: enum map_cug */
	bool carried;			/* IAM to INVITE: the IAM goes in it, whole */
	bool trusted;			/* RFC 3325 2.3: identities are exchanged with the peer */
	bool pstn_xml;			/* IAM to INVITE: PSTN XML goes in it */
	struct map_par_set *lost;	/* IAM to INVITE: gets what has a rule, but no header says, or NULL */
	const struct map_numbers *peer, *group;	/* NULL: the operator says nothing */
	const struct isup_msg *isup;	/* INVITE to IAM: the encapsulated IAM; NULL: none */
	bool cot_follows;		/* INVITE to IAM: Q.764 2.1.8, of what is before it */
};

/* Fills ruri, from, to and headers of *invite, which point into mem; the caller adds its body. mem may hold
 * something already; 2,048 octets more are plenty. Returns 0, or the cause to release the ISUP side with. */
uint8_t map_iam_to_invite(struct sip_prim *invite, struct sip_buf *mem, const struct isup_msg *iam,
			  const struct map_called *called, const struct map_iam_env *env);

/* Puts all parameters into *iam, which isup_msg_init() has begun. local and remote of env are not used. Of an
 * encapsulated IAM all that no rule changes is taken over, in its order (RFC 3398 7.2.1).
 * Returns 0, or the status to answer with. */
uint16_t map_invite_to_iam(struct isup_msg *iam, const struct sip_msg *invite, const struct map_called *called,
			   const struct map_iam_env *env);

/* A rule reads one thing of its source and writes one of its target. The tables are the order of it and the
 * documentation; they end with a row without clause. Towards SIP: what headers hold comes after ruri, to and from. */
struct map_to_invite;
struct map_iam_to_invite_rule {
	uint8_t par;			/* enum isup_par_code: what is read */
	const char *target;		/* of INVITE */
	uint8_t (*apply)(struct map_to_invite *m);	/* 0, or the cause to release with */
	const char *clause;
};
extern const struct map_iam_to_invite_rule map_iam_to_invite_rules[];

struct map_to_iam;
struct map_invite_to_iam_rule {
	const char *source;		/* of INVITE */
	uint8_t par;			/* enum isup_par_code: what is written */
	bool isup_first;		/* not asked where an encapsulated IAM has the parameter: it counts as it is */
	uint16_t (*apply)(struct map_to_iam *m);	/* 0, or the status to answer with */
	const char *clause;
};
extern const struct map_invite_to_iam_rule map_invite_to_iam_rules[];
