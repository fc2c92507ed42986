/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connected identity (RFC 4916): From of a request within the dialog is another than before. */
#pragma once

#include "sip/sip_call.h"

/* A re-INVITE or UPDATE of theirs (4.4.2); true: its From is another */
bool sip_identity_rx(struct sip_call *call, const struct sip_msg *msg);
/* It has been answered: with a 2xx their new URI is that of the dialog. */
void sip_identity_answered(struct sip_call *call, enum sip_method method, uint16_t status);
/* A request of ours says another From: 0; -EMSGSIZE */
int sip_identity_tx(struct sip_call *call, const struct sip_prim *prim);
