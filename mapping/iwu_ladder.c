/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flight recorder: a ring of compact records; what a line says is worked out when it is shown. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "mapping/iwu.h"
#include "mapping/iwu_ladder.h"
#include "mapping/mapping.h"
#include "isup/isup.h"
#include "sip/sip.h"
#include "sip/sip_body.h"

/* Longest record, and what it is cut to: a whole ISUP message, or a few header values */
#define REC_MAX		768
#define LINE_MAX_LEN	2048

enum { REC_SIP = 0x01, REC_OUT = 0x02, REC_FAILED = 0x04 };

struct rec {
	uint64_t time_us;
	uint32_t call_id;
	uint16_t len;			/* of data */
	uint8_t flags;
	uint8_t spare;
	uint8_t data[];
};

/* data of an ISUP record; then the message from its type octet on */
struct rec_isup {
	const struct isup_dialect *dialect;
	uint16_t cic;
	uint8_t octets[];
};

/* data of a SIP record; then fields of key, length, octets */
struct rec_sip {
	uint16_t status;
	uint8_t method;
	uint8_t fields[];
};

enum sip_field { FIELD_RURI, FIELD_FROM, FIELD_PAI, FIELD_PRIVACY, FIELD_REASON, FIELD_SDP_C, FIELD_SDP_M };
#define FIELD_MAX 96

/* Records lie one behind the other from tail to head; once wrapped, from tail to end and from 0 to head. */
struct iwu_ladder {
	size_t size;
	size_t head, tail, end;
	bool wrapped;
	uint64_t mem[];			/* aligned for struct rec */
};

static struct rec *rec_at(const struct iwu_ladder *ladder, size_t offset)
{
	return (struct rec *)((uint8_t *)ladder->mem + offset);
}

static size_t rec_size(const struct rec *rec)
{
	return (sizeof(*rec) + rec->len + 7) & ~(size_t)7;
}

struct iwu_ladder *iwu_ladder_alloc(void *ctx, size_t octets)
{
	size_t size = octets ? OSMO_MAX(octets, 2 * REC_MAX) & ~(size_t)7 : 0;
	struct iwu_ladder *ladder = talloc_named(ctx, sizeof(*ladder) + size, "struct iwu_ladder");

	if (!ladder)
		return NULL;
	*ladder = (struct iwu_ladder){ .size = size };
	return ladder;
}

static const struct rec *rec_first(const struct iwu_ladder *ladder)
{
	if (!ladder->wrapped && ladder->tail == ladder->head)
		return NULL;
	return rec_at(ladder, ladder->tail);
}

static const struct rec *rec_next(const struct iwu_ladder *ladder, const struct rec *rec)
{
	size_t start = (const uint8_t *)rec - (const uint8_t *)ladder->mem;
	size_t offset = start + rec_size(rec);

	if (ladder->wrapped && start >= ladder->tail && offset == ladder->end)
		offset = 0;
	return offset == ladder->head ? NULL : rec_at(ladder, offset);
}

static void forget_oldest(struct iwu_ladder *ladder)
{
	ladder->tail += rec_size(rec_at(ladder, ladder->tail));
	if (ladder->tail == ladder->end) {
		ladder->tail = 0;
		ladder->wrapped = false;
	}
}

/* Room for the longest record at head, at the cost of the oldest ones */
static struct rec *reserve(struct iwu_ladder *ladder)
{
	for (;;) {
		if (!ladder->wrapped) {
			if (ladder->size - ladder->head >= REC_MAX)
				break;
			ladder->end = ladder->head;
			ladder->head = 0;
			ladder->wrapped = true;
		}
		if (ladder->tail - ladder->head >= REC_MAX)
			break;
		forget_oldest(ladder);
	}
	return rec_at(ladder, ladder->head);
}

static void field_put(uint8_t **p, enum sip_field key, struct sip_str s)
{
	size_t len = OSMO_MIN(s.len, FIELD_MAX);

	if (!s.p)
		return;
	*(*p)++ = key;
	*(*p)++ = len;
	memcpy(*p, s.p, len);
	*p += len;
}

/* The first line of a text that starts with name; value is what comes after */
struct line {
	const char *name;
	struct sip_str value;
};

static bool line_take(struct line *line, const char *p, const char *stop)
{
	size_t len;

	if ((*p | 0x20) != (*line->name | 0x20) || line->value.p)
		return false;
	len = strlen(line->name);
	if ((size_t)(stop - p) < len || strncasecmp(p, line->name, len))
		return false;
	for (p += len; p < stop && *p == ' '; p++)
		;
	while (stop > p && (stop[-1] == '\r' || stop[-1] == ' '))
		stop--;
	line->value = (struct sip_str){ .p = p, .len = stop - p };
	return true;
}

/* Looks for all of them in one pass, until there is nothing left to look for. */
static void find_lines(struct line *lines, unsigned int n, struct sip_str text)
{
	const char *p = text.p, *end = text.p + text.len;
	unsigned int left = n;

	while (p && p < end && left) {
		const char *eol = memchr(p, '\n', end - p);

		for (struct line *line = lines; line < lines + n; line++)
			left -= line_take(line, p, eol ? eol : end);
		p = eol ? eol + 1 : NULL;
	}
}

/* Of the medium: audio, or the fax relay in its place */
static void fields_put_sdp(uint8_t **p, struct sip_str body)
{
	struct line lines[] = { { "c=" }, { "m=audio" } }, fax = { "m=image" };
	struct sip_str audio;

	find_lines(lines, ARRAY_SIZE(lines), body);
	audio = lines[1].value;
	if (!audio.p || (audio.len && audio.p[0] == '0'))
		find_lines(&fax, 1, body);
	field_put(p, FIELD_SDP_C, lines[0].value);
	field_put(p, FIELD_SDP_M, fax.value.p ? fax.value : audio);
}

static void fields_put_request(uint8_t **p, const struct sip_prim *prim)
{
	struct line lines[] = { { "P-Asserted-Identity:" }, { "Privacy:" }, { "Reason:" } };

	field_put(p, FIELD_RURI, prim->ruri);
	field_put(p, FIELD_FROM, prim->from);
	find_lines(lines, ARRAY_SIZE(lines), prim->headers);
	field_put(p, FIELD_PAI, lines[0].value);
	field_put(p, FIELD_PRIVACY, lines[1].value);
	field_put(p, FIELD_REASON, lines[2].value);
	fields_put_sdp(p, prim->body);
}

static void fields_put_hdr(uint8_t **p, enum sip_field key, const struct sip_msg *msg, enum sip_hdr_id id)
{
	const struct sip_hdr *hdr = sip_msg_hdr(msg, id);

	if (hdr)
		field_put(p, key, hdr->value);
}

static void fields_put_msg(uint8_t **p, const struct sip_msg *msg)
{
	char sdp[IWU_SDP_MAX];

	if (msg->is_request && msg->method == SIP_INVITE) {
		field_put(p, FIELD_RURI, msg->ruri);
		fields_put_hdr(p, FIELD_FROM, msg, SIP_HDR_FROM);
		fields_put_hdr(p, FIELD_PAI, msg, SIP_HDR_P_ASSERTED_IDENTITY);
		fields_put_hdr(p, FIELD_PRIVACY, msg, SIP_HDR_PRIVACY);
	}
	fields_put_hdr(p, FIELD_REASON, msg, SIP_HDR_REASON);
	fields_put_sdp(p, sip_msg_sdp(msg, sdp, sizeof(sdp)));
}

/* ---- rendering ---- */

/* As a word of its own: no spaces, nothing unprintable */
static void put_word(struct osmo_strbuf *sb, const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		OSMO_STRBUF_PRINTF(*sb, "%c", isgraph((unsigned char)p[i]) ? p[i] : '_');
}

/* The user part of a URI, or of the URI in a name-addr; its host where it has none ("@host") */
static void put_user(struct osmo_strbuf *sb, struct sip_str text)
{
	struct sip_addr addr;
	struct sip_uri uri;

	if (memchr(text.p, '<', text.len) && sip_addr_take(&addr, &text) == 0)
		text = addr.uri_text;
	if (sip_uri_parse(&uri, text) < 0) {
		put_word(sb, text.p, text.len);
	} else if (uri.user.len) {
		put_word(sb, uri.user.p, uri.user.len);
	} else {
		OSMO_STRBUF_PRINTF(*sb, "@");
		put_word(sb, uri.host.p, uri.host.len);
	}
}

/* The cause of a Q.850 reason; where there is none, the header as it is */
static void put_reason(struct osmo_strbuf *sb, struct sip_str s)
{
	struct sip_str list = s;
	struct sip_reason reason;

	while (sip_reason_take(&reason, &list) == 0) {
		if (reason.has_cause && sip_str_ieq(reason.protocol, SIP_STR("Q.850"))) {
			OSMO_STRBUF_PRINTF(*sb, "%u", reason.cause);
			return;
		}
	}
	put_word(sb, s.p, s.len);
}

/* "IN IP4 192.0.2.1" and "16386 RTP/AVP 8", or "16386 udptl t38": address, then port, which says so of the latter */
static void put_sdp(struct osmo_strbuf *sb, struct sip_str s, bool is_port)
{
	const char *end = s.p + s.len, *p = s.p;

	if (is_port) {
		while (p < end && *p == ' ')
			p++;
		while (p < end && isdigit((unsigned char)*p))
			OSMO_STRBUF_PRINTF(*sb, "%c", *p++);
		if (end - p > 6 && !strncasecmp(p, " udptl", 6))
			OSMO_STRBUF_PRINTF(*sb, "/t38");
		return;
	}
	while (end > p && end[-1] == ' ')
		end--;
	for (p = end; p > s.p && p[-1] != ' '; p--)
		;
	put_word(sb, p, end - p);
}

static const char *const field_names[] = {
	[FIELD_RURI] = " ruri=", [FIELD_FROM] = " from=", [FIELD_PAI] = " pai=", [FIELD_PRIVACY] = " privacy=",
	[FIELD_REASON] = " reason=", [FIELD_SDP_C] = " sdp=", [FIELD_SDP_M] = ":",
};

static void put_field(struct osmo_strbuf *sb, enum sip_field key, struct sip_str s)
{
	OSMO_STRBUF_PRINTF(*sb, "%s", field_names[key]);
	switch (key) {
	case FIELD_RURI:
	case FIELD_FROM:
	case FIELD_PAI:
		put_user(sb, s);
		break;
	case FIELD_REASON:
		put_reason(sb, s);
		break;
	case FIELD_SDP_C:
	case FIELD_SDP_M:
		put_sdp(sb, s, key == FIELD_SDP_M);
		break;
	default:
		put_word(sb, s.p, s.len);
	}
}

static void print_sip(struct osmo_strbuf *sb, const struct rec *rec)
{
	const struct rec_sip *sip = (const struct rec_sip *)rec->data;
	const uint8_t *p = sip->fields, *end = rec->data + rec->len;
	struct sip_str method = sip_method_name(sip->method);

	OSMO_STRBUF_PRINTF(*sb, "        sip %c ", rec->flags & REC_OUT ? '<' : '>');
	if (rec->flags & REC_FAILED)
		OSMO_STRBUF_PRINTF(*sb, "FAILED ");
	if (sip->status)
		OSMO_STRBUF_PRINTF(*sb, "%u", sip->status);
	else
		OSMO_STRBUF_PRINTF(*sb, "%.*s", SIP_STR_ARG(method));
	if (sip->status && sip->method != SIP_INVITE)
		OSMO_STRBUF_PRINTF(*sb, " method=%.*s", SIP_STR_ARG(method));
	for (; p + 2 <= end; p += 2 + p[1])
		put_field(sb, p[0], (struct sip_str){ .p = (const char *)p + 2, .len = p[1] });
}

static void print_isup(struct osmo_strbuf *sb, const struct rec *rec)
{
	const struct rec_isup *isup = (const struct rec_isup *)rec->data;
	const char *failed = rec->flags & REC_FAILED ? "FAILED " : "";
	size_t len = rec->len - offsetof(struct rec_isup, octets);
	struct isup_msg msg;

	OSMO_STRBUF_PRINTF(*sb, "isup %c %s", rec->flags & REC_OUT ? '<' : '>', failed);
	if (len && isup_msg_decode(&msg, isup->dialect, isup->octets, len, NULL) == 0) {
		msg.cic = isup->cic;
		OSMO_STRBUF_APPEND(*sb, isup_msg_print_buf, &msg);
	} else {
		OSMO_STRBUF_PRINTF(*sb, "undecodable %s", len ? osmo_hexdump_nospc(isup->octets, len) : "");
	}
}

static void print_rec(struct osmo_strbuf *sb, const struct rec *rec)
{
	if (rec->flags & REC_SIP)
		print_sip(sb, rec);
	else
		print_isup(sb, rec);
}

/* ---- recording ---- */

static void commit(struct iwu_ladder *ladder, struct rec *rec, uint32_t call_id, uint8_t flags, size_t len)
{
	struct timespec now;

	osmo_clock_gettime(CLOCK_MONOTONIC, &now);
	rec->time_us = now.tv_sec * 1000000ull + now.tv_nsec / 1000;
	rec->call_id = call_id;
	rec->flags = flags;
	rec->len = len;
	if (ladder->size)
		ladder->head += rec_size(rec);
	if (log_check_level(DLADDER, LOGL_INFO)) {
		char line[LINE_MAX_LEN];
		struct osmo_strbuf sb = { .buf = line, .len = sizeof(line) };

		print_rec(&sb, rec);
		LOGP(DLADDER, LOGL_INFO, "call %" PRIu32 ": %s\n", call_id, line);
	}
}

void iwu_ladder_isup(struct iwu_ladder *ladder, uint32_t call_id, uint16_t cic, const struct isup_prim *prim)
{
	uint64_t scratch[REC_MAX / sizeof(uint64_t)];
	struct rec *rec = ladder->size ? reserve(ladder) : (struct rec *)scratch;
	struct rec_isup *isup = (struct rec_isup *)rec->data;
	const struct isup_msg *msg = prim->msg;
	uint8_t flags = 0;
	int len = OSMO_MIN(msg->octets_len, ISUP_MSG_OCTETS_MAX);

	isup->dialect = msg->dialect;
	isup->cic = cic;
	if (len)
		memcpy(isup->octets, msg->octets, len);
	else
		len = OSMO_MAX(isup_msg_encode(msg, isup->octets, ISUP_MSG_OCTETS_MAX), 0);
	if (prim->op == PRIM_OP_REQUEST)
		flags |= REC_OUT;
	if (prim->type == ISUP_PRIM_FAILED)
		flags |= REC_FAILED;
	commit(ladder, rec, call_id, flags, offsetof(struct rec_isup, octets) + len);
}

void iwu_ladder_sip(struct iwu_ladder *ladder, uint32_t call_id, const struct sip_prim *prim)
{
	uint64_t scratch[REC_MAX / sizeof(uint64_t)];
	struct rec *rec = ladder->size ? reserve(ladder) : (struct rec *)scratch;
	struct rec_sip *sip = (struct rec_sip *)rec->data;
	uint8_t *p = sip->fields, flags = REC_SIP;

	sip->status = prim->status;
	sip->method = prim->method;
	if (prim->op == PRIM_OP_REQUEST) {
		flags |= REC_OUT;
		fields_put_request(&p, prim);
	} else if (prim->msg) {
		fields_put_msg(&p, prim->msg);
	}
	if (prim->type == SIP_PRIM_FAILED)
		flags |= REC_FAILED;
	commit(ladder, rec, call_id, flags, p - rec->data);
}

/* ---- reading ---- */

int iwu_ladder_print(const struct iwu_ladder *ladder, uint32_t call_id, void (*cb)(const char *line, void *data),
		     void *data)
{
	uint64_t start_us = 0;
	int n = 0;

	for (const struct rec *rec = rec_first(ladder); rec; rec = rec_next(ladder, rec)) {
		char line[LINE_MAX_LEN];
		struct osmo_strbuf sb = { .buf = line, .len = sizeof(line) };

		if (rec->call_id != call_id)
			continue;
		if (!n++)
			start_us = rec->time_us;
		OSMO_STRBUF_PRINTF(sb, "%8.3f ", (rec->time_us - start_us) / 1e6);
		print_rec(&sb, rec);
		cb(line, data);
	}
	return n;
}

bool iwu_ladder_remote_media(const struct iwu_ladder *ladder, uint32_t call_id, char *buf, size_t size)
{
	struct osmo_strbuf sb;
	bool found = false;

	for (const struct rec *rec = rec_first(ladder); rec; rec = rec_next(ladder, rec)) {
		const struct rec_sip *sip = (const struct rec_sip *)rec->data;
		const uint8_t *p = sip->fields, *end = rec->data + rec->len;

		if (rec->call_id != call_id || (rec->flags & (REC_SIP | REC_OUT)) != REC_SIP)
			continue;
		for (; p + 2 <= end; p += 2 + p[1]) {
			struct sip_str field = { .p = (const char *)p + 2, .len = p[1] };

			if (p[0] == FIELD_SDP_C)
				sb = (struct osmo_strbuf){ .buf = buf, .len = size };
			if (p[0] == FIELD_SDP_M && found)
				OSMO_STRBUF_PRINTF(sb, ":");
			found |= p[0] == FIELD_SDP_C;
			if ((p[0] == FIELD_SDP_C || p[0] == FIELD_SDP_M) && found)
				put_sdp(&sb, field, p[0] == FIELD_SDP_M);
		}
	}
	return found;
}

size_t iwu_ladder_ids(const struct iwu_ladder *ladder, uint32_t *ids, size_t max)
{
	size_t n = 0;

	for (const struct rec *rec = rec_first(ladder); rec; rec = rec_next(ladder, rec)) {
		size_t i = 0;

		while (i < n && ids[i] > rec->call_id)
			i++;
		if (i == max || (i < n && ids[i] == rec->call_id))
			continue;
		n = OSMO_MIN(n + 1, max);
		memmove(ids + i + 1, ids + i, (n - i - 1) * sizeof(*ids));
		ids[i] = rec->call_id;
	}
	return n;
}
