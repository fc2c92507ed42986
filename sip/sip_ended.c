/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dialogs that a BYE of ours has ended a moment ago: one of theirs that crosses it was still right. */

#include "sip/sip_conn.h"
#include "sip/sip_ended.h"

static uint64_t id_of(const struct sip *sip, struct sip_str call_id, struct sip_str ours, struct sip_str theirs)
{
	return sip_hash(sip, sip_hash(sip, sip_hash(sip, 0, call_id), ours), theirs);
}

/* Each slot has the latest: who is pushed out early is answered 481, which ends the dialog as well. */
void sip_ended_note(struct sip *sip, const struct sip_dialog *d)
{
	uint64_t id = id_of(sip, sip_dialog_get(d, SIP_DLG_CALL_ID), sip_dialog_get(d, SIP_DLG_LOCAL_TAG),
			    sip_dialog_get(d, SIP_DLG_REMOTE_TAG));

	sip->ended[id >> (64 - SIP_ENDED_BITS)] = (struct sip_ended){ id, sip_conn_now_ms() / 1000 };
}

bool sip_ended_find(const struct sip *sip, const struct sip_msg *msg)
{
	uint64_t id = id_of(sip, msg->call_id, msg->to.tag, msg->from.tag);
	const struct sip_ended *ended = &sip->ended[id >> (64 - SIP_ENDED_BITS)];

	return ended->id == id && sip_conn_now_ms() / 1000 - ended->time_s < 64 * sip->timers.t1_ms / 1000;
}
