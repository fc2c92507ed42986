/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preconditions (RFC 3312, RFC 4032): their table, read from and written into a session description; those of a leg. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sip/sip.h"
#include "sip/sip_call_cfg.h"
#include "sip/sip_sdp.h"

/* ---- sip_precond.c: the table ---- */

/* What a status is of, seen from our side */
enum sip_precond_at { SIP_PRECOND_E2E, SIP_PRECOND_LOCAL, SIP_PRECOND_REMOTE, _SIP_PRECOND_AT_COUNT };

/* Sets of SIP_SDP_SENDONLY and SIP_SDP_RECVONLY, as we send and receive */
struct sip_precond_row {
	bool there;
	uint8_t current;
	uint8_t mandatory, optional;	/* what is desired */
	uint8_t known;			/* what they have said to be met */
	uint8_t confirm;		/* what they want to hear of */
};

#define SIP_PRECOND_TYPES_MAX 3
#define SIP_PRECOND_NAME_MAX 15
struct sip_precond_type {
	char name[SIP_PRECOND_NAME_MAX + 1];	/* "qos" */
	struct sip_precond_row rows[_SIP_PRECOND_AT_COUNT];
};

/* Of one stream: the others are rejected */
struct sip_preconds {
	uint8_t n_types;
	bool overflow;			/* one that is mandatory did not fit, or has a name too long */
	struct sip_precond_type types[SIP_PRECOND_TYPES_MAX];
};

/* The stream that counts in a description: the first one of audio over RTP/AVP that has a port, else the first one
 * with a port; NULL: none */
const struct sip_sdp_media *sip_precond_stream(const struct sip_sdp *sdp);
/* What the peer wrote, turned round. Lines that cannot be read are passed over. Without any there are no types. */
void sip_precond_read(struct sip_preconds *p, const struct sip_sdp_media *media);
/* An offer of ours, segmented: qos, mandatory or optional */
void sip_precond_init(struct sip_preconds *p, bool mandatory);
/* Our own resources are there, or not: what we know of qos by ourselves (RFC 4032 4.1) */
void sip_precond_set_ours(struct sip_preconds *p, bool there);
/* RFC 3312 9: a mandatory one whose meeting would take us, and that we do not know */
bool sip_precond_is_unknown(const struct sip_preconds *p);
bool sip_precond_is_pending(const struct sip_preconds *p);
bool sip_precond_has_mandatory(const struct sip_preconds *p);
/* They want to hear of ours, and do not know it yet. */
bool sip_precond_wants_confirmation(const struct sip_preconds *p);
/* curr, des, and with confirm conf of what is mandatory and not met elsewhere (RFC 3312 5.1.1, 6) */
void sip_precond_put(struct sip_buf *b, const struct sip_preconds *p, bool confirm);
/* The streams of a description with port 0, and which of them the preconditions were of: what a 580 has (8, 9) */
void sip_precond_put_failed(struct sip_buf *b, const struct sip_sdp *sdp, const struct sip_preconds *p);

/* ---- sip_precond_leg.c: those of a leg ---- */

struct sip_call;
struct sip_msg;
struct sip_prim;
struct sip_peer;

/* How they are used with a peer: OFF without 100rel */
enum sip_precond_use sip_precond_use(const struct sip_peer *peer);
/* May a request with a session description be acted on? 0, 421 (*needs: the option tag that is missing), or 580 (what
 * says why is written into b) */
uint16_t sip_precond_refusal(const struct sip_peer *peer, const struct sip_msg *msg, const char **needs,
			     struct sip_buf *b);
/* Our INVITE is about to be written. */
void sip_precond_begin(struct sip_call *call, const struct sip_prim *prim);
/* What came with a message; the result is for the user. */
enum sip_precond sip_precond_rx(struct sip_call *call, const struct sip_msg *msg, enum sip_session session);
/* An offer that is written now makes the extension necessary (RFC 3312 11). */
bool sip_precond_is_required(const struct sip_call *call);
/* The session description of prim with their lines, in b; or what a 580 has where prim has none. False where it is to
 * be sent as it is. */
bool sip_precond_write(struct sip_call *call, const struct sip_prim *prim, struct sip_buf *b);
