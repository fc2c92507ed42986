/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does not cross the border between SIP and ISUP: one loss, those of a call, and all since the start. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <osmocom/core/utils.h>

#include "isup/isup_msg.h"
#include "sip/sip_msg.h"

struct map_profile;

enum map_loss_kind {
	MAP_LOSS_MESSAGE,		/* ISUP: SIP has no place for it */
	MAP_LOSS_PARAMETER,		/* ISUP: the same */
	MAP_LOSS_DIALECT,		/* ISUP: a parameter, or some of it, that the other dialect cannot say */
	MAP_LOSS_HEADER,		/* SIP: ISUP has no place for it */
	MAP_LOSS_BODY,			/* SIP: the same, or this peer's are not read */
	_MAP_LOSS_KINDS
};
extern const struct value_string map_loss_kinds[];	/* "message" */
extern const struct value_string map_loss_reasons[];	/* why something of this kind is lost */

/* One thing that was lost, of one kind of message; so often */
struct map_loss {
	uint8_t kind;			/* enum map_loss_kind */
	uint8_t what;			/* message type, parameter code, or row of the tables below */
	uint8_t type;			/* it was in this ISUP message; 0: in a SIP one */
	uint8_t method;			/* enum sip_method: in this request, or a response to it */
	uint16_t status;		/* 0: the request */
	uint16_t n;
};

/* Those of a call: a talloc chunk, which is there only where something was lost */
#define MAP_LOSSES_MAX 64
struct map_losses {
	uint8_t n, room;
	bool more;			/* than there is room for */
	struct map_loss rows[];
};
/* Counts one, in *losses, which is made or grows; true where it is the first of its kind. */
bool map_losses_note(void *ctx, struct map_losses **losses, const struct map_loss *loss);

/* Names of what SIP headers and bodies say that ISUP has no place for; the last row before the end is for all others */
struct map_loss_name {
	enum sip_hdr_id id;		/* headers; SIP_HDR_OTHER: by its name */
	const char *name;
	const char *clause;		/* of which it is */
};
#define MAP_LOSS_IDENTITY "From (changed)"	/* no header is called so: whose identity changes after the answer */
extern const struct map_loss_name map_loss_headers[], map_loss_bodies[];	/* end with a row without name */

/* The row of a header without an id; the one for all others where there is none */
uint8_t map_loss_header_row(struct sip_str name);

/* The name of what was lost: "access_transport", "Subject" */
const char *map_loss_name(const struct map_loss *loss, const struct isup_dialect *dialect);
/* "parameter access_transport of ACM: SIP has no place for it (2)"; returns what snprintf() would. */
int map_loss_print_buf(char *buf, size_t size, const struct map_loss *loss, const struct isup_dialect *dialect);

/* Calls cb with each header, or body, of a SIP message that nothing of ISUP stands for. isup, pstn: encapsulated ISUP,
 * PSTN XML is read. */
typedef void map_loss_cb(enum map_loss_kind kind, uint8_t what, void *data);
void map_loss_of_headers(const struct sip_msg *msg, map_loss_cb *cb, void *data);
/* The same of an INVITE that this IAM was made of */
void map_loss_of_iam(const struct sip_msg *invite, const struct isup_msg *iam, map_loss_cb *cb, void *data);
void map_loss_of_bodies(const struct sip_msg *msg, bool isup, bool pstn, map_loss_cb *cb, void *data);

/* ---- Parameters ---- */

/* A set of parameter codes */
struct map_par_set {
	uint64_t bits[4];
};
static inline bool map_par_set_has(const struct map_par_set *set, uint8_t code)
{
	return set->bits[code / 64] >> code % 64 & 1;
}
static inline void map_par_set_add(struct map_par_set *set, uint8_t code)
{
	set->bits[code / 64] |= 1ull << code % 64;
}
/* Those that SIP has something of, by the rules of a profile and by what all calls do; those that are of one signalling
 * relation only, or only say how others are to be treated */
struct map_iam_to_invite_rule;
void map_loss_carried(struct map_par_set *set, const struct map_iam_to_invite_rule *rules);

/* ---- All since the start ---- */

/* Of one SIP peer or circuit group: what came from there and was lost */
struct map_loss_end {
	struct map_loss_end *next;
	uint64_t n[_MAP_LOSS_KINDS];
	bool group;
	char name[];
};
#define MAP_LOSS_ENDS 64
struct map_loss_totals {
	uint64_t n[_MAP_LOSS_KINDS][256];	/* by what */
	struct map_loss_end *ends[MAP_LOSS_ENDS];
};
void map_loss_count(struct map_loss_totals *totals, enum map_loss_kind kind, uint8_t what, bool group,
		    const char *end);
