/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that only ANSI T1.113 has, for isup_supervise.c. */
#pragma once

struct isup_circuit;
struct isup_msg;

/* Circuit validation test: answered CVR */
void isup_ansi_rx_cvt(struct isup_circuit *circuit, const struct isup_msg *msg);
/* Circuit reservation: answered CRA */
void isup_ansi_rx_crm(struct isup_circuit *circuit, const struct isup_msg *msg);
/* EXM, CRA, CVR: noted */
void isup_ansi_rx_noted(struct isup_circuit *circuit, const struct isup_msg *msg);
