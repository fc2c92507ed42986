/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLS between two endpoints: certificates good and bad, identities (RFC 5922), resumption, reload, reuse, garbage.
 *
 * Usage: sip_tls_test DIRECTORY, which tls_certificates has filled */

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "sip/sip_names.h"
#include "sip/sip_resolve.h"
#include "sip/sip_tls.h"
#include "sip_stream.h"

static const char *dir;
static struct sip *server, *client;
static struct sip_peer *to_server, *to_client;
static struct osmo_sockaddr server_addr, client_addr;
static unsigned int came;

static void server_cb(struct sip_call *c, const struct sip_prim *prim, void *user)
{
	if (prim->type == SIP_PRIM_FAILED || prim->method == SIP_BYE || prim->method == SIP_CANCEL)
		sip_call_done(c);
	else if (prim->method == SIP_INVITE && !prim->status)
		came++;
}

static void client_cb(struct sip_call *c, const struct sip_prim *prim, void *user)
{
	if (prim->type == SIP_PRIM_FAILED || prim->status >= 300) {
		failed++;
		sip_call_done(c);
	}
}

static char *path(void *ctx, const char *name, const char *suffix)
{
	return talloc_asprintf(ctx, "%s/%s.%s", dir, name, suffix);
}

static int load(struct sip *s, const char *name, char *why, size_t size)
{
	struct sip_tls_cfg *cfg = sip_tls_cfg(s);

	cfg->certificate = name ? path(s, name, "pem") : NULL;
	cfg->private_key = name ? path(s, name, "key") : NULL;
	cfg->ca_file = path(s, "good", "pem");
	return sip_tls_reload(s, why, size);
}

static struct sip_peer *add_peer(struct sip *s, const struct osmo_sockaddr *remote, const char *domain)
{
	struct sip_peer *peer = sip_peer_alloc(s, "PEER");
	struct sip_peer_cfg *cfg = sip_peer_cfg(peer);

	cfg->proto = SIP_PROTO_TLS;
	cfg->remote = *remote;
	cfg->remote_set = true;
	cfg->domain = talloc_strdup(peer, domain);
	sip_peer_update(peer);
	return peer;
}

static void listen_on(struct sip *s, struct osmo_sockaddr *addr)
{
	static uint16_t port;
	int rc = -EADDRINUSE;

	port = port ? port : 22000 + getpid() % 10000;
	memset(addr, 0, sizeof(*addr));
	addr->u.sin = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	while (rc == -EADDRINUSE) {
		addr->u.sin.sin_port = htons(++port);
		rc = sip_listen(s, SIP_PROTO_TLS, addr);
	}
	EXPECT_INT("listen", rc, 0);
}

/* What the two ends have and ask for */
struct ends {
	const char *what, *server_cert, *client_cert;
	const char *server_domain, *client_domain;	/* as the other side is configured to expect */
	enum sip_tls_verify verify_client;
	bool no_verify_server, works;
	const char *crl;
};

static void begin(const struct ends *e)
{
	char why[256] = "";

	failed = came = 0;
	server = sip_alloc(NULL, server_cb, NULL);
	client = sip_alloc(NULL, client_cb, NULL);
	sip_tls_cfg(server)->verify_client = e->verify_client;
	sip_tls_cfg(client)->no_verify_server = e->no_verify_server;
	if (e->crl) {
		sip_tls_cfg(server)->crl_file = path(server, e->crl, "pem");
		sip_tls_cfg(client)->crl_file = path(client, e->crl, "pem");
	}
	EXPECT_INT(e->what, load(server, e->server_cert, why, sizeof(why)), 0);
	EXPECT_INT(e->what, load(client, e->client_cert ? e->client_cert : "peer", why, sizeof(why)), 0);
	listen_on(server, &server_addr);
	listen_on(client, &client_addr);
	if (!e->client_cert)
		EXPECT_INT(e->what, load(client, NULL, why, sizeof(why)), 0);
	EXPECT_STR(e->what, why, "");
	to_server = add_peer(client, &server_addr, e->server_domain);
	to_client = add_peer(server, &client_addr, e->client_domain);
}

static void finish(void)
{
	talloc_free(server);
	talloc_free(client);
	stream_turn();
}

static struct sip_call *invite(struct sip_peer *peer)
{
	const struct sip_prim prim = { .type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_INVITE };
	struct sip_call *c;
	uint16_t status = 0;

	c = sip_call_alloc(peer, NULL, &status);
	OSMO_ASSERT(c);
	EXPECT_INT("INVITE", sip_call_req(c, &prim), 0);
	stream_turn();
	stream_turn();
	return c;
}

static const struct ends rows[] = {
	{ "a sip URI", "gw", "peer", "gw.example", "peer.example", SIP_TLS_VERIFY_REQUIRED, false, true },
	{ "without a client's", "gw", NULL, "gw.example", NULL, SIP_TLS_VERIFY_NONE, false, true },
	{ "optional", "gw", NULL, "gw.example", NULL, SIP_TLS_VERIFY_OPTIONAL, false, true },
	{ "required", "gw", NULL, "gw.example", NULL, SIP_TLS_VERIFY_REQUIRED, false, false },
	{ "a DNS name, any case", "dns", "peer", "GW.Example", NULL, SIP_TLS_VERIFY_REQUIRED, false, true },
	{ "the common name", "cn", "peer", "gw.example", NULL, SIP_TLS_VERIFY_REQUIRED, false, true },
	{ "an address", "gw", "peer", NULL, NULL, SIP_TLS_VERIFY_REQUIRED, false, true },
	{ "no address", "cn", "peer", NULL, NULL, SIP_TLS_VERIFY_REQUIRED, false, false },
	{ "no wildcards", "wild", "peer", "gw.example", NULL, SIP_TLS_VERIFY_NONE, false, false },
	{ "no user", "user", "peer", "gw.example", NULL, SIP_TLS_VERIFY_NONE, false, false },
	{ "wrong name", "wrong", "peer", "gw.example", NULL, SIP_TLS_VERIFY_NONE, false, false },
	{ "expired", "expired", "peer", "gw.example", NULL, SIP_TLS_VERIFY_NONE, false, false },
	{ "nobody's", "stranger", "peer", "gw.example", NULL, SIP_TLS_VERIFY_NONE, false, false },
	{ "nobody's, and nobody asks", "stranger", "peer", "gw.example", NULL, SIP_TLS_VERIFY_NONE, true, true },
	{ "expired client", "gw", "expired", "gw.example", NULL, SIP_TLS_VERIFY_REQUIRED, false, false },
	{ "expired client, optional", "gw", "expired", "gw.example", NULL, SIP_TLS_VERIFY_OPTIONAL, false, false },
	{ "revoked", "revoked", "peer", "gw.example", NULL, SIP_TLS_VERIFY_NONE, false, false, "crl" },
	{ "revoked, and nobody looks", "revoked", "peer", "gw.example", NULL, SIP_TLS_VERIFY_NONE, false, true },
	{ "not revoked", "gw", "peer", "gw.example", "peer.example", SIP_TLS_VERIFY_REQUIRED, false, true, "crl" },
	{ "revoked client", "gw", "revoked", "gw.example", NULL, SIP_TLS_VERIFY_OPTIONAL, false, false, "crl" },
	{ "an old list", "gw", "peer", "gw.example", NULL, SIP_TLS_VERIFY_NONE, false, false, "oldcrl" },
	{ "another's list", "gw", "peer", "gw.example", NULL, SIP_TLS_VERIFY_NONE, false, false, "othercrl" },
	{ "another client", "gw", "wrong", "gw.example", "peer.example", SIP_TLS_VERIFY_REQUIRED, false, false },
	{}
};

static void test_rows(void)
{
	const struct ends *e;

	for (e = rows; e->what; e++) {
		begin(e);
		invite(to_server);
		EXPECT_INT(e->what, came, e->works);
		EXPECT_INT(e->what, failed, !e->works);
		finish();
	}
}

static const struct ends good = {
	"good", "gw", "peer", "gw.example", "peer.example", SIP_TLS_VERIFY_REQUIRED, false, true
};

static struct sip_conn *conn_of(struct sip *s)
{
	return llist_first_entry_or_null(&s->conns->all, struct sip_conn, entry);
}

static void test_resumption(void)
{
	struct sip_tls_info info;

	begin(&good);
	invite(to_server);
	sip_conn_close(conn_of(client), -1, NULL);
	stream_turn();
	EXPECT_INT("closed", sip_conn_count(server), 0);
	invite(to_server);
	sip_tls_info(server, &info);
	EXPECT_INT("handshakes", info.handshakes, 2);
	EXPECT_INT("resumed", info.resumed, 1);
	/* who it is was proven then */
	EXPECT_STR("identity", conn_of(server)->identity, "peer.example");
	finish();
}

static void test_reload(void)
{
	struct sip_tls_info info;
	char why[256] = "";

	begin(&good);
	invite(to_server);
	EXPECT_INT("bad", load(server, "nothing", why, sizeof(why)), -EINVAL);
	EXPECT(strstr(why, "certificate") && strstr(why, "nothing.pem"));
	sip_tls_cfg(server)->certificate = path(server, "gw", "pem");
	sip_tls_cfg(server)->private_key = path(server, "dns", "key");
	EXPECT_INT("mismatch", sip_tls_reload(server, why, sizeof(why)), -EINVAL);
	EXPECT(strstr(why, "private-key") && strstr(why, "mismatch"));
	/* what is up goes on */
	invite(to_server);
	EXPECT_INT("same connection", sip_conn_count(server), 1);
	EXPECT_INT("calls", came, 2);
	sip_tls_cfg(server)->crl_file = path(server, "nothing", "pem");
	EXPECT_INT("no list", load(server, "dns", why, sizeof(why)), -EINVAL);
	EXPECT(strstr(why, "crl-file") && strstr(why, "nothing.pem"));
	sip_tls_cfg(server)->crl_file = NULL;
	EXPECT_INT("good again", load(server, "dns", why, sizeof(why)), 0);
	invite(to_server);
	EXPECT_INT("same connection", sip_conn_count(server), 1);
	EXPECT_INT("calls", came, 3);
	sip_tls_info(server, &info);
	EXPECT(strstr(info.subject, "CN=x"));
	sip_conn_close(conn_of(client), -1, NULL);
	stream_turn();
	invite(to_server);
	sip_tls_info(server, &info);
	EXPECT_INT("by the new one", info.handshakes, 2);
	EXPECT_INT("not resumed", info.resumed, 0);
	finish();
}

/* RFC 5922 7.2: of a domain that was looked up, not of what DNS made of it; nobody answers here */
static void test_domain(void)
{
	const struct ends named = { "domain", "cn", "peer", NULL, NULL, SIP_TLS_VERIFY_REQUIRED, false, true };
	static const char *const domains[] = { "gw.example", "other.example" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(domains); i++) {
		begin(&named);
		sip_resolve_cfg(client)->server = server_addr;
		sip_resolve_cfg(client)->server_set = true;
		sip_peer_cfg(to_server)->resolve = talloc_strdup(to_server, domains[i]);
		sip_peer_cfg(to_server)->resolve_proto = SIP_PROTO_TLS;
		sip_peer_update(to_server);
		invite(to_server);
		EXPECT_INT(domains[i], came, i == 0);
		finish();
	}
}

/* A server of DNS, of which every name is 127.0.0.1 */
static int dns_start(struct sip *s)
{
	struct osmo_sockaddr addr = { .u.sin = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	socklen_t len = sizeof(addr.u.sin);

	OSMO_ASSERT(bind(fd, &addr.u.sa, len) == 0 && getsockname(fd, &addr.u.sa, &len) == 0);
	sip_resolve_cfg(s)->server = addr;
	sip_resolve_cfg(s)->server_set = true;
	return fd;
}

/* RFC 1035 4.1: the question, and its answer: to other types than A there is none. */
static void dns_turn(int fd)
{
	static const uint8_t a[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 0, 0, 4, 127, 0, 0, 1 };
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	uint8_t mem[512];
	ssize_t len;
	size_t end;

	stream_turn();
	while ((len = recvfrom(fd, mem, sizeof(mem), 0, (struct sockaddr *)&from, &from_len)) > 12) {
		end = 12 + strlen((char *)mem + 12) + 5;
		OSMO_ASSERT(end <= (size_t)len);
		mem[2] = 0x81;
		mem[3] = 0x80;
		mem[7] = mem[end - 3] == 1;	/* of type A */
		mem[11] = 0;			/* what follows the question is left out */
		memcpy(mem + end, a, sizeof(a));
		sendto(fd, mem, end + (mem[7] ? sizeof(a) : 0), 0, (struct sockaddr *)&from, from_len);
	}
}

static int find_name(int fd, const char *name)
{
	union sip_sockaddr found;
	int rc = -EAGAIN;

	for (unsigned int i = 0; i < 100 && rc == -EAGAIN; i++) {
		rc = sip_names_find(client, sip_str_from(name), ntohs(server_addr.u.sin.sin_port), SIP_PROTO_TLS,
				    &found);
		if (rc == -EAGAIN)
			dns_turn(fd);
	}
	return rc;
}

/* RFC 5922 7.3: two names at one address: what is meant for the one does not go where only the other was proven. */
static void test_names(void)
{
	struct osmo_sockaddr elsewhere;
	int fd;

	begin(&good);
	fd = dns_start(client);
	EXPECT_INT("nobody is there yet", find_name(fd, "other.example"), 0);
	EXPECT_INT("nobody is there yet", find_name(fd, "gw.example"), 0);
	invite(to_server);
	EXPECT_INT("of a peer: it is the operator's word", find_name(fd, "other.example"), 0);
	elsewhere = server_addr;
	elsewhere.u.sin.sin_addr.s_addr = htonl(0x7f000009);
	sip_peer_cfg(to_server)->remote = elsewhere;
	sip_peer_update(to_server);
	EXPECT_INT("the connection is still there", sip_conn_count(client), 1);
	EXPECT_INT("not proven", find_name(fd, "other.example"), -EAGAIN);
	EXPECT_INT("proven", find_name(fd, "GW.example"), 0);
	EXPECT(sip_tls_proves(conn_of(client), "gw.example"));
	EXPECT(!sip_tls_proves(conn_of(client), "other.example"));
	EXPECT(sip_tls_proves(conn_of(server), "peer.example") && !sip_tls_proves(conn_of(server), "gw.example"));
	finish();
	close(fd);
}

/* What is set is in force when the files are read, not before: nobody is taken for proven in between. */
static void test_verify_later(void)
{
	const struct ends unproven = { "later", "stranger", "peer", "gw.example", NULL, SIP_TLS_VERIFY_NONE, true };
	char why[256] = "";

	begin(&unproven);
	sip_tls_cfg(client)->no_verify_server = false;
	invite(to_server);
	EXPECT_INT("as before", came, 1);
	EXPECT("not proven" && conn_of(client) && !conn_of(client)->identity);
	EXPECT("nobody asks" && sip_tls_proves(conn_of(client), "gw.example"));
	sip_conn_close(conn_of(client), -1, NULL);
	EXPECT_INT("reload", sip_tls_reload(client, why, sizeof(why)), 0);
	invite(to_server);
	EXPECT_INT("refused", failed, 1);
	finish();
}

/* RFC 5923: the way back over the connection that the other side has opened */
static void test_alias(void)
{
	struct ends e = rows[1];

	begin(&good);
	invite(to_server);
	EXPECT_INT("one", sip_conn_count(server), 1);
	invite(to_client);
	EXPECT_INT("still one", sip_conn_count(server), 1);
	finish();
	/* not where nobody has proven who it is */
	e.client_domain = "peer.example";
	begin(&e);
	sip_tls_cfg(client)->certificate = path(client, "peer", "pem");
	sip_tls_cfg(client)->private_key = path(client, "peer", "key");
	EXPECT_INT("load", sip_tls_reload(client, got, sizeof(got)), 0);
	invite(to_server);
	invite(to_client);
	EXPECT_INT("two", sip_conn_count(server), 2);
	finish();
}

/* More than a record, and more than a turn of reading, both ways */
static void test_many(void)
{
	unsigned int i;

	begin(&good);
	for (i = 0; i < 300; i++) {
		const struct sip_prim prim = { .type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_INVITE };
		uint16_t status = 0;

		EXPECT_INT("INVITE", sip_call_req(sip_call_alloc(to_server, NULL, &status), &prim), 0);
	}
	for (i = 0; i < 10 && came < 300; i++)
		stream_turn();
	EXPECT_INT("came", came, 300);
	EXPECT_INT("failed", failed, 0);
	finish();
}

static void test_versions(void)
{
	char why[256] = "", info[128] = "";

	begin(&good);
	sip_tls_cfg(server)->min_1_3 = true;
	EXPECT_INT("1.3", load(server, "gw", why, sizeof(why)), 0);
	invite(to_server);
	conn_of(server)->ops->info(conn_of(server), info, sizeof(info));
	EXPECT(!strncmp(info, "TLSv1.3 TLS_AES_", 16) && strstr(info, " peer.example"));
	sip_tls_cfg(server)->ciphers = talloc_strdup(server, "no such cipher");
	EXPECT_INT("ciphers", sip_tls_reload(server, why, sizeof(why)), -EINVAL);
	EXPECT(strstr(why, "ciphers no such cipher"));
	sip_tls_cfg(server)->ciphers = NULL;
	sip_tls_cfg(server)->private_key = NULL;
	EXPECT_INT("no key", sip_tls_reload(server, why, sizeof(why)), -EINVAL);
	EXPECT_STR("no key", why, "certificate and private-key go together: the private-key is missing");
	finish();
}

static void test_garbage(void)
{
	char why[256];
	int fd;

	begin(&good);
	stream_local = server_addr;
	fd = stream_client();
	send(fd, "OPTIONS sip:gw SIP/2.0\r\n\r\n", 26, 0);
	stream_take(fd);
	EXPECT_INT("no TLS", sip_conn_count(server), 0);
	EXPECT_INT("counted", server->ctrs->ctr[SIP_CTR_CONN_TLS].current, 1);
	close(fd);
	/* half-open */
	fd = stream_client();
	send(fd, "\x16\x03\x01", 3, 0);
	stream_pass(4);
	EXPECT_INT("not yet", sip_conn_count(server), 1);
	stream_pass(2);
	EXPECT_INT("timeout", stream_take(fd), -1);
	EXPECT_INT("counted", server->ctrs->ctr[SIP_CTR_CONN_TIMEOUT].current, 1);
	close(fd);
	finish();
	/* nothing to show who we are */
	server = sip_alloc(NULL, server_cb, NULL);
	EXPECT_INT("not configured", sip_listen(server, SIP_PROTO_TLS, &server_addr), -ENOKEY);
	EXPECT_INT("no certificate", load(server, NULL, why, sizeof(why)), 0);
	EXPECT_INT("no certificate", sip_listen(server, SIP_PROTO_TLS, &server_addr), -ENOKEY);
	talloc_free(server);
}

int main(int argc, char **argv)
{
	OSMO_ASSERT(argc == 2);
	dir = argv[1];
	stream_init();
	test_rows();
	test_resumption();
	test_reload();
	test_domain();
	test_names();
	test_verify_later();
	test_alias();
	test_many();
	test_versions();
	test_garbage();
	return expect_failures ? 1 : 0;
}
