/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resource-Priority (RFC 4412): the calling party's category and the MLPP precedence that it stands for, both ways. */

#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "isup/isup_msg.h"
#include "mapping/map_category.h"
#include "mapping/map_iam_priv.h"
#include "mapping/map_profile.h"
#include "mapping/map_resource.h"

/* Q.763 3.34: what the gateway does not do, it does not let others wait for. */
#define LFB_NOT_ALLOWED	2

/* ---- Tables ---- */

/* r-values of RFC 4412 12.6, each namespace from its highest priority on, and of RFC 7135 2, from its lowest on */
enum resource {
	RES_NONE,
	RES_DRSN,
	RES_DSN = RES_DRSN + 6,
	RES_ESNET = RES_DSN + 5,
	RES_ETS = RES_ESNET + 5,
	RES_Q735 = RES_ETS + 5,
	RES_WPS = RES_Q735 + 5,
};

#define MILITARY(start, ns) \
	{ start, ns ".flash-override" }, { start + 1, ns ".flash" }, { start + 2, ns ".immediate" }, \
	{ start + 3, ns ".priority" }, { start + 4, ns ".routine" }
#define NUMBERED(start, ns) \
	{ start, ns ".0" }, { start + 1, ns ".1" }, { start + 2, ns ".2" }, { start + 3, ns ".3" }, \
	{ start + 4, ns ".4" }

static const struct value_string resource_words[] = {
	{ RES_NONE, "none" },
	{ RES_DRSN, "drsn.flash-override-override" },
	MILITARY(RES_DRSN + 1, "drsn"),
	MILITARY(RES_DSN, "dsn"),
	NUMBERED(RES_ESNET, "esnet"),
	NUMBERED(RES_ETS, "ets"),
	NUMBERED(RES_Q735, "q735"),
	NUMBERED(RES_WPS, "wps"),
	{}
};

/* Categories of priority, whatever a dialect calls them */
enum priority_category { CAT_NONE, CAT_PRIORITY, CAT_EMERGENCY, CAT_EMERGENCY_PRIORITY, CAT_NS_EP };

static const struct value_string category_words[] = {
	{ CAT_NONE, "none" },
	{ CAT_PRIORITY, "priority" },
	{ CAT_EMERGENCY, "emergency" },
	{ CAT_EMERGENCY_PRIORITY, "emergency-priority" },
	{ CAT_NS_EP, "ns-ep" },
	{}
};

/* The words of the parameter's row that a category goes by: the first one that the dialect has */
static const char *const categories[][MAP_CATEGORY_WORDS] = {
	[CAT_NONE] = {},
	[CAT_PRIORITY] = { "priority" },
	[CAT_EMERGENCY] = { "emergency", "priority" },
	[CAT_EMERGENCY_PRIORITY] = { "emergency-priority", "priority" },
	[CAT_NS_EP] = { "ns-ep", "priority" },
};

#define LEVEL_NONE	5

/* Q.763 3.34 */
static const struct value_string level_words[] = {
	{ 0, "flash-override" },
	{ 1, "flash" },
	{ 2, "immediate" },
	{ 3, "priority" },
	{ 4, "routine" },
	{ LEVEL_NONE, "none" },
	{}
};

#define FIVE_TO(start, value, clause) \
	{ { start }, { value }, clause }, { { start + 1 }, { value }, clause }, { { start + 2 }, { value }, clause }, \
	{ { start + 3 }, { value }, clause }, { { start + 4 }, { value }, clause }

static const struct map_row resource_to_category_rows[] = {
	FIVE_TO(RES_ETS, CAT_NS_EP, "RFC 4412 10.5, T1.113.3"),
	FIVE_TO(RES_WPS, CAT_NS_EP, "RFC 4412 10.6, T1.113.3"),
	FIVE_TO(RES_ESNET, CAT_EMERGENCY, "RFC 7135 2, T1.113.3"),
	{ { MAP_ANY }, { CAT_NONE }, "RFC 4412 4.6.2" },
	{}
};

const struct map_table map_resource_to_category_table = {
	.name = "resource-to-category",
	.title = "Resource-Priority of INVITE → calling party's category",
	.in = { { "resource", resource_words } },
	.out = { { "category", category_words } },
	.rows = resource_to_category_rows,
};

static const struct map_row category_to_resource_rows[] = {
	{ { CAT_NS_EP }, { RES_ETS }, "RFC 4412 10.5, T1.113.3" },
	{ { MAP_ANY }, { RES_NONE }, "RFC 4412 4.7.1" },
	{}
};

const struct map_table map_category_to_resource_table = {
	.name = "category-to-resource",
	.title = "calling party's category of IAM → Resource-Priority",
	.in = { { "category", category_words } },
	.out = { { "resource", resource_words } },
	.rows = category_to_resource_rows,
};

#define LEVELS(start, clause) \
	{ { start }, { 0 }, clause }, { { start + 1 }, { 1 }, clause }, { { start + 2 }, { 2 }, clause }, \
	{ { start + 3 }, { 3 }, clause }, { { start + 4 }, { 4 }, clause }

/* RFC 4412 10.4: q735 was made for this parameter; the others have the same levels, of which drsn has one more. */
static const struct map_row resource_to_precedence_rows[] = {
	LEVELS(RES_Q735, "RFC 4412 10.4, Q.735.3"),
	LEVELS(RES_DSN, "RFC 4412 10.2, Q.763 3.34"),
	{ { RES_DRSN }, { 0 }, "RFC 4412 10.3, Q.763 3.34" },
	LEVELS(RES_DRSN + 1, "RFC 4412 10.3, Q.763 3.34"),
	{ { MAP_ANY }, { LEVEL_NONE }, "RFC 4412 4.6.2" },
	{}
};

const struct map_table map_resource_to_precedence_table = {
	.name = "resource-to-precedence",
	.title = "Resource-Priority of INVITE → MLPP precedence",
	.in = { { "resource", resource_words } },
	.out = { { "level", level_words } },
	.rows = resource_to_precedence_rows,
};

static const struct map_row precedence_to_resource_rows[] = {
	{ { 0 }, { RES_Q735 }, "RFC 4412 10.4, Q.735.3" },
	{ { 1 }, { RES_Q735 + 1 }, "RFC 4412 10.4, Q.735.3" },
	{ { 2 }, { RES_Q735 + 2 }, "RFC 4412 10.4, Q.735.3" },
	{ { 3 }, { RES_Q735 + 3 }, "RFC 4412 10.4, Q.735.3" },
	{ { 4 }, { RES_Q735 + 4 }, "RFC 4412 10.4, Q.735.3" },
	{ { MAP_ANY }, { RES_NONE }, "Q.763 3.34 spare" },
	{}
};

const struct map_table map_precedence_to_resource_table = {
	.name = "precedence-to-resource",
	.title = "MLPP precedence of IAM → Resource-Priority",
	.in = { { "level", level_words } },
	.out = { { "resource", resource_words } },
	.rows = precedence_to_resource_rows,
};

/* ---- INVITE to IAM ---- */

static int resource_of(const struct sip_resource *r)
{
	const size_t len = r->namespace.len;

	for (const struct value_string *word = resource_words; word->str; word++) {
		if (strlen(word->str) == len + 1 + r->priority.len && word->str[len] == '.' &&
		    sip_mem_ieq(word->str, r->namespace.p, len) &&
		    sip_mem_ieq(word->str + len + 1, r->priority.p, r->priority.len))
			return word->value;
	}
	return RES_NONE;
}

/* RFC 4412 4.7.2, 3.1: several values, of several networks; the first one that this table knows, else otherwise */
static int16_t look_up(const struct map_table *table, const struct sip_msg *invite, int16_t otherwise)
{
	const struct sip_hdr *hdr = sip_msg_hdr(invite, SIP_HDR_RESOURCE_PRIORITY);
	struct sip_resource resource;
	struct sip_str list;

	for (; hdr; hdr = sip_msg_hdr_next(invite, hdr)) {
		list = hdr->value;
		while (sip_resource_take(&resource, &list) == 0) {
			int16_t in = resource_of(&resource), out = map_table_find(table, &in)[0];

			if (in != RES_NONE && out != otherwise)
				return out;
		}
	}
	return otherwise;
}

bool map_resource_category(const struct map_profile *profile, const struct sip_msg *invite,
			   const struct isup_dialect *dialect, uint8_t *category)
{
	int16_t means;

	if (!sip_msg_hdr(invite, SIP_HDR_RESOURCE_PRIORITY))
		return false;
	means = look_up(profile->tables[MAP_TABLE_RESOURCE_TO_CATEGORY], invite, CAT_NONE);
	return means != CAT_NONE && map_category_by_words(categories[means], dialect, category);
}

/* Q.763 3.34: the network is that of our country code, behind a 0; the domain is the operator's. */
static void set_network(struct isup_mlpp *mlpp, const char *country)
{
	uint8_t *const digits[] = { &mlpp->ni2, &mlpp->ni3, &mlpp->ni4 };

	for (unsigned int i = 0; i < ARRAY_SIZE(digits) && country[i]; i++)
		*digits[i] = country[i] - '0';
}

uint16_t map_resource_to_mlpp(struct map_to_iam *m)
{
	struct isup_mlpp mlpp = { .lfb = LFB_NOT_ALLOWED, .domain = map_iam_group(m->env)->mlpp_domain };
	int16_t level;

	if (!m->env->trusted || !sip_msg_hdr(m->invite, SIP_HDR_RESOURCE_PRIORITY) ||
	    !isup_par_def(m->iam->dialect, ISUP_PAR_MLPP))
		return 0;
	level = look_up(m->env->profile->tables[MAP_TABLE_RESOURCE_TO_PRECEDENCE], m->invite, LEVEL_NONE);
	if (level == LEVEL_NONE)
		return 0;
	mlpp.level = level;
	set_network(&mlpp, m->env->numbering->country_code);
	return map_to_iam_put(m, ISUP_PAR_MLPP, &mlpp);
}

uint16_t map_resource_refusal(const struct map_profile *profile, const struct sip_msg *invite, bool trusted)
{
	if (!sip_msg_hdr(invite, SIP_HDR_REQUIRE) || !sip_msg_has_token(invite, SIP_HDR_REQUIRE, "resource-priority"))
		return 0;
	if (look_up(profile->tables[MAP_TABLE_RESOURCE_TO_CATEGORY], invite, CAT_NONE) == CAT_NONE &&
	    look_up(profile->tables[MAP_TABLE_RESOURCE_TO_PRECEDENCE], invite, LEVEL_NONE) == LEVEL_NONE)
		return 417;
	return trusted ? 0 : 403;
}

static bool is_known(const struct map_profile *profile, int16_t resource)
{
	return map_table_find(profile->tables[MAP_TABLE_RESOURCE_TO_CATEGORY], &resource)[0] != CAT_NONE ||
	       map_table_find(profile->tables[MAP_TABLE_RESOURCE_TO_PRECEDENCE], &resource)[0] != LEVEL_NONE;
}

int map_resource_accept_buf(char *buf, size_t size, const struct map_profile *profile)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	const char *before = "Accept-Resource-Priority: ";

	for (const struct value_string *word = resource_words + 1; word->str; word++) {
		if (!is_known(profile, word->value))
			continue;
		OSMO_STRBUF_PRINTF(sb, "%s%s", before, word->str);
		before = ", ";
	}
	/* RFC 4412 3.2: it may be empty */
	OSMO_STRBUF_PRINTF(sb, "%s\r\n", *before == ',' ? "" : before);
	return sb.chars_needed;
}

/* ---- IAM to INVITE ---- */

static void put_resource(struct map_to_invite *m, uint8_t par, int16_t resource)
{
	if (resource == RES_NONE)
		return;
	sip_put_hdr(m->mem, SIP_STR("Resource-Priority"), sip_str_from(get_value_string(resource_words, resource)));
	map_to_invite_tell(m, par);
}

/* Of which category of priority this one is, by its first word */
static int16_t category_of(const struct isup_msg *iam)
{
	const char *word = map_category_word(iam);

	for (unsigned int i = 1; word && i < ARRAY_SIZE(categories); i++) {
		if (!strcmp(categories[i][0], word))
			return i;
	}
	return CAT_NONE;
}

uint8_t map_category_to_resource(struct map_to_invite *m)
{
	int16_t category = m->env->trusted ? category_of(m->iam) : CAT_NONE;

	if (category != CAT_NONE)
		put_resource(m, ISUP_PAR_CPC,
			     map_table_find(m->env->profile->tables[MAP_TABLE_CATEGORY_TO_RESOURCE], &category)[0]);
	return 0;
}

uint8_t map_mlpp_to_resource(struct map_to_invite *m)
{
	struct isup_mlpp mlpp;
	int16_t level;

	if (!m->env->trusted || !isup_msg_find(m->iam, ISUP_PAR_MLPP) || isup_msg_get(m->iam, ISUP_PAR_MLPP, &mlpp))
		return 0;
	level = mlpp.level;
	put_resource(m, ISUP_PAR_MLPP,
		     map_table_find(m->env->profile->tables[MAP_TABLE_PRECEDENCE_TO_RESOURCE], &level)[0]);
	return 0;
}
