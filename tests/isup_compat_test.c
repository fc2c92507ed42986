/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unrecognised information, Q.764 2.9.5.2, 2.9.5.3: Q.784.1 1.6 and 1.7, and every instruction for every parameter. */

#include <stdio.h>
#include <string.h>

#include "isup/isup_compat.h"

#include "expect.h"
#include "isup_two.h"

#define UNKNOWN "param0xee=0x0102"

static const char *take_watched(void)
{
	static char copy[sizeof(watched)];

	osmo_strlcpy(copy, watched, sizeof(copy));
	watched[0] = '\0';
	return copy;
}

/* A has sent IAM on circuit 1; B has not answered yet. */
static void up_waiting(void)
{
	place(&a);
	take(wire);
	take(events);
}

static void clear(const char *what)
{
	watch = 0;
	while (a.n_calls)
		release(&a, a.calls[0], 16);
	while (b.n_calls)
		release(&b, b.calls[0], 16);
	pass(1000);
	expect_all_idle(what);
	take(wire);
	take(events);
	take_watched();
}

/* ---- Q.784.1 1.6: no compatibility information ---- */

static void test_1_6(void)
{
	watch = ISUP_MSG_CFN;
	up_waiting();
	inject(&a, 1, "MSG-0xfa octets=0x00");
	EXPECT_STR("1.6.1.1", take_watched(), "CFN cic=0 cause(coding=itu location=ln value=97 diagnostics=0xfa)");
	EXPECT_INT("ACM", send_text(b.calls[0], "ACM"), 0);
	run();
	EXPECT_STR("1.6.1.1 goes on", take(events), "A:ACM");
	watch = ISUP_MSG_CFN;
	inject(&b, 1, "MSG-0xfb octets=0x00");
	EXPECT_STR("1.6.1.2", take_watched(), "CFN cic=0 cause(coding=itu location=ln value=97 diagnostics=0xfb)");
	clear("1.6.1");

	watch = ISUP_MSG_CFN;
	inject(&a, 1, "IAM called=201234567 " UNKNOWN " param0xef=0x01 uui=0x0401");
	EXPECT_STR("1.6.2.1", take(events), "B:IAM");
	EXPECT_STR("1.6.2.1", take_watched(), "CFN cic=0 cause(coding=itu location=ln value=99 diagnostics=0xeeef)");
	inject(&a, 1, "REL cause=16");
	clear("1.6.2.1");

	watch = ISUP_MSG_CFN;
	up_waiting();
	inject(&b, 1, "ACM " UNKNOWN);
	EXPECT_STR("1.6.2.2", take(events), "A:ACM");
	EXPECT_STR("1.6.2.2", take_watched(), "CFN cic=0 cause(coding=itu location=ln value=99 diagnostics=0xee)");
	inject(&b, 1, "ANM tmr_prime=speech");
	EXPECT_STR("wrong message", take(events), "A:ANM");
	EXPECT_STR("wrong message, known: kept", take_watched(), "");
	inject(&b, 1, "CPG event=progress cause=0x80");
	EXPECT_STR("too short", take_watched(), "CFN cic=0 cause(coding=itu location=ln value=99 diagnostics=0x12)");
	clear("1.6.2.2");
}

/* 2.9.5.3.2 to the letter: a known parameter in the wrong message is not recognised. */
static struct isup_dialect strict;

static void test_strict(void)
{
	two_free();
	strict = isup_dialect_itu;
	strict.strict_parameters = 1;
	two_alloc(1, 4);
	isup_group_cfg(a.group)->dialect = &strict;
	two_start();
	run();
	up_waiting();
	watch = ISUP_MSG_CFN;
	EXPECT_INT("ACM", send_text(b.calls[0], "ACM"), 0);
	inject(&b, 1, "ANM tmr_prime=speech");
	EXPECT_STR("strict", take(events), "A:ACM A:ANM");
	EXPECT_STR("strict", take_watched(), "CFN cic=0 cause(coding=itu location=ln value=99 diagnostics=0x3e)");
	clear("strict");
	two_free();
	two_up(1, 4);
}

/* What B's user is told of an IAM */
static struct isup_msg told;
static uint8_t told_octets[ISUP_MSG_OCTETS_MAX];
static isup_user_cb *b_cb;

static void spy(struct isup_call *call, const struct isup_prim *prim, void *user)
{
	if (prim->msg->type == ISUP_MSG_IAM) {
		memcpy(told_octets, prim->msg->octets, prim->msg->octets_len);
		EXPECT_INT("told", isup_msg_decode(&told, &isup_dialect_itu, told_octets, prim->msg->octets_len,
						   NULL), 0);
	}
	b_cb(call, prim, user);
}

static unsigned int octet_told(uint8_t code)
{
	const struct isup_par *par = isup_msg_find(&told, code);

	return par && par->len ? par->val[0] : 999;
}

/* 1.6.3.1, 1.7.3.1: spare values have their defaults. */
static void test_values(void)
{
	b_cb = two_set_cb(&b, spy);
	inject(&a, 1, "IAM called=201234567 cpc=14 nci=0x0f opt_fci=0x81");
	EXPECT_STR("1.6.3.1", take(events), "B:IAM");
	EXPECT_STR("1.6.3.1: nothing said", take(wire), "A>IAM");
	EXPECT_INT("CPC 14", octet_told(ISUP_PAR_CPC), ISUP_CPC_ORDINARY);
	EXPECT_INT("satellite 3, continuity 3", octet_told(ISUP_PAR_NCI), 2);
	EXPECT_INT("CUG 1", octet_told(ISUP_PAR_OPT_FCI), 0x80);
	inject(&a, 1, "REL cause=16");
	inject(&a, 1, "IAM called=201234567 cpc=224");
	EXPECT_INT("CPC 224", octet_told(ISUP_PAR_CPC), 224);
	inject(&a, 1, "REL cause=16");
	take(wire);
	watch = ISUP_MSG_REL;
	inject(&a, 1, "IAM called=201234567 opt_fci=0x01 parameter_compat=0x0883");
	EXPECT_STR("1.7.3.1", take(wire), "A>IAM B>REL A>RLC");
	EXPECT_STR("1.7.3.1", take_watched(), "REL cic=0 cause(coding=itu location=ln value=99 diagnostics=0x08)");
	two_set_cb(&b, b_cb);
	clear("values");
}

/* ---- Q.784.1 1.7: compatibility information ---- */

static void test_1_7_1(void)
{
	watch = ISUP_MSG_REL;
	up_waiting();
	inject(&a, 1, "MSG-0xfa octets=0x0138018200");
	EXPECT_STR("1.7.1.1", take(wire), "A>MSG-0xfa B>REL A>RLC");
	EXPECT_STR("1.7.1.1", take_watched(), "REL cic=0 cause(coding=itu location=ln value=97 diagnostics=0xfa)");
	EXPECT_STR("1.7.1.1", take(events), "B:FAILED(97) A:REL(97)");
	clear("1.7.1.1");
	up_waiting();
	inject(&a, 1, "MSG-0xfa octets=0x0138018800");
	EXPECT_STR("1.7.1.2 discard", take(wire), "A>MSG-0xfa");
	inject(&a, 1, "MSG-0xfa octets=0x0138018c00");
	EXPECT_STR("discard and notify", take(wire), "A>MSG-0xfa B>CFN");
	inject(&a, 1, "MSG-0xfa octets=0x0138019000");
	EXPECT_STR("1.7.1.5 no way to pass on: discard", take(wire), "A>MSG-0xfa");
	inject(&a, 1, "MSG-0xfa octets=0x0138018000");
	EXPECT_STR("1.7.1.4 no way to pass on: release", take(wire), "A>MSG-0xfa B>REL A>RLC");
	clear("1.7.1.4");
	isup_group_cfg(b.group)->transit = true;
	up_waiting();
	inject(&a, 1, "MSG-0xfa octets=0x0138018200");
	EXPECT_STR("1.7.1.3 pass on", take(events), "B:MSG-0xfa");
	inject(&a, 1, "MSG-0xfa octets=0x0138018900");
	EXPECT_STR("1.7.1.3 end node interpretation", take(events), "");
	inject(&a, 1, "MSG-0xfa octets=0x00");
	EXPECT_STR("1.7.1.7", take(wire), "A>MSG-0xfa A>MSG-0xfa A>MSG-0xfa B>CFN");
	EXPECT_INT("from the other side", send_text(b.calls[0], "MSG-0xfa octets=0x0138018200"), 0);
	run();
	EXPECT_STR("passed on", take(wire), "B>MSG-0xfa A>REL B>RLC");
	isup_group_cfg(b.group)->transit = false;
	clear("1.7.1.3");
	up_waiting();
	EXPECT_INT("not an end node's", send_text(b.calls[0], "MSG-0xfa octets=0x0138018200"), -EPROTO);
	clear("unknown type");
}

static void test_1_7_2(void)
{
	watch = ISUP_MSG_REL;
	inject(&a, 1, "IAM called=201234567 parameter_compat=0xee82 " UNKNOWN);
	EXPECT_STR("1.7.2.1", take(events), "");
	EXPECT_STR("1.7.2.1", take(wire), "A>IAM B>REL A>RLC");
	EXPECT_STR("1.7.2.1", take_watched(), "REL cic=0 cause(coding=itu location=ln value=99 diagnostics=0xee)");
	watch = ISUP_MSG_CFN;
	inject(&a, 1, "IAM called=201234567 parameter_compat=0xee8c " UNKNOWN);
	EXPECT_STR("1.7.2.3 discard message, notify", take(wire), "A>IAM B>CFN");
	EXPECT_STR("1.7.2.3", take_watched(),
		   "CFN cic=0 cause(coding=itu location=ln value=110 diagnostics=0x01ee)");
	inject(&a, 1, "IAM called=201234567 parameter_compat=0xee90 " UNKNOWN);
	EXPECT_STR("1.7.2.2 discard parameter", take(wire), "A>IAM");
	EXPECT_STR("1.7.2.2", take(events), "B:IAM");
	inject(&a, 1, "SUS suspend_resume=network parameter_compat=0xeea0 " UNKNOWN);
	EXPECT_STR("1.7.2.6 pass on not possible: discard message", take(wire), "A>SUS");
	watch = ISUP_MSG_RLC;
	inject(&a, 1, "REL cause=16 " UNKNOWN);
	EXPECT_STR("1.7.2.10", take(events), "B:REL(16)");
	EXPECT_STR("1.7.2.10", take_watched(), "RLC cic=0 cause(coding=itu location=ln value=99 diagnostics=0xee)");
	inject(&a, 1, "REL cause=16 " UNKNOWN);
	EXPECT_STR("idle", take_watched(), "RLC cic=0 cause(coding=itu location=ln value=99 diagnostics=0xee)");
	clear("1.7.2");
	watch = ISUP_MSG_CFN;
	up_waiting();
	inject(&a, 1, "CFN cause=97 " UNKNOWN);
	EXPECT_STR("no CFN for CFN", take(wire), "A>CFN");
	clear("CFN");
}

/* The same by a transit exchange */
static void test_transit(void)
{
	isup_group_cfg(b.group)->transit = true;
	b_cb = two_set_cb(&b, spy);
	inject(&a, 1, "IAM called=201234567 parameter_compat=0xee86 " UNKNOWN);
	EXPECT_STR("1.7.2.4, 1.7.2.8", take(wire), "A>IAM");
	EXPECT_INT("passed on", octet_told(0xee), 1);
	inject(&a, 1, "REL cause=16");
	take(wire);
	watch = ISUP_MSG_CFN;
	inject(&a, 1, "IAM called=201234567 parameter_compat=0xee85 " UNKNOWN);
	EXPECT_INT("passed on", octet_told(0xee), 1);
	EXPECT_STR("1.7.2.5", take_watched(), "CFN cic=0 cause(coding=itu location=ln value=103 diagnostics=0xee)");
	inject(&a, 1, "REL cause=16");
	inject(&a, 1, "IAM called=201234567 parameter_compat=0xee91 " UNKNOWN);
	EXPECT_INT("discarded", octet_told(0xee), 999);
	inject(&a, 1, "REL cause=16");
	two_set_cb(&b, b_cb);
	isup_group_cfg(b.group)->transit = false;
	clear("transit");
}

/* ---- What a group says of itself: hop counter, echo control ---- */

static void test_own(void)
{
	struct isup_group_cfg *cfg_a = isup_group_cfg(a.group), *cfg_b = isup_group_cfg(b.group);
	struct isup_call *call;
	uint8_t cause;

	cfg_a->hop_counter = 20;
	cfg_a->echo = ISUP_ECHO_INCOMING;
	cfg_b->echo = ISUP_ECHO_INCOMING | ISUP_ECHO_OUTGOING;
	b_cb = two_set_cb(&b, spy);
	call = seize(&a, &cause);
	EXPECT_INT("IAM", send_text(call, "IAM called=1 nci(echo=yes)"), 0);
	run();
	EXPECT_INT("initial hop counter", octet_told(ISUP_PAR_HOP_COUNTER), 20);
	EXPECT_INT("no outgoing device", octet_told(ISUP_PAR_NCI), 0);
	watch = ISUP_MSG_ACM;
	EXPECT_INT("ACM", send_text(b.calls[0], "ACM bci(charge=charge)"), 0);
	run();
	EXPECT(strstr(take_watched(), "echo=yes"));
	watch = ISUP_MSG_NRM;
	inject(&a, 1, "NRM echo_control(outgoing_request=activate incoming_request=deactivate)");
	EXPECT(strstr(take_watched(), "; NRM cic=0 echo_control(outgoing_info=included incoming_info=available"));
	take_watched();
	inject(&b, 1, "CPG event=progress echo_control(outgoing_request=activate)");
	EXPECT(strstr(take_watched(), "NRM cic=0 echo_control(outgoing_info=not-available incoming_info=none"));
	clear("own");
	call = seize(&a, &cause);
	EXPECT_INT("IAM", send_text(call, "IAM called=1 echo_control(incoming_request=activate)"), 0);
	run();
	watch = ISUP_MSG_ACM;
	EXPECT_INT("ACM", send_text(b.calls[0], "ACM"), 0);
	run();
	EXPECT(strstr(take_watched(), "echo_control(outgoing_info=none incoming_info=included"));
	watch = ISUP_MSG_ANM;
	EXPECT_INT("ANM", send_text(b.calls[0], "ANM"), 0);
	run();
	EXPECT_STR("once", take_watched(), "ANM cic=0");
	clear("own");
	call = seize(&a, &cause);
	EXPECT_INT("IAM", send_text(call, "IAM called=1 hop_counter=3"), 0);
	run();
	EXPECT_INT("that of the user", octet_told(ISUP_PAR_HOP_COUNTER), 3);
	two_set_cb(&b, b_cb);
	cfg_a->hop_counter = 0;
	cfg_a->echo = cfg_b->echo = ISUP_ECHO_USER;
	clear("own");
}

/* ---- Every instruction, and every parameter in every message ---- */

/* What Q.763 3.41 says, written anew */
static const char *expected_wire(unsigned int instr)
{
	bool notify = instr & 4;

	if (instr & 2)
		return "A>SUS B>REL A>RLC";
	if (instr & 8)
		return notify ? "A>SUS B>CFN" : "A>SUS";
	if (instr & 16 || (instr & 0x60) == 0x40)
		return notify ? "A>SUS B>CFN" : "A>SUS";
	if ((instr & 0x60) == 0x20)
		return notify ? "A>SUS B>CFN" : "A>SUS";
	return "A>SUS B>REL A>RLC";
}

static bool message_kept(unsigned int instr)
{
	return !(instr & 2) && !(instr & 8) && (instr & 16 || (instr & 0x60) == 0x40);
}

static void test_every_instruction(void)
{
	unsigned int instr;
	char text[96];

	for (instr = 0; instr < 128; instr++) {
		place(&a);
		EXPECT_INT("ANM", send_text(b.calls[0], "ACM") + send_text(b.calls[0], "ANM"), 0);
		run();
		take(wire);
		take(events);
		snprintf(text, sizeof(text), "SUS suspend_resume=network parameter_compat=0xee%02x " UNKNOWN,
			 instr | 0x80);
		inject(&a, 1, text);
		EXPECT_STR(text, take(wire), expected_wire(instr));
		EXPECT_INT(text, strstr(events, "B:SUS") != NULL, message_kept(instr));
		clear(text);
	}
}

static bool is_expected(uint8_t type, unsigned int code)
{
	return code == ISUP_PAR_MESSAGE_COMPAT || code == ISUP_PAR_PARAMETER_COMPAT ||
	       strchr((const char *)isup_q763_expected[type], code);
}

/* Told of a parameter, with or without instructions */
static void send_parameter(uint8_t type, unsigned int code, const char *hex, const char *instructions)
{
	char text[700];

	snprintf(text, sizeof(text), "%s %s param0x%02x=0x%s", isup_msg_name(&isup_dialect_itu, type), instructions,
		 code, hex);
	watch = ISUP_MSG_CFN;
	inject(&a, 1, text);
}

/* What is not known is told, and never reaches the user; the call goes on. What is known is kept, unless it is not
 * expected there and says itself that it is to be discarded. */
static void test_parameter(uint8_t type, unsigned int code)
{
	const struct isup_par_def *def = isup_par_def(&isup_dialect_itu, code);
	char what[64], instructions[32], wanted[96], hex[520] = "";
	unsigned int i, len = def ? def->min_len : 1;

	for (i = 0; i < len; i++)
		snprintf(hex + 2 * i, sizeof(hex) - 2 * i, "%02x", 0x80);
	snprintf(what, sizeof(what), "0x%02x in %s", code, isup_msg_name(&isup_dialect_itu, type));
	snprintf(wanted, sizeof(wanted), "CFN cic=0 cause(coding=itu location=ln value=99 diagnostics=0x%02x)",
		 code);
	send_parameter(type, code, hex, "");
	EXPECT_STR(what, take_watched(), def ? "" : wanted);
	if (isup_q763_value_defaults[code])	/* instructions for its value, too */
		return;
	snprintf(instructions, sizeof(instructions), "parameter_compat=0x%02x94", code);
	send_parameter(type, code, hex, instructions);
	EXPECT_STR(what, take_watched(), is_expected(type, code) ? "" : wanted);
}

static unsigned int test_every_parameter(void)
{
	unsigned int type, code, n = 0;

	place(&a);
	EXPECT_INT("ANM", send_text(b.calls[0], "ACM") + send_text(b.calls[0], "ANM"), 0);
	run();
	for (type = 0; type < 256; type++) {
		if (!isup_q763_expected[type] || type == ISUP_MSG_CFN || type == ISUP_MSG_RLC ||
		    type == ISUP_MSG_REL || type == ISUP_MSG_SGM)
			continue;
		for (code = 1; code < 256; code++) {
			if (code == ISUP_PAR_PARAMETER_COMPAT || code == ISUP_PAR_OPT_FCI || code == ISUP_PAR_OBCI ||
			    memchr(isup_q763_msgs[type].fixed, code, sizeof(isup_q763_msgs[type].fixed)) ||
			    memchr(isup_q763_msgs[type].variable, code, sizeof(isup_q763_msgs[type].variable)))
				continue;
			test_parameter(type, code);
			take(wire);
			take(events);
			n++;
		}
	}
	clear("every parameter");
	return n;
}

int main(void)
{
	unsigned int n;

	two_init();
	two_up(1, 4);
	test_1_6();
	test_strict();
	test_values();
	test_1_7_1();
	test_1_7_2();
	test_transit();
	test_own();
	test_every_instruction();
	n = test_every_parameter();
	EXPECT(n > 5000);
	printf("%u parameters in messages\n", n);
	two_free();
	return expect_failures + two_end() > 0;
}
