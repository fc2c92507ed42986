/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages out of a stream: split at every octet, several at once, keep-alives between them, and what is none. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "sip/sip_frame.h"
#include "sip/sip_transport.h"

/* What a stream gave: "M12 E2/1 M30", "more", "garbage" … */
struct seen {
	char text[512];
};

static void note(struct seen *seen, const char *kind, size_t n, int pings)
{
	size_t len = strlen(seen->text);

	if (pings >= 0)
		snprintf(seen->text + len, sizeof(seen->text) - len, "%s%zu/%d ", kind, n, pings);
	else if (n)
		snprintf(seen->text + len, sizeof(seen->text) - len, "%s%zu ", kind, n);
	else
		snprintf(seen->text + len, sizeof(seen->text) - len, "%s ", kind);
}

/* A stream that comes in pieces of these sizes, the last one whatever is left; returns how often it was looked at. */
static void run(struct seen *seen, const char *octets, size_t len, size_t first, size_t step)
{
	struct sip_frame f = {};
	enum sip_frame_verdict verdict;
	size_t at = 0, have = 0, pings = 0, empty = 0;
	char *exact;

	*seen = (struct seen){};
	while (have < len) {
		have = have ? have + step : first;
		have = have > len ? len : have;
		do {
			/* memory of exactly that size: it must not look beyond */
			exact = malloc(have - at + 1);
			memcpy(exact, octets + at, have - at);
			verdict = sip_frame_next(&f, exact, have - at);
			free(exact);
			if (verdict == SIP_FRAME_MESSAGE) {
				if (empty)
					note(seen, "E", empty, pings);
				empty = pings = 0;
				note(seen, "M", f.take, -1);
			} else if (verdict == SIP_FRAME_EMPTY) {
				EXPECT(f.take > 0);
				empty += f.take;
				pings += f.pings;
			} else if (verdict != SIP_FRAME_MORE) {
				note(seen, verdict == SIP_FRAME_GARBAGE ? "garbage" :
				     verdict == SIP_FRAME_BAD_LENGTH ? "length" : "large", 0, -1);
				return;
			}
			if (verdict != SIP_FRAME_MORE)
				at += f.take;
		} while (verdict != SIP_FRAME_MORE);
	}
	if (empty)
		note(seen, "E", empty, pings);
	if (at < len)
		note(seen, "more", 0, -1);
}

static const struct {
	const char *what, *octets, *expected;
} rows[] = {
	{ "one without a body", "OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n", "M44 " },
	{ "with a body", "OPTIONS sip:a SIP/2.0\r\nContent-Length: 5\r\n\r\nv=0\r\n", "M49 " },
	{ "compact form", "SIP/2.0 200 OK\r\nl : 3\r\n\r\nabc", "M28 " },
	{ "no Content-Length", "SIP/2.0 200 OK\r\nX: y\r\n\r\n", "M24 " },
	{ "LF alone", "SIP/2.0 200 OK\nl:1\n\nx", "M21 " },
	{ "a fold", "SIP/2.0 200 OK\r\nContent-Length:\r\n 4\r\nX: y\r\n\r\nabcd", "M49 " },
	{ "a fold behind it", "SIP/2.0 200 OK\r\nl: 4\r\n \r\nX: y\r\n\r\nabcd", "M37 " },
	{ "like it", "SIP/2.0 200 OK\r\nContent-Length-X: 9\r\nlang: 3\r\nL: 1\r\n\r\nx", "M55 " },
	{ "two", "SIP/2.0 200 OK\r\nl:2\r\n\r\nabSIP/2.0 200 OK\r\nl:0\r\n\r\n", "M25 M23 " },
	{ "two with line ends between", "SIP/2.0 200 OK\r\nl:0\r\n\r\n\r\nSIP/2.0 200 OK\r\nl:0\r\n\r\n",
	  "M23 E2/0 M23 " },
	{ "a ping", "\r\n\r\n", "E4/1 " },
	{ "two pings and a half", "\r\n\r\n\r\n\r\n\r\n", "E10/2 " },
	{ "halves do not meet over a message", "\r\nSIP/2.0 200 OK\r\nl:0\r\n\r\n\r\n", "E2/0 M23 E2/0 " },
	{ "not all of it", "SIP/2.0 200 OK\r\nl:9\r\n\r\nabc", "more " },
	{ "no end of the head", "SIP/2.0 200 OK\r\nl:9\r\n", "more " },
	{ "a web browser", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "garbage " },
	{ "a TLS client", "\x16\x03\x01\x02", "garbage " },
	{ "length twice", "SIP/2.0 200 OK\r\nl:0\r\nContent-Length: 0\r\n\r\n", "length " },
	{ "no number", "SIP/2.0 200 OK\r\nl:x\r\n\r\n", "length " },
	{ "negative", "SIP/2.0 200 OK\r\nl:-1\r\n\r\n", "length " },
	{ "more than a number", "SIP/2.0 200 OK\r\nl: 1 2\r\n\r\n", "length " },
	{ "none at all", "SIP/2.0 200 OK\r\nl:\r\n\r\n", "length " },
	{ "too large", "SIP/2.0 200 OK\r\nl: 65536\r\n\r\n", "large " },
	{ "far too large", "SIP/2.0 200 OK\r\nl: 99999999999999999999\r\n\r\n", "large " },
	{}
};

static void test_rows(void)
{
	size_t i, len, first;
	struct seen seen;

	for (i = 0; rows[i].what; i++) {
		len = strlen(rows[i].octets);
		for (first = 1; first <= len; first++) {
			run(&seen, rows[i].octets, len, first, len);
			EXPECT_STR(rows[i].what, seen.text, rows[i].expected);
		}
		run(&seen, rows[i].octets, len, 1, 1);
		EXPECT_STR(rows[i].what, seen.text, rows[i].expected);
	}
}

/* A head without an end, and one whose message would just fit */
static void test_large(void)
{
	char *octets = malloc(SIP_MSG_MAX + 1);
	struct sip_frame f = {};
	int head;

	memset(octets, 'x', SIP_MSG_MAX + 1);
	memcpy(octets, "SIP/2.0 200 OK\r\n", 16);
	EXPECT_INT("not yet", sip_frame_next(&f, octets, SIP_MSG_MAX - 1), SIP_FRAME_MORE);
	EXPECT_INT("no end", sip_frame_next(&f, octets, SIP_MSG_MAX), SIP_FRAME_TOO_LARGE);

	f = (struct sip_frame){};
	head = snprintf(octets, 64, "SIP/2.0 200 OK\r\nl: %d\r\n\r\n", SIP_MSG_MAX - 28);
	EXPECT_INT("head", head, 28);
	octets[head] = 'x';
	EXPECT_INT("all but one", sip_frame_next(&f, octets, SIP_MSG_MAX - 1), SIP_FRAME_MORE);
	EXPECT_INT("all", sip_frame_next(&f, octets, SIP_MSG_MAX + 1), SIP_FRAME_MESSAGE);
	EXPECT_INT("largest", f.take, SIP_MSG_MAX);
	free(octets);
}

int main(int argc, char **argv)
{
	test_rows();
	test_large();
	return expect_failures ? 1 : 0;
}
