/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The static media gateway: ports, offers and answers octet for octet, what of the peer is refused, collisions. */

#include <errno.h>

#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>

#include "expect.h"
#include "src/log_cats.h"
#include "src/media_static.h"

static void *test_ctx;

static struct media *alloc(const char *address)
{
	struct media *m = media_static_alloc(test_ctx);

	EXPECT_INT(address, media_static_set_address(m, NULL, address), 0);
	return m;
}

static int open_circuit(struct media *m, const char *group, uint16_t cic, struct media_ctx **ctx)
{
	return m->ops->open(m, &(struct media_bearer){ .group = group, .cic = cic, .tmr = 3 }, NULL, NULL, ctx);
}

static const char *local_as(struct media *m, struct media_ctx *ctx, enum media_sdp kind)
{
	static char text[1024];
	int len = m->ops->local_sdp(ctx, kind, text, sizeof(text) - 1);

	text[len < 0 ? 0 : len] = '\0';
	return text;
}

static const char *local(struct media *m, struct media_ctx *ctx)
{
	return local_as(m, ctx, MEDIA_SDP_ANSWER);
}

static const char *offer(struct media *m, struct media_ctx *ctx)
{
	return local_as(m, ctx, MEDIA_SDP_OFFER);
}

static int remote(struct media *m, struct media_ctx *ctx, const char *sdp)
{
	return m->ops->set_remote(ctx, sdp, strlen(sdp));
}

#define V4(lines) "v=0\r\no=pbx 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n" lines
#define OURS(version) "v=0\r\no=- 1000000 " version " IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\n"

static void test_answer(void)
{
	static const struct {
		const char *what, *offer;
		int rc;
		const char *answer;
	} cases[] = {
		{ "PCMA", V4("m=audio 4000 RTP/AVP 8\r\n"), 0,
		  OURS("1") "m=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n" },
		{ "PCMA of several", V4("m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"), 0,
		  OURS("1") "m=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n" },
		{ "PCMA by a dynamic type", V4("m=audio 4000 RTP/AVP 96\r\na=rtpmap:96 pcma/8000\r\n"), 0,
		  OURS("1") "m=audio 16386 RTP/AVP 96\r\na=rtpmap:96 PCMA/8000\r\n" },
		{ "hold by a=sendonly", V4("m=audio 4000 RTP/AVP 8\r\na=sendonly\r\n"), 0,
		  OURS("1") "m=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=recvonly\r\n" },
		{ "hold by a=inactive", V4("m=audio 4000 RTP/AVP 8\r\na=inactive\r\n"), 0,
		  OURS("1") "m=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=inactive\r\n" },
		{ "hold by 0.0.0.0", "v=0\r\no=p 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
		  "m=audio 4000 RTP/AVP 8\r\n", 0,
		  OURS("1") "m=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=recvonly\r\n" },
		{ "audio and video", V4("m=video 4002 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 8\r\n"), 0,
		  OURS("1") "m=video 0 RTP/AVP 31\r\nm=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n" },
		{ "no codec of ours", V4("m=audio 4000 RTP/AVP 0 18\r\n"), -EPROTONOSUPPORT, "" },
		{ "SRTP", V4("m=audio 4000 RTP/SAVP 8\r\n"), -EPROTONOSUPPORT, "" },
		{ "video alone", V4("m=video 4000 RTP/AVP 31\r\n"), -EPROTONOSUPPORT, "" },
		{ "stream not wanted", V4("m=audio 0 RTP/AVP 8\r\n"), -EPROTONOSUPPORT, "" },
		{ "no stream", V4(""), -EPROTONOSUPPORT, "" },
		{ "other family", "v=0\r\no=p 1 1 IN IP6 2001:db8::9\r\ns=-\r\nc=IN IP6 2001:db8::9\r\nt=0 0\r\n"
		  "m=audio 4000 RTP/AVP 8\r\n", -EPROTONOSUPPORT, "" },
		{ "no SDP", "hello", -EBADMSG, "" },
		{ "empty", "", -EBADMSG, "" },
		{ "broken port", V4("m=audio 4x00 RTP/AVP 8\r\n"), -EBADMSG, "" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct media *m = alloc("198.51.100.1");
		struct media_ctx *ctx;

		EXPECT_INT(cases[i].what, open_circuit(m, "T1", 1, &ctx), 0);
		EXPECT_INT(cases[i].what, remote(m, ctx, cases[i].offer), cases[i].rc);
		if (!cases[i].rc)
			EXPECT_STR(cases[i].what, local(m, ctx), cases[i].answer);
		EXPECT_INT(cases[i].what, m->ops->through(ctx, MEDIA_THROUGH_BOTH), 0);
		m->ops->close(ctx);
		EXPECT_INT(cases[i].what, media_static_open_count(m), 0);
		talloc_free(m);
	}
}

#define OFFER OURS("1") "m=audio 16386 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"

/* RFC 3264: our offer, its answer, a re-INVITE that holds and one that is refused; versions count what is sent. */
static void test_offer(void)
{
	static const enum media_static_codec codecs[] = { MEDIA_STATIC_PCMU, MEDIA_STATIC_PCMA };
	struct media *m = alloc("198.51.100.1");
	struct media_ctx *ctx;
	char small[64];

	EXPECT_INT("codecs", media_static_set_codecs(m, codecs, 2), 0);
	EXPECT_INT("open", open_circuit(m, "T1", 1, &ctx), 0);
	EXPECT_INT("no room", m->ops->local_sdp(ctx, MEDIA_SDP_OFFER, small, sizeof(small)), -ENOSPC);
	EXPECT_STR("offer", offer(m, ctx), OFFER);
	EXPECT_STR("offer again", offer(m, ctx), OFFER);
	EXPECT_INT("answer", remote(m, ctx, V4("m=audio 4000 RTP/AVP 8\r\n")), 0);
	EXPECT_INT("hold", remote(m, ctx, V4("m=audio 4000 RTP/AVP 8\r\na=sendonly\r\n")), 0);
	EXPECT_STR("hold", local(m, ctx),
		   OURS("2") "m=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=recvonly\r\n");
	EXPECT_INT("refused", remote(m, ctx, V4("m=audio 4000 RTP/AVP 18\r\n")), -EPROTONOSUPPORT);
	EXPECT_STR("as before", local(m, ctx),
		   OURS("2") "m=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=recvonly\r\n");
	EXPECT_INT("hold again", remote(m, ctx, V4("m=audio 4000 RTP/AVP 8\r\na=sendonly\r\n")), 0);
	EXPECT_STR("no change, no new version", local(m, ctx),
		   OURS("2") "m=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=recvonly\r\n");
	EXPECT_INT("retrieve", remote(m, ctx, V4("m=audio 4000 RTP/AVP 8\r\n")), 0);
	EXPECT_STR("retrieve", local(m, ctx), OURS("3") "m=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n");
	m->ops->close(ctx);
	talloc_free(m);
}

/* RFC 3261 14.2: an offer within the session is of all we can do, though the peer held us */
static void test_offer_anew(void)
{
	static const enum media_static_codec codecs[] = { MEDIA_STATIC_PCMU, MEDIA_STATIC_PCMA };
	struct media *m = alloc("198.51.100.1");
	struct media_ctx *ctx;

	EXPECT_INT("codecs", media_static_set_codecs(m, codecs, 2), 0);
	EXPECT_INT("open", open_circuit(m, "T1", 1, &ctx), 0);
	EXPECT_INT("offer", remote(m, ctx, V4("m=video 4002 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 8\r\n")), 0);
	EXPECT_STR("answer", local(m, ctx), OURS("1") "m=video 0 RTP/AVP 31\r\n"
		   "m=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n");
	EXPECT_INT("hold", remote(m, ctx, V4("m=video 0 RTP/AVP 31\r\n"
					     "m=audio 4000 RTP/AVP 8\r\na=sendonly\r\n")), 0);
	EXPECT_STR("hold", local(m, ctx), OURS("2") "m=video 0 RTP/AVP 31\r\n"
		   "m=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=recvonly\r\n");
	EXPECT_STR("anew", offer(m, ctx), OURS("3") "m=video 0 RTP/AVP 31\r\n"
		   "m=audio 16386 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n");
	EXPECT_STR("no change, no new version", offer(m, ctx), OURS("3") "m=video 0 RTP/AVP 31\r\n"
		   "m=audio 16386 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n");
	m->ops->close(ctx);
	talloc_free(m);
}

static void test_ipv6(void)
{
	struct media *m = alloc("2001:db8::1");
	struct media_ctx *ctx;

	EXPECT_INT("open", open_circuit(m, "T1", 31, &ctx), 0);
	EXPECT_STR("offer", offer(m, ctx), "v=0\r\no=- 1000000 1 IN IP6 2001:db8::1\r\ns=-\r\nc=IN IP6 2001:db8::1\r\n"
		   "t=0 0\r\nm=audio 16446 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n");
	EXPECT_INT("other family", remote(m, ctx, V4("m=audio 4000 RTP/AVP 8\r\n")), -EPROTONOSUPPORT);
	EXPECT_INT("answer", remote(m, ctx, "v=0\r\no=p 1 1 IN IP6 ::9\r\ns=-\r\nc=IN IP6 ::9\r\nt=0 0\r\n"
				    "m=audio 4000 RTP/AVP 8\r\n"), 0);
	m->ops->close(ctx);
	talloc_free(m);
}

static void add_group(const char *group, void *data)
{
	char *text = data;

	snprintf(text + strlen(text), 64 - strlen(text), "%s ", group);
}

static const char *groups_of(const struct media *m)
{
	static char text[64];

	text[0] = '\0';
	media_static_for_each_group(m, add_group, text);
	return text;
}

/* A group with an address of its own may have the ports of another one. */
static void test_addresses(void)
{
	struct media *m = alloc("198.51.100.1");
	struct media_ctx *a, *b, *c;

	EXPECT_INT("T2", media_static_set_address(m, "T2", "198.51.100.2"), 0);
	EXPECT_INT("T3", media_static_set_address(m, "T3", "198.51.100.2"), 0);
	EXPECT_INT("name", media_static_set_address(m, "T4", "localhost"), -EINVAL);
	EXPECT_STR("T1", media_static_address(m, "T1"), "");
	EXPECT_STR("T2", media_static_address(m, "T2"), "198.51.100.2");
	EXPECT_STR("general", media_static_address(m, NULL), "198.51.100.1");
	EXPECT_STR("groups", groups_of(m), "T2 T3 ");

	EXPECT_INT("T1/1", open_circuit(m, "T1", 1, &a), 0);
	EXPECT_INT("T2/1", open_circuit(m, "T2", 1, &b), 0);
	EXPECT_INT("T3/1", open_circuit(m, "T3", 1, &c), -EADDRINUSE);
	EXPECT(strstr(offer(m, a), "c=IN IP4 198.51.100.1\r\n") && strstr(offer(m, a), "m=audio 16386 "));
	EXPECT(strstr(offer(m, b), "c=IN IP4 198.51.100.2\r\n") && strstr(offer(m, b), "m=audio 16386 "));
	EXPECT_INT("count", media_static_open_count(m), 2);

	EXPECT_INT("back", media_static_set_address(m, "T2", NULL), 0);
	EXPECT_INT("back", media_static_set_address(m, "T9", NULL), 0);
	EXPECT_STR("groups", groups_of(m), "T3 ");
	EXPECT(strstr(offer(m, b), "c=IN IP4 198.51.100.2\r\n"));	/* as it began */
	m->ops->close(b);
	EXPECT_INT("T3/1", open_circuit(m, "T3", 1, &c), 0);
	m->ops->close(a);
	m->ops->close(c);
	EXPECT_INT("port", media_static_set_base_port(m, "T3", 20000), 0);
	EXPECT_INT("back", media_static_set_address(m, "T3", NULL), 0);
	EXPECT_STR("groups", groups_of(m), "T3 ");
	EXPECT_INT("count", media_static_open_count(m), 0);
	talloc_free(m);
}

static void test_ports(void)
{
	struct media *m = alloc("198.51.100.1");
	struct media_ctx *a, *b;

	EXPECT_INT("default", media_static_base_port(m, NULL), 16384);
	EXPECT_INT("odd", media_static_set_base_port(m, NULL, 16385), -EINVAL);
	EXPECT_INT("low", media_static_set_base_port(m, NULL, 1022), -EINVAL);
	EXPECT_INT("none", media_static_set_base_port(m, NULL, 0), -EINVAL);
	EXPECT_INT("set", media_static_set_base_port(m, NULL, 20000), 0);
	EXPECT_INT("set", media_static_set_base_port(m, "T2", 20002), 0);
	EXPECT_INT("set", media_static_set_base_port(m, "T3", 60000), 0);
	EXPECT_INT("T1", media_static_base_port(m, "T1"), 0);
	EXPECT_INT("T2", media_static_base_port(m, "T2"), 20002);
	EXPECT_STR("groups", groups_of(m), "T2 T3 ");

	/* 20000 + 2 × 2 = 20002 + 2 × 1 */
	EXPECT_INT("T1/2", open_circuit(m, "T1", 2, &a), 0);
	EXPECT_INT("T2/1", open_circuit(m, "T2", 1, &b), -EADDRINUSE);
	EXPECT_INT("count", media_static_open_count(m), 1);
	m->ops->close(a);
	EXPECT_INT("T2/1", open_circuit(m, "T2", 1, &b), 0);
	EXPECT(strstr(offer(m, b), "m=audio 20004 RTP/AVP 8\r\n"));
	m->ops->close(b);

	EXPECT_INT("T3/2767", open_circuit(m, "T3", 2767, &a), 0);
	EXPECT(strstr(offer(m, a), "m=audio 65534 RTP/AVP 8\r\n"));
	m->ops->close(a);
	EXPECT_INT("T3/2768", open_circuit(m, "T3", 2768, &a), -ERANGE);
	EXPECT_INT("T3/4095", open_circuit(m, "T3", 4095, &a), -ERANGE);
	EXPECT_INT("T3 back", media_static_set_base_port(m, "T3", 0), 0);
	EXPECT_INT("T3 back", media_static_set_base_port(m, "T3", 0), 0);
	EXPECT_INT("T3/4095", open_circuit(m, "T3", 4095, &a), 0);
	m->ops->close(a);
	EXPECT_INT("count", media_static_open_count(m), 0);
	talloc_free(m);
}

static void test_config(void)
{
	static const enum media_static_codec twice[] = { MEDIA_STATIC_PCMU, MEDIA_STATIC_PCMU };
	enum media_static_codec codecs[_MEDIA_STATIC_CODECS];
	struct media *m = media_static_alloc(test_ctx);
	struct media_ctx *ctx;

	EXPECT_STR("no address", media_static_address(m, NULL), "");
	EXPECT_INT("no address", open_circuit(m, "T1", 1, &ctx), -EADDRNOTAVAIL);
	EXPECT_INT("name", media_static_set_address(m, NULL, "localhost"), -EINVAL);
	EXPECT_INT("too much", media_static_set_address(m, NULL, "192.0.2.1.1"), -EINVAL);
	EXPECT_STR("no address", media_static_address(m, NULL), "");
	EXPECT_INT("default codec", media_static_codecs(m, codecs), 1);
	EXPECT_INT("default codec", codecs[0], MEDIA_STATIC_PCMA);
	EXPECT_INT("twice", media_static_set_codecs(m, twice, 2), -EINVAL);
	EXPECT_INT("none", media_static_set_codecs(m, twice, 0), -EINVAL);
	talloc_free(m);
}

/* RFC 4040: data as CLEARMODE where there is any, audio never so */
static void test_clearmode(void)
{
	static const struct {
		uint8_t tmr;
		bool carried;
		const char *offer, *refused, *taken, *answer;
	} cases[] = {
		{ 0, true, "m=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n",
		  "m=audio 4000 RTP/AVP 97\r\na=rtpmap:97 CLEARMODE/8000\r\n", "m=audio 4000 RTP/AVP 8\r\n",
		  "m=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n" },
		{ 2, true, "m=audio 16386 RTP/AVP 97\r\na=rtpmap:97 CLEARMODE/8000\r\n", "m=audio 4000 RTP/AVP 8\r\n",
		  "m=audio 4000 RTP/AVP 8 110\r\na=rtpmap:110 CLEARMODE/8000\r\n",
		  "m=audio 16386 RTP/AVP 110\r\na=rtpmap:110 CLEARMODE/8000\r\n" },
		{ 6, true, "m=audio 16386 RTP/AVP 97 8\r\na=rtpmap:97 CLEARMODE/8000\r\na=rtpmap:8 PCMA/8000\r\n",
		  "m=audio 4000 RTP/AVP 18\r\n", "m=audio 4000 RTP/AVP 8\r\n",
		  "m=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n" },
		{ 7, false },
	};
	struct media *m = alloc("198.51.100.1");
	struct media_bearer bearer = { .group = "T1", .cic = 1, .tmr = 2 };
	struct media_ctx *ctx;

	EXPECT_INT("none", m->ops->carries(m, &bearer), 0);
	EXPECT_INT("none", media_static_clearmode(m), 0);
	media_static_set_clearmode(m, true);
	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		char text[512], what[16];

		snprintf(what, sizeof(what), "tmr %u", cases[i].tmr);
		bearer.tmr = cases[i].tmr;
		EXPECT_INT(what, m->ops->carries(m, &bearer), cases[i].carried);
		if (!cases[i].carried)
			continue;
		EXPECT_INT(what, m->ops->open(m, &bearer, NULL, NULL, &ctx), 0);
		EXPECT_STR(what, strstr(offer(m, ctx), "m="), cases[i].offer);
		snprintf(text, sizeof(text), V4("%s"), cases[i].refused);
		EXPECT_INT(what, remote(m, ctx, text), -EPROTONOSUPPORT);
		snprintf(text, sizeof(text), V4("%s"), cases[i].taken);
		EXPECT_INT(what, remote(m, ctx, text), 0);
		EXPECT_STR(what, strstr(local(m, ctx), "m="), cases[i].answer);
		m->ops->close(ctx);
	}
	talloc_free(m);
}

static void count_good(bool good, void *user)
{
	unsigned int *n = user;

	*n += good;
}

/* Begins a check, lets ms pass, ends it: how often was it good? */
static unsigned int check(struct media *m, enum media_check_end end, unsigned int ms)
{
	const struct media_bearer bearer = { .group = "T1", .cic = 1 };
	struct media_check *c;
	unsigned int n = 0;

	EXPECT_INT("begun", m->ops->check_start(m, &bearer, end, count_good, &n, &c), -EINPROGRESS);
	EXPECT_INT("not at once", n, 0);
	osmo_gettimeofday_override_add(ms / 1000, ms % 1000 * 1000);
	osmo_timers_update();
	m->ops->check_stop(c);
	return n;
}

static void test_check(void)
{
	struct media *m = alloc("198.51.100.1");

	EXPECT_INT("cannot", m->ops->check_start == NULL, 1);
	media_static_set_check(m, MEDIA_STATIC_CHECK_HEARD);
	EXPECT_INT("heard", check(m, MEDIA_CHECK_TONE, 250), 1);
	EXPECT_INT("not yet heard", check(m, MEDIA_CHECK_TONE, 100), 0);
	EXPECT_INT("loop", check(m, MEDIA_CHECK_LOOP, 0), 1);
	media_static_set_check(m, MEDIA_STATIC_CHECK_LOST);
	EXPECT_INT("lost", check(m, MEDIA_CHECK_TONE, 5000), 0);
	EXPECT_INT("loop", check(m, MEDIA_CHECK_LOOP, 0), 1);
	media_static_set_check(m, MEDIA_STATIC_CHECK_NONE);
	EXPECT_INT("cannot again", m->ops->check_start == NULL, 1);
	EXPECT_INT("nothing is left", talloc_total_blocks(m), talloc_total_blocks(alloc("198.51.100.1")));
	talloc_free(m);
}

int main(void)
{
	static const struct log_cats_part no_parts[] = { {} };

	test_ctx = talloc_named_const(NULL, 0, "media_static_test");
	osmo_init_logging2(test_ctx, log_cats_assemble(test_ctx, no_parts));
	osmo_clock_override_enable(CLOCK_REALTIME, true);
	osmo_clock_override_gettimespec(CLOCK_REALTIME)->tv_sec = 1000000;

	test_answer();
	test_offer();
	test_offer_anew();
	test_ipv6();
	test_addresses();
	test_ports();
	test_config();
	test_clearmode();
	osmo_gettimeofday_override = true;
	test_check();
	return expect_failures ? 1 : 0;
}
