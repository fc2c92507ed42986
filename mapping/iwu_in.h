/* SPDX-License-Identifier: GPL-3.0-or-later */
/* I-IWU, for its files: the states of the machine, and what set-up, progress and release do for each other. */
#pragma once

#include "mapping/iwu.h"
#include "mapping/map_iam.h"

/* The states of RFC 3398 7.2, and the waits for the media gateway */
enum iwu_in_state {
	IN_ST_IDLE,
	IN_ST_MEDIA,		/* the media gateway prepares, nothing has been sent */
	IN_ST_PRECONDITIONS,	/* the peer's are not met, 183 is out, the IAM waits */
	IN_ST_TRYING,		/* IAM is out, T7 of ISUP runs */
	IN_ST_CONTINUITY,	/* the peer's are not met, 183 and IAM are out, COT is to follow */
	IN_ST_NOT_ALERTING,	/* ACM without indication: 183 */
	IN_ST_ALERTING,		/* 180 */
	IN_ST_ANNOUNCEMENT,	/* ACM or CPG with cause: 183, the interwork timer runs */
	IN_ST_ANSWERING,	/* ANM or CON is here, the media gateway connects */
	IN_ST_WAIT_ACK,		/* 200 is out */
	IN_ST_CONNECTED,
};

/* ---- iwu_in_fsm.c ---- */

void iwu_in_state_chg(struct iwu *iwu, enum iwu_in_state state);

/* ---- iwu_in_release.c ---- */

/* Both sides, by the gateway's own decision */
void iwu_in_give_up(struct iwu *iwu, enum map_ctr ctr, const struct isup_cause *cause);
void iwu_in_give_up_value(struct iwu *iwu, enum map_ctr ctr, uint8_t cause_value);
/* Before the IAM, for a reason that has no cause; refused: the final response has been sent. */
void iwu_in_refused(struct iwu *iwu, uint16_t status);
void iwu_in_refuse(struct iwu *iwu, uint16_t status);
void iwu_in_media_failed(struct iwu *iwu);
/* REL or FAILED */
void iwu_in_rel(struct iwu *iwu, const struct isup_msg *rel);
/* CANCEL, BYE or FAILED */
void iwu_in_sip_ended(struct iwu *iwu, const struct isup_cause *cause);
/* The interwork timer */
void iwu_in_announcement_over(struct iwu *iwu);

/* Preconditions that were not met in time */
void iwu_in_precond_failed(struct iwu *iwu);

/* ---- iwu_in_precond.c ---- */

/* Preconditions of the peer are not met */
bool iwu_in_is_pending(const struct iwu *iwu);
/* The IAM does not wait for them, COT follows. */
bool iwu_in_cot_follows(const struct iwu *iwu);
void iwu_in_send_183(struct iwu *iwu);
/* After an offer or answer of the peer's */
void iwu_in_precond_changed(struct iwu *iwu);

/* ---- iwu_in_setup.c ---- */

/* What the INVITE of a leg says of how its peer is to be answered */
void iwu_in_hear(struct iwu *iwu, const struct sip_msg *invite);
/* The medium is ready: IAM, or a refusal */
void iwu_in_send_iam(struct iwu *iwu, const struct sip_msg *invite, const struct map_called *called);
/* The first circuit, and the medium */
void iwu_in_begin(struct iwu *iwu, const struct sip_msg *invite, const struct map_called *called);
/* The INVITE as it was kept; false where it was not */
bool iwu_in_reread(struct iwu *iwu, struct sip_msg *invite, struct map_called *called);
/* After a REL with this cause: on another circuit, or by another route. False: there is none; *cause is what to end
 * with. */
bool iwu_in_try_again(struct iwu *iwu, struct isup_cause *cause);
