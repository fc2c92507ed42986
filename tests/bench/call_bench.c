/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole calls through all rooms in one process: call_bench in|out CALLS [HELD], where in is SIP to ISUP. With HELD it
 * prints what one of so many held calls takes of talloc, and fails above OCTETS_MAX; call_cost counts instructions. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/application.h>
#include <osmocom/core/fsm.h>
#include <osmocom/core/msgb.h>
#include <osmocom/core/rate_ctr.h>
#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>

#include "isup/isup_circuit.h"
#include "isup/isup_mtp.h"
#include "isup/isup_par.h"
#include "mapping/mapping.h"
#include "sip/sip_endpoint.h"
#include "sip/sip_peer.h"
#include "src/log_cats.h"
#include "src/media_static.h"
#include "hand_clock.h"

#define OWN_PC 1
#define FAR_PC 2
#define CICS 4000
#define QUEUE_MAX 256
/* For a held call, with what talloc puts before each chunk: 2,048 is the aim; what libosmocore has of it differs by
 * release */
#define OCTETS_MAX 2400
#define CHUNK_HEADER 96
#define NOINLINE __attribute__((noinline, noclone))

static void *ctx;
static struct sip *sip;
static struct isup_mtp *mtp;
static struct isup_group *trunk;
static struct sip_sock *sock;
static union sip_sockaddr far_addr;

/* What the gateway sent last, of each kind that is looked into */
static char sent[SIP_MSG_MAX];
static size_t sent_len;
static unsigned int sip_sent;
static uint16_t sent_cic;
static uint8_t sent_type;

static struct answer {
	uint8_t octets[16];
	size_t len;
} queue[QUEUE_MAX];
static unsigned int n_queue;

/* ---- The gateway's work: call_cost counts what is done below gw_…(); all else acts the neighbours ---- */

void gw_rx_sip(const char *octets, size_t len);
void gw_rx_isup(const uint8_t *octets, size_t len);
void gw_time(unsigned int ms);

static void receive_isup(const uint8_t *octets, size_t len)
{
	const struct isup_mtp_label label = { .opc = FAR_PC, .dpc = OWN_PC };

	mtp->user_ops->transfer_ind(mtp->user, &label, octets, len);
	osmo_select_main_ctx(1);
}

static void pass_time(unsigned int ms)
{
	hand_clock_move(ms);
	osmo_timers_prepare();
	osmo_timers_update();
	osmo_select_main_ctx(1);
}

NOINLINE void gw_rx_sip(const char *octets, size_t len)
{
	sip_rx(sock, &far_addr, octets, len);
	osmo_select_main_ctx(1);
}

NOINLINE void gw_rx_isup(const uint8_t *octets, size_t len)
{
	receive_isup(octets, len);
}

NOINLINE void gw_time(unsigned int ms)
{
	pass_time(ms);
}

/* ---- The exchange ---- */

static void answer(const uint8_t *octets, size_t len)
{
	OSMO_ASSERT(n_queue < QUEUE_MAX);
	memcpy(queue[n_queue].octets, octets, len);
	queue[n_queue++].len = len;
}

static int transfer_req(struct isup_mtp *to, const struct isup_mtp_label *label, const uint8_t *octets, size_t len)
{
	uint8_t gra[16] = { octets[0], octets[1], ISUP_MSG_GRA, 1 };
	const uint8_t rlc[] = { octets[0], octets[1], ISUP_MSG_RLC, 0 };

	sent_cic = octets[0] | octets[1] << 8;
	sent_type = octets[2];
	if (sent_type == ISUP_MSG_RSC || sent_type == ISUP_MSG_REL) {
		answer(rlc, sizeof(rlc));
	} else if (sent_type == ISUP_MSG_GRS) {
		gra[4] = 1 + octets[5] / 8 + 1;
		gra[5] = octets[5];
		answer(gra, 5 + gra[4]);
	}
	return 0;
}

static bool reachable(struct isup_mtp *to, uint32_t pc)
{
	return true;
}

static const struct isup_mtp_ops mtp_ops = { .transfer_req = transfer_req, .reachable = reachable };

static void exchange_answers(void (*rx)(const uint8_t *octets, size_t len))
{
	struct answer todo[QUEUE_MAX];
	unsigned int i, n = n_queue;

	memcpy(todo, queue, n * sizeof(todo[0]));
	n_queue = 0;
	for (i = 0; i < n; i++)
		rx(todo[i].octets, todo[i].len);
}

static void exchange_sends(uint16_t cic, const uint8_t *octets, size_t len)
{
	uint8_t copy[64];

	memcpy(copy, octets, len);
	copy[0] = cic & 0xff;
	copy[1] = cic >> 8;
	gw_rx_isup(copy, len);
}

/* called 201234567, calling 301112222, user service information, propagation delay, hop counter */
static const uint8_t iam[] = {
	0x00, 0x00, 0x01, 0x01, 0x20, 0x01, 0x0a, 0x00, 0x02, 0x09, 0x07, 0x03, 0x90, 0x02, 0x21, 0x43, 0x65, 0xf7,
	0x0a, 0x07, 0x83, 0x13, 0x03, 0x11, 0x21, 0x22, 0x02, 0x1d, 0x03, 0x80, 0x90, 0xa3,
	0x31, 0x02, 0x00, 0x64, 0x3d, 0x01, 0x14, 0x00,
};
static const uint8_t acm[] = { 0, 0, ISUP_MSG_ACM, 0x16, 0x14, 0 };
static const uint8_t anm[] = { 0, 0, ISUP_MSG_ANM, 0 };
static const uint8_t rel[] = { 0, 0, ISUP_MSG_REL, 2, 0, 2, 0x80, 0x90 };

/* ---- The peer ---- */

static int wire_open(struct sip_sock *s)
{
	return 0;
}

static void wire_close(struct sip_sock *s)
{
}

static int wire_send(const struct sip_dest *dest, const char *octets, size_t len)
{
	memcpy(sent, octets, len);
	sent_len = len;
	sip_sent++;
	return 0;
}

static struct sip_transport_ops wire_ops = {
	.proto = SIP_PROTO_UDP, .via = "UDP", .uri_param = "",
	.open = wire_open, .close = wire_close, .send = wire_send,
};

static struct sip_str sent_hdr(enum sip_hdr_id id)
{
	struct sip_parse_error err;
	static struct sip_msg msg;

	OSMO_ASSERT(sip_msg_parse(&msg, sent, sent_len, &err) == 0);
	return sip_msg_hdr(&msg, id)->value;
}

#define SDP "v=0\r\no=pbx 2890844526 2890844526 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n" \
	"m=audio 40000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n" \
	"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n"

/* A request of the peer's in its call n; our_to: To, with our tag once known; lines: further header lines */
static void peer_requests(unsigned int n, const char *method, unsigned int cseq, const char *our_to, const char *lines,
			  const char *body)
{
	char text[2048];
	int len = snprintf(text, sizeof(text),
			   "%s sip:+33201234567@192.0.2.1 SIP/2.0\r\n"
			   "Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK-%u-%s;rport\r\nMax-Forwards: 70\r\n"
			   "From: \"Caller\" <sip:+33301112222@192.0.2.2>;tag=far%u\r\nTo: %s\r\n"
			   "Call-ID: call-%u-81b09f2ac4@192.0.2.2\r\nCSeq: %u %s\r\n"
			   "Contact: <sip:pbx@192.0.2.2:5060>\r\n%sContent-Length: %zu\r\n\r\n%s", method, n, method,
			   n, our_to, n, cseq, method, lines, strlen(body), body);

	OSMO_ASSERT(len < (int)sizeof(text));
	gw_rx_sip(text, len);
}

/* The peer's response to a request of ours, whose header lines are in head */
static void peer_responds(const char *status, const char *head, const char *lines)
{
	char text[4096];
	int len = snprintf(text, sizeof(text), "SIP/2.0 %s\r\n%s%s", status, head, lines);

	OSMO_ASSERT(len < (int)sizeof(text));
	gw_rx_sip(text, len);
}

/* Via, From, To, Call-ID and CSeq of the request sent last, as its responses repeat them */
static void copy_head(char *head, size_t size, const char *tag)
{
	static const enum sip_hdr_id ids[] = { SIP_HDR_VIA, SIP_HDR_FROM, SIP_HDR_TO, SIP_HDR_CALL_ID, SIP_HDR_CSEQ };
	static const char *const names[] = { "Via", "From", "To", "Call-ID", "CSeq" };
	size_t i, len = 0;

	for (i = 0; i < ARRAY_SIZE(ids); i++)
		len += snprintf(head + len, size - len, "%s: %.*s%s\r\n", names[i], SIP_STR_ARG(sent_hdr(ids[i])),
				ids[i] == SIP_HDR_TO ? tag : "");
	OSMO_ASSERT(len < size);
}

/* ---- Calls ---- */

struct held {
	unsigned int no;
	uint16_t cic;
	char to[128];			/* of our leg: with our tag */
};

static void expect(bool holds, const char *what)
{
	if (holds)
		return;
	printf("not so: %s; sent last: ISUP 0x%02x, SIP %.*s\n", what, sent_type, (int)sent_len, sent);
	exit(1);
}

static void in_begins(struct held *call)
{
	sent_type = 0;
	peer_requests(call->no, "INVITE", 1, "<sip:+33201234567@192.0.2.1>",
		      "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE\r\nSupported: timer, replaces\r\n"
		      "User-Agent: PBX 1.0\r\nP-Asserted-Identity: <sip:+33301112222@192.0.2.2>\r\n"
		      "Content-Type: application/sdp\r\n", SDP);
	expect(sent_type == ISUP_MSG_IAM, "IAM");
	call->cic = sent_cic;
	exchange_sends(call->cic, acm, sizeof(acm));
	expect(!strncmp(sent, "SIP/2.0 18", 10), "180");
	exchange_sends(call->cic, anm, sizeof(anm));
	expect(!strncmp(sent, "SIP/2.0 200", 11), "200");
	snprintf(call->to, sizeof(call->to), "%.*s", SIP_STR_ARG(sent_hdr(SIP_HDR_TO)));
	peer_requests(call->no, "ACK", 1, call->to, "", "");
}

static void in_ends(struct held *call)
{
	peer_requests(call->no, "BYE", 2, call->to, "", "");
	expect(sent_type == ISUP_MSG_REL, "REL");
	exchange_answers(gw_rx_isup);
	expect(!strncmp(sent, "SIP/2.0 200", 11), "200 to BYE");
}

static void out_begins(struct held *call)
{
	static const char more[] = "Contact: <sip:pbx@192.0.2.2:5060>\r\n"
				   "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE\r\n";
	char head[1024], tagged[1024], tag[32], lines[1024];

	call->cic = 1 + call->no % CICS;
	snprintf(tag, sizeof(tag), ";tag=far%u", call->no);
	exchange_sends(call->cic, iam, sizeof(iam));
	expect(!strncmp(sent, "INVITE ", 7), "INVITE");
	copy_head(head, sizeof(head), "");
	copy_head(tagged, sizeof(tagged), tag);
	peer_responds("100 Trying", head, "Content-Length: 0\r\n\r\n");
	snprintf(lines, sizeof(lines), "%sContent-Length: 0\r\n\r\n", more);
	peer_responds("180 Ringing", tagged, lines);
	expect(sent_type == ISUP_MSG_ACM, "ACM");
	snprintf(lines, sizeof(lines), "%sContent-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n%s", more,
		 sizeof(SDP) - 1, SDP);
	peer_responds("200 OK", tagged, lines);
	expect(sent_type == ISUP_MSG_ANM && !strncmp(sent, "ACK ", 4), "ANM, ACK");
}

static void out_ends(struct held *call)
{
	char head[1024];

	exchange_sends(call->cic, rel, sizeof(rel));
	expect(sent_type == ISUP_MSG_RLC && !strncmp(sent, "BYE ", 4), "RLC, BYE");
	copy_head(head, sizeof(head), "");
	peer_responds("200 OK", head, "Content-Length: 0\r\n\r\n");
}

/* ---- The world ---- */

static void world_isup(struct mapping *m)
{
	char err[128];
	unsigned int i;

	mtp = talloc_zero(ctx, struct isup_mtp);
	mtp->ops = &mtp_ops;
	mtp->own_pc = OWN_PC;
	m->isup = isup_alloc(ctx, mapping_isup_cb, &m->newcomer);
	trunk = isup_group_alloc(m->isup, "TRUNK1");
	isup_group_cfg(trunk)->dpc = FAR_PC;
	isup_group_cfg(trunk)->dpc_set = true;
	OSMO_ASSERT(isup_group_add_cics(trunk, 1, CICS, err, sizeof(err)) == 0);
	OSMO_ASSERT(isup_group_start(trunk, mtp, err, sizeof(err)) == 0);
	for (i = 0; i < 1000; i++) {
		pass_time(100);
		exchange_answers(receive_isup);
	}
}

static void world_sip(struct mapping *m)
{
	struct sip_peer *pbx;

	m->sip = sip = sip_alloc(ctx, mapping_sip_cb, &m->newcomer);
	sock = talloc_zero(sip, struct sip_sock);
	sock->sip = sip;
	sock->ops = &wire_ops;
	OSMO_ASSERT(sip_sockaddr_from_host(&sock->local, SIP_STR("192.0.2.1"), false, 5060) == 0);
	OSMO_ASSERT(sip_sockaddr_from_host(&far_addr, SIP_STR("192.0.2.2"), false, 5060) == 0);
	sip_sockaddr_hostport_buf(sock->hostport, &sock->local);
	llist_add_tail(&sock->entry, &sip->socks);
	pbx = sip_peer_alloc(sip, "PBX");
	memcpy(&sip_peer_cfg(pbx)->remote.u.sin, &far_addr.in4, sizeof(far_addr.in4));
	sip_peer_cfg(pbx)->remote_set = true;
	sip_peer_cfg(pbx)->trusted = true;
	sip_peer_update(pbx);
}

static void world(void)
{
	const struct route_end pbx = { ROUTE_PEER, "PBX" }, group = { ROUTE_GROUP, "TRUNK1" };
	struct mapping *m = mapping_alloc(ctx);
	char err[128];

	osmo_strlcpy(m->cfg.numbering.country_code, "33", sizeof(m->cfg.numbering.country_code));
	osmo_strlcpy(m->cfg.numbering.national_prefix, "0", sizeof(m->cfg.numbering.national_prefix));
	m->media = media_static_alloc(ctx);
	OSMO_ASSERT(media_static_set_address(m->media, NULL, "192.0.2.1") == 0);
	OSMO_ASSERT(route_add(m->routes, "", &pbx, &group, 0, err, sizeof(err)) == 0);
	OSMO_ASSERT(route_add(m->routes, "", &group, &pbx, 0, err, sizeof(err)) == 0);
	world_sip(m);
	world_isup(m);
}

static void logging(void *log_ctx)
{
	const struct log_cats_part parts[] = {
		{ DISUP, isup_log_cats, _ISUP_LOG_COUNT - DISUP },
		{ DSIP, sip_log_cats, ARRAY_SIZE(sip_log_cats) },
		{ DIWU, map_log_cats, ARRAY_SIZE(map_log_cats) },
		{}
	};

	osmo_init_logging2(log_ctx, log_cats_assemble(log_ctx, parts));
	log_set_log_level(osmo_stderr_target, LOGL_NOTICE);
}

static void measure(unsigned int calls, unsigned int n_held, void (*begins)(struct held *), void (*ends)(struct held *))
{
	struct held *held = calloc(n_held + 1, sizeof(*held));
	unsigned int i, no = 0;
	size_t before, blocks;

	for (i = 0; i < calls; i++) {
		held[0].no = no++;
		begins(&held[0]);
		gw_time(60000);
		ends(&held[0]);
		gw_time(60000);
	}
	before = talloc_total_size(ctx);
	blocks = talloc_total_blocks(ctx);
	for (i = 0; i < n_held; i++) {
		held[i].no = no++;
		begins(&held[i]);
	}
	gw_time(60000);
	blocks = talloc_total_blocks(ctx) - blocks;
	before = talloc_total_size(ctx) - before + blocks * CHUNK_HEADER;
	if (n_held)
		printf("%zu octets in %.1f chunks of a held call\n", before / n_held, (double)blocks / n_held);
	expect(before <= OCTETS_MAX * (size_t)n_held, "a held call takes at most 2,400 octets");
	for (i = 0; i < n_held; i++)
		ends(&held[i]);
	gw_time(60000);
	free(held);
}

int main(int argc, char **argv)
{
	bool out = argc > 1 && !strcmp(argv[1], "out");
	unsigned int calls = argc > 2 ? strtoul(argv[2], NULL, 10) : 10;
	unsigned int held = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;

	ctx = talloc_named_const(NULL, 0, "bench");
	logging(talloc_named_const(NULL, 0, "log"));
	msgb_talloc_ctx_init(ctx, 0);
	rate_ctr_init(ctx);
	osmo_fsm_set_dealloc_ctx(OTC_SELECT);
	osmo_fsm_log_addr(false);
	hand_clock_start();
	world();
	if (out)
		measure(calls, held, out_begins, out_ends);
	else
		measure(calls, held, in_begins, in_ends);
	return 0;
}
