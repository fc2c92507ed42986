/* SPDX-License-Identifier: GPL-3.0-or-later */
/* URIs: sip, sips, tel, and any other scheme as it is (RFC 3261 19.1, RFC 3966). */
#pragma once

#include <stdint.h>

#include "sip/sip_str.h"

enum sip_scheme { SIP_SCHEME_OTHER, SIP_SCHEME_SIP, SIP_SCHEME_SIPS, SIP_SCHEME_TEL };

struct sip_uri {
	enum sip_scheme scheme;
	bool host_is_ipv6;
	uint16_t port;			/* 0: not given */
	struct sip_str scheme_name;
	/* sip: as written, still escaped, with user parameters; tel: the number as written; other: what follows ':' */
	struct sip_str user;
	/* tel parameters after the first ';' of a sip user part or of a tel URI; may be empty */
	struct sip_str user_params;
	struct sip_str password;
	struct sip_str host;		/* without the brackets of an IPv6 reference */
	struct sip_str params;		/* sip: after the host, without the first ';' */
	struct sip_str headers;		/* sip: after '?' */
};

/* Reads text as one whole URI. 0, or -EBADMSG. */
int sip_uri_parse(struct sip_uri *uri, struct sip_str text);

/* A parameter of a sip or sips URI, or of a tel URI; name and value may have been written with escapes.
 * True if present; *value (may be NULL) is as written, empty if it has none. */
bool sip_uri_param(const struct sip_uri *uri, const char *name, struct sip_str *value);

/* A header within a sip or sips URI: true if present, *value as written, still escaped */
bool sip_uri_header(const struct sip_uri *uri, const char *name, struct sip_str *value);

/* RFC 3261 19.1.4; tel: RFC 3966 section 5 as far as numbers go; other schemes octet for octet */
bool sip_uri_eq(const struct sip_uri *a, const struct sip_uri *b);

/* The user part, up to its parameters, with %-escapes undone and visual separators (-.()) removed into buf: for
 * telephone numbers. Zero terminated. Returns its length, or -EINVAL where an escape is broken or hides a control
 * character, or it does not fit. */
int sip_uri_number(const struct sip_uri *uri, char *buf, size_t size);

/* Undoes %-escapes. Returns the length (not zero terminated), or -EINVAL as above. */
int sip_unescape(struct sip_str text, char *buf, size_t size);
