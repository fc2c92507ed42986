/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers in a call: what the operator says of those of both sides, and those that come after the set-up. */

#include "mapping/iwu_identity.h"
#include "mapping/map_connected.h"

const struct map_numbers *iwu_peer_numbers(const struct iwu *iwu)
{
	const struct map_end_cfg *peer = iwu_peer_cfg(iwu);

	return peer ? &peer->numbers : NULL;
}

const struct map_numbers *iwu_group_numbers(const struct iwu *iwu)
{
	const struct map_end_cfg *group = iwu_group_cfg(iwu);

	return group ? &group->numbers : NULL;
}

const struct map_numbering *iwu_peer_numbering(const struct iwu *iwu, struct map_numbering *mem)
{
	return map_numbering_of(mem, &iwu->mapping->cfg.numbering, iwu_peer_numbers(iwu));
}

const struct map_numbering *iwu_group_numbering(const struct iwu *iwu, struct map_numbering *mem)
{
	return map_numbering_of(mem, &iwu->mapping->cfg.numbering, iwu_group_numbers(iwu));
}

static bool two_numbers(const struct iwu *iwu)
{
	const struct map_numbers *peer = iwu_peer_numbers(iwu);
	uint8_t additional = peer ? peer->additional : MAP_ADDITIONAL_BY_PROFILE;

	return additional ? additional == MAP_ADDITIONAL_ON : iwu->profile->two_numbers;
}

struct map_connected_env iwu_connected_env(const struct iwu *iwu, struct iwu_numberings *mem)
{
	return (struct map_connected_env){
		.profile = iwu->profile,
		.numbering = iwu_group_numbering(iwu, &mem->group),
		.sip_numbering = iwu_peer_numbering(iwu, &mem->peer),
		.local = sip_peer_local_hostport(sip_call_peer(iwu->sip)),
		.called = iwu->called,
		.trusted = iwu_sip_trusted(iwu),
		.two_numbers = two_numbers(iwu),
	};
}

static bool tells_numbers(const struct isup_msg *msg)
{
	return isup_msg_find(msg, ISUP_PAR_CONNECTED_NUMBER) || isup_msg_find(msg, ISUP_PAR_REDIRECTION_NUMBER) ||
	       isup_msg_find(msg, ISUP_PAR_CALL_DIVERSION);
}

void iwu_put_numbers(const struct iwu *iwu, struct sip_buf *headers, const struct isup_msg *msg)
{
	struct map_connected_env env;
	struct iwu_numberings mem;

	if (!msg || !tells_numbers(msg))
		return;
	env = iwu_connected_env(iwu, &mem);
	map_connected_to_identity(headers, msg, &env);
	map_redirection_to_history(headers, msg, &env);
}

bool iwu_tells_connected_sub(const struct iwu *iwu, const struct isup_msg *msg)
{
	struct map_connected_env env;
	struct iwu_numberings mem;

	if (!iwu->sip || iwu->fi->fsm != &iwu_in_fsm)
		return false;
	env = iwu_connected_env(iwu, &mem);
	return map_connected_sub_is_told(msg, &env);
}

void iwu_put_connected(const struct iwu *iwu, struct isup_msg *answer, const struct sip_msg *ok)
{
	struct map_connected_env env;
	struct iwu_numberings mem;

	if (!iwu->wants_connected)
		return;
	env = iwu_connected_env(iwu, &mem);
	env.heard = iwu_heard_identity(iwu);
	map_identity_to_connected(answer, ok, &env);
}

uint8_t iwu_forwarded_event(const struct iwu *iwu, const struct sip_prim *prim, uint8_t event)
{
	struct map_connected_env env;
	struct iwu_numberings mem;

	if (prim->status != 181 || !event)
		return event;
	env = iwu_connected_env(iwu, &mem);
	return map_history_to_event(prim->msg, event, &env);
}

void iwu_put_forwarded_answer(const struct iwu *iwu, struct isup_msg *answer, const struct sip_msg *ok)
{
	struct map_connected_env env;
	struct iwu_numberings mem;

	if (!ok || !sip_msg_hdr(ok, SIP_HDR_HISTORY_INFO))
		return;
	env = iwu_connected_env(iwu, &mem);
	map_history_to_answer(answer, ok, &env);
}

void iwu_put_forwarded(const struct iwu *iwu, struct isup_msg *cpg, const struct sip_prim *prim)
{
	struct map_connected_env env;
	struct iwu_numberings mem;

	if (prim->status != 181)
		return;
	env = iwu_connected_env(iwu, &mem);
	map_history_to_redirection(cpg, prim->msg, &env);
}
