/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The medium that a call asks for: TMR (Q.763 3.54), or in a dialect that has none the user service information. */

#include <errno.h>

#include <osmocom/core/utils.h>

#include "isup/isup_msg.h"

/* Information transfer capability, Q.931 4.5.5 */
static const struct {
	uint8_t tmr, capability;
} media[] = {
	{ ISUP_TMR_SPEECH, 0 },
	{ ISUP_TMR_64K_UNRESTRICTED, 8 },
	{ ISUP_TMR_3K1_AUDIO, 16 },
};

int isup_msg_get_tmr(const struct isup_msg *msg, uint8_t *tmr)
{
	struct isup_usi usi;
	int rc = isup_msg_get(msg, ISUP_PAR_TMR, tmr);

	if (rc == 0 || isup_par_def(msg->dialect, ISUP_PAR_TMR))
		return rc;
	rc = isup_msg_get(msg, ISUP_PAR_USI, &usi);
	for (size_t i = 0; rc == 0 && i < ARRAY_SIZE(media); i++) {
		if (usi.coding == 0 && media[i].capability == usi.capability) {
			*tmr = media[i].tmr;
			return 0;
		}
	}
	return rc < 0 ? rc : -EINVAL;
}

/* What the row has as usual, with another capability; G.711 is said of what is coded */
static int put_usi(struct isup_msg *msg, uint8_t capability)
{
	const struct isup_par_def *def = isup_par_def(msg->dialect, ISUP_PAR_USI);
	union isup_par_any par;

	if (!def)
		return -EINVAL;
	isup_par_usual(def, &par);
	par.usi.capability = capability;
	if (capability == 8) {
		par.usi.present[ISUP_USI_5] = 0;
		par.usi.layer1 = 0;
	}
	return isup_msg_put(msg, ISUP_PAR_USI, &par);
}

int isup_msg_put_tmr(struct isup_msg *msg, uint8_t tmr)
{
	if (isup_par_def(msg->dialect, ISUP_PAR_TMR))
		return isup_msg_put(msg, ISUP_PAR_TMR, &tmr);
	for (size_t i = 0; i < ARRAY_SIZE(media); i++) {
		if (media[i].tmr == tmr)
			return put_usi(msg, media[i].capability);
	}
	return -EINVAL;
}
