/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XML documents: what is read of them, and what an operator is told of a broken one. */

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "mapping/map_xml.h"

#define SCHEMA \
	"<?xml version='1.0'?>\n" \
	"<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>\n" \
	" <xs:element name='list'><xs:complexType>\n" \
	"  <xs:sequence><xs:element name='item' type='item' maxOccurs='unbounded'/></xs:sequence>\n" \
	" </xs:complexType></xs:element>\n" \
	" <xs:complexType name='item' mixed='true'>\n" \
	"  <xs:attribute name='n' type='xs:unsignedByte' use='required'/>\n" \
	"  <xs:attribute name='on' type='xs:boolean'/>\n" \
	" </xs:complexType>\n" \
	"</xs:schema>\n"

static struct map_xml *parse(const char *text, const char *schema, char *err, size_t err_size)
{
	return map_xml_parse(NULL, "f.xml", text, strlen(text), schema, err, err_size);
}

static void test_walk(void)
{
	const char *text = "<?xml version='1.0'?>\n<!-- words -->\n<list>\n <item n='7' on='true'>a &amp; b</item>\n"
			   " <!-- more -->\n <item n='0x10'/><other n='300'><![CDATA[<x>]]></other>\n</list>\n";
	char err[200] = "";
	struct map_xml *doc = parse(text, NULL, err, sizeof(err));
	const struct map_xml_node *list, *item;
	uint32_t n = 0;
	bool on = false;

	EXPECT_STR("no error", doc ? "" : err, "");
	if (!doc)
		return;
	list = map_xml_root(doc);
	EXPECT(map_xml_is(list, "list"));
	EXPECT_INT("root", map_xml_line(list), 3);
	item = map_xml_first(list, NULL);
	EXPECT_STR("text", map_xml_text(item), "a & b");
	EXPECT_INT("n", map_xml_attr_number(item, "n", 0, 10, &n, err, sizeof(err)), 0);
	EXPECT_INT("n", n, 7);
	EXPECT_INT("on", map_xml_attr_bool(item, "on", &on, err, sizeof(err)), 0);
	EXPECT(on);
	EXPECT_INT("absent", map_xml_attr_bool(item, "off", &on, err, sizeof(err)), -ENOENT);
	EXPECT(!map_xml_attr(item, "off"));
	item = map_xml_next(item, "item");
	EXPECT_INT("second", map_xml_line(item), 6);
	EXPECT_STR("empty", map_xml_text(item), "");
	EXPECT_INT("hex", map_xml_attr_number(item, "n", 0, 255, &n, err, sizeof(err)), 0);
	EXPECT_INT("hex", n, 16);
	EXPECT(!map_xml_next(item, "item"));
	item = map_xml_first(list, "other");
	EXPECT_STR("CDATA", map_xml_text(item), "<x>");
	EXPECT_INT("range", map_xml_attr_number(item, "n", 1, 255, &n, err, sizeof(err)), -EINVAL);
	EXPECT_STR("range", err, "f.xml:6:25: n=\"300\": a number from 1 to 255 is wanted");
	EXPECT(!map_xml_next(item, NULL));
	EXPECT_INT("own", map_xml_fail(item, err, sizeof(err), "no such %s", "thing"), -EINVAL);
	EXPECT_STR("own", err, "f.xml:6:18: no such thing");
	talloc_free(doc);
}

/* What begins the sentence; the rest is the library's own. */
static const struct {
	const char *text, *begin;
} broken[] = {
	{ "", "f.xml: is empty" },
	{ "words", "f.xml:1:1: Start tag expected" },
	{ "\xef\xbb\xbf<other/>", "f.xml:1:1: Element 'other': No matching" },
	{ "<list>\n <item n='1'>\n</list>", "f.xml:3:8: Opening and ending tag mismatch: item line 2 and list" },
	{ "<list>\n <item n='1'/>\n <item n='2'/ >\n</list>", "f.xml:3:" },
	{ "<list>\n&who;</list>", "f.xml:2:6: Entity 'who' not defined" },
	{ "<!DOCTYPE list [<!ENTITY a 'b'>]>\n<list>&a;</list>", "f.xml:1:1: no DOCTYPE is allowed here" },
	{ "<!DOCTYPE list SYSTEM 'file:///etc/passwd'>\n<list/>", "f.xml:1:1: no DOCTYPE is allowed here" },
	{ "<list>\n <thing/>\n</list>",
	  "f.xml:2:2: Element 'thing': This element is not expected. Expected is ( item" },
	{ "<list>\n <item n='1'/>\n <item/>\n</list>", "f.xml:3:2: Element 'item': The attribute 'n' is required" },
	{ "<list>\n <item n='256'/>\n</list>", "f.xml:2:8: Element 'item', attribute 'n'" },
	{ "<list>\n <item n='1' m='2'/>\n</list>", "f.xml:2:14: Element 'item', attribute 'm'" },
	{ "<!-- é -->\n <!-- é --> <!DOCTYPE list>\n<list/>", "f.xml:2:13: no DOCTYPE is allowed here" },
	/* what an internal subset says is not even read */
	{ "<!DOCTYPE list [ what is this", "f.xml:1:1: no DOCTYPE is allowed here" },
	/* tabs are one character, those of several octets too; tags over several lines; CR LF */
	{ "<list>\n\t\t<thing/>\n</list>", "f.xml:2:3: Element 'thing': This element is not expected." },
	{ "<list>\n<item n='1'>é€😀</item><thing/>\n</list>", "f.xml:2:23: Element 'thing': This element is not" },
	{ "<list>\r\n<item\r\n\tn='1'\r\n\tm='2'/></list>", "f.xml:4:2: Element 'item', attribute 'm'" },
	{ "<list\n>\n<item\tn\n= \"1\"  on=\"é>\"/></list>", "f.xml:4:8: Element 'item', attribute 'on'" },
	/* tags that are none */
	{ "<!--> <a/> --><other/>", "f.xml:1:15: Element 'other'" },
	{ "<?a <b> ?><list><!-- <c> <d> --><item n='1'><![CDATA[<e><f>]]></item>\n<?g <h/>?><item n='2'/><i/></list>",
	  "f.xml:2:24: Element 'i': This element is not expected." },
	/* a name that is the end of another, and a value that is one */
	{ "<list><item mon='1' n='on' on='x'/></list>", "f.xml:1:21: Element 'item', attribute 'n'" },
	{ "<list><item n='1'\non='on='/></list>", "f.xml:2:1: Element 'item', attribute 'on'" },
	{ "<list x:n='1' xmlns:x='urn:x'><item n='1'/></list>", "f.xml:1:7: Element 'list', attribute '{urn:x}n'" },
	{ "<x:list xmlns:x='urn:x'/>", "f.xml:1:1: Element '{urn:x}list': No matching" },
	/* other encodings: é is one octet, two, and two again */
	{ "<?xml version='1.0' encoding='ISO-8859-1'?>\n<list><!-- \xe9\xe9 --><thing/></list>",
	  "f.xml:2:18: Element 'thing'" },
	{ "<list>\xe9\xe9</list>",
	  "f.xml:1:7: Input is not proper UTF-8, indicate encoding ! Bytes: 0xE9 0xE9 0x3C" },
	{ "<other/>", "f.xml:1:1: Element 'other': No matching global declaration" },
};

static void test_errors(void)
{
	char err[200];

	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		size_t len = strlen(broken[i].begin);

		EXPECT(!parse(broken[i].text, SCHEMA, err, sizeof(err)));
		if (strlen(err) > len)
			err[len] = '\0';
		EXPECT_STR(broken[i].text, err, broken[i].begin);
	}
	/* A short buffer stays within itself. */
	EXPECT(!parse("<list>\n <thing/>\n</list>", SCHEMA, err, 8));
	EXPECT_STR("short", err, "f.xml:2");
	EXPECT(!parse("<list/>", "<xs:schema", err, sizeof(err)));
	EXPECT(!map_xml_load(NULL, "/nowhere/f.xml", NULL, err, sizeof(err)));
	EXPECT_STR("no file", err, "/nowhere/f.xml: No such file or directory");
	EXPECT(!map_xml_load(NULL, "/", NULL, err, sizeof(err)));
	EXPECT_STR("directory", err, "/: Is a directory");
}

/* Two octets a character, either order, with a byte order mark and without */
static void test_utf16(void)
{
	static const char text[] = "<?xml version='1.0'?><list>\n\t<!-- \xe9\xe9 --><thing/></list>";

	for (unsigned int i = 0; i < 4; i++) {
		char wide[2 * sizeof(text) + 2], err[200];
		size_t n = 0;

		for (size_t at = i & 2 ? 0 : 1; at < sizeof(text); at++) {
			uint16_t c = at ? (uint8_t)text[at - 1] : 0xfeff;

			wide[n++] = i & 1 ? c >> 8 : c;
			wide[n++] = i & 1 ? c : c >> 8;
		}
		EXPECT(!map_xml_parse(NULL, "f.xml", wide, n, SCHEMA, err, sizeof(err)));
		err[29] = '\0';
		EXPECT_STR("UTF-16", err, "f.xml:2:13: Element 'thing': ");
	}
}

/* Far down and far to the right; what the parser itself keeps of a text is less. */
static void test_large(void)
{
	const unsigned int n = 200000;
	char *text = talloc_strdup(NULL, "<list>\n"), err[200] = "", should[60];
	const struct map_xml_node *item;
	struct map_xml *doc;
	size_t len = strlen(text);

	text = talloc_realloc(NULL, text, char, n * 20 + 100);
	for (unsigned int i = 0; i < n; i++)
		len += snprintf(text + len, 20, "<item n='%03u'/>%s", i % 256, i < n / 2 ? "\n" : "");
	snprintf(text + len, 100, "\t<item n='é' on='true'/></list>");
	EXPECT(!parse(text, SCHEMA, err, sizeof(err)));
	snprintf(should, sizeof(should), "f.xml:%u:%u: Element 'item', attribute 'n'", n / 2 + 2, n / 2 * 15 + 8);
	err[strlen(should)] = '\0';
	EXPECT_STR("large", err, should);
	doc = parse(text, NULL, err, sizeof(err));
	item = map_xml_first(map_xml_root(doc), NULL);
	for (unsigned int i = 0; i < n; i++, item = map_xml_next(item, NULL)) {
		struct map_xml_place place = map_xml_place(item, "n");
		bool below = i < n / 2;

		if (place.line == (below ? i : n / 2) + 2 && place.column == (below ? 0 : (i - n / 2) * 15) + 7)
			continue;
		EXPECT_INT("line", place.line, (below ? i : n / 2) + 2);
		EXPECT_INT("column", place.column, (below ? 0 : (i - n / 2) * 15) + 7);
		break;
	}
	talloc_free(doc);
	talloc_free(text);
}

static void test_texts(void)
{
	static const char text[] = "<list>\n<a>\n\t é</a>"
				   "<b/><c x='>'> <!-- - --> x</c><d><e/></d><f>\n<![CDATA[x]]></f></list>";
	static const char *const should[] = { "3:3", "3:8", "3:33", "3:38", "4:1" };
	char err[200] = "";
	struct map_xml *doc = parse(text, NULL, err, sizeof(err));
	const struct map_xml_node *node = map_xml_first(map_xml_root(doc), NULL);

	for (size_t i = 0; i < ARRAY_SIZE(should); i++, node = map_xml_next(node, NULL)) {
		char want[60];

		snprintf(want, sizeof(want), "f.xml:%s: of %s", should[i], map_xml_name(node));
		EXPECT_INT(want, map_xml_fail_text(node, err, sizeof(err), "of %s", map_xml_name(node)), -EINVAL);
		EXPECT_STR(want, err, want);
	}
	EXPECT_INT("attribute", map_xml_fail_attr(map_xml_first(map_xml_root(doc), "c"), "x", err, sizeof(err), "x"),
		   -EINVAL);
	EXPECT_STR("attribute", err, "f.xml:3:15: x");
	EXPECT_INT("none", map_xml_fail_attr(map_xml_first(map_xml_root(doc), "c"), "y", err, sizeof(err), "y"),
		   -EINVAL);
	EXPECT_STR("none", err, "f.xml:3:12: y");
	talloc_free(doc);
}

static void test_file(void)
{
	char path[] = "map_xml_test.XXXXXX", err[200] = "";
	int fd = mkstemp(path);
	const char text[] = "<list>\n <item n='1'/>\n</list>\n";
	struct map_xml *doc;

	EXPECT_INT("write", write(fd, text, strlen(text)), strlen(text));
	close(fd);
	doc = map_xml_load(NULL, path, SCHEMA, err, sizeof(err));
	EXPECT_STR("file", err[0] && !doc ? err : "", "");
	EXPECT_STR("file", map_xml_file(map_xml_root(doc)), path);
	talloc_free(doc);
	unlink(path);
}

/* libxml2 would compare each with all others. The place is that of the first one too many, in wide characters too. */
static void test_attributes(bool wide)
{
	const unsigned int n = 200000;
	char *text = talloc_size(NULL, 32 * n), *octets, err[200] = "";
	struct map_xml *doc;
	size_t len;

	len = snprintf(text, 32, "<list>\n <item n='1'\n");
	for (unsigned int i = 1; i < n; i++)
		len += snprintf(text + len, 32, "  a%u='<!--%u'\n", i, i);
	len += snprintf(text + len, 32, "/></list>");
	octets = talloc_zero_size(text, 2 * len);
	for (size_t i = 0; i < len; i++)
		octets[wide ? 2 * i : i] = text[i] == '<' && i > 20 && text[i + 1] == '!' ? ' ' : text[i];
	doc = map_xml_parse(NULL, "f.xml", octets, wide ? 2 * len : len, NULL, err, sizeof(err));
	EXPECT(!doc);
	EXPECT_STR(wide ? "UTF-16" : "UTF-8", err, "f.xml:258:3: an element has 256 attributes at most");
	talloc_free(doc);
	talloc_free(text);
}

/* As many as there may be, in a document of some length */
static void test_enough_attributes(void)
{
	char *text = talloc_strdup(NULL, "<list>"), err[200] = "";
	struct map_xml *doc;

	for (unsigned int i = 0; i < 40; i++) {
		text = talloc_asprintf_append_buffer(text, "<item");
		for (unsigned int k = 0; k < 256; k++)
			text = talloc_asprintf_append_buffer(text, " a%u='>'", k);
		text = talloc_asprintf_append_buffer(text, "/>");
	}
	text = talloc_asprintf_append_buffer(text, "</list>");
	doc = parse(text, NULL, err, sizeof(err));
	EXPECT_STR("256", doc ? "" : err, "");
	talloc_free(doc);
	talloc_free(text);
}

int main(void)
{
	test_walk();
	test_errors();
	test_utf16();
	test_large();
	test_texts();
	test_file();
	test_attributes(false);
	test_attributes(true);
	test_enough_attributes();
	return expect_failures != 0;
}
