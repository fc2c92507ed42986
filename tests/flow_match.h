/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For flow_test: is what the gateway sent what a line says? */
#pragma once

#include "gw_ua.h"

/* "180 of=INVITE sdp", "REL cause=17 cic=3": tests/flow/README.md */
bool flow_sip_is(struct ua *ua, const struct gw_sent *sent, const char *expected);
bool flow_isup_is(const struct isup_dialect *dialect, const struct gw_sent *sent, const char *expected);
/* When it was sent, and what; dialect NULL: it is SIP */
void flow_show_buf(char *buf, size_t size, const struct isup_dialect *dialect, const struct gw_sent *sent);
