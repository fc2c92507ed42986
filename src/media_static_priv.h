/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the static media gateway is made of: its configuration, which media_static_cfg.c keeps. */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>

#include <osmocom/core/hashtable.h>
#include <osmocom/core/linuxlist.h>

#include "media_static.h"

#define PORT_MIN	1024
#define PORT_MAX	65534

/* An address of the media gateway; talloc child of the media, for as long as that */
struct media_static_address {
	struct llist_head entry;
	char text[INET6_ADDRSTRLEN];
	uint8_t ports[65536 / 2 / 8];	/* bit n: RTP port 2n is given to a circuit */
};

/* A circuit group with an address or a base port of its own; talloc child of the media */
struct media_static_group {
	struct llist_head entry;
	struct hlist_node node;
	const char *name;
	struct media_static_address *address;	/* NULL: the general one */
	uint16_t port;			/* 0: the general one */
};

struct media_static {
	struct media media;
	struct llist_head addresses;	/* struct media_static_address */
	struct media_static_address *address;	/* the general one, or NULL */
	uint16_t base_port;
	struct llist_head groups;	/* struct media_static_group, in the order of configuration */
	DECLARE_HASHTABLE(names, 8);	/* the same by name: asked for each call */
	bool clearmode;
	bool has_t38, t38_beside;	/* there is fax relay; at the port beside RTP's */
	struct sip_t38 t38;
	enum media_static_check check;
	unsigned int n_codecs;
	enum media_static_codec codecs[_MEDIA_STATIC_CODECS];
	uint64_t next_session_id;
	unsigned int n_open;
};

static inline struct media_static *media_static_of(const struct media *media)
{
	return (struct media_static *)media;
}

struct media_static_group *media_static_group_find(const struct media_static *ms, const char *name);
