/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIP over TLS (RFC 3261 26.3, RFC 5922): certificates, policy, identities. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct sip;

enum sip_tls_verify { SIP_TLS_VERIFY_NONE, SIP_TLS_VERIFY_OPTIONAL, SIP_TLS_VERIFY_REQUIRED };

/* Names of PEM files, and lists in OpenSSL's notation; talloc children of sip, NULL: none. In force from the next
 * sip_tls_reload() on. */
struct sip_tls_cfg {
	char *certificate;		/* ours, with those between it and its root; for both roles */
	char *private_key;
	char *ca_file;			/* whom we trust; NULL: those of the system */
	char *crl_file;			/* what they have revoked: a list of each issuer; NULL: not looked at */
	char *ciphers;			/* TLS 1.2; NULL: forward secrecy and authenticated encryption only */
	char *ciphersuites;		/* TLS 1.3; NULL: OpenSSL's own */
	enum sip_tls_verify verify_client;
	bool no_verify_server;
	bool min_1_3;
};
struct sip_tls_cfg *sip_tls_cfg(struct sip *sip);

/* Reads the files: for connections from then on, those that are up go on. Where something is wrong, nothing changes,
 * and why says what. 0 or negative errno. */
int sip_tls_reload(struct sip *sip, char *why, size_t size);
/* Reads them only to see whether that could be done. */
int sip_tls_check(struct sip *sip, char *why, size_t size);

struct sip_tls_info {
	bool ready;			/* a certificate was read: TLS can be listened on */
	char subject[128];
	char not_after[64];
	unsigned int sessions;		/* that connections of ours may resume */
	unsigned long handshakes, resumed, failed;
};
void sip_tls_info(const struct sip *sip, struct sip_tls_info *info);

/* For the room itself */
struct sip_conn;
/* Is who is at the other end of this connection, which is up, the one of this name (RFC 5922 7.2)? Also where nobody
 * asks. */
bool sip_tls_proves(const struct sip_conn *conn, const char *name);
void sip_tls_end(struct sip *sip);
