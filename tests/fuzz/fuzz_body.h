/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For fuzz targets of bodies: the SIP message that an input makes. */
#pragma once

#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "sip/sip_build.h"
#include "sip/sip_msg.h"

/* The first line of the input is the Content-Type, the rest the body; exact: memory of just that size, to be freed.
 * start: the lines before. False where it is no message. */
static inline bool fuzz_body_msg(struct sip_msg *msg, char **exact, struct sip_str start, const uint8_t *data,
				 size_t size)
{
	const uint8_t *lf = size ? memchr(data, '\n', size) : NULL;
	struct sip_parse_error err;
	static char text[70000];
	struct sip_buf b;

	*exact = NULL;
	if (!lf)
		return false;
	sip_buf_init(&b, text, sizeof(text));
	sip_put_str(&b, start);
	sip_put_lit(&b, "Content-Type: ");
	sip_put_mem(&b, data, lf - data);
	sip_put_lit(&b, "\r\n\r\n");
	sip_put_mem(&b, lf + 1, size - (lf + 1 - data));
	if (b.full)
		return false;
	*exact = malloc(sip_buf_len(&b));
	memcpy(*exact, text, sip_buf_len(&b));
	return sip_msg_parse(msg, *exact, sip_buf_len(&b), &err) == 0;
}
