/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a session description: what is read lies within it; our answer to it, and our next offer, can be read
 * and fit it; its preconditions written down again say the same. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sip/sip_build.h"
#include "sip/sip_precond.h"
#include "sip/sip_sdp.h"
#include "sip/sip_sdp_t38.h"
#include "fuzz.h"

static struct sip_sdp sdp, other;
static const struct sip_t38 t38 = { .version = 3, .ec = SIP_T38_EC_FEC, .max_bit_rate = 33600, .max_buffer = 1800 };
static const struct sip_sdp_local locals[] = {
	{
		.address = { "192.0.2.1", 9 }, .port = 4000, .dir = SIP_SDP_SENDRECV, .telephone_event = true,
		.n_codecs = 3, .codecs = { SIP_SDP_PCMA, SIP_SDP_PCMU, SIP_SDP_CLEARMODE },
	}, {
		.address = { "2001:db8::1", 11 }, .port = 65534, .dir = SIP_SDP_SENDONLY, .ptime = 20,
		.session_id = 1, .version = UINT64_MAX, .n_codecs = 1, .codecs = { SIP_SDP_PCMU },
	}, {
		.address = { "192.0.2.1", 9 }, .port = 4000, .dir = SIP_SDP_SENDRECV, .n_codecs = 1,
		.codecs = { SIP_SDP_PCMA }, .t38 = &t38, .t38_port = 4001,
	}, {
		.address = { "192.0.2.1", 9 }, .port = 4000, .dir = SIP_SDP_SENDRECV, .n_codecs = 1,
		.codecs = { SIP_SDP_PCMA }, .t38 = &t38, .t38_port = 4001, .is_t38 = true, .offer_t38 = true,
		.last = &sdp,
	},
};
static char mem[140000];

static void check_within(struct sip_str s, struct sip_str whole)
{
	CHECK(!s.p ? !s.len : s.p >= whole.p && s.len <= whole.len && s.p + s.len <= whole.p + whole.len);
}

static void check_attrs(struct sip_str lines, struct sip_str whole)
{
	struct sip_str name, value, left = lines;

	check_within(lines, whole);
	while (sip_sdp_next_attr(&left, &name, &value)) {
		check_within(name, lines);
		check_within(value, lines);
	}
	if (sip_sdp_attr(lines, "fmtp", &value))
		check_within(value, lines);
}

static void check_media(const struct sip_sdp_media *media, struct sip_str whole)
{
	check_within(media->type, whole);
	check_within(media->proto, whole);
	check_within(media->fmts, whole);
	check_within(media->address, whole);
	check_attrs(media->lines, whole);
	CHECK(media->n_known <= SIP_SDP_KNOWN_MAX && media->dir <= SIP_SDP_SENDRECV);
	for (unsigned int i = 0; i < media->n_known; i++)
		CHECK(media->known[i].codec < _SIP_SDP_CODEC_COUNT);
}

/* What we have written reads as what was agreed, and who agrees to it agrees to no less. */
static void check_agreed(const struct sip_sdp_local *local, const struct sip_sdp_choice *choice)
{
	const struct sip_sdp_media *ours = &other.media[choice->media - sdp.media];
	struct sip_t38 read, again;

	CHECK(sip_t38_is(ours) == choice->is_t38);
	if (!choice->is_t38)
		return;
	sip_t38_read(&read, ours);
	CHECK(local->t38 && ours->port == local->t38_port);
	CHECK(read.version == choice->t38.version && read.version <= local->t38->version);
	CHECK(read.rate == local->t38->rate);
	CHECK(read.ec == choice->t38.ec && read.max_bit_rate == choice->t38.max_bit_rate);
	CHECK(sip_t38_agree(&again, &read, &choice->t38) && again.max_bit_rate == read.max_bit_rate);
}

/* RFC 3264 6, 8: as many streams as they have; one of theirs that was not wanted stays so */
static void check_ours(const struct sip_sdp_local *local)
{
	struct sip_sdp_choice choice;
	struct sip_buf b;
	int rc;

	sip_buf_init(&b, mem, sizeof(mem));
	rc = sip_sdp_put_answer(&b, local, &sdp);
	CHECK(!rc == !sip_sdp_choose(&sdp, local, &choice) && (!rc || b.p == b.start) && !b.full);
	if (!rc) {
		CHECK(choice.media >= sdp.media && choice.media < sdp.media + sdp.n_media && choice.media->port);
		CHECK(!sip_sdp_parse(&other, sip_buf_str(&b)) && other.n_media == sdp.n_media);
		for (unsigned int i = 0; i < sdp.n_media; i++)
			CHECK(!other.media[i].port == (&sdp.media[i] != choice.media));
		CHECK(other.media[choice.media - sdp.media].dir == choice.dir);
		check_agreed(local, &choice);
	}
	sip_buf_init(&b, mem, sizeof(mem));
	if (sip_sdp_put_offer_anew(&b, local, &sdp) == 0)
		CHECK(!b.full && !sip_sdp_parse(&other, sip_buf_str(&b)) && other.n_media >= sdp.n_media);
}

static void check_preconds(void)
{
	const struct sip_sdp_media *media = sip_precond_stream(&sdp);
	struct sip_preconds p, again;
	struct sip_buf b;

	if (!media)
		return;
	sip_precond_read(&p, media);
	CHECK(p.n_types <= SIP_PRECOND_TYPES_MAX);
	for (unsigned int i = 0; i < p.n_types; i++)
		CHECK(strnlen(p.types[i].name, sizeof(p.types[i].name)) <= SIP_PRECOND_NAME_MAX);
	sip_precond_is_unknown(&p);
	sip_precond_set_ours(&p, true);
	CHECK(!sip_precond_is_pending(&p) || sip_precond_has_mandatory(&p) || p.overflow);
	sip_buf_init(&b, mem, sizeof(mem));
	sip_put_lit(&b, "v=0\r\nm=audio 1 RTP/AVP 8\r\n");
	sip_precond_put(&b, &p, true);
	CHECK(!b.full && !sip_sdp_parse(&other, sip_buf_str(&b)) && other.n_media == 1);
	sip_precond_read(&again, &other.media[0]);
	CHECK(again.n_types <= p.n_types);
	sip_buf_init(&b, mem, sizeof(mem));
	sip_precond_put_failed(&b, &sdp, &p);
	CHECK(!b.full);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sip_str text = { (const char *)data, size };

	if (size > 60000 || sip_sdp_parse(&sdp, text) < 0)
		return 0;
	check_within(sdp.origin, text);
	check_within(sdp.times, text);
	check_within(sdp.address, text);
	check_attrs(sdp.lines, text);
	CHECK(sdp.n_media <= SIP_SDP_MEDIA_MAX);
	for (unsigned int i = 0; i < sdp.n_media; i++)
		check_media(&sdp.media[i], text);
	for (unsigned int i = 0; i < sizeof(locals) / sizeof(locals[0]); i++)
		check_ours(&locals[i]);
	check_preconds();
	return 0;
}
