/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Congestion: of the signalling network (Q.764 2.10), of the far end (2.11), of this exchange. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <osmocom/core/timer.h>

struct isup;
struct isup_alarm;
struct isup_dest;
struct isup_group;
struct isup_msg;

/* ---- Ours ---- */

/* Automatic congestion level: 1 asks the neighbours to send fewer calls, 2 besides refuses incoming ones, but for those
 * of priority, with cause 42. It goes out in every REL (2.11). */
#define ISUP_CONGESTION_MAX 2

/* What somebody who knows the load of the machine says; 0: none */
void isup_set_congestion(struct isup *isup, unsigned int level);
/* The calls at hand from which on a level holds; 0: never */
void isup_set_congestion_calls(struct isup *isup, unsigned int level, unsigned int calls);
unsigned int isup_congestion_calls(const struct isup *isup, unsigned int level);
/* The higher one of both */
unsigned int isup_congestion(const struct isup *isup);

/* ---- Inside the room ---- */

/* What of new calls to a destination is let through */
struct isup_load {
	uint8_t step;			/* 2.10: 0 is full traffic */
	uint8_t level;			/* 2.11: as received; 0: none, or long ago */
	uint8_t credit;			/* per cent of a call */
	struct osmo_timer_list timer;	/* for level */
	struct isup_alarm *alarm;
};

void isup_load_init(struct isup_dest *dest);
/* The destination is lost, or goes. */
void isup_load_reset(struct isup_dest *dest);
/* MTP-STATUS; T30 */
void isup_load_congested(struct isup_dest *dest);
void isup_load_t30(struct isup_dest *dest);
/* REL: it may have an automatic congestion level. */
void isup_load_rx_rel(struct isup_dest *dest, const struct isup_msg *rel);
/* One more new call that has no priority: may it go there now? */
bool isup_load_admits(struct isup_dest *dest);
/* Per cent of new calls that are kept back */
unsigned int isup_load_reduction(const struct isup_dest *dest);
/* Is this incoming call refused, which is one of the calls at hand by now? */
bool isup_congestion_refuses(const struct isup *isup, const struct isup_msg *iam);
/* Puts our level into an encoded REL, which has room up to size. Returns its length. */
size_t isup_congestion_mark(const struct isup_group *group, uint8_t *rel, size_t len, size_t size);
