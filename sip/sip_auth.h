/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digest authentication (RFC 7616, RFC 8760): challenges, answers to them, nonces. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <osmocom/core/utils.h>

#include "sip/sip_build.h"
#include "sip/sip_msg.h"

/* In the order of strength */
enum sip_auth_alg { SIP_AUTH_MD5, SIP_AUTH_SHA256, SIP_AUTH_SHA512_256, _SIP_AUTH_ALGS };
extern const struct value_string sip_auth_alg_names[];

/* Hexadecimal digits of a hash, zero terminated */
#define SIP_AUTH_HEX_SIZE 65

/* One value of (WWW|Proxy)-Authenticate or (Proxy-)Authorization; what was not there is absent.
 * Quoted strings are without their quotes, still escaped. */
struct sip_auth {
	struct sip_str username, realm, nonce, uri, response, algorithm, cnonce, opaque, qop, nc, stale, userhash;
};
/* 0; -ENOTSUP: another scheme than Digest; -EBADMSG, also where a parameter stands twice */
int sip_auth_parse(struct sip_auth *auth, struct sip_str value);
/* algorithm, and whether it is a -sess one. 0 or -ENOTSUP; absent is MD5. */
int sip_auth_algorithm(const struct sip_auth *auth, enum sip_auth_alg *alg, bool *sess);

/* ---- What both sides compute ---- */

struct sip_auth_input {
	enum sip_auth_alg alg;
	bool sess;
	struct sip_str user, password;
	const struct sip_auth *auth;		/* realm, nonce, uri, cnonce, nc, qop (absent: RFC 2069) */
	struct sip_str method, body;		/* body: of auth-int */
};
/* RFC 7616 3.4.1. 0, or -ENOTSUP where the library has no such hash */
int sip_auth_response(char hex[SIP_AUTH_HEX_SIZE], const struct sip_auth_input *in);

/* ---- Client ---- */

struct sip_auth_client {
	const char *user, *password;
	const char *realm;			/* NULL: whichever asks */
	bool no_md5;				/* only what is stronger is answered */
};
/* The nonce answered last, and how often: one for each of those who ask */
struct sip_auth_nonce {
	uint64_t hash;
	uint32_t count;
};
/* What of a response is answered */
struct sip_auth_choice {
	struct sip_auth auth;
	enum sip_auth_alg alg;
	bool sess, auth_int, has_qop, proxy;
};
/* The strongest challenge in a 401 or 407 that can be answered with these credentials. 0; -ENOENT: none. */
int sip_auth_choose(struct sip_auth_choice *choice, const struct sip_msg *response,
		    const struct sip_auth_client *cred);
/* The header line that answers it. nc counts from 1; cnonce is the caller's. 0 or -ENOTSUP. */
int sip_auth_put(struct sip_buf *b, const struct sip_auth_choice *choice, const struct sip_auth_client *cred,
		 const struct sip_msg *request, uint32_t nc, struct sip_str cnonce);

/* ---- Server ---- */

#define SIP_AUTH_SECRET_LEN 32
/* Nonces need no table: they hold their time, and a code that only we can make. What is kept is how often those that
 * were answered correctly have been used. */
struct sip_auth_server;
struct sip_auth_server *sip_auth_server_alloc(void *ctx, const uint8_t secret[SIP_AUTH_SECRET_LEN]);

enum sip_auth_verdict {
	SIP_AUTH_OK,
	SIP_AUTH_NONE,			/* no answer for this realm */
	SIP_AUTH_STALE,			/* right, but a new nonce is needed: too old, or used so already */
	SIP_AUTH_WRONG,			/* user or password */
	SIP_AUTH_BAD,			/* cannot be read: 400 */
};
/* scope: whose nonce it is, an answer to another's counts for nothing; now_s: any clock that never goes back */
struct sip_auth_expect {
	struct sip_str realm, scope, user, password;
	uint32_t now_s;
	unsigned int lifetime_s;	/* of a nonce */
	bool no_md5;
};
/* Header lines of a 401: one for each algorithm, the strongest first (RFC 8760 2.4) */
void sip_auth_put_challenge(struct sip_buf *b, struct sip_auth_server *server, const struct sip_auth_expect *expect,
			    bool stale);
enum sip_auth_verdict sip_auth_verify(struct sip_auth_server *server, const struct sip_msg *request,
				      const struct sip_auth_expect *expect);
