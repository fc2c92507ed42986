/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dialog (RFC 3261 12): who is talking to whom, in which order, over which route; and the requests within it. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_dialog.h"
#include "sip/sip_session_id.h"

/* Proxies in one route set */
#define ROUTES_MAX 32

/* ---- The text ---- */

void sip_dialog_init(struct sip_dialog *d, char *mem, size_t size)
{
	*d = (struct sip_dialog){ .text = mem, .size = OSMO_MIN(size, UINT16_MAX) };
	INIT_HLIST_NODE(&d->node);
}

/* Moves all parts but one to new memory that has room for that one's new text. */
static int move_text(struct sip_dialog *d, void *ctx, enum sip_dialog_part but, size_t len)
{
	size_t size = len;
	uint16_t used = 0;
	char *mem;
	enum sip_dialog_part i;

	for (i = 0; i < _SIP_DLG_PARTS; i++)
		size += i == but ? 0 : d->parts[i].len;
	if (size > UINT16_MAX)
		return -EMSGSIZE;
	mem = talloc_size(ctx, size);
	for (i = 0; i < _SIP_DLG_PARTS; i++) {
		if (i == but)
			continue;
		memcpy(mem + used, d->text + d->parts[i].at, d->parts[i].len);
		d->parts[i].at = used;
		used += d->parts[i].len;
	}
	talloc_free(d->own);
	d->own = d->text = mem;
	d->size = size;
	d->used = used;
	return 0;
}

int sip_dialog_set(struct sip_dialog *d, void *ctx, enum sip_dialog_part part, struct sip_str s)
{
	int rc;

	if (s.len > d->parts[part].len) {
		if (s.len > (size_t)(d->size - d->used)) {
			rc = move_text(d, ctx, part, s.len);
			if (rc < 0)
				return rc;
		}
		d->parts[part].at = d->used;
		d->used += s.len;
	}
	d->parts[part].len = s.len;
	if (s.len)
		memcpy(d->text + d->parts[part].at, s.p, s.len);
	return 0;
}

size_t sip_dialog_text_len(const struct sip_dialog_text *text)
{
	size_t len = 0;
	int i;

	for (i = 0; i < _SIP_DLG_PARTS; i++)
		len += text->parts[i].len;
	return len;
}

int sip_dialog_set_all(struct sip_dialog *d, void *ctx, const struct sip_dialog_text *text)
{
	int rc = 0;
	int i;

	for (i = 0; i < _SIP_DLG_PARTS && rc == 0; i++) {
		if (text->parts[i].p)
			rc = sip_dialog_set(d, ctx, i, text->parts[i]);
	}
	if (rc == 0 && !sip_uuid_is_nil(&text->session))
		d->session = text->session;
	return rc;
}

size_t sip_dialog_size(const struct sip_dialog *d)
{
	size_t size = 0;
	int i;

	for (i = 0; i < _SIP_DLG_PARTS; i++)
		size += d->parts[i].len;
	return size;
}

void sip_dialog_copy(struct sip_dialog *d, char *mem, const struct sip_dialog *from)
{
	int i;

	*d = *from;
	INIT_HLIST_NODE(&d->node);
	d->text = mem;
	d->own = NULL;
	d->used = 0;
	for (i = 0; i < _SIP_DLG_PARTS; i++) {
		memcpy(mem + d->used, from->text + from->parts[i].at, from->parts[i].len);
		d->parts[i].at = d->used;
		d->used += from->parts[i].len;
	}
	d->size = d->used;
}

/* 12.1.1: Record-Route in its order; 12.1.2: in reverse. URIs with their parameters are kept. */
static int put_routes(struct sip_buf *b, const struct sip_msg *msg, bool reverse)
{
	struct sip_addr addrs[ROUTES_MAX];
	const struct sip_addr *addr;
	struct sip_values v;
	int n = 0, i, rc;

	sip_values_init(&v, msg, SIP_HDR_RECORD_ROUTE);
	while (n < ROUTES_MAX && (rc = sip_values_next_addr(&v, &addrs[n])) == 0)
		n++;
	if (n == ROUTES_MAX || rc != -ENOENT)
		return -EBADMSG;
	for (i = 0; i < n; i++) {
		addr = &addrs[reverse ? n - 1 - i : i];
		if (i)
			sip_put_lit(b, ", ");
		sip_put_lit(b, "<");
		sip_put_str(b, addr->uri_text);
		sip_put_lit(b, ">");
		if (addr->params.len) {
			sip_put_lit(b, ";");
			sip_put_str(b, addr->params);
		}
	}
	return b->full ? -EBADMSG : 0;
}

static int get_routes(struct sip *sip, struct sip_str *routes, const struct sip_msg *msg, bool reverse)
{
	struct sip_buf b;
	int rc;

	*routes = (struct sip_str){ sip->tx, 0 };
	if (!sip_msg_hdr(msg, SIP_HDR_RECORD_ROUTE))
		return 0;
	sip_buf_init(&b, sip->tx, sizeof(sip->tx));
	rc = put_routes(&b, msg, reverse);
	routes->len = sip_buf_len(&b);
	return rc;
}

int sip_dialog_text_target(struct sip_str *target, const struct sip_msg *msg)
{
	struct sip_addr addr;
	struct sip_uri uri;
	int rc = sip_msg_addr_uri(msg, SIP_HDR_CONTACT, &addr, &uri);

	if (rc < 0)
		return rc;
	if (uri.scheme != SIP_SCHEME_SIP && uri.scheme != SIP_SCHEME_SIPS)
		return -EBADMSG;
	*target = addr.uri_text;
	return 0;
}

int sip_dialog_text_uas(struct sip *sip, struct sip_dialog_text *text, const struct sip_msg *msg, struct sip_str tag)
{
	int rc;

	*text = (struct sip_dialog_text){ .parts = {
		[SIP_DLG_CALL_ID] = msg->call_id,
		[SIP_DLG_LOCAL] = sip_msg_hdr(msg, SIP_HDR_TO)->value,
		[SIP_DLG_LOCAL_TAG] = tag,
		[SIP_DLG_REMOTE] = sip_msg_hdr(msg, SIP_HDR_FROM)->value,
		[SIP_DLG_REMOTE_TAG] = msg->from.tag,
	} };
	sip_session_id_learn(&text->session, msg);
	/* RFC 2543 clients need not say where they are: then it is where they say they come from */
	rc = sip_dialog_text_target(&text->parts[SIP_DLG_TARGET], msg);
	if (rc == -ENOENT && !sip_via_is_3261(&msg->via))
		text->parts[SIP_DLG_TARGET] = msg->from.uri_text;
	else if (rc < 0)
		return -EBADMSG;
	return get_routes(sip, &text->parts[SIP_DLG_ROUTES], msg, false);
}

int sip_dialog_text_uac(struct sip *sip, struct sip_dialog_text *text, const struct sip_msg *msg)
{
	*text = (struct sip_dialog_text){ .parts = {
		[SIP_DLG_REMOTE] = sip_msg_hdr(msg, SIP_HDR_TO)->value,
		[SIP_DLG_REMOTE_TAG] = msg->to.tag.p ? msg->to.tag : SIP_STR(""),
	} };
	sip_session_id_learn(&text->session, msg);
	if (sip_dialog_text_target(&text->parts[SIP_DLG_TARGET], msg) == -EBADMSG)
		return -EBADMSG;
	return get_routes(sip, &text->parts[SIP_DLG_ROUTES], msg, true);
}

/* ---- Finding it ---- */

/* Both are the peer's, so that neither alone may make a chain long. */
static uint32_t hash_of(const struct sip *sip, struct sip_str call_id, struct sip_str remote_tag)
{
	return sip_hash(sip, sip_hash(sip, 0, call_id), remote_tag);
}

void sip_dialog_hash(struct sip *sip, struct sip_dialog *d)
{
	d->hash = hash_of(sip, sip_dialog_get(d, SIP_DLG_CALL_ID), sip_dialog_get(d, SIP_DLG_REMOTE_TAG));
	hash_add(sip->calls, &d->node, d->hash);
}

void sip_dialog_unhash(struct sip_dialog *d)
{
	hash_del(&d->node);
}

static bool is_from_remote(const struct sip_dialog *d, uint32_t hash, const struct sip_msg *msg)
{
	return d->hash == hash && sip_str_eq(sip_dialog_get(d, SIP_DLG_CALL_ID), msg->call_id) &&
	       sip_str_eq(sip_dialog_get(d, SIP_DLG_REMOTE_TAG), msg->from.tag);
}

struct sip_dialog *sip_dialog_find(struct sip *sip, const struct sip_msg *msg)
{
	uint32_t hash = hash_of(sip, msg->call_id, msg->from.tag);
	struct sip_dialog *d;

	hash_for_each_possible(sip->calls, d, node, hash) {
		if (is_from_remote(d, hash, msg) && sip_str_eq(sip_dialog_get(d, SIP_DLG_LOCAL_TAG), msg->to.tag))
			return d;
	}
	return NULL;
}

struct sip_dialog *sip_dialog_find_merged(struct sip *sip, const struct sip_msg *msg)
{
	uint32_t hash = hash_of(sip, msg->call_id, msg->from.tag);
	struct sip_dialog *d;

	hash_for_each_possible(sip->calls, d, node, hash) {
		if (is_from_remote(d, hash, msg) && d->has_remote_cseq && d->remote_cseq == msg->cseq.number)
			return d;
	}
	return NULL;
}

struct sip_dialog *sip_dialog_find_sent(struct sip *sip, const struct sip_msg *msg)
{
	struct sip_str remote_tag = msg->to.tag.p ? msg->to.tag : SIP_STR("");
	uint32_t hash = hash_of(sip, msg->call_id, remote_tag);
	struct sip_dialog *d;

	hash_for_each_possible(sip->calls, d, node, hash) {
		if (d->hash == hash && sip_str_eq(sip_dialog_get(d, SIP_DLG_CALL_ID), msg->call_id) &&
		    sip_str_eq(sip_dialog_get(d, SIP_DLG_REMOTE_TAG), remote_tag) &&
		    sip_str_eq(sip_dialog_get(d, SIP_DLG_LOCAL_TAG), msg->from.tag))
			return d;
	}
	return NULL;
}

/* ---- Requests within it ---- */

/* 12.2.1.1, 16.12.1.1: a route that begins with a URI without lr is strict, its URI goes into the request line and the
 * target to the end of the route. */
struct route {
	bool strict;
	struct sip_str first;		/* URI; absent: no route */
	struct sip_str rest;		/* strict: what follows the first */
};

static void route_of(const struct sip_dialog *d, struct route *route)
{
	struct sip_str list = sip_dialog_get(d, SIP_DLG_ROUTES);
	struct sip_addr addr;
	struct sip_uri uri;

	*route = (struct route){};
	if (!list.len || sip_addr_take(&addr, &list) < 0)
		return;
	route->first = addr.uri_text;
	route->rest = list;
	route->strict = sip_uri_parse(&uri, addr.uri_text) == 0 && !sip_uri_param(&uri, "lr", NULL);
}

static void put_route(struct sip_buf *b, const struct sip_dialog *d, const struct route *route)
{
	if (!route->first.p)
		return;
	if (!route->strict) {
		sip_put_hdr(b, SIP_STR("Route"), sip_dialog_get(d, SIP_DLG_ROUTES));
		return;
	}
	sip_put_lit(b, "Route: ");
	if (route->rest.len) {
		sip_put_str(b, route->rest);
		sip_put_lit(b, ", ");
	}
	sip_put_lit(b, "<");
	sip_put_str(b, sip_dialog_get(d, SIP_DLG_TARGET));
	sip_put_lit(b, ">\r\n");
}

void sip_dialog_put_request(struct sip_buf *b, const struct sip_dialog *d, const struct sip_dialog_request *req)
{
	struct sip_str tag = sip_dialog_get(d, SIP_DLG_LOCAL_TAG);
	struct sip_str name = sip_method_name(req->method);
	struct route route;

	route_of(d, &route);
	sip_put_request_line(b, name, route.strict ? route.first : sip_dialog_get(d, SIP_DLG_TARGET));
	sip_put_lit(b, "Via: SIP/2.0/");
	sip_put_z(b, req->via);
	sip_put_lit(b, " ");
	sip_put_z(b, req->sent_by);
	sip_put_lit(b, ";branch=");
	sip_put_mem(b, req->branch->text, sizeof(req->branch->text));
	sip_put_lit(b, ";rport");
	if (req->alias)
		sip_put_lit(b, ";alias");
	sip_put_lit(b, "\r\nMax-Forwards: ");
	sip_put_uint(b, req->max_forwards ? req->max_forwards : 70);
	sip_put_lit(b, "\r\n");
	put_route(b, d, &route);
	sip_put_lit(b, "From: ");
	sip_put_str(b, sip_dialog_get(d, SIP_DLG_LOCAL));
	if (tag.len) {
		sip_put_lit(b, ";tag=");
		sip_put_str(b, tag);
	}
	sip_put_lit(b, "\r\nTo: ");
	sip_put_str(b, sip_dialog_get(d, SIP_DLG_REMOTE));
	sip_put_lit(b, "\r\nCall-ID: ");
	sip_put_str(b, sip_dialog_get(d, SIP_DLG_CALL_ID));
	sip_put_lit(b, "\r\nCSeq: ");
	sip_put_uint(b, req->cseq);
	sip_put_lit(b, " ");
	sip_put_str(b, name);
	sip_put_lit(b, "\r\n");
	if (req->sip)
		sip_session_id_put(b, req->sip, sip_dialog_get(d, SIP_DLG_CALL_ID), &d->session);
}

/* 19.1.2, RFC 3263 4.1: *proto stays where the URI says nothing */
static void read_transport(const struct sip_uri *uri, enum sip_proto *proto)
{
	static const struct { const char *name; enum sip_proto proto; } names[] = {
		{ "udp", SIP_PROTO_UDP }, { "tcp", SIP_PROTO_TCP }, { "tls", SIP_PROTO_TLS },
		{ "sctp", SIP_PROTO_SCTP }, {}
	};
	struct sip_str value;
	int i;

	if (uri->scheme == SIP_SCHEME_SIPS) {
		*proto = SIP_PROTO_TLS;
		return;
	}
	if (!sip_uri_param(uri, "transport", &value))
		return;
	for (i = 0; names[i].name; i++) {
		if (sip_str_ieq(value, sip_str_from(names[i].name)))
			*proto = names[i].proto;
	}
}

int sip_dialog_next_uri(const struct sip_dialog *d, struct sip_uri *uri, enum sip_proto *proto)
{
	struct route route;

	route_of(d, &route);
	if (sip_uri_parse(uri, route.first.p ? route.first : sip_dialog_get(d, SIP_DLG_TARGET)) < 0)
		return -EINVAL;
	if (uri->scheme != SIP_SCHEME_SIP && uri->scheme != SIP_SCHEME_SIPS)
		return -EINVAL;
	read_transport(uri, proto);
	return 0;
}

int sip_dialog_next_hop(const struct sip_dialog *d, union sip_sockaddr *addr, enum sip_proto *proto)
{
	struct sip_uri uri;

	if (sip_dialog_next_uri(d, &uri, proto) < 0)
		return -EINVAL;
	return sip_sockaddr_from_host(addr, uri.host, uri.host_is_ipv6, uri.port ? uri.port :
				      *proto == SIP_PROTO_TLS ? SIPS_PORT : SIP_PORT);
}
