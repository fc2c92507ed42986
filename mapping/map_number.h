/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telephone numbers: ISUP address parameters to SIP and tel URIs and back, RFC 3398 12. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "isup/isup_msg.h"
#include "isup/isup_par.h"
#include "sip/sip_build.h"
#include "sip/sip_msg.h"

struct map_numbering;

/* "+33201234567", or the digits as they are where no country is known; zero terminated */
#define MAP_KEY_SIZE	(ISUP_DIGITS_MAX + 16)

/* RFC 3398 12.1: the number as SIP and the routes write it. Without address signals, or with ones that are no
 * decimal digits (ST at the end is taken off): -EINVAL; -ENOSPC. */
int map_number_to_key(char *buf, size_t size, const struct isup_number *number, const struct map_numbering *numbering);

/* RFC 3398 12.2: noa, npi and digits from a number as written ("+33…" or as dialled); the other members become 0.
 * -EINVAL where there is something else than decimal digits after the '+', nothing, or too much. */
int map_number_from_text(struct isup_number *number, const char *text, size_t len,
			 const struct map_numbering *numbering);

/* The same out of a sip, sips or tel URI. -ENOENT: the URI names no telephone number ("sip:alice@…", no user part);
 * -EINVAL: it does, but one that cannot be understood. */
int map_number_from_uri(struct isup_number *number, const struct sip_uri *uri, const struct map_numbering *numbering);

/* Nature of address and digits are; what else they say of themselves may differ. */
bool map_number_same(const struct isup_number *a, const struct isup_number *b);

/* Q.763 3.9 f: ST stands behind the last digit, the number is complete. */
bool map_number_has_st(const struct isup_number *number);

/* A number of one side as the other one says it: E.164 is common to both, what is not stays as it is. */
void map_number_renumber(struct isup_number *number, const struct map_numbering *from, const struct map_numbering *to);

/* What a generic number (ANSI: generic address) is: its qualifier goes by another word in another dialect. */
enum map_generic { MAP_GENERIC_ADDITIONAL_CALLING, MAP_GENERIC_ADDITIONAL_CONNECTED, MAP_GENERIC_PORTED };
/* The qualifier of one in this dialect; -ENOENT where it has none */
int map_generic_qualifier(const struct isup_dialect *dialect, enum map_generic generic);
/* The first of that kind: 0, -ENOENT */
int map_generic_get(const struct isup_msg *msg, enum map_generic generic, struct isup_number *number);

/* "sip:KEY@HOSTPORT;user=phone"; isub NULL: without a subaddress */
struct map_isub;
void map_put_number_uri(struct sip_buf *buf, const char *key, const struct map_isub *isub, const char *hostport);
