/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fakes of the three SAPs below mapping: they hold the rules of the SAPs against it, and note what it does. */
#pragma once

#include <stdbool.h>

#include "isup/isup.h"
#include "mapping/map_profile.h"
#include "mapping/mapping.h"
#include "mapping/media.h"
#include "sip/sip.h"

/* A rule of a SAP was broken, or a test cannot go on: says so and exits. */
extern const char *fake_what;	/* what is being tried, for that message */
void fake_die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* ---- What the gateway did, oldest first ---- */

enum fake_side { FAKE_ISUP, FAKE_SIP, FAKE_MEDIA };
struct fake_out {
	struct llist_head entry;
	enum fake_side side;
	char text[2048];		/* "REL cic=1 cause(…)", "486 reason=17", "through both" */
	uint8_t octets[ISUP_MSG_OCTETS_MAX];	/* ISUP: the message, encoded */
	int octets_len;
};
struct fake_out *fake_out_next(void);	/* the oldest one, NULL if there is none; freed by the caller */

/* ---- The world of one test ---- */

/* Logging (FAKE_LOG=DIWU,1:… in the environment), and a clock that stands still */
void fake_process_init(void);
/* Time passes; then one turn of the select loop. */
void fake_advance(unsigned long ms);

/* A mapping of country 33 with isup, sip and media of the fakes; ctx owns everything. */
struct mapping *fake_init(void *ctx);
/* Forgets it, after checking that every call, leg and context was given back. */
void fake_finish(void);

struct isup_group *fake_group(const char *name);		/* made where there is none */
void fake_group_set_cause(const char *name, uint8_t cause);	/* isup_call_seize() fails with it; 0: works */
unsigned int fake_group_priority(const char *name);	/* so often seized with priority */
extern const struct isup_dialect *fake_dialect;		/* of all groups; ITU-T's at first */
struct sip_peer *fake_peer(const char *name);
/* Of the latest leg: "busy", a re-INVITE or UPDATE of ours has to wait for READY; "unrefreshed", its session is to be
 * refreshed by a re-INVITE of ours, and READY is to follow */
void fake_leg_set(const char *what);
#define FAKE_LIMITED 1		/* 503, but not for calls of priority */
void fake_peer_set_status(const char *name, uint16_t status);	/* sip_call_alloc() fails with it; 0: works */
void fake_peer_set_hostport(const char *name, const char *hostport);	/* "peer.example" at first */
void fake_peer_set_trusted(const char *name, bool trusted);
struct map_end_cfg *fake_group_cfg(const char *name);		/* may be changed */
struct map_end_cfg *fake_peer_cfg(const char *name);

/* ---- What comes up ---- */

/* Both return FAKE_DELIVERED, FAKE_KEPT where the room itself would have kept the message from its user (the call is
 * over for it), or -1 with a sentence in err. */
enum { FAKE_DELIVERED, FAKE_KEPT };

/* text as isup_msg_scan() reads it; an IAM begins a new call on the group. failed: as a FAILED indication. */
int fake_isup_ind(const char *group, const char *text, bool failed, char *err, size_t err_size);
/* "INVITE ruri=… from=… sdp=…", "180 sdp=…", "BYE reason=16", "FAILED 408": an INVITE begins a new leg from the
 * peer, unless one is answered. What follows " | " are header lines as they are. */
int fake_sip_ind(const char *peer, const char *text, char *err, size_t err_size);

/* What the SIP room would keep from its user comes up all the same, as long as the call is not over. */
extern bool fake_lenient;
/* What a leg sends is noted with its number, "leg=2". */
extern bool fake_numbers_legs;

/* ---- Media ---- */

void fake_media_set_async(bool async);		/* ops answer -EINPROGRESS from now on */
void fake_media_set_data(bool data);		/* carries 64 kbit/s as CLEARMODE, payload type 97 */
void fake_media_set_fax(bool fax);		/* has fax relay */
void fake_media_set_trace(bool trace);		/* ops are noted, too, and isup_call_done(): "circuit free" */
/* The next op of that name ("open", "remote", "local", "through") fails so; NULL: none */
void fake_media_fail(const char *op, int rc);
void fake_media_event(enum media_event event);
bool fake_media_is_busy(void);			/* DONE is still to be said */

/* Used between the fakes */
void fake_note(enum fake_side side, const char *format, ...) __attribute__((format(printf, 2, 3)));
void fake_note_isup(const struct isup_msg *msg, uint16_t cic);
extern void *fake_ctx;
extern struct mapping *fake_m;
struct media *fake_media_alloc(void *ctx);
bool fake_media_is_traced(void);
void fake_isup_finish(void);
void fake_sip_finish(void);
void fake_media_finish(void);
