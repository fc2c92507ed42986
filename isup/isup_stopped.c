/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages for circuits of a group that is not in service: answered as those of circuits that are blocked here for
 * maintenance and have no call. Nothing is kept of them: when the group is started, its circuits are reset. */

#include <errno.h>
#include <string.h>

#include <osmocom/core/byteswap.h>
#include <osmocom/core/utils.h>

#include "isup_priv.h"

/* A message received, and the way back */
struct stopped {
	struct isup_net *net;
	const struct isup_mtp_label *label;
	const struct isup_group *group;
	uint16_t cic;
};

static bool has_circuit(const struct isup_group *group, unsigned int cic)
{
	const struct isup_range *range;

	llist_for_each_entry(range, &group->ranges, entry) {
		if (cic >= range->first && cic <= range->last)
			return true;
	}
	return false;
}

/* The group of a circuit, where that is configured and not in service */
static const struct isup_group *find(const struct isup_net *net, const struct isup_mtp_label *label, unsigned int cic)
{
	const struct isup_group *group;

	llist_for_each_entry(group, &net->isup->groups, entry) {
		if (group->dest || !group->cfg.dpc_set || group->cfg.dpc != label->opc ||
		    (group->cfg.opc_set ? group->cfg.opc : net->mtp->own_pc) != label->dpc)
			continue;
		if (has_circuit(group, cic & ((1u << group->cfg.dialect->cic_bits) - 1)))
			return group;
	}
	return NULL;
}

static void send(const struct stopped *s, const struct isup_msg *msg)
{
	const struct isup_dialect *dialect = s->group->cfg.dialect;
	const struct isup_mtp_label back = {
		.opc = s->label->dpc, .dpc = s->label->opc, .sls = s->cic & ((1u << dialect->sls_bits) - 1),
		.prio = dialect->msgs[msg->type].prio,
	};
	uint8_t octets[2 + ISUP_MSG_OCTETS_MAX];
	int len = isup_msg_encode(msg, octets + 2, ISUP_MSG_OCTETS_MAX);

	if (len < 0)
		return;
	osmo_store16le(s->cic, octets);
	s->net->mtp->ops->transfer_req(s->net->mtp, &back, octets, 2 + len);
}

static void send_bare(const struct stopped *s, uint8_t type)
{
	struct isup_msg msg;

	isup_msg_init(&msg, s->group->cfg.dialect, type);
	send(s, &msg);
}

static void answer(const struct stopped *s, uint8_t type, const struct isup_par *cgs_type,
		   const struct isup_range_status *rs)
{
	struct isup_msg msg;

	isup_msg_init(&msg, s->group->cfg.dialect, type);
	if (cgs_type)
		isup_msg_put_octets(&msg, ISUP_PAR_CGS_MESSAGE_TYPE, cgs_type->val, cgs_type->len);
	isup_msg_put(&msg, ISUP_PAR_RANGE_AND_STATUS, rs);
	send(s, &msg);
}

/* Q.764 2.9.3.2: all of them blocked for maintenance; one that is not there: no answer */
static void rx_grs(const struct stopped *s, const struct isup_msg *msg)
{
	struct isup_range_status rs;
	unsigned int i;

	if (isup_msg_get(msg, ISUP_PAR_RANGE_AND_STATUS, &rs) < 0 || !rs.range ||
	    rs.range > s->group->cfg.dialect->range_max)
		return;
	memset(rs.status, 0, sizeof(rs.status));
	for (i = 0; i <= rs.range; i++) {
		if (!has_circuit(s->group, s->cic + i))
			return;
		rs.status[i / 8] |= 1 << (i % 8);
	}
	rs.n_status = (rs.range + 8) / 8;
	answer(s, ISUP_MSG_GRA, NULL, &rs);
}

/* 2.8.2.2: the far end's own blocking is as it says. */
static void rx_group_block(const struct stopped *s, const struct isup_msg *msg, uint8_t ack)
{
	const struct isup_par *type = isup_msg_find(msg, ISUP_PAR_CGS_MESSAGE_TYPE);
	struct isup_range_status rs;
	unsigned int i;

	if (!type || isup_msg_get(msg, ISUP_PAR_RANGE_AND_STATUS, &rs) < 0 || !rs.range ||
	    rs.n_status < (rs.range + 8) / 8)
		return;
	for (i = 0; i <= rs.range; i++) {
		if (rs.status[i / 8] & 1 << (i % 8) && !has_circuit(s->group, s->cic + i))
			return;
	}
	answer(s, ack, type, &rs);
}

/* 2.8.2.1: IAM for a blocked circuit; 2.9.3.1: RSC; 2.9.5.1 a: REL without a call; 2.13.2: UPT */
static void rx(const struct stopped *s, const struct isup_msg *msg)
{
	switch (msg->type) {
	case ISUP_MSG_IAM:
	case ISUP_MSG_CCR:
		send_bare(s, ISUP_MSG_BLO);
		break;
	case ISUP_MSG_RSC:
		send_bare(s, ISUP_MSG_BLO);
		/* fall through */
	case ISUP_MSG_REL:
		send_bare(s, ISUP_MSG_RLC);
		break;
	case ISUP_MSG_BLO:
		send_bare(s, ISUP_MSG_BLA);
		break;
	case ISUP_MSG_UBL:
		send_bare(s, ISUP_MSG_UBA);
		break;
	case ISUP_MSG_UPT:
		send_bare(s, ISUP_MSG_UPA);
		break;
	case ISUP_MSG_GRS:
		rx_grs(s, msg);
		break;
	case ISUP_MSG_CGB:
		rx_group_block(s, msg, ISUP_MSG_CGBA);
		break;
	case ISUP_MSG_CGU:
		rx_group_block(s, msg, ISUP_MSG_CGUA);
		break;
	}
}

bool isup_stopped_rx(struct isup_net *net, const struct isup_mtp_label *label, const uint8_t *octets, size_t len)
{
	struct stopped s = { .net = net, .label = label, .cic = osmo_load16le(octets) };
	struct isup_msg msg;

	s.group = find(net, label, s.cic);
	if (!s.group)
		return false;
	s.cic &= (1u << s.group->cfg.dialect->cic_bits) - 1;
	LOGP_LIMITED(DISUPCIRC, LOGL_INFO, "%s/%u: %s for a circuit that is not in service\n", s.group->name, s.cic,
		     isup_msg_name(s.group->cfg.dialect, octets[2]));
	if (isup_msg_decode(&msg, s.group->cfg.dialect, octets + 2, len - 2, NULL) == 0)
		rx(&s, &msg);
	return true;
}
