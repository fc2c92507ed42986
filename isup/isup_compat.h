/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unrecognised information: discard, CFN, or release, as its compatibility information says. */
#pragma once

struct isup_circuit;
struct isup_msg;

/* A message type that is not recognised, Q.764 2.9.5.2, 2.9.5.3.1 */
void isup_compat_unrecognised(struct isup_circuit *circuit, const struct isup_msg *msg);
