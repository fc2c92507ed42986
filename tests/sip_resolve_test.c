/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DNS: answers of any kind parsed, and look-ups of a peer by c-ares from a server on the same select loop. */

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <osmocom/core/application.h>
#include <osmocom/core/bit16gen.h>
#include <osmocom/core/fsm.h>
#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>

#include "expect.h"
#include "sip/sip_dns.h"
#include "sip/sip_endpoint.h"
#include "sip/sip_names.h"
#include "sip/sip_peer.h"
#include "sip/sip_resolve.h"

/* ---- Making answers ---- */

struct out {
	uint8_t mem[4096];
	size_t len;
};

static void put(struct out *o, const void *mem, size_t len)
{
	OSMO_ASSERT(o->len + len <= sizeof(o->mem));
	memcpy(o->mem + o->len, mem, len);
	o->len += len;
}

static void put16(struct out *o, uint16_t n)
{
	put(o, (uint8_t[]){ n >> 8, n }, 2);
}

static void put_name(struct out *o, const char *name)
{
	const char *dot;
	uint8_t len;

	while (*name) {
		dot = strchr(name, '.');
		len = dot ? (size_t)(dot - name) : strlen(name);
		put(o, &len, 1);
		put(o, name, len);
		name += len + !!dot;
	}
	put(o, "", 1);
}

/* One line of the zone */
struct line {
	const char *name;
	enum sip_dns_type type;
	unsigned int ttl, a, b, port;
	const char *text, *flags, *service;
};

static void put_rdata(struct out *o, const struct line *l)
{
	struct in_addr a4;
	struct in6_addr a6;
	uint8_t len;

	switch (l->type) {
	case SIP_DNS_A:
		inet_pton(AF_INET, l->text, &a4);
		put(o, &a4, 4);
		return;
	case SIP_DNS_AAAA:
		inet_pton(AF_INET6, l->text, &a6);
		put(o, &a6, 16);
		return;
	case SIP_DNS_SRV:
		put16(o, l->a);
		put16(o, l->b);
		put16(o, l->port);
		put_name(o, l->text);
		return;
	case SIP_DNS_NAPTR:
		put16(o, l->a);
		put16(o, l->b);
		len = strlen(l->flags);
		put(o, &len, 1);
		put(o, l->flags, len);
		len = strlen(l->service);
		put(o, &len, 1);
		put(o, l->service, len);
		put(o, "", 1);
		put_name(o, l->text);
	}
}

static void put_line(struct out *o, const struct line *l)
{
	size_t at;

	put16(o, 0xc00c);	/* the name of the question */
	put16(o, l->type);
	put16(o, 1);
	put16(o, 0);
	put16(o, l->ttl);
	at = o->len;
	put16(o, 0);
	put_rdata(o, l);
	osmo_store16be(o->len - at - 2, o->mem + at);
}

/* ---- A server ---- */

static const struct line *zone;
static unsigned int n_asked, n_tcp, udp_max = 100;
static bool mute;
static struct osmo_fd server, server_tcp;

static void read_question(char *name, size_t size, const uint8_t *q, uint16_t *type)
{
	size_t n = 0, i;

	for (q += 12; *q; q += *q + 1) {
		if (n)
			name[n++] = '.';
		for (i = 1; i <= *q && n < size - 2; i++)
			name[n++] = q[i];
	}
	name[n] = '\0';
	*type = osmo_load16be(q + 1);
}

/* The answer of the zone; over UDP no more records than udp_max, and the TC bit */
static bool make_answer(struct out *o, const uint8_t *in, ssize_t len, bool udp)
{
	const struct line *l;
	unsigned int n = 0;
	char name[256];
	uint16_t type;

	if (len < 17 || mute)
		return false;
	n_asked++;
	read_question(name, sizeof(name), in, &type);
	put(o, in, 2);
	put16(o, 0x8180);
	put(o, "\0\1\0\0\0\0\0\0", 8);
	put_name(o, name);
	put16(o, type);
	put16(o, 1);
	for (l = zone; l->name; l++) {
		if (strcasecmp(l->name, name) || l->type != type)
			continue;
		if (udp && n == udp_max) {
			o->mem[2] |= 2;
			break;
		}
		put_line(o, l);
		n++;
	}
	osmo_store16be(n, o->mem + 6);
	if (!n)
		o->mem[3] |= 3;	/* NXDOMAIN */
	return true;
}

static int server_cb(struct osmo_fd *ofd, unsigned int what)
{
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	uint8_t in[512];
	struct out o = {};
	ssize_t len = recvfrom(ofd->fd, in, sizeof(in), 0, (struct sockaddr *)&from, &from_len);

	if (make_answer(&o, in, len, true))
		sendto(ofd->fd, o.mem, o.len, 0, (struct sockaddr *)&from, from_len);
	return 0;
}

/* RFC 1035 4.2.2: two octets of length before each message */
static int tcp_cb(struct osmo_fd *ofd, unsigned int what)
{
	uint8_t in[512];
	ssize_t len = read(ofd->fd, in, sizeof(in));
	struct out o = {}, framed = {};

	if (len <= 2) {
		osmo_fd_close(ofd);
		return 0;
	}
	n_tcp++;
	if (!make_answer(&o, in + 2, len - 2, false))
		return 0;
	put16(&framed, o.len);
	put(&framed, o.mem, o.len);
	OSMO_ASSERT(write(ofd->fd, framed.mem, framed.len) == (ssize_t)framed.len);
	return 0;
}

static int accept_cb(struct osmo_fd *ofd, unsigned int what)
{
	static struct osmo_fd conn;

	osmo_fd_setup(&conn, accept(ofd->fd, NULL, NULL), OSMO_FD_READ, tcp_cb, NULL, 0);
	return osmo_fd_register(&conn);
}

static uint16_t server_start(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(addr);
	int udp, tcp;

	/* the same port for both */
	for (;;) {
		udp = socket(AF_INET, SOCK_DGRAM, 0);
		tcp = socket(AF_INET, SOCK_STREAM, 0);
		addr.sin_port = 0;
		OSMO_ASSERT(udp >= 0 && tcp >= 0 && bind(udp, (struct sockaddr *)&addr, len) == 0);
		OSMO_ASSERT(getsockname(udp, (struct sockaddr *)&addr, &len) == 0);
		if (bind(tcp, (struct sockaddr *)&addr, len) == 0 && listen(tcp, 4) == 0)
			break;
		close(udp);
		close(tcp);
	}
	osmo_fd_setup(&server, udp, OSMO_FD_READ, server_cb, NULL, 0);
	osmo_fd_setup(&server_tcp, tcp, OSMO_FD_READ, accept_cb, NULL, 0);
	OSMO_ASSERT(osmo_fd_register(&server) == 0 && osmo_fd_register(&server_tcp) == 0);
	return ntohs(addr.sin_port);
}

/* ---- A peer that looks up ---- */

static struct sip *sip;
static struct sip_peer *peer;
static char targets[1024];

static void user_cb(struct sip_call *call, const struct sip_prim *prim, void *user)
{
}

static void listen_on(enum sip_proto proto)
{
	struct osmo_sockaddr addr = { .u.sin = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) } };

	OSMO_ASSERT(sip_listen(sip, proto, &addr) == 0);
}

static void note_target(const struct sip_target_info *info, void *data)
{
	static const char *const protos[] = { "udp", "tcp", "tls", "sctp" };
	size_t n = strlen(targets);

	snprintf(targets + n, sizeof(targets) - n, "%s %s %u %u%s\n", protos[info->proto], info->hostport,
		 info->priority, info->weight, info->from_dns ? "" : " static");
}

/* Until the look-up is through, or the targets are these; at most 5 s */
static void await(const char *what, const char *should)
{
	struct timespec began, now;

	clock_gettime(CLOCK_MONOTONIC, &began);
	do {
		osmo_select_main_ctx(1);
		usleep(1000);
		targets[0] = '\0';
		sip_peer_for_each_target(peer, note_target, NULL);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (strcmp(targets, should) && now.tv_sec - began.tv_sec < 5);
	EXPECT_STR(what, targets, should);
}

/* Until a look-up has found nothing */
static void await_failure(const char *what, const char *should)
{
	struct sip_resolve_info info;
	unsigned long failed;
	unsigned int i;

	sip_resolve_info(peer->resolve, &info);
	failed = info.failed;
	for (i = 0; i < 5000 && info.failed == failed; i++) {
		osmo_select_main_ctx(1);
		usleep(1000);
		sip_resolve_info(peer->resolve, &info);
	}
	EXPECT(info.failed > failed);
	targets[0] = '\0';
	sip_peer_for_each_target(peer, note_target, NULL);
	EXPECT_STR(what, targets, should);
}

static void look_up(const struct line *lines, const char *domain, bool any, uint16_t port)
{
	struct sip_peer_cfg *cfg;

	zone = lines;
	if (peer)
		sip_peer_free(peer);
	peer = sip_peer_alloc(sip, "DNS");
	cfg = sip_peer_cfg(peer);
	cfg->resolve = talloc_strdup(peer, domain);
	cfg->resolve_any = any;
	cfg->resolve_port = port;
	sip_peer_update(peer);
}

static const struct line zone_all[] = {
	{ "a.example", SIP_DNS_NAPTR, 100, 20, 5, 0, "_sip._udp.a.example", "s", "SIP+D2U" },
	{ "a.example", SIP_DNS_NAPTR, 100, 10, 5, 0, "_tcp.x.example", "S", "SIP+D2T" },
	{ "a.example", SIP_DNS_NAPTR, 100, 5, 5, 0, "_sips._tcp.a.example", "s", "SIPS+D2T" },	/* no listener */
	{ "a.example", SIP_DNS_NAPTR, 100, 1, 5, 0, "h1.example", "u", "E2U+sip" },
	{ "_tcp.x.example", SIP_DNS_SRV, 100, 7, 0, 5070, "h1.example" },
	{ "_sip._udp.a.example", SIP_DNS_SRV, 100, 2, 10, 5062, "h2.example" },
	{ "_sip._udp.a.example", SIP_DNS_SRV, 100, 1, 60, 5061, "h1.example" },
	{ "_sip._udp.a.example", SIP_DNS_SRV, 100, 1, 40, 5063, "h2.example" },
	{ "h1.example", SIP_DNS_A, 100, 0, 0, 0, "127.0.0.1" },
	{ "h2.example", SIP_DNS_A, 100, 0, 0, 0, "127.0.0.2" },
	{ "h2.example", SIP_DNS_A, 100, 0, 0, 0, "127.0.0.3" },
	{ "gone.example", SIP_DNS_A, 100, 0, 0, 0, "127.0.0.9" },
	{ "_sip._udp.gone.example", SIP_DNS_SRV, 100, 0, 0, 0, "" },
	{}
};
static const struct line zone_before[] = {
	{ "b.example", SIP_DNS_A, 1, 0, 0, 0, "127.0.0.1" },
	{}
};
static const struct line zone_after[] = {
	{ "b.example", SIP_DNS_A, 1, 0, 0, 0, "127.0.0.4" },
	{}
};

static void test_look_ups(void)
{
	unsigned int asked;

	look_up(zone_all, "a.example", true, 0);
	await("NAPTR", "tcp 127.0.0.1:5070 0 0\nudp 127.0.0.1:5061 1 60\nudp 127.0.0.2:5063 1 40\n"
	      "udp 127.0.0.3:5063 1 40\nudp 127.0.0.2:5062 4 10\nudp 127.0.0.3:5062 4 10\n");
	EXPECT_STR("domain in URIs", sip_peer_hostport(peer), "a.example");
	EXPECT(sip_peer_available(peer));
	look_up(zone_all, "a.example", false, 0);
	await("SRV", "udp 127.0.0.1:5061 0 60\nudp 127.0.0.2:5063 0 40\nudp 127.0.0.3:5063 0 40\n"
	      "udp 127.0.0.2:5062 3 10\nudp 127.0.0.3:5062 3 10\n");
	look_up(zone_all, "h2.example", true, 0);
	await("A", "udp 127.0.0.2 0 0\nudp 127.0.0.3 0 0\n");
	look_up(zone_all, "h2.example", true, 5099);
	asked = n_asked;
	await("port", "udp 127.0.0.2:5099 0 0\nudp 127.0.0.3:5099 0 0\n");
	EXPECT_INT("one question only", n_asked - asked, 1);
	look_up(zone_all, "no.example", true, 0);
	await_failure("NXDOMAIN", "");
	EXPECT(!sip_peer_available(peer));
	look_up(zone_all, "gone.example", false, 0);
	await_failure("SRV says no", "");
}

static void test_expiry(void)
{
	sip_resolve_cfg(sip)->min_ttl_s = 1;
	sip_resolve_cfg(sip)->negative_ttl_s = 1;
	look_up(zone_before, "b.example", false, 0);
	await("before", "udp 127.0.0.1 0 0\n");
	zone = zone_after;
	await("after", "udp 127.0.0.4 0 0\n");
	mute = true;
	await_failure("silence: what is known stays", "udp 127.0.0.4 0 0\n");
	mute = false;
}

/* RFC 7766: what is cut over UDP comes over TCP. */
static void test_truncated(void)
{
	udp_max = 1;
	look_up(zone_all, "h2.example", false, 5099);
	await("over TCP", "udp 127.0.0.2:5099 0 0\nudp 127.0.0.3:5099 0 0\n");
	EXPECT_INT("over TCP", n_tcp, 1);
	udp_max = 100;
}

static const struct line zone_both[] = {
	{ "_sip._udp.c.example", SIP_DNS_SRV, 100, 1, 60, 5061, "h1.example" },
	{ "_sip._udp.c.example", SIP_DNS_SRV, 100, 2, 60, 5062, "h2.example" },
	{ "h1.example", SIP_DNS_A, 100, 0, 0, 0, "127.0.0.1" },
	{ "h1.example", SIP_DNS_AAAA, 100, 0, 0, 0, "::1" },
	{ "h2.example", SIP_DNS_AAAA, 100, 0, 0, 0, "::1" },
	{ "h2.example", SIP_DNS_A, 100, 0, 0, 0, "127.0.0.2" },
	{}
};

/* Of each host IPv6 before IPv4, the priority of SRV before that */
static void test_both(void)
{
	struct osmo_sockaddr addr = { .u.sin6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT } };

	if (sip_listen(sip, SIP_PROTO_UDP, &addr) < 0)
		return;		/* no IPv6 here */
	look_up(zone_both, "c.example", false, 0);
	await("AAAA and A", "udp [::1]:5061 0 60\nudp 127.0.0.1:5061 1 60\nudp [::1]:5062 2 60\n"
	      "udp 127.0.0.2:5062 3 60\n");
}

/* ---- Names in Contact and Route ---- */

/* Until it is there; at most 30 s */
static int find_name(const char *host, uint16_t port, char text[SIP_HOSTPORT_SIZE])
{
	union sip_sockaddr addr;
	unsigned int i;
	int rc;

	for (i = 0; (rc = sip_names_find(sip, sip_str_from(host), port, SIP_PROTO_UDP, &addr)) == -EAGAIN &&
		    i < 30000; i++) {
		osmo_select_main_ctx(1);
		usleep(1000);
	}
	sip_sockaddr_hostport_buf(text, &addr);
	return rc;
}

static void test_names(void)
{
	static const char *const none[] = { "", "192.0.2.1", "1.2.3", "x.1", ".", "a..", "1.-" };
	char text[SIP_HOSTPORT_SIZE], host[32];
	union sip_sockaddr addr;
	unsigned int i;

	zone = zone_all;
	EXPECT_INT("A", find_name("h2.example", 5099, text), 0);
	EXPECT_STR("A", text, "127.0.0.2:5099");
	EXPECT_INT("SRV, any case", find_name("A.example", 0, text), 0);
	EXPECT_STR("SRV, any case", text, "127.0.0.1:5061");
	for (i = 0; i < ARRAY_SIZE(none); i++)
		EXPECT_INT(none[i], sip_names_find(sip, sip_str_from(none[i]), 0, SIP_PROTO_UDP, &addr), -EINVAL);
	EXPECT_INT("known", sip_names_count(sip), 2);
	for (i = 0; i < 100; i++) {
		snprintf(host, sizeof(host), "n%u.example", i);
		EXPECT_INT(host, sip_names_find(sip, sip_str_from(host), 0, SIP_PROTO_UDP, &addr), -EAGAIN);
	}
	EXPECT_INT("bounded", sip_names_count(sip), 64);
}

static int udp_at(uint32_t ip, uint16_t *port)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(ip), .sin_port = htons(*port) };
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	OSMO_ASSERT(bind(fd, (struct sockaddr *)&addr, len) == 0);
	OSMO_ASSERT(getsockname(fd, (struct sockaddr *)&addr, &len) == 0);
	*port = ntohs(addr.sin_port);
	return fd;
}

static ssize_t receive(int fd, char *text, size_t size, struct sockaddr_in *from)
{
	socklen_t from_len = sizeof(*from);
	unsigned int i;
	ssize_t len = -1;

	for (i = 0; i < 30000 && len < 0; i++) {
		osmo_select_main_ctx(1);
		usleep(1000);
		len = recvfrom(fd, text, size - 1, 0, (struct sockaddr *)from, &from_len);
	}
	text[len > 0 ? len : 0] = '\0';
	return len;
}

/* What the INVITE repeats in its answer, by line */
static void answer(int fd, const struct sockaddr_in *to, const char *invite, const char *status, const char *contact)
{
	static const char *const names[] = { "Via:", "From:", "Call-ID:", "CSeq:" };
	char text[2048], to_line[256];
	const char *at;
	size_t i, n = snprintf(text, sizeof(text), "SIP/2.0 %s\r\n", status);

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		at = strstr(invite, names[i]);
		n += snprintf(text + n, sizeof(text) - n, "%.*s\r\n", (int)strcspn(at, "\r"), at);
	}
	at = strstr(invite, "To:");
	snprintf(to_line, sizeof(to_line), "%.*s", (int)strcspn(at, "\r"), at);
	n += snprintf(text + n, sizeof(text) - n, "%s;tag=x\r\nContact: <%s>\r\nContent-Length: 0\r\n\r\n", to_line,
		      contact);
	sendto(fd, text, n, 0, (const struct sockaddr *)to, sizeof(*to));
}

/* A peer known by its domain answers from there; its Contact is another host, which the ACK goes to. */
static void test_contact(void)
{
	const struct sip_prim invite = { .type = SIP_PRIM_MSG, .op = PRIM_OP_REQUEST, .method = SIP_INVITE };
	char first[4096], text[4096], contact[64], expected[64];
	uint16_t port = 0, other = 0, status;
	int peer_fd = udp_at(0x7f000001, &port), other_fd = udp_at(0x7f000002, &other);
	struct sockaddr_in from, unused;
	struct sip_call *call;

	look_up(zone_all, "h1.example", false, port);
	snprintf(expected, sizeof(expected), "udp 127.0.0.1:%u 0 0\n", port);
	await("peer", expected);
	call = sip_call_alloc(peer, NULL, &status);
	OSMO_ASSERT(call && sip_call_req(call, &invite) == 0);
	EXPECT(receive(peer_fd, first, sizeof(first), &from) > 0);
	snprintf(contact, sizeof(contact), "sip:x@h2.example:%u", other);
	answer(peer_fd, &from, first, "180 Ringing", contact);
	EXPECT_INT("looked up", find_name("h2.example", other, text), 0);
	answer(peer_fd, &from, first, "200 OK", contact);
	EXPECT(receive(other_fd, text, sizeof(text), &unused) > 0);
	EXPECT(!strncmp(text, "ACK sip:x@h2.example", 20));
	sip_call_release(call, 0, SIP_STR(""));
	EXPECT(receive(other_fd, text, sizeof(text), &unused) > 0);
	EXPECT(!strncmp(text, "BYE sip:x@h2.example", 20));
	close(peer_fd);
	close(other_fd);
}

/* ---- Hostile answers ---- */

static const uint8_t loop[] = { 0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 0xc0, 0x0c, 0, 1, 0, 1,
				0xc0, 0x12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4 };

static void test_hostile(void)
{
	static struct sip_dns_answer answer;
	const struct line srv = { "x", SIP_DNS_SRV, 9, 1, 2, 3, "host.example" };
	struct out o = {};
	unsigned int i, seed = 1;
	uint8_t *exact;
	size_t len;

	EXPECT_INT("loop", sip_dns_parse(&answer, SIP_DNS_A, loop, sizeof(loop)), -EBADMSG);
	EXPECT_INT("nothing", sip_dns_parse(&answer, SIP_DNS_A, loop, 0), -EBADMSG);
	put(&o, "\0\1\x81\x80\0\1\0\2\0\0\0\0", 12);
	put_name(&o, "x");
	put(&o, "\0\x21\0\1", 4);
	put_line(&o, &srv);
	put_line(&o, &srv);
	EXPECT_INT("whole", sip_dns_parse(&answer, SIP_DNS_SRV, o.mem, o.len), 0);
	EXPECT_INT("whole", answer.n, 2);
	EXPECT_INT("ttl", answer.ttl_s, 9);
	EXPECT_STR("whole", answer.all[1].name, "host.example");
	for (len = 0; len < o.len; len++) {
		exact = memcpy(malloc(len ? len : 1), o.mem, len);
		EXPECT_INT("cut", sip_dns_parse(&answer, SIP_DNS_SRV, exact, len), -EBADMSG);
		free(exact);
	}
	for (i = 0; i < 200000; i++) {
		exact = memcpy(malloc(o.len), o.mem, o.len);
		for (len = 0; len < 1 + i % 5; len++)
			exact[rand_r(&seed) % o.len] = rand_r(&seed);
		sip_dns_parse(&answer, i % 2 ? SIP_DNS_SRV : SIP_DNS_NAPTR, exact, o.len);
		free(exact);
	}
}

int main(void)
{
	void *ctx = talloc_named_const(NULL, 0, "test");
	static struct log_info_cat cats[_SIP_LOG_END];
	static const struct log_info log_info = { .cat = cats, .num_cat = ARRAY_SIZE(cats) };

	memcpy(&cats[DSIP], sip_log_cats, sizeof(sip_log_cats));
	osmo_init_logging2(ctx, &log_info);
	osmo_fsm_set_dealloc_ctx(OTC_SELECT);
	test_hostile();
	sip = sip_alloc(ctx, user_cb, NULL);
	listen_on(SIP_PROTO_UDP);
	listen_on(SIP_PROTO_TCP);
	sip_resolve_cfg(sip)->server_set = true;
	sip_resolve_cfg(sip)->server = (struct osmo_sockaddr){ .u.sin = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(server_start()),
	} };
	sip_resolve_cfg(sip)->timeout_ms = 200;
	test_look_ups();
	test_expiry();
	test_truncated();
	test_both();
	test_names();
	test_contact();
	talloc_free(sip);
	return expect_failures ? 1 : 0;
}
