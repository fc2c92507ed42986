/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An ISUP message as a JSON object, by the rows of the codec. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct isup_dialect;
struct isup_msg;

/* What was wrong with JSON text */
struct sim_json_error {
	char what[256];
	int offset;		/* character where the syntax is broken; -1: it is not the syntax */
};

/* Prints the object without a line's end; the CIC of the message, all 16 bits, too if with_cic is set. */
void sim_json_print(FILE *out, const struct isup_msg *msg, bool with_cic);

/* Prints an object {"error": …, "offset": …}, the latter if it is not negative. */
void sim_json_print_error(FILE *out, const char *what, int offset);

/* A sentence for what isup_msg_encode() returned */
const char *sim_json_encode_error(int rc);

/* Reads such an object. Members that are not there are as in isup_msg_scan(). Returns 0 or -EINVAL with *err filled. */
int sim_json_scan(struct isup_msg *msg, const struct isup_dialect *dialect, const char *json, size_t len,
		  struct sim_json_error *err);

/* Reads an object of isupsim_sip.h and writes its octets. Returns how many they are, -EINVAL with *err filled. */
int sim_json_scan_sip(uint8_t *buf, size_t size, const struct isup_dialect *dialect, const char *json, size_t len,
		      struct sim_json_error *err);
