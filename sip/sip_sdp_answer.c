/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Offer and answer of one stream (RFC 3264): audio, or fax relay. */

#include <errno.h>

#include "sip/sip_sdp.h"
#include "sip/sip_sdp_codec.h"
#include "sip/sip_sdp_t38.h"

static bool is_ours(const struct sip_sdp_local *local, enum sip_sdp_codec codec)
{
	unsigned int i;

	for (i = 0; i < local->n_codecs; i++) {
		if (local->codecs[i] == codec)
			return true;
	}
	return false;
}

/* What we may send is what they receive */
static enum sip_sdp_dir reverse(enum sip_sdp_dir dir)
{
	return (dir & SIP_SDP_SENDONLY ? SIP_SDP_RECVONLY : 0) | (dir & SIP_SDP_RECVONLY ? SIP_SDP_SENDONLY : 0);
}

static bool choose_formats(const struct sip_sdp_media *media, const struct sip_sdp_local *local,
			   struct sip_sdp_choice *choice)
{
	bool found = false;
	unsigned int i;

	for (i = 0; i < media->n_known; i++) {
		if (media->known[i].codec == SIP_SDP_TELEPHONE_EVENT) {
			if (local->telephone_event && !choice->has_telephone_event)
				choice->telephone_event_pt = media->known[i].pt;
			choice->has_telephone_event = local->telephone_event;
		} else if (!found && is_ours(local, media->known[i].codec)) {
			choice->codec = media->known[i].codec;
			choice->pt = media->known[i].pt;
			found = true;
		}
	}
	return found;
}

static bool choose_t38(const struct sip_sdp_media *media, const struct sip_sdp_local *local,
		       struct sip_sdp_choice *choice)
{
	struct sip_t38 theirs;

	sip_t38_read(&theirs, media);
	choice->is_t38 = true;
	return sip_t38_agree(&choice->t38, local->t38, &theirs);
}

static bool is_usable(const struct sip_sdp_media *media, const struct sip_sdp_local *local,
		      struct sip_sdp_choice *choice)
{
	if (!media->port || !media->address.p)
		return false;
	*choice = (struct sip_sdp_choice){ .media = media, .dir = reverse(media->dir) & local->dir };
	if (sip_str_eq(media->type, SIP_STR("audio")) && sip_str_ieq(media->proto, SIP_STR("RTP/AVP")))
		return choose_formats(media, local, choice);
	return local->t38 && sip_t38_is(media) && choose_t38(media, local, choice);
}

/* A stream that was another one in our last description, or was not there */
static bool is_new(const struct sip_sdp_local *local, unsigned int i, const struct sip_sdp_media *media)
{
	return local->last &&
	       (i >= local->last->n_media || !sip_str_ieq(local->last->media[i].type, media->type));
}

int sip_sdp_choose(const struct sip_sdp *sdp, const struct sip_sdp_local *local, struct sip_sdp_choice *choice)
{
	enum { NONE, USABLE, IN_USE, NEW_FAX } best = NONE, now;
	struct sip_sdp_choice found;

	for (unsigned int i = 0; i < sdp->n_media && best < NEW_FAX; i++) {
		if (!is_usable(&sdp->media[i], local, &found))
			continue;
		now = found.is_t38 && is_new(local, i, found.media) ? NEW_FAX :
		      local->last && found.is_t38 == local->is_t38 ? IN_USE : USABLE;
		if (now > best) {
			best = now;
			*choice = found;
		}
	}
	return best ? 0 : -EPROTONOSUPPORT;
}

/* v= o= s= c= t=, where times is the offer's, as RFC 3264 6 asks for */
static void put_session(struct sip_buf *b, const struct sip_sdp_local *local, struct sip_str times)
{
	bool is_ipv6 = memchr(local->address.p, ':', local->address.len);
	struct sip_str network = is_ipv6 ? SIP_STR(" IN IP6 ") : SIP_STR(" IN IP4 ");

	sip_put_lit(b, "v=0\r\no=- ");
	sip_put_uint(b, local->session_id);
	sip_put_char(b, ' ');
	sip_put_uint(b, local->version);
	sip_put_str(b, network);
	sip_put_str(b, local->address);
	sip_put_lit(b, "\r\ns=-\r\nc=");
	sip_put_str(b, sip_str_span(network.p + 1, network.p + network.len));
	sip_put_str(b, local->address);
	sip_put_lit(b, "\r\nt=");
	sip_put_str(b, times);
	sip_put_lit(b, "\r\n");
}

static void put_pt(struct sip_buf *b, unsigned int pt)
{
	sip_put_char(b, ' ');
	sip_put_uint(b, pt);
}

static void put_format_lines(struct sip_buf *b, enum sip_sdp_codec codec, unsigned int pt)
{
	const struct sip_sdp_codec_row *row = &sip_sdp_codecs[codec];

	sip_put_lit(b, "a=rtpmap:");
	sip_put_uint(b, pt);
	sip_put_char(b, ' ');
	sip_put_str(b, row->name);
	sip_put_lit(b, "/8000\r\n");
	if (!row->fmtp)
		return;
	sip_put_lit(b, "a=fmtp:");
	sip_put_uint(b, pt);
	sip_put_char(b, ' ');
	sip_put_z(b, row->fmtp);
	sip_put_lit(b, "\r\n");
}

static void put_audio(struct sip_buf *b, uint16_t port)
{
	sip_put_lit(b, "m=audio ");
	sip_put_uint(b, port);
	sip_put_lit(b, " RTP/AVP");
}

/* Unless it is the default */
static void put_dir(struct sip_buf *b, enum sip_sdp_dir dir)
{
	static const char *const names[] = {
		[SIP_SDP_INACTIVE] = "a=inactive\r\n",
		[SIP_SDP_SENDONLY] = "a=sendonly\r\n",
		[SIP_SDP_RECVONLY] = "a=recvonly\r\n",
		[SIP_SDP_SENDRECV] = "",
	};

	sip_put_z(b, names[dir & SIP_SDP_SENDRECV]);
}

static void put_attributes(struct sip_buf *b, const struct sip_sdp_local *local, enum sip_sdp_dir dir)
{
	if (local->ptime) {
		sip_put_lit(b, "a=ptime:");
		sip_put_uint(b, local->ptime);
		sip_put_lit(b, "\r\n");
	}
	put_dir(b, dir);
}

/* proto as they write it */
static void put_t38(struct sip_buf *b, const struct sip_sdp_local *local, struct sip_str proto,
		    const struct sip_t38 *t38, enum sip_sdp_dir dir)
{
	sip_put_lit(b, "m=image ");
	sip_put_uint(b, local->t38_port);
	sip_put_char(b, ' ');
	sip_put_str(b, proto);
	sip_put_lit(b, " t38\r\n");
	sip_t38_put(b, t38);
	put_dir(b, dir);
}

static void put_offered(struct sip_buf *b, const struct sip_sdp_local *local)
{
	const struct sip_sdp_codec_row *dtmf = &sip_sdp_codecs[SIP_SDP_TELEPHONE_EVENT];
	unsigned int i;

	if (local->offer_t38) {
		put_t38(b, local, SIP_STR("udptl"), local->t38, local->dir);
		return;
	}
	put_audio(b, local->port);
	for (i = 0; i < local->n_codecs; i++)
		put_pt(b, sip_sdp_codecs[local->codecs[i]].pt);
	if (local->telephone_event)
		put_pt(b, dtmf->pt);
	sip_put_lit(b, "\r\n");
	for (i = 0; i < local->n_codecs; i++)
		put_format_lines(b, local->codecs[i], sip_sdp_codecs[local->codecs[i]].pt);
	if (local->telephone_event)
		put_format_lines(b, SIP_SDP_TELEPHONE_EVENT, dtmf->pt);
	put_attributes(b, local, local->dir);
}

void sip_sdp_put_offer(struct sip_buf *b, const struct sip_sdp_local *local)
{
	put_session(b, local, SIP_STR("0 0"));
	put_offered(b, local);
}

static void put_chosen(struct sip_buf *b, const struct sip_sdp_local *local, const struct sip_sdp_choice *choice)
{
	if (choice->is_t38) {
		put_t38(b, local, choice->media->proto, &choice->t38, choice->dir);
		return;
	}
	put_audio(b, local->port);
	put_pt(b, choice->pt);
	if (choice->has_telephone_event)
		put_pt(b, choice->telephone_event_pt);
	sip_put_lit(b, "\r\n");
	put_format_lines(b, choice->codec, choice->pt);
	if (choice->has_telephone_event)
		put_format_lines(b, SIP_SDP_TELEPHONE_EVENT, choice->telephone_event_pt);
	put_attributes(b, local, choice->dir);
}

void sip_sdp_put_rejected(struct sip_buf *b, const struct sip_sdp_media *media)
{
	sip_put_lit(b, "m=");
	sip_put_str(b, media->type);
	sip_put_lit(b, " 0 ");
	sip_put_str(b, media->proto);
	sip_put_char(b, ' ');
	sip_put_str(b, media->fmts);
	sip_put_lit(b, "\r\n");
}

int sip_sdp_put_answer(struct sip_buf *b, const struct sip_sdp_local *local, const struct sip_sdp *offer)
{
	const struct sip_sdp_media *media, *end = offer->media + offer->n_media;
	struct sip_sdp_choice choice;
	int rc = sip_sdp_choose(offer, local, &choice);

	if (rc < 0)
		return rc;
	put_session(b, local, offer->times.p ? offer->times : SIP_STR("0 0"));
	for (media = offer->media; media < end; media++) {
		if (media == choice.media)
			put_chosen(b, local, &choice);
		else
			sip_sdp_put_rejected(b, media);
	}
	return 0;
}

/* Which stream an offer is in; their number: a further one */
static unsigned int stream_of_offer(const struct sip_sdp_local *local, const struct sip_sdp *last)
{
	struct sip_str type = local->offer_t38 ? SIP_STR("image") : SIP_STR("audio");
	unsigned int active = last->n_media < SIP_SDP_MEDIA_MAX ? last->n_media : 0, rejected = last->n_media, i;

	for (i = last->n_media; i-- > 0;) {
		if (!sip_str_ieq(last->media[i].type, type))
			active = last->media[i].port ? i : active;
		else if (last->media[i].port)
			return i;
		else
			rejected = i;
	}
	return rejected < last->n_media ? rejected : active;
}

int sip_sdp_put_offer_anew(struct sip_buf *b, const struct sip_sdp_local *local, const struct sip_sdp *last)
{
	unsigned int n = stream_of_offer(local, last);

	put_session(b, local, last->times.p ? last->times : SIP_STR("0 0"));
	for (unsigned int i = 0; i < last->n_media; i++) {
		if (i == n)
			put_offered(b, local);
		else
			sip_sdp_put_rejected(b, &last->media[i]);
	}
	if (n == last->n_media)
		put_offered(b, local);
	return 0;
}
