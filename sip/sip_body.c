/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walking the parts of a body, and judging which of them must be understood (RFC 2046 5.1, RFC 3204, RFC 5621). */

#include <string.h>

#include <osmocom/core/utils.h>

#include "sip/sip_body.h"
#include "sip/sip_msg.h"
#include "sip/sip_scan.h"

#define HEADER_LINE_MAX 1024

/* ---- Headers of a part ---- */

/* What type and subtype can be read of it; what follows must at least begin as parameters do */
static void use_media_type(struct sip_media_type *mt, struct sip_str value)
{
	struct sip_str list = value;
	struct sip_scan s;

	if (mt->type.p || sip_media_type_take(mt, &list) == 0)
		return;
	s = sip_scan_of(value);
	sip_take_class(&s, SIP_C_TOKEN);
	if (mt->subtype.p) {
		sip_take_sep(&s, '/');
		sip_take_class(&s, SIP_C_TOKEN);
	}
	if (mt->type.len && sip_take_sep(&s, ';'))
		mt->params = sip_scan_rest(&s);
	else
		*mt = (struct sip_media_type){};
}

static void use_type(struct sip_body_part *part, struct sip_str value)
{
	use_media_type(&part->type, value);
}

static void use_disposition(struct sip_body_part *part, struct sip_str value)
{
	use_media_type(&part->disposition, value);
}

static void use_encoding(struct sip_body_part *part, struct sip_str value)
{
	part->encoded |= value.len && !sip_str_ieq(value, SIP_STR("identity"));
}

static const struct transfer {
	const char *name;
	enum sip_body_transfer transfer;
} transfers[] = {
	{ "binary", SIP_BODY_IDENTITY }, { "8bit", SIP_BODY_IDENTITY }, { "7bit", SIP_BODY_IDENTITY },
	{ "base64", SIP_BODY_BASE64 }, { "quoted-printable", SIP_BODY_QUOTED_PRINTABLE },
	{}
};

/* RFC 2045 6.1 */
static void use_transfer(struct sip_body_part *part, struct sip_str value)
{
	const struct transfer *t;

	for (t = transfers; t->name && !sip_str_ieq(value, sip_str_from(t->name)); t++)
		;
	part->transfer = t->name ? t->transfer : SIP_BODY_TRANSFER_UNKNOWN;
}

static void use_id(struct sip_body_part *part, struct sip_str value)
{
	if (!part->id.p)
		part->id = value;
}

static void use_language(struct sip_body_part *part, struct sip_str value)
{
	if (!part->language.p)
		part->language = value;
}

static const struct part_header {
	enum sip_hdr_id id;
	void (*use)(struct sip_body_part *part, struct sip_str value);
} part_headers[] = {
	{ SIP_HDR_CONTENT_TYPE, use_type },
	{ SIP_HDR_CONTENT_DISPOSITION, use_disposition },
	{ SIP_HDR_CONTENT_ENCODING, use_encoding },
	{ SIP_HDR_CONTENT_TRANSFER_ENCODING, use_transfer },
	{ SIP_HDR_CONTENT_ID, use_id },
	{ SIP_HDR_CONTENT_LANGUAGE, use_language },
	{}
};

/* Only headers that begin with "Content-" mean anything in a part (RFC 2046 5.1) */
static void use_header(struct sip_body_part *part, struct sip_str name, struct sip_str value)
{
	const struct part_header *h;
	enum sip_hdr_id id;

	if (!name.len || (*name.p | 0x20) != 'c')
		return;
	id = sip_hdr_find(name);
	for (h = part_headers; h->use; h++) {
		if (h->id == id)
			h->use(part, value);
	}
}

static bool is_printable(const char *p, const char *end)
{
	while (p < end && ((unsigned char)*p >= ' ' || *p == '\t'))
		p++;
	return p == end;
}

/* Takes one header line with its folds; false where it cannot be read */
static bool take_header_line(struct sip_scan *s, struct sip_str *line)
{
	const char *start = s->p, *lf, *stop;
	bool good = true;

	do {
		lf = memchr(s->p, '\n', s->end - s->p);
		stop = lf ? lf : s->end;
		if (stop > s->p && stop[-1] == '\r')
			stop--;
		good = good && stop - start <= HEADER_LINE_MAX && is_printable(s->p, stop);
		s->p = lf ? lf + 1 : s->end;
	} while (sip_peek(s) == ' ' || sip_peek(s) == '\t');
	*line = sip_str_span(start, stop);
	return good;
}

static void read_header(struct sip_body_part *part, struct sip_scan *s)
{
	struct sip_str line, name;
	struct sip_scan l;

	if (!take_header_line(s, &line))
		return;
	l = sip_scan_of(line);
	name = sip_take_class(&l, SIP_C_TOKEN);
	if (sip_take_sep(&l, ':'))
		use_header(part, name, sip_str_trim(sip_scan_rest(&l)));
}

static void read_msg_headers(struct sip_body_part *part, const struct sip_msg *msg)
{
	const struct part_header *h;
	const struct sip_hdr *hdr;

	for (h = part_headers; h->use; h++) {
		for (hdr = sip_msg_hdr(msg, h->id); hdr; hdr = sip_msg_hdr_next(msg, hdr)) {
			if (hdr->value.len <= HEADER_LINE_MAX)
				h->use(part, hdr->value);
		}
	}
}

/* Not sip_media_type_is(): in a part '*' is a type that nobody knows */
static bool is_of_type(const struct sip_media_type *mt, const char *type)
{
	const char *slash = strchr(type, '/');

	return sip_str_ieq(mt->type, sip_str_span(type, slash)) && sip_str_ieq(mt->subtype, sip_str_from(slash + 1));
}

static const struct default_disposition {
	const char *type;
	struct sip_str disposition;
} default_dispositions[] = {
	{ "application/sdp", { "session", 7 } },	/* RFC 3261 20.11 */
	{ "application/ISUP", { "signal", 6 } },	/* RFC 3204 3.1 */
	{ "application/QSIG", { "signal", 6 } },	/* RFC 3204 3.2 */
	{}
};

static void put_defaults(struct sip_body_part *part, bool digest)
{
	const struct default_disposition *d;
	struct sip_str handling;

	if (!part->type.type.p) {
		part->type.type = digest ? SIP_STR("message") : SIP_STR("text");
		part->type.subtype = digest ? SIP_STR("rfc822") : SIP_STR("plain");
	}
	if (!part->disposition.type.p) {
		for (d = default_dispositions; d->type && !is_of_type(&part->type, d->type); d++)
			;
		part->disposition.type = d->type ? d->disposition : SIP_STR("render");
	}
	part->optional = sip_param(part->disposition.params, "handling", &handling) &&
			 sip_str_ieq(handling, SIP_STR("optional"));
}

/* ---- Delimiters ---- */

struct delimiter {
	const char *start, *next;	/* with the CRLF before it; what follows its line */
	uint8_t level;			/* whose */
	bool close;
};

/* After "--" at the start of a line: boundary [ "--" ] transport-padding ( CRLF / the end ) */
static bool is_delimiter(const struct sip_body_level *level, const char *p, const char *end, struct delimiter *d)
{
	if (end - p < level->len || *p != *level->boundary || memcmp(p, level->boundary, level->len))
		return false;
	p += level->len;
	d->close = end - p >= 2 && !memcmp(p, "--", 2);
	if (d->close)
		p += 2;
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	if (p < end && *p++ != '\r')
		return false;
	if (p < end && *p++ != '\n')
		return false;
	d->next = p;
	return true;
}

/* Of any open level, the innermost first */
static bool at_delimiter(const struct sip_body *body, const char *p, struct delimiter *d)
{
	unsigned int i;

	if (body->end - p < 2 || p[0] != '-' || p[1] != '-')
		return false;
	for (i = body->depth; i > 0; i--) {
		d->level = i - 1;
		if (is_delimiter(&body->levels[i - 1], p + 2, body->end, d))
			return true;
	}
	return false;
}

/* The next "--" at the start of a line after p; NULL if there is none. By the last octet of four it is seen how far
 * CRLF "--" may be ahead. */
static const char *find_dashes(const char *p, const char *end)
{
	while (end - p >= 4) {
		if (p[3] == '-') {
			if (p[0] == '\r' && p[1] == '\n' && p[2] == '-')
				return p + 2;
			p++;
		} else {
			p += p[3] == '\n' ? 2 : p[3] == '\r' ? 3 : 4;
		}
	}
	return NULL;
}

/* The next one from there on, which is the start of a line */
static bool find_delimiter(const struct sip_body *body, const char *from, struct delimiter *d)
{
	const char *p = from;

	*d = (struct delimiter){ .start = body->end, .next = body->end };
	while (body->depth) {
		if (at_delimiter(body, p, d)) {
			d->start = p == from ? p : p - 2;
			return true;
		}
		p = find_dashes(p, body->end);
		if (!p)
			break;
	}
	return false;
}

/* ---- The walk ---- */

static bool take_boundary(struct sip_body_level *level, struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);
	char c;

	level->len = 0;
	while (sip_take_any(&s, &c)) {
		if (c == '\\' && !sip_take_any(&s, &c))
			return false;
		if ((unsigned char)c < ' ' || level->len == SIP_BODY_BOUNDARY_MAX)
			return false;
		level->boundary[level->len++] = c;
	}
	while (level->len && level->boundary[level->len - 1] == ' ')
		level->len--;
	return level->len;
}

/* A transfer encoding does not stand on a multipart (RFC 2045 6.4) */
static bool is_multipart(const struct sip_body_part *part)
{
	return sip_str_ieq(part->type.type, SIP_STR("multipart")) && !part->encoded &&
	       part->transfer == SIP_BODY_IDENTITY && part->depth < SIP_BODY_DEPTH_MAX;
}

static bool open_level(struct sip_body *body, const struct sip_body_part *part)
{
	struct sip_body_level *level = &body->levels[body->depth];
	struct sip_str boundary;

	if (!sip_param(part->type.params, "boundary", &boundary) || !take_boundary(level, boundary))
		return false;
	level->digest = sip_str_ieq(part->type.subtype, SIP_STR("digest"));
	body->depth++;
	return true;
}

/* After the delimiter at hand; over what follows closed levels, which belongs to nothing */
static void go_on(struct sip_body *body, bool found, struct delimiter *d)
{
	while (found && d->close) {
		body->depth = d->level;
		found = find_delimiter(body, d->next, d);
	}
	body->p = d->next;
	body->depth = found && body->p < body->end ? d->level + 1 : 0;
}

/* Up to and with the empty line, or up to a delimiter, which may stand among the headers too */
static void read_part_headers(struct sip_body *body, struct sip_body_part *part)
{
	struct sip_scan s = { body->p, body->end };
	struct delimiter d;

	while (!sip_at_end(&s)) {
		if (sip_peek(&s) == '-' && at_delimiter(body, s.p, &d))
			break;
		if (sip_peek(&s) == '\r' && s.end - s.p >= 2 && s.p[1] == '\n')
			s.p++;
		if (sip_take_char(&s, '\n'))
			break;
		read_header(part, &s);
	}
	body->p = s.p;
}

void sip_body_init(struct sip_body *body, const struct sip_msg *msg)
{
	*body = (struct sip_body){ .msg = msg, .p = msg->body.p, .end = msg->body.p + msg->body.len };
}

int sip_body_next(struct sip_body *body, struct sip_body_part *part)
{
	bool found, opened = false;
	struct delimiter d;

	if (body->begun ? !body->depth : !body->msg->body.len)
		return -ENOENT;
	*part = (struct sip_body_part){ .depth = body->depth };
	if (body->n_parts++ == SIP_BODY_PARTS_MAX) {
		body->depth = 0;
		return -EBADMSG;
	}
	if (body->begun)
		read_part_headers(body, part);
	else
		read_msg_headers(part, body->msg);
	body->begun = true;
	put_defaults(part, part->depth && body->levels[part->depth - 1].digest);

	if (is_multipart(part)) {
		opened = open_level(body, part);
		part->malformed = !opened;
	}
	found = find_delimiter(body, body->p, &d);
	part->content = sip_str_span(body->p, d.start);
	if (opened) {
		part->multipart = found && d.level == part->depth && !d.close;
		part->malformed = !part->multipart;
	} else {
		part->cut = part->depth && !(found && d.level == part->depth - 1);
	}
	go_on(body, found, &d);
	return 0;
}

/* ---- What is understood ---- */

bool sip_body_understood(const struct sip_body_part *part, const struct sip_body_type *understood)
{
	const struct sip_body_type *u;

	if (part->encoded || part->transfer == SIP_BODY_TRANSFER_UNKNOWN)
		return false;
	for (u = understood; u->type; u++) {
		if (is_of_type(&part->type, u->type) &&
		    (!u->disposition || sip_str_ieq(part->disposition.type, sip_str_from(u->disposition))))
			return true;
	}
	return false;
}

/* Verdicts of parts, being joined to that of the body */
struct judge {
	unsigned int n;
	struct judge_level {
		bool alternative, optional, one_understood;
		struct sip_body_verdict verdict;
	} levels[SIP_BODY_DEPTH_MAX + 1];	/* 0: the message, which holds one part */
};

static void join(struct judge_level *into, struct sip_body_verdict verdict, bool optional)
{
	if (!verdict.status)
		into->one_understood = true;
	else if (!into->verdict.status && (into->alternative || !optional))
		into->verdict = verdict;
}

static void leave_levels(struct judge *judge, unsigned int depth)
{
	const struct judge_level *level;

	for (; judge->n > depth + 1; judge->n--) {
		level = &judge->levels[judge->n - 1];
		join(&judge->levels[judge->n - 2],
		     level->alternative && level->one_understood ? (struct sip_body_verdict){} : level->verdict,
		     level->optional);
	}
}

static void judge_part(struct judge *judge, const struct sip_body_part *part, const struct sip_body_type *understood)
{
	struct sip_body_verdict verdict = {};

	leave_levels(judge, part->depth);
	if (part->multipart) {
		judge->levels[judge->n++] = (struct judge_level){
			.alternative = sip_str_ieq(part->type.subtype, SIP_STR("alternative")),
			.optional = part->optional,
		};
		return;
	}
	if (part->malformed)
		verdict.status = 400;
	else if (!sip_body_understood(part, understood))
		verdict = (struct sip_body_verdict){ .status = 415, .encoding = part->encoded };
	join(&judge->levels[judge->n - 1], verdict, part->optional);
}

/* A message is const to those who read it, but for what is found out about it once. */
static void note_sdp(const struct sip_msg *msg, const struct sip_body_part *part)
{
	struct sip_msg *m = (struct sip_msg *)msg;

	m->sdp.known = true;
	m->sdp.transfer = part ? part->transfer : SIP_BODY_IDENTITY;
	m->sdp.content = part ? part->content : (struct sip_str){};
}

static bool is_sdp(const struct sip_body_part *part)
{
	static const struct sip_body_type session[] = { { "application/sdp", "session" }, {} };

	return !part->multipart && sip_body_understood(part, session);
}

struct sip_body_verdict sip_body_verdict(const struct sip_msg *msg, const struct sip_body_type *understood)
{
	struct judge judge = { .n = 1 };
	struct sip_body_part part;
	struct sip_body body;
	int rc;

	for (sip_body_init(&body, msg); !(rc = sip_body_next(&body, &part));) {
		judge_part(&judge, &part, understood);
		if (!msg->sdp.known && is_sdp(&part))
			note_sdp(msg, &part);
	}
	if (!msg->sdp.known)
		note_sdp(msg, NULL);
	if (rc != -ENOENT)
		return (struct sip_body_verdict){ .status = 400 };
	leave_levels(&judge, 0);
	return judge.levels[0].verdict;
}

static void find_sdp(const struct sip_msg *msg)
{
	struct sip_body_part part;
	struct sip_body body;

	for (sip_body_init(&body, msg); !sip_body_next(&body, &part);) {
		if (!is_sdp(&part))
			continue;
		note_sdp(msg, &part);
		return;
	}
	note_sdp(msg, NULL);
}

struct sip_str sip_msg_sdp(const struct sip_msg *msg, char *mem, size_t size)
{
	struct sip_body_part part = {};
	struct sip_str sdp;

	if (!msg->sdp.known)
		find_sdp(msg);
	part.content = msg->sdp.content;
	part.transfer = msg->sdp.transfer;
	if (!part.content.p)
		return (struct sip_str){};
	return sip_body_decode(&part, mem, size, &sdp) == 0 ? sdp : SIP_STR("");
}
