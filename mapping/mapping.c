/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mapping room as a whole: its memory, timers, counters, log categories, and what the console shows of calls. */
#include <errno.h>

#include <osmocom/core/rate_ctr.h>
#include <osmocom/core/stats.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "mapping/iwu.h"
#include "mapping/iwu_ladder.h"

#define LADDER_OCTETS_DEFAULT (1024 * 1024)

const struct log_info_cat map_log_cats[] = {
	[DIWU - LOG_BASE_MAPPING] = {
		.name = "DIWU", .description = "Interworked calls",
		.enabled = 1, .loglevel = LOGL_NOTICE,
	},
	[DLADDER - LOG_BASE_MAPPING] = {
		.name = "DLADDER", .description = "One line per message between SIP, ISUP and interworking",
		.enabled = 1, .loglevel = LOGL_NOTICE,
	},
	[DROUTE - LOG_BASE_MAPPING] = {
		.name = "DROUTE", .description = "Choice of routes",
		.enabled = 1, .loglevel = LOGL_NOTICE,
	},
};
osmo_static_assert(ARRAY_SIZE(map_log_cats) == _MAP_LOG_END - DIWU, map_log_cats_complete);
osmo_static_assert((int)DIWU == LOG_BASE_MAPPING, map_log_cats_base);

static const struct osmo_tdef map_tdefs[] = {
	/* Q.764 Annex A: 15 to 20 s */
	{ .T = MAP_T11, .default_val = 15, .min_val = 1, .max_val = 20,
	  .desc = "ACM to the exchange when SIP is slow" },
	{ .T = MAP_T35, .default_val = 15, .min_val = 1, .max_val = 20,
	  .desc = "Wait for the digits that an INVITE needs (overlap)" },
	{ .T = MAP_X1_MEDIA, .default_val = 4, .min_val = 1, .max_val = 15,
	  .desc = "Wait for the media gateway" },
	{ .T = MAP_X2_ANNOUNCEMENT, .default_val = 20, .min_val = 1, .max_val = 180,
	  .desc = "Announcement after ACM or CPG with cause (interwork timer, RFC 3398 7.1.6)" },
	{ .T = MAP_X3_PRECONDITIONS, .default_val = 9, .min_val = 1, .max_val = 180,
	  .desc = "Wait for preconditions of SIP (RFC 3312); less than T8 of the exchange" },
	{ .T = MAP_X4_DIGITS, .default_val = 4, .min_val = 1, .max_val = 20,
	  .desc = "Wait for further digits after a refusal (T10, RFC 3578 3.2)" },
	{}
};

static const struct rate_ctr_desc ctr_descs[] = {
	[MAP_CTR_SIP_ISUP] = { "calls:sip-isup", "Calls from SIP" },
	[MAP_CTR_ISUP_SIP] = { "calls:isup-sip", "Calls from ISUP" },
	[MAP_CTR_SIP_ISUP_ANSWERED] = { "answered:sip-isup", "Calls from SIP answered by ISUP" },
	[MAP_CTR_ISUP_SIP_ANSWERED] = { "answered:isup-sip", "Calls from ISUP answered by SIP" },
	[MAP_CTR_RELEASED_SIP] = { "released:sip", "Answered calls released by SIP" },
	[MAP_CTR_RELEASED_ISUP] = { "released:isup", "Answered calls released by ISUP" },
	[MAP_CTR_CANCELLED_SIP] = { "cancelled:sip", "Calls from SIP given up by the caller before answer" },
	[MAP_CTR_CANCELLED_ISUP] = { "cancelled:isup", "Calls from ISUP given up by the caller before answer" },
	[MAP_CTR_REFUSED_SIP] = { "refused:sip", "Calls from ISUP that SIP did not take" },
	[MAP_CTR_REFUSED_ISUP] = { "refused:isup", "Calls from SIP that ISUP did not take" },
	[MAP_CTR_REFUSED_GATEWAY] = { "refused:gateway", "Calls that the gateway itself refused or released" },
	[MAP_CTR_FAILED_MEDIA] = { "failed:media", "Calls that the media gateway failed" },
	[MAP_CTR_REROUTED] = { "rerouted", "Further routes tried" },
	[MAP_CTR_REPEATED] = { "repeated", "Further circuits of the same route tried" },
	[MAP_CTR_REDIRECTED] = { "redirected", "Redirections (3xx) followed" },
	[MAP_CTR_FAX] = { "fax", "Changes to fax relay (T.38), also as a call began" },
	[MAP_CTR_LOST_MESSAGES] = { "lost:messages", "ISUP messages that SIP, or ISUP from SIP, had no place for" },
	[MAP_CTR_LOST_PARAMETERS] = { "lost:parameters", "ISUP parameters that SIP had no place for" },
	[MAP_CTR_LOST_DIALECT] = { "lost:dialect", "ISUP parameters that the other dialect could not say, or not all" },
	[MAP_CTR_LOST_HEADERS] = { "lost:headers", "SIP headers that ISUP had no place for" },
	[MAP_CTR_LOST_BODIES] = { "lost:bodies", "SIP bodies that ISUP had no place for, or that are not read" },
	[MAP_CTR_UNUSED_BODIES] = { "unused:bodies", "Encapsulated ISUP messages not read, or out of place" },
	[MAP_CTR_IGNORED] = { "ignored", "Messages that did not fit the state of their call" },
};

static const struct rate_ctr_group_desc ctr_group_desc = {
	.group_name_prefix = "mapping",
	.group_description = "Interworked calls",
	.class_id = OSMO_STATS_CLASS_GLOBAL,
	.num_ctr = ARRAY_SIZE(ctr_descs),
	.ctr_desc = ctr_descs,
};

static __attribute__((constructor)) void mapping_init(void)
{
	OSMO_ASSERT(osmo_fsm_register(&iwu_in_fsm) == 0);
	OSMO_ASSERT(osmo_fsm_register(&iwu_out_fsm) == 0);
}

static int mapping_destructor(struct mapping *m)
{
	struct iwu *iwu, *next;

	/* in silence: the rooms and the media gateway may be gone already */
	llist_for_each_entry_safe(iwu, next, &m->calls, entry)
		iwu_end(iwu);
	rate_ctr_group_free(m->ctrs);
	return 0;
}

struct mapping *mapping_alloc(void *ctx)
{
	struct mapping *m = talloc_zero(ctx, struct mapping);

	if (!m)
		return NULL;
	m->newcomer.mapping = m;
	m->cfg.profile = &map_profile_rfc3398;
	m->cfg.location = ISUP_LOC_BI;
	m->cfg.attempts_max = 10;
	m->cfg.repeats_max = 3;
	m->cfg.redirects_max = 3;
	m->cfg.retry_after_acl = 1;
	m->cfg.retry_after_s = 5;
	m->cfg.ladder_octets = LADDER_OCTETS_DEFAULT;
	m->next_call_id = 1;
	INIT_LLIST_HEAD(&m->calls);
	INIT_LLIST_HEAD(&m->profiles);
	m->tdefs = talloc_memdup(m, map_tdefs, sizeof(map_tdefs));
	m->routes = route_table_alloc(m);
	m->ladder = iwu_ladder_alloc(m, m->cfg.ladder_octets);
	m->losses = talloc_zero(m, struct map_loss_totals);
	m->ctrs = rate_ctr_group_alloc(m, &ctr_group_desc, 0);
	if (!m->tdefs || !m->routes || !m->ladder || !m->losses || !m->ctrs) {
		talloc_free(m);
		return NULL;
	}
	osmo_tdefs_reset(m->tdefs);
	talloc_set_destructor(m, mapping_destructor);
	return m;
}

/* ---- for the console ---- */

static uint64_t age_ms(uint64_t since_us)
{
	struct timespec now;

	if (!since_us)
		return 0;
	osmo_clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec * 1000000ull + now.tv_nsec / 1000 - since_us) / 1000;
}

uint32_t mapping_call_id(const void *user)
{
	return ((const struct iwu_user *)user)->iwu->id;
}

static struct iwu_info info_of(const struct iwu *iwu)
{
	return (struct iwu_info){
		.id = iwu->id,
		.direction = iwu->fi->fsm == &iwu_in_fsm ? "sip>isup" : "isup>sip",
		.state = osmo_fsm_inst_state_name(iwu->fi),
		.calling = iwu->calling,
		.called = iwu->called,
		.circuit = iwu->isup ? isup_call_name(iwu->isup) : "",
		.peer = iwu->sip ? sip_peer_name(sip_call_peer(iwu->sip)) : "",
		.age_ms = age_ms(iwu->started_us),
		.answered_ms = age_ms(iwu->answered_us),
	};
}

void mapping_for_each_call(const struct mapping *m, void (*cb)(const struct iwu_info *info, void *data), void *data)
{
	const struct iwu *iwu;

	llist_for_each_entry(iwu, &m->calls, entry) {
		const struct iwu_info info = info_of(iwu);

		cb(&info, data);
	}
}

static void show(const struct iwu *iwu, void (*cb)(const struct iwu_detail *detail, void *data), void *data)
{
	struct iwu_detail detail = {
		.info = info_of(iwu),
		.profile = iwu->profile->name,
		.isup = iwu->isup, .sip = iwu->sip, .route = iwu->route,
		.attempts = iwu->n_attempts, .redirects = iwu->n_redirects, .repeats = iwu->n_repeats,
		.sipi = iwu->leg.sipi, .delayed_offer = iwu->leg.delayed_offer,
		.held = iwu->held_by, .peer_holds = iwu_noted(iwu, IWU_NOTE_PEER_HOLDS),
		.dialect = iwu->isup ? isup_call_dialect(iwu->isup) : &isup_dialect_itu,
		.losses = iwu->losses,
	};
	const struct media_ops *ops = iwu->mapping->media->ops;
	struct timeval left;

	if (osmo_timer_remaining(&iwu->fi->timer, NULL, &left) == 0) {
		detail.timer = iwu->fi->T;
		detail.timer_left_ms = left.tv_sec * 1000ull + left.tv_usec / 1000;
	}
	if (iwu->media && ops->print)
		ops->print(iwu->media, detail.media, sizeof(detail.media));
	iwu_ladder_remote_media(iwu->mapping->ladder, iwu->id, detail.remote_media, sizeof(detail.remote_media));
	cb(&detail, data);
}

bool mapping_show_call(const struct mapping *m, uint32_t id, void (*cb)(const struct iwu_detail *detail, void *data),
		       void *data)
{
	const struct iwu *iwu;

	llist_for_each_entry(iwu, &m->calls, entry) {
		if (iwu->id != id)
			continue;
		show(iwu, cb, data);
		return true;
	}
	return false;
}

int mapping_print_ladder(const struct mapping *m, uint32_t id, void (*cb)(const char *line, void *data), void *data)
{
	return iwu_ladder_print(m->ladder, id, cb, data);
}

size_t mapping_ladder_ids(const struct mapping *m, uint32_t *ids, size_t max)
{
	return iwu_ladder_ids(m->ladder, ids, max);
}

int mapping_ladder_resize(struct mapping *m, size_t octets)
{
	struct iwu_ladder *ladder = iwu_ladder_alloc(m, octets);

	if (!ladder)
		return -ENOMEM;
	talloc_free(m->ladder);
	m->ladder = ladder;
	m->cfg.ladder_octets = octets;
	return 0;
}
