/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trunk groups of URIs, RFC 4904: as routes and the operator write them, "LABEL@CONTEXT". */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "sip/sip_build.h"
#include "sip/sip_msg.h"

/* That of the Request-URI (where the call is to go) or of Contact (where it came in); false: there is none. */
bool map_trunk_of_ruri(char *buf, size_t size, const struct sip_msg *invite);
bool map_trunk_of_contact(char *buf, size_t size, const struct sip_msg *invite);

/* Label and context as an operator writes them, into buf; false: not by the grammar of RFC 4904 5, or too long */
bool map_trunk_scan(char *buf, size_t size, const char *label, const char *context);
/* ";tgrp=LABEL;trunk-context=CONTEXT" */
void map_put_trunk(struct sip_buf *buf, const char *trunk);
