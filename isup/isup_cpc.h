/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Call processing control, for its own files: the actions of the states, and what several of them do. */
#pragma once

#include "isup/isup_call.h"

/* Rule of these files: what calls the user comes last, because the user may end the call there. */

/* FAILED for a reason that leaves another circuit a chance */
#define ISUP_CPC_TRY_ANOTHER	ISUP_CAUSE_CIRCUIT_NOT_AVAILABLE

/* ---- isup_cpc.c ---- */

void isup_cpc_state_chg(struct isup_call *call, enum isup_cpc_state state);
void isup_cpc_send(struct isup_call *call, const struct isup_call_req *req);
void isup_cpc_answered(struct isup_call *call, enum isup_cpc_state state);
/* The call is over, and nothing more is to be exchanged for it but what is in ack. */
void isup_cpc_fail(struct isup_call *call, uint8_t cause_value);
/* It is over, and the far end is told. */
void isup_cpc_fail_with_rel(struct isup_call *call, uint8_t cause_value);
/* What every state with a live call does alike; cause_value is that of a call that fails by a reset. */
void isup_cpc_common(struct isup_call *call, uint32_t event, void *data, uint8_t cause_value);

void isup_cpc_st_answered(struct osmo_fsm_inst *fi, uint32_t event, void *data);
void isup_cpc_st_wait_rlc(struct osmo_fsm_inst *fi, uint32_t event, void *data);
void isup_cpc_st_wait_rlc_done(struct osmo_fsm_inst *fi, uint32_t event, void *data);
/* OLM for a call that has had no backward message */
void isup_cpc_rx_olm(struct isup_call *call);
void isup_cpc_st_wait_t3_done(struct osmo_fsm_inst *fi, uint32_t event, void *data);
void isup_cpc_st_wait_t3(struct osmo_fsm_inst *fi, uint32_t event, void *data);
void isup_cpc_st_wait_done(struct osmo_fsm_inst *fi, uint32_t event, void *data);

/* ---- isup_call_info.c ---- */

/* A message that changes no state: questions that the user leaves unanswered are answered here. */
void isup_cpc_rx_info(struct isup_call *call, const struct isup_msg *msg);
void isup_cpc_req_info(struct isup_call *call, const struct isup_call_req *req);

/* ---- isup_cpc_suspend.c ---- */

/* In some dialects only the network suspends. */
bool isup_cpc_suspend_allowed(const struct isup_call *call, const struct isup_msg *msg);
/* SUS, or RES, received and asked for: in the answered and the suspended states */
void isup_cpc_rx_suspend(struct isup_call *call, const struct isup_msg *msg);
void isup_cpc_req_suspend(struct isup_call *call, const struct isup_call_req *req);

/* ---- isup_cpco.c ---- */

void isup_cpco_seized(struct osmo_fsm_inst *fi, uint32_t event, void *data);
void isup_cpco_wait_acm(struct osmo_fsm_inst *fi, uint32_t event, void *data);
void isup_cpco_wait_anm(struct osmo_fsm_inst *fi, uint32_t event, void *data);
/* IAM or CRM of the far end for the circuit of our call */
void isup_cpco_dual_seizure(struct isup_call *call, const struct isup_msg *msg);

/* ---- isup_cpci.c ---- */

void isup_cpci_wait_cot(struct osmo_fsm_inst *fi, uint32_t event, void *data);
void isup_cpci_succeeds(struct osmo_fsm_inst *fi, uint32_t event, void *data);
void isup_cpci_collect(struct osmo_fsm_inst *fi, uint32_t event, void *data);
void isup_cpci_wait_inf(struct osmo_fsm_inst *fi, uint32_t event, void *data);
void isup_cpci_overload(struct osmo_fsm_inst *fi, uint32_t event, void *data);
void isup_cpci_wait_acm(struct osmo_fsm_inst *fi, uint32_t event, void *data);
void isup_cpci_wait_anm(struct osmo_fsm_inst *fi, uint32_t event, void *data);
/* What the states before the user hears of the call do alike */
void isup_cpci_before_user(struct isup_call *call, uint32_t event, void *data);
void isup_cpci_before_user_failed(struct isup_call *call, uint8_t cause_value);

/* ---- isup_reserve.c ---- */

void isup_reserve_start(struct isup_call *call, const struct isup_call_req *iam);
void isup_cpco_reserving(struct osmo_fsm_inst *fi, uint32_t event, void *data);
void isup_cpci_reserved(struct osmo_fsm_inst *fi, uint32_t event, void *data);
