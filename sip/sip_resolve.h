/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a domain's SIP servers are (RFC 3263): looked up on the select loop, kept by their TTL. */
#pragma once

#include "sip/sip_peer.h"

/* Server for tests, else those of the system; in force from the next look-up on. addr NULL: those of the system */
struct sip_resolve_cfg {
	bool server_set;
	struct osmo_sockaddr server;
	unsigned int timeout_ms;	/* of one query; 2000 */
	unsigned int tries;		/* 2 */
	unsigned int negative_ttl_s;	/* what is not there, or could not be asked, is asked again after; 60 */
	unsigned int min_ttl_s, max_ttl_s;	/* 5, 86400 */
};
struct sip_resolve_cfg *sip_resolve_cfg(struct sip *sip);
/* The configuration has changed. */
void sip_resolve_restart(struct sip *sip);

struct sip_resolve_query {
	const char *domain;
	uint16_t port;			/* 0: from SRV */
	enum sip_proto proto;
	bool any_proto;			/* proto is not looked at */
	void (*cb)(void *data);		/* the addresses have changed; from the select loop only */
	void *data;
};
/* Looks up now, and again when what was found has expired; what was found before is kept while nothing better is. */
struct sip_resolve *sip_resolve_start(struct sip *sip, const struct sip_resolve_query *query);
void sip_resolve_free(struct sip_resolve *res);		/* NULL: nothing */
/* What is known */
void sip_resolve_add_to(const struct sip_resolve *res, struct sip_target_list *list);

/* For show sip dns */
struct sip_resolve_info {
	const char *domain, *state;	/* "found", "looking up", or why there is nothing */
	unsigned int addresses, next_s;
	unsigned long queries, failed;
};
void sip_resolve_info(const struct sip_resolve *res, struct sip_resolve_info *info);

/* The endpoint is about to be freed. */
void sip_resolve_end_all(struct sip *sip);
