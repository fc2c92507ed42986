/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random messages, times, configurations against interworked calls: no rule of a SAP is broken, all is given back. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/application.h>
#include <osmocom/core/logging.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "fakes.h"
#include "isup/isup_dialect.h"
#include "mapping/iwu.h"
#include "mapping/map_overlay.h"
#include "mapping/map_profile_own.h"

#define STEPS_MAX 40

/* "i" and "f" ISUP says, "s" SIP says, "c" a call begins there; the rest are words of do_other() */
static const char *const steps[] = {
	"c INVITE ruri=+332012 sdp=192.0.2.1:4000", "c INVITE ruri=+33201234 sdp=192.0.2.1:4000",
	"c INVITE ruri=+33201234567 from=+33301112222", "c INVITE ruri=+3320123 sdp=192.0.2.1:4000 precond=pending",
	"c INVITE ruri=+33201234 sdp=192.0.2.1:4000 || IAM called=201234 calling=301112222",
	"c INVITE ruri=+33201 sdp=bad", "i IAM called=20123", "i IAM called=20", "i IAM called=201234F",
	"i IAM called=201234 calling=301112222 opt_fci(connected_line=yes) uui=0x0441",
	"i SAM subsequent=4", "i SAM subsequent=5F", "i SAM subsequent=F",
	"i ACM", "i ACM bci(called_status=subscriber-free)", "i ACM cause=17", "i CPG event=alerting",
	"i CPG event=progress", "i CPG event=inband cause=1", "i CPG event=progress notification=remote-hold",
	"i ANM", "i ANM uui=0x0442", "i CON", "i SUS", "i RES", "i FAC", "i USR uui=0x0443",
	"i REL cause=16", "i REL cause=34", "i REL cause=44", "i REL cause=28", "f REL cause=102",
	"s ACK", "s ACK sdp=192.0.2.9:4000", "s ACK sdp=bad", "s INVITE sdp=192.0.2.2:5000", "s INVITE",
	"s INVITE sdp=192.0.2.2:5000 dir=sendonly", "s INVITE sdp=bad", "s UPDATE sdp=192.0.2.2:5000",
	"s UPDATE sdp=192.0.2.2:5000 precond=met", "s 200 of=UPDATE sdp=192.0.2.2:5000", "s 488 of=UPDATE",
	"s READY UPDATE", "s READY INVITE", "s UPDATE sdp=192.0.2.2:5000 dir=sendonly | Allow: UPDATE",
	"s 183 sdp=192.0.2.1:4000 pem=inactive | Allow: UPDATE", "i CPG event=progress notification=remote-retrieval",
	"s PRACK sdp=192.0.2.2:5000", "s CANCEL", "s BYE", "s BYE || REL cause=31", "s INFO", "s INFO digits=67",
	"s INFO || FAC", "s 180", "s 180 || ACM bci(called_status=subscriber-free)", "s 181", "s 183",
	"s 183 sdp=192.0.2.1:4000", "s 183 sdp=bad", "s 183 || FAC", "s 183 || CPG event=alerting",
	"s 183 precond=confirm sdp=192.0.2.1:4000", "s 200", "s 200 sdp=192.0.2.1:4000", "s 200 sdp=192.0.2.1:4000",
	"s 200 sdp=192.0.2.1:4000 || ANM", "s 200 sdp=192.0.2.1:4000 || CON", "s 200 sdp=bad",
	"s INFO || SUS", "s INFO || SAM subsequent=7", "s UPDATE sdp=192.0.2.2:5000 || RES",
	"s INVITE sdp=192.0.2.2:5000 || CPG event=progress notification=remote-hold", "s 503 | Retry-After: 9",
	"s UPDATE from=+33205556666", "s 305 | Contact: <sip:two>", "s 302 | Contact: <tel:+33209>, <sip:+33208@two>",
	"c INVITE ruri=+33201234 sdp=192.0.2.1:4000 | Supported: 100rel, from-change",
	"i ANM connected=205556666", "s 302 | Contact: <tel:+33209>",
 "s 302 | Contact: <sip:+3320123@two>", "s 404", "s 484", "s 486",
	"s 486 || REL cause=17", "s 503", "s FAILED 408", "s FAILED 503",
	"s INVITE sdp=192.0.2.2:5000/t38", "s 200 sdp=192.0.2.1:4000/t38", "s 200 sdp=192.0.2.1:0/t38", "s 488",
	"c INVITE ruri=+33201234567 sdp=192.0.2.1:4000/t38", "t38", "t38", "audio", "fax",
	"i IAM called=201234 user_teleservice(interpretation=first presentation=profile characteristics=fax3)",
	"slow", "fast", "done", "done", "done", "failed", "fail", "sipi", "overlap", "wait", "wait", "long", "cause",
	"status", "routes", "profile", "trust", "stop",
};

static struct mapping *m;
static uint64_t random_state;
static bool verbose;

/* xorshift64 */
static unsigned int random_below(unsigned int limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (random_state >> 32) % limit;
}

static void forget_outs(void)
{
	struct fake_out *out;

	while ((out = fake_out_next())) {
		if (verbose)
			printf("\t\t%s\n", out->text);
		talloc_free(out);
	}
}

/* As a reload does: calls may have the former one */
static void new_routes(void)
{
	static const struct { const char *prefix, *from, *to; } rows[] = {
		{ "", "PBX", "TRUNK1" }, { "", "PBX", "TRUNK2" }, { "", "TRUNK1", "PBX" }, { "", "TRUNK1", "PBX2" },
		{ "+33209", "TRUNK1", "PBX2" }, { "+332", "PBX", "TRUNK2" }, {}
	};
	struct route_change change = { .strip = 3, .prepend = "0" };
	char err[128];

	route_table_put(m->routes);
	m->routes = route_table_alloc(m);
	for (unsigned int i = 0; rows[i].from; i++) {
		bool out = rows[i].from[0] == 'T';
		struct route row = {
			.prefix = rows[i].prefix, .priority = i,
			.from = { out ? ROUTE_GROUP : ROUTE_PEER, rows[i].from },
			.to = { out ? ROUTE_PEER : ROUTE_GROUP, rows[i].to },
			.called_change = random_below(2) ? &change : NULL,
		};

		if (random_below(6))
			route_insert(m->routes, &row, err, sizeof(err));
	}
}

/* An operator's tables that make little sense */
static const struct map_profile *odd_profile(void)
{
	static const char text[] =
		"<mapping-profile name='odd' base='rfc3398' title='odd'><table name='18x-to-isup'>"
		"<row status='180' acm='none' cpg='alerting'/><row status='181' acm='subscriber-free' cpg='none'/>"
		"<row status='183' acm='none' cpg='none'/></table></mapping-profile>";
	const struct map_overlay_env env = { .dialect = &isup_dialect_itu };
	static struct map_profile_own *own;
	char err[256];

	own = own ? own : map_overlay_parse(NULL, "odd", text, strlen(text), &env, err, sizeof(err));
	if (!own)
		fake_die("%s", err);
	return &own->profile;
}

static void do_config(const char *word)
{
	struct map_end_cfg *group = fake_group_cfg("TRUNK1"), *peer = fake_peer_cfg("PBX");

	if (!strcmp(word, "sipi")) {
		peer->sipi = random_below(3);
		peer->pstn_xml = random_below(2);
	} else if (!strcmp(word, "overlap")) {
		group->overlap = random_below(3);
		group->overlap_min = random_below(6);
		peer->overlap = random_below(3);
		group->precondition_wait = random_below(2);
	} else if (!strcmp(word, "cause")) {
		fake_group_set_cause(random_below(2) ? "TRUNK1" : "TRUNK2", random_below(2) ? 34 : 0);
	} else if (!strcmp(word, "status")) {
		fake_peer_set_status(random_below(2) ? "PBX" : "PBX2", random_below(2) ? 503 : 0);
	} else if (!strcmp(word, "routes")) {
		new_routes();
	} else if (!strcmp(word, "profile")) {
		peer->profile = random_below(2) ? map_profiles[random_below(4)] : odd_profile();
		m->cfg.redirection = random_below(4);
		peer->redirection = random_below(5);
		m->cfg.redirects_max = random_below(4);
		peer->sipi_version = random_below(3) ? NULL : map_sipi_version_find(SIP_STR("ansi88"));
	} else if (!strcmp(word, "fax")) {
		fake_media_set_fax(random_below(4));
		m->cfg.fax_first = random_below(2);
	} else if (!strcmp(word, "trust")) {
		fake_peer_set_trusted("PBX", random_below(2));
	}
}

static void do_other(const char *word)
{
	static const char *const ops[] = { "open", "remote", "local", "through" };
	static const int errors[] = { -5, -EBADMSG, -EPROTONOSUPPORT };

	if (!strcmp(word, "slow") || !strcmp(word, "fast"))
		fake_media_set_async(word[0] == 's');
	else if (!strcmp(word, "done") && fake_media_is_busy())
		fake_media_event(MEDIA_EV_DONE);
	else if (!strcmp(word, "t38") || !strcmp(word, "audio"))
		fake_media_event(word[0] == 't' ? MEDIA_EV_WANTS_T38 : MEDIA_EV_WANTS_AUDIO);
	else if (!strcmp(word, "failed"))
		fake_media_event(MEDIA_EV_FAILED);
	else if (!strcmp(word, "fail"))
		fake_media_fail(ops[random_below(4)], errors[random_below(3)]);
	else if (!strcmp(word, "wait") || !strcmp(word, "long"))
		fake_advance(word[0] == 'w' ? random_below(5000) : 21000);
	else if (!strcmp(word, "stop") && !random_below(10))
		mapping_release_all(m);
	else
		do_config(word);
}

static void do_step(const char *step)
{
	const char *group = random_below(4) ? "TRUNK1" : "TRUNK2";
	char err[4096], text[512];

	osmo_strlcpy(text, step, sizeof(text));
	/* an older leg, now and then */
	if (step[0] == 's' && step[1] == ' ' && !random_below(3) && !strchr(step, '|'))
		snprintf(text, sizeof(text), "%s leg=%u", step, 1 + random_below(6));
	if (verbose)
		printf("\t%s\n", text);
	if (text[1] != ' ')
		do_other(text);
	else if (text[0] == 'i' || text[0] == 'f')
		fake_isup_ind(group, text + 2, text[0] == 'f', err, sizeof(err));
	else
		fake_sip_ind("PBX", text + 2, err, sizeof(err));
	fake_advance(0);
	forget_outs();
}

static void run(unsigned int seed)
{
	void *ctx = talloc_named_const(NULL, 0, "run");
	unsigned int n = 5 + seed % STEPS_MAX;
	char what[32];
	size_t kept, blocks;

	snprintf(what, sizeof(what), "seed %u", seed);
	fake_what = what;
	random_state = (seed + 1) * 88172645463325252ull;
	for (unsigned int i = 0; i < 4; i++)
		random_below(2);
	if (verbose)
		printf("%s\n", what);
	m = fake_init(ctx);
	fake_group("TRUNK1");
	fake_group("TRUNK2");
	fake_peer("PBX");
	fake_peer("PBX2");
	fake_peer_set_hostport("PBX2", "two");
	new_routes();
	kept = talloc_total_blocks(m->routes) + talloc_total_blocks(m->losses);
	blocks = talloc_total_blocks(m) - kept;
	if (random_below(2))
		do_config("sipi");
	if (random_below(2))
		do_config("overlap");
	for (unsigned int i = 0; i < n; i++)
		do_step(steps[random_below(ARRAY_SIZE(steps))]);
	fake_advance(200 * 1000);
	mapping_release_all(m);
	fake_advance(0);
	forget_outs();
	EXPECT_INT(what, m->n_calls, 0);
	fake_finish();
	kept = talloc_total_blocks(m->routes) + talloc_total_blocks(m->losses);
	EXPECT_INT(what, talloc_total_blocks(m) - kept, blocks);
	talloc_free(ctx);
}

/* iwu_random_test [N [FIRST]]: N runs; one alone is told */
int main(int argc, char **argv)
{
	unsigned int n = argc > 1 ? strtoul(argv[1], NULL, 10) : 3000;
	unsigned int first = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

	fake_process_init();
	log_set_log_level(osmo_stderr_target, LOGL_FATAL);
	verbose = n == 1;
	for (unsigned int i = first; i < first + n; i++)
		run(i);
	printf("%u runs\n", n);
	return expect_failures ? 1 : 0;
}
