/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calling party's category: Resource-Priority (RFC 4412), cpc of P-Asserted-Identity (3GPP TS 24.229 7.2A.12). */

#include <string.h>

#include <osmocom/core/utils.h>

#include "mapping/map_category.h"
#include "isup/isup_msg.h"
#include "sip/sip_msg.h"

const struct map_cpc map_cpcs[] = {
	{ "operator", "fr", NULL, { "operator-french" }, "TS 29.163 C.1, C.2" },
	{ "operator", "en", NULL, { "operator-english" }, "TS 29.163 C.1, C.2" },
	{ "operator", "de", NULL, { "operator-german" }, "TS 29.163 C.1, C.2" },
	{ "operator", "ru", NULL, { "operator-russian" }, "TS 29.163 C.1, C.2" },
	{ "operator", "es", NULL, { "operator-spanish" }, "TS 29.163 C.1, C.2" },
	{ "operator", NULL, NULL, { "operator-english" }, "TS 29.163 C.1" },
	{ "operator", NULL, NULL, { "operator-national" }, "Q.763 3.11" },
	{ "ordinary", NULL, NULL, { "ordinary" }, "TS 29.163 C.1" },
	{ "priority", NULL, NULL, { "priority" }, "Q.763 3.11" },
	{ "test", NULL, NULL, { "test" }, "TS 29.163 C.1, C.2" },
	{ "payphone", NULL, NULL, { "payphone" }, "TS 29.163 C.1, C.2" },
	{ "unknown", NULL, NULL, { "unknown" }, "TS 29.163 C.1, C.2" },
	{ "emergency", NULL, NULL, { "emergency", "priority" }, "TS 29.163 C.1, C.2" },
	{ "emergency", NULL, NULL, { "emergency-priority" }, "T1.113.3" },
	{ NULL, NULL, "ets.0", { "ns-ep", "priority" }, "RFC 4412 12.6" },
	{ NULL, NULL, "wps.0", { "ns-ep", "priority" }, "RFC 4412 12.6" },
	{}
};

/* The value of a row in this dialect; false where it has none. */
static bool category_of(const struct map_cpc *row, const struct isup_dialect *dialect, uint8_t *category)
{
	const struct isup_par_def *def = isup_par_def(dialect, ISUP_PAR_CPC);
	char err[64];

	for (size_t i = 0; def && i < ARRAY_SIZE(row->category) && row->category[i]; i++) {
		if (isup_par_scan(def, row->category[i], category, err, sizeof(err)) == 0)
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
		if (row->word && sip_str_ieq(word, sip_str_from(row->word)) &&
		    (!row->language || speaks(invite, row->language)))
			return category_of(row, dialect, category);
	}
	return false;
}

/* The namespace counts, whatever the priority in it. */
static bool namespace_to_category(struct sip_str namespace, const struct isup_dialect *dialect, uint8_t *category)
{
	for (const struct map_cpc *row = map_cpcs; row->clause; row++) {
		if (row->resource && strlen(row->resource) == namespace.len + 2 &&
		    sip_mem_ieq(row->resource, namespace.p, namespace.len))
			return category_of(row, dialect, category);
	}
	return false;
}

static bool resource_to_category(const struct sip_msg *invite, const struct isup_dialect *dialect, uint8_t *category)
{
	const struct sip_hdr *hdr = sip_msg_hdr(invite, SIP_HDR_RESOURCE_PRIORITY);
	struct sip_resource resource;
	struct sip_str list;

	for (; hdr; hdr = sip_msg_hdr_next(invite, hdr)) {
		list = hdr->value;
		while (sip_resource_take(&resource, &list) == 0) {
			if (namespace_to_category(resource.namespace, dialect, category))
				return true;
		}
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

uint8_t map_category_from_invite(const struct sip_msg *invite, bool trusted, const struct isup_dialect *dialect)
{
	uint8_t category = ISUP_CPC_ORDINARY;

	if (trusted && !resource_to_category(invite, dialect, &category))
		identity_to_category(invite, dialect, &category);
	return category;
}

const struct map_cpc *map_category_to_cpc(const struct isup_msg *iam)
{
	const struct isup_par_def *def = isup_par_def(iam->dialect, ISUP_PAR_CPC);
	const struct isup_value *value;
	uint8_t category;

	if (isup_msg_get(iam, ISUP_PAR_CPC, &category) || category == ISUP_CPC_ORDINARY)
		return NULL;
	value = isup_field_value(def->fields, category);
	for (const struct map_cpc *row = map_cpcs; value && value->word && row->clause; row++) {
		if (!strcmp(row->category[0], value->word))
			return row;
	}
	return NULL;
}
