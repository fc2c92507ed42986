/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calling party's name: generic name of ANSI T1.113 to display name, and back. */
#pragma once

#include <stdbool.h>

#include "isup/isup_msg.h"
#include "sip/sip_build.h"

/* T1.113.3: up to 15 characters of IA5 */
#define MAP_NAME_MAX 15

struct map_caller_name {
	bool restricted;		/* not to be shown */
	char text[MAP_NAME_MAX + 1];	/* printable ASCII; empty: there is none */
};

/* Of an IAM; left as it is where that has none, or the dialect does not know it. */
void map_name_from_isup(struct map_caller_name *name, const struct isup_msg *iam);
/* Of a display name, its quotes taken off but still escaped (sip_addr): one '?' for what is no ASCII. */
void map_name_from_display(struct map_caller_name *name, struct sip_str display);
/* Into an IAM, if its dialect has such a parameter: 0, or what isup_msg_put() says */
int map_name_put(struct isup_msg *iam, const struct map_caller_name *name);
