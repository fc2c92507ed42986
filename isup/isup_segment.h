/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simple segmentation, Q.764 2.1.12: a message that is too long is sent in two, the second one as SGM. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "isup/isup_timer.h"

struct isup_circuit;
struct isup_dest;
struct isup_dialect;
struct isup_group;
struct isup_msg;

/* A message for a circuit, all of it recognised. One that announces a segment waits for it, T34 at most; what comes out
 * goes to isup_circuit_rx(), whole. */
void isup_segment_rx(struct isup_circuit *circuit, const struct isup_msg *msg);
/* T34, where it runs */
void isup_segment_for_each_timer(const struct isup_circuit *circuit, isup_timer_left_cb *cb, void *data);
/* What waits there is given up: the circuit is reset. */
void isup_segment_drop(struct isup_circuit *circuit);
/* All of a destination, or (not NULL) of one of its groups */
void isup_segment_drop_all(struct isup_dest *dest, const struct isup_group *group);

/* The most octets of a message, from its type on: a SIF of 272 (Q.704 2.2.8) less label and CIC */
#define ISUP_SEGMENT_MAX 266

/* A message of len octets that is too long becomes two: the first in its place, its SGM in segment, which has room for
 * ISUP_SEGMENT_MAX. Returns the first one's length; -EMSGSIZE: it may not be segmented, or that does not help. */
int isup_segment_split(const struct isup_dialect *dialect, uint8_t *octets, size_t len, uint8_t *segment,
		       int *segment_len);
