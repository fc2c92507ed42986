/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configuration of the static media gateway: addresses and ports of circuit groups, codecs, what else it has. */

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "media_static_priv.h"

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

/* TS 29.163 K.2, but for the version, where the least is what all have */
const struct media_static_t38 media_static_t38_default = {
	.sip = {
		.max_bit_rate = 14400, .rate = SIP_T38_TRANSFERRED_TCF, .max_buffer = 1800, .max_datagram = 150,
		.ec = SIP_T38_EC_REDUNDANCY,
	},
};

static uint32_t hash_of(const char *name)
{
	uint32_t hash = 5381;

	while (*name)
		hash = hash * 33 + (uint8_t)*name++;
	return hash;
}

struct media_static_group *media_static_group_find(const struct media_static *ms, const char *name)
{
	struct media_static_group *g;

	hash_for_each_possible(ms->names, g, node, hash_of(name)) {
		if (!strcmp(g->name, name))
			return g;
	}
	return NULL;
}

/* Found, or made. NULL where no memory. */
static struct media_static_group *group_get(struct media_static *ms, const char *name)
{
	struct media_static_group *g = media_static_group_find(ms, name);

	if (g)
		return g;
	g = talloc_zero(ms, struct media_static_group);
	if (!g || !(g->name = talloc_strdup(g, name))) {
		talloc_free(g);
		return NULL;
	}
	llist_add_tail(&g->entry, &ms->groups);
	hash_add(ms->names, &g->node, hash_of(name));
	return g;
}

/* Nothing of its own is left. */
static void group_put(struct media_static_group *g)
{
	if (g->address || g->port)
		return;
	llist_del(&g->entry);
	hash_del(&g->node);
	talloc_free(g);
}

static struct media_static_address *address_get(struct media_static *ms, const char *text)
{
	struct media_static_address *a;

	llist_for_each_entry(a, &ms->addresses, entry) {
		if (!strcmp(a->text, text))
			return a;
	}
	a = talloc_zero(ms, struct media_static_address);
	if (!a)
		return NULL;
	osmo_strlcpy(a->text, text, sizeof(a->text));
	llist_add_tail(&a->entry, &ms->addresses);
	return a;
}

static int set_group_address(struct media_static *ms, const char *group, struct media_static_address *address)
{
	struct media_static_group *g = address ? group_get(ms, group) : media_static_group_find(ms, group);

	if (!g)
		return address ? -ENOMEM : 0;
	g->address = address;
	group_put(g);
	return 0;
}

int media_static_set_address(struct media *media, const char *group, const char *text)
{
	struct media_static *ms = media_static_of(media);
	uint8_t octets[sizeof(struct in6_addr)];
	struct media_static_address *address = NULL;

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
	const struct media_static *ms = media_static_of(media);
	const struct media_static_group *g = group ? media_static_group_find(ms, group) : NULL;
	const struct media_static_address *address = group ? (g ? g->address : NULL) : ms->address;

	return address ? address->text : "";
}

static int set_group_port(struct media_static *ms, const char *name, uint16_t port)
{
	struct media_static_group *g = port ? group_get(ms, name) : media_static_group_find(ms, name);

	if (!g)
		return port ? -ENOMEM : 0;
	g->port = port;
	group_put(g);
	return 0;
}

int media_static_set_base_port(struct media *media, const char *group, uint16_t port)
{
	struct media_static *ms = media_static_of(media);

	if ((port || !group) && (port < PORT_MIN || port > PORT_MAX || port % 2))
		return -EINVAL;
	if (group)
		return set_group_port(ms, group, port);
	ms->base_port = port;
	return 0;
}

uint16_t media_static_base_port(const struct media *media, const char *group)
{
	const struct media_static_group *g = group ? media_static_group_find(media_static_of(media), group) : NULL;

	if (group)
		return g ? g->port : 0;
	return media_static_of(media)->base_port;
}

void media_static_for_each_group(const struct media *media, void (*cb)(const char *group, void *data), void *data)
{
	const struct media_static_group *g;

	llist_for_each_entry(g, &media_static_of(media)->groups, entry)
		cb(g->name, data);
}

int media_static_set_codecs(struct media *media, const enum media_static_codec *codecs, unsigned int n)
{
	struct media_static *ms = media_static_of(media);
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
	const struct media_static *ms = media_static_of(media);

	memcpy(codecs, ms->codecs, ms->n_codecs * sizeof(codecs[0]));
	return ms->n_codecs;
}

void media_static_set_clearmode(struct media *media, bool clearmode)
{
	media_static_of(media)->clearmode = clearmode;
}

bool media_static_clearmode(const struct media *media)
{
	return media_static_of(media)->clearmode;
}

void media_static_set_t38(struct media *media, const struct media_static_t38 *t38)
{
	struct media_static *ms = media_static_of(media);

	ms->has_t38 = t38;
	if (!t38)
		return;
	ms->t38 = t38->sip;
	ms->t38_beside = t38->beside;
}

bool media_static_t38(const struct media *media, struct media_static_t38 *t38)
{
	const struct media_static *ms = media_static_of(media);

	*t38 = (struct media_static_t38){ .sip = ms->t38, .beside = ms->t38_beside };
	return ms->has_t38;
}

unsigned int media_static_open_count(const struct media *media)
{
	return media_static_of(media)->n_open;
}
