/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The circuits between the two ends of isup_two.c, as far as a continuity check needs them: tones come back where the
 * other end has connected its loop. */
#pragma once

#include "isup/isup_cot.h"

#include "isup_two.h"

#define IAM_REQUIRED	"IAM nci(continuity=1) called=201234567"
#define IAM_PREVIOUS	"IAM nci(continuity=2) called=201234567"

/* Both ends get it; it is taken away with two_free(). */
void fake_bearer_install(void);

/* Afterwards, as fake_bearer_install() leaves it: */
extern bool fake_bearer_unable;		/* no check can be made */
extern bool fake_bearer_broken;		/* no tone comes back */
extern bool fake_bearer_noticed;	/* … and it is said at once */
extern bool fake_bearer_refuses;	/* start() fails */

/* Loops and tones that are connected now, at both ends */
extern unsigned int fake_loops, fake_tones;

/* two_up() with the bearer; two_free(), and nothing must be left connected. */
void cot_up(uint16_t first, uint16_t last);
void cot_down(void);
/* State of a circuit's check; "-" where there is none */
const char *cot_state_of(struct end *end, uint16_t cic);
/* Seizes and sends an IAM that requires a check. */
struct isup_call *cot_place(struct end *end);
/* Asks for a check by CCR; rc is what that should say. */
void cot_ask(struct end *end, uint16_t cic, int rc);
enum isup_cot_outcome cot_outcome(const struct end *end);
