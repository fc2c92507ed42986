/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routes of one call: what they are asked with, the next one to try, and what becomes of the numbers on the way. */
#include <errno.h>
#include <string.h>

#include <osmocom/core/logging.h>

#include "mapping/iwu.h"
#include "mapping/map_category.h"
#include "mapping/map_iam.h"
#include "mapping/map_trunk.h"

/* ---- Numbers as they come in ---- */

static const struct route_rules *in_rules(const struct iwu *iwu)
{
	const struct map_end_cfg *cfg;

	if (iwu->fi->fsm == &iwu_in_fsm)
		cfg = iwu_peer_cfg(iwu);
	else
		cfg = iwu_group_cfg(iwu);
	return cfg ? cfg->rules : NULL;
}

/* By the first rule of the peer or group that suits. -EINVAL: it leaves nothing of the number. */
static int change_in(const struct iwu *iwu, bool calling, char *key, size_t size, struct isup_number *number)
{
	const struct route_rule *rule = route_rule_find(in_rules(iwu), calling, key, number->noa);
	struct map_numbering numbering;

	if (!rule)
		return 0;
	return route_change_apply(&rule->change, key, size, number,
				  iwu->fi->fsm == &iwu_in_fsm && !calling ? iwu_peer_numbering(iwu, &numbering) :
				  iwu_group_numbering(iwu, &numbering));
}

uint16_t iwu_called_from_invite(const struct iwu *iwu, struct map_called *called, const struct sip_msg *invite)
{
	struct map_numbering numbering;
	uint16_t status = map_called_from_invite(called, invite, iwu_peer_numbering(iwu, &numbering));

	if (!status && change_in(iwu, false, called->key, sizeof(called->key), &called->number) < 0)
		status = 484;
	return status;
}

/* What a redirection has put there is no number as the exchange sends it. */
uint8_t iwu_called_from_iam(const struct iwu *iwu, struct map_called *called, const struct isup_msg *iam)
{
	struct map_numbering numbering;
	uint8_t cause = map_called_from_iam(called, iam, iwu_group_numbering(iwu, &numbering));

	if (!cause && !iwu->diverted &&
	    change_in(iwu, false, called->key, sizeof(called->key), &called->number) < 0)
		cause = ISUP_CAUSE_ADDRESS_INCOMPLETE;
	return cause;
}

/* ---- Numbers as they go out ---- */

/* The calling number of an IAM, after what rules of the peer or group and the route do to it; false: there is none, or
 * it stays as it is. */
static bool calling_changed(const struct iwu *iwu, const struct isup_msg *iam, struct isup_number *number)
{
	const struct route_change *change = iwu->route ? iwu->route->calling_change : NULL;
	struct map_numbering mem;
	const struct map_numbering *numbering = iwu_group_numbering(iwu, &mem);
	char key[MAP_KEY_SIZE];
	struct isup_number was;

	if ((!change && !in_rules(iwu)) || isup_msg_get(iam, ISUP_PAR_CALLING_NUMBER, number) < 0 ||
	    map_number_to_key(key, sizeof(key), number, numbering) < 0)
		return false;
	was = *number;
	if (change_in(iwu, true, key, sizeof(key), number) < 0 ||
	    (change && route_change_apply(change, key, sizeof(key), number, numbering) < 0)) {
		*number = was;
		return false;
	}
	return memcmp(&was, number, sizeof(was));
}

/* The called number by the route; -EINVAL: it leaves nothing of it. */
static int change_called_out(const struct iwu *iwu, struct map_called *called)
{
	const struct route_change *change = iwu->route ? iwu->route->called_change : NULL;
	struct map_numbering numbering;

	if (!change)
		return 0;
	return route_change_apply(change, called->key, sizeof(called->key), &called->number,
				  iwu_group_numbering(iwu, &numbering));
}

/* Digits and nature are new, what else the parameter says stays. A ported number goes by its routing number. */
static int put_called(struct isup_msg *iam, const struct map_called *to)
{
	const struct isup_number *called = &to->number;
	struct isup_number number;

	if (isup_msg_get(iam, ISUP_PAR_CALLED_NUMBER, &number) < 0 || map_number_same(&number, called) ||
	    to->routing.n_digits)
		return 0;
	number.noa = called->noa;
	number.n_digits = called->n_digits;
	memcpy(number.digits, called->digits, sizeof(number.digits));
	return isup_msg_replace(iam, ISUP_PAR_CALLED_NUMBER, &number);
}

static bool changes(const struct iwu *iwu)
{
	return in_rules(iwu) || (iwu->route && (iwu->route->called_change || iwu->route->calling_change));
}

int iwu_change_iam(const struct iwu *iwu, struct isup_msg *iam, const struct map_called *called)
{
	struct map_numbering peer, group;
	struct map_called to = *called;
	struct isup_number calling;

	if (!changes(iwu))
		return 0;
	if (iwu->fi->fsm == &iwu_in_fsm)
		map_number_renumber(&to.number, iwu_peer_numbering(iwu, &peer), iwu_group_numbering(iwu, &group));
	if (change_called_out(iwu, &to) < 0 || put_called(iam, &to) < 0)
		return -EINVAL;
	return calling_changed(iwu, iam, &calling) ? isup_msg_replace(iam, ISUP_PAR_CALLING_NUMBER, &calling) : 0;
}

const struct isup_msg *iwu_changed_iam(const struct iwu *iwu, struct isup_msg *copy, const struct isup_msg *iam,
				       struct map_called *called)
{
	struct isup_number calling;

	if (!changes(iwu))
		return iam;
	if (change_called_out(iwu, called) < 0)
		return NULL;
	*copy = *iam;
	if (put_called(copy, called) < 0 ||
	    (calling_changed(iwu, iam, &calling) && isup_msg_replace(copy, ISUP_PAR_CALLING_NUMBER, &calling) < 0))
		return NULL;
	return copy;
}

/* ---- The next route ---- */

/* As the routes know the caller: only where some of them ask. */
static void ask_caller(const struct iwu *iwu, struct route_query *q, char *key, const struct iwu_asks *asks)
{
	const struct route_table *table = iwu->routes ? iwu->routes : iwu->mapping->routes;
	struct map_numbering mem;
	const struct map_numbering *numbering = asks->invite ? iwu_peer_numbering(iwu, &mem) :
						iwu_group_numbering(iwu, &mem);
	bool trusted = asks->invite && iwu_sip_trusted(iwu);
	struct isup_number number;
	int rc;

	if (table->by_category && asks->invite)
		q->category = map_category_from_invite(iwu->profile, asks->invite, trusted, &isup_dialect_itu);
	else if (table->by_category)
		isup_msg_get(asks->iam, ISUP_PAR_CPC, &q->category);
	if (!table->by_calling)
		return;
	if (asks->invite)
		rc = map_calling_from_invite(&number, asks->invite, trusted, numbering);
	else
		rc = isup_msg_get(asks->iam, ISUP_PAR_CALLING_NUMBER, &number);
	if (rc == 0 && map_number_to_key(key, MAP_KEY_SIZE, &number, numbering) == 0 &&
	    change_in(iwu, true, key, MAP_KEY_SIZE, &number) == 0)
		q->calling = key;
}

/* RFC 4904 8: of a peer that is trusted */
struct trunks {
	char called[2 * ROUTE_TRUNK_SIZE], contact[2 * ROUTE_TRUNK_SIZE];
};

static void ask_trunks(const struct iwu *iwu, struct route_query *q, struct trunks *mem, const struct iwu_asks *asks)
{
	if (!asks->invite || !iwu_sip_trusted(iwu))
		return;
	if (map_trunk_of_ruri(mem->called, sizeof(mem->called), asks->invite))
		q->tgrp = mem->called;
	if (map_trunk_of_contact(mem->contact, sizeof(mem->contact), asks->invite))
		q->contact_tgrp = mem->contact;
}

static const struct route *find(const struct iwu *iwu, const struct iwu_asks *asks)
{
	const struct route_table *table = iwu->routes ? iwu->routes : iwu->mapping->routes;
	struct route_query q = {
		.called = asks->called->key,
		.from_kind = asks->invite ? ROUTE_PEER : ROUTE_GROUP,
		.from_name = asks->invite ? sip_peer_name(sip_call_peer(iwu->sip)) :
			     isup_group_name(isup_call_group(iwu->isup)),
		/* consecutive calls are spread evenly */
		.draw = iwu->id * 2654435761u,
		.now = iwu->routed_at,
	};
	char key[MAP_KEY_SIZE];
	struct trunks trunks;

	if (table->by_calling || table->by_category)
		ask_caller(iwu, &q, key, asks);
	if (table->by_trunk)
		ask_trunks(iwu, &q, &trunks, asks);
	return route_find(table, &q, iwu->n_route);
}

bool iwu_has_route(const struct iwu *iwu, const struct iwu_asks *asks)
{
	return iwu->n_attempts < iwu->mapping->cfg.attempts_max && find(iwu, asks);
}

const struct route *iwu_next_route(struct iwu *iwu, const struct iwu_asks *asks)
{
	struct timespec now;
	const char *number = asks->called->key;

	if (!iwu->routes) {
		/* the same table and time for all attempts, so that each route comes up once */
		iwu->routes = route_table_get(iwu->mapping->routes);
		osmo_clock_gettime(CLOCK_REALTIME, &now);
		iwu->routed_at = now.tv_sec;
	}
	iwu->route = NULL;
	if (iwu->n_attempts >= iwu->mapping->cfg.attempts_max) {
		LOGPFSMSL(iwu->fi, DROUTE, LOGL_INFO, "%s: %u attempts are enough\n", number, iwu->n_attempts);
		return NULL;
	}
	iwu->route = find(iwu, asks);
	LOGPFSMSL(iwu->fi, DROUTE, LOGL_INFO, "%s: %s %s\n", number, iwu->route ? "route to" : "no route",
		  iwu->route ? iwu->route->to.name : iwu->n_route ? "left" : "");
	if (iwu->route && iwu->n_route++)
		iwu_count(iwu, MAP_CTR_REROUTED);
	return iwu->route;
}

void iwu_routes_drop(struct iwu *iwu)
{
	route_table_put(iwu->routes);
	iwu->routes = NULL;
	iwu->route = NULL;
}
