/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encapsulated ISUP, RFC 3204, RFC 3372, Q.1912.5 5.4: bodies written and read. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <osmocom/core/utils.h>

#include "mapping/map_number.h"
#include "mapping/map_sipi.h"

/* RFC 3204 3.1 Table 1; the Japanese and Bellcore variants are not in the codec. The last three are not of that table,
 * but in use for Q.763 of 1997 and later. */
const struct map_sipi_version map_sipi_versions[] = {
	{ "itu-t88", "q767", "RFC 3204 Table 1" },
	{ "itu-t92+", "itu", "RFC 3204 Table 1" },
	{ "etsi121", "etsi", "RFC 3204 Table 1" },
	{ "etsi356", "etsi", "RFC 3204 Table 1" },
	{ "ansi88", "ansi", "RFC 3204 Table 1" },
	{ "ansi00", "ansi", "RFC 3204 Table 1" },
	{ "itu-t", "itu", "RFC 3204 3.1 by agreement" },
	{ "itu-t97", "itu-1997", "RFC 3204 3.1 by agreement" },
	{ "itu-t99", "itu", "RFC 3204 3.1 by agreement" },
	{}
};

/* What is not in it is of the circuit (RLC apart, which ends the dialog, too), or of the exchanges at its ends. */
const struct map_sipi_place map_sipi_places[] = {
	{ ISUP_MSG_IAM, SIP_INVITE, 0, 0, "RFC 3398 8.2.1" },
	{ ISUP_MSG_ACM, SIP_INVITE, 101, 199, "RFC 3398 7.2.5" },
	{ ISUP_MSG_CPG, SIP_INVITE, 101, 199, "RFC 3398 7.2.9" },
	{ ISUP_MSG_ANM, SIP_INVITE, 200, 299, "RFC 3398 7.2.7" },
	{ ISUP_MSG_CON, SIP_INVITE, 200, 299, "RFC 3398 7.2.7" },
	{ ISUP_MSG_REL, SIP_INVITE, 300, 699, "RFC 3398 7.2.4" },
	{ ISUP_MSG_REL, SIP_BYE, 0, 0, "RFC 3398 7.2.3, 10.2" },
	{ ISUP_MSG_RLC, SIP_BYE, 200, 299, "Q.1912.5 5.4" },
	{ ISUP_MSG_CPG, SIP_UPDATE, 0, 0, "RFC 3398 9: also in re-INVITE" },
	{ ISUP_MSG_SUS, SIP_UPDATE, 0, 0, "RFC 3398 9.1: also in re-INVITE" },
	{ ISUP_MSG_RES, SIP_UPDATE, 0, 0, "RFC 3398 9.2: also in re-INVITE" },
	{ ISUP_MSG_SUS, SIP_INFO, 0, 0, "RFC 3398 9.1" },
	{ ISUP_MSG_RES, SIP_INFO, 0, 0, "RFC 3398 9.2" },
	{ ISUP_MSG_SAM, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_INR, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_INF, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_IDR, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_IRS, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_FOT, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_CPG, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_CRG, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_FAC, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_FAR, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_FAA, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_FRJ, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_USR, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_NRM, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_PAM, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_APM, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_PRI, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ ISUP_MSG_LOP, SIP_INFO, 0, 0, "RFC 3398 12" },
	{ MAP_SIPI_UNKNOWN_TYPE, SIP_INFO, 0, 0, "Q.764 2.9.5.2: passed on" },
	{}
};

static bool fits(uint8_t type, enum sip_method method, uint16_t status)
{
	for (const struct map_sipi_place *p = map_sipi_places; p->clause; p++) {
		if (p->type == type && p->method == method && status >= p->status_from && status <= p->status_to)
			return true;
	}
	return false;
}

/* RFC 3398 12: what goes in INFO stands in a provisional response where that is the first message backwards. */
bool map_sipi_fits(const struct isup_dialect *dialect, uint8_t type, enum sip_method method, uint16_t status)
{
	if (!isup_msg_def(dialect, type))
		type = MAP_SIPI_UNKNOWN_TYPE;
	return fits(type, method, status) ||
	       (method == SIP_INVITE && status > 100 && status < 200 && fits(type, SIP_INFO, 0));
}

/* ---- Sent ---- */

const struct map_sipi_version *map_sipi_version_find(struct sip_str word)
{
	for (const struct map_sipi_version *v = map_sipi_versions; v->word; v++) {
		if (sip_str_ieq(word, sip_str_from(v->word)))
			return v;
	}
	return NULL;
}

/* Is there anything in it that is only for the next exchange? */
static bool has_private(const struct isup_msg *msg)
{
	for (unsigned int i = 0; i < msg->n_pars; i++) {
		if (!map_sipi_passes(msg->pars[i].code))
			return true;
	}
	return false;
}

/* In another dialect; what has no CON says ANM instead. */
static int convert(struct isup_msg *to, const struct isup_dialect *dialect, const struct isup_msg *from,
		   struct isup_lost *lost)
{
	struct isup_msg anm;

	if (from->type == ISUP_MSG_CON && !isup_msg_def(dialect, ISUP_MSG_CON)) {
		isup_msg_init(&anm, from->dialect, ISUP_MSG_ANM);
		isup_msg_add(&anm, from, lost);
		from = &anm;
	}
	return isup_msg_convert(to, dialect, from, lost);
}

void map_sipi_put(struct sip_prim *prim, struct map_sipi_part *body, const struct isup_msg *msg, enum map_sipi mode,
		  const struct map_sipi_version *version, struct isup_lost *lost)
{
	const struct isup_dialect *dialect = version ? isup_dialect_find(version->dialect) : msg->dialect;
	const char *word = version ? version->word : isup_mime_version(dialect);
	struct isup_msg passed, said;
	int len;

	if (has_private(msg)) {
		map_sipi_pass(&passed, msg);
		msg = &passed;
	}
	if (!isup_same_message(msg->dialect, dialect, msg->type)) {
		if (convert(&said, dialect, msg, lost) < 0)
			return;
		msg = &said;
	}
	len = isup_msg_encode(msg, body->octets, sizeof(body->octets));
	if (len <= 0)
		return;
	snprintf(body->type, sizeof(body->type), "application/ISUP;version=%s;base=%s", word, word);
	body->part = (struct sip_part){
		.type = sip_str_from(body->type),
		.disposition = mode == MAP_SIPI_REQUIRED ? SIP_STR("signal;handling=required")
							 : SIP_STR("signal;handling=optional"),
		.content = { .p = (const char *)body->octets, .len = len },
	};
	prim->parts = &body->part;
	prim->n_parts = 1;
}

/* ---- Received ---- */

/* RFC 3204 3.1: the version, or where that is not known the base that it can be read as; NULL where neither is. *said:
 * is there any? */
static const struct map_sipi_version *version_of(const struct sip_media_type *type, bool *said)
{
	const struct map_sipi_version *version = NULL;
	struct sip_str word;

	*said = false;
	if (sip_param(type->params, "version", &word)) {
		*said = true;
		version = map_sipi_version_find(word);
	}
	if (!version && sip_param(type->params, "base", &word)) {
		*said = true;
		version = map_sipi_version_find(word);
	}
	return version;
}

/* Without any version, as the circuit's; NULL where it is not known */
static const struct isup_dialect *dialect_of(const struct sip_media_type *type, const struct isup_dialect *dialect)
{
	bool said;
	const struct map_sipi_version *version = version_of(type, &said);

	return version ? isup_dialect_find(version->dialect) : said ? NULL : dialect;
}

/* In the dialect of the circuit, where its messages are written as those of the body are, else converted */
static int read_octets(struct isup_msg *isup, struct sip_str octets, const struct isup_dialect *theirs,
		       const struct isup_dialect *dialect, struct isup_lost *lost)
{
	struct isup_msg said;
	bool same;
	int rc;

	if (!octets.len || octets.len > MAP_SIPI_OCTETS_MAX)
		return -EBADMSG;
	same = isup_same_message(theirs, dialect, octets.p[0]);
	rc = isup_msg_decode(same ? isup : &said, same ? dialect : theirs, (const uint8_t *)octets.p, octets.len, NULL);
	if (rc == 0 && !same)
		rc = convert(isup, dialect, &said, lost);
	return rc;
}

static enum map_sipi_result read_part(struct isup_msg *isup, const struct sip_body_part *part,
				      const struct isup_dialect *dialect, char *mem, size_t size,
				      struct isup_lost *lost)
{
	const struct isup_dialect *theirs = dialect_of(&part->type, dialect);
	struct sip_str octets = {};

	if (!theirs)
		return part->optional ? MAP_SIPI_UNREAD : MAP_SIPI_VERSION;
	if (!sip_body_decode(part, mem, size, &octets) && !read_octets(isup, octets, theirs, dialect, lost))
		return MAP_SIPI_READ;
	if (part->optional)
		return MAP_SIPI_UNREAD;
	/* what cannot be converted from another version may be right there */
	return isup_same_message(theirs, dialect, octets.len ? octets.p[0] : 0) ? MAP_SIPI_BROKEN : MAP_SIPI_VERSION;
}

/* Of several parts the first that can be read counts. RFC 2046 5.1.4: of alternatives one is enough. Their disposition
 * is not looked at: some call it a session. */
enum map_sipi_result map_sipi_read(struct isup_msg *isup, const struct sip_msg *msg,
				   const struct isup_dialect *dialect, char *mem, size_t size,
				   struct isup_lost *lost)
{
	enum map_sipi_result result, all = MAP_SIPI_NONE;
	uint8_t alternatives = UINT8_MAX;	/* depth of the parts that are */
	struct sip_body_part part;
	struct sip_body body;

	if (!msg || !msg->body.len)
		return MAP_SIPI_NONE;
	sip_body_init(&body, msg);
	while (!sip_body_next(&body, &part)) {
		if (part.depth < alternatives)
			alternatives = part.multipart && sip_str_ieq(part.type.subtype, SIP_STR("alternative")) ?
				       part.depth + 1 : UINT8_MAX;
		if (part.multipart || !sip_media_type_is(&part.type, "application/isup"))
			continue;
		result = read_part(isup, &part, dialect, mem, size, lost);
		if (result == MAP_SIPI_READ || (result != MAP_SIPI_UNREAD && part.depth < alternatives))
			return result;
		all = OSMO_MAX(all, result);
	}
	return all;
}

static bool next_isup(struct sip_body *body, struct sip_body_part *part)
{
	while (!sip_body_next(body, part)) {
		if (!part->multipart && sip_media_type_is(&part->type, "application/isup"))
			return true;
	}
	return false;
}

bool map_sipi_has(const struct sip_msg *msg, const struct map_sipi_version **version)
{
	struct sip_body_part part;
	struct sip_body body;
	bool has = false, said;

	*version = NULL;
	sip_body_init(&body, msg);
	while (!*version && next_isup(&body, &part)) {
		has = true;
		*version = version_of(&part.type, &said);
	}
	return has;
}

static bool number_has_st(const struct isup_msg *msg)
{
	uint8_t code = msg->type == ISUP_MSG_IAM ? ISUP_PAR_CALLED_NUMBER : ISUP_PAR_SUBSEQUENT_NUMBER;
	struct isup_number number;

	return (msg->type == ISUP_MSG_IAM || msg->type == ISUP_MSG_SAM) && isup_msg_get(msg, code, &number) == 0 &&
	       map_number_has_st(&number);
}

bool map_sipi_has_st(const struct sip_msg *invite, const struct isup_dialect *dialect)
{
	struct isup_lost lost = {};
	struct sip_body_part part;
	struct sip_body body;
	struct isup_msg isup;
	char mem[MAP_SIPI_MEM];

	sip_body_init(&body, invite);
	while (next_isup(&body, &part)) {
		if (read_part(&isup, &part, dialect, mem, sizeof(mem), &lost) == MAP_SIPI_READ && number_has_st(&isup))
			return true;
	}
	return false;
}

/* Q.763 3.4, 3.8, 3.17, Q.764 2.11: what says something of one signalling relation, or of one exchange to the next */
bool map_sipi_passes(uint8_t par)
{
	return par != ISUP_PAR_ACL && par != ISUP_PAR_CALL_REFERENCE && par != ISUP_PAR_CONNECTION_REQUEST;
}

/* A message that is not taken apart goes on as octets. */
void map_sipi_pass(struct isup_msg *to, const struct isup_msg *from)
{
	const struct isup_msg_def *def = isup_msg_def(from->dialect, from->type);

	if ((!def || def->opaque) && from->octets_len && from->octets_len <= sizeof(to->store)) {
		memcpy(to->store, from->octets, from->octets_len);
		isup_msg_decode(to, from->dialect, to->store, from->octets_len, NULL);
		to->n_store = from->octets_len;
		return;
	}
	isup_msg_init(to, from->dialect, from->type);
	for (unsigned int i = 0; i < from->n_pars; i++) {
		if (map_sipi_passes(from->pars[i].code))
			isup_msg_put_octets(to, from->pars[i].code, from->pars[i].val, from->pars[i].len);
	}
}
