/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-up: what an IAM says that the INVITE made of it does not, though there is a rule for the parameter. */

#include "isup/isup_t113.h"
#include "mapping/map_iam_priv.h"
#include "mapping/map_profile.h"
#include "mapping/map_pstn_xml.h"

static bool is_not_available(const struct isup_msg *iam, const struct isup_par *par)
{
	const struct isup_par_def *def = isup_par_def(iam->dialect, par->code);
	struct isup_number number;

	return def && def->form == ISUP_FORM_NUMBER && isup_par_decode(def, par->val, par->len, &number) == 0 &&
	       (!number.n_digits || number.apri == ISUP_APRI_NOT_AVAILABLE);
}

/* What an INVITE says by being one, what is of one signalling relation only, what is meant where nothing is said */
static bool says_nothing(const struct map_to_invite *m, const struct isup_par *par)
{
	struct isup_redirection_info info;

	switch (par->code) {
	case ISUP_PAR_CALL_REFERENCE:
	case ISUP_PAR_CALLED_NUMBER:
	case ISUP_PAR_CONNECTION_REQUEST:
	case ISUP_PAR_FCI:
	case ISUP_PAR_HOP_COUNTER:
	case ISUP_PAR_MESSAGE_COMPAT:
	case ISUP_PAR_NCI:
	case ISUP_PAR_PARAMETER_COMPAT:
	case ISUP_PAR_PROPAGATION_DELAY:
	case ISUP_PAR_TMR:
		return true;
	case ISUP_PAR_CPC:
		return par->len == 1 && par->val[0] == ISUP_CPC_ORDINARY;
	case ISUP_PAR_CARRIER_SELECTION:
		return par->len == 1 && par->val[0] == 0;
	case ISUP_PAR_REDIRECTION_INFO:
		return isup_msg_get(m->iam, par->code, &info) == 0 && !info.indicator && !info.counter;
	default:
		return is_not_available(m->iam, par);
	}
}

/* Subaddresses that a URI has got, and what PSTN XML takes */
static bool access_is_told(const struct map_to_invite *m)
{
	struct map_access access;
	bool told = true;

	map_access_init(&access, m->iam);
	while (map_access_next(&access)) {
		if (access.tag == MAP_SUB_CALLED)
			told &= m->called_sub_told && m->called_sub.encoding;
		else if (access.tag == MAP_SUB_CALLING)
			told &= m->calling_sub_told && m->calling_sub.encoding;
		else
			told &= m->env->pstn_xml && map_pstn_has_element(access.tag);
	}
	return told && access.p == access.end;
}

/* Of several with one code the rules read the first, but for generic numbers. */
static bool is_first(const struct isup_msg *iam, const struct isup_par *par)
{
	return isup_msg_find(iam, par->code) == par;
}

void map_to_invite_lost(struct map_par_set *lost, const struct map_to_invite *m)
{
	unsigned int n_generic = 0;
	bool told;

	for (const struct isup_par *par = m->iam->pars; par < m->iam->pars + m->iam->n_pars; par++) {
		if (par->code == ISUP_PAR_GENERIC_NUMBER)
			told = ++n_generic <= m->n_generic_told;
		else if (par->code == ISUP_PAR_ACCESS_TRANSPORT)
			told = access_is_told(m);
		else
			told = map_par_set_has(&m->told, par->code) && is_first(m->iam, par);
		if (!told && map_par_set_has(m->env->profile->carried, par->code) && !says_nothing(m, par))
			map_par_set_add(lost, par->code);
	}
}
