/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dialect of ISUP as data: tables, widths, timer defaults, options. */
#pragma once

#include <stdint.h>

#include "isup/isup_msg.h"
#include "isup/isup_par.h"

struct isup_dialect {
	const char *name;			/* "itu" as the configuration says it */
	const char *title;			/* "ITU-T Q.761-Q.764 (12/1999)" */
	const struct isup_msg_def *msgs;	/* 256 rows, by message type; a row without name is unknown */
	const struct isup_par_def *pars;	/* 256 rows, by parameter code */
	uint8_t pc_bits;			/* width of a point code: 14, 24 */
	uint8_t cic_bits;			/* 12, 14 */
	uint8_t range_max;			/* largest range of a group message: 31 (Q.763 3.43: 1 to 31) */
};

/* The tables of Q.763, in isup_q763.c */
extern const struct isup_msg_def isup_q763_msgs[256];
extern const struct isup_par_def isup_q763_pars[256];

/* ITU-T Q.761 to Q.764, 1999 */
extern const struct isup_dialect isup_dialect_itu;

/* By its configured name; NULL if there is none. */
const struct isup_dialect *isup_dialect_find(const char *name);
