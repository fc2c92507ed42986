/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of codecs, for reading and writing session descriptions. */
#pragma once

#include "sip/sip_sdp.h"

struct sip_sdp_codec_row {
	struct sip_str name;		/* the clock of all of them is 8000, with one channel */
	uint8_t pt;			/* static, or what we offer it as */
	bool is_static;
	const char *fmtp;		/* NULL: none */
};
extern const struct sip_sdp_codec_row sip_sdp_codecs[_SIP_SDP_CODEC_COUNT];
