/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Continuity checks of the ISUP room by the media gateway. */
#pragma once

struct isup;
struct media;

/* From now on the user part's checks are made by this media gateway, which must live as long. */
void gw_bearer_init(struct isup *isup, struct media *media);
