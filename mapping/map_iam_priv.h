/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rules of set-up work on; for the files of the rules only. */
#pragma once

#include "mapping/map_divert.h"
#include "mapping/map_iam.h"
#include "mapping/map_loss.h"
#include "mapping/map_name.h"
#include "mapping/map_subaddress.h"

/* A number as RFC 3398 12.1 lets SIP know it */
struct map_shown {
	enum map_presentation { MAP_NO_NUMBER, MAP_ALLOWED, MAP_RESTRICTED } presentation;
	char key[MAP_KEY_SIZE];		/* unless MAP_NO_NUMBER */
};

struct map_to_invite {
	struct sip_prim *invite;
	struct sip_buf *mem;
	const struct isup_msg *iam;
	const struct map_called *called;
	const struct map_iam_env *env;
	bool npdi;			/* a number portability query has been made */
	const char *dai;		/* how the carrier was chosen; NULL: not known */
	struct map_shown calling;	/* the calling party number */
	struct map_shown from;		/* the additional one, where there is one; else the same */
	bool additional;		/* from is another one than calling */
	bool asserted;			/* the network stands in for the calling party number */
	char oli[3];			/* the line it calls from, two digits; empty: not known */
	char jurisdiction[7];		/* the switch it calls from, six digits; empty: not known */
	struct map_isub called_sub, calling_sub;
	struct map_par_set told;	/* parameters that the INVITE says */
	uint8_t n_generic_told;		/* of several generic numbers */
	bool called_sub_told, calling_sub_told;
	struct map_caller_name name;
};

struct map_to_iam {
	struct isup_msg *iam;
	const struct sip_msg *invite;
	const struct map_called *called;
	const struct map_iam_env *env;
	struct map_diversions diversions;	/* of headers that count */
	unsigned int privacy;		/* enum sip_privacy */
	bool has_identity, has_from;	/* identity: only where the peer is trusted */
	struct isup_number identity, from;
	struct sip_str identity_uri;	/* where has_identity */
	struct sip_str name;		/* of the identity, or of From */
};

/* What the operator says of the peer's and the circuit group's numbers */
const struct map_numbers *map_iam_peer(const struct map_iam_env *env);
const struct map_numbers *map_iam_group(const struct map_iam_env *env);

/* A header says what this parameter says: it is not lost. */
void map_to_invite_tell(struct map_to_invite *m, uint8_t code);

uint8_t map_iam_hop_factor(const struct map_iam_env *env);

/* What has been written since start */
struct sip_str map_to_invite_since(const struct sip_buf *mem, const char *start);

/* 0, or 500 where there is no room */
uint16_t map_to_iam_put(struct map_to_iam *m, uint8_t code, const void *par);
/* The same of a number; nothing where the parameter has no room for it, or the dialect has no such parameter. */
uint16_t map_to_iam_put_number(struct map_to_iam *m, uint8_t code, const struct isup_number *number);
/* The telephone number of an address: 0, or negative errno as map_number_from_uri() */
int map_to_iam_addr(struct isup_number *number, const struct sip_addr *addr, const struct map_to_iam *m);
/* Whether a number is the one that the encapsulated IAM has in this parameter, however each is written */
bool map_to_iam_same_in_isup(const struct map_to_iam *m, uint8_t code, const struct isup_number *number,
			     struct isup_number *isup);

/* ";rn=1234;rn-context=+33": RFC 3398 8.2.1.1 wants no '+' in it, RFC 4694 4 a context then; own: of our country */
void map_put_local_digits(const struct map_to_invite *m, const char *name, const char *digits, size_t n, bool own);
/* Digits of rn or cic: with '+', or a context that begins with it, they are of that country. 0; -EINVAL: they are no
 * digits, or of another country than ours; own: of ours, and so national. */
int map_local_digits(char *buf, size_t size, struct sip_str text, struct sip_str context,
		     const struct map_numbering *numbering, bool *own);

/* ---- map_iam_divert.c ---- */

uint8_t map_redirecting_to_diversion(struct map_to_invite *m);
uint8_t map_redirecting_to_history(struct map_to_invite *m);

void map_to_iam_read_diversions(struct map_to_iam *m);
uint16_t map_diversion_to_redirecting(struct map_to_iam *m);
uint16_t map_diversion_to_original_called(struct map_to_iam *m);
uint16_t map_diversion_to_redirection_info(struct map_to_iam *m);

/* ---- map_iam_caller.c ---- */

void map_to_invite_read_caller(struct map_to_invite *m);
uint8_t map_calling_to_from(struct map_to_invite *m);
uint8_t map_line_to_oli(struct map_to_invite *m);
uint8_t map_calling_to_identity(struct map_to_invite *m);
uint8_t map_calling_to_privacy(struct map_to_invite *m);
uint8_t map_category_to_language(struct map_to_invite *m);

/* False where the privacy asked for cannot be given (RFC 3323 4.2, critical). */
bool map_to_iam_read_caller(struct map_to_iam *m);
uint16_t map_caller_to_category(struct map_to_iam *m);
uint16_t map_identity_to_line(struct map_to_iam *m);
uint16_t map_caller_to_calling(struct map_to_iam *m);
uint16_t map_from_to_generic(struct map_to_iam *m);
uint16_t map_caller_to_name(struct map_to_iam *m);
uint16_t map_supported_to_opt_fci(struct map_to_iam *m);

/* ---- map_iam_access.c ---- */

uint8_t map_access_to_isub(struct map_to_invite *m);
uint16_t map_isub_to_called_sub(struct map_to_iam *m);
uint16_t map_isub_to_calling_sub(struct map_to_iam *m);

/* ---- map_iam_lost.c ---- */

/* Adds to *lost the parameters of the IAM that rules are there for, but that no header says. */
void map_to_invite_lost(struct map_par_set *lost, const struct map_to_invite *m);

/* ---- map_resource.c ---- */

uint8_t map_category_to_resource(struct map_to_invite *m);
uint8_t map_mlpp_to_resource(struct map_to_invite *m);
uint16_t map_resource_to_mlpp(struct map_to_iam *m);

/* ---- map_charge.c ---- */

uint8_t map_selection_to_dai(struct map_to_invite *m);
uint8_t map_charge_to_header(struct map_to_invite *m);
uint8_t map_jurisdiction_to_rn(struct map_to_invite *m);
uint8_t map_location_to_access(struct map_to_invite *m);
uint16_t map_dai_to_selection(struct map_to_iam *m);
uint16_t map_header_to_charge(struct map_to_iam *m);
uint16_t map_identity_to_jurisdiction(struct map_to_iam *m);
uint16_t map_access_to_location(struct map_to_iam *m);

/* ---- map_iam_called.c ---- */

uint8_t map_fci_to_npdi(struct map_to_invite *m);
uint8_t map_called_to_ruri(struct map_to_invite *m);

uint16_t map_npdi_to_fci(struct map_to_iam *m);
uint16_t map_ruri_to_called(struct map_to_iam *m);
uint16_t map_rn_to_routing_number(struct map_to_iam *m);
uint16_t map_ruri_to_directory_number(struct map_to_iam *m);
uint16_t map_ruri_to_generic_address(struct map_to_iam *m);
uint16_t map_cic_to_tns(struct map_to_iam *m);
uint16_t map_cic_to_carrier(struct map_to_iam *m);
