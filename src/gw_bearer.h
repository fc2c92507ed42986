/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bearers of the ISUP room, by the media gateway: continuity checks, loss and return. */
#pragma once

struct isup;
struct media;

/* From now on the user part's checks are made by this media gateway, and it says which bearers are there; it must live
 * as long. */
void gw_bearer_init(struct isup *isup, struct media *media);
