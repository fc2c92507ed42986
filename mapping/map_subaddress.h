/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subaddresses: elements of Q.931 in an access transport parameter to isub and isub-encoding (RFC 4715), and back. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isup/isup_msg.h"
#include "sip/sip_build.h"

/* Q.931 Table 4-3: the element's identifier */
enum map_subaddress {
	MAP_SUB_CONNECTED = 0x4d, MAP_SUB_CALLING = 0x6d, MAP_SUB_CALLED = 0x71,
};

/* One as a URI has it. RFC 3966 3: isub is the first of its parameters, isub-encoding stands where its name does. */
struct map_isub {
	char text[64];			/* escaped; "": there is none */
	const char *encoding;
};
void map_isub_of_isup(struct map_isub *isub, const struct isup_msg *msg, enum map_subaddress which);
/* ";isub=…", ";isub-encoding=…"; nothing where there is none */
void map_put_isub(struct sip_buf *buf, const struct map_isub *isub);
void map_put_isub_encoding(struct sip_buf *buf, const struct map_isub *isub);

/* Puts what a URI says into the access transport parameter, behind what is there. False: it says nothing, or what
 * cannot be said there, or the dialect has no such parameter. */
bool map_isub_to_isup(struct isup_msg *msg, struct sip_str uri_text, enum map_subaddress which);

/* ---- Access transport, Q.763 3.3 ---- */

/* Elements of Q.931 one after the other; of one octet from 0x80 on */
struct map_access {
	const uint8_t *p, *end;
	uint8_t tag, len;		/* of the element that was taken, and its contents */
	const uint8_t *contents;
};
void map_access_init(struct map_access *access, const struct isup_msg *msg);
/* The next one; false at the end, or where the octets are broken */
bool map_access_next(struct map_access *access);
/* Is there such an element? */
bool map_access_has(const struct isup_msg *msg, uint8_t tag);
