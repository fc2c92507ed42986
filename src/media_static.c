/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A media gateway that needs no telling: a configured address, and a port computed from the circuit. */

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include <osmocom/core/hashtable.h>
#include <osmocom/core/linuxlist.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>

#include "log_cats.h"
#include "media_static.h"
#include "isup/isup_par.h"
#include "sip/sip_sdp.h"

#define BASE_PORT	16384
#define PORT_MIN	1024
#define PORT_MAX	65534
#define TEXT_MAX	1024
/* What most descriptions fit in */
#define ROOM 192
#define HEARD_MS	200	/* a tone there and back */

/* An address of the media gateway; talloc child of the media, for as long as that */
struct address {
	struct llist_head entry;
	char text[INET6_ADDRSTRLEN];
	uint8_t ports[65536 / 2 / 8];	/* bit n: RTP port 2n is given to a circuit */
};

/* A circuit group with an address or a base port of its own; talloc child of the media */
struct group {
	struct llist_head entry;
	struct hlist_node node;
	const char *name;
	struct address *address;	/* NULL: the general one */
	uint16_t port;			/* 0: the general one */
};

struct media_static {
	struct media media;
	struct llist_head addresses;	/* struct address */
	struct address *address;	/* the general one, or NULL */
	uint16_t base_port;
	struct llist_head groups;	/* struct group, in the order of configuration */
	DECLARE_HASHTABLE(names, 8);	/* the same by name: asked for each call */
	bool clearmode;
	enum media_static_check check;
	unsigned int n_codecs;
	enum media_static_codec codecs[_MEDIA_STATIC_CODECS];
	uint64_t next_session_id;
	unsigned int n_open;
};

struct media_ctx {
	struct media_static *ms;
	struct address *address;
	uint64_t session_id;
	uint32_t version;
	uint16_t port;
	uint8_t tmr;			/* of the bearer */
	bool sent;			/* what we would write now has been written */
	bool hold;			/* we want to receive nothing */
	uint16_t text_len;
	char *text;			/* our description since the peer's first one; NULL before */
	char room[ROOM];		/* of it, if it fits */
};

const struct value_string media_static_codec_names[] = {
	{ MEDIA_STATIC_PCMA, "pcma" },
	{ MEDIA_STATIC_PCMU, "pcmu" },
	{}
};

const struct value_string media_static_check_names[] = {
	{ MEDIA_STATIC_CHECK_HEARD, "heard" },
	{ MEDIA_STATIC_CHECK_LOST, "lost" },
	{}
};

static const enum sip_sdp_codec sdp_codecs[] = {
	[MEDIA_STATIC_PCMA] = SIP_SDP_PCMA,
	[MEDIA_STATIC_PCMU] = SIP_SDP_PCMU,
};

static struct media_static *static_of(const struct media *media)
{
	return (struct media_static *)media;
}

/* ---- Configuration ---- */

static uint32_t hash_of(const char *name)
{
	uint32_t hash = 5381;

	while (*name)
		hash = hash * 33 + (uint8_t)*name++;
	return hash;
}

static struct group *group_find(const struct media_static *ms, const char *name)
{
	struct group *g;

	hash_for_each_possible(ms->names, g, node, hash_of(name)) {
		if (!strcmp(g->name, name))
			return g;
	}
	return NULL;
}

/* Found, or made. NULL where no memory. */
static struct group *group_get(struct media_static *ms, const char *name)
{
	struct group *g = group_find(ms, name);

	if (g)
		return g;
	g = talloc_zero(ms, struct group);
	if (!g || !(g->name = talloc_strdup(g, name))) {
		talloc_free(g);
		return NULL;
	}
	llist_add_tail(&g->entry, &ms->groups);
	hash_add(ms->names, &g->node, hash_of(name));
	return g;
}

/* Nothing of its own is left. */
static void group_put(struct group *g)
{
	if (g->address || g->port)
		return;
	llist_del(&g->entry);
	hash_del(&g->node);
	talloc_free(g);
}

static struct address *address_get(struct media_static *ms, const char *text)
{
	struct address *a;

	llist_for_each_entry(a, &ms->addresses, entry) {
		if (!strcmp(a->text, text))
			return a;
	}
	a = talloc_zero(ms, struct address);
	if (!a)
		return NULL;
	osmo_strlcpy(a->text, text, sizeof(a->text));
	llist_add_tail(&a->entry, &ms->addresses);
	return a;
}

static int set_group_address(struct media_static *ms, const char *group, struct address *address)
{
	struct group *g = address ? group_get(ms, group) : group_find(ms, group);

	if (!g)
		return address ? -ENOMEM : 0;
	g->address = address;
	group_put(g);
	return 0;
}

int media_static_set_address(struct media *media, const char *group, const char *text)
{
	struct media_static *ms = static_of(media);
	uint8_t octets[sizeof(struct in6_addr)];
	struct address *address = NULL;

	if (text) {
		if (strlen(text) >= INET6_ADDRSTRLEN ||
		    (inet_pton(AF_INET, text, octets) != 1 && inet_pton(AF_INET6, text, octets) != 1))
			return -EINVAL;
		address = address_get(ms, text);
		if (!address)
			return -ENOMEM;
	}
	if (group)
		return set_group_address(ms, group, address);
	ms->address = address;
	return 0;
}

const char *media_static_address(const struct media *media, const char *group)
{
	const struct media_static *ms = static_of(media);
	const struct group *g = group ? group_find(ms, group) : NULL;
	const struct address *address = group ? (g ? g->address : NULL) : ms->address;

	return address ? address->text : "";
}

static int set_group_port(struct media_static *ms, const char *name, uint16_t port)
{
	struct group *g = port ? group_get(ms, name) : group_find(ms, name);

	if (!g)
		return port ? -ENOMEM : 0;
	g->port = port;
	group_put(g);
	return 0;
}

int media_static_set_base_port(struct media *media, const char *group, uint16_t port)
{
	struct media_static *ms = static_of(media);

	if ((port || !group) && (port < PORT_MIN || port > PORT_MAX || port % 2))
		return -EINVAL;
	if (group)
		return set_group_port(ms, group, port);
	ms->base_port = port;
	return 0;
}

uint16_t media_static_base_port(const struct media *media, const char *group)
{
	const struct group *g = group ? group_find(static_of(media), group) : NULL;

	if (group)
		return g ? g->port : 0;
	return static_of(media)->base_port;
}

void media_static_for_each_group(const struct media *media, void (*cb)(const char *group, void *data), void *data)
{
	const struct group *g;

	llist_for_each_entry(g, &static_of(media)->groups, entry)
		cb(g->name, data);
}

int media_static_set_codecs(struct media *media, const enum media_static_codec *codecs, unsigned int n)
{
	struct media_static *ms = static_of(media);
	unsigned int seen = 0;

	if (!n || n > _MEDIA_STATIC_CODECS)
		return -EINVAL;
	for (unsigned int i = 0; i < n; i++) {
		if (codecs[i] >= _MEDIA_STATIC_CODECS || seen & 1u << codecs[i])
			return -EINVAL;
		seen |= 1u << codecs[i];
	}
	memcpy(ms->codecs, codecs, n * sizeof(codecs[0]));
	ms->n_codecs = n;
	return 0;
}

unsigned int media_static_codecs(const struct media *media, enum media_static_codec codecs[_MEDIA_STATIC_CODECS])
{
	const struct media_static *ms = static_of(media);

	memcpy(codecs, ms->codecs, ms->n_codecs * sizeof(codecs[0]));
	return ms->n_codecs;
}

void media_static_set_clearmode(struct media *media, bool clearmode)
{
	static_of(media)->clearmode = clearmode;
}

bool media_static_clearmode(const struct media *media)
{
	return static_of(media)->clearmode;
}

unsigned int media_static_open_count(const struct media *media)
{
	return static_of(media)->n_open;
}

/* ---- The media SAP ---- */

/* The port of a circuit; 0 and a line in the log where it has none */
static uint16_t port_of(const struct media_static *ms, const struct group *g, const struct media_bearer *bearer)
{
	unsigned int port = (g && g->port ? g->port : ms->base_port) + 2u * bearer->cic;

	if (port <= PORT_MAX)
		return port;
	LOGP(DMEDIA, LOGL_ERROR, "%s/%u: RTP port %u is above %u; give the group a lower base-port\n", bearer->group,
	     bearer->cic, port, PORT_MAX);
	return 0;
}

static bool port_take(struct address *address, uint16_t port)
{
	uint8_t bit = 1 << (port / 2 & 7);

	if (address->ports[port / 16] & bit)
		return false;
	address->ports[port / 16] |= bit;
	return true;
}

static void port_give(struct address *address, uint16_t port)
{
	address->ports[port / 16] &= ~(1 << (port / 2 & 7));
}

static int static_open(struct media *media, const struct media_bearer *bearer, media_cb *cb, void *user,
		       struct media_ctx **ctx)
{
	struct media_static *ms = static_of(media);
	const struct group *g = group_find(ms, bearer->group);
	struct address *address = g && g->address ? g->address : ms->address;
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
		return static_of(media)->clearmode;
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

static void local_init(struct sip_sdp_local *local, const struct media_ctx *ctx)
{
	*local = (struct sip_sdp_local){
		.address = sip_str_from(ctx->address->text), .port = ctx->port, .session_id = ctx->session_id,
		.version = ctx->version, .dir = ctx->hold ? SIP_SDP_SENDONLY : SIP_SDP_SENDRECV,
	};
	codecs_init(local, ctx);
}

/* Media can flow: the peer's address is of our family. */
static int check_family(const struct sip_sdp *sdp, const struct sip_sdp_local *local)
{
	struct sip_sdp_choice choice;
	int rc = sip_sdp_choose(sdp, local, &choice);

	if (rc)
		return rc;
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

static int static_set_remote(struct media_ctx *ctx, const char *text, size_t len)
{
	struct sip_sdp_local local;
	struct sip_sdp sdp;
	int rc = sip_sdp_parse(&sdp, (struct sip_str){ .p = text, .len = len });

	if (rc)
		return rc == -E2BIG ? -EPROTONOSUPPORT : -EBADMSG;
	local_init(&local, ctx);
	rc = check_family(&sdp, &local);
	return rc ? rc : keep(ctx, &local, &sdp, sip_sdp_put_answer);
}

/* RFC 3261 14.2: as for a new call, within what the streams of this one are */
static int offer_anew(struct media_ctx *ctx)
{
	struct sip_sdp_local local;
	struct sip_sdp last;
	int rc = sip_sdp_parse(&last, (struct sip_str){ .p = ctx->text, .len = ctx->text_len });

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

static int static_print(const struct media_ctx *ctx, char *buf, size_t size)
{
	struct sip_sdp sdp;

	if (!ctx->text || sip_sdp_parse(&sdp, (struct sip_str){ .p = ctx->text, .len = ctx->text_len }) ||
	    !sdp.n_media)
		return snprintf(buf, size, "%s:%u, nothing agreed", ctx->address->text, ctx->port);
	return snprintf(buf, size, "%s:%u, %.*s %.*s", ctx->address->text, ctx->port,
			SIP_STR_ARG(sdp.media[0].proto), SIP_STR_ARG(sdp.media[0].fmts));
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
	if (end == MEDIA_CHECK_LOOP || static_of(media)->check == MEDIA_STATIC_CHECK_HEARD)
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
	.close = static_close, \
	.print = static_print, \
	.check_stop = static_check_stop

static const struct media_ops static_ops = { STATIC_OPS };
static const struct media_ops checking_ops = { STATIC_OPS, .check_start = static_check_start };

void media_static_set_check(struct media *media, enum media_static_check check)
{
	static_of(media)->check = check;
	media->ops = check == MEDIA_STATIC_CHECK_NONE ? &static_ops : &checking_ops;
}

enum media_static_check media_static_check(const struct media *media)
{
	return static_of(media)->check;
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
	ms->next_session_id = now.tv_sec;
	INIT_LLIST_HEAD(&ms->addresses);
	INIT_LLIST_HEAD(&ms->groups);
	hash_init(ms->names);
	return &ms->media;
}
