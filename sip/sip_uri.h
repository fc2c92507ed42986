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

/* The user part, up to its parameters, with %-escapes undone and visual separators (-.()) removed into buf: for
 * telephone numbers. Zero terminated. Returns its length, or -EINVAL where an escape is broken or hides a control
 * character, or it does not fit. */
int sip_uri_number(const struct sip_uri *uri, char *buf, size_t size);

/* The same of any such text: sip_tel's rn, cic … */
int sip_phone_digits(struct sip_str text, char *buf, size_t size);

/* Undoes %-escapes. Returns the length (not zero terminated), or -EINVAL as above. */
int sip_unescape(struct sip_str text, char *buf, size_t size);

/* ---- The telephone subscriber in a tel URI, or in the user part of a sip URI ---- */

/* Borrowed from the URI, as written: in a sip URI still with its %-escapes (sip_unescape()). Absent: not given. */
struct sip_tel {
	struct sip_str number;		/* with its visual separators; sip_uri_number() is without */
	bool is_global;			/* begins with '+' (RFC 3966 5.1.4) */
	bool npdi;			/* RFC 4694: the number portability database has been asked */
	struct sip_str context;		/* phone-context: a domain name, or "+33" */
	struct sip_str isub, isub_encoding, ext;	/* RFC 3966 5.2, RFC 4715; 5.3 */
	struct sip_str cpc, oli;	/* calling party's category, originating line information */
	struct sip_str rn, rn_context;	/* RFC 4694: routing number */
	struct sip_str cic, cic_context;	/* carrier identification code */
	struct sip_str dai;		/* how it was chosen: dial-around indicator */
	struct sip_str tgrp, trunk_context;	/* RFC 4904: a trunk group; both or none */
};

/* 0; -ENOENT where there is no subscriber (no user, or one that is no number); -EBADMSG: one that cannot be used:
 * not by the grammar, a parameter twice, isub together with ext, an unknown parameter that is mandatory (5.4).
 *
 * Received leniently: no phone-context for a local number, which only means that it is understood by who is
 * configured for it; parameters in any order. One of tgrp and trunk-context alone counts as none (RFC 4904 5). */
int sip_tel_parse(struct sip_tel *tel, const struct sip_uri *uri);

/* ---- For the room: parameters one by one ---- */

struct sip_uri_par {
	struct sip_str name, value;	/* still escaped; value without p: there is no '=' */
};
/* Takes one off the front of *list, up to the next separator: ';' of parameters, '&' of headers; false at the end */
bool sip_uri_par_take(struct sip_uri_par *par, struct sip_str *list, char sep);
