/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A media gateway that needs no telling: a configured address, and a port computed from the circuit. */
#pragma once

#include <stdint.h>

#include <osmocom/core/utils.h>

#include "mapping/media.h"

enum media_static_codec { MEDIA_STATIC_PCMA, MEDIA_STATIC_PCMU, _MEDIA_STATIC_CODECS };

/* Port of a circuit: base port of its group (or the general one) + 2 × CIC. Two circuits that would come to the same
 * port are not given it at the same time: the second open() fails with -EADDRINUSE and a line in the log. */
struct media *media_static_alloc(void *ctx);

/* An IPv4 or IPv6 address as text. -EINVAL */
int media_static_set_address(struct media *media, const char *address);
/* "" while there is none */
const char *media_static_address(const struct media *media);

/* Even, 1024 to 65534; -EINVAL. group NULL: the general one; port 0 with a group: back to the general one. */
int media_static_set_base_port(struct media *media, const char *group, uint16_t port);
/* 0 where the group has none of its own. Default of the general one: 16384 */
uint16_t media_static_base_port(const struct media *media, const char *group);
/* Groups with a base port of their own, in the order of configuration; NULL after the last. */
const char *media_static_group(const struct media *media, unsigned int n);

/* Codecs in order of preference. -EINVAL where empty or one is named twice. Default: PCMA alone. */
int media_static_set_codecs(struct media *media, const enum media_static_codec *codecs, unsigned int n);
unsigned int media_static_codecs(const struct media *media, enum media_static_codec codecs[_MEDIA_STATIC_CODECS]);
extern const struct value_string media_static_codec_names[];	/* "pcma", "pcmu" */

/* Contexts that are open: for show and tests */
unsigned int media_static_open_count(const struct media *media);
