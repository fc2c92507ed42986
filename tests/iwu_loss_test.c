/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is lost between SIP and ISUP: the tables, the list of a call, the totals by what it was and whence it came. */

#include <stdlib.h>

#include <osmocom/core/rate_ctr.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "fakes.h"
#include "mapping/map_iam.h"
#include "mapping/map_loss.h"

static struct mapping *m;

/* ---- The world ---- */

static void forget_outs(void)
{
	struct fake_out *out;

	while ((out = fake_out_next()))
		talloc_free(out);
}

static void isup(const char *text)
{
	char err[256];

	if (fake_isup_ind("TRUNK1", text, false, err, sizeof(err)) != FAKE_DELIVERED)
		fake_die("%s was not delivered: %s", text, err);
	forget_outs();
}

static void sip(const char *text)
{
	char err[4096];

	if (fake_sip_ind("PBX", text, err, sizeof(err)) != FAKE_DELIVERED)
		fake_die("%s was not delivered: %s", text, err);
	forget_outs();
}

static void *begin(void)
{
	struct route_end pbx = { .kind = ROUTE_PEER, .name = "PBX" }, trunk = { .kind = ROUTE_GROUP, .name = "TRUNK1" };
	void *ctx = talloc_named_const(NULL, 0, "test");
	char err[128];

	m = fake_init(ctx);
	fake_group("TRUNK1");
	fake_peer("PBX");
	route_add(m->routes, "", &pbx, &trunk, 0, err, sizeof(err));
	route_add(m->routes, "", &trunk, &pbx, 0, err, sizeof(err));
	return ctx;
}

static void end(void *ctx)
{
	mapping_release_all(m);
	fake_advance(0);
	forget_outs();
	fake_finish();
	talloc_free(ctx);
}

static uint64_t counted(enum map_ctr ctr)
{
	return rate_ctr_group_get_ctr(m->ctrs, ctr)->current;
}

/* All losses of call 1, a line each; "" for none */
static void print_losses(const struct iwu_detail *detail, void *data)
{
	struct osmo_strbuf sb = { .buf = data, .len = 4096 };
	char line[160];

	for (unsigned int i = 0; detail->losses && i < detail->losses->n; i++) {
		map_loss_print_buf(line, sizeof(line), &detail->losses->rows[i], detail->dialect);
		OSMO_STRBUF_PRINTF(sb, "%s\n", line);
	}
}

static const char *losses_of_call(void)
{
	static char text[4096];

	text[0] = '\0';
	EXPECT(mapping_show_call(m, 1, print_losses, text));
	return text;
}

/* ---- Tests ---- */

static void test_tables(void)
{
	const struct map_loss_name *tables[] = { map_loss_headers, map_loss_bodies };
	bool by_name = false;

	for (unsigned int t = 0; t < ARRAY_SIZE(tables); t++) {
		const struct map_loss_name *row;

		for (row = tables[t]; row->name; row++) {
			EXPECT(row->clause && row->clause[0]);
			for (const struct map_loss_name *other = row + 1; other->name; other++)
				EXPECT(strcasecmp(row->name, other->name));
		}
		EXPECT_STR("last row", row[-1].name, "(others)");
	}
	/* those with an id come first, and have that header's name */
	for (const struct map_loss_name *row = map_loss_headers; row->name; row++) {
		by_name |= !row->id;
		EXPECT(by_name == !row->id);
		EXPECT_INT(row->name, sip_hdr_find(sip_str_from(row->name)), row->id);
	}
	for (unsigned int kind = 0; kind < _MAP_LOSS_KINDS; kind++) {
		EXPECT(get_value_string_or_null(map_loss_kinds, kind));
		EXPECT(get_value_string_or_null(map_loss_reasons, kind));
	}
}

static bool in_rules(const struct map_profile *profile, uint8_t code)
{
	for (const struct map_iam_to_invite_rule *r = profile->iam_to_invite; r->clause; r++) {
		if (r->par == code)
			return true;
	}
	return false;
}

/* The set of a profile is that of its rules, and some; a rule less is a parameter less, where nothing else has it. */
static void test_carried(void)
{
	const struct map_profile *profile = &map_profile_rfc3398;
	struct map_par_set none, one;

	map_loss_carried(&none, &(struct map_iam_to_invite_rule){});
	for (unsigned int code = 0; code < 256; code++)
		EXPECT_INT("carried", map_par_set_has(profile->carried, code),
			   in_rules(profile, code) || map_par_set_has(&none, code));
	EXPECT(!map_par_set_has(&none, ISUP_PAR_REDIRECTING_NUMBER));
	EXPECT(!map_par_set_has(profile->carried, ISUP_PAR_CCSS));
	map_loss_carried(&one, (struct map_iam_to_invite_rule[]){ { .par = ISUP_PAR_CCSS, .clause = "x" },
								   {} });
	EXPECT(map_par_set_has(&one, ISUP_PAR_CCSS));
}

static void test_list(void)
{
	void *ctx = talloc_named_const(NULL, 0, "list");
	struct map_losses *losses = NULL;
	struct map_loss loss = { .kind = MAP_LOSS_HEADER, .method = SIP_INVITE };

	for (unsigned int i = 0; i < 2 * MAP_LOSSES_MAX; i++) {
		loss.what = i;
		EXPECT_INT("new", map_losses_note(ctx, &losses, &loss), i < MAP_LOSSES_MAX);
	}
	EXPECT_INT("rows", losses->n, MAP_LOSSES_MAX);
	EXPECT(losses->more);
	loss.what = 3;
	for (unsigned int i = 0; i < 70000; i++)
		EXPECT(!map_losses_note(ctx, &losses, &loss));
	EXPECT_INT("counted", losses->rows[3].n, UINT16_MAX);
	EXPECT_INT("others", losses->rows[4].n, 1);
	talloc_free(ctx);
}

static void test_nothing(void)
{
	void *ctx = begin();

	sip("INVITE ruri=+33201234567 from=+33301112222 sdp=192.0.2.1:4000 | User-Agent: x\r\nAllow: INVITE\r\n"
	    "Accept-Encoding: identity\r\nSession-Expires: 1800");
	isup("ACM");
	isup("ANM");
	EXPECT_STR("a plain call", losses_of_call(), "");
	EXPECT_INT("headers", counted(MAP_CTR_LOST_HEADERS), 0);
	EXPECT_INT("parameters", counted(MAP_CTR_LOST_PARAMETERS), 0);
	EXPECT(!mapping_show_call(m, 2, print_losses, NULL));
	end(ctx);
}

/* From both sides of one call, by message */
static void test_call(void)
{
	void *ctx = begin();

	sip("INVITE ruri=+33201234567 from=+33301112222 sdp=192.0.2.1:4000 | Subject: hello\r\n"
	    "Alert-Info: <http://x>\r\nAlert-Info: <http://y>\r\nX-Own: 1\r\nX-Other: 2");
	isup("ACM access_transport=0x1e028488");
	isup("CPG event=progress");
	isup("ANM access_transport=0x1e028488 access_delivery=0");
	isup("FAC");
	isup("FAC");
	EXPECT_STR("losses", losses_of_call(),
		   "header Subject of INVITE: ISUP has no place for it\n"
		   "header Alert-Info of INVITE: ISUP has no place for it (2 times)\n"
		   "header (others) of INVITE: ISUP has no place for it (2 times)\n"
		   "parameter access_transport of ACM: SIP has no place for it\n"
		   "parameter access_transport of ANM: SIP has no place for it\n"
		   "parameter access_delivery of ANM: SIP has no place for it\n"
		   "message FAC: SIP has no place for it (2 times)\n");
	EXPECT_INT("headers", counted(MAP_CTR_LOST_HEADERS), 5);
	EXPECT_INT("parameters", counted(MAP_CTR_LOST_PARAMETERS), 3);
	EXPECT_INT("messages", counted(MAP_CTR_LOST_MESSAGES), 2);
	EXPECT_INT("by what", m->losses->n[MAP_LOSS_PARAMETER][ISUP_PAR_ACCESS_TRANSPORT], 2);
	end(ctx);
}

static const struct map_loss_end *find_end(const char *name, bool group)
{
	static const struct map_loss_end none;

	for (unsigned int i = 0; i < MAP_LOSS_ENDS; i++) {
		for (const struct map_loss_end *at = m->losses->ends[i]; at; at = at->next) {
			if (at->group == group && !strcmp(at->name, name))
				return at;
		}
	}
	return &none;
}

/* Bodies that are not read; what the peer's response has; whence it came */
static void test_bodies_and_ends(void)
{
	void *ctx = begin();

	isup("IAM called=212345678 calling=301112222 ccss=yes");
	sip("180 | Error-Info: <sip:x@y>");
	sip("200 sdp=192.0.2.1:4000 isup=optional");
	EXPECT_STR("losses", losses_of_call(),
		   "parameter ccss of IAM: SIP has no place for it\n"
		   "header Error-Info of 180 to INVITE: ISUP has no place for it\n"
		   "body application/ISUP of 200 to INVITE: ISUP has no place for it, or it is not read "
		   "(2 times)\n");
	EXPECT_INT("bodies", counted(MAP_CTR_LOST_BODIES), 2);
	EXPECT_INT("group", find_end("TRUNK1", true)->n[MAP_LOSS_PARAMETER], 1);
	EXPECT_INT("peer", find_end("PBX", false)->n[MAP_LOSS_HEADER], 1);
	EXPECT_INT("peer", find_end("PBX", false)->n[MAP_LOSS_BODY], 2);
	EXPECT(!find_end("PBX", true)->name[0] && !find_end("TRUNK1", false)->name[0]);
	end(ctx);
}

/* With encapsulated ISUP nothing of it is lost, but what the peer's dialect cannot say. */
static void test_sipi(void)
{
	void *ctx = begin();

	fake_peer_cfg("PBX")->sipi = MAP_SIPI_OPTIONAL;
	isup("IAM called=212345678 calling=301112222 location_number=301112222");
	EXPECT_STR("carried", losses_of_call(), "");
	isup("REL cause=16");
	end(ctx);

	ctx = begin();
	fake_peer_cfg("PBX")->sipi = MAP_SIPI_OPTIONAL;
	fake_peer_cfg("PBX")->sipi_version = map_sipi_version_find(SIP_STR("ansi88"));
	isup("IAM called=212345678 calling=301112222 location_number=301112222");
	EXPECT_STR("another dialect", losses_of_call(),
		   "dialect location_number of IAM: the other dialect cannot say it, or not all\n");
	EXPECT_INT("dialect", counted(MAP_CTR_LOST_DIALECT), 1);
	end(ctx);
}

int main(int argc, char **argv)
{
	fake_process_init();
	test_tables();
	test_carried();
	test_list();
	test_nothing();
	test_call();
	test_bodies_and_ends();
	test_sipi();
	return expect_failures ? 1 : 0;
}
