/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A media gateway that needs no telling: a configured address, and a port computed from the circuit. */
#pragma once

#include <stdint.h>

#include <osmocom/core/utils.h>

#include "mapping/media.h"
#include "sip/sip_sdp.h"

enum media_static_codec { MEDIA_STATIC_PCMA, MEDIA_STATIC_PCMU, _MEDIA_STATIC_CODECS };

/* Port of a circuit: base port of its group + 2 × CIC, at the address of its group; of either there is a general one.
 * Two circuits that would come to the same port of an address are not given it at the same time: the second open()
 * fails with -EADDRINUSE and a line in the log. */
struct media *media_static_alloc(void *ctx);

/* An IPv4 or IPv6 address as text, -EINVAL. group NULL: the general one; address NULL with a group: back to that. What
 * is open keeps the one it began with. */
int media_static_set_address(struct media *media, const char *group, const char *address);
/* "" where there is none, or the group has none of its own */
const char *media_static_address(const struct media *media, const char *group);

/* Even, 1024 to 65534; -EINVAL. group NULL: the general one; port 0 with a group: back to the general one. */
int media_static_set_base_port(struct media *media, const char *group, uint16_t port);
/* 0 where the group has none of its own. Default of the general one: 16384 */
uint16_t media_static_base_port(const struct media *media, const char *group);
/* Groups with an address or a base port of their own, in the order of configuration: cb is called for each. */
void media_static_for_each_group(const struct media *media, void (*cb)(const char *group, void *data), void *data);

/* Codecs in order of preference. -EINVAL where empty or one is named twice. Default: PCMA alone. */
int media_static_set_codecs(struct media *media, const enum media_static_codec *codecs, unsigned int n);
unsigned int media_static_codecs(const struct media *media, enum media_static_codec codecs[_MEDIA_STATIC_CODECS]);
extern const struct value_string media_static_codec_names[];	/* "pcma", "pcmu" */

/* Has it CLEARMODE (RFC 4040), for 64 kbit/s unrestricted? Default: no */
void media_static_set_clearmode(struct media *media, bool clearmode);
bool media_static_clearmode(const struct media *media);

/* Has it fax relay (T.38 over UDPTL), for speech and 3.1 kHz audio? NULL: no, which is the default */
struct media_static_t38 {
	struct sip_t38 sip;
	bool beside;			/* at the port beside that of RTP, which is RTCP's; else at the same */
};
extern const struct media_static_t38 media_static_t38_default;
void media_static_set_t38(struct media *media, const struct media_static_t38 *t38);
/* false: no; *t38 is what was said last, or the default */
bool media_static_t38(const struct media *media, struct media_static_t38 *t38);

/* Continuity checks: nothing here sends a tone, so the outcome is set. Default: it cannot check */
enum media_static_check { MEDIA_STATIC_CHECK_NONE, MEDIA_STATIC_CHECK_HEARD, MEDIA_STATIC_CHECK_LOST };
void media_static_set_check(struct media *media, enum media_static_check check);
enum media_static_check media_static_check(const struct media *media);
extern const struct value_string media_static_check_names[];	/* "heard", "lost" */

/* Contexts that are open: for show and tests */
unsigned int media_static_open_count(const struct media *media);
