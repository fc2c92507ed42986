/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs flow files: both wires of a whole gateway, message by message; tests/flow/README.md says how. */
#define _GNU_SOURCE

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "flow_match.h"
#include "gw_ua.h"
#include "isup/isup_dialect.h"
#include "ladder_words.h"

#define END_MS 70000

struct run {
	const char *file;
	int line;
	const struct isup_dialect *dialect;
	struct gw_world *w;
	struct ua *ua;
	bool started;
	bool skip_100, skip_again;	/* these are where the file does not have them, too */
	unsigned int said_ms;		/* when the gateway heard something last */
	unsigned int cic;		/* of the exchange's latest call, or the one that the gateway seized last */
};

#define fail(run, ...) ladder_fail((run)->file, (run)->line, __VA_ARGS__)

/* ---- What was sent ---- */

static void fail_sent(const struct run *run, const struct gw_sent *sent, bool isup, const char *expected)
{
	char text[8192];

	flow_show_buf(text, sizeof(text), isup ? run->dialect : NULL, sent);
	fail(run, "expected %s, but it was at %s", expected, text);
}

static struct gw_sent *first(struct llist_head *list)
{
	return llist_first_entry_or_null(list, struct gw_sent, entry);
}

static void forget(struct gw_sent *sent)
{
	llist_del(&sent->entry);
	talloc_free(sent);
}

static void skip(const struct run *run)
{
	struct gw_sent *sent, *next;

	llist_for_each_entry_safe(sent, next, &run->w->sip, entry) {
		if ((run->skip_100 && !strncmp(sent->octets, "SIP/2.0 100", 11)) || (run->skip_again && sent->again))
			forget(sent);
	}
}

static void expect_nothing(const struct run *run)
{
	skip(run);
	if (first(&run->w->isup))
		fail_sent(run, first(&run->w->isup), true, "nothing");
	if (first(&run->w->sip))
		fail_sent(run, first(&run->w->sip), false, "nothing");
}

/* ---- Expectations ---- */

static void compare(struct run *run, const struct gw_sent *sent, bool isup, const char *expected)
{
	bool good = isup ? flow_isup_is(run->dialect, sent, expected) : flow_sip_is(run->ua, sent, expected);
	const uint8_t *octets = (const uint8_t *)sent->octets;

	if (!good)
		fail_sent(run, sent, isup, expected);
	if (isup && octets[2] == ISUP_MSG_IAM)
		run->cic = octets[0] | octets[1] << 8;
}

/* "times=10", "at=20-30" in front of the rest: how often, and how many seconds after what was received last */
static const char *take_times(const char *text, unsigned int *times, double *low, double *high)
{
	*times = 1;
	*low = *high = 0;
	while (*text == ' ' || !strncmp(text, "times=", 6) || !strncmp(text, "at=", 3)) {
		if (!strncmp(text, "times=", 6))
			*times = strtoul(text + 6, NULL, 10);
		else if (*text != ' ' && sscanf(text + 3, "%lf-%lf", low, high) != 2)
			*high = -1;
		text += *text == ' ' ? 1 : strcspn(text, " ");
	}
	return text;
}

static void expect(struct run *run, bool isup, const char *text)
{
	struct llist_head *list = isup ? &run->w->isup : &run->w->sip;
	unsigned int times, i;
	double low, high;

	text = take_times(text, &times, &low, &high);
	if (high < 0)
		fail(run, "at=LOW-HIGH");
	skip(run);
	while (llist_empty(list) && run->w->now_ms - run->said_ms < high * 1000) {
		gw_pass(run->w, 50);
		skip(run);
	}
	for (i = 0; i < times; i++) {
		struct gw_sent *sent = first(list);

		if (!sent)
			fail(run, "expected %s, but nothing was sent", text);
		compare(run, sent, isup, text);
		if (high && (sent->ms < run->said_ms + low * 1000 || sent->ms > run->said_ms + high * 1000))
			fail(run, "%s came after %u ms", text, sent->ms - run->said_ms);
		forget(sent);
	}
}

/* ---- Doing ---- */

static void do_isup(struct run *run, const char *text)
{
	uint8_t octets[ISUP_MSG_OCTETS_MAX + 2];
	const char *rest = text;
	struct isup_msg msg;
	char word[256], err[256];
	int len;

	if (!strncmp(text, "cic=", 4)) {
		ladder_take_item(&rest, word, sizeof(word));
		run->cic = strtoul(word + 4, NULL, 10);
		rest += strspn(rest, " ");
	} else if (!strncmp(text, "IAM ", 4)) {
		run->cic = run->cic && run->cic < GW_CICS ? run->cic + 1 : 1;
	}
	if (isup_msg_scan(&msg, run->dialect, rest, err, sizeof(err)) < 0)
		fail(run, "%s: %s", text, err);
	octets[0] = run->cic & 0xff;
	octets[1] = run->cic >> 8;
	len = isup_msg_encode(&msg, octets + 2, sizeof(octets) - 2);
	if (len < 0)
		fail(run, "%s: cannot be encoded", text);
	gw_rx_isup(run->w, octets, len + 2);
}

/* like=FILE: body, and what the headers say of it, as in that message */
static void take_body(const struct run *run, struct ua_msg *msg, const char *path)
{
	static const enum sip_hdr_id taken[] = { SIP_HDR_CONTENT_TYPE, SIP_HDR_CONTENT_DISPOSITION, SIP_HDR_REASON,
						 SIP_HDR_REQUIRE, SIP_HDR_SUPPORTED };
	static char octets[SIP_MSG_MAX];
	struct sip_parse_error err;
	struct sip_msg from;
	FILE *f = fopen(path, "r");
	size_t len = f ? fread(octets, 1, sizeof(octets), f) : 0;
	const char *end = memmem(octets, len, "\r\n\r\n", 4);

	if (f)
		fclose(f);
	sip_msg_parse(&from, octets, len, &err);
	if (!end)
		fail(run, "%s cannot be read", path);
	for (unsigned int i = 0; i < ARRAY_SIZE(taken); i++) {
		size_t n = strlen(msg->lines);

		if (sip_msg_hdr(&from, taken[i]))
			snprintf(msg->lines + n, sizeof(msg->lines) - n, "%.*s: %.*s\r\n",
				 SIP_STR_ARG(sip_hdr_name(taken[i])),
				 SIP_STR_ARG(sip_msg_hdr(&from, taken[i])->value));
	}
	msg->octets = (struct sip_str){ end + 4, octets + len - end - 4 };
}

static void take_sip_word(const struct run *run, struct ua_msg *msg, const char *word)
{
	static const struct {
		const char *name;
		size_t offset, size;
	} words[] = {
		{ "of=", offsetof(struct ua_msg, of), sizeof(msg->of) },
		{ "tag=", offsetof(struct ua_msg, tag), sizeof(msg->tag) },
		{ "ruri=", offsetof(struct ua_msg, ruri), sizeof(msg->ruri) },
	};
	unsigned int n;

	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strncmp(word, words[i].name, strlen(words[i].name))) {
			osmo_strlcpy((char *)msg + words[i].offset, word + strlen(words[i].name), words[i].size);
			return;
		}
	}
	if (!strcmp(word, "sdp"))
		osmo_strlcpy(msg->body, UA_SDP, sizeof(msg->body));
	else if (!strcmp(word, "hold"))
		osmo_strlcpy(msg->body, UA_SDP "a=sendonly\r\n", sizeof(msg->body));
	else if (!strncmp(word, "like=", 5))
		take_body(run, msg, word + 5);
	else if (sscanf(word, "call=%u", &msg->call) == 1)
		;
	else if (sscanf(word, "rel=%u", &n) == 1)
		snprintf(msg->lines, sizeof(msg->lines), "Require: 100rel\r\nRSeq: %u\r\n", n);
	else
		fail(run, "%s?", word);
}

/* "a\nb" with the backslash becomes two lines. */
static void unescape(char *to, size_t size, const char *from)
{
	size_t n = 0;

	for (; *from && n + 3 < size; from++) {
		if (from[0] == '\\' && from[1] == 'n') {
			to[n++] = '\r';
			to[n++] = '\n';
			from++;
		} else {
			to[n++] = *from;
		}
	}
	to[n] = '\0';
}

/* WHAT WORD … | header line | … || body */
static void do_sip(struct run *run, char *text)
{
	char *body = strstr(text, " || "), *lines, word[512];
	struct ua_msg msg = {};
	const char *rest, *wrong;

	if (body) {
		*body = '\0';
		unescape(msg.body, sizeof(msg.body), body + 4);
	}
	lines = strstr(text, " | ");
	if (lines)
		*lines = '\0';
	rest = text;
	ladder_take_item(&rest, word, sizeof(word));
	msg.again = !strcmp(word, "again");
	if (msg.again)
		ladder_take_item(&rest, word, sizeof(word));
	osmo_strlcpy(msg.what, word, sizeof(msg.what));
	while (ladder_take_item(&rest, word, sizeof(word)))
		take_sip_word(run, &msg, word);
	while (lines) {
		char *next = strstr(lines + 3, " | ");
		size_t n = strlen(msg.lines);

		if (next)
			*next = '\0';
		snprintf(msg.lines + n, sizeof(msg.lines) - n, "%s\r\n", lines + 3);
		lines = next;
	}
	wrong = ua_send(run->ua, &msg);
	if (wrong)
		fail(run, "%s", wrong);
}

/* ---- Commands ---- */

static void cmd_wait(struct run *run, char **arg)
{
	bool again = arg[2] && !strcmp(arg[2], "again");
	struct gw_sent *sent, *next;

	if (again)
		expect_nothing(run);
	gw_pass(run->w, atof(arg[1]) * 1000);
	if (!again)
		return;
	llist_for_each_entry_safe(sent, next, &run->w->sip, entry)
		if (sent->again)
			forget(sent);
}

static void cmd_numbering(struct run *run, char **arg)
{
	struct map_numbering *n = &run->w->m->cfg.numbering;

	osmo_strlcpy(n->country_code, arg[1], sizeof(n->country_code));
	osmo_strlcpy(n->national_prefix, arg[2] && strcmp(arg[2], "-") ? arg[2] : "", sizeof(n->national_prefix));
}

static void cmd_profile(struct run *run, char **arg)
{
	run->w->m->cfg.profile = map_profile_by_name(arg[1]);
	if (!run->w->m->cfg.profile)
		fail(run, "no profile %s", arg[1]);
}

static struct map_end_cfg *end_cfg(void **user, void *ctx)
{
	if (!*user)
		*user = talloc_zero(ctx, struct map_end_cfg);
	return *user;
}

/* group overlap invite 5; group collect 5 15; group control all; group wait */
static void cmd_group(struct run *run, char **arg)
{
	struct isup_group_cfg *cfg = isup_group_cfg(run->w->group);
	struct map_end_cfg *end = end_cfg(&cfg->user, run->w->group);

	if (!strcmp(arg[1], "overlap") && arg[2] && arg[3]) {
		end->overlap = !strcmp(arg[2], "invite") ? MAP_OVERLAP_INVITE : MAP_OVERLAP_INFO;
		end->overlap_min = strtoul(arg[3], NULL, 10);
	} else if (!strcmp(arg[1], "collect") && arg[2] && arg[3]) {
		cfg->overlap_collect = true;
		cfg->overlap_min = strtoul(arg[2], NULL, 10);
		cfg->overlap_max = strtoul(arg[3], NULL, 10);
	} else if (!strcmp(arg[1], "control") && arg[2]) {
		cfg->control = !strcmp(arg[2], "all") ? ISUP_CONTROL_ALL : ISUP_CONTROL_NONE;
	} else {
		fail(run, "group %s?", arg[1]);
	}
}

/* peer 100rel supported; peer overlap invite 5 */
static void cmd_peer(struct run *run, char **arg)
{
	struct sip_peer_cfg *cfg = sip_peer_cfg(run->w->peer);
	struct map_end_cfg *end = end_cfg(&cfg->user, run->w->peer);

	if (!strcmp(arg[1], "100rel") && arg[2]) {
		cfg->call.rel100 = !strcmp(arg[2], "required") ? SIP_REL100_REQUIRED :
				   !strcmp(arg[2], "supported") ? SIP_REL100_SUPPORTED : SIP_REL100_OFF;
		cfg->call.rel100_said = cfg->call.rel100;
	} else if (!strcmp(arg[1], "overlap") && arg[2] && arg[3]) {
		end->overlap = !strcmp(arg[2], "invite") ? MAP_OVERLAP_INVITE : MAP_OVERLAP_INFO;
		end->overlap_min = strtoul(arg[3], NULL, 10);
	} else if (!strcmp(arg[1], "sipi") && arg[2]) {
		end->sipi = !strcmp(arg[2], "required") ? MAP_SIPI_REQUIRED : MAP_SIPI_OPTIONAL;
		cfg->isup = true;
	} else {
		fail(run, "peer %s?", arg[1]);
	}
	sip_peer_update(run->w->peer);
}

static void cmd_mtp(struct run *run, char **arg)
{
	struct isup_mtp *mtp = run->w->mtp;

	if (!strcmp(arg[1], "pause"))
		mtp->user_ops->pause_ind(mtp->user, GW_FAR_PC);
	else if (!strcmp(arg[1], "resume"))
		mtp->user_ops->resume_ind(mtp->user, GW_FAR_PC);
	else
		mtp->user_ops->status_ind(mtp->user, GW_FAR_PC, ISUP_MTP_STATUS_UP_INACCESSIBLE, 0);
	gw_pass(run->w, 0);
}

static void cmd_calls(struct run *run, char **arg)
{
	if (run->w->m->n_calls != strtoul(arg[1], NULL, 10))
		fail(run, "%u calls", run->w->m->n_calls);
}

static void cmd_stop(struct run *run, char **arg)
{
	mapping_release_all(run->w->m);
	gw_pass(run->w, 50);
}

/* forget isup|sip: what was sent there until now does not matter. */
static void cmd_forget(struct run *run, char **arg)
{
	struct llist_head *list = !strcmp(arg[1], "isup") ? &run->w->isup : &run->w->sip;

	while (!llist_empty(list))
		forget(first(list));
}

static void release(const struct isup_circuit_info *info, void *data)
{
	struct run *run = data;
	char text[64];

	if (!info->call || strncmp(info->state, "busy", 4))
		return;
	snprintf(text, sizeof(text), "cic=%u REL cause=16", info->cic);
	do_isup(run, text);
}

/* The calls end, as whoever is asked agrees to everything. */
static void cmd_finish(struct run *run, char **arg)
{
	expect_nothing(run);
	isup_group_for_each_circuit(run->w->group, release, run);
	for (unsigned int ms = 0; ms < END_MS; ms += 50) {
		while (first(&run->w->isup)) {
			gw_exchange_agrees(run->w, (const uint8_t *)first(&run->w->isup)->octets,
					   first(&run->w->isup)->len);
			forget(first(&run->w->isup));
		}
		while (first(&run->w->sip)) {
			ua_react(run->ua, first(&run->w->sip));
			forget(first(&run->w->sip));
		}
		gw_pass(run->w, 50);
	}
}

/* skip 100, skip again: the gateway may send such, or not. */
static void cmd_skip(struct run *run, char **arg)
{
	if (!strcmp(arg[1], "100"))
		run->skip_100 = true;
	else
		run->skip_again = true;
}

static const struct command {
	const char *name;
	void (*do_it)(struct run *run, char **arg);
	bool configures;		/* before the gateway starts */
	int n_args;
} commands[] = {
	{ "calls", cmd_calls, false, 1 },
	{ "finish", cmd_finish, false, 0 },
	{ "forget", cmd_forget, false, 1 },
	{ "group", cmd_group, true, 1 },
	{ "mtp", cmd_mtp, false, 1 },
	{ "numbering", cmd_numbering, true, 1 },
	{ "peer", cmd_peer, true, 1 },
	{ "profile", cmd_profile, true, 1 },
	{ "skip", cmd_skip, false, 1 },
	{ "stop", cmd_stop, false, 0 },
	{ "wait", cmd_wait, false, 1 },
};

static void start(struct run *run)
{
	if (!run->started)
		gw_world_start(run->w);
	run->started = true;
}

static void do_command(struct run *run, char *text)
{
	char *arg[8] = {}, *save, *word;
	int n = 0;

	for (word = strtok_r(text, " ", &save); word && n < 7; word = strtok_r(NULL, " ", &save))
		arg[n++] = word;
	for (unsigned int i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, arg[0]))
			continue;
		if (n <= commands[i].n_args)
			fail(run, "%s: more words", arg[0]);
		if (commands[i].configures && run->started)
			fail(run, "%s: too late", arg[0]);
		if (!commands[i].configures)
			start(run);
		commands[i].do_it(run, arg);
		return;
	}
	fail(run, "%s?", arg[0]);
}

static void alloc(struct run *run)
{
	if (run->w)
		return;
	run->w = gw_world_alloc(run->dialect);
	run->ua = ua_alloc(run->w);
}

static void do_message(struct run *run, bool isup, bool received, char *text)
{
	start(run);
	if (!received) {
		expect(run, isup, text + 1);
		return;
	}
	/* ">>": what the gateway has said by now may be looked at later */
	if (text[0] == ' ')
		expect_nothing(run);
	else
		text++;
	run->said_ms = run->w->now_ms;
	if (isup)
		do_isup(run, text + 1);
	else
		do_sip(run, text + 1);
}

static void do_line(struct run *run, char *line)
{
	char *text = line + strspn(line, " \t"), *end = text + strlen(text);
	bool isup = !strncmp(text, "isup ", 5);

	while (end > text && strchr(" \t\r\n", end[-1]))
		*--end = '\0';
	if (!*text || *text == '#')
		return;
	if (!strncmp(text, "dialect ", 8) && !run->w) {
		run->dialect = isup_dialect_find(text + 8);
		if (!run->dialect)
			fail(run, "no %s", text);
		return;
	}
	alloc(run);
	if (isup || !strncmp(text, "sip ", 4)) {
		text += isup ? 5 : 4;
		if (strncmp(text, "< ", 2) && strncmp(text, "> ", 2) && strncmp(text, ">> ", 3))
			fail(run, "neither < nor >");
		do_message(run, isup, text[0] == '>', text + 1);
		return;
	}
	do_command(run, text);
}

/* After a minute in which nobody says anything that was not said before, nothing may be left. */
static void finish(struct run *run)
{
	char wait[] = "wait", seconds[] = "70", again[] = "again", *arg[] = { wait, seconds, again }, left[256];

	cmd_wait(run, arg);
	expect_nothing(run);
	if (gw_world_busy(run->w, left, sizeof(left)))
		fail(run, "left:%s", left);
	gw_world_free(run->w);
}

static void run_file(const char *file)
{
	struct run run = { .file = file, .dialect = isup_dialect_find("itu") };
	FILE *f = strcmp(file, "-") ? fopen(file, "r") : stdin;
	static char line[65536];

	if (!f)
		fail(&run, "%s", strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		run.line++;
		do_line(&run, line);
	}
	fclose(f);
	if (!run.w)
		fail(&run, "is empty");
	finish(&run);
	printf("%s: ok\n", file);
}

/* flow_test FILE…; "-": the standard input */
int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	gw_world_init();
	for (int i = 1; i < argc; i++)
		run_file(argv[i]);
	return argc > 1 ? 0 : 2;
}
