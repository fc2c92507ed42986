/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isupsim --sip: SIP messages and bodies with application/ISUP parts, to JSON and back. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct isup_dialect;

#define SIM_SIP_OCTETS_MAX 65535	/* of a SIP message */

/* Prints {"sip": [piece …]}, pieces being text or "0xHEX" of the octets around the ISUP messages, and the messages;
 * one with a transfer encoding has its octets as they stand, too ("encoded"). The octets are a SIP message, or a
 * multipart body from its first delimiter on, or header lines and a body. Returns 0, or -EINVAL with a sentence in
 * *what and where it is wrong in *offset. */
int sim_sip_print(FILE *out, const struct isup_dialect *dialect, const uint8_t *octets, size_t len,
		  const char **what, int *offset);
