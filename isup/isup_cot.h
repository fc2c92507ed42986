/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bearer, which the ISUP room does not know: what a continuity check (Q.764 2.1.8) asks of it; is it there? */
#pragma once

#include "isup/isup.h"

/* One check of one circuit, while it goes on */
struct isup_cot;

/* The two ends of a check, Q.724 clause 7: one end sends a tone of 2000 Hz, the other one has joined the two directions
 * of the circuit, so that the tone comes back. */
enum isup_cot_end { ISUP_COT_TONE, ISUP_COT_LOOP };

/* The bearer of all circuits of a user part. The room tells a check's own time limits (T24 for the tone). */
struct isup_bearer_ops {
	/* Can it do such checks on the circuits of this group? */
	bool (*able)(const struct isup_group *group, void *data);
	/* Connects the loop, or sends the tone and listens for it. Returns what stop() is given; NULL where it cannot.
	 * isup_cot_result() is to follow once, from the select loop. */
	void *(*start)(struct isup_cot *cot, enum isup_cot_end end, void *data);
	/* Takes loop or tone away; no result may follow. Called once for each start(), before the circuit's call goes
	 * on, or is given up. */
	void (*stop)(void *check, void *data);
	/* Is the bearer of this circuit there when its group is started? NULL: always. Later isup_bearers_lost() and
	 * isup_bearers_back() say so. */
	bool (*there)(const struct isup_group *group, uint16_t cic, void *data);
};

/* Until it is called (ops NULL: from now on again) there is no bearer that could check. */
void isup_set_bearer(struct isup *isup, const struct isup_bearer_ops *ops, void *data);

/* Loop: it is connected, or cannot be. Tone: it came back within its limits, or will not. */
void isup_cot_result(struct isup_cot *cot, bool good);

/* The circuit that is checked */
const struct isup_group *isup_cot_group(const struct isup_cot *cot);
uint16_t isup_cot_cic(const struct isup_cot *cot);

/* Checks one circuit that has no call, Q.764 2.1.8 (CCR): 0 where CCR was sent; what comes of it tells
 * isup_group_cot_result(). -ENOENT no such CIC, or the group is not started; -EHOSTUNREACH the destination is not
 * available; -EBUSY the circuit is in use, or being reset or checked; -ENOTSUP the bearer cannot do it. */
int isup_circuit_cot(struct isup_group *group, uint16_t cic);

/* The latest check of the group that was asked for by isup_circuit_cot() */
enum isup_cot_outcome {
	ISUP_COT_NONE,			/* none has been asked for */
	ISUP_COT_UNDER_WAY,
	ISUP_COT_PASSED,
	ISUP_COT_FAILED,		/* and is repeated at T25, T26 */
	ISUP_COT_CUT_SHORT,		/* by a call, a reset, the loss of the destination … */
};
enum isup_cot_outcome isup_group_cot_result(const struct isup_group *group, uint16_t *cic);
