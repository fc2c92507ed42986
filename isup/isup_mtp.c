/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The seam below, ISUP's side: what comes from MTP is given to its circuit, what goes out gets its label and CIC. */

#include <errno.h>

#include <osmocom/core/byteswap.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "isup_call.h"
#include "isup_compat.h"
#include "isup_priv.h"
#include "isup_t113.h"

const struct log_info_cat isup_log_cats[_ISUP_LOG_COUNT] = {
	[DISUP] = {
		.name = "DISUP", .description = "ISUP calls",
		.enabled = 1, .loglevel = LOGL_NOTICE, .color = "\033[1;32m",
	},
	[DISUPCIRC] = {
		.name = "DISUPCIRC", .description = "ISUP circuits: reset, blocking, destinations",
		.enabled = 1, .loglevel = LOGL_NOTICE, .color = "\033[1;33m",
	},
	[DISUPMTP] = {
		.name = "DISUPMTP", .description = "ISUP messages to and from MTP",
		.enabled = 1, .loglevel = LOGL_NOTICE, .color = "\033[1;34m",
	},
};

/* The longest message: SIF less routing label (ITU-T: 4 octets) and CIC, Q.704 2.2.8 */
#define CIC_LEN 2

/* ---- Out ---- */

static int transfer(struct isup_dest *dest, uint16_t cic, uint8_t *buf, size_t len)
{
	struct isup_mtp *mtp = dest->net->mtp;
	struct isup_mtp_label label = {
		.opc = dest->opc,
		.dpc = dest->dpc,
		/* Q.763 1.2: the least significant bits of the CIC */
		.sls = cic & ((1u << dest->dialect->sls_bits) - 1),
		.prio = dest->dialect->msgs[buf[CIC_LEN]].prio,
	};
	int rc;

	osmo_store16le(cic, buf);	/* Q.763 1.2: low octet first, spare bits 0 */
	rc = mtp->ops->transfer_req(mtp, &label, buf, CIC_LEN + len);
	if (rc < 0)
		isup_dest_poll_now(dest);
	return rc;
}

int isup_tx_octets(struct isup_circuit *circuit, const uint8_t *octets, size_t len)
{
	uint8_t buf[CIC_LEN + ISUP_MSG_OCTETS_MAX];

	if (len < 1 || len > ISUP_MSG_OCTETS_MAX)
		return -EMSGSIZE;
	memcpy(buf + CIC_LEN, octets, len);
	isup_group_count_msg(circuit->group, true, octets[0]);
	LOGP(DISUPMTP, LOGL_DEBUG, "%s/%u > %s\n", circuit->group->name, circuit->cic,
	     isup_msg_name(circuit->group->cfg.dialect, octets[0]));
	return transfer(circuit->group->dest, circuit->cic, buf, len);
}

int isup_tx(struct isup_circuit *circuit, const struct isup_msg *msg)
{
	uint8_t octets[ISUP_MSG_OCTETS_MAX];
	int len = isup_msg_encode(msg, octets, sizeof(octets));

	if (len < 0) {
		LOGP(DISUP, LOGL_ERROR, "%s/%u: cannot encode %s: %d\n", circuit->group->name, circuit->cic,
		     isup_msg_name(msg->dialect, msg->type), len);
		return len;
	}
	return isup_tx_octets(circuit, octets, len);
}

void isup_tx_bare(struct isup_circuit *circuit, uint8_t type)
{
	struct isup_msg msg;

	isup_msg_init(&msg, circuit->group->cfg.dialect, type);
	isup_tx(circuit, &msg);
}

/* UCIC, UPA; the pointer of UPA says that it has no optional part. */
static void tx_unequipped(struct isup_dest *dest, uint16_t cic, uint8_t type)
{
	uint8_t buf[CIC_LEN + 2] = { [CIC_LEN] = type };

	transfer(dest, cic, buf, type == ISUP_MSG_UPA ? 2 : 1);
}

/* T1.113.4: CVT asks whether the circuit is known; it is not. */
static void tx_validation_failed(struct isup_dest *dest, uint16_t cic)
{
	uint8_t buf[CIC_LEN + ISUP_MSG_OCTETS_MAX];
	int len = isup_validation_encode_failed(dest->dialect, buf + CIC_LEN, ISUP_MSG_OCTETS_MAX);

	if (len > 0)
		transfer(dest, cic, buf, len);
}

static void tx_states(struct isup_dest *dest, uint16_t cic, const uint8_t *cqm, size_t cqm_len)
{
	uint8_t buf[CIC_LEN + ISUP_MSG_OCTETS_MAX];
	int len = isup_query_encode_cqr(dest, cqm, cqm_len, cic, buf + CIC_LEN, ISUP_MSG_OCTETS_MAX);

	if (len > 0)
		transfer(dest, cic, buf, len);
}

/* ---- In ---- */

/* Q.764 2.12: a message that wants an answer is answered UCIC, whatever else is discarded; but for UPT, which asks for
 * the user part and not for the circuit (2.13.2) */
static bool wants_ucic(const struct isup_dialect *dialect, uint8_t type)
{
	switch (type) {
	case ISUP_MSG_IAM:
	case ISUP_MSG_REL:
	case ISUP_MSG_CCR:
	case ISUP_MSG_RSC:
	case ISUP_MSG_BLO:
	case ISUP_MSG_UBL:
		return isup_dialect_has(dialect, ISUP_MSG_UCIC);
	default:
		return false;
	}
}

static void rx_unequipped(struct isup_dest *dest, uint16_t cic, const uint8_t *octets, size_t len)
{
	uint8_t type = octets[0];

	LOGP_LIMITED(DISUPCIRC, LOGL_INFO, "point code %u: %s for CIC %u, which is not equipped here\n",
		     dest->dpc, isup_msg_name(dest->dialect, type), cic);
	isup_alarm_raise_dest(&dest->unallocated, dest, cic, ISUP_ALARM_UNALLOCATED);
	if (wants_ucic(dest->dialect, type))
		tx_unequipped(dest, cic, ISUP_MSG_UCIC);
	else if (type == ISUP_MSG_UPT && isup_dialect_has(dest->dialect, type))
		tx_unequipped(dest, cic, ISUP_MSG_UPA);
	else if (type == ISUP_MSG_CVT && isup_dialect_has(dest->dialect, type))
		tx_validation_failed(dest, cic);
	else if (type == ISUP_MSG_CQM && isup_dialect_has(dest->dialect, type))
		tx_states(dest, cic, octets, len);
}

static void rx_broken(struct isup_circuit *circuit, uint8_t type, const struct isup_msg_error *err)
{
	isup_group_count(circuit->group, ISUP_CTR_BROKEN);
	LOGP_LIMITED(DISUPMTP, LOGL_NOTICE, "%s/%u: broken %s discarded: %s (octet %u)\n", circuit->group->name,
		     circuit->cic, isup_msg_name(circuit->group->cfg.dialect, type), err->what, err->offset);
}

static void transfer_ind(void *user, const struct isup_mtp_label *label, const uint8_t *octets, size_t len)
{
	struct isup_net *net = user;
	struct isup_dest *dest = isup_dest_find(net, label->dpc, label->opc);
	struct isup_msg_error err = { .what = "" };
	const struct isup_dialect *dialect;
	struct isup_circuit *circuit;
	struct isup_msg msg;
	uint16_t cic;

	if (len <= CIC_LEN) {
		LOGP_LIMITED(DISUPMTP, LOGL_NOTICE, "discarded %zu octets from point code %u to %u: too short\n", len,
			     label->opc, label->dpc);
		return;
	}
	if (!dest) {
		if (!isup_stopped_rx(net, label, octets, len))
			LOGP_LIMITED(DISUPMTP, LOGL_NOTICE, "discarded %zu octets from point code %u to %u: no circuit "
				     "group leads there\n", len, label->opc, label->dpc);
		return;
	}
	cic = osmo_load16le(octets) & ((1 << dest->dialect->cic_bits) - 1);
	octets += CIC_LEN;
	len -= CIC_LEN;
	isup_dest_traffic(dest);

	circuit = isup_dest_circuit(dest, cic);
	if (!circuit) {
		if (!isup_stopped_rx(net, label, octets - CIC_LEN, len + CIC_LEN))
			rx_unequipped(dest, cic, octets, len);
		return;
	}
	isup_group_count_msg(circuit->group, false, octets[0]);
	/* A call keeps the tables that it began with, whatever has been loaded since. */
	dialect = circuit->call ? circuit->call->dialect : dest->dialect;
	LOGP(DISUPMTP, LOGL_DEBUG, "%s/%u < %s\n", circuit->group->name, cic, isup_msg_name(dialect, octets[0]));
	if (isup_msg_decode(&msg, dialect, octets, len, &err) < 0) {
		rx_broken(circuit, octets[0], &err);
		return;
	}
	msg.cic = cic;
	isup_compat_rx(circuit, &msg);
}

/* A point code is told of, not a pair: every destination there is meant. */
#define for_each_dest_at(net, dest, tmp, pc) \
	hash_for_each_possible_safe((net)->dests, dest, tmp, node, pc) \
		if ((dest)->dpc == (pc))

static void pause_ind(void *user, uint32_t pc)
{
	struct isup_net *net = user;
	struct isup_dest *dest;
	struct hlist_node *tmp;

	for_each_dest_at(net, dest, tmp, pc)
		isup_dest_pause(dest);
}

static void resume_ind(void *user, uint32_t pc)
{
	struct isup_net *net = user;
	struct isup_dest *dest;
	struct hlist_node *tmp;

	for_each_dest_at(net, dest, tmp, pc)
		isup_dest_resume(dest);
}

static void status_ind(void *user, uint32_t pc, enum isup_mtp_status status, unsigned int level)
{
	struct isup_net *net = user;
	struct isup_dest *dest;
	struct hlist_node *tmp;

	LOGP(DISUPMTP, LOGL_INFO, "point code %u: MTP-STATUS %d, level %u\n", pc, status, level);
	for_each_dest_at(net, dest, tmp, pc) {
		if (status == ISUP_MTP_STATUS_CONGESTED)
			isup_load_congested(dest);
		else
			isup_dest_user_unavailable(dest, status);
	}
}

const struct isup_mtp_user_ops isup_mtp_user_ops = {
	.transfer_ind = transfer_ind,
	.pause_ind = pause_ind,
	.resume_ind = resume_ind,
	.status_ind = status_ind,
};
