/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: a gateway of all its rooms in one process, its neighbours on both wires, a clock moved by hand. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/application.h>
#include <osmocom/core/fsm.h>
#include <osmocom/core/msgb.h>
#include <osmocom/core/rate_ctr.h>
#include <osmocom/core/select.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>

#include "gw_world.h"
#include "hand_clock.h"
#include "src/log_cats.h"
#include "src/media_static.h"

#define STEP_MS 50

static struct gw_world *world;

/* ---- The exchange ---- */

static struct gw_sent *note(struct llist_head *list, const void *octets, size_t len)
{
	struct gw_sent *sent = talloc_zero_size(world, sizeof(*sent) + len + 1);

	sent->ms = world->now_ms;
	sent->len = len;
	memcpy(sent->octets, octets, len);
	llist_add_tail(&sent->entry, list);
	return sent;
}

static int transfer_req(struct isup_mtp *to, const struct isup_mtp_label *label, const uint8_t *octets, size_t len)
{
	note(&world->isup, octets, len);
	return 0;
}

static bool reachable(struct isup_mtp *to, uint32_t pc)
{
	return true;
}

static const struct isup_mtp_ops mtp_ops = { .transfer_req = transfer_req, .reachable = reachable };

void gw_rx_isup(struct gw_world *w, const uint8_t *octets, size_t len)
{
	const struct isup_mtp_label label = { .opc = GW_FAR_PC, .dpc = GW_OWN_PC };
	uint8_t *exact = talloc_memdup(w, octets, len);

	w->mtp->user_ops->transfer_ind(w->mtp->user, &label, exact, len);
	talloc_free(exact);
	osmo_select_main_ctx(1);
}

/* What answers what: the same range (and status) is repeated in answers to group messages */
static const struct {
	uint8_t type, answer;
	enum { BARE, OPTIONAL, RANGE, RANGE_STATUS } form;
} agreements[] = {
	{ ISUP_MSG_REL, ISUP_MSG_RLC, OPTIONAL },
	{ ISUP_MSG_RSC, ISUP_MSG_RLC, OPTIONAL },
	{ ISUP_MSG_GRS, ISUP_MSG_GRA, RANGE },
	{ ISUP_MSG_BLO, ISUP_MSG_BLA, BARE },
	{ ISUP_MSG_UBL, ISUP_MSG_UBA, BARE },
	{ ISUP_MSG_CGB, ISUP_MSG_CGBA, RANGE_STATUS },
	{ ISUP_MSG_CGU, ISUP_MSG_CGUA, RANGE_STATUS },
	{}
};

bool gw_exchange_agrees(struct gw_world *w, const uint8_t *octets, size_t len)
{
	uint8_t answer[64] = { octets[0], octets[1] };
	unsigned int i;
	size_t n = 3;

	for (i = 0; agreements[i].type && agreements[i].type != octets[2]; i++)
		;
	if (!agreements[i].type || len > sizeof(answer))
		return false;
	answer[2] = agreements[i].answer;
	if (agreements[i].form == OPTIONAL) {
		answer[n++] = 0;
	} else if (agreements[i].form == RANGE) {
		answer[n++] = 1;
		answer[n++] = 1 + octets[5] / 8 + 1;
		answer[n] = octets[5];
		n += answer[n - 1];
	} else if (agreements[i].form == RANGE_STATUS) {
		memcpy(answer + 3, octets + 3, len - 3);
		n = len;
	}
	gw_rx_isup(w, answer, n);
	return true;
}

/* ---- The peer ---- */

static int wire_open(struct sip_sock *s)
{
	return 0;
}

static void wire_close(struct sip_sock *s)
{
}

static bool seen_before(const char *octets, size_t len)
{
	struct gw_sent *old;

	llist_for_each_entry(old, &world->seen, entry)
		if (old->len == len && !memcmp(old->octets, octets, len))
			return true;
	return false;
}

static int wire_send(const struct sip_dest *dest, const char *octets, size_t len)
{
	bool again = seen_before(octets, len);
	struct gw_sent *sent;

	if (!again)
		note(&world->seen, octets, len);
	sent = note(&world->sip, octets, len);
	sent->again = again;
	if (world->sip_cb)
		world->sip_cb(sent, world->cb_data);
	return 0;
}

static const struct sip_transport_ops wire_ops = {
	.proto = SIP_PROTO_UDP, .via = "UDP", .uri_param = "",
	.open = wire_open, .close = wire_close, .send = wire_send,
};

void gw_rx_sip(struct gw_world *w, const char *octets, size_t len)
{
	char *exact = talloc_memdup(w, octets, len);

	sip_rx(w->sock, &w->far, exact, len);
	talloc_free(exact);
	osmo_select_main_ctx(1);
}

/* ---- Time ---- */

void gw_pass(struct gw_world *w, unsigned int ms)
{
	unsigned int passed;

	for (passed = 0; passed < ms; passed += STEP_MS) {
		hand_clock_move(STEP_MS);
		w->now_ms += STEP_MS;
		osmo_timers_prepare();
		osmo_timers_update();
		osmo_select_main_ctx(1);
	}
}

/* ---- The world ---- */

void gw_world_init(void)
{
	const struct log_cats_part parts[] = {
		{ DISUP, isup_log_cats, _ISUP_LOG_COUNT - DISUP },
		{ DSIP, sip_log_cats, _SIP_LOG_END - DSIP },
		{ DIWU, map_log_cats, _MAP_LOG_END - DIWU },
		{}
	};
	void *log_ctx = talloc_named_const(NULL, 0, "log");

	osmo_init_logging2(log_ctx, log_cats_assemble(log_ctx, parts));
	log_set_log_level(osmo_stderr_target, LOGL_ERROR);
	if (getenv("GW_LOG"))
		log_parse_category_mask(osmo_stderr_target, getenv("GW_LOG"));
	msgb_talloc_ctx_init(log_ctx, 0);
	rate_ctr_init(log_ctx);
	osmo_fsm_set_dealloc_ctx(OTC_SELECT);
	osmo_fsm_log_addr(false);
	hand_clock_start();
}

static void alloc_isup(struct gw_world *w)
{
	struct isup_group_cfg *cfg;
	char err[128];

	w->mtp = talloc_zero(w->ctx, struct isup_mtp);
	w->mtp->ops = &mtp_ops;
	w->mtp->own_pc = GW_OWN_PC;
	w->m->isup = isup_alloc(w->ctx, mapping_isup_cb, &w->m->newcomer);
	w->group = isup_group_alloc(w->m->isup, "TRUNK1");
	cfg = isup_group_cfg(w->group);
	cfg->dialect = w->dialect;
	cfg->dpc = GW_FAR_PC;
	cfg->dpc_set = true;
	cfg->hunt = ISUP_HUNT_ASCENDING;
	OSMO_ASSERT(isup_group_add_cics(w->group, 1, GW_CICS, err, sizeof(err)) == 0);
}

static void alloc_sip(struct gw_world *w)
{
	struct sip_peer_cfg *cfg;
	struct sip *sip = sip_alloc(w->ctx, mapping_sip_cb, &w->m->newcomer);

	w->m->sip = sip;
	w->sock = talloc_zero(sip, struct sip_sock);
	w->sock->sip = sip;
	w->sock->ops = &wire_ops;
	OSMO_ASSERT(sip_sockaddr_from_host(&w->sock->local, SIP_STR("192.0.2.1"), false, 5060) == 0);
	OSMO_ASSERT(sip_sockaddr_from_host(&w->far, SIP_STR("192.0.2.2"), false, 5060) == 0);
	sip_sockaddr_hostport_buf(w->sock->hostport, &w->sock->local);
	llist_add_tail(&w->sock->entry, &sip->socks);
	w->peer = sip_peer_alloc(sip, "PBX");
	cfg = sip_peer_cfg(w->peer);
	memcpy(&cfg->remote.u.sin, &w->far.in4, sizeof(w->far.in4));
	cfg->remote_set = true;
	cfg->trusted = true;
	sip_peer_update(w->peer);
}

struct gw_world *gw_world_alloc(const struct isup_dialect *dialect)
{
	const struct route_end pbx = { ROUTE_PEER, "PBX" }, group = { ROUTE_GROUP, "TRUNK1" };
	struct gw_world *w = talloc_zero(NULL, struct gw_world);
	char err[128];

	OSMO_ASSERT(!world);
	world = w;
	INIT_LLIST_HEAD(&w->isup);
	INIT_LLIST_HEAD(&w->sip);
	INIT_LLIST_HEAD(&w->seen);
	w->ctx = talloc_named_const(w, 0, "gateway");
	w->dialect = dialect;
	w->m = mapping_alloc(w->ctx);
	osmo_strlcpy(w->m->cfg.numbering.country_code, "33", sizeof(w->m->cfg.numbering.country_code));
	osmo_strlcpy(w->m->cfg.numbering.national_prefix, "0", sizeof(w->m->cfg.numbering.national_prefix));
	w->m->media = media_static_alloc(w->ctx);
	media_static_set_codecs(w->m->media, (enum media_static_codec[]){ MEDIA_STATIC_PCMA, MEDIA_STATIC_PCMU }, 2);
	OSMO_ASSERT(media_static_set_address(w->m->media, NULL, "192.0.2.1") == 0);
	OSMO_ASSERT(route_add(w->m->routes, "", &pbx, &group, 0, err, sizeof(err)) == 0);
	OSMO_ASSERT(route_add(w->m->routes, "", &group, &pbx, 0, err, sizeof(err)) == 0);
	alloc_sip(w);
	alloc_isup(w);
	return w;
}

/* But for the kinds of losses, which are remembered */
static size_t blocks_of(const struct gw_world *w)
{
	return talloc_total_blocks(w->ctx) - talloc_total_blocks(w->m->losses);
}

void gw_world_start(struct gw_world *w)
{
	struct gw_sent *sent, *next;
	char err[128];

	OSMO_ASSERT(isup_group_start(w->group, w->mtp, err, sizeof(err)) == 0);
	for (unsigned int i = 0; i < 100; i++) {
		gw_pass(w, STEP_MS);
		llist_for_each_entry_safe(sent, next, &w->isup, entry) {
			gw_exchange_agrees(w, (const uint8_t *)sent->octets, sent->len);
			llist_del(&sent->entry);
			talloc_free(sent);
		}
	}
	w->now_ms = 0;
	w->blocks = blocks_of(w);
}

void gw_world_free(struct gw_world *w)
{
	talloc_free(w);
	osmo_select_main_ctx(1);
	world = NULL;
}

bool gw_world_busy(struct gw_world *w, char *buf, size_t size)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	struct isup_group_stats stats;
	size_t blocks = blocks_of(w);

	isup_group_stats(w->group, &stats);
	buf[0] = '\0';
	if (w->m->n_calls)
		OSMO_STRBUF_PRINTF(sb, " %u calls", w->m->n_calls);
	if (isup_call_count(w->m->isup))
		OSMO_STRBUF_PRINTF(sb, " %u calls of ISUP", isup_call_count(w->m->isup));
	if (stats.idle != stats.circuits)
		OSMO_STRBUF_PRINTF(sb, " %u circuits are not idle", stats.circuits - stats.idle);
	if (w->m->sip->n_calls)
		OSMO_STRBUF_PRINTF(sb, " %u legs", w->m->sip->n_calls);
	if (w->m->sip->n_trans)
		OSMO_STRBUF_PRINTF(sb, " %u transactions", w->m->sip->n_trans);
	if (media_static_open_count(w->m->media))
		OSMO_STRBUF_PRINTF(sb, " %u media contexts", media_static_open_count(w->m->media));
	if (!buf[0] && blocks != w->blocks)
		OSMO_STRBUF_PRINTF(sb, " %zu chunks of memory, %zu before", blocks, w->blocks);
	return buf[0];
}
