/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calling party's category: Resource-Priority (RFC 4412), cpc of P-Asserted-Identity (3GPP TS 24.229 7.2A.12). */

#include <osmocom/core/utils.h>

#include "mapping/map_category.h"
#include "isup/isup_msg.h"
#include "sip/sip_msg.h"

/* What SIP says, and the words of the category's row that mean the same: the first one that the dialect has */
struct word_row {
	const char *word;
	const char *category[2];
};

static const struct word_row cpc_rows[] = {
	{ "ordinary", { "ordinary" } },
	{ "priority", { "priority" } },
	{ "test", { "test" } },
	{ "payphone", { "payphone" } },
	{ "emergency", { "emergency", "priority" } },
	{}
};

/* RFC 4412 12.6: emergency telecommunications service, wireless priority service */
static const struct word_row namespace_rows[] = {
	{ "ets", { "ns-ep", "priority" } },
	{ "wps", { "ns-ep", "priority" } },
	{}
};

/* False where the word means nothing here. */
static bool category_of(const struct word_row *row, struct sip_str word, const struct isup_dialect *dialect,
			uint8_t *category)
{
	const struct isup_par_def *def = isup_par_def(dialect, ISUP_PAR_CPC);
	char err[64];

	while (row->word && !sip_str_ieq(word, sip_str_from(row->word)))
		row++;
	for (size_t i = 0; def && row->word && i < ARRAY_SIZE(row->category) && row->category[i]; i++) {
		if (isup_par_scan(def, row->category[i], category, err, sizeof(err)) == 0)
			return true;
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
			if (category_of(namespace_rows, resource.namespace, dialect, category))
				return true;
		}
	}
	return false;
}

static bool identity_to_category(const struct sip_msg *invite, const struct isup_dialect *dialect, uint8_t *category)
{
	struct sip_values v;
	struct sip_addr addr;
	struct sip_uri uri;
	struct sip_tel tel;

	sip_values_init(&v, invite, SIP_HDR_P_ASSERTED_IDENTITY);
	while (!sip_values_next_addr(&v, &addr)) {
		if (!sip_uri_parse(&uri, addr.uri_text) && !sip_tel_parse(&tel, &uri) &&
		    category_of(cpc_rows, tel.cpc, dialect, category))
			return true;
	}
	return false;
}

uint8_t map_category_from_invite(const struct sip_msg *invite, bool trusted, const struct isup_dialect *dialect)
{
	uint8_t category = ISUP_CPC_ORDINARY;

	if (trusted && !resource_to_category(invite, dialect, &category))
		identity_to_category(invite, dialect, &category);
	return category;
}
