/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A media gateway that needs no telling: a configured address, and a port computed from the circuit. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>

#include "log_cats.h"
#include "media_static_priv.h"
#include "isup/isup_par.h"
#include "sip/sip_sdp.h"
#include "sip/sip_sdp_t38.h"

#define BASE_PORT	16384
#define TEXT_MAX	1024
/* What most descriptions fit in */
#define ROOM 192
#define HEARD_MS	200	/* a tone there and back */

struct media_ctx {
	struct media_static *ms;
	struct media_static_address *address;
	uint64_t session_id;
	uint32_t version;
	uint16_t port;
	uint8_t tmr;			/* of the bearer */
	bool sent;			/* what we would write now has been written */
	bool hold;			/* we want to receive nothing */
	bool t38, offer_t38;		/* what was agreed last, and what we offer, is fax relay */
	uint16_t text_len;
	char *text;			/* our description since the peer's first one; NULL before */
	char room[ROOM];		/* of it, if it fits */
};

static const enum sip_sdp_codec sdp_codecs[] = {
	[MEDIA_STATIC_PCMA] = SIP_SDP_PCMA,
	[MEDIA_STATIC_PCMU] = SIP_SDP_PCMU,
};

/* ---- The media SAP ---- */

/* The port of a circuit; 0 and a line in the log where it has none */
static uint16_t port_of(const struct media_static *ms, const struct media_static_group *g,
			const struct media_bearer *bearer)
{
	unsigned int port = (g && g->port ? g->port : ms->base_port) + 2u * bearer->cic;

	if (port <= PORT_MAX)
		return port;
	LOGP(DMEDIA, LOGL_ERROR, "%s/%u: RTP port %u is above %u; give the group a lower base-port\n", bearer->group,
	     bearer->cic, port, PORT_MAX);
	return 0;
}

static bool port_take(struct media_static_address *address, uint16_t port)
{
	uint8_t bit = 1 << (port / 2 & 7);

	if (address->ports[port / 16] & bit)
		return false;
	address->ports[port / 16] |= bit;
	return true;
}

static void port_give(struct media_static_address *address, uint16_t port)
{
	address->ports[port / 16] &= ~(1 << (port / 2 & 7));
}

static int static_open(struct media *media, const struct media_bearer *bearer, media_cb *cb, void *user,
		       struct media_ctx **ctx)
{
	struct media_static *ms = media_static_of(media);
	const struct media_static_group *g = media_static_group_find(ms, bearer->group);
	struct media_static_address *address = g && g->address ? g->address : ms->address;
	uint16_t port = port_of(ms, g, bearer);

	if (!address) {
		LOGP(DMEDIA, LOGL_ERROR, "%s/%u: the media gateway's address is not configured\n", bearer->group,
		     bearer->cic);
		return -EADDRNOTAVAIL;
	}
	if (!port)
		return -ERANGE;
	*ctx = talloc_zero(ms, struct media_ctx);
	if (!*ctx)
		return -ENOMEM;
	if (!port_take(address, port)) {
		LOGP(DMEDIA, LOGL_ERROR, "%s/%u: RTP port %u is given to another circuit; give the groups addresses of "
		     "their own, or base-ports that are further apart\n", bearer->group, bearer->cic, port);
		talloc_free(*ctx);
		return -EADDRINUSE;
	}
	ms->n_open++;
	**ctx = (struct media_ctx){
		.ms = ms, .address = address, .port = port, .session_id = ms->next_session_id++, .version = 1,
		.tmr = bearer->tmr,
	};
	return 0;
}

static bool static_carries(struct media *media, const struct media_bearer *bearer)
{
	if (bearer->tmr == ISUP_TMR_64K_UNRESTRICTED || bearer->tmr == ISUP_TMR_64K_PREFERRED)
		return media_static_of(media)->clearmode;
	return bearer->tmr == ISUP_TMR_SPEECH || bearer->tmr == ISUP_TMR_3K1_AUDIO;
}

/* What the circuit is to carry: its octets as they are, or what they are as G.711, or the one rather than the other */
static void codecs_init(struct sip_sdp_local *local, const struct media_ctx *ctx)
{
	const struct media_static *ms = ctx->ms;

	if (ctx->tmr == ISUP_TMR_64K_UNRESTRICTED || ctx->tmr == ISUP_TMR_64K_PREFERRED)
		local->codecs[local->n_codecs++] = SIP_SDP_CLEARMODE;
	for (unsigned int i = 0; ctx->tmr != ISUP_TMR_64K_UNRESTRICTED && i < ms->n_codecs; i++)
		local->codecs[local->n_codecs++] = sdp_codecs[ms->codecs[i]];
}

static bool has_t38(const struct media_ctx *ctx)
{
	return ctx->ms->has_t38 && (ctx->tmr == ISUP_TMR_SPEECH || ctx->tmr == ISUP_TMR_3K1_AUDIO);
}

static void t38_init(struct sip_sdp_local *local, const struct media_ctx *ctx)
{
	local->t38 = &ctx->ms->t38;
	local->t38_port = ctx->port + ctx->ms->t38_beside;
	local->is_t38 = ctx->t38;
	local->offer_t38 = ctx->offer_t38;
}

static void local_init(struct sip_sdp_local *local, const struct media_ctx *ctx)
{
	*local = (struct sip_sdp_local){
		.address = sip_str_from(ctx->address->text), .port = ctx->port, .session_id = ctx->session_id,
		.version = ctx->version, .dir = ctx->hold ? SIP_SDP_SENDONLY : SIP_SDP_SENDRECV,
	};
	codecs_init(local, ctx);
	if (has_t38(ctx))
		t38_init(local, ctx);
}

/* Media can flow: the peer's address is of our family. */
static int choose(const struct sip_sdp *sdp, const struct sip_sdp_local *local, bool *is_t38)
{
	struct sip_sdp_choice choice;
	int rc = sip_sdp_choose(sdp, local, &choice);

	if (rc)
		return rc;
	*is_t38 = choice.is_t38;
	return choice.media->is_ipv6 == !!strchr(local->address.p, ':') ? 0 : -EPROTONOSUPPORT;
}

/* A new chunk, where there is no room in what is there for each call */
static char *text_room(struct media_ctx *ctx, size_t len)
{
	return len <= sizeof(ctx->room) ? ctx->room : talloc_size(ctx, len);
}

/* Keeps our description, made by put out of another one; where it differs from what was written before, it has the next
 * version (RFC 3264 8). */
static int keep(struct media_ctx *ctx, struct sip_sdp_local *local, const struct sip_sdp *from,
		int (*put)(struct sip_buf *b, const struct sip_sdp_local *local, const struct sip_sdp *from))
{
	char text[TEXT_MAX], *copy;
	struct sip_buf buf;
	bool same;

	sip_buf_init(&buf, text, sizeof(text));
	put(&buf, local, from);
	same = ctx->text && sip_buf_len(&buf) == ctx->text_len && !memcmp(text, ctx->text, ctx->text_len);
	if (same)
		return 0;
	if (ctx->sent) {
		local->version++;
		sip_buf_init(&buf, text, sizeof(text));
		put(&buf, local, from);
	}
	copy = buf.full ? NULL : text_room(ctx, sip_buf_len(&buf));
	if (!copy)
		return -EPROTONOSUPPORT;
	memcpy(copy, text, sip_buf_len(&buf));
	if (ctx->text != ctx->room)
		talloc_free(ctx->text);
	ctx->text = copy;
	ctx->text_len = sip_buf_len(&buf);
	ctx->version = local->version;
	ctx->sent = false;
	return 0;
}

static int parse_own(const struct media_ctx *ctx, struct sip_sdp *sdp)
{
	return ctx->text ? sip_sdp_parse(sdp, (struct sip_str){ .p = ctx->text, .len = ctx->text_len }) : -ENOENT;
}

static int static_set_remote(struct media_ctx *ctx, const char *text, size_t len)
{
	struct sip_sdp_local local;
	struct sip_sdp sdp, last;
	bool is_t38;
	int rc = sip_sdp_parse(&sdp, (struct sip_str){ .p = text, .len = len });

	if (rc)
		return rc == -E2BIG ? -EPROTONOSUPPORT : -EBADMSG;
	local_init(&local, ctx);
	if (local.t38 && parse_own(ctx, &last) == 0)
		local.last = &last;
	rc = choose(&sdp, &local, &is_t38);
	if (rc == 0)
		rc = keep(ctx, &local, &sdp, sip_sdp_put_answer);
	if (rc == 0)
		ctx->t38 = ctx->offer_t38 = is_t38;
	return rc;
}

/* RFC 3261 14.2: as for a new call, within what the streams of this one are */
static int offer_anew(struct media_ctx *ctx)
{
	struct sip_sdp_local local;
	struct sip_sdp last;
	int rc = parse_own(ctx, &last);

	if (rc)
		return rc;
	local_init(&local, ctx);
	return keep(ctx, &local, &last, sip_sdp_put_offer_anew);
}

static int static_local_sdp(struct media_ctx *ctx, enum media_sdp kind, char *text, size_t size)
{
	struct sip_sdp_local local;
	struct sip_buf buf;

	if (kind == MEDIA_SDP_OFFER && ctx->text && offer_anew(ctx) < 0)
		return -EINVAL;
	sip_buf_init(&buf, text, size);
	if (ctx->text) {
		sip_put_mem(&buf, ctx->text, ctx->text_len);
	} else {
		local_init(&local, ctx);
		sip_sdp_put_offer(&buf, &local);
	}
	if (buf.full)
		return -ENOSPC;
	ctx->sent = true;
	return sip_buf_len(&buf);
}

static int static_offer_as(struct media_ctx *ctx, enum media_kind kind)
{
	if (kind == MEDIA_T38 && !has_t38(ctx))
		return -ENOTSUP;
	ctx->offer_t38 = kind == MEDIA_T38;
	return 0;
}

static enum media_kind static_kind(const struct media_ctx *ctx)
{
	return ctx->t38 ? MEDIA_T38 : MEDIA_AUDIO;
}

static bool static_relays_fax(struct media *media)
{
	return media_static_of(media)->has_t38;
}

static void static_hold(struct media_ctx *ctx, bool hold)
{
	ctx->hold = hold;
}

/* Whatever the gateway connects is connected from the start. */
static int static_through(struct media_ctx *ctx, enum media_through through)
{
	return 0;
}

static void static_close(struct media_ctx *ctx)
{
	port_give(ctx->address, ctx->port);
	ctx->ms->n_open--;
	talloc_free(ctx);
}

/* Its own port, unless it is fax relay and that has another one */
static uint16_t port_in_use(const struct media_ctx *ctx)
{
	return ctx->port + (ctx->t38 && ctx->ms->t38_beside);
}

/* Our description may be that of an offer that was refused: then of another kind than what was agreed. */
static int static_print(const struct media_ctx *ctx, char *buf, size_t size)
{
	const char *kind = ctx->t38 ? "T.38 fax" : "audio";
	const struct sip_sdp_media *media = NULL;
	struct sip_sdp sdp;

	if (parse_own(ctx, &sdp))
		return snprintf(buf, size, "%s:%u, nothing agreed", ctx->address->text, ctx->port);
	for (unsigned int i = 0; i < sdp.n_media && !media; i++) {
		if (sdp.media[i].port && sip_t38_is(&sdp.media[i]) == ctx->t38)
			media = &sdp.media[i];
	}
	if (!media)
		return snprintf(buf, size, "%s:%u, %s", ctx->address->text, port_in_use(ctx), kind);
	return snprintf(buf, size, "%s:%u, %s, %.*s %.*s", ctx->address->text, port_in_use(ctx), kind,
			SIP_STR_ARG(media->proto), SIP_STR_ARG(media->fmts));
}

/* ---- Continuity check ---- */

struct media_check {
	media_check_cb *cb;
	void *user;
	struct osmo_timer_list timer;
};

static void check_done(void *data)
{
	const struct media_check *check = data;

	check->cb(true, check->user);
}

/* A loop is there at once. Of a tone that is lost nothing is heard, until T24. */
static int static_check_start(struct media *media, const struct media_bearer *bearer, enum media_check_end end,
			      media_check_cb *cb, void *user, struct media_check **check)
{
	struct media_check *c = talloc_zero(media, struct media_check);

	if (!c)
		return -ENOMEM;
	c->cb = cb;
	c->user = user;
	osmo_timer_setup(&c->timer, check_done, c);
	if (end == MEDIA_CHECK_LOOP || media_static_of(media)->check == MEDIA_STATIC_CHECK_HEARD)
		osmo_timer_schedule(&c->timer, 0, end == MEDIA_CHECK_TONE ? HEARD_MS * 1000 : 0);
	*check = c;
	return -EINPROGRESS;
}

static void static_check_stop(struct media_check *check)
{
	osmo_timer_del(&check->timer);
	talloc_free(check);
}

#define STATIC_OPS \
	.open = static_open, \
	.set_remote = static_set_remote, \
	.hold = static_hold, \
	.local_sdp = static_local_sdp, \
	.through = static_through, \
	.carries = static_carries, \
	.offer_as = static_offer_as, \
	.kind = static_kind, \
	.relays_fax = static_relays_fax, \
	.close = static_close, \
	.print = static_print, \
	.check_stop = static_check_stop

static const struct media_ops static_ops = { STATIC_OPS };
static const struct media_ops checking_ops = { STATIC_OPS, .check_start = static_check_start };

void media_static_set_check(struct media *media, enum media_static_check check)
{
	media_static_of(media)->check = check;
	media->ops = check == MEDIA_STATIC_CHECK_NONE ? &static_ops : &checking_ops;
}

enum media_static_check media_static_check(const struct media *media)
{
	return media_static_of(media)->check;
}

struct media *media_static_alloc(void *ctx)
{
	struct media_static *ms = talloc_zero(ctx, struct media_static);
	struct timespec now = {};

	if (!ms)
		return NULL;
	osmo_clock_gettime(CLOCK_REALTIME, &now);
	ms->media.ops = &static_ops;
	ms->base_port = BASE_PORT;
	ms->n_codecs = 1;	/* PCMA */
	ms->t38 = media_static_t38_default.sip;
	ms->next_session_id = now.tv_sec;
	INIT_LLIST_HEAD(&ms->addresses);
	INIT_LLIST_HEAD(&ms->groups);
	hash_init(ms->names);
	return &ms->media;
}
