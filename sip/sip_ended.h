/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dialogs that a BYE of ours has ended a moment ago: one of theirs that crosses it was still right. */
#pragma once

#include "sip/sip_dialog.h"

void sip_ended_note(struct sip *sip, const struct sip_dialog *d);
/* Is this a request within such a dialog? */
bool sip_ended_find(const struct sip *sip, const struct sip_msg *msg);
