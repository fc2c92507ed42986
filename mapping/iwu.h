/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One interworked call: it owns a SIP leg, an ISUP call and a media context, and is driven by one of two FSMs. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <osmocom/core/fsm.h>
#include <osmocom/core/linuxlist.h>
#include <osmocom/core/rate_ctr.h>

#include "mapping/map_loss.h"
#include "mapping/map_profile.h"
#include "mapping/map_pstn_xml.h"
#include "mapping/map_release.h"
#include "mapping/mapping.h"
#include "mapping/media.h"
#include "isup/isup.h"
#include "sip/sip.h"

/* One event per message, for both machines; the comment gives the data */
enum iwu_event {
	IWU_EV_SIP_INVITE,	/* const struct sip_prim *: that starts the call */
	IWU_EV_SIP_OVERLAP,	/* const struct iwu_overlap_invite *: with more digits */
	IWU_EV_SIP_REINVITE,	/* const struct sip_prim *: within the dialog */
	IWU_EV_SIP_UPDATE,	/* const struct sip_prim *: UPDATE or PRACK with an offer */
	IWU_EV_SIP_UPDATED,	/* const struct sip_prim *: final response to our UPDATE */
	IWU_EV_SIP_READY,	/* const struct sip_prim *: a re-INVITE or UPDATE that had to wait may be sent */
	IWU_EV_SIP_PRACK,	/* const struct sip_prim *: the answer to the offer of an 18x */
	IWU_EV_SIP_ACK,		/* const struct sip_prim *: of a 2xx */
	IWU_EV_SIP_MODIFIED,	/* const struct sip_prim *: the final response to our re-INVITE */
	IWU_EV_SIP_INFO,	/* const struct sip_prim * */
	IWU_EV_SIP_CANCEL,	/* const struct sip_prim * */
	IWU_EV_SIP_BYE,		/* const struct sip_prim * */
	IWU_EV_SIP_18X,		/* const struct sip_prim *: 101 to 199 */
	IWU_EV_SIP_2XX,		/* const struct sip_prim *: to our INVITE */
	IWU_EV_SIP_REFUSED,	/* const struct sip_prim *: 3xx to 6xx to our INVITE */
	IWU_EV_SIP_FAILED,	/* const struct sip_prim *: the SIP room gave the leg up */
	IWU_EV_ISUP_IAM,	/* const struct isup_msg * */
	IWU_EV_ISUP_SAM,	/* const struct isup_msg *: where the number may come in parts */
	IWU_EV_ISUP_ACM,	/* const struct isup_msg * */
	IWU_EV_ISUP_CPG,	/* const struct isup_msg * */
	IWU_EV_ISUP_ANM,	/* const struct isup_msg * */
	IWU_EV_ISUP_CON,	/* const struct isup_msg * */
	IWU_EV_ISUP_OTHER,	/* const struct isup_msg *: SUS, RES, FAC … */
	IWU_EV_ISUP_REL,	/* const struct isup_msg * */
	IWU_EV_ISUP_FAILED,	/* const struct isup_msg *: a REL; the ISUP room gave the call up */
	IWU_EV_MEDIA_DONE,	/* NULL: the media gateway did all it was asked */
	IWU_EV_MEDIA_FAILED,	/* NULL: it did not, or lost the context */
	IWU_EV_MEDIA_WANTS,	/* const enum media_kind *: it would have the medium changed */
	IWU_EV_STOP,		/* NULL: clean stop of the gateway */
	_IWU_EV_COUNT
};

/* A message, or a body, that may be needed again: a talloc chunk */
struct iwu_kept {
	size_t len;
	uint8_t octets[];
};

/* What has been agreed with the peer of a leg, asked of it and heard from it. Gone as a whole with the leg: see
 * iwu_leg_changed(). */
struct iwu_leg {
	struct iwu_identity *identity;	/* who the peer is, or is to be told; NULL: as the call began */
	const struct map_sipi_version *sipi_version;	/* I-IWU: of the ISUP in its INVITE, or NULL */
	uint8_t modifying;		/* enum sip_method that has asked for a hold or its end; 0: nothing has */
	uint8_t acl;			/* O-IWU: automatic congestion level that the REL is to have; 0: none */
	uint8_t media_asked;		/* 1 + enum media_kind that modifying asks for; 0: not for another one */
	bool hold_asked;		/* modifying asks for a hold */
	bool confirming;		/* O-IWU: an UPDATE about preconditions waits for its final response */
	bool telling;			/* so does an UPDATE that tells who has answered */
	bool delayed_offer;		/* I-IWU: the INVITE had no SDP; 200 has our offer, ACK the answer */
	bool early_media_asked;		/* I-IWU: the peer wants P-Early-Media */
	bool early_media_barred;	/* O-IWU: the media gateway knows that the peer's is not to be heard */
	bool sipi;			/* the INVITE, or an answer to ours, had ISUP in it, which we have read */
	bool progressed;		/* O-IWU: an 18x has come: no further route is tried */
	bool peer_sdp;			/* O-IWU: the media gateway has its SDP */
};

/* What is of each of its dialogs, of which there may be several before the answer: bits of sip_call_note() */
#define IWU_NOTE_HOLD_TOLD	0x01	/* what was agreed last in it says so */
#define IWU_NOTE_HOLD_LATE	0x02	/* UPDATE was refused: not before the answer */
#define IWU_NOTE_PEER_HOLDS	0x04	/* its peer wants no media from us */
#define IWU_NOTE_BARRED		0x08	/* O-IWU: by P-Early-Media, its peer's is not to be heard */

/* Longest number that show calls gives in full: E.164, '+', and some */
#define IWU_NUMBER_SIZE 20

/* A talloc chunk, which fi ends */
struct iwu {
	struct osmo_fsm_inst inst;	/* first */
	union {
		struct iwu_user user;
		struct mapping *mapping;	/* that of user */
	};
	const struct map_profile *profile;
	struct llist_head entry;	/* in mapping->calls */
	struct osmo_fsm_inst *fi;	/* inst */
	struct sip_call *sip;		/* NULL: not there, or our interest in it has ended */
	struct isup_call *isup;		/* the same */
	struct media_ctx *media;
	/* The message that began the call, until the media gateway is ready, and as long as a further route may be
	 * tried; then the ISUP message of the answer, while the media gateway connects; else NULL */
	struct iwu_kept *setup;
	const struct sip_msg *ending;	/* the BYE, CANCEL or refusal that ends the call, borrowed; else NULL */
	struct route_table *routes;	/* that the call began with, while a further route may be tried; else NULL */
	const struct route *route;	/* of it: what is being tried */
	struct map_losses *losses;	/* NULL: nothing is lost so far */
	struct iwu_redirect *redirect;	/* O-IWU: 3xx that were followed; NULL: none, or of no matter now */
	struct iwu_waiting *waiting;	/* I-IWU: ISUP messages that go after the IAM; NULL: none */
	struct iwu_overlap *overlap;	/* O-IWU: the number comes in parts; NULL: it does not */
	struct iwu_leg leg;		/* with the peer of sip */
	uint64_t started_us, answered_us;	/* monotonic; 0: not answered */
	uint32_t id;
	uint32_t routed_at;		/* seconds since 1970 */
	uint16_t n_route;		/* the next one to try */
	uint8_t n_attempts;		/* calls begun towards the called side */
	uint8_t n_redirects;		/* O-IWU: 3xx followed */
	uint8_t n_repeats;		/* I-IWU: attempts on another circuit after cause 44 */
	uint8_t announced_cause;	/* I-IWU: cause of the ACM or CPG, while its announcement plays */
	uint8_t held_by;		/* who wants the peer to send no media: IWU_HELD_ bits */
	bool peer_hold_told;		/* the exchange was told that the peer holds */
	bool priority;			/* O-IWU: by its category (Q.764 2.10) */
	bool diverted;			/* O-IWU: the kept IAM is that of a redirection */
	uint8_t media_kind;		/* enum media_kind: agreed, when last looked at */
	uint8_t media_wanted;		/* what the media gateway wants it to be, where … */
	bool media_due;			/* … the peer is still to be asked for it */
	bool fax_first;			/* O-IWU: the INVITE offers fax relay */
	bool fax_refused;		/* O-IWU: a former one did in vain */
	uint8_t tmr;			/* I-IWU: of the offer */
	uint8_t tmu;			/* O-IWU: what it is carried as, where 64 kbit/s was but preferred */
	bool preferred;			/* O-IWU: the answer will tell */
	bool tmu_due;			/* O-IWU: it falls back, and the exchange is to be told */
	bool wants_connected;		/* O-IWU: the IAM asks for the connected line identity */
	char calling[IWU_NUMBER_SIZE], called[IWU_NUMBER_SIZE];
	char name[20];			/* of fi: "iwu_in(12)" */
};

/* Q.1912.5: the unit for calls that come from SIP, and that for calls that come from ISUP */
extern struct osmo_fsm iwu_in_fsm, iwu_out_fsm;
extern const struct value_string iwu_event_names[];

/* ---- The only ways out ---- */

/* Record the crossing and send; a REL, a CANCEL, a BYE or a final 3xx-6xx ends our interest in that side.
 * Return 0, or negative errno where nothing was sent (those four always end it). */
int iwu_to_isup(struct iwu *iwu, const struct isup_msg *msg);
int iwu_to_sip(struct iwu *iwu, struct sip_prim *prim);

/* ---- What both machines need ---- */

void iwu_count(const struct iwu *iwu, enum map_ctr ctr);
/* A message that changes nothing: a note */
void iwu_ignore(const struct iwu *iwu, const char *what);
void iwu_answered(struct iwu *iwu);
/* For show calls */
void iwu_set_numbers(struct iwu *iwu, const struct isup_msg *iam, const char *called_key);
bool iwu_sip_trusted(const struct iwu *iwu);
/* What the operator says of the SIP peer and of the circuit group; NULL: nothing, or there is no leg, no circuit */
const struct map_end_cfg *iwu_peer_cfg(const struct iwu *iwu);
const struct map_end_cfg *iwu_group_cfg(const struct iwu *iwu);
/* To be called when the call gets a leg or a circuit: what the operator says of the SIP peer, else of the circuit
 * group, else of the gateway */
void iwu_choose_profile(struct iwu *iwu);
/* What the operator says of closed user groups: of the peer, else of the circuit group */
enum map_cug iwu_cug(const struct iwu *iwu);
/* What the operator says of the numbers of the peer and of the circuit group; NULL: nothing */
const struct map_numbers *iwu_peer_numbers(const struct iwu *iwu);
const struct map_numbers *iwu_group_numbers(const struct iwu *iwu);
/* The numberings of both sides, maybe in *mem */
const struct map_numbering *iwu_peer_numbering(const struct iwu *iwu, struct map_numbering *mem);
const struct map_numbering *iwu_group_numbering(const struct iwu *iwu, struct map_numbering *mem);
#define IWU_NUMBERS_MAX 1024
/* O-IWU: puts into the first message of progress or answer that the gateway has followed a redirection, where the
 * exchange has not heard of it. */
void iwu_put_diverted(struct iwu *iwu, struct isup_msg *msg);
/* What a message says of who has answered or where the call went, as header lines of a response. msg NULL: nothing */
void iwu_put_numbers(const struct iwu *iwu, struct sip_buf *headers, const struct isup_msg *msg);
/* Does a response for this message tell the connected subaddress? */
bool iwu_tells_connected_sub(const struct iwu *iwu, const struct isup_msg *msg);
/* O-IWU: the connected number, where the caller has asked for it (COLP) */
void iwu_put_connected(const struct iwu *iwu, struct isup_msg *answer, const struct sip_msg *ok);
/* O-IWU: the event of a CPG for a 181 that may say why, and what else it says of the diversion */
uint8_t iwu_forwarded_event(const struct iwu *iwu, const struct sip_prim *prim, uint8_t event);
void iwu_put_forwarded_answer(const struct iwu *iwu, struct isup_msg *answer, const struct sip_msg *ok);
void iwu_put_forwarded(const struct iwu *iwu, struct isup_msg *cpg, const struct sip_prim *prim);

/* A circuit for an INVITE, with the priority that it has; NULL: *cause_value says why not. */
struct isup_call *iwu_seize(struct iwu *iwu, struct isup_group *group, const struct sip_msg *invite,
			    uint8_t *cause_value);

/* The medium that an INVITE asks the circuit for, and an IAM the IP side: 0, or the cause to refuse it with */
uint8_t iwu_bearer_of_offer(const struct iwu *iwu, const struct sip_msg *invite);
uint8_t iwu_bearer_of_iam(struct iwu *iwu, const struct isup_msg *iam, uint8_t *tmr);
/* Of a message with the answer; in a backward message where there is something to tell */
void iwu_bearer_answered(struct iwu *iwu, const struct sip_msg *msg);
void iwu_bearer_put_tmu(struct iwu *iwu, struct isup_msg *msg);

/* Where the state of the call has a use for it; else it is ignored. */
void iwu_dispatch(struct iwu *iwu, enum iwu_event event, const void *data);

/* The media SAP with the context at hand, which there must be but for the first and the last. Return as the ops do. */
int iwu_media_open(struct iwu *iwu, uint8_t tmr);
/* The session description of a message, which becomes the remote one; -ENOMSG where it has none */
int iwu_media_take_sdp(struct iwu *iwu, const struct sip_msg *msg);
int iwu_media_through(struct iwu *iwu, enum media_through through);
/* Our SDP into buf and as the body of prim: 0 or negative errno */
#define IWU_SDP_MAX 1024
int iwu_media_local(struct iwu *iwu, enum media_sdp kind, struct sip_prim *prim, char *buf, size_t size);
void iwu_media_close(struct iwu *iwu);

/* ---- Fax relay and audio: iwu_fax.c ---- */

enum media_kind iwu_media_kind(const struct iwu *iwu);
/* A description of the peer was taken. */
void iwu_media_agreed(struct iwu *iwu);
/* The media gateway would have another medium: the peer is asked when that can be. */
void iwu_media_wants(struct iwu *iwu, enum media_kind kind);
/* Is the peer to be asked now? Then the next offer does so: what becomes leg.media_asked, 0: it does not */
bool iwu_media_is_due(const struct iwu *iwu);
uint8_t iwu_media_ask(struct iwu *iwu);
/* What was asked is to be asked anew. */
void iwu_media_unask(struct iwu *iwu);
/* The final response to it; rc: what media said of the answer in it. True where it has been refused */
bool iwu_media_answered(struct iwu *iwu, const struct sip_prim *prim, int rc);
/* O-IWU: the INVITE for this IAM offers fax relay, where it is to; it is tried without, where this status says that it
 * was that */
void iwu_fax_first(struct iwu *iwu, const struct isup_msg *iam);
bool iwu_fax_refused(struct iwu *iwu, uint16_t status);

/* One result out of several ops: the first failure, else -EINPROGRESS if any said so, else 0 */
int iwu_media_all(int a, int b);

/* UPDATE that says that our preconditions are met */
void iwu_confirm(struct iwu *iwu);

/* ---- Messages that are kept: iwu_kept.c ---- */

/* NULL where there is no memory */
struct iwu_kept *iwu_kept_alloc(void *ctx, const void *octets, size_t len);
/* An ISUP message, which borrows from there; false where kept is NULL, or the circuit is gone */
bool iwu_kept_decode(const struct iwu *iwu, struct isup_msg *msg, const struct iwu_kept *kept);

/* Keeps the octets of the first message; 0 or -ENOMEM. Nothing is done where they are kept already. Dropped with the
 * routes: the call stays where it is. */
int iwu_setup_keep(struct iwu *iwu, const void *octets, size_t len);
/* The message has changed: these octets instead. The routes stay; without memory nothing is kept. */
int iwu_setup_replace(struct iwu *iwu, const void *octets, size_t len);
void iwu_setup_drop(struct iwu *iwu);
/* Keeps a message of the answer as iwu_setup_keep() does. */
void iwu_keep_isup(struct iwu *iwu, const struct isup_msg *msg);

/* ---- Services: iwu_hold.c, iwu_service.c ---- */

#define IWU_HELD_SUSPENDED	0x01	/* SUS */
#define IWU_HELD_REMOTELY	0x02	/* CPG with remote hold */
void iwu_set_held(struct iwu *iwu, uint8_t by, bool held);
/* IWU_NOTE_ bits of the dialog at hand; where there is no leg, nothing */
bool iwu_noted(const struct iwu *iwu, uint8_t bit);
void iwu_note(struct iwu *iwu, uint8_t bit, bool on);
/* A re-INVITE or UPDATE, where the peer is to be told of a hold or its end, and can be */
void iwu_hold_update(struct iwu *iwu);
/* The final response to it; that to any UPDATE */
void iwu_modified(struct iwu *iwu, const struct sip_prim *prim);
void iwu_updated(struct iwu *iwu, const struct sip_prim *prim);
/* What kept one back is over. */
void iwu_ready(struct iwu *iwu);
/* The call goes on with another leg: what was agreed, asked or heard within the former one does not count. hold_told:
 * what the session of this one says */
void iwu_leg_changed(struct iwu *iwu, bool hold_told);
/* The exchange is told of the peer's hold, or its end, where it does not know and may be. */
void iwu_peer_hold_update(struct iwu *iwu);
/* Takes what a CPG says of a hold: false where it says nothing. */
bool iwu_isup_holds(struct iwu *iwu, const struct isup_msg *cpg);
/* CPG of an answered call, or of the calling side; messages that are no step of the call */
void iwu_isup_notification(struct iwu *iwu, const struct isup_msg *cpg);
void iwu_isup_other(struct iwu *iwu, const struct isup_msg *msg);

/* ---- Losses: iwu_loss.c ---- */

/* A message, or what of it SIP has no place for; what of it the other dialect cannot say (by_isup: that of the peer) */
void iwu_lost_message(struct iwu *iwu, const struct isup_msg *msg);
void iwu_lost_parameters(struct iwu *iwu, const struct isup_msg *msg);
void iwu_lost_dialect(struct iwu *iwu, uint8_t type, const struct isup_lost *lost, bool by_isup);
/* What a SIP message has that ISUP has no place for */
void iwu_lost_sip(struct iwu *iwu, const struct sip_prim *prim);
/* What of an IAM the INVITE could have told, and does not; and back */
void iwu_lost_of_iam(struct iwu *iwu, const struct map_par_set *lost);
void iwu_lost_of_invite(struct iwu *iwu, const struct sip_msg *invite, const struct isup_msg *iam);
/* One header of it, by the name in map_loss_headers */
void iwu_lost_header(struct iwu *iwu, const struct sip_prim *prim, struct sip_str name);

/* Answers a re-INVITE, UPDATE or PRACK: our SDP with 200, or 488 */
void iwu_reinvite(struct iwu *iwu, const struct sip_prim *prim);
/* The answer to an offer that such a 200 had; returns as iwu_media_take_sdp() */
int iwu_reinvite_acked(struct iwu *iwu, const struct sip_msg *msg);

/* REL with this cause; nothing where the ISUP side is gone. */
void iwu_release_isup(struct iwu *iwu, const struct isup_cause *cause);
/* Ends the leg so; nothing where it is gone. rel: what the exchange said; NULL: nothing. */
void iwu_release_sip(struct iwu *iwu, enum map_sip_end end, const struct isup_cause *cause,
		     const struct isup_msg *rel);
/* Gives a seized circuit back before its IAM: nothing is sent. */
void iwu_unseize_isup(struct iwu *iwu);
/* Gives a leg back before its INVITE: nothing is sent. */
void iwu_unalloc_sip(struct iwu *iwu);
/* A final response for a reason that no cause expresses; nothing where the leg is gone. */
void iwu_refuse_sip(struct iwu *iwu, uint16_t status);
/* The same of a leg that another one of the call has taken the place of */
void iwu_refuse_leg(struct iwu *iwu, uint16_t status);
/* 488 for an offer in such a request that media answered with rc */
void iwu_refuse_offer(struct iwu *iwu, enum sip_method method, int rc);
/* The room below said the last word: the call or leg is given back to it. */
void iwu_done_isup(struct iwu *iwu);
void iwu_done_sip(struct iwu *iwu);

/* ---- Routes (iwu_route.c) ---- */

/* What a route is chosen by: the message that the call came with, one of the two, and its called number */
struct map_called;
struct iwu_asks {
	const struct map_called *called;
	const struct sip_msg *invite;
	const struct isup_msg *iam;
};
/* The next route to try, NULL where none is left; and whether there is one */
const struct route *iwu_next_route(struct iwu *iwu, const struct iwu_asks *asks);
bool iwu_has_route(const struct iwu *iwu, const struct iwu_asks *asks);
/* No further route will be looked for; iwu->route is gone. */
void iwu_routes_drop(struct iwu *iwu);

/* The called number, after what the operator says of those from this peer or group. Return as map_called_…() do. */
uint16_t iwu_called_from_invite(const struct iwu *iwu, struct map_called *called, const struct sip_msg *invite);
uint8_t iwu_called_from_iam(const struct iwu *iwu, struct map_called *called, const struct isup_msg *iam);
/* The numbers of the IAM that is to be sent, as the peer's rules and the route have it; 0 or -EINVAL */
int iwu_change_iam(const struct iwu *iwu, struct isup_msg *iam, const struct map_called *called);
/* The same of a received IAM, and of the called number towards SIP: iam itself, or copy; NULL: nothing is left. */
const struct isup_msg *iwu_changed_iam(const struct iwu *iwu, struct isup_msg *copy, const struct isup_msg *iam,
				       struct map_called *called);

/* ---- PSTN XML ---- */

#define IWU_PSTN_MAX 2048
struct iwu_pstn_part {
	struct sip_part parts[2];	/* with that of encapsulated ISUP */
	char text[IWU_PSTN_MAX];
};
/* Is it sent to the peer, and read? Then whether this parameter goes there */
bool iwu_pstn_is_used(const struct iwu *iwu);
bool iwu_pstn_has(const struct iwu *iwu, uint8_t par);
/* Adds what msg has for it as a body, where the peer is to have it; mem must last as long as prim. */
void iwu_put_pstn(const struct iwu *iwu, struct sip_prim *prim, struct iwu_pstn_part *mem, const struct isup_msg *msg);
/* What an INVITE has of it: false where there is none that counts. *tmr, of the offer, becomes what it says of that. */
bool iwu_read_pstn(const struct iwu *iwu, struct map_pstn *pstn, const struct sip_msg *msg, uint8_t *tmr);
/* What a response has of it, for the exchange; said may be NULL */
void iwu_pstn_back(const struct iwu *iwu, struct isup_msg *msg, const struct sip_msg *said);

/* ---- Encapsulated ISUP ---- */

/* With the peer of the leg; MAP_SIPI_OFF where there is no leg */
enum map_sipi iwu_sipi(const struct iwu *iwu);
/* Puts msg beside the body of prim, where this call has encapsulated ISUP and both fit; NULL is no message. */
void iwu_put_isup(struct iwu *iwu, struct sip_prim *prim, struct map_sipi_part *part,
		  const struct isup_msg *msg);
/* REL with this cause, in a refusal or release of our own */
void iwu_put_own_rel(struct iwu *iwu, struct sip_prim *prim, struct map_sipi_part *part,
		     const struct isup_cause *cause);
/* The IAM of an INVITE, borrowed from there or from mem (MAP_SIPI_MEM); iwu->leg.sipi says whether there is one.
 * Returns 0, or the status to refuse a body with that is required, but cannot be read. */
uint16_t iwu_read_iam(struct iwu *iwu, struct isup_msg *iam, const struct sip_msg *invite, char *mem);
/* REL as in the BYE's body, where it has one; what is done for a release without comes after. */
void iwu_release_isup_by_bye(struct iwu *iwu, const struct sip_prim *bye, const struct isup_cause *cause);
/* The REL in a final response's body, as the exchange gets it, and its cause; false where it has none */
bool iwu_rel_of_refusal(struct iwu *iwu, struct isup_msg *rel, struct isup_cause *cause,
			const struct sip_prim *refusal);
/* Sends the ACM or CPG of an 18x's body, as the one that is due: the status that it stands for, else 0; and what else
 * a 183 brings: IWU_COVER, then the response itself means nothing. */
#define IWU_COVER 100
uint16_t iwu_progress_by_body(struct iwu *iwu, const struct sip_prim *ind, bool acm_sent);
/* The ANM or CON of a 2xx's body, as the one that is due; false where it has none */
bool iwu_answer_by_body(struct iwu *iwu, struct isup_msg *to, const struct sip_prim *ind, bool acm_sent);
/* A message of one side that means nothing, or nothing now, to the other is carried as it is; false: it cannot be. */
bool iwu_carry_isup(struct iwu *iwu, const struct isup_msg *msg);
/* The same of the body of a re-INVITE or UPDATE */
bool iwu_carry_modification(struct iwu *iwu, const struct sip_prim *ind);
bool iwu_carry_info(struct iwu *iwu, const struct sip_prim *info);
/* I-IWU: a message for the exchange, kept while the IAM waits; 0 or negative errno. Then, the IAM is sent. */
int iwu_after_iam(struct iwu *iwu, const struct isup_msg *msg);
void iwu_send_waiting(struct iwu *iwu);
/* I-IWU: digits have come in INFO. */
void iwu_digits_follow(struct iwu *iwu);

/* The call is over: both sides must have been released, the media context closed. iwu is gone at the end of this turn
 * of the select loop. */
void iwu_end(struct iwu *iwu);
