/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fax relay of the static media gateway: what of T.38 is agreed on, and the ways to it and back within a session. */

#include <errno.h>

#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>

#include "expect.h"
#include "src/log_cats.h"
#include "src/media_static.h"

#define V4(lines) "v=0\r\no=pbx 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n" lines
#define AUDIO "m=audio 4000 RTP/AVP 8\r\n"
#define OUR_AUDIO "m=audio 16386 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
#define T38(head, version, rate, ec) \
	"m=" head " t38\r\na=T38FaxVersion:" version "\r\na=T38MaxBitRate:" rate "\r\n" \
	"a=T38FaxRateManagement:transferredTCF\r\na=T38FaxMaxBuffer:1800\r\na=T38FaxMaxDatagram:150\r\n" ec
#define RED "a=T38FaxUdpEC:t38UDPRedundancy\r\n"
#define FAX T38("image 4002 udptl", "0", "14400", RED)
#define OUR_FAX T38("image 16386 udptl", "0", "14400", RED)

#define REJECTED "m=image 0 udptl t38\r\n"

static void *test_ctx;
static struct media *media;
static struct media_ctx *ctx;

static void begin(const struct media_static_t38 *t38, uint8_t tmr)
{
	media = media_static_alloc(test_ctx);
	media_static_set_address(media, NULL, "198.51.100.1");
	media_static_set_clearmode(media, true);
	media_static_set_t38(media, t38);
	EXPECT_INT("open", media->ops->open(media, &(struct media_bearer){ .group = "T1", .cic = 1, .tmr = tmr }, NULL,
					    NULL, &ctx), 0);
}

static void end(void)
{
	media->ops->close(ctx);
	EXPECT_INT("open", media_static_open_count(media), 0);
	talloc_free(media);
}

static int remote(const char *sdp)
{
	return media->ops->set_remote(ctx, sdp, strlen(sdp));
}

/* What is at and after the first m=; and the version that o= has */
static const char *local(enum media_sdp kind, unsigned int *version)
{
	static char text[1024];
	int len = media->ops->local_sdp(ctx, kind, text, sizeof(text) - 1);
	const char *streams;

	text[len < 0 ? 0 : len] = '\0';
	EXPECT(len > 0 && sscanf(text, "v=0\r\no=- %*u %u IN IP4 198.51.100.1\r\n", version) == 1);
	streams = strstr(text, "m=");
	return streams ? streams : text;
}

static const char *answer(void)
{
	unsigned int version;

	return local(MEDIA_SDP_ANSWER, &version);
}

static const char *offer(void)
{
	unsigned int version;

	return local(MEDIA_SDP_OFFER, &version);
}

static const char *printed(void)
{
	static char text[256];

	media->ops->print(ctx, text, sizeof(text));
	return text;
}

/* T.38 Annex D: version, error correction and rate management are negotiated, the rest is each one's own. */
static void test_agree(void)
{
	static const struct {
		const char *what, *offer, *answer;	/* NULL: refused */
	} rows[] = {
		{ "as ours", V4(FAX), OUR_FAX },
		{ "nothing said", V4("m=image 4002 udptl t38\r\n"), T38("image 16386 udptl", "0", "14400", "") },
		{ "less of all",
		  V4("m=image 4002 udptl t38\r\na=T38FaxVersion:1\r\na=T38MaxBitRate:9600\r\n"
		     "a=T38FaxRateManagement:transferredTCF\r\na=T38FaxMaxBuffer:72\r\na=T38FaxMaxDatagram:90\r\n"
		     "a=T38FaxUdpEC:t38UDPRedundancy\r\n"), T38("image 16386 udptl", "1", "9600", RED) },
		{ "more of all",
		  V4("m=image 4002 udptl t38\r\na=T38FaxVersion:3\r\na=T38MaxBitRate:33600\r\n"
		     "a=T38FaxUdpEC:t38UDPFEC\r\n"),
		  T38("image 16386 udptl", "2", "14400", "a=T38FaxUdpEC:t38UDPFEC\r\n") },
		{ "letters", V4("m=IMAGE 4002 UDPTL T38\r\na=t38faxversion: 2\r\na=T38maxBitRate:7200\r\n"
				"a=T38FaxUDPEC:T38UDPREDUNDANCY\r\n"), T38("image 16386 UDPTL", "2", "7200", RED) },
		{ "no correction", V4("m=image 4002 udptl t38\r\na=T38FaxUdpEC:t38UDPNoEC\r\n"),
		  T38("image 16386 udptl", "0", "14400", "") },
		{ "broken values", V4("m=image 4002 udptl t38\r\na=T38FaxVersion:x\r\na=T38MaxBitRate:99999999999\r\n"
				      "a=T38FaxUdpEC\r\na=T38FaxRateManagement:none\r\n"),
		  T38("image 16386 udptl", "0", "14400", "") },
		{ "on hold", V4("m=image 4002 udptl t38\r\na=sendonly\r\n"),
		  T38("image 16386 udptl", "0", "14400", "a=recvonly\r\n") },
		{ "audio first", V4(AUDIO FAX), OUR_AUDIO "m=image 0 udptl t38\r\n" },
		{ "fax first", V4(FAX AUDIO), OUR_FAX "m=audio 0 RTP/AVP 8\r\n" },
		{ "audio not wanted", V4("m=audio 0 RTP/AVP 8\r\n" FAX), "m=audio 0 RTP/AVP 8\r\n" OUR_FAX },
		{ "audio of no use", V4("m=audio 4000 RTP/AVP 18\r\n" FAX), "m=audio 0 RTP/AVP 18\r\n" OUR_FAX },
		{ "local TCF", V4("m=image 4002 udptl t38\r\na=T38FaxRateManagement:localTCF\r\n"), NULL },
		{ "TCP", V4("m=image 4002 tcp t38\r\n"), NULL },
		{ "another format", V4("m=image 4002 udptl t39 x,t38\r\n"), NULL },
		{ "one of several", V4("m=image 4002 udptl t37 t38\r\n"), T38("image 16386 udptl", "0", "14400", "") },
		{ "other family", "v=0\r\nc=IN IP6 2001:db8::9\r\nm=image 4002 udptl t38\r\n", NULL },
	};
	struct media_static_t38 t38 = media_static_t38_default;

	t38.sip.version = 2;
	t38.sip.ec = SIP_T38_EC_FEC;
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		begin(&t38, 3);
		EXPECT_INT(rows[i].what, remote(rows[i].offer), rows[i].answer ? 0 : -EPROTONOSUPPORT);
		if (rows[i].answer)
			EXPECT_STR(rows[i].what, answer(), rows[i].answer);
		EXPECT_INT(rows[i].what, media->ops->kind(ctx),
			   rows[i].answer && strstr(rows[i].answer, "m=image 16386") ? MEDIA_T38 : MEDIA_AUDIO);
		end();
	}
}

/* Nothing of it where there is none, or the circuit carries data. */
static void test_none(void)
{
	static const uint8_t data[] = { 2, 6 };

	begin(NULL, 3);
	EXPECT(!media->ops->relays_fax(media));
	EXPECT_INT("none", remote(V4(FAX)), -EPROTONOSUPPORT);
	EXPECT_INT("none", media->ops->offer_as(ctx, MEDIA_T38), -ENOTSUP);
	EXPECT_INT("audio", media->ops->offer_as(ctx, MEDIA_AUDIO), 0);
	EXPECT_INT("beside", remote(V4(FAX AUDIO)), 0);
	EXPECT_STR("beside", answer(), REJECTED OUR_AUDIO);
	end();
	for (unsigned int i = 0; i < ARRAY_SIZE(data); i++) {
		begin(&media_static_t38_default, data[i]);
		EXPECT(media->ops->relays_fax(media));
		EXPECT_INT("data", remote(V4(FAX)), -EPROTONOSUPPORT);
		EXPECT_INT("data", media->ops->offer_as(ctx, MEDIA_T38), -ENOTSUP);
		end();
	}
}

/* The peer's re-INVITE to fax, and back; in the same stream or in another one */
static void test_their_change(void)
{
	begin(&media_static_t38_default, 3);
	EXPECT_INT("audio", remote(V4(AUDIO)), 0);
	EXPECT_STR("audio", answer(), OUR_AUDIO);
	EXPECT_STR("audio", printed(), "198.51.100.1:16386, audio, RTP/AVP 8");
	EXPECT_INT("fax", remote(V4(FAX)), 0);
	EXPECT_STR("fax", answer(), OUR_FAX);
	EXPECT_STR("fax", printed(), "198.51.100.1:16386, T.38 fax, udptl t38");
	EXPECT_INT("refused", remote(V4("m=image 4002 tcp t38\r\n")), -EPROTONOSUPPORT);
	EXPECT_INT("still fax", media->ops->kind(ctx), MEDIA_T38);
	EXPECT_INT("audio", remote(V4(AUDIO)), 0);
	EXPECT_STR("audio", answer(), OUR_AUDIO);

	/* a further stream beside the audio means that they have heard a fax machine */
	EXPECT_INT("both", remote(V4(AUDIO FAX)), 0);
	EXPECT_STR("both", answer(), "m=audio 0 RTP/AVP 8\r\n" OUR_FAX);
	EXPECT_INT("as it is", remote(V4(AUDIO FAX)), 0);
	EXPECT_STR("as it is", answer(), "m=audio 0 RTP/AVP 8\r\n" OUR_FAX);
	EXPECT_INT("back", remote(V4(AUDIO "m=image 0 udptl t38\r\n")), 0);
	EXPECT_STR("back", answer(), OUR_AUDIO "m=image 0 udptl t38\r\n");
	/* one that was rejected before may mean nothing */
	EXPECT_INT("refresh", remote(V4(AUDIO FAX)), 0);
	EXPECT_STR("refresh", answer(), OUR_AUDIO "m=image 0 udptl t38\r\n");
	EXPECT_INT("fax", remote(V4("m=audio 0 RTP/AVP 8\r\n" FAX)), 0);
	EXPECT_STR("fax", answer(), "m=audio 0 RTP/AVP 8\r\n" OUR_FAX);
	end();
}

/* Our own, agreed to and refused; RFC 3264 8.3.3: in the same stream */
static void test_our_change(void)
{
	unsigned int first, second, third;

	begin(&media_static_t38_default, 0);
	EXPECT_STR("audio", local(MEDIA_SDP_OFFER, &first), OUR_AUDIO);
	EXPECT_INT("audio", remote(V4(AUDIO)), 0);
	EXPECT_INT("fax", media->ops->offer_as(ctx, MEDIA_T38), 0);
	EXPECT_STR("fax", local(MEDIA_SDP_OFFER, &second), OUR_FAX);
	EXPECT_STR("not yet", printed(), "198.51.100.1:16386, audio");
	/* refused: all is as before, but for the version */
	EXPECT_INT("audio", media->ops->offer_as(ctx, MEDIA_AUDIO), 0);
	EXPECT_INT("refresh", remote(V4(AUDIO)), 0);
	EXPECT_STR("audio", local(MEDIA_SDP_ANSWER, &third), OUR_AUDIO);
	EXPECT(first < second && second < third);

	EXPECT_INT("fax", media->ops->offer_as(ctx, MEDIA_T38), 0);
	EXPECT_STR("fax", offer(), OUR_FAX);
	EXPECT_INT("agreed", remote(V4(FAX)), 0);
	EXPECT_INT("agreed", media->ops->kind(ctx), MEDIA_T38);
	media->ops->hold(ctx, true);
	EXPECT_STR("an offer of the same kind", offer(), OUR_FAX "a=sendonly\r\n");
	media->ops->hold(ctx, false);
	EXPECT_INT("declined", remote(V4("m=image 0 udptl t38\r\n")), -EPROTONOSUPPORT);
	EXPECT_INT("back", media->ops->offer_as(ctx, MEDIA_AUDIO), 0);
	EXPECT_STR("back", offer(), OUR_AUDIO);
	EXPECT_INT("back", remote(V4(AUDIO)), 0);
	EXPECT_INT("back", media->ops->kind(ctx), MEDIA_AUDIO);

	/* where there was a stream for it already */
	EXPECT_INT("beside", remote(V4("m=video 1 RTP/AVP 31\r\n" AUDIO "m=image 0 udptl t38\r\n")), 0);
	EXPECT_INT("fax", media->ops->offer_as(ctx, MEDIA_T38), 0);
	EXPECT_STR("fax", offer(), "m=video 0 RTP/AVP 31\r\nm=audio 0 RTP/AVP 8\r\n" OUR_FAX);
	EXPECT_INT("agreed", remote(V4("m=video 0 RTP/AVP 31\r\nm=audio 0 RTP/AVP 8\r\n" FAX)), 0);
	EXPECT_INT("back", media->ops->offer_as(ctx, MEDIA_AUDIO), 0);
	EXPECT_STR("back", offer(), "m=video 0 RTP/AVP 31\r\n" OUR_AUDIO "m=image 0 udptl t38\r\n");
	end();
}

/* A call that is for fax from the start; the port beside RTP's */
static void test_first(void)
{
	struct media_static_t38 t38 = media_static_t38_default;

	t38.beside = true;
	t38.sip.rate = SIP_T38_LOCAL_TCF;
	t38.sip.max_buffer = t38.sip.max_datagram = 0;
	t38.sip.ec = SIP_T38_EC_NONE;
	begin(&t38, 3);
	EXPECT_INT("fax", media->ops->offer_as(ctx, MEDIA_T38), 0);
	EXPECT_STR("fax", offer(), "m=image 16387 udptl t38\r\na=T38FaxVersion:0\r\na=T38MaxBitRate:14400\r\n"
		   "a=T38FaxRateManagement:localTCF\r\n");
	EXPECT_INT("answer", remote(V4("m=image 4002 udptl t38\r\na=T38FaxRateManagement:localTCF\r\n")), 0);
	EXPECT_STR("agreed", printed(), "198.51.100.1:16387, T.38 fax, udptl t38");
	end();
}

int main(void)
{
	static const struct log_cats_part no_parts[] = { {} };

	test_ctx = talloc_named_const(NULL, 0, "media_fax_test");
	osmo_init_logging2(test_ctx, log_cats_assemble(test_ctx, no_parts));
	test_agree();
	test_none();
	test_their_change();
	test_our_change();
	test_first();
	return expect_failures ? 1 : 0;
}
