/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DNS questions by c-ares on the select loop. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct sip_ares;
struct sip_resolve_cfg;

/* NULL where it cannot be, logged */
struct sip_ares *sip_ares_open(void *ctx, const struct sip_resolve_cfg *cfg);
/* Those who wait are told. */
void sip_ares_close(struct sip_ares *ares);

/* Once: the answer, borrowed, which may be there with an error, too; error NULL: there is none. Perhaps at once. */
typedef void sip_ares_cb(void *data, const char *error, const uint8_t *octets, size_t len);
void sip_ares_ask(struct sip_ares *ares, const char *name, int type, sip_ares_cb *cb, void *data);
