/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Session timers (RFC 4028): who refreshes when, and BYE where nobody did. */

#include <errno.h>

#include <osmocom/core/talloc.h>

#include "sip/sip_modify.h"
#include "sip/sip_call_info.h"
#include "sip/sip_refresh.h"

/* 4: no interval is shorter than this */
#define SHORTEST_S 90
/* Who asks for more gets this; the timer cannot take all that the header can. */
#define LONGEST_S (7 * 24 * 3600)

struct sip_refresh {
	struct osmo_timer_list timer;
	uint32_t interval_s;		/* agreed; 0: not agreed yet */
	uint32_t min_se_s;		/* what a 422 asked for; 0: none did */
	bool ours;			/* we refresh */
	struct {			/* what the 2xx to a request of theirs says: agreed when it is sent */
		uint32_t interval_s;	/* 0: no limit any more */
		bool ours;
		bool require;		/* they refresh, and must know that (9) */
	} next;
	bool due;			/* the time for the refresh is over, what runs is that of the session */
	bool refused;			/* the user's re-INVITE was no good for it */
	size_t sdp_len;
	char *sdp;
};

static struct sip_refresh *get(struct sip_call *call)
{
	if (!call->refresh)
		call->refresh = talloc_zero(call, struct sip_refresh);
	return call->refresh;
}

void sip_refresh_end(struct sip_call *call)
{
	if (!call->refresh)
		return;
	osmo_timer_del(&call->refresh->timer);
	TALLOC_FREE(call->refresh);
}

void sip_refresh_info(const struct sip_call *call, struct sip_call_info *info)
{
	const struct sip_refresh *r = call->refresh;
	struct timeval left;

	if (!r || !r->interval_s)
		return;
	info->session_s = r->interval_s;
	info->session_ours = r->ours;
	if (osmo_timer_remaining(&r->timer, NULL, &left) == 0)
		info->session_left_s = left.tv_sec;
}

/* ---- The timer ---- */

static void timer_cb(void *data);

/* 10: the refresher at half the interval; the session ends so much before the interval's end */
static void schedule(struct sip_call *call)
{
	struct sip_refresh *r = call->refresh;
	uint32_t end_s = r->interval_s - OSMO_MIN(32, r->interval_s / 3);
	uint32_t half_s = r->interval_s / 2;

	osmo_timer_setup(&r->timer, timer_cb, call);
	if (!r->ours)
		osmo_timer_schedule(&r->timer, end_s, 0);
	else
		osmo_timer_schedule(&r->timer, r->due ? end_s - half_s : half_s, 0);
}

static void timer_cb(void *data)
{
	struct sip_call *call = data;
	struct sip_refresh *r = call->refresh;

	if (r->ours && !r->due) {
		r->due = true;
		schedule(call);
		sip_modify_refresh(call);
		return;
	}
	LOGP(DSIP, LOGL_INFO, "call %.*s: the session was not refreshed\n", SIP_STR_ARG(sip_call_id(call)));
	sip_call_lost(call, 408);
}

bool sip_refresh_is_due(const struct sip_call *call)
{
	return call->refresh && call->refresh->ours && call->refresh->due;
}

bool sip_call_wants_refresh(const struct sip_call *call)
{
	const struct sip_refresh *r = call->refresh;

	return sip_refresh_is_due(call) && !r->refused && !(call->flags & SIP_CALL_PEER_UPDATE) && !r->sdp;
}

void sip_refresh_refused(struct sip_call *call)
{
	if (call->refresh)
		call->refresh->refused = true;
}

static void restart(struct sip_call *call)
{
	call->refresh->due = call->refresh->refused = false;
	schedule(call);
}

/* ---- Headers ---- */

static int read_session_expires(struct sip_session_expires *se, const struct sip_msg *msg)
{
	const struct sip_hdr *hdr = sip_msg_hdr(msg, SIP_HDR_SESSION_EXPIRES);

	*se = (struct sip_session_expires){};
	return hdr ? sip_session_expires_parse(se, hdr->value) : -ENOENT;
}

/* 0: none that can be read */
static uint32_t read_min_se(const struct sip_msg *msg)
{
	const struct sip_hdr *hdr = sip_msg_hdr(msg, SIP_HDR_MIN_SE);
	struct sip_session_expires min_se;

	return hdr && sip_session_expires_parse(&min_se, hdr->value) == 0 ? OSMO_MIN(min_se.seconds, LONGEST_S) : 0;
}

static void put_session_expires(struct sip_buf *b, uint32_t interval_s, const char *refresher)
{
	sip_put_lit(b, "Session-Expires: ");
	sip_put_uint(b, interval_s);
	if (refresher) {
		sip_put_lit(b, ";refresher=");
		sip_put_z(b, refresher);
	}
	sip_put_lit(b, "\r\n");
}

static uint32_t our_min_se(const struct sip_call *call)
{
	uint32_t min = OSMO_MAX(call->peer->cfg.call.min_se_s, SHORTEST_S);

	return call->refresh ? OSMO_MAX(min, call->refresh->min_se_s) : min;
}

/* ---- UAC ---- */

/* 7.1; within a session the roles stay as they are */
void sip_refresh_put_request(const struct sip_call *call, struct sip_buf *b)
{
	const struct sip_call_cfg *cfg = &call->peer->cfg.call;
	const struct sip_refresh *r = call->refresh;
	bool agreed = r && r->interval_s;
	uint32_t min_se = our_min_se(call);

	if (!cfg->session_expires_s)
		return;
	if (agreed)
		put_session_expires(b, OSMO_MAX(r->interval_s, min_se), r->ours ? "uac" : "uas");
	else if (cfg->refresher == SIP_REFRESH_BY_ANY)
		put_session_expires(b, OSMO_MAX(cfg->session_expires_s, min_se), NULL);
	else
		put_session_expires(b, OSMO_MAX(cfg->session_expires_s, min_se),
				    cfg->refresher == SIP_REFRESH_BY_LOCAL ? "uac" : "uas");
	if (min_se > SHORTEST_S)
		sip_put_hdr_uint(b, SIP_STR("Min-SE"), min_se);
}

/* 7.2: without Session-Expires there is no time limit any more */
void sip_refresh_rx_2xx(struct sip_call *call, const struct sip_msg *msg)
{
	struct sip_session_expires se;
	struct sip_refresh *r;

	if (!call->peer->cfg.call.session_expires_s || read_session_expires(&se, msg) < 0 || !se.seconds) {
		sip_refresh_end(call);
		return;
	}
	r = get(call);
	r->interval_s = OSMO_MIN(OSMO_MAX(se.seconds, SHORTEST_S), LONGEST_S);
	r->ours = se.refresher != SIP_REFRESHER_UAS;
	restart(call);
}

uint32_t sip_refresh_min_se(const struct sip_msg *msg)
{
	uint32_t min_se = read_min_se(msg);

	return min_se > SHORTEST_S ? min_se : 0;
}

void sip_refresh_raise(struct sip_call *call, uint32_t min_se)
{
	get(call)->min_se_s = min_se;
}

/* ---- UAS ---- */

/* 9, 5: 422 only to who knows what it means */
uint16_t sip_refresh_refusal(const struct sip_peer *peer, const struct sip_msg *msg)
{
	struct sip_session_expires se;
	int rc = read_session_expires(&se, msg);

	if (rc < 0 && rc != -ENOENT)
		return 400;
	if (rc == 0 && peer->cfg.call.session_expires_s && sip_msg_has_token(msg, SIP_HDR_SUPPORTED, "timer") &&
	    se.seconds < OSMO_MAX(peer->cfg.call.min_se_s, SHORTEST_S))
		return 422;
	return 0;
}

void sip_refresh_put_min_se(const struct sip_peer *peer, struct sip_buf *b)
{
	sip_put_hdr_uint(b, SIP_STR("Min-SE"), OSMO_MAX(peer->cfg.call.min_se_s, SHORTEST_S));
}

/* RFC 4028 Table 2: who refreshes. Where the UAC does not know how, it is us. */
static bool is_ours(const struct sip_call *call, const struct sip_session_expires *se, bool uac_knows)
{
	if (!uac_knows)
		return true;
	if (se->refresher)
		return se->refresher == SIP_REFRESHER_UAS;
	return call->peer->cfg.call.refresher == SIP_REFRESH_BY_LOCAL;
}

/* 9: no longer than they said, no shorter than their Min-SE */
void sip_refresh_rx_request(struct sip_call *call, const struct sip_msg *msg)
{
	const struct sip_call_cfg *cfg = &call->peer->cfg.call;
	bool uac_knows = sip_msg_has_token(msg, SIP_HDR_SUPPORTED, "timer") ||
			 sip_msg_has_token(msg, SIP_HDR_REQUIRE, "timer");
	struct sip_session_expires se;
	struct sip_refresh *r;
	bool given = read_session_expires(&se, msg) == 0;
	uint32_t interval_s;

	if (!cfg->session_expires_s || (!given && !uac_knows)) {
		if (call->refresh)
			call->refresh->next.interval_s = 0;
		return;
	}
	interval_s = given ? OSMO_MIN(se.seconds, cfg->session_expires_s) : cfg->session_expires_s;
	interval_s = OSMO_MAX(interval_s, read_min_se(msg));
	r = get(call);
	r->next.interval_s = OSMO_MAX(interval_s, SHORTEST_S);
	r->next.ours = is_ours(call, &se, uac_knows);
	r->next.require = !r->next.ours && uac_knows;
}

void sip_refresh_put_2xx(const struct sip_call *call, struct sip_buf *b)
{
	const struct sip_refresh *r = call->refresh;

	if (!r || !r->next.interval_s)
		return;
	if (r->next.require)
		sip_put_lit(b, "Require: timer\r\n");
	put_session_expires(b, r->next.interval_s, r->next.ours ? "uas" : "uac");
}

void sip_refresh_tx_2xx(struct sip_call *call)
{
	struct sip_refresh *r = call->refresh;

	if (!r)
		return;
	if (!r->next.interval_s) {
		sip_refresh_end(call);
		return;
	}
	r->interval_s = r->next.interval_s;
	r->ours = r->next.ours;
	restart(call);
}

/* ---- Refresh by re-INVITE ---- */

void sip_refresh_keep_sdp(struct sip_call *call, struct sip_str sdp)
{
	struct sip_refresh *r = call->refresh;

	if (!r || (!r->ours && !r->next.ours) || !sdp.len || (call->flags & SIP_CALL_PEER_UPDATE))
		return;
	talloc_free(r->sdp);
	r->sdp = talloc_memdup(r, sdp.p, sdp.len);
	r->sdp_len = sdp.len;
}

struct sip_str sip_refresh_sdp(const struct sip_call *call)
{
	const struct sip_refresh *r = call->refresh;

	return r && r->sdp ? (struct sip_str){ r->sdp, r->sdp_len } : (struct sip_str){};
}
