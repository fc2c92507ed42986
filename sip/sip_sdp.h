/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Session descriptions (RFC 8866): reading one, and writing an offer or an answer of one stream (RFC 3264): audio, or
 * fax relay. */
#pragma once

#include <stdint.h>

#include "sip/sip_build.h"
#include "sip/sip_str.h"

/* What a circuit can be joined to; sip_sdp.c has the names and payload types */
enum sip_sdp_codec {
	SIP_SDP_OTHER, SIP_SDP_PCMA, SIP_SDP_PCMU, SIP_SDP_CLEARMODE, SIP_SDP_TELEPHONE_EVENT, _SIP_SDP_CODEC_COUNT
};
/* The encoding name of rtpmap, "?" for SIP_SDP_OTHER */
struct sip_str sip_sdp_codec_name(enum sip_sdp_codec codec);

/* Seen from the one who wrote it: a set of SEND and RECV */
enum sip_sdp_dir {
	SIP_SDP_INACTIVE = 0,
	SIP_SDP_SENDONLY = 1,
	SIP_SDP_RECVONLY = 2,
	SIP_SDP_SENDRECV = 3,
};

#define SIP_SDP_MEDIA_MAX 16
#define SIP_SDP_KNOWN_MAX 8

struct sip_sdp_media {
	struct sip_str type;		/* "audio" */
	struct sip_str proto;		/* "RTP/AVP" */
	struct sip_str fmts;		/* as written: "8 0 101" */
	struct sip_str address;		/* of its own or the session's c= line; absent if neither has one */
	struct sip_str lines;		/* its other lines: see sip_sdp_attr() */
	uint16_t port;			/* 0: rejected, or not wanted */
	uint16_t ptime;			/* in ms; 0: not given */
	/* of its own, or the session's; SENDRECV by default; without RECV where the address is 0.0.0.0 or :: */
	enum sip_sdp_dir dir;
	bool is_ipv6;
	uint8_t n_known;
	struct {
		uint8_t pt;
		enum sip_sdp_codec codec;
	} known[SIP_SDP_KNOWN_MAX];	/* of fmts, in their order: what we have a name for */
};

/* Borrows the text it was parsed from. */
struct sip_sdp {
	struct sip_str origin;		/* value of o= */
	struct sip_str times;		/* value of the first t= */
	struct sip_str address;		/* of the session's c= line */
	struct sip_str lines;		/* the session's lines */
	enum sip_sdp_dir dir;
	bool is_ipv6;
	uint8_t n_media;
	struct sip_sdp_media media[SIP_SDP_MEDIA_MAX];
};

/* 0; -EBADMSG; -E2BIG with more than SIP_SDP_MEDIA_MAX streams. The order of lines is not insisted on. */
int sip_sdp_parse(struct sip_sdp *sdp, struct sip_str text);

/* The attributes of lines one by one: false at the end; *value is empty where it has none. */
bool sip_sdp_next_attr(struct sip_str *lines, struct sip_str *name, struct sip_str *value);
/* Value of the first a= line with this name: true if there is one; *value (may be NULL) is empty if it has none. */
bool sip_sdp_attr(struct sip_str lines, const char *name, struct sip_str *value);

/* Fax relay (T.38): sip_sdp_t38.h */
enum sip_t38_rate { SIP_T38_TRANSFERRED_TCF, SIP_T38_LOCAL_TCF };
enum sip_t38_ec { SIP_T38_EC_NONE, SIP_T38_EC_REDUNDANCY, SIP_T38_EC_FEC };
struct sip_t38 {
	uint8_t version;
	uint8_t rate;			/* enum sip_t38_rate */
	uint8_t ec;			/* enum sip_t38_ec */
	uint16_t max_buffer;		/* octets; 0: not said */
	uint16_t max_datagram;
	uint32_t max_bit_rate;
};

/* Our side of a stream */
struct sip_sdp_local {
	struct sip_str address;		/* IPv4 or IPv6 address as text */
	uint16_t port;
	uint16_t ptime;			/* 0: not written */
	uint64_t session_id;
	uint64_t version;		/* goes up by one when the description changes (RFC 3264 8) */
	enum sip_sdp_dir dir;
	bool telephone_event;		/* offer it, accept it (RFC 4733) */
	uint8_t n_codecs;
	enum sip_sdp_codec codecs[_SIP_SDP_CODEC_COUNT];	/* in order of preference, without TELEPHONE_EVENT */
	const struct sip_t38 *t38;	/* NULL: there is no fax relay */
	uint16_t t38_port;
	bool is_t38;			/* what was agreed last is fax relay */
	bool offer_t38;			/* so is our offer */
	const struct sip_sdp *last;	/* our last description within the session; NULL: there is none, or no t38 */
};

/* What two sides have in common */
struct sip_sdp_choice {
	const struct sip_sdp_media *media;	/* the one of their streams that is used */
	bool is_t38;				/* then of the members below only t38 and dir count */
	struct sip_t38 t38;
	enum sip_sdp_codec codec;
	uint8_t pt;
	bool has_telephone_event;
	uint8_t telephone_event_pt;
	enum sip_sdp_dir dir;			/* ours: what we may do */
};
/* Out of the peer's offer or answer: fax relay in a stream that was none before, as who offers that has heard a fax
 * machine; else the first usable stream of the kind that is in use, else the first one. Of audio over RTP/AVP, the
 * first codec of theirs that is among ours counts (RFC 3264 6.1).
 * 0, or -EPROTONOSUPPORT where no stream suits (488). */
int sip_sdp_choose(const struct sip_sdp *sdp, const struct sip_sdp_local *local, struct sip_sdp_choice *choice);

void sip_sdp_put_offer(struct sip_buf *b, const struct sip_sdp_local *local);
/* All we can do, within a session: in the stream in use, which may become one of another medium (RFC 3264 8.3.3), or in
 * one of that medium that was rejected; the others stay rejected (8). */
int sip_sdp_put_offer_anew(struct sip_buf *b, const struct sip_sdp_local *local, const struct sip_sdp *last);
/* Every stream of the offer but the chosen one is rejected with port 0 (RFC 3264 6). 0, or -EPROTONOSUPPORT with
 * nothing written. */
int sip_sdp_put_answer(struct sip_buf *b, const struct sip_sdp_local *local, const struct sip_sdp *offer);
/* The line of one such stream */
void sip_sdp_put_rejected(struct sip_buf *b, const struct sip_sdp_media *media);
