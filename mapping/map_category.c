/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calling party's category: cpc of P-Asserted-Identity (3GPP TS 24.229 7.2A.12). */

#include <string.h>

#include <osmocom/core/utils.h>

#include "mapping/map_category.h"
#include "mapping/map_resource.h"
#include "isup/isup_msg.h"
#include "sip/sip_msg.h"

const struct map_cpc map_cpcs[] = {
	{ "operator", "fr", { "operator-french" }, "TS 29.163 C.1, C.2" },
	{ "operator", "en", { "operator-english" }, "TS 29.163 C.1, C.2" },
	{ "operator", "de", { "operator-german" }, "TS 29.163 C.1, C.2" },
	{ "operator", "ru", { "operator-russian" }, "TS 29.163 C.1, C.2" },
	{ "operator", "es", { "operator-spanish" }, "TS 29.163 C.1, C.2" },
	{ "operator", NULL, { "operator-english" }, "TS 29.163 C.1" },
	{ "operator", NULL, { "operator-national" }, "Q.763 3.11" },
	{ "ordinary", NULL, { "ordinary" }, "TS 29.163 C.1" },
	{ "priority", NULL, { "priority" }, "Q.763 3.11" },
	{ "test", NULL, { "test" }, "TS 29.163 C.1, C.2" },
	{ "payphone", NULL, { "payphone" }, "TS 29.163 C.1, C.2" },
	{ "unknown", NULL, { "unknown" }, "TS 29.163 C.1, C.2" },
	{ "emergency", NULL, { "emergency", "priority" }, "TS 29.163 C.1, C.2" },
	{ "emergency", NULL, { "emergency-priority" }, "T1.113.3" },
	{}
};

bool map_category_by_words(const char *const words[MAP_CATEGORY_WORDS], const struct isup_dialect *dialect,
			   uint8_t *category)
{
	const struct isup_par_def *def = isup_par_def(dialect, ISUP_PAR_CPC);
	char err[64];

	for (size_t i = 0; def && i < MAP_CATEGORY_WORDS && words[i]; i++) {
		if (isup_par_scan(def, words[i], category, err, sizeof(err)) == 0)
			return true;
	}
	return false;
}

/* The language is the first of Accept-Language, without its region: "fr-CH;q=0.8, de". */
static bool speaks(const struct sip_msg *invite, const char *language)
{
	const struct sip_hdr *hdr = sip_msg_hdr_named(invite, SIP_STR("Accept-Language"));
	size_t len = strlen(language);

	return hdr && hdr->value.len >= len && sip_mem_ieq(hdr->value.p, language, len) &&
	       (hdr->value.len == len || strchr("-;, \t", hdr->value.p[len]));
}

static bool word_to_category(const struct sip_msg *invite, struct sip_str word, const struct isup_dialect *dialect,
			     uint8_t *category)
{
	for (const struct map_cpc *row = map_cpcs; word.len && row->clause; row++) {
		if (sip_str_ieq(word, sip_str_from(row->word)) &&
		    (!row->language || speaks(invite, row->language)))
			return map_category_by_words(row->category, dialect, category);
	}
	return false;
}

static bool addr_to_category(const struct sip_msg *invite, const struct sip_addr *addr,
			     const struct isup_dialect *dialect, uint8_t *category)
{
	struct sip_uri uri;
	struct sip_tel tel;

	/* Most have no parameter, and parsing takes a thousand instructions */
	return memchr(addr->uri_text.p, ';', addr->uri_text.len) && !sip_uri_parse(&uri, addr->uri_text) &&
	       !sip_tel_parse(&tel, &uri) && word_to_category(invite, tel.cpc, dialect, category);
}

/* TS 24.229 7.2A.12: of an asserted identity; some put it into From. */
static bool identity_to_category(const struct sip_msg *invite, const struct isup_dialect *dialect, uint8_t *category)
{
	struct sip_values v;
	struct sip_addr addr;

	sip_values_init(&v, invite, SIP_HDR_P_ASSERTED_IDENTITY);
	while (!sip_values_next_addr(&v, &addr)) {
		if (addr_to_category(invite, &addr, dialect, category))
			return true;
	}
	return addr_to_category(invite, &invite->from, dialect, category);
}

uint8_t map_category_from_invite(const struct map_profile *profile, const struct sip_msg *invite, bool trusted,
				 const struct isup_dialect *dialect)
{
	uint8_t category = ISUP_CPC_ORDINARY;

	if (trusted && !map_resource_category(profile, invite, dialect, &category))
		identity_to_category(invite, dialect, &category);
	return category;
}

const char *map_category_word(const struct isup_msg *iam)
{
	const struct isup_par_def *def = isup_par_def(iam->dialect, ISUP_PAR_CPC);
	const struct isup_value *value;
	uint8_t category;

	if (isup_msg_get(iam, ISUP_PAR_CPC, &category) || category == ISUP_CPC_ORDINARY)
		return NULL;
	value = isup_field_value(def->fields, category);
	return value ? value->word : NULL;
}

const struct map_cpc *map_category_to_cpc(const struct isup_msg *iam)
{
	const char *word = map_category_word(iam);

	for (const struct map_cpc *row = map_cpcs; word && row->clause; row++) {
		if (!strcmp(row->category[0], word))
			return row;
	}
	return NULL;
}
