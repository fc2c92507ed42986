/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fax relay in session descriptions: T.38 over UDPTL (T.38 Annex D), read, agreed on, written. */
#pragma once

#include "sip/sip_sdp.h"

/* "m=image PORT udptl t38" */
bool sip_t38_is(const struct sip_sdp_media *media);

/* What the attributes of such a stream say; what they do not say, or not so that it can be read, is as Annex D has it
 * for those that are silent. */
void sip_t38_read(struct sip_t38 *t38, const struct sip_sdp_media *media);

/* Ours, within what theirs is; false where the data rates would be managed differently (T.38 8.1, 8.2). */
bool sip_t38_agree(struct sip_t38 *agreed, const struct sip_t38 *ours, const struct sip_t38 *theirs);

/* The attributes */
void sip_t38_put(struct sip_buf *b, const struct sip_t38 *t38);
