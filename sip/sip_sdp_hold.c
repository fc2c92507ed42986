/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a session description put us on hold? */

#include "sip/sip_body.h"
#include "sip/sip_sdp.h"

#define SDP_MAX 1024

static bool wants_media(const struct sip_sdp_media *media)
{
	return media->port && (media->dir & SIP_SDP_RECVONLY);
}

/* RFC 3264 8.4, and RFC 2543's 0.0.0.0: no stream of it wants to receive */
bool sip_msg_sdp_holds(const struct sip_msg *msg)
{
	char mem[SDP_MAX];
	struct sip_str text = sip_msg_sdp(msg, mem, sizeof(mem));
	struct sip_sdp sdp;

	if (!text.p || sip_sdp_parse(&sdp, text))
		return false;
	for (unsigned int i = 0; i < sdp.n_media; i++) {
		if (wants_media(&sdp.media[i]))
			return false;
	}
	return sdp.n_media;
}
