/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encapsulated ISUP that is not what is due on the circuit: which message it goes as, and with what of it. */

#include <osmocom/core/utils.h>

#include "mapping/map_profile.h"
#include "mapping/map_progress.h"
#include "mapping/map_sipi.h"

/* A response that is lost, or crosses T11, makes the far exchange's messages come where another one is due. */
const struct map_sipi_turn map_sipi_turns[] = {
	{ MAP_SIPI_PROGRESS, ISUP_MSG_ACM, false, ISUP_MSG_ACM, "RFC 3398 8.2.3" },
	{ MAP_SIPI_PROGRESS, ISUP_MSG_CPG, true, ISUP_MSG_CPG, "Q.764 2.1.6.1: ACM goes before CPG" },
	{ MAP_SIPI_PROGRESS_AFTER_ACM, ISUP_MSG_CPG, false, ISUP_MSG_CPG, "RFC 3398 8.2.3" },
	{ MAP_SIPI_PROGRESS_AFTER_ACM, ISUP_MSG_ACM, false, ISUP_MSG_CPG, "RFC 3398 8.2.3: there is one ACM" },
	{ MAP_SIPI_ANSWER, ISUP_MSG_CON, false, ISUP_MSG_CON, "RFC 3398 8.2.4" },
	{ MAP_SIPI_ANSWER, ISUP_MSG_ANM, false, ISUP_MSG_CON, "RFC 3398 8.2.4: no ACM was sent" },
	{ MAP_SIPI_ANSWER_AFTER_ACM, ISUP_MSG_ANM, false, ISUP_MSG_ANM, "RFC 3398 8.2.4" },
	{ MAP_SIPI_ANSWER_AFTER_ACM, ISUP_MSG_CON, false, ISUP_MSG_ANM, "RFC 3398 8.2.4: ACM was sent" },
	{}
};

const struct value_string map_sipi_stage_names[] = {
	{ MAP_SIPI_PROGRESS, "18x before ACM" },
	{ MAP_SIPI_PROGRESS_AFTER_ACM, "18x after ACM" },
	{ MAP_SIPI_ANSWER, "2xx before ACM" },
	{ MAP_SIPI_ANSWER_AFTER_ACM, "2xx after ACM" },
	{}
};

const struct map_sipi_turn *map_sipi_turn_find(enum map_sipi_stage stage, uint8_t type)
{
	for (const struct map_sipi_turn *turn = map_sipi_turns; turn->clause; turn++) {
		if (turn->stage == stage && turn->type == type)
			return turn;
	}
	return NULL;
}

/* What a CPG says instead of an ACM */
static uint8_t event_of(const struct isup_msg *acm, const struct map_profile *profile)
{
	struct isup_obci obci;
	bool inband = isup_msg_get(acm, ISUP_PAR_OBCI, &obci) == 0 && obci.inband_info;
	uint16_t status = map_acm_to_18x(profile, acm).status;
	uint8_t event = map_18x_to_isup(profile, status, true, inband).event;

	return event ? event : ISUP_EVENT_PROGRESS;
}

/* Backward call indicators are its own, where it has some. */
static void init_con(struct isup_msg *to, const struct isup_msg *from, const struct map_profile *profile)
{
	const struct isup_par *bci = isup_msg_find(from, ISUP_PAR_BCI);

	if (!bci) {
		map_con_init(to, from->dialect, profile);
		return;
	}
	isup_msg_init(to, from->dialect, ISUP_MSG_CON);
	isup_msg_put_octets(to, ISUP_PAR_BCI, bci->val, bci->len);
}

void map_sipi_turn_msg(struct isup_msg *to, uint8_t type, const struct isup_msg *from,
		       const struct map_profile *profile, struct isup_lost *lost)
{
	struct isup_msg passed;

	if (type == from->type) {
		map_sipi_pass(to, from);
		return;
	}
	if (type == ISUP_MSG_CPG)
		map_cpg_init(to, from->dialect, event_of(from, profile));
	else if (type == ISUP_MSG_CON)
		init_con(to, from, profile);
	else
		isup_msg_init(to, from->dialect, type);
	map_sipi_pass(&passed, from);
	isup_msg_add(to, &passed, lost);
}
