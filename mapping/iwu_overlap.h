/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Overlap signalling, RFC 3578: what a call whose number comes in parts has more, and how it goes on with each part. */
#pragma once

#include "mapping/iwu.h"
#include "mapping/map_iam.h"

/* INVITEs of one call that wait for a final response, beside the latest */
#define IWU_OVERLAP_LEGS_MAX 16

/* A leg */
struct iwu_overlap_leg {
	struct sip_call *call;
	struct iwu_kept *sdp;		/* that its peer has sent last; NULL: none */
	bool hold_told;			/* ours says so */
};

/* SAMs that an INVITE has beside the IAM; one with more has them in it. */
#define IWU_OVERLAP_SAMS_MAX (SIP_PUT_PARTS_MAX - 3)

/* O-IWU, talloc child of struct iwu; what it points to are its children. */
struct iwu_overlap {
	enum map_overlap mode;
	uint8_t min;			/* digits before anything is sent */
	bool complete;			/* ST has come */
	bool early;			/* there is an early dialog for INFO */
	uint8_t n_sams;			/* those beyond IWU_OVERLAP_SAMS_MAX are counted, too */
	uint8_t n_older;
	uint16_t best_status;		/* of the refusals so far; 0: none */
	struct isup_cause best_cause;	/* what that amounts to */
	struct iwu_kept *best_rel;	/* REL that it had as body; NULL: none */
	struct iwu_kept *iam, *sams[IWU_OVERLAP_SAMS_MAX];	/* as they came */
	struct iwu_kept *sdp;		/* that the peer of iwu->sip has sent; NULL: none */
	struct sip_identity id;		/* of all INVITEs, once there was one: cseq */
	struct iwu_overlap_leg older[IWU_OVERLAP_LEGS_MAX];	/* the latest one last */
	char waiting[ISUP_DIGITS_MAX + 1];	/* digits for INFO */
};

/* ---- iwu_out_overlap.c: ISUP to SIP ---- */

/* The IAM: is its call one whose number comes in parts? Keeps it then. */
void iwu_out_overlap_begin(struct iwu *iwu, const struct isup_msg *iam);
/* Has the number of a call that could not be begun for this cause (0: it could) parts yet to come? */
bool iwu_out_overlap_collects(const struct iwu *iwu, uint8_t cause, const struct map_called *called);
/* SAM */
void iwu_out_overlap_sam(struct iwu *iwu, const struct isup_msg *sam);
/* A leg to this peer, which is one more of the call where there was one */
struct sip_call *iwu_out_overlap_leg(struct iwu *iwu, struct sip_peer *peer, uint16_t *status);
/* Its INVITE has been sent. */
void iwu_out_overlap_sent(struct iwu *iwu);
/* The IAM as it came, in *iam, where this INVITE has it and all SAMs; else longer, which has all digits */
const struct isup_msg *iwu_out_overlap_iam(const struct iwu *iwu, struct isup_msg *iam, const struct isup_msg *longer);
/* Adds these SAMs, where prim has such an IAM; parts must last as long as prim. */
void iwu_out_overlap_put_sams(const struct iwu *iwu, struct sip_prim *prim, struct sip_part *parts);
/* The session description of a message of iwu->sip, which has been taken */
void iwu_out_overlap_note_sdp(struct iwu *iwu, const struct sip_msg *msg);
/* An 18x that only says that digits may follow in INFO */
bool iwu_out_overlap_18x(struct iwu *iwu, const struct sip_prim *prim);
/* A refusal after which other INVITEs, or digits, are waited for; else false, and *cause is that of the best one. */
bool iwu_out_overlap_refused(struct iwu *iwu, const struct sip_prim *prim, struct isup_cause *cause);
/* The same of one after which another route is tried, noted; then, where there is none: is an older INVITE left? */
void iwu_out_overlap_note_refusal(struct iwu *iwu, const struct sip_prim *prim);
bool iwu_out_overlap_back(struct iwu *iwu);
/* Ends the call with the best refusal; no more digits came. */
void iwu_out_overlap_end(struct iwu *iwu);
/* An indication of a leg that is not iwu->sip. True where that leg is iwu->sip now, and
 * prim is its. */
bool iwu_out_overlap_older(struct iwu *iwu, struct sip_call *leg, const struct sip_prim *prim);
/* Who redirects knows the number: further digits are not waited for, and not taken. */
void iwu_out_overlap_whole(struct iwu *iwu);
/* CANCEL of all INVITEs but the latest */
void iwu_out_overlap_cancel(struct iwu *iwu);

/* ---- iwu_in_overlap.c: SIP to ISUP ---- */

/* A further INVITE of a call */
struct iwu_overlap_invite {
	struct sip_call *leg;
	const struct sip_prim *prim;
};
/* The call that an INVITE has more digits for; NULL: it is a call of its own. */
struct iwu *iwu_in_overlap_find(struct mapping *m, struct sip_call *leg, const struct sip_prim *prim);
/* Too few digits to begin with */
bool iwu_in_overlap_short(const struct iwu *iwu, const struct map_called *called);
/* An INVITE whose encapsulated ISUP says that the number is complete */
bool iwu_in_overlap_st(const struct iwu *iwu, const struct sip_msg *invite);
void iwu_in_overlap_invite(struct iwu *iwu, const struct iwu_overlap_invite *invite);
/* The IAM has been sent: digits may follow in INFO. */
void iwu_in_overlap_begun(struct iwu *iwu);
/* INFO: false where it has no digits for us */
bool iwu_in_overlap_info(struct iwu *iwu, const struct sip_prim *prim);
