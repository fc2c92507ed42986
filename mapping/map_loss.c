/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What does not cross the border between SIP and ISUP: which headers, bodies and parameters, and how it is counted. */

#include <stdio.h>
#include <string.h>

#include <osmocom/core/talloc.h>

#include "mapping/map_charge.h"
#include "mapping/map_iam.h"
#include "mapping/map_loss.h"
#include "mapping/map_pstn_xml.h"
#include "mapping/map_subaddress.h"
#include "isup/isup_t113.h"
#include "sip/sip_body.h"

const struct value_string map_loss_kinds[] = {
	{ MAP_LOSS_MESSAGE, "message" },
	{ MAP_LOSS_PARAMETER, "parameter" },
	{ MAP_LOSS_DIALECT, "dialect" },
	{ MAP_LOSS_HEADER, "header" },
	{ MAP_LOSS_BODY, "body" },
	{}
};

const struct value_string map_loss_reasons[] = {
	{ MAP_LOSS_MESSAGE, "SIP has no place for it" },
	{ MAP_LOSS_PARAMETER, "SIP has no place for it" },
	{ MAP_LOSS_DIALECT, "the other dialect cannot say it, or not all" },
	{ MAP_LOSS_HEADER, "ISUP has no place for it" },
	{ MAP_LOSS_BODY, "ISUP has no place for it, or it is not read" },
	{}
};

/* ---- SIP ---- */

#define CHARGE		"P-Charge-Info"
#define ACCESS		"P-Access-Network-Info"

const struct map_loss_name map_loss_headers[] = {
	{ SIP_HDR_SUBJECT, "Subject", "RFC 3261 20.36" },
	{ SIP_HDR_REFERRED_BY, "Referred-By", "RFC 3892 2.1" },
	{ SIP_HDR_IDENTITY, "Identity", "RFC 8224 4" },
	{ SIP_HDR_ACCEPT_CONTACT, "Accept-Contact", "RFC 3841 9.2" },
	{ SIP_HDR_REJECT_CONTACT, "Reject-Contact", "RFC 3841 9.2" },
	{ SIP_HDR_REQUEST_DISPOSITION, "Request-Disposition", "RFC 3841 9.1" },
	{ SIP_HDR_OTHER, "Alert-Info", "RFC 3261 20.4" },
	{ SIP_HDR_OTHER, "Call-Info", "RFC 3261 20.9" },
	{ SIP_HDR_OTHER, "Error-Info", "RFC 3261 20.18" },
	{ SIP_HDR_OTHER, "In-Reply-To", "RFC 3261 20.21" },
	{ SIP_HDR_OTHER, "Organization", "RFC 3261 20.25" },
	{ SIP_HDR_OTHER, "Priority", "RFC 3261 20.26" },
	{ SIP_HDR_OTHER, "Reply-To", "RFC 3261 20.31" },
	{ SIP_HDR_OTHER, "Replaces", "RFC 3891 3" },
	{ SIP_HDR_OTHER, "Join", "RFC 3911 4" },
	{ SIP_HDR_OTHER, "Target-Dialog", "RFC 4538 7" },
	{ SIP_HDR_OTHER, "Answer-Mode", "RFC 5373 3" },
	{ SIP_HDR_OTHER, "Priv-Answer-Mode", "RFC 5373 3" },
	{ SIP_HDR_OTHER, "Geolocation", "RFC 6442 4.1" },
	{ SIP_HDR_OTHER, "Feature-Caps", "RFC 6809 5.3" },
	{ SIP_HDR_OTHER, "P-Asserted-Service", "RFC 6050 4.1" },
	{ SIP_HDR_OTHER, "P-Preferred-Service", "RFC 6050 4.2" },
	{ SIP_HDR_OTHER, "P-Called-Party-ID", "RFC 7315 4.2" },
	{ SIP_HDR_OTHER, "P-Visited-Network-ID", "RFC 7315 4.3" },
	{ SIP_HDR_OTHER, "P-Access-Network-Info", "RFC 7315 4.4" },
	{ SIP_HDR_OTHER, "P-Charging-Function-Addresses", "RFC 7315 4.5" },
	{ SIP_HDR_OTHER, "P-Charging-Vector", "RFC 7315 4.6" },
	{ SIP_HDR_OTHER, "P-Private-Network-Indication", "RFC 7316 5" },
	{ SIP_HDR_OTHER, "P-Served-User", "RFC 5502 5" },
	{ SIP_HDR_OTHER, "P-Charge-Info", "RFC 8496 4" },
	{ SIP_HDR_OTHER, MAP_LOSS_IDENTITY, "RFC 4916 4.4.2" },
	{ SIP_HDR_OTHER, "Request-URI;cic", "RFC 4694 4" },
	{ SIP_HDR_OTHER, "Request-URI;dai", "TS 24.229 7.2A" },
	{ SIP_HDR_OTHER, "Request-URI;ext", "RFC 3966 5.3" },
	{ SIP_HDR_OTHER, "Request-URI;isub", "RFC 3966 5.2" },
	{ SIP_HDR_OTHER, "Request-URI;rn", "RFC 4694 4" },
	{ SIP_HDR_OTHER, "Request-URI;tgrp", "RFC 4904 5" },
	{ SIP_HDR_OTHER, "(others)", "RFC 3261 7.3" },
	{}
};

/* Of two hops, or of the SIP network itself; Accept-Language: of the operator's category, TS 29.163 C.1 */
static const char *const of_sip_itself[] = {
	"Accept-Encoding", "Accept-Language", "Authentication-Info", "Authorization", "Flow-Timer",
	"Geolocation-Routing", "Info-Package", "Max-Breadth", "P-Media-Authorization", "Path",
	"Proxy-Authenticate", "Proxy-Authorization", "Recv-Info", "Security-Client", "Security-Server",
	"Security-Verify", "Service-Route", "WWW-Authenticate", NULL
};

const struct map_loss_name map_loss_bodies[] = {
	{ .name = "application/ISUP", .clause = "RFC 3204 2" },
	{ .name = "application/QSIG", .clause = "RFC 3204 2" },
	{ .name = MAP_PSTN_TYPE, .clause = "TS 29.163 Annex F" },
	{ .name = "application/vnd.etsi.mcid+xml", .clause = "TS 24.616 A" },
	{ .name = "application/vnd.etsi.cug+xml", .clause = "TS 24.654 A" },
	{ .name = "application/vnd.etsi.aoc+xml", .clause = "TS 24.647 D" },
	{ .name = "application/vnd.3gpp.cw+xml", .clause = "TS 24.615 C" },
	{ .name = "application/dtmf-relay", .clause = "INFO, by custom" },
	{ .name = "application/dtmf", .clause = "INFO, by custom" },
	{ .name = "application/media_control+xml", .clause = "RFC 5168" },
	{ .name = "application/pidf+xml", .clause = "RFC 6442" },
	{ .name = "application/resource-lists+xml", .clause = "RFC 5366" },
	{ .name = "message/sipfrag", .clause = "RFC 3420" },
	{ .name = "text/plain", .clause = "RFC 3261 7.4" },
	{ .name = "(others)", .clause = "RFC 3261 7.4" },
	{}
};

static bool is_of_sip_itself(struct sip_str name)
{
	for (unsigned int i = 0; of_sip_itself[i]; i++) {
		if (sip_str_ieq(name, sip_str_from(of_sip_itself[i])))
			return true;
	}
	return false;
}

uint8_t map_loss_header_row(struct sip_str name)
{
	uint8_t row = 0;

	while (map_loss_headers[row + 1].name &&
	       (map_loss_headers[row].id || !sip_str_ieq(name, sip_str_from(map_loss_headers[row].name))))
		row++;
	return row;
}

/* An INVITE's, of which the IAM will tell */
static bool is_for_iam(const struct sip_msg *msg, const struct sip_hdr *hdr)
{
	struct sip_str hex;

	return msg->method == SIP_INVITE && !msg->status &&
	       (sip_str_ieq(hdr->name, SIP_STR(CHARGE)) ||
		(sip_str_ieq(hdr->name, SIP_STR(ACCESS)) && map_access_location(&hex, hdr->value)));
}

void map_loss_of_headers(const struct sip_msg *msg, map_loss_cb *cb, void *data)
{
	for (uint8_t row = 0; map_loss_headers[row].id; row++) {
		if (msg->first[map_loss_headers[row].id])
			cb(MAP_LOSS_HEADER, row, data);
	}
	for (unsigned int i = msg->first[SIP_HDR_OTHER]; i && i <= msg->n_hdrs; i++) {
		const struct sip_hdr *hdr = &msg->hdrs[i - 1];

		if (hdr->id == SIP_HDR_OTHER && !is_of_sip_itself(hdr->name) && !is_for_iam(msg, hdr))
			cb(MAP_LOSS_HEADER, map_loss_header_row(hdr->name), data);
	}
}

/* ---- What an IAM may have ---- */

static bool has(const struct isup_msg *iam, const uint8_t *pars)
{
	for (unsigned int i = 0; i < 4 && pars[i]; i++) {
		if (isup_msg_find(iam, pars[i]))
			return true;
	}
	return false;
}

/* A routing number goes in several ways; where it does, the number has been translated. */
static bool is_ported(const struct isup_msg *iam)
{
	struct isup_fci fci;

	return !isup_msg_get(iam, ISUP_PAR_FCI, &fci) && fci.number_translated;
}

static const struct for_iam {
	const char *name;		/* of the loss */
	size_t at;			/* the parameter's, in struct sip_tel */
	uint8_t pars[4];		/* one of them is in the IAM */
} for_iams[] = {
	{ "Request-URI;cic", offsetof(struct sip_tel, cic), { ISUP_PAR_TNS, ISUP_PAR_CARRIER_ID } },
	{ "Request-URI;dai", offsetof(struct sip_tel, dai), { ISUP_PAR_CARRIER_SELECTION } },
	{ "Request-URI;ext", offsetof(struct sip_tel, ext) },
	{ "Request-URI;tgrp", offsetof(struct sip_tel, tgrp) },
	{}
};

void map_loss_of_iam(const struct sip_msg *invite, const struct isup_msg *iam, map_loss_cb *cb, void *data)
{
	static const uint8_t charge[4] = { ISUP_PAR_CHARGE_NUMBER }, location[4] = { ISUP_PAR_LOCATION_NUMBER };
	struct sip_tel tel;

	for (unsigned int i = invite->first[SIP_HDR_OTHER]; i && i <= invite->n_hdrs; i++) {
		const struct sip_hdr *hdr = &invite->hdrs[i - 1];

		if (hdr->id == SIP_HDR_OTHER && is_for_iam(invite, hdr) &&
		    !has(iam, sip_str_ieq(hdr->name, SIP_STR(CHARGE)) ? charge : location))
			cb(MAP_LOSS_HEADER, map_loss_header_row(hdr->name), data);
	}
	if (!invite->uri.user_params.len || sip_tel_parse(&tel, &invite->uri))
		return;
	if (tel.isub.len && !map_access_has(iam, MAP_SUB_CALLED))
		cb(MAP_LOSS_HEADER, map_loss_header_row(SIP_STR("Request-URI;isub")), data);
	if (tel.rn.len && !is_ported(iam))
		cb(MAP_LOSS_HEADER, map_loss_header_row(SIP_STR("Request-URI;rn")), data);
	for (const struct for_iam *row = for_iams; row->name; row++) {
		const struct sip_str *value = (const struct sip_str *)((const char *)&tel + row->at);

		if (value->len && !has(iam, row->pars))
			cb(MAP_LOSS_HEADER, map_loss_header_row(sip_str_from(row->name)), data);
	}
}

static uint8_t body_row(const struct sip_media_type *type)
{
	uint8_t row = 0;

	while (map_loss_bodies[row + 1].name && !sip_media_type_is(type, map_loss_bodies[row].name))
		row++;
	return row;
}

/* Session descriptions, and digits (TS 29.163 7.2.3.1.2) */
static bool is_carried(const struct sip_body_part *part, bool isup, bool pstn)
{
	return part->multipart || sip_media_type_is(&part->type, "application/sdp") ||
	       sip_media_type_is(&part->type, "application/x-session-info") ||
	       (isup && sip_media_type_is(&part->type, "application/ISUP")) ||
	       (pstn && sip_media_type_is(&part->type, MAP_PSTN_TYPE));
}

void map_loss_of_bodies(const struct sip_msg *msg, bool isup, bool pstn, map_loss_cb *cb, void *data)
{
	const struct sip_hdr *hdr = sip_msg_hdr(msg, SIP_HDR_CONTENT_TYPE);
	struct sip_body_part part;
	struct sip_body body;

	/* the usual one is not walked for this */
	if (!msg->body.len || (hdr && sip_str_ieq(hdr->value, SIP_STR("application/sdp"))))
		return;
	sip_body_init(&body, msg);
	while (sip_body_next(&body, &part) == 0) {
		if (!is_carried(&part, isup, pstn))
			cb(MAP_LOSS_BODY, body_row(&part.type), data);
	}
}

/* ---- ISUP ---- */

static const uint8_t always_carried[] = {
	ISUP_PAR_ACL, ISUP_PAR_BCI, ISUP_PAR_CALL_REFERENCE, ISUP_PAR_CALLED_DIRECTORY_NUMBER, ISUP_PAR_CALLED_NUMBER,
	ISUP_PAR_CALL_DIVERSION, ISUP_PAR_CARRIER_ID, ISUP_PAR_CAUSE, ISUP_PAR_CONNECTED_NUMBER,
	ISUP_PAR_CONNECTION_REQUEST, ISUP_PAR_CPC, ISUP_PAR_EVENT_INFO, ISUP_PAR_FCI, ISUP_PAR_GENERIC_NAME,
	ISUP_PAR_GENERIC_NOTIFICATION, ISUP_PAR_GENERIC_NUMBER, ISUP_PAR_HOP_COUNTER, ISUP_PAR_MESSAGE_COMPAT,
	ISUP_PAR_NCI, ISUP_PAR_NETWORK_ROUTING_NUMBER, ISUP_PAR_NOTIFICATION_IND, ISUP_PAR_OBCI, ISUP_PAR_OPT_FCI,
	ISUP_PAR_PARAMETER_COMPAT, ISUP_PAR_PROPAGATION_DELAY, ISUP_PAR_REDIRECTION_INFO, ISUP_PAR_REDIRECTION_NUMBER,
	ISUP_PAR_REDIRECTION_NUMBER_RESTRICTION, ISUP_PAR_TMR, ISUP_PAR_TNS, ISUP_PAR_UUI,
};

void map_loss_carried(struct map_par_set *set, const struct map_iam_to_invite_rule *rules)
{
	memset(set, 0, sizeof(*set));
	for (unsigned int i = 0; i < ARRAY_SIZE(always_carried); i++)
		map_par_set_add(set, always_carried[i]);
	for (; rules->clause; rules++)
		map_par_set_add(set, rules->par);
}

/* ---- Lists ---- */

static bool same(const struct map_loss *a, const struct map_loss *b)
{
	return a->kind == b->kind && a->what == b->what && a->type == b->type && a->method == b->method &&
	       a->status == b->status;
}

static bool make_room(void *ctx, struct map_losses **losses)
{
	unsigned int room = *losses ? 2u * (*losses)->room : 4;
	struct map_losses *more;

	if (*losses && (*losses)->n < (*losses)->room)
		return true;
	more = room > MAP_LOSSES_MAX ? NULL :
	       talloc_realloc_size(ctx, *losses, sizeof(*more) + room * sizeof(more->rows[0]));
	if (!more) {
		if (*losses)
			(*losses)->more = true;
		return false;
	}
	if (!*losses)
		*more = (struct map_losses){};
	more->room = room;
	*losses = more;
	return true;
}

bool map_losses_note(void *ctx, struct map_losses **losses, const struct map_loss *loss)
{
	for (unsigned int i = 0; *losses && i < (*losses)->n; i++) {
		struct map_loss *row = &(*losses)->rows[i];

		if (!same(row, loss))
			continue;
		if (row->n < UINT16_MAX)
			row->n++;
		return false;
	}
	if (!make_room(ctx, losses))
		return false;
	(*losses)->rows[(*losses)->n] = *loss;
	(*losses)->rows[(*losses)->n++].n = 1;
	return true;
}

const char *map_loss_name(const struct map_loss *loss, const struct isup_dialect *dialect)
{
	const struct isup_par_def *def;

	switch (loss->kind) {
	case MAP_LOSS_MESSAGE:
		return isup_msg_name(dialect, loss->what);
	case MAP_LOSS_HEADER:
		return map_loss_headers[loss->what].name;
	case MAP_LOSS_BODY:
		return map_loss_bodies[loss->what].name;
	default:
		def = isup_par_def(dialect, loss->what);
		return def && def->name ? def->name : talloc_asprintf(OTC_SELECT, "param0x%02x", loss->what);
	}
}

int map_loss_print_buf(char *buf, size_t size, const struct map_loss *loss, const struct isup_dialect *dialect)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };

	OSMO_STRBUF_PRINTF(sb, "%s %s", get_value_string(map_loss_kinds, loss->kind), map_loss_name(loss, dialect));
	if (loss->type && loss->kind != MAP_LOSS_MESSAGE)
		OSMO_STRBUF_PRINTF(sb, " of %s", isup_msg_name(dialect, loss->type));
	if (loss->status)
		OSMO_STRBUF_PRINTF(sb, " of %u to %.*s", loss->status,
				   SIP_STR_ARG(sip_method_name(loss->method)));
	else if (!loss->type)
		OSMO_STRBUF_PRINTF(sb, " of %.*s", SIP_STR_ARG(sip_method_name(loss->method)));
	OSMO_STRBUF_PRINTF(sb, ": %s", get_value_string(map_loss_reasons, loss->kind));
	if (loss->n > 1)
		OSMO_STRBUF_PRINTF(sb, " (%u times)", loss->n);
	return sb.chars_needed;
}

/* ---- Totals ---- */

static struct map_loss_end *end_of(struct map_loss_totals *totals, bool group, const char *name)
{
	struct map_loss_end **at, *end;
	uint32_t hash = group;

	for (const char *c = name; *c; c++)
		hash = hash * 33 + (uint8_t)*c;
	for (at = &totals->ends[hash % MAP_LOSS_ENDS]; (end = *at); at = &end->next) {
		if (end->group == group && !strcmp(end->name, name))
			return end;
	}
	end = talloc_zero_size(totals, sizeof(*end) + strlen(name) + 1);
	if (!end)
		return NULL;
	end->group = group;
	memcpy(end->name, name, strlen(name) + 1);
	*at = end;
	return end;
}

void map_loss_count(struct map_loss_totals *totals, enum map_loss_kind kind, uint8_t what, bool group,
		    const char *name)
{
	struct map_loss_end *end = name ? end_of(totals, group, name) : NULL;

	totals->n[kind][what]++;
	if (end)
		end->n[kind]++;
}
