/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-up: the rules for subaddresses, both ways. */

#include "mapping/map_iam_priv.h"

/* For the rules of the numbers that they belong to */
uint8_t map_access_to_isub(struct map_to_invite *m)
{
	if (!isup_msg_find(m->iam, ISUP_PAR_ACCESS_TRANSPORT))
		return 0;
	map_isub_of_isup(&m->called_sub, m->iam, MAP_SUB_CALLED);
	map_isub_of_isup(&m->calling_sub, m->iam, MAP_SUB_CALLING);
	return 0;
}

uint16_t map_isub_to_called_sub(struct map_to_iam *m)
{
	if (m->invite->uri.user_params.len)
		map_isub_to_isup(m->iam, m->invite->ruri, MAP_SUB_CALLED);
	return 0;
}

/* It is the user's own: From may have it where the network's identity has not. */
uint16_t map_isub_to_calling_sub(struct map_to_iam *m)
{
	if (m->has_identity && map_isub_to_isup(m->iam, m->identity_uri, MAP_SUB_CALLING))
		return 0;
	if (m->has_from)
		map_isub_to_isup(m->iam, m->invite->from.uri_text, MAP_SUB_CALLING);
	return 0;
}
