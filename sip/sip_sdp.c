/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a session description (RFC 8866): one pass over its lines, only what a call needs is kept. */

#include "sip/sip_scan.h"
#include "sip/sip_sdp.h"
#include "sip/sip_sdp_codec.h"

/* RFC 3551 6, RFC 4040, RFC 4733 */
const struct sip_sdp_codec_row sip_sdp_codecs[_SIP_SDP_CODEC_COUNT] = {
	[SIP_SDP_OTHER] = { .name = { "?", 1 }, .pt = 127 },
	[SIP_SDP_PCMA] = { .name = { "PCMA", 4 }, .pt = 8, .is_static = true },
	[SIP_SDP_PCMU] = { .name = { "PCMU", 4 }, .pt = 0, .is_static = true },
	[SIP_SDP_CLEARMODE] = { .name = { "CLEARMODE", 9 }, .pt = 97 },
	[SIP_SDP_TELEPHONE_EVENT] = { .name = { "telephone-event", 15 }, .pt = 101, .fmtp = "0-15" },
};

struct sip_str sip_sdp_codec_name(enum sip_sdp_codec codec)
{
	return sip_sdp_codecs[(unsigned int)codec < _SIP_SDP_CODEC_COUNT ? codec : SIP_SDP_OTHER].name;
}

/* A parse under way */
struct parse {
	struct sip_sdp *sdp;
	struct sip_sdp_media *media;	/* whose lines these are; NULL: the session's */
	bool has_dir, has_connection;	/* it has said so itself */
	uint8_t codecs[128];		/* what each payload type of media means */
};

static struct sip_str take_word(struct sip_scan *s)
{
	const char *start = s->p, *space = memchr(start, ' ', s->end - start);

	s->p = space ? space : s->end;
	while (sip_take_char(s, ' '))
		;
	return sip_str_span(start, space ? space : s->end);
}

static int take_port(struct sip_scan *s, uint16_t *port)
{
	struct sip_str word = take_word(s);
	struct sip_scan digits = sip_scan_of(word);
	uint32_t n, ports;

	if (sip_take_uint(&digits, UINT16_MAX, &n) < 0)
		return -EBADMSG;
	if (sip_take_char(&digits, '/') && sip_take_uint(&digits, UINT16_MAX, &ports) < 0)
		return -EBADMSG;
	*port = n;
	return sip_at_end(&digits) ? 0 : -EBADMSG;
}

/* media-field = %s"m" "=" media SP port ["/" integer] SP proto 1*(SP fmt) CRLF */
static int parse_media(struct parse *p, struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);
	struct sip_sdp *sdp = p->sdp;
	enum sip_sdp_codec codec;

	if (sdp->n_media == SIP_SDP_MEDIA_MAX)
		return -E2BIG;
	p->media = &sdp->media[sdp->n_media++];
	*p->media = (struct sip_sdp_media){ .type = take_word(&s) };
	if (take_port(&s, &p->media->port) < 0)
		return -EBADMSG;
	p->media->proto = take_word(&s);
	p->media->fmts = sip_scan_rest(&s);
	if (!p->media->type.len || !p->media->proto.len || !p->media->fmts.len)
		return -EBADMSG;
	p->media->lines.p = s.end;
	p->has_dir = p->has_connection = false;
	memset(p->codecs, SIP_SDP_OTHER, sizeof(p->codecs));
	for (codec = 0; codec < _SIP_SDP_CODEC_COUNT; codec++) {
		if (sip_sdp_codecs[codec].is_static)
			p->codecs[sip_sdp_codecs[codec].pt] = codec;
	}
	return 0;
}

/* connection-field = %s"c" "=" nettype SP addrtype SP connection-address CRLF; the first one counts */
static int parse_connection(struct parse *p, struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);
	struct sip_str nettype = take_word(&s), addrtype = take_word(&s), address = take_word(&s);
	bool is_ipv6 = sip_str_ieq(addrtype, SIP_STR("IP6"));

	if (!address.len || !sip_at_end(&s))
		return -EBADMSG;
	if (p->has_connection || !sip_str_ieq(nettype, SIP_STR("IN")) ||
	    (!is_ipv6 && !sip_str_ieq(addrtype, SIP_STR("IP4"))))
		return 0;
	p->has_connection = true;
	*(p->media ? &p->media->address : &p->sdp->address) = address;
	*(p->media ? &p->media->is_ipv6 : &p->sdp->is_ipv6) = is_ipv6;
	return 0;
}

static enum sip_sdp_codec find_codec(struct sip_str name, uint32_t clock, uint32_t channels)
{
	enum sip_sdp_codec codec;

	for (codec = SIP_SDP_OTHER + 1; codec < _SIP_SDP_CODEC_COUNT; codec++) {
		if (clock == 8000 && channels == 1 && sip_str_ieq(name, sip_sdp_codecs[codec].name))
			return codec;
	}
	return SIP_SDP_OTHER;
}

/* rtpmap-value = payload-type SP encoding-name "/" clock-rate [ "/" encoding-params ] (RFC 8866 6.6). One that cannot
 * be read leaves its format without a name; the other formats are none the worse for it. */
static int parse_rtpmap(struct parse *p, struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);
	uint32_t pt, clock, channels = 1;
	struct sip_str name;

	if (!p->media)
		return 0;
	if (sip_take_uint(&s, 127, &pt) < 0 || !sip_take_char(&s, ' '))
		return 0;
	sip_take_lws(&s);
	name = sip_take_class(&s, SIP_C_TOKEN);
	if (!name.len || !sip_take_char(&s, '/') || sip_take_uint(&s, UINT32_MAX, &clock) < 0)
		return 0;
	if (sip_take_char(&s, '/') && sip_take_uint(&s, UINT8_MAX, &channels) < 0)
		channels = 0;
	p->codecs[pt] = find_codec(name, clock, channels);
	return 0;
}

static int set_dir(struct parse *p, enum sip_sdp_dir dir)
{
	*(p->media ? &p->media->dir : &p->sdp->dir) = dir;
	p->has_dir = true;
	return 0;
}

static int parse_sendrecv(struct parse *p, struct sip_str value)
{
	return set_dir(p, SIP_SDP_SENDRECV);
}

static int parse_sendonly(struct parse *p, struct sip_str value)
{
	return set_dir(p, SIP_SDP_SENDONLY);
}

static int parse_recvonly(struct parse *p, struct sip_str value)
{
	return set_dir(p, SIP_SDP_RECVONLY);
}

static int parse_inactive(struct parse *p, struct sip_str value)
{
	return set_dir(p, SIP_SDP_INACTIVE);
}

/* What is no integer (some write a fraction) is as good as none */
static int parse_ptime(struct parse *p, struct sip_str value)
{
	uint32_t n;

	if (p->media && !sip_uint_parse(&n, value, UINT16_MAX))
		p->media->ptime = n;
	return 0;
}

static const struct {
	struct sip_str name;
	int (*parse)(struct parse *p, struct sip_str value);
} attrs[] = {
	{ { "rtpmap", 6 }, parse_rtpmap },
	{ { "sendrecv", 8 }, parse_sendrecv },
	{ { "sendonly", 8 }, parse_sendonly },
	{ { "recvonly", 8 }, parse_recvonly },
	{ { "inactive", 8 }, parse_inactive },
	{ { "ptime", 5 }, parse_ptime },
	{}
};

/* attribute = (attribute-name ":" attribute-value) / attribute-name */
static struct sip_str take_attr_name(struct sip_scan *s)
{
	const char *start = s->p, *colon = memchr(start, ':', s->end - start);

	s->p = colon ? colon + 1 : s->end;
	return sip_str_span(start, colon ? colon : s->end);
}

static int parse_attr(struct parse *p, struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);
	struct sip_str name = take_attr_name(&s);
	size_t i;

	for (i = 0; attrs[i].parse; i++) {
		if (sip_str_eq(name, attrs[i].name))
			return attrs[i].parse(p, sip_scan_rest(&s));
	}
	return 0;
}

/* RFC 3264 8.4: "0.0.0.0", and "::" with as many zeros as there may be */
static bool is_unspecified(struct sip_str address, bool is_ipv6)
{
	size_t i;

	if (!is_ipv6)
		return sip_str_eq(address, SIP_STR("0.0.0.0"));
	for (i = 0; i < address.len && (address.p[i] == '0' || address.p[i] == ':'); i++)
		;
	return i == address.len && memchr(address.p, ':', address.len);
}

/* A stream's lines are over: what it did not say is as the session says, and its formats get their names */
static void end_media(struct parse *p)
{
	struct sip_sdp_media *media = p->media;
	struct sip_sdp *sdp = p->sdp;
	struct sip_scan s, word;
	uint32_t pt;

	if (!p->has_dir)
		media->dir = sdp->dir;
	if (!p->has_connection) {
		media->address = sdp->address;
		media->is_ipv6 = sdp->is_ipv6;
	}
	/* hold as before RFC 3264: nothing can be sent there */
	if (media->address.p && is_unspecified(media->address, media->is_ipv6))
		media->dir &= SIP_SDP_SENDONLY;
	for (s = sip_scan_of(media->fmts); !sip_at_end(&s) && media->n_known < SIP_SDP_KNOWN_MAX;) {
		word = sip_scan_of(take_word(&s));
		if (sip_take_uint(&word, 127, &pt) < 0 || !sip_at_end(&word) || p->codecs[pt] == SIP_SDP_OTHER)
			continue;
		media->known[media->n_known].pt = pt;
		media->known[media->n_known++].codec = p->codecs[pt];
	}
}

/* One line; a line that is no type=value is an error, an empty one is not */
static int parse_line(struct parse *p, struct sip_str line)
{
	struct sip_str value;

	if (!line.len)
		return 0;
	if (line.len < 2 || !sip_is(line.p[0], SIP_C_ALPHA) || line.p[1] != '=' || memchr(line.p, '\r', line.len) ||
	    memchr(line.p, '\0', line.len))
		return -EBADMSG;
	value = sip_str_span(line.p + 2, line.p + line.len);
	switch (line.p[0]) {
	case 'o':
		p->sdp->origin = value;
		return 0;
	case 't':
		if (!p->sdp->times.p)
			p->sdp->times = value;
		return 0;
	case 'c':
		return parse_connection(p, value);
	case 'm':
		if (p->media)
			end_media(p);
		return parse_media(p, value);
	case 'a':
		return parse_attr(p, value);
	default:
		return 0;
	}
}

/* Up to CRLF, LF, or the end of the text */
static struct sip_str take_line(struct sip_scan *s)
{
	const char *start = s->p, *end = memchr(start, '\n', s->end - start);

	s->p = end ? end + 1 : s->end;
	if (!end)
		end = s->end;
	return sip_str_span(start, end > start && end[-1] == '\r' ? end - 1 : end);
}

int sip_sdp_parse(struct sip_sdp *sdp, struct sip_str text)
{
	struct sip_scan s = sip_scan_of(text);
	struct parse p = { .sdp = sdp };
	struct sip_str *lines;
	int rc;

	memset(sdp, 0, offsetof(struct sip_sdp, media));
	sdp->dir = SIP_SDP_SENDRECV;
	sdp->lines.p = s.p;
	if (!sip_str_eq(take_line(&s), SIP_STR("v=0")))
		return -EBADMSG;
	while (!sip_at_end(&s)) {
		rc = parse_line(&p, take_line(&s));
		if (rc < 0)
			return rc;
		lines = p.media ? &p.media->lines : &sdp->lines;
		lines->len = s.p - lines->p;
	}
	if (p.media)
		end_media(&p);
	return 0;
}

bool sip_sdp_next_attr(struct sip_str *lines, struct sip_str *name, struct sip_str *value)
{
	struct sip_scan s = sip_scan_of(*lines), a;

	while (!sip_at_end(&s)) {
		a = sip_scan_of(take_line(&s));
		if (!sip_take_char(&a, 'a') || !sip_take_char(&a, '='))
			continue;
		*name = take_attr_name(&a);
		*value = sip_scan_rest(&a);
		*lines = sip_scan_rest(&s);
		return true;
	}
	return false;
}

bool sip_sdp_attr(struct sip_str lines, const char *name, struct sip_str *value)
{
	struct sip_str wanted = sip_str_from(name), found, rest;

	while (sip_sdp_next_attr(&lines, &found, &rest)) {
		if (!sip_str_eq(found, wanted))
			continue;
		if (value)
			*value = rest;
		return true;
	}
	return false;
}
