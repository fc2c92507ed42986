/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fake SIP room: the functions of sip.h that mapping calls, for link time. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "fakes.h"
#include "mapping/map_pstn_xml.h"
#include "fake_sip_line.h"
#include "fake_sip_print.h"
#include "isup/isup_dialect.h"
#include "sip/sip_body.h"
#include "sip/sip_build.h"

struct sip_peer {
	struct llist_head entry;
	const char *name;
	uint16_t status;
	bool trusted;
	struct map_end_cfg cfg;
	char hostport[32];
};

struct sip_call {
	struct llist_head entry;
	struct sip_peer *peer;
	void *user;
	bool outgoing, invited, answered;
	bool busy;		/* a re-INVITE or UPDATE of ours has to wait */
	bool unrefreshed;	/* the session is to be refreshed by a re-INVITE of ours */
	bool allows_update;	/* the peer's Allow has it */
	bool early;		/* outgoing: a provisional response has come, or a request */
	enum sip_method modifying;	/* our re-INVITE or UPDATE waits for its final response; else 0 */
	bool informed;		/* an INFO is to be answered in the callback */
	bool said_bye;		/* a BYE may be */
	bool reinvited;		/* a re-INVITE waits for its answer */
	enum sip_method updated;	/* so does an UPDATE or PRACK; else 0 */
	bool reliable;		/* RFC 3262 */
	enum sip_precond precond;	/* RFC 3312 */
	bool had_offer, offered;	/* in the INVITE; in our 18x instead */
	bool from_change;	/* RFC 4916 */
	uint8_t notes[4];	/* of its early dialogs, by fork */
	unsigned int fork;	/* the one of the latest message */
	bool ended;		/* must not be used any more */
	bool last_ind;		/* CANCEL, BYE, final response or FAILED has been indicated */
};

bool fake_numbers_legs;

static LLIST_HEAD(peers);
static LLIST_HEAD(legs);

void fake_leg_set(const char *what)
{
	struct sip_call *leg = llist_first_entry_or_null(&legs, struct sip_call, entry);

	if (!leg)
		return;
	leg->busy |= !strcmp(what, "busy");
	leg->unrefreshed |= !strcmp(what, "unrefreshed");
}

void fake_sip_finish(void)
{
	struct sip_call *leg;

	llist_for_each_entry(leg, &legs, entry) {
		if (!leg->ended)
			fake_die("a leg with %s was not given back", leg->peer->name);
		if (leg->reinvited && !leg->last_ind)
			fake_die("a re-INVITE was not answered");
		if (leg->updated && !leg->last_ind && !leg->ended)
			fake_die("an UPDATE or PRACK was not answered");
	}
	INIT_LLIST_HEAD(&legs);
	INIT_LLIST_HEAD(&peers);
}

struct sip_peer *fake_peer(const char *name)
{
	struct sip_peer *peer = sip_peer_find(NULL, name);

	if (peer)
		return peer;
	peer = talloc_zero(fake_ctx, struct sip_peer);
	peer->name = talloc_strdup(peer, name);
	peer->trusted = true;
	osmo_strlcpy(peer->hostport, "peer.example", sizeof(peer->hostport));
	llist_add_tail(&peer->entry, &peers);
	return peer;
}

void fake_peer_set_status(const char *name, uint16_t status)
{
	fake_peer(name)->status = status;
}

void fake_peer_set_hostport(const char *name, const char *hostport)
{
	osmo_strlcpy(fake_peer(name)->hostport, hostport, sizeof(fake_peer(name)->hostport));
}

void fake_peer_set_trusted(const char *name, bool trusted)
{
	fake_peer(name)->trusted = trusted;
}

struct map_end_cfg *fake_peer_cfg(const char *name)
{
	return &fake_peer(name)->cfg;
}

static struct sip_call *leg_alloc(struct sip_peer *peer, void *user, bool outgoing)
{
	struct sip_call *leg = talloc_zero(fake_ctx, struct sip_call);

	leg->peer = peer;
	leg->user = user;
	leg->outgoing = outgoing;
	llist_add(&leg->entry, &legs);
	return leg;
}

/* ---- up ---- */
/* What this is and what it does to the leg; false where the room itself would keep it from its user */
static bool leg_takes(struct sip_call *leg, const struct sip_prim *prim)
{
	bool last = prim->type == SIP_PRIM_FAILED || (prim->status >= 300 && !leg->answered) ||
		    prim->method == SIP_BYE || prim->method == SIP_CANCEL;

	if (leg->ended || leg->last_ind)
		return false;
	if (prim->type == SIP_PRIM_READY) {
		leg->modifying = 0;
		leg->busy = false;
		return leg->answered || prim->method == SIP_UPDATE;
	}
	leg->said_bye = prim->method == SIP_BYE;
	if (prim->method == SIP_UPDATE && prim->status) {
		if (leg->modifying != SIP_UPDATE)
			return fake_lenient;
		leg->modifying = 0;
		return true;
	}
	if ((prim->method == SIP_UPDATE || prim->method == SIP_PRACK) && prim->session == SIP_SESSION_OFFER)
		leg->updated = prim->method;
	if (prim->method == SIP_CANCEL && leg->answered && !fake_lenient)
		return false;
	/* the final response to our re-INVITE or UPDATE */
	if (leg->modifying == prim->method && prim->status >= 200 && prim->type != SIP_PRIM_FAILED) {
		leg->unrefreshed = leg->unrefreshed && prim->method != SIP_INVITE;
		leg->modifying = 0;
		return true;
	}
	/* late, as retransmissions may be */
	if (leg->answered && prim->status && prim->type != SIP_PRIM_FAILED)
		return true;
	/* the wrong way round */
	if (leg->outgoing ? prim->method == SIP_CANCEL : prim->status && prim->type != SIP_PRIM_FAILED)
		return fake_lenient;
	if (prim->method == SIP_INVITE && !prim->status && leg->answered)
		leg->reinvited = true;
	if (prim->method == SIP_INVITE && prim->status / 100 == 2)
		leg->answered = true;
	if (prim->method == SIP_INVITE ? prim->status > 100 : !prim->status)
		leg->early = true;
	leg->last_ind = last;
	return true;
}

static void leg_precond(struct sip_call *leg, struct sip_prim *prim, const char *word)
{
	static const char *const words[] = {
		[SIP_PRECOND_PENDING] = "pending", [SIP_PRECOND_MET] = "met", [SIP_PRECOND_CONFIRM] = "confirm",
	};

	for (prim->precond = SIP_PRECOND_CONFIRM; prim->precond && strcmp(words[prim->precond], word);)
		prim->precond--;
	leg->precond = prim->precond == SIP_PRECOND_CONFIRM ? SIP_PRECOND_PENDING : prim->precond;
}

/* The latest one, or as counted from the first of the test */
static struct sip_call *leg_by_number(unsigned int n)
{
	struct sip_call *leg;

	if (!n)
		return llist_first_entry_or_null(&legs, struct sip_call, entry);
	llist_for_each_entry_reverse(leg, &legs, entry) {
		if (!--n)
			return leg;
	}
	return NULL;
}

static unsigned int leg_number(const struct sip_call *of)
{
	const struct sip_call *leg;
	unsigned int n = 0;

	llist_for_each_entry_reverse(leg, &legs, entry) {
		n++;
		if (leg == of)
			break;
	}
	return n;
}

int fake_sip_ind(const char *peer, const char *text, char *err, size_t err_size)
{
	struct sip_call *leg;
	struct sip_prim prim = { .op = PRIM_OP_INDICATION, .method = SIP_INVITE };
	bool failed = !strncmp(text, "FAILED ", 7), ready = !strncmp(text, "READY ", 6);
	char printed[4096], *octets, method[16] = "INVITE";
	struct sip_parse_error parse_err;
	int rc = FAKE_KEPT;
	size_t len;
	struct sip_msg msg;
	struct fake_line line;

	if (fake_line_parse(&line, text, err, err_size) < 0)
		return -1;
	leg = leg_by_number(line.leg);
	prim.status = strtoul(line.start, NULL, 10);
	if (!prim.status) {
		osmo_strlcpy(method, line.start, sizeof(method));
		prim.method = sip_method_find(sip_str_from(method));
	}
	if (line.of[0])
		prim.method = sip_method_find(sip_str_from(line.of));
	len = fake_line_print(printed, sizeof(printed), &line, line.of[0] ? line.of : method);
	/* borrowed, and nothing stands behind: of that the address sanitizer takes care */
	octets = talloc_memdup(NULL, printed, len);
	if (sip_msg_parse(&msg, octets, len, &parse_err) < 0) {
		snprintf(err, err_size, "cannot be parsed: %s at %zu of\n%s", parse_err.what, parse_err.offset,
			 printed);
		talloc_free(octets);
		return -1;
	}
	prim.type = failed ? SIP_PRIM_FAILED : ready ? SIP_PRIM_READY : SIP_PRIM_MSG;
	prim.msg = failed || ready ? NULL : &msg;
	if (prim.method == SIP_INVITE && !prim.status && !ready && !(leg && leg->answered && !leg->ended))
		leg = leg_alloc(fake_peer(peer), &fake_m->newcomer, false);
	if (leg && prim.method == SIP_INVITE && !prim.status && !leg->answered) {
		leg->had_offer = line.sdp[0];
		leg->reliable = sip_msg_has_token(&msg, SIP_HDR_SUPPORTED, "100rel");
		leg->from_change = sip_msg_has_token(&msg, SIP_HDR_SUPPORTED, "from-change");
	}
	if (line.sdp[0])
		prim.session = prim.status || prim.method == SIP_ACK || (leg && leg->offered) ? SIP_SESSION_ANSWER :
			       SIP_SESSION_OFFER;
	if (leg && line.precond[0])
		leg_precond(leg, &prim, line.precond);
	if (leg && sip_msg_has_token(&msg, SIP_HDR_ALLOW, "UPDATE"))
		leg->allows_update = true;
	if (leg && leg_takes(leg, &prim)) {
		if (line.fork)
			leg->fork = line.fork - 1;
		leg->informed = prim.method == SIP_INFO && !prim.status;
		mapping_sip_cb(leg, &prim, leg->user);
		leg->informed = false;
		rc = FAKE_DELIVERED;
	}
	memset(octets, 0xee, len);
	talloc_free(octets);
	return rc;
}

/* ---- down: sip.h ---- */

struct sip_call *sip_call_alloc(struct sip_peer *peer, void *user, uint16_t *status)
{
	*status = peer->status == FAKE_LIMITED ? 503 : peer->status;
	return *status ? NULL : leg_alloc(peer, user, true);
}

bool sip_call_takes_identity(const struct sip_call *leg, enum sip_method *method)
{
	*method = leg->allows_update ? SIP_UPDATE : SIP_INVITE;
	return leg->from_change;
}

struct sip_call *sip_call_alloc_priority(struct sip_peer *peer, void *user, uint16_t *status)
{
	return peer->status == FAKE_LIMITED ? leg_alloc(peer, user, true) : sip_call_alloc(peer, user, status);
}

struct sip_call *sip_call_alloc_as(struct sip_peer *peer, void *user, const struct sip_identity *id, uint16_t *status)
{
	if (!id->cseq)
		fake_die("sip_call_alloc_as() of no identity");
	return sip_call_alloc(peer, user, status);
}

void sip_call_get_identity(const struct sip_call *leg, struct sip_identity *id)
{
	if (leg->ended || !leg->invited)
		fake_die("sip_call_get_identity() of a leg that has none");
	*id = (struct sip_identity){ .cseq = 1 };
}

void *sip_call_sibling_user(const struct sip_call *leg)
{
	struct sip_call *other;

	llist_for_each_entry(other, &legs, entry) {
		if (other != leg && !other->outgoing && !other->ended && !other->answered && !other->last_ind &&
		    other->peer == leg->peer)
			return other->user;
	}
	return NULL;
}

/* The message as it would go out */
static void print_prim(char *buf, size_t size, const struct sip_prim *prim)
{
	struct sip_str from = prim->from.p ? prim->from : SIP_STR("<sip:gw.example>");
	struct sip_str to = prim->to.p ? prim->to : SIP_STR("<sip:peer.example>");
	struct sip_str ruri = prim->ruri.p ? prim->ruri : SIP_STR("sip:peer.example");
	struct sip_str method = sip_method_name(prim->method);

	if (prim->status)
		snprintf(buf, size, "SIP/2.0 %u X\r\n", prim->status);
	else
		snprintf(buf, size, "%.*s %.*s SIP/2.0\r\nMax-Forwards: %u\r\n", SIP_STR_ARG(method),
			 SIP_STR_ARG(ruri), prim->max_forwards ? prim->max_forwards : 70);
	snprintf(buf + strlen(buf), size - strlen(buf),
		 "Via: SIP/2.0/UDP gw.example;branch=z9hG4bK-1\r\nFrom: %.*s;tag=f\r\nTo: %.*s\r\n"
		 "Call-ID: 1@gw.example\r\nCSeq: 1 %.*s\r\n%.*s%s%.*s%sContent-Length: %zu\r\n\r\n%.*s",
		 SIP_STR_ARG(from), SIP_STR_ARG(to), SIP_STR_ARG(method), SIP_STR_ARG(prim->headers),
		 prim->body.len ? "Content-Type: " : "", SIP_STR_ARG(prim->content_type),
		 prim->body.len ? "\r\n" : "", prim->body.len, SIP_STR_ARG(prim->body));
}

static int print_body(char *buf, size_t size, const struct sip_msg *msg)
{
	const char *c = strstr(msg->body.p, "c=IN IP4 "), *m = strstr(msg->body.p, "m=");
	char address[64], *end;
	unsigned long port;
	const char *codecs;

	if (!c || !m || sscanf(c + 9, "%63s", address) != 1)
		fake_die("session description without address or audio");
	port = strtoul(m + strlen("m=audio "), &end, 10);
	codecs = end + (end[1] == 'u' ? strlen(" udptl ") : strlen(" RTP/AVP "));
	return snprintf(buf, size, " sdp=%s:%lu%s%.*s%s", address, port, *codecs == '8' ? "" : "/",
			*codecs == '8' ? 0 : (int)strcspn(codecs, "\r "), codecs,
			strstr(m, "a=sendonly") ? " dir=sendonly" : strstr(m, "a=recvonly") ? " dir=recvonly" :
			strstr(m, "a=inactive") ? " dir=inactive" : "");
}

/* Read back: what mapping wrote must be well-formed. */
static void note_prim(const struct sip_call *leg, const struct sip_prim *prim)
{
	char octets[4096], text[1024];
	struct osmo_strbuf sb = { .buf = text, .len = sizeof(text) };
	struct sip_parse_error err;
	const struct sip_hdr *privacy, *retry;
	struct sip_msg msg;
	struct sip_uri uri;
	unsigned int cause;

	print_prim(octets, sizeof(octets), prim);
	if (sip_msg_parse(&msg, octets, strlen(octets), &err) < 0)
		fake_die("what mapping wrote cannot be parsed: %s at %zu of\n%s", err.what, err.offset, octets);
	if (prim->status)
		OSMO_STRBUF_PRINTF(sb, "%u", prim->status);
	else
		OSMO_STRBUF_PRINTF(sb, "%.*s", SIP_STR_ARG(sip_method_name(prim->method)));
	if (!prim->status && leg->answered && prim->from.len) {
		OSMO_STRBUF_APPEND(sb, fake_print_user, "from", &msg, SIP_HDR_FROM);
		OSMO_STRBUF_APPEND(sb, fake_print_user, "pai", &msg, SIP_HDR_P_ASSERTED_IDENTITY);
	}
	if (prim->method == SIP_INVITE && !prim->status && !leg->answered) {
		OSMO_STRBUF_PRINTF(sb, " peer=%s", leg->peer->name);
		if (sip_uri_parse(&uri, msg.ruri) == 0)
			OSMO_STRBUF_PRINTF(sb, " ruri=%.*s", SIP_STR_ARG(uri.user));
		OSMO_STRBUF_APPEND(sb, fake_print_user, "from", &msg, SIP_HDR_FROM);
		OSMO_STRBUF_APPEND(sb, fake_print_user, "pai", &msg, SIP_HDR_P_ASSERTED_IDENTITY);
		privacy = sip_msg_hdr(&msg, SIP_HDR_PRIVACY);
		if (privacy)
			OSMO_STRBUF_PRINTF(sb, " privacy=%.*s", SIP_STR_ARG(privacy->value));
		if (prim->max_forwards)
			OSMO_STRBUF_PRINTF(sb, " max-forwards=%u", prim->max_forwards);
	}
	if (prim->status)
		OSMO_STRBUF_APPEND(sb, fake_print_user, "pai", &msg, SIP_HDR_P_ASSERTED_IDENTITY);
	OSMO_STRBUF_APPEND(sb, fake_print_user, "diversion", &msg, SIP_HDR_DIVERSION);
	OSMO_STRBUF_APPEND(sb, fake_print_user, "history", &msg, SIP_HDR_HISTORY_INFO);
	OSMO_STRBUF_APPEND(sb, fake_print_user, "contact", &msg, SIP_HDR_CONTACT);
	if (sip_msg_reason_cause(&msg, "Q.850", &cause) == 0)
		OSMO_STRBUF_PRINTF(sb, " reason=%u", cause);
	if (sip_msg_reason_cause(&msg, "Preemption", &cause) == 0)
		OSMO_STRBUF_PRINTF(sb, " preemption=%u", cause);
	retry = sip_msg_hdr(&msg, SIP_HDR_RETRY_AFTER);
	if (retry)
		OSMO_STRBUF_PRINTF(sb, " retry-after=%.*s", SIP_STR_ARG(retry->value));
	if (sip_msg_sdp(&msg, NULL, 0).len)
		OSMO_STRBUF_APPEND(sb, print_body, &msg);
	if (prim->n_parts && sip_str_eq(prim->parts[prim->n_parts - 1].type, SIP_STR(MAP_PSTN_TYPE)))
		OSMO_STRBUF_APPEND(sb, fake_print_pstn, &prim->parts[prim->n_parts - 1]);
	else if (prim->n_parts)
		OSMO_STRBUF_APPEND(sb, fake_print_isup, prim->parts, prim->n_parts);
	if (prim->method == SIP_INFO && !prim->status && strstr(msg.body.p, "SubsequentDigit: "))
		OSMO_STRBUF_PRINTF(sb, " digits=%.*s", (int)strcspn(strchr(msg.body.p, ' ') + 1, "\r"),
				   strchr(msg.body.p, ' ') + 1);
	OSMO_STRBUF_APPEND(sb, fake_print_first, "uui", &msg, SIP_HDR_USER_TO_USER);
	OSMO_STRBUF_APPEND(sb, fake_print_all, "resource", &msg, SIP_HDR_RESOURCE_PRIORITY);
	OSMO_STRBUF_APPEND(sb, fake_print_named, "charge", &msg, "P-Charge-Info");
	OSMO_STRBUF_APPEND(sb, fake_print_named, "access", &msg, "P-Access-Network-Info");
	OSMO_STRBUF_APPEND(sb, fake_print_first, "pem", &msg, SIP_HDR_P_EARLY_MEDIA);
	if (fake_numbers_legs)
		OSMO_STRBUF_PRINTF(sb, " leg=%u", leg_number(leg));
	fake_note(FAKE_SIP, "%s", text);
}

static void check_alive(const struct sip_call *leg, const char *what)
{
	if (leg->ended)
		fake_die("%s on a leg that is over", what);
}

/* The order of a leg's messages towards the peer */
static bool order_is_good(const struct sip_call *leg, const struct sip_prim *prim)
{
	if (prim->method == SIP_BYE && prim->status)
		return leg->said_bye;
	if (leg->last_ind)
		return false;
	switch (prim->method) {
	case SIP_INFO:
		return prim->status ? leg->informed : leg->invited || !leg->outgoing;
	case SIP_INVITE:
		if (!prim->status && leg->answered)
			return !leg->modifying;
		if (!prim->status)
			return leg->outgoing && !leg->invited;
		if (leg->answered)
			return leg->reinvited && prim->status >= 200;
		return !leg->outgoing;
	case SIP_UPDATE:
		if (!prim->status)
			return !leg->modifying && (leg->answered || leg->early || !leg->outgoing);
		/* fall through */
	case SIP_PRACK:
		return leg->updated == prim->method && prim->status >= 200;
	case SIP_CANCEL:
		return leg->outgoing && leg->invited && !leg->answered;
	case SIP_BYE:
		return leg->answered;
	default:
		return false;
	}
}

int sip_call_req(struct sip_call *leg, const struct sip_prim *prim)
{
	check_alive(leg, "sip_call_req()");
	if (leg->modifying && !leg->last_ind && !prim->status &&
	    (prim->method == SIP_INVITE || prim->method == SIP_UPDATE))
		return -EBUSY;
	if (!order_is_good(leg, prim))
		fake_die("SIP %s %u out of order", sip_method_name(prim->method).p, prim->status);
	leg->offered = leg->reliable && prim->status / 100 == 1 && prim->body.len && !leg->had_offer;
	if (!prim->status && (prim->method == SIP_UPDATE || (prim->method == SIP_INVITE && leg->answered)))
		leg->modifying = prim->method;
	else if (prim->method == SIP_INFO)
		leg->informed = false;
	else if (prim->method == SIP_BYE && prim->status)
		leg->said_bye = false;
	else if (prim->status && (prim->method == SIP_UPDATE || prim->method == SIP_PRACK))
		leg->updated = 0;
	else if (prim->method == SIP_BYE || prim->method == SIP_CANCEL)
		leg->ended = true;
	else if (leg->answered)
		leg->reinvited = false;
	else if (prim->status >= 300)
		leg->ended = true;
	else if (prim->status >= 200)
		leg->answered = true;
	if (!leg->invited)
		memset(leg->notes, leg->notes[0], sizeof(leg->notes));
	leg->invited = true;
	note_prim(leg, prim);
	return 0;
}

void sip_call_release(struct sip_call *leg, uint16_t status, struct sip_str headers)
{
	check_alive(leg, "sip_call_release()");
	leg->ended = true;
	if (leg->outgoing && !leg->invited)
		return;
	fake_die("sip_call_release() where a message was due");
}

void sip_call_done(struct sip_call *leg)
{
	check_alive(leg, "sip_call_done()");
	if (!leg->last_ind)
		fake_die("sip_call_done() before the last indication");
	leg->ended = true;
}

int sip_call_may_modify(struct sip_call *leg, enum sip_method method)
{
	check_alive(leg, "sip_call_may_modify()");
	if (leg->last_ind || (method == SIP_UPDATE ? !leg->allows_update : !leg->answered))
		return -EPROTO;
	return leg->modifying || leg->busy ? -EBUSY : 0;
}

uint8_t *sip_call_note(struct sip_call *leg)
{
	check_alive(leg, "sip_call_note()");
	return &leg->notes[leg->fork % ARRAY_SIZE(leg->notes)];
}

bool sip_call_wants_refresh(const struct sip_call *leg)
{
	return leg->unrefreshed;
}

enum sip_precond sip_call_precond(const struct sip_call *leg)
{
	return leg->precond;
}

bool sip_call_reliable(const struct sip_call *leg)
{
	return leg->reliable;
}

void sip_call_set_user(struct sip_call *leg, void *user)
{
	check_alive(leg, "sip_call_set_user()");
	leg->user = user;
}

struct sip_peer *sip_call_peer(const struct sip_call *leg)
{
	check_alive(leg, "sip_call_peer()");
	return leg->peer;
}

struct sip_peer *sip_peer_find(struct sip *sip, const char *name)
{
	struct sip_peer *peer;

	llist_for_each_entry(peer, &peers, entry)
		if (!strcmp(peer->name, name))
			return peer;
	return NULL;
}

struct sip_peer *sip_peer_next(const struct sip *sip, const struct sip_peer *prev)
{
	const struct llist_head *next = prev ? prev->entry.next : peers.next;

	return next == &peers ? NULL : llist_entry(next, struct sip_peer, entry);
}

const char *sip_peer_name(const struct sip_peer *peer)
{
	return peer->name;
}

const char *sip_peer_hostport(const struct sip_peer *peer)
{
	return peer->hostport;
}

const char *sip_peer_local_hostport(const struct sip_peer *peer)
{
	return "gw.example";
}

bool sip_peer_available(const struct sip_peer *peer)
{
	return !peer->status;
}

bool sip_peer_trusted(const struct sip_peer *peer)
{
	return peer->trusted;
}

const void *sip_peer_user(const struct sip_peer *peer)
{
	return &peer->cfg;
}
