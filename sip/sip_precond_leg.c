/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The preconditions of a leg (RFC 3312): what comes with its messages, and what goes out with them. */

#include <string.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_call.h"
#include "sip/sip_precond.h"
#include "sip/sip_scan.h"

/* A description with a transfer encoding, undone */
#define SDP_MAX 2048
#define FAILED_MAX 1024

/* talloc child of the call, from the first description on that has any, or is to have */
struct sip_call_precond {
	struct sip_preconds table;
	uint64_t version;		/* of o= in the description written last; 0: none was */
	uint64_t hash;			/* of its rest */
	bool ours_pending;		/* the user said so */
	char *failed;			/* what a 580 to the peer's latest description has; NULL: there was none */
};

enum sip_precond_use sip_precond_use(const struct sip_peer *peer)
{
	const struct sip_call_cfg *cfg = &peer->cfg.call;

	return cfg->rel100 == SIP_REL100_OFF ? SIP_PRECOND_OFF : cfg->precond;
}

static bool has_tag(const struct sip_msg *msg, const char *tag)
{
	return sip_msg_has_token(msg, SIP_HDR_REQUIRE, tag) || sip_msg_has_token(msg, SIP_HDR_SUPPORTED, tag);
}

/* ---- Received ---- */

/* False where there is no description that can be read: that is for others to say. */
static bool read_msg(struct sip_preconds *p, struct sip_sdp *sdp, const struct sip_msg *msg, char mem[SDP_MAX])
{
	struct sip_str text = sip_msg_sdp(msg, mem, SDP_MAX);
	const struct sip_sdp_media *stream;

	*p = (struct sip_preconds){};
	if (!text.len || sip_sdp_parse(sdp, text) < 0)
		return false;
	stream = sip_precond_stream(sdp);
	if (stream)
		sip_precond_read(p, stream);
	return true;
}

uint16_t sip_precond_refusal(const struct sip_peer *peer, const struct sip_msg *msg, const char **needs,
			     struct sip_buf *b)
{
	enum sip_precond_use use = sip_precond_use(peer);
	bool is_new = msg->method == SIP_INVITE && !msg->to.tag.p;
	struct sip_preconds table;
	struct sip_sdp sdp;
	char mem[SDP_MAX];

	if (use == SIP_PRECOND_OFF)
		return 0;
	*needs = "precondition";
	if (use == SIP_PRECOND_REQUIRED && is_new && !has_tag(msg, *needs))
		return 421;
	if (!msg->body.len || !read_msg(&table, &sdp, msg, mem))
		return 0;
	if (sip_precond_is_unknown(&table)) {
		sip_precond_put_failed(b, &sdp, &table);
		return 580;
	}
	/* 11: who has preconditions knows this, too; without it nothing could be answered before they are met */
	*needs = "100rel";
	sip_precond_set_ours(&table, true);
	return is_new && sip_precond_is_pending(&table) && !has_tag(msg, *needs) ? 421 : 0;
}

static struct sip_call_precond *precond_of(struct sip_call *call)
{
	if (!call->precond)
		call->precond = talloc_zero(call, struct sip_call_precond);
	return call->precond;
}

/* What a 580 would say: there is no other place that the peer's streams are kept in. */
static void keep_failed(struct sip_call_precond *pre, const struct sip_sdp *sdp)
{
	char text[FAILED_MAX];
	struct sip_buf b;

	TALLOC_FREE(pre->failed);
	if (!sip_precond_is_pending(&pre->table))
		return;
	sip_buf_init(&b, text, sizeof(text));
	sip_precond_put_failed(&b, sdp, &pre->table);
	if (!b.full)
		pre->failed = talloc_strndup(pre, text, sip_buf_len(&b));
}

/* Every description says all of it anew, but what we know ourselves (RFC 3312 5.2, RFC 4032 4.1). */
static void read_description(struct sip_call *call, const struct sip_msg *msg)
{
	struct sip_preconds table;
	struct sip_sdp sdp;
	char mem[SDP_MAX];

	if (!read_msg(&table, &sdp, msg, mem) || (!table.n_types && !call->precond))
		return;
	precond_of(call)->table = table;
	sip_precond_set_ours(&call->precond->table, !call->precond->ours_pending);
	keep_failed(call->precond, &sdp);
}

/* Their INVITE has no offer, ours is to come: 580 is for another time, then. */
static void prepare_offer(struct sip_call *call, const struct sip_msg *invite)
{
	enum sip_precond_use use = sip_precond_use(call->peer);

	if (!has_tag(invite, "precondition") || !sip_call_reliable(call))
		return;
	sip_precond_init(&precond_of(call)->table, use == SIP_PRECOND_REQUIRED);
	sip_precond_set_ours(&call->precond->table, true);
}

enum sip_precond sip_precond_rx(struct sip_call *call, const struct sip_msg *msg, enum sip_session session)
{
	if (!call->precond && sip_precond_use(call->peer) == SIP_PRECOND_OFF)
		return SIP_PRECOND_NONE;
	if (session != SIP_SESSION_NONE)
		read_description(call, msg);
	else if (!call->precond && msg && msg->is_request && msg->method == SIP_INVITE && !msg->to.tag.p)
		prepare_offer(call, msg);
	if (call->precond && session == SIP_SESSION_ANSWER && sip_precond_wants_confirmation(&call->precond->table))
		return SIP_PRECOND_CONFIRM;
	return sip_call_precond(call);
}

enum sip_precond sip_call_precond(const struct sip_call *call)
{
	if (!call->precond || !call->precond->table.n_types)
		return SIP_PRECOND_NONE;
	return sip_precond_is_pending(&call->precond->table) ? SIP_PRECOND_PENDING : SIP_PRECOND_MET;
}

/* ---- Sent ---- */

void sip_precond_begin(struct sip_call *call, const struct sip_prim *prim)
{
	enum sip_precond_use use = sip_precond_use(call->peer);
	bool pending = prim->precond == SIP_PRECOND_PENDING;

	if (use == SIP_PRECOND_OFF || !sip_offer_in_prim(prim))
		return;
	sip_precond_init(&precond_of(call)->table, pending || use == SIP_PRECOND_REQUIRED);
}

bool sip_precond_is_required(const struct sip_call *call)
{
	return call->precond && sip_precond_has_mandatory(&call->precond->table);
}

/* "o=<username> <sess-id> <sess-version> …": the place of the third word; false where there are no three */
static bool find_version(struct sip_str origin, struct sip_str *version)
{
	struct sip_scan s = sip_scan_of(origin);
	unsigned int words = 0;

	while (words < 2 && !sip_at_end(&s)) {
		if (*s.p++ == ' ')
			words++;
	}
	*version = sip_take_class(&s, SIP_C_DIGIT);
	return words == 2 && version->len;
}

static uint64_t number_of(struct sip_str digits)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < digits.len; i++)
		n = n * 10 + (digits.p[i] - '0');
	return n;
}

/* RFC 3264 8: lines of ours change a description too, so its version is ours to count; it never falls behind. */
static uint64_t next_version(struct sip_call *call, struct sip_str before, struct sip_str after, uint64_t theirs)
{
	struct sip_call_precond *pre = call->precond;
	uint64_t hash = sip_hash(call->sip, sip_hash(call->sip, 0, before), after);

	if (!pre->version)
		pre->version = theirs;
	else if (hash != pre->hash)
		pre->version = OSMO_MAX(theirs, pre->version + 1);
	pre->hash = hash;
	return pre->version;
}

static void put_description(struct sip_call *call, struct sip_buf *b, const struct sip_sdp *sdp, struct sip_str text,
			    struct sip_str version)
{
	const struct sip_sdp_media *stream = sip_precond_stream(sdp);
	const char *after_version = version.p + version.len, *end = text.p + text.len, *at = end;
	char mem[SDP_MAX];
	struct sip_buf rest;

	if (stream)
		at = stream->lines.p + stream->lines.len;
	sip_buf_init(&rest, mem, sizeof(mem));
	sip_put_str(&rest, sip_str_span(after_version, at));
	if (at[-1] != '\n')
		sip_put_lit(&rest, "\r\n");
	if (stream)
		sip_precond_put(&rest, &call->precond->table, call->incoming);
	sip_put_str(&rest, sip_str_span(at, end));
	b->full |= rest.full;
	sip_put_str(b, sip_str_span(text.p, version.p));
	sip_put_uint(b, next_version(call, sip_str_span(text.p, version.p), sip_buf_str(&rest), number_of(version)));
	sip_put_str(b, sip_buf_str(&rest));
}

bool sip_precond_write(struct sip_call *call, const struct sip_prim *prim, struct sip_buf *b)
{
	struct sip_call_precond *pre = call->precond;
	struct sip_str version;
	struct sip_sdp sdp;

	if (!pre)
		return false;
	if (prim->status == 580 && !prim->body.len && pre->failed) {
		sip_put_z(b, pre->failed);
		return true;
	}
	/* those that were given up leave the version behind */
	if (prim->status >= 300 || (!pre->table.n_types && !pre->version) || !sip_offer_in_prim(prim))
		return false;
	pre->ours_pending = prim->precond == SIP_PRECOND_PENDING;
	sip_precond_set_ours(&pre->table, !pre->ours_pending);
	if (sip_sdp_parse(&sdp, prim->body) < 0 || !find_version(sdp.origin, &version))
		return false;
	put_description(call, b, &sdp, prim->body, version);
	return true;
}
