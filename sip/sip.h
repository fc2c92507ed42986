/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Public face of the SIP room: the endpoint, its peers, and the SAP of a call leg (DESIGN: joined by two SAPs). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <osmocom/core/logging.h>
#include <osmocom/core/prim.h>
#include <osmocom/core/socket.h>

#include "sip/sip_msg.h"

/* Log categories of the room, from index LOG_BASE_SIP of every program's table */
enum sip_log_cat { DSIP = 8, DSIPTRANS, DSIPTP, _SIP_LOG_END };
extern const struct log_info_cat sip_log_cats[_SIP_LOG_END - DSIP];

struct sip;
struct sip_peer;
struct sip_call;
struct sip_part;

/* ---- The SAP of a call leg ---- */

enum sip_prim_type {
	SIP_PRIM_MSG,		/* a request or response of the leg */
	/* ind only: SIP gave the leg up by itself; status says as which response it counts (408, 503 …) */
	SIP_PRIM_FAILED,
	/* ind only: what kept a re-INVITE or UPDATE of the user (method) back is over; it may ask for it anew. Or the
	 * session is to be refreshed (sip_call_wants_refresh()). */
	SIP_PRIM_READY,
};

/* What the session description of a message is (RFC 3264). ANSWER: also one that is said again, or ahead in a
 * provisional response. NONE: there is none, or it has no meaning where it stands */
enum sip_session { SIP_SESSION_NONE, SIP_SESSION_OFFER, SIP_SESSION_ANSWER };

/* The preconditions of a leg's session (RFC 3312, RFC 4032). Received: as they are after the message. PENDING: there
 * are mandatory ones that are not met, nobody is to be alerted. CONFIRM: an answer that wants to hear of ours in an
 * UPDATE. Sent: PENDING says that our own are not met yet, anything else that they are */
enum sip_precond { SIP_PRECOND_NONE, SIP_PRECOND_PENDING, SIP_PRECOND_MET, SIP_PRECOND_CONFIRM };

/* One message of a leg that a call controller decides on. The SIP room by itself writes and reads start line, Via, From
 * and To tags, Call-ID, CSeq, Contact, Max-Forwards, Route, Record-Route, Allow, Supported, Content-Length, and those
 * of RFC 3262 and RFC 4028; sends 100, ACK and PRACK, refreshes the session, retransmits. */
struct sip_prim {
	enum sip_prim_type type;
	enum osmo_prim_operation op;	/* PRIM_OP_REQUEST towards the peer, PRIM_OP_INDICATION from it */
	enum sip_method method;		/* of the request that this is or answers */
	uint16_t status;		/* 0: the request itself; else the response to it, or FAILED's meaning */

	/* op REQUEST: what to write */
	struct sip_str reason;		/* response: reason phrase; absent: the standard one */
	struct sip_str ruri;		/* INVITE: Request-URI; absent: the peer's address without user */
	uint8_t max_forwards;		/* INVITE; 0: 70 */
	struct sip_str from, to;	/* INVITE: name-addr without tag; absent: our own address, the Request-URI;
					 * re-INVITE, UPDATE: from; absent: as before */
	struct sip_str headers;		/* further header lines, each with its CRLF; may be empty */
	struct sip_str content_type;	/* of body */
	struct sip_str body;		/* may be empty */
	const struct sip_part *parts;	/* more bodies (sip_body.h); several go as multipart/mixed */
	unsigned int n_parts;		/* below SIP_PUT_PARTS_MAX */

	enum sip_precond precond;	/* either way; of a message that may have a session description */

	/* op INDICATION: the message as received, borrowed until the callback returns; NULL where FAILED has none */
	const struct sip_msg *msg;
	enum sip_session session;	/* of msg */
};

/* What comes up (op INDICATION) and what goes down (op REQUEST):
 *
 *   incoming leg: ind INVITE · req 18x, 200, 3xx-6xx to it · ind ACK · ind CANCEL · ind BYE / req BYE
 *   outgoing leg: req INVITE · ind 18x, 200, 3xx-6xx to it · req CANCEL · ind BYE / req BYE
 *   both, once answered: ind re-INVITE (answered by req 200 or 488 …), ind ACK of its 200; req re-INVITE, ind of its
 *                        final response
 *   both, also before:   ind UPDATE with an offer, ind PRACK with an offer (answered by req 200 or 488 to it);
 *                        ind PRACK with the answer to the offer in our 18x; req UPDATE, ind of its final response;
 *                        ind INFO (may be answered by req 200 to it, in the callback), req INFO
 *
 * Rules of the SAP, the same as ISUP's:
 * - Indications come from the select loop or a timer, never from within a sip_call_…() function.
 * - A new incoming leg starts with the INVITE indication, whose user is that of sip_alloc(); the callback sets the
 *   leg's own, or answers with a final status. 100 is sent by the room. INVITEs that RFC 3261 8.2 refuses (420, 415,
 *   416, 482 …), of nobody we know (403), or beyond limits (503) never come up.
 * - Request CANCEL, BYE or a final 3xx-6xx to the first INVITE ends the user's interest: no indication follows, call
 *   must not be used again. The room finishes the rest (a CANCEL that waits for a provisional response, a 200 that
 *   crosses CANCEL is ACKed and BYEd, a BYE that waits for the ACK, retransmissions).
 * - Indication CANCEL, BYE, a final 3xx-6xx or FAILED is the last one; the user must then call sip_call_done() once, in
 *   the callback or later. Before that it may answer a BYE with its own 200; if it does not, sip_call_done() does (200
 *   to CANCEL and 487 to its INVITE have been sent by the room already). call must not be used after.
 * - BYE is for answered legs, before that it is CANCEL or a final status (RFC 3261 15); the peer may BYE a leg that is
 *   not answered yet, 487 to its INVITE has been sent then.
 * - A re-INVITE that the peer cancels does not come up again: its answer is then refused with -EPROTO.
 * - 18x go reliably where both sides want that (RFC 3262; sip_call_reliable()). One that has to wait for the PRACK of
 *   its predecessor is kept, so is a 200; that a PRACK never comes is FAILED 504.
 * - A session description that would mean nothing in a response, because offer and answer are through, is left out.
 * - Preconditions are the room's: it reads and writes their lines of the session description, and the option tag
 *   (sip_call_cfg.precond). Of an INVITE that is PENDING the user answers the offer (or makes it) in a 183 at once,
 *   which goes reliably; the PRACK or UPDATE that makes them MET comes up. 580 to INVITE or UPDATE gives up; who said
 *   PENDING sends an UPDATE when ours are met.
 * - PRACK without a session description, and UPDATE that only refreshes the session do not come up. An UPDATE without
 *   one that tells an identity (From is another, or P-Asserted-Identity is there) comes up, but it is answered already.
 * - A re-INVITE or UPDATE of ours may have another From: from then on the leg's (RFC 4916). An INFO that the
 *   user does not answer in the callback is answered: 200, or 415 where it has a body.
 * - Where our INVITE had no offer, theirs is to be answered by req PRACK or req ACK, in the callback or later.
 * - INFOs of ours go one after the other, the first as soon as there is a dialog; a BYE does not wait for them.
 * - Of our own UPDATEs and re-INVITEs there is one at a time. One that has to wait, for theirs or for a refresh of the
 *   session, is -EBUSY; one that meets theirs (491; RFC 3261 14.1) gets no response to see. READY follows when its time
 *   has come: what is to be offered may be another thing by then. Where the user's own one is under way, READY is its
 *   final response. An answered leg's UPDATE that is refused by 405 or 501, though Allow has named it, gets none, but
 *   READY: it is re-INVITE from then on. So does one whose early dialog has ended where others have not.
 * - The ACK of a final 3xx-6xx never comes up; an ACK that never comes for a 200 is FAILED 408, and the room sends BYE.
 *   No answer at all to an INVITE is FAILED 408, an address that cannot be reached FAILED 503. */
typedef void sip_user_cb(struct sip_call *call, const struct sip_prim *prim, void *user);

/* A new outgoing leg towards a peer; nothing is sent yet.
 * Returns NULL with *status: what the peer's state amounts to (503 down or over its limit). */
struct sip_call *sip_call_alloc(struct sip_peer *peer, void *user, uint16_t *status);
/* The same for a call of priority (RFC 4412 4.7.1): limits of the peer do not keep it back. */
struct sip_call *sip_call_alloc_priority(struct sip_peer *peer, void *user, uint16_t *status);

/* Sends one message. Returns 0; -EPROTO where it is not allowed now, -EMSGSIZE, or another negative errno where
 * nothing could be sent (the call stays as it was). */
int sip_call_req(struct sip_call *call, const struct sip_prim *prim);

/* Shorthand for releasing whatever the state is: CANCEL, BYE, or a final response with this status (300 or more);
 * headers as in the prim. Always ends the user's interest, also instead of sip_call_done(). */
void sip_call_release(struct sip_call *call, uint16_t status, struct sip_str headers);

void sip_call_done(struct sip_call *call);

/* The provisional responses to the INVITE of this leg go reliably: they may have an offer where it had none. */
bool sip_call_reliable(const struct sip_call *call);

/* May a re-INVITE, or an UPDATE with an offer, be asked for now? 0; -EBUSY, and READY when it may; -EPROTO where there
 * is no session to change yet (RFC 3311 5.1), or the peer does not know UPDATE. */
int sip_call_may_modify(struct sip_call *call, enum sip_method method);

/* The session is to be refreshed, by a re-INVITE of the user's that changes nothing: the peer does not know UPDATE, and
 * the room has no session description to repeat. READY says so, unless something else of the user's ends anyhow. */
bool sip_call_wants_refresh(const struct sip_call *call);

/* The preconditions of the session as they are now: NONE, PENDING or MET */
enum sip_precond sip_call_precond(const struct sip_call *call);
/* What the user notes of the dialog that the leg is in now. A proxy may have forked the INVITE: each early dialog has
 * such a note, which begins as it was when the INVITE was sent; an indication is of the one that it came in, and the
 * user's requests go there. */
uint8_t *sip_call_note(struct sip_call *call);
/* RFC 4916: may the peer be told another identity of ours, in From of a request, and in which: UPDATE or INVITE */
bool sip_call_takes_identity(const struct sip_call *call, enum sip_method *method);

/* ---- Overlap signalling, RFC 3578: several INVITEs that are one call ---- */

/* What the INVITEs of one call have in common: From tag, Call-ID; and how far their CSeq is */
struct sip_identity {
	char ids[48];
	uint32_t cseq;
};
/* Of an outgoing leg that has sent its INVITE */
void sip_call_get_identity(const struct sip_call *call, struct sip_identity *id);
/* An outgoing leg as sip_call_alloc() makes it, whose INVITE is one more of that call */
struct sip_call *sip_call_alloc_as(struct sip_peer *peer, void *user, const struct sip_identity *id, uint16_t *status);
/* The user of another incoming leg of the same peer, Call-ID and From tag that is not answered yet; NULL: none */
void *sip_call_sibling_user(const struct sip_call *call);

void sip_call_set_user(struct sip_call *call, void *user);
struct sip_peer *sip_call_peer(const struct sip_call *call);
/* The Call-ID: for logs; borrowed, valid as long as the call. */
struct sip_str sip_call_id(const struct sip_call *call);

/* ---- The endpoint ---- */

/* One endpoint: owns listeners, peers, transactions, legs. talloc_free() closes it in silence. */
struct sip *sip_alloc(void *ctx, sip_user_cb *cb, void *user);

enum sip_proto { SIP_PROTO_UDP, SIP_PROTO_TCP, SIP_PROTO_TLS, SIP_PROTO_SCTP };

/* Opens a listening socket; any number may be open. Requests go out by the one whose address the kernel would choose
 * towards the peer, else by one on all addresses. Returns 0 or negative errno (-EADDRINUSE, -EEXIST …). */
int sip_listen(struct sip *sip, enum sip_proto proto, const struct osmo_sockaddr *addr);
int sip_unlisten(struct sip *sip, enum sip_proto proto, const struct osmo_sockaddr *addr);

/* RFC 3261 17.1.1.1, 17.1.2.2: may be changed at any time, for transactions from then on */
struct sip_timers {
	unsigned int t1_ms;		/* round trip, 500 */
	unsigned int t2_ms;		/* longest interval of retransmission, 4000 */
	unsigned int t4_ms;		/* longest life of a message in the network, 5000 */
};
struct sip_timers *sip_timers(struct sip *sip);

/* RFC 3261 18.1.1: larger requests, octets, go over TCP where there is a listener for it; 1300, 0: none do */
unsigned int *sip_udp_max_request(struct sip *sip);

/* New calls from now on get 503 (with Retry-After); running ones go on. For overload, a clean stop. */
void sip_set_refuse_new(struct sip *sip, bool refuse, unsigned int retry_after_s);

/* Calls of nobody we know get no answer; else 403 */
void sip_set_drop_unknown(struct sip *sip, bool drop);
bool sip_drop_unknown(const struct sip *sip);

/* INVITEs of ours that are given up, but not ended yet: who stops before leaves phones ringing. Looks at every
 * transaction: not for every day */
unsigned int sip_given_up_count(const struct sip *sip);

/* Legs; also those whose user is gone, until their last message is through */
unsigned int sip_call_count(const struct sip *sip);

/* ---- Peers: trunks to SIP neighbours ---- */

struct sip_peer *sip_peer_alloc(struct sip *sip, const char *name);	/* NULL if the name is taken */
void sip_peer_free(struct sip_peer *peer);				/* its legs fail with 503 */
struct sip_peer *sip_peer_find(struct sip *sip, const char *name);
struct sip_peer *sip_peer_next(const struct sip *sip, const struct sip_peer *prev);
const char *sip_peer_name(const struct sip_peer *peer);
/* "192.0.2.1" or "[2001:db8::1]:5070" as it stands in a URI's host part, the port only if not 5060 */
const char *sip_peer_hostport(const struct sip_peer *peer);
/* Our own side towards this peer, in the same form */
const char *sip_peer_local_hostport(const struct sip_peer *peer);
bool sip_peer_available(const struct sip_peer *peer);
/* Identities (P-Asserted-Identity, Privacy id) are exchanged with it, RFC 3325 2.3 */
bool sip_peer_trusted(const struct sip_peer *peer);
/* sip_peer_cfg.user */
const void *sip_peer_user(const struct sip_peer *peer);
