/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every event in every state of both machines of the interworking unit: what the masks let in, and what comes of it;
 * with -p the table of doc/OUTCOMES.md. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/rate_ctr.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "fakes.h"
#include "mapping/iwu.h"

/* How a call gets into a state: "i" ISUP says, "s" SIP says, "o" the number may come in parts,
 * "m" media is done, "a" media becomes slow, "t" fast,
 * "w" the group's calls wait for preconditions */
struct way {
	struct osmo_fsm *fsm;
	const char *state;
	const char *steps[8];
};

#define INVITE "s INVITE ruri=+33201234567 from=+33301112222 sdp=192.0.2.1:4000"
#define IAM "i IAM called=212345678 calling=301112222"
#define TIME _IWU_EV_COUNT		/* no event: the timers of the state */
#define TIME_S 200
#define OK "s 200 sdp=192.0.2.1:4000"

static const struct way ways[] = {
	{ &iwu_in_fsm, "MEDIA", { "a", INVITE } },
	{ &iwu_in_fsm, "TRYING", { INVITE } },
	{ &iwu_in_fsm, "NOT_ALERTING", { INVITE, "i ACM bci(called_status=no-indication)" } },
	{ &iwu_in_fsm, "ALERTING", { INVITE, "i ACM bci(called_status=subscriber-free)" } },
	{ &iwu_in_fsm, "ANNOUNCEMENT", { INVITE, "i ACM cause=1" } },
	{ &iwu_in_fsm, "ANSWERING", { INVITE, "a", "i ANM" } },
	{ &iwu_in_fsm, "WAIT_ACK", { INVITE, "i ANM" } },
	{ &iwu_in_fsm, "CONNECTED", { INVITE, "i ANM", "s ACK" } },
	{ &iwu_out_fsm, "COLLECTING", { "o", "i IAM called=20" } },
	{ &iwu_out_fsm, "MEDIA", { "a", IAM } },
	{ &iwu_out_fsm, "TRYING", { IAM } },
	{ &iwu_out_fsm, "OVERLAP", { "o", IAM, "s 484" } },
	{ &iwu_out_fsm, "PROGRESSING", { IAM, "s 183" } },
	{ &iwu_out_fsm, "ALERTING", { IAM, "s 180" } },
	{ &iwu_out_fsm, "CONNECTING", { IAM, "a", OK } },
	{ &iwu_out_fsm, "ANSWERING", { IAM, "s 180", "a", OK } },
	{ &iwu_out_fsm, "CONNECTED", { IAM, OK } },
	{ &iwu_in_fsm, "PRECONDITIONS", { "w", INVITE " precond=pending" } },
	{ &iwu_in_fsm, "CONTINUITY", { INVITE " precond=pending" } },
	{}
};

/* What makes an event; several ways of the same one are worth several tries. sipi: both ends read encapsulated ISUP,
 * and an INVITE has its IAM. */
static const struct {
	enum iwu_event event;
	const char *step;
	bool sipi;
} makes[] = {
	{ IWU_EV_SIP_ACK, "s ACK" },
	{ IWU_EV_SIP_ACK, "s ACK sdp=192.0.2.9:4000" },
	{ IWU_EV_SIP_ACK, "s ACK sdp=bad" },
	{ IWU_EV_SIP_REINVITE, "s INVITE sdp=192.0.2.2:5000" },
	{ IWU_EV_SIP_REINVITE, "s INVITE sdp=bad" },
	{ IWU_EV_SIP_REINVITE, "s INVITE" },
	{ IWU_EV_SIP_UPDATE, "s UPDATE sdp=192.0.2.2:5000" },
	{ IWU_EV_SIP_UPDATE, "s UPDATE sdp=bad" },
	{ IWU_EV_SIP_UPDATE, "s UPDATE sdp=192.0.2.2:5000 precond=met" },
	{ IWU_EV_SIP_UPDATED, "s 200 of=UPDATE sdp=192.0.2.2:5000" },
	{ IWU_EV_SIP_UPDATED, "s 488 of=UPDATE" },
	{ IWU_EV_SIP_READY, "s READY UPDATE" },
	{ IWU_EV_SIP_UPDATE, "s PRACK sdp=192.0.2.2:5000" },
	{ IWU_EV_SIP_CANCEL, "s CANCEL" },
	{ IWU_EV_SIP_BYE, "s BYE" },
	{ IWU_EV_SIP_BYE, "s BYE reason=41" },
	{ IWU_EV_SIP_18X, "s 180" },
	{ IWU_EV_SIP_18X, "s 183 sdp=192.0.2.1:4000" },
	{ IWU_EV_SIP_18X, "s 183 sdp=bad" },
	{ IWU_EV_SIP_2XX, "s 200" },
	{ IWU_EV_SIP_2XX, OK },
	{ IWU_EV_SIP_2XX, "s 200 sdp=bad" },
	{ IWU_EV_SIP_REFUSED, "s 302" },
	{ IWU_EV_SIP_REFUSED, "s 503" },
	{ IWU_EV_SIP_FAILED, "s FAILED 408" },
	{ IWU_EV_SIP_FAILED, "s FAILED 503" },
	{ IWU_EV_ISUP_ACM, "i ACM" },
	{ IWU_EV_ISUP_ACM, "i ACM cause=17" },
	{ IWU_EV_ISUP_CPG, "i CPG event=alerting" },
	{ IWU_EV_ISUP_CPG, "i CPG event=progress" },
	{ IWU_EV_ISUP_CPG, "i CPG event=inband cause=1" },
	{ IWU_EV_ISUP_ANM, "i ANM" },
	{ IWU_EV_ISUP_CON, "i CON" },
	{ IWU_EV_ISUP_REL, "i REL cause=16" },
	{ IWU_EV_ISUP_REL, "i REL cause=34" },
	{ IWU_EV_ISUP_FAILED, "f REL cause=102" },
	{ IWU_EV_ISUP_FAILED, "f REL cause=19" },
	{ IWU_EV_ISUP_FAILED, "f REL cause=27" },
	{ IWU_EV_ISUP_FAILED, "f REL cause=38" },
	{ IWU_EV_ISUP_FAILED, "f REL cause=41" },
	{ IWU_EV_ISUP_FAILED, "f REL cause=44" },
	{ IWU_EV_MEDIA_DONE, "m" },
	{ IWU_EV_MEDIA_FAILED, "x" },
	{ IWU_EV_MEDIA_WANTS, "h" },
	{ IWU_EV_STOP, "z" },
	{ IWU_EV_ISUP_SAM, "i SAM subsequent=9" },
	{ IWU_EV_SIP_INFO, "s INFO" },
	{ IWU_EV_ISUP_OTHER, "i SUS" },
	{ IWU_EV_ISUP_OTHER, "i RES" },
	{ IWU_EV_ISUP_OTHER, "i FAC" },
	{ TIME, "p" },
	{ IWU_EV_SIP_18X, "s 183 || ACM bci(called_status=no-indication)", true },
	{ IWU_EV_SIP_18X, "s 180 || CPG event=alerting", true },
	{ IWU_EV_SIP_2XX, OK " || ANM", true },
	{ IWU_EV_SIP_2XX, OK " || CON", true },
	{ IWU_EV_SIP_REFUSED, "s 486 || REL cause=19", true },
	{ IWU_EV_SIP_BYE, "s BYE || REL cause=31", true },
	{ IWU_EV_SIP_BYE, "s BYE reason=17 || REL cause=31", true },
	{ IWU_EV_SIP_INFO, "s INFO || CPG event=progress", true },
	{ IWU_EV_SIP_INFO, "s INFO || SUS suspend_resume=network", true },
	{ IWU_EV_SIP_INFO, "s INFO || RES suspend_resume=network", true },
	{ IWU_EV_SIP_INFO, "s INFO || FAC", true },
	{ IWU_EV_SIP_INFO, "s INFO || REL cause=31", true },
	{ IWU_EV_ISUP_ACM, "i ACM", true },
	{ IWU_EV_ISUP_CPG, "i CPG event=alerting", true },
	{ IWU_EV_ISUP_CPG, "i CPG event=progress", true },
	{ IWU_EV_ISUP_ANM, "i ANM", true },
	{ IWU_EV_ISUP_REL, "i REL cause=31", true },
	{ IWU_EV_ISUP_OTHER, "i SUS", true },
	{ IWU_EV_ISUP_OTHER, "i RES", true },
	{ IWU_EV_ISUP_OTHER, "i FAC", true },
};

static struct mapping *m;
static const char *const medias[] = { "fast", "slow", "failing" };

/* Was it delivered? Where there is no leg yet, SIP has nothing to say. */
static bool step(const char *text)
{
	char err[4096] = "";
	int rc = 0;

	switch (text[0]) {
	case 'i':
	case 'f':
		rc = fake_isup_ind("TRUNK1", text + 2, text[0] == 'f', err, sizeof(err));
		break;
	case 's':
		rc = fake_sip_ind("PBX", text + 2, err, sizeof(err));
		break;
	case 'a':
	case 't':
		fake_media_set_async(text[0] == 'a');
		break;
	case 'o':
		*fake_group_cfg("TRUNK1") = (struct map_end_cfg){ .overlap = MAP_OVERLAP_INVITE, .overlap_min = 5 };
		break;
	case 'w':
		fake_group_cfg("TRUNK1")->precondition_wait = true;
		break;
	case 'p':
		fake_advance(TIME_S * 1000);
		break;
	case 'm':
	case 'x':
		fake_media_event(text[0] == 'm' ? MEDIA_EV_DONE : MEDIA_EV_FAILED);
		break;
	case 'h':
		fake_media_set_fax(true);
		fake_media_event(MEDIA_EV_WANTS_T38);
		break;
	case 'z':
		mapping_release_all(m);
		break;
	}
	if (rc < 0)
		fake_die("%s: %s", text, err);
	return rc == FAKE_DELIVERED;
}

static struct iwu *the_call(void)
{
	return llist_first_entry_or_null(&m->calls, struct iwu, entry);
}

static uint64_t counted(enum map_ctr ctr)
{
	return rate_ctr_group_get_ctr(m->ctrs, ctr)->current;
}

static uint64_t ignored(void)
{
	return counted(MAP_CTR_IGNORED);
}

/* What came of the event: "REL 16, 486 → ended" */
static void note_outcome(char *buf, size_t size, const char *state, bool delivered)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	struct iwu *iwu = the_call();
	struct fake_out *out;
	const char *cause;

	buf[0] = '\0';
	while ((out = fake_out_next())) {
		OSMO_STRBUF_PRINTF(sb, "%s%.*s", buf[0] ? ", " : "", (int)strcspn(out->text, " "), out->text);
		cause = strstr(out->text, "value=");
		if (out->side == FAKE_ISUP && cause && !strncmp(out->text, "REL", 3))
			OSMO_STRBUF_PRINTF(sb, " %lu", strtoul(cause + 6, NULL, 10));
		talloc_free(out);
	}
	if (!delivered)
		OSMO_STRBUF_PRINTF(sb, "·");
	else if (ignored())
		OSMO_STRBUF_PRINTF(sb, "–");
	else if (!iwu)
		OSMO_STRBUF_PRINTF(sb, "%s*ended*", buf[0] ? ", " : "");
	else if (strcmp(osmo_fsm_inst_state_name(iwu->fi), state))
		OSMO_STRBUF_PRINTF(sb, "%s→ %s", buf[0] ? " " : "", osmo_fsm_inst_state_name(iwu->fi));
	else if (!buf[0])
		OSMO_STRBUF_PRINTF(sb, counted(MAP_CTR_LOST_MESSAGES) ? "lost" : "noted");
}

static unsigned int forget_outs(void)
{
	struct fake_out *out;
	unsigned int n = 0;

	while ((out = fake_out_next())) {
		talloc_free(out);
		n++;
	}
	return n;
}

static void begin(void *ctx, bool rerouting, bool sipi)
{
	struct route_end pbx = { .kind = ROUTE_PEER, .name = "PBX" }, trunk = { .kind = ROUTE_GROUP, .name = "TRUNK1" };
	struct route_end pbx2 = { .kind = ROUTE_PEER, .name = "PBX2" };
	struct route_end trunk2 = { .kind = ROUTE_GROUP, .name = "TRUNK2" };
	char err[128];

	m = fake_init(ctx);
	fake_group("TRUNK1");
	fake_group("TRUNK2");
	fake_peer("PBX");
	fake_peer("PBX2");
	route_add(m->routes, "", &pbx, &trunk, 0, err, sizeof(err));
	route_add(m->routes, "", &trunk, &pbx, 0, err, sizeof(err));
	if (sipi)
		fake_peer_cfg("PBX")->sipi = fake_peer_cfg("PBX2")->sipi = MAP_SIPI_OPTIONAL;
	if (!rerouting)
		return;
	route_add(m->routes, "", &pbx, &trunk2, 1, err, sizeof(err));
	route_add(m->routes, "", &trunk, &pbx2, 1, err, sizeof(err));
}

/* What a peer encapsulates in this */
static const char *isup_of(const char *sip)
{
	static const struct {
		const char *sip, *isup;
	} rows[] = {
		{ "s INVITE", " || IAM called=201234567" },
		{ "s 180", " || ACM bci(called_status=subscriber-free)" },
		{ "s 183", " || ACM bci(called_status=no-indication)" },
		{ "s 200", " || ANM" },
		{}
	};

	for (unsigned int i = 0; rows[i].sip; i++)
		if (!strncmp(sip, rows[i].sip, strlen(rows[i].sip)))
			return rows[i].isup;
	return "";
}

static void enter(const struct way *way, bool sipi)
{
	char text[256];

	for (unsigned int i = 0; way->steps[i]; i++) {
		snprintf(text, sizeof(text), "%s%s", way->steps[i], sipi ? isup_of(way->steps[i]) : "");
		step(text);
	}
	forget_outs();
	if (!the_call() || the_call()->fi->fsm != way->fsm ||
	    strcmp(osmo_fsm_inst_state_name(the_call()->fi), way->state))
		fake_die("%s: not there, but in %s", way->state,
			 the_call() ? osmo_fsm_inst_state_name(the_call()->fi) : "no call");
}

#define WAYS_MAX 24
static char outcomes[WAYS_MAX][ARRAY_SIZE(makes)][96];

/* One event in one state. Not legal ones change nothing; after legal ones the call can still be ended. */
static void try(const struct way *way, unsigned int n, unsigned int media, bool rerouting)
{
	void *ctx = talloc_named_const(NULL, 0, "try");
	uint32_t legal, state;
	bool delivered;
	char what[128];

	snprintf(what, sizeof(what), "%s %s: %s%s, media %s", way->fsm->name, way->state, makes[n].step,
		 makes[n].sipi ? " (ISUP)" : "", medias[media]);
	fake_what = what;
	begin(ctx, rerouting, makes[n].sipi);
	enter(way, makes[n].sipi);
	legal = way->fsm->allstate_event_mask | way->fsm->states[the_call()->fi->state].in_event_mask;
	state = the_call()->fi->state;
	if (media == 2)
		fake_media_fail("through", -5);
	else if (makes[n].event != IWU_EV_MEDIA_DONE)
		fake_media_set_async(media == 1);
	if (makes[n].event == IWU_EV_ISUP_SAM && !the_call()->overlap)
		legal &= ~(1u << IWU_EV_ISUP_SAM);
	/* encapsulated ISUP may pass in any state */
	if (makes[n].event == TIME || makes[n].sipi) {
		delivered = step(makes[n].step);
		if (!media && !rerouting)
			note_outcome(outcomes[way - ways][n], sizeof(outcomes[0][0]), way->state, delivered);
	} else if (!(legal & (1u << makes[n].event))) {
		/* no context works on anything; an INVITE would be one more call */
		if (makes[n].step[0] == 'm' || makes[n].event == IWU_EV_SIP_REINVITE)
			goto out;
		delivered = step(makes[n].step);
		if (!media && !rerouting)
			note_outcome(outcomes[way - ways][n], sizeof(outcomes[0][0]), way->state, delivered);
		EXPECT_INT(what, ignored(), delivered);
		EXPECT_INT(what, forget_outs(), 0);
		EXPECT_INT(what, m->n_calls, 1);
		EXPECT_INT(what, the_call()->fi->state, state);
	} else if (makes[n].step[0] != 'm' || strstr("MEDIA ANSWERING CONNECTING", way->state)) {
		delivered = step(makes[n].step);
		if (makes[n].event != IWU_EV_SIP_INFO)
			EXPECT_INT(what, ignored(), 0);
		if (!media && !rerouting)
			note_outcome(outcomes[way - ways][n], sizeof(outcomes[0][0]), way->state, delivered);
	}
out:
	/* a second before nothing is due, long after it everything is, and a stop ends the rest */
	fake_advance(500);
	fake_advance(200 * 1000);
	mapping_release_all(m);
	fake_advance(0);
	EXPECT_INT(what, m->n_calls, 0);
	forget_outs();
	fake_finish();
	talloc_free(ctx);
}

/* Idle lasts no longer than the first message; all other events that end a call are tried there by force. */
static void try_idle(const struct way *way, unsigned int n)
{
	void *ctx = talloc_named_const(NULL, 0, "try");

	fake_what = makes[n].step;
	begin(ctx, false, false);
	enter(way, false);
	if (way->fsm->allstate_event_mask & (1u << makes[n].event) &&
	    makes[n].event != IWU_EV_ISUP_OTHER && makes[n].event != IWU_EV_SIP_INFO &&
	    makes[n].event != IWU_EV_SIP_UPDATE && makes[n].event != IWU_EV_SIP_UPDATED &&
	    makes[n].event != IWU_EV_SIP_READY && makes[n].event != IWU_EV_MEDIA_WANTS) {
		the_call()->fi->state = 0;
		step(makes[n].step);
		EXPECT_INT(makes[n].step, m->n_calls, 0);
	}
	mapping_release_all(m);
	fake_advance(0);
	forget_outs();
	fake_finish();
	talloc_free(ctx);
}

/* "183 || ACM" would be two cells. */
static void print_event(unsigned int n)
{
	const char *what = makes[n].step[1] ? makes[n].step + 2 : get_value_string(iwu_event_names, makes[n].event);
	int len = strcspn(what, "|");

	if (makes[n].event == TIME)
		printf("\n| %u s pass |", TIME_S);
	else
		printf("\n| %s%.*s%s%s |", makes[n].step[0] == 'f' ? "FAILED " : "", len, what,
		       what[len] ? "with " : "", what[len] ? what + len + 3 : "");
}

static void print_outcomes(const struct osmo_fsm *fsm, const char *title, bool sipi)
{
	printf("\n## %s\n\n| event |", title);
	for (const struct way *way = ways; way->fsm; way++)
		if (way->fsm == fsm)
			printf(" %s |", way->state);
	printf("\n|---|");
	for (const struct way *way = ways; way->fsm; way++)
		if (way->fsm == fsm)
			printf("---|");
	for (unsigned int n = 0; n < ARRAY_SIZE(makes); n++) {
		if (makes[n].sipi != sipi)
			continue;
		print_event(n);
		for (const struct way *way = ways; way->fsm; way++)
			if (way->fsm == fsm)
				printf(" %s |", outcomes[way - ways][n]);
	}
	printf("\n");
}

static void print_document(void)
{
	printf("# What comes of each message in each state\n\n"
	       "Made by `tests/iwu_event_test -p` (`make -C doc outcomes`); a test compares. One profile (`rfc3398`),\n"
	       "one route, a media gateway that answers at once. A cell has what is sent,\n"
	       "then the next state where it changes. *ended*: the call is over on both sides. –: counted as\n"
	       "ignored. ·: the room below does not let it up. lost: counted as lost. noted: nothing is sent.\n"
	       "Empty: it cannot happen. The clauses are those of the actions in `mapping/iwu_in_*.c` and\n"
	       "`iwu_out_*.c`. FAILED is what the room below gives up by itself: REL 19 after T9, 27 when the group\n"
	       "is stopped, 38 after MTP-PAUSE, 41 by a reset, 44 before any backward message (dual seizure,\n"
	       "blocking, reset, unequipped), 102 after T7, T2, T6 or T38; a status where SIP has no answer,\n"
	       "or no way.\n");
	print_outcomes(&iwu_in_fsm, "SIP to ISUP (I-IWU)", false);
	print_outcomes(&iwu_out_fsm, "ISUP to SIP (O-IWU)", false);
	print_outcomes(&iwu_in_fsm, "SIP to ISUP, the peer reading encapsulated ISUP", true);
	print_outcomes(&iwu_out_fsm, "ISUP to SIP, the peer reading encapsulated ISUP", true);
}

/* No state without a way to it */
static void check_states(const struct osmo_fsm *fsm)
{
	for (unsigned int state = 1; state < fsm->num_states; state++) {
		const struct way *way = ways;

		while (way->fsm && (way->fsm != fsm || strcmp(way->state, fsm->states[state].name)))
			way++;
		if (!way->fsm)
			fake_die("no way to %s", fsm->states[state].name);
	}
}

/* No event that is not made, but those that begin a call, and those that come of what the gateway itself asked for
 * (ladders have them: *_hold, *_overlap) */
static void check_events(void)
{
	static const uint32_t elsewhere = 1u << IWU_EV_SIP_INVITE | 1u << IWU_EV_ISUP_IAM | 1u << IWU_EV_SIP_OVERLAP |
					  1u << IWU_EV_SIP_READY | 1u << IWU_EV_SIP_MODIFIED | 1u << IWU_EV_SIP_PRACK;

	for (unsigned int event = 0; event < _IWU_EV_COUNT; event++) {
		unsigned int n = 0;

		while (n < ARRAY_SIZE(makes) && makes[n].event != event)
			n++;
		if (n == ARRAY_SIZE(makes) && !(elsewhere & 1u << event))
			fake_die("nothing makes %s", get_value_string(iwu_event_names, event));
	}
}

int main(int argc, char **argv)
{
	unsigned int tries = 0;

	fake_process_init();
	fake_lenient = true;
	check_states(&iwu_in_fsm);
	check_states(&iwu_out_fsm);
	check_events();
	for (const struct way *way = ways; way->fsm; way++) {
		for (unsigned int n = 0; n < ARRAY_SIZE(makes); n++) {
			for (unsigned int media = 0; media < ARRAY_SIZE(medias); media++) {
				try(way, n, media, false);
				try(way, n, media, true);
				tries += 2;
			}
		}
	}
	for (unsigned int n = 0; n < ARRAY_SIZE(makes); n++) {
		if (makes[n].event == TIME || makes[n].sipi)
			continue;
		try_idle(&ways[1], n);
		try_idle(&ways[10], n);
	}
	if (argc > 1)
		print_document();
	else
		printf("%u tries\n", tries);
	return expect_failures ? 1 : 0;
}
