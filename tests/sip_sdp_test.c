/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Session descriptions: what is read, chosen, offered and answered, and each cut at each length. */

#include <errno.h>

#include "expect.h"
#include "sip/sip_sdp.h"
#include "sip_text.h"

#define N(rows) (sizeof(rows) / sizeof(rows[0]))
#define HEAD "v=0\r\no=alice 2890844526 2890844526 IN IP4 host.anywhere.com\r\ns=-\r\n"
#define C4 "c=IN IP4 192.0.2.1\r\n"
#define T "t=0 0\r\n"

static const char *const dirs[] = { "inactive", "sendonly", "recvonly", "sendrecv" };

static void render(struct out *o, const struct sip_sdp *sdp)
{
	const struct sip_sdp_media *m;
	unsigned int i;

	out(o, "o={%.*s} t={%.*s}", SIP_STR_ARG(sdp->origin), SIP_STR_ARG(sdp->times));
	for (m = sdp->media; m < sdp->media + sdp->n_media; m++) {
		out(o, " | %.*s %u %.*s %.*s", SIP_STR_ARG(m->type), m->port,
		    SIP_STR_ARG(m->proto), SIP_STR_ARG(m->fmts));
		out_str(o, m->is_ipv6 ? "c6" : "c4", m->address);
		out(o, " %s", dirs[m->dir]);
		if (m->ptime)
			out(o, " ptime=%u", m->ptime);
		for (i = 0; i < m->n_known; i++)
			out(o, " %u=%.*s", m->known[i].pt, SIP_STR_ARG(sip_sdp_codec_name(m->known[i].codec)));
	}
}

/* expected NULL: -EBADMSG */
static const struct {
	const char *text, *expected;
} parse_rows[] = {
	/* RFC 3264 10.1 */
	{ HEAD "c=IN IP4 host.anywhere.com\r\n" T "m=audio 49170 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
	  "m=video 51372 RTP/AVP 31\r\na=rtpmap:31 H261/90000\r\nm=video 53000 RTP/AVP 32\r\na=rtpmap:32 "
	  "MPV/90000\r\n",
	  "o={alice 2890844526 2890844526 IN IP4 host.anywhere.com} t={0 0} | audio 49170 RTP/AVP 0 "
	  "c4=host.anywhere.com "
	  "sendrecv 0=PCMU | video 51372 RTP/AVP 31 c4=host.anywhere.com sendrecv | video 53000 RTP/AVP 32 "
	  "c4=host.anywhere.com sendrecv" },
	{ "v=0\no=- 1 1 IN IP6 ::1\ns=-\nc=IN IP6 2001:db8::1\nt=0 0\na=sendonly\nm=audio 4000/2 RTP/AVP 8 96 101 9\n"
	  "c=IN IP4 192.0.2.7\na=rtpmap:101 telephone-event/8000\na=rtpmap:96 "
	  "pcmu/8000/1\na=ptime:30\nm=audio 0 RTP/SAVP 0\n"
	  "a=recvonly",
	  "o={- 1 1 IN IP6 ::1} t={0 0} | audio 4000 RTP/AVP 8 96 101 9 c4=192.0.2.7 sendonly ptime=30 "
	  "8=PCMA 96=PCMU "
	  "101=telephone-event | audio 0 RTP/SAVP 0 c6=2001:db8::1 recvonly 0=PCMU" },
	{ HEAD T "m=audio 1 RTP/AVP 8\r\na=rtpmap:8 G726-32/8000\r\na=rtpmap:0 PCMA/8000\r\na=inactive\r\n"
	  "a=ptime:x\r\nb=AS:64\r\n\r\n",
	  "o={alice 2890844526 2890844526 IN IP4 host.anywhere.com} t={0 0} | audio 1 RTP/AVP 8 inactive" },
	{ "v=0\r\nm=audio 1 RTP/AVP 97 98\r\na=rtpmap:97 CLEARMODE/8000\r\na=rtpmap:98 PCMA/16000\r\n",
	  "o={} t={} | audio 1 RTP/AVP 97 98 sendrecv 97=CLEARMODE" },
	{ HEAD "c=FOO BAR x\r\n" T "m=image 1 udptl t38\r\n",
	  "o={alice 2890844526 2890844526 IN IP4 host.anywhere.com} t={0 0} | image 1 udptl t38 sendrecv" },
	{ "v=0\r\nm=audio 1 RTP/AVP 9 8\r\na=rtpmap:128 x/1\r\na=rtpmap:9 x\r\na=rtpmap:x\r\n",
	  "o={} t={} | audio 1 RTP/AVP 9 8 sendrecv 8=PCMA" },
	{ "v=0", "o={} t={}" },

	{ "", NULL }, { "v=1\r\n", NULL }, { "v=0\r\nx\r\n", NULL }, { "v=0\r\n=x\r\n", NULL }, { "o=x\r\n"
	  "v=0\r\n", NULL },
	{ "v=0\r\nm=audio\r\n", NULL }, { "v=0\r\nm=audio 1\r\n", NULL }, { "v=0\r\nm=audio 1 RTP/AVP\r\n", NULL },
	{ "v=0\r\nm=audio x RTP/AVP 0\r\n", NULL }, { "v=0\r\nm=audio 65536 RTP/AVP 0\r\n", NULL },
	{ "v=0\r\nm=audio 1/ RTP/AVP 0\r\n", NULL }, { "v=0\r\nm= 1 RTP/AVP 0\r\n", NULL },
	{ "v=0\r\nc=IN IP4\r\n", NULL },
	{ "v=0\r\nc=IN IP4 1.2.3.4 x\r\n", NULL }, { "v=0\r\ns=a\rb\r\n", NULL },
};

static void test_parse(void)
{
	static struct sip_sdp sdp;
	struct sip_str text;
	struct out o;
	size_t i, len;
	int rc = 0;

	for (i = 0; i < N(parse_rows); i++) {
		o = (struct out){};
		for (len = 0; len <= strlen(parse_rows[i].text); len++) {
			text = exact(parse_rows[i].text, len);
			rc = sip_sdp_parse(&sdp, text);
			EXPECT(!rc || rc == -EBADMSG);
			if (!rc && len == strlen(parse_rows[i].text))
				render(&o, &sdp);
			free((void *)text.p);
		}
		EXPECT_INT(parse_rows[i].text, rc, parse_rows[i].expected ? 0 : -EBADMSG);
		EXPECT_STR(parse_rows[i].text, o.text, parse_rows[i].expected ? parse_rows[i].expected : "");
	}
}

static void test_bounds(void)
{
	static struct sip_sdp sdp;
	static char text[65536];
	struct sip_str value;
	size_t i, len = snprintf(text, sizeof(text), "v=0\r\n");

	for (i = 0; i < SIP_SDP_MEDIA_MAX; i++)
		len += snprintf(text + len, sizeof(text) - len, "m=audio %zu RTP/AVP 8\r\na=x:%zu\r\n", i, i);
	EXPECT_INT("as many as fit", sip_sdp_parse(&sdp, (struct sip_str){ text, len }), 0);
	EXPECT(sip_sdp_attr(sdp.media[3].lines, "x", &value) && sip_str_eq(value, SIP_STR("3")));
	EXPECT(!sip_sdp_attr(sdp.lines, "x", &value) && !sip_sdp_attr(sdp.media[0].lines, "y", NULL));
	len += snprintf(text + len, sizeof(text) - len, "m=audio 1 RTP/AVP 8\r\n");
	EXPECT_INT("one more", sip_sdp_parse(&sdp, (struct sip_str){ text, len }), -E2BIG);

	len = snprintf(text, sizeof(text), "v=0\r\nc=IN IP4 1.2.3.4\r\nm=audio 2 RTP/AVP");
	while (len < sizeof(text) - 16)
		len += snprintf(text + len, sizeof(text) - len, " 8");
	EXPECT_INT("many formats", sip_sdp_parse(&sdp, (struct sip_str){ text, len }), 0);
	EXPECT_INT("known", sdp.media[0].n_known, SIP_SDP_KNOWN_MAX);
}

static const struct sip_sdp_local local = {
	.address = { "192.0.2.33", 10 }, .port = 16400, .ptime = 20, .session_id = 7, .version = 1,
	.dir = SIP_SDP_SENDRECV, .telephone_event = true, .n_codecs = 2, .codecs = { SIP_SDP_PCMA, SIP_SDP_PCMU },
};
#define US "v=0\r\no=- 7 1 IN IP4 192.0.2.33\r\ns=-\r\nc=IN IP4 192.0.2.33\r\n"
#define PCMA "a=rtpmap:8 PCMA/8000\r\n"
#define PCMU "a=rtpmap:0 PCMU/8000\r\n"

/* answer NULL: no stream suits */
static const struct {
	const char *offer, *answer;
} answer_rows[] = {
	{ HEAD C4 T "m=audio 4000 RTP/AVP 8\r\n", US T "m=audio 16400 RTP/AVP 8\r\n" PCMA "a=ptime:20\r\n" },
	/* their order counts, one codec is enough */
	{ HEAD C4 T "m=audio 4000 RTP/AVP 18 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n",
	  US T "m=audio 16400 RTP/AVP 0 101\r\n" PCMU "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
	  "a=ptime:20\r\n" },
	/* their payload types, their t=, and every m= line of theirs in its place */
	{ HEAD C4 "t=1 2\r\nm=video 1 RTP/AVP 31 32\r\nm=audio 0 RTP/AVP 8\r\nm=audio 2 RTP/AVP 96\r\n"
	  "a=rtpmap:96 PCMA/8000\r\n"
	  "a=sendonly\r\nm=audio 3 RTP/AVP 8\r\n",
	  US "t=1 2\r\nm=video 0 RTP/AVP 31 32\r\nm=audio 0 RTP/AVP 8\r\nm=audio 16400 RTP/AVP 96\r\n"
	  "a=rtpmap:96 PCMA/8000\r\n"
	  "a=ptime:20\r\na=recvonly\r\nm=audio 0 RTP/AVP 8\r\n" },
	{ HEAD C4 T "a=inactive\r\nm=audio 4000 RTP/AVP 8\r\n",
	  US T "m=audio 16400 RTP/AVP 8\r\n" PCMA "a=ptime:20\r\na=inactive\r\n" },
	{ HEAD C4 T "m=audio 4000 RTP/AVP 8\r\na=recvonly\r\n",
	  US T "m=audio 16400 RTP/AVP 8\r\n" PCMA "a=ptime:20\r\na=sendonly\r\n" },
	/* hold of RFC 2543: nothing is sent to nowhere */
	{ HEAD "c=IN IP4 0.0.0.0\r\n" T "m=audio 4000 RTP/AVP 8\r\n",
	  US T "m=audio 16400 RTP/AVP 8\r\n" PCMA "a=ptime:20\r\na=recvonly\r\n" },
	{ HEAD C4 T "m=audio 4000 RTP/AVP 8\r\nc=IN IP6 ::\r\n",
	  US T "m=audio 16400 RTP/AVP 8\r\n" PCMA "a=ptime:20\r\na=recvonly\r\n" },
	{ HEAD "c=IN IP6 0:0:0:0:0:0:0:0\r\n" T "a=recvonly\r\nm=audio 4000 RTP/AVP 8\r\n",
	  US T "m=audio 16400 RTP/AVP 8\r\n" PCMA "a=ptime:20\r\na=inactive\r\n" },
	{ HEAD "c=IN IP6 ::1\r\n" T "m=audio 4000 RTP/AVP 8\r\n",
	  US T "m=audio 16400 RTP/AVP 8\r\n" PCMA "a=ptime:20\r\n" },
	{ HEAD C4 T "m=audio 4000 RTP/SAVP 8\r\n", NULL }, { HEAD C4 T "m=audio 0 RTP/AVP 8\r\n", NULL },
	{ HEAD T "m=audio 4000 RTP/AVP 8\r\n", NULL }, { HEAD C4 T "m=audio 4000 RTP/AVP 18\r\n", NULL },
	{ HEAD C4 T "m=video 4000 RTP/AVP 8\r\n", NULL }, { HEAD C4 T, NULL },
	{ HEAD C4 T "m=audio 4000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n", NULL },
};

static void test_answer(void)
{
	static struct sip_sdp sdp;
	struct sip_buf b;
	char mem[1024];
	size_t i;
	int rc;

	for (i = 0; i < N(answer_rows); i++) {
		EXPECT_INT(answer_rows[i].offer, sip_sdp_parse(&sdp, sip_str_from(answer_rows[i].offer)), 0);
		sip_buf_init(&b, mem, sizeof(mem) - 1);
		rc = sip_sdp_put_answer(&b, &local, &sdp);
		*b.p = '\0';
		EXPECT_INT(answer_rows[i].offer, rc, answer_rows[i].answer ? 0 : -EPROTONOSUPPORT);
		EXPECT_STR(answer_rows[i].offer, mem, answer_rows[i].answer ? answer_rows[i].answer : "");
	}
}

/* What we offer we can read, and choose from */
static void test_offer(void)
{
	static struct sip_sdp sdp;
	struct sip_sdp_local other = local;
	struct sip_sdp_choice choice;
	struct sip_buf b;
	char mem[1024];

	sip_buf_init(&b, mem, sizeof(mem) - 1);
	sip_sdp_put_offer(&b, &local);
	*b.p = '\0';
	EXPECT_STR("offer", mem, US T "m=audio 16400 RTP/AVP 8 0 101\r\n" PCMA PCMU
		   "a=rtpmap:101 telephone-event/8000\r\n"
		   "a=fmtp:101 0-15\r\na=ptime:20\r\n");
	EXPECT_INT("our own", sip_sdp_parse(&sdp, sip_buf_str(&b)), 0);
	EXPECT_INT("choice", sip_sdp_choose(&sdp, &local, &choice), 0);
	EXPECT(choice.codec == SIP_SDP_PCMA && choice.pt == 8 && choice.has_telephone_event);
	EXPECT(choice.media->port == 16400);
	EXPECT(choice.telephone_event_pt == 101 && choice.dir == SIP_SDP_SENDRECV);

	other.address = SIP_STR("2001:db8::1");
	other.codecs[0] = SIP_SDP_CLEARMODE;
	other.n_codecs = 1;
	other.telephone_event = false;
	other.ptime = 0;
	other.dir = SIP_SDP_INACTIVE;
	sip_buf_init(&b, mem, sizeof(mem) - 1);
	sip_sdp_put_offer(&b, &other);
	*b.p = '\0';
	EXPECT_STR("offer", mem, "v=0\r\no=- 7 1 IN IP6 2001:db8::1\r\ns=-\r\nc=IN IP6 2001:db8::1\r\n" T
		   "m=audio 16400 RTP/AVP 97\r\na=rtpmap:97 CLEARMODE/8000\r\na=inactive\r\n");
	EXPECT_INT("nothing in common", sip_sdp_choose(&sdp, &other, &choice), -EPROTONOSUPPORT);
}

int main(void)
{
	test_parse();
	test_bounds();
	test_answer();
	test_offer();
	return expect_failures ? 1 : 0;
}
