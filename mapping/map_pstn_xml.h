/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PSTN XML, 3GPP TS 29.163 Annex F: information elements of ISDN as a body application/vnd.etsi.pstn+xml. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isup/isup_msg.h"
#include "sip/sip_build.h"

#define MAP_PSTN_TYPE "application/vnd.etsi.pstn+xml"

/* What an element is in ISUP */
enum map_pstn_kind {
	MAP_PSTN_BEARER,		/* user service information */
	MAP_PSTN_HLC,			/* user teleservice information */
	MAP_PSTN_LLC,			/* access transport, low layer compatibility */
	MAP_PSTN_PROGRESS,		/* access transport, progress indicator; up to two of them */
	_MAP_PSTN_KINDS
};

#define MAP_PSTN_OCTETS_MAX 16
#define MAP_PSTN_PROGRESS_MAX 2

/* Their contents as Q.931 has them, from octet 3 on */
struct map_pstn {
	struct map_pstn_element {
		uint8_t len;		/* 0: there is none */
		uint8_t octets[MAP_PSTN_OCTETS_MAX];
	} bearer, hlc, llc, progress[MAP_PSTN_PROGRESS_MAX];
};

/* Reads a document. Elements and octets that are not known are passed over; 0, or -EBADMSG with a sentence in err where
 * it is not XML, not such a document, or has a field of other than its bits. */
int map_pstn_read(struct map_pstn *pstn, const char *text, size_t len, char *err, size_t err_size);
/* Writes one; nothing where there is nothing to say. What has no words in XML is left out whole. */
void map_pstn_write(struct sip_buf *buf, const struct map_pstn *pstn);

/* Is this element of an access transport parameter one of them? */
bool map_pstn_has_element(uint8_t tag);
/* What a message has of them */
void map_pstn_of_isup(struct map_pstn *pstn, const struct isup_msg *msg);
/* Puts them into a message that has none of its own; bearer and hlc are for an IAM only. 0 or negative errno */
int map_pstn_to_isup(struct isup_msg *msg, const struct map_pstn *pstn);
