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
	EXPECT_STR("range", err, "f.xml:6: n=\"300\": a number from 1 to 255 is wanted");
	EXPECT(!map_xml_next(item, NULL));
	EXPECT_INT("own", map_xml_fail(item, err, sizeof(err), "no such %s", "thing"), -EINVAL);
	EXPECT_STR("own", err, "f.xml:6: no such thing");
	talloc_free(doc);
}

/* What begins the sentence; the rest is the library's own. */
static const struct {
	const char *text, *begin;
} broken[] = {
	{ "", "f.xml: is empty" },
	{ "words", "f.xml:1:1: Start tag expected" },
	{ "<list>\n <item n='1'>\n</list>", "f.xml:3:8: Opening and ending tag mismatch: item line 2 and list" },
	{ "<list>\n <item n='1'/>\n <item n='2'/ >\n</list>", "f.xml:3:" },
	{ "<list>\n&who;</list>", "f.xml:2:6: Entity 'who' not defined" },
	{ "<!DOCTYPE list [<!ENTITY a 'b'>]>\n<list>&a;</list>", "f.xml:1: no DOCTYPE is allowed here" },
	{ "<!DOCTYPE list SYSTEM 'file:///etc/passwd'>\n<list/>", "f.xml:1: no DOCTYPE is allowed here" },
	{ "<list>\n <thing/>\n</list>", "f.xml:2: Element 'thing': This element is not expected. Expected is ( item" },
	{ "<list>\n <item n='1'/>\n <item/>\n</list>", "f.xml:3: Element 'item': The attribute 'n' is required" },
	{ "<list>\n <item n='256'/>\n</list>", "f.xml:2: Element 'item', attribute 'n'" },
	{ "<list>\n <item n='1' m='2'/>\n</list>", "f.xml:2: Element 'item', attribute 'm'" },
	{ "<other/>", "f.xml:1: Element 'other': No matching global declaration" },
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

int main(void)
{
	test_walk();
	test_errors();
	test_file();
	return expect_failures != 0;
}
