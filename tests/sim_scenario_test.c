/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios: what is refused, with which words; times and texts; what a play that goes wrong says; JUnit XML. */

#include <stdlib.h>
#include <unistd.h>

#include <osmocom/core/byteswap.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "sim_world.h"

#include "../src/isupsim_suite.h"

#define FILE_NAME "sim_scenario_test.xml"

static void write_file(const char *body)
{
	FILE *file = fopen(FILE_NAME, "w");

	OSMO_ASSERT(file);
	fprintf(file, "<scenario name=\"test\">\n%s\n</scenario>\n", body);
	fclose(file);
}

static struct sim_scenario *load(const char *body, char *err, size_t err_size)
{
	struct sim_scenario *scenario;

	write_file(body);
	scenario = sim_scenario_load(NULL, FILE_NAME, &isup_dialect_itu, err, err_size);
	unlink(FILE_NAME);
	return scenario;
}

/* ---- What is refused ---- */

static const struct refused_row {
	const char *body;
	const char *err;		/* what the sentence begins with */
} refused_rows[] = {
	{ "<send>RSC</sent>", FILE_NAME ":2:17: Opening and ending tag mismatch: send line 2 and sent" },
	{ "<sand>RSC</sand>", FILE_NAME ":2:1: Element 'sand': This element is not expected." },
	{ "<recv/>", FILE_NAME ":2:1: Element 'recv': The attribute 'message' is required but missing." },
	{ "<recv message=\"ACM\" timeout=\"soon\"/>", FILE_NAME ":2:21: Element 'recv', attribute 'timeout'" },
	{ "<recv message=\"ACM\" timeout=\"T99\"/>", FILE_NAME ":2:21: timeout: 'T99' is no time" },
	{ "\n<recv message=\"AXM\"/>", FILE_NAME ":3:7: no message is called 'AXM'" },
	{ "<send>IAM colled=1</send>", FILE_NAME ":2:7: no parameter is called 'colled'" },
	{ "<send\n\t>\n\t\t<!-- é -->\tIAM colled=1\n</send>", FILE_NAME ":4:14: no parameter is called 'colled'" },
	{ "<log>é</log>\t<recv\r\n\tmessage=\"ACM|\u00dcXM\"\r\n/>", FILE_NAME ":3:2: no message is called 'ÜXM'" },
	{ "<send>RSC cause</send>", FILE_NAME ":2:7: " },
	{ "<send octets=\"0x\"/>", FILE_NAME ":2:7: octets: '0x' is not hex" },
	{ "<send>IAM called=$number</send>", FILE_NAME ":2:7: nothing before this gives $number a value" },
	{ "<send circuit=\"second\">RSC</send>", FILE_NAME ":2:7: there is no <circuit name=\"second\">" },
	{ "<goto next=\"there\"/>", FILE_NAME ":2:7: there is no <label id=\"there\">" },
	{ "<label id=\"a\"/><label id=\"a\"/><pass/>", FILE_NAME ":2:23: label 'a' is there twice" },
	{ "<recv message=\"ACM\"><expect parameter=\"bci\" field=\"colour\" value=\"1\"/></recv>",
		FILE_NAME ":2:45: bci has no field 'colour', it has charge called_status " },
	{ "<recv message=\"ACM\"><expect parameter=\"bci\" field=\"called_status\" value=\"1|no-indicatoin\"/></recv>",
		FILE_NAME ":2:67: called_status cannot be 'no-indicatoin', but a number or no-indication "
		"subscriber-free" },
	{ "<recv message=\"REL\"><expect parameter=\"range\" field=\"range\" differs=\"\"/></recv>",
		FILE_NAME ":2:61: range cannot be '', but a number" },
	{ "<set variable=\"n\" value=\"1\"/><send>IAM called=$n colling=20$n</send>",
		FILE_NAME ":2:36: no parameter is called 'colling'" },
	{ "<set variable=\"n\" value=\"1\"/><send>IAM called(colour=$n)</send>",
		FILE_NAME ":2:36: called has no field 'colour', it has noa inn npi digits" },
	{ "<set variable=\"n\" value=\"1\"/><send>I$n</send>", FILE_NAME ":2:36: no message is called 'I0'" },
	{ "<recv message=\"ACM\"><expect parameter=\"bci\" value=\"1\"/></recv>",
		FILE_NAME ":2:21: field and value (or differs) go together" },
	{ "<recv message=\"REL\"><expect parameter=\"kause\"/></recv>",
		FILE_NAME ":2:29: no parameter is called 'kause'" },
	{ "<goto next=\"a\" if=\"x\"/><label id=\"a\"/>",
	  FILE_NAME ":2:1: 'if' takes one of 'equals' and 'differs'" },
	{ "<set variable=\"x\" value=\"$y\"/>", FILE_NAME ":2:19: nothing before this gives $y a value" },
	{ "<recv message=\"ACM\" on-timeout=\"b\"/>", FILE_NAME ":2:21: there is no <label id=\"b\">" },
	{ "<circuit name=\"c\"/>\n<circuit from=\"free\" name=\"c\"/><pass/>",
	  FILE_NAME ":3:22: circuit 'c' is there already" },
	{ "<circuit name=\"c\" cic=\"17\" parity=\"odd\"/><pass/>",
	  FILE_NAME ":2:19: cic says all, it goes with neither 'from' nor 'parity'" },
	{ "<circuit name=\"c\" from=\"free\" cic=\"17\"/><pass/>", FILE_NAME ":2:31: cic says all" },
	{ "<circuit name=\"c\" cic=\"17\"/>\n<circuit name=\"d\" cic=\"17\"/><pass/>",
	  FILE_NAME ":3:19: CIC 17 is circuit 'c' already" },
	{ "<circuit name=\"c\" cic=\"4096\"/><pass/>", FILE_NAME ":2:19: " },
};

static void test_refused(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused_rows); i++) {
		const struct refused_row *row = &refused_rows[i];
		char err[400] = "";
		struct sim_scenario *scenario = load(row->body, err, sizeof(err));

		EXPECT(!scenario);
		talloc_free(scenario);
		if (strncmp(err, row->err, strlen(row->err)))
			EXPECT_STR(row->body, err, row->err);
	}
}

/* ---- Times ---- */

static const struct time_row {
	const char *text;
	long ms;			/* -1: no time */
} time_rows[] = {
	{ "0", 0 }, { "500ms", 500 }, { "5s", 5000 }, { "2min", 120000 }, { "750", 750 },
	{ "T7", 25000 }, { "T7.min", 20000 }, { "T7.max", 30000 }, { "T7.max+1s", 31000 }, { "2*T12.min+1s", 31000 },
	{ "T1+T5+1ms", 315001 },
	{ "", -1 }, { "s", -1 }, { "5x", -1 }, { "T", -1 }, { "T0", -1 }, { "T99", -1 }, { "T7.mid", -1 },
	{ "5s+", -1 }, { "-1", -1 }, { "2*5s", -1 }, { "99999999min", -1 }, { "T1+T1+T1+T1", -1 },
};

static void test_times(void)
{
	struct sim_engine engine = {};
	struct sim_time time;

	for (size_t i = 0; i < ARRAY_SIZE(time_rows); i++) {
		const struct time_row *row = &time_rows[i];
		int rc = sim_time_scan(&time, row->text);

		EXPECT_INT(row->text, rc < 0 ? -1 : (long)sim_time_ms(&engine, &time), row->ms);
	}
	engine.timer_ms[ISUP_T7] = 1500;
	EXPECT(sim_time_scan(&time, "T7.max+1s") == 0);
	EXPECT_INT("a timer that is not the usual one", sim_time_ms(&engine, &time), 2500);
}

/* ---- What a play says ---- */

static const struct play_row {
	const char *body;
	enum sim_result result;
	const char *why;		/* what it begins with */
} play_rows[] = {
	{ "<send>RSC</send><recv message=\"RLC\"/>", SIM_PASSED, "" },
	{ "<send>RSC</send>\n<recv message=\"BLA\"/>", SIM_FAILED,
		FILE_NAME ":3:1: received RLC cic=1, should be BLA on CIC 1" },
	{ "<send>RSC</send>\n<quiet for=\"1s\"/>", SIM_FAILED,
		FILE_NAME ":3:1: received RLC cic=1, should be nothing" },
	{ "<send>RLC</send>\n<recv message=\"RSC\" timeout=\"3s\"/>", SIM_FAILED,
		FILE_NAME ":3:1: RSC did not come within 3.0 s on CIC 1" },
	{ "<tester>seize called=2012</tester>\n<recv message=\"IAM\"/>"
	  "<recv message=\"REL\" after=\"30s\" timeout=\"T7.max\"/>", SIM_FAILED,
		FILE_NAME ":3:22: REL cic=1 came after 25.0 s, should not before 30.0 s" },
	{ "<tester>seize called=2012</tester>\n<recv message=\"IAM\">"
	  "<expect parameter=\"called\" field=\"digits\" value=\"2013\"/></recv>", SIM_FAILED,
		FILE_NAME ":3:21: IAM cic=1: called digits is '2012', should be 2013" },
	{ "<tester>seize called=2012</tester>\n<recv message=\"IAM\">"
	  "<expect parameter=\"called\" field=\"noa\" value=\"international|unknown\"/></recv>", SIM_FAILED,
		FILE_NAME ":3:21: IAM cic=1: called noa is national (3), should be international|unknown" },
	{ "<tester>seize called=2012</tester>\n<recv message=\"IAM\">"
	  "<expect parameter=\"nci\" octets=\"0x01\"/></recv>", SIM_FAILED,
		FILE_NAME ":3:21: IAM cic=1: nci is 0x00, should be 0x01" },
	{ "<tester>seize called=2012</tester>\n<recv message=\"IAM\">"
	  "<expect parameter=\"calling\"/></recv>", SIM_FAILED, FILE_NAME ":3:21: IAM cic=1: calling is not there" },
	{ "<tester>seize called=2012</tester>\n<recv message=\"IAM\">"
	  "<expect parameter=\"tmr\" present=\"false\"/></recv>", SIM_FAILED,
		FILE_NAME ":3:21: IAM cic=1: tmr=speech should not be there" },
	/* the place is that of the first; all are told */
	{ "<tester>seize called=2012</tester>\n<recv message=\"IAM\"><expect parameter=\"called\"/>\n"
	  "\t<expect parameter=\"calling\"/><expect parameter=\"nci\" field=\"satellite\" differs=\"none|one\"/>"
	  "</recv>", SIM_FAILED,
		FILE_NAME ":4:2: IAM cic=1: calling is not there; nci satellite is none (0), should not be none|one" },
	{ "<circuit name=\"a\"/><circuit name=\"b\"/><send circuit=\"b\">BLO</send>\n"
	  "<recv message=\"BLA\" circuit=\"a\"/>", SIM_FAILED,
		FILE_NAME ":3:1: received BLA cic=2, should be BLA on circuit 'a' (CIC 1)" },
	/* circuits by their CIC, before others take them; one that neither end has */
	{ "<circuit name=\"a\"/><circuit name=\"b\" cic=\"1\"/><send octets=\"13\" cic=\"1\"/>\n"
	  "<recv message=\"BLA\" circuit=\"a\"/>", SIM_FAILED,
		FILE_NAME ":3:1: received BLA cic=1, should be BLA on circuit 'a' (CIC 2)" },
	{ "<circuit name=\"a\" cic=\"3\"/><circuit name=\"b\" cic=\"2\"/>"
	  "<send circuit=\"a\">BLO</send><send circuit=\"b\">BLO</send>"
	  "<recv message=\"BLA\" circuit=\"a\"/><recv message=\"BLA\" circuit=\"b\"/>"
	  "<send circuit=\"a\">UBL</send><send circuit=\"b\">UBL</send>"
	  "<recv message=\"UBA\" circuit=\"any\"/><recv message=\"UBA\" circuit=\"any\"/>",
		SIM_PASSED, "" },
	{ "<circuit name=\"none\" cic=\"4000\"/><send>RSC</send>\n<recv message=\"UCIC\"/>", SIM_PASSED, "" },
	{ "<tester>dance</tester>", SIM_SKIPPED, FILE_NAME ":2:1: the upper tester has no 'dance'" },
	{ "<tester>answer</tester>", SIM_FAILED,
		FILE_NAME ":2:1: the upper tester refused 'answer': there is no call" },
	{ "<fail>just so</fail>", SIM_FAILED, FILE_NAME ":2:1: just so" },
	/* variables, loops and branches */
	{ "<set variable=\"n\" value=\"1\"/><repeat count=\"3\"><add variable=\"n\" value=\"2\"/></repeat>"
	  "<goto next=\"ok\" if=\"n\" equals=\"7\"/><fail>n is $n</fail><label id=\"ok\"/>", SIM_PASSED, "" },
	{ "<tester>seize called=2012</tester><recv message=\"IAM\">"
	  "<save parameter=\"called\" field=\"digits\" as=\"d\"/>"
	  "<save parameter=\"nci\" as=\"o\"/></recv><set variable=\"all\" value=\"$d/${o}/$cic/$control\"/>"
	  "<goto next=\"ok\" if=\"all\" equals=\"2012/0x00/1/theirs\"/><fail>$all</fail><label id=\"ok\"/>"
	  "<send>REL cause=16</send><recv message=\"RLC\"/>", SIM_PASSED, "" },
	{ "<label id=\"a\"/>\n<goto next=\"a\"/>", SIM_FAILED,
		FILE_NAME ":3:1: 100000 steps without waiting for anything" },
	{ "<set variable=\"m\" value=\"RSC\"/><send>$m</send><recv message=\"RLC\"/>", SIM_PASSED, "" },
	{ "<set variable=\"p\" value=\"cause=16\"/><send>REL $p</send><recv message=\"RLC\"/>", SIM_PASSED, "" },
	{ "<set variable=\"p\" value=\"value=16\"/><send>REL cause($p)</send><recv message=\"RLC\"/>",
		SIM_PASSED, "" },
	/* optional messages, timeouts that are no failure */
	{ "<send>RSC</send><recv message=\"BLO\" optional=\"true\"/><recv message=\"RLC\"/>", SIM_PASSED, "" },
	{ "<send>RSC</send><recv message=\"RLC\" optional=\"true\" next=\"ok\"/>"
	  "<recv message=\"BLO\"/><label id=\"ok\"/>",
		SIM_PASSED, "" },
	{ "<send>RLC</send><recv message=\"BLO\" timeout=\"1s\" on-timeout=\"ok\"/><fail/><label id=\"ok\"/>",
		SIM_PASSED, "" },
	{ "<label id=\"first\"/><goto next=\"ok\" if=\"n\" equals=\"1\"/>"
	  "<set variable=\"n\" value=\"1\"/><send>RLC</send>"
	  "<recv message=\"BLO\" timeout=\"1s\" on-timeout=\"first\"/><fail/><label id=\"ok\"/>", SIM_PASSED, "" },
	{ "<quiet for=\"0\"/>", SIM_PASSED, "" },
};

static void test_plays(void)
{
	static struct sim_world world;

	for (size_t i = 0; i < ARRAY_SIZE(play_rows); i++) {
		const struct play_row *row = &play_rows[i];
		char err[400] = "";
		struct sim_scenario *scenario = load(row->body, err, sizeof(err));

		if (!scenario) {
			EXPECT_STR(row->body, err, "a scenario");
			continue;
		}
		sim_world_run(&world, scenario);
		EXPECT_INT(row->body, world.result, row->result);
		if (strncmp(world.why, row->why, strlen(row->why)) || (!row->why[0] && world.why[0]))
			EXPECT_STR(row->body, world.why, row->why);
		talloc_free(scenario);
	}
}

/* ---- A call on a circuit that the scenario names ---- */

static void send_iam(struct sim_peer *peer, uint16_t cic)
{
	static const char text[] = "IAM called=2012";
	struct isup_mtp_label label = { .opc = peer->dpc, .dpc = peer->opc };
	uint8_t octets[2 + ISUP_MSG_OCTETS_MAX];
	struct isup_msg msg;
	char err[200] = "";
	int len;

	OSMO_ASSERT(isup_msg_scan(&msg, peer->dialect, text, err, sizeof(err)) == 0);
	osmo_store16le(cic, octets);
	len = isup_msg_encode(&msg, octets + 2, sizeof(octets) - 2);
	OSMO_ASSERT(len > 0);
	peer->mtp->user_ops->transfer_ind(peer->mtp->user, &label, octets, 2 + len);
}

static void count_done(void *data, struct sim_play *play, enum sim_result result, const char *why)
{
	*(unsigned int *)data += result == SIM_PASSED;
}

static int accept_transfer(struct isup_mtp *mtp, const struct isup_mtp_label *label, const uint8_t *octets, size_t len)
{
	return 0;
}

/* It is begun by what comes on its circuit only, and may be so again; on the others calls are refused. */
static void test_named_circuit(void)
{
	static const struct isup_mtp_ops mtp_ops = { .transfer_req = accept_transfer };
	static const struct sim_engine_ops ops = { .done = count_done };
	struct isup_mtp mtp = { .ops = &mtp_ops, .own_pc = 2 };
	unsigned int passed = 0;
	struct sim_engine *engine = sim_engine_alloc(NULL, &ops, &passed);
	struct sim_peer *peer = sim_peer_get(engine, &mtp, 2, 1, &isup_dialect_itu);
	char err[400] = "";

	sim_engine_attach(engine, &mtp);
	sim_peer_add_cics(peer, 1, 31);
	engine->answering = load("<circuit name=\"a\" cic=\"17\"/><recv message=\"IAM\"/>"
				 "<send>REL cause=17</send>", err, sizeof(err));
	EXPECT_STR("load", err, "");
	send_iam(peer, 16);
	EXPECT_INT("elsewhere", passed, 0);
	send_iam(peer, 17);
	EXPECT_INT("there", passed, 1);
	send_iam(peer, 17);
	EXPECT_INT("and again", passed, 2);
	EXPECT_INT("without a circuit", engine->stats.no_circuit, 0);
	EXPECT_INT("unbound", engine->n_unbound, 0);
	EXPECT_INT("free", peer->n_free, 31);
	talloc_free((void *)engine->answering);
	talloc_free(engine);
}

/* ---- JUnit XML of calls ---- */

static void test_junit(void)
{
	char have[1000] = "", *end;
	FILE *file = tmpfile();
	struct sim_junit junit;

	OSMO_ASSERT(file);
	EXPECT_INT("begin", sim_junit_begin(&junit, file, "a<b"), 0);
	sim_junit_add(&junit, "call 1", SIM_PASSED, NULL, 1.5);
	sim_junit_add(&junit, "call 2", SIM_FAILED, "x.xml:1:2: \"REL\"", 0.25);
	sim_junit_add(&junit, "call 3", SIM_SKIPPED, "no & never", 0);
	sim_junit_end(&junit);
	rewind(file);
	fread(have, 1, sizeof(have) - 1, file);
	fclose(file);
	/* blanks in the head are room for larger numbers */
	end = strstr(have, "  ");
	EXPECT(end && strspn(end, " ") > 20);
	memmove(end, end + strspn(end, " "), strlen(end + strspn(end, " ")) + 1);
	EXPECT_STR("junit", have, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		   "<testsuite name=\"a&lt;b\" tests=\"3\" failures=\"1\" skipped=\"1\" errors=\"0\" time=\"1.750\">\n"
		   "  <testcase classname=\"a&lt;b\" name=\"call 1\" time=\"1.500\"></testcase>\n"
		   "  <testcase classname=\"a&lt;b\" name=\"call 2\" time=\"0.250\">"
		   "<failure message=\"x.xml:1:2: &quot;REL&quot;\"/></testcase>\n"
		   "  <testcase classname=\"a&lt;b\" name=\"call 3\" time=\"0.000\">"
		   "<skipped message=\"no &amp; never\"/></testcase>\n</testsuite>\n");
}

/* ---- The shipped ones ---- */

/* All can be read, for circuits of ANSI, too (which has no overlap signalling); those that need no user of the tested
 * exchange pass. */
static const struct shipped_row {
	const char *name;
	bool plays;
} shipped_rows[] = {
	{ "answer", false }, { "busy", false }, { "call", false }, { "dualseizure", false }, { "hostile", true },
	{ "noanswer", false }, { "overlap", false }, { "silent", false }, { "supervision", true },
};

static void test_shipped(const char *dir)
{
	static struct sim_world world;

	for (size_t i = 0; i < ARRAY_SIZE(shipped_rows); i++) {
		const char *name = shipped_rows[i].name;
		char *path = talloc_asprintf(NULL, "%s/%s.xml", dir, name), err[400] = "";
		struct sim_scenario *scenario = sim_scenario_load(path, path, &isup_dialect_itu, err, sizeof(err));

		if (!scenario || (strcmp(name, "overlap") &&
				  !sim_scenario_load(path, path, isup_dialect_find("ansi"), err, sizeof(err))))
			EXPECT_STR(name, err, "a scenario");
		if (scenario && shipped_rows[i].plays) {
			sim_world_run(&world, scenario);
			EXPECT_STR(name, world.why, "");
			EXPECT_INT(name, world.result, SIM_PASSED);
		}
		talloc_free(path);
	}
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	sim_world_init();
	test_shipped(argv[1]);
	test_refused();
	test_times();
	test_plays();
	test_named_circuit();
	test_junit();
	return expect_failures != 0;
}
