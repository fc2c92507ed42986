/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-up: the rules for diverted calls, both ways. */

#include "mapping/map_iam_priv.h"
#include "mapping/map_profile.h"

/* ---- IAM to INVITE ---- */

static void put_diversions(struct map_to_invite *m, bool wanted,
			   void (*put)(struct sip_buf *mem, const struct map_diversions *d,
				       const struct map_diversions_env *env))
{
	const struct map_diversions_env env = {
		.profile = m->env->profile, .numbering = m->env->numbering, .local = m->env->local,
		.target = m->invite->ruri, .trusted = m->env->trusted,
	};
	struct map_diversions d;

	if (!wanted || !map_diversions_from_isup(&d, m->iam))
		return;
	put(m->mem, &d, &env);
	map_to_invite_tell(m, ISUP_PAR_REDIRECTING_NUMBER);
	map_to_invite_tell(m, ISUP_PAR_ORIGINAL_CALLED_NUMBER);
	map_to_invite_tell(m, ISUP_PAR_REDIRECTION_INFO);
}

uint8_t map_redirecting_to_diversion(struct map_to_invite *m)
{
	uint8_t as = map_iam_peer(m->env)->diversion;

	put_diversions(m, as == MAP_DIVERSION_BOTH || as == MAP_DIVERSION_DIVERSION, map_put_diversion);
	return 0;
}

uint8_t map_redirecting_to_history(struct map_to_invite *m)
{
	uint8_t as = map_iam_peer(m->env)->diversion;

	put_diversions(m, as == MAP_DIVERSION_BOTH || as == MAP_DIVERSION_HISTORY_INFO, map_put_history);
	return 0;
}

/* ---- INVITE to IAM ---- */

/* An encapsulated IAM says more of the same diversions; headers count where SIP has added some (RFC 3398 7.2.1.1). */
void map_to_iam_read_diversions(struct map_to_iam *m)
{
	const struct map_numbering *sip = m->env->sip_numbering ? m->env->sip_numbering : m->env->numbering;
	struct map_diversions theirs;

	if (!m->env->trusted || !map_diversions_from_sip(&m->diversions, m->invite, m->env->profile, sip) ||
	    (m->env->isup && map_diversions_from_isup(&theirs, m->env->isup) && theirs.n >= m->diversions.n))
		m->diversions.n = 0;
	if (!m->diversions.n)
		return;
	map_number_renumber(&m->diversions.first.number, sip, m->env->numbering);
	map_number_renumber(&m->diversions.last.number, sip, m->env->numbering);
}

static uint16_t put_diverter(struct map_to_iam *m, uint8_t par, const struct map_diverter *diverter)
{
	struct isup_number number = diverter->number;

	if (!number.n_digits)
		return 0;
	number.apri = diverter->hidden ? ISUP_APRI_RESTRICTED : ISUP_APRI_ALLOWED;
	return map_to_iam_put_number(m, par, &number);
}

uint16_t map_diversion_to_redirecting(struct map_to_iam *m)
{
	return m->diversions.n ? put_diverter(m, ISUP_PAR_REDIRECTING_NUMBER, &m->diversions.last) : 0;
}

uint16_t map_diversion_to_original_called(struct map_to_iam *m)
{
	return m->diversions.n ? put_diverter(m, ISUP_PAR_ORIGINAL_CALLED_NUMBER, &m->diversions.first) : 0;
}

uint16_t map_diversion_to_redirection_info(struct map_to_iam *m)
{
	struct isup_redirection_info info;

	if (!m->diversions.n)
		return 0;
	map_redirection_info(&info, &m->diversions);
	return map_to_iam_put(m, ISUP_PAR_REDIRECTION_INFO, &info);
}
