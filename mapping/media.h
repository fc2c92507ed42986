/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The media SAP: what interworking asks of a media gateway; implemented by src/media_*.c, faked in ladder tests. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct media;
struct media_ctx;

/* Which circuit a context joins to IP */
struct media_bearer {
	const char *group;		/* circuit group's name */
	uint16_t cic;
	uint8_t tmr;			/* enum isup_tmr */
};

/* What the circuit's octets are on the IP side: audio, or fax relay (T.38) */
enum media_kind { MEDIA_AUDIO, MEDIA_T38 };

/* How the circuit and the RTP side are joined; backward is from the called to the calling side */
enum media_through { MEDIA_THROUGH_NONE, MEDIA_THROUGH_BACKWARD, MEDIA_THROUGH_BOTH };

enum media_sdp { MEDIA_SDP_OFFER, MEDIA_SDP_ANSWER };

enum media_event {
	MEDIA_EV_DONE,			/* all that was asked and answered -EINPROGRESS is done */
	MEDIA_EV_FAILED,		/* it is not, or the media gateway lost the context: only close() is left */
	/* It has heard a fax machine (the flags of V.21; T.38 8), or that the fax is over: the peer is to be asked. */
	MEDIA_EV_WANTS_T38, MEDIA_EV_WANTS_AUDIO,
};
/* Called from the select loop only, never from within an op. */
typedef void media_cb(struct media_ctx *ctx, enum media_event event, void *user);

/* Continuity check of a circuit, Q.724 clause 7, which has the levels and times. Tone: 2000 Hz is sent on the circuit,
 * and is to come back. Loop: what comes from the circuit goes back on it, unchanged. */
enum media_check_end { MEDIA_CHECK_TONE, MEDIA_CHECK_LOOP };
struct media_check;
/* Once, from the select loop only: the tone has come back, or will not; the loop is connected, or cannot be. */
typedef void media_check_cb(bool good, void *user);

/* Every op returns 0 (done), -EINPROGRESS (media_cb will tell), or another negative errno.
 * Ops may follow each other without waiting: they take effect in order, and MEDIA_EV_DONE comes once, when none
 * is in progress any more. */
struct media_ops {
	/* Reserves an RTP address for the circuit: *ctx is valid at once, its local SDP after done. */
	int (*open)(struct media *media, const struct media_bearer *bearer, media_cb *cb, void *user,
		    struct media_ctx **ctx);
	/* Gives the peer's SDP, again for each new one. Judged at once, even where the rest is in progress: -EBADMSG
	 * where it cannot be read, -EPROTONOSUPPORT where no codec or media line suits (488); the former one, if
	 * any, stays in force then. */
	int (*set_remote)(struct media_ctx *ctx, const char *sdp, size_t len);
	/* We send, and want nothing (hold; RFC 3264 8.4), or both again: in each offer from now on, and in the answer
	 * to each set_remote() from now on (RFC 6337 5.3). */
	void (*hold)(struct media_ctx *ctx, bool hold);
	/* Writes our SDP: the answer to what set_remote gave last; or an offer of all we can do, also later in the
	 * session, whatever was agreed before. Returns its length, or -ENOSPC, -EINVAL. */
	int (*local_sdp)(struct media_ctx *ctx, enum media_sdp kind, char *buf, size_t size);
	/* NULL, all three, where it has audio only. The kind of each offer from now on, until one is agreed on by
	 * set_remote(), whatever its kind; 0, or -ENOTSUP. */
	int (*offer_as)(struct media_ctx *ctx, enum media_kind kind);
	/* What was agreed last; audio before that */
	enum media_kind (*kind)(const struct media_ctx *ctx);
	/* Has it fax relay? */
	bool (*relays_fax)(struct media *media);

	int (*through)(struct media_ctx *ctx, enum media_through through);
	/* Gives the context back; ctx is gone. No callback follows. */
	void (*close)(struct media_ctx *ctx);

	/* check_start NULL where the media gateway cannot check. Begins one on a circuit, whether there is a context
	 * for it or not (nothing crosses to the RTP side as long as it goes on): 0 or -EINPROGRESS, *check is valid at
	 * once and cb follows, or another negative errno. */
	int (*check_start)(struct media *media, const struct media_bearer *bearer, enum media_check_end end,
			   media_check_cb *cb, void *user, struct media_check **check);
	/* The circuit is as before; check is gone. No callback follows. */
	void (*check_stop)(struct media_check *check);

	/* Does it carry that circuit as such a medium? NULL: speech and 3.1 kHz audio only. 64 kbit/s unrestricted is
	 * CLEARMODE (RFC 4040) and nothing else, 64 kbit/s preferred is CLEARMODE first, then what carries audio. */
	bool (*carries)(struct media *media, const struct media_bearer *bearer);

	/* For the console: our address and what is agreed, "192.0.2.1 audio 16386 RTP/AVP 8"; returns what snprintf()
	 * would. NULL: it cannot tell */
	int (*print)(const struct media_ctx *ctx, char *buf, size_t size);

	/* Is this circuit's bearer there? Asked when its group is taken into service. NULL: always */
	bool (*bearer_there)(struct media *media, const char *group, uint16_t cic);
};

/* The bearers of the circuits first to last of a group (NULL: of each group) are lost, as the media gateway is, or what
 * joins it to them; or they are back (there). From the select loop only; also where a context of them has failed. */
typedef void media_bearers_cb(const char *group, uint16_t first, uint16_t last, bool there, void *user);

/* Embedded first in each implementation's own struct */
struct media {
	const struct media_ops *ops;
	media_bearers_cb *bearers_cb;	/* NULL: nobody wants to know */
	void *bearers_user;
};
