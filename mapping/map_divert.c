/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diverted calls: what an IAM and an INVITE say of diversions, RFC 5806 9, RFC 7544, 3GPP TS 29.163 7.5.4. */

#include <string.h>

#include "mapping/map_divert.h"
#include "mapping/map_number.h"
#include "mapping/map_profile.h"
#include "mapping/mapping.h"

/* ---- Reasons ---- */

/* Q.763 3.45 b, e; the original reason has no words beyond the fourth */
enum reason {
	REASON_UNKNOWN, REASON_BUSY, REASON_NO_REPLY, REASON_UNCONDITIONAL, REASON_DEFLECTION_ALERTING,
	REASON_DEFLECTION_IMMEDIATE, REASON_NOT_REACHABLE,
};

static const struct value_string reason_words[] = {
	{ REASON_UNKNOWN, "unknown" },
	{ REASON_BUSY, "user-busy" },
	{ REASON_NO_REPLY, "no-reply" },
	{ REASON_UNCONDITIONAL, "unconditional" },
	{ REASON_DEFLECTION_ALERTING, "deflection-alerting" },
	{ REASON_DEFLECTION_IMMEDIATE, "deflection-immediate" },
	{ REASON_NOT_REACHABLE, "not-reachable" },
	{}
};

/* RFC 5806 5.2.2 diversion-reason, as it stands in the header */
enum diversion_reason {
	DIV_UNKNOWN, DIV_BUSY, DIV_NO_ANSWER, DIV_UNAVAILABLE, DIV_UNCONDITIONAL, DIV_TIME_OF_DAY, DIV_DO_NOT_DISTURB,
	DIV_DEFLECTION, DIV_FOLLOW_ME, DIV_OUT_OF_SERVICE, DIV_AWAY,
};

static const struct value_string diversion_words[] = {
	{ DIV_UNKNOWN, "unknown" },
	{ DIV_BUSY, "user-busy" },
	{ DIV_NO_ANSWER, "no-answer" },
	{ DIV_UNAVAILABLE, "unavailable" },
	{ DIV_UNCONDITIONAL, "unconditional" },
	{ DIV_TIME_OF_DAY, "time-of-day" },
	{ DIV_DO_NOT_DISTURB, "do-not-disturb" },
	{ DIV_DEFLECTION, "deflection" },
	{ DIV_FOLLOW_ME, "follow-me" },
	{ DIV_OUT_OF_SERVICE, "out-of-service" },
	{ DIV_AWAY, "away" },
	{}
};

static const struct map_row reason_to_diversion_rows[] = {
	{ { REASON_BUSY }, { DIV_BUSY }, "RFC 5806 9.1" },
	{ { REASON_NO_REPLY }, { DIV_NO_ANSWER }, "RFC 5806 9.1" },
	{ { REASON_UNCONDITIONAL }, { DIV_UNCONDITIONAL }, "RFC 5806 9.1" },
	{ { REASON_DEFLECTION_ALERTING }, { DIV_DEFLECTION }, "RFC 5806 9.1" },
	{ { REASON_DEFLECTION_IMMEDIATE }, { DIV_DEFLECTION }, "RFC 5806 9.1" },
	{ { REASON_NOT_REACHABLE }, { DIV_UNAVAILABLE }, "RFC 5806 9.1" },
	{ { MAP_ANY }, { DIV_UNKNOWN }, "RFC 5806 9.1" },
	{}
};

const struct map_table map_reason_to_diversion_table = {
	.name = "reason-to-diversion",
	.title = "Redirecting reason to reason of Diversion",
	.in = { { "reason", reason_words } },
	.out = { { "diversion", diversion_words } },
	.rows = reason_to_diversion_rows,
};

static const struct map_row diversion_to_reason_rows[] = {
	{ { DIV_BUSY }, { REASON_BUSY }, "RFC 5806 9.1" },
	{ { DIV_NO_ANSWER }, { REASON_NO_REPLY }, "RFC 5806 9.1" },
	{ { DIV_UNCONDITIONAL }, { REASON_UNCONDITIONAL }, "RFC 5806 9.1" },
	{ { DIV_DEFLECTION }, { REASON_DEFLECTION_IMMEDIATE }, "RFC 5806 9.1" },
	{ { DIV_UNAVAILABLE }, { REASON_NOT_REACHABLE }, "RFC 5806 9.1" },
	{ { MAP_ANY }, { REASON_UNKNOWN }, "RFC 5806 9.1" },
	{}
};

const struct map_table map_diversion_to_reason_table = {
	.name = "diversion-to-reason",
	.title = "Reason of Diversion to redirecting reason",
	.in = { { "diversion", diversion_words } },
	.out = { { "reason", reason_words } },
	.rows = diversion_to_reason_rows,
};

/* RFC 4458 has the numbers */
static const struct map_row reason_to_history_rows[] = {
	{ { REASON_BUSY }, { 486 }, "RFC 7544 5" },
	{ { REASON_NO_REPLY }, { 408 }, "RFC 7544 5" },
	{ { REASON_UNCONDITIONAL }, { 302 }, "RFC 7544 5" },
	{ { REASON_DEFLECTION_ALERTING }, { 487 }, "TS 29.163 7.5.4.2.2" },
	{ { REASON_DEFLECTION_IMMEDIATE }, { 480 }, "TS 29.163 7.5.4.2.2" },
	{ { REASON_NOT_REACHABLE }, { 503 }, "TS 29.163 7.5.4.2.2" },
	{ { MAP_ANY }, { 404 }, "RFC 7544 5" },
	{}
};

const struct map_table map_reason_to_history_table = {
	.name = "reason-to-history",
	.title = "Redirecting reason to cause of a History-Info entry",
	.in = { { "reason", reason_words } },
	.out = { { "cause", NULL, 699 } },
	.rows = reason_to_history_rows,
};

static const struct map_row history_to_reason_rows[] = {
	{ { 302 }, { 1, REASON_UNCONDITIONAL }, "TS 29.163 7.5.4.3" },
	{ { 404 }, { 1, REASON_UNKNOWN }, "TS 29.163 7.5.4.3" },
	{ { 408 }, { 1, REASON_NO_REPLY }, "TS 29.163 7.5.4.3" },
	{ { 480 }, { 1, REASON_DEFLECTION_IMMEDIATE }, "TS 29.163 7.5.4.3" },
	{ { 486 }, { 1, REASON_BUSY }, "TS 29.163 7.5.4.3" },
	{ { 487 }, { 1, REASON_DEFLECTION_ALERTING }, "TS 29.163 7.5.4.3" },
	{ { 503 }, { 1, REASON_NOT_REACHABLE }, "TS 29.163 7.5.4.3" },
	{ { MAP_ANY }, { 0, REASON_UNKNOWN }, "RFC 4458 2.1" },
	{}
};

const struct map_table map_history_to_reason_table = {
	.name = "history-to-reason",
	.title = "Cause of a History-Info entry to whether the call was diverted there, and why",
	.in = { { "cause", NULL, 699 } },
	.out = { { "diverted", map_no_yes }, { "reason", reason_words } },
	.rows = history_to_reason_rows,
};

/* A phone that redirects while it rings deflects the call. */
static const struct map_row redirect_to_reason_rows[] = {
	{ { 300, 0 }, { REASON_UNKNOWN }, "RFC 3261 21.3.1" },
	{ { MAP_ANY, 0 }, { REASON_UNCONDITIONAL }, "RFC 4458 2.1" },
	{ { MAP_ANY, 1 }, { REASON_DEFLECTION_ALERTING }, "RFC 4458 2.1" },
	{}
};

const struct map_table map_redirect_to_reason_table = {
	.name = "redirect-to-reason",
	.title = "Redirection to redirecting reason, where it does not say why",
	.in = { { "status", NULL, 399, 300 }, { "alerted", map_no_yes } },
	.out = { { "reason", reason_words } },
	.rows = redirect_to_reason_rows,
};

static int16_t find(const struct map_profile *profile, enum map_table_use use, int16_t in)
{
	return map_table_find(profile->tables[use], (int16_t[]){ in })[0];
}

/* ---- Of an IAM ---- */

/* Q.763 3.45 CBA: 2 and 4, all redirection information is presentation restricted; 5 and 6, the redirection number */
static bool all_hidden(const struct isup_redirection_info *info)
{
	return info->indicator == 2 || info->indicator == 4;
}

static bool get_number(struct map_diverter *diverter, const struct isup_msg *iam, uint8_t code)
{
	struct isup_number *number = &diverter->number;

	if (isup_msg_get(iam, code, number) || number->apri == ISUP_APRI_NOT_AVAILABLE)
		number->n_digits = 0;
	else
		diverter->hidden |= number->apri != ISUP_APRI_ALLOWED;
	return number->n_digits;
}

bool map_diversions_from_isup(struct map_diversions *d, const struct isup_msg *iam)
{
	struct isup_redirection_info info = {};
	bool told = !isup_msg_get(iam, ISUP_PAR_REDIRECTION_INFO, &info);

	d->n = info.counter;
	if (!d->n && isup_msg_find(iam, ISUP_PAR_REDIRECTING_NUMBER))
		d->n = 1;
	if (!d->n)
		return false;
	d->target_hidden = told && (info.indicator == 5 || info.indicator == 6 || all_hidden(&info));
	d->last.hidden = d->first.hidden = told && all_hidden(&info);
	d->last.reason = info.reason;
	d->first.reason = info.original_reason;
	get_number(&d->last, iam, ISUP_PAR_REDIRECTING_NUMBER);
	get_number(&d->first, iam, ISUP_PAR_ORIGINAL_CALLED_NUMBER);
	if (d->n > 1)
		return true;
	/* of one diversion it does not matter which of the two tells of it */
	if (!d->last.number.n_digits)
		d->last = (struct map_diverter){ d->first.number, d->first.hidden, d->last.reason };
	d->first = d->last;
	return true;
}

/* ---- Of an INVITE ---- */

static void use_addr(struct isup_number *number, const struct sip_addr *addr, const struct map_numbering *numbering)
{
	struct sip_uri uri;

	if (sip_uri_parse(&uri, addr->uri_text) || map_number_from_uri(number, &uri, numbering))
		number->n_digits = 0;
}

static bool privacy_has(const struct sip_msg *msg, unsigned int words)
{
	const struct sip_hdr *h = sip_msg_hdr(msg, SIP_HDR_PRIVACY);
	unsigned int set = 0;

	for (; h; h = sip_msg_hdr_next(msg, h))
		sip_privacy_parse(&set, h->value);
	return set & words;
}

/* Where an entry of History-Info stands in its list, and what it says */
struct history_walk {
	const struct sip_msg *msg;
	const struct sip_hdr *hdr;
	struct sip_str list;
};

static bool history_next(struct history_walk *w, struct sip_history *entry)
{
	while (w->hdr) {
		if (sip_history_take(entry, &w->list) == 0)
			return true;
		w->hdr = sip_msg_hdr_next(w->msg, w->hdr);
		if (w->hdr)
			w->list = w->hdr->value;
	}
	return false;
}

static void history_walk_init(struct history_walk *w, const struct sip_msg *msg)
{
	*w = (struct history_walk){ .msg = msg, .hdr = sip_msg_hdr(msg, SIP_HDR_HISTORY_INFO) };
	if (w->hdr)
		w->list = w->hdr->value;
}

/* The entry from which a target came: that its mp names, else the one before it (RFC 7544 6); from is that position */
static bool find_diverting(struct sip_history *entry, const struct sip_msg *msg, const struct sip_history *target,
			   unsigned int position)
{
	struct sip_history before = {};
	struct history_walk w;
	bool found = false;

	history_walk_init(&w, msg);
	for (unsigned int i = 0; history_next(&w, entry); i++) {
		if (target->target == 'm' && sip_str_eq(entry->index, target->target_index))
			return true;
		if (i + 1 == position) {
			before = *entry;
			found = true;
		}
	}
	*entry = before;
	return found;
}

static void use_history(struct map_diverter *diverter, const struct sip_msg *msg, const struct sip_history *target,
			unsigned int position, const struct map_numbering *numbering)
{
	struct sip_history entry;

	diverter->number.n_digits = 0;
	diverter->hidden = map_history_is_private(msg);
	if (!find_diverting(&entry, msg, target, position))
		return;
	use_addr(&diverter->number, &entry.addr, numbering);
	diverter->hidden |= sip_str_ieq(entry.privacy, SIP_STR("history"));
}

/* RFC 7544 6, TS 29.163 7.5.4.3: each entry with a cause of RFC 4458 is one diversion. */
static bool from_history(struct map_diversions *d, const struct sip_msg *msg, const struct map_profile *profile,
			 const struct map_numbering *numbering)
{
	struct sip_history entry, first = {}, last = {};
	unsigned int i, n = 0, first_at = 0, last_at = 0;
	struct history_walk w;

	history_walk_init(&w, msg);
	for (i = 0; history_next(&w, &entry); i++) {
		const int16_t *out = map_table_find(profile->tables[MAP_TABLE_HISTORY_TO_REASON],
						    (int16_t[]){ entry.cause });

		if (!out[0])
			continue;
		last = entry;
		last_at = i;
		d->last.reason = out[1];
		if (n++)
			continue;
		first = entry;
		first_at = i;
		d->first.reason = out[1];
	}
	if (!n)
		return false;
	d->n = OSMO_MIN(n, MAP_DIVERSIONS_MAX);
	use_history(&d->first, msg, &first, first_at, numbering);
	use_history(&d->last, msg, &last, last_at, numbering);
	use_addr(&d->target, &last.addr, numbering);
	d->target_hidden = sip_str_ieq(last.privacy, SIP_STR("history"));
	return true;
}

static void use_diversion(struct map_diverter *diverter, const struct sip_msg *msg,
			  const struct sip_diversion *diversion, const struct map_profile *profile,
			  const struct map_numbering *numbering)
{
	const struct value_string *word = diversion_words;

	while (word->str && !sip_str_ieq(diversion->reason, sip_str_from(word->str)))
		word++;
	diverter->reason = find(profile, MAP_TABLE_DIVERSION_TO_REASON, word->str ? (int)word->value : DIV_UNKNOWN);
	diverter->hidden = privacy_has(msg, SIP_PRIVACY_HEADER) ||
			   (diversion->privacy.len && !sip_str_ieq(diversion->privacy, SIP_STR("off")));
	use_addr(&diverter->number, &diversion->addr, numbering);
}

/* RFC 5806 9.2.4: the top-most is the last one */
static bool from_diversion(struct map_diversions *d, const struct sip_msg *msg, const struct map_profile *profile,
			   const struct map_numbering *numbering)
{
	const struct sip_hdr *h = sip_msg_hdr(msg, SIP_HDR_DIVERSION);
	struct sip_diversion entry, first = {};
	unsigned int sum = 0;
	struct sip_str list;

	for (; h; h = sip_msg_hdr_next(msg, h)) {
		for (list = h->value; !sip_diversion_take(&entry, &list);) {
			if (!sum)
				use_diversion(&d->last, msg, &entry, profile, numbering);
			sum += entry.has_counter && entry.counter ? entry.counter : 1;
			first = entry;
		}
	}
	if (!sum)
		return false;
	use_diversion(&d->first, msg, &first, profile, numbering);
	d->n = OSMO_MIN(sum, MAP_DIVERSIONS_MAX);
	d->target_hidden = false;
	d->target.n_digits = 0;
	return true;
}

bool map_diversions_from_sip(struct map_diversions *d, const struct sip_msg *invite,
			     const struct map_profile *profile, const struct map_numbering *numbering)
{
	return from_history(d, invite, profile, numbering) || from_diversion(d, invite, profile, numbering);
}

uint8_t map_redirect_reason(const struct sip_msg *response, const struct map_redirect_why *why,
			    const struct map_profile *profile)
{
	const struct map_numbering none = {};
	struct map_diversions d;
	const int16_t *out;

	out = map_table_find(profile->tables[MAP_TABLE_HISTORY_TO_REASON], (int16_t[]){ why->cause });
	if (why->cause && out[0])
		return out[1];
	if (why->trusted && from_diversion(&d, response, profile, &none))
		return d.last.reason;
	out = map_table_find(profile->tables[MAP_TABLE_REDIRECT_TO_REASON],
			     (int16_t[]){ why->status, why->alerted });
	return out[0];
}

bool map_history_is_private(const struct sip_msg *msg)
{
	return privacy_has(msg, SIP_PRIVACY_HISTORY | SIP_PRIVACY_HEADER | SIP_PRIVACY_SESSION);
}

/* ---- Towards SIP ---- */

/* sip:KEY@HOST;user=phone, or who nobody may know or nobody knows */
static bool put_diverter_uri(struct sip_buf *mem, const struct map_diverter *diverter,
			     const struct map_diversions_env *env)
{
	char key[MAP_KEY_SIZE];

	if (diverter->hidden && !env->trusted) {
		sip_put_lit(mem, "sip:anonymous@anonymous.invalid");
		return false;
	}
	if (!diverter->number.n_digits ||
	    map_number_to_key(key, sizeof(key), &diverter->number, env->numbering) < 0) {
		sip_put_lit(mem, "sip:unknown@unknown.invalid");
		return false;
	}
	map_put_number_uri(mem, key, NULL, env->local);
	return true;
}

static void put_diversion(struct sip_buf *mem, const struct map_diverter *diverter, unsigned int counter,
			  const struct map_diversions_env *env)
{
	sip_put_lit(mem, "Diversion: <");
	put_diverter_uri(mem, diverter, env);
	sip_put_lit(mem, ">;reason=");
	sip_put_z(mem, get_value_string(diversion_words,
					find(env->profile, MAP_TABLE_REASON_TO_DIVERSION, diverter->reason)));
	sip_put_lit(mem, ";counter=");
	sip_put_uint(mem, counter);
	if (diverter->hidden)
		sip_put_lit(mem, ";privacy=full\r\n");
	else
		sip_put_lit(mem, ";privacy=off\r\n");
}

/* RFC 5806 9.2.3 */
void map_put_diversion(struct sip_buf *mem, const struct map_diversions *d, const struct map_diversions_env *env)
{
	put_diversion(mem, &d->last, d->n > 1 ? d->n - 1 : 1, env);
	if (d->n > 1)
		put_diversion(mem, &d->first, 1, env);
}

/* "1.1.1" for depth 3 */
static void put_index(struct sip_buf *mem, unsigned int depth)
{
	sip_put_lit(mem, "1");
	while (--depth)
		sip_put_lit(mem, ".1");
}

/* What follows an entry's URI: why it came there from the entry before (not of the first), whether it is to be shown,
 * its place */
static void end_history(struct sip_buf *mem, unsigned int depth, int cause, bool hidden)
{
	if (cause) {
		sip_put_lit(mem, ";cause=");
		sip_put_uint(mem, cause);
	}
	if (hidden)
		sip_put_lit(mem, "?Privacy=history");
	sip_put_lit(mem, ">;index=");
	put_index(mem, depth);
	if (depth > 1) {
		sip_put_lit(mem, ";mp=");
		put_index(mem, depth - 1);
	}
	sip_put_lit(mem, "\r\n");
}

/* RFC 7544 5: one entry more than diversions; of those between the first and the last nothing is known. */
void map_put_history(struct sip_buf *mem, const struct map_diversions *d, const struct map_diversions_env *env)
{
	int last = find(env->profile, MAP_TABLE_REASON_TO_HISTORY, d->last.reason), cause = 0;

	for (unsigned int depth = 1; depth <= d->n; depth++) {
		const struct map_diverter unknown = {}, *who = depth == 1 ? &d->first : depth == d->n ? &d->last :
						    &unknown;

		if (depth == 2)
			cause = find(env->profile, MAP_TABLE_REASON_TO_HISTORY, d->first.reason);
		else if (depth > 2)
			cause = find(env->profile, MAP_TABLE_REASON_TO_HISTORY, REASON_UNKNOWN);
		sip_put_lit(mem, "History-Info: <");
		end_history(mem, depth, cause, put_diverter_uri(mem, who, env) && who->hidden);
	}
	sip_put_lit(mem, "History-Info: <");
	sip_put_str(mem, env->target);
	end_history(mem, d->n + 1, last, d->target_hidden);
}

/* ---- Towards ISUP ---- */

/* Q.763 3.45: 3 call diverted; 4 with all of it restricted; 6 the redirection number is. */
void map_redirection_info(struct isup_redirection_info *info, const struct map_diversions *d)
{
	*info = (struct isup_redirection_info){
		.indicator = d->last.hidden ? 4 : d->target_hidden ? 6 : 3,
		.original_reason = d->first.reason <= REASON_UNCONDITIONAL ? d->first.reason : REASON_UNKNOWN,
		.counter = d->n,
		.reason = d->last.reason,
	};
}
