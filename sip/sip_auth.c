/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digest authentication (RFC 7616, RFC 8760): challenges, answers to them, nonces. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <osmocom/core/bit32gen.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip/sip_auth.h"
#include "sip/sip_scan.h"

const struct value_string sip_auth_alg_names[] = {
	{ SIP_AUTH_MD5, "MD5" },
	{ SIP_AUTH_SHA256, "SHA-256" },
	{ SIP_AUTH_SHA512_256, "SHA-512-256" },
	{ 0, NULL }
};

/* ---- Reading ---- */

static const struct param_row {
	const char *name;
	size_t offset;
} param_rows[] = {
	{ "username", offsetof(struct sip_auth, username) },
	{ "realm", offsetof(struct sip_auth, realm) },
	{ "nonce", offsetof(struct sip_auth, nonce) },
	{ "uri", offsetof(struct sip_auth, uri) },
	{ "response", offsetof(struct sip_auth, response) },
	{ "algorithm", offsetof(struct sip_auth, algorithm) },
	{ "cnonce", offsetof(struct sip_auth, cnonce) },
	{ "opaque", offsetof(struct sip_auth, opaque) },
	{ "qop", offsetof(struct sip_auth, qop) },
	{ "nc", offsetof(struct sip_auth, nc) },
	{ "stale", offsetof(struct sip_auth, stale) },
	{ "userhash", offsetof(struct sip_auth, userhash) },
	{}
};

static int keep_param(struct sip_auth *auth, struct sip_str name, struct sip_str value)
{
	const struct param_row *row;
	struct sip_str *at;

	for (row = param_rows; row->name; row++) {
		if (!sip_str_ieq(name, sip_str_from(row->name)))
			continue;
		at = (struct sip_str *)((char *)auth + row->offset);
		if (at->p)
			return -EBADMSG;
		*at = value;
	}
	return 0;
}

/* auth-param of RFC 7235; of values without quotes more is taken than a token, a base64 nonce for one */
static int take_param(struct sip_auth *auth, struct sip_scan *s)
{
	struct sip_str name = sip_take_class(s, SIP_C_TOKEN), value;

	if (!name.len || !sip_take_sep(s, '='))
		return -EBADMSG;
	if (sip_peek(s) == '"') {
		if (sip_take_quoted(s, &value) < 0)
			return -EBADMSG;
	} else {
		value = sip_take_class(s, SIP_C_GEN);
		if (!value.len)
			return -EBADMSG;
	}
	return keep_param(auth, name, value);
}

int sip_auth_parse(struct sip_auth *auth, struct sip_str value)
{
	struct sip_scan s = sip_scan_of(value);
	struct sip_str scheme = sip_take_class(&s, SIP_C_TOKEN);
	int rc;

	memset(auth, 0, sizeof(*auth));
	if (!scheme.len)
		return -EBADMSG;
	if (!sip_str_ieq(scheme, SIP_STR("Digest")))
		return -ENOTSUP;
	if (!sip_take_class(&s, SIP_C_LWS).len)
		return -EBADMSG;
	do {
		rc = take_param(auth, &s);
		if (rc < 0)
			return rc;
	} while (sip_take_sep(&s, ','));
	sip_take_lws(&s);
	return sip_at_end(&s) ? 0 : -EBADMSG;
}

int sip_auth_algorithm(const struct sip_auth *auth, enum sip_auth_alg *alg, bool *sess)
{
	struct sip_str name = auth->algorithm;
	int i;

	*alg = SIP_AUTH_MD5;
	*sess = name.len > 5 && sip_mem_ieq(name.p + name.len - 5, "-sess", 5);
	if (!name.p)
		return 0;
	if (*sess)
		name.len -= 5;
	for (i = 0; i < _SIP_AUTH_ALGS; i++) {
		*alg = i;
		if (sip_str_ieq(name, sip_str_from(get_value_string(sip_auth_alg_names, i))))
			return 0;
	}
	return -ENOTSUP;
}

/* ---- Hashes ---- */

static const EVP_MD *md_of(enum sip_auth_alg alg)
{
	switch (alg) {
	case SIP_AUTH_SHA256:
		return EVP_sha256();
	case SIP_AUTH_SHA512_256:
		return EVP_sha512_256();
	default:
		return EVP_md5();
	}
}

static void put_hex(char *hex, const uint8_t *mem, size_t len)
{
	struct sip_buf b;

	sip_buf_init(&b, hex, 2 * len);
	sip_put_hex(&b, mem, len);
	hex[2 * len] = '\0';
}

/* H(part:part:…) */
static int hash_parts(char *hex, enum sip_auth_alg alg, const struct sip_str *parts, unsigned int n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t md[EVP_MAX_MD_SIZE];
	unsigned int len = 0, i;
	bool ok = ctx && EVP_DigestInit_ex(ctx, md_of(alg), NULL);

	for (i = 0; ok && i < n; i++)
		ok = (!i || EVP_DigestUpdate(ctx, ":", 1)) &&
		     (!parts[i].len || EVP_DigestUpdate(ctx, parts[i].p, parts[i].len));
	ok = ok && EVP_DigestFinal_ex(ctx, md, &len) && 2 * len < SIP_AUTH_HEX_SIZE;
	EVP_MD_CTX_free(ctx);
	if (!ok)
		return -ENOTSUP;
	put_hex(hex, md, len);
	return 0;
}
#define HASH(hex, alg, ...) \
	hash_parts(hex, alg, (const struct sip_str[]){ __VA_ARGS__ }, \
		   sizeof((const struct sip_str[]){ __VA_ARGS__ }) / sizeof(struct sip_str))

/* RFC 7616 3.4.2 */
static int hash_a1(char *hex, const struct sip_auth_input *in)
{
	int rc = HASH(hex, in->alg, in->user, in->auth->realm, in->password);

	if (rc < 0 || !in->sess)
		return rc;
	return HASH(hex, in->alg, sip_str_from(hex), in->auth->nonce, in->auth->cnonce);
}

/* RFC 7616 3.4.3 */
static int hash_a2(char *hex, const struct sip_auth_input *in)
{
	char body[SIP_AUTH_HEX_SIZE];
	int rc;

	if (!sip_str_ieq(in->auth->qop, SIP_STR("auth-int")))
		return HASH(hex, in->alg, in->method, in->auth->uri);
	rc = HASH(body, in->alg, in->body);
	if (rc < 0)
		return rc;
	return HASH(hex, in->alg, in->method, in->auth->uri, sip_str_from(body));
}

int sip_auth_response(char hex[SIP_AUTH_HEX_SIZE], const struct sip_auth_input *in)
{
	char a1[SIP_AUTH_HEX_SIZE], a2[SIP_AUTH_HEX_SIZE];
	const struct sip_auth *auth = in->auth;
	int rc = hash_a1(a1, in);

	if (rc == 0)
		rc = hash_a2(a2, in);
	if (rc < 0)
		return rc;
	if (!auth->qop.p)
		return HASH(hex, in->alg, sip_str_from(a1), auth->nonce, sip_str_from(a2));
	return HASH(hex, in->alg, sip_str_from(a1), auth->nonce, auth->nc, auth->cnonce, auth->qop, sip_str_from(a2));
}

/* ---- Client ---- */

static bool qop_has(struct sip_str qop, const char *word)
{
	struct sip_str token;

	while (sip_token_take(&token, &qop) == 0) {
		if (sip_str_ieq(token, sip_str_from(word)))
			return true;
	}
	return false;
}

/* auth is enough for us; auth-int only where nothing else is taken */
static int choose_one(struct sip_auth_choice *choice, struct sip_str value, const struct sip_auth_client *cred)
{
	struct sip_auth *auth = &choice->auth;

	if (sip_auth_parse(auth, value) < 0 || !auth->realm.p || !auth->nonce.p ||
	    sip_auth_algorithm(auth, &choice->alg, &choice->sess) < 0)
		return -ENOTSUP;
	if ((cred->realm && !sip_str_eq(auth->realm, sip_str_from(cred->realm))) ||
	    (cred->no_md5 && choice->alg == SIP_AUTH_MD5))
		return -ENOTSUP;
	choice->has_qop = auth->qop.p;
	choice->auth_int = auth->qop.p && !qop_has(auth->qop, "auth");
	return choice->auth_int && !qop_has(auth->qop, "auth-int") ? -ENOTSUP : 0;
}

int sip_auth_choose(struct sip_auth_choice *choice, const struct sip_msg *response,
		    const struct sip_auth_client *cred)
{
	bool proxy = response->status == 407;
	const struct sip_hdr *hdr = sip_msg_hdr_named(response, proxy ? SIP_STR("Proxy-Authenticate")
							       : SIP_STR("WWW-Authenticate"));
	struct sip_auth_choice one;
	bool found = false;

	for (; hdr; hdr = sip_msg_hdr_next(response, hdr)) {
		one.proxy = proxy;
		if (choose_one(&one, hdr->value, cred) < 0 || (found && one.alg <= choice->alg))
			continue;
		*choice = one;
		found = true;
	}
	return found ? 0 : -ENOENT;
}

/* What was between quotes goes back between them as it was. */
static void put_raw(struct sip_buf *b, const char *name, struct sip_str value)
{
	sip_put_z(b, name);
	sip_put_lit(b, "=\"");
	sip_put_str(b, value);
	sip_put_lit(b, "\"");
}

static void put_answer(struct sip_buf *b, const struct sip_auth_choice *choice, const struct sip_auth *answer)
{
	sip_put_z(b, choice->proxy ? "Proxy-Authorization: Digest username=" : "Authorization: Digest username=");
	sip_put_quoted(b, answer->username);
	put_raw(b, ", realm", answer->realm);
	put_raw(b, ", nonce", answer->nonce);
	put_raw(b, ", uri", answer->uri);
	put_raw(b, ", response", answer->response);
	if (answer->algorithm.p) {
		sip_put_lit(b, ", algorithm=");
		sip_put_str(b, answer->algorithm);
	}
	if (answer->qop.p || choice->sess)
		put_raw(b, ", cnonce", answer->cnonce);
	if (answer->opaque.p)
		put_raw(b, ", opaque", answer->opaque);
	if (answer->qop.p) {
		sip_put_lit(b, ", qop=");
		sip_put_str(b, answer->qop);
		sip_put_lit(b, ", nc=");
		sip_put_str(b, answer->nc);
	}
	if (answer->userhash.p)
		sip_put_lit(b, ", userhash=true");
	sip_put_lit(b, "\r\n");
}

int sip_auth_put(struct sip_buf *b, const struct sip_auth_choice *choice, const struct sip_auth_client *cred,
		 const struct sip_msg *request, uint32_t nc, struct sip_str cnonce)
{
	char hex[SIP_AUTH_HEX_SIZE], user[SIP_AUTH_HEX_SIZE], count[9];
	struct sip_auth answer = choice->auth;
	struct sip_auth_input in = {
		.alg = choice->alg, .sess = choice->sess, .user = sip_str_from(cred->user),
		.password = sip_str_from(cred->password), .auth = &answer, .method = request->method_name,
		.body = request->body,
	};
	int rc;

	snprintf(count, sizeof(count), "%08x", nc);
	answer.username = in.user;
	answer.uri = request->ruri;
	answer.cnonce = cnonce;
	answer.nc = sip_str_from(count);
	if (choice->has_qop)
		answer.qop = choice->auth_int ? SIP_STR("auth-int") : SIP_STR("auth");
	rc = sip_auth_response(hex, &in);
	answer.response = sip_str_from(hex);
	/* RFC 7616 3.4.4 */
	if (rc == 0 && sip_str_ieq(choice->auth.userhash, SIP_STR("true"))) {
		rc = HASH(user, choice->alg, in.user, answer.realm);
		answer.username = sip_str_from(user);
	} else {
		answer.userhash = (struct sip_str){};
	}
	if (rc == 0)
		put_answer(b, choice, &answer);
	return rc;
}

/* ---- Server: nonces ---- */

/* Time (8 digits), then a code */
#define NONCE_TIME_LEN 8
#define NONCE_CODE_LEN 32
#define NONCE_LEN (NONCE_TIME_LEN + NONCE_CODE_LEN)

/* Nonces that were answered correctly, and may be again: 16,384, in sets of four. Where a set is full, the answer is
 * that the nonce is stale: none is forgotten before it expires. */
#define USE_SETS 4096
#define USE_WAYS 4

struct use {
	uint64_t id;			/* of the code; 0: free */
	uint32_t expires_s;
	uint32_t nc;			/* the highest */
};

struct sip_auth_server {
	uint8_t secret[SIP_AUTH_SECRET_LEN];
	uint32_t serial;
	struct use (*uses)[USE_WAYS];	/* NULL until the first */
};

struct sip_auth_server *sip_auth_server_alloc(void *ctx, const uint8_t secret[SIP_AUTH_SECRET_LEN])
{
	struct sip_auth_server *server = talloc_zero(ctx, struct sip_auth_server);

	memcpy(server->secret, secret, sizeof(server->secret));
	return server;
}

/* time, serial number and code: HMAC-SHA-256 of both and the scope */
static void nonce_code(char *hex, const struct sip_auth_server *server, uint32_t time_s, uint32_t serial,
		       struct sip_str scope)
{
	uint8_t in[8 + 128] = {}, md[EVP_MAX_MD_SIZE] = {};
	unsigned int len = 0;
	size_t n = OSMO_MIN(scope.len, sizeof(in) - 8);

	osmo_store32be(time_s, in);
	osmo_store32be(serial, in + 4);
	if (n)
		memcpy(in + 8, scope.p, n);
	HMAC(EVP_sha256(), server->secret, sizeof(server->secret), in, 8 + n, md, &len);
	osmo_store32be(serial, md);
	put_hex(hex, md, NONCE_CODE_LEN / 2);
}

static void nonce_new(char *nonce, struct sip_auth_server *server, uint32_t time_s, struct sip_str scope)
{
	snprintf(nonce, NONCE_TIME_LEN + 1, "%08x", time_s);
	nonce_code(nonce + NONCE_TIME_LEN, server, time_s, ++server->serial, scope);
}

static int hex32(uint32_t *n, const char *p)
{
	uint8_t octets[4];
	char z[9];

	memcpy(z, p, 8);
	z[8] = '\0';
	if (osmo_hexparse(z, octets, sizeof(octets)) != sizeof(octets))
		return -EINVAL;
	*n = osmo_load32be(octets);
	return 0;
}

/* We made it, for this scope, at *time_s */
static bool nonce_is_ours(const struct sip_auth_server *server, struct sip_str nonce, struct sip_str scope,
			  uint32_t *time_s)
{
	char code[NONCE_CODE_LEN + 1];
	uint32_t serial;

	if (nonce.len != NONCE_LEN || hex32(time_s, nonce.p) < 0 || hex32(&serial, nonce.p + NONCE_TIME_LEN) < 0)
		return false;
	nonce_code(code, server, *time_s, serial, scope);
	return !CRYPTO_memcmp(code, nonce.p + NONCE_TIME_LEN, NONCE_CODE_LEN);
}

/* False where this count, or a higher one, has come already */
static bool nonce_use(struct sip_auth_server *server, struct sip_str nonce, uint32_t nc, uint32_t now_s,
		      uint32_t expires_s)
{
	struct use *set, *use, *free_one = NULL;
	uint32_t high = 0, low = 0;
	uint64_t id;

	hex32(&high, nonce.p + NONCE_TIME_LEN);
	hex32(&low, nonce.p + NONCE_LEN - 8);
	id = ((uint64_t)high << 32 | low) | 1ULL << 63;
	if (!server->uses)
		server->uses = talloc_zero_size(server, USE_SETS * sizeof(server->uses[0]));
	set = server->uses[low % USE_SETS];
	for (use = set; use < set + USE_WAYS; use++) {
		if (use->id == id) {
			if (nc <= use->nc)
				return false;
			use->nc = nc;
			return true;
		}
		if (!use->id || (int32_t)(now_s - use->expires_s) > 0)
			free_one = use;
	}
	if (!free_one)
		return false;
	*free_one = (struct use){ .id = id, .expires_s = expires_s, .nc = nc };
	return true;
}

/* ---- Server: challenges and their answers ---- */

void sip_auth_put_challenge(struct sip_buf *b, struct sip_auth_server *server, const struct sip_auth_expect *expect,
			    bool stale)
{
	char nonce[NONCE_LEN + 1];
	int alg;

	for (alg = _SIP_AUTH_ALGS - 1; alg >= (expect->no_md5 ? SIP_AUTH_SHA256 : SIP_AUTH_MD5); alg--) {
		nonce_new(nonce, server, expect->now_s, expect->scope);
		sip_put_lit(b, "WWW-Authenticate: Digest realm=");
		sip_put_quoted(b, expect->realm);
		sip_put_lit(b, ", nonce=\"");
		sip_put_mem(b, nonce, NONCE_LEN);
		sip_put_lit(b, "\", algorithm=");
		sip_put_z(b, get_value_string(sip_auth_alg_names, alg));
		sip_put_lit(b, ", qop=\"auth\"");
		if (stale)
			sip_put_lit(b, ", stale=true");
		sip_put_lit(b, "\r\n");
	}
}

/* RFC 7616 3.4: the answer is for this request, RFC 3261 22.4 item 8: its Request-URI or an equal one */
static bool is_whole(const struct sip_auth *auth)
{
	return auth->username.p && auth->nonce.p && auth->uri.p && auth->response.p && auth->cnonce.p && auth->nc.p &&
	       auth->nc.len == 8;
}

static bool is_user(const struct sip_auth *auth, enum sip_auth_alg alg, const struct sip_auth_expect *expect)
{
	char hex[SIP_AUTH_HEX_SIZE];

	if (!sip_str_ieq(auth->userhash, SIP_STR("true")))
		return sip_str_eq(auth->username, expect->user);
	return HASH(hex, alg, expect->user, expect->realm) == 0 && sip_str_eq(auth->username, sip_str_from(hex));
}

static bool is_right(const struct sip_auth *auth, const struct sip_msg *request, const struct sip_auth_expect *expect)
{
	struct sip_auth_input in = {
		.user = expect->user, .password = expect->password, .auth = auth, .method = request->method_name,
	};
	char hex[SIP_AUTH_HEX_SIZE];

	if (sip_auth_algorithm(auth, &in.alg, &in.sess) < 0 || in.sess || (expect->no_md5 && in.alg == SIP_AUTH_MD5) ||
	    !sip_str_ieq(auth->qop, SIP_STR("auth")) || !is_user(auth, in.alg, expect) ||
	    !sip_str_esc_eq(auth->uri, request->ruri, false) || sip_auth_response(hex, &in) < 0)
		return false;
	return auth->response.len == strlen(hex) && sip_mem_ieq(auth->response.p, hex, auth->response.len);
}

static enum sip_auth_verdict verify_one(struct sip_auth_server *server, const struct sip_auth *auth,
					const struct sip_msg *request, const struct sip_auth_expect *expect)
{
	uint32_t time_s, nc;

	if (!is_whole(auth) || hex32(&nc, auth->nc.p) < 0)
		return SIP_AUTH_BAD;
	if (!is_right(auth, request, expect))
		return SIP_AUTH_WRONG;
	if (!nonce_is_ours(server, auth->nonce, expect->scope, &time_s) ||
	    expect->now_s - time_s > expect->lifetime_s || !nc ||
	    !nonce_use(server, auth->nonce, nc, expect->now_s, time_s + expect->lifetime_s))
		return SIP_AUTH_STALE;
	return SIP_AUTH_OK;
}

enum sip_auth_verdict sip_auth_verify(struct sip_auth_server *server, const struct sip_msg *request,
				      const struct sip_auth_expect *expect)
{
	const struct sip_hdr *hdr = sip_msg_hdr_named(request, SIP_STR("Authorization"));
	struct sip_auth auth;
	int rc;

	for (; hdr; hdr = sip_msg_hdr_next(request, hdr)) {
		rc = sip_auth_parse(&auth, hdr->value);
		if (rc == -EBADMSG)
			return SIP_AUTH_BAD;
		if (rc == 0 && sip_str_eq(auth.realm, expect->realm))
			return verify_one(server, &auth, request, expect);
	}
	return SIP_AUTH_NONE;
}
