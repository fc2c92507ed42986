/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connected number and redirection number in responses: Q.731.5, Q.732.2, 3GPP TS 29.163 7.4.2, 7.5.4. */

#include <string.h>

#include "mapping/map_connected.h"
#include "mapping/map_divert.h"
#include "mapping/map_number.h"
#include "mapping/map_subaddress.h"
#include "mapping/mapping.h"

#define NOTIFY_DIVERTING	123	/* Q.763 3.25: call is diverting */
/* Q.763 3.6: notification subscription options */
#define OPTION_NOT_ALLOWED	1
#define OPTION_WITH_NUMBER	2
#define OPTION_WITHOUT_NUMBER	3
#define URI_MAX			(MAP_KEY_SIZE + 80)

/* ---- Who has answered ---- */

static bool show(char *key, const struct isup_number *number, const struct map_connected_env *env)
{
	return number->apri != ISUP_APRI_NOT_AVAILABLE &&
	       map_number_to_key(key, MAP_KEY_SIZE, number, env->numbering) == 0;
}

static bool get_connected(struct isup_number *number, char *key, const struct isup_msg *answer,
			  const struct map_connected_env *env)
{
	return env->trusted && isup_msg_find(answer, ISUP_PAR_CONNECTED_NUMBER) &&
	       isup_msg_get(answer, ISUP_PAR_CONNECTED_NUMBER, number) == 0 && show(key, number, env);
}

bool map_connected_sub_is_told(const struct isup_msg *answer, const struct map_connected_env *env)
{
	struct isup_number number;
	struct map_isub isub;
	char key[MAP_KEY_SIZE];

	map_isub_of_isup(&isub, answer, MAP_SUB_CONNECTED);
	return isub.encoding && get_connected(&number, key, answer, env);
}

void map_connected_to_identity(struct sip_buf *mem, const struct isup_msg *answer, const struct map_connected_env *env)
{
	struct isup_number number;
	struct map_isub isub;
	char key[MAP_KEY_SIZE];

	if (!get_connected(&number, key, answer, env))
		return;
	map_isub_of_isup(&isub, answer, MAP_SUB_CONNECTED);
	sip_put_lit(mem, "P-Asserted-Identity: <");
	map_put_number_uri(mem, key, &isub, env->local);
	sip_put_lit(mem, ">\r\n");
	if (number.apri != ISUP_APRI_ALLOWED)
		sip_put_lit(mem, "Privacy: id\r\n");
}

/* RFC 4916 4.2, RFC 3323 4.1.1.3 */
void map_connected_to_from(struct sip_buf *mem, const struct isup_msg *answer, const struct map_connected_env *env)
{
	struct isup_number number, additional;
	char key[MAP_KEY_SIZE];

	if (isup_msg_get(answer, ISUP_PAR_CONNECTED_NUMBER, &number) || !show(key, &number, env))
		return;
	if (env->two_numbers && !map_generic_get(answer, MAP_GENERIC_ADDITIONAL_CONNECTED, &additional) &&
	    show(key, &additional, env))
		number = additional;
	if (number.apri != ISUP_APRI_ALLOWED) {
		sip_put_lit(mem, "\"Anonymous\" <sip:anonymous@anonymous.invalid>");
		return;
	}
	sip_put_lit(mem, "<");
	map_put_number_uri(mem, key, NULL, env->local);
	sip_put_lit(mem, ">");
}

static bool addr_number(struct isup_number *number, const struct sip_addr *addr, const struct map_connected_env *env)
{
	struct sip_uri uri;

	if (sip_uri_parse(&uri, addr->uri_text) || map_number_from_uri(number, &uri, env->sip_numbering))
		return false;
	map_number_renumber(number, env->sip_numbering, env->numbering);
	return true;
}

/* addr: where it stands */
static bool identity(struct isup_number *number, struct sip_addr *addr, const struct sip_msg *msg,
		     const struct map_connected_env *env)
{
	struct sip_values v;

	if (!msg || !env->trusted)
		return false;
	sip_values_init(&v, msg, SIP_HDR_P_ASSERTED_IDENTITY);
	while (!sip_values_next_addr(&v, addr)) {
		if (addr_number(number, addr, env))
			return true;
	}
	return false;
}

static bool hidden(const struct sip_msg *msg)
{
	const struct sip_hdr *h = sip_msg_hdr(msg, SIP_HDR_PRIVACY);
	unsigned int set = 0;

	for (; h; h = sip_msg_hdr_next(msg, h))
		sip_privacy_parse(&set, h->value);
	return (set & (SIP_PRIVACY_ID | SIP_PRIVACY_USER | SIP_PRIVACY_HEADER)) && !(set & SIP_PRIVACY_NONE);
}

bool map_identity_read(struct map_identity *id, const struct sip_msg *request, const struct map_connected_env *env)
{
	struct sip_addr addr;
	bool asserted = identity(&id->number, &addr, request, env), from;

	*id = (struct map_identity){ .number = asserted ? id->number : (struct isup_number){} };
	from = env->trusted && addr_number(&id->additional, &request->from, env);
	if (!asserted && !from)
		return false;
	if (!asserted)
		id->number = id->additional;
	id->number.apri = id->additional.apri = hidden(request) ? ISUP_APRI_RESTRICTED : ISUP_APRI_ALLOWED;
	if (!asserted || !from || !env->two_numbers ||
	    (id->number.noa == id->additional.noa && !strcmp(id->number.digits, id->additional.digits)))
		id->additional.n_digits = 0;
	return map_number_to_key(id->key, sizeof(id->key), &id->number, env->numbering) == 0;
}

static void put_additional(struct isup_msg *answer, const struct map_identity *heard)
{
	int qualifier = map_generic_qualifier(answer->dialect, MAP_GENERIC_ADDITIONAL_CONNECTED);
	struct isup_number number;

	if (!heard || !heard->additional.n_digits || qualifier < 0)
		return;
	number = heard->additional;
	number.qualifier = qualifier;
	number.screening = ISUP_SCREENING_USER_NOT_VERIFIED;
	isup_msg_put(answer, ISUP_PAR_GENERIC_NUMBER, &number);
}

/* Q.763 3.16: of an address that is not available nature and plan are 0, and the network says so. */
int map_identity_to_connected(struct isup_msg *answer, const struct sip_msg *ok, const struct map_connected_env *env)
{
	const struct isup_par_def *def = isup_par_def(answer->dialect, ISUP_PAR_CONNECTED_NUMBER);
	struct isup_number number;
	struct sip_addr addr;

	if (!def)
		return 0;
	if (identity(&number, &addr, ok, env) && number.n_digits <= 2 * (def->max_len - def->head)) {
		number.apri = hidden(ok) ? ISUP_APRI_RESTRICTED : ISUP_APRI_ALLOWED;
		map_isub_to_isup(answer, addr.uri_text, MAP_SUB_CONNECTED);
	} else if (env->heard && env->heard->number.n_digits <= 2 * (def->max_len - def->head)) {
		number = env->heard->number;
	} else {
		number = (struct isup_number){ .apri = ISUP_APRI_NOT_AVAILABLE };
	}
	number.screening = ISUP_SCREENING_NETWORK;
	put_additional(answer, env->heard);
	return isup_msg_put(answer, ISUP_PAR_CONNECTED_NUMBER, &number);
}

/* ---- Where it went ---- */

/* Q.763 3.21, 3.6: the redirecting reason */
static uint8_t reason_of(const struct isup_msg *msg, const struct isup_call_diversion *diversion)
{
	static const uint8_t reasons[] = {
		[ISUP_EVENT_FORWARDED_BUSY] = 1, [ISUP_EVENT_FORWARDED_NO_REPLY] = 2,
		[ISUP_EVENT_FORWARDED_UNCONDITIONAL] = 3,
	};
	struct isup_event_info info;

	if (diversion->reason || isup_msg_get(msg, ISUP_PAR_EVENT_INFO, &info) || info.event >= sizeof(reasons))
		return diversion->reason;
	return reasons[info.event];
}

/* Only who is told the number gets it. */
static void put_target(struct sip_buf *uri, const struct isup_msg *msg, const struct map_connected_env *env, bool tell)
{
	struct isup_number number;
	char key[MAP_KEY_SIZE];

	if (!tell || isup_msg_get(msg, ISUP_PAR_REDIRECTION_NUMBER, &number) ||
	    map_number_to_key(key, sizeof(key), &number, env->numbering) < 0)
		sip_put_lit(uri, "sip:unknown@unknown.invalid");
	else
		map_put_number_uri(uri, key, NULL, env->local);
}

void map_redirection_to_history(struct sip_buf *mem, const struct isup_msg *msg, const struct map_connected_env *env)
{
	struct isup_call_diversion diversion = {};
	bool diverts = isup_msg_find(msg, ISUP_PAR_CALL_DIVERSION);
	struct map_diversions d = { .n = 1 };
	char text[URI_MAX];
	struct sip_buf uri;
	uint8_t restriction = 0;

	if (!diverts && !isup_msg_find(msg, ISUP_PAR_REDIRECTION_NUMBER))
		return;
	if (diverts)
		isup_msg_get(msg, ISUP_PAR_CALL_DIVERSION, &diversion);
	if (diversion.options == OPTION_NOT_ALLOWED ||
	    map_number_from_text(&d.last.number, env->called, strlen(env->called), env->numbering) < 0)
		return;
	isup_msg_get(msg, ISUP_PAR_REDIRECTION_NUMBER_RESTRICTION, &restriction);
	d.target_hidden = restriction == 1;
	d.last.reason = reason_of(msg, &diversion);
	d.first = d.last;
	sip_buf_init(&uri, text, sizeof(text));
	put_target(&uri, msg, env, diversion.options != OPTION_WITHOUT_NUMBER && (env->trusted || !d.target_hidden));
	map_put_history(mem, &d, &(struct map_diversions_env){
		.profile = env->profile, .numbering = env->numbering, .local = env->local,
		.target = sip_buf_str(&uri), .trusted = env->trusted,
	});
}

static bool diversions(struct map_diversions *d, const struct sip_msg *msg, const struct map_connected_env *env)
{
	return env->trusted && msg && sip_msg_hdr(msg, SIP_HDR_HISTORY_INFO) &&
	       map_diversions_from_sip(d, msg, env->profile, env->sip_numbering);
}

static void put_redirection_number(struct isup_msg *msg, const struct isup_number *to, bool hidden)
{
	struct isup_number target = *to;
	uint8_t restriction = hidden;

	if (!target.n_digits || isup_msg_find(msg, ISUP_PAR_REDIRECTION_NUMBER))
		return;
	target.inn = 1;
	isup_msg_put(msg, ISUP_PAR_REDIRECTION_NUMBER, &target);
	if (isup_par_def(msg->dialect, ISUP_PAR_REDIRECTION_NUMBER_RESTRICTION))
		isup_msg_put(msg, ISUP_PAR_REDIRECTION_NUMBER_RESTRICTION, &restriction);
}

void map_put_diverted(struct isup_msg *msg, const struct map_diverted *diverted)
{
	const struct isup_notifications notifications = { .n = 1, .items = { { NOTIFY_DIVERTING } } };
	const struct isup_call_diversion diversion = {
		.options = diverted->target_hidden ? OPTION_WITHOUT_NUMBER : OPTION_WITH_NUMBER,
		.reason = diverted->reason,
	};

	if (!isup_par_def(msg->dialect, ISUP_PAR_CALL_DIVERSION) || isup_msg_find(msg, ISUP_PAR_CALL_DIVERSION))
		return;
	isup_msg_put(msg, ISUP_PAR_GENERIC_NOTIFICATION, &notifications);
	isup_msg_put(msg, ISUP_PAR_CALL_DIVERSION, &diversion);
	put_redirection_number(msg, &diverted->target, diverted->target_hidden);
}

void map_history_to_answer(struct isup_msg *answer, const struct sip_msg *ok, const struct map_connected_env *env)
{
	struct map_diversions d;

	if (!isup_par_def(answer->dialect, ISUP_PAR_REDIRECTION_NUMBER) || !diversions(&d, ok, env))
		return;
	map_number_renumber(&d.target, env->sip_numbering, env->numbering);
	put_redirection_number(answer, &d.target, d.target_hidden);
}

void map_history_to_redirection(struct isup_msg *cpg, const struct sip_msg *forwarded,
				const struct map_connected_env *env)
{
	struct map_diverted diverted;
	struct map_diversions d;

	if (!diversions(&d, forwarded, env))
		return;
	map_number_renumber(&d.target, env->sip_numbering, env->numbering);
	diverted = (struct map_diverted){ d.target, d.last.reason, d.target_hidden };
	map_put_diverted(cpg, &diverted);
}

uint8_t map_reason_to_event(uint8_t reason, uint8_t otherwise)
{
	static const uint8_t events[] = {
		[1] = ISUP_EVENT_FORWARDED_BUSY, [2] = ISUP_EVENT_FORWARDED_NO_REPLY,
		[3] = ISUP_EVENT_FORWARDED_UNCONDITIONAL,
	};

	return reason < sizeof(events) && events[reason] ? events[reason] : otherwise;
}

uint8_t map_history_to_event(const struct sip_msg *forwarded, uint8_t otherwise, const struct map_connected_env *env)
{
	struct map_diversions d;

	return diversions(&d, forwarded, env) ? map_reason_to_event(d.last.reason, otherwise) : otherwise;
}
