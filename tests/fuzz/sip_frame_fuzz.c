/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a stream. However it is cut, the same messages come out of it, ending where the parser ends them. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sip/sip_frame.h"
#include "sip/sip_msg.h"
#include "fuzz.h"

struct result {
	size_t messages, octets;		/* of messages */
	enum sip_frame_verdict last;
};

static struct sip_msg msg;

/* Content-Length, where it can be read, is the parser's, too. */
static void check_message(const char *octets, size_t len)
{
	struct sip_parse_error err;

	if (sip_msg_parse(&msg, octets, len, &err) == 0)
		CHECK(!sip_msg_hdr(&msg, SIP_HDR_CONTENT_LENGTH) || msg.body.p + msg.body.len == octets + len);
}

/* In pieces of 1 to step octets by the seed; 0: in one */
static struct result run(const char *octets, size_t len, unsigned int step, bool check)
{
	struct result result = { .last = SIP_FRAME_MORE };
	struct sip_frame f = {};
	size_t at = 0, have = 0;

	while (have < len) {
		have += step ? 1 + (have * 2654435761U >> 7) % step : len;
		have = have > len ? len : have;
		while ((result.last = sip_frame_next(&f, octets + at, have - at)) <= SIP_FRAME_EMPTY) {
			if (result.last == SIP_FRAME_MORE)
				break;
			CHECK(f.take > 0 && f.take <= have - at);
			if (result.last == SIP_FRAME_MESSAGE) {
				result.messages++;
				result.octets += f.take;
				if (check)
					check_message(octets + at, f.take);
			}
			at += f.take;
		}
		if (result.last != SIP_FRAME_MORE)
			break;
	}
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned int steps[] = { 1, 2, 7, 100 };
	struct result whole = run((const char *)data, size, 0, true), cut;
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		cut = run((const char *)data, size, steps[i], false);
		/* what is too large or no SIP is found as soon as can be */
		CHECK(whole.last > SIP_FRAME_EMPTY ? cut.last > SIP_FRAME_EMPTY : cut.last == whole.last);
		CHECK(cut.messages == whole.messages && cut.octets == whole.octets);
	}
	return 0;
}
