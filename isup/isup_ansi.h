/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that only ANSI T1.113 has, for isup_supervise.c. */
#pragma once

struct isup_circuit;
struct isup_msg;

/* Circuit validation test: CVT is answered CVR, which is for our CVT */
void isup_ansi_rx_cvt(struct isup_circuit *circuit, const struct isup_msg *msg);
void isup_ansi_rx_cvr(struct isup_circuit *circuit, const struct isup_msg *msg);
/* Circuit reservation: CRM is answered CRA, and the circuit kept for its IAM; CRA is for our call */
void isup_ansi_rx_crm(struct isup_circuit *circuit, const struct isup_msg *msg);
void isup_ansi_rx_cra(struct isup_circuit *circuit, const struct isup_msg *msg);
/* Noted */
void isup_ansi_rx_exm(struct isup_circuit *circuit, const struct isup_msg *msg);
