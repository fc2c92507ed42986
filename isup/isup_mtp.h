/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The seam below ISUP: MTP-TRANSFER, PAUSE, RESUME, STATUS (Q.701 clause 8); isup_mtp_sigtran.c and isup_mtp_pair.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct isup_mtp;

/* Routing label of one MSU, and its priority (ANSI) */
struct isup_mtp_label {
	uint32_t opc, dpc;
	uint8_t sls;
	uint8_t prio;
};

/* MTP-STATUS cause, Q.701 8.4 */
enum isup_mtp_status {
	ISUP_MTP_STATUS_CONGESTED,		/* signalling network congested, with level */
	ISUP_MTP_STATUS_UP_UNKNOWN,		/* user part unavailability: unknown */
	ISUP_MTP_STATUS_UP_UNEQUIPPED,
	ISUP_MTP_STATUS_UP_INACCESSIBLE,
};

/* What the user part gives to the network below: called from the select loop only. octets start at the CIC. */
struct isup_mtp_user_ops {
	void (*transfer_ind)(void *user, const struct isup_mtp_label *label, const uint8_t *octets, size_t len);
	void (*pause_ind)(void *user, uint32_t pc);
	void (*resume_ind)(void *user, uint32_t pc);
	void (*status_ind)(void *user, uint32_t pc, enum isup_mtp_status status, unsigned int level);
};

/* What an implementation gives to the user part */
struct isup_mtp_ops {
	/* octets are copied. Returns 0 or negative errno (-ENETUNREACH: no route or ASP). */
	int (*transfer_req)(struct isup_mtp *mtp, const struct isup_mtp_label *label,
			    const uint8_t *octets, size_t len);
	/* May the network reach pc now, as far as is known without asking (route and active AS)? */
	bool (*reachable)(struct isup_mtp *mtp, uint32_t pc);
};

/* Embedded first in each implementation's own struct, which is a talloc chunk of its own */
struct isup_mtp {
	const struct isup_mtp_ops *ops;
	const struct isup_mtp_user_ops *user_ops;
	void *user;
	uint32_t own_pc;			/* default originating point code */
	uint8_t network_indicator;		/* Q.704 14.2.2, of what is sent */
	bool one_pc;				/* what is for another point code of ours does not arrive */
};

/* The M3UA of a libosmo-sigtran instance that the VTY has configured ("cs7 instance N"); registers as user of service
 * indicator 5. Returns NULL where the instance does not exist or has no point code. Freed by talloc_free(). */
struct isup_mtp *isup_mtp_sigtran_alloc(void *ctx, unsigned int cs7_instance);

/* Two ends of an in-process network for tests; what one sends the other receives from the select loop (or when
 * isup_mtp_pair_run() is called), in order. Both are freed with ctx. */
int isup_mtp_pair_alloc(void *ctx, uint32_t pc_a, uint32_t pc_b, struct isup_mtp **a, struct isup_mtp **b);
/* Delivers what is queued, both ways, until nothing is left. */
void isup_mtp_pair_run(struct isup_mtp *either);
/* Breaks or mends the pair: both sides get PAUSE or RESUME at the next run. */
void isup_mtp_pair_set_up(struct isup_mtp *either, bool up);
