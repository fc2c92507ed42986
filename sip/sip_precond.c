/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of preconditions (RFC 3312 4, 5): read from a session description, and written. */

#include <string.h>

#include <osmocom/core/utils.h>

#include "sip/sip_precond.h"
#include "sip/sip_scan.h"

static const char *const dir_names[] = {
	[SIP_SDP_INACTIVE] = "none",
	[SIP_SDP_SENDONLY] = "send",
	[SIP_SDP_RECVONLY] = "recv",
	[SIP_SDP_SENDRECV] = "sendrecv",
};

static const char *const at_names[] = {
	[SIP_PRECOND_E2E] = "e2e",
	[SIP_PRECOND_LOCAL] = "local",
	[SIP_PRECOND_REMOTE] = "remote",
};

enum strength { STRENGTH_NONE, STRENGTH_OPTIONAL, STRENGTH_MANDATORY };
static const char *const strength_names[] = {
	[STRENGTH_NONE] = "none",
	[STRENGTH_OPTIONAL] = "optional",
	[STRENGTH_MANDATORY] = "mandatory",
};

/* ---- Reading ---- */

/* token-char of SDP is near enough to that of SIP */
static struct sip_str take_word(struct sip_scan *s)
{
	struct sip_str word = sip_take_class(s, SIP_C_TOKEN);

	while (sip_take_char(s, ' '))
		;
	return word;
}

static bool take_name(struct sip_scan *s, const char *const *names, size_t n, unsigned int *index)
{
	struct sip_str word = take_word(s);

	for (*index = 0; *index < n; (*index)++) {
		if (sip_str_ieq(word, sip_str_from(names[*index])))
			return true;
	}
	return false;
}

/* RFC 3312 5.2, Table 4: what is sent there is received here. */
static uint8_t turned(uint8_t dir)
{
	return (dir & SIP_SDP_SENDONLY ? SIP_SDP_RECVONLY : 0) | (dir & SIP_SDP_RECVONLY ? SIP_SDP_SENDONLY : 0);
}

static enum sip_precond_at turned_at(enum sip_precond_at at)
{
	return at == SIP_PRECOND_LOCAL ? SIP_PRECOND_REMOTE : at == SIP_PRECOND_REMOTE ? SIP_PRECOND_LOCAL : at;
}

static struct sip_precond_type *type_of(struct sip_preconds *p, struct sip_str name)
{
	struct sip_precond_type *type;

	for (type = p->types; type < p->types + p->n_types; type++) {
		if (sip_str_ieq(name, sip_str_from(type->name)))
			return type;
	}
	if (!name.len || name.len > SIP_PRECOND_NAME_MAX || p->n_types == SIP_PRECOND_TYPES_MAX)
		return NULL;
	p->n_types++;
	memcpy(type->name, name.p, name.len);
	return type;
}

/* "status-type SP direction-tag" */
static struct sip_precond_row *take_row(struct sip_precond_type *type, struct sip_scan *s, uint8_t *dir)
{
	unsigned int at, index;

	if (!take_name(s, at_names, ARRAY_SIZE(at_names), &at) ||
	    !take_name(s, dir_names, ARRAY_SIZE(dir_names), &index) || !sip_at_end(s))
		return NULL;
	*dir = turned(index);
	return &type->rows[turned_at(at)];
}

static void read_current(struct sip_preconds *p, struct sip_scan s)
{
	struct sip_precond_type *type = type_of(p, take_word(&s));
	struct sip_precond_row *row;
	uint8_t dir;

	if (!type || !(row = take_row(type, &s, &dir)))
		return;
	row->there = true;
	row->current = row->known = dir;
}

static void read_desired(struct sip_preconds *p, struct sip_scan s)
{
	struct sip_precond_type *type = type_of(p, take_word(&s));
	struct sip_precond_row *row;
	unsigned int strength;
	uint8_t dir;

	if (!take_name(&s, strength_names, ARRAY_SIZE(strength_names), &strength))
		return;
	if (!type) {
		p->overflow |= strength == STRENGTH_MANDATORY;
		return;
	}
	row = take_row(type, &s, &dir);
	if (!row)
		return;
	row->there = true;
	if (strength == STRENGTH_MANDATORY)
		row->mandatory |= dir;
	else if (strength == STRENGTH_OPTIONAL)
		row->optional |= dir;
}

static void read_confirm(struct sip_preconds *p, struct sip_scan s)
{
	struct sip_precond_type *type = type_of(p, take_word(&s));
	struct sip_precond_row *row = NULL;
	uint8_t dir;

	if (type)
		row = take_row(type, &s, &dir);
	if (row)
		row->confirm |= dir;
}

static const struct {
	struct sip_str name;
	void (*read)(struct sip_preconds *p, struct sip_scan value);
} attrs[] = {
	{ { "curr", 4 }, read_current },
	{ { "des", 3 }, read_desired },
	{ { "conf", 4 }, read_confirm },
};

const struct sip_sdp_media *sip_precond_stream(const struct sip_sdp *sdp)
{
	const struct sip_sdp_media *media, *found = NULL;

	for (media = sdp->media; media < sdp->media + sdp->n_media; media++) {
		if (!media->port)
			continue;
		if (sip_str_eq(media->type, SIP_STR("audio")) && sip_str_ieq(media->proto, SIP_STR("RTP/AVP")))
			return media;
		found = found ? found : media;
	}
	return found;
}

void sip_precond_read(struct sip_preconds *p, const struct sip_sdp_media *media)
{
	struct sip_str lines = media->lines, name, value;
	size_t i;

	*p = (struct sip_preconds){};
	while (sip_sdp_next_attr(&lines, &name, &value)) {
		for (i = 0; i < ARRAY_SIZE(attrs); i++) {
			if (sip_str_eq(name, attrs[i].name))
				attrs[i].read(p, sip_scan_of(value));
		}
	}
}

/* ---- What it means ---- */

static bool is_qos(const struct sip_precond_type *type)
{
	return sip_str_ieq(sip_str_from(type->name), SIP_STR("qos"));
}

void sip_precond_init(struct sip_preconds *p, bool mandatory)
{
	const struct sip_precond_row row = {
		.there = true,
		.mandatory = mandatory ? SIP_SDP_SENDRECV : 0,
		.optional = mandatory ? 0 : SIP_SDP_SENDRECV,
	};

	*p = (struct sip_preconds){
		.n_types = 1, .types = { {
			.name = "qos", .rows = { [SIP_PRECOND_LOCAL] = row, [SIP_PRECOND_REMOTE] = row },
		} },
	};
}

/* Of the whole way we can speak for what we send. */
void sip_precond_set_ours(struct sip_preconds *p, bool there)
{
	struct sip_precond_type *type;
	struct sip_precond_row *e2e;

	for (type = p->types; type < p->types + p->n_types; type++) {
		if (!is_qos(type))
			continue;
		e2e = &type->rows[SIP_PRECOND_E2E];
		type->rows[SIP_PRECOND_LOCAL].current = there ? SIP_SDP_SENDRECV : 0;
		e2e->current = (e2e->current & SIP_SDP_RECVONLY) | (there ? SIP_SDP_SENDONLY : 0);
	}
}

bool sip_precond_is_unknown(const struct sip_preconds *p)
{
	const struct sip_precond_type *type;

	for (type = p->types; type < p->types + p->n_types; type++) {
		if (!is_qos(type) &&
		    (type->rows[SIP_PRECOND_LOCAL].mandatory || type->rows[SIP_PRECOND_E2E].mandatory))
			return true;
	}
	return p->overflow;
}

static uint8_t missing(const struct sip_precond_row *row)
{
	return row->mandatory & ~row->current;
}

bool sip_precond_is_pending(const struct sip_preconds *p)
{
	unsigned int i, at;

	for (i = 0; i < p->n_types; i++) {
		for (at = 0; at < _SIP_PRECOND_AT_COUNT; at++) {
			if (missing(&p->types[i].rows[at]))
				return true;
		}
	}
	return false;
}

bool sip_precond_has_mandatory(const struct sip_preconds *p)
{
	unsigned int i, at;

	for (i = 0; i < p->n_types; i++) {
		for (at = 0; at < _SIP_PRECOND_AT_COUNT; at++) {
			if (p->types[i].rows[at].mandatory)
				return true;
		}
	}
	return false;
}

static bool wants_confirmation(const struct sip_precond_row *row)
{
	return (row->confirm & ~row->known) && !(row->confirm & ~row->current);
}

bool sip_precond_wants_confirmation(const struct sip_preconds *p)
{
	unsigned int i;

	for (i = 0; i < p->n_types; i++) {
		if (wants_confirmation(&p->types[i].rows[SIP_PRECOND_LOCAL]) ||
		    wants_confirmation(&p->types[i].rows[SIP_PRECOND_E2E]))
			return true;
	}
	return false;
}

/* ---- Writing ---- */

static void put_words(struct sip_buf *b, const char *a, const char *c)
{
	sip_put_char(b, ' ');
	sip_put_z(b, a);
	sip_put_char(b, ' ');
	sip_put_z(b, c);
}

/* "a=curr:qos local sendrecv" */
static void put_status(struct sip_buf *b, const char *attr, const char *type, enum sip_precond_at at, uint8_t dir)
{
	sip_put_z(b, attr);
	sip_put_z(b, type);
	put_words(b, at_names[at], dir_names[dir & SIP_SDP_SENDRECV]);
	sip_put_lit(b, "\r\n");
}

static void put_desired(struct sip_buf *b, const char *type, const char *strength, enum sip_precond_at at, uint8_t dir)
{
	sip_put_lit(b, "a=des:");
	sip_put_z(b, type);
	sip_put_char(b, ' ');
	sip_put_z(b, strength);
	put_words(b, at_names[at], dir_names[dir & SIP_SDP_SENDRECV]);
	sip_put_lit(b, "\r\n");
}

static enum strength strength_of(const struct sip_precond_row *row, uint8_t dir)
{
	return row->mandatory & dir ? STRENGTH_MANDATORY : row->optional & dir ? STRENGTH_OPTIONAL : STRENGTH_NONE;
}

/* RFC 3312 5.1.1: one line where both directions are alike */
static void put_row_desired(struct sip_buf *b, const char *type, const struct sip_precond_row *row,
			    enum sip_precond_at at)
{
	enum strength send = strength_of(row, SIP_SDP_SENDONLY), recv = strength_of(row, SIP_SDP_RECVONLY);

	if (send == recv) {
		put_desired(b, type, strength_names[send], at, SIP_SDP_SENDRECV);
		return;
	}
	put_desired(b, type, strength_names[send], at, SIP_SDP_SENDONLY);
	put_desired(b, type, strength_names[recv], at, SIP_SDP_RECVONLY);
}

void sip_precond_put(struct sip_buf *b, const struct sip_preconds *p, bool confirm)
{
	const struct sip_precond_type *type;
	const struct sip_precond_row *rows;
	unsigned int at;

	for (type = p->types; type < p->types + p->n_types; type++) {
		rows = type->rows;
		for (at = 0; at < _SIP_PRECOND_AT_COUNT; at++) {
			if (rows[at].there)
				put_status(b, "a=curr:", type->name, at, rows[at].current);
		}
		for (at = 0; at < _SIP_PRECOND_AT_COUNT; at++) {
			if (rows[at].there)
				put_row_desired(b, type->name, &rows[at], at);
		}
		for (at = 0; confirm && at < _SIP_PRECOND_AT_COUNT; at++) {
			if (at != SIP_PRECOND_LOCAL && missing(&rows[at]))
				put_status(b, "a=conf:", type->name, at, missing(&rows[at]));
		}
	}
}

/* Those that we do not know, or else those that are not met */
static void put_failed_rows(struct sip_buf *b, const struct sip_preconds *p)
{
	bool unknown = sip_precond_is_unknown(p);
	const struct sip_precond_type *type;
	unsigned int at;
	uint8_t dir;

	for (type = p->types; type < p->types + p->n_types; type++) {
		if (unknown && is_qos(type))
			continue;
		for (at = 0; at < _SIP_PRECOND_AT_COUNT; at++) {
			dir = missing(&type->rows[at]);
			if (dir)
				put_desired(b, type->name, unknown ? "unknown" : "failure", at, dir);
		}
	}
}

void sip_precond_put_failed(struct sip_buf *b, const struct sip_sdp *sdp, const struct sip_preconds *p)
{
	const struct sip_sdp_media *media, *stream = sip_precond_stream(sdp);

	sip_put_lit(b, "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n");
	for (media = sdp->media; media < sdp->media + sdp->n_media; media++) {
		sip_sdp_put_rejected(b, media);
		if (media == stream)
			put_failed_rows(b, p);
	}
}
