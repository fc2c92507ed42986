/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What SIP messages cost: ns to parse and to build one, and to parse 64 kB of each kind of ill will.
 *
 * Usage: sip_bench [RUNS [NUMBER]]: NUMBER is one kind of ill will, and nothing else; sip_compare counts
 * instructions. */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sip/sip_body.h"
#include "sip/sip_build.h"
#include "sip/sip_sdp.h"
#include "invite.h"

#define HEAD \
	"INVITE sip:b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:b>\r\n" \
	"Call-ID: x\r\nCSeq: 1 INVITE\r\n"

#define MIXED HEAD "Content-Type: multipart/mixed;boundary=b\r\n\r\n"

/* 64 kB: head, then pattern over and over, then tail */
static const struct hostile {
	const char *what, *head, *pattern, *tail;
} hostile[] = {
	{ "one header line after the other", HEAD, "Xx: y\r\n", "\r\n" },
	{ "folds", HEAD "X: ", "\r\n ", "\r\n\r\n" },
	{ "Contact values", HEAD "Contact: <sip:a>", ",<sip:a>", "\r\n\r\n" },
	{ "Contact parameters", HEAD "Contact: <sip:a>", ";tag", "\r\n\r\n" },
	{ "Via values", "BYE sip:b SIP/2.0\r\nVia: SIP/2.0/UDP h", ",SIP/2.0/UDP h", "\r\n\r\n" },
	{ "Via parameters", "BYE sip:b SIP/2.0\r\nVia: SIP/2.0/UDP h", ";rport=1", "\r\n\r\n" },
	{ "quoted pairs", HEAD "Contact: \"", "\\\"", "\" <sip:a>\r\n\r\n" },
	{ "an open quote", HEAD "Contact: \"", "\"<;,", "\r\n\r\n" },
	{ "URI parameters", "BYE sip:b", ";a=%41", " SIP/2.0\r\n\r\n" },
	{ "a long user", "BYE sip:", "%41", "@b SIP/2.0\r\n\r\n" },
	{ "control characters", HEAD, "\\\x01\\\x02", "\r\n\r\n" },
	{ "bare carriage returns", HEAD, "X\r", "\r\n\r\n" },
	{ "no line at all", "", "INVITE ", "" },
	{ "line feeds", "", "\n", "" },
	{ "dashes", MIXED, "--", "" }, { "delimiters of nobody", MIXED, "\r\n--c", "" },
	{ "delimiters almost", MIXED, "\r\n--bx", "" }, { "delimiters", MIXED, "\r\n--b\r\n", "" },
	{ "parts", MIXED, "--b\r\n\r\nx\r\n", "--b--\r\n" },
	{ "part headers", MIXED "--b\r\n", "Content-Type: a/b\r\n", "\r\n" },
	{ "part header folds", MIXED "--b\r\nContent-Type: a/b", ";c\r\n ", "\r\n\r\n" },
	{ "nested multiparts", MIXED, "--b\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n", "" },
	{ "base64", HEAD "Content-Type: application/sdp\r\nContent-Transfer-Encoding: base64\r\n\r\n", "dj0w\r\n", "" },
	{ "quoted-printable",
	  HEAD "Content-Type: application/sdp\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
	  "=3D=\r\n", "" },
	{ "History-Info", HEAD "History-Info: <sip:a>", ",<sip:a?Reason=SIP&a>;index=1.1", "\r\n\r\n" },
	{ "one History-Info", HEAD "History-Info: <sip:a", "?a&b;c=%41", ">;index=1\r\n\r\n" },
	{ "an index", HEAD "History-Info: <sip:a>;index=1", ".1", "\r\n\r\n" },
	{ "Diversion", HEAD "Diversion: <sip:a>", ";reason=a", "\r\n\r\n" },
	{ "user-to-user octets", HEAD "User-to-User: 04", "04", "\r\n\r\n" },
	{ "privacy", HEAD "Privacy: id", ";id", "\r\n\r\n" },
	{ "digits", HEAD "Content-Length: ", "0", "\r\n\r\n" },
	{ "payload types", HEAD "\r\nv=0\r\nc=IN IP4 h\r\nm=audio 1 RTP/AVP", " 8", "\r\n" },
	{ "rtpmaps", HEAD "\r\nv=0\r\nc=IN IP4 h\r\nm=audio 1 RTP/AVP 8\r\n", "a=rtpmap:1 a/8000\r\n", "" },
	{ "streams", HEAD "\r\nv=0\r\nc=IN IP4 h\r\n", "m=audio 1 RTP/AVP 8\r\n", "" },
};

static struct sip_msg msg;

static double now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

/* A figure for something that does not work is none */
static void must(bool ok, const char *what)
{
	if (ok)
		return;
	printf("failed: %s\n", what);
	exit(1);
}

static void parse_invite(void)
{
	struct sip_parse_error err;

	must(!sip_msg_parse(&msg, invite, sizeof(invite) - 1, &err), "parsing the INVITE");
}

static void parse_offer(void)
{
	static struct sip_sdp sdp;

	must(!sip_sdp_parse(&sdp, SIP_STR(INVITE_BODY)), "parsing the offer");
}

static void build_invite(void)
{
	char mem[2048];
	struct sip_buf b;

	sip_buf_init(&b, mem, sizeof(mem));
	sip_put_request_line(&b, SIP_STR("INVITE"), SIP_STR("sip:+33123456789@gw.example.com:5060;user=phone"));
	sip_put_lit(&b, "Via: SIP/2.0/UDP ");
	sip_put_hostport(&b, SIP_STR("192.0.2.1"), 5070);
	sip_put_lit(&b, ";rport;branch=z9hG4bK");
	sip_put_hex(&b, invite, 8);
	sip_put_lit(&b, "\r\n");
	sip_put_hdr_uint(&b, SIP_STR("Max-Forwards"), 70);
	sip_put_hdr(&b, SIP_STR("Contact"), SIP_STR("<sip:+33987654321@192.0.2.1:5070>"));
	sip_put_hdr(&b, SIP_STR("To"), SIP_STR("<sip:+33123456789@gw.example.com;user=phone>"));
	sip_put_hdr(&b, SIP_STR("From"), SIP_STR("<sip:+33987654321@example.com;user=phone>;tag=62dc4e06"));
	sip_put_hdr(&b, SIP_STR("Call-ID"), SIP_STR("84710OTYzZjA2NWZkNWZlZDQzMzc0ZTYwNGY4ZTY4ZjE5NzU0MDY4Z"));
	sip_put_hdr(&b, SIP_STR("CSeq"), SIP_STR("1 INVITE"));
	sip_put_hdr(&b, SIP_STR("Allow"), SIP_STR("INVITE, ACK, CANCEL, BYE, OPTIONS"));
	sip_put_body(&b, SIP_STR("application/sdp"), SIP_STR(INVITE_BODY));
	must(!b.full, "building the INVITE");
}

static void build_response(void)
{
	char mem[2048];
	struct sip_buf b;

	sip_buf_init(&b, mem, sizeof(mem));
	sip_put_status_line(&b, 180, (struct sip_str){});
	sip_put_vias_answered(&b, &msg, SIP_STR("192.0.2.1"), 5070);
	sip_put_hdrs_of(&b, &msg, SIP_HDR_FROM);
	sip_put_hdrs_of(&b, &msg, SIP_HDR_TO);
	sip_put_hdrs_of(&b, &msg, SIP_HDR_CALL_ID);
	sip_put_hdrs_of(&b, &msg, SIP_HDR_CSEQ);
	sip_put_body(&b, (struct sip_str){}, (struct sip_str){});
	must(!b.full, "building the response");
}

static void measure(const char *what, void (*run)(void), unsigned long runs)
{
	double start = now_ns();
	unsigned long i;

	for (i = 0; i < runs; i++)
		run();
	printf("%8.0f ns  %s\n", (now_ns() - start) / runs, what);
}

static size_t fill(char *text, size_t size, const struct hostile *h)
{
	size_t len = strlen(h->head), n = strlen(h->pattern), tail = strlen(h->tail);

	memcpy(text, h->head, len);
	for (; len + n + tail <= size; len += n)
		memcpy(text + len, h->pattern, n);
	memcpy(text + len, h->tail, tail);
	return len + tail;
}

/* All that is asked of a message on its way to a call, and what a call controller may ask more */
static void ask_all(void)
{
	static const struct sip_body_type known[] = { { "application/sdp", "session" },
	{ "application/ISUP", NULL }, {} };
	static char decoded[65536];
	static struct sip_sdp sdp;
	struct sip_diversion diversion;
	struct sip_history history;
	uint8_t octets[131];
	struct sip_uui uui;
	struct sip_str list;
	const struct sip_hdr *hdr;
	unsigned int set = 0;

	sip_body_verdict(&msg, known);
	sip_sdp_parse(&sdp, sip_msg_sdp(&msg, decoded, sizeof(decoded)));
	sip_sdp_parse(&sdp, msg.body);
	hdr = sip_msg_hdr(&msg, SIP_HDR_HISTORY_INFO);
	for (list = hdr ? hdr->value : SIP_STR(""); !sip_history_take(&history, &list);)
		;
	hdr = sip_msg_hdr(&msg, SIP_HDR_DIVERSION);
	for (list = hdr ? hdr->value : SIP_STR(""); !sip_diversion_take(&diversion, &list);)
		;
	hdr = sip_msg_hdr(&msg, SIP_HDR_USER_TO_USER);
	for (list = hdr ? hdr->value : SIP_STR(""); !sip_uui_take(&uui, &list);)
		sip_uui_octets(&uui, octets, sizeof(octets));
	hdr = sip_msg_hdr(&msg, SIP_HDR_PRIVACY);
	sip_privacy_parse(&set, hdr ? hdr->value : SIP_STR("id"));
}

/* The least of some runs: what it costs when nothing else is at work */
static void measure_hostile(const struct hostile *h, unsigned long runs)
{
	static char text[65507];
	size_t len = fill(text, sizeof(text), h);
	struct sip_parse_error err;
	double least = 1e18, start, ns;
	unsigned long i;

	for (i = 0; i < runs; i++) {
		start = now_ns();
		sip_msg_parse(&msg, text, len, &err);
		ask_all();
		ns = now_ns() - start;
		if (ns < least)
			least = ns;
	}
	printf("%8.0f ns  64 kB of %s: %u %s\n", least, h->what, err.status, err.what ? err.what : "");
}

/* One of them and nothing else, for tests/bench/sip_compare; the number of them where there is none of this number */
static int one_hostile(unsigned long number, unsigned long runs)
{
	size_t n = sizeof(hostile) / sizeof(hostile[0]);

	if (number < n)
		measure_hostile(&hostile[number], runs);
	else
		printf("%zu\n", n);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long runs = argc > 1 ? strtoul(argv[1], NULL, 10) : 200000;
	size_t i;

	if (!runs)
		return 2;
	if (argc > 2)
		return one_hostile(strtoul(argv[2], NULL, 10), runs);
	printf("An INVITE of %zu octets\n", sizeof(invite) - 1);
	measure("parse it", parse_invite, runs);
	measure("parse its session description", parse_offer, runs);
	measure("build one like it", build_invite, runs);
	measure("build a response to it", build_response, runs);
	for (i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++)
		measure_hostile(&hostile[i], runs / 4000 + 1);
	return 0;
}
