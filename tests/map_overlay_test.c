/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles as XML: built-in ones written and read again, what an overlay changes, what a broken one is told, reload. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "isup/isup_dialect.h"
#include "mapping/iwu.h"
#include "mapping/map_cause.h"
#include "mapping/map_overlay.h"
#include "mapping/map_profile_own.h"

#define HEAD	"<mapping-profile name='own' base='rfc3398' title='a test'>\n"

static void *ctx;
static char err[512], notes[1024];

static void note(const char *text, void *data)
{
	size_t len = strlen(notes);

	snprintf(notes + len, sizeof(notes) - len, "%s\n", text);
}

static const struct map_overlay_env env = { .dialect = &isup_dialect_itu, .note = note };

static struct map_profile_own *parse(const char *text)
{
	err[0] = notes[0] = '\0';
	return map_overlay_parse(ctx, "p.xml", text, strlen(text), &env, err, sizeof(err));
}

static struct map_profile_own *load(const char *elements)
{
	char text[4096];

	snprintf(text, sizeof(text), HEAD "%s\n</mapping-profile>\n", elements);
	return parse(text);
}

/* ---- Built-in → XML → load → equal ---- */

static void expect_same_table(const char *what, const struct map_table *a, const struct map_table *b)
{
	const struct map_row *x = a->rows, *y = b->rows;
	char left[128], right[128];

	for (; x->clause && y->clause; x++, y++) {
		map_row_print_buf(left, sizeof(left), a, x);
		map_row_print_buf(right, sizeof(right), b, y);
		EXPECT_STR(what, left, right);
		EXPECT_INT(what, memcmp(x->in, y->in, sizeof(x->in)) | memcmp(x->out, y->out, sizeof(x->out)), 0);
	}
	EXPECT_INT(what, !x->clause && !y->clause, 1);
}

static void expect_same(const struct map_profile *a, const struct map_profile *b)
{
	unsigned int i;

	EXPECT_STR(a->name, a->title, b->title);
	for (const struct map_profile_option *o = map_profile_options; o->name; o++)
		EXPECT_INT(o->name, ((const uint8_t *)a)[o->offset], ((const uint8_t *)b)[o->offset]);
	EXPECT_INT(a->name, memcmp(&a->pars, &b->pars, sizeof(a->pars)), 0);
	for (i = 0; i < _MAP_TABLE_COUNT; i++)
		expect_same_table(a->name, a->tables[i], b->tables[i]);
	for (i = 0; a->iam_to_invite[i].clause || b->iam_to_invite[i].clause; i++)
		EXPECT_INT(a->name, a->iam_to_invite[i].apply == b->iam_to_invite[i].apply, 1);
	for (i = 0; a->invite_to_iam[i].clause || b->invite_to_iam[i].clause; i++)
		EXPECT_INT(a->name, a->invite_to_iam[i].apply == b->invite_to_iam[i].apply, 1);
}

static char *written(const struct map_profile *profile)
{
	size_t size;
	char *text;
	FILE *file = open_memstream(&text, &size);

	map_overlay_write(file, profile, "copy", &isup_dialect_itu);
	fclose(file);
	return text;
}

/* The file says all: of whatever profile it is begun, the result is the same. */
static void check_copy(const struct map_profile *profile, const char *text, const char *base)
{
	char from[64], other[65536];
	struct map_profile_own *own;
	const char *at;

	snprintf(from, sizeof(from), "base=\"%s\"", profile->name);
	at = strstr(text, from);
	OSMO_ASSERT(at);
	snprintf(other, sizeof(other), "%.*sbase=\"%s\"%s", (int)(at - text), text, base, at + strlen(from));
	own = parse(other);
	EXPECT_STR(profile->name, err, "");
	EXPECT_STR(profile->name, notes, "");
	if (!own)
		return;
	EXPECT_STR("name", own->profile.name, "copy");
	EXPECT_STR("base", own->profile.base, base);
	expect_same(profile, &own->profile);
	talloc_free(own);
}

static void test_round_trip(void)
{
	for (const struct map_profile *const *p = map_profiles; *p; p++) {
		char *text = written(*p);

		for (const struct map_profile *const *base = map_profiles; *base; base++)
			check_copy(*p, text, (*base)->name);
		free(text);
	}
}

/* ---- What is refused, and how: elements begin in line 2 ---- */

static const struct {
	const char *elements, *error;
} broken[] = {
	{ "<option name='colour' value='yes'/>", "p.xml:2:9: there is no option 'colour'" },
	{ "<option name='sipi' value='maybe'/>", "p.xml:2:21: option sipi cannot be 'maybe'" },
	{ "\n<option name='100rel' value='yes'/>", "p.xml:3:23: option 100rel cannot be 'yes'" },
	{ "<option name='sipi'/>", "p.xml:2:1: Element 'option': The attribute 'value' is required" },
	{ "<parameter name='called' value='1'/>", "p.xml:2:12: parameter 'called' is not one of a profile" },
	{ "<parameter name='fci' value='colour=red'/>",
	  "p.xml:2:23: value=\"colour=red\": fci has no field 'colour'" },
	{ "<parameter name='fci' value='interworking=perhaps'/>", "p.xml:2:23: value=\"interworking=perhaps\": " },
	{ "<iam-to-invite parameter='colour' target='From' enabled='false'/>",
	  "p.xml:2:16: there is no parameter 'colour'" },
	{ "<iam-to-invite parameter='calling' target='Subject' enabled='false'/>",
	  "p.xml:2:36: there is no rule from calling to Subject" },
	{ "<iam-to-invite parameter='calling' target='From' enabled='false'/>",
	  "p.xml:2:50: the rule for From cannot be left out" },
	{ "<iam-to-invite parameter='called' target='Request-URI, To' enabled='false'/>",
	  "p.xml:2:60: the rule for Request-URI, To cannot be left out" },
	{ "<iam-to-invite parameter='calling' target='Privacy' enabled='off'/>",
	  "p.xml:2:53: Element 'iam-to-invite', attribute 'enabled'" },
	{ "<invite-to-iam source='Subject' parameter='cpc' enabled='false'/>",
	  "p.xml:2:16: there is no rule from Subject to cpc" },
	{ "<invite-to-iam source='constant' parameter='nci' enabled='false'/>",
	  "p.xml:2:50: the rule for nci cannot be left out: no IAM is without it" },
	{ "<invite-to-iam source='Request-URI' parameter='called' enabled='false'/>",
	  "p.xml:2:56: the rule for called cannot be left out" },
	{ "<table name='colours'><row colour='red'/></table>", "p.xml:2:8: there is no table 'colours'" },
	{ "<table name='cause-to-status'/>", "p.xml:2:1: Element 'table': Missing child element(s)" },
	{ "<table name='cause-to-status'>\n<row cause='17' status='486'/>\n"
	  "<row cause='18' colour='red' status='486'/>"
	  "</table>", "p.xml:4:17: table cause-to-status has no column 'colour'" },
	{ "<table name='cause-to-status'>\n<row cause='17'/></table>", "p.xml:3:1: column 'status' is missing" },
	{ "<table name='cause-to-status'>\n<row cause='128' status='486'/></table>",
	  "p.xml:3:6: cause=\"128\": 0 to 127 is wanted" },
	{ "<table name='cause-to-status'>\n<row cause='busy' status='486'/></table>",
	  "p.xml:3:6: cause=\"busy\": 0 to 127 is wanted" },
	{ "<table name='cause-to-status'>\n<row cause='17' status='99'/></table>",
	  "p.xml:3:17: status=\"99\": 300 to 699 is wanted" },
	{ "<table name='cause-to-status'>\n<row cause='17' status='any'/></table>",
	  "p.xml:3:17: status=\"any\": 300 to 699 is wanted" },
	{ "<table name='cause-to-status'>\n<row cause='17' status='183'/></table>",
	  "p.xml:3:17: status=\"183\": 300 to 699 is wanted" },
	{ "<table name='acm-to-18x'>\n<row status='486' early-media='no'/></table>",
	  "p.xml:3:6: status=\"486\": 101 to 199 is wanted" },
	{ "<table name='event-to-18x'>\n<row status='200' early-media='no'/></table>",
	  "p.xml:3:6: status=\"200\": 101 to 199 is wanted" },
	{ "<table name='cause-to-status'>\n<row location='mars' status='486'/></table>",
	  "p.xml:3:6: location=\"mars\": user, network, 0 to 15 is wanted" },
	{ "<table name='18x-to-isup'>\n<row status='180' acm-sent='2' acm='none' cpg='none'/></table>",
	  "p.xml:3:19: acm-sent=\"2\": no, yes is wanted" },
	{ "<table name='acm-to-18x'>\n<row called-status='none' status='183' early-media='no'/></table>",
	  "p.xml:3:6: called-status=\"none\": none, no-indication" },
	{ "<table name='cause-reroute' replace='true'><row cause='34' reroute='yes'/></table>",
	  "p.xml:2:1: table cause-reroute has no row for cause=(any other): a last row" },
	{ "<table name='18x-to-isup' replace='true'><row acm-sent='no' acm='no-indication' cpg='none'/></table>",
	  "p.xml:2:1: table 18x-to-isup has no row for status=(any other) acm-sent=yes early-media=no" },
	{ "<table name='cause-reroute'><row reroute='no'/></table>\n<table name='cause-reroute'><row reroute='yes'/>"
	  "</table>", "p.xml:3:8: table 'cause-reroute' is there twice" },
	{ "<thing/>", "p.xml:2:1: Element 'thing': This element is not expected" },
	{ "<table name='cause-reroute'><column/></table>",
	  "p.xml:2:29: Element 'column': This element is not expected" },
	{ "<table", "p.xml:3:" },
};

static void test_errors(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		EXPECT_INT(broken[i].elements, !load(broken[i].elements), 1);
		EXPECT_BEGIN(broken[i].elements, err, broken[i].error);
	}
	EXPECT(!parse("<mapping-profile name='own' base='klingon' title='x'/>"));
	EXPECT_BEGIN("base", err, "p.xml:1:29: there is no profile 'klingon' built in to begin with");
	EXPECT(!parse("<mapping-profile name='q1912-a' base='q1912-a' title='x'/>"));
	EXPECT_BEGIN("name", err, "p.xml:1:18: profile 'q1912-a' is built in");
	EXPECT(!parse("<mapping-profile name='own' base='q1912-a'/>"));
	EXPECT_BEGIN("title", err, "p.xml:1:1: Element 'mapping-profile': The attribute 'title' is required");
	EXPECT(!parse("<mapping-profile name='o wn' base='q1912-a' title='x'/>"));
	EXPECT_BEGIN("name", err, "p.xml:1:18: Element 'mapping-profile', attribute 'name'");
	EXPECT(!map_overlay_load(ctx, "nowhere.xml", &env, err, sizeof(err)));
	EXPECT_STR("no file", err, "nowhere.xml: No such file or directory");
}

/* ---- What an overlay changes ---- */

static uint16_t status_of(const struct map_profile *profile, uint8_t value, uint8_t location)
{
	return map_cause_to_status(profile, &(struct isup_cause){ .value = value, .location = location });
}

static unsigned int n_rows(const struct map_table *table)
{
	unsigned int n = 0;

	while (table->rows[n].clause)
		n++;
	return n;
}

static void test_rows(void)
{
	struct map_profile_own *own = load("<table name='cause-to-status'>\n"
					   "<row cause='17' location='4' status='600' clause='house 1'/>\n"
					   "<row cause='18' location='any' status='480'/>\n"
					   "<row cause='17' location='4' status='603'/></table>");
	const struct map_table *table, *base = map_profile_rfc3398.tables[MAP_TABLE_CAUSE_TO_STATUS];

	EXPECT_STR("load", err, "");
	EXPECT_STR("notes", notes, "p.xml:5:1: this row of cause-to-status is never reached: row 1, "
		   "'17 4 any → 600 (house 1)', suits all of it\n");
	if (!own)
		return;
	EXPECT_INT("17 there", status_of(&own->profile, 17, 4), 600);
	EXPECT_INT("17 elsewhere", status_of(&own->profile, 17, 0), 486);
	EXPECT_INT("18", status_of(&own->profile, 18, 2), 480);
	EXPECT_INT("18 of the base", status_of(&map_profile_rfc3398, 18, 2), 408);
	EXPECT_INT("1", status_of(&own->profile, 1, 2), 404);
	/* three more, but the base's row for 18 is gone */
	table = own->profile.tables[MAP_TABLE_CAUSE_TO_STATUS];
	EXPECT_INT("rows", n_rows(table), n_rows(base) + 2);
	EXPECT_STR("clause", table->rows[1].clause, "operator");
	talloc_free(own);
}

static void test_replace(void)
{
	struct map_profile_own *own = load("<table name='cause-to-status' replace='1'>"
					   "<row cause='17' status='486'/><row status='404'/></table>");

	EXPECT_STR("load", err, "");
	if (!own)
		return;
	EXPECT_INT("17", status_of(&own->profile, 17, 4), 486);
	EXPECT_INT("127", status_of(&own->profile, 127, 4), 404);
	EXPECT_INT("rows", n_rows(own->profile.tables[MAP_TABLE_CAUSE_TO_STATUS]), 2);
	talloc_free(own);
}

/* Spare values have no word and are received nevertheless: what has no row is as the last one built in says. */
static void test_spare(void)
{
	static const struct {
		enum map_table_use use;
		const char *rows;
		int16_t in[MAP_IN_MAX], out;
	} tables[] = {
		{ MAP_TABLE_REASON_TO_DIVERSION,
		  "<table name='reason-to-diversion' replace='1'>"
		  "<row reason='unknown' diversion='away'/><row reason='user-busy' diversion='away'/>"
		  "<row reason='no-reply' diversion='away'/><row reason='unconditional' diversion='away'/>"
		  "<row reason='deflection-alerting' diversion='away'/>"
		  "<row reason='deflection-immediate' diversion='away'/>"
		  "<row reason='not-reachable' diversion='away'/></table>", { 15 }, 0 },
		{ MAP_TABLE_ACM_TO_18X,
		  "<table name='acm-to-18x' replace='1'>"
		  "<row called-status='no-indication' status='180' early-media='no'/>"
		  "<row called-status='subscriber-free' status='180' early-media='no'/>"
		  "<row called-status='connect-when-free' status='180' early-media='no'/></table>", { 3, 0 }, 183 },
		{ MAP_TABLE_PRECEDENCE_TO_RESOURCE,
		  "<table name='precedence-to-resource' replace='1'>"
		  "<row level='flash-override' resource='dsn.flash'/><row level='flash' resource='dsn.flash'/>"
		  "<row level='immediate' resource='dsn.flash'/><row level='priority' resource='dsn.flash'/>"
		  "<row level='routine' resource='dsn.flash'/><row level='none' resource='none'/></table>", { 9 }, 0 },
		{ MAP_TABLE_SELECTION_TO_DAI,
		  "<table name='selection-to-dai' replace='1'>"
		  "<row selection='no-indication' dai='da'/><row selection='presubscribed' dai='da'/>"
		  "<row selection='presubscribed-input' dai='da'/><row selection='input' dai='da'/>"
		  "<row selection='presubscribed-undetermined' dai='da'/>"
		  "<row selection='unknown-input' dai='da'/></table>", { 200 }, 0 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(tables); i++) {
		struct map_profile_own *own = load(tables[i].rows);
		const int16_t *out = own ? map_table_find(own->profile.tables[tables[i].use], tables[i].in) : NULL;

		EXPECT_STR("load", err, "");
		EXPECT(out);
		EXPECT_INT(tables[i].rows, out ? *out : -1, tables[i].out);
		talloc_free(own);
	}
}

static void test_switches(void)
{
	struct map_profile_own *own = load("<option name='sipi' value='no'/><option name='100rel' value='required'/>"
					   "<parameter name='fci' value='isdn_access=yes'/>"
					   "<parameter name='cpc' value='payphone'/>"
					   "<iam-to-invite parameter='calling' target='Privacy' enabled='false'/>"
					   "<invite-to-iam source='To' parameter='original_called' enabled='0'/>");
	const struct map_profile *p;
	unsigned int i;

	EXPECT_STR("load", err, "");
	if (!own)
		return;
	p = &own->profile;
	EXPECT_INT("sipi", p->sipi, 0);
	EXPECT_INT("100rel", p->rel100, MAP_WANT_REQUIRED);
	EXPECT_INT("fci", p->pars.fci.isdn_access, 1);
	EXPECT_INT("fci of the base stays", p->pars.fci.isup_all_the_way, 1);
	EXPECT_INT("cpc", p->pars.cpc, ISUP_CPC_PAYPHONE);
	for (i = 0; p->iam_to_invite[i].clause; i++)
		EXPECT_INT("rule", strcmp(p->iam_to_invite[i].target, "Privacy") != 0, 1);
	EXPECT_INT("base", map_profile_rfc3398.iam_to_invite[i].clause != NULL, 1);
	for (i = 0; p->invite_to_iam[i].clause; i++)
		EXPECT_INT("rule", strcmp(p->invite_to_iam[i].source, "To") != 0, 1);
	EXPECT_INT("base", map_profile_rfc3398.invite_to_iam[i].clause != NULL, 1);
	talloc_free(own);
}

/* ---- Reload ---- */

static struct map_profile_own *registered(struct mapping *m, const char *title)
{
	char text[128];
	struct map_profile_own *own;

	snprintf(text, sizeof(text), "<mapping-profile name='own' base='rfc3398' title='%s'/>", title);
	own = parse(text);
	OSMO_ASSERT(own);
	EXPECT_INT(title, map_profile_own_register(m, own), 0);
	EXPECT_STR(title, mapping_find_profile(m, "own")->title, title);
	return own;
}

static void test_reload(void)
{
	struct mapping *m = mapping_alloc(ctx);
	struct iwu *call = talloc_zero(ctx, struct iwu);
	const struct map_profile_own *first, *own = NULL;
	size_t before;

	EXPECT(!mapping_find_profile(m, "own"));
	EXPECT(mapping_find_profile(m, "q1912-a") == map_profile_by_name("q1912-a"));
	first = registered(m, "first");
	call->profile = &first->profile;
	llist_add_tail(&call->entry, &m->calls);
	before = talloc_total_blocks(m);
	for (unsigned int i = 0; i < 20; i++)
		registered(m, "next");
	/* the call has its own still; of the others but the last two are left, however often it is read */
	EXPECT_STR("call", call->profile->title, "first");
	EXPECT_INT("grows", talloc_total_blocks(m) <= 3 * before, 1);
	own = mapping_next_profile(m, NULL);
	EXPECT_STR("next", own->profile.title, "next");
	EXPECT(!mapping_next_profile(m, own));
	llist_del(&call->entry);
	talloc_free(call);
	own = registered(m, "last");
	EXPECT_INT("built in", map_profile_own_unregister(m, "rfc3398"), -ENOENT);
	/* a call keeps what is taken out; then it goes, too */
	call = talloc_zero(ctx, struct iwu);
	call->profile = &own->profile;
	llist_add_tail(&call->entry, &m->calls);
	EXPECT_INT("out", map_profile_own_unregister(m, "own"), 0);
	EXPECT(!mapping_find_profile(m, "own") && !mapping_next_profile(m, NULL));
	EXPECT_STR("call", call->profile->title, "last");
	EXPECT_INT("again", map_profile_own_unregister(m, "own"), -ENOENT);
	llist_del(&call->entry);
	talloc_free(call);
	before = talloc_total_blocks(m);
	registered(m, "new");
	EXPECT_INT("out", map_profile_own_unregister(m, "own"), 0);
	EXPECT_INT("those taken out are gone", talloc_total_blocks(m) < before, 1);
	talloc_free(m);
}

/* The example of the documentation is taken without a word, and does what its comments say. */
static void test_example(const char *path)
{
	struct map_profile_own *own;

	err[0] = notes[0] = '\0';
	own = map_overlay_load(ctx, path, &env, err, sizeof(err));
	EXPECT_STR(path, err, "");
	EXPECT_STR(path, notes, "");
	if (!own)
		return;
	EXPECT_INT("34", status_of(&own->profile, 34, 4), 503);
	EXPECT_INT("21 of the user", status_of(&own->profile, 21, 0), 603);
	EXPECT_INT("21 of the network", status_of(&own->profile, 21, 4), 480);
	EXPECT_INT("100rel", own->profile.rel100, MAP_WANT_REQUIRED);
	EXPECT_INT("fci", own->profile.pars.fci.isdn_access, 1);
	talloc_free(own);
}

int main(int argc, char **argv)
{
	ctx = talloc_named_const(NULL, 0, "map_overlay_test");
	test_round_trip();
	test_errors();
	test_rows();
	test_replace();
	test_spare();
	test_switches();
	test_reload();
	if (argc > 1)
		test_example(argv[1]);
	EXPECT_INT("left over", talloc_total_blocks(ctx), 1);
	talloc_free(ctx);
	return expect_failures ? 1 : 0;
}
