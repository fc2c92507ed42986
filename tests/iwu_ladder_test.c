/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flight recorder: nothing is torn when it wraps, the newest calls are there, values of any length are cut. */
#include <errno.h>
#include <stdlib.h>

#include <osmocom/core/application.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/timer.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "hand_clock.h"
#include "isup/isup.h"
#include "isup/isup_dialect.h"
#include "mapping/iwu_ladder.h"
#include "mapping/mapping.h"
#include "sip/sip.h"

static char last_line[4096];

static void line_cb(const char *line, void *data)
{
	osmo_strlcpy(last_line, line, sizeof(last_line));
}

static void put_isup(struct iwu_ladder *ladder, uint32_t id, const char *text)
{
	struct isup_prim prim = { .op = PRIM_OP_REQUEST };
	struct isup_msg msg;
	char err[128];

	OSMO_ASSERT(isup_msg_scan(&msg, &isup_dialect_itu, text, err, sizeof(err)) == 0);
	prim.msg = &msg;
	iwu_ladder_isup(ladder, id, id & 0xfff, &prim);
}

static void put_sip(struct iwu_ladder *ladder, uint32_t id, unsigned int from_len)
{
	struct sip_prim prim = { .op = PRIM_OP_REQUEST, .method = SIP_INVITE, .ruri = SIP_STR("sip:1@h") };
	char from[512];

	memset(from, 'a', sizeof(from));
	memcpy(from, "<sip:", 5);
	memcpy(from + from_len + 5, "@h>", 3);
	prim.from = (struct sip_str){ .p = from, .len = from_len + 8 };
	iwu_ladder_sip(ladder, id, &prim);
}

/* Every call has one record; the last ones must be there, whole, and the ids in order without a gap. */
static void check(const struct iwu_ladder *ladder, uint32_t newest, size_t size)
{
	uint32_t ids[1000];
	size_t n = iwu_ladder_ids(ladder, ids, ARRAY_SIZE(ids));

	/* a record is no longer than 768 octets, and one such gap may be open at either end */
	EXPECT(n >= OSMO_MIN(newest, (size - 2 * 768) / 768));
	EXPECT(n <= newest);
	for (size_t i = 0; i < n; i++) {
		char what[32], cic[32];

		snprintf(what, sizeof(what), "%u of %u", (unsigned int)i, newest);
		EXPECT_INT(what, ids[i], newest - i);
		EXPECT_INT(what, iwu_ladder_print(ladder, ids[i], line_cb, NULL), 1);
		snprintf(cic, sizeof(cic), "isup < IAM cic=%u ", ids[i] & 0xfff);
		EXPECT(strstr(last_line, "   0.000 ") == last_line);
		EXPECT(strstr(last_line, cic) || strstr(last_line, "        sip < INVITE ruri=1 from="));
	}
	EXPECT_INT("forgotten", iwu_ladder_print(ladder, newest - n, line_cb, NULL), 0);
}

static void test_wrap(void *ctx, size_t size)
{
	struct iwu_ladder *ladder = iwu_ladder_alloc(ctx, size);

	srand(size);
	for (uint32_t id = 1; id < 500; id++) {
		char text[128];

		snprintf(text, sizeof(text), "IAM called=%.*s", 1 + rand() % 60,
			 "123456789012345678901234567890123456789012345678901234567890");
		if (rand() % 2)
			put_isup(ladder, id, text);
		else
			put_sip(ladder, id, rand() % 300);
		check(ladder, id, OSMO_MAX(size, (size_t)2 * 768));
	}
	talloc_free(ladder);
}

/* Switched off: nothing is kept */
static void test_none(void *ctx)
{
	struct iwu_ladder *ladder = iwu_ladder_alloc(ctx, 0);
	uint32_t id;

	put_isup(ladder, 1, "REL cause=16");
	put_sip(ladder, 1, 10);
	EXPECT_INT("ids", iwu_ladder_ids(ladder, &id, 1), 0);
	EXPECT_INT("lines", iwu_ladder_print(ladder, 1, line_cb, NULL), 0);
	talloc_free(ladder);
}

/* More calls than are asked for: the newest; several records of a call: in order */
static void test_ids(void *ctx)
{
	struct iwu_ladder *ladder = iwu_ladder_alloc(ctx, 65536);
	uint32_t ids[3];

	for (uint32_t id = 1; id <= 5; id++)
		put_isup(ladder, id, "REL cause=16");
	put_isup(ladder, 2, "REL cause=17");
	EXPECT_INT("ids", iwu_ladder_ids(ladder, ids, 3), 3);
	EXPECT(ids[0] == 5 && ids[1] == 4 && ids[2] == 3);
	EXPECT_INT("lines", iwu_ladder_print(ladder, 2, line_cb, NULL), 2);
	EXPECT(strstr(last_line, "value=17"));
	talloc_free(ladder);
}

/* Nothing that a peer writes may forge a line or its words */
static void test_words(void *ctx)
{
	static const char octets[] = "INVITE sip:1@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
		"From: \"x sip > 200\" <sip:a@h>;tag=1\r\nTo: <sip:1@h>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n"
		"Max-Forwards: 70\r\nPrivacy: id;\tuser\r\n"
		"Reason: SIP;cause=200;text=\"a b\", Q.850 ; cause = 16\r\nContent-Length: 0\r\n\r\n";
	struct sip_prim prim = { .op = PRIM_OP_INDICATION, .method = SIP_INVITE };
	struct iwu_ladder *ladder = iwu_ladder_alloc(ctx, 65536);
	struct sip_parse_error err;
	struct sip_msg msg;

	OSMO_ASSERT(sip_msg_parse(&msg, octets, sizeof(octets) - 1, &err) == 0);
	prim.msg = &msg;
	iwu_ladder_sip(ladder, 1, &prim);
	iwu_ladder_print(ladder, 1, line_cb, NULL);
	EXPECT_STR("words", last_line, "   0.000         sip > INVITE ruri=1 from=a privacy=id;_user reason=16");
	talloc_free(ladder);
}

/* The console's largest value is possible; what is not leaves all as it was. */
static void test_resize(void *ctx)
{
	struct mapping *m = mapping_alloc(ctx);
	size_t mib = 1024 * 1024;

	EXPECT_INT("255 MiB", mapping_ladder_resize(m, 255 * mib), 0);
	EXPECT_INT("256 MiB", mapping_ladder_resize(m, 256 * mib), -ENOMEM);
	EXPECT_INT("as before", m->cfg.ladder_octets, 255 * mib);
	put_isup(m->ladder, 1, "IAM");
	EXPECT_INT("as before", mapping_print_ladder(m, 1, line_cb, NULL), 1);
	EXPECT_INT("none", mapping_ladder_resize(m, 0), 0);
	talloc_free(m);
}

int main(int argc, char **argv)
{
	static const struct log_info_cat cats[32] = { [17] = { .name = "DLADDER", .loglevel = LOGL_NOTICE } };
	static const struct log_info info = { .cat = cats, .num_cat = ARRAY_SIZE(cats) };
	void *ctx = talloc_named_const(NULL, 0, "test");

	osmo_init_logging2(ctx, &info);
	hand_clock_start();
	for (size_t size = 1536; size < 9000; size += 200)
		test_wrap(ctx, size);
	test_none(ctx);
	test_ids(ctx);
	test_words(ctx);
	test_resize(ctx);
	return expect_failures ? 1 : 0;
}
