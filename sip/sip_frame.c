/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a message ends in a stream (RFC 3261 18.3), and the empty lines between messages (RFC 5626 3.5.1). */

#include <errno.h>
#include <string.h>

#include "sip/sip_frame.h"
#include "sip/sip_scan.h"
#include "sip/sip_transport.h"

static bool is_line_end(char c)
{
	return c == '\r' || c == '\n';
}

/* RFC 5626 3.5.1: two line ends are a ping, one is the answer to ours, or RFC 3261 7.5's lenience. */
static enum sip_frame_verdict take_empty(struct sip_frame *f, const char *octets, size_t len)
{
	f->take = f->pings = 0;
	while (f->take < len && is_line_end(octets[f->take])) {
		if (octets[f->take++] != '\n')
			continue;
		if (f->half_ping)
			f->pings++;
		f->half_ping = !f->half_ping;
	}
	return SIP_FRAME_EMPTY;
}

/* "Content-Length", or its compact form, up to the colon */
static bool is_content_length(struct sip_str line)
{
	struct sip_scan s = sip_scan_of(line);
	struct sip_str name;

	/* most lines are told by their first letter */
	if ((sip_peek(&s) & ~0x20) != 'C' && (sip_peek(&s) & ~0x20) != 'L')
		return false;
	name = sip_take_class(&s, SIP_C_TOKEN);
	return sip_take_sep(&s, ':') &&
	       (sip_str_ieq(name, SIP_STR("Content-Length")) || sip_str_ieq(name, SIP_STR("l")));
}

/* The first line says whether this is SIP at all. */
static bool names_sip(struct sip_str line)
{
	const char *at = line.p, *end = line.p + line.len;

	while ((at = memchr(at, '/', end - at))) {
		if (at - line.p >= 3 && sip_mem_ieq(at - 3, "SIP", 3))
			return true;
		at++;
	}
	return false;
}

/* Looks at one line of the head, without its end. */
static enum sip_frame_verdict look_at(struct sip_frame *f, struct sip_str line)
{
	if (!f->line)
		return names_sip(line) ? SIP_FRAME_MORE : SIP_FRAME_GARBAGE;
	if (!is_content_length(line))
		return SIP_FRAME_MORE;
	if (f->length_at)
		return SIP_FRAME_BAD_LENGTH;
	f->length_at = f->line;
	return SIP_FRAME_MORE;
}

/* Its value, also where that stands in a fold: up to a line end that no white space follows */
static int read_length(const struct sip_frame *f, const char *octets, size_t head_len, uint32_t *length)
{
	struct sip_scan s = { octets + f->length_at, octets + head_len };
	const char *fold = s.p;
	int rc;

	while ((fold = memchr(fold, '\n', s.end - fold)) && fold + 1 < s.end && (fold[1] == ' ' || fold[1] == '\t'))
		fold++;
	if (fold)
		s.end = fold;
	sip_take_class(&s, SIP_C_TOKEN);
	sip_take_sep(&s, ':');
	rc = sip_take_uint(&s, SIP_MSG_MAX, length);
	sip_take_lws(&s);
	return rc == 0 && !sip_at_end(&s) ? -EBADMSG : rc;
}

/* The head ends at head_len. A message without Content-Length has no body (20.14 asks for it in streams). */
static enum sip_frame_verdict end_head(struct sip_frame *f, const char *octets, size_t head_len)
{
	uint32_t length = 0;
	int rc = f->length_at ? read_length(f, octets, head_len, &length) : 0;

	f->need = head_len + length;
	if (rc == -ERANGE || f->need > SIP_MSG_MAX)
		return SIP_FRAME_TOO_LARGE;
	return rc < 0 ? SIP_FRAME_BAD_LENGTH : SIP_FRAME_MORE;
}

/* Line after line, until the empty one */
static enum sip_frame_verdict scan_head(struct sip_frame *f, const char *octets, size_t len)
{
	enum sip_frame_verdict verdict;
	const char *nl;
	size_t end;

	while (!f->need && (nl = memchr(octets + f->scanned, '\n', len - f->scanned))) {
		end = nl - octets;
		f->scanned = end + 1;
		if (end > f->line && octets[end - 1] == '\r')
			end--;
		if (end == f->line)
			return end_head(f, octets, f->scanned);
		verdict = look_at(f, (struct sip_str){ octets + f->line, end - f->line });
		if (verdict != SIP_FRAME_MORE)
			return verdict;
		f->line = f->scanned;
	}
	if (!f->need)
		f->scanned = len;
	return SIP_FRAME_MORE;
}

enum sip_frame_verdict sip_frame_next(struct sip_frame *f, const char *octets, size_t len)
{
	enum sip_frame_verdict verdict;

	if (!len)
		return SIP_FRAME_MORE;
	if (!f->scanned && is_line_end(octets[0]))
		return take_empty(f, octets, len);
	if (!f->scanned && !sip_is(octets[0], SIP_C_TOKEN))
		return SIP_FRAME_GARBAGE;
	f->half_ping = false;
	verdict = scan_head(f, octets, len);
	if (verdict != SIP_FRAME_MORE)
		return verdict;
	if (!f->need)
		return len >= SIP_MSG_MAX ? SIP_FRAME_TOO_LARGE : SIP_FRAME_MORE;
	if (len < f->need)
		return SIP_FRAME_MORE;
	*f = (struct sip_frame){ .take = f->need };
	return SIP_FRAME_MESSAGE;
}
