/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Losses of a call: noted, counted by kind, by what it is and where it came from, and told once each. */

#include <string.h>

#include <osmocom/core/logging.h>

#include "mapping/iwu.h"
#include "mapping/map_loss.h"
#include "mapping/map_subaddress.h"

static const enum map_ctr ctrs[_MAP_LOSS_KINDS] = {
	[MAP_LOSS_MESSAGE] = MAP_CTR_LOST_MESSAGES,
	[MAP_LOSS_PARAMETER] = MAP_CTR_LOST_PARAMETERS,
	[MAP_LOSS_DIALECT] = MAP_CTR_LOST_DIALECT,
	[MAP_LOSS_HEADER] = MAP_CTR_LOST_HEADERS,
	[MAP_LOSS_BODY] = MAP_CTR_LOST_BODIES,
};

static const struct isup_dialect *dialect_of(const struct iwu *iwu)
{
	return iwu->isup ? isup_call_dialect(iwu->isup) : &isup_dialect_itu;
}

/* by_isup: it came from the circuit, else from the peer */
static void note(struct iwu *iwu, const struct map_loss *loss, bool by_isup)
{
	const struct isup_group *group = by_isup && iwu->isup ? isup_call_group(iwu->isup) : NULL;
	const char *end = group ? isup_group_name(group) : NULL;
	char text[160];

	if (!by_isup && iwu->sip)
		end = sip_peer_name(sip_call_peer(iwu->sip));
	iwu_count(iwu, ctrs[loss->kind]);
	map_loss_count(iwu->mapping->losses, loss->kind, loss->what, by_isup, end);
	if (!map_losses_note(iwu, &iwu->losses, loss) || !log_check_level(DIWU, LOGL_INFO))
		return;
	map_loss_print_buf(text, sizeof(text), loss, dialect_of(iwu));
	LOGPFSML(iwu->fi, LOGL_INFO, "lost: %s\n", text);
}

void iwu_lost_message(struct iwu *iwu, const struct isup_msg *msg)
{
	note(iwu, &(struct map_loss){ .kind = MAP_LOSS_MESSAGE, .what = msg->type, .type = msg->type }, true);
}

/* Elements beside those that the rules of a message have: in an IAM those note it themselves. */
static bool access_is_lost(const struct iwu *iwu, const struct isup_msg *msg)
{
	bool pstn = iwu_pstn_is_used(iwu);
	struct map_access access;

	if (msg->type == ISUP_MSG_IAM && map_par_set_has(iwu->profile->carried, ISUP_PAR_ACCESS_TRANSPORT))
		return false;
	map_access_init(&access, msg);
	while (map_access_next(&access)) {
		if (!(pstn && map_pstn_has_element(access.tag)) &&
		    !(access.tag == MAP_SUB_CONNECTED && iwu_tells_connected_sub(iwu, msg)))
			return true;
	}
	return access.p != access.end;
}

static bool is_lost(const struct iwu *iwu, const struct isup_msg *msg, uint8_t code)
{
	if (code == ISUP_PAR_ACCESS_TRANSPORT)
		return access_is_lost(iwu, msg);
	return !map_par_set_has(iwu->profile->carried, code) && !iwu_pstn_has(iwu, code);
}

void iwu_lost_parameters(struct iwu *iwu, const struct isup_msg *msg)
{
	for (unsigned int i = 0; i < msg->n_pars; i++) {
		uint8_t code = msg->pars[i].code;

		if (is_lost(iwu, msg, code))
			note(iwu, &(struct map_loss){ .kind = MAP_LOSS_PARAMETER, .what = code, .type = msg->type },
			     true);
	}
}

void iwu_lost_of_iam(struct iwu *iwu, const struct map_par_set *lost)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(lost->bits); i++) {
		for (uint64_t bits = lost->bits[i]; bits; bits &= bits - 1) {
			uint8_t code = 64 * i + __builtin_ctzll(bits);

			note(iwu, &(struct map_loss){ .kind = MAP_LOSS_PARAMETER, .what = code,
						      .type = ISUP_MSG_IAM }, true);
		}
	}
}

void iwu_lost_dialect(struct iwu *iwu, uint8_t type, const struct isup_lost *lost, bool by_isup)
{
	/* of the circuit's messages, one that goes nowhere is noted by who had to send it */
	if (lost->type && !by_isup)
		note(iwu, &(struct map_loss){ .kind = MAP_LOSS_MESSAGE, .what = lost->type, .type = lost->type },
		     false);
	for (unsigned int i = 0; i < lost->n && i < ARRAY_SIZE(lost->codes); i++)
		note(iwu, &(struct map_loss){ .kind = MAP_LOSS_DIALECT, .what = lost->codes[i], .type = type },
		     by_isup);
}

struct sip_side {
	struct iwu *iwu;
	const struct sip_prim *prim;
};

static void note_sip(enum map_loss_kind kind, uint8_t what, void *data)
{
	const struct sip_side *side = data;

	note(side->iwu, &(struct map_loss){ .kind = kind, .what = what, .method = side->prim->method,
					    .status = side->prim->status }, false);
}

void iwu_lost_header(struct iwu *iwu, const struct sip_prim *prim, struct sip_str name)
{
	struct sip_side side = { .iwu = iwu, .prim = prim };

	note_sip(MAP_LOSS_HEADER, map_loss_header_row(name), &side);
}

/* A trunk group that the route was chosen by has done its work. */
static void note_of_invite(enum map_loss_kind kind, uint8_t what, void *data)
{
	const struct sip_side *side = data;
	const struct route *route = side->iwu->route;

	if (kind == MAP_LOSS_HEADER && route && route->trunks && route->trunks->called[0] &&
	    !strcmp(map_loss_headers[what].name, "Request-URI;tgrp"))
		return;
	note_sip(kind, what, data);
}

void iwu_lost_of_invite(struct iwu *iwu, const struct sip_msg *invite, const struct isup_msg *iam)
{
	const struct sip_prim prim = { .method = SIP_INVITE };
	struct sip_side side = { .iwu = iwu, .prim = &prim };

	map_loss_of_iam(invite, iam, note_of_invite, &side);
}

void iwu_lost_sip(struct iwu *iwu, const struct sip_prim *prim)
{
	struct sip_side side = { .iwu = iwu, .prim = prim };

	if (!prim->msg)
		return;
	map_loss_of_headers(prim->msg, note_sip, &side);
	if (prim->msg->body.len)
		map_loss_of_bodies(prim->msg, iwu_sipi(iwu), iwu_pstn_is_used(iwu), note_sip, &side);
}
