/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a message ends in a stream (RFC 3261 18.3), and the empty lines between messages (RFC 5626 3.5.1). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum sip_frame_verdict {
	SIP_FRAME_MORE,			/* it has not all come yet */
	SIP_FRAME_MESSAGE,		/* take octets: one message */
	SIP_FRAME_EMPTY,		/* take octets: line ends before a message, with pings in them */
	SIP_FRAME_GARBAGE,		/* no SIP: nobody would understand an answer */
	SIP_FRAME_BAD_LENGTH,		/* Content-Length cannot be read, or stands twice: no end can be found */
	SIP_FRAME_TOO_LARGE,		/* more than SIP_MSG_MAX */
};

/* How far one stream has been looked at. All zero at its beginning; octets are looked at once, however they come. */
struct sip_frame {
	size_t scanned;			/* of the message: its first octets have been looked at */
	size_t line;			/* where the line begins that has not ended */
	size_t length_at;		/* where Content-Length begins; 0: there is none yet */
	size_t need;			/* octets of the whole message; 0: its head has not all come yet */
	size_t take;			/* see above */
	unsigned int pings;
	bool half_ping;			/* one CRLF has come */
};

/* octets: all that is there, from the end of what was taken last; may be elsewhere in memory each time. After MESSAGE
 * and EMPTY the caller goes on behind take octets. */
enum sip_frame_verdict sip_frame_next(struct sip_frame *f, const char *octets, size_t len);
