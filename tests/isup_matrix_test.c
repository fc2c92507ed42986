/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each message does in each state of a call, against a table that says so in the words of Q.764. */

#include "isup/isup_call.h"
#include "isup/isup_priv.h"

#include "expect.h"
#include "isup_in_state.h"
#include "isup_two.h"

#define N_STATES (ISUP_CPC_ST_WAIT_DONE + 1)

/* A column a state, in the order of enum isup_cpc_state:
 *  outgoing: seized, waits for CRA, for ACM, for ANM, answered, suspended;
 *  incoming: succeeds, reserved, waits for COT, for digits, for INF, for ACM, for ANM, answered, suspended, overload;
 *  waits for T3 and the user, for T3, for RLC, for RLC and the user, for the user.
 * What is done:
 *  .  nothing: discarded (2.9.5.1 d, after a backward message), kept for later, or answered when the user is done
 *  u  the user is told          a  the user is told, an answer sent        k  answered, the call goes on
 *  x  RSC (2.9.5.1 d, before a backward message); a call of ours may be repeated
 *  L  REL sent                  F  our call fails, to be repeated          i  the circuit is idle
 *  E  the user is told of the end, RLC sent                                C  RLC sent */
static const struct {
	const char *text;
	char outcome[N_STATES + 1];
} rows[] = {
	{ "IAM called=1",	"F.....xuxxxx........." },
	{ "SAM",		".xx...ux...u........." },
	{ "ACM",		".xu...xxxxxx........." },
	{ "CPG",		".xxuuuxxxxxxuuu......" },
	{ "CON",		".xu...xxxxxx........." },
	{ "ANM",		".xxu..xxxxxx........." },
	{ "REL cause=16",	"CEEEEECCCCCEEEEC.CC.." },
	{ "RLC",		".LLLLLLLLLLLLLLL..i.." },
	{ "COT",		".xx...u.u............" },
	{ "RSC",		"EEEEEECCCCCEEEEC.CC.." },
	{ "BLO",		"FLLkkkakkkkkkkkkkkkkk" },
	{ "UCIC",		".FF...u...........i.." },
	{ "OLM",		".xF...xxxxxx........." },
	{ "SUS",		".xx.u.xxxxxx.uu......" },
	{ "RES",		".xx..uxxxxxx........." },
	{ "INR",		".xaaaaax...aaaa......" },
	{ "INF",		".xuuuuux..uuuuu......" },
	{ "FOT",		".xx...ux...uuuu......" },
	{ "IDR",		".xaaaaxxxxxx........." },
	{ "IRS",		".xx...ux...uuuu......" },
	{ "FAR",		".xaaaaax...aaaa......" },
	{ "DRS",		"kkkkkkakkkkkkkkkkkkkk" },
	{ "USR",		".xuuuuux...uuuu......" },
};

/* What A did about it */
static char outcome_of(const struct isup_call *call, const char *sent, const char *told)
{
	if (strstr(sent, "A>RSC"))
		return 'x';
	if (strstr(sent, "A>REL"))
		return 'L';
	if (strstr(sent, "A>RLC"))
		return strstr(told, "A:") ? 'E' : 'C';
	if (strstr(told, "A:FAILED"))
		return 'F';
	if (strstr(told, "A:REL"))
		return 'E';
	if (strstr(told, "A:"))
		return strstr(sent, "A>") ? 'a' : 'u';
	if (strstr(sent, "A>"))
		return 'k';
	return circuit_1(&a)->call == call ? '.' : 'i';
}

static char observe(enum isup_cpc_state state, const char *text)
{
	struct isup_call *call;
	char outcome, sent[512];

	two_up(1, 2);
	call = call_in_state(state);
	EXPECT_INT(text, call->fi->state, state);
	take(wire);
	take(events);
	cut_a = true;		/* B is not to answer */
	inject(&b, 1, text);
	osmo_strlcpy(sent, take(wire), sizeof(sent));
	outcome = outcome_of(call, sent, take(events));
	two_free();
	return outcome;
}

/* 2.8.3.2: t transient, i, o incoming, outgoing busy. With a check, before its IAM, or while its user is not done a
 * circuit is transient for what this end knows of it. */
static void test_query_states(void)
{
	static const char should[] = "tttoootttiiiiiitttttt";
	char got[N_STATES + 1] = "";
	struct isup_circuit_info info;
	unsigned int state;

	for (state = 0; state < N_STATES; state++) {
		two_up(1, 2);
		call_in_state(state);
		EXPECT_INT("info", isup_circuit_info(a.group, 1, &info), 0);
		got[state] = "tiox"[info.query_state >> 2 & 3];
		two_free();
	}
	EXPECT_STR("query", got, should);
}

int main(void)
{
	char got[N_STATES + 1] = "";
	unsigned int i, state;

	two_init();
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (state = 0; state < N_STATES; state++)
			got[state] = observe(state, rows[i].text);
		EXPECT_STR(rows[i].text, got, rows[i].outcome);
	}
	test_query_states();
	return expect_failures + two_end() > 0;
}
