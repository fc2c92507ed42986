/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a test that a SIP peer says: its words, and the message they stand for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isup/isup_msg.h"

/* The parts of one line of a test: start, words, header lines */
struct fake_line {
	char start[16];
	char ruri[128], from[128], headers[512], sdp[128];
	bool isup;			/* the session description has encapsulated ISUP beside it */
	char precond[16], of[16];	/* "pending", "met", "confirm"; what is responded to, if no INVITE */
	unsigned int fork;		/* the early dialog: 0 is the first, or the one before */
	unsigned int leg;		/* 1: the oldest of the test; 0: the latest */
	char pstn[512];			/* a body of PSTN XML */
	char digits[40];		/* of an overlap INFO */
	char dir[16];			/* of the stream: "sendonly" */
	char version[32], handling[16];	/* of this message: */
	struct fake_line_isup {
		uint8_t octets[ISUP_MSG_OCTETS_MAX];
		int n_octets;
	} isups[4];
	unsigned int n_isups;
};

/* 0, or -1 with a sentence in err */
int fake_line_parse(struct fake_line *line, const char *text, char *err, size_t err_size);
/* The message in octets, as a room would have received it */
size_t fake_line_print(char *buf, size_t size, const struct fake_line *line, const char *method);
/* PSTN XML: its elements, each with a letter for its kind */
struct sip_part;
int fake_print_pstn(char *buf, size_t size, const struct sip_part *part);
/* Encapsulated messages: their names, and all of them in hex */
int fake_print_isup(char *buf, size_t size, const struct sip_part *part, unsigned int n);
