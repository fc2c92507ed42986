/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unrecognised information, Q.764 2.9.5.2, 2.9.5.3: pass on, discard, CFN or release, as its compatibility information
 * says. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isup/isup_par.h"

struct isup_call;
struct isup_circuit;
struct isup_msg;

/* Values of a field that Q.763 has as spare, and the one that is taken instead: a row of isup_compat_table.c */
struct isup_value_default {
	const char *letters;		/* the field's bits as Q.763 prints them, side by side in one octet */
	uint8_t from, to;		/* the spare values */
	uint8_t instead;
};

/* By message type: the optional parameters that it may have (0 ends); NULL: any that is known. By parameter code: what
 * is done with spare values (a row without letters ends). */
extern const uint8_t *const isup_q763_expected[256];
extern const struct isup_value_default *const isup_q763_value_defaults[256];

/* A message for a circuit: what of it is not recognised is dealt with, the rest goes to isup_segment_rx(). */
void isup_compat_rx(struct isup_circuit *circuit, const struct isup_msg *msg);

/* 2.9.5.3.1: a message type that is not recognised */
void isup_compat_unrecognised(struct isup_circuit *circuit, const struct isup_msg *msg);

/* 2.9.5.3.2: RLC with cause 99 and the names of n parameters of REL */
void isup_compat_send_rlc(struct isup_circuit *circuit, const uint8_t *codes, size_t n);

/* 2.9.5.3.2: does this IAM say that its call is to be released? Fills *cause if so. */
bool isup_compat_refuses(const struct isup_call *call, const struct isup_msg *iam, struct isup_cause *cause);
