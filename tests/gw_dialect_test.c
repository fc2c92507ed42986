/* SPDX-License-Identifier: GPL-3.0-or-later */
/* National variants from files: what is read, what a broken one is told, and a reload under a call. */

#include <unistd.h>

#include "isup/isup_call.h"
#include "isup/isup_dialect_own.h"
#include "../src/gw_dialect.h"

#include "expect.h"
#include "isup_two.h"

#define HEAD "<?xml version='1.0'?>\n<dialect base='itu' title='a test'>\n"

static char err[512];

/* The file's name is always "d.xml", in the directory of the test. */
static struct isup_dialect_own *load_text(const char *text)
{
	FILE *file = fopen("d.xml", "w");

	OSMO_ASSERT(file);
	fputs(text, file);
	fclose(file);
	err[0] = '\0';
	return gw_dialect_load(ctx, "test", "d.xml", err, sizeof(err));
}

static struct isup_dialect_own *load(const char *elements)
{
	char text[4096];

	snprintf(text, sizeof(text), HEAD "%s\n</dialect>\n", elements);
	return load_text(text);
}

/* ---- What is refused, and how: elements begin in line 3 ---- */

static const struct {
	const char *elements, *error;
} broken[] = {
	{ "<option name='colour' value='1'/>", "d.xml:3:9: there is no option 'colour'" },
	{ "\n<option name='range-max' value='99'/>", "d.xml:4:26: value=\"99\": a number from 1 to 31 is wanted" },
	{ "<option name='range-max'/>", "d.xml:3:1: Element 'option': The attribute 'value' is required" },
	{ "<timer name='T99' default='1'/>", "d.xml:3:8: there is no timer 'T99'" },
	{ "<timer name='T7' default='5' min='10' max='20'/>",
	  "d.xml:3:1: timer T7: min 10, default 5 and max 20 are not in this order" },
	{ "<timer name='T7' default='soon'/>", "d.xml:3:18: Element 'timer', attribute 'default'" },
	{ "<message name='XYZ'/>", "d.xml:3:10: there is no message XYZ in itu: a new one needs a code" },
	{ "<message name='IAM' code='0xfc'/>", "d.xml:3:10: message IAM is there already, with code 0x01" },
	{ "<message name='XYZ' code='0x01'/>", "d.xml:3:21: code 0x01 is that of IAM already" },
	{ "<message name='IAM' remove='true'/>", "d.xml:3:21: message IAM cannot be removed" },
	{ "<message name='XYZ' remove='true'/>", "d.xml:3:10: there is no message XYZ to remove" },
	{ "<message name='XYZ' code='0xf1'>\n<fixed parameter='nothing'/></message>",
	  "d.xml:4:8: there is no parameter 'nothing'" },
	{ "<message name='XYZ' code='0xf1'>\n<fixed parameter='called'/></message>",
	  "d.xml:4:8: 'called' has no fixed length: <variable> is for it" },
	{ "<message name='XYZ' code='0xf1' opaque='true' optional='true'/>", "d.xml:3:33: message XYZ is opaque" },
	{ "<parameter name='nfci'/>", "d.xml:3:12: there is no parameter 'nfci' in itu: a new one needs a code" },
	{ "<parameter name='cpc' code='0xfe'/>", "d.xml:3:12: parameter 'cpc' is there already, with code 0x09" },
	{ "<parameter name='nfci' code='9'/>", "d.xml:3:24: code 0x09 is that of 'cpc' already" },
	{ "<parameter name='nfci' code='0xfe'/>\n<parameter name='other' code='0xfe'/>",
	  "d.xml:4:25: code 0xfe is that of 'nfci' already" },
	{ "<parameter name='p' code='0xfe' form='bits'/>", "d.xml:3:33: parameter 'p' of form bits needs fields" },
	{ "<parameter name='p' code='0xfe'>\n<field name='f' letters='A'/></parameter>",
	  "d.xml:3:1: parameter 'p' is octets" },
	{ "<parameter name='p' code='0xfe' form='bits'>\n<field name='f' letters='CA'/></parameter>",
	  "d.xml:4:17: letters=\"CA\": up to 8 bits lie side by side" },
	{ "<parameter name='p' code='0xfe' form='bits'>\n<field name='f' letters='BA'/>\n"
	  "<field name='g' letters='CB'/></parameter>", "d.xml:5:17: letters=\"CB\": 'B' belongs to field 'f'" },
	{ "<parameter name='p' code='0xfe' form='number'>\n<field name='size' letters='BA'/></parameter>",
	  "d.xml:4:8: field 'size': a number has qualifier" },
	{ "<parameter name='p' code='0xfe' form='number'>\n<field name='noa' letters='HG'/></parameter>",
	  "d.xml:4:19: letters=\"HG\": 'H' is the odd/even indicator" },
	{ "<parameter name='p' code='0xfe' form='bits' usual='g=1'>\n<field name='f' letters='A'/></parameter>",
	  "d.xml:3:45: usual=\"g=1\": p has no field 'g'" },
	{ "<parameter name='p' code='0xfe' min='5' max='4'/>", "d.xml:3:41: parameter 'p': min 5 is above max 4" },
	{ "<parameter name='cpc' form='octets'/>", "d.xml:3:23: the form of 'cpc' cannot change" },
	{ "<parameter name='cpc'>\n<field name='colour'/></parameter>",
	  "d.xml:4:8: parameter 'cpc' has no field 'colour'" },
	{ "<parameter name='cpc'><field name='category'>\n<value code='256' title='x'/></field></parameter>",
	  "d.xml:4:8: code=\"256\": a number from 0 to 255 is wanted" },
	{ "<parameter name='cpc'><field name='category'>\n<value code='20' word='test' title='x'/></field></parameter>",
	  "d.xml:4:18: word=\"test\" is that of code 13 already" },
	{ "<parameter name='cpc'><field name='category'>\n<value code='20' word='950' title='x'/></field></parameter>",
	  "d.xml:4:18: word=\"950\" could be taken for a number" },
	{ "<parameter name='bci' remove='true'/>", "d.xml:3:1: message ACM needs parameter 0x11, which is removed" },
	{ "<thing/>", "d.xml:3:1: Element 'thing': This element is not expected" },
	{ "<message name='iam'/>", "d.xml:3:10: Element 'message', attribute 'name'" },
	{ "<message", "d.xml:4:" },
};

static void test_errors(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		EXPECT(!load(broken[i].elements));
		EXPECT_BEGIN(broken[i].elements, err, broken[i].error);
	}
	EXPECT(!load_text("<dialect base='klingon' title='x'/>"));
	EXPECT_BEGIN("base", err, "d.xml:1:10: there is no dialect 'klingon' built in to begin with");
	EXPECT(!load_text("<dialect base='itu'/>"));
	EXPECT_BEGIN("title", err, "d.xml:1:1: Element 'dialect': The attribute 'title' is required");
	EXPECT(!gw_dialect_load(ctx, "test", "nowhere.xml", err, sizeof(err)));
	EXPECT_STR("no file", err, "nowhere.xml: No such file or directory");
}

/* ---- What is taken ---- */

static void check_text(const struct isup_dialect *dialect, const char *text, const char *hex)
{
	struct isup_msg msg, again;
	uint8_t octets[300];
	char print[2048];
	int len;

	EXPECT_INT(text, isup_msg_scan(&msg, dialect, text, err, sizeof(err)), 0);
	len = isup_msg_encode(&msg, octets, sizeof(octets));
	EXPECT(len > 0);
	if (len <= 0)
		return;
	EXPECT_STR(text, osmo_hexdump_nospc(octets, len), hex);
	EXPECT_INT(text, isup_msg_decode(&again, dialect, octets, len, NULL), 0);
	isup_msg_print_buf(print, sizeof(print), &again);
	EXPECT_INT(print, isup_msg_scan(&msg, dialect, print, err, sizeof(err)), 0);
	EXPECT_INT(print, isup_msg_encode(&msg, octets, sizeof(octets)), len);
}

static void test_changes(void)
{
	struct isup_dialect_own *own = load(
		"<option name='range-max' value='23'/><timer name='t7' default='9000' min='8000'/>"
		"<parameter name='tariff' code='0xf1' form='bits'><field name='band' letters='DCBA'>"
		"<value code='3' word='night' title='night band'/></field>"
		"<field name='units' letters='XWVUTSRQPONMLKJI'/></parameter>"
		"<parameter name='cpc'><field name='category'><value code='0xe0' word='police' title='police'/></field>"
		"</parameter>"
		"<message name='TRF' code='0xf8' title='Tariff' optional='true' priority='2'>"
		"<fixed parameter='tariff'/></message>"
		"<message name='SAM' remove='true'/>"
		"<message name='RES' title='Resumption'/>");

	EXPECT_STR("no error", err, "");
	if (!own)
		return;
	EXPECT_INT("option", own->dialect.range_max, 23);
	EXPECT_INT("timer", isup_dialect_timer_ms(&own->dialect, ISUP_T7), 9000);
	EXPECT_INT("another", isup_dialect_timer_ms(&own->dialect, ISUP_T1), isup_timer_defs[ISUP_T1].default_ms);
	EXPECT(!isup_dialect_has(&own->dialect, ISUP_MSG_SAM) && isup_dialect_has(&isup_dialect_itu, ISUP_MSG_SAM));
	EXPECT_INT("priority", own->dialect.msgs[0xf8].prio, 2);
	EXPECT_STR("title", isup_msg_def(&own->dialect, ISUP_MSG_RES)->title, "Resumption");
	check_text(&own->dialect, "TRF tariff(band=night units=258)", "f8030201" "00");
	check_text(&own->dialect, "IAM cpc=police called=12", "01002001e000020003031021");
	talloc_free(own);
}

static void test_example(const char *path)
{
	struct isup_dialect_own *own = gw_dialect_load(ctx, "uk", path, err, sizeof(err));

	EXPECT_STR(path, own ? "" : err, "");
	if (!own)
		return;
	check_text(&own->dialect,
		   "ANM nfci(cli_blocking=allowed) presentation=2079460000 partial_cli=0x123456789012345600",
		   "0901fe020100fd0703100297640000" "fb0912345678901234560000");
	talloc_free(own);
}

/* ---- Reload under a call ---- */

static const struct isup_dialect *give(struct end *end, const char *elements)
{
	struct isup_dialect_own *own = load(elements);

	EXPECT(own);
	if (own && isup_dialect_own_register(end->isup, own, err, sizeof(err)) == 0)
		return &own->dialect;
	talloc_free(own);
	return NULL;
}

static void test_reload(void)
{
	const struct isup_dialect *first, *second;
	struct isup_call *call, *other;

	two_alloc(1, 10);
	first = give(&a, "<parameter name='mark' code='0xf1'/>");
	EXPECT(isup_find_dialect(a.isup, "test") == first);
	EXPECT(isup_find_dialect(a.isup, "itu") == &isup_dialect_itu);
	isup_group_cfg(a.group)->dialect = first;
	two_start();
	pass(1000);
	b.accept = true;
	call = place(&a);
	EXPECT(isup_call_dialect(call) == first);
	second = give(&a, "<parameter name='brand' code='0xf1'/>");
	EXPECT(second && second != first);
	EXPECT(isup_find_dialect(a.isup, "test") == second && isup_group_dialect(a.group) == second);
	EXPECT(isup_call_dialect(call) == first);
	/* What circuits are bound to stays. */
	EXPECT(!give(&a, "<option name='cic-bits' value='14'/>"));
	EXPECT_BEGIN("bound", err, "circuit-group A uses it: cic-bits 12 and pc-bits 14 cannot change");
	EXPECT(isup_find_dialect(a.isup, "test") == second);
	/* The old call goes on with its tables, a new one has the new ones. */
	inject(&b, isup_call_cic(call), "CPG event=alerting param0xf1=0x01");
	pass(1000);
	other = place(&a);
	EXPECT(isup_call_dialect(other) == second);
	release(&a, call, 16);
	release(&a, other, 16);
	run();
	while (b.n_calls)
		done(&b, b.calls[0]);
	pass(1000);
	expect_all_idle("after the reload");
	two_free();
}

int main(int argc, char **argv)
{
	two_init();
	test_errors();
	test_changes();
	test_example(argc > 1 ? argv[1] : "isup-uk.xml");
	test_reload();
	unlink("d.xml");
	return two_end() | (expect_failures != 0);
}
