/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which mapping profile each SIP peer, each circuit group and the gateway has, and what that means to the SIP room. */

#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_circuit.h"
#include "mapping/map_profile_own.h"
#include "sip/sip_peer.h"

#include "gw.h"
#include "gw_profile.h"

static void apply_end(const struct gw *gw, struct map_end_cfg *cfg)
{
	if (cfg)
		cfg->profile = cfg->profile_name ? mapping_find_profile(gw->mapping, cfg->profile_name) : NULL;
}

/* What a profile wants of SIP counts where it is more than the peer's own configuration says; but a peer that is to
 * have no reliable responses, for it does them wrong, has none. */
static void apply_peer(const struct gw *gw, struct sip_peer_cfg *cfg)
{
	const struct map_end_cfg *end = cfg->user;
	const struct map_profile *profile = end && end->profile ? end->profile : gw->mapping->cfg.profile;

	osmo_static_assert(MAP_WANT_REQUIRED == (int)SIP_REL100_REQUIRED &&
			   MAP_WANT_REQUIRED == (int)SIP_PRECOND_REQUIRED, wants_are_alike);
	cfg->call.rel100 = cfg->call.rel100_said == SIP_REL100_OFF ? SIP_REL100_OFF :
			   OSMO_MAX(cfg->call.rel100_said, (enum sip_rel100)profile->rel100);
	cfg->call.precond = OSMO_MAX(cfg->call.precond_said, (enum sip_precond_use)profile->precondition);
}

void gw_profile_apply(struct gw *gw)
{
	struct mapping_cfg *cfg = &gw->mapping->cfg;
	struct isup_group *group = NULL;
	struct sip_peer *peer = NULL;

	cfg->profile = cfg->profile_name ? mapping_find_profile(gw->mapping, cfg->profile_name) : NULL;
	if (!cfg->profile)
		cfg->profile = &map_profile_rfc3398;
	while ((group = isup_group_next(gw->isup, group)))
		apply_end(gw, isup_group_cfg(group)->user);
	while ((peer = sip_peer_next(gw->sip, peer))) {
		apply_end(gw, sip_peer_cfg(peer)->user);
		apply_peer(gw, sip_peer_cfg(peer));
	}
}

static bool has(const struct map_end_cfg *end, const char *name)
{
	return end && end->profile_name && !strcmp(end->profile_name, name);
}

bool gw_profile_is_named(const struct gw *gw, const char *name, char *by, size_t size)
{
	const char *usual = gw->mapping->cfg.profile_name;
	struct isup_group *group = NULL;
	struct sip_peer *peer = NULL;

	if (usual && !strcmp(usual, name)) {
		osmo_strlcpy(by, "node gateway", size);
		return true;
	}
	while ((group = isup_group_next(gw->isup, group))) {
		snprintf(by, size, "circuit-group %s", isup_group_name(group));
		if (has(isup_group_user(group), name))
			return true;
	}
	while ((peer = sip_peer_next(gw->sip, peer))) {
		snprintf(by, size, "peer %s", sip_peer_name(peer));
		if (has(sip_peer_user(peer), name))
			return true;
	}
	return false;
}

static unsigned int check(const struct gw *gw, const char *name, const char *object, gw_problem_cb *cb, void *data)
{
	char text[192];

	if (!name || mapping_find_profile(gw->mapping, name))
		return 0;
	snprintf(text, sizeof(text), "there is no mapping profile '%.40s': add 'mapping profile-file PATH' in node "
		 "gateway, or name another ('show mapping profiles')", name);
	cb(object, text, data);
	return 1;
}

unsigned int gw_profile_check(struct gw *gw, gw_problem_cb *cb, void *data)
{
	struct isup_group *group = NULL;
	struct sip_peer *peer = NULL;
	const struct map_end_cfg *end;
	unsigned int problems;
	char object[128];

	problems = check(gw, gw->mapping->cfg.profile_name, "mapping profile", cb, data);
	while ((group = isup_group_next(gw->isup, group))) {
		snprintf(object, sizeof(object), "circuit-group %s", isup_group_name(group));
		end = isup_group_user(group);
		problems += end ? check(gw, end->profile_name, object, cb, data) : 0;
	}
	while ((peer = sip_peer_next(gw->sip, peer))) {
		snprintf(object, sizeof(object), "peer %s", sip_peer_name(peer));
		end = sip_peer_user(peer);
		problems += end ? check(gw, end->profile_name, object, cb, data) : 0;
	}
	return problems;
}
