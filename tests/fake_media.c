/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fake media gateway: PCMA, CLEARMODE if told so, 127.0.0.1, port 16384 + 2 × CIC; slow or failing on demand. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "fakes.h"
#include "isup/isup_par.h"

struct media_ctx {
	media_cb *cb;
	void *user;
	uint16_t port;
	uint8_t tmr;
	unsigned int codec;	/* chosen, 0: not yet */
	bool t38, offer_t38;	/* agreed, to be offered */
	bool remote;		/* the peer has described its side */
	unsigned int wanted;	/* and this of ours: direction() */
	bool hold;		/* of our own */
	bool busy;		/* something asked has not been reported yet */
	bool closed;
};

static struct media_ctx *ctx_last;
static unsigned int n_open;
static bool is_async, is_traced, has_data, has_fax;
static const char *fail_op;
static int fail_rc;

static void note(const char *text, const char *more)
{
	if (is_traced)
		fake_note(FAKE_MEDIA, "%s%s%s", text, *more ? " " : "", more);
}

/* Does this op fail? */
static bool fails(const char *op)
{
	if (!fail_op || strcmp(op, fail_op))
		return false;
	fail_op = NULL;
	return true;
}

static int result(struct media_ctx *ctx)
{
	if (!is_async)
		return 0;
	ctx->busy = true;
	return -EINPROGRESS;
}

static int media_open(struct media *media, const struct media_bearer *bearer, media_cb *cb, void *user,
		      struct media_ctx **ctx)
{
	if (fails("open"))
		return fail_rc;
	ctx_last = talloc_zero(media, struct media_ctx);
	*ctx_last = (struct media_ctx){ .cb = cb, .user = user, .port = 16384 + 2 * bearer->cic,
				       .tmr = bearer->tmr };
	n_open++;
	note("open", bearer->group);
	*ctx = ctx_last;
	return result(ctx_last);
}

static void check_open(const struct media_ctx *ctx, const char *op)
{
	if (!ctx || ctx->closed)
		fake_die("media %s on a context that is closed", op);
}

#define CLEARMODE 97

static bool is_data(uint8_t tmr)
{
	return tmr == ISUP_TMR_64K_UNRESTRICTED || tmr == ISUP_TMR_64K_PREFERRED;
}

/* Speech and 3.1 kHz audio; data if told so */
static bool media_carries(struct media *media, const struct media_bearer *bearer)
{
	return is_data(bearer->tmr) ? has_data :
	       bearer->tmr == ISUP_TMR_SPEECH || bearer->tmr == ISUP_TMR_3K1_AUDIO;
}

static unsigned int wanted(const char *m)
{
	return strstr(m, "a=inactive") ? 0 : strstr(m, "a=sendonly") ? 2 : strstr(m, "a=recvonly") ? 1 : 3;
}

static int set_fax(struct media_ctx *ctx, const char *m, unsigned int port)
{
	char text[16];

	if (!has_fax || !port)
		return -EPROTONOSUPPORT;
	ctx->remote = ctx->t38 = ctx->offer_t38 = true;
	ctx->wanted = wanted(m);
	snprintf(text, sizeof(text), "%u/t38", port);
	note("remote", text);
	return result(ctx);
}

static int media_set_remote(struct media_ctx *ctx, const char *sdp, size_t len)
{
	char text[1024], media[16];
	unsigned int port, codec;
	const char *m;

	check_open(ctx, "set_remote");
	if (fails("remote"))
		return fail_rc;
	snprintf(text, sizeof(text), "%.*s", (int)len, sdp);
	m = strstr(text, "m=");
	if (m && sscanf(m, "m=image %u udptl t3%u", &port, &codec) == 2)
		return set_fax(ctx, m, port);
	if (!m || sscanf(m, "m=%15s %u RTP/AVP %u", media, &port, &codec) != 3)
		return -EBADMSG;
	if (strcmp(media, "audio") || (codec != CLEARMODE && codec != 8) ||
	    (codec == CLEARMODE && !is_data(ctx->tmr)) || (codec == 8 && ctx->tmr == ISUP_TMR_64K_UNRESTRICTED))
		return -EPROTONOSUPPORT;
	ctx->remote = true;
	ctx->wanted = wanted(m);
	ctx->codec = codec;
	ctx->t38 = ctx->offer_t38 = false;
	snprintf(text, sizeof(text), "%u", port);
	note("remote", text);
	return result(ctx);
}

/* Ours: 1, we send; 2, we receive */
static unsigned int direction(const struct media_ctx *ctx, enum media_sdp kind)
{
	return (ctx->hold ? 1 : 3) & (kind == MEDIA_SDP_ANSWER ? ctx->wanted : 3);
}

#define HEAD "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"

static int media_local_sdp(struct media_ctx *ctx, enum media_sdp kind, char *buf, size_t size)
{
	bool answered = ctx->codec && kind == MEDIA_SDP_ANSWER;
	bool data = answered ? ctx->codec == CLEARMODE : is_data(ctx->tmr);
	static const char *const directions[] = { "a=inactive\r\n", "a=sendonly\r\n", "a=recvonly\r\n", "" };
	bool audio = answered ? ctx->codec == 8 : ctx->tmr != ISUP_TMR_64K_UNRESTRICTED;

	check_open(ctx, "local_sdp");
	if (kind == MEDIA_SDP_ANSWER && !ctx->remote)
		fake_die("media local_sdp: an answer to nothing");
	if (fails("local"))
		return fail_rc;
	if (kind == MEDIA_SDP_OFFER && ctx->remote)
		note("offer", ctx->hold ? "hold" : "anew");
	if (kind == MEDIA_SDP_OFFER ? ctx->offer_t38 : ctx->t38)
		return snprintf(buf, size, HEAD "m=image %u udptl t38\r\n%s", ctx->port,
				directions[direction(ctx, kind)]);
	return snprintf(buf, size, HEAD
			"m=audio %u RTP/AVP%s%s\r\n%s%s", ctx->port, data ? " 97" : "", audio ? " 8" : "",
			data ? "a=rtpmap:97 CLEARMODE/8000\r\n" : "", directions[direction(ctx, kind)]);
}

static int media_offer_as(struct media_ctx *ctx, enum media_kind kind)
{
	check_open(ctx, "offer_as");
	if (kind == MEDIA_T38 && !has_fax)
		return -ENOTSUP;
	ctx->offer_t38 = kind == MEDIA_T38;
	return 0;
}

static enum media_kind media_kind(const struct media_ctx *ctx)
{
	check_open(ctx, "kind");
	return ctx->t38 ? MEDIA_T38 : MEDIA_AUDIO;
}

static bool media_relays_fax(struct media *media)
{
	return has_fax;
}

static void media_hold(struct media_ctx *ctx, bool hold)
{
	check_open(ctx, "hold");
	ctx->hold = hold;
}

static int media_through(struct media_ctx *ctx, enum media_through through)
{
	static const char *const names[] = { "none", "backward", "both" };

	check_open(ctx, "through");
	if (fails("through"))
		return fail_rc;
	note("through", names[through]);
	return result(ctx);
}

static void media_close(struct media_ctx *ctx)
{
	check_open(ctx, "close");
	note("close", "");
	ctx->closed = true;
	n_open--;
}

static const struct media_ops fake_ops = {
	.open = media_open,
	.set_remote = media_set_remote,
	.hold = media_hold,
	.local_sdp = media_local_sdp,
	.through = media_through,
	.carries = media_carries,
	.offer_as = media_offer_as,
	.kind = media_kind,
	.relays_fax = media_relays_fax,
	.close = media_close,
};

struct media *fake_media_alloc(void *ctx)
{
	struct media *media = talloc_zero(ctx, struct media);

	media->ops = &fake_ops;
	ctx_last = NULL;
	is_async = is_traced = has_data = has_fax = false;
	fail_op = NULL;
	return media;
}

void fake_media_finish(void)
{
	if (n_open)
		fake_die("%u media contexts were not closed", n_open);
}

void fake_media_set_async(bool async)
{
	is_async = async;
}

void fake_media_set_data(bool data)
{
	has_data = data;
}

void fake_media_set_fax(bool fax)
{
	has_fax = fax;
}

void fake_media_set_trace(bool trace)
{
	is_traced = trace;
}

bool fake_media_is_traced(void)
{
	return is_traced;
}

void fake_media_fail(const char *op, int rc)
{
	fail_op = op ? talloc_strdup(fake_ctx, op) : NULL;
	fail_rc = rc;
}

bool fake_media_is_busy(void)
{
	return ctx_last && !ctx_last->closed && ctx_last->busy;
}

void fake_media_event(enum media_event event)
{
	if (!ctx_last || ctx_last->closed)
		return;
	if (event == MEDIA_EV_DONE && !ctx_last->busy)
		fake_die("the test reports media done, but nothing was asked");
	if (event <= MEDIA_EV_FAILED)
		ctx_last->busy = false;
	ctx_last->cb(ctx_last, event, ctx_last->user);
}
