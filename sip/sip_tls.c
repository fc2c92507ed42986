/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIP over TLS by OpenSSL: contexts out of files, handshakes on the select loop, sessions, RFC 5922 identities. */

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/socket.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "sip/sip_conn.h"
#include "sip/sip_names.h"
#include "sip/sip_peer.h"
#include "sip/sip_tls.h"

#define DEFAULT_CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"
/* Sessions kept for connections of ours */
#define SESSIONS_MAX 64

/* One that the server at this address may resume */
struct session {
	struct llist_head entry;
	union sip_sockaddr remote;
	SSL_SESSION *ssl;
};

struct sip_tls {
	struct sip_tls_cfg cfg;
	SSL_CTX *server, *client;	/* NULL: not loaded */
	bool has_certificate;
	struct llist_head sessions;	/* the latest first */
	struct sip_tls_info info;
};

static SSL *ssl_of(const struct sip_conn *conn)
{
	return conn->priv;
}

/* ---- Configuration ---- */

struct sip_tls_cfg *sip_tls_cfg(struct sip *sip)
{
	if (!sip->tls) {
		sip->tls = talloc_zero(sip, struct sip_tls);
		INIT_LLIST_HEAD(&sip->tls->sessions);
	}
	return &sip->tls->cfg;
}

/* Says what and, by OpenSSL's own words, why. */
static int complain(char *why, size_t size, const char *what, const char *object)
{
	unsigned long err = ERR_get_error();
	const char *reason = err ? ERR_reason_error_string(err) : NULL;

	snprintf(why, size, "%s%s%s: %s", what, object ? " " : "", object ? object : "",
		 reason ? reason : ERR_SYSTEM_ERROR(err) ? strerror(ERR_GET_REASON(err)) : "not usable");
	ERR_clear_error();
	return -EINVAL;
}

/* OpenSSL would wait for who writes into a pipe. What else is wrong with a path it says itself. */
static int is_file(const char *what, const char *path, char *why, size_t size)
{
	struct stat st;

	if (stat(path, &st) < 0 || S_ISREG(st.st_mode))
		return 0;
	snprintf(why, size, "%s %s: is no file", what, path);
	return -EINVAL;
}

static int use_certificate(const struct sip_tls_cfg *cfg, SSL_CTX *ctx, char *why, size_t size)
{
	if (!cfg->certificate && !cfg->private_key)
		return 0;
	if (!cfg->certificate || !cfg->private_key) {
		snprintf(why, size, "certificate and private-key go together: the %s is missing",
			 cfg->certificate ? "private-key" : "certificate");
		return -EINVAL;
	}
	if (is_file("certificate", cfg->certificate, why, size) < 0 ||
	    is_file("private-key", cfg->private_key, why, size) < 0)
		return -EINVAL;
	if (SSL_CTX_use_certificate_chain_file(ctx, cfg->certificate) != 1)
		return complain(why, size, "certificate", cfg->certificate);
	if (SSL_CTX_use_PrivateKey_file(ctx, cfg->private_key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(ctx) != 1)
		return complain(why, size, "private-key", cfg->private_key);
	return 0;
}

static int use_policy(const struct sip_tls_cfg *cfg, SSL_CTX *ctx, char *why, size_t size)
{
	SSL_CTX_set_min_proto_version(ctx, cfg->min_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
			    SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
			 SSL_MODE_RELEASE_BUFFERS);
	if (SSL_CTX_set_cipher_list(ctx, cfg->ciphers ? cfg->ciphers : DEFAULT_CIPHERS) != 1)
		return complain(why, size, "ciphers", cfg->ciphers);
	if (cfg->ciphersuites && SSL_CTX_set_ciphersuites(ctx, cfg->ciphersuites) != 1)
		return complain(why, size, "ciphersuites", cfg->ciphersuites);
	return 0;
}

/* RFC 5280 5: of the certificate itself; one whose issuer has no list there, or an old one, is not good */
static int use_crl(const struct sip_tls_cfg *cfg, SSL_CTX *ctx, char *why, size_t size)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	X509_LOOKUP *lookup;

	if (!cfg->crl_file)
		return 0;
	if (is_file("crl-file", cfg->crl_file, why, size) < 0)
		return -EINVAL;
	lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
	if (!lookup || X509_load_crl_file(lookup, cfg->crl_file, X509_FILETYPE_PEM) < 1)
		return complain(why, size, "crl-file", cfg->crl_file);
	X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
	return 0;
}

static int use_trust(const struct sip_tls_cfg *cfg, SSL_CTX *ctx, bool server, char *why, size_t size)
{
	static const int modes[] = {
		[SIP_TLS_VERIFY_NONE] = SSL_VERIFY_NONE,
		[SIP_TLS_VERIFY_OPTIONAL] = SSL_VERIFY_PEER,
		[SIP_TLS_VERIFY_REQUIRED] = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
	};

	if (cfg->ca_file && is_file("ca-file", cfg->ca_file, why, size) < 0)
		return -EINVAL;
	if (cfg->ca_file ? SSL_CTX_load_verify_locations(ctx, cfg->ca_file, NULL) != 1
			 : SSL_CTX_set_default_verify_paths(ctx) != 1)
		return complain(why, size, "ca-file", cfg->ca_file);
	if (server && cfg->ca_file)
		SSL_CTX_set_client_CA_list(ctx, SSL_load_client_CA_file(cfg->ca_file));
	if (server)
		SSL_CTX_set_verify(ctx, modes[cfg->verify_client], NULL);
	else
		SSL_CTX_set_verify(ctx, cfg->no_verify_server ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
	return 0;
}

/* ---- Sessions of connections that we opened ---- */

static void drop_session(struct session *session)
{
	llist_del(&session->entry);
	SSL_SESSION_free(session->ssl);
	talloc_free(session);
}

static struct session *find_session(struct sip_tls *tls, const union sip_sockaddr *remote)
{
	struct session *session;

	llist_for_each_entry(session, &tls->sessions, entry) {
		if (sip_sockaddr_same(&session->remote, remote))
			return session;
	}
	return NULL;
}

static int session_cb(SSL *ssl, SSL_SESSION *sess)
{
	struct sip_conn *conn = SSL_get_app_data(ssl);
	struct sip_tls *tls = conn->sock->sip->tls;
	struct session *session = find_session(tls, &conn->remote);

	if (session)
		drop_session(session);
	else if (llist_count(&tls->sessions) >= SESSIONS_MAX)
		drop_session(llist_last_entry(&tls->sessions, struct session, entry));
	session = talloc_zero(tls, struct session);
	session->remote = conn->remote;
	session->ssl = sess;
	llist_add(&session->entry, &tls->sessions);
	return 1;
}

static void drop_sessions(struct sip_tls *tls)
{
	while (!llist_empty(&tls->sessions))
		drop_session(llist_first_entry(&tls->sessions, struct session, entry));
}

/* ---- Contexts ---- */

static SSL_CTX *new_context(const struct sip_tls_cfg *cfg, bool server, char *why, size_t size)
{
	static const unsigned char id[] = "isupgw";
	SSL_CTX *ctx = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());

	OSMO_ASSERT(ctx);
	if (use_policy(cfg, ctx, why, size) < 0 || use_certificate(cfg, ctx, why, size) < 0 ||
	    use_trust(cfg, ctx, server, why, size) < 0 || use_crl(cfg, ctx, why, size) < 0) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	SSL_CTX_set_session_id_context(ctx, id, sizeof(id) - 1);
	if (!server) {
		SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
		SSL_CTX_sess_set_new_cb(ctx, session_cb);
	}
	return ctx;
}

static void describe(struct sip_tls *tls)
{
	X509 *cert = SSL_CTX_get0_certificate(tls->server);
	struct sip_tls_info *info = &tls->info;
	BIO *bio;
	int n;

	info->ready = cert;
	info->subject[0] = info->not_after[0] = '\0';
	if (!cert)
		return;
	X509_NAME_oneline(X509_get_subject_name(cert), info->subject, sizeof(info->subject));
	bio = BIO_new(BIO_s_mem());
	ASN1_TIME_print(bio, X509_get0_notAfter(cert));
	n = BIO_read(bio, info->not_after, sizeof(info->not_after) - 1);
	info->not_after[n > 0 ? n : 0] = '\0';
	BIO_free(bio);
	if (X509_cmp_current_time(X509_get0_notAfter(cert)) < 0)
		LOGP(DSIPTP, LOGL_ERROR, "TLS: our certificate has expired: %s\n", info->not_after);
}

int sip_tls_check(struct sip *sip, char *why, size_t size)
{
	SSL_CTX *ctx;

	ERR_clear_error();
	ctx = new_context(sip_tls_cfg(sip), true, why, size);
	SSL_CTX_free(ctx);
	return ctx ? 0 : -EINVAL;
}

int sip_tls_reload(struct sip *sip, char *why, size_t size)
{
	const struct sip_tls_cfg *cfg = sip_tls_cfg(sip);
	struct sip_tls *tls = sip->tls;
	SSL_CTX *server, *client;

	ERR_clear_error();
	server = new_context(cfg, true, why, size);
	if (!server)
		return -EINVAL;
	client = new_context(cfg, false, why, size);
	if (!client) {
		SSL_CTX_free(server);
		return -EINVAL;
	}
	/* connections have references of their own */
	SSL_CTX_free(tls->server);
	SSL_CTX_free(tls->client);
	drop_sessions(tls);
	tls->server = server;
	tls->client = client;
	describe(tls);
	return 0;
}

void sip_tls_info(const struct sip *sip, struct sip_tls_info *info)
{
	*info = sip->tls ? sip->tls->info : (struct sip_tls_info){};
	if (sip->tls)
		info->sessions = llist_count(&sip->tls->sessions);
}

void sip_tls_end(struct sip *sip)
{
	if (!sip->tls)
		return;
	drop_sessions(sip->tls);
	SSL_CTX_free(sip->tls->server);
	SSL_CTX_free(sip->tls->client);
	TALLOC_FREE(sip->tls);
}

/* ---- Identities (RFC 5922 7) ---- */

/* What a certificate is compared with, and what it has */
struct match {
	const char *name;		/* the domain or address it must be of; NULL: any, the first one is taken */
	union sip_sockaddr addr;	/* name, where that is an address */
	bool found;
	bool has_names;			/* sip URIs or DNS names: then the common name does not count */
	char first[128];
};

static void try_name(struct match *m, const char *name, size_t len)
{
	if (!m->first[0] && len < sizeof(m->first))
		osmo_strlcpy(m->first, name, OSMO_MIN(len + 1, sizeof(m->first)));
	/* 7.2: the whole of it; '*' is no wildcard */
	if (m->name && sip_str_ieq((struct sip_str){ name, len }, sip_str_from(m->name)))
		m->found = true;
}

/* 7.1: sip URIs without a user part */
static void try_uri(struct match *m, const ASN1_IA5STRING *text)
{
	struct sip_str s = { (const char *)ASN1_STRING_get0_data(text), ASN1_STRING_length(text) };
	struct sip_uri uri;

	if (sip_uri_parse(&uri, s) < 0 || uri.scheme != SIP_SCHEME_SIP || uri.user.len)
		return;
	m->has_names = true;
	try_name(m, uri.host.p, uri.host.len);
}

static void try_ip(struct match *m, const ASN1_OCTET_STRING *octets)
{
	const void *addr = ASN1_STRING_get0_data(octets);
	size_t len = ASN1_STRING_length(octets);
	char text[INET6_ADDRSTRLEN];

	if (!inet_ntop(len == 16 ? AF_INET6 : AF_INET, addr, text, sizeof(text)) || (len != 4 && len != 16))
		return;
	try_name(m, text, strlen(text));
}

static void try_alternative(struct match *m, const GENERAL_NAME *name)
{
	switch (name->type) {
	case GEN_URI:
		try_uri(m, name->d.uniformResourceIdentifier);
		break;
	case GEN_DNS:
		m->has_names = true;
		try_name(m, (const char *)ASN1_STRING_get0_data(name->d.dNSName),
			 ASN1_STRING_length(name->d.dNSName));
		break;
	case GEN_IPADD:
		try_ip(m, name->d.iPAddress);
		break;
	}
}

static void match_certificate(struct match *m, const X509 *cert)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	char common[128];
	int i, len;

	for (i = 0; i < sk_GENERAL_NAME_num(names); i++)
		try_alternative(m, sk_GENERAL_NAME_value(names, i));
	GENERAL_NAMES_free(names);
	if (m->has_names)
		return;
	len = X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, common, sizeof(common));
	if (len > 0)
		try_name(m, common, len);
}

/* The name that the other side must prove: its peer's domain; of one that we went to without one, the domain that was
 * looked up, of a peer or out of a dialog, whatever SRV made of it (RFC 5922 7.2, 7.3), or its address */
static const char *expected_name(const struct sip_conn *conn, char *host)
{
	struct sip_peer *peer = sip_peer_by_addr(conn->sock->sip, SIP_PROTO_TLS, &conn->remote);
	const char *name;

	if (peer && peer->cfg.domain)
		return peer->cfg.domain;
	if (conn->incoming)
		return NULL;
	if (peer && peer->cfg.resolve)
		return peer->cfg.resolve;
	name = peer ? NULL : sip_names_of(conn->sock->sip, SIP_PROTO_TLS, &conn->remote);
	if (name)
		return name;
	sip_sockaddr_host_buf(host, &conn->remote, false);
	return host;
}

static int refuse(const struct sip_conn *conn, const char *why)
{
	struct sip_tls *tls = conn->sock->sip->tls;
	char remote[SIP_HOSTPORT_SIZE];

	tls->info.failed++;
	sip_sockaddr_hostport_buf(remote, &conn->remote);
	LOGP(DSIPTP, conn->is_peers ? LOGL_NOTICE : LOGL_INFO, "TLS %s %s: %s\n",
	     conn->incoming ? "from" : "to", remote, why);
	ERR_clear_error();
	return -EPROTO;
}

/* The handshake is through, the chain was checked by it. */
static int check_identity(struct sip_conn *conn)
{
	int mode = SSL_get_verify_mode(ssl_of(conn));	/* as it was when the files were read */
	X509 *cert = SSL_get0_peer_certificate(ssl_of(conn));
	char host[SIP_HOSTPORT_SIZE], why[384];
	struct match m = { .name = expected_name(conn, host) };

	if (mode == SSL_VERIFY_NONE)
		return 0;
	/* a server must have one; only ciphers that the operator asked for do without */
	if (!cert)
		return conn->incoming && !(mode & SSL_VERIFY_FAIL_IF_NO_PEER_CERT) ? 0
		       : refuse(conn, "no certificate");
	match_certificate(&m, cert);
	if (m.name && !m.found) {
		snprintf(why, sizeof(why), "the certificate is of %s, not of %s", m.first[0] ? m.first : "nobody",
			 m.name);
		return refuse(conn, why);
	}
	conn->identity = talloc_strdup(conn, m.name ? m.name : m.first);
	return 0;
}

bool sip_tls_proves(const struct sip_conn *conn, const char *name)
{
	struct match m = { .name = name };

	if (conn->identity)
		match_certificate(&m, SSL_get0_peer_certificate(ssl_of(conn)));
	return m.found || (!conn->incoming && SSL_get_verify_mode(ssl_of(conn)) == SSL_VERIFY_NONE);
}

/* ---- Connections ---- */

/* Why OpenSSL does not go on */
static ssize_t result_of(struct sip_conn *conn, int rc)
{
	const char *reason;
	int err = errno;

	switch (SSL_get_error(ssl_of(conn), rc)) {
	case SSL_ERROR_WANT_READ:
		return -EAGAIN;
	case SSL_ERROR_WANT_WRITE:
		conn->wants_write = true;
		return -EAGAIN;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	case SSL_ERROR_SYSCALL:
		return err ? -err : -ECONNRESET;
	default:
		reason = ERR_reason_error_string(ERR_peek_last_error());
		refuse(conn, reason ? reason : "protocol error");
		return -EPROTO;
	}
}

static int tls_handshake(struct sip_conn *conn)
{
	struct sip_tls *tls = conn->sock->sip->tls;
	SSL *ssl = ssl_of(conn);
	const char *reason;
	ssize_t rc;
	int ok;

	conn->wants_write = false;
	ERR_clear_error();
	errno = 0;
	ok = SSL_do_handshake(ssl);
	if (ok == 1) {
		tls->info.handshakes++;
		tls->info.resumed += SSL_session_reused(ssl);
		return check_identity(conn);
	}
	if (SSL_get_verify_result(ssl) != X509_V_OK && SSL_get_error(ssl, ok) == SSL_ERROR_SSL) {
		reason = X509_verify_cert_error_string(SSL_get_verify_result(ssl));
		return refuse(conn, reason);
	}
	rc = result_of(conn, ok);
	if (rc == -EAGAIN || rc == -EPROTO)
		return rc;
	return refuse(conn, rc ? strerror(-rc) : "closed during the handshake");
}

static int tls_start(struct sip_conn *conn)
{
	struct sip_tls *tls = conn->sock->sip->tls;
	SSL_CTX *ctx = !tls ? NULL : conn->incoming ? tls->server : tls->client;
	char host[SIP_HOSTPORT_SIZE];
	struct session *session;
	const char *name;
	struct in6_addr addr;
	SSL *ssl = ctx ? SSL_new(ctx) : NULL;

	if (!ssl || SSL_set_fd(ssl, conn->ofd.fd) != 1) {
		SSL_free(ssl);
		return -ENOKEY;
	}
	conn->priv = ssl;
	SSL_set_app_data(ssl, conn);
	if (conn->incoming) {
		SSL_set_accept_state(ssl);
		return -EAGAIN;
	}
	SSL_set_connect_state(ssl);
	name = expected_name(conn, host);
	/* RFC 6066 3: no addresses */
	if (inet_pton(AF_INET, name, &addr) != 1 && inet_pton(AF_INET6, name, &addr) != 1)
		SSL_set_tlsext_host_name(ssl, name);
	session = find_session(tls, &conn->remote);
	if (session)
		SSL_set_session(ssl, session->ssl);
	conn->wants_write = true;	/* the first word is ours */
	return -EAGAIN;
}

static ssize_t tls_read(struct sip_conn *conn, void *mem, size_t size)
{
	int rc;

	ERR_clear_error();
	errno = 0;
	rc = SSL_read(ssl_of(conn), mem, size);
	return rc > 0 ? rc : result_of(conn, rc);
}

static ssize_t tls_write(struct sip_conn *conn, const void *mem, size_t len)
{
	int rc;

	ERR_clear_error();
	errno = 0;
	rc = SSL_write(ssl_of(conn), mem, len);
	if (rc > 0)
		return rc;
	rc = result_of(conn, rc);
	return rc ? rc : -EPIPE;
}

static void tls_shut(struct sip_conn *conn)
{
	SSL_shutdown(ssl_of(conn));
	ERR_clear_error();
	shutdown(conn->ofd.fd, SHUT_WR);
}

static void tls_stop(struct sip_conn *conn)
{
	SSL *ssl = ssl_of(conn);

	if (!ssl)
		return;
	if (SSL_is_init_finished(ssl) && !conn->broken)
		SSL_shutdown(ssl);
	ERR_clear_error();
	SSL_free(ssl);
	conn->priv = NULL;
}

static void tls_info(const struct sip_conn *conn, char *buf, size_t size)
{
	SSL *ssl = ssl_of(conn);

	if (ssl && conn->state == SIP_CONN_UP)
		snprintf(buf, size, "%s %s %s%s", SSL_get_version(ssl), SSL_get_cipher_name(ssl),
			 conn->identity ? conn->identity : "not verified", SSL_session_reused(ssl) ? " resumed" : "");
}

static int tls_listen(struct sip_sock *sock)
{
	if (!sock->sip->tls || !sock->sip->tls->info.ready)
		return -ENOKEY;
	return sip_conn_listen(sock);
}

static const struct sip_conn_ops conn_ops = {
	.protocol = IPPROTO_TCP,
	.set_options = sip_tcp_set_options,
	.start = tls_start,
	.handshake = tls_handshake,
	.read = tls_read,
	.write = tls_write,
	.shut = tls_shut,
	.stop = tls_stop,
	.info = tls_info,
};

const struct sip_transport_ops sip_tls_ops = {
	.proto = SIP_PROTO_TLS,
	.via = "TLS",
	.uri_param = ";transport=tls",
	.reliable = true,
	.secure = true,
	.open = tls_listen,
	.close = sip_conn_unlisten,
	.send = sip_conn_send,
	.conn = &conn_ops,
};
