/* SPDX-License-Identifier: GPL-3.0-or-later */
/* O-IWU: redirection by the called side, RFC 3398 8.2.5: followed to a peer or route that is configured, or told. */
#include <errno.h>
#include <string.h>

#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "mapping/iwu_out.h"
#include "mapping/iwu_overlap.h"
#include "mapping/map_cause.h"
#include "mapping/map_connected.h"
#include "mapping/map_divert.h"
#include "mapping/map_progress.h"
#include "mapping/map_redirect.h"

#define TARGETS_MAX 16		/* of one call, from all its 3xx */

/* RFC 3261 8.1.3.4: the target set. The first one is what the call began with. */
struct target {
	struct isup_number number;	/* as the exchange has it */
	char peer[64];			/* the call goes there; "": by the routes of its number */
	char uri[128];			/* as this: the Contact has no number; "": as its number */
	uint16_t q;
	uint8_t level;			/* how many 3xx had come when it was learnt */
	uint8_t from;			/* the target that redirected there */
	uint8_t reason;			/* why: Q.763 3.45 e */
	bool hidden;			/* the exchange is not told the number */
	bool diverts;			/* the number is another one */
	bool tried;
};

/* A talloc child of struct iwu, while targets may be tried, or the exchange has not heard of a diversion yet */
struct iwu_redirect {
	unsigned int n, at;		/* targets; the one that is being tried */
	uint16_t n_route;		/* of the number that the call began with: the next one to try */
	uint16_t best_status;		/* of the refusals so far; 0: none */
	struct isup_cause best;
	bool due;			/* the exchange has not been told of the last diversion */
	struct map_diverted diverted;
	struct target targets[TARGETS_MAX];
	size_t iam_len;
	uint8_t iam[];			/* as it came */
};

static uint8_t policy(const struct iwu *iwu)
{
	const struct map_end_cfg *peer = iwu_peer_cfg(iwu);

	return peer && peer->redirection ? peer->redirection - 1 : iwu->mapping->cfg.redirection;
}

bool iwu_out_may_redirect(const struct iwu *iwu)
{
	uint8_t redirection = policy(iwu);

	return (redirection == MAP_REDIRECT_FOLLOW || redirection == MAP_REDIRECT_BY_CAPABILITY) &&
	       iwu->n_redirects < iwu->mapping->cfg.redirects_max;
}

/* RFC 3261 21.3: another number, for now or for good; 305 is another way to the same, 380 another service. */
static bool is_redirection(uint16_t status)
{
	return status >= 300 && status <= 302;
}

static bool acm_sent(const struct iwu *iwu)
{
	return iwu->fi->state > OUT_ST_TRYING;
}

/* ---- The target set ---- */

static const char *peer_at(const struct iwu *iwu, struct sip_str hostport)
{
	struct sip_peer *peer = NULL;

	while ((peer = sip_peer_next(iwu->mapping->sip, peer))) {
		if (hostport.len && sip_str_ieq(hostport, sip_str_from(sip_peer_hostport(peer))))
			return sip_peer_name(peer);
	}
	return "";
}

static struct iwu_redirect *redirect_of(struct iwu *iwu, const struct isup_msg *iam, const struct map_called *called)
{
	struct iwu_redirect *r = iwu->redirect;
	struct target *first;

	if (r)
		return r;
	r = talloc_zero_size(iwu, sizeof(*r) + iam->octets_len);
	if (!r)
		return NULL;
	talloc_set_name_const(r, "struct iwu_redirect");
	first = &r->targets[r->n++];
	first->number = called->number;
	first->tried = true;
	r->n_route = iwu->n_route;
	r->iam_len = iam->octets_len;
	memcpy(r->iam, iam->octets, iam->octets_len);
	iwu->redirect = r;
	return r;
}

/* None twice; the number that the call began with goes by its own routes only where they are left. */
static bool is_known(const struct iwu *iwu, const struct iwu_redirect *r, const struct target *t)
{
	const char *now = sip_peer_name(sip_call_peer(iwu->sip));

	for (unsigned int i = 0; i < r->n; i++) {
		const struct target *known = &r->targets[i];

		if (map_number_same(&known->number, &t->number) && !strcmp(known->uri, t->uri) &&
		    (!strcmp(known->peer, t->peer) || (i == r->at && !strcmp(now, t->peer))))
			return true;
	}
	return false;
}

/* 305: to the proxy that it names, with the same number */
static void learn(const struct iwu *iwu, struct iwu_redirect *r, const struct sip_prim *prim,
		  const struct map_redirect_contact *contact)
{
	struct map_numbering peer, group;
	const struct map_numbering *theirs = iwu_peer_numbering(iwu, &peer), *ours = iwu_group_numbering(iwu, &group);
	const struct map_redirect_why why = {
		.status = prim->status, .cause = contact->cause, .trusted = iwu_sip_trusted(iwu),
		.alerted = iwu->fi->state == OUT_ST_ALERTING,
	};
	const struct target *at = &r->targets[r->at];
	struct target t = { .q = contact->q, .level = iwu->n_redirects, .from = r->at };
	bool named = prim->status != 305 && !contact->number.n_digits;

	osmo_strlcpy(t.peer, peer_at(iwu, contact->hostport), sizeof(t.peer));
	t.number = prim->status == 305 || named ? at->number : contact->number;
	if (named && contact->uri.len < sizeof(t.uri))
		memcpy(t.uri, contact->uri.p, contact->uri.len);
	if ((prim->status == 305 && !t.peer[0]) || (named && (!t.peer[0] || !t.uri[0]))) {
		LOGPFSML(iwu->fi, LOGL_INFO, "%u to %.*s is not followed: no number, and no peer is there\n",
			 prim->status, SIP_STR_ARG(contact->uri));
		return;
	}
	if (prim->status != 305 && !named)
		map_number_renumber(&t.number, theirs, ours);
	t.diverts = !map_number_same(&t.number, &at->number);
	t.reason = map_redirect_reason(prim->msg, &why, iwu->profile);
	t.hidden = map_history_is_private(prim->msg);
	if (r->n < TARGETS_MAX && !is_known(iwu, r, &t))
		r->targets[r->n++] = t;
}

/* What the latest 3xx said goes first, there the best one */
static struct target *next_target(struct iwu_redirect *r)
{
	struct target *best = NULL;

	for (unsigned int i = 0; i < r->n; i++) {
		struct target *t = &r->targets[i];

		if (!t->tried && (!best || t->level > best->level || (t->level == best->level && t->q > best->q)))
			best = t;
	}
	return best;
}

/* ---- The call to one of them ---- */

/* The IAM as it came, through all diversions on the way to the target */
static int divert(const struct iwu_redirect *r, unsigned int to, struct isup_msg *iam)
{
	uint8_t path[TARGETS_MAX];
	unsigned int n = 0;
	int rc = 0;

	for (; to; to = r->targets[to].from)
		path[n++] = to;
	while (n-- && rc == 0) {
		const struct target *t = &r->targets[path[n]];

		if (t->diverts)
			rc = map_redirect_iam(iam, &t->number, t->reason);
	}
	return rc;
}

/* The kept IAM becomes that of the new call. */
static int keep_diverted(struct iwu *iwu, struct iwu_redirect *r)
{
	uint8_t octets[MAP_SIPI_OCTETS_MAX];
	struct isup_msg iam;
	int len;

	if (isup_msg_decode(&iam, isup_call_dialect(iwu->isup), r->iam, r->iam_len, NULL) < 0)
		return -EBADMSG;
	len = divert(r, r->at, &iam);
	if (len == 0)
		len = isup_msg_encode(&iam, octets, sizeof(octets));
	return len < 0 ? len : iwu_setup_replace(iwu, octets, len);
}

/* RFC 3398 8.2.5, Q.732.2: at once in a CPG, or in the message that is first */
static void tell(struct iwu *iwu, const struct target *t)
{
	struct iwu_redirect *r = iwu->redirect;
	struct isup_msg cpg;

	r->diverted = (struct map_diverted){ t->number, t->reason, t->hidden };
	r->due = !acm_sent(iwu);
	if (r->due)
		return;
	map_cpg_init(&cpg, isup_call_dialect(iwu->isup),
		     map_reason_to_event(t->reason, ISUP_EVENT_FORWARDED_UNCONDITIONAL));
	map_put_diverted(&cpg, &r->diverted);
	iwu_to_isup(iwu, &cpg);
}

static bool attempt(struct iwu *iwu, const struct target *t, struct isup_cause *cause)
{
	struct sip_peer *peer = t->peer[0] ? sip_peer_find(iwu->mapping->sip, t->peer) : NULL;
	struct map_called to;
	struct isup_msg iam;

	if (!iwu_out_reread(iwu, &iam, &to))
		return false;
	return (peer && iwu_out_attempt_peer(iwu, peer, &iam, &to)) ||
	       (!t->uri[0] && iwu_out_attempt(iwu, &iam, &to, cause));
}

static bool go_to(struct iwu *iwu, struct target *t, struct isup_cause *cause)
{
	struct iwu_redirect *r = iwu->redirect;
	const struct isup_number *first = &r->targets[0].number;
	bool again = t == &r->targets[r->at];

	t->tried = true;
	if (map_number_same(&r->targets[r->at].number, first))
		r->n_route = iwu->n_route;
	r->at = t - r->targets;
	iwu->n_route = map_number_same(&t->number, first) ? r->n_route : 0;
	iwu->diverted = !map_number_same(&t->number, first);
	if (keep_diverted(iwu, r) < 0 || !attempt(iwu, t, cause))
		return false;
	LOGPFSML(iwu->fi, LOGL_INFO, "redirected to %s by %s\n", t->number.digits, t->peer[0] ? t->peer : "routes");
	if (t->diverts && !again)
		tell(iwu, t);
	return true;
}

/* RFC 3261 16.7 6: the answer of the lowest class is the one to be told; of the same class the latest. */
static void note_best(struct iwu_redirect *r, uint16_t status, const struct isup_cause *cause)
{
	if (status < 400 || (r->best_status && r->best_status / 100 < status / 100))
		return;
	r->best_status = status;
	r->best = *cause;
}

const char *iwu_out_redirect_uri(const struct iwu *iwu)
{
	const struct iwu_redirect *r = iwu->redirect;

	return r && !iwu->route && r->targets[r->at].uri[0] ? r->targets[r->at].uri : NULL;
}

bool iwu_out_redirect_again(struct iwu *iwu)
{
	struct iwu_redirect *r = iwu->redirect;

	if (!r || !r->targets[r->at].peer[0])
		return false;
	r->targets[r->at].tried = false;
	return true;
}

bool iwu_out_redirect_next(struct iwu *iwu, uint16_t status, struct isup_cause *cause)
{
	struct iwu_redirect *r = iwu->redirect;
	struct isup_cause local;
	struct target *t;

	if (!r || (iwu->leg.progressed && status >= 400) || status >= 600)
		return false;
	note_best(r, status, cause);
	while (iwu->setup && (t = next_target(r))) {
		if (iwu->n_attempts < iwu->mapping->cfg.attempts_max && go_to(iwu, t, &local))
			return true;
		t->tried = true;
	}
	if (r->best_status)
		*cause = r->best;
	return false;
}

bool iwu_out_redirected(struct iwu *iwu, const struct sip_prim *prim)
{
	struct map_redirect_contact contacts[MAP_REDIRECT_CONTACTS_MAX];
	struct map_numbering numbering;
	struct map_called called;
	struct iwu_redirect *r;
	struct isup_msg iam;
	unsigned int n, known;

	if ((!is_redirection(prim->status) && prim->status != 305) || !iwu_out_may_redirect(iwu) ||
	    !iwu_out_reread(iwu, &iam, &called) || (policy(iwu) == MAP_REDIRECT_BY_CAPABILITY &&
	    prim->status != 305 && map_redirect_capable(&iam, acm_sent(iwu))))
		return false;
	r = redirect_of(iwu, &iam, &called);
	if (!r)
		return false;
	known = r->n;
	iwu->n_redirects++;
	n = map_redirect_contacts(contacts, prim->msg, iwu_peer_numbering(iwu, &numbering));
	for (unsigned int i = 0; i < n; i++)
		learn(iwu, r, prim, &contacts[i]);
	if (r->n == known)
		return false;
	iwu_count(iwu, MAP_CTR_REDIRECTED);
	iwu_out_overlap_whole(iwu);
	return true;
}

void iwu_put_diverted(struct iwu *iwu, struct isup_msg *msg)
{
	if (!iwu->redirect || !iwu->redirect->due)
		return;
	map_put_diverted(msg, &iwu->redirect->diverted);
	iwu->redirect->due = false;
}

/* ---- The exchange is to redirect ---- */

/* The best one with a number, as the exchange has it */
static bool best_number(const struct iwu *iwu, struct isup_number *number, const struct sip_msg *response)
{
	struct map_redirect_contact contacts[MAP_REDIRECT_CONTACTS_MAX];
	struct map_numbering peer, group;
	const struct map_numbering *theirs = iwu_peer_numbering(iwu, &peer);
	unsigned int n = map_redirect_contacts(contacts, response, theirs), i = 0;

	while (i < n && !contacts[i].number.n_digits)
		i++;
	if (i == n)
		return false;
	*number = contacts[i].number;
	map_number_renumber(number, theirs, iwu_group_numbering(iwu, &group));
	return true;
}

static bool is_told(struct iwu *iwu)
{
	uint8_t redirection = policy(iwu);
	struct map_called called;
	struct isup_msg iam;

	return redirection == MAP_REDIRECT_RELEASE ||
	       (redirection == MAP_REDIRECT_BY_CAPABILITY && iwu_out_reread(iwu, &iam, &called) &&
		map_redirect_capable(&iam, acm_sent(iwu)));
}

bool iwu_out_redirect_rel(struct iwu *iwu, struct isup_msg *rel, struct isup_cause *cause,
			  const struct sip_prim *prim)
{
	struct isup_number number;

	if (!is_redirection(prim->status) || !iwu->isup || !is_told(iwu) || !best_number(iwu, &number, prim->msg))
		return false;
	iwu_out_overlap_whole(iwu);
	isup_msg_init(rel, isup_call_dialect(iwu->isup), ISUP_MSG_REL);
	map_redirect_rel(rel, &number, iwu->mapping->cfg.location);
	isup_msg_get(rel, ISUP_PAR_CAUSE, cause);
	return true;
}
