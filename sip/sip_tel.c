/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The telephone subscriber in a tel URI, or in the user part of a sip URI (RFC 3966, RFC 4694, RFC 4904). */

#include <stddef.h>

#include "sip/sip_scan.h"
#include "sip/sip_uri.h"

static const struct tel_par {
	struct sip_str name;
	size_t at;			/* of its struct sip_str */
} pars[] = {
#define PAR(text, member) { { text, sizeof(text) - 1 }, offsetof(struct sip_tel, member) }
	PAR("phone-context", context),
	PAR("isub", isub),
	PAR("isub-encoding", isub_encoding),
	PAR("ext", ext),
	PAR("cpc", cpc),
	PAR("oli", oli),
	PAR("rn", rn),
	PAR("rn-context", rn_context),
	PAR("cic", cic),
	PAR("cic-context", cic_context),
	PAR("dai", dai),
	PAR("tgrp", tgrp),
	PAR("trunk-context", trunk_context),
	{}
};

/* global-number-digits = "+" *phonedigit DIGIT *phonedigit
 * local-number-digits = *phonedigit-hex (HEXDIG / "*" / "#")*phonedigit-hex */
static bool is_number(struct sip_str text, bool *is_global)
{
	struct sip_scan s = sip_scan_of(text);
	unsigned int digits = 0;
	bool broken = false;
	char c;

	*is_global = false;
	while (sip_take_unescaped(&s, &c, &broken)) {
		if (c == '+' && !digits && !*is_global)
			*is_global = true;
		else if (sip_is(c, SIP_C_DIGIT) || (!*is_global && (sip_is(c, SIP_C_HEX) || c == '*' || c == '#')))
			digits++;
		else if (c != '-' && c != '.' && c != '(' && c != ')')
			return false;
	}
	return digits && !broken;
}

/* par = parameter / extension / isdn-subaddress; all that we know have a value, but npdi */
static int use_par(struct sip_tel *tel, const struct sip_uri_par *par)
{
	const struct tel_par *p;
	struct sip_str *value;

	if (sip_str_esc_eq(par->name, SIP_STR("npdi"), true)) {
		tel->npdi = true;
		return 0;
	}
	for (p = pars; p->name.p && !sip_str_esc_eq(par->name, p->name, true); p++)
		;
	/* 5.4: "An implementation … MUST NOT use the URI if it contains unknown mandatory parameters" */
	if (!p->name.p)
		return par->name.len > 2 && sip_mem_ieq(par->name.p, "m-", 2) ? -EBADMSG : 0;
	value = (struct sip_str *)((char *)tel + p->at);
	if (value->p || !par->value.len)
		return -EBADMSG;
	*value = par->value;
	return 0;
}

int sip_tel_parse(struct sip_tel *tel, const struct sip_uri *uri)
{
	struct sip_str params = uri->user_params;
	struct sip_uri_par par;

	*tel = (struct sip_tel){ .number = uri->user };
	if (uri->scheme == SIP_SCHEME_OTHER || !uri->user.p)
		return -ENOENT;
	if (uri->scheme != SIP_SCHEME_TEL && params.p)
		tel->number.len = params.p - 1 - uri->user.p;
	if (!is_number(tel->number, &tel->is_global))
		return uri->scheme == SIP_SCHEME_TEL ? -EBADMSG : -ENOENT;
	while (sip_uri_par_take(&par, &params, ';')) {
		if (use_par(tel, &par) < 0)
			return -EBADMSG;
	}
	if (!tel->tgrp.p || !tel->trunk_context.p)
		tel->tgrp = tel->trunk_context = (struct sip_str){};
	return tel->isub.p && tel->ext.p ? -EBADMSG : 0;
}
