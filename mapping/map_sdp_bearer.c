/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The medium of a call by its session description: a table of streams and codecs. */

#include "mapping/map_profile.h"
#include "mapping/map_sdp_bearer.h"
#include "sip/sip_sdp.h"

enum { STREAM_NONE, STREAM_AUDIO, STREAM_IMAGE, STREAM_OTHER };

static const struct value_string stream_words[] = {
	{ STREAM_NONE, "none" },
	{ STREAM_AUDIO, "audio" },
	{ STREAM_IMAGE, "image" },
	{ STREAM_OTHER, "other" },
	{}
};

static const struct value_string codec_words[] = {
	{ SIP_SDP_OTHER, "other" },
	{ SIP_SDP_PCMA, "pcma" },
	{ SIP_SDP_PCMU, "pcmu" },
	{ SIP_SDP_CLEARMODE, "clearmode" },
	{}
};

/* The profile's: map_profile_pars.tmr */
#define TMR_OF_PROFILE 0x100

static const struct value_string tmr_words[] = {
	{ ISUP_TMR_SPEECH, "speech" },
	{ ISUP_TMR_64K_UNRESTRICTED, "64-unrestricted" },
	{ ISUP_TMR_3K1_AUDIO, "3.1-audio" },
	{ TMR_OF_PROFILE, "as-profile" },
	{}
};

/* The first stream that is wanted, its first codec: what the offerer would like best (RFC 3264 5.1). Fax as T.38 is
 * what a modem's tones would be: 3.1 kHz audio. */
static const struct map_row rows[] = {
	{ { STREAM_AUDIO, SIP_SDP_CLEARMODE }, { ISUP_TMR_64K_UNRESTRICTED }, "RFC 4040, Q.1912.5 6.1.3.5" },
	{ { STREAM_IMAGE, MAP_ANY }, { ISUP_TMR_3K1_AUDIO }, "Q.1912.5 6.1.3.5" },
	{ { MAP_ANY, MAP_ANY }, { TMR_OF_PROFILE }, "RFC 3398 7.2.1.1" },
	{}
};

const struct map_table map_sdp_to_tmr_table = {
	.name = "sdp-to-tmr",
	.title = "first stream and codec of an offer → transmission medium requirement of the IAM",
	.in = { { "stream", stream_words }, { "codec", codec_words } },
	.out = { { "tmr", tmr_words } },
	.rows = rows,
};

static const struct sip_sdp_media *first_wanted(const struct sip_sdp *sdp)
{
	for (unsigned int i = 0; i < sdp->n_media; i++) {
		if (sdp->media[i].port)
			return &sdp->media[i];
	}
	return NULL;
}

static int16_t stream_of(const struct sip_sdp_media *media)
{
	if (!media)
		return STREAM_NONE;
	return sip_str_eq(media->type, SIP_STR("audio")) ? STREAM_AUDIO :
	       sip_str_eq(media->type, SIP_STR("image")) ? STREAM_IMAGE : STREAM_OTHER;
}

/* Of those that have a name here; DTMF beside it is no codec. */
static int16_t codec_of(const struct sip_sdp_media *media)
{
	for (unsigned int i = 0; media && i < media->n_known; i++) {
		if (media->known[i].codec != SIP_SDP_TELEPHONE_EVENT)
			return media->known[i].codec;
	}
	return SIP_SDP_OTHER;
}

uint8_t map_sdp_to_tmr(const struct map_profile *profile, struct sip_str text)
{
	const struct sip_sdp_media *media = NULL;
	struct sip_sdp sdp;
	int16_t tmr;

	if (sip_sdp_parse(&sdp, text) == 0)
		media = first_wanted(&sdp);
	tmr = map_table_find(profile->tables[MAP_TABLE_SDP_TO_TMR],
			     (int16_t[]){ stream_of(media), codec_of(media) })[0];
	return tmr == TMR_OF_PROFILE ? profile->pars.tmr : tmr;
}

/* A call for data is of no use where it is not ISDN all the way. */
struct isup_fci map_fci_of_medium(const struct map_profile *profile, uint8_t tmr)
{
	struct isup_fci fci = profile->pars.fci;

	if (tmr != ISUP_TMR_64K_UNRESTRICTED)
		return fci;
	fci.interworking = 0;
	fci.isup_all_the_way = fci.isdn_access = 1;
	fci.isup_preference = 2;
	return fci;
}

bool map_sdp_is_data(struct sip_str text)
{
	struct sip_sdp sdp;

	return sip_sdp_parse(&sdp, text) == 0 && codec_of(first_wanted(&sdp)) == SIP_SDP_CLEARMODE;
}
