/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The seam below on libosmo-sigtran: 1.6, 2.0 and 2.1 (hidden structs), 2.2 (primitives of its own for MTP users). */

#include "config.h"

#include <errno.h>
#include <string.h>

#include <osmocom/core/logging.h>
#include <osmocom/core/msgb.h>
#include <osmocom/core/prim.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include <osmocom/sigtran/mtp_sap.h>
#include <osmocom/sigtran/osmo_ss7.h>
#include <osmocom/sigtran/sccp_sap.h>

#include "isup.h"
#include "isup_mtp.h"

#define SI_ISUP		5	/* Q.704 14.2.1 */
#define NI_NATIONAL	2	/* Q.704 14.2.2 */
/* Q.704 14.2.2, ANSI T1.111.4: priority in the spare bits of the SIO, which M3UA takes from there (RFC 4666 3.3.1) */
#define SIO_PRIO	0x30
#define SIO_NI_SHIFT	6
/* Room for the primitive and for what M3UA puts before the payload */
#define HEADROOM	256
/* SCCP management (Q.713 3.4.2.2): its user is told of point codes, see bind_sccp() */
#define SSN_MANAGEMENT	1

struct sigtran_mtp {
	struct isup_mtp mtp;		/* first, see isup_mtp.h */
	struct osmo_ss7_instance *inst;
#ifdef HAVE_OSMO_SS7_USER_CREATE
	struct osmo_ss7_user *ss7_user;
#else
	struct osmo_ss7_user ss7_user;
#endif
	struct osmo_sccp_user *sccp_user; /* NULL: there is no need of one */
};

/* ---- Up ---- */

static void rx_transfer(struct sigtran_mtp *sm, const struct osmo_mtp_prim *omp, const struct msgb *msg)
{
	const struct osmo_mtp_transfer_param *param = &omp->u.transfer;
	const struct isup_mtp_label label = {
		.opc = param->opc, .dpc = param->dpc, .sls = param->sls, .prio = (param->sio & SIO_PRIO) >> 4,
	};

#ifdef HAVE_OSMO_SS7_USER_CREATE
	/* The instance does not tell its network indicator: answer in the one that is used towards us. */
	sm->mtp.network_indicator = param->sio >> SIO_NI_SHIFT;
#endif
	if (sm->mtp.user_ops)
		sm->mtp.user_ops->transfer_ind(sm->mtp.user, &label, msgb_l2(msg), msgb_l2len(msg));
}

static void rx_status(struct sigtran_mtp *sm, const struct osmo_mtp_prim *omp)
{
	/* RFC 4666 3.4.5: only user part unavailability has a cause; 0 to 2 are unknown, unequipped, inaccessible */
	enum isup_mtp_status status = ISUP_MTP_STATUS_UP_UNKNOWN;

	if (omp->u.status.cause <= 2)
		status += omp->u.status.cause;
	sm->mtp.user_ops->status_ind(sm->mtp.user, omp->u.status.affected_dpc, status, 0);
}

/* From the select loop; msg is ours. */
static int mtp_cb(struct osmo_prim_hdr *oph, void *ctx)
{
	const struct osmo_mtp_prim *omp = (struct osmo_mtp_prim *)oph;
	struct sigtran_mtp *sm = ctx;

	if (oph->operation == PRIM_OP_INDICATION && sm->mtp.user_ops) {
		switch (oph->primitive) {
		case OSMO_MTP_PRIM_TRANSFER:
			rx_transfer(sm, omp, oph->msg);
			break;
		case OSMO_MTP_PRIM_PAUSE:
			sm->mtp.user_ops->pause_ind(sm->mtp.user, omp->u.pause.affected_dpc);
			break;
		case OSMO_MTP_PRIM_RESUME:
			sm->mtp.user_ops->resume_ind(sm->mtp.user, omp->u.resume.affected_dpc);
			break;
		case OSMO_MTP_PRIM_STATUS:
			rx_status(sm, omp);
			break;
		default:
			break;
		}
	}
	msgb_free(oph->msg);
	return 0;
}

#ifndef HAVE_OSMO_SS7_USER_MTP_SAP_PRIM_DOWN
/* Before 2.2 the library tells of PAUSE and RESUME (DUNA, DAVA) to SCCP only, and SCCP to its users. */
static int pcstate_cb(struct osmo_prim_hdr *oph, void *ctx)
{
	const struct osmo_scu_prim *scu = (struct osmo_scu_prim *)oph;
	struct sigtran_mtp *sm = osmo_sccp_user_get_priv(ctx);
	const struct isup_mtp_user_ops *ops = sm->mtp.user_ops;
	uint32_t pc;

	if (ops && OSMO_PRIM_HDR(oph) == OSMO_PRIM(OSMO_SCU_PRIM_N_PCSTATE, PRIM_OP_INDICATION)) {
		pc = scu->u.pcstate.affected_pc;
		switch (scu->u.pcstate.sp_status) {
		case OSMO_SCCP_SP_S_INACCESSIBLE:
			ops->pause_ind(sm->mtp.user, pc);
			break;
		case OSMO_SCCP_SP_S_ACCESSIBLE:
			ops->resume_ind(sm->mtp.user, pc);
			break;
		case OSMO_SCCP_SP_S_CONGESTED:
			ops->status_ind(sm->mtp.user, pc, ISUP_MTP_STATUS_CONGESTED,
					scu->u.pcstate.restricted_importance_level);
			break;
		}
	}
	msgb_free(oph->msg);
	return 0;
}

/* In the place of the library's own management, which has nothing to manage without SCCP users, and logs each
 * N-PCSTATE as an error. */
static int bind_sccp(struct sigtran_mtp *sm)
{
	struct osmo_sccp_instance *sccp = osmo_ss7_ensure_sccp(sm->inst);
	struct osmo_sccp_user *scmg = sccp ? osmo_sccp_user_find(sccp, SSN_MANAGEMENT, OSMO_SS7_PC_INVALID) : NULL;

	if (scmg)
		osmo_sccp_user_unbind(scmg);
	sm->sccp_user = sccp ? osmo_sccp_user_bind(sccp, "isup", pcstate_cb, SSN_MANAGEMENT) : NULL;
	if (!sm->sccp_user)
		return -ENOTSUP;
	osmo_sccp_user_set_priv(sm->sccp_user, sm);
	return 0;
}
#else
static int bind_sccp(struct sigtran_mtp *sm)
{
	return 0;
}
#endif

/* ---- Down ---- */

static int xfer(struct sigtran_mtp *sm, struct osmo_mtp_prim *omp)
{
#ifdef HAVE_OSMO_SS7_USER_MTP_SAP_PRIM_DOWN
	return osmo_ss7_user_mtp_sap_prim_down(sm->ss7_user, omp);
#else
	return osmo_ss7_user_mtp_xfer_req(sm->inst, omp);
#endif
}

static int sigtran_transfer_req(struct isup_mtp *mtp, const struct isup_mtp_label *label,
				const uint8_t *octets, size_t len)
{
	struct sigtran_mtp *sm = (struct sigtran_mtp *)mtp;
	struct msgb *msg = msgb_alloc_headroom(HEADROOM + len, HEADROOM, "ISUP");
	struct osmo_mtp_prim *omp;

	if (!msg)
		return -ENOMEM;
	msg->l2h = msgb_put(msg, len);
	memcpy(msg->l2h, octets, len);
	omp = (struct osmo_mtp_prim *)msgb_push(msg, sizeof(*omp));
	msg->l1h = (uint8_t *)omp;
	memset(omp, 0, sizeof(*omp));
	osmo_prim_init(&omp->oph, MTP_SAP_USER, OSMO_MTP_PRIM_TRANSFER, PRIM_OP_REQUEST, msg);
	omp->u.transfer.opc = label->opc;
	omp->u.transfer.dpc = label->dpc;
	omp->u.transfer.sls = label->sls;
	omp->u.transfer.sio = MTP_SIO(SI_ISUP, mtp->network_indicator) | (label->prio << 4 & SIO_PRIO);
	return xfer(sm, omp) < 0 ? -ENETUNREACH : 0;
}

/* A route whose AS is active; what is beyond, the network tells by PAUSE. */
static bool sigtran_reachable(struct isup_mtp *mtp, uint32_t pc)
{
	struct sigtran_mtp *sm = (struct sigtran_mtp *)mtp;
	struct osmo_ss7_route *route = osmo_ss7_route_lookup(sm->inst, pc);
	struct osmo_ss7_as *as = NULL;

	if (route) {
#ifdef HAVE_OSMO_SS7_USER_CREATE
		as = osmo_ss7_route_get_dest_as(route);
#else
		as = route->dest.as;
#endif
	}
	return as && osmo_ss7_as_active(as);
}

static const struct isup_mtp_ops sigtran_ops = {
	.transfer_req = sigtran_transfer_req,
	.reachable = sigtran_reachable,
};

/* ---- Alloc and free: what differs between the releases ---- */

#ifdef HAVE_OSMO_SS7_USER_CREATE
static uint32_t own_pc(const struct sigtran_mtp *sm)
{
	return osmo_ss7_instance_get_primary_pc(sm->inst);
}

static uint8_t own_ni(const struct sigtran_mtp *sm)
{
	return NI_NATIONAL;
}

static int register_user(struct sigtran_mtp *sm)
{
	sm->ss7_user = osmo_ss7_user_create(sm->inst, "isup");
	if (!sm->ss7_user)
		return -ENOMEM;
	osmo_ss7_user_set_prim_cb(sm->ss7_user, mtp_cb);
	osmo_ss7_user_set_priv(sm->ss7_user, sm);
#ifdef HAVE_OSMO_SS7_USER_MTP_SAP_PRIM_DOWN
	return osmo_ss7_user_register(sm->ss7_user, SI_ISUP);
#else
	return osmo_ss7_user_register(sm->inst, SI_ISUP, sm->ss7_user);
#endif
}

static void unregister_user(struct sigtran_mtp *sm)
{
	if (!sm->ss7_user)
		return;
#ifdef HAVE_OSMO_SS7_USER_MTP_SAP_PRIM_DOWN
	osmo_ss7_user_unregister(sm->ss7_user, SI_ISUP);
#else
	osmo_ss7_user_unregister(sm->inst, SI_ISUP, sm->ss7_user);
#endif
	osmo_ss7_user_destroy(sm->ss7_user);
}
#else
static uint32_t own_pc(const struct sigtran_mtp *sm)
{
	return sm->inst->cfg.primary_pc;
}

static uint8_t own_ni(const struct sigtran_mtp *sm)
{
	return sm->inst->cfg.network_indicator;
}

static int register_user(struct sigtran_mtp *sm)
{
	sm->ss7_user.inst = sm->inst;
	sm->ss7_user.name = "isup";
	sm->ss7_user.prim_cb = mtp_cb;
	sm->ss7_user.priv = sm;
	return osmo_ss7_user_register(sm->inst, SI_ISUP, &sm->ss7_user);
}

static void unregister_user(struct sigtran_mtp *sm)
{
	osmo_ss7_user_unregister(sm->inst, SI_ISUP, &sm->ss7_user);
}
#endif

static int sigtran_destructor(struct sigtran_mtp *sm)
{
	if (sm->sccp_user)
		osmo_sccp_user_unbind(sm->sccp_user);
	unregister_user(sm);
	return 0;
}

struct isup_mtp *isup_mtp_sigtran_alloc(void *ctx, unsigned int cs7_instance)
{
	struct osmo_ss7_instance *inst = osmo_ss7_instance_find(cs7_instance);
	struct sigtran_mtp *sm;

	if (!inst)
		return NULL;
	sm = talloc_zero(ctx, struct sigtran_mtp);
	if (!sm)
		return NULL;
	sm->inst = inst;
	sm->mtp.ops = &sigtran_ops;
	sm->mtp.own_pc = own_pc(sm);
	/* osmo_ss7_pc_is_local(): what is for another goes by the routes, back to where it came from, and so on */
	sm->mtp.one_pc = true;
	sm->mtp.network_indicator = own_ni(sm);
	if (!osmo_ss7_pc_is_valid(sm->mtp.own_pc) || register_user(sm) < 0) {
		LOGP(DISUPMTP, LOGL_ERROR, "cs7 instance %u: no point code, or another user has ISUP\n", cs7_instance);
		talloc_free(sm);
		return NULL;
	}
	talloc_set_destructor(sm, sigtran_destructor);
	if (bind_sccp(sm) < 0)
		LOGP(DISUPMTP, LOGL_ERROR, "cs7 instance %u: will not be told of PAUSE and RESUME\n", cs7_instance);
	return &sm->mtp;
}
