/* SPDX-License-Identifier: GPL-3.0-or-later */
/* User-to-user information: the parameter of Q.763 3.61 and the header User-to-User (RFC 7433, RFC 7434). */
#pragma once

#include "isup/isup_msg.h"
#include "sip/sip_build.h"

struct map_to_iam;
struct map_to_invite;

/* Service 1, implicit: it goes with whatever message has it. Nothing where there is none. */
void map_put_uui(struct sip_buf *mem, const struct isup_msg *msg);
void map_uui_from_sip(struct isup_msg *to, const struct sip_msg *from);

/* Rules of set-up */
uint8_t map_uui_to_header(struct map_to_invite *m);
uint16_t map_header_to_uui(struct map_to_iam *m);
