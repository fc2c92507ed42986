/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Public face of the mapping room: interworking of SIP and ISUP calls, its configuration, and the list of calls. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/tdef.h>

#include "mapping/route.h"

/* Log categories of the room, from index LOG_BASE_MAPPING of every program's table */
enum map_log_cat { DIWU = 16, DLADDER, DROUTE, _MAP_LOG_END };
extern const struct log_info_cat map_log_cats[_MAP_LOG_END - DIWU];

struct isup;
struct isup_call;
struct isup_prim;
struct sip;
struct sip_call;
struct sip_prim;
struct media;
struct iwu;
struct map_profile;

/* How telephone numbers of the two sides are turned into each other, RFC 3398 12 */
struct map_numbering {
	char country_code[4];		/* "33"; empty: numbers stay as they are */
	char national_prefix[8];	/* "0": a SIP number that starts so and has no '+' is national */
	char international_prefix[8];	/* "00" */
	char area_code[8];		/* of subscriber numbers; empty: they stay subscriber numbers */
	uint8_t routing_digits;		/* of a routing number before a ported one; 0: not known */
};

struct mapping_cfg {
	const char *profile_name;	/* as configured; NULL: nothing */
	const struct map_profile *profile;	/* of calls whose peer and group have none of their own */
	struct map_numbering numbering;
	uint8_t location;		/* enum isup_location of causes that the gateway itself makes */
	bool trust_all_sip;		/* identities from any peer */
	bool fax_first;			/* for an IAM that says facsimile fax relay is offered, then audio */
	uint8_t attempts_max;		/* of one call, repeated and rerouted ones included; default 10 */
	uint8_t repeats_max;		/* of them on another circuit of the same group (cause 44); default 3 */
	uint8_t redirection;		/* enum map_redirection: what becomes of a 3xx */
	uint8_t redirects_max;		/* of them followed in one call; default 3 */
	uint8_t retry_after_acl;	/* congestion level of REL after 503 with Retry-After; default 1 */
	uint16_t retry_after_s;		/* of a 5xx for congestion on the other side; default 5, 0: none */
	size_t ladder_octets;		/* of the flight recorder behind show call ladder; default 1 MiB */
};

/* Timers of a call in mapping, seconds; T7 and T9 are the ISUP room's, those of the transactions SIP's */
enum map_timer {
	MAP_T11 = 11,			/* an ACM goes to the exchange when SIP is slow, Q.764 Annex A */
	MAP_T35 = 35,			/* longest wait for the digits that an INVITE needs */
	MAP_X1_MEDIA = -1,		/* longest wait for the media gateway */
	MAP_X3_PRECONDITIONS = -3,	/* longest wait for the peer's preconditions (RFC 3312) */
	MAP_X2_ANNOUNCEMENT = -2,	/* "interwork timer" after an ACM or CPG with cause, RFC 3398 7.1.6 */
	MAP_X4_DIGITS = -4,		/* for further digits after a refusal: T10 of RFC 3578, TOIW3 of Q.1912.5 */
};

/* Counters of the room, all of calls but the last ones */
enum map_ctr {
	MAP_CTR_SIP_ISUP, MAP_CTR_ISUP_SIP,		/* begun, by direction */
	MAP_CTR_SIP_ISUP_ANSWERED, MAP_CTR_ISUP_SIP_ANSWERED,
	MAP_CTR_RELEASED_SIP, MAP_CTR_RELEASED_ISUP,	/* answered ones, by who released first */
	MAP_CTR_CANCELLED_SIP, MAP_CTR_CANCELLED_ISUP,	/* given up by the caller before answer */
	MAP_CTR_REFUSED_SIP, MAP_CTR_REFUSED_ISUP,	/* failed by the called side or its room */
	MAP_CTR_REFUSED_GATEWAY,			/* by ourselves: no route, no circuit, bad number, a stop … */
	MAP_CTR_FAILED_MEDIA,
	MAP_CTR_REROUTED,				/* a further route was tried */
	MAP_CTR_REPEATED,				/* another circuit of the same route was tried (cause 44) */
	MAP_CTR_REDIRECTED,				/* a 3xx was followed */
	MAP_CTR_FAX,					/* audio became fax relay, or it was so from the start */
	MAP_CTR_LOST_MESSAGES,				/* SIP has no place for them … */
	MAP_CTR_LOST_PARAMETERS,
	MAP_CTR_LOST_DIALECT,				/* parameters that the other dialect cannot say */
	MAP_CTR_LOST_HEADERS,				/* ISUP has no place for them … */
	MAP_CTR_LOST_BODIES,
	MAP_CTR_UNUSED_BODIES,				/* encapsulated ISUP not read, or out of place */
	MAP_CTR_IGNORED,				/* messages that do not fit the call's state */
};

#define ROUTE_FILES_MAX 8

/* Whose a call or leg of the rooms below is: their user */
struct iwu_user {
	struct mapping *mapping;
	struct iwu *iwu;		/* NULL: it is new */
};

struct mapping {
	struct iwu_user newcomer;	/* the user of new calls and legs */
	struct mapping_cfg cfg;
	struct osmo_tdef *tdefs;	/* enum map_timer */
	struct isup *isup;
	struct sip *sip;
	struct media *media;
	struct route_table *routes;	/* the present one */
	char *route_files[ROUTE_FILES_MAX];	/* paths of those that some of it is from; talloc children */
	unsigned int n_route_files;
	struct llist_head calls;	/* struct iwu */
	struct llist_head profiles;	/* struct map_profile_own */
	unsigned int n_calls;
	uint32_t next_call_id;
	bool refuse_new;		/* a clean stop is under way */
	struct iwu_ladder *ladder;
	struct rate_ctr_group *ctrs;
	struct map_loss_totals *losses;	/* map_loss.h */
};

/* isup, sip and media may be set later, but before the first call. NULL where there is no memory. */
struct mapping *mapping_alloc(void *ctx);

/* The callbacks that isup_alloc() and sip_alloc() are given, with newcomer as user */
void mapping_isup_cb(struct isup_call *call, const struct isup_prim *prim, void *user);
void mapping_sip_cb(struct sip_call *call, const struct sip_prim *prim, void *user);

/* Clean stop: new calls are refused (503, cause 42), all present ones released on both sides. */
void mapping_release_all(struct mapping *m);

/* Reads all route_files anew, for calls from now on: the table is what it was, or whole. check: circuit groups and
 * peers must be there. Returns 0; negative errno with "FILE:LINE:COLUMN: what" in err. */
int mapping_load_routes(struct mapping *m, bool check, char *err, size_t err_size);

/* For the VTY: one line of show calls. Pointers are valid until the callback returns. */
struct iwu_info {
	uint32_t id;
	const char *direction;		/* "sip>isup" or "isup>sip" */
	const char *state;
	const char *calling, *called;	/* international ones with '+'; "" where there is none */
	const char *circuit;		/* "TRUNK1/17", "" while there is none */
	const char *peer;
	uint64_t age_ms, answered_ms;	/* since set-up; since answer, 0 if not answered */
};
/* One call in detail: as above, and what else it is; borrowed until the callback returns */
struct iwu_detail {
	struct iwu_info info;
	const char *profile;
	const struct isup_call *isup;	/* NULL: not there, or not any more */
	const struct sip_call *sip;
	const struct route *route;	/* NULL: the call stays where it is, it is not known any more */
	unsigned int attempts, redirects, repeats;
	bool sipi, delayed_offer, held, peer_holds;
	int timer;			/* enum map_timer that runs; 0: none */
	uint64_t timer_left_ms;
	const struct isup_dialect *dialect;	/* whose words the losses have */
	const struct map_losses *losses;	/* map_loss.h; NULL: nothing is lost */
	char media[160];		/* "" while there is no context, or it cannot tell */
	char remote_media[64];		/* of the peer, while the recorder has it */
};
/* False where there is no such call */
bool mapping_show_call(const struct mapping *m, uint32_t id, void (*cb)(const struct iwu_detail *detail, void *data),
		       void *data);
/* The id of the call that a user is of (isup_call_user()) */
uint32_t mapping_call_id(const void *user);
/* The operator knows of a fax, or of its end, as if the media gateway had heard it: 0, -ENOENT where there is no such
 * call, -ENOTSUP where there is no fax relay */
int mapping_ask_medium(struct mapping *m, uint32_t id, bool fax);
void mapping_for_each_call(const struct mapping *m, void (*cb)(const struct iwu_info *info, void *data), void *data);

/* The ladder of a call, also of an ended one while the recorder has it: calls cb with each line (zero terminated, no
 * newline). Returns lines printed, 0 where the id is not known any more. A line is the time since the call's first
 * one, then a line as tests/ladder has them: ISUP ones flush left, SIP ones indented, '>' towards the gateway:
 *   "   0.000         sip > INVITE ruri=+33201234567 from=+33301112222 sdp=192.0.2.1:4000"
 *   "   0.001 isup < IAM cic=3 nci(…) fci(…) cpc(…) tmr(…) called(noa=national … digits=201234567)"
 */
int mapping_print_ladder(const struct mapping *m, uint32_t id, void (*cb)(const char *line, void *data), void *data);
/* Ids of the calls that the recorder still has, newest first. */
size_t mapping_ladder_ids(const struct mapping *m, uint32_t *ids, size_t max);
/* Sets cfg.ladder_octets, less than 256 MiB (talloc), with a new, empty recorder. 0; -ENOMEM: all is as before. */
int mapping_ladder_resize(struct mapping *m, size_t octets);
