/* SPDX-License-Identifier: GPL-3.0-or-later */
/* O-IWU, for its files: the states of the machine, and what set-up, progress and release do for each other. */
#pragma once

#include "mapping/iwu.h"
#include "mapping/map_iam.h"

/* The states of RFC 3398 8.2, and the waits for the media gateway */
enum iwu_out_state {
	OUT_ST_IDLE,
	OUT_ST_COLLECTING,	/* too few digits for an INVITE */
	OUT_ST_MEDIA,		/* the media gateway prepares, nothing has been sent */
	OUT_ST_OVERLAP,		/* all INVITEs so far were refused, more digits may help */
	OUT_ST_TRYING,		/* INVITE is out, T11 runs */
	OUT_ST_PROGRESSING,	/* ACM without indication is out */
	OUT_ST_ALERTING,	/* ACM subscriber free or CPG alerting is out */
	OUT_ST_CONNECTING,	/* 2xx before any ACM is here, the media gateway connects: CON follows */
	OUT_ST_ANSWERING,	/* 2xx after ACM is here, the media gateway connects: ANM follows */
	OUT_ST_CONNECTED,
};

/* ---- iwu_out_fsm.c ---- */

void iwu_out_state_chg(struct iwu *iwu, enum iwu_out_state state);

/* ---- iwu_out_release.c ---- */

/* Both sides, by the gateway's own decision */
void iwu_out_refuse(struct iwu *iwu, uint8_t cause_value);
void iwu_out_media_failed(struct iwu *iwu);
/* The exchange is released with this cause; the leg is gone already. */
void iwu_out_end(struct iwu *iwu, enum map_ctr ctr, const struct isup_cause *cause);
/* 3xx to 6xx */
void iwu_out_refused(struct iwu *iwu, const struct sip_prim *prim);
/* REL or FAILED */
void iwu_out_rel(struct iwu *iwu, const struct isup_msg *rel);
/* BYE */
void iwu_out_sip_ended(struct iwu *iwu, const struct isup_cause *cause);
void iwu_out_sip_failed(struct iwu *iwu, const struct sip_prim *prim);

/* ---- iwu_out_redirect.c ---- */

/* May a 3xx of the present peer be followed? */
bool iwu_out_may_redirect(const struct iwu *iwu);
/* The Request-URI of the target that is being tried, where a Contact names it without a number; NULL: the number's */
const char *iwu_out_redirect_uri(const struct iwu *iwu);
/* A 3xx: true where it names targets that are new, and to be tried. The leg is still there. */
bool iwu_out_redirected(struct iwu *iwu, const struct sip_prim *prim);
/* The peer that it led to is tried once more, as the next target. False: it has led to none. */
bool iwu_out_redirect_again(struct iwu *iwu);
/* After this status of the last one, which is gone: true, the call goes on to the next target; else *cause is what to
 * end with. */
bool iwu_out_redirect_next(struct iwu *iwu, uint16_t status, struct isup_cause *cause);
/* The REL that tells the exchange of the new number, and its cause; false: it is not to be told, or there is none. */
bool iwu_out_redirect_rel(struct iwu *iwu, struct isup_msg *rel, struct isup_cause *cause,
			  const struct sip_prim *prim);

/* ---- iwu_out_setup.c ---- */

/* INVITE over what routes are left; false: none is, *cause is what to end with. */
bool iwu_out_attempt(struct iwu *iwu, const struct isup_msg *iam, const struct map_called *called,
		     struct isup_cause *cause);
/* The same to one peer, by no route; false: it has no leg for it */
bool iwu_out_attempt_peer(struct iwu *iwu, struct sip_peer *peer, const struct isup_msg *iam,
			  const struct map_called *called);
/* The medium is ready */
void iwu_out_begin(struct iwu *iwu, const struct isup_msg *iam, const struct map_called *called);
/* The call begins, where its number is long enough. */
void iwu_out_begin_number(struct iwu *iwu, const struct isup_msg *iam);
/* The IAM as it was kept; false where it was not */
bool iwu_out_reread(struct iwu *iwu, struct isup_msg *iam, struct map_called *called);
