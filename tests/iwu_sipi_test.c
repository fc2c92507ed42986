/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every ISUP message encapsulated in every SIP message: what becomes of it; -p: the table of doc/ENCAPSULATION.md. */
#include <stdio.h>
#include <string.h>

#include <osmocom/core/rate_ctr.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "expect.h"
#include "fakes.h"
#include "mapping/iwu.h"

#define INVITE "s INVITE ruri=+33201234567 from=+33301112222 sdp=192.0.2.1:4000"
#define WITH_IAM " || IAM called=201234567"
#define IAM "i IAM called=212345678 calling=301112222"
#define OK "s 200 sdp=192.0.2.1:4000"

/* The SIP messages, and how a call gets where each may come */
static const struct place {
	const char *title, *message;
	const char *steps[4];
} places[] = {
	{ "INVITE", INVITE, {} },
	{ "183 before ACM", "s 183", { IAM } },
	{ "183 after ACM", "s 183", { IAM, "s 180" } },
	{ "200 before ACM", OK, { IAM } },
	{ "200 after ACM", OK, { IAM, "s 180" } },
	{ "486", "s 486", { IAM } },
	{ "CANCEL", "s CANCEL", { INVITE WITH_IAM } },
	{ "BYE", "s BYE", { IAM, OK " || CON" } },
	{ "INFO before answer", "s INFO", { INVITE WITH_IAM } },
	{ "INFO after answer", "s INFO", { IAM, OK " || CON" } },
	{ "re-INVITE", "s INVITE sdp=192.0.2.1:4000", { IAM, OK " || CON" } },
	{ "UPDATE", "s UPDATE sdp=192.0.2.1:4000", { IAM, OK " || CON" } },
};

/* Messages that need more words than their name */
static const struct {
	const char *name, *text;
} texts[] = {
	{ "IAM", "IAM called=201234567" },
	{ "SAM", "SAM subsequent=9" },
	{ "CRG", "CRG octets=0x01" },
	{ "USR", "USR uui=0x0401" },
	{ "PAM", "PAM octets=0x1000" },
	{ "unknown", "MSG-0xf0 octets=0x0138018000" },
};

static struct mapping *m;

static void step(const char *text)
{
	char err[4096] = "";
	int rc;

	if (text[0] == 'i')
		rc = fake_isup_ind("TRUNK1", text + 2, false, err, sizeof(err));
	else
		rc = fake_sip_ind("PBX", text + 2, err, sizeof(err));
	if (rc < 0)
		fake_die("%s: %s", text, err);
}

static void forget_outs(void)
{
	struct fake_out *out;

	while ((out = fake_out_next()))
		talloc_free(out);
}

static uint64_t counted(enum map_ctr ctr)
{
	return rate_ctr_group_get_ctr(m->ctrs, ctr)->current;
}

static void begin(void *ctx)
{
	struct route_end pbx = { .kind = ROUTE_PEER, .name = "PBX" }, trunk = { .kind = ROUTE_GROUP, .name = "TRUNK1" };
	char err[128];

	m = fake_init(ctx);
	fake_group("TRUNK1");
	fake_peer("PBX");
	fake_peer_cfg("PBX")->sipi = MAP_SIPI_REQUIRED;
	route_add(m->routes, "", &pbx, &trunk, 0, err, sizeof(err));
	route_add(m->routes, "", &trunk, &pbx, 0, err, sizeof(err));
}

/* What the exchange hears of it, and the peer where it is refused; "–": the body was passed over. */
static void note(char *buf, size_t size)
{
	struct osmo_strbuf sb = { .buf = buf, .len = size };
	struct fake_out *out;

	buf[0] = '\0';
	if (counted(MAP_CTR_UNUSED_BODIES))
		OSMO_STRBUF_PRINTF(sb, "–");
	while ((out = fake_out_next())) {
		if (out->side == FAKE_ISUP || (out->text[0] >= '4' && out->text[0] <= '6'))
			OSMO_STRBUF_PRINTF(sb, "%s%.*s", buf[0] ? " " : "", (int)strcspn(out->text, " "), out->text);
		talloc_free(out);
	}
	if (!buf[0])
		OSMO_STRBUF_PRINTF(sb, "·");
}

static void try(const struct place *place, const char *isup, char *buf, size_t size)
{
	void *ctx = talloc_named_const(NULL, 0, "try");
	char line[512];

	snprintf(line, sizeof(line), "%s%s%s", place->message, isup ? " || " : "", isup ? isup : "");
	fake_what = line;
	begin(ctx);
	for (unsigned int i = 0; i < ARRAY_SIZE(place->steps) && place->steps[i]; i++)
		step(place->steps[i]);
	EXPECT_INT(line, counted(MAP_CTR_UNUSED_BODIES), 0);
	forget_outs();
	step(line);
	note(buf, size);
	mapping_release_all(m);
	fake_advance(0);
	forget_outs();
	fake_finish();
	talloc_free(ctx);
}

static const char *text_of(const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(texts); i++) {
		if (!strcmp(texts[i].name, name))
			return texts[i].text;
	}
	return name;
}

#define CELL 64
static char cells[257][ARRAY_SIZE(places)][CELL];	/* by type; the last: without a body */

/* The tables of places and of turns say the same as what comes. */
static void check(unsigned int type, unsigned int p, const char *name)
{
	const char *cell = cells[type][p], *bare = cells[256][p];
	char expected[CELL];

	/* passed over: all else is as without a body */
	if (!strncmp(cell, "–", strlen("–"))) {
		snprintf(expected, sizeof(expected), "– %s", bare);
		EXPECT_STR(name, cell, strcmp(bare, "·") ? expected : "–");
	}
}

static char names[ARRAY_SIZE(cells)][12];

static void print_document(void)
{
	printf("# What becomes of encapsulated ISUP\n\n"
	       "Made by `tests/iwu_sipi_test -p` (`make -C doc outcomes`); a test compares. Each ISUP message of the\n"
	       "ITU-T dialect in each SIP message from a peer with `encapsulated-isup`. A cell has what the exchange\n"
	       "hears, and the status where the peer is refused. –: the body is passed over and counted\n"
	       "(`unused:bodies`), the SIP message counts for itself. ·: the exchange hears nothing. Rows that are\n"
	       "alike stand in one. The clauses: `show mapping encapsulated-isup`.\n\n|  |");
	for (unsigned int p = 0; p < ARRAY_SIZE(places); p++)
		printf(" %s |", places[p].title);
	printf("\n|---|");
	for (unsigned int p = 0; p < ARRAY_SIZE(places); p++)
		printf("---|");
	for (unsigned int i = 0; i < ARRAY_SIZE(cells); i++) {
		unsigned int row = (i + 256) % 257;	/* without a body first */

		if (!names[row][0])
			continue;
		printf("\n| %s", row == 256 ? "none" : names[row]);
		for (unsigned int other = row + 1; other < 256; other++) {
			if (!names[other][0] || memcmp(cells[row], cells[other], sizeof(cells[row])))
				continue;
			printf(" %s", names[other]);
			names[other][0] = '\0';
		}
		printf(" |");
		for (unsigned int p = 0; p < ARRAY_SIZE(places); p++)
			printf(" %s |", cells[row][p]);
	}
	printf("\n");
}

int main(int argc, char **argv)
{
	unsigned int n = 0;

	fake_process_init();
	for (unsigned int type = 256; type < 257; type--) {
		const struct isup_msg_def *def = type < 256 ? isup_msg_def(&isup_dialect_itu, type) : NULL;

		if (type < 256 && !def && type != 0xf0)
			continue;
		n++;
		osmo_strlcpy(names[type], def ? def->name : type == 256 ? "none" : "unknown", sizeof(names[type]));
		for (unsigned int p = 0; p < ARRAY_SIZE(places); p++) {
			try(&places[p], type < 256 ? text_of(names[type]) : NULL, cells[type][p], CELL);
			if (type < 256)
				check(type, p, names[type]);
		}
	}
	if (argc > 1)
		print_document();
	else
		printf("%u messages\n", n);
	return expect_failures ? 1 : 0;
}
